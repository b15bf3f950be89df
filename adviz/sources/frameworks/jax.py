"""JAX's side of reading: a function traced to a jaxpr in double precision, and called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import numpy as np

from adviz.sources.frameworks.called import Called, traced_by, untraced
from adviz.sources.frameworks.jax_rules import in_doubles
from adviz.sources.frameworks.jaxpr import JaxprReading, equations
from adviz.sources.frameworks.reading import Reading, Value, plain

_DRAWS = ("random_", "rng_", "threefry")
"""What the primitives are called that draw numbers."""


def signed(function: Any) -> Callable[..., Any]:
    """Return what has the parameters of a function: itself."""
    return function  # type: ignore[no-any-return]  # a callable


def parameters(_: Any) -> dict[str, Any]:
    """Return what a function holds that is an input: nothing, for JAX passes everything."""
    return {}


def traced(reading: Reading, called: Called, inputs: Mapping[str, Value]) -> dict[str, Value]:
    """Return what a function gives of inputs, by label, read from what it does to examples."""
    labels, closed = _jaxpr(called)
    called.unit = max(map(_unit, equations(closed.jaxpr)), default=called.unit)
    with in_doubles():
        found = JaxprReading(reading).closed(closed, [*inputs.values()])
    return dict(zip(labels, found, strict=True))


def _jaxpr(called: Called) -> tuple[list[str], Any]:
    """Return the labels of what a function gives, and what it does to examples, in doubles.

    One that takes no doubles, for it brings arrays of its own, is traced in JAX's present format,
    and so is one that draws numbers: in doubles these would be others.
    """
    try:
        with in_doubles():
            labels, closed = _made(called, np.float64)
        draws = any(one.primitive.name.startswith(_DRAWS) for one in equations(closed.jaxpr))
        return _made(called, None) if draws else (labels, closed)
    except TypeError:
        with traced_by("JAX", called):
            return _made(called, None)
    except Exception as error:
        raise untraced("JAX", called, error) from error


def _unit(equation: Any) -> float:
    """Return the distance from 1 to the next number of the coarsest format that is computed in."""
    space = import_module("jax.numpy")
    kinds = [part.aval.dtype for part in equation.outvars if hasattr(part.aval, "dtype")]
    units = [space.finfo(kind).eps for kind in kinds if space.issubdtype(kind, np.floating)]
    return float(max(units, default=0.0))


def _made(called: Called, dtype: Any) -> tuple[list[str], Any]:
    labels: list[str] = []

    def row(*values: Any) -> list[Any]:
        parts = called.parts(called.call(dict(zip(called.inputs, values, strict=True))))
        labels[:] = parts
        return [*parts.values()]

    return labels, import_module("jax").make_jaxpr(row)(*_example(called, dtype))


def _example(called: Called, dtype: Any) -> list[Any]:
    """Return examples of the inputs; ones where only the shape is known."""
    space = import_module("jax.numpy")
    return [
        space.ones(called.shapes[name], dtype)
        if value is None
        else space.asarray(value, dtype or float).reshape(called.shapes[name])
        for name, value in called.inputs.items()
    ]


def given_as_is(called: Called, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a function itself gives for arrays in JAX's present format, by label."""
    space = import_module("jax.numpy")
    known = {name: space.asarray(value, float) for name, value in values.items()}
    return {label: plain(part) for label, part in called.parts(called.call(known)).items()}


def given(called: Called, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a function itself gives for arrays of doubles, by label."""
    space = import_module("jax.numpy")
    with in_doubles():
        known = {name: space.asarray(value, np.float64) for name, value in values.items()}
        return {label: plain(part) for label, part in called.parts(called.call(known)).items()}
