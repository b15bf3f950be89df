"""What grows with the size of a function: the swell of its derivatives, and their cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from adviz.comparison.counts import counted, written_out
from adviz.comparison.figures.chart import Axis, Chart, Curve, Mark
from adviz.comparison.subject import told
from adviz.comparison.views import ratio
from adviz.graph.builder import Builder
from adviz.graph.graph import Graph
from adviz.language.numerals import in_text
from adviz.modes.derivative_graph import derived
from adviz.sources import copied

if TYPE_CHECKING:
    from adviz.comparison.comparison import Comparison
    from adviz.comparison.families import Family

Measured = Callable[["Comparison"], float | None]
"""A number that a comparison gives; None where a way was left out."""

WRITTEN_OUT, SHARED = "written out as trees", "AD, derivative graph"
_SWELL = (
    ("SymPy, as derived", "symbolic", "symbolic, as derived"),
    ("SymPy, after CSE", "shared", "symbolic, after CSE"),
    ("the function", "function", "value"),
)
_COSTS = (
    ("central differences", "central difference", "central differences"),
    ("forward mode", "forward", "forward, all inputs"),
    ("reverse mode", "reverse", "reverse"),
    ("derivative graph", "derivative graph", "derivative graph"),
)
"""What the figures show: its name, its style, and the way whose row it is."""


def swell(family: Family) -> Chart:
    """Return the operations of the derivatives of a family against the size.

    >>> import adviz
    >>> found = swell(adviz.compare_family("logistic", range(2, 8)))
    >>> [y for _, y in found["SymPy, as derived"].points]
    [2, 14, 50, 142, 366, 894]
    >>> [y for _, y in found["AD, derivative graph"].points]
    [4, 11, 18, 25, 32, 39]
    """
    *sympys, function = (
        _curve(family, name, style, _operations(way)) for name, style, way in _SWELL
    )
    curves = (
        _curve(family, WRITTEN_OUT, "written out", _unshared),
        *sympys,
        _curve(family, SHARED, "reverse", _shared),
        function,
    )
    return Chart(
        title=f"{family.title}: size of the derivatives",
        caption=_told(family, curves),
        x=Axis(family.axis, log=False),
        y=Axis("operations", low=1.0),
        curves=tuple(curve for curve in curves if curve.points),
    )


def costs(family: Family) -> Chart:
    """Return the cost of all derivatives of a family against the size, relative to the function's.

    >>> import adviz
    >>> found = costs(adviz.compare_family("network", [2, 6, 10, 14]))
    >>> [mark.text for mark in found.marks]
    ['equal at n ≈ 8.44']
    """
    curves = [_curve(family, name, style, _relative(way)) for name, style, way in _COSTS]
    crossing = _crossing(curves[1].points, curves[2].points)
    return Chart(
        title=f"{family.title}: cost of all derivatives",
        caption=_compared(family, curves[1], curves[2], crossing),
        x=Axis(family.axis, log=False),
        y=Axis("cost of one evaluation = 1"),
        curves=tuple(curve for curve in curves if curve.points),
        marks=tuple(Mark(x, y, f"equal at n ≈ {in_text(x, 3)}") for x, y in crossing),
    )


def _curve(family: Family, name: str, style: str, measured: Measured) -> Curve:
    """Return a curve through every size at which there is something to be measured."""
    found = ((size, measured(one)) for size, one in family.comparisons.items())
    return Curve(name, style, tuple((size, y) for size, y in found if y is not None))


def _operations(way: str) -> Measured:
    def measured(found: Comparison) -> float | None:
        counts = found[way].counts
        return counts.work.operations if counts else None

    return measured


def _relative(way: str) -> Measured:
    return lambda found: ratio(found, found[way])


def _unshared(found: Comparison) -> float:
    """Return the operations of the derivatives as trees in which nothing is shared."""
    return written_out(_slopes(found)).operations


def _shared(found: Comparison) -> float:
    """Return the operations of the derivatives as a graph."""
    return counted(_slopes(found)).work.operations


def _slopes(found: Comparison) -> Graph:
    """Return the graph of the derivatives alone, without what only the values need."""
    graph, called = derived(found.graph, wrt=found.wanted)
    builder = Builder(graph.rows)
    new = copied(graph, builder)
    return builder.finish({label: new[graph.outputs[label]] for label in called.values()})


def _crossing(one: _Points, other: _Points) -> list[tuple[float, float]]:
    """Return where the first of two curves passes the second, on straight lines between sizes."""
    beside = dict(other)
    pairs = [(x, y, beside[x]) for x, y in one if x in beside]
    found = []
    for (x, y, z), (x2, y2, z2) in pairwise(pairs):
        before, after = y - z, y2 - z2
        if before * after < 0:
            part = before / (before - after)
            found.append((x + part * (x2 - x), y + part * (y2 - y)))
    return found


_Points = Sequence[tuple[float, float]]


def _told(family: Family, curves: Sequence[Curve]) -> str:
    """Return what there is to see in the swell."""
    last = family.sizes[-1]
    sizes = [(curve.name, *curve.points[-1]) for curve in curves if curve.points]
    listed = "; ".join(f"{name}: {told(int(y))}" for name, size, y in sizes if size == last)
    early = [name for name, size, _ in sizes if size != last]
    none = [curve.name for curve in curves if not curve.points]
    stopped = f" {' and '.join(early)} would take too long and end early." if early else ""
    stopped += f" {' and '.join(none)} are left out: {_why(family)}." if none else ""
    return (
        f"Operations of the derivatives at n = {last}: {listed}. What the trees "
        f"repeat, automatic differentiation computes once.{stopped}"
    )


def _why(family: Family) -> str:
    """Return why SymPy's ways are left out, at the least size."""
    first = family.sizes[0]
    note = family[first]["symbolic, as derived"].note.removeprefix("left out: ")
    return f"at n = {first} {note}" if note else "nothing is to be counted"


def _compared(
    family: Family, forward: Curve, reverse: Curve, crossing: Sequence[tuple[float, float]]
) -> str:
    """Return what there is to see in the cost."""
    if not forward.points or not reverse.points:
        return "There is nothing to compare."
    last = family[int(forward.points[-1][0])]
    ratios = [f"{curve.points[-1][1]:.1f}" for curve in (forward, reverse)]
    sides = _counted(len(last.wanted), "input"), _counted(len(last.graph.outputs), "output")
    said = (
        f"With {' and '.join(sides)} forward mode costs {ratios[0]} evaluations of the function, "
        f"reverse mode {ratios[1]}: a sweep for every input goes through what depends on it, a "
        "sweep back for every output through what it depends on."
    )
    places = " and ".join(f"n ≈ {in_text(x, 3)}" for x, _ in crossing)
    return f"{said} They cost the same at {places}." if places else said


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"
