"""Points in Dask's arrays, worked on block by block; nothing is computed before it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adviz.calculus.parallel.columns import Column, is_number
from adviz.calculus.parallel.computation import Computation
from adviz.numbers.given import held


def blockwise(computation: Computation, columns: Sequence[Column]) -> Any:
    """Return the results as a Dask array of one axis more, each block computed once for all.

    The columns' shapes are broadcast and their chunks brought into line, as in Dask's own
    arithmetic.
    """
    import dask.array as da
    import numpy as np

    axes = max((one.ndim for one in columns if not is_number(one)), default=0)
    each = range(1, axes + 1)
    pairs: list[Any] = []
    for one in columns:
        pairs += [one, None if is_number(one) else tuple(each[axes - one.ndim :])]
    return da.blockwise(  # type: ignore[no-untyped-call]  # Dask has few types
        block,
        (0, *each),
        computation,
        None,
        *pairs,
        new_axes={0: computation.width},
        dtype=float,
        meta=np.empty((0,) * (axes + 1)),
    )


def block(computation: Computation, *columns: Column) -> Any:
    """Return the results at a block of points, on a first axis of their own."""
    import numpy as np

    shape = np.broadcast_shapes(*map(np.shape, columns))
    names = [*computation.graph.inputs, *computation.seeds]
    given = zip(names, columns, strict=True)
    whole = [one if is_number(one) else held(name, one) for name, one in given]
    flat = [one if is_number(one) else np.broadcast_to(one, shape).reshape(-1) for one in whole]
    found = computation.columns(None, flat, int(np.prod(shape)))
    return np.stack(found).reshape(computation.width, *shape)
