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

    >>> negative = graph_of(lambda reading, x: reading.apply("sub", 1, x), [()])
    >>> single(negative)
    2
    """
    if graph is None:
        return None
    computed = [node for node, op in enumerate(graph.ops) if op not in (INPUT, CONST)]
    if len(computed) != 1 or [*graph.outputs.values()] != computed:
        return None
    taken = [node for node in graph.args[computed[0]] if node not in graph.constants]
    return computed[0] if sorted(taken) == sorted(graph.inputs.values()) else None


def run_of(meaning: Graph, arrays: Sequence[Array]) -> Run:
    """Return an operation evaluated at its arguments, in doubles.

    Raises AdvizError where it has no value.
    """
    return Run(meaning, {argument(k): one for k, one in enumerate(arrays)}, errors="ieee")


def value_of(run: Run) -> Array:
    """Return what an operation gave."""
    return run.found[next(iter(run.graph.outputs.values()))]
