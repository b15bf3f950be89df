"""A graph from a function of JAX or PyTorch: traced by its framework, read row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from inspect import Parameter, Signature, signature
from types import ModuleType
from typing import Any

from adviz.graph.builder import Builder
from adviz.primitives import Table, extend, own
from adviz.primitives.row import Primitive, Shape
from adviz.primitives.structural import STRUCTURAL
from adviz.sources.arguments import Arguments, name_of
from adviz.sources.frameworks.called import Called, bound, numbers
from adviz.sources.frameworks.homes import framework_of
from adviz.sources.frameworks.reading import Held, Reading
from adviz.sources.function import Traced, label_of
from adviz.sources.structure import Shape as Sizes

SIDES: Mapping[str, str] = {"JAX": "jax", "PyTorch": "torch"}
"""Where what each framework does by itself stands: a module of this folder."""

STOPPED = Primitive(
    name="stop_gradient", args=("x",), partials=("0",), define="x", label="stop",
    rational=True, ulps=0.0,
)  # fmt: skip
"""The value itself, through which a framework lets no derivative pass: no derivative of it."""


def _side(framework: str) -> ModuleType:
    return import_module(f"{__package__}.{SIDES[framework]}")


def called(
    function: Any, side: ModuleType, inputs: Sequence[str] | None,
    shapes: Mapping[str, Sizes] | None, at: Any,
) -> Called:  # fmt: skip
    """Return a function with the arguments that it is called with; see `adviz.build`."""
    arguments = Arguments(side.signed(function), inputs, shapes or {}, at, arrays=True)
    made = Called(function, arguments, label_of(function, ()))
    made.label = label_of(function, (*made.inputs, *side.parameters(function)))
    return made


def read(
    function: Any,
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
    framework = framework_of(function, at)
    side = _side(framework)
    known = called(function, side, inputs, shapes, at)
    builder = Builder(extend([*own(rows), STOPPED, *STRUCTURAL.values()]), share=share)
    reading = Reading(builder, side.plain)
    values = {**known.inputs, **side.parameters(function)}
    sizes = {name: _shape(known, name, value) for name, value in values.items()}
    held = {name: Held(builder.input(name, size), size) for name, size in sizes.items()}
    builder.vectors.update(known.vectors)
    found = side.traced(reading, known, held)
    reading.refuse(known.name, framework)
    outputs = {label: reading.whole(value) for label, value in found.items()}
    used = {STOPPED.name} & {*builder.ops}
    structural = STRUCTURAL.values() if builder.shapes else ()
    builder.rows = extend([*own(rows), *([STOPPED] if used else []), *structural])
    plain = _plainly(known, side, values)
    at_point = _point(known, side) if known.known else None
    arguments = Arguments(plain, None, {} if at_point else sizes, at_point, arrays=True)
    return Traced(plain, arguments, builder.finish(outputs), False)


def _shape(known: Called, name: str, value: Any) -> Shape:
    """Return the shape of an input: of an argument, or of a parameter that is held."""
    return known.shapes[name] if name in known.shapes else tuple(map(int, value.shape))


def _plainly(known: Called, side: ModuleType, values: Mapping[str, Any]) -> Callable[..., Any]:
    """Return the function itself, of arrays of doubles by the names of the inputs."""

    def function(**given: Any) -> Any:
        return side.given(known, given)

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


def example(function: Any, given: Sequence[Any]) -> Mapping[str, Any]:
    """Return example arguments of a callable by the names of its parameters."""
    signed = getattr(function, "forward", function)
    return bound(signature(signed).parameters, given)


def point(function: Any, given: Sequence[Any]) -> dict[str, Any]:
    """Return where a function of JAX or PyTorch stands: its inputs' numbers, by name."""
    at = example(function, given)
    side = _side(framework_of(function, at))
    return _point(called(function, side, [*at], None, at), side)
