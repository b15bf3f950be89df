"""A formula with as few minus signs as it needs: each before a term, and none that cancel."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any

from adviz.language.notation import Tree, op, row, tree

_Signed = tuple[int, Tree]
"""A sign, 1 or −1, and what it stands before."""
_OPPOSITE = {"+": "−", "−": "+"}
_DOT = op("·")


def fewer_signs(part: Tree) -> Tree:
    """Return a formula in which every minus stands before its term.

    >>> from adviz.language.notation import name, unicode_text
    >>> x, y = name("x"), name("y")
    >>> unicode_text(fewer_signs(row(x, op("+"), ("group", ("neg", ("frac", ("neg", x), y))))))
    'x + x/y'
    """
    return _with_sign(*_split(part))


def _with_sign(sign: int, part: Tree) -> Tree:
    return part if sign > 0 else tree("neg", part)


def _split(part: Tree) -> _Signed:
    """Return the sign of a formula, and the formula without it."""
    kind, *parts = part
    return _SPLIT.get(kind, _inside)(parts, kind)


def _inside(parts: Sequence[Any], kind: str) -> _Signed:
    """Return a part whose own parts have fewer signs; nothing comes out of it."""
    made = (fewer_signs(one) if isinstance(one, tuple) else one for one in parts)
    return 1, tree(kind, *made)


def _number(parts: Sequence[Any], kind: str) -> _Signed:
    (text,) = parts
    return (-1, tree(kind, text[1:])) if text.startswith("-") else (1, tree(kind, text))


def _negative(parts: Sequence[Any], _: str) -> _Signed:
    sign, inner = _split(parts[0])
    return -sign, _bare(inner)


def _grouped(parts: Sequence[Any], kind: str) -> _Signed:
    """Return what is in parentheses without them, if a sign that comes out was all their use."""
    sign, inner = _split(parts[0])
    return (1, tree(kind, inner)) if sign > 0 else (sign, _bare(inner))


def _quotient(parts: Sequence[Any], kind: str) -> _Signed:
    (above, over), (below, under) = map(_split, parts)
    held = (one[1] if one[0] == "group" else one for one in (over, under))
    return above * below, tree(kind, *held)


def _rowed(parts: Sequence[Any], _: str) -> _Signed:
    """Return a product with the sign of all factors, or a sum with one sign for each term."""
    signs = {part[1] for part in parts if part[0] == "op"}
    if signs <= {"·"}:
        found = [_split(part) for part in parts]
        return prod(sign for sign, _ in found), row(*(inner for _, inner in found))
    return (1, _sum(parts)) if signs <= _OPPOSITE.keys() else _inside(parts, "row")


def _sum(parts: Sequence[Any]) -> Tree:
    first, *rest = parts
    made = [_bare(fewer_signs(first))]
    for before, part in zip(rest[::2], rest[1::2], strict=True):
        sign, inner = _split(part)
        made += [before if sign > 0 else op(_OPPOSITE[before[1]]), _bare(inner)]
    return row(*made)


def _bare(part: Tree) -> Tree:
    """Return what has parentheses without them, if it is a product or a quotient."""
    return part[1] if part[0] == "group" and _is_product(part[1]) else part


def _is_product(part: Tree) -> bool:
    """Return whether a part is a quotient, or factors only."""
    return part[0] == "frac" or (
        part[0] == "row" and all(one == _DOT for one in part[1:] if one[0] == "op")
    )


_SPLIT: Mapping[str, Callable[[Sequence[Any], str], _Signed]] = {
    "number": _number,
    "neg": _negative,
    "group": _grouped,
    "frac": _quotient,
    "row": _rowed,
}
"""What lets a sign out of it."""
