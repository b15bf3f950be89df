"""Graphs from SymPy, from NetworkX, and from several sources at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import networkx
import pytest
import sympy

import adviz
from adviz.errors import GraphError

x, y = sympy.symbols("x y")

# --- SymPy -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (x - y, "f(x, y) = x - y"),
        (1 - x, "f(x) = 1 - x"),
        (-x, "f(x) = -x"),
        (-x * y, "f(x, y) = -(x*y)"),
        (2 * x - 3 * y, "f(x, y) = 2*x - 3*y"),
        (x / y, "f(x, y) = x/y"),
        (-x / y, "f(x, y) = -(x/y)"),
        (1 / x, "f(x) = 1/x"),
        (x**-2, "f(x) = 1/x**2"),
        (y - x / 2, "f(x, y) = y - x/2"),
        (x / 3, "f(x) = x/3"),
        (x * y * 2 / 3, "f(x, y) = 2*x*y/3"),
        (sympy.sqrt(x), "f(x) = sqrt(x)"),
        (1 / sympy.sqrt(x), "f(x) = 1/sqrt(x)"),
        (sympy.exp(-(x**2)), "f(x) = exp(-x**2)"),
        (sympy.E * x, "f(x) = exp(1)*x"),
        (sympy.pi * x, "f(x) = pi*x"),
        (sympy.Float("0.1") * x, "f(x) = 0.1*x"),
        (sympy.Max(x, y, 1), "f(x, y) = max(max(1, x), y)"),
        (sympy.Abs(x), "f(x) = abs(x)"),
        (sympy.Mod(x, y), "f(x, y) = x%y"),
        (sympy.ceiling(x), "f(x) = ceil(x)"),
        (sympy.polygamma(0, x), "f(x) = digamma(x)"),
        (sympy.polygamma(2, x), "f(x) = polygamma(2, x)"),
        (sympy.loggamma(x), "f(x) = loggamma(x)"),
        (sympy.re(sympy.loggamma(x)), "f(x) = lgamma(x)"),
        (sympy.jn(2, x), "f(x) = spherical_jn(2, x)"),
        (sympy.UnevaluatedExpr(x) * x, "f(x) = x*x"),
        (sympy.Tuple(x, y), 'f(x, y) = {"f1": x, "f2": y}'),
        (sympy.im(x) + y, "f(y) = y + 0"),
        (sympy.atan2(y, x), "f(x, y) = atan2(y, x)"),
        (sympy.Piecewise((x, x > 0), (-y, True)), "f(x, y) = where(x > 0, x, -y)"),
        (sympy.Heaviside(x), "f(x) = where(x > 0, 1, where(x == 0, 1/2, 0))"),
        (sympy.Matrix([[x, y]]), 'f(x, y) = {"f1": x, "f2": y}'),
    ],
    ids=str,
)
def test_what_sympy_rewrote_is_recognised_again(expression: Any, text: str) -> None:
    assert adviz.build(expression).text == text


@pytest.mark.parametrize(
    "expression",
    [
        (x - 2 * y) / sympy.sqrt(x * y + 1) - sympy.exp(-x / 3) * sympy.log(y),
        sympy.Piecewise((sympy.sin(x), x < y), (x**y, sympy.And(x > 1, y > 1)), (0, True)),
        sympy.gamma(x) * sympy.erf(y) + sympy.Min(x, y, 2) ** sympy.Rational(-3, 2),
        sympy.sec(x) + sympy.acot(y) + sympy.asinh(x * y) + sympy.sinc(y),
    ],
    ids=str,
)
def test_a_sympy_graph_has_sympys_value_and_slopes(expression: Any) -> None:
    at = {"x": 1.3, "y": 1.9}
    graph = adviz.build(expression)
    assert adviz.evaluate(graph, at).value == pytest.approx(float(expression.subs(at)), rel=1e-13)
    for name, found in adviz.gradient(graph, at).items():
        wanted = float(expression.diff(name).subs(at).evalf())
        assert found == pytest.approx(wanted, rel=1e-12)


def test_a_derivative_by_sympy_is_read_back() -> None:
    text, at = "log(x1)*abs(x2) + max(x1, x2)**2 - sinc(x1*x2)", {"x1": 0.7, "x2": -2.2}
    for name, expression in adviz.symbolic(text).items():
        wanted = adviz.gradient(text, at)[name]
        assert adviz.evaluate(adviz.build(expression), at).value == pytest.approx(wanted, rel=1e-12)


def test_what_is_shared_forty_levels_deep_is_never_expanded() -> None:
    shared: Any = x
    for _ in range(40):
        shared = sympy.Add(
            sympy.sin(shared, evaluate=False), sympy.cos(shared, evaluate=False), evaluate=False
        )
    assert len(adviz.build(shared)) == 121
    assert len(adviz.build([shared, shared])) == 121


def test_a_deep_expression_is_read_without_recursion() -> None:
    deep: Any = x
    for _ in range(5000):
        deep = sympy.sin(deep, evaluate=False)
    assert len(adviz.build(deep)) == 5001


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        (sympy.hankel1(0, x), "SymPy's hankel1(0, x) has no row in the table"),
        (sympy.hyper([1], [2], x), "has no row in the table; try sympy.hyperexpand"),
        (sympy.Poly(x**2 + 1), "is a polynomial, no expression; take its .as_expr()"),
        (sympy.Lambda(x, x**2), "is a function, no expression; take its .expr"),
        (sympy.Sum(x**y, (y, 0, 2.5)), "runs from 0 to 2.5"),
        (sympy.Sum(x**y, (y, 0, 2.5)), "which is no whole number of steps"),
        (sympy.oo * x, "SymPy's oo is not a number that a formula can hold"),
        (x + sympy.Symbol("x", real=True), "two different SymPy symbols are called 'x'"),
        (sympy.Piecewise((x, x > 0)), "has no branch for the rest; add (value, True)"),
        (x > 0, "the output 'f' is a condition; write where(condition, a, b)"),
        (sympy.true, "the output 'f' is a condition; write where(condition, a, b)"),
        (sympy.Integer(10) ** 400 * x, "is not a finite double"),
    ],
    ids=str,
)
def test_what_has_no_row_is_named(expression: Any, said: str) -> None:
    with pytest.raises(GraphError) as refused:
        adviz.build(expression)
    assert said in str(refused.value)


def test_sympys_shared_subexpressions_do_not_change_a_derivative() -> None:
    """A program made by `lambdify(cse=True)` from products kept as written is wrong here."""
    text = (
        "d = x1*x1 + 1; s = (3*x1*x1 + 2*x2 - x1)/d; r = (3*x1*x1 - 2*x2 - x1)/d; "
        "x1 + ((2*x1*s*(s - 3) + x1*x1*(4*s - 6))*d + 3*x1*x1*s + x1*x1*x1 + x1 + 3*r)"
    )
    at = {"x1": -1.4873430152432485, "x2": -3.5161286650069457}
    assert adviz.gradient(text, at, mode="symbolic") == pytest.approx(
        adviz.gradient(text, at), rel=1e-13
    )


@pytest.mark.parametrize(
    "text",
    [
        "sqrt(abs(x))",
        "where(x != 0, sin(x)/x + cos(x)/x, x)",
        "max(max(max(max(x, y), x*y), x + y), max(x - y, y - x))",
        "where(abs(x) < y, x**2/2, y*(abs(x) - y/2))",
        "exp(1.0)*x + sin(0.2)*y",
        "polygamma(2, x)*spherical_jn(3, y)",
        "floor(x)*y + x % 0.3 + ceil(y)*x + trunc(x)",
    ],
)
def test_symbolic_mode_reads_every_kind_of_expression(text: str) -> None:
    at = {n: v for n, v in {"x": 1.37, "y": 2.61}.items() if n in adviz.build(text).inputs}
    for digits in (None, 40):
        found = adviz.gradient(text, at, mode="symbolic", digits=digits)
        assert found == pytest.approx(adviz.gradient(text, at, digits=digits), rel=1e-13)


# --- NetworkX ----------------------------------------------------------------------------------

X, SIN = {"op": "input", "name": "x"}, {"op": "sin"}
Y = {"op": "input", "name": "y"}


def drawn(*edges: tuple[str, str, Any], **nodes: dict[str, Any]) -> networkx.MultiDiGraph:
    """Return a NetworkX graph; the node of the name `graph` holds its attributes."""
    made = networkx.MultiDiGraph(**nodes.pop("graph", {}))
    made.add_nodes_from(nodes.items())
    made.add_edges_from(edges)
    return made


def test_edge_keys_are_argument_positions() -> None:
    left = drawn(("b", "c", 0), ("a", "c", 1), a=X, b={"op": "const", "value": 7}, c={"op": "sub"})
    assert adviz.build(left).text == "f(x) = 7 - x"
    square = drawn(("a", "b", 0), ("a", "b", 1), a=X, b={"op": "mul"})
    assert adviz.build(square).text == "f(x) = x*x"


def test_nodes_may_have_any_names_and_any_order() -> None:
    made = networkx.MultiDiGraph()
    made.add_node(("out", 1), op="sin", name="s")
    made.add_node(frozenset("x"), op="input", name="x")
    made.add_edge(frozenset("x"), ("out", 1), 0)
    graph = adviz.build(made)
    assert graph.text == "f(x) =\n    s = sin(x)\n    s" and list(graph.names) == ["x", "s"]


def test_outputs_inputs_names_and_guards_are_kept() -> None:
    text = 'f(y, x) =\n    a = x*y\n    assert a > 0\n    {"p": a, "q": sin(a)}'
    graph = adviz.build(text)
    again = adviz.build(graph.nx.copy())
    assert again == graph and again.text == graph.text
    assert again.guards == graph.guards and again.sources == graph.sources


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (networkx.DiGraph([(1, 2)]), "give a networkx.MultiDiGraph, not a DiGraph"),
        (networkx.MultiGraph([(1, 2)]), "give a networkx.MultiDiGraph, not a MultiGraph"),
        (networkx.MultiDiGraph(), "the graph has no output"),
        (drawn(("a", "b", 0), ("b", "a", 0), a=SIN, b=SIN), "a cycle through ['a', 'b']"),
        (drawn(("a", "a", 0), a=SIN), "a cycle through ['a']"),
        (drawn(a=X, b=SIN), "node 'b' is sin and needs edges with the keys 0..0; it has none"),
        (drawn(("a", "b", 1), a=X, b=SIN), "needs edges with the keys 0..0; it has 1"),
        (drawn(("a", "b", "0"), a=X, b=SIN), "needs edges with the keys 0..0; it has '0'"),
        (drawn(("a", "b", 0), ("a", "b", 2), a=X, b={"op": "mul"}), "keys 0..1; it has 0, 2"),
        (drawn(("a", "b", 0), a=X, b={"op": "foo"}), "node 'b' has the operation 'foo'"),
        (drawn(("a", "b", 0), a=X, b={}), "node 'b' has the operation None"),
        (drawn(("a", "b", 0), a={"op": "input"}, b=SIN), "node 'a' is an input without a name"),
        (drawn(("a", "b", 0), a={"op": "const"}, b=SIN), "node 'a' is a constant without a value"),
        (drawn(("a", "b", 0), a={"op": "const", "value": 1j}, b=SIN), "1j is not a real number"),
        (drawn(("b", "a", 0), ("a", "c", 0), a=X, b={"op": "pi"}, c=SIN),
         "node 'a' is input, which takes no arguments, but edges enter it"),
        (drawn(("a", "c", 0), ("b", "c", 1), a=X, b=X, c={"op": "add"}),
         "two inputs are called 'x'"),
        (drawn(a=X), "the graph has no output: list them in its attribute 'outputs'"),
        (drawn(a=X, graph={"outputs": {"f": "z"}}), "mention a node 'z' that does not exist"),
        (drawn(a=X, graph={"outputs": ["a"]}), "'outputs' maps names to nodes; it is ['a']"),
        (drawn(a=X, graph={"outputs": {"f": "a"}, "inputs": ["q"]}), "lists an input 'q'"),
        (drawn(("a", "b", 0), ("a", "b", 1), a=X, b={"op": "gt"}), "output 'f' is a condition"),
        (drawn(("a", "b", 0), a=X, b={"op": "not"}), "not needs a condition, such as x > 0"),
        (drawn(("a", "b", 0), ("c", "b", 0), a=X, b=SIN, c=Y), "has two arguments with the key 0"),
        (drawn(("a", "b", 0), a=X, b={**SIN, "name": "x"}), "two nodes are called 'x'; one"),
        (drawn(("a", "b", 0), a=X, b={**SIN, "name": 5}), "node 'b' is called 5; a name is"),
        (drawn(("a", "b", 0), a=X, b=SIN, graph={"names": {"x": "b"}}), "called 'x': node 'b'"),
        (drawn(("a", "b", 0), a=X, b=SIN, graph={"names": {1: "b"}}), "names: 1 is no name"),
        (drawn(("a", "b", 0), a=X, b=SIN, graph={"names": {"q": "a", "x": "a"}}),
         "names: node 0 is 'q' before it is the input 'x'"),
        (drawn(("a", "b", 0), a=X, b=SIN, c=Y, graph={"inputs": ["y"]}), "node 0 is an input, but"),
        (drawn(("a", "b", 0), a=X, b=SIN, graph={"inputs": "x"}), "'inputs' lists names of inputs"),
        (drawn(("a", "b", 0), a={"op": "const", "value": 10**5000}, b=SIN),
         "node 'a': the constant of thousands of digits is not a finite double"),
        (drawn(("a", "b", 0), a=X, b=SIN, graph={"guards": 3}), "lists (node, reason); not 3"),
        (drawn(("a", "b", 0), a=X, b=SIN, graph={"guards": [("a", "r")]}), "only a condition"),
        (drawn(("a", "b", 0), a=X, b=SIN, graph={"outputs": {"f": ["b"]}}), "a node ['b'] that"),
    ],
)  # fmt: skip
def test_a_graph_that_is_none_says_why(source: Any, said: str) -> None:
    with pytest.raises(GraphError) as refused:
        adviz.build(source)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("source", "what"),
    [
        (sympy.Symbol(""), "inputs"),
        ({"": "x"}, "outputs"),
        (lambda x: {"": x}, "outputs"),
        (drawn(a={**X, "name": ""}, graph={"outputs": {"f": "a"}}), "inputs"),
        (drawn(("a", "b", 0), a=X, b={**SIN, "name": ""}), "names"),
        (drawn(a=X, graph={"outputs": {"": "a"}}), "outputs"),
    ],
)
def test_nothing_is_called_by_a_name_without_characters(source: Any, what: str) -> None:
    with pytest.raises(GraphError) as refused:
        adviz.build(source)
    said = f"{what}: '' is no name; a name is a text of at least one character"
    assert str(refused.value) == said


def test_the_reason_of_a_guard_may_be_empty(tmp_path: Path) -> None:
    holds = drawn(("a", "b", 0), ("a", "b", 1), a=X, b={"op": "ge"})
    holds.graph.update(outputs={"f": "a"}, guards=[("b", "")])
    graph = adviz.build(holds)
    adviz.save(graph, tmp_path / "g.json")
    assert adviz.load(tmp_path / "g.json") == graph and graph.guards[0].reason == ""


def test_a_graph_is_read_only_and_its_copy_is_not() -> None:
    graph = adviz.build("x*y")
    with pytest.raises((networkx.NetworkXError, GraphError)):
        graph.nx.add_node(9)
    with pytest.raises(GraphError, match=r"edit g.nx.copy\(\) and build it again"):
        graph.nx.nodes[2]["op"] = "add"
    changed = graph.nx.copy()
    changed.nodes[2]["op"] = "add"
    assert adviz.build(changed).text == "f(x, y) = x + y"


# --- several outputs ---------------------------------------------------------------------------


def test_a_mapping_of_sources_is_one_graph_that_shares() -> None:
    graph = adviz.build({"p": "sin(x)*y", "q": sympy.sin(x) + 1, "r": adviz.build("sin(x)")})
    assert list(graph.outputs) == ["p", "q", "r"] and list(graph.inputs) == ["x", "y"]
    assert graph.ops.count("sin") == 1
    assert adviz.evaluate(graph, {"x": 0, "y": 2}).value == {"p": 0, "q": 1, "r": 0}


def test_a_list_of_sources_is_numbered() -> None:
    assert list(adviz.build(["x", "x*y"]).outputs) == ["f1", "f2"]
    assert adviz.jacobian(["x", "x*y"], [2, 3])["f2"] == {"x": 3, "y": 2}


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (3, "cannot build a graph from int"),
        (None, "cannot build a graph from NoneType"),
        ({"p": ["x", "y"]}, "cannot build a graph from list"),
        ({"p": adviz.build(["x", "y"])}, "the part 'p' has several outputs itself: f1, f2"),
        ({}, "a graph needs at least one output"),
    ],
)
def test_a_source_that_is_none_says_so(source: Any, said: str) -> None:
    with pytest.raises(GraphError) as refused:
        adviz.build(source)
    assert said in str(refused.value)


@pytest.mark.parametrize("name", ["own.json", "own.npz"])
def test_a_file_of_the_first_version_loads(name: str) -> None:
    """Written when rows had no `needed`; a row of one's own is in it."""
    graph = adviz.load(Path(__file__).parent / "saved" / name)
    own = adviz.primitive("sw2", "x*sigmoid(2*x)")
    assert graph == adviz.build("sw2(t)", functions=[own])
    assert adviz.check(graph, points=3).verdict == "agrees"
