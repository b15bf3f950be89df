"""What symbolic mode gives out is right as SymPy evaluates it, for every row, over its domain.

Run by itself it writes docs/sympy.md, what SymPy makes of each row.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy
from laws import Arguments, by_position, graph_of, point_of, points, settled

import adviz
from adviz.checking.truth.rounding import bound
from adviz.graph.graph import Graph
from adviz.modes.evaluation import evaluated
from adviz.numbers.symbols import SYMBOLS
from adviz.primitives import TABLE, Primitive
from adviz.sources.sympy import from_sympy

PAGE = Path(__file__).parents[2] / "docs/sympy.md"
FARTHEST = 1e4
"""The size up to which mpmath's special functions take no minutes."""
PRECISIONS = (50, 100, 200, 400, 800)
"""What cancels needs more digits; a function that is another one never becomes right."""
RIGHT = 1e-25
"""How far from the truth a number of many digits may be, relatively."""
MODULES = ("mpmath", "scipy", "numpy")
ROWS = [pytest.param(row, id=row.name) for row in TABLE.values() if row.args]


@cache
def given_out(row: Primitive) -> dict[str, tuple[Any, Graph, str]]:
    """Return a row's value and its derivatives of both orders: in SymPy, and as a graph."""
    graph = graph_of(row)
    symbols = {name: sympy.Symbol(name) for name in graph.inputs}
    value = evaluated(graph, SYMBOLS.over(graph.rows), symbols)[graph.outputs["f"]]
    found = {"value": (value, graph, "f")}
    for name in (row.args[k] for k in by_position(row)):
        slope, first = adviz.symbolic(graph, wrt=name)[name], f"df/d{name}"
        slopes = adviz.derivative_graph(graph, wrt=name)
        found[first] = (slope, slopes, first)
        for other in (row.args[k] for k in by_position(row)):
            twice = adviz.derivative_graph(slopes, of=first, wrt=other)
            found[f"{first} by {other}"] = (sympy.diff(slope, other), twice, [*twice.outputs][-1])
    return found


def places(row: Primitive, count: int) -> Iterator[Arguments]:
    """Return points all over a row's domain, as far as SymPy gets in time."""
    near = (at for at in points(row.name, 4 * count) if all(abs(a) <= FARTHEST for a in at))
    return islice(near, count)


def exactly(row: Primitive, at: Arguments) -> dict[Any, Any]:
    return {
        sympy.Symbol(name): sympy.Rational(*number.as_integer_ratio())
        for name, number in point_of(row, at).items()
    }


def true(graph: Graph, label: str, at: dict[str, float]) -> Any:
    def value(digits: int) -> Any:
        found = adviz.evaluate(graph, at, digits=digits, errors="ieee").value
        return found[label] if isinstance(found, dict) else found

    return settled(value, 400)


def wrong(found: Any, truth: Any) -> str:
    """Return what is wrong about a number of SymPy's: one without digits claims nothing."""
    if isinstance(found, mpmath.mpf):
        found = sympy.Float(found, 50)
    if found.is_number and found.is_real and not found.is_comparable:
        return ""
    if not found.is_Float and not found.is_Rational:
        return str(found)
    number = truth.value.context.mpf(str(sympy.Float(found, 50)))
    return "" if not truth.departs(number, RIGHT * abs(truth.value) + 1e-300) else str(found)


def as_it_settles(compute: Callable[[int], Any], truth: Any) -> str:
    """Return what is wrong about numbers of growing precision, at all of them."""
    complaints = (wrong(compute(digits), truth) for digits in PRECISIONS)
    found = []
    for complaint in complaints:
        if not complaint:
            return ""
        found.append(complaint)
    return found[-1]


@pytest.mark.parametrize("row", ROWS)
def test_sympy_evaluates_what_is_given_out_to_the_truth(row: Primitive) -> None:
    for what, (expression, graph, label) in given_out(row).items():
        for at in places(row, 5):
            truth, exact = true(graph, label, point_of(row, at)), exactly(row, at)
            if not mpmath.isfinite(truth.value):
                continue
            by_n = as_it_settles(lambda n, e=expression, p=exact: sympy.N(e.subs(p), n), truth)
            by_evalf = as_it_settles(lambda n, e=expression, p=exact: e.evalf(n, subs=p), truth)
            assert (by_n, by_evalf) == ("", ""), (what, at, truth.value)
