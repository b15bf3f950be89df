"""Kernels: programs are right, targets compute what the sweeps do, and calls say what is wrong."""

from __future__ import annotations

import functools
import itertools
import json
import math
import os
import pickle
import random
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from corpus import CORPUS, Formula
from hypothesis import given
from hypothesis import strategies as st
from laws import graph_of, point_of, points_outside, with_slopes

import adviz
from adviz.compiler.executable import Swept
from adviz.compiler.fallback import Reference
from adviz.compiler.kinds import KINDS
from adviz.compiler.languages.python import FORMS, function, source
from adviz.compiler.languages.steps import steps
from adviz.compiler.program.data import Program
from adviz.compiler.program.program import expanded, lacking, program
from adviz.compiler.targets import TARGETS
from adviz.errors import AdvizError, DomainError, FormatError, PointError
from adviz.language.labels import derivative_label
from adviz.modes.evaluation import evaluated
from adviz.numbers import ARRAY, FLOAT64, Numbers, multiprecision
from adviz.primitives import TABLE

BAYDIN = "log(x1) + x1*x2 - sin(x2)"
KINDS_WITH_SWEEPS = [name for name, kind in KINDS.items() if not kind.film]
SMALL = [formula for formula in CORPUS if len(formula.ranges) <= 4]


def by_sweeps(graph: adviz.Graph, kind: str) -> Reference:
    """Return what the sweeps give for all outputs and inputs."""
    found = KINDS[kind].reference(graph, [*graph.outputs], [*graph.inputs])
    assert found is not None
    return found


def run(made: Program, numbers: Numbers, given: Sequence[Any]) -> list[Any]:
    """Return a program's results, operation by operation in a number system."""
    numbers = numbers.over(made.rows)
    point = dict(zip(made.parameters, map(numbers.constant, given), strict=True))
    found = evaluated(made, numbers, point)
    return [found[node] for node in made.results.values()]


def drawn(formula: Formula, made: Program) -> list[float]:
    """Return a point of a formula's box, and a direction or cotangent."""
    draw = random.Random(formula.name)
    return [draw.uniform(*formula.ranges.get(name, (-2.0, 2.0))) for name in made.parameters]


def same(found: Any, wanted: Any) -> bool:
    return bool(found == wanted) or bool(found != found and wanted != wanted)


# --- programs ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS_WITH_SWEEPS)
def test_a_program_computes_what_the_sweeps_do(kind: str) -> None:
    """With 60 digits, so that only a mistake can make a difference."""
    numbers = multiprecision(60)
    for formula in SMALL[::3]:
        graph = adviz.build(formula.text)
        made = program(graph, kind)
        given = [numbers.constant(value) for value in drawn(formula, made)]
        wanted = by_sweeps(graph, kind)(given, "ieee")
        for label, found, right in zip(
            made.results, run(made, numbers, given), wanted, strict=True
        ):
            assert abs(found - right) <= 1e-40 * (1 + abs(right)), (formula.name, label)


@pytest.mark.parametrize("kind", KINDS)
def test_python_runs_a_program_to_the_last_bit(kind: str) -> None:
    for formula in SMALL:
        made = expanded(program(adviz.build(formula.text), kind), FORMS)
        given = drawn(formula, made)
        found = function(made, lambda *given: Swept([math.nan]))(*given)
        wanted = run(made, FLOAT64, given)
        if math.isfinite(sum(found)):
            assert all(map(same, found, wanted)), formula.name


def test_expanding_keeps_what_a_program_computes() -> None:
    for formula in SMALL[::5]:
        made = program(adviz.build(formula.text))
        given = drawn(formula, made)
        least = expanded(made, {*FORMS} - {"sigmoid"})
        assert least.values == made.values
        assert list(least.results) == list(made.results)
        digits = multiprecision(60)
        for found, wanted in zip(run(least, digits, given), run(made, digits, given), strict=True):
            assert abs(found - wanted) <= 1e-40 * (1 + abs(wanted)), formula.name


def test_a_row_that_is_neither_known_nor_defined_is_lacking() -> None:
    made = expanded(program(adviz.build("sin(x)*sinc(x)"), "value"), {"cos", "mul", "where"})
    assert "sin" in lacking(made, {"cos", "mul", "where"})
    assert not lacking(made, {*made.ops})


@pytest.mark.parametrize(
    ("text", "kind", "lines"),
    [
        ("(x + y)*(x - y)", "gradient", ["v1 = x + y", "v2 = x - y", "f = v1*v2"]),
        ("a = x*y; sin(a)", "gradient", ["a = x*y", "a_bar = cos(a)", "df_dx = a_bar*y"]),
        ("x*y", "jvp", ["def jvp(x, y, x_dot, y_dot):", "f_dot = y*x_dot + x*y_dot"]),
        ("x*y", "vjp", ["def vjp(x, y, f_bar):", "x_bar = f_bar*y"]),
        ("x - (y - z)", "value", ["f = x - (y - z)"]),
        ("x/(y*z)/w", "value", ["f = x/(y*z)/w"]),
        ("-x**2", "value", ["f = -x**2"]),
        ("(-x)**2", "value", ["f = (-x)**2"]),
        ("(-2)**x", "value", ["f = pow(-2.0, x)"]),
        ("where(x > 0, log(x), x)", "gradient", ["f = log(x) if v1 else x"]),
    ],
)  # fmt: skip
def test_the_source_reads_as_one_would_write_it(text: str, kind: str, lines: list[str]) -> None:
    written = source(program(adviz.build(text), kind))
    for line in lines:
        assert line in written, written


def body(text: str, kind: str = "gradient") -> str:
    return source(program(adviz.build(text), kind)).partition(":\n")[2]


@pytest.mark.parametrize(
    ("text", "kind", "line"),
    [
        ("(x + y)*z", "gradient", "return f, z, z, v1"),
        ("df_dz = x + y; df_dz*z", "gradient", "return f, z, z, df_dz"),
        ("sin(x*y) - cos(y)", "jvp", "f_dot = cos(v1)*(y*x_dot + x*y_dot) + sin(y)*y_dot"),
        ("cos(x*y)/y", "gradient", "v1_bar = -sin(v1)/y"),
        ("where(x > 0, log(x), x**2)", "gradient", "df_dx = 1.0/x if v1 else 2.0*x"),
        ("where(x > 0, log(x), x**2)", "value", "f = log(x) if x > 0.0 else x**2"),
        ("where(not x > 0, y*x, y)", "gradient", "df_dy = 1.0 if v1 else x"),
        ("5*(x - y)**2", "gradient", "df_dx = 10.0*v1"),
        ("sqrt(x**2 + y**2)", "gradient", "df_dx = x/f"),
        ("sqrt(x**2 + y**2)", "gradient", "df_dy = y/f"),
        ("exp(x*y)*sin(x) + t1", "hessian", "t2 = "),
        ("sin(x*y)*x", "hvp", "v1_bar_dot = "),
    ],
)  # fmt: skip
def test_the_source_is_not_longer_than_one_would_write_it(text: str, kind: str, line: str) -> None:
    assert line in body(text, kind), body(text, kind)


def test_temporaries_count_from_one_and_are_no_adjoints_of_adjoints() -> None:
    for formula in SMALL[::3]:
        for kind in ("gradient", "hessian", "hvp"):
            text = body(formula.text, kind)
            found = [int(k) for k in re.findall(r"^    t(\d+) = ", text, re.MULTILINE)]
            assert found == [*range(1, len(found) + 1)], text
            derived = text.partition("# derivatives")[2]
            assert not re.search(r"_bar_bar|[-+] -[^\d]", derived), derived


@pytest.mark.parametrize("x", [-1000.0, 1000.0])
@pytest.mark.parametrize("text", ["sigmoid(x)", "sigmoid(-x)*x", "silu(x) + softplus(x)"])
def test_a_branch_that_two_choices_share_raises_in_neither(text: str, x: float) -> None:
    """What `exp` cannot hold is needed by neither of them."""
    computed = function(program(adviz.build(text)), lambda *given: Swept([math.nan]))
    trace = adviz.reverse(text, {"x": x})
    assert computed(x) == pytest.approx((trace.value, trace.gradient["x"]))


@pytest.mark.parametrize("formula", CORPUS[2::3], ids=lambda formula: formula.name)
def test_the_steps_are_those_of_the_sweep_to_the_last_bit(formula: Formula) -> None:
    graph, draw = adviz.build(formula.text), random.Random(formula.name)
    at = {name: draw.uniform(*formula.ranges[name]) for name in graph.inputs}
    for label in graph.outputs:
        scope: dict[str, Any] = {}
        exec(steps(graph, of=label), scope)  # noqa: S102 - our own generated module
        trace = adviz.reverse(graph, at, {label: 1})
        wanted = (trace.values[graph.outputs[label]], *trace.gradient.values())
        assert scope["gradient"](*at.values()) == wanted


def test_steps_are_written_as_on_a_blackboard() -> None:
    lines = steps(adviz.build("where(x > 0, log(x), x**2)*y + y")).split("\n")
    for line in (
        "    v2 = log(x) if v1 else 0.0",
        "    v4 = v2 if v1 else v3",
        "    f_bar = 1.0",
        "    v5_bar = f_bar  # from f",
        "    y_bar = f_bar  # from f",
        "    y_bar += v5_bar*v4  # from v5",
        "    v3_bar = v4_bar if not v1 else 0.0  # from v4",
        "    x_bar += v2_bar*(1.0/x) if v1 else 0.0  # from v2",
        "    return f, x_bar, y_bar",
    ):
        assert line in lines, "\n".join(lines)
    with pytest.raises(AdvizError, match="of= one of p, q"):
        steps(adviz.build({"p": "x", "q": "x"}))


HARD = ("x", "x0", "x1", "x2", "x22", "xdx", "d", "dx")


@given(st.lists(st.sampled_from(HARD), min_size=2, max_size=4), st.randoms())
def test_a_label_tells_what_it_is_differentiated_by(names: list[str], draw: Any) -> None:
    other = [*names[:-1], draw.choice(HARD)]
    draw.shuffle(other)
    labels = [functools.reduce(derivative_label, each, "f") for each in (names, other)]
    if sorted(names) != sorted(other):
        assert labels[0] != labels[1]


def test_every_second_and_third_derivative_has_a_label_of_its_own() -> None:
    """Of a cubic polynomial the third derivatives are its coefficients, all different."""
    names = HARD[:2] + HARD[3:6]
    cubes: list[tuple[str, ...]] = [*itertools.combinations_with_replacement(names, 3)]
    text = " + ".join(f"{k + 2}*{'*'.join(cube)}" for k, cube in enumerate(cubes))
    graph = adviz.build(f"f({', '.join(names)}) = {text}")
    for _ in range(3):
        graph = adviz.derivative_graph(graph)
    found = adviz.evaluate(graph, dict.fromkeys(names, 0.0)).value
    seen: dict[str, tuple[str, ...]] = {}
    for order in itertools.product(names, repeat=3):
        label = functools.reduce(derivative_label, order, "f")
        cube = min(itertools.permutations(order), key=lambda c: [names.index(n) for n in c])
        times = math.prod(math.factorial(order.count(name)) for name in {*order})
        assert found[label] == (cubes.index(cube) + 2) * times, label
        assert seen.setdefault(label, cube) == cube


def test_no_output_takes_the_place_of_another() -> None:
    graph = adviz.derivative_graph({"f": "x**2", "df/dx": "7*x"})
    values = adviz.evaluate(graph, {"x": 1.0}).value
    assert values == {"f": 1, "df/dx": 7, "df/dx'": 2, "d2f/dx2": 7}
    twice = adviz.derivative_graph(adviz.derivative_graph("x*x1 + sin(x)*x1**2"))
    assert [*twice.outputs][3:] == ["d2f/dx2", "d2f/dxdx1", "d2f/dx1dx", "d2f/dx1dx1"]


def test_equal_subexpressions_are_computed_once_and_dead_code_is_gone() -> None:
    written = adviz.compile("exp(x*y) + exp(x*y)*0 + z - z", target="python").source
    assert written.count("exp(") == 1
    assert "t" not in adviz.compile("x", target="python").source.split("return")[0].split("def")[0]


# --- calls -------------------------------------------------------------------------------------


def targets() -> list[str]:
    return [target.name for target in TARGETS]


@pytest.mark.parametrize("target", targets())
@pytest.mark.parametrize("kind", ["value", "gradient", "jacobian", "jvp", "vjp"])
def test_every_target_computes_what_the_sweeps_do(kind: str, target: str) -> None:
    for formula in SMALL[::7]:
        graph = adviz.build(formula.text)
        try:
            k = adviz.compile(graph, kind, target=target)
        except AdvizError as error:
            assert "native code has no" in str(error)
            continue
        given = drawn(formula, k.program)
        wanted = by_sweeps(graph, kind)(given, "ieee")
        assert k.function(*given) == pytest.approx(wanted, rel=1e-9, abs=1e-12), formula.name


def test_results_stand_where_they_belong() -> None:
    outputs = {"p": "x*y", "q": "x + y"}
    assert adviz.compile("x*y", "value")(3.0, 2.0) == 6.0
    assert adviz.compile(outputs, "value")(3.0, 2.0) == {"p": 6.0, "q": 5.0}
    assert adviz.compile("x*y")(x=3.0, y=2.0) == (6.0, {"x": 2.0, "y": 3.0})
    rows = {"p": {"x": 2.0, "y": 3.0}, "q": {"x": 1.0, "y": 1.0}}
    assert adviz.compile(outputs, "jacobian")(3.0, 2.0) == ({"p": 6.0, "q": 5.0}, rows)
    assert adviz.compile("x*y", "jvp")(3.0, 2.0, 1.0, 10.0) == (6.0, 32.0)
    assert adviz.compile(outputs, "jvp")(3.0, 2.0, 1.0, 10.0)[1] == {"p": 32.0, "q": 11.0}
    assert adviz.compile(outputs, "vjp")(3.0, 2.0, 1.0, 10.0)[1] == {"x": 12.0, "y": 13.0}
    assert adviz.compile("x**2*y", "hvp")(3.0, 2.0, 1.0, 0.0)[1] == {"x": 4.0, "y": 6.0}
    second = {"x": {"x": 4.0, "y": 6.0}, "y": {"x": 6.0, "y": 0.0}}
    assert adviz.compile("x**2*y", "hessian")(3.0, 2.0) == (18.0, second)


@pytest.mark.parametrize(
    ("source", "kind", "shapes"),
    [
        ("x*sin(y)*z", "gradient", [(), (3,)]),
        ("x*sin(y)*z", "hessian", [(), (3, 3)]),
        ({"p": "x*y", "q": "x + y*z"}, "jacobian", [(2,), (2, 3)]),
        ({"p": "x*y", "q": "x + y*z"}, "value", [(2,)]),
    ],
)
def test_a_vector_gives_arrays(source: Any, kind: str, shapes: list[tuple[int, ...]]) -> None:
    k, x = adviz.compile(source, kind), np.array([0.5, 1.5, 2.0])
    found = k.vector(x) if kind != "value" else (k.vector(x),)
    assert [np.shape(part) for part in found] == shapes
    many = k.vector(np.stack([x, 2 * x])) if kind != "value" else (k.vector(np.stack([x, 2 * x])),)
    for one, both in zip(found, many, strict=True):
        np.testing.assert_allclose(both[0], one, rtol=1e-14)
    assert k.results[0] in ("f", "p")
    assert len(k.results) == len(k.function(*x))


def test_a_vector_s_tangents_are_given_whole() -> None:
    graph = adviz.build(lambda v, a: a * v[0] * v[1], shapes={"v": 2})
    k = adviz.compile(graph, "jvp")
    assert k(v=[3.0, 2.0], a=1.0, v_dot=[1.0, 10.0]) == (6.0, 32.0)
    assert k.vector([3.0, 2.0, 1.0], [1.0, 10.0, 0.0]) == (6.0, 32.0)
    with pytest.raises(PointError, match="v_dot has 3 numbers; v has 2"):
        k(v=[3.0, 2.0], a=1.0, v_dot=[1.0, 10.0, 2.0])
    with pytest.raises(PointError, match="4 numbers for the 6 parameters v0, v1, a, v0_dot"):
        k.vector([1.0, 2.0, 3.0, 4.0])


def test_a_kernel_is_compiled_again_from_its_graph() -> None:
    k = adviz.compile("x*y")
    assert adviz.compile(k, "hessian").graph is k.graph


def test_a_film_s_numbers_are_those_of_its_traces() -> None:
    graph = adviz.build("a = x + y; b = x - y; where(a > b, a*b, log(a))")
    k = adviz.compile(graph, "trace")
    numbers = k(x=3.0, y=2.0, x_dot=1.0, f_bar=1.0)
    forward = adviz.forward(graph, {"x": 3.0, "y": 2.0}, "x")
    backward = adviz.reverse(graph, {"x": 3.0, "y": 2.0})
    assert forward.tangents is not None
    assert backward.adjoints is not None
    for node in range(len(graph)):
        if forward.values[node] is None:
            assert not numbers[f"taken {node}"]
            continue
        assert numbers[f"value {node}"] == forward.values[node]
        assert numbers.get(f"tangent {node}", 0.0) == (forward.tangents[node] or 0.0)
        assert numbers.get(f"adjoint {node}", 0.0) == (backward.adjoints[node] or 0.0)
    for edge, partial in backward.partials.items():
        assert numbers[f"partial {edge.head} {edge.position}"] == partial


@pytest.mark.parametrize("call", [
    lambda k: k(x1=2.0, x2=5.0), lambda k: k(2.0, 5.0), lambda k: k({"x1": 2.0, "x2": 5.0}),
    lambda k: k(x2=5, x1=2), lambda k: k(2, x2=5),
    lambda k: k(np.float64(2), 5), lambda k: k(np.array(2.0), 5.0),
    lambda k: pickle.loads(pickle.dumps(k))(2.0, 5.0),  # noqa: S301 - our own bytes
])  # fmt: skip
def test_a_point_may_be_given_in_every_way(call: Any) -> None:
    value, slopes = call(adviz.compile(BAYDIN))
    assert (value, slopes) == (11.652071455223084, {"x1": 5.5, "x2": 1.7163378145367738})
    assert {type(number) for number in (value, *slopes.values())} == {float}


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda k: k(-1.0, 5.0), DomainError, "log is undefined at -1.0 (node x1, columns 5-6"),
        (lambda k: k(x1=1.0), PointError, "the point gives no value for x2"),
        (lambda k: k(x1=1.0, x2=2.0, x3=3.0), PointError, "there is no parameter 'x3'; parameters"),
        (lambda k: k(1.0), PointError, "the point gives no value for x2"),
        (lambda k: k(1.0, 2.0, 3.0), PointError, "3 numbers for the 2 parameters x1, x2"),
        (lambda k: k(1.0, x1=2.0), PointError, "x1 is given twice"),
        (lambda k: k(math.inf, 2.0), PointError, "x1 = inf is not finite"),
        (lambda k: k(x1="2", x2=5.0), AdvizError, "x1"),
        (lambda k: k(np.ones(3), np.ones(2)), PointError, "x1: (3,), x2: (2,)"),
        (lambda k: k.save("grad.f90"), FormatError, "'f90'; a kernel is written as .py, .js"),
        (lambda k: adviz.compile("x", "slope"), AdvizError, "there is no kind 'slope' of kernel"),
        (lambda k: adviz.compile("x", target="gpu"), AdvizError, "there is no target 'gpu'"),
        (lambda k: adviz.compile("x", of="g"), AdvizError, "there is no output 'g'"),
        (lambda k: adviz.compile("x", wrt="z"), PointError, "there is no input 'z'"),
        (lambda k: adviz.compile({"p": "x", "q": "x"}), AdvizError, "of= one of p, q; or compile"),
        (lambda k: adviz.compile({"p": "x", "q": "x"}, "hvp"), AdvizError, "a hvp is of one"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(call: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error) as caught:
        call(adviz.compile(BAYDIN))
    assert words in str(caught.value)


def test_the_fast_path_never_raises_what_ieee_has_a_number_for() -> None:
    assert adviz.compile("1/x").function(0.0) == (math.inf, -math.inf)
    assert adviz.compile("exp(x)").function(1000.0) == (math.inf, math.inf)
    assert math.isnan(adviz.compile("log(x)").function(-1.0)[0])


def test_a_branch_that_is_not_taken_disturbs_nothing() -> None:
    k = adviz.compile("where(x > 0, x*log(x) + sqrt(x), x**2)", "hessian")
    assert k(-2.0) == (4.0, {"x": {"x": 2.0}})


@pytest.mark.parametrize("name", [row.name for row in TABLE.values() if row.domain])
def test_outside_a_domain_there_is_no_number(name: str) -> None:
    """Either no function has one there, or the row says that the domain must be tested."""
    row, outside = TABLE[name], points_outside(name, 60)
    found = [FLOAT64.function(name)(*at) for at in outside]
    found += ARRAY.function(name)(*map(np.array, zip(*outside, strict=True))).tolist()
    assert row.lenient or not any(map(math.isfinite, found))
    graph = graph_of(row)
    for target in ("python", "native"):
        try:
            k = adviz.compile(graph, wrt=with_slopes(graph), target=target)
        except AdvizError as error:
            assert "native code has no" in str(error)
            continue
        for at in points_outside(name, 10):
            with pytest.raises(DomainError):
                k(point_of(row, at))


HIDING = [
    *((text, 0.0) for text in (
        "where(1/x > 3, x, 2*x)", "1/(1/x)", "exp(log(x))", "sigmoid(log(x))", "softplus(log(x))",
        "1/x**-2", "1/csc(x)", "1/coth(x)", "1/gamma(x)", "atan(1/x)", "sign(log(x)) + x",
        "copysign(x, 1/x)", "where(log(x) < 5, x, 2*x)", "max(log(x), 1) + x", "exp(-lgamma(x))",
        "leaky_relu(x + 1, 1/x)", "log(x)**0 + x",
    )),
    ("tanh(atanh(x))", 1.0), ("tanh(logit(x))", 1.0), ("1/acoth(x)", 1.0), ("atanh(x)**-1", 1.0),
    ("where(asech(x) < 5, x, 2*x)", -0.5), ("where(digamma(x) < 1, x, 2)", -1.0),
    ("relu(log(x)) + x", -1.0), ("where(y == sqrt(x), y, y*2)", -1.0), ("xlogy(0, x) + x", -1.0),
]  # fmt: skip
"""Formulas that are undefined at a point, where a later operation makes a number of that."""


@pytest.mark.parametrize(("text", "x"), HIDING)
def test_what_is_undefined_is_not_hidden(text: str, x: float) -> None:
    graph = adviz.build(text)
    column = np.array([x, 0.7])
    at = {name: column if name == "x" else np.array(2.0) for name in graph.inputs}
    wanted = adviz.reverse(graph, at)
    for target in targets():
        try:
            k = adviz.compile(graph, wrt=with_slopes(graph), target=target)
        except AdvizError as error:
            assert "native code has no" in str(error)
            continue
        with pytest.raises(DomainError):
            k({name: x if name == "x" else 2.0 for name in graph.inputs})
        value, slopes = k(at)
        np.testing.assert_allclose(value, wanted.value, rtol=1e-14)
        np.testing.assert_allclose(slopes["x"], wanted.gradient["x"], rtol=1e-14)


def test_an_own_row_may_be_undefined_and_stays_what_it_is() -> None:
    root = adviz.primitive("root", "sqrt(x)")
    for target in targets():
        graph = adviz.build("where(root(x) < 1, x, 2*x)", functions=[root])
        with pytest.raises(DomainError):
            adviz.compile(graph, target=target)(-1.0)
    x = np.full(20_000, 2.0)
    for text, slope in (("x*x", 4.0), ("x*x*x", 12.0)):
        own = adviz.primitive("power", text)
        assert adviz.gradient(adviz.build("power(x)", functions=[own]), {"x": x})["x"][0] == slope


def test_constants_in_a_domain_are_looked_at_once() -> None:
    assert adviz.compile("xlogy(x, 2)")(2.0) == (2 * math.log(2), {"x": math.log(2)})
    with pytest.raises(DomainError):
        adviz.compile("xlogy(0, -1) + x")(2.0)


@pytest.mark.parametrize("seed", ["3", None, 1j, True, np.array([1j, 2])])
def test_a_tangent_is_a_number_as_an_input_is(seed: Any) -> None:
    with pytest.raises(PointError, match="x_dot"):
        adviz.compile("x*y", "jvp")(x=1.0, y=2.0, x_dot=seed)


def test_names_of_inputs_are_only_names() -> None:
    assert adviz.compile("self*2")(self=3.0) == (6.0, {"self": 2.0})
    with pytest.raises(PointError, match="there is no parameter 'sum_'"):
        adviz.compile("sum*2")(sum_=2.0)
    long = "n" * 85
    assert adviz.compile(f"{long}*2", target="python")({long: np.ones(3)})[0][0] == 2.0


def test_repairs_are_linear_in_the_inputs() -> None:
    """The sweeps are asked once, not once for each input."""
    names = [f"x{i}" for i in range(400)]
    k = adviz.compile("*".join(names), target="python")
    reads: list[adviz.Trace] = []
    gradient: Any = adviz.Trace.gradient

    def counted(trace: adviz.Trace) -> Any:
        reads.append(trace)
        return gradient.fget(trace)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(adviz.Trace, "gradient", property(counted))
        k({name: np.array([1.0, math.nan]) for name in names})
    assert len(reads) == 1


def test_a_guard_holds_in_a_kernel_too() -> None:
    def f(x: Any) -> Any:
        return x * x if x > 0 else -x

    k = adviz.compile(adviz.build(f, at={"x": 2.0}))
    assert k(3.0) == (9.0, {"x": 6.0})
    with pytest.raises(AdvizError):
        k(-3.0)


def test_names_that_mean_something_in_python_are_only_names() -> None:
    text = "sum = exp_*abs_; again = sum*float + results_*function_; again*lambda_"
    k = adviz.compile(text)
    at = {name: 1.5 + place for place, name in enumerate(k.parameters)}
    value, slopes = k(**at)
    trace = adviz.reverse(adviz.build(text), at)
    assert value == pytest.approx(trace.value)
    assert slopes == pytest.approx(dict(trace.gradient))
    scope: dict[str, Any] = {}
    exec(k.source, scope)  # noqa: S102 - our own generated module
    assert scope["gradient"](*at.values())[0] == pytest.approx(value)


@given(st.lists(st.floats(-4, 4), min_size=2, max_size=2))
def test_a_kernel_and_the_sweep_agree_or_both_refuse(point: list[float]) -> None:
    text = "where(x*y > 1, sqrt(x - 1)*y, x/y) + max(x, y) + abs(x)"
    graph, at = adviz.build(text), dict(zip("xy", point, strict=True))
    try:
        wanted = adviz.gradient(graph, at)
    except DomainError as error:
        with pytest.raises(DomainError) as caught:
            adviz.compile(graph)(at)
        assert str(caught.value) == str(error)
    else:
        assert adviz.compile(graph)(at)[1] == pytest.approx(wanted, rel=1e-12)


# --- arrays ------------------------------------------------------------------------------------


def test_arrays_are_many_points_of_their_broadcast_shape() -> None:
    k = adviz.compile(BAYDIN)
    x1, x2 = np.linspace(-1, 3, 12).reshape(4, 3), np.linspace(-2, 2, 3)
    value, slopes = k(x1=x1, x2=x2)
    assert value.shape == slopes["x1"].shape == (4, 3)
    wanted = adviz.gradient(BAYDIN, {"x1": x1, "x2": x2})
    for name in wanted:
        np.testing.assert_allclose(slopes[name], wanted[name], rtol=1e-14)


def test_points_without_a_value_are_those_of_the_sweep() -> None:
    """NaN reaches everything that depends on it, as in a sweep over arrays."""
    text = "relu(log(x)) + floor(y) + 1/y"
    x, y = np.meshgrid([-1.0, 0.0, 0.5, 2.0, np.nan, np.inf], [-1.5, 0.0, 2.0, np.inf])
    value, slopes = adviz.compile(text)(x=x, y=y)
    trace = adviz.reverse(text, {"x": x, "y": y})
    np.testing.assert_array_equal(value, trace.value)
    for name in "xy":
        np.testing.assert_array_equal(slopes[name], trace.gradient[name])


def test_no_points_give_no_results() -> None:
    value, slopes = adviz.compile(BAYDIN)(np.empty(0), 2.0)
    assert value.shape == slopes["x1"].shape == (0,)


def test_results_are_the_caller_s_own() -> None:
    x = np.linspace(1, 2, 5)
    value, slopes = adviz.compile("x")(x)
    value[0] = slopes["x"][0] = 7.0
    assert x[0] == 1.0
    k = adviz.compile({"p": "x + 1", "q": "1 + x"}, "jacobian")
    found, _ = k(x)
    found["p"][0] = 9.0
    assert found["q"][0] == 2.0


# --- derivatives as numbers take kernels where they are faster ----------------------------------


def network(x: Any) -> Any:
    """Enough nodes for a kernel, with kinks and an undefined branch."""
    for k in range(60):
        x = adviz.functions.where(
            x > 0, x * math.sin(x + k), abs(x) / 3 + adviz.functions.sqrt(x * x + 1)
        )
    return x


def test_a_large_graph_s_derivatives_are_those_of_the_sweeps() -> None:
    graph = adviz.build(network)
    assert len(graph) > 250
    for x in (-1.5, 0.3, 2.0):
        wanted = adviz.reverse(graph, {"x": x})
        assert adviz.gradient(graph, {"x": x})["x"] == pytest.approx(
            wanted.gradient["x"], rel=1e-12
        )
        assert adviz.jvp(graph, {"x": x}, {"x": 2.0}) == pytest.approx(2 * wanted.gradient["x"])
        assert adviz.vjp(graph, {"x": x}, 2.0)["x"] == pytest.approx(2 * wanted.gradient["x"])


def test_a_large_graph_is_judged_at_every_node() -> None:
    """An overflow that the result hides is refused, by the kernel as by the sweep."""

    def f(x: Any) -> Any:
        for _ in range(300):
            x = x * 1.0 + 1e-9
        return 1 / (1 + (x * 1e200) * 1e200)

    graph = adviz.build(f)
    with pytest.raises(DomainError, match="overflow"):
        adviz.gradient(graph, {"x": 3.0})
    assert adviz.gradient(graph, {"x": 3.0}, errors="ieee")["x"] == 0.0


@pytest.mark.parametrize("call", [
    lambda at: adviz.gradient(BAYDIN, at), lambda at: adviz.vjp(BAYDIN, at),
    lambda at: adviz.hessian(BAYDIN, at)["x1"], lambda at: {"f": adviz.jvp(BAYDIN, at, "x1")},
])  # fmt: skip
def test_many_points_have_the_derivatives_of_each(call: Any) -> None:
    x1, x2 = np.linspace(-1, 3, 20_000), np.linspace(-2, 2, 20_000)
    found = call({"x1": x1, "x2": x2})
    for place in (10_001, 15_000, 19_999):
        wanted = call({"x1": x1[place], "x2": x2[place]})
        assert {n: a[place] for n, a in found.items()} == pytest.approx(wanted, rel=1e-13)
    undefined = call({"x1": x1[100:101], "x2": x2[100:101]})
    for name, array in found.items():
        np.testing.assert_array_equal(array[100], undefined[name][0])


# --- files -------------------------------------------------------------------------------------


def test_a_saved_module_runs_alone(tmp_path: Path) -> None:
    path = tmp_path / "grad.py"
    text = "a = lgamma(x) + sigmoid(y) + round(x*y)*abs(x); a*x"
    adviz.compile(text, wrt="x").save(path)
    run = f"runpy.run_path({str(path)!r})['gradient'](2.5, 1.0)"
    code = f"import json, runpy; print(json.dumps({run}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    k = adviz.compile(text, wrt="x", target="python")
    assert json.loads(done.stdout) == [*k.function(2.5, 1.0)]


def test_a_saved_function_may_have_a_name(tmp_path: Path) -> None:
    k = adviz.compile("x*y")
    for suffix, words in (("py", "def area("), ("js", "function area("), ("c", "void area(")):
        k.save(tmp_path / f"area.{suffix}", name="area")
        assert words in (tmp_path / f"area.{suffix}").read_text("utf-8")
    for name in ("2x", "a b", "f();", "é"):
        with pytest.raises(FormatError, match="cannot be called"):
            k.written("py", name)


def test_nothing_half_written_is_left(tmp_path: Path) -> None:
    with pytest.raises(FormatError):
        adviz.compile("x").save(tmp_path / "missing" / "grad.py")
    with pytest.raises(FormatError):
        adviz.compile("x").save(tmp_path / "grad.txt")
    assert not [*tmp_path.iterdir()]


def test_same_formula_same_text() -> None:
    code = "import adviz; print(adviz.compile('sin(x)*y + exp(x*z)', 'hessian').source)"
    texts = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(texts) == 1


def test_a_vectors_tangents_given_whole_are_numbers() -> None:
    k = adviz.compile(adviz.build(lambda x: x[0] * x[1], shapes={"x": 2}), "jvp", target="python")
    assert k(x=[2.0, 3.0], x_dot=np.array([1.0, 0.0])) == (6.0, 3.0)
    with pytest.raises(adviz.AdvizError, match="x_dot has 1 numbers; x has 2"):
        k(x=[2.0, 3.0], x_dot=1.0)
