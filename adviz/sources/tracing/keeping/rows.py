"""The structural rows applied to traced arrays, with NumPy's conventions for axes and keys."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from sys import _getframe
from typing import Any

import numpy as np

from adviz.errors import TracingError
from adviz.primitives.row import Shape
from adviz.sources.tracing.arrays import elements, plain
from adviz.sources.tracing.kept import kept
from adviz.sources.tracing.places import spot
from adviz.sources.tracing.recorder import Recorder
from adviz.sources.tracing.traced import TracedValue

Axes = int | Sequence[int] | None
_BATCH = "abcdefgh"


def apply(op: str, args: Sequence[Any], *params: Any, beside: Sequence[Any] = ()) -> Any:
    """Return a row of arrays, on behalf of whoever called NumPy.

    One of them is traced, or of what stands `beside` them.
    """
    tape = next(elements([*args, *beside])).tape
    nodes = tuple([_node(tape, one) for one in args])
    return tape.add(op, nodes, _getframe(1), False, params)


def _node(tape: Any, value: Any) -> int:
    node: int | None = tape.operand(whole(value))
    if node is None:
        raise TracingError(f"{type(value).__name__} is no array of numbers; {spot(_getframe(1))}")
    return node


def whole(value: Any) -> Any:
    """Return lists and arrays that hold traced values as one traced array; others as they are."""
    if isinstance(value, TracedValue):
        return value
    if isinstance(value, np.ndarray | list | tuple) and next(elements(value), None) is not None:
        return stacked([whole(part) for part in value], 0)
    return plain(np.asarray(value)) if isinstance(value, list | tuple) else plain(value)


def held(tape: Recorder, value: Any) -> Any:
    """Return an operand of a ufunc: an array as a traced one, a number as it is."""
    found = whole(value)
    if isinstance(found, TracedValue) or not np.ndim(found):
        return found
    return kept(tape, _node(tape, found * 1), False)


def shape_of(value: Any) -> Shape:
    """Return the shape of a traced or plain array, () of a number."""
    held: Shape = np.shape(value) if not isinstance(value, TracedValue) else _own(value)
    return held


def _own(value: TracedValue) -> Shape:
    return value.tape.shape(value.node)


def axes_of(shape: Shape, axis: Axes) -> tuple[int, ...]:
    """Return the axes that are meant, from 0 on and in order; all by None."""
    asked = range(len(shape)) if axis is None else [axis] if isinstance(axis, int) else axis
    return tuple(sorted({place(shape, one) for one in asked}))


def place(shape: Shape, axis: int) -> int:
    """Return an axis counted from the first one."""
    if not -len(shape) <= axis < len(shape):
        raise TracingError(f"there is no axis {axis} of the shape {shape}; {spot(_getframe(1))}")
    return axis % len(shape)


def reduced(op: str, x: Any, axis: Axes, keepdims: bool) -> Any:
    """Return an array reduced over axes."""
    axes = axes_of(shape_of(x), axis)
    return apply(op, [x], axes, bool(keepdims)) if axes else x


def count(x: Any, axis: Axes) -> int:
    """Return how many elements are reduced to one."""
    shape = shape_of(x)
    return prod([shape[one] for one in axes_of(shape, axis)])


def reshaped(x: Any, shape: int | Sequence[int]) -> Any:
    """Return an array in another shape, in which one size may be -1."""
    sizes, old = list((shape,) if isinstance(shape, int) else shape), shape_of(x)
    if -1 in sizes:
        rest = -prod(sizes)
        sizes[sizes.index(-1)] = prod(old) // rest if rest else 0
    wanted = tuple(map(int, sizes))
    return x if wanted == old else apply("reshape", [x], wanted)


def transposed(x: Any, axes: Sequence[int] | None = None) -> Any:
    """Return an array with its axes in another order, in reverse unless given."""
    shape = shape_of(x)
    order = range(len(shape))[::-1] if axes is None else [place(shape, one) for one in axes]
    return x if [*order] == [*range(len(shape))] else apply("transpose", [x], tuple(order))


def spread(x: Any, shape: int | Sequence[int]) -> Any:
    """Return an array broadcast to a shape."""
    wanted = (shape,) if isinstance(shape, int) else tuple(shape)
    return x if wanted == shape_of(x) else apply("broadcast_to", [x], wanted)


def indexed(x: Any, key: Any) -> Any:
    """Return what an index takes: places, slices, arrays of places or of truths, new axes."""
    shape, asked = shape_of(x), key if isinstance(key, tuple) else (key,)
    if next(elements(asked), None) is not None:
        raise TracingError(f"an index must be known, and is traced; {spot(_getframe(1))}")
    try:
        result = np.broadcast_to(np.empty((), np.int8), shape)[key].shape
    except IndexError as error:
        raise TracingError(f"{error}; {spot(_getframe(1))}") from None
    entries = _entries(shape, [one for one in asked if one is not None])
    taken = apply("index", [x], entries) if entries else x
    return reshaped(taken, result)


def _entries(shape: Shape, asked: list[Any]) -> tuple[Any, ...]:
    """Return a key as a row's parameter, without the slices at its end that take all."""
    flat: list[Any] = []
    for one in asked:
        mask = isinstance(one, np.ndarray | list) and np.asarray(one).dtype == bool
        flat += [*np.nonzero(one)] if mask else [one]
    if Ellipsis in [one for one in flat if not isinstance(one, np.ndarray | list)]:
        at = next(k for k, one in enumerate(flat) if one is Ellipsis)
        flat[at : at + 1] = [slice(None)] * (len(shape) - len(flat) + 1)
    entries = [_entry(one) for one in flat]
    while entries and entries[-1] == ":":
        entries.pop()
    return tuple(entries)


def _entry(one: Any) -> Any:
    if isinstance(one, slice):
        start, stop, step = ("" if part is None else str(int(part)) for part in _parts(one))
        return f"{start}:{stop}:{step}" if step else f"{start}:{stop}"
    return _tuples(np.asarray(one).tolist())


def _parts(one: slice) -> tuple[Any, Any, Any]:
    return one.start, one.stop, one.step


def _tuples(places: Any) -> Any:
    return tuple(map(_tuples, places)) if isinstance(places, list) else places


def joined(parts: Sequence[Any], axis: int | None = 0) -> Any:
    """Return arrays joined along an axis; without one, all their elements in a row."""
    if axis is None:
        parts, axis = [reshaped(part, -1) for part in parts], 0
    made = parts[0]
    for part in parts[1:]:
        made = apply("concatenate", [made, part], place(shape_of(parts[0]), axis))
    return made


def stacked(parts: Sequence[Any], axis: int = 0) -> Any:
    """Return arrays of one shape joined along a new axis."""
    shape = shape_of(parts[0])
    at = place((*shape, 1), axis)
    wanted = (*shape[:at], 1, *shape[at:])
    known = [part if isinstance(part, TracedValue) else np.reshape(part, wanted) for part in parts]
    return joined([one if shape_of(one) == wanted else reshaped(one, wanted) for one in known], at)


def product(x: Any, y: Any) -> Any:
    """Return the matrix product, as NumPy's `@` has it: of vectors, matrices and stacks of them."""
    if not shape_of(x) or not shape_of(y):
        raise TracingError(f"a matrix product takes no single numbers; {spot(_getframe(1))}")
    first, second = len(shape_of(x)), len(shape_of(y))
    (x, left), (y, right) = (
        _letters(x, y, "ij"[2 - min(first, 2) :]),
        _letters(y, x, "jk"[: min(second, 2)]),
    )
    batch = "".join(sorted({*left, *right} & {*_BATCH}, key=_BATCH.index))[::-1]
    ends = [one for one in "ik" if one in left + right]
    return apply("einsum", [x, y], left, right, batch + "".join(ends))


def _letters(x: Any, other: Any, last: str) -> tuple[Any, str]:
    """Return an array and a letter for each of its axes, those of a stack counted from the back.

    An axis of size 1 beside a longer one is left out: what lacks a letter is the same for all.
    """
    shape, beside = shape_of(x), shape_of(other)
    stack, rival = shape[: len(shape) - len(last)], beside[: max(len(beside) - 2, 0)]
    longer = [1] * max(len(stack) - len(rival), 0) + [*rival]
    places = range(len(stack), 0, -1)
    kept = [(n, k) for n, k in zip(stack, places, strict=True) if n != 1 or longer[-k] == 1]
    names = [_BATCH[k - 1] for _, k in kept]
    return reshaped(x, (*[n for n, _ in kept], *shape[len(stack) :])), "".join(names) + last
