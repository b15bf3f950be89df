"""Pictures as values: they show themselves in a notebook and write files."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar, get_args, overload

from adviz.errors import AdvizError, FormatError, needing
from adviz.files import write
from adviz.graph.graph import Graph
from adviz.language.numerals import DIGITS, shown_digits
from adviz.modes.sparsity.pattern import Sparsity
from adviz.modes.trace import Trace
from adviz.render import COMPOSED, Noun, options_of, rendered, renderer, suffix_of, suffixes
from adviz.render.figure.asked import Asked, Style, asked
from adviz.render.figure.compose import Page, composed, figure
from adviz.render.paint import paint
from adviz.render.plate import Plate
from adviz.render.provenance.made import recorded
from adviz.render.roles import DrawnTheme, of_a_file, refuse_unknown
from adviz.render.still import bundle, still
from adviz.render.subjects import Filmed, Plated, Staged, drawn, in_words, run
from adviz.scene.floor import Direction
from adviz.scene.panes import SHEET
from adviz.scene.scene import Marks, Scene, State
from adviz.scene.slices import NodeName, Slice
from adviz.scene.view import View
from adviz.sources import Source

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Shown = TypeVar("Shown", bound=Scene | Plate)
"""What a picture is of: a scene, or a plate, which is no scene's."""

_PAGE = ("width", "font_size")
"""What a file of a figure can be asked for."""
_PRINTED_DPI = 300
_STILL = 4_000_000
"""The most pixels of a picture that is kept in a notebook."""
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

    def save(
        self,
        path: str | Path,
        *,
        direction: Direction | None = None,
        theme: DrawnTheme | None = None,
        style: Style | None = None,
        show: str | Iterable[str] | None = None,
        **options: Any,
    ) -> None:
        """Write the picture; the suffix chooses the format.

        `.svg`, `.pdf` and `.png` (option `scale`: 2, or what fits; or `dpi`) are pictures, `.dot`
        and `.mmd` the graph for Graphviz and Mermaid, `.md` a text with the latter and the table,
        `.tex` a figure in TikZ (option `standalone`: a document of its own), `.json` and
        `.graphml` its data, `.html` is a page in which a click opens the parts of a large graph.
        Raises FormatError for another suffix; nothing half-written is left behind. `direction`,
        `theme`, `style` and `show` are those of `adviz.draw`, as it is drawn unless given.

        A picture with `width` or `font_size` is composed for print: `width="8.5cm", font_size=8`
        is that wide and has text of 8 points. Lengths are numbers of points or have a unit (pt,
        mm, cm, in). Without a size the text is the largest that fits, 10 points at most. Raises
        FormatError where the graph does not fit, with what would.

        >>> import adviz
        >>> drawing = adviz.draw("(x + y)*(x - y)")
        >>> drawing.save("figure.pdf", width="8.5cm", font_size=8, style="textbook")
        """
        chosen = self.theme if theme is None else theme
        refuse_unknown(chosen, get_args(DrawnTheme))
        drawing = replace(self._directed(direction), theme=chosen).styled(style, show)
        write(path, drawing._rendered(suffix_of(path, self._noun), **options))

    def _directed(self, direction: Direction | None) -> Drawing[Shown]:
        """Return the picture in a direction, as it is drawn unless given."""
        if direction is None:
            return self
        return replace(self, scene=run(self.scene, direction, SHEET), direction=direction)

    def styled(self, style: Style | None, show: str | Iterable[str] | None) -> Drawing[Shown]:
        """Return the picture in a style, with some parts, as it is drawn unless given."""
        if style is None and show is None:
            return self
        if isinstance(self.scene, Plate):
            raise FormatError("style and show are for the picture of a graph")
        drawn = self.asked or asked()
        return replace(
            self, asked=asked(style or drawn.style, drawn.show if show is None else show)
        )

    def svg(self) -> str:
        """Return the picture as SVG."""
        return self._rendered(".svg").decode()

    def png(self, scale: float | None = None) -> bytes:
        """Return the picture as a PNG file; `scale` is in pixels per point: 2, or what fits."""
        return self._rendered(".png", scale=scale)

    def pdf(self) -> bytes:
        """Return the picture as a PDF file."""
        return self._rendered(".pdf")

    def to_matplotlib(self, ax: Axes | None = None) -> Axes:
        """Draw the picture into some axes of matplotlib's, or into those of a new figure.

        A unit of the axes is a pixel, and y points down; letters and lines grow with the axes.
        Words are set in `font.family` and mathematics in `mathtext.fontset`. Every artist has a
        `gid`, such as `node-3-frame`, by which `ax.findobj` finds it. Raises AdvizError where
        matplotlib is missing, and for what is no axes.

        >>> import adviz
        >>> axes = adviz.draw("x*y").to_matplotlib()
        >>> [text.get_text() for text in axes.texts if text.get_gid() == "node-1-symbol"]
        ['y']
        """
        with needing("plot", "figures need matplotlib"):
            from adviz.render.plot.still import still
        return still(self._seen(".svg", {}), ax=ax, theme=of_a_file(self.theme))

    def dot(self: Drawing[Scene]) -> Any:
        """Return the graph as a `graphviz.Digraph`, to go on from with a system's `dot`."""
        from adviz.render.dot import digraph

        renderer(".dot", self._noun)  # a pattern is no graph, which is said here
        return digraph(self.scene, theme=of_a_file(self.theme), **self._only_shown(".dot"))

    def _rendered(self, suffix: str, **options: Any) -> bytes:
        page = {name: options.pop(name) for name in _PAGE if name in options}
        options = self._only_shown(suffix) | options
        seen: Scene | Plate | Page
        if isinstance(self.scene, Scene) and suffix.lower() in COMPOSED:
            seen = composed(self.scene, self._wanted(page), self.state)
        else:
            seen = self._seen(suffix, page)
        if suffix == ".png" and (page or self.asked) and not {"scale", "dpi"} & {*options}:
            options["dpi"] = _PRINTED_DPI
        theme = self.theme if suffix == ".html" else of_a_file(self.theme)
        made = rendered(seen, suffix, self._noun, theme=theme, **options)
        return recorded(made, suffix, self.scene, self.state)

    def _seen(self, suffix: str, page: dict[str, Any]) -> Scene | Plate:
        """Return what is written under a suffix: the scene, or a figure of it for print."""
        if isinstance(self.scene, Plate):
            if page:
                raise FormatError(f"{next(iter(page))} is for the picture of a graph")
            return self.scene
        bare = self.asked is None or self._only_shown(suffix)
        if bare and not (page or self.state):
            return self.scene
        if suffix not in suffixes("pattern"):
            known = ", ".join([*suffixes("pattern"), *COMPOSED])
            raise FormatError(f"{suffix} is no figure for print; use {known}")
        if not (page or self.asked):
            return Plate(paint(self.scene, self.state), self.scene.summary, in_words(self.scene))
        return figure(self.scene, self._wanted(page), self.state)

    def _only_shown(self, suffix: str) -> dict[str, Any]:
        """Return what a format that is no figure is asked to show, where only that is asked."""
        taken = "show" in options_of(suffix, self._noun)
        only = taken and self.asked and self.asked == asked(show=self.asked.show)
        return {"show": self.asked.show} if self.asked and only else {}

    def _wanted(self, page: dict[str, Any]) -> Asked:
        """Return what is asked for a figure on a page."""
        return (self.asked or asked()).paged(**page, direction=self.direction)

    @property
    def _noun(self) -> Noun:
        return "pattern" if isinstance(self.scene, Plate) else "drawing"

    def _repr_html_(self) -> str:
        """Return the picture for an output cell."""
        return still(self._seen(".svg", {}), self.theme)

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, str]:
        """Return the picture and what it shows in words; as a file of its own where asked for.

        `display(drawing, include=["application/pdf"])` is for a notebook that is to be printed.
        """
        forms = {
            "text/html": self._repr_html_,
            "image/svg+xml": self.svg,
            "image/png": lambda: b64encode(self.png(self._scale)).decode("ascii"),
            "application/pdf": lambda: b64encode(self.pdf()).decode("ascii"),
            "text/plain": lambda: in_words(self.scene),
        }
        return bundle(forms, ("text/html", "text/plain"), include, exclude)

    @property
    def _scale(self) -> float:
        """The scale at which the picture has no more pixels than a cell should hold."""
        layout = self._seen(".svg", {}).layout
        return min(2.0, sqrt(_STILL / (layout.width * layout.height)))


@overload
def draw(subject: Plated, /, *, theme: DrawnTheme = "auto") -> Drawing[Plate]: ...
@overload
def draw(
    *subjects: Source | Trace | Staged | Filmed,
    theme: DrawnTheme = "auto",
    marks: Marks | None = None,
    precision: int = DIGITS,
    of: NodeName | None = None,
    wrt: str | Sequence[str] | None = None,
    around: NodeName | None = None,
    depth: int | None = None,
    boxes: int | None = None,
    direction: Direction = "auto",
    style: Style | None = None,
    show: str | Iterable[str] | None = None,
) -> Drawing[Scene]: ...
def draw(
    *subjects: Source | Trace | Staged | Filmed | Plated,
    theme: DrawnTheme = "auto",
    marks: Marks | None = None,
    precision: int = DIGITS,
    of: NodeName | None = None,
    wrt: str | Sequence[str] | None = None,
    around: NodeName | None = None,
    depth: int | None = None,
    boxes: int | None = None,
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
    Numbers have `precision` significant digits, 1 to 17.

    `style` and `show` make a figure for print: the style `card` has boxes that say everything,
    `textbook` circles with a sign or a name in them and their numbers beside. `show` says what
    there is of `names`, `operations`, `values`, `tangents`, `adjoints` and `partials`; alone it
    holds for `.dot`, `.mmd` and `.md` too.
    `direction` is `LR`, from left to right, `TB`, from the top down, or `auto`: whichever makes
    the text largest on a sheet, in rows if need be.

    Of a graph or traces a slice can be drawn: what the node or output `of` is computed from, what
    depends on the inputs `wrt`, what is within `depth` edges (2 unless given) `around` a node; a
    node is named, or numbered. Where edges lead out it says how many. A graph of more than 60
    nodes is drawn in at most 40 boxes, each of a part: up to a name that the author gave, of equal
    blocks one after another, or up to where few values are needed. `boxes` is another number of
    them, and up to 400 nodes each have their own if there are as many boxes.

    Raises AdvizError for a node that is not there, TooLarge for a graph of which nobody could read
    a picture, and FormatError for a theme or a precision that there is not.

    >>> import adviz
    >>> adviz.draw("(x + y)*(x - y)").save("graph.svg")
    """
    if not subjects:
        raise AdvizError("draw needs a graph, a trace, a report or a comparison")
    refuse_unknown(theme, get_args(DrawnTheme))
    view = View(Slice(of, wrt, around, depth), boxes, precision=shown_digits(precision))
    scene = run(drawn(subjects, marks, view), direction, SHEET)
    return Drawing(scene, theme, direction=direction).styled(style, show)


def shown(noun: Graph | Trace | Sparsity) -> str | None:
    """Return the picture by which a graph, a trace or a pattern shows itself in a notebook.

    None where there is none, or so large a one that it should be asked for, by `adviz.draw`.

    >>> import adviz
    >>> shown(adviz.build("x*y")).count("<img"), shown(adviz.build("+".join(["x"]*1000)))
    (1, None)
    """
    graph = getattr(noun, "graph", noun)
    try:
        large = isinstance(graph, Graph) and len(graph) > _AT_A_GLANCE
        return None if large else draw(noun)._repr_html_()
    except AdvizError:
        return None
