"""A wrong gradient to be explained: what was found, what is true, and what a mistake would give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from adviz.checking.faults.parts import RIGHT, Accumulation
from adviz.graph.graph import Graph
from adviz.graph.procedure import Edge
from adviz.language.labels import Key
from adviz.modes.linear import Linear
from adviz.modes.sweep import Parts, pull_back, seeded, tangents

MOST_EDGES = 400
"""The largest graph on which mistakes at single places are tried: each is a sweep of its own."""

_SAME = 1e-9
"""How well numbers must match, relatively."""
_CANCELLED = 2.0**-46
"""How much of what cancels on the way may be lost in float64, relatively."""


@dataclass(frozen=True, eq=False)
class Case:
    """A gradient to be explained."""

    graph: Graph
    point: Mapping[str, float]
    found: Mapping[Key, float]
    truth: Mapping[Key, Decimal]

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The outputs that are differentiated."""
        return tuple(dict.fromkeys(key.output for key in self.found))

    @cached_property
    def linear(self) -> Linear:
        """The graph linearized at the point, in float64."""
        return RIGHT.linear(self.graph, self.point)

    def swept(self, broken: Accumulation) -> Iterator[tuple[Key, float]]:
        """Yield what a sweep gives in place of the derivatives found."""
        right = broken.numbers is RIGHT.numbers
        linear = self.linear if right else broken.linear(self.graph, self.point)
        for label in self.labels:
            gradient = broken.gradient(linear, self.graph.outputs[label])
            yield from ((key, gradient[key.input]) for key in self.found if key.output == label)

    @cached_property
    def allowed(self) -> dict[Key, float]:
        """Per derivative how far a sweep in float64 may be from it.

        What cancels on the way is part of what a sweep sums up when it ignores all signs.
        """
        unsigned = Accumulation(Parts(partial=lambda linear, edge: abs(linear.partial(edge))))
        return {
            key: _SAME * abs(self.found[key]) + _CANCELLED * total
            for key, total in self.swept(unsigned)
        }

    @cached_property
    def wrong(self) -> tuple[Key, ...]:
        """The derivatives that are not what they should be, well beyond rounding."""
        return tuple(
            key
            for key, value in self.found.items()
            if not abs(Decimal(value) - self.truth[key]) <= _decimal(10 * self.allowed[key])
        )

    @cached_property
    def several(self) -> bool:
        """Whether more than one derivative has something to say."""
        return sum(value != 0 for value in self.found.values()) > 1

    def near(self, key: Key, expected: float) -> bool:
        """Return whether a derivative was found where it is expected."""
        return abs(expected - self.found[key]) <= self.allowed[key]

    def explained(self, broken: Accumulation) -> bool:
        """Return whether a sweep gives what was found."""
        return all(self.near(key, number) for key, number in self.swept(broken))

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """The edges at which mistakes are looked for, from the output back; none if too many."""
        nodes = reversed(range(len(self.graph)))
        edges = [edge for node in nodes for edge in self.linear.uses(node)]
        return tuple(edges) if len(edges) <= MOST_EDGES else ()

    @cached_property
    def shares(self) -> dict[Edge, float]:
        """Per edge how much of the first wrong derivative has come along it.

        The derivative is linear in each local partial, so that this is an adjoint times a local
        partial times a tangent (Griewank & Walther, 2008, section 3.2): one sweep each way.
        """
        output, name = self.wrong[0]
        linear = self.linear
        forward = tangents(linear, [(self.graph.inputs[name], 1.0)])
        along = pull_back(linear, seeded(linear, [(self.graph.outputs[output], 1.0)]))
        return {c.edge: c.product * (forward[c.edge.tail] or 0.0) for c in along}

    def scaled(self, edge: Edge, factor: float) -> float:
        """Return the first wrong derivative as it is with one local partial scaled."""
        return self.right[self.wrong[0]] + (factor - 1) * self.shares.get(edge, 0.0)

    @cached_property
    def right(self) -> dict[Key, float]:
        """The derivatives as they are in float64."""
        return dict(self.swept(RIGHT))


def _decimal(number: float) -> Decimal:
    """Return a float as a decimal; one that is none allows nothing."""
    return Decimal(number) if number == number else Decimal(0)
