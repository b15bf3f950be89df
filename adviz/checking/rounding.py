"""How far rounding may carry a derivative, to first order, and at which node its digits go.

A derivative is itself a graph, whose operations are those of the mode that computes it. Every
operation errs by its row's ulps, and an error reaches the derivative multiplied by the adjoint of
the node where it arises: the bound is the sum of (c·u·|v| + η)·|v̄| over the nodes, with c from the
row (0 for an exact operation), u = 2⁻⁵³, and η = 2⁻¹⁰⁷⁴ for what underflow takes away (Iri,
Tsuchiya & Hoshi 1988, J. Comput. Appl. Math. 24, 365-392; Higham 2002, *Accuracy and Stability of
Numerical Algorithms*, 2nd ed., section 3.1). What the condition of the problem costs is in it, and
so is what the chosen formula loses.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from adviz.checking.programs import Program
from adviz.finding import Key
from adviz.graph import Graph
from adviz.numbers import FLOAT64, Number, Numbers, multiprecision
from adviz.primitives import Primitive
from adviz.sweep import Evaluated, pull_back, values

UNIT = 2.0**-53
"""The unit roundoff of float64."""
TINIEST = 2.0**-1074
"""The smallest float64, which is what underflow may take away."""
SECOND_ORDER = 2.0
"""What the first-order bound is multiplied by, for the terms of second order left out."""

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


def rounding(made: Program, key: Key, point: Mapping[str, Number], digits: int) -> Rounding:
    """Return the bound of one derivative's error in float64, and where its digits are lost.

    `digits` is the precision at which the bound itself is computed.

    >>> import adviz
    >>> from adviz.checking.programs import program
    >>> made = program(adviz.build("(1 - cos(x))/x**2"), "reverse", ("x",))
    >>> found = rounding(made, Key("f", "x"), {"x": 1e-6}, 50)
    >>> found.bound > 88, max(found.lost, key=found.lost.get)  # node 3 is 1 - cos(x)
    (True, 3)
    """
    numbers = multiprecision(digits).over(made.graph.rows)
    found, errors, growth = _propagated(made.graph, numbers, point)
    adjoints = _adjoints(made.graph, numbers, found, made.graph.outputs[made.derivatives[key]])
    own = _own_errors(made.graph, found)
    terms = [
        abs(bar) * error
        for bar, error in zip(adjoints, own, strict=True)
        if bar is not None and error  # a slope that does not exist may belong to a constant
    ]
    total = sum(terms, numbers.constant(TINIEST)) * SECOND_ORDER
    value = found[made.graph.outputs[made.derivatives[key]]]
    lost, slopes = _lost(made, adjoints, errors, growth, total, _in_all(total, value))
    return Rounding(float(total) if total == total else math.inf, lost, slopes)


def bound(graph: Graph, label: str, point: Mapping[str, Number], digits: int) -> float:
    """Return how far rounding may carry an output of a formula in float64.

    A formula's own broken constants stand for numbers within two units of their last place.
    """

    def errors(found: Sequence[Number]) -> list[Number]:
        own = _own_errors(graph, found)
        return [a + b for a, b in zip(own, _of_constants(graph), strict=True)]

    numbers = multiprecision(digits).over(graph.rows)
    return _reaching(graph, label, point, numbers, errors) + TINIEST


def quick_bound(made: Program, key: Key, point: Mapping[str, Number]) -> float:
    """Return the bound of one derivative's error as float64 itself computes it.

    It excuses nearly all that rounding explains, at a tenth of the cost of `rounding`.
    """
    graph, label = made.graph, made.derivatives[key]
    numbers = FLOAT64.over(graph.rows)
    return (
        _reaching(graph, label, point, numbers, lambda found: _own_errors(graph, found)) + TINIEST
    )


def constants_bound(graph: Graph, label: str, point: Mapping[str, Number], digits: int) -> float:
    """Return how far an output of a formula may be off because its constants were rounded."""
    numbers = multiprecision(digits).over(graph.rows)
    return _reaching(graph, label, point, numbers, lambda _: _of_constants(graph))


def _reaching(
    graph: Graph,
    label: str,
    point: Mapping[str, Number],
    numbers: Numbers,
    errors: Callable[[Sequence[Number]], Sequence[Number]],
) -> float:
    """Return what errors at the nodes amount to in an output, with the second-order factor."""
    found: list[Number] = [None] * len(graph)
    leaves = {node: numbers.constant(point[name]) for name, node in graph.inputs.items()}
    for _ in values(graph, numbers, leaves, found):
        pass
    adjoints = _adjoints(graph, numbers, found, graph.outputs[label])
    pairs = zip(adjoints, errors(found), strict=True)
    terms = (abs(bar) * error for bar, error in pairs if bar is not None and error)
    total = sum(terms, numbers.constant(0)) * SECOND_ORDER
    return float(total) if total == total else math.inf


def _of_constants(graph: Graph) -> list[float]:
    """Return how far a broken constant may be from what it stands for."""
    return [
        0.0 if value is None or value == int(value) else 2 * math.ulp(value)
        for value in (graph.constants.get(node) for node in range(len(graph)))
    ]


def _own_errors(graph: Graph, found: Sequence[Number]) -> list[Number]:
    """Return how far each operation may err by itself."""
    rows = (graph.row(node) for node in range(len(graph)))
    return [
        0 if row is None or not row.ulps or value is None or isinstance(value, bool)
        else _rounded(row, value)
        for row, value in zip(rows, found, strict=True)
    ]  # fmt: skip


def _rounded(row: Primitive, value: Number) -> Number:
    """Return the rounding error of one operation: an ulp is at most 2u of the value."""
    return 2 * row.ulps * UNIT * abs(value) + TINIEST


def _adjoints(graph: Graph, numbers: Numbers, found: Sequence[Number], output: int) -> list[Number]:
    adjoints: list[Number] = [None] * len(graph)
    adjoints[output] = numbers.constant(1)
    for _ in pull_back(graph, numbers, found, adjoints, bytearray(b"\1" * len(graph))):
        pass
    return adjoints


def _propagated(
    graph: Graph, numbers: Numbers, point: Mapping[str, Number]
) -> tuple[list[Number], list[Number], dict[int, float]]:
    """Return every value, the error it carries, and how many digits are lost in computing it."""
    found: list[Number] = [None] * len(graph)
    errors: list[Number] = [0] * len(graph)
    growth: dict[int, float] = {}
    leaves = {node: numbers.constant(point[name]) for name, node in graph.inputs.items()}
    for one in values(graph, numbers, leaves, found):
        if isinstance(one.value, bool):
            continue
        arguments = graph.args[one.node]
        inherited = sum(
            (abs(slope) * errors[arguments[k]] for k, slope in _slopes(graph, numbers, one)),
            numbers.constant(0),
        )
        own = _rounded(one.row, one.value) if one.row.ulps else 0
        errors[one.node] = inherited + own
        before = max((_relative(errors[a], found[a]) for a in arguments), default=UNIT)
        after = _relative(errors[one.node], one.value)
        growth[one.node] = math.log10(after / max(before, UNIT)) if after > before else 0.0
    return found, errors, growth


def _slopes(graph: Graph, numbers: Numbers, one: Evaluated) -> Iterator[tuple[int, Number]]:
    """Yield the local partials through which an operation inherits errors."""
    for position in range(one.row.arity):
        if not one.row.differentiable(position):
            continue
        if one.row.name == "where":
            if bool(one.arguments[0]) == (position == 1):
                yield position, numbers.constant(1)
            continue
        slope = numbers.partial(one.row, position)(*one.arguments, one.value)
        if numbers.finite(slope):
            yield position, slope


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
    made: Program,
    adjoints: Sequence[Number],
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
        bar, origin = adjoints[node], made.origins[node]
        digits = min(digits, in_all)
        if bar is None or origin < 0 or digits < _TOLD:
            continue
        if abs(bar) * errors[node] * SECOND_ORDER >= _SHARE * total and digits > lost.get(
            origin, 0
        ):
            lost[origin] = round(digits, 1)
            (slopes.discard if node < made.primal else slopes.add)(origin)
    return lost, frozenset(slopes)
