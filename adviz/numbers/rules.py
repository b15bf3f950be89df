"""A rule of the table as a Python function, for whichever numbers it is bound to.

A rule's text is read once by the grammar into straight-line code in which every operation is a
call to a named function; binding supplies the functions of one number system.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Any

from adviz.errors import FormulaError, Span
from adviz.language.grammar import parse
from adviz.language.unknown_names import cure
from adviz.primitives import TABLE, Primitive, Table, spellings

Function = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """Compiled code that defines `rule(*args)`, and what it refers to."""

    code: CodeType
    calls: tuple[str, ...]
    constants: tuple[int | float, ...]

    def bind(self, function: Callable[[str], Function], constant: Function) -> Function:
        """Return the rule as a function over one number system."""
        names: dict[str, Any] = {f"_{name}": function(name) for name in self.calls}
        names.update((f"k{i}", constant(value)) for i, value in enumerate(self.constants))
        names["__builtins__"] = {}
        exec(self.code, names)  # noqa: S102 - our own generated code; texts only ever name rows
        made: Function = names["rule"]
        return made


class _Emitter:
    """A parser's sink that writes Python: operations as calls, arguments renamed a0, a1, …."""

    def __init__(self, text: str, args: Sequence[str], rows: Table) -> None:
        self.text, self.rows = text, spellings(rows.values())
        self.variables = {name: f"a{i}" for i, name in enumerate(args)}
        self.lines: list[str] = []
        self.calls: dict[str, None] = {}
        self.constants: dict[tuple[type, str], tuple[str, int | float]] = {}

    def number(self, value: int | float, span: Span) -> str:
        key = (type(value), repr(value))
        return self.constants.setdefault(key, (f"k{len(self.constants)}", value))[0]

    def name(self, name: str, span: Span) -> str:
        if name == "pi":
            return self.call("pi", (), span)
        if name not in self.variables:
            raise FormulaError(f"{name} is not an argument of this primitive", self.text, span)
        return self.variables[name]

    def call(self, function: str, arguments: Sequence[str], span: Span) -> str:
        row = row_for(self.rows, function, len(arguments), self.text, span)
        self.calls[row.name] = None
        code = arguments[0] if arguments else ""
        if not row.fold:
            return f"_{row.name}({', '.join(arguments)})"
        for argument in arguments[1:]:
            code = f"_{row.name}({code}, {argument})"
        return code

    def header(self, name: str, parameters: Sequence[str], span: Span) -> None:
        raise FormulaError("a primitive's formula takes no header", self.text, span)

    def assign(self, name: str, value: str, span: Span) -> None:
        self.variables[name] = f"t{len(self.lines)}"
        self.lines.append(f"    {self.variables[name]} = {value}")

    def require(self, condition: str, span: Span) -> None:
        raise FormulaError("a primitive's formula has no assertions", self.text, span)


@lru_cache(maxsize=4096)
def compiled(text: str, args: tuple[str, ...], rows: Table | None = None) -> Rule:
    """Return a rule's code; the text must have one result."""
    emitter = _Emitter(text, args, TABLE if rows is None else rows)
    ((_, result),) = parse(text, emitter)
    parameters = ", ".join(f"a{i}" for i in range(len(args)))
    source = "\n".join([f"def rule({parameters}):", *emitter.lines, f"    return {result}"])
    constants = tuple(value for _, value in emitter.constants.values())
    return Rule(compile(source, f"<{text}>", "exec"), tuple(emitter.calls), constants)


def row_for(
    rows: dict[str, tuple[Primitive, ...]], name: str, count: int, text: str, span: Span
) -> Primitive:
    """Return the row a call means, by its name and number of arguments.

    Raises FormulaError with the nearest names, or with the right number of arguments.
    """
    candidates = rows.get(name, ())
    for row in candidates:
        if row.arity + len(row.params) == count or (row.fold and count > row.arity):
            return row
    if not candidates:
        raise FormulaError(f"there is no function {name}", text, span, cure(name, rows))
    wanted = " or ".join(f"{row.arity}{' or more' * row.fold}" for row in candidates)
    plural = "" if wanted == "1" else "s"
    raise FormulaError(f"{name} takes {wanted} argument{plural}, not {count}", text, span)
