"""Very many points: numbers are held, verdicts are counted, and the worst of them are told."""

from __future__ import annotations

import math
import pickle
import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Any

import numpy as np
import pytest

import adviz
from adviz.checking import check as checking
from adviz.checking.points.packed import Points
from adviz.checking.points.sampling import drawn
from adviz.checking.verdicts import tally
from adviz.checking.verdicts.point import Judged
from adviz.checking.verdicts.tally import Spread, Tally, tallied
from adviz.errors import PointError
from adviz.language.labels import Key

CHECKS: dict[str, dict[str, Any]] = {
    "lost digits": {"subject": "(1 - cos(x))/x**2", "ranges": {"x": (1e-8, 1)}},
    "a wrong gradient": {"subject": "x**2*y", "gradient": {"x": "3*x*y", "y": "x**2"}},
    "kinks": {"subject": "abs(x)*max(x, y)", "near_kinks": True},
    "a branch": {"subject": "where(x > 100, x*x, 3*x)", "order": 2},
    "a failing witness": {"subject": "1e16 + x"},
}


@pytest.mark.parametrize("chunk", [1, 7, 1000])
@pytest.mark.parametrize("name", CHECKS)
def test_the_report_does_not_depend_on_the_chunks(
    name: str, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tally, "MOST_KEPT", 11)  # so that most are forgotten on the way
    expected = adviz.check(**CHECKS[name], points=40, seed=3).to_json()
    monkeypatch.setattr(checking, "_CHUNK", chunk)
    assert adviz.check(**CHECKS[name], points=40, seed=3).to_json() == expected


@pytest.mark.parametrize("name", CHECKS)
def test_what_is_forgotten_changes_no_more_than_the_positions(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = adviz.check(**CHECKS[name], points=40, seed=3).findings
    monkeypatch.setattr(tally, "MOST_KEPT", 4)
    few = adviz.check(**CHECKS[name], points=40, seed=3).findings
    assert any(len(one.positions) > 4 for one in whole)
    for one, other in zip(few, whole, strict=True):
        assert one.positions == other.positions[: len(one.positions)]
        assert min(3, one.count) <= len(one.positions) <= 4
        assert (one.verdict, one.count, one.point, one.cause) == (
            other.verdict, other.count, other.point, other.cause,
        )  # fmt: skip


# --- memory --------------------------------------------------------------------------------------


def peak(work: Callable[[], object]) -> int:
    """Return how many bytes some work holds at most."""
    tracemalloc.start()
    work()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def verdicts(count: int) -> Iterator[list[Judged]]:
    """Yield verdicts in chunks of 25, each made of numbers of its own."""
    numbers = ((k, float(k) + 0.5) for k in range(count))
    ones = (Judged(k, "reverse", Key("f", "x"), "agrees", y, y, y, y) for k, y in numbers)
    while chunk := list(islice(ones, 25)):
        yield chunk


def test_verdicts_are_counted_in_memory_that_does_not_grow() -> None:
    assert peak(lambda: tallied(verdicts(60_000))) < 1.5 * peak(lambda: tallied(verdicts(6_000)))
    (alike,) = tallied(verdicts(60_000))
    assert alike.count == 60_000
    assert [one.position for one in alike.worst] == list(range(tally.MOST_KEPT))


@pytest.mark.parametrize("given", [False, True], ids=["drawn", "given"])
def test_of_a_point_a_check_keeps_little_more_than_its_numbers(
    given: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tally, "MOST_KEPT", 50)

    def held(count: int) -> int:
        points = {"at": {"x": np.linspace(1, 2, count)}} if given else {"points": count}
        return peak(partial(adviz.check, "x*x", **points))

    held(100)  # what is made once
    assert held(2400) - held(400) < 2000 * 8 * 8  # also those given, and a block as it grows


# --- points --------------------------------------------------------------------------------------

ROWS = [{"x": 1.0, "y": -0.0}, {"x": 5e-324, "y": 1.7976931348623157e308}, {"x": 0.1, "y": 3.0}]


@pytest.mark.parametrize("key", [0, 2, -1, slice(1, 3), slice(None, None, -1), slice(5, 9)])
def test_points_are_as_a_tuple_of_them(key: Any) -> None:
    points = Points(["x", "y"], ROWS)
    assert points == tuple(ROWS) and [*points] == ROWS and len(points) == 3
    assert points[key] == (ROWS[key] if isinstance(key, int) else tuple(ROWS[key]))
    assert pickle.loads(pickle.dumps(points)) == points  # noqa: S301 - our own bytes
    assert repr(points) == repr(tuple(ROWS))


def test_points_of_no_input_are_counted_all_the_same() -> None:
    assert Points([], [{}, {}]) == [{}, {}]
    assert len(adviz.check("3", points=5).points) == 5


def test_points_out_of_reach_and_many_points_in_short() -> None:
    with pytest.raises(IndexError):
        Points(["x"], [{"x": 1.0}])[1]
    assert repr(drawn(adviz.build("x*y"), 21)) == "<Points: 21 of x, y>"


@pytest.mark.parametrize(
    "at", [iter([]), {"x": []}, {"x": np.array([])}], ids=["iterator", "list", "array"]
)
def test_no_point_is_no_check(at: Any) -> None:
    with pytest.raises(PointError, match=r"^at= holds no point; give one, or have points drawn"):
        adviz.check("x*x", at=at)


# --- what verdicts share -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numbers", "shared"),
    [([], None), ([2.0], 2.0), ([2.0, 2.0 + 1e-12], 2.0), ([2.0, 2.1], None), ([0.0, 0.0], 0.0)],
)
def test_numbers_share_one_that_all_are(numbers: list[float], shared: float | None) -> None:
    assert Spread().over(numbers).shared == shared


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_number_that_is_not_finite_shares_nothing_wherever_it_stands(
    bad: float, place: int
) -> None:
    numbers = [1.5, 1.5]
    numbers.insert(place, bad)
    assert Spread().over(numbers).shared is None
    found = [Judged(k, "gradient", Key("f", "x"), "wrong gradient", y, 1.0, 0, 1)
             for k, y in enumerate(numbers)]  # fmt: skip
    assert Tally(found).alike.pattern == ""
