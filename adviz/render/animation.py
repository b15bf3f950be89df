"""Films as values: they show themselves in a notebook and write files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from adviz.errors import needing
from adviz.files import write, write_folder
from adviz.language.asked import require, several
from adviz.render import FOLDER, made, rendered, suffix_of
from adviz.render.drawing import Drawing
from adviz.render.figure.asked import Style
from adviz.render.provenance.carriers import carried
from adviz.render.provenance.made import record_of
from adviz.render.roles import DrawnTheme, of_a_file, refuse_unknown
from adviz.render.still import bundle
from adviz.render.subjects import run
from adviz.render.web import WebTheme, cell, document
from adviz.scene.floor import Direction
from adviz.scene.panes import HALL
from adviz.scene.scene import Scene, played, state

if TYPE_CHECKING:
    from matplotlib.animation import FuncAnimation
    from matplotlib.axes import Axes

_PAGE = "text/html"


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
        theme: DrawnTheme | None = None,
        progress: Callable[[int, int], None] | None = None,
        **options: Any,
    ) -> None:
        """Write the film; the suffix chooses the format.

        `.html` is one page that plays without a network, `.svg` plays inside an `<img>`, `.json`
        is the film's data, `.md` a text with the graph, the steps and the table. `.beamer.tex` is
        a frame of LaTeX's beamer whose overlays are the steps, `.reveal.html` a deck of reveal.js
        whose fragments they are, and with `standalone=False` a section to put into a deck.
        `.gif`, `.webp` and `.apng` show it in frames, `.pdf` is one page a step, and a folder
        (`frames/`) one picture a step, 001.png and so on. `.mp4` and `.webm` are videos (the extra
        `adviz-graph[video]`), their phases chapters, and what is said a track of subtitles where
        `show` leaves it out; `.srt` and `.vtt` say it in a file.

        `direction` is that of `adviz.animate`, `theme` the film's own, unless given; `steps` are
        the first and the last step to be seen, counted as by `still`. What is in frames takes
        `size`, (1280, 720) or "720p"; `font_size`, the least size of text in pixels of the frame,
        for which the view follows what is active where the graph is too large; `show`, which of
        `statements`, `table`, `narration`, `names`, `operations`, `values`, `tangents`,
        `adjoints` and `partials` there are; what moves also `seconds`, how long a step takes, and
        but for a video `loop`, whether it begins anew. `progress` is told how many frames are
        made, of how many, by what takes long.

        Raises FormatError for another suffix or option, AdvizError for steps there are not;
        nothing half-written is left behind.

        >>> import adviz
        >>> film = adviz.animate(adviz.reverse("(x + y)*(x - y)", at={"x": 3, "y": 2}))
        >>> film.save("sweep.gif", size=(480, 320), steps=(9, 12), seconds=1, loop=False)
        """
        suffix = suffix_of(path, "animation")
        scene = self._seen(direction, steps)
        options |= {"theme": self._theme(suffix, theme), "progress": progress}
        record = record_of(scene, "film")
        if suffix == FOLDER:
            steps_ = made(scene, suffix, "animation", **options)
            return write_folder(path, ((n, carried(one, n, record)) for n, one in steps_))
        content = rendered(scene, suffix, "animation", **options)
        return write(path, carried(content, suffix, record))

    def _theme(self, suffix: str, given: DrawnTheme | None) -> DrawnTheme:
        """Return the theme of a file; only a page can follow its reader's."""
        theme, of_a_page = self.theme if given is None else given, suffix.endswith(".html")
        refuse_unknown(theme, get_args(WebTheme if of_a_page else DrawnTheme))
        return theme if of_a_page else of_a_file(theme)

    def to_matplotlib(
        self,
        ax: Axes | None = None,
        *,
        direction: Direction | None = None,
        steps: tuple[int, int] | None = None,
        seconds: float | None = None,
        loop: bool = True,
    ) -> FuncAnimation:
        """Return the film as an animation of matplotlib's, in some axes or in a new figure.

        It is to be kept as long as it plays; it is saved by matplotlib's own writers and shows
        itself in a notebook by `to_jshtml`. `direction` and `steps` are those of `save`; a step
        takes so many `seconds`, 1.4 unless given. Fonts and artists are as `Drawing.to_matplotlib`
        has them. Raises AdvizError where matplotlib is missing, and for what is no axes.

        >>> import adviz
        >>> film = adviz.animate(adviz.reverse("x*y", at={"x": 3, "y": 2}))
        >>> film.to_matplotlib(steps=(2, 3)).save("film.gif", writer="pillow", dpi=50)
        """
        with needing("plot", "figures need matplotlib"):
            from adviz.render.plot.film import film
        scene, theme = self._seen(direction, steps), of_a_file(self.theme)
        return film(scene, ax=ax, theme=theme, seconds=seconds, loop=loop)

    def _seen(self, direction: Direction | None, steps: Any) -> Scene:
        """Return the scene from a step to another one, in a direction."""
        part = self.scene if steps is None else self._part(steps)
        return part if direction is None else run(part, direction, HALL)

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
        return Drawing(self.scene, chosen, state=now).styled(style, show)

    def html(self) -> str:
        """Return the self-contained page."""
        page = document(self.scene, theme=self.theme)
        return carried(page, ".html", record_of(self.scene, "film")).decode()

    def widget(self) -> Any:
        """Return the player as a widget of a notebook, in step with Python both ways.

        What there is to read and to set: `step`, counted from 1, `playing`, `theme` and `inputs`,
        numbers by name. It is an anywidget, for JupyterLab, VS Code, Colab, marimo and others:
        `pip install 'adviz-graph[notebook]'`. Raises AdvizError where that is missing.
        """
        with needing("notebook", "a widget needs anywidget"):
            from adviz.render.widget import FilmWidget
        return FilmWidget(self.scene, self.theme)

    def _repr_html_(self) -> str:
        """Return the player for an output cell."""
        return cell(self.scene, theme=self.theme)

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, str]:
        """Return the player, and the finished picture in any other form that is asked for."""
        others = Drawing(self.scene, self.theme)._repr_mimebundle_(
            include, {_PAGE, *(exclude or ())}
        )
        return bundle({_PAGE: self._repr_html_}, (_PAGE,), include, exclude) | others
