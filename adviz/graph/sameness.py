"""When two graphs are one: the same but for the order in which their nodes are numbered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from adviz.primitives import TABLE

if TYPE_CHECKING:
    from adviz.graph.graph import Graph

Given = ParamSpec("Given")
Result = TypeVar("Result")


def same(one: Graph, other: Graph) -> bool:
    """Return whether two graphs are isomorphic, their inputs, outputs and names included.

    The order of inputs, of outputs, of arguments, of a node's names and of guards counts, that of
    the nodes does not, nor do words: where a node comes from, why a guard is there.

    >>> import adviz
    >>> same(adviz.build("2*x"), adviz.build("f(x) = 2*x"))
    True
    >>> same(adviz.build("sin(x)*x"), adviz.build("x*sin(x)"))
    False
    """
    match = range(len(one)) if _in_place(one, other) else _matched(one, other)
    return match is not None and _fits(one, other, match)


def numbered_alike(one: Graph, other: Graph) -> bool:
    """Return whether two graphs are the same and every node has the same number in both.

    >>> import adviz
    >>> numbered_alike(adviz.build("2*x"), adviz.build("f(x) = 2*x"))
    False
    """
    return one is other or (_in_place(one, other) and _fits(one, other, range(len(one))))


def remembered(
    most: int,
) -> Callable[
    [Callable[Concatenate[Graph, Given], Result]], Callable[Concatenate[Graph, Given], Result]
]:
    """Return a decorator that keeps what a function of a graph gave for so many of them.

    What it gave is given again for a graph whose nodes are numbered alike: it may be about nodes.
    """

    def decorated(
        function: Callable[Concatenate[Graph, Given], Result],
    ) -> Callable[Concatenate[Graph, Given], Result]:
        def answered(key: _Numbered, *rest: Any, **named: Any) -> Result:
            return function(key.graph, *rest, **named)

        kept: Callable[..., Result] = lru_cache(maxsize=most)(answered)

        @wraps(function)
        def asked(graph: Graph, /, *rest: Given.args, **named: Given.kwargs) -> Result:
            return kept(_Numbered(graph), *rest, **named)

        return asked

    return decorated


class _Numbered:
    """A graph as a key, another one than that of an equal graph with other numbers."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Numbered) and numbered_alike(self.graph, other.graph)

    def __hash__(self) -> int:
        return hash(self.graph)


Ends = tuple[Mapping[str, int], Mapping[str, int], Mapping[str, int]]


def _ends(graph: Graph) -> Ends:
    """Return what names nodes of a graph."""
    return graph.inputs, graph.outputs, graph.names


def _required(graph: Graph) -> list[int]:
    return [guard.node for guard in graph.guards]


def _numbers(graph: Graph) -> dict[int, str]:
    """Return the constants as they are written: 1 is not 1.0, nor 0.0 the same as -0.0.

    What else is a node's own: the shape of an input, and static parameters.
    """
    numbers = {node: repr(value) for node, value in graph.constants.items()}
    if graph.shapes is not None:
        own = [*graph.inputs.values()]
        numbers |= {node: repr(graph.shapes[node]) for node in own if node in graph.shapes}
        numbers |= {node: repr(params) for node, params in (graph.params or {}).items()}
    return numbers


def _in_place(one: Graph, other: Graph) -> bool:
    """Return whether the nodes of two graphs are the same at every number."""
    return (
        (one.ops, one.args, *_ends(one)) == (other.ops, other.args, *_ends(other))
        and _required(one) == _required(other)
        and _numbers(one) == _numbers(other)
    )


def _matched(one: Graph, other: Graph) -> Sequence[int] | None:
    """Return which node of another graph each node is; None where it has no such node.

    Nodes that have names are the same as those with the same names, and so are their arguments,
    which are in order: no node can be one of several others, so that once through is enough.
    """
    pairs = [*zip(_ends(one), _ends(other), strict=True)]
    guards = _required(one), _required(other)
    if len(one) != len(other) or len(guards[0]) != len(guards[1]):
        return None
    if any(mine.keys() != others.keys() for mine, others in pairs):
        return None
    numbers = _numbers(one), _numbers(other)
    match, taken = [-1] * len(one), bytearray(len(other))
    open_ = [(node, others[name]) for mine, others in pairs for name, node in mine.items()]
    open_ += zip(*guards, strict=True)
    while open_:
        node, twin = open_.pop()
        if match[node] == twin:
            continue
        ours, theirs = one.args[node], other.args[twin]
        alike = one.ops[node] == other.ops[twin] and len(ours) == len(theirs)
        if match[node] >= 0 or taken[twin] or not alike:
            return None
        if numbers[0].get(node) != numbers[1].get(twin):
            return None
        match[node], taken[twin] = twin, 1
        open_ += zip(ours, theirs, strict=True)
    return match if all(taken) else None


def _fits(one: Graph, other: Graph, match: Sequence[int]) -> bool:
    """Return whether what belongs to matching nodes is in one order, and their rows are alike."""
    return (
        list(one.inputs) == list(other.inputs)
        and list(one.outputs) == list(other.outputs)
        and _called(one, match) == _called(other, range(len(other)))
        and _own_rows(one) == _own_rows(other)
    )


def _called(graph: Graph, match: Sequence[int]) -> dict[int, list[str]]:
    """Return the names of each node in order, under the number that it has in another graph."""
    found: dict[int, list[str]] = {}
    for name, node in graph.names.items():
        found.setdefault(match[node], []).append(name)
    return found


def _own_rows(graph: Graph) -> list[tuple[object, ...]]:
    """Return what the rows compute that a graph does not have from the table."""
    used = [graph.rows[op] for op in sorted({*graph.ops} & {*graph.rows})]
    own = [row for row in used if row is not TABLE.get(row.name)]
    return [(r.name, r.args, r.partials, r.define, r.stable, r.domain) for r in own]
