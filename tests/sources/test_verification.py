"""Trust, then verify: a graph that is not the callable is refused, with both numbers and the line.

What tracing does right one day is right here too: the law is that a graph gives what the callable
gives, or there is no graph.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from scipy import special
from test_kinds import SCALARS, VECTORS

import adviz
from adviz import functions
from adviz.errors import AdvizError, TracingError

Callee = Callable[..., Any]
VECTOR = [3.7, 1.2, 2.9]


def cast(x: Any) -> Any:
    doubled = x * 2
    total = np.sum(doubled.astype(int))
    return total * doubled[0]


def branched(t: Any) -> Any:
    if hasattr(t, "tape"):
        t = t + 1
    return t * 2


TRAPS: Mapping[str, tuple[Callee, Mapping[str, Any]]] = {
    **{f"a number, {i}": (f, {"t": at}) for i, (f, at) in enumerate(SCALARS)},
    **{f"an array, {i}": (f, {"x": [*at]}) for i, (f, at, _) in enumerate(VECTORS)},
    "cast in a line": (cast, {"x": VECTOR}),
    "branch": (branched, {"t": 1.0}),
}
"""Whatever asks a value what it is."""


def plain(at: Mapping[str, Any]) -> dict[str, Any]:
    return {n: np.array(v) if isinstance(v, list) else v for n, v in at.items()}


def lengths(at: Mapping[str, Any]) -> dict[str, int]:
    return {name: len(value) for name, value in at.items() if isinstance(value, list)}


@pytest.mark.parametrize(("function", "at"), TRAPS.values(), ids=TRAPS)
@pytest.mark.parametrize("known", [True, False], ids=["at a point", "without"])
def test_a_graph_is_the_function_or_refused(
    function: Callee, at: Mapping[str, Any], known: bool
) -> None:
    try:
        graph = adviz.build(function, **({"at": at} if known else {"shapes": lengths(at)}))
    except AdvizError:
        return
    assert adviz.evaluate(graph, at).value == pytest.approx(float(function(**plain(at))))


VERBS: Mapping[str, Callee] = {
    "build": lambda f, at, **o: adviz.build(f, at=at, **o),
    "evaluate": adviz.evaluate,
    "forward": adviz.forward,
    "reverse": adviz.reverse,
    "gradient": adviz.gradient,
    "jacobian": adviz.jacobian,
    "jvp": lambda f, at, **o: adviz.jvp(f, at, "t", **o),
    "vjp": adviz.vjp,
    "hessian": adviz.hessian,
    "hvp": lambda f, at, **o: adviz.hvp(f, at, "t", **o),
    "check": lambda f, at, **o: adviz.check(f, at=at, **o),
    "compile": lambda f, at, **o: adviz.compile(f, **o),
    "derivative_graph": lambda f, at, **o: adviz.derivative_graph(f, **o),
    "symbolic": lambda f, at, **o: adviz.symbolic(f, **o),
}


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_every_verb_verifies_unless_told_not_to(verb: Callee) -> None:
    with pytest.raises(TracingError, match=r"branched is not what was traced: at t = .* it gives"):
        verb(branched, {"t": 1.0})
    verb(branched, {"t": 1.0}, verify=False)


def test_a_refusal_shows_both_numbers_the_point_and_the_line() -> None:
    words = (
        r"^branched is not what was traced: at t = 1.0 it gives 2.0, its graph 4.0; they part at "
        r'line \d+ of branched in test_verification.py, "if hasattr\(t, "tape"\):"; '
        r"use adviz.functions .*, or verify=False to keep the graph$"
    )
    with pytest.raises(TracingError, match=words):
        adviz.gradient(branched, {"t": 1.0})


def test_each_part_of_a_source_is_verified() -> None:
    with pytest.raises(TracingError, match="branched is not what was traced"):
        adviz.build({"p": lambda t: t, "q": branched})


def test_only_the_outputs_that_differ_are_shown() -> None:
    def pair(t: Any) -> dict[str, Any]:
        return {"p": t, "q": branched(t)}

    with pytest.raises(TracingError, match=r"it gives q = 2.0, its graph q = 4.0;"):
        adviz.build(pair, at={"t": 1.0})


# --- not deterministic ---------------------------------------------------------------------------


class Counter:
    """Remembers how often it was called."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, x: Any) -> Any:
        self.calls += 1
        return math.sin(x) * self.calls


def growing() -> Callee:
    kept: list[float] = []

    def f(x: Any) -> Any:
        kept.append(1.0)
        return x * len(kept)

    return f


def switching() -> Callee:
    state = itertools.cycle([1.0, 2.0])
    return lambda x: x * next(state)


RESTLESS: Mapping[str, Callable[[], Callee]] = {
    "a list that grows": growing,
    "an object that counts": Counter,
    "a switch": switching,
    "a random number": lambda: lambda x: x * random.random(),
    "a generator": lambda: (lambda draws: lambda x: x * draws.random())(np.random.default_rng(0)),
}


@pytest.mark.parametrize("make", RESTLESS.values(), ids=RESTLESS)
@pytest.mark.parametrize("at", [{"x": 1.5}, None], ids=["at a point", "without"])
def test_a_function_with_two_values_for_one_point_is_refused(
    make: Callable[[], Callee], at: Any
) -> None:
    with pytest.raises(TracingError, match=r"is not deterministic: at x = .* called again"):
        adviz.build(make(), at=at)


def test_a_seeded_generator_is_a_function() -> None:
    graph = adviz.build(lambda x: x * random.Random(1).random(), at={"x": 1.5})
    assert adviz.evaluate(graph, {"x": 2.0}).value == 2 * random.Random(1).random()


# --- what must not be refused --------------------------------------------------------------------

WIDE = np.random.default_rng(1).normal(size=2000) * 10.0 ** (np.arange(2000) % 10)

RIGHT: Mapping[str, tuple[Callee, Mapping[str, Any]]] = {
    "a sum in another order": (lambda x: np.sum(x), {"x": WIDE}),
    "a sum that cancels": (lambda x: np.sum(x) - np.sum(x[::-1]), {"x": WIDE}),
    "a product in another order": (lambda x: np.prod(x), {"x": WIDE[:50] / 1e9}),
    "a dot product": (lambda x: x @ x[::-1], {"x": WIDE}),
    "a norm": (lambda x: np.linalg.norm(x), {"x": WIDE}),
    "a cancelled difference": (lambda x: (1 - np.cos(x)) / x**2, {"x": 1e-7}),
    "a branch at the point": (lambda x: x if x > 1 else math.sqrt(x), {"x": 0.5}),
    "a choice": (lambda x: functions.where(x > 0, functions.log(x), 0), {"x": -1.0}),
    "adviz's functions": (lambda x: functions.erf(x) + functions.sigmoid(x), {"x": 0.3}),
    "several outputs": (lambda x, y: {"p": x * y, "q": [x, y]}, {"x": 1.0, "y": 2.0}),
    "an array of outputs": (lambda x: np.sin(x), {"x": VECTOR}),
    "a matrix": (lambda a, x: (a @ x) @ x, {"a": [[1.0, 2.0], [3.0, 4.0]], "x": [1.0, 2.0]}),
    "a pole": (lambda x: 1 / (1 / x), {"x": 3.0}),
    "a number from an int": (lambda x: x + 1, {"x": 3}),
}


@pytest.mark.parametrize(("function", "at"), RIGHT.values(), ids=RIGHT)
def test_what_rounding_explains_is_accepted(function: Callee, at: Mapping[str, Any]) -> None:
    assert adviz.build(function, at=at) == adviz.build(function, at=at, verify=False)


@pytest.mark.parametrize("domain", [math.log, math.asin, math.acosh, math.sqrt, math.atanh])
def test_points_are_drawn_where_the_function_is_defined(domain: Callee) -> None:
    called: list[float] = []

    def f(x: Any, y: Any) -> Any:
        if not hasattr(x, "tape"):
            called.append(x)
        return domain(x) + math.log(y) * math.acos(y)

    adviz.build(f)
    assert len(called) == 3 and len(set(called)) == 3


def test_the_cost_is_one_call() -> None:
    called: list[Any] = []

    def f(x: Any) -> Any:
        called.append(x)
        return x * x

    adviz.gradient(f, {"x": 3})
    assert called[1:] == [3.0] and type(called[1]) is float
    called.clear()
    adviz.gradient(f, {"x": 3}, verify=False)
    assert len(called) == 1


def test_where_neither_has_a_value_the_graph_says_why() -> None:
    with pytest.raises(AdvizError, match=r"log is undefined at -1.0 \(node x"):
        adviz.evaluate(lambda x: math.log(x), {"x": -1.0})


def test_an_exception_at_the_point_names_the_point() -> None:
    def strict(x: Any) -> Any:
        if x > 1:
            raise RuntimeError("too large")
        return x

    def late(x: Any) -> Any:
        if not hasattr(x, "tape"):
            raise RuntimeError("no floats")
        return x

    for function, words in ((strict, "too large"), (late, "no floats")):
        with pytest.raises(RuntimeError, match=words) as caught:
            adviz.gradient(function, {"x": 3.0})
        name = function.__name__
        assert caught.value.__notes__ == [f"raised by {name} at {{'x': 3.0}}"]


def test_an_exception_that_plain_numbers_do_not_raise_is_tracings() -> None:
    def picky(x: Any) -> Any:
        return {True: 2.0}[not hasattr(x, "tape")] * x

    words = r"^picky cannot be traced: KeyError: .*, which plain numbers do not raise \(line \d+ of"
    with pytest.raises(TracingError, match=words):
        adviz.build(picky)


# --- frameworks ----------------------------------------------------------------------------------


def foreign(package: str) -> Any:
    """Return a framework whose functions take its own arrays alone."""
    framework = ModuleType(package)
    framework.sin = bytes.fromhex  # type: ignore[attr-defined]  # compiled, and takes no floats
    return framework


@pytest.mark.parametrize(("package", "name"), [("torch", "PyTorch"), ("jax", "JAX")])
@pytest.mark.parametrize(
    "at", [{"x": 1.5}, {"x": [1.5, 2.0]}, None], ids=["at a point", "of a vector", "without"]
)
def test_a_function_of_a_framework_says_what_to_do(package: str, name: str, at: Any) -> None:
    framework = foreign(package)
    words = rf"computes with {name}, whose .*; write it with math, NumPy .* as gradient="
    with pytest.raises(TracingError, match=words):
        adviz.build(lambda x: framework.sin(x) * x, at=at)


@pytest.mark.parametrize("at", [{"x": 2.0}, None], ids=["at a point", "without"])
def test_a_function_that_takes_no_plain_numbers_is_refused(at: Any) -> None:
    words = (
        r"^the lambda is not what was traced: at x = .* it raises AttributeError: .*'sin' "
        r"\(line \d+ of the lambda .*verify=False to keep the graph$"
    )
    with pytest.raises(TracingError, match=words):
        adviz.build(lambda x: x.sin() + 1, at=at)
    assert adviz.build(lambda x: x.sin() + 1, at=at, verify=False).text == "f(x) = sin(x) + 1"


def test_where_a_function_leaves_its_domain_the_graph_says_so() -> None:
    assert adviz.build(lambda d: special.huber(d, 2.0)).text == "f(d) = huber(d, 2.0)"
    with pytest.raises(AdvizError, match="huber is undefined at"):
        adviz.evaluate(lambda d: special.huber(d, 2.0), {"d": -1.0})


def test_an_exception_beside_a_framework_is_still_ones_own() -> None:
    framework = foreign("torch")

    def f(x: Any) -> Any:
        raise ValueError(f"mine, not {framework.__name__}'s")

    with pytest.raises(ValueError, match=r"^mine"):
        adviz.build(f)
