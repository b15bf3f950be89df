"""The picture of a pattern: its elements are the nonzeros, its colours the sweeps."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import adviz
from adviz.errors import FormatError, TooLarge
from adviz.modes.sparsity.pattern import Sparsity
from adviz.render.pattern import COLOURS, plate
from adviz.render.roles import colour
from adviz.render.shapes import Group, Rect, Shape, Text

SOURCES: dict[str, tuple[Any, Any]] = {
    "by columns": ({f"f{k}": f"h*x{k}" for k in range(5)}, "jacobian"),
    "by rows": ("x*y*z", "jacobian"),
    "symmetric": ("h**2 + h*(x**2 + y**2 + z**2)", "hessian"),
    "without names": (" + ".join(f"x{k}**2*x{k + 1}" for k in range(59)), "hessian"),
    "long names": ({"energy": "alpha_long_name*y", "q": "y**2", "r": "z"}, "jacobian"),
    "one long name": ("alpha_long_name", "jacobian"),
    "shortened names": ({f"f{k}": f"{'long_' * 9}{k}*y*x{k}" for k in range(3)}, "jacobian"),
    "many long names": ({f"f{k}": f"h*a_long_name_{k}" for k in range(70)}, "jacobian"),
    "nothing": ("x + y", "hessian"),
    "no columns": ("3", "jacobian"),
}  # fmt: skip


LINES = ("row", "column")


def pattern(name: str) -> Sparsity:
    source, kind = SOURCES[name]
    return adviz.sparsity(source, kind)


def elements(made: Sparsity) -> list[Group | Rect]:
    """Return what is drawn as an element that is not 0, of both matrices."""
    shapes = plate(made).layout.shapes
    return [s for s in shapes if isinstance(s, Group | Rect) and s.kind == "nonzero"]


def frame(shape: Shape) -> Rect:
    while isinstance(shape, Group):
        shape = shape.shapes[0]
    assert isinstance(shape, Rect)
    return shape


def lettering(shape: Shape) -> Shape:
    """Return the text of a shortened name, and every other shape as it is."""
    return shape.shapes[0] if isinstance(shape, Group) and shape.kind in LINES else shape


def names(made: Sparsity, kind: str) -> list[str]:
    """Return the names of the rows, or columns, as far as they are shown; short ones by title."""
    shapes = [shape for shape in plate(made).layout.shapes if shape.kind == kind]
    return [s.words if isinstance(s, Text) else s.title for s in shapes if not isinstance(s, Rect)]  # type: ignore[union-attr]


def full(shape: Group | Rect) -> bool:
    return frame(shape).fill in COLOURS


@pytest.mark.parametrize("name", SOURCES)
def test_every_nonzero_and_every_element_of_the_sweeps_is_drawn(name: str) -> None:
    made = pattern(name)
    colouring, drawn = made.colouring(), elements(made)
    matrix, compressed = drawn[: made.nnz], drawn[made.nnz :]
    forward = colouring.mode == "forward"
    lines = made.lines if forward else made.upright
    met = sum(len({colouring.colours[k] for k in line}) for line in lines)
    assert len(compressed) == met
    assert sum(map(full, compressed)) == len({*colouring.alone})
    names = made.rows if forward else made.columns
    read = [
        names[place[0 if forward else 1]] == line
        for place, (line, _) in zip(made.places, colouring.alone, strict=True)
    ]
    assert [*map(full, matrix)] == read


@pytest.mark.parametrize("name", SOURCES)
def test_nothing_is_drawn_beside_the_page_or_over_something_else(name: str) -> None:
    picture = plate(pattern(name)).layout
    above = next(shape.y for shape in picture.shapes if isinstance(shape, Text))
    for shape in picture.shapes:
        shape = lettering(shape)
        if isinstance(shape, Text) and shape.upwards:
            assert shape.y - shape.width >= above and shape.x <= picture.width, shape.words
        elif isinstance(shape, Text):
            left = shape.x - {"start": 0, "middle": 0.5, "end": 1}[shape.anchor] * shape.width
            assert left >= 0 and left + shape.width <= picture.width, shape.words
        else:
            box = frame(shape).box
            assert box.x >= 0 and box.x + box.width <= picture.width
            assert box.y >= 0 and box.y + box.height <= picture.height
    boxes = [frame(shape).box for shape in elements(pattern(name))[:80]]
    pairs = ((a, b) for k, a in enumerate(boxes) for b in boxes[:k])
    assert all(a.overlap(b) < 1e-9 for a, b in pairs)


@pytest.mark.parametrize("name", SOURCES)
def test_lines_have_their_names_of_many_the_first_the_last_and_some_between(name: str) -> None:
    made = pattern(name)
    for kind, lines in zip(LINES, (made.rows, made.columns), strict=True):
        shown = [*dict.fromkeys(word for word in names(made, kind) if not word.isdecimal())]
        if max(made.shape) <= 30:
            assert shown == [*lines]
        else:
            assert shown == sorted(shown, key=lines.index)
            assert [shown[0], shown[-1]] == [lines[0], lines[-1]]
            assert len(shown) > 8


def test_names_too_wide_for_their_columns_run_upwards(tmp_path: Path) -> None:
    drawing = adviz.draw(pattern("long names"))
    assert drawing.svg().count('transform="rotate(-90 ') == 3
    assert "rotate" not in adviz.draw(pattern("symmetric")).svg()
    drawing.save(tmp_path / "pattern.pdf")
    assert (tmp_path / "pattern.pdf").read_bytes().startswith(b"%PDF")


def test_an_element_tells_what_it_is() -> None:
    told = [shape.title for shape in elements(pattern("symmetric")) if isinstance(shape, Group)]
    assert told[0] == "h, h: sweep 1"
    assert told[1] == "h, x: sweep 1, in the row of x"
    assert "sweep 2, h: x + y + z" in told


def test_of_nothing_there_is_no_sweep_and_no_compressed_matrix() -> None:
    made = plate(pattern("nothing"))
    assert made.summary == "Hessian: 0 of 2×2 may be other than 0; 0 forward sweeps"
    grounds = [shape for shape in made.layout.shapes if shape.kind == "matrix"]
    assert len(grounds) == 1


def test_columns_of_one_sweep_have_its_colour_and_number() -> None:
    first, second = elements(pattern("by columns"))[:2]
    assert (frame(first).fill, frame(second).fill) == (COLOURS[0], COLOURS[1])
    words = [shape.shapes[1].words for shape in (first, second)]  # type: ignore[union-attr]
    assert words == ["1", "2"]
    assert all(colour(role) for role in COLOURS)


def test_a_pattern_is_a_drawing_that_shows_itself(tmp_path: Path) -> None:
    made = pattern("symmetric")
    drawing = adviz.draw(made)
    assert repr(drawing) == "<Drawing Hessian: 10 of 4×4 may be other than 0; 2 forward sweeps>"
    shown = drawing._repr_mimebundle_()
    assert shown["text/plain"] == str(made)
    assert made._repr_html_() == shown["text/html"]
    for suffix, start in ((".svg", b"<svg"), (".png", b"\x89PNG"), (".pdf", b"%PDF")):
        drawing.save(tmp_path / f"pattern{suffix}")
        assert (tmp_path / f"pattern{suffix}").read_bytes().startswith(start)


REFUSED: dict[str, tuple[Callable[[], object], type[adviz.AdvizError], str]] = {
    "a graph's format": (
        lambda: adviz.draw(pattern("by rows")).save("f.graphml"),
        FormatError,
        "cannot write a pattern (adviz.sparsity) as .graphml; use .svg, .png, .pdf; "
        ".graphml is for a drawing (adviz.draw)",
    ),
    "Graphviz": (
        lambda: adviz.draw(pattern("by rows")).dot(),  # type: ignore[misc]
        FormatError,
        "cannot write a pattern (adviz.sparsity) as .dot; use .svg, .png, .pdf; "
        ".dot is for a drawing (adviz.draw)",
    ),
    "too many nonzeros": (
        lambda: adviz.draw(adviz.sparsity("*".join(f"x{k}" for k in range(150)), "hessian")),
        TooLarge,
        "<Sparsity of a hessian: 22350 of 150×150> has more than 20000 nonzeros, the most that "
        "are drawn",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_drawn_is_refused_in_words(name: str) -> None:
    ask, error, words = REFUSED[name]
    with pytest.raises(error, match=re.escape(words)):
        ask()


def test_labels_are_data() -> None:
    made = Sparsity("jacobian", ("<script>",), ("a&b",), ((0,),))
    assert "&lt;script&gt;" in adviz.draw(made).svg()
    assert "<script>" not in adviz.draw(made).svg()
