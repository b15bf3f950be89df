"""A film as a frame of beamer, whose overlays are the steps: what stays the same is written once.

The overlay specifications are those of section 3.10 and chapter 9 of the beamer user guide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from math import ceil, inf
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from adviz.errors import FormatError
from adviz.language.asked import among, shown
from adviz.language.notation import Tree, latex, op, row, unicode_text
from adviz.render.figure.asked import SIZES, Asked, asked
from adviz.render.figure.compose import composed, fitted
from adviz.render.figure.lengths import PIXELS_PER_POINT, UNITS, Length
from adviz.render.latex.letters import written
from adviz.render.latex.picture import PACKAGES, RESTYLED, content, picture
from adviz.render.latex.styles import colours
from adviz.render.latex.tikz import Item, items
from adviz.render.latex.view import View
from adviz.render.roles import Theme
from adviz.scene.frames import Frame
from adviz.scene.quantities import LOOKS
from adviz.scene.scene import Scene, states
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
_SIZES = (14.4, 12.0, *SIZES, 4.5)
"""The sizes of text, of which a picture takes the first at which all of it is on the slide."""
_TITLES = {r"\Large": 14.4, r"\large": 12.0, r"\normalsize": 11.0, r"\small": 10.0,
           r"\footnotesize": 9.0, r"\scriptsize": 8.0, r"\tiny": 6.0}  # fmt: skip
"""The sizes of a title in points, by their commands."""
_TITLE_HIGH, _LEADING, _LETTER = 1.6 * UNITS["cm"], 1.35, 0.52
"""How high a title may be; its lines, and the width of a letter, in the size of its letters."""
_COLOURED = frozenset(role for role, look in LOOKS.items() if look.text != "ink")
"""The roles of numbers that have a colour of their own."""
_LONGEST = 90
"""How many characters the formulas of a closing card may have to be shown."""
_FITTED = r"""\centering
\makebox[\linewidth][c]{%
\resizebox{\ifdim\width>0.96\paperwidth 0.96\paperwidth\else\width\fi}{!}{%"""
"""What stands around a picture: it is no wider than the slide, whatever shape that has."""
_IN_PART = "% The graph has no room on a slide with text of {size:g} points, so the view moves."
_UPRIGHT = (r"\mathrm{", r"\text{")
"""Words in formulas are in the letters of the slide, whose mathematics has none upright."""
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
    wide as a slide of an `aspect`, unless given. Where a slide does not hold the graph in letters
    of 5 points, these stay and the view follows what is active, as the player's does. Raises
    FormatError for an aspect that there is not, and for a width that does not hold the graph.

    >>> import adviz
    >>> film = adviz.animate(adviz.evaluate("x*y", at={"x": 3, "y": 2}))
    >>> print(animation(film.scene).decode().splitlines()[-3][:31])
      \only<2>{Evaluate $v_{1} = x
    """
    slide = _slide(aspect)
    wanted = replace(asked(style, show).paged(width, font_size, scene.direction), sizes=_SIZES)
    frame = _frame(scene, _view(scene, wanted, slide), slide, theme)
    lines = [*_use(), *(line.replace(*_UPRIGHT) for line in frame)]
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


def _view(scene: Scene, wanted: Asked, slide: Slide) -> View:
    """Return a page and its room: what is too large for a slide is seen in part."""
    wide = wanted.width or slide.width
    page = fitted(scene, replace(wanted, width=wide, height=slide.height))
    page = page or composed(scene, replace(wanted, sizes=SIZES[-1:]))
    room = (wanted.width or slide.width, inf if wanted.width else slide.height)
    return View(page, *(side * PIXELS_PER_POINT for side in room))


def _frame(scene: Scene, view: View, slide: Slide, theme: Theme) -> Iterator[str]:
    """Yield a frame: its title, the picture, and below it what is said at every step."""
    page, steps = view.page, list(states(scene))
    frames = scene.frames[scene.first :]
    said = [f"\\only<{k}>{{{_said(scene, frame)}}}%" for k, frame in enumerate(frames, 1)]
    shown_ones = overlaid([items(page.at(step)) for step in steps])
    yield r"\begin{frame}"
    yield f"\\frametitle{{{_title(scene, slide)}}}"
    yield from colours("\n".join(said), theme)
    yield from () if view.shows_all else [_IN_PART.format(size=page.em / PIXELS_PER_POINT)]
    yield _FITTED
    yield from picture(page, [*view.commands(), *shown_ones], theme, view.size)
    yield "}}"
    yield r"\par\medskip"
    yield f"\\begin{{overlayarea}}{{\\textwidth}}{{{_BELOW}}}\\centering\\small"
    yield from (f"  {line}" for line in said)
    yield r"\end{overlayarea}"
    yield r"\end{frame}"


def _title(scene: Scene, slide: Slide) -> str:
    """Return the statements as their author wrote them, each on its lines, and the point."""
    stated = scene.statements or (scene.title,)
    lines = [f"${_formula(scene, one)}$" for one in stated]
    lengths = [len(unicode_text(one, scene.text)) for one in stated]
    if scene.point is not None:
        lines[-1] += f" at {_listed(scene, [scene.point])}"
        lengths[-1] += 4 + len(unicode_text(scene.point, scene.text))
    return f"{_title_size(lengths, slide.width)} " + r"\\ ".join(lines)


def _title_size(lengths: Sequence[int], width: float) -> str:
    """Return the command of the largest letters in which lines of so many have room in a title.

    >>> _title_size([27], 425), _title_size([500], 425)
    ('\\\\Large', '\\\\tiny')
    """
    for command, size in _TITLES.items():
        lines = sum(ceil(length * _LETTER * size / width) for length in lengths)
        if lines * _LEADING * size <= _TITLE_HIGH:
            return command
    return [*_TITLES][-1]


def _said(scene: Scene, frame: Frame) -> str:
    """Return the narration of a frame, and under it its formula."""
    words = written(set_on_line(row(*frame.narration), scene.text)).strip()
    below = _listed(scene, _results(scene, frame) if frame.card else [frame.formula])
    return f"{words}\\\\[1ex]{below}" if below else words


def _results(scene: Scene, frame: Frame) -> list[Tree]:
    """Return what a closing card says: name, formula and number, or without long formulas."""
    whole = [row(*cells[:3]) for cells in frame.card[1:]]
    long = sum(len(unicode_text(one, scene.text)) for one in whole) > _LONGEST
    return [row(cells[0], cells[2]) for cells in frame.card[1:]] if long else whole


def _listed(scene: Scene, formulas: Sequence[Tree]) -> str:
    """Return formulas for text mode, a line of which can end after each comma between them."""
    parts = [part for one in formulas for part in _between_commas(one)]
    shown = filter(None, (_formula(scene, part) for part in parts))
    return ", ".join(f"$\\displaystyle {one}$" for one in shown)


def _between_commas(formula: Tree) -> Iterator[Tree]:
    """Yield the parts of a list."""
    parts = formula[1:] if formula[0] == "row" else (formula,)
    for comma, group in groupby(parts, lambda part: part == op(",")):
        if not comma:
            yield row(*group)


def _formula(scene: Scene, part: Tree) -> str:
    """Return a formula for math mode, its results in their colours."""
    if part[0] == "row":
        return " ".join(_formula(scene, one) for one in part[1:])
    text = latex(part, scene.text).strip().replace(r"\left(", r"\mathopen{}\left(")
    if part[0] == "mark" and part[1] in _COLOURED:
        return f"{{\\color{{adviz-{LOOKS[part[1]].text}}}{text}}}"
    return text


def overlaid(steps: Sequence[Iterable[Item]]) -> list[str]:
    r"""Return the commands of all steps, each with the overlay on which it is like this.

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
