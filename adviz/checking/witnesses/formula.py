"""A bounded attempt to prove two derivatives equal as formulas, at every point at once.

Reverse mode and SymPy's derivative are both evaluated in numbers that are formulas in a normal
form; where their difference vanishes, they are equal. The attempt ends after so many products.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress

from adviz.checking.finding import Statement
from adviz.checking.truth.budget import UNHEARD
from adviz.checking.truth.sympys import derivatives, formulas
from adviz.checking.witnesses.algebra import Algebra, Crowded, Form
from adviz.checking.witnesses.normal_form import system
from adviz.errors import AdvizError
from adviz.graph.graph import Graph
from adviz.graph.sameness import remembered
from adviz.language.labels import Key
from adviz.modes.fast.jacobian import swept

NAME = "proved equal"
_LARGEST_GRAPH = 400
_SIZES = (16, 64, 512)
"""How many generators there may be, at first few: hardly any formula needs more."""


def states(graph: Graph, key: Key) -> Statement:
    """Return whether the derivative by reverse mode is SymPy's, as a formula.

    >>> import adviz
    >>> states(adviz.build("tanh(x)*sqrt(1 + x**2)"), Key("f", "x")).verdict
    'agrees'
    """
    why = _attempted(graph)[key]
    if why:
        return Statement(NAME, None, math.nan, "silent", why)
    return Statement(NAME, None, 0.0, "agrees", "the difference of the two formulas is 0")


@remembered(16)
def _attempted(graph: Graph) -> Mapping[Key, str]:
    """Return per derivative why it is not proved, or nothing; all share the same work."""
    inputs = tuple(graph.inputs)
    keys = [Key(label, name) for label in graph.outputs for name in inputs]
    if len(graph) > _LARGEST_GRAPH or not formulas(graph, inputs):
        return dict.fromkeys(keys, UNHEARD)
    for size in _SIZES:
        with suppress(Crowded):
            return _compared(graph, keys, size)
    return dict.fromkeys(keys, f"the normal form has more than {_SIZES[-1]} generators")


def _compared(graph: Graph, keys: Sequence[Key], size: int) -> Mapping[Key, str]:
    """Return per derivative why it is not proved with so many generators, or nothing."""
    inputs = tuple(graph.inputs)
    numbers, point, algebra = system(graph.rows, inputs, size)
    try:
        ours = swept(graph, numbers, point, inputs, "reverse")
        sympys = derivatives(graph, numbers, point, inputs)
    except AdvizError as error:
        return dict.fromkeys(keys, str(error))
    return {key: _differ(algebra, ours[key], sympys[key]) for key in keys}


def _differ(algebra: Algebra, ours: Form, sympys: Form) -> str:
    try:
        equal = algebra.equal(ours, sympys)
    except AdvizError as error:
        return str(error)
    return "" if equal else "the normal forms differ, which proves nothing"
