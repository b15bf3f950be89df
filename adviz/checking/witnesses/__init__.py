"""Independent witnesses of a derivative: one row each, with the method and where it is published.

A witness makes a statement about one derivative at one point; a proof about its formula. Agreement
in float64 proves little, so each says how far off it may be, and when it is off, whether that is
its own fault.
"""

from __future__ import annotations

from adviz.checking.finding import Statement
from adviz.checking.witnesses import complex_step, exact, formula, ridders, sweeps, taylor
from adviz.checking.witnesses.question import Proof, Question, Witness
from adviz.checking.witnesses.taylor import Rate, taylor_rate

__all__ = [
    "DIFFERENCES",
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

WITNESSES: tuple[Witness, ...] = (
    Witness(
        name="forward",
        title="forward mode in float64",
        source=f"{_GRIEWANK}, section 3.1",
        states=sweeps.forward,
    ),
    Witness(
        name="reverse",
        title="reverse mode in float64",
        source=f"{_GRIEWANK}, section 3.2",
        states=sweeps.reverse,
    ),
    Witness(
        name="SymPy",
        title="SymPy's derivative in float64",
        source=_SYMPY,
        states=sweeps.sympy_float64,
    ),
    Witness(
        name="SymPy, many digits",
        title="SymPy's derivative at the truth's precision",
        source=_SYMPY,
        states=sweeps.sympy_precisely,
    ),
    Witness(
        name="replay",
        title="the same graph in reverse mode at the truth's precision",
        source=f"{_GRIEWANK}, section 3.2",
        states=sweeps.replay,
    ),
    Witness(
        name=complex_step.NAME,
        title="the imaginary part that a tiny imaginary step gathers",
        source="Squire & Trapp, SIAM Review 40(1), 1998, doi:10.1137/S003614459631241X",
        states=complex_step.states,
    ),
    Witness(
        name=ridders.NAME,
        title="central differences extrapolated to the limit",
        source="Ridders, Advances in Engineering Software 4(2), 75-76, 1982",
        states=ridders.states,
    ),
    Witness(
        name=taylor.NAME,
        title="the order at which the slope's remainder vanishes",
        source="Farrell, Ham, Funke & Rognes, SIAM J. Sci. Comput. 35(4), 2013",
        states=taylor.states,
    ),
)
"""Who is asked about one derivative at one point, in this order."""

DIFFERENCES = (complex_step.NAME, ridders.NAME)
"""The witnesses that step away from the point, and may fail for that alone."""

PROOFS: tuple[Proof, ...] = (
    Proof(
        name=exact.NAME,
        title="exact arithmetic at random rational points",
        source="Schwartz, J. ACM 27(4), 1980; Zippel, EUROSAM 1979",
        states=exact.states,
    ),
    Proof(
        name=formula.NAME,
        title="both derivatives as formulas, brought to one normal form",
        source="Davenport, Siret & Tournier, Computer Algebra, 2nd ed., 1993, chapter 2",
        states=formula.states,
    ),
)
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
    return tuple(witness.states(asked) for witness in WITNESSES)
