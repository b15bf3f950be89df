"""Measures adviz and its peers side by side on the same work, and writes docs/benchmarks.

Run it: `python tests/benchmarks/peers.py`; all of it takes about a quarter of an hour. `--quick`
takes few rounds and small sizes; `--parts` and `--sizes` choose; `--write` exchanges in the page
only what was measured now, and `--page` writes it anew from its data. Peers that are not installed
are named and left out: `pip install "adviz-graph[peers]"` brings them. Exit status 1 where a bar is
missed.

Every part is a process of its own, in which all sides are called in turn, round after round, on
the cores and with the threads that the part names. A side whose result is not adviz's sweep's is
said to be wrong and not timed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from corpus import CORPUS
from lineup import (
    cheap_gradient,
    commands,
    graphs,
    many_points,
    networks,
    one_point,
    optimisers,
    page,
    plot,
)
from lineup.measured import Measured, by_key, from_data, to_data

DOCS = Path(__file__).parents[2] / "docs"
PAGE, DATA, PLOT = (DOCS / f"benchmarks.{suffix}" for suffix in ("md", "json", "svg"))
PACKAGES = (
    "adviz-graph autograd casadi heyoka jax jaxlib llvmlite micrograd networkx numba numpy "
    "symengine sympy torch"
)
LIMIT = 120.0
"""Seconds of the processor after which JAX's compilation of 50 000 nodes is stopped."""


@dataclass(frozen=True)
class Options:
    """How much is measured."""

    quick: bool
    sizes: tuple[int, ...]

    def rounds(self, usual: int) -> int:
        """Return how often a part is repeated: a few times where it has to be quick."""
        return min(usual, 3) if self.quick else usual


@dataclass(frozen=True)
class Part:
    """One process: what it measures, on how many cores, and when it is stopped."""

    name: str
    measure: Callable[[Options], Iterator[Measured]]
    cores: int = 1
    stopped: Callable[[float], Measured] | None = None
    """What is told of it where it takes more seconds of the processor than the limit; a part that
    may be stopped is none of a quick run."""


def _graphs(options: Options) -> Iterator[Measured]:
    for size in options.sizes:
        usual = 5 if size <= 100_000 else 2
        yield from graphs.measure(size, options.rounds(usual))


def _jax_stopped(seconds: float) -> Measured:
    key = graphs.key(50_000, graphs.FIRST, graphs.JAX)
    return Measured(key, (seconds,), "was stopped", at_least=True)


def _cheap(options: Options) -> Iterator[Measured]:
    formulas = CORPUS[:: 10 if options.quick else 1]
    return cheap_gradient.measure(options.rounds(7), 0.0005, formulas)


PARTS: tuple[Part, ...] = (
    Part("point", lambda o: one_point.measure(o.rounds(31), 0.003)),
    Part("points", lambda o: many_points.measure(1, o.rounds(21))),
    Part("points-2", lambda o: many_points.measure(2, o.rounds(21)), cores=2),
    Part("optimisers", lambda o: optimisers.calls(o.rounds(31), 0.003)),
    Part("hessians", lambda o: optimisers.hessians(o.rounds(7))),
    Part("networks", lambda o: networks.measure(o.rounds(21), 0.003)),
    Part("graphs", _graphs),
    Part("jax", lambda _: graphs.first_of_jax(50_000), stopped=_jax_stopped),
    Part("cheap", _cheap),
    Part("start", lambda o: commands.measure(o.rounds(15)), cores=2),
)
NAMES = tuple(part.name for part in PARTS)


def threads(cores: int) -> dict[str, str]:
    """Return the settings by which every library uses so many threads."""
    names = "OMP_NUM_THREADS MKL_NUM_THREADS OPENBLAS_NUM_THREADS NUMBA_NUM_THREADS"
    single = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    return {
        **dict.fromkeys(names.split(), str(cores)),
        "JAX_PLATFORMS": "cpu",
        "JAX_ENABLE_X64": "1",
        **({"XLA_FLAGS": single} if cores == 1 else {}),
    }


def child(part: Part, options: Options, limit: float) -> None:
    """Measure one part on its cores and print the figures, a line each."""
    if part.stopped:
        from resource import RLIMIT_CPU, setrlimit

        setrlimit(RLIMIT_CPU, (int(limit), int(limit) + 5))  # SIGXCPU, then SIGKILL
    if hasattr(os, "sched_setaffinity"):
        usable = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, usable[-part.cores :])
    for one in part.measure(options):
        print(json.dumps(to_data([one])), flush=True)


def run(part: Part, options: Options, limit: float) -> Iterator[Measured]:
    """Yield what a process of its own measures, as it comes."""
    sizes = ",".join(map(str, options.sizes))
    command = [sys.executable, __file__, "--child", part.name, "--sizes", sizes]
    done = subprocess.run(
        [*command, "--limit", str(limit), *["--quick"] * options.quick],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **threads(part.cores)},
    )
    for line in done.stdout.splitlines():
        if line.startswith("[{"):
            yield from from_data(json.loads(line))
    if part.stopped and done.returncode == -getattr(signal, "SIGXCPU", 0):
        yield part.stopped(limit)
    elif done.returncode:
        print(f"part {part.name} ended with status {done.returncode}", file=sys.stderr)


def machine() -> str:
    """Return what the figures were taken on, in words."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = cpuinfo.read_text("utf-8").splitlines()
        model = next((x.partition(":")[2].strip() for x in lines if x[:10] == "model name"), model)
    return (
        f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    )


def versions() -> dict[str, str]:
    """Return the versions of all that takes part."""
    found = {}
    for package in PACKAGES.split():
        try:
            found[package] = version(package).partition("+")[0]
        except PackageNotFoundError:
            continue
    return found


def write(made: page.Sheet) -> None:
    """Write the page, its data and the plot."""
    data = {
        "machine": made.machine,
        "versions": dict(sorted(made.versions.items())),
        "measured": to_data(made.results.values()),
    }
    lines = json.dumps(data, ensure_ascii=False, indent=None).replace('{"key"', '\n{"key"')
    DATA.write_text(lines + "\n", "utf-8")
    PAGE.write_text(page.inserted(PAGE.read_text("utf-8"), made.markdown), "utf-8")
    PLOT.write_bytes(plot.svg(made.results))


def kept() -> page.Sheet:
    """Return what the data of the page say."""
    data = json.loads(DATA.read_text("utf-8"))
    return page.Sheet(data["machine"], data["versions"], by_key(from_data(data["measured"])))


def options_given() -> argparse.Namespace:
    """Return what was typed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add = parser.add_argument
    add("--parts", default="", help=f"some of {', '.join(NAMES)}")
    add("--sizes", default="", help="nodes of the large graphs, as in 1000,50000")
    add("--quick", action="store_true", help="few rounds, small sizes")
    add("--limit", type=float, default=LIMIT, help="seconds that JAX is given")
    add("--write", action="store_true", help="write what is measured into the page")
    add("--page", action="store_true", help="write the page anew, measure nothing")
    add("--child", choices=NAMES, help=argparse.SUPPRESS)
    given = parser.parse_args()
    given.parts = given.parts.replace(",", " ").split() or [*NAMES]
    if unknown := [name for name in given.parts if name not in NAMES]:
        parser.error(f"there is no part {unknown[0]!r}; parts are {', '.join(NAMES)}")
    given.sizes = tuple(int(size) for size in given.sizes.split(",") if size)
    return given


def main() -> int:
    """Measure what is wanted; return 1 where a bar is missed."""
    given = options_given()
    if given.page:
        write(kept())
        return 0
    usual = graphs.SIZES[:2] if given.quick else graphs.SIZES
    options = Options(given.quick, given.sizes or usual)
    if given.child:
        child(PARTS[NAMES.index(given.child)], options, given.limit)
        return 0
    found: list[Measured] = []
    for part in PARTS:
        if part.name in given.parts and not (given.quick and part.stopped):
            print(f"measuring {part.name} …", file=sys.stderr, flush=True)
            found.extend(run(part, options, given.limit))
    made = page.Sheet(machine(), versions(), by_key(found))
    print(made.markdown)
    print(*made.verdicts, sep="\n")
    whole = given.parts == [*NAMES] and not given.quick and not given.sizes
    if whole or given.write:
        old = {} if whole or not DATA.exists() else kept().results
        write(replace(made, results=by_key([*old.values(), *found])))
    return 0 if all(verdict.met for verdict in made.verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
