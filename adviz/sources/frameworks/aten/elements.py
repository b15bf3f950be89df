"""What PyTorch computes of every element alone, as rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from adviz.sources.frameworks.reading import Reading, Unreadable, Value

Composed = Callable[..., Any]
"""Takes a reading and an operation's arguments to what it gives."""


def scaled(reading: Reading, y: Value, alpha: Any) -> Value:
    """Return a multiple of a value."""
    return y if alpha == 1 else reading.apply("mul", alpha, y)


def summed(op: str) -> Composed:
    """Return a sum or a difference, in which the second operand may be scaled."""

    def composed(reading: Reading, x: Value, y: Value, alpha: Any = 1) -> Value:
        return reading.apply(op, x, scaled(reading, y, alpha))

    return composed


def subtracted(reading: Reading, x: Value, y: Value, alpha: Any = 1) -> Value:
    """Return the second operand without the first, which may be scaled."""
    return reading.apply("sub", y, scaled(reading, x, alpha))


def negative(reading: Reading, x: Value) -> Value:
    """Return −x."""
    return reading.apply("neg", x)


def squared(reading: Reading, x: Value) -> Value:
    """Return x²."""
    return reading.apply("pow", x, 2)


def divided(reading: Reading, x: Value, y: Value, *, rounding_mode: str | None = None) -> Value:
    """Return a quotient, rounded if that is asked for."""
    if rounding_mode == "floor":
        return reading.apply("floordiv", x, y)
    found = reading.apply("div", x, y)
    return reading.apply("trunc", found) if rounding_mode == "trunc" else found


def inverse(reading: Reading, x: Value) -> Value:
    """Return 1/x."""
    return reading.apply("div", 1, x)


def inverse_root(reading: Reading, x: Value) -> Value:
    """Return 1/√x."""
    return reading.apply("div", 1, reading.apply("sqrt", x))


def rounded(reading: Reading, x: Value, *, decimals: int = 0) -> Value:
    """Return the nearest whole number."""
    if decimals:
        raise Unreadable("to decimals")
    return reading.apply("round", x)


def clamped(reading: Reading, x: Value, min: Value = None, max: Value = None) -> Value:
    """Return a value between two bounds, either of which may be left out."""
    if min is not None and max is not None:
        return reading.apply("clip", x, min, max)
    return reading.apply("max", x, min) if max is None else reading.apply("min", x, max)


def gelu(reading: Reading, x: Value, *, approximate: str = "none") -> Value:
    """Hendrycks & Gimpel, *Gaussian error linear units* (2016), exactly or by tanh."""
    if approximate == "none":
        return reading.apply("gelu", x)
    inner = reading.apply("add", x, reading.apply("mul", 0.044715, reading.apply("pow", x, 3)))
    tanh = reading.apply("tanh", reading.apply("mul", np.sqrt(2 / np.pi), inner))
    return reading.apply("mul", reading.apply("mul", 0.5, x), reading.apply("add", 1, tanh))


def elu(reading: Reading, x: Value, alpha: Any = 1, scale: Any = 1, input_scale: Any = 1) -> Value:
    """Clevert, Unterthiner & Hochreiter, *Exponential linear units* (2015)."""
    below = reading.apply("expm1", scaled(reading, x, input_scale))
    positive = reading.apply("gt", x, 0)
    found = reading.choose(positive, x, scaled(reading, below, alpha))
    return scaled(reading, found, scale)


def softplus(reading: Reading, x: Value, beta: Any = 1, threshold: Any = 20) -> Value:
    """Dugas et al., *Incorporating second-order functional knowledge* (2001), sharper by beta."""
    found = reading.apply("softplus", scaled(reading, x, beta))
    return found if beta == 1 else reading.apply("div", found, beta)


def log_sigmoid(reading: Reading, x: Value) -> Any:
    """Return log(sigmoid(x)), and what a backward pass needs of it."""
    return reading.apply("logsigmoid", x), Unreadable("what is kept for a backward pass")


def filled(reading: Reading, x: Value, mask: Value, value: Value) -> Value:
    """Return x, and a value where a condition holds."""
    return reading.choose(mask, value, x)


def bitwise(op: str) -> Composed:
    """Return what combines truths; whole numbers are not read."""

    def composed(reading: Reading, *values: Value) -> Value:
        if not all(map(reading.is_condition, values)):
            raise Unreadable("of whole numbers")
        return reading.apply(op, *values)

    return composed


def different(reading: Reading, x: Value, y: Value) -> Value:
    """Return whether one of two conditions holds, and not the other."""
    return reading.apply("ne", *[reading.number(reading.condition(one)) for one in (x, y)])


def chosen(reading: Reading, condition: Value, x: Value = None, y: Value = None) -> Value:
    """Return x where a condition holds and y where it does not."""
    if x is None:
        raise Unreadable("where something is true")
    return reading.choose(condition, x, y)


def first_if(op: str) -> Composed:
    """Return the first operand where it compares so with the second, else that: not shared ties."""

    def composed(reading: Reading, x: Value, y: Value) -> Value:
        return reading.choose(reading.apply(op, x, y), x, y)

    return composed


def never(reading: Reading, x: Value) -> Value:
    """Every number is finite: where one overflowed, a sweep says so by itself."""
    return np.zeros(reading.shape(x), bool)


def converted(reading: Reading, x: Value, *, dtype: Any = None, **_: Any) -> Value:
    """Return a value as one of another type: a truth, a whole number, a number."""
    if dtype is None or dtype.is_floating_point:
        return x
    if dtype.is_complex:
        raise Unreadable("to complex numbers")
    if str(dtype) == "torch.bool":
        return reading.condition(x)
    return x if reading.is_condition(x) else reading.apply("trunc", x)


def same(_: Reading, x: Value, *__: Any, **___: Any) -> Value:
    """Return the value itself."""
    return x


def like(reading: Reading, x: Value, value: Any, **_: Any) -> Value:
    """Return an array of one number in the shape of another."""
    return np.full(reading.shape(x), value, float)


def random(*_: Any, **__: Any) -> Value:
    """Refuse what gives other numbers at every call."""
    raise Unreadable("draws numbers; call .eval() of the module before")
