"""Networks with constant weights: value and gradient by the inputs, each further call."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Any

import numpy as np

from lineup.clock import Entry, timed
from lineup.measured import Key, Measured
from lineup.sides import Ready, Side, compile_graph, entered

PART = "network with constant weights"
HEYOKA = "heyoka, cfunc"


@dataclass(frozen=True)
class Network:
    """Layers of weighted sums, and a tanh of each."""

    widths: tuple[int, ...]

    @cached_property
    def weights(self) -> list[list[list[float]]]:
        """Return the weights, by layer, neuron and argument."""
        draw = random.Random(0)
        return [
            [[draw.gauss(0, 1) / math.sqrt(below) for _ in range(below)] for _ in range(width)]
            for below, width in zip(self.widths, (*self.widths[1:], 1), strict=True)
        ]

    @property
    def name(self) -> str:
        """What the work is called: a weight is a product and a sum."""
        return f"{2 * sum(len(row) for layer in self.weights for row in layer)} operations"

    @property
    def point(self) -> list[float]:
        """Where it is evaluated."""
        return [*map(float, np.linspace(-1, 1, self.widths[0]))]

    def run(self, m: Any, x: Sequence[Any], total: Any = sum) -> Any:
        """Compute it in a namespace that has `tanh`."""
        row = list(x)
        for layer in self.weights:
            sums = [total([w * v for w, v in zip(some, row, strict=True)]) for some in layer]
            row = [m.tanh(one) for one in sums]
        return row[0]


NETWORKS = (Network((10, 50, 40)), Network((20, 180, 180)))


def _graph(network: Network) -> Any:
    import adviz

    return adviz.build(lambda x: network.run(math, x), shapes={"x": network.widths[0]})


def adviz(network: Network) -> Ready:
    """Prepare adviz's machine code."""
    kernel = compile_graph(_graph(network), "native")
    return Ready(kernel.function, tuple(network.point))


def heyoka(network: Network) -> Ready:
    """Prepare heyoka's function, in its compact mode, its results in memory given to it."""
    module = import_module("heyoka")
    x = module.make_vars(*[f"x{k}" for k in range(network.widths[0])])
    value = network.run(module, x, module.sum)
    slopes = module.diff_tensors([value], diff_args=list(x), diff_order=1).gradient
    function = module.cfunc([value, *slopes], vars=list(x), compact_mode=True)
    results = np.empty(1 + len(slopes))
    return Ready(lambda point: function(point, outputs=results), (np.array(network.point),))


SIDES = (Side("adviz, native", "llvmlite", adviz), Side(HEYOKA, "heyoka", heyoka))


def measure(rounds: int, least: float) -> Iterator[Measured]:
    """Yield the figures of every side at every network."""
    import adviz

    for network in NETWORKS:
        graph = _graph(network)
        swept = adviz.reverse(graph, at=dict(zip(graph.inputs, network.point, strict=True)))
        expected = [swept.value, *swept.gradient.values()]
        found = list(entered(PART, network.name, SIDES, [network], expected))
        yield from (one for one in found if isinstance(one, Measured))
        yield from timed([one for one in found if isinstance(one, Entry)], rounds, least)


def key(network: Network, side: str) -> Key:
    """Return the key of a side's figures."""
    return Key(PART, network.name, side)
