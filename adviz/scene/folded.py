"""A sweep seen part by part: what every part holds, and what travels from one to another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from typing import Any, NamedTuple

from adviz.errors import TooLarge
from adviz.graph.procedure import Edge
from adviz.language.numerals import short
from adviz.modes.domains import Status
from adviz.modes.linear import Linear
from adviz.modes.sweep import rows_by_reverse
from adviz.modes.trace import BACKWARD, ByNode, Step, Trace
from adviz.numbers import Number
from adviz.scene.folding import Folding
from adviz.scene.quantities import quantity

_SHOWN = 2
"""So many numbers are shown; of more it is said how many they are, for no box holds them."""

TOLD = frozenset({"value", "tangent", "adjoint"})
"""What is told part by part; a higher order is no product of two numbers."""


@dataclass(frozen=True)
class Several:
    """What a part holds from which several values are needed.

    >>> str(Several((1.0, 2.5))), str(Several((1.0, 2.5, -3.0)))
    ('[1, 2.5]', '3 values')
    """

    numbers: tuple[Number, ...]

    def __str__(self) -> str:
        if len(self.numbers) > _SHOWN:
            return f"{len(self.numbers)} values"
        return f"[{', '.join(short(number, 4) for number in self.numbers)}]"

    def __add__(self, other: Several) -> Several:
        pairs = zip(self.numbers, other.numbers, strict=True)
        return Several(tuple(one + another for one, another in pairs))

    def __radd__(self, nothing: int) -> Several:
        return self


@dataclass(frozen=True)
class Partials:
    """The partials of all that a part gives by all that it takes from another one.

    >>> str(Partials(((1.0, 2.0, 0.0), (0.5, 1.0, 3.0))))
    '2 × 3 partials'
    """

    rows: tuple[tuple[Number, ...], ...]

    def __str__(self) -> str:
        return f"{len(self.rows)} × {len(self.rows[0])} partials"


def folded(trace: Trace, folding: Folding) -> Trace:
    """Return a sweep with the parts of its graph for nodes.

    A part is a function of what it takes from others, linear at the point, so the chain rule goes
    from part to part as it does from node to node; its local partials are found by reverse sweeps
    in the part alone. What travels along an edge is the sum of all that crosses there.

    Raises TooLarge for a sweep of higher order, and for one of arrays.

    >>> import adviz
    >>> from adviz.scene.parts import parts_of
    >>> whole = adviz.reverse("+".join(f"sin(x*{k})" for k in range(1, 99)), at={"x": 1})
    >>> told = folded(whole, Folding(whole.graph, parts_of(whole.graph, 40)))
    >>> len(whole.steps), len(told.steps), told.gradient == whole.gradient
    (783, 13, True)
    """
    higher = [quantity(kind).noun for kind in trace.derivatives if kind not in TOLD]
    more = [f"more than first derivatives (each {noun})" for noun in higher]
    more += [] if trace.graph.shapes is None else ["arrays"]
    if more:
        raise TooLarge(
            f"a sweep of {len(trace.graph)} nodes that finds {more[0]} cannot be drawn part by "
            "part; draw a slice of it, with of=, wrt= or around="
        )
    return _Folded(trace, folding).trace


class _Sweep(NamedTuple):
    """The steps of a sweep from part to part, and what every part holds after it."""

    steps: Sequence[Step]
    numbers: ByNode


@dataclass(frozen=True)
class _Folded:
    """A sweep that is being folded."""

    whole: Trace
    folding: Folding

    @cached_property
    def trace(self) -> Trace:
        """The sweep, part by part."""
        graph, whole, sweeps = self.folding.graph, self.whole, self._sweeps
        steps = (*self._values(), *(step for sweep in sweeps.values() for step in sweep.steps))
        point = {name: self._held(whole.values, part) for name, part in graph.inputs.items()}
        parts = range(len(graph))
        return replace(
            whole,
            graph=graph,
            point=point,
            steps=steps,
            values=ByNode(graph, [self._held(whole.values, part) for part in parts]),
            tangents=sweeps["tangent"].numbers if "tangent" in sweeps else None,
            adjoints=sweeps["adjoint"].numbers if "adjoint" in sweeps else None,
            partials={step.edge: step.partial for step in steps if step.edge is not None},
            status=tuple(map(self._status, parts)),
        )

    def _held(self, numbers: Sequence[Number], part: int) -> Number:
        """Return what a part holds: a number, several, or None where there is none at all."""
        held = [numbers[node] for node in self.folding.exits[part]]
        if all(number is None for number in held):
            return None
        return held[0] if len(held) == 1 else Several(tuple(held))

    def _status(self, part: int) -> Status:
        """Return the worst that happens in a part; it is skipped where its last node is."""
        nodes = self.folding.parts[part].nodes
        found = [s for s in (self.whole.status[n] for n in nodes) if s not in ("ok", "skipped")]
        return found[0] if found else self.whole.status[self.folding.exits[part][-1]]

    def _values(self) -> Iterator[Step]:
        """Yield what each part computes, but for those that are skipped."""
        for part in range(len(self.folding.parts)):
            value = self._held(self.whole.values, part)
            if value is not None:
                yield Step("value", part, value, status=self._status(part))

    @cached_property
    def _sweeps(self) -> Mapping[str, _Sweep]:
        """What was found beside the values, and the steps to it."""
        return {kind: self._sweep(kind) for kind in self.whole.derivatives}

    def _sweep(self, kind: str) -> _Sweep:
        """Return the seeds and what arrives along every edge, and what the parts then hold.

        A part with one value then holds the very number that the whole sweep found. Of several
        the adjoints are those that come from outside, the part being a function of its own.
        """
        complete, held = self.whole.derivatives[kind], self._seeds(kind)
        steps = [Step(kind, part, seed) for part, seed in held.items()]
        edges, backward = self._travelled(kind), kind in BACKWARD
        last = {edge.tail if backward else edge.head: edge for edge in edges}
        for edge in edges:
            part, sender = (edge.tail, edge.head) if backward else (edge.head, edge.tail)
            product = self._product(edge, held[sender], backward)
            total = held[part] + product if part in held else product
            found = edge is last[part] and not (backward and isinstance(total, Several))
            held[part], before = (self._held(complete, part) if found else total), held[sender]
            steps.append(Step(kind, part, held[part], edge, self._shown(edge), before, product))
        parts = range(len(self.folding.parts))
        numbers = [held.get(part, self._held(complete, part)) for part in parts]
        return _Sweep(steps, ByNode(self.folding.graph, numbers))

    def _seeds(self, kind: str) -> dict[int, Number]:
        """Return what parts hold before the sweep; where others of its numbers have some, 0."""
        steps = (step for step in self.whole.steps if step.kind == kind and step.edge is None)
        given = {step.node: step.number for step in steps}
        seeded = dict.fromkeys(self.folding.part_of[node] for node in given)
        return {part: self._vector(given, self.folding.exits[part]) for part in seeded}

    def _vector(self, given: Mapping[int, Number], nodes: Sequence[int]) -> Number:
        """Return a number, or several, of some nodes; 0 where nothing is given."""
        numbers = tuple(given.get(node, self._zero) for node in nodes)
        return numbers[0] if len(numbers) == 1 else Several(numbers)

    @cached_property
    def _zero(self) -> Number:
        return self.whole.numbers.constant(0)

    def _travelled(self, kind: str) -> list[Edge]:
        """Return the edges between parts along which a sweep goes, in its order."""
        parts, backward = self.folding.part_of, kind in BACKWARD
        crossing = {
            (parts[step.edge.tail], parts[step.edge.head])
            for step in self.whole.steps
            if step.kind == kind and step.edge is not None
        }
        found = [edge for edge in self.folding.graph.edges if (edge.tail, edge.head) in crossing]
        return sorted(found, key=lambda e: (-e.head if backward else e.head, e.position))

    def _product(self, edge: Edge, incoming: Number, backward: bool) -> Number:
        """Return the part's partials times what travels: transposed against the edge."""
        rows = self._jacobian(edge)
        many = incoming.numbers if isinstance(incoming, Several) else (incoming,)
        lines = tuple(zip(*rows, strict=True)) if backward else rows
        sums = tuple(self._dot(line, many) for line in lines)
        return sums[0] if len(sums) == 1 else Several(sums)

    def _dot(self, partials: Sequence[Number], numbers: Sequence[Number]) -> Number:
        """Return a sum of products, of those factors that there are."""
        multiply, add = (self.whole.numbers.function(name) for name in ("mul", "add"))
        pairs = zip(partials, numbers, strict=True)
        products = [multiply(p, n) for p, n in pairs if p is not None and n is not None]
        return reduce(add, products, self._zero)

    def _shown(self, edge: Edge) -> Any:
        """Return a local partial, of parts with several values how many there are."""
        rows = self._jacobian(edge)
        return rows[0][0] if len(rows) == len(rows[0]) == 1 else Partials(rows)

    def _jacobian(self, edge: Edge) -> tuple[tuple[Number, ...], ...]:
        """Return the partials of all exits of an edge's head by all exits of its tail.

        None stands where nothing travels.
        """
        columns, rows = self._linearized[edge.head]
        exits = self.folding.exits[edge.tail]
        return tuple(
            tuple(row[columns[n]] if n in columns else None for n in exits) for row in rows
        )

    @cached_property
    def _linearized(self) -> Mapping[int, tuple[Mapping[int, int], Sequence[Sequence[Number]]]]:
        """Per part the nodes it takes, numbered, and its exits' partials by them."""
        return {n: self._partials(n) for n, taken in enumerate(self.folding.taken) if taken}

    def _partials(self, part: int) -> tuple[Mapping[int, int], Sequence[Sequence[Number]]]:
        """Return a part's own Jacobian, by reverse sweeps in it alone."""
        trace = self.whole
        given = [node for nodes in self.folding.taken[part].values() for node in nodes]
        excerpt = self.folding.excerpt(part)
        inside = {excerpt.edge(e): p for e, p in trace.partials.items() if excerpt.keeps(e)}
        used = {edge.tail for edge in trace.partials if self.folding.part_of[edge.head] == part}
        wanted = [node for node in given if node in used]
        found = [trace.values[node] for node in excerpt.nodes]
        new, numbers = excerpt.new, trace.numbers
        linear = Linear(excerpt.graph, numbers, found, [new[n] for n in wanted], inside)
        exits = [new[node] for node in self.folding.exits[part]]
        rows = rows_by_reverse(linear, exits, [new[node] for node in wanted])
        return {node: column for column, node in enumerate(wanted)}, rows
