"""A record in a presentation: a part of its own, of the kind that PowerPoint keeps for others.

Method: Open Packaging Conventions, ECMA-376-2, 9.3 for the relation, and custom XML data storage,
ECMA-376-1, 15.2.5. What is sealed is what each slide says, and what its notes do.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from html import escape
from io import BytesIO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from adviz.errors import FormatError
from adviz.render.provenance.markup import Texts
from adviz.render.provenance.reading import Held

_PART = "customXml/advizProvenance.xml"
_OURS = re.compile(r"customXml/[^/]+\.xml")
_NAMED = b'xmlns="urn:adviz:provenance"'
_RELATIONS = "ppt/_rels/presentation.xml.rels"
_RELATION = (
    '<Relationship Id="rIdAdviz" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    f'relationships/customXml" Target="../{_PART}"/>'
)
_SLIDE = re.compile(r"ppt/(slides|notesSlides)/[A-Za-z]+(\d+)\.xml")
_MOST = 2**28
"""The most bytes that are unpacked of a file."""


def into_pptx(content: bytes, text: str) -> bytes:
    """Return a presentation with a record as a part of its own."""
    made = BytesIO()
    said = b"<record %s>%s</record>" % (_NAMED, escape(text, quote=False).encode())
    with ZipFile(BytesIO(content)) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == _RELATIONS:
                end = b"</Relationships>"
                data = data.replace(end, _RELATION.encode() + end)
            new.writestr(entry, data)
        added = ZipInfo(_PART, old.infolist()[0].date_time)
        added.compress_type = ZIP_DEFLATED
        new.writestr(added, said)
    return made.getvalue()


def from_pptx(content: bytes) -> Held:
    """Return the record of a presentation, and the words of each slide.

    Raises FormatError for what is none, or would be too large unpacked.
    """
    parts = _parts(content)
    told = [part for name, part in parts.items() if _OURS.fullmatch(name) and _NAMED in part]
    records = [text for part in told for text in Texts("record").read(part)]
    slides = sorted(filter(_SLIDE.fullmatch, parts), key=_place)
    pieces = ["\n".join(Texts("p").read(parts[name])).encode() for name in slides]
    return Held(records[-1] if records else None, pieces)


def _place(name: str) -> tuple[bool, int]:
    """Return where a slide stands: the slides in their order, then their notes."""
    folder, number = re.findall(r"(\w+)/\D+(\d+)\.xml", name)[0]
    return folder != "slides", int(number)


def _parts(content: bytes) -> Mapping[str, bytes]:
    """Return the parts of a presentation in which something is looked for."""
    try:
        with ZipFile(BytesIO(content)) as file:
            return dict(_unpacked(file))
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error) as error:
        raise FormatError(f"it is no presentation: {error}") from None


def _unpacked(file: ZipFile) -> Iterator[tuple[str, bytes]]:
    wanted = [
        entry
        for entry in file.infolist()
        if _SLIDE.fullmatch(entry.filename) or _OURS.fullmatch(entry.filename)
    ]
    if sum(entry.file_size for entry in wanted) > _MOST:
        raise FormatError(f"it is a presentation of more than {_MOST >> 20} MB")
    for entry in wanted:
        yield entry.filename, file.read(entry)
