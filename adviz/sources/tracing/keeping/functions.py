"""NumPy's array functions as rows applied to whole arrays: one line each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from sys import _getframe
from typing import Any

import numpy as np

from adviz.errors import TracingError
from adviz.sources.tracing.calls import where
from adviz.sources.tracing.condition import TracedCondition
from adviz.sources.tracing.keeping.contraction import einsum, inner, outer
from adviz.sources.tracing.keeping.rows import (
    Axes,
    apply,
    count,
    indexed,
    joined,
    place,
    product,
    reduced,
    reshaped,
    shape_of,
    spread,
    stacked,
    transposed,
    whole,
)
from adviz.sources.tracing.places import spot
from adviz.sources.tracing.traced import TracedValue


def _reduction(op: str) -> Callable[..., Any]:
    """Return the function of NumPy that reduces over axes by a row."""

    def function(x: Any, axis: Axes = None, *, keepdims: bool = False) -> Any:
        return reduced(op, numbers(whole(x)), axis, keepdims)

    return function


def numbers(x: Any) -> Any:
    """Return a condition as numbers, 1 where it is true and 0 where it is not."""
    return where(x, 1, 0) if isinstance(x, TracedCondition) else x


_sum = _reduction("sum")


def mean(x: Any, axis: Axes = None, *, keepdims: bool = False) -> Any:
    """Return the mean over axes."""
    return _sum(x, axis, keepdims=keepdims) / count(x, axis)


def variance(x: Any, axis: Axes = None, *, ddof: int = 0, keepdims: bool = False) -> Any:
    """Return the variance over axes."""
    away = whole(x) - mean(x, axis, keepdims=True)
    return _sum(away**2, axis, keepdims=keepdims) / (count(x, axis) - ddof)


def products(x: Any, axis: int | None = None) -> Any:
    """Return the product of all elements, or along an axis."""
    along = reshaped(x, -1) if axis is None else x
    at = place(shape_of(along), 0 if axis is None else axis)
    return reduce(lambda a, b: a * b, [_taken(along, k, at) for k in range(shape_of(along)[at])])


def running(x: Any, axis: int | None = None) -> Any:
    """Return the running sums along an axis: a product with a triangle of ones."""
    along = reshaped(x, -1) if axis is None else x
    at = place(shape_of(along), 0 if axis is None else axis)
    letters = "abcdefgh"[: len(shape_of(along))]
    triangle = np.tri(shape_of(along)[at])
    return einsum(f"z{letters[at]},{letters}->{letters.replace(letters[at], 'z')}", triangle, along)


def log_sum_exp(x: Any, axis: Axes = None, *, keepdims: bool = False) -> Any:
    """Return the logarithm of the sum of exponentials, kept from overflow by the largest."""
    top = reduced("amax", x, axis, True)
    found = np.log(_sum(np.exp(x - top), axis, keepdims=True)) + top
    return found if keepdims else reshaped(found, shape_of(_dropped(x, axis)))


def _dropped(x: Any, axis: Axes) -> Any:
    return np.empty(shape_of(x), np.int8).sum(axis if axis is None else np.index_exp[axis][0])


def softmax(x: Any, axis: Axes = None) -> Any:
    """Return exponentials that add up to 1 over axes."""
    powers = np.exp(x - reduced("amax", x, axis, True))
    return powers / _sum(powers, axis, keepdims=True)


def choose(condition: Any, x: Any = None, y: Any = None) -> Any:
    """Return x where a condition holds and y where it does not, element by element."""
    if x is None or y is None:
        raise TracingError(f"np.where needs both values when it is traced; {spot(_getframe(1))}")
    if isinstance(condition, TracedValue):
        return where(condition, whole(x), whole(y))
    mask = np.asarray(condition, dtype=bool) * 1
    return where(apply("ne", [mask, 0], beside=(x, y)), whole(x), whole(y))


def _taken(x: Any, places: Any, axis: int | None = None) -> Any:
    """Return what stands at places along an axis, or in a row of all elements."""
    along, at = (reshaped(x, -1), 0) if axis is None else (x, place(shape_of(x), axis))
    return indexed(along, (slice(None),) * at + (places,))


def clipped(x: Any, low: Any = None, high: Any = None) -> Any:
    """Return an array between two bounds, either of which may be left out."""
    raised = x if low is None else np.maximum(x, low)
    return raised if high is None else np.minimum(raised, high)


def diagonal(x: Any, offset: int = 0) -> Any:
    """Return the diagonal of a matrix."""
    height, width = shape_of(x)
    rows = np.arange(max(0, -offset), min(height, width - offset))
    return indexed(x, (rows, rows + offset))


def _expanded(x: Any, axis: int | Sequence[int]) -> Any:
    return reshaped(x, np.expand_dims(np.empty(shape_of(x), np.int8), axis).shape)


def _squeezed(x: Any, axis: Any = None) -> Any:
    return reshaped(x, np.squeeze(np.empty(shape_of(x), np.int8), axis).shape)


def _moved(x: Any, source: Any, to: Any) -> Any:
    order = np.moveaxis(np.empty(tuple(range(1, len(shape_of(x)) + 1)), np.int8), source, to).shape
    return transposed(x, [size - 1 for size in order])


def _swapped(x: Any, first: int, second: int) -> Any:
    order = [*range(len(shape_of(x)))]
    order[first], order[second] = order[second], order[first]
    return transposed(x, order)


def _norm(x: Any, ord: Any = None, axis: Axes = None, keepdims: bool = False) -> Any:
    """Return the Euclidean norm of a vector, or of all elements."""
    if ord not in (None, 2) or (ord == 2 and len(shape_of(x)) > 1 and axis is None):
        raise TracingError(f"of norms only the Euclidean one is kept; {spot(_getframe(1))}")
    return np.sqrt(_sum(whole(x) ** 2, axis, keepdims=keepdims))


def _filled(value: float) -> Callable[..., Any]:
    return lambda x, *_, **__: np.full(shape_of(x), value)


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "index": indexed,
    "np.sum": _sum,
    "np.mean": mean,
    "np.average": mean,
    "np.max": _reduction("amax"),
    "np.amax": _reduction("amax"),
    "np.min": _reduction("amin"),
    "np.amin": _reduction("amin"),
    "np.var": variance,
    "np.std": lambda x, axis=None, **rest: np.sqrt(variance(x, axis, **rest)),
    "np.prod": products,
    "np.cumsum": running,
    "np.matmul": lambda x, y: product(whole(x), whole(y)),
    "np.dot": inner,
    "np.vdot": lambda x, y: inner(reshaped(whole(x), -1), reshaped(whole(y), -1)),
    "np.inner": lambda x, y: inner(whole(x), transposed(whole(y))),
    "np.outer": outer,
    "np.einsum": einsum,
    "np.trace": lambda x: _sum(diagonal(x)),
    "np.diagonal": diagonal,
    "np.diag": diagonal,
    "np.reshape": lambda x, shape: reshaped(whole(x), shape),
    "np.ravel": lambda x: reshaped(x, -1),
    "np.transpose": transposed,
    "np.swapaxes": _swapped,
    "np.moveaxis": _moved,
    "np.expand_dims": _expanded,
    "np.squeeze": _squeezed,
    "np.broadcast_to": spread,
    "np.take": _taken,
    "np.where": choose,
    "np.clip": clipped,
    "np.concatenate": lambda parts, axis=0: joined(list(map(whole, parts)), axis),
    "np.stack": lambda parts, axis=0: stacked(list(map(whole, parts)), axis),
    "np.hstack": lambda parts: joined(list(map(whole, parts)), min(len(shape_of(parts[0])) - 1, 1)),
    "np.vstack": lambda parts: joined(
        [one if len(shape_of(one)) > 1 else reshaped(one, (1, -1)) for one in map(whole, parts)]
    ),
    "np.array": lambda x, *_, **__: whole(x),
    "np.asarray": lambda x, *_, **__: whole(x),
    "np.shape": shape_of,
    "np.ndim": lambda x: len(shape_of(x)),
    "np.size": lambda x: count(x, None),
    "np.zeros_like": _filled(0.0),
    "np.ones_like": _filled(1.0),
    "np.linalg.norm": _norm,
    "scipy.special.logsumexp": log_sum_exp,
    "scipy.special.softmax": softmax,
    "scipy.special.log_softmax": lambda x, axis=None: x - log_sum_exp(x, axis, keepdims=True),
}
"""The functions that keep arrays, by their full names."""
