"""The number systems a graph can be run in, each loaded when it is first asked for."""

from __future__ import annotations

from adviz.numbers.system import SYSTEMS, Number, Numbers, multiprecision, named

__all__ = ["Number", "Numbers", "multiprecision"]

_NAMES = {constant: name for name, (_, constant) in SYSTEMS.items()}


def __getattr__(constant: str) -> Numbers:
    """Return FLOAT64, FLOAT32, ARRAY, EXACT or COMPLEX."""
    if constant not in _NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {constant!r}")
    return named(_NAMES[constant])
