"""A graph from a Python callable: its arguments become traced values, and it is called once."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from keyword import iskeyword
from types import CodeType
from typing import Any

from adviz.errors import TracingError
from adviz.graph.builder import Builder
from adviz.graph.graph import Graph
from adviz.primitives import TABLE, Table
from adviz.sources.arguments import Arguments, Shape, flat, name_of
from adviz.sources.tracing.calls import call
from adviz.sources.tracing.complaints import FOREIGN, complaint
from adviz.sources.tracing.standins import StandIns
from adviz.sources.tracing.tape import Answers, Tape
from adviz.sources.tracing.traced import TracedValue


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
    wanted = Arguments(f, inputs, shapes or {}, at)
    builder = Builder(rows, share=share)
    tape = Tape(builder, _codes(f), None if at is None else _compute, answers=_ANSWERS, share=share)
    try:
        positional, keywords = wanted.traced(tape)
        result = StandIns().of(f)(*positional, **keywords)
        outputs = dict(_outputs(result, _label(f, builder.inputs), tape, name_of(f)))
    except FOREIGN as error:
        found = complaint(error)
        if found is None:
            raise
        raise found from error
    finally:
        tape.close()
    for name, node in tape.locals.items():
        builder.names.setdefault(name, node)
    return builder.finish(outputs)


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
        for position, value in enumerate(flat(result), 1):
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


def _attribute(*asked: Any) -> Any:
    from adviz.sources.tracing.scalars import attribute

    return attribute(*asked)


_ANSWERS = Answers(call, _universal, _common, _attribute, _functions)
