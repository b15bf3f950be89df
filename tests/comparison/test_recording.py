"""What a way does, written down: it gives the sweep's own numbers, and costs what the books say."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import cache

import pytest
from corpus import CORPUS, Formula
from laws import graph_of
from test_counts import product

import adviz
from adviz.comparison import recording
from adviz.comparison.counts import Work, counted, kind_of
from adviz.comparison.recording import Recorded
from adviz.graph.graph import Graph
from adviz.modes.evaluation import evaluated
from adviz.modes.fast.jacobian import swept
from adviz.numbers import FLOAT64
from adviz.primitives import TABLE, Primitive

BOUND = 5
"""The cheap gradient principle in this measure. A product costs 3 moves and itself, so 4; in a
reverse sweep two products with an adjoint more and two sums, so 20. (The book, which counts what
an operation and its increments fetch together but once, has 4: Evaluating Derivatives, 4.6.)"""
FORWARD = 4
"""The same of one forward sweep: a product is three products and a sum, 16 for 4."""
GATED = 12
"""The same where conditions decide: a contribution passes a choice, and gates are joined."""
PRODUCT, SUM, OTHER, SIGN = 4, 4, 5, 3
SWEEPS: dict[str, Callable[[Graph, list[str]], Recorded]] = {
    "forward": recording.by_forward,
    "reverse": recording.by_reverse,
}

ELEMENTARY = {
    "add": 5.0, "sub": 5.0, "mul": 5.0, "neg": 3.67, "sin": 4.0, "exp": 3.0, "log": 4.25,
    "sqrt": 4.25,
}  # fmt: skip
"""What a reverse sweep makes of an operation, as a multiple of it: the ω of each."""


def middle(formula: Formula) -> dict[str, float]:
    return {name: low + 0.618 * (high - low) for name, (low, high) in formula.ranges.items()}


@pytest.mark.parametrize("mode", SWEEPS)
@pytest.mark.parametrize("formula", CORPUS[2::3], ids=lambda formula: formula.name)
def test_what_is_written_down_gives_the_numbers_of_the_sweep(formula: Formula, mode: str) -> None:
    graph, point = adviz.build(formula.text), middle(formula)
    made = SWEEPS[mode](graph, [*graph.inputs])
    found = evaluated(made.procedure, FLOAT64, made.given(point, {}))
    outputs = made.procedure.outputs
    numbers = {key: found[outputs[label]] for key, label in made.derivatives.items()}
    assert repr(numbers) == repr(swept(graph, FLOAT64, point, [*graph.inputs], mode))


@cache
def cost(text: str) -> int:
    """Return what a rule of the table costs, by Python's own reading of it."""
    body = ast.parse("\n".join(line.strip() for line in text.split(";")))
    return sum(map(_cost, ast.walk(body)))


def _cost(part: ast.AST) -> int:
    if isinstance(part, ast.BinOp):
        return PRODUCT if isinstance(part.op, ast.Add | ast.Sub | ast.Mult) else OTHER
    if isinstance(part, ast.UnaryOp):
        return 0 if isinstance(part.operand, ast.Constant) else SIGN
    if isinstance(part, ast.Compare):
        return SUM * (2 * len(part.ops) - 1)
    if isinstance(part, ast.BoolOp):
        return SUM * (len(part.values) - 1)
    if isinstance(part, ast.Call):
        return len(part.args) + (2 if part.func.id == "where" else 3)  # type: ignore[attr-defined]  # a name
    return 0


def alone(row: Primitive) -> int:
    """Return what an operation costs: its moves, and itself."""
    return row.arity + 1 + (2 if kind_of(row) == "nonlinear" else 1) if row.arity else 0


def swept_back(row: Primitive) -> int:
    """Return what an operation costs with its part in a reverse sweep."""
    return alone(row) + sum(cost(text) + PRODUCT + SUM for text in row.partials if text)


def weight(graph: Graph) -> int:
    """Return what a value weighs: a function as its dearest partial, a known exponent as itself."""
    total = 0
    for node, args in enumerate(graph.args):
        row = graph.row(node)
        if row:
            known = row.name == "pow" and args[1] in graph.constants
            total += alone(row) if known else max([alone(row), *map(cost, row.partials)])
    return total


def chooses(graph: Graph) -> bool:
    return any(row and row.chooses for row in map(graph.row, range(len(graph))))


def rows(graph: Graph) -> list[Primitive]:
    return [row for node in range(len(graph)) if (row := graph.row(node))]


@pytest.mark.parametrize("formula", CORPUS[2::3], ids=lambda formula: formula.name)
def test_a_gradient_costs_at_most_so_many_values(formula: Formula) -> None:
    """Griewank & Walther, section 4.6, where a function and its derivative cost the same.

    So a function in the value weighs as much as the dearest of its local partials.
    """
    graph = adviz.build(formula.text)
    weighed = weight(graph)
    reverse = counted(recording.by_reverse(graph, [*graph.inputs]).procedure).work.cost
    assert reverse <= (GATED if chooses(graph) else BOUND) * weighed
    assert reverse <= sum(map(swept_back, rows(graph))) or chooses(graph)


@pytest.mark.parametrize("formula", CORPUS[2::3], ids=lambda formula: formula.name)
def test_a_direction_costs_at_most_so_many_values(formula: Formula) -> None:
    graph = adviz.build(formula.text)
    weighed = weight(graph)
    forward = counted(recording.along_a_direction(graph, [*graph.inputs]).procedure).work.cost
    assert forward <= (GATED if chooses(graph) else FORWARD) * weighed


@pytest.mark.parametrize(("op", "omega"), ELEMENTARY.items())
def test_every_operation_has_its_own_bound(op: str, omega: float) -> None:
    row = TABLE[op]
    assert round(swept_back(row) / alone(row), 2) == omega
    found = counted(recording.by_reverse(graph_of(row), [*row.args]).procedure).work.cost
    assert found == swept_back(row) - row.arity * SUM  # nothing has arrived before


@pytest.mark.parametrize("mode", SWEEPS)
@pytest.mark.parametrize(
    ("power", "partial"),
    [("x**2", "2*x"), ("x**3", "3*x**2"), ("x**-1", "-(x**-2)"), ("x**0.5", "0.5*x**-0.5"),
     ("x**1", "1"), ("2**x", "2**x*log(2)")],
)  # fmt: skip
def test_a_power_of_which_a_number_is_known_is_counted_as_by_hand(
    power: str, partial: str, mode: str
) -> None:
    """The value, the partial as anybody writes it, and one product by what travels."""
    found = counted(SWEEPS[mode](adviz.build(power), ["x"]).procedure).work
    by_hand = counted(adviz.build({"f": power, "p": partial})).work
    assert found == by_hand + Work(mults=1, moves=3)
    assert not found.choices


@pytest.mark.parametrize("text", ["x**2", "x**2*y", "(x - y)**2", "x**3 + y**4", "1/(1 + x**2)"])
def test_what_a_lecture_begins_with_is_within_the_bounds(text: str) -> None:
    graph = adviz.build(text)
    names, value = [*graph.inputs], counted(graph).work.cost
    assert counted(recording.by_reverse(graph, names).procedure).work.cost <= BOUND * value
    assert counted(recording.along_a_direction(graph, names).procedure).work.cost <= FORWARD * value


@pytest.mark.parametrize("count", [2, 3, 10])
def test_speelpenning_s_sweeps(count: int) -> None:
    """Each of the n - 1 products of the value has two edges, and a sweep a product for each."""
    graph = product(count)
    names = [*graph.inputs]
    reverse = counted(recording.by_reverse(graph, names).procedure).work
    assert reverse == Work(mults=3 * (count - 1), moves=9 * (count - 1))
    forward = counted(recording.along_a_direction(graph, names).procedure).work
    assert (forward.mults, forward.adds) == (3 * (count - 1), count - 1)
    whole = counted(recording.by_forward(graph, names).procedure).work
    assert whole.mults == (count - 1) + sum(range(2, count + 1))


@pytest.mark.parametrize("formula", CORPUS[::5], ids=lambda formula: formula.name)
def test_differences_evaluate_twice_and_complex_steps_once_for_every_input(
    formula: Formula,
) -> None:
    graph = adviz.build(formula.text)
    names, value = [*graph.inputs], counted(graph).work
    ends = len(graph.outputs)
    central = counted(recording.by_central_differences(graph, names).procedure).work
    beside = Work(adds=3 + ends, nonlinear=ends, moves=9 + 6 * ends)
    assert central == len(names) * (2 * value + beside)
    stepped = counted(recording.by_complex_step(graph, names).procedure).work
    assert stepped == len(names) * (value + Work(adds=1, moves=3))
