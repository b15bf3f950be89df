"""The points at which a formula is checked: drawn from ranges or domains, or beside its kinks.

Where no range is given, an input lives in the first *habitat* in which the part of the graph that
depends on it alone has a value everywhere: [-2, 2] for sin(x), [-1, 1] for asin(x), the decades
around 1 for log(x). What several inputs decide together is settled by drawing again, the
rejection method of von Neumann (*Various techniques used in connection with random digits*, 1951).
"""

from __future__ import annotations

import math
import random
import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice, pairwise
from typing import Any

from adviz.checking.points.packed import Points
from adviz.checking.points.scout import Scout
from adviz.errors import PointError
from adviz.graph.graph import Graph
from adviz.language.asked import mapping, shown
from adviz.modes.habitats import HABITATS, Span, span_between
from adviz.modes.verbs import named_inputs
from adviz.numbers.given import rounded

Range = tuple[float, float]

_TRIES = 100
"""A range of whose points fewer than one in so many lies inside is given up."""
_LEAST_INSIDE = 1 / 8
_TRIALS = 16
_GRACE = 20
_BESIDE = 1e-9

Sample = dict[str, float]


def drawn(
    graph: Graph, count: int, ranges: Mapping[str, Range] | None = None, seed: int = 0
) -> Points:
    """Return points at which a formula has a finite value and lies on no kink.

    `ranges` gives the lowest and highest value of an input, or of all elements of a vector
    argument; `span_between` says how a range is drawn. The other inputs are drawn from a habitat.
    The points depend on the arguments alone, and fewer of them are the first of more.

    Raises PointError for a range that is none, or when hardly any point of the ranges lies inside.

    >>> import adviz
    >>> points = drawn(adviz.build("log(x) + asin(y)"), 100, seed=1)
    >>> all(point["x"] > 0 and abs(point["y"]) <= 1 for point in points)
    True
    """
    if count < 1:
        raise PointError(f"points = {count}; it is a whole number from 1 on")
    return Points(graph.inputs, _regular(Scout(graph), count, ranges or {}, seed))


def _regular(scout: Scout, count: int, ranges: Mapping[str, Range], seed: int) -> Iterator[Sample]:
    """Yield so many points at which a formula can be checked, as they are drawn."""
    spans = _spans(scout, ranges)
    source = random.Random(seed)  # noqa: S311 - points to try, not secrets
    outside: Sample = {}
    inside = tries = 0
    while inside < count:
        if tries >= _TRIES * (inside + _GRACE):
            raise PointError(_hopeless(scout, count, inside, tries, outside))
        point = _drawn(spans, source)
        tries += 1
        if scout.regular(point):
            inside += 1
            yield point
        else:
            outside = point


# --- where the inputs live -----------------------------------------------------------------------


def _spans(scout: Scout, ranges: Mapping[str, Range]) -> dict[str, Span]:
    """Return every input's span: the user's, or its habitat."""
    given = {name: span_between(*pair) for name, pair in ends(scout.graph, ranges).items()}
    free = [name for name in scout.graph.inputs if name not in given]
    fitting = given | _habitats(scout, free, given)
    if not free or _share(scout, fitting) >= _LEAST_INSIDE:
        return fitting
    together = (fitting | dict.fromkeys(free, habitat) for habitat in HABITATS)
    return max((fitting, *together), key=partial(_share, scout))


def ends(graph: Graph, ranges: Mapping[str, Any]) -> dict[str, Range]:
    """Return the ends of the user's ranges by input; an element's own range comes first.

    Raises PointError for a range that is none.

    >>> import adviz
    >>> ends(adviz.build("x*y"), {"y": (0, 1)})
    {'y': (0.0, 1.0)}
    """
    found: dict[str, Range] = {}
    vectors = graph.vectors or {}
    mapping("ranges", ranges, "{'x': (0, 1)}")
    for name in sorted(ranges, key=lambda name: name not in vectors):
        parts = named_inputs(graph, [name], "ranges")
        found.update(dict.fromkeys(parts, _ends(name, ranges[name])))
    return found


def _ends(name: str, pair: Any) -> Range:
    """Return a range's ends; PointError says what is wrong with them."""
    try:
        low, high = [rounded(name, end) for end in pair]
    except (PointError, TypeError, ValueError):
        raise PointError(f"ranges: {name} = {shown(pair)}; it is a pair such as (0, 1)") from None
    if not (math.isfinite(low) and math.isfinite(high)):
        raise PointError(f"ranges: {name} = {shown(pair)}; its ends must be finite")
    if low > high:
        raise PointError(
            f"ranges: {name} runs from its lower to its upper end, not from {pair[0]} to {pair[1]}"
        )
    return low, high


def _habitats(scout: Scout, free: Sequence[str], given: Mapping[str, Span]) -> dict[str, Span]:
    """Return, per input, the first habitat in which all that it alone decides has a value.

    All inputs move from habitat to habitat together, so the cost is linear in the graph.
    """
    misses: dict[str, list[int]] = {name: [] for name in free}
    fractions = [(k + 0.5) / _TRIALS for k in range(_TRIALS)]
    for habitat in HABITATS:
        spans = {name: given.get(name, habitat) for name in scout.graph.inputs}
        trials = ({name: span(t) for name, span in spans.items()} for t in fractions)
        blamed = Counter(name for point in trials for name in scout.blamed(point))
        for name, tally in misses.items():
            tally.append(blamed[name])
        if all(0 in tally for tally in misses.values()):
            break
    return {name: HABITATS[tally.index(min(tally))] for name, tally in misses.items()}


def _share(scout: Scout, spans: Mapping[str, Span]) -> float:
    """Return which part of some points of the spans a formula can be checked at."""
    source = random.Random(0)  # noqa: S311 - points to try, not secrets
    return sum(scout.regular(_drawn(spans, source)) for _ in range(_TRIALS)) / _TRIALS


def _drawn(spans: Mapping[str, Span], source: random.Random) -> Sample:
    return {name: span(source.random()) for name, span in spans.items()}


def _hopeless(scout: Scout, count: int, inside: int, tries: int, outside: Sample) -> str:
    shown = ", ".join(f"{name} = {value:.6g}" for name, value in islice(outside.items(), 6))
    return (
        f"no {count} points of the ranges lie in the domain, off the kinks: {inside} of {tries} "
        f"tries did; the last that did not, {shown or 'without inputs'}: {scout.fault(outside)}; "
        f"give ranges= in which the formula has a value, or points by at="
    )


# --- beside the kinks ----------------------------------------------------------------------------


def near_kinks(
    graph: Graph, points: Sequence[Mapping[str, float]], limit: int = 100
) -> list[Sample]:
    """Return at most `limit` points that straddle the kinks between the points given.

    The smooth pieces of two points are compared, as the rows' `piece` texts name them, while one
    input after the other moves from the first point to the second. Where the pieces of a node
    differ, that input is bisected in the order of all doubles until its ends are neighbours, in
    at most 64 halvings; a kink that a double hits exactly is one of the two. They are returned
    with the points 1e-9 (relative) to either side. A single point is compared with its mirror
    image. A bisection needs no continuity, so jumps are found as well as kinks.

    >>> import adviz
    >>> points = near_kinks(adviz.build("abs(x)"), [{"x": -1.5}, {"x": 2}])
    >>> [point["x"] for point in points]
    [-5e-324, 0.0, -1e-09, 1e-09]
    """
    scout = Scout(graph)
    if not scout.pieced:
        return []
    if len(points) == 1:
        points = [*points, {name: -value for name, value in points[0].items()}]
    way = ({name: float(value) for name, value in point.items()} for point in points)
    most = max(1, limit // (4 * len(scout.pieced)))
    tried: Counter[int] = Counter()
    found: dict[tuple[float, ...], Sample] = {}
    for name, start, end in islice(_stairs(way), 4 * limit):
        first, second = scout.pieces(start), scout.pieces(end)
        if first is None or second is None:
            continue
        for node in scout.pieced:
            if first.get(node) != second.get(node) and tried[node] < most:
                tried[node] += 1
                straddling = _crossing(scout, node, name, start, end)
                found.update((tuple(point.values()), point) for point in straddling)
    return list(found.values())[:limit]


def _stairs(points: Iterable[Mapping[str, float]]) -> Iterator[tuple[str, Sample, Sample]]:
    """Yield the way through the points in steps that move one input each."""
    for first, second in pairwise(points):
        here = dict(first)
        for name, value in second.items():
            if here[name] != value:
                there = {**here, name: value}
                yield name, here, there
                here = there


def _crossing(scout: Scout, node: int, name: str, start: Sample, end: Sample) -> list[Sample]:
    """Return the neighbours, and the points beside them, between which a node's piece changes."""

    def piece(number: float) -> Any:
        pieces = scout.pieces({**start, name: number})
        return pieces and pieces.get(node)

    before, low, high = piece(start[name]), _rank(start[name]), _rank(end[name])
    while abs(high - low) > 1:
        middle = (low + high) // 2
        if piece(_double(middle)) == before:
            low = middle
        else:
            high = middle
    left, right = sorted((_double(low), _double(high)))
    if scout.pieces({**start, name: left}) is None or scout.pieces({**start, name: right}) is None:
        return []  # the edge of the domain, or a pole
    step = max(abs(left), abs(right)) * _BESIDE or _BESIDE
    beside = ({**start, name: number} for number in (left, right, left - step, right + step))
    return [point for point in beside if scout.pieces(point) is not None]


def _rank(number: float) -> int:
    """Return a double's place in the order of all doubles: its bits, read as an integer.

    >>> _rank(0.0), _rank(5e-324), _rank(-5e-324), _double(_rank(1.0) + 1)
    (0, 1, -1, 1.0000000000000002)
    """
    (bits,) = struct.unpack("<q", struct.pack("<d", abs(number)))
    return -int(bits) if number < 0 else int(bits)


def _double(rank: int) -> float:
    (number,) = struct.unpack("<d", struct.pack("<q", abs(rank)))
    return -float(number) if rank < 0 else float(number)
