"""Figures: their numbers by closed forms, and how they are painted, saved, and refused."""

from __future__ import annotations

import csv
import math
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from itertools import combinations, pairwise, repeat
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import adviz
from adviz import AdvizError, Chart
from adviz.comparison.figures.chart import Axis, Curve, Mark
from adviz.comparison.figures.digits import HELD, LIMIT, WAYS
from adviz.comparison.figures.painting import _spread
from adviz.comparison.figures.steps import STEPS
from adviz.comparison.figures.styles import STYLES
from adviz.modes.fast.jacobian import values_of
from adviz.modes.rounding import UNIT
from adviz.numbers import COMPLEX

matplotlib = pytest.importorskip("matplotlib", reason="MISSING EXTRA: matplotlib paints figures")

POWERS = [2.0**-k for k in range(4, 18)]
PLAIN = Chart(
    "a title with $ and _",
    "a caption with <, & and $",
    Axis("n", log=False),
    Axis("operations", low=1.0),
    (
        Curve("function", "function", ((1, 0.0), (2, 3.0), (3, 9.0))),
        Curve("$f$", "forward", ((1, 2.0), (2, math.nan), (3, math.inf))),
    ),
    (Mark(2, 3.0, "here"),),
)
HEADS = {".csv": b"curve,n,operations\n", ".pdf": b"%PDF-", ".png": b"\x89PNG", ".svg": b"<?xml"}


# --- numbers -------------------------------------------------------------------------------------


def test_errors_of_differences_of_a_cube_are_what_taylor_says() -> None:
    """Of x³ at 1, ((1 + h)³ - 1)/h = 3 + 3h + h², across it 3 + h², with i·h 3 - h²: exactly."""
    found = adviz.step_errors("x*x*x", at={"x": 1.0}, steps=POWERS)
    for h, error in found["forward difference"].points:
        assert error == pytest.approx(h + h * h / 3, rel=1e-8)
    for name in ("central difference", "complex step"):
        for h, error in found[name].points:
            assert error == pytest.approx(h * h / 3, rel=1e-2, abs=4 * UNIT / h)
    assert {error for _, error in found["AD (reverse mode)"].points} == {0.0}


@pytest.mark.parametrize("formula", ["sin(x)*exp(x)", "log(x + 2)", "tanh(x)/x", "x**3.5"])
def test_the_best_steps_are_those_of_numerical_recipes(formula: str) -> None:
    """Section 5.7: about √ε and ∛ε, where as many digits are left as these have zeros."""
    found = adviz.step_errors(formula, at={"x": 1.25})
    one, two, three, ours = found.curves
    for curve, root in ((one, 2), (two, 3)):
        best, error = min(curve.points, key=lambda point: point[1])
        assert abs(math.log10(best) - math.log10(UNIT) / root) < 2
        assert abs(math.log10(error) - math.log10(UNIT) * (root - 1) / root) < 2.5
    assert max(error for h, error in three.points if h < 1e-9) < 8 * UNIT
    assert max(error for _, error in ours.points) < 8 * UNIT


def test_large_steps_do_not_disturb_the_complex_numbers_of_check() -> None:
    for _ in range(20):  # as often as it takes until code is written out
        adviz.step_errors("exp(x)*x", at={"x": 1.0}, steps=[0.5])
        graph = adviz.build("exp(x)*x")
        found = values_of(graph, COMPLEX.over(graph.rows), {"x": complex(1.0, 0.5)})
        assert found[-1].real == math.e


def test_a_step_that_is_lost_in_rounding_leaves_nothing_right() -> None:
    found = adviz.step_errors("exp(x)", at={"x": 1.0}, steps=[1e-17, 1e-3])
    assert found["forward difference"].points[0] == (1e-17, 1.0)
    assert [mark.x for mark in found.marks] == [1e-3, 1e-3]


def test_an_input_and_an_output_are_chosen() -> None:
    graph = adviz.build({"p": "x*y", "q": "x*x*y"})
    found = adviz.step_errors(graph, at={"x": 3.0, "y": 2.0}, of="q", wrt="x", steps=[0.5])
    ((_, error),) = found["forward difference"].points
    assert error == 0.25  # ((4.5² - 3²)·2/1.5 - 12)/12
    assert found.y.label == "relative error of dq/dx"


def test_at_a_kink_the_complex_step_says_nothing() -> None:
    found = adviz.step_errors("abs(x)*x", at={"x": 0.0}, steps=[0.25])
    ((_, error),) = found["complex step"].points
    assert math.isnan(error)
    assert found["forward difference"].points == ((0.25, 0.25),)


@pytest.mark.parametrize("name", [name for name in WAYS if name != "central difference"])
def test_agreement_is_not_correctness(name: str) -> None:
    """At 10⁻⁶ all give -88.9 for the derivative of (1 - cos x)/x², which is -8.3·10⁻⁸."""
    at = {"x": 1.0}
    found = adviz.lost_digits("(1 - cos(x))/x**2", at, "x", (1e-6, 1.0), points=7)
    digits = [round(kept, 1) for _, kept in found[name].points]
    assert digits[:2] == [0.0, 0.0] and digits[-1] > 14
    assert min(kept for _, kept in found[LIMIT].points) > 15
    assert "keeps 0 of the 16 digits" in found.caption


@pytest.mark.parametrize("formula", ["x**3", "sin(x)", "exp(x)*y"])
def test_a_formula_that_loses_nothing_keeps_what_a_double_holds(formula: str) -> None:
    at = dict.fromkeys(adviz.build(formula).inputs, 0.7)
    found = adviz.lost_digits(formula, at, "x", (0.2, 1.2), points=11)
    for name in ("AD, forward mode", "AD, reverse mode", "complex step", "SymPy's derivative"):
        assert min(kept for _, kept in found[name].points) > 14.5
    assert max(kept for _, kept in found["central difference"].points) < 14
    assert found.caption.startswith("AD keeps what the condition allows, within ")


def test_the_condition_is_that_of_the_books() -> None:
    """The derivative 1/(1 - x)² has the condition 2x/|1 - x|."""
    found = adviz.lost_digits("1/(1 - x)", {"x": 0.5}, "x", (0.5, 0.999), points=5)
    for x, allowed in found[LIMIT].points:
        assert allowed == pytest.approx(HELD - math.log10(max(2 * x / (1 - x), 1)), rel=1e-12)
    whole = adviz.lost_digits("x*y**2", {"x": 3.0, "y": 5.0}, "y", (1.0, 4.0), points=2)
    assert [y for _, y in whole[LIMIT].points] == pytest.approx([HELD - math.log10(2)] * 2)


def test_points_lie_in_equal_ratios_or_steps() -> None:
    def places(low: float, high: float) -> list[float]:
        found = adviz.lost_digits("x**3", {"x": 1.0}, "x", (low, high), points=3)
        return [x for x, _ in found[LIMIT].points]

    assert places(0.25, 4.0) == pytest.approx([0.25, 1.0, 4.0])
    assert places(-1.0, 2.0) == [-1.0, 0.5, 2.0]


def test_where_there_is_no_derivative_a_curve_has_a_gap() -> None:
    found = adviz.lost_digits("log(x)", {"x": 1.0}, "x", (-1.0, 1.0), points=3)
    kept = [y for _, y in found["AD, reverse mode"].points]
    assert [math.isnan(y) for y in kept] == [True, True, False]
    assert found.caption.endswith(
        " No true derivative is known at 2 of 3 points, from x = −1 to 0: nothing is drawn there."
    )
    found.png()


def test_one_gap_is_said_and_no_digit_is_no_negative_one() -> None:
    kink = adviz.lost_digits("abs(x)", {"x": 1.0}, "x", (-1.0, 1.0), points=3)
    assert kink.caption.endswith(" No true derivative is known at x = 0: nothing is drawn there.")
    far = adviz.lost_digits("sqrt(x + 1) - sqrt(x)", {"x": 1.0}, "x", (1.0, 1e16), points=5)
    assert "keeps 0 of the 16 digits" in far.caption and "-0" not in far.caption


def test_the_truth_on_a_kink_is_what_both_sides_approach() -> None:
    found = adviz.lost_digits("abs(x)", {"x": 1.0}, "x", (-1.0, 1.0), points=3)
    assert [math.isnan(y) for _, y in found["AD, reverse mode"].points] == [False, True, False]
    smooth = adviz.step_errors("abs(x)**3 + 2*x", {"x": 0.0}, steps=[0.5])
    assert smooth["forward difference"].points == ((0.5, 0.125),)


def test_where_a_step_underflows_a_way_says_nothing() -> None:
    """2⁻²¹⁰ of 10⁻³⁰⁰ is 0, 2⁻¹⁷ of it is not."""
    found = adviz.lost_digits("x**2", {"x": 1.0}, "x", (1e-300, 1e-200), points=3)
    kept = [y for _, y in found["complex step"].points]
    assert [math.isnan(y) for y in kept] == [True, False, False]
    assert not any(math.isnan(y) for _, y in found["central difference"].points)
    for curve in adviz.step_errors("3*x", {"x": 1e-320}, steps=[1e-9, 0.5]).curves[:3]:
        assert [math.isnan(error) for _, error in curve.points] == [True, False]


def test_a_step_and_an_error_are_absolute_where_there_is_nothing_to_relate_them_to() -> None:
    one, other = (adviz.step_errors("cos(x)", {"x": x}, steps=[0.1]) for x in (1.0, 0.0))
    assert (one.x.label, one.y.label) == ("step h relative to x", "relative error of df/dx")
    assert other.x.label == "step h (absolute, as x = 0)"
    assert other.y.label == "absolute error of df/dx, which is 0"


def test_errors_without_a_place_are_said_and_what_is_infinite_is_not_drawn() -> None:
    """log(1 - h) is undefined for a step of 2, and (101⁹ - 1)/100 is far from 9."""
    found = adviz.step_errors("log(x)", {"x": 1.0}, steps=[0.5, 2.0])
    assert found["central difference"].points[1][1] == math.inf
    line = found.plot().get_lines()[1].get_ydata()
    assert [math.isfinite(y) for y in np.asarray(line)] == [True, False]
    assert found.caption.endswith("Where a way gives no number, its curve has a gap.")
    far = adviz.step_errors("x**9", {"x": 1.0}, steps=[100.0]).caption
    assert "Errors above 10³ are drawn there." in far and "An error of 0 is drawn at" in far
    assert adviz.step_errors("exp(x)*x", {"x": 0.3}, steps=[0.5]).caption.endswith("at all.")


SAID: tuple[tuple[str, float, list[str], str], ...] = (
    ("sin(x)*exp(x)", 1.0, ["8 digits", "12 digits"],
     "A large step cuts the Taylor series short, a small one leaves nothing but the rounding of "
     "the function: a forward difference keeps 8.2 digits at best, a central one keeps 12.0 digits "
     "at best. The complex step subtracts nothing and may be as small as one likes; AD takes no "
     "step at all."),
    ("sin(x)", 0.0, ["exact", "exact"],
     "A forward difference is exact at best, a central one is exact at best. The complex step sub"),
    ("abs(x)*x", 0.0, ["off by 1e−18"] * 2,
     "A forward difference is off by 1e−18 at best, a central one is off by 1e−18 at best. The "
     "complex step gives no number; AD takes no step at all."),
    ("x**2", 1e-300, [],
     "No step helps a difference: a forward difference keeps no digit, a central one keeps no "
     "digit. The complex step keeps no digit; AD takes no step at all."),
    ("(1 - cos(x))/x**2", 1e-4, [],
     "AD takes no step, yet keeps no digit: what float64 loses on the way, AD loses too."),
)  # fmt: skip


@pytest.mark.parametrize(("formula", "x", "marks", "words"), SAID, ids=[one[0] for one in SAID])
def test_a_caption_says_what_the_errors_are(
    formula: str, x: float, marks: list[str], words: str
) -> None:
    found = adviz.step_errors(formula, {"x": x})
    assert [mark.text for mark in found.marks] == marks
    assert words in found.caption
    found.svg()


# --- painting ------------------------------------------------------------------------------------


def test_styles_differ_in_grey() -> None:
    for (one, first), (other, second) in combinations(STYLES.items(), 2):
        assert (first.line, first.marker) != (second.line, second.marker), (one, other)
    markers = [style.marker for style in STYLES.values() if style.marker]
    assert len({*markers}) == len(markers)


def test_what_is_painted_is_what_the_rows_say() -> None:
    axes = PLAIN.plot()
    drawn = [np.asarray(line.get_data()).T.tolist() for line in axes.get_lines()[:2]]
    assert drawn[0] == [[1, 1], [2, 3], [3, 9]]  # 0 at the low end
    assert drawn[1][0] == [1, 2] and np.isnan(drawn[1][1][1]) and drawn[1][2] == [3, math.inf]
    said = [text.get_text() for text in axes.texts]
    assert {"function", "$f$ …", "here"} == {*said}
    assert (axes.get_xscale(), axes.get_yscale()) == ("linear", "log")
    texts = [*axes.texts, axes.xaxis.label, axes.yaxis.label]
    assert not any(text.get_parse_math() or text.get_usetex() for text in texts)


MARKED = {
    "steps": lambda: adviz.step_errors("log(x1) + x1*x2 - sin(x2)", {"x1": 2, "x2": 5}, wrt="x2"),
    "snapshots": lambda: adviz.checkpoint(100, snapshots=6).tradeoff(),
}


@pytest.mark.parametrize("name", MARKED)
def test_no_curve_runs_through_what_is_said_of_a_mark(name: str) -> None:
    chart = MARKED[name]()
    axes = chart.plot()
    axes.figure.canvas.draw()
    said = {mark.text for mark in chart.marks}
    boxes = [one.get_window_extent() for one in axes.texts if one.get_text() in said]
    drawn = [np.asarray(line.get_xydata()) for line in axes.lines]
    lines = [axes.transData.transform(places) for places in drawn if len(places) > 1]
    assert len(boxes) == len(said) and lines
    for box in boxes:
        assert not any(
            box.contains(*(a + t * (b - a)))
            for line in lines
            for a, b in pairwise(line)
            for t in np.linspace(0, 1, 20)
        )


def test_titles_and_labels_are_set_as_mathematics_and_names_are_no_commands() -> None:
    chart = adviz.step_errors("log(x1) + x1*cost_of_it", {"x1": 2, "cost_of_it": 5}, wrt="x1")
    axes = chart.plot()
    assert axes.get_title(loc="left").startswith(
        r"Error of $\mathit{∂f}$/$\mathit{∂x}$$_{\mathregular{1}}$ for log("
    )
    assert "cost_of_it" in axes.get_title(loc="left")
    assert axes.get_xlabel() == r"step h relative to $\mathit{x}$$_{\mathregular{1}}$"
    assert chart.title == "Error of df/dx1 for log(x1) + x1*cost_of_it at x1 = 2, cost_of_it = 5"
    chart.svg()  # which reads them


def test_one_size_has_one_tick() -> None:
    only = (Curve("function", "function", ((3, 5.0),)),)
    axes = Chart("", "", Axis("n", log=False), Axis("operations"), only).plot()
    assert axes.get_xticks().tolist() == [3]


def test_it_is_painted_into_axes_that_are_given() -> None:
    from matplotlib.figure import Figure

    left, right = Figure().subplots(1, 2)
    assert PLAIN.plot(left) is left and left.get_xlabel() == "n"
    found = adviz.step_errors("sin(x)", at={"x": 1.0}, steps=[1e-3, 1e-2], ax=right)
    assert right.get_xlabel() == r"step h relative to $\mathit{x}$"
    assert found.x.label == "step h relative to x"
    digits = adviz.lost_digits("x**2", {"x": 1.0}, "x", (1.0, 2.0), points=2, ax=left)
    assert left.get_ylabel() == r"right decimal digits of $\mathit{∂f}$/$\mathit{∂x}$"
    assert digits.y.label == "right decimal digits of df/dx"


def test_fonts_are_those_that_are_asked_for() -> None:
    with matplotlib.rc_context({"font.size": 21.0, "font.family": "monospace"}):
        axes = PLAIN.plot()
    assert {text.get_fontsize() for text in axes.texts} == {21.0}
    assert axes.xaxis.label.get_fontname() == "DejaVu Sans Mono"


def test_nothing_that_other_figures_share_is_touched() -> None:
    code = (
        "import sys, adviz\n"
        "from matplotlib import rcParams\n"
        "def now(): return {k: rcParams[k] for k in rcParams if k != 'backend'}\n"
        "before = now()\n"
        "chart = adviz.step_errors('sin(x)', at={'x': 1.0}, steps=[1e-3, 1e-2])\n"
        "chart.svg(); chart._repr_mimebundle_()\n"
        "assert now() == before\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("heights", [[0.5] * 4, [0.0, 0.0, 1.0, 1.0], [0.3, 0.31, 0.9, 0.29], []])
def test_labels_do_not_overlap_and_stay_beside_the_axes(heights: list[float]) -> None:
    gap = 0.08
    found = _spread(heights, gap)
    assert all(abs(one - other) > 0.999 * gap for one, other in combinations(found, 2))
    assert all(0 <= height <= 1 for height in found)
    assert sorted(range(len(found)), key=found.__getitem__) == sorted(
        range(len(found)), key=lambda place: (heights[place], -place)
    )


@pytest.mark.parametrize("suffix", HEADS)
def test_a_file_is_the_same_at_any_time(suffix: str, tmp_path: Path) -> None:
    one, other = (tmp_path / f"{name}{suffix}" for name in "ab")
    PLAIN.save(one)
    PLAIN.save(other)
    assert one.read_bytes() == other.read_bytes()
    assert one.read_bytes().startswith(HEADS[suffix])


def test_rows_go_into_a_table_and_come_back(tmp_path: Path) -> None:
    text = PLAIN.to_csv(tmp_path / "f.csv")
    assert (tmp_path / "f.csv").read_text("utf-8") == text
    head, *rows = csv.reader(StringIO(text))
    assert head == ["curve", "n", "operations"]
    assert [(name, float(x), repr(float(y))) for name, x, y in rows] == [
        (row.curve, row.x, repr(row.y)) for row in PLAIN.rows
    ]


def test_a_table_has_a_column_for_every_curve() -> None:
    assert PLAIN.markdown().splitlines() == [
        r"| n | function | \$f\$ |",
        "|--:|---------:|------:|",
        "| 1 |        0 |     2 |",
        "| 2 |        3 |   NaN |",
        "| 3 |        9 |     ∞ |",
    ]
    assert str(PLAIN).endswith(PLAIN.caption)


def test_a_notebook_shows_the_figure_and_says_what_to_see() -> None:
    bundle = PLAIN._repr_mimebundle_()
    assert "a caption with &lt;, &amp; and $" in bundle["text/html"]
    assert 'aria-label="a title with $ and _"' in bundle["text/html"]
    assert bundle.keys() == {"text/html", "text/plain"}
    assert bundle["text/plain"] == f"{PLAIN.title}\n{PLAIN.caption}"
    assert repr(PLAIN) == "<Chart: a title with $ and _>"


# --- what is refused -----------------------------------------------------------------------------

X, XY = {"x": 1.0}, {"x": 1.0, "y": 2.0}
REFUSED: tuple[tuple[Callable[[], Any], str], ...] = (
    (lambda: PLAIN.save("f.gif"),
     "cannot write a figure as .gif; use .csv, .html, .json, .md, .pdf, .png, .svg, .tex, .txt"),
    (lambda: PLAIN.plot(3), "ax = 3; it is axes of matplotlib's"),  # type: ignore[arg-type]
    (lambda: adviz.step_errors("x*y", XY),
     "no input is chosen; there are inputs x, y; choose with wrt="),
    (lambda: adviz.step_errors("x*y", XY, wrt="z"),
     "there is no input 'z'; there are inputs x, y; choose with wrt="),
    (lambda: adviz.step_errors({"a": "x", "b": "-x"}, X),
     "no output is chosen; there are outputs a, b; choose with of="),
    (lambda: adviz.step_errors("2", {}),
     "no input is chosen; there is no input; choose with wrt="),
    (lambda: adviz.step_errors("log(x)", {"x": -1.0}), "log is undefined at -1.0"),
    (lambda: adviz.step_errors("sqrt(x)", {"x": 0.0}),
     "the true value of df/dx is not known at x = 0.0"),
    (lambda: adviz.step_errors("abs(x)", {"x": 0.0}),
     "there is no df/dx at x = 0.0: f has a kink there, with the slope −1 on the left and 1 on the "
     "right"),
    (lambda: adviz.step_errors("where(x < 1, 0, x)", X), "there is no df/dx at x = 1.0: f jumps"),
    (lambda: adviz.step_errors("x", X, steps=[0.1, 0.0]),
     "steps = [0.0, 0.1]; they must be 1 to 10000 positive numbers"),
    (lambda: adviz.step_errors("x", X, steps=[]),
     "steps = []; they must be 1 to 10000 positive numbers"),
    (lambda: adviz.step_errors("x", X, steps=repeat(0.5)),
     "they must be 1 to 10000 positive numbers"),
    (lambda: adviz.step_errors("x", X, wrt=["x"]),  # type: ignore[arg-type]
     "wrt = ['x']; it is the name of one input, such as 'x'"),
    (lambda: adviz.step_errors("x", X, of=0),  # type: ignore[arg-type]
     "of = 0; it is the name of one output, such as 'f'"),
    (lambda: PLAIN.save("f.png", dpi=0), "dpi = 0; it is from 1 to 1200"),
    (lambda: adviz.step_errors("x", X, steps=1e-3),  # type: ignore[arg-type]
     "steps = 0.001; they are several numbers, such as [1e-8, 1e-6]"),
    (lambda: adviz.lost_digits("x", X, "x", (1.0, 0.5)),
     "between = (1.0, 0.5); it is two numbers, the smaller one first, such as (1e-8, 1.0)"),
    (lambda: adviz.lost_digits("x", X, "x", 1.0),  # type: ignore[arg-type]
     "between = 1.0; it is two numbers"),
    (lambda: adviz.lost_digits("x", X, "y", (0.5, 1.0)),
     "there is no input 'y'; there are inputs x; choose with along="),
    (lambda: adviz.lost_digits("x", X, "x", (0.5, 1.0), points=0),
     "points = 0 must be a whole number from 1 to 10000"),
    (lambda: adviz.lost_digits("log(x)", X, "x", (-2.0, -1.0)),
     "the true df/dx is not known anywhere between (-2.0, -1.0)"),
)  # fmt: skip


@pytest.mark.parametrize(("call", "words"), REFUSED, ids=[words for _, words in REFUSED])
def test_what_is_wrong_is_said(call: Callable[[], Any], words: str) -> None:
    with pytest.raises(AdvizError) as caught:
        call()
    assert words in str(caught.value)


def test_a_missing_matplotlib_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.axes", None)
    with pytest.raises(AdvizError, match=r"pip install 'adviz-graph\[plot\]'"):
        PLAIN.plot()


def test_the_steps_cover_all_that_a_double_resolves() -> None:
    assert STEPS[0] == pytest.approx(0.1) and STEPS[-1] == pytest.approx(1e-18)
