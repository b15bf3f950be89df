"""Pictures and films as values: they show themselves in a notebook and write files."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar, get_args, overload, runtime_checkable

from adviz.errors import AdvizError, FormatError
from adviz.files import path_of, write
from adviz.graph.graph import Graph
from adviz.language.asked import among
from adviz.language.asked import shown as shown_word
from adviz.language.numerals import DIGITS, shown_digits
from adviz.modes.building import build
from adviz.modes.sparsity.pattern import Sparsity
from adviz.modes.trace import Trace
from adviz.render import Noun, rendered, renderer
from adviz.render.adaptive import adaptive
from adviz.render.pattern import plate
from adviz.render.plate import Plate
from adviz.render.roles import Theme
from adviz.render.web import WebTheme, cell, document
from adviz.scene.scene import Marks, Scene
from adviz.scene.staging import stage
from adviz.sources import Source

Shown = TypeVar("Shown", bound=Scene | Plate)
"""What a picture is of: a scene, or a plate, which is no scene's."""

_STILL = 4_000_000
"""The most pixels of the still picture beside the one that a notebook shows."""
_AT_A_GLANCE = 100
"""The most nodes of a graph that shows itself unasked; beyond, a cell takes seconds and 300 kB."""


@runtime_checkable
class Staged(Protocol):
    """A noun that has a scene of its own to show: a report, a comparison."""

    def _scene_(self, marks: Marks | None, precision: int) -> Scene: ...


@runtime_checkable
class Plated(Protocol):
    """A noun whose picture is no graph: a schedule."""

    def _plate_(self) -> Plate: ...


@runtime_checkable
class Filmed(Protocol):
    """A noun that has a film of its own to play: a Taylor expansion, an elimination."""

    def _film_(self, marks: Marks | None, precision: int) -> Scene: ...


@dataclass(frozen=True)
class Drawing(Generic[Shown]):
    """A picture of a graph, of a sweep's result or of a pattern; shows itself in a notebook.

    The theme `auto` follows the page in a notebook; a file is then light.

    >>> import adviz
    >>> adviz.draw("x*y").svg()[:4]
    '<svg'
    """

    scene: Shown
    theme: WebTheme = "auto"

    def __repr__(self) -> str:
        return f"<Drawing {self.scene.summary}>"

    def save(self, path: str | Path, **options: Any) -> None:
        """Write the picture; the suffix chooses the format.

        `.svg`, `.pdf` and `.png` (option `scale`: 2, or what fits) are pictures, `.dot` and `.mmd`
        the graph for Graphviz and Mermaid, `.json` and `.graphml` its data. Raises FormatError for
        another suffix; nothing half-written is left behind.
        """
        write(path, self._rendered(path_of(path).suffix, **options))

    def svg(self) -> str:
        """Return the picture as SVG."""
        return self._rendered(".svg").decode()

    def png(self, scale: float | None = None) -> bytes:
        """Return the picture as a PNG file; `scale` is in pixels per point: 2, or what fits."""
        return self._rendered(".png", scale=scale)

    def dot(self: Drawing[Scene]) -> Any:
        """Return the graph as a `graphviz.Digraph`, to go on from with a system's `dot`."""
        from adviz.render.dot import digraph

        renderer(".dot", self._noun)  # a pattern is no graph, which is said here
        return digraph(self.scene, theme=_of_a_file(self.theme))

    def _rendered(self, suffix: str, **options: Any) -> bytes:
        theme = _of_a_file(self.theme)
        return rendered(self.scene, suffix, self._noun, theme=theme, **options)

    @property
    def _noun(self) -> Noun:
        return "pattern" if isinstance(self.scene, Plate) else "drawing"

    def _repr_svg_(self) -> str:
        """Return the picture for an output cell."""
        return adaptive(self.svg()) if self.theme == "auto" else self.svg()

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Return the picture in every form a notebook or its export may want."""
        area = self.scene.layout.width * self.scene.layout.height
        still = self.png(min(2.0, sqrt(_STILL / area)))
        return {
            "image/svg+xml": self._repr_svg_(),
            "image/png": b64encode(still).decode("ascii"),
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

    def __repr__(self) -> str:
        return f"<Animation {self.scene.summary}>"

    def save(self, path: str | Path, **options: Any) -> None:
        """Write the film; the suffix chooses the format.

        `.html` is one page that plays without a network, `.svg` plays inside an `<img>`, `.json`
        is the film's data. Raises FormatError for another suffix.
        """
        suffix = path_of(path).suffix
        theme = self.theme if suffix == ".html" else _of_a_file(self.theme)
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


@overload
def draw(subject: Sparsity | Plated, /, *, theme: WebTheme = "auto") -> Drawing[Plate]: ...
@overload
def draw(
    *subjects: Source | Trace | Staged | Filmed,
    theme: WebTheme = "auto",
    marks: Marks | None = None,
    precision: int = DIGITS,
) -> Drawing[Scene]: ...
def draw(
    *subjects: Source | Trace | Staged | Filmed | Plated | Sparsity,
    theme: WebTheme = "auto",
    marks: Marks | None = None,
    precision: int = DIGITS,
) -> Drawing[Any]:
    """Return the picture of a graph, or of the numbers of one or several sweeps on it.

    A subject is anything `adviz.build` takes (its structure is drawn, with the local partials as
    formulas), traces of one graph (values, tangents or adjoints, and local partials as numbers), a
    report of `adviz.check` (the numbers at its worst point, every node tinted by the digits it
    loses, the culprit marked), an elimination of `adviz.eliminate` (the linearized graph, its
    fill-in marked), a comparison (the formula, and what its derivatives add to it), paths (how many
    go along every edge), an alignment (two derivatives beside each other), a Taylor expansion (the
    coefficients of every node), a schedule of `adviz.checkpoint` (its space-time diagram), or a
    pattern of `adviz.sparsity` (the matrix in the colours of its sweeps, and what they give).
    `marks` puts a colour and a note on nodes and edges. `theme` is `light`, `dark`, or `auto`: in a
    notebook the page's own, in a file light. Numbers have `precision` significant digits, 1 to 17.

    Raises TooLarge for a graph of which nobody could read a picture, FormatError for a theme or a
    precision that there is not.

    >>> import adviz
    >>> adviz.draw("(x + y)*(x - y)").save("graph.svg")
    """
    if not subjects:
        raise AdvizError("draw needs a graph, a trace, a report or a comparison")
    _refuse_unknown(theme)
    digits = shown_digits(precision)
    traces = [subject for subject in subjects if isinstance(subject, Trace)]
    if len(traces) == len(subjects):
        return Drawing(stage(traces, marks, precision=digits), theme)
    if len(subjects) > 1:
        raise AdvizError(
            "draw takes one graph, report or comparison, or several traces of one graph"
        )
    subject: Any = subjects[0]
    if isinstance(subject, Sparsity):
        return Drawing(plate(subject), theme)
    if isinstance(subject, Plated):
        return Drawing(subject._plate_(), theme)
    if isinstance(subject, Staged):
        return Drawing(subject._scene_(marks, digits), theme)
    if isinstance(subject, Filmed):
        return Drawing(subject._film_(marks, digits), theme)
    return Drawing(stage(build(subject), marks, precision=digits), theme)


def animate(
    *subjects: Trace | Filmed,
    theme: WebTheme = "auto",
    marks: Marks | None = None,
    precision: int = DIGITS,
) -> Animation:
    """Return the film of one or several sweeps over the same graph at the same point.

    Several, such as a forward and a reverse sweep, follow each other in one film. A noun that has
    a film of its own is played alone: a Taylor expansion of `adviz.taylor`, order by order, an
    elimination of `adviz.eliminate`, vertex by vertex, a schedule of `adviz.checkpoint`, action by
    action. `theme` is the one the page opens with; `auto` follows the reader's system. Numbers have
    `precision` significant digits, 1 to 17.

    Raises AdvizError for anything that has no film, FormatError for a theme or a precision that
    there is not.

    >>> import adviz
    >>> t = adviz.forward("(x + y)*(x - y)", at={"x": 3, "y": 2}, direction="x")
    >>> adviz.animate(t).save("film.html")
    """
    _refuse_unknown(theme)
    digits = shown_digits(precision)
    subject: Any = subjects[0] if len(subjects) == 1 else None
    if isinstance(subject, Filmed):
        return Animation(subject._film_(marks, digits), theme)
    traces = [subject for subject in subjects if isinstance(subject, Trace)]
    if not traces or len(traces) < len(subjects):
        if isinstance(subject, Staged):
            raise AdvizError("there is a picture but no film of it; use adviz.draw")
        raise AdvizError("animate needs a trace: adviz.animate(adviz.reverse(g, at={'x': 3}))")
    return Animation(stage(traces, marks, precision=digits), theme)


def shown(noun: Graph | Trace | Sparsity) -> str | None:
    """Return the picture by which a graph, a trace or a pattern shows itself in a notebook.

    None where there is none, or so large a one that it should be asked for, by `adviz.draw`.

    >>> import adviz
    >>> shown(adviz.build("x*y"))[:4], shown(adviz.build("+".join(["x"]*1000)))
    ('<svg', None)
    """
    graph = getattr(noun, "graph", noun)
    try:
        large = isinstance(graph, Graph) and len(graph) > _AT_A_GLANCE
        return None if large else draw(noun)._repr_svg_()
    except AdvizError:
        return None


def _refuse_unknown(theme: str) -> None:
    themes = get_args(WebTheme)
    if not among(theme, themes):
        raise FormatError(f"there is no theme {shown_word(theme)}; themes are {', '.join(themes)}")


def _of_a_file(theme: WebTheme) -> Theme:
    """Return the theme of what cannot follow a page."""
    return "light" if theme == "auto" else theme


def _plain(scene: Scene | Plate) -> str:
    """Return what stands for a picture where only text can be shown."""
    if isinstance(scene, Plate):
        return scene.words
    if scene.beside is not None:
        return str(scene.beside)
    if scene.traces:
        from adviz.scene.table import table

        return str(table(*scene.traces, precision=scene.precision))
    return scene.graph.text if len(scene.graph) < 200 else repr(scene.graph)
