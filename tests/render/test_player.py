"""The player in a real browser: it shows what was computed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import dist
from pathlib import Path
from typing import Any

import pytest
from films import FILMS, MIDDLING, POINT, REST, TINY, by_node, chromium, phase, step_of, until

import adviz
from adviz.language.numerals import short
from adviz.render import html
from adviz.render.shapes import Rect
from adviz.render.timeline import timeline
from adviz.render.tokens import eased, token_path, token_shapes
from adviz.scene.geometry import Box
from adviz.scene.panes import HALL, PHONE, alternative, directed
from adviz.scene.staging import stage


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


class Watched:
    """A page in the browser, with everything it asked for or complained about."""

    def __init__(self, browser: Any, path: Path, **context: Any) -> None:
        self.context = browser.new_context(**context)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(path.as_uri())

    def hold(self) -> None:
        """Open the page anew with a clock that goes only when a test says so."""
        self.page.clock.install(time=0)
        self.page.reload()
        self.page.clock.pause_at(60_000)

    def numbers(self, kind: str) -> dict[str, str]:
        """Return a column of the table, by node."""
        return by_node(self.page, f'.adviz table [data-row="{kind}"]')

    def drawn(self, kind: str) -> dict[str, str]:
        """Return the numbers that stand in the nodes of the graph, by node."""
        return by_node(self.page, f'.adviz svg [data-row="{kind}"] .number')

    @property
    def step(self) -> int:
        return step_of(self.page)


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Watched]]:
    """Opens films in the browser; closes them, and sees that none asked or complained."""
    pages: list[Watched] = []

    def open_film(film: str = "reverse", **context: Any) -> Watched:
        path = tmp_path / f"{film}.html"
        adviz.animate(FILMS[film]()).save(path)
        pages.append(Watched(browser, path, **{"reduced_motion": "reduce", **context}))
        return pages[-1]

    yield open_film
    for watched in pages:
        watched.context.close()
        assert watched.complaints == []
        assert [url for url in watched.requests if not url.startswith(("file:", "data:"))] == []


def frames_of(trace: Any) -> list[dict[str, dict[str, str]]]:
    """Return the numbers of a trace after each frame, straight from its steps; inputs are first.

    The last frame of a sweep of first order is its closing card, which changes no number.
    """
    kinds = [*trace.derivatives]
    shown: dict[str, dict[str, str]] = {kind: {} for kind in ["value", *kinds]}
    leaves = {node for node, arguments in enumerate(trace.graph.args) if not arguments}
    frames: list[dict[str, dict[str, str]]] = []
    previous = ""
    at_once = [step for step in trace.steps if step.kind == "value" and step.node in leaves]
    for step in at_once:
        shown["value"][str(step.node)] = short(step.number)
    for step in (at_once[0], *(step for step in trace.steps if step not in at_once)):
        same_seed = step.edge is None and step.kind != "value" and previous == f"seed {step.kind}"
        shown[step.kind][str(step.node)] = short(step.number)
        if same_seed:
            frames.pop()
        frames.append({kind: dict(numbers) for kind, numbers in shown.items()})
        previous = f"seed {step.kind}" if step.edge is None and step.kind != "value" else ""
    return [*frames, frames[-1]] if trace.mode in ("forward", "reverse") else frames


def agrees(shown: dict[str, str], expected: dict[str, str]) -> bool:
    """Tell whether all known numbers are shown, and the others as pending or as an exact 0."""
    rest = {node: text for node, text in shown.items() if node not in expected}
    known = {node: text for node, text in shown.items() if node in expected}
    return all(expected[n] == t for n, t in known.items()) and set(rest.values()) <= {"–", "0"}


def assert_shows(watched: Watched, frame: dict[str, dict[str, str]]) -> None:
    for kind, expected in frame.items():
        assert agrees(watched.numbers(kind), expected), (watched.step, kind)
        assert agrees(watched.drawn(kind), expected), (watched.step, kind)


@pytest.mark.parametrize("film", FILMS)
def test_every_step_by_key_shows_the_engines_numbers(opened: Any, film: str) -> None:
    watched, frames = opened(film), frames_of(FILMS[film]())
    for step, frame in enumerate(frames):
        assert watched.step == step
        assert_shows(watched, frame)
        watched.page.keyboard.press("ArrowRight")
    assert watched.step == len(frames) - 1
    for step in reversed(range(len(frames) - 1)):
        watched.page.keyboard.press("ArrowLeft")
        assert watched.step == step
        assert_shows(watched, frames[step])


def test_every_step_by_scrubber_shows_the_engines_numbers(opened: Any) -> None:
    watched, frames = opened("reverse"), frames_of(FILMS["reverse"]())
    scrubber = watched.page.get_by_role("slider", name="Step")
    assert scrubber.get_attribute("max") == str(len(frames) - 1)
    for step in [*range(len(frames)), 3, 9, 0]:
        scrubber.fill(str(step))
        assert watched.step == step
        assert_shows(watched, frames[step])
        spoken = scrubber.get_attribute("aria-valuetext")
        assert spoken.startswith(f"step {step + 1} of 12: ")


def test_fan_out_slots_fill_one_by_one(opened: Any) -> None:
    watched = opened("reverse")
    texts = []
    for step in range(11):
        watched.page.get_by_role("slider", name="Step").fill(str(step))
        texts.append([slot.text_content() for slot in watched.page.locator(".slot text").all()])
    assert texts[6] == ["", "", "", ""]
    assert sorted(texts[7]) == ["", "", "", "+5"]
    assert sorted(texts[10]) == ["+1", "+1", "+5", "−5"]


def test_a_shared_slot_counts_its_arrivals_and_adds_them_up(opened: Any) -> None:
    watched, scene = opened("crowded"), stage(FILMS["crowded"]())
    slot, drawn = watched.page.locator("[data-slot-node] text").first, []
    for step in range(len(scene.frames)):
        watched.page.get_by_role("slider", name="Step").fill(str(step))
        drawn.append((slot.text_content(), watched.drawn("adjoint")["0"]))
    totals = [text.partition(" = ")[2] for text, _ in drawn]
    assert all(total in ("", number) for total, (_, number) in zip(totals, drawn, strict=True))
    counts = list(dict.fromkeys(text.partition(" = ")[0] for text, _ in drawn))
    assert counts == [f"Σ {k} of 6" for k in range(7)] and totals[-1]


TERMS = {
    "reverse": {"0": ["", "5", "5", "5 + 1"], "1": ["", "", "−5", "−5", "−5 + 1"]},
    "forward": {"2": [""], "4": ["", "1", "1 + 5"]},
}


@pytest.mark.parametrize("film", TERMS)
def test_the_table_shows_contributions_as_they_arrive(opened: Any, film: str) -> None:
    watched = opened(film)
    for node, expected in TERMS[film].items():
        terms = watched.page.locator(f'.adviz-table [data-node="{node}"] .terms')
        shown = []
        for step in range(6, len(stage(FILMS[film]()).frames)):
            watched.page.get_by_role("slider", name="Step").fill(str(step))
            shown.append(" ".join(terms.all_inner_texts()).strip())
        assert shown[: len(expected)] == expected


def test_a_row_of_the_table_keeps_its_place_while_its_terms_arrive(opened: Any) -> None:
    page = opened("crowded").page
    places = []
    for step in (0, 12, 15, 18):
        page.get_by_role("slider", name="Step").fill(str(step))
        rows = "all => all.map((row) => row.getBoundingClientRect().height)"
        places.append(page.locator(".adviz-table tr").evaluate_all(rows))
    assert places[0] == places[1] == places[2] == places[3]


def test_first_last_and_play_by_key(opened: Any) -> None:
    watched = opened()
    watched.page.keyboard.press("End")
    assert watched.step == 11
    watched.page.keyboard.press("Home")
    assert watched.step == 0
    watched.page.keyboard.press("Space")
    assert watched.step == 1
    assert watched.page.get_by_role("button", name="Pause").is_visible()
    watched.page.keyboard.press("Space")
    assert watched.page.get_by_role("button", name="Play").is_visible()


def test_play_runs_to_the_end_and_then_starts_again(opened: Any) -> None:
    watched = opened("square")
    watched.hold()
    watched.page.get_by_label("Speed").select_option("4×")
    play = watched.page.get_by_role("button", name="Play")
    play.click()
    watched.page.clock.run_for(10_000)
    last = int(watched.page.get_by_role("slider", name="Step").get_attribute("max"))
    assert watched.step == last
    play.click()
    assert watched.step == 0


def test_a_number_lands_when_its_token_has_travelled(opened: Any) -> None:
    watched = opened("reverse", reduced_motion="no-preference")
    watched.hold()
    watched.page.get_by_role("slider", name="Step").fill("6")
    watched.page.keyboard.press("ArrowRight")
    token = watched.page.locator(".adviz-token text")
    assert token.text_content() == "+5"
    assert watched.numbers("adjoint")["0"] == "–"
    watched.page.clock.run_for(3_000)
    token.wait_for(state="detached")
    assert watched.numbers("adjoint")["0"] == "5"


def test_a_sum_is_not_said_before_its_number_has_arrived(opened: Any) -> None:
    watched = opened("reverse", reduced_motion="no-preference")
    watched.hold()
    watched.page.get_by_role("slider", name="Step").fill("7")
    watched.page.keyboard.press("ArrowRight")
    told, token = watched.page.locator(".adviz-narration"), watched.page.locator(".adviz-token")
    waiting = watched.page.locator(".adviz-arrow, .adviz-formula .adviz-arrival").all()
    assert token.count() == 1 and len(waiting) == 2
    assert told.inner_text().endswith(" has 2 consumers")
    assert not any(part.is_visible() for part in waiting)
    watched.page.clock.run_for(3_000)
    token.wait_for(state="detached")
    assert told.inner_text().endswith(" has 2 consumers: 1 of 2 arrived")
    assert all(part.is_visible() for part in waiting)


@pytest.mark.parametrize("film", ["forward", "reverse"])
def test_a_token_goes_where_it_goes_in_the_film_as_one_picture(opened: Any, film: str) -> None:
    watched, scene = opened(film), stage(FILMS[film]())
    for shot in filter(lambda shot: shot.token, timeline(scene)):
        frame, path = shot.state.frame, token_path(scene, shot)
        assert frame is not None and frame.edge is not None
        times = [k / (len(path) - 1) for k in range(len(path))]
        (pill,) = (shape.box for shape in token_shapes(scene, shot) if isinstance(shape, Rect))
        backwards = shot.state.kind == "adjoint"
        way = watched.page.evaluate(
            """([edge, parts, rim]) => {
                const curve = document.querySelector(`[data-edge="${edge}"] .curve`);
                const whole = curve.getTotalLength() - 2 * rim;
                const at = parts.map((part) => curve.getPointAtLength(rim + part * whole));
                return at.map(({ x, y }) => [x, y]);
            }""",
            [
                frame.edge,
                [eased(1 - part if backwards else part) for part in times],
                pill.width / 2 + 5,
            ],
        )
        # The page's curve ends where its head begins, 8 pixels before the edge does.
        assert max(dist(*places) for places in zip(way, path, strict=True)) < 9


FLIGHT = """() => new Promise((landed) => {
    const seen = [];
    const box = (found) => {
        const { x, y, width, height } = found.getBoundingClientRect();
        return [x, y, width, height];
    };
    const look = () => {
        const token = document.querySelector(".adviz-token rect");
        if (!token) return landed(seen);
        const chips = document.querySelectorAll('.chip[data-state~="active"] rect');
        seen.push([box(token), ...[...chips].map(box)]);
        requestAnimationFrame(look);
    };
    document.querySelector(".adviz-next").click();
    look();
})"""
"""Where the token and the chip of its edge are while a number travels."""


def test_a_token_does_not_hide_the_chip_that_it_passes(opened: Any) -> None:
    watched = opened("crowded", reduced_motion="no-preference")
    watched.page.get_by_label("Speed").select_option("4×")
    steps = len(stage(FILMS["crowded"]()).frames)
    for _ in range(1, steps):
        for token, chip in watched.page.evaluate(FLIGHT):
            assert Box(*token).overlap(Box(*chip)) == 0


def test_haste_loses_no_number(opened: Any) -> None:
    watched = opened("reverse", reduced_motion="no-preference")
    for _ in range(10):
        watched.page.keyboard.press("ArrowRight")
    until(watched.page, "!document.querySelector('.adviz-token')")
    assert_shows(watched, frames_of(FILMS["reverse"]())[-1])


def test_the_number_that_changes_is_in_view(opened: Any) -> None:
    watched = opened("second order", viewport={"width": 360, "height": 700})
    table = watched.page.locator(".adviz-table").bounding_box()
    watched.page.keyboard.press("End")
    for key, kind in (("ArrowLeft", "adjoint tangent"), ("Home", "value")):
        watched.page.keyboard.press(key)
        cell = watched.page.locator(f'.adviz-table td[data-row="{kind}"]').first.bounding_box()
        assert table["x"] <= cell["x"]
        assert cell["x"] + cell["width"] <= table["x"] + table["width"]


def test_reduced_motion_has_no_token(opened: Any) -> None:
    watched = opened("reverse", reduced_motion="reduce")
    for _ in range(10):
        watched.page.keyboard.press("ArrowRight")
        assert watched.page.locator(".adviz-token").count() == 0


@pytest.mark.parametrize("film", ["forward", "reverse"])
def test_without_script_the_finished_picture_stands_there(opened: Any, film: str) -> None:
    watched = opened(film, java_script_enabled=False)
    page = watched.page
    assert page.locator(".adviz svg").first.is_visible()
    assert page.locator("button, input, select").count() == 0
    (kind,) = frames_of(FILMS[film]())[-1].keys() - {"value"}
    numbers = page.locator(f'svg [data-row="{kind}"] .number').all_text_contents()
    trace = FILMS[film]()
    found = trace.adjoints if kind == "adjoint" else trace.tangents
    assert sorted(numbers) == sorted(short(number) for number in found)


def test_print_shows_the_final_state_without_controls(opened: Any) -> None:
    watched, frames = opened("reverse"), frames_of(FILMS["reverse"]())
    watched.page.get_by_role("slider", name="Step").fill("3")
    adjoint = """document.querySelector('td[data-row="adjoint"] .number').textContent"""
    watched.page.emulate_media(media="print")
    until(watched.page, f"{adjoint} === '6'")
    assert_shows(watched, frames[-1])
    assert not watched.page.locator(".adviz-transport").is_visible()
    assert not watched.page.locator(".adviz-narration").is_visible()
    watched.page.emulate_media(media="screen")
    until(watched.page, f"{adjoint} === '–'")
    assert_shows(watched, frames[3])


def test_every_control_has_a_name_and_the_narration_is_polite(opened: Any) -> None:
    page = opened().page
    for control in page.locator("button, input, select").all():
        assert control.get_attribute("aria-label")
    assert page.locator(".adviz-narration").get_attribute("aria-live") == "polite"
    assert page.locator("table tbody th").count() == page.locator('th[scope="row"]').count() > 0


def test_narration_and_formula_say_what_is_shown(opened: Any) -> None:
    page = opened().page
    page.get_by_role("slider", name="Step").fill("7")
    assert "adjoint" in page.locator(".adviz-narration").inner_text()
    words = [part.get_attribute("alttext") for part in page.locator(".adviz-formula math").all()]
    assert words[0].startswith("x̄ += ") and words[-1].endswith("0 + 5 = 5")


STATED = "d = log(x/y) + sin(x*y)*exp(y); e = d - y*sqrt(x); d*e + e"


@pytest.mark.parametrize("source", [STATED, "x*x + sin(x*x)", {"p": "x*y", "q": "sin(x)*y"}])
def test_the_formula_lights_up_where_the_step_is(source: Any, browser: Any, tmp_path: Path) -> None:
    graph = adviz.build(source)
    at, weights = dict.fromkeys(graph.inputs, 1.5), dict.fromkeys(graph.outputs, 1)
    trace = adviz.reverse(graph, at=at, cotangent=weights)
    scene, path = stage(trace), tmp_path / "film.html"
    adviz.animate(trace).save(path)
    watched = Watched(browser, path)
    lit = """() => [...document.querySelectorAll('.adviz-statements [data-state~="focus"]')]
        .filter((found) => getComputedStyle(found).backgroundColor !== 'rgba(0, 0, 0, 0)')
        .map((found) => Number(found.dataset.node))"""
    for step, frame in enumerate(scene.frames):
        watched.page.get_by_role("slider", name="Step").fill(str(step))
        edge = [] if frame.edge is None else scene.edges[frame.edge][:2]
        assert set(watched.page.evaluate(lit)) == {*frame.nodes, *edge}
    watched.context.close()


def test_what_occurs_several_times_lights_up_everywhere(opened: Any) -> None:
    page = opened("crowded").page
    page.get_by_role("slider", name="Step").fill("0")
    assert page.locator('.adviz-statements [data-node="0"][data-state~="focus"]').count() == 6


LONG = "alpha*sin(x) + beta*cos(x) - gamma*exp(x*beta) + alpha*x**2 - beta*x**3 + log(gamma*x + 3)"


@pytest.mark.parametrize(("width", "height"), [(420, 900), (1280, 720), (1920, 1080)])
@pytest.mark.parametrize("source", [LONG, STATED, {str(k): f"x*sin({k}*x)" for k in range(12)}])
def test_the_formula_is_never_cut_off(
    source: Any, width: int, height: int, browser: Any, tmp_path: Path
) -> None:
    graph = adviz.build(source)
    at = dict.fromkeys(graph.inputs, 1.5)
    film = adviz.reverse(graph, at=at, cotangent=dict.fromkeys(graph.outputs, 1))
    adviz.animate(film).save(tmp_path / "film.html")
    viewport = {"width": width, "height": height}
    watched = Watched(browser, tmp_path / "film.html", viewport=viewport)
    box = "(found) => { const { left, right, top, height } = found.getBoundingClientRect();"
    stated = watched.page.locator(".adviz-statements")
    wide = stated.evaluate("(found) => found.scrollWidth - found.clientWidth")
    left, right, high = stated.evaluate(f"{box} return [left, right, height]; }}")
    assert wide <= 0 <= left and right <= width and high <= height / 5
    pieces = watched.page.locator(".adviz-statements math, .adviz-inputs math")
    ends = pieces.evaluate_all(f"all => all.map({box} return [left, right]; }})")
    assert all(left <= start and end <= width for start, end in ends)
    watched.context.close()


def test_formulas_are_set_in_the_font_of_the_page(opened: Any) -> None:
    page = opened().page
    loaded = "[...document.fonts].some((f) => f.family.includes('Adviz') && f.status === 'loaded')"
    until(page, loaded)


def test_the_theme_follows_the_system_until_it_is_chosen(opened: Any) -> None:
    page = opened("reverse", color_scheme="dark").page
    ink = "() => getComputedStyle(document.querySelector('.adviz')).color"
    dark = page.evaluate(ink)
    page.get_by_role("button", name="Dark theme").click()
    assert page.evaluate(ink) != dark
    page.get_by_role("button", name="Dark theme").click()
    assert page.evaluate(ink) == dark


def test_a_page_opens_in_the_theme_asked_for(opened: Any, tmp_path: Path) -> None:
    watched = opened("reverse", color_scheme="light")
    path = tmp_path / "dark.html"
    path.write_text(html.page(TINY, "<svg></svg>", "", "", "x*x", "dark"), encoding="utf-8")
    watched.page.goto(path.as_uri())
    page_colour = "getComputedStyle(document.querySelector('.adviz')).backgroundColor"
    assert watched.page.evaluate(page_colour) == "rgb(15, 20, 25)"


@pytest.mark.parametrize("width", [320, 420, 800])
def test_a_narrow_page_scrolls_the_graph_and_keeps_its_text_legible(
    opened: Any, width: int
) -> None:
    page = opened("reverse", viewport={"width": width, "height": 900}).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(LAYOUT)["scale"] * 13 >= 0.8 * 10.8
    below = page.locator(".adviz-table").bounding_box()["y"]
    assert below > page.locator(".adviz-narration").bounding_box()["y"]


LAYOUT = """() => {
    const box = (name) => document.querySelector(`.adviz-${name}`).getBoundingClientRect();
    const svg = document.querySelector(".adviz-graph svg");
    return {
        bottom: box("transport").bottom,
        graph: box("graph").toJSON(),
        scale: svg.getBoundingClientRect().width / svg.viewBox.baseVal.width,
        page: document.documentElement.scrollHeight,
    };
}"""


@pytest.fixture
def middling(browser: Any, tmp_path: Path) -> Iterator[Watched]:
    """A film of both sweeps whose graph is larger than the page, opened at 1280 by 720."""
    graph, path = adviz.build(MIDDLING), tmp_path / "middling.html"
    sweeps = adviz.forward(graph, at=POINT, direction="x"), adviz.reverse(graph, at=POINT)
    adviz.animate(*sweeps).save(path)
    size = {"width": 1280, "height": 720}
    watched = Watched(browser, path, viewport=size, reduced_motion="reduce")
    yield watched
    watched.context.close()
    assert watched.complaints == []


def test_a_page_holds_all_of_the_player_and_stands_still(middling: Watched) -> None:
    places = []
    for step in range(0, 36, 5):
        middling.page.get_by_role("slider", name="Step").fill(str(step))
        places.append(middling.page.evaluate(LAYOUT))
    assert all(place == places[0] for place in places)
    assert places[0]["bottom"] <= 720 and places[0]["page"] <= 720
    middling.page.keyboard.press("0")  # the camera has it; now all of the graph is seen
    drawn = middling.page.locator(".adviz-graph svg").bounding_box()
    assert drawn["width"] <= places[0]["graph"]["width"]
    assert drawn["height"] <= places[0]["graph"]["height"]


def test_the_step_shown_is_scrolled_into_view(middling: Watched) -> None:
    for step in range(0, 36, 5):
        middling.page.get_by_role("slider", name="Step").fill(str(step))
        graph = middling.page.evaluate(LAYOUT)["graph"]
        for node in middling.page.locator('svg .node[data-state~="focus"]').all():
            place = node.bounding_box()
            assert place["x"] + place["width"] > graph["left"] and place["x"] < graph["right"]
            assert place["y"] + place["height"] > graph["top"] and place["y"] < graph["bottom"]


def test_the_full_screen_holds_all_of_the_player(middling: Watched) -> None:
    middling.page.keyboard.press("Shift+F")
    until(middling.page, "document.fullscreenElement")
    until(middling.page, "document.querySelector('.adviz:fullscreen.is-filling')")
    assert middling.page.evaluate(LAYOUT)["bottom"] <= 720
    header = middling.page.locator(".adviz-header").evaluate("x => x.scrollHeight - x.clientHeight")
    assert header <= 0


ALMOST: dict[str, Callable[[], Any]] = {
    "an elimination": lambda: adviz.eliminate(
        {"y1": "nu*tan(w*t)/(g - tan(w*t))", "y2": "g*(nu*tan(w*t)/(g - tan(w*t)))"},
        {"nu": 1.5, "w": 0.5, "t": 1.2, "g": 2},
    ),
    "second order": lambda: adviz.second_order(
        "sin(x*y)*x + where(x > 1, y, y**2)", {"x": 2, "y": 0.5}, direction="x"
    ),
}


@pytest.mark.parametrize(("name", "least"), [("an elimination", 0.53), ("second order", 0.72)])
def test_a_graph_too_large_in_one_row_is_laid_out_so_that_it_fits(
    name: str, least: float, browser: Any, tmp_path: Path
) -> None:
    adviz.animate(ALMOST[name]()).save(tmp_path / "film.html")
    size = {"width": 1920, "height": 1080}
    watched = Watched(browser, tmp_path / "film.html", viewport=size, reduced_motion="reduce")
    watched.page.keyboard.press("0")  # the camera has it; now all of the graph is seen
    place = watched.page.evaluate(LAYOUT)
    drawn = watched.page.locator(".adviz-graph svg").bounding_box()
    watched.context.close()
    assert place["scale"] > least
    assert drawn["x"] + drawn["width"] <= place["graph"]["right"]
    assert drawn["y"] + drawn["height"] <= place["graph"]["bottom"]


def test_a_small_graph_grows_on_a_large_page(opened: Any) -> None:
    page = opened("reverse", viewport={"width": 1920, "height": 1080}).page
    place = page.evaluate(LAYOUT)
    assert 1.2 < place["scale"] <= 2.21 and place["bottom"] <= 1080


def test_a_cell_of_a_notebook_does_not_depend_on_the_height(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "cell.html"
    cell = adviz.animate(adviz.reverse(MIDDLING, at=POINT))._repr_html_()
    path.write_text(f"<!DOCTYPE html><meta charset=utf-8>{cell}", encoding="utf-8")
    heights = []
    for height in (500, 1000):
        watched = Watched(browser, path, viewport={"width": 1280, "height": height})
        heights.append(watched.page.locator(".adviz").bounding_box()["height"])
        watched.context.close()
    assert heights[0] == heights[1]


def test_players_on_one_page_do_not_interfere(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "two.html"
    cells = [adviz.animate(FILMS[film]())._repr_html_() for film in ("reverse", "forward")]
    path.write_text("<!DOCTYPE html><meta charset=utf-8>" + "".join(cells), encoding="utf-8")
    watched = Watched(browser, path, reduced_motion="reduce")
    players = watched.page.locator(".adviz")
    until(watched.page, "document.querySelectorAll('.adviz[data-step]').length === 2")
    players.nth(1).get_by_role("button", name="Last step").click()
    assert players.nth(0).get_attribute("data-step") == "0"
    assert players.nth(1).get_attribute("data-step") == "9"
    players.nth(0).get_by_role("button", name="Next step").focus()
    watched.page.keyboard.press("ArrowRight")
    assert players.nth(0).get_attribute("data-step") == "1"
    assert players.nth(1).get_attribute("data-step") == "9"
    assert watched.complaints == []
    watched.context.close()


def test_scripts_put_back_by_a_notebook_bring_the_cell_to_life(
    browser: Any, tmp_path: Path
) -> None:
    path = tmp_path / "cell.html"
    path.write_text("<!DOCTYPE html><meta charset=utf-8><main></main>", encoding="utf-8")
    watched = Watched(browser, path)
    watched.page.evaluate(
        """(output) => {
            const main = document.querySelector("main");
            main.innerHTML = output;
            for (const script of main.querySelectorAll("script")) {
                const again = document.createElement("script");
                again.type = script.type;
                again.text = script.text;
                main.appendChild(again).remove();
            }
        }""",
        adviz.animate(FILMS["reverse"]())._repr_html_(),
    )
    watched.page.locator(".adviz[data-step]").wait_for()
    assert watched.complaints == []
    watched.context.close()


def chain(length: int) -> str:
    """Return a page with a long film, drawn as plainly as possible."""
    numbers = {"k": ["1", "1.0"]}
    nodes = [{"id": n, "symbol": ["name", f"v{n}"], "rows": ["value"]} for n in range(length)]
    frames = [
        REST | {"phase": 0, "kind": "value", "nodes": [n], "sets": [[n, "value", "k"]]}
        for n in range(length)
    ]
    film = TINY | {"phases": [phase("value", "Values", 0, length - 1)], "numbers": numbers}
    film |= {"nodes": nodes, "edges": [], "frames": frames}
    drawn = "".join(
        f'<g class="node" data-node="{n}"><g data-row="value">'
        f'<text class="number" x="{30 * n}" y="20">1</text></g></g>'
        for n in range(length)
    )
    rows = "".join(
        f'<tr data-node="{n}"><th scope="row">v{n}</th><td data-row="value">1</td></tr>'
        for n in range(length)
    )
    size = f'width="{30 * length}" height="40" viewBox="0 0 {30 * length} 40"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{drawn}</svg>'
    return html.page(film, svg, f"<table><tbody>{rows}</tbody></table>", "", "a chain")


def test_a_step_touches_only_what_changes(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "chain.html"
    path.write_text(chain(1000), encoding="utf-8")
    watched = Watched(browser, path, reduced_motion="reduce")
    touched = watched.page.evaluate(
        """async () => {
            const seen = new Set();
            const note = (records) => records.forEach((record) => seen.add(record.target));
            const observer = new MutationObserver(note);
            for (const part of document.querySelectorAll(".adviz-graph, .adviz-table"))
                observer.observe(part, { subtree: true, childList: true, attributes: true });
            const right = new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true });
            document.querySelector(".adviz").dispatchEvent(right);
            await new Promise((resolve) => setTimeout(resolve));
            return seen.size;
        }"""
    )
    assert 0 < touched <= 12
    assert watched.complaints == []
    watched.context.close()


VIEW = (
    "(box => [box.width, box.height])(document.querySelector('.adviz-graph svg').viewBox.baseVal)"
)
"""The size of the figure's arrangement."""

ENDS = """() => [...document.querySelectorAll('.adviz-graph .edge > .curve')].map((curve) => {
    const { edge } = curve.parentElement.dataset;
    const box = (name) => document.querySelector(`.adviz-graph ${name}`).getBoundingClientRect();
    const last = curve.getPointAtLength(curve.getTotalLength());
    const end = last.matrixTransform(curve.getScreenCTM());
    const chip = box(`[data-edge="${edge}"] .chip`);
    return [edge, end.x, end.y, chip.toJSON()];
})"""


def test_a_narrow_page_shows_the_arrangement_of_the_larger_text_and_goes_back(opened: Any) -> None:
    watched = opened("reverse", viewport={"width": 1280, "height": 800})
    wide = watched.page.evaluate(VIEW)
    ends = watched.page.evaluate(ENDS)
    watched.page.set_viewport_size({"width": 400, "height": 800})
    until(
        watched.page,
        "(box => box.width < box.height)"
        "(document.querySelector('.adviz-graph svg').viewBox.baseVal)",
    )
    scene = directed(stage(FILMS["reverse"]()), "auto", HALL)
    down = alternative(scene, PHONE)
    assert down is not None and watched.page.evaluate(VIEW) == pytest.approx(
        (down.width, down.height), abs=0.1
    )
    svg = watched.page.locator(".adviz-graph svg").bounding_box()
    scale = svg["width"] / down.width
    for edge, x, y, chip in watched.page.evaluate(ENDS):
        end = down.curves[int(edge)].end
        assert x == pytest.approx(svg["x"] + scale * end.x, abs=0.5)
        assert y == pytest.approx(svg["y"] + scale * (end.y - 8), abs=0.5)
        middle = down.chips[int(edge)]
        assert chip["x"] + chip["width"] / 2 == pytest.approx(svg["x"] + scale * middle.x, abs=0.5)
    for node, box in enumerate(down.boxes):
        x, y = (svg[side] + scale * place for side, place in zip("xy", box.middle, strict=True))
        drawn = watched.page.locator(f'svg [data-node="{node}"] .frame').bounding_box()
        assert drawn["x"] + drawn["width"] / 2 == pytest.approx(x, abs=1)
        assert drawn["y"] + drawn["height"] / 2 == pytest.approx(y, abs=1)
    watched.page.set_viewport_size({"width": 1280, "height": 800})
    until(
        watched.page,
        "(box => box.width > box.height)"
        "(document.querySelector('.adviz-graph svg').viewBox.baseVal)",
    )
    assert watched.page.evaluate(VIEW) == wide
    until(
        watched.page,
        f"JSON.stringify(({ENDS})()[0].slice(1, 3).map(Math.round)) === "
        f"'[{round(ends[0][1])},{round(ends[0][2])}]'",
    )
