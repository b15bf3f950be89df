"""`check`: right is never called wrong, wrong is never passed, and everything has its cause."""

from __future__ import annotations

import json
import math
import pickle
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from corpus import CORPUS, Formula
from laws import graph_of, point_of, points, with_slopes
from samples import PARTIALS, changed, with_row
from traps import TRAPS, Trap

import adviz
from adviz.checking.finding import WRONG, Finding
from adviz.language.labels import Key
from adviz.modes.fast.jacobian import swept
from adviz.primitives import Primitive


class Opaque:
    """A function that cannot be traced, as a framework's."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    def __call__(self, *at: Any) -> Any:
        return self.function(*(float(number) for number in at))


def worst(report: adviz.Report) -> Finding:
    return report.findings[0]


def bad_sine() -> adviz.Graph:
    bad = adviz.primitive("bad_sin", "sin(x)", partials="1.01*cos(x)")
    return adviz.build("y*bad_sin(t)**2", functions=[bad])


# --- no false alarm ------------------------------------------------------------------------------


@pytest.mark.parametrize("formula", CORPUS, ids=lambda formula: formula.name)
def test_right_derivatives_are_never_called_wrong(formula: Formula) -> None:
    report = adviz.check(formula.text, points=2, ranges=formula.ranges, seed=3)
    found = [(f.verdict, str(f.key), f.cause) for f in report.findings if f.verdict in BAD]
    assert not found


BAD = (*WRONG, "undecided", "undefined")


@pytest.mark.parametrize("trap", TRAPS, ids=str)
def test_traps_of_other_checkers_get_the_verdict_they_deserve(trap: Trap) -> None:
    verdict = adviz.check(trap.text, at=trap.at).verdict
    assert verdict in trap.verdicts or (verdict == "witness failed" and "agrees" in trap.verdicts)


# --- no silent pass ------------------------------------------------------------------------------


@pytest.mark.parametrize(("row", "position"), PARTIALS)
def test_a_changed_rule_is_a_wrong_rule_at_its_node(row: Primitive, position: int) -> None:
    texts = list(row.partials)
    texts[position] = changed(texts[position])
    mutant = replace(row, partials=tuple(texts))
    graph = graph_of(mutant, with_row(mutant))
    wrt, pieces = with_slopes(graph), max(row.arity - 1, 1)
    places = [point_of(row, at) for at in points(row.name, 6 * pieces)]
    reports = (adviz.check(graph, at=[place], wrt=wrt) for place in places)
    found = ([f for f in report.findings if f.verdict == "wrong rule"] for report in reports)
    wrong = next(filter(None, found), [])  # at the first point that shows it
    assert wrong
    for finding in wrong:
        assert finding.place and graph.ops[finding.place.node] == row.name
        assert finding.place.edge and finding.place.edge.position == position
        assert f"the rule of {row.name} is wrong" in finding.cause


def test_a_wrong_rule_inside_a_formula_is_found_there() -> None:
    report = adviz.check(bad_sine(), at={"y": 3, "t": 1})
    assert report.verdict == "wrong rule"
    assert {str(f.key) for f in report.findings if f.verdict == "wrong rule"} == {"df/dt"}
    finding = worst(report)
    assert finding.place and finding.place.formula == "bad_sin(t)"
    assert finding.cause == (
        "the rule of bad_sin is wrong: its partial by t should be 0.540302 and is 0.545705"
    )
    with pytest.raises(adviz.AdvizError, match="wrong rule"):
        report.raise_if_wrong()


@pytest.mark.parametrize(
    ("text", "gradient"),
    [
        ("x**3", lambda x: 3 * x**2 * (1 + 1e-6)),
        ("x**3", "3.000003*x**2"),
        ("1e-200*x**3", lambda x: 6e-200 * x**2),
        ("1e-200*x**3", "6e-200*x**2"),
        ("sin(x)", lambda x: -math.cos(x)),
        ("x*y", lambda x, y: (x, y)),
        ("where(x > 0, x**2, x)", lambda x: 2 * x),
        ("x*x*x", lambda x: math.nan),
    ],
)
def test_a_wrong_gradient_is_caught(text: str, gradient: Any) -> None:
    assert adviz.check(text, gradient=gradient).verdict == "wrong gradient"


def test_a_gradient_a_millionth_off_says_how_many_digits_are_right() -> None:
    finding = worst(adviz.check("x**3", at={"x": 2}, gradient=lambda x: 12 * (1 + 1e-6)))
    assert 5.9 < finding.digits < 6.1
    assert finding.ulps > 1e9 > finding.bound


# --- right gradients of one's own ----------------------------------------------------------------


def right_tuple(x: float, y: float) -> tuple[float, float]:
    return 2 * x, -2 * y


@pytest.mark.parametrize(
    "gradient",
    [
        {"x": "2*x", "y": "-2*y"},
        {"y": "-2*y", "x": "x + x"},
        ["2*x", "-2*y"],
        right_tuple,
        lambda x, y: {"x": 2 * x, "y": -2 * y},
        lambda y, x: {"x": 2 * x, "y": -2 * y},
        lambda *at: [2 * at[0], -2 * at[1]],
        lambda array: 2 * array * [1, -1],
        lambda x, y: {"f": {"x": 2 * x, "y": -2 * y}},
    ],
)
def test_a_gradient_may_come_in_many_shapes(gradient: Any) -> None:
    report = adviz.check("x**2 - y**2", gradient=gradient)
    assert report.verdict == "agrees"
    assert {f.subject for f in report.findings} == {"gradient"}


def test_sympy_formulas_are_gradients() -> None:
    import sympy

    x, y = sympy.symbols("x y")
    claimed = {name: sympy.diff(x**2 * sympy.sin(y), name) for name in (x, y)}
    by_name = {str(name): slope for name, slope in claimed.items()}
    assert adviz.check("x**2*sin(y)", gradient=by_name).verdict == "agrees"


def test_several_outputs_are_a_matrix_or_a_mapping() -> None:
    outputs = {"p": "x*y", "q": "x - y"}
    matrix = adviz.check(outputs, gradient=lambda x, y: [[y, x], [1, -1]])
    assert matrix.verdict == "agrees" and len(matrix.findings) == 4
    mapping = {"p": {"x": "y", "y": "x"}, "q": {"x": "1", "y": "1"}}
    report = adviz.check(outputs, gradient=mapping)
    assert [str(f.key) for f in report.findings if f.verdict == "wrong gradient"] == ["dq/dy"]


def test_vector_arguments_are_arrays() -> None:
    def norm(x: Any) -> Any:
        return sum(part * part for part in x)

    at = {"x": [1.0, 2.0, 3.0]}
    assert adviz.check(norm, at=at, gradient=lambda x: 2 * x).verdict == "agrees"
    assert adviz.check(norm, at=at, gradient=lambda x: x).verdict == "wrong gradient"


def test_a_right_formula_that_loses_digits_is_ill_conditioned_not_wrong() -> None:
    report = adviz.check(
        "(1 - cos(x))/x**2",
        at={"x": 1e-6},
        gradient=lambda x: math.sin(x) / x**2 - 2 * (1 - math.cos(x)) / x**3,
    )
    assert report.verdict == "ill-conditioned"


def test_constants_rounded_to_doubles_are_right() -> None:
    assert adviz.check("sin(pi*x)", gradient="3.141592653589793*cos(pi*x)").verdict == "agrees"
    assert adviz.check("x*log(2)", gradient=lambda x: 0.6931471805599453).verdict == "agrees"


# --- causes and places ---------------------------------------------------------------------------


def test_lost_digits_are_blamed_on_the_node_that_loses_them() -> None:
    report = adviz.check("(1 - cos(x))/x**2", at={"x": 1e-6})
    for finding in report.findings:
        assert finding.verdict == "ill-conditioned"
        assert finding.place and finding.place.formula == "1 - cos(x)"
        assert "12 digits go in v2 = 1 - cos(x)" in finding.cause
        assert finding.ulps < finding.bound
        assert max(finding.heat, key=finding.heat.__getitem__) == finding.place.node
    report.raise_if_wrong()


def test_float64_sympy_and_the_complex_step_agree_there_and_are_no_truth() -> None:
    statements = {
        s.witness: s for s in worst(adviz.check("(1 - cos(x))/x**2", at=[1e-6])).statements
    }
    for name in ("SymPy", "complex step"):
        value = statements[name].value
        assert value is not None and float(value) == pytest.approx(-88.9005825, rel=1e-6)


@pytest.mark.parametrize(
    ("text", "at", "verdict", "words"),
    [
        ("abs(x)", 0, "not differentiable", "the slope is −1 on the left and 1 on the right"),
        ("abs(x)", 0, "not differentiable", "adviz's convention gives 0; abs by itself: JAX"),
        ("floor(x)", 2, "not differentiable", "floor jumps at v1 = floor(x)"),
        ("sqrt(x**2)", 0, "not differentiable", "sqrt has an infinite slope"),
        ("log(x)", -1, "undefined", "log is undefined at -1.0"),
        ("log(x)", -1, "undefined", "where(x > 0, log(x), …) avoids it"),
        ("1/x", 0, "undefined", "division by zero"),
        ("sqrt(x)", 0, "not finite", "the true derivative is infinite; sqrt has an infinite slope"),
        ("sqrt(x**4)", 0, "not finite", "it met a zero: 0·∞ is no number"),
        ("exp(x)", 800, "not finite", "overflow: exp of 800.0 is too large"),
        ("sqrt(x*x + 1)", 1e200, "not finite", "overflow: mul of 1e+200, 1e+200"),
        ("relu(x) - relu(-x)", 0, "wrong gradient", "the slope 1 on both sides of a kink"),
        ("where(1 + x > 1, x, 2*x)", 1e-17, "ill-conditioned", "float64 takes v2 = 1 + x > 1 "),
    ],
)
def test_what_is_no_plain_number_says_why(text: str, at: float, verdict: str, words: str) -> None:
    finding = worst(adviz.check(text, at=[at]))
    assert finding.verdict == verdict
    assert words in finding.cause
    assert finding.place is not None


def test_the_way_of_a_nan_is_told() -> None:
    finding = worst(adviz.check("y*log(x - 1)", at={"x": 0, "y": 2}))
    assert "it reaches df/dx by " in finding.cause


def test_a_kink_that_does_not_matter_is_no_kink() -> None:
    assert adviz.check("max(x, 0)**2", at=[0]).verdict in ("agrees", "witness failed")
    assert adviz.check("abs(x)*x", at=[0]).verdict in ("agrees", "witness failed")
    assert adviz.check("where(y > 0, x, x)", at={"x": 1, "y": 0}).verdict in (
        "agrees",
        "witness failed",
    )


def test_truth_is_not_fifty_digits_but_what_settles() -> None:
    finding = worst(adviz.check("(1 - cos(x))/x**2", at={"x": 1e-20}))
    assert finding.expected is not None
    assert float(finding.expected) == pytest.approx(-1e-20 / 12)


def test_two_precisions_that_swallow_the_same_term_accuse_nobody() -> None:
    assert adviz.check("mish(x)", at=[-846.874301519377]).verdict not in WRONG


# --- gradients of others at special points -------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "at", "gradient", "verdict"),
    [
        ("x**0.0", [0], lambda x: math.nan, "wrong gradient"),
        ("log(x)", [-1], lambda x: -1.0, "undefined"),
        ("sqrt(x**2 + y**2)", [1e200, 1e200], lambda *_: (0.0, 0.0), "wrong gradient"),
        ("abs(x)", [0], lambda x: 1.0, "not differentiable"),
    ],
)
def test_a_framework_is_judged_by_the_truth(
    text: str, at: list[float], gradient: Callable[..., Any], verdict: str
) -> None:
    opaque = Opaque(gradient)
    assert adviz.check(text, at=at, gradient=opaque).verdict == verdict


TRIALS: tuple[tuple[str, Any, Any, str], ...] = (
    # right, however it is computed
    ("tanh(x)", 20, "1 - tanh(x)**2", "ill-conditioned"),
    ("tanh(x)", 18.4, Opaque(lambda x: 1 - math.tanh(x) ** 2), "ill-conditioned"),
    ("x**1.1", 1e10, "1.1*x**0.1", "agrees"),
    (
        "(x + 1)**5",
        -0.99,
        Opaque(lambda x: ((5 * x + 20) * x + 30) * x * x + 20 * x + 5),
        "ill-conditioned",
    ),
    ("1 - 1/(1 + x)", 1e6, Opaque(lambda x: 1 / (1 + x) - x / (1 + x) ** 2), "ill-conditioned"),
    ("abs(x)", 0, Opaque(lambda x: 0.5), "not differentiable"),
    ("sqrt(x)", 0, Opaque(lambda x: math.inf), "not finite"),
    # wrong, however it hides
    ("x**2", [{"x": 1.0}, {"x": 0.5}], lambda x: {0.5: 99.0}.get(x, 2 * x), "wrong gradient"),
    ("(1 - cos(x))/x**2", 1e-6, "2*(sin(x)/x**2 - 2*(1 - cos(x))/x**3)", "wrong gradient"),
    ("(1 - cos(x))/x**2", 1e-6, Opaque(lambda x: -x / 6), "wrong gradient"),
    ("tanh(x)", 20, "tanh(x)**2 - 1", "wrong gradient"),
    ("tanh(x)", 18.5, Opaque(lambda x: -4 * math.exp(-2 * x)), "wrong gradient"),
    ("x**2", 3, "(1e20 + 7*x) - 1e20", "wrong gradient"),
    ("abs(x)", 0, Opaque(lambda x: 77.0), "wrong gradient"),
    ("sqrt(x)", 0, Opaque(lambda x: 5.0), "wrong gradient"),
    ("x**3", 1.5, lambda x: ((x + 1e-6) ** 3 - (x - 1e-6) ** 3) / 2e-6, "wrong gradient"),
    ("xlogy(x, y)", {"x": 0, "y": 0.5}, Opaque(lambda x, y: (0.0, 0.0)), "wrong gradient"),
    ("x**y", {"x": 0, "y": 2}, Opaque(lambda x, y: (5.0, 7.0)), "wrong gradient"),
    ("log(exp(x) + exp(y))", {"x": 1000, "y": 999}, lambda x, y: (0.5, 0.5), "wrong gradient"),
)


@pytest.mark.parametrize(
    ("text", "at", "gradient", "verdict"), TRIALS, ids=[f"{k}" for k in range(len(TRIALS))]
)
def test_a_claim_is_tried_on_its_merits(text: str, at: Any, gradient: Any, verdict: str) -> None:
    points = at if isinstance(at, dict | list) else [at]
    assert adviz.check(text, at=points, gradient=gradient).verdict == verdict


@pytest.mark.parametrize(
    ("text", "at", "verdict"),
    [
        ("x*sqrt(x)", 0, "not finite"),
        ("where(x > 0, 1e-20, 0)", 0, "not differentiable"),
        ("1e30*(x - 1) + where(x > 1, x - 1, x - 1)", 1, "agrees"),
        ("where(x >= 0.7, exp(log(x**2)) - x**2, 0)", 0.7, "agrees"),
        ("where(x >= 1e-6, (1 - cos(x))/x**2, (1 - cos(x))/x**2)", 1e-6, "ill-conditioned"),
        ("tanh(x)", 360, "ill-conditioned"),
    ],
)
def test_rounding_beside_a_kink_is_no_convention(text: str, at: float, verdict: str) -> None:
    assert adviz.check(text, at=[at]).verdict in (verdict, "witness failed")


@pytest.mark.parametrize(
    ("mode", "factor"), [("forward", 2.0), ("reverse", -1.0), ("forward", 1 + 1e-9)]
)
def test_a_sweep_that_is_wrong_in_float64_alone_is_caught(
    mode: str, factor: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(graph: Any, numbers: Any, point: Any, wanted: Any, which: str) -> dict[Key, Any]:
        found = swept(graph, numbers, point, wanted, which)
        return {key: value * factor for key, value in found.items()} if which == mode else found

    monkeypatch.setattr("adviz.checking.verdicts.point.swept", broken)
    wrong = adviz.check("x**2*y", points=3).findings[0]
    assert (wrong.verdict, wrong.subject) == ("wrong rule", mode)
    assert f"{mode} mode in float64 is off by more than rounding explains" in wrong.cause


def test_what_wrong_numbers_have_in_common_is_told() -> None:
    shifted = Opaque(lambda x, y: (2 * x * y + 1.25, x * x))
    finding = worst(adviz.check("x**2*y", gradient=shifted))
    assert finding.cause == "it is 1.25 more than the derivative at all 20 points"


def test_matrices_come_and_go_as_matrices() -> None:
    def cubed(w: Any) -> Any:
        return np.trace(w @ w @ w)

    at = {"w": [[1.0, 2.0], [3.0, 4.5]]}
    assert adviz.check(cubed, at=at, gradient=lambda w: 3 * (w @ w).T).verdict == "agrees"
    transposed = worst(adviz.check(cubed, at=at, gradient=lambda w: 3 * w @ w))
    assert "exchanged" in transposed.cause


def test_several_points_may_be_vectors() -> None:
    def square(x: Any) -> Any:
        return np.dot(x, x)

    at = [{"x": [1.0, 2.0]}, {"x": np.array([3.0, 4.0])}]
    assert adviz.check(square, at=at, gradient=lambda x: 2 * x).verdict == "agrees"
    assert adviz.check("x*y", at=np.array([[1, 2], [3, 4]])).verdict == "agrees"


def test_a_branch_that_no_drawn_point_takes_is_aimed_at() -> None:
    report = adviz.check("x*x if x > 3.7 else 2*x", gradient="2")
    assert report.verdict == "wrong gradient"
    assert len(report.points) == 21 and not report.unreached


def test_a_branch_that_the_ranges_exclude_is_told() -> None:
    report = adviz.check("x*x if x > 3.7 else 2*x", gradient="2", ranges={"x": (0, 1)})
    assert report.verdict == "agrees"
    assert report.unreached == (
        "x > 3.7 (columns 8-14 of the formula) was never true at these points",
    )


def test_a_witness_that_fails_is_a_finding_of_its_own() -> None:
    report = adviz.check("1e16 + x", at=[[0.0], [1.0], [2.0]])
    told = [(f.verdict, f.count, f.positions) for f in report.findings if f.subject == "reverse"]
    assert told == [("witness failed", 1, (0,)), ("agrees", 2, (1, 2))]


# --- points and errors ---------------------------------------------------------------------------


def test_points_are_drawn_reproducibly_and_inside_the_domain() -> None:
    first = adviz.check("log(x)", points=4, seed=7)
    assert first.points == adviz.check("log(x)", points=4, seed=7).points
    assert all(point["x"] > 0 for point in first.points)
    assert first.points != adviz.check("log(x)", points=4, seed=8).points
    assert first.seed == 7 and adviz.check("x", at=[1]).seed is None


def test_kinks_are_probed_when_asked_for() -> None:
    assert adviz.check("abs(x)", points=6).verdict == "agrees"
    report = adviz.check("abs(x)", points=6, near_kinks=True)
    assert report.verdict == "not differentiable"
    assert len(report.points) > 6


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"ranges": {"q": (0, 1)}}, "q"),
        ({"ranges": {"x": (2, 1)}}, "2"),
        ({"ranges": {"x": (-2, -1)}}, "no 20 points of the ranges lie in the domain"),
        ({"at": {"x": math.inf}}, "x = inf is not finite"),
        ({"gradient": {"y": "1"}}, "nothing for the input 'x'; it has y"),
        ({"gradient": {"x": "1/q"}}, "'q' is not an input of the function; its inputs are x"),
        ({"gradient": lambda x: (1, 2, 3)}, "the gradient has 3 entries; it needs one for each"),
        ({"at": [1], "points": 3}, "give points by at=, or have them drawn by points= and ranges="),
        ({"points": 2.5}, "points = 2.5 must be a whole number from 1 on"),
        ({"seed": True}, "seed = True; it is a whole number of at most 1000 digits"),
        ({"seed": 10**5000}, "seed = <int>; it is a whole number of at most 1000 digits"),
        ({"gradient": lambda x: (1.0, (2.0,))}, r"if it is \(value, gradient\), give the second"),
        ({"gradient": lambda x: "steep"}, "the gradient's df/dx = 'steep' is str; it must be"),
    ],
)
def test_bad_input_is_one_clear_error(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(adviz.AdvizError, match=words):
        adviz.check("log(x)", **arguments)


def test_an_exception_of_the_gradient_passes_through_with_its_point() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        adviz.check("x", at=[3], gradient=Opaque(lambda x: 1 / 0))
    assert caught.value.__notes__ == ["raised by the gradient at {'x': 3.0}"]


def test_a_constant_has_nothing_to_disagree_on() -> None:
    assert adviz.check("3").verdict == "agrees"


def test_progress_is_told_as_points_are_judged() -> None:
    seen: list[tuple[int, int]] = []
    adviz.check("x*x", points=60, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(25, 60), (50, 60), (60, 60)]


# --- work elsewhere ------------------------------------------------------------------------------

SHARED = "exp(-(x - m)**2/(2*s**2))/(s*sqrt(2*pi)) + abs(x)*floor(m)"
RANGES = {"x": (-2.0, 2.0), "m": (-2.0, 2.0), "s": (1e-4, 1e4)}


@pytest.fixture(params=["threads", "processes", "dask"])
def executor(request: pytest.FixtureRequest) -> Iterator[Executor]:
    if request.param == "dask":
        distributed = pytest.importorskip("distributed", reason="dask.distributed is not installed")
        options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
        with distributed.Client(distributed.LocalCluster(**options)) as client:
            yield client.get_executor()
        return
    kinds: dict[str, Any] = {"threads": ThreadPoolExecutor, "processes": ProcessPoolExecutor}
    with kinds[request.param](2) as pool:
        yield pool


def test_an_executor_gives_the_same_report_byte_for_byte(executor: Executor) -> None:
    options: dict[str, Any] = {"points": 60, "ranges": RANGES, "gradient": slopes}
    here = adviz.check(SHARED, **options)
    there = adviz.check(SHARED, executor=executor, **options)
    assert str(here) == str(there)
    assert json.dumps(here.to_json()) == json.dumps(there.to_json())
    assert here.verdict == "wrong gradient"


def slopes(x: float, m: float, s: float) -> tuple[float, float, float]:
    density = math.exp(-((x - m) ** 2) / (2 * s * s)) / (s * math.sqrt(2 * math.pi))
    by_x = density * (m - x) / s**2
    return (
        by_x + math.copysign(1, x) * math.floor(m),
        -by_x,
        density * ((x - m) ** 2 / s**2 + 1) / s,
    )


def test_what_cannot_be_sent_to_a_process_is_one_clear_error() -> None:
    with (
        ProcessPoolExecutor(1) as pool,
        pytest.raises(adviz.AdvizError, match="define it at the top level of a module"),
    ):
        adviz.check("x*x", gradient=lambda x: 2 * x, executor=pool)


def test_a_report_survives_pickling() -> None:
    report = adviz.check(SHARED, points=3, ranges=RANGES)
    assert str(pickle.loads(pickle.dumps(report))) == str(report)  # noqa: S301 - our own bytes
