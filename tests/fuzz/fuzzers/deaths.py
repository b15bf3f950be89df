"""Deaths: processes killed at any time, and what they leave behind."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer
from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st

import adviz
from adviz.errors import AdvizError
from fuzzers.fuzzer import Fuzzer

OLD, NEW = "x*y", " + ".join(f"sin({k}*x)*y" for k in range(1, 400))
POINTS = {"x": np.linspace(0.1, 2.0, 3000), "y": np.linspace(-1.0, 1.0, 3000)}
WORKERS = 2


class Death(NamedTuple):
    """Who is killed, and after how many seconds."""

    victim: str
    after: float


def _save_for_ever(graph: Any, path: Path) -> None:
    while True:
        adviz.save(graph, path)


def saving(after: float, suffix: str) -> str:
    """Kill a process that saves one graph over another; the file must be one of the two."""
    old, new = adviz.build(OLD), adviz.build(NEW)
    with TemporaryDirectory() as folder:
        path = Path(folder, f"graph{suffix}")
        adviz.save(old, path)
        process = get_context("fork").Process(target=_save_for_ever, args=(new, path))
        process.start()
        time.sleep(after)
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
        left = adviz.load(path)
        assert left in (old, new), left.text
        adviz.save(old, path)
        assert adviz.load(path) == old
    return f"saving {suffix}: the {'old' if left == old else 'new'} file"


def _kill_one(folder: Path) -> None:
    """Kill a worker, which has left its number in a folder."""
    for mark in sorted(folder.iterdir())[:1]:
        os.kill(int(mark.name), signal.SIGKILL)
        mark.unlink()


def _say_number(folder: Path) -> None:
    Path(folder, str(os.getpid())).touch()


def working(after: float, replaced: bool) -> str:
    """Kill a worker of many points; they come out right, or one error says what happened."""
    with TemporaryDirectory() as name:
        folder = Path(name)

        def pool() -> Executor:
            return ProcessPoolExecutor(
                WORKERS, get_context("fork"), initializer=_say_number, initargs=(folder,)
            )

        murder = Timer(after, _kill_one, (folder,))
        murder.start()
        try:
            found = _among(pool if replaced else pool())
        except AdvizError as error:
            assert isinstance(error.__cause__, BrokenProcessPool) and not replaced
            return "working: one error"
        finally:
            murder.join()
    wanted = np.cos(POINTS["x"]) * POINTS["y"]
    assert np.allclose(found["x"], wanted, rtol=1e-14, atol=0)
    return "working: all points"


def _among(executor: Executor | Callable[[], Executor]) -> Any:
    _, slopes = adviz.evaluate_many("sin(x)*y", POINTS, executor=executor, chunk=20)
    return slopes


VICTIMS: dict[str, Callable[[float], str]] = {
    "saving JSON": lambda after: saving(after, ".json"),
    "saving arrays": lambda after: saving(after, ".npz"),
    "a worker of a pool": lambda after: working(after, replaced=False),
    "a worker of pools made anew": lambda after: working(after, replaced=True),
}


def law(death: Death) -> str:
    """Kill, and look at what is left."""
    return VICTIMS[death.victim](death.after)


FUZZER = Fuzzer(
    "deaths",
    "Processes that save a file, or compute very many points, are killed at any time. The file is "
    "the old or the new one, whole; the points all come out right or one error says what happened.",
    st.builds(Death, st.sampled_from(sorted(VICTIMS)), st.floats(0, 0.2)),
    law,
    examples=16,
)
