"""Laws of figures for print: text of the size asked for, in the width asked for, all of it seen."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterator
from io import BytesIO
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from corpus import CORPUS
from hall import HALL
from pypdf import PdfReader

import adviz
from adviz.render.figure.asked import Asked, asked
from adviz.render.figure.compose import Page, figure, fitted
from adviz.render.figure.fit import SIZES, Arranged, Fitting
from adviz.render.figure.lengths import points
from adviz.render.figure.rows import ORDERS, by_depth, filled
from adviz.render.figure.words import PARTS
from adviz.render.moment import Moment
from adviz.render.shapes import Group, Rect, Shape, Text
from adviz.render.shapes import Path as Path_
from adviz.scene.geometry import Box, Position, along
from adviz.scene.scene import Scene, finished
from adviz.scene.typesetting import MATHEMATICS

SVG = "{http://www.w3.org/2000/svg}"
FORMULAS: dict[str, tuple[str, dict[str, float]]] = {
    "running": ("(x + y)*(x - y)", {"x": 3, "y": 2}),
    "Baydin": ("log(x1) + x1*x2 - sin(x2)", {"x1": 2, "x2": 5}),
    "neuron": (
        "1/(1 + exp(-(w1*x1 + w2*x2 + w3*x3 + b)))",
        {"w1": 0.5, "x1": 1.2, "w2": -0.3, "x2": 0.7, "w3": 0.8, "x3": -1.1, "b": 0.1},
    ),
    "fan-out": ("x*sin(x) + x**2 + exp(x)/x + x*y", {"x": 1.3, "y": 2}),
    "softmax": ("-log(exp(a)/(exp(a) + exp(b) + exp(c)))", {"a": 1.2, "b": 0.3, "c": -0.5}),
    "square": ("x*x", {"x": 3}),
    "branch": ("where(x > 0, x*y, sin(y))", {"x": 3, "y": 2}),
    "names": ("loss = theta_1*learning_rate; sin(loss)", {"theta_1": 2, "learning_rate": 0.5}),
}
STYLES = ("card", "textbook")


def scene_of(formula: str) -> Scene:
    text, point = FORMULAS[formula]
    found: Scene = adviz.draw(adviz.reverse(text, at=point)).scene
    return found


def drawn(formula: str, **looks: Any) -> Any:
    text, point = FORMULAS[formula]
    return adviz.draw(adviz.reverse(text, at=point), **looks)


def running(**looks: Any) -> Any:
    return drawn("running", **looks)


def texts(shapes: tuple[Shape, ...]) -> Iterator[Text]:
    for shape in shapes:
        if isinstance(shape, Group):
            yield from texts(shape.shapes)
        elif isinstance(shape, Text):
            yield shape


def arranged(scene: Scene, wanted: Asked, size: float) -> Arranged:
    found = Fitting(Moment(scene, finished(scene)), wanted).best(size)
    assert found is not None
    return found


def words(plate: Any) -> list[str]:
    return [text.words for text in texts(plate.layout.shapes)]


# --- Sizes, measured in the files --------------------------------------------------------------


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("style", STYLES)
def test_svg_has_the_width_and_every_text_the_size_that_was_asked_for(
    formula: str, style: str, tmp_path: Path
) -> None:
    drawn(formula, style=style).save(tmp_path / "f.svg", width="8.5cm", font_size=8)
    root = ElementTree.fromstring((tmp_path / "f.svg").read_text("utf-8"))  # noqa: S314 - our own
    natural = float(root.get("viewBox", "").split()[2])
    paper = float(root.get("width", "")) * 0.75
    assert paper == pytest.approx(points("width", "8.5cm"), abs=0.05)
    sizes = [float(text.get("font-size", "13")) for text in root.iter(f"{SVG}text")]
    letters = (8, 8 * MATHEMATICS)
    assert sizes
    for size in sizes:
        asked = (size * paper / natural == pytest.approx(each, abs=0.05) for each in letters)
        assert any(asked), size


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("formula", ["running", "neuron"])
def test_pdf_has_the_width_and_every_text_the_size_that_was_asked_for(
    formula: str, style: str, tmp_path: Path
) -> None:
    drawn(formula, style=style).save(tmp_path / "f.pdf", width="8.5cm", font_size=8)
    (page,) = PdfReader(BytesIO((tmp_path / "f.pdf").read_bytes())).pages
    assert float(page.mediabox.width) == pytest.approx(points("width", "8.5cm"), abs=0.01)
    sizes: list[float] = []
    page.extract_text(visitor_text=lambda text, _, __, ___, size: sizes.extend([size] * bool(text)))
    assert {*sizes} <= {8.0, 9.12, 6.57}


def test_png_has_the_pixels_of_its_width_and_says_how_large_it_is(tmp_path: Path) -> None:
    for options, dpi in (({}, 300), ({"dpi": 600}, 600)):
        running(style="card").save(tmp_path / "f.png", width="2in", font_size=6, **options)
        content = (tmp_path / "f.png").read_bytes()
        assert struct.unpack(">I", content[16:20])[0] == pytest.approx(2 * dpi, abs=1)
        place = content.index(b"pHYs") + 4
        assert struct.unpack(">IIB", content[place : place + 9]) == (*[round(dpi / 0.0254)] * 2, 1)


@pytest.mark.parametrize("wide", ["17cm", "8.5cm", "6cm", "4cm"])
@pytest.mark.parametrize("formula", ["running", "neuron"])
def test_without_a_size_the_text_is_the_largest_that_fits(formula: str, wide: str) -> None:
    scene, wanted = scene_of(formula), asked("textbook").paged(wide, direction="LR")
    fitting = Fitting(Moment(scene, finished(scene)), wanted)
    fits = [size for size in SIZES if fitting.best(size) is not None]
    assert fits == [size for size in SIZES if size <= max(fits, default=0)]
    if not fits:
        with pytest.raises(adviz.AdvizError, match="with text of 5 pt does not hold this graph"):
            figure(scene, wanted)
        return
    sizes = {round(text.size * 0.75, 6) for text in texts(figure(scene, wanted).layout.shapes)}
    assert sizes == {fits[0]}


# --- All of it is on the page, and nothing on anything else -------------------------------------

WIDTHS = ("8.5cm", "17cm")


@pytest.mark.parametrize("wide", WIDTHS)
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("formula", FORMULAS)
def test_nothing_leaves_the_page_and_nothing_overlaps(formula: str, style: Any, wide: str) -> None:
    scene, wanted = scene_of(formula), asked(style).paged(wide)
    picture = figure(scene, wanted).layout
    for text in texts(picture.shapes):
        left = text.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[text.anchor] * text.width
        assert left > -0.1 and left + text.width < picture.width + 0.1, text.words
        assert text.size * 0.7 < text.y < picture.height, text.words
    plan = arranged(scene, wanted, 8).plan
    rooms = [plan.box(node.id) for node in scene.nodes]
    assert not any(one.overlap(other) for one, other in combinations(rooms, 2))


def inked(shape: Shape) -> Iterator[Box]:
    """Yield the boxes of what a node or a label is made of, a label's ground a little less."""
    for each in shape.shapes if isinstance(shape, Group) else ():
        if isinstance(each, Rect):
            x, y, wide, high = each.box
            yield Box(x + 0.5, y + 1, wide - 1, high - 2)
        elif isinstance(each, Text):
            left = each.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[each.anchor] * each.width
            yield Box(left, each.y - 0.7 * each.size, each.width, 0.9 * each.size)


def drawn_points(arrow: Group) -> list[Position]:
    return [
        along(cubic, step / 12)
        for path in arrow.shapes
        if isinstance(path, Path_)
        for cubic in path.curve.cubics()
        for step in range(13)
    ]


def crowded(page: Page) -> list[tuple[int, str]]:
    """Return each label of a page that touches another one, a node, or a line not its own."""
    labels = {k: next(inked(group)) for k, group in page.labels.items() if group.shapes}
    nodes = [box for group in page.nodes.values() for box in inked(group)]
    points = {k: drawn_points(group) for k, group in page.arrows.items()}
    found: list[tuple[int, str]] = []
    for k, box in labels.items():
        others = [box for other, box in labels.items() if other != k]
        lines = [each for other, each in points.items() if other != k]
        found += [(k, "label") for other in others if box.overlap(other) > 0]
        found += [(k, "node") for other in nodes if box.overlap(other) > 0]
        found += [(k, "line") for line in lines if any(map(box.holds, line))]
        found += [] if any(map(box.holds, points[k])) else [(k, "is not on its own line")]
    return found


LARGE = ("network", "Black-Scholes", "three outputs", "Greek names")


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("formula", [*FORMULAS, *LARGE])
def test_a_label_touches_no_other_no_node_and_no_line_but_its_own(formula: str, style: Any) -> None:
    scene = scene_of(formula) if formula in FORMULAS else adviz.draw(HALL[formula]()).scene
    pages = [fitted(scene, asked(style).paged(wide)) for wide in WIDTHS]
    assert [crowded(page) if page and page.labels else page for page in pages] == [[], []]


@pytest.mark.parametrize("style", STYLES)
def test_inputs_stand_in_order_right_before_what_takes_them(style: Any) -> None:
    scene = scene_of("neuron")
    page = fitted(scene, asked(style).paged("8.5cm", font_size=8))
    assert page is not None and page.found.direction == "TB"
    outlines = {name: next(inked(page.nodes[n])) for name, n in scene.graph.inputs.items()}
    place = {name: box.middle for name, box in outlines.items()}
    for k in "123":
        assert place[f"w{k}"].y == place[f"x{k}"].y and place[f"w{k}"].x < place[f"x{k}"].x
    assert place["w1"].y < place["w2"].y < place["w3"].y < place["b"].y


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_card_holds_its_words(formula: str) -> None:
    for group in figure(scene_of(formula), asked("card").paged("8.5cm")).layout.shapes:
        if isinstance(group, Group) and group.kind.startswith("node"):
            box = next(shape.box for shape in group.shapes if not isinstance(shape, Text))  # type: ignore[union-attr]  # an outline
            for text in texts(group.shapes):
                assert text.x >= box.x and text.x + text.width <= box.x + box.width + 0.1


@pytest.mark.parametrize("direction", ["LR", "TB"])
def test_a_figure_reads_in_the_direction_that_was_asked_for(direction: str) -> None:
    scene = scene_of("running")
    found = arranged(scene, asked().paged("17cm", direction=direction), 8)
    assert found.direction == direction
    plain = adviz.draw("sin(exp(x))", style="card", direction=direction)._seen(".svg", {}).layout
    assert (plain.width > plain.height) == (direction == "LR")


@pytest.mark.parametrize("formula", [one.text for one in CORPUS[::9]])
@pytest.mark.parametrize("most", [1, 2, 5])
def test_rows_hold_so_many_nodes_at_most_and_every_edge_goes_on(formula: str, most: int) -> None:
    graph = adviz.build(formula)
    packed = [(filled(graph, [1.0] * len(graph), most, order), most) for order in ORDERS]
    for rows, limit in (*packed, (by_depth(graph), len(graph))):
        assert max(map(rows.count, rows)) <= limit
        assert all(rows[edge.tail] < rows[edge.head] for edge in graph.edges)


# --- What is shown ------------------------------------------------------------------------------

HOLDS = {
    "names": "x̄ = 6",
    "operations": "v1 = x + y",
    "values": "= 5",
    "adjoints": "x̄ = 6",
    "partials": "v1 = 5",
}


@pytest.mark.parametrize("part", HOLDS)
def test_what_is_not_shown_is_not_there(part: Any) -> None:
    def said(show: Any) -> list[str]:
        return words(figure(scene_of("running"), asked("card", show)))

    assert HOLDS[part] in said(None)
    assert HOLDS[part] not in said(PARTS - {part})


def test_circles_hold_a_sign_or_a_name() -> None:
    scene = scene_of("running")
    assert {"+", "−", "×", "x", "y"} <= {*words(figure(scene, asked("textbook")))}
    named = words(figure(scene, asked("textbook", ["names", "values"])))
    assert {"x", "y", "v1", "v2", "v3", "f = 5"} <= {*named} and "+" not in named


def test_parallel_edges_are_two_arrows() -> None:
    plan = arranged(scene_of("square"), asked(), 8).plan
    assert plan.way(0) != plan.way(1)


# --- One step of a film -------------------------------------------------------------------------


def film() -> Any:
    return adviz.animate(adviz.reverse(FORMULAS["running"][0], at=FORMULAS["running"][1]))


def test_a_step_shows_what_has_arrived_by_then_where_the_last_one_does() -> None:
    plates = [film().still(k, style="card")._seen(".svg", {}) for k in range(1, 12)]
    assert "x = 3" in words(plates[0]) and "= 5" not in words(plates[0])
    assert "x̄ = 5" in words(plates[7]) and "x̄ = 6" in words(plates[10])
    boxes = [
        [shape.shapes[0] for shape in plate.layout.shapes if shape.kind.startswith("node")]
        for plate in plates
    ]
    assert all([one.box for one in each] == [one.box for one in boxes[0]] for each in boxes)


def test_an_adjoint_goes_dashed_against_its_edge() -> None:
    def edge(step: int) -> Any:
        shapes = film().still(step, style="card")._seen(".svg", {}).layout.shapes
        return next(s for s in shapes if s.kind == "edge" and s.shapes[0].thickness > 1.9)

    line, head = edge(6).shapes
    assert line.dash and head.curve.start.x < line.curve.start.x


def test_steps_are_counted_as_the_page_counts_them(tmp_path: Path) -> None:
    film().still(7).save(tmp_path / "f.svg")
    assert "first" not in (tmp_path / "f.svg").read_text("utf-8")
    assert film().still(12).state == film().still(-1).state
    for step in (0, 13, -13, "7"):
        with pytest.raises(adviz.AdvizError, match=r"it is one of 1 to 12, or of -1 to -12"):
            film().still(step)


# --- Bad input ----------------------------------------------------------------------------------

LENGTHS = "a number of points, or a length such as '8.5cm', '85mm', '3.4in' or '240pt'"
REFUSED: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "unit": ({}, {"width": "8 parsecs"}, f"width = '8 parsecs'; it is {LENGTHS}"),
    "sign": ({}, {"width": -1}, f"width = -1; it is {LENGTHS}"),
    "zero": ({}, {"font_size": 0}, f"font_size = 0; it is {LENGTHS}"),
    "truth": ({}, {"font_size": True}, f"font_size = True; it is {LENGTHS}"),
    "infinite": ({}, {"width": float("inf")}, f"width = inf; it is {LENGTHS}"),
    "direction": ({}, {"direction": "RL"}, "there is no direction 'RL'; directions are auto, LR"),
    "style": ({"style": "pretty"}, {}, "there is no style 'pretty'; styles are card, textbook"),
    "show": ({"show": ["valus"]}, {}, "show has no 'valus'; it takes names, operations, values"),
    "theme": ({"theme": "sepia"}, {}, "themes are auto, light, dark, print"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_figure_that_there_is_not_is_refused(case: str, tmp_path: Path) -> None:
    looks, page, message = REFUSED[case]
    with pytest.raises(adviz.AdvizError, match=re.escape(message)):
        running(**looks).save(tmp_path / "f.pdf", **page)
    assert not [*tmp_path.iterdir()]


def test_a_format_that_is_no_figure_says_which_are(tmp_path: Path) -> None:
    wanted: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...] = (
        ("dot", {"style": "textbook"}, {}),
        ("dot", {"show": ["names"]}, {"width": "8cm"}),
        ("json", {"show": ["names"]}, {}),
    )
    for suffix, looks, page in wanted:
        with pytest.raises(
            adviz.AdvizError, match=rf"\.{suffix} is no figure for print; use \.svg"
        ):
            running(**looks).save(tmp_path / f"f.{suffix}", **page)


def test_a_pattern_is_no_figure(tmp_path: Path) -> None:
    with pytest.raises(adviz.AdvizError, match="width is for the picture of a graph"):
        adviz.draw(adviz.sparsity("x*y")).save(tmp_path / "f.pdf", width="8cm")
    with pytest.raises(adviz.AdvizError, match="style and show are for the picture of a graph"):
        adviz.draw(adviz.sparsity("x*y"), style="card")


def test_a_width_without_a_unit_is_said_to_be_in_points(tmp_path: Path) -> None:
    with pytest.raises(adviz.AdvizError, match=r"0\.3cm wide \(8\.5 pt; a length without a unit"):
        drawn("running").save(tmp_path / "f.pdf", width=8.5)


@pytest.mark.parametrize("formula", ["running", "neuron", "names"])
def test_what_a_refusal_says_would_fit_does(formula: str, tmp_path: Path) -> None:
    with pytest.raises(adviz.AdvizError, match="what fits: width=") as refused:
        drawn(formula, style="textbook").save(tmp_path / "f.pdf", width="2cm", font_size=8)
    asked_for = {"width": "2cm", "font_size": 8}
    found = re.findall(r'(\w+)=("[^"]*"|[\d.]+|\[.*?\])', str(refused.value))
    assert found and str(refused.value).count(" or ") == len(found) - 1  # each by itself
    for name, value in found:
        other = {name: json.loads(value)}
        looks = {"style": "textbook"} | {k: v for k, v in other.items() if k in ("style", "show")}
        page = asked_for | {k: v for k, v in other.items() if k in ("width", "font_size")}
        drawn(formula, **looks).save(tmp_path / "f.pdf", **page)


@pytest.mark.parametrize("formula", ["Black-Scholes", "chain"])
def test_a_width_is_offered_to_a_graph_that_no_page_is_wide_enough_for(
    formula: str, tmp_path: Path
) -> None:
    drawing = adviz.draw(HALL[formula](), style="card")
    with pytest.raises(adviz.AdvizError, match="what fits: width=") as refused:
        drawing.save(tmp_path / "f.svg", width="8.5cm", font_size=8)
    (wide,) = re.findall(r'width="(.*?)"', str(refused.value))
    drawing.save(tmp_path / "f.svg", width=wide, font_size=8)


WISHES: list[dict[str, Any]] = [
    {"style": "textbook"}, {"show": ["names", "values"]}, {"theme": "print"}, {"direction": "LR"},
]  # fmt: skip


@pytest.mark.parametrize("wish", WISHES, ids=str)
@pytest.mark.parametrize("suffix", [".svg", ".pdf", ".tex"])
def test_looks_may_be_chosen_where_it_is_drawn_or_where_it_is_saved(
    tmp_path: Path, suffix: str, wish: dict[str, Any]
) -> None:
    trace = adviz.reverse("(x + y)*(x - y)", at={"x": 3, "y": 2})
    places = [tmp_path / f"{place}{suffix}" for place in ("drawn", "saved", "plain")]
    adviz.draw(trace, **wish).save(places[0], width="8.5cm")
    adviz.draw(trace).save(places[1], width="8.5cm", **wish)
    adviz.draw(trace).save(places[2], width="8.5cm")
    drawn, saved, plain = (place.read_bytes() for place in places)
    assert drawn == saved != plain


def test_a_theme_that_there_is_not_is_refused_where_it_is_saved(tmp_path: Path) -> None:
    with pytest.raises(adviz.AdvizError, match="there is no theme 'grey'; themes are auto, light"):
        adviz.draw("x*y").save(tmp_path / "f.svg", theme="grey")  # type: ignore[arg-type]  # wrong
