"""The operations of SymPy expressions, as `sympy.count_ops` counts them, without expanding a tree.

SymPy holds `a - b` as a sum with a product by -1, and `a/b` as a product with a power. Its
`count_ops` counts what is written: a difference, a quotient. It walks the tree, so that it takes as
long as a shared expression is large when written out; here every object is looked at once, and the
whole numbers of its parts are added.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sympy
from sympy.core.function import _coeff_isneg as is_negated
from sympy.core.operations import LatticeOp
from sympy.simplify.radsimp import fraction

from adviz.comparison.counts import Work, total

Expression = Any
"""A SymPy expression."""
_Parts = tuple[Work, Sequence[Expression]]
"""What an object itself takes, and the objects that it is applied to."""

_NOTHING = Work()
_SUM, _SIGN = Work(adds=1, moves=3), Work(adds=1, moves=2)
_PRODUCT, _QUOTIENT = Work(mults=1, moves=3), Work(nonlinear=1, moves=3)
_EXPONENTIAL = Work(nonlinear=1, moves=2)


def work_of_expressions(expressions: Iterable[Expression]) -> Work:
    """Return the work of SymPy expressions, each as the tree that it is written as.

    The operations are those of `sympy.count_ops`.

    >>> import sympy
    >>> x, y = sympy.symbols("x y")
    >>> work_of_expressions([x - y/x])
    Work(adds=1, mults=0, nonlinear=1, choices=0, moves=6)
    """
    whole = [*expressions]
    known: dict[int, Work] = {}
    for part, work, inner in _met(whole):
        known[id(part)] = total([work, *(known[id(one)] for one in inner)])
    return total(known[id(one)] for one in whole)


def _met(whole: Sequence[Expression]) -> list[tuple[Expression, *_Parts]]:
    """Return every object once, by identity, after what it is applied to, and what it takes."""
    met: dict[int, tuple[Expression, *_Parts]] = {}  # objects are kept, or identities were reused
    order: list[int] = []
    stack = [(one, False) for one in reversed(whole)]
    while stack:
        part, ready = stack.pop()
        if ready:
            order.append(id(part))
        elif id(part) not in met:
            met[id(part)] = part, *_own(part)
            stack.append((part, True))
            stack.extend((one, False) for one in met[id(part)][-1])
    return [met[one] for one in order]


def _own(part: Expression) -> _Parts:
    """Return what an object itself takes, and what it is applied to."""
    if part.is_Rational:
        return (part.p < 0) * _SIGN + (part.q != 1) * _QUOTIENT, ()
    if part.is_Mul:
        return _product(part)
    if part.is_Add:
        return _sum(part)
    if part.is_Pow and part.exp is sympy.S.NegativeOne:
        return _QUOTIENT, (part.base,)
    if part is sympy.S.Exp1:
        return _EXPONENTIAL, ()
    return _applied(part)


def _sum(part: Expression) -> _Parts:
    """Return a sum of which some terms are subtracted; where all are, a sign stands before it."""
    negated = [is_negated(term) for term in part.args]
    terms = [-term if minus else term for term, minus in zip(part.args, negated, strict=True)]
    return all(negated) * _SIGN + (len(terms) - 1) * _SUM, terms


def _product(part: Expression) -> _Parts:
    """Return a product, perhaps with a sign, or a quotient of which a part may be 1."""
    sign = _NOTHING
    if is_negated(part):
        sign = _SIGN
        part = part.as_two_terms()[1] if part.args[0] is sympy.S.NegativeOne else -part
    over, under = fraction(part)
    if over.is_Integer:
        return sign + bool(over < 0) * _SIGN + _QUOTIENT, (under,)
    if under is not sympy.S.One:
        return sign + _QUOTIENT, (over,) if under.is_Integer else (over, under)
    if not part.is_Mul:
        return sign, (part,)
    return sign + (len(part.args) - 1) * _PRODUCT, part.args


def _applied(part: Expression) -> _Parts:
    """Return a function, a power or a choice on its arguments; what is none of these is nothing."""
    places = len(part.args)
    if part.is_Pow and part.base is sympy.S.Exp1:
        return _EXPONENTIAL, (part.exp,)
    if isinstance(part, LatticeOp):
        return (places - 1) * Work(choices=1, moves=3), part.args
    if isinstance(part, sympy.Piecewise | sympy.ITE | sympy.Not):
        return Work(choices=1, moves=places + 1), part.args
    if part.is_Pow or (part.is_Function and places):
        return Work(nonlinear=1, moves=places + 1), part.args
    return _NOTHING, part.args
