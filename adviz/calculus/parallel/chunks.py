"""One chunk of work: points of arrays, points by themselves, or formulas. This runs on a worker."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count, repeat, starmap
from typing import Any

from adviz.calculus.parallel.columns import Column, is_number
from adviz.calculus.parallel.computation import Computation, placed
from adviz.calculus.parallel.request import Request
from adviz.calculus.parallel.workers import Work, portable
from adviz.errors import AdvizError, PointError
from adviz.graph.graph import Graph
from adviz.language import asked
from adviz.modes.point import common_shape, named
from adviz.numbers.given import float64
from adviz.sources import Source

ARRAY_POINTS = 1 << 16
"""How many points of arrays are one chunk, unless somebody says otherwise."""
_WORTH = 1 << 12
"""For so many points it is worth to compile one of many formulas."""
_SHOWN, _LONG = 40, 1000


# --- points of arrays ----------------------------------------------------------------------------


def of_arrays(
    computation: Computation,
    columns: Sequence[Column],
    size: int = ARRAY_POINTS,
    each: Callable[[Work, Iterable[Any]], Iterable[Any]] = starmap,
    out: Any = None,
) -> Any:
    """Return the results at all points, in their common shape; at one point they are floats.

    `each` does a work of every chunk, in order; so do the chunks come here. `out` are arrays that
    the results are written to, and then they are what is returned.
    """
    shape = _shape(computation, columns)
    total = math.prod(shape)
    spans = [(start, min(start + size, total)) for start in range(0, total, size)]
    chunks = (
        (computation, span[0], _cut(columns, shape, *span), span[1] - span[0]) for span in spans
    )
    found = _memory(computation, columns, shape, out)
    for (start, stop), parts in zip(spans, each(at_arrays, chunks), strict=True):
        for column, numbers in zip(found, parts, strict=True):
            column[start:stop] = numbers
    if out is not None:
        return out
    made = [one.reshape(shape) if shape else float(one[0]) for one in found]
    return computation.named(iter(made))


def _memory(
    computation: Computation, columns: Sequence[Column], shape: tuple[int, ...], out: Any
) -> list[Any]:
    """Return a column for each result: a new one, or what is given for it."""
    import numpy as np

    if out is None:
        return [np.empty(math.prod(shape)) for _ in range(computation.width)]
    from adviz.calculus.parallel import memory

    names = [*computation.graph.inputs, *computation.seeds]
    return memory.given(computation.nesting, out, shape, dict(zip(names, columns, strict=True)))


def at_arrays(
    computation: Computation, start: int, columns: Sequence[Column], count: int
) -> list[Any]:
    """Return the results at some points of arrays, a column for each."""
    import numpy as np

    plain = [one if is_number(one) else np.asarray(one, dtype=float) for one in columns]
    return computation.columns(start, plain, count)


def _shape(computation: Computation, columns: Sequence[Column]) -> tuple[int, ...]:
    """Return the shape of the points together."""
    word = "direction" if computation.row.tangents else "cotangent"
    names = [*computation.graph.inputs, *(f"{word} {name}" for name in computation.seeds)]
    return common_shape(dict(zip(names, columns, strict=True)))


def _cut(columns: Sequence[Column], shape: tuple[int, ...], start: int, stop: int) -> list[Column]:
    """Return the columns from one point to another in the order of their common shape."""
    import numpy as np

    def cut(one: Column) -> Column:
        if np.shape(one) == shape and one.flags.c_contiguous:
            return one.reshape(-1)[start:stop]
        return np.broadcast_to(one, shape).flat[start:stop]

    return [one if is_number(one) else cut(one) for one in columns]


# --- points by themselves ------------------------------------------------------------------------


def at_points(
    computation: Computation, seeds: Sequence[Column], start: int | None, points: Iterable[Any]
) -> list[Any]:
    """Return the result at each of some points, given as `adviz.gradient` takes them.

    All are computed together; where one of them has no result, each by itself.
    """
    points = [*points]
    try:
        return _together(computation, seeds, start, points) if points else []
    except AdvizError:
        pairs = zip(_numbers(start), points, strict=False)
        return [_alone(computation, seeds, number, point) for number, point in pairs]


def _together(
    computation: Computation, seeds: Sequence[Column], start: int | None, points: Sequence[Any]
) -> list[Any]:
    import numpy as np

    rows = [_row(computation, *one) for one in zip(_numbers(start), points, strict=False)]
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    found = computation.columns(start, [*columns, *seeds], len(rows))
    lists = [one.tolist() for one in found]
    return [computation.named(iter(row)) for row in zip(*lists, strict=True)]


def _alone(
    computation: Computation, seeds: Sequence[Column], number: int | None, point: Any
) -> Any:
    """Return the result at one point, or the error that it has instead of one."""
    try:
        return _together(computation, seeds, number, [point])[0]
    except AdvizError as error:
        if computation.errors == "raise":
            raise
        return portable(error).with_traceback(None)


def _row(computation: Computation, number: int | None, point: Any) -> list[float]:
    """Return a point's numbers in the order of the inputs."""
    where = "the point" if number is None else f"point {number}"
    try:
        numbers = named(computation.graph, point)
    except AdvizError as error:
        raise placed(error, where) from None
    arrays = [name for name, value in numbers.items() if not is_number(value)]
    if arrays:
        raise PointError(
            f"{where}: {arrays[0]} is an array; give many points at once as one mapping of arrays"
        )
    try:
        return [float64(name, value) for name, value in numbers.items()]
    except PointError as error:
        raise placed(error, where) from None


def _numbers(start: int | None) -> Iterator[int | None]:
    """Return the numbers of points or formulas; in a bag they have none."""
    return repeat(None) if start is None else count(start)


# --- formulas ------------------------------------------------------------------------------------


def of_formulas(
    request: Request, common: Any, start: int | None, formulas: Iterable[Any]
) -> list[Any]:
    """Return the result of each of some formulas, at what is common to all.

    Where nothing is, each comes as a pair with its own.
    """

    def result(source: Source, at: Any) -> Any:
        computation, columns = request.at(source, at, loose=common is not None)
        worth = math.prod(_shape(computation, columns)) >= _WORTH
        return of_arrays(replace(computation, compiled=worth), columns)

    pairs = formulas if common is None else ((one, common) for one in formulas)
    return attempts(result, request.errors, start, pairs)


def attempts(
    work: Work, errors: str, start: int | None, formulas: Iterable[tuple[Source, Any]]
) -> list[Any]:
    """Return the result of each of some formulas with what belongs to it.

    What is no formula, or has no result, is raised, or in its place, as `errors` says.
    """
    results = []
    for number, (source, given) in zip(_numbers(start), formulas, strict=False):
        try:
            results.append(work(source, given))
        except Exception as error:
            said = _of_formula(error, number, source)
            if errors == "raise":
                raise said from (None if said is error else error)
            results.append(portable(said).with_traceback(None))
    return results


def _of_formula(error: Exception, number: int | None, source: Source) -> AdvizError:
    """Return an error that says which formula it is about."""
    told = source.text if isinstance(source, Graph) else source
    text = " ".join((told[:_LONG] if isinstance(told, str) else asked.shown(told)).split())
    shown = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
    where = f"the formula {shown}" if number is None else f"formula {number}, {shown}"
    if isinstance(error, AdvizError):
        return placed(error, where)
    return AdvizError(f"{where}: {type(error).__name__}: {error}")
