"""What can be shown beside graphs and traces: nouns that bring a picture or a film of their own."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from adviz.render.plate import Plate
from adviz.scene.scene import Marks, Scene


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
