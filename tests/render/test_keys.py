"""What the player answers: keys and a presenter's remote, clicks, links, memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from films import FILMS, TINY, chromium, in_node, step_of, until

import adviz
from adviz.scene.staging import stage

DOCS = Path(__file__).parents[2] / "docs" / "player.md"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def play(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Opens films in one context of the browser, which remembers."""
    context = browser.new_context(viewport={"width": 1280, "height": 400}, reduced_motion="reduce")
    complaints: list[str] = []

    def open_film(name: str = "reverse", link: str = "") -> Any:
        path = tmp_path / f"{name}.html"
        adviz.animate(FILMS[name]()).save(path)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path.as_uri() + link)
        return page

    yield open_film
    context.close()
    assert complaints == []


def pressed(page: Any, *keys: str) -> list[int]:
    """Return the steps after each key."""
    steps = []
    for key in keys:
        page.keyboard.press(key)
        steps.append(step_of(page))
    return steps


REMOTE = ("PageDown", "PageDown", "PageUp", "PageDown")
CONTROLS = [
    "[type=range][aria-label=Step]",
    "[type=range][aria-label^=x]",
    "select",
    ".adviz-play",
    ".adviz-graph",
    ".adviz-table",
]


@pytest.mark.parametrize("control", CONTROLS)
def test_a_remote_steps_wherever_the_focus_is_and_nothing_scrolls(play: Any, control: str) -> None:
    page = play()
    page.locator(control).focus()
    before = page.evaluate("scrollY")
    assert pressed(page, *REMOTE) == [1, 2, 1, 2]
    assert page.evaluate("scrollY") == before
    assert page.get_by_label("Speed").input_value() == "1"


def test_arrows_go_by_node_and_digits_by_phase(play: Any) -> None:
    page = play()
    assert pressed(page, *["ArrowDown"] * 8) == [1, 2, 3, 4, 5, 7, 9, 11]
    assert pressed(page, "ArrowUp", "ArrowUp") == [9, 7]
    assert pressed(page, "2", "1", "3", "4") == [4, 0, 11, 11]


def test_a_question_mark_shows_the_keys_and_escape_closes_them(play: Any) -> None:
    page = play()
    page.keyboard.press("?")
    card = page.get_by_role("dialog", name="Keys")
    assert "PageDown" in card.inner_text() and "Shift+F" in card.inner_text()
    page.keyboard.press("Escape")
    assert card.count() == 0
    page.get_by_role("button", name="Keys").click()
    card.get_by_role("button", name="Close").click()
    assert card.count() == 0


def test_the_page_of_the_player_tells_the_keys_as_the_player_does(play: Any) -> None:
    page = play()
    page.keyboard.press("?")
    rows = zip(page.locator("dt").all(), page.locator("dd").all_text_contents(), strict=True)
    told = [(row.locator("kbd").all_text_contents(), says) for row, says in rows]
    lines = [f"| {' '.join(f'`{key}`' for key in keys)} | {says} |" for keys, says in told]
    assert len(lines) == 16
    assert "\n".join(lines) in DOCS.read_text(encoding="utf-8")


def test_a_control_of_its_own_keeps_its_keys(play: Any) -> None:
    page = play()
    page.get_by_label("Speed").focus()
    assert pressed(page, "End") == [0]
    page.evaluate("document.querySelector('.adviz-header').append(document.createElement('input'))")
    page.locator(".adviz-header input").focus()
    page.keyboard.type("2 0tf")
    assert page.locator(".adviz-header input").input_value() == "2 0tf"
    assert pressed(page, "PageDown") == [1]


def test_a_link_leads_to_a_step_and_follows_the_steps(play: Any) -> None:
    page = play("reverse", "#step=8")
    assert step_of(page) == 7
    page.keyboard.press("PageDown")
    assert page.url.endswith("#step=9")
    page.evaluate("location.hash = '#step=3'")
    until(page, "document.querySelector('.adviz').dataset.step === '2'")
    assert step_of(play("reverse", "#step=99")) == 11
    fresh = play("reverse", "#steps")
    assert step_of(fresh) == 0 and fresh.url.endswith("#steps")


def test_theme_and_speed_are_remembered(play: Any) -> None:
    page = play()
    page.get_by_role("button", name="Dark theme").click()
    page.get_by_label("Speed").select_option("4×")
    later = play("forward")
    assert later.locator(".adviz").get_attribute("data-theme") == "dark"
    assert later.get_by_label("Speed").input_value() == "4"


def test_what_is_remembered_is_not_trusted(play: Any) -> None:
    page = play()
    page.evaluate("localStorage.setItem('adviz-speed', '1e9')")
    page.evaluate("localStorage.setItem('adviz-theme', 'pink')")
    page.reload()
    assert page.get_by_label("Speed").input_value() == "1"
    assert page.locator(".adviz").get_attribute("data-theme") is None


def test_a_page_without_memory_plays(play: Any) -> None:
    page = play()
    denied = "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })"
    page.add_init_script(denied)
    page.reload()
    page.get_by_role("button", name="Dark theme").click()
    assert page.locator(".adviz").get_attribute("data-theme") == "dark"
    assert pressed(page, "PageDown") == [1]


# --- What a node answers -----------------------------------------------------------------------

SUM = "x̄ = v̄₂ · 1 + v̄₁ · 1 = 5 · 1 + 1 · 1 = 5 + 1 = 6"


@pytest.mark.parametrize("place", [".adviz-graph .node", ".adviz-table tr"])
def test_a_node_shows_its_whole_sum_and_leads_to_its_steps(play: Any, place: str) -> None:
    page = play()
    page.locator(f'{place}[data-node="0"]').click()
    card = page.get_by_role("dialog", name="x")
    parts = card.locator(".adviz-sum").last.locator("math").all()
    assert "".join(part.get_attribute("alttext") or "" for part in parts) == SUM
    card.get_by_role("button", name="step 10").click()
    assert step_of(page) == 9 and card.count() == 0


def test_enter_shows_the_node_of_the_step(play: Any) -> None:
    page = play("reverse", "#step=9")
    page.locator(".adviz-graph").focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("dialog", name="y").is_visible()
    page.keyboard.press("Escape")
    page.locator('.adviz-table tr[data-node="3"]').focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("dialog", name="v₂").is_visible()


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Any]:
    """Evaluates a JavaScript expression on what is told of a film."""
    folder = tmp_path_factory.mktemp("chain")
    names = "told, inputsOf, pathsFrom, foretold, askedState, stateAt, plain, stepIn, writtenOut"

    def evaluate(expression: str, film: Any = TINY) -> Any:
        given = f"const {{ {names} }} = player; const film = {json.dumps(film, default=list)};"
        return in_node(folder, f"{given} console.log(JSON.stringify({expression}))")

    return evaluate


@pytest.mark.parametrize(
    ("film", "node", "told"),
    [
        ("reverse", 0, ["x = 3, y = 2", SUM]),
        ("reverse", 2, ["v₁ = x + y = 3 + 2 = 5", "v̄₁ = v̄₃ · v₂ = 1 · 1 = 1"]),
        (
            "forward",
            4,
            [
                "v₃ = v₁ · v₂ = 5 · 1 = 5",
                "v̇₃ = v̇₁ · v₂ + v̇₂ · v₁ = 1 · 1 + 1 · 5 = 1 + 5 = 6",
            ],
        ),
    ],
)
def test_what_is_told_of_a_node_is_all_of_its_sum(
    evaluated: Any, film: str, node: int, told: list[str]
) -> None:
    data = stage(FILMS[film]()).to_json()
    said = evaluated(f"told(film, {node}).map(({{ formula }}) => plain(formula, film))", data)
    assert [line.replace(" × ", " · ") for line in said] == told


def test_what_has_not_arrived_at_a_step_is_told_apart(evaluated: Any) -> None:
    data = stage(FILMS["reverse"]()).to_json()
    first, second = evaluated("told(film, 0).at(-1).steps", data)
    marks = "JSON.stringify(told(film, 0, {}).at(-1)).split('\"coming\"').length - 1"
    counts = [evaluated(marks.format(now), data) for now in (first - 1, first, second)]
    assert counts == [2 * 3 + 1, 3 + 1, 0]


def test_a_card_says_what_has_arrived_and_tells_no_number_that_is_to_be_predicted(
    play: Any,
) -> None:
    page = play("reverse", "#step=9")
    words = "(card) => [...card.querySelectorAll('math')].map((m) => m.getAttribute('alttext'))"
    said = []
    for key in ("Escape", "q"):
        page.keyboard.press(key)
        page.locator('.adviz-table tr[data-node="0"]').click()
        card = page.get_by_role("dialog", name="x")
        assert "so far 1 of 2" in card.inner_text()
        said.append("".join(card.locator(".adviz-sum").last.evaluate(words)))
        page.keyboard.press("Escape")
    assert said == [SUM, SUM.replace("1 = 5 + 1 = 6", "1 = 5 + ? = ?")]


@pytest.mark.parametrize("film", FILMS)
def test_every_sum_ends_with_the_number_of_its_last_step(evaluated: Any, film: str) -> None:
    scene = stage(FILMS[film]())
    lines = evaluated(
        "film.nodes.flatMap(({ id }) => told(film, id)).filter(({ steps }) =>"
        " film.frames[steps[0]].kind === 'contribution').map(({ steps, formula }) =>"
        " [steps, plain(formula, film)])",
        scene.to_json(),
    )
    told = [step for steps, _ in lines for step in steps]
    assert sorted(told) == [k for k, one in enumerate(scene.frames) if one.kind == "contribution"]
    for steps, formula in lines:
        (*_, (_, _, key)) = scene.frames[steps[-1]].sets
        assert formula.split(" = ")[-1] == scene.text(key)


def test_an_input_is_followed_along_its_paths(evaluated: Any) -> None:
    data = stage(adviz.reverse("sin(x)*y + 2*y", at={"x": 1, "y": 2})).to_json()
    names = "film.nodes.filter(({ id }) => pathsFrom(film, 0).has(id)).map((n) => plain(n.symbol))"
    assert evaluated(names, data) == ["x", "v₁", "v₂", "v₄"]
    assert evaluated("inputsOf(film).map((id) => plain(film.nodes[id].symbol))", data) == ["x", "y"]


@pytest.mark.parametrize(
    ("address", "asked"),
    [("#step=7", 6), ("#step=0", 0), ("", None), ("#step=", None), ("#step=-1", None)],
)
def test_an_address_asks_for_a_step(evaluated: Any, address: str, asked: int | None) -> None:
    assert evaluated(f"stepIn({json.dumps(address)})") == asked


# --- Follow, light up, predict -----------------------------------------------------------------


def test_following_goes_through_the_inputs_and_none(play: Any) -> None:
    page = play()
    dimmed = ".adviz-graph .node.is-aside"
    seen = []
    for _ in range(3):
        page.keyboard.press("f")
        nodes = page.locator(dimmed).evaluate_all("all => all.map((one) => one.dataset.node)")
        seen.append((page.locator(".adviz-note").text_content(), nodes))
    assert seen == [("Following x", ["1"]), ("Following y", ["0"]), ("", [])]


def test_what_is_pointed_at_lights_up_wherever_it_is_shown(play: Any) -> None:
    page = play()
    lit = "all => all.map(({ dataset }) => dataset.node ?? `edge ${dataset.edge}`).sort()"
    page.locator('.adviz-graph .node[data-node="2"]').hover()
    found = page.locator(".is-lit").evaluate_all(lit)
    for place in (".adviz-graph", ".adviz-table", ".adviz-statements"):
        assert page.locator(f'{place} .is-lit[data-node="2"]').count() == 1
    assert found.count("2") == 3
    assert sorted({*found}) == ["2", "edge 0", "edge 1", "edge 4"]
    page.locator(".adviz-narration").hover()
    assert page.locator(".is-lit").count() == 0


def test_a_number_is_asked_for_before_it_is_shown(play: Any) -> None:
    page = play()
    number = page.locator('.adviz-table tr[data-node="2"] [data-row="value"]')
    page.keyboard.press("q")
    assert pressed(page, "PageDown") == [1]
    assert number.text_content() == "?"
    shown = page.locator(".adviz-formula math").last
    assert "?" in shown.get_attribute("alttext")
    assert page.locator('.chip[data-state~="shown"]').count() == 0
    assert page.locator(".adviz-note").text_content() == "What comes here? → shows it"
    assert pressed(page, "PageDown") == [1]
    assert number.text_content() == "5"
    assert page.locator('.chip[data-state~="shown"]').count() == 2
    assert pressed(page, "PageDown") == [2]
    page.locator('.adviz-graph .node[data-node="3"]').click()
    assert page.locator('.adviz-table tr[data-node="3"] [data-row="value"]').text_content() == "1"
    assert page.locator("dialog").count() == 0 and step_of(page) == 2
    page.keyboard.press("q")
    assert page.locator(".adviz-note").text_content() == ""


def test_prediction_hides_no_number_in_the_end(play: Any) -> None:
    page = play()
    page.keyboard.press("q")
    pressed(page, *["PageDown"] * 25)
    page.wait_for_timeout(20)
    assert step_of(page) == 11
    assert "?" not in page.locator(".adviz-table").inner_text()


def test_what_tells_a_number_is_not_there_while_it_is_asked_for(evaluated: Any) -> None:
    state = "askedState(stateAt(film, 4), film.frames[4], foretold(film.frames[4]))"
    texts = dict(evaluated(f"[...{state}.texts]"))
    assert texts["row/0/adjoint"] == texts["slot/1"] == "?"
    assert texts["row/0/value"] != "?"
