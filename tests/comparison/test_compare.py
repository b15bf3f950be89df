"""`compare`: every way is counted and measured, or says why it is left out."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from fractions import Fraction
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from corpus import CORPUS, Formula

import adviz
from adviz.comparison.counts import Counts, Work
from adviz.comparison.expressions import work_of_expressions
from adviz.comparison.subject import Subject
from adviz.comparison.timing import ratios
from adviz.comparison.views import COLUMNS
from adviz.comparison.ways import LARGEST_SIMPLIFIED, WAYS
from adviz.errors import AdvizError, DomainError, FormatError, PointError

NAMES = [way.name for way in WAYS]
SYMBOLIC = [name for name in NAMES if name.startswith("symbolic")]
EXACT = ("forward, all inputs", "reverse", "derivative graph", "complex step", *SYMBOLIC)
LEFT_OUT = re.compile(
    r"left out: (the formula written out has \S+ operations, \d+ deep, and its derivatives by "
    r"\d+ inputs? about \S+|the derivatives have \d+ operations; SymPy may simplify for "
    r"minutes|the point lies on a kink of \S+, where it is not analytic|SymPy('s)? .+)"
)
SWOLLEN = "; ".join(["v0 = x*y", *(f"v{k + 1} = sin(v{k}) + cos(v{k})" for k in range(40))])


def middle(formula: Formula) -> dict[str, float]:
    return {name: low + 0.618 * (high - low) for name, (low, high) in formula.ranges.items()}


@pytest.mark.parametrize("formula", CORPUS[::4], ids=lambda formula: formula.name)
def test_every_way_is_counted_or_says_why_it_is_left_out(formula: Formula) -> None:
    found = adviz.compare(formula.text, at=middle(formula))
    assert [row.way for row in found.rows] == NAMES
    for row in found.rows:
        assert (row.counts is None) == bool(row.note)
        assert LEFT_OUT.fullmatch(row.note) or not row.note
        assert row.counts is None or row.counts.nodes <= row.counts.tree
    reverse = found["reverse"].counts
    assert reverse is not None
    assert reverse.nodes > len(found.graph) or not found.graph.inputs


UNUSED = ("x", "x/2", "x%3 + floor(y)", "f(x, y, z) = 2*x", "assert x > 0; x/2")


@pytest.mark.parametrize("text", UNUSED)
def test_what_no_result_uses_is_in_no_dag(text: str) -> None:
    for row in adviz.compare(text).rows:
        assert row.counts is None or row.counts.nodes <= row.counts.tree


POLYNOMIALS = ("(x + y)*(x - y)", "x**3*y - x/y", "x*x*x - 3*x*y + 1/(x - y*y)")


@pytest.mark.parametrize("way", EXACT)
@pytest.mark.parametrize("text", POLYNOMIALS)
def test_an_error_is_the_distance_from_the_exact_derivative(text: str, way: str) -> None:
    """Rational arithmetic has the derivatives exactly; an error is told of the worst of them."""
    point = {"x": 1.7, "y": 0.3}
    exact = adviz.gradient(text, {name: Fraction(value) for name, value in point.items()})
    row = adviz.compare(text, at=point)[way]
    (name,) = [name for name in point if row.worst == f"df/d{name}"]
    assert row.ulps is not None
    unit = Fraction(math.ulp(exact[name]))
    assert row.ulps <= 8
    if way == "reverse":
        off = [abs(Fraction(adviz.gradient(text, point)[n]) - e) for n, e in exact.items()]
        assert row.ulps * float(unit) == pytest.approx(float(off[list(point).index(name)]))
        units = [Fraction(math.ulp(e)) for e in exact.values()]
        assert row.ulps == pytest.approx(float(max(o / u for o, u in zip(off, units, strict=True))))


@pytest.mark.parametrize("text", ["exp(x)*sin(x)", "1/(1 + x**2)", "log(x)*tanh(x)"])
def test_differences_lose_half_the_digits_and_a_complex_step_none(text: str) -> None:
    found = adviz.compare(text, at={"x": 0.9})
    assert (found["complex step"].ulps or 0) <= 4
    lost = found["central differences"].ulps or 0
    assert 1e3 < lost < 1e7


def test_the_value_has_an_error_of_its_own() -> None:
    """1e16 + 1 - 1e16 is 0 in doubles: off by 1, or by 2**52 units in the last place of 1."""
    found = adviz.compare("x + 1 - x", at={"x": 1e16})
    assert found["value"].ulps == 2**52


def test_speelpenning_s_product_in_one_table() -> None:
    found = adviz.compare("*".join(f"x{i}" for i in range(1, 9)), at=[1.0, 2, 3, 4, 5, 6, 7, 8])
    mults = {row.way: row.counts.work.mults for row in found.rows if row.counts}
    assert mults["value"] == 7
    assert mults["reverse"] == 3 * 7
    assert mults["derivative graph"] == 3 * 8 - 5
    assert mults["symbolic, as derived"] == 8 * 6
    assert mults["symbolic, after CSE"] < mults["symbolic, as derived"]
    assert mults["central differences"] == 2 * 8 * 7
    assert mults["complex step"] == 8 * 7
    sweeps = {row.way: row.sweeps for row in found.rows}
    assert sweeps["forward, all inputs"] == sweeps["complex step"] == 8
    assert sweeps["reverse"] == 1
    assert sweeps["central differences"] == 16


def test_a_sweep_for_every_output_or_every_input() -> None:
    found = adviz.compare({"p": "x*y*z", "q": "x + sin(y)"})
    assert (found["reverse"].sweeps, found["forward, all inputs"].sweeps) == (2, 3)
    assert adviz.compare({"p": "x*y*z", "q": "x"}, wrt="x")["complex step"].sweeps == 1


def test_only_the_reverse_sweep_keeps_a_tape() -> None:
    found = adviz.compare("sin(x*y)*x + 3")
    assert {row.way for row in found.rows if row.tape} == {"reverse"}
    assert found["reverse"].tape == 4


def test_what_explodes_says_its_size_at_once() -> None:
    """Forty levels, each used twice: 2**41 - 1 inner operations are counted, and none is built."""
    found = adviz.compare(SWOLLEN, at={"x": 0.5, "y": 0.7})
    assert found["value"].counts is not None
    assert found["value"].counts.tree == 3 * 2**40 + 3 * (2**40 - 1)
    note = found["symbolic, as derived"].note
    assert note.startswith("left out: the formula written out has 4.4e12 operations, 81 deep, and")
    assert note == found["symbolic, after CSE"].note
    assert str(found).count("left out") == 1
    assert found["reverse"].ulps is not None


@pytest.mark.parametrize("depth", [2, 4, 6])
def test_the_size_that_is_foretold_is_about_the_size_there_is(depth: int) -> None:
    """Counted on a graph, without asking SymPy; and as SymPy then writes it."""
    swells = ["v0 = x*y", *(f"v{k + 1} = sin(v{k}) + cos(v{k})" for k in range(depth))]
    subject = Subject(adviz.build("; ".join(swells)), ("x", "y"))
    (foretold,) = re.findall(r"derivatives by 2 inputs about (\d+)", subject.swollen)
    found = work_of_expressions(subject.slopes.values()).operations
    assert found == pytest.approx(int(foretold), rel=0.2)


def test_a_size_of_thousands_of_digits_is_told() -> None:
    lines = ["v0 = x + x", *(f"v{k + 1} = v{k} + v{k}" for k in range(15_000))]
    found = adviz.compare("; ".join(lines))
    value = found["value"].counts
    assert value is not None
    assert value.tree == 2**15_002 - 1
    for text in (
        str(found),
        found.html(),
        found.markdown(),
        found.latex(),
        json.dumps(found.to_json()),
    ):
        assert "4515" in text


def test_a_large_simplification_is_left_out_by_its_size() -> None:
    text = "*".join(f"(x - {k})" for k in range(1, 12))
    note = adviz.compare(text)["symbolic, simplified"].note
    size = int(re.findall(r"have (\d+) operations", note)[0])
    assert size > LARGEST_SIMPLIFIED
    row = adviz.compare("sin(x)**2 + cos(x)**2 + x")["symbolic, simplified"].counts
    assert row is not None
    assert row.work == Work()


def test_ways_that_sweep_too_often_are_left_out_by_their_number() -> None:
    text = " + ".join(f"x{k}*x{k + 1}" for k in range(400))
    found = adviz.compare(text, verify=False)
    assert found["forward, all inputs"].note == (
        "left out: 401 tangents, along 640798 edges in all"
    )
    assert "802 evaluations" in found["central differences"].note
    assert found["reverse"].counts is not None


def test_a_kink_is_no_place_for_a_complex_step() -> None:
    at_kink = adviz.compare("abs(x)*y", at={"x": 0, "y": 2})["complex step"]
    assert at_kink.note == "left out: the point lies on a kink of f, where it is not analytic"
    assert adviz.compare("abs(x)*y", at={"x": 1, "y": 2})["complex step"].ulps == 0


@pytest.mark.parametrize(
    ("text", "x"), [("x**2", 1e-300), ("x*3", 5e-324), ("sin(x)", -1e-290), ("x*y", 1e-245)]
)
def test_a_complex_step_that_underflows_is_left_out(text: str, x: float) -> None:
    """A step is 2**-210 of the input; 0 is stepped from as 1 is, and other inputs stay."""
    other = {"y": 2.0} if "y" in text else {}
    found = adviz.compare(text, at={"x": x, **other})
    assert found["complex step"].note == "left out: an imaginary part is too small for float64"
    assert (adviz.compare(text, at={"x": 0.0, **other})["complex step"].ulps or 0) < 1
    assert adviz.compare("x*y", at={"x": x, "y": 2.0}, wrt="y")["complex step"].counts


def test_a_condition_that_is_shared_is_written_where_it_is_used() -> None:
    found = adviz.compare("(sin(x) if x > 0 else x)*(exp(x) if x > 0 else y)", at={"x": 1, "y": 1})
    assert found["symbolic, after CSE"].counts is not None
    assert found["symbolic, after CSE"].ulps is not None


def test_an_error_of_nothing_is_shown_too() -> None:
    found = adviz.compare("x*y", at={"x": 3, "y": 2})
    assert found["reverse"].ulps == 0
    assert str(found).splitlines()[1].split()[-1] == "ulps"


def test_without_a_point_there_are_costs_alone() -> None:
    found = adviz.compare("x*sin(y)")
    assert found.point is None
    assert all(row.ulps is None and row.counts for row in found.rows)
    assert "ulps" not in str(found)


def test_what_has_no_derivative_to_know_is_named() -> None:
    found = adviz.compare("(x - y)/(abs(x - y) + 0*x)*z", at={"x": 2, "y": 1, "z": 1})
    assert found.unknown == ()
    unknown = adviz.compare("atan2(x - y, abs(x - y))", at={"x": 1, "y": 1})
    assert unknown.unknown == ("df/dx", "df/dy")
    assert "the truth is not known of df/dx, df/dy" in str(unknown)


def test_times_are_multiples_of_one_evaluation() -> None:
    found = adviz.compare("sin(x)*exp(x*y) + tanh(x*y)", at={"x": 1, "y": 2}, times=True)
    times = {row.way: row.time for row in found.rows}
    assert times["value"] == 1
    assert all(time and time > 0 for time in times.values())


def test_a_ratio_is_of_medians() -> None:
    """By a clock that the runs move on, and that stands still now and then for a second."""
    time, stalls = [0.0], iter(range(10**9))

    def run(seconds: float) -> Callable[[], object]:
        return lambda: time.append(time[-1] + seconds + (next(stalls) % 997 == 996))

    found = ratios({"some": run(1e-5), "more": run(2.5e-5)}, lambda: time[-1])
    assert found["some"] == 1
    assert found["more"] == pytest.approx(2.5, rel=1e-3)


# --- what is refused -----------------------------------------------------------------------------


REFUSED: tuple[tuple[dict[str, Any], type[AdvizError], str], ...] = (
    ({"at": {"x": -1}}, DomainError, "log is undefined at -1.0"),
    ({"at": {}}, PointError, "the point gives no value for x"),
    ({"at": {"x": [1.0, 2.0]}}, PointError, "x"),
    ({"at": {"x": 1j}}, PointError, "x"),
    ({"at": {"x": Fraction(1, 3)}}, PointError, "x"),
    ({"wrt": "z"}, PointError, "there is no input 'z'"),
    ({"wrt": []}, AdvizError, "wrt = []; it is at least one input, by which is differentiated"),
    ({"times": True}, PointError, "times are measured at a point: at={'x': 3.0}"),
    ({"times": 1, "at": {"x": 1}}, AdvizError, "times"),
)


@pytest.mark.parametrize(("given", "kind", "words"), REFUSED, ids=lambda one: str(one)[:40])
def test_what_cannot_be_compared_is_one_clear_error(
    given: dict[str, Any], kind: type[AdvizError], words: str
) -> None:
    with pytest.raises(kind, match=re.escape(words)):
        adviz.compare("log(x)", **given)


@pytest.mark.parametrize("text", ["2 + 3", "3", "pi"])
def test_a_formula_without_inputs_has_nothing_to_compare(text: str) -> None:
    with pytest.raises(AdvizError, match=r"^the formula has no inputs, so there is nothing to "):
        adviz.compare(text)


@pytest.mark.parametrize("value", [math.inf, math.nan, -1.0, 0.0, Fraction(1, 3)])
def test_an_error_advises_only_what_there_is_to_pass(value: Any) -> None:
    with pytest.raises(AdvizError) as raised:
        adviz.compare("log(x)", at={"x": value})
    assert not re.search("errors=|digits=", str(raised.value))
    assert ("give float(…) of it" in str(raised.value)) == isinstance(value, Fraction)


def test_an_unknown_row_and_an_unknown_file_are_told() -> None:
    found = adviz.compare("x*y")
    with pytest.raises(AdvizError, match=r"there is no row 'backward'; rows are value; forward, "):
        found["backward"]
    with pytest.raises(
        FormatError, match=r"cannot write a comparison as \.doc; use \.csv, \.html, "
    ):
        found.save("costs.doc")


# --- how it shows itself -------------------------------------------------------------------------


class Cells(HTMLParser):
    """The texts of a table's rows."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "tr":
            self.rows.append([])
        self.inside = tag in ("th", "td")

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.rows[-1].append(data)
            self.inside = False


def _plain(cell: str) -> str:
    """Return a cell of LaTeX as the text that it shows."""
    return re.sub(r" \\times 10\^\{(\d+)\}", r"e\1", cell.strip("$")).replace("--", "–")


def test_every_medium_has_the_same_cells() -> None:
    found = adviz.compare("sin(x)*y", at={"x": 1, "y": 2})
    html = Cells(found.html()).rows
    markdown = [line.strip("| ").split("|") for line in found.markdown().splitlines()]
    assert [[cell.strip() for cell in row] for row in [markdown[0], *markdown[2:]]] == html
    tex = [line.removesuffix(r" \\") for line in found.latex().splitlines() if "&" in line]
    assert [[_plain(cell) for cell in line.split(" & ")] for line in tex] == html
    text = [re.split(r" {2,}", line.strip()) for line in str(found).splitlines()]
    assert text[1] == html[0]
    assert [row for row in text[3:] if row != [""]] == html[1:]


TITLES = {
    "sin(x*y)*x + exp(x*y)/y": "f(x, y) = sin(x*y)*x + exp(x*y)/y",
    "(x + y)**2*(x + y)": "f(x, y) = (x + y)**2*(x + y)",
    "a = x*y; sin(a)*a": "a = x*y; sin(a)*a",
    "a = x*y; (x + y)*a*(x + y)*a": "a = x*y; (x + y)*a*(x + y)*a",
}


@pytest.mark.parametrize(("text", "title"), TITLES.items())
def test_a_title_is_the_formula_as_it_was_typed(text: str, title: str) -> None:
    found = adviz.compare(text)
    for shown in (str(found), repr(found), unescape(found.html())):
        assert f"{title}, differentiated by x, y" in shown


def test_a_formula_too_long_to_be_written_is_called_by_its_name() -> None:
    def swells(x: Any) -> Any:
        for _ in range(40):
            x = x * x + 1
        return x

    assert str(adviz.compare(swells)).startswith("swells(x) = …, differentiated by x\n")


def test_data_has_every_number_exactly() -> None:
    found = adviz.compare(SWOLLEN, at={"x": 0.5, "y": 0.7})
    data = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert data["at"] == {"x": 0.5, "y": 0.7}
    assert data["wrt"] == ["x", "y"]
    for row, known in zip(data["rows"], found.rows, strict=True):
        assert row["way"] == known.way
        assert {*row} == {"way", "worst", "note", *(column.heading for column in COLUMNS)}
        if known.counts:
            assert row["tree"] == known.counts.tree
            assert row["cost"] == known.counts.work.cost


def test_a_name_is_no_markup() -> None:
    found = adviz.compare({"<b>": "x*y", "a|b": "x"})
    assert "<b>" not in found.html()
    head, _, first = found.markdown().splitlines()[:3]
    assert head.count("|") == first.count("|")


@pytest.mark.parametrize("suffix", ["html", "json", "md", "svg", "tex", "txt"])
def test_a_file_is_what_its_suffix_says(tmp_path: Path, suffix: str) -> None:
    found = adviz.compare("sin(x)*y", at={"x": 1, "y": 2})
    found.save(tmp_path / f"costs.{suffix}")
    begins = {
        "html": "<!DOCTYPE html>", "json": "{", "md": "| way", "svg": "<svg",
        "tex": r"\begin{tabular}", "txt": "f(x, y) = sin(x)*y, differentiated by x, y at x = 1",
    }  # fmt: skip
    assert (tmp_path / f"costs.{suffix}").read_text("utf-8").startswith(begins[suffix])


def test_a_notebook_shows_a_table() -> None:
    bundle = adviz.compare("x*y")._repr_mimebundle_()
    assert bundle["text/html"].count("<tr") == 1 + len(WAYS)
    assert bundle["text/plain"].startswith("f(x, y) = x*y, differentiated by x, y\n")


def test_a_picture_has_the_formula_and_what_its_derivatives_add() -> None:
    scene = adviz.draw(adviz.compare("sin(x)*exp(x*y)")).scene
    added = [scene.graph.ops[node] for node in scene.marks if isinstance(node, int)]
    assert sorted(added) == ["add", "cos", "mul", "mul", "mul"]
    assert [mark.note for mark in scene.legend] == [
        "the formula: 4 operations", "its derivatives: 5 more",
    ]  # fmt: skip


def test_counts_are_plain_values() -> None:
    first, second = (adviz.compare("x*y")["value"].counts for _ in range(2))
    assert isinstance(first, Counts)
    assert first == second
    assert hash(first) == hash(second)
