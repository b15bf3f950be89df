"""What a witness is asked about, and how what it found is held against the truth."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from adviz.checking.finding import Statement
from adviz.checking.truth.agreement import AGREED_DIGITS, BELOW_DOUBLES, decimal
from adviz.checking.truth.budget import NO_LIMIT, Budget, digits_of, swept_work, work
from adviz.checking.truth.operations import operations
from adviz.checking.truth.rounding import rounding
from adviz.checking.truth.sympys import derivatives, derivatives_work
from adviz.graph.graph import Graph
from adviz.graph.paths import on_the_way
from adviz.language.labels import Key
from adviz.modes.fast.jacobian import prepared, swept, values_at, values_of
from adviz.modes.linear import Linear
from adviz.modes.rounding import TINIEST, UNIT
from adviz.modes.sweep import adjoints
from adviz.numbers import FLOAT64, Number, Numbers, multiprecision
from adviz.primitives import Primitive

_SMALLEST = 2.0**-1022
"""The smallest double with all its digits."""
_IN_NODES = 4
"""A sweep's operations, and a sweep through these, are as much work as so many sweeps."""
_TOLD = 10.0 ** (1 - AGREED_DIGITS)
"""What the truth leaves out, told to so many digits."""


@dataclass(frozen=True, eq=False)
class Question:
    """One derivative at one point, about which every witness makes a statement.

    >>> import adviz
    >>> asked = Question(adviz.build("x**2"), Key("f", "x"), {"x": 3.0}, truth=Decimal(6))
    >>> asked.here, asked.judged("somebody", 6.0, 1e-9).verdict
    (3.0, 'agrees')
    """

    graph: Graph
    key: Key
    point: Mapping[str, float]
    function: Callable[..., Any] | None = None
    """The opaque function itself, of floats in the order of the inputs; None when there is none."""
    truth: Decimal | None = None
    digits: int = 50
    """The precision at which the truth settled."""
    budget: Budget = NO_LIMIT
    """What the answer may take; Spent is raised where that does not suffice."""

    @property
    def here(self) -> float:
        """The value of the input by which is differentiated."""
        return float(self.point[self.key.input])

    @cached_property
    def precise(self) -> Numbers:
        """Numbers of the truth's precision."""
        return multiprecision(self.digits).over(self.graph.rows)

    @cached_property
    def doubles(self) -> Numbers:
        """Python's floats, with the graph's own rows."""
        return FLOAT64.over(self.graph.rows)

    @cached_property
    def between(self) -> Sequence[int]:
        """The nodes that depend on the input and on which the output depends."""
        return on_the_way(self.graph, self.key)

    @cached_property
    def kinked(self) -> bool:
        """Whether the point lies on a boundary between smooth pieces, as float64 decides it."""
        rows = ((node, self.graph.row(node)) for node in self.between)
        kinks = [(node, row, row.kink) for node, row in rows if row and row.kink]
        return any(self._applied(kinks, self.doubles, self.evaluated(self.doubles)))

    @cached_property
    def allowed(self) -> float:
        """How far rounding may carry this derivative in float64, in the looser of two orders."""
        wanted = tuple(self.graph.inputs)
        both = (operations(self.graph, mode, wanted) for mode in ("forward", "reverse"))
        return max(rounding(one, self.key, self.point, self.digits).bound for one in both)

    @property
    def allowed_work(self) -> int:
        """What finding that takes, once for all witnesses: two modes, their sweeps in nodes."""
        return 2 * swept_work(self.graph, _IN_NODES, self.digits)

    def stray(self, mode: str) -> str:
        """Return what overflows or underflows in float64 on the way to the derivative, if any."""
        made = operations(self.graph, mode, tuple(self.graph.inputs)).graph
        return strayed(made, self.point, self.doubles, self.precise)

    def evaluated(self, numbers: Numbers, moved: Number | None = None) -> list[Number]:
        """Return every node's value, the input moved if asked for."""
        self.budget.spend(work(self.graph, digits_of(numbers)))
        point = {name: numbers.constant(value) for name, value in self.point.items()}
        return values_of(
            self.graph, numbers, point if moved is None else {**point, self.key.input: moved}
        )

    def value(self, numbers: Numbers, moved: Number | None = None) -> Number:
        """Return the output's value, the input moved if asked for."""
        return self.evaluated(numbers, moved)[self.graph.outputs[self.key.output]]

    def linear(self, numbers: Numbers, found: Sequence[Number]) -> Linear:
        """Return the graph, as far as it depends on the input, linearized at values."""
        return prepared(self.graph, numbers, (self.graph.inputs[self.key.input],)).at(found)

    def adjoints(self, linear: Linear) -> list[Number]:
        """Return the output's derivative by each node on the way from the input."""
        self.budget.spend(swept_work(self.graph, 1, digits_of(linear.numbers)))
        one = linear.numbers.constant(1)
        return adjoints(linear, [(self.graph.outputs[self.key.output], one)])

    def slope(self, numbers: Numbers, mode: str = "reverse") -> Number:
        """Return the derivative by one mode in a number system."""
        self.budget.spend(swept_work(self.graph, 1, digits_of(numbers)))
        return swept(self.graph, numbers, self.point, [self.key.input], mode)[self.key]

    def sympys(self, numbers: Numbers) -> Number:
        """Return SymPy's derivative in a number system."""
        inputs = tuple(self.graph.inputs)
        self.budget.spend(derivatives_work(self.graph, inputs, digits_of(numbers)))
        return derivatives(self.graph, numbers, self.point, inputs)[self.key]

    @cached_property
    def _pieced(self) -> list[tuple[int, Primitive, str]]:
        rows = ((node, self.graph.row(node)) for node in self.between)
        return [(node, row, row.piece) for node, row in rows if row and row.piece]

    def pieces(self, numbers: Numbers, found: Sequence[Number]) -> tuple[Number, ...]:
        """Return what names the smooth piece at a point: equal where no kink lies between."""
        return tuple(self._applied(self._pieced, numbers, found))

    def _applied(
        self,
        texts: Sequence[tuple[int, Primitive, str]],
        numbers: Numbers,
        found: Sequence[Number],
    ) -> Iterator[Number]:
        """Yield what rules say at the nodes that are computed."""
        for node, row, text in texts:
            if found[node] is not None:
                arguments = [found[argument] for argument in self.graph.args[node]]
                yield numbers.rule(row, text)(*arguments, found[node])

    def silent(self, name: str, why: str, value: Number | None = None) -> Statement:
        """Return the statement of a witness that cannot say."""
        return Statement(name, value, math.nan, "silent", why)

    def judged(
        self, name: str, value: float, error: float, why: Callable[[], str] = lambda: ""
    ) -> Statement:
        """Hold a float64 number, known to `error`, against the truth.

        A number that says nothing of the truth's digits has failed by rounding; one that is
        beyond its own estimate has failed if `why` gives a reason, else it differs.
        """
        if self.truth is None:
            return self.silent(name, "there is no truth to compare it with", value)
        if not math.isfinite(value):
            why_not = why() or f"it is {value} in float64"
            return Statement(name, value, math.nan, "failed", why_not)
        departure, size = self.departure(value), float(abs(self.truth))
        if not self.truth:
            error = max(error, self._unseen())
        if departure <= error + TINIEST + size * _TOLD:
            if departure and error >= size > 2 * TINIEST:
                reason = why() or "rounding may take every digit"
                return Statement(name, value, error, "failed", reason)
            return Statement(name, value, error, "agrees")
        reason = why()
        return Statement(name, value, error, "failed" if reason else "differs", reason)

    def _unseen(self) -> float:
        """Return how far from a derivative that is truly 0, and has no digits, a number may be."""
        value = self.value(self.doubles)
        return UNIT * max(abs(value), 1.0) / (abs(self.here) or 1.0) if math.isfinite(value) else 0

    def departure(self, number: Number) -> float:
        """Return how far a number is from the truth."""
        context = self.precise.constant(0).context
        return float(abs(context.mpf(number) - context.mpf(str(self.truth))))

    def judged_precisely(self, name: str, value: Number) -> Statement:
        """Hold a number of many digits against the truth."""
        context = value.context
        if self.truth is None or not context.isfinite(value):
            shown = decimal(value) if context.isfinite(value) else None
            why = "there is no truth to compare it with" if self.truth is None else f"it is {value}"
            return self.silent(name, why, shown)
        own = abs(value) * context.mpf(10) ** (2 - AGREED_DIGITS)
        rounded = self.allowed / UNIT * context.mpf(10) ** -context.dps
        unseen = 0 if self.truth else context.mpf(10) ** max(-self.digits // 2, BELOW_DOUBLES)
        error = own + unseen + (rounded if rounded < context.inf else 0)
        agrees = abs(value - context.mpf(str(self.truth))) <= error
        return Statement(name, decimal(value), float(error), "agrees" if agrees else "differs")


def strayed(graph: Graph, point: Mapping[str, float], doubles: Numbers, precise: Numbers) -> str:
    """Return which value overflows or underflows in float64, and is a number with more digits.

    >>> import adviz
    >>> strayed(adviz.build("sqrt(x*x)"), {"x": 1e200}, FLOAT64, multiprecision(50))
    'a value on the way overflows in float64'
    """
    found, exact = (values_at(graph, numbers, point) for numbers in (doubles, precise))
    for mine, true in zip(found, exact, strict=True):
        if isinstance(mine, float) and true is not None and precise.finite(true):
            if not math.isfinite(mine):
                return "a value on the way overflows in float64"
            if abs(mine) < _SMALLEST and 0 < abs(true) < _SMALLEST:
                return "a value on the way underflows in float64"
    return ""


@dataclass(frozen=True)
class Witness:
    """Somebody independent who can be asked for a derivative at a point."""

    name: str
    title: str
    """What it does, in a sentence."""
    source: str
    """Where the method is published."""
    states: Callable[[Question], Statement]


@dataclass(frozen=True)
class Proof:
    """Somebody who can say something about a derivative as a formula, whatever the point."""

    name: str
    title: str
    source: str
    states: Callable[[Graph, Key], Statement]
