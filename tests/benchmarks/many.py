"""What a point, a chunk and a second worker cost: `python tests/benchmarks/many.py`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import numpy as np

import adviz
from adviz.calculus.parallel.evaluate_many import evaluate_many
from adviz.calculus.parallel.workers import starmap

DENSITY = "exp(-(x - m)**2/(2*s**2))/(s*sqrt(2*pi))"
HEAVY = " + ".join(f"sin({k}*x + m)*exp(-x*x/{k})/s" for k in range(1, 41))
ROUNDS = 5


def seconds(work: Callable[[], Any]) -> float:
    """Return the shortest time of a few."""
    work()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


@contextmanager
def cluster() -> Iterator[Executor]:
    """Give the executor of two worker processes of Dask."""
    from distributed import Client, LocalCluster

    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": ":0"}
    with LocalCluster(**options) as found, Client(found) as client:  # type: ignore[no-untyped-call]
        yield client.get_executor()


CREWS: dict[str, Callable[[], Any]] = {
    "1 process": lambda: ProcessPoolExecutor(1),
    "2 processes": lambda: ProcessPoolExecutor(2),
    "2 threads": lambda: ThreadPoolExecutor(2),
    "2 Dask workers": cluster,
}


def points(text: str, count: int, executor: Executor | None) -> float:
    """Return the time of one gradient at so many points of arrays."""
    x, m = np.linspace(-2, 2, count), np.linspace(0, 1, count)
    at = {"x": x, "m": m, "s": 0.7}
    return seconds(lambda: evaluate_many(text, at, executor=executor))


def rows(count: int, executor: Executor | None) -> float:
    """Return the time of one gradient at so many points by themselves."""
    at = [{"x": k / count, "m": 0.5, "s": 0.7} for k in range(count)]
    return seconds(lambda: evaluate_many(DENSITY, at, executor=executor))


def formulas(count: int, executor: Executor | None) -> float:
    """Return the time of the gradients of so many formulas."""
    texts = [f"{DENSITY} + {k}*x" for k in range(count)]
    at = {"x": 1.0, "m": 0.5, "s": 0.7}
    return seconds(lambda: evaluate_many(texts, at, executor=executor))


def checks(count: int, executor: Executor | None) -> float:
    """Return the time of a check at so many points."""
    ranges = {"s": (0.1, 10.0)}
    return seconds(lambda: adviz.check(DENSITY, points=count, ranges=ranges, executor=executor))


def chunks(count: int, executor: Executor | None) -> float:
    """Return the time of so many chunks in which there is nothing to do."""
    return seconds(lambda: list(starmap(abs, [(k,) for k in range(count)], executor)))


TABLE: tuple[tuple[str, Callable[[int, Any], float], int], ...] = (
    ("points of a gradient, 12 nodes", lambda n, e: points(DENSITY, n, e), 2_000_000),
    ("points of a gradient, 400 nodes", lambda n, e: points(HEAVY, n, e), 200_000),
    ("points one by one", rows, 10_000),
    ("formulas", formulas, 400),
    ("points of a check", checks, 200),
    ("chunks, empty", chunks, 1_000),
)


def row(name: str, executor: Executor | None) -> str:
    cells = []
    for _, work, count in TABLE:
        took = work(count, executor)
        cells.append(f"{count / took:>12,.0f}")
    return f"{name:16}" + "".join(cells)


def main() -> None:
    """Print how many of each are done in a second, by whom."""
    print("a second:", *(f"{k}. {what}" for k, (what, _, _) in enumerate(TABLE, 1)), sep="\n  ")
    print(row("here", None), flush=True)
    for name, make in CREWS.items():
        with make() as executor:
            print(row(name, executor), flush=True)


if __name__ == "__main__":
    main()
