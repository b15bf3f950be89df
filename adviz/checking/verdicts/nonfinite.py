"""Where an infinity or NaN arises, the way it goes from there, and the form that avoids it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from adviz.checking.finding import Place
from adviz.checking.verdicts.culprit import Culprit
from adviz.errors import DomainError, PointError
from adviz.graph.graph import Graph
from adviz.graph.paths import below
from adviz.graph.shown import formula_of
from adviz.language.labels import Key
from adviz.modes.fast.jacobian import values_at
from adviz.modes.limits import slope_advice, small
from adviz.modes.trace import Step, Trace
from adviz.modes.verbs import forward, reverse
from adviz.numbers import FLOAT64, Number


def untaken(
    graph: Graph, key: Key, point: Mapping[str, float], exact: Sequence[Number]
) -> Culprit | None:
    """Return the node of a branch not taken that has no finite value or slope at a point.

    What computes both branches and multiplies by 0 gets NaN from there; `exact` holds None for
    what only such a branch needs.
    """
    numbers = replace(FLOAT64.over(graph.rows), many=True, eager=True, _bound={})
    found = values_at(graph, numbers, point)
    for node in below(graph, key.output):
        row = graph.row(node)
        if exact[node] is not None or row is None or isinstance(found[node], bool):
            continue
        at = [*(found[argument] for argument in graph.args[node]), found[node]]
        slopes = [numbers.partial(row, k)(*at) for k in range(row.arity) if row.differentiable(k)]
        if not all(map(math.isfinite, (found[node], *slopes))):
            place = Place.of(graph, node)
            return Culprit(
                f"most likely NaN from the branch that is not taken: {place} has no finite value "
                f"and slope there, and 0 times that is no number; what computes both branches "
                f"needs a harmless argument inside, as in log(where(x > 0, x, 1))",
                place,
            )
    return None


def complaint(graph: Graph, point: Mapping[str, Number], key: Key, mode: str) -> Culprit:
    """Return where the first infinity or NaN of a sweep arose, and the way it went from there."""
    trace = _swept(graph, point, key, mode, "ieee")
    step = next((s for s in trace.steps if not all(_finite(trace, n) for n in _numbers(s))), None)
    if step is None:
        return Culprit("the derivative itself is too large for float64")
    node = step.edge.head if step.edge else step.node
    told = [_arising(graph, point, key, mode, step), *_way(trace, key, node), *_met_zero(trace)]
    if " tends to " not in told[0]:
        told += _guarded(graph, node)
    said = "; ".join(told)
    if small(graph, point) and f"{key} tends to" not in said:
        said += slope_advice(graph, point, key.output, key.input, str(key))
    return Culprit(said, Place.of(graph, node))


def _numbers(step: Step) -> tuple[Number, ...]:
    return step.number, step.partial, step.product


def _arising(graph: Graph, point: Mapping[str, Number], key: Key, mode: str, step: Step) -> str:
    """Say what happened at the first number that is not finite."""
    if step.edge is not None and isinstance(step.partial, float) and math.isinf(step.partial):
        head = step.edge.head
        return f"{graph.ops[head]} has an infinite slope at {Place.of(graph, head)}"
    try:
        _swept(graph, point, key, mode, "raise")
    except DomainError as error:
        return without_advice(str(error))
    return "the derivative is infinite"


def _swept(graph: Graph, point: Mapping[str, Number], key: Key, mode: str, errors: Any) -> Trace:
    if mode == "forward":
        return forward(graph, point, key.input, errors=errors)
    return reverse(graph, point, {key.output: 1}, wrt=key.input, errors=errors)


def without_advice(message: str) -> str:
    """Return an error's words without the advice that is meant for the caller of a sweep.

    >>> without_advice("x = inf is not finite; pass errors='ieee' to go on")
    'x = inf is not finite'
    """
    return re.split("; (?:pass digits=|pass errors=|leave )|, or let digits= ", message)[0]


def without_ieee(message: str) -> str:
    """Return an error's words without the advice to go on with infinities.

    >>> without_ieee("pass digits=50 to compute it, or errors='ieee' to go on with inf")
    'pass digits=50 to compute it'
    """
    return re.sub(r"(; pass|, or(?: pass)?) errors='ieee' to go on(?: with inf)?", "", message)


@contextmanager
def told(words: Callable[[str], str]) -> Iterator[None]:
    """Tell what is wrong with a point in the words of a verb that has other parameters."""
    try:
        yield
    except (PointError, DomainError) as error:
        error.args = (words(str(error)),)
        raise


def _way(trace: Trace, key: Key, start: int) -> Iterator[str]:
    """Say by which nodes what is not finite went on to the derivative."""
    steps = [step for step in trace.steps if not _finite(trace, step.number)]
    nodes = list(dict.fromkeys(step.node for step in steps if step.node != start))
    if nodes:
        symbols = trace.graph.symbols
        yield f"it reaches {key} by {' → '.join(symbols[node] for node in [start, *nodes][:8])}"


def _met_zero(trace: Trace) -> Iterator[str]:
    """Say where an infinity met a zero, if it did."""
    for step in trace.steps:
        if step.edge and trace.numbers.isnan(step.product) and 0 in (step.partial, step.incoming):
            yield f"at {trace.graph.symbols[step.edge.head]} it met a zero: 0·∞ is no number"
            return


def _finite(trace: Trace, number: Any) -> bool:
    return isinstance(number, bool) or number is None or trace.numbers.finite(number)


def _guarded(graph: Graph, node: int) -> Iterator[str]:
    """Give the form with `where` that avoids a place without a value or a finite slope."""
    row = graph.row(node)
    condition = _SAFE.get((row.domain, row.pole)) if row else None
    if row is None or condition is None:
        return
    formulas = (formula_of(graph, argument) for argument in graph.args[node])
    renamed = dict(zip(row.args, formulas, strict=True))
    said = re.sub(r"[a-z]\w*", lambda word: renamed.get(word[0], word[0]), condition)
    yield f"where({said}, {formula_of(graph, node)}, …) avoids it"


_SAFE: Mapping[tuple[str, str], str] = {
    ("x > 0", ""): "x > 0",
    ("x >= 0", "x == 0"): "x > 0",
    ("y != 0", ""): "y != 0",
    ("x != 0", ""): "x != 0",
    ("", "x == 0"): "x != 0",
    ("x > -1", ""): "x > -1",
    ("-1 <= x <= 1", "abs(x) == 1"): "-1 < x < 1",
    ("-1 < x < 1", ""): "-1 < x < 1",
    ("0 < x < 1", ""): "0 < x < 1",
    ("0 < x <= 1", "x == 1"): "0 < x < 1",
    ("x >= 1", "x == 1"): "x > 1",
    ("abs(x) >= 1", "abs(x) == 1"): "abs(x) > 1",
    ("abs(x) > 1", ""): "abs(x) > 1",
}
"""Where a function has a value and a finite slope, by its domain and its pole."""
