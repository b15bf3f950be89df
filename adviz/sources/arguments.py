"""What a callable is called with when it is traced: which arguments are inputs, which vectors."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import islice
from numbers import Real
from typing import Any

from adviz.errors import PointError, TracingError
from adviz.numbers.given import rounded
from adviz.sources.structure import (
    Blank,
    Filling,
    Shape,
    filled,
    holds_arguments,
    nested,
    numbers_in,
    shape_at,
)
from adviz.sources.tracing.tape import Tape
from adviz.sources.tracing.traced import TracedValue

_TRIES = (0.5, 1.5)
"""Where a callable is tried when no point is known."""
Sequenced = Callable[[list[Any], tuple[int, ...]], Any]
"""Makes a sequence of a shape of numbers."""
_VARIADIC = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


class Arguments:
    """What a callable is called with.

    `at` is a point: a value for each argument, or for the inputs that it becomes, by name, or
    numbers in the order of the parameters. `sequence` is what an array of numbers is given as;
    with `arrays` an array is one input.
    """

    def __init__(
        self,
        f: Callable[..., Any],
        inputs: Sequence[str] | None,
        shapes: Mapping[str, Shape],
        at: Any = None,
        sequence: Sequenced | None = None,
        arrays: bool = False,
    ) -> None:
        self.f, self.inputs, self.shapes, self.arrays = f, inputs, shapes, arrays
        self.sequence = sequence
        self.parameters = signature_of(f)
        asked = {*(inputs or ()), *self.shapes}
        self.chosen = [
            name
            for name, parameter in self.parameters.items()
            if parameter.kind not in _VARIADIC
            and (parameter.default is parameter.empty or name in asked)
        ]
        self.at = self._by_name(at)
        self.extra = [name for name in inputs or () if name not in self.parameters]
        if not self.extra and self._variadic(inspect.Parameter.VAR_KEYWORD):
            self.extra = [name for name in self.at or () if name not in self.parameters]
        self._check()
        self._templates = {name: self._template(name) for name in (*self.chosen, *self.extra)}

    def filled(self, fill: Callable[[str, Any], Any]) -> tuple[list[Any], dict[str, Any]]:
        """Return positional and keyword arguments, each made of its name and what it is like."""
        held = {name: fill(name, template) for name, template in self._templates.items()}
        positional: list[Any] = []
        keywords: dict[str, Any] = {}
        for name in self.chosen:
            parameter = self.parameters[name]
            if parameter.kind is parameter.KEYWORD_ONLY or self._skipped(name):
                keywords[name] = held[name]
            else:
                positional.append(held[name])
        if self._variadic(inspect.Parameter.VAR_POSITIONAL):
            positional.extend(held[name] for name in self.extra)
        else:
            keywords.update({name: held[name] for name in self.extra})
        return positional, keywords

    def traced(self, tape: Tape, seen: Callable[[Any], Any]) -> tuple[list[Any], dict[str, Any]]:
        """Return the arguments to call with: inputs, traced.

        `seen` gives what traced code sees in place of a value.
        """
        inputs, vectors = tape.builder.inputs, tape.builder.vectors

        def number(name: str, found: Any) -> TracedValue:
            if name in inputs:
                raise TracingError(
                    f"an argument needs an input {name}, which exists already; rename one"
                )
            return tape.input(name, self._number(name, found))

        def array(name: str, found: Any, shape: tuple[int, ...]) -> TracedValue:
            made = tape.array(name, shape, None if self.at is None else _array([found], shape))
            tape.scalar = _scalar()
            return made

        def fill(name: str, template: Any) -> Any:
            before = len(inputs)
            value = seen(template) if holds_arguments(template) else template
            whole = array if self.arrays else None
            made = filled(name, value, Filling(number, self.sequence or _vector, whole))
            parts = tuple(islice(inputs, before, None))
            if parts != (name,):
                vectors[name] = parts
            return made

        found = self.filled(fill)
        self.check_point([*inputs, *vectors])
        return found

    def call(self, point: Mapping[str, float]) -> Any:
        """Return what the callable gives for floats by input, and arrays or lists of them."""
        filling = Filling(lambda name, _: point[name], self.sequence or _array)
        positional, keywords = self.filled(lambda name, value: filled(name, value, filling))
        return self.f(*positional, **keywords)

    def refitted(self) -> Arguments | None:
        """Return the same with lists or tuples for arrays, which the callable takes alone.

        None where it takes arrays, or nothing.
        """
        if self.arrays or self.sequence is not None or self._only_numbers or self._is_taken():
            return None
        others = (
            Arguments(self.f, self.inputs, self.shapes, self.at, partial(nested, kind))
            for kind in (list, tuple)
        )
        return next((one for one in others if one._is_taken()), None)

    def at_point(self, point: Mapping[str, float]) -> Arguments:
        """Return the same at another point."""
        return Arguments(self.f, self.inputs, self.shapes, point, self.sequence, self.arrays)

    def _is_taken(self) -> bool:
        """Return whether the callable gives anything for plain numbers."""
        return not self.raised()

    def raised(self) -> list[Exception]:
        """Return what the callable raises for plain numbers; nothing if it gives anything."""
        found = []
        for number in _TRIES:
            try:
                self.call(self.numbers(number))
            except Exception as error:  # whatever it is, it is the callable's own
                found.append(error)
            else:
                return []
        return found

    def numbers(self, unknown: float) -> dict[str, float]:
        """Return the point by input, one number wherever it gives none."""
        return {
            name: unknown if number is None else number
            for argument, template in self._templates.items()
            for name, found in numbers_in(argument, template).items()
            for number in [self._number(name, found)]
        }

    @property
    def _only_numbers(self) -> bool:
        """Whether no argument is or holds an array."""
        return all(
            shape_at(one) == () and not holds_arguments(one) for one in self._templates.values()
        )

    def _by_name(self, at: Any) -> Mapping[str, Any] | None:
        """Return a point by name; None for one that is not given, or in no such form."""
        if at is None or isinstance(at, Mapping):
            return at
        numbers = [at] if isinstance(at, Real) else at
        if not isinstance(numbers, list | tuple) or len(numbers) != len(self.chosen):
            return None
        plain = all(isinstance(one, Real) for one in numbers)
        return dict(zip(self.chosen, numbers, strict=True)) if plain else None

    def _template(self, name: str) -> Any:
        """Return an argument as the point or its shape has it; None for a number not known."""
        known = self.shapes.get(name)
        if self.at is None or name not in self.at:
            return None if known is None else Blank(_sizes(known))
        value = self.at[name]
        if known is not None and shape_at(value) != _sizes(known):
            raise PointError(f"{name} has the shape {known}, but {shape_at(value)} at the point")
        return value

    def _number(self, name: str, found: Any) -> float | None:
        """Return the number of an input at the point that is followed."""
        if self.at is None:
            return None
        if found is None and name not in self.at:
            takes = ", ".join(self.chosen)
            raise PointError(
                f"the point gives no value for {name}; {name_of(self.f)} takes {takes}"
            )
        return rounded(name, self.at.get(name, found))

    def _skipped(self, name: str) -> bool:
        """Return whether a parameter before this one keeps its default."""
        names = list(self.parameters)
        before = names[: names.index(name)]
        return any(earlier not in self.chosen for earlier in before)

    def _variadic(self, kind: Any) -> bool:
        return any(parameter.kind is kind for parameter in self.parameters.values())

    def _check(self) -> None:
        """Refuse names that the signature does not have."""
        stars = self._variadic(inspect.Parameter.VAR_POSITIONAL)
        if stars and not self.extra and not self.chosen:
            raise TracingError(
                f"{name_of(self.f)} takes any number of arguments; name the ones it gets here, "
                'inputs=["a", "b"]'
            )
        if self._variadic(inspect.Parameter.VAR_KEYWORD) and not (self.extra or self.chosen):
            raise TracingError(
                f"{name_of(self.f)} takes any names as arguments; say which it gets here, "
                'inputs=["a", "b"], or give a point'
            )
        known = [*self.parameters, *self.extra]
        unknown = [name for name in self.shapes if name not in known]
        open_ended = stars or self._variadic(inspect.Parameter.VAR_KEYWORD)
        unknown += [] if open_ended else self.extra
        if unknown:
            raise TracingError(
                f"{name_of(self.f)} has no parameter {unknown[0]!r}; it takes "
                f"{', '.join(self.parameters) or 'none'}"
            )

    def check_point(self, known: Sequence[str]) -> None:
        """Refuse names in the point that are not known as inputs."""
        for name in self.at or ():
            if name in known:
                continue
            if name in self.parameters:
                default = self.parameters[name].default
                raise PointError(
                    f"{name} is a constant of {name_of(self.f)}, its default {default!r}; "
                    f"to make it an input: inputs=[{name!r}]"
                )
            raise PointError(
                f"there is no input {name!r}; {name_of(self.f)} has {', '.join(known)}"
            )


def signature_of(f: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    """Return a callable's parameters by name. Raises TracingError where Python cannot tell them."""
    try:
        return dict(inspect.signature(f).parameters)
    except ValueError:
        name = name_of(f)
        raise TracingError(
            f"the arguments of {name} cannot be read; wrap it, as in lambda x: {name}(x)"
        ) from None


def name_of(f: Any) -> str:
    """Return what a reader calls a callable."""
    name = getattr(f, "__name__", type(f).__name__)
    return "the lambda" if name == "<lambda>" else str(name)


def _array(values: list[Any], shape: tuple[int, ...]) -> Any:
    import numpy as np

    return np.array(values, dtype=float).reshape(shape)


def _scalar() -> type:
    """Return what the numbers of NumPy's arrays are."""
    import numpy as np

    return np.float64


def _vector(values: list[Any], shape: tuple[int, ...]) -> Any:
    from adviz.sources.tracing.arrays import vector

    return vector(values, shape)


def _sizes(shape: Shape) -> tuple[int, ...]:
    return (shape,) if isinstance(shape, int) else tuple(shape)
