"""Operations that only move: the elements they take, and whose part of an adjoint is whose.

A framework sends one adjoint for all the pieces that something was cut into. What each piece has in
it is moved, never computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from adviz.checking.recording.meanings import run_of, value_of
from adviz.checking.recording.recorded import Array
from adviz.graph.graph import Graph


class Piece(NamedTuple):
    """What one result has in the adjoint of what was cut, and the sum with those before it."""

    product: Array
    total: Array


def pieces(
    cuts: Sequence[Graph], product: Array, before: Array | None, total: Array
) -> Sequence[Piece]:
    """Return an adjoint piece by piece; each cut, as a graph, takes its own from an array.

    `before` is what there was at the argument, `total` what there is in the end.

    >>> from adviz import build
    >>> cuts = [build(lambda a0: a0[k:k + 1], shapes={"a0": 2}, arrays=True) for k in range(2)]
    >>> both = np.array([3.0, 4.0])
    >>> halves = pieces(cuts, both, None, both)
    >>> [one.product.tolist() for one in halves], halves[0].total.tolist()
    ([[3.0, 0.0], [0.0, 4.0]], [3.0, 0.0])
    """
    places = np.arange(float(product.size)).reshape(product.shape)
    held = np.zeros_like(product) if before is None else before.copy()
    found: list[Piece] = []
    for cut in cuts:
        here = np.isin(places, value_of(run_of(cut, [places])))
        held = np.where(here, total, held)
        found.append(Piece(np.where(here, product, np.zeros_like(product)), held))
    return found
