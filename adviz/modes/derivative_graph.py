"""The derivative of a graph as another graph: the reverse sweep, run in nodes instead of numbers.

Sweeping in the number system of a graph under construction, every operation of the sweep adds a
node. Sums with 0 and products with 0, 1 and -1 are folded as they arise, here and only here: what
an author wrote is never rewritten. Method: Griewank & Walther (2008), section 3.3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adviz.graph.builder import Builder
from adviz.graph.graph import Graph
from adviz.language.labels import derivative_label
from adviz.modes import array_nodes
from adviz.modes.building import build
from adviz.modes.folding import growing
from adviz.modes.linear import Linear
from adviz.modes.sweep import adjoints
from adviz.modes.verbs import wanted_inputs, wanted_outputs
from adviz.sources import Source, copied


def derivative_graph(
    source: Source,
    of: str | None = None,
    wrt: str | Sequence[str] | None = None,
    *,
    verify: bool = True,
) -> Graph:
    """Return the graph of a function and its derivatives by the wanted inputs.

    The outputs are those of the source followed by `df/dx` for every output `f` (or only for
    the output `of`) and every wanted input `x`. A derivative is a graph like any other: applied
    again with `of="df/dx"` and `wrt="y"` it has the output `d2f/dxdy`. A label that another
    number has already gets a quote. `verify=False` does not compare a callable with its graph.

    Of a graph with arrays a derivative has the shape of the input. Its output has to be a number,
    and no branch in it may be taken element by element, else it is an AdvizError.

    Raises GraphError for an unknown output, PointError for an unknown input.

    >>> import adviz
    >>> g = adviz.derivative_graph("x**3", wrt="x")
    >>> list(g.outputs)
    ['f', 'df/dx']
    >>> adviz.evaluate(adviz.derivative_graph(g, of="df/dx", wrt="x"), at={"x": 2}).value
    {'f': 8.0, 'df/dx': 12.0, 'd2f/dx2': 12.0}
    """
    return derived(build(source, verify=verify), of, wrt)[0]


def derived(
    graph: Graph, of: str | None = None, wrt: str | Sequence[str] | None = None
) -> tuple[Graph, dict[tuple[str, str], str]]:
    """Return the derivative graph, and by output and input what each derivative is called in it.

    >>> import adviz
    >>> derived(adviz.build({"f": "x**2", "df/dx": "x"}), of="f")[1]
    {('f', 'x'): "df/dx'"}
    """
    wanted = wanted_inputs(graph, wrt)
    labels = wanted_outputs(graph, of)
    if graph.shapes is not None:
        array_nodes.refuse(graph, labels)
    builder = Builder(graph.rows)
    found = copied(graph, builder)
    outputs = {label: found[node] for label, node in graph.outputs.items()}
    called = {}
    for label in labels:
        for name, node in _pulled_back(graph, label, wanted, found, builder).items():
            made = derivative_label(label, name)
            while outputs.setdefault(made, node) != node:
                made += "'"
            called[label, name] = made
    return builder.finish(outputs), called


def _pulled_back(
    graph: Graph, label: str, wanted: Sequence[str], found: list[int], builder: Builder
) -> dict[str, int]:
    """Return the nodes that hold one output's derivatives by the wanted inputs."""
    nodes = {name: graph.inputs[name] for name in wanted}
    if graph.shapes is not None:
        return _of_arrays(graph, label, nodes, found, builder)
    linear = Linear(graph, growing(builder), found, nodes.values())
    held = adjoints(linear, [(graph.outputs[label], builder.constant(1))])
    return {name: linear.arrived(held[node]) for name, node in nodes.items()}


def _of_arrays(
    graph: Graph, label: str, nodes: Mapping[str, int], found: list[int], builder: Builder
) -> dict[str, int]:
    """Return the same of a graph with arrays; what nothing comes back to has zeros."""
    system = array_nodes.array_nodes(builder)
    values = [array_nodes.held(builder, node) for node in found]
    linear = Linear(graph, system, values, nodes.values())
    held = adjoints(linear, [(graph.outputs[label], system.constant(1))])
    arrived = {
        name: (linear.arrived(held[node]), graph.shape(node)) for name, node in nodes.items()
    }
    return {name: array_nodes.spread(builder, *one).node for name, one in arrived.items()}
