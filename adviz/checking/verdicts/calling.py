"""How a claim's function is called: its arguments by name, as numbers, arrays and structures."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from adviz.checking.verdicts.claimed_parts import arguments_of
from adviz.graph.graph import Graph
from adviz.sources.structure import Filling, filled, holds_arguments, shape_of

Shaped = Callable[[list[Any], tuple[int, ...]], Any]
"""Makes an array of a shape of numbers."""


def _shaped(values: list[Any], shape: tuple[int, ...]) -> Any:
    import numpy as np

    return np.array(values).reshape(shape)


def called(
    graph: Graph,
    function: Callable[..., Any],
    point: Mapping[str, Any],
    like: Mapping[str, Any] = MappingProxyType({}),
    shaped: Shaped = _shaped,
) -> Any:
    """Return what a function gives at a point, its arguments in the order it names them.

    `like` holds what arguments are like that are more than numbers and arrays; `shaped` makes the
    arrays.
    """
    arguments = _arguments(graph, point, like, shaped)
    order = _order(graph, function)
    if order is None and len(parameters_of(function) or ()) == 1 and len(arguments) > 1:
        return function(shaped(list(point.values()), (len(point),)))
    return function(*(arguments[name] for name in order or arguments))


def _order(graph: Graph, function: Callable[..., Any]) -> list[str] | None:
    """Return the arguments in a function's own order, where its parameters are named like them."""
    names = parameters_of(function)
    known = set(arguments_of(graph))
    return names if names is not None and set(names) == known else None


def structures(graph: Graph, at: Any) -> dict[str, Any]:
    """Return the arguments that hold others, as they are at a point."""
    given = at if isinstance(at, Mapping) else {}
    return {name: given[name] for name in graph.vectors or () if holds_arguments(given.get(name))}


def _arguments(
    graph: Graph, point: Mapping[str, Any], like: Mapping[str, Any], shaped: Shaped
) -> dict[str, Any]:
    """Return the arguments of a function: numbers, arrays for its vectors, and structures."""
    filling = Filling(lambda name, _: point[name], shaped)

    def argument(name: str, names: Sequence[str]) -> Any:
        if name in point:
            return point[name]
        if name in like:
            return filled(name, like[name], filling)
        return shaped([point[part] for part in names], shape_of(name, names))

    return {name: argument(name, names) for name, names in arguments_of(graph).items()}


def parameters_of(function: Callable[..., Any]) -> list[str] | None:
    """Return the names of a function's parameters that may be given by name, if it says so.

    A function of CasADi has them in a list, a module of PyTorch in what it does forward.
    """
    listed = getattr(function, "name_in", None)
    if callable(listed):
        return [*listed()]
    try:
        said = inspect.signature(getattr(function, "forward", function))
        parameters = said.parameters.values()
    except (TypeError, ValueError):
        return None
    if any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in parameters):
        return None
    return [p.name for p in parameters if p.default is p.empty and p.kind != p.POSITIONAL_ONLY]


def elements(graph: Graph, function: Callable[..., Any]) -> list[str]:
    """Return the inputs in the order of a function's arguments."""
    order = _order(graph, function)
    if order is None:
        return list(graph.inputs)
    named = arguments_of(graph)
    return [name for argument in order for name in named[argument]]
