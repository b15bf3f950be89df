"""What operations of ATen mean that know of axes: products, shapes, parts, sums along axes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from math import prod
from typing import Any

import numpy as np


def _axes(x: Any, dim: Any) -> tuple[int, ...]:
    """Return axes as NumPy takes them; none, or None, are all."""
    given = [dim] if isinstance(dim, int) else dim
    return tuple(axis % x.ndim for axis in given) if given else tuple(range(x.ndim))


def _sum(x: Any, dim: Any = None, keepdim: bool = False, **_: Any) -> Any:
    return np.sum(x, axis=_axes(x, dim), keepdims=keepdim) if np.ndim(x) else x


def _mean(x: Any, dim: Any = None, keepdim: bool = False, **_: Any) -> Any:
    return np.mean(x, axis=_axes(x, dim), keepdims=keepdim) if np.ndim(x) else x


def _largest(x: Any, dim: Any = None, keepdim: bool = False) -> Any:
    return np.max(x, axis=_axes(x, dim), keepdims=keepdim) if np.ndim(x) else x


def _least(x: Any, dim: Any = None, keepdim: bool = False) -> Any:
    return np.min(x, axis=_axes(x, dim), keepdims=keepdim) if np.ndim(x) else x


def _variance(x: Any, dim: Any = None, *, correction: float | None = None, **rest: Any) -> Any:
    axes = _axes(x, dim)
    count = prod(x.shape[axis] for axis in axes)
    square = (x - np.mean(x, axis=axes, keepdims=True)) ** 2
    bessel = 1 if correction is None else correction
    return np.sum(square, axis=axes, keepdims=rest.get("keepdim", False)) / (count - bessel)


def _transposed(x: Any, first: int, second: int) -> Any:
    return np.swapaxes(x, first, second)


def _viewed(x: Any, size: Sequence[int], **_: Any) -> Any:
    known = prod(n for n in size if n != -1)
    return np.reshape(x, tuple(n if n != -1 else prod(x.shape) // known for n in size))


def _expanded(x: Any, size: Sequence[int], **_: Any) -> Any:
    lacking = len(size) - np.ndim(x)
    kept = [n if n != -1 else x.shape[k - lacking] for k, n in enumerate(size)]
    return np.broadcast_to(x, tuple(kept))


def _unsqueezed(x: Any, dim: int) -> Any:
    return np.expand_dims(x, dim)


def _squeezed(x: Any, dim: Any = None) -> Any:
    axes = tuple(axis for axis in _axes(x, dim) if x.shape[axis] == 1)
    return np.squeeze(x, axis=axes) if axes else x


def _key(x: Any, dim: int, entry: Any) -> tuple[Any, ...]:
    return (*[slice(None)] * (dim % x.ndim), entry)


def _sliced(x: Any, dim: int = 0, start: Any = None, end: Any = None, step: int = 1) -> Any:
    return x[_key(x, dim, slice(start, end, step))]


def _split(x: Any, size: int | Sequence[int], dim: int = 0) -> list[Any]:
    count = x.shape[dim]
    sizes = [size] * -(-count // size) if isinstance(size, int) else size
    ends = np.cumsum([0, *sizes]).tolist()
    pairs = pairwise(ends)
    return [x[_key(x, dim, slice(first, min(last, count)))] for first, last in pairs]


def _unbound(x: Any, dim: int = 0) -> list[Any]:
    return [x[_key(x, dim, k)] for k in range(x.shape[dim])]


def _joined(parts: Sequence[Any], dim: int = 0) -> Any:
    return np.concatenate(parts, axis=dim)


def _stacked(parts: Sequence[Any], dim: int = 0) -> Any:
    return np.stack(parts, axis=dim)


def _softmax(x: Any, dim: int, *_: Any) -> Any:
    e = np.exp(x - np.max(x, axis=dim, keepdims=True))
    return e / np.sum(e, axis=dim, keepdims=True)


def _log_softmax(x: Any, dim: int, *_: Any) -> Any:
    s = x - np.max(x, axis=dim, keepdims=True)
    return s - np.log(np.sum(np.exp(s), axis=dim, keepdims=True))


def _logsumexp(x: Any, dim: Any, keepdim: bool = False) -> Any:
    axes = _axes(x, dim)
    return np.log(np.sum(np.exp(x), axis=axes, keepdims=keepdim))


def _normalized(
    x: Any, shape: Sequence[int], weight: Any = None, bias: Any = None, eps: float = 1e-5
) -> list[Any]:
    """Return an array with mean 0 and variance 1 over its last axes (Ba, Kiros & Hinton 2016)."""
    axes = tuple(range(x.ndim - len(shape), x.ndim))
    centred = x - np.mean(x, axis=axes, keepdims=True)
    y = centred / np.sqrt(np.mean(centred**2, axis=axes, keepdims=True) + eps)
    y = y if weight is None else y * weight
    return [y if bias is None else y + bias]


def _addmm(bias: Any, x: Any, y: Any, *, beta: float = 1, alpha: float = 1) -> Any:
    product = x @ y if alpha == 1 else alpha * (x @ y)
    return product + (bias if beta == 1 else beta * bias)


def _norm(x: Any, order: float = 2, dim: Any = None, keepdim: bool = False, **_: Any) -> Any:
    if order != 2:
        raise LookupError("order")
    return np.sqrt(np.sum(x * x, axis=_axes(x, dim), keepdims=keepdim))


def _gathered(x: Any, dim: int, index: Any, **_: Any) -> Any:
    places = [*np.indices(np.shape(index))]
    places[dim] = np.asarray(index)
    return x[tuple(places)]


def _indexed(x: Any, indices: Sequence[Any]) -> Any:
    return x[tuple(slice(None) if one is None else np.asarray(one) for one in indices)]


def _embedded(weight: Any, indices: Any, *_: Any, **__: Any) -> Any:
    return weight[np.asarray(indices)]


def _product(x: Any, y: Any) -> Any:
    return x @ y


def _permuted(x: Any, axes: Sequence[int]) -> Any:
    return np.transpose(x, [axis % x.ndim for axis in axes])


def _deviation(*args: Any, **rest: Any) -> Any:
    return np.sqrt(_variance(*args, **rest))


# fmt: off
OF_ARRAYS: Mapping[str, Callable[..., Any]] = {
    # products
    "mm": _product, "bmm": _product, "mv": _product, "dot": _product,
    "addmm": _addmm, "baddbmm": _addmm, "addmv": _addmm,
    # shapes
    "t": lambda x: x.T,
    "transpose": _transposed,
    "permute": _permuted,
    "view": _viewed, "_unsafe_view": _viewed, "reshape": _viewed,
    "expand": _expanded,
    "unsqueeze": _unsqueezed,
    "squeeze": _squeezed,
    # parts
    "select": lambda x, dim, place: x[_key(x, dim, place)],
    "slice": _sliced,
    "index": _indexed,
    "gather": _gathered,
    "embedding": _embedded,
    "cat": _joined,
    "stack": _stacked,
    "split": _split, "split_with_sizes": _split,
    "unsafe_split": _split, "unsafe_split_with_sizes": _split,
    "unbind": _unbound,
    # along axes
    "sum": _sum,
    "mean": _mean,
    "amax": _largest, "max": _largest, "max.dim": lambda *args: [_largest(*args)],
    "amin": _least, "min": _least, "min.dim": lambda *args: [_least(*args)],
    "var": _variance,
    "std": _deviation,
    "linalg_vector_norm": _norm,
    "cumsum": lambda x, dim, **_: np.cumsum(x, axis=dim),
    "logsumexp": _logsumexp,
    "_softmax": _softmax, "_safe_softmax": _softmax,
    "_log_softmax": _log_softmax,
    "native_layer_norm": _normalized,
}
# fmt: on
