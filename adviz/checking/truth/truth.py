"""The true derivative at a point, as it settles with growing precision.

Fifty digits are not the truth by themselves: (1 - cos x)/x² at 10⁻²⁰ is wrong even so. SymPy's
derivative is evaluated with 50 digits and again with twice as many until two results agree to 30;
the same graph is then replayed with as many digits, where a wrong rule cannot hide behind
rounding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from adviz.checking.truth.agreement import same
from adviz.checking.truth.beside import Beside, approached
from adviz.checking.truth.budget import TO_ACCUSE, affordable, swept_work
from adviz.checking.truth.operations import operations
from adviz.checking.truth.rounding import resolved
from adviz.checking.truth.settling import (
    FIRST_DIGITS,
    MOST_DIGITS,
    PRECISIONS,
    ZERO_DIGITS,
    Truth,
    settled,
    shrinks,
)
from adviz.checking.truth.sympys import derivatives, derivatives_work, formulas
from adviz.graph.graph import Graph
from adviz.graph.paths import on_the_way
from adviz.language.labels import Key
from adviz.modes.domains import Judge, Status
from adviz.modes.fast.jacobian import values_and_jacobian, values_at
from adviz.modes.point import FloatPoint
from adviz.numbers import FLOAT64, Number, Numbers, multiprecision

_CONFIRMING = (ZERO_DIGITS, MOST_DIGITS)
"""The precisions at which a disagreement must stay."""
_SMALL = 1e-6
"""Of numbers of this size, and of its inverse, few powers fit into the first digits."""
_NEAR, _NEARER = -20, -40
"""Powers of ten of the steps beside a kink."""
_BESIDE_DIGITS = 400
"""The fewest digits there: what cancels over such a step, up to the tenth order, leaves enough."""
_PLACES = 64
"""How many places beside a point are remembered: all outputs go to the same."""
_ASLANT = (0.618, 0.294)
"""How far another input is moved against the one that is approached, where it must not stay."""


@dataclass(frozen=True)
class Replay:
    """The same graph's own derivatives with many digits, and what happens at its nodes there."""

    derivatives: Mapping[Key, Number]
    values: Sequence[Number]
    status: Sequence[Status]
    """Per node, its value judged at this precision."""


class Oracle:
    """SymPy's derivatives of one graph: derived once, evaluated wherever the truth is asked for.

    `true` has the same outputs, and is what SymPy differentiates, where that is another graph.
    """

    def __init__(self, graph: Graph, wanted: Sequence[str], true: Graph | None = None) -> None:
        self.graph, self.wanted, self.true = graph, tuple(wanted), true or graph
        self.keys = [Key(label, name) for label in graph.outputs for name in self.wanted]
        self._systems: dict[int, Numbers] = {}
        self._beside = lru_cache(maxsize=_PLACES)(self._at)
        self._vanishing = _vanishing(formulas(self.true, self.wanted))
        rows = [graph.row(node) for node in range(len(graph))]
        self.delicate = any(row and (row.domain or row.kink or row.pole) for row in rows)
        self._computed = [node for node, row in enumerate(rows) if row] if self.delicate else []

    def numbers(self, digits: int) -> Numbers:
        """Return the numbers of so many digits, with the graph's own rows."""
        if digits not in self._systems:
            self._systems[digits] = multiprecision(digits).over(self.graph.rows)
        return self._systems[digits]

    def derivatives(self, point: FloatPoint, digits: int) -> dict[Key, Number]:
        """Return SymPy's derivatives with so many digits."""
        return derivatives(self.true, self.numbers(digits), point, self.wanted)

    def elsewhere(self, point: FloatPoint, digits: int) -> dict[Key, Number]:
        """Return the same at a place beside a point, to which many derivatives go."""
        return self._beside(tuple(point.items()), digits)

    def _at(self, place: tuple[tuple[str, float], ...], digits: int) -> dict[Key, Number]:
        return self.derivatives(dict(place), digits)

    def truths(self, point: FloatPoint) -> dict[Key, Truth]:
        """Return every derivative as it settles."""
        digits, far_apart = FIRST_DIGITS, self._far_apart(point)
        history = [self.derivatives(point, digits)]
        known = {key: Truth(history[0][key], 0, digits) for key in self._vanishing}
        while len(known) < len(self.keys) and digits < self.most_digits:
            open_ = [key for key in self.keys if key not in known]
            digits = self._more(digits, [[one[key] for one in history] for key in open_])
            history.append(self.derivatives(point, digits))
            for key in open_:
                truth = settled([one[key] for one in history], digits)
                if truth and not (far_apart and self._swallowed(point, key, truth)):
                    known[key] = truth
        last = history[-1]
        return {key: known.get(key) or Truth(last[key], 0, digits, False) for key in self.keys}

    def _swallowed(self, point: FloatPoint, key: Key, truth: Truth) -> bool:
        """Return whether a derivative that is not 0 is no more than rounding."""
        steps = operations(self.graph, "reverse", self.wanted)
        return bool(truth.value) and not resolved(steps, key, point, truth)

    def _far_apart(self, point: FloatPoint) -> bool:
        """Return whether a value is so small or large that another may swallow it."""
        found = values_at(self.graph, FLOAT64.over(self.graph.rows), point)
        sizes = (abs(value) for value in found if value is not None)
        return any(size and not _SMALL < size < 1 / _SMALL for size in sizes)

    def _more(self, digits: int, histories: Sequence[Sequence[Number]]) -> int:
        """Return the next precision: twice this one, or what decides whether numbers are 0."""
        vanishing = all(len(h) > 1 and shrinks(*h[-2:]) for h in histories)
        more = ZERO_DIGITS if vanishing and digits < ZERO_DIGITS else 2 * digits
        return min(more, self.most_digits)

    @cached_property
    def most_digits(self) -> int:
        """The most digits that the budget allows for one evaluation of all derivatives."""
        return self._within(1)

    @cached_property
    def most_confirming(self) -> int:
        """The most digits that it allows before a derivative is called wrong."""
        return self._within(TO_ACCUSE)

    def _within(self, times: int) -> int:
        """Return the most digits that so many times the budget of one evaluation allows."""
        within = (more for more in PRECISIONS if affordable(self.true, self._work(more), times))
        return max(within, default=PRECISIONS[0])

    @property
    def looks_beside(self) -> bool:
        """Whether the budget allows a look at what is beside a point, in four places.

        What is found there serves all outputs.
        """
        once = self._work(_BESIDE_DIGITS) // max(len(self.true.outputs), 1)
        return affordable(self.true, 4 * once)

    def _work(self, digits: int) -> int:
        """Return what all derivatives take with so many digits, by SymPy or by reverse mode."""
        ours = swept_work(self.graph, len(self.graph.outputs), digits)
        return max(ours, derivatives_work(self.true, self.wanted, digits))

    def replay(self, point: FloatPoint, digits: int) -> Replay:
        """Return the same graph's derivatives by reverse mode with so many digits."""
        numbers = self.numbers(digits)
        found, derivatives = values_and_jacobian(self.graph, numbers, point, self.wanted, "reverse")
        return Replay(derivatives, found, self._status(numbers, found))

    def _status(self, numbers: Numbers, found: Sequence[Number]) -> tuple[Status, ...]:
        """Return every node's value judged."""
        return _judged(self.graph, numbers, found, self._computed)

    def forked(self, point: FloatPoint, key: Key, digits: int) -> bool:
        """Return whether SymPy's formulas choose for this point alone, where the graph does not."""
        if self.true is self.graph or key not in self._forks:
            return False
        numbers = self.numbers(digits)
        found = values_at(self.true, numbers, point)
        return "kink" in _judged(self.true, numbers, found, self._forks[key])

    @cached_property
    def _forks(self) -> dict[Key, tuple[int, ...]]:
        """What SymPy's formulas choose by, for the derivatives that have choices on the way."""
        rows = [self.true.row(node) for node in range(len(self.true))]
        ways = {
            key: tuple(node for node in on_the_way(self.true, key) if rows[node])
            for key in self.keys
        }
        delicate = {node for node, row in enumerate(rows) if row and row.kink}
        return {key: way for key, way in ways.items() if not delicate.isdisjoint(way)}

    def confirmed(self, point: FloatPoint, key: Key, truth: Truth) -> tuple[Truth, bool]:
        """Return the truth at the precision at which the same graph's derivative agrees with it.

        Two precisions may agree because both swallow the same small term, as 50 and 100 digits
        do for log(1 + exp(-900)); so a disagreement counts only when it stays as both are
        computed with more digits than the exponents of doubles span. The flag says whether they
        agree in the end; a truth that is not settled says that one of them never did, or that
        the budget has no room for so many digits.
        """
        digits = truth.digits
        ours, sympys = [self.replay(point, digits).derivatives[key]], [truth.value]
        for digits in (more for more in _CONFIRMING if truth.digits < more <= self.most_confirming):
            ours.append(self.replay(point, digits).derivatives[key])
            sympys.append(self.derivatives(point, digits)[key])
            if same(sympys[-1], ours[-1]) or all(settled(r, digits) for r in (sympys, ours)):
                break
        agree = same(sympys[-1], ours[-1])
        if len(sympys) == 1:
            return truth._replace(settled=agree or truth.digits >= MOST_DIGITS), agree
        first, second = (settled(results, digits) for results in (sympys, ours))
        known = first or Truth(sympys[-1], 0, digits, False)
        if agree or (second and not known.contradicts(second.value)):
            return known, True
        if first and second:
            return (truth if same(truth.value, known.value) else known), False
        return known._replace(settled=False), False

    def beside(
        self, point: FloatPoint, key: Key, digits: int, here: Truth | None = None, across: str = ""
    ) -> Beside:
        """Return the function's and the derivative's limits from both sides of one input.

        `here` is the function's value at the point, where its formula need not have it. With
        `across`, the lines of approach lie on either side of that input: along a line on which it
        stays, a derivative by it may be at its kinks throughout. There are two on each side, for
        what only has the same limit along lines with one slope has none.
        """
        value = here or Truth(self.value(point, key, max(digits, _BESIDE_DIGITS)), 0, digits)
        near = _Neighbourhood(self, point, key, digits, value)
        lines = [{across: side * far} for far in _ASLANT for side in (-1, 1)] if across else [{}]
        return Beside.joined([near.along(line) for line in lines])

    def value(self, point: FloatPoint, key: Key, digits: int) -> Number:
        """Return the value of a derivative's output, as SymPy's formulas give it."""
        found = values_at(self.true, self.numbers(digits), point)
        return found[self.true.outputs[key.output]]


@dataclass(frozen=True)
class _Neighbourhood:
    """Where a derivative and its function are looked at beside a point."""

    oracle: Oracle
    point: FloatPoint
    key: Key
    digits: int
    here: Truth
    """The function's value at the point."""

    def along(self, line: Mapping[str, float]) -> Beside:
        """Return the limits from both sides, other inputs moved as the line says."""
        left, right = (self._limit({**line, self.key.input: side}) for side in (-1, 1))
        return Beside((left[0], right[0]), (*left[1], *right[1]))

    def _limit(self, end: Mapping[str, float]) -> tuple[Truth, tuple[Number, Number]]:
        """Return the derivative close beside the point, and how far the value is from that here."""
        digits = max(2 * self.digits, _BESIDE_DIGITS)
        context = self.oracle.numbers(digits).constant(0).context
        places = [self._moved(end, context.mpf(10) ** power) for power in (_NEAR, _NEARER)]
        near, nearer = (self.oracle.elsewhere(place, digits)[self.key] for place in places)
        values = [self.oracle.value(place, self.key, digits) for place in places]
        noise = context.mpf(10) ** -self.digits + self.here.slack
        gaps = [max(abs(value - self.here.value) - noise, context.zero) for value in values]
        return approached(near, nearer, 2 * self.digits), (gaps[0], gaps[1])

    def _moved(self, end: Mapping[str, float], step: Number) -> dict[str, Number]:
        """Return a place beside the point; a step is relative, and beside 0 absolute."""
        here = {name: step.context.mpf(self.point[name]) for name in end}
        moved = {name: x + end[name] * step * (abs(x) or 1) for name, x in here.items()}
        return {**self.point, **moved}


def _judged(
    graph: Graph, numbers: Numbers, found: Sequence[Number], nodes: Iterable[int]
) -> tuple[Status, ...]:
    """Return the status of some nodes by their values; all others are well."""
    judge = Judge(graph, numbers, found, strict=False)
    for node in nodes:
        if found[node] is not None:
            judge.value(node)
    return tuple(judge.status)


def _vanishing(made: Mapping[Key, tuple[Graph, str]]) -> list[Key]:
    """Return the derivatives that SymPy finds to be 0 everywhere."""
    return [
        key
        for key, (slopes, output) in made.items()
        if slopes.constants.get(slopes.outputs[output]) == 0
    ]
