"""JAX's own rules for an operation that has no row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import numpy as np

from adviz.sources.frameworks.opaque import opaque, rules_of, with_held
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
    kinds = {
        getattr(part.aval.dtype, "kind", "a key") for part in (*equation.invars, *equation.outvars)
    }
    if equation.effects or not kinds <= {*"fiub"}:
        raise Unreadable("of complex numbers" if "c" in kinds else "with effects")
    return [
        opaque(
            reading,
            equation.primitive.name,
            dict(enumerate(values)),
            tuple(part.aval.shape),
            rules_of(equation.primitive.name, "JAX", _Result(equation, values, place)),
            part.aval.dtype.kind == "f",
        )
        for place, part in enumerate(equation.outvars)
    ]


class _Result:
    """One of a primitive's results, as a function of the operands that are nodes."""

    def __init__(self, equation: Any, values: list[Value], place: int) -> None:
        self.equation, self.values, self.place = equation, values, place
        pairs = zip(equation.invars, values, strict=True)
        self.kinds = [var.aval.dtype for var, value in pairs if isinstance(value, Held)]

    def value(self, *given: Any) -> Any:
        """Return the result."""
        with in_doubles():
            return self._called(self._arrays(given))

    def jvp(self, position: int, tangent: Any, *given: Any) -> Any:
        """Return an operand's tangent carried to the result."""
        with in_doubles():
            arrays = self._arrays(given)
            places = _floating(arrays)
            if position not in places:  # of whole numbers there is no derivative
                return np.zeros(np.shape(self._called(arrays)))
            floats = [arrays[k] for k in places]
            tangents = [_spread(tangent if k == position else 0, arrays[k]) for k in places]
            return import_module("jax").jvp(self._of(arrays, places), floats, tangents)[1]

    def vjp(self, position: int, adjoint: Any, *given: Any) -> Any:
        """Return the result's adjoint carried to an operand."""
        with in_doubles():
            arrays = self._arrays(given)
            places = _floating(arrays)
            if position not in places:
                return np.zeros(arrays[position].shape)
            floats = [arrays[k] for k in places]
            result, back = import_module("jax").vjp(self._of(arrays, places), *floats)
            return back(_spread(adjoint, result))[places.index(position)]

    def _called(self, arrays: Sequence[Any]) -> Any:
        equation = self.equation
        found = equation.primitive.bind(*with_held(self.values, arrays), **equation.params)
        return found[self.place] if equation.primitive.multiple_results else found

    def _arrays(self, given: Sequence[Any]) -> list[Any]:
        space = import_module("jax.numpy")
        return [space.asarray(one, kind) for one, kind in zip(given, self.kinds, strict=True)]

    def _of(self, arrays: Sequence[Any], places: Sequence[int]) -> Callable[..., Any]:
        """Return the result as a function of the operands at some places.

        Rules of JAX's own may ask for the tangents of all of them.
        """

        def function(*floats: Any) -> Any:
            held = dict(zip(places, floats, strict=True))
            return self._called([held.get(k, one) for k, one in enumerate(arrays)])

        return function


def _floating(arrays: Sequence[Any]) -> list[int]:
    """Return which of some arrays are of floats."""
    return [k for k, one in enumerate(arrays) if one.dtype.kind == "f"]


def _spread(number: Any, like: Any) -> Any:
    """Return a number, or an array, as an array like another one."""
    made = np.broadcast_to(np.asarray(number, like.dtype), like.shape)
    return import_module("jax.numpy").asarray(made)
