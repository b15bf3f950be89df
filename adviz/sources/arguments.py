"""What a callable is called with when it is traced: which arguments are inputs, which vectors."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from adviz.errors import PointError, TracingError
from adviz.sources.tracing.tape import Tape
from adviz.sources.tracing.traced import TracedValue

Shape = int | tuple[int, ...]
_VARIADIC = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


class Arguments:
    """What a callable is called with."""

    def __init__(
        self,
        f: Callable[..., Any],
        inputs: Sequence[str] | None,
        shapes: Mapping[str, Shape],
        at: Mapping[str, object] | None,
    ) -> None:
        self.f, self.shapes, self.at = f, dict(shapes), at
        self.parameters = _signature(f)
        self.extra = [name for name in inputs or () if name not in self.parameters]
        asked = {*(inputs or ()), *self.shapes}
        self.chosen = [
            name
            for name, parameter in self.parameters.items()
            if parameter.kind not in _VARIADIC
            and (parameter.default is parameter.empty or name in asked)
        ]
        self._check()
        self.shapes.update(self._shapes_at_point())

    def traced(self, tape: Tape) -> tuple[list[Any], dict[str, Any]]:
        """Return the arguments to call with: inputs, traced."""
        positional: list[Any] = []
        keywords: dict[str, Any] = {}
        for name in self.chosen:
            parameter = self.parameters[name]
            value = self._argument(name, tape)
            if parameter.kind is parameter.KEYWORD_ONLY or self._skipped(name):
                keywords[name] = value
            else:
                positional.append(value)
        extra = [self._argument(name, tape) for name in self.extra]
        if self._variadic(inspect.Parameter.VAR_POSITIONAL):
            positional.extend(extra)
        else:
            keywords.update(zip(self.extra, extra, strict=True))
        self._check_point(tape)
        return positional, keywords

    def _argument(self, name: str, tape: Tape) -> Any:
        """Return one traced argument: a number or a vector."""
        shape = _sizes(self.shapes.get(name, ()))
        names = list(_elements(name, shape))
        taken = [one for one in names if one in tape.builder.inputs]
        if taken:
            raise TracingError(f"{name} needs an input {taken[0]}, which exists already; rename it")
        values = [tape.input(one, self._number(one, name, i)) for i, one in enumerate(names)]
        if name not in self.shapes or shape == ():
            return values[0]
        from adviz.sources.tracing.arrays import vector

        tape.builder.vectors[name] = tuple(names)
        return vector(values, shape)

    def _number(self, name: str, argument: str, index: int) -> float | None:
        """Return the number of an input at the point that is followed."""
        if self.at is None:
            return None
        found = self.at.get(name)
        if found is None and argument in self.at:
            found = list(flat(self.at[argument]))[index]
        if found is None:
            raise PointError(f"the point gives no value for {name}, so no branch can be followed")
        try:
            return float(found)  # type: ignore[arg-type]  # whatever is not a number says so
        except (TypeError, ValueError):
            raise PointError(f"the point's value for {name} is {found!r}, not a number") from None

    def _shapes_at_point(self) -> dict[str, Shape]:
        """Return the shapes of the vectors that the point gives."""
        found: dict[str, Shape] = {}
        for name in (*self.chosen, *self.extra):
            shape = _shape((self.at or {}).get(name))
            known = self.shapes.get(name)
            if known is not None and name in (self.at or {}) and _sizes(known) != shape:
                raise PointError(f"{name} has the shape {known}, but {shape} at the point")
            if shape:
                found[name] = shape
        return found

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
        known = [*self.parameters, *self.extra]
        unknown = [name for name in self.shapes if name not in known]
        open_ended = stars or self._variadic(inspect.Parameter.VAR_KEYWORD)
        unknown += [] if open_ended else self.extra
        if unknown:
            raise TracingError(
                f"{name_of(self.f)} has no parameter {unknown[0]!r}; it takes "
                f"{', '.join(self.parameters) or 'none'}"
            )

    def _check_point(self, tape: Tape) -> None:
        """Refuse names in the point that are not inputs."""
        known = {*tape.builder.inputs, *tape.builder.vectors}
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


def _signature(f: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    """Return a callable's parameters by name."""
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


def _sizes(shape: Shape) -> tuple[int, ...]:
    return (shape,) if isinstance(shape, int) else tuple(shape)


def _shape(value: object) -> tuple[int, ...]:
    """Return the shape of nested sequences or of an array; () for anything else."""
    shape = getattr(value, "shape", None)
    if isinstance(shape, tuple):
        return shape
    if isinstance(value, Sequence) and not isinstance(value, str) and len(value):
        return (len(value), *_shape(value[0]))
    return ()


def flat(value: Any) -> Iterator[Any]:
    """Return the numbers of nested sequences or of an array, in order."""
    if not isinstance(value, TracedValue) and getattr(value, "shape", ()) != ():
        from adviz.sources.tracing.arrays import flattened

        yield from flattened(value)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from flat(part)
    else:
        yield value


def _elements(name: str, shape: tuple[int, ...]) -> Iterator[str]:
    """Return the inputs that an argument becomes: x, or x0, x1, …, or A0_0, A0_1, …"""
    for index in product(*map(range, shape)):
        yield name + "_".join(map(str, index))


def shape_of(name: str, elements: Sequence[str]) -> tuple[int, ...]:
    """Return the shape of an argument from the inputs that it became.

    >>> shape_of("A", ["A0_0", "A0_1", "A1_0", "A1_1"])
    (2, 2)
    """
    last = elements[-1][len(name) :].split("_") if elements else ["-1"]
    return tuple(int(index) + 1 for index in last)
