"""How numbers are shown: one format for every medium, whatever system a number belongs to."""

from __future__ import annotations

from collections.abc import Callable
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from fractions import Fraction
from typing import Any

from adviz.errors import FormatError
from adviz.language.asked import require
from adviz.language.notation import typeset

DIGITS = 6
"""The significant digits of a number in a picture, a table or a narration, unless asked for."""

MOST_DIGITS = 17
"""The most that are shown; with them every float is told from every other."""

PENDING = "–"
"""What stands for a number that is not known yet."""

_ARRAY_ITEMS = 2
_LONGEST_FRACTION = 9
_WORDS = {"inf": "∞", "-inf": "−∞", "nan": "NaN", "-nan": "NaN"}


def short(number: Any, digits: int = DIGITS) -> str:
    """Return a number to so many significant digits, with a real minus sign (U+2212), as it is set.

    >>> short(-0.5), short(1.5e-7), short(float("inf")), short(1/3)
    ('−0.5', '1.5 × 10⁻⁷', '∞', '0.333333')
    >>> short(Fraction(1, 3)), short(True), short(None)
    ('1/3', 'true', '–')
    """
    return _written(number, digits, typeset)


def in_text(number: Any, digits: int = DIGITS) -> str:
    """Return the same as it stands in a line of text, where a power of ten is typed.

    >>> in_text(-0.5), in_text(-1.5e-7), in_text(None)
    ('−0.5', '−1.5e−7', '–')
    """
    return _written(number, digits, _typed)


def apart(
    number: Any, other: Any, digits: int = DIGITS, written: Callable[[Any, int], str] = short
) -> tuple[str, str]:
    """Return two numbers as they are shown, with as many digits as tell one from the other.

    >>> apart(2.0, 3.0), apart(1.000002, 1.0), apart(1.0, 1.0)
    (('2', '3'), ('1.000002', '1'), ('1', '1'))
    """
    pairs = ((written(number, k), written(other, k)) for k in range(digits, MOST_DIGITS + 1))
    return next(((a, b) for a, b in pairs if a != b), (written(number, digits),) * 2)


def shown_digits(precision: Any) -> int:
    """Return how many significant digits are shown: 1 to 17, else FormatError.

    >>> shown_digits(3)
    3
    >>> shown_digits(18)
    Traceback (most recent call last):
    adviz.errors.FormatError: precision = 18; it is a number of significant digits, 1 to 17
    """
    whole = isinstance(precision, int) and not isinstance(precision, bool)
    good = whole and 1 <= precision <= MOST_DIGITS
    wanted = f"a number of significant digits, 1 to {MOST_DIGITS}"
    require(good, "precision", precision, wanted, FormatError)
    return int(precision)


def full(number: Any) -> str:
    """Return a number with all its digits, as one types it.

    >>> full(5.0), full(Fraction(-1, 3)), full(None)
    ('5.0', '-1/3', '')
    """
    number = _python(number)
    if number is None:
        return ""
    if getattr(number, "shape", ()):
        return _every_item(number)
    if isinstance(number, bool):
        return _truth(number)
    if isinstance(number, Fraction) or hasattr(number, "context"):
        return str(number)
    return repr(number) if isinstance(number, int | float) else str(number)


Writing = Callable[[str], str]
"""How the digits of one number are written."""


def _written(number: Any, digits: int, writing: Writing) -> str:
    if number is None:
        return PENDING
    if getattr(number, "shape", ()):
        return _array(number, digits, writing)
    return _scalar(_python(number), digits, writing)


def _typed(text: str) -> str:
    """Return a number's digits with a real minus and a short exponent."""
    mantissa, mark, exponent = text.partition("e")
    return (f"{mantissa}e{int(exponent)}" if mark else mantissa).replace("-", "−")


def _python(number: Any) -> Any:
    """Return a NumPy scalar as the Python number that it is."""
    scalar = type(number).__module__ == "numpy" and not getattr(number, "shape", ())
    return number.item() if scalar else number


def _scalar(number: Any, digits: int, writing: Writing) -> str:
    if isinstance(number, bool):
        return _truth(number)
    if isinstance(number, Fraction):
        return _fraction(number, digits, writing)
    if isinstance(number, float):
        return _signed(f"{number:.{digits}g}", writing)
    if isinstance(number, int):
        return _signed(_general(Decimal(number), digits), writing)
    if hasattr(number, "context"):
        return _signed(_multiprecision(number, digits), writing)
    return str(number)


def _truth(number: bool) -> str:
    return "true" if number else "false"


def _fraction(number: Fraction, digits: int, writing: Writing) -> str:
    """Return a fraction exactly while it is short, else as a decimal."""
    exact = str(number)
    if len(exact) <= _LONGEST_FRACTION:
        return exact.replace("-", "−")
    quotient = _context(digits).divide(Decimal(number.numerator), Decimal(number.denominator))
    return _signed(_general(quotient, digits), writing)


def _multiprecision(number: Any, digits: int) -> str:
    text = number.context.nstr(number, digits).lstrip("+")
    return text if text in _WORDS else _general(Decimal(text), digits)


def _context(digits: int) -> Context:
    return Context(prec=digits, Emax=MAX_EMAX, Emin=MIN_EMIN)


def _general(number: Decimal, digits: int) -> str:
    """Return a decimal as `%.6g` would write it, at any size of exponent."""
    rounded = _context(digits).plus(number)
    if not rounded:
        return "0"
    exponent = rounded.adjusted()
    sign, figures, _ = rounded.as_tuple()
    shown = "".join(map(str, figures)).rstrip("0")
    head = "-" * sign
    if -5 < exponent < 0:
        return f"{head}0.{'0' * (-exponent - 1)}{shown}"
    if 0 <= exponent < digits:
        whole, rest = shown[: exponent + 1].ljust(exponent + 1, "0"), shown[exponent + 1 :]
        return f"{head}{whole}.{rest}" if rest else head + whole
    mantissa = f"{shown[0]}.{shown[1:]}" if shown[1:] else shown
    return f"{head}{mantissa}e{exponent}"


def _signed(text: str, writing: Writing) -> str:
    """Return a number's digits as they are written; zero has no sign."""
    return "0" if text == "-0" else _WORDS.get(text) or writing(text)


def _array(numbers: Any, digits: int, writing: Writing) -> str:
    """Return the first few numbers of an array, and its sizes; several have fewer digits."""
    items = [
        _written(item, max(1, digits - 2), writing) for item in numbers.flat[: _ARRAY_ITEMS + 1]
    ]
    count = int(numbers.size)
    if count <= _ARRAY_ITEMS:
        return f"[{', '.join(items)}]"
    sizes = "×".join(map(str, numbers.shape))
    return f"[{', '.join(items[:_ARRAY_ITEMS])}, …] ({sizes} numbers)"


def _every_item(numbers: Any) -> str:
    import numpy as np

    return np.array2string(numbers, threshold=64, max_line_width=88, floatmode="unique")
