"""Traced functions that keep their arrays: what is read, what is computed, what is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from networks import drawn
from scipy.special import expit, logsumexp, softmax

import adviz
from adviz.modes.scalars import expanded
from adviz.sources.tracing.keeping.functions import FUNCTIONS

M = np.arange(6.0).reshape(2, 3) / 7
Shapes = Mapping[str, Any]


def _assigned(x: Any) -> Any:
    z = np.zeros(3)
    z[0] = x[0]
    z[1:] = x[1:] ** 2
    return z * x


def _looped(x: Any) -> Any:
    total = 0.0
    for row in x:
        total = total + row @ row
    return total


READ: Mapping[str, tuple[Callable[..., Any], Shapes]] = {
    "matrix product": (lambda A, B: A @ B, {"A": (2, 3), "B": (3, 2)}),
    "stack of products": (lambda A, B: A @ B, {"A": (5, 1, 2, 3), "B": (4, 3, 2)}),
    "stack of one": (lambda A, B: A @ B, {"A": (1, 2, 3), "B": (4, 3, 2)}),
    "stack and vector": (lambda A, b: A @ b, {"A": (4, 2, 3), "b": 3}),
    "vector and stack": (lambda a, B: a @ B, {"a": 3, "B": (4, 3, 2)}),
    "constant on the left": (lambda x: M @ x + np.ones(2) * x[0], {"x": 3}),
    "dot": (lambda A, B: np.dot(A, B), {"A": (2, 3), "B": (4, 3, 2)}),
    "dot with a number": (lambda A, c: np.dot(A, c), {"A": (2, 3), "c": ()}),
    "inner, outer, vdot": (
        lambda x, y: np.outer(x, y) + np.inner(x, x) + np.vdot(y, y),
        {"x": 3, "y": 2},
    ),
    "einsum of two": (lambda x: np.einsum("ij,kj->ik", x, x), {"x": (2, 3)}),
    "einsum summed alone": (lambda x, y: np.einsum("ij,jk->k", x, y), {"x": (2, 3), "y": (3, 2)}),
    "einsum without an arrow": (lambda x, y: np.einsum("ij,jk", x, y), {"x": (2, 3), "y": (3, 2)}),
    "einsum of one": (lambda x: np.einsum("ijk->ki", x), {"x": (2, 3, 2)}),
    "mean, variance": (
        lambda x: np.var(x) + np.std(x, axis=0) + x.mean(axis=-1).sum(),
        {"x": (3, 2)},
    ),
    "sample variance": (lambda x: x.var(ddof=1, keepdims=True), {"x": (3, 2)}),
    "largest, least": (
        lambda x: x.max(axis=0) - np.min(x, axis=(0, 1)) + np.amax(x),
        {"x": (3, 2)},
    ),
    "running sums": (lambda x: np.cumsum(x, axis=1) ** 2 + np.cumsum(x)[-1], {"x": (2, 3)}),
    "product, trace": (lambda x: np.prod(x) * np.trace(x) + np.prod(x, axis=0), {"x": (2, 2)}),
    "diagonal": (lambda x: np.diag(x) + x.diagonal(1)[0] + np.diagonal(x, -1), {"x": (2, 2)}),
    "clip": (lambda x: np.clip(x, 0.8, 1.5) + x.clip(0.9), {"x": (2, 2)}),
    "norm": (lambda x: np.linalg.norm(x) + np.linalg.norm(x, axis=1), {"x": (2, 3)}),
    "log-sum-exp": (
        lambda x: logsumexp(x, axis=1) + softmax(x, axis=1)[:, 0] + logsumexp(x),
        {"x": (3, 2)},
    ),
    "ufuncs": (
        lambda x: expit(x) + np.hypot(x, 2.0) + np.maximum(x, 1) - np.reciprocal(x),
        {"x": 3},
    ),
    "reduce": (lambda x: np.add.reduce(x) + np.maximum.reduce(x, axis=1)[0], {"x": (2, 3)}),
    "where, known": (lambda x: np.where(np.array([True, False, True]), x, x**2), {"x": 3}),
    "where, traced": (lambda x: np.where((x > 1) | ~(x < 0.7), x**2, 3 * x), {"x": 3}),
    "counted": (lambda x: np.sum(x > 1) + (x > 1) * x, {"x": 3}),
    "shapes": (
        lambda x: x.reshape(3, 2).T.ravel()[1:] + x.flatten()[:-1] + x.size + len(x),
        {"x": (2, 3)},
    ),
    "rest of a shape": (lambda x: x.reshape(-1, 2) @ np.ones((2, 1)), {"x": (2, 3)}),
    "axes": (
        lambda x: np.swapaxes(x, 0, -1) + np.moveaxis(x, 0, 2).transpose(1, 0, 2).T,
        {"x": (2, 2, 2)},
    ),
    "new axes": (
        lambda x: np.expand_dims(x, 1) * x[None, :] + np.squeeze(x[:, None, None])[0],
        {"x": 3},
    ),
    "indices": (lambda x: x[-1, ::-1] + x[[0, 1, 0], [2, 1, 0]] + x[..., 1:].sum(), {"x": (2, 3)}),
    "masks": (lambda x: x[np.array([True, False, True])] * x[[False, True, True]], {"x": 3}),
    "take": (lambda x: np.take(x, [2, 0]) + x.take([1], axis=1)[:, 0], {"x": (2, 3)}),
    "joined": (lambda x, y: np.concatenate([x, y, x], axis=1), {"x": (2, 1), "y": (2, 2)}),
    "joined in a row": (lambda x, y: np.concatenate([x, y], axis=None), {"x": (2, 1), "y": (2, 2)}),
    "stacked": (
        lambda x: np.stack([x, x**2], axis=1) + np.vstack([x, x]).T + np.hstack([x, x])[0],
        {"x": 3},
    ),
    "lists": (lambda x: np.array([x[0], x[1] * 2, 3.0]) * x + np.asarray(x), {"x": 3}),
    "likes": (
        lambda x: np.ones_like(x) * x + np.zeros_like(x) + np.broadcast_to(x[0], (3,)),
        {"x": 3},
    ),
    "assigned": (_assigned, {"x": 3}),
    "looped": (_looped, {"x": (3, 2)}),
    "several": (lambda x: [x.sum(), x * 2, (x @ x, 1.0)], {"x": 3}),
    "labelled": (lambda x: {"a": x.T, "b": x[0, 1], "c": {"d": x[1]}}, {"x": (2, 2)}),
    "a constant": (lambda x: [x, np.ones(2)], {"x": 2}),
}


def flat(result: Any) -> list[float]:
    """Return all numbers of a result in order."""
    if isinstance(result, Mapping):
        result = list(result.values())
    if isinstance(result, list | tuple):
        return [number for part in result for number in flat(part)]
    numbers: list[float] = np.ravel(result).tolist()
    return numbers


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", READ)
def test_arrays_are_kept_and_nothing_changes(name: str) -> None:
    function, shapes = READ[name]
    graph = adviz.build(function, shapes=shapes, arrays=True)
    point = {n: abs(x) + 0.3 for n, x in drawn(graph, 1).items()}
    np.testing.assert_allclose(
        flat(adviz.evaluate(graph, point).value), flat(function(**point)), rtol=1e-13
    )
    known = adviz.jacobian(adviz.build(function, shapes=shapes), point)
    found = adviz.jacobian(expanded(graph), point)
    for one, other in zip(known.values(), found.values(), strict=True):
        np.testing.assert_allclose(
            [*other.values()], [one[name] for name in other], rtol=1e-12, atol=1e-13
        )


def test_an_array_is_one_node() -> None:
    graph = adviz.build(lambda W, x: np.tanh(W @ x), shapes={"W": (30, 20), "x": 20}, arrays=True)
    assert [graph.ops[n] for n in range(len(graph))] == ["input", "input", "einsum", "tanh"]
    assert graph.shapes == {0: (30, 20), 1: (20,), 2: (30,), 3: (30,)}
    assert graph.params == {2: ("ij", "j", "i")}


def test_shapes_come_from_a_point_and_locals_name_nodes() -> None:
    def layer(p: Any, x: Any) -> Any:
        hidden = p["W"] @ x + p["b"]
        return np.tanh(hidden).sum()

    point = {"p": {"W": np.ones((2, 3)), "b": np.zeros(2)}, "x": [1.0, 2.0, 3.0]}
    graph = adviz.build(layer, at=point, arrays=True)
    assert list(graph.inputs) == ["p_W", "p_b", "x"] and graph.shape(graph.names["hidden"]) == (2,)
    assert adviz.gradient(graph, point)["p_W"].shape == (2, 3)
    with pytest.raises(adviz.AdvizError, match="p holds p_W at this point; it needs p_W, p_b"):
        adviz.gradient(graph, point | {"p": {"W": np.ones((2, 3))}})


def test_a_branch_is_followed_at_a_point() -> None:
    def f(x: Any) -> Any:
        return x.sum() * 2 if x[0] > 0 else x @ x

    graph = adviz.build(f, at={"x": [1.0, 2.0]}, arrays=True)
    assert adviz.gradient(graph, {"x": [3.0, 1.0]})["x"].tolist() == [2.0, 2.0]
    with pytest.raises(adviz.AdvizError, match="does not describe this point"):
        adviz.gradient(graph, {"x": [-3.0, 1.0]})


def test_a_function_may_be_called_as_its_argument() -> None:
    def row(row: Any) -> Any:
        return (row**2).sum()

    assert [*adviz.build(row, shapes={"row": 3}, arrays=True).outputs] == ["row_"]


def test_a_function_without_arrays_is_a_graph_of_numbers() -> None:
    graph = adviz.build(lambda x, y: x * y, arrays=True)
    assert graph == adviz.build(lambda x, y: x * y) and graph.text == "f(x, y) = x*y"


def test_several_callables_are_one_graph() -> None:
    parts = {"p": lambda x: x * 2, "q": lambda x: x.sum()}
    graph = adviz.build(parts, shapes={"x": 3}, arrays=True)
    assert graph.shape(graph.outputs["p"]) == (3,) and len(graph.inputs) == 1


def test_a_graph_with_arrays_is_a_part_beside_others() -> None:
    part = adviz.build(lambda x: x.sum(), shapes={"x": 3}, arrays=True)
    graph = adviz.build({"p": part, "q": "2*y"}, arrays=True)
    assert graph.shape(graph.inputs["x"]) == (3,) and graph.outputs.keys() == {"p", "q"}
    with pytest.raises(adviz.AdvizError, match="there is no function sum"):
        adviz.build("sum(x)", arrays=True)


def test_a_callable_that_is_something_else_is_noticed() -> None:
    def f(x: Any) -> Any:
        return x * 3 if hasattr(x, "tape") else x * 2

    with pytest.raises(adviz.AdvizError, match=r"f is not what was traced: at x0 = "):
        adviz.build(f, shapes={"x": 2}, arrays=True)


REFUSED: list[tuple[Callable[..., Any], tuple[str, ...]]] = [
    (
        lambda x: np.sort(x),
        ("np.sort does not keep arrays; line ", "leave arrays=True out", "np.stack"),
    ),
    (lambda x: np.fft.fft(x), ("np.fft.fft does not keep arrays",)),
    (lambda x: x + np.ones(4), ("add of the shapes (3,) and (4,): they do not broadcast; line ",)),
    (lambda x: np.ones((2, 2)) @ x, ("einsum of the shapes", "the axis j has the size 2 and 3")),
    (lambda x: x @ 2.0, ("a matrix product takes no single numbers",)),
    (lambda x: 1.0 if x > 0 else 2.0, ("an array of the shape (3,) is neither true nor false",)),
    (lambda x: x[5], ("index 5 is out of bounds for axis 0 with size 3; line ",)),
    (lambda x: x.sum(axis=1), ("there is no axis 1 of the shape (3,); line ",)),
    (lambda x: x.reshape(2, 2), ("reshape of the shape (3,), shape (2, 2): 3 elements are not 4",)),
    (lambda x: x.__setitem__(0, 1.0), ("a traced array cannot be changed in place",)),
    (lambda x: x[x], ("an index must be known, and is traced",)),
    (lambda x: np.sum(x, where=[True, False, True]), ("np.sum cannot be traced so",)),
    (lambda x: np.exp(x, where=[True, False, True]), ("np.exp with where= does not keep arrays",)),
    (lambda x: np.multiply.accumulate(x), ("np.multiply.accumulate does not keep arrays",)),
    (lambda x: np.einsum("ii->i", np.outer(x, x)), ("each letter once in each",)),
    (lambda x: np.linalg.norm(x, 1), ("only the Euclidean one is kept",)),
    (lambda x: np.where(x > 0), ("np.where needs both values",)),
]


@pytest.mark.parametrize(("function", "words"), REFUSED)
def test_what_keeps_no_arrays_is_refused(function: Any, words: tuple[str, ...]) -> None:
    with pytest.raises(adviz.errors.TracingError) as caught:
        adviz.build(function, shapes={"x": 3}, arrays=True)
    assert all(said in str(caught.value) for said in words)


def test_every_function_has_a_name_of_a_library() -> None:
    from adviz.sources.tracing.library import full_name

    for name in FUNCTIONS.keys() - {"index"}:
        module, _, function = name.rpartition(".")
        home = {"np": np, "np.linalg": np.linalg}.get(module) or __import__(module, fromlist=["_"])
        assert full_name(getattr(home, function)) in FUNCTIONS


def test_a_function_of_the_table_keeps_an_array_one_node() -> None:
    def f(x: Any) -> Any:
        return adviz.functions.relu(x) + adviz.functions.max(x, 0)

    graph = adviz.build(f, shapes={"x": (2, 3)}, arrays=True)
    assert [op for op in graph.ops if op != "const"] == ["input", "relu", "max", "add"]
