"""The linear algebra of small matrices, written out so that nothing depends on a pivot.

Determinants and inverses up to three rows are those of the textbook, by minors. Larger systems
are solved by modified Gram–Schmidt, which is backward stable without pivoting (Higham, *Accuracy
and Stability of Numerical Algorithms*, 2nd ed., sections 19.8 and 20.3), so that one graph serves
all points and its derivative is exact.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import reduce
from itertools import combinations
from sys import _getframe
from typing import Any, NamedTuple

import numpy as np

from adviz.errors import TracingError
from adviz.sources.tracing.arrays import Vector, as_vector, is_traced, objects, plain, vectorised
from adviz.sources.tracing.places import spot
from adviz.sources.tracing.traced import TracedValue

_BY_MINORS = 3
_LARGEST = {"np.linalg.det": 10, "np.linalg.solve": 20, "np.linalg.inv": 20}
_LARGEST |= {"np.linalg.cholesky": 40}
"""Rows at most: a determinant has n*2**(n - 1) products, a solution n**3, an inverse 2*n**3."""


def _square(name: str, a: Any) -> Vector:
    """Return a square matrix that is small enough; raise TracingError for any other."""
    held: Vector = as_vector(a)
    rows = held.shape[-1] if held.ndim else 0
    if held.ndim != 2 or held.shape[0] != rows:
        raise TracingError(
            f"{name} needs one square matrix, not the shape {held.shape}; {spot(_getframe(1))}"
        )
    if rows > _LARGEST[name]:
        raise TracingError(
            f"{name} of {rows} rows would be too many operations ({spot(_getframe(1))}); "
            f"traced matrices have at most {_LARGEST[name]}"
        )
    return held


def determinant(a: Any) -> Any:
    """Return the determinant of a matrix (n, n), expanded by minors: sums and products alone."""
    held = _square("np.linalg.det", a)
    return _determinant(held.view(np.ndarray).tolist())


def _determinant(rows: list[list[Any]]) -> Any:
    """Return a determinant; every minor of the last rows is computed once."""
    minors: dict[tuple[int, ...], Any] = {(): 1}
    for count, row in enumerate(reversed(rows), 1):
        minors = {
            columns: _expanded(row, columns, minors)
            for columns in combinations(range(len(rows)), count)
        }
    return minors[tuple(range(len(rows)))]


def _expanded(row: list[Any], columns: tuple[int, ...], minors: Mapping[Any, Any]) -> Any:
    """Return the minor of some columns, expanded along its first row."""
    total: Any = 0
    for position, column in enumerate(columns):
        minor = minors[columns[:position] + columns[position + 1 :]]
        if _is_zero(row[column]) or _is_zero(minor):
            continue
        product = row[column] if len(columns) == 1 else row[column] * minor
        signed = (operator.neg, operator.sub) if position % 2 else (operator.pos, operator.add)
        total = signed[0](product) if _is_zero(total) else signed[1](total, product)
    return total


def _is_zero(value: Any) -> bool:
    """Return whether a number is known to be 0."""
    return not isinstance(value, TracedValue) and bool(value == 0)


def solution(a: Any, b: Any) -> Any:
    """Return the x of a x = b, for a matrix (n, n) and a vector (n,) or a matrix (n, k)."""
    if not is_traced(a):
        return np.linalg.inv(plain(a)) @ as_vector(b)
    held, right = _square("np.linalg.solve", a), as_vector(b)
    if len(held) <= _BY_MINORS:
        return _adjugate(held) @ right / determinant(held)
    return _by_gram_schmidt(held, right.reshape(len(held), -1)).reshape(right.shape)


def inverse(a: Any) -> Any:
    """Return the inverse of a matrix (n, n)."""
    held = _square("np.linalg.inv", a)
    if len(held) <= _BY_MINORS:
        return _adjugate(held) / determinant(held)
    return _by_gram_schmidt(held, as_vector(np.eye(len(held))))


def _adjugate(a: Vector) -> Any:
    """Return the matrix of cofactors, transposed."""
    cofactors = np.empty(a.shape, dtype=object)
    for i, j in np.ndindex(*a.shape):
        rows = np.delete(np.delete(a.view(np.ndarray), i, 0), j, 1).tolist()
        minor = _determinant(rows)
        cofactors[j, i] = -minor if (i + j) % 2 else minor
    return cofactors.view(Vector)


def _by_gram_schmidt(a: Vector, right: Vector) -> Vector:
    """Return the solution of a system: a = q r column by column, then r x = q' b backwards."""
    rest = np.concatenate([a, right], axis=1).view(np.ndarray)
    size = len(a)
    triangle = np.zeros((size, rest.shape[1]), dtype=object)
    for k in range(size):
        length = np.hypot.reduce(as_vector(rest[:, k]))
        unit = rest[:, k] / length
        triangle[k, k], triangle[k, k + 1 :] = length, unit @ rest[:, k + 1 :]
        rest[:, k + 1 :] = rest[:, k + 1 :] - np.outer(unit, triangle[k, k + 1 :])
    found = triangle[:, size:]
    for k in reversed(range(size)):
        found[k] = (found[k] - triangle[k, k + 1 : size] @ found[k + 1 :]) / triangle[k, k]
    return found.view(Vector)


class SignAndLogarithm(NamedTuple):
    """A determinant in two parts, named as NumPy names them."""

    sign: Any
    logabsdet: Any


def _sign_and_logarithm(a: Any) -> SignAndLogarithm:
    value = determinant(a)
    return SignAndLogarithm(np.sign(value), np.log(np.abs(value)))


def _cholesky(a: Any, /, *, upper: bool = False) -> Any:
    """Return the lower triangular factor of a positive definite matrix (n, n)."""
    held = _square("np.linalg.cholesky", a).view(np.ndarray)
    factor = np.zeros(held.shape, dtype=object)
    for i in range(len(held)):
        for j in range(i):
            factor[i, j] = (held[i, j] - factor[i, :j] @ factor[j, :j]) / factor[j, j]
        factor[i, i] = np.sqrt(held[i, i] - factor[i, :i] @ factor[i, :i])
    return (factor.T if upper else factor).view(Vector)


def _power(a: Any, n: int) -> Any:
    """Return a matrix times itself, n times, by squaring."""
    base = inverse(a) if n < 0 else as_vector(a)
    power = base if n else np.eye(len(base))
    for digit in f"{abs(n):b}"[1:]:
        power = power @ power
        power = power @ base if digit == "1" else power
    return power


def _dot(a: Any, b: Any) -> Any:
    if not (np.ndim(a) and np.ndim(b)):
        return np.multiply(a, b)
    return vectorised(np.dot(objects(a), objects(b)))


def _product(arrays: Any) -> Any:
    return reduce(np.dot, arrays)


LINEAR_ALGEBRA: Mapping[str, Callable[..., Any]] = {
    "np.linalg.det": determinant,
    "np.linalg.slogdet": _sign_and_logarithm,
    "np.linalg.solve": solution,
    "np.linalg.inv": inverse,
    "np.linalg.cholesky": _cholesky,
    "np.linalg.matrix_power": _power,
    "np.linalg.multi_dot": _product,
    "np.vdot": lambda a, b: np.dot(np.ravel(a), np.ravel(b)),
    "np.vecdot": lambda a, b, axis=-1: np.sum(np.multiply(a, b), axis=axis),
    "np.matmul": lambda a, b: vectorised(np.matmul(objects(a), objects(b))),
    "np.dot": _dot,
    # options that only save SciPy work say nothing here
    "scipy.linalg.det": lambda a, overwrite_a=False, check_finite=True: determinant(a),
    "scipy.linalg.inv": lambda a, overwrite_a=False, check_finite=True: inverse(a),
    "scipy.linalg.solve": lambda a, b, *, overwrite_a=False, overwrite_b=False, check_finite=True: (
        solution(a, b)
    ),
    "scipy.linalg.cholesky": lambda a, lower=False, overwrite_a=False, check_finite=True: _cholesky(
        a, upper=not lower
    ),
}
