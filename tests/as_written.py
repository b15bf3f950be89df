"""NumPy, SciPy and plain Python as people write it: a scenario each, to be traced as it stands."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import scipy.fft
import scipy.integrate
import scipy.linalg
import scipy.ndimage
import scipy.optimize
import scipy.signal
import scipy.spatial
import scipy.stats
from numpy.linalg import norm as imported_norm
from scipy import special
from scipy.spatial import distance
from scipy.stats import norm as normal

Callee = Callable[..., Any]
MATRIX = np.array([[2.0, 0.5, -1.0, 0.3], [0.1, 3.0, 0.2, -0.7], [0.4, -0.6, 1.5, 0.9]])
SQUARE = np.array([[4.0, 0.5, 1.0, 0.3], [0.1, 3.0, 0.2, 0.7], [0.4, 0.6, 5.0, 0.9], [1, 0, 0, 2]])
MANY = np.arange(8.0)
WEIGHTS = np.array([0.1, 0.2, 0.3, 0.4])
NORMAL = normal(0.5, 2.0)
MASK = np.array([True, False, True, True])


# --- functions that need statements --------------------------------------------------------------


def augmented(x: Any) -> Any:
    y = x.copy()
    y[0] += 1
    y *= 2
    y[1:] -= x[:-1]
    y /= 3.0
    y **= 2
    return y.sum()


def its_own_argument(x: Any) -> Any:
    x = np.array(x)
    x[0] += x[1] ** 2
    x[1] = np.exp(x[0] / 4)
    return x[0] * x[1] + x[2]


def filled(x: Any) -> Any:
    y = np.zeros(3)
    for i, t in enumerate(x[:3]):
        y[i] = np.sin(t)
    return y @ y


def filled_like(x: Any) -> Any:
    y = np.zeros_like(x)
    z = np.ones_like(x)
    for i in range(len(x)):
        y[i] = x[i] ** 2
        z[i] *= x[-i]
    return (y * z).sum()


def filled_rows(x: Any) -> Any:
    table = np.empty((2, len(x)))
    table[0, :] = x
    table[1] = x[::-1] ** 2
    return (table[0] * table[1]).sum()


def filled_matrix(x: Any) -> Any:
    rotation = np.eye(2)
    rotation[0, 0] = rotation[1, 1] = np.cos(x[0])
    rotation[0, 1] = -np.sin(x[0])
    rotation[1, 0] = np.sin(x[0])
    return (rotation @ x[1:3]) @ np.array([1.0, 2.0])


def masked(x: Any) -> Any:
    y = x.copy()
    y[MASK] *= 2
    y[~MASK] = 0.0
    y[[0, 2]] += 1.0
    return (y**2).sum()


def added_at(x: Any) -> Any:
    y = np.zeros(3)
    np.add.at(y, [0, 1, 1, 2], x)
    return (y**2).sum()


def multiplied_at(x: Any) -> Any:
    y = np.ones(3)
    np.multiply.at(y, np.array([0, 1, 1, 2]), x)
    np.subtract.at(y, 0, x[3])
    return (y**2).sum()


def counted(x: Any) -> Any:
    total = 0.0
    for row in x.reshape(2, 2):
        for t in row:
            total += t**2
    return total


def rosenbrock(x: Any) -> Any:
    return sum(100.0 * (x[1:] - x[:-1] ** 2.0) ** 2.0 + (1 - x[:-1]) ** 2.0)


def ackley(x: Any, a: float = 20.0, b: float = 0.2, c: float = 2 * np.pi) -> Any:
    d = len(x)
    first = -a * np.exp(-b * np.sqrt(np.sum(x**2) / d))
    return first - np.exp(np.sum(np.cos(c * x)) / d) + a + np.exp(1)


def griewank(x: Any) -> Any:
    i = np.arange(1, len(x) + 1)
    return 1 + np.sum(x**2) / 4000 - np.prod(np.cos(x / np.sqrt(i)))


def levy(x: Any) -> Any:
    w = 1 + (x - 1) / 4
    first, last = np.sin(np.pi * w[0]) ** 2, (w[-1] - 1) ** 2 * (1 + np.sin(2 * np.pi * w[-1]) ** 2)
    return first + np.sum((w[:-1] - 1) ** 2 * (1 + 10 * np.sin(np.pi * w[:-1] + 1) ** 2)) + last


def styblinski(x: Any) -> Any:
    x = np.asarray(x)
    return 0.5 * np.sum(x**4 - 16 * x**2 + 5 * x, axis=0)


def layered(x: Any) -> Any:
    hidden = np.tanh(MATRIX @ x + np.array([0.1, -0.2, 0.3]))
    hidden = np.maximum(0, hidden) + 0.01 * hidden
    exps = np.exp(hidden - np.max(hidden))
    return -np.log(exps / np.sum(exps, axis=-1, keepdims=True))[1]


def cross_entropy(x: Any) -> Any:
    logits, labels = x.reshape(2, 2), np.array([0, 1])
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    logs = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    return -np.mean(logs[np.arange(2), labels])


def stepped(x: Any) -> Any:
    state, step = x[:2], 0.1
    for _ in range(3):
        slope = np.array([state[1], -x[2] * state[0]])
        middle = state + step / 2 * slope
        state = state + step * np.array([middle[1], -x[2] * middle[0]])
    return state[0] ** 2 + state[1]


def scattered(x: Any) -> Any:
    points = x.reshape(2, 2)
    differences = points[:, None, :] - points[None, :, :]
    return np.exp(-np.sum(differences**2, axis=-1)).sum()


def gaussian(x: Any) -> Any:
    covariance = np.array([[2.0, 0.5], [0.5, 1.0]])
    d = x[:2] - x[2:]
    quadratic = d.T @ np.linalg.inv(covariance) @ d
    return -0.5 * (quadratic + np.log(np.linalg.det(covariance)) + 2 * np.log(2 * np.pi))


@dataclasses.dataclass(frozen=True)
class Spring:
    """A model kept in a dataclass."""

    stiffness: float
    rest: float = 1.0

    def energy(self, length: Any) -> Any:
        return 0.5 * self.stiffness * np.square(length - self.rest)


@dataclasses.dataclass
class State:
    """What a simulation carries along."""

    position: Any
    velocity: Any
    history: list[Any] = dataclasses.field(default_factory=list)

    def push(self, force: Any) -> State:
        self.history.append(self.position)
        return dataclasses.replace(self, velocity=self.velocity + force)


def simulated(x: Any) -> Any:
    state = State(position=x[0], velocity=x[1])
    for force in x[2:]:
        state = state.push(force * state.position)
        state.position = state.position + state.velocity
    return state.position**2 + sum(state.history)


STEPS: list[Callee] = [math.sin, lambda t: t**2, np.tanh]
SPRINGS = [Spring(2.0), Spring(3.0, rest=0.5)]


def weighted_by(weights: Any) -> Callee:
    def loss(x: Any) -> Any:
        return np.dot(weights, x**2)

    return loss


vectorised_helper = np.vectorize(lambda t, k: math.sin(t) * k)


@np.vectorize
def decorated(t: Any) -> Any:
    return math.exp(t) if t is not None else 0.0


# --- the scenarios -------------------------------------------------------------------------------

Scenarios = Mapping[str, Callee]

INDEXING: Scenarios = {
    "element, slice, stride": lambda x: x[0] * x[-1] + (x[1:3] * x[:2]).sum() + x[::2].sum(),
    "reversed": lambda x: (x[::-1] * WEIGHTS).sum(),
    "fancy": lambda x: (x[[0, 2, 2]] ** 2).sum() + x[np.array([1, 3])].prod(),
    "boolean": lambda x: (x[MASK] ** 2).sum(),
    "two axes": lambda x: (MATRIX * x)[1, 2] + (MATRIX * x)[:, 1].sum() + (MATRIX * x)[0].sum(),
    "newaxis": lambda x: (x[:, np.newaxis] * x[None, :])[1:, :2].sum(),
    "ellipsis": lambda x: x.reshape(2, 1, 2)[..., 0].sum() ** 2,
    "np.ix_": lambda x: np.outer(x, x)[np.ix_([0, 2], [1, 3])].sum(),
    "np.take": lambda x: np.take(x, [0, 3, 3]).sum() ** 2 + x.take([1])[0],
    "np.take_along_axis": lambda x: np.take_along_axis(x, np.array([1, 0, 3, 2]), 0) @ WEIGHTS,
    "np.compress, np.extract": lambda x: np.compress(MASK, x).sum() * np.extract(MASK, x).prod(),
    "np.delete, np.insert": lambda x: (np.delete(x, 1) ** 2).sum() + np.insert(x, 1, x[0] ** 2)[1],
    "np.split": lambda x: np.split(x, 2)[0] @ np.array_split(x, 2)[1],
    "np.triu_indices": lambda x: np.outer(x, x)[np.triu_indices(4, 1)].sum(),
    "unpacked": lambda x: (lambda a, b, *rest: a * b + sum(rest))(*x),
    "np.flatnonzero": lambda x: x[np.flatnonzero(MASK)].sum() ** 2,
}

SHAPES: Scenarios = {
    "broadcasting": lambda x: ((x[:, None] - x[None, :]) ** 2).sum() + (MATRIX + x).prod(axis=1)[0],
    "reshape, T, ravel, flatten": lambda x: (
        x.reshape(2, 2).T.ravel() @ WEIGHTS + x.reshape(2, -1).flatten()[3]
    ),
    "np.reshape, np.transpose": lambda x: (
        np.transpose(np.reshape(x, (2, 2)))[0, 1] + np.ravel(x)[0] ** 2
    ),
    "swapaxes, moveaxis": lambda x: (
        np.swapaxes(x.reshape(2, 2), 0, 1)[0, 1] * np.moveaxis(x.reshape(1, 2, 2), 0, -1)[1, 0, 0]
    ),
    "squeeze, expand_dims": lambda x: (
        np.squeeze(np.expand_dims(x, 0)) @ x + np.atleast_2d(x)[0, 1] + np.atleast_1d(x[0])[0]
    ),
    "concatenate": lambda x: (np.concatenate([x, x[:1], [1.0]]) ** 2).sum(),
    "stack, vstack, hstack": lambda x: (
        np.stack([x, x**2])[1, 0]
        + np.vstack([x, WEIGHTS]).prod(axis=0).sum()
        + np.hstack([x, x[0] * 2, 1.0]).prod()
    ),
    "column_stack, dstack, block": lambda x: (
        np.column_stack([x, x**2])[2].sum()
        + np.dstack([x, x])[0, 1, 1]
        + np.block([[x[:2], x[2:]], [x[2:], x[:2]]])[1, 0] ** 2
    ),
    "append": lambda x: (np.append(x, [x[0] ** 2, 1.0]) ** 2).sum(),
    "np.c_, np.r_": lambda x: np.r_[x, x[0] ** 2, 0.0].prod() + np.c_[x, x**2][1].sum(),
    "tile, repeat": lambda x: np.tile(x, 2)[5] * np.repeat(x, 2)[3] + x.repeat(3)[4],
    "roll, flip": lambda x: np.roll(x, 1) @ x + np.flip(x) @ WEIGHTS + np.flipud(x)[0],
    "np.rot90, np.fliplr": lambda x: (
        np.rot90(x.reshape(2, 2))[0, 0] * np.fliplr(x.reshape(2, 2))[0, 0]
    ),
    "np.broadcast_to": lambda x: (np.broadcast_to(x, (3, 4)) * MATRIX).sum(),
    "np.pad": lambda x: np.pad(x, 1)[1:].sum() ** 2 + np.pad(x, (1, 2), mode="edge").prod(),
    "np.meshgrid": lambda x: np.multiply(*np.meshgrid(x[:2], x[2:])).sum(),
    "np.array of a list": lambda x: np.array([[x[0], 1.0], [2.0, x[1] ** 2]])[:, 1].sum(),
    "np.array of arrays": lambda x: np.array([x, x**2, WEIGHTS]).sum(axis=0) @ x,
    "np.fromiter": lambda x: np.fromiter((t**2 for t in x), dtype=float).sum(),
    "np.linspace": lambda x: np.linspace(x[0], x[1], 5)[3] ** 2 + np.linspace(0, x[2], 3).sum(),
    "np.logspace, np.geomspace": lambda x: (
        np.logspace(x[0], x[1], 3)[1] + np.geomspace(x[0], x[1], 3)[1]
    ),
    "np.arange of constants": lambda x: (np.arange(4) * x).sum(),
    "indices from constants": lambda x: x[np.array([0.2, 2.7]).astype(int)] @ [1.0, 2.0],
    "arrays of constants": lambda x: (
        np.concatenate([np.zeros(2), np.ones(2)]) @ x
        + np.stack([np.ones(4), np.zeros(4)])[0] @ x**2
        + np.where(np.zeros(4) > 1, 1.0, 2.0) @ x
    ),
    "np.full": lambda x: np.full(3, x[0]).prod() + np.full_like(x, 2.0) @ x,
    "np.ones_like of ints": lambda x: (np.ones_like([1, 2, 3, 4]) * x).sum() ** 2,
    "sizes": lambda x: x.sum() / x.size + x.shape[0] * x[0] + np.size(x) * np.ndim(x) * x[1],
}

PRODUCTS: Scenarios = {
    "@": lambda x: x @ SQUARE @ x + (MATRIX @ x)[0] ** 2,
    "dot": lambda x: np.dot(x, x) + x.dot(WEIGHTS) + np.dot(MATRIX, x)[1] * np.dot(2, x)[0],
    "vdot, inner": lambda x: np.vdot(x, WEIGHTS) * np.inner(x, x) + np.inner(2.0, x)[1],
    "np.matmul, np.vecdot": lambda x: np.matmul(MATRIX, x)[0] + np.vecdot(x, x),
    "einsum": lambda x: (
        np.einsum("i,i", x, x)
        + np.einsum("ij,j->i", MATRIX, x)[1]
        + np.einsum("i,ij,j->", x, SQUARE, x, optimize=True)
        + np.einsum("ii->", np.outer(x, x))
    ),
    "tensordot": lambda x: np.tensordot(MATRIX, x, axes=1)[0] + np.tensordot(x, x, axes=([0], [0])),
    "outer": lambda x: np.outer(x, WEIGHTS).sum() + np.multiply.outer(x, x)[1, 2],
    "kron": lambda x: np.kron(x[:2], x[2:]).sum() ** 2 + np.kron(np.eye(2), x.reshape(2, 2))[3, 2],
    "cross": lambda x: np.cross(x[:3], [1.0, 2.0, 3.0]) @ x[1:],
    "trace": lambda x: np.trace(np.outer(x, x)) + np.outer(x, x).trace(),
    "diag": lambda x: np.diag(np.outer(x, x)) @ WEIGHTS + np.diag(x)[1, 1] + np.diagflat(x)[0, 0],
    "np.diagonal": lambda x: np.outer(x, x).diagonal().prod() + np.diagonal(np.outer(x, x), 1)[0],
    "tril, triu": lambda x: np.tril(np.outer(x, x)).sum() * np.triu(np.outer(x, x), 1).sum(),
    "np.vander": lambda x: np.vander(x, 3).sum() ** 2,
}

REDUCTIONS: Scenarios = {
    "sum": lambda x: x.sum() ** 2 + np.sum(x * MATRIX, axis=1)[0] + np.sum(MATRIX * x, axis=(0, 1)),
    "np.sum of a generator": lambda x: np.sum([t**2 for t in x]) + np.sum(x, initial=2.0),
    "sum where": lambda x: np.sum(x**2, where=MASK) + np.mean(x, where=MASK),
    "prod": lambda x: np.prod(x) + (MATRIX * x).prod(axis=0)[1],
    "mean": lambda x: np.mean(x**2) + x.mean() + np.mean(MATRIX * x, axis=1, keepdims=True)[0, 0],
    "average": lambda x: np.average(x**2, weights=WEIGHTS) + np.average(x, weights=x),
    "var, std": lambda x: np.var(x) + x.var(ddof=1) + np.std(x) * x.std(ddof=1),
    "var of rows": lambda x: np.var(MATRIX * x, axis=1)[0] + np.std(MATRIX * x, axis=(0, 1)),
    "ptp": lambda x: np.ptp(x) ** 2,
    "max, min": lambda x: (
        x.max() ** 2 + np.min(x) + np.amax(MATRIX * x, axis=1)[0] + max(x) * min(x)
    ),
    "cumsum, cumprod": lambda x: (
        np.cumsum(x)[2] * np.cumprod(x)[3] + x.cumsum()[1] + x.cumprod()[2]
    ),
    "np.maximum.reduce": lambda x: np.maximum.reduce(x) + np.add.reduce(x) ** 2,
    "np.maximum.accumulate": lambda x: (
        np.maximum.accumulate(x).sum() + np.add.accumulate(x)[2] ** 2
    ),
    "np.nansum": lambda x: (
        np.nansum(x**2)
        + np.nanmean(x)
        + np.nanmax(x)
        + np.nanstd(x) * np.nanvar(x)
        + np.nanprod(x)
        + np.nanmin(x)
        + np.nancumsum(x)[2] * np.nancumprod(x)[3]
    ),
    "np.logaddexp": lambda x: np.logaddexp(x[0], x[1]) + np.logaddexp.reduce(x),
    "np.cov, np.corrcoef": lambda x: np.cov(x, WEIGHTS)[0, 1] + np.corrcoef(x, WEIGHTS)[0, 1],
    "bincount": lambda x: (np.bincount([0, 1, 1, 3], weights=x) ** 2).sum(),
    "count_nonzero": lambda x: x.sum() / np.count_nonzero(x > 1),
    "scipy.stats": lambda x: (
        (scipy.stats.zscore(x) * WEIGHTS).sum()
        + scipy.stats.entropy(x) * scipy.stats.entropy(x, WEIGHTS)
        + scipy.stats.gmean(x) * scipy.stats.hmean(x)
    ),
    "np.count_nonzero of a mask": lambda x: x.sum() / np.count_nonzero(MASK),
    "np.all, np.any of masks": lambda x: x[0] ** 2 if np.any(MASK) and not np.all(MASK) else x[1],
    "np.median of constants": lambda x: x.sum() * np.median(WEIGHTS) * np.percentile(WEIGHTS, 30),
}

LINEAR_ALGEBRA: Scenarios = {
    "norm": lambda x: np.linalg.norm(x) + imported_norm(x[:2] - x[2:]) ** 2,
    **{
        f"norm {order}": functools.partial(
            lambda x, order: np.linalg.norm(x - 1.5, order), order=order
        )
        for order in (1, 2, 3, 2.5, 0.5, -1, -2, np.inf, -np.inf, 0)
    },
    "norm of rows": lambda x: (
        np.linalg.norm(MATRIX * x, axis=1).sum() + np.linalg.norm(MATRIX * x, 1, axis=0)[1]
    ),
    "norm of a matrix": lambda x: np.linalg.norm(MATRIX * x) * np.linalg.norm(MATRIX * x, "fro"),
    **{
        f"norm {order} of a matrix": functools.partial(
            lambda x, order: np.linalg.norm(MATRIX * x, order), order=order
        )
        for order in (1, -1, np.inf, -np.inf)
    },
    "norm keepdims": lambda x: (
        MATRIX * x / np.linalg.norm(MATRIX * x, axis=1, keepdims=True)
    ).sum(),
    **{
        f"det {n}": functools.partial(
            lambda x, n: np.linalg.det(SQUARE[:n, :n] + np.diag(x[:n]) ** 2), n=n
        )
        for n in (1, 2, 3, 4)
    },
    **{
        f"inv {n}": functools.partial(
            lambda x, n: (np.linalg.inv(SQUARE[:n, :n] + np.diag(x[:n])) @ x[:n]).sum(), n=n
        )
        for n in (1, 2, 3, 4)
    },
    **{
        f"solve {n}": functools.partial(
            lambda x, n: np.linalg.solve(SQUARE[:n, :n] + np.diag(x[:n]), WEIGHTS[:n]) @ x[:n], n=n
        )
        for n in (1, 2, 3, 4)
    },
    "solve a matrix": lambda x: np.linalg.solve(SQUARE, np.outer(x, x)).sum(),
    "solve constants": lambda x: (
        np.linalg.solve(SQUARE, WEIGHTS) @ x + np.linalg.det(SQUARE) * x[0]
    ),
    "slogdet": lambda x: np.linalg.slogdet(SQUARE[:3, :3] + np.diag(x[:3]))[1],
    "matrix_power": lambda x: (
        np.linalg.matrix_power(SQUARE * x, 3)[0, 1]
        + np.linalg.matrix_power(SQUARE[:2, :2] * x[:2], -1)[0, 1]
        + np.linalg.matrix_power(SQUARE * x, 0)[0, 0]
    ),
    "multi_dot": lambda x: np.linalg.multi_dot([x, SQUARE, SQUARE, x]),
    "cholesky": lambda x: np.linalg.cholesky(np.diag(x**2) + np.ones((4, 4))).sum(),
    "np.linalg.matrix_norm": lambda x: np.linalg.matrix_norm(MATRIX * x, ord=1) ** 2,
    "scipy.linalg.cholesky": lambda x: (
        scipy.linalg.cholesky(np.diag(x**2) + np.ones((4, 4))).sum()
        + scipy.linalg.cholesky(np.diag(x**2) + np.ones((4, 4)), lower=True)[3, 1]
    ),
    "np.linalg.outer, trace": lambda x: (
        np.linalg.outer(x, x)[0, 1] + np.linalg.trace(np.outer(x, x)) + np.linalg.vector_norm(x)
    ),
    "scipy.linalg": lambda x: (
        scipy.linalg.det(SQUARE + np.diag(x))
        + scipy.linalg.inv(SQUARE + np.diag(x))[0, 1]
        + scipy.linalg.solve(SQUARE + np.diag(x), WEIGHTS)[2]
        + scipy.linalg.norm(x)
    ),
    "a system larger than a textbook's": lambda x: (
        np.linalg.solve(np.kron(np.eye(2), SQUARE) + np.outer(x, x).repeat(2, 0).repeat(2, 1), MANY)
    ).sum(),
    "scipy.linalg.block_diag": lambda x: scipy.linalg.block_diag(x[:2], x[2:]).sum(axis=0) @ x,
}

SERIES: Scenarios = {
    "diff": lambda x: (np.diff(x) ** 2).sum() + np.diff(x, 2)[0] + np.diff(x, prepend=0.0)[0] ** 2,
    "ediff1d": lambda x: (np.ediff1d(x) ** 2).sum(),
    "gradient": lambda x: (np.gradient(x) ** 2).sum() + np.gradient(x, 0.5)[0],
    "gradient on a grid": lambda x: (np.gradient(x**2, [0.0, 0.5, 2.0, 2.5]) ** 2).sum(),
    "convolve": lambda x: (
        (np.convolve(x, [1.0, 2.0, 3.0]) ** 2).sum()
        + np.convolve(x, x, "same")[1]
        + np.convolve(x, x[:2], mode="valid")[1]
    ),
    "correlate": lambda x: (
        np.correlate(x, [1.0, 2.0])[1] * np.correlate(x, x, "full")[2]
        + np.correlate(x, x[:3], mode="same")[0]
    ),
    "polyval": lambda x: np.polyval(x, 1.5) + np.polyval([1.0, 2.0, 3.0], x).sum(),
    "np.poly1d": lambda x: np.poly1d([1.0, 2.0, 3.0])(x).sum(),
    "np.polynomial": lambda x: np.polynomial.polynomial.polyval(x[0], [1.0, 2.0, 3.0]) * x[1],
    "polyder, polymul, polyadd": lambda x: (
        np.polyval(np.polyder(x), 2.0)
        + np.polymul(x, x)[2]
        + np.polyadd(x, x[:2])[3]
        + np.polysub(x[:2], x)[0] * np.polyint(x, 2, [1.0, 2.0])[1]
    ),
    "trapezoid": lambda x: np.trapezoid(x**2) + np.trapezoid(x, dx=0.1) + np.trapezoid(WEIGHTS, x),
    "polyfit": lambda x: np.polyfit([0.0, 1.0, 2.0, 3.0], x, 1)[0] ** 2,
    "interp of values": lambda x: np.interp(1.3, [0.0, 1.0, 2.0, 3.0], x) ** 2,
    "interp at traced points": lambda x: np.interp(x, [0.0, 1.0, 2.0], [1.0, 4.0, 9.0]).sum(),
    "interp of both": lambda x: np.interp(x[0], [0.0, x[1], 3.0], x[1:]),
    "np.unwrap of constants": lambda x: x @ np.unwrap([0.1, 6.2, 0.3, 0.4]),
    "scipy.ndimage, signal, fft": lambda x: (
        (scipy.ndimage.gaussian_filter1d(x, 1.0) ** 2).sum()
        + scipy.signal.lfilter([1.0], [1.0, -0.5], x)[3] ** 2
        + scipy.fft.dct(x)[2] ** 2
        + scipy.linalg.solve_triangular(SQUARE, x)[1] ** 2
    ),
    "np.fft of constants": lambda x: x @ np.fft.fft(WEIGHTS).real,
    "scipy.integrate": lambda x: (
        scipy.integrate.trapezoid(x**2, dx=0.5) + scipy.integrate.simpson(x, dx=0.5)
    ),
}

CHOICES: Scenarios = {
    "where": lambda x: np.where(x > 1, x**2, -x).sum() + np.where(MASK, x, 0.0).prod(),
    "nested where": lambda x: np.where(x > 1, np.where(x > 2, x**3, x**2), np.sin(x)).sum(),
    "select": lambda x: np.select([x < 0.5, x < 1.5], [x**2, x**3], default=-x).sum(),
    "piecewise": lambda x: np.piecewise(
        x, [x < 0.5, x >= 1.5], [lambda t: t**2, lambda t: np.sin(t), 7.0]
    ).sum(),
    "piecewise scalar": lambda x: np.piecewise(
        x[0], [x[0] < 0.5], [lambda t: t**2, lambda t: t**3]
    ),
    "clip": lambda x: (
        np.clip(x, 0.5, 1.5).sum() ** 2 + x.clip(1.0, None).sum() + x.clip(max=1.0)[0]
    ),
    "heaviside": lambda x: (np.heaviside(x - 1, 0.5) * x**2).sum(),
    "choose": lambda x: np.choose([0, 1, 0, 1], [x, x**2]).sum(),
    "nan_to_num": lambda x: np.nan_to_num(x**2).sum(),
    "sign, abs, fabs": lambda x: (
        np.sign(x - 1) * np.abs(x - 1) + np.fabs(x) + np.absolute(x)
    ).sum(),
    "copysign, hypot, arctan2": lambda x: (
        np.copysign(x[0], -1.0) + np.hypot(x[1], x[2]) * np.arctan2(x[2], x[3])
    ),
    "maximum, minimum": lambda x: (np.maximum(x, 1.0) * np.minimum(x, x[::-1])).sum(),
    "fmax, fmin": lambda x: (np.fmax(x, 1.0) - np.fmin(x, 0.5)).sum() ** 2,
    "a condition as a factor": lambda x: ((x > 1) * x**2 + (x <= 1) * x).sum(),
    "logical": lambda x: np.where(np.logical_and(x > 0.5, ~(x > 2)), x**2, 0.0).sum(),
    "isnan, isfinite": lambda x: np.where(np.isnan(x) | ~np.isfinite(x), 0.0, x**2).sum(),
    "fmod, mod": lambda x: (np.fmod(x, 0.45) + np.mod(x, 0.51) * x + np.remainder(x, 2)).sum(),
    "exponentials": lambda x: (
        np.exp2(x) + np.expm1(x) + np.log1p(x) + np.log2(x) + np.log10(x) + np.cbrt(x)
    ).sum(),
    "trigonometry": lambda x: (
        np.sin(x) + np.cos(x) * np.tan(x / 3) + np.arcsin(x / 3) + np.arccos(x / 4) + np.arctan(x)
    ).sum(),
    "hyperbolic": lambda x: (
        np.sinh(x) + np.cosh(x) * np.tanh(x) + np.arcsinh(x) + np.arccosh(x + 2) + np.arctanh(x / 4)
    ).sum(),
    "square, sqrt, power": lambda x: (
        np.square(x) + np.sqrt(x) + np.power(x, 3) + np.float_power(x, 1.5) + np.reciprocal(x)
    ).sum(),
    "degrees, radians": lambda x: (np.deg2rad(x) + np.rad2deg(x) + np.radians(x)).sum() ** 2,
    "real of a real": lambda x: (np.real(x) ** 2 + np.conj(x) + np.imag(x)).sum(),
    "sinc": lambda x: np.sinc(x).sum(),
    "i0 of constants": lambda x: x.sum() * np.i0(1.0),
}

IN_PLACE: Scenarios = {
    "augmented": augmented,
    "its own argument": its_own_argument,
    "zeros filled": filled,
    "zeros_like filled": filled_like,
    "rows filled": filled_rows,
    "eye filled": filled_matrix,
    "masks assigned": masked,
    "np.add.at": added_at,
    "np.multiply.at": multiplied_at,
}

PYTHON: Scenarios = {
    "for over rows": counted,
    "enumerate, zip": lambda x: sum(
        i * t * u for (i, t), u in zip(enumerate(x), x[::-1], strict=False)
    ),
    "sum of a generator": lambda x: sum(t**2 for t in x) + sum(x[i] * x[i + 1] for i in range(3)),
    "math.fsum": lambda x: math.fsum(x) ** 2 + math.fsum(t**2 for t in x),
    "math.dist": lambda x: math.dist(x[:2], x[2:]) + math.dist(x, [1.0, 2.0, 3.0, 4.0]),
    "math.hypot": lambda x: math.hypot(*x) + math.hypot(x[0], 1.0, 2.0),
    "math.prod": lambda x: math.prod(x) + math.prod((t + 1 for t in x), start=2),
    "functools.reduce": lambda x: (
        functools.reduce(operator.mul, x) + functools.reduce(lambda a, b: a * 0.5 + b, x, 1.0)
    ),
    "reduce of max": lambda x: functools.reduce(max, x) ** 2,
    "itertools.accumulate": lambda x: (
        sum(itertools.accumulate(x)) ** 2 + list(itertools.accumulate(x, operator.mul))[-1]
    ),
    "itertools.combinations": lambda x: sum(a * b for a, b in itertools.combinations(x, 2)),
    "itertools.product, pairwise": lambda x: (
        sum(a * b**2 for a, b in itertools.product(x[:2], x[2:]))
        + sum(b - a for a, b in itertools.pairwise(x)) ** 2
    ),
    "map, filter": lambda x: sum(map(math.sin, x)) + sum(filter(lambda t: t is not None, x)) ** 2,
    "comprehension": lambda x: (
        np.array([math.exp(t) for t in x]) @ np.array([t / 2 for t in WEIGHTS])
    ),
    "nested comprehension": lambda x: sum([[a * b for a in x][1] for b in x]),
    "list and tuple": lambda x: sum(list(x)[1:]) ** 2 + tuple(x)[3] + x.tolist()[2] ** 2,
    "dataclass": lambda x: sum(spring.energy(t) for spring, t in zip(SPRINGS, x, strict=False)),
    "mutable dataclass": simulated,
    "closure": weighted_by(WEIGHTS),
    "lambda in a loop": lambda x: sum(f(t) for f, t in zip(STEPS, x, strict=False)),
    "operator": lambda x: (
        operator.mul(x[0], x[1]) + operator.pow(x[2], 2) + operator.itemgetter(3)(x)
    ),
    "np.vectorize": lambda x: np.vectorize(lambda t: math.sin(t) ** 2)(x).sum(),
    "a vectorised helper": lambda x: vectorised_helper(x, 2.0).sum(),
    "a decorated helper": lambda x: decorated(x).sum(),
    "np.vectorize with otypes": lambda x: np.vectorize(math.exp, otypes=[float])(x).sum(),
    "np.frompyfunc": lambda x: np.frompyfunc(lambda a, b: a * math.cos(b), 2, 1)(x, x[::-1]).sum(),
    "np.apply_along_axis": lambda x: np.apply_along_axis(
        lambda row: row[0] * row[1], 1, x.reshape(2, 2)
    ).sum(),
    "np.apply_over_axes": lambda x: np.apply_over_axes(np.sum, x.reshape(2, 2) ** 2, [0, 1])[0, 0],
    "np.nditer-free loops": lambda x: sum(x[i] * x[j] for i, j in np.ndindex(2, 2)),
    "np.ndenumerate": lambda x: sum(i[0] * t**2 for i, t in np.ndenumerate(x)),
    "np.dot of lists": lambda x: np.dot([x[0], x[1]], [[1, 2], [3, x[2]]])[1],
    "rosenbrock": rosenbrock,
    "ackley": ackley,
    "griewank": griewank,
    "levy": levy,
    "styblinski": styblinski,
    "runge-kutta": stepped,
    "pairwise distances": scattered,
    "gaussian": gaussian,
}

LEARNING: Scenarios = {
    "a network": layered,
    "cross entropy": cross_entropy,
    "binary cross entropy": lambda x: (
        -np.mean(WEIGHTS * np.log(special.expit(x)) + (1 - WEIGHTS) * np.log1p(-special.expit(x)))
    ),
    "logsumexp": lambda x: special.logsumexp(x) ** 2,
    "logsumexp of large": lambda x: special.logsumexp(1000 * x),
    "logsumexp of rows": lambda x: (
        special.logsumexp(MATRIX * x, axis=1)[0]
        * special.logsumexp(MATRIX * x, axis=0, keepdims=True)
    ).sum(),
    "logsumexp weighted": lambda x: special.logsumexp(x, b=[1.0, 2.0, 3.0, 4.0]),
    "softmax": lambda x: special.softmax(x) @ WEIGHTS + special.softmax(MATRIX * x, axis=1)[1, 2],
    "log_softmax": lambda x: (
        special.log_softmax(x)[1] + special.log_softmax(MATRIX * x, axis=0)[1, 2]
    ),
    "xlogy": lambda x: special.xlogy(x, x).sum() + special.xlogy(2.0, x[0]),
    "xlog1py": lambda x: special.xlog1py(x, x).sum() + special.xlog1py(2.0, x[0]),
    "entr": lambda x: special.entr(x).sum(),
    "rel_entr": lambda x: special.rel_entr(x, WEIGHTS).sum() + special.rel_entr(WEIGHTS, x).sum(),
    "kl_div": lambda x: special.kl_div(x, WEIGHTS).sum() + special.kl_div(WEIGHTS, x).sum(),
    "huber": lambda x: special.huber(1.0, x).sum() + special.huber(x[0], 2.0),
    "pseudo_huber": lambda x: special.pseudo_huber(1.0, x).sum() + special.pseudo_huber(x[0], 2.0),
    "expit, logit": lambda x: (special.expit(x) + special.logit(x / 3)).sum(),
    "log_expit, softplus": lambda x: special.log_expit(x).sum() + special.softplus(x).sum(),
    "erf, ndtr": lambda x: (special.erf(x) * special.erfc(x) + special.ndtr(x)).sum(),
    "frozen distributions": lambda x: (
        NORMAL.logpdf(x).sum() + normal(x[0], 2.0).pdf(1.0) + scipy.stats.gamma(2.0).pdf(x) @ x
    ),
    "log_ndtr": lambda x: special.log_ndtr(x).sum(),
    "gamma": lambda x: (special.gammaln(x) + special.gamma(x) + special.digamma(x)).sum(),
    "cosm1, exprel": lambda x: (special.cosm1(x) + special.exprel(x) + special.exp10(x)).sum(),
    "boxcox": lambda x: special.boxcox(x, 0.5).sum() + special.boxcox(x[0], 0.0),
    "norm.pdf": lambda x: scipy.stats.norm.pdf(x).sum() + normal.pdf(x[0], 1.0, x[1]),
    "norm.cdf": lambda x: (
        normal.cdf(x).prod() + normal.cdf(x[0], loc=0.5, scale=x[1]) + normal.sf(x[2])
    ),
    "norm.logpdf": lambda x: normal.logpdf(x, loc=1.0, scale=2.0).sum() + normal.logcdf(x[0]),
    "probabilities": lambda x: (
        normal.logsf(x).sum()
        + scipy.stats.logistic.cdf(x)[0] * scipy.stats.logistic.sf(x, 1.0, x[1])[1]
        + scipy.stats.logistic.logcdf(x)[0] * scipy.stats.logistic.logsf(x)[1]
    ),
    "densities": lambda x: (
        scipy.stats.logistic.pdf(x).sum() * scipy.stats.cauchy.logpdf(x, 1.0)[0]
        + scipy.stats.laplace.logpdf(x, scale=2.0).sum()
        + scipy.stats.gamma.logpdf(x, x[0], scale=2.0).sum()
        + scipy.stats.t.logpdf(x, df=x[1]).sum()
        + scipy.stats.lognorm.pdf(x, 0.5)[2] * scipy.stats.lognorm.logpdf(x, x[0])[1]
        + scipy.stats.logistic.logpdf(x)[0] * scipy.stats.cauchy.pdf(x)[0]
        + scipy.stats.laplace.pdf(x)[1]
        * scipy.stats.gamma.pdf(x, 2.0)[0]
        * scipy.stats.t.pdf(x, 3)[1]
        + scipy.stats.multivariate_normal.logpdf(x[:2], x[2:], [[2.0, 0.5], [0.5, 1.0]])
        + scipy.stats.multivariate_normal.pdf(x[:2], [0.5, 1.0])
    ),
    "euclidean": lambda x: distance.euclidean(x, WEIGHTS) * distance.sqeuclidean(x[:2], x[2:]),
    "cityblock": lambda x: distance.cityblock(x, WEIGHTS) + distance.chebyshev(x, WEIGHTS),
    "cosine": lambda x: distance.cosine(x, WEIGHTS) + distance.correlation(x, WEIGHTS),
    "minkowski": lambda x: distance.minkowski(x, WEIGHTS, 3) + distance.canberra(x, WEIGHTS),
    "braycurtis": lambda x: distance.braycurtis(x, WEIGHTS),
    "mahalanobis": lambda x: distance.mahalanobis(x, WEIGHTS, SQUARE + SQUARE.T),
    "cdist": lambda x: distance.cdist(x.reshape(2, 2), WEIGHTS.reshape(2, 2)).sum(),
    "pdist": lambda x: distance.pdist(x.reshape(2, 2)).sum(),
    "squareform": lambda x: distance.squareform(x[:3])[0, 1:] @ x[1:3],
    "scipy.optimize.rosen": lambda x: scipy.optimize.rosen(x),
}

BANDS = np.array([[0.0, 1.0, 1.0, 1.0], [4.0, 5.0, 6.0, 7.0], [1.0, 1.0, 1.0, 0.0]])
SECTIONS = np.array([[1.0, 0.5, 0.2, 1.0, -0.3, 0.1]])


LINEAR: Scenarios = {
    "scipy.fft": lambda x: (
        scipy.fft.dst(x)[0] * scipy.fft.idct(x)[1] + scipy.fft.idst(x, norm="ortho")[2] ** 2
    ),
    "scipy.integrate": lambda x: (
        scipy.integrate.cumulative_simpson(x)[2] ** 2
        + scipy.integrate.romb(np.append(x, 1.0)) ** 2
        + scipy.integrate.cumulative_trapezoid(x)[1] ** 2
    ),
    "scipy.linalg": lambda x: (
        scipy.linalg.circulant(x)[1] @ x
        + scipy.linalg.hankel(x)[1] @ x
        + scipy.linalg.toeplitz(x)[2] @ x
        + scipy.linalg.cho_solve(scipy.linalg.cho_factor(SQUARE @ SQUARE.T), x)[1] ** 2
        + scipy.linalg.lu_solve(scipy.linalg.lu_factor(SQUARE), x)[1] ** 2
        + scipy.linalg.solve_banded((1, 1), BANDS, x)[2] ** 2
    ),
    "convolutions": lambda x: (
        scipy.ndimage.convolve(x, [1.0, 2.0, 4.0])[1] ** 2
        + scipy.ndimage.convolve1d(x, [1.0, 2.0, 4.0])[1] ** 2
        + scipy.ndimage.correlate(x, [1.0, 2.0, 4.0])[1] ** 2
        + scipy.ndimage.correlate1d(x, [1.0, 2.0, 4.0])[1] ** 2
        + scipy.signal.convolve(x, [1.0, 2.0], "same")[1] ** 2
    ),
    "filters of images": lambda x: (
        scipy.ndimage.gaussian_filter(x.reshape(2, 2), 0.7)[0, 1] ** 2
        + scipy.ndimage.gaussian_laplace(x, 0.7)[1] ** 2
        + scipy.ndimage.laplace(x)[1] * scipy.ndimage.prewitt(x)[1] * scipy.ndimage.sobel(x)[2]
        + scipy.ndimage.shift(x, 0.5)[2] ** 2
        + scipy.ndimage.uniform_filter(x, 3)[1] * scipy.ndimage.uniform_filter1d(x, 3)[2]
        + scipy.ndimage.zoom(x, 2)[3] ** 2
    ),
    "filters of signals": lambda x: (
        scipy.signal.detrend(x)[1] ** 2
        + scipy.signal.filtfilt([0.5], [1.0, -0.5], x, padlen=2)[1] ** 2
        + scipy.signal.resample(x, 6)[1] ** 2
        + scipy.signal.savgol_filter(x, 3, 1)[1] ** 2
        + scipy.signal.sosfilt(SECTIONS, x)[3] * scipy.signal.sosfiltfilt(SECTIONS, x, padlen=2)[1]
        + scipy.signal.upfirdn([1.0, 2.0], x, 2)[3] ** 2
    ),
    "np.linalg.tensorsolve": lambda x: np.linalg.tensorsolve(SQUARE, x)[1] ** 2,
    "scipy.spatial": lambda x: (
        scipy.spatial.distance_matrix(x.reshape(2, 2), SQUARE[:2, :2]) ** 2
    ).sum(),
}

SPECIAL: Scenarios = {
    "lambertw, polygamma": lambda x: (
        np.real(special.lambertw(x)).sum() + special.polygamma(1, x) @ WEIGHTS
    ),
    "spherical_jn": lambda x: special.spherical_jn(2, x) @ special.spherical_jn(1, x, True),
    "zeta": lambda x: special.zeta(x * x + 2) @ WEIGHTS,
    "factorial, comb": lambda x: special.factorial(x).sum() + special.comb(x + 3, 2) @ WEIGHTS,
}

FAMILIES: Mapping[str, Scenarios] = {
    "indexing": INDEXING,
    "shapes": SHAPES,
    "products": PRODUCTS,
    "reductions": REDUCTIONS,
    "linear algebra": LINEAR_ALGEBRA,
    "series": SERIES,
    "choices": CHOICES,
    "in place": IN_PLACE,
    "plain Python": PYTHON,
    "learning": LEARNING,
    "linear in one argument": LINEAR,
    "special": SPECIAL,
}
"""Functions of a vector of four, smooth near `POINT`, by what they are written with."""

POINT = (0.7, 1.3, 0.4, 2.1)
