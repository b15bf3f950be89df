"""Pictures and films as values: they show themselves in a notebook and write files."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import sqrt
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar, get_args, overload

from adviz.errors import AdvizError, FormatError
from adviz.files import path_of, write
from adviz.graph.graph import Graph
from adviz.language.asked import among, require
from adviz.language.asked import shown as shown_word
from adviz.modes.sparsity.pattern import Sparsity
from adviz.modes.trace import Trace
from adviz.render import Noun, rendered, renderer, suffixes
from adviz.render.adaptive import adaptive
from adviz.render.figure.asked import Asked, Style, asked
from adviz.render.figure.compose import figure
from adviz.render.paint import paint
from adviz.render.plate import Plate
from adviz.render.roles import Theme
from adviz.render.subjects import Filmed, Plated, Staged, drawn, in_words
from adviz.render.web import WebTheme, cell, document
from adviz.scene.panes import HALL, SHEET, Direction, Pane, directed
from adviz.scene.scene import Marks, Scene, State, state
from adviz.scene.staging import stage
from adviz.sources import Source

Shown = TypeVar("Shown", bound=Scene | Plate)
"""What a picture is of: a scene, or a plate, which is no scene's."""

DrawnTheme = Literal["auto", "light", "dark", "print"]
"""The themes of a picture; a page has all but the greys of print."""

_PAGE = ("width", "font_size")
"""What a file of a figure can be asked for."""
_PRINTED_DPI = 300
_STILL = 4_000_000
"""The most pixels of the still picture beside the one that a notebook shows."""
_AT_A_GLANCE = 100
"""The most nodes of a graph that shows itself unasked; beyond, a cell takes seconds and 300 kB."""


@dataclass(frozen=True)
class Drawing(Generic[Shown]):
    """A picture of a graph, of a sweep's result or of a pattern; shows itself in a notebook.

    The theme `auto` follows the page in a notebook; a file is then light.

    >>> import adviz
    >>> adviz.draw("x*y").svg()[:4]
    '<svg'
    """

    scene: Shown
    theme: DrawnTheme = "auto"
    asked: Asked | None = None
    """What is asked for a figure for print; None for the picture as a page has it."""
    state: State | None = None
    """The step of a film that is seen; None for the finished picture."""
    direction: Direction = "auto"
    """Which way it runs."""

    def __repr__(self) -> str:
        return f"<Drawing {self.scene.summary}>"

    def save(self, path: str | Path, *, direction: Direction | None = None, **options: Any) -> None:
        """Write the picture; the suffix chooses the format.

        `.svg`, `.pdf` and `.png` (option `scale`: 2, or what fits; or `dpi`) are pictures, `.dot`
        and `.mmd` the graph for Graphviz and Mermaid, `.json` and `.graphml` its data. Raises
        FormatError for another suffix; nothing half-written is left behind. `direction` is that
        of `adviz.draw`, as it is drawn unless given.

        A picture with `width` or `font_size` is composed for print: `width="8.5cm", font_size=8`
        is that wide and has text of 8 points. Lengths are numbers of points or have a unit (pt,
        mm, cm, in). Without a size the text is the largest that fits, 10 points at most. Raises
        FormatError where the graph does not fit, with what would.

        >>> import adviz
        >>> drawing = adviz.draw("(x + y)*(x - y)", style="textbook")
        >>> drawing.save("figure.pdf", width="8.5cm", font_size=8)
        """
        write(path, self._directed(direction)._rendered(path_of(path).suffix, **options))

    def _directed(self, direction: Direction | None) -> Drawing[Shown]:
        """Return the picture in a direction, as it is drawn unless given."""
        if direction is None:
            return self
        return replace(self, scene=_run(self.scene, direction, SHEET), direction=direction)

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
        page = {name: options.pop(name) for name in _PAGE if name in options}
        renderer(suffix, self._noun)
        seen = self._seen(suffix, page)
        if suffix == ".png" and (page or self.asked) and not {"scale", "dpi"} & {*options}:
            options["dpi"] = _PRINTED_DPI
        theme = _of_a_file(self.theme)
        return rendered(seen, suffix, self._noun, theme=theme, **options)

    def _seen(self, suffix: str, page: dict[str, Any]) -> Scene | Plate:
        """Return what is written under a suffix: the scene, or a figure of it for print."""
        if isinstance(self.scene, Plate) or not (page or self.asked or self.state):
            if page:
                raise FormatError(f"{next(iter(page))} is for the picture of a graph")
            return self.scene
        if suffix not in suffixes("pattern"):
            known = ", ".join(suffixes("pattern"))
            raise FormatError(f"{suffix} is no figure for print; use {known}")
        if not (page or self.asked):
            return Plate(paint(self.scene, self.state), self.scene.summary, in_words(self.scene))
        wanted = (self.asked or asked()).paged(**page, direction=self.direction)
        return figure(self.scene, wanted, self.state)

    @property
    def _noun(self) -> Noun:
        return "pattern" if isinstance(self.scene, Plate) else "drawing"

    def _repr_svg_(self) -> str:
        """Return the picture for an output cell."""
        return adaptive(self.svg()) if self.theme == "auto" else self.svg()

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Return the picture in every form a notebook or its export may want."""
        layout = self._seen(".svg", {}).layout
        area = layout.width * layout.height
        still = self.png(min(2.0, sqrt(_STILL / area)))
        return {
            "image/svg+xml": self._repr_svg_(),
            "image/png": b64encode(still).decode("ascii"),
            "text/plain": in_words(self.scene),
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

    def save(self, path: str | Path, *, direction: Direction | None = None, **options: Any) -> None:
        """Write the film; the suffix chooses the format.

        `.html` is one page that plays without a network, `.svg` plays inside an `<img>`, `.json`
        is the film's data. `direction` is that of `adviz.animate`, as it is made unless given.
        Raises FormatError for another suffix.
        """
        suffix = path_of(path).suffix
        theme = self.theme if suffix == ".html" else _of_a_file(self.theme)
        scene = self.scene if direction is None else _run(self.scene, direction, HALL)
        write(path, rendered(scene, suffix, "animation", theme=theme, **options))

    def still(
        self,
        step: int,
        *,
        theme: DrawnTheme | None = None,
        style: Style | None = None,
        show: str | Iterable[str] | None = None,
    ) -> Drawing[Scene]:
        """Return one step as a picture, counted from 1 as the page counts, or from the end.

        `theme`, the film's own unless given, `style` and `show` are those of `adviz.draw`. Raises
        AdvizError for a step that there is not.

        >>> import adviz
        >>> film = adviz.animate(adviz.reverse("(x + y)*(x - y)", at={"x": 3, "y": 2}))
        >>> film.still(7).save("seventh.pdf", width="8.5cm", font_size=8)
        """
        count = len(self.scene.frames)
        good = isinstance(step, int) and 1 <= abs(step) <= count
        require(good, "step", step, f"one of 1 to {count}, or of -1 to -{count} from the end")
        chosen = self.theme if theme is None else theme
        _refuse_unknown(chosen, get_args(DrawnTheme))
        now = state(self.scene, step - (step > 0))
        return Drawing(self.scene, chosen, _asked(style, show), now)

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
def draw(subject: Sparsity | Plated, /, *, theme: DrawnTheme = "auto") -> Drawing[Plate]: ...
@overload
def draw(
    *subjects: Source | Trace | Staged | Filmed,
    theme: DrawnTheme = "auto",
    marks: Marks | None = None,
    direction: Direction = "auto",
    style: Style | None = None,
    show: str | Iterable[str] | None = None,
) -> Drawing[Scene]: ...
def draw(
    *subjects: Source | Trace | Staged | Filmed | Plated | Sparsity,
    theme: DrawnTheme = "auto",
    marks: Marks | None = None,
    direction: Direction = "auto",
    style: Style | None = None,
    show: str | Iterable[str] | None = None,
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
    `marks` puts a colour and a note on nodes and edges. `theme` is `light`, `dark`, `print` (greys
    that any printer keeps apart), or `auto`: in a notebook the page's own, in a file light.

    `style` and `show` make a figure for print: the style `card` has boxes that say everything,
    `textbook` circles with a sign or a name in them and their numbers beside. `show` says what
    there is of `names`, `operations`, `values`, `tangents`, `adjoints` and `partials`.
    `direction` is `LR`, from left to right, `TB`, from the top down, or `auto`: whichever makes
    the text largest on a sheet, in rows if need be.

    Raises TooLarge for a graph of which nobody could read a picture.

    >>> import adviz
    >>> adviz.draw("(x + y)*(x - y)").save("graph.svg")
    """
    if not subjects:
        raise AdvizError("draw needs a graph, a trace, a report or a comparison")
    _refuse_unknown(theme, get_args(DrawnTheme))
    scene = _run(drawn(subjects, marks), direction, SHEET)
    drawing = Drawing(scene, theme, _asked(style, show), direction=direction)
    if isinstance(drawing.scene, Plate) and drawing.asked:
        raise FormatError("style and show are for the picture of a graph")
    return drawing


def _asked(style: Style | None, show: Any) -> Asked | None:
    """Return what is asked for a figure for print; None where nothing is."""
    return None if style is None and show is None else asked(style, show)


def _run(shown: Any, direction: Direction, pane: Pane) -> Any:
    """Return a scene in a direction; a plate, which is no graph, is as it is and has none."""
    if isinstance(shown, Scene):
        return directed(shown, direction, pane)
    if direction != "auto":
        raise AdvizError(f"this picture is no graph; leave out direction={direction!r}")
    return shown


def animate(
    *subjects: Trace | Filmed,
    theme: WebTheme = "auto",
    marks: Marks | None = None,
    direction: Direction = "auto",
) -> Animation:
    """Return the film of one or several sweeps over the same graph at the same point.

    Several, such as a forward and a reverse sweep, follow each other in one film. A noun that has
    a film of its own is played alone: a Taylor expansion of `adviz.taylor`, order by order, an
    elimination of `adviz.eliminate`, vertex by vertex, a schedule of `adviz.checkpoint`, action by
    action. `theme` is the one the page opens with; `auto` follows the reader's system. `direction`
    is `LR`, from left to right, `TB`, from the top down, or `auto`: whichever makes the text
    largest on a screen, in rows if need be.

    Raises AdvizError for anything that has no film.

    >>> import adviz
    >>> t = adviz.forward("(x + y)*(x - y)", at={"x": 3, "y": 2}, direction="x")
    >>> adviz.animate(t).save("film.html")
    """
    _refuse_unknown(theme, get_args(WebTheme))
    subject: Any = subjects[0] if len(subjects) == 1 else None
    if isinstance(subject, Filmed):
        return Animation(_run(subject._film_(marks), direction, HALL), theme)
    traces = [subject for subject in subjects if isinstance(subject, Trace)]
    if not traces or len(traces) < len(subjects):
        if isinstance(subject, Staged):
            raise AdvizError("there is a picture but no film of it; use adviz.draw")
        raise AdvizError("animate needs a trace: adviz.animate(adviz.reverse(g, at={'x': 3}))")
    return Animation(_run(stage(traces, marks), direction, HALL), theme)


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


def _refuse_unknown(theme: str, themes: tuple[str, ...]) -> None:
    if not among(theme, themes):
        raise FormatError(f"there is no theme {shown_word(theme)}; themes are {', '.join(themes)}")


def _of_a_file(theme: DrawnTheme) -> Theme:
    """Return the theme of what cannot follow a page."""
    return "light" if theme == "auto" else theme
