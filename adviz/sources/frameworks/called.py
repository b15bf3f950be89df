"""A framework's function as one of its arguments' numbers and arrays in a row, each by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from numbers import Real
from typing import Any

import numpy as np

from adviz.errors import AdvizError, GraphError
from adviz.primitives.row import Shape
from adviz.sources.arguments import Arguments, name_of
from adviz.sources.frameworks.homes import parts_of
from adviz.sources.function import labelled
from adviz.sources.refusals import spoken
from adviz.sources.structure import Blank, Filling, filled


class Called:
    """A function, and what it is called with.

    Numbers and arrays of floats are inputs, called by their path as those of any callable.
    Whatever else the example holds stays as it is: whole numbers in arrays, truths, texts.
    """

    def __init__(self, function: Callable[..., Any], arguments: Arguments, label: str) -> None:
        self.function, self.arguments, self.label = function, arguments, label
        self.inputs: dict[str, Any] = {}
        """What the example has for each input: an array, a number, or None where it has nothing."""
        self.shapes: dict[str, Shape] = {}
        self.vectors: dict[str, tuple[str, ...]] = {}
        self.unit = 2.0**-52
        """The distance from 1 to the next number, in the coarsest format that tracing met."""
        self._find()

    def call(self, values: Mapping[str, Any]) -> Any:
        """Return what the function gives, with these values for its inputs."""
        positional, keywords = self.arguments.filled(
            lambda name, template: filled(name, template, _from(values))
        )
        return self.function(*positional, **keywords)

    def parts(self, result: Any) -> dict[str, Any]:
        """Return the parts of what the function gives, by label."""
        found: dict[str, Any] = {}
        for label, part in labelled(result, self.label, self.name, whole=True):
            if label in found:
                raise GraphError(f"{self.name} returns two outputs that are called {label!r}")
            if not hasattr(part, "dtype") and not isinstance(part, Real):
                raise _no_number(self.name, label, part)
            found[label] = part
        return found

    @property
    def name(self) -> str:
        """What a reader calls the function."""
        return name_of(self.function)

    @property
    def known(self) -> bool:
        """Whether the example says of every input what it is."""
        return all(value is not None for value in self.inputs.values())

    def _find(self) -> None:
        """Find the inputs in the arguments."""

        def number(name: str, found: Any) -> Any:
            return self._input(name, found, ()) if _is_number(found) else found

        def array(name: str, found: Any, shape: Shape) -> Any:
            return self._input(name, found, shape) if _is_floating(found) else found

        def fill(name: str, template: Any) -> Any:
            if template is None and name in (self.arguments.at or ()):
                return template  # the example says None
            _check_real(name, template)
            before = len(self.inputs)
            filled(name, template, Filling(number, _listed, array))
            parts = tuple(self.inputs)[before:]
            if parts != (name,):
                self.vectors[name] = parts
            return template

        self.arguments.filled(fill)
        self.vectors = {name: parts for name, parts in self.vectors.items() if parts}

    def _input(self, name: str, found: Any, shape: Shape) -> Any:
        if name in self.inputs:
            raise GraphError(f"two parts of the arguments are called {name}; rename one")
        self.inputs[name] = None if isinstance(found, Blank) else found
        self.shapes[name] = tuple(map(int, shape))
        return found


def _no_number(name: str, label: str, part: Any) -> GraphError:
    kind = "None" if part is None else f"a {type(part).__name__}"
    return GraphError(
        f"{name} returns {kind} as {label}; it should return a number or an array, or several in "
        "a list, tuple or mapping"
    )


def _check_real(name: str, value: Any) -> None:
    """Refuse what is, or holds, a complex number or an array of them."""
    for part in [] if hasattr(value, "dtype") else parts_of(value):
        _check_real(name, part)
    dtype = getattr(value, "dtype", None)
    kind = getattr(dtype, "kind", "c" if getattr(dtype, "is_complex", False) else "")
    if kind == "c" or isinstance(value, complex):
        raise GraphError(
            f"{name} has complex numbers, and adviz differentiates functions of real numbers; give "
            "the real and the imaginary part as two arguments"
        )


def _from(values: Mapping[str, Any]) -> Filling:
    """Return what puts values in the place of inputs, and leaves the rest."""
    return Filling(
        lambda name, found: values.get(name, found),
        _listed,
        lambda name, found, _: values.get(name, found),
    )


def _listed(values: list[Any], shape: Shape) -> Any:
    return np.array(values, dtype=object).reshape(shape)


def _is_number(value: Any) -> bool:
    """Return whether a value is a number that may be an input; None stands for one not known."""
    if hasattr(value, "dtype"):
        return _is_floating(value)
    return value is None or (isinstance(value, Real) and not isinstance(value, bool))


def _is_floating(value: Any) -> bool:
    """Return whether an array is one of floats; lists are, and what has no more than a shape."""
    dtype = getattr(value, "dtype", None)
    if dtype is None:
        return True
    kind = getattr(dtype, "kind", "f" if getattr(dtype, "is_floating_point", False) else "i")
    return kind == "f" or str(dtype) == "bfloat16"


def numbers(value: Any, shape: Shape) -> Any:
    """Return an array of a framework, or a number, as one of float64."""
    held = value.detach().cpu().double() if hasattr(value, "detach") else value
    made = np.asarray(held, dtype=np.float64)
    return made.reshape(shape) if shape else float(made)


def bound(parameters: Mapping[str, Any], example: Sequence[Any]) -> dict[str, Any]:
    """Return example arguments by the names of their parameters.

    Those of `*args` are called args0, args1, ….

    >>> import inspect
    >>> bound(inspect.signature(lambda x, *more: x).parameters, (1.0, 2.0, 3.0))
    {'x': 1.0, 'more0': 2.0, 'more1': 3.0}
    """
    found: dict[str, Any] = {}
    waiting = list(example)
    for name, parameter in parameters.items():
        if parameter.kind is parameter.VAR_POSITIONAL:
            found.update({f"{name}{k}": value for k, value in enumerate(waiting)})
            waiting.clear()
        elif waiting and parameter.kind is not parameter.KEYWORD_ONLY:
            found[name] = waiting.pop(0)
    if waiting:
        raise GraphError(
            f"{len(example)} example arguments are too many; there is {', '.join(parameters)}"
        )
    return found


class Untraced(GraphError):
    """A function that its framework does not trace."""


def untraced(framework: str, called: Called, error: Exception) -> AdvizError:
    """Return what is said of a function that its framework does not trace; our own words as are."""
    if isinstance(error, AdvizError):
        return error
    blank = [name for name, held in called.inputs.items() if held is None]
    example = f"adviz.build({'f' if called.name.startswith('the ') else called.name}, …)"
    cure = f"; it was given numbers: give example arguments, {example}, or shapes=" if blank else ""
    return Untraced(f"{framework} does not trace {called.name}: {spoken(error)}{cure}")


@contextmanager
def traced_by(framework: str, called: Called) -> Iterator[None]:
    """Let what a framework raises while it traces say so."""
    try:
        yield
    except Exception as error:
        raise untraced(framework, called, error) from error
