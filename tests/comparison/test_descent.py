"""Descents: by closed forms, by NumPy by hand, by PyTorch, on digits that scikit-learn ships."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest

import adviz
from adviz.comparison.descent.descend import MOST_NUMBERS
from adviz.comparison.descent.examples import batches
from adviz.functions import softplus

Arrays = dict[str, Any]

# --- what is learned -----------------------------------------------------------------------------


def logistic(w: Any, b: Any, x: Any, y: Any) -> Any:
    """Return the cross entropy of a logistic regression at one example."""
    z = w @ x + b
    return softplus(z) - y * z


def network(W: Any, b: Any, v: Any, c: Any, x: Any, y: Any) -> Any:  # noqa: N803 - a matrix
    """Return the cross entropy of a network with one hidden layer at one example."""
    z = v @ np.tanh(W @ x + b) + c
    return softplus(z) - y * z


def logits(model: str, p: Arrays, x: Any) -> Any:
    """Return what a model says of the rows of x, by NumPy."""
    if model == "logistic":
        return x @ p["w"] + p["b"]
    return np.tanh(x @ p["W"].T + p["b"]) @ p["v"] + p["c"]


def logistic_gradient(p: Arrays, x: Any, y: Any) -> Arrays:
    """Return the mean gradient over a batch, by hand."""
    error = (1 / (1 + np.exp(-logits("logistic", p, x))) - y) / len(y)
    return {"w": error @ x, "b": error.sum()}


def network_gradient(p: Arrays, x: Any, y: Any) -> Arrays:
    """Return the mean gradient over a batch, by backpropagation by hand."""
    hidden = np.tanh(x @ p["W"].T + p["b"])
    error = (1 / (1 + np.exp(-(hidden @ p["v"] + p["c"]))) - y) / len(y)
    inner = np.outer(error, p["v"]) * (1 - hidden**2)
    return {"W": inner.T @ x, "b": inner.sum(axis=0), "v": error @ hidden, "c": error.sum()}


@dataclass(frozen=True)
class Task:
    """A model, its gradient by hand, its data, and how it is trained."""

    model: str
    loss: Callable[..., Any]
    gradient: Callable[[Arrays, Any, Any], Arrays]
    start: Callable[[], Arrays]
    data: Callable[[], tuple[Any, Any]]
    training: int
    """How many of the examples are learned from; the others are asked afterwards."""
    rate: float
    steps: int
    batch: int | None
    accuracy: float
    """The least part of the other examples that it must get right."""

    def examples(self, learned: bool) -> Arrays:
        x, y = self.data()
        part = slice(None, self.training) if learned else slice(self.training, None)
        return {"x": x[part], "y": y[part]}

    def descend(self, **asked: Any) -> adviz.Descent:
        settings = {"rate": self.rate, "steps": self.steps, "batch": self.batch, **asked}
        data = self.examples(learned=True)
        return adviz.descend(self.loss, at=self.start(), data=data, seed=0, **settings)

    def batches(self) -> Iterator[tuple[Any, Any]]:
        """Yield the batches as anybody would draw them from the seed."""
        generator, data = np.random.default_rng(0), self.examples(learned=True)
        count, size = self.training, self.batch or self.training
        for _ in range(self.steps):
            order = generator.permutation(count) if size < count else np.arange(count)
            for start in range(0, count, size):
                places = order[start : start + size]
                yield data["x"][places], data["y"][places]


def threes_and_eights() -> tuple[Any, Any]:
    """Return images of the digits 3 and 8, 64 numbers from 0 to 1 each, and which are an 8."""
    digits = pytest.importorskip("sklearn.datasets").load_digits()
    chosen = np.isin(digits.target, [3, 8])
    return digits.data[chosen] / 16, (digits.target[chosen] == 8).astype(float)


def odd_digits() -> tuple[Any, Any]:
    """Return images of all digits in 16 pixels, and which are odd."""
    digits = pytest.importorskip("sklearn.datasets").load_digits()
    pixels = digits.images.reshape(-1, 4, 2, 4, 2).mean(axis=(2, 4)).reshape(-1, 16) / 16
    return pixels, (digits.target % 2).astype(float)


def small_weights() -> Arrays:
    generator = np.random.default_rng(0)
    return {
        "W": generator.normal(scale=0.5, size=(8, 16)),
        "b": np.zeros(8),
        "v": generator.normal(scale=0.5, size=8),
        "c": 0.0,
    }


TASKS = {
    "logistic regression, all examples": Task(
        "logistic", logistic, logistic_gradient, lambda: {"w": np.zeros(64), "b": 0.0},
        threes_and_eights, 238, rate=0.5, steps=200, batch=None, accuracy=0.9,
    ),
    "logistic regression, batches": Task(
        "logistic", logistic, logistic_gradient, lambda: {"w": np.zeros(64), "b": 0.0},
        threes_and_eights, 238, rate=0.5, steps=300, batch=16, accuracy=0.9,
    ),
    "network, batches": Task(
        "network", network, network_gradient, small_weights,
        odd_digits, 1200, rate=0.5, steps=1000, batch=32, accuracy=0.85,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TASKS)
def test_the_parameters_are_those_of_numpy_by_hand(name: str) -> None:
    task = TASKS[name]
    found, by_hand = task.descend(), task.start()
    for _, (x, y) in zip(range(task.steps), task.batches(), strict=False):
        gradient = task.gradient(by_hand, x, y)
        by_hand = {part: by_hand[part] - task.rate * gradient[part] for part in by_hand}
    for part, numbers in found.parameters.items():
        np.testing.assert_allclose(numbers, by_hand[part], rtol=1e-11, atol=1e-13, err_msg=part)
    assert found.verdict == "agrees"
    assert [len(report.points) for report in found.checks] == [1, 1]
    held = task.examples(learned=False)
    right = (logits(task.model, found.parameters, held["x"]) > 0) == held["y"]
    assert right.mean() >= task.accuracy


@pytest.mark.parametrize("name", TASKS)
def test_the_parameters_are_those_of_pytorch(name: str) -> None:
    if not find_spec("torch"):
        pytest.skip("PyTorch is not installed: pip install torch")
    import torch

    task = TASKS[name]
    weights: dict[str, Any] = {
        part: torch.tensor(number, dtype=torch.float64, requires_grad=True)
        for part, number in task.start().items()
    }
    optimizer = torch.optim.SGD(weights.values(), lr=task.rate)
    for _, (x, y) in zip(range(task.steps), task.batches(), strict=False):
        optimizer.zero_grad()
        rows, labels = torch.tensor(x), torch.tensor(y)
        hidden = torch.tanh(rows @ weights["W"].T + weights["b"]) if "W" in weights else rows
        w, b = (weights["v"], weights["c"]) if "W" in weights else (weights["w"], weights["b"])
        loss = torch.nn.functional.binary_cross_entropy_with_logits(hidden @ w + b, labels)
        loss.backward()
        optimizer.step()
    found = task.descend(checks=0)
    for part, numbers in found.parameters.items():
        theirs = weights[part].detach().numpy()
        np.testing.assert_allclose(numbers, theirs, rtol=1e-11, atol=1e-13, err_msg=part)


# --- laws ----------------------------------------------------------------------------------------

LINE: Arrays = {"x": [0.0, 1.0, 2.0, 4.0], "y": [1.0, 2.5, 5.5, 9.0]}
SQUARES = "(w*x + b - y)**2"
ORIGIN = {"w": 0.0, "b": 0.0}


def line(**asked: Any) -> adviz.Descent:
    return adviz.descend(
        SQUARES, **{"at": ORIGIN, "data": LINE, "rate": 0.05, "steps": 50, **asked}
    )


def test_least_squares_are_found() -> None:
    found = line(rate=0.1, steps=2000).parameters
    rows = np.column_stack([LINE["x"], np.ones(4)])
    best, *_ = np.linalg.lstsq(rows, np.array(LINE["y"]))
    assert [found["w"], found["b"]] == pytest.approx(best.tolist(), rel=1e-12)


def test_on_a_parabola_every_step_shrinks_the_point_by_a_factor() -> None:
    """Of a*x²/2 a step gives x - r*a*x: (1 - r*a)ᵏ times the start after k steps."""
    found = adviz.descend("a = 3; a*x**2/2", at={"x": 2}, rate=0.1, steps=30)
    assert found.path[:, 0] == pytest.approx(2 * 0.7 ** np.arange(31), rel=1e-13)
    assert found.losses == pytest.approx(1.5 * found.path[:, 0] ** 2, rel=1e-13)
    assert found.norms == pytest.approx(3 * found.path[:, 0], rel=1e-13)


def test_losses_and_norms_are_those_of_the_iterates() -> None:
    found = line()
    for one in found.iterates[::10]:
        point = dict(zip(found.names, one.point, strict=True))
        loss, gradient = adviz.compile(SQUARES, wrt=["w", "b"])(**point, **LINE)
        means = np.array([np.mean(part) for part in gradient.values()])
        assert one.loss == pytest.approx(loss.mean(), rel=1e-13)
        assert one.norm == pytest.approx(np.linalg.norm(means), rel=1e-13)


def test_a_descent_goes_on_from_where_another_ended() -> None:
    whole, half = line(steps=40), line(steps=20)
    rest = line(steps=20, at=half.parameters)
    assert rest.path.tolist() == whole.path[20:].tolist()


@pytest.mark.parametrize("batch", [1, 3, 4, None])
def test_the_same_seed_is_the_same_descent(batch: int | None) -> None:
    first, again = line(batch=batch, seed=5), line(batch=batch, seed=np.random.default_rng(5))
    assert first.path.tolist() == again.path.tolist()
    other = line(batch=batch, seed=6)
    assert (first.path.tolist() == other.path.tolist()) == (batch in (4, None))


@pytest.mark.parametrize(("count", "size"), [(7, 1), (7, 3), (7, 7), (1, 1), (6, 3)])
def test_a_pass_holds_every_example_once(count: int, size: int) -> None:
    drawn, passes = batches(count, size, 0), -(-count // size)
    for _ in range(3):
        places = [place for _ in range(passes) for place in next(drawn).tolist()]
        assert sorted(places) == [*range(count)]


def test_a_schedule_gives_the_rate_of_every_step() -> None:
    found = adviz.descend("x", at={"x": 0}, rate=lambda step: 1 / (1 + step), steps=4)
    assert [one.rate for one in found.iterates] == [1, 1 / 2, 1 / 3, 1 / 4, 1 / 5]
    assert found.path[-1] == pytest.approx([-(1 + 1 / 2 + 1 / 3 + 1 / 4)])


def test_examples_that_are_matrices_are_taken_whole() -> None:
    images = np.arange(24.0).reshape(3, 2, 4) / 24
    found = adviz.descend(
        lambda w, image, y: (np.sum(w * image) - y) ** 2,
        at={"w": np.ones((2, 4))}, data={"image": images, "y": [0, 1, 2]}, rate=0.1, steps=1,
    )  # fmt: skip
    errors = images.sum(axis=(1, 2)) - np.arange(3)
    slope = np.mean(2 * errors[:, None, None] * images, axis=0)
    assert found.parameters["w"] == pytest.approx(1 - 0.1 * slope)


@dataclass(frozen=True)
class Layer:
    weights: Any
    bias: float


@pytest.mark.parametrize(
    ("loss", "start"),
    [
        (lambda layers: sum(w @ w + b * b for w, b in layers), {"layers": [(np.ones(2), 3.0)]}),
        (lambda p: p["a"] ** 2 + p["b"][0] ** 2, {"p": {"a": 1.0, "b": np.ones(1)}}),
        (lambda p: p.weights @ p.weights + p.bias**2, {"p": Layer(np.ones(3), 2.0)}),
        (lambda v, u: v @ v + u * u, {"u": 1.0, "v": [1.0, 2.0]}),
    ],
)
def test_parameters_come_back_as_they_were_given(
    loss: Callable[..., Any], start: Mapping[str, Any]
) -> None:
    """Of a sum of squares a step with rate 1/4 halves every parameter."""
    found = adviz.descend(loss, at=start, rate=0.25, steps=1)
    halved, before = found.parameters, found.parameters_at(0)
    assert repr(before) == repr(start).replace("[1.0, 2.0]", "array([1., 2.])")
    again = adviz.descend(loss, at=halved, rate=0.25, steps=1)
    assert again.path[0].tolist() == (found.path[0] / 2).tolist()


def test_what_was_given_may_change_afterwards() -> None:
    start = {"v": np.array([1.0, 2.0])}
    found = adviz.descend(lambda v: v @ v, at=start, rate=0.25, steps=1)
    start["v"][:] = 7
    assert found.parameters_at(0)["v"].tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match="read-only"):
        found.iterates[0].point[0] = 7


# --- verdicts ------------------------------------------------------------------------------------


def test_a_wrong_gradient_is_found_where_it_is_used() -> None:
    bent = adviz.primitive("bent", "x*x", partials="3*x")
    loss = adviz.build("bent(x - 1)", functions=[bent])
    found = adviz.descend(loss, at={"x": 3.0}, rate=0.1, steps=3)
    assert found.verdict == "wrong gradient"
    assert found.headline.endswith(
        "gradients at the first step: wrong gradient, at the last: wrong gradient"
    )


@pytest.mark.parametrize("checks", [0, 1, 3])
def test_so_many_examples_are_checked_at_both_ends(checks: int) -> None:
    found = line(batch=3, checks=checks)
    assert [len(report.points) for report in found.checks] == ([checks, checks] if checks else [])
    assert found.verdict == ("agrees" if checks else None)
    for report, end in zip(found.checks, (0, -1), strict=False):
        point = dict(zip(found.names, found.iterates[end].point, strict=True))
        assert all(point.items() <= dict(one).items() for one in report.points)


# --- views ---------------------------------------------------------------------------------------


def test_a_table_shows_the_first_and_the_last_step() -> None:
    found = line(steps=1000)
    steps = [int(row[0]) for row in found.grid.rows]
    assert steps == [*range(0, 1001, 100)]
    assert found.grid.headings == ("step", "loss", "gradient norm", "w", "b")
    for text in (str(found), found.markdown(), found.html()):
        assert text.count("\n") >= 11
        assert "1000" in text


def test_many_parameters_have_no_columns() -> None:
    found = adviz.descend(lambda v: v @ v, at={"v": np.ones(5)}, rate=0.1, steps=2)
    assert found.grid.headings == ("step", "loss", "gradient norm")
    assert repr(found).startswith("<Descent in v0, v1, v2, v3, v4: loss 5 at the start")


def test_json_holds_every_step() -> None:
    found = line(batch=2)
    data = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert len(data["steps"]) == 51
    assert data["steps"][7]["parameters"] == dict(zip(found.names, found.path[7], strict=True))
    assert [check["verdict"] for check in data["checks"]] == ["agrees", "agrees"]


def test_the_loss_curve_is_the_losses() -> None:
    found = line()
    (curve,) = found.loss_curve().curves
    assert [y for _, y in curve.points] == found.losses.tolist()
    assert found.loss_curve().title.startswith("Loss: ")


def test_the_loss_curve_of_batches_has_the_means_of_passes() -> None:
    found = line(batch=3, steps=9)
    batches, means = found.loss_curve().curves
    assert [y for _, y in batches.points] == found.losses.tolist()
    assert [x for x, _ in means.points] == [0.5, 2.5, 4.5, 6.5, 8.5]
    expected = found.losses.reshape(5, 2).mean(axis=1)
    assert [y for _, y in means.points] == pytest.approx(expected)


# --- bad calls -----------------------------------------------------------------------------------


def bad(said: str, **asked: Any) -> tuple[str, dict[str, Any]]:
    return said, asked


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        bad("rate = 0; it is a finite number above 0", rate=0),
        bad("rate = -0.1; it is a finite number above 0", rate=-0.1),
        bad("rate = 'fast' is str; it must be a real number", rate="fast"),
        bad("rate(2) = 0; it is a finite number above 0", rate=lambda step: 2 - step),
        bad("steps = 0 must be a whole number from 1 on", steps=0),
        bad("batch = 5 must be a whole number from 1 to 4, the number of examples", batch=5),
        bad("checks = -1; it is a whole number from 0 on", checks=-1),
        bad(
            "seed = -1; it is a whole number from 0 on, or a numpy.random.Generator", seed=-1,
        ),
        bad("there is no input 'c'; the inputs are w, x, b, y", at={**ORIGIN, "c": 1}),
        bad("b: neither in at=, where each parameter starts, nor in data=", at={"w": 1}),
        bad("y: neither in at=, where each parameter starts, nor in data=", data={"x": [1]}),
        bad("at = [0, 0]; it is a mapping such as {'w': 0.0}", at=[0, 0]),
        bad("w is given twice, in at= as a parameter and in data=", data={**LINE, "w": [1] * 4}),
        bad(
            "data of unequal length: x has 2, y has 3; each needs one entry for each example",
            data={"x": [1, 2], "y": [1, 2, 3]},
        ),
        bad(
            "data x has no examples; it is an array whose first axis they are",
            data={"x": 1.0, "y": [1.0]},
        ),
        bad(
            "data x[1] = nan is not finite; leave it out",
            data={"x": [1, float("nan")], "y": [1, 2]},
        ),
        bad(
            "there is no parameter to learn; at= gives where each starts",
            at={}, data={name: [1] for name in "wxby"},
        ),
        bad(
            f"steps = {10**9} with 2 parameters are more numbers than are kept, {MOST_NUMBERS}; "
            "take fewer steps, and go on with at=descent.parameters",
            steps=10**9,
        ),
    ],
)  # fmt: skip
def test_a_bad_call_says_what_would_work(said: str, asked: dict[str, Any]) -> None:
    with pytest.raises(adviz.AdvizError) as caught:
        line(**asked)
    assert str(caught.value) == said


@pytest.mark.parametrize(
    ("loss", "asked", "said"),
    [
        (
            "log(x)", {"at": {"x": 1}, "rate": 4.0},
            "the descent left the domain of the loss at step 1 (start elsewhere, or learn the "
            "logarithm of a parameter that must be above 0): log is undefined at -3.0",
        ),
        (
            "log(w)*x", {"at": {"w": 1}, "data": {"x": [0, 0, 3]}, "rate": 4.0},
            "the descent left the domain of the loss at step 1 (start elsewhere, or learn the "
            "logarithm of a parameter that must be above 0): at example 0, log is "
            "undefined at -3.0",
        ),
        (
            "(w*x)**2", {"at": {"w": 1}, "data": {"x": [0, 2.0]}, "rate": 9.0},
            "(take a rate below 9.0): at example 1, overflow: pow of 5.1",
        ),
        (
            "x*y", {"at": {"x": 1}, "data": {"y": [1e300]}, "rate": 1e10},
            "the descent diverged at step 1 (take a rate below 10000000000.0): at example 0,"
            " x = -inf is not finite",
        ),
        (
            "overflow = w*x; log(overflow)", {"at": {"w": 1}, "data": {"x": [1.0]}, "rate": 4.0},
            "the descent left the domain of the loss at step 1 (start elsewhere, or learn the "
            "logarithm of a parameter that must be above 0): at example 0, log is "
            "undefined at -3.0 (node overflow = w * x",
        ),
        ("sqrt(x)", {"at": {"x": 0}, "rate": 0.1}, "the descent cannot start there: df/dx is inf"),
        (
            "log(w - x)", {"at": {"w": 1}, "data": {"x": [0.0, 1.0, 2.0]}, "rate": 0.1},
            "the descent cannot start there: at example 1, log is undefined at 0.0",
        ),
        (
            "x*y", {"at": {"x": 1e308}, "data": {"y": [1.0, 1.0]}, "rate": 0.1},
            "the descent cannot start there: the sum over the batch overflows",
        ),
    ],
)  # fmt: skip
def test_where_a_descent_stops_is_said_with_the_example(
    loss: str, asked: dict[str, Any], said: str
) -> None:
    with pytest.raises(adviz.AdvizError) as caught:
        adviz.descend(loss, steps=1000, **asked)
    assert said in str(caught.value)
    assert "pass " not in str(caught.value)


def test_a_branch_that_another_example_takes_is_refused() -> None:
    def loss(w: Any, x: Any) -> Any:
        return w * x if x > 0 else -w * x

    with pytest.raises(adviz.AdvizError, match="it was built where x > 0 is True"):
        adviz.descend(loss, at={"w": 1.0}, data={"x": [1.0, -1.0]}, rate=0.1)


@pytest.mark.parametrize("step", [-1, 51, 1.5, "1"])
def test_a_step_that_was_not_taken_is_refused(step: Any) -> None:
    with pytest.raises(adviz.AdvizError, match="it is a whole number from 0 to 50"):
        line().parameters_at(step)
