"""The player as a widget of a notebook: its step, its theme and its inputs are in step with Python.

It is an anywidget, which JupyterLab, VS Code, Colab and marimo show alike. The page computes the
film at other inputs by itself; Python reads them from there, and gives it others.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

import anywidget
import traitlets

from adviz.errors import AdvizError, PointError
from adviz.language.asked import require
from adviz.modes.point import named
from adviz.numbers.given import float64
from adviz.render import html, webfont
from adviz.render.still import still
from adviz.render.web import WebTheme, player
from adviz.scene.scene import Scene


class FilmWidget(anywidget.AnyWidget):
    """A film in a notebook; whatever is set here the page shows, and what is done there is here.

    Inputs that are set may be some of them; the others stay as they are. Raises AdvizError for a
    step that there is not, PointError for inputs that are none, and TraitError for other types.

    >>> import adviz
    >>> film = adviz.animate(adviz.reverse("(x + y)*(x - y)", at={"x": 3, "y": 2}))
    >>> widget = film.widget()
    >>> widget.step = 7
    >>> widget.inputs = {"x": 4}
    >>> widget.inputs
    {'x': 4.0, 'y': 2.0}
    """

    _esm = html.script()
    _css = html.style()
    step = traitlets.Int(1).tag(sync=True)
    """The step that is shown, counted from 1; a negative one is set from the end."""
    playing = traitlets.Bool(False).tag(sync=True)
    theme = traitlets.Enum(("auto", "light", "dark"), "auto").tag(sync=True)
    inputs = traitlets.Dict().tag(sync=True)
    """The number of every input, by its name."""
    _markup = traitlets.Unicode().tag(sync=True)
    _program = traitlets.Unicode().tag(sync=True)
    _fonts: Any = traitlets.List().tag(sync=True)
    _names: Any = traitlets.List().tag(sync=True)
    _steps = traitlets.Int().tag(sync=True)
    """How many there are, which a click or an input in the page may change."""

    def __init__(self, scene: Scene, theme: WebTheme = "auto") -> None:
        made = player(scene)
        self._scene, self._point = scene, _start(scene)
        super().__init__(
            step=scene.first + 1,
            theme=theme,
            inputs=self._point,
            _markup=made.host,
            _program=made.program.program,
            _fonts=[list(face) for face in webfont.faces(made.host)],
            _names=list(scene.graph.inputs),
            _steps=len(scene.frames),
        )

    def __repr__(self) -> str:
        return f"<FilmWidget {self._scene.summary}>"

    @traitlets.validate("step")
    def _step(self, proposal: Mapping[str, Any]) -> int:
        step, first, count = proposal["value"], self._scene.first + 1, self._steps
        good = first <= step <= count or -count + first - 1 <= step <= -1
        require(
            good,
            "step",
            step,
            f"one of {first} to {count}, or of -1 to {first - 1 - count} from the end",
        )
        return int(step % (count + 1))

    @traitlets.validate("inputs")
    def _inputs(self, proposal: Mapping[str, Any]) -> dict[str, float]:
        given = proposal["value"]
        if given != self._point:
            self._point = self._other(given)
        return self._point

    def _other(self, given: Mapping[str, Any]) -> dict[str, float]:
        """Return a point that the page can show."""
        if not self._program:
            raise AdvizError(
                "this film's inputs cannot be changed: a page computes sweeps of values, tangents "
                "and adjoints in floats, of up to 300 nodes; make the film anew at another point"
            )
        point = named(self._scene.graph, {**self._point, **given})
        floats = {name: float64(name, value) for name, value in point.items()}
        endless = next((name for name, value in floats.items() if not isfinite(value)), None)
        if endless is not None:
            raise PointError(f"{endless} = {floats[endless]} is not finite; a page needs a number")
        return floats

    def _repr_mimebundle_(self, **_: Any) -> Any:
        """Return the widget, and the finished picture where there are no widgets."""
        data, metadata = super()._repr_mimebundle_() or ({}, {})
        return {**data, "text/html": still(self._scene)}, metadata


def _start(scene: Scene) -> dict[str, float]:
    """Return where a film is, as far as its numbers are those of a page."""
    point = scene.traces[0].point if scene.traces else {}
    numbers = {name: point[name] for name in scene.graph.inputs if name in point}
    return {name: float(x) for name, x in numbers.items() if not getattr(x, "shape", ())}
