"""A chain: steps of which each needs nothing but the state before it, as any graph can be cut.

A state is what crosses a cut: the values computed before it that are used after it. A graph is cut
where no fewer values cross just before or just after, and no more than the step before computes.
The numbers of a point are at hand all the
time and no part of a state, but for the first one: what only the first step uses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from adviz.graph.graph import Graph
from adviz.graph.procedure import INPUT


@dataclass(frozen=True, eq=False)
class Segment:
    """One step as a function of its own; its inputs are called by their nodes' numbers."""

    graph: Graph
    nodes: tuple[int, ...]
    """Per node which one it is in the whole graph."""
    leaves: tuple[int, ...]
    """The nodes of the state after the step, in the whole graph."""


@dataclass(frozen=True, eq=False)
class Chain:
    """Steps in a row, how many values each state is, and how many each step computes.

    >>> import adviz
    >>> chain = cut(adviz.build("a = 4*x*(1 - x); b = 4*a*(1 - a); 4*b*(1 - b)"))
    >>> len(chain), chain.widths, chain.computed
    (3, (1, 1, 1, 1), (3, 3, 3))
    """

    widths: tuple[int, ...]
    """The number of values of every state, from the first to the last."""
    computed: tuple[int, ...]
    """The number of values that every step computes, those of its new state among them."""
    graph: Graph | None = None
    """The graph that was cut, where there is one."""
    segments: tuple[Segment, ...] = ()
    entering: tuple[int, ...] = ()
    """The nodes of the first state."""

    def __len__(self) -> int:
        return len(self.computed)

    @property
    def values(self) -> int:
        """How many values plain reverse mode holds: all that are computed, and the first state."""
        return self.widths[0] + sum(self.computed)


def abstract(steps: int) -> Chain:
    """Return a chain of equal steps, each of one value, of which nothing else is known.

    >>> abstract(3).widths
    (1, 1, 1, 1)
    """
    return Chain((1,) * (steps + 1), (1,) * steps)


def cut(graph: Graph) -> Chain:
    """Return a graph as a chain.

    >>> import adviz
    >>> chain = cut(adviz.build("exp(sin(x)*p)*p"))
    >>> [segment.graph.text for segment in chain.segments]
    ['n1(n0) = sin(n0)', 'n3(n1, n2) = n1*n2', 'n4(n3) = exp(n3)', 'n5(n2, n4) = n4*n2']
    """
    uses = _last_uses(graph)
    ends = [*_cuts(graph, uses), len(graph)]
    segments = tuple(_segments(graph, uses, ends))
    leaves = (node for node in segments[0].nodes if graph.ops[node] == INPUT)
    entering = tuple(node for node in leaves if uses[node] < ends[0])
    widths = (len(entering), *(len(one.leaves) for one in segments[:-1]), len(graph.outputs))
    computed = [sum(map(bool, graph.args[first:end])) for first, end in pairwise([0, *ends])]
    return Chain(widths, tuple(computed), graph, segments, entering)


def _last_uses(graph: Graph) -> list[int]:
    """Return per node the last one that uses it; itself where none does."""
    uses = [*range(len(graph))]
    for node, arguments in enumerate(graph.args):
        for argument in arguments:
            uses[argument] = node
    return uses


def _cuts(graph: Graph, uses: Sequence[int]) -> Iterator[int]:
    """Yield the nodes before which the graph is cut: no state is larger than its step.

    An input that is used up before the first cut crosses as a computed value does.
    """
    first = next((end for end, _ in _narrow(graph, uses, 0)), len(graph))
    done = 0
    for end, crossing in _narrow(graph, uses, first):
        if crossing <= sum(map(bool, graph.args[done:end])):
            yield end
            done = end


def _narrow(graph: Graph, uses: Sequence[int], first: int) -> Iterator[tuple[int, int]]:
    """Yield where no fewer values cross just before or after, and how many do.

    What a condition may leave out does not cross a cut, so that a step is all computed or not.
    """
    crossings, bars, certain = [0] * (len(graph) + 1), [0] * (len(graph) + 1), _certain(graph)
    for node, last in enumerate(uses):
        computed = bool(graph.args[node])
        if last > node and (computed or (graph.ops[node] == INPUT and last < first)):
            for counts in (crossings,) if certain[node] else (crossings, bars):
                counts[node + 1 if computed else 0] += 1
                counts[last + 1] -= 1
    crossings, bars = [*accumulate(crossings)], [*accumulate(bars)]
    crossings[-1] = len(graph.outputs)
    ends = [node + 1 for node, arguments in enumerate(graph.args) if arguments]
    after = [*ends[1:-1], len(graph)]
    for before, here, behind in zip([0, *ends], ends[:-1], after, strict=False):
        if crossings[here] <= min(crossings[before], crossings[behind]) and not bars[here]:
            yield here, crossings[here]


def _certain(graph: Graph) -> bytearray:
    """Return per node whether it is needed whichever branches are taken; inputs always are."""
    certain = bytearray(len(graph))
    for node in (*graph.inputs.values(), *graph.outputs.values(), *(g.node for g in graph.guards)):
        certain[node] = 1
    for node in range(len(graph) - 1, -1, -1):
        row = graph.row(node)
        if row is not None and certain[node]:
            for position, argument in enumerate(graph.args[node]):
                certain[argument] |= row.needed_where(position) is None
    return certain


def _segments(graph: Graph, uses: Sequence[int], ends: Sequence[int]) -> Iterator[Segment]:
    """Yield the stretches of a graph that end before some nodes, each as a function of its own."""
    held: list[int] = []
    for first, end in pairwise([0, *ends]):
        inside = [node for node in range(first, end) if graph.args[node]]
        held = [node for node in (*held, *inside) if uses[node] >= end]
        yield _segment(graph, inside, tuple(held))


def _segment(graph: Graph, inside: Sequence[int], leaves: tuple[int, ...]) -> Segment:
    """Return some nodes that are computed, with what they need, as a function of its own."""
    own = {*inside}
    before = sorted({a for node in inside for a in graph.args[node]} - own)
    nodes = (*before, *inside)
    place = {node: number for number, node in enumerate(nodes)}
    given = (node for node in before if graph.args[node] or graph.ops[node] == INPUT)
    entering = {f"n{node}": place[node] for node in given}
    wanted = {*leaves, *graph.outputs.values()}
    made = Graph(
        ops=tuple([graph.ops[n] if n in own or not graph.args[n] else INPUT for n in nodes]),
        args=tuple([tuple([place[a] for a in graph.args[n] if n in own]) for n in nodes]),
        constants={place[n]: graph.constants[n] for n in before if n in graph.constants},
        inputs=entering,
        outputs={f"n{node}": place[node] for node in inside if node in wanted},
        names=entering,
        rows=graph.rows,
        guards=tuple(g._replace(node=place[g.node]) for g in graph.guards if g.node in own),
    )
    return Segment(made, nodes, leaves)
