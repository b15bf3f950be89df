"""Published functions and models, each written once for every framework of arrays.

`n` is what a framework calls its functions; what two frameworks call otherwise has one name here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

Array = Any


def namespace(package: str) -> Any:
    """Return a framework's functions by the names that are used here."""
    if package == "jax":
        n, nn = import_module("jax.numpy"), import_module("jax.nn")
        erf = import_module("jax.scipy.special").erf
        gelu = lambda x: nn.gelu(x, approximate=False)  # noqa: E731 - one word for both
    else:
        n, nn = import_module("torch"), import_module("torch.nn.functional")
        erf, gelu = n.erf, nn.gelu
    names = "exp log sin sqrt tanh sum mean where stack concatenate logaddexp".split()
    return SimpleNamespace(
        **{name: getattr(n, name) for name in names},
        erf=erf, gelu=gelu, relu=nn.relu, softmax=nn.softmax, log_softmax=nn.log_softmax,
    )  # fmt: skip


class Model(NamedTuple):
    """A function of a namespace and arrays, and the shapes of these."""

    function: Callable[..., Any]
    shapes: Mapping[str, tuple[int, ...]]


def rosenbrock(n: Any, x: Array) -> Array:
    """Rosenbrock, *An automatic method for finding the greatest or least value …* (1960)."""
    return 100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2


def beale(n: Any, x: Array, y: Array) -> Array:
    """Beale, *On an iterative method for finding a local minimum …* (1958)."""
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


def griewank_walther(n: Any, x: Array, y: Array) -> Array:
    """Griewank & Walther, *Evaluating Derivatives* (2008), section 1.1."""
    return (n.sin(x / y) + x / y - n.exp(y)) * (x / y - n.exp(y))


def baydin(n: Any, x: Array, y: Array) -> Array:
    """Baydin et al., *Automatic differentiation in machine learning: a survey* (2018)."""
    return n.log(x) + x * y - n.sin(y)


def helmholtz(n: Any, x: Array, b: Array, A: Array) -> Array:
    """Griewank, *On automatic differentiation* (1989): Helmholtz energy of a mixed fluid."""
    bx, root = n.sum(b * x), np.sqrt(2.0)
    mixing = n.sum(x * n.log(x / (1 - bx)))
    ratio = n.log((1 + (1 + root) * bx) / (1 + (1 - root) * bx))
    return mixing - x @ A @ x / (np.sqrt(8.0) * bx) * ratio


def black_scholes(n: Any, spot: Array, strike: Array, rate: Array, sigma: Array, t: Array) -> Array:
    """Black & Scholes, *The pricing of options and corporate liabilities* (1973): a call."""

    def phi(z: Array) -> Array:
        return (1 + n.erf(z / np.sqrt(2.0))) / 2

    d1 = (n.log(spot / strike) + (rate + sigma**2 / 2) * t) / (sigma * n.sqrt(t))
    return spot * phi(d1) - strike * n.exp(-rate * t) * phi(d1 - sigma * n.sqrt(t))


def logistic_regression(n: Any, w: Array, b: Array, X: Array) -> Array:
    """Cox, *The regression analysis of binary sequences* (1958)."""
    return n.mean(n.logaddexp(0 * b, -(X @ w + b)))


def perceptron(n: Any, W1: Array, b1: Array, W2: Array, b2: Array, X: Array) -> Array:
    """Rumelhart, Hinton & Williams, *Learning representations by back-propagating …* (1986)."""
    return n.sum((n.tanh(X @ W1 + b1) @ W2 + b2) ** 2) / 2


def gelu_perceptron(n: Any, W1: Array, b1: Array, W2: Array, X: Array) -> Array:
    """Hendrycks & Gimpel, *Gaussian error linear units* (2016)."""
    return n.mean(n.gelu(X @ W1 + b1) @ W2)


def cross_entropy(n: Any, W: Array, b: Array, X: Array) -> Array:
    """LeCun, Bottou, Bengio & Haffner, *Gradient-based learning …* (1998): of classes 0, 1, 2."""
    scores = n.log_softmax(X @ W + b, -1)
    return -n.mean(n.stack([scores[k, k] for k in range(3)]))


def attention(n: Any, Q: Array, K: Array, V: Array) -> Array:
    """Vaswani et al., *Attention is all you need* (2017), equation 1."""
    return n.softmax(Q @ K.T / np.sqrt(2.0), -1) @ V


def layer_norm(n: Any, x: Array, gain: Array, bias: Array) -> Array:
    """Ba, Kiros & Hinton, *Layer normalization* (2016), equation 4."""
    away = x - n.mean(x, -1)[:, None]
    return away / n.sqrt(n.mean(away**2, -1)[:, None] + 1e-5) * gain + bias


def gaussian(n: Any, x: Array, mean: Array, log_sigma: Array) -> Array:
    """Bishop, *Pattern Recognition and Machine Learning* (2006), equation 1.54."""
    z = (x - mean) / n.exp(log_sigma)
    return -n.sum(z**2 / 2 + log_sigma + np.log(2 * np.pi) / 2)


def recurrent(n: Any, W: Array, U: Array, h: Array, X: Array) -> Array:
    """Elman, *Finding structure in time* (1990), unrolled."""
    for row in X:
        h = n.tanh(W @ h + U @ row)
    return n.sum(h)


def kinked(n: Any, x: Array) -> Array:
    """Nair & Hinton, *Rectified linear units …* (2010), and a choice."""
    return n.sum(n.relu(x) * x + n.where(x > 0, n.log(x * x), n.concatenate([x[1:], x[:1]])))


def _at(*shapes: tuple[int, ...], names: str) -> dict[str, tuple[int, ...]]:
    return dict(zip(names.split(), shapes, strict=True))


LAYERS = _at((2, 3), (3,), (3, 2), (2,), (4, 2), names="W1 b1 W2 b2 X")
MODELS: Mapping[str, Model] = {
    one.function.__name__: one
    for one in (
        Model(rosenbrock, {"x": (2,)}),
        Model(beale, _at((), (), names="x y")),
        Model(griewank_walther, _at((), (), names="x y")),
        Model(baydin, _at((), (), names="x y")),
        Model(helmholtz, _at((3,), (3,), (3, 3), names="x b A")),
        Model(black_scholes, _at((), (), (), (), (), names="spot strike rate sigma t")),
        Model(logistic_regression, _at((2,), (), (4, 2), names="w b X")),
        Model(perceptron, LAYERS),
        Model(gelu_perceptron, {name: LAYERS[name] for name in ("W1", "b1", "W2", "X")}),
        Model(cross_entropy, _at((2, 3), (3,), (3, 2), names="W b X")),
        Model(attention, _at((3, 2), (4, 2), (4, 2), names="Q K V")),
        Model(layer_norm, _at((2, 3), (3,), (3,), names="x gain bias")),
        Model(gaussian, _at((4,), (), (), names="x mean log_sigma")),
        Model(recurrent, _at((2, 2), (2, 3), (2,), (3, 3), names="W U h X")),
        Model(kinked, {"x": (4,)}),
    )
}


def point(model: Model) -> dict[str, Any]:
    """Return a point: numbers between 0.1 and 0.9, and in arrays some below 0 where that is right.

    >>> sorted(point(MODELS["beale"]))
    ['x', 'y']
    """
    source = np.random.default_rng(1)
    low = -0.9 if model.function in (perceptron, gelu_perceptron, kinked, attention) else 0.1
    drawn = {name: source.uniform(low, 0.9, shape) for name, shape in model.shapes.items()}
    share = {"b": 0.3} if model.function is helmholtz else {}
    return {name: value * share.get(name, 1.0) for name, value in drawn.items()}
