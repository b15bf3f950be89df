"""Sheets to be filled in by hand: their keys, what is read back, and what their marks say."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from unicodedata import normalize

import numpy as np
import pytest
from pypdf import PdfReader
from typer.testing import CliRunner

import adviz
from adviz.checking.exercise.answers import read
from adviz.checking.exercise.blanks import KINDS, Blank, kinds_of, name_of
from adviz.checking.exercise.paper import paper, pictures
from adviz.checking.exercise.picture import TOO_LARGE
from adviz.checking.exercise.stored import loaded
from adviz.checking.exercise.ways import BY_HAND, RIGHTLY, ways_for
from adviz.checking.exercise.working import worked
from adviz.checking.faults.gallery import ENGINE_FAULTS
from adviz.cli import app
from adviz.errors import AdvizError, FormatError, GraphError, PointError, TooLarge
from adviz.language.notation import no_slots
from adviz.language.numerals import short
from adviz.render.film.placing import bounds, common
from adviz.render.shapes import Group, Shape, Text
from adviz.render.shapes import Path as Curve
from adviz.scene.geometry import Box
from adviz.scene.lines import words
from adviz.scene.typesetting import set_on_line

# One line a formula; together every mistake shows on one of them.
FORMULAS: Mapping[str, Mapping[str, float]] = {
    "(x + y)*(x - y)": {"x": 3.0, "y": 2.0},
    "a = x + y; b = a*x; a*b": {"x": 3.0, "y": 2.0},
    "x*x*y": {"x": 3.0, "y": 2.0},
    "x**3/y + y**x": {"x": 2.5, "y": 1.7},
    "sin(x)*cos(x*y) + tan(y)": {"x": 0.6, "y": 1.1},
    "x*x if x > y else -x": {"x": 3.0, "y": 2.0},
    "exp(2*x)*log(y) + sqrt(x)": {"x": 1.3, "y": 2.6},
    "sigmoid(3*x) - tanh(x*y)": {"x": 0.4, "y": 0.7},
    "where(x < y, x*y, x/y)*max(x, y)": {"x": 0.4, "y": 0.7},
    "(x + y)**2 - x**2": {"x": 10000.0, "y": 0.01},
    "e = x - y; x*e + e/y": {"x": 5.0, "y": 4.0},
}
SWEEPS: Mapping[str, Callable[[str], adviz.Trace]] = {
    "evaluate": lambda text: adviz.evaluate(text, FORMULAS[text]),
    "forward": lambda text: adviz.forward(text, FORMULAS[text], {"x": 1, "y": 2}),
    "reverse": lambda text: adviz.reverse(text, FORMULAS[text]),
}
swept = pytest.mark.parametrize("mode", SWEEPS)
of_formulas = pytest.mark.parametrize("text", FORMULAS)


@cache
def sheet_of(text: str, mode: str = "reverse", blank: str | None = None) -> adviz.Exercise:
    return adviz.exercise(SWEEPS[mode](text), blank)


def full_sheet(text: str, mode: str) -> adviz.Exercise:
    trace = SWEEPS[mode](text)
    return adviz.exercise(trace, kinds_of(trace))


def named(sheet: adviz.Exercise, numbers: Mapping[Blank, Any]) -> dict[str, str]:
    """Return numbers as somebody writes them into a sheet, to six digits."""
    return {name_of(sheet.trace.graph, blank): short(numbers[blank]) for blank in sheet.blanks}


SHEET = sheet_of("(x + y)*(x - y)")

# --- The right way --------------------------------------------------------------------------------


@swept
@of_formulas
def test_the_right_way_gives_the_numbers_of_the_sweep(text: str, mode: str) -> None:
    sheet = full_sheet(text, mode)
    found = worked(sheet.trace, RIGHTLY)
    for kind, place in sheet.blanks:
        assert found[Blank(kind, place)] == KINDS[kind].number(sheet.trace, place)


@swept
@of_formulas
def test_a_right_sheet_has_full_marks(text: str, mode: str) -> None:
    sheet = full_sheet(text, mode)
    marks = sheet.mark(named(sheet, worked(sheet.trace, RIGHTLY)))
    assert marks.all_right and marks.headline == f"{len(sheet.blanks)} of {len(sheet.blanks)} right"
    assert all(mark.verdict == "right" for mark in marks.marks) and not marks.misconceptions


@swept
@of_formulas
def test_blanks_come_after_what_they_are_computed_from(text: str, mode: str) -> None:
    sheet = full_sheet(text, mode)
    met: set[Blank] = set()
    for blank in sheet.blanks:
        needed = {*KINDS[blank.kind].needs(sheet.trace.graph, blank.place)}
        assert needed & {*sheet.blanks} <= met
        met.add(blank)


def test_seeds_and_cotangents_are_given_and_count() -> None:
    two = adviz.reverse({"p": "x*y", "q": "x + y"}, {"x": 3, "y": 2}, {"p": 2, "q": -1})
    sheet = adviz.exercise(two)
    assert [name_of(two.graph, one) for one in sheet.blanks if one.kind == "adjoints"] == [
        "adjoint of y", "adjoint of x",
    ]  # fmt: skip
    assert sheet.mark({"x_bar": 3, "y_bar": 5}).counts["right"] == 2
    assert "v̄₁ = 2" in str(sheet) and "v̄₂ = −1" in str(sheet)


def test_an_output_that_is_used_again_has_an_adjoint_to_work_out() -> None:
    sheet = adviz.exercise(
        adviz.reverse({"p": "x*x", "q": "sin(x*x)"}, {"x": 1}, {"p": 1, "q": 1}), "adjoints"
    )
    assert "adjoint of v1" in sheet.to_csv()


def test_a_point_of_any_numbers_is_one_of_floats_on_paper() -> None:
    for number in (Fraction(1, 4), np.float64(0.25), 0.25):
        sheet = adviz.exercise(adviz.reverse("x*x/3", {"x": number}))
        assert sheet.mark({"x_bar": "1/6"}).counts["right"] == 1


# --- Wrong ways -----------------------------------------------------------------------------------


@cache
def marks_by_way(text: str, mode: str) -> dict[str, adviz.Marks]:
    """Return the marks of a sheet worked in every wrong way, where a number is wrong then."""
    sheet = full_sheet(text, mode)
    numbers = {way.name: worked(sheet.trace, way) for way in ways_for(sheet.trace)}
    marks = {name: sheet.mark(named(sheet, found)) for name, found in numbers.items()}
    return {name: one for name, one in marks.items() if one.counts.get("wrong")}


@swept
@of_formulas
def test_a_sheet_that_is_worked_in_a_wrong_way_names_it(text: str, mode: str) -> None:
    for name, marks in marks_by_way(text, mode).items():
        wrong = [mark for mark in marks.marks if mark.verdict == "wrong"]
        assert all(name in {reason.name for reason in mark.reasons} for mark in wrong), name


@pytest.mark.parametrize("name", [*(o.name for o in ENGINE_FAULTS), *(w.name for w in BY_HAND)])
def test_every_mistake_shows_on_some_sheet(name: str) -> None:
    assert any(name in marks_by_way(text, mode) for text in FORMULAS for mode in SWEEPS)


def test_ways_have_different_names() -> None:
    names = [way.name for way in BY_HAND]
    assert len({*names}) == len(names) and RIGHTLY.name not in names


# One line a mistake: the formula, the answers, and what is said of the first wrong one.
TOLD: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "overwritten": (
        "(x + y)*(x - y)", "reverse", {"x_bar": 1, "y_bar": 1},
        "an adjoint is overwritten instead of added up (= for +=)",
    ),
    "a tangent": (
        "(x + y)*(x - y)", "forward", {"v1_dot": 2, "v2_dot": -2},
        "a tangent is overwritten instead of added up (= for +=)",
    ),
    "product of derivatives": (
        "(x + y)*(x - y)", "forward", {"v3_dot": -3},
        "the derivative of a product is taken for the product of the derivatives",
    ),
    "early": (
        "a = x + y; b = a*x; a*b", "reverse", {"a_bar": 30, "y_bar": 15, "x_bar": 40},
        "a node hands its adjoint on before it is complete",
    ),
    "exponent": (
        "x**3/y + y**x", "reverse", {"dv1/dx": "6.25"},
        "the exponent of a power is not brought down as a factor",
    ),
    "exponent not lowered": (
        "x**3/y + y**x", "reverse", {"dv1/dx": "46.875"},
        "the exponent of a power is not lowered by one",
    ),
    "swapped": (
        "(x + y)*(x - y)", "reverse", {"dv2/dx": -1, "dv2/dy": 1},
        "the arguments are swapped in the partials of -, / or **",
    ),
    "degrees": (
        "sin(x)*cos(x*y) + tan(y)", "evaluate", {"v1": "0.0104718"},
        "an angle in radians is taken for degrees",
    ),
    "degrees in a partial": (
        "sin(x)*cos(x*y) + tan(y)", "reverse", {"dv1/dx": "0.999945169"},
        "an angle in radians is taken for degrees",
    ),
    "branch": (
        "x*x if x > y else -x", "reverse", {"x_bar": -1},
        "the branch that is not taken is differentiated",
    ),
    "sign": ("(x + y)*(x - y)", "reverse", {"dv2/dy": 1}, "the rule ∂sub/∂y has the wrong sign"),
    "a lost term": (
        "x*x*y", "reverse", {"y_bar": 0, "x_bar": 6}, "the product rule has lost its second term",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TOLD)
def test_a_mistake_is_told_in_words(name: str) -> None:
    text, mode, answers, says = TOLD[name]
    marks = adviz.exercise(SWEEPS[mode](text), kinds_of(SWEEPS[mode](text))).mark(answers)
    wrong = [row for row in marks.as_rows() if row["verdict"] == "wrong"]
    assert wrong and says in wrong[0]["why"], str(marks)
    assert re.match(r"it is [^ ]+\. This is what comes out if ", wrong[0]["why"])


SLIPS = {
    "−4.7": "its sign is wrong",
    "9.4": "it is twice what it should be",
    "2.35": "it is half of what it should be",
    "47": "its decimal point is one place too far right",
    "0.47": "its decimal point is one place too far left",
    "10/47": "it is the reciprocal of what it should be",
}


@pytest.mark.parametrize("answer", SLIPS)
def test_a_slip_that_no_way_of_working_explains_is_named(answer: str) -> None:
    sheet = adviz.exercise(adviz.evaluate("x + y", {"x": 2.2, "y": 2.5}))
    (mark,) = sheet.mark({"v1": answer}).as_rows()
    assert mark["why"] == f"it is 4.7; {SLIPS[answer]}."


def test_what_nothing_explains_is_wrong_and_no_more() -> None:
    sheet = adviz.exercise(adviz.evaluate("x + y", {"x": 2.2, "y": 2.5}))
    assert str(sheet.mark({"v1": "17"})).endswith("✗ v₁ = 17 is wrong: it is 4.7.")


# --- What follows ---------------------------------------------------------------------------------


def test_what_is_right_from_a_wrong_number_is_not_counted_again() -> None:
    sheet = full_sheet("sin(x)*cos(x*y) + tan(y)", "reverse")
    right = named(sheet, worked(sheet.trace, RIGHTLY))
    wrong = Blank("values", sheet.blanks[0].place)
    spoilt = worked(sheet.trace, RIGHTLY, {wrong: 2.0})
    marks = sheet.mark({**named(sheet, spoilt), name_of(sheet.trace.graph, wrong): "2"})
    assert marks.counts["wrong"] == 1 and marks.counts["follows"] > 2
    assert marks.counts["right"] + marks.counts["follows"] == len(right) - 1
    assert "right from wrong numbers" in marks.headline


@of_formulas
def test_every_single_error_is_counted_once_wherever_it_is(text: str) -> None:
    sheet = full_sheet(text, "reverse")
    for blank in sheet.blanks:
        if blank.kind == "values":
            continue  # a changed value may take another branch
        found = worked(sheet.trace, RIGHTLY, {blank: 7.25})
        answers = {**named(sheet, found), name_of(sheet.trace.graph, blank): "7.25"}
        assert sheet.mark(answers).counts.get("wrong", 0) <= 1


def test_a_follow_on_says_what_it_follows_from() -> None:
    marks = sheet_of("(x + y)*(x - y)").mark({"v2_bar": 7, "x_bar": 8, "y_bar": -6})
    assert normalize("NFC", str(marks)).splitlines()[-3:] == [
        "– v̄₁ is empty: it is 1.",
        "→ ȳ = -6 is right with your v̄₂, and not counted again: it is −4.",
        "→ x̄ = 8 is right with your v̄₂, and not counted again: it is 6.",
    ]  # in which ȳ is one letter


def test_what_follows_passes_through_an_empty_blank() -> None:
    marks = sheet_of("sin(x)*cos(x*y) + tan(y)", "reverse", "adjoints").mark(
        {"adjoint of v4": "2", "adjoint of y": "-0.3"}
    )
    assert marks.counts["empty"] == len(marks.marks) - 2


def test_a_number_that_was_rounded_on_the_way_is_right() -> None:
    sheet = adviz.exercise(adviz.evaluate("sin(x)*y", {"x": 1 / 3, "y": 700.0}))
    assert sheet.mark({"v1": "0.33", "v2": "231"}).counts == {"right": 2}
    assert sheet.mark({"v2": "231"}).counts["wrong"] == 1


def test_a_wrong_number_after_a_wrong_one_is_told_from_the_students_own() -> None:
    marks = sheet_of("(x + y)*(x - y)").mark({"v2_bar": 7, "x_bar": 100})
    assert "your own numbers give 8, right is 6" in str(marks)


# --- Answers --------------------------------------------------------------------------------------

RIGHT_OF_TWO_THIRDS = [
    "2/3", "0.67", "0.667", "0,67", ".6667", "6.67e-1", "6.67 × 10⁻¹", "1 - 1/3",
    "1-0.333", "1 − 0,33", "0.5 + 0.1667", "2 + -1.333", "6.67e-1 + 0",
]  # fmt: skip
WRONG_OF_TWO_THIRDS = ["0.7", "0.66", "1", "0.6", "-0.67", "0.668", "66.7", "1 - 0.3", "1+0.333"]
UNREADABLE = [
    "abc", "x", "import os", "__import__('os')", "1 2", "1..2", "nan", "1/0", "3 = 3", "[1]",
    "(" * 150, "9" * 500, "2 > 1", "'1'", "{}", "\\input{x}", "1e99999", "sin", "f(x) = 2",
]  # fmt: skip


@pytest.mark.parametrize("text", RIGHT_OF_TWO_THIRDS)
def test_an_answer_is_right_in_whatever_way_it_is_written(text: str) -> None:
    answer = read(text)
    assert answer is not None and answer.says(2 / 3)


@pytest.mark.parametrize("text", WRONG_OF_TWO_THIRDS)
def test_an_answer_of_too_few_digits_or_another_number_is_wrong(text: str) -> None:
    answer = read(text)
    assert answer is not None and not answer.says(2 / 3)


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_is_no_number_is_said_to_be_none(text: str) -> None:
    assert read(text) is None
    marks = adviz.exercise(adviz.evaluate("x*y", FORMULAS["x*x*y"])).mark({"v1": text})
    assert marks.counts == {"unreadable": 1}
    assert str(marks).endswith(" is no number that can be read: it is 6.")


@pytest.mark.parametrize("number", [np.float64(6), Fraction(6), 6, 6.0])
def test_answers_may_be_numbers(number: Any) -> None:
    sheet = adviz.exercise(adviz.evaluate("x*y", FORMULAS["x*x*y"]))
    assert sheet.mark({"v1": number}).all_right


def test_an_infinite_derivative_is_answered_by_infinity() -> None:
    sheet = adviz.exercise(adviz.reverse("sqrt(x)", {"x": 0}))
    assert sheet.mark({"dv1/dx": "∞", "x_bar": "∞"}).all_right
    assert sheet.mark({"dv1/dx": "1", "x_bar": "−∞"}).counts["wrong"] == 2


HOSTILE = [
    "$",
    "\\input{x}",
    "%",
    "</script><script>x",
    '{}|<>"',
    "\ud800",
    "😀",
    "数",
    "a|b\nc",
    "*_~`",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_answers_are_text_in_every_form(text: str, tmp_path: Path) -> None:
    sheet = sheet_of("(x + y)*(x - y)")
    marks = sheet.mark({"x_bar": text})
    filled = sheet.filled({"x_bar": text})
    for noun in (marks, filled):
        for suffix in ("csv", "html", "json", "md", "tex", "txt"):
            noun.save(tmp_path / f"m.{suffix}")
        assert "<script>x" not in (tmp_path / "m.html").read_text("utf-8")
        assert "\\input" not in (tmp_path / "m.tex").read_text("utf-8")
    assert marks.counts["unreadable"] == 1


def test_hostile_answers_are_text_on_paper() -> None:
    names = [name_of(SHEET.trace.graph, blank) for blank in SHEET.blanks]
    filled = SHEET.filled(dict(zip(names, HOSTILE, strict=True)))
    shown = "".join(page.extract_text() for page in PdfReader(BytesIO(paper(filled))).pages)
    assert all(text in shown for text in HOSTILE if text.isascii() and "\n" not in text)


def test_what_would_command_a_terminal_is_shown_as_what_it_is() -> None:
    marks = SHEET.mark({"x_bar": "\x1b[31m\a" + "9" * 500})
    assert str(marks).replace("\n", "").isprintable() and "9" * 60 not in str(marks)


# --- Files ----------------------------------------------------------------------------------------


@swept
@of_formulas
@pytest.mark.parametrize("suffix", [".md", ".csv", ".json"])
def test_a_filled_in_file_is_read_back(text: str, mode: str, suffix: str, tmp_path: Path) -> None:
    sheet, path = full_sheet(text, mode), tmp_path / f"answers{suffix}"
    sheet.key().save(path)
    assert sheet.mark(path).all_right
    sheet.save(path)
    assert sheet.mark(str(path)).counts == {"empty": len(sheet.blanks)}


@swept
@of_formulas
@pytest.mark.parametrize("suffix", [".html", ".json"])
def test_a_sheet_is_made_again_from_its_file(
    text: str, mode: str, suffix: str, tmp_path: Path
) -> None:
    sheet, path = sheet_of(text, mode), tmp_path / f"sheet{suffix}"
    sheet.save(path)
    again = loaded(path)
    assert again.blanks == sheet.blanks and again.trace.graph == sheet.trace.graph
    assert str(again.key()) == str(sheet.key())


def test_answers_are_read_from_a_table_of_which_some_cells_are_filled_in(tmp_path: Path) -> None:
    sheet, path = sheet_of("(x + y)*(x - y)"), tmp_path / "answers.md"
    path.write_text(sheet.markdown().replace("|  ...... |", "| −4 |", 2), "utf-8")
    assert [mark.answer for mark in sheet.mark(path).marks if mark.answer] == ["−4", "−4"]


def test_the_key_has_the_numbers_of_the_trace_in_every_form() -> None:
    sheet = adviz.exercise(adviz.reverse("sin(x)*y", {"x": 0.7, "y": 3.0})).key()
    slope = short(sheet.trace.gradient["x"])
    pages = PdfReader(BytesIO(paper(sheet))).pages
    texts = (str(sheet), sheet.ascii(), sheet.markdown(), sheet.latex(), sheet.html())
    for made in (*texts, *(page.extract_text() for page in pages)):
        assert slope in made
    (row,) = [row for row in csv.reader(StringIO(sheet.to_csv())) if row[0] == "adjoint of x"]
    assert row[-1] == slope and sheet.to_json()["answers"]["adjoint of x"] == slope


def shapes_of(sheet: adviz.Exercise) -> list[Shape]:
    """Return what is on the pages of a sheet, but for what is in groups: the graph."""
    shapes = [shape for page in pictures(sheet) for shape in page.shapes]
    return [shape for shape in shapes if not isinstance(shape, Group)]


LONG = "+".join(f"sin(x*{k})" for k in range(2, 30))
PAPER: Mapping[str, tuple[adviz.Exercise, int]] = {
    "a graph beside its tables": (SHEET, 1),
    "a graph that no page holds": (adviz.exercise(adviz.reverse(LONG, {"x": 1.0})), 5),
}


@pytest.mark.parametrize("name", PAPER)
def test_a_sheet_of_paper_has_every_row_and_a_line_for_every_blank(name: str) -> None:
    sheet, count = PAPER[name]
    room, *others = [Box(0, 0, page.width, page.height) for page in pictures(sheet)]
    assert len(others) == count - 1
    for one in (sheet, sheet.key()):
        shapes = shapes_of(one)
        said = [shape.words for shape in shapes if isinstance(shape, Text)]
        rows = [row for section in sheet.sections for row in section.rows]
        for symbol, *_ in rows:
            assert words(set_on_line(symbol, no_slots)) in said
        lines = sum(isinstance(shape, Curve) for shape in shapes)
        assert lines == 2 * (not one.is_key) + len(sheet.blanks) - len(one.entries)
        assert ("Name" in said) != one.is_key == any("answer key" in line for line in said)
        assert all(common(bounds([shape]), room) == bounds([shape]) for shape in shapes)


@swept
@of_formulas
def test_a_sheet_gives_none_of_its_answers_away(text: str, mode: str) -> None:
    sheet = sheet_of(text, mode)
    kinds = {"values", *sheet.kinds} if mode == "evaluate" else {*sheet.kinds}
    given = {short(v) for v in sheet.trace.point.values()}
    if "values" not in kinds:
        given |= {short(v) for v in sheet.trace.values}
    numbers = worked(sheet.trace, RIGHTLY)
    secret = {short(numbers[b]) for b in sheet.blanks} - given
    telling = [one for one in secret if len(one) > 5]
    drawn = "\n".join(text.words for text in shapes_of(sheet) if isinstance(text, Text))
    for made in (str(sheet), sheet.markdown(), sheet.latex(), sheet.html(), drawn):
        assert not [one for one in telling if one in made]


def test_the_same_sheet_gives_the_same_bytes(tmp_path: Path) -> None:
    for suffix in ("csv", "html", "json", "md", "pdf", "tex", "txt"):
        made = []
        for _ in range(2):
            sheet_of("(x + y)*(x - y)").save(tmp_path / f"s.{suffix}")
            made.append((tmp_path / f"s.{suffix}").read_bytes())
        assert made[0] == made[1] and made[0].endswith(b"\n")


def test_a_sheet_shows_itself_in_a_notebook() -> None:
    shown = sheet_of("x*x*y")._repr_mimebundle_()
    assert "<input" in shown["text/html"] and "......" in shown["text/plain"]
    assert "<script" not in shown["text/html"]


TYPESET: Mapping[str, Callable[[], adviz.Exercise]] = {
    "a sheet": lambda: SHEET,
    "a branch, filled in": lambda: sheet_of("where(x < y, x*y, x/y)*max(x, y)").key(),
    "a power of ten, filled in": lambda: sheet_of("exp(2*x)*log(y) + sqrt(x)").filled(
        {"x_bar": "2.5 × 10⁻⁷", "y_bar": "数 $ \\input{x} % 😀"}
    ),
    "a graph that no page holds": lambda: PAPER["a graph that no page holds"][0],
}


def test_the_latex_of_a_sheet_has_its_graph_with_blanks() -> None:
    for sheet, gaps in ((SHEET, len(SHEET.blanks)), (SHEET.key(), 0)):
        _, _, drawn = sheet.latex().partition(r"\begin{tikzpicture}")
        picture, _, _ = drawn.partition(r"\end{tikzpicture}")
        assert picture.count("] (adviz-") == len(sheet.trace.graph)
        assert picture.count(".....") == gaps
    assert TOO_LARGE in PAPER["a graph that no page holds"][0].latex()


@pytest.mark.parametrize("name", TYPESET)
def test_latex_makes_a_sheet(name: str, tmp_path: Path) -> None:
    latex = shutil.which("pdflatex")
    if latex is None:
        assert "CI" not in os.environ, "pdflatex is missing, and integration must not skip this"
        pytest.skip("MISSING TOOL: pdflatex makes the sheets")
    TYPESET[name]().save(tmp_path / "sheet.tex")
    done = subprocess.run(
        [latex, "-interaction=nonstopmode", "-halt-on-error", "sheet.tex"],
        cwd=tmp_path, capture_output=True, text=True, errors="replace", timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:]
    assert (tmp_path / "sheet.pdf").stat().st_size > 1000


# --- What is refused ------------------------------------------------------------------------------


MANY = adviz.reverse("x*x", {"x": np.array([1.0, 2.0])})
LARGE = adviz.evaluate("+".join(f"sin({k}*x)" for k in range(60)), {"x": 1})
exercise: Any = adviz.exercise
mark: Any = SHEET.mark
REFUSED: dict[str, tuple[Callable[[], object], type[AdvizError], str]] = {
    "a text": (
        lambda: exercise("x*y"), AdvizError,
        "an exercise is of a sweep, such as adviz.reverse gives, not of 'x*y'",
    ),
    "another mode": (
        lambda: exercise(adviz.taylor("x*x", {"x": 1}, order=2).trace), AdvizError,
        "a sheet has one sweep, evaluate, forward, reverse; this one is taylor",
    ),
    "many points": (
        lambda: exercise(MANY), AdvizError,
        "a sheet is worked out at one point; give single numbers",
    ),
    "a large graph": (
        lambda: exercise(LARGE), TooLarge,
        f"a graph of {len(LARGE.graph)} nodes; by hand at most 200 are worked out",
    ),
    "another kind": (
        lambda: exercise(SHEET.trace, "tangents"), AdvizError,
        "blank = 'tangents'; this sweep (reverse) finds values, partials, adjoints",
    ),
    "nothing to do": (
        lambda: exercise(adviz.evaluate("x", {"x": 1})), AdvizError,
        "there is nothing to fill in: this sweep (evaluate) finds no numbers",
    ),
    "no name": (lambda: mark({"q": 1}), AdvizError, "the sheet has no blank 'q'; blanks are "),
    "a number for a name": (lambda: mark({3: 1}), AdvizError, "the sheet has no blank 3; blanks "),
    "nearly a name": (
        lambda: mark({"adjoint off v1": 1}), AdvizError,
        "the sheet has no blank 'adjoint off v1'; did you mean 'adjoint of v1'?",
    ),
    "a truth": (
        lambda: mark({"x_bar": True}), PointError, "x_bar = True is bool; it must be a real number",
    ),
    "a list": (
        lambda: mark([1]), AdvizError,
        "filled = [1]; it is a mapping such as {'d(v1)/d(x)': 1}, or the name of a filled-in ",
    ),
    "a suffix": (
        lambda: mark("a.doc"), FormatError, "answers are read from .csv, .json, .md, not from .doc",
    ),
    "no file": (lambda: mark("none.md"), FormatError, "cannot read none.md: No such file"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_is_refused_in_words(case: str) -> None:
    call, kind, words = REFUSED[case]
    with pytest.raises(kind, match=f"^{re.escape(words)}"):
        call()


BAD_FILES = {
    "no.json": ("{", "the answers are no JSON: "),
    "list.json": ("[1]", "the answers are [1]; they are an object such as "),
    "deep.json": ("[" * 100_000, "the answers are no JSON: "),
    "no.csv": ("v1,2", "the answers have no heading; the first line is: blank,symbol,answer"),
    "quote.csv": ('blank,"x\ny', "the answers are no CSV: "),
    "no.md": ("# mine", "the answers have no row '∂v₁/∂x' of 2 cells; fill in the tables of "),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_holds_no_answers_is_refused(name: str, tmp_path: Path) -> None:
    content, words = BAD_FILES[name]
    (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(FormatError, match=f"^{re.escape(words)}"):
        sheet_of("(x + y)*(x - y)").mark(tmp_path / name)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"| \xff |")
    with pytest.raises(FormatError, match=r"a\.md is not text in UTF-8: byte 0xff at offset 2"):
        sheet_of("(x + y)*(x - y)").mark(tmp_path / "a.md")


def test_a_name_of_two_blanks_is_refused() -> None:
    sheet = adviz.exercise(adviz.reverse("f = a*a*b; f", {"a": 3, "b": 2}))
    with pytest.raises(AdvizError, match=re.escape("'df/db' may be d(f)/d(b) or adjoint of b")):
        sheet.mark({"df/db": 1})
    assert sheet.mark({"d(f)/d(b)": 9, "adjoint of b": 9}).counts["right"] == 2


@pytest.mark.parametrize("content", ["{", "{}", "[]", '{"format": "adviz-exercise", "version": 2}'])
def test_what_is_no_sheet_is_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text(content, "utf-8")
    with pytest.raises(FormatError, match=r"^s\.json is no sheet of version 1; adviz exercise "):
        loaded(tmp_path / "s.json")


def test_a_sheet_whose_graph_is_none_is_refused(tmp_path: Path) -> None:
    data = {**sheet_of("x*x*y").to_json(), "graph": {"nodes": []}}
    (tmp_path / "s.json").write_text(json.dumps(data), "utf-8")
    with pytest.raises(GraphError):
        loaded(tmp_path / "s.json")


# --- The command line -----------------------------------------------------------------------------


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, [*map(str, arguments)])


def test_a_sheet_is_made_and_marked_on_the_command_line(tmp_path: Path) -> None:
    sheet, key, empty = (tmp_path / name for name in ("s.html", "k.md", "e.md"))
    asked = ("exercise", "(x + y)*(x - y)", "--at", "x=3,y=2")
    assert run(*asked, "-o", sheet).exit_code == 0
    assert run(*asked, "--key", "-o", key).exit_code == 0
    assert run(*asked, "-o", empty).exit_code == 0
    right = run("mark", sheet, key)
    assert (right.exit_code, right.output.splitlines()[0]) == (0, "10 of 10 right")
    wrong = run("mark", sheet, empty)
    assert (wrong.exit_code, wrong.output.splitlines()[0]) == (1, "0 of 10 right: 10 empty")
    assert json.loads(run("mark", sheet, key, "--json").output)["right"] == 10
    assert run("mark", key, sheet).exit_code == 2


def test_a_sheet_is_printed_with_the_blanks_that_are_asked_for() -> None:
    shown = run("exercise", "x*y", "--at", "x=3,y=2", "--blank", "values,adjoints", "-m", "reverse")
    assert shown.exit_code == 0 and shown.output.count("......") == 3
    assert run("exercise", "x*y", "--at", "x=3,y=2", "-m", "both", "-d", "x").exit_code == 2
