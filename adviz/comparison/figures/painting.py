"""A chart as matplotlib paints it, without pyplot: nothing that other figures share is touched."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from adviz.comparison.figures.mathtext import mathtext
from adviz.comparison.figures.placing import clearest
from adviz.comparison.figures.styles import STYLES, Style
from adviz.render.roles import colour
from adviz.scene.lines import Line

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from adviz.comparison.figures.chart import Chart, Curve, Mark

_FEW = 16
"""Every number of a curve has a marker up to here; beyond, some have."""
_LEADING = 1.35
"""The least distance of two labels, in the size of their font."""
_PLAIN: Mapping[str, Any] = {"parse_math": False, "usetex": False}
"""How text is set that may hold names of a user's."""
_GROUND: Mapping[str, Any] = {
    "facecolor": colour("page"), "edgecolor": "none", "pad": 1, "alpha": 0.7,
}  # fmt: skip
"""What keeps a text apart from the curves behind it."""
_BESIDE = 5
"""Points between the early end of a curve and its name."""
_SAME = 0.02
"""The part of the axes' height within which a curve passes through a place."""
_FEW_DECADES = 500.0
"""The ratio of an axis's ends from which on powers of ten suffice."""


def paint(chart: Chart, axes: Axes) -> Axes:
    """Paint a chart into some axes and return them."""
    _frame(chart, axes)
    for number, curve in enumerate(chart.curves):
        _draw(chart, curve, number, axes)
    _limit(chart, axes)
    for mark in chart.marks:
        _point_out(chart, mark, axes)
    _label(chart, axes)
    return axes


def rendered(figure: Figure, form: str, said: dict[str, str | None], dpi: float) -> bytes:
    """Return a figure as a file's bytes, the same for the same figure."""
    from matplotlib import rc_context

    paper = BytesIO()
    with rc_context({"svg.hashsalt": "adviz"}):  # or the identifiers in an SVG were drawn by lot
        figure.savefig(paper, format=form, metadata=said, dpi=dpi)
    return paper.getvalue()


def _frame(chart: Chart, axes: Axes) -> None:
    """Set what surrounds the curves: scales, labels, faint lines."""
    from matplotlib.ticker import MaxNLocator

    muted, line = map(colour, ("muted", "line"))
    _write(axes.set_title, chart.heading, chart.title, loc="left", fontweight="bold")
    _write(axes.set_xlabel, chart.x.heading, chart.x.label)
    _write(axes.set_ylabel, chart.y.heading, chart.y.label)
    axes.set_xscale("log" if chart.x.log else "linear")
    axes.set_yscale("log" if chart.y.log else "linear")
    axes.grid(color=line, alpha=0.35, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(which="both", color=line, labelcolor=muted)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["bottom", "left"]].set_color(line)
    places = {row.x for row in chart.rows}
    if not chart.x.log and all(x == int(x) for x in places):
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    if not chart.x.log and len(places) == 1:
        axes.set_xticks([*places])


def _write(where: Callable[..., Any], line: Line, text: str, **looks: Any) -> None:
    """Write a line of mathematics, or a text as it is."""
    said = (mathtext(line), {"parse_math": True}) if line else (text, {"parse_math": False})
    where(said[0], color=colour("ink"), usetex=False, **said[1], **looks)


def _draw(chart: Chart, curve: Curve, number: int, axes: Axes) -> None:
    """Draw one of the curves; of many numbers, those with a marker are others for each."""
    style, every = STYLES[curve.style], len(chart.curves)
    axes.plot(
        [chart.x.drawn(x) for x, _ in curve.points],
        [chart.y.drawn(y) for _, y in curve.points],
        color=style.stroke, linestyle=style.line, linewidth=style.width, marker=style.marker,
        markersize=6, markevery=1 if len(curve.points) <= _FEW else (number, every),
    )  # fmt: skip


def _point_out(chart: Chart, mark: Mark, axes: Axes) -> None:
    """Draw a ring around a place, and say what it is."""
    ink, place = colour("ink"), (mark.x, mark.y)
    axes.plot(*place, marker="o", markersize=11, color=ink, fillstyle="none")
    drawn = [[(chart.x.drawn(x), chart.y.drawn(y)) for x, y in one.points] for one in chart.curves]
    spot = clearest(axes, mark.text, place, drawn)
    axes.annotate(
        mark.text, place, (spot.right, spot.up), textcoords="offset points", ha=spot.across,
        va=spot.along, color=ink, bbox=_GROUND, **_PLAIN,
    )  # fmt: skip


def _limit(chart: Chart, axes: Axes) -> None:
    """Let the axes end where they are said to, with some room for what is drawn on the ends."""
    for axis, values, limit in (
        (chart.x, [row.x for row in chart.rows], axes.set_xlim),
        (chart.y, [row.y for row in chart.rows], axes.set_ylim),
    ):
        low, high = axis.ends(values)
        limit(low, high)
    if chart.y.log:
        _count_plainly(axes)


def _count_plainly(axes: Axes) -> None:
    """Write 1, 2, 5, 10, … where an axis spans few decades, in which powers of ten are too few."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    low, high = axes.get_ylim()
    if high / low < _FEW_DECADES:
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.yaxis.set_minor_locator(NullLocator())


def _label(chart: Chart, axes: Axes) -> None:
    """Write every curve's name beside its end: those that reach the edge one below the other."""
    ends = [(curve, *end) for curve in chart.curves if (end := _end(chart, curve))]
    last = max((x for _, x, _ in ends), default=0.0)
    whole = [one for one in ends if one[1] == last]
    heights = [float(_inside(axes, x, y)[1]) for _, x, y in whole]
    for (curve, x, y), height in zip(whole, _spread(heights, _gap(axes)), strict=True):
        _name_outside(axes, curve.name, STYLES[curve.style], (x, y), height)
    for curve, x, y in ends:
        if x != last:
            rise = _upwards(chart, axes, (x, y)) * _BESIDE
            _say_at(axes, f"{curve.name} …", (x, y), rise, "left", STYLES[curve.style].ink)


def _end(chart: Chart, curve: Curve) -> tuple[float, float] | None:
    """Return where a curve is last seen."""
    seen = [(chart.x.drawn(x), chart.y.drawn(y)) for x, y in curve.points]
    return next((place for place in reversed(seen) if all(map(math.isfinite, place))), None)


def _inside(axes: Axes, x: float, y: float) -> Any:
    """Return a place as parts of the axes' width and height."""
    return axes.transAxes.inverted().transform(axes.transData.transform((x, y)))


def _gap(axes: Axes) -> float:
    """Return the distance of two labels as a part of the axes' height."""
    from matplotlib.font_manager import FontProperties

    points = FontProperties(size="medium").get_size_in_points()
    height = axes.get_window_extent().height / axes.figure.dpi * 72
    return _LEADING * points / height


def _spread(heights: Sequence[float], gap: float) -> list[float]:
    """Return heights that lie a gap apart at least, as near as may be to those given.

    Those that would overlap become a block around their middle; of equal ones the first is on top.

    >>> [round(height, 2) for height in _spread([0.5, 0.5, 0.9], 0.1)]
    [0.55, 0.45, 0.9]
    """
    blocks: list[list[int]] = []
    for place in sorted(range(len(heights)), key=lambda place: (heights[place], -place)):
        blocks.append([place])
        while len(blocks) > 1 and _over(blocks[-2], blocks[-1], heights, gap):
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    placed = {
        place: _foot(block, heights, gap) + (k + 0.5) * gap
        for block in blocks
        for k, place in enumerate(block)
    }
    return [placed[place] for place in range(len(heights))]


def _over(low: Sequence[int], high: Sequence[int], heights: Sequence[float], gap: float) -> bool:
    """Return whether two blocks of labels overlap."""
    return _foot(low, heights, gap) + len(low) * gap > _foot(high, heights, gap)


def _foot(block: Sequence[int], heights: Sequence[float], gap: float) -> float:
    """Return where a block of labels begins: it does not leave the axes."""
    middle = sum(heights[place] for place in block) / len(block)
    return min(max(middle - len(block) * gap / 2, 0.0), 1 - len(block) * gap)


def _name_outside(
    axes: Axes, name: str, style: Style, end: tuple[float, float], height: float
) -> None:
    """Write a curve's name at a height right of the axes, with a thin line to the curve's end."""
    leader = {"arrowstyle": "-", "color": style.stroke, "linewidth": 0.6, "relpos": (0, 0.5)}
    axes.annotate(
        name, end, (1.03, height), textcoords=axes.transAxes, va="center", color=style.ink,
        arrowprops=leader, annotation_clip=False, **_PLAIN,
    )  # fmt: skip


def _upwards(chart: Chart, axes: Axes, place: tuple[float, float]) -> int:
    """Return 1 where there is more room above a place than below, between the curves, else -1."""
    here = float(_inside(axes, *place)[1])
    heights = [float(_inside(axes, *_nearest(chart, curve, place[0]))[1]) for curve in chart.curves]
    above = min([1.0, *(height for height in heights if height > here + _SAME)]) - here
    below = here - max([0.0, *(height for height in heights if height < here - _SAME)])
    return 1 if above > below else -1


def _nearest(chart: Chart, curve: Curve, x: float) -> tuple[float, float]:
    """Return the point of a curve that lies closest above or below a place."""
    found, y = min(curve.points, key=lambda point: abs(point[0] - x))
    return chart.x.drawn(found), chart.y.drawn(y)


def _say_at(
    axes: Axes, text: str, place: tuple[float, float], rise: int, side: str, ink: str
) -> None:
    """Write a text so many points above or below a place; beside it, or across."""
    right = abs(rise) if side == "left" else 0
    axes.annotate(
        text, place, (right, rise), textcoords="offset points", ha=side,
        va="bottom" if rise > 0 else "top", color=ink, bbox=_GROUND, **_PLAIN,
    )  # fmt: skip
