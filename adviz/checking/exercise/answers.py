"""An answer as a person writes it: which number it is, and how exactly it says so."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from adviz.errors import AdvizError
from adviz.language.notation import scientific
from adviz.modes.building import build
from adviz.modes.verbs import evaluate

_DECIMAL = re.compile(r"[-−+]?(\d+)?(?:[.,](\d+))?")
_TERMS = re.compile(r"(?<=[\d.,])\s*(?=[-−+])")
"""Between the terms of a sum: what follows begins with its sign."""
_SIGNED = re.compile(r"((?:[-−+]\s*)*)([^-−+\s].*)")
_INFINITIES = {"∞": math.inf, "+∞": math.inf, "−∞": -math.inf, "-∞": -math.inf}
_EMPTY = re.compile(r"[\s._…–-]*")
"""What stands in a blank that nobody has filled in."""
_LONGEST = 200
"""Of an answer, in characters."""
_SHOWN = 5e-6
"""As far as a number of six digits, which sheets show, may be from the number itself."""
_NOTHING = 1e-12
"""What is as good as 0."""


class Answer(NamedTuple):
    """A number, and how far what it was rounded from may be."""

    number: float
    rounding: float

    def says(self, number: float) -> bool:
        """Return whether it is a number, rounded.

        >>> [read(text).says(2/3) for text in ("2/3", "0.667", "0.67", "0.7", "0.66")]
        [True, True, True, False, False]
        """
        if not math.isfinite(number):
            return self.number == number
        allowed = max(self.rounding, _SHOWN * abs(number), _NOTHING)
        return abs(self.number - number) <= allowed * (1 + 1e-9)


def is_empty(text: str) -> bool:
    """Return whether nothing has been written into a blank.

    >>> is_empty("......"), is_empty(" – "), is_empty("0")
    (True, True, False)
    """
    return bool(_EMPTY.fullmatch(text))


def read(text: str) -> Answer | None:
    """Return what an answer says; None where it is no number.

    A decimal with three digits, or with two behind the point, is what it was rounded to; one with
    fewer, a fraction or a formula such as `2*cos(2)` is meant exactly. A sum of numbers is as exact
    as they are together. Nothing is run: formulas are read by the grammar.

    >>> read("−1,5"), read("1/4"), read("1.5 × 10⁻⁷").number, read("import os")
    (Answer(number=-1.5, rounding=0.0), Answer(number=0.25, rounding=0.0), 1.5e-07, None)
    >>> read("2 + 0.28").says(2.2837), read("2 + 0.3").says(2.2837)
    (True, False)
    """
    written = text.strip()
    if len(written) > _LONGEST:
        return None
    if written in _INFINITIES:
        return Answer(_INFINITIES[written], 0.0)
    number = _plain(written) or _sum(written)
    return number or _computed(written.replace("−", "-").replace("·", "*").replace("×", "*"))


def _plain(written: str) -> Answer | None:
    """Return the number that a text is, if it is one."""
    mantissa, power = scientific(written)
    match = _DECIMAL.fullmatch(mantissa)
    if match and (match[1] or match[2]):
        return _decimal(mantissa, match[1] or "", match[2] or "", int(power.replace("−", "-") or 0))
    return None


def _sum(written: str) -> Answer | None:
    """Return what numbers add up to, if a text is several of them with signs between."""
    terms = [_term(one) for one in _TERMS.split(written)]
    known = [one for one in terms if one is not None]
    if len(known) < len(terms):
        return None
    return Answer(sum(one.number for one in known), sum(one.rounding for one in known))


def _term(written: str) -> Answer | None:
    """Return a number that may have several signs before it."""
    found = _SIGNED.fullmatch(written)
    number = _plain(found[2]) if found else None
    if number is None or found is None:
        return None
    sign = -1 if sum(found[1].count(minus) for minus in "-−") % 2 else 1
    return Answer(sign * number.number, number.rounding)


def _decimal(mantissa: str, whole: str, decimals: str, power: int) -> Answer | None:
    if abs(power) > 400:
        return None
    digits = len((whole + decimals).lstrip("0"))
    exact = not (digits >= 3 or (digits == 2 and len(decimals) >= 2))
    number = float(f"{mantissa.replace('−', '-').replace(',', '.')}e{power}")
    return Answer(number, 0.0 if exact else 0.5 * 10.0 ** (power - len(decimals)))


def _computed(text: str) -> Answer | None:
    """Return the number of a formula without inputs."""
    try:
        graph = build(text)
        value = None if graph.inputs or len(graph.outputs) > 1 else evaluate(graph, {}).value
    except AdvizError:
        return None
    return None if value is None or isinstance(value, bool) else Answer(float(value), 0.0)
