"""The forms in which a noun is written to a file: each suffix asks one method of it.

A page and a picture are made by rooms that not every noun can see: the façade, which is loaded
before any room and knows every one, is asked for who makes them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from operator import methodcaller
from types import MappingProxyType
from typing import Any, NamedTuple

from adviz.files import form_of, write
from adviz.language.data import laid_out, plain

Form = Callable[..., str | bytes]
"""Takes a noun, perhaps with options, to what a file of it holds."""


class Forms(NamedTuple):
    """What a noun is called, and how it is written under each suffix.

    >>> Forms("a comparison", TABLE).of("costs.doc")
    Traceback (most recent call last):
    adviz.errors.FormatError: cannot write a comparison as .doc; use .csv, .html, .json, .md, .tex, .txt
    """  # noqa: E501 - the message as it is

    what: str
    by_suffix: Mapping[str, Form]

    def of(self, path: object) -> Form:
        """Return the form of a path, by its suffix. Raises FormatError, naming those there are."""
        return form_of(path, dict(sorted(self.by_suffix.items())), self.what)

    def save(self, noun: Any, path: object, *options: Any) -> None:
        """Write a noun, text with one end of line at its end.

        Raises FormatError for another suffix, and for a file that cannot be written.
        """
        write(path, _content(self.of(path)(noun, *options)))


def _content(made: str | bytes) -> bytes:
    """Return what a file holds."""
    return made if isinstance(made, bytes) else f"{made.rstrip()}\n".encode()


def sealed(by_suffix: Mapping[str, Form]) -> Mapping[str, Form]:
    """Return forms whose pages and pictures carry a record, by which a change of one is found.

    What programs read, or becomes a part of an author's text, is left as it is.
    """
    looked_at = by_suffix.keys() & {*PICTURE, ".html"}
    return {**by_suffix, **{one: _sealing(by_suffix[one], one) for one in looked_at}}


def _sealing(form: Form, suffix: str) -> Form:
    def made(noun: Any, *options: Any) -> bytes:
        content: bytes = sys.modules["adviz"]._sealed(_content(form(noun, *options)), suffix)
        return content

    return made


def _json(noun: Any) -> str:
    return laid_out(plain(noun.to_json()))


def _page(noun: Any) -> str:
    page: str = sys.modules["adviz"]._page(noun)
    return page


def _picture(form: str) -> Form:
    """Return what draws a noun in a form: the name of a method of `Drawing`."""

    def drawn(noun: Any) -> str | bytes:
        drawing: Any = sys.modules["adviz"].draw(noun, theme="light")
        picture: str | bytes = getattr(drawing, form)()
        return picture

    return drawn


TABLE: Mapping[str, Form] = MappingProxyType(
    {
        ".csv": methodcaller("to_csv"),
        ".html": _page,
        ".json": _json,
        ".md": methodcaller("markdown"),
        ".tex": methodcaller("latex"),
        ".txt": str,
    }
)
"""Of every noun that is a table of numbers."""

PICTURE: Mapping[str, Form] = MappingProxyType(
    {f".{form}": _picture(form) for form in ("pdf", "png", "svg")}
)
"""Of every noun that `adviz.draw` draws."""
