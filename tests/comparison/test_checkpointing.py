"""Checkpointing: the fewest runs that can be, what is held, and the derivatives as ever."""

from __future__ import annotations

import gc
import math
import random
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from corpus import CORPUS, Formula
from hypothesis import given, reject
from hypothesis import strategies as st
from samples import Case, cases, corpus_points

import adviz
from adviz.comparison.checkpointing.actions import Action, actions
from adviz.comparison.checkpointing.chain import Chain
from adviz.comparison.checkpointing.optimum import least_advances, longest, repetitions
from adviz.comparison.checkpointing.schedules import SCHEDULES
from adviz.comparison.checkpointing.sweeping import Moment, Sweep
from adviz.comparison.classics import composition, logistic
from adviz.errors import AdvizError, DomainError, PointError, TooLarge
from adviz.language.notation import unicode_text
from adviz.scene.scene import finished

MOST_STEPS, MOST_SNAPSHOTS = 26, 9
SIZES = [(steps, kept) for steps in range(1, MOST_STEPS) for kept in range(1, MOST_SNAPSHOTS)]
BOUNDED = [name for name, row in SCHEDULES.items() if row.bounded]
UNBOUNDED = [name for name, row in SCHEDULES.items() if not row.bounded]


def scheduled(chain: Any, name: str, kept: int) -> adviz.Schedule:
    return adviz.checkpoint(chain, kept if name in BOUNDED else None, name)


# --- the fewest runs -----------------------------------------------------------------------------


@cache
def fewest(costs: tuple[int, ...], kept: int) -> float:
    """Return the least that must be computed again, by trying every place for a snapshot."""
    if len(costs) == 1:
        return 0
    if kept == 0:
        return math.inf
    return min(
        sum(costs[:k]) + fewest(costs[k:], kept - 1) + fewest(costs[:k], kept)
        for k in range(1, len(costs))
    )


@pytest.mark.parametrize(("steps", "kept"), SIZES)
def test_the_binomial_schedule_is_the_best_and_what_the_formula_says(steps: int, kept: int) -> None:
    """t(l, c) = r l - C(c + r, r - 1): Griewank & Walther (2000), equation 3."""
    least = fewest((1,) * steps, kept)
    assert least_advances(steps, kept) == least
    for name in BOUNDED:
        found = adviz.checkpoint(steps, kept, name)
        assert found.advances == least and found.peak_snapshots <= kept


@pytest.mark.parametrize("kept", range(1, 7))
@pytest.mark.parametrize("often", range(5))
def test_so_many_steps_are_reversed_when_none_is_run_more_often(kept: int, often: int) -> None:
    """The longest chain has C(c + r, c) steps: Griewank (1992)."""
    steps = math.comb(kept + often, kept)
    assert longest(kept, often) == steps and repetitions(steps, kept) == often
    assert adviz.checkpoint(steps, kept).repetition == often
    assert adviz.checkpoint(steps + 1, kept).repetition == often + 1


@pytest.mark.parametrize("seed", range(12))
def test_the_search_finds_the_least_work_where_steps_differ(seed: int) -> None:
    draw = random.Random(seed)
    costs = tuple(draw.choice((1, 2, 3, 50)) for _ in range(draw.randint(2, 12)))
    kept, chain = draw.randint(1, 4), Chain((1,) * (len(costs) + 1), costs)
    made = {name: actions(len(costs), kept, SCHEDULES[name].part(costs, kept)) for name in BOUNDED}
    found = {name: adviz.Schedule(chain, name, tuple(each)) for name, each in made.items()}
    assert found["optimal"].operations == fewest(costs, kept) <= found["binomial"].operations
    assert found["optimal"].peak_snapshots <= kept


def test_a_search_saves_what_a_costly_step_costs() -> None:
    """All steps are cheap but the second, in which twenty values are held before any is used."""
    terms = "; ".join(f"p{k} = x1 + {k}" for k in range(20))
    product = "*".join(f"p{k}" for k in range(20))
    text = f"x1 = sin(x0); {terms}; x2 = {product}; x3 = sin(x2); x4 = cos(x3); sin(x4)"
    best, even = (adviz.checkpoint(text, 2, name) for name in ("optimal", "binomial"))
    assert best.chain.computed == (1, 39, 1, 1, 1)
    assert (best.operations, even.operations) == (44, 82)
    assert best.reverse({"x0": 0.1}).gradient == even.reverse({"x0": 0.1}).gradient


def test_every_state_is_kept_or_every_root() -> None:
    for steps in range(2, 60):
        found = adviz.checkpoint(steps, schedule="all")
        assert (found.advances, found.peak_snapshots) == (steps - 1, steps - 1)
        apart = math.ceil(math.sqrt(steps))
        lines = math.ceil(steps / apart)
        root = adviz.checkpoint(steps, schedule="sqrt")
        assert root.advances == (lines - 1) * apart + steps - lines
        assert root.peak_snapshots <= lines + apart - 2


# --- the actions ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SCHEDULES)
@pytest.mark.parametrize("steps", [1, 2, 3, 7, 10, 31, 64])
@pytest.mark.parametrize("kept", [1, 2, 3, 5])
def test_actions_can_be_carried_out(name: str, steps: int, kept: int) -> None:
    """A state is gone back to only while it is held; steps are reversed one after the other."""
    found = scheduled(steps, name, kept)
    at, held, known = 0, set[int](), steps
    for kind, start, stop in found.actions:
        if kind == "advance":
            assert at == start < stop < known
        elif kind == "snapshot":
            assert at == start == stop and start not in held
            held.add(start)
        elif kind == "restore":
            assert start in held
        elif kind == "free":
            assert start == at
            held.remove(start)
        else:
            assert (start, stop) == (known, at) == (known, known - 1)
            known = stop
        at = stop
    assert known == 0 and not held


def test_the_schedule_of_the_page() -> None:
    """Ten steps with three snapshots: they are taken at 0, 4 and 7, and nothing is run thrice."""
    found = adviz.checkpoint(10, snapshots=3)
    taken = [action.start for action in found.actions if action.kind == "snapshot"]
    assert taken == [0, 4, 7, 5, 1, 2]
    assert found.repetitions == (2, 2, 2, 1, 2, 2, 1, 2, 1, 0)
    assert found.actions[:3] == (
        Action("snapshot", 0, 0), Action("advance", 0, 4), Action("snapshot", 4, 4)
    )  # fmt: skip


def test_a_long_chain_is_scheduled_without_recursion() -> None:
    for kept in (1, 2, 30):
        assert adviz.checkpoint(5000, kept).advances == least_advances(5000, kept)


# --- carried out ---------------------------------------------------------------------------------


def moments(found: adviz.Schedule, at: Any, **options: Any) -> tuple[Sweep, list[Moment]]:
    """Return a sweep that is done, and all that happened."""
    graph = found.chain.graph
    assert graph is not None
    seeds = options.pop("cotangent", None) or dict.fromkeys(graph.outputs, 1)
    wanted = options.pop("wanted", [*graph.inputs])
    sweep = Sweep(found.chain, graph, at, seeds, wanted, **options)
    return sweep, [*sweep.moments(found.actions)]


def same_bits(found: Any, expected: Any) -> bool:
    return type(found) is type(expected) and repr(found) == repr(expected)


def assert_as_ever(graph: adviz.Graph, at: Any, name: str, kept: int, **options: Any) -> None:
    """Assert that a schedule gives all adjoints bit for bit, and holds what was counted."""
    seeds = dict.fromkeys(graph.outputs, 1)
    trace = adviz.reverse(graph, at, seeds, **options)
    found = scheduled(graph, name, kept)
    sweep, done = moments(found, at, **options)
    assert all(same_bits(sweep.gradient[label], d) for label, d in trace.gradient.items())
    for moment, counted in zip(done, found.live, strict=True):
        assert moment.held <= counted
        for node, adjoint in moment.adjoints.items():
            expected = trace.adjoints[node] if trace.adjoints else None
            assert same_bits(adjoint, expected) or (adjoint is None and not expected)
    assert {node for moment in done for node in moment.adjoints} == {
        node for node, arguments in enumerate(graph.args) if arguments
    }
    assert sweep.runs == found.runs
    assert [*sweep.value.values()] == [trace.values[node] for node in graph.outputs.values()]


@pytest.mark.parametrize("name", SCHEDULES)
@pytest.mark.parametrize("formula", CORPUS[::9], ids=lambda formula: formula.name)
def test_the_derivatives_are_those_of_reverse_mode_bit_for_bit(formula: Formula, name: str) -> None:
    graph = adviz.build(formula.text)
    if name == "optimal" and len(adviz.checkpoint(graph, schedule="all").chain) > 60:
        name = "binomial"
    assert_as_ever(graph, corpus_points(formula, graph)[0], name, 2)


@given(cases(outputs=2), st.sampled_from([*SCHEDULES]), st.integers(1, 4))
def test_random_graphs_are_reversed_bit_for_bit(case: Case, name: str, kept: int) -> None:
    try:
        adviz.reverse(case.graph, case.at, dict.fromkeys(case.graph.outputs, 1))
    except DomainError:
        reject()
    assert_as_ever(case.graph, case.at, name, kept)


CHAINS: dict[str, tuple[Any, dict[str, Any]]] = {
    "logistic map": (logistic(30), {"x": 0.2}),
    "composition": (composition(12), {"x": 0.4}),
    "a parameter": ("a = r*x*(1 - x); b = r*a*(1 - a); r*b*(1 - b)", {"r": 3.7, "x": 0.2}),
    "a parameter's function": ("a = x*sin(p); b = a*sin(p); b*sin(p)", {"x": 2.0, "p": 0.3}),
    "exact": ("a = x*(1 - x); b = a*(1 - a); b*(1 - b)", {"x": Fraction(1, 3)}),
    "branches": (
        "a = where(x > 0, x*x, log(-x)); b = where(a > 9, sqrt(a - 9), a*a); b*b", {"x": -1.5}
    ),
    "a branch to a constant": ("a = exp(x); b = where(a > 9, a*a, 3); c = sin(b); c*c", {"x": 1}),
    "nothing to do": ("f(x) = x", {"x": 2.0}),
    "a constant": ("f(x) = 3", {"x": 2.0}),
    "not used": (adviz.build("f(x, y) = sin(exp(x))"), {"x": 2.0, "y": 1.0}),
    "several outputs": ({"p": "sin(exp(x))", "q": "sin(exp(x))*y", "r": "x"}, {"x": 0.5, "y": 2}),
    "two outputs that are one": ({"p": "sin(exp(x))", "q": "sin(exp(x))"}, {"x": 0.5}),
    "minus zero": ("a = -x; b = a*0; c = b*b; c*a", {"x": 1.0}),
}  # fmt: skip


@pytest.mark.parametrize("name", SCHEDULES)
@pytest.mark.parametrize("title", CHAINS)
def test_chains_are_reversed_bit_for_bit(title: str, name: str) -> None:
    source, at = CHAINS[title]
    assert_as_ever(adviz.build(source), at, name, 2)


def test_many_digits_and_a_choice_of_inputs() -> None:
    graph = adviz.build("a = r*x*(1 - x); b = r*a*(1 - a); r*b*(1 - b)")
    at = {"r": 3.7, "x": 0.2}
    assert_as_ever(graph, at, "binomial", 1, digits=40)
    found = adviz.checkpoint(graph, 1).reverse(at, wrt="r", digits=40)
    assert found.gradient == adviz.reverse(graph, at, wrt="r", digits=40).gradient
    found = adviz.checkpoint(graph, 1).reverse(at, cotangent=2.0)
    assert found.gradient == adviz.reverse(graph, at, 2.0).gradient


def test_a_traced_loop_with_a_state_of_two_is_cut_between_its_steps() -> None:
    def pendulum(x: Any, v: Any) -> Any:
        for _ in range(8):
            v = v - 0.1 * np.sin(x)
            x = x + 0.1 * v
        return x * x + v * v

    graph = adviz.build(pendulum)
    found = adviz.checkpoint(graph, snapshots=2)
    assert max(found.chain.widths) == 2 and found.steps > 8
    assert_as_ever(graph, {"x": 1.0, "v": 0.0}, "binomial", 2)
    assert found.reverse({"x": 1.0, "v": 0.0}).peak < found.chain.values / 2


def test_a_guard_is_asked_in_its_step() -> None:
    def bent(x: Any) -> Any:
        for _ in range(4):
            x = np.sin(x) if x > 0 else np.exp(x)
        return x

    graph = adviz.build(bent, at={"x": 1.0})
    assert_as_ever(graph, {"x": 1.5}, "binomial", 2)
    with pytest.raises(DomainError, match="does not describe this point"):
        adviz.checkpoint(graph, 2).reverse({"x": -1.0})


@pytest.mark.parametrize("name", SCHEDULES)
def test_what_is_held_is_what_was_counted_where_every_step_is_alike(name: str) -> None:
    found = scheduled(logistic(17), name, 3)
    _, done = moments(found, {"x": 0.3})
    assert [moment.held for moment in done] == [*found.live]
    assert max(found.live) == found.peak == found.reverse({"x": 0.3}).peak


@pytest.fixture
def only_new() -> None:
    """Let the garbage collector list only objects that are made from now on."""
    gc.collect()
    gc.freeze()


@pytest.mark.usefixtures("only_new")
@pytest.mark.parametrize(("name", "kept"), [("binomial", 1), ("binomial", 4), ("all", 0)])
def test_no_other_numbers_are_alive_than_are_counted(name: str, kept: int) -> None:
    """Counted by the garbage collector: a Fraction is an object that it knows."""
    steps = "; ".join(f"x{k + 1} = x{k}/2 + 1" for k in range(40))
    graph = adviz.build(steps)
    found = scheduled(graph, name, kept)
    sweep = Sweep(found.chain, graph, {"x0": Fraction(1, 3)}, {"x40": 1}, ["x0"])
    before, most = _fractions(), 0
    for moment, counted in zip(sweep.moments(found.actions), found.live, strict=True):
        alive = _fractions() - before
        assert alive <= counted + _ADJOINTS, moment.action
        most = max(most, alive)
    assert most >= found.peak_snapshots  # they are seen


_ADJOINTS = 4
"""The result, the adjoint that has arrived, and those of the step at hand: one or two."""


def _fractions() -> int:
    return sum(type(one) is Fraction for one in gc.get_objects())


def test_memory_grows_as_the_logarithm_of_the_steps_where_runs_do() -> None:
    """Griewank (1992): with c = log2 n snapshots no step is run more than about log2 n times."""
    for power in range(3, 13):
        found = adviz.checkpoint(2**power, snapshots=power)
        assert found.repetition <= power and found.peak <= power + 2


# --- what is said --------------------------------------------------------------------------------


REFUSED: tuple[tuple[Callable[[], Any], type[AdvizError], str], ...] = (
    (lambda: adviz.checkpoint(10), AdvizError,
     "schedule='binomial' is told how many states may be kept; give snapshots=3, say"),
    (lambda: adviz.checkpoint(10, 3, "all"), AdvizError,
     "schedule='all' takes as many snapshots as it needs; leave snapshots out"),
    (lambda: adviz.checkpoint(10, 3, "log"), AdvizError,
     "schedule = 'log'; it is one of 'all', 'sqrt', 'binomial', 'optimal'"),
    (lambda: adviz.checkpoint(0, 3), PointError,
     "steps = 0 must be a whole number from 1 to 10000"),
    (lambda: adviz.checkpoint(10, 0), PointError,
     "snapshots = 0 must be a whole number from 1 on"),
    (lambda: adviz.checkpoint(1000, 3, "optimal"), TooLarge,
     "the best of all schedules of 1000 steps with 3 snapshots is not searched for"),
    (lambda: adviz.checkpoint(10, 3).reverse({"x": 1}), AdvizError,
     "the schedule is of 10 steps and no graph, so there is nothing to differentiate; give the"),
    (lambda: adviz.checkpoint("sin(exp(x))", 3).reverse({"x": [1.0, 2.0]}), PointError,
     "a chain is reversed at one point; this one has arrays of many"),
    (lambda: adviz.checkpoint("sin(exp(x))", 3).reverse({"x": 1.0}, [1.0, 2.0]), PointError,
     "cotangent"),
    (lambda: adviz.checkpoint("sin(exp(x))", 3).reverse({"x": 1.0}, {"f": [1.0]}), PointError,
     "cotangent f has the shape (1,), at a single point; give one number"),
    (lambda: adviz.animate(adviz.checkpoint(101, 9)), TooLarge,
     "a film of 101 steps that are run"),
    (lambda: adviz.draw(adviz.checkpoint(9000, 9)), TooLarge,
     "actions; at most 20000 are drawn"),
)  # fmt: skip


@pytest.mark.parametrize(("call", "kind", "words"), REFUSED, ids=[words for *_, words in REFUSED])
def test_what_is_wrong_is_said(call: Callable[[], Any], kind: type[AdvizError], words: str) -> None:
    with pytest.raises(kind) as caught:
        call()
    assert words in str(caught.value)


WRONG: dict[str, tuple[str, dict[str, Any]]] = {
    "outside a domain": ("a = exp(x); b = a - 9; c = log(b); sin(c)", {"x": 1.0}),
    "overflow": ("a = exp(x); b = a*a; c = b + 1; exp(c)", {"x": 300.0}),
    "no derivative": ("a = x*x - 5; b = y*y; a**b", {"x": 1.0, "y": 2}),
    "not finite": ("sin(exp(x))", {"x": math.inf}),
    "no such input": ("sin(exp(x))", {"y": 1.0}),
    "no number": ("sin(exp(x))", {"x": "1"}),
    "no exact value": ("sin(exp(x))", {"x": Fraction(1, 2)}),
}


@pytest.mark.parametrize("title", WRONG)
def test_errors_are_those_of_the_whole_sweep(title: str) -> None:
    source, at = WRONG[title]
    with pytest.raises(AdvizError) as whole:
        adviz.reverse(source, at)
    with pytest.raises(type(whole.value)) as stepwise:
        adviz.checkpoint(source, 1).reverse(at)
    assert str(stepwise.value) == str(whole.value)


# --- how it is seen ------------------------------------------------------------------------------


def test_a_schedule_is_a_table_and_data() -> None:
    found = adviz.checkpoint(3, snapshots=1)
    assert str(found).splitlines()[0] == (
        "binomial: 3 steps, 1 snapshot, 3 advances, no step more than twice; 3 live values"
    )
    assert found.markdown().splitlines()[2:5] == [
        "| snapshot | 0      |         1 |           1 |",
        "| advance  | 0 → 2  |         1 |           3 |",
        "| reverse  | 2 ← 3  |         1 |           3 |",
    ]
    assert r"$\text{advance}$ & $0 \to 2$" in found.latex()
    assert '<th scope="row">reverse</th><td>2 ← 3</td>' in found.html()
    assert found.ascii().isascii() and "0 -> 2" in found.ascii()
    data = found.to_json()
    assert data["advances"] == 3 and data["actions"][1] == {
        "kind": "advance", "start": 0, "stop": 2, "snapshots": 1, "live values": 3,
    }  # fmt: skip


@pytest.mark.parametrize("name", SCHEDULES)
@pytest.mark.parametrize("steps", [1, 2, 5, 12])
def test_the_film_ends_with_every_run_and_every_adjoint(steps: int, name: str) -> None:
    found = scheduled(steps, name, 3)
    scene = adviz.animate(found).scene
    end = finished(scene)
    assert [scene.text(key) for key in end.labels.values()] == [
        f"{often + 1}×" for often in found.repetitions
    ]
    for state in range(steps + 1):
        assert scene.text(end.rows[state, "adjoint"]) == "known"
        assert end.rows.get((state, "snapshot")) is None
    shown = [frame.kind for frame in scene.frames].count
    assert shown("advance") == found.advances and shown("reverse") == steps


def test_the_film_says_how_far_it_is() -> None:
    frames = adviz.animate(adviz.checkpoint(10, snapshots=3)).scene.frames
    said = ["".join(unicode_text(part) for part in frame.narration) for frame in frames]
    assert (
        said[8]
        == "Run step 6. Runs: 6 of 25; snapshots: 2 of at most 3; live values: 4 of at most 5"
    )
    assert said[-1] == (
        "Run and reverse step 1. Runs: 25 of 25; snapshots: 0 of at most 3; "
        "live values: 2 of at most 5"
    )
    assert any(one.startswith("Run again step 8. ") for one in said)


def test_the_diagram_has_a_line_for_every_run_and_snapshot() -> None:
    found = adviz.checkpoint(10, snapshots=3)
    kinds = [shape.kind for shape in adviz.draw(found).scene.layout.shapes]
    count = [action.kind for action in found.actions].count
    assert kinds.count("held") == count("snapshot")
    assert kinds.count("reverse") == count("reverse") + 1  # and one in the legend
    assert kinds.count("live") == count("advance") + count("reverse")


def test_the_curve_is_made_of_schedules() -> None:
    chart = adviz.checkpoint(40, snapshots=4).tradeoff()
    for kept, often in chart["binomial"].points:
        assert often == adviz.checkpoint(40, int(kept)).runs / 40
    root = adviz.checkpoint(40, schedule="sqrt")
    assert chart["every k-th state"].points[0] == (root.peak_snapshots, root.runs / 40)
    assert (chart.marks[0].x, chart.marks[0].text) == (4, "4 snapshots: 3.6 runs")
    assert chart.caption == (
        "With 4 snapshots a step is run 3.6 times on average, the run in which it is reversed "
        "among them. States kept evenly take at least 10 snapshots, for 2.73 runs; the binomial "
        "schedule does with any number."
    )


IN_EARNEST = """
import tracemalloc
import adviz

def halved(x):
    for _ in range(3000):
        x = x / 2 + 1.0
    return x

def peak_of(sweep):
    sweep({"x": 0.2})  # what is loaded at the first use is not the sweep's
    tracemalloc.start()
    sweep({"x": 0.2})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak

graph = adviz.build(halved, verify=False)
found = adviz.checkpoint(graph, snapshots=10)
print(peak_of(found.reverse), peak_of(lambda at: adviz.reverse(graph, at)))
"""


def test_memory_is_saved_in_earnest(tmp_path: Path) -> None:
    """Six thousand values: what Python allocates is a tenth at most of what plain reverse takes."""
    (tmp_path / "earnest.py").write_text(IN_EARNEST, "utf-8")
    command = [sys.executable, str(tmp_path / "earnest.py")]  # nobody else allocates there
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    least, plain = map(int, done.stdout.split())
    assert least < plain / 10
