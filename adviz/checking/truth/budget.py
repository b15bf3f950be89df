"""How much may be computed for a verdict: work that is counted, never time that is measured.

The same call gives the same report on every machine. Work is counted in units of about a
microsecond: what mpmath takes for an operation grows with the square of the digits, and is much
for a special function.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache

from adviz.graph.graph import Graph
from adviz.numbers import Numbers
from adviz.primitives.special import SPECIAL

ONE_EVALUATION, FOR_A_NODE = 800_000, 4_000
"""The most work of which the truth is made at one precision; large graphs may take more."""
TO_ACCUSE = 4
"""So many times as much may be done before a derivative is called wrong, which is rare."""
WITNESS = 150_000
"""The most work of one witness of one derivative at one point."""
WITNESSES = 700_000
"""The most work of all witnesses of one report."""
UNHEARD = "not heard (budget)"
"""What a report says of a witness that would have taken more."""
_SWEEP = 2
"""The local partials of a sweep take about twice as long as the values."""
_WEIGHTS: Mapping[str, float] = {
    **dict.fromkeys((row.name for row in SPECIAL), 0.3),
    **dict.fromkeys("gamma factorial lgamma loggamma spherical_jn Shi".split(), 0.4),
    **dict.fromkeys("elliptic_k_derivative elliptic_e_derivative".split(), 0.8),
    **dict.fromkeys("erfinv erfcinv digamma".split(), 0.8),
    **dict.fromkeys("bessely besselk airyai airybi airyaiprime airybiprime".split(), 1.2),
    **dict.fromkeys("beta lbeta binomial".split(), 1.2),
    **dict.fromkeys("polygamma polygamma_difference".split(), 1),
    **dict.fromkeys("zeta zeta_derivative".split(), 6),
}
"""What special functions take, as `python tests/benchmarks/weights.py` measures it, at the many
digits that budgets are there for: with few, the slopes of gamma take up to three times as much."""


class Spent(Exception):
    """A budget does not suffice for what comes next."""


class Budget:
    """Work that may still be done, perhaps as a part of a larger budget.

    >>> whole = Budget(100)
    >>> part = whole.part(30)
    >>> part.spend(20)
    >>> whole.left, part.left
    (80, 10)
    """

    def __init__(self, most: float, whole: Budget | None = None) -> None:
        self.left, self.whole = most, whole

    def part(self, most: float) -> Budget:
        """Return a budget whose work is also work of this one."""
        return Budget(min(most, self.left), self)

    def spend(self, work: int) -> None:
        """Take work off before it is done; raises Spent when there is not so much left."""
        if work > self.left:
            raise Spent
        self.left -= work
        if self.whole is not None:
            self.whole.spend(work)


NO_LIMIT = Budget(math.inf)
"""For what is bounded by other means, such as one evaluation."""


@lru_cache(maxsize=256)
def work(graph: Graph, digits: int) -> int:
    """Return what one evaluation of a graph takes with so many digits; with 0 in float64.

    >>> import adviz
    >>> [work(adviz.build(text), 50) for text in ("x*y", "sin(x)", "zeta(x)")]
    [4, 21, 3150]
    """
    costs = {op: _cost(graph, op, digits) for op in {*graph.ops}}
    return sum(costs[op] for op in graph.ops)


def _cost(graph: Graph, op: str, digits: int) -> int:
    row = graph.rows.get(op)
    if row is None:
        return 0
    if row.rational:
        return (4 + digits * digits // 100_000) if digits else 2
    elementary = (20 + digits * digits // 2_000) if digits else 3
    weight = _WEIGHTS.get(op)
    return elementary if weight is None else round(elementary * (20 + digits / 10) * weight)


def swept_work(graph: Graph, sweeps: int, digits: int) -> int:
    """Return what the values and so many sweeps take."""
    return work(graph, digits) * (1 + _SWEEP * sweeps)


def affordable(graph: Graph, work_of_it: int, times: int = 1) -> bool:
    """Return whether the truth of a graph may be made by so much work at one precision."""
    return work_of_it <= times * max(ONE_EVALUATION, FOR_A_NODE * len(graph))


def digits_of(numbers: Numbers) -> int:
    """Return the digits of a number system; 0 of one whose numbers are floats."""
    context = getattr(numbers.constant(0), "context", None)
    return 0 if context is None else int(context.dps)
