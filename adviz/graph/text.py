"""A graph written back as a formula of the text language."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from itertools import count
from keyword import iskeyword
from unicodedata import normalize

from adviz.graph.procedure import Procedure
from adviz.language.notation import ATOM, binding
from adviz.primitives import Primitive

_WIDTH = 120
"""A longer sub-expression gets a line of its own, so that writing stays linear in the procedure."""

Written = tuple[str, int]
"""A piece of text and how tightly it binds."""


def formula(procedure: Procedure, names: Mapping[str, int], *, shared: bool = True) -> str:
    """Return the formula that builds a graph again, its nodes called by an author's names.

    Named nodes keep their names; an unnamed node that is used more than once, or whose text
    grows long, is called _1, _2, …, which building does not take for an author's name. Without
    `shared` it is written wherever it is used, as an author does; that may grow very long.
    """
    spelled = _spelled(names, procedure.inputs)
    taken = {name for own in spelled.values() for name in own}
    temporaries = (name for k in count(1) if (name := f"_{k}") not in taken)
    pieces: list[Written] = []
    lines: list[str] = []
    uses = _uses(procedure)
    for node in range(len(procedure)):
        text, binds = _piece(procedure, node, pieces)
        own = spelled.get(node, [])
        simple = not procedure.args[node] and not procedure.row(node)
        if shared and not own and not simple and (uses[node] > 1 or len(text) > _WIDTH):
            own = [next(temporaries)]
        if own and procedure.ops[node] != "input":
            lines.append(f"{own[0]} = {text}")
            text, binds = own[0], ATOM
        elif own:
            text, binds = own[0], ATOM
        lines.extend(f"{alias} = {text}" for alias in own[1:])
        pieces.append((text, binds))
    lines.extend(f"assert {pieces[guard.node][0]}" for guard in procedure.guards)
    return _program(procedure, spelled, lines, pieces)


def identifier(name: str) -> bool:
    """Return whether a name of what is computed can stand in a formula as it is."""
    return _legal(name) and not re.fullmatch(r"_\d+", name)


def _legal(name: str) -> bool:
    plain = normalize("NFKC", name) == name and name.isidentifier() and not iskeyword(name)
    return plain and name != "pi"


def _spelled(names: Mapping[str, int], inputs: Mapping[str, int]) -> dict[int, list[str]]:
    """Return every node's names as a formula can spell them, the node's first name first."""
    kept = {name for name in names if identifier(name) or (name in inputs and _legal(name))}
    taken = {*kept}
    spelled: dict[int, list[str]] = {}
    for name, node in names.items():
        if name not in kept:
            stem = re.sub(r"\W", "_", normalize("NFKC", name)).lstrip("0123456789_") or "x"
            name = next(n for i in range(1, 10**9) if (n := f"{stem}_{i}") not in taken)
            taken.add(name)
        spelled.setdefault(node, []).append(name)
    return spelled


def _uses(procedure: Procedure) -> Counter[int]:
    """Return how often the formula mentions every node."""
    uses = Counter(argument for arguments in procedure.args for argument in arguments)
    uses.update(procedure.outputs.values())
    uses.update(guard.node for guard in procedure.guards)
    return uses


def _piece(procedure: Procedure, node: int, pieces: list[Written]) -> Written:
    """Return a node's own text from its arguments' texts."""
    row = procedure.row(node)
    if row is None:
        value = procedure.constants.get(node)
        return ("" if value is None else repr(value)), ATOM if value is None or value >= 0 else 7
    return _applied(row, [pieces[argument] for argument in procedure.args[node]])


def _applied(row: Primitive, operands: list[Written]) -> Written:
    """Return a row's text around its operands' texts."""
    if not row.symbol:
        inner = ", ".join(text for text, _ in operands)
        return (f"{row.name}({inner})" if row.args else row.name), ATOM
    own = binding(row)
    if len(operands) == 1:
        text, binds = operands[0]
        literal = text[:1].isdigit() or text[:1] == "."
        held = text if binds >= own and not literal else f"({text})"
        return row.symbol + (" " if row.symbol.isalpha() else "") + held, own
    left, right = operands
    below = (own, own + 1) if row.name != "pow" else (own + 1, own - 1)
    chained = own == 4
    first = _held(left, below[0] + chained)
    second = _held(right, below[1])
    sign = row.symbol if row.symbol in ("*", "/", "**", "%", "//") else f" {row.symbol} "
    return first + sign + second, own


def _held(piece: Written, needed: int) -> str:
    """Return a piece's text, in parentheses when it binds too loosely."""
    text, binds = piece
    return text if binds >= needed else f"({text})"


def _program(
    procedure: Procedure, spelled: dict[int, list[str]], lines: list[str], pieces: list[Written]
) -> str:
    """Return header, statements and the final line with the outputs."""
    inputs = ", ".join(spelled[node][0] for node in procedure.inputs.values())
    (label, node), *others = procedure.outputs.items()
    if others or not identifier(label):
        shown = (f"{json.dumps(key)}: {pieces[n][0]}" for key, n in procedure.outputs.items())
        return _laid_out(f"f({inputs}) =", [*lines, "{" + ", ".join(shown) + "}"])
    last = pieces[node][0]
    ends_with_it = last == label and bool(lines) and lines[-1].startswith(f"{label} = ")
    return _laid_out(f"{label}({inputs}) =", lines if ends_with_it else [*lines, last])


def _laid_out(header: str, lines: list[str]) -> str:
    """Return a single statement beside the header, several below it."""
    if len(lines) == 1:
        return f"{header} {lines[0]}"
    return "\n".join([header, *(f"    {line}" for line in lines)])
