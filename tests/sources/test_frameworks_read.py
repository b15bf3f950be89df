"""Graphs of functions of JAX and PyTorch: values and gradients are the framework's own."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from foreign import doubles, each, needs
from models import MODELS, namespace, point

import adviz
from adviz.errors import AdvizError, GraphError
from adviz.graph.graph import Graph
from adviz.sources.frameworks import aten, jaxpr, lax
from adviz.sources.frameworks.homes import framework_of

both = each("jax", "torch")
jax_alone, torch_alone = each("jax"), each("torch")
X = np.array([0.5, 1.25, 2.0])
A = np.array([[0.3, -0.7, 1.1], [0.9, 0.2, -0.4], [-1.2, 0.6, 0.8]])


def array(package: str, value: Any) -> Any:
    """Return an array of doubles of a framework."""
    if package == "jax":
        return import_module("jax.numpy").asarray(value)
    return import_module("torch").as_tensor(value)


def own(
    package: str, function: Callable[..., Any], args: Sequence[Any]
) -> tuple[list[Any], list[Any]]:
    """Return a framework's own values, and gradient of the sum of them by each argument."""
    if package == "jax":
        jax = import_module("jax")
        values, back = jax.vjp(lambda *a: jax.tree.leaves(function(*a)), *args)
        return values, list(back([np.ones(one.shape) for one in values]))
    torch = import_module("torch")
    leaves = [one.detach().clone().requires_grad_() for one in args]
    values = _leaves(function(*leaves))
    total = sum(one.sum() for one in values)
    return [one.detach() for one in values], [
        np.zeros(leaf.shape) if slope is None else slope
        for leaf, slope in zip(
            leaves, torch.autograd.grad(total, leaves, allow_unused=True), strict=True
        )
    ]


def _leaves(result: Any) -> list[Any]:
    if isinstance(result, tuple | list):
        return [one for part in result for one in _leaves(part)]
    return [result]


def gradient(graph: Graph, at: Mapping[str, Any]) -> list[Any]:
    """Return the gradient of the sum of all outputs by each input."""
    ones = {label: np.ones(graph.shape(node)) for label, node in graph.outputs.items()}
    weights = {label: one if one.shape else 1.0 for label, one in ones.items()}
    return [*adviz.reverse(graph, at, cotangent=weights).gradient.values()]


def compared(package: str, function: Callable[..., Any], args: Sequence[Any]) -> Graph:
    """Return a function's graph, after its values and gradient were compared with its own."""
    with doubles(package):
        arrays = [array(package, one) for one in args]
        graph, at = adviz.build(function, *arrays), adviz.point(function, *arrays)
        values, slopes = own(package, function, arrays)
    trace = adviz.evaluate(graph, at)
    found = [trace.values[node] for node in graph.outputs.values()]
    for one, other in zip([*found, *gradient(graph, at)], [*values, *slopes], strict=True):
        np.testing.assert_allclose(one, np.asarray(other), rtol=1e-12, atol=1e-13)
    return graph


@both
@pytest.mark.parametrize("name", MODELS)
def test_a_published_model_is_what_its_framework_computes(package: str, name: str) -> None:
    model, n = MODELS[name], namespace(package)

    def function(*args: Any) -> Any:
        return model.function(n, *args)

    named = [inspect.Parameter(one, inspect.Parameter.POSITIONAL_ONLY) for one in model.shapes]
    function.__signature__ = inspect.Signature(named)  # type: ignore[attr-defined]  # its names
    graph = compared(package, function, [*point(model).values()])
    assert list(graph.inputs) == list(model.shapes)
    assert [graph.shape(node) for node in graph.inputs.values()] == list(model.shapes.values())
    assert not any(node in graph.constants for node in graph.outputs.values())


# --- each line of the tables ----------------------------------------------------------------------

JAX_CASES: Mapping[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {
    "powers": (lambda j, x: x**2 + j.lax.square(x) + j.lax.rsqrt(x), (X,)),
    "converted": (lambda j, x: x.astype(int) * x + (x > 1) * x + x.astype(bool) * x, (X,)),
    "copied": (lambda j, x: j.lax.reduce_precision(j.numpy.array(x, copy=True), 11, 52), (X,)),
    "passed on": (lambda j, x: j.lax.optimization_barrier(x) * x, (X,)),
    "rounded": (lambda j, x: j.numpy.round(x * 3) * x, (X,)),
    "log of sums": (lambda j, x: j.nn.logsumexp(x), (X,)),
    "clamped": (lambda j, x: j.lax.clamp(0.75, x, 1.5), (X,)),
    "logic": (
        lambda j, x: j.numpy.where(
            (x > 1) & (x < 3) | ~(x > 0.7) ^ (x > 1), x, -x
        ),
        (X,),
    ),
    "extremes": (
        lambda j, x: x.max() * x.min() + x[0] * (x > 1).any() + x[1] * (x > 1).all(), (X,)
    ),
    "products": (lambda j, a: a.prod() + a.prod(axis=1).sum() + a.cumsum(axis=0)[1, 2], (A,)),
    "running back": (lambda j, x: j.lax.cumsum(x, reverse=True) * x, (X,)),
    "shapes": (lambda j, a: a.T.reshape(9)[::-1][1:8:3] * a[:, :1].squeeze(1), (A,)),
    "joined": (lambda j, x: j.numpy.concatenate([x, x * 2]) @ j.numpy.stack([x, x]).ravel(), (X,)),
    "split": (lambda j, x: j.numpy.split(x, 3)[1] * x, (X,)),
    "stacks of products": (lambda j, a: j.numpy.einsum("nij,njk->nik", a[None], a[None]), (A,)),
    "places": (lambda j, a: a[np.array([2, 0, 2])] * a[[1, 1], [2, 0]].sum() + a[1], (A,)),
    "set": (lambda j, x: x.at[1].set(x[0] ** 2) * x, (X,)),
    "added": (lambda j, x: x.at[np.array([1, 1])].add(x[0] ** 2) * x, (X,)),
    "padded": (lambda j, x: j.numpy.pad(x, 1) ** 2, (X,)),
    "rows": (lambda j, a: j.lax.dynamic_slice(a, (1, 0), (2, 2)), (A,)),
    "rows set": (lambda j, a: j.lax.dynamic_update_slice(a, a[:1] ** 2, (1, 0)), (A,)),
    "scanned": (
        lambda j, a: j.lax.scan(lambda h, x: (j.numpy.tanh(h + x), h), a[0], a, reverse=True),
        (A,),
    ),
    "counted": (lambda j, x: j.lax.fori_loop(0, 3, lambda k, c: j.numpy.sin(c) * x[k], x[0]), (X,)),
    "branched": (lambda j, x: j.lax.cond(x[0] > 1, j.numpy.sum, lambda y: (y**2).sum(), x), (X,)),
    "switched": (
        lambda j, x: j.lax.switch(
            x[1].astype(int), [lambda y: y, lambda y: y**2, lambda y: -y], x
        ),
        (X,),
    ),
    "remembered less": (lambda j, x: j.checkpoint(lambda y: j.numpy.sin(y) * y)(x), (X,)),
    "mapped": (lambda j, a: j.vmap(lambda row: row @ row)(a), (A,)),
    "own functions": (
        lambda j, x: j.nn.relu(x) * j.nn.softplus(x) + j.nn.silu(x) * j.nn.leaky_relu(x)
        + j.nn.mish(x) + j.scipy.special.xlogy(x, x) + j.scipy.special.xlog1py(x, x),
        (X,),
    ),
    "a gradient": (lambda j, x: j.grad(lambda y: j.numpy.tanh(y) @ y)(x), (X,)),
    "masked": (
        lambda j, a: j.nn.softmax(j.numpy.where(np.tri(3) > 0, a @ a.T, -j.numpy.inf)) @ a, (A,)
    ),
    "solved": (lambda j, a: j.numpy.linalg.solve(a, a[0]) * j.numpy.linalg.inv(a)[1], (A,)),
    "in pairs": (lambda j, x: j.lax.associative_scan(j.numpy.multiply, x), (X,)),
    "a place clipped": (lambda j, x: x.at[j.numpy.array([9, 1])].get(mode="clip") ** 2, (X,)),
    "stopped": (lambda j, x: x * j.lax.stop_gradient(x), (X,)),
    "dropped at random": (
        lambda j, x: j.numpy.where(j.random.bernoulli(j.random.key(1), 0.5, (3,)), x, 0) * x, (X,)
    ),
}  # fmt: skip
"""Functions of JAX that meet what is several rows, or none; `j` is the package."""


def primitives(inner: Any) -> set[str]:
    """Return the primitives of a jaxpr, and of those in it."""
    found = {equation.primitive.name for equation in inner.eqns}
    parts = (one for e in inner.eqns for one in jaxpr.inner_jaxprs(e.params.values()))
    return found.union(*map(primitives, parts))


@jax_alone
@pytest.mark.parametrize("name", JAX_CASES)
def test_what_is_several_rows_is_what_jax_computes(package: str, name: str) -> None:
    function, args = JAX_CASES[name]
    jax = import_module("jax")
    import_module("jax.scipy.special")
    compared("jax", lambda x: function(jax, x), args)


@jax_alone
@pytest.mark.parametrize("name", lax.ROWS)
def test_a_primitive_of_jax_is_its_row(package: str, name: str) -> None:
    operations = import_module("jax.lax")
    asked = {"add_any": "add"}.get(name, name)
    row = adviz.build("x").rows.get(lax.ROWS[name])
    at = (1.25,) if name == "acosh" else (0.75, 0.5)[: row.arity if row else 1]
    at = at[1:] if name == "polygamma" else at
    order = (1.0,) if name == "polygamma" else ()

    def function(*args: Any) -> Any:
        found = getattr(operations, asked)(*order, *args)
        return found * args[0] if found.dtype == bool else found

    with doubles("jax"):
        arrays = [array("jax", one) for one in at]
        graph, where = adviz.build(function, *arrays), adviz.point(function, *arrays)
        (value,), slopes = own("jax", function, arrays)
    found = adviz.gradient(graph, where)
    assert adviz.evaluate(graph, where).value == pytest.approx(float(value), rel=1e-13)
    assert [*found.values()] == pytest.approx([*map(float, slopes)], rel=1e-12)


@jax_alone
def test_every_line_of_the_table_of_jax_is_met(package: str) -> None:
    jax = import_module("jax")
    met: set[str] = set()
    with doubles("jax"):
        for function, args in JAX_CASES.values():
            traced = jax.make_jaxpr(lambda x, f=function: f(jax, x))(*args)
            met |= primitives(traced.jaxpr)
    others = {"copy", "copy_p", "square", "while"}  # of other versions, or asked for otherwise
    assert {*lax.COMPOSED, *lax.MOVES, "scan", "cond"} - met <= others


TORCH_CASES: Mapping[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {
    "functions": (
        lambda t, x: x.exp() + x.log() + x.sqrt() + x.rsqrt() + x.reciprocal() + x.sigmoid()
        + x.tanh() + x.abs() + x.erf() + t.special.erfc(x) + x.lgamma() + x.log1p()
        + x.expm1() + x.atan() + x.sin() + x.cos() + x.floor() + x.ceil() + x.trunc() + x.round()
        + x**3 + 2**x + x**x + x.sign() + x.log2() + x.log10() + x.sinh() + x.asinh() + x.square(),
        (X,),
    ),
    "more of them": (
        lambda t, x: (x / 3).asin() + (x / 3).acos() + (x / 3).atanh() + (x + 1).acosh() + x.tan()
        + x.cosh() + t.erfinv(x / 3) + t.exp2(x) + t.atan2(x, x + 1)
        + t.hypot(x, x * 2) + t.fmod(x, 0.75) + t.remainder(x, 0.75) + t.copysign(x, -x)
        + t.logaddexp(x, x * 2) + t.xlogy(x, x) + t.fmax(x, x * 2) + t.fmin(x, x * 2),
        (X,),
    ),
    "of few digits": (lambda t, x: t.round(t.digamma(x) + t.polygamma(1, x), decimals=0) * x, (X,)),
    "activations": (
        lambda t, x: sum(
            getattr(t.nn.functional, name)(x)
            for name in "relu gelu silu softplus elu leaky_relu mish hardtanh logsigmoid relu6 selu"
            " celu hardswish softsign".split()
        )
        + t.nn.functional.gelu(x, approximate="tanh") + t.nn.functional.softplus(x, 2.0),
        (X,),
    ),
    "losses": (
        lambda t, x, a: t.nn.functional.mse_loss(x, a[0])
        + t.nn.functional.smooth_l1_loss(x, a[2])
        + t.nn.functional.smooth_l1_loss(x, a[1], beta=0.5, reduction="sum")
        + t.nn.functional.huber_loss(x, a[1], delta=0.7)
        + t.nn.functional.cross_entropy(a, t.tensor([0, 2, 1]))
        + t.nn.functional.cross_entropy(a, t.tensor([0, -100, 1]), weight=x.detach())
        + t.nn.functional.cross_entropy(a[0], t.tensor(1), weight=x.detach(), reduction="sum")
        + t.nn.functional.nll_loss(a, t.tensor([0, 9, 1]), ignore_index=9, reduction="none").sum()
        + t.nn.functional.binary_cross_entropy(a.sigmoid(), x.sigmoid().expand(3, 3), x.detach())
        + t.nn.functional.binary_cross_entropy_with_logits(x, t.ones(3).double())
        + t.nn.functional.binary_cross_entropy_with_logits(
            a, x.sigmoid().expand(3, 3), x.detach(), pos_weight=x.detach() + 1, reduction="sum"
        ),
        (X, A),
    ),
    "comparisons": (
        lambda t, x: sum(
            t.where(op(x, 1.25), x, -x) for op in (t.lt, t.le, t.gt, t.ge, t.eq, t.ne)
        ),
        (X,),
    ),
    "choices": (
        lambda t, a: t.where(a > 0, a, a.T) + a.clamp(-0.5, 0.5) + t.maximum(a, a.T)
        + a.clamp(min=0) + a.clamp(max=0.5) + a.clamp_min(0.25) + a.clamp_max(a.T)
        + ((a > 0) & (a < 1) | ~(a > 0.5)) * a
        + a.masked_fill(a > 0.5, 0.0)
        + t.logical_xor(a > 0, a < 1) * a + t.logical_or(a > 0, a > 1) * t.logical_not(a > 1)
        + t.logical_and(a > 0, a < 1) * a + t.minimum(a, a.T) + (a > 0).any() + (a > 9).all()
        + t.isnan(a) + t.isinf(a) + t.full_like(a, 2.0) + t.zeros_like(a) + t.ones_like(a),
        (A,),
    ),
    "quotients": (
        lambda t, x: t.div(x, 0.75, rounding_mode="floor") * x
        + t.div(x, 0.75, rounding_mode="trunc") * x + t.rsub(x, 1, alpha=2) + t.sub(x, x, alpha=3),
        (X,),
    ),
    "reductions": (
        lambda t, a: a.mean() + a.mean(0).sum() + a.var(1).sum() + a.std() + a.amax(0).sum()
        + a.var(unbiased=False) + a.std(0, False, True).sum() + a.var([0, 1], correction=2)
        + t.max(a, a.T).sum() + t.min(a, a.T).sum() + a.softmax(0)[0].sum()
        + a.amin(1).sum() + a.max() + a.min() + a.max(1).values.sum()
        + a.min(0, keepdim=True)[0].sum()
        + a.logsumexp(1).sum() + a.prod() + a.prod(1, keepdim=True).sum() + a.cumsum(0)[1].sum()
        + a.norm() + a.norm(1) + a.norm(float("inf")),
        (A,),
    ),
    "products": (
        lambda t, x, a: (a @ x).sum() + (a @ a).sum() + x @ x + t.outer(x, x).sum()
        + t.bmm(a[None], a[None]).sum()
        + t.baddbmm(a[None], a[None], a[None], beta=2, alpha=3).sum() + t.addmv(x, a, x).sum()
        + t.einsum("ij,jk->ik", a, a).trace() + t.nn.functional.linear(x, a, x).sum(),
        (X, A),
    ),
    "moves": (
        lambda t, x, a: a[0] * x + a[:, 1] + a[1:, :2].sum() + a[[0, 2], [1, 1]].prod()
        + t.cat([x, x])[2:5] + t.stack([x, x]).mean() + a.diagonal() + a.flip(0)[0] + x.roll(1)
        + a.tril()[1] + a.repeat(2, 1)[4] + a.chunk(3)[1][0] + x.unfold(0, 2, 1).sum() + a.t()[0]
        + a.transpose(0, 1)[1] + a.split([1, 2])[1][0] + t.index_select(a, 0, t.tensor([2]))[0]
        + t.gather(a, 1, t.tensor([[0], [1], [1]]))[:, 0] + x.expand(2, 3)[0] + x[None].squeeze()
        + a.take(t.tensor([7, 1, 1])) + a.unbind(1)[1] + t.unsafe_split(a, 2, 1)[0][0].sum()
        + t.unsafe_split_with_sizes(a, [1, 2])[1][1]
        + t.as_strided(a, (3,), (4,)) + a.reshape(9).view(3, -1)[0] + a.permute(1, 0)[2],
        (X, A),
    ),
    "changed in place": (lambda t, x: _changed(x.clone()), (X,)),
    "scattered": (
        lambda t, x, a: t.scatter(a, 0, t.tensor([[0, 1, 2]]), x[None] ** 2)
        + t.index_put(a, (t.tensor([1]),), x) + t.select_scatter(a, x, 0, 2)
        + t.slice_scatter(a, x[None], 0, 1, 2),
        (X, A),
    ),
    "a diagonal set": (
        lambda t, x, a: t.outer(x, x).fill_diagonal_(0.0) * x.expand(3, 3).clone().fill_diagonal_(7)
        + (a * 1).fill_diagonal_(2.0),
        (X, A),
    ),
    "a number taken out": (lambda t, x: x * x[0].item(), (X,)),
    "of a mask that is known": (lambda t, x: x[t.tensor([True, False, True])].square(), (X,)),
    "solved": (lambda t, x, a: t.linalg.solve(a, x) * a.inverse()[1] + a.det(), (X, A)),
    "without elements": (lambda t, x: t.cat([x[:0], x * x]) + x[3:].sum(), (X,)),
    "attention": (
        lambda t, a: t.nn.functional.scaled_dot_product_attention(
            a[None], a[None], a[None], is_causal=True
        ),
        (A,),
    ),
    "normalised": (
        lambda t, a: t.nn.functional.group_norm(a, 1) + t.nn.functional.layer_norm(a, [3])
        + t.nn.functional.batch_norm(a, None, None, training=True)
        + t.nn.functional.normalize(a, dim=1),
        (A,),
    ),
    "stopped": (lambda t, x: x * x.detach(), (X,)),
    "without derivatives": (lambda t, x: x * _undifferentiated(t, x), (X,)),
}  # fmt: skip
"""Functions of PyTorch that meet the lines of its tables; `t` is the package."""


def _changed(x: Any) -> Any:
    x.mul_(2)
    x[0] = x[1]
    return x * x


def _undifferentiated(torch: Any, x: Any) -> Any:
    with torch.no_grad():
        return x.sin()


@torch_alone
@pytest.mark.parametrize("name", TORCH_CASES)
def test_an_operation_of_pytorch_is_what_it_computes(package: str, name: str) -> None:
    function, args = TORCH_CASES[name]
    taking = _alone if len(args) == 1 else _together
    compared("torch", taking(function, import_module("torch")), args)


def _alone(function: Callable[..., Any], torch: Any) -> Callable[..., Any]:
    return lambda x: function(torch, x)


def _together(function: Callable[..., Any], torch: Any) -> Callable[..., Any]:
    return lambda x, a: function(torch, x, a)


@torch_alone
def test_every_line_of_the_tables_of_pytorch_is_met(package: str) -> None:
    from adviz.sources.arguments import Arguments
    from adviz.sources.frameworks.aten.operation import operation_name
    from adviz.sources.frameworks.called import Called
    from adviz.sources.frameworks.torch import exported

    torch = import_module("torch")
    met: set[str] = set()
    for function, args in TORCH_CASES.values():
        known = _alone(function, torch) if len(args) == 1 else _together(function, torch)
        at = dict(zip("xa", [array("torch", one) for one in args], strict=False))
        arguments = Arguments(known, list(at), {}, at, arrays=True)
        program = exported(Called(known, arguments, "f"), [])
        met |= {
            operation_name(node.target)
            for node in program.graph.nodes
            if node.op == "call_function"
        }
    batch_norm = {f"_native_batch_norm_legit_{kind}" for kind in ("functional", "no_training")}
    others = {*batch_norm, "embedding", "native_dropout"}  # of modules
    below = {"_unsafe_view", "alias", "lift_fresh"}  # of what is watched as it runs
    assert aten.KNOWN - met == others | below


@torch_alone
@pytest.mark.parametrize("name", ["silu", "mish", "softplus"])
def test_what_has_a_row_is_not_taken_apart(package: str, name: str) -> None:
    torch = import_module("torch")
    called = getattr(torch.nn.functional, name)
    assert adviz.build(lambda x: called(x), torch.tensor(0.5)).text == f"f(x) = {name}(x)"


MODULES: Mapping[str, Callable[[Any], tuple[Any, Any]]] = {
    "normalised by batches": lambda t: (t.nn.BatchNorm1d(3), array("torch", A)),
    "normalised as kept": lambda t: (t.nn.BatchNorm1d(3).eval(), array("torch", A)),
    "embedded": lambda t: (t.nn.Embedding(5, 3), t.tensor([0, 3, 3])),
    "a cell": lambda t: (t.nn.GRUCell(3, 2), array("torch", A)),
    "a recurrent layer": lambda t: (t.nn.LSTM(3, 2), array("torch", A[None])),
    "an encoder": lambda t: (
        t.nn.TransformerEncoderLayer(4, 2, 8, 0.0, batch_first=True),
        array("torch", np.arange(12.0).reshape(1, 3, 4) % 5 / 5),
    ),
}
"""Modules of PyTorch with what they are called with; `t` is the package."""


@torch_alone
@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_what_it_computes(package: str, name: str) -> None:
    torch = import_module("torch")
    torch.manual_seed(1)
    module, x = MODULES[name](torch)
    module = module.double()
    graph, at = adviz.build(module, x), adviz.point(module, x)
    values = _leaves(module(x))
    sum(one.sum() for one in values).backward()
    trace = adviz.evaluate(graph, at)
    found = [trace.values[node] for node in graph.outputs.values()]
    slopes = [one.grad for one in module.parameters()]
    for one, other in zip(found, values, strict=True):
        np.testing.assert_allclose(one, other.detach(), rtol=1e-12, atol=1e-13)
    for one, other in zip(gradient(graph, at)[-len(slopes) :], slopes, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-13)


# --- what has no row ------------------------------------------------------------------------------

OPAQUE: Mapping[str, Mapping[str, tuple[Callable[..., Any], Any, list[str]]]] = {
    "jax": {
        "sorted": (lambda j, x: j.numpy.sort(x)[0] * x[1], X, ["sort"]),
        "a factor": (lambda j, a: j.lax.linalg.cholesky(a @ a.T).sum(), A, ["cholesky"]),
        "two results": (
            lambda j, a: sum(part.sum() for part in j.lax.linalg.eigh(a @ a.T)), A, ["eigh", "eigh"]
        ),
        "a number": (lambda j, x: j.lax.igamma(2.0, x) * x, 0.75, ["igamma"]),
        "which is the largest": (lambda j, x: j.numpy.argmax(x) * x, X, ["argmax"]),
        "of whole numbers": (
            lambda j, x: j.numpy.sort(x.astype(int)) * j.lax.population_count(x.astype(int)) * x,
            X,
            ["population_count", "sort"],
        ),
    },
    "torch": {
        "sorted": (lambda t, x: x.sort().values[0] * x[1], X, ["sort"]),
        "convolved": (
            lambda t, a: t.nn.functional.max_pool1d(t.nn.functional.conv1d(a[None], a[None]), 1),
            A,
            ["convolution", "max_pool2d_with_indices"],
        ),
    },
}  # fmt: skip
"""Functions of what has no row, and what their opaque nodes are called."""


@pytest.mark.parametrize(
    ("package", "name"),
    [
        pytest.param(package, name, marks=needs(package))
        for package, cases in OPAQUE.items()
        for name in cases
    ],
)
def test_what_has_no_row_is_a_node_that_its_framework_differentiates(
    package: str, name: str
) -> None:
    function, at, labels = OPAQUE[package][name]
    module = import_module(package)
    if package == "jax":
        import_module("jax.lax.linalg" if hasattr(module.lax, "linalg") else "jax.lax")
    graph = compared(package, lambda x: function(module, x), [at])
    opaque = [row for row in (graph.row(n) for n in range(len(graph))) if row and row.foreign]
    assert sorted(row.label for row in opaque) == labels
    point = {"x": at}
    direction = np.full(np.shape(at), 0.5)[()]
    trace = adviz.forward(graph, point, {"x": direction})
    assert trace.tangents is not None
    sums = sum(np.sum(trace.tangents[node]) for node in graph.outputs.values())
    assert sums == pytest.approx(np.sum(gradient(graph, point)[0] * direction), rel=1e-12)


@jax_alone
def test_what_is_not_known_of_an_opaque_node_is_said(package: str, tmp_path: Any) -> None:
    jax = import_module("jax")
    graph = adviz.build(jax.numpy.sort, shapes={"a": 3})
    assert "sort" in adviz.draw(graph).svg()
    assert "sort" in adviz.animate(adviz.reverse(graph, {"a": X}, {"sort": X})).html()
    number = adviz.build(lambda x: jax.lax.igamma(2.0, x), 0.5)
    assert "igamma" in adviz.animate(adviz.reverse(number, {"x": 0.5})).html()
    by_elements = "sort is computed by JAX as a whole, not element by element; sweeps at one point"
    alone = (
        "igamma is computed by JAX, in float64 alone; it has no formula, and sweeps at one point"
    )
    refused: list[tuple[str, Callable[[], Any]]] = [
        (by_elements, lambda: adviz.expand(graph)),
        (by_elements, lambda: adviz.check(graph)),
        (by_elements, lambda: adviz.compile(graph)),
        (
            "sort is computed by JAX, and no file holds",
            lambda: adviz.save(graph, tmp_path / "g.json"),
        ),
        (alone, lambda: adviz.evaluate(number, {"x": 0.5}, digits=50)),
        (alone, lambda: adviz.symbolic(number)),
        (alone, lambda: adviz.derivative_graph(number)),
        (alone, lambda: adviz.hessian(number, {"x": 0.5})),
        (alone, lambda: adviz.gradient(number, {"x": np.array([0.5, 1.0])})),
    ]
    for words, asked in refused:
        with pytest.raises(AdvizError) as caught:
            asked()
        assert str(caught.value).startswith(words)
    assert [*tmp_path.iterdir()] == []


@torch_alone
def test_a_framework_that_lacks_a_rule_is_named(package: str) -> None:
    torch = import_module("torch")
    graph = compared(package, lambda a: torch.cdist(a, 2 * a.T), [A])
    words = "^PyTorch gives no derivative of _cdist_forward: NotImplementedError: Trying to use for"
    with pytest.raises(AdvizError, match=words):
        adviz.forward(graph, {"a": A}, {"a": A})


# --- what the graph is of -------------------------------------------------------------------------


@jax_alone
def test_a_tree_of_arrays_is_inputs_by_path(package: str) -> None:
    n, nn = import_module("jax.numpy"), import_module("jax.nn")

    def loss(params: Any, x: Any, labels: Any) -> Any:
        scores = n.tanh(x @ params["first"]["W"]) @ params["last"][0]
        return -n.sum(nn.one_hot(labels, 2) * nn.log_softmax(scores))

    params = {"first": {"W": n.ones((3, 2))}, "last": [n.ones((2, 2)), 1.0]}
    graph = adviz.build(loss, params, n.ones((2, 3)), n.array([0, 1]))
    assert list(graph.inputs) == ["params_first_W", "params_last0", "params_last1", "x"]
    at = {"params": params, "x": n.ones((2, 3))}
    found = adviz.gradient(graph, at)
    assert found["params_last1"] == 0.0 and found["x"].shape == (2, 3)


@jax_alone
def test_numbers_are_scalar_rows_and_no_example_is_needed(package: str) -> None:
    jax = import_module("jax")
    graph = adviz.build(jax.jit(lambda x, y: jax.numpy.log(x) + x * y - jax.numpy.sin(y)))
    assert graph.text == "f(x, y) = log(x) + x*y - sin(y)" and graph.shapes is None
    assert adviz.build(lambda x: jax.numpy.sin(x)).text == "f(x) = sin(x)"
    assert adviz.build(jax.grad(lambda x: x**2)).text == "f(x) = 1.0*(2.0*x)"
    graph = adviz.build(jax.jit(lambda *v: v[0] * v[1]), 2.0, 3.0)
    assert list(graph.inputs) == ["v0", "v1"]


@jax_alone
def test_a_framework_is_found_by_what_is_called_and_by_what_is_given(package: str) -> None:
    jax = import_module("jax")
    n = jax.numpy
    for function in (jax.jit(n.sin), jax.custom_vjp(n.sin), jax.grad(n.sin), n.sin):
        assert framework_of(function) == "JAX"
    assert framework_of(lambda x: x) == "" and framework_of("x*y") == ""
    assert framework_of(lambda p: p, {"p": {"W": [n.ones(2)]}}) == "JAX"
    shaped = adviz.build(jax.jit(lambda W, x: W @ x), shapes={"W": (3, 2), "x": 2})
    assert [shaped.shape(node) for node in shaped.inputs.values()] == [(3, 2), (2,)]
    assert adviz.gradient(lambda x: np.sin(x), {"x": n.float32(0.0)}) == {"x": 1.0}


@jax_alone
def test_a_function_in_single_precision_is_no_witness(package: str) -> None:
    jax = import_module("jax")
    report = adviz.check(lambda x, y: jax.numpy.exp(jax.numpy.sin(x)) * y, points=5)
    assert report.verdict == "agrees"
    at = {"W": jax.numpy.asarray(A), "x": jax.numpy.asarray(X)}

    def loss(W: Any, x: Any) -> Any:
        return jax.numpy.tanh(W @ x).sum()

    assert adviz.check(loss, at=at).verdict == "agrees"
    assert adviz.check(loss, gradient=jax.grad(loss, (0, 1)), at=at).verdict == "agrees"


@jax_alone
def test_the_numbers_of_a_branch_not_taken_disturb_nothing(package: str) -> None:
    jax = import_module("jax")
    graph = adviz.build(jax.jit(lambda x: jax.numpy.where(x > 0, jax.numpy.log(x), x)))
    assert adviz.gradient(graph, {"x": -1.0}) == {"x": 1.0}


@jax_alone
def test_through_stop_gradient_no_derivative_passes(package: str) -> None:
    jax = import_module("jax")
    graph = adviz.build(jax.jit(lambda x: x + jax.lax.stop_gradient(jax.numpy.round(x) - x)))
    assert graph.text == "f(x) = x + stop_gradient(round(x) - x)"
    assert adviz.evaluate(graph, {"x": 1.25}).value == 1.0
    assert adviz.gradient(graph, {"x": 1.25}) == {"x": 1.0}
    assert adviz.check(graph, at={"x": 1.25}).verdict == "wrong rule"


@jax_alone
def test_a_rule_of_its_own_is_not_read(package: str) -> None:
    jax = import_module("jax")
    tripled = jax.custom_vjp(lambda x: x**2)
    tripled.defvjp(lambda x: (x**2, x), lambda x, w: (3 * x * w,))
    assert adviz.gradient(adviz.build(tripled), {"x": 2.0}) == {"x": 4.0}


@torch_alone
def test_parameters_of_a_module_are_inputs(package: str) -> None:
    torch = import_module("torch")
    nn = torch.nn
    torch.manual_seed(0)

    class Net(nn.Module):  # type: ignore[misc, name-defined]  # PyTorch carries no types here
        def __init__(self) -> None:
            super().__init__()
            self.layer1 = nn.Linear(3, 4)
            self.norm = nn.LayerNorm(4)
            self.heads = nn.ModuleList([nn.Linear(4, 2)])
            self.frozen = nn.Parameter(torch.ones(3), requires_grad=False)
            self.register_buffer("shift", torch.full((3,), 0.5))

        def forward(self, x: Any, scale: Any = None) -> Any:
            hidden = nn.functional.gelu(self.layer1(x * self.frozen - self.shift))
            return self.heads[0](self.norm(hidden)) * (1.0 if scale is None else scale)

    net, x = Net(), torch.randn(5, 3)
    graph, at = adviz.build(net, x), adviz.point(net, x)
    names = "x layer1_weight layer1_bias norm_weight norm_bias heads_0_weight heads_0_bias".split()
    assert list(graph.inputs) == names == list(at)
    net(x).sum().backward()
    slopes = [one.grad for one in net.parameters() if one.requires_grad]
    for found, slope in zip(gradient(graph, at)[1:], slopes, strict=True):
        np.testing.assert_allclose(found, slope, rtol=2e-5, atol=2e-6)
    scaled = adviz.build(net, x, torch.tensor(2.0))
    assert list(scaled.inputs) == ["x", "scale", *names[1:]]
    layers = adviz.build(nn.Sequential(nn.Linear(3, 1), nn.Tanh()), shapes={"input": 3})
    assert list(layers.inputs) == ["input", "weight0", "bias0"]


@torch_alone
def test_what_a_function_closes_over_is_constant(package: str) -> None:
    torch = import_module("torch")
    layer = torch.nn.Linear(3, 1)
    graph = adviz.build(lambda x: layer(x).sum(), torch.ones(2, 3))
    assert list(graph.inputs) == ["x"]

    def loss(params: Any, x: Any) -> Any:
        return torch.func.functional_call(layer, params, (x,)).sum()

    params = dict(layer.named_parameters())
    graph = adviz.build(loss, params, torch.ones(2, 3))
    assert list(graph.inputs) == ["params_weight", "params_bias", "x"]


@torch_alone
def test_a_function_without_a_signature_is_to_be_wrapped(package: str) -> None:
    torch = import_module("torch")
    with pytest.raises(AdvizError, match=r"the arguments of sin cannot be read; wrap it, as in la"):
        adviz.build(torch.sin, torch.ones(2))
    assert adviz.build(lambda x: torch.sin(x), torch.ones(2)).ops == ("input", "sin")


@torch_alone
def test_names_with_dots_become_names(package: str) -> None:
    torch = import_module("torch")
    params = {"layer.weight": torch.ones(2)}
    graph = adviz.build(lambda p: p["layer.weight"].sum(), params)
    assert list(graph.inputs) == ["p_layer_weight"]
    assert adviz.gradient(graph, {"p": params})["p_layer_weight"].tolist() == [1.0, 1.0]


@torch_alone
def test_names_that_would_meet_are_refused(package: str) -> None:
    torch = import_module("torch")
    nn = torch.nn

    class Net(nn.Module):  # type: ignore[misc, name-defined]  # PyTorch carries no types here
        def __init__(self, name: str) -> None:
            super().__init__()
            self.a = nn.Linear(2, 1)
            self.register_parameter(name, nn.Parameter(torch.ones(2)))

        def forward(self, x: Any) -> Any:
            return self.a(x)

    with pytest.raises(GraphError, match="two parameters would be called a_weight; rename a"):
        adviz.build(Net("a_weight"), torch.ones(2))
    with pytest.raises(GraphError, match="an argument and a parameter of Net are both called x"):
        adviz.build(Net("x"), torch.ones(2))


@torch_alone
def test_building_leaves_a_module_as_it_was(package: str) -> None:
    nn = import_module("torch").nn
    net = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
    before = {name: value.clone() for name, value in net.state_dict().items()}
    adviz.build(net, import_module("torch").randn(4, 3))
    assert all(bool((value == before[name]).all()) for name, value in net.state_dict().items())
    assert net.training and all(one.grad is None for one in net.parameters())


@both
def test_a_graph_with_its_rows_is_saved_and_loaded(package: str, tmp_path: Any) -> None:
    n = namespace(package)
    graph = adviz.build(lambda x: n.softmax(x, -1)[0] * x[1], array(package, X))
    adviz.save(graph, tmp_path / "graph.json")
    assert adviz.load(tmp_path / "graph.json") == graph
    numbers = adviz.expand(graph)
    assert adviz.check(numbers, points=2).verdict == "agrees"
    assert len(numbers.inputs) == 3


@jax_alone
def test_nodes_say_from_which_line_they_are(package: str) -> None:
    n = namespace(package)

    def logged(x: Any) -> Any:
        return n.sum(n.log(x))

    graph = adviz.build(logged, array(package, X))
    assert graph.sources is not None
    assert set(graph.sources.values()) == {f"line {logged.__code__.co_firstlineno + 1} of logged"}


@both
def test_the_examples_of_the_page_give_what_stands_there(package: str) -> None:
    page = (Path(__file__).parents[2] / "docs/peers.md").read_text("utf-8")
    section = page.partition("## Graphs from frameworks")[2]
    blocks = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    (block,) = [one for one in blocks if re.search(rf"^import .*\b{package}\b", one)]
    (said,) = re.findall(r"# (<Graph .*>)", block)
    known: dict[str, Any] = {}
    exec(block, known)  # noqa: S102 - what stands in our own page
    assert repr(known["g"]) == said
    if package == "torch":
        (block,) = [one for one in blocks if "nn.Conv1d" in one]
        exec(block, known)  # noqa: S102 - the same
        assert repr(known["g"].ops[5:]) in block


# --- errors ---------------------------------------------------------------------------------------

REFUSED: Mapping[str, Mapping[str, tuple[Callable[..., Any], str]]] = {
    "jax": {
        "all by name": (
            lambda j, x: j.numpy.fft.fft(x).real[0],
            "the lambda has operations of JAX that are not read: convert_element_type (to complex "
            "numbers), fft, real",
        ),
        "long": (
            lambda j, x: j.lax.fori_loop(0, 10**5, lambda _, c: j.numpy.sin(c), x),
            "the lambda has operations of JAX that are not read: scan (100000 steps, 200000 "
            "equations; 20000 are unrolled)",
        ),
        "without an end": (
            lambda j, x: j.lax.while_loop(lambda c: c[0] < 3, lambda c: 2 * c, x),
            "the lambda has operations of JAX that are not read: while (how often depends on "
            "inputs)",
        ),
        "an index": (
            lambda j, x: x[x[0].astype(int)],
            "the lambda has operations of JAX that are not read: dynamic_slice (a place that "
            "depends on inputs)",
        ),
        "a decision": (
            lambda j, x: j.numpy.sin(x) if x[0] > 0 else -x,
            "JAX does not trace the lambda: TracerBoolConversionError: ",
        ),
    },
    "torch": {
        "all by name": (
            lambda t, x: t.fft.fft(x).real[0] + t.rand_like(x).sum(),
            "the lambda has operations of PyTorch that are not read: _fft_r2c (of complex "
            "numbers), ",
        ),
        "which is the largest": (
            lambda t, x: x.max(0).indices * x,
            "the lambda has operations of PyTorch that are not read: which elements are the "
            "extreme ones",
        ),
        "random": (
            lambda t, x: t.nn.functional.dropout(x, 0.5),
            "the lambda has operations of PyTorch that are not read: native_dropout (draws "
            "numbers; call .eval() of the module before)",
        ),
        "a decision": (
            lambda t, x: t.sin(x) if x[0] > 0 else -x,
            "PyTorch does not trace the lambda: ",
        ),
    },
}


@pytest.mark.parametrize(
    ("package", "name"),
    [
        pytest.param(package, name, marks=needs(package))
        for package, cases in REFUSED.items()
        for name in cases
    ],
)
def test_what_is_not_read_is_refused_by_name(package: str, name: str) -> None:
    function, words = REFUSED[package][name]
    module = import_module(package)
    with pytest.raises(AdvizError) as caught:
        adviz.build(lambda x: function(module, x), array(package, X))
    assert str(caught.value).startswith(words)


@jax_alone
def test_a_line_is_told_where_a_number_is_not_defined(package: str) -> None:
    n = namespace(package)
    graph = adviz.build(lambda x: n.log(x), n.sum(2.0))
    with pytest.raises(AdvizError, match=r"log is undefined at -1.0 \(node x\)"):
        adviz.evaluate(graph, {"x": -1.0})


def test_example_arguments_are_those_of_a_callable() -> None:
    assert adviz.build(lambda x, y: x * y, 2.0, 3.0).text == "f(x, y) = x*y"
    assert list(adviz.build(lambda v, c=2.0: v[0] * c, [1.0, 2.0]).inputs) == ["v0", "v1"]
    assert list(adviz.build(lambda v, c=2.0: v * c, 1.0, 3.0).inputs) == ["v", "c"]
    assert list(adviz.build(lambda *v: v[0] * v[1], 2.0, 3.0).inputs) == ["v0", "v1"]
    assert adviz.build(lambda p: p["a"] * 2, {"a": 1.0}).text == "f(p_a) = p_a*2"
    assert adviz.build(lambda x: x if x > 0 else -x, -2.0).guards
    with pytest.raises(GraphError, match="example arguments are for a callable; this is a formula"):
        adviz.build("x*y", 2.0)
    with pytest.raises(GraphError, match="give example arguments or at=, not both"):
        adviz.build(lambda x: x, 2.0, at={"x": 2.0})
    with pytest.raises(GraphError, match="2 example arguments are too many; there is x"):
        adviz.build(lambda x: x, 2.0, 3.0)
    with pytest.raises(AdvizError, match="a point is asked of a function or module of JAX or"):
        adviz.point(lambda x: x, 2.0)
