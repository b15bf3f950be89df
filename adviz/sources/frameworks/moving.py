"""Arrays moved, summed and contracted: the structural rows, asked for in the frameworks' words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from math import prod
from string import ascii_letters
from typing import Any

import numpy as np

from adviz.primitives.row import Shape
from adviz.primitives.structural import kept
from adviz.sources.frameworks.reading import Held, Reading, Unreadable, Value


def reshaped(reading: Reading, x: Value, shape: Sequence[int]) -> Held:
    """Return a value in another shape."""
    held, wanted = reading.number(x), tuple(map(int, shape))
    own = reading.own_shape(held)
    if not own or (prod(own) == prod(wanted) and len(own) <= len(wanted) and _leads(own, wanted)):
        return Held(held.node, wanted)
    whole = reading.whole(held)
    while reading.builder.ops[whole] == "reshape":
        (whole,) = reading.builder.args[whole]
    if reading.builder.shapes[whole] == wanted:
        return Held(whole, wanted)
    return _kept(reading, whole, wanted) or Held(
        reading.node("reshape", (whole,), (wanted,)), wanted
    )


def _kept(reading: Reading, node: int, wanted: Shape) -> Held | None:
    """Return what was reduced with its axes kept, if that is what another shape of it is."""
    builder = reading.builder
    if builder.ops[node] not in ("sum", "amax", "amin"):
        return None
    (axes, _), (argument,) = builder.params[node], builder.args[node]
    if kept(builder.shapes[argument], axes) != wanted:
        return None
    return Held(reading.node(builder.ops[node], (argument,), (axes, True)), wanted)


def _leads(own: Shape, wanted: Shape) -> bool:
    """Return whether a shape is another one after axes of size 1."""
    return wanted[len(wanted) - len(own) :] == own


def transposed(reading: Reading, x: Value, axes: Sequence[int]) -> Held:
    """Return a value with its axes in another order."""
    held = reading.number(x)
    shape, order = tuple([held.shape[axis] for axis in axes]), tuple(map(int, axes))
    if not reading.own_shape(held):
        return Held(held.node, shape)
    if order == tuple(range(len(order))):
        return held
    return Held(reading.node("transpose", (reading.whole(held),), (order,)), shape)


def placed(reading: Reading, x: Value, shape: Shape, axes: Sequence[int]) -> Value:
    """Return a value broadcast to a shape, in which its own axes are some of them."""
    sizes = reading.shape(x)
    standing = [1] * len(shape)
    for size, axis in zip(sizes, axes, strict=True):
        standing[axis] = size
    while standing and standing[0] == 1 and len(standing) > len(sizes):
        standing.pop(0)
    inner = x if tuple(standing) == sizes else reshaped(reading, x, standing)
    return reading.spread(inner, shape)


def reduced(
    reading: Reading, op: str, x: Value, axes: Sequence[int] | None, keepdims: bool = False
) -> Held:
    """Return a value reduced over axes by a row, over all by None."""
    held = reading.number(x)
    count = len(held.shape)
    known = range(count) if axes is None else axes
    chosen = tuple(sorted({int(axis) % count for axis in known}))
    if not chosen:
        return held
    made = reading.node(op, (reading.whole(held),), (chosen, bool(keepdims)))
    return Held(made, reading.builder.shapes.get(made, ()))


def product(reading: Reading, x: Value, axes: Sequence[int] | None) -> Value:
    """Return the product of the elements along axes, along all by None."""
    held = reading.number(x)
    chosen = range(len(held.shape)) if axes is None else [a % len(held.shape) for a in axes]
    others = [axis for axis in range(len(held.shape)) if axis not in chosen]
    moved = transposed(reading, held, [*chosen, *others])
    rest = tuple([held.shape[axis] for axis in others])
    rows = reshaped(reading, moved, (prod(held.shape) // max(prod(rest), 1), *rest))
    factors = [indexed(reading, rows, (k,)) for k in range(rows.shape[0])]
    return reduce(lambda a, b: reading.apply("mul", a, b), factors)


def indexed(reading: Reading, x: Value, key: tuple[Any, ...]) -> Held:
    """Return what a structural key takes of a value."""
    whole = reading.whole(x)
    entries = list(key)
    while entries and entries[-1] == ":":
        entries.pop()
    if not entries:
        return Held(whole, reading.shape(x))
    made = reading.node("index", (whole,), (tuple(entries),))
    return Held(made, reading.builder.shapes.get(made, ()))


def sliced(reading: Reading, x: Value, axis: int, start: int, stop: int, step: int = 1) -> Value:
    """Return a slice along an axis; a value itself where it takes all of it."""
    size = reading.shape(x)[axis]
    if (start, step) == (0, 1) and stop >= size:
        return x
    last = "" if step == 1 else f":{step}"
    end = "" if stop >= size else stop
    return indexed(reading, x, (*[":"] * axis, f"{start or ''}:{end}{last}"))


def reversed_along(reading: Reading, x: Value, axes: Sequence[int]) -> Value:
    """Return a value with the order along some axes reversed."""
    count = len(reading.shape(x))
    chosen = {axis % count for axis in axes}
    return indexed(reading, x, tuple(["::-1" if k in chosen else ":" for k in range(count)]))


def joined(reading: Reading, parts: Sequence[Value], axis: int) -> Held:
    """Return values joined along an axis."""
    known = [part for part in parts if prod(reading.shape(part))]
    at = int(axis) % len(reading.shape(known[0]))
    made = reading.whole(known[0])
    for part in known[1:]:
        made = reading.node("concatenate", (made, reading.whole(part)), (at,))
    return Held(made, reading.builder.shapes.get(made, ()))


def stacked(reading: Reading, parts: Sequence[Value], axis: int) -> Held:
    """Return values of one shape joined along a new axis."""
    shape = reading.shape(parts[0])
    at = int(axis) % (len(shape) + 1)
    wanted = (*shape[:at], 1, *shape[at:])
    return joined(reading, [reshaped(reading, part, wanted) for part in parts], at)


def contracted(reading: Reading, x: Value, y: Value, first: str, second: str, result: str) -> Held:
    """Return a contraction of two values in the letters of einsum."""
    one, letters = _untransposed(reading, reading.whole(x), first)
    other, others = _untransposed(reading, reading.whole(y), second)
    made = reading.node("einsum", (one, other), (letters, others, result))
    return Held(made, reading.builder.shapes.get(made, ()))


def _untransposed(reading: Reading, node: int, letters: str) -> tuple[int, str]:
    """Return the array behind a transposed one, and its letters, which tell all that is needed."""
    builder = reading.builder
    if builder.ops[node] != "transpose":
        return node, letters
    (axes,) = builder.params[node]
    own = "".join([letters[axes.index(axis)] for axis in range(len(axes))])
    return _untransposed(reading, builder.args[node][0], own)


def matrix_product(reading: Reading, x: Value, y: Value) -> Held:
    """Return the product of two matrices, of stacks of them of one size, or of vectors."""
    first, second = len(reading.shape(x)), len(reading.shape(y))
    stack = "bcdefgh"[: max(first, second, 2) - 2]
    left = stack[: max(first - 2, 0)] + "ij"[2 - min(first, 2) :]
    right = stack[: max(second - 2, 0)] + "jk"[: min(second, 2)]
    ends = [one for one in "ik" if one in left + right]
    return contracted(reading, x, y, left, right, stack + "".join(ends))


def running(reading: Reading, x: Value, axis: int, backwards: bool = False) -> Held:
    """Return the running sums along an axis: a product with a triangle of ones."""
    shape = reading.shape(x)
    at = axis % len(shape)
    letters = ascii_letters[: len(shape)]
    triangle = np.tri(shape[at])
    known = reading.whole(triangle.T if backwards else triangle), reading.whole(x)
    params = (f"Z{letters[at]}", letters, letters.replace(letters[at], "Z"))
    return Held(reading.node("einsum", known, params), shape)


# --- what moves by places that are known ----------------------------------------------------------


def places(shapes: Sequence[Shape]) -> list[Any]:
    """Return arrays of some shapes whose elements are numbered, one array after the other.

    >>> places([(2,), (1, 2)])
    [array([0, 1]), array([[2, 3]])]
    """
    made, start = [], 0
    for shape in shapes:
        made.append(np.arange(start, start + prod(shape)).reshape(shape))
        start += prod(shape)
    return made


def taken(reading: Reading, parts: Sequence[Value], found: Any) -> Held:
    """Return the elements of values that stand at places, as `places` counts them.

    Whatever moves elements is given the places instead of them, and its result says what it took.
    """
    sizes = [prod(reading.shape(part)) for part in parts]
    if found.size and (found.min() < 0 or found.max() >= sum(sizes)):
        raise Unreadable("a place outside of an array")
    if len(parts) == 1:
        return _taken_of_one(reading, parts[0], found)
    flat = [reshaped(reading, part, (size,)) for part, size in zip(parts, sizes, strict=True)]
    return indexed(reading, joined(reading, flat, 0), (nested(found.tolist()),))


def _taken_of_one(reading: Reading, x: Value, found: Any) -> Held:
    """Return the elements at places of one array: whole rows, or each by its place on all axes."""
    shape = reading.shape(x)
    rows = _rows(shape, found)
    if rows is not None:
        return indexed(reading, x, (rows,))
    on_axes = np.unravel_index(found, shape) if shape else ()
    taken = indexed(reading, x, tuple([nested(one.tolist()) for one in on_axes]))
    return reshaped(reading, taken, found.shape)


def _rows(shape: Shape, found: Any) -> Any:
    """Return which rows were taken, if whole rows of the first axis were."""
    size = prod(shape[1:])
    before = found.ndim - len(shape) + 1
    if not shape or before < 0 or found.shape[before:] != shape[1:]:
        return None
    outer = found.reshape(*found.shape[:before], size)
    if not (outer == outer[..., :1] + np.arange(size)).all() or (outer[..., 0] % size).any():
        return None
    return nested((outer[..., 0] // size).tolist())


def nested(places: Any) -> Any:
    """Return nested lists as tuples, which a key is made of."""
    return tuple(map(nested, places)) if isinstance(places, list) else places


def added(reading: Reading, x: Value, updates: Value, at: Any) -> Value:
    """Return a value with updates added at places of it."""
    held, size = reading.number(updates), prod(reading.shape(x))
    if at.size and (at.min() < 0 or at.max() >= size):
        raise Unreadable("a place outside of an array")
    flat = reshaped(reading, held, (at.size,))
    key = (nested(at.ravel().tolist()),)
    spread = reading.node("scatter", (reading.whole(flat),), (key, (size,)))
    return reading.apply("add", x, reshaped(reading, Held(spread, (size,)), reading.shape(x)))
