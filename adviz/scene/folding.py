"""A graph whose parts are its nodes: what is seen of a graph too large to be seen whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from adviz.graph.graph import Graph
from adviz.graph.procedure import Edge
from adviz.primitives import Primitive, extend
from adviz.scene.excerpt import Excerpt
from adviz.scene.parts import Part
from adviz.scene.scene import Mark, Marks

_OPAQUE = "what_the_derivative_of_a_whole_part_by_an_argument_is"
"""A part's local partial as a formula: longer than any that is shown, so ∂v/∂x stands for it."""


@dataclass(frozen=True)
class Folding:
    """A graph in parts, each of which only needs earlier ones.

    >>> import adviz
    >>> from adviz.scene.parts import parts_of
    >>> whole = adviz.build("+".join(f"sin(x*{k})" for k in range(1, 99)))
    >>> folded = Folding(whole, parts_of(whole, 40))
    >>> len(whole), len(folded.graph), folded.graph.args[-1]
    (392, 5, (0, 3))
    """

    whole: Graph
    parts: tuple[Part, ...]

    @cached_property
    def part_of(self) -> Sequence[int]:
        """Per node of the whole the part that it is in."""
        found = [0] * len(self.whole)
        for number, part in enumerate(self.parts):
            for node in part.nodes:
                found[node] = number
        return found

    @cached_property
    def exits(self) -> tuple[tuple[int, ...], ...]:
        """Per part the nodes whose values are needed outside, or its last one."""
        ends = set(self.whole.outputs.values())
        return tuple(
            tuple(n for n in part.nodes if n in ends or self._leaves(n)) or part.nodes[-1:]
            for part in self.parts
        )

    def _leaves(self, node: int) -> bool:
        """Return whether a node's value is needed in another part; a constant can be anywhere."""
        here, heads = self.part_of[node], (edge.head for edge in self.whole.consumers[node])
        return not self._constant(node) and any(self.part_of[head] != here for head in heads)

    def _constant(self, node: int) -> bool:
        return not self.whole.args[node] and node not in self._inputs

    @cached_property
    def _inputs(self) -> frozenset[int]:
        return frozenset(self.whole.inputs.values())

    @cached_property
    def taken(self) -> tuple[Mapping[int, tuple[int, ...]], ...]:
        """Per part, by the earlier part, the nodes whose values it takes from there."""
        return tuple(map(self._taken, range(len(self.parts))))

    def _taken(self, number: int) -> Mapping[int, tuple[int, ...]]:
        args, found = self.whole.args, dict[int, dict[int, None]]()
        for argument in (a for node in self.parts[number].nodes for a in args[node]):
            part = self.part_of[argument]
            if part != number and not self._constant(argument):
                found.setdefault(part, {})[argument] = None
        return {part: tuple(nodes) for part, nodes in found.items()}

    @cached_property
    def graph(self) -> Graph:
        """The parts as a graph, in which each is called what the last of its values is called."""
        whole, names = self.whole, list(map(self._called, range(len(self.parts))))
        rows = {n: self._row(n) for n, part in enumerate(self.parts) if whole.args[part.nodes[-1]]}
        leaves = {n: p.nodes[0] for n, p in enumerate(self.parts) if n not in rows}
        inputs = {names[n]: n for n, node in leaves.items() if node in self._inputs}
        ops = (rows[n].name if n in rows else whole.ops[leaves[n]] for n in range(len(self.parts)))
        return Graph(
            ops=tuple(ops),
            args=tuple(map(tuple, self.taken)),
            constants={n: whole.constants[k] for n, k in leaves.items() if k in whole.constants},
            inputs=inputs,
            outputs={label: self.part_of[node] for label, node in whole.outputs.items()},
            names=inputs | {names[n]: n for n in rows},
            rows=extend((*whole.rows.values(), *rows.values())),
        )

    def _row(self, number: int) -> Primitive:
        """Return what computes a part from those that it needs."""
        needed = range(len(self.taken[number]))
        return Primitive(
            name=f"part {number}",
            args=tuple(f"part{k}" for k in needed),
            partials=tuple(_OPAQUE for _ in needed),
            label=f"{self.content(number)} of ",
        )

    def size(self, number: int) -> int:
        """Return how many nodes of a part compute something."""
        return sum(1 for node in self.parts[number].nodes if self.whole.args[node])

    def content(self, number: int) -> str:
        """Return what is in a part, in words.

        >>> import adviz
        >>> from adviz.scene.parts import parts_of
        >>> whole = adviz.build("+".join(f"sin(x*{k})" for k in range(1, 99)))
        >>> [Folding(whole, parts_of(whole, 40)).content(n) for n in range(5)]
        ['1 node', '2 nodes', '3 nodes', '95 × 3 nodes', '3 nodes']
        """
        nodes, blocks = self.parts[number]
        computing = [node for node in nodes if self.whole.args[node]]
        if len(computing) == 1:
            row = self.whole.row(computing[0])
            return (row.label or row.name) if row else "1 node"
        count = (len(computing) or len(nodes)) // blocks
        many = "s" if count > 1 else ""
        return f"{blocks} × {count} node{many}" if blocks > 1 else f"{count} node{many}"

    def excerpt(self, number: int, blocks: int | None = None) -> Excerpt:
        """Return what is in a part, what it takes standing as inputs; only the first few blocks."""
        args, nodes = self.whole.args, self.parts[number].nodes
        own = [node for node in nodes if args[node]]
        own = own[: len(own) // self.parts[number].blocks * blocks] if blocks else own
        operands = {argument for node in own for argument in args[node]}
        given = (node for node in operands.difference(own) if not self._constant(node))
        return Excerpt(self.whole, tuple(sorted(operands.union(own))), frozenset(given))

    def _called(self, number: int) -> str:
        """Return what a part is called: its last value's name, of a vector the first and last."""
        exits, symbols = self.exits[number], self.whole.symbols
        names = tuple(symbols[node] for node in exits)
        vectors = (name for name, parts in (self.whole.vectors or {}).items() if parts == names)
        named = all(node in self._named for node in exits)
        several = f"{names[0]}…{names[-1]}" if named and len(names) > 1 else names[-1]
        return next(vectors, several)

    @cached_property
    def _named(self) -> frozenset[int]:
        """The nodes that have a name of the author's."""
        return frozenset(self.whole.names.values())

    def marks(self, marks: Marks) -> Marks:
        """Return the marks of parts, and of the edges between them: of several the first."""
        seen: dict[int | Edge, Mark] = {}
        for where, mark in marks.items():
            seen.setdefault(self._place(where), mark)
        return seen

    def _place(self, where: int | Edge) -> int | Edge:
        """Return the part that a node is in; of an edge between parts what stands for it."""
        if not isinstance(where, Edge):
            return self.part_of[where]
        tail, head = self.part_of[where.tail], self.part_of[where.head]
        taken = list(self.taken[head])
        return Edge(tail, head, taken.index(tail)) if tail in taken else head
