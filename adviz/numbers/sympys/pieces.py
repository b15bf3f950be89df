"""Functions in pieces, whose choices and comparisons stay as they are written."""

from __future__ import annotations

from typing import Any

import sympy
from sympy import S
from sympy.core.sympify import _sympify

_DIGITS_COMPARED = 20


class floor(sympy.floor):  # type: ignore[misc]  # noqa: N801 - SymPy is untyped; its classes are named like functions
    """The floor function with derivative 0, which SymPy leaves undone."""

    def fdiff(self, argindex: int = 1) -> Any:
        """Return 0: floor is constant between its jumps."""
        return S.Zero


class ceiling(sympy.ceiling):  # type: ignore[misc]  # noqa: N801 - as floor above
    """The ceiling function with derivative 0, which SymPy leaves undone."""

    def fdiff(self, argindex: int = 1) -> Any:
        """Return 0: ceiling is constant between its jumps."""
        return S.Zero


def decided(kind: Any) -> Any:
    """Return a relation of SymPy's whose truth between numbers is found with digits enough.

    SymPy's own looks at two, by which `log(1 + exp(-30)) > 0` is false.
    """

    def new(cls: Any, left: Any, right: Any, **options: Any) -> Any:
        left, right = _sympify(left), _sympify(right)  # floats, where it is called with such
        if options.get("evaluate", True) and left.is_number and right.is_number:
            left, right = _compared(left, right)
        return kind.__new__(cls, left, right, **options)

    def turned(how: str) -> Any:
        return property(lambda self: getattr(kind(*self.args, evaluate=False), how))

    turns = {how: turned(how) for how in ("negated", "reversed", "reversedsign")}
    return type(kind.__name__, (kind,), {"__new__": new, "__module__": __name__, **turns})


def _compared(left: Any, right: Any) -> tuple[Any, Any]:
    """Return two numbers, or their difference and 0 where it is known to be none."""
    difference = sympy.N(left - right, _DIGITS_COMPARED)
    known = difference.is_Float and difference._prec > 1 and difference != 0
    return (difference, S.Zero) if known else (left, right)


class ExprCondPair(sympy.functions.elementary.piecewise.ExprCondPair):  # type: ignore[misc]  # SymPy has no types
    """A value and its condition, both as written."""

    def __new__(cls, value: Any, condition: Any) -> Any:
        """Return the pair unevaluated."""
        return sympy.Basic.__new__(cls, value, S.true if condition is True else condition)


class Piecewise(sympy.Piecewise):  # type: ignore[misc]  # SymPy has no types
    """Choices that stay as written until it is known which of them is taken.

    SymPy's own rewrites conditions that hold choices, which takes exponential time, and moves
    powers into the branches, so that the root of `abs(x)` has a branch `0**(-1/2)`.
    """

    def __new__(cls, *pieces: Any, **_: Any) -> Any:
        """Return the choices that are left, or the value of the first that is taken for sure."""
        pairs = [ExprCondPair(*piece) for piece in pieces]
        left = [pair for pair in pairs if pair.cond is not S.false]
        sure = next((k for k, pair in enumerate(left) if pair.cond is S.true), len(left))
        return sympy.Basic.__new__(cls, *left[: sure + 1]) if sure else left[0].expr

    def _eval_derivative(self, symbol: Any) -> Any:
        slopes = [(value.diff(symbol), condition) for value, condition in self.args]
        return Piecewise(*slopes) if any(slope != 0 for slope, _ in slopes) else S.Zero

    def _eval_power(self, _: Any) -> None:
        return None
