"""Sums over paths: what they add up to, how many there are, and what they and a sweep take."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import networkx
import pytest
import sympy
from corpus import CORPUS, Formula
from hypothesis import given, reject
from samples import Case, cases, corpus_points

import adviz
from adviz.comparison.paths.counting import Work
from adviz.comparison.paths.listing import MOST_PATHS
from adviz.comparison.paths.paths import Paths
from adviz.errors import AdvizError, DomainError, GraphError, PointError, TooLarge
from adviz.graph.procedure import Edge
from adviz.language.labels import Key

AT = {"x": 3, "y": 2}
RUNNING = "(x + y)*(x - y)"


def found_of(case: Case, digits: int | None = None) -> Paths:
    """Return the paths of a case, of which every derivative exists."""
    try:
        return adviz.paths(case.graph, case.at, digits=digits)
    except DomainError:
        return reject()


def doubling(levels: int) -> str:
    """Return a formula in which each level uses the one below twice."""
    return "; ".join(["v0 = x*y", *(f"v{k + 1} = v{k}*v{k}" for k in range(levels))])


# --- the sum ------------------------------------------------------------------------------------


@given(cases(outputs=3))
def test_the_sum_over_paths_is_the_derivative(case: Case) -> None:
    found = found_of(case, digits=60)
    if found.count > MOST_PATHS:
        reject()
    expected = adviz.jacobian(case.graph, case.at, digits=60)
    assert {label: [*row] for label, row in found.jacobian.items()} == {
        label: [*row] for label, row in expected.items()
    }
    for label, row in expected.items():
        for name, slope in row.items():
            parts = found.terms[Key(label, name)]
            size = max([1, *(abs(path.product) for path in parts)])
            assert abs(found.jacobian[label][name] - slope) <= 1e-40 * size


@pytest.mark.parametrize("formula", CORPUS[1::3], ids=lambda formula: formula.name)
def test_the_sum_over_paths_is_the_gradient_on_the_corpus(formula: Formula) -> None:
    graph = adviz.build(formula.text)
    at = corpus_points(formula, graph)[0]
    found = adviz.paths(graph, at, digits=50)
    try:
        found.terms  # noqa: B018 - which are too many, or not
    except TooLarge as refused:
        assert found.count > 100 and str(MOST_PATHS) in str(refused)
        return
    for name, slope in adviz.gradient(graph, at, digits=50).items():
        (label,) = graph.outputs
        scale = sum(abs(path.product) for path in found.terms[Key(label, name)])
        assert abs(found.jacobian[label][name] - slope) <= 1e-45 * max(1, scale)


@pytest.mark.parametrize(
    "formula", ["laguerre(0, x)", "genlaguerre(0, 1, x)", "hermite(0, x)", "legendre(0, x)"]
)
def test_a_polynomial_of_order_0_is_constant(formula: str) -> None:
    assert adviz.paths(formula, {"x": 1.0}).jacobian == {"f": {"x": 0.0}}
    assert adviz.symbolic(formula, form="assignments")


POLYNOMIALS = {
    "the running example": RUNNING,
    "shared": "a = x*y; b = a*a - x; b*a + b",
    "powers": "x**3*y + (x - 2*y)**2",
    "quotients": "a = x*y/(x - 3*y); (a + 2)*a/x",
    "no way": "f(x, y) = x*x",
}


@pytest.mark.parametrize("text", POLYNOMIALS.values(), ids=POLYNOMIALS)
def test_fractions_are_exact(text: str) -> None:
    at = {"x": Fraction(1, 3), "y": Fraction(2, 7)}
    found = adviz.paths(text, at).jacobian["f"]
    assert found == adviz.gradient(text, at)
    assert all(isinstance(slope, Fraction) for slope in found.values())


@pytest.mark.parametrize("text", POLYNOMIALS.values(), ids=POLYNOMIALS)
def test_the_sum_of_symbolic_terms_is_sympy_s_derivative(text: str) -> None:
    found = adviz.paths(text)
    for key, paths in found.terms.items():
        total = sum((path.expression for path in paths), sympy.Integer(0))
        assert sympy.simplify(total - found.written.derivatives[key]) == 0


@pytest.mark.parametrize("text", POLYNOMIALS.values(), ids=POLYNOMIALS)
def test_symbolic_terms_are_the_numbers_at_a_point(text: str) -> None:
    at = {"x": Fraction(1, 3), "y": Fraction(2, 7)}
    for paths in adviz.paths(text, at).terms.values():
        for path in paths:
            numbers = {name: sympy.Rational(*n.as_integer_ratio()) for name, n in at.items()}
            assert path.expression.subs(numbers) == sympy.Rational(*path.product.as_integer_ratio())


# --- the count ----------------------------------------------------------------------------------


@given(cases(outputs=2))
def test_paths_are_counted_as_they_are_enumerated(case: Case) -> None:
    found = found_of(case)
    if found.count > MOST_PATHS:
        reject()
    for key, one in found.sums.items():
        listed = [*one.paths()]
        assert len(listed) == len({*listed}) == one.count
        drawn = networkx.MultiDiGraph()
        drawn.add_nodes_from([one.source, one.sink])
        drawn.add_edges_from([(e.tail, e.head, e.position) for e in found.edges])
        if one.source != one.sink:
            known = networkx.all_simple_edge_paths(drawn, one.source, one.sink)
            assert {*listed} == {tuple(Edge(*edge) for edge in path) for path in known}, key
        for edge, times in one.through.items():
            assert times == sum(edge in path for path in listed)


def test_parallel_edges_are_paths_apart() -> None:
    found = adviz.paths("x*x")
    assert found.count == 2 and found.terms[Key("f", "x")][0].edges == (Edge(0, 1, 0),)


COUNTS: dict[str, tuple[Any, Any, tuple[int, int]]] = {
    "the running example": (RUNNING, None, (4, 6)),
    "an output that is an input": ("x", None, (1, 0)),
    "a constant output": ("f(x) = 2", None, (0, 0)),
    "an input that is not used": ("f(x, y) = x*x", None, (2, 2)),
    "what does not matter": ("x*y + floor(x) + (x - x)", None, (2, 4)),
    "the branch that is taken": ("where(x > y, x*x, log(y - x))", AT, (2, 3)),
    "two outputs that are one": ({"p": "x*y", "q": "x*y"}, None, (4, 2)),
    "Speelpenning's product of 5": ("*".join(f"x{k}" for k in range(5)), None, (5, 8)),
    "forty levels": (doubling(40), None, (2 * 2**40, 82)),
}


@pytest.mark.parametrize("title", COUNTS)
def test_counts_by_hand(title: str) -> None:
    source, at, expected = COUNTS[title]
    found = adviz.paths(source, at)
    assert (found.count, len(found.edges)) == expected


@given(cases(outputs=2))
def test_what_products_take_is_counted_on_them(case: Case) -> None:
    found = found_of(case)
    if found.count > MOST_PATHS:
        reject()
    factors = [max(len(path.edges) - 1, 0) for paths in found.terms.values() for path in paths]
    sums = [max(len(paths) - 1, 0) for paths in found.terms.values()]
    assert found.work == Work(sum(factors), sum(sums))
    assert found.sweep.multiplications <= found.work.multiplications
    assert found.sweep.additions <= found.work.additions


def test_a_sweep_takes_what_its_trace_has() -> None:
    found, trace = adviz.paths(RUNNING, AT), adviz.reverse(RUNNING, AT)
    edges = [step.edge for step in trace.steps if step.edge is not None]
    entering = [edge for edge in edges if edge.head == found.graph.outputs["f"]]
    assert found.sweep == Work(
        len(edges) - len(entering), len(edges) - len({e.tail for e in edges})
    )


def test_a_count_is_quick_and_says_what_a_sweep_takes() -> None:
    found = adviz.paths(doubling(300))
    assert found.count == 2 * 2**300 and found.sweep.multiplications == 600
    assert str(found).count("\n") < 8
    with pytest.raises(TooLarge, match=r"there are 4.07e90 paths of 1.23e93 edges in all"):
        found.terms  # noqa: B018 - which raises


def test_what_would_take_too_long_to_count_says_so() -> None:
    with pytest.raises(TooLarge, match=r"dv14000/dx has more than 10\^4000 paths"):
        adviz.paths(doubling(14_000), wrt="x")
    many = "+".join(f"x{k}" for k in range(2_000))
    with pytest.raises(TooLarge, match="2000 derivatives lead along 7996000 edges"):
        adviz.paths(many)
    assert adviz.paths(many, wrt=["x0", "x1999"]).count == 2


def test_a_chain_of_very_many_nodes_has_one_path() -> None:
    deep = adviz.build("; ".join(["v0 = sin(x)", *(f"v{k + 1} = sin(v{k})" for k in range(9_000))]))
    found = adviz.paths(deep, {"x": 0.5})
    expected = adviz.gradient(deep, {"x": 0.5})["x"]
    assert found.jacobian["v9000"]["x"] == pytest.approx(expected, rel=1e-9)
    assert len(str(found)) < 2_000


# --- what is said -------------------------------------------------------------------------------


def test_a_table_has_every_term_and_their_sum() -> None:
    text = str(adviz.paths(RUNNING, AT, wrt="x"))
    assert text.splitlines()[0] == (
        "paths 2, edges 4; sum over paths: 2 multiplications, 1 addition; "
        "one sweep: 2 multiplications, 1 addition"
    )
    assert [line.split("  ")[-1].strip() for line in text.splitlines()[4:]] == ["1", "5", "6"]
    assert "x → v₂ → f" in text and "v₁ · 1" in text and "x + y" in text and "2x" in text


def test_parallel_edges_are_told_apart() -> None:
    rows = str(adviz.paths("x*x", {"x": 3})).splitlines()
    assert [row.split()[1] for row in rows[4:6]] == ["x^(1)", "x^(2)"]


def test_documents_are_json_and_media_agree() -> None:
    found = adviz.paths(RUNNING, {"x": Fraction(3), "y": 2}, wrt="y")
    data = json.loads(json.dumps(found.to_json()))
    (only,) = data["derivatives"]
    assert (data["paths"], only["by"], only["value"]) == (2, "y", "-4")
    assert [term["symbolic"] for term in only["terms"]] == ["x - y", "-x - y"]
    assert "v_{2} \\cdot 1" in found.latex() and found.markdown().startswith("| derivative")
    assert found.ascii().isascii()


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"of": "g"}, GraphError, "there is no output 'g'; outputs are f"),
        ({"wrt": "z"}, PointError, "wrt: there is no input 'z'; inputs are x, y"),
        ({"at": {"x": 1}}, PointError, "y"),
        ({"at": {"x": [1.0, 2.0], "y": 1}}, PointError, "this one has arrays of many"),
    ],
)
def test_bad_input_is_one_clear_error(
    given: dict[str, Any], error: type[AdvizError], said: str
) -> None:
    with pytest.raises(error, match=said):
        adviz.paths("x*y", **given)


def test_branches_need_a_point() -> None:
    with pytest.raises(PointError, match="depends on the branch that is taken: give a point"):
        adviz.paths("where(x > 0, x, -x)")


def test_a_pole_and_an_overflow_are_named() -> None:
    with pytest.raises(DomainError, match=r"local partial of node v1 = sqrt\(x\).* by x is inf"):
        adviz.paths("sqrt(x)*y", {"x": 0, "y": 0})
    found = adviz.paths("x*1e200*1e200*y", {"x": 1e-300, "y": 1})
    with pytest.raises(
        DomainError, match=r"overflow: the product along a path from x to .* is inf"
    ):
        found.jacobian  # noqa: B018 - which raises
    with pytest.raises(PointError, match="is a number at a point"):
        adviz.paths("x*y").jacobian  # noqa: B018 - which raises


def test_a_picture_says_how_many_paths_use_an_edge() -> None:
    scene = adviz.draw(adviz.paths(doubling(3), wrt="x")).scene
    notes = {edge[:2]: mark.note for edge, mark in scene.marks.items() if isinstance(edge, Edge)}
    assert notes[0, 2] == "8 paths" and notes[2, 3] == "4 paths"
    assert (1, 2) not in notes
    assert any("paths 8, edges 7" in mark.note for mark in scene.legend)


@pytest.mark.parametrize("suffix", [".html", ".json", ".md", ".svg", ".tex", ".txt"])
def test_every_file_is_written(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"paths{suffix}"
    adviz.paths(RUNNING, AT).save(path)
    assert "v" in path.read_text("utf-8")


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AdvizError, match=r"cannot write paths as .gif; use .csv, .html, .json"):
        adviz.paths(RUNNING).save(tmp_path / "paths.gif")
