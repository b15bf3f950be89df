"""Sums over paths as a table: a row for every term, and below them what they add up to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from adviz.comparison.paths.counting import Work
from adviz.comparison.paths.terms import in_numbers, product, route, typeset
from adviz.comparison.subject import told
from adviz.graph.typed import typed
from adviz.language import notation
from adviz.language.ascii import in_ascii
from adviz.language.data import as_csv, plain
from adviz.language.grid import Grid
from adviz.language.labels import Key
from adviz.language.notation import Tree, number, tree
from adviz.language.numerals import short

if TYPE_CHECKING:
    from adviz.comparison.paths.paths import Path, Paths

MOST_PATHS, MOST_FACTORS = 1_000, 20_000
"""The most paths that are listed, and the most edges along all of them together."""
HEADINGS = ("derivative", "path", "product", "in the inputs", "in numbers", "term")
_WORDS = 4
"""How many of the columns there are without a point."""
_NOTHING = tree("text", "")


class Term(NamedTuple):
    """One path as it is shown."""

    route: Tree
    product: Tree
    """Its local partials, from the output back."""
    written: Tree | None
    """The product in the inputs, as SymPy writes it."""
    numbers: Tree | None
    """The local partials as numbers; None where there is no point."""
    value: Tree | None


def term(found: Paths, key: Key, path: Path) -> Term:
    """Return a path as it is shown."""
    graph = found.graph
    numbers = in_numbers(path.edges, found.partials) if found.point is not None else None
    return Term(
        route(graph, key.output, path.edges),
        product(graph, path.edges),
        typeset(path.expression),
        numbers,
        None if path.product is None else number(short(path.product)),
    )


def headline(found: Paths) -> str:
    """Return the counts in one sentence.

    >>> import adviz
    >>> headline(adviz.paths("x*x*y", wrt="x")).split("; ")[:2]
    ['paths 2, edges 3', 'sum over paths: 2 multiplications, 1 addition']
    """
    return "; ".join(told_in_full(found))


def told_in_full(found: Paths) -> list[str]:
    """Return how many paths there are, and what they and the sweeps take, a phrase each."""
    outputs = len({key.output for key in found.sums})
    sweeps = "one sweep" if outputs == 1 else f"{outputs} sweeps"
    return [
        counts(found.count, len(found.edges)),
        f"sum over paths: {work(found.work)}",
        f"{sweeps}: {work(found.sweep)}",
    ]


def counts(paths: int, edges: int) -> str:
    """Return how many paths there are, and how many edges.

    >>> counts(2**100, 200)
    'paths 1.27e30, edges 200'
    """
    return f"paths {told(paths)}, edges {told(edges)}"


def work(done: Work) -> str:
    """Return what is computed in words.

    >>> work(Work(1, 0))
    '1 multiplication, 0 additions'
    """
    named = zip((done.multiplications, done.additions), ("multiplication", "addition"), strict=True)
    return ", ".join(f"{told(count)} {what}{'s' * (count != 1)}" for count, what in named)


def refusal(found: Paths) -> str:
    """Return why the paths are not listed; nothing where they are."""
    factors = sum(sum(one.through.values()) for one in found.sums.values())
    if found.count <= MOST_PATHS and factors <= MOST_FACTORS:
        return ""
    return (
        f"there are {told(found.count)} paths of {told(factors)} edges in all, along "
        f"{len(found.edges)} edges of the graph; up to {MOST_PATHS} paths of {MOST_FACTORS} edges "
        f"are listed (one sweep takes {work(found.sweep)}; wrt= and of= leave some out)"
    )


def grid(found: Paths, printed: Callable[[Tree], str] = notation.unicode_text) -> Grid:
    """Return the table with every cell printed; where paths are not listed, the sums alone."""
    columns = len(HEADINGS) if found.point is not None else _WORDS
    rows = [["" if one == _NOTHING else printed(one) for one in cells] for cells in _cells(found)]
    return Grid(HEADINGS[:columns], [cells[:columns] for cells in rows], _WORDS)


def in_plain_ascii(part: Tree) -> str:
    """Return a cell in ASCII."""
    return in_ascii(notation.ascii_text(part))


def _cells(found: Paths) -> Iterator[list[Tree]]:
    """Yield the rows as trees: of every derivative its terms, then their sum."""
    for key in found.sums:
        for path in () if refusal(found) else found.terms[key]:
            yield [label(key), *(one or _NOTHING for one in term(found, key, path))]
        yield total(found, key)


def total(found: Paths, key: Key) -> list[Tree]:
    """Return the row below the terms of a derivative: the sum, as SymPy writes it, its number."""
    one = found.sums[key]
    said = tree("text", f"sum: {counts(one.count, len(one.through))}")
    slope = typeset(found.written.derivatives.get(key)) or _NOTHING
    return [label(key), said, _NOTHING, slope, _NOTHING, value(found, key) or _NOTHING]


def value(found: Paths, key: Key) -> Tree | None:
    """Return the number of a sum; None where there is none."""
    if found.point is None or refusal(found):
        return None
    return number(short(found.jacobian[key.output][key.input]))


def label(key: Key) -> Tree:
    """Return a derivative as it is written in one line."""
    return tree("partial", notation.name(key.output), notation.name(key.input))


def document(found: Paths) -> dict[str, Any]:
    """Return sums over paths as plain data; a number that JSON has not is a text."""
    return {
        "formula": typed(found.graph),
        "point": plain(found.point),
        "paths": found.count,
        "edges": len(found.edges),
        "sum over paths": found.work._asdict(),
        "sweeps": found.sweep._asdict(),
        "derivatives": [_derivative(found, key) for key in found.sums],
        "note": refusal(found),
    }


def _derivative(found: Paths, key: Key) -> dict[str, Any]:
    one, slope = found.sums[key], found.written.derivatives.get(key)
    terms = None if refusal(found) else [_term(found, path) for path in found.terms[key]]
    known = terms is not None and found.point is not None
    return {
        "of": key.output,
        "by": key.input,
        "paths": one.count,
        "edges": len(one.through),
        "symbolic": None if slope is None else str(slope),
        "value": plain(found.jacobian[key.output][key.input]) if known else None,
        "terms": terms,
    }


def _term(found: Paths, path: Path) -> dict[str, Any]:
    partials = [plain(found.partials[edge]) for edge in path.edges if found.partials]
    return {
        "edges": [list(edge) for edge in path.edges],
        "partials": partials,
        "product": plain(path.product),
        "formula": notation.ascii_text(product(found.graph, path.edges)),
        "symbolic": None if path.expression is None else str(path.expression),
    }


def csv(found: Paths) -> str:
    """Return the terms as CSV, every number with all its digits; raise TooLarge for too many."""
    rows = (
        (key.output, key.input, *_route(found, path), path.product)
        for key, terms in found.terms.items()
        for path in terms
    )
    return as_csv(("of", "by", "path", "product", "symbolic", "number"), rows)


def _route(found: Paths, path: Path) -> tuple[str, str, str | None]:
    """Return the nodes along a path, and its product in the nodes and in the inputs."""
    steps = [path.edges[0].tail, *(edge.head for edge in path.edges)] if path.edges else []
    names = " ".join(found.graph.symbols[node] for node in steps)
    said = notation.ascii_text(product(found.graph, path.edges))
    return names, said, None if path.expression is None else str(path.expression)
