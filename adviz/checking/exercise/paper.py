"""A sheet on paper, as PDF: the graph, and tables with a line to write on for every blank."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from adviz.checking.exercise import written
from adviz.checking.exercise.listing import Medium, Section
from adviz.checking.exercise.picture import TOO_LARGE, on_paper
from adviz.language.notation import no_slots
from adviz.render.film.placing import placed
from adviz.render.pdf import pages
from adviz.render.shapes import Path, Picture, Run, Shape, Text
from adviz.render.subtitles import wrapped
from adviz.scene.geometry import Curve, Position
from adviz.scene.lines import Line, coloured, cut, line_width
from adviz.scene.typesetting import set_on_line

if TYPE_CHECKING:
    from adviz.checking.exercise.exercise import Exercise

_WIDE, _HIGH, _MARGIN = 793.7, 1122.5, 83.15
"""A page of A4 and the margins of its text, in pixels, of which an inch has 96."""
_ROOM = _WIDE - 2 * _MARGIN
_LETTER, _TITLE, _SECTION = 14.0, 21.0, 16.0
_ROW, _BETWEEN = 27.0, 26.0
"""How high a row is, in which one writes by hand, and how far columns are apart."""
_BLANK = 92.0
"""How wide a number is written by hand."""
_ON_LINE = Medium[Line](
    lambda tree: set_on_line(tree, no_slots),
    lambda text: (Run(text),),
    lambda _: (),
    lambda text: (Run(text, "bold"),),
)
"""How a cell is set; a blank is nothing yet."""


class Block(NamedTuple):
    """What is not parted between pages, from its upper left corner on."""

    height: float
    shapes: tuple[Shape, ...]
    head: Block | None = None
    """What stands above it and others, on every page on which they are."""


def paper(sheet: Exercise) -> bytes:
    """Return a sheet as a PDF file of pages of A4.

    >>> import adviz
    >>> paper(adviz.exercise(adviz.evaluate("x*y", at={"x": 3, "y": 2})))[:5]
    b'%PDF-'
    """
    return pages(pictures(sheet))


def pictures(sheet: Exercise) -> Iterator[Picture]:
    """Yield the pages of a sheet."""
    title = f"{written.headline(sheet)}: {written.said(sheet)[0]}"
    yield from (_page(blocks, title) for blocks in _paged(_blocks(sheet)))


def _page(blocks: Sequence[Block], title: str) -> Picture:
    """Return blocks below each other on a page."""
    tops = accumulate((block.height for block in blocks), initial=_MARGIN)
    corners = (Position(_MARGIN, top) for top in tops)
    shapes = (placed(one.shapes, 1.0, at) for one, at in zip(blocks, corners, strict=False))
    return Picture(_WIDE, _HIGH, tuple(shape for some in shapes for shape in some), title)


def _paged(blocks: Iterable[Block]) -> list[list[Block]]:
    """Return blocks page by page, each below its head."""
    made: list[list[Block]] = [[]]
    for block in blocks:
        if made[-1] and not _holds([*made[-1], *_new(block, made[-1])]):
            made.append([])
        made[-1] += _new(block, made[-1])
    return made


def _new(block: Block, before: Sequence[Block]) -> list[Block]:
    """Return what a block adds to a page: its head too, unless that stands there."""
    return [*([block.head] if block.head and block.head not in before else []), block]


def _holds(blocks: Sequence[Block]) -> bool:
    """Return whether a page has room for blocks."""
    return sum(block.height for block in blocks) <= _HIGH - 2 * _MARGIN


def _blocks(sheet: Exercise) -> Iterator[Block]:
    """Yield what is on a sheet, from its top to its end."""
    yield _said((Run(written.headline(sheet), "bold"),), _TITLE)
    if not sheet.is_key:
        yield Block(2 * _ROW, tuple(_who()))
    for part in written.about(sheet):
        line = set_on_line(part, sheet.scene.text, "roman")
        yield from (_said(one, _LETTER) for one in wrapped(line, _LETTER, _ROOM))
    yield _said((Run(written.task(sheet)),), _LETTER)
    yield _graph(sheet)
    for section in sheet.sections:
        yield from _table(section, section.cells(_ON_LINE, sheet.entries))


def _said(line: Line, size: float) -> Block:
    return Block(1.7 * size, (Text(0, 1.1 * size, line, size),))


def _who() -> Iterator[Shape]:
    """Yield where a name and a date are to be written."""
    for words, left, right in (("Name", 0.0, 0.55 * _ROOM), ("Date", 0.62 * _ROOM, _ROOM)):
        yield Text(left, _ROW, (Run(words),), _LETTER)
        yield _rule(left + 3.4 * _LETTER, right, _ROW + 2)


def _rule(left: float, right: float, y: float, role: str = "muted") -> Path:
    return Path(Curve(Position(left, y), ((Position(right, y),),)), stroke=role, thickness=0.7)


def _graph(sheet: Exercise) -> Block:
    page = on_paper(sheet.scene)
    if page is None:
        return _said((Run(TOO_LARGE, fill="muted"),), _LETTER)
    picture = page.picture
    return Block(picture.height + _ROW, placed(picture.shapes, 1.0, Position(0, 0.4 * _ROW)))


def _table(section: Section, rows: Sequence[Sequence[Line]]) -> Iterator[Block]:
    """Yield the rows of a table, each below its headings; a narrow one stands there repeatedly."""
    heads: Sequence[Line] = [coloured((Run(one, "bold"),), "muted") for one in section.headings]
    columns = _columns(section, [heads, *rows])
    wide = columns[-1].right + 2 * _BETWEEN
    beside = max(1, int((_ROOM + 2 * _BETWEEN) // wide))
    title = Text(0, 1.4 * _ROW, (Run(section.title, "bold"),), _SECTION)
    headings = _row([heads] * min(beside, len(rows)), columns, 2.2 * _ROW)
    head = Block(2.6 * _ROW, (title, *headings))
    for n in range(0, len(rows), beside):
        yield Block(_ROW, tuple(_row(rows[n : n + beside], columns, 0.75 * _ROW)), head)


def _row(rows: Sequence[Sequence[Line]], columns: Sequence[Column], base: float) -> Iterator[Shape]:
    """Yield rows beside each other on a base line."""
    for n, row in enumerate(rows):
        to = Position(n * (columns[-1].right + 2 * _BETWEEN), base)
        cells = (one.cell(line) for one, line in zip(columns, row, strict=True))
        yield from placed(cells, 1.0, to)


class Column(NamedTuple):
    """From where to where a column is, and whether it has words, which stand at its left."""

    left: float
    right: float
    has_words: bool

    def cell(self, line: Line) -> Shape:
        """Return a cell of it; of a blank, the line that it is written on."""
        if self.has_words:
            return Text(self.left, 0, cut(line, self.right - self.left, _LETTER), _LETTER)
        if not line:
            return _rule(self.left, self.right, 2)
        return Text(self.right, 0, line, _LETTER, "end")


def _columns(section: Section, rows: Sequence[Sequence[Line]]) -> list[Column]:
    """Return the columns of a table; the last one of words has what numbers leave."""
    wide = [
        max(1 + line_width(cell, _LETTER) for cell in cells) for cells in zip(*rows, strict=True)
    ]
    wide[section.words :] = [max(_BLANK, one) for one in wide[section.words :]]
    last = section.words - 1
    wide[last] = min(wide[last], _ROOM - sum(wide) + wide[last] - _BETWEEN * (len(wide) - 1))
    starts = accumulate((one + _BETWEEN for one in wide), initial=0.0)
    pairs = enumerate(zip(starts, wide, strict=False))
    return [Column(start, start + one, n < section.words) for n, (start, one) in pairs]
