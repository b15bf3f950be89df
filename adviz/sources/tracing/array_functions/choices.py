"""NumPy's choices between values, and its functions made of pieces."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from sys import _getframe
from typing import Any

import numpy as np

from adviz.errors import TracingError
from adviz.sources.tracing.arrays import mapped
from adviz.sources.tracing.calls import call, clipped, where
from adviz.sources.tracing.places import spot
from adviz.sources.tracing.traced import TracedValue


def choice(condition: Any, *branches: Any) -> Any:
    """Return what np.where chooses, element by element; without branches, where it holds."""
    if not branches:
        return np.nonzero(condition)
    if len(branches) != 2:
        raise TracingError(f"np.where needs both branches; {spot(_getframe(1))}")
    return mapped(where, 3, 1, (condition, *branches))


def _select(conditions: Sequence[Any], choices: Sequence[Any], default: Any = 0) -> Any:
    pairs = list(zip(conditions, choices, strict=True))[::-1]
    return reduce(lambda otherwise, pair: choice(*pair, otherwise), pairs, default)


def _piecewise(x: Any, condlist: Any, funclist: Sequence[Any], *args: Any, **options: Any) -> Any:
    """Return a function in pieces; where several conditions hold, the last one counts."""
    several = isinstance(condlist, list | tuple) or np.ndim(condlist) > np.ndim(x)
    conditions = list(condlist) if several else [condlist]
    pieces = [f(x, *args, **options) if callable(f) else f for f in funclist]
    if len(pieces) == len(conditions):
        pieces.append(0)
    if len(pieces) != len(conditions) + 1:
        raise TracingError(
            f"np.piecewise has {len(conditions)} conditions and {len(pieces)} functions; "
            f"{spot(_getframe(1))}; give one function more than conditions at most"
        )
    pairs = zip(conditions, pieces, strict=False)
    return reduce(lambda otherwise, pair: choice(*pair, otherwise), pairs, pieces[-1])


def _clip(x: Any, a_min: Any = None, a_max: Any = None, **options: Any) -> Any:
    low, high = options.get("min", a_min), options.get("max", a_max)
    return mapped(_clipped, 3, 1, (x, low, high))


def _clipped(x: Any, low: Any, high: Any) -> Any:
    traced = any(isinstance(one, TracedValue) for one in (x, low, high))
    return clipped(x, low, high) if traced else np.clip(x, low, high)


def _sinc(x: Any) -> Any:
    """Return sin(pi x)/(pi x): NumPy's sinc, where the table's is sin(x)/x."""
    return call("sinc", operator.mul(np.pi, x)) if isinstance(x, TracedValue) else np.sinc(x)


CHOICES: Mapping[str, Callable[..., Any]] = {
    "np.where": choice,
    "np.select": _select,
    "np.piecewise": _piecewise,
    "np.clip": _clip,
    "np.sinc": lambda x: mapped(_sinc, 1, 1, (x,)),
}
