"""The evaluation trace table: its numbers are the engine's, and its text is only text."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest
import sympy

import adviz
from adviz.language.notation import latex_escape

RUNNING = "(x + y)*(x - y)"
AT = {"x": 3, "y": 2}
HOSTILE = ["</script><img src=x onerror=alert(1)>", "a|b", "$x$ & 50%", "{_}#~^\\", "`code`*"]


def test_reverse_table_is_primal_beside_adjoint() -> None:
    rows = adviz.table(adviz.reverse(RUNNING, at=AT)).as_rows()
    assert [(r["node"], r["formula"], r["value"], r["adjoint"]) for r in rows] == [
        ("x", "input", 3, 6),
        ("y", "input", 2, -4),
        ("v1", "x + y", 5, 1),
        ("v2", "x - y", 1, 5),
        ("v3", "v1 * v2", 5, 1),
    ]


def test_forward_table_is_primal_beside_tangent() -> None:
    rows = adviz.table(adviz.forward(RUNNING, at=AT, direction="x")).as_rows()
    assert [r["tangent"] for r in rows] == [1, 0, 1, 1, 6]


def test_two_sweeps_share_a_table() -> None:
    g = adviz.build(RUNNING)
    made = adviz.table(adviz.forward(g, at=AT, direction="x"), adviz.reverse(g, at=AT))
    assert made.kinds == ("tangent", "adjoint")
    assert made.as_rows()[0] == {
        "node": "x",
        "formula": "input",
        "value": 3,
        "tangent": 1,
        "adjoint": 6,
    }


def test_sweeps_of_a_kind_are_told_apart_in_every_form() -> None:
    g, titles = adviz.build(RUNNING), ["tangent (1)", "tangent (2)", "adjoint"]
    along = [adviz.forward(g, at=AT, direction=name) for name in "xy"]
    made = adviz.table(*along, adviz.reverse(g, at=AT))
    assert made.as_rows()[-1] == {
        "node": "v3", "formula": "v1 * v2", "value": 5, **dict(zip(titles, (6, -4, 1), strict=True))
    }  # fmt: skip
    assert made.to_json() == made.as_rows()
    heads = ["node", "formula", "value", *titles]
    assert made.to_csv().splitlines()[0].split(",") == heads
    assert re.findall("<th scope=.col.>(.*?)</th>", made.html()) == heads
    for text in (str(made), made.markdown(), made.latex()):
        assert all(text.count(title) == 1 for title in titles)


def test_inputs_come_first_and_constants_have_no_row() -> None:
    rows = adviz.table(adviz.reverse("log(x1) + 2*x2", at=[2, 5])).as_rows()
    assert [r["node"] for r in rows][:2] == ["x1", "x2"]
    assert "2" not in [r["node"] for r in rows]


def test_contributions_of_a_fan_out_are_shown_as_a_sum() -> None:
    text = str(adviz.table(adviz.reverse(RUNNING, at=AT)))
    assert "5 + 1" in text and "−5 + 1" in text


@pytest.mark.parametrize(
    ("trace", "expected"),
    [
        (adviz.reverse(RUNNING, at=AT), [("0", ["5", "+ 1"]), ("1", ["−5", "+ 1"])]),
        (adviz.forward(RUNNING, at=AT, direction="x"), [("4", ["1", "+ 5"])]),
        (adviz.taylor("x*x", {"x": 3}, {"x": 1}, 1).trace, []),
    ],
    ids=["reverse", "forward", "taylor"],
)
def test_in_html_a_sum_stands_below_its_number_term_by_term(trace: Any, expected: Any) -> None:
    page = ElementTree.fromstring(adviz.table(trace).html())  # noqa: S314 - our own
    rows = [(row.get("data-node"), row.find(".//small")) for row in page.iter("tr")]
    terms = [(node, [span.text for span in sum_]) for node, sum_ in rows if sum_ is not None]
    assert terms == expected
    places = [next(iter(span.attrib)) for _, sum_ in rows if sum_ is not None for span in sum_]
    assert places == ["data-lead", "data-part"] * len(expected)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_text_in_every_format(name: str) -> None:
    g = adviz.build(sympy.sin(sympy.Symbol(name)))
    made = adviz.table(adviz.reverse(g, at=[0.5]))
    assert "<img" not in made.html() and "</script" not in made.html()
    assert not re.search(r"(?<!\\)<", made.markdown())
    for line in made.markdown().splitlines():
        assert line.replace("\\|", "").count("|") == 6
    latex = made.latex()
    for line in latex.splitlines():
        if line.endswith(r"\\") and "node" not in line:
            assert line.replace(r"\&", "").count("&") == 4


def test_latex_tables_have_the_rules_of_booktabs() -> None:
    lines = adviz.table(adviz.reverse("x*y", at={"x": 3, "y": 2})).latex().splitlines()
    assert lines[0] == r"\begin{tabular}{llrrr}"
    assert [k for k, line in enumerate(lines) if line.endswith("rule")] == [1, 3, 7]
    assert [lines[k] for k in (1, 3, 7)] == [r"\toprule", r"\midrule", r"\bottomrule"]
    assert lines[6] == r"$v_{1}$ & $x \times y$ & $6$ & $1$ &  \\"


def test_latex_escapes_every_special_character() -> None:
    assert latex_escape("a_b%$#&{}~^\\") == (
        r"a\_b\%\$\#\&\{\}\textasciitilde{}\textasciicircum{}\textbackslash{}"
    )


def test_traces_of_different_graphs_do_not_share_a_table() -> None:
    with pytest.raises(adviz.AdvizError, match="must be of the same graph"):
        adviz.table(adviz.reverse("x", at=[1]), adviz.reverse("x*x", at=[1]))


def test_a_table_needs_a_trace() -> None:
    with pytest.raises(adviz.AdvizError, match="a table needs a trace"):
        adviz.table()
