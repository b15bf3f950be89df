"""Operations whose results are pieces of an argument: whose part of an adjoint is whose.

A framework sends one adjoint for all the pieces that something was cut into. What each piece has in
it is moved, never computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from adviz.checking.recording.meanings import graph_of, moves, run_of, value_of
from adviz.checking.recording.recorded import Array, Operation
from adviz.errors import AdvizError


class Piece(NamedTuple):
    """What one result has in the adjoint of what was cut, and the sum with those before it."""

    product: Array
    total: Array


def pieces(
    rule: str, results: Sequence[Operation], product: Array, before: Array | None, total: Array
) -> Sequence[Piece]:
    """Return what a rule sent to an argument of an operation, of each result its piece.

    `before` is what there was at the argument, `total` what there is in the end. Raises AdvizError
    for several results that are no pieces of it.
    """
    if len(results) == 1:
        return [Piece(product, total)]
    meant = [graph_of(one.meaning, [product.shape]) for one in results]
    cuts = [one for one in meant if one is not None and moves(one)]
    if len(cuts) < len(results):
        raise AdvizError(
            f"{rule} goes back from {len(results)} results at once, of which a recording cannot "
            "tell what is whose; use one of them"
        )
    places = np.arange(float(product.size)).reshape(product.shape)
    return parted([value_of(run_of(cut, [places])) for cut in cuts], product, before, total)


def parted(
    places: Sequence[Array], product: Array, before: Array | None, total: Array
) -> Sequence[Piece]:
    """Return an adjoint piece by piece, the elements of each told by their places.

    >>> both = np.array([3.0, 4.0])
    >>> halves = parted([[0], [1]], both, None, both)
    >>> [one.product.tolist() for one in halves], halves[0].total.tolist()
    ([[3.0, 0.0], [0.0, 4.0]], [3.0, 0.0])
    """
    every = np.arange(product.size).reshape(product.shape)
    held = np.zeros_like(product) if before is None else before.copy()
    found: list[Piece] = []
    for taken in places:
        here = np.isin(every, taken)
        held = np.where(here, total, held)
        found.append(Piece(np.where(here, product, np.zeros_like(product)), held))
    return found
