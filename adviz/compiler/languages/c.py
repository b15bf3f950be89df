"""Programs in C99: one function that fills an array, and what `math.h` lacks.

Compile with `cc -std=c99 -O2 -ffp-contract=off … -lm`: a contraction, as `-ffast-math`, would
compute something else than was written. The digits of the functions are those of the C library;
glibc's were measured against 50 digits and keep what each row promises.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from adviz.compiler.kinds import KINDS
from adviz.compiler.languages.family import FAMILY, LESS, OR, SIGN, SUM
from adviz.compiler.languages.language import ATOM, Form, Language, Written, call, infix
from adviz.compiler.languages.lowering import Lowered, Statement, lowered
from adviz.compiler.languages.printed import Runtime, comment, expressions, statements
from adviz.compiler.program.data import Program
from adviz.graph.procedure import Constant

RUNTIME = Runtime("runtime.c", r"^(?:static (?:const )?(?:double|int|void|DD)|\}) (\w+)")

_MATH = (
    "exp exp2 expm1 log log2 log10 log1p sqrt cbrt hypot sin cos tan asin acos atan atan2 sinh "
    "cosh tanh asinh acosh atanh pow fmod copysign erf erfc lgamma"
).split()
_OWN = "floordiv ndtr digamma polygamma spherical_jn".split()
_RESERVED = (
    "auto break case char const continue default do double else enum extern float for goto if "
    "inline int long register restrict return short signed sizeof static struct switch typedef "
    "union unsigned void volatile while asm typeof main out NAN INFINITY HUGE_VAL HUGE_VALF "
    "HUGE_VALL FP_INFINITE FP_NAN FP_NORMAL FP_SUBNORMAL FP_ZERO FP_ILOGB0 FP_ILOGBNAN "
    "FP_FAST_FMA FP_FAST_FMAF FP_FAST_FMAL MATH_ERRNO MATH_ERREXCEPT math_errhandling float_t "
    "double_t bool true false nullptr constexpr alignas alignof static_assert thread_local unix "
    "linux fabs floor ceil trunc round rint tgamma ldexp isnan isinf isfinite isnormal signbit "
    "fpclassify isgreater isgreaterequal isless islessequal islessgreater isunordered"
).split()
_SIGNIFICANT = 56
"""A name's leading characters that count (C99, 5.2.4.1, has 63), with room to tell it apart."""


@dataclass(frozen=True, eq=False)
class _C(Language):
    """C, which keeps names that begin with an underscore, and of long names only the beginning."""

    def legal(self, name: str, used: Collection[str]) -> str:
        """Return a name as an identifier that means nothing else, also to a strict compiler."""
        whole = super().legal(re.sub(r"^_+", "", name) or "v", ())
        return super().legal(whole[:_SIGNIFICANT], used)


def _number(value: Constant) -> Written:
    text = repr(float(value))
    return Written(text, SIGN if text.startswith("-") else ATOM, value)


FORMS: Mapping[str, Form] = {
    **FAMILY,
    **{name: call(name) for name in (*_MATH, *_OWN)},
    "pi": Form(lambda _: Written("3.141592653589793")),
    "abs": call("fabs"),
    **{name: call(name) for name in ("floor", "ceil", "trunc")},
    "round": call("rint"),
    "gamma": call("tgamma"),
    "eq": infix(" == ", LESS, SUM, SUM),
    "ne": infix(" != ", LESS, SUM, SUM),
    "and": infix(" && ", OR, LESS, LESS),
    "or": infix(" || ", OR, LESS, LESS),
}

C = _C(
    name="c",
    forms=FORMS,
    number=_number,
    taken={*_RESERVED, *KINDS, *_MATH, *RUNTIME.paragraphs},
    ascii=True,
)


def source(program: Program) -> str:
    """Return a program as a C file, with just those functions of the runtime that it uses.

    The function takes doubles in the order of the parameters and fills `out` with the results.

    Raises AdvizError naming a row that has neither a form nor a definition.

    >>> import adviz
    >>> from adviz.compiler.program.program import program
    >>> print(source(program(adviz.build("log(x1) + x1*x2 - sin(x2)"))))
    #include <math.h>
    <BLANKLINE>
    /*
     * out: f, df/dx1, df/dx2
     */
    void gradient(double x1, double x2, double out[3])
    {
        /* values */
        const double f = log(x1) + x1*x2 - sin(x2);
        /* derivatives */
        const double df_dx2 = x1 - cos(x2);
        const double df_dx1 = x2 + 1.0/x1;
        out[0] = f;
        out[1] = df_dx1;
        out[2] = df_dx2;
    }
    <BLANKLINE>
    """
    code = lowered(program, C)
    own = [line for part in RUNTIME.used(expressions(code)) for line in (part, "")]
    return "\n".join(["#include <math.h>", "", *own, *_function(code), ""])


def _function(code: Lowered) -> Iterator[str]:
    first, *rest = code.program.results
    yield from comment([f"out: {first}", *rest])
    parameters = [
        *(f"double {name}" for name in code.parameters),
        f"double out[{len(code.results)}]",
    ]
    yield f"void {code.program.called}({', '.join(parameters)})"
    yield "{"
    words = set(re.findall(r"\w+", expressions(code)))
    yield from (f"    (void){name};" for name in code.parameters if name not in words)
    yield from statements(code, "/* {} */", partial(_assignment, code.program), "    ")
    yield from (f"    out[{place}] = {result};" for place, result in enumerate(code.results))
    yield "}"


def _assignment(program: Program, statement: Statement) -> str:
    kind = "int" if program.rows[program.ops[statement.node]].condition else "double"
    return f"const {kind} {statement.variable} = {statement.value.text};"
