"""The page of benchmarks says what its data say; nothing is timed here."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "benchmarks"))

import peers
from lineup import bars, one_point, page, plot
from lineup.large import large
from lineup.measured import Measured
from lineup.sides import difference, entered, reference
from lineup.work import FORMULA, POINTS, Work


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
