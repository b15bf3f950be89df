"""JAX's own rules for an operation that has no row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import numpy as np

from adviz.primitives.row import Foreign
from adviz.sources.frameworks.opaque import opaque, with_held
from adviz.sources.frameworks.reading import Held, Reading, Unreadable, Value


@contextmanager
def in_doubles() -> Iterator[None]:
    """Let JAX compute in double precision meanwhile."""
    enable = getattr(import_module("jax"), "enable_x64", None)
    if enable is None:
        enable = import_module("jax.experimental").enable_x64
    with enable(True):
        yield


def as_opaque(reading: Reading, equation: Any, values: list[Value]) -> list[Value]:
    """Return what a primitive gives, each part of it a node that JAX computes.

    Raises Unreadable for what is no function of real numbers.
    """
    kinds = {part.aval.dtype.kind for part in (*equation.invars, *equation.outvars)}
    if equation.effects or not kinds <= {*"fiub"}:
        raise Unreadable("of complex numbers" if "c" in kinds else "with effects")
    return [
        opaque(
            reading,
            equation.primitive.name,
            dict(enumerate(values)),
            tuple(part.aval.shape),
            _rules(equation, values, place),
            part.aval.dtype.kind == "f",
        )
        for place, part in enumerate(equation.outvars)
    ]


def _rules(equation: Any, values: list[Value], place: int) -> Foreign:
    """Return how JAX computes and differentiates one of a primitive's results."""
    jax = import_module("jax")
    kinds = [
        var.aval.dtype
        for var, value in zip(equation.invars, values, strict=True)
        if isinstance(value, Held)
    ]

    def function(*given: Any) -> Any:
        result = equation.primitive.bind(*with_held(values, given), **equation.params)
        return result[place] if equation.primitive.multiple_results else result

    def along(position: int, given: tuple[Any, ...]) -> tuple[Callable[..., Any], Any]:
        arrays = taken(given)
        before, after = arrays[:position], arrays[position + 1 :]
        return lambda x: function(*before, x, *after), arrays[position]

    def taken(given: tuple[Any, ...]) -> list[Any]:
        space = jax.numpy
        return [space.asarray(one, kind) for one, kind in zip(given, kinds, strict=True)]

    def value(*given: Any) -> Any:
        with in_doubles():
            return function(*taken(given))

    def jvp(position: int, tangent: Any, *given: Any) -> Any:
        with in_doubles():
            alone, x = along(position, given)
            t = np.broadcast_to(np.asarray(tangent, x.dtype), x.shape)
            return jax.jvp(alone, (x,), (jax.numpy.asarray(t),))[1]

    def vjp(position: int, adjoint: Any, *given: Any) -> Any:
        with in_doubles():
            alone, x = along(position, given)
            result, back = jax.vjp(alone, x)
            w = np.broadcast_to(np.asarray(adjoint, result.dtype), result.shape)
            return back(jax.numpy.asarray(w))[0]

    return Foreign("JAX", value, jvp, vjp)
