"""A partial is needed only where some way leads from a wanted input to its argument."""

from __future__ import annotations

import re

import numpy as np
import pytest

import adviz
from adviz.compiler.flat.nodes import Arrays
from adviz.errors import DomainError
from adviz.modes.linear import active
from adviz.primitives import TABLE

Point = dict[str, float]

CASES = [
    ("x**floor(y)", {"x": -2, "y": 3.5}, {"x": 12, "y": 0}),
    ("(-2.0)**trunc(x)", {"x": 1.25}, {"x": 0}),
    ("cot(e)**(e - e)", {"e": -1}, {"e": 0}),
    ("x**(y//n)", {"x": -2, "y": 7.5, "n": 2}, {"x": 12, "y": 0, "n": 0}),
    ("x**(3*sign(y))", {"x": -2, "y": 3.5}, {"x": 12, "y": 0}),
    ("x**(floor(y) + ceil(x/4)) + y", {"x": -2, "y": 3.5}, {"x": 12, "y": 1}),
    ("x**where(y > 0, 3, 2)", {"x": -2, "y": 1}, {"x": 12, "y": 0}),
    ("x**copysign(3, y)", {"x": -2, "y": 1}, {"x": 12, "y": 0}),
    # nor is one of its own, though what leads there is infinite
    ("x + ceil(sqrt(z) + 0.5)", {"x": 1, "z": 0}, {"x": 1, "z": 0}),
    ("1//asin(y)", {"y": 1}, {"y": 0}),
    ("x + (sqrt(z) - sqrt(z))", {"x": 1, "z": 0}, {"x": 1, "z": 0}),
    # a branch that is not taken is no way either
    ("(y // n)**where(n > y, y, 0)", {"y": 3.2, "n": -1}, {"y": 0, "n": 0}),
    ("x**where(y > 0, y, 3)", {"x": -2, "y": -1}, {"x": 12, "y": 0}),
    ("sqrt(where(x > 0, x, 0)) + y", {"x": -1, "y": 2}, {"x": 0, "y": 1}),
]


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize(("text", "at", "slopes"), CASES)
def test_what_is_constant_piece_by_piece_needs_no_partial(
    text: str, at: Point, slopes: Point, mode: str
) -> None:
    assert adviz.gradient(text, at, mode=mode) == slopes  # type: ignore[arg-type]  # a mode
    many = {name: np.array([value, value], float) for name, value in at.items()}
    found = adviz.gradient(text, many, mode=mode)  # type: ignore[arg-type]  # a mode
    assert {name: list(number) for name, number in found.items()} == {
        name: [slope, slope] for name, slope in slopes.items()
    }


@pytest.mark.parametrize(("text", "at", "slopes"), CASES)
def test_kernels_graphs_and_check_need_none_either(text: str, at: Point, slopes: Point) -> None:
    assert adviz.compile(text)(**at)[1] == slopes
    values = adviz.evaluate(adviz.derivative_graph(text), at=at).value
    assert {name: values[f"df/d{name}"] for name in slopes} == slopes
    right = ("agrees", "witness failed")  # differences step out of the domain at its border
    assert adviz.check(text, at=at).verdict in right


@pytest.mark.parametrize(
    ("text", "at", "inputs"),
    [
        ("x**y", {"x": -2, "y": 3}, "y"),
        ("(x - 4)**(y*z + floor(w))", {"x": 2, "y": 3, "z": 1, "w": 2}, "y, z"),
        ("x**(where(u > 0, v, w) + 1)", {"x": -2, "u": 1, "v": 2, "w": 3}, "v"),
        ("x**(x + y)", {"x": -2, "y": 5}, "x, y"),
    ],
)
def test_an_error_names_the_inputs_to_leave_out(text: str, at: Point, inputs: str) -> None:
    with pytest.raises(DomainError) as caught:
        adviz.gradient(text, at)
    said = str(caught.value)
    assert said.startswith(f"the derivative by {inputs} does not exist at ")
    assert said.endswith(f"; leave {inputs} out of wrt=")
    rest = [name for name in at if name not in inputs.split(", ")]
    assert adviz.gradient(text, at, wrt=rest).keys() == set(rest)


def test_the_node_is_named_as_the_place_alone() -> None:
    words = (
        "the derivative by y, z does not exist at v1 = -2.0, v2 = 3.0 "
        "(node v3 = v1**v2, columns 1-12 of the formula, by v2); leave y, z out of wrt="
    )
    with pytest.raises(DomainError, match=re.escape(words)):
        adviz.gradient("(x-4)**(y*z)", {"x": 2, "y": 3, "z": 1})


@pytest.mark.parametrize("row", TABLE)
def test_a_partial_that_is_one_number_is_known_to_be(row: str) -> None:
    """What `slopes` says of a row is what its rule gives."""
    from adviz.numbers import FLOAT64

    primitive = TABLE[row]
    for position, slope in enumerate(primitive.slopes):
        if slope is not None and primitive.differentiable(position):
            rule = FLOAT64.partial(primitive, position)
            assert rule(*[0.5] * primitive.arity, 2.0) == slope


@pytest.mark.parametrize("text", [*dict.fromkeys(text for text, _, _ in CASES), "x - x", "-x + x"])
def test_flat_loops_know_the_same_ways(text: str) -> None:
    graph = adviz.build(text)
    for node in graph.inputs.values():
        assert Arrays(graph)._active([node]).astype(int).tolist() == list(active(graph, [node]))


BY_AN_ORDER = {"polygamma(n, x)": 1, "besselj(2*n, x)": 1, "gegenbauer(2, n, x)": 2}


def kernel_source(graph: adviz.Graph) -> str:
    return adviz.compile(graph).source


@pytest.mark.parametrize(("text", "place"), BY_AN_ORDER.items())
def test_there_is_no_derivative_by_an_order(text: str, place: int) -> None:
    graph, at = adviz.build(text), {"n": 1.5 if "geg" in text else 1.0, "x": 0.5}
    said = f"has no derivative by its argument {place}, .*, to which n leads; leave n out of wrt="
    for mode in ("forward", "reverse", "symbolic"):
        with pytest.raises(DomainError, match=said):
            adviz.gradient(graph, at, mode=mode)
    for differentiate in (adviz.symbolic, adviz.derivative_graph, kernel_source):
        with pytest.raises(DomainError, match=said):
            differentiate(graph)
    with pytest.raises(DomainError, match=said):
        adviz.check(graph, at=at)
    assert set(adviz.gradient(graph, at, wrt=["x"])) == {"x"}


def test_a_rounded_number_may_be_an_order() -> None:
    for mode in ("forward", "reverse"):
        slopes = adviz.gradient("besselj(floor(n), x)", {"n": 1.5, "x": 2.0}, mode=mode)
        assert slopes["n"] == 0 and slopes["x"] == pytest.approx(-0.0644716247372)
