"""A bounded attempt to prove two derivatives equal as formulas, at every point at once.

Reverse mode and SymPy's derivative are both evaluated in numbers that are formulas in a normal
form; where their difference vanishes, they are equal. The attempt ends after so many products.
"""

from __future__ import annotations

import math

from adviz.errors import AdvizError
from adviz.finding import Key, Statement
from adviz.graph import Graph
from adviz.symbolics import differentiated, sympy_derivatives
from adviz.bare import swept
from adviz.witnesses.normal_form import system

NAME = "proved equal"
_LARGEST_GRAPH = 400


def states(graph: Graph, key: Key) -> Statement:
    """Return whether the derivative by reverse mode is SymPy's, as a formula.

    >>> import adviz
    >>> states(adviz.build("tanh(x)*sqrt(1 + x**2)"), Key("f", "x")).verdict
    'agrees'
    """
    inputs = tuple(graph.inputs)
    if len(graph) > _LARGEST_GRAPH or differentiated(graph, inputs) is None:
        return _unproved("the formula is too large")
    numbers, point, algebra = system(graph.rows, inputs)
    try:
        ours = swept(graph, numbers, point, [key.input], "reverse")[key]  # type: ignore[arg-type]  # formulas
        sympys = sympy_derivatives(graph, point, inputs, numbers)[key.output][key.input]
        equal = algebra.equal(ours, sympys)
    except AdvizError as error:
        return _unproved(str(error))
    if not equal:
        return _unproved("the normal forms differ, which proves nothing")
    return Statement(NAME, None, 0.0, "agrees", "the difference of the two formulas is 0")


def _unproved(why: str) -> Statement:
    return Statement(NAME, None, math.nan, "silent", why)
