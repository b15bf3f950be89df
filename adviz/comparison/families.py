"""A family of functions, one for every size, and what the ways to differentiate them cost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from adviz.comparison import views
from adviz.comparison.classics import CLASSICS, Classic
from adviz.comparison.compare import compare
from adviz.comparison.comparison import Comparison
from adviz.errors import AdvizError
from adviz.files import write
from adviz.language.ascii import in_ascii
from adviz.language.asked import require, several, shown
from adviz.language.data import as_csv, plain
from adviz.language.forms import TABLE, Forms, sealed
from adviz.language.grid import Grid
from adviz.language.outputs import output
from adviz.numbers.given import whole
from adviz.sources import Source
from adviz.sources.refusals import noted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from adviz.comparison.figures.chart import Chart


_MOST = 1000
"""The most sizes: each takes a second or so."""


class Row(NamedTuple):
    """What one way costs at one size; None where it was left out."""

    size: int
    way: str
    inputs: int
    outputs: int
    sweeps: int
    operations: int | None
    cost: int | None
    """In Griewank & Walther's measure."""
    relative_cost: float | None
    """As a multiple of the function's."""
    tree: int | None
    nodes: int | None
    ulps: float | None


@dataclass(frozen=True)
class Family:
    """Functions of growing size, and a Comparison of each; its figures are `swell` and `costs`.

    >>> import adviz
    >>> found = adviz.compare_family("speelpenning", [2, 4, 8])
    >>> [found[n]["reverse"].counts.work.mults for n in found.sizes]
    [3, 9, 21]
    """

    title: str
    size: str
    """What a size counts, such as inputs."""
    comparisons: Mapping[int, Comparison]

    @property
    def sizes(self) -> tuple[int, ...]:
        """The sizes, in ascending order."""
        return tuple(self.comparisons)

    def __getitem__(self, size: int) -> Comparison:
        """Return the comparison at a size. Raises AdvizError for one that was not asked for."""
        if size not in self.sizes:
            raise AdvizError(
                f"there is no size {shown(size)}; sizes are {', '.join(map(str, self.sizes))}"
            )
        return self.comparisons[size]

    def __repr__(self) -> str:
        return f"<Family: {self.title}, n = {', '.join(map(str, self.sizes))}>"

    @property
    def axis(self) -> str:
        """What a size is, as an axis says it."""
        return f"number of {self.size} n" if self.size else "n"

    @property
    def rows(self) -> list[Row]:
        """What every way costs at every size."""
        return [row for size, found in self.comparisons.items() for row in _rows(size, found)]

    def __str__(self) -> str:
        """Return the rows as plain text, what they are of above them."""
        return f"{self.title}\n{self.grid}"

    def ascii(self) -> str:
        """Return the same for a terminal that has no other characters than ASCII."""
        return in_ascii(str(self))

    def __rich__(self) -> Any:
        """Return the same for rich."""
        from rich.console import Group

        return Group(self.title, self.grid)

    @property
    def grid(self) -> Grid:
        """The table of the rows, the way of each first."""
        rows = [[row.way, *map(views.shown, (row.size, *row[2:]))] for row in self.rows]
        names = [field.replace("_", " ") for field in Row._fields[2:]]
        return Grid(("way", "size", *names), rows, words=1)

    def markdown(self) -> str:
        """Return the rows as a Markdown table."""
        return self.grid.markdown()

    def latex(self) -> str:
        """Return the rows as a LaTeX tabular, in plain LaTeX without packages but amsmath."""
        return self.grid.in_mathematics().latex()

    def html(self) -> str:
        """Return the rows as an HTML table."""
        return self.grid.in_markup().html("family", self.title)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Return it for a notebook, and as text where HTML is not wanted."""
        return {"text/html": output(self.html()), "text/plain": str(self)}

    def to_json(self) -> dict[str, Any]:
        """Return plain data, one dictionary a row."""
        return {"title": self.title, "size": self.size, "rows": plain(self.rows)}

    def save(self, path: str | Path) -> None:
        """Write the rows as `.csv`, `.html`, `.json`, `.md`, `.tex` or `.txt`.

        Raises FormatError for another suffix, or for a file that cannot be written.
        """
        FORMS.save(self, path)

    def to_csv(self, path: str | Path | None = None) -> str:
        """Return the rows as CSV under one heading, and write them where a path is given."""
        text = as_csv(Row._fields, self.rows)
        if path is not None:
            write(path, text.encode())
        return text

    def swell(self, ax: Axes | None = None) -> Chart:
        """Return the operations of the derivatives against the size, perhaps painted into axes.

        Written out as trees, as SymPy writes them, after elimination of common subexpressions, and
        by a sweep of automatic differentiation.
        """
        from adviz.comparison.figures.sizes import swell

        return swell(self).painted(ax)

    def costs(self, ax: Axes | None = None) -> Chart:
        """Return the cost of all derivatives against the size, as a multiple of the function's.

        Where forward and reverse mode cross is marked. Perhaps painted into axes.
        """
        from adviz.comparison.figures.sizes import costs

        return costs(self).painted(ax)


FORMS = Forms("a family", sealed(TABLE))
"""How a family is written, by suffix."""


def compare_family(
    family: str | Callable[[int], Source],
    sizes: Iterable[int],
    at: Callable[[int], Any] | None = None,
) -> Family:
    """Compare the ways to differentiate at several sizes of one function.

    `family` is the name of one of `classics.CLASSICS`, or a callable that takes a size and gives
    anything `adviz.build` takes. With `at`, which gives the point of a size, errors are compared
    too.

    Raises AdvizError for an unknown name and PointError for a size that is none.

    >>> import adviz
    >>> found = adviz.compare_family(lambda n: "*".join(["sin(x)"]*n), range(1, 4))
    >>> found, found.rows[0].operations
    (<Family: A family of yours, n = 1, 2, 3>, 1)
    """
    row = _classic(family)
    require(at is None or callable(at), "at", at, "a callable that takes a size, or None")
    found = {n: _compared(row, n, at) for n in _sizes(row, sizes)}
    return Family(row.title, row.size, found)


def _compared(row: Classic, size: int, at: Callable[[int], Any] | None) -> Comparison:
    """Return the comparison at a size; what goes wrong there says at which."""
    with noted(f"raised at size {size}"):
        return compare(row.made(size), at(size) if at else None)


def _classic(family: object) -> Classic:
    """Return the row of a family: the one of that name, or one of its own."""
    if callable(family):
        name = getattr(family, "__name__", "<")
        title = "A family of yours" if name.startswith("<") else name
        return Classic(title, "", family, source="")
    if isinstance(family, str) and family in CLASSICS:
        return CLASSICS[family]
    raise AdvizError(
        f"there is no family {shown(family)}; families are {', '.join(CLASSICS)}, "
        "or a callable that takes a size"
    )


def _sizes(row: Classic, sizes: object) -> list[int]:
    """Return sizes in ascending order, each once."""
    require(several(sizes), "sizes", sizes, "several whole numbers, such as range(2, 8)")
    few = islice(sizes, _MOST + 1)  # type: ignore[call-overload]  # it is several
    found = sorted({whole("size", one) for one in few})
    require(0 < len(found) <= _MOST, "sizes", sizes, f"1 to {_MOST} whole numbers")
    for size in found:
        require(row.least <= size <= row.most, "size", size, f"from {row.least} to {row.most}")
    return found


def _rows(size: int, found: Comparison) -> Iterable[Row]:
    inputs, outputs = len(found.wanted), len(found.graph.outputs)
    for one in found.rows:
        given = (size, one.way, inputs, outputs, one.sweeps)
        if one.counts is None:
            yield Row(*given, *(None,) * 6)
        else:
            work, relative = one.counts.work, views.ratio(found, one)
            sizes = one.counts.tree, one.counts.nodes
            yield Row(*given, work.operations, work.cost, relative, *sizes, one.ulps)
