"""NumPy under trace: arrays of traced values, and what NumPy's functions mean for them.

Imported only where NumPy is already in use.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial, reduce
from sys import _getframe
from typing import Any, NoReturn

import numpy as np

from adviz.errors import TracingError
from adviz.places import author, spot
from adviz.primitives import TABLE, spellings
from adviz.traced import Condition, Value, call, extreme, where

Options = Mapping[str, Any]


class Vector(np.ndarray[Any, Any]):
    """An array that may hold traced values: indexing, slicing, arithmetic and `@` work.

    >>> import adviz
    >>> adviz.build(lambda x: (x[1:] - x[:-1]) @ x[1:], shapes={"x": 3})
    <Graph (x0, x1, x2) -> f: 8 nodes>
    """

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, Vector):
            key = np.array([bool(one) for one in key.flat]).reshape(key.shape)
        return super().__getitem__(key)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        result = universal(ufunc, method, inputs, options)
        name_elements(result, author(_getframe(1)))
        return result

    def __array_function__(self, function: Any, _: Any, args: Any, options: Any) -> Any:
        return common(function, args, options)

    def astype(self, *_: Any, **__: Any) -> Any:
        """Return a copy: a traced value stands for a float already."""
        return self.copy()

    def var(self, *args: Any, **options: Any) -> Any:
        """Return the variance."""
        return _variance(self, *args, **options)

    def std(self, *args: Any, **options: Any) -> Any:
        """Return the standard deviation."""
        return _deviation(self, *args, **options)


def vector(values: Sequence[Any], shape: tuple[int, ...]) -> Vector:
    """Return traced values as an array."""
    held = np.empty(len(values), dtype=object)
    held[:] = values
    return held.reshape(shape).view(Vector)


def name_elements(result: object, frame: Any) -> None:
    """Name the elements of a vector after the local that takes it: a0, a1, …"""
    if not isinstance(result, Vector) or result.ndim != 1 or frame is None:
        return
    tape = next((v.tape for v in result.flat if isinstance(v, Value)), None)
    for local in tape.taking(frame) if tape is not None else ():
        tape.locals.update(  # type: ignore[union-attr]  # without a tape there is no local
            {f"{local}{i}": v.node for i, v in enumerate(result.flat) if isinstance(v, Value)}
        )


def is_traced(value: object) -> bool:
    """Return whether a value is traced or holds a traced value, in arrays, lists and tuples."""
    if isinstance(value, Value):
        return True
    if isinstance(value, np.ndarray):
        return value.dtype == object and any(isinstance(one, Value) for one in value.flat)
    return isinstance(value, list | tuple) and any(map(is_traced, value))


def universal(ufunc: Any, method: str, inputs: tuple[Any, ...], options: Options) -> Any:
    """Return a ufunc, or its reduce, accumulate or outer, of arrays with traced values.

    Raises TracingError for a ufunc that has no row.
    """
    out = options.get("out")
    if not any(map(is_traced, inputs)):
        return _filled(_untraced(getattr(ufunc, method)(*map(plain, inputs), **_plain(options))), out)
    if ufunc.__name__ == "matmul" and method == "__call__":
        return _filled(_vectorised(np.matmul(*map(_objects, inputs))), out)
    function = _elementwise(ufunc)
    if method == "__call__":
        return _filled(_each(function, ufunc.nin, ufunc.nout, inputs), out)
    if method not in ("reduce", "accumulate", "outer"):
        raise TracingError(f"np.{ufunc.__name__}.{method} cannot be traced; {spot(_getframe(1))}")
    rest = {key: value for key, value in options.items() if key not in ("dtype", "out")}
    held = [_objects(value) for value in inputs]
    if method == "reduce" and rest.get("axis", 0) is None and not rest.get("keepdims"):
        held[0], rest["axis"] = held[0].ravel(), 0
    made = np.frompyfunc(function, 2, 1, identity=ufunc.identity)
    return _filled(_vectorised(getattr(made, method)(*held, **rest)), out)


def common(function: Any, args: tuple[Any, ...], options: Options) -> Any:
    """Return a NumPy function that is not a ufunc, of arrays with traced values."""
    traced = any(map(is_traced, (*args, *options.values())))
    if not traced and function.__name__ not in _IN_PLACE:
        return function(*map(plain, args), **_plain(options))
    own = _FUNCTIONS.get(function.__name__)
    if own is not None:
        return own(*args, **options)
    held = [_held(value) for value in args]
    rest = {key: _held(value) for key, value in options.items()}
    probe = np.empty(0, dtype=object).view(Vector)
    try:
        result = np.ndarray.__array_function__(probe, function, (Vector,), tuple(held), rest)
    except TypeError as error:
        problem = f"np.{function.__name__} cannot be traced: {error}"
        raise TracingError(f"{problem}; {spot(_getframe(1))}") from error
    return _vectorised(result)


def plain(value: Any) -> Any:
    """Return an array without traced values as an array of floats."""
    if not isinstance(value, Vector):
        return value
    held = value.view(np.ndarray)
    return np.array(held.tolist(), dtype=None if held.size else float).reshape(held.shape)


def _plain(options: Options) -> dict[str, Any]:
    return {key: plain(value) for key, value in options.items() if key != "out"}


def _untraced(result: Any) -> Any:
    """Return floats as an array that traced values can be assigned to."""
    floats = isinstance(result, np.ndarray) and result.dtype.kind == "f" and result.ndim
    return result.astype(object).view(Vector) if floats else result


def _filled(result: Any, out: Any) -> Any:
    """Write a result into the array that `out=` names, as `x += y` does."""
    target = out[0] if isinstance(out, tuple) else out
    if target is None:
        return result
    target[...] = result
    return target


def _objects(value: Any) -> Any:
    """Return a value as a bare array of objects."""
    if isinstance(value, Value):
        held = np.empty((), dtype=object)
        held[()] = value
        return held
    return np.asarray(value, dtype=object).view(np.ndarray)


def _held(value: Any) -> Any:
    """Return a value with the traced ones in it as arrays, so that NumPy asks us about them."""
    if isinstance(value, list | tuple) and is_traced(value):
        flat = all(not isinstance(one, np.ndarray | list | tuple) for one in value)
        return as_vector(value) if flat else type(value)(map(_held, value))
    return _objects(value).view(Vector) if isinstance(value, Value) else value


def as_vector(value: Any) -> Any:
    """Return nested lists with traced values as an array."""
    return np.array(value, dtype=object).view(Vector)


def _vectorised(result: Any) -> Any:
    """Return an array of objects as one of traced values, a single one as itself."""
    if isinstance(result, tuple | list):
        return type(result)(map(_vectorised, result))
    if not isinstance(result, np.ndarray) or result.dtype != object:
        return result
    empty = not result.ndim and result[()] is None  # np.empty_like of a number
    return result.view(Vector) if result.ndim or empty else result[()]


def _each(function: Callable[..., Any], nin: int, nout: int, inputs: Sequence[Any]) -> Any:
    """Return a function of every element, or of the numbers themselves when none is an array."""
    if not any(isinstance(one, np.ndarray | list | tuple) for one in inputs):
        return function(*inputs)
    return _vectorised(np.frompyfunc(function, nin, nout)(*map(_objects, inputs)))


def each(function: Callable[..., Any], args: Sequence[Any]) -> Any:
    """Return a function of plain or traced numbers, applied to every element of arrays."""
    result = _each(function, len(args), 1, args)
    return result if is_traced(result) else plain(result)


def _elementwise(ufunc: Any) -> Callable[..., Any]:
    """Return what a ufunc does to numbers, at least one of which may be traced."""
    name = _RENAMED.get(ufunc.__name__, ufunc.__name__)
    traced = _UNIVERSAL.get(name)
    if traced is None and name in _MEANINGS:
        traced = partial(call, name)
    if traced is None:
        raise TracingError(
            f"np.{name} has no derivative here ({spot(_getframe(1))}); "
            "see adviz.functions for what there is, or bring your own with adviz.primitive"
        )
    known = traced

    def element(*args: Any) -> Any:
        if not any(isinstance(a, Value) for a in args):
            return ufunc(*args)
        return known(*[a.item() if isinstance(a, np.generic) else a for a in args])

    return element


def _truth(value: Any) -> Any:
    """Return a condition, a number being true where it is not 0."""
    return value if isinstance(value, Condition | bool | np.bool_) else value != 0


_IN_PLACE = frozenset({"copyto", "fill_diagonal", "place", "put", "put_along_axis", "putmask"})
_MEANINGS = spellings(TABLE.values())
_RENAMED = {"psi": "digamma", "true_divide": "divide"}
_UNIVERSAL: dict[str, Callable[..., Any]] = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "divide": operator.truediv,
    "floor_divide": operator.floordiv,
    "remainder": operator.mod,
    "divmod": divmod,
    "power": operator.pow,
    "float_power": operator.pow,
    "negative": operator.neg,
    "positive": operator.pos,
    "square": lambda x: x**2,
    "reciprocal": lambda x: 1 / x,
    "less": operator.lt,
    "less_equal": operator.le,
    "greater": operator.gt,
    "greater_equal": operator.ge,
    "equal": operator.eq,
    "not_equal": operator.ne,
    "logical_and": lambda c, d: _truth(c) & _truth(d),
    "logical_or": lambda c, d: _truth(c) | _truth(d),
    "logical_xor": lambda c, d: _truth(c) ^ _truth(d),
    "logical_not": lambda c: ~_truth(c),
    "bitwise_and": operator.and_,
    "bitwise_or": operator.or_,
    "bitwise_xor": operator.xor,
    "invert": operator.invert,
    "maximum": lambda x, y: extreme("max", (x, y)),
    "minimum": lambda x, y: extreme("min", (x, y)),
    "fmax": lambda x, y: extreme("max", (x, y)),
    "fmin": lambda x, y: extreme("min", (x, y)),
    "clip": lambda x, low, high: np.minimum(np.maximum(x, low), high),
    "conjugate": operator.pos,
    "heaviside": lambda x, half: where(x < 0, 0, where(x > 0, 1, half)),
    "isfinite": lambda _: True,
    "isnan": lambda _: False,
    "isinf": lambda _: False,
}
"""The ufuncs that no row is named after; a traced value stands for a finite number."""


def _where(condition: Any, *branches: Any) -> Any:
    if len(branches) != 2:
        raise TracingError(f"np.where needs both branches; {spot(_getframe(1))}")
    return _each(where, 3, 1, (condition, *branches))


def _select(conditions: Sequence[Any], choices: Sequence[Any], default: Any = 0) -> Any:
    pairs = list(zip(conditions, choices, strict=True))[::-1]
    return reduce(lambda otherwise, pair: _where(*pair, otherwise), pairs, default)


def _clip(x: Any, a_min: Any = None, a_max: Any = None, **options: Any) -> Any:
    low, high = options.get("min", a_min), options.get("max", a_max)
    raised = x if low is None else np.maximum(x, low)
    return raised if high is None else np.minimum(raised, high)


def _sinc(x: Any) -> Any:
    """Return sin(pi x)/(pi x): NumPy's sinc, where the table's is sin(x)/x."""
    return call("sinc", np.pi * x) if isinstance(x, Value) else np.sinc(x)


def _variance(x: Any, axis: Any = None, *, ddof: int = 0, keepdims: bool = False, **_: Any) -> Any:
    held = as_vector(x)
    count = held.size if axis is None else np.size(held.view(np.ndarray), axis)
    squares = (held - np.mean(held, axis=axis, keepdims=True)) ** 2
    return np.sum(squares, axis=axis, keepdims=keepdims) / (count - ddof)


def _deviation(x: Any, axis: Any = None, **options: Any) -> Any:
    return np.sqrt(_variance(x, axis, **options))


def _norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """Return a vector norm; hypot has a derivative at the origin where a root has none."""
    held = as_vector(x)
    if axis is None and (ord is None or held.ndim == 1):
        held = held.ravel()
    elif axis is None or isinstance(axis, tuple):
        raise TracingError(f"only norms of vectors can be traced; {spot(_getframe(1))}")
    options = {"axis": 0 if axis is None else axis, "keepdims": keepdims}
    magnitudes = np.abs(held)
    if ord in (None, 2):
        return np.hypot.reduce(held if held.size > 1 else magnitudes, **options)
    if ord in (np.inf, -np.inf):
        return (np.maximum if ord > 0 else np.minimum).reduce(magnitudes, **options)
    powers = magnitudes if ord == 1 else magnitudes**ord
    total = np.add.reduce(powers, **options)
    return total if ord == 1 else total ** (1 / ord)


def _by_order(function: Callable[..., Any]) -> Callable[..., NoReturn]:
    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise TracingError(
            f"{function.__name__} orders traced values, which have no order yet; "
            f"{spot(_getframe(1))}; use adviz.functions.min, max or where"
        )

    return refuse


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "where": _where,
    "select": _select,
    "clip": _clip,
    "var": _variance,
    "std": _deviation,
    "norm": _norm,
    "sinc": lambda x: _each(_sinc, 1, 1, (x,)),
    "dot": lambda a, b: np.multiply(a, b) if not (np.ndim(a) and np.ndim(b)) else _dot(a, b),
    **{f.__name__: _by_order(f) for f in (np.sort, np.argsort, np.argmax, np.argmin, np.median)},
}
"""The functions that NumPy itself would compute by floats, in a way that traced values cannot go."""


def _dot(a: Any, b: Any) -> Any:
    return _vectorised(np.dot(_objects(a), _objects(b)))


class Converted:
    """A NumPy function for traced code: lists of traced values become arrays first."""

    def __init__(self, original: Any) -> None:
        self._original = original

    def __call__(self, *args: Any, **options: Any) -> Any:
        held = [as_vector(a) if isinstance(a, list | tuple) and _flat(a) else a for a in args]
        result = self._original(*held, **options)
        if isinstance(result, Value):
            result.tape.name(result, _getframe(1))
        return result

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._original, name)
        return Converted(found) if callable(found) else found


def _flat(values: Sequence[Any]) -> bool:
    """Return whether a list is an array of numbers, some of them traced, row by row."""
    return is_traced(values) and not any(isinstance(one, np.ndarray) and one.ndim for one in values)


def _created(original: Callable[..., Any]) -> Callable[..., Any]:
    """Return a maker of filled arrays whose floats can be replaced by traced values."""

    def create(*args: Any, dtype: Any = None, **options: Any) -> Any:
        if dtype is None or np.dtype(dtype).kind == "f":
            if is_traced((*args, *options.values())):
                return original(*args, dtype=object, **options).view(Vector)
            return _untraced(original(*args, dtype=dtype, **options))
        return original(*args, dtype=dtype, **options)

    return create


def _array(original: Callable[..., Any]) -> Callable[..., Any]:
    """Return a converter to arrays that keeps traced values."""

    def convert(value: Any, dtype: Any = None, **options: Any) -> Any:
        if not is_traced(value):
            return original(plain(value), dtype=dtype, **options)
        if dtype is not None and np.dtype(dtype).kind not in "fO":
            raise TracingError(f"traced values are floats, not {dtype}; {spot(_getframe(1))}")
        if isinstance(value, Vector) and original is not np.array:
            return value
        return _objects(value).view(Vector) if isinstance(value, Value) else as_vector(value)

    return convert


_MAKERS = (np.zeros, np.ones, np.empty, np.full)
_LIKE = (np.zeros_like, np.ones_like, np.empty_like, np.full_like)
_ARRAYS = (np.array, np.asarray, np.asanyarray, np.ascontiguousarray)
_STAND_INS: dict[int, Any] = {
    **{id(maker): _created(maker) for maker in (*_MAKERS, *_LIKE)},
    **{id(maker): _array(maker) for maker in _ARRAYS},
}


def stand_in(original: Any) -> Any:
    """Return what traced code sees in place of one of NumPy's functions."""
    found = _STAND_INS.get(id(original))
    if found is not None:
        return found
    module = getattr(original, "__module__", None) or ""
    of_numpy = isinstance(original, np.ufunc) or module.split(".")[0] == "numpy"
    usual = callable(original) and not isinstance(original, type)
    return Converted(original) if of_numpy and usual and "random" not in module else original


def flattened(value: np.ndarray[Any, Any]) -> Iterator[Any]:
    """Return the elements of an array in order."""
    return iter(value.view(np.ndarray).ravel().tolist())
