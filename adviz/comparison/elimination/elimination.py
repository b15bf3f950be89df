"""The Jacobian accumulated by eliminating vertices, in whatever order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adviz.checking.verdicts.nonfinite import told, without_ieee
from adviz.comparison.elimination import listing
from adviz.comparison.elimination.linearized import Arrow, Linearized, linearized
from adviz.comparison.elimination.orders import ordered
from adviz.comparison.elimination.shrinking import Shrinking, Step
from adviz.errors import DomainError
from adviz.graph.garbage import PAUSED
from adviz.language import notation
from adviz.language.forms import PICTURE, TABLE, Forms, sealed
from adviz.language.numerals import DIGITS
from adviz.language.outputs import output
from adviz.modes.building import built_at, of_numbers
from adviz.modes.point import Point, named
from adviz.modes.run import Run
from adviz.modes.verbs import with_output
from adviz.numbers import Number
from adviz.sources import Source

if TYPE_CHECKING:
    from adviz.scene.scene import Marks, Scene


@dataclass(frozen=True, eq=False)
class Elimination:
    """A Jacobian accumulated by vertex elimination, step by step.

    >>> import adviz
    >>> found = adviz.eliminate("(x + y)*(x - y)", at={"x": 3, "y": 2})
    >>> found.multiplications, found.trivial, found.additions, len(found.fill)
    (4, 4, 2, 2)
    """

    linearized: Linearized
    order: str
    """The name of the order; `given` for a list of vertices."""
    steps: tuple[Step, ...]
    partials: Mapping[Arrow, Number]
    """The number on every edge that is left, from an input to an output."""

    @property
    def multiplications(self) -> int:
        """How many products are formed, by 1 and -1 too."""
        return sum(step.multiplications for step in self.steps)

    @property
    def trivial(self) -> int:
        """How many of the multiplications are by 1 or -1."""
        return sum(step.trivial for step in self.steps)

    @property
    def additions(self) -> int:
        """How many products are added to what was on an edge before."""
        return sum(step.additions for step in self.steps)

    @property
    def fill(self) -> tuple[Arrow, ...]:
        """The edges that came into being, in order."""
        return tuple(arrow for step in self.steps for arrow in step.fill)

    def __repr__(self) -> str:
        return f"<Elimination: {listing.headline(self)}>"

    def __str__(self) -> str:
        """Return the steps as a table of plain text, what they took above it."""
        return f"{listing.headline(self)}\n{listing.grid(self)}"

    def ascii(self) -> str:
        """Return the same for a terminal that has no other characters than ASCII."""
        table = str(listing.grid(self, listing.in_plain_ascii)).replace("─", "-")
        return f"{listing.headline(self)}\n{table}".replace("±", "+-")

    def __rich__(self) -> Any:
        """Return the same for rich."""
        from rich.console import Group

        return Group(listing.headline(self), listing.grid(self))

    def markdown(self) -> str:
        """Return the steps as a Markdown table."""
        return listing.grid(self).markdown()

    def latex(self) -> str:
        """Return the steps as a LaTeX tabular, which needs booktabs and amsmath."""
        return listing.grid(self, notation.latex).latex().replace("±", r"$\pm$")

    def html(self) -> str:
        """Return the steps as an HTML table, what they took as its caption."""
        return listing.html(self)

    def _repr_html_(self) -> str:
        return output(self.html())

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Return it for a notebook, and as text where HTML is not wanted."""
        return {"text/html": self._repr_html_(), "text/plain": str(self)}

    def _scene_(self, marks: Marks | None = None, precision: int = DIGITS) -> Scene:
        """Return the linearized graph with its fill-in, for `adviz.draw`."""
        from adviz.comparison.elimination.picture import picture

        return picture(self, marks, precision)

    def _film_(self, marks: Marks | None = None, precision: int = DIGITS) -> Scene:
        """Return the film of the vertices that vanish, for `adviz.animate`."""
        from adviz.comparison.elimination.film import film

        return film(self, marks, precision)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data; a number that JSON has not is a text."""
        return listing.document(self)

    def to_csv(self) -> str:
        """Return the steps as CSV under one heading."""
        return listing.csv(self)

    def save(self, path: str | Path) -> None:
        """Write the steps as `.csv`, `.html`, `.json`, `.md`, `.tex` or `.txt`.

        The linearized graph, as `adviz.draw` draws it, is `.pdf`, `.png` and `.svg`; the film is
        written by `adviz.animate`. Raises FormatError for another suffix, or for a file that cannot
        be written.
        """
        FORMS.save(self, path)

    @cached_property
    def jacobian(self) -> dict[str, dict[str, Number]]:
        """The derivative of every output by every input, as `adviz.jacobian` gives it."""
        zero, found = self.linearized.numbers.constant(0), self.partials
        return {
            label: {
                name: found.get((node, sink), zero) for name, node in self.linearized.inputs.items()
            }
            for label, sink in self.linearized.outputs.items()
        }


FORMS = Forms("an elimination", sealed({**TABLE, **PICTURE}))
"""How an elimination is written, by suffix."""


def eliminate(
    source: Source,
    at: Point,
    order: str | Sequence[str | int] = "forward",
    *,
    of: str | None = None,
    wrt: str | Sequence[str] | None = None,
    digits: int | None = None,
    verify: bool = True,
) -> Elimination:
    """Accumulate the Jacobian by eliminating the vertices of the linearized graph in an order.

    `source` is anything `adviz.build` takes, and `at` a number for every input; Fractions stay
    exact, and `digits` computes with so many decimal digits. `order` is `forward` or `reverse`,
    which is forward and reverse mode with sparse tangents and adjoints; `markowitz`, always the
    cheapest vertex next; `optimal`, found by search for up to 16 vertices; or a list of all
    intermediate vertices, by name or number. `of` chooses one of several outputs, `wrt` limits the
    inputs that are differentiated by.

    Raises GraphError for an unknown output, AdvizError for an order that is none, TooLarge where
    the best is out of reach, PointError for arrays, and DomainError where a local partial or a
    result is not finite.

    Method: Griewank & Walther, *Evaluating Derivatives* (2nd ed., 2008), chapters 9 and 10.

    >>> import adviz
    >>> f = {"p": "cos(x*sin(x*y))", "q": "x*sin(x*y)/y"}
    >>> orders = ["forward", "reverse", "markowitz", "optimal", ["v2", "v1", "v3"]]
    >>> [adviz.eliminate(f, {"x": 1, "y": 2}, order).multiplications for order in orders]
    [8, 10, 7, 7, 7]
    """
    graph = with_output(of_numbers(built_at(source, at, verify)), of)
    with PAUSED, told(without_ieee):
        start = linearized(Run(graph, named(graph, at), digits), wrt)
        name, vertices = ordered(start, order)
        return _accumulated(start, name, vertices)


def _accumulated(start: Linearized, name: str, vertices: Sequence[int]) -> Elimination:
    """Return the elimination of some vertices one after the other."""
    function = start.numbers.function
    graph = Shrinking(start.partials, function("mul"), function("add"))
    steps = tuple([_finite(start, graph.eliminate(vertex)) for vertex in vertices])
    left = {(tail, head): c for head, row in sorted(graph.into.items()) for tail, c in row.items()}
    return Elimination(start, name, steps, left)


def _finite(start: Linearized, step: Step) -> Step:
    for update in step.updates:
        if not start.numbers.finite(update.number):
            raise DomainError(
                f"overflow: eliminating {start.name(step.vertex)} gives {update.number}, too large "
                f"for {start.numbers.name}; pass digits=50, or eliminate in another order",
                step.vertex,
            )
    return step
