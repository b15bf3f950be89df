"""An adjoint of which each part comes from a result of its own: of what was cut into pieces.

A framework sends one adjoint for all pieces. What each piece has in it is moved, never computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from adviz.checking.recording.recorded import Array, Meaning


class Piece(NamedTuple):
    """What one result has in the adjoint of what was cut, and the sum with those before it."""

    product: Array
    total: Array


def pieces(
    cuts: Sequence[Meaning], product: Array, before: Array | None, total: Array
) -> Sequence[Piece]:
    """Return an adjoint piece by piece; each cut takes its own from an array.

    `before` is what there was at the argument, `total` what there is in the end.

    >>> both, cuts = np.array([3.0, 4.0]), [lambda x: x[:1], lambda x: x[1:]]
    >>> halves = pieces(cuts, both, None, both)
    >>> [one.product.tolist() for one in halves], halves[0].total.tolist()
    ([[3.0, 0.0], [0.0, 4.0]], [3.0, 0.0])
    """
    places = np.arange(product.size).reshape(product.shape)
    held = np.zeros_like(product) if before is None else before.copy()
    found: list[Piece] = []
    for cut in cuts:
        here = np.isin(places, cut(places))
        held = np.where(here, total, held)
        found.append(Piece(np.where(here, product, np.zeros_like(product)), held))
    return found
