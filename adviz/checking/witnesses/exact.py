"""Exact arithmetic at random rational points, where a derivative is a rational function.

Two different rational functions agree at a random point only with a probability that their degrees
bound: at most degree/size when the coordinates are drawn from so many numbers (Schwartz, *Fast
Probabilistic Algorithms for Verification of Polynomial Identities*, J. ACM 27(4), 1980; Zippel,
*Probabilistic Algorithms for Sparse Polynomials*, EUROSAM 1979).
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from fractions import Fraction

from adviz.checking.finding import Statement
from adviz.checking.truth.sympys import derivatives
from adviz.graph.graph import Graph
from adviz.graph.sameness import remembered
from adviz.language.labels import Key
from adviz.modes.fast.jacobian import swept
from adviz.numbers import EXACT, Number

NAME = "exact"
POINTS = 3
_SIZE = 2**31
"""Coordinates are drawn from so many rational numbers between -2 and 2."""
_TRIES = 20
_LARGEST_DEGREE = 2_000
"""Beyond this the numbers themselves would grow too large."""
_LARGEST_GRAPH = 2_000


def states(graph: Graph, key: Key) -> Statement:
    """Return whether reverse mode and SymPy are exactly equal at random rational points.

    >>> import adviz
    >>> states(adviz.build("(x + y)/(x - y)"), Key("f", "x")).verdict
    'agrees'
    >>> states(adviz.build("sin(x)"), Key("f", "x")).remark
    'sin is not rational'
    """
    found = _compared(graph)
    if isinstance(found, str):
        return Statement(NAME, None, math.nan, "silent", found)
    for point, ours, sympys in found:
        if ours[key] != sympys[key]:
            return _contradicted(point, ours[key], sympys[key])
    return Statement(NAME, None, 0.0, "agrees", _odds(graph, key))


Compared = tuple[Mapping[str, Fraction], Mapping[Key, Number], Mapping[Key, Number]]
"""A point, and all derivatives there, by reverse mode and by SymPy."""


@remembered(16)
def _compared(graph: Graph) -> str | tuple[Compared, ...]:
    """Return the derivatives at random points of the domain, or why there are none."""
    why = _obstacle(graph)
    if why:
        return why
    source, numbers = random.Random(0), EXACT.over(graph.rows)  # noqa: S311 - points to try
    found: list[Compared] = []
    inputs = tuple(graph.inputs)
    for _ in range(_TRIES):
        point = {name: _drawn(source) for name in graph.inputs}
        try:
            ours = swept(graph, numbers, point, inputs, "reverse")  # type: ignore[arg-type]  # Fractions
            sympys = derivatives(graph, numbers, point, inputs)
        except LookupError as error:
            return str(error.args[0])
        if all(map(_finite, (*ours.values(), *sympys.values()))):
            found.append((point, ours, sympys))
        if len(found) == POINTS:
            return tuple(found)
    return "no random point lies inside the domain"


def _drawn(source: random.Random) -> Fraction:
    return Fraction(source.randrange(1, _SIZE) * 4, _SIZE) - 2


def _finite(number: Number) -> bool:
    return isinstance(number, int | Fraction)


def _contradicted(point: Mapping[str, Fraction], ours: Number, sympys: Number) -> Statement:
    at = ", ".join(f"{name} = {value}" for name, value in point.items())
    remark = f"at {at} it is {float(ours):.6g}, and {float(sympys):.6g} by SymPy"
    return Statement(NAME, float(ours), abs(float(ours - sympys)), "differs", remark)


def _obstacle(graph: Graph) -> str:
    """Return why the derivative cannot be computed exactly; nothing when it can."""
    if len(graph) > _LARGEST_GRAPH:
        return f"the graph has {len(graph)} nodes"
    for node, arguments in enumerate(graph.args):
        row = graph.row(node)
        if row is not None and not row.rational:
            return f"{row.label or row.name} is not rational"
        if row is not None and row.name == "pow" and not _whole(graph, arguments[1]):
            return "a power has an exponent that is no whole constant"
    degree = max((max(pair) for pair in _degrees(graph)), default=0)
    if degree > _LARGEST_DEGREE:
        return f"a degree is {degree}, so that exact numbers grow too long"
    return ""


@remembered(16)
def _degrees(graph: Graph) -> list[tuple[int, int]]:
    """Return per node the most that the degrees of its numerator and denominator can be."""
    degrees: list[tuple[int, int]] = []
    for node, arguments in enumerate(graph.args):
        degrees.append(_degree(graph, node, [degrees[a] for a in arguments]))
    return degrees


def _whole(graph: Graph, node: int) -> bool:
    value = graph.constants.get(node)
    return value is not None and math.isfinite(value) and value == int(value)


def _degree(graph: Graph, node: int, degrees: list[tuple[int, int]]) -> tuple[int, int]:
    """Return the most that the degrees of a node's numerator and denominator can be."""
    row = graph.row(node)
    if row is None:
        return (0 if node in graph.constants else 1), 0
    if row.name == "pow":
        times = abs(int(graph.constants[graph.args[node][1]]))
        top, bottom = (times * degree for degree in degrees[0])
        return (top, bottom) if graph.constants[graph.args[node][1]] > 0 else (bottom, top)
    tops, bottoms = [top for top, _ in degrees], [bottom for _, bottom in degrees]
    if row.name == "div":
        return tops[0] + bottoms[1], bottoms[0] + tops[1]
    if row.name in ("mul", "mod", "fmod", "floordiv"):
        return sum(tops), sum(bottoms)
    common = sum(bottoms)
    return max((top + common - bottom for top, bottom in degrees), default=0), common


def _odds(graph: Graph, key: Key) -> str:
    """Return how sure this is: a derivative's degree is at most twice that of its function."""
    top, bottom = _degrees(graph)[graph.outputs[key.output]]
    odds = int(POINTS * math.log10(_SIZE / max(1, 4 * (top + bottom))))
    where = f"{POINTS} random rational points" + ", in the pieces they lie in" * _pieced(graph)
    return f"equal at {where}; by chance with odds of 1 in 10^{odds}"


@remembered(16)
def _pieced(graph: Graph) -> bool:
    """Return whether a function has pieces that rational points may not all lie in."""
    rows = map(graph.row, range(len(graph)))
    return any(row and row.piece and row.name != "div" for row in rows)
