"""Where in a callable's code an operation stands, and which local variable takes its result."""

from __future__ import annotations

import dis
import linecache
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import CodeType, FrameType
from typing import NamedTuple

_OWN = f"{Path(__file__).parents[2]}{os.sep}"
_LIBRARIES = tuple(f"{os.sep}{name}{os.sep}" for name in ("numpy", "scipy"))
_SILENT = frozenset({"CACHE", "EXTENDED_ARG", "NOP", "NOT_TAKEN"})
_OPERATORS = ("BINARY_OP", "COMPARE_OP", "UNARY_")
_STORES = ("STORE_FAST", "STORE_DEREF")
_TAKES = {
    **dict.fromkeys(["LOAD_ATTR", "LOAD_METHOD", "UNARY_NEGATIVE", "UNARY_INVERT", "UNARY_NOT"], 1),
    **dict.fromkeys(["BINARY_OP", "BINARY_SUBSCR", "COMPARE_OP"], 2),
    **dict.fromkeys(["LOAD_CONST", "LOAD_SMALL_INT", "LOAD_GLOBAL", "LOAD_DEREF", "LOAD_FAST"], 0),
    **dict.fromkeys(["LOAD_FAST_CHECK", "LOAD_FAST_BORROW", "LOAD_FAST_LOAD_FAST"], 0),
    **dict.fromkeys(["LOAD_FAST_BORROW_LOAD_FAST_BORROW", "PUSH_NULL", "PRECALL", "CALL"], 0),
}
"""How many entries of the stack the instructions of plain expressions take; a call takes more."""
_AHEAD = 40
_STORE_ITEM = dis.opmap["STORE_SUBSCR"]


class CodePlace(NamedTuple):
    """One instruction of a callable, as far as tracing cares."""

    source: str
    """In words: `line 12 of f`."""
    operator: tuple[str, ...]
    """The locals that take the result when the instruction is an operator."""
    called: tuple[str, ...]
    """The locals that take the result of whatever the instruction does."""


def places(code: CodeType, *, named: bool) -> dict[int, CodePlace]:
    """Return the place of every instruction offset of a code object.

    Only with `named` are locals looked up: those of the traced function, not of its helpers.
    """
    found: dict[int, CodePlace] = {}
    shown = [i for i in dis.get_instructions(code) if i.opname not in _SILENT]
    ends = [*(i.offset for i in shown[1:]), len(code.co_code)]
    for index, (instruction, end) in enumerate(zip(shown, ends, strict=True)):
        names = stored(shown[index + 1 : index + _AHEAD]) if named else ()
        operator = names if instruction.opname.startswith(_OPERATORS) else ()
        line = instruction.positions.lineno if instruction.positions else None
        place = CodePlace(f"line {line or code.co_firstlineno} of {_spoken(code)}", operator, names)
        for offset in range(instruction.offset, end, 2):
            found[offset] = place
    return found


def stored(following: Iterable[dis.Instruction]) -> tuple[str, ...]:
    """Return the locals that take the value now on top of the stack, given what comes next.

    The stack is followed as far as instructions only push, copy, swap, combine or store: enough
    for `a = …`, `a = b = …`, `(a := …)` and `a, b = …, …`.
    """
    names: list[str] = []
    ours = [True]  # the stack from the value upwards: which entries are the value
    for instruction in following:
        name, count = instruction.opname, instruction.arg or 0
        if name in ("COPY", "SWAP") and count > len(ours):
            break
        if name == "COPY":
            ours.append(ours[-count])
        elif name == "SWAP":
            ours[-1], ours[-count] = ours[-count], ours[-1]
        elif name.startswith(_STORES):
            names.extend(one for one in _targets(instruction) if ours and ours.pop())
            ours.extend([False] * name.endswith("LOAD_FAST"))
        elif not _combined(instruction, ours):
            break
        if not any(ours):
            break
    return tuple(one for one in names if one.strip("_"))


def _targets(instruction: dis.Instruction) -> Sequence[str]:
    """Return the locals an instruction stores, the one that takes the top of the stack first.

    Python 3.13 has superinstructions with two variables, `STORE_FAST_STORE_FAST` and
    `STORE_FAST_LOAD_FAST`.
    """
    if isinstance(instruction.argval, str):
        return [instruction.argval]
    both: Sequence[str] = instruction.argval
    return both[:1] if instruction.opname.endswith("LOAD_FAST") else both


def _combined(instruction: dis.Instruction, ours: list[bool]) -> bool:
    """Let an instruction take entries off the stack and push others; False when it takes ours."""
    name, count = instruction.opname, instruction.arg or 0
    if name not in _TAKES:
        return False
    takes = count + 2 if name == "CALL" else _TAKES[name]
    gives = 1 if name == "CALL" else takes + dis.stack_effect(instruction.opcode, instruction.arg)
    gives = 0 if name == "PRECALL" else gives
    taken = ours[len(ours) - takes :] if takes else []
    if takes > len(ours) or any(taken):
        return False
    del ours[len(ours) - takes :]
    ours.extend([False] * gives)
    return True


def _spoken(code: CodeType) -> str:
    """Return what a reader calls a piece of code."""
    return "the lambda" if code.co_name == "<lambda>" else code.co_name


def is_library(code: CodeType) -> bool:
    """Return whether code belongs to adviz, NumPy or SciPy: a reader looks for its caller."""
    return is_own(code) or any(library in code.co_filename for library in _LIBRARIES)


def is_own(code: CodeType) -> bool:
    """Return whether code is adviz's own."""
    return code.co_filename.startswith(_OWN)


def stores_item(frame: FrameType | None) -> bool:
    """Return whether a frame of the user's own is putting something somewhere, as `a[0] = x`."""
    if frame is None or is_library(frame.f_code):
        return False
    return frame.f_code.co_code[frame.f_lasti] == _STORE_ITEM


def author(frame: FrameType | None) -> FrameType | None:
    """Return the innermost frame of the user's own code, or None."""
    while frame is not None and is_library(frame.f_code):
        frame = frame.f_back
    return frame


def spot(frame: FrameType | None) -> str:
    """Return a frame's line for an error: `line 3 of f in model.py, "return float(x)"`."""
    found = author(frame)
    if found is None:
        return "in code that Python cannot show"
    code, line = found.f_code, found.f_lineno
    text = linecache.getline(code.co_filename, line, found.f_globals).strip()
    file = Path(code.co_filename).name.encode(errors="backslashreplace").decode()
    where = f"line {line} of {_spoken(code)} in {file}"
    return f'{where}, "{text[:100]}"' if text else where
