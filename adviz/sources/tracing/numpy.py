"""What a function sees in place of NumPy's own functions, so that lists may hold traced values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from sys import _getframe
from types import FrameType
from typing import Any

import numpy as np

from adviz.sources.tracing.arrays import (
    Vector,
    as_vector,
    fillable,
    is_traced,
    name_elements,
    objects,
    plain,
)
from adviz.sources.tracing.kinds import cast, dtype_of, plain_key
from adviz.sources.tracing.traced import TracedValue
from adviz.sources.tracing.ufuncs import row_of
from adviz.sources.tracing.whole import TracedInteger


class Converted:
    """A NumPy function for traced code: lists of traced values become arrays first."""

    def __init__(self, original: Any) -> None:
        self._original = original

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Return the function of arrays."""
        return self._of(args, options, _getframe(1))

    def _of(self, args: tuple[Any, ...], options: dict[str, Any], frame: FrameType) -> Any:
        held = [as_vector(a) if isinstance(a, list | tuple) and _flat(a) else a for a in args]
        if self._original.__name__ in _BY_INDEX:
            held = list(map(_counts, held))
        result = self._original(*held, **options)
        name_elements(result, frame)
        if isinstance(result, TracedValue):
            result.tape.name(result, frame)
        return result

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._original, name)
        return Converted(found) if callable(found) else found


class Universal(Converted):
    """A ufunc for traced code: numbers need not go through NumPy."""

    def __init__(self, original: np.ufunc) -> None:
        super().__init__(original)
        self._op = row_of(original) if original.nin == 1 else None

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Return the function of numbers or arrays."""
        if self._op is not None and len(args) == 1 and not options:
            (x,) = args
            if type(x) is TracedValue:
                return x.tape.add(self._op, (x.node,), _getframe(1), True)
        return self._of(args, options, _getframe(1))


def _counts(value: Any) -> Any:
    """Return an argument of a function that indexes or counts: whole numbers as they are."""
    known = isinstance(value, TracedInteger) or (
        isinstance(value, Vector) and dtype_of(value.view(np.ndarray)).kind in "bi"
    )
    return plain_key(value) if known else value


def _flat(values: Sequence[Any]) -> bool:
    """Return whether a list is an array of numbers, some of them traced, row by row."""
    return is_traced(values) and not any(isinstance(one, np.ndarray) and one.ndim for one in values)


def _created(original: Callable[..., Any]) -> Callable[..., Any]:
    """Return a maker of filled arrays whose floats can be replaced by traced values."""

    def create(*args: Any, **options: Any) -> Any:
        dtype = options.get("dtype")
        if dtype is None or np.dtype(dtype).kind == "f":
            if is_traced((*args, *options.values())):
                return original(*args, **{**options, "dtype": object}).view(Vector)
            return fillable(original(*args, **options))
        return original(*args, **options)

    return _by_name(create, original in (np.full, np.full_like))


def _by_name(create: Callable[..., Any], filled: bool) -> Callable[..., Any]:
    """Return a maker of arrays that may be given its dtype by position."""

    def positional(shape: Any, *args: Any, **options: Any) -> Any:
        first, rest = args[:filled], args[filled:]
        options |= zip(("dtype", "order"), rest, strict=False)
        return create(shape, *first, **options)

    return positional


def _like(original: Callable[..., Any]) -> Callable[..., Any]:
    """Return a maker of arrays of another one's shape and dtype."""
    create = _created(original)

    def like(prototype: Any, *args: Any, **options: Any) -> Any:
        if isinstance(prototype, Vector):
            bare = prototype.view(np.ndarray)
            prototype = np.empty(bare.shape, dtype_of(bare))
        return create(prototype, *args, **options)

    return like


def _array(original: Callable[..., Any]) -> Callable[..., Any]:
    """Return a converter to arrays that keeps traced values."""

    def convert(value: Any, dtype: Any = None, **options: Any) -> Any:
        if not is_traced(value):
            return original(plain(value), dtype=dtype, **options)
        element = None if dtype is None else cast(dtype)
        if element is None and isinstance(value, Vector) and original is not np.array:
            return value
        held = objects(value) if isinstance(value, TracedValue) else as_vector(value)
        return (held if element is None else np.frompyfunc(element, 1, 1)(objects(held))).view(
            Vector
        )

    return convert


_BY_INDEX = frozenset(
    "take take_along_axis bincount choose delete insert repeat unravel_index tri".split()
)
"""Functions of whole numbers that must be known: those at the followed point."""
_MAKERS = (np.zeros, np.ones, np.empty, np.full)
_LIKE = (np.zeros_like, np.ones_like, np.empty_like, np.full_like)
_ARRAYS = (np.array, np.asarray, np.asanyarray, np.ascontiguousarray)
_STAND_INS: dict[int, Any] = {
    **{id(maker): _created(maker) for maker in _MAKERS},
    **{id(maker): _like(maker) for maker in _LIKE},
    **{id(maker): _array(maker) for maker in _ARRAYS},
}


def stand_in(original: Any) -> Any:
    """Return what traced code sees in place of one of NumPy's functions."""
    found = _STAND_INS.get(id(original))
    if found is not None:
        return found
    if isinstance(original, np.ufunc):
        return Universal(original)
    module = getattr(original, "__module__", None) or ""
    of_numpy = module.split(".")[0] == "numpy"
    usual = callable(original) and not isinstance(original, type)
    return Converted(original) if of_numpy and usual and "random" not in module else original
