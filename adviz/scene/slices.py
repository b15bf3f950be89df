"""Slices of a graph: what an output comes from, what an input leads to, what is around a node."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields

from adviz.errors import AdvizError
from adviz.graph.graph import Graph
from adviz.language.asked import names, require, shown
from adviz.language.brief import few
from adviz.scene.excerpt import Excerpt
from adviz.scene.scene import Mark, Marks

_REACH = 2
"""How many edges from a node its neighbourhood goes, unless a depth is given."""

_CUT = "muted"
"""Whose colours a node has at which the graph is cut."""

NodeName = str | int
"""An output, an author's name, an automatic one such as v3, or a node's number."""


@dataclass(frozen=True)
class Slice:
    """Which part of a graph is looked at: what all that is given leaves, the whole by default.

    Slicing is M. Weiser's (*Program slicing*, IEEE Trans. Software Engineering 10, 1984):
    backwards from `of`, forwards from `wrt`.

    >>> import adviz
    >>> graph = adviz.build("a = x*y; b = sin(x); c = exp(y); a*b, b*c")
    >>> [graph.symbols[n] for n in Slice(of="b").excerpt(graph).nodes]
    ['x', 'b']
    """

    of: NodeName | None = None
    """The node of which only what it is computed from is kept, itself included."""
    wrt: str | Sequence[str] | None = None
    """The inputs of which only what depends on them is kept, with its other arguments."""
    around: NodeName | None = None
    """The node of which only what is within `depth` edges is kept."""
    depth: int | None = None
    """2 unless given."""

    def excerpt(self, graph: Graph) -> Excerpt | None:
        """Return the part of a graph that is asked for; None for the whole.

        Raises AdvizError for a node or an input that the graph has not, for a depth without a
        node, and where nothing is in the slice.
        """
        require(
            self.around is not None or self.depth is None, "depth", self.depth,
            "how many edges from a node, which around= names",
        )  # fmt: skip
        chosen = list(self._chosen(graph))
        if not chosen:
            return None
        core = set.intersection(*chosen)
        if not core:
            given = {each.name: getattr(self, each.name) for each in fields(self)}
            words = ", ".join(f"{name}={shown(v)}" for name, v in given.items() if v is not None)
            raise AdvizError(f"nothing of the graph is in the slice {words}")
        return Excerpt(graph, tuple(sorted(core | _operands(graph, core))))

    def _chosen(self, graph: Graph) -> Iterator[set[int]]:
        """Yield the nodes that each thing asked for leaves."""
        if self.of is not None:
            yield _reached([node_of(graph, "of", self.of)], graph.args.__getitem__)
        if self.wrt is not None:
            yield _reached(_inputs(graph, self.wrt), _heads(graph))
        if self.around is not None:
            node = node_of(graph, "around", self.around)
            yield _reached([node], _beside(graph, node), _steps(self.depth))


def node_of(graph: Graph, asked: str, called: NodeName) -> int:
    """Return the node of an output's label, a name, or a number.

    >>> import adviz
    >>> node_of(adviz.build("a = x + 1; a*x"), "of", "f")
    3
    """
    if isinstance(called, str):
        for known in (graph.outputs, graph.names):
            if called in known:
                return known[called]
        if called in graph.symbols:
            return graph.symbols.index(called)
        known_as = few([*graph.outputs, *graph.names], 8)
        raise AdvizError(f"{asked} = {shown(called)}: no node is called that; there are {known_as}")
    whole = isinstance(called, int) and not isinstance(called, bool)
    require(whole, asked, called, "the name or the number of a node")
    if not 0 <= called < len(graph):
        raise AdvizError(
            f"{asked} = {called}: there is no such node, they are 0 to {len(graph) - 1}"
        )
    return called


def _steps(depth: int | None) -> int:
    """Return how many edges to go."""
    if depth is None:
        return _REACH
    whole = isinstance(depth, int) and not isinstance(depth, bool) and depth >= 0
    require(whole, "depth", depth, "a whole number of edges, 0 or more")
    return depth


def _inputs(graph: Graph, wrt: str | Sequence[str]) -> list[int]:
    """Return the nodes of inputs; a vector argument stands for all of its own."""
    vectors, found = graph.vectors or {}, []
    for one in names("wrt", wrt):
        parts = vectors.get(one, (one,))
        if parts[0] not in graph.inputs:
            inputs = few(graph.inputs, 8)
            raise AdvizError(f"wrt = {shown(one)}: there is no such input; inputs are {inputs}")
        found += [graph.inputs[part] for part in parts]
    return found


def _heads(graph: Graph) -> Callable[[int], Iterable[int]]:
    return lambda node: [edge.head for edge in graph.consumers[node]]


def _beside(graph: Graph, start: int) -> Callable[[int], Iterable[int]]:
    """Return what goes from a node to its arguments and consumers; a leaf leads nowhere else."""
    heads = _heads(graph)
    return lambda n: (*graph.args[n], *heads(n)) if graph.args[n] or n == start else ()


def _reached(
    start: Iterable[int], onwards: Callable[[int], Iterable[int]], steps: int | None = None
) -> set[int]:
    """Return the nodes that are reached from some, in any number of steps unless it is given."""
    newest = dict.fromkeys(start)
    reached, taken = set(newest), 0
    while newest and taken != steps:
        newest = dict.fromkeys(n for one in newest for n in onwards(one) if n not in reached)
        reached.update(newest)
        taken += 1
    return reached


def _operands(graph: Graph, core: set[int]) -> set[int]:
    """Return the other arguments of nodes that are kept with one: their edges are seen, too."""
    return {a for n in core if not core.isdisjoint(graph.args[n]) for a in graph.args[n]}


def cut_marks(part: Excerpt) -> Marks:
    """Return what says where edges lead out of a slice, and how many, by its own nodes.

    >>> import adviz
    >>> graph = adviz.build("a = x*y; b = sin(a); c = exp(b); c + a")
    >>> part = Slice(around="b", depth=1).excerpt(graph)
    >>> {part.graph.symbols[n]: mark.note for n, mark in cut_marks(part).items()}
    {'a': '… from 2 more, to 1 more', 'c': '… to 1 more'}
    """
    notes = ((part.new[node], _leading_out(part, node)) for node in part.nodes)
    return {node: Mark(_CUT, f"… {note}") for node, note in notes if note}


def _leading_out(part: Excerpt, node: int) -> str:
    """Return how many edges of a node lead out of a slice, in words."""
    whole, own = part.whole, part.graph
    if not whole.args[node] and node not in whole.inputs.values():
        return ""  # a constant may be anywhere
    before = len(whole.args[node]) - len(own.args[part.new[node]])
    after = len(whole.consumers[node]) - len(own.consumers[part.new[node]])
    ways = (("from", before), ("to", after))
    return ", ".join(f"{way} {count} more" for way, count in ways if count)
