"""An elimination as a table: a row for every vertex, and the sums below."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from adviz.comparison.elimination.shrinking import Step
from adviz.graph.typed import typed
from adviz.language import notation
from adviz.language.ascii import in_ascii
from adviz.language.data import plain
from adviz.language.grid import Grid
from adviz.language.notation import Tree, number, op, row, tree

if TYPE_CHECKING:
    from adviz.comparison.elimination.elimination import Elimination

HEADINGS = ("vertex", "formula", "from", "to", "multiplications", "by ±1", "additions", "fill-in")
_WORDS = 4
"""How many of the columns are words."""
_LISTED = 6
"""The most neighbours that a cell lists."""
_NOTHING = tree("text", "")


def headline(found: Elimination) -> str:
    """Return what an elimination took, in one sentence.

    >>> import adviz
    >>> headline(adviz.eliminate("(x + y)*(x - y)", at={"x": 3, "y": 2}, order=["v2", "v1"]))
    'given order: 4 multiplications (4 by ±1), 2 additions, 2 edges of fill-in; 2 vertices'
    """
    parts = [
        _counted(found.multiplications, "multiplication") + f" ({found.trivial} by ±1)",
        _counted(found.additions, "addition"),
        _counted(len(found.fill), "edge") + " of fill-in",
    ]
    return f"{found.order} order: {', '.join(parts)}; {vertices(len(found.steps))}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def vertices(count: int) -> str:
    """Return so many vertices in words."""
    return "1 vertex" if count == 1 else f"{count} vertices"


def grid(found: Elimination, printed: Callable[[Tree], str] = notation.unicode_text) -> Grid:
    """Return the table with every cell printed."""
    return _grid([*_cells(found), _total(found)], printed)


def csv(found: Elimination) -> str:
    """Return the steps as CSV, without their sums."""
    return _grid([*_cells(found)], notation.ascii_text).csv()


def _grid(rows: Sequence[Sequence[Tree]], printed: Callable[[Tree], str]) -> Grid:
    texts = [["" if one == _NOTHING else printed(one) for one in cells] for cells in rows]
    return Grid(HEADINGS, texts, _WORDS)


def in_plain_ascii(part: Tree) -> str:
    """Return a cell in ASCII."""
    return in_ascii(notation.ascii_text(part))


def html(found: Elimination) -> str:
    """Return the table as HTML; formulas are MathML."""
    return grid(found, notation.mathml).html("elimination", headline(found))


def _cells(found: Elimination) -> Iterator[list[Tree]]:
    """Yield the rows of the steps as trees."""
    graph = found.linearized
    for step in found.steps:
        formula = graph.formula(step.vertex) or _NOTHING
        names = [
            _listed([*map(graph.symbol, ends)]) for ends in (step.predecessors, step.successors)
        ]
        yield [graph.symbol(step.vertex), formula, *names, *map(_number, _counts(step))]


def _total(found: Elimination) -> list[Tree]:
    sums = (found.multiplications, found.trivial, found.additions, len(found.fill))
    return [tree("text", "total"), _NOTHING, _NOTHING, _NOTHING, *map(_number, sums)]


def _counts(step: Step) -> tuple[int, ...]:
    return step.multiplications, step.trivial, step.additions, len(step.fill)


def _number(count: int) -> Tree:
    return number(str(count))


def _listed(symbols: Sequence[Tree]) -> Tree:
    shown = [*symbols[:_LISTED], *([tree("text", "…")] if len(symbols) > _LISTED else [])]
    return row(*[piece for symbol in shown for piece in (op(","), symbol)][1:])


def document(found: Elimination) -> dict[str, Any]:
    """Return an elimination as plain data; a number that JSON has not is a text."""
    graph = found.linearized
    said = graph.name
    return {
        "formula": typed(graph.graph),
        "point": plain(graph.point),
        "order": found.order,
        "vertices": [said(step.vertex) for step in found.steps],
        "multiplications": found.multiplications,
        "trivial": found.trivial,
        "additions": found.additions,
        "fill-in": len(found.fill),
        "steps": [_step(step, said) for step in found.steps],
        "jacobian": plain(found.jacobian),
    }


def _step(step: Step, said: Callable[[int], str]) -> dict[str, Any]:
    return {
        "vertex": said(step.vertex),
        "predecessors": [*map(said, step.predecessors)],
        "successors": [*map(said, step.successors)],
        "multiplications": step.multiplications,
        "trivial": step.trivial,
        "additions": step.additions,
        "fill-in": [[*map(said, arrow)] for arrow in step.fill],
        "edges": [
            {"from": said(one.arrow[0]), "to": said(one.arrow[1]), "number": plain(one.number)}
            for one in step.updates
        ],
    }
