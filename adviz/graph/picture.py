"""Who draws a graph, and what is computed on it, for a notebook: a room above, handed in.

A host asks a noun for its picture by a method of its class, but this room knows no picture. So
the façade, which knows every room, puts the function to ask here as its first name is used.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def _nobody(_: Any) -> str | None:
    return None


drawn: Callable[[Any], str | None] = _nobody
"""Returns the SVG of a noun; None where nobody could read a picture of it."""
