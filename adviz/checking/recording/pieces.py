"""Operations that only move: the elements they take, and whose part of an adjoint is whose.

A framework sends one adjoint for all the pieces that something was cut into. What each piece has in
it is moved, never computed.
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


def taken(places: Array) -> Meaning:
    """Return what takes the elements of an array at some places, counted in its order.

    >>> taken(np.array([[2], [0]]))(np.array([5.0, 6.0, 7.0])).tolist()
    [[7.0], [5.0]]
    """
    flat, shape = np.asarray(places).astype(int).ravel(), np.shape(places)

    def take(x: Array, *_: Array) -> Array:
        return np.reshape(np.reshape(x, (-1,))[flat], shape)

    return take
