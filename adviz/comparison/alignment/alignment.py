"""SymPy's derivative beside that of reverse mode: the verb and its noun."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adviz.comparison.alignment import listing
from adviz.comparison.alignment.listing import SAID
from adviz.comparison.alignment.matching import Side, alike, matched
from adviz.graph.graph import Graph
from adviz.language import notation
from adviz.language.ascii import in_ascii
from adviz.language.asked import require
from adviz.language.forms import PICTURE, TABLE, Forms, sealed
from adviz.language.numerals import DIGITS
from adviz.language.outputs import output
from adviz.modes.building import build, of_numbers
from adviz.modes.verbs import wanted_inputs
from adviz.sources import Source

if TYPE_CHECKING:
    from adviz.scene.scene import Marks, Scene


@dataclass(frozen=True, eq=False)
class Alignment:
    """A formula and two graphs of its derivative, which share what both compute.

    `adviz.draw` draws them; it shows itself as a table.

    >>> import adviz
    >>> found = adviz.align("(x + y)*(x - y)")
    >>> found.counts
    {'formula': 'the formula: 3', 'reverse': 'reverse mode alone: 2', 'symbolic': 'SymPy alone: 3'}
    >>> [[found.graph.describe(node) for node in group] for group in found.equal]
    [['node v4 = v1 + v2', 'node v6 = 2 * x'], ['node v5 = v2 - v1', 'node v8 = -v7']]
    """

    graph: Graph
    """The formula, its derivatives by reverse mode, and SymPy's, whose labels say so."""
    sides: Sequence[Side]
    """What every node belongs to: `formula`, `both`, `reverse` or `symbolic`."""
    equal: Sequence[Sequence[int]]
    """Nodes of SymPy's derivative, each group with those of the others that are the same number."""

    @property
    def counts(self) -> Mapping[Side, str]:
        """How many operations each part has, in words, by part."""
        sides = Counter(
            side for side, args in zip(self.sides, self.graph.args, strict=True) if args
        )
        return {side: f"{said}: {sides[side]}" for side, said in SAID.items() if sides[side]}

    @cached_property
    def letters(self) -> Mapping[int, str]:
        """The letter of every node that is the same number as another."""
        return {node: _letter(place) for place, group in enumerate(self.equal) for node in group}

    def __repr__(self) -> str:
        return f"<Alignment: {self._headline}>"

    @property
    def _headline(self) -> str:
        return "; ".join([*self.counts.values(), f"numbers in several ways: {len(self.equal)}"])

    def __str__(self) -> str:
        """Return the operations as a table of plain text, how many there are above it."""
        return f"{self._headline}\n{listing.grid(self)}"

    def ascii(self) -> str:
        """Return the same for a terminal that has no other characters than ASCII."""
        return in_ascii(f"{self._headline}\n{listing.grid(self, notation.ascii_text)}")

    def __rich__(self) -> Any:
        """Return the same for rich."""
        from rich.console import Group

        return Group(self._headline, listing.grid(self))

    def markdown(self) -> str:
        """Return the operations as a Markdown table."""
        return listing.grid(self).markdown()

    def latex(self) -> str:
        """Return the operations as a LaTeX tabular, in plain LaTeX without packages but amsmath."""
        return listing.grid(self, notation.latex).latex()

    def html(self) -> str:
        """Return the operations as an HTML table, how many there are as its caption."""
        return listing.grid(self, notation.mathml).html("alignment", self._headline)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Return it for a notebook, and as text where HTML is not wanted."""
        return {"text/html": output(self.html()), "text/plain": str(self)}

    def to_csv(self) -> str:
        """Return the operations as CSV under one heading."""
        return listing.grid(self, notation.ascii_text).csv()

    def to_json(self) -> dict[str, Any]:
        """Return plain data: what every operation belongs to, and which are one number."""
        return listing.document(self)

    def save(self, path: str | Path) -> None:
        """Write the operations as `.csv`, `.html`, `.json`, `.md`, `.tex` or `.txt`.

        Both derivatives in one picture are `.pdf`, `.png` and `.svg`. Raises FormatError for
        another suffix, or for a file that cannot be written.
        """
        FORMS.save(self, path)

    def _scene_(self, marks: Marks | None = None, precision: int = DIGITS) -> Scene:
        """Return both derivatives in one picture, for `adviz.draw`."""
        from adviz.comparison.alignment.picture import picture

        return picture(self, marks, precision)


FORMS = Forms("an alignment", sealed({**TABLE, **PICTURE}))
"""How an alignment is written, by suffix."""


def align(
    source: Source, *, wrt: str | Sequence[str] | None = None, verify: bool = True
) -> Alignment:
    """Return SymPy's derivatives beside those of reverse mode, with the nodes that are equal.

    `source` is anything `adviz.build` takes; `wrt` limits the inputs. A node that both need is one
    node. Of the others those that are the same number at random points, to 30 digits of 50, are
    found, and drawn on one height.

    Raises TooLarge, at once, where SymPy's derivatives would take too long, and PointError for an
    unknown input.

    >>> import adviz
    >>> found = adviz.align("x1*x2*x3*x4")
    >>> list(found.counts.values())
    ['the formula: 3', 'both derivatives: 1', 'reverse mode alone: 3', 'SymPy alone: 4']
    >>> adviz.draw(found).save("beside.svg")
    """
    graph = of_numbers(build(source, verify=verify))
    wanted = wanted_inputs(graph, wrt)
    require(bool(wanted), "wrt", wanted, "at least one input, by which is differentiated")
    found = matched(graph, wanted)
    return Alignment(found.graph, found.sides, alike(found))


def _letter(place: int) -> str:
    """Return A to Z, then A1, B1, …

    >>> _letter(0), _letter(27)
    ('A', 'B1')
    """
    turn, letter = divmod(place, 26)
    return chr(ord("A") + letter) + (str(turn) if turn else "")
