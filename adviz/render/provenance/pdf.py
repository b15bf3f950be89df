"""A record in a PDF file: as the metadata of the document, added behind what is there.

Method: an incremental update, ISO 32000-2, 7.5.6. What was there stays byte by byte, and the new
catalog names a stream of XMP (14.3.2).
"""

from __future__ import annotations

import re

from adviz.errors import AdvizError
from adviz.render.provenance import xmp
from adviz.render.provenance.reading import Held, whole

_START = b"startxref\n"
_FREE = "0 1\n0000000000 65535 f \n"
_ENTRY = "{0} 1\n{1:010d} 00000 n \n"
_STREAM = b"<< /Type /Metadata /Subtype /XML /Length %d >>\nstream\n"
_END = re.compile(rb"trailer\s*<<(.*?)>>\s*startxref\s*(\d+)\s*%%EOF\s*\Z", re.DOTALL)


def into_pdf(content: bytes, text: str) -> bytes:
    """Return a PDF file of ours with a record as its metadata."""
    end = _END.search(content, max(0, content.rfind(b"trailer")))
    if end is None:
        raise AdvizError("this PDF has no trailer")
    trailer, before = end[1], int(end[2])
    new, root = (int(_named(name, trailer)) for name in (rb"Size (\d+)", rb"Root (\d+) 0 R"))
    catalog = _named(rb"\n%d 0 obj\s*<<(.*?)>>\s*endobj" % root, content)
    data = xmp.packet(text)
    stream = b"".join((_STREAM % len(data), data, b"\nendstream"))
    objects = {root: b"<<%s/Metadata %d 0 R\n>>" % (catalog, new), new: stream}
    made, entries = content, _FREE
    for number, body in objects.items():
        entries += _ENTRY.format(number, len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rest = re.sub(rb"Size \d+", b"Size %d" % (new + 1), trailer)
    table = f"xref\n{entries}trailer\n<<".encode() + rest + b"/Prev %d\n>>\n" % before
    return made + table + _START + b"%d\n%%%%EOF\n" % len(made)


def _named(pattern: bytes, text: bytes) -> bytes:
    found = re.search(pattern, text, re.DOTALL)
    if found is None:
        raise AdvizError(f"this PDF has no {pattern!r}")
    return found[1]


def from_pdf(content: bytes) -> Held:
    """Return the record of a PDF file, and what was there before it was added."""
    record = xmp.said_in(content)
    first = content.rfind(xmp.BEGIN)
    end = content.rfind(b"%%EOF", 0, max(0, first))
    return Held(record, whole(content[: end + len(b"%%EOF\n")] if record is not None else content))
