"""What SymPy's users bring: values and gradients of what SymPy left undone, at fifty digits."""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from sympy import S

import adviz
from adviz.errors import GraphError
from adviz.sources.unevaluated import MOST_TERMS

x, y, t, k, m, n = sympy.symbols("x y t k m n")
v = sympy.IndexedBase("v")
index = sympy.Idx("i", 4)
A, B = sympy.MatrixSymbol("A", 2, 2), sympy.MatrixSymbol("B", 2, 2)
g = sympy.Function("g")
BESSEL = (sympy.besselj, sympy.bessely, sympy.besseli, sympy.besselk)
DIGITS = 50
AT = {"x": 0.7, "y": 1.9, "v0": 0.3, "v1": -1.2, "v2": 2.5, "v3": 0.1, "v1_2": 0.6}
AT |= {"A0_0": 1.5, "A0_1": -0.4, "A1_0": 0.8, "A1_1": 2.2}
AT |= {"B0_0": 0.5, "B0_1": 1.4, "B1_0": -1.8, "B1_1": 0.2}


ELEMENTS = {
    **{v[i]: sympy.Symbol(f"v{i}") for i in range(4)},
    v[1, 2]: sympy.Symbol("v1_2"),
    **{M[i, j]: sympy.Symbol(f"{M}{i}_{j}") for M in (A, B) for i in (0, 1) for j in (0, 1)},
}

CALCULUS = [
    (sympy.Integral(sympy.exp(-t * y), (t, 0, x)), (1 - sympy.exp(-x * y)) / y),
    (sympy.Integral(x * t, (t, 0, 1), (x, 0, y)), y**2 / 4),
    (sympy.Integral(sympy.sin(t), (t, y, x)) * y, (sympy.cos(y) - sympy.cos(x)) * y),
    (sympy.Derivative(sympy.sin(x) * y, x), sympy.cos(x) * y),
    (sympy.Derivative(sympy.Abs(x) * x, x), 2 * x),
    (sympy.Derivative(x**3 * y, x, x), 6 * x * y),
    (
        sympy.Derivative(sympy.Integral(sympy.exp(sympy.sin(t)), (t, y, x)), x),
        sympy.exp(sympy.sin(x)),
    ),
    (sympy.Subs(x**2 + y, x, 3), 9 + y),
    (sympy.Subs(sympy.Derivative(sympy.sin(t), t), t, x * y), sympy.cos(x * y)),
    (sympy.Limit(sympy.sin(t * x) / t, t, 0), x),
]
SUMS = [
    (sympy.Sum(x**k * y, (k, 1, 4)), (x + x**2 + x**3 + x**4) * y),
    (sympy.Sum(x**k, (k, 3, 2)), S.Zero),
    (
        sympy.Sum(sympy.sin(m * k * x), (k, 0, m), (m, 0, 2)),
        sympy.sin(x) + sympy.sin(2 * x) + sympy.sin(4 * x),
    ),
    (sympy.Sum(x**k / sympy.factorial(k), (k, 0, sympy.oo)), sympy.exp(x)),
    (sympy.Product(x + k * y, (k, 1, 3)), (x + y) * (x + 2 * y) * (x + 3 * y)),
    (sympy.Sum(v[k] ** 2, (k, 0, 3)), v[0] ** 2 + v[1] ** 2 + v[2] ** 2 + v[3] ** 2),
    (sympy.Sum(v[index] * x, (index, 0, 3)), (v[0] + v[1] + v[2] + v[3]) * x),
]
ARRAYS = [
    (v[0] * v[1, 2], v[0] * v[1, 2]),
    (A[0, 1] * x, A[0, 1] * x),
    ((A * B)[0, 1], A[0, 0] * B[0, 1] + A[0, 1] * B[1, 1]),
    (sympy.Determinant(A), A[0, 0] * A[1, 1] - A[0, 1] * A[1, 0]),
    (sympy.Trace(A.T * B), sum(A[i, j] * B[i, j] for i in (0, 1) for j in (0, 1))),
    (sympy.Matrix([[x, y], [y, x]]).det(), x**2 - y**2),
]
CONDITIONS = [
    (sympy.Piecewise((x, x > 1), (y * x, sympy.And(x > 0, x <= 1)), (0, x <= 0)), y * x),
    (sympy.Piecewise((sympy.Piecewise((y, y > 2), (x, True)), x > 0), (2, True)), x),
    (sympy.Piecewise((x, sympy.Xor(x > 0, y > 0, x > y)), (x * y, True)), x * y),
    (sympy.Piecewise((x, sympy.ITE(x > 1, y > 0, y < 1)), (x * y, True)), x * y),
    (sympy.Piecewise((x, sympy.Implies(x > 0, y < 1)), (x * y, True)), x * y),
    (sympy.Piecewise((x, sympy.Not(sympy.And(x > 0, sympy.Or(y > 0, x > y)))), (y, True)), y),
    (sympy.Piecewise((x, sympy.Contains(x, sympy.Interval(0, 1))), (y, True)), x),
]
PARTS = [
    (sympy.re(x) * y + sympy.im(x) + sympy.conjugate(y), x * y + y),
    (sympy.real_root(x, 3), sympy.cbrt(x)),
    (sympy.frac(x + 3) * y, x * y),
    (sympy.Mod(x, y) + sympy.Mod(y, x), x + y - 2 * x),
    (sympy.Min(x, y, 3, x * y) + sympy.Max(x, y, x - y), x + y),
    (sympy.Abs(x * y) * sympy.sign(-y), -x * y),
    (sympy.SingularityFunction(x, S.Half, 2), (x - S.Half) ** 2),
    (sympy.Heaviside(x) * y + sympy.KroneckerDelta(x, y), y),
]
FUNCTIONS = [
    *((f, f) for f in (sympy.rf(x, 3), sympy.ff(x, 2))),
    (sympy.rf(x, y), sympy.gamma(x + y) / sympy.gamma(x)),
    (sympy.ff(y, x), sympy.gamma(y + 1) / sympy.gamma(y - x + 1)),
    (sympy.harmonic(x), sympy.digamma(x + 1) + sympy.EulerGamma),
    (x * sympy.EulerGamma + y * sympy.GoldenRatio * sympy.Catalan,) * 2,
    (sympy.erf2(x, y), sympy.erf(y) - sympy.erf(x)),
    (sympy.binomial(x, 3), x * (x - 1) * (x - 2) / 6),
    (sympy.binomial(y, x), sympy.gamma(y + 1) / sympy.gamma(x + 1) / sympy.gamma(y - x + 1)),
    (sympy.beta(x, y), sympy.gamma(x) * sympy.gamma(y) / sympy.gamma(x + y)),
    (sympy.factorial(x) * y, sympy.gamma(x + 1) * y),
    (sympy.erfcinv(x), sympy.erfinv(1 - x)),
    (sympy.Li(x), sympy.li(x) - sympy.li(2)),
    (sympy.yn(1, x), -sympy.cos(x) / x**2 - sympy.sin(x) / x),
]

ROWS = [
    (f, f)
    for f in (
        *(B(n, x * y) for B in BESSEL for n in (0, 1, S(5) / 2, -3)),
        *(A(x - y) for A in (sympy.airyai, sympy.airybi, sympy.airyaiprime, sympy.airybiprime)),
        *(F(x * y) for F in (sympy.Si, sympy.Ci, sympy.Shi, sympy.Chi, sympy.Ei, sympy.li)),
        sympy.Ei(-x) * sympy.Si(-y),
        sympy.expint(1, x * y) + sympy.expint(3, x),
        sympy.erfinv(x) * y,
        sympy.LambertW(x) * sympy.LambertW(-x / 3),
        sympy.Integral(sympy.sin(x * t) / t, (t, 1, y)),
        sympy.elliptic_k(x) * sympy.elliptic_e(-y),
        sympy.fresnels(x * y) + sympy.fresnelc(x),
        sympy.Integral(sympy.sin(t**2), (t, 0, x)) * y,
    )
]


@pytest.mark.parametrize(
    ("brought", "meant"),
    [*CALCULUS, *SUMS, *ARRAYS, *CONDITIONS, *PARTS, *FUNCTIONS, *ROWS],
    ids=lambda e: str(e)[:60],
)
def test_what_sympy_left_undone_has_the_value_and_the_slopes_of_what_it_means(
    brought: Any, meant: Any
) -> None:
    plain = sympy.sympify(meant).xreplace(ELEMENTS)
    exact = {name: sympy.Rational(*AT[name].as_integer_ratio()) for name in AT}
    graph = adviz.build(brought)
    at = {name: AT[name] for name in graph.inputs}
    assert set(at) >= {str(symbol) for symbol in plain.free_symbols}
    found = {"": adviz.evaluate(graph, at, digits=DIGITS).value} | adviz.gradient(
        graph, at, digits=DIGITS
    )
    for name, number in found.items():
        wanted = (plain.diff(name) if name else plain).subs(exact).evalf(DIGITS)
        # a number that SymPy knows and adviz holds as a double is right to a double's digits
        close = 1e-15 if brought.has(sympy.Catalan) else 1e-45
        assert abs(sympy.Float(str(number), DIGITS) - wanted) <= close * (1 + abs(wanted)), name


def test_entries_of_matrices_and_arrays_are_outputs_row_by_row() -> None:
    assert adviz.build(A.T).text == (
        'f(A0_0, A0_1, A1_0, A1_1) = {"f1": A0_0, "f2": A1_0, "f3": A0_1, "f4": A1_1}'
    )
    assert adviz.build(A.I * B) == adviz.build((A.I * B).as_explicit())
    assert adviz.build(sympy.Array([[x, y], [1, 2]])).text == (
        'f(x, y) = {"f1": x, "f2": y, "f3": 1, "f4": 2}'
    )


REFUSED = [
    (
        y + sympy.Integral(sympy.exp(sympy.sin(t)), (t, 0, x)),
        "SymPy's Integral(exp(sin(t)), (t, 0, x)) is not found by SymPy in closed form, and no row "
        "computes it; its derivative by a bound is the integrand there, so take .diff() first",
    ),
    (sympy.Derivative(g(x), x), "SymPy's Derivative(g(x), x) has no derivative that SymPy can"),
    (
        sympy.sin(g(x)) + 1,
        "SymPy's g(x) is a function without a formula; replace it by one (in sin(g(x)))",
    ),
    (y * sympy.DiracDelta(x), "SymPy's DiracDelta(x) is no function: it has no value at 0"),
    (
        sympy.Sum(sympy.sin(k * x), (k, 1, 10**6)),
        f"has 1,000,000 terms; at most {MOST_TERMS:,} are written out",
    ),
    (sympy.Sum(x**k, (k, 5, 2)), "runs from a bound down to a smaller one"),
    (
        sympy.Sum(sympy.sin(k**2), (k, 1, n)),
        "Sum(sin(k**2), (k, 1, n)) has no closed form that SymPy finds; give it numeric bounds",
    ),
    (v[k] * x, "the index k of v[k] is not a number; sum over it between numbers"),
    (v[1] * sympy.Symbol("v1"), "two different SymPy symbols are called 'v1'"),
    (
        sympy.re(sympy.gamma(sympy.I * x)),
        "SymPy's re(gamma(I*x)) takes apart a complex number; adviz's are real",
    ),
    (sympy.Abs(x + sympy.I * y), "SymPy's I is not a real number (in I*y)"),
    (
        sympy.Piecewise((x, x > 0), (-x, x < 0)),
        "Piecewise((x, x > 0), (-x, x < 0)) has no branch for the rest; add (value, True)",
    ),
    (sympy.exp(x) + sympy.O(x**2), "stands for terms left out; drop it with .removeO()"),
    (sympy.dirichlet_eta(x) * 2, "SymPy's dirichlet_eta(x) has no row in the table (in 2*dir"),
    (sympy.elliptic_f(x, y), "SymPy's elliptic_f(x, y) has no row in the table"),
    (sympy.elliptic_e(x, y), "elliptic_e(x, y): elliptic_e takes 1 arguments, not 2"),
    (sympy.zeta(x, y), "zeta(x, y): zeta takes 1 arguments, not 2"),
    (sympy.LambertW(x, -1), "LambertW(x, -1): lambertw takes 1 arguments, not 2"),
]


@pytest.mark.parametrize(("expression", "said"), REFUSED, ids=lambda e: str(e)[:60])
def test_what_cannot_be_done_is_refused_with_the_reason_and_the_place(
    expression: Any, said: str
) -> None:
    with pytest.raises(GraphError) as refused:
        adviz.build(expression)
    assert said in str(refused.value)


def test_an_error_prints_no_large_expression_whole() -> None:
    large = sum((x**power for power in range(1, 60)), S.Zero)
    with pytest.raises(GraphError, match=r"SymPy's g\(Add\) is a function") as refused:
        adviz.build(large * g(large))
    assert len(str(refused.value)) < 120


def test_a_tuple_of_expressions_is_several_outputs() -> None:
    assert list(adviz.build(sympy.Tuple(x, x * y)).outputs) == ["f1", "f2"]


def test_a_matrix_needs_a_shape_in_numbers() -> None:
    with pytest.raises(GraphError, match="has the shape n × 2; give it one in numbers"):
        adviz.build(sympy.MatrixSymbol("M", n, 2))
