"""What a framework's function may be read as in silence, though it is another: read, or refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from foreign import each, needs

import adviz
from adviz.errors import AdvizError, GraphError

both = each("jax", "torch")
jax_alone, torch_alone = each("jax"), each("torch")
X = np.array([0.5, 1.25, 2.0])
A = np.array([[0.3, -0.7, 1.1], [0.9, 0.2, -0.4], [-1.2, 0.6, 0.8]])


def space(package: str) -> Any:
    """Return where a framework has its functions."""
    return import_module("jax.numpy" if package == "jax" else package)


def single(package: str, value: Any) -> Any:
    """Return an array of a framework in single precision."""
    n = space(package)
    return n.asarray(value, dtype=n.float32)


# --- places -------------------------------------------------------------------------------------

STRIDED: Mapping[str, Callable[[Any, Any], Any]] = {
    "another order": lambda t, x: t.as_strided(x.t(), (4,), (1,)),
    "a part": lambda t, x: t.as_strided(x[1:], (2,), (1,), 0),
    "beyond a part": lambda t, x: t.as_strided(x[:1], (2,), (3,), 0),
}
"""What takes elements by where they are in memory."""


@torch_alone
@pytest.mark.parametrize("name", STRIDED)
def test_the_memory_behind_a_view_is_not_guessed(package: str, name: str) -> None:
    torch = import_module("torch")
    words = r"as_strided \(of a tensor that is a view of another; call .contiguous\(\) before\)"
    with pytest.raises(GraphError, match=words):
        adviz.build(lambda x: STRIDED[name](torch, x), torch.ones(3, 3))


@torch_alone
def test_a_row_that_pads_has_no_derivative(package: str) -> None:
    torch = import_module("torch")
    table, at = torch.nn.Embedding(3, 2, padding_idx=1), torch.tensor([[1, 2], [1, 1]])
    graph, point = adviz.build(table, at), adviz.point(table, at)
    table(at).sum().backward()
    found = adviz.reverse(graph, point, cotangent={"f": np.ones((2, 2, 2))}).gradient["weight"]
    assert found.tolist() == table.weight.grad.tolist() == [[0, 0], [0, 0], [1, 1]]
    assert adviz.build(torch.nn.Embedding(3, 2), at).ops == ("input", "index")


@torch_alone
def test_a_gradient_of_no_function_is_refused(package: str) -> None:
    torch = import_module("torch")
    table = torch.nn.Embedding(3, 2, scale_grad_by_freq=True)
    with pytest.raises(GraphError, match=r"embedding \(with scale_grad_by_freq, whose gradient is"):
        adviz.build(table, torch.tensor([1]))


OUTSIDE: Mapping[str, Mapping[str, tuple[Callable[[Any], Any], str]]] = {
    "jax": {
        "taken": (lambda x: x[space("jax").array([9, 1])], r"gather \(a place outside of an array"),
        "added": (lambda x: x.at[space("jax").array([9])].add(x[:1]), r"scatter-add \(a place"),
    },
    "torch": {
        "taken": (
            lambda x: x[space("torch").tensor([9])],
            r"index \(IndexError: index 9 is out of",
        ),
        "a row": (
            lambda x: space("torch").nn.functional.embedding(
                space("torch").tensor([9]), x[:, None]
            ),
            r"embedding \(a place outside of an array",
        ),
    },
}
"""Places that an array does not have; JAX computes another one's number, and no derivative."""


@pytest.mark.parametrize(
    ("package", "name"),
    [pytest.param(p, name, marks=needs(p)) for p, cases in OUTSIDE.items() for name in cases],
)
def test_a_place_outside_is_refused(package: str, name: str) -> None:
    function, words = OUTSIDE[package][name]
    with pytest.raises(GraphError, match=words):
        adviz.build(lambda x: function(x), single(package, X))


# --- arguments ----------------------------------------------------------------------------------


@both
def test_none_as_an_example_is_no_input(package: str) -> None:
    def masked(x: Any, mask: Any = None) -> Any:
        return x.sum() if mask is None else (x * mask).sum()

    x = single(package, X)
    assert list(adviz.build(masked, x, None).inputs) == list(adviz.point(masked, x, None)) == ["x"]
    assert list(adviz.build(masked, x, x).inputs) == ["x", "mask"]
    words = (
        r"mask is a constant of masked, its default None; to make it an input: inputs=\['mask'\]"
    )
    with pytest.raises(AdvizError, match=words):
        adviz.build(masked, at={"x": x, "mask": x})
    named = adviz.build(masked, at={"x": x, "mask": x}, inputs=["x", "mask"])
    assert list(named.inputs) == ["x", "mask"]
    with pytest.raises(AdvizError, match=r"there is no input 'musk'; masked has x$"):
        adviz.build(masked, at={"x": x, "musk": x})


@both
def test_complex_arguments_are_refused(package: str) -> None:
    n = space(package)
    words = "z has complex numbers, and adviz differentiates functions of real numbers; give the re"
    for z in (n.ones(2, dtype=n.complex64), {"a": n.ones(2, dtype=n.complex64)}, 1j):
        with pytest.raises(GraphError, match=words):
            adviz.build(lambda z, x: n.abs(x).sum(), z, single(package, X))


@both
def test_what_is_no_number_is_no_result(package: str) -> None:
    for given, kind in ((None, "None"), ("a", "a str")):
        with pytest.raises(AdvizError, match=f"the lambda returns {kind} as f; it should return a"):
            adviz.build(lambda x, given=given: given, single(package, X))


@torch_alone
def test_a_module_without_an_example_is_told_to_have_one(package: str, capfd: Any) -> None:
    torch = import_module("torch")
    layer = torch.nn.Linear(3, 2)
    for asked in (adviz.build, adviz.draw):
        with pytest.raises(
            AdvizError, match=r"numbers: give example arguments, adviz.build\(Linea"
        ):
            asked(layer)
    with pytest.raises(AdvizError, match="PyTorch does not trace Linear: RuntimeError: a and b"):
        adviz.build(layer, torch.ones(5))
    with pytest.raises(
        GraphError, match="weight of LazyLinear has no shape yet; call the module o"
    ):
        adviz.build(torch.nn.LazyLinear(3), torch.ones(4))
    assert capfd.readouterr() == ("", "")


@torch_alone
def test_what_its_framework_cannot_trace_is_no_foreign_error(package: str, capfd: Any) -> None:
    torch = import_module("torch")
    slope = torch.func.grad(lambda x: x.sin().sum())
    with pytest.raises(AdvizError, match="PyTorch does not trace the lambda: RuntimeError: "):
        adviz.build(slope, torch.ones(3))
    with pytest.raises(AdvizError, match=r"not read: index \(a place that depends on inputs\)$"):
        adviz.build(lambda x: x[x > 1], torch.ones(3))
    assert capfd.readouterr() == ("", "")


@torch_alone
def test_an_infinite_mask_is_read_in_single_precision(package: str) -> None:
    torch = import_module("torch")
    mask, x = torch.triu(torch.ones(3, 3, dtype=torch.bool), 1), single("torch", A)

    def attention(x: Any) -> Any:
        return (x.masked_fill(mask, -torch.inf).softmax(-1) @ x).sum()

    held = x.clone().requires_grad_()
    attention(held).backward()
    found = adviz.gradient(adviz.build(attention, x), {"x": x})["x"]
    np.testing.assert_allclose(found, held.grad, rtol=1e-5, atol=1e-6)


# --- formats ------------------------------------------------------------------------------------

DRAWN: Mapping[str, Callable[[Any, Any, Any], Any]] = {
    "dropped": lambda j, key, x: (j.random.bernoulli(key, 0.5, (3,)) * x**2).sum(),
    "normal": lambda j, key, x: (j.random.normal(j.random.split(key)[0], (3,)) * x).sum(),
    "whole numbers": lambda j, key, x: (j.random.randint(key, (3,), 0, 100) * x).sum(),
    "an order": lambda j, key, x: (j.random.permutation(key, x) * j.numpy.arange(3)).sum(),
}
"""Functions that draw numbers of a key, which are others in another format; `j` is the package."""


@jax_alone
@pytest.mark.parametrize("name", DRAWN)
def test_what_a_key_draws_is_what_its_user_draws(package: str, name: str) -> None:
    jax = import_module("jax")
    key, x = jax.random.key(3), single("jax", X)

    def held(x: Any) -> Any:
        return DRAWN[name](jax, key, x)

    def given(key: Any, x: Any) -> Any:
        return DRAWN[name](jax, key, x)

    wanted = jax.grad(held)(x)
    for graph in (adviz.build(held, x), adviz.build(given, key, x)):
        assert list(graph.inputs) == ["x"]
        np.testing.assert_allclose(adviz.gradient(graph, {"x": X})["x"], wanted, rtol=1e-5)
        assert adviz.evaluate(graph, {"x": X}).value == pytest.approx(float(held(x)), rel=1e-5)


def _kept(torch: Any, x: Any) -> Any:
    h = torch.zeros(3)
    h[0] = x[0] / 3
    return h * x.sum()


ROUNDED: Mapping[str, Mapping[str, Callable[[Any, Any], Any]]] = {
    "jax": {
        "attention": lambda j, x: j.nn.dot_product_attention(*[x[None, :, None, None]] * 3),
        "asked for": lambda j, x: x.astype(j.numpy.float32) / 3,
        "brought along": lambda j, x: j.lax.dot(j.numpy.ones((3, 3), j.numpy.float32) / 3, x),
    },
    "torch": {
        "the root of a mean square": lambda t, x: t.nn.functional.rms_norm(x, [3]),
        "kept": _kept,
        "half": lambda t, x: (x.half() / 3).float(),
    },
}
"""Functions that compute in single precision or less, whatever they are given."""


@pytest.mark.parametrize(
    ("package", "name"),
    [pytest.param(p, name, marks=needs(p)) for p, cases in ROUNDED.items() for name in cases],
)
def test_what_is_rounded_inside_is_compared_in_its_own_format(package: str, name: str) -> None:
    function, module = ROUNDED[package][name], import_module(package)
    if package == "torch":
        adviz.build(lambda x: function(module, x), module.tensor(X))
    adviz.build(lambda x: function(module, x), single(package, X))


@torch_alone
def test_a_coarse_format_excuses_no_other_function(package: str) -> None:
    torch = import_module("torch")
    with pytest.raises(AdvizError, match="is not what was traced: at x0 = 0"):
        adviz.build(lambda x: x * ((x * 0 + 200).to(torch.uint8) + 100), single("torch", X))


# --- what another program computes --------------------------------------------------------------


@torch_alone
def test_a_graph_with_opaque_nodes_is_compared_at_the_example(package: str) -> None:
    torch = import_module("torch")
    conv = torch.nn.functional.conv1d
    weight, x = torch.ones(1, 1, 2), single("torch", X[None, None])

    def drawn(x: Any) -> Any:
        return conv(x, weight.to(x.dtype)).sum() * torch.rand(())

    def wrapped(x: Any) -> Any:
        return conv(x, weight.to(x.dtype)) * ((x[..., 1:] * 0 + 200).to(torch.uint8) + 100)

    with pytest.raises(
        AdvizError, match="drawn is not deterministic: at its example it gives drawn ="
    ):
        adviz.build(drawn, x)
    words = (
        r"is not what was traced: at its example it gives wrapped = 77\.0, its graph 525\.0; use v"
    )
    with pytest.raises(AdvizError, match=words):
        adviz.build(wrapped, x)
    assert "convolution" in adviz.build(wrapped, x, verify=False).ops


@jax_alone
def test_what_stands_for_infinity_hides_no_difference(package: str) -> None:
    n, counts = space("jax"), iter(range(9))

    def shifted(x: Any) -> Any:
        return n.sort(n.where(x > 1, x, -n.inf))[1:] + next(counts)

    with pytest.raises(AdvizError, match="shifted is not deterministic: at its example it gives"):
        adviz.build(shifted, single("jax", X))


def test_an_element_without_a_derivative_is_the_one_that_is_told() -> None:
    graph = adviz.build(lambda x, n: (x**n).sum(), shapes={"x": 3, "n": ()}, arrays=True)
    words = r"^element \[2\] of v1: the derivative by n does not exist at x = -3\.0, n = 3\.0"
    with pytest.raises(AdvizError, match=words):
        adviz.reverse(graph, {"x": [1.0, 2.0, -3.0], "n": 3.0})
