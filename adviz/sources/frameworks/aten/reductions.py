"""What PyTorch computes along axes, as rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np

from adviz.sources.frameworks import moving
from adviz.sources.frameworks.reading import Reading, Unreadable, Value

Composed = Callable[..., Any]
"""Takes a reading and an operation's arguments to what it gives."""
Axes = int | Sequence[int] | None


def axes(reading: Reading, x: Value, dim: Axes) -> list[int]:
    """Return the axes that are meant: all by None, and by an empty list."""
    count = len(reading.shape(x))
    if dim is None or (not isinstance(dim, int) and not len(dim)):
        return [*range(count)]
    asked = [dim] if isinstance(dim, int) else dim
    return sorted({axis % count for axis in asked}) if count else []


def reduction(op: str) -> Composed:
    """Return what reduces axes by a structural row."""

    def composed(
        reading: Reading, x: Value, dim: Axes = None, keepdim: bool = False, **_: Any
    ) -> Value:
        return moving.reduced(reading, op, x, axes(reading, x, dim), keepdim)

    return composed


total = reduction("sum")


def count(reading: Reading, x: Value, dim: Axes) -> int:
    """Return how many elements are reduced to one."""
    return prod([reading.shape(x)[axis] for axis in axes(reading, x, dim)])


def mean(reading: Reading, x: Value, dim: Axes = None, keepdim: bool = False, **_: Any) -> Value:
    """Return the mean over axes."""
    return reading.apply("div", total(reading, x, dim, keepdim), count(reading, x, dim))


def variance(
    reading: Reading, x: Value, dim: Any = None, unbiased: bool = True, keepdim: bool = False,
    *, correction: Any = None,
) -> Value:  # fmt: skip
    """Return the variance over axes: squares over their count but 1, or but a correction."""
    if isinstance(dim, bool):  # of all elements, and where axes would be told it is told which
        return variance(reading, x, None, dim)
    away = reading.apply("sub", x, mean(reading, x, dim, True))
    squares = total(reading, reading.apply("pow", away, 2), dim, keepdim)
    less = int(unbiased) if correction is None else correction
    return reading.apply("div", squares, count(reading, x, dim) - less)


def deviation(reading: Reading, x: Value, *args: Any, **rest: Any) -> Value:
    """Return the standard deviation over axes."""
    return reading.apply("sqrt", variance(reading, x, *args, **rest))


def log_of_sums(reading: Reading, x: Value, dim: Axes, keepdim: bool = False) -> Value:
    """Return the logarithm of sums of exponentials, kept from overflow."""
    over = axes(reading, x, dim)
    top = moving.reduced(reading, "amax", x, over, True)
    powers = reading.apply("exp", reading.apply("sub", x, top))
    found = reading.apply("add", reading.apply("log", total(reading, powers, over, True)), top)
    kept = [size for k, size in enumerate(reading.shape(x)) if k not in over]
    return found if keepdim else moving.reshaped(reading, found, kept)


def extreme(op: str, of_two: str) -> Composed:
    """Return the largest or the least elements; which these are is known to no graph."""

    def composed(reading: Reading, x: Value, dim: Any = None, keepdim: bool = False) -> Any:
        if dim is not None and not isinstance(dim, int):
            return reading.apply(of_two, x, dim)
        found = moving.reduced(reading, op, x, axes(reading, x, dim), keepdim)
        return found if dim is None else (found, Unreadable("which elements are the extreme ones"))

    return composed


def norm(
    reading: Reading, x: Value, ord: Any = 2, dim: Axes = None, keepdim: bool = False, **_: Any
) -> Value:
    """Return a norm: Euclidean, of sizes, or the largest size."""
    if ord == 2:
        return reading.apply("sqrt", total(reading, reading.apply("pow", x, 2), dim, keepdim))
    size = reading.apply("abs", x)
    if ord == 1:
        return total(reading, size, dim, keepdim)
    if ord == np.inf:
        return reduction("amax")(reading, size, dim, keepdim)
    raise Unreadable(f"of the order {ord}")


def product(
    reading: Reading, x: Value, dim: int | None = None, keepdim: bool = False, **_: Any
) -> Value:
    """Return the product along an axis, or of all elements."""
    found = moving.product(reading, x, None if dim is None else [dim])
    if not keepdim or dim is None:
        return found
    shape = list(reading.shape(x))
    shape[dim] = 1
    return moving.reshaped(reading, found, shape)


def judged(reading: Reading, x: Value, *rest: Any) -> Value:
    """Return whether any of the elements along axes is true."""
    numbers = reading.number(reading.condition(x))
    return reading.apply("gt", reduction("amax")(reading, numbers, *rest), 0)


def running(reading: Reading, x: Value, dim: int, **_: Any) -> Value:
    """Return running sums."""
    return moving.running(reading, x, dim)
