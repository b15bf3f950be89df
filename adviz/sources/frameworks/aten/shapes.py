"""What PyTorch moves and multiplies, as structural rows."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from adviz.sources.frameworks import moving
from adviz.sources.frameworks.aten.elements import scaled
from adviz.sources.frameworks.aten.reductions import axes
from adviz.sources.frameworks.reading import Held, Reading, Unreadable, Value, plain

Axes = int | Sequence[int] | None


def product_added(
    reading: Reading, bias: Value, x: Value, y: Value, *, beta: Any = 1, alpha: Any = 1
) -> Value:
    """Return a matrix product with something added."""
    found = scaled(reading, moving.matrix_product(reading, x, y), alpha)
    return reading.apply("add", found, scaled(reading, bias, beta))


def viewed(reading: Reading, x: Value, shape: Sequence[int]) -> Value:
    """Return a value in another shape, in which one size may be -1."""
    sizes = [int(size) for size in shape]
    if -1 in sizes:
        sizes[sizes.index(-1)] = prod(reading.shape(x)) // -prod(sizes)
    return moving.reshaped(reading, x, sizes)


def unsqueezed(reading: Reading, x: Value, dim: int) -> Value:
    """Return a value with a new axis of size 1."""
    shape = list(reading.shape(x))
    shape.insert(dim % (len(shape) + 1), 1)
    return moving.reshaped(reading, x, shape)


def squeezed(reading: Reading, x: Value, dim: Axes = None) -> Value:
    """Return a value without its axes of size 1, or some of them."""
    shape, gone = reading.shape(x), axes(reading, x, dim)
    return moving.reshaped(
        reading, x, [n for axis, n in enumerate(shape) if n != 1 or axis not in gone]
    )


def permuted(reading: Reading, x: Value, dims: Sequence[int]) -> Value:
    """Return a value with its axes in another order."""
    return moving.transposed(reading, x, [axis % len(dims) for axis in dims])


def expanded(reading: Reading, x: Value, sizes: Sequence[int], **_: Any) -> Value:
    """Return a value broadcast; a size of -1 stays."""
    shape = reading.shape(x)
    before = [1] * (len(sizes) - len(shape)) + [*shape]
    wanted = [old if new == -1 else int(new) for new, old in zip(sizes, before, strict=True)]
    return reading.spread(x, tuple(wanted))


def selected(reading: Reading, x: Value, dim: int, index: int) -> Value:
    """Return what stands at one place of an axis."""
    shape = reading.shape(x)
    at = dim % len(shape)
    return moving.indexed(reading, x, (*[":"] * at, int(index) % shape[at]))


def sliced(
    reading: Reading, x: Value, dim: int = 0, start: Any = None, end: Any = None, step: int = 1
) -> Value:
    """Return a slice along an axis."""
    size, at = reading.shape(x)[dim], dim % len(reading.shape(x))
    first, last, _ = slice(start, end).indices(size)
    return moving.sliced(reading, x, at, first, last, step)


def joined(reading: Reading, parts: Sequence[Value], dim: int = 0) -> Value:
    """Return values joined along an axis."""
    return moving.joined(reading, parts, dim)


def stacked(reading: Reading, parts: Sequence[Value], dim: int = 0) -> Value:
    """Return values of one shape joined along a new axis."""
    return moving.stacked(reading, parts, dim)


def swapped(reading: Reading, x: Value, first: int = 0, second: int = 1) -> Value:
    """Return a value with two axes exchanged."""
    order = [*range(len(reading.shape(x)))]
    order[first], order[second] = order[second], order[first]
    return moving.transposed(reading, x, order)


def turned(reading: Reading, x: Value) -> Value:
    """Return a matrix transposed; a vector stays."""
    return swapped(reading, x) if len(reading.shape(x)) > 1 else x


def unbound(reading: Reading, x: Value, dim: int = 0) -> list[Value]:
    """Return what stands at each place of an axis."""
    return [selected(reading, x, dim, k) for k in range(reading.shape(x)[dim])]


def split(reading: Reading, x: Value, sizes: int | Sequence[int], dim: int = 0) -> list[Value]:
    """Return the parts of a value along an axis: of one size, the last what is left, or of some."""
    at = dim % len(reading.shape(x))
    if isinstance(sizes, int):
        whole = reading.shape(x)[at]
        sizes = [min(sizes, whole - start) for start in range(0, whole, sizes)]
    ends = np.cumsum(sizes).tolist()
    pairs = zip([0, *ends[:-1]], ends, strict=True)
    return [moving.sliced(reading, x, at, start, end) for start, end in pairs]


def embedded(
    reading: Reading, rows: Value, where: Value, padding: int = -1, by_counts: bool = False, *_: Any
) -> Value:
    """Return rows of a table by their numbers; a row that pads has no derivative, by definition."""
    if by_counts:
        raise Unreadable("with scale_grad_by_freq, whose gradient is that of no function")
    if isinstance(where, Held):
        raise Unreadable("a place that depends on inputs")
    numbers = plain(where)
    if numbers.size and (numbers.min() < 0 or numbers.max() >= reading.shape(rows)[0]):
        raise Unreadable("a place outside of an array")
    found = moving.indexed(reading, rows, (moving.nested(numbers.tolist()),))
    pads = (numbers == padding)[..., None]
    return reading.choose(pads, reading.apply("stop_gradient", found), found)


def flipped(reading: Reading, x: Value, dims: Sequence[int]) -> Value:
    """Return a value in reverse order along axes."""
    return moving.reversed_along(reading, x, dims)
