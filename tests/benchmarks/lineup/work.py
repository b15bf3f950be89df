"""The work: functions that every side computes, written once for all their namespaces."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Gradient = tuple[Any, ...]
"""A value and its derivatives, in the order of the inputs."""


@dataclass(frozen=True)
class Work:
    """A function of several inputs, where it is evaluated, and what a person would write."""

    name: str
    function: Callable[..., Any]
    """Takes a namespace with `exp`, `log`, `sin`, and the inputs one by one."""
    point: tuple[float, ...]
    by_hand: Callable[..., Gradient] | None = None
    """Value and gradient as one would write them oneself, from the inputs one by one."""
    vector: Callable[..., Any] | None = None
    """The same for libraries of arrays: takes a namespace, one vector and the constants."""
    constants: tuple[Any, ...] = ()

    @property
    def names(self) -> list[str]:
        """The names of the inputs."""
        return [f"x{i}" for i in range(1, len(self.point) + 1)]

    def bound(self, namespace: Any) -> Callable[..., Any]:
        """Return the function in a namespace."""
        return lambda *inputs: self.function(namespace, *inputs)


# --- one point ---------------------------------------------------------------------------------


def _squares(_: Any, x: Any, y: Any) -> Any:
    return (x + y) * (x - y)


def _squares_by_hand(x: float, y: float) -> Gradient:
    a = x + y
    b = x - y
    return a * b, b + a, b - a


def _baydin(m: Any, x1: Any, x2: Any) -> Any:
    return m.log(x1) + x1 * x2 - m.sin(x2)


def _baydin_by_hand(x1: float, x2: float) -> Gradient:
    return math.log(x1) + x1 * x2 - math.sin(x2), 1 / x1 + x2, x1 - math.cos(x2)


COMPONENTS = 20
ROOT = math.sqrt(2)
_B = np.array([0.05 + 0.02 * i for i in range(COMPONENTS)])
_A = np.array([[1 / (i + j + 1) for j in range(COMPONENTS)] for i in range(COMPONENTS)])
_COVOLUMES, _ATTRACTIONS = _B.tolist(), _A.tolist()
_MOLES = tuple(0.02 + 0.003 * i for i in range(COMPONENTS))


def _helmholtz(m: Any, *x: Any) -> Any:
    """Compute the Helmholtz energy of a mixed fluid (Griewank 1989), R*T = 1."""
    b = sum(c * xi for c, xi in zip(_COVOLUMES, x, strict=True))
    mixing = sum(xi * m.log(xi / (1 - b)) for xi in x)
    pairs = (sum(a * xj for a, xj in zip(row, x, strict=True)) for row in _ATTRACTIONS)
    attraction = sum(xi * pair for xi, pair in zip(x, pairs, strict=True))
    ratio = (1 + (1 + ROOT) * b) / (1 + (1 - ROOT) * b)
    return mixing - attraction / (math.sqrt(8) * b) * m.log(ratio)


def _helmholtz_vector(m: Any, x: Any, b: Any, a: Any) -> Any:
    bx = b @ x
    ratio = (1 + (1 + ROOT) * bx) / (1 + (1 - ROOT) * bx)
    return m.sum(x * m.log(x / (1 - bx))) - x @ a @ x / (math.sqrt(8) * bx) * m.log(ratio)


def _helmholtz_by_hand(*given: float) -> Gradient:
    x = np.array(given)
    bx, ax = _B @ x, _A @ x
    free, above, below = 1 - bx, 1 + (1 + ROOT) * bx, 1 + (1 - ROOT) * bx
    logs, last = np.log(x / free), math.log(above / below)
    pull = x @ ax / (math.sqrt(8) * bx)
    steep = (1 + ROOT) / above - (1 - ROOT) / below
    along = logs + 1 - ax * (2 * last / (math.sqrt(8) * bx))
    gradient = along + _B * (x.sum() / free + pull / bx * last - pull * steep)
    return x @ logs - pull * last, *gradient.tolist()


POINTS: tuple[Work, ...] = (
    Work("(x + y)(x − y)", _squares, (3.0, 2.0), _squares_by_hand),
    Work("ln x₁ + x₁x₂ − sin x₂", _baydin, (2.0, 5.0), _baydin_by_hand),
    Work(
        f"Helmholtz energy, {COMPONENTS} inputs",
        _helmholtz,
        _MOLES,
        _helmholtz_by_hand,
        _helmholtz_vector,
        (_B, _A),
    ),
)
FORMULA = POINTS[1].name
"""The formula of five operations that the bars speak of."""

# --- many points -------------------------------------------------------------------------------

_TURN = math.sqrt(2 * math.pi)


def _density(m: Any, x: Any, mean: Any, s: Any) -> Any:
    return m.exp(-(((x - mean) / s) ** 2) / 2) / (s * _TURN)


def _density_by_hand(x: Any, mean: Any, s: Any) -> Gradient:
    u = (x - mean) / s
    f = np.exp(-0.5 * u * u) / (s * _TURN)
    slope = f * u / s
    return f, -slope, slope, slope * u - f / s


DENSITY = Work("normal density in x, m, s", _density, (0.7, 0.2, 1.3), _density_by_hand)


def columns(count: int) -> tuple[np.ndarray[Any, np.dtype[np.float64]], ...]:
    """Return so many points of the density, an array for each input."""
    source = np.random.default_rng(0)
    x, mean = source.normal(size=(2, count))
    return x, mean, source.uniform(0.5, 2.0, count)
