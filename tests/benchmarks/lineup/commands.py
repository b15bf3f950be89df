"""Whole processes: what a start of Python with adviz costs; and pictures within a process."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from lineup.clock import Entry, timed
from lineup.measured import Key, Measured

PART = "start"
ROOT = Path(__file__).parents[3]
FORMULA = "(x + y)*(x - y)"
BARE = "python -c pass"
IMPORT = "import adviz"
DRAW = "adviz draw"
ANIMATE = "adviz animate"
WALL, PROCESSOR = "wall", "processor"
PROCESSES: Mapping[str, tuple[str, ...]] = {
    BARE: ("-c", "pass"),
    IMPORT: ("-c", "import adviz"),
    DRAW: ("-m", "adviz", "draw", FORMULA, "-o", "f.svg"),
    ANIMATE: ("-m", "adviz", "animate", FORMULA, "--at", "x=3,y=2", "-o", "f.html"),
}


def measure(rounds: int) -> Iterator[Measured]:
    """Yield the seconds of each process, and of each picture in this one."""
    with tempfile.TemporaryDirectory() as folder:
        calls = {name: _process(command, folder) for name, command in PROCESSES.items()}
        for call in calls.values():  # the first start writes the bytecode, as an installation does
            call()
        taken = [{name: _taken(call) for name, call in calls.items()} for _ in range(rounds)]
    for name in calls:
        for place, side in enumerate((WALL, PROCESSOR)):
            yield Measured(Key(PART, name, side), tuple(times[name][place] for times in taken))
    yield from pictures(rounds)


def _taken(call: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds on the wall and those of the processor that a process takes."""
    from resource import RUSAGE_CHILDREN, getrusage  # Windows has none

    before, start = getrusage(RUSAGE_CHILDREN), time.perf_counter()
    call()
    wall, after = time.perf_counter() - start, getrusage(RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _process(arguments: tuple[str, ...], folder: str) -> Callable[[], object]:
    """Return what runs Python once, with bytecode kept in a folder as in an installation."""
    kept = {"PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(Path(folder, "bytecode"))}
    environment = {**os.environ, **kept}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, *arguments]
    return lambda: subprocess.run(
        command, check=True, capture_output=True, cwd=folder, env=environment
    )


def _drawn(graph: Any) -> object:
    import adviz

    return adviz.draw(graph).svg()


def _filmed(trace: Any) -> object:
    import adviz

    return adviz.animate(trace).html()


def pictures(rounds: int) -> Iterator[Measured]:
    """Yield the seconds of a drawing's layout and of a film, of a small and of a larger graph."""
    import adviz

    texts = {FORMULA: FORMULA, "a sum of 20 sines": " + ".join(f"sin({i}*x)" for i in range(1, 21))}
    entries = []
    for name, text in texts.items():
        graph = adviz.build(text)
        swept = adviz.reverse(graph, at=dict.fromkeys(graph.inputs, 2.0))
        for what, work in {
            "drawing": partial(_drawn, graph),
            "film": partial(_filmed, swept),
        }.items():
            work()
            entries.append(
                Entry(Key(PART, f"{what} of {name}, {len(graph)} nodes", PROCESSOR), work)
            )
    yield from timed(entries, rounds)
