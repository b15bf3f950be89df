"""PyTorch's core operations as rows: a table of those that are one, and of those that are several.

Names and arguments are those of ATen, into which `torch.export` decomposes everything; overloads of
one name share a line. What moves elements to places that are known is asked of PyTorch itself: it
moves the numbers of the places.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any

import numpy as np

from adviz.sources.frameworks import moving
from adviz.sources.frameworks.reading import Reading, Unreadable, Value

Composed = Callable[..., Any]
"""Takes a reading and an operation's arguments to what it gives."""
Axes = int | Sequence[int] | None

ROWS: Mapping[str, str] = {
    "mul": "mul", "neg": "neg", "pow": "pow", "maximum": "max", "minimum": "min", "abs": "abs",
    "sign": "sign", "sgn": "sign", "sqrt": "sqrt", "hypot": "hypot", "exp": "exp", "exp2": "exp2",
    "expm1": "expm1", "log": "log", "log2": "log2", "log10": "log10", "log1p": "log1p",
    "logaddexp": "logaddexp", "xlogy": "xlogy", "sin": "sin", "cos": "cos", "tan": "tan",
    "asin": "asin", "acos": "acos", "atan": "atan", "atan2": "atan2", "sinh": "sinh",
    "cosh": "cosh", "tanh": "tanh", "asinh": "asinh", "acosh": "acosh", "atanh": "atanh",
    "sigmoid": "sigmoid", "relu": "relu", "leaky_relu": "leaky_relu", "erf": "erf", "erfc": "erfc",
    "erfinv": "erfinv", "lgamma": "lgamma", "digamma": "digamma", "polygamma": "polygamma",
    "floor": "floor", "ceil": "ceil", "trunc": "trunc", "fmod": "fmod", "remainder": "mod",
    "copysign": "copysign", "fmax": "max", "fmin": "min", "lt": "lt", "le": "le", "gt": "gt",
    "ge": "ge", "eq": "eq", "ne": "ne", "logical_and": "and", "logical_or": "or",
    "logical_not": "not", "detach": "stop_gradient", "silu": "silu", "mish": "mish",
}  # fmt: skip
"""The operations that are rows."""


def _scaled(reading: Reading, y: Value, alpha: Any) -> Value:
    return y if alpha == 1 else reading.apply("mul", alpha, y)


def _summed(op: str) -> Composed:
    def composed(reading: Reading, x: Value, y: Value, *, alpha: Any = 1) -> Value:
        return reading.apply(op, x, _scaled(reading, y, alpha))

    return composed


def _divided(reading: Reading, x: Value, y: Value, *, rounding_mode: str | None = None) -> Value:
    if rounding_mode == "floor":
        return reading.apply("floordiv", x, y)
    found = reading.apply("div", x, y)
    return reading.apply("trunc", found) if rounding_mode == "trunc" else found


def _inverse(reading: Reading, x: Value) -> Value:
    return reading.apply("div", 1, x)


def _inverse_root(reading: Reading, x: Value) -> Value:
    return reading.apply("div", 1, reading.apply("sqrt", x))


def _rounded(reading: Reading, x: Value, *, decimals: int = 0) -> Value:
    if decimals:
        raise Unreadable("to decimals")
    return reading.apply("round", x)


def _clamped(reading: Reading, x: Value, min: Value = None, max: Value = None) -> Value:
    if min is not None and max is not None:
        return reading.apply("clip", x, min, max)
    return reading.apply("max", x, min) if max is None else reading.apply("min", x, max)


def _gelu(reading: Reading, x: Value, *, approximate: str = "none") -> Value:
    """Hendrycks & Gimpel, *Gaussian error linear units* (2016), exactly or by tanh."""
    if approximate == "none":
        return reading.apply("gelu", x)
    inner = reading.apply("add", x, reading.apply("mul", 0.044715, reading.apply("pow", x, 3)))
    tanh = reading.apply("tanh", reading.apply("mul", np.sqrt(2 / np.pi), inner))
    return reading.apply("mul", reading.apply("mul", 0.5, x), reading.apply("add", 1, tanh))


def _elu(
    reading: Reading, x: Value, alpha: Any = 1, scale: Any = 1, input_scale: Any = 1
) -> Value:
    below = reading.apply("expm1", _scaled(reading, x, input_scale))
    positive = reading.apply("gt", x, 0)
    found = reading.choose(positive, x, _scaled(reading, below, alpha))
    return _scaled(reading, found, scale)


def _bitwise(op: str) -> Composed:
    def composed(reading: Reading, *values: Value) -> Value:
        if not all(map(reading.is_condition, values)):
            raise Unreadable("of whole numbers")
        return reading.apply(op, *values)

    return composed


def _different(reading: Reading, x: Value, y: Value) -> Value:
    return reading.apply("ne", *[reading.number(reading.condition(one)) for one in (x, y)])


def _chosen(reading: Reading, condition: Value, x: Value, y: Value) -> Value:
    return reading.choose(condition, x, y)


def _filled_in(reading: Reading, x: Value, mask: Value, value: Value) -> Value:
    return reading.choose(mask, value, x)


def _never(reading: Reading, x: Value) -> Value:
    """Every number is finite: where one overflowed, a sweep says so by itself."""
    return np.zeros(reading.shape(x), bool)


def _converted(reading: Reading, x: Value, *, dtype: Any = None, **_: Any) -> Value:
    if dtype is None or dtype.is_floating_point:
        return x
    if dtype.is_complex:
        raise Unreadable("to complex numbers")
    if str(dtype) == "torch.bool":
        return reading.condition(x)
    return x if reading.is_condition(x) else reading.apply("trunc", x)


def _same(_: Reading, x: Value, *__: Any, **___: Any) -> Value:
    return x


def _constant(value: float) -> Composed:
    return lambda reading, x, *_, **__: np.full(reading.shape(x), value)


def _like(reading: Reading, x: Value, value: Any, **_: Any) -> Value:
    return np.full(reading.shape(x), value)


def _random(*_: Any, **__: Any) -> Value:
    raise Unreadable("draws numbers; call .eval() of the module before")


# --- reductions -----------------------------------------------------------------------------------


def _axes(reading: Reading, x: Value, dim: Axes) -> list[int]:
    """Return the axes that are meant: all by None, and by an empty list."""
    count = len(reading.shape(x))
    if dim is None or (not isinstance(dim, int) and not len(dim)):
        return [*range(count)]
    asked = [dim] if isinstance(dim, int) else dim
    return sorted({axis % count for axis in asked}) if count else []


def _reduction(op: str) -> Composed:
    def composed(
        reading: Reading, x: Value, dim: Axes = None, keepdim: bool = False, **_: Any
    ) -> Value:
        return moving.reduced(reading, op, x, _axes(reading, x, dim), keepdim)

    return composed


_sum = _reduction("sum")


def _count(reading: Reading, x: Value, dim: Axes) -> int:
    return prod([reading.shape(x)[axis] for axis in _axes(reading, x, dim)])


def _mean(reading: Reading, x: Value, dim: Axes = None, keepdim: bool = False, **_: Any) -> Value:
    return reading.apply("div", _sum(reading, x, dim, keepdim), _count(reading, x, dim))


def _variance(
    reading: Reading, x: Value, dim: Axes = None, *, correction: Any = 1, keepdim: bool = False
) -> Value:
    away = reading.apply("sub", x, _mean(reading, x, dim, True))
    squares = _sum(reading, reading.apply("pow", away, 2), dim, keepdim)
    return reading.apply("div", squares, _count(reading, x, dim) - (correction or 0))


def _extreme(op: str) -> Composed:
    """Return the largest or the least elements; which these are is known to no graph."""

    def composed(reading: Reading, x: Value, dim: Any = None, keepdim: bool = False) -> Any:
        found = moving.reduced(reading, op, x, _axes(reading, x, dim), keepdim)
        return found if dim is None else (found, Unreadable("which elements are the extreme ones"))

    return composed


def _norm(
    reading: Reading, x: Value, ord: Any = 2, dim: Axes = None, keepdim: bool = False, **_: Any
) -> Value:
    if ord == 2:
        return reading.apply("sqrt", _sum(reading, reading.apply("pow", x, 2), dim, keepdim))
    size = reading.apply("abs", x)
    if ord == 1:
        return _sum(reading, size, dim, keepdim)
    if ord == np.inf:
        return _reduction("amax")(reading, size, dim, keepdim)
    raise Unreadable(f"of the order {ord}")


def _product(
    reading: Reading, x: Value, dim: int | None = None, keepdim: bool = False, **_: Any
) -> Value:
    found = moving.product(reading, x, None if dim is None else [dim])
    if not keepdim or dim is None:
        return found
    shape = list(reading.shape(x))
    shape[dim] = 1
    return moving.reshaped(reading, found, shape)


def _judged(op: str) -> Composed:
    reduction = _reduction(op)
    return lambda reading, x, *rest: reading.apply(
        "gt", reduction(reading, reading.number(reading.condition(x)), *rest), 0
    )


def _running(reading: Reading, x: Value, dim: int, **_: Any) -> Value:
    return moving.running(reading, x, dim)


def _softmax(reading: Reading, x: Value, dim: int, *_: Any) -> Value:
    top = moving.reduced(reading, "amax", x, [dim], True) if reading.shape(x) else x
    powers = reading.apply("exp", reading.apply("sub", x, top))
    return reading.apply("div", powers, _sum(reading, powers, dim, True))


def _log_softmax(reading: Reading, x: Value, dim: int, *_: Any) -> Value:
    top = moving.reduced(reading, "amax", x, [dim], True) if reading.shape(x) else x
    away = reading.apply("sub", x, top)
    total = _sum(reading, reading.apply("exp", away), dim, True)
    return reading.apply("sub", away, reading.apply("log", total))


def _layer_norm(
    reading: Reading, x: Value, shape: Sequence[int], weight: Value, bias: Value, eps: float
) -> Any:
    """Ba, Kiros & Hinton, *Layer normalization* (2016)."""
    count = len(reading.shape(x))
    axes = [*range(count - len(shape), count)]
    found = _normalised(reading, x, axes, eps)
    return _affine(reading, found, weight, bias), *_UNREAD


def _normalised(reading: Reading, x: Value, axes: Sequence[int], eps: float) -> Value:
    away = reading.apply("sub", x, _mean(reading, x, axes, True))
    spread = _mean(reading, reading.apply("pow", away, 2), axes, True)
    return reading.apply("div", away, reading.apply("sqrt", reading.apply("add", spread, eps)))


def _affine(reading: Reading, x: Value, weight: Value, bias: Value) -> Value:
    scaled = x if weight is None else reading.apply("mul", x, weight)
    return scaled if bias is None else reading.apply("add", scaled, bias)


_UNREAD = (Unreadable("its statistics"), Unreadable("its statistics"))
"""What normalisations give beside their result, for a backward pass."""


def _batch_norm(
    reading: Reading, x: Value, weight: Value, bias: Value, mean: Value, variance: Value,
    momentum: float, eps: float,
) -> Any:  # fmt: skip
    """Ioffe & Szegedy, *Batch normalization* (2015), with the statistics that were kept."""

    def along(value: Value) -> Value:
        shape = (-1, *[1] * (len(reading.shape(x)) - 2))
        sizes = reading.shape(value)
        return value if value is None else moving.reshaped(reading, value, (*sizes, *shape[1:]))

    away = reading.apply("sub", x, along(mean))
    root = reading.apply("sqrt", reading.apply("add", along(variance), eps))
    found = reading.apply("div", away, root)
    known = [None if one is None else along(one) for one in (weight, bias)]
    return _affine(reading, found, *known), *_UNREAD


# --- products -------------------------------------------------------------------------------------


def _product_added(
    reading: Reading, bias: Value, x: Value, y: Value, *, beta: Any = 1, alpha: Any = 1
) -> Value:
    found = _scaled(reading, moving.matrix_product(reading, x, y), alpha)
    return reading.apply("add", found, _scaled(reading, bias, beta))


def _dot(reading: Reading, x: Value, y: Value) -> Value:
    return moving.contracted(reading, x, y, "i", "i", "")


# --- shapes ---------------------------------------------------------------------------------------


def _viewed(reading: Reading, x: Value, shape: Sequence[int]) -> Value:
    sizes = [int(size) for size in shape]
    if -1 in sizes:
        sizes[sizes.index(-1)] = prod(reading.shape(x)) // -prod(sizes)
    return moving.reshaped(reading, x, sizes)


def _unsqueezed(reading: Reading, x: Value, dim: int) -> Value:
    shape = list(reading.shape(x))
    shape.insert(dim % (len(shape) + 1), 1)
    return moving.reshaped(reading, x, shape)


def _squeezed(reading: Reading, x: Value, dim: Axes = None) -> Value:
    shape, gone = reading.shape(x), _axes(reading, x, dim)
    return moving.reshaped(
        reading, x, [n for axis, n in enumerate(shape) if n != 1 or axis not in gone]
    )


def _permuted(reading: Reading, x: Value, dims: Sequence[int]) -> Value:
    return moving.transposed(reading, x, [axis % len(dims) for axis in dims])


def _swapped(reading: Reading, x: Value, first: int = 0, second: int = 1) -> Value:
    order = [*range(len(reading.shape(x)))]
    if len(order) > 1:
        order[first], order[second] = order[second], order[first]
    return moving.transposed(reading, x, order)


def _expanded(reading: Reading, x: Value, sizes: Sequence[int], **_: Any) -> Value:
    shape = reading.shape(x)
    before = [1] * (len(sizes) - len(shape)) + [*shape]
    wanted = [old if new == -1 else int(new) for new, old in zip(sizes, before, strict=True)]
    return reading.spread(x, tuple(wanted))


def _selected(reading: Reading, x: Value, dim: int, index: int) -> Value:
    shape = reading.shape(x)
    at = dim % len(shape)
    return moving.indexed(reading, x, (*[":"] * at, int(index) % shape[at]))


def _sliced(
    reading: Reading, x: Value, dim: int = 0, start: Any = None, end: Any = None, step: int = 1
) -> Value:
    size, at = reading.shape(x)[dim], dim % len(reading.shape(x))
    first, last, _ = slice(start, end).indices(size)
    return moving.sliced(reading, x, at, first, last, step)


def _joined(reading: Reading, parts: Sequence[Value], dim: int = 0) -> Value:
    return moving.joined(reading, parts, dim)


def _stacked(reading: Reading, parts: Sequence[Value], dim: int = 0) -> Value:
    return moving.stacked(reading, parts, dim)


def _split(reading: Reading, x: Value, sizes: Any, dim: int = 0) -> list[Value]:
    at = dim % len(reading.shape(x))
    size = reading.shape(x)[at]
    if isinstance(sizes, int):
        sizes = [min(sizes, size - start) for start in range(0, size, sizes)]
    ends = np.cumsum(sizes).tolist()
    pairs = zip([0, *ends[:-1]], ends, strict=True)
    return [moving.sliced(reading, x, at, start, end) for start, end in pairs]


def _flipped(reading: Reading, x: Value, dims: Sequence[int]) -> Value:
    return moving.reversed_along(reading, x, dims)


COMPOSED: Mapping[str, Composed] = {
    "add": _summed("add"),
    "sub": _summed("sub"),
    "rsub": lambda reading, x, y, **rest: _summed("sub")(reading, y, x, **rest),
    "div": _divided,
    "reciprocal": _inverse,
    "rsqrt": _inverse_root,
    "square": lambda reading, x: reading.apply("pow", x, 2),
    "round": _rounded,
    "clamp": _clamped,
    "hardtanh": lambda reading, x, low=-1, high=1: _clamped(reading, x, low, high),
    "gelu": _gelu,
    "elu": _elu,
    "bitwise_and": _bitwise("and"),
    "bitwise_or": _bitwise("or"),
    "bitwise_not": _bitwise("not"),
    "logical_xor": _different,
    "where": _chosen,
    "masked_fill": _filled_in,
    "isnan": _never,
    "isinf": _never,
    "_to_copy": _converted,
    **dict.fromkeys(("clone", "alias", "lift_fresh_copy", "contiguous"), _same),
    "full_like": _like,
    "zeros_like": _constant(0.0),
    "ones_like": _constant(1.0),
    **dict.fromkeys(("native_dropout", "bernoulli", "rand_like", "randn_like"), _random),
    "sum": _sum,
    "mean": _mean,
    "var": _variance,
    "std": lambda reading, *args, **rest: reading.apply(
        "sqrt", _variance(reading, *args, **rest)
    ),
    "amax": _reduction("amax"),
    "amin": _reduction("amin"),
    "max": _extreme("amax"),
    "min": _extreme("amin"),
    "linalg_vector_norm": _norm,
    "prod": _product,
    "any": _judged("amax"),
    "all": _judged("amin"),
    "cumsum": _running,
    "_softmax": _softmax,
    "_log_softmax": _log_softmax,
    "native_layer_norm": _layer_norm,
    "_native_batch_norm_legit_no_training": _batch_norm,
    **dict.fromkeys(("mm", "bmm", "mv"), moving.matrix_product),
    **dict.fromkeys(("addmm", "baddbmm", "addmv"), _product_added),
    "dot": _dot,
    **dict.fromkeys(("view", "_unsafe_view", "reshape"), _viewed),
    "unsqueeze": _unsqueezed,
    "squeeze": _squeezed,
    "permute": _permuted,
    "transpose": _swapped,
    "t": _swapped,
    "expand": _expanded,
    "select": _selected,
    "slice": _sliced,
    "cat": _joined,
    "stack": _stacked,
    **dict.fromkeys(("split", "split_with_sizes"), _split),
    "flip": _flipped,
}
"""The operations that are several rows, or none."""

MOVES: Mapping[str, tuple[int, ...]] = {
    **dict.fromkeys(
        "gather index index_select embedding roll repeat diagonal unfold as_strided".split(), (0,)
    ),
    "select_scatter": (0, 1),
    "slice_scatter": (0, 1),
    "scatter": (0, 3),
    "index_put": (0, 2),
}
"""The operations that move elements, and which of their arguments these are of."""

KNOWN = frozenset({*ROWS, *COMPOSED, *MOVES})
"""The operations that are read."""

