"""NumPy's functions that order: at a followed point NumPy itself compares, and each is required."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from adviz.sources.tracing.array_functions.refused import FINDING, REFUSED, SORTING
from adviz.sources.tracing.arrays import elements, is_traced, objects, vectorised


def _ordered(name: str) -> Callable[..., Any]:
    """Return a function that orders the elements of its first argument, or looks for the rest."""
    function, refuse = _AT_LEVELS.get(name) or getattr(np, name), REFUSED[f"np.{name}"]

    def order(*args: Any, **options: Any) -> Any:
        if not next(elements((*args, *options.values()))).tape.follows:
            refuse()
        held = [objects(one) if is_traced(one) or one is args[0] else one for one in args]
        return vectorised(function(*held, **options))

    return order


def _at_levels(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a quantile of many levels for one level, of which NumPy asks its dtype."""

    def levels(x: Any, q: Any, *args: Any, **options: Any) -> Any:
        found = function(x, np.atleast_1d(q), *args, **options)
        return found if np.ndim(q) else found[0]

    return levels


_AT_LEVELS: Mapping[str, Callable[..., Any]] = {
    name: _at_levels(getattr(np, name)) for name in ("quantile", "percentile")
}

ORDERED: Mapping[str, Callable[..., Any]] = {
    f"np.{name}": _ordered(name) for name in (*SORTING, *FINDING)
}
