"""Dask's arrays and bags: recognised without Dask, worked on block by block, nothing computed."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from adviz.calculus.parallel.computation import Column, Computation, is_number
from adviz.numbers.given import held


def is_lazy(value: object) -> bool:
    """Return whether this is a collection of Dask's, which cannot be where Dask is not loaded.

    >>> is_lazy([1.0])
    False
    """
    if "dask" not in sys.modules:
        return False
    from dask.base import is_dask_collection

    return bool(is_dask_collection(value))


def is_bag(value: object) -> bool:
    """Return whether this is a Dask bag."""
    return is_lazy(value) and hasattr(value, "map_partitions") and not hasattr(value, "shape")


def present(at: Any) -> Any:
    """Return points as they are, those in Dask's collections computed.

    >>> present({"x": 3.0})
    {'x': 3.0}
    """
    parts = at.values() if isinstance(at, Mapping) else [at]
    if not any(map(is_lazy, parts)):
        return at
    from dask.base import compute

    (found,) = compute(at)  # type: ignore[no-untyped-call]  # Dask has few types
    return found


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
