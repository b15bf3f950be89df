"""Single precision: Python's floats, every result rounded to 24 bits."""

from __future__ import annotations

from ctypes import c_float
from dataclasses import replace
from typing import Any

from adviz.numbers.float64 import FLOAT64
from adviz.numbers.rules import Function


def rounded(value: Any) -> Any:
    """Return a float rounded to float32; a condition is returned as it is.

    >>> rounded(0.1), rounded(1e300), rounded(True)
    (0.10000000149011612, inf, True)
    """
    return c_float(value).value if isinstance(value, float) else value


def native(name: str) -> Function | None:
    """Return a function of float64 whose results are rounded, or None if it has none."""
    function = FLOAT64.native(name)
    return None if function is None else lambda *arguments: rounded(function(*arguments))


FLOAT32 = replace(
    FLOAT64, name="float32", native=native, constant=lambda x: rounded(float(x)), _bound={}
)
