"""NumPy's functions that order: at a followed point NumPy itself compares, and each is required."""

from __future__ import annotations

from collections.abc import Callable
from sys import _getframe
from typing import Any

import numpy as np

from adviz.errors import TracingError
from adviz.sources.tracing.arrays import elements, is_traced, objects, vectorised
from adviz.sources.tracing.places import spot


def _ordered(function: Any) -> Callable[..., Any]:
    """Return a function that orders the elements of its first argument, or looks for the rest."""

    def order(*args: Any, **options: Any) -> Any:
        tape = next(elements((*args, *options.values()))).tape
        if not tape.follows:
            raise TracingError(
                f"np.{function.__name__} orders traced values, which have no order yet; "
                f"{spot(_getframe(1))}; follow one point with build(f, at=point), or use "
                "adviz.functions.min, max or where"
            )
        held = [objects(one) if is_traced(one) or one is args[0] else one for one in args]
        return vectorised(function(*held, **options))

    return order


def _at_levels(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a quantile of many levels for one level, of which NumPy asks its dtype."""

    def levels(x: Any, q: Any, *args: Any, **options: Any) -> Any:
        found = function(x, np.atleast_1d(q), *args, **options)
        return found if np.ndim(q) else found[0]

    levels.__name__ = function.__name__
    return levels


ORDERED: dict[str, Callable[..., Any]] = {
    f"np.{function.__name__}": _ordered(function)
    for function in (
        *(np.sort, np.argsort, np.partition, np.argpartition, np.argmax, np.argmin),
        *(np.median, np.searchsorted, np.unique, *map(_at_levels, (np.quantile, np.percentile))),
    )
}
