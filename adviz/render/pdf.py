"""The picture as PDF: vectors and embedded fonts, the same bytes every time."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING
from unicodedata import combining

from adviz.render.paint import paint
from adviz.render.plate import Plate
from adviz.render.png import font_files
from adviz.render.roles import Theme, colour
from adviz.render.shapes import Group, Path, Picture, Rect, Run, Shape, Text
from adviz.scene.geometry import Curve, Piece, Position
from adviz.scene.lines import under_bar
from adviz.scene.scene import Scene, State
from adviz.scene.text_width import Face

if TYPE_CHECKING:
    from fpdf import FPDF
    from fpdf.drawing import PaintedPath

_POINTS_PER_PIXEL = 0.75
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_FACES: tuple[Face, ...] = ("sans", "bold", "roman", "italic")
_TALL, _OVER_TALL = frozenset("bdfhijklt0123456789βδζθλξϑϕ"), 0.24
"""Letters that reach as high as capitals, and how much higher a mark stands over them."""
_BAR_AT, _BAR_THICK = 0.79, 0.051
"""How high over its base line the bar over a word stands, and how thick it is, as in its font."""
_UNKNOWN = "\N{REPLACEMENT CHARACTER}"


def pdf(
    scene: Scene | Plate,
    state: State | None = None,
    *,
    theme: Theme = "light",
    background: bool = True,
) -> bytes:
    """Return the picture of a scene in a state as a PDF file of one page of its size.

    >>> import adviz
    >>> from adviz.scene.staging import stage
    >>> pdf(stage(adviz.build("x*y")))[:5]
    b'%PDF-'
    """
    return pages([paint(scene, state)], theme, background=background)


def pages(pictures: Iterable[Picture], theme: Theme = "light", *, background: bool = True) -> bytes:
    """Return pictures as the pages of a PDF file, each of its size; the first names the file."""
    with _quiet("fpdf", "fontTools"):
        page = _Page(theme)
        for number, picture in enumerate(pictures):
            page.turn(picture.width, picture.height)
            if background and theme != "light":
                page.fill(picture.width, picture.height)
            if number == 0:
                page.file.set_title(page.known(picture.title, "sans"))
            page.draw(picture.shapes)
        return bytes(page.file.output())


def drawing(scene: Scene | Plate, *, theme: Theme = "light", background: bool = True) -> bytes:
    """Return the finished picture as a PDF file."""
    return pdf(scene, theme=theme, background=background)


@contextmanager
def _quiet(*names: str) -> Iterator[None]:
    """Keep libraries from reporting every font table they leave out."""
    loggers = [logging.getLogger(name) for name in names]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


class _Page:
    """A page that shapes are drawn on, in pixels."""

    def __init__(self, theme: Theme) -> None:
        from fpdf import FPDF

        self.theme, self.presence = theme, 1.0
        self.file: FPDF = FPDF(unit=_POINTS_PER_PIXEL)
        self.file.set_creation_date(_EPOCH)
        self.file.set_producer("adviz")
        self.file.set_auto_page_break(False)
        for face, path in zip(_FACES, font_files(), strict=True):
            self.file.add_font(face, fname=path)
        self._wide, self._set = cache(self._width), cache(self._set_in_faces)
        """What a film asks of the same words on many pages."""

    def turn(self, width: float, height: float) -> None:
        """Begin a page of a size."""
        self.file.add_page(format=(width, height))

    def fill(self, width: float, height: float) -> None:
        """Paint the ground."""
        self.file.set_fill_color(colour("page", self.theme))
        self.file.rect(0, 0, width, height, style="F")

    def draw(self, shapes: tuple[Shape, ...]) -> None:
        """Draw shapes in order."""
        for shape in shapes:
            if isinstance(shape, Group):
                self._group(shape)
            elif isinstance(shape, Rect):
                self._rect(shape)
            elif isinstance(shape, Path):
                self._path(shape)
            else:
                self._text(shape)

    def _group(self, group: Group) -> None:
        """Draw a group; of one that is faded the colours are, so that its grounds still cover."""
        if not group.opacity:
            return
        before, self.presence = self.presence, self.presence * group.opacity
        self.draw(group.shapes)
        self.presence = before

    def _colour(self, role: str) -> str:
        """Return the colour of a role, as it is in a group that is faded."""
        own, page = (colour(one, self.theme) for one in (role, "page"))
        if self.presence == 1:
            return own
        pairs = zip(bytes.fromhex(own[1:]), bytes.fromhex(page[1:]), strict=True)
        return "#" + "".join(f"{round(b + (a - b) * self.presence):02x}" for a, b in pairs)

    def _pens(self, shape: Rect | Path) -> str:
        """Take up the colours of a shape and return what to do with them."""
        if shape.fill:
            self.file.set_fill_color(self._colour(shape.fill))
        if shape.stroke:
            self.file.set_draw_color(self._colour(shape.stroke))
            self.file.set_line_width(shape.thickness)
        dash = shape.dash or (0, 0)
        self.file.set_dash_pattern(dash[0], dash[1])
        return "D" * bool(shape.stroke) + "F" * bool(shape.fill)

    def _rect(self, rect: Rect) -> None:
        x, y, width, height = rect.box
        radius = min(rect.radius, 0.499 * width, 0.499 * height)  # fpdf2 squares a full half
        corners = {"round_corners": True, "corner_radius": radius} if radius else {}
        self.file.rect(x, y, width, height, style=self._pens(rect), **corners)  # type: ignore[arg-type]  # two kinds of keywords

    def _path(self, path: Path) -> None:
        if path.fill:
            self._pens(path)
            corners = [path.curve.start, *(piece[-1] for piece in path.curve.pieces)]
            return self.file.polygon([(corner.x, corner.y) for corner in corners], style="F")
        self._pens(path)
        start, pieces = path.curve.start, path.curve.pieces
        if len(pieces) == 1 and len(pieces[0]) == 1:
            return self.file.line(*start, *pieces[0][0])
        with self.file.drawing_context() as drawing:
            return drawing.add_item(_stroked(start, pieces), False)  # which need not be copied

    def _text(self, text: Text) -> None:
        if text.upwards:
            with self.file.rotation(90, text.x, text.y):
                return self._text(replace(text, upwards=False))
        runs = [run._replace(size=run.size * text.size) for run in self._runs(text)]
        said = [
            self.known(under_bar(run), run.face) if under_bar(run) else run.text for run in runs
        ]
        wide = [self._wide(one, run.face, run.size) for one, run in zip(said, runs, strict=True)]
        x = text.x - sum(wide) * {"start": 0.0, "middle": 0.5, "end": 1.0}[text.anchor]
        for run, words, width in zip(runs, said, wide, strict=True):
            self.file.set_text_color(self._colour(run.fill))
            self.file.set_font(run.face, size=run.size * _POINTS_PER_PIXEL)
            base = text.y - run.rise * text.size
            self.file.text(x, base, words)
            if under_bar(run):
                self._bar(run, Position(x, base), width)
            x += width
        return None

    def _bar(self, run: Run, start: Position, width: float) -> None:
        """Draw the bar over a word."""
        x, y = start.x, start.y - _BAR_AT * run.size
        bar = Curve(start._replace(y=y), ((Position(x + width, y),),))
        self._path(Path(bar, stroke=run.fill, thickness=_BAR_THICK * run.size))

    def _width(self, words: str, face: Face, size: float) -> float:
        """Return how wide words are."""
        self.file.set_font(face, size=size * _POINTS_PER_PIXEL)
        return self.file.get_string_width(words)

    def _runs(self, text: Text) -> Iterator[Run]:
        """Yield a text's runs, each in a face that has all of its letters where there is one."""
        for run in text.runs:
            if under_bar(run) and all(self._has(run.face, one) for one in under_bar(run)):
                yield run
                continue
            for face, lift, letters in self._set(run.text, run.face):
                rise = run.rise + lift * run.size
                yield run._replace(text=letters, face=face, rise=rise)

    def _set_in_faces(self, words: str, wanted: Face) -> list[tuple[Face, float, str]]:
        """Return what of words is set in a face, and how far it is lifted: a mark over letters is.

        What no face has is a replacement.
        """
        lift = _lift(words)
        looks = ((self._face(wanted, one), lift if combining(one) else 0.0) for one in words)
        together = groupby(zip(looks, words, strict=True), itemgetter(0))
        return [
            (face, lifted, self.known("".join(one for _, one in letters), face))
            for (face, lifted), letters in together
        ]

    def _face(self, wanted: Face, character: str) -> Face:
        """Return the wanted face where it has a character, else the first that does."""
        return next((one for one in (wanted, *_FACES) if self._has(one, character)), wanted)

    def _has(self, face: str, character: str) -> bool:
        return ord(character) in self.file.fonts[face].cmap  # type: ignore[union-attr]  # TrueType

    def known(self, text: str, face: str) -> str:
        """Return a text with a replacement for every character that the font lacks."""
        return "".join(one if self._has(face, one) else _UNKNOWN for one in text)


def _stroked(start: Position, pieces: Sequence[Piece]) -> PaintedPath:
    """Return a curve as the library draws it, in one stroke so that its dashes go on."""
    from fpdf.drawing import PaintedPath
    from fpdf.enums import PathPaintRule

    path = PaintedPath(*start)
    path.style.paint_rule, path.style.auto_close = PathPaintRule.STROKE, False
    for piece in pieces:
        follow = path.line_to if len(piece) == 1 else path.curve_to
        follow(*(side for point in piece for side in point))
    return path


def _lift(text: str) -> float:
    """Return how much higher marks stand in a text, as a part of its size: they clear its letters.

    >>> _lift("x\N{COMBINING MACRON}"), _lift("b\N{COMBINING MACRON}")
    (0.0, 0.24)
    """
    return _OVER_TALL if any(one in _TALL or one.isupper() for one in text) else 0.0
