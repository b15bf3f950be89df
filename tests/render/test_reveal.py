"""A deck of reveal.js: its fragments are the steps, in a browser, on paper, and in another deck."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from html.parser import HTMLParser
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf
import pytest
from films import chromium
from hall import HALL
from PIL import Image, ImageChops
from test_render import HOSTILE, staged
from test_slides import TELLING

import adviz
from adviz.errors import AdvizError
from adviz.render.film.asked import asked
from adviz.render.film.compose import composer
from adviz.render.shapes import Group, Rect, Shape, Text
from adviz.render.slides.deck import deck, layers, reveal
from adviz.render.slides.fragments import seen
from adviz.render.slides.step import Slide, slides
from adviz.render.svg import printable
from adviz.render.web import WebTheme
from adviz.scene.geometry import Box

FILMS = {**TELLING, "neuron": HALL["neuron"]}
SHOWN = """() => [...document.querySelectorAll("section svg text")]
  .filter((text) => getComputedStyle(text).visibility === "visible" && text.textContent)
  .map((text) => text.textContent)"""


@cache
def shown(name: str, size: Any = "720p") -> list[Slide]:
    return slides(composer(adviz.animate(FILMS[name]()).scene, asked(size=size)))


def texts(shapes: tuple[Shape, ...]) -> Iterator[str]:
    for shape in shapes:
        if isinstance(shape, Group):
            yield from texts(shape.shapes)
        elif isinstance(shape, Text) and shape.words:
            yield shape.words


def unwrapped(shape: Shape) -> Iterator[Shape]:
    if isinstance(shape, Group) and shape == Group(shape.kind, shape.shapes):
        for one in shape.shapes:
            yield from unwrapped(one)
    else:
        yield shape


@pytest.mark.parametrize("size", ["720p", (480, 320)])
@pytest.mark.parametrize("name", FILMS)
def test_at_every_step_a_deck_shows_its_picture(name: str, size: Any) -> None:
    written = drawn = 0
    for layer in layers(shown(name, size)):
        steps = [list(unwrapped(Group("", shapes))) for shapes in layer.steps]
        found = seen(steps)
        for k, shapes in enumerate(steps):
            there = [one.shape for one in found if one.first <= k <= one.last]
            assert there == list(dict.fromkeys(shapes))
        written, drawn = written + len(found), drawn + sum(map(len, steps))
    assert written < 0.6 * drawn


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def told() -> list[str]:
    """What a page says, asks for and complains of."""
    return []


@pytest.fixture
def opened(browser: Any, tmp_path: Path, told: list[str]) -> Iterator[Any]:
    """Yield what opens a deck as a file."""
    pages: list[Any] = []

    def open_(content: bytes, how: str = "", **options: Any) -> Any:
        path = tmp_path / f"{len(pages)}.reveal.html"
        path.write_bytes(content)
        page = browser.new_page(viewport={"width": 1280, "height": 720}, **options)
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on("request", lambda request: told.append(request.url))
        page.goto(f"{path.as_uri()}{how}")
        page.wait_for_selector(".reveal.ready", state="attached")
        told.remove(f"{path.as_uri()}{how.partition('#')[0]}")
        pages.append(page)
        return page

    yield open_
    for page in pages:
        page.close()


@pytest.mark.parametrize("name", ["reverse", "schedule"])
def test_keys_go_from_step_to_step(name: str, opened: Any, told: list[str]) -> None:
    page = opened(reveal(adviz.animate(FILMS[name]()).scene))
    for slide in shown(name):
        assert page.evaluate(SHOWN) == list(texts(slide.picture.shapes))
        page.keyboard.press("ArrowRight")
    page.keyboard.press("PageUp")
    assert page.evaluate(SHOWN) == list(texts(shown(name)[-2].picture.shapes))
    assert told == []


@pytest.mark.parametrize(("name", "k"), [("reverse", -1), ("neuron", 20), ("neuron", -1)])
def test_a_step_looks_as_it_does_alone(name: str, k: int, opened: Any) -> None:
    one = (slides_of := shown(name, (480, 320) if name == "neuron" else "720p"))[k]
    assert name == "reverse" or len({slide.framed.view(1.0) for slide in slides_of}) > 1
    place = f"#/0/0/{k % len(slides_of) - 1}"
    whole = opened(deck(slides_of, "auto").encode(), place)
    alone = opened(deck([one], "auto").encode())
    assert whole.evaluate(SHOWN) == alone.evaluate(SHOWN)
    differences = ImageChops.difference(*map(coarsely, (whole, alone))).convert("L").histogram()
    assert not any(differences[32:])


def coarsely(page: Any) -> Image.Image:
    """Return what a page looks like but for the edges of letters, which are smoothed otherwise."""
    return (
        Image.open(BytesIO(page.screenshot()))
        .convert("RGB")
        .resize((320, 180), Image.Resampling.BOX)
    )


def test_what_changes_places_is_there_at_every_step() -> None:
    one, other = (Rect(Box(0, 0, side, side)) for side in (1, 2))
    found = seen([[one, other], [other, one]])
    assert found == [(one, 0, 0), (other, 0, 0), (other, 1, 1), (one, 1, 1)]


def test_a_deck_is_printed_a_page_a_step(opened: Any, told: list[str]) -> None:
    page = opened(reveal(adviz.animate(FILMS["reverse"]()).scene), "?print-pdf")
    page.wait_for_selector(".pdf-page", state="attached")
    page.wait_for_timeout(300)
    read = pypdf.PdfReader(BytesIO(page.pdf(prefer_css_page_size=True, print_background=True)))
    assert [f"step {k + 1} of 12" in one.extract_text() for k, one in enumerate(read.pages)] == (
        [True] * 12
    )
    assert {tuple(one.mediabox[2:]) for one in read.pages} == {(960, 540)}
    assert told == []


def test_a_deck_has_the_theme_of_its_reader_unless_one_is_given(opened: Any) -> None:
    scene = adviz.animate(FILMS["reverse"]()).scene
    ground = "() => getComputedStyle(document.querySelector('section svg rect')).fill"
    cases: tuple[tuple[WebTheme, str], ...] = (
        ("auto", "light"),
        ("auto", "dark"),
        ("dark", "light"),
    )
    found = [
        opened(reveal(scene, theme=theme), color_scheme=reader).evaluate(ground)
        for theme, reader in cases
    ]
    light, dark = "rgb(255, 255, 255)", "rgb(15, 20, 25)"
    assert found == [light, dark, dark]


def test_without_a_script_the_finished_picture_stands_there(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "deck.reveal.html"
    path.write_bytes(reveal(adviz.animate(FILMS["reverse"]()).scene))
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())
    drawn = page.locator("section svg text:visible").all_text_contents()
    assert drawn == list(texts(shown("reverse")[-1].picture.shapes))
    context.close()


class Parsed(HTMLParser):
    """The elements of a page, and the notes of its fragments."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.notes: list[str] = []
        self.text = ""
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.notes += [value or "" for name, value in attrs if name == "data-notes"]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("name", TELLING)
def test_the_notes_are_what_is_said(name: str) -> None:
    parsed = Parsed(reveal(adviz.animate(FILMS[name]()).scene, standalone=False))
    first, *rest = shown(name)
    assert parsed.notes == [slide.notes for slide in rest]
    assert parsed.text.rstrip().endswith(first.notes.rstrip())


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_label_is_text_in_a_deck(name: str) -> None:
    scene = staged(name)
    content = reveal(scene)
    parsed = Parsed(content)
    assert parsed.tags.count("script") == 2 and "img" not in parsed.tags
    assert printable(" ".join(name.split())) in parsed.text
    assert content == reveal(scene)


def test_a_section_is_for_the_deck_of_somebody_else(opened: Any, told: list[str]) -> None:
    one, other = (
        reveal(adviz.animate(FILMS[name]()).scene, standalone=False).decode()
        for name in ("reverse", "schedule")
    )
    assert "<script" not in one
    library = {name: (LIBRARY / name).read_text() for name in ("reveal.js", "reveal.css")}
    page = opened(
        f"<!DOCTYPE html><meta charset=utf-8><style>{library['reveal.css']}</style>"
        f"<div class=reveal><div class=slides>{one}{other}</div></div>"
        f"<script>{library['reveal.js']}</script><script>Reveal.initialize()</script>".encode()
    )
    for slide in (*shown("reverse"), *shown("schedule")):
        now = page.evaluate(SHOWN.replace("section", "section.present"))
        assert now == list(texts(slide.picture.shapes))
        page.keyboard.press("Space")
    assert told == []


LIBRARY = files("adviz.render") / "slides" / "reveal"


def test_the_library_is_as_it_was_published() -> None:
    found = {
        name: sha256((LIBRARY / name).read_bytes()).hexdigest()
        for name in ("reveal.js", "reveal.css")
    }
    assert found == PUBLISHED
    assert "Permission is hereby granted" in (LIBRARY / "LICENSE").read_text()


PUBLISHED = {
    "reveal.js": "46538b52db48724192f59bf46f5e851a18e302777c46f4a34c32709d010d6a29",
    "reveal.css": "68f915a11ebf7203c0446576b7e952ff61c5dd02134a8a226ffaf62ed42136d2",
}
"""Version 5.2.1 as `npm pack reveal.js@5.2.1` has it."""


def test_what_a_deck_cannot_be_is_said(tmp_path: Path) -> None:
    film = adviz.animate(adviz.reverse("x*y", at={"x": 3, "y": 2}))
    cases: tuple[tuple[dict[str, Any], str], ...] = (
        ({"standalone": "no"}, "standalone = 'no'; it is True or False"),
        ({"theme": "print"}, "there is no theme 'print'; themes are auto, light, dark"),
        ({"loop": True}, ".reveal.html has no option 'loop'; it has "),
        ({"show": "graph"}, "show has no 'graph'"),
    )
    for options, words in cases:
        with pytest.raises(AdvizError) as caught:
            film.save(tmp_path / "deck.reveal.html", **options)
        assert words in str(caught.value)
    assert not list(tmp_path.iterdir())
