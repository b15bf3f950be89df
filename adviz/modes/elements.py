"""Where in an array something is wrong: the first such element, and the numbers that meet there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from adviz.graph.graph import Graph
from adviz.numbers import Number, Numbers


class Element(NamedTuple):
    """One element of a node: every number that broadcasts to the node there, and its place."""

    found: Sequence[Number]
    said: str


def first_wrong(
    graph: Graph, numbers: Numbers, found: Sequence[Number], node: int, good: Any
) -> Element:
    """Return the first element of a node that is not good; of a number, the number.

    `good` says so of every element, or is a number that should be finite.

    >>> import numpy as np
    >>> from adviz.numbers import ARRAY
    >>> from adviz.graph.builder import Builder
    >>> builder = Builder()
    >>> node = builder.node("log", (builder.input("x", (3,)),))
    >>> graph, x = builder.finish({"f": node}), np.array([1.0, -2.0, -3.0])
    >>> first_wrong(graph, ARRAY, [x, x], 1, x > 0).said
    'element [1] of v1: '
    """
    import numpy as np

    shape = graph.shape(node)
    if not shape or np.shape(good) not in ((), shape):
        return Element(found, "")
    told = np.asarray(good if np.asarray(good).dtype == bool else finite(numbers, good), dtype=bool)
    wrong = np.argwhere(~np.broadcast_to(told, shape))
    place = tuple(wrong[0].tolist()) if len(wrong) else (0,) * len(shape)

    def one(number: Number) -> Number:
        own = getattr(number, "shape", ())
        padded = (1,) * (len(shape) - len(own)) + own
        fits = len(padded) == len(shape) and all(
            n in (1, size) for n, size in zip(padded, shape, strict=True)
        )
        return np.broadcast_to(number, shape)[place] if own and fits else number

    known = {node, *graph.args[node]}
    at = [one(number) if k in known else number for k, number in enumerate(found)]
    return Element(at, f"element [{', '.join(map(str, place))}] of {graph.symbol(node)}: ")


def finite(numbers: Numbers, number: Number) -> Any:
    """Return for every element whether it is finite: then it differs from itself by 0."""
    return numbers.function("eq")(numbers.function("sub")(number, number), numbers.constant(0))


def named_element(name: str, numbers: Numbers, value: Number) -> tuple[str, Number]:
    """Return the first element of a user's array that is not finite, and what it is called."""
    if not getattr(value, "shape", ()):
        return name, value
    import numpy as np

    place = tuple(np.argwhere(~np.asarray(finite(numbers, value), dtype=bool))[0].tolist())
    return f"{name}[{', '.join(map(str, place))}]", value[place]
