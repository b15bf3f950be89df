"""What a node of arrays is in numbers: the part of the graph that it is, element by element."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from adviz.graph.graph import Graph
from adviz.modes.scalars import elements_in, expanded
from adviz.modes.trace import Trace
from adviz.modes.verbs import evaluate, reverse
from adviz.numbers.tensor import elements
from adviz.primitives.row import Shape
from adviz.scene.excerpt import Excerpt
from adviz.scene.scene import Scene

MOST = 40
"""The most operations of a node that is shown in numbers."""


@dataclass(frozen=True)
class Unfolded(Mapping[int, Scene]):
    """The pictures of the nodes of an array graph in numbers; made when they are asked for.

    What stands in one is what a sweep found there, and what the node sends back to each element.
    """

    subject: Graph | Trace
    staged: Callable[[Graph | Trace], Scene]

    def __getitem__(self, node: int) -> Scene:
        subject = self.subject
        found = _one_by_one(subject, node) if isinstance(subject, Graph) else swept(subject, node)
        return self.staged(found)

    def __iter__(self) -> Iterator[int]:
        graph = self.subject if isinstance(self.subject, Graph) else self.subject.graph
        return (node for node in range(len(graph)) if _is_shown(graph, node))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _is_shown(graph: Graph, node: int) -> bool:
    """Return whether a node computes a few numbers of arrays, and no truths or of such.

    What another program computes as a whole has no numbers of its own.
    """
    arguments, own = graph.args[node], graph.row(node)
    if own is not None and own.foreign is not None:
        return False
    if not arguments or not any(map(graph.shape, (node, *arguments))):
        return False
    rows = map(graph.row, (node, *arguments))
    if any(row is not None and row.condition for row in rows):
        return False
    return elements_in(_part(graph, node).graph) <= MOST


def _part(graph: Graph, node: int) -> Excerpt:
    """Return a node and its arguments, which stand as inputs."""
    given = frozenset(graph.args[node]) - graph.constants.keys()
    return Excerpt(graph, tuple(sorted({*graph.args[node], node})), given)


def _one_by_one(graph: Graph, node: int) -> Graph:
    """Return what a node computes as a graph of numbers, called by their places: `W_0_1`."""
    part = _part(graph, node)
    small = replace(part.graph, outputs={graph.symbols[node]: part.new[node]})
    made = expanded(small)
    inputs, outputs = _called(small, small.inputs), _called(small, small.outputs)
    given = dict(zip(inputs, made.inputs.values(), strict=True))
    ends = dict(zip(outputs, made.outputs.values(), strict=True))
    named = {**ends, **given}
    named |= _numbered(made, {*named.values()}, graph.symbols)
    return replace(made, inputs=given, outputs=ends, names=named, vectors=None)


def _numbered(graph: Graph, named: Collection[int], taken: Sequence[str]) -> dict[str, int]:
    """Return names for what is computed on the way, which none of the whole begins with."""
    free = (one for one in "wutsr" if not any(name.startswith(one) for name in taken))
    letter = next(free, "w_")
    computed = (n for n, arguments in enumerate(graph.args) if arguments and n not in named)
    return {f"{letter}{count}": node for count, node in enumerate(computed, 1)}


def _called(graph: Graph, nodes: Mapping[str, int]) -> list[str]:
    """Return what the elements of some nodes are called."""
    return [one for name, node in nodes.items() for one in _places(name, graph.shape(node))]


def _places(name: str, shape: Shape) -> Iterator[str]:
    """Yield the names of an array's elements, in their order.

    >>> list(_places("v1", (1, 2))), list(_places("v1", ()))
    (['v1_0_0', 'v1_0_1'], ['v1'])
    """
    for place in product(*map(range, shape)):
        yield "_".join([name, *map(str, place)])


def swept(trace: Trace, node: int) -> Trace:
    """Return the sweep of a node by itself, element by element, from what the whole found there.

    >>> import adviz
    >>> g = adviz.build(lambda W, x: W @ x, shapes={"W": (1, 2), "x": 2}, arrays=True)
    >>> t = adviz.reverse(g, {"W": [[3, 4]], "x": [1, 2]}, {"f": [1.0]})
    >>> swept(t, 2).gradient
    {'W_0_0': 1.0, 'W_0_1': 2.0, 'x_0': 3.0, 'x_1': 4.0}
    """
    graph, part = _one_by_one(trace.graph, node), _part(trace.graph, node)
    arguments = (part.nodes[n] for n in part.graph.inputs.values())
    found = [one for argument in arguments for one in elements(trace.values[argument])]
    point = dict(zip(graph.inputs, found, strict=True))
    adjoint = None if trace.adjoints is None else trace.adjoints[node]
    if adjoint is None:
        return evaluate(graph, point)
    return reverse(graph, point, dict(zip(graph.outputs, elements(adjoint), strict=True)))
