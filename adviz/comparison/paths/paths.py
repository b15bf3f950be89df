"""The derivative as a sum over paths: the verb and its noun."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path as File
from typing import TYPE_CHECKING, Any

from adviz.checking.verdicts.nonfinite import told, without_ieee
from adviz.comparison.partials import finite_partial, leading
from adviz.comparison.paths import listing
from adviz.comparison.paths.counting import Sum, Work, counted, swept
from adviz.comparison.paths.terms import Written
from adviz.errors import DomainError, PointError, TooLarge
from adviz.graph.garbage import PAUSED
from adviz.graph.graph import Graph
from adviz.graph.procedure import Edge, is_lazy
from adviz.language import notation
from adviz.language.forms import PICTURE, TABLE, Forms, sealed
from adviz.language.labels import Key
from adviz.language.numerals import DIGITS
from adviz.modes.building import build, built_at, of_numbers
from adviz.modes.linear import Linear
from adviz.modes.point import Point, named
from adviz.modes.run import Run
from adviz.modes.sympy_partials import Expression
from adviz.modes.verbs import wanted_inputs, wanted_outputs
from adviz.numbers import FLOAT64, Number, Numbers
from adviz.sources import Source

if TYPE_CHECKING:
    from adviz.scene.scene import Marks, Scene

MOST_WORK = 2_000_000
"""The most edges that are gone along to count, of all derivatives together: a few seconds."""


@dataclass(frozen=True)
class Path:
    """One way from an input to an output, along which local partials are multiplied."""

    edges: tuple[Edge, ...]
    product: Number = None
    """The number; None where there is no point."""
    expression: Expression = None
    """The same as SymPy writes it in the inputs; None where that is too large."""


@dataclass(frozen=True, eq=False)
class Paths:
    """Derivatives as sums over paths, beside the sweep that gives the same numbers.

    It shows itself in a terminal and in a notebook; `adviz.draw` draws it on the graph.

    >>> import adviz
    >>> found = adviz.paths("(x + y)*(x - y)", at={"x": 3, "y": 2})
    >>> found.count, len(found.edges), found.jacobian
    (4, 6, {'f': {'x': 6.0, 'y': -4.0}})
    """

    graph: Graph
    sums: Mapping[Key, Sum]
    point: Mapping[str, Number] | None
    partials: Mapping[Edge, Number]
    """The local partial on every edge; none without a point."""
    numbers: Numbers

    @property
    def count(self) -> int:
        """How many paths there are in all."""
        return sum(one.count for one in self.sums.values())

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """The edges along which some path goes, by head and then by argument."""
        return tuple(sorted({e for one in self.sums.values() for e in one.through}, key=_by_head))

    @property
    def work(self) -> Work:
        """What it takes to multiply along every path and to add up."""
        return _total([one.work for one in self.sums.values()])

    @property
    def sweep(self) -> Work:
        """What reverse mode takes for the same derivatives: one sweep for every output."""
        by_output: dict[str, list[Sum]] = {}
        for key, one in self.sums.items():
            by_output.setdefault(key.output, []).append(one)
        return _total([swept(sums) for sums in by_output.values()])

    @cached_property
    def terms(self) -> Mapping[Key, tuple[Path, ...]]:
        """Every path with its product, by derivative.

        Raises TooLarge, at once, where there are more than can be listed, and DomainError where a
        product is not finite.
        """
        refusal = listing.refusal(self)
        if refusal:
            raise TooLarge(refusal)
        listed = {key: [*one.paths()] for key, one in self.sums.items()}
        written = iter(self.written.products([path for paths in listed.values() for path in paths]))
        return {
            key: tuple(Path(path, self._product(path), next(written)) for path in paths)
            for key, paths in listed.items()
        }

    @cached_property
    def written(self) -> Written:
        """The same in symbols."""
        return Written(self.graph, tuple(dict.fromkeys(key.input for key in self.sums)))

    @cached_property
    def jacobian(self) -> dict[str, dict[str, Number]]:
        """The sums: the derivative of every output by every input, as `adviz.jacobian` gives it.

        Raises PointError where there is no point, and the errors of `terms`.
        """
        if self.point is None:
            raise PointError("a sum over paths is a number at a point: adviz.paths(f, at={'x': 3})")
        found: dict[str, dict[str, Number]] = {}
        for key, paths in self.terms.items():
            found.setdefault(key.output, {})[key.input] = self._sum(paths)
        return found

    def _product(self, path: Sequence[Edge]) -> Number | None:
        """Return the product along a path, from the output back."""
        if self.point is None:
            return None
        multiply, found = self.numbers.function("mul"), self.numbers.constant(1)
        for edge in reversed(path):
            found = multiply(found, self.partials[edge])
        if not self.numbers.finite(found):
            end = self.graph.symbol(path[-1].head)
            raise DomainError(
                f"overflow: the product along a path from {self.graph.symbol(path[0].tail)} to "
                f"{end} is {found}, too large for {self.numbers.name}; pass digits=50"
            )
        return found

    def _sum(self, paths: Sequence[Path]) -> Number:
        add, found = self.numbers.function("add"), self.numbers.constant(0)
        for path in paths:
            found = add(found, path.product)
        return found

    def __repr__(self) -> str:
        return f"<Paths: {listing.headline(self)}>"

    def __str__(self) -> str:
        """Return the terms as a table of plain text, the counts above it."""
        return f"{listing.headline(self)}\n{listing.grid(self)}"

    def ascii(self) -> str:
        """Return the same for a terminal that has no other characters than ASCII."""
        table = str(listing.grid(self, listing.in_plain_ascii)).replace("─", "-")
        return f"{listing.headline(self)}\n{table}"

    def __rich__(self) -> Any:
        """Return the same for rich."""
        from rich.console import Group

        return Group(listing.headline(self), listing.grid(self))

    def markdown(self) -> str:
        """Return the terms as a Markdown table."""
        return listing.grid(self).markdown()

    def latex(self) -> str:
        """Return the terms as a LaTeX tabular, which needs booktabs and amsmath."""
        return listing.grid(self, notation.latex).latex()

    def html(self) -> str:
        """Return graph and terms as a piece of a page, in which each lights up the other."""
        from adviz.comparison.paths.page import fragment

        return fragment(self)

    def _repr_html_(self) -> str:
        return self.html()

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Return it for a notebook, and as text where HTML is not wanted."""
        return {"text/html": self.html(), "text/plain": str(self)}

    def _scene_(self, marks: Marks | None = None, precision: int = DIGITS) -> Scene:
        """Return the graph, every edge with how many paths go along it, for `adviz.draw`."""
        from adviz.comparison.paths.picture import picture

        return picture(self, marks, precision)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data; a number that JSON has not is a text."""
        return listing.document(self)

    def to_csv(self) -> str:
        """Return the terms as CSV under one heading. Raises TooLarge where they are not listed."""
        return listing.csv(self)

    def save(self, path: str | File) -> None:
        """Write the page as `.html`, the terms as `.csv`, `.json`, `.md`, `.tex` or `.txt`.

        The graph, as `adviz.draw` draws it, is `.pdf`, `.png` and `.svg`. Raises FormatError for
        another suffix, or for a file that cannot be written.
        """
        FORMS.save(self, path)


def _page(found: Paths) -> str:
    from adviz.comparison.paths.page import page

    return page(found)


FORMS = Forms("paths", sealed({**TABLE, **PICTURE, ".html": _page}))
"""How paths are written, by suffix."""


def paths(
    source: Source,
    at: Point | None = None,
    *,
    of: str | None = None,
    wrt: str | Sequence[str] | None = None,
    digits: int | None = None,
    verify: bool = True,
) -> Paths:
    """Return derivatives as sums over all paths: of each path the product of its local partials.

    `source` is anything `adviz.build` takes; `of` limits the outputs and `wrt` the inputs. With
    `at`, a number for every input, products are numbers too: Fractions stay exact, and `digits`
    computes with so many decimal digits. Paths are counted exactly, however many there are; up to
    1000 are listed.

    Raises GraphError for an unknown output, PointError for an unknown input, for arrays, and for a
    function with branches without a point; DomainError where a local partial is not finite.

    Method: F. L. Bauer, *Computational graphs and rounding error*, SIAM J. Numer. Anal. 11 (1974).

    >>> import adviz
    >>> found = adviz.paths("x*x")
    >>> found.count, [str(path.expression) for path in found.terms["f", "x"]]
    (2, ['x', 'x'])
    >>> lines = ["v0 = x*y", *(f"v{k + 1} = v{k}*v{k}" for k in range(40))]
    >>> found = adviz.paths("; ".join(lines), wrt="x")
    >>> found.count, len(found.edges), found.sweep.multiplications
    (1099511627776, 81, 79)
    """
    built = build(source, verify=verify) if at is None else built_at(source, at, verify)
    graph = of_numbers(built)
    keys = [Key(f, x) for f in wanted_outputs(graph, of) for x in wanted_inputs(graph, wrt)]
    with PAUSED, told(without_ieee):
        run = None if at is None else _at_one_point(Run(graph, named(graph, at), digits))
        linear = _linear(graph, run, keys)
        edges = {
            label: sorted(leading(linear, [graph.outputs[label]]), key=_by_head)
            for label in dict.fromkeys(key.output for key in keys)
        }
        known = {edge for each in edges.values() for edge in each} if run else set()
        partials = {edge: finite_partial(linear, graph, edge) for edge in sorted(known)}
    work = sum(len(edges[key.output]) for key in keys)
    if work > MOST_WORK:
        raise TooLarge(
            f"{len(keys)} derivatives lead along {work} edges, one derivative after the other; "
            f"paths are counted along up to {MOST_WORK}: leave some out by wrt= or of="
        )
    sums = {
        key: counted(key, (graph.inputs[key.input], graph.outputs[key.output]), edges[key.output])
        for key in keys
    }
    return Paths(graph, sums, run.point if run else None, partials, linear.numbers)


def _at_one_point(run: Run) -> Run:
    if run.numbers.many:
        raise PointError("paths have products at one point; this one has arrays of many")
    return run


def _linear(graph: Graph, run: Run | None, keys: Sequence[Key]) -> Linear:
    """Return a graph linearized at a point; without one what counts in it everywhere."""
    if run is None and is_lazy(graph):
        raise PointError(
            "which paths there are depends on the branch that is taken: give a point, at={'x': 3}"
        )
    wanted = [graph.inputs[name] for name in dict.fromkeys(key.input for key in keys)]
    numbers, found = (run.numbers, run.found) if run else (FLOAT64.over(graph.rows), ())
    return Linear(graph, numbers, found, wanted)


def _by_head(edge: Edge) -> tuple[int, int]:
    return edge.head, edge.position


def _total(parts: Sequence[Work]) -> Work:
    return Work(sum(one.multiplications for one in parts), sum(one.additions for one in parts))
