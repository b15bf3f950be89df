"""Laws of verification: a figure is true, until its numbers or its file are not what they were."""

from __future__ import annotations

import json
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from fractions import Fraction
from math import inf
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from records import CARRIED, POINT, TEXT, saved
from typer.testing import CliRunner

import adviz
from adviz.checking.faults.film import film as fault_page
from adviz.checking.faults.gallery import BY_NAME, ENGINE_FAULTS
from adviz.checking.figures.again import figure
from adviz.checking.figures.verify import figures_in
from adviz.cli import app
from adviz.errors import AdvizError, FormatError
from adviz.render import Noun
from adviz.render.drawing import Drawing
from adviz.render.provenance import office
from adviz.render.provenance.carriers import held_in
from adviz.render.provenance.markup import into_svg
from adviz.render.provenance.pieces import seal
from adviz.render.provenance.record import NAME, Record, Sweep, read
from adviz.render.provenance.shown import digest

DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
SIXTY = "+".join(f"sin(x*{k})" for k in range(1, 40))
MATRIX = np.array([[0.1, 0.2], [0.3, -0.5]])


def kept(w: Any, x: Any) -> Any:
    return np.sum(np.tanh(w @ x))


def layer() -> Any:
    point = {"w": MATRIX, "x": np.array([1.0, 2.0])}
    return adviz.reverse(adviz.build(kept, at=point, arrays=True), point)


def softmax() -> adviz.Trace:
    """Return a sweep in which all that comes back to the largest number is rounding: it is 0."""

    def f(x: Any) -> Any:
        powers = np.exp(x - np.max(x, keepdims=True))
        return np.sum(powers / np.sum(powers, keepdims=True) * np.array([1.0, 2.0, 3.0]))

    trace = adviz.reverse(adviz.build(f, shapes={"x": 3}, arrays=True), {"x": [0.3, -0.7, 1.1]})
    assert trace.adjoints is not None
    (left,) = trace.adjoints[1]
    assert 0 < abs(left) < 1e-15
    return trace


FIGURES: dict[str, Callable[[], Any]] = {
    "a graph": lambda: adviz.draw(TEXT),
    "values": lambda: adviz.draw(adviz.evaluate(TEXT, at=POINT)),
    "both modes": lambda: adviz.animate(
        adviz.forward(TEXT, POINT, "x"), adviz.reverse(TEXT, POINT)
    ),
    "a step": lambda: adviz.animate(adviz.reverse(TEXT, POINT)).still(7),
    "a direction": lambda: adviz.draw(adviz.forward(TEXT, POINT, {"x": 0.5, "y": -2})),
    "outputs": lambda: adviz.draw(
        adviz.reverse({"p": "x*y", "q": "x + y"}, POINT, {"p": 1, "q": -2}, wrt="x")
    ),
    "a callable": lambda: adviz.draw(adviz.reverse(lambda x, y: x * y if x > y else y, POINT)),
    "second order": lambda: adviz.animate(adviz.second_order("x**2*y", POINT, "x", -1)),
    "a series": lambda: adviz.animate(adviz.taylor("sin(x)*x", at={"x": 0.5}, order=3)),
    "fractions": lambda: adviz.draw(
        adviz.reverse("x/y + y", {"x": Fraction(1, 3), "y": Fraction(2, 7)})
    ),
    "digits": lambda: adviz.draw(adviz.reverse("sin(x)/y", {"x": 0.1, "y": 0.3}, digits=30)),
    "points": lambda: adviz.draw(adviz.reverse("sin(x)*y", {"x": np.linspace(0, 1, 5), "y": 2.0})),
    "arrays": lambda: adviz.animate(layer()),
    "0 but for rounding": lambda: adviz.draw(softmax()),
    "parts": lambda: adviz.draw(adviz.reverse(SIXTY, {"x": 0.3})),
    "a slice": lambda: adviz.draw(adviz.reverse(SIXTY, {"x": 0.3}), around="v5"),
    "few digits": lambda: adviz.draw(adviz.reverse("exp(x)/3", {"x": 2}), precision=2),
    "many digits": lambda: adviz.draw(adviz.reverse("exp(x)/3", {"x": 2}), precision=17),
    "a kink": lambda: adviz.draw(adviz.reverse("abs(x)", {"x": 0})),
    "no value": lambda: adviz.draw(adviz.reverse("log(x)", {"x": -1}, errors="ieee")),
    "no inputs": lambda: adviz.draw(adviz.evaluate("7*2", {})),
    "hostile names": lambda: adviz.draw(adviz.reverse("f(θ) = θ*θ", {"θ": 2})),
}


@pytest.mark.parametrize("made", FIGURES.values(), ids=FIGURES)
def test_a_figure_is_true(made: Callable[[], Any], tmp_path: Path) -> None:
    made().save(tmp_path / "figure.svg")
    found = adviz.verify(tmp_path / "figure.svg")
    assert found.verdict == "true", found
    assert not found.fails(strict=True) and "right" in found.why


@pytest.mark.parametrize(("noun", "suffix"), CARRIED)
def test_a_figure_is_true_in_every_format(noun: Noun, suffix: str, tmp_path: Path) -> None:
    assert adviz.verify(saved(noun, suffix, tmp_path)).verdict == "true"


def test_numbers_of_a_report_are_its_own_and_untrue_where_digits_are_lost(tmp_path: Path) -> None:
    report = adviz.check("(1 - cos(x))/x**2", at={"x": 1e-6})
    adviz.draw(report).save(tmp_path / "heat.svg")
    found = adviz.verify(tmp_path / "heat.svg")
    assert found.verdict == "false"
    assert "the value of f is printed as 0.500044, not 0.5" in found.why


# --- What is not right ---------------------------------------------------------------------------


def test_a_wrong_rule_of_ones_own_is_told_by_sympy(tmp_path: Path) -> None:
    own = adviz.primitive("g", "x**2", partials=["3*x"])
    graph = adviz.build("g(x)", functions=[own])
    adviz.draw(adviz.reverse(graph, {"x": 2})).save(tmp_path / "own.svg")
    assert adviz.verify(tmp_path / "own.svg").why == "df/dx in reverse mode is printed as 6, not 4"


def test_a_broken_sweep_is_false_and_a_page_of_the_gallery_true(tmp_path: Path) -> None:
    fault = BY_NAME["overwrite"]
    adviz.animate(fault.reverse()).save(tmp_path / "alone.html")
    alone = adviz.verify(tmp_path / "alone.html")
    assert alone.verdict == "false"
    assert "the adjoint of x with the contribution of v1 is printed as 1, not 6" in alone.why


@pytest.mark.parametrize(
    "fault", [*ENGINE_FAULTS, BY_NAME["sign of ∂sin/∂x"]], ids=lambda one: str(one.name)
)
def test_a_page_of_the_gallery_is_what_its_fault_gives(fault: Any, tmp_path: Path) -> None:
    path = tmp_path / "pair.html"
    path.write_text(fault_page(fault), "utf-8")
    found = adviz.verify(path)
    assert found.verdict == "true" and f"({fault.name!r} is wrong on purpose, as here" in found.why


# --- What was changed ----------------------------------------------------------------------------

EDITED: dict[str, tuple[Noun, str, str, str]] = {
    ".svg": ("drawing", ">6<", ">7<", "it shows 7 where 6 was saved as the adjoint of x with"),
    "a film's .svg": ("animation", ">−4<", ">−5<", "it shows −5 where −4 was saved as the adj"),
    ".tex": ("drawing", "{6}$", "{7}$", "where 6 was saved as the adjoint of x with"),
    ".dot": ("drawing", "adjoint 6", "adjoint 7", "where 6 was saved as the adjoint of x"),
    ".gv": ("drawing", "adjoint 6", "adjoint 7", "where 6 was saved as the adjoint of x"),
    ".mmd": ("drawing", "adjoint 6", "adjoint 7", "where 6 was saved as the adjoint of x"),
    ".md": ("drawing", "adjoint 6", "adjoint 7", "where 6 was saved as the adjoint of x"),
    ".graphml": ("drawing", ">6.0<", ">7.0<", "which was not saved so"),
    ".beamer.tex": ("animation", "{6}$", "{7}$", "where 6 was saved as the adjoint of x"),
    ".html": ("animation", '["−4","-4.0"]', '["−5","-4.0"]', "is printed as −5, not −4"),
    ".json": ("animation", '"−4"', '"−5"', "is printed as −5, not −4"),
    ".reveal.html": ("animation", "−4", "−5", "it is not the file that was saved"),
    ".vtt": ("animation", "= −4", "= −5", "where −4 was saved"),
}


@pytest.mark.parametrize(("noun", "old", "new", "said"), EDITED.values(), ids=EDITED)
def test_a_number_that_is_tampered_with_is_found(
    noun: Noun, old: str, new: str, said: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    suffix = request.node.callspec.id.removeprefix("a film's ")
    path = saved(noun, suffix, tmp_path)
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    found = adviz.verify(path)
    assert (found.verdict, found.fails()) == ("changed", True)
    assert said in found.why, found.why


def test_a_number_that_is_tampered_with_in_a_presentation_is_found(tmp_path: Path) -> None:
    pptx = pytest.importorskip("pptx")
    path = saved("animation", ".pptx", tmp_path)
    slides = pptx.Presentation(path)
    texts = [*slides.slides[len(slides.slides) - 1].shapes._spTree.iter(f"{{{DRAWING}}}t")]
    next(one for one in texts if one.text == "6").text = "7"
    slides.save(path)
    found = adviz.verify(path)
    assert found.verdict == "changed" and "it shows 7" in found.why


def test_a_presentation_that_would_be_too_large_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pptx")
    path = saved("animation", ".pptx", tmp_path)
    monkeypatch.setattr(office, "_MOST", 100)
    with pytest.raises(FormatError, match="it is a presentation of more than 0 MB"):
        adviz.verify(path)


def test_a_presentation_that_another_program_has_saved_is_true(tmp_path: Path) -> None:
    pptx = pytest.importorskip("pptx")
    path = saved("animation", ".pptx", tmp_path)
    pptx.Presentation(path).save(path)
    assert adviz.verify(path).verdict == "true"


def test_an_element_of_an_array_that_is_tampered_with_is_found(tmp_path: Path) -> None:
    path = tmp_path / "figure.svg"
    adviz.draw(layer()).save(path)
    text = path.read_text("utf-8")
    path.write_text(text.replace(">1.57<", ">1.75<"), "utf-8")
    said = "it shows 1.75 where 1.57 was saved as the element 0, 1 of the adjoint of w"
    assert said in adviz.verify(path).why


@pytest.mark.parametrize("suffix", [".png", ".pdf", ".gif", ".webp", ".mp4"])
def test_bytes_that_are_tampered_with_are_found(suffix: str, tmp_path: Path) -> None:
    path = saved("animation" if suffix != ".png" else "drawing", suffix, tmp_path)
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 1
    path.write_bytes(content)
    found = adviz.verify(path)
    assert found.verdict == "changed" and "not the file that was saved" in found.why


def test_looks_may_be_changed(tmp_path: Path) -> None:
    path = saved("drawing", ".svg", tmp_path)
    text = path.read_text("utf-8").replace("#FFFFFF", "#FFFFEE").replace("</g><g", "</g>\r\n<g")
    path.write_text(text, "utf-8", newline="")
    assert adviz.verify(path).verdict == "true"


SEALED: dict[str, Callable[[], Any]] = {
    "an elimination": lambda: adviz.draw(adviz.eliminate(TEXT, at=POINT)),
    "its film": lambda: adviz.animate(adviz.eliminate(TEXT, at=POINT)),
    "a pattern": lambda: adviz.draw(adviz.sparsity(TEXT)),
    "a schedule": lambda: adviz.draw(adviz.checkpoint(5, snapshots=2)),
}


@pytest.mark.parametrize("made", SEALED.values(), ids=SEALED)
def test_what_no_sweep_computes_is_sealed(made: Callable[[], Any], tmp_path: Path) -> None:
    path = tmp_path / "figure.svg"
    made().save(path)
    found = adviz.verify(path)
    assert found.verdict == "no record" and "it is as it was saved" in found.why
    text = path.read_text("utf-8")
    path.write_text(
        re.sub(r"(>[^<>]*)\d([^<>]*</t(?:ext|span)>)", r"\g<1>8888\2", text, count=1), "utf-8"
    )
    assert adviz.verify(path).verdict == "changed"


def with_record(change: Callable[[dict[str, Any]], None], folder: Path) -> Path:
    """Return a figure whose record is another one, sealed as if it were its own."""
    path = saved("drawing", ".svg", folder)
    text = path.read_text("utf-8")
    data = json.loads(re.search('provenance">(.*)</metadata>', text)[1])  # type: ignore[index]
    change(data)
    bare = re.sub("<metadata.*</metadata>", "", text)
    path.write_bytes(into_svg(bare.encode(), json.dumps(data)))
    return path


def test_a_record_with_a_number_that_is_not_right_is_false(tmp_path: Path) -> None:
    def other(data: dict[str, Any]) -> None:
        data["printed"][2] = "6"
        data["digest"] = digest(data["printed"])

    found = adviz.verify(with_record(other, tmp_path))
    assert (found.verdict, found.why) == ("false", "the value of v1 is printed as 6, not 5")
    assert [one._asdict() for one in found.untrue] == found.to_json()["untrue"]


def test_a_record_whose_numbers_alone_are_others_was_changed(tmp_path: Path) -> None:
    def other(data: dict[str, Any]) -> None:
        data["printed"][2] = "6"

    assert adviz.verify(with_record(other, tmp_path)).verdict == "changed"


def test_another_point_makes_all_of_it_false(tmp_path: Path) -> None:
    found = adviz.verify(with_record(lambda data: data["at"].update(x=4.0), tmp_path))
    assert found.verdict == "false" and "the value of x is printed as 3, not 4" in found.why


# --- Files from strangers ------------------------------------------------------------------------

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"></svg>'
GIVEN = Record("x*y", at=POINT, sweeps=(Sweep("reverse", {"f": 1.0}),))


def described(**more: Any) -> bytes:
    """Return an SVG whose record has other parts."""
    return into_svg(SVG, json.dumps(json.loads(GIVEN.text()) | more))


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    framed = (struct.pack(">I", len(data)) + kind + data + b"0000" for kind, data in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(framed)


def packed(data: bytes) -> bytes:
    return png((b"iTXt", b"adviz\0\1\0\0\0" + data))


ENTITIES = b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><svg>&b;</svg>'
STRANGE: dict[str, tuple[str, bytes, str]] = {
    "no SVG": (".svg", b"<svg", r"it is no SVG: unclosed token"),
    "entities": (".svg", ENTITIES, r"it declares an entity"),
    "deep JSON": (".svg", into_svg(SVG, "[" * 10**5), r"its record is not JSON: maximum recursion"),
    "no presentation": (".pptx", b"anything", r"it is no presentation: File is not a zip file"),
    "no record": (".svg", into_svg(SVG, "{}"), rf"its record is none of adviz: it has no '{NAME}'"),
    "another version": (".svg", described(**{NAME: 2}), r"has version 2; this adviz reads 1"),
    "more parts": (".svg", described(run="rm"), r"its record has parts = \["),
    "long": (".svg", into_svg(SVG, '"' + "x" * 2_000_001), r"more than 2000000 characters"),
    "code": (".svg", described(source="__import__('os')"), r"there is no function __import__|\("),
    "no graph": (".svg", described(source={"format": "adviz-graph"}), r"has version None"),
    "no number": (".svg", described(at={"x": "os"}), r"'os' is no number in float64"),
    "no point": (".svg", described(at={}), r"the point gives no value for x, y"),
    "no mode": (".svg", described(sweeps=[{"mode": "exec"}]), r"its record has sweeps = \{'mode'"),
    "many sweeps": (".svg", described(sweeps=[{"mode": "evaluate"}] * 999), r"has sweeps = \["),
    "many digits": (".svg", described(numbers=10**6), r"there are no numbers 1000000; there are"),
    "no view": (".svg", described(view={"run": 1}), r"view = \{'run': 1\}; it is a view of"),
    "a wide view": (".svg", described(view={"readable": 10**9}), r"readable = 1000000000; it is"),
    "a precise view": (".svg", described(view={"precision": 99}), r"precision = 99; it is"),
    "no frame": (".svg", described(seen=99), r"its record is of frame 99; there are 5"),
    "no fault": (".svg", described(fault="mine"), r"has the fault 'mine', which is not kno"),
    "a fault's arrays": (".svg", described(fault="early", numbers="array"), r"the numbers array"),
    "no seed": (".svg", described(sweeps=[{"mode": "reverse", "seed": {}}]), r"has sweeps = \{"),
    "no PNG": (".png", b"GIF89a", r"it is no PNG"),
    "a broken PNG": (".png", png((b"IHDR", b"abc"))[:-9], r"it is a PNG that breaks off"),
    "a claimed size": (".png", png()[:8] + b"\xff" * 40, r"it is a PNG that breaks off"),
    "a bomb": (".png", packed(zlib.compress(b"a" * 10**7)), r"more than 2000000 characters"),
    "not packed": (".png", packed(b"abc"), r"its record cannot be unpacked"),
    "no JSON": (".json", b"[" * 10**5, r"it is not JSON"),
    "a suffix": (".doc", b"", r"cannot verify figure\.doc; figures are \.svg, "),
}  # fmt: skip


@pytest.mark.parametrize(("suffix", "content", "said"), STRANGE.values(), ids=STRANGE)
def test_a_strange_file_is_one_clear_error(
    suffix: str, content: bytes, said: str, tmp_path: Path
) -> None:
    path = tmp_path / f"figure{suffix}"
    path.write_bytes(content)
    with pytest.raises(FormatError, match=said) as caught:
        adviz.verify(path)
    assert "figure" in str(caught.value) and len(str(caught.value)) < 600


VALUES: tuple[Any, ...] = (
    None, 0, -1, 1e308, -0.0, inf, "x", "", "exact", True, [], {}, [[1, 2]], {"x": 1}, "1/3",
    10**30, "film", "taylor", ["q"], {"f": 1}, "overwrite", "sin",
)  # fmt: skip
PARTS = "x view fault seen sweeps order weights wrt boxes of numbers".split()


def inside(data: Any) -> Iterator[Any]:
    """Yield what holds parts, from the outside in."""
    if isinstance(data, dict | list) and data:
        yield data
        for one in data.values() if isinstance(data, dict) else data:
            yield from inside(one)


def mutated(data: Any, random: Random) -> None:
    """Put anything in the place of a part, take one out, or put one in."""
    held = random.choice([*inside(data)])
    place = random.choice([*held] if isinstance(held, dict) else range(len(held)))
    if isinstance(held, dict) and random.random() < 0.2:
        place = random.choice(PARTS)
    if random.random() < 0.2 and (isinstance(held, list) or place in held):
        del held[place]
    else:
        held[place] = random.choice(VALUES)


@pytest.mark.parametrize("name", ["outputs", "second order", "arrays", "digits", "a slice"])
def test_any_record_is_verified_or_refused(name: str, tmp_path: Path) -> None:
    path, random = tmp_path / "figure.svg", Random(name)
    made = FIGURES[name]()
    Drawing(made.scene).save(path)
    text = held_in(path.read_bytes(), ".svg").record or ""
    for _ in range(40):
        data = json.loads(text)
        mutated(data, random)
        with suppress(AdvizError):
            made = figure(read(json.dumps(data)))
            data |= {"printed": [*made.numbers.values()], "seal": seal([])}
            data["digest"] = digest(data["printed"])
        path.write_bytes(into_svg(SVG, json.dumps(data)))
        with suppress(FormatError):
            assert adviz.verify(path).verdict in ("true", "false", "changed", "no record")


@pytest.mark.parametrize("suffix", [".svg", ".html", ".pdf", ".gif", ".mp4", ".tex", ".json"])
def test_a_file_without_a_record_has_no_verdict(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"figure{suffix}"
    path.write_bytes({".svg": SVG, ".json": b"{}"}.get(suffix, b"anything"))
    found = adviz.verify(path)
    assert (found.verdict, found.fails(), found.fails(strict=True)) == ("no record", False, True)


def test_a_chart_with_a_document_type_has_no_verdict(tmp_path: Path) -> None:
    path = tmp_path / "chart.svg"
    path.write_bytes(b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://x/svg11.dtd">' + SVG)
    assert adviz.verify(path).verdict == "no record"


def test_a_long_page_of_nothing_is_read_at_once(tmp_path: Path) -> None:
    path = tmp_path / "figure.html"
    path.write_bytes(b'<script type="application/json">{"title":' * 200_000)
    assert adviz.verify(path).verdict == "no record"


# --- The command ---------------------------------------------------------------------------------


def test_the_command_says_one_line_a_figure_and_ends_with_the_worst(tmp_path: Path) -> None:
    good = saved("drawing", ".svg", tmp_path)
    bad, bare = tmp_path / "b.svg", tmp_path / "c.svg"
    bad.write_text(good.read_text("utf-8").replace(">6<", ">7<"), "utf-8")
    bare.write_bytes(SVG)
    (tmp_path / "notes.txt").touch()
    assert [one.name for one in figures_in(tmp_path)] == ["b.svg", "c.svg", "figure.svg"]
    for given, status, said in (
        ([good], 0, r"figure\.svg: true: 20 numbers of f\(x, y\) = \(x \+ y\)\*\(x - y\) at x = 3"),
        ([good, bare], 0, r"c\.svg: no record: "),
        ([bare, "--strict"], 1, r"c\.svg: no record: "),
        ([tmp_path], 1, r"b\.svg: changed: it shows 7 where 6 was saved"),
        ([bad, tmp_path / "d.svg", good], 2, r"cannot read .*d\.svg[^$]*figure\.svg: true"),
    ):
        done = CliRunner().invoke(app, ["verify", *map(str, given)])
        assert done.exit_code == status
        assert re.search(said, done.output.replace("\n", " ")), done.output


def test_the_command_prints_data(tmp_path: Path) -> None:
    path = saved("drawing", ".svg", tmp_path)
    done = CliRunner().invoke(app, ["verify", str(path), "--json"])
    (found,) = json.loads(done.stdout)
    assert (found["verdict"], found["source"]) == ("true", TEXT)
    assert found == json.loads(json.dumps(adviz.verify(path).to_json()))
