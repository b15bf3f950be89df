"""What symbolic mode gives out is right as SymPy evaluates it, for every row, over its domain.

Run by itself it writes docs/sympy.md, what SymPy makes of each row.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy
from laws import (
    Arguments,
    by_position,
    graph_of,
    inside,
    point_of,
    points,
    rounding,
    settled,
    smooth,
)
from samples import specials
from sympy.printing.codeprinter import PrintMethodNotImplementedError

import adviz
from adviz.graph.graph import Graph
from adviz.modes.evaluation import evaluated
from adviz.numbers import FLOAT64, multiprecision
from adviz.numbers.symbols import SYMBOLS
from adviz.numbers.sympys.hyperbolic import handed_out
from adviz.primitives import TABLE, Primitive
from adviz.sources.sympy import from_sympy

PAGE = Path(__file__).parents[2] / "docs/sympy.md"
FARTHEST = 1e4
"""The size up to which mpmath's special functions take no minutes."""
PRECISIONS = (50, 100, 200, 400, 800)
"""What cancels needs more digits; a function that is another one never becomes right."""
RIGHT = 1e-25
"""How far from the truth a number of many digits may be, relatively."""
LOOSE = 1e-6
LIBRARY_ULPS = 1000
"""SciPy's functions of a large argument or order keep fewer digits than adviz's."""
MODULES = ("mpmath", "scipy", "numpy")
ROWS = [pytest.param(row, id=row.name) for row in TABLE.values() if row.args]


@cache
def given_out(row: Primitive) -> dict[str, tuple[Any, Graph, str]]:
    """Return a row's value and its derivatives of both orders: in SymPy, and as a graph."""
    graph = graph_of(row)
    symbols = {name: sympy.Symbol(name) for name in graph.inputs}
    value = handed_out(evaluated(graph, SYMBOLS.over(graph.rows), symbols)[graph.outputs["f"]])
    found = {"value": (value, graph, "f")}
    for name in (row.args[k] for k in by_position(row)):
        slope, first = adviz.symbolic(graph, wrt=name)[name], f"df/d{name}"
        slopes = adviz.derivative_graph(graph, wrt=name)
        found[first] = (slope, slopes, first)
        for other in (row.args[k] for k in by_position(row)):
            twice = adviz.derivative_graph(slopes, of=first, wrt=other)
            found[f"{first} by {other}"] = (sympy.diff(slope, other), twice, [*twice.outputs][-1])
    return found


def regular(row: Primitive, at: Arguments) -> bool:
    """Return whether a row is defined and smooth at a point, and SymPy gets there in time."""
    if not all(abs(argument) <= FARTHEST for argument in at) or not inside(row, at):
        return False
    if any(argument == 0 and math.copysign(1, argument) < 0 for argument in at):
        return False  # SymPy has one zero
    value = FLOAT64.function(row.name)(*at)
    return math.isfinite(value) and smooth(row, at, value)


@cache
def places(row: Primitive, count: int = 4) -> tuple[Arguments, ...]:
    """Return points all over a row's domain: special ones, and any."""
    special = random.Random(row.name).sample(specials(row), min(len(specials(row)), 30 * count))
    return tuple(
        at
        for several in (special, points(row.name, 4 * count))
        for at in islice((at for at in several if regular(row, at)), count)
    )


def exactly(row: Primitive, at: Arguments) -> dict[Any, Any]:
    return {
        sympy.Symbol(name): sympy.Rational(*number.as_integer_ratio())
        for name, number in point_of(row, at).items()
    }


def true(graph: Graph, label: str, at: dict[str, float]) -> Any:
    def value(digits: int) -> Any:
        found = adviz.evaluate(graph, at, digits=digits, errors="ieee").value
        return found[label] if isinstance(found, dict) else found

    return settled(value, 400)


def wrong(found: Any, truth: Any, removable: bool) -> str:
    """Return what is wrong about a number of SymPy's.

    One without digits claims nothing, and no number is no wrong one where a formula may be 0/0.
    """
    if isinstance(found, mpmath.mpf):
        found = sympy.Float(found, 50)
    if found.is_number and found.is_real and not found.is_comparable:
        return ""
    if found in (sympy.nan, sympy.zoo) and removable:
        return ""
    if not found.is_Float and not found.is_Rational:
        return str(found)
    number = truth.value.context.mpf(str(sympy.Float(found, 50)))
    return "" if not truth.departs(number, RIGHT * abs(truth.value) + 1e-300) else str(found)


def as_it_settles(compute: Callable[[int], Any], truth: Any, removable: bool) -> str:
    """Return what is wrong about numbers of growing precision, at all of them."""
    complaints = (wrong(compute(digits), truth, removable) for digits in PRECISIONS)
    found = []
    for complaint in complaints:
        if not complaint:
            return ""
        found.append(complaint)
    return found[-1]


@pytest.mark.parametrize("row", ROWS)
def test_sympy_evaluates_what_is_given_out_to_the_truth(row: Primitive) -> None:
    for what, (expression, graph, label) in given_out(row).items():
        for at in places(row):
            truth, exact = true(graph, label, point_of(row, at)), exactly(row, at)
            if not mpmath.isfinite(truth.value):
                continue
            for evaluate in (lambda n: sympy.N(expression.subs(exact), n),  # noqa: B023 - called at once
                             lambda n: expression.evalf(n, subs=exact)):  # noqa: B023  # fmt: skip
                complaint = as_it_settles(evaluate, truth, any(a in (0, 1, -1) for a in at))
                assert not complaint, (what, at, truth.value)


def modules_of(expression: Any, names: list[str], module: str) -> Any:
    """Return what lambdify makes of an expression; SciPy stands on NumPy."""
    return sympy.lambdify(names, expression, ["scipy", "numpy"] if module == "scipy" else module)


def arguments(row: Primitive, point: dict[str, float], module: str) -> list[Any]:
    """Return a point's numbers in a module's own kind; a whole order is a whole number."""
    kind: Any = mpmath.mpf if module == "mpmath" else np.float64
    orders = [row.args[k] for k in row.orders]
    return [
        int(number) if name in orders and number == int(number) else kind(number)
        for name, number in point.items()
    ]


def unknown(row: Primitive, module: str) -> bool:
    """Return whether a module has no function that stands in what is given out of a row."""
    for expression, graph, _ in given_out(row).values():
        at = point_of(row, places(row)[-1])
        try:
            modules_of(expression, list(graph.inputs), module)(*arguments(row, at, module))
        except (NameError, PrintMethodNotImplementedError):
            return True
        except ArithmeticError:  # it knows the function, and not this place
            continue
    return False


@pytest.mark.parametrize("row", ROWS)
def test_lambdified_with_mpmath_it_is_the_truth(row: Primitive) -> None:
    if unknown(row, "mpmath"):
        return
    for what, (expression, graph, label) in given_out(row).items():
        function = modules_of(expression, list(graph.inputs), "mpmath")
        for at in places(row):
            point = point_of(row, at)
            truth = true(graph, label, point)

            def precisely(digits: int) -> Any:
                with mpmath.workdps(digits):
                    try:
                        return mpmath.mpmathify(function(*arguments(row, point, "mpmath")))  # noqa: B023
                    except (ZeroDivisionError, ValueError):  # which says that it has no number
                        return sympy.nan

            if mpmath.isfinite(truth.value):
                complaint = as_it_settles(precisely, truth, True)
                assert not complaint, (what, at, truth.value)


@pytest.mark.parametrize("module", ["numpy", "scipy"])
@pytest.mark.parametrize("row", ROWS)
def test_lambdified_in_doubles_it_is_no_other_number(row: Primitive, module: str) -> None:
    """Doubles may lose digits and overflow; they are no complex numbers and of no other size."""
    if unknown(row, module):
        return
    for what, (expression, graph, label) in given_out(row).items():
        function = modules_of(expression, list(graph.inputs), module)
        for at in places(row):
            point = point_of(row, at)
            truth = true(graph, label, point).value
            try:
                with np.errstate(all="ignore"):
                    found = function(*arguments(row, point, module))
            except (ZeroDivisionError, OverflowError):
                continue
            assert not np.iscomplexobj(found), (what, at)
            if math.isfinite(found) and mpmath.isfinite(truth):
                lost = _lost(expression, graph, point)
                assert abs(found - truth) <= lost + LOOSE * max(1, abs(truth)), (
                    what,
                    at,
                    found,
                    truth,
                )


def _lost(expression: Any, graph: Graph, point: dict[str, float]) -> float:
    """Return how far rounding may carry an expression as it is written."""
    written = from_sympy([expression], TABLE)
    lost: float = LIBRARY_ULPS * rounding(written, {n: point[n] for n in written.inputs})["f"]
    return lost


@pytest.mark.parametrize(
    "function", [sympy.loggamma, sympy.cbrt, sympy.sin], ids=["loggamma", "cbrt", "sin"]
)
def test_the_law_can_fail(function: Any) -> None:
    truth = settled(lambda digits: multiprecision(digits).constant(2), 400)
    made = function(sympy.Rational(-13, 10))
    assert as_it_settles(lambda digits: sympy.N(made, digits), truth, True)


@pytest.mark.parametrize("text", ["max(x, asin(2))", "where(x > log(-1), x, 2)"])
def test_a_comparison_that_sympy_refuses_is_one_error(text: str) -> None:
    with pytest.raises(adviz.AdvizError, match=r"SymPy cannot write the derivatives down: Invalid"):
        adviz.symbolic(text)


DECIDED = (
    ("copysign(x, 3)", -30, -1),
    ("copysign(x, sin(3))", -30, -1),
    ("fmod(3, copysign(x, 3))", 0.75, -4),
    ("huber(cos(x), 3)", 0, 0),
    ("rel_entr(3, hypot(1, x))", 1, -1.5),
    ("where(not (1 < 2) or x > 0, x*x, 2*x)", 3, 6),
    ("abs(softplus(x))", -30, 9.357622968839299e-14),
)


@pytest.mark.parametrize(("text", "at", "slope"), DECIDED)
def test_a_comparison_of_numbers_is_decided(text: str, at: float, slope: float) -> None:
    """SymPy leaves one of constants as it is written, and looks at two digits of others."""
    found = sympy.N(adviz.symbolic(text)["x"].subs("x", sympy.Rational(at)))
    assert found.is_number and float(found) == pytest.approx(slope, rel=1e-14)
    assert float(found) == pytest.approx(adviz.gradient(text, {"x": float(at)})["x"], rel=1e-14)


def test_a_quotient_of_numbers_keeps_its_digits_under_lambdify() -> None:
    slope = adviz.symbolic("x**(1/3)")["x"]
    with mpmath.workdps(50):
        found = sympy.lambdify("x", slope, "mpmath")(mpmath.mpf(8))
        assert abs(found - mpmath.mpf(1) / 12) < mpmath.mpf(10) ** -48


def sympy_page() -> str:
    """Return docs/sympy.md: which of SymPy's ways know what is given out of each row."""
    head = [
        "# What SymPy makes of what is given out",
        "",
        "Generated from `adviz.primitives.TABLE`, by evaluating the value and both orders of",
        "derivatives of every row that `adviz.symbolic` gives out.",
        "",
        "`sympy.N` and `.evalf(n)` know all of them, over each row's whole domain. Under",
        "`sympy.lambdify` a module may lack a function, and then raises a `NameError`:",
        "",
        "| primitive | mpmath | scipy | numpy |",
        "|---|---|---|---|",
    ]
    known = {
        row.name: [not unknown(row, module) for module in MODULES]
        for row in TABLE.values()
        if row.args
    }
    lines = [
        f"| `{name}` | " + " | ".join("yes" if one else "no" for one in told) + " |"
        for name, told in known.items()
        if not all(told)
    ]
    tail = [
        "",
        "Every other row is known to all three. What no way of evaluating mends:",
        "",
        "- No number where the formula divides by zero, though its limit exists: the derivative of",
        "  `x**y` by x at x = 0, that of `elliptic_k` at 0, of `legendre` at 1.",
        "- Digits that cancel: near such places ask for more of them, as `.evalf(200)`.",
        "- An order is a number: put a whole one into `besselj(n, x)`, not 2.0.",
        "- Far out mpmath takes minutes for some functions, such as `polygamma` at -50000.",
        "",
        "## What a SymPy expression means",
        "",
        "`adviz.build` reads a SymPy expression over the reals. Where SymPy has a real number",
        "adviz gives the same; where it gives a complex one or none, such as for `loggamma(x)`,",
        "`log(x)`, `sqrt(x)` or `x**(1/3)` below 0 and `acos(x)` beyond 1, a DomainError is raised",
        "at that point. `re(loggamma(x))` is the logarithm of the size of gamma(x), `lgamma(x)`;",
        "`sympy.real_root(x, 3)` is the real cube root. Two differences are meant: `atan2(0, 0)`",
        "is 0, as in every language; `jn` and `yn` have the right sign at negative arguments.",
    ]
    return "\n".join([*head, *lines, *tail]) + "\n"


def test_the_page_says_what_sympy_knows() -> None:
    assert PAGE.read_text("utf-8") == sympy_page()


if __name__ == "__main__":
    PAGE.write_text(sympy_page(), "utf-8")


NESTED = "cosh tanh csch sqrt abs".split()


@pytest.mark.parametrize("form", ["expression", "assignments"])
@pytest.mark.parametrize("name", NESTED)
def test_quotients_inside_each_other_are_written_out_soon(name: str, form: Any) -> None:
    steps = 2 if name == "abs" else 5  # choices repeat their arguments
    lines = [f"a{k + 1} = {name}(a{k})/(1 + a{k}**2)" for k in range(steps)]
    graph = adviz.build("\n".join(["a0 = x*y", *lines, f"a{steps}"]))
    made = adviz.symbolic(graph, form=form)  # SymPy alone takes minutes, and longer with each step
    if form == "expression":
        at = {"x": 1.3, "y": 0.7}
        point = {sympy.Symbol(letter): value for letter, value in at.items()}
        values = {letter: float(sympy.N(slope.subs(point))) for letter, slope in made.items()}
        assert values == pytest.approx(adviz.gradient(graph, at))


@pytest.mark.parametrize("name", "sinh cosh tanh coth sech csch".split())
def test_hyperbolic_functions_given_out_are_sympys_own(name: str) -> None:
    x = sympy.Symbol("x")
    assert adviz.symbolic(f"x*{name}(x)")["x"] == sympy.diff(x * getattr(sympy, name)(x), x)
    lines = adviz.symbolic(f"{name}(x)", form="assignments").lines
    assert lines[0][1].func is getattr(sympy, name)
