"""The axes that something is drawn into: an author's, or those of a new figure without pyplot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adviz.errors import needing
from adviz.language.asked import require
from adviz.render.roles import Theme, colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def axes_of(given: object, size: tuple[float, float], theme: Theme = "light") -> Axes:
    """Return some axes as they are, or those of a new figure of a size in inches.

    Raises AdvizError where matplotlib is missing, and for what is no axes.
    """
    with needing("plot", "figures need matplotlib"):
        from matplotlib.axes import Axes
        from matplotlib.figure import Figure
    if given is None:
        ground = colour("page", theme)
        return Figure(figsize=size, facecolor=ground, layout="constrained").subplots()
    require(isinstance(given, Axes), "ax", given, "axes of matplotlib's")
    return given  # type: ignore[return-value]  # which has been asked
