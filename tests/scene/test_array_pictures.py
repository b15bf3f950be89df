"""Pictures, films and tables of graphs with arrays: what is drawn are the numbers of the sweep."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from unicodedata import normalize
from xml.etree import ElementTree

import numpy as np
import pytest
from networks import MODELS, drawn, graph_of, sweep_of
from test_typesetting import misfits

import adviz
from adviz.language.notation import unicode_text
from adviz.language.numerals import short
from adviz.numbers.tensor import elements
from adviz.render.film.placing import bounds
from adviz.render.paint import paint
from adviz.render.shapes import Group, Shape, Text
from adviz.scene.grids import ELEMENT_SIZE, is_small
from adviz.scene.panes import PHONE, directed
from adviz.scene.scene import Scene, state
from adviz.scene.staging import stage
from adviz.scene.unfolded import swept

SVG = "{http://www.w3.org/2000/svg}"


# --- Tables ------------------------------------------------------------------------------------


def nodes_in(shapes: Sequence[Shape]) -> Iterator[tuple[int, Group]]:
    for shape in shapes:
        if isinstance(shape, Group) and shape.data[:1] and shape.data[0][0] == "node":
            yield int(shape.data[0][1]), shape


def texts_of(shapes: Sequence[Shape]) -> Iterator[Text]:
    for shape in shapes:
        if isinstance(shape, Group):
            yield from texts_of(shape.shapes)
        elif isinstance(shape, Text):
            yield shape


def tables_in(svg: str) -> dict[tuple[int, str], list[str]]:
    """Return the elements that a picture shows, by node and quantity."""
    found = {}
    for node in ElementTree.fromstring(svg).iter(f"{SVG}g"):  # noqa: S314 - our own picture
        for row in node.iter(f"{SVG}g") if "data-node" in node.attrib else ():
            shown = [
                one.text or "" for one in row.iter(f"{SVG}text") if one.get("class") == "element"
            ]
            if "data-row" in row.attrib and shown:
                found[int(node.attrib["data-node"]), row.attrib["data-row"]] = shown
    return found


@pytest.mark.parametrize("model", MODELS)
def test_a_picture_shows_the_numbers_of_the_sweep(model: str) -> None:
    trace = sweep_of(model)
    graph = trace.graph
    found = tables_in(adviz.draw(trace).svg())
    small = {n for n in range(len(graph)) if graph.args[n] or n in graph.inputs.values()}
    small = {node for node in small if is_small(graph.shape(node))}
    assert {node for node, _ in found} == small
    for (node, row), shown in found.items():
        number = (trace.values if row == "value" else trace.adjoints)[node]  # type: ignore[index]  # a reverse sweep has them
        assert shown == [short(one, 3) for one in elements(number)]


def scenes() -> Iterator[Scene]:
    for model in MODELS:
        scene = stage(sweep_of(model))
        yield from (scene, directed(scene, "auto", PHONE), stage(graph_of(model)))
    yield stage(sweep_of("perceptron"), precision=17)
    yield stage((sweep_of("attention", "forward"), sweep_of("attention")))


def test_nothing_overlaps_or_is_cut_off() -> None:
    for scene in scenes():
        assert not misfits(scene)
        for node, group in nodes_in(paint(scene).shapes):
            texts = [one for one in texts_of(group.shapes) if one.kind == "element"]
            box, spots = scene.layout.boxes[node], [bounds([one]) for one in texts]
            assert all(box.y <= one.y and one.y + one.height <= box.y + box.height for one in spots)
            assert len({(one.x, one.y) for one in texts}) == len(texts)
            assert all(one.size == ELEMENT_SIZE >= 13 for one in texts)


def test_a_table_fills_when_its_number_arrives() -> None:
    scene = stage(sweep_of("least squares"))
    node = scene.graph.names["r"]
    steps = [k for k, f in enumerate(scene.frames) if (node, "adjoint") in [s[:2] for s in f.sets]]

    def shown(step: int) -> list[str]:
        groups = dict(nodes_in(paint(scene, state(scene, step)).shapes))
        found = [one.words for one in texts_of(groups[node].shapes) if one.kind == "element"]
        return found[3:]

    assert shown(steps[0] - 1) == ["–"] * 3
    assert shown(len(scene.frames) - 1) == [short(one, 3) for one in scene.traces[0].adjoints[node]]  # type: ignore[index]  # as above


@pytest.mark.parametrize(
    ("shape", "shown"),
    [
        ((7,), "(7,) of norm 2.65"),
        ((5, 2), "(5, 2) of norm 3.16"),
        ((2, 2, 2), "(2, 2, 2) of norm 2.83"),
    ],
)
def test_a_larger_array_says_its_shape_and_its_norm(shape: tuple[int, ...], shown: str) -> None:
    graph = adviz.build(lambda x: x.sum(), shapes={"x": shape}, arrays=True)
    scene = stage(adviz.reverse(graph, {"x": np.ones(shape)}))
    assert scene.text("0/value/0") == shown and not scene.grids
    assert scene.nodes[0].sizes == str(shape)
    assert shown in adviz.draw(adviz.reverse(graph, {"x": np.ones(shape)})).svg()


def test_a_large_array_shows_its_corner_on_its_card() -> None:
    graph = adviz.build(lambda x: x.sum(), shapes={"x": (10, 3)}, arrays=True)
    scene = stage(adviz.evaluate(graph, {"x": np.arange(30.0).reshape(10, 3)}))
    assert scene.tables["0/value/0"] == (
        ("0", "1", "2"), ("3", "4", "5"), ("6", "7", "8"), ("9", "10", "11"), ("⋮", "⋮", "⋮"),
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["an array of truths", "constants"])
def test_arrays_of_other_kinds_are_told(kind: str) -> None:
    weights = np.arange(9.0).reshape(3, 3)
    graph = adviz.build(lambda x: np.where(x > 0, weights @ x, x), shapes={"x": 3}, arrays=True)
    svg = adviz.draw(adviz.evaluate(graph, {"x": [1, -1, 2]})).svg()
    assert {"an array of truths": ">false</text>", "constants": "(3, 3)"}[kind] in svg


@pytest.mark.parametrize("digits", [50, None])
def test_numbers_of_every_system_stand_in_tables(digits: int | None) -> None:
    graph = graph_of("least squares")
    trace = adviz.reverse(graph, drawn(graph, 1), digits=digits)
    tables = tables_in(adviz.draw(trace, precision=12).svg())
    assert tables[0, "value"][0] == short(trace.values[0][0, 0], 9)


def test_a_table_of_text_has_an_array_on_one_line() -> None:
    text = str(adviz.table(sweep_of("perceptron")))
    assert "(3, 2) of norm" in text and "W₁ x" in text and "points" not in text


@pytest.mark.parametrize("suffix", ["md"])
def test_a_film_is_made(suffix: str, tmp_path: Path) -> None:
    adviz.animate(sweep_of("perceptron")).save(tmp_path / f"film.{suffix}")
    assert (tmp_path / f"film.{suffix}").stat().st_size > 1000


def test_a_figure_for_print_has_tables_too(tmp_path: Path) -> None:
    drawing = adviz.draw(sweep_of("least squares"))
    drawing.save(tmp_path / "figure.tex")
    tikz = (tmp_path / "figure.tex").read_text("utf-8")
    assert tikz.count("[adviz bracket]") == 2 * 2 * 5 and r"anchor=base east" in tikz
    for style in ("card", "textbook"):
        drawing.save(tmp_path / "figure.svg", width="17cm", style=style)
        text = (tmp_path / "figure.svg").read_text("utf-8")
        root = ElementTree.fromstring(text)  # noqa: S314 - our own picture
        wide = float(root.attrib["width"])
        assert all(0 <= float(one.attrib["x"]) <= wide for one in root.iter(f"{SVG}text"))


@pytest.mark.parametrize("suffix", ["dot", "mmd"])
def test_a_graph_for_other_programs_says_shapes_and_maps(suffix: str, tmp_path: Path) -> None:
    adviz.draw(graph_of("least squares")).save(tmp_path / f"graph.{suffix}")
    text = normalize("NFC", (tmp_path / f"graph.{suffix}").read_text("utf-8"))
    assert "A (3, 2)" in text and {"dot": "A ẋ", "mmd": "A x#775;"}[suffix] in text


def test_a_drawing_of_arrays_shows_itself_in_a_notebook() -> None:
    bundle: Any = adviz.draw(graph_of("least squares"))._repr_mimebundle_()
    assert bundle["text/plain"].splitlines()[0] == "r = A x − b"


# --- What a node is in numbers -------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS)
def test_in_numbers_a_node_sends_back_what_it_sends_as_one(model: str) -> None:
    trace = sweep_of(model)
    graph = trace.graph
    for node in adviz.draw(trace).scene.inside:
        sent = {argument: 0.0 for argument in graph.args[node] if argument not in graph.constants}
        for step in trace.steps:
            if step.edge is not None and step.edge.head == node and step.kind == "adjoint":
                sent[step.edge.tail] = sent[step.edge.tail] + step.product
        found = iter(swept(trace, node).gradient.values())
        for argument in sorted(sent):
            for one in elements(np.broadcast_to(sent[argument], graph.shape(argument))):
                assert np.isclose(next(found), one)
        assert next(found, None) is None


def test_of_truths_and_of_many_numbers_nothing_opens() -> None:
    def chosen(W: Any, x: Any) -> Any:
        return np.where(x > 0, W @ x, x)

    graph = adviz.build(chosen, shapes={"W": (9, 9), "x": 9}, arrays=True)
    assert [*adviz.draw(graph).scene.inside] == []


def test_a_page_of_a_drawing_opens_its_arrays(tmp_path: Path) -> None:
    adviz.draw(sweep_of("least squares")).save(tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text("utf-8")
    assert page.count("<section") == 3 and 'href="#part-3"' in page


# --- What comes out ------------------------------------------------------------------------------


def card(scene: Scene) -> list[list[str]]:
    return [[unicode_text(cell, scene.text) for cell in row] for row in scene.frames[-1].card]


def test_a_film_of_arrays_ends_with_its_gradients() -> None:
    heads, value, *gradients = card(adviz.animate(sweep_of("perceptron")).scene)
    assert heads == ["Result", "formula", "number", "forward", "reverse"]
    assert value[0] == "_perceptron"
    assert [row[0] for row in gradients] == ["W̄₁", "b̄₁", "W̄₂", "b̄₂", "x̄"]
    assert [row[1] for row in gradients][:2] == [" = v̄₁ xᵀ", " = v̄₂"]
    assert {cell for row in gradients for cell in row[3:]} == {"✓"}


def test_a_gradient_that_is_wrong_is_marked() -> None:
    trace = sweep_of("least squares")
    wrong = [*trace.adjoints]  # type: ignore[misc]  # a reverse sweep has them
    wrong[0] = wrong[0] + 1e-6
    scene = adviz.animate(replace(trace, adjoints=wrong)).scene  # type: ignore[arg-type]  # read by node
    assert card(scene)[2][4].startswith("✗")
    assert unicode_text(("row", *scene.frames[-1].narration)).startswith("Not every element agrees")


def test_an_input_that_nothing_comes_back_to_has_no_sign() -> None:
    graph = adviz.build(lambda x, y: x.sum(), shapes={"x": 2, "y": 2}, arrays=True)
    rows = card(adviz.animate(adviz.reverse(graph, {"x": [1, 2], "y": [3, 4]})).scene)
    assert rows[-1][0] == "y\u0304" and len({len(row) for row in rows}) == 1


def test_what_is_too_much_to_check_is_shown_unchecked() -> None:
    graph = adviz.build(lambda W, x: W @ x, shapes={"W": (9, 9), "x": 9}, arrays=True)
    scene = adviz.animate(adviz.reverse(graph, drawn(graph, 1), np.ones(9))).scene
    assert card(scene)[0] == ["Result", "formula", "number"]
    assert "ask adviz.check" in unicode_text(("row", *scene.frames[-1].narration))


def test_symbols_are_for_graphs_of_numbers() -> None:
    with pytest.raises(adviz.AdvizError, match=r"adviz\.expand\(graph\)"):
        adviz.animate(sweep_of("least squares"), symbolic=True)


# --- As before -----------------------------------------------------------------------------------


def test_a_seed_that_is_an_array_is_told(tmp_path: Path) -> None:
    graph = graph_of("attention")
    swept_ = adviz.reverse(graph, drawn(graph, 2), np.ones((3, 2)))
    adviz.animate(swept_, check=False).save(tmp_path / "film.html")


def test_a_long_sweep_of_arrays_is_not_told_part_by_part() -> None:
    def deep(x: Any) -> Any:
        for _ in range(200):
            x = np.tanh(x) * 1.1
        return x.sum()

    graph = adviz.build(deep, shapes={"x": 2}, arrays=True)
    assert adviz.draw(graph) is not None
    with pytest.raises(adviz.AdvizError, match="cannot be read"):
        adviz.draw(adviz.reverse(graph, {"x": [1, 2]}))
    with pytest.raises(adviz.AdvizError, match="finds arrays cannot be drawn part by part"):
        adviz.draw(adviz.reverse(graph, {"x": [1, 2]}), boxes=10)


def test_an_exercise_is_of_numbers() -> None:
    with pytest.raises(adviz.AdvizError, match=r"adviz\.expand\(graph\)"):
        adviz.exercise(sweep_of("perceptron"))


def test_an_element_on_a_branch_that_is_not_taken_may_have_no_number() -> None:
    graph = adviz.build(
        lambda x: np.where(x > 0, np.sqrt(x), 0.0).sum(),
        shapes={"x": (2,)},
        arrays=True,
        verify=False,
    )
    page = adviz.animate(adviz.reverse(graph, {"x": [1.0, -1.0]})).html()
    assert "undefined" in page
