"""The film as an animated PNG: every frame a picture of what has changed.

The chunks are those of the *Portable Network Graphics Specification* (W3C, third edition,
section 11.3.6): one of control, and before every frame where it stands and how long.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING
from zlib import crc32

from adviz.render.film.compose import Composer
from adviz.render.film.play import Played, Progress, moments, played

if TYPE_CHECKING:
    from PIL.Image import Image

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_LEVEL = 4
"""How hard pixels are compressed, of 9: beyond, it takes twice the time for a few per cent."""
_MILLI = 1000


def apng(made: Composer, progress: Progress | None = None) -> bytes:
    """Return a film as an animated PNG file."""
    seen = moments(made)
    return b"".join(_chunks(played(made, seen, progress), len(seen), made.asked.loop))


def _chunks(frames: Iterator[Played], count: int, loop: bool) -> Iterator[bytes]:
    """Yield a file piece by piece; its chunks of control and of data are numbered."""
    number = 0
    for k, frame in enumerate(frames):
        x, y, right, bottom = frame.changed
        head, *data = _parts(frame.image.crop((x, y, right, bottom)))
        if k == 0:
            plays = struct.pack(">II", count, 0 if loop else 1)
            yield _SIGNATURE + chunk(b"IHDR", head) + chunk(b"acTL", plays)
        place = struct.pack(">IIIII", number, right - x, bottom - y, x, y)
        delay = struct.pack(">HHBB", round(frame.seconds * _MILLI), _MILLI, 0, 0)
        yield chunk(b"fcTL", place + delay)
        number += 1
        for piece in data:
            if k == 0:
                yield chunk(b"IDAT", piece)
            else:
                yield chunk(b"fdAT", struct.pack(">I", number) + piece)
                number += 1
    yield chunk(b"IEND", b"")


def _parts(image: Image) -> list[bytes]:
    """Return what the header of an image's own file says, and its compressed pixels."""
    file = BytesIO()
    image.save(file, "PNG", compress_level=_LEVEL)
    content, at, found = file.getvalue(), len(_SIGNATURE), []
    while at < len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        if kind in (b"IHDR", b"IDAT"):
            found.append(content[at + 8 : at + 8 + length])
        at += length + 12
    return found


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return a chunk of a PNG file: its length, its kind, its data and their checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc32(kind + data))
