"""Records in text: a comment in LaTeX, DOT, Mermaid and subtitles, a part of an object in JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from adviz.errors import FormatError
from adviz.render.provenance.reading import Held, numbers_of, whole
from adviz.render.provenance.record import NAME

_KEY = "provenance"


def into_line(sign: str) -> Callable[[bytes, str], bytes]:
    """Return what puts a record behind a text, on a line that begins with a sign for comments.

    >>> into_line("%")(b"x\\n", "{}")
    b'x\\n% adviz {}\\n'
    """

    def put(content: bytes, text: str) -> bytes:
        end = b"" if content.endswith(b"\n") else b"\n"
        return content + end + f"{sign} adviz {text}\n".encode()

    return put


def from_line(sign: str) -> Callable[[bytes], Held]:
    """Return what reads the record of such a text, and its other lines.

    >>> from_line("%")(b"x\\n% adviz {}\\n")
    Held(record='{}', pieces=[b'x'], numbers=None)
    """
    begin = f"{sign} adviz {{".encode()

    def taken(content: bytes) -> Held:
        lines = content.splitlines()
        found = [line for line in lines if line.startswith(begin)]
        record = found[-1][len(begin) - 1 :].decode("utf-8", "replace") if found else None
        return Held(record, [line for line in lines if not line.startswith(begin)])

    return taken


def into_note(content: bytes, text: str) -> bytes:
    """Return subtitles with a record in a note at their end (WebVTT, 4.1)."""
    return content.rstrip() + f"\n\nNOTE adviz {text}\n".encode()


def from_note(content: bytes) -> Held:
    """Return the record of subtitles, and their other lines.

    >>> from_note(into_note(b"WEBVTT\\n\\n", "{}"))
    Held(record='{}', pieces=[b'WEBVTT'], numbers=None)
    """
    held = from_line("NOTE")(content)
    return held._replace(pieces=b"\n".join(held.pieces).rstrip().splitlines())


def into_json(content: bytes, text: str) -> bytes:
    """Return a JSON object with a record as its last part; a list has no place for one."""
    if not content.startswith(b"{"):
        return content
    return content.rstrip()[:-1].rstrip() + f',\n "{_KEY}": {text}\n}}\n'.encode()


def from_json(content: bytes) -> Held:
    """Return the record of a JSON object, all the rest of it, and its numbers."""
    try:
        held: Any = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"it is not JSON: {str(error)[:120]}") from None
    record = held.pop(_KEY, None) if isinstance(held, dict) else None
    ours = isinstance(record, dict) and NAME in record
    rest = json.dumps(held, separators=(",", ":"))
    return Held(json.dumps(record) if ours else None, whole(rest.encode()), numbers_of(held))
