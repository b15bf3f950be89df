"""What primitives of JAX mean: for each, the same in NumPy, of its arrays and its parameters.

Those of jax.lax that models of the usual kind are made of, as JAX documents them. What is not here
is recorded as well, but not held against anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from string import ascii_letters
from typing import Any

import numpy as np

from adviz import functions as f
from adviz.sources.tracing.condition import TracedCondition


def _row(name: str) -> Callable[..., Any]:
    """Return a function of the table, looked up when it is called, as tracing has it."""
    return lambda *args, **_: getattr(f, name)(*args)


def _numpy(name: str) -> Callable[..., Any]:
    return lambda *args, **_: getattr(np, name)(*args)


def _same(x: Any, **_: Any) -> Any:
    return x


def _reduce(name: str) -> Callable[..., Any]:
    def reduce(x: Any, axes: Sequence[int], **_: Any) -> Any:
        return getattr(np, name)(x, axis=tuple(axes)) if axes else x

    return reduce


def _contracted(x: Any, y: Any, dimension_numbers: Any, **_: Any) -> Any:
    """Return a product summed over some axes, the batched ones first (jax.lax.dot_general)."""
    (left, right), (batch, other) = dimension_numbers
    letters = iter(ascii_letters)
    first = [next(letters) for _ in range(np.ndim(x))]
    second = [""] * np.ndim(y)
    for here, there in (*zip(left, right, strict=True), *zip(batch, other, strict=True)):
        second[there] = first[here]
    second = [letter or next(letters) for letter in second]
    batched = [first[axis] for axis in batch]
    kept = [one for k, one in enumerate(first) if k not in (*left, *batch)]
    kept += [one for k, one in enumerate(second) if k not in (*right, *other)]
    return np.einsum(f"{''.join(first)},{''.join(second)}->{''.join([*batched, *kept])}", x, y)


def _spread(x: Any, shape: Sequence[int], broadcast_dimensions: Sequence[int], **_: Any) -> Any:
    between = [1] * len(shape)
    for axis, place in enumerate(broadcast_dimensions):
        between[place] = x.shape[axis]
    wide = np.reshape(x, tuple(between)) if np.ndim(x) and between != [*x.shape] else x
    return wide if tuple(between) == tuple(shape) else np.broadcast_to(wide, tuple(shape))


def _sliced(
    x: Any,
    start_indices: Sequence[int],
    limit_indices: Sequence[int],
    strides: Any = None,
    **_: Any,
) -> Any:
    steps = strides or [1] * len(start_indices)
    return x[tuple(map(slice, start_indices, limit_indices, steps))]


def _split(x: Any, sizes: Sequence[int], axis: int, **_: Any) -> list[Any]:
    ends = np.cumsum([0, *sizes]).tolist()
    before = [slice(None)] * axis
    return [x[(*before, slice(*pair))] for pair in pairwise(ends)]


def _chosen(which: Any, *cases: Any, **_: Any) -> Any:
    if len(cases) != 2:
        raise LookupError("cases")
    condition = which if isinstance(which, TracedCondition) else which != 0
    return np.where(condition, cases[1], cases[0])


MOVES = frozenset(["gather", "dynamic_slice", "rev"])
"""The primitives whose results are elements of their first argument, which JAX itself tells."""

# fmt: off
_NAMES = {
    "max": "maximum", "min": "minimum", "asin": "arcsin", "acos": "arccos", "atan": "arctan",
    "atan2": "arctan2", "asinh": "arcsinh", "acosh": "arccosh", "atanh": "arctanh",
    **{name: name for name in
       "sqrt cbrt exp exp2 expm1 log log1p sin cos tan sinh cosh tanh".split()},
}
"""What is in NumPy as well, and its name there."""

MEANINGS: Mapping[str, Callable[..., Any]] = {
    **{name: _numpy(there) for name, there in _NAMES.items()},
    "add": lambda x, y, **_: x + y,
    "add_any": lambda x, y, **_: x + y,
    "sub": lambda x, y, **_: x - y,
    "mul": lambda x, y, **_: x*y,
    "div": lambda x, y, **_: x/y,
    "pow": lambda x, y, **_: x**y,
    "integer_pow": lambda x, y, **_: x**y,
    "square": lambda x, **_: x*x,
    "neg": lambda x, **_: -x,
    "rsqrt": lambda x, **_: 1/np.sqrt(x),
    "abs": lambda x, **_: abs(x),
    "gt": lambda x, y, **_: x > y,
    "lt": lambda x, y, **_: x < y,
    "ge": lambda x, y, **_: x >= y,
    "le": lambda x, y, **_: x <= y,
    "eq": lambda x, y, **_: x == y,
    "ne": lambda x, y, **_: x != y,
    "erf": _row("erf"),
    "erfc": _row("erfc"),
    "logistic": _row("sigmoid"),
    "select_n": _chosen,
    # what changes nothing
    "convert_element_type": _same, "copy": _same, "copy_p": _same, "reduce_precision": _same,
    # of arrays
    "dot_general": _contracted,
    "reduce_sum": _reduce("sum"),
    "reduce_max": _reduce("max"),
    "reduce_min": _reduce("min"),
    "broadcast_in_dim": _spread,
    "slice": _sliced,
    "split": _split,
    "reshape": lambda x, new_sizes, **_: np.reshape(x, tuple(new_sizes)),
    "squeeze": lambda x, dimensions, **_: np.squeeze(x, axis=tuple(dimensions)),
    "transpose": lambda x, permutation, **_: np.transpose(x, tuple(permutation)),
    "concatenate": lambda *parts, dimension, **_: np.concatenate(parts, axis=dimension),
    "cumsum": lambda x, axis, **_: np.cumsum(x, axis=axis),
}
# fmt: on
