"""What a point is like: whether a formula can be checked there, and which smooth piece it is on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adviz.errors import AdvizError
from adviz.graph.graph import Graph
from adviz.graph.procedure import INPUT
from adviz.modes.domains import Judge
from adviz.modes.evaluation import values
from adviz.modes.verbs import evaluate
from adviz.numbers import FLOAT64, Number

_OUTSIDE = {"undefined", "overflow"}
_TWO_SIDED = ("x > 0", "sign(x)", "x < y")
_FEW = 8
"""With more two-sided pieces than these a formula is a network, and no point is on all sides."""

Side = tuple[int, bool]
"""A condition, or a node with two smooth pieces, and how it is decided."""


class Scout:
    """Looks at a formula at one point after another, in float64, and remembers none of them.

    >>> import adviz
    >>> scout = Scout(adviz.build("abs(x) + log(y)"))
    >>> scout.regular({"x": 1.0, "y": 1.0}), scout.fault({"x": 0.0, "y": 1.0})
    (True, 'a kink (node v1 = abs(x), columns 1-6 of the formula)')
    """

    def __init__(self, graph: Graph) -> None:
        self.graph, self.numbers = graph, FLOAT64.over(graph.rows)
        self.decided = _decided(graph)
        rows = [
            (node, row)
            for node in range(len(graph))
            if (row := graph.row(node)) and self.decided[node]
        ]  # a choice changes where its condition does
        self.pieced = [node for node, row in rows if row.piece and not row.takes_conditions]
        self.conditions = [node for node, row in rows if row.condition]
        halves = [n for n in self.pieced if graph.rows[graph.ops[n]].piece in _TWO_SIDED]
        self.forks = self.conditions + (halves if len(halves) <= _FEW else [])

    def judged(self, point: Mapping[str, float]) -> Judge:
        """Return a judge that has seen every node at a point."""
        found: list[Number] = [None] * len(self.graph)
        judge = Judge(self.graph, self.numbers, found, strict=False)
        for node in values(self.graph, self.numbers, point, found):
            judge.value(node)
        return judge

    def inside(self, judge: Judge) -> bool:
        """Return whether every node has a finite value, and the graph describes the point."""
        described = all(judge.found[guard.node] for guard in self.graph.guards)
        return described and not _OUTSIDE & set(judge.status)

    def kink(self, judge: Judge) -> int | None:
        """Return the first node on a kink; what no input decides is none."""
        kinks = (node for node, status in enumerate(judge.status) if status == "kink")
        return next((node for node in kinks if self.decided[node]), None)

    def regular(self, point: Mapping[str, float]) -> bool:
        """Return whether a formula can be checked at a point."""
        judge = self.judged(point)
        return self.inside(judge) and self.kink(judge) is None

    def blamed(self, point: Mapping[str, float]) -> set[str]:
        """Return the inputs that alone decide a node without a finite value."""
        status = self.judged(point).status
        alone = (self.decided[node] for node, one in enumerate(status) if one in _OUTSIDE)
        return {next(iter(names)) for names in alone if len(names) == 1}

    def pieces(self, point: Mapping[str, float]) -> dict[int, Any] | None:
        """Return what names the smooth piece, by node; None outside the domain."""
        judge = self.judged(point)
        if not self.inside(judge):
            return None
        return {n: self._piece(n, judge.found) for n in self.pieced if judge.found[n] is not None}

    def _piece(self, node: int, found: Sequence[Number]) -> Any:
        row = self.graph.rows[self.graph.ops[node]]
        arguments = [found[argument] for argument in self.graph.args[node]]
        return self.numbers.rule(row, row.piece)(*arguments, found[node])

    def sides(self, judge: Judge) -> set[Side]:
        """Return how every condition, and every node with two smooth pieces, was decided.

        >>> import adviz
        >>> scout = Scout(adviz.build("where(x > 1, where(y > 2, x, y), 0)"))
        >>> scout.sides(scout.judged({"x": 0.0, "y": 0.0}))
        {(2, False)}
        """
        decided = ((node, self.side(node, judge.found)) for node in self.forks)
        return {(node, side) for node, side in decided if side is not None}

    def side(self, node: int, found: Sequence[Number]) -> bool | None:
        """Return how a fork was decided; None for one that was not."""
        if found[node] is None:
            return None
        if self.graph.rows[self.graph.ops[node]].condition:
            return bool(found[node])
        left, right = self.operands(node, found)
        return bool(left > right)

    def operands(self, node: int, found: Sequence[Number]) -> tuple[Number, Number]:
        """Return the two numbers that a comparison or a piece compares."""
        first, *others = (found[argument] for argument in self.graph.args[node])
        row = self.graph.rows[self.graph.ops[node]]
        return first, others[0] if row.condition or row.piece == "x < y" else 0.0

    def fault(self, point: Mapping[str, float]) -> str:
        """Return in words why a formula cannot be checked at a point."""
        try:
            evaluate(self.graph, point)
        except AdvizError as error:
            return str(error)
        kink = self.kink(self.judged(point))
        return "" if kink is None else f"a kink ({self.graph.describe(kink)})"


def _decided(graph: Graph) -> list[tuple[str, ...]]:
    """Return by how many inputs each node is decided: none, one by name, or two of several."""
    names = {node: (name,) for name, node in graph.inputs.items()}
    decided: list[tuple[str, ...]] = []
    for node, arguments in enumerate(graph.args):
        above = dict.fromkeys(name for argument in arguments for name in decided[argument])
        decided.append(names[node] if graph.ops[node] == INPUT else tuple(above)[:2])
    return decided
