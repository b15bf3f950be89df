"""Derivatives at very many points, or of very many formulas, on one machine or on many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from adviz.calculus.parallel.blockwise import blockwise
from adviz.calculus.parallel.chunks import ARRAY_POINTS, at_points, of_arrays, of_formulas
from adviz.calculus.parallel.columns import is_number
from adviz.calculus.parallel.crew import Crew
from adviz.calculus.parallel.lazy import is_bag, is_lazy
from adviz.calculus.parallel.request import Request
from adviz.calculus.parallel.workers import IN_FLIGHT, Workers
from adviz.errors import PointError
from adviz.graph.graph import Graph
from adviz.modes.building import build, of_numbers
from adviz.modes.run import Errors
from adviz.sources import Source

_POINTS, _FORMULAS = 1024, 16
"""How many points by themselves, and formulas, are one chunk."""


def evaluate_many(
    source: Source | Iterable[Source],
    at: Any,
    *,
    kind: str = "gradient",
    wrt: str | Sequence[str] | None = None,
    direction: Any = None,
    cotangent: Any = None,
    executor: Workers | None = None,
    errors: Errors = "ieee",
    target: str | None = None,
    chunk: int | None = None,
    in_flight: int = IN_FLIGHT,
    out: Any = None,
) -> Any:
    """Return values and derivatives at very many points, or of very many formulas.

    `at` says where, and the result comes in the same container:

    - a mapping of arrays by input, with numbers among them, or one array whose last axis runs
      over the inputs: `(value, derivative)`, with arrays of the common shape in place of numbers.
      Dask arrays give Dask arrays, and nothing is computed yet.
    - an iterable of points, as `adviz.gradient` takes them: one result for each, in order. A
      sequence gives a list, an iterator an iterator that takes points as results are asked for,
      a Dask bag a bag.

    A list, an iterator or a Dask bag of *formulas* gives one result for each: all at one `at`, a
    mapping of which each takes its own inputs, or, when `at` is a sequence or an iterator, each
    at its own. (One function with several outputs is a mapping, or a Graph.)

    `kind` is value (the result is the value alone), gradient, jacobian, jvp, hvp (both along
    `direction`), vjp (of `cotangent`) or hessian, as of `adviz.compile`, whose kernels compute one
    function's many points, on `target`. Numbers are float64.

    `executor` is a `concurrent.futures.Executor`, a function that makes one, or a Dask client. It
    gets chunks of `chunk` points or formulas, at most `in_flight` at a time; each counts once. Work
    lost with a process is done again by Dask, and by a pool that can be made again.

    With `errors="ieee"` (one point by itself raises) results may be NaN and infinite, and what has
    none, such as no formula, gives its AdvizError in its place; with `"raise"` the first is raised.

    `out` are contiguous float64 arrays of the points' shape, nested as the result, that one
    function's results at arrays are written to and returned in; after an error they hold anything.

    >>> import adviz
    >>> import numpy as np
    >>> adviz.evaluate_many("x*y", {"x": np.array([1.0, 2.0]), "y": 3.0})
    (array([3., 6.]), {'x': array([3., 3.]), 'y': array([1., 2.])})
    >>> adviz.evaluate_many("x*y", [{"x": 1, "y": 3}, {"x": 2, "y": 3}], wrt="y")
    [(3.0, {'y': 1.0}), (6.0, {'y': 2.0})]
    >>> adviz.evaluate_many(["x*y", "x + y"], {"x": 2, "y": 3}, kind="value")
    [6.0, 5.0]
    """
    request = Request(kind, wrt, direction, cotangent, errors, target)
    crew = Crew(executor, chunk, in_flight)
    if is_bag(source) or isinstance(source, list | tuple | Iterator):
        return _formulas(request, source, at, crew, out)
    if is_bag(at) or (not isinstance(at, Mapping) and not getattr(at, "shape", ())):
        return _points(request, of_numbers(build(source)), at, crew, out)
    return _arrays(request, source, at, crew, out)


def _arrays(request: Request, source: Source, at: Any, crew: Crew, out: Any) -> Any:
    """Return the results at all points of arrays."""
    computation, columns = request.at(source, at)
    if not any(map(is_lazy, columns)):
        return of_arrays(computation, columns, crew.size or ARRAY_POINTS, crew.starmap, out)
    _refuse(out, "Dask arrays")
    crew.refuse("arrays")
    return computation.named(iter(blockwise(computation, columns)))


def _refuse(out: Any, what: str) -> None:
    """Refuse memory for results that are not arrays, or not yet."""
    if out is not None:
        raise PointError(f"{what} have results of their own; out= is for arrays of points")


def _formulas(request: Request, sources: Any, at: Any, crew: Crew, out: Any) -> Any:
    """Return the result of each of many formulas."""
    _refuse(out, "formulas")
    if isinstance(at, Mapping):
        return crew.each(of_formulas, (request, at), sources, _FORMULAS)
    if is_bag(sources):
        crew.refuse("bags")
        raise PointError("with a bag of formulas, at= is one mapping for all of them")
    results = crew.each(of_formulas, (request, None), _pairs(sources, at), _FORMULAS)
    return results if isinstance(sources, Iterator) else list(results)


def _pairs(sources: Iterable[Source], at: Iterable[Any]) -> Iterator[tuple[Source, Any]]:
    """Yield each formula with its point."""
    end = object()
    for k, (source, point) in enumerate(zip_longest(sources, at, fillvalue=end)):
        if source is end or point is end:
            fewer, more = ("formulas", "points") if source is end else ("points", "formulas")
            raise PointError(f"there are {k} {fewer} and more {more}; each needs its own")
        yield source, point


def _points(request: Request, graph: Graph, at: Any, crew: Crew, out: Any) -> Any:
    """Return the result at each of many points."""
    _refuse(out, "points by themselves")
    computation, seeds = request.of(graph)
    arrays = [n for n, one in zip(computation.seeds, seeds, strict=True) if not is_number(one)]
    if arrays:
        raise PointError(f"{arrays[0]} is an array; so must the points be: one mapping of arrays")
    if not is_bag(at) and (isinstance(at, str) or not isinstance(at, Iterable)):
        raise PointError(
            f"at is {type(at).__name__}; give a mapping of arrays such as {{'x': [1.0, 2.0]}}, or "
            "points in a list or an iterator"
        )
    return crew.each(at_points, (computation, seeds), at, _POINTS)
