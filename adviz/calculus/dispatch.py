"""Derivatives as numbers by a kernel, where one is faster than the sweeps."""

from __future__ import annotations

from collections.abc import Sequence

from adviz.compiler.kernel import Kernel
from adviz.compiler.targets import Wanted
from adviz.graph.graph import Graph
from adviz.graph.sameness import remembered
from adviz.modes.run import Errors, check_errors
from adviz.numbers import Number


def faster(
    graph: Graph,
    kind: str,
    wanted: Sequence[str],
    point: Sequence[Number],
    seeds: Sequence[Number],
    errors: Errors | None,
) -> Sequence[Number] | None:
    """Return the results of a kernel where it is faster than the sweeps, else None.

    That is for a large graph at one point, where a flat loop sees every node's number as a sweep
    does, and for many points in arrays, which go on with NaN and infinities.
    """
    if errors is not None:
        check_errors(errors)
    if graph.shapes is not None:
        return None
    numbers = [*point, *seeds]
    count = max(getattr(number, "size", 1) for number in numbers) if numbers else 0
    if count > 1 and (errors == "raise" or count < _MANY_POINTS):
        return None
    if count <= 1 and (len(graph) < _MANY_NODES or not all(map(_is_float, numbers))):
        return None
    flat = "python, flat" if count <= 1 and len(graph) < _MANY_NODES_NATIVE else None
    return _kept(graph, kind, tuple(wanted), flat).computed(numbers, errors)


_MANY_POINTS = 10_000
_MANY_NODES = 250
_MANY_NODES_NATIVE = 2_000
"""From where a kernel made for one call is faster than a sweep, and native code than Python."""


def _is_float(number: Number) -> bool:
    return type(number) is float or (type(number) is int and abs(number) <= 2**53)


@remembered(16)
def _kept(graph: Graph, kind: str, wanted: tuple[str, ...], target: str | None) -> Kernel:
    return Kernel(Wanted(graph, kind, [*graph.outputs], wanted), target)
