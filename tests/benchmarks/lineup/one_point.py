"""Value and gradient at one point: how long a single call takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import Any

import numpy as np

from lineup.clock import Entry, timed
from lineup.measured import Measured
from lineup.sides import CannotError, Ready, Side, compiled, entered, flat, reference
from lineup.work import POINTS, Work

PART = "one point"

# --- adviz -------------------------------------------------------------------------------------


def function(target: str) -> Callable[[Work], Ready]:
    """Return how a kernel's flat function is prepared."""
    return lambda work: Ready(compiled(work, target).function, work.point)


def convenient(target: str) -> Callable[[Work], Ready]:
    """Return how the call with names and a mapping of derivatives is prepared."""
    return lambda work: Ready(compiled(work, target), work.point, flat)


# --- by hand, and symbolic ---------------------------------------------------------------------


def by_hand(work: Work) -> Ready:
    """Prepare what a person would write."""
    if work.by_hand is None:
        raise CannotError("nobody wrote it")
    return Ready(work.by_hand, work.point)


def lambdified(modules: str) -> Callable[[Work], Ready]:
    """Return how SymPy's own derivatives become a function, equal subexpressions shared."""

    def prepare(work: Work) -> Ready:
        import sympy

        symbols = sympy.symbols(work.names)
        value = work.function(sympy, *symbols)
        wanted = [value, *(sympy.diff(value, symbol) for symbol in symbols)]
        return Ready(sympy.lambdify(symbols, wanted, modules=modules, cse=True), work.point)

    return prepare


def symengine(work: Work) -> Ready:
    """Prepare SymEngine's function of its own derivatives."""
    module = import_module("symengine")
    symbols = module.symbols(work.names)
    value = work.function(module, *symbols)
    wanted = [value, *(value.diff(symbol) for symbol in symbols)]
    return Ready(module.Lambdify(symbols, wanted, cse=True), (np.array(work.point),))


# --- CasADi ------------------------------------------------------------------------------------


def casadi_gradient(run: Callable[..., Any], inputs: int) -> Any:
    """Return CasADi's function of a vector: a value and its gradient."""
    ca = import_module("casadi")
    x = ca.SX.sym("x", inputs)
    value = run(ca, *(x[i] for i in range(inputs)))
    return ca.Function("gradient", [x], [value, ca.gradient(value, x)])


def buffered(function: Any, point: Sequence[float]) -> Ready:
    """Prepare CasADi's fastest call, which reads and writes memory bound to it beforehand."""
    buffer, trace = function.buffer()
    x, value, gradient = np.array(point), np.zeros(1), np.zeros(len(point))
    buffer.set_arg(0, x.data)
    for place, result in enumerate((value, gradient)):
        buffer.set_res(place, result.data)
    held = (function, buffer, x, value, gradient)  # CasADi keeps only their addresses
    return Ready(trace, (), lambda _: [*value, *gradient], held)


def casadi_buffer(work: Work) -> Ready:
    """Prepare the buffer call."""
    return buffered(casadi_gradient(work.function, len(work.point)), work.point)


def casadi_plain(work: Work) -> Ready:
    """Prepare the call that everybody writes."""
    function = casadi_gradient(work.function, len(work.point))
    return Ready(function, (np.array(work.point),), _dense)


def _dense(found: Any) -> list[float]:
    value, gradient = found
    return [float(value), *map(float, np.asarray(gradient).ravel())]


# --- libraries of arrays -----------------------------------------------------------------------


def autograd(work: Work) -> Ready:
    """Prepare autograd, on a vector where the work has a form for one."""
    module, numpy = import_module("autograd"), import_module("autograd.numpy")
    if work.vector:
        vector = work.vector
        one = module.value_and_grad(lambda x: vector(numpy, x, *work.constants))
        return Ready(one, (np.array(work.point),), _vector)
    places = tuple(range(len(work.point)))
    return Ready(module.value_and_grad(work.bound(numpy), places), work.point, _vector)


def _vector(found: tuple[Any, Any]) -> list[float]:
    value, gradient = found
    return [float(value), *map(float, gradient)]


def torch(work: Work) -> Ready:
    """Prepare PyTorch, eager: the tape is made anew by every call."""
    module = import_module("torch")

    def tensor(x: Any) -> Any:
        return module.tensor(x, dtype=module.float64)

    constants = [tensor(c) for c in work.constants]
    run = work.vector or work.function
    given = [work.point] if work.vector else work.point
    leaves = [tensor(x).requires_grad_() for x in given]

    def call(*inputs: Any) -> Any:
        value = run(module, *inputs, *constants)
        return value, module.autograd.grad(value, inputs)

    return Ready(
        call, tuple(leaves), lambda r: [r[0].item(), *np.concatenate([g.reshape(-1) for g in r[1]])]
    )


def jax(work: Work) -> Ready:
    """Prepare JAX, compiled, on numbers that are already JAX's."""
    module = import_module("jax")
    module.config.update("jax_enable_x64", True)
    numpy = module.numpy
    run = work.vector or work.function
    constants = [numpy.asarray(c) for c in work.constants]
    given = tuple(numpy.asarray(x) for x in ([work.point] if work.vector else work.point))
    places = tuple(range(len(given)))
    one = module.jit(module.value_and_grad(lambda *x: run(numpy, *x, *constants), places))
    return Ready(
        lambda *x: module.block_until_ready(one(*x)),
        given,
        lambda r: [float(r[0]), *np.concatenate([np.ravel(g) for g in r[1]])],
    )


def micrograd(work: Work) -> Ready:
    """Prepare micrograd, whose values know sums, products and powers."""
    value = import_module("micrograd.engine").Value

    def call(*point: float) -> list[float]:
        inputs = [value(x) for x in point]
        try:
            result = work.function(None, *inputs)
        except AttributeError as error:
            raise CannotError("micrograd has no logarithm, sine or exponential") from error
        result.backward()
        return [result.data, *(x.grad for x in inputs)]

    return Ready(call, work.point)


# One aligned line per side is the point of the table.
# fmt: off
AT_A_POINT: tuple[Side, ...] = (
    Side("adviz, native",           "",          function("native")),
    Side("adviz, Python",           "",          function("python")),
    Side("adviz, native, k(…)",     "",          convenient("native")),
    Side("adviz, Python, k(…)",     "",          convenient("python")),
    Side("by hand, Python",         "",          by_hand),
    Side("SymPy lambdify, cse",     "sympy",     lambdified("math")),
    Side("CasADi, buffer call",     "casadi",    casadi_buffer),
    Side("CasADi, plain call",      "casadi",    casadi_plain),
    Side("SymEngine Lambdify, cse", "symengine", symengine),
    Side("JAX, jit",                "jax",       jax),
    Side("PyTorch",                 "torch",     torch),
    Side("autograd",                "autograd",  autograd),
    Side("micrograd",               "micrograd", micrograd),
)
# fmt: on


def measure(rounds: int, least: float) -> Iterator[Measured]:
    """Yield the figures of every side at every formula."""
    for work in POINTS:
        found = list(entered(PART, work.name, AT_A_POINT, [work], reference(work)))
        yield from (one for one in found if isinstance(one, Measured))
        yield from timed([one for one in found if isinstance(one, Entry)], rounds, least)
