"""What became of a callable that could not be traced: whose exception it is, and what would work.

An exception that the callable raises for plain numbers too is its own and passes through. One that
it raises for traced values alone is tracing's, and becomes a TracingError.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import Any

from adviz.errors import TracingError
from adviz.sources.arguments import Arguments, name_of
from adviz.sources.tracing.complaints import complaint, of_kind
from adviz.sources.tracing.places import spot
from adviz.sources.tracing.references import followed, references
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
_TRIES = (0.5, 1.5)
"""Where a callable is tried when no point is known."""
_MOST = 1000
"""As many values that a callable can reach are looked at."""


def refused(f: Callable[..., Any], arguments: Arguments, error: Exception) -> TracingError | None:
    """Return what is said of an exception out of a tracing; None for one of the callable's own.

    That gets a note of the point, where one is known.
    """
    told = complaint(error)
    if told is None and not _gives_numbers(f, arguments):
        if arguments.at is not None:
            error.add_note(raised_by(f, arguments.at))
        return None
    where, framework = _where(error), next(_frameworks(f), None)
    if framework is not None:
        return UnsuitableError(
            f"{name_of(f)} computes with {framework}, whose functions take no traced values "
            f"({where}); write it with math, NumPy or adviz.functions; to judge a gradient of "
            f"{framework}'s, give it to adviz.check of a formula as gradient="
        )
    if told is not None:
        return told
    what = f"{name_of(f)} cannot be traced: {_spoken(error)}"
    return of_kind(error)(f"{what} ({where}); adviz.functions has what can be traced")


def _spoken(error: Exception) -> str:
    return f"{type(error).__name__}: {error}, which plain numbers do not raise"


def raised_by(f: Callable[..., Any], point: Mapping[str, Any]) -> str:
    """Return the note on an exception of a callable's own."""
    return f"raised by {name_of(f)} at {dict(point)}"


def _gives_numbers(f: Callable[..., Any], arguments: Arguments) -> bool:
    """Return whether a callable gives anything for plain numbers."""
    for number in _TRIES:
        try:
            arguments.call(arguments.numbers(number))
        except Exception:  # noqa: S112 - whatever it raises, it is of the callable's own
            continue
        return True
    return False


def _where(error: Exception) -> str:
    """Return the innermost line of the user's own code that an exception has passed."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    own = [frame for frame in frames if followed(frame.f_globals.get("__name__"))]
    return spot((own or frames)[-1])


def _frameworks(f: Any) -> Iterator[str]:
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
