"""The derivative graph of a graph with arrays: what it computes is what reverse mode finds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from networks import drawn, graph_of

import adviz

SHAPES: dict[str, int | tuple[int, ...]] = {"A": (3, 2), "B": (2, 3), "x": 2, "s": ()}
FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "products": lambda A, B, x: (A @ B).sum() + x @ (B @ (A @ x)),
    "an outer product": lambda x: np.outer(x, np.exp(x)).sum(),
    "extremes": lambda A: A.max(axis=0).sum() + A.min(),
    "moved": lambda A, x: (np.concatenate([x, A[1:, 0]]) ** 3).reshape(2, 2)[0].sum(),
    "turned": lambda A, B: (A.T * B).sum(axis=1)[0] * np.tanh(B[0, 1]),
    "broadcast": lambda A, x, s: (A * x - x / (1 + s**2) + s).sum() * s,
    "negatives": lambda A, x: -(2 - A - x).mean(),
    "not all used": lambda A, x: x.sum(),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_it_computes_what_reverse_mode_finds(name: str) -> None:
    function = FUNCTIONS[name]
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    graph = adviz.build(function, shapes={one: SHAPES[one] for one in names}, arrays=True)
    _same(graph, drawn(graph, 1))


@pytest.mark.parametrize("name", ["perceptron", "softmax regression", "least squares"])
def test_that_of_a_network_does_too(name: str) -> None:
    _same(graph_of(name), drawn(graph_of(name), 1))


def _same(graph: adviz.Graph, at: Mapping[str, Any]) -> None:
    slopes = adviz.derivative_graph(graph)
    (label,) = graph.outputs
    found, gradient = adviz.evaluate(slopes, at).value, adviz.gradient(graph, at)
    assert np.allclose(found[label], adviz.evaluate(graph, at).value)
    for name, node in graph.inputs.items():
        made = f"d{label}/d{name}"
        assert slopes.shape(slopes.outputs[made]) == graph.shape(node)
        assert np.allclose(found[made], gradient[name])


def test_it_is_written_as_in_a_book() -> None:
    from adviz.language.notation import unicode_text

    def f(A: Any, x: Any, b: Any) -> Any:
        r = A @ x - b
        return (r * r).sum() / 2

    graph = adviz.build(f, shapes={"A": (3, 2), "x": 2, "b": 3}, arrays=True)
    slopes = adviz.derivative_graph(graph)
    made = {label: unicode_text(slopes.expression(n)) for label, n in slopes.outputs.items()}
    adjoint = made["df/dA"].removesuffix(" xᵀ")
    assert made["df/dx"] == f"Aᵀ {adjoint}" and made["df/db"] == f"−{adjoint}"


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda x: x * 2, "f is an array, and derivatives in a graph of arrays are of numbers"),
        (lambda x: np.where(x > 0, x, 0).sum(), "which branch an array takes is known of its"),
    ],
)
def test_what_it_cannot_be_of_is_refused(function: Callable[[Any], Any], words: str) -> None:
    graph = adviz.build(function, shapes={"x": 2}, arrays=True)
    with pytest.raises(adviz.AdvizError, match=rf"{words}.*adviz\.expand\(graph\)"):
        adviz.derivative_graph(graph)
