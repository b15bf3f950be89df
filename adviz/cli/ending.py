"""How a command ends: one message for whatever was raised in it, and the exit status."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand

from adviz.cli.streams import carries_unicode, tell
from adviz.errors import AdvizError
from adviz.language.ascii import lines_in_ascii

WRONG, UNUSABLE, INTERRUPTED = 1, 2, 130
"""A derivative is wrong; nothing could be done; the user had enough (128 + SIGINT)."""


class Command(TyperCommand):
    """A subcommand in which nothing is raised: it ends, with a message and a status."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read what was typed; how Typer knows that a word is wrong is nobody's concern."""
        try:
            return super().parse_args(ctx, args)
        except typer.BadParameter as error:
            error.message = error.message.removeprefix("Value error, ")
            raise

    def invoke(self, ctx: Any) -> Any:
        """Run the command with its texts as they were typed."""
        ctx.params = {name: _read(value) for name, value in ctx.params.items()}
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.BadParameter):
            raise
        except BaseException as error:
            raise typer.Exit(ended(error)) from None


def _read(value: Any) -> Any:
    """Return texts as they were typed; other values are as they should be."""
    if isinstance(value, list):
        return [_read(one) for one in value]
    return as_typed(value) if isinstance(value, str) else value


def as_typed(text: str) -> str:
    r"""Return an argument in UTF-8, for which the locale may have had no characters.

    >>> as_typed("sin(\udcce\udcb8)"), as_typed("\udcff")
    ('sin(θ)', '\udcff')
    """
    try:
        return text.encode("utf-8", "surrogateescape").decode("utf-8")
    except UnicodeError:
        return text


def ended(error: BaseException) -> int:
    """Say what went wrong and return the exit status."""
    status, words = complaint(error)
    said = as_typed(f"adviz: {words}")
    tell(said if carries_unicode(sys.stderr) else lines_in_ascii(said))
    return status


def complaint(error: BaseException) -> tuple[int, str]:
    """Return the exit status of an exception, and what is said of it.

    >>> complaint(AdvizError("no"))
    (2, 'no')
    """
    _, status, words = next(row for row in _ENDINGS if isinstance(error, row[0]))
    return status, words(error)


def _exited(error: Any) -> str:
    from adviz.sources.tracing.complaints import place

    return f"a function exited, with {error.code!r}, instead of returning a number ({place(error)})"


def _raised(error: Any) -> str:
    """Return an exception of a user's function, and where it was raised."""
    from adviz.sources.refusals import spoken
    from adviz.sources.tracing.complaints import place

    notes = "".join(f"; {note}" for note in getattr(error, "__notes__", ()))
    return f"{spoken(error)} ({place(error)}){notes}"


_ENDINGS: tuple[tuple[type[BaseException], int, Callable[[Any], str]], ...] = (
    (AdvizError, UNUSABLE, str),
    (KeyboardInterrupt, INTERRUPTED, lambda _: "interrupted"),
    (SystemExit, UNUSABLE, _exited),
    (BaseException, UNUSABLE, _raised),
)
"""How each kind of exception ends a command: the first row that fits."""
