"""The report: one sentence, one screen, one page, data, an error, and a heat map."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import reports
from reports import NAN, REPORTS
from rich.console import Console

import adviz
from adviz.checking.finding import VERDICTS, WRONG, Place, Verdict
from adviz.checking.report import STRICT, Report
from adviz.checking.report import witnesses as hearing
from adviz.checking.report.colours import LOOKS
from adviz.checking.report.digits import telling
from adviz.checking.report.heat import LEVELS, READABLE, close_up, heat_map
from adviz.checking.report.listing import HEADINGS
from adviz.errors import WrongDerivative
from adviz.graph.procedure import Edge
from adviz.language.numerals import full
from adviz.render.paint import paint
from adviz.render.roles import ROLES, colour
from adviz.render.shapes import Group, Picture, Shape, Text
from adviz.scene.excerpt import MOST_NODES, Excerpt
from adviz.scene.scene import Mark, finished
from adviz.scene.staging import stage
from adviz.sources.files import from_document

EVERY = {
    **REPORTS,
    "hostile": reports.hostile,
    "nothing": reports.nothing,
    "infinite": reports.infinite,
    "vector": reports.vector,
}


def texts(picture: Picture) -> Iterator[Text]:
    """Yield every text of a picture."""
    waiting: list[Shape] = list(picture.shapes)
    while waiting:
        shape = waiting.pop()
        if isinstance(shape, Group):
            waiting.extend(shape.shapes)
        elif isinstance(shape, Text):
            yield shape


# --- verdicts -------------------------------------------------------------------------------------


@pytest.mark.parametrize("verdict", REPORTS)
def test_the_verdict_is_the_worst_of_the_findings(verdict: str) -> None:
    report = REPORTS[verdict]()
    assert report.verdict == verdict
    backwards = replace(report, findings=report.findings[::-1])
    assert backwards.verdict == verdict
    assert sum(report.counts.values()) == sum(finding.count for finding in report.findings)


@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_report_fails_for_wrong_verdicts_and_strictly_for_useless_ones(verdict: Verdict) -> None:
    report = Report(adviz.build("x"), ({"x": 1.0},), None, (reports.finding("a", verdict, 1, "1"),))
    assert report.fails() is (verdict in WRONG)
    assert report.fails(strict=True) is (verdict in STRICT)
    for strict in (False, True):
        if report.fails(strict):
            with pytest.raises(WrongDerivative) as caught:
                report.raise_if_wrong(strict)
            assert str(caught.value) == str(report)
        else:
            report.raise_if_wrong(strict)


def test_a_wrong_derivative_is_an_error_of_adviz_and_a_failed_assertion() -> None:
    assert issubclass(WrongDerivative, adviz.AdvizError)
    assert issubclass(WrongDerivative, AssertionError)


@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_verdict_has_a_look_and_a_sentence(verdict: Verdict) -> None:
    assert LOOKS[verdict].role in ROLES
    found = reports.finding("forward", verdict, 1.0, "2")
    assert "df/dx" in Report(adviz.build("x"), ({"x": 1.0},), 0, (found,)).headline


# --- the screen -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EVERY)
def test_a_report_is_one_screen(name: str) -> None:
    lines = str(EVERY[name]()).splitlines()
    assert len(lines) <= 40 and max(map(len, lines)) <= 100
    assert not any(line != line.rstrip() for line in lines)


WORDS = {
    "wrong rule": [
        "wrong rule: df/dx in reverse mode is 3.21786 at x = 1, not 3.20532, because of v1 =",
        "2000 wrong rule; 1000 points drawn with seed 7",
        "reverse, forward    1000  3.21786  3.20532   0.391 %  7 ulps",
        "off by 0.391 %; 2 digits are right; 2.8e13 ulps, rounding explains up to 7",
        "the local partial of v1 = bad_sin(x) by x is 0.545705, SymPy's is 0.540302",
        "4 of 8 witnesses agree: 3.20532303929432 (SymPy in float64, SymPy in many digits, "
        "complex step, Ridders)",
        "forward, reverse      3.2178565803  differs",
        "Taylor remainder      –             silent   rate 1.00, where a right derivative has",
    ],
    "wrong gradient": [
        "wrong gradient: df/dy in the given gradient is 7 at x = 3, y = 2, not −1; no digit is",
        "1 wrong gradient, 1 agree; 1 point given",
        "the term −2·y has the wrong sign",
        "off by 800 %; no digit is right; 3.6e16 ulps, rounding explains up to 2",
        "2 of 3 witnesses agree: −1 (forward, reverse)",
        "Ridders  –      failed   it has met the edge of the domain",
    ],
    "ill-conditioned": [
        "though every rule is right; the digits go at v2 = 1 - cos(x) (columns 2-11",
        "digits lost  v2 12.3, v4 8.1",
        "off by 2.7e9 times the derivative; no digit is right; 1.2e20 ulps",
        "1 of 3 witnesses agrees: −8.333333e−8 (SymPy in many digits)",
        "df/dx at x = 1e-06",
    ],
    "not differentiable": [
        "df/dx does not exist at x = 0; in forward mode it is 0; the kink is v1 = abs(x)",
        "slopes  −1 from the left, 1 from the right",
    ],
    "not finite": ["df/dx in reverse mode is NaN at x = 1e200, y = 0, not 1, because of v1"],
    "undefined": ["undefined: df/dx does not exist at x = −1", "where(x > 0, log(x), 0) avoids it"],
    "agrees": [
        "all 4 derivatives agree at 1000 points",
        "8000 agree; 1000 points drawn with seed 0",
        "in fractions at 3 points",
    ],
    "infinite": [
        "df/dx in forward mode is ∞ at x = 0; the true derivative is infinite too, because of v1",
        "found     ∞ in forward mode",
        "expected  infinite",
    ],
    "witness failed": [
        "all 2 derivatives are right at 125 points; only Ridders' differences fail at x = 0.05, "
        "y = 1: the function oscillates within the steps",
        "1 right (a witness failed), 249 agree; 125 points drawn with seed 0",
        "seed 0 x > 3.7 was never true at these points",
        "1 of 2 witnesses agrees: −4 (forward)",
    ],
    "vector": [
        "is −0.25507635447596 at x_0 = 0.166667, x_1",
        "not −0.25507635447570; 12 digits are right",
        "4.6e3 ulps  x_0 = 0.167, …",
        "4.6e3 units in the last place (ulps), rounding explains up to 12; 12 digits are right",
        "adviz's and SymPy's derivatives as formulas, not the given gradient",
        "proved equal  all 12 derivatives  agrees   the difference of the two formulas is 0",
    ],
    "nothing": ["there is nothing to differentiate"],
}


@pytest.mark.parametrize("name", WORDS)
def test_a_report_says_what_where_by_how_much_and_why(name: str) -> None:
    shown = " ".join(str(EVERY[name]()).split())
    for words in WORDS[name]:
        assert " ".join(words.split()) in shown


def test_numbers_are_shown_with_so_many_digits_that_they_differ() -> None:
    close = reports.finding("reverse", "wrong rule", 1 + 2**-52, "1", digits=15.7, ulps=1.0)
    report = Report(adviz.build("x"), ({"x": 1.0},), None, (close,))
    assert "is 1.0000000000000002 at x = 1, not 1.0000000000000000" in report.headline


@pytest.mark.parametrize("name", EVERY)
def test_no_report_says_what_means_nothing(name: str) -> None:
    shown = str(EVERY[name]())
    assert not re.search(r"not –|\b1 (points|entries|digits|ulps|units)\b", shown)
    assert "whole formula" not in shown


def test_silent_proofs_are_left_out_unless_all_are() -> None:
    report = reports.vector()
    assert "exact" not in str(report) and "not rational" in report.html()
    silent = replace(report, proofs=report.proofs[:12])
    assert "not rational" in str(silent)
    partly = replace(report, proofs=(*report.proofs[:12], *report.proofs[12:16]))
    assert "proved equal  df/dx_0, df/dx_1, df/dx_2, 1 more" in str(partly)


def test_all_numbers_of_the_witnesses_have_as_many_digits() -> None:
    third = reports.said("forward", 1 / 3e8, "agrees"), reports.said("replay", "1e-9", "differs")
    many = reports.said("SymPy", "3.3333333333333333333333333333E-9", "differs")
    cells = [row.cell for row in hearing.rows((*third, many))]
    assert cells == ["3.3333333333333334e−9", "1e−9", "3.3333333333333333e−9"]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (0.000140109, "0.00014011"),
        (1.0000001, "1"),
        (-0.25507635447595835, "-0.25507635447"),
        (1e-300, "1.00001e-300"),
        (123456789.0, "123456788"),
    ],
)
def test_what_is_found_and_what_is_expected_differ_in_two_digits(
    found: float, expected: str
) -> None:
    wrong = reports.finding("gradient", "wrong gradient", found, expected, digits=3.0)
    shown = [Decimal(text.replace("−", "-")) for text in telling(wrong)]
    places = max(-int(number.as_tuple().exponent) for number in shown)
    assert abs(shown[0] - shown[1]).scaleb(places) >= 9


@pytest.mark.parametrize(
    ("verdict", "expected", "slopes", "words"),
    [
        ("not finite", "", None, "is 3 at x = 1; the true derivative is infinite"),
        ("wrong gradient", "", None, "is 3 at x = 1; the true derivative is infinite"),
        ("wrong gradient", "", (-1.0, 1.0), "where the slope is −1 from the left, 1 from"),
        ("ill-conditioned", "0", None, "is 3 at x = 1, not 0"),
    ],
)
def test_a_headline_says_what_the_derivative_should_be(
    verdict: Verdict, expected: str, slopes: Any, words: str
) -> None:
    found = reports.finding("gradient", verdict, 3.0, expected, slopes=slopes, digits=NAN)
    assert words in Report(adviz.build("x"), ({"x": 1.0},), None, (found,)).headline


def test_a_failed_witness_is_no_alarm() -> None:
    report = reports.witness_failed()
    assert LOOKS[report.verdict] == LOOKS["agrees"]
    assert not report.fails(strict=True)
    alone = replace(report, points=report.points[4:5], findings=report.findings[:1])
    assert "df/dx is right at x = 0.05, y = 1; only Ridders' differences fail there" in str(alone)


def test_what_was_not_reached_is_said_in_yellow_everywhere_and_changes_nothing() -> None:
    report = reports.witness_failed()
    (sentence,) = report.unreached
    assert report.verdict == replace(report, unreached=()).verdict
    assert sentence in report.to_json()["unreached"] and sentence in Page(report.html()).words
    out = StringIO()
    Console(file=out, force_terminal=True, width=100, _environ={"TERM": "xterm"}).print(report)
    assert f"\x1b[33m{sentence}" in out.getvalue()


def test_many_findings_are_counted_not_listed() -> None:
    keys = [adviz.checking.finding.Key("f", f"x{k}") for k in range(30)]
    found = [reports.finding("reverse", "wrong rule", 1.0, "2", key=key) for key in keys[:20]]
    found += [reports.finding("reverse", "agrees", 1.0, "1", key=key) for key in keys[20:]]
    shown = str(Report(adviz.build("x"), ({"x": 1.0},), None, tuple(found)))
    assert "… 15 more wrong rule, 10 more agree" in shown


@pytest.mark.parametrize("verdict", REPORTS)
def test_the_screen_has_the_verdicts_colour_unless_no_color_is_set(verdict: str) -> None:
    def printed(**environment: str) -> str:
        out = StringIO()
        console = Console(file=out, force_terminal=True, width=100, _environ=environment)
        console.print(REPORTS[verdict]())
        return out.getvalue()

    code = {"red": "31", "yellow": "33", "blue": "34", "green": "32"}[LOOKS[verdict].style]
    assert re.search(rf"\x1b\[(1;)?{code}m", printed(TERM="xterm"))
    assert not re.search(r"\x1b\[[\d;]*3\dm", printed(TERM="xterm", NO_COLOR="1"))


# --- data -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EVERY)
def test_json_is_valid_and_complete(name: str) -> None:
    report = EVERY[name]()
    text = json.dumps(report.to_json(), allow_nan=False)
    data = json.loads(text)
    assert data["verdict"] == report.verdict and data["seed"] == report.seed
    assert len(data["points"]) == len(report.points)
    assert from_document(data["graph"]) == report.graph
    for finding, found in zip(data["findings"], report.findings, strict=True):
        assert finding["derivative"] == str(found.key) and finding["count"] == found.count
        assert len(finding["statements"]) == len(found.statements)
        assert {spot["node"] for spot in finding["heat"]} == set(found.heat)
        assert (finding["place"] or {}).get("node") == (found.place.node if found.place else None)


@pytest.mark.parametrize("name", ["wrong rule", "agrees", "ill-conditioned"])
def test_the_points_of_the_data_are_the_points_bit_for_bit(name: str) -> None:
    report = REPORTS[name]()
    again = json.loads(json.dumps(report.to_json()))["points"]
    assert again == [dict(point) for point in report.points]


def test_a_finding_says_at_which_of_the_points_it_holds() -> None:
    data = reports.vector().to_json()
    assert all(found["positions"] == list(range(7)) for found in data["findings"])
    assert data["proofs"][0]["derivative"] == "df/dx_0"


def test_a_file_of_data_has_a_line_for_each_point(tmp_path: Path) -> None:
    report = reports.agrees()
    report.save(tmp_path / "report.json")
    text = (tmp_path / "report.json").read_text()
    assert json.loads(text) == report.to_json()
    assert sum('{"x": ' in line for line in text.splitlines()) >= len(report.points)
    assert len(text.splitlines()) < len(report.points) + 250


# --- the page -------------------------------------------------------------------------------------


class Page(HTMLParser):
    """The elements of a page, its texts, and whether every element is closed."""

    EMPTY = frozenset({"meta", "link", "rect", "path"})

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.words: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.mark.parametrize("name", EVERY)
def test_a_page_is_whole_and_needs_no_network_or_script(name: str, tmp_path: Path) -> None:
    report = EVERY[name]()
    report.save(tmp_path / "report.html")
    assert adviz.verify(tmp_path / "report.html").why.startswith("it is as it was saved")
    written = (tmp_path / "report.html").read_text(encoding="utf-8")
    markup = re.sub('<script type="application/json" data-adviz=.*</script>', "", written)
    page = Page(markup)
    assert not page.open and "script" not in page.tags and "svg" in page.tags
    names = [name for name, _ in page.attributes]
    assert not any(name.startswith("on") or name in ("src", "style") for name in names)
    addresses = [value for name, value in page.attributes if name == "href"]
    assert addresses == ["data:,"], "an empty icon, so that none is asked for"
    assert "url(" not in markup and "@import" not in markup
    assert report.html() in markup and report._repr_html_() == report.html()


@pytest.mark.parametrize("verdict", REPORTS)
def test_a_page_shows_what_the_screen_shows(verdict: str) -> None:
    report = REPORTS[verdict]()
    words = Page(report.html()).words
    assert report.headline in words
    for finding in report.findings:
        assert finding.verdict in words and str(finding.key) in words
    worst = report.findings[0]
    if worst.verdict != "agrees":
        assert worst.cause in words
        assert {said.witness for said in worst.statements} <= set(words)


def test_markup_in_a_report_is_text() -> None:
    words = "".join(Page(reports.hostile().html()).words)
    assert "<script>alert(1)</script>[red]&" in words and "\x1b" not in words
    assert "<script>alert(1)</script>[red]&" in str(reports.hostile())
    assert "\x1b" not in str(reports.hostile())


def test_a_graph_too_large_for_a_picture_is_said_to_be_so() -> None:
    long = adviz.build("+".join(f"sin(x*{k})" for k in range(150)))
    found = reports.finding("reverse", "agrees", 1.0, "1")
    page = Page(Report(long, ({"x": 1.0},), None, (found,)).html())
    assert "svg" not in page.tags
    assert any("too many for a picture; none is to blame" in words for words in page.words)


def large() -> adviz.Graph:
    return adviz.build("y = 2*x; " + "+".join(f"sin(y*{k})*x" for k in range(1, 30)))


@pytest.mark.parametrize("node", [0, 2, 5, 40, len(large()) - 1])
def test_of_a_large_graph_only_what_is_around_the_culprit_is_drawn(node: int) -> None:
    graph = large()
    assert len(graph) > READABLE
    place = Place.of(graph, node)
    found = reports.finding("reverse", "wrong rule", 1.0, "2", place=place, heat={node: 9.0})
    report = Report(graph, ({"x": 1.0},), None, (found,))
    scene = close_up(report)
    assert scene is not None and len(scene.nodes) <= MOST_NODES
    ((marked, mark),) = scene.marks.items()
    assert isinstance(marked, int) and mark.note.startswith("wrong rule")
    assert scene.graph.symbols[marked] == graph.symbols[node]
    page = Page(report.html())
    assert "svg" in page.tags
    assert any(f"of the graph's {len(graph)} nodes" in words for words in page.words)


@pytest.mark.parametrize("node", [0, 2, 5, 40, len(large()) - 1])
def test_the_numbers_in_an_excerpt_are_those_of_the_whole(node: int) -> None:
    whole = adviz.reverse(large(), at={"x": 1.5})
    part = Excerpt.around(whole.graph, node)
    trace = part.trace(whole)
    assert whole.adjoints is not None and trace.adjoints is not None
    scene = stage(trace)
    shown = finished(scene).rows
    for old, new in part.new.items():
        assert part.graph.symbols[new] == whole.graph.symbols[old]
        assert trace.values[new] == whole.values[old]
        if (new, "adjoint") in shown:
            assert scene.exact(shown[new, "adjoint"]) == full(whole.adjoints[old])
    assert set(trace.partials) <= set(part.graph.edges)


def test_a_table_can_be_read_in_a_narrow_page() -> None:
    page = Page(reports.wrong_gradient().html())
    headings = {value for name, value in page.attributes if name == "data-heading"}
    assert headings == {*HEADINGS[1:], *hearing.HEADINGS[1:]}
    assert "@container" in reports.wrong_gradient().html()


# --- files ----------------------------------------------------------------------------------------


def test_a_report_is_saved_as_a_page_as_data_and_as_text(tmp_path: Path) -> None:
    report = REPORTS["not finite"]()
    for suffix in ("html", "json", "txt"):
        report.save(tmp_path / f"report.{suffix}")
    assert (tmp_path / "report.html").read_text().startswith("<!DOCTYPE html>")
    assert json.loads((tmp_path / "report.json").read_text())["verdict"] == "not finite"
    assert (tmp_path / "report.txt").read_text() == f"{report}\n"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("report.pdf", "cannot write a report as .pdf; use .html, .json, .txt"),
        ("report", "cannot write a report as a file without a suffix"),
        ("missing/report.txt", "cannot write missing/report.txt"),
    ],
)
def test_a_file_that_cannot_be_written_is_one_clear_error(
    name: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(adviz.AdvizError, match=re.escape(words)):
        REPORTS["agrees"]().save(name)
    assert not list(tmp_path.iterdir())


# --- the heat map ---------------------------------------------------------------------------------


def test_nodes_are_tinted_by_the_digits_they_lose() -> None:
    scene = heat_map(reports.ill_conditioned())
    assert scene.marks == {
        3: Mark("warning", "ill-conditioned: −12.3 digits", "heat-4"),
        6: Mark("muted", "−8.1 digits", "heat-3"),
    }
    words = [text.words for text in texts(paint(scene))]
    for said in (
        "ill-conditioned: −12.3 digits",
        "−8.1 digits",
        "ill-conditioned: v₂",
        "12 or more",
    ):
        assert said in words


def test_a_culprit_may_be_an_edge() -> None:
    scene = heat_map(reports.wrong_rule())
    assert scene.marks == {1: Mark("fault"), Edge(0, 1, 0): Mark("fault", "wrong rule")}
    (chip,) = (g for g in chips(paint(scene)) if len(g.shapes) == 3)
    assert [s.words for s in chip.shapes if isinstance(s, Text)] == ["0.545705", "wrong rule"]


def test_the_right_partial_of_a_wrong_gradient_is_not_called_wrong() -> None:
    report = reports.wrong_gradient()
    place = Place.of(report.graph, 4, Edge(1, 4, 1))
    worst = replace(report.findings[0], place=place)
    scene = heat_map(replace(report, findings=(worst,)))
    assert scene.marks[Edge(1, 4, 1)] == Mark("fault", "likely here")
    assert [mark.note for mark in scene.legend][1:] == ["the numbers are adviz's own"]


def chips(picture: Picture) -> Iterator[Group]:
    for group in picture.shapes:
        if isinstance(group, Group):
            yield from (s for s in group.shapes if isinstance(s, Group) and s.kind == "chip")


@pytest.mark.parametrize("name", EVERY)
def test_a_report_is_drawn_in_every_format(name: str, tmp_path: Path) -> None:
    drawing = adviz.draw(EVERY[name]())
    for suffix in ("svg", "png", "pdf", "dot", "mmd", "graphml", "json"):
        drawing.save(tmp_path / f"report.{suffix}")
    for text in (drawing.dot().source, (tmp_path / "report.mmd").read_text()):
        for mark in drawing.scene.marks.values():
            assert colour(mark.role) in text
            assert not mark.tint or colour(mark.tint) in text


@pytest.mark.parametrize("name", EVERY)
def test_no_mark_is_cut_off_and_nothing_leaves_the_picture(name: str) -> None:
    scene = heat_map(EVERY[name]())
    picture = paint(scene)
    shown = [text.words for text in texts(picture)]
    for mark in (*scene.marks.values(), *scene.legend):
        assert not mark.note or mark.note in shown
    for text in texts(picture):
        start = text.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[text.anchor] * text.width
        assert start >= 0 and start + text.width <= picture.width and text.y < picture.height


def test_the_picture_is_of_the_worst_point_and_of_the_output_that_is_wrong() -> None:
    graph = adviz.build("{'f': x*y, 'g': x + y}")
    key = adviz.checking.finding.Key("g", "y")
    found = reports.finding("reverse", "wrong rule", 1.0, "2", key=key, point={"x": 3.0, "y": 5.0})
    scene = heat_map(Report(graph, ({"x": 0.0, "y": 0.0},), None, (found,)))
    (trace,) = scene.traces
    assert trace.point == {"x": 3.0, "y": 5.0} and trace.gradient == {"x": 1.0, "y": 1.0}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_levels_of_heat_can_be_told_apart_and_read_in_grey(theme: Any) -> None:
    def luminance(role: str) -> float:
        parts = [int(colour(role, theme)[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    scale = [luminance(role) + 0.05 for role in ("page", *(role for _, role, _ in LEVELS))]
    ink = luminance("ink") + 0.05
    for cooler, hotter in pairwise(scale):
        ratio = cooler / hotter if theme == "light" else hotter / cooler
        assert ratio >= 1.13
    assert all(max(ink / ground, ground / ink) >= 4.5 for ground in scale)


def test_a_node_grows_so_that_its_marks_note_can_be_read() -> None:
    graph = adviz.build("x*y")
    plain, marked = stage(graph), stage(graph, {2: Mark("fault", "the culprit of it all")})
    assert marked.layout.boxes[2].width > plain.layout.boxes[2].width
    assert stage(graph, {}).layout == plain.layout


def test_digits_that_are_not_known_leave_no_trace() -> None:
    cold = {0: NAN, 1: 0.4, 2: math.inf}
    found = reports.finding("reverse", "ill-conditioned", 1.0, "2", point={"x": 1.0}, heat=cold)
    scene = heat_map(Report(adviz.build("sin(x)*x"), ({"x": 1.0},), None, (found,)))
    assert scene.marks == {2: Mark("muted", "no digit left", "heat-4")}


def test_marks_of_ones_own_stand_beside_those_of_the_report() -> None:
    mine: dict[int | Edge, Mark] = {0: Mark("verified", "mine")}
    marks = adviz.draw(reports.wrong_rule(), marks=mine).scene.marks
    assert marks == {**heat_map(reports.wrong_rule()).marks, **mine}


def test_of_a_report_on_a_large_graph_the_place_is_drawn() -> None:
    text = "+".join(f"sin(x*{k})" for k in range(1, 240))
    report = adviz.check(f"{text} + abs(x)", at={"x": 0})
    assert len(report.graph) > 900
    assert {mark.note for mark in adviz.draw(report).scene.marks.values()} == {"not differentiable"}
    with pytest.raises(adviz.AdvizError, match="nodes"):
        adviz.draw(adviz.check(text, at={"x": 1}))
