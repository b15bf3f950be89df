"""Formulas: random graphs over the whole table, differentiated in eight ways that must agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st
from laws import assert_read_back, gradient_rounding, true_gradient
from samples import cases

import adviz
from adviz.errors import AdvizError
from adviz.graph.graph import Graph
from fuzzers.fuzzer import Fuzzer

Point = Mapping[str, float]
Slopes = Mapping[str, float]
ARRAYS = 16
"""Times that again, for functions of arrays."""
DIGITS = 800
"""With so many SymPy's formulas have settled, however large the numbers that cancel in them."""
MARGIN = 4
"""Times the first-order bound on rounding: two ways may round to either side of the truth."""


EDGES = (0.0, 1.0, -1.0, 0.5, -2.5, 2.0, 1e-9, 1e9, -1e9, 710.0)
"""Where functions have kinks and poles, or overflow."""


class Asked(NamedTuple):
    """A graph with one output, and where it is differentiated."""

    graph: Graph
    at: Point

    def __repr__(self) -> str:
        return f"{self.graph.text!r} at {dict(self.at)}"


def _by_kernel(target: str) -> Callable[[Graph, Point], Slopes]:
    def slopes(graph: Graph, at: Point) -> Slopes:
        found: Slopes = adviz.compile(graph, target=target)(**at)[1]
        return found

    return slopes


def _by_derivative_graph(graph: Graph, at: Point) -> Slopes:
    (label,) = graph.outputs
    found = adviz.evaluate(adviz.derivative_graph(graph), at, errors="ieee").value
    return {name: found[f"d{label}/d{name}"] for name in graph.inputs}


def _among_many(graph: Graph, at: Point) -> Slopes:
    columns = {name: np.full(3, value) for name, value in at.items()}
    _, slopes = adviz.evaluate_many(graph, columns)
    return {name: float(column[1]) for name, column in slopes.items()}


WAYS: Mapping[str, Callable[[Graph, Point], Slopes]] = {
    "reverse": adviz.gradient,
    "forward": lambda graph, at: adviz.gradient(graph, at, mode="forward"),
    "derivative graph": _by_derivative_graph,
    "Python kernel": _by_kernel("python"),
    "native kernel": _by_kernel("native"),
    "flat kernel": _by_kernel("python, flat"),
    "many points": _among_many,
}
"""How floats become a gradient; reverse mode is what the others, and SymPy, are held to."""


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    """Draw a graph, and a point of it that is regular, or anywhere."""
    graph, at, *_ = draw(cases())
    if draw(st.booleans()):
        return Asked(graph, at)
    anywhere = st.floats(-40, 40).filter(lambda x: not 0 < abs(x) < 1e-9) | st.sampled_from(EDGES)
    return Asked(graph, {name: draw(anywhere) for name in at})


def answers(case: Asked) -> dict[str, Slopes | str]:
    """Return the gradient in each of the ways, or the words with which it is refused."""
    found: dict[str, Slopes | str] = {}
    for name, way in WAYS.items():
        try:
            found[name] = way(*case)
        except AdvizError as error:
            found[name] = str(error)
    return found


def law(case: Asked) -> str:
    """Hold every way, and SymPy, to reverse mode, as closely as rounding allows."""
    assert_read_back(case.graph)
    found = answers(case)
    reverse = found.pop("reverse")
    if isinstance(reverse, str):
        return "refused"
    (label,) = case.graph.outputs
    bounds = gradient_rounding(case.graph, case.at, label)
    allowed = {name: MARGIN * bound for name, bound in bounds.items()}
    for way, slopes in found.items():
        if isinstance(slopes, str):
            assert way == "native kernel" and "native code has no" in slopes, f"{way}: {slopes}"
            continue
        for name, slope in reverse.items():
            bound = (ARRAYS if way == "many points" else 1) * allowed[name]
            same = slopes[name] == slope or abs(slopes[name] - slope) <= bound
            assert same, f"{way}: d/d{name} {slopes[name]}, not {slope}"
    if "kink" in adviz.evaluate(case.graph, case.at).status:
        return "agree on a kink"
    for name, truth in true_gradient(case.graph, case.at, label, most=DIGITS).items():
        if truth.value.context.isfinite(truth.value):
            assert not truth.departs(reverse[name], allowed[name]), f"symbolic: d/d{name} {truth}"
    return "agree"


FUZZER = Fuzzer(
    "formulas",
    "Random graphs over all rows of the table, at regular points and anywhere. Reverse, forward "
    "and symbolic mode, the derivative graph, the Python, the native and the flat kernel and very "
    "many points agree within what rounding explains, and the graph is read back from its "
    "text.",
    asked(),
    law,
    examples=30,
)
