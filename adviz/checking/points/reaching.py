"""The branches that no point takes: points that reach them, and a sentence for each that stays.

A condition is decided both ways by test data: first at random, from ever wider spans, then by
descent on its *branch distance*, how far its sides are from deciding it the other way (Miller &
Spooner, *Automatic generation of floating-point test data*, IEEE Transactions on Software
Engineering 2, 1976), one input at a time (Korel, *Automated software test data generation*, same
journal 16, 1990). What `and` and `or` join is measured as in Tracey, Clark, Mander & McDermid, *An
automated framework for structural test-data generation* (1998).
"""

from __future__ import annotations

import math
import random
from bisect import insort
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, product
from statistics import fmean

from adviz.checking.finding import Place
from adviz.checking.points.packed import Points
from adviz.checking.points.sampling import Range, Sample, ends
from adviz.checking.points.scout import Scout, Side
from adviz.graph.graph import Graph
from adviz.graph.paths import leading
from adviz.modes.habitats import span_between
from adviz.modes.point import FloatPoint
from adviz.numbers import Number
from adviz.primitives import Primitive

Distances = dict[int, tuple[float, float]]
"""Per fork how far a point is from False and from True: 0 on it, infinite where undecided."""

Near = tuple[float, int, Sample]
"""How far a point is from a side, which point it is, and the point."""

WIDER = tuple(
    span_between(*pair) for pair in [(-10, 10), (-100, 100), (-1e4, 1e4), (1e-9, 10), (-1e9, 1e9)]
)
"""From where inputs without a range are drawn, the tamest first."""

_DRAWS = 16
"""How many points are drawn from each of them."""
_NODES = 40_000
_TRIES = (20, 1500)
"""How many nodes are evaluated in all, and the fewest and most points that are tried."""
_SHARE = 20
"""The fewest points tried for one side, while there are any."""
_FIXED = {False: (0.0, 1.0), True: (1.0, 0.0)}
"""How far a condition on constants is from False and from True."""
_BASES = 3
_SHRINKS = 40
_SHOWN = 5


def reaching(
    graph: Graph,
    points: Sequence[Mapping[str, float]],
    ranges: Mapping[str, Range] | None = None,
    seed: int = 0,
    limit: int = 20,
) -> list[Sample]:
    """Return at most `limit` points that decide conditions as none of the given points does.

    Conditions are decided both ways, and `abs`, `relu`, `max` and the like, where they are few,
    are seen on both sides. Every point lies in the domain, off the kinks and in the user's
    `ranges`; only inputs without a range go further than the points given. The work is bounded,
    so a branch may stay unreached though it can be taken: `unreached` says which.

    Raises PointError for a range that is none.

    >>> import adviz
    >>> graph = adviz.build("x*x if x > 3.7 else 2*x")
    >>> (point,) = reaching(graph, [{"x": 1.0}])
    >>> point["x"] > 3.7
    True
    """
    scout = Scout(graph)
    if not scout.forks or not graph.inputs or not points:
        return []
    hunt = _Hunt(scout, Points(graph.inputs, points), ends(graph, ranges or {}), limit)
    hunt.draw(random.Random(seed))  # noqa: S311 - points to try, not secrets
    reached = -1
    while reached < len(hunt.found):  # what a branch hides can be aimed at once it is taken
        reached = len(hunt.found)
        for goal in sorted(hunt.missing):
            hunt.aim(goal)
    return hunt.found


class _Hunt:
    """The points found so far, the sides still missing, and how many tries are left."""

    def __init__(
        self, scout: Scout, points: Sequence[FloatPoint], within: Mapping[str, Range], limit: int
    ) -> None:
        self.scout, self.points, self.within, self.limit = scout, points, within, limit
        self.found: list[Sample] = []
        self.missing = _possible(scout)
        self.nearest: dict[Side, list[Near]] = {goal: [] for goal in self.missing}
        for place, point in enumerate(points):
            judge = scout.judged(point)
            self.missing -= scout.sides(judge)
            if not self.missing:
                break
            self._remember(place, point, _distances(scout, judge.found))
        fewest, most = _TRIES
        self.tries = max(fewest, min(most, _NODES // len(scout.graph)))

    def visit(self, point: Sample) -> Distances | None:
        """Return how far a point is from every side, and keep one on a missing side."""
        self.tries -= 1
        judge = self.scout.judged(point)
        if not self.scout.inside(judge) or self.scout.kink(judge) is not None:
            return None
        far = _distances(self.scout, judge.found)
        reached = self.missing & self.scout.sides(judge)
        if reached:
            self.missing -= reached
            self._remember(len(self.points) + len(self.found), point, far)
            self.found.append(point)
            if len(self.found) >= self.limit:
                self.tries = 0
        return far

    def _remember(self, place: int, point: FloatPoint, far: Distances) -> None:
        """Keep a point, the so-manyth, for every missing side that few are nearer to."""
        for goal in self.missing:
            distance = far[goal[0]][goal[1]]
            if distance < math.inf:
                insort(self.nearest[goal], (distance, place, dict(point)))
                del self.nearest[goal][_BASES:]

    def draw(self, source: random.Random) -> None:
        """Draw some or all inputs of a known point again, from ever wider spans."""
        names = list(self.scout.graph.inputs)
        given = {name: span_between(*pair) for name, pair in self.within.items()}
        for span in WIDER:
            for _ in range(_DRAWS):
                if not self.missing or self.tries <= 0:
                    return
                base = self._known(source.randrange(len(self.points) + len(self.found)))
                moved = source.sample(names, source.randint(1, len(names)))
                redrawn = {name: given.get(name, span)(source.random()) for name in moved}
                self.visit({**base, **redrawn})

    def _known(self, place: int) -> FloatPoint:
        """Return a point given or found."""
        beyond = place - len(self.points)
        return self.points[place] if beyond < 0 else self.found[beyond]

    def aim(self, goal: Side) -> None:
        """Look for a missing side from the points nearest to it, in its share of the tries."""
        if self._over(goal, 0):
            return
        least = max(0, self.tries - max(_SHARE, self.tries // len(self.missing)))
        names, constants = _upstream(self.scout.graph, goal[0])
        for distance, _, base in tuple(self.nearest[goal]):
            for point in self._special(base, names, constants):
                if self._over(goal, least):
                    return
                self.visit(point)
            self._descend(goal, base, distance, names, least)

    def _over(self, goal: Side, least: int) -> bool:
        return goal not in self.missing or self.tries <= least

    def _special(
        self, base: Sample, names: Sequence[str], constants: Iterable[float]
    ) -> Iterator[Sample]:
        """Yield points with one input moved between, beyond or close to constants."""
        for number in _around(constants):
            for name in names:
                if self._fits(name, number):
                    yield {**base, name: number}

    def _fits(self, name: str, number: float) -> bool:
        low, high = self.within.get(name, (-math.inf, math.inf))
        return low <= number <= high and math.isfinite(number)

    def _descend(
        self, goal: Side, base: Sample, best: float, names: Sequence[str], least: int
    ) -> None:
        """Move one input at a time while the branch distance falls, in steps that grow and shrink.

        The alternating variable method of Korel (1990), section III.
        """
        node, side = goal
        for shrink in range(_SHRINKS):
            for name, sign in product(names, (1, -1)):
                step = sign * max(1.0, abs(base[name])) / 4**shrink
                while self._fits(name, base[name] + step) and not self._over(goal, least):
                    moved = {**base, name: base[name] + step}
                    far = self.visit(moved)
                    if far is None or far[node][side] >= best:
                        break
                    base, best, step = moved, far[node][side], 2 * step


def _possible(scout: Scout) -> set[Side]:
    """Return the sides that a point off the kinks may be on, as far as the graph's guards say."""
    graph = scout.graph
    sides = {(node, side) for node in scout.forks for side in (False, True)}
    sides -= {(node, graph.ops[node] == "eq") for node in scout.forks if graph.ops[node] in _EQUAL}
    held = [(guard.node, True) for guard in graph.guards]
    while held:
        node, side = held.pop()
        sides.discard((node, not side))
        row = graph.rows[graph.ops[node]]
        if graph.ops[node] == "not":
            held.append((graph.args[node][0], not side))
        elif row.condition and row.needed and side is row.needed_where(1):
            held.extend((argument, side) for argument in graph.args[node])
    return sides


_EQUAL = ("eq", "ne")
"""The comparisons whose boundary, a kink, is one whole side."""


def _upstream(graph: Graph, node: int) -> tuple[list[str], set[float]]:
    """Return the inputs and the constants that a node depends on."""
    seen = {*leading(graph, node)}
    constants = {float(graph.constants[n]) for n in seen & graph.constants.keys()}
    return [name for name, n in graph.inputs.items() if n in seen], constants


def _around(constants: Iterable[float]) -> list[float]:
    """Return numbers between, beyond and close to some constants and their negatives.

    >>> _around([2.0])
    [-1.0, 1.0, -5.0, 5.0, -1.999998, -2.000002, 1.999998, 2.000002]
    """
    known = sorted({sign * c for c in constants for sign in (-1, 1)} | {0.0})
    between = [(low + high) / 2 for low, high in pairwise(known)]
    beside = [c * factor for c in known if c for factor in (1 - 1e-6, 1 + 1e-6)]
    return [*between, 2 * known[0] - 1, 2 * known[-1] + 1, *beside]


def _distances(scout: Scout, found: Sequence[Number]) -> Distances:
    """Return how far a point is from both sides of every fork."""
    far: Distances = {}
    for node in scout.forks:
        side, row = scout.side(node, found), scout.graph.rows[scout.graph.ops[node]]
        if side is None:
            far[node] = (math.inf, math.inf)
        elif row.condition and row.takes_conditions:
            arguments = scout.graph.args[node]
            far[node] = _joined(row, [far.get(a, _FIXED[bool(found[a])]) for a in arguments])
        else:
            far[node] = _gap(side, *scout.operands(node, found))
    return far


def _joined(row: Primitive, parts: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return how far joined conditions are from False and True: one is enough, or all count."""
    off, on = ([min(far[side], 1.0) for far in parts] for side in (False, True))
    if not row.needed:  # it is `not`
        return on[0], off[0]
    return (min(off), fmean(on)) if row.needed_where(1) else (fmean(off), min(on))


def _gap(side: bool, left: float, right: float) -> tuple[float, float]:
    """Return how far two numbers are from comparing as False and as True, at most 1."""
    gap = math.log1p(abs(left - right)) / 710  # log1p of the largest double is 709.8
    gap = gap if gap < 1 else 1.0  # infinities and NaN
    return (gap, 0.0) if side else (0.0, gap)


# --- what stays unreached ------------------------------------------------------------------------


def unreached(graph: Graph, points: Sequence[Mapping[str, float]]) -> tuple[str, ...]:
    """Return in sentences which conditions were never true, or never false, at some points.

    What follows for a condition from one that it joins is not said again; after five sentences
    the rest are counted. Without conditions on inputs there is nothing to say.

    >>> import adviz
    >>> unreached(adviz.build("x*x if x>3.7 else 2*x"), [{"x": 1.0}])
    ('x > 3.7 (columns 8-12 of the formula) was never true at these points',)
    """
    scout = Scout(graph)
    if not scout.conditions:
        return ()
    seen = Counter(side for point in points for side in scout.sides(scout.judged(point)))
    told = [
        _sentence(graph, node, seen, len(points))
        for node in scout.conditions
        if any(_own(scout, (node, side), seen) for side in (False, True))
    ]
    more = len(told) - _SHOWN
    return (*told[:_SHOWN], f"… and {more} more") if more > 0 else tuple(told)


def _own(scout: Scout, missed: Side, seen: Counter[Side]) -> bool:
    """Return whether a side was missed, and not because an argument's was.

    That two numbers are equal is no side that points are expected to reach.
    """
    node, side = missed
    if (scout.graph.ops[node], side) in (("eq", True), ("ne", False)):
        return False
    below = side ^ (scout.graph.ops[node] == "not")
    arguments = set(scout.graph.args[node]).intersection(scout.conditions)
    return not seen[missed] and all(seen[argument, below] for argument in arguments)


def _sentence(graph: Graph, node: int, seen: Counter[Side], points: int) -> str:
    place = Place.of(graph, node)
    named = f"{place.formula} ({place.source})" if place.source else place.formula
    decided = seen[node, False] + seen[node, True]
    if not decided:
        return f"{named} was never decided at these points, for nothing there needed it"
    where = "these points" if decided == points else "the points that needed it"
    return f"{named} was never {'false' if seen[node, True] else 'true'} at {where}"
