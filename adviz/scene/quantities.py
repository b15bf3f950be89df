"""What a film shows of a node, and what its phases are about: one row each, in any medium."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from adviz.graph.graph import Graph
from adviz.language.notation import Tree, tree
from adviz.modes.trace import Trace


class Look(NamedTuple):
    """The colours of something that is shown, by their roles, and in a terminal by name."""

    stroke: str
    tint: str
    text: str
    terminal: str = ""


# One aligned line per role.
# fmt: off
LOOKS: Mapping[str, Look] = MappingProxyType({
    "value":       Look("ink",            "surface",      "ink"),
    "tangent":     Look("tangent-stroke", "tangent-tint", "tangent", "blue"),
    "adjoint":     Look("adjoint-stroke", "adjoint-tint", "adjoint", "dark_orange3"),
    "second":      Look("second-stroke",  "second-tint",  "second",  "magenta"),
    "elimination": Look("notice",         "notice-tint",  "notice"),
    "result":      Look("ink",            "surface",      "ink"),
})
# fmt: on
"""By the role of a quantity."""


@dataclass(frozen=True)
class Quantity:
    """One quantity: how its phase is called, its colours, how it is written, and where it goes."""

    title: str
    """What the phase of a film is called that computes it."""
    role: str
    """Whose colours it has."""
    symbol: Callable[[Tree], Tree]
    """Writes it, given a node's symbol."""
    noun: str
    """What one of its numbers is called."""
    family: str
    """By which sentences its phase is told, and by which sign of the legend."""
    partials: bool = False
    """Whether it travels by the local partials themselves, which stand on the edges."""
    itemized: bool = True
    """Whether a table lists what it is the sum of."""

    @property
    def look(self) -> Look:
        """Its colours."""
        return LOOKS[self.role]


def accent(*names: str) -> Callable[[Tree], Tree]:
    """Return what puts accents on a symbol, the first one nearest to it."""

    def written(symbol: Tree) -> Tree:
        for name in names:
            symbol = tree(name, symbol)
        return symbol

    return written


def coefficient(order: int) -> Callable[[Tree], Tree]:
    """Return what writes a Taylor coefficient: its order in brackets, as an exponent.

    >>> from adviz.language.notation import name, unicode_text
    >>> unicode_text(coefficient(2)(name("v1")))
    'v₁^[2]'
    """
    return lambda symbol: tree("power", symbol, tree("text", f"[{order}]"))


QUANTITIES: Mapping[str, Quantity] = MappingProxyType(
    {
        "value": Quantity("Values", "value", accent(), "value", "value"),
        "tangent": Quantity(
            "Forward sweep", "tangent", accent("dot"), "tangent", "tangent", partials=True
        ),
        "adjoint": Quantity(
            "Reverse sweep", "adjoint", accent("bar"), "adjoint", "adjoint", partials=True
        ),
        "adjoint tangent": Quantity(
            "Tangents of adjoints",
            "second",
            accent("bar", "dot"),
            "tangent of the adjoint",
            "adjoint tangent",
        ),
        "elimination": Quantity("Elimination", "elimination", accent(), "slope", "elimination"),
        "result": Quantity("Result", "result", accent(), "result", "value"),
        "cost": Quantity("Costs", "value", accent(), "cost", "elimination"),
        "snapshot": Quantity("Snapshots", "value", accent(), "snapshot", "value"),
    }
)
"""By name; Taylor coefficients are made from their order."""


def quantity(kind: str) -> Quantity:
    """Return a quantity by its name; a Taylor coefficient's is that of its order.

    >>> quantity("order 2").title, quantity("order 2").noun
    ('Order 2', 'coefficient of order 2')
    """
    if kind in QUANTITIES:
        return QUANTITIES[kind]
    order = order_of(kind)
    return Quantity(
        f"Order {order}", "tangent", coefficient(order), f"coefficient of order {order}", "order",
        partials=order == 1, itemized=False,
    )  # fmt: skip


def headings(kind: str) -> tuple[str, ...]:
    """Return the headings of a quantity's columns in a table.

    >>> headings("adjoint"), headings("order 2")
    (('adjoint', 'contributions'), ('order 2',))
    """
    return (kind, "contributions") if quantity(kind).itemized else (kind,)


def titles(kinds: Sequence[str]) -> tuple[str, ...]:
    """Return what the columns of some quantities are called; of several of one each has its number.

    >>> titles(["tangent", "tangent", "adjoint"])
    ('tangent (1)', 'tangent (2)', 'adjoint')
    """
    return tuple(
        f"{kind} ({kinds[: place + 1].count(kind)})" if kinds.count(kind) > 1 else kind
        for place, kind in enumerate(kinds)
    )


def order_of(kind: str) -> int:
    """Return which Taylor coefficient a quantity is."""
    return int(kind.removeprefix("order "))


class Sweep(NamedTuple):
    """One sweep of a film: of which trace, and what it computes."""

    trace: Trace
    kind: str
    first: int
    """The number of the trace's first sweep."""


def sweeps(traces: Sequence[Trace]) -> list[Sweep]:
    """Return the sweeps of some traces in order; an evaluation is one that computes values.

    >>> import adviz
    >>> [sweep.kind for sweep in sweeps([adviz.second_order("x**2", at={"x": 3})])]
    ['tangent', 'adjoint', 'adjoint tangent']
    """
    found: list[Sweep] = []
    for trace in traces:
        first = len(found)
        found += [Sweep(trace, kind, first) for kind in (*trace.derivatives,) or ("value",)]
    return found


def differentiable(graph: Graph) -> bytearray:
    """Return per node whether it shows tangents and adjoints: an edge with a partial leads there.

    That of floor does, though it is 0 and nobody goes on from there.
    """
    shows = bytearray(len(graph))
    for node in graph.inputs.values():
        shows[node] = 1
    for node, arguments in enumerate(graph.args):
        if any(shows[argument] for argument in arguments):
            row, pairs = graph.rows[graph.ops[node]], enumerate(arguments)
            shows[node] = any(shows[a] and row.differentiable(k) for k, a in pairs)
    return shows
