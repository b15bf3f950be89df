"""Choices that have a name: the sign of a number."""

from __future__ import annotations

from adviz.language.notation import Tree, number, op, row, tree

_ZERO, _ONE, _NEGATIVE = map(number, ("0", "1", "-1"))


def named_choices(part: Tree) -> Tree:
    """Return a formula in which what chooses 1, −1 or 0 by a sign is called the sign.

    >>> from adviz.checking.closing.written import Formula
    >>> from adviz.language.notation import unicode_text
    >>> import adviz
    >>> written = Formula(adviz.build("y*where(x > 0, 1, where(x < 0, -1, 0))"), "f").tree
    >>> unicode_text(written)
    'y · sign(x)'
    """
    kind, *parts = part
    made = tree(kind, *(named_choices(one) if isinstance(one, tuple) else one for one in parts))
    if made[:2] != ("call", "where") or made[2][0] != "row":
        return made
    decided = made[2][1]
    return tree("call", "sign", decided) if made[2:] == _sign(decided) else made


def _sign(of: Tree) -> tuple[Tree, ...]:
    """Return the condition and the branches by which SymPy's sign of a number is chosen."""
    negative = row(of, op("<"), _ZERO)
    return row(of, op(">"), _ZERO), _ONE, tree("call", "where", negative, _NEGATIVE, _ZERO)
