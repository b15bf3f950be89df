"""Functions of arrays, small and whole, that tests trace with their arrays kept: a row each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from scipy.special import log_softmax

from adviz.graph.graph import Graph
from adviz.modes.building import build
from adviz.modes.trace import Trace
from adviz.modes.verbs import forward, reverse

Array = Any


class Model(NamedTuple):
    """A function of NumPy's arrays and the shapes of its arguments."""

    function: Callable[..., Any]
    shapes: Mapping[str, int | tuple[int, ...]]


def _perceptron(W1: Array, b1: Array, W2: Array, b2: Array, x: Array) -> Array:
    """Rumelhart, Hinton & Williams, *Learning representations by back-propagating …* (1986)."""
    h = np.tanh(W1 @ x + b1)
    return np.sum((W2 @ h + b2) ** 2) / 2


def _softmax_regression(W: Array, b: Array, X: Array, Y: Array) -> Array:
    """Bishop, *Pattern Recognition and Machine Learning* (2006), section 4.3.4."""
    return -np.mean(np.sum(Y * log_softmax(X @ W.T + b, axis=1), axis=1))


def _attention(Q: Array, K: Array, V: Array) -> Array:
    """Vaswani et al., *Attention is all you need* (2017), equation 1."""
    scores = Q @ K.T / np.sqrt(2.0)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True) @ V


def _layer_normalisation(x: Array, gain: Array, bias: Array) -> Array:
    """Ba, Kiros & Hinton, *Layer normalization* (2016), equation 4."""
    away = x - x.mean(axis=-1, keepdims=True)
    return away / np.sqrt((away**2).mean(axis=-1, keepdims=True) + 1e-5) * gain + bias


def _least_squares(A: Array, x: Array, b: Array) -> Array:
    """Giles, *Collected matrix derivative results* (2008), section 2."""
    r = A @ x - b
    return r @ r / 2


def _moved(x: Array, y: Array) -> Array:
    z = np.concatenate([x[1:], y[::-1] * x[0], np.stack([x[0], y[1]])])
    w = z[[0, 2, 2, 1]]
    return np.where(w > 0, np.log(np.abs(w) + 1), w**2).sum() + z[None, :].T[0, 0]


def _stacked(A: Array, B: Array, s: Array) -> Array:
    return {"p": np.einsum("nij,jk->nik", A, B) * s, "q": np.cumsum(B, axis=0).min() + s}


MODELS: Mapping[str, Model] = {
    "perceptron": Model(_perceptron, {"W1": (3, 2), "b1": 3, "W2": (2, 3), "b2": 2, "x": 2}),
    "softmax regression": Model(
        _softmax_regression, {"W": (3, 2), "b": 3, "X": (4, 2), "Y": (4, 3)}
    ),
    "attention": Model(_attention, {"Q": (3, 2), "K": (4, 2), "V": (4, 2)}),
    "layer normalisation": Model(_layer_normalisation, {"x": (2, 3), "gain": 3, "bias": 3}),
    "least squares": Model(_least_squares, {"A": (3, 2), "x": 2, "b": 3}),
    "moved about": Model(_moved, {"x": 3, "y": 2}),
    "stacked, two outputs": Model(_stacked, {"A": (2, 2, 3), "B": (3, 2)}),
}


def graph_of(name: str) -> Graph:
    """Return the graph of a model, its arrays kept."""
    model = MODELS[name]
    return build(model.function, shapes=model.shapes, arrays=True)


def drawn(graph: Graph, seed: int, of: Mapping[str, int] | None = None) -> dict[str, Any]:
    """Return normal numbers for the inputs of a graph, or for other named nodes."""
    source = np.random.default_rng(seed)
    named = graph.inputs if of is None else of
    return {name: source.normal(size=graph.shape(node) or None) for name, node in named.items()}


@cache
def sweep_of(name: str, mode: str = "reverse") -> Trace:
    """Return a sweep of a model at normal numbers, from normal seeds."""
    graph = graph_of(name)
    at = drawn(graph, 1)
    if mode == "reverse":
        return reverse(graph, at, drawn(graph, 2, graph.outputs))
    return forward(graph, at, drawn(graph, 3))
