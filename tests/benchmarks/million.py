"""Measures what a node costs, in time and in memory, from ten thousand nodes to a million.

Run it: `python tests/benchmarks/million.py`, or with the names of some rows, or with `--sizes`.
Every figure comes from a process of its own, which first does the same work on a small graph
(imports, the grammar's tables), then prepares what the row needs, and only then is measured:
processor time of the best of a few runs, and by how much the peak of the resident memory grew
during the first. The collector of cyclic garbage runs as it does for users.

The bars: the time of a node grows by at most half from the smallest size to the largest, and a
graph takes at most 2000 bytes a node while it is built.
"""

from __future__ import annotations

import argparse
import copy
import gc
import json
import math
import pickle
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import adviz
from adviz.graph.graph import Graph
from adviz.graph.text import formula

SIZES = (10_000, 100_000, 1_000_000)
BAR_RATIO, BAR_BYTES = 1.5, 2000
WIDTH = 500
"""How many values are alive at a time in the measured graph."""

Work = Callable[[], object]


def program(size: int) -> list[tuple[int, int, int]]:
    """Return random instructions: two thirds of them sines, each of one of the latest values."""
    draw = random.Random(1).randrange
    return [(max(0, draw(9) - 5), draw(WIDTH), draw(WIDTH)) for _ in range(size - WIDTH)]


def scalar(size: int, sin: Callable[[Any], Any] = math.sin) -> Callable[[Any, Any], Any]:
    """Return a random function of two numbers that consists of so many operations."""
    instructions = program(size)

    def f(x: Any, y: Any) -> Any:
        values = [x, y] * (WIDTH // 2)
        for op, a, b in instructions:
            if op == 0:
                values[a] = sin(values[a])
            elif op == 1:
                values[a] = values[a] + values[b]
            elif op == 2:
                values[a] = values[a] * values[b]
            else:
                values[a] = values[a] - values[b]
        total = values[0]
        for value in values[1:]:
            total = total + value
        return total

    return f


def built(size: int) -> Graph:
    """Return the measured graph."""
    return adviz.build(scalar(size))


POINT = {"x": 0.3, "y": 0.7}


def _tracing(size: int, _: Path) -> Work:
    f = scalar(size)
    return lambda: adviz.build(f)


def _text(size: int, _: Path) -> Work:
    text = built(size).text
    return lambda: adviz.build(text)


def _networkx(size: int, _: Path) -> Work:
    given = built(size).nx.copy()
    return lambda: adviz.build(given)


def _sweep(verb: Callable[..., object], **options: Any) -> Callable[[int, Path], Work]:
    def prepared(size: int, _: Path) -> Work:
        graph = built(size)
        return lambda: verb(graph, POINT, **options)

    return prepared


def _save(suffix: str) -> Callable[[int, Path], Work]:
    def prepared(size: int, folder: Path) -> Work:
        graph = built(size)
        return lambda: adviz.save(graph, folder / f"g{suffix}")

    return prepared


def _load(suffix: str) -> Callable[[int, Path], Work]:
    def prepared(size: int, folder: Path) -> Work:
        path = folder / f"g{suffix}"
        adviz.save(built(size), path)
        return lambda: adviz.load(path)

    return prepared


def _pickle(size: int, _: Path) -> Work:
    graph = built(size)
    return lambda: pickle.loads(pickle.dumps(graph))  # noqa: S301 - our own bytes


def _written(size: int, _: Path) -> Work:
    graph = built(size)
    return lambda: formula(graph, graph.names)


def _copy(size: int, _: Path) -> Work:
    graph = built(size)
    return lambda: (copy.copy(graph), copy.deepcopy(graph))


def _free(size: int, _: Path) -> Work:
    held = [built(size)]
    return held.clear


ROWS: dict[str, Callable[[int, Path], Work]] = {
    "build by tracing": _tracing,
    "build from text": _text,
    "build from NetworkX": _networkx,
    "evaluate": _sweep(adviz.evaluate),
    "forward": _sweep(adviz.forward, direction="x"),
    "reverse": _sweep(adviz.reverse),
    "save .json": _save(".json"),
    "load .json": _load(".json"),
    "save .npz": _save(".npz"),
    "load .npz": _load(".npz"),
    "write as text": _written,
    "pickle and back": _pickle,
    "copy and deepcopy": _copy,
    "free": _free,
}
"""What is measured: each row prepares a graph of a size and returns the work."""


class Cost(NamedTuple):
    """What one node costs."""

    microseconds: float
    bytes: float


def memory(key: str) -> int:
    """Return a line of this process's status in bytes: VmRSS is memory now, VmHWM its peak."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) << 10 for line in status.splitlines() if key in line)


def measured(row: str, size: int) -> Cost:
    """Return what a row's work costs a node, measured in this process."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ROWS[row](2 * WIDTH, folder)()
        work = ROWS[row](size, folder)
        gc.collect()
        Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew
        before = memory("VmRSS")
        times = [timed(work)]
        peak = memory("VmHWM") - before
        repeats = 0 if row == "free" else min(9, max(2, 300_000 // size))
        times += [timed(work) for _ in range(repeats)]
    return Cost(min(times) / size * 1e6, peak / size)


def timed(work: Work) -> float:
    """Return the processor time of some work, in seconds, without what freeing its result takes."""
    start = time.process_time()
    result = work()
    taken = time.process_time() - start
    del result
    return taken


def alone(row: str, size: int) -> Cost:
    """Return what a row's work costs a node, measured in a process of its own."""
    command = [sys.executable, __file__, "--measure", row, str(size)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{row} at {size}: {done.stderr[-2000:]}")
    return Cost(*json.loads(done.stdout))


def main(rows: Sequence[str], sizes: Sequence[int]) -> None:
    """Print the table."""
    heads = "".join(f"{size:>12,} nodes" for size in sizes)
    print(f"{'a node, in µs and bytes':24}{heads}     ratio")
    for row in rows:
        costs = []
        print(f"{row:24}", end="", flush=True)
        for size in sizes:
            costs.append(alone(row, size))
            print(f"{costs[-1].microseconds:8.2f}{costs[-1].bytes:10.0f}", end="", flush=True)
        ratio = costs[-1].microseconds / costs[0].microseconds
        fat = row.startswith("build") and costs[-1].bytes > BAR_BYTES
        print(f"{ratio:10.2f}{'  above the bar' if ratio > BAR_RATIO or fat else ''}", flush=True)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("rows", nargs="*", metavar="row", help="one of: " + ", ".join(ROWS))
    options.add_argument("--sizes", nargs="+", type=int, default=SIZES)
    options.add_argument("--measure", nargs=2, metavar=("row", "size"))
    given = options.parse_args()
    if given.measure:
        print(json.dumps(measured(given.measure[0], int(given.measure[1]))))
    else:
        main(given.rows or list(ROWS), given.sizes)
