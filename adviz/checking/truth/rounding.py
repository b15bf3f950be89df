"""How far rounding may carry a derivative, to first order, and at which node its digits go.

A derivative is itself a graph, whose operations are those of the mode that computes it; the bound
of its error is that of `adviz.modes.rounding`. What the condition of the problem costs is in it,
and so is what the chosen formula loses.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from adviz.checking.truth.agreement import AGREED_DIGITS
from adviz.checking.truth.operations import Operations
from adviz.checking.truth.settling import Truth
from adviz.graph.graph import Graph
from adviz.graph.paths import below
from adviz.language.labels import Key
from adviz.modes.evaluation import values
from adviz.modes.linear import Linear
from adviz.modes.rounding import (
    SECOND_ORDER,
    TINIEST,
    UNIT,
    Errors,
    own_errors,
    passed_on,
    reaching,
)
from adviz.modes.sweep import adjoints
from adviz.numbers import FLOAT64, Number, Numbers, multiprecision

_ORDINARY = 100.0
"""A derivative's error in units of rounding that costs none of its digits: two decimals."""
_TOLD = 0.5
"""The fewest digits lost at a node that are worth telling."""
_SHARE = 0.1
"""The part of the whole error that must pass through a node for its digits to count."""


@dataclass(frozen=True)
class Rounding:
    """What rounding does to one derivative at one point."""

    bound: float
    """The largest error to first order, times the second-order safety factor."""
    lost: Mapping[int, float]
    """How many decimal digits are lost at each node of the original graph, where any are."""
    in_derivative: frozenset[int]
    """The nodes of these at which it is the derivative, not the value, that loses them."""


def rounding(made: Operations, key: Key, point: Mapping[str, Number], digits: int) -> Rounding:
    """Return the bound of one derivative's error in float64, and where its digits are lost.

    `digits` is the precision at which the bound itself is computed.

    >>> import adviz
    >>> from adviz.checking.truth.operations import operations
    >>> made = operations(adviz.build("(1 - cos(x))/x**2"), "reverse", ("x",))
    >>> found = rounding(made, Key("f", "x"), {"x": 1e-6}, 50)
    >>> found.bound > 88, max(found.lost, key=found.lost.get)  # node 3 is 1 - cos(x)
    (True, 3)
    """
    return _rounding(made, key, _packed(made.graph, point), digits)


@lru_cache(maxsize=64)
def _rounding(made: Operations, key: Key, place: bytes, digits: int) -> Rounding:
    graph, output = made.graph, made.graph.outputs[made.derivatives[key]]
    on_the_way = below(graph, made.derivatives[key])
    at, order = _at(graph, multiprecision(digits), _unpacked(graph, place), on_the_way)
    bars = _bars(at, output)
    errors, growth = _propagated(at, order)
    total = passed_on(bars, own_errors(at), at.numbers.constant(TINIEST)) * SECOND_ORDER
    lost, slopes = _lost(made, bars, errors, growth, total, _in_all(total, at.found[output]))
    return Rounding(float(total) if total == total else math.inf, lost, slopes)


def bound(graph: Graph, label: str, point: Mapping[str, Number], digits: int) -> float:
    """Return how far rounding may carry an output of a formula in float64.

    A formula's own broken constants stand for numbers within two units of their last place.
    """
    at, _ = _at(graph, multiprecision(digits), point, below(graph, label))
    own, of_constants = own_errors(at), _errors_of_constants(graph)
    return reaching(at, label, lambda node: own(node) or of_constants(node)) + TINIEST


def quick_bound(made: Operations, key: Key, point: Mapping[str, Number]) -> float:
    """Return the bound of one derivative's error as float64 itself computes it.

    It excuses nearly all that rounding explains, at a tenth of the cost of `rounding`.
    """
    at = _in_float64(made, _packed(made.graph, point))
    return reaching(at, made.derivatives[key], own_errors(at)) + TINIEST


def resolved(made: Operations, key: Key, point: Mapping[str, Number], truth: Truth) -> bool:
    """Return whether the rounding of so many digits leaves a derivative those that are told.

    Two precisions agree too where both swallow a term that is the whole truth, as 50 and 100
    digits do for 1 - cos(x) at 10⁻⁶⁰. Float64's own bound says mostly that this is not so.

    >>> import adviz
    >>> from adviz.checking.truth.operations import operations
    >>> made = operations(adviz.build("(1 - cos(x))/x**2"), "reverse", ("x",))
    >>> swallowed = Truth(multiprecision(100).constant(1e60), 0, 100)
    >>> resolved(made, Key("f", "x"), {"x": 1e-60}, swallowed)
    False
    """
    context = truth.value.context
    told = abs(truth.value) * context.mpf(10) ** (truth.digits - AGREED_DIGITS) * UNIT
    if not context.isfinite(told) or quick_bound(made, key, point) <= told:
        return True
    label = made.derivatives[key]
    numbers, nodes = multiprecision(truth.digits), below(made.graph, label)
    at, _ = _at(made.graph, numbers, _unpacked(made.graph, _packed(made.graph, point)), nodes)
    total = passed_on(_bars(at, made.graph.outputs[label]), own_errors(at), context.zero)
    return bool(total <= told) or not context.isfinite(total)


def constants_bound(graph: Graph, label: str, point: Mapping[str, Number], digits: int) -> float:
    """Return how far an output of a formula may be off because its constants were rounded."""
    at, _ = _at(graph, multiprecision(digits), point, below(graph, label))
    return reaching(at, label, _errors_of_constants(graph))


def _packed(graph: Graph, point: Mapping[str, Number]) -> bytes:
    """Return a point as a key under which what holds there is found again, -0.0 apart from 0.0."""
    return array("d", [point[name] for name in graph.inputs]).tobytes()


def _unpacked(graph: Graph, place: bytes) -> dict[str, Number]:
    return dict(zip(graph.inputs, array("d", place), strict=True))


@lru_cache(maxsize=4)
def _in_float64(made: Operations, place: bytes) -> Linear:
    """Return a program linearized at a point, which all its derivatives share."""
    return _at(made.graph, FLOAT64, _unpacked(made.graph, place), None)[0]


def _at(
    graph: Graph, numbers: Numbers, point: Mapping[str, Number], nodes: Sequence[int] | None
) -> tuple[Linear, list[int]]:
    """Return a graph linearized at a point from some nodes, and these in the order of evaluation.

    Its local partials stay for all sweeps.
    """
    system, found = numbers.over(graph.rows), [None] * len(graph)
    exact = {name: numbers.constant(point[name]) for name in graph.inputs}
    order = [*values(graph, system, exact, found, nodes)]
    return Linear(graph, system, found, kept={}), order


def _bars(at: Linear, output: int) -> list[Number]:
    """Return what reverse mode gives every node; None where nothing arrives."""
    return adjoints(at, [(output, at.numbers.constant(1))])


def _errors_of_constants(graph: Graph) -> Errors:
    """Return how far a broken constant may be from what it stands for."""

    def error(node: int) -> float:
        value = graph.constants.get(node)
        return 0.0 if value is None or value == int(value) else 2 * math.ulp(value)

    return error


def _propagated(at: Linear, order: Sequence[int]) -> tuple[list[Number], dict[int, float]]:
    """Return the error that every value carries, and how many digits are lost in computing it."""
    graph, found, own = at.procedure, at.found, own_errors(at)
    finite, zero = at.numbers.finite, at.numbers.constant(0)
    errors: list[Number] = [0] * len(graph)
    relative = [UNIT] * len(graph)
    growth: dict[int, float] = {}
    for node in order:
        if isinstance(found[node], bool):
            continue
        slopes = ((edge.tail, at.partial(edge)) for edge in at.uses(node) if at.taken(edge))
        inherited = [abs(slope) * errors[tail] for tail, slope in slopes if finite(slope)]
        errors[node] = sum(inherited, zero) + own(node)
        before = max((relative[tail] for tail in graph.args[node]), default=UNIT)
        after = relative[node] = _relative(errors[node], found[node])
        growth[node] = math.log10(after / max(before, UNIT)) if after > before else 0.0
    return errors, growth


def _relative(error: Number, value: Number) -> float:
    """Return a relative error between the unit roundoff and 1."""
    if not error or isinstance(value, bool) or value is None:
        return UNIT
    if not value or not abs(error) < abs(value):
        return 1.0
    return max(float(abs(error / value)), UNIT)


def _in_all(total: Number, value: Number) -> float:
    """Return how many digits an error costs a number."""
    return max(0.0, math.log10(_relative(total, value) / (_ORDINARY * UNIT)))


def _lost(
    made: Operations,
    bars: Sequence[Number],
    errors: Sequence[Number],
    growth: Mapping[int, float],
    total: Number,
    in_all: float,
) -> tuple[dict[int, float], frozenset[int]]:
    """Return the digits lost at the nodes through which much of the error passes.

    Nowhere are more lost than the derivative misses: what is small may have lost all of its own.
    """
    lost: dict[int, float] = {}
    slopes: set[int] = set()
    for node, digits in growth.items():
        bar, origin = bars[node], made.origins[node]
        digits = min(digits, in_all)
        if bar is None or origin < 0 or digits < _TOLD:
            continue
        if abs(bar) * errors[node] * SECOND_ORDER >= _SHARE * total and digits > lost.get(
            origin, 0
        ):
            lost[origin] = round(digits, 1)
            (slopes.discard if node < made.primal else slopes.add)(origin)
    return lost, frozenset(slopes)
