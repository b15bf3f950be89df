"""Statements on arrays as the text of a Python module."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from adviz.compiler.blocks.statements import Statements

_WIDTH = 96
"""Characters of a line of code, before its comment."""


def module(code: Statements, size: int) -> str:
    """Return a module whose main function computes so many points at a time."""
    constants = "\n".join(line.text for line in code.constant)
    once = once_text(code) if code.single else ""
    block = block_text(code, [line.text for line in code.block])
    parts = [_imports(code), constants, once, block, *_wrapper(code, size)]
    return "\n\n\n".join(part for part in parts if part) + "\n"


def once_text(code: Statements) -> str:
    """Return the function that computes what is the same for all points."""
    given = ", ".join(code.shared) + "," * (len(code.shared) == 1)
    lines = [*(line.text for line in code.once), f"return ({given})"]
    return _function(f"{code.program.called}_once", code.single, lines)


def block_text(code: Statements, lines: Sequence[str]) -> str:
    """Return the function of a block, made of these lines."""
    taken = *code.shared, *code.varying, *code.results, *code.numbers, *code.conditions
    return _function(f"{code.program.called}_block", taken, lines)


def _imports(code: Statements) -> str:
    """Return the first lines of a module."""
    lines = ["import numpy as np"]
    if code.special:
        lines.append("from scipy import special")
    if code.functions:
        lines += ["", "from adviz.numbers import ARRAY", ""]
    return "\n".join(lines + [f'{name} = ARRAY.function("{name}")' for name in code.functions])


def _wrapper(code: Statements, size: int) -> Iterator[str]:
    """Yield the function that a module is for: arrays in, arrays out."""
    if not code.varying:
        return
    kind = code.program.called
    space = {"numbers": (len(code.numbers), ""), "conditions": (len(code.conditions), ", bool")}
    space = {name: row for name, row in space.items() if row[0]}
    columns = [f"{name}[part]" for name in code.varying] + ["*results[:, part]"]
    columns += [f"*{name}[:, here]" for name in space]
    yield _function(
        f"{kind}_many",
        code.varying,
        [
            f"count = len({code.varying[0]})",
            f"results = np.empty(({len(code.results)}, count))",
            *[f"{name} = np.empty(({many}, {size}){kind})" for name, (many, kind) in space.items()],
            'with np.errstate(all="ignore"):',
            f"    for start in range(0, count, {size}):",
            f"        part = slice(start, min(start + {size}, count))",
            *["        here = slice(0, part.stop - start)"] * bool(space),
            _call(f"        {kind}_block", columns),
            "return results",
        ],
    )


def _function(name: str, parameters: Sequence[str], lines: Sequence[str]) -> str:
    """Return a function's text."""
    return "\n    ".join([_call(f"def {name}", parameters) + ":", *(lines or ["pass"])])


def _call(start: str, arguments: Sequence[str]) -> str:
    """Return a call, on several lines where it is long."""
    line = f"{start}({', '.join(arguments)})"
    if len(line) < _WIDTH:
        return line
    edge = " " * (len(start) - len(start.lstrip()) + 8)
    inner = textwrap.wrap(
        ", ".join(arguments),
        _WIDTH,
        initial_indent=edge,
        subsequent_indent=edge,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join([f"{start}(", *inner, edge[4:] + ")"])
