"""What PyTorch's losses are, as rows."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from adviz.sources.frameworks import moving
from adviz.sources.frameworks.aten.elements import negative, scaled
from adviz.sources.frameworks.aten.reductions import mean, total
from adviz.sources.frameworks.reading import Held, Reading, Unreadable, Value, plain


def reduced(reading: Reading, x: Value, reduction: int) -> Value:
    """Return a loss as it is, 0, as the mean, 1, or as the sum of its elements, 2."""
    return (x, mean(reading, x), total(reading, x))[reduction]


def squares(reading: Reading, x: Value, y: Value, reduction: int = 1) -> Value:
    """Return squared differences (Legendre 1805)."""
    away = reading.apply("sub", x, y)
    return reduced(reading, reading.apply("pow", away, 2), reduction)


def huber(reading: Reading, x: Value, y: Value, reduction: int = 1, delta: Any = 1.0) -> Value:
    """Huber, *Robust estimation of a location parameter* (1964)."""
    size = reading.apply("abs", reading.apply("sub", x, y))
    near = reading.apply("div", reading.apply("pow", size, 2), 2)
    far = scaled(reading, reading.apply("sub", size, delta / 2), delta)
    found = reading.choose(reading.apply("lt", size, delta), near, far)
    return reduced(reading, found, reduction)


def smooth(reading: Reading, x: Value, y: Value, reduction: int = 1, beta: Any = 1.0) -> Value:
    """Girshick, *Fast R-CNN* (2015): Huber's, divided by where it turns straight."""
    found = huber(reading, x, y, reduction, beta)
    return found if beta == 1 else reading.apply("div", found, beta)


def crossed(
    reading: Reading, x: Value, y: Value, weight: Value = None, reduction: int = 1
) -> Value:
    """Return the cross-entropy of two probabilities."""
    first = reading.apply("mul", y, reading.apply("log", x))
    rest = reading.apply("log", reading.apply("sub", 1, x))
    second = reading.apply("mul", reading.apply("sub", 1, y), rest)
    loss = negative(reading, reading.apply("add", first, second))
    return reduced(reading, _weighted(reading, loss, weight), reduction)


def crossed_of_logits(
    reading: Reading, x: Value, y: Value, weight: Value = None, positive: Value = None,
    reduction: int = 1,
) -> Value:  # fmt: skip
    """Return the same of what sigmoid makes of x, kept from overflow; 1 may have its own weight."""
    below = reading.apply("softplus", negative(reading, x))
    factor = reading.apply("sub", 1, y)
    if positive is not None:
        more = reading.apply("mul", reading.apply("sub", positive, 1), y)
        below = reading.apply("mul", reading.apply("add", more, 1), below)
    loss = reading.apply("add", reading.apply("mul", factor, x), below)
    return reduced(reading, _weighted(reading, loss, weight), reduction)


def _weighted(reading: Reading, loss: Value, weight: Value) -> Value:
    return loss if weight is None else reading.apply("mul", weight, loss)


def picked(
    reading: Reading, x: Value, target: Value, weight: Value = None, reduction: int = 1,
    ignored: int = -100,
) -> Any:  # fmt: skip
    """Return minus the entries at the targets, of rows or of a single one, and their weight."""
    if isinstance(target, Held):
        raise Unreadable("a place that depends on inputs")
    places = plain(target)
    counted, shape = places != ignored, reading.shape(x)
    rows = np.arange(prod(shape)).reshape(-1, shape[-1])
    at = rows[np.arange(len(rows)), np.where(counted, places, 0).ravel()].reshape(places.shape)
    loss = negative(reading, moving.taken(reading, [x], at))
    weights: Value = counted * 1.0
    if weight is not None:
        weights = reading.apply("mul", weights, moving.taken(reading, [weight], places * counted))
    if weight is not None or not counted.all():
        loss = reading.apply("mul", weights, loss)
    if reduction == 1:
        return reading.apply("div", total(reading, loss), _all(reading, weights)), *_WEIGHT
    return reduced(reading, loss, reduction), *_WEIGHT


_WEIGHT = (Unreadable("the weight of all targets"),)


def _all(reading: Reading, weights: Value) -> Value:
    return total(reading, weights) if isinstance(weights, Held) else float(np.sum(weights))
