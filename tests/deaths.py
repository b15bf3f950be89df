"""Workers that are killed: what they do leaves marks, so that it is known what they were at.

A worker imports this module to unpickle what it is sent; it is light, for killed ones start anew.
"""

from __future__ import annotations

import math
import os
import signal
import time
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any


def recorded(folder: str, nap: float, work: Any, *args: Any) -> Any:
    """Work on a chunk, saying before and after who does it; between the two, take a nap."""
    mark = Path(folder, f"{os.getpid()}-{uuid.uuid4().hex}")
    start = next(str(one) for one in args if isinstance(one, int))
    mark.with_suffix(".begun").write_text(start)
    time.sleep(nap)
    result = work(*args)
    mark.with_suffix(".done").write_text(start)
    return result


class Recorded(Executor):
    """An executor of which every execution, wherever it is, leaves its marks in a folder."""

    def __init__(self, inner: Executor, folder: Path, nap: float = 0.05) -> None:
        self.inner, self.folder, self.nap = inner, folder, nap

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        return self.inner.submit(recorded, str(self.folder), self.nap, fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self.inner.shutdown(wait=wait)


def marks(folder: Path, suffix: str) -> Counter[int]:
    """Return how often the chunk from each place on was begun, or done."""
    return Counter(int(path.read_text() or -1) for path in folder.glob(f"*{suffix}"))


def at_work(folder: Path) -> dict[int, int]:
    """Return how many chunks each process has begun and not done."""
    begun = Counter(int(path.name.partition("-")[0]) for path in folder.glob("*.begun"))
    done = Counter(int(path.name.partition("-")[0]) for path in folder.glob("*.done"))
    return {pid: begun[pid] - done[pid] for pid in begun if done[pid]}


def kill_one_at_work(folder: Path) -> int | None:
    """Kill a process that is in the middle of something, and return its number; None is at work.

    It is stopped first, so that what it is in the middle of is known: one that is killed while it
    sends what it has found leaves half a message, for the rest of which a ProcessPoolExecutor of
    CPython waits for ever.
    """
    for pid in [pid for pid, working in at_work(folder).items() if working]:
        os.kill(pid, signal.SIGSTOP)
        if at_work(folder)[pid]:
            os.kill(pid, signal.SIGKILL)
            return pid
        os.kill(pid, signal.SIGCONT)
    return None


def kill_the_first_at_work(folder: Path) -> int:
    """Kill a process as soon as one is in the middle of something."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if killed := kill_one_at_work(folder):
            return killed
        time.sleep(0.005)
    raise AssertionError("nobody was ever at work")


def while_one_dies(folder: Path, work: Callable[[], Any]) -> Any:
    """Return a result in the middle of which a worker was killed."""
    with ThreadPoolExecutor(1) as murderer:
        murder = murderer.submit(kill_the_first_at_work, folder)
        result = work()
        assert at_work(folder)[murder.result()] > 0
    return result


def deadly(number: int) -> int:
    if number == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def slopes_of_shared(x: float, m: float) -> tuple[float, float]:
    return 2 * (x - m) * math.copysign(1, m), -2 * (x - m)


def watched(block: Any, folder: str) -> Any:
    """Return a block of an array after a nap, with marks before and after."""
    return recorded(folder, 0.05, lambda _: block, int(block[0]))
