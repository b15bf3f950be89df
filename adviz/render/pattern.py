"""A pattern as a picture: the matrix in the colours of its sweeps, and what the sweeps give.

The compressed matrix has a column for each sweep of forward mode, a row for each of reverse mode.
Where a nonzero stands alone in it is full; where several add up, of a symmetric matrix, it is
hollow, and so are in the matrix the nonzeros that are read in their mirror image. Names that are
too wide for their columns run upwards; of many lines some have their names, the first and the last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil

from adviz.errors import TooLarge
from adviz.language.notation import name as variable
from adviz.modes.sparsity.pattern import Colouring, Sparsity
from adviz.render.plate import Plate
from adviz.render.shapes import Group, Picture, Rect, Run, Shape, Text
from adviz.scene.geometry import Box
from adviz.scene.lettering import lettered
from adviz.scene.lines import Line, coloured, line_width, was_shortened

COLOURS = ("tangent-stroke", "adjoint-stroke", "verified", "notice", "warning", "fault", "heat-4")
"""The roles of the first sweeps; further ones have them again, told apart by their numbers."""
_MOST = 20_000
"""The most nonzeros of a picture: 4 MB of SVG, which a browser still shows at once."""
_SIDE, _LARGEST, _LEAST = 520.0, 30.0, 1.0
"""The longer side of a matrix, and the largest and the least height of a cell, in pixels."""
_NAMED = 15.0
"""From what height of a cell on it has a number, and every line its name."""
_SOME = 12
"""About how many of more lines have their names."""
_WIDEST = 64.0
"""The widest name of a column for which the column is made as wide."""
_LONGEST = 160.0
"""The widest name that is not shortened."""
_HOLLOW = "a sum of several in its sweep; read in its mirror image"
_SIZE, _HEADING, _MARGIN, _GAP = 12.0, 14.0, 20.0, 44.0


def plate(pattern: Sparsity) -> Plate:
    """Return the picture of a pattern, its colours, and the compressed matrix.

    Raises TooLarge for more nonzeros than anybody could tell apart.

    >>> import adviz
    >>> plate(adviz.sparsity({"p": "x*y", "q": "y*z"})).summary
    'Jacobian: 4 of 2×3 may be other than 0; 2 reverse sweeps'
    """
    if pattern.nnz > _MOST:
        raise TooLarge(f"{pattern!r} has more than {_MOST} nonzeros, the most that are drawn")
    colouring = pattern.colouring()
    height, across = pattern.shape
    heading = f"{pattern.kind.capitalize()}: {pattern.nnz} of {height}×{across} may be other than 0"
    count = len(colouring.groups)
    sweeps = f"{count} {colouring.mode} sweep{'s' * (count != 1)}"
    picture = _Drawn(colouring, *_cell(pattern)).picture(heading, sweeps)
    return Plate(picture, f"{heading}; {sweeps}", str(pattern))


def _cell(pattern: Sparsity) -> tuple[float, float]:
    """Return the width and the height of a cell; a width with room for the columns' names."""
    side = max(_LEAST, min(_LARGEST, _SIDE / max(*pattern.shape, 1)))
    wide = max((line_width(_lettered(name), _SIZE) + 8 for name in pattern.columns), default=0.0)
    fits = side >= _NAMED and wide <= _WIDEST
    return max(side, wide) if fits else side, side


@dataclass(frozen=True)
class _Drawn:
    """A coloured matrix and its compressed one, on one page."""

    colouring: Colouring
    wide: float
    high: float

    @property
    def pattern(self) -> Sparsity:
        return self.colouring.sparsity

    @property
    def numbered(self) -> bool:
        """Whether cells have numbers, and all lines names."""
        return self.high >= _NAMED

    @property
    def forward(self) -> bool:
        return self.colouring.mode == "forward"

    def picture(self, heading: str, sweeps: str) -> Picture:
        """Return both matrices: side by side for forward mode, one below the other for reverse."""
        title = Text(_MARGIN, _MARGIN + 8, (Run(heading, "bold"),), _HEADING)
        whole, part = self._places(title)
        beneath = max(whole.y + whole.height, part.y + part.height)
        shapes = [
            title,
            *self._ground(whole, self.pattern.rows, self.pattern.columns),
            *self._matrix(whole),
            Text(part.x, title.y if self.forward else part.y - 8, (Run(sweeps),), _HEADING),
            *(self._ground(part, *self._numbers) if self.colouring.groups else ()),
            *self._compressed(part),
        ]
        read = zip(self._lines, self.colouring.alone, strict=True)
        if any(line != name for name, (line, _) in read):
            beneath += 24
            look = Run(f"{'hollow' if self.numbered else 'grey'}: {_HOLLOW}", fill="muted")
            shapes.append(Text(_MARGIN, beneath, (look,), _SIZE))
        level = (shape for shape in shapes if isinstance(shape, Text) and not shape.upwards)
        ends = [shape.x + shape.width for shape in level]
        right = max(whole.x + whole.width, part.x + part.width, *ends)
        return Picture(right + _MARGIN, beneath + _MARGIN, tuple(shapes), heading)

    def _places(self, title: Text) -> tuple[Box, Box]:
        """Return where the matrix is, and the compressed one."""
        count, (rows, columns) = len(self.colouring.groups), self.pattern.shape
        names = [*self.pattern.rows, str(count)]
        left = _MARGIN + max(line_width(_lettered(name), _SIZE) for name in names) + 10
        top = _MARGIN + 32 + _Heads(self.pattern.columns, self.wide).height
        whole = Box(left, top, columns * self.wide, rows * self.high)
        if self.forward:
            beside = max(whole.x + whole.width, title.x + title.width - 16) + _GAP
            return whole, Box(beside, top, count * self.high, whole.height)
        below = top + whole.height + _GAP
        return whole, Box(left, below, whole.width, count * self.high)

    @property
    def _lines(self) -> Iterator[str]:
        """The row, or column, of each nonzero: where it is read unless in its mirror image."""
        for row, column in self.pattern.places:
            yield self.pattern.rows[row] if self.forward else self.pattern.columns[column]

    @property
    def _numbers(self) -> tuple[Sequence[str], Sequence[str]]:
        """The names of the compressed matrix's lines: the numbers of the sweeps."""
        numbers = [str(colour + 1) for colour in range(len(self.colouring.groups))]
        return ((), numbers) if self.forward else (numbers, ())

    def _ground(self, box: Box, rows: Sequence[str], columns: Sequence[str]) -> Iterator[Shape]:
        """Yield what is behind a matrix, and the names of its lines."""
        yield Rect(box, fill="surface", stroke="line", thickness=0.8, kind="matrix")
        pitch = box.height / max(len(rows), 1)
        for k in _some(len(rows), pitch):
            y = box.y + (k + 0.5) * pitch + 4
            yield _name(rows[k], Text(box.x - 8, y, (), _SIZE, "end", "row"))
        yield from _Heads(columns, box.width / max(len(columns), 1)).shapes(box)

    def _matrix(self, box: Box) -> Iterator[Shape]:
        """Yield the nonzeros, each in the colour of the sweep that it is read from."""
        pattern, colours = self.pattern, self.colouring.colours
        read = zip(pattern.places, self._lines, self.colouring.alone, strict=True)
        for (row, column), name, (line, colour) in read:
            own = colours[column] if self.forward else colours[row]
            pair = f"{pattern.rows[row]}, {pattern.columns[column]}"
            told = f"{pair}: sweep {colour + 1}" + f", in the row of {line}" * (line != name)
            yield self._nonzero(self._cell(box, row, column, self.wide), own, told, line == name)

    def _compressed(self, box: Box) -> Iterator[Shape]:
        """Yield what the sweeps give: what is read, and sums of which nothing is read."""
        pattern, colours = self.pattern, self.colouring.colours
        lines, names = (
            (pattern.lines, pattern.rows) if self.forward else (pattern.upright, pattern.columns)
        )
        read, wide = {*self.colouring.alone}, self.high if self.forward else self.wide
        for number, (name, line) in enumerate(zip(names, lines, strict=True)):
            for colour in sorted({colours[k] for k in line}):
                met = [self.colouring.coloured[k] for k in line if colours[k] == colour]
                told = f"sweep {colour + 1}, {name}: {' + '.join(met)}"
                place = (number, colour) if self.forward else (colour, number)
                cell = self._cell(box, *place, wide)
                yield self._nonzero(cell, colour, told, (name, colour) in read)

    def _cell(self, box: Box, row: int, column: int, wide: float) -> Box:
        """Return the place of an element of a matrix."""
        inset = 1.0 if self.high >= 6 else 0.0
        x, y = box.x + column * wide + inset, box.y + row * self.high + inset
        return Box(x, y, wide - 2 * inset, self.high - 2 * inset)

    def _nonzero(self, place: Box, colour: int, told: str, full: bool) -> Shape:
        """Return an element that is not 0; hollow, where it is not read."""
        role = COLOURS[colour % len(COLOURS)]
        if not self.numbered:
            return Rect(place, fill=role if full else "line", kind="nonzero")
        frame = Rect(place, 3, role if full else "page", role, 1.4)
        run = Run(str(colour + 1), "bold", "page" if full else "ink")
        text = Text(place.middle.x, place.middle.y + 4, (run,), _SIZE, "middle")
        return Group("nonzero", (frame, text), title=told)


def _some(count: int, pitch: float) -> list[int]:
    """Return which of so many lines have their names: the first, the last, and between them."""
    if not count:
        return []
    step = 1 if pitch >= _NAMED else max(ceil(_NAMED / pitch), ceil(count / _SOME))
    return [k for k in range(0, count, step) if k + step < count] + [count - 1]


def _name(name: str, place: Text) -> Shape:
    """Return a line's name at a place; the whole of a shortened one is its title."""
    line = _lettered(name)
    text = replace(place, runs=coloured(line, "muted"))
    return Group(place.kind, (text,), title=name) if was_shortened(line) else text


def _lettered(name: str) -> Line:
    return lettered(variable(name), _LONGEST, _SIZE)


@dataclass(frozen=True)
class _Heads:
    """The names above a matrix, of columns of one width."""

    names: Sequence[str]
    wide: float

    @cached_property
    def shown(self) -> list[int]:
        """Which columns have their names."""
        return _some(len(self.names), self.wide)

    @cached_property
    def longest(self) -> float:
        return max((line_width(_lettered(self.names[k]), _SIZE) for k in self.shown), default=0.0)

    @cached_property
    def upwards(self) -> bool:
        """Whether names are wider than there is room between them."""
        apart = self.shown[1] if len(self.shown) > 1 else 1
        return self.longest > max(_NAMED, apart * self.wide)

    @property
    def height(self) -> float:
        """How much room they take."""
        return min(_LONGEST, self.longest) if self.upwards else _SIZE

    def shapes(self, box: Box) -> Iterator[Shape]:
        """Yield them above the box of a matrix."""
        for k in self.shown:
            x, y = box.x + (k + 0.5) * self.wide, box.y - 7
            level = Text(x, y, (), _SIZE, "middle", "column")
            upwards = replace(level, x=x + 4, anchor="start", upwards=True)
            yield _name(self.names[k], upwards if self.upwards else level)
