"""SymPy's derivative as it is given to a user, evaluated by SymPy itself.

Every other witness evaluates by adviz's numbers. What a user gets from `adviz.symbolic` is
evaluated by `sympy.N`, where a function may be complex, take another branch or be wrong.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from typing import Any

from adviz.checking.finding import Statement
from adviz.checking.truth.budget import UNHEARD
from adviz.checking.truth.sympys import given_out
from adviz.checking.witnesses.question import Question
from adviz.primitives.elementary import ELEMENTARY

NAME = "sympy.N"
_LARGEST = 200
"""The most objects in an expression: SymPy takes tens of microseconds and more for each."""
_ELEMENTARY = frozenset(row.name for row in ELEMENTARY)
_FARTHEST = 1e4
"""How large an argument of another function may be: beyond, mpmath may take minutes for it."""
_MOST_DIGITS = 400
_TRIALS = 3
"""How often the precision is doubled where SymPy's number is not the truth."""


def states(asked: Question) -> Statement:
    """Return what SymPy gives for its expression with as many digits as the truth took.

    >>> import adviz
    >>> from decimal import Decimal
    >>> from adviz.language.labels import Key
    >>> asked = Question(adviz.build("x**2"), Key("f", "x"), {"x": 3.0}, truth=Decimal(6))
    >>> states(asked).verdict
    'agrees'
    """
    expression = given_out(asked.graph, tuple(asked.graph.inputs)).get(asked.key)
    why = _too_much(asked, expression)
    return asked.silent(NAME, why) if why else _judged(asked, expression)


def _too_much(asked: Question, expression: Any) -> str:
    """Return why SymPy is not asked, or nothing."""
    import sympy

    if expression is None:
        return UNHEARD
    objects = islice(sympy.preorder_traversal(expression), _LARGEST + 1)
    if sum(1 for _ in objects) > _LARGEST:
        return f"the expression has more than {_LARGEST} objects"
    if asked.digits > _MOST_DIGITS:
        return f"the truth took more than {_MOST_DIGITS} digits"
    return "an argument of a function is too large" if _far(asked) else ""


def _far(asked: Question) -> bool:
    """Return whether a function that is not elementary would be asked for far out."""
    found, graph = asked.evaluated(asked.doubles), asked.graph
    rows = ((node, graph.row(node)) for node in asked.between)
    slow = [node for node, row in rows if row and row.name not in _ELEMENTARY]
    arguments = [found[argument] for node in slow for argument in graph.args[node]]
    return not all(value is None or abs(value) <= _FARTHEST for value in arguments)


def _judged(asked: Question, expression: Any) -> Statement:
    """Hold SymPy's number against the truth; what differs does so with more digits too."""
    found: list[Statement] = []
    for trial in range(_TRIALS):
        value = _evaluated(expression, tuple(asked.point.items()), asked.digits << trial)
        if not value.is_Float and not value.is_Rational:
            return _no_number(asked, value)
        number = asked.precise.constant(
            value._mpf_ if value.is_Float else Fraction(value.p, value.q)
        )
        found.append(asked.judged_precisely(NAME, number))
        if found[-1].verdict != "differs":
            return found[-1]
    values = {one.value for one in found}
    if len(values) > 1:
        return asked.silent(NAME, "SymPy's number does not settle")
    return _wrong(found[-1].value, f"{found[-1].value:.8g}")


@lru_cache(maxsize=64)
def _evaluated(expression: Any, at: tuple[tuple[str, float], ...], digits: int) -> Any:
    """Return SymPy's number, which is the same whoever's derivative is judged."""
    import sympy

    point = {sympy.Symbol(name): sympy.Float(value, digits) for name, value in at}
    return sympy.N(expression.subs(point), digits)


def _no_number(asked: Question, value: Any) -> Statement:
    """Return what is said where SymPy has no real number: wrong only if it is a complex one."""
    import sympy

    if value.is_number and value.has(sympy.I) and value.is_finite:
        return _wrong(None, str(sympy.N(value, 8)))
    return asked.silent(NAME, f"SymPy gives {value!s:.60}")


def _wrong(value: Any, shown: str) -> Statement:
    return Statement(
        NAME,
        value,
        math.nan,
        "failed",
        f"the expression given out is wrong here, as SymPy evaluates it: {shown}",
    )
