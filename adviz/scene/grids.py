"""An array as a table of its elements: which are small enough to stand in a node, and how."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import ceil
from typing import Any, NamedTuple

from adviz.language.notation.arrays import sizes
from adviz.language.numerals import PENDING, short
from adviz.primitives.row import Shape
from adviz.scene.card import Card
from adviz.scene.text_width import width

Elements = tuple[tuple[str, ...], ...]
"""The elements of a table as they are shown, line by line."""

_MOST_ROWS, _MOST_COLUMNS, _LONGEST_VECTOR = 4, 4, 6
"""The largest matrix that stands in a node, and the longest vector, which stands upright."""
_FEWER = 3
"""How many digits fewer an element has than a number that stands alone."""
_WHOLE, _CORNER = 8, 4
"""How many rows and columns a table of its own has at most; of a larger one its corner is left."""
_ALONE = 3
"""How many elements an array has at most that is written out on one line."""

ELEMENT_SIZE, LINE = 13.0, 19.0
"""The size of an element's letters, and how far lines are apart, in pixels."""
BRACKET = 4.0
"""How far a bracket turns in."""
_BESIDE, _BETWEEN, _ABOVE = 7.0, 12.0, 4.0
"""What is free beside a bracket, between columns, and above and below the brackets."""


class Grid(NamedTuple):
    """The room of a table in a node: so many lines, and columns of these widths."""

    lines: int
    columns: tuple[float, ...]

    @property
    def width(self) -> float:
        """How wide it is, with its brackets.

        >>> Grid(2, (20.0, 30.0)).width, Grid(2, (20.0, 30.0)).height
        (76.0, 46.0)
        """
        return sum(self.columns) + _BETWEEN * (len(self.columns) - 1) + 2 * _BESIDE

    @property
    def height(self) -> float:
        """How high it is, with what is free above and below it."""
        return LINE * self.lines + 2 * _ABOVE

    def places(self, right: float, middle: float) -> Iterator[tuple[float, float]]:
        """Yield the right end and the base line of every element, line by line."""
        ends = [right - _BESIDE]
        for wide in self.columns[:0:-1]:
            ends.append(ends[-1] - wide - _BETWEEN)
        for line in range(self.lines):
            base = middle + LINE * (line - (self.lines - 1) / 2) + 4.5
            yield from ((end, base) for end in reversed(ends))


def is_small(shape: Shape) -> bool:
    """Return whether an array of a shape stands in a node as a table.

    >>> is_small((4, 4)), is_small((6,)), is_small((3, 784)), is_small((2, 2, 2)), is_small(())
    (True, True, False, False, False)
    """
    if len(shape) == 1:
        return shape[0] <= _LONGEST_VECTOR
    return len(shape) == 2 and shape[0] <= _MOST_ROWS and shape[1] <= _MOST_COLUMNS


def elements(array: Any, digits: int) -> Elements:
    """Return the elements of a small array as a node shows them; a vector stands upright.

    >>> import numpy as np
    >>> elements(np.array([0.5, -1/3]), 6), elements(np.eye(2), 6)
    ((('0.5',), ('−0.333',)), (('1', '0'), ('0', '1')))
    """
    fewer = max(1, digits - _FEWER)
    return tuple(tuple(short(one, fewer) for one in line) for line in _lines(array))


def _lines(array: Any) -> Any:
    """Return an array as lines: a vector upright, of more than two axes one below the other."""
    return array.reshape(-1, array.shape[-1] if array.ndim > 1 else 1)


def whole(array: Any, digits: int) -> Elements:
    """Return a table of its own, with all digits that are shown; of a large array its corner.

    >>> import numpy as np
    >>> whole(np.arange(27.0).reshape(3, 9), 6)[0]
    ('0', '1', '2', '3', '…')
    """
    lines = _lines(array)
    rows, columns = (_kept(size) for size in lines.shape)
    shown = [(*(short(one, digits) for one in line[:columns]),) for line in lines[:rows]]
    if columns < lines.shape[1]:
        shown = [(*line, "…") for line in shown]
    if rows < len(lines):
        shown.append(("⋮",) * len(shown[0]))
    return tuple(shown)


def _kept(size: int) -> int:
    return size if size <= _WHOLE else _CORNER


def shown(number: Any, digits: int, *, of_arrays: bool) -> str:
    """Return a number on one line; an array `of_arrays` is one value, else a number at many points.

    >>> import numpy as np
    >>> [shown(np.ones((2, 2)), 6, of_arrays=one) for one in (True, False)]
    ['(2, 2) of norm 2', '[1, 1, …] (2×2 numbers)']
    """
    is_array = of_arrays and bool(getattr(number, "shape", ()))
    return on_one_line(number, digits) if is_array else short(number, digits)


def on_one_line(array: Any, digits: int) -> str:
    """Return an array on one line: a small one whole, of any other its sizes and its norm.

    >>> import numpy as np
    >>> on_one_line(np.array([0.5, 1.0]), 6), on_one_line(np.ones((3, 784)), 6)
    ('[0.5, 1]', '(3, 784) of norm 48.5')
    >>> on_one_line(np.array([[0.5, 1.0]]), 6), on_one_line(np.array([[0.5], [1.0]]), 6)
    ('[[0.5, 1]]', '[[0.5], [1]]')
    """
    fewer = max(1, digits - _FEWER)
    if array.size <= _ALONE and (array.size or array.ndim == 1):
        return _bracketed(array, fewer)
    if array.dtype == bool:
        return f"{sizes(array.shape)} truths"
    return f"{sizes(array.shape)} of norm {short(_norm(array), fewer)}"


def _bracketed(array: Any, digits: int) -> str:
    """Return all elements of an array, in a pair of brackets for each axis, as NumPy has them."""
    one_axis = array.ndim == 1
    each = [short(one, digits) if one_axis else _bracketed(one, digits) for one in array]
    return f"[{', '.join(each)}]"


def _norm(array: Any) -> float:
    """Return the Euclidean norm of numbers of any system."""
    import numpy as np

    return float(np.linalg.norm(np.asarray(array, dtype=float).ravel()))


def room(shown: Iterable[Elements], shape: Shape) -> Grid:
    """Return the room of all tables that a node of a shape ever shows.

    >>> room([(("1", "−10"), ("2", "3"))], (2, 2)).lines
    2
    """
    lines, columns = shape if len(shape) > 1 else (*shape, 1)
    widest = [width(PENDING, ELEMENT_SIZE, "bold")] * columns
    for table in shown:
        for line in table:
            widest = [
                max(wide, width(one, ELEMENT_SIZE, "bold"))
                for wide, one in zip(widest, line, strict=True)
            ]
    return Grid(lines, tuple(ceil(wide) for wide in widest))


def line_height(grid: Grid | None, card: Card) -> float:
    """Return how high the line of a quantity is in a node: of a table, as high as that."""
    return grid.height if grid else card.line


def pending(grid: Grid) -> Elements:
    """Return the elements of a table that is still to come."""
    return ((PENDING,) * len(grid.columns),) * grid.lines


def laid_out(shown: Sequence[Sequence[str]]) -> list[str]:
    """Return the elements of a table in one list, line by line.

    >>> laid_out((("1", "0"), ("0", "1")))
    ['1', '0', '0', '1']
    """
    return [one for line in shown for one in line]
