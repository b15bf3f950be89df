"""Hand-written derivatives of modules and custom rules, against the function itself."""

from __future__ import annotations

import math
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from foreign import each

import adviz
from adviz.checking.modules.differences import noise_of, slope
from adviz.checking.modules.module_report import Element, ModuleReport, cause
from adviz.errors import AdvizError, TooLarge

EVERY = "every derivative"
X, W = [0.5, 1.0, -2.0], [2.0, 3.0, 1.0]


def rule(package: str, backward: Callable[..., Any]) -> Any:
    """Return exp(x)*w with a backward rule: of x, w, exp(x) and what arrives."""
    if package == "jax":
        jax: Any = import_module("jax")
        exp = jax.numpy.exp
        made = jax.custom_vjp(lambda x, w: exp(x) * w)
        made.defvjp(
            lambda x, w: (exp(x) * w, (x, w)), lambda kept, g: backward(*kept, exp(kept[0]), g)
        )
        return made
    torch: Any = import_module("torch")

    def forward(ctx: Any, x: Any, w: Any) -> Any:
        ctx.save_for_backward(x, w)
        return torch.exp(x) * w

    def back(ctx: Any, g: Any) -> Any:
        x, w = ctx.saved_tensors
        return backward(x, w, torch.exp(x), g)

    methods = {"forward": staticmethod(forward), "backward": staticmethod(back)}
    return type("Scaled", (torch.autograd.Function,), methods)


def given(package: str) -> list[Any]:
    make = np.array if package == "jax" else import_module("torch").tensor
    return [make(X), make(W)]


@each("torch", "jax")
def test_a_right_rule_agrees_to_many_digits(package: str) -> None:
    report = adviz.check_module(
        rule(package, lambda x, w, e, g: (g * e * w, g * e)), given(package)
    )
    assert (report.verdict, len(report.elements)) == ("agrees", 6)
    assert report.resolved < 1e-11


@each("torch", "jax")
@pytest.mark.parametrize(
    ("backward", "wrong", "why"),
    [
        (lambda x, w, e, g: (g * e * w, g * x), "w", ""),
        (lambda x, w, e, g: (g * e * w, -g * e), "w", f"{EVERY} is −1 times what it should be"),
        (lambda x, w, e, g: (0 * g, g * e), "x", f"nothing arrives: {EVERY} is 0"),
        (lambda x, w, e, g: (g * e * w * (1 + 1e-9), g * e), "x",
         f"{EVERY} is 1.000000001 times what it should be"),
        (lambda x, w, e, g: (g * e * w / (g - g), g * e), "x", ""),
    ],
    ids=["another", "a sign", "nothing", "a billionth", "infinite"],
)  # fmt: skip
def test_a_wrong_rule_is_wrong_by_what_it_is(
    package: str, backward: Callable[..., Any], wrong: str, why: str
) -> None:
    report = adviz.check_module(rule(package, backward), given(package))
    assert (report.verdict, report.wrong) == ("wrong gradient", {wrong: 3})
    assert report.causes == ({wrong: why} if why else {})
    worst = report.worst
    x, w = X[worst.index[0]], W[worst.index[0]]
    true = math.exp(x) * (w if worst.name == "x" else 1.0)
    if math.isfinite(worst.found):
        weight = worst.expected / true  # of the output in the sum
        assert 0.5 <= weight <= 1.5
    assert all(one.verdict == "agrees" for one in report.elements if one.name != wrong)


@each("torch")
def test_a_module_is_looked_at_by_its_parameters_too(package: str) -> None:
    torch: Any = import_module(package)
    layers = torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.LayerNorm(3)
    module, x = torch.nn.Sequential(*layers), torch.tensor([[0.5, -1.0], [2.0, 0.25]])
    report = adviz.check_module(module, x)
    assert report.verdict == "agrees"
    names = {one.name: one.index for one in report.elements}
    assert {*names} == {"input", "0.weight", "0.bias", "2.weight", "2.bias"}
    assert len(names["0.weight"]) == 2
    assert {e.name for e in adviz.check_module(module, x, parameters=False).elements} == {"input"}
    assert module[0].weight.dtype == torch.float32 and module[0].weight.grad is None


@each("torch")
def test_a_kink_is_no_mistake_within_its_slopes(package: str) -> None:
    torch: Any = import_module(package)
    report = adviz.check_module(torch.nn.ReLU(), torch.tensor(0.0))
    assert str(report.worst) == (
        "not differentiable: by input it is 0, and the one-sided slopes 0 and 1"
    )


@each("torch")
def test_what_is_random_is_refused_and_says_what_would_work(package: str) -> None:
    torch: Any = import_module(package)
    module = torch.nn.Sequential(torch.nn.Linear(3, 3), torch.nn.Dropout(0.5))
    with pytest.raises(
        AdvizError, match=r"not deterministic: at the same inputs it .* module\.eval"
    ):
        adviz.check_module(module, torch.ones(2, 3))
    assert adviz.check_module(module.eval(), torch.ones(2, 3)).verdict == "agrees"
    with pytest.raises(AdvizError, match="at the same inputs it draws random numbers"):
        adviz.check_module(lambda x: x + 0 * torch.rand(3), torch.ones(3))


@each("torch", "jax")
def test_what_no_difference_can_tell_is_undecided(package: str) -> None:
    sine = import_module("jax.numpy" if package == "jax" else package).sin

    def value(x: Any) -> Any:
        """Return x and much that is no part of its slope."""
        return x + 100 * sine(x * 1e17)

    if package == "jax":
        made = import_module(package).custom_vjp(value)
        made.defvjp(lambda x: (value(x), None), lambda kept, g: (2 * g,))
    else:
        methods = {
            "forward": staticmethod(lambda ctx, x: value(x)),
            "backward": staticmethod(lambda ctx, g: 2 * g),
        }
        made = type("Noisy", (import_module(package).autograd.Function,), methods)
    report = adviz.check_module(made, given(package)[:1])
    assert report.verdict == "undecided" and not report.wrong


@each("torch")
def test_what_is_flat_agrees(package: str) -> None:
    torch: Any = import_module(package)
    report = adviz.check_module(lambda x: torch.softmax(x, 0).sum(), torch.tensor([0.1, 0.7]))
    assert report.verdict == "agrees"


def running(torch: Any) -> Any:
    """Return a module that remembers what it saw, and how often it was called."""

    class Running(torch.nn.Module):  # type: ignore[misc]  # PyTorch has no types here
        def __init__(self) -> None:
            super().__init__()
            self.w, self.calls = torch.nn.Parameter(torch.ones(2)), 0
            self.register_buffer("mean", torch.zeros(2, dtype=torch.float64))
            self.register_buffer("counted", torch.zeros((), dtype=torch.int64))

        def forward(self, x: Any) -> Any:
            self.calls += 1
            self.counted += 1
            self.mean.mul_(0.9).add_(0.1 * x.detach())
            return (x * self.w).sum() * self.counted

    return Running()


@each("torch")
@pytest.mark.parametrize("verb", [adviz.check_module, adviz.watch])
def test_what_a_module_holds_is_as_it_was(package: str, verb: Callable[..., Any]) -> None:
    torch: Any = import_module(package)
    module, x = running(torch), torch.ones(2)
    module.w.grad = torch.full((2,), 7.0)
    gradient, mean, drawn = module.w.grad, module.mean, torch.get_rng_state()
    found = verb(module, x)
    assert getattr(found, "verdict", "agrees") == "agrees"
    assert module.w.grad is gradient and gradient.tolist() == [7, 7]
    assert module.mean is mean and mean.tolist() == [0, 0]
    assert (module.calls, module.counted.item(), module.training) == (0, 0, True)
    assert torch.equal(torch.get_rng_state(), drawn) and x.tolist() == [1, 1]


@each("torch", "jax")
def test_a_plain_function_is_the_framework_s_whose_arrays_it_is_given(package: str) -> None:
    x = given(package)[0]
    arrays = import_module("jax.numpy").asarray(x) if package == "jax" else x
    assert adviz.check_module(lambda x: (x @ x).sum(), [arrays]).verdict == "agrees"


@each("jax")
def test_a_function_of_jax_is_given_its_own_arrays_and_keys(package: str) -> None:
    jax: Any = import_module(package)

    def moved(x: Any, key: Any) -> Any:
        return x.at[0].set(3.0) * jax.random.normal(key, x.shape)

    keys = jax.random.PRNGKey(1), jax.random.key(1)
    assert {adviz.check_module(moved, [jax.numpy.ones(3), k]).verdict for k in keys} == {"agrees"}


@each("torch")
@pytest.mark.parametrize(
    ("backward", "said"),
    [
        (lambda x, w, e, g: (g, g[:2]), r"ScaledBackward returned an invalid gradient at index 1"),
        (lambda x, w, e, g: g, r"ScaledBackward returned an incorrect number of gradients"),
    ],
)
def test_a_rule_that_does_not_fit_is_told(
    package: str, backward: Callable[..., Any], said: str
) -> None:
    told = f"PyTorch gives a value here, but no derivative: .*{said}"
    with pytest.raises(AdvizError, match=told):
        adviz.check_module(rule(package, backward), given(package))


# --- what the truth is ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "derivative", "x"),
    [
        (math.sin, math.cos, 1.0),
        (math.exp, math.exp, 10.0),
        (lambda x: x**3, lambda x: 3 * x**2, 0.0),
        (lambda x: math.sin(1e3 * x), lambda x: 1e3 * math.cos(1e3 * x), 0.3),
        (lambda x: 1e6 + math.sqrt(x), lambda x: 0.5 / math.sqrt(x), 1e-4),
        (lambda x: float(np.float32(math.exp(x))), math.exp, 0.7),
        (lambda x: (1 - math.cos(x)) / x**2, lambda x: -x / 12, 1e-3),
    ],
)
def test_a_difference_is_within_its_own_bound(
    function: Callable[[float], float], derivative: Callable[[float], float], x: float
) -> None:
    found = slope(function, x)
    assert found.sides is None
    assert abs(found.value - derivative(x)) <= found.error


@pytest.mark.parametrize("size", [1e-15, 1e-9, 1e-4])
def test_noise_is_told_from_the_function(size: float) -> None:
    source = np.random.default_rng(0)
    noisy = [math.sin(1 + 1e-9 * k) + size * source.uniform(-1, 1) for k in range(9)]
    assert size / 10 < noise_of(noisy) < 3 * size


def test_a_transposed_derivative_is_recognised() -> None:
    true = np.array([[1.0, 2.0], [3.0, 4.0]])
    elements = [
        Element("a", index, float(true.T[index]), float(true[index]), 1e-9, "wrong gradient")
        for index in np.ndindex(2, 2)
    ]
    assert cause(elements) == "it is transposed"
    assert ModuleReport(tuple(elements)).causes == {"a": "it is transposed"}


def test_what_differs_in_late_digits_is_shown_with_them() -> None:
    element = Element("a", (0,), 4.0332701, 4.03327, 1e-9, "wrong gradient")
    assert str(element) == "wrong gradient: by a[0] it is 4.0332701, not 4.03327 ± 1e-09"


def test_one_wrong_element_is_no_common_factor() -> None:
    elements = [
        Element("a", (k,), 1.0, true, 1e-9, "agrees" if true else "wrong gradient")
        for k, true in enumerate([1.0, 1.0, 0.0])
    ]
    assert cause(elements) == ""


# --- refused -------------------------------------------------------------------------------------


def test_a_function_of_no_framework_is_refused() -> None:
    with pytest.raises(
        AdvizError, match="check_module takes a function of PyTorch or JAX, such as"
    ):
        adviz.check_module(math.sin, [1.0])


@each("torch")
@pytest.mark.parametrize(
    ("inputs", "options", "kind", "said"),
    [
        ([[1]], {"dtype": "int64"}, AdvizError, "check_module needs an input of floating-point"),
        ([float("nan")], {}, AdvizError, "the function gives no finite number at these inputs"),
        ([0.0] * 20001, {}, TooLarge, "20001 elements are more than check_module looks at, 20000"),
    ],
)
def test_what_cannot_be_looked_at_is_told(
    package: str, inputs: Any, options: dict[str, str], kind: type[AdvizError], said: str
) -> None:
    torch: Any = import_module(package)
    dtype = getattr(torch, options.get("dtype", "float32"))
    with pytest.raises(kind, match=said):
        adviz.check_module(torch.nn.Tanh(), torch.tensor(inputs, dtype=dtype))
