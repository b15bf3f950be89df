"""What a film's own numbers are worth: the verdict on their mode, and how far off they may be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from adviz.checking.closing.endings import Ending
from adviz.checking.closing.heard import Heard, Hearing
from adviz.checking.finding import VERDICTS, Verdict
from adviz.checking.truth.operations import operations
from adviz.checking.truth.rounding import rounding
from adviz.graph.graph import Graph
from adviz.language.labels import Key
from adviz.language.notation import Tree, tree
from adviz.language.numerals import short
from adviz.modes.rounding import TINIEST, UNIT
from adviz.numbers import Number, multiprecision


class Sign(NamedTuple):
    """How a verdict is shown: a sign, the role of its colour, and a word where one is needed."""

    sign: str
    role: str
    word: str = ""

    @property
    def tree(self) -> Tree:
        """The sign and the word in the colour."""
        return tree("mark", self.role, ("text", f"{self.sign} {self.word}".strip()))


# One aligned line per verdict.
# fmt: off
SIGNS: Mapping[Verdict, Sign] = {
    "wrong rule":         Sign("✗", "fault",   "wrong"),
    "wrong gradient":     Sign("✗", "fault",   "wrong"),
    "undecided":          Sign("?", "warning", "undecided"),
    "undefined":          Sign("?", "warning", "undefined"),
    "not finite":         Sign("?", "warning", "not finite"),
    "not differentiable": Sign("?", "warning", "kink"),
    "ill-conditioned":    Sign("≈", "warning", "ill-conditioned"),
    "witness failed":     Sign("✓", "verified"),
    "agrees":             Sign("✓", "verified"),
}
"""Of a mode."""
STATED: Mapping[str, Sign] = {
    "agrees":  Sign("✓", "verified"),
    "differs": Sign("✗", "fault",   "differs"),
    "failed":  Sign("≈", "warning", "rounding"),
    "silent":  Sign("?", "warning", "not heard"),
}
"""Of what SymPy's formula gives in float64."""
# fmt: on


def of_a_mode(heard: Heard, mode: str) -> Sign:
    """Return the verdict on a mode's own derivative."""
    return SIGNS[heard.modes[mode].verdict]


def of_sympy(heard: Heard) -> Sign:
    """Return the verdict on SymPy's formula in float64; where there is no truth, that."""
    if heard.sympy is not None:
        return STATED[heard.sympy.verdict]
    absent = heard.modes["reverse"].verdict
    return STATED["silent"] if absent == "agrees" else SIGNS[absent]


class Judge:
    """Judges the numbers that a film ends with."""

    def __init__(self, graph: Graph, hearing: Hearing, wanted: tuple[str, ...]) -> None:
        self.graph, self.heard, self.wanted = graph, hearing.heard, wanted

    def sign(self, ending: Ending) -> Sign:
        """Return the verdict on a film's number: on its mode, unless the number is another one."""
        if self.departs(ending):
            return Sign("✗", "fault", f"not {short(float(self._truth(ending)))}")
        return SIGNS[self._verdict(ending)]

    def departs(self, ending: Ending) -> bool:
        """Return whether a film's number is another one than its mode's, which is right."""
        same = self._verdict(ending) != "agrees" or self._is_the_modes(ending)
        return not same and not self._is_explained(ending)

    def _verdict(self, ending: Ending) -> Verdict:
        """Return the worst verdict on the derivatives that a number is a sum of."""
        verdicts = (self.heard[key].modes[ending.mode].verdict for _, key in ending.terms)
        return min(verdicts, key=VERDICTS.index, default="agrees")

    def _is_the_modes(self, ending: Ending) -> bool:
        """Return whether a film's number is the very one that was judged."""
        key = ending.derivative
        return key is not None and bool(self.heard[key].modes[ending.mode].found == ending.number)

    def _truth(self, ending: Ending) -> Number:
        context = multiprecision(50).constant(0).context
        return sum((self.heard[key].truth.value * w for w, key in ending.terms), context.mpf(0))

    def _is_explained(self, ending: Ending) -> bool:
        """Return whether rounding explains how far a number is from the truth.

        A sum may be off by what its terms may be, each with its weight.
        """
        truth = self._truth(ending)
        allowed = sum(abs(w) * self._allowed(ending.mode, key) for w, key in ending.terms)
        return bool(abs(truth.context.mpf(ending.number) - truth) <= allowed + TINIEST)

    def _allowed(self, mode: str, key: Key) -> float:
        truth = self.heard[key].truth
        made = operations(self.graph, mode, self.wanted)
        bound = rounding(made, key, self.heard[key].point, truth.digits).bound
        return bound + len(self.wanted) * UNIT * float(abs(truth.value))
