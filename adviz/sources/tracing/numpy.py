"""What a function sees in place of NumPy's and SciPy's, so that lists may hold traced values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from sys import _getframe
from types import FrameType
from typing import Any

import numpy as np

from adviz.errors import TracingError
from adviz.sources.tracing.arrays import (
    Vector,
    as_vector,
    elements,
    fillable,
    is_traced,
    name_elements,
    objects,
    plain,
    vectorised,
)
from adviz.sources.tracing.distributions import Frozen
from adviz.sources.tracing.kinds import cast, dtype_of, plain_key
from adviz.sources.tracing.library import full_name, is_distribution, is_frozen, library
from adviz.sources.tracing.places import spot
from adviz.sources.tracing.recorder import Recorder
from adviz.sources.tracing.traced import TracedValue
from adviz.sources.tracing.ufuncs import row_of
from adviz.sources.tracing.whole import TracedInteger


class Converted:
    """A function of a library for traced code: lists of traced values become arrays first."""

    def __init__(self, original: Any, name: str) -> None:
        self._original, self._name = original, name
        self._function = _answered(original, name)

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Return the function of arrays."""
        return self._of(args, options, _getframe(1))

    def _of(self, args: tuple[Any, ...], options: dict[str, Any], frame: FrameType) -> Any:
        tape = keeping(args)
        if tape is not None and not _is_universal(self._original):
            result = tape.answers.common(self._original, args, options)
            tape.name(result, frame)
            return result
        held = [as_vector(a) if isinstance(a, list | tuple) and _flat(a) else a for a in args]
        if self._name in _BY_INDEX:
            held = list(map(_counts, held))
        result = self._function(*held, **options)
        name_elements(result, frame)
        if isinstance(result, TracedValue):
            result.tape.name(result, frame)
        return result

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._original, name)
        return Converted(found, f"{self._name}.{name}") if callable(found) else found


def _is_universal(function: Any) -> bool:
    """Return whether a function is a ufunc or a method of one, which asks its arguments itself."""
    return isinstance(getattr(function, "__self__", function), np.ufunc)


def keeping(values: tuple[Any, ...]) -> Recorder | None:
    """Return the tape of traced values for which an array is one value; None: there are none."""
    traced = next(elements(values), None)
    return traced.tape if traced is not None and traced.tape.arrays else None


def _answered(original: Callable[..., Any], name: str) -> Callable[..., Any]:
    """Return what answers a call: our own function where there is one and anything is traced.

    Of SciPy's functions only those known to do are left to traced arrays: much of SciPy is
    compiled and does not look at what an array holds. A ufunc asks its arguments itself.
    """
    if _is_universal(original):
        return original

    scipy = name.startswith("scipy.")

    def answer(*args: Any, **options: Any) -> Any:
        if not is_traced((*args, *options.values())):
            return _plainly(original, args, options) if scipy else original(*args, **options)
        from adviz.sources.tracing.array_functions import COMPOSED, FUNCTIONS

        own = FUNCTIONS.get(name)
        if own is not None:
            return own(*args, **options)
        if scipy and name not in COMPOSED:
            raise TracingError(
                f"{name} cannot be traced; {spot(_getframe(1))}; docs/language.md lists what can"
            )
        return vectorised(original(*args, **options))

    return answer


def _plainly(original: Callable[..., Any], args: Sequence[Any], options: Mapping[str, Any]) -> Any:
    """Return a function of arrays without traced values, which asks no array what to do."""
    rest = {key: plain(value) for key, value in options.items()}
    return original(*map(plain, args), **rest)


class Distribution(Converted):
    """A distribution of SciPy for traced code, which may be given its parameters first."""

    def __call__(self, *args: Any, **options: Any) -> Frozen:
        """Return the distribution with its parameters."""
        return Frozen(self._original, self, args, options)


class Universal(Converted):
    """A ufunc for traced code: numbers need not go through NumPy."""

    def __init__(self, original: np.ufunc) -> None:
        super().__init__(original, full_name(original))
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
    return is_traced(values) and not _holds_arrays(values)


def _holds_arrays(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(map(_holds_arrays, value))
    return isinstance(value, np.ndarray) and value.ndim > 0


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
        tape = keeping((value,))
        if tape is not None:
            return tape.answers.common(np.array, (value,), {})
        if not is_traced(value):
            made = original(plain(value), dtype=dtype, **options)
            return fillable(made) if original is np.array or type(value) is list else made
        element = None if dtype is None else cast(dtype)
        if element is None and isinstance(value, Vector) and original is not np.array:
            return value
        held = objects(value) if isinstance(value, TracedValue) else as_vector(value)
        return (held if element is None else np.frompyfunc(element, 1, 1)(objects(held))).view(
            Vector
        )

    return convert


def _from_iterable(iterable: Any, dtype: Any, count: int = -1, **options: Any) -> Any:
    """Return np.fromiter of values that may be traced."""
    values = list(iterable)
    if not is_traced(values):
        return np.fromiter(values, dtype, count, **options)
    return as_vector(values if count < 0 else values[:count])


class Vectorised:
    """What traced code sees of an np.vectorize, whose function may return traced values."""

    def __init__(self, made: Any, of: Callable[[Any], Any]) -> None:
        self._made, self._of = made, of

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Return the function of every element."""
        if not is_traced((*args, *options.values())):
            return self._made(*map(plain, args), **options)
        known = {"excluded": self._made.excluded, "signature": self._made.signature}
        kinds = self._made.otypes and "O" * len(self._made.otypes)
        traced = np.vectorize(self._of(self._made.pyfunc), kinds, **known)
        return vectorised(traced(*args, **options))


def _vectorize(*args: Any, **options: Any) -> Vectorised:
    """Return np.vectorize of a function that traced code made, and that is followed already."""
    return Vectorised(np.vectorize(*args, **options), lambda function: function)


_BY_INDEX = frozenset(
    f"np.{name}"
    for names in ("take take_along_axis bincount choose", "delete insert repeat unravel_index tri")
    for name in names.split()
)
"""Functions of whole numbers that must be known: those at the followed point."""
_MAKERS = (np.zeros, np.ones, np.empty, np.full, np.eye, np.identity)
_LIKE = (np.zeros_like, np.ones_like, np.empty_like, np.full_like)
_ARRAYS = (np.array, np.asarray, np.asanyarray, np.ascontiguousarray)
_STAND_INS: dict[int, Any] = {
    **{id(maker): _created(maker) for maker in _MAKERS},
    **{id(maker): _like(maker) for maker in _LIKE},
    **{id(maker): _array(maker) for maker in _ARRAYS},
    id(np.fromiter): _from_iterable,
    id(np.vectorize): _vectorize,
}


def stand_in(original: Any, of: Callable[[Any], Any]) -> Any:
    """Return what traced code sees in place of a library's function; `of` gives that of any value.

    What needs no stand-in is returned as it is.
    """
    found = _STAND_INS.get(id(original))
    if found is not None:
        return found
    if isinstance(original, np.vectorize):
        return Vectorised(original, of)
    if isinstance(original, np.ufunc):
        return Universal(original)
    if is_distribution(original):
        return Distribution(original, full_name(original))
    if is_frozen(original):
        return stand_in(original.dist, of)(*original.args, **original.kwds)
    usual = callable(original) and not isinstance(original, type)
    return Converted(original, full_name(original)) if usual and library(original) else original
