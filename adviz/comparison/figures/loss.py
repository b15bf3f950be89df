"""The loss curve of a descent: the loss of every batch, and its mean over each pass."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from adviz.comparison.figures.chart import Axis, Chart, Curve
from adviz.language.numerals import in_text

if TYPE_CHECKING:
    from adviz.comparison.descent.descent import Descent

_WIDE = 30.0
"""From this ratio of the largest to the smallest loss on, the axis of losses is logarithmic."""


def loss_curve(descent: Descent) -> Chart:
    """Return the loss at every step; the mean of a pass over all examples stands at its middle.

    >>> import adviz
    >>> d = adviz.descend("(x - 3)**2", at={"x": 0}, rate=0.1, steps=20)
    >>> chart = loss_curve(d)
    >>> chart.title
    'Loss: 9 at the start, 0.0012 after 20 steps'
    >>> chart.y.label, chart.y.log
    ('loss', True)
    """
    losses = descent.losses
    wide = bool(losses.min() > 0 and losses.max() > _WIDE * losses.min())
    loss = "loss" if descent.examples == 1 else "mean loss"
    return Chart(
        _title(descent),
        _caption(descent),
        Axis("step", log=False),
        Axis(loss, log=wide),
        tuple(_curves(descent, loss)),
    )


def _passes(descent: Descent) -> bool:
    """Return whether a step looks at a part of the examples, and some passes are whole."""
    return descent.epoch > 1 and len(descent.epoch_losses) > 0


def _curves(descent: Descent, loss: str) -> Iterator[Curve]:
    steps = tuple((float(step), float(value)) for step, value in enumerate(descent.losses))
    if not _passes(descent):
        yield Curve(loss, "loss", steps)
        return
    middle = (descent.epoch - 1) / 2
    means = enumerate(descent.epoch_losses)
    yield Curve("one batch", "batch", steps)
    yield Curve(
        "mean of a pass", "loss", tuple((k * descent.epoch + middle, float(m)) for k, m in means)
    )


def _title(descent: Descent) -> str:
    """Return the first and the last loss in words: of passes, where there are several."""
    means = descent.epoch_losses
    if descent.epoch > 1 and len(means) > 1:
        first, last = in_text(means[0], 3), in_text(means[-1], 3)
        return f"Loss: {first} in the first pass, {last} in pass {len(means)}"
    first, last = in_text(descent.losses[0], 3), in_text(descent.losses[-1], 3)
    return f"Loss: {first} at the start, {last} after {len(descent.losses) - 1} steps"


def _caption(descent: Descent) -> str:
    if _passes(descent):
        return (
            "Each step goes by a batch of the examples, whose losses jump; what goes down is the "
            "mean over a whole pass."
        )
    return "The loss after every step along the negative gradient."
