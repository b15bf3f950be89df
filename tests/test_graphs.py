"""Laws that hold for every graph, tried on random graphs over the whole table."""

from __future__ import annotations

import copy
import math
import pickle
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from laws import (
    Arguments,
    assert_isomorphic,
    by_position,
    gradient_rounding,
    inside,
    point_of,
    points,
    points_outside,
    smooth,
    true_gradient,
)

import adviz
from adviz.builder import Builder
from adviz.numbers import FLOAT64
from adviz.primitives import TABLE, Primitive

ROWS = [row for row in TABLE.values() if row.args]
LARGEST = 1e6


class Case(NamedTuple):
    """A random graph, a regular point of it, and a number for every input and output."""

    graph: adviz.Graph
    at: dict[str, float]
    direction: dict[str, float]
    cotangent: dict[str, float]


class _Growing:
    """A graph that grows with its values, so that every node is regular at the point."""

    def __init__(self, share: bool) -> None:
        self.builder = Builder(share=share)
        self.values: dict[int, Any] = {}

    def leaf(self, node: int, value: float) -> None:
        self.values[node] = value

    def candidates(self, conditions: bool) -> list[int]:
        return [node for node, v in self.values.items() if isinstance(v, bool) == conditions]

    def apply(self, row: Primitive, args: tuple[int, ...]) -> None:
        """Add a row's application unless it is irregular here."""
        at = tuple(self.values[a] for a in args)
        if not inside(row, at):
            return
        value = FLOAT64.function(row.name)(*at)
        if (math.isfinite(value) and abs(value) < LARGEST) and smooth(row, at, value):
            self.values[self.builder.node(row.name, args)] = value


@st.composite
def cases(draw: st.DrawFn, outputs: int = 1, share: bool | None = None) -> Case:
    """Draw a graph, node by node, from rows and arguments that exist so far."""
    numbers = st.floats(-4, 4).filter(lambda x: abs(x) > 1e-3)
    growing = _Growing(draw(st.booleans()) if share is None else share)
    at = {name: draw(numbers) for name in "xyz"[: draw(st.integers(1, 3))]}
    for name, value in at.items():
        growing.leaf(growing.builder.input(name), value)
    for value in draw(st.lists(st.sampled_from([0, 1, 2, 2.5, -3.0, 0.1]), max_size=2)):
        growing.leaf(growing.builder.constant(value), value)
    for number in range(draw(st.integers(1, 14))):
        row = draw(st.sampled_from(ROWS))
        kinds = [growing.candidates(row.is_condition(k)) for k in range(row.arity)]
        if all(kinds):
            growing.apply(row, tuple(draw(st.sampled_from(kind)) for kind in kinds))
            if draw(st.booleans()) and growing.candidates(conditions=False):
                growing.builder.names.setdefault(f"n{number}", list(growing.values)[-1])
    ends = growing.candidates(conditions=False)[-outputs:]
    labels = {f"f{i}": node for i, node in enumerate(ends, 1)}
    graph = growing.builder.finish(labels)
    direction = {name: draw(numbers) for name in at}
    return Case(graph, at, direction, {label: draw(numbers) for label in labels})


def pickled(graph: adviz.Graph) -> Any:
    return pickle.loads(pickle.dumps(graph))  # noqa: S301 - our own bytes, made a moment ago


def total(weights: Mapping[str, float], numbers: Mapping[str, Any]) -> Any:
    return math.fsum(weights[name] * float(number) for name, number in numbers.items())


def by_label(graph: adviz.Graph, numbers: Any) -> dict[str, Any]:
    return numbers if len(graph.outputs) > 1 else {next(iter(graph.outputs)): numbers}


@given(cases())
def test_forward_equals_reverse_equals_the_derivative_graph(case: Case) -> None:
    graph, at, *_ = case
    (label,) = graph.outputs
    try:
        reverse = adviz.gradient(graph, at)
    except adviz.AdvizError as error:
        assert "overflow" in str(error) or "does not exist" in str(error)
        return
    forward = adviz.gradient(graph, at, mode="forward")
    slopes = adviz.evaluate(adviz.derivative_graph(graph), at).value
    allowed = gradient_rounding(graph, at, label)
    for name in at:
        assert abs(forward[name] - reverse[name]) <= 4 * allowed[name]
        assert abs(slopes[f"d{label}/d{name}"] - reverse[name]) <= 4 * allowed[name]


@settings(max_examples=25)
@given(cases())
def test_reverse_is_the_truth(case: Case) -> None:
    graph, at, *_ = case
    (label,) = graph.outputs
    found = adviz.gradient(graph, at, errors="ieee")
    truth = true_gradient(graph, at, label)
    allowed = gradient_rounding(graph, at, label)
    for name, true in truth.items():
        if math.isfinite(found[name]) and true.value.context.isfinite(true.value):
            assert not true.departs(found[name], 4 * allowed[name]), (name, true)


@given(cases(outputs=3))
def test_forward_and_reverse_are_transposes(case: Case) -> None:
    graph, at, direction, cotangent = case
    try:
        along = by_label(graph, adviz.jvp(graph, at, direction))
        back = adviz.vjp(graph, at, cotangent)
    except adviz.AdvizError as error:
        assert "overflow" in str(error) or "does not exist" in str(error)
        return
    jacobian = adviz.jacobian(graph, at)
    rounding = {label: gradient_rounding(graph, at, label) for label in graph.outputs}
    allowed = sum(
        abs(cotangent[label] * direction[name])
        * (float(rounding[label][name]) + 2e-15 * abs(slope))
        for label, row in jacobian.items()
        for name, slope in row.items()
    )
    assert abs(total(cotangent, along) - total(direction, back)) <= 8 * allowed + 1e-300


@given(cases(outputs=2))
def test_written_back_it_builds_the_same_graph(case: Case) -> None:
    again = adviz.build(case.graph.text)
    assert_isomorphic(case.graph, again)
    assert adviz.build(again.text).text == again.text


@given(cases(outputs=2))
def test_networkx_pickle_and_copy_keep_the_graph(case: Case) -> None:
    graph = case.graph
    assert adviz.build(graph.nx.copy()) == graph
    for again in (pickled(graph), copy.copy(graph), copy.deepcopy(graph)):
        assert again == graph and hash(again) == hash(graph)
        assert again.text == graph.text and again.rows == graph.rows


@given(cases(outputs=2))
def test_the_same_input_gives_the_same_bytes(case: Case) -> None:
    graph, at, _, cotangent = case
    again = pickled(graph)
    for one, two in ((graph, graph), (graph, again)):
        first = adviz.reverse(one, at, cotangent, errors="ieee")
        second = adviz.reverse(two, at, cotangent, errors="ieee")
        assert repr(first.steps) == repr(second.steps)
        assert repr(first.adjoints) == repr(second.adjoints)
    assert adviz.derivative_graph(graph).text == adviz.derivative_graph(again).text


@given(cases(share=False))
def test_a_shared_graph_computes_what_the_tree_does(case: Case) -> None:
    graph, at, *_ = case
    shared = adviz.build(graph.text)
    assert len(shared) <= len(graph)
    assert adviz.evaluate(shared, at).value == adviz.evaluate(graph, at).value
    allowed = gradient_rounding(graph, at, next(iter(graph.outputs)))
    found = [adviz.gradient(g, at, errors="ieee") for g in (graph, shared)]
    for name in at:
        if math.isfinite(found[0][name]):
            assert abs(found[0][name] - found[1][name]) <= 4 * allowed[name]


@given(cases())
def test_a_derivative_of_a_graph_is_a_graph(case: Case) -> None:
    graph, *_ = case
    slopes = adviz.derivative_graph(graph)
    assert list(slopes.inputs) == list(graph.inputs)
    assert set(slopes.ops) <= {*TABLE, "input", "const"}
    assert_isomorphic(slopes, adviz.build(slopes.text))
    assert adviz.build(slopes.nx.copy()) == slopes


@given(cases())
def test_arrays_are_many_points(case: Case) -> None:
    graph, at, *_ = case
    (label,) = graph.outputs
    alone = adviz.gradient(graph, at, errors="ieee")
    together = adviz.gradient(graph, {name: np.full((2, 1), v) for name, v in at.items()})
    allowed = gradient_rounding(graph, at, label)
    for name in at:
        assert together[name].shape == (2, 1)
        if math.isfinite(alone[name]):
            assert np.all(np.abs(together[name] - alone[name]) <= 64 * float(allowed[name]))


# --- branches that are not taken ---------------------------------------------------------------

LIMITED = [pytest.param(row, id=row.name) for row in TABLE.values() if row.domain]


def chosen(row: Primitive) -> adviz.Graph:
    """Return where(c > 0, row, 0)."""
    builder = Builder()
    node = builder.node(row.name, tuple(builder.input(name) for name in row.args))
    condition = builder.node("gt", (builder.input("chosen"), builder.constant(0)))
    return builder.finish({"f": builder.node("where", (condition, node, builder.constant(0)))})


def outside(row: Primitive) -> tuple[Arguments, ...]:
    return points_outside(row.name, 5)


@pytest.mark.parametrize("row", LIMITED)
def test_a_branch_not_taken_disturbs_nothing(row: Primitive) -> None:
    graph = chosen(row)
    slopes = adviz.derivative_graph(graph)
    wrt = [row.args[k] for k in by_position(row)]
    for at in outside(row):
        place = {**point_of(row, at), "chosen": -1.0}
        assert adviz.evaluate(graph, place).value == 0
        for mode in ("forward", "reverse", "symbolic"):
            assert not any(adviz.gradient(graph, place, mode=mode, wrt=wrt).values())
        assert not any(adviz.evaluate(slopes, place).value.values())
        for second in adviz.hessian(graph, place, wrt=wrt).values():
            assert not any(second.values())


@pytest.mark.parametrize("row", LIMITED)
def test_a_branch_not_taken_disturbs_no_array(row: Primitive) -> None:
    graph = chosen(row)
    wrt = [row.args[k] for k in by_position(row)]
    rows = [point_of(row, at) for at in (*outside(row), *points(row.name, 3))]
    place = {name: np.array([r[name] for r in rows]) for name in row.args}
    place["chosen"] = np.array([-1.0] * len(rows))
    assert not adviz.evaluate(graph, place).value.any()
    for mode in ("forward", "reverse", "symbolic"):
        found = adviz.gradient(graph, place, mode=mode, wrt=wrt)
        assert not any(number.any() for number in found.values()), mode
    for second in adviz.hessian(graph, place, wrt=wrt).values():
        assert not any(number.any() for number in second.values())
