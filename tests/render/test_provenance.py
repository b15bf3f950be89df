"""Laws of records: every format carries one, it is read back, and tells no more than a figure."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from math import inf, nan
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import mpmath
import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader
from records import CARRIED, POINT, TEXT, UNCARRIED, saved

import adviz
from adviz.errors import FormatError
from adviz.render import FORMATS, Noun
from adviz.render.provenance.carriers import CARRIERS, carrier_of, held_in
from adviz.render.provenance.made import record_of, source_of
from adviz.render.provenance.pieces import Change, changes, checksums, seal
from adviz.render.provenance.points import as_data, from_data, system_of
from adviz.render.provenance.record import Record, read
from adviz.render.provenance.shown import digest, shown


def test_every_suffix_has_a_place_for_a_record_or_is_known_to_have_none() -> None:
    without = {(f.suffix, f.noun) for f in FORMATS if carrier_of(f.suffix) is None}
    assert without == UNCARRIED - {(".json", "drawing")}
    assert {f".{f.suffix.rpartition('.')[2]}" for f in FORMATS} >= {*CARRIERS}


@pytest.mark.parametrize(("noun", "suffix"), CARRIED)
def test_a_figure_says_what_it_is_of_in_the_same_bytes(
    noun: Noun, suffix: str, tmp_path: Path
) -> None:
    content = saved(noun, suffix, tmp_path).read_bytes()
    held = held_in(content, suffix)
    record = read(held.record or "")
    assert (record.source, record.at, record.sweeps[0].mode) == (TEXT, POINT, "reverse")
    assert {*record.made_with} == {"adviz", "python", "numpy", "sympy"}
    assert record.seal == seal(held.pieces) and len(record.digest) == 64
    assert saved(noun, suffix, tmp_path).read_bytes() == content
    assert len(held.record or "") < 1000 and read(record.text()) == record


def test_each_picture_of_a_folder_has_its_record(tmp_path: Path) -> None:
    adviz.animate(adviz.reverse(TEXT, at=POINT)).save(f"{tmp_path}/steps/", steps=(2, 3))
    for path in (tmp_path / "steps").iterdir():
        assert adviz.verify(path).verdict == "true"


def test_a_page_has_its_numbers_once(tmp_path: Path) -> None:
    held = held_in(saved("animation", ".html", tmp_path).read_bytes(), ".html")
    assert read(held.record or "").printed is None
    assert held.numbers and held.numbers["0/value/0"] == "3"


def test_what_carries_a_record_is_still_what_it_is(tmp_path: Path) -> None:
    ElementTree.parse(saved("drawing", ".svg", tmp_path))  # noqa: S314 - our own
    ElementTree.parse(saved("drawing", ".graphml", tmp_path))  # noqa: S314 - our own
    pdf = PdfReader(saved("drawing", ".pdf", tmp_path), strict=True)
    assert len(pdf.pages) == 1 and pdf.xmp_metadata and pdf.metadata and pdf.metadata.title
    for noun, suffix, frames in (
        ("drawing", ".png", 1), ("animation", ".gif", 3), ("animation", ".webp", 3),
        ("animation", ".apng", 3),
    ):  # fmt: skip
        with Image.open(saved(noun, suffix, tmp_path)) as image:  # type: ignore[arg-type]  # a noun
            image.load()
            assert getattr(image, "n_frames", 1) == frames
    assert json.loads(saved("animation", ".json", tmp_path).read_text("utf-8"))["provenance"]
    graph = saved("drawing", ".json", tmp_path)
    assert adviz.load(graph) == adviz.build(TEXT)


def test_a_record_tells_nothing_of_whoever_made_it(tmp_path: Path) -> None:
    code = tmp_path / "secret.py"
    code.write_text("def mine(x, y):\n    hidden = x*y\n    return hidden + (x if x > y else y)\n")
    space: dict[str, Any] = {}
    exec(compile(code.read_text(), str(code), "exec"), space)  # noqa: S102 - written above
    graph = adviz.build(space["mine"], at=POINT)
    assert graph.guards and "secret.py" in graph.guards[0].reason and graph.sources
    adviz.draw(adviz.reverse(graph, POINT)).save(tmp_path / "figure.svg")
    assert adviz.verify(tmp_path / "figure.svg").verdict == "true"
    record = held_in((tmp_path / "figure.svg").read_bytes(), ".svg").record or ""
    assert not re.search(r"line|secret|return", record)


@pytest.mark.parametrize(
    "text",
    ["x - -y", "f(x) = 2**-x", "a = x*y; sin(a) - a", "x if x > y else y", "abs(x)*x*x"],
)
def test_a_source_gives_every_node_its_number(text: str) -> None:
    graph = adviz.build(text)
    source = source_of(graph)
    again = adviz.build(source) if isinstance(source, str) else None
    assert again is None or (again.ops, again.args) == (graph.ops, graph.args)


def test_a_record_is_ascii_that_ends_no_comment() -> None:
    text = Record("a--b-->", at={"θ": 1e-7}).text()
    assert text.isascii() and "--" not in text
    assert read(text) == Record("a--b-->", at={"θ": 1e-7})


# --- Numbers as data -----------------------------------------------------------------------------

NUMBERS: dict[str, tuple[str, Any]] = {
    "float": ("float64", 0.1),
    "minus zero": ("float64", -0.0),
    "infinity": ("float64", -inf),
    "whole": ("exact", 3),
    "fraction": ("exact", Fraction(-1, 3)),
    "many points": ("array", [[1.0, inf], [0.25, -2.0]]),
}


@pytest.mark.parametrize(("system", "number"), NUMBERS.values(), ids=NUMBERS)
def test_a_number_is_read_as_it_was(system: str, number: Any) -> None:
    written = json.loads(json.dumps(as_data(number), allow_nan=False))
    assert repr(from_data(written, system)) == repr(number)


def test_numbers_of_other_kinds_are_read_as_they_were() -> None:
    context = mpmath.MPContext()
    context.dps = 40
    for number in (context.mpf(1) / 3, context.mpf("1e-500"), -context.pi):
        assert from_data(as_data(number), 40) == number
    assert from_data(as_data(np.float64(nan)), "array") != 0
    assert system_of("float32") is system_of("complex") is None


# --- What is shown -------------------------------------------------------------------------------


def test_a_step_shows_no_more_than_has_arrived() -> None:
    film = adviz.animate(adviz.reverse(TEXT, at=POINT)).scene
    counts = [len(shown(film, k)) for k in range(len(film.frames))]
    assert counts == sorted(counts) and counts[0] == 2
    assert counts[-1] == len(shown(film)) < len(shown(film, "film"))


def test_the_last_picture_of_a_film_is_that_of_its_sweep() -> None:
    trace = adviz.reverse(TEXT, at=POINT)
    kind = "image/svg+xml"
    film, drawn = (
        one._repr_mimebundle_(include=[kind]) for one in (adviz.animate(trace), adviz.draw(trace))
    )
    assert film == drawn


def test_numbers_that_no_sweep_gives_are_only_sealed() -> None:
    record = record_of(adviz.animate(adviz.eliminate(TEXT, at=POINT)).scene, "film")
    assert (record.seen, record.source, record.sweeps) == ("sealed", "", ())
    assert record.printed and record.digest == digest(record.printed)


# --- What was changed ----------------------------------------------------------------------------

CHANGES: dict[str, tuple[list[str], list[Change]]] = {
    "nothing": (["x = 3", "y = 2", "a"], []),
    "a number": (["x = 7", "y = 2", "a"], [Change("x = 7", "7", "3")]),
    "words": (["x = 3", "z = 2", "a"], [Change("z = 2")]),
    "one is gone": (["x = 3", "a"], [Change("")]),
    "one is new": (["x = 3", "b", "y = 2", "a"], [Change("b")]),
}


@pytest.mark.parametrize(("now", "told"), CHANGES.values(), ids=CHANGES)
def test_what_was_changed_is_told(now: list[str], told: list[Change]) -> None:
    before = checksums([b"x = 3", b"y = 2", b"a"])
    assert changes([one.encode() for one in now], before, ["1", "3", "−3"]) == told


def test_a_suffix_without_figures_is_refused() -> None:
    with pytest.raises(FormatError, match=r"^\.doc carries no record; figures are \.svg, \.html"):
        held_in(b"", ".doc")
