"""Tracing: a graph of a Python callable is the graph of what the callable computes."""

from __future__ import annotations

import dis
import functools
import itertools
import math
import pickle
import sys
import threading
from collections.abc import Callable, Mapping
from fractions import Fraction
from math import exp
from math import sin as imported_sine
from typing import Any, NamedTuple

import numpy as np
import pytest
from scipy import special

import adviz
from adviz import functions
from adviz.errors import AdvizError, GraphError, PointError, TracingError
from adviz.graph.graph import Graph
from adviz.language.notation import ascii_text
from adviz.primitives import TABLE, Primitive, spellings
from adviz.sources.function import trace
from adviz.sources.tracing.places import stored

Callee = Callable[..., Any]
RATE = 2.5
WEIGHTS = np.array([0.5, 2.0])
CALLS: list[str] = []


def helper(t: Any) -> Any:
    CALLS.append("helper")
    return exp(t) * imported_sine(t)


def power(x: Any, n: int) -> Any:
    return 1 if n == 0 else x * power(x, n - 1)


def choose(x: Any, activation: Callee = math.tanh, scales: tuple[float, ...] = (1.0, 2.0)) -> Any:
    return activation(x) * scales[1]


@functools.cache
def remembered(x: Any) -> Any:
    return math.sin(x)


class Layer:
    """A plain class with methods of every kind."""

    def __init__(self, weight: float) -> None:
        self.weight = weight
        self.steps: list[Callee] = [self.squash, lambda t: math.exp(t)]

    def squash(self, x: Any) -> Any:
        return math.tanh(self.weight * x)

    @staticmethod
    def wave(x: Any) -> Any:
        return math.sin(x)

    @classmethod
    def other(cls, x: Any) -> Any:
        return math.cos(x)

    @property
    def bias(self) -> float:
        return math.sqrt(4.0)

    def __call__(self, x: Any) -> Any:
        for step in self.steps:
            x = step(x)
        return x + self.wave(x) + self.other(x) * self.bias


class Double(Layer):
    def squash(self, x: Any) -> Any:
        return 2 * super().squash(x)


class Dual:
    def __init__(self, value: Any, slope: Any) -> None:
        self.value, self.slope = value, slope

    def __mul__(self, other: Dual) -> Dual:
        slope = self.value * other.slope + self.slope * other.value
        return Dual(self.value * other.value, slope)

    def sin(self) -> Dual:
        return Dual(math.sin(self.value), self.slope * math.cos(self.value))


LAYER, DOUBLE = Layer(0.5), Double(0.5)
STEPS: dict[str, Callee] = {"squash": math.tanh, "grow": lambda t: math.exp(t)}


def local_imports(x: Any) -> Any:
    import math
    from math import cos

    import numpy as np

    return cos(x) + math.sin(x) + np.exp(x)


def nested(x: Any) -> Any:
    def inner(t: Any) -> Any:
        return math.sin(t) * scale

    scale = max(x, 1)
    return inner(x)


def mutual() -> Callee:
    def even(x: Any, n: int) -> Any:
        return x if n == 0 else odd(math.sin(x), n - 1)

    def odd(x: Any, n: int) -> Any:
        return even(math.cos(x), n - 1)

    return lambda x: even(x, 4)


def looped(x: Any, y: Any) -> Any:
    for i in range(3):
        x = x * y + i
    return x


def filled(x: Any) -> Any:
    out = np.zeros(2)
    out[0] = x
    out[1] = np.sin(x)
    return out @ np.array([x, 2.0])


def search(x: Any, y: Any) -> Any:
    best = -math.inf
    for candidate in (x, y, x * y):
        best = max(best, candidate)
    return best


def checked(x: Any) -> Any:
    if not math.isfinite(x) or math.isnan(x) or x is None or x == "a":
        raise ValueError("not a number")
    return x**2


TEXTS: tuple[tuple[Callee, str], ...] = (
    (lambda x, y: (x + y) * (x - y), "f(x, y) = (x + y)*(x - y)"),
    (lambda x: -x + +x, "f(x) = -x + x"),
    (lambda x, *args: sum(args, x), "f(x) = x"),
    (lambda x: 2 * x / 3 - x**2 % 5 + x // 2, "f(x) = 2*x/3 - x**2%5 + x//2"),
    (lambda x: 2 + x - (1 - x) * (3 / x), "f(x) = 2 + x - (1 - x)*(3/x)"),
    (lambda x: 2**x + 7 % x + 7 // x, "f(x) = 2**x + 7%x + 7//x"),
    (lambda x: abs(x) + pow(x, 3), "f(x) = abs(x) + x**3"),
    (lambda x: divmod(x, 2)[1] + divmod(7, x)[0], "f(x) = x%2 + 7//x"),
    (lambda x: x * True + x * np.int64(2), "f(x) = x*1 + x*2"),
    (lambda x: np.float64(0.5) * x + x * np.float32(0.5), "f(x) = 0.5*x + x*0.5"),
    (lambda x: x * Fraction(1, 3), "f(x) = x*(1/3)"),
    (lambda x: x + 1 + 1.0, "f(x) = x + 1 + 1.0"),
    (lambda x: x * -0.0 + 0.0, "f(x) = x*-0.0 + 0.0"),
    (lambda x: math.sin(math.pi * x), "f(x) = sin(pi*x)"),
    (lambda x: math.tau * x, f"f(x) = {math.tau!r}*x"),
    (lambda x: math.fabs(x) + math.log(x, 2) + math.log(x), "f(x) = abs(x) + logb(x, 2) + log(x)"),
    (lambda x: math.hypot(x, 3, 4) + math.hypot(x), "f(x) = hypot(hypot(x, 3), 4) + abs(x)"),
    (lambda x: math.dist([x, 1], [2, x]), "f(x) = hypot(x - 2, 1 - x)"),
    (lambda x: math.prod([x, 2, x]) + math.fsum([x, 1]), "f(x) = x*2*x + (x + 1)"),
    (lambda x: math.prod([x], start=3), "f(x) = 3*x"),
    (lambda x: math.modf(x)[0] + math.ldexp(x, 3), "f(x) = x - trunc(x) + x*8"),
    (
        lambda x: math.floor(x) + math.ceil(x) + math.trunc(x),
        "f(x) = floor(x) + ceil(x) + trunc(x)",
    ),
    (lambda x: sum([x, 2, x]) + sum([x], 1), "f(x) = x + 2 + x + (1 + x)"),
    (lambda x: sum(math.sin(t) for t in (x, 2 * x)), "f(x) = sin(x) + sin(2*x)"),
    (lambda x: max(x, 1, 2) + min([x, 1]), "f(x) = max(max(x, 1), 2) + min(x, 1)"),
    (lambda x: min(x, math.inf) + max([x], default=0), "f(x) = x + x"),
    (search, "search(x, y) =\n    best = max(max(x, y), x*y)\n    best"),
    (checked, "checked(x) = x**2"),
    (lambda x, y: functools.reduce(lambda a, b: a * b, [x, y, x]), "f(x, y) = x*y*x"),
    (lambda x: (lambda t: math.cos(t))(x), "f(x) = cos(x)"),
    (lambda x: next(map(math.sin, [x])), "f(x) = sin(x)"),
    (lambda x: STEPS["squash"](x) + STEPS["grow"](x), "f(x) = tanh(x) + exp(x)"),
    (lambda x: remembered(x) * RATE, "f(x) = sin(x)*2.5"),
    (lambda x: power(x, 3), "f(x) = x*(x*(x*1))"),
    (lambda x: (Dual(x, 1.0) * Dual(x, 0.0)).sin().slope, "f(x) = (x*0.0 + 1.0*x)*cos(x*x)"),
    (lambda x: {x: 3}[x] * x, "f(x) = 3*x"),
    (lambda x: f"{x:.3f}" and x, "f(x) = x"),
    (helper, "helper(t) = exp(t)*sin(t)"),
    (choose, "choose(x) = tanh(x)*2.0"),
    (functools.partial(power, n=2), "f(x) = x*(x*1)"),
    (functools.partial(choose, activation=math.sin), "f(x) = sin(x)*2.0"),
    (local_imports, "local_imports(x) = cos(x) + sin(x) + exp(x)"),
    (mutual(), "f(x) = cos(sin(cos(sin(x))))"),
    (math.sin, "sin(x) = sin(x)"),
    (np.sin, "sin(x) = sin(x)"),
    (LAYER.squash, "squash(x) = tanh(0.5*x)"),
    (lambda x: Layer(3.0).squash(x), "f(x) = tanh(3.0*x)"),
    (DOUBLE.squash, "squash(x) = 2*tanh(0.5*x)"),
    (
        lambda x: functions.where((x > 0) & ~(x >= 2) | (x == 3), x, 1),
        "f(x) = where(x > 0 and not x >= 2 or x == 3, x, 1)",
    ),
    (lambda x: functions.where(x > 2, x, functions.relu(x)), "f(x) = where(x > 2, x, relu(x))"),
    (
        lambda x: functions.where(True, x, 1) + functions.where(x, 1, 2),
        "f(x) = x + where(x != 0, 1, 2)",
    ),
    (
        lambda x: (x > 0) * x + functions.sin(x < 1),
        "f(x) = where(x > 0, 1, 0)*x + sin(where(x < 1, 1, 0))",
    ),
    (
        lambda x: functions.where((x > 0) & True, x, 0) * ((x > 0) | True),
        "f(x) = where(x > 0, x, 0)*1",
    ),
    (
        lambda x: functions.where((x > 0) ^ (x < 1), x, 0),
        "f(x) =\n    _1 = x > 0\n    _2 = x < 1\n    where(_1 and not _2 or not _1 and _2, x, 0)",
    ),
    (
        lambda x: functions.where(math.isclose(x, 1), x, 0),
        "f(x) = where(abs(x - 1) <= 1e-09*max(abs(x), 1), x, 0)",
    ),
    (
        lambda x: functions.max(x, 1, -math.inf) + functions.log(x, 2),
        "f(x) = max(x, 1) + logb(x, 2)",
    ),
    (lambda x: np.sin(x) + np.arctan2(x, 2) + np.power(2, x), "f(x) = sin(x) + atan2(x, 2) + 2**x"),
    (lambda x: np.square(x) + np.reciprocal(x) + np.negative(x), "f(x) = x**2 + 1/x + -x"),
    (lambda x: np.maximum(x, 0) + np.minimum(x, np.inf), "f(x) = max(x, 0) + x"),
    (lambda x: np.clip(x, 0, 1) + np.clip(x, None, 1), "f(x) = clip(x, 0, 1) + min(x, 1)"),
    (lambda x: np.where(x > 0, x, 0), "f(x) = where(x > 0, x, 0)"),
    (lambda x: np.sinc(x), "f(x) = sinc(pi*x)"),
    (lambda x: np.sum([x, 2, x]) + np.prod([x, 2]), "f(x) = x + 2 + x + x*2"),
    (lambda x: np.mean([x, 2.0]) + np.max([x, 1]), "f(x) = (x + 2.0)/2 + max(x, 1)"),
    (lambda x: np.linalg.norm([x, 1, 2]), "f(x) = hypot(hypot(x, 1), 2)"),
    (lambda x: np.linalg.norm([x, 1], 1), "f(x) = abs(x) + 1"),
    (lambda x: np.dot([x, 1], [2, x]), "f(x) = x*2 + 1*x"),
    (lambda x: np.heaviside(x, 0.5), "f(x) = where(x < 0, 0, where(x > 0, 1, 0.5))"),
    (lambda x: np.select([x > 1, x > 0], [x, 2], 3), "f(x) = where(x > 1, x, where(x > 0, 2, 3))"),
    (lambda x: np.logical_and(x > 0, x < 1) * x, "f(x) = where(x > 0 and x < 1, 1, 0)*x"),
    (lambda x: np.sum(np.array([1.0, 2.0]) * x), "f(x) = 1.0*x + 2.0*x"),
    (lambda x: np.exp(np.asarray([x], dtype=float))[0], "f(x) = exp(x)"),
    (filled, "filled(x) = x*x + sin(x)*2.0"),
    (
        lambda x: special.expit(x) + special.gammaln(x) + special.psi(x),
        "f(x) = sigmoid(x) + lgamma(x) + digamma(x)",
    ),
)


@pytest.mark.parametrize(("function", "text"), TEXTS, ids=lambda p: p if isinstance(p, str) else "")
def test_a_callable_is_the_graph_of_its_formula(function: Callee, text: str) -> None:
    assert trace(function).text == text


def test_a_callable_and_its_text_are_the_same_graph() -> None:
    graph = trace(lambda x, y: math.sin(x * y) + 2.0 * x)
    assert graph == adviz.build("f(x, y) = sin(x*y) + 2.0*x")


VECTORS: tuple[tuple[Callee, Mapping[str, Any], str], ...] = (
    (lambda x: x[0] * x[-1] + len(x), {"x": 3}, "f(x0, x1, x2) = x0*x2 + 3"),
    (lambda x: sum(t * t for t in x), {"x": 2}, "f(x0, x1) = x0*x0 + x1*x1"),
    (lambda x: sum((x[1:] - x[:-1]) ** 2), {"x": 3}, "f(x0, x1, x2) = (x1 - x0)**2 + (x2 - x1)**2"),
    (lambda a, b: a @ b, {"a": 2, "b": 2}, "f(a0, a1, b0, b1) = a0*b0 + a1*b1"),
    (lambda x: (np.array([[1, 2], [3, 4]]) @ x)[1], {"x": 2}, "f(x0, x1) = 3*x0 + 4*x1"),
    (lambda a: a[1, 0] * a.T[1, 0], {"a": (2, 2)}, "f(a0_0, a0_1, a1_0, a1_1) = a1_0*a0_1"),
    (lambda x: x.sum() + x.max(), {"x": 2}, "f(x0, x1) = x0 + x1 + max(x0, x1)"),
    (lambda x: x.mean() - x.prod(), {"x": 2}, "f(x0, x1) = (x0 + x1)/2 - x0*x1"),
    (lambda x: np.cumsum(x)[-1] * np.diff(x)[0], {"x": 2}, "f(x0, x1) = (x0 + x1)*(x1 - x0)"),
    (lambda x: np.outer(x, x)[0, 1] + np.stack([x, x])[1, 0], {"x": 2}, "f(x0, x1) = x0*x1 + x0"),
    (lambda x: np.concatenate([x, [1.0]])[2] + np.prod(x), {"x": 2}, "f(x0, x1) = 1.0 + x0*x1"),
    (
        lambda x: np.var(x),
        {"x": 2},
        "f(x0, x1) =\n    _1 = (x0 + x1)/2\n    ((x0 - _1)**2 + (x1 - _1)**2)/2",
    ),
    (lambda x: np.polyval(x, 2.0), {"x": 2}, "f(x0, x1) = (0.0 + x0)*2.0 + x1"),
    (lambda x: np.where(x > 0, x, 0.0).sum(), {"x": 1}, "f(x0) = where(x0 > 0, x0, 0.0)"),
    (lambda x: np.linalg.norm(x), {"x": 2}, "f(x0, x1) = hypot(x0, x1)"),
    (lambda x: functions.sin(x)[0] + np.sin(x)[1], {"x": 2}, "f(x0, x1) = sin(x0) + sin(x1)"),
    (lambda x: abs(x).sum(), {"x": 2}, "f(x0, x1) = abs(x0) + abs(x1)"),
    (lambda x, y: x[0] * y, {"x": 1}, "f(x0, y) = x0*y"),
    (lambda x: x * 2, {"x": ()}, "f(x) = x*2"),
    (lambda x: {"a": x, "b": x[0]}, {"x": 2}, 'f(x0, x1) = {"a1": x0, "a2": x1, "b": x0}'),
    (
        lambda x: np.divide(x, 2.0, out=np.zeros(2), where=np.array([True, False])),
        {"x": 2},
        'f(x0, x1) = {"f1": x0/2.0, "f2": 0.0}',
    ),
)


@pytest.mark.parametrize(("function", "shapes", "text"), VECTORS)
def test_vector_arguments(function: Callee, shapes: Mapping[str, Any], text: str) -> None:
    assert trace(function, shapes=shapes).text == text


def test_vectors_are_recorded_and_their_shape_is_read_from_the_point() -> None:
    graph = trace(lambda x, y: x[0] * x[1] * y, at={"x": [1.0, 2.0], "y": 3.0})
    assert graph.vectors == {"x": ("x0", "x1")}
    assert adviz.gradient(graph, {"x": [1.0, 2.0], "y": 3.0}) == {"x0": 6.0, "x1": 3.0, "y": 2.0}


POINTS: tuple[tuple[Callee, dict[str, float]], ...] = (
    (
        lambda x, y: math.atan2(x, y) ** 2 / math.gamma(x) + math.erf(y) * math.erfc(x),
        {"x": 0.7, "y": 1.3},
    ),
    (lambda x: math.copysign(x, -1) + math.fmod(x, 0.3) + math.remainder(2, 1.5), {"x": 0.7}),
    (lambda x: math.cbrt(x) + math.exp2(x) + math.lgamma(x) + math.degrees(x), {"x": 0.7}),
    (lambda x: sum(math.log1p(x) ** k / math.factorial(k) for k in range(6)), {"x": 0.7}),
    (looped, {"x": 0.7, "y": 1.1}),
    (nested, {"x": 1.7}),
    (helper, {"t": 0.3}),
    (LAYER, {"x": 0.4}),
    (DOUBLE, {"x": 0.4}),
    (filled, {"x": 0.4}),
    (lambda x: np.std([x, 1.0, 4.0]) + np.interp(0.3, [0, 1], [1, 2]), {"x": 0.4}),
    (
        lambda x: np.trapezoid([x, 1.0, x * x]) + np.linalg.solve(np.eye(2), np.ones(2))[0] * x,
        {"x": 0.4},
    ),
    (lambda x: np.einsum("i,i->", [x, 2.0], [3.0, x]) + np.average([x, 1.0]), {"x": 0.4}),
)


@pytest.mark.parametrize(("function", "at"), POINTS)
def test_a_traced_graph_has_the_value_of_the_function(
    function: Callee, at: dict[str, float]
) -> None:
    expected = float(function(**at))
    assert adviz.evaluate(trace(function), at=at).value == pytest.approx(expected, rel=1e-13)


MEANINGS = spellings(TABLE.values())
PLAIN_ROWS = [row for row in TABLE.values() if row.args and not row.symbol and row.name != "where"]


def one_row(function: Callee, row: Primitive) -> str:
    """Return the row of a function traced on as many inputs as the row has."""
    return trace(function, inputs=[f"t{i}" for i in range(row.arity)]).ops[-1]


@pytest.mark.parametrize("row", PLAIN_ROWS, ids=lambda row: row.name)
def test_every_row_is_a_function_of_traced_values(row: Primitive) -> None:
    for name in (row.name, *row.aliases):
        function = getattr(functions, name)
        assert one_row(lambda *args, call=function: call(*args), row) == row.name


@pytest.mark.parametrize("library", [math, np], ids=["math", "numpy"])
@pytest.mark.parametrize("row", PLAIN_ROWS, ids=lambda row: row.name)
def test_every_row_that_a_library_has_is_traced(library: Any, row: Primitive) -> None:
    names = {row.name, *row.aliases}
    if library is np:
        names -= {"min", "max", "logb", "heaviside"}  # other functions of that name
        names -= {"log"} if row.arity == 2 else set()
    else:
        names -= {"factorial"}  # of whole numbers alone
    for name in names:
        if hasattr(library, name):
            function = getattr(library, name)
            assert one_row(lambda *args, call=function: call(*args), row) == row.name


@pytest.mark.parametrize("row", PLAIN_ROWS, ids=lambda row: row.name)
def test_functions_of_plain_numbers_are_the_rows_values(row: Primitive) -> None:
    from adviz.numbers import FLOAT64

    args = [2.0] * row.arity
    value = getattr(functions, row.name)(*args)
    expected = FLOAT64.function(row.name)(*args)
    assert value == expected or (math.isnan(value) and math.isnan(expected))


def test_functions_work_on_lists_and_arrays() -> None:
    assert functions.relu([-1.0, 2.0]).tolist() == [0.0, 2.0]
    assert functions.where(np.array([1.0, -1.0]) > 0, [5.0, 6.0], 7).tolist() == [5.0, 7.0]
    assert set(functions.__all__) <= set(dir(functions))
    assert functions.log.__doc__ == "log(x) or log(x, b)"


def test_a_row_of_ones_own_needs_no_announcement() -> None:
    own = adviz.primitive("half_wave", "where(x > 0, sin(x), 0)")
    graph = trace(lambda x: own(x) + own(2.0))
    assert graph.rows["half_wave"] is own
    value = adviz.evaluate(graph, at={"x": 0.5}).value
    assert value == pytest.approx(math.sin(0.5) + math.sin(2.0))


# names of locals


def assigned(x: Any, y: Any) -> Any:
    a, b = x * y, x - y
    c = d = a + b
    (e := c * 2)
    g = math.sin(e)
    h = max(a, b)
    k = x > 0
    total = 0
    for i in range(2):
        total += x * i
    x = x + 1
    captured = total - 1
    n = np.cos(y)

    def inner() -> Any:
        hidden = captured * 3
        return -hidden

    return functions.where(k, inner(), x) + g + h + d + n


def test_locals_name_nodes() -> None:
    graph = trace(assigned)
    shown = {name: ascii_text(graph.expression(node)) for name, node in graph.names.items()}
    assert " ".join(shown) == "x y a b c d e g h k total captured n"
    assert shown["a"] == "x * y"
    assert shown["b"] == "x - y"
    assert shown["g"] == "sin(e)"
    assert shown["h"] == "max(a, b)"
    assert shown["captured"] == "total - 1"
    assert graph.names["c"] == graph.names["d"]
    assert graph.names["x"] == graph.inputs["x"]


def test_elements_of_a_local_vector_are_named() -> None:
    def f(x: Any) -> Any:
        steps = x[1:] - x[:-1]
        mean = np.mean(steps)
        return mean * steps[0]

    assert list(trace(f, shapes={"x": 3}).names) == ["x0", "x1", "x2", "steps0", "steps1", "mean"]


def test_helpers_do_not_name_nodes() -> None:
    def aid(t: Any) -> Any:
        inside = t * 2
        return -inside

    assert list(trace(lambda x: aid(x)).names) == ["x"]


class Instruction(NamedTuple):
    """An instruction of another Python version."""

    opname: str
    arg: int | None = None
    argval: Any = None
    opcode: int = dis.opmap["LOAD_FAST"]


STORES: tuple[tuple[tuple[Instruction, ...], tuple[str, ...]], ...] = (
    ((Instruction("STORE_FAST", 0, "a"),), ("a",)),
    ((Instruction("STORE_DEREF", 0, "a"),), ("a",)),
    ((Instruction("STORE_FAST", 0, "_"),), ()),
    ((Instruction("STORE_FAST_LOAD_FAST", 1, ("a", "b")),), ("a",)),
    ((Instruction("STORE_FAST_STORE_FAST", 1, ("a", "b")),), ("a",)),
    ((Instruction("COPY", 1), Instruction("STORE_FAST_STORE_FAST", 1, ("a", "b"))), ("a", "b")),
    (
        (Instruction("LOAD_FAST", 0, "x"), Instruction("STORE_FAST_STORE_FAST", 1, ("a", "b"))),
        ("b",),
    ),
    ((Instruction("LOAD_FAST", 0, "x"), Instruction("STORE_FAST", 0, "a")), ()),
    ((Instruction("SWAP", 2), Instruction("STORE_FAST", 0, "a")), ()),
    ((Instruction("RETURN_VALUE"),), ()),
    ((), ()),
)


@pytest.mark.parametrize(("following", "names"), STORES)
def test_stores_of_every_python_version(following: Any, names: tuple[str, ...]) -> None:
    assert stored(following) == names


def test_nodes_know_their_line() -> None:
    graph = trace(looped)
    first = looped.__code__.co_firstlineno
    assert graph.sources is not None
    assert set(graph.sources.values()) == {f"line {first + 2} of looped"}
    assert graph.nx.nodes[len(graph) - 1]["source"] == f"line {first + 2} of looped"


# arguments and outputs


def keywords(x: Any, /, y: Any, *rest: Any, z: Any, w: float = 2, **more: Any) -> Any:
    return x + y + z * w + sum(rest) + sum(more.values())


ARGUMENTS: tuple[tuple[Callee, dict[str, Any], list[str]], ...] = (
    (lambda x, y=2: x * y, {}, ["x"]),
    (lambda x, y=2: x * y, {"inputs": ["y"]}, ["x", "y"]),
    (lambda a=1, b=2: a * b, {"inputs": ["b"]}, ["b"]),
    (lambda x, *, y: x * y, {}, ["x", "y"]),
    (lambda *xs: xs[0] * xs[1], {"inputs": ["p", "q"]}, ["p", "q"]),
    (lambda **xs: xs["p"] * xs["q"], {"inputs": ["p", "q"]}, ["p", "q"]),
    (keywords, {"inputs": ["r", "s"]}, ["x", "y", "z", "r", "s"]),
    (lambda x, y: 3, {}, ["x", "y"]),
    (lambda: 3.5, {}, []),
)


@pytest.mark.parametrize(("function", "options", "inputs"), ARGUMENTS)
def test_inputs_come_from_the_signature(function: Callee, options: Any, inputs: list[str]) -> None:
    assert list(trace(function, **options).inputs) == inputs


OUTPUTS: tuple[tuple[Callee, list[str]], ...] = (
    (lambda x: x, ["f"]),
    (helper, ["helper"]),
    (lambda x: (x, 2), ["f1", "f2"]),
    (lambda x: [x, x, x], ["f1", "f2", "f3"]),
    (lambda x: np.array([x, 2 * x]), ["f1", "f2"]),
    (lambda x: np.array([1.0, 2.0]), ["f1", "f2"]),
    (lambda x: {"loss": x, "norm": 2}, ["loss", "norm"]),
    (lambda x: 7, ["f"]),
    (lambda f: f * 2, ["f_"]),
)


@pytest.mark.parametrize(("function", "labels"), OUTPUTS)
def test_outputs_are_labelled(function: Callee, labels: list[str]) -> None:
    assert list(trace(function).outputs) == labels


def test_equal_operations_are_shared_unless_asked() -> None:
    assert len(trace(lambda x: (x + 1) * (x + 1))) == 4
    assert len(trace(lambda x: (x + 1) * (x + 1), share=False)) == 6


# branches


def piecewise(x: Any) -> Any:
    if x > 0:
        return x**2
    return -x


def countdown(x: Any) -> Any:
    while x > 1:
        x = x / 2
    return math.sin(x) if x else x


def test_a_branch_follows_a_point_and_guards_it() -> None:
    graph = trace(piecewise, at={"x": 2.0})
    assert graph.text == "piecewise(x) =\n    assert x > 0\n    x**2"
    other = trace(piecewise, at={"x": -1.0})
    assert other.text == "piecewise(x) =\n    assert not x > 0\n    -x"
    with pytest.raises(AdvizError, match=r'x > 0 is True, line \d+ of piecewise .*"if x > 0:"'):
        adviz.gradient(graph, {"x": -1.0})


def test_following_a_point_gives_its_gradient() -> None:
    assert adviz.gradient(countdown, {"x": 5.0}) == {"x": pytest.approx(math.cos(0.625) / 8)}
    assert len(trace(countdown, at={"x": 5.0}).guards) == 5
    assert adviz.gradient(lambda x: x[x > 1].sum(), {"x": [1.0, 2.0]}) == {"x0": 0.0, "x1": 1.0}


def test_a_condition_is_required_once() -> None:
    def f(x: Any) -> Any:
        for _ in range(3):
            if x > 0:
                pass
        return x

    assert len(trace(f, at={"x": 1.0}).guards) == 1


# errors


def converts(x: Any) -> Any:
    return math.frexp(x)


def closed_over(x: Any) -> Any:
    WEIGHTS[0] = x
    return WEIGHTS.sum()


ERRORS: tuple[tuple[Callee, str], ...] = (
    (piecewise, r'line \d+ of piecewise in test_tracing.py, "if x > 0:"; use adviz.functions'),
    (piecewise, r"build\(f, at=point\)"),
    (lambda x: 0 < x < 1, "chained comparison"),
    (lambda x: x > 0 and x, "`and`"),
    (lambda x: sorted([x, 1]), "depends on a traced value"),
    (lambda x: x in [1, 2], "depends on a traced value"),
    (
        converts,
        r'float\(\) would drop its derivative \(line \d+ of converts .*"return math.frexp\(x\)"',
    ),
    (converts, "use adviz.functions"),
    (closed_over, r"an array of numbers cannot hold it \(line \d+ of closed_over .*np.array"),
    (lambda x: x.mass, "has no 'mass' .*argument that holds several is given at a point, .*at="),
    (lambda x: x["mass"], "an argument that holds several is given at a point, as it is, with at="),
    (lambda x: x[x > 1], r"^a traced number is not subscriptable .*np.where\(condition, t, 0\)"),
    (lambda x: complex(x), r"complex\(\) would drop its derivative"),
    (lambda x: [1, 2][x], r"an index or a count is a whole number; int\(x\), round\(x\)"),
    (lambda x: list(range(x)), "an index or a count is a whole number"),
    (lambda x: math.factorial(x), "an index or a count is a whole number"),
    (lambda x: [1, 2][int(x)], r"depends on a traced value, .*trunc\(x\).*; follow one point with"),
    (lambda x: sum(range(round(x))), r"depends on a traced value, .*round\(x\).*; follow one"),
    (lambda x: {0: x}[math.floor(x)], r"a key depends on a traced value, .*floor\(x\)"),
    (lambda x: math.remainder(x, 2), "use adviz.functions"),
    (lambda x: len(x), r'has no len\(\) \(line .*shapes=\{"x": 5\}'),
    (lambda x: x[0], r'not subscriptable \(line .*shapes=\{"x": 5\}'),
    (lambda x: list(x), r'not iterable \(line .*shapes=\{"x": 5\}'),
    (lambda x: x.shape, "is one traced number and has no 'shape'"),
    (lambda x: pickle.dumps(x), "it cannot be stored, it lives while"),
    (lambda x: x + 1j, "1j is complex"),
    (lambda x: x + math.inf, "inf is not a finite double"),
    (lambda x: x * math.nan, "nan is not a finite double"),
    (lambda x: x + 10**400, "not a finite double"),
    (lambda x: x + "a", r"'TracedValue' and 'str' \(line \d+ of the lambda"),
    (lambda x: pow(x, 2, 3), "pow with a modulus"),
    (lambda x: max([x, 1], key=abs), "depends on a traced value"),
    (lambda x: math.atan2(*[x]), "atan2 takes 2 arguments, not 1"),
    (lambda x: functions.sin(x, x), "sin takes 1 argument, not 2"),
    (lambda x: functions.log(x, x, x), "log takes 1 or 2 arguments, not 3"),
    (lambda x: functions.sin("a", x), "sin takes 1 argument"),
    (lambda x: functions.atan2("a", x), "atan2 needs a number, not str"),
    (lambda x: functions.sine(x), "no attribute 'sine'"),
    (lambda x: np.spacing(x), "np.spacing has no derivative here"),
    (lambda x: None, "the lambda returns None; it should return a number"),
    (lambda x: "text", "returns a str"),
    (lambda x: {1: x}, "key 1; use strings"),
    (lambda x: x > 0, "is a condition"),
    (lambda *xs: xs[0], r'name the ones it gets here, inputs=\["a", "b"\]'),
    (max, "the arguments of max cannot be read; wrap it, as in lambda x: max"),
)


@pytest.mark.parametrize(("function", "words"), ERRORS)
def test_what_cannot_be_traced_says_why(function: Callee, words: str) -> None:
    kinds = (AdvizError, AttributeError) if "attribute" in words else AdvizError
    with pytest.raises(kinds, match=words):
        trace(function)


OPTIONS: tuple[tuple[Callee, dict[str, Any], type[AdvizError], str], ...] = (
    (lambda x: x, {"shapes": {"y": 2}}, TracingError, "no parameter 'y'; it takes x"),
    (lambda x: x, {"inputs": ["y"]}, TracingError, "no parameter 'y'; it takes x"),
    (lambda x, x1: x, {"shapes": {"x": 2}}, TracingError, "needs an input x1, which exists"),
    (lambda x, y: x, {"at": {"x": 1}}, PointError, "gives no value for y"),
    (lambda x: x, {"at": {"x": 1, "q": 1}}, PointError, "there is no input 'q'; the lambda has x"),
    (
        lambda x, y=2: x,
        {"at": {"x": 1, "y": 1}},
        PointError,
        r"default 2; to make it an input: inputs=\['y'\]",
    ),
    (lambda x: x, {"at": {"x": "a"}}, PointError, "x = 'a' is str; it must be a real number"),
    (
        lambda x: x,
        {"at": {"x": [1, 2]}, "shapes": {"x": 3}},
        PointError,
        r"x has the shape 3, but \(2,\) at the point",
    ),
)


@pytest.mark.parametrize(("function", "options", "kind", "words"), OPTIONS)
def test_what_does_not_fit_the_signature_says_so(
    function: Callee, options: Any, kind: type[AdvizError], words: str
) -> None:
    with pytest.raises(kind, match=words):
        trace(function, **options)


def test_an_exception_of_the_users_own_passes_through() -> None:
    class Own(Exception):
        pass

    def f(x: Any) -> Any:
        raise Own("as it is")

    def g(x: Any) -> Any:
        raise TypeError("as it is")

    for function, kind in ((f, Own), (g, TypeError)):
        with pytest.raises(kind, match=r"^as it is$") as caught:
            trace(function)
        assert caught.type is kind and caught.value.__cause__ is None


def test_a_number_used_as_a_sequence_is_a_type_error_as_ever() -> None:
    def f(x: Any) -> Any:
        try:
            return len(x)
        except TypeError:
            return x

    assert trace(f).text == "f(x) = x"


def test_a_value_that_leaks_says_so() -> None:
    kept: list[Any] = []

    def leak(x: Any) -> Any:
        kept.append(x * 2)
        return x

    trace(leak)
    uses = (lambda: kept[0] + 1, lambda: 1 - kept[0], lambda: abs(kept[0]), lambda: bool(kept[0]))
    for use in uses:
        with pytest.raises(TracingError, match="used after its tracing has ended"):
            use()
    for mixed in (lambda x: x + kept[0], lambda x: kept[0], lambda x: functions.max(x, kept[0])):
        with pytest.raises(TracingError, match="belongs to another tracing"):
            trace(mixed)
    assert repr(kept[0]) == "<traced x * 2>"


def test_a_traced_value_is_small_and_hashable() -> None:
    seen: list[str] = []

    def f(x: Any, y: Any) -> Any:
        assert not hasattr(x, "__dict__")
        assert {x: 1, y: 2}[y] == 2
        seen.append(repr(x + y))
        return x

    trace(f)
    assert seen == ["<traced x + y>"]


# the original stays as it was


def test_the_function_and_its_module_are_untouched() -> None:
    before = dict(globals())
    cells = [helper.__globals__["exp"], math.sin, LAYER.steps, type(LAYER)]
    trace(LAYER)
    trace(lambda x: helper(x) + remembered(x) + DOUBLE(x))
    assert {name: globals()[name] for name in before} == before
    assert cells == [exp, math.sin, LAYER.steps, Layer]
    assert math.sin(0.0) == 0.0 and max(1, 2) == 2
    assert remembered.cache_info().currsize == 0
    assert type(LAYER) is Layer and LAYER.steps[0] == LAYER.squash


def test_what_needs_no_stand_in_is_not_copied() -> None:
    calls = len(CALLS)
    trace(helper)
    assert len(CALLS) == calls + 1  # the list is the module's own


def test_closures_keep_counting() -> None:
    count = 0

    def f(x: Any) -> Any:
        nonlocal count
        count += 1
        return math.sin(x)

    trace(f)
    assert count == 1


def test_threads_trace_independently() -> None:
    found: list[Graph] = []

    def work(n: int) -> None:
        found.extend(trace(lambda x: math.sin(x) + max(x, n)) for _ in range(20))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    texts = sorted({graph.text for graph in found})
    assert texts == [f"f(x) = sin(x) + max(x, {n})" for n in range(4)]


def test_tracing_twice_gives_the_same_graph() -> None:
    for function, _ in itertools.islice(TEXTS, 0, None, 7):
        assert trace(function) == trace(function)


def test_a_deep_chain_is_traced_without_recursion() -> None:
    def chain(x: Any) -> Any:
        for _ in range(100_000):
            x = math.sin(x)
        return x

    assert len(trace(chain)) == 100_001


def test_the_rows_of_the_table_are_a_users_choice() -> None:
    with pytest.raises(GraphError, match="exists already"):
        own = Primitive(name="sin", args=("x",), partials=("1",), define="x")
        trace(lambda x: functions.apply_row(own, [x]))


# --- recursion -----------------------------------------------------------------------------------


def endless(x: Any) -> Any:
    return endless(x) + 1


def never_below(x: Any) -> Any:
    return x if x * 0 > 1 else never_below(x / 2)


class Again:
    def __call__(self, x: Any) -> Any:
        return self(x)


def to_the_depth(depth: int) -> Callable[[Any], Any]:
    def down(x: Any, left: int = depth) -> Any:
        return x * x if left == 0 else down(x, left - 1)

    return down


@pytest.mark.parametrize(
    ("f", "at", "line"),
    [
        (endless, None, "return endless(x) + 1"),
        (endless, {"x": 1.0}, "return endless(x) + 1"),
        (never_below, {"x": 1.0}, "return x if x * 0 > 1 else never_below(x / 2)"),
        (Again(), None, "return self(x)"),
    ],
)
def test_a_recursion_without_end_is_said_to_be_one(f: Any, at: Any, line: str) -> None:
    with pytest.raises(TracingError) as error:
        adviz.build(f, at=at)
    assert isinstance(error.value, RecursionError)
    told = str(error.value)
    name = getattr(f, "__name__", "Again")
    assert told.startswith(
        f"{name} calls itself deeper than Python goes, {sys.getrecursionlimit()} calls (line "
    )
    assert f'"{line}"); plain numbers have no end there either' in told


def test_a_recursion_too_deep_for_tracing_alone_says_what_would_work() -> None:
    said = []
    for depth in range(sys.getrecursionlimit() - 250, sys.getrecursionlimit()):
        try:
            adviz.build(to_the_depth(depth))
        except TracingError as error:
            said.append(str(error))
    cure = "plain numbers have an end there; write a loop, or allow more: sys.setrecursionlimit"
    assert any(one.endswith(cure) for one in said)
    assert said[-1].endswith("plain numbers have no end there either")


def test_a_recursion_error_of_the_callables_own_passes_through() -> None:
    def own(x: Any) -> Any:
        raise RecursionError("too many folders")

    with pytest.raises(RecursionError, match="too many folders") as error:
        adviz.build(own)
    assert not isinstance(error.value, adviz.AdvizError)
