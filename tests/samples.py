"""Where tests look: points of the corpus, special values, traps, random graphs, changed rules."""

from __future__ import annotations

import itertools
import math
import random
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest
from corpus import Formula
from hypothesis import strategies as st
from laws import Arguments, by_position, inside, points, smooth

import adviz
from adviz.graph.builder import Builder
from adviz.numbers import FLOAT64
from adviz.primitives import TABLE, Primitive, Table

POINTS = 2


def corpus_points(formula: Formula, graph: adviz.Graph) -> list[dict[str, float]]:
    """Return points of a formula's box, off its kinks."""
    source = random.Random(formula.name)
    found: list[dict[str, float]] = []
    while len(found) < POINTS:
        at = {name: source.uniform(*formula.ranges[name]) for name in graph.inputs}
        if "kink" not in adviz.evaluate(graph, at, errors="ieee").status:
            found.append(at)
    return found


FINITE = (0.0, 1.0, -1.0, 0.5, -2.5, 2.0, 1e-300, 1e300, -1e300, 710.0)


SPECIAL = (*FINITE, -0.0, math.inf, -math.inf, math.nan)


def specials(row: Primitive) -> list[tuple[Any, ...]]:
    """Return special values in every combination."""
    choices = [(True, False) if row.is_condition(k) else SPECIAL for k in range(row.arity)]
    return list(itertools.product(*choices))


TRAPS: dict[str, tuple[Arguments, ...]] = {
    "tanh": ((20.0,), (-300.0,), (1e-200,)),
    "asinh": ((1e10,), (-1e10,), (1e200,)),
    "hypot": ((1e200, 1e200), (3e-200, -4e-200)),
    "softplus": ((1000.0,), (-700.0,), (40.0,)),
    "sigmoid": ((40.0,), (-700.0,), (1000.0,)),
    "logsigmoid": ((1000.0,), (-1000.0,)),
    "acosh": ((1e200,), (1 + 2**-52,)),
    "sinc": ((1e-160,), (1e-3,)),
    "gelu": ((-30.0,), (30.0,)),
    "ndtr": ((-30.0,), (-37.5,)),
    "log1p": ((-1 + 2**-53,), (1e-300,)),
    "expm1": ((-40.0,), (1e-300,)),
    "atan2": ((1e200, 1e200), (-1e-200, -3e-200)),
    "asin": ((1 - 2**-53,),),
    "asec": ((1 + 2**-52,), (-1e200,)),
    "asech": ((1 - 2**-53,), (1e-300,)),
    "acoth": ((1 + 2**-52,), (1e300,)),
    "acsch": ((1e200,), (-1e-200,)),
    "logit": ((0.5 + 2**-53,), (1 - 2**-53,), (1e-300,)),
    "lgamma": ((1 + 2**-52,), (2 - 2**-52,), (-2.4570247382208006,)),
    "pow": ((-2.0, 3.0), (0.0, 2.0), (1e-200, 1.5), (-8.0, 0.0)),
    "mod": ((1e300, 0.7), (-1e-20, 3.0)),
    "fmod": ((1e300, 0.7), (-7.5, 2.0)),
    "polygamma": ((3.0, -1000000.25), (0.0, 1e-300)),
    "spherical_jn": ((50.0, 1e-4), (2.0, 1e10)),
    "gamma": ((1e-300,), (-20.5,)),
}
"""Where the textbook form of a rule loses its digits; a row needs none to be tested."""


def places(row: Primitive, count: int) -> tuple[Arguments, ...]:
    """Return random points of a row's domain, and its traps."""
    return points(row.name, count) + TRAPS.get(row.name, ())


PARTIALS = [
    pytest.param(row, k, id=f"{row.name}-{row.args[k]}")
    for row in TABLE.values()
    for k in by_position(row)
]


def changed(text: str) -> str:
    """Return a rule one percent larger, or a hundredth where it is 0."""
    *before, result = text.split(";")
    return "; ".join([*before, "0.01" if result.strip() == "0" else f"1.01*({result.strip()})"])


def with_row(row: Primitive) -> Table:
    return MappingProxyType({**TABLE, row.name: row})


ROWS = [row for row in TABLE.values() if row.args]


LARGEST = 1e6


class Case(NamedTuple):
    """A random graph, a regular point of it, and a number for every input and output."""

    graph: adviz.Graph
    at: dict[str, float]
    direction: dict[str, float]
    cotangent: dict[str, float]


class _Growing:
    """A graph that grows with its values, so that every node is regular at the point."""

    def __init__(self, share: bool) -> None:
        self.builder = Builder(share=share)
        self.values: dict[int, Any] = {}

    def leaf(self, node: int, value: float) -> None:
        self.values[node] = value

    def candidates(self, conditions: bool) -> list[int]:
        return [node for node, v in self.values.items() if isinstance(v, bool) == conditions]

    def arguments(self, row: Primitive) -> list[list[int]]:
        """Return per argument of a row the nodes it may be: an order is a number."""
        kinds = [self.candidates(row.is_condition(k)) for k in range(row.arity)]
        numbers = self.builder.constants
        return [
            [node for node in kind if k not in row.orders or node in numbers]
            for k, kind in enumerate(kinds)
        ]

    def apply(self, row: Primitive, args: tuple[int, ...]) -> None:
        """Add a row's application unless it is irregular here."""
        at = tuple(self.values[a] for a in args)
        if not inside(row, at):
            return
        value = FLOAT64.function(row.name)(*at)
        if (math.isfinite(value) and abs(value) < LARGEST) and smooth(row, at, value):
            self.values[self.builder.node(row.name, args)] = value


@st.composite
def cases(draw: st.DrawFn, outputs: int = 1, share: bool | None = None) -> Case:
    """Draw a graph, node by node, from rows and arguments that exist so far."""
    numbers = st.floats(-4, 4).filter(lambda x: abs(x) > 1e-3)
    growing = _Growing(draw(st.booleans()) if share is None else share)
    at = {name: draw(numbers) for name in "xyz"[: draw(st.integers(1, 3))]}
    for name, value in at.items():
        growing.leaf(growing.builder.input(name), value)
    for value in draw(st.lists(st.sampled_from([0, 1, 2, 2.5, -3.0, 0.1]), max_size=2)):
        growing.leaf(growing.builder.constant(value), value)
    for number in range(draw(st.integers(1, 14))):
        row = draw(st.sampled_from(ROWS))
        kinds = growing.arguments(row)
        if all(kinds):
            growing.apply(row, tuple(draw(st.sampled_from(kind)) for kind in kinds))
            if draw(st.booleans()) and growing.candidates(conditions=False):
                growing.builder.names.setdefault(f"n{number}", list(growing.values)[-1])
    ends = growing.candidates(conditions=False)[-outputs:]
    labels = {f"f{i}": node for i, node in enumerate(ends, 1)}
    graph = growing.builder.finish(labels)
    direction = {name: draw(numbers) for name in at}
    return Case(graph, at, direction, {label: draw(numbers) for label in labels})
