"""The statements of a film: what its author wrote, every part marked as its node."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from corpus import CORPUS

import adviz
from adviz.graph.graph import Graph
from adviz.language.notation import ascii_text, mathml, unicode_text
from adviz.language.notation.flow import flowing
from adviz.render.web import header
from adviz.scene.staging import stage
from adviz.scene.statements import statements

BLACK_SCHOLES = """d1 = (log(S/K) + (r + sigma**2/2)*T)/(sigma*sqrt(T))
d2 = d1 - sigma*sqrt(T)
S*erf(d1) - K*exp(-r*T)*erf(d2)"""


def traced(x: Any, y: Any) -> Any:
    a = x + y
    b = x - y
    return a * b


WRITTEN: list[tuple[Any, list[str]]] = [
    ("(x + y)*(x - y)", ["f(x, y) = (x + y)(x − y)"]),
    ("a = x + y; b = x - y; a*b", ["a = x + y", "b = x − y", "f(x, y) = a · b"]),
    (traced, ["a = x + y", "b = x − y", "traced(x, y) = a · b"]),
    (
        BLACK_SCHOLES,
        [
            "d₁ = (log(S/K) + (r + σ²/2) · T)/(σ · √T)",
            "d₂ = d₁ − σ · √T",
            "f(S, K, r, σ, T) = S · erf(d₁) − K · exp(−r · T) · erf(d₂)",
        ],
    ),
    ("sin(x*y) + (x*y)**2", ["f(x, y) = sin(x · y) + (x · y)²"]),
    ("a = x*y; b = a; loss = a + sin(b)", ["a = x · y", "b = a", "loss(x, y) = a + sin(a)"]),
    ({"p": "x*y", "q": "x - y"}, ["p = x · y", "q = x − y"]),
    ({"p": "x*y", "q": "x*y"}, ["p = x · y", "q = x · y"]),
    ("k = 2; k*x", ["k = 2", "f(x) = k · x"]),
    ("pi*2 + 1", ["f = π · 2 + 1"]),
    ("x", ["f(x) = x"]),
    ("-2*x - (-y)", ["f(x, y) = −2x − (−y)"]),
]


def called(source: Any) -> str:
    """Return what a source is called in every process: a function by its name, not its place."""
    return str(getattr(source, "__name__", source))


@pytest.mark.parametrize(("source", "expected"), WRITTEN, ids=called)
def test_statements_are_what_the_author_wrote(source: Any, expected: list[str]) -> None:
    assert list(map(unicode_text, statements(adviz.build(source)))) == expected


def marked(part: Any) -> Iterator[int]:
    """Yield the nodes that parts of a tree are marked as."""
    if isinstance(part, tuple):
        yield from [part[1]] if part[0] == "node" else []
        for piece in part[1:]:
            yield from marked(piece)


def again(graph: Graph) -> Graph:
    """Return the graph of a graph's statements as one types them."""
    *most, last = statements(graph)
    lines = [f"{ascii_text(left)} = {ascii_text(right)}" for _, left, _, right in most]
    return adviz.build("\n".join([*lines, ascii_text(last[3])]))


@pytest.mark.parametrize("formula", CORPUS[1::3], ids=lambda one: one.name)
def test_statements_are_the_function_and_mark_every_node(formula: Any) -> None:
    graph = adviz.build(formula.text)
    if len(graph.outputs) > 1 or not statements(graph):
        pytest.skip("it is not one formula that can be read")
    at = {name: (low + high) / 2 for name, (low, high) in formula.ranges.items()}
    value = adviz.evaluate(again(graph), at=at).value
    assert value == pytest.approx(adviz.evaluate(graph, at=at).value, rel=1e-9)
    nodes = set(range(len(graph))) - graph.constants.keys()
    assert {node for line in statements(graph) for node in marked(line)} == nodes


def test_what_is_long_is_assigned_in_parts_and_what_is_too_long_is_left_out() -> None:
    doubled = "; ".join(["e1 = x", *(f"e{k + 1} = e{k}*e{k} + 1" for k in range(1, 12)), "e12"])
    (last,) = statements(adviz.build(doubled))[-1:]
    assert unicode_text(last) == "f(x) = e₁₂"
    unnamed = adviz.build(doubled.replace("e", "_"))  # names that are not an author's
    lines = list(map(unicode_text, statements(unnamed)))
    assert 1 < len(lines) < 11 and lines[0].startswith("v₆ = (") and max(map(len, lines)) < 100
    deep = adviz.build("sin(" * 300 + "x" + ")" * 300)
    lines = list(map(unicode_text, statements(deep)))
    assert lines[0] == f"v₄₀ = {'sin(' * 40}x{')' * 40}"
    assert statements(adviz.build("sin(" * 500 + "x" + ")" * 500)) == ()


def test_a_header_has_all_statements_and_the_title_where_they_are_too_many() -> None:
    page = header(stage(adviz.build({"p": "x*y", "q": "x - y"})))
    assert page.count('class="adviz-flow"') == 2 and 'class="adviz-statements is-several"' in page
    many = adviz.build(" + ".join(f"sin(x + {k})" for k in range(200)))
    assert statements(many) == ()
    trace = adviz.reverse("x*y", at={"x": 3, "y": 2})
    assert "<mn>3</mn>" in header(stage(trace)).partition("<span>at</span>")[2]


FLOWING: list[tuple[Any, str]] = [
    ("x + y", ""),
    ("alpha*sin(x1) + beta*cos(x2) - gamma", "=+−"),
    ("log(alpha*sin(x1) + beta*cos(x2))*exp(-gamma)", "=+"),
    ("sqrt(alpha*sin(x1) + beta*cos(x2) + gamma)", "="),
    ("log((alpha*sin(x1) + beta*cos(x2))/gamma)", "="),
    ("where(alpha > beta, sin(alpha*beta), cos(alpha*beta))", "=,,"),
    ("atan(cos(exp(tanh(sin(alpha + beta + gamma)))))", "=(("),
]
"""A formula, and the signs at which a line may break: what is short or high stays whole."""


@pytest.mark.parametrize(("source", "expected"), FLOWING)
def test_a_line_breaks_at_relations_and_at_sums(source: str, expected: str) -> None:
    (line,) = statements(adviz.build(source))
    pieces = flowing(line).split("<wbr>")
    before = [piece.removeprefix("<math><mo>")[:1] for piece in pieces[1:]]
    after = [piece.removesuffix("</mo></math>")[-1:] for piece in pieces[:-1]]
    signs = [a if a in ",(" else b for a, b in zip(after, before, strict=True)]
    assert "".join(signs) == expected
    assert mathml(line).count("<mi>") == flowing(line).count("<mi>")
