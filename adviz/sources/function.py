"""A graph from a Python callable: its arguments become traced values, and it is called once."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from keyword import iskeyword
from types import CodeType
from typing import Any

from adviz.errors import TracingError
from adviz.graph.builder import Builder
from adviz.graph.graph import Graph
from adviz.primitives import TABLE, Table, extend, own
from adviz.sources.arguments import Arguments, name_of
from adviz.sources.refusals import told
from adviz.sources.structure import Shape, flat, labels_of, shape_at
from adviz.sources.tracing.calls import call
from adviz.sources.tracing.recorder import Answers
from adviz.sources.tracing.standins import StandIns
from adviz.sources.tracing.tape import Tape
from adviz.sources.tracing.traced import TracedValue
from adviz.sources.watching import parting, watched


@dataclass(frozen=True)
class Traced:
    """A callable and the graph of what it did when it was called with traced values."""

    function: Callable[..., Any]
    arguments: Arguments
    graph: Graph
    keeps_state: bool
    """Whether the callable may remember what tracing, which ran a copy of it, did not tell it."""
    slack: float = 0.0
    """The relative error that the callable's own functions are known to have beside rounding."""
    inputs: tuple[str, ...] = ()
    """What inputs are called where the graph has their elements: an output is called otherwise."""
    rounding: float = 1.0
    """How many times as far as doubles the callable's numbers are rounded."""
    own: Traced | None = None
    """The callable in its own format, where that is coarser than doubles, of the same graph."""

    @property
    def name(self) -> str:
        """What a reader calls the callable."""
        return name_of(self.function)

    @property
    def _called(self) -> Iterable[str]:
        return self.inputs or self.graph.inputs

    def plainly(self, point: Mapping[str, float]) -> dict[str, float]:
        """Return what the callable itself gives for floats and arrays of floats, by output.

        A complex number is no number here. Raises whatever the callable raises.
        """
        result = self.arguments.call(point)
        label, whole = label_of(self.function, self._called), self.arguments.arrays
        parts = labelled(result, label, self.name, whole=whole)
        return {
            one: _plain(_unboxed(number), self.name)
            for label, part in parts
            for one, number in zip(labels_of(label, shape_at(part) or ()), flat(part), strict=True)
        }

    def parting(self, point: Mapping[str, float]) -> str:
        """Return the line after which the callable and its tracing part; nothing if none is found.

        Both are run again, watched line by line; not where arrays are kept, of which lines differ.
        """
        known = self.arguments
        if known.arrays:
            return ""
        followed = known if known.at is not None else known.at_point(point)
        following = partial(_traced, followed, self.graph.rows, True)
        return parting(watched(following), watched(partial(known.call, point)))


def trace(f: Callable[..., Any], **options: Any) -> Graph:
    """Return the graph of a Python callable, as `traced` does.

    >>> from math import sin
    >>> graph = trace(lambda x, y: sin(x)*y)
    >>> graph.text
    'f(x, y) = sin(x)*y'
    """
    return traced(f, **options).graph


def traced(
    f: Callable[..., Any],
    *,
    rows: Table = TABLE,
    share: bool = True,
    inputs: Sequence[str] | None = None,
    shapes: Mapping[str, Shape] | None = None,
    at: Any = None,
    arrays: bool = False,
) -> Traced:
    """Return a Python callable with its graph.

    Parameters without a default are the inputs, in the order of the signature; `inputs` names
    further ones, and the arguments of `*args` and `**kwargs`. `shapes` gives the lengths of vector
    arguments, x becoming x0, x1, …; a sequence in `at` does so too, and a mapping, dataclass or
    named tuple there becomes inputs such as `p_mass`. With `at`, the branches taken at that
    point are followed, and the graph requires their conditions.

    Raises TracingError for what cannot be traced, with its line, and PointError for a point that
    does not fit. An exception of the callable's own passes through, with a note of the point.
    """
    wanted = Arguments(f, inputs, shapes or {}, at, arrays=arrays)
    try:
        return _fitted(wanted, rows, share)
    except Exception as error:
        found = told(f, wanted, error)
        if found is error:
            raise
        raise found from error


def _fitted(arguments: Arguments, rows: Table, share: bool) -> Traced:
    """Return a callable traced with arrays, or with lists or tuples where it takes these alone."""
    try:
        return _traced(arguments, rows, share)
    except Exception:
        others = arguments.refitted()
        if others is None:
            raise
        return _traced(others, rows, share)


def _traced(arguments: Arguments, rows: Table, share: bool) -> Traced:
    """Return a callable with what it does to traced arguments."""
    f = arguments.f
    builder = Builder(rows, share=share)
    compute = None if arguments.at is None else _compute_arrays if arguments.arrays else _compute
    answers = _keeping() if arguments.arrays else _ANSWERS
    tape = Tape(builder, _codes(f), compute, answers=answers, share=share, arrays=arguments.arrays)
    stand_ins = StandIns()
    try:
        positional, keywords = arguments.traced(tape, stand_ins.of)
        result = stand_ins.of(f)(*positional, **keywords)
        outputs = dict(_outputs(result, label_of(f, builder.inputs), tape, name_of(f)))
    finally:
        tape.close()
    for name, node in tape.locals.items():
        builder.names.setdefault(name, node)
    if arguments.arrays and not builder.shapes:
        builder.rows = extend(own(builder.rows))
    return Traced(f, arguments, builder.finish(outputs), stand_ins.keeps_state)


def _compute(rows: Table, op: str) -> Callable[..., Any]:
    """Return a row's function on floats."""
    from adviz.numbers import FLOAT64

    return FLOAT64.over(rows).function(op)


def _compute_arrays(rows: Table, op: str) -> Callable[..., Any]:
    """Return a row's function on arrays of floats."""
    from adviz.numbers import FLOAT64
    from adviz.numbers.tensor import tensors

    return tensors(FLOAT64.over(extend(own(rows)))).function(op)


def _codes(f: Any) -> Iterator[CodeType]:
    """Return the code whose locals become names: the callable's own, below its wrappers."""
    while isinstance(f, partial):
        f = f.func
    function = inspect.unwrap(getattr(f, "__func__", f))
    if not hasattr(function, "__code__"):
        function = getattr(type(f).__call__, "__func__", type(f).__call__)
    if hasattr(function, "__code__"):
        yield function.__code__


def label_of(f: Any, inputs: Iterable[str]) -> str:
    """Return the name of the output: the function's, if it has one."""
    name = getattr(f, "__name__", "f")
    label = name if name.isidentifier() and not iskeyword(name) else "f"
    while label in inputs:
        label += "_"
    return str(label)


def _outputs(result: Any, label: str, tape: Tape, name: str) -> Iterator[tuple[str, int]]:
    """Return the outputs by label."""
    given = set()
    for one, value in labelled(result, label, name, whole=tape.arrays):
        value = _unboxed(value)
        node = tape.owned(value) if isinstance(value, TracedValue) else tape.operand(value)
        if node is None:
            raise _no_number(value, name)
        if one in given:
            raise TracingError(f"{name} returns two outputs that are called {one!r}; rename one")
        given.add(one)
        yield one, node


def labelled(
    result: Any, label: str, name: str, before: str = "", whole: bool = False
) -> Iterator[tuple[str, Any]]:
    """Return the parts of a result by label: f, or f1, f2, …, or the keys of a mapping.

    What lies in a part is called by its path, `before` it the keys: a_b of {"a": {"b": …}}. An
    array is several parts, or one that is `whole`.
    """
    if isinstance(result, Mapping):
        for key, value in result.items():
            if not isinstance(key, str):
                raise TracingError(f"{name} returns a mapping with the key {key!r}; use strings")
            yield from labelled(value, before + key, name, f"{before}{key}_", whole)
        return
    array = not isinstance(result, TracedValue) and getattr(result, "shape", ()) != ()
    if isinstance(result, list | tuple) or (array and not whole):
        for position, value in enumerate(result if whole else flat(result), 1):
            yield from labelled(value, f"{label}{position}", name, f"{label}{position}_", whole)
        return
    yield label, result


def _unboxed(value: Any) -> Any:
    """Return what an array without axes holds; anything else as it is."""
    boxed = not isinstance(value, TracedValue) and getattr(value, "shape", None) == ()
    return value.item() if boxed and hasattr(value, "item") else value


def _plain(value: Any, name: str) -> float:
    """Return a plain result as a float; NaN for what is not real."""
    if isinstance(value, str):
        raise _no_number(value, name)
    try:
        number = complex(value)
    except (TypeError, ValueError):
        raise _no_number(value, name) from None
    return math.nan if number.imag else number.real


def _no_number(value: object, name: str) -> TracingError:
    return TracingError(
        f"{name} returns {_few(value)}; it should return a number, several of them in a "
        "list, tuple or array, or a mapping of labels to numbers"
    )


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


def _keeping() -> Answers:
    """Return how traced arrays answer that stay arrays."""
    from adviz.sources.tracing.keeping.answers import attribute, common, functions, universal

    return Answers(call, universal, common, attribute, functions)


_ANSWERS = Answers(call, _universal, _common, _attribute, _functions)
