"""Who draws a graph, and what is computed on it, for a notebook: the façade knows.

A host asks a noun for its picture by a method of its class, but this room knows no picture. The
façade, which is loaded before any room and knows every one, is asked for whoever draws.
"""

from __future__ import annotations

import sys
from typing import Any


def plated(noun: Any) -> Any:
    """Return the plate of a noun whose picture is no graph."""
    return sys.modules["adviz"]._plate(noun)


def drawn(noun: Any) -> str | None:
    """Return the picture of a noun as HTML; None where nobody could read one."""
    picture: str | None = sys.modules["adviz"]._drawn(noun)
    return picture
