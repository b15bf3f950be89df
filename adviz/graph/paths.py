"""Which nodes lie on the way from an input to an output."""

from __future__ import annotations

from adviz.graph.graph import Graph
from adviz.graph.sameness import remembered
from adviz.language.labels import Key


@remembered(64)
def on_the_way(graph: Graph, key: Key) -> tuple[int, ...]:
    """Return the nodes that depend on the input and on which the output depends.

    A condition counts: what it decides may jump.

    >>> import adviz
    >>> on_the_way(adviz.build("(x + y)*(x - 2)"), Key("f", "y"))
    (1, 2, 5)
    """
    start = graph.inputs[key.input]
    wanted = _needed(graph, graph.outputs[key.output])
    reached, ahead = {start}, [start]
    while ahead:
        heads = {edge.head for edge in graph.consumers[ahead.pop()]}
        new = [node for node in heads if wanted[node] and node not in reached]
        reached.update(new)
        ahead.extend(new)
    return tuple(sorted(node for node in reached if wanted[node]))


@remembered(64)
def below(graph: Graph, label: str) -> tuple[int, ...]:
    """Return the nodes on which an output depends, itself included."""
    return leading(graph, graph.outputs[label])


def leading(graph: Graph, node: int) -> tuple[int, ...]:
    """Return the nodes on which a node depends, itself included.

    >>> import adviz
    >>> leading(adviz.build("(x + y)*(x - 2)"), node=2)
    (0, 1, 2)
    """
    return tuple(one for one, wanted in enumerate(_needed(graph, node)) if wanted)


@remembered(64)
def _needed(graph: Graph, node: int) -> bytearray:
    """Return for every node whether one depends on it."""
    needed = bytearray(len(graph))
    needed[node] = 1
    for each in range(node, -1, -1):
        if needed[each]:
            for argument in graph.args[each]:
                needed[argument] = 1
    return needed
