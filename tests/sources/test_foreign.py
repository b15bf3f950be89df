"""Graphs of other people's functions: CasADi's instructions, and autograd's NumPy traced."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from foreign import GRADIENT, each
from laws import graph_of

import adviz
from adviz.compiler.frameworks.constants import settled
from adviz.compiler.frameworks.tables import FRAMEWORKS
from adviz.compiler.program.program import expanded, lacking, program
from adviz.errors import GraphError
from adviz.primitives import TABLE
from adviz.sources.casadi import COMPOSED, ROWS
from adviz.sources.frameworks import aten, jaxpr

PAGE = Path(__file__).parents[2] / "docs/peers.md"
START, END = "<!-- the table of operations -->", "<!-- the end of the table -->"
casadi_alone = each("casadi")
AT = (0.4, 0.7)
DOMAINS = {"ACOSH": (1.4, 0.7)}
"""Where an operation is defined, if not there."""


def casadi() -> Any:
    return import_module("casadi")


def symbols(kind: str = "SX") -> list[Any]:
    return [getattr(casadi(), kind).sym(name) for name in "xy"]


def operated(name: str) -> Any:
    """Return a Function of one operation of CasADi, by its number."""
    x, y = symbols()
    code = getattr(casadi(), f"OP_{name}")
    two = name in COMPOSED and name == "IF_ELSE_ZERO"
    row = TABLE.get(ROWS.get(name, ""))
    if two or (row and row.arity == 2):
        return casadi().Function("f", [x, y], [casadi().SX.binary(code, x, y)], ["x", "y"], ["f"])
    return casadi().Function("f", [x], [casadi().SX.unary(code, x)], ["x"], ["f"])


@casadi_alone
@pytest.mark.parametrize("name", [*ROWS, *COMPOSED])
def test_an_operation_of_casadi_is_what_casadi_computes(package: str, name: str) -> None:
    function = operated(name)
    graph, at = adviz.build(function), DOMAINS.get(name, AT)[: function.n_in()]
    place = dict(zip(function.name_in(), at, strict=True))
    assert adviz.evaluate(graph, place).value == pytest.approx(float(function(*at)), rel=1e-14)
    slopes = adviz.gradient(graph, {n: place.get(n, 0.0) for n in graph.inputs})
    theirs = map(float, GRADIENT[package](function, at))
    assert [*slopes.values()] == pytest.approx([*theirs], rel=1e-13)


@casadi_alone
def test_matrices_are_read_by_rows_and_what_is_always_0_is_no_input(package: str) -> None:
    a = casadi().MX.sym("A", casadi().Sparsity.upper(2))
    v = casadi().MX.sym("v", 2)
    function = casadi().Function("f", [a, v], [casadi().mtimes(a, v)], ["A", "v"], ["w"])
    graph = adviz.build(function)
    assert list(graph.inputs) == ["A0_0", "A0_1", "A1_1", "v0", "v1"]
    point = dict(zip(graph.inputs, (1.0, 2.0, 3.0, 5.0, 7.0), strict=True))
    assert [adviz.evaluate(graph, point).values[n] for n in graph.outputs.values()] == [19.0, 21.0]
    assert list(graph.outputs) == ["w1", "w2"]


@casadi_alone
def test_an_output_that_is_always_0_stays(package: str) -> None:
    x, _ = symbols()
    function = casadi().Function("f", [x], [casadi().diag(casadi().vertcat(x, x))], ["x"], ["f"])
    assert adviz.build(function).text == 'f(x) = {"f1": x, "f2": 0, "f3": 0, "f4": x}'


@casadi_alone
def test_a_condition_is_a_number_and_a_number_a_condition(package: str) -> None:
    x, y = symbols()
    both = casadi().logic_and(x, y > 0) * x + casadi().if_else(x > y, x * y, y)
    graph = adviz.build(casadi().Function("f", [x, y], [both], ["x", "y"], ["f"]))
    assert adviz.gradient(graph, {"x": 3.0, "y": 2.0}) == {"x": 3.0, "y": 3.0}


@casadi_alone
def test_a_function_of_casadi_is_checked_by_its_own_gradient(package: str) -> None:
    x, y = symbols("MX")
    function = casadi().Function("f", [x, y], [casadi().sin(x) * y**2], ["x", "y"], ["f"])
    assert adviz.check(function, gradient=function, points=3).verdict == "agrees"


@casadi_alone
@pytest.mark.parametrize(
    ("made", "said"),
    [
        (
            lambda c, x, y: c.Function(
                "k", [x, y], [c.remainder(x, y) + c.SX.binary(c.OP_PRINTME, x, y)]
            ),
            "k has operations of CasADi that have no row: OP_PRINTME, OP_REMAINDER",
        ),
        (
            lambda c, x, y: c.rootfinder("r", "newton", {"x": x, "p": y, "g": x * x - y}),
            "r has operations of CasADi that have no row: OP_CALL",
        ),
        (
            lambda c, x, y: c.Function("s", [x], [x * y], {"allow_free": True}),
            "s has operations of CasADi that have no row: OP_PARAMETER",
        ),
        (
            lambda c, *_: c.Function("m", [], [c.MX.sym("z") * 2], {"allow_free": True}),
            "CasADi cannot expand m, a MXFunction, to scalars: ",
        ),
    ],
)
def test_what_has_no_row_is_named(package: str, made: Callable[..., Any], said: str) -> None:
    with pytest.raises(GraphError) as caught:
        adviz.build(made(casadi(), *symbols()))
    assert str(caught.value).startswith(said)


@casadi_alone
def test_what_is_given_to_casadi_comes_back(package: str) -> None:
    graph = adviz.build("sin(x)*exp(y) - x/y")
    assert adviz.build(adviz.export(graph, "casadi")) == graph


# --- autograd ------------------------------------------------------------------------------------


@each("autograd")
def test_a_function_of_autograd_is_traced(package: str) -> None:
    space: Any = import_module("autograd.numpy")
    special: Any = import_module("autograd.scipy.special")

    def loss(v: Any, b: Any) -> Any:
        hidden = space.tanh(space.dot(v, space.array([1.0, 2.0])) + b)
        return space.sum(space.maximum(v, 0.5) ** 2) + special.expit(hidden) * special.gammaln(b)

    at = {"v": [0.25, 1.5], "b": 3.0}
    graph = adviz.build(loss, at=at)
    slopes = import_module(package).grad(loss, (0, 1))(np.array(at["v"]), 3.0)
    assert [*adviz.gradient(graph, at).values()] == pytest.approx([*slopes[0], float(slopes[1])])


# --- the page ------------------------------------------------------------------------------------


def cells(row: str) -> list[str]:
    """Return what a framework does with a row: its own function, the definition, or nothing."""
    made = program(graph_of(TABLE[row]), "value")
    return [
        "own"
        if row in framework.forms
        else "–"
        if lacking(settled(expanded(made, framework.forms)), framework.forms)
        else "by definition"
        for framework in FRAMEWORKS.values()
    ]


def table() -> str:
    """Return the table of operations: rows that all frameworks treat alike share a line."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for row in TABLE:
        alike.setdefault(tuple(cells(row)), []).append(f"`{row}`")
    heads = ["rows", *(framework.name for framework in FRAMEWORKS.values())]
    lines = [heads, ["---"] * len(heads)]
    lines += [[", ".join(rows), *said] for said, rows in alike.items()]
    return "\n".join([*("| " + " | ".join(line) + " |" for line in lines), "", read()])


def read() -> str:
    """Return the operations that are read from each framework, a paragraph each."""
    known = {
        "JAX": jaxpr.KNOWN,
        "PyTorch": aten.KNOWN,
        "CasADi": {f"OP_{name}" for name in (*ROWS, *COMPOSED)},
    }
    listed = {name: ", ".join(f"`{one}`" for one in sorted(ops)) for name, ops in known.items()}
    return "\n\n".join(f"Read from {name}: {ops}." for name, ops in listed.items())


def page() -> str:
    before, _, rest = PAGE.read_text("utf-8").partition(START)
    return f"{before}{START}\n\n{table()}\n\n{END}{rest.partition(END)[2]}"


def test_the_page_lists_the_operations_that_are_known() -> None:
    assert PAGE.read_text("utf-8") == page()


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
