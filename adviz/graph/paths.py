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
    depends = bytearray(len(graph))
    depends[graph.inputs[key.input]] = 1
    for node, arguments in enumerate(graph.args):
        depends[node] |= any(depends[argument] for argument in arguments)
    return tuple(node for node in below(graph, key.output) if depends[node])


@remembered(64)
def below(graph: Graph, label: str) -> tuple[int, ...]:
    """Return the nodes on which an output depends, itself included."""
    needed = bytearray(len(graph))
    needed[graph.outputs[label]] = 1
    for node in range(len(graph) - 1, -1, -1):
        if needed[node]:
            for argument in graph.args[node]:
                needed[argument] = 1
    return tuple(node for node, wanted in enumerate(needed) if wanted)
