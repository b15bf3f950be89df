"""Pictures and films as values: they show themselves in a notebook and write files."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, get_args, runtime_checkable

from adviz.errors import AdvizError, FormatError
from adviz.files import write
from adviz.modes.trace import Trace
from adviz.render import rendered
from adviz.render.roles import Theme
from adviz.render.web import WebTheme, cell, document
from adviz.scene.scene import Marks, Scene
from adviz.scene.staging import stage
from adviz.sources import Source, build


@runtime_checkable
class Staged(Protocol):
    """A noun that has a scene of its own to show: a report, a comparison."""

    def _scene_(self, marks: Marks | None) -> Scene: ...


@dataclass(frozen=True)
class Drawing:
    """A picture of a graph or of a sweep's result; shows itself in a notebook.

    >>> import adviz
    >>> adviz.draw("x*y").svg()[:4]
    '<svg'
    """

    scene: Scene
    theme: Theme = "light"

    def save(self, path: str | Path, **options: Any) -> None:
        """Write the picture; the suffix chooses the format.

        `.svg`, `.pdf` and `.png` (option `scale`, 2 unless given) are pictures, `.dot` and `.mmd`
        the graph for Graphviz and Mermaid, `.json` and `.graphml` its data. Raises FormatError for
        another suffix; nothing half-written is left behind.
        """
        write(path, self._rendered(Path(path).suffix, **options))

    def svg(self) -> str:
        """Return the picture as SVG."""
        return self._rendered(".svg").decode()

    def png(self, scale: float = 2) -> bytes:
        """Return the picture as a PNG file; `scale` is in pixels per point."""
        return self._rendered(".png", scale=scale)

    def dot(self) -> Any:
        """Return the graph as a `graphviz.Digraph`, to go on from with a system's `dot`."""
        from adviz.render.dot import digraph

        return digraph(self.scene, theme=self.theme)

    def _rendered(self, suffix: str, **options: Any) -> bytes:
        return rendered(self.scene, suffix, "drawing", theme=self.theme, **options)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Return the picture in every form a notebook or its export may want."""
        return {
            "image/svg+xml": self.svg(),
            "image/png": b64encode(self.png()).decode("ascii"),
            "text/plain": _plain(self.scene),
        }


@dataclass(frozen=True)
class Animation:
    """A film of one or several sweeps; shows itself in a notebook as the player.

    >>> import adviz
    >>> film = adviz.animate(adviz.reverse("(x + y)*(x - y)", at={"x": 3, "y": 2}))
    >>> len(film.scene.frames)
    11
    """

    scene: Scene
    theme: WebTheme = "auto"

    def save(self, path: str | Path, **options: Any) -> None:
        """Write the film; the suffix chooses the format.

        `.html` is one page that plays without a network, `.svg` plays inside an `<img>`, `.json`
        is the film's data. Raises FormatError for another suffix.
        """
        suffix = Path(path).suffix
        theme = "light" if self.theme == "auto" and suffix != ".html" else self.theme
        write(path, rendered(self.scene, suffix, "animation", theme=theme, **options))

    def html(self) -> str:
        """Return the self-contained page."""
        return document(self.scene, theme=self.theme).decode()

    def _repr_html_(self) -> str:
        """Return the player for an output cell."""
        return cell(self.scene, theme=self.theme)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Return the player, and the finished picture where HTML is not wanted."""
        still = Drawing(self.scene)._repr_mimebundle_()
        return {"text/html": self._repr_html_(), **still}


def draw(
    *subjects: Source | Trace | Staged, theme: Theme = "light", marks: Marks | None = None
) -> Drawing:
    """Return the picture of a graph, or of the numbers of one or several sweeps on it.

    A subject is anything `adviz.build` takes (its structure is drawn, with the local partials as
    formulas), traces of one graph (values, tangents or adjoints, and local partials as numbers),
    or a report of `adviz.check` (the numbers at its worst point, every node tinted by the digits
    it loses, the culprit marked). `marks` puts a colour and a note on nodes and edges.

    Raises TooLarge for a graph of which nobody could read a picture.

    >>> import adviz
    >>> adviz.draw("(x + y)*(x - y)").save("graph.svg")
    """
    if not subjects:
        raise AdvizError("draw needs a graph, a trace or a report")
    if theme not in get_args(Theme):
        raise FormatError(f"there is no theme {theme!r}; themes are {', '.join(get_args(Theme))}")
    traces = [subject for subject in subjects if isinstance(subject, Trace)]
    if len(traces) == len(subjects):
        return Drawing(stage(traces, marks), theme)
    if len(subjects) > 1:
        raise AdvizError("draw takes one graph or report, or several traces of one graph")
    subject: Any = subjects[0]
    if isinstance(subject, Staged):
        return Drawing(subject._scene_(marks), theme)
    return Drawing(stage(build(subject), marks), theme)


def animate(*traces: Trace, theme: WebTheme = "auto", marks: Marks | None = None) -> Animation:
    """Return the film of one or several sweeps over the same graph at the same point.

    Several, such as a forward and a reverse sweep, follow each other in one film. `theme` is the
    one the page opens with; `auto` follows the reader's system.

    Raises AdvizError for anything that is not a trace.

    >>> import adviz
    >>> t = adviz.forward("(x + y)*(x - y)", at={"x": 3, "y": 2}, direction="x")
    >>> adviz.animate(t).save("film.html")
    """
    if not traces or not all(isinstance(trace, Trace) for trace in traces):
        raise AdvizError("animate needs a trace: adviz.animate(adviz.reverse(g, at={'x': 3}))")
    if theme not in get_args(WebTheme):
        raise FormatError(
            f"there is no theme {theme!r}; themes are {', '.join(get_args(WebTheme))}"
        )
    return Animation(stage(list(traces), marks), theme)


def _plain(scene: Scene) -> str:
    """Return what stands for a picture where only text can be shown."""
    if scene.traces:
        from adviz.scene.table import table

        return str(table(*scene.traces))
    return scene.graph.text if len(scene.graph) < 200 else repr(scene.graph)
