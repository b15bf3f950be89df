"""A graph from a Python callable: its arguments become traced values, and it is called once."""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import product
from keyword import iskeyword
from types import CodeType
from typing import Any

from adviz.errors import PointError, TracingError
from adviz.graph.builder import Builder
from adviz.graph.graph import Graph
from adviz.primitives import TABLE, Table
from adviz.sources.tracing.calls import call
from adviz.sources.tracing.places import spot
from adviz.sources.tracing.standins import StandIns, followed
from adviz.sources.tracing.tape import Answers, Tape
from adviz.sources.tracing.traced import TracedValue, UnsuitableError

Shape = int | tuple[int, ...]
_VARIADIC = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def trace(
    f: Callable[..., Any],
    *,
    rows: Table = TABLE,
    share: bool = True,
    inputs: Sequence[str] | None = None,
    shapes: Mapping[str, Shape] | None = None,
    at: Mapping[str, object] | None = None,
) -> Graph:
    """Return the graph of a Python callable.

    Parameters without a default are the inputs, in the order of the signature; `inputs` names
    further ones, and the arguments of `*args`. `shapes` gives the lengths of vector arguments,
    x becoming x0, x1, …; a sequence in `at` does so too. With `at`, the branches taken at that
    point are followed, and the graph requires their conditions.

    Raises TracingError for what cannot be traced, with its line, and PointError for a point that
    does not fit. An exception of the callable's own passes through.

    >>> from math import sin
    >>> graph = trace(lambda x, y: sin(x)*y)
    >>> graph.text
    'f(x, y) = sin(x)*y'
    """
    wanted = _Arguments(f, inputs, shapes or {}, at)
    builder = Builder(rows, share=share)
    tape = Tape(builder, _codes(f), None if at is None else _compute, answers=_ANSWERS, share=share)
    try:
        positional, keywords = wanted.traced(tape)
        result = StandIns().of(f)(*positional, **keywords)
        outputs = dict(_outputs(result, _label(f, builder.inputs), tape, _name(f)))
    except TypeError as error:
        complaint = _complaint(error)
        if complaint is None:
            raise
        raise complaint from error
    finally:
        tape.close()
    for name, node in tape.locals.items():
        builder.names.setdefault(name, node)
    return builder.finish(outputs)


def _complaint(error: TypeError) -> UnsuitableError | None:
    """Return a complaint of Python about a traced value with its line; None for another error."""
    if isinstance(error, TracingError) or TracedValue.__name__ not in str(error):
        return None
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    own = [frame for frame in frames if followed(frame.f_globals.get("__name__"))]
    where = spot((own or frames)[-1])
    return UnsuitableError(f"{error} ({where}); adviz.functions has what can be traced")


class _Arguments:
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
            found = list(_flat(self.at[argument]))[index]
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
        if stars and not self.extra:
            raise TracingError(
                f"{_name(self.f)} takes any number of arguments; name the ones it gets here, "
                'inputs=["a", "b"]'
            )
        known = [*self.parameters, *self.extra]
        unknown = [name for name in self.shapes if name not in known]
        open_ended = stars or self._variadic(inspect.Parameter.VAR_KEYWORD)
        unknown += [] if open_ended else self.extra
        if unknown:
            raise TracingError(
                f"{_name(self.f)} has no parameter {unknown[0]!r}; it takes "
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
                    f"{name} is a constant of {_name(self.f)}, its default {default!r}; "
                    f"to make it an input: inputs=[{name!r}]"
                )
            raise PointError(f"there is no input {name!r}; {_name(self.f)} has {', '.join(known)}")


def _signature(f: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    """Return a callable's parameters by name."""
    try:
        return dict(inspect.signature(f).parameters)
    except ValueError:
        raise TracingError(
            f"the arguments of {_name(f)} cannot be read; wrap it, as in lambda x: {_name(f)}(x)"
        ) from None


def _compute(rows: Table, op: str) -> Callable[..., Any]:
    """Return a row's function on floats."""
    from adviz.numbers import FLOAT64

    return FLOAT64.over(rows).function(op)


def _codes(f: Any) -> Iterator[CodeType]:
    """Return the code whose locals become names: the callable's own, below its wrappers."""
    while isinstance(f, partial):
        f = f.func
    function = inspect.unwrap(getattr(f, "__func__", f))
    if not hasattr(function, "__code__"):
        function = getattr(type(f).__call__, "__func__", type(f).__call__)
    if hasattr(function, "__code__"):
        yield function.__code__


def _name(f: Any) -> str:
    """Return what a reader calls a callable."""
    name = getattr(f, "__name__", type(f).__name__)
    return "the lambda" if name == "<lambda>" else str(name)


def _label(f: Any, inputs: Iterable[str]) -> str:
    """Return the name of the output: the function's, if it has one."""
    name = getattr(f, "__name__", "f")
    label = name if name.isidentifier() and not iskeyword(name) else "f"
    while label in inputs:
        label += "_"
    return str(label)


def _outputs(result: Any, label: str, tape: Tape, name: str) -> Iterator[tuple[str, int]]:
    """Return the outputs by label: f, or f1, f2, …, or the keys of a mapping."""
    if isinstance(result, Mapping):
        for key, value in result.items():
            if not isinstance(key, str):
                raise TracingError(f"{name} returns a mapping with the key {key!r}; use strings")
            yield from _outputs(value, key, tape, name)
        return
    several = not isinstance(result, TracedValue) and getattr(result, "shape", ()) != ()
    if isinstance(result, list | tuple) or several:
        for position, value in enumerate(_flat(result), 1):
            yield from _outputs(value, f"{label}{position}", tape, name)
        return
    node = tape.owned(result) if isinstance(result, TracedValue) else tape.operand(result)
    if node is None:
        raise TracingError(
            f"{name} returns {_few(result)}; it should return a number, several of them in a "
            "list, tuple or array, or a mapping of labels to numbers"
        )
    yield label, node


def _few(value: object) -> str:
    return "None" if value is None else f"a {type(value).__name__}"


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


def _flat(value: Any) -> Iterator[Any]:
    """Return the numbers of nested sequences or of an array, in order."""
    if not isinstance(value, TracedValue) and getattr(value, "shape", ()) != ():
        from adviz.sources.tracing.arrays import flattened

        yield from flattened(value)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _flat(part)
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


# --- NumPy, which has been imported where it asks ------------------------------------------------


def _universal(*asked: Any) -> Any:
    from adviz.sources.tracing.arrays import universal

    return universal(*asked)


def _common(*asked: Any) -> Any:
    from adviz.sources.tracing.arrays import common

    return common(*asked)


def _functions() -> Mapping[str, Callable[..., Any]]:
    from adviz.sources.tracing.array_functions import FUNCTIONS

    return FUNCTIONS


_ANSWERS = Answers(call, _universal, _common, _functions)
