"""The rows that know of axes: what an array node computes beyond its elements, one by one.

Near a point such a row is linear in each argument, but no multiplication: its local partial is a
map, written as what it does to a tangent `t` forwards (`jvp`) and, transposed, to an adjoint `w`
backwards (`vjp`). Both are formulas in the arguments, the result `z`, the parameters and other
rows, so that they hold in every number system. Rows come with their transposes: broadcasting with
summing, an index with a scatter, a contraction with itself, its letters exchanged.

Sources: Giles, *Collected matrix derivative results for forward and reverse mode algorithmic
differentiation* (2008); Laue, Mitterreiter & Giesen, *Computing higher order derivatives of matrix
and tensor expressions* (2018), for contractions; Frostig et al., *Decomposing reverse-mode
automatic differentiation* (2021), for pairs of transposes. Ties of `amax` and `amin` are shared
evenly, as those of `max` of two are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adviz.primitives.row import EXACT, Primitive, Shape

Key = tuple[Any, ...]
"""What an index takes of each axis: a place, a slice as text (`"1:"`), or places in tuples."""


def structural(
    name: str, args: str, params: str, jvp: Sequence[str], vjp: Sequence[str], **rest: Any
) -> Primitive:
    """Return one structural row."""
    names = tuple(args.split())
    return Primitive(
        name=name, args=names, partials=("",) * len(names), params=tuple(params.split()),
        jvp=tuple(jvp), vjp=tuple(vjp), **rest,
    )  # fmt: skip


# --- Shapes ------------------------------------------------------------------------------------


def broadcast(*shapes: Shape) -> Shape:
    """Return the shape of an elementwise row of arguments of some shapes, as NumPy has it.

    >>> broadcast((3, 1), (4,), ())
    (3, 4)
    """
    longest = max(map(len, shapes), default=0)
    padded = [(1,) * (longest - len(shape)) + shape for shape in shapes]
    sizes = [{*column} - {1} or {1} for column in zip(*padded, strict=True)]
    if any(len(size) > 1 for size in sizes):
        raise ValueError("they do not broadcast")
    return tuple([size.pop() for size in sizes])


def kept(shape: Shape, axes: Sequence[int]) -> Shape:
    """Return a shape with some axes of size 1, as what is summed over them still broadcasts."""
    return tuple([1 if axis in axes else size for axis, size in enumerate(shape)])


def _reduced(shape: Shape, axes: tuple[int, ...], keepdims: bool) -> Shape:
    if not isinstance(axes, tuple) or [*axes] != sorted({*axes} & {*range(len(shape))}):
        raise ValueError(f"axes are different ones of 0 to {len(shape) - 1}, in order")
    if type(keepdims) is not bool:
        raise ValueError("keepdims is True or False")
    left = kept(shape, axes)
    return left if keepdims else tuple([n for axis, n in enumerate(left) if axis not in axes])


def _sizes(shape: Any) -> Shape:
    """Return the shape that a parameter is."""
    if not isinstance(shape, tuple) or not all(type(size) is int and size > 0 for size in shape):
        raise ValueError("a shape is a tuple of sizes from 1 on")
    return shape


def _reshaped(shape: Shape, wanted: Shape) -> Shape:
    before, after = _count(shape), _count(_sizes(wanted))
    if before != after:
        raise ValueError(f"{before} elements are not {after}")
    return wanted


def _count(shape: Shape) -> int:
    count = 1
    for size in shape:
        count *= size
    return count


def _transposed(shape: Shape, axes: tuple[int, ...]) -> Shape:
    if not isinstance(axes, tuple) or sorted(axes) != [*range(len(shape))]:
        raise ValueError(f"axes are 0 to {len(shape) - 1} in another order")
    return tuple([shape[axis] for axis in axes])


def _broadcast_to(shape: Shape, wanted: Shape) -> Shape:
    if broadcast(shape, _sizes(wanted)) != wanted:
        raise ValueError(f"it does not broadcast to {wanted}")
    return wanted


def _summed_to(shape: Shape, wanted: Shape) -> Shape:
    _broadcast_to(wanted, shape)
    return wanted


def selection(key: Key) -> tuple[Any, ...]:
    """Return a key as NumPy takes it.

    >>> selection((0, "1:", (0, 2)))
    (0, slice(1, None, None), [0, 2])
    """
    return tuple([_entry(entry) for entry in key])


def _entry(entry: Any) -> Any:
    if isinstance(entry, str):
        parts = [int(part) if part else None for part in entry.split(":")]
        if not 2 <= len(parts) <= 3:
            raise ValueError(f"{entry!r} is no slice such as '1:3'")
        return slice(*parts)
    return [_entry(part) for part in entry] if isinstance(entry, tuple) else entry


def _indexed(shape: Shape, key: Key) -> Shape:
    import numpy as np

    if not isinstance(key, tuple) or len(key) > len(shape):
        raise ValueError(f"a key has at most one entry for each of {len(shape)} axes")
    return _sizes(np.broadcast_to(np.empty((), np.int8), shape)[selection(key)].shape)


def _scattered(shape: Shape, key: Key, wanted: Shape) -> Shape:
    if _indexed(_sizes(wanted), key) != shape:
        raise ValueError(f"the key takes another shape than {shape} of {wanted}")
    return wanted


def _joined(first: Shape, second: Shape, axis: int) -> Shape:
    if type(axis) is not int or not 0 <= axis < len(first):
        raise ValueError(f"an axis is one of 0 to {len(first) - 1}")
    if len(first) != len(second) or kept(first, [axis]) != kept(second, [axis]):
        raise ValueError(f"they differ beside axis {axis}")
    return (*first[:axis], first[axis] + second[axis], *first[axis + 1 :])


def _contracted(x: Shape, y: Shape, first: str, second: str, result: str) -> Shape:
    if not f"e{first}{second}{result}".isalpha() or not f"{first}{second}{result}".isascii():
        raise ValueError("axes are called by letters from a to z and A to Z")
    sizes: dict[str, int] = {}
    for shape, letters in ((x, first), (y, second)):
        if len({*letters}) != len(shape) or len(letters) != len(shape):
            raise ValueError(f"{letters!r} gives no letter of its own to each axis of {shape}")
        for letter, size in zip(letters, shape, strict=True):
            if sizes.setdefault(letter, size) != size:
                raise ValueError(f"the axis {letter} has the size {sizes[letter]} and {size}")
    alone = {*first} ^ {*second} ^ {*result}
    if len({*result}) != len(result) or alone - ({*first} & {*second} & {*result}):
        raise ValueError(f"every letter of {first},{second}->{result} must stand in two of them")
    return tuple([sizes[letter] for letter in result])


# --- What rules compute of shapes ---------------------------------------------------------------


def shape_of(value: Any) -> Shape:
    """Return an array's shape, () of a number."""
    return getattr(value, "shape", ())


def inverse(axes: Sequence[int]) -> tuple[int, ...]:
    """Return the order of axes that undoes another."""
    return tuple(sorted(range(len(axes)), key=axes.__getitem__))


def before(x: Any, axis: int) -> Key:
    """Return where the first part of what is joined along an axis stands in the whole."""
    return (*[":"] * axis, f":{shape_of(x)[axis]}")


def after(x: Any, axis: int) -> Key:
    """Return where the second part of what is joined along an axis stands in the whole."""
    return (*[":"] * axis, f"{shape_of(x)[axis]}:")


STATIC: Mapping[str, Any] = {
    "shape_of": shape_of,
    "kept": lambda x, axes: kept(shape_of(x), axes),
    "inverse": inverse,
    "before": before,
    "after": after,
}
"""What a structural rule may ask of shapes and parameters, through which no derivative passes."""

STATIC_ROWS: Mapping[str, Primitive] = {
    name: Primitive(name=name, args=args, partials=())
    for name, args in {
        "shape_of": ("x",),
        "kept": ("x", "axes"),
        "inverse": ("axes",),
        "before": ("x", "axis"),
        "after": ("x", "axis"),
    }.items()
}
"""The same as a rule's text is read."""

EXTREME = "e = where(x == reshape(z, kept(x, axes)), 1, 0)"
COUNTED = f"{EXTREME}; n = sum(e, axes, keepdims); m = where(n > 1/2, n, 1)"
"""How many elements are the extreme; none where a mask has taken it, and nothing is shared out."""
SHARED = f"{COUNTED}; sum(e*t, axes, keepdims)/m"
HANDED = f"{COUNTED}; e*reshape(w/m, kept(x, axes))"
TIED = f"{EXTREME}; sum(e, axes, keepdims) > 1"

# One aligned line per row is the point of the table.
# fmt: off
STRUCTURAL: Mapping[str, Primitive] = {row.name: row for row in (
    structural("sum",          "x",   "axes keepdims", ["sum(t, axes, keepdims)"], ["broadcast_to(reshape(w, kept(x, axes)), shape_of(x))"], shape=_reduced, label="Σ", rational=True),
    structural("amax",         "x",   "axes keepdims", [SHARED], [HANDED], shape=_reduced, label="max", kink=TIED, **EXACT),
    structural("amin",         "x",   "axes keepdims", [SHARED], [HANDED], shape=_reduced, label="min", kink=TIED, **EXACT),
    structural("reshape",      "x",   "shape",         ["reshape(t, shape)"],      ["reshape(w, shape_of(x))"],      shape=_reshaped, **EXACT),
    structural("transpose",    "x",   "axes",          ["transpose(t, axes)"],     ["transpose(w, inverse(axes))"],  shape=_transposed, **EXACT),
    structural("broadcast_to", "x",   "shape",         ["broadcast_to(t, shape)"], ["sum_to(w, shape_of(x))"],       shape=_broadcast_to, **EXACT),
    structural("sum_to",       "x",   "shape",         ["sum_to(t, shape)"],       ["broadcast_to(w, shape_of(x))"], shape=_summed_to, rational=True),
    structural("index",        "x",   "key",           ["index(t, key)"],          ["scatter(w, key, shape_of(x))"], shape=_indexed, **EXACT),
    structural("scatter",      "x",   "key shape",     ["scatter(t, key, shape)"], ["index(w, key)"],                shape=_scattered, rational=True),
    structural("concatenate",  "x y", "axis",          ["scatter(t, before(x, axis), shape_of(z))", "scatter(t, after(x, axis), shape_of(z))"],
                                                       ["index(w, before(x, axis))", "index(w, after(x, axis))"],   shape=_joined, **EXACT),
    # the product of two arrays, summed over the letters that the result lacks: ij,jk->ik is a matrix product
    structural("einsum",       "x y", "first second result", ["einsum(t, y, first, second, result)", "einsum(x, t, first, second, result)"],
                                                       ["einsum(w, y, result, second, first)", "einsum(x, w, first, result, second)"], shape=_contracted, rational=True),
)}
# fmt: on
