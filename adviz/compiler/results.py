"""Where a kernel's results go: from a flat row to values and derivatives by name, or arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Layout = Any
"""A place among the results, a tuple of layouts, or layouts by name."""


def filled(layout: Layout, results: Sequence[Any]) -> Any:
    """Return results in their places.

    >>> filled((0, {"x": 1, "y": 2}), [6.0, 2.0, 3.0])
    (6.0, {'x': 2.0, 'y': 3.0})
    """
    if isinstance(layout, int):
        return results[layout]
    if isinstance(layout, tuple):
        return tuple([filled(part, results) for part in layout])
    return {name: filled(part, results) for name, part in layout.items()}


def stacked(layout: Layout, results: Sequence[Any]) -> Any:
    """Return results in arrays: what has names gets an axis, outputs before inputs.

    >>> stacked((0, {"x": 1, "y": 2}), [6.0, 2.0, 3.0])
    (6.0, array([2., 3.]))
    """
    import numpy as np

    if isinstance(layout, int):
        return results[layout]
    if isinstance(layout, tuple):
        return tuple([stacked(part, results) for part in layout])
    parts = [stacked(part, results) for part in layout.values()]
    nested = any(isinstance(part, Mapping) for part in layout.values())
    return np.stack(parts, axis=-2 if nested else -1)


def layout_of(kind: str, labels: Sequence[str], inputs: Sequence[str]) -> Layout:
    """Return where the results of a kind go: the value, and the derivatives by name.

    >>> layout_of("gradient", ["f"], ["x", "y"])
    (0, {'x': 1, 'y': 2})
    """
    return _LAYOUTS[kind](labels, inputs)


def _values(labels: Sequence[str], inputs: Sequence[str]) -> Layout:
    """Return where the outputs are: one alone, or by label."""
    return 0 if len(labels) == 1 else {label: k for k, label in enumerate(labels)}


def _by_input(labels: Sequence[str], inputs: Sequence[str]) -> Layout:
    start = len(labels)
    return _values(labels, inputs), {name: start + k for k, name in enumerate(inputs)}


def _by_output(labels: Sequence[str], inputs: Sequence[str]) -> Layout:
    start = len(labels)
    tangents = start if start == 1 else {label: start + k for k, label in enumerate(labels)}
    return _values(labels, inputs), tangents


def _by_both(labels: Sequence[str], inputs: Sequence[str]) -> Layout:
    start, width = len(labels), len(inputs)
    return _values(labels, inputs), {
        label: {name: start + row * width + k for k, name in enumerate(inputs)}
        for row, label in enumerate(labels)
    }


def _by_pair(labels: Sequence[str], inputs: Sequence[str]) -> Layout:
    """Return where second derivatives are: those above the diagonal are computed once."""
    count = len(inputs)
    places = iter(range(1 + count, count * (count + 3) // 2 + 1))
    upper = {(k, j): next(places) for k in range(count) for j in range(k, count)}
    return 0, {
        a: {b: upper[min(k, j), max(k, j)] for j, b in enumerate(inputs)}
        for k, a in enumerate(inputs)
    }


_LAYOUTS: Mapping[str, Callable[[Sequence[str], Sequence[str]], Layout]] = {
    "value": _values,
    "gradient": _by_input,
    "jacobian": _by_both,
    "jvp": _by_output,
    "vjp": _by_input,
    "hvp": _by_input,
    "hessian": _by_pair,
}
