"""One derivative at one point in float64, by each way that gives a single number; and its error."""

from __future__ import annotations

import cmath
import math
import operator
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from adviz.checking.truth.settling import Truth
from adviz.checking.truth.truth import Oracle
from adviz.checking.verdicts.nonfinite import told, without_advice
from adviz.checking.witnesses.question import Question
from adviz.errors import DomainError, PointError
from adviz.language.asked import among, require, shown
from adviz.language.labels import Key
from adviz.language.numerals import in_text
from adviz.language.spelling import shortened
from adviz.modes.building import built_at, of_numbers
from adviz.modes.point import named
from adviz.modes.run import Run
from adviz.modes.verbs import wanted_inputs
from adviz.numbers import COMPLEX, Numbers
from adviz.numbers.given import float64
from adviz.sources import Source

Stepped = Callable[[Question, float], float | None]
"""A way to differentiate with a step, relative to the point; None where it says nothing."""

_ROOM = 36
"""The letters of a formula in a title."""

_ARITHMETIC: Mapping[str, Callable[..., complex]] = MappingProxyType(
    {
        "add": operator.add,
        "sub": operator.sub,
        "mul": operator.mul,
        "div": operator.truediv,
        "neg": operator.neg,
        "pow": operator.pow,
        "exp": cmath.exp,
        "log": cmath.log,
        "sqrt": cmath.sqrt,
        "sin": cmath.sin,
        "cos": cmath.cos,
        "tan": cmath.tan,
        "sinh": cmath.sinh,
        "cosh": cmath.cosh,
        "tanh": cmath.tanh,
        "asin": cmath.asin,
        "acos": cmath.acos,
        "atan": cmath.atan,
        "asinh": cmath.asinh,
        "acosh": cmath.acosh,
        "atanh": cmath.atanh,
    }
)
_WIDE = Numbers(
    name="complex, any step",
    native=lambda name: _ARITHMETIC.get(name) or COMPLEX.native(name),
    constant=COMPLEX.constant,
    finite=COMPLEX.finite,
    isnan=COMPLEX.isnan,
)
"""COMPLEX keeps the real parts that float64 has, which only a step too small to be seen does not
change; here a large one changes them, as it does in a program of complex numbers. Special functions
stay what they are there."""


def asked(
    subject: Source,
    at: Any,
    of: str | None = None,
    wrt: str | None = None,
    chosen_by: str = "wrt",
) -> Question:
    """Return one derivative at a point of float64, where the function has a value.

    Raises PointError where an output or an input is to be chosen and is not, or there is none of
    that name, and DomainError where the function is undefined. `chosen_by` is what the caller
    calls `wrt`.

    >>> import adviz
    >>> asked("x*y", {"x": 2, "y": 3}, wrt="y").key
    Key(output='f', input='y')
    """
    graph = of_numbers(built_at(subject, at))
    key = Key(_one("output", "of", of, graph.outputs), _one("input", chosen_by, wrt, graph.inputs))
    wanted_inputs(graph, key.input)
    with told(without_advice):
        point = {name: float64(name, value) for name, value in named(graph, at).items()}
        Run(graph, point, errors="raise")
    return Question(graph, key, point)


def _one(kind: str, parameter: str, name: str | None, known: Mapping[str, int]) -> str:
    """Return the name that was chosen among some, or the only one there is."""
    wanted = f"the name of one {kind}, such as {next(iter(known), 'x')!r}"
    require(name is None or isinstance(name, str), parameter, name, wanted, PointError)
    if name is None and len(known) == 1:
        return next(iter(known))
    if among(name, known):
        return str(name)
    there = f"there are {kind}s {', '.join(known)}" if known else f"there is no {kind}"
    what = f"no {kind} is chosen" if name is None else f"there is no {kind} {shown(name)}"
    raise PointError(f"{what}; {there}; choose with {parameter}=")


def true(question: Question, oracle: Oracle) -> Truth | None:
    """Return a derivative as `check` knows it; None where it, or the function, has no value.

    On a kink it is what both sides approach, if that is the same.
    """
    if not math.isfinite(question.value(question.doubles)):
        return None
    found: Truth | None = oracle.truths(question.point)[question.key]
    if found and question.kinked:
        found = oracle.beside(question.point, question.key, found.digits).common
    known = found and found.settled and found.value.context.isfinite(found.value)
    return found if known else None


def written(question: Question) -> str:
    """Return the output's formula as a title has it.

    >>> import adviz
    >>> written(asked("x*y", {"x": 2, "y": 3}, wrt="y"))
    'x*y'
    """
    return shortened(question.graph.text.partition(" = ")[2], _ROOM)


def relative_error(found: float | None, truth: Truth) -> float:
    """Return how far a double is from the truth, as a part of it; of a truth of 0, as it is.

    What is no finite number is infinitely far; of what says nothing, nothing is known (NaN).

    >>> from adviz.numbers import multiprecision
    >>> third = Truth(multiprecision(50).constant(1)/3, 0, 50)
    >>> relative_error(1/3, third) < 2**-53, relative_error(float("nan"), third)
    (True, inf)
    >>> relative_error(None, third)
    nan
    """
    if found is None:
        return math.nan
    if not math.isfinite(found):
        return math.inf
    value = truth.value
    return float(abs(value.context.mpf(found) - value) / (abs(value) or 1))


def true_there(question: Question) -> Truth:
    """Return a derivative as `check` knows it. Raises DomainError where there is none."""
    oracle = Oracle(question.graph, [question.key.input])
    found = true(question, oracle)
    if found is None:
        place = ", ".join(f"{name} = {value}" for name, value in question.point.items())
        if question.kinked:
            raise DomainError(f"there is no {question.key} at {place}: {_sides(question, oracle)}")
        raise DomainError(f"the true value of {question.key} is not known at {place}")
    return found


def _sides(question: Question, oracle: Oracle) -> str:
    """Return what a function without a derivative does at its kink."""
    beside = oracle.beside(question.point, question.key, question.digits)
    what = "jumps" if beside.jumps else "has a kink"
    left, right = (in_text(side.value) for side in beside.slopes)
    return (
        f"{question.key.output} {what} there, with the slope {left} on the left and {right} on the "
        "right"
    )


def by_forward(question: Question) -> float:
    """Return what forward mode finds."""
    return float(question.slope(question.doubles, "forward"))


def by_reverse(question: Question) -> float:
    """Return what reverse mode finds."""
    return float(question.slope(question.doubles, "reverse"))


def by_sympy(question: Question) -> float:
    """Return what SymPy's derivative gives, evaluated as it is written."""
    return float(question.sympys(question.doubles))


def by_forward_difference(question: Question, step: float) -> float | None:
    """Return the slope of the secant to one side; None where the step underflows.

    >>> import adviz
    >>> by_forward_difference(asked("x**2", {"x": 1.0}), 0.5)
    2.5
    """
    h, f = step * _scale(question), question.value
    doubles = question.doubles
    return float(f(doubles, question.here + h) - f(doubles)) / h if h else None


def by_central_difference(question: Question, step: float) -> float | None:
    """Return the slope of the secant across the point; None where the step underflows.

    >>> import adviz
    >>> by_central_difference(asked("x**3", {"x": 1.0}), 0.5)
    3.25
    """
    h, f = step * _scale(question), question.value
    doubles = question.doubles
    across = float(f(doubles, question.here + h) - f(doubles, question.here - h))
    return across / (2 * h) if h else None


def by_complex_step(question: Question, step: float) -> float | None:
    """Return the imaginary part over an imaginary step (Squire & Trapp, SIAM Review 40(1), 1998).

    None on a kink, where no function is analytic, and where the step underflows.

    >>> import adviz
    >>> by_complex_step(asked("x**3", {"x": 1.0}), 1e-20)
    3.0
    """
    h = step * _scale(question)
    if not h or question.kinked:
        return None
    try:
        value = question.value(_WIDE.over(question.graph.rows), complex(question.here, h))
    except (ArithmeticError, ValueError):
        return math.nan
    return float(value.imag / h)


def _scale(question: Question) -> float:
    """Return the size of the input, of which a step is a part."""
    return abs(question.here) or 1.0


STEPPED: Mapping[str, Stepped] = MappingProxyType(
    {
        "forward difference": by_forward_difference,
        "central difference": by_central_difference,
        "complex step": by_complex_step,
    }
)
"""The ways that take a step, by the name of their style."""
