"""Reverse mode of JAX, equation by equation: the numbers of `jax.grad`, and every mistake."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from foreign import examples, run

import adviz
from adviz.errors import AdvizError

pytestmark = pytest.mark.jax
jax = pytest.importorskip(
    "jax", reason="jax IS NOT INSTALLED, so nothing of it was tested: pip install jax"
)
jnp = jax.numpy


@pytest.fixture(autouse=True)
def _doubles() -> Iterator[None]:
    with jax.enable_x64(True):
        yield


def array(*shape: int, seed: int = 0) -> Any:
    """Return an array of numbers that are not special."""
    return np.random.default_rng(seed + 17 * len(shape)).normal(size=shape)


def network(params: dict[str, Any], x: Any) -> Any:
    """Rumelhart, Hinton & Williams 1986."""
    hidden = jnp.tanh(x @ params["W"] + params["b"])
    return jnp.mean((hidden @ params["v"]) ** 2)


def attention(q: Any, k: Any, v: Any) -> Any:
    """Vaswani et al. 2017, one head."""
    weights = jax.nn.softmax(q @ k.T / jnp.sqrt(2.0), axis=-1)
    return ((weights @ v) ** 2).sum()


def cross_entropy(x: Any) -> Any:
    return -jax.nn.log_softmax(x)[jnp.arange(4), jnp.array([0, 2, 1, 1])].mean()


MODELS: dict[str, tuple[Callable[..., Any], list[Any]]] = {
    "the running example": (lambda x, y: (x + y) * (x - y), [jnp.float32(3), jnp.float32(2)]),
    "Griewank & Walther": (
        lambda x, y: (jnp.sin(x / y) + x / y - jnp.exp(y)) * (x / y - jnp.exp(y)),
        [1.5, 0.5],
    ),
    "Rosenbrock": (
        lambda x: (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2, [jnp.asarray(array(2))]
    ),
    "uses": (lambda x: (x * x + jnp.exp(x) + 1 / x + x).sum(), [array(3)]),
    "network": (network, [{"W": array(2, 3), "b": array(3), "v": array(3)}, array(4, 2)]),
    "of jit": (
        jax.jit(network), [{"W": array(2, 3), "b": array(3), "v": array(3)}, array(4, 2)]
    ),
    "attention": (attention, [array(3, 2), array(3, 2, seed=1), array(3, 2, seed=2)]),
    "logsumexp": (jax.nn.logsumexp, [array(4)]),
    "cross-entropy": (cross_entropy, [array(4, 3)]),
    "activations": (
        lambda x: (jax.nn.relu(x) + jax.nn.silu(x) + jax.nn.softplus(x) + jax.nn.gelu(x)).sum(),
        [array(5)],
    ),
    "pieces": (lambda x: (jnp.split(x, 2)[0] * jnp.split(x, 2)[1]).sum(), [array(4)]),
    "shapes": (
        lambda x: (x.reshape(6)[1:5][None].T * jnp.concatenate([x[0], x[1]])).sum(),
        [array(2, 3)],
    ),
    "remat": (jax.checkpoint(lambda x: jnp.sin(jnp.sin(x)).sum()), [array(3)]),
}  # fmt: skip


@pytest.mark.parametrize("name", MODELS)
def test_every_number_is_the_one_that_jax_has(name: str) -> None:
    function, args = MODELS[name]
    recording = adviz.watch(function, *args)
    trace = recording.trace
    gradients = jax.tree.leaves(jax.grad(function, argnums=tuple(range(len(args))))(*args))
    found = list(recording.gradient.values())
    np.testing.assert_allclose(trace.value, function(*args), rtol=1e-14)
    assert len(found) == len(gradients)
    for one in gradients:
        assert any(np.shape(f) == one.shape and np.allclose(f, one, 1e-13, 0) for f in found)
    assert not recording.differences
    assert not recording.unjudged


def test_names_and_lines_are_the_authors() -> None:
    function, args = MODELS["network"]
    graph = adviz.watch(function, *args).graph
    assert {"W", "b", "v", "x", "hidden"} <= graph.names.keys()
    assert graph.sources is not None
    assert graph.sources[graph.names["hidden"]].endswith(" of network")


def test_a_variable_names_the_last_of_what_a_call_computes() -> None:
    function, args = MODELS["attention"]
    graph = adviz.watch(function, *args).graph
    assert graph.ops[graph.names["weights"]] == "div"
    assert "weights_2" not in graph.names


def test_numbers_have_the_format_that_jax_has() -> None:
    with jax.enable_x64(False):
        trace = adviz.watch(lambda x: jnp.sin(x).sum(), array(3)).trace
    assert trace.values["x"].dtype == trace.gradient["x"].dtype == np.float32


def test_a_local_partial_is_what_was_multiplied_by() -> None:
    steps = adviz.watch(lambda x: -jnp.sin(jnp.tanh(x)), 0.5).trace.steps
    partials = [step.partial for step in steps if step.edge]
    assert partials[:2] == [-1, np.cos(np.tanh(0.5))]
    assert str(partials[2]) == "vjp of tanh(·)"


def ruled(back: Callable[..., Any]) -> Any:
    """Return exp(x)·w with a rule for going back: of x, w and what arrives."""

    def scaled(x: Any, w: Any) -> Any:
        return jnp.exp(x) * w

    made: Any = jax.custom_vjp(scaled)
    made.defvjp(lambda x, w: (jnp.exp(x) * w, (x, w)), lambda kept, g: back(*kept, g))
    return made


RULES: dict[str, tuple[Callable[..., Any], list[str]]] = {
    "right": (lambda x, w, g: (g * jnp.exp(x) * w, g * jnp.exp(x)), []),
    "a sign": (lambda x, w, g: (-g * jnp.exp(x) * w, g * jnp.exp(x)), ["x"]),
    "nothing is sent": (lambda x, w, g: (None, g * jnp.exp(x)), ["x"]),
    "no number": (lambda x, w, g: (g * jnp.exp(x) * w, g * jnp.nan), ["w"]),
}


@pytest.mark.parametrize("name", RULES)
def test_a_wrong_rule_is_seen_as_it_is_and_where_it_is(name: str) -> None:
    back, wrong = RULES[name]
    rule = ruled(back)

    def loss(x: Any, w: Any) -> Any:
        return (rule(x, w) ** 2).sum()

    x, w = array(3), array(3, seed=1)
    recording = adviz.watch(loss, x, w)
    assert sorted(one.to for one in recording.differences) == wrong
    assert {one.operation for one in recording.differences} <= {"scaled"}
    for name, own in zip("xw", jax.grad(loss, (0, 1))(x, w), strict=True):
        np.testing.assert_allclose(recording.gradient[name], own, rtol=1e-13)


def test_a_kink_is_taken_as_jax_takes_it() -> None:
    assert not adviz.watch(jax.nn.relu, 0.0).differences


def test_a_custom_rule_is_watched_by_itself() -> None:
    recording = adviz.watch(ruled(RULES["a sign"][0]), 0.0, 2.0)
    assert [repr(one) for one in recording.differences] == ["<Difference: scaled sent x −2, not 2>"]


def test_a_loop_is_one_node_by_its_own_rule() -> None:
    def loop(x: Any) -> Any:
        return jax.lax.fori_loop(0, 3, lambda _, c: jnp.sin(c), x)

    recording = adviz.watch(loop, 0.5)
    assert len(recording.graph) == 2
    assert not recording.unjudged
    assert recording.gradient["x"] == pytest.approx(float(jax.grad(loop)(0.5)), rel=1e-14)


REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "two results": (
        lambda: adviz.watch(lambda x: (jnp.sin(x), x), 1.0),
        "watch needs a function that gives one array of floating-point numbers",
    ),
    "complex": (lambda: adviz.watch(lambda x: jnp.abs(x * 1j), 1.0), "holds real numbers"),
    "several at once": (
        lambda: adviz.watch(lambda x: sum(p.sum() for p in jnp.linalg.eigh(x)), jnp.eye(2)),
        "goes back from 2 results at once",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_recorded_is_refused_in_one_sentence(name: str) -> None:
    call, words = REFUSED[name]
    with pytest.raises(AdvizError, match=words):
        call()


def test_the_examples_of_the_documentation_give_what_they_say() -> None:
    for code, said in examples("JAX"):
        with jax.enable_x64(False):
            assert run(code) == said
