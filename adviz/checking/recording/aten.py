"""What operations of ATen mean: for each, the same in NumPy, of the same arguments.

Those of ATen's native functions that models of the usual kind run, as PyTorch documents them; of
several results a list, as far as derivatives go through them. What is not here is recorded as well,
but not held against anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from adviz import functions as f
from adviz.checking.recording.aten_axes import OF_ARRAYS
from adviz.checking.recording.aten_losses import LOSSES


def _same(x: Any, *_: Any, **__: Any) -> Any:
    return x


def _gelu(x: Any, *, approximate: str = "none") -> Any:
    if approximate == "none":
        return f.gelu(x)
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


def _clamped(x: Any, low: Any = None, high: Any = None) -> Any:
    x = x if low is None else np.maximum(x, low)
    return x if high is None else np.minimum(x, high)


def _chosen(condition: Any, x: Any, y: Any) -> Any:
    return np.where(np.asarray(condition), x, y)


def _filled(x: Any, mask: Any, value: Any) -> Any:
    return np.where(np.asarray(mask), value, x)


def _scaled(operation: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    """Return a sum or a difference, of which the second operand may have a factor."""
    return lambda x, y, alpha=1: operation(x, y if alpha == 1 else alpha * y)


def _row(name: str) -> Callable[..., Any]:
    """Return a function of the table, looked up when it is called, as tracing has it."""
    return lambda *args: getattr(f, name)(*args)


def _softplus(x: Any, beta: float = 1, *_: Any) -> Any:
    return f.softplus(x) if beta == 1 else f.softplus(beta * x) / beta


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
    "log_sigmoid_forward": lambda x: [f.logsigmoid(x)],
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
# fmt: on
MEANINGS: Mapping[str, Callable[..., Any]] = {**ELEMENTWISE, **OF_ARRAYS, **LOSSES}
"""By operation, or by operation and overload where overloads differ."""


MOVES = frozenset("flip roll repeat index_select diagonal take unfold as_strided narrow".split())
"""The operations whose results are elements of their first argument, which ATen itself tells."""


def meaning_of(name: str, overload: str) -> Callable[..., Any] | None:
    """Return what an operation means; one that changes its argument is the same without.

    >>> meaning_of("mm", "default") is MEANINGS["mm"], meaning_of("max", "dim") is MEANINGS["max"]
    (True, False)
    """
    plain = name if name in MEANINGS else name.removesuffix("_")
    return MEANINGS.get(f"{plain}.{overload}") or MEANINGS.get(plain)
