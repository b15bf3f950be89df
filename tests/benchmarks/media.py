"""What a film costs in each medium: seconds, and processor time here and in FFmpeg.

Run it: `python tests/benchmarks/media.py [suffix …]`. The first film has 14 nodes, which are all in
view; the other has 20, and its view moves. Each is saved once before, so that what is loaded when
first used is; then the least of a few times counts. The bars are for 20 nodes.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import adviz

REPEATS = 3
BARS = {".html": 1.0, ".pdf": 2.0, ".gif": 3.0, ".mp4": 5.0}
"""Seconds by medium."""
ASSIGNED = (
    "a = x*y; b = sin(a); c = exp(x - y); d = b*c; e = log(z + 4)*d; "
    "h = e + a; k = h/(1 + z*z); m = tanh(k) + c; m*e"
)
FILMS: Mapping[str, tuple[str, Mapping[str, float]]] = {
    "softmax of four": (
        "-log(exp(a)/(exp(a) + exp(b) + exp(c) + exp(d)))",
        {"a": 1, "b": 2, "c": -0.5, "d": 0.3},
    ),
    "assignments": (ASSIGNED, {"x": 1.2, "y": 0.7, "z": 0.4}),
}


def seconds(film: adviz.Animation, path: Path) -> tuple[float, float, float]:
    """Return what it takes to save a film: seconds, and processor time here and elsewhere."""
    start, before = time.perf_counter(), os.times()
    film.save(path)
    after = os.times()
    here = after.user + after.system - before.user - before.system
    children = after.children_user + after.children_system
    elsewhere = children - before.children_user - before.children_system
    return time.perf_counter() - start, here, elsewhere


def main(chosen: list[str]) -> None:
    """Print a line a film and medium."""
    with TemporaryDirectory() as folder:
        for name, (text, at) in FILMS.items():
            graph = adviz.build(text)
            film = adviz.animate(adviz.reverse(graph, at=at))
            for suffix in chosen or BARS:
                path = Path(folder) / f"film{suffix}"
                film.save(path)
                wall, here, elsewhere = min(seconds(film, path) for _ in range(REPEATS))
                print(
                    f"{name}, {len(graph)} nodes, {suffix}: {wall:.2f} s; "
                    f"processor {here:.2f} s, FFmpeg {elsewhere:.2f} s; bar {BARS[suffix]:g} s",
                    flush=True,
                )


if __name__ == "__main__":
    main(sys.argv[1:])
