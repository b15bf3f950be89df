"""Films as values: they show themselves in a notebook and write files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from adviz.files import path_of, write
from adviz.language.asked import require, several
from adviz.render import rendered, suffix_of
from adviz.render.drawing import Drawing, DrawnTheme, for_print, of_a_file, refuse_unknown
from adviz.render.figure.asked import Style
from adviz.render.subjects import run
from adviz.render.web import WebTheme, cell, document
from adviz.scene.floor import Direction
from adviz.scene.panes import HALL
from adviz.scene.scene import Scene, played, state


@dataclass(frozen=True)
class Animation:
    """A film of one or several sweeps; shows itself in a notebook as the player.

    >>> import adviz
    >>> film = adviz.animate(adviz.reverse("(x + y)*(x - y)", at={"x": 3, "y": 2}))
    >>> len(film.scene.frames)
    12
    """

    scene: Scene
    theme: WebTheme = "auto"

    def __repr__(self) -> str:
        return f"<Animation {self.scene.summary}>"

    def save(
        self,
        path: str | Path,
        *,
        direction: Direction | None = None,
        steps: tuple[int, int] | None = None,
        **options: Any,
    ) -> None:
        """Write the film; the suffix chooses the format.

        `.html` is one page that plays without a network, `.svg` plays inside an `<img>`, `.json`
        is the film's data, `.beamer.tex` a frame of LaTeX's beamer whose overlays are the steps.
        `direction` is that of `adviz.animate`, as it is made unless given; `steps` are the first
        and the last step to be seen, counted as by `still`, and all of them unless given. Raises
        FormatError for another suffix, AdvizError for steps there are not.
        """
        suffix = suffix_of(path_of(path))
        theme = self.theme if suffix == ".html" else of_a_file(self.theme)
        part = self.scene if steps is None else self._part(steps)
        scene = part if direction is None else run(part, direction, HALL)
        write(path, rendered(scene, suffix, "animation", theme=theme, **options))

    def _part(self, steps: Any) -> Scene:
        """Return the scene from a step to another one."""
        good = several(steps) and len(ends := [self._frame(step) for step in steps]) == 2
        require(good and ends[0] <= ends[1], "steps", steps, "the first and the last step, (3, 9)")
        return played(self.scene, *ends)

    def _frame(self, step: int) -> int:
        """Return the frame of a step, which counts from 1 as the page counts, or from the end."""
        count = len(self.scene.frames)
        good = isinstance(step, int) and 1 <= abs(step) <= count
        require(good, "step", step, f"one of 1 to {count}, or of -1 to -{count} from the end")
        return (step - (step > 0)) % count

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
        now = state(self.scene, self._frame(step))
        chosen = self.theme if theme is None else theme
        refuse_unknown(chosen, get_args(DrawnTheme))
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
