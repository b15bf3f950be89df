"""What can be drawn: graphs, traces, and nouns that have a picture or a film of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

from adviz.errors import AdvizError
from adviz.modes.building import build
from adviz.modes.sparsity.pattern import Sparsity
from adviz.modes.trace import Trace
from adviz.render.pattern import plate
from adviz.render.plate import Plate
from adviz.scene.scene import Marks, Scene
from adviz.scene.staging import stage


@runtime_checkable
class Staged(Protocol):
    """A noun that has a scene of its own to show: a report, a comparison."""

    def _scene_(self, marks: Marks | None) -> Scene: ...


@runtime_checkable
class Plated(Protocol):
    """A noun whose picture is no graph: a schedule."""

    def _plate_(self) -> Plate: ...


@runtime_checkable
class Filmed(Protocol):
    """A noun that has a film of its own to play: a Taylor expansion, an elimination."""

    def _film_(self, marks: Marks | None) -> Scene: ...


def drawn(subjects: Sequence[Any], marks: Marks | None) -> Scene | Plate:
    """Return what is seen of a graph, of traces of one graph, or of a noun with a picture.

    Raises AdvizError for several that are not traces.

    >>> drawn(["x*y"], None)
    <Scene f(x, y) = x · y: 3 nodes>
    """
    traces = [subject for subject in subjects if isinstance(subject, Trace)]
    if len(traces) == len(subjects):
        return stage(traces, marks)
    if len(subjects) > 1:
        raise AdvizError(
            "draw takes one graph, report or comparison, or several traces of one graph"
        )
    subject: Any = subjects[0]
    if isinstance(subject, Sparsity):
        return plate(subject)
    if isinstance(subject, Plated):
        return subject._plate_()
    if isinstance(subject, Staged):
        return subject._scene_(marks)
    if isinstance(subject, Filmed):
        return subject._film_(marks)
    return stage(build(subject), marks)


def in_words(scene: Scene | Plate) -> str:
    """Return what stands for a picture where only text can be shown."""
    if isinstance(scene, Plate):
        return scene.words
    if scene.beside is not None:
        return str(scene.beside)
    if scene.traces:
        from adviz.scene.table import table

        return str(table(*scene.traces))
    return scene.graph.text if len(scene.graph) < 200 else repr(scene.graph)
