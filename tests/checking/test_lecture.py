"""A folder for a lecture: every medium that can be written, and why the others are not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import adviz
from adviz.checking import lecture as module
from adviz.checking.lecture import INDEX, MEDIA
from adviz.cli import app, printing
from adviz.errors import AdvizError, FormatError

TRACE = adviz.reverse("(x + y)*(x - y)", {"x": 3, "y": 2})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> adviz.Lecture:
    return adviz.lecture(TRACE, tmp_path_factory.mktemp("talks") / "lecture")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves out the media that are made of many frames."""
    rows = [row for row in MEDIA if row.noun != "film" or row.suffix == ".html"]
    monkeypatch.setattr(module, "MEDIA", tuple(rows))


def test_every_medium_is_written_or_left_out_with_a_reason(made: adviz.Lecture) -> None:
    names = [medium.name for medium in MEDIA]
    assert len({*names}) == len(names)
    assert {*made.written} | {*made.left_out} == {*names, INDEX}
    assert not {*made.written} & {*made.left_out} and all(made.left_out.values())
    assert {"film.html", "figure.pdf", "figure.svg", "table.tex", "worksheet.html", "key.html"} <= {
        *made.written
    }


def test_nothing_is_left_out_of_a_small_film(made: adviz.Lecture) -> None:
    assert not made.left_out


def test_the_folder_holds_what_it_says_and_nothing_else(made: adviz.Lecture) -> None:
    assert {path.name for path in made.folder.iterdir()} == {*made.written}
    assert [path.name for path in made.folder.parent.iterdir()] == ["lecture"]
    assert all(path.stat().st_size for path in made.folder.iterdir())


def test_the_index_names_every_file_and_what_is_missing(made: adviz.Lecture) -> None:
    index = (made.folder / INDEX).read_text("utf-8")
    assert index.startswith("# f(x, y) = (x + y)\\*(x - y)\n\nAt x = 3, y = 2.\n")
    listed = re.findall(r"^- \[(.+?)\]\(\1\): .+$", index, re.MULTILINE)
    assert [*listed, INDEX] == [*made.written]
    assert re.findall(r"^- ([^\[]+?): ", index, re.MULTILINE) == [*made.left_out]
    assert all(line in str(made) for line in made.told)


@pytest.mark.usefixtures("quick")
def test_a_medium_that_fails_is_left_out_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Any, path: Path) -> None:
        raise AdvizError("tables need | magic;\ninstall it")

    monkeypatch.setattr(adviz.Table, "save", broken)
    made = adviz.lecture(TRACE, tmp_path / "lecture")
    assert made.left_out["table.tex"] == "tables need | magic; install it"
    assert "- table.tex: tables need \\| magic; install it" in (made.folder / INDEX).read_text()
    assert "film.html" in made.written and "key.tex" in made.written


@pytest.mark.usefixtures("quick")
def test_an_earlier_lecture_is_replaced(tmp_path: Path) -> None:
    adviz.lecture(TRACE, tmp_path / "lecture")
    (tmp_path / "lecture" / INDEX).write_text("old")
    made = adviz.lecture(TRACE, tmp_path / "lecture")
    assert "old" not in (made.folder / INDEX).read_text().splitlines()
    assert [path.name for path in tmp_path.iterdir()] == ["lecture"]


def test_a_folder_with_other_things_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(
        FormatError, match=r"it holds 'notes\.txt'; name one that is empty or not there yet$"
    ):
        adviz.lecture(TRACE, tmp_path)
    (tmp_path / "more").touch()
    with pytest.raises(
        FormatError, match=r"it holds 'more' and 1 more; name one that is empty or not there yet$"
    ):
        adviz.lecture(TRACE, tmp_path)
    with pytest.raises(FormatError, match=r"a file has this name$"):
        adviz.lecture(TRACE, tmp_path / "notes.txt")
    assert {path.name for path in tmp_path.iterdir()} == {"notes.txt", "more"}


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("stopped", [KeyboardInterrupt, RuntimeError, OSError])
def test_what_is_interrupted_leaves_nothing(
    stopped: type[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise stopped

    monkeypatch.setattr(module, "_index", stop)
    adviz_error = FormatError if stopped is OSError else stopped
    with pytest.raises(adviz_error):
        adviz.lecture(TRACE, tmp_path / "lecture")
    assert not [*tmp_path.iterdir()]


def test_what_is_no_sweep_is_refused() -> None:
    with pytest.raises(
        AdvizError, match=r"^a lecture is of a sweep, such as adviz.reverse gives, "
    ):
        adviz.lecture("x*y", "lecture")  # type: ignore[arg-type]  # which is refused


@pytest.mark.usefixtures("quick")
def test_progress_is_told_from_first_to_last(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    adviz.lecture(TRACE, tmp_path / "lecture", lambda done, total: told.append((done, total)))
    assert told == [(done, len(module.MEDIA)) for done in range(len(module.MEDIA) + 1)]


@pytest.mark.usefixtures("quick")
def test_the_command_says_what_it_wrote(tmp_path: Path) -> None:
    asked = ["lecture", "x*y", "--at", "x=3,y=2", "-o", str(tmp_path / "talk")]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0 and "worksheet.html: the worksheet" in done.output
    assert (tmp_path / "talk" / INDEX).exists()
    (tmp_path / "talk" / "mine").touch()
    assert CliRunner().invoke(app, asked).exit_code == 2


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("soon", "told"), [(-1.0, True), (1000.0, False)])
def test_the_command_says_at_which_medium_it_is_once_it_takes_long(
    soon: float, told: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "_SOON", soon)
    asked = ["lecture", "x*y", "--at", "x=3,y=2", "-o", str(tmp_path / "talk")]
    lines = CliRunner().invoke(app, asked).stderr.splitlines()
    count = len(module.MEDIA)
    wanted = [f"writing {medium.name} ({k} of {count})" for k, medium in enumerate(module.MEDIA, 1)]
    assert [line for line in lines if line.startswith("writing")] == wanted * told


def test_what_latex_includes_fits_an_article_and_slides_stand_alone(made: adviz.Lecture) -> None:
    slides = (made.folder / "slides.beamer.tex").read_text("utf-8")
    assert "\\documentclass" in slides and "\\documentclass" not in figure_of(made)
    assert width_of(figure_of(made)) == 12.0


def figure_of(made: adviz.Lecture) -> str:
    return (made.folder / "figure.tex").read_text("utf-8")


def width_of(picture: str) -> float:
    """Return how wide a picture in TikZ is, in centimetres."""
    found = re.search(r"bounding box\] \(0, 0\) rectangle \(([\d.]+),", picture)
    assert found
    return float(found[1])
