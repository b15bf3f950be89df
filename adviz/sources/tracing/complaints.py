"""What Python, NumPy and SciPy say about traced values, said so that it can be mended."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from types import FrameType

from adviz.errors import TracingError
from adviz.sources.tracing.places import spot
from adviz.sources.tracing.references import followed
from adviz.sources.tracing.traced import TracedValue, UnsuitableError

FOREIGN = (TypeError, ValueError, IndexError, AttributeError, NotImplementedError)
"""The exceptions that code raises for a value of the wrong kind."""
_VECTOR = 'one traced number is no vector; say how long an argument is with shapes={"x": 5}'
_CURES = {
    "has no len()": _VECTOR,
    "not subscriptable": _VECTOR,
    "not iterable": _VECTOR,
    "used as indices": "write np.take(table, indices), or an index at a time: table[int(i)]",
}
"""What helps, by what is said."""
_TELLING = (
    *(TracedValue.__name__, "TracedInteger", "TracedCondition", "'Vector'"),
    *("dtype('O')", "object array", "object dtype", "used as indices"),
)
"""Words that only something traced calls forth."""


class UnsuitableValueError(TracingError, ValueError):
    """A traced number where something else is needed; a ValueError, as for a plain number."""


class UnsuitableIndexError(TracingError, IndexError):
    """A traced index where a plain one is needed; an IndexError, as for a plain number."""


class UnsuitableAttributeError(TracingError, AttributeError):
    """A traced number where something else is needed; an AttributeError, as for a plain number."""


_KINDS = (UnsuitableError, UnsuitableValueError, UnsuitableIndexError, UnsuitableAttributeError)


def complaint(error: Exception) -> TracingError | None:
    """Return an exception about a traced value as ours, with its line; None for any other one.

    It is ours where it names what only tracing makes, or where a library that was given something
    traced raised it. It stays an exception of its kind, so that code that catches it still does.
    """
    if isinstance(error, TracingError):
        return None
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    own = [frame for frame in frames if followed(frame.f_globals.get("__name__"))]
    told = any(words in str(error) for words in _TELLING)
    if not told and not _given_traced(frames, own):
        return None
    cures = [cure for words, cure in _CURES.items() if words in str(error)]
    cure = cures[0] if cures else "adviz.functions has what can be traced"
    return of_kind(error)(f"{_said(error)} ({spot((own or frames)[-1])}); {cure}")


def of_kind(error: Exception) -> type[TracingError]:
    """Return the kind of TracingError that is also of an exception's kind.

    >>> of_kind(IndexError("too many indices")).__name__
    'UnsuitableIndexError'
    """
    return next((kind for kind in _KINDS if isinstance(error, kind.__bases__[1])), TracingError)


def _said(error: Exception) -> str:
    return f"{error}" if isinstance(error, TypeError) else f"{type(error).__name__}: {error}"


def _given_traced(frames: list[FrameType], own: list[FrameType]) -> bool:
    """Return whether the exception left a library's function that had something traced at hand."""
    if not frames or (own and frames[-1] is own[-1]):
        return False
    last = frames.index(own[-1]) if own else -1
    return any(_is_traced(value) for frame in frames[last + 1 :] for value in _held(frame))


def _held(frame: FrameType) -> Iterator[object]:
    for value in frame.f_locals.values():
        yield value
        if isinstance(value, list | tuple):
            yield from value


def _is_traced(value: object) -> bool:
    return isinstance(value, TracedValue) or type(value).__name__ == "Vector"
