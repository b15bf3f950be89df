"""How mathematics is held: a small tree, plain enough for JSON, that each medium prints.

A tree is a tuple `(kind, *parts)`: `("name", "x1")`, `("number", "2")`, `("slot", key)`,
`("held", key)`, `("op", "+")`, `("text", "if")`, `("mark", role, part)`, `("node", id, part)` for
what a node of a graph computes, and the composites `row`, `lines`, `group`, `neg`, `frac`, `power`,
`root`, `abs`, `call`, `entry` (of an array, at a key), `dot`, `bar`, `partial`. A power of the text
`T` is a transpose, and the sign `@`, between two matrices, is not seen. `lines` is a row that is
broken into lines where a medium has room below each other. Slots stand for numbers, which a printer
looks up, so that one tree serves every frame, point and medium; a slot that is held has parentheses
around a negative number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any
from unicodedata import normalize

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
TRANSPOSED = ("text", "T")
"""The exponent of a transpose."""
ELEMENTWISE = ("text", "∘")
"""What an exponent begins with that is taken of every element."""
_SIGNS = {"*": "×", "-": "−", "<=": "≤", ">=": "≥", "!=": "≠", "==": "=", "//": "//", "%": "mod"}
_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho "
    "sigma tau upsilon phi chi psi omega".split()
)
LETTERS = dict(zip(_GREEK, "αβγδεζηθικλμνξοπρστυφχψω", strict=True))
LETTERS |= {name.capitalize(): letter.upper() for name, letter in LETTERS.items()}
_SUBSCRIPTED = re.compile(r"([^\W\d_]+)(?:_?(\d+(?:_\d+)*)|_([^\W_]{1,3}))")
_SCIENTIFIC = re.compile(r"([-−]?[\d.]+)(?:e| × 10)([-+−⁻]?[0-9⁰¹²³⁴-⁹]+)")


def tree(kind: str, *parts: Any) -> Tree:
    """Return a node of a notation tree."""
    return (kind, *parts)


def standing(key: str, slots: Slots) -> Tree:
    """Return a held slot as its number wants it: in parentheses, if it has a minus sign.

    >>> standing("v1", {"v1": "−2"}.get)
    ('group', ('slot', 'v1'))
    """
    slot = tree("slot", key)
    return tree("group", slot) if slots(key).startswith("−") else slot


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


def bare(part: Tree) -> Tree:
    """Return a part itself, whatever node of a graph it is.

    >>> bare(("node", 3, name("x")))
    ('name', 'x')
    """
    while part[0] == "node":
        part = part[2]
    return part


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

    >>> from adviz.language.notation import plain
    >>> from adviz.primitives import TABLE
    >>> plain.unicode_text(nested(TABLE["pow"], [(number("-2"), 7), (name("x"), ATOM)])[0])
    '(−2)^x'
    """
    own = binding(primitive)
    parts = held(primitive, operands)
    if primitive.name == "mul":
        return _product(*parts), own
    if primitive.name == "div":
        return applied(primitive, [part for part, _ in operands]), own
    # "mod" between two operands looks as if it were below + and -, whatever % is in Python
    return applied(primitive, parts), PRECEDENCE["<"] if primitive.name == "mod" else own


def leaf(part: Tree) -> tuple[Tree, int]:
    """Return a name or a number, and how tightly it binds: a negative number as its sign does.

    So does a number with a power of ten: (2 × 10⁵)².

    >>> leaf(number("-2")), leaf(number("2e5")), leaf(name("x"))
    ((('number', '-2'), 7), (('number', '2e5'), 7), (('name', 'x'), 9))
    """
    loose = part[0] == "number" and (part[1].startswith("-") or scientific(part[1])[1])
    return part, PRECEDENCE["neg"] if loose else ATOM


def held(primitive: Primitive, operands: Sequence[tuple[Tree, int]]) -> list[Tree]:
    """Return a row's operands, in parentheses where they would be read otherwise without.

    What follows an operator is held together too: x − (y − z), x·(−2).

    >>> from adviz.primitives import TABLE
    >>> held(TABLE["pow"], [(number("-2"), 7), (name("x"), ATOM)])
    [('group', ('number', '-2')), ('name', 'x')]
    """
    own = binding(primitive)
    if not primitive.symbol:
        return [part for part, _ in operands]
    if primitive.name == "pow":
        (base, bound), (exponent, _) = operands
        return [_grouped(base, bound >= ATOM), exponent]
    if primitive.name == "neg":
        ((part, bound),) = operands
        return [_grouped(part, bound > own and bare(part)[0] != "number")]
    return [
        _grouped(part, bound >= own + (position > 0) and not (position and _signed(part)))
        for position, (part, bound) in enumerate(operands)
    ]


def _grouped(part: Tree, holds: bool) -> Tree:
    """Return a part, in parentheses unless it holds together by itself."""
    return part if holds else ("group", part)


def _signed(part: Tree) -> bool:
    """Return whether the first thing that is printed of a part is a minus."""
    kind, first = bare(part)[:2]
    if kind == "number":
        return first[0] in "-−"
    return kind == "neg" or (kind in ("row", "power") and _signed(first))


def _product(left: Tree, right: Tree) -> Tree:
    """Return a product; a number before a letter, and parentheses, stand side by side.

    What else stands before parentheses has a dot, or it would be read as a function.
    """
    last = _last(left)[0]
    in_parentheses = right[0] == "group" and not _signed(right[1])
    close = (in_parentheses and last in ("group", "number")) or (
        left[0] == "number" and _is_letter(right)
    )
    return row(left, right) if close else row(left, op("·"), right)


def _last(part: Tree) -> Tree:
    """Return what stands at the right end of a product."""
    part = bare(part)
    return _last(part[-1]) if part[0] == "row" else part


def _is_letter(part: Tree) -> bool:
    """Return whether a part begins with a letter or a root: no number can run into it."""
    kind, first = bare(part)[:2]
    return kind in ("name", "root", "abs") or (kind == "power" and _is_letter(first))


@lru_cache(4096)
def letters(text: str) -> tuple[str, str]:
    """Return a variable's letters and its subscript, Greek names as letters.

    Only a single letter, or one that is spelled, has a subscript: numbers, or up to three letters
    and digits. Any other name is a word, which is shown as it is written.

    >>> letters("theta_1"), letters("x12"), letters("sigma_max"), letters("W0_1")
    (('θ', '1'), ('x', '12'), ('σ', 'max'), ('W', '0,1'))
    >>> letters("loss"), letters("loss_2"), letters("learning_rate_alpha")
    (('loss', ''), ('loss_2', ''), ('learning_rate_alpha', ''))
    """
    match = _SUBSCRIPTED.fullmatch(text)
    stem, index = (match[1], match[2] or match[3]) if match else (text, "")
    if match and len(stem) > 1 and stem not in LETTERS:
        return text, ""
    return LETTERS.get(stem, stem), index.replace("_", ",")


def is_letter(stem: str) -> bool:
    """Return whether a variable's letters are one that is set in italics: Latin or Greek.

    >>> is_letter("x"), is_letter("θ"), is_letter("loss"), is_letter("é")
    (True, True, False, False)
    """
    return len(stem) == 1 and (stem in LETTERS.values() or (stem.isascii() and stem.isalpha()))


def scientific(text: str) -> tuple[str, str]:
    """Return the mantissa of a number and its power of ten, as it is typed or shown.

    >>> scientific("-2.5e-07"), scientific("3 × 10⁸"), scientific("0.5"), scientific("inf")
    (('−2.5', '−7'), ('3', '8'), ('0.5', ''), ('inf', ''))
    """
    match = _SCIENTIFIC.fullmatch(text)
    if match is None:
        return text.replace("-", "−"), ""
    power = normalize("NFKC", match[2]).replace("−", "-")
    return match[1].replace("-", "−"), str(int(power)).replace("-", "−")


def base_of_power(part: Tree, slots: Slots) -> Tree:
    """Return what is raised to a power, in parentheses if it is a number with a power of ten.

    >>> base_of_power(("slot", "k"), lambda key: "2 × 10⁵"), base_of_power(name("x"), no_slots)
    (('group', ('slot', 'k')), ('name', 'x'))
    """
    kind, *parts = bare(part)
    shown = parts[0] if kind == "number" else slots(parts[0]) if kind == "slot" else ""
    return ("group", part) if scientific(shown)[1] else part


def no_slots(key: str) -> str:
    """Return the key itself, for trees printed without numbers."""
    return key
