"""What the tests of numbers share: sample points, truth, and how large an error may be."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from adviz.calculus.derivatives import jacobian
from adviz.errors import DomainError
from adviz.graph.builder import Builder
from adviz.graph.graph import Graph
from adviz.modes.building import build
from adviz.modes.derivative_graph import derivative_graph
from adviz.modes.evaluation import evaluated
from adviz.modes.linear import Linear, refuse_orders
from adviz.modes.sweep import adjoints
from adviz.modes.sympy_partials import with_sympy_partials
from adviz.numbers import FLOAT64, Number, Numbers, multiprecision
from adviz.numbers.rules import Function
from adviz.primitives import TABLE, Primitive, Table

UNIT = 2.0**-53
"""The unit roundoff of float64."""
TINIEST = 2.0**-1074
"""The smallest float64, which is what underflow may take away."""
HUGE = 1.7976931348623157e308
FIRST_DIGITS, MOST_DIGITS, AGREED = 50, 1600, 30
RULE_ULPS = 4
"""The error of a rule, in units of rounding its arguments and its result once each."""

Arguments = tuple[Any, ...]


# --- truth -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Truth:
    """A number as it settles with growing precision, and how far from it the truth may lie."""

    value: Any
    slack: Any

    def departs(self, found: Number, allowed: Any) -> bool:
        """Return whether a number is further from the truth than allowed; only NaN equals NaN."""
        if self.value != self.value:
            return bool(found == found)
        if math.isinf(found):
            return not (abs(self.value) + allowed >= HUGE and (self.value > 0) == (found > 0))
        return not abs(self.value.context.mpf(found) - self.value) <= self.slack + allowed


def settled(compute: Callable[[int], Number], most: int = MOST_DIGITS) -> Truth:
    """Return a number from 50 digits on, doubled until two results agree to 30 digits.

    Two zeros do not agree: a term may be too small for both precisions. What has not settled at
    the cap keeps the last change as its slack: a number that shrinks with the precision is a
    zero of which rounding is left.
    """
    digits, before = FIRST_DIGITS, compute(FIRST_DIGITS)
    while True:
        digits *= 2
        after = compute(digits)
        change = abs(after - before)
        if (after and change <= abs(after) * 10.0**-AGREED) or digits >= most:
            return Truth(after, change)
        before = after


def true_gradient(
    graph: Graph,
    at: Mapping[str, Number],
    label: str = "f",
    wrt: list[str] | None = None,
    most: int = MOST_DIGITS // 2,
) -> dict[str, Truth]:
    """Return SymPy's derivatives of one output as they settle, by input."""

    @cache
    def all_of_them(digits: int) -> Mapping[str, Number]:
        return jacobian(graph, at, mode="symbolic", wrt=wrt, digits=digits, errors="ieee")[label]

    def component(name: str) -> Truth:
        return settled(lambda digits: all_of_them(digits)[name], most)

    return {name: component(name) for name in (graph.inputs if wrt is None else wrt)}


def slope(numbers: Numbers, function: Function, at: Arguments, k: int) -> Number:
    """Return a central difference quotient; its step and precision lie far beyond the digits."""
    context = numbers.constant(0).context
    x, bits = at[k], context.prec
    size = min(abs(x), context.one) if x else context.one
    with context.workprec(4 * bits + abs(context.mag(size)) + max(0, context.mag(x or 1))):
        step = context.ldexp(size, -bits)
        above, below = ((*at[:k], x + side * step, *at[k + 1 :]) for side in (1, -1))
        return (function(*above) - function(*below)) / (2 * step)


# --- how large an error may be -----------------------------------------------------------------


def rounding(graph: Graph, at: Mapping[str, Number], digits: int = 40) -> dict[str, Any]:
    """Return how far rounding may carry each output from its exact value, to first order.

    Every operation errs by its row's ulps; an error reaches the output multiplied by the
    adjoint of the node where it arises: the sum of |adjoint * value| * ulps over all nodes
    (Iri, Tsuchiya, Hoshi 1988, J. Comput. Appl. Math. 24; Higham 2002, section 3.1). What the
    condition of the problem costs is in it, and so is what the chosen formulas lose.
    """
    numbers = multiprecision(digits).over(graph.rows)
    found = evaluated(graph, numbers, {name: numbers.constant(at[name]) for name in graph.inputs})
    errors = [
        None if (row := graph.row(node)) is None or isinstance(value, bool) or value is None
        else 2 * row.ulps * UNIT * abs(value) + TINIEST
        for node, value in enumerate(found)
    ]  # fmt: skip
    allowed: dict[str, Any] = {}
    for label, output in graph.outputs.items():
        bars = adjoints(Linear(graph, numbers, found), [(output, numbers.constant(1))])
        pairs = zip(bars, errors, strict=True)
        reaching = (abs(bar) * error for bar, error in pairs if bar is not None and error)
        total = sum(reaching, numbers.constant(TINIEST))
        allowed[label] = math.inf if numbers.isnan(total) else total  # a slope may not exist
    return allowed


def gradient_rounding(
    graph: Graph, at: Mapping[str, Number], label: str = "f", wrt: list[str] | None = None
) -> dict[str, Any]:
    """Return how far rounding may carry each derivative of one output."""
    allowed = rounding(derivative_graph(graph, of=label, wrt=wrt), at)
    return {n: allowed[f"d{label}/d{n}"] for n in (graph.inputs if wrt is None else wrt)}


# --- sample points -----------------------------------------------------------------------------


def _wide(source: random.Random) -> float:
    return float(source.choice((-1, 1)) * 10.0 ** source.uniform(-300, 300))


def _decades(source: random.Random) -> float:
    return float(source.choice((-1, 1)) * 10.0 ** source.uniform(-9, 9))


def _near_one(source: random.Random) -> float:
    near = 1 + source.choice((-1, 1)) * 10.0 ** source.uniform(-15, -1)
    return float(source.choice((-1, 1)) * near)


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


def inside(row: Primitive, at: Arguments) -> bool:
    """Return whether a point is in a row's own domain."""
    return not row.domain or bool(FLOAT64.rule(row, row.domain)(*at, math.nan))


def smooth(row: Primitive, at: Arguments, value: Number) -> bool:
    """Return whether a row says that it is differentiable at a point."""
    return not any(text and FLOAT64.rule(row, text)(*at, value) for text in (row.kink, row.pole))


@cache
def points(name: str, count: int) -> tuple[Arguments, ...]:
    """Return points of a row's domain where it has a finite value and a derivative."""
    row = TABLE[name]

    def suits(at: Arguments) -> bool:
        value = FLOAT64.function(name)(*at) if inside(row, at) else math.nan
        return math.isfinite(value) and smooth(row, at, value)

    return tuple(_first(row, count if row.arity else 1, suits))


@cache
def points_outside(name: str, count: int) -> tuple[Arguments, ...]:
    """Return points that are not in a row's domain."""
    row = TABLE[name]
    return tuple(_first(row, count, lambda at: not inside(row, at)))


def _first(row: Primitive, count: int, suits: Callable[[Arguments], bool]) -> Iterator[Arguments]:
    source = random.Random(row.name)
    found = 0
    for _ in range(2000 * count):
        at = drawn(row, source)
        if suits(at):
            yield at
            found += 1
        if found == count:
            return
    raise AssertionError(f"only {found} points of {count} suit {row.name}")


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


def with_slopes(graph: Graph) -> list[str]:
    """Return the inputs by which there is a derivative: those that lead to no order."""
    found = []
    for name, node in graph.inputs.items():
        with suppress(DomainError):
            refuse_orders(graph, [node])
            found.append(name)
    return found


def _argument(builder: Builder, row: Primitive, position: int) -> int:
    node = builder.input(row.args[position])
    if not row.is_condition(position):
        return node
    return builder.node("gt", (node, builder.constant(0)))


def point_of(row: Primitive, at: Arguments) -> dict[str, float]:
    """Return arguments as a point of the row's graph."""
    numbers = ((1.0 if a else -1.0) if isinstance(a, bool) else a for a in at)
    return dict(zip(row.args, numbers, strict=True))


def by_position(row: Primitive) -> list[int]:
    """Return the positions of the arguments by which a row has a local partial."""
    return [] if row.condition else [k for k, text in enumerate(row.partials) if text]


# --- the laws of one row, as departures from them ----------------------------------------------


def condition(row: Primitive, function: Callable[[Numbers], Function], at: Arguments) -> Any:
    """Return what a relative change of the arguments does to a function, at most."""
    numbers = multiprecision(FIRST_DIGITS)
    exact = exactly(numbers, at)
    slopes = (
        abs(exact[k] * slope(numbers, function(numbers), exact, k))
        for k in by_position(row)
        if exact[k]
    )
    return sum((s for s in slopes if numbers.finite(s)), numbers.constant(0))


def value_departures(row: Primitive, rows: Table, at: Arguments) -> list[str]:
    """Return how a float64 value departs from the truth by more than the row's ulps.

    The zeros of a function of several arguments are curves, which no formula follows to the
    last digit everywhere: there each argument may be off by half an ulp as well.
    """

    def function(numbers: Numbers) -> Function:
        return numbers.over(rows).function(row.name)

    if row.condition:
        precise = function(multiprecision(FIRST_DIGITS))(*exactly(multiprecision(50), at))
        return [f"{row.name}{at} is {precise}"] * (function(FLOAT64)(*at) != precise)
    truth = settled(
        lambda digits: function(multiprecision(digits))(*exactly(multiprecision(digits), at))
    )
    found = function(FLOAT64)(*at)
    ulp = max(math.ulp(float(truth.value)), TINIEST)
    allowed = row.ulps * ulp + (
        UNIT * condition(row, function, at) if row.arity > 1 and row.ulps else 0
    )
    return [f"{row.name}{at} = {found}, not {truth.value}"] if truth.departs(found, allowed) else []


def rule_alone(row: Primitive, position: int, rows: Table) -> Callable[[Numbers], Function]:
    """Return a rule as a function of the arguments alone."""

    def on(numbers: Numbers) -> Function:
        system = numbers.over(rows)
        rule, value = system.partial(row, position), system.function(row.name)
        return lambda *at: rule(*at, value(*at))

    return on


def partial_departures(row: Primitive, position: int, rows: Table, at: Arguments) -> list[str]:
    """Return how a rule departs from the slope of the value, and from SymPy's derivative.

    The sweep lets only the branch that is taken pass. SymPy's derivative may have no value where
    it divides by an argument that is 0.
    """
    numbers = multiprecision(60).over(rows)
    exact = exactly(numbers, at)
    rule = rule_alone(row, position, rows)
    found = settled(lambda d: rule(multiprecision(d))(*exactly(multiprecision(d), at)))
    if row.name == "where" and exact[0] == (position == 2):
        found = Truth(found.value * 0, 0)
    measured = slope(numbers, numbers.function(row.name), exact, position)
    value = numbers.function(row.name)(*exact)
    size = abs(value) / min(abs(exact[position]), 1) if exact[position] else abs(value)
    departures = []
    if found.departs(measured, abs(measured) * 10.0**-25 + size * numbers.constant(10) ** -100):
        departures.append(f"{row.name}{at}: partial {position} is {found.value}, slope {measured}")
    sympys = settled(lambda d: _sympys(row, position, multiprecision(d).over(rows), at))
    allowed = sympys.slack + abs(sympys.value) * 10.0**-25
    exists = row.name != "where" and sympys.value == sympys.value
    if exists and found.departs(sympys.value, allowed):
        departures.append(f"{row.name}{at}: partial {position} is {found}, SymPy's {sympys}")
    return departures


def _sympys(row: Primitive, position: int, numbers: Numbers, at: Arguments) -> Number:
    """Return SymPy's derivative of a row at a point."""
    exact = exactly(numbers, at)
    return with_sympy_partials(numbers).partial(row, position)(
        *exact, numbers.function(row.name)(*exact)
    )


def lost_digits(row: Primitive, position: int, rows: Table, at: Arguments) -> list[str]:
    """Return how a rule in float64 loses more than the rounding of its arguments explains."""
    rule = rule_alone(row, position, rows)
    truth = settled(lambda d: rule(multiprecision(d))(*exactly(multiprecision(d), at)))
    found = rule(FLOAT64)(*at)
    size = abs(truth.value) + condition(row, rule, at)
    allowed = RULE_ULPS * (UNIT * size + TINIEST)
    return (
        [f"{row.name}{at}: partial {position} is {found}, not {float(truth.value)}"]
        if truth.departs(found, allowed)
        else []
    )


def definition_departures(row: Primitive, rows: Table, at: Arguments) -> list[str]:
    """Return how a row's definition departs from what the row computes with many digits.

    What float64 cannot hold counts as 0; a definition may overflow where the row does not.
    """

    def written(text: str, digits: int) -> Number:
        numbers = multiprecision(digits).over(rows)
        return numbers.rule(row, text)(*exactly(numbers, at), numbers.constant(0))

    def own(digits: int) -> Number:
        numbers = multiprecision(digits).over(rows)
        return numbers.function(row.name)(*exactly(numbers, at))

    value = settled(own)
    allowed = value.slack + abs(value.value) * 1e-28 + TINIEST
    departures = []
    for text in filter(None, (row.define, row.stable)):
        meant = settled(partial(written, text))
        if abs(meant.value) <= HUGE and meant.departs(value.value, allowed):
            departures.append(f"{row.name}{at} is {value.value}, but {text} is {meant.value}")
    return departures


# --- graphs that are the same ------------------------------------------------------------------


def keys(graph: Graph, known: dict[Any, int]) -> list[int]:
    """Return per node a number that two nodes share exactly when they compute alike."""
    inputs = {node: name for name, node in graph.inputs.items()}
    found: list[int] = []
    for node, op in enumerate(graph.ops):
        leaf = inputs.get(node, repr(graph.constants.get(node)))
        key = (op, tuple(found[a] for a in graph.args[node]), leaf)
        found.append(known.setdefault(key, len(known)))
    return found


def assert_isomorphic(first: Graph, second: Graph) -> None:
    """Compare operations, argument order, inputs, outputs, guards and authors' names."""
    known: dict[Any, int] = {}
    one, two = keys(first, known), keys(second, known)
    assert list(first.inputs) == list(second.inputs)
    for left, right in ((first.outputs, second.outputs), (first.names, second.names)):
        assert {k: one[n] for k, n in left.items()} == {k: two[n] for k, n in right.items()}
    assert [one[g.node] for g in first.guards] == [two[g.node] for g in second.guards]
    assert set(one) == set(two)


def assert_read_back(graph: Graph) -> None:
    """Require that the text of a graph builds it again; it shares what the graph keeps apart."""
    again = build(graph.text)
    assert_isomorphic(graph, again)
    assert build(again.text) == again
    assert again == graph or len({*keys(graph, {})}) < len(graph)
