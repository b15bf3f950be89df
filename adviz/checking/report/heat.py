"""A report as a picture: which nodes lose the digits, and the culprit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from adviz.checking.finding import Finding, Verdict
from adviz.checking.report.colours import LOOKS
from adviz.errors import PointError, TooLarge
from adviz.graph.graph import Graph
from adviz.graph.procedure import Edge
from adviz.language.notation import unicode_text
from adviz.language.numerals import DIGITS
from adviz.modes.trace import Trace
from adviz.modes.verbs import reverse
from adviz.scene.excerpt import Excerpt
from adviz.scene.scene import Mark, Marks, Scene
from adviz.scene.staging import stage

if TYPE_CHECKING:
    from adviz.checking.report import Report

# One line for each level: from how many lost digits on, its colour, and what the legend says.
LEVELS: tuple[tuple[float, str, str], ...] = (
    (1.0, "heat-1", "1 to 4"),
    (4.0, "heat-2", "4 to 8"),
    (8.0, "heat-3", "8 to 12"),
    (12.0, "heat-4", "12 or more"),
)

READABLE = 40
"""Up to so many nodes a graph is shown whole."""

_COLD = "muted"
_LIKELY: Mapping[Verdict, tuple[str, str]] = {"wrong gradient": ("likely here", "likely at ")}
"""How the culprit is marked, and named in the legend, where that is not by the verdict: the
numbers shown are adviz's own, which are right."""


def heat_map(report: Report, more: Marks | None = None, precision: int = DIGITS) -> Scene:
    """Return the graph with the numbers of a reverse sweep at the worst finding's point.

    Nodes are tinted by the digits they lose, and the culprit is marked; `more` marks may be given.

    >>> import adviz
    >>> scene = heat_map(adviz.check("(1 - cos(x))/x**2", at={"x": 1e-6}))
    >>> [mark.tint for mark in scene.marks.values() if mark.role == "warning"]
    ['heat-4']
    """
    worst = report.worst
    if worst is None:
        shown = _swept(report.graph, report.points[0]) if report.points else report.graph
        return stage(shown, more, precision=precision)
    swept = _swept(report.graph, worst.point, worst.key.output)
    meaning, marked = tuple(legend(report.graph, worst)), marks(worst) | dict(more or {})
    return stage(swept, marked, meaning, precision=precision)


def picture(report: Report, more: Marks | None = None, precision: int = DIGITS) -> Scene:
    """Return the heat map; of a graph too large for a picture what is around the culprit."""
    try:
        return heat_map(report, more, precision)
    except TooLarge:
        part = close_up(report, precision)
        if part is None:
            raise
        return part


def close_up(report: Report, precision: int = DIGITS) -> Scene | None:
    """Return the heat map where it can be read, else of it what is around the culprit.

    None where nothing in so large a graph is to blame.

    >>> import adviz
    >>> text = "+".join(f"sin(x*{k})" for k in range(1, 40))
    >>> scene = close_up(adviz.check(f"{text} + abs(x)", at={"x": 0}))
    >>> len(scene.nodes), [mark.note for mark in scene.marks.values() if mark.role == "notice"]
    (4, ['not differentiable'])
    """
    worst = report.worst
    if len(report.graph) <= READABLE:
        return heat_map(report, precision=precision)
    if worst is None or worst.place is None:
        return None
    part = Excerpt.around(report.graph, worst.place.node)
    swept = _swept(report.graph, worst.point, worst.key.output)
    shown = part.graph if isinstance(swept, Graph) else part.trace(swept)
    meaning = tuple(legend(report.graph, worst))
    return stage(shown, part.marks(marks(worst)), meaning, precision=precision)


def marks(finding: Finding) -> dict[int | Edge, Mark]:
    """Return what a finding says of nodes and edges: digits lost, and where the culprit is."""
    made: dict[int | Edge, Mark] = {
        node: Mark(_COLD, said(lost), tint(lost))
        for node, lost in finding.heat.items()
        if tint(lost)
    }
    place = finding.place
    if place is None:
        return made
    role, hot = LOOKS[finding.verdict].role, made.get(place.node, Mark(_COLD))
    here = _LIKELY.get(finding.verdict, (finding.verdict, ""))[0]
    notes = [*([] if place.edge else [here]), *([hot.note] if hot.note else [])]
    made[place.node] = Mark(role, ": ".join(notes), hot.tint)
    if place.edge is not None:
        made[place.edge] = Mark(role, here)
    return made


def legend(graph: Graph, finding: Finding) -> Iterator[Mark]:
    """Yield what the marks of a finding mean: the culprit, then the scale of the digits lost."""
    if finding.place:
        likely = _LIKELY.get(finding.verdict, ("", ""))[1]
        symbol = unicode_text(graph.leaf(finding.place.node))
        yield Mark(LOOKS[finding.verdict].role, f"{finding.verdict}: {likely}{symbol}")
        if likely:
            yield Mark("", "the numbers are adviz's own")
    if any(tint(lost) for lost in finding.heat.values()):
        yield Mark("", "digits lost at a node")
        for _, role, words in LEVELS:
            yield Mark(_COLD, words, role)


def tint(lost: float) -> str:
    """Return the colour of a number of lost digits; none below one digit, or when not known.

    >>> tint(0.4), tint(12.3), tint(float("nan"))
    ('', 'heat-4', '')
    """
    return next((role for least, role, _ in reversed(LEVELS) if lost >= least), "")


def said(lost: float) -> str:
    """Return a number of lost digits as a note.

    >>> said(12.34), said(float("inf"))
    ('−12.3 digits', 'no digit left')
    """
    return "no digit left" if lost == float("inf") else f"−{lost:.1f} digits"


def _swept(graph: Graph, point: Mapping[str, float], output: str = "") -> Trace | Graph:
    """Return the sweep of one output; the bare graph where the point is not one of its own."""
    cotangent = {output: 1} if output in graph.outputs else None
    try:
        return reverse(graph, point, cotangent, errors="ieee")
    except PointError:
        return graph
