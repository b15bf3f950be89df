"""A point's numbers as JSON, and back, in whatever number system a sweep ran."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from adviz.errors import FormatError
from adviz.language.brief import quoted
from adviz.numbers import EXACT, FLOAT64, Number, multiprecision
from adviz.numbers.array import ARRAY

_WORDS = frozenset({"nan", "inf", "-inf"})
_RATIO = re.compile(r"-?\d{1,4000}(/\d{1,4000})?")
_DECIMAL = re.compile(r"[+-]?\d{1,1100}(\.\d{0,1100})?(e[+-]?\d{1,9})?")
_MOST_DIGITS = 1000
"""The most digits in which anybody else's record is computed again."""
_GUARD = 3
"""The decimal digits beyond a number's own with which it is read back as it was."""


def system_of(name: str) -> str | int | None:
    """Return how a record names a number system: by its digits, or its name; None if it has none.

    >>> system_of("30 digits"), system_of("float64"), system_of("float32")
    (30, 'float64', None)
    """
    digits = name.removesuffix(" digits")
    if digits != name:
        return int(digits)
    return name if name in (FLOAT64.name, EXACT.name, ARRAY.name) else None


def checked_system(given: Any) -> str | int:
    """Return the number system that a record names. Raises FormatError for any other."""
    whole = type(given) is int and 1 <= given <= _MOST_DIGITS
    if not whole and not (isinstance(given, str) and system_of(given) == given):
        raise FormatError(
            f"there are no numbers {quoted(given)}; there are {FLOAT64.name}, {EXACT.name}, "
            f"{ARRAY.name}, and a number of digits from 1 to {_MOST_DIGITS}"
        )
    return given  # type: ignore[no-any-return]  # one of the two


def as_data(number: Number) -> Any:
    """Return a number, or an array of numbers, as JSON has it.

    >>> as_data(Fraction(1, 3)), as_data(0.5), as_data(math.inf)
    ('1/3', 0.5, 'inf')
    """
    if getattr(number, "shape", None) is not None:
        return as_data(number.tolist())
    if isinstance(number, list):
        return [as_data(one) for one in number]
    if hasattr(number, "context"):
        context = number.context
        return str(context.nstr(number, context.dps + _GUARD))
    if isinstance(number, Fraction):
        return str(number)
    return number if not isinstance(number, float) or math.isfinite(number) else repr(number)


def from_data(given: Any, system: str | int) -> Number:
    """Return the number that JSON holds, in a number system.

    Raises FormatError for what is none.

    >>> from_data("1/3", "exact"), from_data([1.0, "nan"], "array")
    (Fraction(1, 3), [1.0, nan])
    """
    if isinstance(given, list):
        return [from_data(one, system) for one in given]
    if type(given) in (int, float):
        return given
    text = given if isinstance(given, str) else ""
    if text in _WORDS:
        return float(text)
    if system == EXACT.name and _RATIO.fullmatch(text):
        return _ratio(text)
    if isinstance(system, int) and _DECIMAL.fullmatch(text):
        return multiprecision(system).constant(text)
    raise FormatError(f"{quoted(given)} is no number in {system}")


def _ratio(text: str) -> Fraction:
    try:
        return Fraction(text)
    except ZeroDivisionError:
        raise FormatError(f"{text} has no value") from None


def numbers_from(given: Any, system: str | int) -> dict[str, Number]:
    """Return numbers by name. Raises FormatError for anything else."""
    if not isinstance(given, Mapping):
        raise FormatError(f"{quoted(given)} must be a mapping of names to numbers")
    return {name: from_data(one, system) for name, one in given.items()}
