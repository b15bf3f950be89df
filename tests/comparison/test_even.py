"""The verbs of comparison side by side: what they are asked with, and what they say."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import pytest

import adviz
from adviz.errors import AdvizError
from adviz.graph.typed import typed
from adviz.modes.verbs import with_output

TWO = {"p": "x*y", "q": "x*sin(y)"}
AT = {"x": 2.0, "y": 0.5}


# One line for each verb that takes one of several outputs: what it finds.
OF: dict[str, Callable[..., Any]] = {
    "compare": lambda source, **of: [
        (row.way, row.counts, row.ulps) for row in adviz.compare(source, AT, **of).rows
    ],
    "eliminate": lambda source, **of: adviz.eliminate(source, AT, **of).to_json()["jacobian"],
    "taylor": lambda source, **of: adviz.taylor(source, AT, "x", 3, **of).to_json()["coefficients"],
    "descend": lambda source, **of: adviz.descend(source, AT, rate=0.1, steps=2, **of).parameters,
}


@pytest.mark.parametrize("verb", OF)
def test_one_of_several_outputs_is_as_if_it_were_alone(verb: str) -> None:
    assert OF[verb](TWO, of="q") == OF[verb]({"q": TWO["q"]})


@pytest.mark.parametrize("verb", OF)
def test_an_unknown_output_is_told(verb: str) -> None:
    with pytest.raises(AdvizError, match=r"^there is no output 'r'; outputs are p, q$"):
        OF[verb](TWO, of="r")


def test_a_graph_of_one_output_keeps_names_inputs_and_places() -> None:
    graph = adviz.build("a = x*y; b = sin(z); a, b")
    label = list(graph.outputs)[1]
    one = with_output(graph, label)
    assert (list(one.inputs), list(one.names)) == (["x", "y", "z"], ["x", "y", "z", "b"])
    assert one.sources[one.outputs[label]] == graph.sources[graph.outputs[label]]  # type: ignore[index]
    assert with_output(one, label) is one


def test_a_point_is_the_second_argument_everywhere() -> None:
    assert adviz.check("x*y", AT).headline == adviz.check("x*y", at=AT).headline
    assert adviz.descend("x**2", {"x": 1.0}, rate=0.1, steps=1).parameters == {"x": 0.8}


def test_a_table_of_a_taylor_expansion_is_its_own() -> None:
    t = adviz.taylor("exp(x)*y", AT, "x", 3)
    assert str(adviz.table(t)) == str(t.table) == str(t)


INF = {"x": math.inf}
SAID: tuple[tuple[Callable[[], Any], str], ...] = (
    (lambda: adviz.eliminate("x*x", INF), "x = inf is not finite"),
    (lambda: adviz.paths("x*x", INF), "x = inf is not finite"),
    (lambda: adviz.step_errors("x*x", INF), "x = inf is not finite"),
    (lambda: adviz.compare("x*x", INF), "x = inf is not finite"),
    (lambda: adviz.step_errors("exp(x)", {"x": 1000.0}),
     "overflow: exp of 1000.0 is too large for float64 (node v1 = exp(x), columns 1-6 of the "
     "formula)"),
    (lambda: adviz.eliminate("exp(x)", {"x": 1000.0}),
     "overflow: exp of 1000.0 is too large for float64 (node v1 = exp(x), columns 1-6 of the "
     "formula); pass digits=50 to compute it"),
    (lambda: adviz.descend(TWO, AT, rate=0.1), "one output is the loss: of= one of p, q"),
    (lambda: adviz.descend("(w*x + b - y)**2", {"w": 0}, data={"x": [1.0], "y": [2.0]}, rate=0.1),
     "b: neither in at=, where each parameter starts, nor in data="),
    (lambda: adviz.descend("log(w)", {"w": 1.0}, rate=0.1),
     "the descent left the domain of the loss at step 6 (start elsewhere, or learn the logarithm "
     "of a parameter that must be above 0): log is undefined at -0.0015697823025028201 (node w, "
     "column 5 of the formula); its argument must be > 0"),
)  # fmt: skip


@pytest.mark.parametrize("number", range(len(SAID)))
def test_an_error_advises_only_what_its_verb_has(number: int) -> None:
    wrong, words = SAID[number]
    with pytest.raises(AdvizError, match=f"^{re.escape(words)}$"):
        wrong()


def fails(at: int) -> float:
    """A function of the user's that fails at 3."""
    return 1 / (at - 3)


NOTED: tuple[tuple[Callable[[], Any], str], ...] = (
    (lambda: adviz.compare_family(lambda n: f"x*{fails(n)}", [4, 3]), "raised at size 3"),
    (lambda: adviz.compare_family(lambda n: "x*x", [3], at=fails), "raised at size 3"),
    (lambda: adviz.descend("w**2", {"w": 1.0}, rate=lambda k: 0.1 + 0 * fails(k)),
     "raised by the rate at step 3"),
)  # fmt: skip


@pytest.mark.parametrize("number", range(len(NOTED)))
def test_a_function_that_fails_says_at_which_size_or_step(number: int) -> None:
    wrong, note = NOTED[number]
    with pytest.raises(ZeroDivisionError) as raised:
        wrong()
    assert raised.value.__notes__ == [note]


TYPED = ["sin(x*y)*x + exp(x*y)/y", "a = x*y; a*a + sin(a*a)*(a*a)"]
# One line for each noun whose data names its formula.
FORMULA_OF: dict[str, Callable[[Any], Any]] = {
    "compare": adviz.compare,
    "eliminate": lambda graph: adviz.eliminate(graph, AT),
    "paths": adviz.paths,
    "align": adviz.align,
    "checkpoint": lambda graph: adviz.checkpoint(graph, snapshots=2),
    "descend": lambda graph: adviz.descend(graph, AT, rate=0.01, steps=1),
    "check": lambda graph: adviz.check(graph, at=AT),
}


@pytest.mark.parametrize("noun", FORMULA_OF)
@pytest.mark.parametrize("formula", TYPED)
def test_data_has_the_formula_as_it_is_typed(formula: str, noun: str) -> None:
    graph = adviz.build(formula)
    found = FORMULA_OF[noun](graph)
    said = found.to_json()["formula"]
    assert "_1" not in said and adviz.build(said) == getattr(found, "graph", graph)


def test_a_formula_that_would_grow_long_is_named() -> None:
    def doubled(x: float) -> float:
        for _ in range(100):
            x = math.sin(x) + x
        return x

    graph = adviz.build(doubled)
    assert "_1 = " in typed(graph) and adviz.build(typed(graph)) == graph
