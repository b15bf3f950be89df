"""What the sweeps of a film end with: numbers that are sums of derivatives, each with a weight."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from adviz.language.labels import Key
from adviz.language.notation import Tree, name
from adviz.modes.trace import BACKWARD, Trace
from adviz.scene.quantities import quantity, sweeps


class Ending(NamedTuple):
    """One number that a sweep ends with, and what it is a sum of."""

    mode: str
    """Whose number it is: `forward` or `reverse`."""
    symbol: Tree
    key: str
    """The number's key in the film."""
    number: Any
    terms: tuple[tuple[float, Key], ...]
    """Derivatives, each with the seed that it is multiplied by."""

    @property
    def derivative(self) -> Key | None:
        """The derivative that it is; None where it is a sum of several, or a multiple."""
        return self.terms[0][1] if [weight for weight, _ in self.terms] == [1] else None


def endings(traces: Sequence[Trace], rows: Mapping[tuple[int, str, int], str]) -> list[Ending]:
    """Return what sweeps of first order end with, in the order of the film.

    `rows` has the key of the last number of every trace, quantity and node. Numbers of second and
    higher order are none of them, nor are arrays.

    >>> import adviz
    >>> t = adviz.reverse("x*y", at={"x": 3, "y": 2})
    >>> found = endings([t], {(0, "adjoint", 0): "a", (0, "adjoint", 1): "b"})
    >>> [(one.key, one.number, str(one.derivative)) for one in found]
    [('a', 2.0, 'df/dx'), ('b', 3.0, 'df/dy')]
    """
    return [
        ending
        for index, (trace, kind, _) in enumerate(sweeps(traces))
        if kind in MODES and trace.mode == MODES[kind] and trace.graph.shapes is None
        for ending in _of_a_sweep(index, trace, kind, rows)
    ]


MODES = {"tangent": "forward", "adjoint": "reverse"}
"""The sweeps that end with first derivatives."""


def _of_a_sweep(
    index: int, trace: Trace, kind: str, rows: Mapping[tuple[int, str, int], str]
) -> Iterator[Ending]:
    graph, backward = trace.graph, kind in BACKWARD
    seeds = [(label, float(seed)) for label, seed in trace.seed.items() if seed]
    for label, node in (graph.inputs if backward else graph.outputs).items():
        key, number = rows.get((index, kind, node)), trace.derivatives[kind][node]
        if key is not None and number is not None:
            made = (Key(seed, label) if backward else Key(label, seed) for seed, _ in seeds)
            terms = tuple((weight, one) for (_, weight), one in zip(seeds, made, strict=True))
            yield Ending(MODES[kind], quantity(kind).symbol(name(label)), key, number, terms)
