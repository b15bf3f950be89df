"""Records in files of chunks: PNG and APNG, GIF, WebP, MP4, WebM.

The formats' own places for words are taken: iTXt (PNG specification, 3rd ed., 11.3.3.4), a comment
(GIF89a, 24), XMP in WebP (RIFF container, RFC 9649, 2.7.1.5) and MP4 (XMP specification part 3,
1.1.4), and in WebM a void element (EBML, RFC 8794, 11.3.2).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from adviz.errors import FormatError
from adviz.render.provenance import xmp
from adviz.render.provenance.reading import Held, unpacked, whole

_KEYWORD = b"adviz\0"
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_LAST = 12
"""The bytes of a PNG's last chunk, which is empty."""
_SEALED = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"acTL", b"fcTL", b"fdAT")
"""The chunks of a PNG that are seen."""
_COMMENT = b"!\xfe\x05adviz"
_XMP_BOX = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_VOID, _LENGTH = b"\xec\x01", 7
_XMP_FLAG = 0x04


def into_png(content: bytes, text: str) -> bytes:
    """Return a PNG file with a record as compressed international text."""
    said = b"iTXt" + _KEYWORD + b"\1\0\0\0" + zlib.compress(text.encode(), 9)
    chunk = struct.pack(">I", len(said) - 4) + said + struct.pack(">I", zlib.crc32(said))
    return content[:-_LAST] + chunk + content[-_LAST:]


def from_png(content: bytes) -> Held:
    """Return the record of a PNG file, and its pixels as they are packed."""
    record, seen = None, list[bytes]()
    for kind, data in _png_chunks(content):
        if kind == b"iTXt" and data.startswith(_KEYWORD + b"\1\0\0\0"):
            record = unpacked(data[len(_KEYWORD) + 4 :])
        elif kind in _SEALED:
            seen += [kind, data]
    return Held(record, whole(*seen))


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the chunks of a PNG file. Raises FormatError for what is none."""
    if not content.startswith(_SIGNATURE):
        raise FormatError("it is no PNG")
    place = len(_SIGNATURE)
    while place < len(content):
        if place + _LAST > len(content):
            raise FormatError("it is a PNG that breaks off")
        (size,) = struct.unpack_from(">I", content, place)
        kind, data = content[place + 4 : place + 8], content[place + 8 : place + 8 + size]
        if len(data) < size:
            raise FormatError("it is a PNG that breaks off")
        yield kind, data
        place += size + _LAST


def into_gif(content: bytes, text: str) -> bytes:
    """Return a GIF with a record in a comment before its end."""
    data = text.encode()
    blocks = (data[k : k + 255] for k in range(0, len(data), 255))
    said = b"".join(bytes([len(block)]) + block for block in blocks)
    return content[:-1] + _COMMENT + said + b"\0" + content[-1:]


def from_gif(content: bytes) -> Held:
    """Return the record of a GIF, and all the rest of it."""
    first = content.rfind(_COMMENT)
    if first < 0:
        return Held(None, whole(content))
    place, said = first + len(_COMMENT), list[bytes]()
    while place < len(content) and content[place]:
        said.append(content[place + 1 : place + 1 + content[place]])
        place += 1 + content[place]
    record = b"".join(said).decode("utf-8", "replace")
    return Held(record, whole(content[:first], content[place + 1 :]))


def into_webp(content: bytes, text: str) -> bytes:
    """Return a moving WebP with a record as XMP."""
    data = xmp.packet(text)
    chunk = b"XMP " + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
    flags = bytes([content[20] | _XMP_FLAG])
    size = struct.pack("<I", len(content) + len(chunk) - 8)
    return content[:4] + size + content[8:20] + flags + content[21:] + chunk


def from_webp(content: bytes) -> Held:
    """Return the record of a WebP, and all the rest of it but the sizes that it says."""
    first = content.rfind(b"XMP ")
    record = None if first < 0 else xmp.said_in(content[first:])
    return Held(record, whole(content[21 : first if record is not None else None]))


def into_mp4(content: bytes, text: str) -> bytes:
    """Return an MP4 with a record as XMP in a box of its own."""
    data = b"uuid" + _XMP_BOX + xmp.packet(text)
    return content + struct.pack(">I", len(data) + 4) + data


def from_mp4(content: bytes) -> Held:
    """Return the record of an MP4, and all the rest of it."""
    first = content.rfind(b"uuid" + _XMP_BOX)
    record = None if first < 0 else xmp.said_in(content[first:])
    return Held(record, whole(content[: first - 4] if record is not None else content))


def into_webm(content: bytes, text: str) -> bytes:
    """Return a WebM with a record in an element that players leave out."""
    data = xmp.packet(text)
    return content + _VOID + len(data).to_bytes(_LENGTH) + data


def from_webm(content: bytes) -> Held:
    """Return the record of a WebM, and all the rest of it."""
    record, first = xmp.said_in(content), content.rfind(xmp.BEGIN)
    head = len(_VOID) + _LENGTH
    return Held(record, whole(content[: first - head] if record is not None else content))
