"""One finished sweep at one point: every step in order, and every number by node."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, NamedTuple, overload

from adviz.errors import AdvizError
from adviz.graph import picture
from adviz.graph.graph import Graph
from adviz.graph.procedure import Edge
from adviz.language.brief import brief, few
from adviz.language.spelling import shortened
from adviz.modes.domains import Status
from adviz.modes.one_sided import slopes
from adviz.modes.point import broadcaster
from adviz.numbers import Number, Numbers

Quantity = str
"""What a step is about: `value`, `tangent`, `adjoint`, `adjoint tangent`, `order 2`."""
BACKWARD = frozenset({"adjoint", "adjoint tangent"})
"""What travels against the edges."""
Mode = Literal["evaluate", "forward", "reverse", "second-order", "taylor"]

_FIRST = ("tangent", "adjoint", "order 1")
"""What travels by the local partials themselves."""
_WHOLE = 12
"""The most steps, and the most nodes, that are shown at a prompt."""
_NAMED = 4
"""The most inputs and outputs that a trace is told by."""


class Step(NamedTuple):
    """One event of a sweep: a value, a seed, or one edge's contribution.

    `number` is what the node holds after the step; for a contribution it is the running sum,
    `incoming` times `partial` is `product`, and `edge` says along which edge it came. For a Taylor
    coefficient of order k these are the argument's of that order and the local partial's of order
    k - 1, and `product` is the sum of all orders' products; where the local partial stays what it
    is along the line it has no more orders, and is None.
    """

    kind: Quantity
    node: int
    number: Number
    edge: Edge | None = None
    partial: Number = None
    incoming: Number = None
    product: Number = None
    status: Status = "ok"


class Steps(Sequence[Step]):
    """The steps of a sweep in order, each made when it is looked at; otherwise as a tuple of them.

    `cells` holds eight entries a step, those of Step, with head and position of an edge in place
    of its receiver and itself. A million nodes' steps take a third of the memory of Step objects.
    """

    __slots__ = ("_args", "_cells")

    def __init__(self, graph: Graph, cells: Sequence[Any]) -> None:
        self._args, self._cells = graph.args, cells

    def __len__(self) -> int:
        return len(self._cells) // len(Step._fields)

    def __iter__(self) -> Iterator[Step]:
        return map(self._step, range(0, len(self._cells), len(Step._fields)))

    @overload
    def __getitem__(self, key: int) -> Step: ...
    @overload
    def __getitem__(self, key: slice) -> tuple[Step, ...]: ...
    def __getitem__(self, key: int | slice) -> Step | tuple[Step, ...]:
        places = range(0, len(self._cells), len(Step._fields))[key]
        return self._step(places) if isinstance(places, int) else tuple(map(self._step, places))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Steps | tuple) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        whole = len(self) <= _WHOLE
        return repr(tuple(self)) if whole else f"<Steps: {len(self)} events of a sweep>"

    def _step(self, start: int) -> Step:
        kind, node, position, number, partial, incoming, product, status = self._cells[
            start : start + len(Step._fields)
        ]
        if position is None:
            return Step(kind, node, number, status=status)
        edge = Edge(self._args[node][position], node, position)
        receiver = edge.tail if kind in BACKWARD else node
        return Step(kind, receiver, number, edge, partial, incoming, product, status)


class Partials(Mapping[Edge, Number]):
    """The local partials of the edges that a sweep went along, read off its steps.

    Sweeps of higher order go along an edge again, with the partial's next coefficient.
    """

    def __init__(self, steps: Sequence[Step]) -> None:
        self._steps = steps

    @cached_property
    def _known(self) -> dict[Edge, Number]:
        first = (step for step in self._steps if step.kind in _FIRST)
        return {step.edge: step.partial for step in first if step.edge is not None}

    def __getitem__(self, edge: Edge) -> Number:
        return self._known[edge]

    def __iter__(self) -> Iterator[Edge]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def __repr__(self) -> str:
        count = len(self._steps)
        return repr(self._known) if count <= _WHOLE else f"<Partials of a sweep in {count} steps>"


class ByNode(Sequence[Number]):
    """Numbers per node; an author's or an automatic name works as well as a node.

    >>> import adviz
    >>> t = adviz.reverse("a = x + y; b = x - y; a*b", at={"x": 3, "y": 2})
    >>> t.adjoints["a"], t.adjoints[2], len(t.adjoints)
    (1.0, 1.0, 5)
    """

    def __init__(self, graph: Graph, numbers: Sequence[Number]) -> None:
        self._graph, self._numbers = graph, tuple(numbers)

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, key: int | str) -> Number: ...
    @overload
    def __getitem__(self, key: slice) -> Sequence[Number]: ...
    def __getitem__(self, key: int | str | slice) -> Any:
        if not isinstance(key, str):
            return self._numbers[key]
        if key in self._graph.names:
            return self._numbers[self._graph.names[key]]
        if key in self._graph.outputs:
            return self._numbers[self._graph.outputs[key]]
        if key in self._graph.symbols:
            return self._numbers[self._graph.symbols.index(key)]
        raise AdvizError(
            f"no node is called {key!r}; nodes are {', '.join(self._graph.symbols[:12])}"
        )

    def __repr__(self) -> str:
        symbols, numbers = self._graph.symbols, self._numbers

        def shown(node: int) -> str:
            return f"{shortened(symbols[node])}: {brief(numbers[node])}"

        return "{" + few(range(len(numbers)), _WHOLE, shown) + "}"


@dataclass(frozen=True, eq=False)
class Trace:
    """A finished sweep. Numbers live here, never in the graph.

    >>> import adviz
    >>> t = adviz.reverse("(x + y)*(x - y)", at={"x": 3, "y": 2})
    >>> t.value, t.gradient
    (5.0, {'x': 6.0, 'y': -4.0})
    """

    graph: Graph
    mode: Mode
    point: Mapping[str, Number]
    seed: Mapping[str, Number]
    """The direction of a forward sweep, the cotangent of a reverse sweep."""
    steps: Sequence[Step]
    values: ByNode
    tangents: ByNode | None
    adjoints: ByNode | None
    partials: Mapping[Edge, Number]
    """The local partials of the edges that the sweep went along."""
    status: tuple[Status, ...]
    """Per node `ok`, `kink`, `pole`, `overflow`, `undefined`, or `skipped` (branch not taken)."""
    numbers: Numbers
    further: Mapping[Quantity, ByNode] = field(default_factory=dict)
    """What a sweep of higher order finds beside tangents and adjoints, by node."""

    def __repr__(self) -> str:
        at = f" at {_told(self.point, self.point.__getitem__)}" if self.point else ""
        found = _told(self.graph.outputs, lambda label: self.values[self.graph.outputs[label]])
        return f"<Trace {self.mode}{at}: {found}>"

    def _repr_html_(self) -> str | None:
        """Return its picture for a notebook; None where nobody could read one."""
        return picture.drawn(self)

    @property
    def value(self) -> Any:
        """The output's value; a mapping by label when there are several outputs."""
        return _single(self._outputs(self.values))

    @property
    def derivatives(self) -> dict[Quantity, ByNode]:
        """What was found beside the values, in the order in which it was found.

        >>> import adviz
        >>> list(adviz.second_order("x**2", at={"x": 3}).derivatives)
        ['tangent', 'adjoint', 'adjoint tangent']
        """
        both = {"tangent": self.tangents, "adjoint": self.adjoints}
        return {kind: one for kind, one in both.items() if one is not None} | dict(self.further)

    @property
    def tangent(self) -> Any:
        """The output's tangent (a Jacobian-vector product); a mapping when there are several."""
        if self.tangents is None:
            raise AdvizError(f"a trace of {self.mode!r} holds no tangents; use adviz.forward")
        return _single(self._outputs(self.tangents))

    @property
    def gradient(self) -> dict[str, Number]:
        """The derivative by every wanted input: the adjoints of a reverse sweep.

        A forward sweep has it only when there is a single input. Raises AdvizError otherwise.
        """
        if self.adjoints is not None:
            return self._inputs(self.adjoints)
        single = len(self.graph.inputs) == 1 and len(self.graph.outputs) == 1
        if self.tangents is not None and single and list(self.seed.values()) == [1]:
            return dict.fromkeys(self.graph.inputs, self.tangent)
        raise AdvizError(
            "this trace holds the derivative in one direction only; "
            "use adviz.gradient(g, at, mode='forward') or adviz.reverse"
        )

    @property
    def hvp(self) -> dict[str, Number]:
        """The Hessian times the direction, by wanted input: the tangents of their adjoints.

        Raises AdvizError where the sweep is not of second order.
        """
        if "adjoint tangent" not in self.further:
            raise AdvizError(
                f"a trace of {self.mode!r} holds no second derivatives; use adviz.second_order"
            )
        return self._inputs(self.further["adjoint tangent"])

    def _inputs(self, numbers: ByNode) -> dict[str, Number]:
        found = {name: numbers[node] for name, node in self.graph.inputs.items()}
        whole = broadcaster(self.numbers, self.point)
        return {name: whole(number) for name, number in found.items() if number is not None}

    def _outputs(self, numbers: ByNode) -> dict[str, Number]:
        whole = broadcaster(self.numbers, self.point)
        return {label: whole(numbers[node]) for label, node in self.graph.outputs.items()}

    def slopes(self, node: int) -> dict[int, tuple[Number, Number]]:
        """Return a node's local partials just left and right of its argument, by position.

        At a kink the two differ; the partial that the sweep used is a convention.

        >>> import adviz
        >>> adviz.reverse("abs(x)", at={"x": 0}).slopes(1)
        {0: (-1.0, 1.0)}
        """
        return slopes(self.graph, self.numbers, self.values, node)


def _told(names: Collection[str], number: Callable[[str], Number]) -> str:
    """Return the first few numbers by name, on one line."""
    return few(names, _NAMED, lambda name: f"{shortened(name)} = {brief(number(name))}")


def _single(by_label: dict[str, Number]) -> Any:
    """Return the only entry, or all of them by label."""
    return next(iter(by_label.values())) if len(by_label) == 1 else by_label
