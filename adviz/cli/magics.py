"""The magics of a notebook, `%adviz` and `%%adviz`: the command line in a cell.

A cell shows the film, the picture or the table that a command makes; other commands print what they
print in a terminal. IPython asks for this at `%load_ext adviz`, and nobody else.
"""

from __future__ import annotations

import shlex
from inspect import signature
from typing import Any

import typer
from IPython.core.error import UsageError

from adviz.cli import app
from adviz.cli.ending import complaint
from adviz.cli.making import MAKERS
from adviz.cli.options import asked_first

_USUAL = "animate"
"""The command that is meant where none is named."""


def register(shell: Any) -> None:
    """Give a shell of IPython the magics."""
    shell.register_magic_function(magic, "line_cell", "adviz")


def magic(line: str, cell: str | None = None) -> Any:
    """See a formula's derivatives, as on the command line.

    `%%adviz --at x=3,y=2` above a formula shows the film that `adviz animate` makes of it, and
    `%%adviz table --at x=3,y=2` its table; `%adviz` has the formula in the line, quoted. With
    `-o film.html` a file is written instead.

    Raises UsageError, which IPython shows as one line, where the command line would refuse.

    >>> magic("--at x=3,y=2", "(x + y)*(x - y)")
    <Animation f(x, y) = (x + y)(x − y): 5 nodes, 12 frames>
    >>> magic('draw "x*y"')
    <Drawing f(x, y) = x · y: 3 nodes>
    """
    try:
        return _done(*_words(line, cell))
    except typer.Exit:  # what there is to say is said
        return None
    except Exception as error:
        raise UsageError(_said(error)) from None


def _said(error: Any) -> str:
    """Return what is wrong: with the options in Typer's words, else as on the command line."""
    return error.format_message() if hasattr(error, "format_message") else complaint(error)[1]


def _words(line: str, cell: str | None) -> tuple[str, list[str]]:
    """Return the command and the words after it; a cell is one word, and no option."""
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise UsageError(f"{error} in {line!r}; options are quoted as in a shell") from None
    named = bool(words) and words[0] in _commands()
    command, rest = (words[0], words[1:]) if named else (_USUAL, words)
    return command, rest if cell is None else [*rest, "--", cell.strip()]


def _done(name: str, words: list[str]) -> Any:
    """Return what a command makes, or have it do what it does: print, or write a file."""
    command = _commands()[name]
    with command.make_context(name, words) as context:
        given = context.params
        if name in MAKERS and not given["output"] and not given.get("as_json"):
            make = asked_first(MAKERS[name])
            return make(**{one: given[one] for one in signature(make).parameters})
        return context.invoke(command.callback, **given)


def _commands() -> Any:
    return typer.main.get_command(app).commands  # type: ignore[attr-defined]  # of a group
