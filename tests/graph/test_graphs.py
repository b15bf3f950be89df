"""Laws that hold for every graph, tried on random graphs over the whole table."""

from __future__ import annotations

import copy
import math
import pickle
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given
from laws import (
    Arguments,
    assert_read_back,
    by_position,
    gradient_rounding,
    point_of,
    points,
    points_outside,
)
from samples import Case, cases

import adviz
from adviz.graph.builder import Builder
from adviz.primitives import TABLE, Primitive


def pickled(graph: adviz.Graph) -> Any:
    return pickle.loads(pickle.dumps(graph))  # noqa: S301 - our own bytes, made a moment ago


def total(weights: Mapping[str, float], numbers: Mapping[str, Any]) -> Any:
    return math.fsum(weights[name] * float(number) for name, number in numbers.items())


def by_label(graph: adviz.Graph, numbers: Any) -> dict[str, Any]:
    return numbers if len(graph.outputs) > 1 else {next(iter(graph.outputs)): numbers}


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
    assert_read_back(case.graph)


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
    assert_read_back(slopes)
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
    wrt = [row.args[k] for k in by_position(row)]
    slopes = adviz.derivative_graph(graph, wrt=wrt)
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


@pytest.mark.parametrize(
    ("old", "words"),
    [
        (b"cadviz.kernel\nKernel\n.", "No module named 'adviz.kernel'"),
        (b"cadviz.trace\nTrace\n.", "No module named 'adviz.trace'"),
        (b"cadviz.graph\n_restore\n.", "Can't get attribute '_restore' on <module 'adviz.graph'"),
    ],
)
def test_a_pickle_of_an_older_layout_is_refused_by_name(old: bytes, words: str) -> None:
    with pytest.raises((ModuleNotFoundError, AttributeError), match=re.escape(words)):
        pickle.loads(old)  # noqa: S301 - our own bytes


HALF = "\ud800"


def _networkx(**last: Any) -> Any:
    import networkx

    graph = networkx.MultiDiGraph()
    graph.add_node(0, op="input", name="x")
    graph.add_node(1, op="sin", **last)
    graph.add_edge(0, 1, key=0)
    return graph


def _document(tmp_path: Path) -> Path:
    file = tmp_path / "g.json"
    adviz.draw("sin(x)").save(file)
    file.write_text(file.read_text().replace('"x"', '"\\ud800"'))
    return file


@pytest.mark.parametrize(
    "build",
    [
        lambda _: adviz.build(f"{HALF}*2"),
        lambda _: adviz.build('f(x) = {"\ud800": x, "b": x*x}'),
        lambda _: adviz.build({HALF: "2*x"}),
        lambda _: adviz.build({HALF: lambda x: 2 * x}),
        lambda _: adviz.build(lambda x: {HALF: 2 * x}),
        lambda _: adviz.build(2 * sympy.Symbol(HALF)),
        lambda _: adviz.build(_networkx(name=HALF)),
        lambda _: adviz.build(_networkx(source=HALF)),
        lambda folder: adviz.load(_document(folder)),
        lambda _: adviz.build("g(x)", functions=[adviz.primitive("g", "2*x", label=HALF)]),
    ],
)
def test_half_a_character_is_refused_as_a_graph_is_built(
    build: Callable[[Path], Any], tmp_path: Path
) -> None:
    with pytest.raises(adviz.AdvizError, match=r"U\+D800 \(lone surrogate\)"):
        build(tmp_path)


def test_a_module_may_have_any_file_name(tmp_path: Path) -> None:
    names: dict[str, Any] = {}
    code = compile("def f(x): return 2*x if x > 0 else x", "\udce9.py", "exec")
    exec(code, names)  # noqa: S102 - the line above
    graph = adviz.build(names["f"], at={"x": 1})
    assert graph.guards[0].reason == (r"it was built where x > 0 is True, line 1 of f in \udce9.py")
    adviz.draw(graph).save(tmp_path / "f.json")
