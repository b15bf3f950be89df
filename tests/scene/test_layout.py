"""Where things stand: what touches what, in every direction, over formulas of all kinds."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache
from itertools import combinations, pairwise
from typing import Any

import numpy
import pytest
from corpus import CORPUS

import adviz
from adviz.errors import AdvizError, TooLarge
from adviz.graph.graph import Graph
from adviz.scene.chip_places import CHIP_HEIGHT
from adviz.scene.floor import Arrangement, Floor, Flow
from adviz.scene.geometry import Box, Curve, Position, Turn, arrowhead, rounded
from adviz.scene.layout import LIMIT, Layout
from adviz.scene.lettering import TEXT_SIZE
from adviz.scene.panes import HALL, PHONE, SHEET, Pane, alternative, directed, fitted, scale
from adviz.scene.scene import Scene
from adviz.scene.staging import stage

EXAMPLES = {
    "running": "(x + y)*(x - y)",
    "fan-out": "x*sin(x) + x**2 + exp(x)/x + x*y",
    "neuron": "1/(1 + exp(-(w1*x1 + w2*x2 + w3*x3 + b)))",
    "softmax": "m = exp(x) + exp(y) + exp(z); "
    "-(a*log(exp(x)/m) + b*log(exp(y)/m) + c*log(exp(z)/m))",
    "network": "h = tanh(a*x + b*y + c); k = tanh(d*x + e*y + f); l = tanh(p*x + q*y + r); "
    "u*h + v*k + w*l + s",
    "many arguments": "max(a, b, c, d, e, f, g, h) + min(a*b, c*d, e*f, g*h)",
    "parallel": "x*x + (x/x)**x",
    "branch": "x*sin(y) if x > y else x + y**2",
    "long names": "learning_rate_alpha*theta_old - momentum_beta*gamma_decay/epsilon_small",
    "chain": "sin(exp(tanh(cos(" * 6 + "x" + "))))" * 6,
}


def at_random(seed: int, count: int) -> str:
    """Return a formula in which everything is used."""
    draw = random.Random(seed)
    known, lines, unused = ["a", "b", "c"], list[str](), {"a", "b", "c"}
    for place in range(count):
        one, other = draw.choice(known[-8:]), draw.choice(known)
        written = draw.choice(["sin({0})", "{0}*{1}", "{0} + {1}", "{0}/{1}"])
        lines.append(f"w{place} = {written.format(one, other)}")
        unused -= {one, other} if "{1}" in written else {one}
        known.append(f"w{place}")
        unused.add(f"w{place}")
    return "; ".join([*lines, " + ".join(sorted(unused))])


TEXTS = {
    **EXAMPLES,
    **{f"random {seed}": at_random(seed, 4 + 4 * seed) for seed in range(8)},
    **{formula.name: formula.text for formula in CORPUS[::3] if len(formula.text) < 400},
}
CHOICES: list[tuple[Flow, int]] = [("LR", 1), ("TB", 1), ("LR", 3), ("TB", 3)]


@cache
def scene_of(name: str) -> Scene:
    """Return the film of a formula in reverse mode, or its graph where it has no value there."""
    graph = adviz.build(TEXTS[name])
    point = {label: 0.37 + 0.21 * k for k, label in enumerate(graph.inputs)}
    try:
        trace = adviz.reverse(graph, at=point, cotangent=dict.fromkeys(graph.outputs, 1.0))
    except AdvizError:
        return stage(graph)
    return stage(trace)


def in_rows(floor: Floor, flow: Flow, rows: int) -> Layout:
    """Return the likeliest layout of so many rows."""
    return floor.layout(floor.arrangements(flow, rows)[0])


def sampled(curve: Curve) -> Any:
    """Return points of a curve, so near to each other that nothing is missed between them."""
    t = numpy.linspace(0, 1, 65)[:, None]
    weights = numpy.hstack([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3])
    points = numpy.vstack([weights @ numpy.array(cubic) for cubic in curve.cubics()])
    return numpy.vstack([points, (points[:-1] + points[1:]) / 2])


def met(ways: Any, boxes: Sequence[Box], by: float) -> set[tuple[int, int]]:
    """Return which ways come into which boxes, further than so much from the border."""
    if not boxes:
        return set()
    owner = numpy.repeat(numpy.arange(len(ways)), [len(way) for way in ways])
    points = numpy.vstack(ways)[:, None, :]
    x, y, width, height = numpy.array(boxes).T
    low, high = numpy.array([x + by, y + by]).T, numpy.array([x + width - by, y + height - by]).T
    place, box = numpy.nonzero(((points > low) & (points < high)).all(axis=2))
    return {*zip(owner[place].tolist(), box.tolist(), strict=True)}


def chip_boxes(layout: Layout) -> dict[int, Box]:
    return {
        k: Box(
            p.x - layout.chip_widths[k] / 2,
            p.y - CHIP_HEIGHT / 2,
            layout.chip_widths[k],
            CHIP_HEIGHT,
        )
        for k, p in layout.chips.items()
    }


def faults(graph: Graph, layout: Layout) -> list[str]:
    """Return what touches what it should not, or leaves the picture."""
    edges, ways = [*graph.edges], [*map(sampled, layout.curves)]
    chips, slots = chip_boxes(layout), [*layout.slots.items()]
    places, things = (
        [*chips],
        [*layout.boxes, *layout.slots.values(), *layout.shared_slots.values()],
    )
    on = {(way, places[chip]) for way, chip in met(ways, [*chips.values()], 0)}
    alone = [f"chip {chip} is not on its curve" for chip in chips if (chip, chip) not in on]
    crossed = [f"chip {chip} touches curve {way}" for way, chip in sorted(on) if way != chip]
    both = combinations([*chips.values(), *things], 2)
    covered = [f"{one} and {other} overlap" for one, other in both if one.overlap(other) > 0.01]
    through = [
        f"curve {way} runs through node {node}" for way, node in met(ways, layout.boxes, 0.5)
    ]
    through += [
        f"curve {way} runs through the slot of edge {slots[place][0]}"
        for way, place in met(ways, [box for _, box in slots], 0.5)
        if edges[way].tail != edges[slots[place][0]].tail
    ]
    corners = numpy.vstack(
        [*ways, *([[b.x, b.y], [b.x + b.width, b.y + b.height]] for b in things)]
    )
    out = (corners < 0).any() or (corners > [layout.width, layout.height]).any()
    return [*alone, *crossed, *covered, *through, *(["something is outside"] if out else [])]


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_nothing_touches_what_it_should_not(name: str, choice: tuple[Flow, int]) -> None:
    scene = scene_of(name)
    made = [in_rows(floor, *choice) for floor in scene.floors]
    assert [faults(scene.graph, layout) for layout in made] == [[], []]


@pytest.mark.parametrize("name", [name for name in TEXTS if name not in EXAMPLES])
def test_nothing_touches_what_it_should_not_in_formulas_of_all_kinds(name: str) -> None:
    scene = scene_of(name)
    full, compact = scene.floors
    made = [full.layout(), in_rows(compact, "TB", 1), in_rows(compact, "LR", 3)]
    assert [faults(scene.graph, layout) for layout in made] == [[], [], []]


def test_the_measure_sees_a_chip_on_another_curve() -> None:
    scene = scene_of("running")
    layout = scene.layout
    moved = Layout(**{**vars(layout), "chips": {**layout.chips, 0: layout.chips[1]}})
    words = " ".join(faults(scene.graph, moved))
    assert "chip 0 is not on its curve" in words and "chip 0 touches curve 1" in words
    assert "overlap" in words


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("flow", ["LR", "TB"])
def test_edges_leave_and_enter_along_the_flow(name: str, flow: Any) -> None:
    scene = scene_of(name)
    layout = scene.floors[0].layout(Arrangement(flow))
    way = Position(1, 0) if flow == "LR" else Position(0, 1)
    for edge, curve in zip(scene.edges, layout.curves, strict=True):
        assert curve.heading(curve.end) == pytest.approx(way)
        assert curve.heading(curve.start) == pytest.approx((-way.x, -way.y))
        tail, head = layout.boxes[edge.tail], layout.boxes[edge.head]
        before, after = (
            (curve.start.x, curve.end.x) if flow == "LR" else (curve.start.y, curve.end.y)
        )
        assert before >= (tail.x + tail.width if flow == "LR" else tail.y + tail.height) - 1e-9
        assert after == pytest.approx(head.x if flow == "LR" else head.y)


@pytest.mark.parametrize("flow", ["LR", "TB"])
def test_a_constant_that_is_used_once_stands_right_before_its_use(flow: Any) -> None:
    graph = adviz.build("x**3 + 2*y + sin(2*x*y)")
    layout = stage(graph).floors[1].layout(Arrangement(flow))
    for number, edge in enumerate(graph.edges):
        if graph.ops[edge.tail] == "const":
            way = layout.curves[number].turned if flow == "TB" else layout.curves[number]
            long = way.end.x - way.start.x
            assert (long < 60) == (len(graph.consumers[edge.tail]) == 1)


def test_in_a_picture_that_runs_down_slots_stand_in_a_row_below_their_node() -> None:
    scene = scene_of("running")
    layout = scene.floors[0].layout(Arrangement("TB"))
    x = layout.boxes[scene.graph.inputs["x"]]
    tops = {box.y for k, box in layout.slots.items() if scene.edges[k].tail == 0}
    assert tops == {x.y + x.height}
    assert len({box.x for k, box in layout.slots.items() if scene.edges[k].tail == 0}) == 2


def test_a_chain_in_rows_goes_on_at_the_start_of_the_next() -> None:
    scene = scene_of("chain")
    layout = in_rows(scene.floors[0], "LR", 5)
    rows = sorted({round(box.y + box.height) for box in layout.boxes})
    assert len(rows) == 5
    order = [(rows.index(round(box.y + box.height)), box.x) for box in layout.boxes]
    assert order == sorted(order)


def test_the_ways_of_several_edges_to_the_next_row_run_beside_each_other() -> None:
    scene = scene_of("neuron")
    layout = in_rows(scene.floors[0], "LR", 3)
    pairs = [(a, b) for curve in layout.curves for a, _, _, b in curve.cubics() if a.x - b.x > 100]
    tracks = sorted(a.y for a, b in pairs if a.y == b.y)
    assert len(tracks) > 2 and min(b - a for a, b in pairwise(tracks)) >= 12


PANES = {"hall": HALL, "sheet": SHEET, "phone": PHONE, "tall": Pane(400, 2000, 1.5)}


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("pane", PANES.values(), ids=PANES)
def test_what_is_chosen_is_never_smaller_than_plain(name: str, pane: Pane) -> None:
    scene = scene_of(name)
    for floor in scene.floors:
        plain = floor.layout()
        best = fitted(floor, pane, [Arrangement(), Arrangement("TB"), *floor.arrangements("LR", 4)])
        assert scale((best.width, best.height), pane) >= scale((plain.width, plain.height), pane)


SMALLEST = {
    "running": 18, "fan-out": 16.5, "neuron": 15, "softmax": 12, "network": 9, "many arguments": 11,
    "parallel": 18, "branch": 18, "long names": 18, "chain": 13.5,
}  # fmt: skip
"""The pixels of the smallest text of a whole graph in a hall; in one row of full nodes the neuron
had 7 and the chain 2. What is smaller than 18 the camera shows larger, a part at a time."""


@pytest.mark.parametrize(("name", "least"), SMALLEST.items())
def test_the_smallest_text_in_a_hall(name: str, least: float) -> None:
    placed = directed(scene_of(name), "auto", HALL)
    assert TEXT_SIZE * scale((placed.layout.width, placed.layout.height), HALL) >= least


def test_nodes_are_compact_only_where_full_ones_cannot_be_read() -> None:
    cards = {name: directed(scene_of(name), "auto", HALL).card for name in ("running", "neuron")}
    assert cards["running"].headed and not cards["neuron"].headed
    assert directed(scene_of("neuron"), "auto", SHEET).card.headed


def test_a_compact_input_stands_before_its_first_use() -> None:
    scene = directed(scene_of("neuron"), "auto", HALL)
    boxes, inputs = scene.layout.boxes, scene.graph.inputs
    assert boxes[inputs["b"]].x > boxes[inputs["w1"]].x


def test_a_page_carries_another_arrangement_where_it_is_better_on_a_phone() -> None:
    scene = directed(scene_of("running"), "auto", HALL)
    other = alternative(scene, PHONE)
    assert other is not None and other.height > other.width
    assert alternative(directed(scene, "LR", HALL), PHONE) is None


def test_a_direction_that_there_is_not_is_refused_with_those_there_are() -> None:
    with pytest.raises(AdvizError) as refused:
        adviz.draw("x*y", direction="RL")  # type: ignore[call-overload]  # it is wrong
    assert str(refused.value) == "there is no direction 'RL'; directions are auto, LR, TB"


def test_a_picture_that_is_no_graph_has_no_direction() -> None:
    with pytest.raises(AdvizError) as refused:
        adviz.draw(adviz.sparsity(["x*y", "y"]), direction="TB")
    assert str(refused.value) == "this picture is no graph; leave out direction='TB'"


def test_a_direction_is_kept_until_another_is_asked_for(tmp_path: Any) -> None:
    drawing = adviz.draw("(x + y)*(x - y)", direction="TB")
    drawing.save(tmp_path / "down.svg")
    drawing.save(tmp_path / "right.svg", direction="LR")
    plain = adviz.draw("(x + y)*(x - y)").svg()
    assert (tmp_path / "down.svg").read_text() == drawing.svg() != plain
    assert (tmp_path / "right.svg").read_text() == plain


def test_a_head_points_where_its_curve_ends() -> None:
    down = Curve(Position(5, 0), ((Position(5, 3), Position(5, 6), Position(5, 20)),))
    head = arrowhead(Turn(down.end, down.heading(down.end)), 8)
    assert {*head.pieces} == {(Position(9, 12),), (Position(1, 12),), (Position(5, 20),)}
    assert down.shortened(down.end, 8).end == Position(5, 12)
    assert down.shortened(down.start, 8).start == Position(5, 8)


def test_corners_are_rounded_off_and_ends_are_kept() -> None:
    pieces = rounded([Position(0, 0), Position(40, 0), Position(40, 30)], 10)
    assert [piece[-1] for piece in pieces] == [Position(30, 0), Position(40, 10), Position(40, 30)]


def test_a_picture_of_too_many_nodes_is_refused_before_it_is_laid_out() -> None:
    with pytest.raises(TooLarge):
        stage(adviz.build("+".join(f"x*{k}" for k in range(LIMIT))))
