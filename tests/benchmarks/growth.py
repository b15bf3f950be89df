"""Measures how the time of `symbolic` and `check` grows with the terms of a sum.

Run it: `python tests/benchmarks/growth.py [largest]`. Between two numbers of terms the time grows
with the power log(t2/t1)/log(n2/n1); the bar is 1.2 wherever the derivatives themselves are linear
in the terms. Expressions and graphs are remembered, so every measurement has formulas of its own.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable

import adviz

TERMS = (101, 201, 401, 801, 1601)
BAR = 1.2
LARGEST = 1_000_000
REPEATS = 2

SUMS: dict[str, Callable[[int], str]] = {
    "sin(x_i*y), many inputs": lambda n: " + ".join(f"sin(x{k}*y)" for k in range(n)),
    "x_i*x_i+1, many inputs": lambda n: " + ".join(f"x{k}*x{k + 1}" for k in range(n)),
    "x**k, one input": lambda n: " + ".join(f"x**{k}" for k in range(1, n + 1)),
    "sin(k*x)*y, two inputs": lambda n: " - ".join(f"sin({k}*x)*y" for k in range(n)),
}
"""Sums of n terms by what they are."""

WORK: dict[str, Callable[[adviz.Graph], object]] = {
    "symbolic": lambda graph: adviz.symbolic(graph, largest=LARGEST),
    "check": lambda graph: adviz.check(graph, points=1),
}


def seconds(work: Callable[[adviz.Graph], object], text: Callable[[int], str], terms: int) -> float:
    """Return the least processor time of a few runs, each on a formula that is new."""
    best = math.inf
    for once in range(REPEATS):
        graph = adviz.build(f"{text(terms)} + {once}")
        start = time.process_time()
        work(graph)
        best = min(best, time.process_time() - start)
    return best


def main(largest: int = TERMS[-1]) -> None:
    """Print seconds, and exponents between one number of terms and the next."""
    sizes = [terms for terms in TERMS if terms <= largest]
    for verb, work in WORK.items():
        for name, text in SUMS.items():
            work(adviz.build(text(10)))  # loads what is loaded when first used
            taken = [seconds(work, text, terms) for terms in sizes]
            steps = zip(sizes, sizes[1:], taken, taken[1:], strict=False)
            powers = [math.log(t2 / t1) / math.log(n2 / n1) for n1, n2, t1, t2 in steps]
            verdict = "within" if max(powers) <= BAR else "above"
            print(
                f"{verb} of {name}: {' '.join(f'{one:.2f}' for one in taken)} s; exponents "
                f"{' '.join(f'{one:.2f}' for one in powers)} ({verdict} {BAR})",
                flush=True,
            )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
