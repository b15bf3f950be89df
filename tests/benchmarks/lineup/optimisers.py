"""What optimisers need: a vector in and out, and the first Hessian of a function."""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from typing import Any

import numpy as np

from lineup.clock import Entry, once, timed
from lineup.measured import Key, Measured
from lineup.sides import difference, installed, told

CALL, FIRST = "the call of optimisers", "first Hessian"
CASADI = "CasADi SX"
TARGETS = {"adviz, native": "native", "adviz, Python": "python"}
BY_VECTOR = ", k.vector"


@dataclass(frozen=True)
class Objective:
    """A function of a vector, written for every namespace."""

    name: str
    function: Callable[[Any, Sequence[Any]], Any]
    """Takes a namespace with `exp`, `log`, `sin` and others, and the vector's elements."""
    inputs: int

    @property
    def point(self) -> list[float]:
        """Where it is evaluated."""
        return [*map(float, np.linspace(-0.9, 1.1, self.inputs))]

    def graph(self) -> Any:
        """Return adviz's graph of it."""
        import adviz

        return adviz.build(lambda x: self.function(math, x), shapes={"x": self.inputs})


def _rosenbrock(_: Any, x: Sequence[Any]) -> Any:
    return sum(100 * (b - a**2) ** 2 + (1 - a) ** 2 for a, b in pairwise(x))


def _dense(m: Any, x: Sequence[Any]) -> Any:
    s = sum((i + 1) * one for i, one in enumerate(x))
    t = sum(one * one for one in x)
    return m.sin(s) * m.exp(-t) + m.log(1 + t * s * s)


def _short(m: Any, x: Sequence[Any]) -> Any:
    a, b, c, d = x
    first = m.log(a**2 + b**2 + 1) * m.sin(a * c) + m.exp(-b * d) / (1 + c**2)
    return first + m.sqrt(d**2 + 1) * m.cos(a - b)


ROSENBROCK = Objective("Rosenbrock, 100 inputs", _rosenbrock, 100)
DENSE = Objective("dense, 30 inputs", _dense, 30)
SHORT = Objective("four inputs", _short, 4)
CALLED = ((ROSENBROCK, "gradient"), (ROSENBROCK, "hessian"), (SHORT, "gradient"))


def called(objective: Objective, kind: str) -> str:
    """Return what the work of a call is called."""
    return f"{objective.name}, {kind}"


def calls(rounds: int, least: float) -> Iterator[Measured]:
    """Yield how long a call by vector takes, beside one by numbers."""
    for objective, kind in CALLED:
        yield from timed(list(_entries(objective, kind)), rounds, least)


def _entries(objective: Objective, kind: str) -> Iterator[Entry]:
    import adviz

    graph, point = objective.graph(), objective.point
    for side, target in TARGETS.items():
        kernel = adviz.compile(graph, kind, target=target)
        key = Key(CALL, called(objective, kind), side)
        yield Entry(key, kernel.function, tuple(point))
        by_vector = key._replace(side=side + BY_VECTOR)
        kernel.vector(np.array(point))  # what it needs is made when it is first called
        yield Entry(by_vector, kernel.vector, (np.array(point),))


def _ours(target: str) -> Callable[[Objective], Any]:
    def hessian(objective: Objective) -> Any:
        import adviz

        kernel = adviz.compile(objective.graph(), "hessian", target=target)
        return kernel.vector(np.array(objective.point))[1]

    return hessian


def _casadi(objective: Objective) -> Any:
    ca = import_module("casadi")
    x = ca.SX.sym("x", objective.inputs)
    value = objective.function(ca, [x[i] for i in range(objective.inputs)])
    second, slopes = ca.hessian(value, x)
    return ca.Function("hessian", [x], [value, slopes, second])(objective.point)[2].full()


HESSIANS: dict[str, Callable[[Objective], Any]] = {
    **{side: _ours(target) for side, target in TARGETS.items()},
    CASADI: _casadi,
}


def hessians(rounds: int) -> Iterator[Measured]:
    """Yield how long it takes from the Python function to a first Hessian, nothing kept on disk."""
    for side in HESSIANS:
        _first(side, SHORT, [])  # what is imported, and made once for all functions
    for objective in (ROSENBROCK, DENSE):
        wanted = _ours("python")(objective)
        found: dict[str, list[float]] = {side: [] for side in HESSIANS}
        notes = dict.fromkeys(HESSIANS, "")
        for _ in range(rounds):
            for side, figures in found.items():
                notes[side] = notes[side] or _first(side, objective, figures, wanted)
        for side, figures in found.items():
            yield Measured(Key(FIRST, objective.name, side), tuple(figures), notes[side])


def _first(side: str, objective: Objective, figures: list[float], wanted: Any = None) -> str:
    """Add the seconds that a side takes; return what is wrong with its result, if anything."""
    try:
        installed("casadi" if side == CASADI else "")
        with tempfile.TemporaryDirectory() as empty:
            os.environ["XDG_CACHE_HOME"] = empty
            seconds, second = once(lambda: HESSIANS[side](objective))
    except Exception as error:  # whatever a library raises, the others go on
        return told(error)
    complaint = "" if wanted is None else difference([*np.ravel(second)], [*np.ravel(wanted)])
    if not complaint:
        figures.append(seconds)
    return complaint
