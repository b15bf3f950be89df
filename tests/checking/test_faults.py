"""The gallery of broken AD: its sweeps are the right one with a part exchanged, and are found out.

`python tests/pages.py` writes docs/broken-ad.md anew.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from corpus import CORPUS, Formula
from hypothesis import given, settings
from samples import Case, cases, corpus_points

import adviz
from adviz.checking.faults.film import film
from adviz.checking.faults.gallery import (
    BY_NAME,
    ENGINE_FAULTS,
    FAULTS,
    Fault,
    never,
    rule_faults,
    scaled,
)
from adviz.checking.faults.parts import RIGHT, Accumulation, departure
from adviz.checking.verdicts.culprit import Culprit
from adviz.checking.verdicts.diagnosis import likely_cause
from adviz.checking.witnesses import WITNESSES
from adviz.graph.graph import Graph
from adviz.graph.procedure import Edge, Procedure
from adviz.language.labels import Key
from adviz.language.numerals import short
from adviz.modes.sweep import Parts
from adviz.primitives import TABLE

PAGE = Path(__file__).parents[2] / "docs/broken-ad.md"
# --- The parts ------------------------------------------------------------------------------------


def assert_same_sweep(graph: Graph, at: Mapping[str, float]) -> None:
    """Compare steps by their text, in which NaN is NaN."""
    for label in graph.outputs:
        cotangent = {name: float(name == label) for name in graph.outputs}
        expected = adviz.reverse(graph, at, {label: 1.0}, errors="ieee")
        found = RIGHT.reverse(graph, at, label)
        assert [*map(repr, found.steps)] == [*map(repr, expected.steps)], cotangent
        assert [*map(repr, found.adjoints or ())] == [*map(repr, expected.adjoints or ())]
        assert found.status == expected.status
        assert [*map(repr, found.partials.items())] == [*map(repr, expected.partials.items())]


@pytest.mark.parametrize("formula", CORPUS[2::3], ids=lambda formula: formula.name)
def test_the_parts_as_they_stand_are_reverse_mode(formula: Formula) -> None:
    graph = adviz.build(formula.text)
    assert_same_sweep(graph, corpus_points(formula, graph)[0])


@settings(max_examples=60)
@given(cases(outputs=2))
def test_the_parts_as_they_stand_are_reverse_mode_on_random_graphs(case: Case) -> None:
    assert_same_sweep(case.graph, case.at)


def test_a_branch_that_is_not_taken_is_neither_computed_nor_differentiated() -> None:
    trace = RIGHT.reverse("where(x > 0, sqrt(x), sqrt(-x))", {"x": 4.0})
    assert trace.gradient == {"x": 0.25}
    assert trace.status.count("skipped") == 2


def test_parts_concern_only_the_edges_in_their_scope() -> None:
    dropped = Accumulation(Parts(counts=never)).only(lambda graph, edge: edge.position == 1)
    assert dropped.reverse("(x + y)*(x - y)", {"x": 3, "y": 2}).gradient == {"x": 1.0, "y": 0.0}


@pytest.mark.parametrize(
    ("at", "of", "words"),
    [
        ({"x": [1.0, 2.0]}, None, "at one point"),
        ({"x": 1.0}, "g", "no output 'g'; outputs are f"),
        ({"y": 1.0}, None, "x"),
    ],
)
def test_what_cannot_be_swept_is_said(at: Any, of: str | None, words: str) -> None:
    with pytest.raises(adviz.AdvizError, match=re.escape(words)):
        RIGHT.reverse("x*x", at, of)


# --- The gallery ----------------------------------------------------------------------------------


def names(fault: Fault) -> str:
    return fault.name


def gradients(fault: Fault) -> tuple[dict[str, float], dict[str, float]]:
    """Return the right and the broken gradient of a fault's own example."""
    return adviz.gradient(fault.example, fault.at), fault.reverse().gradient


def test_names_are_unique() -> None:
    assert len(BY_NAME) == len(FAULTS)


@pytest.mark.parametrize("row", TABLE.values(), ids=lambda row: row.name)
def test_every_rule_of_the_table_has_its_two_faults(row: Any) -> None:
    wanted = sum(2 for partial in row.partials if partial not in ("", "0"))
    assert len(list(rule_faults({row.name: row}))) == wanted


@pytest.mark.parametrize("fault", FAULTS, ids=names)
def test_every_fault_changes_the_numbers_of_its_example(fault: Fault) -> None:
    right, broken = gradients(fault)
    assert right.keys() == broken.keys()
    assert any(abs(right[name] - broken[name]) > 1e-6 * abs(right[name]) for name in right)


@pytest.mark.parametrize("fault", FAULTS, ids=names)
def test_a_fault_gives_the_same_gradient_as_trace_and_as_callable(fault: Fault) -> None:
    graph = adviz.build(fault.example)
    broken = fault.gradient(graph)(*(fault.at[name] for name in graph.inputs))
    assert broken == fault.reverse().gradient


def test_several_outputs_have_a_gradient_each() -> None:
    broken = BY_NAME["overwrite"].gradient(["x*y + x", "x - y"])(3.0, 2.0)
    assert broken == {"f1": {"x": 2.0, "y": 3.0}, "f2": {"x": 1.0, "y": -1.0}}


EXPECTED = {
    "overwrite": {"x": 1.0, "y": 1.0},
    "early": {"x": 40.0, "y": 15.0},
    "single edge": {"x": 3.0},
    "swapped": {"x": -0.75, "y": 0.5},
    "uncleared": {"x": 12.0, "y": -8.0},
    "untaken": {"x": -1.0},
    "float32": {"x": 0.01953125, "y": 20000.01953125},
}
"""Worked by hand."""


@pytest.mark.parametrize("name", EXPECTED)
def test_engine_faults_do_what_they_are_named_after(name: str) -> None:
    assert BY_NAME[name].reverse().gradient == EXPECTED[name]


def test_the_branch_not_taken_has_values_to_be_seen() -> None:
    trace = BY_NAME["untaken"].reverse()
    assert None not in trace.values._numbers and "skipped" not in trace.status
    assert trace.value == 9.0


# --- Pages ----------------------------------------------------------------------------------------


def films(page: str) -> list[dict[str, Any]]:
    return [json.loads(text) for text in re.findall(r'"application/json">(.*?)</script>', page)]


@pytest.mark.parametrize("fault", ENGINE_FAULTS, ids=names)
def test_a_film_shows_both_sweeps_and_marks_what_departs(fault: Fault) -> None:
    page = film(fault)
    right, broken = films(page)
    for found, gradient in zip((right, broken), gradients(fault), strict=True):
        shown = {number[0] for key, number in found["numbers"].items() if "/sum/" in key}
        assert {short(number) for number in gradient.values()} <= shown
    first, second = page.split('class="adviz ')[1:]
    assert "should be" not in first.partition('"application/json"')[0]
    true = adviz.gradient(fault.example, fault.at)
    assert f"should be {short(true['x'])}" in second
    assert not re.search(r"(?:src|href)=\"http", page)


def test_a_film_plays_another_formula() -> None:
    page = film(BY_NAME["overwrite"], "x*y + x", {"x": 3, "y": 2})
    assert "should be 3" in page and page == film(BY_NAME["overwrite"], "x*y + x", {"x": 3, "y": 2})


# --- Diagnosis ------------------------------------------------------------------------------------


def diagnosed(source: Any, at: Mapping[str, float], broken: Mapping[str, float]) -> Culprit | None:
    """Return the likely cause of a wrong gradient of one output."""
    graph = adviz.build(source)
    (label,) = graph.outputs
    true = adviz.gradient(graph, at, wrt=list(broken), digits=40)
    truth = {Key(label, name): Decimal(str(number)) for name, number in true.items()}
    found = {Key(label, name): number for name, number in broken.items()}
    return likely_cause(graph, at, found, truth)


ALSO = {"single edge": "overwrite"}
"""Faults that another, equally simple one explains on the example: with one operation that uses
its only argument twice they are the same."""


@pytest.mark.parametrize("fault", FAULTS, ids=names)
def test_every_fault_is_recognised_by_its_numbers_and_at_its_place(fault: Fault) -> None:
    right, broken = RIGHT.reverse(fault.example, fault.at), fault.reverse()
    found = diagnosed(fault.example, fault.at, broken.gradient)
    assert found is not None
    kind = fault.name.partition(" of ")[0]
    assert found.fault == ALSO.get(kind, kind)
    if kind in ("uncleared", "float32"):
        assert found.place is None
        return
    began = departure(right, broken)
    assert began is not None and found.place is not None
    wanted = 0 if kind == "single edge" else began[0]
    assert (found.place.node, found.place.edge) == (wanted, None if kind in ALSO else began[1])


TWICE = "a = x*y; b = sin(a); c = a*b; c + sin(c*y)"
AT = {"x": 0.7, "y": 1.9}
DEGREE = 0.017453292519943295


def divided(graph: Procedure, edge: Edge) -> bool:
    return graph.ops[edge.head] == "div"


def from_x(graph: Procedure, edge: Edge) -> bool:
    return edge.tail == graph.inputs["x"]


@pytest.mark.parametrize("edge", list(adviz.build(TWICE).edges), ids=str)
@pytest.mark.parametrize("factor", [-1.0, 2.0, 0.5, 0.0])
def test_a_mistake_on_one_edge_is_found_there(edge: Edge, factor: float) -> None:
    graph = adviz.build(TWICE)
    broken = Accumulation(Parts(partial=scaled(factor))).only(lambda _, other: other == edge)
    found = diagnosed(graph, AT, broken.reverse(graph, AT).gradient)
    assert found is not None and found.place is not None
    named = f"∂{graph.symbols[edge.head]}/∂{graph.symbols[edge.tail]}" in found.cause
    assert named or (factor == 0 and found.place.node in (edge.head, edge.tail)), found


@pytest.mark.parametrize(
    ("source", "broken", "fault", "words"),
    [
        ("sin(x)*sin(y)*sin(x*y)", BY_NAME["sign of ∂sin/∂x"].broken, "sign", "the rule ∂sin/∂x"),
        ("x*y + where(x > 0, x*y, y)", BY_NAME["untaken"].broken, "untaken", "not taken"),
        ("x/y - y", BY_NAME["swapped"].broken.only(divided), "swapped", "the local partials of v1"),
        ("sin(x)*x + x*y*sin(y)", BY_NAME["overwrite"].broken.only(from_x), "overwrite", "at x"),
    ],
)
def test_mistakes_in_one_rule_or_at_one_node_are_found_there(
    source: str, broken: Accumulation, fault: str, words: str
) -> None:
    found = diagnosed(source, AT, broken.reverse(source, AT).gradient)
    assert found is not None and (found.fault, words in found.cause) == (fault, True), found


@pytest.mark.parametrize(
    ("source", "wrong", "fault", "words"),
    [
        ("x**2*y", lambda x, y: (y, x), "exchanged", "those given for x, y are those by y, x"),
        ("exp(x*y)*y", lambda x, y: (3 * x, 3 * y), "factor", "every derivative is 3 times"),
        ("sin(x/y)", lambda x, y: (x / DEGREE, y / DEGREE), "degrees", "radians are taken for"),
    ],
)
def test_mistakes_in_the_whole_gradient_are_recognised(
    source: str, wrong: Any, fault: str, words: str
) -> None:
    broken = wrong(*adviz.gradient(source, AT).values())
    found = diagnosed(source, AT, dict(zip("xy", broken, strict=True)))
    assert found is not None and (found.fault, words in found.cause) == (fault, True), found


@pytest.mark.parametrize("formula", CORPUS[::7], ids=lambda formula: formula.name)
def test_a_gradient_that_is_wrong_at_random_has_no_known_cause(formula: Formula) -> None:
    graph = adviz.build(formula.text)
    at, source = corpus_points(formula, graph)[0], random.Random(formula.name)
    true = adviz.gradient(graph, at)
    broken = {name: number * source.uniform(0.4, 1.9) + 1e-3 for name, number in true.items()}
    assert diagnosed(graph, at, broken) is None


@pytest.mark.parametrize("formula", CORPUS[::7], ids=lambda formula: formula.name)
def test_a_right_gradient_has_no_cause(formula: Formula) -> None:
    graph = adviz.build(formula.text)
    at = corpus_points(formula, graph)[0]
    assert diagnosed(graph, at, adviz.gradient(graph, at)) is None


def test_not_every_wrong_number_is_float32() -> None:
    assert diagnosed("x*y", {"x": 3.0, "y": 2.0}, {"x": 2.5, "y": 3.0}) is None


def test_what_is_not_finite_has_no_likely_cause() -> None:
    assert diagnosed("x*x", {"x": 3.0}, {"x": float("nan")}) is None


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_every_fault_is_caught_and_located(fault: Fault) -> None:
    graph = adviz.build(fault.example)
    finding = adviz.check(graph, at=fault.at, gradient=fault.gradient(graph)).findings[0]
    assert finding.verdict == "wrong gradient"
    assert finding.place is not None or fault.name in EVERYWHERE
    against = [s.value for s in finding.statements if s.verdict == "agrees"]
    assert any(value is not None and float(value) != finding.found for value in against)


EVERYWHERE = ("uncleared", "float32")
"""The faults that are made at no single place."""


# --- The page -------------------------------------------------------------------------------------


def broken_page() -> str:
    """Return docs/broken-ad.md, with what `check` says of each fault."""
    heads = ["fault", "formula", "at", "right", "broken", "likely cause"]
    heads += ["verdict", "place", *(witness.name for witness in WITNESSES)]
    engines = [_row(fault) for fault in ENGINE_FAULTS]
    rules = [_row(fault) for fault in FAULTS[len(ENGINE_FAULTS) :]]
    lines = [
        "# Broken AD",
        "",
        "Generated from `adviz.checking.faults`. Each fault is reverse mode with one part",
        "exchanged, so it runs on any formula. Each is judged by `adviz.check` as a gradient of",
        "which only the numbers are known: the verdict, the place, and a tick for each witness",
        "whose number, within its own error, is not the broken one.",
        "",
        "```python",
        "import adviz",
        "from adviz.checking.faults.gallery import BY_NAME",
        "from adviz.checking.faults.film import film",
        "",
        'fault = BY_NAME["overwrite"]',
        'fault.reverse("(x + y)*(x - y)", at={"x": 3, "y": 2})  # a trace: draw, animate, table',
        'adviz.check("x*y + x", gradient=fault.gradient("x*y + x"))',
        'open("overwrite.html", "w").write(film(fault))  # beside the right sweep',
        "```",
        "",
        "On the command line: `adviz broken overwrite -o overwrite.html --open`.",
        "",
        "## Engines",
        "",
        *map(_item, ENGINE_FAULTS),
        "",
        *_table(heads, engines),
        "",
        "## Rules",
        "",
        "Every local partial of the table with the wrong sign, and with a factor of 2.",
        "",
        *_table(heads, rules),
    ]
    return "\n".join(lines) + "\n"


def _item(fault: Fault) -> str:
    return f"- **{fault.name}**: {_escaped(fault.title)}. {_escaped(fault.says)}"


def _row(fault: Fault) -> list[str]:
    right, broken = gradients(fault)
    cause = diagnosed(fault.example, fault.at, broken)
    cells = [
        fault.name,
        f"`{fault.example}`",
        *map(_numbers, (fault.at, right, broken)),
        _escaped(cause.cause if cause else ""),
    ]
    return [*cells, *_verdict(fault)]


def _verdict(fault: Fault) -> list[str]:
    """Return what check says of a fault, where, and which witnesses contradict it."""
    graph = adviz.build(fault.example)
    worst = adviz.check(graph, at=fault.at, gradient=fault.gradient(graph)).findings[0]
    against = {
        statement.witness: "✓"
        for statement in worst.statements
        if statement.verdict == "agrees" and statement.value is not None
        if abs(float(statement.value) - worst.found) > statement.error
    }
    place = worst.place.symbol if worst.place else ""
    return [worst.verdict, place, *(against.get(w.name, "") for w in WITNESSES)]


def _escaped(words: str) -> str:
    """Return words in which Markdown finds no emphasis."""
    return words.replace("*", r"\*")


def _numbers(numbers: Mapping[str, float]) -> str:
    return ", ".join(f"{name} = {short(number)}" for name, number in numbers.items())


def _table(heads: list[str], rows: list[list[str]]) -> list[str]:
    escaped = ([cell.replace("|", "\\|") for cell in row] for row in rows)
    body = (f"| {' | '.join(row)} |" for row in escaped)
    return [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|", *body]


def test_the_page_of_broken_ad_is_the_gallery() -> None:
    assert PAGE.read_text("utf-8") == broken_page()


if __name__ == "__main__":
    PAGE.write_text(broken_page(), "utf-8")
