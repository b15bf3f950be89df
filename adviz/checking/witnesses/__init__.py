"""Independent witnesses of a derivative: one row each, with the method and where it is published.

A witness makes a statement about one derivative at one point; a proof about its formula. Agreement
in float64 proves little, so each says how far off it may be, and when it is off, whether that is
its own fault.
"""

from __future__ import annotations

from dataclasses import replace

from adviz.checking.finding import Statement
from adviz.checking.truth.budget import UNHEARD, WITNESS, Spent
from adviz.checking.witnesses import (
    complex_step,
    exact,
    formula,
    given_out,
    ridders,
    sweeps,
    taylor,
)
from adviz.checking.witnesses.question import Proof, Question, Witness
from adviz.checking.witnesses.taylor import Rate, taylor_rate

__all__ = [
    "FALLIBLE",
    "PROOFS",
    "WITNESSES",
    "Proof",
    "Question",
    "Rate",
    "Witness",
    "statements",
    "taylor_rate",
]

_GRIEWANK = "Griewank & Walther, Evaluating Derivatives, 2nd ed., 2008"
_SYMPY = "Meurer et al., SymPy: symbolic computing in Python, PeerJ Computer Science 3:e103, 2017"

# fmt: off
WITNESSES: tuple[Witness, ...] = (
    Witness("forward", "forward mode in float64", f"{_GRIEWANK}, section 3.1", sweeps.forward),
    Witness("reverse", "reverse mode in float64", f"{_GRIEWANK}, section 3.2", sweeps.reverse),
    Witness("SymPy", "SymPy's derivative in float64", _SYMPY, sweeps.sympy_float64),
    Witness("SymPy, many digits", "SymPy's derivative at the truth's precision", _SYMPY,
            sweeps.sympy_precisely),
    Witness(given_out.NAME, "SymPy's derivative as `adviz.symbolic` gives it, by `sympy.N`", _SYMPY,
            given_out.states),
    Witness("replay", "the same graph in reverse mode at the truth's precision",
            f"{_GRIEWANK}, section 3.2", sweeps.replay),
    Witness(complex_step.NAME, "the imaginary part that a tiny imaginary step gathers",
            "Squire & Trapp, SIAM Review 40(1), 1998, doi:10.1137/S003614459631241X",
            complex_step.states),
    Witness(ridders.NAME, "central differences extrapolated to the limit",
            "Ridders, Advances in Engineering Software 4(2), 75-76, 1982", ridders.states),
    Witness(taylor.NAME, "the order at which the slope's remainder vanishes",
            "Farrell, Ham, Funke & Rognes, SIAM J. Sci. Comput. 35(4), 2013", taylor.states),
)
# fmt: on
"""Who is asked about one derivative at one point, in this order."""

FALLIBLE = (given_out.NAME, complex_step.NAME, ridders.NAME)
"""The witnesses that may be wrong where the derivative is right, which is told: SymPy's own
numbers, and those that step away from the point."""

# fmt: off
PROOFS: tuple[Proof, ...] = (
    Proof(exact.NAME, "exact arithmetic at random rational points",
          "Schwartz, J. ACM 27(4), 1980; Zippel, EUROSAM 1979", exact.states),
    Proof(formula.NAME, "both derivatives as formulas, brought to one normal form",
          "Davenport, Siret & Tournier, Computer Algebra, 2nd ed., 1993, chapter 2",
          formula.states),
)
# fmt: on
"""Who is asked about a derivative as a formula."""


def statements(asked: Question) -> tuple[Statement, ...]:
    """Return what every witness says about one derivative at one point.

    >>> import adviz
    >>> from decimal import Decimal
    >>> from adviz.language.labels import Key
    >>> asked = Question(adviz.build("x**3"), Key("f", "x"), {"x": 2.0}, truth=Decimal(12))
    >>> {one.verdict for one in statements(asked)}
    {'agrees'}
    """
    try:
        asked.budget.spend(asked.allowed_work)
    except Spent:
        return tuple(asked.silent(witness.name, UNHEARD) for witness in WITNESSES)
    return tuple(_heard(witness, asked) for witness in WITNESSES)


def _heard(witness: Witness, asked: Question) -> Statement:
    """Return what a witness says within its part of the budget."""
    try:
        return witness.states(replace(asked, budget=asked.budget.part(WITNESS)))
    except Spent:
        return asked.silent(witness.name, UNHEARD)
