"""What operations of ATen mean: for each, the same in NumPy, of the same arguments.

Those of ATen's native functions that models of the usual kind run, as PyTorch documents them; of
several results a list, as far as derivatives go through them. What is not here is recorded as well,
but not held against anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from math import prod
from typing import Any

import numpy as np

from adviz import functions as f


def _same(x: Any, *_: Any, **__: Any) -> Any:
    return x


def _axes(x: Any, dim: Any) -> tuple[int, ...]:
    """Return axes as NumPy takes them; none, or None, are all."""
    given = [dim] if isinstance(dim, int) else dim
    return tuple(axis % x.ndim for axis in given) if given else tuple(range(x.ndim))


def _sum(x: Any, dim: Any = None, keepdim: bool = False, **_: Any) -> Any:
    return np.sum(x, axis=_axes(x, dim), keepdims=keepdim) if np.ndim(x) else x


def _mean(x: Any, dim: Any = None, keepdim: bool = False, **_: Any) -> Any:
    return np.mean(x, axis=_axes(x, dim), keepdims=keepdim) if np.ndim(x) else x


def _extreme(reduce: Any) -> Callable[..., Any]:
    def extreme(x: Any, dim: Any = None, keepdim: bool = False) -> Any:
        return reduce(x, axis=_axes(x, dim), keepdims=keepdim) if np.ndim(x) else x

    return extreme


def _first(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the same for an operation of which only the first result is differentiated."""
    return lambda *args, **rest: [function(*args, **rest)]


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


def _reduced(x: Any, reduction: int) -> Any:
    """Return a loss as it is, 0, as the mean, 1, or as the sum of its elements, 2."""
    return x if not np.ndim(x) else (_same, np.mean, np.sum)[reduction](x)


def _mse(x: Any, target: Any, reduction: int = 1) -> Any:
    return _reduced((x - target) ** 2, reduction)


def _huber(x: Any, target: Any, reduction: int = 1, delta: float = 1.0) -> Any:
    r = abs(x - target)
    return _reduced(np.where(r < delta, r * r / 2, delta * (r - delta / 2)), reduction)


def _smooth(x: Any, target: Any, reduction: int = 1, beta: float = 1.0) -> Any:
    return _huber(x, target, reduction, beta) / beta


def _cross(x: Any, target: Any, weight: Any = None, reduction: int = 1) -> Any:
    loss = -(target * np.log(x) + (1 - target) * np.log(1 - x))
    return _reduced(loss if weight is None else weight * loss, reduction)


def _cross_of_logits(
    x: Any, target: Any, weight: Any = None, pos_weight: Any = None, reduction: int = 1
) -> Any:
    """Return the cross-entropy of what sigmoid makes of x."""
    if weight is not None or pos_weight is not None:
        raise LookupError("weights")
    return _reduced(np.maximum(x, 0) - x * target + np.log1p(np.exp(-abs(x))), reduction)


def _nll(
    x: Any, target: Any, weight: Any = None, reduction: int = 1, ignored: int = -100
) -> list[Any]:
    """Return minus the entries at the targets, of rows or of a single one."""
    places = np.asarray(target)
    if weight is not None or np.any(places == ignored):
        raise LookupError("weights")
    taken = x[int(places)] if places.ndim == 0 else x[np.arange(len(places)), places]
    return [_reduced(-taken, reduction)]


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


def _gelu(x: Any, *, approximate: str = "none") -> Any:
    if approximate == "none":
        return f.gelu(x)
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


def _clamped(x: Any, low: Any = None, high: Any = None) -> Any:
    x = x if low is None else np.maximum(x, low)
    return x if high is None else np.minimum(x, high)


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


def _chosen(condition: Any, x: Any, y: Any) -> Any:
    return np.where(np.asarray(condition), x, y)


def _filled(x: Any, mask: Any, value: Any) -> Any:
    return np.where(np.asarray(mask), value, x)


def _product(x: Any, y: Any) -> Any:
    return x @ y


def _scaled(operation: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    """Return a sum or a difference, of which the second operand may have a factor."""
    return lambda x, y, alpha=1: operation(x, y if alpha == 1 else alpha * y)


def _row(name: str) -> Callable[..., Any]:
    """Return a function of the table, looked up when it is called, as tracing has it."""
    return lambda *args: getattr(f, name)(*args)


def _permuted(x: Any, axes: Sequence[int]) -> Any:
    return np.transpose(x, [axis % x.ndim for axis in axes])


def _softplus(x: Any, beta: float = 1, *_: Any) -> Any:
    return f.softplus(x) if beta == 1 else f.softplus(beta * x) / beta


def _deviation(*args: Any, **rest: Any) -> Any:
    return np.sqrt(_variance(*args, **rest))


# fmt: off
ELEMENTWISE: Mapping[str, Callable[..., Any]] = {
    "add": _scaled(lambda x, y: x + y),
    "sub": _scaled(lambda x, y: x - y),
    "rsub": _scaled(lambda x, y: y - x),
    "mul": lambda x, y: x*y,
    "div": lambda x, y: x/y,
    "pow": lambda x, y: x**y,
    "neg": lambda x: -x,
    "reciprocal": lambda x: 1/x,
    "square": lambda x: x*x,
    "rsqrt": lambda x: 1/np.sqrt(x),
    "abs": lambda x: abs(x),
    "gt": lambda x, y: x > y,
    "lt": lambda x, y: x < y,
    "ge": lambda x, y: x >= y,
    "le": lambda x, y: x <= y,
    "eq": lambda x, y: x == y,
    "ne": lambda x, y: x != y,
    "sqrt": np.sqrt, "exp": np.exp, "exp2": np.exp2, "expm1": np.expm1,
    "log": np.log, "log2": np.log2, "log10": np.log10, "log1p": np.log1p,
    "sin": np.sin, "cos": np.cos, "tan": np.tan, "asin": np.arcsin, "acos": np.arccos,
    "atan": np.arctan, "atan2": np.arctan2, "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh,
    "asinh": np.arcsinh, "acosh": np.arccosh, "atanh": np.arctanh,
    "maximum": np.maximum, "minimum": np.minimum,
    "erf": _row("erf"), "erfc": _row("erfc"),
    # activations
    "sigmoid": _row("sigmoid"),
    "relu": _row("relu"),
    "silu": _row("silu"),
    "mish": _row("mish"),
    "gelu": _gelu,
    "softplus": _softplus,
    "log_sigmoid_forward": _first(_row("logsigmoid")),
    "elu": lambda x, alpha=1, *_: np.where(x > 0, x, alpha*np.expm1(x)),
    "leaky_relu": lambda x, slope=0.01: np.where(x > 0, x, slope*x),
    "hardtanh": lambda x, low=-1, high=1: _clamped(x, low, high),
    # choices
    "clamp": _clamped,
    "clamp_min": lambda x, low: np.maximum(x, low),
    "clamp_max": lambda x, high: np.minimum(x, high),
    "where": _chosen,
    "masked_fill": _filled,
    # what changes nothing
    "clone": _same, "alias": _same, "lift_fresh": _same, "contiguous": _same, "_to_copy": _same,
    "zeros_like": lambda x, **_: 0*x,
    "ones_like": lambda x, **_: 0*x + 1,
}
OF_ARRAYS: Mapping[str, Callable[..., Any]] = {
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
    "unbind": _unbound,
    # along axes
    "sum": _sum,
    "mean": _mean,
    "amax": _extreme(np.max), "max": _extreme(np.max), "max.dim": _first(_extreme(np.max)),
    "amin": _extreme(np.min), "min": _extreme(np.min), "min.dim": _first(_extreme(np.min)),
    "var": _variance,
    "std": _deviation,
    "linalg_vector_norm": _norm,
    "cumsum": lambda x, dim, **_: np.cumsum(x, axis=dim),
    "logsumexp": _logsumexp,
    "_softmax": _softmax, "_safe_softmax": _softmax,
    "_log_softmax": _log_softmax,
    "native_layer_norm": _normalized,
    # losses
    "mse_loss": _mse,
    "huber_loss": _huber,
    "smooth_l1_loss": _smooth,
    "nll_loss_forward": _nll,
    "binary_cross_entropy": _cross,
    "binary_cross_entropy_with_logits": _cross_of_logits,
}
# fmt: on
MEANINGS: Mapping[str, Callable[..., Any]] = {**ELEMENTWISE, **OF_ARRAYS}
"""By operation, or by operation and overload where overloads differ."""


def meaning_of(name: str, overload: str) -> Callable[..., Any] | None:
    """Return what an operation means; one that changes its argument is the same without.

    >>> meaning_of("mm", "default") is MEANINGS["mm"], meaning_of("max", "dim") is MEANINGS["max"]
    (True, False)
    """
    plain = name if name in MEANINGS else name.removesuffix("_")
    return MEANINGS.get(f"{plain}.{overload}") or MEANINGS.get(plain)
