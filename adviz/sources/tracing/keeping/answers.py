"""How traced arrays that stay arrays answer NumPy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import signature
from sys import _getframe
from typing import Any

from adviz.errors import TracingError
from adviz.sources.tracing.arrays import elements
from adviz.sources.tracing.keeping.functions import FUNCTIONS
from adviz.sources.tracing.keeping.rows import held, shape_of
from adviz.sources.tracing.library import full_name
from adviz.sources.tracing.places import spot
from adviz.sources.tracing.traced import TracedValue
from adviz.sources.tracing.ufuncs import elementwise

_REDUCED = {"add": "np.sum", "maximum": "np.max", "minimum": "np.min", "multiply": "np.prod"}


def universal(ufunc: Any, method: str, inputs: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
    """Return a ufunc of whole arrays, or what it reduces them to."""
    rest = {key: value for key, value in options.items() if value is not None and key != "dtype"}
    if method == "reduce" and ufunc.__name__ in _REDUCED:
        return called(_REDUCED[ufunc.__name__], inputs, {"axis": 0, **options} | rest)
    if method != "__call__" or rest:
        raise TracingError(
            f"{full_name(ufunc)}{'' if method == '__call__' else f'.{method}'}"
            f"{f' with {next(iter(rest))}=' if rest else ''} does not keep arrays; "
            f"{spot(_getframe(1))}; leave arrays=True out to trace every element"
        )
    if ufunc.signature is not None:
        return called(full_name(ufunc), inputs, {})
    tape = next(elements(inputs)).tape
    return elementwise(ufunc)(*[held(tape, one) for one in inputs])


def common(function: Any, args: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
    """Return a function of NumPy or SciPy of whole arrays."""
    return called(full_name(function), args, options)


def called(name: str, args: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
    """Return a function by its full name; raise TracingError for one that keeps no arrays."""
    function = FUNCTIONS.get(name)
    if function is None:
        known = ", ".join(sorted(one for one in FUNCTIONS if "." in one))
        raise TracingError(
            f"{name} does not keep arrays; {spot(_getframe(1))}; leave arrays=True out to trace "
            f"every element. What keeps them: operators, ufuncs with a row, and {known}"
        )
    given = {key: value for key, value in options.items() if not _is_default(key, value)}
    try:
        signature(function).bind(*args, **given)
    except TypeError as error:
        raise TracingError(f"{name} cannot be traced so: {error}; {spot(_getframe(1))}") from None
    return function(*args, **given)


def _is_default(key: str, value: Any) -> bool:
    """Return whether an option is what NumPy passes on when nothing is asked."""
    return type(value).__name__ == "_NoValueType" or (key in ("out", "dtype") and value is None)


def attribute(value: TracedValue, name: str, _: Any) -> Any:
    """Return what a number has as an array without axes has it; None for anything else."""
    known: Mapping[str, Callable[[], Any]] = {
        "shape": lambda: shape_of(value),
        "ndim": lambda: 0,
        "size": lambda: 1,
        "T": lambda: value,
        "sum": lambda: lambda *_, **__: value,
        "mean": lambda: lambda *_, **__: value,
        "item": lambda: lambda: value,
        "reshape": lambda: lambda *shape: FUNCTIONS["np.reshape"](value, *shape),
    }
    return known[name]() if name in known else None


def functions() -> Mapping[str, Callable[..., Any]]:
    """Return the functions that keep arrays, by their full names."""
    return FUNCTIONS
