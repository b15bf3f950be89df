"""JAX's primitives as rows: a table of those that are one, and of those that are several.

Names and parameters are those that `jax.make_jaxpr` shows. What moves elements to places that are
known is asked of JAX itself: it moves the numbers of the places.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from string import ascii_letters
from typing import Any

import numpy as np

from adviz.sources.frameworks import moving
from adviz.sources.frameworks.reading import Held, Reading, Unreadable, Value

Composed = Callable[..., Any]
"""Takes a reading, an equation's parameters and its operands to what it gives."""

ROWS: Mapping[str, str] = {
    "add": "add", "add_any": "add", "sub": "sub", "mul": "mul", "div": "div", "neg": "neg",
    "rem": "fmod", "pow": "pow", "max": "max", "min": "min", "abs": "abs", "sign": "sign",
    "sqrt": "sqrt", "cbrt": "cbrt", "exp": "exp", "exp2": "exp2", "expm1": "expm1", "log": "log",
    "log1p": "log1p", "sin": "sin", "cos": "cos", "tan": "tan", "asin": "asin", "acos": "acos",
    "atan": "atan", "atan2": "atan2", "sinh": "sinh", "cosh": "cosh", "tanh": "tanh",
    "asinh": "asinh", "acosh": "acosh", "atanh": "atanh", "logistic": "sigmoid", "erf": "erf",
    "erfc": "erfc", "erf_inv": "erfinv", "lgamma": "lgamma", "digamma": "digamma",
    "polygamma": "polygamma", "floor": "floor", "ceil": "ceil", "lt": "lt", "le": "le", "gt": "gt",
    "ge": "ge", "eq": "eq", "ne": "ne", "stop_gradient": "stop_gradient",
}  # fmt: skip
"""The primitives that are rows."""

NAMED: Mapping[str, str] = {
    name: name for name in "relu silu softplus logaddexp leaky_relu mish xlogy xlog1py".split()
}
"""JAX's own functions that are rows, instead of what they are composed of."""

_LOGIC = ("and", "or", "not", "xor")
_WHOLE = {"div", "integer_pow"}
"""What of whole numbers is another function."""


def _same(_: Reading, __: Mapping[str, Any], x: Value) -> Value:
    return x


def _passed(_: Reading, __: Mapping[str, Any], *values: Value) -> list[Value]:
    return list(values)


def _power(reading: Reading, params: Mapping[str, Any], x: Value) -> Value:
    return reading.apply("pow", x, int(params.get("y", 2)))


def _inverse_root(reading: Reading, _: Mapping[str, Any], x: Value) -> Value:
    return reading.apply("div", 1, reading.apply("sqrt", x))


def _converted(reading: Reading, params: Mapping[str, Any], x: Value) -> Value:
    kind = np.dtype(params["new_dtype"]).kind
    if kind in "iu":
        return x if reading.is_condition(x) else reading.apply("trunc", x)
    if kind == "c":
        raise Unreadable("to complex numbers")
    return reading.condition(x) if kind == "b" else x


def _rounded(reading: Reading, params: Mapping[str, Any], x: Value) -> Value:
    if int(params["rounding_method"]) != 1:
        raise Unreadable("away from zero")
    return reading.apply("round", x)


def _finite(reading: Reading, _: Mapping[str, Any], x: Value) -> Value:
    """Every number is finite: where one overflowed, a sweep says so by itself."""
    return np.ones(reading.shape(x), bool)


def _clamped(reading: Reading, _: Mapping[str, Any], low: Value, x: Value, high: Value) -> Value:
    return reading.apply("clip", x, low, high)


def _selected(reading: Reading, _: Mapping[str, Any], which: Value, *cases: Value) -> Value:
    if len(cases) == 2:
        return reading.choose(which, cases[1], cases[0])
    return case_of(reading, which, [[case] for case in cases])[0]


def case_of(reading: Reading, which: Value, cases: list[list[Value]]) -> list[Value]:
    """Return one of several lists of values, by its number."""
    if reading.is_condition(which):
        return [reading.choose(which, x, y) for x, y in zip(cases[1], cases[0], strict=True)]
    found = cases[-1]
    for place in range(len(cases) - 2, -1, -1):
        here = reading.apply("le", which, place)
        found = [reading.choose(here, x, y) for x, y in zip(cases[place], found, strict=True)]
    return found


def _logical(op: str) -> Composed:
    def composed(reading: Reading, _: Mapping[str, Any], *values: Value) -> Value:
        if not all(map(reading.is_condition, values)):
            raise Unreadable("of whole numbers")
        if op != "xor":
            return reading.apply(op, *values)
        return reading.apply("ne", *map(reading.number, values))

    return composed


def _reduction(op: str) -> Composed:
    return lambda reading, params, x: moving.reduced(reading, op, x, params["axes"])


def _any(reading: Reading, params: Mapping[str, Any], x: Value) -> Value:
    return reading.apply("gt", moving.reduced(reading, "amax", x, params["axes"]), 0)


def _all(reading: Reading, params: Mapping[str, Any], x: Value) -> Value:
    return reading.apply("gt", moving.reduced(reading, "amin", x, params["axes"]), 0)


def _product(reading: Reading, params: Mapping[str, Any], x: Value) -> Value:
    return moving.product(reading, x, params["axes"])


def _running(reading: Reading, params: Mapping[str, Any], x: Value) -> Value:
    return moving.running(reading, x, params["axis"], params["reverse"])


def _placed(reading: Reading, params: Mapping[str, Any], x: Value) -> Value:
    return moving.placed(reading, x, params["shape"], params["broadcast_dimensions"])


def _reshaped(reading: Reading, params: Mapping[str, Any], x: Value) -> Value:
    return moving.reshaped(reading, x, params["new_sizes"])


def _squeezed(reading: Reading, params: Mapping[str, Any], x: Value) -> Value:
    shape, gone = reading.shape(x), params["dimensions"]
    return moving.reshaped(reading, x, [n for k, n in enumerate(shape) if k not in gone])


def _transposed(reading: Reading, params: Mapping[str, Any], x: Value) -> Value:
    return moving.transposed(reading, x, params["permutation"])


def _reversed(reading: Reading, params: Mapping[str, Any], x: Value) -> Value:
    return moving.reversed_along(reading, x, params["dimensions"])


def _sliced(reading: Reading, params: Mapping[str, Any], x: Value) -> Value:
    starts, ends = params["start_indices"], params["limit_indices"]
    steps = params["strides"] or (1,) * len(starts)
    key = [_entry(*one) for one in zip(reading.shape(x), starts, ends, steps, strict=True)]
    return moving.indexed(reading, x, tuple(key))


def _entry(size: int, start: int, end: int, step: int) -> str:
    stop = "" if end >= size else f"{end}"
    return f"{start or ''}:{stop}" + (f":{step}" if step != 1 else "")


def _joined(reading: Reading, params: Mapping[str, Any], *parts: Value) -> Value:
    return moving.joined(reading, parts, params["dimension"])


def _stacked(reading: Reading, params: Mapping[str, Any], *parts: Value) -> Value:
    return moving.stacked(reading, parts, params["axis"])


def _split(reading: Reading, params: Mapping[str, Any], x: Value) -> list[Value]:
    found, start = [], 0
    for size in params["sizes"]:
        found.append(moving.sliced(reading, x, params["axis"], start, start + size))
        start += size
    return found


def _contracted(reading: Reading, params: Mapping[str, Any], x: Value, y: Value) -> Value:
    """Return a product summed over axes: those of a stack come first, then what is left."""
    (summed_x, summed_y), (stack_x, stack_y) = params["dimension_numbers"]
    letters = iter(ascii_letters)
    first = [next(letters) for _ in reading.shape(x)]
    pairs = zip((*summed_y, *stack_y), (*summed_x, *stack_x), strict=True)
    shared = {other: first[one] for other, one in pairs}
    second = [shared.get(axis) or next(letters) for axis in range(len(reading.shape(y)))]
    result = [first[k] for k in stack_x]
    result += [one for k, one in enumerate(first) if k not in (*summed_x, *stack_x)]
    result += [one for k, one in enumerate(second) if k not in (*summed_y, *stack_y)]
    return moving.contracted(reading, x, y, *map("".join, (first, second, result)))


COMPOSED: Mapping[str, Composed] = {
    "integer_pow": _power,
    "square": _power,
    "rsqrt": _inverse_root,
    "convert_element_type": _converted,
    **dict.fromkeys(("copy", "copy_p"), _same),
    "reduce_precision": _same,
    "optimization_barrier": _passed,
    "round": _rounded,
    "is_finite": _finite,
    "clamp": _clamped,
    "select_n": _selected,
    **{op: _logical(op) for op in _LOGIC},
    "reduce_sum": _reduction("sum"),
    "reduce_max": _reduction("amax"),
    "reduce_min": _reduction("amin"),
    "reduce_or": _any,
    "reduce_and": _all,
    "reduce_prod": _product,
    "cumsum": _running,
    "broadcast_in_dim": _placed,
    "reshape": _reshaped,
    "squeeze": _squeezed,
    "transpose": _transposed,
    "rev": _reversed,
    "slice": _sliced,
    "concatenate": _joined,
    "stack": _stacked,
    "split": _split,
    "dot_general": _contracted,
}
"""The primitives that are several rows, or none."""

MOVES: Mapping[str, tuple[int, ...]] = {
    "gather": (0,), "dynamic_slice": (0,), "pad": (0, 1), "dynamic_update_slice": (0, 1),
    "scatter": (0, 2), "scatter-add": (0, 2),
}  # fmt: skip
"""The primitives that move elements, and which of their operands these are of."""


def moved(reading: Reading, name: str, bind: Callable[..., Any], values: list[Value]) -> Value:
    """Return what a primitive gives that only moves elements, to places that are known."""
    at = MOVES[name]
    parts = [values[k] for k in at]
    if any(isinstance(one, Held) for k, one in enumerate(values) if k not in at):
        raise Unreadable("a place that depends on inputs")
    if name == "scatter-add":
        return _scattered(reading, bind, values)
    given = list(values)
    for k, numbered in zip(at, moving.places([reading.shape(one) for one in parts]), strict=True):
        given[k] = np.asarray(numbered, np.int64)
    with np.errstate(invalid="ignore"):  # of what fills places outside, which are refused
        found = np.asarray(bind(*given))
    return moving.taken(reading, parts, found)


def told_outside(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters by which a place outside is told that an author promised not to be.

    JAX has no one meaning for it: the number is another place's, and the derivative is not.
    """
    mode: Any = params.get("mode")
    promised = getattr(mode, "name", "") == "PROMISE_IN_BOUNDS"
    filled = {"fill_value": -1} if "fill_value" in params else {}
    return {"mode": type(mode).FILL_OR_DROP, **filled} if promised else {}


def _scattered(reading: Reading, bind: Callable[..., Any], values: list[Value]) -> Value:
    """Return an array with updates added; where each goes is told by the transposed operation."""
    import jax

    x, where, updates = values
    shape, sizes = reading.shape(x), reading.shape(updates)
    zeros, numbers = np.zeros(shape), 1.0 + np.arange(np.prod(shape, dtype=int)).reshape(shape)
    _, back = jax.vjp(lambda u: bind(zeros, where, u), np.zeros(sizes))
    (found,) = back(numbers)
    return moving.added(reading, x, updates, np.asarray(found).astype(int) - 1)


def is_of_whole_numbers(name: str, kind: str) -> bool:
    """Return whether a primitive of numbers of a kind is another function than the row."""
    return kind in "iu" and name in _WHOLE
