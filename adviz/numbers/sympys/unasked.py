"""Expressions about which SymPy finds out nothing more: its questions about them end at once.

When SymPy evaluates a power or a product it asks whether parts of it are real, positive, 0, and
each answer asks the same of what is inside: for roots of powers inside each other ten times as much
with each step. Of symbols without assumptions next to nothing can be known, so what is not known of
an expression of inputs by now counts as unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy
from sympy.core.assumptions import _assume_defined

_FACTS = tuple(sorted(_assume_defined - {"commutative"}))
"""What SymPy may ask; that products commute is known, and no question."""


class Symbol(sympy.Symbol):  # type: ignore[misc]  # SymPy has no types
    """A symbol that is sorted like SymPy's of the same name, and is another one.

    Expressions in it are nobody else's, so what is remembered of them disturbs nobody.
    """


def unasked(expression: Any) -> Any:
    """Return an expression itself, about which SymPy finds out nothing more.

    >>> x = Symbol("x")
    >>> unasked(sympy.exp(x)).is_zero is None, sympy.exp(sympy.Symbol("x")).is_zero
    (True, False)
    """
    known = expression._assumptions
    if known is expression.default_assumptions:
        known = expression._assumptions = known.copy()
    for fact in _FACTS:
        known.setdefault(fact, None)
    return expression


def renamed(expressions: Sequence[Any], names: Mapping[Any, str]) -> list[Any]:
    """Return what SymPy makes of expressions, built anew in symbols of these names.

    It is `xreplace`, of every part once and without questions.

    >>> x = sympy.Dummy()
    >>> renamed([sympy.Mul(x, x, evaluate=False)], {x: "x"})
    [x**2]
    """
    made: dict[Any, Any] = {dummy: unasked(Symbol(name)) for dummy, name in names.items()}
    inside: set[Any] = set(made.values())
    kept: set[Any] = set()
    stack = list(expressions)
    while stack:
        part = stack.pop()
        missing = [argument for argument in part.args if argument not in made]
        if missing:
            stack += [part, *missing]
        elif part not in made and kept.issuperset(part.args):
            kept.add(part)
            made[part] = part
        elif part not in made:
            made[part] = _rebuilt(part, [made[argument] for argument in part.args], inside)
    return [made[expression] for expression in expressions]


def _rebuilt(part: Any, arguments: list[Any], inside: set[Any]) -> Any:
    """Return a part with other arguments; what holds an input goes to `inside`."""
    whole = part.func(*arguments)
    if whole not in inside and _holds(whole, inside):
        inside.add(unasked(whole))
    return whole


def _holds(whole: Any, inside: set[Any]) -> bool:
    """Return whether one of some expressions is a part of another."""
    stack = [whole]
    while stack:
        part = stack.pop()
        if part in inside:
            return True
        stack += part.args
    return False
