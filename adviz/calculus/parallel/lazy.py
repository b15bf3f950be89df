"""Dask's arrays and bags, recognised without Dask."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any


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
