"""The loss curve of a descent: the loss of every batch, and its mean over each pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from adviz.errors import AdvizError
from adviz.language.numerals import short
from adviz.render.roles import colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from adviz.comparison.descent.descent import Descent

_WIDE = 30.0
"""From this ratio of the largest to the smallest loss on, the axis of losses is logarithmic."""
_SIZE = (8.0, 4.8)
"""Inches of a new figure."""
_MARKED = 40
"""Up to how many passes are marked one by one."""
_LETTERS = 14
"""The size of letters in points, which can be read from the back of a room."""


def loss_curve(descent: Descent, axes: Axes | None = None) -> Axes:
    """Draw the loss at every step, into given axes or a new figure, and return the axes.

    Where a step looks at a part of the examples, the batches' losses are faint, and the mean of
    each pass over all of them stands at its middle. Needs matplotlib; raises AdvizError where it
    is not installed.

    >>> import adviz
    >>> d = adviz.descend("(x - 3)**2", at={"x": 0}, rate=0.1, steps=20)
    >>> axes = loss_curve(d)
    >>> axes.get_xlabel(), axes.get_ylabel(), axes.get_yscale()
    ('step', 'loss', 'log')
    """
    drawn = _new_axes() if axes is None else axes
    means = descent.epoch_losses
    if descent.epoch > 1 and len(means):
        drawn.plot(descent.losses, color=colour("line"), linewidth=0.8, alpha=0.7)
        _passes(drawn, means, descent.epoch)
    else:
        drawn.plot(descent.losses, color=colour("tangent-stroke"), linewidth=2.5)
    _frame(drawn, descent)
    return drawn


def _new_axes() -> Axes:
    try:
        from matplotlib import pyplot
    except ImportError:
        raise AdvizError(
            "a figure needs matplotlib; install it with: pip install 'adviz-graph[plot]'"
        ) from None
    made: Axes = pyplot.subplots(figsize=_SIZE, layout="constrained")[1]
    return made


def _passes(axes: Axes, means: Any, epoch: int) -> None:
    """Draw the mean loss of each pass in its middle, and say what the lines are."""
    middles = np.arange(len(means)) * epoch + (epoch - 1) / 2
    marker = "o" if len(means) <= _MARKED else ""
    axes.plot(middles, means, marker=marker, color=colour("tangent-stroke"), linewidth=2.5)
    axes.legend(
        axes.lines[-2:], ["one batch", "mean of a pass"], frameon=False, fontsize=_LETTERS - 1
    )


def _frame(axes: Axes, descent: Descent) -> None:
    """Set the scale, the labels, and a title that says what to see."""
    losses = descent.losses
    if losses.min() > 0 and losses.max() > _WIDE * losses.min():
        axes.set_yscale("log")
    axes.set_title(_title(descent), loc="left", fontsize=_LETTERS + 1)
    axes.set_xlabel("step", fontsize=_LETTERS)
    axes.set_ylabel("loss" if descent.examples == 1 else "mean loss", fontsize=_LETTERS)
    axes.tick_params(labelsize=_LETTERS - 1)
    axes.grid(color=colour("line"), alpha=0.3, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def _title(descent: Descent) -> str:
    """Return the first and the last loss in words: of passes, where there are several."""
    means = descent.epoch_losses
    if descent.epoch > 1 and len(means) > 1:
        first, last = short(means[0], 3), short(means[-1], 3)
        return f"Mean loss of a pass: {first} in the first, {last} in pass {len(means)}"
    first, last = short(descent.losses[0], 3), short(descent.losses[-1], 3)
    return f"Loss: {first} at the start, {last} after {len(descent.losses) - 1} steps"
