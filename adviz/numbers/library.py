"""SciPy's special functions on arrays, and where they keep their digits.

Each row says what SciPy calls it, and tests that name the elements at which SciPy loses digits: far
out, or at orders too high. These are few, and are computed one by one by the float function, which
knows them to the last digit. Beside a zero, where SciPy loses digits too, what a function has
gathered since is found from its slope, which is large there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from importlib.util import find_spec
from typing import Any

import numpy as np

from adviz.numbers import FLOAT64
from adviz.numbers.float64 import tail
from adviz.numbers.rules import Function, compiled
from adviz.numbers.system import named
from adviz.numbers.zeros import beside, steep
from adviz.primitives import RESULT, TABLE

Mask = Any
"""An array of truth values."""
Test = Callable[..., Mask]
"""Takes what a function gave, and its arguments; gives the elements that are to be mended."""

_NEAREST = 1e-30
"""Below which the power series of SciPy's Bessel functions lose digits."""


@dataclass(frozen=True)
class Library:
    """How an array's elements are computed at once, and which of them are to be mended."""

    at_once: Callable[[], Function]
    tests: tuple[Test, ...] = ()
    ulps: float = 0.0
    """The bound on an element's error in units in the last place, where that is not the row's."""
    zeros: bool = False
    """Whether it has zeros, beside which it loses digits."""

    def function(self, name: str) -> Function:
        """Return the function of a row, whose lost elements come from the float function."""
        function, alone = self.at_once(), one_by_one(name)
        near = beside(function, _slope(name), alone)

        def mended(*args: Any) -> Any:
            args = np.broadcast_arrays(*args)
            found = np.array(function(*args))
            lost = np.zeros(found.shape, bool)
            for test in self.tests:
                lost |= test(found, *args)
            if self.zeros:
                close = steep(function, found, *args) & ~lost
                found[close] = near(*(one[close] for one in args))
                lost |= close & np.isnan(found)
            if lost.any():
                found[lost] = alone(*(one[lost] for one in args))
            return found[()]

        return mended


def one_by_one(name: str) -> Function:
    """Return the float function of a row, applied to every element.

    >>> one_by_one("lgamma")(np.array([1.0, 3.0]))
    array([0.        , 0.69314718])
    """
    function = FLOAT64.function(name)

    def elements(*args: Any) -> Any:
        args = np.broadcast_arrays(*args)
        rows = [np.ravel(one).tolist() for one in args]
        found = np.fromiter(map(function, *rows), float, args[0].size)
        return found.reshape(args[0].shape)[()]

    return elements


def special(name: str) -> Function | None:
    """Return the function of a row for arrays where SciPy serves it and is installed."""
    if name not in LIBRARY or not find_spec("scipy"):
        return None
    return LIBRARY[name].function(name)


# --- where digits are lost -----------------------------------------------------------------------


def _unknown(found: Any, *_: Any) -> Mask:
    """Name the elements without a number."""
    return ~np.isfinite(found)


def _beyond(largest: float) -> Test:
    """Return a test that names what is too far out, too near to 0, or has no number."""

    def test(found: Any, *args: Any) -> Mask:
        size = np.abs(args[-1])
        return (size > largest) | (size < _NEAREST) | ~np.isfinite(found)

    return test


def _above(highest: int) -> Test:
    """Return a test that names the elements of a high order."""
    return lambda _, order, __: np.abs(order) > highest


def _broken(_: Any, order: Any, __: Any) -> Mask:
    """Name the elements of an order that is not whole."""
    return order != np.floor(order)


def _between(low: float, high: float) -> Test:
    """Return a test that names what has its last argument inside an interval."""
    return lambda _, *args: (low < args[-1]) & (args[-1] < high)


def _small_below_zero(found: Any, x: Any) -> Mask:
    """Name the neighbourhoods of the zeros between the poles of a gamma function."""
    return (x < 0) & (np.abs(found) < 1 + np.log1p(np.abs(x)) / 2)


# --- functions made of SciPy's -------------------------------------------------------------------


def _slope(name: str) -> Function:
    """Return the slope of a row, as SciPy's functions have it."""
    row = TABLE[name]
    rule = compiled(row.partials[-1], (*row.args, RESULT))

    def bare(other: str) -> Function:
        return LIBRARY[other].at_once() if other in LIBRARY else named("array").function(other)

    @cache
    def bound() -> Function:
        return rule.bind(bare, np.float64)

    return lambda *args: bound()(*args, np.nan)


def _scipy(name: str, place: int | None = None) -> Function:
    """Return a function of SciPy, or one of the several results of one."""
    from scipy import special as library

    function = getattr(library, name)
    if place is None:
        return lambda *args: np.real(function(*args))
    return lambda *args: function(*args)[place]


def _lgamma() -> Function:
    """Return the logarithm of gamma; near its zeros at 1 and 2 SciPy has digits for complex."""
    plain, near = _scipy("gammaln"), _scipy("loggamma")

    def lgamma(x: Any) -> Any:
        close = np.minimum(np.abs(x - 1), np.abs(x - 2)) < 0.19
        found = np.array(plain(x))
        found[close] = near(x[close] + 0j)
        return found

    return lgamma


def _digamma() -> Function:
    """Return digamma, below 0 by reflection with the distance to the pole (DLMF 5.5.4)."""
    plain = _scipy("digamma")

    def digamma(x: Any) -> Any:
        distance = x - np.rint(x)
        reflected = plain(1 - np.minimum(x, 0)) - np.pi / np.tan(np.pi * distance)
        found = np.where(x > 0, plain(np.maximum(x, 0)), reflected)
        return np.where((x <= 0) & (distance == 0), np.nan, found)

    return digamma


def _ndtr() -> Function:
    """Return the normal distribution with all its digits in the lower tail."""
    erfc = LIBRARY["erfc"].function("erfc")

    def ndtr(x: Any) -> Any:
        inner = np.clip(x, -60, -1)
        return np.where(inner == x, tail(erfc, np.exp, inner), erfc(-x * np.sqrt(0.5)) / 2)

    return ndtr


def _spherical_jn() -> Function:
    """Return the Bessel function for orders given as floats; near 0, by its power series.

    SciPy's loses digits there, and underflows too early (NIST DLMF 10.53.1).
    """
    from scipy.special import factorial2, spherical_jn

    def bessel(n: Any, x: Any) -> Any:
        order, half, series = np.asarray(n, dtype=int), x * x / 2, np.ones(np.shape(x))
        for k in range(9, 0, -1):
            series = 1 - half / (k * (2 * n + 2 * k + 1)) * series
        near = np.power(x, n) / factorial2(2 * order + 1) * series
        return np.where(np.abs(x) < 1, near, spherical_jn(order, x))

    return bessel


def _library(name: str, *tests: Test, place: int | None = None, **rest: Any) -> Library:
    return Library(partial(_scipy, name, place), tests, **rest)


def _cylinder(name: str, largest: float, ulps: float) -> Library:
    return _library(name, _beyond(largest), _above(10), ulps=ulps, zeros=True)


def _airy(place: int, ulps: float) -> Library:
    return _library("airy", _beyond(10.0), place=place, ulps=ulps, zeros=True)


LIBRARY: Mapping[str, Library] = {
    "erf": _library("erf", ulps=2.5),
    "erfc": _library("erfc", _between(0.4, 30.0)),
    "ndtr": Library(_ndtr),
    "erfinv": _library("erfinv", _beyond(1.0), ulps=3.0),
    "erfcinv": _library("erfcinv", _beyond(2.0), _between(0.05, 0.3), ulps=4.0),
    "gamma": _library("gamma"),
    "lgamma": Library(_lgamma, (_unknown, _small_below_zero)),
    "digamma": Library(_digamma, (_small_below_zero,), ulps=4.0),
    "spherical_jn": Library(_spherical_jn, (_beyond(500.0), _above(5), _broken), zeros=True),
    "besselj": _cylinder("jv", 5e3, ulps=320.0),
    "bessely": _cylinder("yv", 5e3, ulps=320.0),
    "besseli": _cylinder("iv", 700.0, ulps=16.0),
    "besselk": _cylinder("kv", 700.0, ulps=32.0),
    "airyai": _airy(0, ulps=256.0),
    "airyaiprime": _airy(1, ulps=256.0),
    "airybi": _airy(2, ulps=128.0),
    "airybiprime": _airy(3, ulps=128.0),
    "Si": _library("sici", _beyond(1e300), place=0, ulps=4.0),
    "Ci": _library("sici", _beyond(4e3), place=1, ulps=128.0, zeros=True),
    "Shi": _library("shichi", _beyond(700.0), place=0, ulps=8.0),
    "Chi": _library("shichi", _beyond(700.0), place=1, ulps=64.0, zeros=True),
    "Ei": _library("expi", _beyond(700.0), _between(36.0, 46.0), ulps=32.0, zeros=True),
    "lambertw": _library("lambertw", _beyond(1e300), _between(-0.4, -0.36), ulps=4.0),
    "fresnels": _library("fresnel", _beyond(30.0), place=0, ulps=32.0),
    "fresnelc": _library("fresnel", _beyond(30.0), place=1, ulps=32.0),
    "elliptic_k": _library("ellipk", _beyond(1e300), ulps=4.0),
    "elliptic_e": _library("ellipe", _beyond(1e9), ulps=4.0),
}
"""What arrays compute with SciPy, and how far from the truth.

SciPy's `beta`, `betaln` and `binom` lose up to nine digits of sixteen, its `zeta` one near 0.
"""
