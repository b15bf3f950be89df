"""A film as a frame of beamer, whose overlays are the steps: what stays the same is written once.

The overlay specifications are those of section 3.10 and chapter 9 of the beamer user guide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from adviz.errors import FormatError
from adviz.language.asked import among, shown
from adviz.language.notation import Tree, latex, row
from adviz.render.figure.asked import SIZES, Asked, asked
from adviz.render.figure.compose import composed
from adviz.render.figure.lengths import UNITS, Length
from adviz.render.latex.letters import written
from adviz.render.latex.picture import PACKAGES, RESTYLED, content, picture
from adviz.render.latex.styles import colours
from adviz.render.latex.tikz import Item, items
from adviz.render.roles import Theme
from adviz.render.subtitles import spoken
from adviz.scene.quantities import LOOKS
from adviz.scene.scene import Scene, State, states
from adviz.scene.typesetting import set_on_line

Aspect = Literal["16:9", "4:3"]


class Slide(NamedTuple):
    """What beamer calls a shape of slides, and the room that a picture has on one."""

    option: str
    width: float
    height: float


SLIDES: Mapping[Aspect, Slide] = MappingProxyType(
    {
        "16:9": Slide("aspectratio=169", 15.0 * UNITS["cm"], 4.7 * UNITS["cm"]),
        "4:3": Slide("aspectratio=43", 11.8 * UNITS["cm"], 5.3 * UNITS["cm"]),
    }
)
_SIZES = (*SIZES, 4.5, 4.0, 3.5, 3.0)
"""A slide is seen from nearby, as large as its audience makes it."""
_BELOW = "2.1cm"
"""How high what is said below a picture may be."""


def animation(
    scene: Scene,
    *,
    theme: Theme = "light",
    aspect: Aspect = "16:9",
    style: Any = None,
    show: Any = None,
    width: Length | None = None,
    font_size: Length | None = None,
    standalone: bool = False,
) -> bytes:
    r"""Return a film as a frame of beamer, or as a document with this frame.

    `style`, `show`, `width` and `font_size` are those of a figure for print; the picture is as
    wide as the text of a slide of an `aspect`, unless given. Raises FormatError where it does not
    fit, with what would.

    >>> import adviz
    >>> film = adviz.animate(adviz.evaluate("x*y", at={"x": 3, "y": 2}))
    >>> print(animation(film.scene).decode().splitlines()[-4])
      \only<3>{Evaluate $f = x \times y$}
    """
    slide = _slide(aspect)
    wide = slide.width if width is None else width
    wanted = asked(style, show).paged(wide, font_size, scene.direction)
    lines = [*_use(), *_frame(scene, replace(wanted, height=slide.height, sizes=_SIZES), theme)]
    return content(scene, _document(slide, lines) if standalone else lines)


def _slide(aspect: Aspect) -> Slide:
    if not among(aspect, SLIDES):
        raise FormatError(f"there is no aspect {shown(aspect)}; aspects are {', '.join(SLIDES)}")
    return SLIDES[aspect]


def _use() -> Iterator[str]:
    """Yield how the file is used, as comments."""
    yield f"% A frame for \\input in a document of beamer; the preamble needs {PACKAGES}."
    yield from RESTYLED


def _document(slide: Slide, lines: Sequence[str]) -> list[str]:
    return [
        f"\\documentclass[{slide.option}]{{beamer}}",
        PACKAGES,
        r"\setbeamertemplate{navigation symbols}{}",
        r"\begin{document}",
        *lines,
        r"\end{document}",
    ]


def _frame(scene: Scene, wanted: Asked, theme: Theme) -> Iterator[str]:
    """Yield a frame: its title, the picture, and below it what is said at every step."""
    steps = list(states(scene))
    page = composed(scene, wanted)
    said = [f"\\only<{k}>{{{_said(scene, step)}}}%" for k, step in enumerate(steps, 1)]
    yield r"\begin{frame}"
    yield f"\\frametitle{{{_title(scene)}}}"
    yield from colours("\n".join(said), theme)
    yield r"\centering\makebox[\linewidth][c]{%"
    yield from picture(page, overlaid([items(page.at(step)) for step in steps]), theme)
    yield "}"
    yield ""
    yield f"\\begin{{overlayarea}}{{\\textwidth}}{{{_BELOW}}}\\centering"
    yield from (f"  {line}" for line in said)
    yield r"\end{overlayarea}"
    yield r"\end{frame}"


def _title(scene: Scene) -> str:
    title = f"${latex(scene.title, scene.text)}$"
    return title if scene.point is None else f"{title} at ${latex(scene.point, scene.text)}$"


def _said(scene: Scene, step: State) -> str:
    """Return the narration of a step, and under it its formula."""
    said, formula = spoken(scene, step)
    words = written(set_on_line(row(*said), scene.text)).strip()
    shown = _coloured(formula, scene)
    return f"{words}\\\\[1ex]$\\displaystyle {shown}$" if shown else words


def _coloured(part: Tree, scene: Scene) -> str:
    """Return a formula for math mode, its results in their colours."""
    if part[0] == "row":
        return " ".join(_coloured(one, scene) for one in part[1:])
    text = latex(part, scene.text).strip()
    if part[0] == "mark" and part[1] in LOOKS:
        return f"{{\\color{{adviz-{LOOKS[part[1]].text}}}{text}}}"
    return text


def overlaid(steps: Sequence[Iterable[Item]]) -> list[str]:
    """Return the commands of all steps, each with the overlay on which it is like this.

    >>> one, other = Item((0,), "draw", ("a",), "(0, 0)"), Item((0,), "draw", ("b",), "(0, 0)")
    >>> overlaid([[one], [other], [one], [one]])
    ['\\draw<1,3->[a] (0, 0);', '\\draw<2>[b] (0, 0);']
    """
    seen: dict[Item, list[int]] = {}
    for k, shown_items in enumerate(steps, 1):
        for item in shown_items:
            seen.setdefault(item, []).append(k)
    ordered = sorted(seen, key=lambda item: item.place)
    return [item.shown(_overlay(seen[item], len(steps))) for item in ordered]


def _overlay(at: Sequence[int], last: int) -> str:
    """Return when something is there as a specification; nothing for always."""
    if len(at) == last:
        return ""
    stretches = [
        [k for _, k in group] for _, group in groupby(enumerate(at), lambda p: p[1] - p[0])
    ]
    shown_ones = (_stretch(ones[0], ones[-1], last) for ones in stretches)
    return f"<{','.join(shown_ones)}>"


def _stretch(first: int, end: int, last: int) -> str:
    if first == end:
        return f"{first}"
    return f"{first}-" if end == last else f"{first}-{end}"
