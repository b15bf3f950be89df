"""Gradients of JAX, PyTorch, autograd and CasADi as claims: asked in their own arrays."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from corpus import CORPUS
from foreign import PEERS, doubles, each, needs
from samples import corpus_points

import adviz
from adviz.checking.finding import WRONG
from adviz.checking.verdicts.frameworks.recognised import framework_of
from adviz.numbers.precisions import FORMATS

FORMULA = "sin(x)*exp(y) + x*y**2"
SEVERAL = {"p": "x*y", "q": "sin(x)", "r": "y**2"}
SPACES = {"jax": "jax.numpy", "torch": "torch", "autograd": "autograd.numpy", "casadi": "casadi"}


def written(package: str, factor: float = 1.0) -> Callable[..., Any]:
    """Return the formula as users of a framework write it, one term of it times a factor."""
    space: Any = import_module(SPACES[package])
    return lambda x, y: space.sin(x) * space.exp(y) + factor * x * y**2


def casadi_function(factor: float = 1.0) -> Any:
    casadi: Any = import_module("casadi")
    x, y = casadi.SX.sym("x"), casadi.SX.sym("y")
    return casadi.Function("f", [x, y], [written("casadi", factor)(x, y)], ["x", "y"], ["f"])


def _jax(name: str, *args: Any) -> Callable[[float], Any]:
    return lambda factor: getattr(import_module("jax"), name)(written("jax", factor), *args)


def _torch(name: str) -> Callable[[float], Any]:
    return lambda c: getattr(import_module("torch.func"), name)(written("torch", c), (0, 1))


def _autograd(name: str) -> Callable[[float], Any]:
    return lambda c: getattr(import_module("autograd"), name)(written("autograd", c), (0, 1))


def _backward(factor: float) -> Callable[..., Any]:
    """Return a backward pass as PyTorch's users write it."""
    function = written("torch", factor)

    def gradient(x: Any, y: Any) -> tuple[Any, Any]:
        function(x, y).backward()
        return x.grad, y.grad

    return gradient


def _jitted(factor: float) -> Any:
    jax: Any = import_module("jax")
    return jax.jit(jax.grad(written("jax", factor), (0, 1)))


_SLOPES = ["grad:f:x", "grad:f:y"]
MADE: tuple[tuple[str, str, Callable[[float], Any]], ...] = (
    ("jax", "grad", _jax("grad", (0, 1))),
    ("jax", "value_and_grad", _jax("value_and_grad", (0, 1))),
    ("jax", "jit(grad)", _jitted),
    ("jax", "in a function", lambda c: lambda x, y: _jax("grad", (0, 1))(c)(x, y)),
    ("torch", "func.grad", _torch("grad")),
    ("torch", "func.grad_and_value", _torch("grad_and_value")),
    ("torch", "backward", _backward),
    ("autograd", "grad", _autograd("grad")),
    ("casadi", "factory", lambda c: casadi_function(c).factory("g", ["x", "y"], _SLOPES)),
)  # fmt: skip
"""What makes derivatives, by package: of a formula with a factor."""


def made() -> pytest.MarkDecorator:
    cases = [
        pytest.param(package, make, marks=needs(package), id=f"{package}: {name}")
        for package, name, make in MADE
    ]
    return pytest.mark.parametrize(("package", "make"), cases)


@made()
def test_a_derivative_of_a_framework_is_judged(package: str, make: Callable[[float], Any]) -> None:
    with doubles(package):
        assert adviz.check(FORMULA, gradient=make(1.0), points=3).verdict == "agrees"
        assert adviz.check(FORMULA, gradient=make(1.001), points=3).verdict == "wrong gradient"


@each(*PEERS)
def test_a_function_that_gives_the_values_is_differentiated(package: str) -> None:
    given = casadi_function() if package == "casadi" else written(package)
    with doubles(package):
        report = adviz.check(FORMULA, gradient=given, points=3)
    assert (report.verdict, report.findings[0].cause) == ("agrees", "")


@each(*PEERS)
def test_a_function_of_other_values_is_refused(package: str) -> None:
    given = casadi_function(2.0) if package == "casadi" else written(package, 2.0)
    with doubles(package), pytest.raises(
        adviz.AdvizError, match=r"^the function of \w+ gives [-−\d.]+ at x = .*, y = .*, where "
        r"what is checked is [-−\d.]+; give that function, or its gradient$",
    ):  # fmt: skip
        adviz.check(FORMULA, gradient=given, points=3)


@each("torch", "jax", "autograd")
def test_a_hand_written_gradient_is_no_function_to_differentiate(package: str) -> None:
    """2*x is x**2 itself at x = 2 and at 0."""
    space: Any = import_module(SPACES[package])
    with doubles(package):
        for x in (2.0, 0.0):
            given = lambda x: 2 * x * space.cos(0 * x)  # noqa: E731 - it is asked who it is
            assert adviz.check("x**2", gradient=given, at={"x": x}).verdict == "agrees"


@each("casadi")
def test_the_corpus_given_to_casadi_comes_back_and_is_right(package: str) -> None:
    for formula in CORPUS[::12]:
        graph = adviz.build(formula.text)
        if "lgamma" not in graph.ops:
            function = adviz.export(graph, package)
            at = corpus_points(formula, graph)
            assert adviz.check(function, at=at, gradient=function).verdict not in WRONG
            assert adviz.check(graph, at=at, gradient=function).verdict not in WRONG


# --- vectors, structures, several outputs --------------------------------------------------------


def _matrices(package: str) -> Callable[..., Any]:
    space: Any = import_module({**SPACES, "numpy": "numpy"}[package])
    return lambda v, a: v[0] * a[0, 1] + space.sin(v[1]) * a[1, 0]


@each(*PEERS)
def test_vectors_and_matrices_are_given_as_such(package: str) -> None:
    graph = adviz.build(_matrices("numpy"), shapes={"v": 2, "a": (2, 2)})
    given: Any = _matrices(package)
    if package == "casadi":
        casadi: Any = import_module("casadi")
        v, a = casadi.SX.sym("v", 2), casadi.SX.sym("a", 2, 2)
        given = casadi.Function("f", [v, a], [given(v, a)], ["v", "a"], ["f"])
    with doubles(package):
        assert adviz.check(graph, gradient=given, points=2).verdict == "agrees"


@each("jax", "torch")
def test_a_structure_is_given_as_it_is(package: str) -> None:
    space: Any = import_module(SPACES[package])
    at = {"p": {"w": [0.5, 1.5], "b": 0.25}}
    with doubles(package):
        report = adviz.check(
            lambda p: p["w"][0] * p["w"][1] + p["b"] ** 2,
            gradient=lambda p: space.sin(0 * p["b"]) + p["w"][0] * p["w"][1] + p["b"] ** 2,
            at=at,
        )
    assert (report.verdict, len(report.findings)) == ("agrees", 3)


def _stacked(package: str) -> Any:
    space: Any = import_module(SPACES[package])
    if package == "casadi":
        x, y = space.SX.sym("x"), space.SX.sym("y")
        return space.Function("f", [x, y], [x * y, space.sin(x), y**2])
    join = space.stack if package == "torch" else space.array
    return lambda x, y: join([x * y, space.sin(x), y**2])


@each(*PEERS)
def test_a_function_of_several_outputs_has_a_jacobian(package: str) -> None:
    with doubles(package):
        assert adviz.check(SEVERAL, gradient=_stacked(package), points=2).verdict == "agrees"


@pytest.mark.parametrize("way", [pytest.param(w, marks=needs("jax")) for w in ("array", "tuple")])
def test_jax_jacobian_is_by_argument_or_by_output(way: str) -> None:
    jax: Any = import_module("jax")
    function = _stacked("jax") if way == "array" else lambda x, y: (x * y, jax.numpy.sin(x), y**2)
    with doubles("jax"):
        given = jax.jacobian(function, (0, 1))
        assert adviz.check(SEVERAL, gradient=given, points=2).verdict == "agrees"


# --- formats -------------------------------------------------------------------------------------

UNITS: Mapping[str, str] = {"float32": "6.0e-8", "float16": "4.9e-4", "bfloat16": "3.9e-3"}


@each("torch")
@pytest.mark.parametrize("name", UNITS)
def test_a_format_is_judged_by_its_own_unit_roundoff(package: str, name: str) -> None:
    right = adviz.check(FORMULA, gradient=written(package), dtype=name, points=6)
    said = f"judged by the rounding of {name} (unit roundoff {UNITS[name]})"
    assert {(f.verdict, f.cause) for f in right.findings} == {("agrees", said)}
    assert all(FORMATS[name].at(point) == point for point in right.points)
    torch: Any = import_module(package)
    wrong = torch.func.grad(lambda x, y: 1.5 * x * y**2, (0, 1))
    assert adviz.check("x*y**2", gradient=wrong, dtype=name, points=6).verdict == "wrong gradient"


@each("jax")
def test_jax_without_doubles_is_judged_in_float32_and_says_why(package: str) -> None:
    with import_module("jax").enable_x64(False):
        report = adviz.check(FORMULA, gradient=_jax("grad", (0, 1))(1.0), points=3)
    assert report.verdict == "agrees"
    assert report.findings[0].cause == (
        "judged by the rounding of float32 (unit roundoff 6.0e-8); JAX computes in it while "
        "jax_enable_x64 is off"
    )


@each("torch")
def test_a_module_is_judged_in_the_format_of_its_parameters(package: str) -> None:
    torch: Any = import_module(package)
    linear = torch.nn.Linear(2, 1)
    (w, v), b = linear.weight.detach()[0].tolist(), linear.bias.item()
    text = f"{w!r}*x + {v!r}*y + {b!r}"
    single = adviz.check(text, gradient=linear, points=2).findings[0]
    assert single.cause.endswith("(unit roundoff 6.0e-8); it is that of the module's parameters")
    double = adviz.check(text, gradient=linear.double(), points=2).findings[0]
    assert (single.verdict, double.verdict, double.cause) == ("agrees", "agrees", "")


@each("torch")
@pytest.mark.filterwarnings("error")
def test_arrays_are_leaves_whose_gradient_may_be_asked_for(package: str) -> None:
    torch: Any = import_module(package)

    def loss(w: Any, x: Any) -> Any:
        return (torch.tanh(w @ x) ** 2).sum()

    def backward(w: Any, x: Any) -> Any:
        loss(w, x).backward()
        return w.grad, x.grad

    def forgotten(w: Any, x: Any) -> Any:
        return backward(w, x)[0], 2 * x.grad

    w = torch.tensor([[0.5, -1.0], [2.0, 0.25]], dtype=torch.float64)
    x = torch.tensor([0.3, -0.2], dtype=torch.float64)
    graph, at = adviz.build(loss, w, x), adviz.point(loss, w, x)
    assert adviz.check(graph, gradient=backward, at=at).verdict == "agrees"
    report = adviz.check(graph, gradient=forgotten, at=at)
    wrong = {str(one.key) for one in report.findings if one.verdict == "wrong gradient"}
    assert wrong == {"dloss/dx0", "dloss/dx1"}


@each("torch")
def test_a_module_is_given_the_parameters_that_are_inputs(package: str) -> None:
    torch: Any = import_module(package)
    torch.manual_seed(0)
    module = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Tanh(), torch.nn.Linear(2, 1))
    graph, at = adviz.build(module, torch.ones(2)), adviz.point(module, torch.ones(2))
    assert adviz.check(graph, gradient=module, at=at).verdict == "agrees"
    assert all(one.grad is None for one in module.parameters())


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_what_numpy_has_or_half_of_float32(name: str) -> None:
    one = FORMATS[name]
    if name == "bfloat16":  # the upper half of a float32
        assert one.rounded(1 + 2**-8) == 1.0 and one.rounded(1 + 2**-7) == 1 + 2**-7
        assert one.largest == float(np.array(0x7F7F0000, np.uint32).view(np.float32))
        assert one.tiniest == float(np.array(0x00010000, np.uint32).view(np.float32))
        return
    info = np.finfo(name)
    assert (one.unit, one.largest) == (float(info.eps) / 2, float(info.max))
    assert one.tiniest == float(info.smallest_subnormal)
    numbers = [0.1, -1 / 3, 1e-7, 6e-8, 2e-8, 65519.0, 65520.0, 1e-310, 3.3e38, 0.0]
    with np.errstate(over="ignore"):
        assert [*map(one.rounded, numbers)] == [float(np.dtype(name).type(x)) for x in numbers]


# --- nothing is imported -------------------------------------------------------------------------


def test_a_plain_function_is_nobodys_and_imports_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for package in PEERS:
        monkeypatch.delitem(sys.modules, package, raising=False)
    assert framework_of(lambda x: np.sin(x)) is None
    assert not set(PEERS) & set(sys.modules)
