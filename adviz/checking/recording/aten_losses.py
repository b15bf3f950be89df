"""What ATen's losses mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np


def _reduced(x: Any, reduction: int) -> Any:
    """Return a loss as it is, 0, as the mean, 1, or as the sum of its elements, 2."""
    return x if not np.ndim(x) or not reduction else (np.mean, np.sum)[reduction - 1](x)


def _mse(x: Any, target: Any, reduction: int = 1) -> Any:
    return _reduced((x - target) ** 2, reduction)


def _huber(x: Any, target: Any, reduction: int = 1, delta: float = 1.0) -> Any:
    r = abs(x - target)
    return _reduced(np.where(r < delta, r * r / 2, delta * (r - delta / 2)), reduction)


def _smooth(x: Any, target: Any, reduction: int = 1, beta: float = 1.0) -> Any:
    return _huber(x, target, reduction, beta) / beta


def _cross(x: Any, target: Any, weight: Any = None, reduction: int = 1) -> Any:
    loss = -(target * np.log(x) + (1 - target) * np.log(1 - x))
    return _reduced(loss if weight is None else weight * loss, reduction)


def _cross_of_logits(
    x: Any, target: Any, weight: Any = None, pos_weight: Any = None, reduction: int = 1
) -> Any:
    """Return the cross-entropy of what sigmoid makes of x."""
    if weight is not None or pos_weight is not None:
        raise LookupError("weights")
    return _reduced(np.maximum(x, 0) - x * target + np.log1p(np.exp(-abs(x))), reduction)


def _nll(
    x: Any, target: Any, weight: Any = None, reduction: int = 1, ignored: int = -100
) -> list[Any]:
    """Return minus the entries at the targets, of rows or of a single one."""
    places = np.asarray(target)
    if weight is not None or np.any(places == ignored):
        raise LookupError("weights")
    taken = x[int(places)] if places.ndim == 0 else x[np.arange(len(places)), places]
    return [_reduced(-taken, reduction)]


LOSSES: Mapping[str, Callable[..., Any]] = {
    "mse_loss": _mse,
    "huber_loss": _huber,
    "smooth_l1_loss": _smooth,
    "nll_loss_forward": _nll,
    "binary_cross_entropy": _cross,
    "binary_cross_entropy_with_logits": _cross_of_logits,
}
