"""Records in markup: in SVG's own element for metadata, in a script element of a page that is data.

SVG is read by Expat, which is told to take no declaration of an entity, so that none is ever
expanded. A page is not parsed at all.
"""

from __future__ import annotations

import json
from typing import Any
from xml.parsers import expat

from adviz.errors import FormatError
from adviz.render.provenance.reading import Held, numbers_of, whole

_MARK = "provenance"
_SVG = f'<metadata data-adviz="{_MARK}">', "</metadata>"
_PAGE = f'<script type="application/json" data-adviz="{_MARK}">', "</script>"
_XML = "<!-- adviz ", " -->\n"
_DATA, _FILM = b'<script type="application/json">', b'{"title":'
_TEXT, _METADATA = "text", "metadata"


def into_svg(content: bytes, text: str) -> bytes:
    """Return an SVG file with a record before its end."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _inserted(content, b"</svg>", "".join((_SVG[0], escaped, _SVG[1])).encode())


def from_svg(content: bytes) -> Held:
    """Return the record of an SVG file, and its texts; of one without texts all of it."""
    reader = Texts(_TEXT)
    texts = [text.encode() for text in reader.read(content)]
    rest = content.replace(b"\r\n", b"\n")
    if not texts:
        _, rest = _cut(content, _SVG[0].encode(), _SVG[1].encode())
    return Held(reader.record, texts or whole(rest))


def into_page(content: bytes, text: str) -> bytes:
    """Return a page, or a piece of one, with a record at the end of its body."""
    escaped = text.replace("<", "\\u003c")
    return _inserted(content, b"</body>", "".join((*_PAGE[:1], escaped, _PAGE[1], "\n")).encode())


def from_page(content: bytes) -> Held:
    """Return the record of a page, all the rest of it, and the numbers of its film."""
    record, rest = _cut(content, _PAGE[0].encode(), (_PAGE[1] + "\n").encode())
    films = [part for part in rest.split(_DATA)[1:] if part.startswith(_FILM)]
    film = _json(films[0].partition(b"</script>")[0]) if len(films) == 1 else None
    return Held(record, whole(rest), numbers_of(film))


def into_comment(content: bytes, text: str) -> bytes:
    """Return a text with a record in a comment of XML at its end."""
    return content + "".join((_XML[0], text.replace(">", "\\u003e"), _XML[1])).encode()


def from_comment(content: bytes) -> Held:
    """Return the record of such a text, and its lines."""
    record, rest = _cut(content, _XML[0].encode(), _XML[1].encode())
    return Held(record, rest.splitlines())


def _inserted(content: bytes, before: bytes, piece: bytes) -> bytes:
    """Return a file with a piece before the last place where something stands, or at its end."""
    place = content.rfind(before)
    place = len(content) if place < 0 else place
    return content[:place] + piece + content[place:]


def _cut(content: bytes, begin: bytes, end: bytes) -> tuple[str | None, bytes]:
    """Return what stands between two marks for the last time, and what is left without it."""
    content = content.replace(b"\r\n", b"\n")
    first = content.rfind(begin)
    last = content.find(end.rstrip(), first)
    if first < 0 or last < 0:
        return None, content
    record = content[first + len(begin) : last].decode("utf-8", "replace")
    after = last + len(end) if content.startswith(end, last) else last + len(end.rstrip())
    return record, content[:first] + content[after:]


def _json(text: bytes) -> Any:
    """Return what JSON says; nothing where it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


class Texts:
    """The texts in the elements of one name of a file, in their order, and an SVG's record."""

    def __init__(self, named: str) -> None:
        self.named = named
        self.record: str | None = None
        self.texts: list[str] = []
        self._open: list[tuple[str, list[str]]] = []

    def read(self, content: bytes) -> list[str]:
        """Return a file's texts. Raises FormatError for no XML, or where it declares an entity."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.EntityDeclHandler = self._declared
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._said
        try:
            parser.Parse(content, True)
        except expat.ExpatError as error:
            what = "SVG" if self.named == _TEXT else "XML"
            raise FormatError(f"it is no {what}: {error}") from None
        return self.texts

    def _declared(self, *_: Any) -> None:
        raise FormatError("it declares an entity, which no figure of adviz does")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        ours = kind == _METADATA and attributes.get("data-adviz") == _MARK
        if kind == self.named or ours:
            self._open.append((kind, []))

    def _said(self, text: str) -> None:
        if self._open:
            self._open[-1][1].append(text)

    def _end(self, name: str) -> None:
        kind = name.rpartition(":")[2]
        if not self._open or self._open[-1][0] != kind:
            return
        said = "".join(self._open.pop()[1])
        if kind == _METADATA:
            self.record = said
        else:
            self.texts.append(said)
