"""Where in a callable's code an operation stands, and which local variable takes its result."""

from __future__ import annotations

import dis
import linecache
import os
from collections.abc import Iterable, Sequence
from types import CodeType, FrameType
from typing import NamedTuple

_OWN = os.path.dirname(__file__) + os.sep
_NUMPY = f"{os.sep}numpy{os.sep}"
_SILENT = frozenset({"CACHE", "EXTENDED_ARG", "NOP", "NOT_TAKEN"})
_OPERATORS = ("BINARY_OP", "COMPARE_OP", "UNARY_")
_STORES = ("STORE_FAST", "STORE_DEREF")


class Place(NamedTuple):
    """One instruction of a callable, as far as tracing cares."""

    source: str
    """In words: `line 12 of f`."""
    operator: tuple[str, ...]
    """The locals that take the result when the instruction is an operator."""
    called: tuple[str, ...]
    """The locals that take the result of whatever the instruction does."""


def places(code: CodeType, *, named: bool) -> dict[int, Place]:
    """Return the place of every instruction offset of a code object.

    Only with `named` are locals looked up: those of the traced function, not of its helpers.
    """
    found: dict[int, Place] = {}
    shown = [i for i in dis.get_instructions(code) if i.opname not in _SILENT]
    ends = [*(i.offset for i in shown[1:]), len(code.co_code)]
    for index, (instruction, end) in enumerate(zip(shown, ends, strict=True)):
        names = stored(shown[index + 1 : index + 6]) if named else ()
        operator = names if instruction.opname.startswith(_OPERATORS) else ()
        line = instruction.positions.lineno if instruction.positions else None
        place = Place(f"line {line or code.co_firstlineno} of {_spoken(code)}", operator, names)
        for offset in range(instruction.offset, end, 2):
            found[offset] = place
    return found


def stored(following: Iterable[dis.Instruction]) -> tuple[str, ...]:
    """Return the locals that take the value on top of the stack, given what comes next.

    `a = …` is a store; `a = b = …` and `(a := …)` copy the value first. A superinstruction of
    Python 3.13 (`STORE_FAST_LOAD_FAST`, `STORE_FAST_STORE_FAST`) stores the top value first.
    """
    names: list[str] = []
    copied = False
    for instruction in following:
        if instruction.opname == "COPY" and instruction.arg == 1 and not copied:
            copied = True
            continue
        if not instruction.opname.startswith(_STORES):
            break
        both = instruction.opname == "STORE_FAST_STORE_FAST" and copied
        names.extend(_stored_names(instruction.argval)[: 2 if both else 1])
        if not copied or instruction.opname not in _STORES:
            break
        copied = False
    return tuple(name for name in names if name.strip("_"))


def _stored_names(argument: str | Sequence[str]) -> list[str]:
    """Return the variables of a store; a superinstruction has two."""
    return [argument] if isinstance(argument, str) else list(argument)


def _spoken(code: CodeType) -> str:
    """Return what a reader calls a piece of code."""
    return "the lambda" if code.co_name == "<lambda>" else code.co_name


def is_library(code: CodeType) -> bool:
    """Return whether code belongs to adviz or NumPy, so that a reader looks for its caller."""
    return code.co_filename.startswith(_OWN) or _NUMPY in code.co_filename


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
    where = f"line {line} of {_spoken(code)} in {os.path.basename(code.co_filename)}"
    return f'{where}, "{text[:100]}"' if text else where
