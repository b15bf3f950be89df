"""Hyperbolic functions that are differentiated without SymPy's questions about their arguments."""

from __future__ import annotations

from functools import cache
from typing import Any

import sympy

from adviz.numbers.sympys.pieces import ExprCondPair
from adviz.numbers.sympys.unasked import Symbol


def _incurious(kind: Any) -> Any:
    """Return a hyperbolic function that neither asks nor answers questions in symbols.

    When SymPy builds a function or a logarithm of its own, it asks whether the argument is 0, and
    so for the real and imaginary parts of every hyperbolic function inside it: where these are
    inside each other that takes exponential time.
    """

    def evaluated(_: Any, argument: Any) -> Any:
        return kind.eval(argument) if argument.is_number else None

    def fdiff(self: Any, argindex: int = 1) -> Any:
        dummy, slope = _hyperbolic_slope(kind)
        return slope.xreplace({dummy: self.args[0]})

    own = {"eval": classmethod(evaluated), "fdiff": fdiff, "__module__": __name__}
    return type(kind.__name__, (sympy.Function,), own)


HYPERBOLIC: dict[str, Any] = {
    kind.__name__: _incurious(kind)
    for kind in (sympy.sinh, sympy.cosh, sympy.tanh, sympy.coth, sympy.sech, sympy.csch)
}
"""The hyperbolic functions by name, to be differentiated."""


@cache
def _hyperbolic_slope(kind: Any) -> tuple[Any, Any]:
    """Return SymPy's derivative by a dummy, in functions that stay as they are."""
    dummy = sympy.Dummy("x")
    slope = kind(dummy, evaluate=False).fdiff()
    return dummy, slope.replace(
        lambda part: type(part).__name__ in HYPERBOLIC,
        lambda part: HYPERBOLIC[type(part).__name__](*part.args),
    )


def handed_out(expression: Any) -> Any:
    """Return an expression in SymPy's own hyperbolic functions and symbols, all else as it is.

    >>> x = sympy.Symbol("x")
    >>> handed_out(2*HYPERBOLIC["tanh"](x)) == 2*sympy.tanh(x)
    True
    """
    made: dict[Any, Any] = {}
    stack = [expression]
    while stack:
        part = stack.pop()
        missing = [argument for argument in part.args if argument not in made]
        if missing:
            stack += [part, *missing]
        else:
            made[part] = _remade(part, [made[argument] for argument in part.args])
    return made[expression]


def _remade(part: Any, arguments: list[Any]) -> Any:
    """Return a part with other arguments, or itself."""
    kind = type(part)
    if kind is Symbol:
        return sympy.Symbol(part.name)
    if HYPERBOLIC.get(kind.__name__) is kind:
        return getattr(sympy, kind.__name__)(*arguments, evaluate=False)
    if all(mine is other for mine, other in zip(part.args, arguments, strict=True)):
        return part
    return kind(*arguments) if kind is ExprCondPair else kind(*arguments, evaluate=False)
