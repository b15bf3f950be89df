"""The derivatives that are judged, and those they are judged by, each heard as a witness.

Forward and reverse mode in float64, SymPy's derivative in float64, and, where nothing hides behind
rounding, SymPy's derivative and the same graph once more with as many digits as the truth took.
"""

from __future__ import annotations

import math
from functools import partial

from adviz.checking.finding import Statement
from adviz.checking.truth.budget import digits_of, work
from adviz.checking.truth.rounding import bound
from adviz.checking.truth.sympys import formulas
from adviz.checking.witnesses.question import Question, strayed
from adviz.graph.graph import Graph
from adviz.modes.fast.jacobian import values_at


def forward(asked: Question) -> Statement:
    """Return what forward mode finds in float64.

    >>> import adviz
    >>> from adviz.language.labels import Key
    >>> from decimal import Decimal
    >>> asked = Question(adviz.build("x**2"), Key("f", "x"), {"x": 3.0}, truth=Decimal(6))
    >>> forward(asked).value
    6.0
    """
    return _float64(asked, "forward")


def reverse(asked: Question) -> Statement:
    """Return what reverse mode finds in float64."""
    return _float64(asked, "reverse")


def _float64(asked: Question, mode: str) -> Statement:
    value = asked.slope(asked.doubles, mode)
    return asked.judged(mode, value, asked.allowed, lambda: asked.stray(mode))


def sympy_float64(asked: Question) -> Statement:
    """Return what SymPy's derivative gives when it is evaluated in float64."""
    made = formulas(asked.graph, tuple(asked.graph.inputs))
    if made:
        return formula_float64(asked, *made[asked.key])
    value = asked.sympys(asked.doubles)
    return asked.judged("SymPy", value, asked.allowed, lambda: asked.stray("reverse"))


def formula_float64(asked: Question, slopes: Graph, label: str) -> Statement:
    """Return what a formula of the derivative gives in float64: an output of another graph.

    >>> import adviz
    >>> from adviz.language.labels import Key
    >>> from decimal import Decimal
    >>> asked = Question(adviz.build("x**2"), Key("f", "x"), {"x": 3.0}, truth=Decimal(6))
    >>> formula_float64(asked, adviz.build("x + x"), "f").verdict
    'agrees'
    """
    asked.budget.spend(work(slopes, digits_of(asked.doubles)))
    value = values_at(slopes, asked.doubles, asked.point)[slopes.outputs[label]]
    error = max(bound(slopes, label, asked.point, asked.digits), asked.allowed)
    why = partial(strayed, slopes, asked.point, asked.doubles, asked.precise)
    return asked.judged("SymPy", value, error, lambda: why() or _written(value))


def _written(value: float) -> str:
    return "" if math.isfinite(value) else f"SymPy's formula, as it is written, is {value}"


def sympy_precisely(asked: Question) -> Statement:
    """Return what SymPy's derivative gives with as many digits as the truth took."""
    return asked.judged_precisely("SymPy, many digits", asked.sympys(asked.precise))


def replay(asked: Question) -> Statement:
    """Return what the same graph gives in reverse mode with as many digits as the truth took."""
    return asked.judged_precisely("replay", asked.slope(asked.precise))
