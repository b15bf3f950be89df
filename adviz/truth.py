"""The true derivative at a point, as it settles with growing precision.

Fifty digits are not the truth by themselves: (1 - cos x)/x² at 10⁻²⁰ is wrong even so. SymPy's
derivative is evaluated with 50 digits and again with twice as many until two results agree to 30;
the same graph is then replayed with as many digits, where a wrong rule cannot hide behind
rounding.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from adviz.finding import Key
from adviz.graph import Graph
from adviz.judge import Judge, Status
from adviz.numbers import Number, Numbers, multiprecision
from adviz.sweep import active, pull_back, push_forward, values
from adviz.symbolics import sympy_derivatives

FIRST_DIGITS, MOST_DIGITS, AGREED_DIGITS = 50, 1600, 30
"""Truth starts at 50 digits and doubles until two results agree to 30; at 1600 it is undecided."""

_ZERO_DIGITS = 400
"""Two exact zeros settle only here: a term may be too small for fewer digits."""
_NEAR, _NEARER = -20, -40
"""Powers of ten of the steps beside a kink."""
_VANISHING, _CONTINUOUS = 1e-6, 1e-15
"""The ratio over these steps of what has no limit but 0; the difference of what is the same."""

Point = Mapping[str, float]
Jacobian = Mapping[Key, Number]


class Truth(NamedTuple):
    """A derivative's value with many digits, and how far from it the truth may lie."""

    value: Number
    slack: Number
    digits: int
    """The precision of the value."""
    settled: bool = True

    def contradicts(self, number: Number, allowed: Number = 0) -> bool:
        """Return whether a number is further from the truth than its slack and what is allowed."""
        exact = self.value.context.mpf(number)
        if exact != exact or self.value != self.value:
            return bool((exact == exact) != (self.value == self.value))
        return bool(exact != self.value and not abs(exact - self.value) <= self.slack + allowed)


@dataclass(frozen=True)
class Replay:
    """The same graph's own derivatives with many digits, and what happens at its nodes there."""

    derivatives: Jacobian
    values: Sequence[Number]
    status: Sequence[Status]
    """Per node, its value judged at this precision."""


class Beside(NamedTuple):
    """What a derivative and its function approach from the left and from the right."""

    slopes: tuple[Truth, Truth]
    values: tuple[Number, Number]

    @property
    def jumps(self) -> bool:
        """Whether the function itself is different on both sides, or is none on one."""
        left, right = self.values
        return not abs(left - right) <= max(abs(left), abs(right), 1) * _CONTINUOUS

    @property
    def common(self) -> Truth | None:
        """The derivative, when both sides approach the same finite one."""
        left, right = self.slopes
        size = max(abs(left.value), abs(right.value))
        slack = left.slack + right.slack + size * _CONTINUOUS
        same = abs(left.value - right.value) <= slack and size < math.inf
        return None if self.jumps or not same else Truth(left.value, slack, left.digits)


# --- derivatives as bare numbers -----------------------------------------------------------------


def swept(
    graph: Graph, numbers: Numbers, point: Point, wanted: Iterable[str], mode: str
) -> dict[Key, Number]:
    """Return the whole Jacobian by one mode in a number system, without a trace.

    >>> import adviz
    >>> g = adviz.build("x*y")
    >>> swept(g, FLOAT64, {"x": 3.0, "y": 2.0}, ["x", "y"], "reverse")
    {Key(output='f', input='x'): 2.0, Key(output='f', input='y'): 3.0}
    """
    found = evaluated(graph, numbers, point)
    return _SWEEPS[mode](graph, numbers, found, list(wanted))


def evaluated(graph: Graph, numbers: Numbers, point: Point) -> list[Number]:
    """Return every node's value; None where a branch that is not taken alone needs it."""
    found: list[Number] = [None] * len(graph)
    for _ in values(graph, numbers, _leaves(graph, numbers, point), found):
        pass
    return found


def _leaves(graph: Graph, numbers: Numbers, point: Point) -> dict[int, Number]:
    return {graph.inputs[name]: numbers.constant(value) for name, value in point.items()}


def _reverse(
    graph: Graph, numbers: Numbers, found: Sequence[Number], wanted: Sequence[str]
) -> dict[Key, Number]:
    reached = active(graph, [graph.inputs[name] for name in wanted])
    zero, derivatives = numbers.constant(0), {}
    for label, output in graph.outputs.items():
        adjoints: list[Number] = [None] * len(graph)
        adjoints[output] = numbers.constant(1)
        for _ in pull_back(graph, numbers, found, adjoints, reached):
            pass
        for name in wanted:
            arrived = adjoints[graph.inputs[name]]
            derivatives[Key(label, name)] = zero if arrived is None else arrived
    return derivatives


def _forward(
    graph: Graph, numbers: Numbers, found: Sequence[Number], wanted: Sequence[str]
) -> dict[Key, Number]:
    zero, derivatives = numbers.constant(0), {}
    for name in wanted:
        node = graph.inputs[name]
        tangents: list[Number] = [None] * len(graph)
        tangents[node] = numbers.constant(1)
        for _ in push_forward(graph, numbers, found, tangents, active(graph, [node])):
            pass
        for label, output in graph.outputs.items():
            arrived = tangents[output]
            derivatives[Key(label, name)] = zero if arrived is None else arrived
    return {
        Key(label, name): derivatives[label, name] for label in graph.outputs for name in wanted
    }


_SWEEPS = {"forward": _forward, "reverse": _reverse}
MODES = tuple(_SWEEPS)
"""The modes of adviz itself, which are judged when no other derivative is given."""


# --- truth ---------------------------------------------------------------------------------------


class Oracle:
    """SymPy's derivatives of one graph: derived once, evaluated wherever the truth is asked for."""

    def __init__(self, graph: Graph, wanted: Sequence[str]) -> None:
        self.graph, self.wanted = graph, tuple(wanted)
        self.keys = [Key(label, name) for label in graph.outputs for name in self.wanted]
        rows = [graph.row(node) for node in range(len(graph))]
        self.delicate = any(row and (row.domain or row.kink or row.pole) for row in rows)

    def derivatives(self, point: Point, digits: int) -> dict[Key, Number]:
        """Return SymPy's derivatives with so many digits."""
        numbers = multiprecision(digits).over(self.graph.rows)
        exact = {name: numbers.constant(value) for name, value in point.items()}
        found = sympy_derivatives(self.graph, exact, self.wanted, numbers)
        return {key: found[key.output][key.input] for key in self.keys}

    def truths(self, point: Point) -> dict[Key, Truth]:
        """Return every derivative as it settles."""
        digits = FIRST_DIGITS
        history = [self.derivatives(point, digits)]
        settled: dict[Key, Truth] = {}
        while len(settled) < len(self.keys) and digits < MOST_DIGITS:
            digits *= 2
            history.append(self.derivatives(point, digits))
            for key in self.keys:
                truth = key not in settled and _settled([one[key] for one in history], digits)
                if truth:
                    settled[key] = truth
        last = history[-1]
        return {key: settled.get(key) or Truth(last[key], 0, digits, False) for key in self.keys}

    def replay(self, point: Point, digits: int) -> Replay:
        """Return the same graph's derivatives by reverse mode with so many digits."""
        numbers = multiprecision(digits).over(self.graph.rows)
        found: list[Number] = [None] * len(self.graph)
        judge = Judge(self.graph, numbers, found, strict=False)
        for one in values(self.graph, numbers, _leaves(self.graph, numbers, point), found):
            if self.delicate:
                judge.value(one)
        return Replay(_reverse(self.graph, numbers, found, self.wanted), found, tuple(judge.status))

    def replayed(self, point: Point, key: Key, truth: Truth) -> Truth:
        """Return the same graph's derivative as it settles, from the truth's precision on."""
        digits, history = truth.digits, [self.replay(point, truth.digits).derivatives[key]]
        while digits < MOST_DIGITS:
            digits *= 2
            history.append(self.replay(point, digits).derivatives[key])
            settled = _settled(history, digits)
            if settled:
                return settled
        return Truth(history[-1], 0, digits, False)

    def beside(self, point: Point, key: Key, digits: int) -> Beside:
        """Return the function's and the derivative's limits from both sides of one input."""
        left, right = (self._limit(point, key, 2 * digits, side) for side in (-1, 1))
        return Beside((left[0], right[0]), (left[1], right[1]))

    def _limit(self, point: Point, key: Key, digits: int, side: int) -> tuple[Truth, Number]:
        """Return the derivative close beside a point, and the value there.

        Told from steps of 10⁻²⁰ and 10⁻⁴⁰ of the input's size: a derivative that vanishes or
        grows with the step has the limit 0 or infinity; another differs from its limit by what
        the second derivative adds over the step.
        """
        numbers = multiprecision(digits).over(self.graph.rows)
        context = numbers.constant(0).context
        here = context.mpf(point[key.input])
        size = abs(here) or context.one
        near, nearer = (
            {**point, key.input: here + side * size * context.mpf(10) ** power}
            for power in (_NEAR, _NEARER)
        )
        before, after = (self.derivatives(moved, digits)[key] for moved in (near, nearer))
        value = evaluated(self.graph, numbers, nearer)[self.graph.outputs[key.output]]
        if context.isfinite(before) and abs(after) <= abs(before) * _VANISHING:
            return Truth(context.zero, abs(after), digits), value
        if context.isfinite(before) and abs(before) <= abs(after) * _VANISHING:
            return Truth(context.inf * context.sign(after), context.zero, digits), value
        return Truth(after, abs(after - before) * _VANISHING, digits), value


def _settled(results: Sequence[Number], digits: int) -> Truth | None:
    """Return a number that no longer changes as the precision doubles, or 0 if it vanishes."""
    before, after = results[-2:]
    context = after.context
    if after == before or (after != after and before != before):
        if after == 0 and digits < _ZERO_DIGITS:
            return None
        slack = context.mpf(10) ** (-digits // 2) if after == 0 else context.zero
        return Truth(after, slack, digits)
    if abs(after - before) <= abs(after) * context.mpf(10) ** -AGREED_DIGITS:
        return Truth(after, abs(after) * context.mpf(10) ** -AGREED_DIGITS, digits)
    if len(results) > 2 and all(map(_shrinks, results, results[1:])):
        return Truth(context.zero, abs(before) * 1000, digits)
    return None


def _shrinks(before: Number, after: Number) -> bool:
    """Return whether a number falls with the precision: what is left of it is rounding."""
    small = before.context.mpf(10) ** (-FIRST_DIGITS // 2)
    return bool(abs(after) <= abs(before) * small)


# --- how numbers compare -------------------------------------------------------------------------


def agreement(found: Number, expected: Number) -> float:
    """Return how many decimal digits of a number are right.

    >>> agreement(3.1416, 3.14159) > 5, agreement(1.0, 1.0), agreement(1.0, -1.0)
    (True, inf, 0.0)
    """
    if found == expected:
        return math.inf
    error = abs(found - expected)
    size = max(abs(found), abs(expected))
    if not error < size:
        return 0.0
    ratio = error / size
    return -float(ratio.context.log10(ratio)) if hasattr(ratio, "context") else -math.log10(ratio)


def ulps(error: Number, expected: Number) -> float:
    """Return an error in units in the last place of a double close to the expected number.

    >>> ulps(2**-52, 1.0)
    1.0
    """
    return (
        float(error / error.context.mpf(_ulp(expected)))
        if hasattr(error, "context")
        else float(error / _ulp(expected))
    )


def _ulp(expected: Number) -> float:
    size = abs(float(expected))
    return math.ulp(min(size, 1.7976931348623157e308))


def decimal(number: Number) -> Decimal:
    """Return a number of many digits rounded to 30, as a plain decimal.

    >>> decimal(multiprecision(50).constant(1)/3)
    Decimal('0.333333333333333333333333333333')
    """
    return Decimal(number.context.nstr(number, AGREED_DIGITS, strip_zeros=True))
