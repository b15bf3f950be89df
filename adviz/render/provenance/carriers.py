"""How the files of each format carry a record: one line a suffix."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from adviz.errors import FormatError
from adviz.render.provenance import chunks, markup
from adviz.render.provenance.comments import (
    from_json,
    from_line,
    from_note,
    into_json,
    into_line,
    into_note,
)
from adviz.render.provenance.office import from_pptx, into_pptx
from adviz.render.provenance.pdf import from_pdf, into_pdf
from adviz.render.provenance.pieces import checksums, seal
from adviz.render.provenance.reading import Held
from adviz.render.provenance.record import LONGEST, Record


class Carrier(NamedTuple):
    """How a record is put into a file, and read again."""

    put: Callable[[bytes, str], bytes]
    held: Callable[[bytes], Held]
    piecewise: bool = False
    """Whether each text of it has a checksum of its own."""


# One aligned line per suffix.
# fmt: off
CARRIERS: Mapping[str, Carrier] = MappingProxyType({
    ".svg":     Carrier(markup.into_svg, markup.from_svg, True),
    ".html":    Carrier(markup.into_page, markup.from_page),
    ".png":     Carrier(chunks.into_png, chunks.from_png),
    ".pdf":     Carrier(into_pdf, from_pdf),
    ".tex":     Carrier(into_line("%"), from_line("%"), True),
    ".dot":     Carrier(into_line("//"), from_line("//"), True),
    ".gv":      Carrier(into_line("//"), from_line("//"), True),
    ".mmd":     Carrier(into_line("%%"), from_line("%%"), True),
    ".md":      Carrier(markup.into_comment, markup.from_comment, True),
    ".graphml": Carrier(markup.into_comment, markup.from_comment, True),
    ".json":    Carrier(into_json, from_json),
    ".gif":     Carrier(chunks.into_gif, chunks.from_gif),
    ".webp":    Carrier(chunks.into_webp, chunks.from_webp),
    ".apng":    Carrier(chunks.into_png, chunks.from_png),
    ".mp4":     Carrier(chunks.into_mp4, chunks.from_mp4),
    ".webm":    Carrier(chunks.into_webm, chunks.from_webm),
    ".vtt":     Carrier(into_note, from_note, True),
    ".pptx":    Carrier(into_pptx, from_pptx, True),
})
# fmt: on


def carried(content: bytes, suffix: str, record: Record) -> bytes:
    """Return a file with a record in it; as it is where there is no place for one.

    >>> film = carried(b'<svg xmlns="http://www.w3.org/2000/svg"></svg>', ".svg", Record("x*y"))
    >>> CARRIERS[".svg"].held(film).record[:35]
    '{"adviz-provenance":1,"source":"x*y'
    """
    carrier = carrier_of(suffix)
    if carrier is None:
        return content
    held = carrier.held(content)
    told = None if _has(held, record) else record.printed
    codes = checksums(held.pieces) if carrier.piecewise else ""
    text = replace(record, printed=told, seal=seal(held.pieces), pieces=codes).text()
    return content if len(text) > LONGEST else carrier.put(content, text)


def _has(held: Held, record: Record) -> bool:
    """Return whether a file has the numbers of a record as data."""
    return held.numbers is not None and tuple(held.numbers.values()) == record.printed


def carrier_of(suffix: str) -> Carrier | None:
    """Return how the files of a suffix carry a record; of several the last part counts.

    >>> carrier_of(".beamer.tex") is carrier_of(".tex"), carrier_of(".srt")
    (True, None)
    """
    return CARRIERS.get("." + suffix.rpartition(".")[2].lower())


def held_in(content: bytes, suffix: str) -> Held:
    """Return what a figure holds. Raises FormatError for a suffix that no figure has."""
    carrier = carrier_of(suffix)
    if carrier is None:
        named = suffix or "no suffix"
        raise FormatError(f"{named} carries no record; figures are {', '.join(CARRIERS)}")
    return carrier.held(content)
