"""What was recorded of a framework: its backward passes as traces, and where adviz differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from adviz.checking.recording.differences import Difference, differences, unjudged
from adviz.checking.recording.recorded import Pass
from adviz.checking.recording.tracing import Drawn
from adviz.errors import AdvizError
from adviz.graph.graph import Graph
from adviz.language.numerals import DIGITS
from adviz.modes.trace import Trace

if TYPE_CHECKING:
    from adviz.scene.scene import Mark, Marks, Scene


@dataclass(eq=False)
class Recording:
    """The backward passes that a framework ran while it was watched, in order.

    `adviz.animate` plays the last one, what adviz does not agree with marked; `adviz.draw` and
    `adviz.table` take it too. All numbers are the framework's, none is computed anew.

    >>> import adviz
    >>> adviz.Recording([])
    <Recording: no backward pass>
    """

    passes: list[Pass]
    """What was recorded, as it was."""

    def __repr__(self) -> str:
        if not self.passes:
            return "<Recording: no backward pass>"
        last = self.passes[-1]
        count = len(self.passes)
        told = "1 backward pass" if count == 1 else f"{count} backward passes"
        return f"<Recording of {last.framework}: {told}, {len(last.arrivals)} contributions>"

    @property
    def traces(self) -> Sequence[Trace]:
        """The backward passes, each as a finished reverse sweep."""
        return [drawn.trace() for drawn in self._drawn]

    @property
    def trace(self) -> Trace:
        """The last backward pass. Raises AdvizError where none was recorded."""
        return self._last.trace()

    @property
    def graph(self) -> Graph:
        """The graph of the last pass, a node for each operation."""
        return self._last.graph

    @property
    def gradient(self) -> dict[str, Any]:
        """What came back to every input of the last pass, as NumPy's arrays."""
        return self.trace.gradient

    @property
    def differences(self) -> Sequence[Difference]:
        """Where the last pass sent back something else than adviz's rules do, the worst first."""
        return differences(self._last)

    @property
    def unjudged(self) -> Sequence[str]:
        """The operations of the last pass that adviz has no rule for, by name."""
        return unjudged(self._last)

    @property
    def marks(self) -> Mapping[Any, Mark]:
        """The edges along which the last pass differs, for `animate` and `draw`."""
        from adviz.scene.scene import Mark

        return {one.edge: Mark("fault", one.note) for one in self.differences}

    @property
    def _last(self) -> Drawn:
        if not self.passes:
            raise AdvizError(
                "no backward pass was recorded; call loss.backward() inside adviz.watching()"
            )
        return self._drawn[-1]

    @property
    def _drawn(self) -> Sequence[Drawn]:
        while len(self._made) < len(self.passes):
            self._made.append(Drawn(self.passes[len(self._made)]))
        return self._made

    @cached_property
    def _made(self) -> list[Drawn]:
        return []

    def _film_(self, marks: Marks | None = None, precision: int = DIGITS) -> Scene:
        """Return the film of the last pass, for `adviz.animate`."""
        from adviz.scene.staging import stage

        return stage([self.trace], {**self.marks, **(marks or {})}, precision=precision)
