"""Beside its zeros a function on arrays keeps its digits, and asks for few exact numbers."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from adviz.numbers import ARRAY, FLOAT64
from adviz.numbers.library import LIBRARY, one_by_one
from adviz.numbers.zeros import beside
from adviz.primitives import TABLE

CYLINDERS = [
    (name, order)
    for name in ("besselj", "bessely")
    for order in (-2.0, 0.0, 0.5, 1.0, 5.0, 7.5, 10.0)
]
OTHERS = ["airyai", "airyaiprime", "airybi", "airybiprime", "Ci", "Chi", "Ei"]
CASES: list[tuple[str, tuple[float, ...]]] = [
    *((name, (order,)) for name, order in CYLINDERS),
    *(("spherical_jn", (order,)) for order in (0.0, 1.0, 4.0)),
    *((name, ()) for name in OTHERS),
]


def reach(name: str) -> tuple[float, float]:
    """Return an interval with zeros."""
    return (-9.0, -0.5) if name.startswith("airy") else (0.3, 18.0)


def crossings(name: str, orders: tuple[float, ...]) -> list[float]:
    """Return the doubles next to a function's zeros on its interval, by bisection."""
    function = FLOAT64.function(name)
    low, high = reach(name)
    walk = np.linspace(low, high, 97).tolist()
    values = [function(*orders, x) for x in walk]
    pairs = zip(pairwise(walk), pairwise(values), strict=True)
    return [_bisected(function, orders, *ends) for ends, (a, b) in pairs if a * b < 0]


def _bisected(function: Any, orders: tuple[float, ...], low: float, high: float) -> float:
    below = function(*orders, low) < 0
    while not math.isclose(low, high, rel_tol=1e-15):
        middle = (low + high) / 2
        low, high = (middle, high) if (function(*orders, middle) < 0) == below else (low, middle)
    return low


@pytest.mark.parametrize(("name", "orders"), CASES)
def test_beside_every_zero_the_digits_are_kept(name: str, orders: tuple[float, ...]) -> None:
    zeros = crossings(name, orders)
    assert zeros
    away = np.array([-0.2, -0.03, -1e-5, -1e-9, -1e-12, 0.0, 1e-14, 1e-10, 1e-7, 0.004, 0.1])
    at = (np.array(zeros)[:, None] + away).ravel()
    single = [FLOAT64.function(name)(*orders, x) for x in at.tolist()]
    found = ARRAY.function(name)(*(np.full(at.shape, order) for order in orders), at)
    bound = max(LIBRARY[name].ulps, TABLE[name].ulps)
    assert np.all(np.abs(found - single) <= bound * np.spacing(np.abs(single)))


@pytest.mark.parametrize(("name", "orders"), CASES)
def test_an_element_does_not_depend_on_the_others(name: str, orders: tuple[float, ...]) -> None:
    function, at = ARRAY.function(name), np.linspace(*reach(name), 301)
    alone = [float(function(*orders, np.array([x]))[0]) for x in at]
    assert function(*orders, at).tolist() == alone


def test_a_place_is_asked_for_once() -> None:
    asked: list[float] = []

    def exact(x: Any) -> Any:
        asked.extend(np.ravel(x).tolist())
        return one_by_one("sin")(x)

    at = np.concatenate([k * np.pi + np.linspace(-0.2, 0.2, 500) for k in range(1, 9)])
    found = beside(np.sin, np.cos, exact)(at)
    assert len(asked) == 8
    assert found == pytest.approx(np.sin(at), rel=1e-12)
