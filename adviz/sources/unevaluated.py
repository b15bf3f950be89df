"""What SymPy leaves undone, done: integrals, derivatives, sums, entries of matrices, parts.

Each row says what an expression of one class stands for, in expressions of others. Whatever has
no such meaning, and no row in the table either, is refused with the reason where one is known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any

import sympy

from adviz.errors import GraphError

Expression = Any
"""A SymPy expression or condition."""

MOST_TERMS = 10_000
"""The largest number of terms or factors that a sum or product is written out to."""
_SHOWN = 24
"""The largest number of objects in an expression that an error prints."""


def meaning(part: Expression) -> Expression | None:
    """Return what an object stands for, or None when it is read as it is.

    Raises GraphError for what SymPy cannot do, with the reason.

    >>> from sympy import Sum, symbols
    >>> x, k = symbols("x k")
    >>> meaning(Sum(x**k, (k, 1, 3))), meaning(x)
    (x**3 + x**2 + x, None)
    """
    found = _meaning_of(type(part))
    return found(part) if found else None


def reason(part: Expression) -> str:
    """Return why an object has no row, with what would work."""
    return _reason_of(type(part)) or "has no row in the table"


def leaf(part: Expression) -> str | None:
    """Return the name of the input that a symbol, or an element of an array, is; else None.

    Raises GraphError for an element whose index is not a number.

    >>> from sympy import IndexedBase, MatrixSymbol
    >>> leaf(IndexedBase("x")[2]), leaf(MatrixSymbol("A", 2, 2)[0, 1])
    ('x2', 'A0_1')
    """
    if part.is_Symbol:
        return str(part.name)
    element_of = _array_of(type(part))
    if element_of is None:
        return None
    name, indices = element_of(part)
    unknown = next((index for index in indices if not index.is_Integer), None)
    if unknown is not None:
        raise GraphError(
            f"the index {unknown} of {short(part)} is not a number; "
            "sum over it between numbers, or put a number in its place"
        )
    return f"{name}{'_'.join(map(str, indices))}"


def short(part: Expression) -> str:
    """Return an expression for an error; of a large one only the classes of its arguments."""
    if sum(1 for _ in islice(sympy.preorder_traversal(part), _SHOWN + 1)) <= _SHOWN:
        return str(part)
    arguments = ", ".join(type(argument).__name__ for argument in part.args[:3])
    return f"{type(part).__name__}({arguments}{', …' * (len(part.args) > 3)})"


# --- calculus ------------------------------------------------------------------------------------


def _done(part: Expression) -> Expression:
    """Return an integral, derivative or limit as SymPy does it, for real symbols."""
    symbols = part.free_symbols | set(getattr(part, "bound_symbols", ()))
    real = {s: sympy.Dummy(s.name, real=True) for s in symbols if s.is_Symbol and s.is_real is None}
    done = part.xreplace(real).doit().xreplace({dummy: s for s, dummy in real.items()})
    return _unless_left(part, done)


def _unless_left(part: Expression, done: Expression) -> Expression:
    """Return what an expression was turned into, unless its own kind is still in it."""
    left = next(iter(done.atoms(type(part))), None)
    if left is not None:
        raise GraphError(f"SymPy's {short(left)} {reason(left)}")
    return done


def _written_out(part: Expression) -> Expression:
    """Return a sum or product term by term, or in closed form where a bound is no number."""
    indices = {limit[0] for limit in part.limits}
    bounds = [bound for _, *limit in part.limits for bound in limit]
    if any(bound.free_symbols - indices or bound.is_infinite for bound in bounds):
        return _done(part)
    return (sympy.Mul if isinstance(part, sympy.Product) else sympy.Add)(*_terms(part))


def _terms(part: Expression) -> list[Expression]:
    """Return all terms; the last limit is the outermost, on which the others may depend."""
    terms = [sympy.Tuple(part.function, *part.limits)]
    for _ in part.limits:
        ranges = [(term, *term[-1]) for term in terms]
        counts = [_steps(part, low, high) + 1 for _, _, low, high in ranges]
        _refuse_length(part, counts)
        terms = [
            sympy.Tuple(*term[:-1]).xreplace({index: low + step})
            for (term, index, low, _), count in zip(ranges, counts, strict=True)
            for step in range(count)
        ]
    return [term[0] for term in terms]


def _steps(part: Expression, low: Expression, high: Expression) -> int:
    """Return how often an index takes a step of 1 between its bounds."""
    steps = int(high - low)
    if steps != high - low:
        raise GraphError(
            f"SymPy's {short(part)} runs from {low} to {high}, which is no whole number of steps"
        )
    return steps


def _refuse_length(part: Expression, counts: list[int]) -> None:
    if min(counts) < 0:
        raise GraphError(f"SymPy's {short(part)} runs from a bound down to a smaller one")
    if sum(counts) > MOST_TERMS:
        raise GraphError(
            f"SymPy's {short(part)} has {sum(counts):,} terms; at most {MOST_TERMS:,} are written "
            "out; bring it into closed form first, with .doit()"
        )


# --- parts of complex numbers, matrices, conditions ----------------------------------------------


def _real(part: Expression) -> Expression:
    """Return the argument, which is real: every input is, and what is complex there is refused."""
    _refuse_imaginary(part)
    return part.args[0]


def _real_part(part: Expression) -> Expression | None:
    return None if isinstance(part.args[0], sympy.loggamma) else _real(part)


def _imaginary_part(part: Expression) -> Expression:
    """Return 0, but no number where the argument is none, such as a root of what is negative."""
    argument = _real(part)
    known = leaf(argument) is not None
    return sympy.S.Zero if known else sympy.Mul(sympy.S.Zero, argument, evaluate=False)


def _refuse_imaginary(part: Expression) -> None:
    if part.has(sympy.I):
        raise GraphError(f"SymPy's {short(part)} takes apart a complex number; adviz's are real")


def _determinant(part: Expression) -> Expression:
    return sympy.Matrix(part.arg.as_explicit()).det(method="berkowitz")


def _covered(part: Expression) -> Expression | None:
    """Return choices whose conditions hold everywhere together, the last one for the rest."""
    *branches, (last, condition) = part.args
    if condition is sympy.true:
        return None
    if sympy.simplify(sympy.Or(*(c for _, c in part.args))) != sympy.true:
        raise GraphError(f"{short(part)} has no branch for the rest; add (value, True)")
    return sympy.Piecewise(*branches, (last, True), evaluate=False)


def _logic(part: Expression) -> Expression:
    return part.to_nnf(simplify=False)


# --- functions in terms of others ----------------------------------------------------------------


def _factors(
    general: Callable[..., Expression | None],
) -> Callable[[Expression], Expression | None]:
    """Return what reads a factorial power: as so many factors, or by gamma functions."""

    def read(part: Expression) -> Expression | None:
        expanded = sympy.expand_func(part)
        return general(*part.args) if expanded.has(type(part)) else expanded

    return read


def _expanded(part: Expression) -> Expression:
    return _unless_left(part, sympy.expand_func(part))


def _refuse(part: Expression) -> Expression:
    raise GraphError(f"SymPy's {short(part)} {reason(part)}")


def _gamma(x: Expression) -> Expression:
    return sympy.gamma(x, evaluate=False)


_MEANINGS: Mapping[str, Callable[[Expression], Expression | None]] = {
    **dict.fromkeys(("Integral", "Derivative", "Subs", "Limit"), _done),
    **dict.fromkeys(("Sum", "Product"), _written_out),
    **dict.fromkeys(("conjugate", "adjoint", "transpose"), _real),
    "re": _real_part,
    "im": _imaginary_part,
    "Determinant": _determinant,
    "Trace": lambda part: sympy.Matrix(part.arg.as_explicit()).trace(),
    "Piecewise": _covered,
    **dict.fromkeys(("Xor", "Implies", "Equivalent", "ITE", "Nand", "Nor", "Xnor"), _logic),
    "Contains": lambda part: part.args[1].as_relational(part.args[0]),
    "frac": lambda part: part.args[0] - sympy.floor(part.args[0]),
    "SingularityFunction": lambda part: part.rewrite(sympy.Piecewise),
    "KroneckerDelta": lambda part: part.rewrite(sympy.Piecewise),
    "RisingFactorial": _factors(lambda x, k: _gamma(x + k) / _gamma(x)),
    "binomial": _factors(lambda *_: None),
    "Li": lambda part: sympy.li(part.args[0]) - sympy.li(2),
    "FallingFactorial": _factors(lambda x, k: _gamma(x + 1) / _gamma(x - k + 1)),
    "harmonic": lambda part: _unless_left(part, part.rewrite(sympy.digamma)),
    "erf2": lambda part: sympy.erf(part.args[1]) - sympy.erf(part.args[0]),
    "yn": _expanded,
    "UnevaluatedExpr": lambda part: part.args[0],
    **dict.fromkeys(("hyper", "meijerg"), _refuse),
    "EulerGamma": lambda _: -sympy.digamma(1, evaluate=False),
    "GoldenRatio": lambda _: (1 + sympy.sqrt(5)) / 2,
}
"""What the objects of a class stand for; None when they are read as they are."""

_REASONS: Mapping[str, str] = {
    "Integral": "is not found by SymPy in closed form, and no row computes it; "
    "its derivative by a bound is the integrand there, so take .diff() first",
    "Derivative": "has no derivative that SymPy can take; replace the function by a formula",
    "Subs": "has no derivative that SymPy can take; replace the function by a formula",
    "Limit": "is a limit that SymPy does not find",
    "Sum": "has no closed form that SymPy finds; give it numeric bounds",
    "Product": "has no closed form that SymPy finds; give it numeric bounds",
    "DiracDelta": "is no function: it has no value at 0, where all of it is; it is what SymPy "
    "takes for the derivative of a jump, which adviz takes as 0 and marks as a kink",
    "AppliedUndef": "is a function without a formula; replace it by one",
    "ImaginaryUnit": "is not a real number",
    **dict.fromkeys(
        ("hyper", "meijerg"),
        "has no row in the table; try sympy.hyperexpand, for simpler functions",
    ),
    "PurePoly": "stands for any argument; take .as_expr() of it",
    "Poly": "is a polynomial, no expression; take its .as_expr()",
    "Lambda": "is a function, no expression; take its .expr",
    "Order": "stands for terms left out; drop it with .removeO()",
}
"""Why objects of a class are refused, and what would work."""

_ARRAYS: Mapping[str, Callable[[Expression], tuple[str, tuple[Expression, ...]]]] = {
    "Indexed": lambda part: (str(part.base.label), part.indices),
    "MatrixElement": lambda part: (str(part.parent), (part.i, part.j)),
}
"""The name of the array that an element is of, and its indices."""


def _by_class(table: Mapping[str, Any]) -> Callable[[type], Any]:
    """Return a table's entry for a class: its own, or that of the nearest it descends from."""

    @lru_cache(maxsize=256)
    def entry(kind: type) -> Any:
        return next((table[k.__name__] for k in kind.__mro__ if k.__name__ in table), None)

    return entry


_meaning_of, _reason_of, _array_of = map(_by_class, (_MEANINGS, _REASONS, _ARRAYS))
