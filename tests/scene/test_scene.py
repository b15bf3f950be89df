"""Laws of films: which frames there are, what they say, and where everything stands."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any

import mpmath
import numpy as np
import pytest

import adviz
from adviz.graph.graph import Graph
from adviz.graph.procedure import Edge
from adviz.language.ascii import in_ascii
from adviz.language.notation import unicode_text
from adviz.language.numerals import full, short
from adviz.scene import chip_text
from adviz.scene.chip_places import CHIP_HEIGHT
from adviz.scene.geometry import Box, along
from adviz.scene.heights import DOT_LIMIT
from adviz.scene.lettering import shown_chip
from adviz.scene.lines import line_width, words
from adviz.scene.scene import Mark, Scene, between, finished, state, states
from adviz.scene.staging import stage

RUNNING = "a = x + y; b = x - y; a*b"
POINT = {"x": 3, "y": 2}
NETWORK = """
h0 = softplus(w00*x0 + w01*x1 + b0); h1 = softplus(w10*x0 + w11*x1 + b1)
h2 = softplus(w20*x0 + w21*x1 + b2); sigmoid(u0*h0 + u1*h1 + u2*h2)
"""
FORMULAS = {
    "running example": RUNNING,
    "Baydin": "log(x1) + x1*x2 - sin(x2)",
    "network": NETWORK,
    "chain": "tanh(log(sqrt(exp(sin(x)))))",
    "four consumers": "sin(x)*cos(x) - exp(x)/x",
    "six consumers": "x + sin(x)*cos(x) - exp(x)/x + tanh(x)",
    "square": "x*x",
    "constants": "3*x**2 + 2*x - 1/7 + pi*y",
    "long names": "temperature_of_the_outer_wall*the_heat_transfer_coefficient_of_the_wall",
    "choice": "where(x > 0, x**2, sqrt(y)) + abs(z)",
    "determinant": "a*(e*i - f*h) - b*(d*i - f*g) + c*(d*h - e*g)",
    "several outputs": {"area": "w*h", "perimeter": "2*(w + h)"},
}


def point(graph: Graph) -> dict[str, float]:
    return {name: 0.3 + 0.2 * index for index, name in enumerate(graph.inputs)}


def reversed_film(source: Any) -> Scene:
    graph = adviz.build(source)
    cotangent = dict.fromkeys(graph.outputs, 1)
    return stage(adviz.reverse(graph, at=point(graph), cotangent=cotangent))


def said(scene: Scene, k: int) -> tuple[str, str]:
    frame = scene.frames[k]
    sentence = "".join(unicode_text(part, scene.text) for part in frame.narration)
    return sentence, unicode_text(frame.formula, scene.text)


# --- Frames ------------------------------------------------------------------------------------


def test_the_running_example_in_reverse_has_eleven_frames() -> None:
    scene = stage(adviz.reverse(RUNNING, at=POINT))
    kinds = [frame.kind for frame in scene.frames]
    assert kinds == ["inputs", *["value"] * 3, "seed", *["contribution"] * 6]
    assert [(p.kind, p.first, p.last) for p in scene.phases] == [
        ("value", 0, 3),
        ("adjoint", 4, 10),
    ]


def test_the_frames_say_what_happens_in_words_and_numbers() -> None:
    scene = stage(adviz.reverse(RUNNING, at=POINT))
    assert said(scene, 0) == ("Start from the values of the inputs", "x = 3, y = 2")
    assert said(scene, 1) == ("Evaluate a = x + y", "a = x + y = 3 + 2 = 5")
    assert said(scene, 4) == ("Seed the output f: its adjoint is 1", "v\u0304₃ = ∂f/∂v₃ = 1")
    assert said(scene, 7) == (
        "Send the adjoint of b back to operand x, scaled by ∂b/∂x = 1"
        "; x has 2 consumers: 1 of 2 arrived",
        "x\u0304 += b\u0304 · 1 = 5 · 1 = 5 ⇒ x\u0304 = 0 + 5 = 5",
    )
    assert said(scene, 10) == (
        "Send the adjoint of a back to operand y, scaled by ∂a/∂y = 1"
        "; second contribution: they add",
        "y\u0304 += a\u0304 · 1 = 1 · 1 = 1 ⇒ y\u0304 = −5 + 1 = −4",
    )


def test_a_forward_film_collects_tangents_along_active_edges() -> None:
    scene = stage(adviz.forward(RUNNING, at=POINT, direction="x"))
    assert said(scene, 5) == (
        "The tangent of a collects x\u0307, scaled by ∂a/∂x = 1",
        "a\u0307 = x\u0307 · 1 = 1 · 1 = 1",
    )
    assert [frame.edge for frame in scene.frames[5:]] == [0, 2, 4, 5]


def formulas(film: Any) -> list[str]:
    scene = stage(film)
    frames = [k for k, frame in enumerate(scene.frames) if frame.kind == "contribution"]
    return [said(scene, k)[1] for k in frames]


SAID = [
    ("log(x/s)", {"x": 2.0, "s": 0.5}, "v\u0304₁ = v\u0304₂ · (1/v₁) = 1 · 0.25 = 0.25"),
    ("log(x/s)", {"x": 2.0, "s": 0.5}, "x\u0304 = v\u0304₁ · (1/s) = 0.25 · 2 = 0.5"),
    ("log(x/s)", {"x": 2.0, "s": 0.5}, "s\u0304 = v\u0304₁ · (−v₁/s) = 0.25 · (−8) = −2"),
    ("exp(x)", {"x": 0}, "x\u0304 = v\u0304₁ · v₁ = 1 · 1 = 1"),
    ("x - y", {"x": 3, "y": 2}, "y\u0304 = v\u0304₁ · (−1) = 1 · (−1) = −1"),
    ("x**3", {"x": 2}, "x\u0304 = v\u0304₁ · (3x²) = 1 · 12 = 12"),
    ("max(x, y)", {"x": 2, "y": 1}, "x\u0304 = v\u0304₁ · ∂v₁/∂x = 1 · 1 = 1"),
]
"""A formula, a point, and how the adjoint travels there: symbol, rule, numbers, result."""


@pytest.mark.parametrize(("formula", "at", "expected"), SAID)
def test_a_contribution_is_told_by_its_rule(formula: str, at: Any, expected: str) -> None:
    assert expected in formulas(adviz.reverse(formula, at=at))


def test_a_sentence_has_no_fraction_in_it() -> None:
    scene = stage(adviz.reverse("x/y", at={"x": 1, "y": 2}))
    assert said(scene, 4)[0].endswith("scaled by ∂v₁/∂y = −v₁/y")
    assert "('frac'" not in repr(scene.frames[4].narration)
    assert "('partial'" not in repr(scene.frames[4].narration)


def test_tangents_and_higher_orders_are_told_by_their_rules() -> None:
    at = {"x": 0, "y": 2}
    assert formulas(adviz.forward("sin(x)", at={"x": 0}, direction="x")) == [
        "v\u0307₁ = x\u0307 · cos(x) = 1 · 1 = 1"
    ]
    assert formulas(adviz.second_order("sin(x)*y", at, "x"))[-1] == (
        "x\u0304\u0307 = v\u0304\u0307₁ · cos(x) + v\u0304₁ · (cos(x))• = 0 · 1 + 2 · 0 = 0"
    )
    assert formulas(adviz.taylor("sin(x)", {"x": 0}, {"x": 1}, 2).trace)[-1] == (
        "v₁^[2] = 1/2(x^[1] · (cos(x))^[1] + 2 · x^[2] · (cos(x))^[0]) = 1/2(1 · 0 + 2 · 0 · 1) = 0"
    )


def test_a_sum_waits_for_the_number_that_travels() -> None:
    scene = stage(adviz.reverse(RUNNING, at=POINT))
    first, *_, last = [frame for frame in scene.frames if frame.kind == "contribution"]
    assert not any("arrival" in repr(tree) for tree in (first.formula, first.narration))
    waits = [tree[2] for tree in (*last.narration, *last.formula[1:]) if tree[1] == "arrival"]
    assert [unicode_text(tree, scene.text) for tree in waits] == [
        ": they add",
        "y\u0304 = −5 + 1 = −4",
    ]


def test_forward_and_reverse_share_the_values() -> None:
    both = stage(
        [adviz.forward(RUNNING, at=POINT, direction="x"), adviz.reverse(RUNNING, at=POINT)]
    )
    assert [(p.kind, p.trace) for p in both.phases] == [
        ("value", 0),
        ("tangent", 0),
        ("adjoint", 1),
    ]
    assert len(both.frames) == 4 + 5 + 7
    assert both.nodes[0].rows == ("value", "tangent", "adjoint")


def test_a_second_sweep_of_a_kind_begins_with_empty_rows_and_slots() -> None:
    graph = adviz.build(FORMULAS["several outputs"])
    sweeps = [adviz.reverse(graph, at=[3, 4], cotangent={label: 1}) for label in graph.outputs]
    scene = stage(sweeps)
    seed = state(scene, scene.phases[2].first)
    assert seed.rows[0, "adjoint"] is None
    assert set(seed.fills.values()) == {None}


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)
def test_the_finished_picture_shows_what_the_trace_holds(formula: Any) -> None:
    graph = adviz.build(formula)
    trace = adviz.reverse(graph, at=point(graph), cotangent=dict.fromkeys(graph.outputs, 1))
    scene = stage(trace)
    rows = finished(scene).rows
    for node, row in rows:
        held = {"value": trace.values, "adjoint": trace.adjoints}[row]
        assert held is not None
        assert scene.text(rows[node, row]) == short(held[node])


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)
def test_every_state_is_the_fold_of_the_frames_so_far(formula: Any) -> None:
    scene = reversed_film(formula)
    for k, folded in enumerate(states(scene)):
        assert folded == state(scene, k)
        rows = {(n, row): key for frame in scene.frames[: k + 1] for n, row, key in frame.sets}
        assert dict(folded.rows) == rows


def test_while_a_number_travels_the_others_are_those_before() -> None:
    scene = stage(adviz.reverse(RUNNING, at=POINT))
    leaving = between(state(scene, 9), state(scene, 10))
    assert leaving.rows == state(scene, 9).rows and leaving.frame == scene.frames[10]


def test_every_key_of_a_frame_is_a_number_of_the_film() -> None:
    film = reversed_film(NETWORK).to_json()
    keys = [key for frame in film["frames"] for *_, key in (*frame["sets"], *frame["fills"])]
    assert set(keys) <= set(film["numbers"])
    assert json.loads(json.dumps(film))["phases"][0]["title"] == "Values"


def test_the_film_of_a_long_graph_is_linear_in_it() -> None:
    lengths = {}
    for steps in (50, 100, 200):
        chain = "; ".join(["v0 = sin(x)", *(f"v{i} = sin(v{i - 1})" for i in range(1, steps))])
        film = stage(adviz.reverse(f"{chain}; v{steps - 1}", at=[0.3])).to_json()
        lengths[steps] = len(json.dumps(film))
    assert lengths[200] < 2.3 * lengths[100] < 2.3 * 2.3 * lengths[50]


def test_an_unused_path_has_derivative_zero_and_an_unasked_one_none() -> None:
    choice = stage(adviz.reverse("where(x > 0, x**2, y)", at={"x": 2, "y": 5}))
    unused = choice.graph.inputs["y"]
    assert choice.text(finished(choice).rows[unused, "adjoint"]) == "0"
    asked = stage(adviz.reverse("x*y", at=POINT, wrt="x"))
    assert (1, "adjoint") not in finished(asked).rows


def test_nodes_that_depend_on_no_input_have_no_derivative_row() -> None:
    scene = stage(adviz.reverse("x + 1/7", at=[2]))
    assert [node.rows for node in scene.nodes if node.shape == "intermediate"] == [("value",)]


CHOSEN = [
    (2, "Since x > 0 is true, choose v₃ = v₂", "v₃ = where(v₁, v₂, y) = v₂ = 4"),
    (-2, "Since x > 0 is false, choose v₃ = y", "v₃ = where(v₁, v₂, y) = y = 5"),
]


@pytest.mark.parametrize(("x", "words", "formula"), CHOSEN)
def test_a_choice_says_which_branch_is_taken_and_why(x: int, words: str, formula: str) -> None:
    scene = stage(adviz.reverse("where(x > 0, x**2, y)", at={"x": x, "y": 5}))
    told = [said(scene, k) for k, frame in enumerate(scene.frames) if frame.kind == "value"]
    assert told[-1] == (words, formula)
    assert "–" not in str(told)


def test_what_is_special_at_a_node_is_said_and_marked() -> None:
    scene = stage(adviz.reverse("abs(x) + where(x < 0, sqrt(y), 0)", at={"x": 0, "y": 1}))
    statuses = {unicode_text(node.operation): node.status for node in scene.nodes if node.operation}
    assert statuses["|x|"] == "kink" and statuses["√y"] == "skipped"
    assert "at a kink" in said(scene, 1)[0]


def test_traces_of_one_film_are_of_one_graph_at_one_point() -> None:
    first = adviz.evaluate("x*y", at=POINT)
    with pytest.raises(adviz.AdvizError, match="at the same point"):
        stage([first, adviz.evaluate("x*y", at={"x": 1, "y": 2})])
    with pytest.raises(adviz.AdvizError, match="of the same graph"):
        stage([first, adviz.evaluate("x/y", at=POINT)])
    with pytest.raises(adviz.AdvizError, match="needs at least one trace"):
        stage([])


def test_a_frame_that_does_not_exist_is_named() -> None:
    with pytest.raises(adviz.AdvizError, match="no frame 11; the film has 11 frames, 0 to 10"):
        state(stage(adviz.reverse(RUNNING, at=POINT)), 11)


# --- Chips -------------------------------------------------------------------------------------


def chips(source: str) -> list[str]:
    scene = stage(adviz.build(source))
    return [words(shown_chip(scene.numbers, chip)) for chip in scene.chips.values()]


def test_without_numbers_a_chip_is_the_rule_on_the_operands() -> None:
    assert chips("sin(x)*y") == ["cos(x)", "y", "v1"]
    assert chips("x**2") == ["2x"]
    assert chips("x**1") == ["1"]
    assert chips("exp(x)") == ["v1"]
    assert chips("hypot(x, y)") == ["∂v1/∂x", "∂v1/∂y"]
    assert chips("x - x") == ["1", "−1"]


def test_a_partial_that_is_a_nodes_value_says_whose() -> None:
    scene = stage(adviz.reverse(RUNNING, at=POINT))
    assert [words(shown_chip(scene.numbers, chip)) for chip in scene.chips.values()] == [
        "1", "1", "1", "−1", "b = 1", "a = 5",
    ]  # fmt: skip
    graph = adviz.build("2*x")
    assert chip_text.chip(graph, Edge(1, 2, 1), ("slot", "k")) == ("slot", "k")


# --- Numbers -----------------------------------------------------------------------------------

SHOWN = [
    (5.0, "5"), (-0.5, "−0.5"), (0.0, "0"), (-0.0, "0"), (1 / 3, "0.333333"), (1e-5, "1 × 10⁻⁵"),
    (1.5e-7, "1.5 × 10⁻⁷"), (123456789.0, "1.23457 × 10⁸"), (999999.5, "1 × 10⁶"),
    (1e300, "1 × 10³⁰⁰"),
    (float("inf"), "∞"), (float("-inf"), "−∞"), (float("nan"), "NaN"), (7, "7"),
    (-12345678, "−1.23457 × 10⁷"),
    (10**5000, "1 × 10⁵⁰⁰⁰"), (True, "true"), (np.bool_(False), "false"), (np.float64(2.5), "2.5"),
    (np.int64(-3), "−3"), (Fraction(-1, 3), "−1/3"), (Fraction(10**12, 3), "3.33333 × 10¹¹"),
    (mpmath.mpf("0.1"), "0.1"), (mpmath.mpf("-1e-400"), "−1 × 10⁻⁴⁰⁰"), (mpmath.inf, "∞"),
    (None, "–"),
    (np.array([5.0, 7.0, 9.0]), "[5, 7, …] (3 numbers)"), (np.array([0.5]), "[0.5]"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "text"), SHOWN, ids=[text for _, text in SHOWN])
def test_numbers_are_shown_in_one_format(number: Any, text: str) -> None:
    assert short(number) == text


@pytest.mark.parametrize("number", [0.1, 1e-7, 2.0**-1074, 5.0, 1 / 3, 123456.5])
def test_the_full_text_of_a_float_is_the_float(number: float) -> None:
    assert float(full(number)) == number
    assert short(float(in_ascii(short(number)))) == short(number)


@pytest.mark.parametrize("digits", range(-12, 22))
def test_integers_and_floats_are_shown_alike(digits: int) -> None:
    number = 123456.0 * 10.0 ** (digits - 6)
    assert short(mpmath.mpf(number)) == short(number)
    if number == int(number):
        assert short(int(number)) == short(number)


# --- Layout ------------------------------------------------------------------------------------


def scenes() -> list[Any]:
    made = [pytest.param(reversed_film, f, id=f"{name}, reverse") for name, f in FORMULAS.items()]
    plain = [
        pytest.param(lambda f: stage(adviz.build(f)), f, id=f"{name}, structure")
        for name, f in FORMULAS.items()
    ]
    return [*made, *plain]


@pytest.mark.parametrize(("make", "formula"), scenes())
def test_nothing_overlaps_a_node(make: Any, formula: Any) -> None:
    scene = make(formula)
    layout = scene.layout
    solid = [*layout.boxes, *layout.slots.values(), *layout.shared_slots.values()]
    for one, other in combinations(solid, 2):
        assert one.overlap(other) < 0.5
    for chip in chip_boxes(scene):
        assert all(chip.overlap(box) == 0 for box in solid)
    for curve in layout.curves:
        inner = [along(c, t) for c in curve.cubics() for t in (0.1, 0.3, 0.5, 0.7, 0.9)]
        for box in layout.boxes:
            shrunk = Box(box.x + 1, box.y + 1, box.width - 2, box.height - 2)
            assert not any(map(shrunk.holds, inner))


def chip_boxes(scene: Scene) -> list[Box]:
    boxes = []
    for k, middle in scene.layout.chips.items():
        wide = max(30.0, line_width(shown_chip(scene.numbers, scene.chips[k]), 12) + 16)
        boxes.append(Box(middle.x - wide / 2, middle.y - CHIP_HEIGHT / 2, wide, CHIP_HEIGHT))
    return boxes


@pytest.mark.parametrize(("make", "formula"), scenes())
def test_chips_do_not_cover_one_another_or_an_arrowhead(make: Any, formula: Any) -> None:
    scene = make(formula)
    boxes = chip_boxes(scene)
    assert all(one.overlap(other) == 0 for one, other in combinations(boxes, 2))
    heads = [Box(c.end.x - 9, c.end.y - 4, 9, 8) for c in scene.layout.curves]
    assert all(box.overlap(head) == 0 for box in boxes for head in heads)


@pytest.mark.parametrize(("make", "formula"), scenes())
def test_everything_is_inside_the_picture(make: Any, formula: Any) -> None:
    layout = make(formula).layout
    for box in (*layout.boxes, *layout.slots.values()):
        assert box.x >= 20 and box.y >= 20
        assert box.x + box.width <= layout.width - 20 and box.y + box.height <= layout.height - 20


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)
def test_arguments_enter_in_order_and_every_edge_points_right(formula: Any) -> None:
    scene = reversed_film(formula)
    curves = scene.layout.curves
    ends: dict[int, list[float]] = {}
    for edge, curve in zip(scene.edges, curves, strict=True):
        ends.setdefault(edge.head, []).append(curve.end.y)
        assert curve.start.x < curve.end.x
    assert all(a < b for heights in ends.values() for a, b in pairwise(heights))


def test_inputs_stand_in_the_first_column_and_constants_before_their_use() -> None:
    scene = stage(adviz.build("x + sin(y)*3 + tanh(y)*3"))
    boxes = dict(
        zip((unicode_text(n.symbol) for n in scene.nodes), scene.layout.boxes, strict=True)
    )
    assert boxes["x"].x == boxes["y"].x < boxes["v₁"].x
    assert boxes["3"].x + boxes["3"].width == boxes["v₁"].x + boxes["v₁"].width


def test_each_consumer_has_a_slot_until_there_are_many() -> None:
    square = reversed_film("x*x").layout
    assert (
        len(square.slots) == 2
        and square.curves[0].start.x == square.slots[0].x + square.slots[0].width
    )
    six = reversed_film(FORMULAS["six consumers"]).layout
    assert not six.slots and list(six.shared_slots) == [0]


@pytest.mark.parametrize("steps", [60, 150])
def test_large_graphs_are_laid_out_too(steps: int) -> None:
    lines = ["v0 = sin(x)", *(f"v{i} = v{i - 1}*x" for i in range(1, steps))]
    scene = stage(adviz.build("\n".join([*lines, f"v{steps - 1}"])))
    assert len(scene.graph) + steps > DOT_LIMIT
    solid = scene.layout.boxes
    assert all(one.overlap(other) == 0 for one, other in combinations(solid, 2))
    assert scene.layout.height < 300


def test_what_is_too_large_to_be_read_is_not_drawn() -> None:
    long = "x" + "".join(f" + {k}*x" for k in range(150))
    with pytest.raises(
        adviz.AdvizError, match=r"a picture of \d+ nodes .*limit is 400.*adviz.table"
    ):
        stage(adviz.build(long))


def test_marks_travel_with_the_scene() -> None:
    graph = adviz.build("x*y")
    marks: dict[int | Edge, Mark] = {2: Mark("fault", "wrong"), Edge(0, 2, 0): Mark("verified")}
    assert stage(graph, marks).marks == marks
