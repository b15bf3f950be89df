"""The data that a loss is averaged over: one example a column, taken in batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from adviz.errors import PointError
from adviz.graph.graph import Graph
from adviz.language.asked import mapping, require
from adviz.language.brief import few
from adviz.numbers.given import array, integer

Seed = int | np.random.Generator
Batch = Any
"""The places of some examples, as an array of whole numbers."""


class Examples(NamedTuple):
    """The inputs of a graph that are data, and their numbers."""

    names: tuple[str, ...]
    columns: Any
    """An array of shape (inputs, examples)."""

    def __len__(self) -> int:
        return int(self.columns.shape[1])

    def point(self, place: int) -> dict[str, float]:
        """Return one example by input."""
        return dict(zip(self.names, self.columns[:, place].tolist(), strict=True))


def arrays_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return data as finite arrays of one length, which is the number of examples.

    Raises PointError for what is no such array, and where the lengths differ.

    >>> arrays_of({"x": [[1, 2], [3, 4], [5, 6]], "y": [0, 1, 1]})["y"]
    array([0., 1., 1.])
    """
    given = mapping("data", data, "{'x': [0.5, 1.0], 'y': [0.0, 1.0]}")
    found = {name: _examples(name, value) for name, value in given.items()}
    lengths = {name: len(values) for name, values in found.items()}
    if len({*lengths.values()}) > 1:
        told = few([f"{name} has {count}" for name, count in lengths.items()])
        raise PointError(f"data of unequal length: {told}; each needs one entry for each example")
    return found


def _examples(name: str, value: Any) -> Any:
    found = array(name, value)
    if not found.ndim or not len(found):
        raise PointError(f"data {name} has no examples; it is an array whose first axis they are")
    if not np.isfinite(found).all():
        place = tuple(int(axis) for axis in np.argwhere(~np.isfinite(found))[0])
        where = ", ".join(map(str, place))
        raise PointError(f"data {name}[{where}] = {found[place]} is not finite; leave it out")
    return found


def examples_of(graph: Graph, data: Mapping[str, Any]) -> Examples:
    """Return the examples as a graph takes them; without data, one example that needs none.

    `data` is what `arrays_of` returns, and fits the graph's inputs.

    >>> import adviz
    >>> examples_of(adviz.build("(w*x - y)**2"), arrays_of({"x": [1, 2, 3], "y": [2, 4, 7]}))
    Examples(names=('x', 'y'), columns=array([[1., 2., 3.],
           [2., 4., 7.]]))
    """
    vectors = graph.vectors or {}
    names = [part for name in data for part in ([name] if name in graph.inputs else vectors[name])]
    flat = [values.reshape(len(values), -1).T for values in data.values()]
    return Examples(tuple(names), np.concatenate(flat) if flat else np.empty((0, 1)))


def batches(count: int, size: int, seed: Seed) -> Iterator[Batch]:
    """Yield batches without end, every example once in each pass (an epoch).

    A pass takes the order of the generator's `permutation(count)`, `size` examples at a time, of
    which the last are what remains; where one batch holds them all, the order they are given in.
    `seed` is as in `generator_of`.

    >>> drawn = batches(5, 2, seed=0)
    >>> [len(next(drawn)) for _ in range(4)]
    [2, 2, 1, 2]
    """
    generator = generator_of(seed)
    while True:
        order = generator.permutation(count) if size < count else np.arange(count)
        yield from (order[start : start + size] for start in range(0, count, size))


def generator_of(seed: Seed) -> np.random.Generator:
    """Return a generator as it is, and of a whole number from 0 on the one it seeds.

    Raises PointError for anything else.
    """
    if isinstance(seed, np.random.Generator):
        return seed
    number = integer("seed", seed)
    good = number is not None and number >= 0
    require(good, "seed", seed, "a whole number from 0 on, or a numpy.random.Generator", PointError)
    return np.random.default_rng(number)
