"""Pictures and films in axes of matplotlib's: what is written, in which fonts, and what moves."""

from __future__ import annotations

import re
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hall import HALL
from PIL import Image
from test_render import HOSTILE, staged

import adviz
from adviz import AdvizError
from adviz.errors import FormatError
from adviz.render.paint import paint
from adviz.render.shapes import Group, Shape, Text
from adviz.render.svg import printable
from adviz.render.timeline import timeline

matplotlib = pytest.importorskip("matplotlib", reason="MISSING EXTRA: matplotlib draws here")

from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: E402 - or it is missing
from matplotlib.figure import Figure  # noqa: E402
from matplotlib.font_manager import findfont, get_font  # noqa: E402

from adviz.render.plot.film import Frame, Reel, background  # noqa: E402
from adviz.render.plot.still import still  # noqa: E402

RUNNING = HALL["running example"]
POINT = {"x": 3, "y": 2}


def drawn(name: str) -> Any:
    return adviz.draw(HALL[name]())


DRAWINGS: dict[str, Callable[[], Any]] = {
    **{name: partial(drawn, name) for name in HALL},
    "textbook": lambda: adviz.draw(RUNNING(), style="textbook", theme="print"),
    "pattern": lambda: adviz.draw(adviz.sparsity("x*y + y*z", "hessian")),
    "schedule": lambda: adviz.draw(adviz.checkpoint(10, snapshots=3)),
    "step": lambda: adviz.animate(RUNNING()).still(7, style="textbook"),
    "dark": lambda: adviz.draw(RUNNING(), theme="dark"),
}
MARKS = {"bar": "\N{COMBINING MACRON}", "dot": "\N{COMBINING DOT ABOVE}"}


def texts_of(shapes: tuple[Shape, ...]) -> Iterator[Text]:
    for shape in shapes:
        if isinstance(shape, Group):
            yield from texts_of(shape.shapes)
        elif isinstance(shape, Text):
            yield shape


def read(words: str) -> str:
    """Return what an artist says; a letter under its accent is the one formula there is."""
    found = re.fullmatch(r"\$\\math(?:it|rm)\{(.*)\}\$", words)
    if found is None:
        return words
    accents = re.findall(r"\\(bar|dot)", found[1])
    return found[1].strip("\\{}")[-1] + "".join(MARKS[accent] for accent in reversed(accents))


def pixels(figure: Any, dpi: float = 100) -> Any:
    """Return a figure as it is drawn."""
    paper = BytesIO()
    figure.savefig(paper, format="rgba", dpi=dpi)
    return np.frombuffer(paper.getvalue(), np.uint8)


def reel(ax: Any = None, trace: Any = None) -> Reel:
    scene = adviz.animate(RUNNING() if trace is None else trace).scene
    return Reel(scene, list(timeline(scene)), ax, "light")


# --- pictures ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_text_of_a_picture_is_written(name: str) -> None:
    drawing = DRAWINGS[name]()
    written = [read(text.get_text()) for text in drawing.to_matplotlib().texts]
    picture = paint(drawing._seen(".svg", {}))
    wanted = [run.text for text in texts_of(picture.shapes) for run in text.runs]
    assert Counter(written) == Counter(
        one.replace("\N{COMBINING OVERLINE}", MARKS["bar"]) for one in wanted
    )


@pytest.mark.parametrize("name", ["running example", "textbook"])
def test_nodes_and_edges_are_found_by_their_numbers(name: str) -> None:
    axes, graph = DRAWINGS[name]().to_matplotlib(), RUNNING().graph
    names = [artist.get_gid() for artist in axes.findobj() if artist.get_gid()]
    assert len({*names}) == len(names)
    for kind, count in (("node", len(graph)), ("edge", len([*graph.edges]))):
        found = {match[1] for one in names if (match := re.match(rf"{kind}-(\d+)-", one))}
        assert found == {str(k) for k in range(count)}


SIZES = (((6, 4), 100), ((7, 4), 100), ((12, 9), 210))
"""Letters of less than three pixels are as wide as whole pixels make them, and are not tried."""


@pytest.mark.parametrize("font", ["sans-serif", "DejaVu Sans Mono", "cmr10"])
@pytest.mark.parametrize(("size", "dpi"), SIZES)
@pytest.mark.parametrize("name", ["neuron", "Greek names"])
def test_no_text_leaves_its_node_at_any_size(
    name: str, size: tuple[int, int], dpi: int, font: str
) -> None:
    with matplotlib.rc_context({"font.family": font}):
        figure = Figure(figsize=size, dpi=dpi)
        axes = adviz.draw(HALL[name]()).to_matplotlib(figure.subplots())
    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    extents = {
        artist.get_gid(): artist.get_window_extent(canvas.get_renderer())
        for artist in (*axes.patches, *axes.texts)
    }
    inside = re.compile(r"(node-\d+)-(?:symbol|operation|row-.*)")
    held = [(found[1], gid) for gid in extents if (found := inside.fullmatch(str(gid)))]
    assert len(held) > 20
    for node, gid in held:  # whose sizes are told in whole pixels
        frame, text = extents[f"{node}-frame"].padded(1.5), extents[gid]
        assert frame.x0 <= text.x0 and text.x1 <= frame.x1, gid
        assert frame.y0 <= text.y0 and text.y1 <= frame.y1, gid


@pytest.mark.parametrize("name", ["running example", "neuron"])
def test_letters_and_lines_grow_with_the_axes(name: str) -> None:
    sizes = []
    for scale in (1, 2):
        axes = Figure(figsize=(7 * scale, 5 * scale)).subplots()
        adviz.draw(HALL[name]()).to_matplotlib(axes)
        pixels(axes.figure)
        texts = [text.get_fontsize() for text in axes.texts]
        sizes.append([*texts, *(patch.get_linewidth() for patch in axes.patches)])
    assert sizes[1] == pytest.approx([2 * size for size in sizes[0]])


def test_the_axes_span_the_picture_and_nothing_else_is_touched() -> None:
    scene, figure = adviz.draw(RUNNING()).scene, Figure()
    wide, high = scene.layout.width, scene.layout.height
    left, right = figure.subplots(1, 2)
    (curve,) = left.plot([1, 2], [3, 4])
    before = (left.get_xlim(), left.get_ylim(), left.axison)
    assert still(scene, ax=right) is right
    assert (right.get_xlim(), right.get_ylim()) == ((0, wide), (high, 0))
    assert right.get_aspect() == 1 and not right.axison
    assert (left.get_xlim(), left.get_ylim(), left.axison) == before
    assert all(1 <= one.get_zorder() < curve.get_zorder() for one in (*right.patches, *right.texts))


def test_words_of_a_pdf_are_words() -> None:
    from pypdf import PdfReader

    paper = BytesIO()
    figure: Any = adviz.draw(RUNNING()).to_matplotlib().figure
    figure.savefig(paper, format="pdf")
    said = PdfReader(paper).pages[0].extract_text()
    assert said.count("adjoint") == 5 and "adjoint 6" in said


def test_what_an_author_makes_of_a_text_is_drawn() -> None:
    def changed(change: Callable[[Any], object]) -> Any:
        axes = adviz.draw(RUNNING()).to_matplotlib()
        (text,) = (one for one in axes.texts if one.get_gid() == "node-0-symbol")
        change(text)
        return pixels(axes.figure)

    changes: list[Callable[[Any], object]] = [
        lambda text: None,
        lambda text: text.set_color("green"),
        lambda text: text.set_text("speed"),
        lambda text: text.set_bbox({"facecolor": "yellow"}),
        lambda text: text.set_horizontalalignment("right"),
        lambda text: text.set_fontfamily("monospace"),
    ]
    pictures = [changed(change).tobytes() for change in changes]
    assert len({*pictures}) == len(changes)
    assert changed(changes[0]).tobytes() == pictures[0]


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_colours_are_those_of_the_theme(theme: Any) -> None:
    axes = adviz.draw(RUNNING(), theme=theme).to_matplotlib()
    by_name: dict[Any, Any] = {one.get_gid(): one for one in axes.findobj()}
    page = matplotlib.colors.to_rgba(adviz.render.roles.colour("page", theme))
    ink = adviz.render.roles.colour("ink", theme)
    assert axes.figure.get_facecolor() == by_name["background"].get_facecolor() == page
    assert by_name["node-0-symbol"].get_color() == ink


# --- letters -------------------------------------------------------------------------------------

FONTSETS = {
    "dejavusans": ("DejaVu Sans", "DejaVu Sans"),
    "dejavuserif": ("DejaVu Serif", "DejaVu Serif"),
    "cm": ("cmmi10", "cmr10"),
    "stix": ("STIXGeneral", "STIXGeneral"),
    "custom": ("DejaVu Sans Mono", "DejaVu Serif"),
}


@pytest.mark.parametrize("fontset", FONTSETS)
def test_fonts_are_those_of_rc_params(fontset: str) -> None:
    wanted = {
        "font.family": "DejaVu Sans Mono", "mathtext.fontset": fontset,
        "mathtext.it": "DejaVu Sans Mono:italic", "mathtext.rm": "DejaVu Serif",
    }  # fmt: skip
    with matplotlib.rc_context(wanted):
        axes = adviz.draw(RUNNING()).to_matplotlib()
    fonts = {
        text.get_gid(): get_font(findfont(text.get_fontproperties())).family_name
        for text in axes.texts
    }
    slanted, upright = FONTSETS[fontset]
    assert fonts["node-2-symbol"] == slanted
    assert fonts["node-2-symbol-2"] == upright
    assert fonts["node-2-row-value-number"] == "DejaVu Sans Mono"


def test_the_runs_of_a_text_stand_side_by_side_on_one_base_line() -> None:
    axes = adviz.draw(RUNNING()).to_matplotlib()
    by_name: dict[Any, Any] = {text.get_gid(): text for text in axes.texts}
    pixels(axes.figure)
    for first, second in (("", "-2"), ("-2", "-3"), ("-3", "-4"), ("-4", "-5")):
        one, other = (by_name[f"node-4-operation{number}"] for number in (first, second))
        gap = other.get_position()[0] - one.get_position()[0]
        assert 0 < gap < 3 * one.get_fontsize()
    levels = {by_name[f"node-4-operation{k}"].get_position()[1] for k in ("", "-3", "-4")}
    assert len(levels) == 1
    assert by_name["node-4-operation-2"].get_position()[1] > max(levels)


WRITTEN = [*HOSTILE, "$", "$\\frac{$", "$\\frac{1}{2}$", "\\", "x_{", "a$b$c"]


@pytest.mark.parametrize("name", WRITTEN)
def test_labels_are_letters_and_never_mathematics(name: str) -> None:
    scene = staged(name)
    settings = {"text.parse_math": True, "text.usetex": True}
    with matplotlib.rc_context(settings), warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # letters that no font here has
        axes = still(scene)
        pixels(axes.figure, 50)
    parsed = [text.get_text() for text in axes.texts if text.get_parse_math()]
    assert all(re.fullmatch(r"\$\\math(it|rm)\{\\(bar|dot)\{\w\}\}\$", one) for one in parsed)
    assert not any(text.get_usetex() or "\n" in text.get_text() for text in axes.texts)
    runs = [run.text for text in texts_of(paint(scene).shapes) for run in text.runs]
    wanted = Counter(re.sub(r"\s", " ", printable(text)) for text in runs)
    assert Counter(read(text.get_text()) for text in axes.texts) == wanted


# --- films ---------------------------------------------------------------------------------------


def test_a_frame_is_the_same_whatever_was_shown_before() -> None:
    moving = reel()
    shots = [Frame(k, part) for k, part in ((9, 0.4), (3, 0.0), (17, 0.0), (8, 0.2), (0, 0.5))]
    for frame in shots:
        moving.show(frame)
        fresh = reel()
        fresh.show(frame)
        assert np.array_equal(pixels(moving.sheet.ax.figure), pixels(fresh.sheet.ax.figure))


def test_a_frame_changes_only_what_is_not_as_it_was() -> None:
    moving = reel()
    for number, (before, now) in enumerate(pairwise(moving.looks)):
        moving.show(Frame(number, 0.0))
        differing = {gid for gid in {**before, **now} if before.get(gid) != now.get(gid)}
        changed = {artist.get_gid() for artist in moving.sheet.show(now)}
        assert changed == differing
        assert len(changed) < 0.6 * len(now)


def test_what_an_author_changed_stays_while_it_does_not_change_in_the_film() -> None:
    moving = reel()
    moving.show(Frame(3, 0.0))
    moving.sheet.artists["node-0-symbol"].set_color("green")
    for number in range(len(moving.looks)):
        moving.show(Frame(number, 0.5))
    assert moving.sheet.artists["node-0-symbol"].get_color() == "green"


@pytest.mark.parametrize("steps", [None, (2, 3), (4, 4)])
def test_what_a_frame_returns_drawn_over_the_rest_is_the_frame(steps: Any) -> None:
    figure = Figure(figsize=(6, 4))
    canvas: Any = FigureCanvasAgg(figure)
    moving: Any = adviz.animate(RUNNING()).to_matplotlib(figure.subplots(), steps=steps)
    show, shown = moving._func, list(moving.new_frame_seq())
    moving._draw_was_started = True
    canvas.draw()
    for artist in show(shown[0]):
        artist.set_animated(True)
    canvas.draw()
    ground = canvas.copy_from_bbox(figure.bbox)
    for frame in shown[:: max(1, len(shown) // 6)]:
        canvas.restore_region(ground)
        for artist in show(frame):
            artist.set_animated(True)
        for artist in sorted(show(frame), key=lambda one: one.get_zorder()):
            figure.draw_artist(artist)
        blitted = np.asarray(canvas.buffer_rgba()).copy()
        assert np.array_equal(blitted.ravel(), pixels(figure))
        canvas.draw()


def test_the_background_is_what_never_changes_and_nothing_that_changes_is_below() -> None:
    a, b, c = (dict.fromkeys("axb", 1) | {"x": k} for k in (1, 2, 3))
    assert background([a, a, a]) == frozenset("axb")  # type: ignore[list-item]
    assert background([a, b, c]) == frozenset("a")  # type: ignore[list-item]


def test_the_token_travels_along_its_edge() -> None:
    moving = reel()
    number = next(k for k, path in enumerate(moving.flights) if path)
    places = []
    for part in (0.0, 0.25, 0.5, 0.999):
        moving.show(Frame(number, part))
        places.append(tuple(moving.token.moved.transform((0, 0))))
    assert places[0] == tuple(moving.flights[number][0])
    assert places[-1] == tuple(moving.flights[number][-1])
    assert len({*places}) == 4
    moving.show(Frame(number + 1, 0.0))
    assert not any(artist.get_visible() for artist in moving.token.artists.values())


@pytest.mark.parametrize("seconds", [None, 0.2, 3.0])
def test_a_film_takes_the_time_that_the_timeline_says(seconds: float | None) -> None:
    film = adviz.animate(RUNNING())
    moving: Any = film.to_matplotlib(seconds=seconds)
    moving._draw_was_started = True
    total = len(list(moving.new_frame_seq())) * moving._interval / 1000
    shots = list(timeline(film.scene, seconds))
    assert total == pytest.approx(sum(shot.seconds for shot in shots), rel=0.05)
    assert {frame.shot for frame in moving.new_frame_seq()} == {*range(len(shots))}


def test_matplotlib_writes_and_shows_films(tmp_path: Path) -> None:
    film = adviz.animate(RUNNING(), theme="dark")
    moving: Any = film.to_matplotlib(steps=(4, 5), seconds=0.3)
    moving.save(tmp_path / "film.gif", writer="pillow", dpi=30)
    count = len(list(moving.new_frame_seq()))
    with Image.open(tmp_path / "film.gif") as saved:
        last = np.asarray(saved.convert("RGB"))[2, 2]
    assert last == pytest.approx(np.array([0x0F, 0x14, 0x19]), abs=6)
    page = moving.to_jshtml()
    assert page.count("data:image/png;base64") == count
    again: Any = film.to_matplotlib(steps=(4, 5), seconds=0.3, loop=False)
    again._draw_was_started = True
    assert (moving._repeat, again._repeat) == (True, False)


def test_a_film_has_its_words_below_the_picture() -> None:
    moving = reel()
    moving.show(Frame(5, 0.0))
    scene = adviz.animate(RUNNING()).scene
    below = [t for t in moving.sheet.ax.texts if t.get_position()[1] > scene.layout.height]
    assert any("evaluate" in t.get_text().lower() or "send" in t.get_text().lower() for t in below)


# --- errors --------------------------------------------------------------------------------------

DRAWING = adviz.draw("x*y")
FILM = adviz.animate(adviz.evaluate("x*y", at={"x": 3, "y": 2}))
REFUSED: list[tuple[Callable[[], object], str, type[AdvizError]]] = [
    (lambda: DRAWING.to_matplotlib(3), "ax = 3; it is axes of matplotlib's", AdvizError),  # type: ignore[arg-type]
    (lambda: FILM.to_matplotlib("x"), "ax = 'x'; it is axes of matplotlib's", AdvizError),  # type: ignore[arg-type]
    (lambda: FILM.to_matplotlib(seconds=0), "seconds = 0; it is a number of seconds", FormatError),
    (lambda: FILM.to_matplotlib(steps=(9, 12)), "step = 9; it is one of 1 to", AdvizError),
    (
        lambda: DRAWING.to_matplotlib(Figure().add_subplot(projection="polar")),
        "it is axes with a flat x and y",
        AdvizError,
    ),
]


@pytest.mark.parametrize(("wrong", "said", "kind"), REFUSED)
def test_what_cannot_be_drawn_into_is_refused(
    wrong: Callable[[], object], said: str, kind: type[AdvizError]
) -> None:
    with pytest.raises(kind, match=re.escape(said)):
        wrong()


@pytest.mark.parametrize("noun", [DRAWING, FILM])
def test_a_missing_matplotlib_is_named_with_its_extra(
    noun: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in [one for one in sys.modules if one.startswith("adviz.render.plot.")]:
        monkeypatch.delitem(sys.modules, module)
    for name in [one for one in sys.modules if one.partition(".")[0] == "matplotlib"]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(AdvizError, match=r"pip install 'adviz-graph\[plot\]'"):
        noun.to_matplotlib()
