"""The page of benchmarks says what its data say; nothing is timed here."""

from __future__ import annotations

import math
import random
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent / "benchmarks"))

import peers
import published
from lineup import bars, one_point, page, plot
from lineup.large import large
from lineup.measured import Measured
from lineup.sides import difference, entered, reference
from lineup.work import FORMULA, POINTS, Work
from objectives import page as collections
from objectives import verdict, witness
from objectives.sources import COLLECTIONS, Objective


def test_the_page_is_what_its_data_say() -> None:
    text = peers.PAGE.read_text("utf-8")
    assert text == page.inserted(text, peers.kept().markdown)


def test_tables_do_not_depend_on_the_order_of_versions() -> None:
    sheet = peers.kept()
    turned = replace(sheet, versions=dict(reversed([*sheet.versions.items()])))
    assert turned.markdown == sheet.markdown


def test_the_plot_is_the_same_for_the_same_figures() -> None:
    pytest.importorskip("matplotlib")
    results = peers.kept().results
    assert plot.svg(results) == plot.svg(results)


def test_a_bar_missed_is_said() -> None:
    bar = bars.BARS[0]
    assert bar.other
    figures = {bar.one: Measured(bar.one, (2.0,)), bar.other: Measured(bar.other, (1.0,))}
    (verdict,) = (one for one in bars.verdicts(figures) if one.bar is bar)
    assert not verdict.met and "MISSED" in str(verdict)
    assert "**missed**" in page.Sheet("", {}, figures).markdown


def test_the_bars_speak_of_work_that_is_measured() -> None:
    sides = {side.name for side in one_point.AT_A_POINT}
    of_points = [bar.one for bar in bars.BARS if bar.one.part == one_point.PART]
    assert of_points and all(key.work == FORMULA and key.side in sides for key in of_points)


def test_a_side_that_is_wrong_is_not_timed() -> None:
    (work,) = (one for one in POINTS if one.name == FORMULA)
    expected = reference(work)
    wrong = [expected[0], expected[1] + 1, expected[2]]
    sides = [side for side in one_point.AT_A_POINT if side.name == "by hand, Python"]
    (found,) = entered("part", "work", sides, [work], wrong)
    assert isinstance(found, Measured) and found.note.startswith("WRONG: number 2")


@pytest.mark.parametrize("work", POINTS, ids=lambda work: work.name)
def test_what_is_written_by_hand_is_right(work: Work) -> None:
    assert work.by_hand
    assert difference(work.by_hand(*work.point), reference(work)) == ""


def test_a_large_graph_has_about_as_many_nodes_as_asked_for() -> None:
    run = large(2_000)
    nodes = sum(1 if b < 0 else 2 for _, b in run.steps) + len(run.loose) - 1 + len(run.point)
    assert abs(nodes - 2_000) < 20


# --- published collections -----------------------------------------------------------------------


def test_the_page_of_collections_is_what_its_data_say() -> None:
    assert published.PAGE.read_text("utf-8") == collections.text(published.kept())


def test_the_versions_that_are_to_be_installed_are_those_of_the_page() -> None:
    pinned = [f"{one.name}=={one.version}" for one in COLLECTIONS]
    assert {*pinned} <= {*(published.__doc__ or "").split()}
    assert [f"{one.name}=={one.version}" for one in published.kept().found] == pinned


WAVE = Objective("wave", lambda x: np.sum(np.sin(x) * x**2), [(1.0, 2.0)] * 12)
POINT = [1.0 + i / 16 for i in range(12)]
SLOPES = np.cos(POINT) * np.square(POINT) + 2 * np.sin(POINT) * POINT


def compared(objective: Objective, value: float = 1.0, slope: float = 1.0) -> verdict.Verdict:
    """What is said of a value and of slopes that are so many times the right ones."""
    right = float(objective.function(np.array(POINT)))
    return verdict._compared(objective, POINT, right * value, SLOPES * slope)


def test_what_is_wrong_is_called_wrong() -> None:
    plain = Objective("plain", lambda x: WAVE.function(x.astype(float)), WAVE.bounds)
    for objective in (WAVE, plain):  # the second takes no complex step
        assert compared(objective) == ("right", "")
        assert compared(objective, value=1 + 1e-8)[1].startswith("the value ")
        assert compared(objective, slope=1.001)[1].startswith("the slope ")


def test_every_way_to_end_has_its_name() -> None:
    def outcome(function: Callable[..., Any], seconds: float = 9.0) -> str:
        return verdict.judged(Objective("f", function, [(1.0, 2.0)]), seconds).verdict

    def slow(x: Any) -> Any:
        end = time.process_time() + 1.0
        while time.process_time() < end:
            pass
        return x[0]

    draw = random.Random(0)
    assert outcome(lambda x: x[0] ** 2) == "right"
    assert outcome(lambda _: math.nan) == "unfit"
    assert outcome(lambda x: x[0] * draw.random()) == "unfit"
    assert outcome(lambda x: np.sort_complex(x)[0]) == "refused"
    assert outcome(slow, 0.05) == "slow"


@pytest.mark.parametrize(
    ("along", "slope"),
    [
        (lambda t: np.exp(3 * t), 3.0),
        (lambda t: 1e9 + 2 * t, 2.0),
        (lambda t: np.sin(1e3 * t), 1e3),
        (lambda t: np.where(np.real(t) > 1e-3, 5.0, t), 1.0),
    ],
)
def test_a_slope_is_what_it_is_said_to_be(along: witness.Along, slope: float) -> None:
    found = witness.believed(witness.differences(along))
    assert abs(found.value - slope) <= 3 * found.error < 1e-3 * slope


def test_no_slope_is_believed_where_nothing_is_clear() -> None:
    rough = [lambda t: np.sin(1e15 * np.real(t)), lambda t: float(np.real(t) > 0)]
    assert [witness.believed(witness.differences(one)) for one in rough] == [witness.UNKNOWN] * 2


def test_reasons_are_grouped_by_what_they_have_in_common() -> None:
    said = "<traced {}> is a traced value: float() drops it (line {} of f in m.py, 'x'); use y"
    causes = {collections.cause(said.format(*one)) for one in (("x0 + 1", 3), ("x1", 9))}
    assert causes == {"a traced number is a traced value: float() drops it"}
