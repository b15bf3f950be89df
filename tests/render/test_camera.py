"""The camera of the player: one scale for a film, legible, and what is active in view."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from films import PRODUCT, chromium, in_node, until

import adviz
from adviz.scene.lettering import TEXT_SIZE

CHAIN = "x0 = x; " + "; ".join(f"x{k + 1} = sin(x{k})*2" for k in range(9))
NEURON = "1/(1 + exp(-(w1*x1 + w2*x2 + w3*x3 + b)))"
WEIGHTS = {"w1": 0.5, "x1": 1, "w2": -0.3, "x2": 2, "w3": 0.8, "x3": -1, "b": 0.1}
PLAYED: dict[str, Callable[[], Any]] = {
    "product": lambda: adviz.reverse(PRODUCT, at={"x": 3, "y": 2}),
    "neuron": lambda: adviz.reverse(NEURON, at=WEIGHTS),
    "chain": lambda: adviz.forward(CHAIN, at={"x": 0.3}, direction="x"),
}
SIZES = [(1920, 1080), (1280, 800), (420, 860)]


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Any]:
    """Evaluates a JavaScript expression on the pure part of the camera."""
    folder = tmp_path_factory.mktemp("camera")
    names = "legible, leastLegible, fitting, filmScale, viewStart, freeCorner, beyondPlace"
    given = f"const {{ {names} }} = player;"
    return lambda expression: in_node(folder, f"{given} console.log(JSON.stringify({expression}))")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def play(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Opens a film of the table at a size of the page."""
    contexts, complaints = [], []

    def open_film(name: str, width: int = 1280, height: int = 800, **more: Any) -> Any:
        path = tmp_path / f"{name}.html"
        adviz.animate(PLAYED[name]()).save(path)
        size = {"width": width, "height": height}
        contexts.append(
            browser.new_context(**{"viewport": size, "reduced_motion": "reduce"} | more)
        )
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path.as_uri())
        page.evaluate("document.fonts.ready")
        return page

    yield open_film
    for context in contexts:
        context.close()
    assert complaints == []


# --- What needs no page ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("width", "pixels", "least"),
    [(3840, 36, 28.94), (1920, 18, 18), (1280, 12, 12), (768, 11.4, 11.4), (420, 11, 9.51)],
)
def test_letters_are_as_high_as_the_page_is_wide(
    camera: Any, width: int, pixels: int, least: float
) -> None:
    assert camera(f"legible({width})") == pytest.approx(pixels, abs=0.02)
    assert camera(f"leastLegible({width})") == pytest.approx(least, abs=0.02)


PANE = {"width": 800, "height": 400}


def sized(*widths: float) -> list[dict[str, float]]:
    return [{"width": width, "height": 10} for width in widths]


@pytest.mark.parametrize(
    ("whole", "together", "scale"),
    [
        (200, [100], 2.2),  # grows only so much
        (500, [100], 1.6),  # all of it is legible
        (570, [100], 1.5),  # nearly all of it: legible comes first
        (4000, [100], 1.5),  # legible, and what is active has room
        (4000, [100, *[600] * 9], 1.5 * 800 / 900),  # a little less, so that it has
        (4000, [2000] * 10, 1.2),  # never less than the least
        (4000, [*[100] * 9, 2000], 1.5),  # along one long edge in ten the camera travels
    ],
)
def test_a_film_has_one_scale(
    camera: Any, whole: float, together: list[float], scale: float
) -> None:
    given = {"pane": PANE, "whole": sized(whole)[0], "legibleAt": 1.5, "leastAt": 1.2, "most": 2.2}
    found = camera(f"filmScale({json.dumps(given | {'together': sized(*together)})})")
    assert found == pytest.approx(scale)


@pytest.mark.parametrize(
    ("start", "span", "begins"),
    [
        (100, (200, 300), 100),  # it is in view, and nothing moves
        (100, (110, 300), 5),  # its margin is not: to the middle
        (0, (700, 800), 550),
        (500, (0, 50), 0),  # no farther than there is something to show
        (0, (940, 1000), 600),
    ],
)
def test_the_view_moves_only_where_it_must(
    camera: Any, start: float, span: tuple[float, float], begins: float
) -> None:
    assert camera(f"viewStart({start}, 400, {json.dumps(span)}, 1000)") == begins


def box(left: float, top: float) -> dict[str, float]:
    return {"left": left, "top": top, "right": left + 80, "bottom": top + 40}


@pytest.mark.parametrize(
    ("boxes", "corner"),
    [
        ([], "top left"),
        ([box(0, 0)], "bottom right"),
        ([box(0, 0), box(700, 350)], "bottom left"),
        ([box(0, 0), box(700, 350), box(0, 350)], "top right"),
        ([box(0, 0), box(700, 350), box(0, 350), box(700, 0)], None),
    ],
)
def test_the_map_hides_nothing_active(camera: Any, boxes: list[Any], corner: str | None) -> None:
    given = [PANE, {"width": 150, "height": 60}, boxes, "top left"]
    assert camera(f"freeCorner(...{json.dumps(given)}) ?? null") == corner


@pytest.mark.parametrize(
    ("beyond", "place"),
    [
        (box(100, 100), None),
        (box(-4, 100), None),  # no more than its border is out of view
        (box(-300, 100), {"side": "left", "left": 0, "top": 105}),
        (box(780, 100), {"side": "right", "left": 740, "top": 105}),
        (box(100, -90), {"side": "top", "left": 110, "top": 0}),
        (box(300, 900), {"side": "bottom", "left": 310, "top": 370}),
        (box(-300, 300), {"side": "left", "left": 0, "top": 275}),  # another is there
    ],
)
def test_a_pill_at_the_edge_says_where_a_node_is(camera: Any, beyond: Any, place: Any) -> None:
    given = [beyond, {"width": 60, "height": 30}, PANE, [box(10, 310)]]
    assert camera(f"beyondPlace(...{json.dumps(given)})") == place


# --- In a browser ------------------------------------------------------------------------------

SEEN = """() => {
    const pane = document.querySelector(".adviz-graph").getBoundingClientRect();
    const svg = document.querySelector(".adviz-graph svg");
    const drawn = svg.getBoundingClientRect();
    const step = Number(document.querySelector(".adviz").dataset.step);
    const film = JSON.parse(document.querySelector('[type="application/json"]').textContent);
    const map = document.querySelector(".adviz-map").getBoundingClientRect();
    const boxes = [...svg.querySelectorAll('.node[data-state~="focus"]')].map((node) => {
        const { left, right, top, bottom } = node.getBoundingClientRect();
        const within = left >= pane.left - 1 && right <= pane.right + 1;
        const across = left < map.right && right > map.left;
        const covered = across && top < map.bottom && bottom > map.top;
        return [within && top >= pane.top - 1 && bottom <= pane.bottom + 1, covered];
    });
    return {
        scale: drawn.width / svg.viewBox.baseVal.width,
        pane: [pane.left, pane.top, pane.width, pane.height],
        isAll: drawn.width <= pane.width && drawn.height <= pane.height,
        inView: boxes.filter(([is]) => is).length,
        covered: boxes.filter(([, is]) => is).length,
        active: boxes.length,
        sideways: document.documentElement.scrollWidth,
    };
}"""


def steps_of(page: Any) -> list[dict[str, Any]]:
    """Return what is seen at every step."""
    page.wait_for_timeout(60)  # until what is observed has been told
    return list(
        page.evaluate(
            f"""() => {{
            const seen = [];
            const slider = document.querySelector("[type=range]");
            for (let step = 0; step <= Number(slider.max); step++) {{
                seen.push(({SEEN})());
                const key = new KeyboardEvent("keydown", {{ key: "PageDown", bubbles: true }});
                slider.dispatchEvent(key);
            }}
            return seen;
        }}"""
        )
    )


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PLAYED)
def test_a_film_stands_still_is_legible_and_shows_what_is_active(
    play: Any, name: str, size: tuple[int, int]
) -> None:
    seen = steps_of(play(name, *size))
    assert len({(one["scale"], *one["pane"]) for one in seen}) == 1
    assert all(one["inView"] > 0 and one["sideways"] <= size[0] for one in seen)
    assert sum(one["inView"] == one["active"] for one in seen) >= 0.9 * len(seen) - 1
    assert not any(one["covered"] for one in seen)
    needed = max(10.5 + size[0] / 850, size[0] * 18 / 1920)
    assert seen[0]["isAll"] or seen[0]["scale"] * TEXT_SIZE >= 0.86 * needed


def test_the_full_screen_has_letters_of_18_pixels_at_1920(play: Any) -> None:
    page = play("chain", 1920, 1080)
    page.keyboard.press("Shift+F")
    until(page, "document.fullscreenElement !== null")
    until(page, f"({SEEN})().scale * {TEXT_SIZE} > 17.9")


def test_the_map_is_there_only_where_not_all_is_in_view(play: Any) -> None:
    page = play("chain")
    assert page.locator(".adviz-map").is_visible()
    assert page.locator(".adviz-map .active").count() == 1
    page.keyboard.press("0")
    until(page, f"({SEEN})().isAll")
    assert not page.locator(".adviz-map").is_visible()
    page.keyboard.press("0")
    assert page.locator(".adviz-map").is_visible()
    assert not play("product").locator(".adviz-map").is_visible()


def test_a_click_on_the_map_goes_there(play: Any) -> None:
    page = play("chain")
    pane = "document.querySelector('.adviz-graph')"
    left = f"{pane}.scrollWidth - {pane}.clientWidth - {pane}.scrollLeft"
    below = f"{pane}.scrollHeight - {pane}.clientHeight - {pane}.scrollTop"
    assert page.evaluate(f"Math.max({left}, {below})") > 100
    area = page.locator(".adviz-map").bounding_box()
    page.mouse.click(area["x"] + 0.98 * area["width"], area["y"] + 0.98 * area["height"])
    assert page.evaluate(f"Math.max({left}, {below})") < 2
    page.keyboard.press("PageDown")
    assert page.evaluate(SEEN)["inView"] == 1


def test_zooming_keeps_the_middle_and_dragging_moves_the_graph(play: Any) -> None:
    page = play("chain")
    before = page.evaluate(SEEN)["scale"]
    for _ in range(3):
        page.keyboard.press("+")
    assert page.evaluate(SEEN)["scale"] == pytest.approx(before * 1.25**3, rel=1e-4)
    page.keyboard.press("-")
    assert page.evaluate(SEEN)["scale"] == pytest.approx(before * 1.25**2, rel=1e-4)
    at = "document.querySelector('.adviz-graph').scrollLeft"
    start = page.evaluate(at)
    area = page.locator(".adviz-graph").bounding_box()
    x, y = area["x"] + 400, area["y"] + 40
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 150, y, steps=4)
    page.mouse.up()
    assert page.evaluate(at) == pytest.approx(start + 150, abs=2)
    assert page.locator("dialog").count() == 0
    page.keyboard.press("0")
    assert page.evaluate(SEEN)["scale"] == pytest.approx(before)


def test_the_wheel_with_ctrl_zooms_about_the_pointer(play: Any) -> None:
    page = play("chain")
    node = page.locator('.adviz-graph .node[data-node="1"]')
    before, scale = node.bounding_box(), page.evaluate(SEEN)["scale"]
    page.mouse.move(before["x"], before["y"])
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    until(page, f"({SEEN})().scale > {1.2 * scale}")
    after = node.bounding_box()
    assert after["x"] == pytest.approx(before["x"], abs=3)
    assert page.evaluate("visualViewport.scale") == 1


def test_without_the_table_the_graph_has_its_room(play: Any) -> None:
    page = play("product")
    before = page.evaluate(SEEN)
    page.keyboard.press("t")
    until(page, f"({SEEN})().scale > {before['scale']}")
    assert page.evaluate(SEEN)["pane"][2] > before["pane"][2] + 200
    assert not page.locator(".adviz-table").is_visible()
    page.get_by_role("button", name="Table").click()
    until(page, f"({SEEN})().scale === {before['scale']}")


def test_without_its_fields_the_graph_has_their_room(play: Any) -> None:
    page = play("neuron", 1280, 800)
    before = page.evaluate(SEEN)
    page.keyboard.press("i")
    until(page, f"({SEEN})().pane[3] > {before['pane'][3] + 30}")
    assert not page.locator(".adviz-inputs").is_visible()
    page.keyboard.press("i")
    until(page, f"({SEEN})().pane[3] === {before['pane'][3]}")


def test_along_an_edge_too_long_for_the_pane_the_camera_travels(play: Any) -> None:
    page = play("neuron", 600, 800, reduced_motion="no-preference")
    page.evaluate("location.hash = '#step=17'")
    until(page, "document.querySelector('.adviz').dataset.step === '16'")
    page.evaluate(
        """() => {
            const pane = document.querySelector(".adviz-graph");
            window.places = new Set();
            pane.addEventListener("scroll", () => window.places.add(pane.scrollLeft));
        }"""
    )
    page.keyboard.press("PageDown")
    until(page, "!document.querySelector('.adviz-token')")
    assert page.evaluate("window.places.size") > 2
    assert page.evaluate(SEEN)["inView"] >= 1


def test_print_has_all_of_the_graph(play: Any) -> None:
    page = play("chain")
    page.emulate_media(media="print")
    drawn = [one.bounding_box() for one in page.locator(".adviz-graph > svg:visible").all()]
    assert drawn and all(one["x"] >= 0 and one["x"] + one["width"] <= 1280 for one in drawn)
    assert not page.locator(".adviz-map").is_visible()
