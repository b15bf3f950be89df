"""The player's script without a page, under Node, and its page as text."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import short
from films import TINY, in_node

import adviz
from adviz.render import html, terse, webfont
from adviz.render.tokens import aside
from adviz.scene.geometry import Box, Position

PLAYER = Path(html.__file__).parent / "player"


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Any]:
    """Evaluates a JavaScript expression on the player's own functions and the tiny film."""
    folder = tmp_path_factory.mktemp("node")
    names = "stateAt, differences, departingState, restingState, textOf, caption, span, groupStarts"
    given = f"const {{ {names} }} = player; const film = {json.dumps(TINY)};"
    return lambda expression: in_node(folder, f"{given} console.log(JSON.stringify({expression}))")


@pytest.mark.parametrize("step", range(5))
def test_the_state_is_the_fold_of_the_frames(evaluated: Any, step: int) -> None:
    expected = {
        f"row/{n}/{row}": key for f in TINY["frames"][: step + 1] for n, row, key in f["sets"]
    }
    texts = dict(evaluated(f"[...stateAt(film, {step}).texts]"))
    assert {thing: key for thing, key in texts.items() if thing.startswith("row/")} == expected


def test_two_states_differ_only_in_what_the_frame_changes(evaluated: Any) -> None:
    changed = evaluated("[...differences(stateAt(film, 3).texts, stateAt(film, 4).texts)]")
    assert dict(changed) == {"row/0/adjoint": "v1", "slot/1": "m", "shared/0": "2/2/m"}


def test_going_back_undoes_a_frame(evaluated: Any) -> None:
    changed = dict(evaluated("[...differences(stateAt(film, 3).texts, stateAt(film, 2).texts)]"))
    assert set(changed) == {"row/0/adjoint", "slot/0", "shared/0"}


def test_numbers_land_only_when_the_token_has_arrived(evaluated: Any) -> None:
    state = "departingState(stateAt(film, 2), stateAt(film, 3))"
    assert "row/0/adjoint" not in dict(evaluated(f"[...{state}.texts]"))
    flags = dict(evaluated(f"[...{state}.flags]"))
    assert "active" in flags["edge/0"] and "slot/0" not in flags
    assert "derived" not in flags["node/0"] and "derived" in flags["node/1"]
    later = dict(evaluated("[...departingState(stateAt(film, 3), stateAt(film, 4)).flags]"))
    assert later["slot/0"] == "filled" and "slot/1" not in later
    assert later["part/0/0"] == "arrived" and "part/0/1" not in later


def test_the_printed_state_has_nothing_in_focus(evaluated: Any) -> None:
    flags = evaluated("[...restingState(film).flags.values()].join(' ').split(' ')")
    assert set(flags) <= {"", "shown", "filled", "arrived", "derived"}


@pytest.mark.parametrize(
    ("thing", "key", "shown"),
    [
        ("row/0/value", "v0", "3"),
        ("row/0/value", None, "–"),
        ("slot/0", "v0", "+3"),
        ("slot/0", "m", "−3"),
        ("slot/0", None, ""),
        ("shared/0", "0/5", "Σ 0 of 5"),
        ("shared/0", "2/5/m", "Σ 2 of 5 = −3"),
        ("lead/0/1", "v0", "3"),
        ("part/0/1", "v0", "+ 3"),
        ("part/0/1", "m", "− 3"),
    ],
)
def test_a_number_is_written_as_its_place_asks(
    evaluated: Any, thing: str, key: Any, shown: str
) -> None:
    assert evaluated(f"textOf(film, {json.dumps(thing)}, {json.dumps(key)})") == shown


WAYS: dict[str, list[tuple[float, float]]] = {
    "flat": [(x, 50) for x in range(0, 200, 8)],
    "upright": [(100, y) for y in range(0, 100, 8)],
    "falling": [(x, x / 2) for x in range(0, 200, 8)],
    "everywhere": [(x, y) for x in range(-200, 400, 20) for y in range(-200, 300, 20)],
}
"""Points of curves, by how they run past a chip at (100, 50)."""


@pytest.mark.parametrize("name", WAYS)
def test_a_token_stands_aside_as_in_the_film_as_one_picture(name: str, tmp_path: Path) -> None:
    points, chip = [Position(x, y) for x, y in WAYS[name]], Box(60, 39, 80, 22)
    given = json.dumps([[point._asdict() for point in points], chip._asdict(), 44])
    shift = in_node(tmp_path, f"console.log(JSON.stringify(player.aside(...{given})))")
    assert shift == list(aside(points, chip, 44)) and any(shift) == (name != "everywhere")


def test_captions_name_what_happens(evaluated: Any) -> None:
    assert evaluated("film.frames.map((_, step) => caption(film, step))") == [
        "the inputs",
        "evaluate θ₁₂",
        "seed θ₁₂",
        "send the adjoint of θ₁₂ to x",
        "send the adjoint of θ₁₂ to x",
    ]


def test_contributions_of_one_node_are_one_group(evaluated: Any) -> None:
    assert evaluated("groupStarts(film)") == [0, 1, 2, 3]


def test_the_phases_fill_the_scrubber(evaluated: Any) -> None:
    assert evaluated("film.phases.map((p) => span(film, p.first, p.last))") == [
        [0, 0.375],
        [0.375, 1],
    ]


# --- The page as text --------------------------------------------------------------------------


def markup(film: dict[str, Any] = TINY, title: str = "x*x") -> str:
    return html.page(film, '<svg width="300" height="100"></svg>', "<table></table>", "", title)


def test_a_long_equation_breaks_at_its_signs(evaluated: Any) -> None:
    """Also where one of its sides is an equation itself; after the first sign it stays whole."""
    equal, plus = ["op", "="], ["op", "+="]
    product, numbers, result = ["name", "p"], ["number", "2"], ["number", "3"]
    inner = ["row", ["name", "v"], plus, product]
    tree = ["row", ["row", inner, equal, numbers, equal, result]]
    lines = evaluated(f"player.equationLines({json.dumps(tree)})")
    assert lines == [["row", ["name", "v"], plus, product], ["row", equal, numbers],
                     ["row", equal, result]]  # fmt: skip
    comma = ["op", ","]
    listed = ["row", ["name", "v"], equal, numbers, comma, product, equal, result]
    lines = evaluated(f"player.equationLines({json.dumps(listed)})")
    assert lines == [["row", *listed[1:5]], ["row", *listed[5:]]]
    assert evaluated('player.equationLines(["name", "v"])') == [["row", ["name", "v"]]]


def test_same_film_same_bytes() -> None:
    assert markup() == markup()


def test_hostile_text_stays_text() -> None:
    evil = "</script><img src=x onerror=alert(1)><!--"
    frames = [TINY["frames"][0] | {"narration": [["text", evil]]}]
    text = markup(TINY | {"frames": frames, "phases": TINY["phases"][:1]}, title=evil)
    assert "<img" not in text and "<!--" not in text
    assert text.count("</script>") == 2


def test_a_page_needs_no_network() -> None:
    addresses = set(re.findall(r"https?://[^\"' )]+", markup()))
    assert addresses <= {
        "http://www.w3.org/1999/xhtml",
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1998/Math/MathML",
    }


def test_the_joined_script_is_one_module(evaluated: Callable[[str], Any]) -> None:
    """Two of its files that declare one name would be refused as a whole."""
    assert "import {" not in html.script()
    assert "</script" not in html.script()
    assert evaluated("Object.keys(player).includes('mountAll')")


def test_only_a_film_with_choices_carries_what_makes_frames_anew() -> None:
    assert "function eliminatedNext(" not in markup()
    assert "function eliminatedNext(" in markup(TINY | {"clicks": [1]})
    assert "function eliminatedNext(" in html.script()


@pytest.mark.parametrize(("name", "faces"), [("x", 1), ("sigma", 2), ("Omega_1", 2)])
def test_a_page_carries_the_faces_that_its_letters_need(name: str, faces: int) -> None:
    film = adviz.animate(adviz.reverse(f"{name}**2", at={name: 3}))
    assert film.html().count('useFont("') == faces


def test_the_font_comes_with_its_licence() -> None:
    for data, _ in webfont.faces("σ"):
        assert b64decode(data)[:4] == b"wOF2"
    assert "SIL OPEN FONT LICENSE" in (PLAYER / "OFL.txt").read_text(encoding="utf-8")


def test_what_pages_carry_is_written_from_the_scripts_of_today() -> None:
    """What explains the player stands in its files; a page has them without, and shorter."""
    assert json.loads(short.DIGESTS.read_text("utf-8")) == short.digests(), "run tests/short.py"
    assert {one.stem for one in short.SHORT.glob("*.js")} == set(short.digests())


@pytest.mark.parametrize("module", ["camera", "numerals"])
def test_a_script_written_short_exports_the_same(module: str) -> None:
    source = (PLAYER / f"{module}.js").read_text("utf-8")
    names = re.findall(r"export (?:const|function\*?) (\w+)", source)
    again = (short.SHORT / f"{module}.js").read_text("utf-8")
    assert names and all(re.search(rf"\b{name}\b", again) for name in names)


def test_a_style_sheet_of_a_page_has_no_comments_and_no_indentation() -> None:
    text = re.sub(r'"[^"]*"', "_", html.style())
    assert re.findall(r"\n\s|\s\s|/\*|[;{,] ", text) == []


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("a :is(b, c) > d {\n  e: f g;\n}\n", "a :is(b,c)>d{e:f g}"),
        ('a::after { content: "x  ;  y"; /* why */ }', 'a::after{content:"x  ;  y";}'),
        ("a { b: calc(1px + 2 * 3em - 4%); }", "a{b:calc(1px + 2 * 3em - 4%)}"),
        ("@media (a: b) and (c: d) {}", "@media (a:b) and (c:d){}"),
    ],
)
def test_a_terse_style_sheet_says_the_same(source: str, kept: str) -> None:
    assert terse.style(source) == kept


@pytest.mark.parametrize(
    ("width", "height", "best"),
    [(1450, 800, 0), (400, 800, 1), (400, 230, 0), (5000, 5000, 0)],
)
def test_the_arrangement_of_the_larger_text_is_shown_the_first_if_both_are_large(
    evaluated: Any, width: float, height: float, best: int
) -> None:
    assert evaluated(f"player.bestFor([[742, 226], [370, 480]], {width}, {height})") == best
