"""What is read of a figure: its record, and what the record seals."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from adviz.errors import FormatError
from adviz.render.provenance.record import LONGEST


class Held(NamedTuple):
    """What a figure holds."""

    record: str | None
    pieces: Sequence[bytes]
    """What it holds besides: its texts, its lines, or all of it as one piece."""
    numbers: Mapping[str, str] | None = None
    """The numbers as they are printed, by their keys, where the file has them as data."""


def whole(*parts: bytes) -> list[bytes]:
    """Return all of a file as one piece."""
    return [b"".join(parts)]


def numbers_of(film: Any) -> dict[str, str] | None:
    """Return the numbers of a film's data as they are printed; None where it is no film's.

    >>> numbers_of({"numbers": {"0/value/0": ["3", "3.0"]}}), numbers_of([])
    ({'0/value/0': '3'}, None)
    """
    try:
        return {key: str(pair[0]) for key, pair in film["numbers"].items()}
    except (LookupError, TypeError, AttributeError):
        return None


def unpacked(data: bytes) -> str:
    """Return a compressed record. Raises FormatError for one that is broken, or far too long."""
    opened = zlib.decompressobj()
    try:
        text = opened.decompress(data, LONGEST)
    except zlib.error as error:
        raise FormatError(f"its record cannot be unpacked: {error}") from None
    if opened.unconsumed_tail:
        raise FormatError(f"its record has more than {LONGEST} characters")
    return text.decode("utf-8", "replace")
