"""The formats of floating-point numbers: how each rounds, and what it holds at all."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from adviz.errors import AdvizError
from adviz.language.asked import shown


@dataclass(frozen=True)
class Precision:
    """A binary format: its significant bits, and the exponents of its normal numbers.

    Method: IEEE 754-2019, section 3; bfloat16 has the exponents of float32.
    """

    name: str
    bits: int
    largest_exponent: int
    """Of the largest power of two that it holds."""

    @property
    def unit(self) -> float:
        """The unit roundoff: how far rounding moves a number at most, relatively."""
        return 2.0**-self.bits

    @property
    def tiniest(self) -> float:
        """The smallest number above 0, a subnormal one."""
        return 2.0 ** (2 - self.largest_exponent - self.bits)

    @property
    def largest(self) -> float:
        """The largest finite number."""
        return (2.0 - 2.0 ** (1 - self.bits)) * 2.0**self.largest_exponent

    def rounded(self, number: float) -> float:
        """Return the nearest number of the format, of two as near the even one.

        >>> FORMATS["float32"].rounded(0.1), FORMATS["float16"].rounded(7e4)
        (0.10000000149011612, inf)
        """
        if not math.isfinite(number) or number == 0 or self.bits == FLOAT64.bits:
            return number
        step = max(math.ldexp(1.0, math.frexp(number)[1] - self.bits), self.tiniest)
        near = round(number / step) * step
        return near if abs(near) <= self.largest else math.copysign(math.inf, number)

    def at(self, point: Mapping[str, float]) -> dict[str, float]:
        """Return a point whose numbers the format holds."""
        return {name: self.rounded(number) for name, number in point.items()}


FLOAT64 = Precision("float64", 53, 1023)
FORMATS: Mapping[str, Precision] = {
    one.name: one
    for one in (
        FLOAT64,
        Precision("float32", 24, 127),
        Precision("float16", 11, 15),
        Precision("bfloat16", 8, 127),
    )
}
"""The formats, by the name that NumPy and the frameworks have for them, the finest first."""


def format_of(dtype: Any) -> Precision | None:
    """Return the format of a type of numbers, as NumPy or a framework has it; None of another.

    >>> format_of("torch.bfloat16").unit, format_of(float).name, format_of("int64")
    (0.00390625, 'float64', None)
    """
    name = _called(dtype)
    return FORMATS.get("float64" if name == "float" else name)


def _called(dtype: Any) -> str:
    """Return what a type of numbers is called: by its own name, or as it is shown."""
    names = (getattr(dtype, name, None) for name in ("__name__", "name"))
    said = next((name for name in names if isinstance(name, str)), shown(dtype))
    return said.strip("'").rpartition(".")[2]


def asked_format(dtype: Any) -> Precision | None:
    """Return the format that is asked for, if one is.

    Raises AdvizError for a type of numbers that is none.
    """
    found = None if dtype is None else format_of(dtype)
    if dtype is not None and found is None:
        raise AdvizError(f"dtype = {shown(dtype)}; it is {', '.join(FORMATS)}")
    return found


def coarsest(found: Iterable[Precision | None]) -> Precision:
    """Return the format of some that rounds most; float64 where none is known."""
    return max((one for one in found if one), key=lambda one: one.unit, default=FLOAT64)
