"""A sheet as tables: the local partials and the evaluation trace, and what stands in the blanks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from typing import Any, Generic, NamedTuple, TypeVar

from adviz.checking.exercise.blanks import KINDS, Blank, name_of, symbol_of
from adviz.graph.graph import Graph
from adviz.language import notation
from adviz.language.ascii import in_ascii
from adviz.language.grid import Grid
from adviz.language.notation import Tree
from adviz.language.numerals import short
from adviz.modes.trace import Trace
from adviz.numbers import Number
from adviz.render.latex.letters import written as set_by_letters
from adviz.render.shapes import Run
from adviz.scene.cells import Row
from adviz.scene.table import Table, table

Printed = TypeVar("Printed")

DOTS = "......"
"""What stands in a blank of a text."""

Entries = Mapping[Blank, str]
"""What is written into blanks."""


class Given(NamedTuple):
    """A number that stands on the sheet from the start."""

    number: Number


class Section(NamedTuple):
    """One table of a sheet; its cells are formulas, numbers that are given, and blanks."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    words: int
    """How many of its columns are words."""

    def grid(self, medium: Medium[str], entries: Entries) -> Grid:
        """Return it as a medium writes it."""
        return Grid(self.headings, self.cells(medium, entries), self.words)

    def cells(self, medium: Medium[Printed], entries: Entries) -> list[list[Printed]]:
        """Return its cells, row by row, as a medium writes them."""
        return [[medium.printed(cell, entries) for cell in row] for row in self.rows]


class Medium(NamedTuple, Generic[Printed]):
    """How formulas, numbers and blanks are written."""

    tree: Callable[[Tree], Printed]
    number: Callable[[str], Printed]
    empty: Callable[[Blank], Printed]
    entry: Callable[[str], Printed]

    def printed(self, cell: Any, entries: Entries) -> Printed:
        """Return a cell as it is written."""
        if isinstance(cell, Blank):
            text = entries.get(cell, "")
            return self.entry(text) if text else self.empty(cell)
        return self.number(short(cell.number)) if isinstance(cell, Given) else self.tree(cell)


def _on_line(part: Tree) -> Tree:
    """Return a derivative with a stroke in place of a fraction's bar, which is too small there."""
    if part[0] != "partial":
        return part
    above, below = part[1:]
    curly = notation.name("∂")
    return notation.row(curly, above, notation.op("/"), curly, below)


def _line_of_latex(part: Tree) -> str:
    """Return a formula in LaTeX, a derivative on one line."""
    if part[0] != "partial":
        return notation.latex(part)
    return r"\partial {}/\partial {}".format(*map(notation.latex, part[1:]))


def _dotted(_: Blank) -> str:
    return DOTS


def _in_latex(text: str) -> str:
    return notation.latex(notation.number(text))


SHOWN = Medium(notation.unicode_text, str, _dotted, str)
ASCII = Medium(lambda tree: in_ascii(notation.ascii_text(tree)), in_ascii, _dotted, in_ascii)
LATEX = Medium(
    _line_of_latex,
    _in_latex,
    lambda _: r"\blank",
    lambda text: rf"\text{{{set_by_letters((Run(text),))}}}",
)


def in_markup(graph: Graph) -> Medium[str]:
    """Return how a page writes it: a blank is a field, under its name."""

    def field(blank: Blank) -> str:
        name, said = (
            escape(text, quote=True)
            for text in (name_of(graph, blank), notation.unicode_text(symbol_of(graph, blank)))
        )
        return (
            f'<input data-name="{name}" aria-label="{said}" autocomplete="off" '
            'spellcheck="false" size="10">'
        )

    def formula(part: Tree) -> str:
        return notation.mathml(_on_line(part))

    return Medium(formula, escape, field, lambda text: f"<b>{escape(text)}</b>")


def sections(trace: Trace, blanks: Sequence[Blank]) -> list[Section]:
    """Return the tables of a sheet: nodes with their numbers, and local partials if there are any.

    >>> import adviz
    >>> from adviz.checking.exercise.blanks import blanks_of
    >>> trace = adviz.reverse("x*y", at={"x": 3, "y": 2})
    >>> for section in sections(trace, blanks_of(trace, None)):
    ...     print(section.grid(SHOWN, {}).markdown())
    | local partial | number |
    |:--------------|-------:|
    | ∂v₁/∂x        | ...... |
    | ∂v₁/∂y        | ...... |
    | node | formula | value | adjoint |
    |:-----|:--------|------:|--------:|
    | x    | input   |     3 |  ...... |
    | y    | input   |     2 |  ...... |
    | v₁   | x × y   |     6 |       1 |
    """
    asked = frozenset(blanks)
    made, partials = table(trace), tuple(_partials(trace, asked))
    nodes = tuple(_node(made, row, asked) for row in made.rows)
    heads = ("node", "formula", "value", *made.kinds)
    first = [Section("Local partials", ("local partial", "number"), partials, 1)]
    return [*(first if partials else []), Section("Evaluation trace", heads, nodes, 2)]


def _node(made: Table, row: Row, asked: frozenset[Blank]) -> tuple[Any, ...]:
    """Return the cells of a node: its name, its formula, its value and its derivative."""
    kinds = ["values", *(f"{kind}s" for kind in made.kinds)]
    numbers = [row.value, *(cell.number for cell in row.derivatives)]
    pairs = zip(kinds, numbers, strict=True)
    return row.symbol, row.formula, *(_cell(Blank(k, row.node), n, asked) for k, n in pairs)


def _cell(blank: Blank, number: Number, asked: frozenset[Blank]) -> Blank | Given:
    return blank if blank in asked else Given(number)


def _partials(trace: Trace, asked: frozenset[Blank]) -> Iterator[tuple[Any, ...]]:
    kind = KINDS["partials"]
    for edge in kind.places(trace):
        cell = _cell(Blank("partials", edge), kind.number(trace, edge), asked)
        yield kind.symbol(trace.graph, edge), cell
