"""The loop over the runs of a tape as LLVM's text: it jumps to the opcode of each run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from adviz.compiler.flat.opcode import Case
from adviz.compiler.llvm import lowered
from adviz.compiler.llvm import written_results as written
from adviz.compiler.llvm.instructions import Code, Module, Processor, Value
from adviz.compiler.native import lacking
from adviz.errors import AdvizError


def loops(cases: Sequence[Case], processor: Processor) -> str:
    """Return a module with `points` and `levels` for tapes of these opcodes.

    Raises AdvizError for a row that machine code does not have.
    """
    missing = dict.fromkeys(row for case in cases for row in lacking(case.program))
    if missing:
        raise AdvizError(f"machine code has no {', '.join(missing)}")
    module = Module()
    values = _values(cases, module, processor)
    return "\n".join([module.text, values])


def _values(cases: Sequence[Case], module: Module, processor: Processor) -> str:
    """Return the loop over the runs."""
    labels = " ".join(f"i32 {code}, label %case{code}" for code in range(len(cases)))
    bodies = [
        line for code, case in enumerate(cases) for line in _case(code, case, module, processor)
    ]
    return "\n".join([_HEAD.replace("; labels", labels), *bodies, _TAIL])


def _case(code: int, case: Case, module: Module, processor: Processor) -> Iterator[str]:
    """Yield one opcode's loops over a run: several nodes at once, or one where there are few.

    The last step of the wide loop is moved back to fit: what is computed twice is the same.
    """
    yield f"case{code}: ; {case.opcode.label}"
    if processor.width > 1:
        yield f"  %wide{code} = icmp sge i64 %length, {processor.width}"
        yield f"  br i1 %wide{code}, label %loop{code}w, label %loop{code}n"
        yield from _loop(f"{code}w", code, case, Code(module, processor))
        yield from _loop(f"{code}n", code, case, Code(module, Processor()))
    else:
        yield f"  br label %loop{code}n"
        yield from _loop(f"{code}n", code, case, Code(module, processor))


def _loop(name: str, code: int, case: Case, writer: Code) -> Iterator[str]:
    width = writer.processor.width
    yield f"loop{name}:"
    yield f"  %i{name} = phi i64 [0, %case{code}], [%j{name}, %end{name}]"
    program = lowered(case.program)
    for k, value in enumerate(written(program, writer, lambda k: _gathered(writer, name, k))):
        start = "%base" if k == 0 else writer.new(f"mul i64 %length, {k}")
        place = writer.new(f"add i64 {start}, %i{name}")
        if k:
            place = writer.new(f"add i64 {place}, %base")
        target = writer.new(f"getelementptr double, ptr %kept, i64 {place}")
        writer.lines.append(f"store {writer.number} {value}, ptr {target}, align 8")
    yield from (f"  {re.sub(r'%t(?=[0-9])', f'%t{name}.', line)}" for line in writer.lines)
    yield f"  br label %end{name}"
    yield f"end{name}:"
    yield f"  %k{name} = add i64 %i{name}, {width}"
    yield f"  %last{name} = sub i64 %length, {width}"
    yield f"  %far{name} = icmp sgt i64 %k{name}, %last{name}"
    yield f"  %j{name} = select i1 %far{name}, i64 %last{name}, i64 %k{name}"
    yield f"  %more{name} = icmp slt i64 %i{name}, %last{name}"
    yield f"  br i1 %more{name}, label %loop{name}, label %done"


def _gathered(writer: Code, name: str, k: int) -> Value:
    """Return the numbers at the places that column `k` of the arguments names."""
    width = writer.processor.width
    column = writer.new(f"mul i64 %node_count, {k}")
    row = writer.new(f"add i64 %first, %i{name}")
    place = writer.new(f"add i64 {column}, {row}")
    address = writer.new(f"getelementptr i32, ptr %args, i64 {place}")
    places = writer.new(f"load {writer.of('i32')}, ptr {address}, align 4")
    if width == 1:
        source = writer.new(f"getelementptr double, ptr %kept, i32 {places}")
        return writer.new(f"load double, ptr {source}, align 8")
    return _side_by_side(writer, f"{name}.{k}", places)


def _side_by_side(writer: Code, name: str, places: Value) -> Value:
    """Return the numbers at some places: one load where these are side by side, else a gather."""
    width, lines = writer.processor.width, writer.lines
    kind = f"<{width} x i32>"
    steps = ", ".join(f"i32 {step}" for step in range(width))
    first = writer.new(f"extractelement {kind} {places}, i64 0")
    one = writer.new(f"insertelement {kind} poison, i32 {first}, i64 0")
    zeros = "zeroinitializer"
    spread = writer.new(f"shufflevector {kind} {one}, {kind} poison, {kind} {zeros}")
    wanted = writer.new(f"add {kind} {spread}, <{steps}>")
    same = writer.new(f"icmp eq {kind} {places}, {wanted}")
    bits = writer.new(f"bitcast <{width} x i1> {same} to i{width}")
    every = writer.new(f"icmp eq i{width} {bits}, -1")
    lines += [f"br i1 {every}, label %near{name}, label %apart{name}", f"near{name}:"]
    start = writer.new(f"getelementptr double, ptr %kept, i32 {first}")
    loaded = writer.new(f"load {writer.number}, ptr {start}, align 8")
    lines += [f"br label %read{name}", f"apart{name}:"]
    gathered = _apart(writer, places)
    lines += [f"br label %read{name}", f"read{name}:"]
    pairs = f"[{loaded}, %near{name}], [{gathered}, %apart{name}]"
    return writer.new(f"phi {writer.number} {pairs}")


def _apart(writer: Code, places: Value) -> Value:
    """Return the numbers at places anywhere."""
    width = writer.processor.width
    sources = writer.new(f"getelementptr double, ptr %kept, <{width} x i32> {places}")
    gather = f"llvm.masked.gather.v{width}f64.v{width}p0"
    kinds = f"<{width} x ptr>, i32, <{width} x i1>, {writer.number}"
    writer.module.declared[f"declare {writer.number} @{gather}({kinds})"] = None
    return writer.new(
        f"call {writer.number} @{gather}(<{width} x ptr> {sources}, i32 8, "
        f"<{width} x i1> splat (i1 true), {writer.number} poison)"
    )


_HEAD = """\
define void @values(ptr noalias %kept, ptr noalias %runs, i64 %run_count, \
ptr noalias %args, i64 %node_count) nounwind {
  %none = icmp eq i64 %run_count, 0
  br i1 %none, label %out, label %run
run:
  %number = phi i64 [0, %0], [%next, %done]
  %record = getelementptr {i32, i32, i32, i32}, ptr %runs, i64 %number
  %opcode = load i32, ptr %record, align 4
  %at1 = getelementptr i32, ptr %record, i64 1
  %read1 = load i32, ptr %at1, align 4
  %base = sext i32 %read1 to i64
  %at2 = getelementptr i32, ptr %record, i64 2
  %read2 = load i32, ptr %at2, align 4
  %first = sext i32 %read2 to i64
  %at3 = getelementptr i32, ptr %record, i64 3
  %read3 = load i32, ptr %at3, align 4
  %length = sext i32 %read3 to i64
  switch i32 %opcode, label %unknown [; labels]"""

_TAIL = """\
unknown:
  unreachable
done:
  %next = add i64 %number, 1
  %more = icmp slt i64 %next, %run_count
  br i1 %more, label %run, label %out
out:
  ret void
}
"""
