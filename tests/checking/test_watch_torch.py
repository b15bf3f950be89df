"""Backward passes of PyTorch as they were: every number the framework's own, every mistake seen."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from foreign import examples, run

import adviz
from adviz.errors import AdvizError, TooLarge

pytestmark = pytest.mark.torch
torch = pytest.importorskip(
    "torch", reason="torch IS NOT INSTALLED, so nothing of it was tested: pip install torch"
)
nn: Any = torch.nn
F: Any = torch.nn.functional


def tensor(*shape: int, seed: int = 0, **kind: Any) -> Any:
    """Return a tensor of numbers that are not special, to differentiate by."""
    made = torch.randn(shape, generator=torch.Generator().manual_seed(seed + 17 * len(shape)))
    return made.to(**kind).requires_grad_()


def attention(x: Any, qkv: Any, out: Any) -> Any:
    """Vaswani et al. 2017, one head, its three matrices in one as is usual."""
    q, k, v = (x @ qkv).chunk(3, dim=-1)
    weights = torch.softmax(q @ k.transpose(-2, -1) / k.shape[-1] ** 0.5, dim=-1)
    return (weights @ v @ out).square().mean()


def recurrent(W: Any, U: Any, x: Any) -> Any:
    """Elman 1990, three steps."""
    h = torch.zeros(3, dtype=x.dtype)
    for t in range(3):
        h = torch.tanh(W @ h + U @ x[t])
    return (h * h).sum()


def changed_in_place(x: Any, y: Any) -> Any:
    a = x * y
    a += 1
    a.mul_(y)
    return a.sigmoid_().sum()


TARGET = torch.tensor([0, 2, 1, 1])
MODELS: dict[str, tuple[Callable[..., Any], list[Any]]] = {
    "the running example": (lambda x, y: (x + y) * (x - y), [tensor(), tensor(seed=1)]),
    "Griewank & Walther": (
        lambda x, y: (torch.sin(x / y) + x / y - torch.exp(y)) * (x / y - torch.exp(y)),
        [tensor(), tensor(seed=1)],
    ),
    "Baydin": (lambda x, y: torch.log(x * x) + x * y - torch.sin(y), [tensor(), tensor(seed=1)]),
    "Rosenbrock": (lambda x: (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2, [tensor(2)]),
    "four uses": (lambda x: (x * x + x.exp() + 1 / x + 2 - x).sum(), [tensor(3)]),
    "least squares": (
        lambda X, w, b, y: F.mse_loss(X @ w + b, y),
        [tensor(4, 3), tensor(3), tensor(), tensor(4)],
    ),
    "logistic regression": (
        lambda X, w, b: F.binary_cross_entropy_with_logits(
            X @ w + b, torch.ones_like(X[:, 0].detach())
        ),
        [tensor(4, 3), tensor(3), tensor()],
    ),
    "Rumelhart's network": (
        lambda x, W, b, v: (torch.tanh(x @ W.t() + b) @ v).pow(2).mean(),
        [tensor(4, 2), tensor(3, 2), tensor(3), tensor(3)],
    ),
    "cross-entropy": (lambda x: F.cross_entropy(x, TARGET), [tensor(4, 3)]),
    "attention": (attention, [tensor(3, 2), tensor(2, 6), tensor(2, 2)]),
    "attention of PyTorch": (
        lambda q, k, v: F.scaled_dot_product_attention(q, k, v).sum(),
        [tensor(1, 3, 2), tensor(1, 3, 2, seed=1), tensor(1, 3, 2, seed=2)],
    ),
    "layer norm": (
        lambda x, w, b: F.layer_norm(x, (3,), w, b).square().sum(),
        [tensor(2, 3), tensor(3), tensor(3, seed=1)],
    ),
    "GELU": (lambda x: (F.gelu(x) + F.gelu(x, approximate="tanh")).sum(), [tensor(3)]),
    "activations": (
        lambda x: (F.silu(x) + F.elu(x) + F.softplus(x) + F.leaky_relu(x) + F.relu(x)).sum(),
        [tensor(5)],
    ),
    "losses": (
        lambda x, y: F.huber_loss(x, y) + F.smooth_l1_loss(x, y) + (x - y).abs().sum(),
        [tensor(4), tensor(4, seed=1)],
    ),
    "recurrent": (recurrent, [tensor(3, 3), tensor(3, 2), tensor(3, 2, seed=1)]),
    "in place": (changed_in_place, [tensor(3), tensor(3, seed=1)]),
    "shapes": (
        lambda x: (x.reshape(6)[1:5].unsqueeze(0).expand(2, 4).t() * x.sum(0)[:2]).sum(),
        [tensor(2, 3)],
    ),
    "pieces": (
        lambda x: (
            (x.unbind(0)[0] * x.unbind(0)[1]).sum() + torch.cat([x, x * x]).logsumexp(0).sum()
        ),
        [tensor(2, 3)],
    ),
    "moves": (
        lambda x: (x.flip(0) * x.roll(1, 1) * x.repeat(1, 1)).sum() + x.diagonal().square().sum(),
        [tensor(3, 3)],
    ),
    "variance": (lambda x: x.var() + x.std(0).sum() + x.norm() + x.amax(), [tensor(3, 2)]),
    "Gaussian": (
        lambda x, m, s: (((x - m) / s) ** 2 / 2 + torch.log(s.abs())).sum(),
        [tensor(4), tensor(), tensor(seed=1)],
    ),
}


def own(function: Callable[..., Any], args: list[Any]) -> list[Any]:
    """Return the value and the gradients that PyTorch gives when nobody looks."""
    leaves = [one.detach().clone().requires_grad_() for one in args]
    value = function(*leaves)
    value.backward()
    return [value, *(one.grad for one in leaves)]


def same_bits(found: Any, known: Any) -> bool:
    known = known.detach().numpy()
    return found.dtype == known.dtype and np.array_equal(found, known)


@pytest.mark.parametrize("kind", [torch.float32, torch.float64], ids=["float32", "float64"])
@pytest.mark.parametrize("name", MODELS)
def test_every_number_is_the_one_that_pytorch_has(name: str, kind: Any) -> None:
    function, args = MODELS[name]
    args = [one.detach().to(kind).requires_grad_() for one in args]
    recording = adviz.watch(function, *args)
    trace = recording.trace
    value, *gradients = own(function, args)
    (out,) = trace.graph.outputs.values()
    found = [trace.derivatives["adjoint"][node] for node in trace.graph.inputs.values()]
    found = [one for one in found if one is not None]
    assert same_bits(trace.values[out], value)
    assert len(found) == len(gradients)
    for one in gradients:
        assert any(same_bits(each, one) for each in found)
    assert not recording.differences
    assert not recording.unjudged


@pytest.mark.parametrize("name", MODELS)
def test_contributions_add_up_to_what_each_node_went_on_with(name: str) -> None:
    trace = adviz.watch(*MODELS[name][:1], *MODELS[name][1]).trace
    held: dict[int, Any] = {}
    for step in trace.steps:
        if step.kind == "adjoint":
            before = held.get(step.node)
            if step.edge is not None and before is not None:
                np.testing.assert_array_equal(step.number, before + step.product)
            held[step.node] = step.number
    for node, number in held.items():
        np.testing.assert_array_equal(number, trace.derivatives["adjoint"][node])


# --- One's own training step ----------------------------------------------------------------------


class Net(nn.Module):  # type: ignore[misc]  # PyTorch has no types here
    """Two layers, as one writes them."""

    def __init__(self) -> None:
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(3, 4), nn.Linear(4, 2)

    def forward(self, x: Any) -> Any:
        hidden = torch.relu(self.fc1(x))
        return self.fc2(hidden)


def test_a_training_loop_stays_as_it_is_and_every_step_is_there() -> None:
    torch.manual_seed(0)
    model, x, y = Net(), torch.randn(5, 3), torch.tensor([0, 1, 0, 1, 1])
    optimizer = torch.optim.Adam(model.parameters())
    gradients = []
    with adviz.watching() as recording:
        for _ in range(3):
            optimizer.zero_grad()
            logits = model(x)
            loss = F.cross_entropy(logits, y)
            loss.backward()
            gradients.append(model.fc1.weight.grad.clone())
            optimizer.step()
    assert len(recording.traces) == 3
    for trace, gradient in zip(recording.traces, gradients, strict=True):
        assert same_bits(trace.derivatives["adjoint"]["fc1_weight"], gradient)
        assert {"x", "y", "hidden", "logits", "loss", "fc2_bias"} <= trace.graph.names.keys()
        assert list(trace.graph.outputs) == ["loss"]
    assert not recording.differences
    assert repr(recording) == "<Recording of PyTorch: 3 backward passes, 10 contributions>"


def test_parameters_are_called_as_they_are_held() -> None:
    stack = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
    given = {"scale": tensor(1), 1: tensor(1, seed=1)}
    weights = [tensor(1, seed=2)]
    with adviz.watching() as recording:
        (stack(torch.ones(1, 2)) * given["scale"] * given[1] * weights[0]).sum().backward()
    names = set(recording.graph.inputs)
    assert {"stack_0_weight", "stack_1_bias", "scale", "given_1", "weights0", "ones"} <= names


def test_a_leaf_alone_is_no_pass() -> None:
    x = tensor()
    with adviz.watching() as recording:
        x.backward()
    assert (x.grad, recording.passes) == (1, [])


def test_what_is_given_has_its_own_name_however_it_is_handed_on() -> None:
    x, target = tensor(2), torch.zeros(2)
    with adviz.watching() as recording:
        F.mse_loss(x, target).backward()
    assert list(recording.graph.inputs) == ["x", "target"]


def test_where_an_operation_stands_is_told() -> None:
    graph = adviz.watch(Net(), torch.randn(5, 3), cotangent=torch.ones(5, 2)).graph
    assert graph.sources is not None
    assert graph.sources[graph.names["hidden"]].endswith(" of forward")


STARTS: dict[str, Callable[[Any, Any], Any]] = {
    "backward": lambda f, x: f.backward(),
    "backward of torch.autograd": lambda f, x: torch.autograd.backward([f]),
    "backward with a gradient": lambda f, x: f.backward(torch.ones_like(f)),
    "grad": lambda f, x: torch.autograd.grad(f, x),
    "grad with a gradient": lambda f, x: torch.autograd.grad([f], [x], torch.ones_like(f)),
    "backward to one input": lambda f, x: f.backward(inputs=[x]),
}


def test_what_no_pass_needs_may_be_anything() -> None:
    x = tensor(4)
    with adviz.watching() as recording:
        torch.fft.fft(x.detach())
        torch.eye(2).to_sparse()
        torch.zeros(2, device="meta") + 1
        with torch.inference_mode():
            (torch.ones(2) * 2).add_(1)
        x.exp().sum().backward()
    assert same_bits(recording.gradient["x"], x.grad)


@pytest.mark.parametrize("name", STARTS)
def test_whatever_starts_a_backward_pass_is_watched(name: str) -> None:
    x, y = torch.tensor(3.0, requires_grad=True), torch.tensor(2.0, requires_grad=True)
    with adviz.watching() as recording:
        f = (x + y) * (x - y)
        STARTS[name](f, x)
    assert recording.gradient["x"] == 6
    assert not recording.differences


def test_several_roots_have_their_seeds() -> None:
    x = torch.tensor(3.0, requires_grad=True)
    with adviz.watching() as recording:
        a = x * x
        b = a.sin()
        torch.autograd.backward([a, b], [torch.tensor(2.0), torch.tensor(5.0)])
    trace = recording.trace
    assert trace.seed == {"a": 2, "b": 5}
    assert same_bits(trace.derivatives["adjoint"]["x"], x.grad)


def test_a_local_partial_is_what_was_multiplied_by() -> None:
    x = torch.tensor(3.0, requires_grad=True)
    with adviz.watching() as recording:
        a = torch.sin(x)
        b = torch.tanh(-a)
        b.backward()
    partials = [step.partial for step in recording.trace.steps if step.edge]
    assert str(partials[0]) == "TanhBackward0(·)"
    assert partials[1:] == [-1, torch.cos(x.detach()).item()]


# --- What is wrong --------------------------------------------------------------------------------


def ruled(back: Callable[..., Any], forward: Callable[..., Any] = lambda x, w: x.exp() * w) -> Any:
    """Return a Function of one's own with a rule for going back: of x, w and what arrives."""

    def kept(ctx: Any, x: Any, w: Any) -> Any:
        ctx.save_for_backward(x, w)
        return forward(x, w)

    def backward(ctx: Any, g: Any) -> Any:
        return back(*ctx.saved_tensors, g)

    methods = {"forward": staticmethod(kept), "backward": staticmethod(backward)}
    return type("Scaled", (torch.autograd.Function,), methods)


RULES: dict[str, tuple[Callable[..., Any], list[str]]] = {
    "right": (lambda x, w, g: (g * x.exp() * w, g * x.exp()), []),
    "a sign": (lambda x, w, g: (-g * x.exp() * w, g * x.exp()), ["x"]),
    "a factor": (lambda x, w, g: (g * x.exp() * w, 2 * g * x.exp()), ["w"]),
    "what arrives is forgotten": (lambda x, w, g: (x.exp() * w, x.exp()), ["w", "x"]),
    "nothing is sent": (lambda x, w, g: (None, g * x.exp()), ["x"]),
    "no number": (lambda x, w, g: (g * x.exp() * w, g * float("nan")), ["w"]),
}


@pytest.mark.parametrize("name", RULES)
def test_a_wrong_rule_is_seen_as_it_is_and_where_it_is(name: str) -> None:
    back, wrong = RULES[name]
    x, w = tensor(3, seed=2), tensor(3, seed=3)
    with adviz.watching() as recording:
        y = ruled(back).apply(x, w)
        loss = (y * y).sum()
        loss.backward()
    assert sorted(one.to for one in recording.differences) == wrong
    assert {one.operation for one in recording.differences} <= {"Scaled"}
    for leaf, called in ((x, "x"), (w, "w")):
        found = recording.trace.derivatives["adjoint"][called]
        assert (
            found is None if leaf.grad is None else np.array_equal(found, leaf.grad, equal_nan=True)
        )


def test_what_is_let_go_of_inside_a_rule_of_ones_own_is_a_value_like_any() -> None:
    back = lambda x, w, g: (g * x.exp() * w, g * x.exp())  # noqa: E731 - a row
    recording = adviz.watch(ruled(back, lambda x, w: x.detach().exp() * w), tensor(3), tensor(3))
    assert not recording.differences
    assert not recording.unjudged


@pytest.mark.parametrize("name", ["maximum", "minimum", "fmax", "fmin"])
def test_ties_are_shared_as_pytorch_shares_them(name: str) -> None:
    assert not adviz.watch(getattr(torch, name), torch.tensor(2.0), torch.tensor(2.0)).differences


def test_a_difference_says_both_numbers() -> None:
    function = ruled(lambda x, w, g: (-g * w, g * x), forward=lambda x, w: x * w)
    recording = adviz.watch(function, torch.tensor(2.0), torch.tensor(3.0))
    (one,) = recording.differences
    assert repr(one) == "<Difference: Scaled sent x −3, not 3>"
    (mark,) = recording.marks.values()
    assert (mark.role, mark.note) == ("fault", "−3, not 3")
    silent = ruled(lambda x, w, g: (None, g * x), forward=lambda x, w: x * w)
    (one,) = adviz.watch(silent, torch.tensor([2.0, 1.0]), torch.tensor([3.0, 5.0])).differences
    assert one.note == "[1]: nothing, not 5"


def test_a_hook_that_changes_an_adjoint_is_seen() -> None:
    x = torch.tensor(3.0, requires_grad=True)
    with adviz.watching() as recording:
        a = x * x
        a.register_hook(lambda g: g / 2)
        (a * 4).backward()
    (one,) = recording.differences
    assert (one.operation, one.to, one.note) == ("a hook", "a", "2, not 4")
    assert recording.gradient["x"] == x.grad == 12


def test_what_is_not_known_is_not_judged() -> None:
    x = tensor(1, 1, 4)
    recording = adviz.watch(lambda x, w: F.conv1d(x, w).sum(), x, tensor(1, 1, 2))
    assert recording.unjudged == ["convolution"]
    assert not recording.differences


def test_what_runs_out_of_sight_is_a_node_all_the_same() -> None:
    def forward(x: Any, w: Any) -> Any:
        return torch.from_numpy(x.detach().numpy() * w.detach().numpy())

    back = lambda x, w, g: (g * w, g * x)  # noqa: E731 - a row
    recording = adviz.watch(ruled(back, forward), torch.tensor([2.0]), torch.tensor([3.0]))
    assert recording.unjudged == ["Scaled"]
    assert recording.gradient["x"] == [3.0]


def test_a_part_that_is_changed_in_place_is_a_node_too() -> None:
    x = tensor(3)
    with adviz.watching() as recording:
        a = x * 2
        a[0] = x[1]
        (a * a).sum().backward()
    assert recording.unjudged == ["CopySlices"]
    assert same_bits(recording.gradient["x"], x.grad)


def test_what_one_operation_outside_gave_is_known_by_its_name() -> None:
    x = tensor(3)
    a = x.exp()
    with adviz.watching() as recording:
        a.sum().backward()
    assert recording.graph.symbols[:2] == ("x", "a")
    assert recording.unjudged == ["Exp"]


@pytest.mark.parametrize("kind", ["float16", "bfloat16"])
def test_numbers_of_few_digits_are_judged_by_these(kind: str) -> None:
    args = [tensor(4, 3), tensor(2, 3), tensor(2)]
    narrow = [one.detach().to(getattr(torch, kind)).requires_grad_() for one in args]
    recording = adviz.watch(lambda x, W, b: torch.tanh(F.linear(x, W, b)).sum(), *narrow)
    assert not recording.differences
    assert not recording.unjudged
    x, w = narrow[1], narrow[1].detach() + 1
    wrong = adviz.watch(
        ruled(lambda x, w, g: (-g * x.exp() * w, g * x.exp())), x, w.requires_grad_()
    )
    assert {one.to for one in wrong.differences} == {"x"}
    with torch.autocast("cpu"), adviz.watching() as recording:
        F.linear(*args).sum().backward()
    assert not recording.differences


# --- What cannot be recorded ----------------------------------------------------------------------


def outside() -> None:
    f = tensor().exp().sin()
    with adviz.watching():
        (f * f).backward()


def several_results() -> None:
    with adviz.watching():
        a, b = torch.linalg.eigh(torch.eye(2).requires_grad_() * 2)
        (a.sum() + b.sum()).backward()


def of_complex() -> None:
    with adviz.watching():
        torch.view_as_complex(tensor(1, 2)).abs().sum().backward()


REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "outside": (outside, "run the whole forward pass while it is watched"),
    "several results": (several_results, "goes back from 2 results at once"),
    "complex": (of_complex, "a recording holds plain tensors of real numbers, and one is complex"),
    "no pass": (lambda: adviz.Recording([]).trace, "no backward pass was recorded; call loss"),
    "two tensors": (
        lambda: adviz.watch(lambda x: (x, x), tensor()),
        "watch needs a function that gives one tensor, with something to differentiate by; this "
        "gives tuple",
    ),
    "a cotangent": (
        lambda: adviz.watch(torch.exp, tensor(3), cotangent=torch.ones(2)),
        r"cotangent has the shape \(2,\), and the result \(3,\)",
    ),
    "a cotangent that is none": (
        lambda: adviz.watch(torch.exp, tensor(3), cotangent="x"),
        "cotangent = 'x'; it is a number, or an array of the result's shape",
    ),
    "no framework": (lambda: adviz.watch(len, [1]), "watch takes a function of PyTorch or JAX"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_recorded_is_refused_in_one_sentence(name: str) -> None:
    call, words = REFUSED[name]
    with pytest.raises(AdvizError, match=words):
        call()


def test_a_recording_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adviz.checking.recording.forward.MOST", 3)
    with pytest.raises(TooLarge, match="more than 3 operations"), adviz.watching():
        tensor().exp().exp().exp().exp()


# --- What it looks like ---------------------------------------------------------------------------


def test_a_recording_is_drawn_played_and_tabulated(tmp_path: Path) -> None:
    function, args = MODELS["Rumelhart's network"]
    recording = adviz.watch(function, *args)
    film = adviz.animate(recording)
    film.save(tmp_path / "film.html")
    film.save(tmp_path / "film.json")
    adviz.draw(recording).save(tmp_path / "step.svg")
    adviz.animate(recording.trace, around="f", depth=2).save(tmp_path / "part.svg")
    adviz.table(recording).save(tmp_path / "table.json")
    adviz.animate(recording.trace).save(tmp_path / "trace.html")
    adviz.draw(recording.graph).save(tmp_path / "graph.html")
    assert not adviz.animate(recording.trace).scene.inside
    assert json.loads((tmp_path / "table.json").read_text("utf-8"))
    sums = sum(step.edge is not None for step in recording.trace.steps)
    assert len([one for one in film.scene.frames if one.kind == "contribution"]) == sums


def test_the_examples_of_the_documentation_give_what_they_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for code, said in examples("PyTorch"):
        assert run(code) == said


def test_a_long_recording_is_played_node_by_node() -> None:
    x = tensor()
    with adviz.watching() as recording:
        h = x
        for _ in range(30):
            h = torch.tanh(h) + x
        h.backward()
        h = x.exp()
        h.backward(retain_graph=True)
        h.backward()
    assert [len(one.graph) for one in recording.traces] == [61, 2, 2]
    long = adviz.Recording(recording.passes[:1])
    assert len(adviz.animate(long).scene.graph) == 61


def test_an_operation_of_a_framework_has_no_rule_and_says_so(tmp_path: Path) -> None:
    graph = adviz.watch(lambda x: F.mse_loss(x, torch.ones(2)), torch.zeros(2)).graph
    with pytest.raises(AdvizError, match="mse_loss was computed by PyTorch while it was recorded"):
        adviz.gradient(graph, {"x": [1, 2], "ones": [3, 4]})
    with pytest.raises(
        AdvizError, match="mse_loss is computed by PyTorch, and no file holds that; save"
    ):
        adviz.save(graph, tmp_path / "graph.json")
    assert not list(tmp_path.iterdir())


def test_a_recording_is_pickled() -> None:
    trace = adviz.watch(*MODELS["least squares"][:1], *MODELS["least squares"][1]).trace
    again = pickle.loads(pickle.dumps(trace))  # noqa: S301 - its own
    assert again.graph == trace.graph
    assert repr(again.steps[-1]) == repr(trace.steps[-1])
