"""Slides of PowerPoint, read back by python-pptx: shapes, words, notes, and nothing of the day."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from typing import Any

import pytest
from films import missing
from test_render import HOSTILE, staged
from test_reveal import FILMS, shown, texts

import adviz
from adviz.errors import AdvizError
from adviz.language.notation import unicode_text
from adviz.language.numerals import short
from adviz.render.film.placing import box_at
from adviz.render.shapes import Group, Rect
from adviz.render.slides.powerpoint import pptx
from adviz.render.svg import printable
from adviz.scene.geometry import Box, Position
from adviz.scene.scene import Scene

WIDE = 12_192_000


@pytest.fixture(autouse=True)
def needed() -> None:
    if find_spec("pptx") is None:
        missing("python-pptx")


def read(content: bytes) -> list[Any]:
    from pptx import Presentation

    return list(Presentation(BytesIO(content)).slides)


@cache
def film(name: str) -> Scene:
    scene: Scene = adviz.animate(FILMS[name]()).scene
    return scene


@cache
def slides_of(name: str) -> list[Any]:
    return read(pptx(film(name)))


def leaves(shapes: Any) -> Iterator[Any]:
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from leaves(shape.shapes)
        else:
            yield shape


def groups(shapes: Any) -> Iterator[Any]:
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield shape
            yield from groups(shape.shapes)


def said(shapes: Any) -> list[str]:
    return [shape.text_frame.text for shape in leaves(shapes) if shape.text_frame.text]


@pytest.mark.parametrize("name", ["reverse", "taylor", "elimination", "schedule"])
def test_every_slide_says_what_its_picture_and_its_step_say(name: str) -> None:
    made = slides_of(name)
    assert len(made) == len(shown(name)) == len(film(name).frames)
    for k, (slide, step) in enumerate(zip(made, shown(name), strict=True)):
        assert said(slide.shapes) == [printable(text) for text in texts(step.picture.shapes)]
        assert f"step {k + 1} of {len(made)}" in said(slide.shapes)
        assert slide.notes_slide.notes_text_frame.text == step.notes
        (stated,) = (one for one in step.picture.shapes if one.kind == "statements")
        assert slide.shapes.title.text_frame.text == next(texts((stated,)))


@pytest.mark.parametrize("name", ["reverse", "branch"])
def test_every_node_of_the_last_slide_has_the_numbers_of_the_trace(name: str) -> None:
    (trace,) = film(name).traces
    *_, last = slides_of(name)
    found = {group.name: said(group.shapes) for group in groups(last.shapes)}
    for node in film(name).nodes:
        if node.status == "ok" and node.rows == ("value", "adjoint"):
            numbers = short(trace.values[node.id]), short(trace.derivatives["adjoint"][node.id])
            symbol = unicode_text(node.symbol)
            assert set(numbers) <= set(found[f"node {symbol}"])
    assert {"node x", "dimmed", "closing", "line x"} <= {*found}


def test_all_shapes_are_where_the_picture_has_them() -> None:
    scale, step = WIDE / 1280, shown("reverse")[8]
    drawn = [shape for shape in leaves(slides_of("reverse")[8].shapes) if not shape.text_frame.text]
    boxes = [box_at(box, scale, Position(0, 0)) for box in frames(step.picture.shapes)]
    placed = [Box(one.left, one.top, one.width, one.height) for one in drawn]
    for box in boxes:
        assert any(max(abs(a - b) for a, b in zip(one, box, strict=True)) <= 1 for one in placed)
    for one in leaves(slides_of("reverse")[8].shapes):
        assert 0 <= one.left <= one.left + one.width <= WIDE
        assert 0 <= one.top <= one.top + one.height <= WIDE * 9 / 16


def frames(shapes: Any) -> Iterator[Box]:
    for shape in shapes:
        if isinstance(shape, Group):
            yield from frames(shape.shapes)
        elif isinstance(shape, Rect):
            yield shape.box


def test_a_node_is_a_group_by_its_name_whose_words_are_within_it() -> None:
    (node,) = [one for one in slides_of("reverse")[8].shapes if one.name == "node v₂"]
    frame = node.shapes[0]
    assert frame.name == "frame" and said(node.shapes)[:2] == ["v2", "x − y"]
    for one in leaves(node.shapes):
        assert frame.left <= one.left <= one.left + one.width <= frame.left + frame.width
        assert frame.top <= one.top <= one.top + one.height <= frame.top + frame.height


def test_variables_are_in_italics_and_colours_are_those_of_the_theme() -> None:
    light, dark = (read(pptx(film("reverse"), theme=theme)) for theme in ("light", "dark"))
    grounds = [str(one[0].background.fill.fore_color.rgb) for one in (light, dark)]
    assert grounds == ["FFFFFF", "0F1419"]
    (node,) = [one for one in light[8].shapes if one.name == "node v₂"]
    letter, index = node.shapes[1].text_frame.paragraphs[0].runs
    assert (letter.text, letter.font.italic, letter.font.name) == ("v", True, "Times New Roman")
    assert (index.text, index.font.italic) == ("2", None)
    assert index.font._element.get("baseline").startswith("-")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_label_is_text_on_a_slide(name: str) -> None:
    scene = staged(name)
    content = pptx(scene, size="480p")
    label = printable(" ".join(name.split()))
    first = read(content)[0]
    assert label in first.notes_slide.notes_text_frame.text
    assert content == pptx(scene, size="480p")


def test_another_size_has_slides_of_its_shape() -> None:
    from pptx import Presentation

    for size, sides in (("1080p", (WIDE, WIDE * 9 // 16)), ((800, 600), (WIDE, WIDE * 3 // 4))):
        file = Presentation(BytesIO(pptx(film("reverse"), size=size)))
        assert (file.slide_width, file.slide_height) == sides
        title = file.slide_layouts[5].placeholders[0]
        assert title.left + title.width <= WIDE


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pptx", None)
    with pytest.raises(AdvizError) as caught:
        pptx(film("reverse"))
    assert str(caught.value) == (
        "slides of PowerPoint need python-pptx; install it with: pip install 'adviz-graph[pptx]'"
    )
