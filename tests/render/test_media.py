"""The page "Which medium for what": its pictures, lines and options are those of the code.

`python tests/render/test_media.py` writes its pictures and its table of options anew.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from inspect import signature
from io import BytesIO
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pytest
from films import POINT, PRODUCT, chromium, missing
from hall import opened
from PIL import Image, ImageChops
from records import without_record
from typer.testing import CliRunner

import adviz
from adviz.cli import app
from adviz.render import FOLDER, Noun, options_of, suffix_of, suffixes
from adviz.render.animation import Animation

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs/media.md"
STEP = 8
"""The step that the pictures show."""
WIDE = 720
"""How many pixels wide they are."""
HD = (1280, 720)


@cache
def film() -> Animation:
    return adviz.animate(adviz.reverse(PRODUCT, at=POINT))


# --- One picture of each medium ------------------------------------------------------------------


class Desk(NamedTuple):
    """Where a picture is made."""

    folder: Path
    browser: Any

    def shown(self, file: str, address: str = "", size: tuple[int, int] = HD) -> Image.Image:
        """Return what the browser shows of a page in a window of a size, without a network."""
        page = opened(self.browser, self.folder / file, size, "light", offline=True)
        page.goto(f"{page.url}{address}")
        page.wait_for_timeout(300)
        return Image.open(BytesIO(page.screenshot()))


def told(*command: object) -> None:
    """Run a program that is not ours, or say that it is missing."""
    tool, *arguments = map(str, command)
    if shutil.which(tool) is None:
        missing(tool)
    subprocess.run([tool, *arguments], check=True, capture_output=True, timeout=300)


def printed_pages(folder: Path, path: Path, wide: int) -> list[Image.Image]:
    """Return the pages of a PDF file as poppler draws them."""
    told("pdftoppm", "-scale-to-x", wide, "-scale-to-y", -1, "-png", path, folder / "page")
    return [Image.open(page) for page in sorted(folder.glob("page*.png"))]


def player(desk: Desk) -> Image.Image:
    film().save(desk.folder / "film.html")
    return desk.shown("film.html", f"#step={STEP}")


def video(desk: Desk) -> Image.Image:
    """Show a number on its way."""
    import imageio_ffmpeg

    film().save(
        desk.folder / "film.mp4", size=(WIDE, WIDE * 9 // 16 // 2 * 2), steps=(STEP - 1, STEP)
    )
    tool = imageio_ffmpeg.get_ffmpeg_exe()
    told(
        tool, "-ss", 1.8, "-i", desk.folder / "film.mp4", "-frames:v", 1, desk.folder / "frame.png"
    )
    return Image.open(desk.folder / "frame.png")


def handout(desk: Desk) -> Image.Image:
    """Show all pages beside each other."""
    film().save(desk.folder / "film.pdf")
    pages = printed_pages(desk.folder, desk.folder / "film.pdf", WIDE // 3)
    wide, high = pages[0].size
    sheet = Image.new("RGB", (3 * wide + 8, 4 * high + 12), "#8C959F")
    for k, page in enumerate(pages):
        sheet.paste(page, (k % 3 * (wide + 4), k // 3 * (high + 4)))
    return sheet


def beamer(desk: Desk) -> Image.Image:
    path = desk.folder / "film.beamer.tex"
    film().save(path, standalone=True)
    told("pdflatex", "-interaction=batchmode", "-output-directory", desk.folder, path)
    return printed_pages(desk.folder, desk.folder / "film.beamer.pdf", WIDE)[STEP - 1]


def reveal(desk: Desk) -> Image.Image:
    film().save(desk.folder / "film.reveal.html", theme="dark")
    return desk.shown("film.reveal.html", f"#/0/0/{STEP - 2}")


def powerpoint(desk: Desk) -> Image.Image:
    """Show the shapes of a slide as a frame has them, for want of a PowerPoint."""
    return frame(desk.folder, STEP)


def frame(folder: Path, step: int) -> Image.Image:
    film().save(f"{folder}/frames/", size="480p")
    return Image.open(folder / f"frames/{step:03}.png")


def notebook(desk: Desk) -> Image.Image:
    """Show a notebook that nobody has run, with what a film leaves in it."""
    import nbformat
    from nbconvert import HTMLExporter

    made: Any = nbformat.v4  # it has no types
    exporter: Any = HTMLExporter

    data = {"text/html": film()._repr_html_(), "text/plain": repr(film())}
    output = made.new_output("execute_result", data, execution_count=1)
    source = f'adviz.animate(adviz.reverse("{PRODUCT}", at={POINT}))'
    cell = made.new_code_cell(source, outputs=[output], execution_count=1)
    page, _ = exporter().from_notebook_node(made.new_notebook(cells=[cell]))
    (desk.folder / "notebook.html").write_text(page, "utf-8")
    return desk.shown("notebook.html", size=(1340, 940))


def worksheet(desk: Desk) -> Image.Image:
    adviz.exercise(adviz.reverse(PRODUCT, at=POINT)).save(desk.folder / "sheet.html")
    return desk.shown("sheet.html", size=(900, 740))


RASTERS: dict[str, Callable[[Desk], Image.Image]] = {
    "player": player,
    "video": video,
    "handout": handout,
    "beamer": beamer,
    "reveal": reveal,
    "powerpoint": powerpoint,
    "notebook": notebook,
    "worksheet": worksheet,
}
"""What a medium looks like in the program that it is for, as docs/media-*.png."""


def stored(name: str) -> Path:
    return ROOT / f"docs/media-{name}.png"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened_browser:
        yield opened_browser


def shrunk(image: Image.Image) -> Image.Image:
    wide = min(WIDE, image.width)
    size = (wide, image.height * wide // image.width)
    return image.convert("RGB").resize(size, Image.Resampling.LANCZOS)


def apart(one: Image.Image, other: Image.Image) -> float:
    """Return how far two pictures are apart at most, of 255, where details do not count."""
    assert one.size == other.size
    small = (one.width // 12, one.height // 12)
    both = (each.convert("RGB").resize(small, Image.Resampling.BOX) for each in (one, other))
    ends: Any = ImageChops.difference(*both).getextrema()
    return float(max(most for _, most in ends))


ALIKE = 40.0
"""Fonts and browsers differ by less, one step of the film from the next by more."""


@pytest.mark.parametrize("name", RASTERS)
def test_a_picture_of_a_medium_is_what_it_looks_like(
    name: str, tmp_path: Path, browser: Any
) -> None:
    assert apart(Image.open(stored(name)), shrunk(RASTERS[name](Desk(tmp_path, browser)))) < ALIKE


def test_pictures_of_two_steps_are_not_alike(tmp_path: Path) -> None:
    step = shrunk(frame(tmp_path, STEP + 1))
    assert apart(Image.open(stored("powerpoint")), step) > ALIKE


def moving(path: Path) -> None:
    """Write the steps around the one that is shown as a moving picture."""
    film().save(path, size=(480, 270), steps=(STEP, STEP + 2))


def report(path: Path) -> None:
    """Draw where digits are lost."""
    adviz.draw(adviz.check("(1 - cos(x))/x**2", at={"x": 1e-6})).save(path)


def test_the_moving_picture_is_what_is_written(tmp_path: Path) -> None:
    moving(tmp_path / "film.gif")
    old, new = (Image.open(path) for path in (PAGE.parent / "media.gif", tmp_path / "film.gif"))
    assert (old.n_frames, old.size) == (new.n_frames, new.size)  # type: ignore[attr-defined]  # of GIF
    for frame in range(old.n_frames):  # type: ignore[attr-defined]  # of GIF
        old.seek(frame)
        new.seek(frame)
        assert apart(old, new) < ALIKE


def test_the_picture_of_a_report_is_what_is_drawn(tmp_path: Path) -> None:
    report(tmp_path / "report.svg")
    stored, drawn = PAGE.parent / "media-report.svg", tmp_path / "report.svg"
    assert without_record(stored) == without_record(drawn)


def test_the_page_shows_every_picture_and_they_are_small() -> None:
    shown = {*re.findall(r"!\[[^\]]+\]\(([^)]+)\)", PAGE.read_text("utf-8"))}
    own = {path.name for path in PAGE.parent.glob("media*.*g*") if path.suffix != ".md"}
    assert own <= shown and {stored(name).name for name in RASTERS} <= own
    sizes = [(PAGE.parent / name).stat().st_size for name in sorted(shown)]
    assert max(sizes) < 65_000 and sum(sizes) < 400_000


# --- One line each -------------------------------------------------------------------------------


def section(heading: str) -> str:
    """Return what stands below a heading."""
    return PAGE.read_text("utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def lines() -> Iterator[list[str]]:
    """Yield the cells of the table of media."""
    for line in section("One line each").splitlines():
        if line.startswith("| `"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


@pytest.mark.parametrize(("verb", "noun"), [("film", "animation"), ("drawing", "drawing")])
def test_the_table_has_every_suffix_once(verb: str, noun: Noun) -> None:
    files = [
        name for file, _, code, *_ in lines() if f"{verb}.save" in code for name in quoted(file)
    ]
    assert sorted(suffix_of(name, noun) for name in files) == sorted(suffixes(noun))


@pytest.mark.parametrize("row", list(lines()), ids=lambda row: row[0])
def test_a_row_makes_its_file(
    row: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _, _, code, command, extra, _ = row
    trace = adviz.evaluate("x*y", at={"x": 3, "y": 2})
    given = {"adviz": adviz, "t": trace, "film": adviz.animate(trace), "drawing": adviz.draw(trace)}
    exec(quoted(code)[0], given)  # noqa: S102 - the page's own line
    for name in re.findall(r'"([^"]+)"\)$', quoted(code)[0]):
        assert (tmp_path / name).exists()
    saved: list[str] = []
    monkeypatch.setattr(Animation, "save", lambda self, path, **_: saved.append(path))
    for line in quoted(command):
        verb, *words = shlex.split(line.replace("…", f'"{PRODUCT}" --at x=3,y=2'))[1:]
        done = CliRunner().invoke(app, [verb, *words], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        assert words[-1] in saved or (tmp_path / words[-1]).exists()
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert {*quoted(extra)} <= {*extras["optional-dependencies"]}


# --- Options -------------------------------------------------------------------------------------

SHARED = ("theme", "direction", "steps", "show", "size", "font_size", "seconds", "loop")
TYPED = {"direction": "--flow"}
FIRST, LAST = "<!-- generated -->", "<!-- written by hand -->"


def taken(suffix: str) -> tuple[str, ...]:
    """Return all that the file of a film can be asked for."""
    of_all = [name for name in signature(Animation.save).parameters if name in SHARED[1:]]
    return (*of_all, *options_of(suffix, "animation"))


def options() -> str:
    """Return the table of options: which files of a film take which."""
    heads = [f"`{name}`" for name in SHARED]
    rows = [["", *heads, "more"], ["---", *[":-:"] * len(SHARED), "---"]]
    for asked_for, group in groupby(suffixes("animation"), key=taken):
        files = " ".join("`frames/`" if one == FOLDER else f"`{one}`" for one in group)
        marks = ["✓" if name in asked_for else "" for name in SHARED]
        more = ", ".join(f"`{name}`" for name in asked_for if name not in SHARED)
        rows.append([files, *marks, more])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def test_the_table_of_options_is_that_of_the_code() -> None:
    _, _, rest = PAGE.read_text("utf-8").partition(f"{FIRST}\n\n")
    assert rest.partition(f"\n{LAST}")[0] == options()


def test_the_command_line_has_every_shared_option() -> None:
    shown = CliRunner().invoke(app, ["animate", "--help"]).output
    typed = [TYPED.get(name, f"--{name.replace('_', '-')}") for name in SHARED]
    assert [option for option in typed if option not in shown] == []
    assert all(f"`{option}`" in section("Options") for option in typed)


def main() -> None:
    """Write the pictures and the table of options."""
    with chromium() as browser:
        for name, picture in RASTERS.items():
            with TemporaryDirectory() as folder:
                image = shrunk(picture(Desk(Path(folder), browser)))
            few = image.quantize(48, Image.Quantize.FASTOCTREE)  # which keeps the rare colours
            few.save(stored(name), optimize=True)
    moving(PAGE.parent / "media.gif")
    report(PAGE.parent / "media-report.svg")
    head, _, rest = PAGE.read_text("utf-8").partition(f"{FIRST}\n\n")
    tail = rest.partition(f"\n{LAST}")[2]
    PAGE.write_text(f"{head}{FIRST}\n\n{options()}\n{LAST}{tail}", "utf-8")


if __name__ == "__main__":
    main()
