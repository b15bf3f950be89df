"""Who computes a value and a gradient: one row each, with how it is prepared and called."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

from lineup.clock import Call, Entry
from lineup.measured import Key, Measured
from lineup.work import Work

TOLERANCE = 1e-9
"""How far a side may be from the reference, relative to the largest number: it errs, or not."""


class CannotError(Exception):
    """A side has no way to do the work; the message says why."""


@dataclass(frozen=True)
class Ready:
    """A prepared call, what it is given, and how value and derivatives are read off its result."""

    call: Call
    arguments: tuple[Any, ...] = ()
    read: Callable[[Any], Sequence[Any]] = tuple
    held: Any = None
    """What the call uses without keeping it alive."""


@dataclass(frozen=True)
class Side:
    """One row: a name, the package that it needs, and how it is prepared for some work."""

    name: str
    package: str
    prepare: Callable[..., Ready]

    def ready(self, *given: Any) -> Ready:
        """Return the prepared call. Raises CannotError where the package is not installed."""
        installed(self.package)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return self.prepare(*given)


def entered(
    part: str, work: str, sides: Iterable[Side], given: Sequence[Any], expected: Sequence[Any]
) -> Iterator[Entry | Measured]:
    """Yield what is to be timed; instead of a side that is wrong, or cannot, a note."""
    for side in sides:
        key = Key(part, work, side.name)
        try:
            ready = side.ready(*given)
            complaint = difference(ready.read(ready.call(*ready.arguments)), expected)
        except Exception as error:  # whatever a library raises, the others go on
            complaint = told(error)
        yield (
            Measured(key, note=complaint)
            if complaint
            else Entry(key, ready.call, ready.arguments, ready.held)
        )


def installed(package: str) -> None:
    """Raise CannotError where a package is not installed."""
    if package and find_spec(package) is None:
        raise CannotError(f"{package} is not installed")


def told(error: Exception) -> str:
    """Return an error as one line."""
    if isinstance(error, CannotError):
        return str(error)
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"


def difference(found: Sequence[Any], expected: Sequence[Any]) -> str:
    """Return what is wrong with numbers, in words; nothing where they are right.

    >>> difference([1.0, 2.0], [1.0, 2.0]), difference([1.0, 2.5], [1.0, 2.0])
    ('', 'WRONG: number 2 is off by 0.5')
    """
    if len(found) != len(expected):
        return f"WRONG: {len(found)} numbers instead of {len(expected)}"
    for place, (one, right) in enumerate(zip(found, expected, strict=True), 1):
        right = np.asarray(right, float)
        gap = np.max(np.abs(np.asarray(one, float).reshape(right.shape) - right))
        if not gap <= TOLERANCE * max(1.0, float(np.max(np.abs(right)))):
            return f"WRONG: number {place} is off by {gap:.3g}"
    return ""


# --- adviz -------------------------------------------------------------------------------------


def compiled(work: Work, target: str, kind: str = "gradient") -> Any:
    """Return adviz's kernel of some work."""
    import adviz

    return compile_graph(adviz.build(work.bound(adviz.functions), inputs=work.names), target, kind)


def reference(work: Work) -> list[float]:
    """Return value and derivatives as adviz's sweep has them: what every side must agree with."""
    import adviz

    graph = adviz.build(work.bound(adviz.functions), inputs=work.names)
    swept = adviz.reverse(graph, at=dict(zip(work.names, work.point, strict=True)))
    return [swept.value, *swept.gradient.values()]


def compile_graph(graph: Any, target: str, kind: str = "gradient") -> Any:
    """Return adviz's kernel of a graph; the target asked for, or none."""
    import adviz

    if not hasattr(adviz, "compile"):
        raise CannotError("this adviz has no compile")
    return adviz.compile(graph, kind=kind, target=target)


def flat(found: tuple[Any, Any]) -> Sequence[Any]:
    """Return a value and its derivatives by input as one sequence."""
    value, gradient = found
    return [value, *gradient.values()]
