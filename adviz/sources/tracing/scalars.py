"""Traced numbers as NumPy's scalars: what they are asked for that Python's floats do not have."""

from __future__ import annotations

from types import FrameType
from typing import Any

from adviz.sources.tracing.arrays import Vector, objects
from adviz.sources.tracing.kinds import dtype_of
from adviz.sources.tracing.places import is_library
from adviz.sources.tracing.traced import TracedValue


def attribute(value: TracedValue, name: str, frame: FrameType) -> Any:
    """Return what an array of no dimensions has, or None where NumPy itself asks.

    NumPy looks for `dtype` to tell its own numbers, whose type it then calls, from objects.
    """
    if is_library(frame.f_code):
        return None
    held = objects(value)
    return dtype_of(held) if name == "dtype" else getattr(held.view(Vector), name)
