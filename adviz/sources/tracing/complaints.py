"""What Python, NumPy and SciPy say about traced values, said so that it can be mended."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from types import FrameType

from adviz.errors import TracingError
from adviz.sources.tracing.library import functions_of
from adviz.sources.tracing.places import is_own, spot
from adviz.sources.tracing.references import followed
from adviz.sources.tracing.traced import AS_A_PART, TracedValue, UnsuitableError, is_vector

_VECTOR = f'one traced number is no vector; say how long with shapes={{"x": 5}}; {AS_A_PART}'
_INDEX = (
    "write np.take(table, indices) or np.compress(mask, table), or an index at a time: "
    "table[int(i)]"
)
_CURES = {
    "has no len()": _VECTOR,
    "not subscriptable": f"{_VECTOR}; a number under a condition is np.where(condition, t, 0)",
    "not iterable": _VECTOR,
    "used as indices": _INDEX,
    "are valid indices": _INDEX,
}
"""What helps, by what is said."""
_TELLING = (
    *(TracedValue.__name__, "TracedInteger", "TracedCondition", "'Vector'"),
    *("dtype('O')", "object array", "object dtype", "used as indices", "are valid indices"),
)
"""Words that only something traced calls forth."""
_A_NUMBER = f"'{TracedValue.__name__}' object"


class UnsuitableValueError(TracingError, ValueError):
    """A traced number where something else is needed; a ValueError, as for a plain number."""


class UnsuitableIndexError(TracingError, IndexError):
    """A traced index where a plain one is needed; an IndexError, as for a plain number."""


class UnsuitableAttributeError(TracingError, AttributeError):
    """A traced number where something else is needed; an AttributeError, as for a plain number."""


class UnsuitableRecursionError(TracingError, RecursionError):
    """A recursion too deep to be traced; a RecursionError, as for plain numbers."""


_KINDS = (
    *(UnsuitableError, UnsuitableValueError, UnsuitableIndexError, UnsuitableAttributeError),
    UnsuitableRecursionError,
)


def complaint(error: Exception) -> TracingError | None:
    """Return an exception about a traced value as ours, with its line; None for any other one.

    It is ours where it names what only tracing makes, or where a library that was given something
    traced raised it. It stays an exception of its kind, so that code that catches it still does.
    One that is ours already is only given the name of the library's function that it came from.
    """
    frames = frames_of(error)
    own = own_frames(frames)
    inner = frames[frames.index(own[-1]) + 1 :] if own else frames
    ours = isinstance(error, TracingError)
    told_by = [frame for frame in inner if not (ours and is_own(frame.f_code))]
    named = next((name for frame in told_by for name in functions_of(frame)), "")
    called = f"{named} cannot be traced: " if named and not str(error).startswith(named) else ""
    if isinstance(error, TracingError):
        return type(error)(f"{called}{error}") if called else error
    told = any(words in str(error) for words in _TELLING)
    if not told and not any(_is_traced(value) for frame in inner for value in _held(frame)):
        return None
    cures = [cure for words, cure in _CURES.items() if words in str(error) and not named]
    cure = (*cures, "adviz.functions has what can be traced")[0]
    said = str(error).replace(_A_NUMBER, "a traced number")
    return of_kind(error)(f"{called}{said} ({place(error)}); {cure}")


def of_kind(error: Exception) -> type[TracingError]:
    """Return the kind of TracingError that is also of an exception's kind.

    >>> of_kind(IndexError("too many indices")).__name__
    'UnsuitableIndexError'
    """
    return next((kind for kind in _KINDS if isinstance(error, kind.__bases__[1])), TracingError)


def place(error: BaseException) -> str:
    """Return the innermost line of the author's code that an exception has passed."""
    frames = frames_of(error)
    return spot((own_frames(frames) or frames)[-1])


def frames_of(error: BaseException) -> list[FrameType]:
    """Return the frames that an exception has passed, the innermost last."""
    return [frame for frame, _ in traceback.walk_tb(error.__traceback__)]


def own_frames(frames: list[FrameType]) -> list[FrameType]:
    """Return the frames of the author's code."""
    return [frame for frame in frames if followed(frame.f_globals.get("__name__"))]


def _held(frame: FrameType) -> Iterator[object]:
    for value in frame.f_locals.values():
        yield value
        if isinstance(value, list | tuple):
            yield from value


def _is_traced(value: object) -> bool:
    return isinstance(value, TracedValue) or is_vector(value)
