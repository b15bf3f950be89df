"""A run: a graph evaluated at a point, and the sweeps that start there, each a finished trace."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Literal, get_args

from adviz.errors import DomainError, PointError
from adviz.graph.graph import Graph
from adviz.language.asked import among, require
from adviz.modes.domains import Judge, Status
from adviz.modes.evaluation import values
from adviz.modes.gates import needed
from adviz.modes.linear import Linear
from adviz.modes.point import converted, fitting, system_for
from adviz.modes.sweep import Contribution, pull_back, push_forward, seeded
from adviz.modes.trace import ByNode, Mode, Partials, Quantity, Steps, Trace
from adviz.numbers import Number

Errors = Literal["raise", "ieee"]


class Run:
    """A graph evaluated at a point, from which any number of sweeps may start.

    `point` holds a number for every input, checked; `digits` and `errors` are those of
    `adviz.evaluate`.

    >>> import adviz
    >>> run = Run(adviz.build("x*y"), {"x": 3, "y": 2})
    >>> run.reverse({"f": 1}, ["x", "y"]).gradient, run.forward({"x": 1}).tangent
    ({'x': 2.0, 'y': 3.0}, 2.0)
    """

    def __init__(
        self,
        graph: Graph,
        point: Mapping[str, Number],
        digits: int | None = None,
        errors: Errors | None = None,
    ) -> None:
        if errors is not None:
            check_errors(errors)
        self.graph, self.numbers = graph, system_for(graph, point, digits)
        self.point = converted(self.numbers, point)
        self.found: list[Number] = [None] * len(graph)
        self.cells: list[Any] = []  # of adviz.modes.trace.Steps
        strict = errors == "raise" if errors else not self.numbers.many
        self.judge = Judge(graph, self.numbers, self.found, strict)
        self._values()
        self._evaluated = self.cells, self.judge.status

    def evaluate(self) -> Trace:
        """Return the values alone."""
        self.start()
        return self.trace("evaluate", {})

    def forward(self, direction: Mapping[str, Number]) -> Trace:
        """Return the sweep along a direction, a number for some inputs."""
        self.start()
        seeds = self.seeds("direction", direction)
        return self.trace("forward", seeds, self.tangents(seeds))

    def tangents(self, seeds: Mapping[str, Number]) -> ByNode:
        """Note the sweep along a direction that is judged, and return every node's tangent."""
        inputs, zero = self.graph.inputs, self.zero
        linear = self.linear([name for name, seed in seeds.items() if nonzero(seed)])
        tangents = seeded(
            linear, ((node, seeds.get(name, zero(node))) for name, node in inputs.items())
        )
        for node in inputs.values():
            self.note("tangent", node, tangents[node])
        self._contributions("tangent", push_forward(linear, tangents))
        return self.filled(tangents, None)

    def reverse(self, cotangent: Mapping[str, Number], wanted: Sequence[str]) -> Trace:
        """Return the sweep back to some inputs from a cotangent, a number for some outputs."""
        self.start()
        seeds, linear = self.seeds("cotangent", cotangent), self.linear(wanted)
        adjoints: list[Number] = [None] * len(self.graph)
        for label, seed in seeds.items():  # noted one by one: two outputs may be one node
            node = self.graph.outputs[label]
            adjoints[node] = seed if adjoints[node] is None else linear.add(adjoints[node], seed)
            self.note("adjoint", node, adjoints[node])
        self._contributions("adjoint", pull_back(linear, adjoints))
        return self.trace("reverse", seeds, None, self.filled(adjoints, linear.reached))

    def start(self) -> None:
        """Go back to where there are values and nothing else."""
        cells, status = self._evaluated
        self.cells, self.judge.status = [*cells], [*status]

    def linear(self, wanted: Sequence[str]) -> Linear:
        """Return the graph linearized at the point, for the derivatives by some inputs."""
        self.judge.wanted, nodes = wanted, [self.graph.inputs[name] for name in wanted]
        return Linear(self.graph, self.numbers, self.found, nodes)

    def seeds(self, what: str, given: Mapping[str, Number]) -> dict[str, Number]:
        """Return a direction or a cotangent in the run's numbers, judged."""
        fitting(what, given, self.point, self.graph)
        seeds = converted(self.numbers, given, what)
        self.judge.point(seeds)
        return seeds

    def _values(self) -> None:
        self.judge.point(self.point)
        try:
            evaluated = values(
                self.graph, self.numbers, self.point, self.found, meaning=self.numbers.value
            )
            if self.numbers.eager:
                self._judge_branches(list(evaluated))
            else:
                for node in evaluated:
                    self.judge.value(node)
        except LookupError as error:
            raise DomainError(f"{error.args[0]}; give floats instead of Fractions") from None
        self.judge.guards()
        for node, (value, status) in enumerate(zip(self.found, self.judge.status, strict=True)):
            if value is not None:
                self.note("value", node, value, status)

    def _judge_branches(self, evaluated: Sequence[int]) -> None:
        """Judge every value only at the points that take its branch."""
        gates = needed(self.graph, self.numbers, self.found)
        for node in evaluated:
            if gates[node] is not False:
                self.judge.value(node, gates[node])

    def _contributions(self, kind: Quantity, contributions: Iterator[Contribution]) -> None:
        judged, cells = self.judge.contribution, self.cells
        for edge, partial, incoming, product, total in contributions:
            status = judged(edge, partial, incoming, product, total)
            _, head, position = edge
            cells += (kind, head, position, total, partial, incoming, product, status)

    def note(self, kind: Quantity, node: int, number: Number, status: Status = "ok") -> None:
        """Note a step that no edge brought."""
        self.cells += (kind, node, None, number, None, None, None, status)

    def filled(self, derivatives: list[Number], reached: bytearray | None) -> ByNode:
        """Return derivatives with 0 where nothing arrived, and None where there is none to have.

        A node that was not evaluated has none; neither has one that no wanted input reaches,
        for nobody asked how the output depends on it.
        """
        zero = self.zero
        blank = [
            zero(node) if d is None and v is not None and (reached is None or reached[node]) else d
            for node, (d, v) in enumerate(zip(derivatives, self.found, strict=True))
        ]
        return ByNode(self.graph, blank)

    @cached_property
    def zero(self) -> Callable[[int], Number]:
        """Gives the derivative of a node at which nothing has arrived."""
        zero, shapes = self.numbers.constant(0), self.graph.shapes
        if shapes is None:
            return lambda node: zero
        spread = self.numbers.function("broadcast_to")
        return lambda node: spread(zero, shapes.get(node, ()))

    def trace(
        self,
        mode: Mode,
        seed: dict[str, Number],
        tangents: ByNode | None = None,
        adjoints: ByNode | None = None,
        further: Mapping[Quantity, ByNode] | None = None,
    ) -> Trace:
        """Return what has been noted as a finished trace."""
        steps, found = Steps(self.graph, self.cells), ByNode(self.graph, self.found)
        status = tuple(self.judge.status)
        return Trace(
            self.graph, mode, self.point, seed, steps, found, tangents, adjoints,
            Partials(steps), status, self.numbers, further or {},
        )  # fmt: skip


def check_errors(errors: Errors) -> None:
    """Refuse a word for `errors` that is none."""
    require(among(errors, get_args(Errors)), "errors", errors, "'raise' or 'ieee'", PointError)


def nonzero(seed: Number) -> bool:
    """Return whether a seed is not exactly 0 everywhere."""
    different = seed != 0
    return bool(different.any()) if hasattr(different, "any") else bool(different)
