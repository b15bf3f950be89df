"""Derivatives at very many points, or of very many formulas, on one machine or on many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, zip_longest
from typing import Any, Literal

from adviz.errors import AdvizError, PointError
from adviz.graph import Graph
from adviz.modes import Errors
from adviz.scenarios import Scenario
from adviz.sources import Source, build
from adviz.spreading.chunks import (
    STRETCH,
    Order,
    at_points,
    of_formula,
    of_formulas,
    prepared,
    whole,
)
from adviz.spreading.lazy import blockwise, is_bag, is_lazy, partitions
from adviz.spreading.recipe import is_number
from adviz.spreading.workers import IN_FLIGHT, Work, Workers, portable, spread
from adviz.verdict import check

_ROWS, _FORMULAS, _CHECKS = 1024, 16, 1
"""How many points by themselves, formulas, and checks are one chunk."""


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
    gets chunks of `chunk` points or formulas, at most `in_flight` at a time, and every chunk
    counts once, in its place. Work lost with a process is done again by Dask, and by a pool that
    can be made again.

    With `errors="ieee"` results may be NaN and infinite, and what has no result at all, such as a
    formula that is none, gives its AdvizError in its place in the list. With `errors="raise"` the
    first of all these is raised. Errors say which formula and which point.

    >>> import adviz
    >>> import numpy as np
    >>> adviz.evaluate_many("x*y", {"x": np.array([1.0, 2.0]), "y": 3.0})
    (array([3., 6.]), {'x': array([3., 3.]), 'y': array([1., 2.])})
    >>> adviz.evaluate_many("x*y", [{"x": 1, "y": 3}, {"x": 2, "y": 3}], wrt="y")
    [(3.0, {'y': 1.0}), (6.0, {'y': 2.0})]
    >>> adviz.evaluate_many(["x*y", "x + y"], {"x": 2, "y": 3}, kind="value")
    [6.0, 5.0]
    """
    order = Order(kind, wrt, direction, cotangent, errors, target)
    crew = _Crew(executor, chunk, in_flight)
    if is_bag(source) or isinstance(source, list | tuple | Iterator):
        return _formulas(order, source, at, crew)
    if is_bag(at) or (not isinstance(at, Mapping) and not getattr(at, "shape", ())):
        return _points(order, build(source), at, crew)
    recipe, columns = prepared(order, source, at)
    if not any(map(is_lazy, columns)):
        return whole(recipe, columns, crew.size or STRETCH, crew.spread)
    crew.refuse("arrays")
    return recipe.named(iter(blockwise(recipe, columns)))


def check_many(
    subjects: Iterable[Source | Scenario],
    *,
    executor: Workers | None = None,
    errors: Literal["raise", "keep"] = "raise",
    in_flight: int = IN_FLIGHT,
    **options: Any,
) -> Any:
    """Check very many functions, each by itself: one Report for each, in order.

    `subjects` are sources, with `options` those of `adviz.check` for all, or Scenarios. A
    sequence gives a list, an iterator an iterator, a Dask bag a bag. `executor` and `in_flight`
    are those of `evaluate_many`; here a chunk is one function. A subject that cannot be checked
    raises an AdvizError that says which; with `errors="keep"` the error is in its place.

    >>> import adviz
    >>> [report.verdict for report in adviz.check_many(["x*y", "log(x)"], points=3)]
    ['agrees', 'agrees']
    """
    crew = _Crew(executor, _CHECKS, in_flight)
    if is_bag(subjects):
        crew.refuse("bags")
        return partitions(subjects, checked, options, errors, None)
    return _like(subjects, crew.results(checked, (options, errors), subjects, _CHECKS))


def checked(
    options: Mapping[str, Any], errors: str, start: int | None, subjects: Sequence[Any]
) -> list[Any]:
    """Return the reports on some functions, or the error that one has instead."""
    found: list[Any] = []
    for k, subject in enumerate(subjects):
        scenario = isinstance(subject, Scenario)
        try:
            found.append(subject.check() if scenario else check(subject, **options))
        except Exception as error:
            function = subject.function if scenario else subject
            said = of_formula(error, None if start is None else start + k, function)
            if errors == "raise":
                raise said from (None if said is error else error)
            found.append(portable(said).with_traceback(None))
    return found


# --- containers ----------------------------------------------------------------------------------


class _Crew:
    """Who works, on how much at a time."""

    def __init__(self, workers: Workers | None, size: int | None, in_flight: int) -> None:
        for name, number in (("chunk", size), ("in_flight", in_flight)):
            whole = isinstance(number, int) and not isinstance(number, bool)
            if number is not None and (not whole or number < 1):
                raise AdvizError(f"{name} = {number!r} must be a whole number from 1 on")
        self.workers, self.size, self.in_flight = workers, size, in_flight

    def refuse(self, what: str) -> None:
        """Refuse an executor for what Dask computes."""
        if self.workers is not None:
            raise AdvizError(f"Dask {what} are computed by Dask itself; leave out executor=")

    def spread(self, work: Work, chunks: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
        """Yield the result of every chunk."""
        return spread(work, chunks, self.workers, what="a function", in_flight=self.in_flight)

    def results(
        self, work: Work, shared: tuple[Any, ...], items: Iterable[Any], size: int
    ) -> Iterator[Any]:
        """Yield the result of every item, in order."""
        rest, size = iter(items), self.size or size
        parts = iter(lambda: list(islice(rest, size)), [])
        chunks = ((*shared, k * size, part) for k, part in enumerate(parts))
        return chain.from_iterable(self.spread(work, chunks))


def _like(given: Iterable[Any], results: Iterator[Any]) -> Any:
    """Return results as they were asked for: one after the other, or all."""
    return results if isinstance(given, Iterator) else list(results)


def _formulas(order: Order, sources: Any, at: Any, crew: _Crew) -> Any:
    """Return the result of each of many formulas."""
    common = isinstance(at, Mapping)
    if is_bag(sources):
        crew.refuse("bags")
        if not common:
            raise PointError("with a bag of formulas, at= is one mapping for all of them")
        return partitions(sources, of_formulas, order, at, None)
    if common:
        items, shared = sources, (order, at)
    else:
        items, shared = _pairs(sources, at), (order, None)
    return _like(sources, crew.results(of_formulas, shared, items, _FORMULAS))


def _pairs(sources: Iterable[Source], at: Iterable[Any]) -> Iterator[tuple[Source, Any]]:
    """Yield each formula with its point."""
    end = object()
    for k, (source, point) in enumerate(zip_longest(sources, at, fillvalue=end)):
        if source is end or point is end:
            fewer, more = ("formulas", "points") if source is end else ("points", "formulas")
            raise PointError(f"there are {k} {fewer} and more {more}; each needs its own")
        yield source, point


def _points(order: Order, graph: Graph, at: Any, crew: _Crew) -> Any:
    """Return the result at each of many points."""
    recipe, seeds = order.recipe(graph)
    arrays = [name for name, one in zip(recipe.seeds, seeds, strict=True) if not is_number(one)]
    if arrays:
        raise PointError(f"{arrays[0]} is an array; so must the points be: one mapping of arrays")
    if is_bag(at):
        crew.refuse("bags")
        return partitions(at, at_points, recipe, seeds, None)
    if isinstance(at, str) or not isinstance(at, Iterable):
        raise PointError(
            f"at is {type(at).__name__}; give a mapping of arrays such as {{'x': [1.0, 2.0]}}, or "
            "points in a list or an iterator"
        )
    return _like(at, crew.results(at_points, (recipe, seeds), at, _ROWS))
