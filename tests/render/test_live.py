"""A film at other inputs: what its page computes is the film that Python makes there."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from math import inf, isfinite
from pathlib import Path
from typing import Any

import pytest
from corpus import CORPUS, Formula
from films import PRODUCT, in_node

import adviz
from adviz.checking.faults.gallery import BY_NAME
from adviz.language.numerals import short
from adviz.render.live import Live, live
from adviz.scene.frames import Film
from adviz.scene.scene import Scene
from adviz.scene.staging import stage

Point = Mapping[str, float]

LENIENT = {"logarithms"}
"""Where a row has a number outside its domain."""

_LONGEST = 50
"""The most characters of a formula of the corpus that is filmed here: staging takes the time."""

_NODE = """
import { readFileSync } from "node:fs";
const read = (name) => JSON.parse(readFileSync(name, "utf8"));
const films = read("films.json");
const made = films.map(({ film, key, points }) =>
  points.map((point) => {
    const found = player.filmAt(film, player.programs[key], point);
    const { frames, phases, numbers, status } = found;
    return { frames, phases, numbers, status, problem: player.problemOf(found) };
  }));
console.log(JSON.stringify(made));
"""


def both(graph: adviz.Graph, at: Point) -> list[adviz.Trace]:
    """Return a forward sweep in some direction, and a reverse sweep weighing all outputs."""
    along = {name: 1.0 - k / 2 for k, name in enumerate(graph.inputs)}
    weights = {label: 1.0 + k for k, label in enumerate(graph.outputs)}
    return [
        adviz.forward(graph, at, along, errors="ieee"),
        adviz.reverse(graph, at, weights, errors="ieee"),
    ]


def reverse(graph: adviz.Graph, at: Point) -> list[adviz.Trace]:
    return [both(graph, at)[1]]


def by_last(graph: adviz.Graph, at: Point) -> list[adviz.Trace]:
    return [adviz.reverse(graph, at, wrt=[*graph.inputs][-1], errors="ieee")]


def values(graph: adviz.Graph, at: Point) -> list[adviz.Trace]:
    return [adviz.evaluate(graph, at, errors="ieee")]


class Case:
    """A film at its first point, and what Python stages at all of them."""

    def __init__(self, text: Any, points: list[Point], sweeps: Any = both) -> None:
        self.text, self.points, self.sweeps = text, points, sweeps

    @cached_property
    def graph(self) -> adviz.Graph:
        return adviz.build(self.text)

    @cached_property
    def scene(self) -> Scene:
        return stage(self.sweeps(self.graph, self.points[0]))

    @cached_property
    def live(self) -> Live:
        return live(self.scene)

    def data(self) -> dict[str, Any]:
        film = {**self.scene.to_json(), **self.live.film}
        points = [[float(at[name]) for name in self.graph.inputs] for at in self.points]
        return {"film": film, "key": film["live"]["key"], "points": points}

    def expected(self, at: Point) -> tuple[Film, list[adviz.Trace]]:
        traces = self.sweeps(self.graph, at)
        return Film(self.graph, traces, self.scene.slotted), traces


def drawn(formula: Formula) -> Case:
    """Return a formula at points in its box, and at one where it may be undefined."""
    chance = random.Random(formula.name)
    inside = [
        {name: chance.uniform(*ends) for name, ends in formula.ranges.items()} for _ in range(2)
    ]
    outside = {name: chance.choice([-3.0, 0.0, 0.5]) for name in formula.ranges}
    return Case(formula.text, [*inside, outside])


BRANCH = "where(x > 0, sqrt(x)*y, log(y)) + abs(z)"
NESTED = "where(x > 1 and y < 4 or x*y > 9, log(x - 1)*y, where(y < 0, x, x*y) + sqrt(-x))"
CASES: dict[str, Case] = {
    "running": Case(PRODUCT, [{"x": 3, "y": 2}, {"x": -1.5, "y": 0.25}, {"x": 0, "y": 0}]),
    "branch": Case(
        BRANCH, [{"x": a, "y": b, "z": c} for a, b, c in
                 [(-1, 2, 0), (4, 2, 1), (0, 2, -3), (0, -2, 0), (-1, -1, 1), (9, -1, 0)]],
    ),
    "nested branches": Case(
        NESTED, [{"x": a, "y": b} for a, b in
                 [(2, 1), (-1, 2), (-2, -3), (5, 5), (1, 4), (0.5, 20), (1, 0), (1.5, -7)]],
    ),
    "powers": Case("x**y + y", [{"x": 2, "y": 3}, {"x": 0, "y": 1}, {"x": -2, "y": 3}], reverse),
    "by the last": Case("y**x*x", [{"y": 3, "x": 2}, {"y": -2, "x": 2}], by_last),
    "values": Case("exp(x)/y", [{"x": 1, "y": 2}, {"x": 1000, "y": 2}, {"x": 1, "y": 0}], values),
    "poles": Case("sqrt(x)*y + cbrt(y)", [{"x": 1, "y": 1}, {"x": 0, "y": 1}, {"x": 0, "y": 0}]),
    "overflow": Case("x**2*y**2", [{"x": 1, "y": 1}, {"x": 1e200, "y": 1}, {"x": 1e200, "y": 0}]),
    "outputs": Case({"p": "x*y + sin(x)", "q": "x - x*y"}, [{"x": 1, "y": 2}, {"x": -4, "y": 0}]),
    "constants": Case("2*x + pi*0 + log(2)", [{"x": 1}, {"x": -0.0}]),
    **{
        one.name: drawn(one) for one in CORPUS
        if len(one.text) <= _LONGEST and one.name not in LENIENT
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """What pages make of all films at all points."""
    found = made_by_pages(tmp_path_factory.mktemp("node"), [*CASES.values()])
    return dict(zip(CASES, found, strict=True))


def made_by_pages(folder: Path, cases: Sequence[Case]) -> list[list[dict[str, Any]]]:
    """Return what pages make of films at their points, in one run of Node."""
    films, offers = [case.data() for case in cases], [case.live.script for case in cases]
    (folder / "films.json").write_text(json.dumps(films), encoding="utf-8")
    kept = "{ const enliven = (key, program) => { programs[key] = program; };"
    programs = "\n".join(["export const programs = {};", kept, *offers, "}"])
    made: list[list[dict[str, Any]]] = in_node(folder, _NODE, programs)
    return made


@pytest.mark.parametrize("name", CASES)
def test_a_page_makes_the_film_that_python_makes(
    pages: Mapping[str, list[dict[str, Any]]], name: str
) -> None:
    case = CASES[name]
    for at, found in zip(case.points, pages[name], strict=True):
        film, traces = case.expected(at)
        assert found["phases"] == [asdict(phase) for phase in film.phases], at
        assert found["frames"] == json.loads(json.dumps([vars(frame) for frame in film.frames])), at
        assert found["status"] == statuses(traces), at
        assert_same_numbers(found["numbers"], film)


REFUSED: dict[str, tuple[str, Point, Point]] = {
    "log": ("x*log(x - 1)", {"x": 2}, {"x": -1}),
    "two arguments": ("y - x**y", {"x": 2, "y": 0.5}, {"x": -2, "y": 0.5}),
    "division": ("a = x - 1\n3/a", {"x": 2}, {"x": 1}),
    "other branch": ("where(x > 0, sqrt(x), log(x))", {"x": 2}, {"x": -2}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_page_says_what_python_refuses(name: str, tmp_path: Path) -> None:
    text, first, second = REFUSED[name]
    case = Case(text, [first, second], reverse)
    with pytest.raises(adviz.AdvizError) as refused:
        adviz.reverse(case.graph, second)
    fine, said = (found["problem"] for found in made_by_pages(tmp_path, [case])[0])
    assert fine == ""
    assert said and str(refused.value).startswith(said)


@pytest.mark.parametrize(
    ("text", "x", "said"),
    [
        ("y = abs(x); y + 1", 0, "y — at a kink: the slopes left and right of it differ"),
        ("where(x > 0, x, 2)", 0, "v₁ — at a kink: the slopes left and right of it differ"),
        ("sqrt(x) + 1", 0, "v₁ — at a pole: its slope is infinite here"),
        ("exp(x) + 1", 1000, "v₁ — too large for a float: it overflows"),
    ],
)
def test_a_page_says_where_something_is_special(
    text: str, x: float, said: str, tmp_path: Path
) -> None:
    case = Case(text, [{"x": 0.5}, {"x": x}], reverse)
    assert made_by_pages(tmp_path, [case])[0][1]["problem"] == said


WITHOUT_FIELDS: dict[str, Callable[[], adviz.Animation]] = {
    "digits": lambda: adviz.animate(adviz.reverse("x*y", at={"x": 3, "y": 2}, digits=30)),
    "no inputs": lambda: adviz.animate(adviz.reverse("pi*2", at={})),
    "second order": lambda: adviz.animate(adviz.second_order("x**2", {"x": 3}, "x")),
    "taylor": lambda: adviz.animate(adviz.taylor("x*x", {"x": 3}, {"x": 1}, 2)),
    "elimination": lambda: adviz.animate(adviz.eliminate("x*y", {"x": 3, "y": 2}, "reverse")),
    "schedule": lambda: adviz.animate(adviz.checkpoint(7, snapshots=2)),
    "outside its domain": lambda: adviz.animate(adviz.reverse("log(x, 2)*logb(x, 3)", {"x": 3})),
    "no form": lambda: adviz.animate(adviz.reverse("airyai(x)", {"x": 3})),
    "a fault": lambda: adviz.animate(BY_NAME["overwrite"].reverse("x*x", {"x": 3})),
    "not finite": lambda: adviz.animate(adviz.reverse("1/x", {"x": inf}, errors="ieee")),
    "a trace of some points": lambda: adviz.animate(
        adviz.reverse(adviz.build(lambda x: x * x if x > 0 else x, at={"x": 3}), {"x": 3})
    ),
    "many choices": lambda: adviz.animate(
        adviz.reverse("+".join(f"where(x > {k}, x, 1)" for k in range(5)), {"x": 3})
    ),
}


@pytest.mark.parametrize("name", WITHOUT_FIELDS)
def test_a_film_that_a_page_cannot_compute_has_no_fields(name: str) -> None:
    film = WITHOUT_FIELDS[name]()
    assert live(film.scene) == ({}, "")
    assert 'enliven("' not in film.html()


def statuses(traces: Sequence[adviz.Trace]) -> list[str]:
    """Return per node what its value is, or what the last step that went wrong there says."""
    said: list[str] = [*adviz.evaluate(traces[0].graph, traces[0].point, errors="ieee").status]
    for step in (step for trace in traces for step in trace.steps):
        if step.edge and step.status != "ok":
            said[step.edge.head] = step.status
    return said


def assert_same_numbers(found: Mapping[str, tuple[str, str]], film: Film) -> None:
    """Compare numbers, which differ by as much as functions of Python and JavaScript do."""
    assert found.keys() == film.numbers.keys()
    largest = max(abs(number) for number in film.register.exact.values() if isfinite(number))
    for key, wanted in film.register.exact.items():
        shown, typed = found[key]
        if isinstance(wanted, bool):
            assert (shown, typed) == film.numbers[key]
            continue
        number = float(typed)
        assert shown == short(number)
        assert number == pytest.approx(wanted, rel=1e-12, abs=1e-12 * largest, nan_ok=True), key
