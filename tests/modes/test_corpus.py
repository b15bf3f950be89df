"""The corpus: every mode agrees with the truth, within a bound from the problem's condition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import pytest
from corpus import CORPUS, GOLDEN, Formula, Golden
from laws import Truth, assert_isomorphic, gradient_rounding, rounding, true_gradient
from samples import corpus_points

import adviz
from adviz.compiler.targets import TARGETS
from adviz.errors import DomainError
from adviz.modes.symbolic import differentiated

FACTOR = 2
"""Each mode multiplies and adds the same numbers in an order of its own, so each may lose more
than the derivative's graph or SymPy's formula does, though not much more."""
BY_NAME = {formula.name: formula for formula in CORPUS}
each = pytest.mark.parametrize(
    "formula",
    [pytest.param(one, id=one.name, marks=pytest.mark.xdist_group(one.name)) for one in CORPUS],
)
"""The tests of one formula share a process, and with it the truth."""


class Known(NamedTuple):
    """A point, the derivatives there, and how far rounding may carry them."""

    at: Mapping[str, float]
    truth: Mapping[str, Truth]
    allowed: Mapping[str, Any]


@cache
def known(name: str) -> Sequence[Known]:
    """Return what is true of a formula at its points."""
    graph = adviz.build(BY_NAME[name].text)
    (label,) = graph.outputs
    return [
        Known(at, true_gradient(graph, at, label), gradient_rounding(graph, at, label))
        for at in corpus_points(BY_NAME[name], graph)
    ]


def symbolic_rounding(graph: adviz.Graph, at: Mapping[str, float]) -> dict[str, Any]:
    """Return how far rounding may carry SymPy's formulas of the derivatives as written."""
    names = tuple(graph.inputs)
    whole = differentiated(graph, names)
    if whole is None:  # then each primitive's derivative is chained, as in reverse mode
        return gradient_rounding(graph, at, next(iter(graph.outputs)))
    (slopes,) = whole[1].values()
    return dict(zip(names, rounding(slopes, at).values(), strict=True))


@each
def test_every_mode_agrees_with_the_truth(formula: Formula) -> None:
    graph = adviz.build(formula.text)
    assert set(graph.inputs) == set(formula.ranges)
    for at, truth, allowed in known(formula.name):
        by_mode = {"forward": allowed, "reverse": allowed, "symbolic": symbolic_rounding(graph, at)}
        for mode, most in by_mode.items():
            found = adviz.gradient(graph, at, mode=mode)  # type: ignore[arg-type]  # a mode
            for name, true in truth.items():
                assert not true.departs(found[name], FACTOR * most[name]), (mode, name, at, true)


@each
def test_every_kernel_agrees_with_the_truth(formula: Formula) -> None:
    graph = adviz.build(formula.text)
    at, truth, allowed = known(formula.name)[0]
    for kernel in kernels(graph):
        _, found = kernel(at)
        for name, true in truth.items():
            assert not true.departs(found[name], FACTOR * allowed[name]), (kernel, name, at, true)


def kernels(graph: adviz.Graph) -> Iterator[adviz.Kernel]:
    """Yield a graph's kernels, of every target that has all its rows."""
    for target in TARGETS:
        try:
            yield adviz.compile(graph, target=target.name)
        except adviz.AdvizError as error:
            assert "native code has no" in str(error)


@pytest.mark.parametrize("formula", CORPUS[::3], ids=lambda formula: formula.name)
def test_a_formula_written_back_builds_the_same_graph(formula: Formula) -> None:
    graph = adviz.build(formula.text)
    again = adviz.build(graph.text)
    assert_isomorphic(graph, again)
    assert adviz.build(again.text) == again


@pytest.mark.parametrize("formula", CORPUS[::3], ids=lambda formula: formula.name)
def test_a_graph_passes_through_networkx(formula: Formula) -> None:
    graph = adviz.build(formula.text)
    assert adviz.build(graph.nx.copy()) == graph


@each
def test_the_derivative_graph_evaluates_to_the_gradient(formula: Formula) -> None:
    graph = adviz.build(formula.text)
    (label,) = graph.outputs
    slopes = adviz.derivative_graph(graph)
    for at, truth, allowed in known(formula.name):
        try:
            found: Mapping[str, Any] = adviz.evaluate(slopes, at).value
        except DomainError as error:
            pytest.fail(f"{error} at {at}")
        for name, true in truth.items():
            assert not true.departs(found[f"d{label}/d{name}"], FACTOR * allowed[name]), (name, at)


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: f"{golden.formula}: {golden.source}")
def test_the_literature_s_own_numbers(golden: Golden) -> None:
    graph = adviz.build(BY_NAME[golden.formula].text)
    value = adviz.evaluate(graph, golden.at).value
    assert value == pytest.approx(golden.value, rel=1e-12, abs=golden.tolerance)
    if golden.gradient:
        for mode in ("forward", "reverse", "symbolic"):
            found = adviz.gradient(graph, golden.at, mode=mode, wrt=list(golden.gradient))
            assert found == pytest.approx(dict(golden.gradient), rel=1e-12, abs=golden.tolerance)


def test_the_corpus_is_large_and_its_names_are_unique() -> None:
    assert len(BY_NAME) == len(CORPUS) >= 150
    assert all(formula.source for formula in CORPUS)
