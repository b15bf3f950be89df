"""Deaths: processes killed at any time, and what they leave behind."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Timer
from typing import Any, NamedTuple

import numpy as np
from deaths import Recorded, kill_one_at_work
from hypothesis import strategies as st

import adviz
from adviz.errors import AdvizError
from fuzzers.fuzzer import Fuzzer

OLD, NEW = "x*y", " + ".join(f"sin({k}*x)*y" for k in range(1, 400))
POINTS = {"x": np.linspace(0.1, 2.0, 3000), "y": np.linspace(-1.0, 1.0, 3000)}
CHECKED = [f"x**{k} + y/(x*x + {k})" for k in range(1, 25)]
WORKERS = 2
PROCESSES = get_context("forkserver")
"""They are forked from a process that has no threads: one that is forked in the middle of another
thread's work, such as one of Dask's, may wait for ever."""
PROCESSES.set_forkserver_preload(
    ["adviz.calculus.parallel.evaluate_many", "adviz.checking.check_many", "sympy"]
)


class Death(NamedTuple):
    """Who is killed, and after how many seconds."""

    victim: str
    after: float


def _save_for_ever(graph: Any, path: Path) -> None:
    while True:
        adviz.save(graph, path)


def saving(after: float, suffix: str) -> str:
    """Kill a process that saves one graph over another; the file must be one of the two.

    What it leaves beside the file is gone when the file is saved again.
    """
    old, new = adviz.build(OLD), adviz.build(NEW)
    with TemporaryDirectory() as folder:
        path = Path(folder, f"graph{suffix}")
        adviz.save(old, path)
        process = PROCESSES.Process(target=_save_for_ever, args=(new, path))
        process.start()
        time.sleep(after)
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
        left = adviz.load(path)
        assert left in (old, new), left.text
        adviz.save(old, path)
        assert adviz.load(path) == old and [*Path(folder).iterdir()] == [path]
    return f"saving {suffix}: the {'old' if left == old else 'new'} file"


def _kill_one(folder: Path, over: Event) -> None:
    """Kill a worker in the middle of a chunk, if there is one before all is over."""
    while not over.is_set() and not kill_one_at_work(folder):
        time.sleep(0.001)


@cache
def _undisturbed(job: str) -> list[Any]:
    return JOBS[job](None)


def working(after: float, job: str, replaced: bool) -> str:
    """Kill a worker; what it works at comes out right, or one error says what happened."""
    with TemporaryDirectory() as name, ExitStack() as pools:
        folder = Path(name)

        def pool() -> Executor:
            inner = ProcessPoolExecutor(WORKERS, PROCESSES)
            return Recorded(pools.enter_context(inner), folder, nap=0.001)

        over = Event()
        murder = Timer(after, _kill_one, (folder, over))
        murder.start()
        try:
            found = JOBS[job](pool if replaced else pool())
        except AdvizError as error:
            assert isinstance(error.__cause__, BrokenProcessPool) and not replaced
            return f"{job}: one error"
        finally:
            over.set()
            murder.join()
    assert found == _undisturbed(job)
    return f"{job}: all right"


JOBS: Mapping[str, Callable[[Any], list[Any]]] = {
    "points": lambda executor: adviz.evaluate_many(
        "x*y/(x + 4)", POINTS, executor=executor, chunk=20
    )[0].tolist(),
    "checks": lambda executor: [
        report.to_json() for report in adviz.check_many(CHECKED, executor=executor, points=2)
    ],
}
"""What workers do: lists that are the same whoever made them."""

VICTIMS: Mapping[str, Callable[[float], str]] = {
    "a save of JSON": lambda after: saving(after, ".json"),
    "a save of arrays": lambda after: saving(after, ".npz"),
    "a worker of a pool": lambda after: working(after, "points", replaced=False),
    "a worker of pools made anew": lambda after: working(after, "points", replaced=True),
    "a checker of a pool": lambda after: working(after, "checks", replaced=False),
    "a checker of pools made anew": lambda after: working(after, "checks", replaced=True),
}
"""Who is killed after some seconds; each says what became of it."""


def law(death: Death) -> str:
    """Kill, and look at what is left."""
    return VICTIMS[death.victim](death.after)


FUZZER = Fuzzer(
    "deaths",
    "Processes that save a file are killed at any time, and those that compute very many points or "
    "check many formulas at any time at their work. The file is the old or the new one, whole, and "
    "the next save leaves nothing beside it; results are what they are without a death, or one "
    "error says what happened.",
    st.builds(Death, st.sampled_from(sorted(VICTIMS)), st.floats(0, 0.3)),
    law,
    examples=16,
)
