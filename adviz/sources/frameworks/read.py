"""A graph from a function of JAX or PyTorch: traced by its framework, read row by row."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from inspect import Parameter, Signature
from types import ModuleType
from typing import Any

import numpy as np

from adviz.errors import AdvizError, GraphError, TracingError
from adviz.primitives import Table, own
from adviz.primitives.row import Shape
from adviz.sources.arguments import Arguments, name_of, signature_of
from adviz.sources.frameworks.called import Called, Untraced, bound, numbers
from adviz.sources.frameworks.homes import framework_of
from adviz.sources.frameworks.reading import Reading
from adviz.sources.function import Traced, label_of
from adviz.sources.refusals import frameworks_in
from adviz.sources.structure import Shape as Sizes

SIDES: Mapping[str, str] = {"JAX": "jax", "PyTorch": "torch"}
"""Where what each framework does by itself stands: a module here, called as the package is."""

_SLACK = 1e-8
"""PyTorch's digamma and polygamma have ten digits."""
_DOUBLE = 2.0**-52
_UNITS = 64
"""How far a coarser format is from doubles, in units of its own, even if little is computed."""


def framework_in(function: Any) -> str:
    """Return the loaded framework whose functions a function calls; empty for none.

    >>> framework_in(lambda x: x*x)
    ''
    """
    called = (name for name in frameworks_in(function) if name in SIDES)
    return next((name for name in called if SIDES[name] in sys.modules), "")


def _side(framework: str) -> ModuleType:
    return import_module(f"{__package__}.{SIDES[framework]}")


def called(
    function: Any, side: ModuleType, inputs: Sequence[str] | None,
    shapes: Mapping[str, Sizes] | None, at: Any,
) -> Called:  # fmt: skip
    """Return a function with the arguments that it is called with; see `adviz.build`."""
    arguments = Arguments(side.signed(function), inputs, shapes or {}, at, arrays=True)
    made = Called(function, arguments, label_of(function, ()))
    known = [*made.inputs, *side.parameters(function)]
    made.label = label_of(function, known)
    names = (*arguments.chosen, *arguments.extra, *known, *made.vectors)
    arguments.check_point([*dict.fromkeys(names)])
    return made


def read(
    function: Any,
    framework: str,
    rows: Table,
    *,
    share: bool = True,
    inputs: Sequence[str] | None = None,
    shapes: Mapping[str, Sizes] | None = None,
    at: Any = None,
) -> Traced:
    """Return a function of JAX or PyTorch with its graph; arrays stay arrays.

    What is verified is the function called with arrays of doubles by the names of the inputs.

    Raises GraphError for operations that have no row, all of them by name, and for what the
    framework does not trace.
    """
    if not framework:
        raise Untraced(f"{name_of(function)} calls no functions of JAX or PyTorch")
    side = _side(framework)
    known = called(function, side, inputs, shapes, at)
    values = _values(known, side)
    sizes = {name: _shape(known, name, value) for name, value in values.items()}
    reading = Reading(own(rows), share=share)
    held = {name: reading.input(name, size) for name, size in sizes.items()}
    reading.builder.vectors.update(known.vectors)
    found = side.traced(reading, known, held)
    reading.refuse(known.name, framework)
    graph = reading.graph(found)
    at_point = _point(known, side) if known.known else None

    def made(called: Callable[..., Any], slack: float, **more: Any) -> Traced:
        plain = _plainly(known, called, values)
        arguments = Arguments(plain, None, {} if at_point else sizes, at_point, arrays=True)
        return Traced(plain, arguments, graph, False, slack, **more)

    unit = known.unit
    coarse = (
        None if unit <= _DOUBLE else made(side.given_as_is, _UNITS * unit, rounding=unit / _DOUBLE)
    )
    return made(side.given, _SLACK, own=coarse)


def _values(known: Called, side: ModuleType) -> dict[str, Any]:
    """Return what the example has for every input: arguments, and the parameters of a module."""
    parameters = side.parameters(known.function)
    twice = next((name for name in parameters if name in known.inputs), None)
    if twice is not None:
        raise GraphError(f"an argument and a parameter of {known.name} are both called {twice}")
    return {**known.inputs, **parameters}


def _shape(known: Called, name: str, value: Any) -> Shape:
    """Return the shape of an input: of an argument, or of a parameter that is held."""
    return known.shapes[name] if name in known.shapes else tuple(map(int, value.shape))


def _plainly(
    known: Called, called: Callable[..., Any], values: Mapping[str, Any]
) -> Callable[..., Any]:
    """Return the function itself, as a side calls it, of arrays by the names of the inputs."""

    def function(**given: Any) -> Any:
        return called(known, given)

    function.__name__ = known.label
    named = [Parameter(name, Parameter.KEYWORD_ONLY) for name in values]
    function.__signature__ = Signature(named)  # type: ignore[attr-defined]  # what inspect reads
    return function


def _point(known: Called, side: ModuleType) -> dict[str, Any]:
    """Return the numbers of the example by the names of the inputs."""
    found = {name: numbers(value, known.shapes[name]) for name, value in known.inputs.items()}
    for name, value in side.parameters(known.function).items():
        found[name] = numbers(value, tuple(value.shape))
    return found


def verified(made: Traced, verify: Callable[[Traced], None]) -> None:
    """Have a function compared with its graph: in doubles or, if these differ, in its own format.

    Of the same function they may: one that brings arrays of its own in single precision takes no
    doubles, one that asks for single precision rounds to it, and draws depend on the format.
    """
    first: TracingError | None = None
    for one in (made, made.own):
        if one is None or not _is_called(one):
            continue
        try:
            verify(one)
        except TracingError as error:
            first = first or error
        else:
            return
    if first is not None:
        raise first


def _is_called(made: Traced) -> bool:
    """Return whether a function can be called in a format."""
    point = made.arguments.at
    try:
        made.function(**(point or {name: np.ones(s) for name, s in made.arguments.shapes.items()}))
    except Exception:  # of whatever the framework is about
        return False
    return True


def example_point(function: Any, given: Sequence[Any]) -> Mapping[str, Any]:
    """Return example arguments of a callable by the names of its parameters."""
    signed = getattr(function, "forward", function)
    return bound(signature_of(signed), given)


def point(source: Any, *example: Any) -> dict[str, Any]:
    """Return where a function or module of JAX or PyTorch stands, as a point of its graph.

    That is a number, or an array of float64, for every input by its name: those of the example
    arguments, and of a module its parameters as they are.

    Raises AdvizError for anything else.

    >>> import adviz
    >>> adviz.point("x*y", 3.0)
    Traceback (most recent call last):
    adviz.errors.AdvizError: a point is asked of a function or module of JAX or PyTorch, not of str
    """
    at = example_point(source, example) if callable(source) else None
    framework = framework_of(source, at) or (callable(source) and framework_in(source))
    if not framework:
        kind = type(source).__name__
        raise AdvizError(
            f"a point is asked of a function or module of JAX or PyTorch, not of {kind}"
        )
    side = _side(framework)
    return _point(called(source, side, list(at or ()), None, at), side)
