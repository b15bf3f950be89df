"""What operations of a framework mean: graphs of single operations, in the table's rows.

They are read as those of a function are that a graph is built of, by the same tables.
"""

from __future__ import annotations

from collections.abc import Sequence

from adviz.checking.recording.recorded import Array, Meaning
from adviz.errors import AdvizError
from adviz.graph.graph import Graph
from adviz.graph.procedure import CONST, INPUT
from adviz.modes.run import Run
from adviz.primitives import own
from adviz.primitives.row import Shape
from adviz.sources.frameworks.reading import Held, Reading, Unreadable, Value


def argument(place: int) -> str:
    """Return what an operation's argument is called in the graph of its meaning."""
    return f"a{place}"


def part(meaning: Meaning, number: int, reading: Reading, *args: Value) -> Value:
    """Return one of the results that an operation has."""
    found = meaning(reading, *args)
    results = found if isinstance(found, list | tuple) and not isinstance(found, Held) else [found]
    return results[number]


def graph_of(meaning: Meaning | None, shapes: Sequence[Shape]) -> Graph | None:
    """Return an operation as a graph of its arguments, of some shapes; None where there is none.

    What adviz cannot read has none, nor what it asks the framework for.

    >>> graph_of(lambda reading, x, y: reading.apply("mul", x, y), [(2, 3), (3,)]).ops
    ('input', 'input', 'mul')
    """
    if meaning is None:
        return None
    reading = Reading(share=False)
    args = [reading.input(argument(place), shape) for place, shape in enumerate(shapes)]
    try:
        graph = reading.graph({"f": meaning(reading, *args)})
    except (AdvizError, Unreadable, ArithmeticError, LookupError, TypeError, ValueError):
        return None
    return None if reading.unknown or any(row.foreign for row in own(graph.rows)) else graph


def single(graph: Graph | None) -> int | None:
    """Return the node of a meaning that is one row of all its arguments, each taken once.

    One that lists the places that it takes says less than the operation's name.

    >>> negative = graph_of(lambda reading, x: reading.apply("sub", 1, x), [()])
    >>> single(negative)
    2
    """
    if graph is None:
        return None
    computed = [node for node, op in enumerate(graph.ops) if op not in (INPUT, CONST)]
    if len(computed) != 1 or [*graph.outputs.values()] != computed:
        return None
    (node,) = computed
    taken = [argument for argument in graph.args[node] if argument not in graph.constants]
    if sorted(taken) != sorted(graph.inputs.values()) or _lists_places(graph, node):
        return None
    return node


def _lists_places(graph: Graph, node: int) -> bool:
    """Return whether a node is an index with places in a list."""
    (key,) = (graph.params or {}).get(node, ((),)) if graph.ops[node] == "index" else ((),)
    return any(isinstance(entry, tuple) for entry in key)


def run_of(meaning: Graph, arrays: Sequence[Array]) -> Run:
    """Return an operation evaluated at its arguments, in doubles.

    Raises AdvizError where it has no value.
    """
    return Run(meaning, {argument(k): one for k, one in enumerate(arrays)}, errors="ieee")


def moves(meaning: Graph) -> bool:
    """Return whether an operation has but elements of its argument, moved.

    >>> moves(graph_of(lambda reading, x: reading.apply("neg", x), [(2,)]))
    False
    """
    return {*meaning.ops} <= {INPUT, "index", "reshape", "transpose"}


def value_of(run: Run) -> Array:
    """Return what an operation gave."""
    return run.found[next(iter(run.graph.outputs.values()))]
