"""Programs on arrays: the numbers of the sweeps, in blocks, whatever varies and whoever calls."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from typing import Any

import numpy as np
import pytest
from corpus import CORPUS, Formula
from laws import graph_of, point_of, points, points_outside, with_slopes

import adviz
from adviz.compiler import blocks
from adviz.compiler.blocks import many, ufuncs
from adviz.compiler.blocks.statements import statements
from adviz.compiler.fallback import Reference
from adviz.compiler.kinds import KINDS
from adviz.compiler.program.fewer_signs import with_fewer_signs
from adviz.compiler.program.program import program
from adviz.graph.builder import Builder
from adviz.graph.graph import Graph
from adviz.modes.evaluation import evaluated
from adviz.numbers import ARRAY
from adviz.primitives import TABLE, Primitive

BLOCK = 64
COUNTS = (1, 2, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 7)
MOST = COUNTS[-1]
ROWS = [pytest.param(row, id=row.name) for row in TABLE.values() if row.arity]
GAUSS = "f(x, m, s) = exp(-((x - m)/s)**2/2)/(s*sqrt(2*pi))"

Arrays = Mapping[str, Any]


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "_SMALLEST", BLOCK)
    monkeypatch.setattr(blocks, "_LARGEST", BLOCK)


def by_sweeps(graph: adviz.Graph, kind: str) -> Reference:
    """Return what the sweeps give for all outputs and inputs."""
    found = KINDS[kind].reference(graph, [*graph.outputs], [*graph.inputs])
    assert found is not None
    return found


def swept(graph: Graph, at: Arrays) -> list[Any]:
    """Return the value and the gradient of the one output as the sweeps find them."""
    trace = adviz.reverse(graph, at, wrt=with_slopes(graph), errors="ieee")
    return [trace.value, *trace.gradient.values()]


def computed(graph: Graph, at: Arrays) -> list[Any]:
    """Return the results of a graph's program, one operation on whole arrays after the other.

    As exact as the sweeps are, or more: products with reciprocals are quotients there.
    """
    made = program(graph, wrt=with_slopes(graph), watched=True)
    found = evaluated(made, ARRAY.over(made.rows), at)
    results = [found[node] for node in made.results.values()]
    for one, other in zip(results, swept(graph, at), strict=True):
        finite = np.abs(other, where=np.isfinite(other), out=np.zeros(np.shape(other)))
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-9 * finite.max())
    return results


def inside(found: Sequence[slice], count: int) -> Any:
    """Return which points lie in a slice."""
    marked = np.zeros(count, bool)
    for part in found:
        marked[part] = True
    return marked


def assert_same(results: Sequence[Any], expected: Sequence[Any], count: int) -> None:
    for one, other in zip(results, expected, strict=True):
        assert one.dtype == np.float64 and one.shape == (count,) and one.flags.c_contiguous
        np.testing.assert_array_equal(one, other[:count] if np.ndim(other) else other)


def assert_found(results: Sequence[Any], found: Sequence[slice], count: int) -> None:
    """Check that the slices are the blocks that have a result that is not finite."""
    bad = ~np.all([np.isfinite(result) for result in results], axis=0)
    starts = range(0, count, BLOCK)
    wanted = [slice(a, min(a + BLOCK, count)) for a in starts if bad[a : a + BLOCK].any()]
    assert found == wanted


def assert_as_computed(graph: Graph, at: Arrays) -> None:
    """Check the first points, so many as fill a block or not, against the program over all."""
    expected, run = computed(graph, at), many(program(graph, wrt=with_slopes(graph), watched=True))
    for count in COUNTS:
        columns = [at[name][:count].copy() for name in graph.inputs]
        results, found = run(columns, count)
        assert_found(results, found, count)
        assert_same(results, expected, count)


@pytest.mark.parametrize("row", ROWS)
def test_every_row_gives_the_bits_of_its_program(row: Primitive) -> None:
    graph = graph_of(row)
    places = [point_of(row, at) for at in points(row.name, 20)]
    at = {name: np.resize([place[name] for place in places], MOST) for name in graph.inputs}
    assert_as_computed(graph, at)


@pytest.mark.parametrize("formula", CORPUS[2::3], ids=lambda formula: formula.name)
def test_every_formula_gives_the_bits_of_its_program(formula: Formula) -> None:
    graph = adviz.build(formula.text)
    draw = np.random.default_rng(7)
    at = {name: draw.uniform(*formula.ranges[name], MOST) for name in graph.inputs}
    assert_as_computed(graph, at)


@pytest.mark.parametrize("row", [r for r in TABLE.values() if r.domain], ids=lambda row: row.name)
def test_points_without_a_value_are_found(row: Primitive) -> None:
    graph = graph_of(row)
    good = [point_of(row, at) for at in points(row.name, 20)]
    bad = [point_of(row, at) for at in points_outside(row.name, 3)]
    at = {name: np.resize([place[name] for place in good], MOST) for name in graph.inputs}
    for k, place in enumerate(bad):
        for name in graph.inputs:
            at[name][70 * k] = place[name]
    assert_found_where_the_sweep_has_nothing(graph, at)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 0.0, 1e300, -1e300])
@pytest.mark.parametrize("row", ROWS)
def test_extreme_numbers_are_found(row: Primitive, number: float) -> None:
    graph = graph_of(row)
    places = [point_of(row, at) for at in points(row.name, 20)]
    at = {name: np.resize([place[name] for place in places], MOST) for name in graph.inputs}
    for k, name in enumerate(graph.inputs):
        at[name][BLOCK + k] = number
    assert_found_where_the_sweep_has_nothing(graph, at)


def assert_found_where_the_sweep_has_nothing(graph: Graph, at: Arrays) -> None:
    run = many(program(graph, wrt=with_slopes(graph)))
    results, found = run([at[name] for name in graph.inputs], MOST)
    assert_found(results, found, MOST)
    known = ~inside(found, MOST)
    for one, other in zip(results, swept(graph, at), strict=True):
        np.testing.assert_array_equal(one[known], np.broadcast_to(other, (MOST,))[known])


def test_one_bad_point_is_one_slice_and_large_numbers_are_none() -> None:
    run = many(program(adviz.build("x*y")))
    x, y = np.full(MOST, 1e200), np.full(MOST, 1e-200)
    assert run([x, y], MOST)[1] == []
    x[2 * BLOCK + 3] = math.nan
    assert run([x, y], MOST)[1] == [slice(2 * BLOCK, 3 * BLOCK)]
    assert run([x[: BLOCK // 2], x[: BLOCK // 2]], BLOCK // 2)[1] == [slice(0, BLOCK // 2)]


MIXED = [
    GAUSS,
    "where(x > y and y > z, log(x)*y, hypot(x, z) + y)",
    "x*exp(y)*exp(y) - 3*z + spherical_jn(1, x*z) + ndtr(y) + erf(z) + 7",
]


@pytest.mark.parametrize("text", MIXED)
@pytest.mark.parametrize("varying", list(product([True, False], repeat=3)))
def test_floats_and_arrays_mix(text: str, varying: Sequence[bool]) -> None:
    graph = adviz.build(text)
    draw = np.random.default_rng(3)
    at = {name: draw.uniform(0.5, 2, MOST) for name in graph.inputs}
    columns = [a if v else float(a[0]) for a, v in zip(at.values(), varying, strict=True)]
    full = {
        name: np.array(np.broadcast_to(column, (MOST,)))
        for name, column in zip(at, columns, strict=True)
    }
    run, expected = many(program(graph)), computed(graph, full)
    for count in COUNTS:
        cut = [c[:count] if isinstance(c, np.ndarray) else c for c in columns]
        results, found = run(cut, count)
        assert not found
        assert_same(results, expected, count)


def test_what_floats_alone_decide_is_computed_once() -> None:
    made = program(adviz.build("sin(a)*cos(b)*x + where(a > b, x, 2)"), "value")
    code = statements(made, ["x"])
    assert any(line.function == "np.sin" for line in code.once)
    assert not {"np.sin", "np.greater"} & {line.function for line in code.block}
    assert len(code.block) == 3


def test_float_of_a_slice_outside_is_found() -> None:
    run = many(program(adviz.build("x + log(y)")))
    results, found = run([np.ones(5), 0.0], 5)
    assert found == [slice(0, 5)] and np.isinf(results[0]).all()


@pytest.mark.parametrize("text", ["x", "3*x + y", "x*y", "x - x", "2", "{x, y, x}"])
def test_results_are_arrays_of_their_own(text: str) -> None:
    graph = adviz.build(text.replace("{x, y, x}", '{"a": x, "b": y, "c": x}'))
    columns = [np.linspace(1, 2, MOST) + k for k, _ in enumerate(graph.inputs)]
    before = [column.copy() for column in columns]
    results, found = many(program(graph, "jacobian"))(columns, MOST)
    assert not found
    for k, result in enumerate(results):
        assert result.shape == (MOST,) and result.dtype == np.float64
        others = [*columns, *results[:k], *results[k + 1 :]]
        assert not any(np.shares_memory(result, other) for other in others)
        result[:] = 0
    assert all(np.array_equal(a, b) for a, b in zip(columns, before, strict=True))


def test_results_that_are_inputs_and_constants() -> None:
    x, y = np.arange(1.0, 6), np.arange(6.0, 11)
    (f, dx, dy), _ = many(program(adviz.build("x*y")))([x, y], 5)
    assert (f == x * y).all() and (dx == y).all() and (dy == x).all()
    (f, dx, dy), _ = many(program(adviz.build("3*x - y")))([x, y], 5)
    assert (dx == 3).all() and (dy == -1).all()


def test_no_points_are_no_numbers() -> None:
    results, found = many(program(adviz.build("log(x)")))([np.empty(0)], 0)
    assert [result.shape for result in results] == [(0,), (0,)] and not found


def test_a_branch_that_is_not_taken_does_not_disturb() -> None:
    graph = adviz.build("where(x > 0 and y != 0, log(x)/y, sqrt(-x)*where(y == 0, 1, 1/y))")
    x = np.resize([1.0, -2.0, 3.0, -4.0, 0.5], MOST)
    y = np.resize([2.0, 0.0, -1.0], MOST)
    y[x > 0] = 3.0
    assert_as_computed(graph, {"x": x, "y": y})
    assert many(program(graph))([x, y], MOST)[1] == []


def test_own_rows_are_taken_by_definition() -> None:
    own = adviz.primitive("twist", "t = x*sin(y); where(t > 0, t, expm1(t))")
    graph = adviz.build("twist(a, b)*a", functions=[own])
    draw = np.random.default_rng(5)
    assert_as_computed(graph, {name: draw.normal(size=MOST) for name in "ab"})


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if not kind.film])
@pytest.mark.parametrize("text", MIXED)
def test_every_kind_is_as_the_sweeps_have_it(kind: str, text: str) -> None:
    graph = adviz.build(text)
    made = program(graph, kind)
    draw = np.random.default_rng(11)
    columns = [draw.uniform(0.5, 2, MOST) for _ in made.parameters]
    results, found = many(made)(columns, MOST)
    expected = by_sweeps(graph, kind)(columns, "ieee")
    assert not found
    for one, other in zip(results, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-13, atol=1e-14)


def test_conditions_of_a_trace_are_numbers() -> None:
    made = program(adviz.build("where(x > 1, log(x), x*x)"), "trace")
    x = np.array([0.5, 2.0])
    results, found = many(made)([x, np.ones(2), np.ones(2)], 2)
    shown = dict(zip(made.results, results, strict=True))
    conditions = [v.tolist() for label, v in shown.items() if label.startswith("taken")]
    assert [0.0, 1.0] in conditions and [1.0, 0.0] in conditions and not found
    assert all(result.dtype == np.float64 for result in results)


def test_many_threads_may_call_it() -> None:
    run, draw = many(program(adviz.build(GAUSS))), np.random.default_rng(1)
    sets = [[draw.uniform(0.5, 2, 99 * BLOCK + 5) for _ in range(3)] for _ in range(8)]
    sets[3][0][50 * BLOCK] = math.nan
    count = len(sets[0][0])
    expected = [run(columns, count) for columns in sets]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda columns: run(columns, count), sets * 4))
    for (results, bad), (others, wanted) in zip(found, expected * 4, strict=True):
        assert bad == wanted
        for one, other in zip(results, others, strict=True):
            np.testing.assert_array_equal(one, other)
    assert expected[3][1] == [slice(50 * BLOCK, 51 * BLOCK)]


HOSTILE = [
    "x\nimport os",
    "np",
    "t0",
    "b0",
    "part",
    "lambda",
    "f",
    "df/dx",
    "gradient_block",
    "α²",
]


def test_names_are_data() -> None:
    builder = Builder()
    inputs = [builder.input(name) for name in HOSTILE]
    total = builder.fold("add", tuple(builder.node("sin", (node,)) for node in inputs))
    builder.names["v\n    raise SystemExit"] = total
    made = program(builder.finish({"results\r#": builder.node("exp", (total,))}))
    columns = [np.linspace(0, 1, 7) + k for k in range(len(HOSTILE))]
    expected = np.exp(sum(np.sin(column) for column in columns))
    results, _ = many(made)(columns, 7)
    np.testing.assert_allclose(results[0], expected, rtol=1e-14)


SIGNS = [
    "-x*y", "-x/y", "x*(-y) + z", "-x - y", "x - (-y)", "-x + y", "-x + -y", "-(-x)", "abs(-x)*y",
    "(-x)**2*z", "(-x)**3", "(-x)*(-y)", "(-2)*(-x)", "3/(-x)", "-x/3", "0*(-x)", "(-x)*0.0 + y",
    "exp(-x)*-y", "-(x - y)*-(y - z)", "where(-x > y, -x, -y*z)", "-0*x", "a = -x; a*y + a*z + a",
]  # fmt: skip


@pytest.mark.parametrize("text", SIGNS)
def test_a_sign_that_is_moved_leaves_every_bit(text: str) -> None:
    made = program(adviz.build(text), "value")
    special = [0.0, -0.0, 1.0, -1.0, 0.3, -7e-320, 1e308, -1e308, math.inf, -math.inf, math.nan]
    point = product(special, repeat=len(made.parameters))
    columns = [np.array(column) for column in zip(*point, strict=True)]
    results, _ = many(made)(columns, len(columns[0]))
    found = evaluated(made, ARRAY, dict(zip(made.parameters, columns, strict=True)))
    (expected,) = (found[node] for node in made.results.values())
    np.testing.assert_array_equal(results[0], expected)
    number = ~np.isnan(expected)
    assert (np.signbit(results[0]) == np.signbit(expected))[number].all()


def test_signs_are_moved_only_where_that_saves_operations() -> None:
    for formula in CORPUS:
        made = program(adviz.build(formula.text))
        moved = with_fewer_signs(made)
        assert sum(map(bool, moved.args)) <= sum(map(bool, made.args))
        assert moved.parameters.keys() == made.parameters.keys()
        assert list(moved.results) == list(made.results)
    gauss = program(adviz.build(GAUSS))
    assert with_fewer_signs(gauss).ops.count("neg") == 1 < gauss.ops.count("neg")


@pytest.mark.parametrize("op", ufuncs.PASSED_ON)
def test_where_a_row_is_finite_so_are_the_arguments_that_say_so(op: str) -> None:
    numbers = [0.0, -0.0, 1.0, -2.5, 1e308, math.inf, -math.inf, math.nan]
    columns = [np.array(c) for c in zip(*product(numbers, repeat=TABLE[op].arity), strict=True)]
    finite = np.isfinite(ARRAY.function(op)(*columns))
    for position in ufuncs.PASSED_ON[op]:
        assert np.isfinite(columns[position])[finite].all()


def test_results_that_others_vouch_for_are_not_looked_at() -> None:
    made = statements(program(adviz.build(GAUSS)), "xms")
    assert [made.results[k] for k in made.watched] == ["df_dx", "df_ds"]
    run = many(program(adviz.build('{"a": x + y, "b": exp(x + y), "c": 1/exp(x)}'), "value"))
    for x in (math.inf, -math.inf, 800.0):
        assert run([np.array([0.0, x]), np.zeros(2)], 2)[1] == [slice(0, 2)]


def test_temporaries_are_used_again() -> None:
    text = "x"
    for k in range(200):
        text = f"sin({text} + {k})"
    code = statements(program(adviz.build(text), "value"), ["x"])
    assert len(code.numbers) == 1 and len(code.block) == 400


def test_without_scipy_rows_are_computed_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = adviz.build("erf(x)*x")
    x = np.linspace(0.1, 2, 9)
    expected = many(program(graph))([x], 9)[0]
    monkeypatch.setattr(ufuncs, "find_spec", lambda name: None)
    ufuncs.ufuncs.cache_clear()
    try:
        assert not statements(program(graph), ["x"]).special
        assert_same(many(program(graph))([x], 9)[0], expected, 9)
    finally:
        monkeypatch.undo()
        ufuncs.ufuncs.cache_clear()


def test_the_real_blocks_are_as_good(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    graph, draw = adviz.build(GAUSS), np.random.default_rng(2)
    for count in (4095, 4096, 4097, 8191, 8193, 30_000):
        at = {name: draw.uniform(0.5, 2, count) for name in graph.inputs}
        results, found = many(program(graph))(list(at.values()), count)
        assert not found
        for one, other in zip(results, computed(graph, at), strict=True):
            np.testing.assert_array_equal(one, other)
