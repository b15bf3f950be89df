"""What a program computes of constants alone, computed: no array stands in it, and no float32."""

from __future__ import annotations

import math

from adviz.compiler.program.data import Program
from adviz.compiler.program.draft import over, rebuilt
from adviz.numbers import FLOAT64


def settled(program: Program) -> Program:
    """Return a program in which what depends on no parameter is a number, where it is one.

    >>> import adviz
    >>> from adviz.compiler.program.program import program
    >>> settled(program(adviz.build("x*sqrt(2*pi)"), "value")).ops
    ('input', 'const', 'mul')
    """
    draft, numbers = over(program), FLOAT64.over(program.rows)
    constants = draft.builder.constants

    def instead(node: int) -> int | None:
        args = [constants.get(draft.found[argument]) for argument in program.args[node]]
        if None in args or program.rows[program.ops[node]].condition:
            return None
        if program.rows[program.ops[node]].takes_conditions:
            return None
        value = numbers.value(program.ops[node])(*args)
        return draft.builder.constant(value) if math.isfinite(value) else None

    return rebuilt(draft, program, draft.plainly, instead)
