"""What the tests of numbers share: sample points, truth, and how large an error may be."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from adviz.builder import Builder
from adviz.calculus import jacobian
from adviz.derive import derivative_graph
from adviz.graph import Graph
from adviz.numbers import FLOAT64, Number, Numbers, multiprecision
from adviz.primitives import TABLE, Primitive, Table
from adviz.rules import Function
from adviz.sources import build
from adviz.sweep import pull_back, values

UNIT = 2.0**-53
"""The unit roundoff of float64."""
NORMAL, TINIEST = 2.0**-1022, 2.0**-1074
"""The smallest float64 that has all its digits, and the smallest of all."""
FIRST_DIGITS, MOST_DIGITS, AGREED = 50, 1600, 30

Arguments = tuple[Any, ...]
Gradient = Mapping[str, Number]


# --- truth -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Truth:
    """A number as it settles with growing precision, and how far from it the truth may lie."""

    value: Any
    slack: Any

    def error(self, found: Number) -> Any:
        """Return how far a number certainly is from the truth; NaN when either is not a number."""
        return max(abs(self.value.context.mpf(found) - self.value) - self.slack, 0)

    def departs(self, found: Number, allowed: Any) -> bool:
        """Return whether a number is further from the truth than allowed; NaN always is."""
        if abs(self.value) > FLOAT64.function("exp")(709.7) and math.isinf(found):
            return bool((self.value > 0) != (found > 0))
        return not self.error(found) <= allowed


def settled(compute: Callable[[int], Number]) -> Truth:
    """Return a number from 50 digits on, doubled until two results agree to 30 digits.

    What has not settled at the cap keeps the last change as its slack: a number that shrinks
    with the precision is a zero of which rounding is left.
    """
    digits, before = FIRST_DIGITS, compute(FIRST_DIGITS)
    while True:
        digits *= 2
        after = compute(digits)
        change = abs(after - before)
        if change <= abs(after) * 10.0**-AGREED or digits >= MOST_DIGITS:
            return Truth(after, change)
        before = after


def true_gradient(graph: Graph, at: Mapping[str, float], label: str = "f") -> dict[str, Truth]:
    """Return SymPy's derivatives of one output as they settle, by input."""
    known: dict[int, Gradient] = {}

    def component(name: str, digits: int) -> Number:
        if digits not in known:
            known[digits] = jacobian(graph, at, mode="symbolic", digits=digits)[label]
        return known[digits][name]

    return {name: settled(lambda digits, n=name: component(n, digits)) for name in graph.inputs}


def slope(numbers: Numbers, function: Function, at: Arguments, k: int) -> Number:
    """Return a central difference quotient; its step and precision lie far beyond the digits."""
    context = numbers.constant(0).context
    x, bits = at[k], context.prec
    size = min(abs(x), context.one) if x else context.one
    with context.workprec(4 * bits + 2 * abs(context.mag(size)) + abs(context.mag(x or 1))):
        step = context.ldexp(size, -bits)
        above, below = ((*at[:k], x + side * step, *at[k + 1 :]) for side in (1, -1))
        return (function(*above) - function(*below)) / (2 * step)


# --- how large an error may be -----------------------------------------------------------------


def rounding(graph: Graph, at: Mapping[str, float], digits: int = 40) -> dict[str, Any]:
    """Return how far rounding may carry each output from its exact value, to first order.

    Every operation errs by its row's ulps; an error reaches the output multiplied by the
    adjoint of the node where it arises: the sum of |adjoint * value| * ulps over all nodes
    (Iri, Tsuchiya, Hoshi 1988, J. Comput. Appl. Math. 24; Higham 2002, section 3.1). What the
    condition of the problem costs is in it, and so is what the chosen formulas lose.
    """
    numbers = multiprecision(digits).over(graph.rows)
    found: list[Any] = [None] * len(graph)
    leaves = {node: numbers.constant(at[name]) for name, node in graph.inputs.items()}
    for _ in values(graph, numbers, leaves, found):
        pass
    everything = bytearray(b"\1" * len(graph))
    allowed: dict[str, Any] = {}
    for label, output in graph.outputs.items():
        adjoints: list[Any] = [None] * len(graph)
        adjoints[output] = numbers.constant(1)
        for _ in pull_back(graph, numbers, found, adjoints, everything):
            pass
        errors = (
            abs(adjoint) * (2 * row.ulps * UNIT * abs(found[node]) + TINIEST)
            for node, adjoint in enumerate(adjoints)
            if adjoint is not None and (row := graph.row(node)) is not None
        )
        allowed[label] = sum(errors, numbers.constant(TINIEST))
    return allowed


def gradient_rounding(
    graph: Graph, at: Mapping[str, float], label: str = "f"
) -> tuple[dict[str, Any], Graph]:
    """Return how far rounding may carry each derivative, and the graph that computes them."""
    slopes = derivative_graph(graph, of=label)
    allowed = rounding(slopes, at)
    return {name: allowed[f"d{label}/d{name}"] for name in graph.inputs}, slopes


# --- sample points -----------------------------------------------------------------------------


def _wide(source: random.Random) -> float:
    return source.choice((-1, 1)) * 10.0 ** source.uniform(-300, 300)


def _decades(source: random.Random) -> float:
    return source.choice((-1, 1)) * 10.0 ** source.uniform(-9, 9)


def _near_one(source: random.Random) -> float:
    near = 1 + source.choice((-1, 1)) * 10.0 ** source.uniform(-15, -1)
    return source.choice((-1, 1)) * near


_DRAWS: tuple[Callable[[random.Random], float], ...] = (
    _wide,
    _decades,
    _near_one,
    lambda source: source.uniform(-1, 1),
    lambda source: source.uniform(-6, 6),
    lambda source: source.uniform(-40, 40),
    lambda source: float(source.randint(-5, 5)),
)
"""Magnitudes from tiny to huge, and the places where functions change their behaviour."""


def drawn(row: Primitive, source: random.Random) -> Arguments:
    """Return arguments of a row, related in size as often as not, wherever they fall."""
    alike = source.random() < 0.5
    draw = source.choice(_DRAWS)
    arguments: list[Any] = []
    for position in range(row.arity):
        if row.is_condition(position):
            arguments.append(source.random() < 0.5)
        elif alike and draw is _wide and arguments and not isinstance(arguments[-1], bool):
            arguments.append(arguments[-1] * source.uniform(-3, 3))
        else:
            arguments.append(draw(source) if alike else source.choice(_DRAWS)(source))
    return tuple(arguments)


def inside(row: Primitive, at: Arguments, rows: Table = TABLE) -> bool:
    """Return whether a point is in a row's own domain."""
    numbers = FLOAT64.over(rows)
    return not row.domain or bool(numbers.rule(row, row.domain)(*at, math.nan))


def smooth(row: Primitive, at: Arguments, value: Number, rows: Table = TABLE) -> bool:
    """Return whether a row says that it is differentiable at a point."""
    numbers = FLOAT64.over(rows)
    return not any(text and numbers.rule(row, text)(*at, value) for text in (row.kink, row.pole))


@cache
def points(
    name: str, count: int, *, in_domain: bool = True, seed: int = 0
) -> tuple[Arguments, ...]:
    """Return points where a row has a finite value and a derivative, or points out of its domain."""
    row, source = TABLE[name], random.Random(f"{name} {seed}")
    found: list[Arguments] = []
    for _ in range(2000 * count):
        at = drawn(row, source)
        if inside(row, at) != in_domain:
            continue
        value = FLOAT64.function(name)(*at)
        if not in_domain or (math.isfinite(value) and smooth(row, at, value)):
            found.append(at)
            if len(found) == count or not row.arity:
                return tuple(found)
    raise AssertionError(f"no {count} such points for {name}")


def exactly(numbers: Numbers, at: Arguments) -> Arguments:
    """Return arguments in a number system; conditions stay what they are."""
    return tuple(a if isinstance(a, bool) else numbers.constant(a) for a in at)


# --- graphs of single rows ---------------------------------------------------------------------


def graph_of(row: Primitive, rows: Table = TABLE) -> Graph:
    """Return the graph of one row on inputs; a condition is true where its input is positive."""
    builder = Builder(rows)
    node = builder.node(row.name, tuple(_argument(builder, row, k) for k in range(row.arity)))
    if row.condition:
        node = builder.node("where", (node, builder.constant(1), builder.constant(0)))
    return builder.finish({"f": node})


def _argument(builder: Builder, row: Primitive, position: int) -> int:
    node = builder.input(row.args[position])
    if not row.is_condition(position):
        return node
    return builder.node("gt", (node, builder.constant(0)))


def point_of(row: Primitive, at: Arguments) -> dict[str, float]:
    """Return arguments as a point of the row's graph."""
    numbers = ((1.0 if a else -1.0) if isinstance(a, bool) else a for a in at)
    return dict(zip(row.args, numbers, strict=True))


def differentiable(row: Primitive) -> list[str]:
    """Return the arguments by which a row has a local partial."""
    return (
        [] if row.condition else [n for n, text in zip(row.args, row.partials, strict=True) if text]
    )


def built(expression: Any) -> Graph:
    """Return the graph of a SymPy expression whose inputs are those that it still contains."""
    return build(expression)
