"""A program as the text of LLVM's intermediate representation: one point, or a range of points."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from adviz.compiler.llvm.instructions import Code, Module, Processor, Value, defined
from adviz.compiler.llvm.rows import ROWS
from adviz.compiler.program import program as expanding
from adviz.compiler.program.data import Program
from adviz.graph.procedure import CONST, INPUT

ONE = Processor()
"""One point at a time, on any processor."""
_FEW = 16
"""So many zeros are stored one by one."""
BLOCK = 1024
"""The number of points that are told to be finite or not together."""


def lacking(program: Program, absent: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the rows of a program that machine code does not have, even by definition.

    `absent` names further rows that are not to be had on this computer.

    >>> import adviz
    >>> from adviz.compiler.program.program import program
    >>> lacking(program(adviz.build("x*lgamma(x)")))
    ('digamma',)
    """
    return expanding.lacking(program, {*ROWS} - {*absent})


def lowered(program: Program) -> Program:
    """Return a program in rows that are instructions, as far as definitions lead there."""
    return expanding.expanded(program, ROWS)


def point(program: Program, processor: Processor = ONE) -> str:
    """Return a module with `void @point(ptr in, ptr out)`: doubles in, doubles out.

    >>> import adviz
    >>> from adviz.compiler.program.program import program
    >>> print(point(program(adviz.build("x*x"), "value")))
    <BLANKLINE>
    define void @point(ptr noalias %in, ptr noalias %out) nounwind {
      %in0 = getelementptr double, ptr %in, i64 0
      %t1 = load double, ptr %in0, align 8
      %t2 = fmul double %t1, %t1
      %out0 = getelementptr double, ptr %out, i64 0
      store double %t2, ptr %out0, align 8
      ret void
    }
    <BLANKLINE>
    """
    code = Code(Module(), processor)

    def load(k: int) -> Value:
        code.lines.append(f"%in{k} = getelementptr double, ptr %in, i64 {k}")
        return code.new(f"load double, ptr %in{k}, align 8")

    values = written_results(program, code, load)
    cleared = code.constant(0) if _mostly(code.constant(0), values) else None
    if cleared is not None:
        code.module.declared["declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)"] = None
        size = f"i64 {8 * len(values)}"
        code.lines.append(f"call void @llvm.memset.p0.i64(ptr %out, i8 0, {size}, i1 false)")
    for k, value in enumerate(values):
        if value != cleared:
            code.lines.append(f"%out{k} = getelementptr double, ptr %out, i64 {k}")
            code.lines.append(f"store double {value}, ptr %out{k}, align 8")
    code.lines.append("ret void")
    header = "void @point(ptr noalias %in, ptr noalias %out)"
    code.module.functions["point"] = defined(header, code)
    return code.module.text


def _mostly(zero: Value, values: Sequence[Value]) -> bool:
    """Return whether so many results are 0, as in a sparse matrix, that all are cleared at once."""
    return values.count(zero) > max(_FEW, len(values) // 2)


def points(program: Program, processor: Processor) -> str:
    """Return a module with `@points`, which computes a range of points several side by side.

    `void @points(ptr columns, ptr steps, ptr results, i64 start, i64 stop, ptr suspects)`:
    a column's step is 1, or 0 where it is the same at all points and repeats its number `width`
    times. The range holds at least `width` points. For every BLOCK of points, counted from
    `start`, a byte of `suspects` says whether some result may not be finite; what is left over
    belongs to the last block.
    """
    code = Code(Module(), processor)
    used = _used(program)
    for k in [k for k, node in enumerate(program.parameters.values()) if node in used]:
        code.lines.append(f"%in{k} = getelementptr ptr, ptr %columns, i64 {k}")
        code.lines.append(f"%column{k} = load ptr, ptr %in{k}, align 8")
        code.lines.append(f"%at{k} = getelementptr i64, ptr %steps, i64 {k}")
        code.lines.append(f"%step{k} = load i64, ptr %at{k}, align 8")
    for k in range(len(program.results)):
        code.lines.append(f"%out{k} = getelementptr ptr, ptr %results, i64 {k}")
        code.lines.append(f"%result{k} = load ptr, ptr %out{k}, align 8")
    _open_loop(code)
    doubt = code.constant(0)
    for k, value in enumerate(written_results(program, code, lambda k: _loaded(code, k))):
        code.lines.append(f"%to{k} = getelementptr double, ptr %result{k}, i64 %i")
        code.lines.append(f"store {code.number} {value}, ptr %to{k}, align 8")
        nothing = code.op("fmul", value, code.constant(0))
        doubt = nothing if k == 0 else code.op("fadd", doubt, nothing)
    _close_loop(code, doubt)
    given = "ptr %columns, ptr %steps, ptr %results, i64 %start, i64 %stop, ptr %suspects"
    code.module.functions["points"] = defined(f"void @points({given})", code)
    return code.module.text


def _loaded(code: Code, k: int) -> Value:
    """Return a column's numbers at the points from `%i` on."""
    code.lines.append(f"%place{k} = mul i64 %i, %step{k}")
    code.lines.append(f"%from{k} = getelementptr double, ptr %column{k}, i64 %place{k}")
    return code.new(f"load {code.number}, ptr %from{k}, align 8")


def _open_loop(code: Code) -> None:
    """Begin a loop over blocks, and in it one over points; the last step is moved back to fit."""
    width = code.processor.width
    code.lines += f"""\
%last = sub i64 %stop, {width}
br label %block
block:
%first = phi i64 [%start, %0], [%end, %done]
%number = phi i64 [0, %0], [%following, %done]
%next = add i64 %first, {BLOCK}
%room = icmp sle i64 %next, %last
%end = select i1 %room, i64 %next, i64 %stop
%least = sub i64 %end, {width}
br label %loop
loop:
%i = phi i64 [%first, %block], [%j, %loop]
%doubt = phi {code.number} [{code.constant(0)}, %block], [%sum, %loop]""".splitlines()


def _close_loop(code: Code, doubt: Value) -> None:
    width, reduced = code.processor.width, "%odd"
    code.lines += f"""\
%sum = fadd {code.number} %doubt, {doubt}
%k = add i64 %i, {width}
%far = icmp sgt i64 %k, %least
%j = select i1 %far, i64 %least, i64 %k
%more = icmp slt i64 %i, %least
br i1 %more, label %loop, label %done
done:
%odd = fcmp uno {code.number} %sum, %sum""".splitlines()
    if width > 1:
        reduced = code.anywhere("%odd")
    code.lines += f"""\
%byte = zext i1 {reduced} to i8
%mark = getelementptr i8, ptr %suspects, i64 %number
store i8 %byte, ptr %mark, align 1
%following = add i64 %number, 1
%over = icmp sge i64 %end, %stop
br i1 %over, label %out, label %block
out:
ret void""".splitlines()


def _used(program: Program) -> set[int]:
    return {a for args in program.args for a in args} | set(program.results.values())


def written_results(program: Program, code: Code, load: Callable[[int], Value]) -> list[Value]:
    """Write a program's operations and return its results as numbers."""
    used, found = _used(program), _constants(program, code)
    for k, node in enumerate(program.parameters.values()):
        if node in used:
            found[node] = load(k)
    for node, (op, args) in enumerate(zip(program.ops, program.args, strict=True)):
        if op not in (INPUT, CONST):
            found[node] = ROWS[op](code, *[found[a] for a in args])
    return [
        code.choose(found[node], code.constant(1), code.constant(0))
        if (row := program.rows.get(program.ops[node])) and row.condition
        else found[node]
        for node in program.results.values()
    ]


def _constants(program: Program, code: Code) -> dict[int, Value]:
    return {node: code.constant(float(value)) for node, value in program.constants.items()}
