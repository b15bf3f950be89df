"""What somebody gives for very many points, as one column per input, still in its container."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

from adviz.calculus.parallel.lazy import is_lazy
from adviz.errors import PointError
from adviz.graph.graph import Graph
from adviz.modes.point import common_shape, in_order, named, seeds
from adviz.modes.verbs import wanted_inputs
from adviz.numbers.given import float64, held, is_array

Given = Mapping[str, Any]
Column = Any
"""An array of one axis with a number for each point, or one number for all of them."""


def is_number(column: Column) -> bool:
    """Return whether a column is one number for all points."""
    return not getattr(column, "shape", ())


def by_name(graph: Graph, at: Any) -> Given:
    """Return points by name: a table, whose last axis runs over the inputs, is taken apart.

    >>> import adviz
    >>> import numpy as np
    >>> by_name(adviz.build("x*y"), np.array([[1.0, 2.0], [3.0, 4.0]]))
    {'x': array([1., 3.]), 'y': array([2., 4.])}
    """
    if isinstance(at, Mapping):
        return at
    if is_number(at):
        return named(graph, at)
    if at.shape[-1] != len(graph.inputs):
        raise PointError(
            f"the last axis of a table of points runs over the inputs {', '.join(graph.inputs)}; "
            f"its shape is {at.shape}"
        )
    return {name: at[..., k] for k, name in enumerate(graph.inputs)}


def columns_of(graph: Graph, at: Given) -> list[Column]:
    """Return one column per input, in order, each a number or an array as it was given.

    A vector argument given whole has its elements on the last axis. Raises PointError for what
    is missing, unknown, or no numbers.
    """
    given = {name: _array(name, value) for name, value in at.items()}
    for vector, names in (graph.vectors or {}).items():
        if vector in given and vector not in graph.inputs:
            given.update(_elements(vector, names, given.pop(vector)))
    numbers = named(graph, {name: _sample(value) for name, value in given.items()})
    return [float64(n, numbers[n]) if is_number(given[n]) else given[n] for n in graph.inputs]


def direction_of(graph: Graph, given: Any, others: Sequence[str]) -> dict[str, Column]:
    """Return a direction by the names of the inputs it has numbers for; others are 0."""
    if given is None and len(graph.inputs) == 1:
        given = next(iter(graph.inputs))
    if isinstance(given, str):
        given = dict.fromkeys(wanted_inputs(graph, given, "direction"), 1.0)
    if given is None:
        raise PointError(
            f"give a direction: one of {', '.join(graph.inputs)}, or a number for each"
        )
    found = _seeds("direction", "input", given, graph.inputs)
    return {name: found.get(name, 0.0) for name in graph.inputs if name in {*found, *others}}


def cotangent_of(graph: Graph, given: Any) -> dict[str, Column]:
    """Return a cotangent by the label of every output, 0 where it gives nothing."""
    labels = list(graph.outputs)
    if given is None and len(labels) > 1:
        raise PointError(
            f"there are {len(labels)} outputs; give a cotangent such as {{{labels[0]!r}: 1}}"
        )
    alone = len(labels) == 1 and not isinstance(given, Mapping)
    given = {labels[0]: 1.0 if given is None else given} if alone else given
    found = _seeds("cotangent", "output", given, graph.outputs)
    return {label: found.get(label, 0.0) for label in labels}


def _seeds(what: str, noun: str, given: Any, known: Mapping[str, int]) -> dict[str, Column]:
    if not isinstance(given, Mapping):
        given = in_order(what, given, list(known))
    columns = {name: _array(f"{what} {name}", value) for name, value in given.items()}
    numbers = seeds(what, noun, {name: _sample(one) for name, one in columns.items()}, known)
    return {
        name: float64(f"{what} {name}", numbers[name]) if is_number(one) else one
        for name, one in columns.items()
    }


def single_points(at: Given, kept: Container[str] = ()) -> Iterator[Given]:
    """Yield each point of arrays by itself; those called `kept` stay as they are.

    >>> list(single_points({"x": [1.0, 2.0], "y": 3.0}))
    [{'x': 1.0, 'y': 3.0}, {'x': 2.0, 'y': 3.0}]
    """
    given = {name: _array(name, value) for name, value in at.items() if name not in kept}
    arrays = {name: value for name, value in given.items() if not is_number(value)}
    if not arrays:
        yield at
        return
    import numpy as np

    shape = common_shape(arrays)
    flat = [np.broadcast_to(one, shape).flat for one in arrays.values()]
    for row in zip(*flat, strict=True):
        yield {**at, **{name: one.item() for name, one in zip(arrays, row, strict=True)}}


def first(at: Any) -> Any:
    """Return the first of many points, which a callable's branches are followed at, if known."""
    if not isinstance(at, Mapping) or any(map(is_lazy, at.values())):
        return None
    return {name: _sample(_array(name, value)) for name, value in at.items()}


def _array(name: str, value: Any) -> Any:
    """Return arrays and lists as arrays, Dask's untouched, and anything else as it is."""
    if is_lazy(value) or not is_array(value):
        return value
    return held(name, value)


def _sample(value: Any) -> Any:
    """Return a number that is accepted or refused as those of its column are."""
    if is_number(value):
        return value
    kind = value.dtype.kind
    if kind not in "iuf" or is_lazy(value) or not value.size:
        import numpy as np

        return 0.0 if kind in "iuf" else np.zeros(1, value.dtype)
    return value.flat[0].item()


def _elements(vector: str, names: Sequence[str], value: Any) -> dict[str, Any]:
    """Return the columns of a vector's elements, which are on its last axis."""
    if is_number(value) or value.shape[-1] != len(names):
        shape = getattr(value, "shape", ())
        raise PointError(
            f"{vector} has {len(names)} elements, on the last axis of its array; the shape given "
            f"is {shape}"
        )
    return {name: value[..., k] for k, name in enumerate(names)}
