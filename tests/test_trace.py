"""What a trace holds, beyond its numbers' laws."""

from __future__ import annotations

import pytest

import adviz

RUNNING = "(x + y)*(x - y)"
AT = {"x": 3, "y": 2}


def test_the_running_example_in_forward_mode() -> None:
    t = adviz.forward("a = x + y; b = x - y; a*b", at=AT, direction="x")
    assert (t.value, *(t.tangents or ())[2:4], t.tangent) == (5, 1, 1, 6)


def test_the_running_example_in_reverse_mode() -> None:
    t = adviz.reverse("a = x + y; b = x - y; a*b", at=AT)
    assert t.gradient == {"x": 6, "y": -4}
    assert t.adjoints and (t.adjoints["a"], t.adjoints["b"]) == (1, 5)
    products = [(s.edge.tail, s.product, s.number) for s in t.steps if s.edge]
    assert products == [(2, 1, 1), (3, 5, 5), (0, 5, 5), (1, -5, -5), (0, 1, 6), (1, 1, -4)]


def test_inputs_nobody_asked_for_have_no_adjoint() -> None:
    t = adviz.reverse("x*y + z*0", at={"x": 2, "y": 3, "z": 1}, wrt="x")
    assert t.gradient == {"x": 3.0}
    assert t.adjoints and t.adjoints["y"] is None


def test_an_unused_input_has_gradient_0() -> None:
    assert adviz.gradient("f(x, y) = x*x", at=AT) == {"x": 6.0, "y": 0.0}


def test_numbers_are_found_by_name_symbol_output_and_node() -> None:
    t = adviz.reverse(RUNNING, at=AT)
    assert t.values["v1"] == t.values[2] == 5 and t.values["f"] == 5
    with pytest.raises(adviz.AdvizError, match="no node is called 'q'"):
        t.values["q"]


def test_evaluating_twice_disturbs_nothing() -> None:
    g = adviz.build(RUNNING)
    assert adviz.reverse(g, at=AT).steps == adviz.reverse(g, at=AT).steps


def test_a_picture_that_nobody_could_read_is_refused() -> None:
    g = adviz.build("+".join(f"x*{i}" for i in range(20_000)))
    with pytest.raises(adviz.AdvizError, match=r"a picture of \d+ nodes cannot be read"):
        adviz.draw(g)
