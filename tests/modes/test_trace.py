"""What a trace holds, beyond its numbers' laws."""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

import adviz
from adviz.modes.run import Run

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
        adviz.draw(adviz.second_order(g, at={"x": 1}))


def test_a_trace_is_pickled_whole() -> None:
    t = adviz.reverse(RUNNING, at=AT)
    again = pickle.loads(pickle.dumps(t))  # noqa: S301 - our own bytes
    assert again.gradient == t.gradient and again.graph == t.graph


@pytest.mark.parametrize("text", ["sqrt(x**2)", "cbrt(x**3)", "0*sqrt(x)", "x*sqrt(x)"])
@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_zero_times_infinity_is_never_a_silent_nan(text: str, mode: str) -> None:
    try:
        found = adviz.gradient(text, at={"x": 0}, mode=mode)  # type: ignore[arg-type]  # a mode
    except adviz.AdvizError as error:
        assert "undetermined" in str(error)
    else:
        assert found["x"] == 0


def test_a_derivative_outside_the_domain_is_nan_for_arrays() -> None:
    found = adviz.gradient("log(x)", at={"x": [1.0, -1.0, 2.0]})["x"]
    assert found[0] == 1 and math.isnan(found[1]) and found[2] == 0.5


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: adviz.evaluate("x", at=[1], errors="nope"), "errors = 'nope'"),  # type: ignore[arg-type]  # wrong on purpose
        (lambda: adviz.reverse("x*y", AT, 1j), "cotangent f = 1j is complex"),
        (lambda: adviz.forward("x*y", AT, {"x": "a"}), "direction x = 'a' is str"),
        (lambda: adviz.forward("x*y", AT, {"x": math.nan}), "x = nan is not finite"),
        (lambda: adviz.forward("x*y", AT, {"q": 1}), "direction: there is no input 'q'"),
        (lambda: adviz.reverse(["x", "y"], AT, [1, 2, 3]), "one number for each of f1, f2"),
        (lambda: adviz.gradient("x*y", {"x": [1, 2], "y": [1, 2, 3]}), "do not fit together"),
        (lambda: adviz.gradient("x*y", {"x": [1, 2], "y": 1}, digits=30), "x is an array"),
        (lambda: adviz.gradient("x**y", {"x": 0, "y": 2}, mode="symbolic"), "is no number"),
    ],
)
def test_bad_arguments_are_one_clear_error(call: Callable[[], object], words: str) -> None:
    with pytest.raises(adviz.AdvizError, match=words):
        call()


@pytest.mark.parametrize("errors", ["raise", "ieee"])
def test_an_array_is_judged_only_where_a_branch_is_taken(errors: str) -> None:
    t = adviz.reverse("where(x > 0, log(x), 0)", at={"x": [-1.0, 2.0]}, errors=errors)  # type: ignore[arg-type]  # one of the two
    assert set(t.status) == {"ok"}
    assert list(t.gradient["x"]) == [0, 0.5]
    with pytest.raises(adviz.AdvizError, match="log is undefined"):
        adviz.evaluate("where(x > 0, x, log(x))", at={"x": [-1.0, 2.0]}, errors="raise")


def test_a_branch_that_is_not_taken_may_hold_what_the_numbers_have_not() -> None:
    """Fractions have no exp, and need none here."""
    found = adviz.gradient("x*x if x > 0 else exp(x)", {"x": Fraction(1, 3)})
    assert found == {"x": Fraction(2, 3)}
    with pytest.raises(adviz.AdvizError, match="division by zero"):
        adviz.gradient("1/y*log(y)", {"y": Fraction(0)})


def test_a_run_starts_any_number_of_sweeps_from_its_values() -> None:
    run = Run(adviz.build("sqrt(x)*y"), {"x": 0.0, "y": 2.0}, errors="ieee")
    alone = run.evaluate()
    swept = run.reverse({"f": 1}, ["x", "y"])
    assert "pole" in swept.status and "pole" not in alone.status
    assert run.evaluate().steps == alone.steps and run.evaluate().status == alone.status
    assert run.forward({"y": 1}).tangent == 0.0
    assert run.reverse({"f": 1}, ["x", "y"]).steps == swept.steps


@pytest.mark.parametrize("verb", [adviz.evaluate, adviz.reverse])
def test_a_wrong_word_for_errors_is_said_before_a_wrong_point(verb: Any) -> None:
    with pytest.raises(adviz.AdvizError, match="errors = 'bad'; it is 'raise' or 'ieee'"):
        verb("x*y", {"x": 1}, errors="bad")
