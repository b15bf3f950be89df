"""The derivatives that are judged, and those they are judged by, each heard as a witness.

Forward and reverse mode in float64, SymPy's derivative in float64, and, where nothing hides behind
rounding, SymPy's derivative and the same graph once more with as many digits as the truth took.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial

from adviz.checking.bare import swept
from adviz.checking.rounding import bound
from adviz.checking.witnesses.case import Case, strayed
from adviz.finding import Statement
from adviz.graph import Graph
from adviz.numbers import Number, Numbers
from adviz.symbolics import differentiated, sympy_derivatives


def forward(case: Case) -> Statement:
    """Return what forward mode finds in float64.

    >>> import adviz
    >>> from adviz.finding import Key
    >>> from decimal import Decimal
    >>> print(forward(Case(adviz.build("x**2"), Key("f", "x"), {"x": 3.0}, truth=Decimal(6))).value)
    6.0
    """
    return _float64(case, "forward")


def reverse(case: Case) -> Statement:
    """Return what reverse mode finds in float64."""
    return _float64(case, "reverse")


def _float64(case: Case, mode: str) -> Statement:
    found = swept(case.graph, case.doubles, case.point, [case.key.input], mode)
    return case.judged(mode, found[case.key], case.allowed, lambda: case.stray(mode))


def sympy_float64(case: Case) -> Statement:
    """Return what SymPy's derivative gives when it is evaluated in float64."""
    value = _sympys(case, case.doubles)
    formula = _formula(case)
    if formula is None:
        return case.judged("SymPy", value, case.allowed, lambda: case.stray("reverse"))
    slopes, label = formula
    used = {name: case.point[name] for name in slopes.inputs}
    error = max(bound(slopes, label, used, case.digits), case.allowed)
    why = partial(strayed, slopes, used, case.doubles, case.precise)
    return case.judged("SymPy", value, error, lambda: why() or _written(value))


def _written(value: float) -> str:
    return "" if math.isfinite(value) else f"SymPy's formula, as it is written, is {value}"


def _formula(case: Case) -> tuple[Graph, str] | None:
    """Return SymPy's derivative as a graph and its output; nothing where that is too large."""
    inputs = tuple(case.graph.inputs)
    whole = differentiated(case.graph, inputs)
    if whole is None:
        return None
    slopes = whole[1][case.key.output]
    return slopes, list(slopes.outputs)[inputs.index(case.key.input)]


def sympy_precisely(case: Case) -> Statement:
    """Return what SymPy's derivative gives with as many digits as the truth took."""
    return case.judged_precisely("SymPy, many digits", _sympys(case, case.precise))


def replay(case: Case) -> Statement:
    """Return what the same graph gives in reverse mode with as many digits as the truth took."""
    found = swept(case.graph, case.precise, case.point, [case.key.input], "reverse")
    return case.judged_precisely("replay", found[case.key])


def _sympys(case: Case, numbers: Numbers) -> Number:
    inputs = tuple(case.graph.inputs)
    at: Mapping[str, Number] = {name: numbers.constant(case.point[name]) for name in inputs}
    found = sympy_derivatives(case.graph, at, inputs, numbers)
    return found[case.key.output][case.key.input]
