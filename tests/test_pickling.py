"""Every public noun is pickled and copied, and is then what it was."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any

import mpmath
import numpy as np
import pytest

import adviz

OWN = adviz.primitive("bent", "x*sigmoid(2*x)")
PROTOCOLS = range(2, pickle.HIGHEST_PROTOCOL + 1)


def pickled(noun: Any, protocol: int = pickle.HIGHEST_PROTOCOL) -> Any:
    return pickle.loads(pickle.dumps(noun, protocol))  # noqa: S301 - written a moment ago


WAYS: dict[str, Callable[[Any], Any]] = {
    **{f"pickled by {number}": partial(pickled, protocol=number) for number in PROTOCOLS},
    "copied": copy.deepcopy,
}
TRACES: dict[str, Callable[[], adviz.Trace]] = {
    "floats": lambda: adviz.reverse("sin(x)*y", {"x": 1.0, "y": 2.0}),
    "many digits": lambda: adviz.reverse("sin(x)*y", {"x": 1, "y": 2}, digits=50),
    "forward": lambda: adviz.forward("sin(x)*y", {"x": 1, "y": 2}, "x", digits=30),
    "values": lambda: adviz.evaluate("sin(x)*y", {"x": 1, "y": 2}, digits=30),
    "mpmath": lambda: adviz.reverse("sin(x)", {"x": mpmath.mpf(1) / 3}),
    "Fractions": lambda: adviz.reverse("x*x/3", {"x": Fraction(1, 3)}),
    "arrays": lambda: adviz.reverse("sin(x)", {"x": np.array([1.0, 2.0])}),
    "infinite": lambda: adviz.evaluate("1/x", {"x": 0}, digits=30, errors="ieee"),
    "own rows": lambda: adviz.reverse(adviz.build("bent(x)", functions=[OWN]), {"x": 1.0}),
}
NOUNS: dict[str, Callable[[], Any]] = {
    "graph": lambda: adviz.build("a = x*y; sin(a)"),
    "graph of a callable": lambda: adviz.build(lambda x: x[0] * x[1], shapes={"x": 2}),
    "chart": lambda: adviz.step_errors("x*x", at={"x": 1.0}, steps=[0.5]),
    "family": lambda: adviz.compare_family("logistic", [2, 3]),
    "comparison": lambda: adviz.compare("x*y", at={"x": 1, "y": 2}),
    "kernel": lambda: adviz.compile("x*y"),
    "Python's kernel": lambda: adviz.compile("x*y", target="python"),
    "report": lambda: adviz.check("sin(x)", gradient={"x": "cos(x) + 1"}, points=2),
    "scenario": lambda: adviz.Scenario(function="x*y", at={"x": 1, "y": 2}),
    "table": lambda: adviz.table(TRACES["many digits"]()),
    "elimination": lambda: adviz.eliminate("sin(x)*y", {"x": 1, "y": 2}, digits=50),
    "schedule": lambda: adviz.checkpoint("a = sin(x); sin(a)", 1),
    "descent": lambda: adviz.descend("(x - y)**2", at={"x": 1, "y": 2}, rate=0.1, steps=2),
    "paths": lambda: adviz.paths("sin(x)*y", {"x": 1, "y": 2}, digits=50),
    "alignment": lambda: adviz.align("sin(x)*y"),
    "exercise": lambda: adviz.exercise(TRACES["many digits"]()),
    "marks": lambda: adviz.exercise(TRACES["floats"]()).mark({"df/dx": 3}),
    "drawing": lambda: adviz.draw("x*y"),
    "drawn trace": lambda: adviz.draw(TRACES["many digits"]()),
    "animation": lambda: adviz.animate(TRACES["floats"]()),
    "animation of digits": lambda: adviz.animate(TRACES["many digits"]()),
    "primitive": lambda: OWN,
    "expressions": lambda: adviz.symbolic("sin(x)*y"),
    "derivatives": lambda: adviz.gradient("sin(x)", {"x": 1}, digits=50),
    "step": lambda: TRACES["many digits"]().steps[-1],
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", TRACES)
def test_a_trace_is_what_it_was(kind: str, way: str) -> None:
    trace = TRACES[kind]()
    again = WAYS[way](trace)
    assert repr(again) == repr(trace)
    assert again.graph == trace.graph
    assert again.status == trace.status
    np.testing.assert_equal([*again.values], [*trace.values])
    np.testing.assert_equal([[*one] for one in again.steps], [[*one] for one in trace.steps])
    if trace.mode == "reverse":
        np.testing.assert_equal(again.gradient, trace.gradient)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", NOUNS)
def test_a_noun_shows_itself_as_it_did(kind: str, way: str) -> None:
    noun = NOUNS[kind]()
    again = WAYS[way](noun)
    assert type(again) is type(noun)
    assert repr(again) == repr(noun)
    assert str(again) == str(noun)
    if hasattr(noun, "_repr_html_"):
        assert again._repr_html_() == noun._repr_html_()


def test_a_pickled_number_computes_with_its_digits() -> None:
    (slope,) = adviz.gradient("sin(x)", {"x": 1}, digits=50).values()
    again = pickled(slope)
    assert type(again) is type(slope)
    assert again == slope
    assert str(again / 3) == str(slope / 3)
