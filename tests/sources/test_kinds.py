"""Kinds: a traced value is asked what it is, rounded, cast and counted with, as numbers are."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from scipy import special
from scipy.interpolate import CubicSpline, interp1d
from scipy.optimize import minimize
from scipy.spatial.distance import squareform
from scipy.stats import norm

import adviz
from adviz.errors import AdvizError, TracingError
from adviz.sources.function import trace

Callee = Callable[..., Any]
TABLE = [10.0, 20.0, 30.0, 40.0]
ARRAY = np.array(TABLE)


def matched(t: Any) -> Any:
    match t:
        case int():
            return t
        case float():
            return 2 * t
    return 3 * t


def asked(t: Any) -> Any:
    known = type(t) in (float, str) and isinstance(t, float | str) and issubclass(type(t), float)
    return 2 * t if known and not isinstance(t, int) and type(t) in {float: 1} else t


def labelled(x: Any) -> Any:
    labels = np.zeros(3).astype(int)
    return x[labels].sum()


def filled_by_number(x: Any) -> Any:
    out = np.zeros(4)
    out[int(x[1])] = x[0]
    out[np.array([2, 3])] = x[1:]
    return out @ ARRAY


def filled_by_condition(x: Any) -> Any:
    out = np.zeros(3)
    out[x > 2] = x[0]
    return out.sum()


def filled_literal(x: Any) -> Any:
    out, copy = np.array([0.0, 0.0]), np.array(ARRAY)
    out[0], copy[1] = x[0] * x[1], x[2]
    return out.sum() + copy[1]


def normalised_pieces(x: Any) -> Any:
    return np.piecewise(x, [x < 2, x >= 2], [lambda v: v / np.sum(v), lambda v: v / sum(v)]).sum()


def drawn(x: Any) -> Any:
    shape = np.zeros(2)
    rounded = np.array([1.26, 2.0]).round(1)[0] == 1.3
    return x[0] if rounded and shape.dtype == float and shape.astype(bool).dtype == bool else x[1]


SCALARS: tuple[tuple[Callee, float], ...] = (
    (lambda t: t * 2.5 if isinstance(t, float) else t * 3, 1.0),
    (lambda t: t * 2.5 if isinstance(t, numbers.Real) else t * 3, 1.0),
    (lambda t: t * 2.5 if isinstance(t, np.floating) else t * 3, 1.0),
    (lambda t: t * 2.5 if isinstance(t, int) else t * 3, 1.0),
    (lambda t: t * 2.5 if type(t) is float else t * 3, 1.0),
    (lambda t: t * 2.5 if hasattr(t, "__len__") or hasattr(t, "shape") else t * 3, 1.0),
    (lambda t: t * 2.5 if isinstance(int(t), int) and type(round(t)) is int else t * 3, 1.5),
    (lambda t: t * 2.5 if isinstance(t > 1, bool) else t * 3, 1.5),
    (lambda t: {float: t, int: 2 * t}[type(t)], 1.5),
    (matched, 1.5),
    (asked, 1.5),
    (lambda t: float(t) * float("2") + float(t > 1) + float(int(t)), 1.5),
    (lambda t: t * int(t) + int("7") + int(2.5), -2.7),
    (lambda t: t * round(t) + round(t, 2) + round(t, -1), 123.456),
    (lambda t: t * round(t), 2.5),
    (lambda t: t * round(t), -3.5),
    (lambda t: math.floor(t) * math.ceil(t) * t + math.trunc(t), -2.7),
    (lambda t: divmod(t, 2)[0] + divmod(7, t)[1] + math.modf(t)[0], 2.7),
    (lambda t: TABLE[int(t)] * t, 2.7),
    (lambda t: TABLE[math.floor(t) - 3] * t, 2.7),
    (lambda t: ARRAY[round(t)] * ARRAY[-int(t)] * t, 2.7),
    (lambda t: sum(t * k for k in range(int(t) ** 2 + 1)), 2.7),
    (lambda t: {2: t, 3: t * t}[int(t)], 2.7),
    (lambda t: [t, t * t][t > 1] + "ab".count("a" * int(t)), 1.7),
    (lambda t: t * ((int(t) >> 1) & 1) + (1 << int(t)) + ~int(t), 6.5),
    (lambda t: t * ((t > 0) + (t > 1) + (t > 9)), 1.5),
    (lambda t: t * int(t > 1) + round(t > 2), 1.5),
    (lambda t: pow(int(t), 2) * t + int(t) ** -1 + 7 % int(t) + 7 // int(t), 3.5),
    (lambda t: math.factorial(int(t)) * t, 3.5),
    (lambda t: abs(t) * abs(int(t)) + -int(t), -3.5),
    (lambda t: np.zeros(int(t)).size * t, 3.5),
    (lambda t: t.real * 2 + t.imag + t.conjugate() if t.is_integer() else t, 3.0),
    (lambda t: max([t, -5, 1], key=abs) * min((t, 2), key=lambda v: -v), 3.5),
    (lambda t: np.ones(2, int)[0] * t + np.full(2, t, float)[1] + np.zeros(2, float)[0], 3.5),
    (lambda t: math.pow(t, 10.0) * math.pow(2.0, t), 1.5),
    (lambda t: vars(math)["sin"](t) + np.__dict__["cos"](t), 1.5),
    (lambda t: np.isscalar(t) * t + np.ndim(t) + np.size(t), 3.5),
)


@pytest.mark.parametrize(("function", "at"), SCALARS)
def test_a_traced_number_is_of_the_kind_of_a_number(function: Callee, at: float) -> None:
    graph = trace(function, at={"t": at})
    assert adviz.evaluate(graph, at={"t": at}).value == pytest.approx(function(at), rel=1e-15)


ORDERED, MIXED = (3.0, 1.0, 2.0), (3.7, 1.2, 2.9)
VECTORS: tuple[tuple[Callee, Sequence[float], Sequence[float]], ...] = (
    (lambda x: x[x.argsort()[::-1]][0], ORDERED, (1, 0, 0)),
    (lambda x: x[np.argsort(x)] @ ARRAY[:3], ORDERED, (30, 10, 20)),
    (lambda x: np.sum(x.astype(int)), MIXED, (0, 0, 0)),
    (lambda x: np.sum(x.astype("int64")) * x[0], MIXED, (6, 0, 0)),
    (lambda x: np.sum(x.astype(bool)), MIXED, (0, 0, 0)),
    (lambda x: np.sum(x.astype(np.uint8)), MIXED, (0, 0, 0)),
    (lambda x: x.astype(float).sum() + x.astype("float64")[0], MIXED, (2, 1, 1)),
    (lambda x: np.sum(x, dtype=int), MIXED, (0, 0, 0)),
    (lambda x: x.sum(dtype=int) + x.cumsum(dtype=int)[1], MIXED, (0, 0, 0)),
    (lambda x: np.array(x, dtype=int).sum() * x[0], MIXED, (6, 0, 0)),
    (lambda x: np.asarray([x[0], 1.5], dtype=int)[0] * x[1], MIXED, (0, 3, 0)),
    (labelled, ORDERED, (3, 0, 0)),
    (filled_by_number, MIXED, (20, 30, 40)),
    (filled_by_condition, MIXED, (2, 0, 0)),
    (filled_literal, MIXED, (1.2, 3.7, 1)),
    (drawn, MIXED, (1, 0, 0)),
    (lambda x: x[0] if x.dtype == np.float64 else x[1], MIXED, (1, 0, 0)),
    (lambda x: x[0] if x[2].dtype == np.float64 else x[1], MIXED, (1, 0, 0)),
    (lambda x: x[0] if np.issubdtype(x.dtype, np.floating) else x[1], MIXED, (1, 0, 0)),
    (lambda x: x[0] if x.astype(int).dtype.kind == "i" else x[1], MIXED, (1, 0, 0)),
    (lambda x: x[0] if (x > 1).dtype == bool and x.dtype == float else x[1], MIXED, (1, 0, 0)),
    (lambda x: x[0] if type(x) is np.ndarray else x[1], MIXED, (1, 0, 0)),
    (lambda x: x[0] if isinstance(x, list | tuple | np.ndarray) else x[1], MIXED, (1, 0, 0)),
    (lambda x: x[0] if isinstance(x[0], np.floating) else x[1], MIXED, (1, 0, 0)),
    (lambda x: x[0] if hasattr(x[1], "dtype") and x[1].shape == () else x[1], MIXED, (1, 0, 0)),
    (lambda x: x[0].item() * x.item(1) * (x.ndim + x[0].ndim + x.size), MIXED, (4.8, 14.8, 0)),
    (lambda x: x[0] * np.zeros_like(x).dtype.itemsize + np.ones_like(x)[1], MIXED, (8, 0, 0)),
    (lambda x: x[np.argmax(x)] * x[x.argmin()], ORDERED, (1, 3, 0)),
    (lambda x: np.sort(x)[1] * sorted(x)[0], ORDERED, (0, 2, 1)),
    (lambda x: np.median(x) + np.median(x[:2]), ORDERED, (0.5, 0.5, 1)),
    (lambda x: np.quantile(x, 0.25) + np.percentile(x, [50])[0], ORDERED, (0, 0.5, 1.5)),
    (lambda x: np.partition(x, 1)[1] * x[np.argpartition(x, 0)[0]], ORDERED, (0, 2, 1)),
    (lambda x: np.searchsorted([1, 2, 3], x[0]) * x[0], MIXED, (3, 0, 0)),
    (lambda x: np.unique(x.astype(int)).size * x[0], MIXED, (3, 0, 0)),
    (lambda x: np.round(x, 1) @ x + x.round(1)[0] + np.around(x[0], 1), MIXED, MIXED),
    (lambda x: np.rint(x) @ x + np.fix(x).sum(), MIXED, (4, 1, 3)),
    (lambda x: np.modf(x)[0].sum() + np.divmod(x, 2)[1].sum(), MIXED, (2, 2, 2)),
    (lambda x: np.sum(x, where=x > 2) + np.sum(x, where=[True, False, True]), MIXED, (2, 0, 2)),
    (lambda x: np.max(x, where=x < 3, initial=0.0), MIXED, (0, 0, 1)),
    (normalised_pieces, MIXED, (0, 0, 0)),
    (lambda x: ARRAY[:3] @ np.take(x, x.argsort()), MIXED, (30, 10, 20)),
    (lambda x: np.compress(x > 2, ARRAY[:3]).sum() * x[0], MIXED, (40, 0, 0)),
    (lambda x: x[x > 1.5].sum() + x[(x > 1.5) & (x < 3)].sum(), MIXED, (1, 0, 2)),
    (lambda x: np.count_nonzero(x > 1.5) * x[0], MIXED, (2, 0, 0)),
    (lambda x: x[np.nonzero(x > 1.5)].sum() + x[np.where(x > 3)].sum(), MIXED, (2, 0, 1)),
    (lambda x: np.take(ARRAY, x.astype(int)) @ x, MIXED, (40, 20, 30)),
    (lambda x: ARRAY[int(x[0])] * x[x[1].astype(int)], MIXED, (0, 40, 0)),
    (lambda x: np.bincount(x.astype(int))[1] * x[0], MIXED, (1, 0, 0)),
    (lambda x: x[np.array([2, 0, 1])][0] * x[[2, 0, 1]][1], MIXED, (2.9, 0, 3.7)),
    (lambda x: x[[int(x[1]), 0]].sum(), MIXED, (1, 1, 0)),
    (lambda x: abs(x).sum() + abs(np.array([x[0], -1.0])).sum(), MIXED, (2, 1, 1)),
    (lambda x: np.vectorize(lambda v: 2 * v if v > 2 else v)(x).sum(), MIXED, (2, 1, 2)),
    (lambda x: [*x, 1][0] + tuple(x)[1] + sum(x.tolist()), MIXED, (2, 2, 1)),
    (lambda x: np.sum(pow(x, 2)) + max(x) + min(x), MIXED, (8.4, 3.4, 5.8)),
)


@pytest.mark.parametrize(("function", "at", "gradient"), VECTORS)
def test_a_traced_array_is_of_the_kind_of_an_array(
    function: Callee, at: Sequence[float], gradient: Sequence[float]
) -> None:
    graph = trace(function, at={"x": at})
    expected = float(function(np.array(at)))
    assert adviz.evaluate(graph, at={"x": at}).value == pytest.approx(expected, rel=1e-15)
    found = adviz.gradient(graph, {"x": at})
    assert list(found.values()) == pytest.approx(list(gradient), rel=1e-15, abs=1e-15)


LINE, CUBIC = interp1d([0, 1, 2], [0, 1, 4]), CubicSpline([0, 1, 2], [0, 1, 4])


def least(t: Any) -> Any:
    return minimize(lambda s: (s[0] - t) ** 2, [0.0]).fun


def raises_inside(x: Any) -> Any:
    def inner(_: Any) -> Any:
        raise ValueError("mine")

    return np.apply_along_axis(inner, 0, x)


OWN: tuple[tuple[Callee, type[Exception], str], ...] = (
    (raises_inside, ValueError, "^mine$"),
    (lambda x: [1, 2][5], IndexError, "^list index out of range$"),
    (lambda x: {"b": x}["a"], KeyError, "^'a'$"),
    (lambda x: np.concatenate([x[None], np.ones((2, 3))]), ValueError, "^all the input array dim"),
    (lambda x: x + np.ones(3), ValueError, "^operands could not be broadcast together"),
    (lambda x: squareform(np.outer(x, x)), ValueError, "^Distance matrix 'X' diagonal must be"),
    (lambda x: "a".foo, AttributeError, "^'str' object has no attribute 'foo'$"),  # type: ignore[attr-defined]  # that is the point
)


@pytest.mark.parametrize(("function", "kind", "words"), OWN)
def test_an_exception_that_is_not_about_tracing_passes_through(
    function: Callee, kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind, match=words) as caught:
        trace(function, shapes={"x": 2})
    assert caught.type is kind


def test_a_refusal_is_still_an_exception_of_its_kind() -> None:
    def careful(x: Any) -> Any:
        try:
            return np.fft.hfft(x, 2)[0, 0]
        except TypeError:
            return x[0, 0]

    assert trace(careful, shapes={"x": (1, 1)}).text == "careful(x0_0) = x0_0"


def test_a_whole_number_that_decides_is_required() -> None:
    graph = trace(lambda t: TABLE[int(t)] * t, at={"t": 2.7})
    assert graph.text == "f(t) =\n    assert trunc(t) == 2\n    30.0*t"
    assert adviz.gradient(graph, {"t": 2.1}) == {"t": 30.0}
    with pytest.raises(AdvizError, match=r"built where trunc\(t\) is 2, line \d+ of the lambda"):
        adviz.gradient(graph, {"t": 3.1})


def test_an_order_is_required() -> None:
    graph = trace(lambda x: np.sort(x)[0], at={"x": [2.0, 1.0]})
    assert adviz.gradient(graph, {"x": [5.0, 4.0]}) == {"x0": 0.0, "x1": 1.0}
    with pytest.raises(AdvizError, match="it was built where"):
        adviz.gradient(graph, {"x": [4.0, 5.0]})


REFUSED: tuple[tuple[Callee, dict[str, Any], str], ...] = (
    (lambda x: TABLE[int(x[0])], {}, r"depends on a traced value, .*; follow one point with build"),
    (lambda x: np.argsort(x)[0], {}, r"np.argsort orders traced values.*; follow one point"),
    (lambda x: x[x.argsort()][0], {}, r"np.argsort orders traced values.*; follow one point"),
    (lambda x: np.argmax([x[0], 1]), {}, "np.argmax orders traced values"),
    (lambda x: x.astype(np.float32)[0], {}, "cannot become float32 .*computes in float64"),
    (lambda x: x.astype(complex)[0], {}, "cannot become complex128"),
    (lambda x: ARRAY[x.astype(int)], {"at": {"x": [1.0, 2.0]}}, r"np.take\(table, indices\)"),
    (lambda x: ARRAY[[int(i) for i in x]], {"at": {"x": [1.0, 2.0]}}, r"np.take\(table, indices"),
    (lambda x: ARRAY[:2][x > 1].sum(), {"at": {"x": [1.0, 2.0]}}, r"np.compress\(mask, table\)"),
    (lambda x: np.random.choice(3, p=x), {"at": {"x": [1.0, 2.0]}}, "^np.random.choice cannot be"),
    (lambda x: LINE(x).sum(), {}, r"^scipy.interpolate.interp1d cannot be traced: .*line \d+ of"),
    (lambda x: CUBIC(x).sum(), {}, r"^scipy.interpolate.CubicSpline cannot be traced: .*line \d+"),
    (lambda x: CubicSpline([0, 1], x)(0.5), {}, "^scipy.interpolate.CubicSpline cannot be traced"),
    (lambda x: least(x[0]), {}, r"^scipy.optimize.minimize cannot be traced: .*line \d+ of least"),
    (lambda x: norm(0, 1).ppf(x).sum(), {}, "^scipy.stats.norm.ppf cannot be traced"),
    (lambda x: norm(x[0], 1).mean(), {}, "^mean of a distribution with traced parameters cannot"),
    (lambda x: np.piecewise(x, [x < 1], [sum, 1])[0], {}, "looks at several elements; .*follow"),
    (lambda x: np.fft.hfft(x)[0], {}, r"np.fft.hfft cannot be traced: .*line \d+ of"),
    (lambda x: special.zetac(x), {}, "scipy.special.zetac has no derivative here"),
    (lambda x: np.max(x, where=x > 1), {}, "where= needs initial= here"),
    (lambda x: x[5], {}, "index 5 is out of bounds"),
)


@pytest.mark.parametrize(("function", "options", "words"), REFUSED)
def test_what_numpy_cannot_do_with_traced_values_is_said(
    function: Callee, options: dict[str, Any], words: str
) -> None:
    with pytest.raises((TracingError, IndexError), match=words):
        trace(function, **{"shapes": {"x": 2}, **options})
