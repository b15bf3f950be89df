"""Where a kernel's results go: from a flat row to values and derivatives by name, or arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

Nesting = Any
"""A place among the results, several in a tuple, or several by name."""


class Entries(dict[str, dict[str, int]]):
    """Places by row and column where some are left out: in an array they are one axis."""

    @property
    def places(self) -> list[int]:
        """The places in order, row by row."""
        return [place for row in self.values() for place in row.values()]


def size(nesting: Nesting) -> int:
    """Return how many results have places.

    >>> size((0, {"x": {"x": 3, "y": 4}, "y": {"x": 4, "y": 5}}))
    6
    """
    if isinstance(nesting, int):
        return nesting + 1
    parts = nesting.values() if isinstance(nesting, Mapping) else nesting
    return max(map(size, parts), default=0)


def filled(nesting: Nesting, results: Sequence[Any]) -> Any:
    """Return results in their places.

    >>> filled((0, {"x": 1, "y": 2}), [6.0, 2.0, 3.0])
    (6.0, {'x': 2.0, 'y': 3.0})
    """
    if isinstance(nesting, int):
        return results[nesting]
    if isinstance(nesting, tuple):
        return tuple([filled(part, results) for part in nesting])
    return {name: filled(part, results) for name, part in nesting.items()}


def stacked(nesting: Nesting, results: Sequence[Any]) -> Any:
    """Return results in arrays: what has names gets an axis, outputs before inputs.

    >>> stacked((0, {"x": 1, "y": 2}), [6.0, 2.0, 3.0])
    (6.0, array([2., 3.]))
    """
    import numpy as np

    if isinstance(nesting, int):
        return results[nesting]
    if isinstance(nesting, tuple):
        return tuple([stacked(part, results) for part in nesting])
    if isinstance(nesting, Entries):
        parts = [results[place] for place in nesting.places]
        return np.stack(parts, axis=-1) if parts else np.empty((*np.shape(results[0]), 0))
    parts = [stacked(part, results) for part in nesting.values()]
    nested = any(isinstance(part, Mapping) for part in nesting.values())
    return np.stack(parts, axis=-2 if nested else -1)


def values(labels: Sequence[str], inputs: Sequence[str]) -> Nesting:
    """Return where the outputs are: one alone, or by label.

    >>> values(["f"], ["x", "y"]), values(["f", "g"], ["x", "y"])
    (0, {'f': 0, 'g': 1})
    """
    return 0 if len(labels) == 1 else {label: k for k, label in enumerate(labels)}


def by_input(labels: Sequence[str], inputs: Sequence[str]) -> Nesting:
    """Return where the values are, and a derivative for each input.

    >>> by_input(["f"], ["x", "y"])
    (0, {'x': 1, 'y': 2})
    """
    start = len(labels)
    return values(labels, inputs), {name: start + k for k, name in enumerate(inputs)}


def by_output(labels: Sequence[str], inputs: Sequence[str]) -> Nesting:
    """Return where the values are, and a derivative for each output.

    >>> by_output(["f", "g"], ["x", "y"])
    ({'f': 0, 'g': 1}, {'f': 2, 'g': 3})
    """
    start = len(labels)
    tangents = start if start == 1 else {label: start + k for k, label in enumerate(labels)}
    return values(labels, inputs), tangents


def by_both(labels: Sequence[str], inputs: Sequence[str]) -> Nesting:
    """Return where the values are, and the derivatives by output and input.

    >>> by_both(["f"], ["x", "y"])
    (0, {'f': {'x': 1, 'y': 2}})
    """
    start, width = len(labels), len(inputs)
    return values(labels, inputs), {
        label: {name: start + row * width + k for k, name in enumerate(inputs)}
        for row, label in enumerate(labels)
    }


def by_pair(labels: Sequence[str], inputs: Sequence[str]) -> Nesting:
    """Return where the value is and the second derivatives: mixed ones are computed once.

    >>> by_pair(["f"], ["x", "y"])
    (0, {'x': {'x': 3, 'y': 4}, 'y': {'x': 4, 'y': 5}})
    """
    count = len(inputs)
    diagonal = [1 + count + k * count - k * (k - 1) // 2 for k in range(count)]
    rows = [
        [diagonal[j] + k - j for j in range(k)] + [*range(place, place + count - k)]
        for k, place in enumerate(diagonal)
    ]
    return 0, {a: dict(zip(inputs, row, strict=True)) for a, row in zip(inputs, rows, strict=True)}


def by_entry(
    labels: Sequence[str], inputs: Sequence[str], columns: Mapping[str, Sequence[str]]
) -> Nesting:
    """Return where the values are, and a derivative for each nonzero, given each row's columns.

    >>> by_entry(["p", "q"], ["x", "y"], {"p": ["x", "y"], "q": ["y"]})
    ({'p': 0, 'q': 1}, {'p': {'x': 2, 'y': 3}, 'q': {'y': 4}})
    """
    places = count(len(labels))
    rows = {row: {name: next(places) for name in names} for row, names in columns.items()}
    return values(labels, inputs), Entries(rows)


def by_entry_pair(
    labels: Sequence[str], inputs: Sequence[str], columns: Mapping[str, Sequence[str]]
) -> Nesting:
    """Return where the value is and the second derivatives' nonzeros: mixed ones computed once.

    >>> by_entry_pair(["f"], ["x", "y"], {"x": ["x", "y"], "y": ["x"]})
    (0, {'x': {'x': 1, 'y': 2}, 'y': {'x': 2}})
    """
    places, known = count(1), dict[frozenset[str], int]()
    for row, names in columns.items():
        for name in names:
            pair = frozenset((row, name))
            known[pair] = known[pair] if pair in known else next(places)
    rows = {row: {n: known[frozenset((row, n))] for n in names} for row, names in columns.items()}
    return 0, Entries(rows)
