"""Pages under the strict policy that they carry: they work, look the same, and run nothing else."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from functools import cache
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from films import POINT, PRODUCT, chromium, until
from PIL import Image, ImageChops

import adviz
from adviz.checking.exercise.page import page as exercise_page
from adviz.checking.faults.film import film
from adviz.checking.faults.gallery import BY_NAME
from adviz.checking.report.html import page as report_page
from adviz.comparison.paths.page import page as paths_page
from adviz.render.page import table_page
from adviz.render.policy import policy

META = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">\n')
PAGES: dict[str, Callable[[], str]] = {
    "film": lambda: adviz.animate(adviz.reverse(PRODUCT, at=POINT)).html(),
    "exercise": lambda: exercise_page(adviz.exercise(adviz.reverse(PRODUCT, at=POINT))),
    "gallery": lambda: film(BY_NAME["overwrite"]),
    "report": lambda: report_page(adviz.check("(1 - cos(x))/x**2", at={"x": 1e-6})),
    "wrong": lambda: report_page(adviz.check("x*y", gradient={"x": "x", "y": "x"}, points=3)),
}
LISTENING = """
window.violations = [];
document.addEventListener("securitypolicyviolation",
  (event) => window.violations.push(`${event.effectiveDirective} ${event.blockedURI}`));
"""
INJECTED = {
    "script": '<script>window.ran = "script"</script>',
    "module": '<script type="module">window.ran = "module"</script>',
    "handler": '<svg onload="window.ran = 1"></svg><img src="data:," onerror="window.ran = 2">',
    "address": '<iframe src="javascript:parent.ran = 3"></iframe>',
    "evaluated": "<script>setTimeout('window.ran = 4')</script>",
    "style": '<p id="styled" style="position: fixed">styled</p>',
    "sheet": "<style>#styled { position: fixed }</style><p id='styled'>styled</p>",
    "image": '<img src="http://127.0.0.1:9/track.png">',
}


@cache
def made(name: str) -> str:
    return PAGES[name]()


@pytest.mark.parametrize("name", PAGES)
def test_every_page_carries_its_policy_first(name: str) -> None:
    page = made(name)
    (content,) = META.findall(page)
    assert content == policy(META.sub("", page)) and content.startswith("default-src 'none'; ")
    assert "unsafe" not in content and "*" not in content
    assert page.index(content) < min(page.index("<style"), page.index("<link"))


@pytest.mark.parametrize("name", PAGES)
def test_no_element_has_a_style_or_a_handler_of_its_own(name: str) -> None:
    markup = re.sub(r"<(script|style)\b.*?</\1>", "", made(name), flags=re.DOTALL)
    assert not re.findall(r"<[^>]*\s(?:style|on\w+)\s*=", markup)


FORMULAS: dict[str, Callable[[], str]] = {
    "film": PAGES["film"],
    "table": lambda: table_page(adviz.table(adviz.reverse(PRODUCT, at=POINT))),
    "paths": lambda: paths_page(adviz.paths(PRODUCT, at=POINT)),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_a_page_with_formulas_brings_their_font_along(name: str) -> None:
    page = FORMULAS[name]()
    face = r"<style>@font-face \{[^{}]*url\(data:font/woff2;base64,[\w+/=]+\); \}</style>"
    assert "<math" in page
    assert re.search(face, page) or 'useFont("d09GM' in page


class Server(ThreadingHTTPServer):
    """Serves one page with a header; favicons and everything else are nowhere."""

    page, header = "", ""

    def __init__(self) -> None:
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), Answers)


class Answers(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(200 if self.path == "/" else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        if self.server.header:
            self.send_header("Content-Security-Policy", self.server.header)
        self.end_headers()
        self.wfile.write(self.server.page.encode() if self.path == "/" else b"")

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as serving:
        thread = threading.Thread(target=serving.serve_forever, daemon=True)
        thread.start()
        yield serving
        serving.shutdown()
        thread.join()


@pytest.fixture
def opened(browser: Any, server: Server) -> Iterator[Callable[..., Any]]:
    """Opens a page that is served with a header, listening to what is blocked."""
    contexts = []

    def open_page(page: str, header: str, dark: bool = False) -> Any:
        server.page, server.header = page, header
        scheme = "dark" if dark else "light"
        size = {"width": 1200, "height": 800}
        context = browser.new_context(
            color_scheme=scheme, reduced_motion="reduce", viewport=size, device_scale_factor=1
        )
        contexts.append(context)
        tab = context.new_page()
        tab.complaints = []
        tab.on("console", lambda message: tab.complaints.append(message.text))
        tab.on("pageerror", lambda error: tab.complaints.append(str(error)))
        tab.add_init_script(LISTENING)
        tab.goto(f"http://127.0.0.1:{server.server_port}/")
        tab.evaluate("document.fonts.ready.then(() => null)")
        return tab

    yield open_page
    for context in contexts:
        context.close()


def steps(tab: Any) -> list[str]:
    """Play a film by keys, if it is one; return what is counted."""
    counts: list[str] = tab.locator(".adviz-count").all_text_contents()
    for key in ("Home", "ArrowRight", "ArrowRight", "End", "ArrowLeft") if counts else ():
        tab.keyboard.press(key)
        counts += tab.locator(".adviz-count").all_text_contents()
    return counts


LEVELS = 12
"""What a resized layer is painted anew with may differ by, in levels of 255."""


def look_alike(one: Any, other: Any) -> bool:
    """Return whether two pages look the same, once laid out with all fonts."""
    for _ in range(50):
        shots = [Image.open(BytesIO(page.screenshot())).convert("RGB") for page in (one, other)]
        if np.asarray(ImageChops.difference(*shots)).max() <= LEVELS:
            return True
        one.wait_for_timeout(100)
    return False


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_works_and_looks_the_same_under_its_policy(
    opened: Any, server: Server, name: str, dark: bool
) -> None:
    page, bare = made(name), META.sub("", made(name))
    free = opened(bare, "", dark)
    strict = opened(page, policy(bare), dark)
    counted = steps(strict)
    assert counted == steps(free) and bool(counted) is (name in ("film", "gallery"))
    assert look_alike(strict, free)
    assert strict.evaluate("window.violations") == [] and strict.complaints == []
    assert set(server.asked) == {"/"}, "a page asks for nothing, not even an icon"


@pytest.mark.parametrize("way", ["the page's own", "a server's"])
@pytest.mark.parametrize("kind", INJECTED)
def test_what_is_injected_does_nothing(opened: Any, kind: str, way: str) -> None:
    page = made("film") if way == "the page's own" else META.sub("", made("film"))
    header = policy(page) if way == "a server's" else ""
    broken = opened(page.replace("</body>", f"{INJECTED[kind]}</body>"), header)
    until(broken, "window.violations.length > 0")
    assert broken.evaluate("window.ran ?? null") is None
    styled = broken.locator("#styled")
    assert all(one.evaluate("e => getComputedStyle(e).position") != "fixed" for one in styled.all())
    assert steps(broken)[-1] == "step 11 of 12"


def test_the_test_of_what_is_injected_can_fail(opened: Any) -> None:
    page = META.sub("", made("film")).replace("</body>", f"{INJECTED['script']}</body>")
    assert opened(page, "").evaluate("window.ran") == "script"


def test_a_page_in_a_frame_of_a_notebook_still_plays(opened: Any) -> None:
    icon = '<link rel="icon" href="data:,">'
    frame = f'<iframe srcdoc="{escape(made("film"))}" width="1100" height="700"></iframe>'
    around = opened(f'<!DOCTYPE html><meta charset="utf-8">{icon}{frame}', "")
    count = around.frame_locator("iframe").locator(".adviz-count")
    assert count.text_content() == "step 1 of 12"
    assert around.complaints == []
