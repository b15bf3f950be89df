"""What may be left blank on a sheet: a row for every kind of number that a sweep finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from adviz.errors import AdvizError
from adviz.graph.graph import Graph
from adviz.graph.procedure import Edge
from adviz.language.asked import names
from adviz.language.notation import Tree, ascii_text
from adviz.modes.trace import Trace
from adviz.numbers import Number
from adviz.scene.chip_text import partial_symbol
from adviz.scene.quantities import quantity

Place = int | Edge
"""Where a number stands: at a node, or on an edge."""


class Blank(NamedTuple):
    """One number of a sheet: what it is, and where it stands."""

    kind: str
    place: Place


class Kind(NamedTuple):
    """One kind of number: what it is called, where it is asked for, and what it is."""

    noun: str
    places: Callable[[Trace], Iterable[Any]]
    """Where there may be a blank, each after those that its number is computed from."""
    number: Callable[[Trace, Any], Number]
    symbol: Callable[[Graph, Any], Tree]
    needs: Callable[[Graph, Any], Iterable[Blank]]
    """What its number is computed from."""
    letters: str = "{}"
    """How it is also typed, given its node's name."""


def _computed(trace: Trace) -> list[int]:
    """Return the nodes that are computed, and are numbers."""
    graph = trace.graph
    rows = {node: graph.row(node) for node in range(len(graph)) if graph.args[node]}
    return [
        node for node, row in rows.items()
        if row and not row.condition and trace.values[node] is not None
    ]  # fmt: skip


def _with_tangent(trace: Trace) -> list[int]:
    tangents = trace.tangents or ()
    return [node for node in _computed(trace) if tangents and tangents[node] is not None]


def _with_adjoint(trace: Trace) -> list[int]:
    """Return the nodes that have an adjoint, but for outputs that only have the seed."""
    if trace.adjoints is None:
        return []
    inputs, adjoints = [*trace.graph.inputs.values()], trace.adjoints
    met = {step.node for step in trace.steps if step.kind == "adjoint" and step.edge is not None}
    seeded = {trace.graph.outputs[label] for label in trace.seed} - met
    nodes = sorted({*inputs, *_computed(trace)} - seeded, reverse=True)
    return [node for node in nodes if adjoints[node] is not None]


def _values_of(graph: Graph, nodes: Iterable[int]) -> Iterator[Blank]:
    return (Blank("values", node) for node in nodes)


def _for_tangent(graph: Graph, node: int) -> Iterator[Blank]:
    for position, tail in enumerate(graph.args[node]):
        yield Blank("tangents", tail)
        yield Blank("partials", Edge(tail, node, position))


def _for_adjoint(graph: Graph, node: int) -> Iterator[Blank]:
    for head, arguments in enumerate(graph.args):
        for position, tail in enumerate(arguments):
            if tail == node:
                yield Blank("adjoints", head)
                yield Blank("partials", Edge(tail, head, position))


def _of_node(noun: str) -> Callable[[Graph, int], Tree]:
    return lambda graph, node: quantity(noun).symbol(graph.leaf(node))


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "values": Kind(
            "value",
            _computed,
            lambda trace, node: trace.values[node],
            _of_node("value"),
            lambda graph, node: _values_of(graph, graph.args[node]),
        ),
        "partials": Kind(
            "partial",
            lambda trace: sorted(trace.partials, key=lambda edge: (edge.head, edge.position)),
            lambda trace, edge: trace.partials[edge],
            partial_symbol,
            lambda graph, edge: _values_of(graph, [*graph.args[edge.head], edge.head]),
        ),
        "tangents": Kind(
            "tangent",
            _with_tangent,
            lambda trace, node: (trace.tangents or ())[node],
            _of_node("tangent"),
            _for_tangent,
            "{}_dot",
        ),
        "adjoints": Kind(
            "adjoint",
            _with_adjoint,
            lambda trace, node: (trace.adjoints or ())[node],
            _of_node("adjoint"),
            _for_adjoint,
            "{}_bar",
        ),
    }
)
"""By the word that asks for them, each after those that its numbers are computed from."""

_USUAL: Mapping[str, Sequence[str]] = {
    "evaluate": ("values",),
    "forward": ("partials", "tangents"),
    "reverse": ("partials", "adjoints"),
}
"""What is left blank unless asked, by the mode of the sweep."""


def kinds_of(trace: Trace) -> list[str]:
    """Return the kinds of numbers that a sweep finds.

    >>> import adviz
    >>> kinds_of(adviz.reverse("x*y", at={"x": 3, "y": 2}))
    ['values', 'partials', 'adjoints']
    """
    return [name for name, kind in KINDS.items() if any(True for _ in kind.places(trace))]


def blanks_of(trace: Trace, asked: str | Iterable[str] | None) -> tuple[Blank, ...]:
    """Return the blanks of a sheet: the derivatives and local partials, unless others are asked.

    Raises AdvizError for a kind of number that the sweep does not find.

    >>> import adviz
    >>> trace = adviz.forward("x*y", at={"x": 3, "y": 2}, direction="x")
    >>> [name_of(trace.graph, blank) for blank in blanks_of(trace, None)]
    ['d(v1)/d(x)', 'tangent of v1']
    """
    found = kinds_of(trace)
    wanted = [one for one in _USUAL[trace.mode] if one in found] if asked is None else asked
    for one in names("blank", wanted):
        if one not in found:
            raise AdvizError(
                f"blank = {one!r}; this sweep ({trace.mode}) finds {', '.join(found) or 'nothing'}"
            )
    kinds = [name for name in found if name in names("blank", wanted)]
    return tuple(Blank(name, place) for name in kinds for place in KINDS[name].places(trace))


def symbol_of(graph: Graph, blank: Blank) -> Tree:
    """Return a blank as it is written: v₁, ∂v₁/∂x, v̄₁."""
    return KINDS[blank.kind].symbol(graph, blank.place)


def name_of(graph: Graph, blank: Blank) -> str:
    """Return a blank as it is typed: `v1`, `d(v1)/d(x)`, `adjoint of v1`."""
    return ascii_text(symbol_of(graph, blank))
