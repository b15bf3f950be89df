"""The plot: how long each side takes, on a logarithmic scale, for the back of a room."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from io import BytesIO
from typing import Any

from lineup import graphs, many_points, one_point
from lineup.measured import Measured, Results
from lineup.page import duration, spread
from lineup.work import FORMULA

INK, FAINT, OURS, THEIRS, PAPER = "#1b1f24", "#d9dde2", "#0b62c4", "#5b6470", "#ffffff"
ROW, HEAD = 0.42, 1.15
"""Inches of a row, and of a panel's title and axis."""


@dataclass(frozen=True)
class Panel:
    """One panel: a title, and the work that its rows are times of."""

    title: str
    part: str
    work: str


PANELS: tuple[Panel, ...] = (
    Panel(f"One point: {FORMULA}", one_point.PART, FORMULA),
    Panel("A million points: normal density, one core", many_points.PART, many_points.on(1)),
    Panel(
        "50 000 nodes: build, compile, first gradient",
        graphs.titled(graphs.FIRST),
        graphs.sized(50_000),
    ),
    Panel(
        "50 000 nodes: each further gradient",
        graphs.titled(graphs.FURTHER),
        graphs.sized(50_000),
    ),
)


def svg(results: Results) -> bytes:
    """Return the plot as SVG, the same for the same figures."""
    matplotlib = import_module("matplotlib")
    matplotlib.use("svg")
    pyplot = import_module("matplotlib.pyplot")
    panels = [(panel, _rows(panel, results)) for panel in PANELS]
    panels = [(panel, rows) for panel, rows in panels if rows]
    heights = [HEAD + ROW * len(rows) for _, rows in panels]
    settings = {"svg.hashsalt": "adviz", "svg.fonttype": "path", "font.size": 15}
    with matplotlib.rc_context({**settings, "text.color": INK, "axes.labelcolor": INK}):
        figure, axes = pyplot.subplots(
            len(panels), 1, figsize=(11, sum(heights)), height_ratios=heights, squeeze=False
        )
        figure.patch.set_facecolor(PAPER)
        for axis, (panel, rows) in zip(axes[:, 0], panels, strict=True):
            _paint(axis, panel, rows)
        figure.tight_layout(h_pad=1.5)
        content = BytesIO()
        figure.savefig(content, format="svg", metadata={"Date": None, "Creator": None})
        pyplot.close(figure)
    return content.getvalue()


def _rows(panel: Panel, results: Results) -> list[Measured]:
    """Return what a panel shows, the fastest first."""
    found = [
        one
        for key, one in results.items()
        if (key.part, key.work) == (panel.part, panel.work)
        and one.figures
        and "k(…)" not in key.side
        and "alone" not in key.side
    ]
    return sorted(found, key=lambda one: one.middle)


def _paint(axis: Any, panel: Panel, rows: list[Measured]) -> None:
    """Paint one panel: a dot and a range for every row, its time written beside it."""
    axis.set_title(panel.title, loc="left", fontsize=18, fontweight="bold", color=INK, pad=12)
    axis.set_xscale("log")
    for place, one in enumerate(rows):
        colour = OURS if one.key.side.startswith("adviz") else THEIRS
        low, high = spread(one)
        axis.plot([low, high], [place, place], color=colour, linewidth=7, alpha=0.35)
        marker = ">" if one.at_least else "o"
        axis.plot([one.middle], [place], marker, color=colour, markersize=11)
        text = f"{'> ' * one.at_least}{duration(one.middle)}"
        axis.annotate(
            text, (high, place), (12, 0), textcoords="offset points", va="center", color=colour,
            fontweight="bold" if colour == OURS else "normal",
        )  # fmt: skip
    _frame(axis, rows)
    axis.set_yticks(range(len(rows)), [one.key.side for one in rows])
    for label, one in zip(axis.get_yticklabels(), rows, strict=True):
        ours = one.key.side.startswith("adviz")
        label.set(color=OURS if ours else INK, fontweight="bold" if ours else "normal")


def _frame(axis: Any, rows: list[Measured]) -> None:
    """Set what surrounds the dots: limits, whole powers of ten in plain units, faint lines."""
    ticker = import_module("matplotlib.ticker")
    least = min(one.middle for one in rows)
    most = max(spread(one)[1] for one in rows)
    axis.set_xlim(least / 1.8, most * (most / least) ** 0.18 * 1.8)
    axis.set_ylim(len(rows) - 0.4, -0.6)
    axis.xaxis.set_major_locator(ticker.LogLocator(10, numticks=12))
    axis.xaxis.set_minor_locator(ticker.NullLocator())
    axis.xaxis.set_major_formatter(ticker.FuncFormatter(lambda seconds, _: duration(seconds)))
    axis.tick_params(colors=INK, length=0)
    axis.set_facecolor(PAPER)
    axis.grid(axis="x", color=FAINT, linewidth=1.2)
    axis.set_axisbelow(True)
    axis.spines[:].set_visible(False)
