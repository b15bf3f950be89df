"""NumPy's choices between values, and its functions made of pieces."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from functools import partial, reduce
from sys import _getframe
from typing import Any

import numpy as np

from adviz.errors import TracingError
from adviz.sources.tracing.arrays import as_vector, elements, mapped
from adviz.sources.tracing.calls import call, clipped, where
from adviz.sources.tracing.kinds import plain_key
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
    functions = [*funclist, 0] if len(funclist) == len(conditions) else list(funclist)
    if len(functions) != len(conditions) + 1:
        raise TracingError(
            f"np.piecewise has {len(conditions)} conditions and {len(functions)} functions; "
            f"{spot(_getframe(1))}; give one function more than conditions at most"
        )
    elsewhere = np.logical_not(reduce(np.logical_or, conditions))
    pieces = [
        _piece(partial(f, *args, **options), x, condition) if callable(f) else f
        for f, condition in zip(functions, [*conditions, elsewhere], strict=True)
    ]
    pairs = zip(conditions, pieces, strict=False)
    return reduce(lambda otherwise, pair: choice(*pair, otherwise), pairs, pieces[-1])


def _piece(function: Callable[[Any], Any], x: Any, condition: Any) -> Any:
    """Return a function of the elements at which a condition holds, and anything elsewhere.

    Where it is taken element by element, that is the function of all of them. Otherwise they must
    be known, as those at the followed point are.
    """
    if not np.ndim(x):
        return function(x)
    held = as_vector(x)
    every = function(held)
    if _is_elementwise(function, held, every):
        return every
    traced = next(elements((held, condition, every)), None)
    if traced is None or not traced.tape.follows:
        raise TracingError(
            f"np.piecewise has a function that looks at several elements; {spot(_getframe(1))}; "
            "follow one point with build(f, at=point)"
        )
    mask = np.broadcast_to(plain_key(np.asarray(condition)), held.shape)
    found = as_vector(np.zeros(held.shape))
    if mask.any():
        found[mask] = function(held[mask])
    return found


def _is_elementwise(function: Callable[[Any], Any], x: Any, every: Any) -> bool:
    """Return whether a function makes of one element by itself what it makes of it among others."""
    if np.shape(every) not in ((), x.shape):
        return False
    if not x.size:
        return True
    alone, among = np.ravel(function(x.ravel()[:1]))[0], np.ravel(every)[0]
    if isinstance(alone, TracedValue) and isinstance(among, TracedValue):
        return alone.node == among.node
    return not isinstance(alone, TracedValue) and bool(alone == among)


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
