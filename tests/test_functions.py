"""A user's own primitive is a row like any other."""

from __future__ import annotations

import math

import pytest

import adviz


def test_partials_are_derived_when_they_are_not_given() -> None:
    own = adviz.primitive("twist", "x*sin(y) + y**2")
    g = adviz.build("twist(a, b)*a", functions=[own])
    plain = adviz.build("(a*sin(b) + b**2)*a")
    at = {"a": 1.5, "b": -0.7}
    for mode in ("forward", "reverse", "symbolic"):
        assert adviz.gradient(g, at, mode=mode) == pytest.approx(adviz.gradient(plain, at))
    assert adviz.hessian(g, at)["a"] == pytest.approx(adviz.hessian(plain, at)["a"])


def test_given_partials_are_used() -> None:
    own = adviz.primitive("sq", "x*x", partials="2*x")
    assert adviz.gradient(adviz.build("sq(t)", functions=[own]), at=[3]) == {"t": 6.0}


def test_a_traced_function_can_call_it() -> None:
    own = adviz.primitive("half_swish", "x*sigmoid(x)/2")
    g = adviz.build(lambda t: own(t) + 1.0, functions=[own])
    assert g.row(1) is own
    assert adviz.evaluate(g, at=[2.0]).value == pytest.approx(1 + 1 / (1 + math.exp(-2)))


def test_called_with_a_number_it_has_its_value() -> None:
    assert adviz.primitive("cube", "x*x*x")(3.0) == 27.0


def test_it_is_checked_like_any_other() -> None:
    own = adviz.primitive("off", "exp(x)", partials="exp(x) + 0.01")
    assert adviz.check(adviz.build("off(t)", functions=[own])).verdict == "wrong rule"


def test_the_table_of_everybody_else_is_untouched() -> None:
    adviz.primitive("private", "x + 1")
    with pytest.raises(adviz.AdvizError, match="there is no function private"):
        adviz.build("private(x)")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("sin", "x"), "'sin' exists already"),
        (("lambda", "x"), "is not a name that a formula can call"),
        (("f", "z*2"), "z stands for a primitive's result"),
        (("f", "x +"), "formula"),
        (("f", "foo(x)"), "there is no function foo"),
    ],
)
def test_a_bad_row_is_refused(arguments: tuple[str, str], words: str) -> None:
    with pytest.raises(adviz.AdvizError, match=words):
        adviz.primitive(*arguments)


def test_a_bad_fact_is_refused() -> None:
    with pytest.raises(adviz.AdvizError, match="has no 'colour'"):
        adviz.primitive("f", "x", colour="red")
    with pytest.raises(adviz.AdvizError, match="has 1 arguments and 2 partials"):
        adviz.primitive("f", "x*x", partials=["1", "2"])


def test_a_name_that_a_library_knows_keeps_the_given_meaning() -> None:
    own = adviz.primitive("dist", "sqrt(x*x + 1)")
    g = adviz.build("dist(t)", functions=[own])
    assert adviz.evaluate(g, at=[0.0]).value == 1.0
    assert adviz.evaluate(g, at=[0.0], digits=30).value == 1


def test_a_row_of_ones_own_comes_before_an_alias() -> None:
    own = adviz.primitive("swish", "x*sigmoid(x)*2")
    g = adviz.build("swish(t)", functions=[own])
    assert adviz.evaluate(g, at=[1.0]).value == 2 * adviz.evaluate("silu(t)", at=[1.0]).value
