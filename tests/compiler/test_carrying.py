"""The edges of flat machine code: those left out, those in stretches, and all sums as before."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

import adviz
from adviz.compiler import flat
from adviz.compiler.executable import Swept
from adviz.compiler.flat.tape import FLAT_KINDS, taped
from adviz.compiler.native import flat as native
from adviz.compiler.native.flat.carrying import SHORTEST, _stretched
from adviz.graph.graph import Graph


def network(widths: Sequence[int], outputs: int = 1, common: Sequence[float] = (1, -1)) -> Graph:
    """Return a network of squares, whose rounding does not depend on a library's functions.

    Some of its weights are `common` ones.
    """

    def run(x: Sequence[Any]) -> Any:
        draw, row = random.Random(0), list(x)

        def weight() -> float:
            return draw.choice((*common, draw.gauss(0, 1)))

        for width in (*widths[1:], outputs):
            weights = [[weight() for _ in row] for _ in range(width)]
            sums = [sum(w * v for w, v in zip(some, row, strict=True)) for some in weights]
            row = [0.5 * one * one for one in sums]
        return row[0] if outputs == 1 else {f"p{k}": one for k, one in enumerate([*row, sums[0]])}

    return adviz.build(run, shapes={"x": widths[0]})


def used_twice() -> Graph:
    """Return outputs that are arguments of each other, through sums alone."""
    return adviz.build({"p": "x + y", "q": "(x + y) + z", "r": "((x + y) + z) + 2", "s": "x"})


GRAPHS = {
    "a layer": network([12]),
    "layers": network([9, 20, 17]),
    "several outputs": network([10, 12, 11], outputs=3),
    "outputs in sums": used_twice(),
    "an input alone": adviz.build({"p": "x", "q": "x + 1"}),
    "nothing": adviz.build("2*3"),
}


def point(graph: Graph, kind: str) -> list[float]:
    """Return a point, and seeds."""
    _, sweeps = taped(graph, kind, None)
    draw = random.Random(len(graph))
    return [draw.uniform(-1, 1) for _ in range(sweeps.parameters)]


@pytest.mark.parametrize("kind", FLAT_KINDS)
@pytest.mark.parametrize("name", GRAPHS)
def test_edges_left_out_change_no_bit(name: str, kind: str) -> None:
    graph = GRAPHS[name]
    if kind == "gradient" and len(graph.outputs) > 1:
        pytest.skip("a gradient is of one output")
    at = point(graph, kind)
    swept = Swept((0.125,))
    found = native.executable(graph, kind, None, lambda *_: swept).function(*at)
    assert found == flat.executable(graph, kind, None, lambda *_: swept).function(*at)


def test_of_a_network_s_edges_few_are_left() -> None:
    graph = network([20, 30, 30], common=())
    edges = taped(graph, "gradient", None)[0].edges(reverse=True)
    function = native.executable(graph, "gradient", None, lambda *_: Swept((0.125,))).function
    machine = next(
        cell.cell_contents
        for cell in function.__closure__ or ()
        if hasattr(cell.cell_contents, "arrays")
    )
    assert len(edges.heads) > 3000
    assert len(machine.arrays["sources"]) < 300
    assert len(machine.arrays["stretches"]) < 150


def expanded(alone: Any, left: Sequence[Any], stretches: Any) -> list[tuple[int, ...]]:
    """Return the edges that the loop takes, in its order."""
    single = [tuple(int(part[k]) for part in left) for k in np.flatnonzero(alone)]
    found: list[tuple[int, ...]] = []
    first = 0
    for stop, source, target, factor, length in stretches.tolist():
        found += single[first:stop]
        found += [(source, target + k, factor + k) for k in range(length)]
        first = stop
    return found


@pytest.mark.parametrize("seed", range(60))
def test_stretches_and_edges_alone_are_all_edges_in_order(seed: int) -> None:
    draw = random.Random(seed)
    edges, source, target, factor = [], 0, 500, 1500
    for _ in range(40):
        step, length = draw.choice((-1, 0, 1, 2)), draw.choice((1, 2, SHORTEST, SHORTEST + 1, 30))
        for _ in range(length):
            edges.append((source, target, factor))
            target, factor = target + step, factor + step
        source += draw.choice((0, 0, 1))
        target += draw.choice((0, 0, 1))
    left = [np.array(part, np.int32) for part in zip(*edges, strict=True)]
    alone, stretches = _stretched(*left)
    taken = expanded(alone, left, stretches)
    assert sorted(taken) == sorted(edges)
    assert all(length >= SHORTEST for *_, length in stretches[:-1].tolist())
    for place in {edge[1] for edge in edges}:  # what arrives at one place keeps its order
        assert [e for e in taken if e[1] == place] == [e for e in edges if e[1] == place]
