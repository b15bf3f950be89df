"""Where a program must test that its numbers exist, because its results would not show it.

Most operations carry NaN and infinities on. What is undefined is lost where an operation makes a
number of them (1/inf, exp(-inf), max(-inf, 0)), answers a question (inf > 3), or is not asked
(the slope of a leaky relu that is not used); and some rows have a number outside their domain.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from functools import lru_cache
from itertools import product, starmap

from adviz.compiler.program.draft import Draft
from adviz.graph.procedure import Procedure
from adviz.modes.gates import needed
from adviz.numbers import FLOAT64
from adviz.primitives import TABLE, Primitive

Fixed = tuple[float | None, ...]
"""The arguments of a node that no input changes."""

_SOME = (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 3.0)
_NONE = (math.nan, math.inf, -math.inf)
_SEVERAL = -1


def defined(draft: Draft, watched: bool) -> list[int]:
    """Return the conditions under which what is undefined shows, wherever it is needed.

    Without `watched` only those of rows that have a number outside their domain.
    """
    numbers, conditions = draft.numbers, []
    for node, condition in _conditions(draft, watched):
        if condition is not True:
            zero = draft.builder.constant(0)
            never = draft.builder.node("ne", (zero, zero))
            conditions.append((node, never if condition is False else condition))
    gates = needed(draft.graph, numbers, draft.found) if conditions else []
    open_, not_ = numbers.function("or"), numbers.function("not")
    return [
        condition if gates[node] is True else open_(not_(gates[node]), condition)
        for node, condition in conditions
        if gates[node] is not False
    ]


def _conditions(draft: Draft, watched: bool) -> Iterator[tuple[int, int | bool]]:
    """Yield nodes with the conditions under which they have a number."""
    graph, known = draft.graph, _known(draft.graph)
    origins: list[int | None] = [None] * len(graph)
    lost: set[int] = set()
    for node, args in enumerate(graph.args):
        row = graph.row(node)
        if row is None:
            continue
        fixed = tuple([known.get(a) for a in args])
        fails, own = _fails(row, fixed), row.name not in TABLE
        origins[node] = _origin([origins[a] for a in args] + [node] * fails)
        if row.domain and (row.lenient or own):
            yield node, _inside(draft, node, row)
        for position, argument in enumerate(args):
            origin = origins[argument]
            if watched and origin is not None and _loses(row, position, fixed):
                place = argument if origin == _SEVERAL else origin
                if place not in lost:
                    lost.add(place)
                    exists = _finite if origin == _SEVERAL else _exists
                    yield place, exists(draft, place)


def _known(graph: Procedure) -> dict[int, float]:
    """Return the numbers of the nodes that no input reaches, those that have one."""
    known = {node: float(value) for node, value in graph.constants.items()}
    numbers = FLOAT64.over(graph.rows)
    for node, args in enumerate(graph.args):
        row = graph.row(node)
        if row is not None and not row.condition and all(a in known for a in args):
            value = numbers.function(row.name)(*[known[a] for a in args])
            if math.isfinite(value):
                known[node] = value
    return known


def _origin(origins: list[int | None]) -> int | None:
    """Return the one node at which something may become undefined, or that there are several."""
    different = {origin for origin in origins if origin is not None}
    return None if not different else different.pop() if len(different) == 1 else _SEVERAL


def _exists(draft: Draft, node: int) -> int | bool:
    """Return the condition that a node is defined: its row's domain if that is short."""
    row = draft.graph.row(node)
    if row is not None and row.domain and " or " not in row.domain:
        return _inside(draft, node, row)
    return _finite(draft, node)


def _finite(draft: Draft, node: int) -> int:
    largest = draft.builder.constant(sys.float_info.max)
    return draft.builder.node("le", (draft.builder.node("abs", (draft.found[node],)), largest))


def _inside(draft: Draft, node: int, row: Primitive) -> int | bool:
    arguments = [draft.found[a] for a in draft.graph.args[node]]
    condition: int | bool = draft.numbers.rule(row, row.domain)(*arguments, draft.found[node])
    return condition


@lru_cache(maxsize=1024)
def _fails(row: Primitive, fixed: Fixed) -> bool:
    """Return whether a row may be undefined, its constant arguments being what they are."""
    if row.name not in TABLE:
        return True
    inside = FLOAT64.rule(row, row.domain) if row.domain else None
    return inside is not None and not all(inside(*at, math.nan) for at in product(*_likely(fixed)))


@lru_cache(maxsize=1024)
def _loses(row: Primitive, position: int, fixed: Fixed) -> bool:
    """Return whether a row may have a number, or an answer, where an argument has none."""
    if row.chooses or row.is_condition(position):
        return False
    function = FLOAT64.over({**TABLE, row.name: row}).function(row.name)
    likely = _likely(fixed)
    likely[position] = _NONE
    return row.condition or any(map(math.isfinite, starmap(function, product(*likely))))


def _likely(fixed: Fixed) -> list[tuple[float, ...]]:
    return [_SOME if value is None else (float(value),) for value in fixed]
