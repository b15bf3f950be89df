"""The verbs that sweep: evaluate, forward and reverse, each giving a finished trace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, get_args

from adviz.errors import DomainError, PointError
from adviz.graph.garbage import PAUSED
from adviz.graph.graph import Graph
from adviz.modes.domains import Judge, Status
from adviz.modes.evaluation import values
from adviz.modes.point import Point, converted, in_order, named, seeds, system_for
from adviz.modes.sweep import Contribution, Linear, needed, pull_back, push_forward, seeded
from adviz.modes.trace import ByNode, Kind, Mode, Partials, Steps, Trace
from adviz.numbers import Number
from adviz.sources import Source, built_at

Errors = Literal["raise", "ieee"]


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
    with PAUSED:
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
    with PAUSED:
        run = _Run(source, at, digits, errors)
        return run.forward(directed(run.graph, direction))


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
    with PAUSED:
        run = _Run(source, at, digits, errors)
        return run.reverse(weighed(run.graph, cotangent), wanted_inputs(run.graph, wrt))


def wanted_inputs(graph: Graph, wrt: str | Sequence[str] | None, what: str = "wrt") -> list[str]:
    """Return the inputs to differentiate by, in the order of the inputs.

    A vector argument's name stands for all its elements. Raises PointError for an unknown one.
    """
    if wrt is None:
        return list(graph.inputs)
    names = [wrt] if isinstance(wrt, str) else list(wrt)
    vectors = graph.vectors or {}
    parts = {part: name for name in names for part in vectors.get(name, (name,))}
    unknown = [part for part in parts if part not in graph.inputs]
    if unknown:
        raise PointError(
            f"{what}: there is no input {unknown[0]!r}; inputs are {', '.join(graph.inputs)}"
        )
    return [name for name in graph.inputs if name in parts]


def directed(graph: Graph, given: Any) -> dict[str, Number]:
    """Return a direction as a number for some inputs; a name alone means 1 for it."""
    if given is None:
        if len(graph.inputs) != 1:
            names = ", ".join(graph.inputs)
            raise PointError(f"forward needs a direction: one of {names}, or a number for each")
        given = next(iter(graph.inputs))
    if isinstance(given, str):
        return dict.fromkeys(wanted_inputs(graph, given, "direction"), 1)
    return seeds("direction", "input", given, graph.inputs)


def weighed(graph: Graph, given: Any) -> dict[str, Number]:
    """Return a cotangent as a number for some outputs."""
    labels = list(graph.outputs)
    if given is None:
        if len(labels) != 1:
            raise PointError(
                f"there are {len(labels)} outputs; give a cotangent such as {{{labels[0]!r}: 1}}"
            )
        given = {labels[0]: 1}
    if not isinstance(given, Mapping):
        given = {labels[0]: given} if len(labels) == 1 else in_order("cotangent", given, labels)
    return seeds("cotangent", "output", given, graph.outputs)


class _Run:
    """A sweep in progress: the graph, its numbers, and the steps so far."""

    def __init__(self, source: Source, at: Point, digits: int | None, errors: Errors | None):
        if errors not in (None, *get_args(Errors)):
            raise PointError(f"errors = {errors!r}; it is 'raise' or 'ieee'")
        self.graph = built_at(source, at)
        point = named(self.graph, at)
        self.numbers = system_for(self.graph, point, digits)
        self.point = converted(self.numbers, point)
        self.found: list[Number] = [None] * len(self.graph)
        self.cells: list[Any] = []  # of adviz.modes.trace.Steps
        strict = errors == "raise" if errors else not self.numbers.many
        self.judge = Judge(self.graph, self.numbers, self.found, strict)
        self._values()

    def evaluate(self) -> Trace:
        return self._trace("evaluate", {}, None, None)

    def forward(self, direction: Mapping[str, Number]) -> Trace:
        inputs, seeds, zero = self.graph.inputs, self._seeds(direction), self.numbers.constant(0)
        linear = self._linear([name for name, seed in seeds.items() if nonzero(seed)])
        tangents = seeded(linear, ((node, seeds.get(name, zero)) for name, node in inputs.items()))
        for node in inputs.values():
            self._note("tangent", node, tangents[node])
        self._contributions("tangent", push_forward(linear, tangents))
        return self._trace("forward", seeds, self._filled(tangents, None), None)

    def reverse(self, cotangent: Mapping[str, Number], wanted: Sequence[str]) -> Trace:
        seeds, linear = self._seeds(cotangent), self._linear(wanted)
        adjoints: list[Number] = [None] * len(self.graph)
        for label, seed in seeds.items():
            node = self.graph.outputs[label]
            adjoints[node] = seed if adjoints[node] is None else linear.add(adjoints[node], seed)
            self._note("adjoint", node, adjoints[node])
        self._contributions("adjoint", pull_back(linear, adjoints))
        return self._trace("reverse", seeds, None, self._filled(adjoints, linear.reached))

    def _linear(self, wanted: Sequence[str]) -> Linear:
        """Return the graph linearized at the point, for the derivatives by some inputs."""
        nodes = [self.graph.inputs[name] for name in wanted]
        return Linear(self.graph, self.numbers, self.found, nodes)

    def _seeds(self, given: Mapping[str, Number]) -> dict[str, Number]:
        seeds = converted(self.numbers, given)
        self.judge.point(seeds)
        return seeds

    def _values(self) -> None:
        self.judge.point(self.point)
        try:
            evaluated = values(self.graph, self.numbers, self.point, self.found)
            if self.numbers.many:
                self._judge_branches(list(evaluated))
            else:
                for node in evaluated:
                    self.judge.value(node)
        except LookupError as error:
            raise DomainError(f"{error.args[0]}; give floats instead of Fractions") from None
        self.judge.guards()
        for node, (value, status) in enumerate(zip(self.found, self.judge.status, strict=True)):
            if value is not None:
                self._note("value", node, value, status)

    def _judge_branches(self, evaluated: Sequence[int]) -> None:
        """Judge every value only at the points that take its branch."""
        gates = needed(self.graph, self.numbers, self.found)
        for node in evaluated:
            if gates[node] is not False:
                self.judge.value(node, gates[node])

    def _contributions(self, kind: Kind, contributions: Iterator[Contribution]) -> None:
        judged, cells = self.judge.contribution, self.cells
        for edge, partial, incoming, product, total in contributions:
            status = judged(edge, partial, incoming, product, total)
            _, head, position = edge
            cells += (kind, head, position, total, partial, incoming, product, status)

    def _note(self, kind: Kind, node: int, number: Number, status: Status = "ok") -> None:
        """Note a step that no edge brought."""
        self.cells += (kind, node, None, number, None, None, None, status)

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
        steps, found = Steps(self.graph, self.cells), ByNode(self.graph, self.found)
        status = tuple(self.judge.status)
        return Trace(
            self.graph, mode, self.point, seed, steps, found,
            tangents, adjoints, Partials(steps), status, self.numbers,
        )  # fmt: skip


def nonzero(seed: Number) -> bool:
    """Return whether a seed is not exactly 0 everywhere."""
    different = seed != 0
    return bool(different.any()) if hasattr(different, "any") else bool(different)
