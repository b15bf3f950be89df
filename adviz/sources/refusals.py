"""What became of a callable that could not be traced: whose exception it is, and what would work.

An exception that the callable raises for plain numbers too is its own and passes through. One that
it raises for traced values alone is tracing's, and becomes a TracingError, and so does a recursion
that Python stopped.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from adviz.errors import AdvizError, TracingError
from adviz.language.spelling import shortened
from adviz.sources.arguments import Arguments, name_of
from adviz.sources.tracing.complaints import complaint, of_kind, place
from adviz.sources.tracing.references import references
from adviz.sources.tracing.traced import UnsuitableError

_FRAMEWORKS = {
    "jax": "JAX",
    "jaxlib": "JAX",
    "torch": "PyTorch",
    "tensorflow": "TensorFlow",
    "keras": "Keras",
    "mlx": "MLX",
    "cupy": "CuPy",
    "autograd": "autograd",
    "casadi": "CasADi",
    "pytensor": "PyTensor",
}
"""Packages whose functions take their own arrays alone, and what their users call them."""
_MOST = 1000
"""As many values that a callable can reach are looked at."""
_ROOM = 400
"""Characters of what an exception says."""


def told(f: Callable[..., Any], arguments: Arguments, error: Exception) -> Exception:
    """Return what is raised for an exception out of a tracing: itself where it is the callable's.

    It is where the callable raises the same for plain numbers, or raises something there and this
    is not about a traced value. That gets a note of the point, where one is known.
    """
    if isinstance(error, AdvizError) and not isinstance(error, TracingError):
        return error
    if _is_too_deep(error):
        return _endless(f, arguments, error)
    found = complaint(error)
    if isinstance(error, TracingError):
        return found or error
    plainly = arguments.raised()
    same = any(_same(error, one) for one in plainly)
    framework = None if same else next(frameworks_in(f), None)
    if same or (plainly and found is None and framework is None):
        if arguments.at is not None:
            error.add_note(raised_by(f, arguments.at))
        return error
    if framework is not None:
        return UnsuitableError(
            f"{name_of(f)} computes with {framework}, whose functions take no traced values "
            f"({place(error)}); write it with math, NumPy or adviz.functions, or give adviz.build "
            f"arrays of {framework} that it takes, adviz.build(f, x); to judge a gradient of "
            f"{framework}'s, give it to adviz.check of a formula as gradient="
        )
    what = f"{name_of(f)} cannot be traced: {spoken(error)}, which plain numbers do not raise"
    cure = "adviz.functions has what can be traced"
    return found or of_kind(error)(f"{what} ({place(error)}); {cure}")


def _is_too_deep(error: Exception) -> bool:
    """Return whether Python stopped a recursion, in its own words."""
    return isinstance(error, RecursionError) and str(error).startswith("maximum recursion depth")


def _endless(f: Callable[..., Any], arguments: Arguments, error: Exception) -> TracingError:
    """Return what is said of a recursion that Python stopped."""
    what = f"{name_of(f)} calls itself deeper than Python goes, {sys.getrecursionlimit()} calls"
    if any(map(_is_too_deep, arguments.raised())):
        cure = "plain numbers have no end there either"
    else:
        cure = "plain numbers have an end there; write a loop, or allow more: sys.setrecursionlimit"
    return of_kind(error)(f"{what} ({place(error)}); {cure}")


def spoken(error: BaseException) -> str:
    """Return an exception in words, on one line.

    >>> spoken(ValueError("mine:\\n  of two lines")), spoken(KeyError())
    ('ValueError: mine: of two lines', 'KeyError')
    """
    words = " ".join(str(error).split())
    return f"{type(error).__name__}: {shortened(words, _ROOM)}".removesuffix(": ")


def raised_by(f: Callable[..., Any], point: Mapping[str, Any]) -> str:
    """Return the note on an exception of a callable's own."""
    return f"raised by {name_of(f)} at {dict(point)}"


def _same(one: Exception, other: Exception) -> bool:
    return type(one) is type(other) and str(one) == str(other)


def frameworks_in(f: Any) -> Iterator[str]:
    """Return the frameworks that a callable is of, or reaches."""
    waiting: list[Any] = [f]
    seen: dict[int, Any] = {}
    while waiting and len(seen) < _MOST:
        value = waiting.pop(0)
        if id(value) in seen:
            continue
        seen[id(value)] = value
        found = next((_FRAMEWORKS[home] for home in _homes(value) if home in _FRAMEWORKS), None)
        if found is not None:
            yield found
        waiting.extend(references(value))


def _homes(value: Any) -> Iterator[str]:
    """Return the packages that a value, its owner and its classes are of."""
    if isinstance(value, ModuleType):
        yield value.__name__.partition(".")[0]
        return
    kind = value if isinstance(value, type) else type(value)
    for one in (value, getattr(value, "__self__", None), *kind.__mro__):
        yield str(getattr(one, "__module__", "")).partition(".")[0]


@contextmanager
def noted(place: str) -> Iterator[None]:
    """Let whatever a user's own function raises say where it was called.

    >>> try:
    ...     with noted("raised at size 3"):
    ...         1/0
    ... except ZeroDivisionError as error:
    ...     error.__notes__
    ['raised at size 3']
    """
    try:
        yield
    except Exception as error:
        error.add_note(place)
        raise
