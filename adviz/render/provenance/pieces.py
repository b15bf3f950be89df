"""Checksums of what a file holds, so that a change of it is found, and where."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from hashlib import sha256
from typing import NamedTuple

_SIGNS = 3
"""The characters of a piece's checksum: one in 262144 changes is not placed by it."""
_NUMERAL = re.compile(r"[−-]?(?:\d+(?:\.\d+)?(?: × 10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+|e[−-]?\d+)?|∞|NaN)")
_MOST_TOLD = 5
"""The most changes that are told."""
_MOST_COMPARED, _LONGEST = 10_000_000, 10_000
"""What a comparison may cost, and in how long a text it is looked for what stood there."""


class Change(NamedTuple):
    """A text of a file that is not the one that was saved."""

    found: str
    """What stands there now; nothing, where it is gone."""
    number: str = ""
    """The number in it, where only that is another one."""
    was: str = ""
    """The number that was saved there, where that is known."""


def seal(pieces: Iterable[bytes]) -> str:
    """Return the SHA-256 of all pieces in their order.

    >>> seal([b"a", b"b"]) == seal([b"ab"])
    False
    """
    found = sha256()
    for piece in pieces:
        found.update(len(piece).to_bytes(8))
        found.update(piece)
    return found.hexdigest()


def checksums(pieces: Iterable[bytes]) -> str:
    """Return a few characters for each piece.

    >>> checksums([b"x = 3", b"y = 2"])
    'uEekGd'
    """
    return "".join(map(_checksum, pieces))


def _checksum(piece: bytes) -> str:
    return b64encode(sha256(piece).digest())[:_SIGNS].decode()


def changes(pieces: Sequence[bytes], saved: str, numbers: Sequence[str]) -> list[Change]:
    """Return what differs from what was saved, the first few; `numbers` may have stood there.

    >>> changes([b"x = 7", b"y = 2"], checksums([b"x = 3", b"y = 2"]), ["2", "3"])
    [Change(found='x = 7', number='7', was='3')]
    """
    if len(pieces) * len(saved) > _MOST_COMPARED:
        return []
    before = [saved[k : k + _SIGNS] for k in range(0, len(saved), _SIGNS)]
    now = [_checksum(piece) for piece in pieces]
    found: list[Change] = []
    for kind, first, last, here, end in SequenceMatcher(None, before, now, False).get_opcodes():
        if kind != "equal":
            told = pieces[here : min(end, here + _MOST_TOLD)]
            found += _changed(told, before[first:last], numbers)
            found += [Change("")] * (end - here < last - first)
        if len(found) >= _MOST_TOLD:
            break
    return found[:_MOST_TOLD]


def _changed(
    pieces: Sequence[bytes], before: Sequence[str], numbers: Sequence[str]
) -> Iterator[Change]:
    """Yield the changes of pieces in a row, each compared with what stood in its place."""
    for k, piece in enumerate(pieces):
        text = piece.decode("utf-8", "replace")
        yield (_replaced(text, before[k], numbers) if k < len(before) else None) or Change(text)


def _replaced(text: str, before: str, numbers: Sequence[str]) -> Change | None:
    """Return which numeral of a text is another one than before, if that makes it the old text."""
    for match in _NUMERAL.finditer(text) if len(text) < _LONGEST else ():
        for number in numbers:
            tried = text[: match.start()] + number + text[match.end() :]
            if _checksum(tried.encode()) == before:
                return Change(text, match[0], number)
    return None
