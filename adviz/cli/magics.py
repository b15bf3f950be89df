"""The magics of a notebook, `%adviz` and `%%adviz`: the command line in a cell.

A cell shows the film, the picture, the table or the report that a command makes; other commands
print what they print in a terminal. IPython asks for this at `%load_ext adviz`, and nobody else.
"""

from __future__ import annotations

import shlex
from typing import Any

import typer
from IPython.core.error import UsageError

from adviz.cli.words import commands, done, said

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
    >>> magic("check --at x=3,y=2", "x*y")
    <Report: all 2 derivatives agree at x = 3, y = 2>
    """
    try:
        return done(*_words(line, cell))
    except typer.Exit:  # what there is to say is said
        return None
    except Exception as error:
        raise UsageError(said(error)) from None


def _words(line: str, cell: str | None) -> tuple[str, list[str]]:
    """Return the command and the words after it; a cell is one word, and no option."""
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise UsageError(f"{error} in {line!r}; options are quoted as in a shell") from None
    named = bool(words) and words[0] in commands()
    command, rest = (words[0], words[1:]) if named else (_USUAL, words)
    return command, rest if cell is None else [*rest, "--", cell.strip()]
