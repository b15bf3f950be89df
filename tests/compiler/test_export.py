"""Graphs given to frameworks: their own functions, of the same values and derivatives."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from foreign import ARRAY, GRADIENT, PEERS, doubles, each, needs
from laws import points

import adviz
from adviz.errors import AdvizError
from adviz.primitives import TABLE

FORMULA = "where(x > 0, 1, 0.5)*atan2(y, 1) + sinc(x)*x**2 + max(x, 0) + sqrt(2*pi)"
"""Numbers stand where arrays are wanted: in both branches, as arguments, alone."""
AT = (0.75, -1.5)
SIZES = (1e-3, 5.0)
"""Beyond these frameworks' functions overflow or lose digits that adviz's keep."""


@each(*PEERS, "numpy", "sympy")
def test_the_value_is_the_same(package: str) -> None:
    function = adviz.export(FORMULA, package)
    expected = adviz.evaluate(FORMULA, dict(zip("xy", AT, strict=True))).value
    with doubles(package):
        assert float(function(*map(ARRAY[package], AT))) == pytest.approx(expected, rel=1e-14)


@each(*PEERS)
def test_the_derivatives_are_the_same(package: str) -> None:
    expected = adviz.gradient(FORMULA, dict(zip("xy", AT, strict=True)))
    with doubles(package):
        found = GRADIENT[package](adviz.export(FORMULA, package), AT)
        assert [*map(float, found)] == pytest.approx([*expected.values()], rel=1e-13)


# --- every row -----------------------------------------------------------------------------------


def graph_of(name: str) -> adviz.Graph:
    """Return the graph of one row; its order, if it has one, is 2."""
    row = TABLE[name]
    args = ["2" if place in row.orders else arg for place, arg in enumerate(row.args)]
    written = f"{row.args[0]} {row.symbol} {row.args[-1]}" if row.symbol else ""
    if row.arity == 1 and row.symbol:
        written = f"{row.symbol}{row.args[0]}"
    return adviz.build(written or f"{name}({', '.join(args)})")


def moderate(name: str) -> list[tuple[float, ...]]:
    """Return a few points of a row in which frameworks keep their digits."""
    row = TABLE[name]
    rest = [k for k in range(row.arity) if k not in row.orders]
    found = (tuple(at[k] for k in rest) for at in points(name, 40))
    low, high = SIZES
    return [at for at in found if all(low < abs(x) < high for x in at)][:3]


def has(name: str, package: str) -> bool:
    """Return whether a framework computes a row, itself or by its definition."""
    try:
        adviz.export(graph_of(name), package)
    except AdvizError:
        return False
    return True


ROWS = [r.name for r in TABLE.values() if r.args and not (r.condition or r.takes_conditions)]


@each(*PEERS, "numpy")
def test_a_row_that_is_given_has_the_same_values(package: str) -> None:
    known = [name for name in ROWS if has(name, package)]
    functions = {name: adviz.export(graph_of(name), package) for name in known}
    places = [(name, at) for name in known for at in moderate(name)]

    def everything(numbers: Sequence[Any]) -> list[Any]:
        given = iter(numbers)
        return [functions[name](*[next(given) for _ in at]) for name, at in places]

    with doubles(package):
        numbers = [ARRAY[package](x) for _, at in places for x in at]
        run = import_module("jax").jit(everything) if package == "jax" else everything
        found = [float(np.asarray(x).reshape(())) for x in run(numbers)]
    ours = [
        adviz.evaluate(g, dict(zip(g.inputs, at, strict=True)), errors="ieee").value
        for g, at in ((graph_of(name), at) for name, at in places)
    ]
    assert len(known) > 65
    assert found == pytest.approx(ours, rel=1e-9, abs=1e-12)


# --- what it is for ------------------------------------------------------------------------------


@pytest.mark.parametrize("package", [pytest.param("jax", marks=needs("jax"))])
def test_jax_compiles_and_batches_it(package: str) -> None:
    jax = import_module("jax")
    function = adviz.export(FORMULA, package)
    with doubles(package):
        many = jax.jit(jax.vmap(jax.grad(function), (0, None)))(np.array([0.75, -2.0]), -1.5)
    slopes = [adviz.gradient(FORMULA, {"x": x, "y": -1.5})["x"] for x in (0.75, -2.0)]
    assert [*map(float, many)] == pytest.approx(slopes)


@pytest.mark.parametrize("package", [pytest.param("torch", marks=needs("torch"))])
def test_torch_batches_it_in_the_precision_of_what_it_is_given(package: str) -> None:
    torch = import_module("torch")
    function, xs = adviz.export(FORMULA, package), ARRAY[package]([0.75, -2.0])
    slope = torch.func.vmap(torch.func.grad(function), (0, None))
    many = slope(xs, ARRAY[package](-1.5))
    slopes = [adviz.gradient(FORMULA, {"x": x, "y": -1.5})["x"] for x in (0.75, -2.0)]
    assert many.tolist() == pytest.approx(slopes)
    assert function(xs.float(), xs.float()).dtype == torch.float32


@each(*PEERS, "numpy")
def test_a_vector_argument_is_an_array(package: str) -> None:
    graph = adviz.build(lambda v, a: v[0] * a[1][0] + v[1] ** 2, shapes={"v": 2, "a": (2, 2)})
    function = adviz.export(graph, package)
    with doubles(package):
        given = ARRAY[package]([3.0, 4.0]), ARRAY[package]([[1.0, 2.0], [5.0, 6.0]])
        assert float(function(*given)) == 31.0


@each(*PEERS, "numpy", "sympy")
def test_several_results_are_a_tuple(package: str) -> None:
    function = adviz.export("x*y", package, kind="gradient")
    with doubles(package):
        found = function(ARRAY[package](3.0), ARRAY[package](2.0))
        assert [*map(float, found)] == [6.0, 2.0, 3.0]


@each(*PEERS)
def test_a_constant_has_no_slope(package: str) -> None:
    with doubles(package):
        function = adviz.export("f(x) = 0*x + 7", package)
        assert [*map(float, GRADIENT[package](function, (2.0,)))] == [0.0]


@each("torch")
def test_a_constant_is_an_array_too(package: str) -> None:
    assert adviz.export("f(x) = 7", package)(ARRAY[package](2.0)).item() == 7.0


def test_a_point_that_a_guard_refuses_has_no_value() -> None:
    def branching(x: float) -> float:
        return x**2 if x > 0 else -x

    function = adviz.export(adviz.build(branching, at={"x": 2.0}), "numpy")
    assert function(3.0) == 9.0 and np.isnan(function(-3.0))


@each(*PEERS, "numpy")
def test_a_graph_with_arrays_takes_them_whole(package: str) -> None:
    shapes = {"w": (2, 2), "x": (2,)}
    graph = adviz.build(lambda w, x: np.tanh(w @ x), shapes=shapes, arrays=True)
    w, x = np.array([[0.5, -0.25], [1.0, 2.0]]), np.array([1.0, 0.5])
    with doubles(package):
        found = adviz.export(graph, package)(ARRAY[package](w), ARRAY[package](x))
        np.testing.assert_allclose([*map(float, found)], np.tanh(w @ x), rtol=1e-15)


def test_it_is_written_as_its_users_write() -> None:
    source = inspect.getsource(adviz.export("a = exp(x); a/(1 + a)", "numpy"))
    assert source == (
        "def value(x):\n    # values\n    a = np.exp(x)\n    f = a/(1.0 + a)\n    return f\n"
    )


def test_the_name_of_an_input_means_nothing_else() -> None:
    function = adviz.export("np*sin(lambda_) + value", "numpy")
    assert function(2.0, 0.0, 3.0) == 3.0


@each("casadi")
def test_casadi_takes_no_name_twice(package: str) -> None:
    function = adviz.export({"f_": "f*f0", "f": "f0"}, package)
    assert (function.name_in(), function.name_out()) == (["f", "f0"], ["f_", "f1"])


# --- refused -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "to", "options", "said"),
    [
        ("x*y", "theano", {}, "there is no framework 'theano'; there is jax, torch, autograd, "
         "casadi, numpy, sympy"),
        ("airyai(x)", "numpy", {}, "NumPy has no airyai; written in Python, the program has it"),
        ("polygamma(n, x)", "torch", {}, "torch.special.polygamma takes an order that is a number, "
         "not computed: n"),
        ("x*y", "jax", {"kind": "trace"}, "a trace is no function of a framework; compile it"),
        ("x*y", "jax", {"kind": "slope"}, "there is no kind 'slope' of kernel"),
    ],
)  # fmt: skip
def test_what_cannot_be_given_is_told(
    source: str, to: str, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(AdvizError) as caught:
        adviz.export(source, to, **options)
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize("package", PEERS)
def test_a_missing_framework_is_named_with_its_extra(
    package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(AdvizError, match=r"install it with: pip install 'adviz-graph\[peers\]'"):
        adviz.export("sin(x)", package)
