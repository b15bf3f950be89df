"""How mathematics is held: a small tree, plain enough for JSON, that each medium prints.

A tree is a tuple `(kind, *parts)`: `("name", "x1")`, `("number", "2")`, `("slot", key)`,
`("op", "+")`, `("text", "if")`, `("mark", role, part)`, and the composites `row`, `group`, `neg`,
`frac`, `power`, `root`, `abs`, `call`, `dot`, `bar`, `partial`. Slots stand for numbers, which a
printer looks up, so that one tree serves every frame, point and medium.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from adviz.primitives import Primitive

Tree = tuple[Any, ...]
"""A formula to be printed: `(kind, *parts)`."""

Slots = Callable[[str], str]
"""Gives the text that stands in a slot."""

Printer = Callable[[Sequence[Any], Slots], str]
"""Prints the parts of one kind of tree."""

PRECEDENCE = {
    "or": 1,
    "and": 2,
    "not": 3,
    **dict.fromkeys(("<", "<=", ">", ">=", "==", "!="), 4),
    **dict.fromkeys(("+", "-"), 5),
    **dict.fromkeys(("*", "/", "//", "%"), 6),
    "neg": 7,
    "**": 8,
}
"""How tightly an operator binds, as in Python."""

ATOM = 9
_SIGNS = {"*": "×", "-": "−", "<=": "≤", ">=": "≥", "!=": "≠", "==": "=", "//": "//", "%": "mod"}
_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho "
    "sigma tau upsilon phi chi psi omega".split()
)
LETTERS = dict(zip(_GREEK, "αβγδεζηθικλμνξοπρστυφχψω", strict=True))
LETTERS |= {name.capitalize(): letter.upper() for name, letter in LETTERS.items()}


def tree(kind: str, *parts: Any) -> Tree:
    """Return a node of a notation tree."""
    return (kind, *parts)


def name(text: str) -> Tree:
    """Return a variable."""
    return ("name", text)


def op(sign: str) -> Tree:
    """Return an operator sign, printed with space around it."""
    return ("op", sign)


def row(*parts: Tree) -> Tree:
    """Return parts side by side."""
    return ("row", *parts)


def number(text: str) -> Tree:
    """Return a literal number."""
    return ("number", text)


def applied(primitive: Primitive, operands: Sequence[Tree]) -> Tree:
    """Return a row applied to operands that need no parentheses of their own.

    >>> from adviz.language.notation import plain
    >>> from adviz.primitives import TABLE
    >>> plain.unicode_text(applied(TABLE["sub"], [name("x"), name("y1")]))
    'x − y₁'
    """
    special = _SPECIAL.get(primitive.name)
    if special is not None:
        return special(*operands)
    if primitive.symbol and len(operands) == 2:
        return row(operands[0], op(_SIGNS.get(primitive.symbol, primitive.symbol)), operands[1])
    if primitive.symbol:
        return row(op(primitive.symbol), operands[0])
    return ("call", primitive.label or primitive.name, *operands)


_SPECIAL: dict[str, Callable[..., Tree]] = {
    "neg": lambda x: ("neg", x),
    "div": lambda x, y: ("frac", x, y),
    "pow": lambda x, y: ("power", x, y),
    "sqrt": lambda x: ("root", x),
    "abs": lambda x: ("abs", x),
}


def binding(primitive: Primitive) -> int:
    """Return how tightly a row binds when it is written as an operator."""
    key = "neg" if primitive.name == "neg" else primitive.symbol
    return PRECEDENCE.get(key, ATOM)


def nested(primitive: Primitive, operands: Sequence[tuple[Tree, int]]) -> tuple[Tree, int]:
    """Return a row applied to operands, each with how tightly it binds, and the same of it.

    Parentheses are put where the printed form needs them: a fraction bar, a root and a
    function's own parentheses already hold their contents together.
    """
    own = binding(primitive)
    enclosing = primitive.name in ("div", "sqrt", "abs") or not primitive.symbol
    if primitive.name == "pow":
        base, exponent = operands
        return ("power", _grouped(*base, ATOM), exponent[0]), own
    if enclosing:
        return applied(primitive, [part for part, _ in operands]), ATOM if own == ATOM else 6
    strict = primitive.name not in ("add", "mul", "and", "or")
    parts = [
        _grouped(part, bound, own + (position > 0 and strict) + (primitive.name == "neg"))
        for position, (part, bound) in enumerate(operands)
    ]
    if primitive.name == "mul":
        return _product(*parts), own
    return applied(primitive, parts), own


def _grouped(part: Tree, bound: int, needed: int) -> Tree:
    """Return a part, in parentheses when it binds more loosely than needed."""
    return part if bound >= needed else ("group", part)


def _product(left: Tree, right: Tree) -> Tree:
    """Return a product; parentheses and a number before a name stand side by side."""
    close = right[0] == "group" or (left[0] == "number" and right[0] not in ("number", "row"))
    return row(left, right) if close else row(left, op("·"), right)


def letters(text: str) -> tuple[str, str]:
    """Return a variable's letters and its subscript, Greek names as letters.

    >>> letters("theta_1"), letters("x12"), letters("loss")
    (('θ', '1'), ('x', '12'), ('loss', ''))
    """
    match = re.fullmatch(r"([^\W\d_]+)_?(\d+)|([^\W\d_]+)_(\w+)", text)
    if match is None:
        return LETTERS.get(text, text), ""
    stem, index = match[1] or match[3], match[2] or match[4]
    return LETTERS.get(stem, stem), index


def no_slots(key: str) -> str:
    """Return the key itself, for trees printed without numbers."""
    return key
