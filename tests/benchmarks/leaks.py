"""What a loop over ever new work keeps: resident memory, and the growth for one turn.

Run it: `python tests/benchmarks/leaks.py [NAME …] [--turns 2000] [--rows 10] [--write]`; what is
written stands in docs/reliability.md. Every row runs in a process of its own, with object code
stored in a folder of its own. Every turn makes something new (another formula, another function)
and drops it, so that nothing but caches may remain, and caches have bounds: after a first part, in
which they fill, memory must level off. `tests/test_leaks.py` holds a short loop of each to a bound.
"""

from __future__ import annotations

import argparse
import gc
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import figures

import adviz
from adviz.compiler.native.machine import compiled

TURNS, ROWS = 2000, 10


def text(k: int) -> str:
    """Return the formula of one turn."""
    return f"sin({k}.5*x)*y + {k}.25*exp(x)"


def kernel(target: str, k: int) -> None:
    """Compile and call a kernel."""
    made = adviz.compile(text(k), target=target)
    made(x=0.3, y=0.4)


def columns(k: int) -> None:
    """Compile a kernel and call it with arrays."""
    import numpy as np

    made = adviz.compile(text(k), target="native")
    made(x=np.linspace(0, 1, 64), y=np.linspace(1, 2, 64))


def function(k: int) -> None:
    """Trace a function that is defined anew."""
    namespace: dict[str, Any] = {"math": math}
    body = f"def f(x, y):\n    a = math.sin({k}.5*x)\n    return a*y + {k}\n"
    exec(compile(body, f"<turn {k}>", "exec"), namespace)  # noqa: S102 - our own text
    adviz.build(namespace["f"])


def drawn(k: int) -> None:
    """Draw and animate a trace."""
    trace = adviz.reverse(text(k), at={"x": 0.3, "y": 0.4})
    with tempfile.TemporaryDirectory() as folder:
        adviz.draw(trace).save(f"{folder}/f.svg")
        adviz.animate(trace).save(f"{folder}/f.html")


def machine_code(k: int) -> None:
    """Compile one text of LLVM."""
    compiled(f"define double @f(double %x) {{\n%y = fmul double %x, {k}.5\nret double %y\n}}")


WORK: Mapping[str, Callable[[int], object]] = {
    "machine code": machine_code,
    "native kernels": lambda k: kernel("native", k),
    "native loops": columns,
    "native, flat": lambda k: kernel("native, flat", k),
    "python, flat": lambda k: kernel("python, flat", k),
    "python kernels": lambda k: kernel("python", k),
    "evaluate": lambda k: adviz.evaluate(text(k), at={"x": 0.3, "y": 0.4}),
    "gradient": lambda k: adviz.gradient(text(k), {"x": 0.3, "y": 0.4}),
    "symbolic": lambda k: adviz.symbolic(text(k)),
    "check": lambda k: adviz.check(text(k), at={"x": 0.3, "y": 0.4}),
    "functions": function,
    "pictures": drawn,
}
"""What a turn does, by name."""


def resident() -> int:
    """Return the bytes of this process that are in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def measured(name: str, turns: int, rows: int) -> Iterator[int]:
    """Yield the resident memory as so many parts of the turns have passed, in this process."""
    for k in range(1, turns + 1):
        WORK[name](k)
        if k % (turns // rows) == 0:
            gc.collect()
            yield resident()


def apart(name: str, turns: int, rows: int) -> Iterator[int]:
    """Yield the same, measured in a process of its own."""
    command = [sys.executable, __file__, name, f"--turns={turns}", f"--rows={rows}", "--here"]
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "XDG_CACHE_HOME": folder}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as run:
            yield from map(int, run.stdout or ())
    if run.returncode:
        raise subprocess.CalledProcessError(run.returncode, command)


def tell(name: str, turns: int, rows: int) -> list[int]:
    """Print the memory in MB as it grows, and what a turn of the second half keeps; return it."""
    found: list[int] = []
    print(f"{name:<16}MB:", end="", flush=True)
    for size in apart(name, turns, rows):
        found.append(size)
        print(f" {size / 1e6:.0f}", end="", flush=True)
    print(f"   {kept(found, turns) / 1000:.2f} kB a turn", flush=True)
    return found


def kept(sizes: Sequence[int], turns: int) -> float:
    """Return how many bytes a turn of the second half keeps."""
    return (sizes[-1] - sizes[len(sizes) // 2 - 1]) / (turns / 2)


def written(data: dict[str, Any], name: str, turns: int, sizes: list[int]) -> dict[str, Any]:
    """Return the page's figures with those of a loop."""
    loop = {"turns": turns, "sizes": sizes}
    return {**data, "loops": {**data.get("loops", {}), name: loop}}


def main() -> None:
    """Measure the rows that are named, or all."""
    parser = argparse.ArgumentParser(description="what a loop keeps")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(WORK))
    parser.add_argument("--turns", type=int, default=TURNS)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--here", action="store_true", help="in this process, a number a line")
    parser.add_argument("--write", action="store_true", help="keep it for docs/reliability.md")
    chosen = parser.parse_args()
    for name in chosen.names or WORK:
        if chosen.here:
            for size in measured(name, chosen.turns, chosen.rows):
                print(size, flush=True)
        else:
            sizes = tell(name, chosen.turns, chosen.rows)
            if chosen.write:
                figures.change(partial(written, name=name, turns=chosen.turns, sizes=sizes))


if __name__ == "__main__":
    main()
