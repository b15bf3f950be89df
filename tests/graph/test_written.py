"""What is written of a graph reads as that graph: its text, and every formula that is shown."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import assert_isomorphic
from samples import ROWS

import adviz
from adviz.errors import GraphError
from adviz.graph.builder import Builder
from adviz.graph.shown import formula_of
from adviz.language import notation
from adviz.scene.narration import definition

NUMBERS = [2, 2.5, 1e-7, 10**20, -2, -0.5, -1e300]
OPERATORS = [row for row in ROWS if row.symbol]


@st.composite
def graphs(draw: st.DrawFn) -> adviz.Graph:
    """Draw a graph of any operations on any arguments; operators, and few leaves, come often."""
    builder = Builder(share=draw(st.booleans()))
    numbers = [builder.input("x"), builder.input("y")]
    numbers += [builder.constant(draw(st.sampled_from(NUMBERS))) for _ in range(2)]
    conditions = [builder.node("lt", (numbers[0], numbers[1]))]
    for _ in range(draw(st.integers(1, 9))):
        row = draw(st.sampled_from(OPERATORS) | st.sampled_from(ROWS))
        kinds = [conditions if row.is_condition(k) else numbers for k in range(row.arity)]
        args = tuple(draw(st.sampled_from(kind) | st.just(kind[-1])) for kind in kinds)
        try:
            node = builder.node(row.name, args)
        except GraphError:
            continue  # a power of constants that overflows
        (conditions if row.condition else numbers).append(node)
    chosen = builder.node("where", (conditions[-1], numbers[-1], numbers[-2]))
    return builder.finish({"f": chosen, "g": numbers[-1]})


def unfolded(graph: adviz.Graph, node: int) -> Any:
    """Return what a node computes as a tree of tuples."""
    trees: list[Any] = []
    for each, (op, args) in enumerate(zip(graph.ops, graph.args, strict=True)):
        shown = repr(graph.constants[each]) if each in graph.constants else graph.symbols[each]
        trees.append((op, *(trees[a] for a in args)) if args else shown)
    return trees[node]


def read(text: str, condition: bool) -> tuple[adviz.Graph, int]:
    """Return the graph of a formula, which may be a condition, and the node that it is."""
    graph = adviz.build(f"where({text}, 1, 0)" if condition else text)
    (output,) = graph.outputs.values()
    return graph, graph.args[output][0] if condition else output


@given(graphs())
def test_a_graph_is_read_back_from_its_text(graph: adviz.Graph) -> None:
    again = adviz.build(graph.text)
    assert_isomorphic(graph, again)
    assert adviz.build(again.text) == again and hash(adviz.build(again.text)) == hash(again)
    assert (again == graph) == (len(again) == len(graph)), "but what was kept apart is shared"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("_0*2", "f(_0) = _0*2"),
        ("_2*sin(x) + sin(x)", "f(_2, x) =\n    _1 = sin(x)\n    _2*_1 + _1"),
        ("_1*sin(x) + sin(x)", "f(_1, x) =\n    _2 = sin(x)\n    _1*_2 + _2"),
    ],
)
def test_an_input_keeps_its_name_whatever_it_is(text: str, written: str) -> None:
    graph = adviz.build(text)
    assert graph.text == written
    assert_isomorphic(graph, adviz.build(written))


@given(graphs())
def test_a_node_written_out_is_read_back(graph: adviz.Graph) -> None:
    parts: list[tuple[notation.Tree, int]] = []
    for node, args in enumerate(graph.args):
        row = graph.row(node)
        if row is None or not args:
            parts.append(graph.operand(node))
            continue
        parts.append(notation.nested(row, [parts[a] for a in args]))
        text = notation.ascii_text(parts[-1][0])
        if len(text) < 3000:
            assert unfolded(*read(text, row.condition)) == unfolded(graph, node), text


@given(graphs())
def test_what_an_error_shows_of_a_node_is_its_operation(graph: adviz.Graph) -> None:
    for node, args in enumerate(graph.args):
        row = graph.row(node)
        if row is not None and args:
            text = notation.ascii_text(graph.expression(node))
            symbols = [graph.symbols[argument] for argument in args]
            if not any(row.is_condition(k) for k in range(row.arity)):
                found, place = read(text, row.condition)
                assert unfolded(found, place) == (row.name, *symbols), text


@given(graphs())
def test_what_a_report_shows_of_a_node_is_read_back(graph: adviz.Graph) -> None:
    node = graph.outputs["g"]
    text = formula_of(graph, node, longest=200)
    if graph.args[node] and not any(symbol in text for symbol in graph.symbols if symbol[0] == "v"):
        assert unfolded(*read(text, False)) == unfolded(graph, node), text


@pytest.mark.parametrize(
    ("text", "unicode", "latex"),
    [
        ("(-2.0)**x", "(−2.0)^x", r"{\left(-2.0\right)}^{x}"),
        ("-(2.0**x)", "−2.0^x", r"-{2.0}^{x}"),
        ("x - -2", "x − (−2)", r"x - \left(-2\right)"),
        ("x*(-y)", "x · (−y)", r"x \cdot \left(-y\right)"),
        ("x - (y - z)", "x − (y − z)", r"x - \left(y - z\right)"),
        ("x + (y + z)", "x + (y + z)", r"x + \left(y + z\right)"),
        ("(x**y)**z", "(x^y)^z", r"{\left({x}^{y}\right)}^{z}"),
        ("x**(-y)", "x^(−y)", r"{x}^{-y}"),
        ("-(-x)", "−(−x)", r"-\left(-x\right)"),
        ("(x/y)**2", "(x/y)²", r"{\left(\frac{x}{y}\right)}^{2}"),
        ("x/(y/z)", "x/(y/z)", r"\frac{x}{\frac{y}{z}}"),
        ("(x % y)*z", "(x mod y) · z", r"\left(x \bmod y\right) \cdot z"),
        ("2*(x + 1)", "2(x + 1)", r"2\left(x + 1\right)"),
    ],
)
def test_every_medium_has_the_parentheses_that_it_needs(
    text: str, unicode: str, latex: str
) -> None:
    graph = adviz.build(text)
    left = f"f({', '.join(graph.inputs)}) = "
    tree = definition(graph)
    assert notation.unicode_text(tree) == left + unicode
    assert notation.latex(tree).endswith(" = " + latex)


def test_an_error_shows_the_parentheses_of_a_negative_base() -> None:
    with pytest.raises(adviz.AdvizError, match=r"node w1 = \(-2\.0\)\*\*v1, columns"):
        adviz.gradient("(-2.0)**v1", {"v1": 3})
