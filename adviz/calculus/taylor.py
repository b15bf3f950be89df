"""Taylor coefficients of any order along a line, as a value that shows itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from math import factorial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adviz.errors import TooLarge
from adviz.graph.garbage import PAUSED
from adviz.graph.graph import Graph
from adviz.language.brief import brief
from adviz.language.data import plain
from adviz.language.forms import PICTURE, TABLE, Forms, sealed
from adviz.language.numerals import DIGITS
from adviz.modes.building import built_at, of_numbers
from adviz.modes.expansion import expanded
from adviz.modes.linear import refuse_orders
from adviz.modes.point import Point, broadcaster, named
from adviz.modes.run import Errors, Run, nonzero
from adviz.modes.trace import ByNode, Trace
from adviz.modes.verbs import directed, with_output
from adviz.numbers import Number
from adviz.numbers.given import whole
from adviz.scene.layout import LIMIT
from adviz.scene.scene import Marks, Scene
from adviz.scene.staging import stage
from adviz.scene.table import table
from adviz.sources import Source

if TYPE_CHECKING:
    from adviz.scene.table import Table

_MOST = 1000
"""The highest order: the work grows with its square."""
_FACTORIAL = 170
"""The highest factorial that float64 holds."""
_FILMED = 12
"""The most orders that a picture shows, a row of every node each."""


@dataclass(frozen=True, eq=False)
class Taylor:
    """The Taylor polynomial of a graph along a line through a point, and of all its nodes.

    With the point x and the direction d it is that of t ↦ f(x + t·d) around t = 0.

    >>> import adviz
    >>> t = adviz.taylor("1/(1 - x)", at={"x": 0}, order=4)
    >>> t.coefficients, t.derivatives
    ((1.0, 1.0, 1.0, 1.0, 1.0), (1.0, 1.0, 2.0, 6.0, 24.0))
    >>> print(t.table.markdown())
    | node | formula | value | order 1 | order 2 | order 3 | order 4 |
    |:-----|:--------|------:|--------:|--------:|--------:|--------:|
    | x    | input   |     0 |       1 |       0 |       0 |       0 |
    | v₁   | 1 − x   |     1 |      −1 |       0 |       0 |       0 |
    | v₂   | 1/v₁    |     1 |       1 |       1 |       1 |       1 |
    """

    trace: Trace
    """The sweeps of all orders, step by step."""
    order: int
    """The highest order."""

    def __repr__(self) -> str:
        return f"<Taylor order {self.order} of {brief(self.coefficients)}>"

    @property
    def graph(self) -> Graph:
        """The graph that was expanded."""
        return self.trace.graph

    @property
    def point(self) -> Mapping[str, Number]:
        """Where it was expanded."""
        return self.trace.point

    @property
    def direction(self) -> Mapping[str, Number]:
        """Along which line: a number for some inputs, the others staying where they are."""
        return self.trace.seed

    @cached_property
    def nodes(self) -> ByNode:
        """The coefficients of every node from order 0 on; a condition has none.

        >>> import adviz
        >>> adviz.taylor("a = x*x; 1/a", at={"x": 1}, order=2).nodes["a"]
        (1.0, 2.0, 1.0)
        """
        columns = zip(self.trace.values, *self.trace.further.values(), strict=True)
        whole = broadcaster(self.trace.numbers, self.point)
        rows = map(self.graph.row, range(len(self.graph)))
        return ByNode(
            self.graph,
            [
                None if column[0] is None or (row and row.condition) else tuple(map(whole, column))
                for row, column in zip(rows, columns, strict=True)
            ],
        )

    @property
    def coefficients(self) -> Any:
        """The output's coefficients from order 0 on; a mapping by label if there are several."""
        outputs = self.graph.outputs.items()
        found = {label: self.nodes[node] for label, node in outputs}
        return next(iter(found.values())) if len(found) == 1 else found

    @property
    def derivatives(self) -> Any:
        """The output's derivatives along the line: each coefficient times its order's factorial."""
        multiply, constant = self.trace.numbers.function("mul"), self.trace.numbers.constant

        def scaled(series: tuple[Number, ...]) -> tuple[Number, ...]:
            return tuple(
                reduce(multiply, map(constant, _factors(k)), c) for k, c in enumerate(series)
            )

        return _each(self.coefficients, scaled)

    def polynomial(self, step: Number) -> Any:
        """Return the polynomial's value so many directions from the point, by Horner's rule.

        >>> import adviz
        >>> adviz.taylor("exp(x)", at={"x": 0}, order=10).polynomial(1.0)
        2.7182818011463845
        """
        numbers = self.trace.numbers
        moved = numbers.given("step", step)
        add, multiply = numbers.function("add"), numbers.function("mul")
        return _each(
            self.coefficients,
            lambda series: reduce(lambda sum_, c: add(multiply(sum_, moved), c), series[::-1]),
        )

    @property
    def table(self) -> Table:
        """One row a node, one column an order."""
        return table(self.trace)

    def __str__(self) -> str:
        return str(self.table)

    def ascii(self) -> str:
        """Return the table for a terminal that has no other characters than ASCII."""
        return self.table.ascii()

    def __rich__(self) -> Any:
        """Return the table for rich, colours by role."""
        return self.table.__rich__()

    def markdown(self) -> str:
        """Return the table as Markdown."""
        return self.table.markdown()

    def latex(self) -> str:
        """Return the table as a LaTeX tabular, in plain LaTeX without packages but amsmath."""
        return self.table.latex()

    def html(self) -> str:
        """Return the table as HTML, full numbers on hover."""
        return self.table.html()

    def to_csv(self) -> str:
        """Return the table as CSV under one heading, every number with all its digits."""
        return self.table.to_csv()

    def to_json(self) -> dict[str, Any]:
        """Return plain data: the point, the direction, and the coefficients of every node.

        A number that JSON has not, such as a Fraction, is a text.
        """
        return {
            "point": plain(self.point),
            "direction": plain(self.direction),
            "order": self.order,
            "coefficients": plain(self.coefficients),
            "nodes": self.table.to_json(),
        }

    def save(self, path: str | Path) -> None:
        """Write the table as `.csv`, `.html`, `.json`, `.md`, `.tex` or `.txt`.

        The finished graph, as `adviz.draw` draws it, is `.pdf`, `.png` and `.svg`; the film is
        written by `adviz.animate`. Raises FormatError for another suffix, or for a file that cannot
        be written.
        """
        FORMS.save(self, path)

    def _repr_mimebundle_(self, **given: object) -> dict[str, str]:
        """Return its table for a notebook."""
        return self.table._repr_mimebundle_(**given)

    def _film_(self, marks: Marks | None = None, precision: int = DIGITS) -> Scene:
        """Return its film, order by order. Raises TooLarge for very many orders, or nodes."""
        if self.order > _FILMED:
            raise TooLarge(
                f"a picture shows {_FILMED} orders, not {self.order}; ask for order={_FILMED}, or "
                "print the table"
            )
        if len(self.graph) > LIMIT:
            raise TooLarge(
                f"a picture of {len(self.graph)} nodes cannot be read (the limit is {LIMIT}); draw "
                "or animate a slice of the expansion's .trace, with of=, wrt= or around=, or print "
                "the table"
            )
        return stage(self.trace, marks, precision=precision)


FORMS = Forms("a Taylor expansion", sealed({**TABLE, **PICTURE}))
"""How a Taylor expansion is written, by suffix."""


def taylor(
    source: Source,
    at: Point,
    direction: str | Mapping[str, Number] | None = None,
    order: int = 4,
    *,
    of: str | None = None,
    digits: int | None = None,
    errors: Errors | None = None,
    verify: bool = True,
) -> Taylor:
    """Return the Taylor coefficients of every node along a line through a point, up to an order.

    `direction` is an input's name, or a number for some inputs (the others are 0); it may be left
    out when there is one input; `of` chooses one of several outputs. Floats give floats, Fractions
    stay exact through rational operations, `digits` computes with so many decimal digits, and
    arrays are many points, each with a series of its own. At a kink of an operation its convention
    counts, and the node is marked; other parameters are as in `evaluate`.

    The work is of the square of the order, for each operation. Raises DomainError where a node
    has no finite coefficient of some order, as sqrt(x) at 0, PointError for another order than 1
    to 1000.

    Method: Griewank & Walther, *Evaluating Derivatives* (2nd ed., 2008), section 13.2.

    >>> import adviz
    >>> adviz.taylor("x*y", at={"x": 3, "y": 2}, direction={"x": 1, "y": 1}, order=3).coefficients
    (6.0, 5.0, 1.0, 0.0)
    >>> from fractions import Fraction
    >>> series = adviz.taylor("1/(1 + x**2)", at={"x": Fraction(1)}, order=3).coefficients
    >>> print(*series)
    1/2 -1/2 1/4 0
    """
    highest = whole("order", order, _MOST)
    with PAUSED:
        graph = with_output(of_numbers(built_at(source, at, verify)), of)
        along = directed(graph, direction)
        refuse_orders(graph, [graph.inputs[name] for name, seed in along.items() if nonzero(seed)])
        run = Run(graph, named(graph, at), digits, errors)
        return Taylor(expanded(run, along, highest), highest)


def _factors(order: int) -> Iterator[int]:
    """Yield factors of an order's factorial that float64 holds."""
    yield factorial(min(order, _FACTORIAL))
    yield from range(_FACTORIAL + 1, order + 1)


def _each(found: Any, function: Any) -> Any:
    """Return what a function gives for a series, or for each of several by label."""
    if isinstance(found, Mapping):
        return {label: function(series) for label, series in found.items()}
    return function(found)
