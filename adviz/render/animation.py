"""Films as values: they show themselves in a notebook and write files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from adviz.errors import AdvizError
from adviz.files import path_of, write
from adviz.language.asked import require
from adviz.language.numerals import DIGITS, shown_digits
from adviz.modes.trace import Trace
from adviz.render import rendered
from adviz.render.drawing import Drawing, DrawnTheme, for_print, of_a_file, refuse_unknown
from adviz.render.figure.asked import Style
from adviz.render.subjects import Filmed, Staged, refuse_view, run
from adviz.render.web import WebTheme, cell, document
from adviz.scene.floor import Direction
from adviz.scene.layout import LIMIT
from adviz.scene.panes import HALL
from adviz.scene.scene import Marks, Scene, state
from adviz.scene.slices import NodeName, Slice
from adviz.scene.view import View


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
        theme = self.theme if suffix == ".html" else of_a_file(self.theme)
        scene = self.scene if direction is None else run(self.scene, direction, HALL)
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
        refuse_unknown(chosen, get_args(DrawnTheme))
        now = state(self.scene, step - (step > 0))
        return Drawing(self.scene, chosen, for_print(style, show), now)

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


def animate(
    *subjects: Trace | Filmed,
    theme: WebTheme = "auto",
    marks: Marks | None = None,
    precision: int = DIGITS,
    of: NodeName | None = None,
    wrt: str | Sequence[str] | None = None,
    around: NodeName | None = None,
    depth: int | None = None,
    boxes: int | None = None,
    direction: Direction = "auto",
) -> Animation:
    """Return the film of one or several sweeps over the same graph at the same point.

    Several, such as a forward and a reverse sweep, follow each other in one film. A noun that has
    a film of its own is played alone: a Taylor expansion of `adviz.taylor`, order by order, an
    elimination of `adviz.eliminate`, vertex by vertex, a schedule of `adviz.checkpoint`, action by
    action. `theme` is the one the page opens with; `auto` follows the reader's system. `direction`
    is `LR`, from left to right, `TB`, from the top down, or `auto`: whichever makes the text
    largest on a screen, in rows if need be. In a page and in a notebook the inputs of sweeps in
    floats, over at most 300 nodes, can be changed.
    Numbers have `precision` significant digits, 1 to 17.

    `of`, `wrt`, `around` and `depth` choose a slice, `boxes` how many parts there are at most, as
    in `adviz.draw`; the film of more than 400 nodes goes by parts.

    Raises AdvizError for anything that has no film, FormatError for a theme or a precision that
    there is not.

    >>> import adviz
    >>> t = adviz.forward("(x + y)*(x - y)", at={"x": 3, "y": 2}, direction="x")
    >>> adviz.animate(t).save("film.html")
    """
    refuse_unknown(theme, get_args(WebTheme))
    subject: Any = subjects[0] if len(subjects) == 1 else None
    view = View(Slice(of, wrt, around, depth), boxes, LIMIT, shown_digits(precision))
    if isinstance(subject, Filmed):
        refuse_view(view)
        return Animation(run(subject._film_(marks, view.precision), direction, HALL), theme)
    traces = [subject for subject in subjects if isinstance(subject, Trace)]
    if not traces or len(traces) < len(subjects):
        if isinstance(subject, Staged):
            raise AdvizError("there is a picture but no film of it; use adviz.draw")
        raise AdvizError("animate needs a trace: adviz.animate(adviz.reverse(g, at={'x': 3}))")
    return Animation(run(view.scene(traces, marks), direction, HALL), theme)
