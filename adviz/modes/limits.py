"""Where a formula has no value, or no derivative, but tends to one: the limit, and what has it.

The limit is found by going there: at 10⁻⁴⁰ and at 10⁻⁴² beside the point, from several sides, with
so many digits that what cancels leaves enough. What takes longer to settle counts as no limit. The
work is bounded, and is done only for an error that is about to be told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any

from adviz.graph.graph import Graph
from adviz.graph.shown import formula_of
from adviz.modes.evaluation import evaluated
from adviz.modes.linear import Linear
from adviz.modes.sweep import adjoints
from adviz.numbers import Number, Numbers, multiprecision
from adviz.primitives import TABLE, Primitive

_DIGITS = 250
_STEPS = ("1e-40", "1e-42")
_SETTLED = 1e-12
_LARGE = 1e300
_LARGEST = 60
"""The most nodes of a graph that is evaluated beside a point."""
_MEETS = {"": "!=", " from the right": ">", " from the left": "<"}

Beside = Callable[[list[Number], Numbers], Number]
"""Gives a number from the values of all nodes beside a point."""


def value_advice(graph: Graph, point: Mapping[str, Number], node: int) -> str:
    """Return to what a formula around a node tends where that has no value; empty if to nothing.

    >>> import adviz
    >>> value_advice(adviz.build("sin(x)/x"), {"x": 0.0}, 2)
    '; as x → 0, sin(x)/x tends to 1: sinc(x), or where(x != 0, sin(x)/x, 1), has that value'
    """
    if _has_value(graph, point, node):
        return ""
    for place in _depending(graph, node):
        moved = [name for name, start in graph.inputs.items() if place in _depending(graph, start)]
        side, limit = _tending(graph, point, moved, partial(_at, place))
        if limit is not None:
            row, inside = _named(graph, place)
            forms = [f"{row}({inside})"] * bool(row)
            text = formula_of(graph, place)
            if len(moved) == 1:
                condition = f"{moved[0]} {_MEETS[side]} {_typed(point[moved[0]])}"
                forms.append(f"where({condition}, {text}, {_typed(limit)})")
            cure = f": {', or '.join(forms)}, has that value" if forms else ""
            return f"; as {_going(point, moved)}{side}, {text} tends to {_typed(limit)}{cure}"
    return ""


def slope_advice(
    graph: Graph, point: Mapping[str, Number], label: str, name: str, what: str
) -> str:
    """Return to what a derivative tends where there is none; empty if to nothing.

    >>> import adviz
    >>> slope_advice(adviz.build("sqrt(x)**2"), {"x": 0.0}, "f", "x", "df/dx")
    '; as x → 0 from the right, df/dx tends to 1'
    """

    def slope(found: list[Number], numbers: Numbers) -> Number:
        linear, one = Linear(graph, numbers, found, [start]), numbers.constant(1)
        return linear.arrived(adjoints(linear, [(graph.outputs[label], one)])[start])

    start, moved, output = graph.inputs[name], [*graph.inputs], graph.outputs[label]
    _, value = _tending(graph, point, moved, partial(_at, output))
    side, limit = _tending(graph, point, moved, slope)
    if value is None or limit is None:
        return ""
    return f"; as {_going(point, moved)}{side}, {what} tends to {_typed(limit)}"


def _has_value(graph: Graph, point: Mapping[str, Number], node: int) -> bool:
    """Return whether nothing is singular: only floats, or the row's domain, have no number here."""
    numbers = multiprecision(_DIGITS).over(graph.rows)
    exact = {name: numbers.constant(value) for name, value in point.items()}
    return _common([evaluated(graph, numbers, exact)[node]]) is not None


def _at(node: int, found: list[Number], numbers: Numbers) -> Number:
    return found[node]


def _depending(graph: Graph, node: int) -> list[int]:
    """Return the nodes that depend on one, itself first."""
    met = [node]
    for head in range(node + 1, len(graph)):
        if any(argument in met for argument in graph.args[head]):
            met.append(head)
    return met


def _typed(number: float) -> str:
    """Return a number as one types it."""
    return repr(int(number) if number.is_integer() and abs(number) < 2**53 else number)


def _going(point: Mapping[str, Number], names: Sequence[str]) -> str:
    return ", ".join(f"{name} → {_typed(point[name])}" for name in names)


def _tending(
    graph: Graph, point: Mapping[str, Number], moved: Sequence[str], number: Beside
) -> tuple[str, float | None]:
    """Return from where, and to what, a number tends as some inputs go to a point."""
    found = [*_beside(graph, point, moved, number)]
    if len(moved) == 1 and not all(map(_is_number, found)):  # only one side may have numbers
        half = len(found) // 2
        sides = {" from the right": found[:half], " from the left": found[half:]}
        for (side, near), far in zip(sides.items(), (found[half:], found[:half]), strict=True):
            if not any(map(_is_number, far)):
                return side, _common(near)
    return "", _common(found)


def _is_number(number: Number) -> bool:
    return number is not None and not isinstance(number, bool) and number == number


def _beside(
    graph: Graph, point: Mapping[str, Number], moved: Sequence[str], number: Beside
) -> Iterator[Number]:
    """Yield a number at places beside a point, along lines that lead there from several sides."""
    numbers = multiprecision(_DIGITS).over(graph.rows)
    exact = {name: numbers.constant(value) for name, value in point.items()}
    for slant in range(2 if len(moved) > 1 else 1):
        for sign in (1, -1):
            for step in _STEPS:
                far = sign * numbers.constant(1) * numbers.constant(float(step))
                lines = {n: far * (1 + 2 * k) * (-1) ** (slant * k) for k, n in enumerate(moved)}
                at = {name: value + lines.get(name, 0) for name, value in exact.items()}
                yield number(evaluated(graph, numbers, at), numbers)


def _common(found: Sequence[Number]) -> float | None:
    """Return the number that all are, as nearly as what has settled; None if they differ."""
    if not all(_is_number(one) and abs(one) < _LARGE for one in found):
        return None
    last = found[-1]
    if any(abs(one - last) > _SETTLED * (1 + abs(last)) for one in found):
        return None
    return 0.0 if abs(last) < _SETTLED else float(last)


def _named(graph: Graph, node: int) -> tuple[str, str]:
    """Return the row that is a node's formula with its limit, and what it is of; else blanks."""
    for row, body in _removing().items():
        found = _matched(body, next(iter(body.outputs.values())), graph, node, {})
        if found is not None:
            operands = [formula_of(graph, found[body.inputs[name]]) for name in row.args]
            return row.name, ", ".join(operands)
    return "", ""


@cache
def _removing() -> dict[Primitive, Graph]:
    """Return the rows that are defined by a formula apart from one point, with that formula."""
    from adviz.sources.text import from_text

    made = {}
    for row in TABLE.values():
        if row.define.startswith("where(x == 0, "):
            graph = from_text(row.define, TABLE)
            (chosen,) = graph.outputs.values()
            made[row] = _part(graph, graph.args[chosen][2])
    return made


def _part(graph: Graph, node: int) -> Graph:
    """Return the graph of one node alone."""
    from adviz.graph.builder import Builder
    from adviz.sources import copied

    builder = Builder(graph.rows)
    return builder.finish({"f": copied(graph, builder)[node]})


def _matched(
    body: Graph, part: int, graph: Graph, node: int, bound: dict[int, int]
) -> dict[int, int] | None:
    """Return for which nodes a formula's inputs stand in a graph; None where it differs."""
    if body.ops[part] == "input":
        return bound if bound.setdefault(part, node) == node else None
    if body.ops[part] != graph.ops[node]:
        return None
    for inner, argument in zip(body.args[part], graph.args[node], strict=True):
        if _matched(body, inner, graph, argument, bound) is None:
            return None
    return bound


def small(graph: Graph, point: Mapping[str, Any]) -> bool:
    """Return whether a graph may be evaluated beside a point for the sake of an error."""
    return len(graph) <= _LARGEST and all(type(value) is float for value in point.values())
