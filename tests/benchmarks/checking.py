"""Measures `check` at 1 000 points against the checkers of autograd and SciPy at the same points.

Run it: `python tests/benchmarks/checking.py`. The bar is 5 s for a formula of 20 nodes, forward and
reverse mode judged, SymPy's derivative and the same graph with 50 digits and more at every point.
The others compare with finite differences in float64 and a fixed tolerance.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd import grad
from autograd.test_util import check_grads
from scipy.optimize import check_grad

import adviz

BAR = 5.0
POINTS = 1_000
TEXT = "a = exp(-(x - m)**2/(2*s**2)); b = sin(x*m) + log(s); c = a*b + tanh(x)/s; c + m"
RANGES = {"x": (-2.0, 2.0), "m": (-2.0, 2.0), "s": (0.5, 2.0)}


def formula(x: Any, m: Any, s: Any) -> Any:
    """Return the same for autograd."""
    a = anp.exp(-((x - m) ** 2) / (2 * s**2))
    b = anp.sin(x * m) + anp.log(s)
    return a * b + anp.tanh(x) / s + m


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that something takes, once."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Print the seconds of each checker, and their ratios."""
    graph = adviz.build(TEXT)
    points = adviz.check(graph, points=POINTS, ranges=RANGES).points
    ours = timed(lambda: adviz.check(graph, points=POINTS, ranges=RANGES))
    verdict = "within" if ours <= BAR else "above"
    print(f"adviz.check, {len(graph)} nodes, {POINTS} points: {ours:.2f} s ({verdict} {BAR:g} s)")
    arrays = [np.array([p["x"], p["m"], p["s"]]) for p in points]

    def together(v: Any) -> Any:
        return formula(v[0], v[1], v[2])

    slope = grad(together)
    for name, check in (
        ("autograd check_grads", lambda v: check_grads(together, modes=["rev"], order=1)(v)),
        ("SciPy check_grad of autograd's gradient", lambda v: check_grad(together, slope, v)),
    ):
        theirs = timed(lambda c=check: [c(v) for v in arrays])  # type: ignore[misc]  # bound now
        print(f"{name}: {theirs:.2f} s; adviz takes {ours / theirs:.1f} times that")


if __name__ == "__main__":
    main()
