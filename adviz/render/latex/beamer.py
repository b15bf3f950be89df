"""A film as a frame of beamer, whose overlays are the steps: what stays the same is written once.

The overlay specifications are those of section 3.10 and chapter 9 of the beamer user guide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from math import inf
from typing import Any

from adviz.language.notation import Tree, row, unicode_text
from adviz.render.figure.asked import SIZES, Asked, asked
from adviz.render.figure.compose import Page, composed, fitted
from adviz.render.figure.lengths import PIXELS_PER_POINT, Length
from adviz.render.figure.words import PARTS
from adviz.render.latex.beyond import named_ends
from adviz.render.latex.formulas import formula_of, listed
from adviz.render.latex.letters import written
from adviz.render.latex.picture import PACKAGES, RESTYLED, content, picture
from adviz.render.latex.slide import FITTED, Aspect, Passage, Shares, Slide, shares, slide_of
from adviz.render.latex.styles import colours
from adviz.render.latex.tikz import Item, items
from adviz.render.latex.view import View
from adviz.render.roles import Theme
from adviz.scene.frames import Frame
from adviz.scene.scene import Scene, states
from adviz.scene.typesetting import set_on_line

_STRUT = r"\rule{0pt}{3ex}"
"""What keeps a title, whose lines are one box, from the border."""
_LEGIBLE = (14.4, 12.0, *(size for size in SIZES if size >= 6))
"""The sizes of text, of which a picture takes the first at which all of it is on the slide."""
_BARE = (6.0, 5.5)
"""The sizes at which all of it is seen without partials, which are said below."""
_MOVED = (7.0, 6.0)
"""The sizes of which a part of a picture takes the first that shows what is active together."""
_MOST_STEPS = 0.9
"""At which part of the steps it has to."""
_LONGEST = 90
"""How many characters the formulas of a closing card may have to be shown."""
_IN_PART = "% The graph has no room on a slide with text of {size:g} points, so the view moves."
_NO_PARTIALS = (
    "% With its local partials, which are said below it, the graph has no room on a slide."
)
_UPRIGHT = (r"\mathrm{", r"\text{")
"""Words in formulas are in the letters of the slide, whose mathematics has none upright."""


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
    that can be read, local partials are only said; where that does not do, letters keep a size and
    the view follows what is active, as the player's does, with the names of what is out of sight.
    Raises FormatError for an aspect that there is not.

    >>> import adviz
    >>> film = adviz.animate(adviz.evaluate("x*y", at={"x": 3, "y": 2}))
    >>> print(animation(film.scene).decode().splitlines()[-3].partition("small}")[2][:20])
    {Evaluate $v_{1} = x
    """
    slide = slide_of(aspect)
    room = shares(slide, _title(scene), (_said(scene, one) for one in _frames(scene)))
    wanted = asked(style, show).paged(width, font_size, scene.direction)
    wide = wanted.width or slide.width
    views = _views(scene, replace(wanted, width=wide, height=room.picture), free=bool(width))
    frame = _frame(scene, next(views), room, theme)
    lines = [*_use(), *FITTED.splitlines(), *(line.replace(*_UPRIGHT) for line in frame)]
    return content(scene, _document(slide, lines) if standalone else lines)


def _frames(scene: Scene) -> Sequence[Frame]:
    """Return the frames that are played."""
    return scene.frames[scene.first :]


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


def _views(scene: Scene, wanted: Asked, free: bool) -> Iterator[View]:
    """Yield what a slide can show, the best first: all, all but partials, what is active.

    With a width of an author's own the height is `free`.
    """
    room = (wanted.width or inf, inf if free else wanted.height)
    sizes = [(wanted, _LEGIBLE)]
    if wanted.show == PARTS and wanted.font_size is None:
        sizes.append((replace(wanted, show=PARTS - {"partials"}), _BARE))
    pages = (fitted(scene, replace(one, sizes=some)) for one, some in sizes)
    yield from (_view(page, room) for page in pages if page)
    whole = replace(wanted, width=None, height=inf)
    parts = [_view(composed(scene, replace(whole, sizes=(size,))), room) for size in _MOVED]
    yield next((one for one in parts if one.together >= _MOST_STEPS), parts[-1])


def _view(page: Page, room: tuple[float, float]) -> View:
    return View(page, *(side * PIXELS_PER_POINT for side in room))


def _frame(scene: Scene, view: View, room: Shares, theme: Theme) -> Iterator[str]:
    """Yield a frame: its title, the picture, and below it what is said at every step."""
    page, steps = view.page, list(states(scene))
    title = _fitted(room.title, room.title_size, _title(scene), r"\\ ")
    spoken = (_said(scene, frame) for frame in _frames(scene))
    said = [_fitted(room.below, r"\small", lines, r"\\[1ex]") for lines in spoken]
    below = f"{room.below:.4g}pt"
    pictures = overlaid([items(page.at(step)) for step in steps])
    names = [] if view.shows_all else overlaid([*named_ends(view, steps)])
    yield r"\begin{frame}"
    yield f"\\frametitle{{{title}}}"
    yield from colours("\n".join(said), theme)
    yield from _remarks(view)
    yield r"\centering\setbox0\hbox{%"
    yield from picture(page, [*view.cut(pictures), *names], theme, view.size)
    yield f"}}\\advizplaced{{{below}}}\\par\\medskip\\vskip0pt plus 1fill"
    yield f"\\begin{{overlayarea}}{{\\textwidth}}{{{below}}}\\centering"
    yield from (f"  \\only<{k}>{{{one}}}%" for k, one in enumerate(said, 1))
    yield r"\end{overlayarea}"
    yield r"\end{frame}"


def _remarks(view: View) -> Iterator[str]:
    """Yield what is left out, as comments."""
    if not view.shows_all:
        yield _IN_PART.format(size=view.page.em / PIXELS_PER_POINT)
    if view.page.fitting.asked.show == PARTS - {"partials"}:
        yield _NO_PARTIALS


def _fitted(room: float, size: str, lines: Sequence[Passage], between: str) -> str:
    """Return lines in letters of a size, or smaller where they have no room."""
    text = between.join(line.text for line in lines)
    return f"\\advizfit{{{room:.4g}pt}}{{{size}}}{{{text}}}"


def _title(scene: Scene) -> list[Passage]:
    """Return the statements as their author wrote them, each on its lines, and the point."""
    stated = scene.statements or (scene.title,)
    lines = [Passage(f"${formula_of(scene, one)}$", _length(scene, one)) for one in stated]
    lines[0] = lines[0]._replace(text=_STRUT + lines[0].text)
    point = "" if scene.point is None else listed(scene, [scene.point])
    if scene.point is None or "matrix" in point:  # the first step says them
        return lines
    text, letters = lines[-1]
    return [*lines[:-1], Passage(f"{text} at {point}", letters + 4 + _length(scene, scene.point))]


def _length(scene: Scene, part: Tree) -> int:
    """Return how many letters a formula has."""
    return len(unicode_text(part, scene.text))


def _said(scene: Scene, frame: Frame) -> list[Passage]:
    """Return the narration of a frame, and under it its formula."""
    spoken = row(*frame.narration)
    words = Passage(written(set_on_line(spoken, scene.text)).strip(), _length(scene, spoken))
    formulas = _results(scene, frame) if frame.card else [frame.formula]
    below = listed(scene, formulas)
    letters = sum(_length(scene, one) + 2 for one in formulas)
    return [words, Passage(below, letters)] if below else [words]


def _results(scene: Scene, frame: Frame) -> list[Tree]:
    """Return what a closing card says: name, formula and number, or without long formulas."""
    whole = [row(*cells[:3]) for cells in frame.card[1:]]
    long = sum(len(unicode_text(one, scene.text)) for one in whole) > _LONGEST
    return [row(cells[0], cells[2]) for cells in frame.card[1:]] if long else whole


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
