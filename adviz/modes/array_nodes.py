"""The nodes of a graph with arrays under construction as numbers: each knows its shape.

Nothing is multiplied by 1 or -1, and what constants decide is decided; of numbers all is folded
that is in any graph.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from adviz.errors import AdvizError
from adviz.graph.builder import Builder
from adviz.graph.graph import Graph
from adviz.graph.procedure import is_lazy
from adviz.modes.folding import growing
from adviz.numbers import Numbers
from adviz.numbers.maps import Map
from adviz.numbers.rules import Function
from adviz.primitives.row import Shape
from adviz.primitives.structural import STATIC


@dataclass(frozen=True)
class ArrayNode:
    """A node, and the shape of the array that it is."""

    node: int
    shape: Shape


def array_nodes(builder: Builder) -> Numbers:
    """Return the number system whose numbers are the nodes of an array graph in the making.

    >>> from adviz.primitives import ARRAYS
    >>> builder = Builder(ARRAYS)
    >>> x = held(builder, builder.input("x", (2,)))
    >>> array_nodes(builder).function("sum")(x, (0,), False)
    ArrayNode(node=1, shape=())
    """
    return Numbers(
        name="array graph",
        native=lambda name: STATIC.get(name) or _function(builder, name),
        constant=lambda value: held(builder, builder.constant(value)),
        finite=lambda _: True,
        isnan=lambda _: False,
        rows=builder.rows,
    )


def held(builder: Builder, node: int) -> ArrayNode:
    """Return a node as such a number."""
    return ArrayNode(node, builder.shapes.get(node, ()))


def spread(builder: Builder, number: ArrayNode, shape: Shape) -> ArrayNode:
    """Return a number at every place of a shape."""
    if number.shape == shape:
        return number
    return held(builder, builder.node("broadcast_to", (number.node,), (shape,)))


def refuse(graph: Graph, outputs: Sequence[str]) -> None:
    """Raise AdvizError for a graph with arrays that cannot be swept in its own nodes."""
    arrays = [label for label in outputs if graph.shape(graph.outputs[label])]
    if arrays:
        why = f"{arrays[0]} is an array, and derivatives in a graph of arrays are of numbers"
    elif is_lazy(graph):
        why = "which branch an array takes is known of its elements only"
    else:
        return
    raise AdvizError(f"{why}; give adviz.expand(graph), which is the same graph element by element")


def _function(builder: Builder, name: str) -> Function:
    """Return a row as a function of nodes and, if it has any, of its parameters.

    What is done to numbers alone is folded as in any graph.
    """
    row, of_numbers = builder.rows[name], growing(builder).function(name)

    def applied(*given: Any) -> Any:
        if name in _DECIDED and (known := _DECIDED[name](builder, *given)) is not None:
            return known
        nodes, params = given[: row.arity], given[row.arity :]
        ids = tuple([one if isinstance(one, bool) else one.node for one in nodes])
        of_arrays = any(not isinstance(one, bool) and one.shape for one in nodes)
        if params or (of_arrays and not any(isinstance(one, bool) for one in nodes)):
            return held(builder, builder.node(name, ids, params))
        made = of_numbers(*ids)
        return made if isinstance(made, bool) else held(builder, made)

    return applied


def _product(builder: Builder, x: Any, y: Any) -> Any:
    """Return a product with a map, or with the number 1 or -1; any other has a node."""
    if isinstance(x, Map) or isinstance(y, Map):
        return x * y
    for one, other in ((x, y), (y, x)):
        if _is(builder, one, 1):
            return other
        if _is(builder, one, -1):
            return held(builder, builder.node("neg", (other.node,)))
    return None


def _choice(builder: Builder, condition: Any, x: Any, y: Any) -> Any:
    """Return a choice that is decided already."""
    return (x if condition else y) if isinstance(condition, bool) else None


def _power(builder: Builder, x: Any, y: Any) -> Any:
    """Return a power by 1."""
    return x if _is(builder, y, 1) else None


def _is(builder: Builder, one: ArrayNode, number: int) -> bool:
    return not one.shape and builder.constants.get(one.node) == number


_DECIDED: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {"mul": _product, "where": _choice, "pow": _power}
)
"""What needs no node; None where it does."""
