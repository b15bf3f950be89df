"""Programs as machine code of the processor at hand, through LLVM."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from adviz.compiler import llvm
from adviz.compiler.executable import ByArray, Column, Executable, Many, Parts
from adviz.compiler.native import entry, vector
from adviz.compiler.native.columns import Points
from adviz.compiler.native.host import absent, processor
from adviz.compiler.native.machine import compiled
from adviz.compiler.program.data import Program
from adviz.errors import AdvizError

LONG_ONCE = 1000
"""From how many lines on one point's code is compiled quickly: for 1 900 lines in 6 ms instead of
80 ms, of which a call takes 0.7 µs instead of 0.4."""


def executable(program: Program) -> Executable:
    """Return a program as machine code: one point at a time, and the loop over many.

    Raises AdvizError without llvmlite, and for a program with rows that have no machine code,
    which `lacking` names. The loop is compiled when it is first called.

    >>> import adviz
    >>> from adviz.compiler.program.program import program
    >>> made = executable(program(adviz.build("x*y")))
    >>> made.function(3.0, 2.0)
    (6.0, 2.0, 3.0)
    """
    program = llvm.lowered(program)
    if missing := lacking(program):
        listed = ", ".join(missing)
        raise AdvizError(f"there is no machine code of {listed} here; the target python has it")
    parameters, results = list(program.parameters), len(program.results)
    one = entry.wrapped(
        llvm.point(program, replace(processor(), width=1)), len(parameters), results
    )

    @cache
    def several() -> str:
        return llvm.points(program, processor())

    library = compiled(one, LONG_ONCE)
    function = entry.function(library, parameters, results)

    @cache
    def loop() -> Points:
        return Points(compiled(several()), processor().width, results, len(program))

    def many(columns: Sequence[Column], count: int, threads: int | None = None) -> Many:
        return loop()(columns, count, threads)

    def by_array(parts: Parts) -> ByArray:
        return vector.function(library, len(parameters), results, parts)

    told = by_array if vector.readable() else None
    return Executable(function, many, lambda: one + several(), told)


def lacking(program: Program) -> tuple[str, ...]:
    """Return the rows of a program that have no machine code on this computer."""
    return llvm.lacking(program, absent())
