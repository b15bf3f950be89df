"""Value and gradient at a million points, on one core or on two."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import Any

import numpy as np

from lineup.clock import PROCESSOR, WALL, Entry, timed
from lineup.measured import Measured
from lineup.sides import Ready, Side, compiled, entered, flat
from lineup.work import DENSITY, columns

PART = "many points"
COUNT = 1_000_000

Columns = Sequence[np.ndarray[Any, np.dtype[np.float64]]]


def adviz(target: str) -> Callable[[Columns], Ready]:
    """Return how adviz's kernel is prepared; it is called as its users call it."""
    return lambda given: Ready(compiled(DENSITY, target), tuple(given), flat)


def adviz_value(target: str) -> Callable[[Columns], Ready]:
    """Return how adviz's kernel of the value alone is prepared."""
    return lambda given: Ready(compiled(DENSITY, target, "value"), tuple(given), lambda v: [v])


def numpy_value(given: Columns) -> Ready:
    """Prepare NumPy evaluating the formula, without a derivative."""
    return Ready(DENSITY.bound(np), tuple(given), lambda value: [value])


def by_hand(given: Columns) -> Ready:
    """Prepare NumPy code with derivatives by hand."""
    assert DENSITY.by_hand
    return Ready(DENSITY.by_hand, tuple(given))


def lambdified(given: Columns) -> Ready:
    """Prepare SymPy's derivatives as a NumPy function."""
    import sympy

    symbols = sympy.symbols(DENSITY.names)
    value = DENSITY.function(sympy, *symbols)
    wanted = [value, *(sympy.diff(value, symbol) for symbol in symbols)]
    return Ready(sympy.lambdify(symbols, wanted, modules="numpy", cse=True), tuple(given))


def symengine(given: Columns) -> Ready:
    """Prepare SymEngine's function, which takes a point a row."""
    module = import_module("symengine")
    symbols = module.symbols(DENSITY.names)
    value = DENSITY.function(module, *symbols)
    wanted = [value, *(value.diff(symbol) for symbol in symbols)]
    rows = np.ascontiguousarray(np.stack(given, axis=1))
    return Ready(module.Lambdify(symbols, wanted, cse=True), (rows,), lambda r: list(r.T))


def casadi(given: Columns) -> Ready:
    """Prepare CasADi's function mapped over the points, on memory bound to it."""
    ca = import_module("casadi")
    inputs = [ca.SX.sym(name) for name in DENSITY.names]
    value = DENSITY.function(ca, *inputs)
    slopes = [ca.gradient(value, x) for x in inputs]
    mapped = ca.Function("gradient", inputs, [value, *slopes]).map(given[0].size)
    buffer, trace = mapped.buffer()
    results = [np.zeros(given[0].size) for _ in range(4)]
    for place, column in enumerate(given):
        buffer.set_arg(place, column.data)
    for place, column in enumerate(results):
        buffer.set_res(place, column.data)
    held = (mapped, buffer, given, results)  # CasADi keeps only their addresses
    return Ready(trace, (), lambda _: results, held)


def autograd(given: Columns) -> Ready:
    """Prepare autograd, whose sweep back starts from a one at every point."""
    module, numpy = import_module("autograd"), import_module("autograd.numpy")
    run, ones = DENSITY.bound(numpy), np.ones(given[0].size)

    def call(*inputs: Any) -> Any:
        back, value = module.make_vjp(run, (0, 1, 2))(*inputs)
        return value, *back(ones)

    return Ready(call, tuple(given))


def torch(given: Columns) -> Ready:
    """Prepare PyTorch, eager."""
    module = import_module("torch")
    leaves = tuple(module.from_numpy(column).requires_grad_() for column in given)
    ones = module.ones(given[0].size, dtype=module.float64)

    def call(*inputs: Any) -> Any:
        value = DENSITY.function(module, *inputs)
        return value, *module.autograd.grad(value, inputs, ones)

    return Ready(call, leaves, lambda r: [x.detach().numpy() for x in r])


def torch_compiled(given: Columns) -> Ready:
    """Prepare PyTorch: one point's gradient, mapped and compiled."""
    module, func = import_module("torch"), import_module("torch.func")
    one = func.grad_and_value(DENSITY.bound(module), (0, 1, 2))
    mapped = module.compile(func.vmap(one))
    leaves = tuple(map(module.from_numpy, given))
    return Ready(mapped, leaves, lambda r: [x.numpy() for x in (r[1], *r[0])])


def jax(given: Columns) -> Ready:
    """Prepare JAX: one point's gradient, mapped and compiled, on arrays that are already JAX's."""
    module = import_module("jax")
    module.config.update("jax_enable_x64", True)
    one = module.value_and_grad(DENSITY.bound(module.numpy), (0, 1, 2))
    mapped = module.jit(module.vmap(one))
    return Ready(
        lambda *x: module.block_until_ready(mapped(*x)),
        tuple(module.numpy.asarray(column) for column in given),
        lambda r: [r[0], *r[1]],
    )


def heyoka(given: Columns) -> Ready:
    """Prepare heyoka's function of all points at once, its results in memory given to it."""
    module = import_module("heyoka")
    inputs = module.make_vars(*DENSITY.names)
    value = DENSITY.function(module, *inputs)
    slopes = module.diff_tensors([value], diff_args=list(inputs), diff_order=1).gradient
    function = module.cfunc([value, *slopes], vars=list(inputs))
    results = np.empty((4, given[0].size))
    return Ready(lambda points: function(points, outputs=results), (np.stack(given),))


def numba(given: Columns) -> Ready:
    """Prepare derivatives by hand, compiled by Numba into one loop over the points."""
    module = import_module("numba")
    one = module.njit(DENSITY.by_hand)

    def loop(x: Any, mean: Any, s: Any) -> Any:
        results = np.empty((4, x.size))
        for k in range(x.size):
            results[0, k], results[1, k], results[2, k], results[3, k] = one(x[k], mean[k], s[k])
        return results

    return Ready(module.njit(loop), tuple(given))


# One aligned line per side is the point of the table.
# fmt: off
VALUES: tuple[Side, ...] = (
    Side("NumPy, value alone",         "",          numpy_value),
    Side("adviz, Python, value alone", "",          adviz_value("python")),
)
GRADIENTS: tuple[Side, ...] = (
    Side("adviz, native",              "",          adviz("native")),
    Side("adviz, Python",              "",          adviz("python")),
    Side("by hand, NumPy",             "",          by_hand),
    Side("SymPy lambdify, cse",        "sympy",     lambdified),
    Side("CasADi, map, buffer call",   "casadi",    casadi),
    Side("SymEngine Lambdify, cse",    "symengine", symengine),
    Side("JAX, jit(vmap)",             "jax",       jax),
    Side("heyoka, cfunc",              "heyoka",    heyoka),
    Side("by hand, Numba",             "numba",     numba),
    Side("PyTorch, compile(vmap)",     "torch",     torch_compiled),
    Side("PyTorch",                    "torch",     torch),
    Side("autograd",                   "autograd",  autograd),
)
# fmt: on


def measure(cores: int, rounds: int, count: int = COUNT) -> Iterator[Measured]:
    """Yield the figures of every side, on the cores that this process has."""
    given = columns(count)
    expected = swept(given)
    work, clock = on(cores), PROCESSOR if cores == 1 else WALL
    found = [
        *entered(PART, work, GRADIENTS, [given], expected),
        *entered(PART, work, VALUES, [given], expected[:1]),
    ]
    yield from (one for one in found if isinstance(one, Measured))
    yield from timed([one for one in found if isinstance(one, Entry)], rounds, clock=clock)


def on(cores: int) -> str:
    """Return what the work is called on so many cores."""
    return "one core" if cores == 1 else f"{cores} cores"


def swept(given: Columns) -> list[Any]:
    """Return what adviz's sweep finds at these points."""
    import adviz

    graph = adviz.build(DENSITY.bound(adviz.functions), inputs=DENSITY.names)
    found = adviz.reverse(graph, at=dict(zip(DENSITY.names, given, strict=True)))
    return [found.value, *found.gradient.values()]
