"""A graph's nodes as arrays, in the graph's own numbering: what is needed, and by which opcode."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any, TypeAlias

import numpy as np

from adviz.compiler.flat.opcode import LARGEST, SPECIAL, Opcode
from adviz.graph.graph import Graph
from adviz.graph.procedure import CONST, INPUT
from adviz.modes.linear import active
from adviz.primitives import Primitive

Ints: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"
"""Integers, of 32 bits where they are stored."""
Flags: TypeAlias = "np.ndarray[Any, np.dtype[np.bool_]]"


class Arrays:
    """A graph's nodes as arrays, in the graph's own numbering."""

    def __init__(self, graph: Graph) -> None:
        self.graph, count = graph, len(graph)
        self.rows = [op for op in dict.fromkeys(graph.ops) if op in graph.rows]
        code = {op: place for place, op in enumerate([*self.rows, INPUT, CONST])}
        self.ops = np.fromiter(map(code.__getitem__, graph.ops), np.int32, count)
        self.computed = self.ops < len(self.rows)
        arity = np.fromiter(map(len, graph.args), np.int32, count)
        width = max(1, int(arity.max(initial=0)))
        self.used: Flags = np.arange(width, dtype=np.int32) < arity[:, None]
        self.args = np.zeros((count, width), np.int32)
        self.args[self.used] = np.fromiter(chain.from_iterable(graph.args), np.int32)

    def reached(self, wanted: Sequence[int], outputs: Sequence[int]) -> Flags:
        """Return per node and position whether an edge leads from a wanted input to an output."""
        possible = self._where(lambda row: [bool(partial) for partial in row.partials])
        edges: Flags = possible & self._active(wanted)[self.args]
        return edges & self.leading_to(outputs, edges)[:, None]

    def _where(self, holds: Callable[[Primitive], Sequence[bool]]) -> Flags:
        """Return per node and argument whether something holds for that argument of the row."""
        known = np.zeros((len(self.rows) + 2, self.args.shape[1]), np.bool_)
        for place, name in enumerate(self.rows):
            row = self.graph.rows[name]
            known[place, : row.arity] = holds(row)
        return known[self.ops] & self.used

    def _active(self, wanted: Sequence[int]) -> Flags:
        """Return the nodes that depend on a wanted input.

        Where every node has an argument that does, every node does: one look instead of a sweep.
        """
        guess = self.computed.copy()
        guess[wanted] = True
        if not len(wanted):
            return np.zeros_like(guess)
        carries = self._where(lambda row: [slope != 0 for slope in row.slopes])
        heads: Flags = np.logical_or.reduce(carries & guess[self.args], axis=1)
        if heads[self.computed].all() and not self._may_cancel():
            return guess
        return np.frombuffer(active(self.graph, wanted), np.bool_)

    def _may_cancel(self) -> bool:
        """Return whether some node, such as x - x, takes away what it has added."""
        falling = self._where(lambda row: [(slope or 0) < 0 for slope in row.slopes])
        some = np.flatnonzero(np.logical_or.reduce(falling, axis=1))
        no_node = -1 - np.arange(self.args.shape[1])
        tails = np.sort(np.where(self.used[some], self.args[some], no_node), axis=1)
        return bool((tails[:, 1:] == tails[:, :-1]).any())

    def leading_to(self, ends: Sequence[int], edges: Flags) -> Flags:
        """Return the nodes from which some of these edges lead to one of the ends.

        Where every node of an edge is an end or has an edge that leaves it, all do.
        """
        leaves = np.zeros(len(self.graph), np.bool_)
        leaves[ends] = True
        leaves[self.args[edges]] = True
        heads: Flags = np.logical_or.reduce(edges, axis=1)
        settled = bool(leaves[heads].all())
        return leaves if settled else self._swept_back(ends, edges)

    def _swept_back(self, ends: Sequence[int], edges: Flags) -> Flags:
        found = bytearray(len(self.graph))
        for node in ends:
            found[node] = 1
        heads, positions = np.nonzero(edges)
        tails = self.args[heads, positions]
        for head, tail in zip(heads[::-1].tolist(), tails[::-1].tolist(), strict=True):
            if found[head]:
                found[tail] = 1
        return np.frombuffer(found, np.bool_)

    def opcodes(self, computed: Ints, reached: Flags) -> tuple[list[Opcode], Ints]:
        """Return the opcodes of these nodes, and each one's."""
        codes, active, fixed = self.ops[computed], reached[computed], self._fixed()[computed]
        for column in (*active.T, fixed + LARGEST):
            codes = _ranked((2 * LARGEST + 2) * codes + column)
        example = np.zeros(codes.max(initial=-1) + 1, np.int32)
        example[codes] = np.arange(len(codes))
        rows = [self.rows[op] for op in self.ops[computed[example]]]
        positions = [tuple(np.flatnonzero(active[node]).tolist()) for node in example]
        numbers = [None if value > LARGEST else value for value in fixed[example].tolist()]
        return [Opcode(*facts) for facts in zip(rows, positions, numbers, strict=True)], codes

    def _fixed(self) -> Ints:
        """Return per node the whole number for which its row is special, or one too large."""
        fixed = np.full(len(self.ops), LARGEST + 1, np.int32)
        known = np.full_like(fixed, LARGEST + 1)
        for node, value in self.graph.constants.items():
            if abs(value) <= LARGEST and value == int(value):
                known[node] = int(value)
        for row, position in SPECIAL.items():
            if row in self.rows:
                nodes = np.flatnonzero(self.ops == self.rows.index(row))
                fixed[nodes] = known[self.args[nodes, position]]
        return fixed


def _ranked(keys: Ints) -> Ints:
    """Return each key's place among the different keys; counting is faster than sorting."""
    found = np.flatnonzero(np.bincount(keys))
    rank = np.zeros(found.max(initial=0) + 1, np.int32)
    rank[found] = np.arange(len(found))
    return rank[keys]
