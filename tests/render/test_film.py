"""Films in frames: what every frame holds, and the files as programs of others open them."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import pytest
from films import POINT, PRODUCT
from hall import HALL
from PIL import Image, ImageChops
from pypdf import PdfReader
from test_render import HOSTILE, staged

import adviz
from adviz.render import FORMATS
from adviz.render.film import sprites
from adviz.render.film.asked import FILM_PARTS, asked
from adviz.render.film.camera import view_start
from adviz.render.film.compose import Composer, composer
from adviz.render.film.media import gif
from adviz.render.film.placing import bounds, box_at, corners, meets, placed, rounded_out, widened
from adviz.render.film.planes import Planes, bt709
from adviz.render.film.play import Projector, moments, played, projected, stills
from adviz.render.film.raster import Canvas, Pixels
from adviz.render.film.sheets import Tile, masks
from adviz.render.film.sprites import Sprites
from adviz.render.film.video import moments as video_moments
from adviz.render.pdf import pages
from adviz.render.png import rasterised
from adviz.render.roles import colour
from adviz.render.shapes import Group, Picture, Rect, Run, Shape, Text
from adviz.render.shapes import Path as Drawn
from adviz.render.svg import RASTERED, Palette, printed
from adviz.scene.geometry import Box, Curve, Position
from adviz.scene.scene import Scene, states
from adviz.scene.text_width import Face

SIZES = ((1920, 1080), (1280, 720), (640, 480))
SMALL = (400, 300)
RASTERS = (".gif", ".webp", ".apng")


@cache
def scene_of(name: str) -> Scene:
    return adviz.animate(HALL[name](), check=name == "running example").scene


@cache
def composed(name: str, size: tuple[int, int]) -> Composer:
    return composer(scene_of(name), asked(size=size))


@cache
def film(mode: Callable[..., Any] = adviz.reverse) -> adviz.render.animation.Animation:
    return adviz.animate(mode(PRODUCT, at=POINT))


def texts(shapes: tuple[Shape, ...]) -> Iterator[Text]:
    for shape in shapes:
        if isinstance(shape, Group):
            yield from texts(shape.shapes)
        elif isinstance(shape, Text):
            yield shape


def frames(made: Composer, most: int = 6) -> list[Picture]:
    """Return some frames of a film, the first and the last among them."""
    shots = made.shots
    chosen = sorted({round(k * (len(shots) - 1) / most) for k in range(most + 1)})
    return [made.frame(shots[k], 0.4) for k in chosen]


def group(picture: Picture, kind: str) -> Group:
    return next(s for s in picture.shapes if isinstance(s, Group) and s.kind == kind)


every_film = pytest.mark.parametrize("name", HALL)
every_size = pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))


# --- What a frame holds --------------------------------------------------------------------------


@every_size
@every_film
def test_text_is_never_smaller_than_is_legible(name: str, size: tuple[int, int]) -> None:
    made = composed(name, size)
    least = made.asked.least
    for picture in frames(made):
        for text in texts(picture.shapes):
            if text.runs:
                largest = text.size * max(run.size for run in text.runs)
                assert largest > 0.87 * least, (text.words, largest, least)


@every_size
@every_film
def test_what_is_active_is_in_view_or_its_number_is(name: str, size: tuple[int, int]) -> None:
    made = composed(name, size)
    camera, pane = made.camera, made.pane
    for shot in made.shots:
        framed = made.framed(shot)
        view = framed.view(0.5)
        boxes = camera.boxes(framed.step)
        seen = [box_at(box, camera.scale, Position(-view.x, -view.y)) for box in boxes]
        inside = [box.x >= -1 and box.x + box.width <= pane.width + 1 for box in seen]
        if shot.token:
            assert pane.x <= framed.place(0.5).x <= pane.x + pane.width
            assert pane.y <= framed.place(0.5).y <= pane.y + pane.height
        assert all(inside) or any(inside) or shot.token or not camera.shows_all


@every_size
@every_film
def test_what_stands_around_the_graph_has_its_room(name: str, size: tuple[int, int]) -> None:
    made = composed(name, size)
    bottom = made.pane.y + made.pane.height
    for picture in frames(made):
        said = bounds([group(picture, "words")])
        line = bounds([group(picture, "progress")])
        stated, now = (bounds([group(picture, kind)]) for kind in ("statements", "now"))
        assert not said.height or (said.y >= bottom and said.y + said.height <= line.y + 1)
        assert said.x + said.width <= size[0] and line.y + line.height <= size[1]
        assert stated.x + stated.width <= now.x and now.x + now.width <= size[0]
        assert stated.y + stated.height <= made.pane.y + 1 and now.y + now.height <= made.pane.y


@pytest.mark.parametrize("size", SIZES[:2], ids=lambda size: str(size[0]))
@every_film
def test_the_cells_of_a_table_do_not_touch(name: str, size: tuple[int, int]) -> None:
    made = composed(name, size)
    if made.table is None:
        pytest.skip("the numbers of this film leave no room for a table")
    for picture in frames(made, 5):
        for row in group(picture, "table").shapes:
            cells = [bounds([text]) for text in texts((row,)) if text.runs]
            for one, other in pairwise(cells):
                assert one.x + one.width < other.x
            assert all(cell.x + cell.width <= size[0] for cell in cells)


@every_film
def test_nothing_jumps(name: str) -> None:
    """The pill, the first line and the graph stand where they stood, unless the view moves."""
    made = composed(name, SIZES[0])
    pictures = frames(made)
    pills = {group(picture, "now").shapes[0].box for picture in pictures}  # type: ignore[union-attr]
    first = {next(texts((group(picture, "words"),))).y for picture in pictures}
    assert len(pills) == 1 and len(first) == 1
    if made.camera.shows_all:
        assert len(set(made.camera.views)) == 1


@pytest.mark.parametrize("name", ["running example", "Baydin"])
def test_a_small_graph_is_all_in_view_and_large(name: str) -> None:
    made = composed(name, SIZES[0])
    layout, scale = made.scene.layout, made.camera.scale
    assert made.camera.shows_all
    fills = max(layout.width * scale / made.pane.width, layout.height * scale / made.pane.height)
    assert fills > 0.6


def test_a_larger_letter_brings_the_camera() -> None:
    scene = scene_of("neuron")
    near, far = (composer(scene, asked(font_size=size)).camera for size in (30, 8))
    assert far.shows_all and not near.shows_all and near.scale > 2 * far.scale


def test_a_view_stays_as_long_as_it_shows_what_is_active() -> None:
    assert view_start(40, 100, (60, 120), 300, 10) == 40
    assert view_start(40, 100, (60, 135), 300, 10) == 47.5
    assert view_start(40, 100, (280, 300), 300, 10) == 200
    assert view_start(7, 100, (0, 10), 60, 10) == -20


def test_the_token_goes_from_one_node_to_the_other() -> None:
    made = composed("running example", SIZES[0])
    shot = next(shot for shot in made.shots if shot.token)
    framed = made.framed(shot)
    edge = made.scene.edges[shot.state.frame.edge]  # type: ignore[union-attr,index]
    camera, pane = made.camera, made.pane
    to = Position(round(pane.x) - framed.view(0).x, round(pane.y) - framed.view(0).y)
    for node, part in ((edge.head, 0.0), (edge.tail, 1.0)):
        box = box_at(made.scene.layout.boxes[node], camera.scale, to)
        x, y = framed.place(part)
        wide = 60 * camera.scale  # a slot is between a node and its edge
        assert Box(box.x - wide, box.y - 9, box.width + 2 * wide, box.height + 18).holds(
            Position(x, y)
        )


def test_the_closing_card_says_what_the_film_found() -> None:
    card = group(frames(composed("running example", SIZES[0]))[-1], "closing")
    said = [text.words.strip() for text in texts((card,))]
    assert {"∂f/∂x", "∂f/∂y", "= 6", "= −4", "= 5", "✓"} <= set(said)
    signs = {run.fill for text in texts((card,)) for run in text.runs if run.text == "✓"}
    assert signs == {"verified"}


@pytest.mark.parametrize("part", sorted(FILM_PARTS))
def test_a_part_that_is_not_shown_is_not_there(part: str) -> None:
    scene = adviz.animate(adviz.second_order(PRODUCT, at=POINT, direction="x"), check=False).scene
    made = composer(scene, asked(show=FILM_PARTS - {part}))
    assert _has(made, part) is False and _has(composer(scene, asked()), part) is True


def _has(made: Composer, part: str) -> bool:
    picture = made.frame(made.shots[-1])
    rows = {row for node in made.scene.nodes for row in node.rows}
    seen = {
        "statements": bool(group(picture, "statements").shapes),
        "narration": bool(group(picture, "words").shapes),
        "table": made.table is not None,
        "names": any(text.kind == "symbol" and text.runs for text in texts(picture.shapes)),
        "operations": any(text.words == "x + y" and text.kind == "operation"
                          for text in texts(picture.shapes)),
        "values": "value" in rows,
        "tangents": "tangent" in rows,
        "adjoints": "adjoint" in rows,
        "partials": "chip" in str(picture.shapes),
    }  # fmt: skip
    return seen[part]


def test_nodes_without_some_numbers_are_lower() -> None:
    scene = scene_of("running example")
    made = composer(scene, asked(show=FILM_PARTS - {"adjoints"}))
    assert made.scene.layout.height < composer(scene, asked()).scene.layout.height


# --- Pixels --------------------------------------------------------------------------------------


def whole(picture: Picture, theme: Any = "light") -> Image.Image:
    markup = printed(picture, Palette(theme, bare=True, faces=RASTERED))
    drawn = rasterised(markup, picture.width * picture.height, 1.0)
    return Image.open(BytesIO(drawn)).convert("RGB")


def saved(folder: Path, suffix: str, **options: Any) -> Path:
    path = folder / f"film{suffix}"
    film().save(path, size=SMALL, **options)
    return path


@pytest.mark.parametrize("name", ["running example", "branch"])
def test_what_is_drawn_anew_is_all_that_has_changed(name: str) -> None:
    """Only soft edges may differ where a part is cut out, and hardly any pixels have them."""
    made = composed(name, (640, 480))
    seen = moments(made, 2)
    for moment, (image, _, _) in zip(seen, played(made, seen), strict=True):
        framed, part = moment.framed, moment.part
        differing = ImageChops.difference(image, whole(framed.at(part))).convert("L")
        if framed.pill:  # which stands on whole pixels: its letters are as many, and moved
            pill = widened(bounds(placed(framed.pill, 1.0, framed.place(part))), 3)
            assert sum(differing.histogram()[81:]) < 300
            differing.paste(0, corners(rounded_out(pill)))
        assert sum(differing.histogram()[81:]) < 12


def test_nothing_changes_where_no_frame_says_so() -> None:
    """The view moves, and what a medium writes is what has changed and no more of the frame."""
    made, before = composed("branch", (640, 480)), Image.new("RGB", (640, 480))
    assert not made.camera.shows_all
    for image, areas, _ in played(made, video_moments(made)[:90]):
        differing = ImageChops.difference(before, image)
        for area in areas:
            differing.paste(0, corners(area))
        assert differing.getbbox() is None
        before = image.copy()


LINES = {
    "long": Curve(Position(9, 290), ((Position(200, -160), Position(210, 600), Position(390, 9)),)),
    "flat": Curve(Position(0, 128), ((Position(399.5, 128),),)),
    "on a side of its square": Curve(
        Position(5, 3), ((Position(5, 256),), (Position(385, 256),))
    ),
    "with corners": Curve(Position(5, 5), tuple(
        (Position(x, y),) for x, y in [(395, 5), (395, 295), (131, 295), (131, 40)]
    )),
}  # fmt: skip


@pytest.mark.parametrize("dash", [(), (9.0, 6.0)], ids=["plain", "dashed"])
@pytest.mark.parametrize("name", LINES)
def test_a_line_in_squares_is_the_line(name: str, dash: tuple[float, ...]) -> None:
    line = Drawn(LINES[name], stroke="adjoint", thickness=7.3, dash=dash)
    assert unlike(in_sprites([line]), whole(Picture(400, 300, (line,)))) <= 80


def test_an_area_that_is_filled_is_whole() -> None:
    corner = [(Position(x, y),) for x, y in [(395, 5), (395, 295), (5, 295)]]
    area = Drawn(Curve(Position(5, 5), tuple(corner)), fill="adjoint-tint")
    assert unlike(in_sprites([area]), whole(Picture(400, 300, (area,)))) == 0


def in_sprites(shapes: list[Shape]) -> Image.Image:
    """Return shapes as a film draws them."""
    sprites, frame = Sprites(), Box(0, 0, 400, 300)
    pixels = Pixels(frame, sprites.colour("page"))
    Canvas(frame, pixels, pixels.page).draw(sprites.of(shapes))
    return pixels.image


def test_what_is_drawn_on_one_sheet_is_as_if_it_were_alone() -> None:
    """Marks above marks are higher than letters are, and must not stand in what is next to them."""
    runs = [
        Run("x" + 9 * "\N{COMBINING TILDE}"),
        Run("a", "italic", "adjoint"),
        Run(" + 1", rise=0.3),
    ]
    said = [Text(20 + 60 * k, 150, (run,), 30) for k, run in enumerate(runs)]
    several = Text(20, 250, (*runs[1:], Run("2", "bold", "muted", 0.7, -0.2)), 30)
    box = Rect(Box(220.3, 20.7, 90.5, 60.2), 12, "adjoint-tint", "adjoint-stroke", 3, (7, 4))
    faded = Group("faded", (replace(box, box=Box(240, 120, 90, 60)), replace(said[1], x=250)),
                  opacity=0.3)  # fmt: skip
    shapes: list[Shape] = [*said, several, box, faded]
    alone = Image.new("RGB", (400, 300), "white")
    for shape in shapes:
        alone = ImageChops.darker(alone, in_sprites([shape]))
    assert unlike(in_sprites(shapes), alone) == 0
    assert unlike(in_sprites(shapes[1:]), whole(Picture(400, 300, tuple(shapes[1:])))) <= 4


def test_what_is_seen_twice_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Tile] = []

    def counted(tiles: Iterable[Tile]) -> Any:
        drawn.extend(given := list(tiles))
        return masks(given)

    monkeypatch.setattr(sprites, "masks", counted)
    made = composed("running example", SIZES[2])
    for _ in played(made, moments(made)):
        pass
    assert 100 < len(drawn) == len(set(drawn)) < 400


@pytest.mark.parametrize("name", ["branch", "running example"])
def test_a_video_has_the_pictures_that_a_film_in_images_has(name: str) -> None:
    """Brightness may differ by rounding; colour, of which four pixels share one, at soft edges."""
    made = composed(name, (640, 480))
    seen = [*video_moments(made)[:90:7], *video_moments(made)[-2:]]
    projector = Projector(made, Sprites(coded=bt709), Planes)
    for _, (image, _, _) in zip(projected(projector, seen), played(made, seen), strict=True):
        bright, *colours = bt709(image).split()
        pairs = zip(projector.surface.parts, (bright, *(c.reduce(2) for c in colours)), strict=True)
        for plane, wanted in pairs:
            differing = ImageChops.difference(Image.fromarray(plane), wanted)
            assert sum(differing.histogram()[4:]) < 40


def unlike(one: Image.Image, other: Image.Image) -> int:
    """Return by how much two images differ at most."""
    differing = ImageChops.difference(one, other)
    return max(
        level for band in differing.split() for level, count in enumerate(band.histogram()) if count
    )


@pytest.mark.parametrize("suffix", RASTERS)
def test_pillow_opens_a_film_and_finds_its_frames(suffix: str, tmp_path: Path) -> None:
    made = composer(film().scene, asked(size=SMALL))
    seen, lasting = moments(made), 0.0
    with Image.open(saved(tmp_path, suffix)) as file:
        opened: Any = file
        assert opened.size == SMALL
        assert len(seen) - 3 <= opened.n_frames <= len(seen)  # those alike are one
        for k in range(opened.n_frames):
            opened.seek(k)
            opened.load()
            lasting += opened.info["duration"] / 1000
        last = opened.convert("RGB")
    assert lasting == pytest.approx(sum(moment.seconds for moment in seen), abs=0.02)
    finished = whole(seen[-1].framed.at())
    if suffix != ".gif":
        assert unlike(last, finished) <= 20  # at some soft edges
    else:
        assert unlike(last, finished) < 70  # 64 colours; areas have their own
        corner = tuple(bytes.fromhex(colour("page")[1:]))
        assert last.getpixel((5, 150)) == finished.getpixel((5, 150)) == corner


@pytest.mark.parametrize("suffix", RASTERS)
@pytest.mark.parametrize("loop", [True, False])
def test_a_film_begins_anew_or_does_not(suffix: str, loop: bool, tmp_path: Path) -> None:
    with Image.open(saved(tmp_path, suffix, loop=loop, steps=(1, 2))) as opened:
        assert opened.info.get("loop", 1) == (0 if loop else 1)


@pytest.mark.parametrize("theme", ["dark", "print"])
def test_a_film_has_the_colours_of_its_theme(theme: Any, tmp_path: Path) -> None:
    with Image.open(saved(tmp_path, ".gif", theme=theme, steps=(11, 12))) as opened:
        ground = opened.convert("RGB").getpixel((5, 150))
    assert ground == tuple(bytes.fromhex(colour("page", theme)[1:]))


def test_a_gif_has_one_palette_of_64_colours(tmp_path: Path) -> None:
    content = saved(tmp_path, ".gif").read_bytes()
    assert content[10] & 0x87 == 0x85  # one for all: 2 to the power of 5 + 1 colours
    with Image.open(BytesIO(content)) as opened:
        assert all(tile for tile in opened.tile)


def test_seconds_are_those_of_a_step(tmp_path: Path) -> None:
    lasting = []
    for seconds in (0.5, 2.0):
        with Image.open(saved(tmp_path, ".apng", seconds=seconds, steps=(1, 3))) as opened:
            lasting.append(opened.info["duration"])
    assert lasting == [500, 2000]


def test_letters_stand_apart_in_a_raster_picture() -> None:
    """What is between two pieces of a text stays between them."""
    line = (Run("x", "italic"), Run(" + ", "roman"), Run("y", "italic"))
    image = whole(Picture(120, 40, (Text(8, 28, line, 24.0),))).convert("L")
    columns = [min(image.crop((x, 0, x + 1, 40)).tobytes()) < 128 for x in range(120)]
    starts = [x for x in range(1, 120) if columns[x] and not columns[x - 1]]
    ends = [x for x in range(1, 120) if columns[x - 1] and not columns[x]]
    gaps = [start - end for start, end in zip(starts[1:], ends, strict=False)]
    assert len(gaps) == 2 and all(4 <= gap <= 12 for gap in gaps), gaps


# --- Pages and folders ---------------------------------------------------------------------------


def test_a_pdf_has_a_page_a_step_with_its_numbers(tmp_path: Path) -> None:
    film().save(path := tmp_path / "film.pdf")
    pages = PdfReader(path).pages
    shown = list(states(film().scene))
    assert len(pages) == len(shown) == 12
    for page, state in zip(pages, shown, strict=True):
        found = page.extract_text().split()
        numbers = {film().scene.text(key) for key in state.rows.values() if key}
        assert numbers <= set(found)
        assert page.mediabox.width / page.mediabox.height == pytest.approx(16 / 9)


def test_a_curve_on_a_page_is_one_stroke_whose_dashes_go_on() -> None:
    corner = (Position(60, 20), Position(70, 20), Position(70, 30))
    curve = Curve(Position(10, 20), ((Position(60, 20),), corner, (Position(70, 90),)))
    line = Drawn(curve, stroke="ink", thickness=2, dash=(6, 4))
    file = PdfReader(BytesIO(pages([Picture(100, 100, (line,))])))
    content = file.pages[0].get_contents()
    assert content is not None
    told = content.get_data().decode().split()
    assert [told.count(operator) for operator in ("m", "c", "l", "S")] == [1, 1, 2, 1]


def test_pages_of_a_dark_film_are_dark(tmp_path: Path) -> None:
    film().save(path := tmp_path / "film.pdf", theme="dark", steps=(1, 1))
    content = PdfReader(path).pages[0].get_contents()
    assert content is not None
    first = re.search(r"([\d.]+) ([\d.]+) ([\d.]+) rg\n0.00 810", content.get_data().decode())
    assert first is not None
    painted = bytes(round(255 * float(channel)) for channel in first.groups())
    assert painted == bytes.fromhex(colour("page", "dark")[1:])


def test_the_steps_of_a_part_have_the_numbers_of_the_whole(tmp_path: Path) -> None:
    steps = [f"step {k} of 12" for k in range(3, 10)]
    film().save(tmp_path / "f.pdf", size=SMALL, steps=(3, 9))
    film().save(tmp_path / "f.reveal.html", steps=(3, 9), standalone=False)
    pages = [page.extract_text() for page in PdfReader(tmp_path / "f.pdf").pages]
    assert [re.findall(r"step \d+ of \d+", page) for page in pages] == [[one] for one in steps]
    deck = re.sub("<[^>]*>", "", (tmp_path / "f.reveal.html").read_text("utf-8"))
    assert sorted(re.findall(r"step \d+ of \d+", deck)) == sorted(steps)


def test_a_folder_has_a_picture_a_step(tmp_path: Path) -> None:
    film().save(f"{tmp_path}/steps/", size=SMALL)
    files = sorted((tmp_path / "steps").iterdir())
    assert [file.name for file in files] == [f"{k:03}.png" for k in range(1, 13)]
    made = composer(film().scene, asked(size=SMALL))
    with Image.open(files[-1]) as last:
        assert unlike(last.convert("RGB"), whole(stills(made)[-1].framed.at())) <= 20
    film().save(tmp_path / "steps", size=SMALL, steps=(2, 3))
    assert [file.name for file in sorted((tmp_path / "steps").iterdir())] == ["002.png", "003.png"]
    assert [file.name for file in tmp_path.iterdir()] == ["steps"]


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "steps").mkdir()
    (tmp_path / "steps" / "thesis.tex").touch()
    (tmp_path / "file").touch()
    with pytest.raises(adviz.AdvizError, match=r"steps: it holds 'thesis\.tex'; name"):
        film().save(tmp_path / "steps", size=SMALL)
    with pytest.raises(adviz.AdvizError, match=r"cannot write the folder .*: a file has this name"):
        film().save(f"{tmp_path}/file/", size=SMALL)
    with pytest.raises(adviz.AdvizError, match=r"there is no folder .*absent"):
        film().save(f"{tmp_path}/absent/steps/", size=SMALL)
    assert len(list(tmp_path.rglob("*"))) == 3


@pytest.mark.parametrize("name", ["film.gif", "film.webp", "film.apng", "film.pdf", "steps/"])
def test_an_interrupt_leaves_nothing(name: str, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []

    def interrupt(done: int, total: int) -> None:
        told.append((done, total))
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        film().save(f"{tmp_path}/{name}", size=SMALL, progress=interrupt, steps=(1, 4))
    assert told[0][0] == 1 and told[0][1] >= 4 and not list(tmp_path.iterdir())


# --- What is asked for ---------------------------------------------------------------------------

REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "size": ({"size": "9p"}, r"size = '9p'; it is \(width, height\) in pixels, .* 480p, 720p"),
    "sides": ({"size": (1920, 0)}, r"size = \(1920, 0\); it is .* from 320 × 240 to 7680"),
    "truth": ({"size": (True, 480)}, r"size = \(True, 480\)"),
    "letters": ({"font_size": 3}, "font_size = 3; it is the least size of text in pixels, from 6"),
    "theme": ({"theme": "pink"}, "there is no theme 'pink'; themes are auto, light, dark, print"),
    "show": (
        {"show": ["values", "all"]},
        "show has no 'all'; it takes statements, table",
    ),
    "seconds": ({"seconds": 0}, "seconds = 0; it is a number of seconds, above 0"),
    "loop": ({"loop": 3}, "loop = 3; it is True or False"),
    "option": ({"speed": 2}, r"\.gif has no option 'speed'; it has theme, size, font_size, show, "),
    "steps": ({"steps": (3, 1)}, r"steps = \(3, 1\)"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_asked_for_is_refused_in_words(what: str, tmp_path: Path) -> None:
    options, words = REFUSED[what]
    with pytest.raises(adviz.AdvizError, match=words):
        film().save(tmp_path / "film.gif", **options)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("film.bmp", r"cannot write an animation .* as \.bmp; use \.html, \.svg, .*\.gif"),
        ("film.png", r"one step is animation\.still\(7\)\.save\('step\.png'\), all of them"),
        ("film", "a file without a suffix"),
    ],
)
def test_another_suffix_is_refused_with_the_known_ones(
    name: str, words: str, tmp_path: Path
) -> None:
    with pytest.raises(adviz.AdvizError, match=words):
        film().save(tmp_path / name)


def test_sizes_are_named_given_or_typed() -> None:
    assert asked(size="720p").size == asked(size=[1280, 720]).size == asked(size="1280x720").size


def test_shapes_are_enlarged_with_all_their_lengths() -> None:
    line = Drawn(made_curve(), stroke="ink", thickness=2, dash=(4, 2))
    (large,) = placed([line], 3, Position(5, 7))
    assert isinstance(large, Drawn)
    assert (large.thickness, large.dash, large.curve.end) == (6, (12, 6), (35, 67))


def made_curve() -> Any:
    from adviz.scene.geometry import Curve

    return Curve(Position(0, 0), ((Position(10, 20),),))


# --- Any label, any process ----------------------------------------------------------------------


@pytest.mark.parametrize("name", HOSTILE)
def test_any_label_is_text_in_a_frame(name: str) -> None:
    made = composer(staged(name), asked(size=SMALL, show=FILM_PARTS - {"table"}))
    assert whole(made.frame(made.shots[-1])).size == SMALL


def test_a_film_of_any_kind_is_played(tmp_path: Path) -> None:
    for subject in (
        adviz.eliminate(PRODUCT, at=POINT),
        adviz.taylor("sin(x)", {"x": 1}, {"x": 1}, 2),
    ):
        animation = adviz.animate(subject)
        animation.save(path := tmp_path / "film.gif", size=SMALL, steps=(1, 3))
        with Image.open(path) as file:
            opened: Any = file
            assert opened.n_frames >= 2


@pytest.mark.parametrize("suffix", [".gif", ".pdf"])
def test_another_process_writes_the_same_bytes(suffix: str, tmp_path: Path) -> None:
    code = (
        "import sys, adviz\ntrace = adviz.reverse('x*y', at={'x': 3, 'y': 2})\n"
        "adviz.animate(trace, check=False).save(sys.argv[1], size=(400, 300))\n"
    )
    here, there = tmp_path / f"here{suffix}", tmp_path / f"there{suffix}"
    trace = adviz.reverse("x*y", at={"x": 3, "y": 2})
    adviz.animate(trace, check=False).save(here, size=SMALL)
    command = [sys.executable, "-c", code, str(there)]
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    subprocess.run(command, env=environment, check=True, cwd=Path(__file__).parents[2])
    assert here.read_bytes() == there.read_bytes()


def test_every_medium_in_frames_is_tried_here() -> None:
    """Videos are tried in a module of their own."""
    known = {each.suffix for each in FORMATS if each.module == "film.media"}
    assert known - {".mp4", ".webm"} == {*RASTERS, ".pdf", "/"}
    assert gif(film().scene, size=SMALL).startswith(b"GIF89a")


@pytest.mark.parametrize("name", ["running example", "branch", "Greek names"])
def test_a_page_has_letters_for_all_that_adviz_says(name: str) -> None:
    first, *_ = stills(composed(name, SIZES[1]))
    (page,) = PdfReader(BytesIO(pages([first.framed.at()]))).pages
    assert "\N{REPLACEMENT CHARACTER}" not in page.extract_text()


UNPAINTED = {
    "scene/table.py": "a table in a terminal has rules",
    "render/opened.py": "a page's own text has the fonts of its reader",
}
"""Modules whose characters are not all for pictures, and why."""


def own_characters() -> set[str]:
    """Return what is beyond ASCII in the strings of the rooms that make pictures."""
    package = Path(adviz.__file__).parent
    paths = [path for room in ("scene", "render") for path in (package / room).rglob("*.py")]
    painted = [path for path in paths if path.relative_to(package).as_posix() not in UNPAINTED]
    found = {c for path in painted for text in strings(path) for c in text if not c.isascii()}
    return {c for c in found if c.isprintable() or c.isspace()} - {"\N{REPLACEMENT CHARACTER}"}


def strings(path: Path) -> Iterator[str]:
    """Yield the strings of a module but for those that stand alone, which say what it is."""
    nodes = [*ast.walk(ast.parse(path.read_text("utf-8")))]
    alone = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        if isinstance(node, ast.Constant) and id(node) not in alone and isinstance(node.value, str):
            yield node.value


@pytest.mark.parametrize("face", get_args(Face))
def test_every_character_that_adviz_writes_is_in_the_fonts_of_a_page(face: Face) -> None:
    own = "".join(sorted(own_characters()))
    assert len(own) > 50
    said = Text(10, 20, (Run(own, face),), 12)
    (page,) = PdfReader(BytesIO(pages([Picture(900, 30, (said,), "own")]))).pages
    assert "\N{REPLACEMENT CHARACTER}" not in page.extract_text()


@pytest.mark.parametrize(
    ("name", "size", "same"),
    [
        ("running example", "1080p", True),
        ("neuron", "1080p", False),
        ("Black-Scholes", "720p", True),
        ("softmax", "1080p", True),
        ("neuron", (720, 1280), False),
    ],
)
def test_a_frame_has_the_layout_of_the_page_unless_another_is_far_better(
    name: str, size: Any, same: bool
) -> None:
    scene = scene_of(name)
    made = composer(scene, asked(size=size))
    assert (made.scene.layout == scene.layout) == same
    if size == "1080p":
        assert made.camera.shows_all


@pytest.mark.parametrize("name", ["neuron", "Black-Scholes"])
def test_the_map_stands_where_it_hides_nothing_active_and_least_of_the_others(name: str) -> None:
    made = composed(name, SIZES[1])
    overview, camera, pane = made.overview, made.camera, made.pane
    stood = hiding = 0
    for k, view in enumerate(camera.views):
        to = Position(pane.x - view.x, pane.y - view.y)
        nodes = [
            box_at(camera.things["node", str(n)], camera.scale, to)
            for n in range(len(made.scene.nodes))
        ]
        hides = {
            at: [overview._box(at).overlap(node) for node in nodes] for at in overview._corners
        }
        active = [box_at(box, camera.scale, to) for box in camera.boxes(k)]
        around = {at: widened(overview._box(at), camera.letter / 2) for at in hides}
        allowed = [at for at in hides if not any(meets(around[at], box) for box in active)]
        at = overview.corner(view, k)
        if at is not None:
            stood += 1
            assert at in allowed
            assert sum(hides[at]) == min(sum(hides[other]) for other in allowed)
            hiding += sum(hides[at]) > 0
    assert stood > len(camera.views) / 2 and hiding <= len(camera.views) / 10


@pytest.mark.parametrize(("name", "lifted"), [("x", False), ("b", True), ("K", True)])
def test_a_bar_in_a_page_clears_the_letter_under_it(name: str, lifted: bool) -> None:
    said = Text(10, 50, (Run(f"{name}\N{COMBINING MACRON}", "italic"),), 40)
    (page,) = PdfReader(BytesIO(pages([Picture(200, 80, (said,), "bar")]))).pages
    heights: set[float] = set()
    page.extract_text(visitor_text=lambda text, cm, tm, *_: heights.add(round(tm[5])))
    assert len({one for one in heights if one}) == 1 + lifted


def test_what_is_faded_in_a_pdf_covers_what_is_behind_it() -> None:
    faded = Group("faded", (Rect(Box(0, 0, 9, 9), fill="ink"),), opacity=0.5)
    absent = Group("absent", (Rect(Box(0, 0, 9, 9), fill="adjoint"),), opacity=0.0)
    (page,) = PdfReader(BytesIO(pages([Picture(9, 9, (faded, absent), "")]))).pages
    content = page.get_contents()
    assert content is not None and b" gs" not in content.get_data()
    assert content.get_data().count(b" re f") == 1
