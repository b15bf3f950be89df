"""What operations of a framework mean: graphs of single operations, in the table's rows."""

from __future__ import annotations

from collections.abc import Sequence
from inspect import Parameter, Signature
from typing import Any

from adviz.checking.recording.recorded import Meaning
from adviz.errors import AdvizError
from adviz.graph.graph import Graph
from adviz.graph.procedure import CONST, INPUT
from adviz.modes.building import build
from adviz.primitives.row import Shape


def argument(place: int) -> str:
    """Return what an operation's argument is called in the graph of its meaning."""
    return f"a{place}"


def graph_of(meaning: Meaning | None, shapes: Sequence[Shape]) -> Graph | None:
    """Return an operation as a graph of its arguments, of some shapes; None where there is none.

    What adviz cannot trace has none.

    >>> graph_of(lambda x, y: x @ y, [(2, 3), (3,)]).ops
    ('input', 'input', 'einsum')
    """
    if meaning is None:
        return None
    known = meaning

    def call(*arrays: Any) -> Any:
        return known(*arrays)

    names = [argument(place) for place in range(len(shapes))]
    kinds = [Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in names]
    call.__signature__ = Signature(kinds)  # type: ignore[attr-defined]  # what tracing asks for
    arrays = {name: shape for name, shape in zip(names, shapes, strict=True) if shape}
    try:
        return build(call, shapes=arrays or None, arrays=bool(arrays), share=False, verify=False)
    except (AdvizError, ArithmeticError, LookupError, TypeError, ValueError):
        return None


def single(graph: Graph | None) -> int | None:
    """Return the node of a meaning that is one row of all its arguments, each taken once.

    >>> single(graph_of(lambda x: 1 - x, [()])), single(graph_of(lambda x: (1 - x)*x, [()]))
    (2, None)
    """
    if graph is None:
        return None
    computed = [node for node, op in enumerate(graph.ops) if op not in (INPUT, CONST)]
    if len(computed) != 1 or [*graph.outputs.values()] != computed:
        return None
    taken = [node for node in graph.args[computed[0]] if node not in graph.constants]
    return computed[0] if sorted(taken) == sorted(graph.inputs.values()) else None
