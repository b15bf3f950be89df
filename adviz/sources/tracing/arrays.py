"""Arrays of traced values, which NumPy asks what its functions do to them.

Imported only where NumPy is already in use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from sys import _getframe
from types import FrameType
from typing import Any

import numpy as np

from adviz.errors import TracingError
from adviz.sources.tracing.calls import where
from adviz.sources.tracing.kinds import cast, dtype_of, plain_key
from adviz.sources.tracing.library import full_name
from adviz.sources.tracing.places import is_library, spot
from adviz.sources.tracing.traced import TracedValue
from adviz.sources.tracing.ufuncs import elementwise, many

Options = Mapping[str, Any]
_IN_PLACE = frozenset({"copyto", "fill_diagonal", "place", "put", "put_along_axis", "putmask"})


class Vector(np.ndarray[Any, Any]):
    """An array that may hold traced values: indexing, slicing, arithmetic and `@` work.

    >>> import adviz
    >>> adviz.build(lambda x: (x[1:] - x[:-1]) @ x[1:], shapes={"x": 3})
    <Graph (x0, x1, x2) -> f: 8 nodes>
    """

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(key if type(key) in _PLAIN_KEYS else plain_key(key))

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(key if type(key) in _PLAIN_KEYS else plain_key(key), value)

    @property
    def dtype(self) -> Any:
        """The dtype of the numbers, as the author's code would see it; NumPy sees objects."""
        held = _held_dtype(self)
        return held if is_library(_getframe(1).f_code) else dtype_of(self.view(np.ndarray))

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        result = universal(ufunc, method, inputs, options)
        name_elements(result, _getframe(1))
        return result

    def __array_function__(self, function: Any, _: Any, args: Any, options: Any) -> Any:
        return common(function, args, options)

    def astype(self, dtype: Any, *_: Any, **__: Any) -> Any:
        """Return a copy of another dtype."""
        if not is_traced(self):
            return fillable(plain(self).astype(dtype))
        return vectorised(np.frompyfunc(cast(dtype), 1, 1)(objects(self)))

    def round(self, *args: Any, **options: Any) -> Any:
        """Return the elements rounded to so many decimal digits."""
        if is_traced(self):
            return super().round(*args, **options)
        return fillable(plain(self).round(*args, **options))

    def argsort(self, *args: Any, **options: Any) -> Any:
        """Return the indices in the order of the elements."""
        return np.argsort(self, *args, **options)

    def argmax(self, *args: Any, **options: Any) -> Any:
        """Return the index of the greatest element."""
        return np.argmax(self, *args, **options)

    def argmin(self, *args: Any, **options: Any) -> Any:
        """Return the index of the least element."""
        return np.argmin(self, *args, **options)

    def var(self, *args: Any, **options: Any) -> Any:
        """Return the variance."""
        return np.var(self, *args, **options)

    def std(self, *args: Any, **options: Any) -> Any:
        """Return the standard deviation."""
        return np.std(self, *args, **options)


_PLAIN_KEYS = frozenset({int, slice, type(Ellipsis), type(None)})
_held_dtype = np.ndarray.dtype.__get__


def vector(values: Sequence[Any], shape: tuple[int, ...]) -> Vector:
    """Return an argument's traced values as an array, so that NumPy's numbers are about."""
    for value in values:
        value.tape.scalar = np.float64
    held = np.empty(len(values), dtype=object)
    for place, value in enumerate(values):  # held[:] = values asks each whether it is a sequence
        held[place] = value
    return held.reshape(shape).view(Vector)


def name_elements(result: object, frame: Any) -> None:
    """Name the elements of a vector after the local that takes it: a0, a1, …"""
    if not isinstance(result, Vector) or result.ndim != 1 or frame is None:
        return
    tape = next((v.tape for v in result.flat if isinstance(v, TracedValue)), None)
    for local in tape.taking(frame) if tape is not None else ():
        tape.locals.update(  # type: ignore[union-attr]  # without a tape there is no local
            {f"{local}{i}": v.node for i, v in enumerate(result.flat) if isinstance(v, TracedValue)}
        )


def elements(value: object) -> Iterator[TracedValue]:
    """Yield the traced values that a value is or holds, in arrays, lists and tuples."""
    if isinstance(value, TracedValue):
        yield value
    elif isinstance(value, np.ndarray):
        if value.dtype == object:
            yield from (one for one in value.flat if isinstance(one, TracedValue))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from elements(one)


def is_traced(value: object) -> bool:
    """Return whether a value is traced or holds a traced value, in arrays, lists and tuples."""
    return isinstance(value, TracedValue) or next(elements(value), None) is not None


def universal(ufunc: Any, method: str, inputs: tuple[Any, ...], options: Options) -> Any:
    """Return a ufunc, or its reduce, accumulate or outer, of arrays with traced values.

    Raises TracingError for a ufunc that has no row.
    """
    out, mask = options.get("out"), options.get("where", True)
    if method == "at":
        return _at(ufunc, *inputs)
    traced = next(elements(inputs), None)
    if traced is not None and traced.tape.arrays:
        return traced.tape.answers.universal(ufunc, method, inputs, options)
    if traced is None:
        result = getattr(ufunc, method)(*map(plain, inputs), **_plain(options))
        return _filled(fillable(result), out, mask)
    if method == "__call__":
        return _filled(_called(ufunc, inputs, options, _getframe(1)), out, mask)
    if method not in ("reduce", "accumulate", "outer"):
        raise TracingError(f"{full_name(ufunc)}.{method} cannot be traced; {spot(_getframe(1))}")
    return _filled(_folded(ufunc, method, inputs, options), out)


def _called(ufunc: Any, inputs: tuple[Any, ...], options: Options, frame: FrameType) -> Any:
    """Return a ufunc of arrays, at least one of which has traced values."""
    if ufunc.signature is not None:
        return _of_vectors(ufunc, inputs, options)
    if set(ufunc.types[0]) == {"O", "-", ">"}:  # np.frompyfunc made it of a Python function
        return vectorised(ufunc(*map(objects, inputs)))
    if not any(isinstance(one, np.ndarray | list | tuple) for one in inputs):
        return elementwise(ufunc)(*inputs)
    function = many(ufunc, next(elements(inputs)).tape, frame)
    return vectorised(np.frompyfunc(function, ufunc.nin, ufunc.nout)(*map(objects, inputs)))


def _of_vectors(ufunc: Any, inputs: tuple[Any, ...], options: Options) -> Any:
    """Return a ufunc that takes whole vectors or matrices, such as np.matmul."""
    name, traced = full_name(ufunc), next(elements(inputs))
    own = traced.tape.answers.functions().get(name)
    if own is None:
        raise TracingError(f"{name} cannot be traced; {spot(_getframe(1))}")
    return own(*inputs, **{key: value for key, value in options.items() if key != "out"})


def _at(ufunc: Any, target: Any, indices: Any, *values: Any) -> None:
    """Apply a ufunc in place at indices, which may repeat."""
    if not isinstance(target, Vector):
        raise TracingError(
            f"{full_name(ufunc)}.at cannot put traced values into an array that was not made in "
            f"the traced function; {spot(_getframe(1))}; copy it there with np.array"
        )
    made = np.frompyfunc(elementwise(ufunc), ufunc.nin, 1)
    made.at(target.view(np.ndarray), indices, *map(objects, values))


def _folded(ufunc: Any, method: str, inputs: tuple[Any, ...], options: Options) -> Any:
    """Return a ufunc's reduce, accumulate or outer."""
    rest = {key: value for key, value in options.items() if key not in ("dtype", "out", "where")}
    held = [objects(value) for value in inputs]
    if options.get("dtype") is not None:
        held[0] = objects(mapped(cast(options["dtype"]), 1, 1, held[:1]))
    if options.get("where", True) is not True:
        held[0] = _let_through(options["where"], held[0], options.get("initial", ufunc.identity))
    if method == "reduce" and rest.get("axis", 0) is None and not rest.get("keepdims"):
        held[0], rest["axis"] = held[0].ravel(), 0
    function = many(ufunc, next(elements(inputs)).tape, _getframe(1))
    made = np.frompyfunc(function, 2, 1, identity=ufunc.identity)
    return vectorised(getattr(made, method)(*held, **rest))


def _let_through(mask: Any, held: Any, identity: Any) -> Any:
    """Return the elements of a reduction that `where=` lets through, and what changes nothing."""
    if identity is None:
        raise TracingError(f"where= needs initial= here; {spot(_getframe(1))}")
    return objects(mapped(where, 3, 1, (mask, held, identity)))


def common(function: Any, args: tuple[Any, ...], options: Options) -> Any:
    """Return a NumPy function that is not a ufunc, of arrays with traced values."""
    traced = next(elements((*args, *options.values())), None)
    if traced is None and function.__name__ not in _IN_PLACE:
        return function(*map(plain, args), **_plain(options))
    if traced is not None and traced.tape.arrays:
        return traced.tape.answers.common(function, args, options)
    functions = {} if traced is None else traced.tape.answers.functions()
    own = functions.get(full_name(function))
    if own is not None:
        return own(*args, **options)
    held = [_held(value) for value in args]
    rest = {key: _held(value) for key, value in options.items()}
    probe = np.empty(0, dtype=object).view(Vector)
    result = np.ndarray.__array_function__(probe, function, (Vector,), tuple(held), rest)
    return vectorised(result)


def plain(value: Any) -> Any:
    """Return an array without traced values as an array of floats, in a list or tuple too."""
    if type(value) in (list, tuple):
        return type(value)(map(plain, value))
    if not isinstance(value, Vector):
        return value
    held = value.view(np.ndarray)
    return np.array(held.tolist(), dtype=None if held.size else float).reshape(held.shape)


def _plain(options: Options) -> dict[str, Any]:
    return {key: plain(value) for key, value in options.items() if key != "out"}


def fillable(result: Any) -> Any:
    """Return floats as an array that traced values can be assigned to."""
    floats = isinstance(result, np.ndarray) and result.dtype.kind == "f" and result.ndim
    return result.astype(object).view(Vector) if floats else result


def _filled(result: Any, out: Any, mask: Any = True) -> Any:
    """Write a result into the array that `out=` names, as `x += y` does, where `where=` says."""
    target = out[0] if isinstance(out, tuple) else out
    if target is None and mask is not True:
        raise TracingError(f"where= needs out= when it is traced; {spot(_getframe(1))}")
    if target is None:
        return result
    if mask is True:
        target[...] = result
    else:
        target[plain(mask)] = objects(result)[plain(mask)]
    return target


def objects(value: Any) -> Any:
    """Return a value as a bare array of objects."""
    if isinstance(value, TracedValue):
        held = np.empty((), dtype=object)
        held[()] = value
        return held
    return np.asarray(value, dtype=object).view(np.ndarray)


def _held(value: Any) -> Any:
    """Return a value with the traced ones in it as arrays, so that NumPy asks us about them."""
    if isinstance(value, list | tuple) and is_traced(value):
        flat = all(not isinstance(one, np.ndarray | list | tuple) for one in value)
        return as_vector(value) if flat else type(value)(map(_held, value))
    return objects(value).view(Vector) if isinstance(value, TracedValue) else value


def as_vector(value: Any) -> Any:
    """Return nested lists with traced values as an array."""
    return np.array(value, dtype=object).view(Vector)


def vectorised(result: Any) -> Any:
    """Return an array of objects as one of traced values, a single one as itself."""
    if isinstance(result, tuple | list):
        return type(result)(map(vectorised, result))
    if not isinstance(result, np.ndarray) or result.dtype != object:
        return result
    empty = not result.ndim and result[()] is None  # np.empty_like of a number
    return result.view(Vector) if result.ndim or empty else result[()]


def mapped(function: Callable[..., Any], nin: int, nout: int, inputs: Sequence[Any]) -> Any:
    """Return a function of every element, or of the numbers themselves when none is an array."""
    if not any(isinstance(one, np.ndarray | list | tuple) for one in inputs):
        return function(*inputs)
    return vectorised(np.frompyfunc(function, nin, nout)(*map(objects, inputs)))


def each(function: Callable[..., Any], args: Sequence[Any]) -> Any:
    """Return a function of plain or traced numbers, applied to every element of arrays."""
    result = mapped(function, len(args), 1, args)
    return result if is_traced(result) else plain(result)


def flattened(value: np.ndarray[Any, Any]) -> Iterator[Any]:
    """Return the elements of an array in order."""
    return iter(np.asarray(value).view(np.ndarray).ravel().tolist())
