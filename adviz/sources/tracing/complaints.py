"""What Python, NumPy and SciPy say about traced values, said so that it can be mended."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from sys import _getframe
from types import FrameType
from typing import Any

from adviz.errors import TracingError
from adviz.sources.tracing.library import full_name
from adviz.sources.tracing.places import is_library, spot
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
    frames = _frames(error)
    own = _own(frames)
    inner = frames[frames.index(own[-1]) + 1 :] if own else frames
    told = any(words in str(error) for words in _TELLING)
    if not told and not any(_is_traced(value) for frame in inner for value in _held(frame)):
        return None
    named = [f"{name} cannot be traced: " for frame in inner for name in _public_function(frame)]
    cures = [cure for words, cure in _CURES.items() if words in str(error) and not named]
    cure = (*cures, "adviz.functions has what can be traced")[0]
    place = spot((own or frames)[-1])
    return of_kind(error)(f"{''.join(named[:1])}{error} ({place}); {cure}")


def of_kind(error: Exception) -> type[TracingError]:
    """Return the kind of TracingError that is also of an exception's kind.

    >>> of_kind(IndexError("too many indices")).__name__
    'UnsuitableIndexError'
    """
    return next((kind for kind in _KINDS if isinstance(error, kind.__bases__[1])), TracingError)


def name_of(function: Any) -> str:
    """Return the full name by which a function of NumPy or SciPy is called.

    >>> import numpy
    >>> name_of(numpy.linalg.inv), name_of(numpy.sin)
    ('np.linalg.inv', 'np.sin')
    """
    name = function.__name__
    if name.startswith("_"):
        return next(_callers(_getframe(1)), name)
    return full_name(function)


def _callers(frame: FrameType | None) -> Iterator[str]:
    """Yield the public functions of libraries that are being called, the innermost first."""
    while frame is not None and is_library(frame.f_code):
        yield from _public_function(frame)
        frame = frame.f_back


def _public_function(frame: FrameType) -> Iterator[str]:
    """Yield the full name of the function of NumPy or SciPy that a frame runs, if it is public."""
    module, name = frame.f_globals.get("__name__", ""), frame.f_code.co_name
    if module.startswith(("numpy", "scipy")) and name[0] not in "_<":
        yield _public(module, name)


def _public(module: str, name: str) -> str:
    """Return the name of a function without the private modules that it is kept in."""
    root, *inner = module.split(".")
    public = [one for one in inner if one[0] != "_" and hasattr(sys.modules[root], one)]
    return ".".join(["np" if root == "numpy" else root, *public, name])


def refused(error: Exception, function: Any, frame: FrameType | None) -> TracingError | None:
    """Return what a function of a library says of traced values, with its name and the line.

    None for what is ours already, and for what code of the author's raised that it called.
    """
    if isinstance(error, TracingError) or _own(_frames(error)):
        return None
    return of_kind(error)(f"{name_of(function)} cannot be traced: {error}; {spot(frame)}")


def _frames(error: Exception) -> list[FrameType]:
    return [frame for frame, _ in traceback.walk_tb(error.__traceback__)]


def _own(frames: list[FrameType]) -> list[FrameType]:
    """Return the frames of the author's code."""
    return [frame for frame in frames if followed(frame.f_globals.get("__name__"))]


def _held(frame: FrameType) -> Iterator[object]:
    for value in frame.f_locals.values():
        yield value
        if isinstance(value, list | tuple):
            yield from value


def _is_traced(value: object) -> bool:
    return isinstance(value, TracedValue) or type(value).__name__ == "Vector"
