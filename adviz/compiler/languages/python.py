"""Programs in Python: straight-line code on floats, with no call but those of `math`.

Undefined operations raise in Python, and what raises is computed again by the sweeps; so the code
is free of tests. The functions that `math` lacks are those of adviz's own float64 numbers.
"""

from __future__ import annotations

import builtins
import keyword
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from adviz.compiler.executable import Again
from adviz.compiler.languages.language import Form, Language, Written, call, infix, phrase, prefix
from adviz.compiler.languages.lowering import Lowered, Statement, lowered
from adviz.compiler.languages.printed import statements
from adviz.compiler.program.data import Program
from adviz.graph.procedure import Constant
from adviz.numbers import FLOAT64
from adviz.numbers.special import FUNCTIONS

_MATH = (
    "exp exp2 expm1 log log2 log10 log1p sqrt cbrt hypot sin cos tan asin acos atan atan2 degrees "
    "radians sinh cosh tanh asinh acosh atanh copysign fmod erf erfc gamma"
).split()
_OWN = (*"lgamma ndtr digamma polygamma spherical_jn".split(), *FUNCTIONS)
"""Rows that `math` lacks, or computes with fewer digits."""


def _power(args: Sequence[Written]) -> Written:
    """Write a whole power as `x**2`; a broken one of a negative number must raise."""
    base, exponent = args
    value = exponent.constant
    if value is not None and float(value).is_integer() and abs(value) < 2**31:
        return Written(f"{base.within(31)}**{int(value)}", 30)
    return Written(f"pow({base.text}, {exponent.text})")


def _number(value: Constant) -> Written:
    return Written(repr(float(value)), 25 if value < 0 else 99, value)


FORMS: Mapping[str, Form] = {
    **{name: call(name) for name in (*_MATH, *_OWN)},
    "pi": Form(lambda _: Written("pi")),
    "add": infix(" + ", 10),
    "sub": infix(" - ", 10),
    "mul": infix("*", 20),
    "div": infix("/", 20),
    "mod": infix(" % ", 20),
    "floordiv": infix("//", 20),
    "neg": prefix("-", 25),
    "pow": Form(_power),
    "abs": call("abs"),
    "sign": phrase("copysign(1.0, {0}) if {0} else 0.0", 1),
    "floor": phrase("copysign(floor({0}), {0})", 99),
    "ceil": phrase("copysign(ceil({0}), {0})", 99),
    "trunc": phrase("copysign(trunc({0}), {0})", 99),
    "round": phrase("copysign(round({0}), {0})", 99),
    "min": phrase("{1} if {1} < {0} else {0}", 1),
    "max": phrase("{1} if {1} > {0} else {0}", 1),
    "lt": infix(" < ", 5, 6),
    "le": infix(" <= ", 5, 6),
    "gt": infix(" > ", 5, 6),
    "ge": infix(" >= ", 5, 6),
    "eq": infix(" == ", 5, 6),
    "ne": infix(" != ", 5, 6),
    "not": prefix("not ", 4),
    "and": infix(" and ", 3),
    "or": infix(" or ", 2),
    "where": phrase("{1} if {0} else {2}", 1, 2, 2, 1),
}

_BUILTINS: dict[str, Any] = {"abs": abs, "round": round, "float": float}
_NAMES: dict[str, Any] = {
    **{name: getattr(math, name) for name in (*_MATH, "pi", "pow", "floor", "ceil", "trunc")},
    **{name: FLOAT64.function(name) for name in _OWN},
    **_BUILTINS,
}
"""What the names in generated code mean."""

PYTHON = Language(
    name="python",
    forms=FORMS,
    number=_number,
    taken={*keyword.kwlist, *keyword.softkwlist, *dir(builtins), *_NAMES, "again"},
    raises=True,
)


def source(program: Program) -> str:
    """Return a program as a Python function to be read, or saved as a module of its own.

    >>> import adviz
    >>> from adviz.compiler.program.program import program
    >>> print(source(program(adviz.build("log(x1) + x1*x2 - sin(x2)"))))
    from math import cos, log, sin
    <BLANKLINE>
    <BLANKLINE>
    def gradient(x1, x2):
        # values
        f = log(x1) + x1*x2 - sin(x2)
        # derivatives
        df_dx2 = x1 - cos(x2)
        df_dx1 = x2 + 1.0/x1
        return f, df_dx1, df_dx2
    """
    code = lowered(program, PYTHON)
    return module([_head(code), *_body(code, "    ")])


def module(lines: Sequence[str]) -> str:
    """Return the lines of a function as a module that runs alone: what it needs is imported."""
    imports = [*_imports("\n".join(lines))]
    return "\n".join([*imports, *["", ""] * bool(imports), *lines, ""])


def function(program: Program, again: Again) -> Callable[..., tuple[float, ...]]:
    """Return a program as a function of floats; what raises is left to `again`."""
    code = lowered(program, PYTHON)
    lines = [
        _head(code),
        "    try:",
        *_body(code, "        "),
        "    except _raised:",
        f"        return again({', '.join(code.parameters)})",
    ]
    raised = (ArithmeticError, ValueError)
    names = {**_NAMES, "again": again, "_raised": raised, "__builtins__": {}}
    exec(compile("\n".join(lines), f"<{program.called}>", "exec"), names)  # noqa: S102 - our own generated code, made of forms and legal names
    made: Callable[..., tuple[float, ...]] = names[program.called]
    return made


def _head(code: Lowered) -> str:
    return f"def {code.program.called}({', '.join(code.parameters)}):"


def _body(code: Lowered, indent: str) -> Iterator[str]:
    """Yield the statements and the results, indented."""
    yield from statements(code, "# {}", _assignment, indent)
    comma = "," * (len(code.results) == 1)
    yield f"{indent}return {', '.join(code.results)}{comma}"


def _assignment(statement: Statement) -> str:
    """Return `v = …`; behind a closed gate nobody asks what it is."""
    _, variable, value, gate = statement
    if gate is None:
        return f"{variable} = {value.text}"
    return f"{variable} = {value.within(2)} if {gate.within(2)} else 0.0"


def _imports(text: str) -> Iterator[str]:
    """Yield the lines that a module of its own needs; no variable has the name of a function."""
    words = set(re.findall(r"\w+", "\n".join(line.partition("#")[0] for line in text.split("\n"))))
    used = sorted(words & (set(_NAMES) - {*_OWN, *_BUILTINS}))
    if used:
        yield f"from math import {', '.join(used)}"
    own = [name for name in _OWN if name in words]
    if own:
        yield "from adviz.numbers import FLOAT64"
        yield ""
    yield from (f'{name} = FLOAT64.function("{name}")' for name in own)
