"""Witnesses: on right derivatives none differs; on wrong ones those that know say so."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping
from decimal import Decimal

import pytest
import sympy
from corpus import CORPUS, Formula
from laws import points
from traps import TRAPS, Trap

import adviz
from adviz.checking.finding import Statement
from adviz.checking.truth.agreement import decimal
from adviz.checking.truth.truth import Oracle
from adviz.checking.witnesses import (
    PROOFS,
    WITNESSES,
    Question,
    given_out,
    statements,
    taylor_rate,
)
from adviz.graph.graph import Graph
from adviz.language.labels import Key
from adviz.numbers import COMPLEX, FLOAT64, multiprecision, symbols
from adviz.primitives import TABLE, Primitive

X = Key("f", "x")
FORMULAS = random.Random(3).sample(CORPUS, 36)
NAMES = [witness.name for witness in WITNESSES]


def asked(graph: Graph, key: Key, at: Mapping[str, float], **more: object) -> Question:
    """Return a case with its truth."""
    truth = Oracle(graph, list(graph.inputs)).truths(at)[key]
    value = decimal(truth.value) if truth.value.context.isfinite(truth.value) else None
    return Question(graph, key, at, truth=value, digits=truth.digits, **more)  # type: ignore[arg-type]  # its fields


def heard(case: Question) -> dict[str, Statement]:
    """Return every witness's statement by name."""
    return {one.witness: one for one in statements(case)}


# --- on right derivatives -------------------------------------------------------------------------


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula.name)
def test_witnesses_of_a_right_derivative_never_differ(formula: Formula) -> None:
    source = random.Random(formula.name)
    graph = adviz.build(formula.text)
    at = {name: source.uniform(*formula.ranges[name]) for name in graph.inputs}
    key = Key(next(iter(graph.outputs)), source.choice(list(graph.inputs)))
    said = heard(asked(graph, key, at))
    assert list(said) == NAMES
    assert said["sympy.N"].verdict == "agrees" or "more than" in said.pop("sympy.N").remark
    assert {one.verdict for one in said.values()} <= {"agrees", "failed"}
    assert said["replay"].verdict == said["Taylor"].verdict == "agrees"


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula.name)
def test_proofs_of_a_right_derivative_never_differ(formula: Formula) -> None:
    graph = adviz.build(formula.text)
    for proof in PROOFS:
        for name in graph.inputs:
            said = proof.states(graph, Key(next(iter(graph.outputs)), name))
            assert said.verdict == "agrees" or (said.verdict == "silent" and said.remark)


@pytest.mark.parametrize("count", [3, 12, 40])
def test_a_proof_takes_as_many_generators_as_it_needs(count: int) -> None:
    graph = adviz.build(" + ".join(f"sin({k}*x)" for k in range(1, count + 1)))
    assert PROOFS[1].states(graph, X).verdict == "agrees"


@pytest.mark.parametrize("trap", TRAPS, ids=str)
def test_a_trap_makes_no_witness_differ(trap: Trap) -> None:
    graph = adviz.build(trap.text)
    at = {name: float(value) for name, value in trap.at.items()}
    truths = Oracle(graph, list(graph.inputs)).truths(at)
    for key, truth in truths.items():
        if truth.settled:
            for one in heard(asked(graph, key, at)).values():
                assert one.verdict != "differs", one
                assert one.remark or one.verdict == "agrees"


FAILURES = [
    # what finite differences say where they cannot give a digit: the reason, in their words
    ("1e16 + x", 0.0, "rounding"),
    ("1e16 + x", 1.0, "rounding"),
    ("sin(1e20*x)", 1.0, "too large for how the function bends"),
    ("floor(x)", 1 - 2**-53, "kink"),
    ("log(x - 1)", 1 + 2**-50, "domain"),
    ("x*1e-200*1e-200*1e300", 1.0, "underflow"),
    ("cos(x)", 1e-20, "rounding"),
]


@pytest.mark.parametrize(("text", "x", "reason"), FAILURES)
def test_finite_differences_say_why_they_fail(text: str, x: float, reason: str) -> None:
    said = heard(asked(adviz.build(text), X, {"x": x}))["Ridders"]
    assert said.verdict == "failed"
    assert reason in said.remark


SURVIVED = [
    ("sin(1e8*x)", 1.0),
    ("exp(50*x)", 10.0),
    ("abs(x - 1e-9)", 0.0),
    ("x*1e-200", 1.0),
    ("sqrt(x)", 1e-20),
    ("tanh(1000*x)", 0.001),
    ("1/x", 1e-8),
    ("x**3", 0.0),
    ("1e-12*sin(1e8*x) + x", 1.0),
    ("gamma(x)", -3.3),
]


@pytest.mark.parametrize(("text", "x"), SURVIVED)
def test_finite_differences_know_their_error(text: str, x: float) -> None:
    case = asked(adviz.build(text), X, {"x": x})
    said = heard(case)["Ridders"]
    assert said.verdict == "agrees"
    assert said.error <= max(1e-4 * abs(float(case.truth or 0)), 1e-13)


def test_ill_conditioned_modes_are_known_to_have_lost_their_digits() -> None:
    said = heard(asked(adviz.build("(1 - cos(x))/x**2"), X, {"x": 1e-6}))
    lost = {name for name, one in said.items() if one.verdict == "failed"}
    assert lost == {"forward", "reverse", "SymPy", "complex step"}
    assert {said[name].verdict for name in NAMES if name not in lost} == {"agrees"}


@pytest.mark.parametrize("name", ["complex step", "Ridders", "Taylor"])
def test_a_kink_makes_silent(name: str) -> None:
    said = heard(asked(adviz.build("abs(x) + x"), X, {"x": 0.0}))[name]
    assert (said.verdict, "kink" in said.remark) == ("silent", True)


def test_without_a_truth_nobody_is_judged() -> None:
    said = statements(Question(adviz.build("x**2"), X, {"x": 3.0}))
    verdicts = {one.verdict for one in said if one.witness != "Taylor"}
    assert verdicts == {"silent"}


# --- on wrong ones --------------------------------------------------------------------------------

BAD_SIN = adviz.primitive("bad_sin", "sin(x)", partials="1.01*cos(x)")
BAD_SQUARE = adviz.primitive("bad_square", "x*x", partials="2.02*x", rational=True)
BAD_FLAT = adviz.primitive("bad_flat", "0*x", partials="0.01", rational=True)
BROKEN = [BAD_SIN, BAD_SQUARE, BAD_FLAT]


@pytest.mark.parametrize("row", BROKEN, ids=lambda row: row.name)
def test_a_broken_rule_is_contradicted(row: Primitive) -> None:
    graph = adviz.build(f"{row.name}(x*y) + y", functions=[row])
    said = heard(asked(graph, X, {"x": 0.7, "y": 1.3}))
    ours = {"forward", "reverse", "replay", "Taylor"}
    assert {name for name, one in said.items() if one.verdict == "differs"} == ours
    assert {said[name].verdict for name in NAMES if name not in ours} == {"agrees"}
    assert said["Taylor"].remark.startswith("order 1.00")


@pytest.mark.parametrize("row", BROKEN, ids=lambda row: row.name)
def test_a_broken_rule_is_not_proved(row: Primitive) -> None:
    graph = adviz.build(f"{row.name}(x*y) + y", functions=[row])
    exact, equal = (proof.states(graph, X) for proof in PROOFS)
    assert exact.verdict == ("differs" if row.rational else "silent")
    assert equal.verdict == "silent"


def test_an_opaque_function_that_is_not_the_graph_is_noticed() -> None:
    graph = adviz.build("x**2")
    right = heard(asked(graph, X, {"x": 3.0}, function=lambda x: x * x))["Ridders"]
    wrong = heard(asked(graph, X, {"x": 3.0}, function=lambda x: x * x * 1.0001))["Ridders"]
    assert (right.verdict, wrong.verdict) == ("agrees", "differs")


def test_an_opaque_function_may_have_a_domain() -> None:
    case = asked(adviz.build("sqrt(x)"), X, {"x": 1e-3}, function=math.sqrt)
    assert heard(case)["Ridders"].verdict == "agrees"


# --- the Taylor test ------------------------------------------------------------------------------

SLOPES = [
    ("sin(x)", 1.0, math.cos(1.0), True),
    ("sin(x)", 1.0, math.cos(1.0) * (1 + 1e-7), False),
    ("sin(x)", 1.0, Decimal("0.540302305868139717400936607443"), True),
    ("sin(x)", 1.0, Decimal("0.540302305868139717410936607443"), False),
    ("3*x + 1", 2.0, 3.0, True),
    ("3*x + 1", 2.0, 3.0000001, False),
    ("x*1e-200", 1.0, 1e-200, True),
    ("x*1e-200", 1.0, 2e-200, False),
    ("x**3", 0.0, 0.0, True),
    ("x**3", 0.0, 1e-3, False),
    ("sin(1e8*x)", 1.0, 1e8 * math.cos(1e8), True),
    ("sin(1e8*x)", 1.0, 1e8 * math.cos(1e8) * 1.0001, False),
    ("abs(x - 1e-9)", 0.0, -1.0, True),
    ("abs(x - 1e-9)", 0.0, 1.0, False),
    ("abs(x)", 0.0, 0.0, None),
    ("sqrt(x)", 0.0, 1.0, None),
]


@pytest.mark.parametrize(("text", "x", "slope", "right"), SLOPES)
def test_the_remainder_tells_a_right_slope(
    text: str, x: float, slope: float | Decimal, right: bool | None
) -> None:
    rate = taylor_rate(Question(adviz.build(text), X, {"x": x}), slope)
    assert rate.right is right, rate
    assert right is not False or rate.order == pytest.approx(1, abs=0.1)


def test_an_affine_function_leaves_no_remainder() -> None:
    rate = taylor_rate(Question(adviz.build("3*x + y"), X, {"x": 2.0, "y": 1.0}), 3.0)
    assert (rate.affine, str(rate)) == (True, "affine: no remainder")


# --- complex numbers ------------------------------------------------------------------------------

EDGES = [
    (row, position)
    for row in TABLE.values()
    for position in range(row.arity)
    if row.differentiable(position) and row.partials[position] != "0" and row.name != "where"
]


@pytest.mark.parametrize(("row", "k"), EDGES, ids=lambda one: getattr(one, "name", one))
def test_the_complex_step_of_every_row_is_its_derivative(row: Primitive, k: int) -> None:
    """The real part is float64's; the imaginary part the derivative, to a few units of rounding."""
    precise, function = multiprecision(60), COMPLEX.function(row.name)
    tried = 0
    for at in points(row.name, 60):
        exact = [precise.constant(x) for x in at]
        true = precise.partial(row, k)(*exact, precise.function(row.name)(*exact))
        if not (1e-150 < abs(true) < 1e150 and 1e-100 < abs(at[k]) < 1e15):
            continue
        step = math.ldexp(1.0, math.frexp(at[k])[1] - 120)
        found = function(*(complex(x, step if j == k else 0) for j, x in enumerate(at)))
        assert found.real == FLOAT64.function(row.name)(*at)
        assert abs(found.imag / step - true) <= 1e-12 * max(abs(true), abs(found.real / at[k]))
        tried += 1
    assert tried


PIECES = ["sign", "floor", "ceil", "trunc", "round", "floordiv"]


@pytest.mark.parametrize("name", PIECES)
def test_what_is_constant_in_pieces_gathers_no_imaginary_part(name: str) -> None:
    at = [complex(2.5, 1e-40)] * TABLE[name].arity
    assert COMPLEX.function(name)(*at).imag == 0


# --- what is given out ----------------------------------------------------------------------------


@pytest.fixture
def complex_lgamma(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put SymPy's logarithm of the gamma function in the place of that of its size."""
    monkeypatch.setitem(symbols.RUNTIME, "lgamma", sympy.loggamma)
    symbols.SYMBOLS._bound.pop(("lgamma", ""), None)
    yield
    symbols.SYMBOLS._bound.pop(("lgamma", ""), None)


@pytest.mark.usefixtures("complex_lgamma")
def test_an_expression_that_sympy_evaluates_to_another_number_is_told() -> None:
    graph = adviz.build("lgamma(only_here)**2")  # of which nothing is remembered
    case = Question(graph, Key("f", "only_here"), {"only_here": -1.3}, truth=Decimal("6.93"))
    said = given_out.states(case)
    assert (said.verdict, said.remark) == (
        "failed",
        "the expression given out is wrong here, as SymPy evaluates it: 6.9323704 - 36.223073*I",
    )


@pytest.mark.parametrize(
    ("text", "at", "why"),
    [
        ("gamma(x)", -50000.5, "an argument of a function is too large"),
        ("sin(1e300*x)", 1.0, ""),
        (" + ".join(f"sin({k}*x)*cos(x)" for k in range(1, 40)), 1.0, "has more than 200 objects"),
        ("x**2", 1.0, ""),
    ],
)
def test_sympy_is_asked_for_what_is_small(text: str, at: float, why: str) -> None:
    said = heard(asked(adviz.build(text), X, {"x": at}))["sympy.N"]
    assert said.verdict == ("silent" if why else "agrees")
    assert why in said.remark
