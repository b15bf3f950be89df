"""JAX, PyTorch and autograd on trial: gradients judged by `check`, conventions measured.

A framework that is not installed is skipped by name. `python tests/pages.py` writes
docs/frameworks.md anew, and prints the lines of `adviz.checking.points.conventions` that do not
hold.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest
from corpus import CORPUS, Formula
from foreign import PEERS
from frameworks import AUTOGRAD, FRAMEWORKS, JAX, TORCH, Framework, gradient
from laws import exactly, gradient_rounding, true_gradient
from laws import points as row_points
from samples import corpus_points

import adviz
from adviz.checking.finding import VERDICTS, WRONG, Finding, Verdict
from adviz.checking.points.conventions import (
    KINKS,
    USUAL,
    VERSIONS,
    Kink,
    Partials,
    as_usual,
    returned,
    shown,
)
from adviz.language.numerals import short
from adviz.numbers import multiprecision
from adviz.primitives import TABLE

PAGE = Path(__file__).parents[2] / "docs/frameworks.md"
JUDGED = (JAX, TORCH, AUTOGRAD)
BY_NAME = {framework.name: framework for framework in FRAMEWORKS}

LETTERS: Mapping[str, Verdict] = {
    "A": "agrees",
    "W": "wrong gradient",
    "F": "not finite",
    "U": "undefined",
    "K": "not differentiable",
    "I": "ill-conditioned",
}
"""How the table of cases abbreviates a verdict."""


@dataclass(frozen=True)
class Case:
    """One formula at one point: what is said of adviz's own modes, and of each framework."""

    text: str
    at: tuple[float, ...]
    own: Verdict
    said: tuple[Verdict, Verdict, Verdict]
    """Of JAX, PyTorch and autograd."""
    shows: str

    @property
    def graph(self) -> adviz.Graph:
        return adviz.build(self.text)

    @property
    def point(self) -> dict[str, float]:
        return dict(zip(self.graph.inputs, map(float, self.at), strict=True))


def _case(shows: str, text: str, at: tuple[float, ...], letters: str) -> Case:
    """Return one line of the table."""
    own, jax, torch, autograd = (LETTERS[letter] for letter in letters.split())
    return Case(text, at, own, (jax, torch, autograd), shows)


# fmt: off
CASES: tuple[Case, ...] = (
    # the last column: adviz itself, JAX, PyTorch, autograd
    _case("an exponent of 0",       "x**0.0",                  (0,),                   "A W A A"),
    _case("an exponent of 1",       "x**1.0",                  (0,),                   "A A A A"),
    _case("a whole power at 0",     "x**3",                    (0,),                   "A A A A"),
    _case("a negative base",        "x**3.0",                  (-2,),                  "A A A A"),
    _case("a root of a negative",   "x**(1/3)",                (-8,),                  "U U U U"),
    _case("outside the domain",     "log(x)",                  (-1,),                  "U U U U"),
    _case("outside the domain",     "sqrt(x)",                 (-1,),                  "U U U U"),
    _case("squares overflow",       "sqrt(x**2 + y**2)",       (1e200, 1e200),         "F W W W"),
    _case("squares underflow",      "sqrt(x**2 + y**2)",       (1e-200, 1e-200),       "F W W W"),
    _case("huge legs",              "hypot(x, y)",             (3e200, 4e200),         "A W A A"),
    _case("tiny legs",              "hypot(x, y)",             (3e-200, 4e-200),       "A W A A"),
    _case("huge legs",              "atan2(y, x)",             (3e200, 4e200),         "A W W W"),
    _case("tiny legs",              "atan2(y, x)",             (3e-200, 4e-200),       "A W I W"),
    _case("squares overflow",       "asinh(x)",                (1e200,),               "A W W W"),
    _case("NaN, branch not taken",  "where(x > 0, sqrt(x), 0)",       (-1,),           "A W W W"),
    _case("inf, branch not taken",  "where(x < 10, exp(x), 1)",       (1000,),         "A W W W"),
    _case("0/0, branch not taken",  "where(abs(x) > 1e-4, sin(x)/x, 1 - x**2/6)", (0,), "A W W W"),
    _case("log not taken",          "where(x > 0, log(x), 0)", (-1,),                  "A A A A"),
    _case("1 - z*z of a flat z",    "tanh(x)",                 (20,),                  "A I I A"),
    _case("z*(1 - z) of a flat z",  "sigmoid(x)",              (40,),                  "A I I I"),
    _case("below the smallest",     "sigmoid(x)",              (-800,),                "A A A A"),
    _case("z + 1 of a flat z",      "expm1(x)",                (-40,),                 "A I I I"),
    _case("softplus, rising",       "softplus(x)",             (800,),                 "A A A A"),
    _case("softplus, flat",         "softplus(x)",             (-40,),                 "A A A A"),
    _case("softplus by hand",       "log(1 + exp(x))",         (800,),                 "F W W W"),
    _case("sigmoid by hand",        "1/(1 + exp(-x))",         (-800,),                "F W W W"),
    _case("log-sum-exp by hand",    "log(exp(x) + exp(y))",    (1000, 1000),           "F W W W"),
    _case("the tail of gelu",       "gelu(x)",                 (-10,),                 "A A I A"),
    _case("trigamma",               "digamma(x)",              (0.5,),                 "A A I A"),
    _case("sinc at 0",              "sinc(x)",                 (0,),                   "A A A W"),
    _case("sinc near 0",            "sinc(x)",                 (1e-9,),                "A I I I"),
    _case("x log y at x = 0",       "xlogy(x, y)",             (0, 0.5),               "A A A W"),
    _case("cancellation",           "(1 - cos(x))/x**2",       (1e-6,),                "I I I I"),
    _case("a kink",                 "abs(x)",                  (0,),                   "K K K K"),
    _case("a kink",                 "relu(x)",                 (0,),                   "K K K K"),
    _case("a tie",                  "max(x, y)",               (1, 1),                 "K K K K"),
    _case("a norm at the origin",   "sqrt(x**2 + y**2)",       (0, 0),                 "K K K K"),
    _case("a norm at the origin",   "hypot(x, y)",             (0, 0),                 "K K K K"),
    _case("a kink that cancels",    "x*abs(x)",                (0,),                   "A A A A"),
)
# fmt: on

LOSSES: Mapping[str, float] = {
    "tanh": 10.0,
    "sigmoid": 20.0,
    "expm1": -20.0,
    "elu": -20.0,
    "sinc": 1e-4,
    "gelu": -7.0,
    "asin": 1 - 1e-9,
    "acos": 1 - 1e-9,
    "atanh": 1 - 1e-9,
    "acosh": 1 + 1e-9,
}
"""Where the usual rules lose digits."""

CORPUS_WRONG: Mapping[str, str] = {
    "prospect value": "NaN: a power of a negative number in the branch that is not taken",
}
"""The formulas of the corpus on which a framework's gradient is wrong, and how."""


# --- asking the frameworks ---------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """Let PyTorch compute its single numbers in one thread, during these tests."""
    if not TORCH.installed:
        yield
        return
    torch = import_module("torch")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def framework(request: pytest.FixtureRequest) -> Framework:
    """Return a framework that is installed; skip by name where it is not."""
    wanted: Framework = request.param
    if not wanted.installed:
        pytest.skip(f"{wanted.name} is not installed: pip install {wanted.package}")
    return wanted


def each(frameworks: tuple[Framework, ...]) -> pytest.MarkDecorator:
    marked = [
        pytest.param(one, id=one.name, marks=getattr(pytest.mark, one.package))
        for one in frameworks
        if one.package in PEERS
    ]
    rest = [pytest.param(one, id=one.name) for one in frameworks if one.package not in PEERS]
    return pytest.mark.parametrize("framework", marked + rest, indirect=True)


def worst(report: adviz.Report) -> Finding:
    """Return what is worst about the subject on trial: the gradient, or else adviz's modes."""
    judged = [f for f in report.findings if f.subject == "gradient"] or report.findings
    return min(judged, key=lambda finding: VERDICTS.index(finding.verdict))


def said(finding: Finding) -> Verdict:
    """Return the verdict on the derivative: right where only another witness fails."""
    return "agrees" if finding.verdict == "witness failed" else finding.verdict


def trial(case: Case, framework: Framework | None) -> Finding:
    """Return what is said of a framework's gradient, or of adviz's own."""
    given = framework and gradient(framework, case.graph)
    return worst(adviz.check(case.graph, at=case.point, gradient=given))


def measured(kink: Kink, framework: Framework) -> Partials:
    """Return a framework's derivatives at a kink, if it has the function and its derivative."""
    if kink.name in TABLE and not framework.has(kink.name):
        return None
    try:
        found = gradient(framework, adviz.build(kink.text))(*map(float, kink.at))
    except (RuntimeError, NotImplementedError, LookupError):  # PyTorch, autograd, adviz: none
        return None
    return tuple(found.values())


def same(one: Partials, other: Partials) -> bool:
    return shown(one) == shown(other)


def release(framework: Framework) -> str:
    """Return a version as the table of conventions names it: 0.10 of 0.10.2."""
    return ".".join(framework.version.split(".")[:2])


# --- the trials --------------------------------------------------------------------------------


@each(JUDGED)
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.text} at {case.at}")
def test_a_framework_is_judged_rightly(case: Case, framework: Framework) -> None:
    expected = case.said[JUDGED.index(framework)]
    assert said(trial(case, framework)) == expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.text} at {case.at}")
def test_adviz_is_judged_rightly_at_the_same_points(case: Case) -> None:
    assert said(trial(case, None)) == case.own


def shares() -> pytest.MarkDecorator:
    """Return every fourth formula for every framework; JAX, which compiles each, has a third."""
    cases = [
        pytest.param(one, formula, marks=getattr(pytest.mark, one.package))
        for one in JUDGED
        for place, formula in enumerate(CORPUS)
        if formula.name in CORPUS_WRONG or place % (12 if one is JAX else 4) == 0
    ]
    return pytest.mark.parametrize(
        ("framework", "formula"), cases, indirect=["framework"], ids=lambda one: one.name
    )


@shares()
def test_the_corpus_is_wrong_only_where_it_is(formula: Formula, framework: Framework) -> None:
    graph = adviz.build(formula.text)
    report = adviz.check(
        graph,
        at=corpus_points(formula, graph),
        gradient=adviz.export(graph, framework.package),
    )
    assert (worst(report).verdict in WRONG) == (formula.name in CORPUS_WRONG), worst(report)


@each((JAX, TORCH))
def test_single_precision_inside_is_found(framework: Framework) -> None:
    graph = adviz.build("sin(x)*exp(y)")
    rounded = gradient(framework, graph, bits=32)
    found = worst(adviz.check(graph, at={"x": 0.7, "y": 0.3}, gradient=rounded))
    assert found.verdict == "wrong gradient"
    assert "float32" in found.cause


def test_overflow_of_a_square_is_named() -> None:
    case = next(case for case in CASES if case.own == "not finite" and case.at == (1e200, 1e200))
    own = trial(case, None)
    assert own.place is not None and own.place.formula in ("x**2", "y**2")
    assert "overflow" in own.cause


# --- the frameworks themselves -----------------------------------------------------------------


@each(FRAMEWORKS)
def test_the_running_example(framework: Framework) -> None:
    graph = adviz.build("(x + y)*(x - y)")
    assert gradient(framework, graph)(3.0, 2.0) == {"x": 6.0, "y": -4.0}


@each(FRAMEWORKS)
@pytest.mark.parametrize(("text", "slope"), [("x - x + 3", {"x": 0.0}), ("f(x) = 7", {"x": 0.0})])
def test_a_constant_has_no_slope(framework: Framework, text: str, slope: dict[str, float]) -> None:
    graph = adviz.build(text)
    assert gradient(framework, graph)(*([2.0] * len(slope))) == slope


@each((JAX,))
def test_double_precision_stays_inside(framework: Framework) -> None:
    numpy = import_module("jax.numpy")
    before = numpy.asarray(1.0).dtype
    gradient(framework, adviz.build("x*x"))(3.0)
    assert numpy.asarray(1.0).dtype == before


# --- the conventions ---------------------------------------------------------------------------


@each(FRAMEWORKS)
@pytest.mark.parametrize("kink", KINKS, ids=lambda kink: kink.text)
def test_the_table_of_conventions_is_what_is_returned(kink: Kink, framework: Framework) -> None:
    if release(framework) != VERSIONS[framework.name]:
        pytest.skip(
            f"{framework.name} {release(framework)} is installed, the table has "
            f"{VERSIONS[framework.name]}: run `python tests/pages.py`, which prints the "
            f"lines to change in adviz/checking/points/conventions.py, and set the version there"
        )
    stored = kink.returned[list(VERSIONS).index(framework.name)]
    assert same(measured(kink, framework), stored)


@pytest.mark.parametrize(
    "name", [row.name for row in TABLE.values() if row.kink and not row.condition]
)
def test_every_row_with_a_kink_has_its_conventions(name: str) -> None:
    assert "JAX" in returned(name)


@pytest.mark.parametrize("kink", KINKS, ids=lambda kink: kink.text)
def test_the_conventions_are_measured_where_there_is_no_derivative(kink: Kink) -> None:
    graph = adviz.build(kink.text)
    trace = adviz.reverse(graph, list(kink.at), errors="ieee")
    marked = {"kink", "pole"} & set(trace.status)
    assert marked or any(math.isnan(partial) for partial in trace.gradient.values())


@pytest.mark.parametrize("name", USUAL)
def test_a_usual_rule_is_the_same_derivative(name: str) -> None:
    row, numbers = TABLE[name], multiprecision(200)
    moderate = [at for at in row_points(name, 60) if 1e-3 < abs(at[0]) < 100]
    assert len(moderate) > 5
    for arguments in moderate:
        exact = exactly(numbers, arguments)
        value = numbers.function(name)(*exact)
        for text, partial in zip(USUAL[name], row.partials, strict=True):
            usual, ours = (numbers.rule(row, rule)(*exact, value) for rule in (text, partial))
            assert abs(usual - ours) <= abs(ours) * 1e-30, arguments


@pytest.mark.parametrize("name", USUAL)
def test_a_usual_rule_loses_digits_where_it_is_said_to(name: str) -> None:
    graph, point = adviz.build(f"{name}(x)"), {"x": LOSSES[name]}
    ours, usual = (adviz.gradient(g, point)["x"] for g in (graph, as_usual(graph)))
    assert abs(usual - ours) > 1e-10 * abs(ours)


@each(JUDGED)
@pytest.mark.parametrize("name", USUAL)
def test_a_framework_loses_no_more_than_the_usual_rule(name: str, framework: Framework) -> None:
    graph, point = adviz.build(f"{name}(x)"), {"x": LOSSES[name]}
    found = gradient(framework, graph)(*point.values())["x"]
    allowed = gradient_rounding(as_usual(graph), point)["x"]
    assert not true_gradient(graph, point)["x"].departs(found, 2 * allowed)


# --- the page ----------------------------------------------------------------------------------


def cell(finding: Finding) -> str:
    """Return what was found, and the verdict."""
    return f"{short(finding.found)}: {said(finding)}"


def column(framework: Framework | None) -> list[str]:
    """Return the page's cells about one framework, or about adviz itself."""
    return [cell(trial(case, framework)) for case in CASES]


def truth(case: Case) -> str:
    """Return the true derivative by the input that is worst for adviz, if there is one."""
    exists = case.own not in ("undefined", "not differentiable")
    expected = trial(case, None).expected if exists else None
    if expected is None:
        return "–"
    underflows = expected and not float(expected)
    return f"{expected:.6g}".replace("-", "−") if underflows else short(float(expected))


def heading(framework: Framework) -> str:
    return f"{framework.name} {framework.version}"


def table(headings: list[str], columns: list[list[str]]) -> list[str]:
    """Return a Markdown table from its columns."""
    rows = zip(*columns, strict=True)
    lines = [headings, ["---"] * len(headings), *map(list, rows)]
    return ["| " + " | ".join(line) + " |" for line in lines]


def code(text: str) -> str:
    return f"`{text}`".replace("|", "\\|")


def at(names: Mapping[str, int], numbers: tuple[float, ...]) -> str:
    return ", ".join(f"{n} = {short(x)}" for n, x in zip(names, numbers, strict=True))


def judged_table(columns: Mapping[str, list[str]]) -> list[str]:
    """Return the table of the special cases, with one column a framework."""
    first = {
        "what it shows": [case.shows for case in CASES],
        "formula": [code(case.text) for case in CASES],
        "at": [at(case.graph.inputs, case.at) for case in CASES],
        "truth": [truth(case) for case in CASES],
        "adviz": column(None),
    }
    everything = {**first, **columns}
    return table(list(everything), list(everything.values()))


def conventions_table() -> list[str]:
    """Return the table of conventions, with adviz's own."""
    graphs = [adviz.build(kink.text) for kink in KINKS]
    own = [
        tuple(
            adviz.reverse(
                g, dict(zip(g.inputs, k.at, strict=True)), errors="ieee"
            ).gradient.values()
        )
        for g, k in zip(graphs, KINKS, strict=True)
    ]
    columns = {
        "formula": [code(kink.text) for kink in KINKS],
        "at": [at(g.inputs, k.at) for g, k in zip(graphs, KINKS, strict=True)],
        "adviz": [shown(partials) for partials in own],
    }
    for position, (name, number) in enumerate(VERSIONS.items()):
        columns[f"{name} {number}"] = [shown(kink.returned[position]) for kink in KINKS]
    return table(list(columns), list(columns.values()))


def usual_table() -> list[str]:
    """Return the table of usual rules beside adviz's own, and what they keep at one point."""
    lost = []
    for name, x in LOSSES.items():
        graph = adviz.build(f"{name}(x)")
        ours, usual = (adviz.gradient(g, {"x": x})["x"] for g in (graph, as_usual(graph)))
        digits = -math.log10(abs(usual / ours - 1))
        lost.append(f"{digits:.0f} digits at x = {short(x, 10)}")
    columns = {
        "primitive": [code(f"{name}(x)") for name in LOSSES],
        "usual": [code(USUAL[name][0]) for name in LOSSES],
        "keeps": lost,
        "adviz": [code(TABLE[name].partials[0]) for name in LOSSES],
    }
    return table(list(columns), list(columns.values()))


def page(columns: Mapping[str, list[str]]) -> str:
    """Return docs/frameworks.md."""
    lines = [
        "# Other frameworks on trial",
        "",
        "Generated by `python tests/pages.py`. Each gradient is a framework's own, in",
        "float64, of the formula as its users write it; `adviz.check` judges it against the true",
        "derivative. What stands before a verdict is the worst component that was returned.",
        "",
        *judged_table(columns),
        "",
        f"On the {len(CORPUS)} formulas of the test corpus the gradients of all three are right,",
        "except:",
        "",
        *(f"- {name}: {why}." for name, why in CORPUS_WRONG.items()),
        "",
        "## Rules that lose digits",
        "",
        "All agree on these derivatives, but not on how to compute them. A gradient that loses no",
        "more than such a formula does is not called wrong.",
        "",
        *usual_table(),
        "",
        "## Conventions at kinks",
        "",
        "Where a derivative does not exist, each framework returns something all the same, and not",
        "the same thing. Several inputs stand in parentheses; – means that it has no such function",
        "or no derivative of it.",
        "",
        *conventions_table(),
    ]
    return "\n".join(lines) + "\n"


def stored_columns() -> dict[str, list[str]]:
    """Return the frameworks' columns of the page as it stands, by heading."""
    lines = PAGE.read_text("utf-8").splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("| what it shows"))
    rows = [line[2:-2].split(" | ") for line in lines[start : start + 2 + len(CASES)]]
    headings, _, *cells = rows
    return {name: [row[k] for row in cells] for k, name in enumerate(headings) if k >= 5}


def test_the_page_says_what_the_installed_frameworks_return() -> None:
    stored = stored_columns()
    fresh = {heading(f): column(f) for f in JUDGED if f.installed and heading(f) in stored}
    assert PAGE.read_text("utf-8") == page({**stored, **fresh})


def departures() -> Iterator[str]:
    """Yield the lines of the table of conventions that the installed frameworks no longer keep."""
    for one in filter(lambda framework: framework.installed, FRAMEWORKS):
        for kink in KINKS:
            found = measured(kink, one)
            if not same(found, kink.returned[list(VERSIONS).index(one.name)]):
                yield f"{heading(one)}: {kink.text} at {kink.at} is {shown(found)}"


if __name__ == "__main__":
    missing = [one.package for one in JUDGED if not one.installed]
    if missing:
        sys.exit(f"the page needs all of them: pip install {' '.join(missing)}")
    print(*departures(), sep="\n", file=sys.stderr)
    PAGE.write_text(page({heading(one): column(one) for one in JUDGED}), "utf-8")
