"""Figures and films in LaTeX: what pdflatex makes of them, and what an author can change."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from films import FILMS, POINT, PRODUCT, missing
from hall import HALL
from pypdf import PdfReader

import adviz
from adviz.errors import FormatError
from adviz.graph.builder import Builder
from adviz.language.notation.tex_signs import in_ascii
from adviz.render import renderer
from adviz.render.drawing import Drawing
from adviz.render.figure.asked import asked
from adviz.render.figure.compose import composed
from adviz.render.figure.lengths import PIXELS_PER_POINT
from adviz.render.film.placing import bounds
from adviz.render.latex.beamer import _views, overlaid
from adviz.render.latex.beyond import named_ends
from adviz.render.latex.letters import written
from adviz.render.latex.picture import PACKAGES
from adviz.render.latex.slide import SLIDES
from adviz.render.latex.tikz import items
from adviz.render.latex.view import View
from adviz.render.shapes import Run
from adviz.scene.geometry import Box
from adviz.scene.scene import Scene, active, finished, states
from adviz.scene.staging import stage

STYLES: tuple[Any, ...] = ("card", "textbook")
HOSTILE = [
    "$x$", "{}|<>\\`", "%", "a\nb", "\\input{secret}", "^^41", "#1", "~&_", "}%\n\\end{x}", "x\0y",
    "漢字", "🙂", "\u202e", "Жук", "√(", "x_1", "learning_rate", '"',
]  # fmt: skip
HOSTILE_IN_FRAMES = ["}%\n\\end{x}", "#1", "漢字", "x" * 90]
SHOWN = {"%": "%", "\\input{secret}": "\\input{secret}", "#1": "#1", "漢字": "U+6F22U+5B57"}
"""What pdfTeX shows of a name."""
MUTED = r"0\.341\d* 0\.376\d* 0\.415\d*"
"""The colour of edges as TikZ writes it."""
RESTYLED = (
    r"\tikzset{adviz value/.style={text=green}, adviz edge/.append style={line width=7bp}}"
    r"\definecolor{adviz-adjoint}{rgb}{0.25,0.5,0.75}"
)


def hostile(name: str) -> Scene:
    """Return a film of a graph whose input is called so."""
    builder = Builder()
    x = builder.input(name)
    graph = builder.finish({f"{name} 2": builder.node("mul", (x, x))})
    return stage(adviz.reverse(graph, at={name: 2.0}))


def typeset(folder: Path, source: str) -> PdfReader:
    """Return what pdflatex makes of a document, of which it must not complain."""
    tool = shutil.which("pdflatex")
    if tool is None:
        missing("pdflatex")
    (folder / "paper.tex").write_text(source, encoding="utf-8")
    command = [str(tool), "-no-shell-escape", "-interaction=nonstopmode", "paper.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=300)
    log = done.stdout.decode("utf-8", "replace")
    assert done.returncode == 0, re.findall(r"(?m)^!.*\n.*\n.*", log)[:3]
    return PdfReader(BytesIO((folder / "paper.pdf").read_bytes()))


def document(kind: str, *pages: str) -> str:
    body = "\n\\newpage\n".join(pages)
    return f"\\documentclass{kind}{PACKAGES}\n\\begin{{document}}\n{body}\n\\end{{document}}\n"


def picture(scene: Any, path: Path, **options: Any) -> str:
    """Return what a file of a drawing holds."""
    Drawing(scene, asked=options.pop("asked", None)).save(path, **options)
    return path.read_text("utf-8")


def numbers(text: str) -> set[str]:
    """Return the numbers of a text, as they are written in a trace."""
    return set(re.findall(r"-?\d+\.?\d*", text.replace("−", "-")))


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The text that pdflatex sets of every film in both styles, and of every hostile name."""
    folder = tmp_path_factory.mktemp("paper")
    pages = {}
    for film, make in FILMS.items():
        scene = adviz.draw(make()).scene
        for style in STYLES:
            page = picture(scene, folder / "f.tex", asked=asked(style), width="16cm")
            pages[f"{film} {style}"] = page
    for name in HOSTILE:
        pages[name] = picture(hostile(name), folder / "f.tex")
    made = typeset(folder, document("{article}", *pages.values()))
    return dict(zip(pages, (page.extract_text() for page in made.pages), strict=True))


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("film", FILMS)
def test_pdflatex_sets_every_number_of_the_trace(
    paper: dict[str, str], film: str, style: str
) -> None:
    scene = adviz.draw(FILMS[film]()).scene
    shown = {scene.text(key) for key in finished(scene).rows.values() if key}
    wanted = numbers(" ".join(shown))
    assert wanted and wanted <= numbers(paper[f"{film} {style}"])


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_is_a_command(paper: dict[str, str], name: str) -> None:
    assert "2" in paper[name]
    assert SHOWN.get(name, "") in paper[name].replace(" ", "").replace("\n", "")


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("film", FILMS)
def test_the_numbers_are_in_the_source(tmp_path: Path, film: str, style: str) -> None:
    scene = adviz.draw(FILMS[film]()).scene
    lines = re.findall(r"\{\$(.*)\$\};", picture(scene, tmp_path / "f.tex", asked=asked(style)))
    ends = [line.rpartition("= ")[2].removeprefix(r"\boldsymbol{").rstrip("}") for line in lines]
    shown = {scene.text(key).replace("−", "-") for key in finished(scene).rows.values() if key}
    assert shown <= {*ends}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("width", [8.5, 16.0])
def test_a_picture_is_as_wide_as_asked(tmp_path: Path, width: float, style: str) -> None:
    scene = adviz.draw(adviz.reverse(PRODUCT, at=POINT)).scene
    path = tmp_path / "f.tex"
    text = picture(scene, path, asked=asked(style), width=f"{width}cm", font_size=8)
    assert f"(0, 0) rectangle ({width:g}, " in text
    assert r"\fontsize{8}{9.6}" in text


def test_a_document_of_its_own_is_as_large_as_the_picture(tmp_path: Path) -> None:
    drawing = adviz.animate(adviz.reverse(PRODUCT, at=POINT), check=False).still(7)
    drawing.save(tmp_path / "f.tex", width="8.5cm", standalone=True)
    made = typeset(tmp_path, (tmp_path / "f.tex").read_text("utf-8"))
    (page,) = made.pages
    assert float(page.mediabox.width) == pytest.approx(8.5 / 2.54 * 72, abs=0.1)
    assert "v2 = x - y" in page.extract_text().replace("−", "-")


def test_what_an_author_sets_wins_and_the_rest_stays(tmp_path: Path) -> None:
    scene = adviz.draw(adviz.reverse(PRODUCT, at=POINT)).scene
    page = picture(scene, tmp_path / "f.tex")
    source = document("{article}\\pdfcompresslevel=0", RESTYLED + page)
    made = typeset(tmp_path, source).pages[0].get_contents()
    assert made is not None
    drawn = made.get_data().decode("latin-1")
    assert "0 1 0 rg" in drawn and "0.25 0.5 0.75 rg" in drawn
    assert re.search(r"\b7\.0+\d* w\b|\b7 w\b", drawn)
    assert re.search(f"{MUTED} RG", drawn)  # an edge's colour, to which a width was added


# --- Films ---------------------------------------------------------------------------------------


def visible(command: str, step: int, last: int) -> bool:
    """Return whether beamer shows a command at a step."""
    found = re.match(r"\\\w+<(.*?)>", command)
    spans = [one.partition("-") for one in found[1].split(",")] if found else [("1", "-", "")]
    return any(int(a) <= step <= (int(b or last) if dash else int(a)) for a, dash, b in spans)


@pytest.mark.parametrize("film", FILMS)
def test_every_overlay_is_the_picture_of_its_step(film: str) -> None:
    scene = adviz.animate(FILMS[film](), check=False).scene
    page = composed(scene, asked())
    pictures = [[*items(page.at(step))] for step in states(scene)]
    commands = overlaid(pictures)
    for k, wanted in enumerate(pictures, 1):
        shown = [re.sub("<.*?>", "", one) for one in commands if visible(one, k, len(pictures))]
        assert shown == [item.shown() for item in wanted]


def test_a_film_has_a_page_for_every_step(tmp_path: Path) -> None:
    film = adviz.animate(adviz.reverse(PRODUCT, at=POINT))
    film.save(tmp_path / "f.beamer.tex")
    film.save(tmp_path / "part.beamer.tex", steps=(3, 5), aspect="4:3", style="textbook")
    files = [(tmp_path / name).read_text("utf-8") for name in ("f.beamer.tex", "part.beamer.tex")]
    scenes = [hostile(name) for name in HOSTILE_IN_FRAMES]
    files += [renderer(".beamer.tex", "animation")(scene).decode() for scene in scenes]
    made = typeset(tmp_path, document("[aspectratio=169]{beamer}", *files))
    pages = [page.extract_text().replace("−", "-") for page in made.pages]
    steps = len(film.scene.frames)
    assert len(pages) == steps + 3 + sum(len(scene.frames) for scene in scenes)
    assert "Start from the values of the inputs" in pages[0] and "= 5" not in pages[0]
    assert "Evaluate v2 = x - y" in pages[2] and "Evaluate v2 = x - y" in pages[steps]
    assert "second contribution: they add" in " ".join(pages[10].split())
    assert numbers(pages[steps - 1]) >= {"6", "-4", "5"}


def test_a_frame_can_be_a_document(tmp_path: Path) -> None:
    film = adviz.animate(adviz.evaluate("x*y", at={"x": 3, "y": 2}))
    film.save(tmp_path / "f.beamer.tex", standalone=True, aspect="4:3")
    made = typeset(tmp_path, (tmp_path / "f.beamer.tex").read_text("utf-8"))
    box = made.pages[0].mediabox
    assert len(made.pages) == 2 and float(box.width / box.height) == pytest.approx(4 / 3, abs=0.01)


def test_the_same_film_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.beamer.tex", "two.beamer.tex"):
        adviz.animate(adviz.reverse(PRODUCT, at=POINT)).save(tmp_path / name)
    one, two = ((tmp_path / f"{name}.beamer.tex").read_bytes() for name in ("one", "two"))
    assert one == two


LARGE = ("neuron", "Black-Scholes", "network")
"""Films whose graphs have no room on a slide in letters that can be read."""


def seen_of(film: str) -> View:
    """Return what a slide shows of a film."""
    scene = adviz.animate(HALL[film](), check=False).scene
    slide = SLIDES["16:9"]
    wanted = replace(asked(), width=slide.width, height=slide.height / 2)
    return next(_views(scene, wanted, free=False))


@pytest.mark.parametrize("film", LARGE)
def test_what_is_active_is_on_the_slide_in_letters_that_can_be_read(film: str) -> None:
    view = seen_of(film)
    wide, high = view.size
    assert view.page.em >= 5 * PIXELS_PER_POINT and not view.shows_all
    assert (wide, high) <= (view.width, view.height) < view.page.size
    frames = [frame for frame in view.page.now.scene.frames if len(frame.nodes) == 1]
    places = dict(zip(view.page.now.scene.frames, view.starts(), strict=True))
    assert len(frames) > 20 and len({*places.values()}) < len(places) / 2
    for frame in frames:
        (x, y), box = places[frame], bounds(view.page.nodes[frame.nodes[0]].shapes)
        assert x <= box.x and box.x + box.width <= x + wide
        assert y <= box.y and box.y + box.height <= y + high


@pytest.mark.parametrize("film", [*LARGE, "softmax", "running example"])
def test_a_picture_is_cut_only_where_the_file_says_so(film: str, tmp_path: Path) -> None:
    adviz.animate(HALL[film](), check=False).save(tmp_path / "f.beamer.tex", steps=(9, 11))
    text = (tmp_path / "f.beamer.tex").read_text("utf-8")
    cut = "% The graph has no room on a slide with text of" in text
    assert cut == (r"\clip" in text) == (r"\only<1-" in text) == (film in LARGE)


def test_the_view_of_a_slide_is_cut_and_moved_by_what_pdflatex_knows(tmp_path: Path) -> None:
    film = adviz.animate(HALL["neuron"](), check=False)
    film.save(tmp_path / "f.beamer.tex", standalone=True, steps=(16, 19))
    made = typeset(tmp_path, (tmp_path / "f.beamer.tex").read_text("utf-8"))
    contents = [page.get_contents() for page in made.pages]
    drawn = [content.get_data() for content in contents if content is not None]
    cuts = [re.findall(rb"\bW\s+n\b.*?\bcm\b", one, re.DOTALL) for one in drawn]
    assert len(cuts) == 4 and all(cuts)


STATED = {
    "neuron": (r"w_{3} , x_{3} , b\right) = ",),
    "Black-Scholes": (r"$d_{1} = ", r"\\ $d_{2} = ", r"\\ $C \mathopen{}\left(S , K , r"),
    "running example": (r"{\Large}{\rule{0pt}{3ex}$f \mathopen{}\left(x , y\right) = ",),
}


@pytest.mark.parametrize("film", STATED)
def test_a_title_states_all_that_its_author_did(film: str, tmp_path: Path) -> None:
    adviz.animate(HALL[film](), check=False).save(tmp_path / "f.beamer.tex", steps=(1, 2))
    text = (tmp_path / "f.beamer.tex").read_text("utf-8")
    (title,) = re.findall(r"\\frametitle.*", text)
    assert all(part in title for part in STATED[film]) and "ldots" not in title


# --- Arrays, and what has room ----------------------------------------------------------------


def net(w: Any, b: Any, x: Any, t: Any) -> Any:
    return np.sum((np.tanh(w @ x + b) - t) ** 2) / 2


NET_AT = {"w": [[0.5, -0.3], [0.8, 0.2], [-0.6, 0.9]], "b": [0.1, 0, -0.2], "x": [1, 2],
          "t": [0.5, -1, 1e-17]}  # fmt: skip


def of_arrays() -> Any:
    shapes: dict[str, Any] = {"w": (3, 2), "b": 3, "x": 2, "t": 3}
    return adviz.reverse(adviz.build(net, shapes=shapes, arrays=True), at=NET_AT)


MANY = "+".join(f"w{k}*x{k}" for k in range(1, 11))
CROWDED: dict[str, Any] = {
    "neuron": HALL["neuron"],
    "softmax": HALL["softmax"],
    "arrays": of_arrays,
    "many": lambda: adviz.reverse(MANY, at={f"{a}{k}": k / 4 for k in range(1, 11) for a in "wx"}),
}


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What pdfTeX says of steps of every crowded film, the last ones among them."""
    folder = tmp_path_factory.mktemp("slides")
    frames = []
    for film, make in CROWDED.items():
        made = adviz.animate(make(), check=film == "arrays")
        last = len(made.scene.frames)
        for steps, style in (((1, 2), "card"), ((last - 1, last), "textbook")):
            made.save(folder / "f.beamer.tex", steps=steps, style=style)
            frames.append((folder / "f.beamer.tex").read_text("utf-8"))
    typeset(folder, document("[aspectratio=169]{beamer}", *frames))
    return (folder / "paper.log").read_text("utf-8", "replace")


def test_nothing_falls_off_a_slide(log: str) -> None:
    assert re.findall("Overfull.*", log) == []


def test_what_is_out_of_sight_is_named_at_the_border() -> None:
    view = seen_of("Black-Scholes")
    scene = view.page.now.scene
    named = [*named_ends(view, [*states(scene)])]
    for frame, start, names in zip(scene.frames, view.starts(), named, strict=True):
        window = Box(*start, *view.size)
        edges = [scene.edges[k] for k in active(scene, frame)]
        ends = {end for edge in edges for end in (edge.tail, edge.head)}
        unseen = {end for end in ends if not window.holds(view.boxes[end].middle)}
        assert unseen <= {item.place[1] for item in names} <= ends
    assert any(named)


def test_small_arrays_are_mathematics_in_tables_and_on_slides(tmp_path: Path) -> None:
    trace = of_arrays()
    table = adviz.table(trace).latex()
    assert r"\begin{bmatrix} 0.5 & -0.3 \\ 0.8 & 0.2 \\ -0.6 & 0.9 \end{bmatrix}" in table
    assert r"$[0.5,\, -1,\, 1 \times 10^{-17}]$" in table and table.isascii()
    adviz.animate(trace, check=False).save(tmp_path / "f.beamer.tex", steps=(2, 2))
    slide = (tmp_path / "f.beamer.tex").read_text("utf-8")
    assert r"\end{bmatrix} \, \begin{bmatrix} 1 \\ 2 \end{bmatrix} = \begin{bmatrix}" in slide


TABLES: dict[str, Any] = {
    "table": lambda: adviz.table(of_arrays()),
    "letters": lambda: adviz.table(adviz.reverse("θ*ñ*1e-30", at={"θ": -1, "ñ": 2})),
    "taylor": lambda: adviz.taylor("sin(θ)", {"θ": 1}, {"θ": 1}, 2),
    "paths": lambda: adviz.paths("x*y + sin(x)", at=POINT),
    "elimination": lambda: adviz.eliminate("x*y + sin(x)", at=POINT),
    "comparison": lambda: adviz.compare("x*y + sin(x)", at=POINT),
}


def test_pdflatex_sets_every_table(tmp_path: Path) -> None:
    preamble = r"\usepackage{booktabs}"
    pages = [make().latex() for make in TABLES.values()]
    made = typeset(tmp_path, document(f"{{article}}{preamble}", *pages))
    assert len(made.pages) >= len(pages)


def test_a_power_is_no_conjunction(tmp_path: Path) -> None:
    scene = adviz.draw("x**3 + x**y").scene
    text = picture(scene, tmp_path / "f.tex", asked=asked("textbook"))
    assert r"$( \cdot )^{3}$" in text and r"$( \cdot )^{y}$" in text and "wedge" not in text


# --- Words and errors ----------------------------------------------------------------------------

LINES = {
    r"$v_{1} = -2.5$": [
        Run("v", "italic"), Run("1", "roman", rise=-0.17), Run(" = "), Run("−2.5", "sans"),
    ],
    r"$\boldsymbol{1 \times 10^{-7}}$": [Run("1 × 10⁻⁷", "bold")],
    r"$\sqrt{x} \times (y)$": [Run("√(", "roman"), Run("x", "italic"), Run(") × (y)", "roman")],
    r"$x^{y_{1}}$": [
        Run("x", "italic"), Run("y", "italic", rise=0.34), Run("1", "roman", rise=0.22),
    ],
    r"$\dot{\bar{v}}$": [Run("v\u0304\u0307", "italic")],
    r"$\overline{\mathrm{loss}}$": [Run("l̅o̅s̅s̅", "roman")],
    r"$\operatorname{exp}(x)$": [Run("exp(", "roman"), Run("x", "italic"), Run(")", "roman")],
    r"$W_{1}^{\mathsf{T}}$": [
        Run("W", "italic"), Run("1", "roman", rise=-0.17), Run("T", "roman", rise=0.34),
    ],
    r"$[-2,\, 1 \times 10^{-7}]$": [Run("[−2, 1 × 10⁻⁷]")],
    r"$x \bmod y$": [Run("x", "italic"), Run(" mod ", "roman"), Run("y", "italic")],
    r"Evaluate \textbf{all} of 100\%": [Run("Evaluate "), Run("all", "bold"), Run(" of 100%")],
    r"$\sqrt{\text{\textbackslash{}}}$": [Run("√(\\", "roman")],
}  # fmt: skip


@pytest.mark.parametrize("wanted", LINES)
def test_a_line_is_mathematics_and_words(wanted: str) -> None:
    assert written(LINES[wanted]) == wanted


def test_what_no_engine_knows_is_an_argument() -> None:
    assert in_ascii("a\ud800\u202e\té") == (
        r"a\advizletter{D800}{?}\advizletter{202E}{?} \advizletter{00E9}{é}"
    )


def test_suffixes_of_two_parts_are_told_apart(tmp_path: Path) -> None:
    film = adviz.animate(adviz.evaluate("x*y", at={"x": 3, "y": 2}))
    known = r"cannot write an animation .* as \.tex; use .*\.beamer\.tex.*; \.tex is for a drawing"
    with pytest.raises(FormatError, match=known):
        film.save(tmp_path / "f.tex")
    other = r"cannot write a drawing .* as \.beamer\.tex; .*\.beamer\.tex is for an animation"
    with pytest.raises(FormatError, match=other):
        adviz.draw("x*y").save(tmp_path / "f.beamer.tex")
    with pytest.raises(FormatError, match=r"there is no aspect '5:4'; aspects are 16:9, 4:3"):
        film.save(tmp_path / "f.beamer.tex", aspect="5:4")
    with pytest.raises(FormatError, match=r"\.tex has no option 'dpi'; it has theme, standalone"):
        adviz.draw("x*y").save(tmp_path / "f.tex", dpi=300)
    adviz.draw("x*y").save(tmp_path / "v1.2.TEX")
