"""Flat kernels: loops over a tape give what the sweeps give, in Python and in machine code."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np
import pytest
from corpus import CORPUS, Formula

import adviz
from adviz.compiler import flat
from adviz.compiler.executable import Executable, Swept
from adviz.compiler.flat.tape import FLAT_KINDS, tape, taped
from adviz.compiler.native import flat as native
from adviz.compiler.native import lacking
from adviz.compiler.program.program import program
from adviz.errors import AdvizError, PointError
from adviz.graph.builder import Builder
from adviz.graph.graph import Graph
from adviz.modes.linear import active
from adviz.numbers import FLOAT64
from adviz.primitives import TABLE

TARGETS = {"python": flat.executable, "native": native.executable}
both = pytest.mark.parametrize("target", TARGETS)

AGAIN = Swept((0.125,))
"""What the tests' sweeps return, so that a test sees that they were asked."""


def made(target: str, graph: Graph, kind: str, wrt: Sequence[str] | None = None) -> Executable:
    return TARGETS[target](graph, kind, wrt, lambda *_: AGAIN)


def wanted(graph: Graph, kind: str, wrt: Sequence[str] | None, point: Sequence[float]) -> Any:
    """Return what the sweeps give for a kind, in the order of a kernel's results."""
    at = dict(zip(graph.inputs, point, strict=False))
    seeds = list(point[len(graph.inputs) :])
    names = list(graph.inputs) if wrt is None else list(wrt)
    values = adviz.evaluate(graph, at=at).value
    values = list(values.values()) if isinstance(values, dict) else [values]
    return (*values, *_DERIVATIVES[kind](graph, at, names, seeds))


def _jvp(graph: Graph, at: Mapping[str, float], wrt: Sequence[str], seeds: Sequence[float]) -> Any:
    found = adviz.jvp(graph, at, dict(zip(wrt, seeds, strict=True)))
    return found.values() if isinstance(found, dict) else [found]


def _nonzeros(graph: Graph, at: Mapping[str, float], wrt: Sequence[str], _: Any) -> list[Any]:
    mode = adviz.sparsity(graph, wrt=wrt).colouring().mode
    found = adviz.jacobian(graph, at, mode=mode, wrt=wrt, sparse=True)
    return [number for row in found.values() for number in row.values()]


_DERIVATIVES: Mapping[str, Callable[..., Any]] = {
    "value": lambda graph, at, wrt, seeds: (),
    "gradient": lambda graph, at, wrt, seeds: adviz.gradient(graph, at, wrt=wrt).values(),
    "jacobian": lambda graph, at, wrt, seeds: [
        number for row in adviz.jacobian(graph, at, wrt=wrt).values() for number in row.values()
    ],
    "sparse_jacobian": _nonzeros,
    "jvp": _jvp,
    "vjp": lambda graph, at, wrt, seeds: adviz.vjp(
        graph, at, dict(zip(graph.outputs, seeds, strict=True)), wrt=wrt
    ).values(),
}


def drawn(graph: Graph, kind: str, wrt: Sequence[str] | None, draw: random.Random) -> list[float]:
    """Return a point between -2 and 2, and seeds."""
    seeds = {"jvp": graph.inputs if wrt is None else wrt, "vjp": graph.outputs}.get(kind, ())
    return [draw.uniform(-2.0, 2.0) for _ in (*graph.inputs, *seeds)]


# --- the same numbers as the sweeps ------------------------------------------------------------


def in_box(formula: Formula, graph: Graph, kind: str) -> list[float]:
    draw = random.Random(formula.name)
    seeds = {"jvp": graph.inputs, "vjp": graph.outputs}.get(kind, ())
    names = [*graph.inputs, *(f"seed of {name}" for name in seeds)]
    return [draw.uniform(*formula.ranges.get(name, (-2.0, 2.0))) for name in names]


def unfit(graph: Graph, kind: str) -> bool:
    return kind == "gradient" and len(graph.outputs) > 1


@pytest.mark.parametrize("kind", FLAT_KINDS)
@pytest.mark.parametrize("formula", CORPUS[1::3], ids=lambda formula: formula.name)
def test_flat_python_is_the_sweeps_bit_for_bit(formula: Formula, kind: str) -> None:
    graph = adviz.build(formula.text)
    if not unfit(graph, kind):
        point = in_box(formula, graph, kind)
        found = made("python", graph, kind).function(*point)
        assert found == wanted(graph, kind, None, point)


@pytest.mark.parametrize("formula", CORPUS[1::3], ids=lambda formula: formula.name)
def test_flat_machine_code_is_flat_python_but_for_rounding(formula: Formula) -> None:
    graph = adviz.build(formula.text)
    if any(lacking(case.program) for case in tape(graph).cases):
        pytest.skip("a row without machine code")
    point = in_box(formula, graph, "jacobian")
    found = made("native", graph, "jacobian").function(*point)
    python = made("python", graph, "jacobian").function
    wanted = python(*point)
    beside = python(*[x * (1 + 2**-48) for x in point])
    for one, other, shaken in zip(found, wanted, beside, strict=True):
        sensitivity = abs(other - shaken) + max(map(abs, wanted)) * 2**-48
        assert abs(one - other) <= 8 * sensitivity


EXACT = "add sub mul div neg abs min max sqrt sign relu floor".split()
TOTAL = "sin cos tanh exp atan sigmoid softplus hypot atan2 erf expm1 gelu".split()
COMPARED = "lt le gt ge eq ne".split()


def grown(rows: Sequence[str], size: int, seed: int) -> Graph:
    """Return a random graph of several outputs, with choices, ties and an unused input.

    Its numbers stay small: sums and products are taken of what `atan` or a choice has bounded.
    """
    draw, builder = random.Random(seed), Builder(share=False)
    nodes = [builder.input(name) for name in "xyz"] + [builder.constant(c) for c in (2, 0.5, -1)]
    builder.input("unused")
    while len(builder.ops) < size:
        row = TABLE[draw.choice([*rows, "where"])]
        x, y = (draw.choice(nodes[-40:]) for _ in range(2))
        if row.name == "where":
            condition = builder.node(draw.choice(COMPARED), (draw.choice(nodes), x))
            if draw.random() < 0.5:
                other = builder.node(draw.choice(COMPARED), (y, x))
                condition = builder.node(draw.choice(["and", "or"]), (condition, other))
            nodes.append(builder.node("where", (condition, x, y)))
            continue
        args = {"sqrt": (builder.node("abs", (x,)),), "div": (x, builder.constant(3))}
        node = builder.node(row.name, args.get(row.name, (x, y)[: row.arity]))
        small = builder.node("min", (node, builder.constant(2)))
        nodes.append(builder.node("max", (small, builder.constant(-2))))
    ends = {f"f{k}": draw.choice(nodes[-20:]) for k in range(2)}
    return builder.finish({**ends, "again": ends["f0"], "input": nodes[0], "constant": nodes[3]})


SAMPLES = [(seed, kind) for seed in range(8) for kind in ("value", "jacobian", "jvp", "vjp")]


@pytest.mark.parametrize(("seed", "kind"), SAMPLES)
@pytest.mark.parametrize("wrt", [None, ["y"], ["x", "unused"]], ids=str)
def test_flat_python_is_the_sweeps_on_random_graphs(
    seed: int, kind: str, wrt: list[str] | None
) -> None:
    graph = grown([*EXACT, *TOTAL], 300, seed)
    point = drawn(graph, kind, wrt, random.Random(seed))
    found = made("python", graph, kind, wrt).function(*point)
    assert found == wanted(graph, kind, wrt, point)


@pytest.mark.parametrize(("seed", "kind"), SAMPLES)
@pytest.mark.parametrize("wrt", [None, ["y"], ["x", "unused"]], ids=str)
def test_exact_rows_are_the_sweeps_in_machine_code_too(
    seed: int, kind: str, wrt: list[str] | None
) -> None:
    """The order of the contributions shows in the last bits of their sums."""
    graph = grown(EXACT, 600, seed)
    point = drawn(graph, kind, wrt, random.Random(seed))
    assert made("native", graph, kind, wrt).function(*point) == wanted(graph, kind, wrt, point)


@both
def test_parameters_and_results_are_those_of_the_program(target: str) -> None:
    graph = grown(EXACT, 60, 3)
    for kind in ("value", "jacobian", "jvp", "vjp"):
        straight = program(graph, kind, ["x", "z"])
        point = drawn(graph, kind, ["x", "z"], random.Random(1))
        assert len(point) == len(straight.parameters)
        assert len(made(target, graph, kind, ["x", "z"]).function(*point)) == len(straight.results)


@both
def test_every_row_of_the_table_and_a_row_of_ones_own(target: str) -> None:
    own = adviz.primitive("bent", "where(x > y, x*y**2, sin(x) - y)")
    graph = adviz.build("bent(a, b) + bent(b, a)**3 + bent(a, a)", functions=[own])
    for point in ((1.5, 0.5), (0.5, 1.5), (1.0, 1.0)):
        found = made(target, graph, "gradient").function(*point)
        assert found == pytest.approx(wanted(graph, "gradient", None, point), rel=1e-14)


# --- shapes of graphs --------------------------------------------------------------------------


@cache
def chain(row: str, length: int) -> Graph:
    builder = Builder(share=False)
    node = builder.input("x")
    for _ in range(length):
        node = builder.node(row, (node,))
    return builder.finish({"f": node})


@both
def test_chains_of_100_000(target: str) -> None:
    for row in ("sin", "neg"):
        graph = chain(row, 100_000)
        found = made(target, graph, "gradient").function(0.5)
        assert found == pytest.approx(wanted(graph, "gradient", None, [0.5]), rel=1e-9)


@both
def test_wide_graphs(target: str) -> None:
    builder = Builder()
    inputs = [builder.input(f"x{k}") for k in range(5000)]
    total = builder.fold("add", tuple(builder.node("sin", (x,)) for x in inputs))
    graph = builder.finish({"f": total})
    point = [math.sin(k) for k in range(5000)]
    value, *gradient = made(target, graph, "gradient").function(*point)
    assert value == pytest.approx(math.fsum(map(math.sin, point)), abs=1e-9)
    assert gradient == pytest.approx([math.cos(x) for x in point], rel=1e-15)


@pytest.mark.parametrize("length", range(1, 20))
def test_runs_of_every_length(length: int) -> None:
    """What does not fill the processor's width is computed no less, and nothing beyond it."""
    builder = Builder()
    inputs = [builder.input(f"x{k}") for k in range(length)]
    outputs = {f"f{k}": builder.node("mul", (x, inputs[-1 - k])) for k, x in enumerate(inputs)}
    graph = builder.finish(outputs)
    point = [1.0 + k for k in range(length)]
    found = made("native", graph, "jacobian").function(*point)
    assert found == wanted(graph, "jacobian", None, point)


@pytest.fixture(scope="module")
def million() -> Graph:
    builder = Builder(share=False)
    nodes = [builder.input("x"), builder.input("y")]
    for k in range(10**6):
        row = ("sin", "mul", "atan", "add")[k % 4]
        nodes.append(builder.node(row, (nodes[-1], nodes[k // 2])[: TABLE[row].arity]))
    return builder.finish({"f": nodes[-1]})


@pytest.mark.xdist_group("a million nodes")
@both
def test_a_million_nodes(target: str, million: Graph) -> None:
    found = made(target, million, "gradient").function(0.3, 0.4)
    assert len(found) == 3 and all(map(math.isfinite, found))
    slope = made(target, million, "jvp").function(0.3, 0.4, 1.0, 0.0)[1]
    assert slope == pytest.approx(found[1], rel=1e-9, abs=1e-12)


# --- where the sweeps decide -------------------------------------------------------------------

UNDEFINED = {
    "log(x)": (-1.0,),
    "log(x) ": (0.0,),
    "sqrt(x)": (0.0,),
    "exp(x)": (1000.0,),
    "1/exp(x)": (1000.0,),
    "1/x": (0.0,),
    "0*(1/x)": (0.0,),
    "log(x) if log(x) > 1 else x": (-1.0,),
    "x**0.5 ": (-1.0,),
    "x*1e307*10": (50.0,),
    "x + 0": (math.nan,),
    "x - x": (math.inf,),
}


@both
@pytest.mark.parametrize("text", UNDEFINED)
def test_what_is_not_finite_goes_to_the_sweeps(target: str, text: str) -> None:
    kernel = made(target, adviz.build(text), "gradient")
    assert kernel.function(*UNDEFINED[text]) == AGAIN
    (value, _), missed = kernel.many([np.array([*UNDEFINED[text], 0.5])], 2)
    assert missed == [slice(0, 1)]
    assert value[1] == pytest.approx(adviz.evaluate(text, at={"x": 0.5}).value)


BRANCHES = {
    "log(x) if x > 0 else x*y": (-1.0, 3.0),
    "sqrt(x)*y if x > 0 else y": (0.0, 3.0),
    "y if x < 0 or y < 0 else 1/x + y": (-2.0, 3.0),
    "(exp(y) if y < 5 else y) if x > 0 else exp(x*y)": (2.0, 1000.0),
    "z = 1/x; (z if x != 0 else y) + y**2": (0.0, 3.0),
}


@both
@pytest.mark.parametrize("kind", FLAT_KINDS)
@pytest.mark.parametrize("text", BRANCHES)
def test_a_branch_that_is_not_taken_disturbs_nothing(target: str, text: str, kind: str) -> None:
    graph = adviz.build(f"f(x, y) = {text}" if ";" not in text else text)
    at = dict(zip("xy", BRANCHES[text], strict=True))
    draw = random.Random(text)
    point = drawn(graph, kind, None, draw)
    point[: len(graph.inputs)] = [at[name] for name in graph.inputs]
    kernel, expected = made(target, graph, kind), wanted(graph, kind, None, point)
    assert kernel.function(*point) == pytest.approx(expected, rel=1e-15)
    found, missed = kernel.many([np.array([1.0, number]) for number in point], 2)
    assert missed == []
    assert [column[1] for column in found] == pytest.approx(expected, rel=1e-15)


@both
def test_a_point_that_a_guard_refuses_goes_to_the_sweeps(target: str) -> None:
    builder = Builder()
    x = builder.input("x")
    builder.require(builder.node("gt", (x, builder.constant(0))), "x > 0")
    graph = builder.finish({"f": builder.node("mul", (x, x))})
    kernel = made(target, graph, "gradient")
    assert kernel.function(-1.0) == AGAIN
    assert kernel.function(3.0) == (9.0, 6.0)


@both
def test_only_wanted_partials_are_computed(target: str) -> None:
    """The logarithm of a negative base belongs to the exponent's derivative alone."""
    graph = adviz.build("x**y")
    assert made(target, graph, "gradient", ["x"]).function(-2.0, 3.0) == (-8.0, 12.0)
    assert made(target, graph, "gradient").function(-2.0, 3.0) == AGAIN
    assert made(target, graph, "value").function(-2.0, 3.0) == (-8.0,)


@both
def test_a_partial_that_no_output_asks_for_is_not_computed(target: str) -> None:
    graph = adviz.build("where(sqrt(x) > 1, 2*y, y)")
    assert made(target, graph, "gradient").function(0.0, 3.0) == (3.0, 0.0, 1.0)


@both
def test_ties_and_kinks(target: str) -> None:
    graph = adviz.build("max(x, y) + min(x, y)*3 + abs(x - y) + relu(x - y)")
    found = made(target, graph, "gradient").function(2.0, 2.0)
    assert found == wanted(graph, "gradient", None, (2.0, 2.0))


# --- many points -------------------------------------------------------------------------------


@both
@pytest.mark.parametrize("kind", FLAT_KINDS)
def test_many_points_are_each_point(target: str, kind: str) -> None:
    graph = adviz.build("sin(x)*y + x**2/y - where(x < y, x, y*y)")
    kernel = made(target, graph, kind)
    draw = random.Random(kind)
    rows = [drawn(graph, kind, None, draw) for _ in range(25)]
    found, missed = kernel.many([np.array(column) for column in zip(*rows, strict=True)], 25)
    assert missed == []
    for place, row in enumerate(rows):
        one = [column[place] for column in found]
        assert one == pytest.approx(kernel.function(*row), rel=1e-13)
    assert all(column.flags.c_contiguous and column.dtype == np.float64 for column in found)


@both
def test_a_float_stands_for_all_points(target: str) -> None:
    kernel = made(target, adviz.build("x*y"), "gradient")
    found, _ = kernel.many([np.array([1.0, 2.0, 3.0]), 5.0], 3)
    assert [column.tolist() for column in found] == [[5.0, 10.0, 15.0], [5.0] * 3, [1.0, 2.0, 3.0]]
    assert [column.tolist() for column in kernel.many([2.0, 5.0], 0)[0]] == [[], [], []]


def test_threads_share_points_and_nothing_else() -> None:
    graph = grown([*EXACT, *TOTAL], 400, 11)
    kernel: Any = made("native", graph, "jacobian")
    draw = random.Random(5)
    rows = [drawn(graph, "jacobian", None, draw) for _ in range(101)]
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    one, _ = kernel.many(columns, 101, 1)
    three, _ = kernel.many(columns, 101, 3)
    assert all(np.array_equal(*pair) for pair in zip(one, three, strict=True))
    with ThreadPoolExecutor(4) as pool:
        called = list(pool.map(lambda row: kernel.function(*row), rows))
    assert [*zip(*one, strict=True)] == called


# --- tapes -------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("wrt", [None, ["y"], []], ids=str)
def test_active_edges_are_those_of_the_sweeps(seed: int, wrt: list[str] | None) -> None:
    graph = grown(EXACT, 200, seed)
    names = graph.inputs if wrt is None else wrt
    reached = active(graph, [graph.inputs[name] for name in names])
    jacobian = [0] * len(graph)
    for output in graph.outputs.values():
        jacobian[output] = 1
    for node in range(len(graph) - 1, -1, -1):
        row = graph.row(node)
        for position, tail in enumerate(graph.args[node]):
            if row and jacobian[node] and row.differentiable(position) and reached[tail]:
                jacobian[tail] = 1
    edges = tape(graph, wrt).edges(reverse=True)
    count = sum(
        bool(jacobian[head] and reached[tail] and TABLE[graph.ops[head]].differentiable(position))
        for tail, head, position in graph.edges
    )
    assert len(edges.heads) == count
    order = [*zip(-edges.heads, edges.positions, strict=True)]
    assert order == sorted(order)


def test_a_tape_has_only_the_opcodes_that_it_uses() -> None:
    found = tape(adviz.build("x**2*y + sin(x**2) + y**2.5"), ["x"])
    labels = [case.opcode.label for case in found.cases]
    assert len(labels) == 6
    assert set(labels) == {"pow_0_2", "mul_0", "sin_0", "add_0", "add_01", "pow_"}


@pytest.mark.parametrize("exponent", [-9, -2, -1, 0, 1, 2, 3, 8, 9, 0.5, 2.5])
@both
def test_constant_powers(target: str, exponent: float) -> None:
    graph = adviz.build(f"x**{exponent} + 1")
    for x in (0.7, 3.0):
        found = made(target, graph, "gradient").function(x)
        assert found == pytest.approx(wanted(graph, "gradient", None, [x]), rel=1e-15)


def test_the_source_can_be_read() -> None:
    graph = adviz.build("sin(x*y)")
    text = made("python", graph, "gradient").source()
    assert "def sin_0(x0, _1):" in text and "dz_dx0 = cos(x0)" in text
    assert "numbers[target] += numbers[source]*kept[factor]" in text
    assert "mul_01" in made("native", graph, "gradient").source()


# --- what has no flat form ---------------------------------------------------------------------


@both
@pytest.mark.parametrize(
    ("text", "kind", "wrt", "error", "words"),
    [
        ("x*y", "hessian", None, AdvizError, "a hessian has no flat form"),
        (
            {"p": "x", "q": "x*y"},
            "gradient",
            None,
            AdvizError,
            "p, q; or compile a jacobian",
        ),
        ("x*y", "gradient", ["w"], PointError, "there is no input 'w'"),
    ],
)
def test_errors(
    target: str, text: Any, kind: str, wrt: Any, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        made(target, adviz.build(text), kind, wrt)


@both
def test_a_wrong_number_of_arguments(target: str) -> None:
    kernel = made(target, adviz.build("x*y"), "jvp")
    with pytest.raises(TypeError, match="takes 4 numbers, not 3"):
        kernel.function(1.0, 2.0, 3.0)


@both
def test_graphs_without_inputs_or_without_operations(target: str) -> None:
    assert made(target, adviz.build("f() = 2*pi"), "gradient").function() == (2 * math.pi,)
    assert made(target, adviz.build("f(x) = 3"), "gradient").function(1.0) == (3.0, 0.0)
    assert made(target, adviz.build("f(x, y) = y"), "vjp").function(1.0, 2.0, 5.0) == (2, 0, 5)
    assert (
        made(target, adviz.build("f() = pi"), "value").many([], 2)[0][0].tolist() == [math.pi] * 2
    )


def test_machine_code_says_which_row_it_lacks() -> None:
    with pytest.raises(AdvizError, match="digamma"):
        made("native", adviz.build("digamma(x)"), "value")
    assert made("python", adviz.build("digamma(x)"), "value").function(2.0) == (
        FLOAT64.function("digamma")(2.0),
    )


def test_sweeps_are_counted() -> None:
    graph = adviz.build({"p": "x*y", "q": "x + y", "r": "x"})
    counts = {kind: taped(graph, kind, None)[1].count for kind in FLAT_KINDS if kind != "gradient"}
    assert counts == {"value": 0, "jacobian": 3, "vjp": 1, "jvp": 1, "sparse_jacobian": 2}
