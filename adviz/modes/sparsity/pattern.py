"""A matrix of derivatives by what of it is always 0: its pattern, its colours, what is where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from adviz.errors import AdvizError, needing
from adviz.graph import picture
from adviz.language import notation
from adviz.language.ascii import in_ascii
from adviz.language.asked import among, shown
from adviz.language.forms import PICTURE, TABLE, Forms, sealed
from adviz.modes.sparsity import listing
from adviz.modes.sparsity.greedy import NONE, Lines, apart, star

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Matrix = Literal["jacobian", "hessian"]
Way = Literal["forward", "reverse"]
Sweep = Callable[[dict[str, Any]], Mapping[str, Any]]
"""Takes a seed for some names to a number for each name of the other side."""


@dataclass(frozen=True)
class Sparsity:
    """Which derivatives of a matrix may be other than 0; made by `adviz.sparsity`.

    Rows are outputs and columns inputs; of a Hessian both are inputs. The fixed order of the
    nonzeros, in kernels and everywhere, is row by row, columns ascending: that of SciPy's CSR.

    >>> import adviz
    >>> pattern = adviz.sparsity({"p": "x*y", "q": "y + z"})
    >>> print(pattern)
    p  × × ·
    q  · × ×
    >>> pattern.shape, pattern.nnz, pattern.names["q"]
    ((2, 3), 4, ('y', 'z'))
    """

    kind: Matrix
    """`jacobian` or `hessian`."""
    rows: tuple[str, ...]
    """The names of the rows, in order."""
    columns: tuple[str, ...]
    """The names of the columns, in order."""
    lines: tuple[tuple[int, ...], ...] = field(repr=False)
    """Per row the numbers of the columns in which it may be other than 0, ascending."""

    def __repr__(self) -> str:
        height, width = self.shape
        return f"<Sparsity of a {self.kind}: {self.nnz} of {height}×{width}>"

    def __str__(self) -> str:
        if max(self.shape) > listing.READABLE:
            return repr(self)
        margin = max(map(len, self.rows), default=0)
        width = range(len(self.columns))
        rows = [" ".join("·×"[column in line] for column in width) for line in self.lines]
        pairs = zip(self.rows, rows, strict=True)
        return "\n".join(f"{name:{margin}}  {row}".rstrip() for name, row in pairs)

    def ascii(self) -> str:
        """Return the same for a terminal that has no other characters than ASCII."""
        return in_ascii(str(self).replace("×", "x").replace("·", "."))

    def markdown(self) -> str:
        """Return the pattern as a Markdown table: its signs, or of a large one each row's names."""
        return listing.grid(self).markdown()

    def latex(self) -> str:
        """Return the same as a LaTeX tabular, in plain LaTeX without packages but amsmath."""
        return listing.grid(self, notation.latex).latex()

    def html(self) -> str:
        """Return the same as an HTML table."""
        return listing.grid(self, notation.mathml).html("sparsity", repr(self).strip("<>"))

    def to_csv(self) -> str:
        """Return the nonzeros in order as CSV: each by the names of its row and its column."""
        return listing.csv(self)

    def to_json(self) -> dict[str, Any]:
        """Return plain data: the names of each row's columns, and what one sweep computes."""
        return listing.document(self)

    def save(self, path: str | Path) -> None:
        """Write the pattern as `.csv`, `.html`, `.json`, `.md`, `.tex` or `.txt`.

        The matrix in the colours of its sweeps is `.pdf`, `.png` and `.svg`. Raises FormatError for
        another suffix, or for a file that cannot be written.
        """
        FORMS.save(self, path)

    def _plate_(self) -> Any:
        """Return the matrix in the colours of its sweeps, for `adviz.draw`."""
        return picture.plated(self)

    def _repr_html_(self) -> str | None:
        return picture.drawn(self)

    @property
    def shape(self) -> tuple[int, int]:
        """The number of rows, and of columns."""
        return len(self.rows), len(self.columns)

    @property
    def nnz(self) -> int:
        """The number of nonzeros."""
        return sum(map(len, self.lines))

    @cached_property
    def places(self) -> tuple[tuple[int, int], ...]:
        """The nonzeros in order, each by the numbers of its row and its column."""
        pairs = [(row, column) for row, line in enumerate(self.lines) for column in line]
        return tuple(pairs)

    @cached_property
    def names(self) -> Mapping[str, tuple[str, ...]]:
        """The names of each row's columns."""
        columns = self.columns
        named = (tuple([columns[column] for column in line]) for line in self.lines)
        return dict(zip(self.rows, named, strict=True))

    @cached_property
    def upright(self) -> Lines:
        """Per column the numbers of the rows in which it may be other than 0."""
        found: list[list[int]] = [[] for _ in self.columns]
        for row, column in self.places:
            found[column].append(row)
        return found

    def colouring(self, mode: Way | None = None) -> Colouring:
        """Return which columns forward mode computes together, or which rows reverse mode.

        Unless a mode is given, it is the one of which the fullest line asks for fewer sweeps. A
        Hessian is symmetric: its columns, by forward sweeps over the gradient. Raises AdvizError
        for another mode.

        >>> import adviz
        >>> pattern = adviz.sparsity({"p": "x*y", "q": "y*z", "r": "z*w"})
        >>> pattern.colouring("forward").groups
        (('x', 'z'), ('y', 'w'))
        """
        if mode is not None and not among(mode, get_args(Way)):
            raise AdvizError(f"there is no mode {shown(mode)}; modes are forward, reverse")
        if self.kind == "hessian":
            return Colouring(self, "forward", star(self.lines))
        fullest = [max(map(len, lines), default=0) for lines in (self.lines, self.upright)]
        if mode == "forward" or (mode is None and fullest[0] < fullest[1]):
            return Colouring(self, "forward", apart(self.lines, len(self.columns)))
        return Colouring(self, "reverse", apart(self.upright, len(self.rows)))

    def by_name(self, numbers: Sequence[Any]) -> dict[str, dict[str, Any]]:
        """Return the nonzeros' numbers, given in order, by row and column.

        >>> import adviz
        >>> adviz.sparsity("x*y + z", "hessian").by_name([6, 7])
        {'x': {'y': 6}, 'y': {'x': 7}, 'z': {}}
        """
        each = iter(numbers)
        return {row: {name: next(each) for name in names} for row, names in self.names.items()}

    def part(self, matrix: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
        """Return what a whole matrix has at the nonzeros, by row and column.

        >>> import adviz
        >>> adviz.sparsity("x*y", "hessian").part({"x": {"x": 0, "y": 1}, "y": {"x": 1, "y": 0}})
        {'x': {'y': 1}, 'y': {'x': 1}}
        """
        return {row: {name: matrix[row][name] for name in ns} for row, ns in self.names.items()}

    def matrix(self, nonzeros: Any) -> csr_array:
        """Return a matrix of SciPy, given the nonzeros in order, or by row and column.

        Raises AdvizError for another count of them, and where SciPy is missing.

        >>> import adviz
        >>> k = adviz.compile({"p": "x*y", "q": "y + z"}, "sparse_jacobian")
        >>> print(k.sparsity.matrix(k.vector([3.0, 2.0, 1.0])[1]).toarray())
        [[2. 3. 0.]
         [0. 1. 1.]]
        """
        with needing("scipy", "a sparse matrix needs SciPy"):
            from scipy.sparse import csr_array
        given = [*_leaves(nonzeros)] if isinstance(nonzeros, Mapping) else nonzeros
        if len(given) != self.nnz:
            raise AdvizError(f"{len(given)} numbers for the {self.nnz} nonzeros of {self!r}")
        return csr_array((given, *self._compressed), shape=self.shape)

    @cached_property
    def _compressed(self) -> tuple[Any, Any]:
        """The columns of the nonzeros, and where each row begins."""
        import numpy as np

        starts = np.cumsum([0, *map(len, self.lines)])
        return np.array([column for _, column in self.places], dtype=np.int32), starts


FORMS = Forms("a pattern", sealed({**TABLE, **PICTURE}))
"""How a pattern is written, by suffix."""


def _leaves(nonzeros: Mapping[str, Mapping[str, Any]]) -> Iterator[Any]:
    for row in nonzeros.values():
        yield from row.values()


@dataclass(frozen=True)
class Colouring:
    """Which columns of a matrix, or rows, are computed together, by one sweep for each colour.

    In what such a sweep gives, the compressed matrix, every nonzero stands alone somewhere.

    >>> import adviz
    >>> colouring = adviz.sparsity({"p": "x*y", "q": "y*z"}).colouring()
    >>> colouring.mode, colouring.groups, colouring.alone
    ('reverse', (('p',), ('q',)), (('x', 0), ('y', 0), ('y', 1), ('z', 1)))
    """

    sparsity: Sparsity = field(repr=False)
    mode: Way
    """`forward`: columns have colours; `reverse`: rows."""
    colours: tuple[int, ...]
    """The colour of each column, or of each row; -1 where all is 0: no sweep takes that."""

    @property
    def coloured(self) -> tuple[str, ...]:
        """The names of what has colours."""
        return self.sparsity.columns if self.mode == "forward" else self.sparsity.rows

    @property
    def lines(self) -> tuple[str, ...]:
        """The names of what a sweep gives numbers for: rows where columns have colours."""
        return self.sparsity.rows if self.mode == "forward" else self.sparsity.columns

    @cached_property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The names of each colour's columns, or rows: one sweep each, with seeds 1."""
        found: list[list[str]] = [[] for _ in range(max(self.colours, default=-1) + 1)]
        for name, colour in zip(self.coloured, self.colours, strict=True):
            if colour != NONE:
                found[colour].append(name)
        return tuple(map(tuple, found))

    @cached_property
    def alone(self) -> tuple[tuple[str, int], ...]:
        """Per nonzero, in order, where it stands alone: in which row, or column, of which sweep."""
        pattern, colours = self.sparsity, self.colours
        if self.mode == "reverse":
            return tuple([(pattern.columns[j], colours[i]) for i, j in pattern.places])
        met = [Counter(colours[column] for column in line) for line in pattern.lines]
        straight = [(i, j) if met[i][colours[j]] == 1 else (j, i) for i, j in pattern.places]
        return tuple([(pattern.rows[i], colours[j]) for i, j in straight])

    def computed(self, forward: Sweep, reverse: Sweep, one: Any) -> list[Any]:
        """Return the nonzeros in order, by one sweep for each colour.

        `forward` takes a seed for some columns to a number for each row, `reverse` one for some
        rows to a number for each column; `one` is the seed.

        >>> import adviz
        >>> colouring = adviz.sparsity("x*y").colouring()
        >>> colouring.computed(dict, lambda seeds: {"x": seeds["f"]*2, "y": seeds["f"]*3}, 1)
        [2, 3]
        """
        sweep = forward if self.mode == "forward" else reverse
        swept = [sweep(dict.fromkeys(group, one)) for group in self.groups]
        return [swept[colour][name] for name, colour in self.alone]
