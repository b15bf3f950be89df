"""How long something is on paper: a number of points, or a number with its unit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import inf, nan
from numbers import Real
from types import MappingProxyType
from typing import Any

from adviz.errors import FormatError
from adviz.language.asked import require

Length = float | str
"""A number is one of points; a text has its unit."""

PIXELS_PER_POINT = 4 / 3
UNITS: Mapping[str, float] = MappingProxyType(
    {"pt": 1.0, "mm": 72 / 25.4, "cm": 720 / 25.4, "in": 72.0}
)
"""Points by unit; a point is the 72nd part of an inch, which TeX calls bp."""

_WRITTEN = re.compile(r"\s*(\d+\.?\d*|\.\d+)\s*([a-z]*)\s*", re.ASCII)
_WANTED = "a number of points, or a length such as '8.5cm', '85mm', '3.4in' or '240pt'"


def points(name: str, length: Length) -> float:
    """Return a length in points.

    Raises FormatError, naming the parameter, for what is no positive length.

    >>> points("width", "1in"), points("width", "25.4 mm"), points("font_size", 8)
    (72.0, 72.0, 8.0)
    """
    found = _typed(length) if isinstance(length, str) else _counted(length)
    require(0 < found < inf, name, length, _WANTED, FormatError)
    return found


def _counted(length: Any) -> float:
    """Return a number of points, NaN for what is none."""
    number = isinstance(length, Real) and not isinstance(length, bool)
    return float(length) if number else nan


def _typed(text: str) -> float:
    """Return a typed length in points, NaN for what is none."""
    match = _WRITTEN.fullmatch(text)
    return float(match[1]) * UNITS.get(match[2] or "pt", nan) if match else nan


def in_centimetres(length: float) -> str:
    """Return a length in points as one would type it, rounded up to a millimetre.

    >>> in_centimetres(241)
    '8.6cm'
    """
    return f"{-(-length // UNITS['mm']) / 10:g}cm"
