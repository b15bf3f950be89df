"""What PyTorch normalises, as the rows that its definition is of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adviz.sources.frameworks import moving
from adviz.sources.frameworks.aten.reductions import mean, total
from adviz.sources.frameworks.reading import Reading, Unreadable, Value


def softmax(reading: Reading, x: Value, dim: int, *_: Any) -> Value:
    """Return exponentials that add up to 1 along an axis (Bridle 1990), kept from overflow."""
    top = moving.reduced(reading, "amax", x, [dim], True) if reading.shape(x) else x
    powers = reading.apply("exp", reading.apply("sub", x, top))
    return reading.apply("div", powers, total(reading, powers, dim, True))


def log_softmax(reading: Reading, x: Value, dim: int, *_: Any) -> Value:
    """Return the logarithm of softmax, which keeps its digits."""
    top = moving.reduced(reading, "amax", x, [dim], True) if reading.shape(x) else x
    away = reading.apply("sub", x, top)
    powers = total(reading, reading.apply("exp", away), dim, True)
    return reading.apply("sub", away, reading.apply("log", powers))


def layer_norm(
    reading: Reading, x: Value, shape: Sequence[int], weight: Value, bias: Value, eps: float
) -> Any:
    """Ba, Kiros & Hinton, *Layer normalization* (2016)."""
    count = len(reading.shape(x))
    axes = [*range(count - len(shape), count)]
    found = normalised(reading, x, axes, eps)
    return affine(reading, found, weight, bias), *_UNREAD


def normalised(reading: Reading, x: Value, axes: Sequence[int], eps: float) -> Value:
    """Return a value with mean 0 and variance 1 over axes."""
    away = reading.apply("sub", x, mean(reading, x, axes, True))
    spread = mean(reading, reading.apply("pow", away, 2), axes, True)
    return reading.apply("div", away, reading.apply("sqrt", reading.apply("add", spread, eps)))


def affine(reading: Reading, x: Value, weight: Value, bias: Value) -> Value:
    """Return a value scaled and moved, by what there is."""
    found = x if weight is None else reading.apply("mul", x, weight)
    return found if bias is None else reading.apply("add", found, bias)


_UNREAD = (Unreadable("the statistics of a normalisation"),) * 4
"""What normalisations give beside their result, for a backward pass and for later."""


def batch_norm(
    reading: Reading, x: Value, weight: Value, bias: Value, mean: Value, variance: Value,
    momentum: float, eps: float,
) -> Any:  # fmt: skip
    """Ioffe & Szegedy, *Batch normalization* (2015), with the statistics that were kept."""

    away = reading.apply("sub", x, along(reading, x, mean))
    spread = reading.apply("add", along(reading, x, variance), eps)
    found = reading.apply("div", away, reading.apply("sqrt", spread))
    return scaled_by_channel(reading, found, weight, bias), *_UNREAD


def batch_norm_training(reading: Reading, x: Value, weight: Value, bias: Value, *rest: Any) -> Any:
    """The same with the statistics of the batch; those that are kept are no function's result."""
    axes = [axis for axis in range(len(reading.shape(x))) if axis != 1]
    found = normalised(reading, x, axes, eps=rest[-1])
    return scaled_by_channel(reading, found, weight, bias), *_UNREAD


def group_norm(
    reading: Reading, x: Value, weight: Value, bias: Value, count: int, channels: int,
    size: int, groups: int, eps: float,
) -> Any:  # fmt: skip
    """Wu & He, *Group normalization* (2018)."""
    rows = moving.reshaped(reading, x, (count, groups, channels * size // groups))
    found = moving.reshaped(reading, normalised(reading, rows, [2], eps), reading.shape(x))
    return scaled_by_channel(reading, found, weight, bias), *_UNREAD


def along(reading: Reading, x: Value, value: Value) -> Value:
    """Return a value for each channel, which is the second axis of an array."""
    ones = (1,) * (len(reading.shape(x)) - 2)
    return moving.reshaped(reading, value, (*reading.shape(value), *ones))


def scaled_by_channel(reading: Reading, x: Value, weight: Value, bias: Value) -> Value:
    """Return a value scaled and moved by a number for each channel."""
    known = [None if one is None else along(reading, x, one) for one in (weight, bias)]
    return affine(reading, x, *known)
