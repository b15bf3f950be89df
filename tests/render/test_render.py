"""Laws of renderers: every format holds every label, escaped, and the same bytes every time."""

from __future__ import annotations

import hashlib
import json
import os
import re
import struct
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from html.parser import HTMLParser
from io import BytesIO
from itertools import pairwise
from math import hypot
from pathlib import Path
from typing import Any, get_args
from xml.etree import ElementTree

import networkx
import pygraphviz
import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # it has no types
from pypdf import PdfReader

import adviz
from adviz.graph.builder import Builder
from adviz.graph.graph import Graph
from adviz.graph.procedure import Edge
from adviz.language.notation import unicode_text
from adviz.render import FORMATS, Noun, rendered, renderer
from adviz.render.animated_svg import animation
from adviz.render.dot import digraph
from adviz.render.mermaid import mermaid
from adviz.render.paint import paint
from adviz.render.png import font_files, png
from adviz.render.roles import ROLES, Theme, colour
from adviz.render.shapes import Group, Rect, Shape, Text
from adviz.render.shapes import Path as Line
from adviz.render.subtitles import subtitles
from adviz.render.svg import printable, svg
from adviz.render.timeline import timeline
from adviz.render.tokens import token_path, token_shapes
from adviz.render.web import document
from adviz.scene.chip_places import CHIP_HEIGHT
from adviz.scene.geometry import Box, Position
from adviz.scene.lettering import SMALL_SIZE, shown_name
from adviz.scene.lines import words
from adviz.scene.scene import Mark, Scene, finished, state, states
from adviz.scene.staging import stage
from adviz.scene.text_width import width
from adviz.sources.files import from_document, load, save, to_document

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = [
    "</script><img src=x onerror=alert(1)>", "$x$", "{}|<>\"\\`", "_", "%", "a\nb", "&lt;", "]]>",
    "-->", "'\"", "\\N", "#34;", "x\u0000y", "漢字", "\u202e", "🙂", "}%\n\\end{x}", "]:::input",
]  # fmt: skip


def running() -> Scene:
    return stage(adviz.reverse("a = x + y; b = x - y; a*b", at={"x": 3, "y": 2}))


def parsed(markup: str | bytes) -> ElementTree.Element:
    return ElementTree.fromstring(markup)  # noqa: S314 - written by the test itself


def hostile(name: str) -> Graph:
    """Return a graph in which an input, a node and an output are called so."""
    builder = Builder()
    x = builder.input(name)
    square = builder.node("mul", (x, x))
    builder.names[f"{name} 2"] = square
    return builder.finish({f"{name} 3": builder.node("sin", (square,))})


def staged(name: str) -> Scene:
    graph = hostile(name)
    return stage(adviz.reverse(graph, at={name: 2.0}), {0: Mark("fault", name)})


def formats(*nouns: Noun) -> list[Any]:
    """Return the formats of some nouns but for frames and slides, which are tested apart."""
    return [
        pytest.param(each.suffix, each.noun, id=f"{each.noun}{each.suffix}")
        for each in FORMATS
        if each.noun in nouns and each.module not in ("film.media", "slides.powerpoint")
    ]


# --- The table of formats ----------------------------------------------------------------------

BEGINNINGS = {
    ".svg": b"<svg ", ".png": b"\x89PNG", ".pdf": b"%PDF-", ".dot": b"digraph", ".gv": b"digraph",
    ".srt": b"1\n00:00:00,000 --> ", ".vtt": b"WEBVTT\n\n00:00:00.000 --> ",
    ".mmd": b"flowchart LR", ".graphml": b"<?xml", ".json": b"{", ".html": b"<!DOCTYPE html>",
    ".reveal.html": b"<!DOCTYPE html>", ".md": b"# ",
    ".tex": b"% ", ".beamer.tex": b"% ",
}  # fmt: skip


@pytest.mark.parametrize(("suffix", "noun"), formats("drawing", "animation"))
def test_every_format_is_what_its_suffix_says(suffix: str, noun: Noun) -> None:
    assert renderer(suffix, noun)(running()).startswith(BEGINNINGS[suffix])


def test_an_unknown_suffix_is_refused_with_the_known_ones() -> None:
    with pytest.raises(adviz.AdvizError, match=r"a drawing .* as \.bmp; use \.svg, \.png, \.pdf"):
        renderer(".bmp", "drawing")
    with pytest.raises(adviz.AdvizError, match=r"\.dot is for a drawing \(adviz\.draw\)"):
        renderer(".dot", "animation")


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(adviz.AdvizError, match="has no option 'quality'"):
        rendered(running(), ".png", "drawing", quality=9)


# --- The same bytes ----------------------------------------------------------------------------

DIGESTS = """
import hashlib, adviz
from adviz.scene.staging import stage
from adviz.scene.staging import shown_name
from adviz.render import FORMATS, renderer
g = adviz.build("h0 = softplus(a*x + b*y); h1 = softplus(c*x + d*y); sigmoid(h0*h1 + x)/x")
scene = stage(adviz.reverse(g, at=[0.3, 0.4, 0.5, 0.6, 0.7, 0.8]))
for each in FORMATS:
    if each.module == "film.media":
        continue
    content = renderer(each.suffix, each.noun)(scene)
    print(each.suffix, each.noun, hashlib.sha256(content).hexdigest())
"""


def test_every_process_writes_the_same_bytes() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", DIGESTS],
            env={**os.environ, "PYTHONHASHSEED": seed}, cwd=Path(__file__).parents[2],
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    still = [each for each in FORMATS if each.module != "film.media"]
    assert len(digests) == 1 and len(digests.pop().splitlines()) == len(still)


# --- Labels ------------------------------------------------------------------------------------


class _Elements(HTMLParser):
    """The elements of a page, as a browser would find them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)
        self.found += [name for name, _ in attrs if name.startswith("on")]


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize(("suffix", "noun"), formats("drawing", "animation"))
def test_no_label_becomes_markup(suffix: str, noun: Noun, name: str) -> None:
    content = renderer(suffix, noun)(staged(name))
    if suffix in (".svg", ".graphml"):
        tags = {element.tag.rpartition("}")[2] for element in parsed(content).iter()}
        assert not tags & {"img", "script"}
    if suffix == ".html":
        elements = _Elements()
        elements.feed(content.decode())
        assert not {"img", "onerror"} & set(elements.found)
    if suffix == ".json":
        assert json.loads(content)


@pytest.mark.parametrize("name", HOSTILE)
def test_svg_shows_every_label_as_it_is(name: str) -> None:
    scene = stage(hostile(name))
    found = parsed(svg(scene)).iter(f"{SVG}text")
    symbols = ["".join(text.itertext()) for text in found if text.get("class") == "symbol"]
    assert symbols == [printable(words(shown_name(node))) for node in scene.nodes]


@pytest.mark.parametrize("name", HOSTILE)
def test_graphviz_reads_every_label_as_it_is(name: str) -> None:
    scene = stage(hostile(name))
    read = pygraphviz.AGraph(string=digraph(scene).source)
    assert sorted(read.nodes()) == ["0", "1", "2"]
    assert sorted(edge.attr["headlabel"] or "-" for edge in read.edges()) == ["(1)", "(2)", "-"]
    (drawn, *_) = parsed(read.draw(format="svg", prog="dot")).iter(f"{SVG}text")
    symbol = unicode_text(scene.nodes[0].symbol)
    shown = "".join(c if c.isprintable() else " " for c in symbol)
    assert (drawn.text or "").replace("\u00a0", " ") == shown


POSITIONED: tuple[Callable[[Any], str], ...] = (lambda scene: str(digraph(scene).source), mermaid)
"""The formats that another program lays out."""


@pytest.mark.parametrize("written", POSITIONED, ids=["dot", "mermaid"])
def test_a_position_is_no_partial_and_a_derivative_has_its_colours(written: Any) -> None:
    scene = stage(adviz.reverse("x - y", at={"x": 3, "y": 2}))
    text = re.sub(r"#(\d+);", lambda code: chr(int(code[1])), written(scene))
    for said in ("(1)", "(2)", "∂v₁/∂x = 1", "∂v₁/∂y = −1"):
        assert text.count(said) == 1, said
    assert text.count(ROLES["adjoint-stroke"].light) == 3  # once per node
    assert text.count(ROLES["adjoint-tint"].light) == 3
    plain = written(stage(adviz.evaluate("x - y", at={"x": 3, "y": 2})))
    assert ROLES["adjoint-stroke"].light not in plain


SHOWN = {
    "names": ("v₁", "output f", "∂v₁/∂x ="),
    "operations": ("x − y",),
    "values": ("value 1",),
    "adjoints": ("adjoint −1", ROLES["adjoint-tint"].light),
    "partials": ("= −1",),
}
"""What graphs for other programs hold of x - y, by what they show."""


@pytest.mark.parametrize("suffix", [".dot", ".gv", ".mmd", ".md"])
@pytest.mark.parametrize("part", SHOWN)
def test_a_graph_for_other_programs_holds_what_is_shown(part: str, suffix: str) -> None:
    trace = adviz.reverse("x - y", at={"x": 3, "y": 2})

    def holds(show: Any) -> list[bool]:
        content = adviz.draw(trace, show=show)._rendered(suffix).decode()
        graph = content.partition("```mermaid")[2].partition("```")[0] or content
        text = re.sub(r"#(\d+);|tooltip=.*", lambda code: chr(int(code[1] or 32)), graph)
        return [re.search(rf"{re.escape(said)}(?![a-z])", text) is not None for said in SHOWN[part]]

    assert all(holds(None)) and not any(holds([one for one in SHOWN if one != part]))


def test_a_note_is_said_once() -> None:
    scene = stage(
        adviz.build("x*y"), {2: Mark("fault", "wrong"), Edge(0, 2, 0): Mark("fault", "bad")}
    )
    for written in POSITIONED:
        assert written(scene).count("wrong") == written(scene).count("bad") == 1


@pytest.mark.parametrize("name", HOSTILE)
def test_mermaid_labels_hold_only_harmless_characters(name: str) -> None:
    for line in mermaid(stage(hostile(name))).splitlines()[1:7]:
        for label in re.findall(r'"(.*?)"', line):
            assert re.fullmatch(r"([A-Za-z0-9 ,.=+()/]|#\d+;|<br/>)*", label)


@pytest.mark.parametrize("name", HOSTILE)
def test_graphml_keeps_operations_and_argument_order(name: str) -> None:
    content = renderer(".graphml", "drawing")(stage(hostile(name)))
    again = networkx.parse_graphml(content.decode())
    assert [data["op"] for _, data in again.nodes(data=True)] == ["input", "mul", "sin"]
    assert {data["position"] for *_, data in again.edges(data=True)} == {0, 1}


# --- SVG ---------------------------------------------------------------------------------------


def classes(markup: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for element in parsed(markup).iter():
        for word in (element.get("class") or "").split():
            counts[word] = counts.get(word, 0) + 1
    return counts


def test_the_page_finds_every_part_by_class_and_data() -> None:
    markup = svg(running(), variables=True, background=False)
    counts = classes(markup)
    wanted = {"node": 5, "input": 2, "output": 1, "frame": 5, "symbol": 5, "operation": 5}
    wanted |= {"curve": 6, "head": 6, "chip": 6, "slot": 4, "number": 10, "label": 10}
    assert {word: counts[word] for word in wanted} == wanted
    root = parsed(markup)
    rows = {e.get("data-row") for e in root.iter() if e.get("data-row")}
    assert rows == {"value", "adjoint"}
    chips = root.findall(f".//{SVG}g[@data-edge='5']/{SVG}g[@class='chip']/{SVG}text")
    assert ["".join(chip.itertext()) for chip in chips] == ["a = 5"]
    slots = root.findall(f".//{SVG}g[@data-slot='2']/{SVG}text")
    assert [slot.text for slot in slots] == ["+5"]


def test_a_shared_slot_counts_its_arrivals() -> None:
    scene = stage(adviz.reverse("x*x*x*x*x", at=[2]))
    (text,) = parsed(svg(scene)).findall(f".//{SVG}g[@data-slot-node='0']/{SVG}text")
    assert text.text == "Σ 5 of 5 = 80"


def test_variables_name_roles_and_files_name_colours() -> None:
    page, file = svg(running(), variables=True), svg(running(), theme="dark")
    named = set(re.findall(r"var\(--([\w-]+), (#\w+)\)", page))
    assert named and all(colour(role) == value for role, value in named)
    assert not re.search(r'="#', page) and "var(" not in file
    assert set(re.findall(r"#\w{6}", file)) <= {role.dark for role in ROLES.values()}


def test_a_theme_and_a_page_s_own_variables_exclude_each_other() -> None:
    with pytest.raises(adviz.AdvizError, match="variables decide its theme"):
        svg(running(), theme="dark", variables=True)
    with pytest.raises(adviz.AdvizError, match="no theme 'sepia'; themes are light, dark, print"):
        svg(running(), theme="sepia")  # type: ignore[arg-type]  # the mistake meant


def texts(shapes: tuple[Shape, ...]) -> list[Text]:
    found: list[Text] = []
    for shape in shapes:
        if isinstance(shape, Group):
            found += texts(shape.shapes)
        elif isinstance(shape, Text):
            found.append(shape)
    return found


def test_a_picture_of_a_frame_shows_what_has_arrived_by_then() -> None:
    scene = running()
    numbers = [t.words for t in texts(paint(scene, state(scene, 7)).shapes) if t.kind == "number"]
    assert numbers == ["3", "5", "2", "–", "5", "1", "1", "5", "5", "1"]


def test_an_adjoint_travels_dashed_against_its_edge_and_a_tangent_solid_along_it() -> None:
    back = running()
    there = stage(adviz.forward("x*y", at=[3, 2], direction="x"))
    for scene, dashed, tip in ((back, True, 0), (there, False, 1)):
        k = scene.frames[-1].edge
        assert k is not None
        (group,) = (
            shape
            for shape in paint(scene, state(scene, -1)).shapes
            if isinstance(shape, Group) and shape.kind == "edge active"
        )
        curve, head = group.shapes
        assert isinstance(curve, Line) and isinstance(head, Line)
        ends = scene.layout.curves[k].start, scene.layout.curves[k].end
        assert bool(curve.dash) is dashed and head.curve.start == ends[tip]


def test_statuses_and_marks_are_badges() -> None:
    trace = adviz.reverse("abs(x) + where(x < 0, sqrt(x), 0)", at=[0])
    words = [t.words for t in texts(paint(stage(trace)).shapes)]
    assert "kink" in words and "skipped" in words
    marked = paint(
        stage(adviz.build("x*y"), {2: Mark("fault", "wrong"), Edge(0, 2, 0): Mark("verified")})
    )
    assert "wrong" in [t.words for t in texts(marked.shapes)]
    (node,) = (s for s in marked.shapes if isinstance(s, Group) and s.data == (("node", "2"),))
    assert isinstance(node.shapes[0], Rect) and node.shapes[0].stroke == "fault"


def luminance(role: str, theme: Any) -> float:
    parts = [int(colour(role, theme)[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast_of(one: str, other: str, theme: Any) -> float:
    """Return the contrast of two roles, WCAG 2.2, 1.4.3."""
    low, high = sorted([luminance(one, theme), luminance(other, theme)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", get_args(Theme))
def test_texts_can_be_read_on_their_ground(theme: Any) -> None:
    contrast = partial(contrast_of, theme=theme)
    tints = {role: f"{role}-tint" for role in ("tangent", "adjoint", "second")}
    for role in ("ink", "muted", *tints, "verified", "warning", "fault"):
        assert contrast(role, "page") >= 4.5 and contrast(role, "surface") >= 4.5
        assert contrast(role, tints.get(role, "page")) >= 4.5
    for tint in tints.values():
        assert contrast("ink", tint) >= 4.5 and contrast("muted", tint) >= 4.5
    assert contrast("line", "page") >= 3


STEPS = {
    "strokes": ("ink", "tangent-stroke", "adjoint-stroke", "second-stroke", "line", "page"),
    "texts": ("ink", "tangent", "adjoint"),
    "tints": ("adjoint-tint", "second-tint", "tangent-tint", "page"),
    "heat": ("heat-4", "heat-3", "heat-2", "heat-1", "page"),
}
"""Roles that meet in one picture, the darkest first."""


@pytest.mark.parametrize("kind", STEPS)
def test_in_print_what_meets_differs_in_luminance(kind: str) -> None:
    least = 1.1 if kind in ("tints", "heat") else 1.4
    for one, other in pairwise(STEPS[kind]):
        assert luminance(one, "print") < luminance(other, "print")
        assert contrast_of(one, other, "print") > least, (one, other)


@pytest.mark.parametrize("role", ROLES)
def test_what_is_printed_is_grey(role: str) -> None:
    shade = colour(role, "print")
    assert shade[1:3] == shade[3:5] == shade[5:]


# --- Rasters and fonts -------------------------------------------------------------------------


def test_png_has_the_size_asked_for() -> None:
    scene = running()
    for scale in (1, 2.5):
        header = png(scene, scale=scale)[16:24]
        wide, high = (int.from_bytes(header[i : i + 4], "big") for i in (0, 4))
        assert abs(wide - scene.layout.width * scale) <= 1
        assert abs(high - scene.layout.height * scale) <= 1


def test_no_picture_is_too_large_for_the_scale_that_nobody_chose() -> None:
    terms = " + ".join(f"x{k}**2" for k in range(50))
    scene = stage(adviz.reverse(terms, {f"x{k}": 1.5 + k for k in range(50)}))
    wide, high = struct.unpack(">II", png(scene)[16:24])
    assert wide * high == pytest.approx(25e6, rel=1e-3)
    assert wide / high == pytest.approx(scene.layout.width / scene.layout.height, rel=1e-3)


@pytest.mark.parametrize("scale", [0, -1, 1000, float("nan")])
def test_a_scale_that_makes_no_picture_is_refused(scale: float) -> None:
    with pytest.raises(adviz.AdvizError, match="it must be positive and make at most"):
        png(running(), scale=scale)


def test_letters_are_drawn_from_our_own_fonts() -> None:
    plain, greek = (png(stage(adviz.build(f"{name}*2")), scale=1) for name in ("x", "theta"))
    assert plain != greek
    for path in font_files():
        letters = TTFont(path).getBestCmap()
        assert set(map(ord, "xθ∂×·−√≤∞₀₉²⁻Σ⇒ẋ…–")) - {ord("ẋ")} <= set(letters)
        assert {0x304, 0x307} <= set(letters)


def test_measured_texts_are_as_wide_as_drawn_ones() -> None:
    font = TTFont(font_files()[0])
    letters, advances = font.getBestCmap(), font["hmtx"]
    for text in ("value 0.866241", "sin(x₁)", "a × b", "−1.5 × 10⁻⁷", "Σ 6/6"):
        drawn = sum(advances[letters[ord(c)]][0] for c in text) / font["head"].unitsPerEm
        assert drawn * 100 - 1 <= width(text, 100) <= drawn * 100 * 1.15


def test_pdf_is_one_page_with_text_and_a_title() -> None:
    scene = running()
    reader = PdfReader(BytesIO(renderer(".pdf", "drawing")(scene)))
    (page,) = reader.pages
    words = page.extract_text()
    assert "adjoint" in words and "−4" in words
    assert abs(float(page.mediabox.width) - 0.75 * scene.layout.width) < 1
    assert reader.metadata is not None and reader.metadata.title == "f(x, y) = (x + y)(x − y)"


# --- The film that moves by itself -------------------------------------------------------------


def test_at_rest_the_film_is_the_finished_picture() -> None:
    scene = running()
    root = parsed(animation(scene))
    visible: list[str] = []

    def walk(element: ElementTree.Element) -> None:
        if element.get("opacity") != "0" and not element.tag.endswith(("title", "style")):
            if element.tag.endswith("text"):
                visible.append("".join(element.itertext()))
            for child in element:
                walk(child)

    walk(root)
    still = [text.words for text in texts(paint(scene).shapes)]
    assert set(still) - {""} <= set(visible)
    assert "x\u0304 = 6, y\u0304 = −4" in visible


def test_nothing_moves_where_motion_is_not_wanted() -> None:
    (style,) = parsed(animation(running())).iter(f"{SVG}style")
    before, media, _ = (style.text or "").partition(
        "@media (prefers-reduced-motion:no-preference){"
    )
    assert media and "animation" not in before and "@keyframes" not in before


def test_the_film_is_small_enough_for_a_readme() -> None:
    assert len(animation(running())) < 42_000


def test_a_number_travels_between_the_ends_of_its_edge() -> None:
    scene = running()
    flights = [shot for shot in timeline(scene) if shot.token]
    assert len(flights) == 6
    for shot in flights:
        assert shot.state.frame is not None and shot.state.frame.edge is not None
        curve = scene.layout.curves[shot.state.frame.edge]
        path = token_path(scene, shot)
        (pill,) = (shape.box for shape in token_shapes(scene, shot) if isinstance(shape, Rect))
        ends = zip((path[0], path[-1]), (curve.end, curve.start), strict=True)
        apart = [hypot(here.x - end.x, here.y - end.y) for here, end in ends]
        assert apart == pytest.approx([pill.width / 2 + 5] * 2, rel=0.1)


CROWDED = ["(x + y)*(x - y)", "x*x*y", "x*sin(x) + x**2 + exp(x)/x + x*y", "sin(x*x + y)*x - x - y"]


@pytest.mark.parametrize("formula", CROWDED)
def test_a_number_that_travels_never_covers_the_chip_of_its_edge(formula: str) -> None:
    scene = stage(adviz.reverse(formula, at={"x": 1.3, "y": 2}))
    flights = [shot for shot in timeline(scene) if shot.token]
    assert len(flights) > 3
    for shot in flights:
        assert shot.state.frame is not None and shot.state.frame.edge is not None
        middle = scene.layout.chips[shot.state.frame.edge]
        wide = scene.layout.chip_widths[shot.state.frame.edge]
        chip = Box(middle.x - wide / 2, middle.y - CHIP_HEIGHT / 2, wide, CHIP_HEIGHT)
        (pill,) = (shape.box for shape in token_shapes(scene, shot) if isinstance(shape, Rect))
        places = token_path(scene, shot, 200)
        around = [Box(x - pill.width / 2, y - 12, pill.width, 24) for x, y in places]
        assert any(box.overlap(chip) for box in around)
        moved = [pill._replace(x=pill.x + x, y=pill.y + y) for x, y in places]
        assert not any(box.overlap(chip) for box in moved)
        (tip,) = (
            shape.curve.start for shape in token_shapes(scene, shot) if isinstance(shape, Line)
        )
        inner = Box(middle.x - wide / 2 + 6, middle.y - 6, wide - 12, 12)
        assert not any(inner.holds(Position(tip.x + x, tip.y + y)) for x, y in places)


def shared_texts(shapes: tuple[Shape, ...]) -> list[str]:
    groups = [shape for shape in shapes if isinstance(shape, Group)]
    found = [text for group in groups for text in shared_texts(group.shapes)]
    slots = (group.shapes for group in groups if dict(group.data).get("slot-node"))
    return found + [one.words for slot in slots for one in slot if isinstance(one, Text)]


def test_a_shared_slot_has_room_for_every_sum_that_it_shows() -> None:
    scene = stage(adviz.reverse("sin(x) + x**2 + exp(x)/3 + cos(x) + x*3 + sqrt(x)", at={"x": 1.5}))
    (place,) = scene.layout.shared_slots.values()
    texts = {text for one in states(scene) for text in shared_texts(paint(scene, one).shapes)}
    assert len(texts) == 7 and {"Σ 0 of 6", "Σ 1 of 6 = 0.408248"} <= texts
    assert max(width(text, SMALL_SIZE, "bold") for text in texts) + 12 <= place.width
    adjoint = scene.text(finished(scene).rows[0, "adjoint"])
    assert f"Σ 6 of 6 = {adjoint}" in texts


def test_below_a_film_a_sum_waits_for_the_number_that_travels() -> None:
    scene = running()
    told = {
        shot.token is not None: [text.words for text in subtitles(scene, shot.state, 0, 0, 2000)]
        for shot in timeline(scene)
        if shot.state.frame is scene.frames[-1]
    }
    assert [line.rpartition("; ")[2] for line in (told[True][0], told[False][0])] == [
        "second contribution",
        "second contribution: they add",
    ]
    assert [told[True][1], told[False][1]] == [
        "y\u0304 += a\u0304 · 1 = 1 · 1 = 1",
        "y\u0304 += a\u0304 · 1 = 1 · 1 = 1 ⇒ y\u0304 = −5 + 1 = −4",
    ]


def test_a_film_ends_with_the_finished_picture() -> None:
    scene = running()
    assert [shot.state for shot in timeline(scene)][-1] == finished(scene)


# --- Files that are read back ------------------------------------------------------------------

SOURCES = [
    "x - 2",
    "a = x + y; b = x - y; a*b",
    "where(x > 0, -1.0, y)*1e-300*pi",
    "x*x",
    "3 + 0*x",
]


@pytest.mark.parametrize("source", SOURCES)
def test_a_document_holds_the_whole_graph(source: str) -> None:
    graph = adviz.build(source)
    again = from_document(json.loads(json.dumps(to_document(graph))))
    assert again == graph and again.sources == graph.sources


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_can_be_saved(name: str, tmp_path: Path) -> None:
    save(hostile(name), tmp_path / "g.json")
    assert load(tmp_path / "g.json") == hostile(name)


def test_guards_vectors_and_own_primitives_are_kept() -> None:
    def function(x: Any) -> Any:
        return x[0] * x[1] if x[0] > 1 else x[1]

    traced = adviz.build(function, at={"x": [2.0, 3.0]})
    again = from_document(to_document(traced))
    assert again == traced and again.guards == traced.guards and again.vectors == traced.vectors
    steep = adviz.primitive("steep", "x*sigmoid(9*x)")
    own = from_document(to_document(adviz.build("steep(t)**2", functions=[steep])))
    expected = adviz.gradient(adviz.build("steep(t)**2", functions=[steep]), at={"t": 0.5})
    assert adviz.gradient(own, at={"t": 0.5}) == expected


def test_networkx_reads_the_document_too() -> None:
    document = to_document(adviz.build("x - y"))
    again = networkx.node_link_graph(document, edges="edges")
    assert sorted(again.edges(keys=True)) == [(0, 2, 0), (1, 2, 1)]


def changed(**changes: Any) -> dict[str, Any]:
    return {**to_document(adviz.build("sin(x - y)")), **changes}


def edited(path: str, value: Any) -> dict[str, Any]:
    document = json.loads(json.dumps(changed()))
    *most, last = path.split(".")
    place: Any = document
    for part in most:
        place = place[int(part) if part.isdigit() else part]
    place[int(last) if last.isdigit() else last] = value
    return document  # type: ignore[no-any-return]  # JSON has no types


WRONG = [
    ([], "no document of adviz"),
    (changed(version=2), "has version 2; this adviz reads 1"),
    (changed(nodes={}), "'nodes' must be a list"),
    (changed(nodes=[]), "'x' is node 0, which does not exist|does not exist"),
    (edited("nodes.2.op", "frobnicate"), "node 2: it has the operation 'frobnicate'"),
    (edited("nodes.2.id", 7), "node 7 stands at place 2"),
    (edited("nodes.2.op", "input"), "node 2: it is input, which takes no arguments"),
    (edited("edges.1.key", 0), "node 2 has an argument with the key 0, or has it twice"),
    (edited("edges.1.key", 2), "node 2: it is sub and needs edges with the keys 0..1; it has 0, 2"),
    (edited("edges.0.source", 3), "node 2: its argument is node 3; arguments must come before"),
    (edited("edges.0.source", "x"), "node 'x' does not exist"),
    (edited("inputs", {"x": 0}), "node 1: it is an input, but 'inputs' does not list it"),
    (edited("outputs", {}), "at least one output"),
    (edited("outputs", {"f": 9}), "'f' is node 9, which does not exist"),
    (changed(guards=[{"node": 1}]), "must have a node that exists, and a reason"),
    (changed(guards=[{"node": 9, "reason": "r"}]), "guards: 'r' is node 9, which does not exist"),
    (changed(vectors={"v": "xy"}), "'vectors' must map names to lists of inputs"),
    (changed(vectors={"v": ["q"]}), "vectors: 'v' holds 'q', which is no input"),
    (changed(vectors={"v": [0]}), "vectors: 'v' holds 0, which is no input"),
    (changed(vectors={"v": ["x", "y", "x"]}), "vectors: 'v' holds the input 'x' twice"),
    (edited("inputs", {"x": 0, "y": 1, "z": 2}), "inputs: 'z' is node 2, which is sub; list the"),
    (edited("inputs", {"x": 0, "y": 1, "z": 1}), "inputs: 'y' and 'z' are both node 1"),
    (edited("inputs", {"x": 0, "y": True}), "inputs: 'y' is node True, which does not exist"),
    (
        edited("inputs", {"x": 1, "y": 0}),
        "names: 'x' is node 0, and the input 'x' is node 1; let",
    ),
    (changed(names={"x": 0}), "node 1 is called 'y', which 'names' does not say"),
    (edited("nodes.1.name", None) | {"names": {"x": 0}}, "names: 'y' is no node, and the input"),
    (edited("names", {"q": 0, "x": 0, "y": 1}), "names: node 0 is 'q' before it is the input 'x'"),
    (changed(names={"x": 0, "y": 0}), "node 1 is called 'y', which 'names' does not say"),
    (edited("nodes.2.name", "x"), "node 2 is called 'x', which 'names' does not say"),
    (edited("nodes.1.id", True), "node True stands at place 1"),
    (edited("version", 1.0), "has version 1.0; this adviz reads 1"),
    (changed(rows=[{"name": "import os"}]), "is not a name that a formula can call"),
    (
        changed(rows=[{"name": "r", "args": ["x"], "partials": ["1"], "names": {}}]),
        "'names', which",
    ),
    (
        changed(rows=[{"name": "r", "args": ["x"], "partials": ["q"], "define": "x"}]),
        "rows: r: q is",
    ),
    (changed(rows=[{"name": "r", "args": ["x"], "partials": ["1"]}]), "rows: r: .* no r"),
    (changed(rows=[{"name": "r", "args": ["x"], "partials": [1], "define": "x"}]), "cannot be 1"),
    (
        changed(rows=[{"name": "sin", "args": ["x"], "partials": ["1"], "define": "x"}]),
        "exists already",
    ),
]


@pytest.mark.parametrize(("document", "message"), WRONG, ids=[m[:32] for _, m in WRONG])
def test_a_document_that_is_no_graph_says_where(document: Any, message: str) -> None:
    with pytest.raises(adviz.AdvizError, match=message):
        from_document(document)


def test_a_constant_of_another_kind_is_refused() -> None:
    document = json.loads(json.dumps(to_document(adviz.build("x - 2"))))
    document["nodes"][1]["value"] = "2"
    with pytest.raises(adviz.AdvizError, match="node 1: '2' is not a real number"):
        from_document(document)


def test_files_that_cannot_be_read_say_why(tmp_path: Path) -> None:
    with pytest.raises(adviz.AdvizError, match=r"cannot read .*: No such file"):
        load(tmp_path / "none.json")
    (tmp_path / "bad.json").write_text("[" * 100_000)
    with pytest.raises(adviz.AdvizError, match="is not JSON"):
        load(tmp_path / "bad.json")
    with pytest.raises(adviz.AdvizError, match=r"saved as \.json or \.npz, not as \.txt"):
        save(adviz.build("x"), tmp_path / "g.txt")


def test_digests_differ_between_themes() -> None:
    themes = {
        hashlib.sha256(png(running(), theme=t, scale=1)).hexdigest() for t in ("light", "dark")
    }
    assert len(themes) == 2


def test_a_part_of_a_film_is_a_film(tmp_path: Path) -> None:
    whole = adviz.animate(adviz.reverse("(x + y)*(x - y)", at={"x": 3, "y": 2}), check=False)
    whole.save(tmp_path / "part.json", steps=(6, 8))
    part = json.loads((tmp_path / "part.json").read_text())
    frames = whole.scene.to_json()["frames"]
    assert part["first"] == 5 and part["frames"] == json.loads(json.dumps(frames[:8]))
    assert part["phases"][-1]["last"] == 7 and part["later"] == 3


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"steps": (7, 3)}, "steps = (7, 3); it is the first and the last step, (3, 9)"),
        ({"steps": 3}, "steps = 3; it is the first and the last step, (3, 9)"),
        ({"steps": (0, 3)}, "step = 0; it is one of 1 to 11, or of -1 to -11 from the end"),
        ({"seconds": 0}, "seconds = 0; it is a number of seconds, above 0 and at most 600"),
        ({"seconds": "1"}, "seconds = '1'; it is a number of seconds, above 0 and at most 600"),
    ],
)
def test_a_part_or_a_pace_there_is_not(tmp_path: Path, options: Any, words: str) -> None:
    film = adviz.animate(adviz.reverse("(x + y)*(x - y)", at={"x": 3, "y": 2}), check=False)
    with pytest.raises(adviz.AdvizError) as error:
        film.save(tmp_path / "film.svg", **options)
    assert str(error.value) == words and not list(tmp_path.iterdir())


def test_a_step_takes_so_many_seconds() -> None:
    scene = adviz.animate(adviz.reverse("x*y", at={"x": 3, "y": 2}), check=False).scene
    usual, slow = timeline(scene), timeline(scene, 2.8)
    assert [2 * shot.seconds for shot in usual] == pytest.approx([s.seconds for s in slow])


def test_the_words_of_a_file_keep_their_room_in_any_font() -> None:
    """A viewer that lacks the font they are measured in draws them closer, not wider."""
    trace = adviz.reverse("learning_rate*sqrt(loss)", at={"learning_rate": 0.1, "loss": 4})
    markup = adviz.draw(trace).svg()
    said = re.findall(r'textLength="([\d.]+)" lengthAdjust="spacingAndGlyphs">([^<]+)<', markup)
    sizes = {name: float(wide) for wide, name in said}
    assert sizes["learning_rate"] == pytest.approx(width("learning_rate", 18.2, "roman"), rel=0.01)
    assert "textLength" not in document(adviz.animate(trace).scene).decode()
