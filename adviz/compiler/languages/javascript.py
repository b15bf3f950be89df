"""Programs in JavaScript: a module of one function, and what `Math` lacks.

Undefined operations give NaN, as IEEE 754 has it, so both branches of a choice are computed.
V8's `Math` was measured against 50 digits: each function keeps the digits that its row promises.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from adviz.compiler.kinds import KINDS
from adviz.compiler.languages.family import AND, EQUAL, FAMILY, OR, POWER, PRODUCT, SIGN, SUM
from adviz.compiler.languages.films import Film
from adviz.compiler.languages.language import ATOM, Form, Language, Written, call, infix, phrase
from adviz.compiler.languages.lowering import Lowered, Statement, lowered
from adviz.compiler.languages.printed import Runtime, expressions, listed, statements
from adviz.compiler.program.data import Program
from adviz.graph.procedure import Constant

RUNTIME = Runtime("runtime.js", r"^(?:function|const) (\w+)")

_MATH = (
    "exp expm1 log log2 log10 log1p sqrt cbrt hypot sin cos tan asin acos atan atan2 sinh cosh "
    "tanh asinh acosh atanh abs"
).split()
_OWN = "copysign floordiv erf erfc ndtr lgamma digamma polygamma spherical_jn".split()
_RESERVED = (
    "arguments async await break case catch class const continue debugger default delete do else "
    "enum eval export extends false finally for function if implements import in instanceof "
    "interface let new null package private protected public return static super switch this "
    "throw true try typeof undefined var void while with yield NaN Infinity Math Object "
    "parameters results"
).split()


def _number(value: Constant) -> Written:
    text = repr(float(value)).removesuffix(".0")
    return Written(text, SIGN if text.startswith("-") else ATOM, value)


def _power(args: Sequence[Written]) -> Written:
    """Write `x**2`; only where the exponent may be NaN or infinite C99 says otherwise."""
    base, exponent = args
    if exponent.constant is None:
        return Written(f"powerOf({base.text}, {exponent.text})")
    return Written(f"{base.within(POWER + 1)}**{exponent.within(SIGN)}", POWER)


FORMS: Mapping[str, Form] = {
    **FAMILY,
    **{name: call(f"Math.{name}") for name in _MATH},
    **{name: call(name) for name in _OWN},
    "pi": Form(lambda _: Written("Math.PI")),
    "gamma": call("Gamma"),
    "fmod": infix(" % ", PRODUCT),
    "pow": Form(_power),
    "exp2": phrase("2**{0}", POWER, SIGN),
    **{name: call(f"Math.{name}") for name in ("floor", "ceil", "trunc")},
    "eq": infix(" === ", EQUAL, SUM, SUM),
    "ne": infix(" !== ", EQUAL, SUM, SUM),
    "and": infix(" && ", AND),
    "or": infix(" || ", OR),
}

JAVASCRIPT = Language(
    name="javascript",
    forms=FORMS,
    number=_number,
    taken={*_RESERVED, *KINDS, *RUNTIME.paragraphs},
)


def source(program: Program) -> str:
    """Return a program as an ES module, with just those functions of the runtime that it uses.

    The function takes numbers in the order of `parameters` and returns them in the order of
    `results`. That of a trace returns what a film shows: per node `values`, `tangents` and
    `adjoints`, and `partials` by argument; null is what no sweep computes, because its branch is
    not taken or no input reaches it. That of a linearization returns `values` and `partials`, and
    by node whether its row's `domain`, `kink` and `pole` hold, where it has one.

    Raises AdvizError naming a row that has neither a form nor a definition.

    >>> import adviz
    >>> from adviz.compiler.program.program import program
    >>> print(source(program(adviz.build("log(x1) + x1*x2 - sin(x2)"))))
    export const parameters = ["x1", "x2"];
    export const results = ["f", "df/dx1", "df/dx2"];
    <BLANKLINE>
    export function gradient(x1, x2) {
      // values
      const f = Math.log(x1) + x1*x2 - Math.sin(x2);
      // derivatives
      const df_dx2 = x1 - Math.cos(x2);
      const df_dx1 = x2 + 1/x1;
      return [f, df_dx1, df_dx2];
    }
    <BLANKLINE>
    """
    code = lowered(program, JAVASCRIPT)
    returned = _film(program, code) if KINDS[program.kind].film else _array(code.results)
    function = [
        f"export function {program.called}({', '.join(code.parameters)}) {{",
        *statements(code, "// {}", _assignment, "  "),
        *(f"  {line}" for line in returned),
        "}",
    ]
    own = (line for part in RUNTIME.used(expressions(code)) for line in ("", part))
    return "\n".join([*_names(program), "", *function, *own, ""])


def _names(program: Program) -> Iterator[str]:
    """Yield what a module exports beside its function: names and labels as they are, as data."""
    yield f"export const parameters = {_quoted(program.parameters)};"
    if not KINDS[program.kind].film:
        yield f"export const results = {_quoted(program.results)};"


def _quoted(texts: Mapping[str, int]) -> str:
    """Return texts as a JSON array that no page takes for markup and no engine for a new line."""
    return json.dumps([*texts]).replace("<", "\\u003c")


def _assignment(statement: Statement) -> str:
    return f"const {statement.variable} = {statement.value.text};"


def _array(results: Sequence[str]) -> list[str]:
    line = f"return [{', '.join(results)}];"
    return [line] if len(line) < 92 else ["return [", *listed(results, "  "), "];"]


def _film(program: Program, code: Lowered) -> list[str]:
    """Return the statement that gives the numbers of a film by quantity and node."""
    film = Film(program, code)
    parts = [(name, "[", items, "]") for name, items in film.lists().items()]
    parts += [(name, "{", items, "}") for name, items in film.judgements().items()]
    lines = (
        line
        for name, opening, items, closing in parts
        for line in (f"  {name}: {opening}", *listed(items, "    "), f"  {closing},")
    )
    return ["return {", *lines, "};"]
