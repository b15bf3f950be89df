"""Operations of SymPy expressions: as `sympy.count_ops` counts them, and in published numbers."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
import sympy
from corpus import CORPUS, Formula

import adviz
from adviz.comparison.expressions import work_of_expressions
from adviz.errors import DomainError, TooLarge

X, Y = sympy.symbols("x y")
LARGEST = 600

WRITTEN = (
    X,
    sympy.Integer(-3),
    sympy.Rational(-1, 3),
    sympy.E,
    -X,
    -1 / X,
    -1 / X**2,
    1 / X / Y,
    -X / 3,
    X - Y,
    -X - Y,
    -X + Y,
    2 - X * Y,
    X**2 / (1 + Y),
    sympy.exp(X) + sympy.exp(1),
    sympy.exp(-X),
    sympy.atan2(Y, X),
    sympy.sqrt(X) / sympy.sin(X) ** 2,
    sympy.Piecewise((X, X > Y), (-X, True)),
    sympy.Piecewise((X, (X > 0) & (Y > 0) & (X < Y)), (Y, sympy.Not(X > 1) | (Y < 0)), (0, True)),
    sympy.Max(X, Y, 1),
    sympy.Function("g")(X),
)


def logistic(count: int) -> Any:
    """Return the logistic map l₁ = x, lₙ₊₁ = 4lₙ(1 - lₙ) as SymPy writes it."""
    value: Any = X
    for _ in range(count - 1):
        value = 4 * value * (1 - value)
    return value


@pytest.mark.parametrize("expression", WRITTEN, ids=str)
def test_operations_are_those_of_count_ops(expression: Any) -> None:
    assert work_of_expressions([expression]).operations == sympy.count_ops(expression)
    assert work_of_expressions([expression, X]) == work_of_expressions([expression])
    assert work_of_expressions([expression] * 3) == 3 * work_of_expressions([expression])


@pytest.mark.parametrize("formula", CORPUS[::2], ids=lambda formula: formula.name)
def test_derivatives_are_counted_as_count_ops_counts_them(formula: Formula) -> None:
    graph = adviz.build(formula.text)
    with suppress(TooLarge, DomainError):  # what SymPy is not asked for, and cannot write down
        slopes = adviz.symbolic({"f": graph, "g": graph}, largest=LARGEST)["f"].values()
        assert work_of_expressions(slopes).operations == sum(map(sympy.count_ops, slopes))


@pytest.mark.parametrize(
    ("count", "function", "derivative", "shared"),
    [(2, 3, 2, 2), (3, 8, 21, 12), (4, 18, 82, 27), (5, 38, 264, 45), (6, 78, 768, 67),
     (7, 158, 2096, 93)],
)  # fmt: skip
def test_the_logistic_map_swells(count: int, function: int, derivative: int, shared: int) -> None:
    """The example of Baydin et al. 2018 (JMLR 18), table 1, as SymPy differentiates it."""
    slope = sympy.diff(logistic(count), X)
    replaced, (rest,) = sympy.cse(slope)
    assert work_of_expressions([logistic(count)]).operations == function
    assert work_of_expressions([slope]).operations == derivative
    assert work_of_expressions([*(right for _, right in replaced), rest]).operations == shared


def test_a_shared_expression_forty_levels_deep_is_counted_exactly() -> None:
    whole: Any = X
    for _ in range(40):
        whole = sympy.sin(whole) + whole**2
    assert work_of_expressions([whole]).operations == 3 * (2**40 - 1)


def test_numbers_that_move_are_counted_by_the_arguments() -> None:
    assert work_of_expressions([sympy.atan2(Y, X)]).moves == 3
    assert work_of_expressions([X + Y + 1]).moves == 6
    assert work_of_expressions([-X]).moves == 2
