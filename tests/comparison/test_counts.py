"""Counts: by what NetworkX counts, by plain recursion, and by the books."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

import networkx
import pytest
from corpus import CORPUS, Formula

import adviz
from adviz.comparison.counts import Work, counted, kind_of, tree_sizes, work_of, written_out
from adviz.compiler.program.program import program
from adviz.graph.graph import Graph
from adviz.graph.procedure import Procedure
from adviz.primitives import TABLE, Primitive

SUMS = {"add", "sub", "neg", "frac"}
CHOICES = {"lt", "le", "gt", "ge", "eq", "ne", "and", "or", "not", "where"}
MADE: Mapping[str, Callable[[Graph], Procedure]] = {
    "graph": lambda graph: graph,
    "derivative graph": adviz.derivative_graph,
    "program": program,
}
SMALL = 3_000
"""The largest tree that is walked leaf by leaf."""


def product(count: int) -> Graph:
    """Return Speelpenning's example, the product of its inputs."""
    return adviz.build("*".join(f"x{i}" for i in range(1, count + 1)))


def doubled(depth: int) -> Graph:
    """Return sums in which each adds the one before to itself."""
    return adviz.build(
        "; ".join(["v0 = x + x", *(f"v{k + 1} = v{k} + v{k}" for k in range(depth))])
    )


def recursive_size(procedure: Procedure, node: int) -> int:
    return 1 + sum(recursive_size(procedure, argument) for argument in procedure.args[node])


def held_after(procedure: Procedure, step: int) -> set[int]:
    """Return what is known after a step and needed later, by looking at every later node."""
    known = {*procedure.inputs.values(), *range(step + 1)} - {*procedure.constants}
    later = {a for arguments in procedure.args[step + 1 :] for a in arguments}
    known -= {n for n in range(step + 1, len(procedure)) if n not in procedure.inputs.values()}
    return known & (later | {*procedure.outputs.values()})


@pytest.mark.parametrize("formula", CORPUS[::3], ids=lambda formula: formula.name)
def test_a_graph_is_counted_as_networkx_counts_it(formula: Formula) -> None:
    graph = adviz.build(formula.text)
    found = counted(graph)
    assert found.nodes == graph.nx.number_of_nodes()
    assert found.edges == graph.nx.number_of_edges()
    ops = Counter(op for _, op in graph.nx.nodes(data="op") if op not in ("input", "const", "pi"))
    assert found.work.operations == ops.total()
    assert found.work.adds == sum(ops[op] for op in SUMS)
    assert found.work.mults == ops["mul"]
    assert found.work.choices == sum(ops[op] for op in CHOICES)
    pis = sum(op == "pi" for _, op in graph.nx.nodes(data="op"))
    computed = [node for node, degree in graph.nx.in_degree() if degree]
    assert found.work.moves == found.edges + len(computed)
    assert len(computed) == found.nodes - len(graph.inputs) - len(graph.constants) - pis


@pytest.mark.parametrize("formula", CORPUS[::3], ids=lambda formula: formula.name)
def test_a_tree_has_the_paths_of_the_graph(formula: Formula) -> None:
    """Every node of the tree is one path from an output to where the node stands."""
    graph = adviz.derivative_graph(formula.text)
    paths = Counter(graph.outputs.values())
    for node in reversed([*networkx.topological_sort(graph.nx)]):
        for tail, _, _ in graph.nx.in_edges(node, keys=True):
            paths[tail] += paths[node]
    assert counted(graph).tree == paths.total()


@pytest.mark.parametrize("formula", CORPUS[::3], ids=lambda formula: formula.name)
def test_a_small_tree_is_as_large_as_it_is_walked(formula: Formula) -> None:
    graph = adviz.build(formula.text)
    ends = [*graph.outputs.values()]
    sizes = tree_sizes(graph)
    walked = [n for n in range(len(graph)) if sizes[n] <= SMALL]
    assert [sizes[n] for n in walked] == [recursive_size(graph, n) for n in walked]
    assert counted(graph).tree == sum(sizes[n] for n in ends)


@pytest.mark.parametrize("formula", CORPUS[::3], ids=lambda formula: formula.name)
@pytest.mark.parametrize("made", MADE)
def test_held_values_are_those_that_a_later_operation_needs(formula: Formula, made: str) -> None:
    graph = adviz.build(formula.text)
    procedure = MADE[made](graph)
    steps = range(-1, len(procedure))
    assert counted(procedure).live == max(len(held_after(procedure, step)) for step in steps)


@pytest.mark.parametrize("formula", CORPUS[::3], ids=lambda formula: formula.name)
def test_written_out_an_operation_counts_as_often_as_the_tree_has_it(formula: Formula) -> None:
    graph = adviz.build(formula.text)
    found, sizes = Work(), tree_sizes(graph)
    ends = [node for node in graph.outputs.values() if sizes[node] <= SMALL]
    stack = [*ends]
    while stack:
        node = stack.pop()
        stack.extend(graph.args[node])
        if graph.args[node]:
            found += work_of(graph.rows[graph.ops[node]])
    if len(ends) == len(graph.outputs):
        assert written_out(graph) == found


@pytest.mark.parametrize("row", TABLE.values(), ids=lambda row: row.name)
def test_a_kind_is_what_the_operation_is(row: Primitive) -> None:
    name = row.name
    expected = (
        "choices" if name in CHOICES
        else "mults" if name == "mul"
        else "adds" if name in SUMS or not row.arity
        else "nonlinear"
    )  # fmt: skip
    assert kind_of(row) == expected


def test_a_shared_expression_forty_levels_deep_is_counted_exactly() -> None:
    found = counted(doubled(40))
    assert (found.nodes, found.tree, found.work.adds) == (42, 2**42 - 1, 41)
    assert written_out(doubled(40)).adds == 2**41 - 1


@pytest.mark.parametrize("count", [2, 3, 5, 10, 40])
def test_speelpenning_s_product(count: int) -> None:
    """Griewank & Walther, section 3.3: the gradient of a product of n costs about 3n products.

    The value takes n - 1; the reverse sweep two for each of them but the last, whose adjoint is 1.
    """
    assert counted(product(count)).work == Work(mults=count - 1, moves=3 * (count - 1))
    whole = counted(adviz.derivative_graph(product(count)))
    assert whole.work == Work(mults=3 * count - 5, moves=3 * (3 * count - 5))
    assert counted(program(product(count))).work.mults == 3 * count - 5


@pytest.mark.parametrize("count", [2, 3, 5, 10])
def test_the_gradient_of_a_product_written_out_swells_quadratically(count: int) -> None:
    slopes = adviz.derivative_graph(product(count))
    parts = {label: node for label, node in slopes.outputs.items() if label != "f"}
    alone = Graph(
        slopes.ops, slopes.args, slopes.constants, slopes.inputs, parts, slopes.names, slopes.rows
    )
    assert written_out(alone).mults == count * (count - 2)


def test_a_value_that_nobody_needs_is_not_held() -> None:
    found = counted(adviz.build("a = exp(x); b = a + y; b*b"))
    assert found.live == 2


def test_constants_are_not_held_and_unused_inputs_neither() -> None:
    assert counted(adviz.build("f(x, y, z) = 2*x + 3")).live == 1
