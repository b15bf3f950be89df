"""Measures sparse Hessians and Jacobians beside dense ones, and beside CasADi where installed.

Run it: `python tests/benchmarks/nonzeros.py`. All sides are called in turn, round after round, in
one process, on the processor's own clock; a side whose nonzeros are not adviz's dense entries is an
error. Nonzeros are of Rosenbrock's chained function, whose Hessian is tridiagonal, and of Broyden's
tridiagonal function (Moré, Garbow & Hillstrom, ACM TOMS 7(1), 1981, problems 21 and 30).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from time import process_time
from typing import Any

import numpy as np

import adviz
from adviz.modes.sparsity.pattern import Matrix

ROUNDS, CALLS, LARGEST_DENSE = 40, 50, 200
Numbers = Sequence[Any]
Sides = dict[str, Callable[[], Any]]


def rosenbrock(x: Numbers) -> Any:
    """Return the sum of 100(y - x²)² + (1 - x)² over neighbours x and y."""
    return sum(100 * (y - x**2) ** 2 + (1 - x) ** 2 for x, y in pairwise(x))


def broyden(x: Numbers) -> list[Any]:
    """Return (3 - 2x)x - w - 2y + 1 for every x and its neighbours w and y, 0 beyond the ends."""
    padded = [0.0, *x, 0.0]
    return [
        (3 - 2 * v) * v - w - 2 * y + 1
        for w, v, y in zip(padded[:-2], padded[1:-1], padded[2:], strict=True)
    ]


def kernels(graph: adviz.Graph, kind: Matrix, at: Any) -> Sides:
    """Return the calls of sparse kernels, and of dense ones where these are no larger than that."""
    sides: Sides = {}
    for target in ("python", "native"):
        sparse = adviz.compile(graph, f"sparse_{kind}", target=target)
        made = {"sparse": sparse}
        if len(at) <= LARGEST_DENSE:
            made["dense"] = adviz.compile(graph, kind, target=target)
            whole = adviz.sparsity(graph, kind).matrix(sparse.vector(at)[1]).toarray()
            assert np.allclose(whole, made["dense"].vector(at)[1], rtol=1e-12, atol=0)
        for name, kernel in made.items():
            sides[f"{target}, {name}: k.function"] = calling(kernel.function, *at.tolist())
            sides[f"{target}, {name}: k.vector"] = calling(kernel.vector, at)
    return sides


def calling(function: Callable[..., Any], *arguments: Any) -> Callable[[], Any]:
    return lambda: function(*arguments)


def casadi(function: Callable[[Numbers], Any], second: bool, at: Any) -> Sides:
    """Return the calls of CasADi's nonzeros: into numbers of its own, and without a copy."""
    if not find_spec("casadi"):
        return {}
    ca = import_module("casadi")
    x = ca.SX.sym("x", len(at))
    found = function(ca.vertsplit(x))
    matrix = ca.hessian(found, x)[0] if second else ca.jacobian(ca.vertcat(*found), x)
    made = ca.Function("f", [x], [matrix])
    buffer, evaluate = made.buffer()
    out = np.zeros(matrix.nnz())
    buffer.set_arg(0, at.data)
    buffer.set_res(0, out.data)
    held = (made, buffer, at, out)  # CasADi keeps only their addresses
    evaluate()
    assert np.allclose(out, np.array(made(at).nonzeros()), rtol=1e-12)
    return {"CasADi: f(x)": calling(made, at), "CasADi: a buffer": lambda: (evaluate(), held)}


def measured(sides: Sides) -> Iterator[tuple[str, float]]:
    """Yield the least processor time of a call for every side, in microseconds."""
    best = dict.fromkeys(sides, float("inf"))
    for _ in range(ROUNDS):
        for name, call in sides.items():
            start = process_time()
            for _ in range(CALLS):
                call()
            best[name] = min(best[name], (process_time() - start) / CALLS * 1e6)
    yield from best.items()


WORK: tuple[tuple[str, Callable[[Numbers], Any], Matrix], ...] = (
    ("Hessian of Rosenbrock's chain", rosenbrock, "hessian"),
    ("Jacobian of Broyden's function", broyden, "jacobian"),
)


def main() -> None:
    """Print the times of a call."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--size", type=int, default=100)
    size = options.parse_args().size
    at = np.linspace(0.1, 1.3, size)
    for title, function, kind in WORK:
        graph = adviz.build(function, shapes={"x": size})
        print(f"{title}, {size} inputs, {adviz.sparsity(graph, kind).nnz} nonzeros")
        sides = kernels(graph, kind, at) | casadi(function, kind == "hessian", at)
        for name, time in measured(sides):
            print(f"  {name:30} {time:9.2f} µs")


if __name__ == "__main__":
    main()
