"""Where a program must test that its numbers exist, because nothing else would show it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from itertools import product, starmap

from adviz.codegen.draft import Draft
from adviz.graph import Constant
from adviz.numbers import FLOAT64
from adviz.primitives import TABLE, Primitive
from adviz.sweep import needed


def defined(draft: Draft, watched: bool) -> list[int]:
    """Return the conditions under which what is undefined shows, wherever it is needed.

    A row may have a number outside its domain; and where nothing raises, something undefined may
    go into a comparison.
    """
    graph, found = draft.graph, draft.found
    conditions: dict[int, int] = {}
    undefined = bytearray(len(graph))
    for node, args in enumerate(graph.args):
        row = graph.row(node)
        if row is None:
            continue
        undefined[node] = bool(row.domain) or any(undefined[a] for a in args)
        if row.domain and (row.lenient or row.name not in TABLE):
            inside = draft.numbers.rule(row, row.domain)
            conditions[node] = inside(*[found[a] for a in args], found[node])
        for position, argument in enumerate(args):
            fixed = tuple(graph.constants.get(a) for a in args)
            if watched and undefined[argument] and _hides(row, position, fixed):
                conditions[argument] = draft.builder.node("eq", (found[argument],) * 2)
    return _where_needed(draft, conditions)


def _where_needed(draft: Draft, conditions: Mapping[int, int]) -> list[int]:
    """Return conditions on nodes, met as well where nothing needs the node."""
    numbers = draft.numbers
    gates = needed(draft.graph, numbers, draft.found) if conditions else []
    open_, not_ = numbers.function("or"), numbers.function("not")
    return [
        condition if gates[node] is True else open_(not_(gates[node]), condition)
        for node, condition in conditions.items()
        if gates[node] is not False
    ]


@cache
def _hides(row: Primitive, position: int, fixed: tuple[Constant | None, ...]) -> bool:
    """Return whether a row may have a number, or an answer, where an argument is NaN.

    `fixed` holds the arguments that are constants: NaN**2 is NaN, though NaN**0 is 1.
    """
    if row.name == "where" or row.is_condition(position):
        return False
    function = FLOAT64.over({**TABLE, row.name: row}).function(row.name)
    likely = [(0.0, 1.0, math.inf) if value is None else (float(value),) for value in fixed]
    likely[position] = (math.nan,)
    return row.condition or any(found == found for found in starmap(function, product(*likely)))
