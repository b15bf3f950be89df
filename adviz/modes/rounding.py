"""How far rounding may carry a value, to first order.

Every operation errs by its row's ulps, and an error reaches an output multiplied by the adjoint of
the node where it arises: the bound is the sum of (c·u·|v| + η)·|v̄| over the nodes, with c from the
row (0 for an exact operation), u = 2⁻⁵³, and η = 2⁻¹⁰⁷⁴ for what underflow takes away (Iri,
Tsuchiya & Hoshi 1988, J. Comput. Appl. Math. 24, 365-392; Higham 2002, *Accuracy and Stability of
Numerical Algorithms*, 2nd ed., section 3.1).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from adviz.modes.linear import Linear
from adviz.modes.sweep import adjoints
from adviz.numbers import Number

UNIT = 2.0**-53
"""The unit roundoff of float64."""
TINIEST = 2.0**-1074
"""The smallest float64, which is what underflow may take away."""
SECOND_ORDER = 2.0
"""What the first-order bound is multiplied by, for the terms of second order left out."""

Errors = Callable[[int], Number]
"""Gives the error that arises at a node, 0 where none does."""


def reaching(at: Linear, label: str, errors: Errors) -> float:
    """Return what errors at the nodes amount to in an output, with the second-order factor.

    >>> import adviz
    >>> from adviz.numbers import FLOAT64
    >>> at = Linear(adviz.build("x*y"), FLOAT64, [3.0, 2.0, 6.0])
    >>> reaching(at, "f", own_errors(at)) / UNIT
    12.0
    """
    bars = adjoints(at, [(at.procedure.outputs[label], at.numbers.constant(1))])
    total = passed_on(bars, errors, at.numbers.constant(0)) * SECOND_ORDER
    return float(total) if total == total else math.inf


def passed_on(bars: Sequence[Number], errors: Errors, least: Number) -> Number:
    """Return what errors at the nodes, and the least there is, add up to by the adjoints."""
    terms = (
        abs(bar) * error
        for node, bar in enumerate(bars)
        if bar is not None and (error := errors(node))
    )  # a slope that does not exist may belong to a constant
    return sum(terms, least)


def own_errors(at: Linear) -> Errors:
    """Return how far each operation may err by itself: an ulp is at most 2u of the value."""
    graph, found, constant = at.procedure, at.found, at.numbers.constant
    rows = [graph.rows[op] for op in dict.fromkeys(graph.ops) if op in graph.rows]
    relative = {row.name: constant(2 * row.ulps * UNIT) for row in rows if row.ulps}
    ops, tiniest = graph.ops, constant(TINIEST)

    def error(node: int) -> Number:
        unit, value = relative.get(ops[node]), found[node]
        if unit is None or value is None or isinstance(value, bool):
            return 0
        return unit * abs(value) + tiniest

    return error


def errors_in_any_order(at: Linear) -> Errors:
    """Return how far each operation may err where a sum may be taken in any order.

    A sum of n terms errs by at most (n - 1)·u·Σ|terms| (Higham 2002, section 4.2); additions that
    feed one another are one sum.

    >>> import adviz
    >>> from adviz.modes.evaluation import evaluated
    >>> from adviz.numbers import FLOAT64
    >>> graph = adviz.build("x + 1e16 - 1e16")
    >>> at = Linear(graph, FLOAT64, evaluated(graph, FLOAT64, {"x": 1.0}))
    >>> errors_in_any_order(at)(graph.outputs["f"]) > 4
    True
    """
    graph, found, own = at.procedure, at.found, own_errors(at)
    counts, sizes = _sums(at)

    def error(node: int) -> Number:
        if graph.ops[node] not in _SUMS or found[node] is None:
            return own(node)
        return 2 * (counts[node] - 1) * UNIT * sizes[node] + TINIEST

    return error


_SUMS = frozenset({"add", "sub", "neg"})


def _sums(at: Linear) -> tuple[list[int], list[Number]]:
    """Return per node how many terms it sums, and what they come to without their signs."""
    graph, most = at.procedure, len(at.procedure)
    counts = [1] * most
    sizes = [abs(value) if value is not None else 0 for value in at.found]
    for node, op in enumerate(graph.ops):
        if op in _SUMS:
            counts[node] = min(sum(counts[argument] for argument in graph.args[node]), most)
            sizes[node] = sum(sizes[argument] for argument in graph.args[node])
    return counts, sizes
