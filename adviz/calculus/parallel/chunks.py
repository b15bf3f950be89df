"""One chunk of work: a stretch of arrays, some points, or some formulas. This runs on a worker."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from adviz.calculus.parallel.columns import by_name, columns_of, cotangent_of, direction_of, first
from adviz.calculus.parallel.recipe import ALONG, KINDS, Column, Recipe, is_number, placed
from adviz.calculus.parallel.workers import Work, portable, spread
from adviz.errors import AdvizError, PointError
from adviz.graph.graph import Graph
from adviz.modes.point import common_shape, named
from adviz.modes.run import Errors
from adviz.modes.sweeps import wanted_inputs
from adviz.sources import Source, built_at

STRETCH = 1 << 16
"""How many points of arrays are one chunk, unless somebody says otherwise."""
_WORTH = 1 << 12
"""For so many points it is worth to compile one of many formulas."""
_SHOWN = 40


@dataclass(frozen=True)
class Order:
    """What is asked for, of whatever function."""

    kind: str
    wrt: Any = None
    direction: Any = None
    cotangent: Any = None
    errors: Errors = "ieee"
    target: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise AdvizError(f"there is no kind {self.kind!r}; kinds are {', '.join(KINDS)}")
        if self.errors not in ("raise", "ieee"):
            raise PointError(f"errors = {self.errors!r}; it is 'raise' or 'ieee'")
        for word, kinds in (("direction", ALONG), ("cotangent", ("vjp",))):
            if getattr(self, word) is not None and self.kind not in kinds:
                raise AdvizError(f"a {self.kind} has no {word}; that is for {' and '.join(kinds)}")

    def recipe(self, graph: Graph) -> tuple[Recipe, list[Column]]:
        """Return what is computed of a graph, and the columns that do not depend on the point."""
        if self.kind in ("gradient", "hvp", "hessian") and len(graph.outputs) > 1:
            raise AdvizError(
                f"a {self.kind} is of one output; there are {', '.join(graph.outputs)}"
            )
        wanted = tuple(wanted_inputs(graph, self.wrt))
        seeds: dict[str, Column] = {}
        if self.kind in ALONG:
            seeds = direction_of(graph, self.direction, wanted if self.kind == "hvp" else ())
        if self.kind == "vjp":
            seeds = cotangent_of(graph, self.cotangent)
        recipe = Recipe(graph, self.kind, wanted, tuple(seeds), self.errors, self.target)
        return recipe, [*seeds.values()]


def prepared(
    order: Order, source: Source, at: Any, *, loose: bool = False
) -> tuple[Recipe, list[Column]]:
    """Return what is computed of a function, and where; `loose` passes over names it has not."""
    graph = built_at(source, first(at))
    given = by_name(graph, at)
    if loose:
        own = {*graph.inputs, *(graph.vectors or ())}
        given = {name: value for name, value in given.items() if name in own}
    recipe, seeds = order.recipe(graph)
    return recipe, [*columns_of(graph, given), *seeds]


def shape_of(recipe: Recipe, columns: Sequence[Column]) -> tuple[int, ...]:
    """Return the shape of the points together."""
    word = "direction" if recipe.kind in ALONG else "cotangent"
    names = [*recipe.graph.inputs, *(f"{word} {name}" for name in recipe.seeds)]
    return common_shape(dict(zip(names, columns, strict=True)))


def stretch(
    columns: Sequence[Column], shape: tuple[int, ...], start: int, stop: int
) -> list[Column]:
    """Return the columns from one point to another in the order of their common shape."""
    import numpy as np

    def cut(one: Column) -> Column:
        if np.shape(one) == shape and one.flags.c_contiguous:
            return one.reshape(-1)[start:stop]
        return np.broadcast_to(one, shape).flat[start:stop]

    return [one if is_number(one) else cut(one) for one in columns]


def at_arrays(recipe: Recipe, start: int, columns: Sequence[Column], count: int) -> list[Any]:
    """Return the results at a stretch of points, a column for each."""
    import numpy as np

    plain = [one if is_number(one) else np.asarray(one, dtype=float) for one in columns]
    return recipe.columns(start, plain, count)


def at_points(recipe: Recipe, seeds: Sequence[Column], start: int | None, points: Any) -> list[Any]:
    """Return the result at each of some points, given as `adviz.gradient` takes them.

    All are computed together; where one of them has no result, each by itself.
    """
    try:
        return _together(recipe, seeds, start, points)
    except AdvizError:
        numbers = [None if start is None else start + k for k in range(len(points))]
        return [_alone(recipe, seeds, *one) for one in zip(numbers, points, strict=True)]


def _together(recipe: Recipe, seeds: Sequence[Column], start: int | None, points: Any) -> list[Any]:
    import numpy as np

    rows = [_row(recipe, None if start is None else start + k, p) for k, p in enumerate(points)]
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    found = recipe.columns(start, [*columns, *seeds], len(rows))
    return [recipe.named(iter(row)) for row in zip(*(one.tolist() for one in found), strict=True)]


def _alone(recipe: Recipe, seeds: Sequence[Column], number: int | None, point: Any) -> Any:
    """Return the result at one point, or the error that it has instead of one."""
    try:
        return _together(recipe, seeds, number, [point])[0]
    except AdvizError as error:
        if recipe.errors == "raise":
            raise
        return portable(error).with_traceback(None)


def _row(recipe: Recipe, number: int | None, point: Any) -> list[float]:
    """Return a point's numbers in the order of the inputs."""
    where = "the point" if number is None else f"point {number}"
    try:
        numbers = named(recipe.graph, point)
    except AdvizError as error:
        raise placed(error, where) from None
    arrays = [name for name, value in numbers.items() if not is_number(value)]
    if arrays:
        raise PointError(
            f"{where}: {arrays[0]} is an array; give many points at once as one mapping of arrays"
        )
    return [float(value) for value in numbers.values()]


def of_formulas(order: Order, common: Any, start: int | None, formulas: Any) -> list[Any]:
    """Return the result of each of some formulas, at what is common to all.

    Where nothing is, each comes as a pair with its own. What is no formula, or has no result, is
    raised, or in its place, as `order.errors` says.
    """
    results = []
    for k, one in enumerate(formulas):
        source, at = one if common is None else (one, common)
        try:
            recipe, columns = prepared(order, source, at, loose=common is not None)
            worth = math.prod(shape_of(recipe, columns)) >= _WORTH
            results.append(whole(replace(recipe, compiled=worth), columns))
        except Exception as error:
            said = of_formula(error, None if start is None else start + k, source)
            if order.errors == "raise":
                raise said from (None if said is error else error)
            results.append(portable(said).with_traceback(None))
    return results


def whole(
    recipe: Recipe,
    columns: Sequence[Column],
    size: int = STRETCH,
    each: Callable[[Work, Iterable[Any]], Iterable[Any]] = spread,
) -> Any:
    """Return the results at all points, in their common shape; at one point they are floats.

    `each` does a work of every chunk, in order; so do the chunks come here.
    """
    import numpy as np

    shape = shape_of(recipe, columns)
    total = math.prod(shape)
    spans = [(start, min(start + size, total)) for start in range(0, total, size)]
    chunks = (
        (recipe, start, stretch(columns, shape, start, stop), stop - start) for start, stop in spans
    )
    found = [np.empty(total) for _ in range(recipe.width)]
    for (start, stop), parts in zip(spans, each(at_arrays, chunks), strict=True):
        for column, numbers in zip(found, parts, strict=True):
            column[start:stop] = numbers
    made = [one.reshape(shape) if shape else float(one[0]) for one in found]
    return recipe.named(iter(made))


def of_formula(error: Exception, number: int | None, source: Source) -> AdvizError:
    """Return an error that says which formula it is about."""
    text = " ".join(str(source.text if isinstance(source, Graph) else source).split())
    shown = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
    where = f"the formula {shown}" if number is None else f"formula {number}, {shown}"
    if isinstance(error, AdvizError):
        return placed(error, where)
    return AdvizError(f"{where}: {type(error).__name__}: {error}")
