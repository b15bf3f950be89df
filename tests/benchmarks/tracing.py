"""Measures tracing against NetworkX given the same nodes and edges directly.

Run it: `python tests/benchmarks/tracing.py`. The bar is a ratio of 2.0 for the whole of
`build(f).nx`: the finished Graph, and the same as a NetworkX graph.
"""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable
from typing import Any

import networkx
import numpy as np

from adviz.graph.graph import Graph
from adviz.sources.function import trace

OPERATIONS = 100_000
BAR = 2.0


def chain(x: Any) -> Any:
    """Apply the sine over and over."""
    for _ in range(OPERATIONS):
        x = math.sin(x)
    return x


def ufuncs(x: Any) -> Any:
    """Apply NumPy's sine over and over."""
    for _ in range(OPERATIONS):
        x = np.sin(x)
    return x


def mixed(x: Any, y: Any) -> Any:
    """Mix the four operations, with constants and with each other."""
    for _ in range(OPERATIONS // 5):
        a = x * y + 0.5
        x = a - y / 3
        y = x * 2.0
    return x + y


def bare(graph: Graph) -> networkx.MultiDiGraph[int]:
    """Return the same nodes and edges, added one by one through NetworkX's own methods."""
    made: networkx.MultiDiGraph[int] = networkx.MultiDiGraph()
    for node, op in enumerate(graph.ops):
        made.add_node(node, op=op)
        for position, argument in enumerate(graph.args[node]):
            made.add_edge(argument, node, key=position)
    return made


def best(work: Callable[[], object], repeats: int = 5) -> float:
    """Return the least time of several runs, in seconds."""
    times = []
    for _ in range(repeats):
        gc.collect()
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Print the ratios."""
    for function in (chain, ufuncs, mixed):
        graph = trace(function)
        traced, direct = best(lambda f=function: trace(f).nx), best(lambda g=graph: bare(g))  # type: ignore[misc]  # bound now
        each = traced / len(graph) * 1e6
        ratio = traced / direct
        verdict = "within" if ratio <= BAR else "above"
        print(f"{function.__name__}: {len(graph)} nodes, {each:.1f} µs a node, ", end="")
        print(f"{ratio:.2f} times bare NetworkX ({verdict} the bar of {BAR})")


if __name__ == "__main__":
    main()
