"""What can go wrong, said once: what happened, the value, where, and what would work."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Span = tuple[int, int]
"""Where something stands in a text: start and end offsets in characters, the end excluded."""

_WINDOW = 72
_LONG_WORD = re.compile(r"(\S{60})\S{140,}")


class AdvizError(Exception):
    """The base of every error that adviz raises on purpose.

    >>> import adviz
    >>> try:
    ...     adviz.build("x^2")
    ... except adviz.AdvizError as error:
    ...     print(error)
    ^ is not an operator here (column 2 of the formula); for a power write x**2
      x^2
       ^

    It never repeats a long word whole.
    """

    def __init__(self, *said: object) -> None:
        super().__init__(*[_short(one) if isinstance(one, str) else one for one in said])


class FormulaError(AdvizError):
    """A text that is not a formula: shows the text with a caret below the place.

    `text` is the whole formula, `span` the offsets of what is wrong. A long text is shown
    only around that place.
    """

    def __init__(self, message: str, text: str, span: Span, cure: str = "") -> None:
        self.message, self.text, self.span, self.cure = message, text, span, cure
        super().__init__(_with_caret(message, text, span, cure))

    def __reduce__(self) -> tuple[Callable[..., FormulaError], tuple[object, ...]]:
        return _formula_error, (self.message, self.text, self.span, self.cure, self.args)


def _formula_error(
    message: str, text: str, span: Span, cure: str, args: tuple[object, ...]
) -> FormulaError:
    """Return a pickled error, with what was added to its words since."""
    error = FormulaError(message, text, span, cure)
    error.args = args
    return error


class GraphError(AdvizError):
    """A graph, file or argument that does not describe a computation."""


class TracingError(AdvizError):
    """A Python callable that cannot be followed, with the line where it happened."""


class PointError(AdvizError):
    """A point, direction or cotangent that does not fit the graph's inputs or outputs."""


class DomainError(AdvizError):
    """A value or a derivative that does not exist at the point, with the node where it arose.

    `node` is that node, where one is to blame, and `status` whether it is `undefined` or an
    `overflow`, where it is one of the two.
    """

    def __init__(self, message: str, node: int | None = None, status: str | None = None) -> None:
        self.node, self.status = node, status
        super().__init__(message)


class TooLarge(AdvizError):
    """A result that would be too large to build, with its size; nothing has been computed."""


class FormatError(AdvizError):
    """A file format or suffix that the object at hand cannot be written as."""


class WrongDerivative(AdvizError, AssertionError):
    """A derivative that is wrong; its message is the report."""


class Lines:
    """Where the lines of a text begin, so that many places in it are found quickly.

    >>> Lines("a*log(x - y)").place((6, 11))
    'columns 7-11 of the formula'
    """

    def __init__(self, text: str) -> None:
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def place(self, span: Span) -> str:
        """Return where a span stands, for a reader."""
        start, end = span
        line = bisect_right(self.starts, start)
        first = start - self.starts[line - 1] + 1
        last = first + end - start - 1
        columns = f"columns {first}-{last}" if last > first else f"column {first}"
        return f"{columns} of the formula" if line == 1 else f"line {line}, {columns}"


def _short(message: str) -> str:
    return _LONG_WORD.sub(r"\1…", message)


def _with_caret(message: str, text: str, span: Span, cure: str) -> str:
    """Return the message, its place and cure, and below them the line with carets."""
    first = text.rfind("\n", 0, span[0]) + 1
    last = text.find("\n", span[0])
    line = text[first : len(text) if last < 0 else last]
    column = span[0] - first
    width = max(1, min(span[1], first + len(line)) - span[0])
    left = max(0, column - _WINDOW // 2)
    right = min(len(line), left + _WINDOW)
    head, tail = "…" * (left > 0), "…" * (right < len(line))
    shown = head + line[left:right].replace("\t", " ") + tail
    carets = " " * (column - left + len(head)) + "^" * max(1, min(width, right - column))
    advice = f"; {cure}" if cure else ""
    return f"{message} ({Lines(text).place(span)}){advice}\n  {shown}\n  {carets}"


@contextmanager
def needing(extra: str, what: str) -> Iterator[None]:
    """Import what an extra installs; where it is missing, raise an AdvizError that names the extra.

    >>> with needing("plot", "it needs it"):
    ...     import a_package_that_is_missing
    Traceback (most recent call last):
    adviz.errors.AdvizError: it needs it; install it with: pip install 'adviz-graph[plot]'
    """
    try:
        yield
    except ImportError:
        raise AdvizError(f"{what}; install it with: pip install 'adviz-graph[{extra}]'") from None
