"""What can be drawn: graphs, traces, and nouns that have a picture or a film of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

from adviz.errors import AdvizError
from adviz.language.notation import unicode_text
from adviz.modes.building import build
from adviz.modes.trace import Trace
from adviz.render.plate import Plate
from adviz.scene.floor import Direction
from adviz.scene.panes import Pane, directed
from adviz.scene.scene import Marks, Scene
from adviz.scene.view import View


@runtime_checkable
class Staged(Protocol):
    """A noun that has a scene of its own to show: a report, a comparison."""

    def _scene_(self, marks: Marks | None, precision: int) -> Scene: ...


@runtime_checkable
class Plated(Protocol):
    """A noun whose picture is no graph: a schedule, a pattern."""

    def _plate_(self) -> Plate: ...


@runtime_checkable
class Filmed(Protocol):
    """A noun that has a film of its own to play: a Taylor expansion, an elimination."""

    def _film_(self, marks: Marks | None, precision: int) -> Scene: ...


def drawn(subjects: Sequence[Any], marks: Marks | None, view: View) -> Scene | Plate:
    """Return what is seen of a graph, of traces of one graph, or of a noun with a picture.

    Raises AdvizError for several that are not traces, and for a view of what is no graph.

    >>> drawn(["x*y"], None, View())
    <Scene f(x, y) = x · y: 3 nodes>
    """
    traces = [subject for subject in subjects if isinstance(subject, Trace)]
    if len(traces) == len(subjects):
        return view.scene(traces, marks)
    if len(subjects) > 1:
        raise AdvizError(
            "draw takes one graph, report or comparison, or several traces of one graph"
        )
    subject: Any = subjects[0]
    if isinstance(subject, Plated | Staged | Filmed):
        refuse_view(view)
    if isinstance(subject, Plated):
        return subject._plate_()
    if isinstance(subject, Staged):
        return subject._scene_(marks, view.precision)
    if isinstance(subject, Filmed):
        return subject._film_(marks, view.precision)
    return view.scene(build(subject), marks)


def refuse_view(view: View) -> None:
    """Raise AdvizError where a slice, or boxes, are asked for of what has its own picture."""
    given = {**vars(view.slice), "boxes": view.boxes}
    asked = [f"{name}=" for name, value in given.items() if value is not None]
    if asked:
        raise AdvizError(f"{', '.join(asked)} can be asked for of graphs and traces only")


def run(shown: Any, direction: Direction, pane: Pane) -> Any:
    """Return a scene in a direction; a plate, which is no graph, is as it is and has none."""
    if isinstance(shown, Scene):
        return directed(shown, direction, pane)
    if direction != "auto":
        raise AdvizError(f"this picture is no graph; leave out direction={direction!r}")
    return shown


def in_words(scene: Scene | Plate) -> str:
    """Return what stands for a picture where only text can be shown."""
    if isinstance(scene, Plate):
        return scene.words
    if scene.beside is not None:
        return str(scene.beside)
    if scene.traces:
        from adviz.scene.table import table

        return str(table(*scene.traces, precision=scene.precision))
    graph = scene.whole or scene.graph
    if graph.shapes is not None:
        return "\n".join(map(unicode_text, scene.statements or (scene.title,)))
    return graph.text if len(graph) < 200 else repr(graph)
