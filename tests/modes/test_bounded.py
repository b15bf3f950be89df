"""What SymPy would take too long for says its size; what it is asked grows with what comes out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sympy

import adviz
from adviz.errors import TooLarge
from adviz.modes.extent import (
    LARGEST_TREE,
    WORK_PER_OPERATION,
    derivative_work,
    sums,
    tree_size,
)
from adviz.numbers.sympys.unasked import Symbol, renamed, unasked


def product(terms: int) -> str:
    return "*".join(f"x{k}" for k in range(terms))


def roots(steps: int) -> str:
    lines = [f"a{k + 1} = (1 + sqrt(a{k}))**1.5" for k in range(steps)]
    return "; ".join(["a0 = x", *lines, f"2*a{steps}"])


def refusal(text: str) -> str:
    with pytest.raises(TooLarge) as refused:
        adviz.symbolic(text)
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "factors"), [(product(100), 171_600), (roots(6), 280_131)], ids=["*", "roots"]
)
def test_what_sympy_would_take_long_for_says_how_much_it_is(text: str, factors: int) -> None:
    graph = adviz.build(text)
    assert derivative_work(graph, list(graph.inputs)) == factors
    assert refusal(text) == (
        f"SymPy would put {factors} factors in order on its way to the derivatives, "
        f"from a graph of {len(graph)} nodes; "
        "use symbolic(g, form='assignments'), which is linear in the graph"
    )


@pytest.mark.parametrize("text", [product(100), roots(6)], ids=["*", "roots"])
def test_what_is_refused_has_numbers_all_the_same(text: str) -> None:
    graph = adviz.build(text)
    at = {name: 1 + 2.0 ** -(9 + k % 5) for k, name in enumerate(graph.inputs)}
    found = adviz.gradient(graph, at, mode="symbolic")
    assert found == pytest.approx(adviz.gradient(graph, at))


@pytest.mark.parametrize("text", [product(30), roots(4)], ids=["*", "roots"])
def test_what_is_refused_is_given_out_when_more_is_allowed(text: str) -> None:
    work = derivative_work(adviz.build(text), list(adviz.build(text).inputs))
    largest = max(tree_size(adviz.build(text))[0], -(-work // WORK_PER_OPERATION))
    assert adviz.symbolic(text, largest=largest)
    with pytest.raises(TooLarge, match=f"{work} factors"):
        adviz.symbolic(text, largest=work // WORK_PER_OPERATION - 1)


@pytest.mark.parametrize(
    "term",
    [lambda k: f"sin(x{k}*y)", lambda k: f"x**{k + 1}", lambda k: f"x{k}*x{k + 1}"],
    ids=["sin", "powers", "products"],
)
def test_the_work_of_a_sum_is_that_of_its_terms(term: Callable[[int], str]) -> None:
    def work(terms: int) -> int:
        graph = adviz.build(" + ".join(map(term, range(terms))))
        return derivative_work(graph, list(graph.inputs))

    first, second, third = work(100), work(200), work(300)
    assert third - second == second - first > 0


def test_a_long_sum_is_as_deep_as_its_terms() -> None:
    terms = 400
    graph = adviz.build(" + ".join(f"sin(x{k}*y)" for k in range(terms)))
    assert tree_size(graph) == (3 * terms - 1, 3)
    slopes = adviz.symbolic(graph)
    x, y = sympy.symbols("x7 y")
    assert slopes["x7"] == y * sympy.cos(x * y)
    assert len(slopes["y"].args) == terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("x + y - z + x*y", [4]),
        ("x - (y - z)", [2, 2]),  # what is subtracted is one term
        ("a = x + y; a*a + z", [2, 2]),
        ("a = x + y; a + a", [2, 2]),  # opened it would double with each such line
        ("x + pi*2 + y", [2, 2]),
        ("2 + 3 + x", [2]),
    ],
)
def test_the_sums_of_a_graph_are_those_that_may_be_written_as_one(
    text: str, terms: list[int]
) -> None:
    assert [len(one) for one in sums(adviz.build(text)).values() if one] == terms


@pytest.mark.parametrize(
    "text", ["x + y - z + 2", "(x + y + z)**2*exp(x + y + z)", "x - (y - z)*2 - 3*(x + y + z)"]
)
def test_a_sum_written_as_one_has_sympys_derivative(text: str) -> None:
    x, y, z = sympy.symbols("x y z")
    whole = sympy.sympify(text, {"x": x, "y": y, "z": z})
    for name, slope in adviz.symbolic(text).items():
        assert sympy.expand(slope - sympy.diff(whole, name)) == 0


def test_nothing_that_is_given_out_is_unasked() -> None:
    slope = adviz.symbolic("exp(x)*x")["x"]
    assert all(type(symbol) is sympy.Symbol for symbol in slope.free_symbols)
    exponentials = {part for part in sympy.preorder_traversal(slope) if part.func is sympy.exp}
    assert [part.is_zero for part in exponentials] == [False]
    assert sympy.exp(sympy.Symbol("x")).is_zero is False


def test_an_unasked_expression_knows_no_more() -> None:
    x = Symbol("x")
    assert sympy.exp(x + 1).is_zero is False
    assert unasked(sympy.exp(x + 2)).is_zero is None
    assert unasked(sympy.exp(x + 3)).is_commutative


def test_a_part_without_the_renamed_stays_as_it_is_written() -> None:
    x, two = sympy.Dummy("x"), sympy.Add(1, 1, evaluate=False)
    (made,) = renamed([sympy.sin(x * x) + sympy.Mul(x, two, evaluate=False)], {x: "x"})
    assert two in sympy.preorder_traversal(made)


def test_the_bound_is_within_what_the_corpus_needs() -> None:
    from corpus import CORPUS

    for formula in CORPUS:
        graph = adviz.build(formula.text)
        if tree_size(graph)[0] <= LARGEST_TREE:
            work = derivative_work(graph, list(graph.inputs))
            assert work <= WORK_PER_OPERATION * LARGEST_TREE, formula.name


@pytest.mark.parametrize("name", ["sympy.N", "proved equal"])
def test_check_says_that_sympy_is_not_heard(name: str) -> None:
    report = adviz.check(roots(6), at={"x": 1.5})
    said = {one.witness: one.remark for one in (*report.proofs, *_heard(report))}
    assert said[name] == "not heard (budget)"
    assert not report.fails()


def _heard(report: Any) -> list[Any]:
    return [one for finding in report.findings for one in finding.statements]
