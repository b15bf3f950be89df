"""The functions of the table, for traced code, plain numbers and arrays alike.

Where tracing cannot reach a call of `math.sin` or a decision, write the function of this module:
`adviz.functions.sin(x)`, `adviz.functions.where(x > 0, a, b)`. On plain numbers they compute the
float64 value, NaN outside a function's domain.

>>> from adviz import build, functions
>>> functions.relu(-2.0), functions.log(8, 2), functions.max(1, 3, 2)
(0.0, 3.0, 3.0)
>>> build(lambda x: functions.where(x > 0, x**2, functions.tanh(x))).text
'f(x) = where(x > 0, x**2, tanh(x))'
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import cache
from keyword import iskeyword
from sys import _getframe
from types import FrameType
from typing import Any

from adviz.errors import FormulaError, GraphError
from adviz.graph.graph import Graph
from adviz.graph.text import identifier
from adviz.language.asked import names as asked_names
from adviz.language.asked import shown, text
from adviz.numbers import FLOAT64
from adviz.primitives import TABLE, Primitive, Table, extend, spellings
from adviz.sources.text import from_text
from adviz.sources.tracing.calls import apply, chosen, extreme
from adviz.sources.tracing.calls import where as _where
from adviz.sources.tracing.kept import TracedArray
from adviz.sources.tracing.places import author
from adviz.sources.tracing.traced import TracedValue

_MEANINGS = {
    name: rows
    for name, rows in spellings(TABLE.values()).items()
    if not iskeyword(name) and rows[0].args
}
_CHOICES: dict[str, Callable[..., Any]] = {
    "where": _where,
    "max": lambda *values: extreme("max", values),
    "min": lambda *values: extreme("min", values),
}
"""The rows that let some of their arguments go when the others are not traced."""

pi = math.pi
__all__ = ["pi", *sorted(_MEANINGS)]


def apply_row(row: Primitive, args: Sequence[Any]) -> Any:
    """Return a row applied to traced values, plain numbers or arrays."""
    return _applied((row,), args, author(_getframe(1)))


def __getattr__(name: str) -> Any:
    """Return the function of a row (PEP 562).

    It does not become a global of this module, where it would hide a builtin such as `min`.
    """
    if name not in _MEANINGS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _function(name)


def __dir__() -> list[str]:
    return __all__


@cache
def _function(name: str) -> Callable[..., Any]:
    """Return the public function of the rows that share a name."""
    rows = _MEANINGS[name]
    op = rows[0].name
    single = len(rows) == 1 and rows[0].arity == 1

    def function(*args: Any) -> Any:
        if single and len(args) == 1 and type(args[0]) is TracedValue:
            return args[0].tape.add(op, (args[0].node,), _getframe(1), True)
        return _applied(rows, args, _getframe(1))

    function.__name__ = function.__qualname__ = name
    function.__doc__ = " or ".join(f"{name}({', '.join(row.args)})" for row in rows)
    return function


def _applied(rows: Sequence[Primitive], args: Sequence[Any], frame: FrameType | None) -> Any:
    """Return a row applied to numbers, or to every element of arrays."""
    many = any(isinstance(a, list | tuple) or getattr(a, "shape", ()) != () for a in args)
    if many and not any(isinstance(a, TracedArray) for a in args):  # which is one node
        from adviz.sources.tracing.arrays import each

        return each(lambda *one: _applied(rows, one, frame), args)
    if not any(isinstance(argument, TracedValue) for argument in args):
        return _plain(rows, args)
    choice = _CHOICES.get(rows[0].name)
    result = choice(*args) if choice else apply(rows, args, frame)
    if isinstance(result, TracedValue):
        result.tape.name(result, frame)
    return result


def _plain(rows: Sequence[Primitive], args: Sequence[Any]) -> Any:
    """Return the float64 value of a row at plain numbers."""
    row = chosen(rows, len(args))
    known = TABLE.get(row.name) is row
    function = (FLOAT64 if known else FLOAT64.over(extend([row]))).function(row.name)
    places = [min(position, row.arity - 1) for position in range(len(args))]
    held = [a if row.is_condition(p) else float(a) for p, a in zip(places, args, strict=True)]
    value = function(*held[: row.arity])
    for other in held[row.arity :]:
        value = function(value, other)
    return value


# --- rows of your own ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPrimitive(Primitive):
    """A row that can be called in a traced Python function."""

    def __call__(self, *arguments: Any) -> Any:
        """Return the row applied to traced values, or its value at plain numbers."""
        return apply_row(self, arguments)


def primitive(
    name: str,
    define: str,
    *,
    partials: Sequence[str] | str | None = None,
    args: Sequence[str] | None = None,
    functions: Sequence[Primitive] = (),
    **facts: Any,
) -> OwnPrimitive:
    """Return a row of your own: `build(text, functions=[row])`, or call it in a traced function.

    `define` is a formula in its arguments (in order of appearance, unless `args` names them) and
    other rows, `partials` one formula per argument, in which `z` is the result; left out, they
    are derived. `facts` are other fields of a row, such as `domain`, `kink` or `label`.

    Raises FormulaError for a formula that cannot be read and GraphError for a name that is taken.

    >>> import adviz
    >>> swish2 = adviz.primitive("swish2", "x*sigmoid(2*x)")
    >>> adviz.gradient(adviz.build("swish2(t)**2", functions=[swish2]), at={"t": 0.5})
    {'t': 0.6781814858457382}
    """
    for what, word in (("name", name), ("define", define)):
        text(what, word)
    if not identifier(name):
        raise GraphError(f"{shown(name)} is not a name that a formula can call")
    rows = extend(functions)
    if name in rows:
        raise GraphError(f"a primitive called {name!r} exists already; choose another name")
    meaning = from_text(define, rows)
    names = tuple(asked_names("args", args)) if args is not None else tuple(meaning.inputs)
    _check_arguments(define, meaning, names)
    given = None if partials is None else asked_names("partials", partials)
    rules = tuple(given) if given is not None else _derived(meaning, names)
    if len(rules) != len(names):
        raise GraphError(f"{name} has {len(names)} arguments and {len(rules)} partials")
    _check_facts(facts)
    made = OwnPrimitive(name=name, args=names, partials=rules, define=define, **facts)
    _check_rules(made, extend([*functions, made]))
    return made


def _check_arguments(define: str, meaning: Graph, names: Sequence[str]) -> None:
    if len(meaning.outputs) != 1:
        raise GraphError("a primitive has one result")
    if "z" in names:
        raise GraphError("z stands for a primitive's result; call the argument otherwise")
    missing = [name for name in meaning.inputs if name not in names]
    if missing:
        raise FormulaError(
            f"{missing[0]} is not one of the arguments {', '.join(names)}", define, (0, len(define))
        )


def _derived(meaning: Graph, names: Sequence[str]) -> tuple[str, ...]:
    """Return one formula per argument, written from the derivative's graph."""
    from adviz.modes.derivative_graph import derivative_graph

    (label,) = meaning.outputs
    slopes = derivative_graph(meaning, of=label)
    return tuple(
        _body(slopes, f"d{label}/d{name}") if name in meaning.inputs else "0" for name in names
    )


def _body(graph: Graph, label: str) -> str:
    """Return one output as statements without a header."""
    from adviz.graph.builder import Builder
    from adviz.sources import copy_into

    builder = Builder(graph.rows)
    outputs = copy_into(graph, builder)
    only = builder.finish({"f": outputs[label]})
    _, _, body = only.text.partition("=")
    return "; ".join(line.strip() for line in body.strip().splitlines())


def _check_facts(facts: dict[str, Any]) -> None:
    known = {field.name for field in fields(Primitive)}
    unknown = [fact for fact in facts if fact not in known]
    if unknown:
        raise GraphError(f"a primitive has no {unknown[0]!r}; it has {', '.join(sorted(known))}")
    for fact in facts.keys() & {"domain", "kink", "pole", "piece", "label", "stable"}:
        text(fact, facts[fact])


def _check_rules(row: Primitive, rows: Table) -> None:
    """Read every formula of a row once, so that a mistake is found now."""
    texts = [*row.partials, row.domain, row.kink, row.pole, row.piece]
    for rule in filter(None, texts):
        FLOAT64.over(rows).rule(row, rule)
