"""A function together with its first derivatives, as one function of several outputs.

The derivative of a graph is a graph, so the second derivatives of a function are first derivatives
of this one, and are judged like any others. What is judged has adviz's first derivatives; what is
held to be true has SymPy's, which know nothing of adviz's rules, choices and conventions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from adviz.checking.truth.sympys import formulas
from adviz.graph.builder import Builder
from adviz.graph.graph import Graph
from adviz.graph.sameness import remembered
from adviz.language.labels import Key
from adviz.modes.derivative_graph import derived
from adviz.sources import copied


@dataclass(frozen=True)
class Slopes:
    """What is judged, what it is judged by, and which outputs are derivatives already.

    >>> import adviz
    >>> first = Slopes.first(adviz.build("x*y"))
    >>> list(first.graph.outputs), first.keys
    (['f'], {})
    """

    graph: Graph
    """Adviz's own."""
    true: Graph
    """With the same outputs, from which SymPy's derivatives are taken."""
    keys: Mapping[str, Key]
    """Which derivative an output is, for those that are."""

    @classmethod
    def first(cls, graph: Graph) -> Slopes:
        """Return what is judged for first derivatives: the function alone."""
        return cls(graph, graph, {})


@remembered(16)
def slopes(graph: Graph, wanted: tuple[str, ...], order: int) -> Slopes:
    """Return what is judged for derivatives up to an order, 1 or 2, by some inputs.

    Where SymPy's first derivatives would be too much work, adviz's stand in for them: they are
    judged by SymPy's derivatives of every primitive beside the second ones.

    >>> import adviz
    >>> second = slopes(adviz.build("x*y"), ("x", "y"), 2)
    >>> list(second.graph.outputs), second.keys["df/dy"]
    (['f', 'df/dx', 'df/dy'], Key(output='f', input='y'))
    """
    if order == 1:
        return Slopes.first(graph)
    ours, called = derived(graph, wrt=wanted)
    keys = {called[key]: Key(*key) for key in called}
    return Slopes(ours, _by_sympy(graph, wanted, keys) or ours, keys)


def _by_sympy(graph: Graph, wanted: tuple[str, ...], keys: Mapping[str, Key]) -> Graph | None:
    """Return the same outputs, the derivatives being SymPy's, where it finds them all."""
    made = formulas(graph, wanted)
    if not all(key in made for key in keys.values()):
        return None
    builder = Builder(graph.rows)
    found = copied(graph, builder)
    outputs = {label: found[node] for label, node in graph.outputs.items()}
    for label, key in keys.items():
        formula, output = made[key]
        outputs[label] = copied(formula, builder)[formula.outputs[output]]
    return builder.finish(outputs)
