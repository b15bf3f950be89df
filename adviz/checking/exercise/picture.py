"""The graph of a sheet: the finished picture of its sweep, in which the blanks are blank."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from adviz.checking.exercise.blanks import KINDS, Blank
from adviz.graph.procedure import Edge
from adviz.language.notation import tree
from adviz.modes.trace import Trace
from adviz.render.figure.asked import SIZES, asked
from adviz.render.figure.compose import Page, fitted
from adviz.scene.panes import Pane, directed
from adviz.scene.scene import Scene, State, finished
from adviz.scene.staging import stage

_GAP = "....."
"""What stands in the picture where a number is asked for."""
_ROOM = Pane(870, 440, 0.74)
"""The room of the picture: half a page."""
_PAPER = "16.6cm"
"""How wide the text of a sheet of paper is."""
_ROOMS = ((255.0, (10.0, 9.0, 8.0)), (400.0, (10.0, 9.0, 8.0, 7.0)), (650.0, SIZES))
"""How high the graph may be on paper, and in which sizes of text, all in points: a third of a
page, half of it, or a page of its own; the first that holds it."""
TOO_LARGE = "The graph is too large for paper; the sheet has it as a page, its .html."
"""What stands in place of a graph that no page holds."""


def with_blanks(trace: Trace, blanks: Collection[Blank], entries: Mapping[Blank, str]) -> Scene:
    """Return the picture of a sweep with what is written in place of the numbers in question.

    >>> import adviz
    >>> trace = adviz.reverse("x*y", at={"x": 3, "y": 2})
    >>> scene = with_blanks(trace, [Blank("adjoints", 0)], {})
    >>> [scene.text(unfilled(scene).rows[node, "adjoint"]) for node in (0, 1)]
    ['.....', '3']
    """
    scene = directed(stage(trace), "auto", _ROOM)
    keys = {blank: _key(scene, blank) for blank in blanks}
    shown = {key: (entries.get(blank) or _GAP, "") for blank, key in keys.items()}
    chips = {
        number: tree("slot", shown_under) if shown_under in shown else chip
        for number, chip in scene.chips.items()
        for shown_under in [f"0/partial/{number}"]
    }
    return replace(scene, numbers={**scene.numbers, **shown}, chips=chips)


def unfilled(scene: Scene) -> State:
    """Return the finished state, but with nothing in the slots: these numbers are not asked for."""
    return replace(finished(scene), fills={})


def on_paper(scene: Scene) -> Page | None:
    """Return the picture of a sheet composed for paper, as wide as its text; None if too large."""
    now, wide = unfilled(scene), asked().paged(_PAPER)
    rooms = (replace(wide, height=high, sizes=sizes) for high, sizes in _ROOMS)
    return next(filter(None, (fitted(scene, room, now) for room in rooms)), None)


def _key(scene: Scene, blank: Blank) -> str:
    """Return the key under which the picture has the number of a blank."""
    if isinstance(blank.place, Edge):
        return f"0/partial/{scene.edges.index(blank.place)}"
    return finished(scene).rows.get((blank.place, KINDS[blank.kind].noun)) or ""
