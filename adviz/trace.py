"""One finished sweep at one point: every step in order, and every number by node."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, overload

from adviz.errors import AdvizError, DomainError, PointError
from adviz.graph import Edge, Graph
from adviz.judge import Judge, Status
from adviz.numbers import Number, Numbers
from adviz.point import Point, converted, named, system_for
from adviz.sources import Source, build
from adviz.sweep import Contribution, active, pull_back, push_forward, values

Kind = Literal["value", "tangent", "adjoint"]
Mode = Literal["evaluate", "forward", "reverse"]
Errors = Literal["raise", "ieee"]


class Step(NamedTuple):
    """One event of a sweep: a value, a seed, or one edge's contribution.

    `number` is what the node holds after the step; for a contribution it is the running sum,
    `incoming` times `partial` is `product`, and `edge` says along which edge it came.
    """

    kind: Kind
    node: int
    number: Number
    edge: Edge | None = None
    partial: Number = None
    incoming: Number = None
    product: Number = None
    status: Status = "ok"


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
        pairs = zip(self._graph.symbols, self._numbers, strict=True)
        return "{" + ", ".join(f"{symbol}: {number}" for symbol, number in pairs) + "}"


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
    steps: tuple[Step, ...]
    values: ByNode
    tangents: ByNode | None
    adjoints: ByNode | None
    partials: Mapping[Edge, Number]
    """The local partials of the edges that the sweep went along."""
    status: tuple[Status, ...]
    """Per node `ok`, `kink`, `pole`, `overflow`, `undefined`, or `skipped` (branch not taken)."""
    numbers: Numbers

    @property
    def value(self) -> Any:
        """The output's value; a mapping by label when there are several outputs."""
        return _single(self._outputs(self.values))

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
            found = {name: self.adjoints[node] for name, node in self.graph.inputs.items()}
            whole = spread(self.numbers, self.point)
            return {name: whole(adjoint) for name, adjoint in found.items() if adjoint is not None}
        single = len(self.graph.inputs) == 1 and len(self.graph.outputs) == 1
        if self.tangents is not None and single and list(self.seed.values()) == [1]:
            return dict.fromkeys(self.graph.inputs, self.tangent)
        raise AdvizError(
            "this trace holds the derivative in one direction only; "
            "use adviz.gradient(g, at, mode='forward') or adviz.reverse"
        )

    def _outputs(self, numbers: ByNode) -> dict[str, Number]:
        whole = spread(self.numbers, self.point)
        return {label: whole(numbers[node]) for label, node in self.graph.outputs.items()}

    def slopes(self, node: int) -> dict[int, tuple[Number, Number]]:
        """Return a node's local partials just left and right of its argument, by position.

        At a kink the two differ; the partial that the sweep used is a convention.

        >>> import adviz
        >>> adviz.reverse("abs(x)", at={"x": 0}).slopes(1)
        {0: (-1.0, 1.0)}
        """
        from adviz.judge import slopes

        return slopes(self.graph, self.numbers, self.values, node)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        from adviz.show import draw

        return draw(self)._repr_mimebundle_()


def _single(by_label: dict[str, Number]) -> Any:
    """Return the only entry, or all of them by label."""
    return next(iter(by_label.values())) if len(by_label) == 1 else by_label


def evaluate(
    source: Source, at: Point, *, digits: int | None = None, errors: Errors | None = None
) -> Trace:
    """Evaluate a formula at a point, step by step.

    `source` is a Graph or anything `adviz.build` takes; `at` gives a number for every input, or
    arrays, which stand for many points. `digits` runs the sweep in mpmath at that precision.
    `errors="raise"` (the default for single points) refuses what is undefined or overflows;
    `errors="ieee"` (the default for arrays) goes on with NaN and infinities.

    Raises PointError for a point that does not fit and DomainError where there is no value.

    >>> import adviz
    >>> adviz.evaluate("(x + y)*(x - y)", at={"x": 3, "y": 2}).value
    5.0
    """
    return _Run(source, at, digits, errors).evaluate()


def forward(
    source: Source,
    at: Point,
    direction: str | Mapping[str, Number] | None = None,
    *,
    digits: int | None = None,
    errors: Errors | None = None,
) -> Trace:
    """Differentiate in one direction: tangents travel with the values, from the inputs.

    `direction` is an input's name, or a number for some inputs (the others are 0); it may be
    left out when there is one input. Local partials are evaluated only along edges that lead
    from the inputs in the direction. Other parameters and errors as in `evaluate`.

    Method: Griewank & Walther (2008), section 3.1.

    >>> import adviz
    >>> adviz.forward("(x + y)*(x - y)", at={"x": 3, "y": 2}, direction="x").tangent
    6.0
    """
    run = _Run(source, at, digits, errors)
    return run.forward(_direction(run.graph, direction))


def reverse(
    source: Source,
    at: Point,
    cotangent: Mapping[str, Number] | Number | None = None,
    *,
    wrt: str | Sequence[str] | None = None,
    digits: int | None = None,
    errors: Errors | None = None,
) -> Trace:
    """Differentiate one output by all inputs: adjoints travel from the output back.

    `cotangent` weighs the outputs; with one output it is 1 unless given. `wrt` limits the inputs
    that are differentiated: local partials are evaluated only along edges that lead to them.
    Other parameters and errors as in `evaluate`.

    Method: Griewank & Walther (2008), section 3.2, incremental form.

    >>> import adviz
    >>> adviz.reverse("(x + y)*(x - y)", at={"x": 3, "y": 2}).gradient
    {'x': 6.0, 'y': -4.0}
    """
    run = _Run(source, at, digits, errors)
    return run.reverse(_cotangent(run.graph, cotangent), wanted_inputs(run.graph, wrt))


def wanted_inputs(graph: Graph, wrt: str | Sequence[str] | None) -> list[str]:
    """Return the inputs to differentiate by, in the order of the inputs.

    A vector argument's name stands for all its elements. Raises PointError for an unknown one.
    """
    if wrt is None:
        return list(graph.inputs)
    names = [wrt] if isinstance(wrt, str) else list(wrt)
    vectors = graph.vectors or {}
    spread = [part for name in names for part in vectors.get(name, (name,))]
    unknown = [name for name in spread if name not in graph.inputs]
    if unknown:
        raise PointError(
            f"wrt: there is no input {unknown[0]!r}; inputs are {', '.join(graph.inputs)}"
        )
    return [name for name in graph.inputs if name in set(spread)]


def _direction(graph: Graph, given: Any) -> dict[str, Number]:
    if given is None:
        if len(graph.inputs) != 1:
            names = ", ".join(graph.inputs)
            raise PointError(f"forward needs a direction: one of {names}, or a number for each")
        given = next(iter(graph.inputs))
    if isinstance(given, str):
        return dict.fromkeys(wanted_inputs(graph, given), 1)
    unknown = [name for name in given if name not in graph.inputs]
    if unknown:
        raise PointError(f"direction: there is no input {unknown[0]!r}")
    return dict(given)


def _cotangent(graph: Graph, given: Any) -> dict[str, Number]:
    labels = list(graph.outputs)
    if given is None:
        if len(labels) != 1:
            raise PointError(
                f"there are {len(labels)} outputs; give a cotangent such as {{{labels[0]!r}: 1}}"
            )
        given = {labels[0]: 1}
    if not isinstance(given, Mapping):
        given = {labels[0]: given} if len(labels) == 1 else dict(zip(labels, given, strict=True))
    unknown = [label for label in given if label not in graph.outputs]
    if unknown:
        raise PointError(f"there is no output {unknown[0]!r}; outputs are {', '.join(labels)}")
    return dict(given)


class _Run:
    """A sweep in progress: the graph, its numbers, and the steps so far."""

    def __init__(self, source: Source, at: Point, digits: int | None, errors: Errors | None):
        self.graph = build(source, at=at) if callable(source) else build(source)
        point = named(self.graph, at)
        self.numbers = system_for(self.graph, point, digits)
        self.point = converted(self.numbers, point)
        self.found: list[Number] = [None] * len(self.graph)
        self.steps: list[Step] = []
        strict = errors == "raise" if errors else not self.numbers.many
        self.judge = Judge(self.graph, self.numbers, self.found, strict)
        self.partials: dict[Edge, Number] = {}
        self._values()

    def evaluate(self) -> Trace:
        return self._trace("evaluate", {}, None, None)

    def forward(self, direction: Mapping[str, Number]) -> Trace:
        tangents: list[Number] = [None] * len(self.graph)
        seeds = converted(self.numbers, direction)
        wanted = [self.graph.inputs[name] for name, seed in seeds.items() if _nonzero(seed)]
        zero = self.numbers.constant(0)
        for name, node in self.graph.inputs.items():
            tangents[node] = seeds.get(name, zero)
            self.steps.append(Step("tangent", node, tangents[node]))
        reached = active(self.graph, wanted)
        self._contributions(
            "tangent", push_forward(self.graph, self.numbers, self.found, tangents, reached)
        )
        return self._trace("forward", seeds, self._filled(tangents, None), None)

    def reverse(self, cotangent: Mapping[str, Number], wanted: Sequence[str]) -> Trace:
        adjoints: list[Number] = [None] * len(self.graph)
        seeds = converted(self.numbers, cotangent)
        add = self.numbers.function("add")
        for label, seed in seeds.items():
            node = self.graph.outputs[label]
            adjoints[node] = seed if adjoints[node] is None else add(adjoints[node], seed)
            self.steps.append(Step("adjoint", node, adjoints[node]))
        reached = active(self.graph, [self.graph.inputs[name] for name in wanted])
        self._contributions(
            "adjoint", pull_back(self.graph, self.numbers, self.found, adjoints, reached)
        )
        return self._trace("reverse", seeds, None, self._filled(adjoints, reached))

    def _values(self) -> None:
        leaves = {self.graph.inputs[name]: value for name, value in self.point.items()}
        self.judge.point(self.point)
        try:
            for evaluated in values(self.graph, self.numbers, leaves, self.found):
                self.judge.value(evaluated)
        except LookupError as error:
            raise DomainError(f"{error.args[0]}; give floats instead of Fractions") from None
        self.judge.guards()
        self.steps.extend(
            Step("value", node, value, status=self.judge.status[node])
            for node, value in enumerate(self.found)
            if value is not None
        )

    def _contributions(self, kind: Kind, contributions: Iterator[Contribution]) -> None:
        receives_head = kind == "tangent"
        for edge, partial, incoming, product, total in contributions:
            status = self.judge.contribution(edge, partial, incoming, product, total)
            self.partials[edge] = partial
            node = edge.head if receives_head else edge.tail
            step = Step(kind, node, total, edge, partial, incoming, product, status)
            self.steps.append(step)

    def _filled(self, derivatives: list[Number], reached: bytearray | None) -> ByNode:
        """Return derivatives with 0 where nothing arrived, and None where there is none to have.

        A node that was not evaluated has none; neither has one that no wanted input reaches,
        for nobody asked how the output depends on it.
        """
        zero = self.numbers.constant(0)
        blank = [
            zero if d is None and v is not None and (reached is None or reached[node]) else d
            for node, (d, v) in enumerate(zip(derivatives, self.found, strict=True))
        ]
        return ByNode(self.graph, blank)

    def _trace(
        self, mode: Mode, seed: dict[str, Number], tangents: ByNode | None, adjoints: ByNode | None
    ) -> Trace:
        found = ByNode(self.graph, self.found)
        status = tuple(self.judge.status)
        return Trace(
            self.graph, mode, self.point, seed, tuple(self.steps), found,
            tangents, adjoints, self.partials, status, self.numbers,
        )  # fmt: skip


def _nonzero(seed: Number) -> bool:
    """Return whether a seed is not exactly 0 everywhere."""
    different = seed != 0
    return bool(different.any()) if hasattr(different, "any") else bool(different)


def spread(numbers: Numbers, point: Mapping[str, Number]) -> Callable[[Number], Number]:
    """Return what gives a number the broadcast shape of the points that it holds for."""
    if not numbers.many:
        return lambda number: number
    import numpy as np

    shape = np.broadcast_shapes(*(np.shape(value) for value in point.values()))
    return lambda number: np.broadcast_to(number, shape).copy()


def is_infinite(number: Number) -> bool:
    """Return whether a single number is an infinity."""
    return isinstance(number, float) and math.isinf(number)
