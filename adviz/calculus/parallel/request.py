"""What somebody asks for, of whatever function: a kind of derivative, by what, along what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from adviz.calculus.parallel.columns import (
    Column,
    by_name,
    columns_of,
    cotangent_of,
    direction_of,
    first,
)
from adviz.calculus.parallel.computation import ROWS, Computation
from adviz.compiler.kinds import KINDS
from adviz.errors import AdvizError
from adviz.graph.graph import Graph
from adviz.language.asked import among, shown
from adviz.modes.building import built_at, of_numbers
from adviz.modes.run import Errors, check_errors
from adviz.sources import Source


@dataclass(frozen=True)
class Request:
    """What is asked for; the fields are the parameters of `evaluate_many`."""

    kind: str
    wrt: Any = None
    direction: Any = None
    cotangent: Any = None
    errors: Errors = "ieee"
    target: str | None = None

    def __post_init__(self) -> None:
        if not among(self.kind, ROWS):
            raise AdvizError(f"there is no kind {shown(self.kind)}; kinds are {', '.join(ROWS)}")
        check_errors(self.errors)
        for word, seeds in (("direction", "tangents"), ("cotangent", "cotangents")):
            kinds = [name for name, row in ROWS.items() if getattr(row, seeds)]
            if getattr(self, word) is not None and self.kind not in kinds:
                raise AdvizError(f"a {self.kind} has no {word}; that is for {' and '.join(kinds)}")

    def of(self, graph: Graph) -> tuple[Computation, list[Column]]:
        """Return what is computed of a graph, and the columns that do not depend on the point."""
        row = ROWS[self.kind]
        if row.single and len(graph.outputs) > 1:
            raise AdvizError(
                f"a {self.kind} is of one output; there are {', '.join(graph.outputs)}"
            )
        wanted = tuple(KINDS[self.kind].wanted(graph, self.wrt))
        seeds: dict[str, Column] = {}
        if row.tangents:
            seeds = direction_of(graph, self.direction, wanted if row.second else ())
        if row.cotangents:
            seeds = cotangent_of(graph, self.cotangent)
        computation = Computation(graph, self.kind, wanted, tuple(seeds), self.errors, self.target)
        return computation, [*seeds.values()]

    def at(
        self, source: Source, at: Any, *, loose: bool = False
    ) -> tuple[Computation, list[Column]]:
        """Return what is computed of a function, and where; `loose` leaves out unknown names."""
        graph = of_numbers(built_at(source, first(at)))
        given = by_name(graph, at)
        if loose:
            own = {*graph.inputs, *(graph.vectors or ())}
            given = {name: value for name, value in given.items() if name in own}
        computation, seeds = self.of(graph)
        return computation, [*columns_of(graph, given), *seeds]
