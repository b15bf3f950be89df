"""A record as a packet of XMP (ISO 16684-1), which many tools show."""

from __future__ import annotations

from html import escape, unescape

BEGIN = b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>'
_HEAD = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:adviz="urn:adviz:provenance">'
)
_OPENED, _CLOSED = b"<adviz:record>", b"</adviz:record>"
_TAIL = b'</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'


def packet(text: str) -> bytes:
    """Return a packet that says a record.

    >>> said_in(b"..." + packet('{"x<y":1}'))
    '{"x<y":1}'
    """
    said = escape(text, quote=False).encode()
    return b"".join((BEGIN, _HEAD, _OPENED, said, _CLOSED, _TAIL))


def said_in(content: bytes) -> str | None:
    """Return the record that the last packet of a file says; None where there is none."""
    first = content.rfind(_OPENED)
    last = content.find(_CLOSED, first)
    if first < 0 or last < 0:
        return None
    return unescape(content[first + len(_OPENED) : last].decode("utf-8", "replace"))
