"""Films that the player is tested on, and where the tools that play them are found."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import adviz
from adviz.render import html

PRODUCT = "(x + y)*(x - y)"
POINT = {"x": 3, "y": 2}
MIDDLING = "sqrt(x**2 + y**2) + where(x > y, log(x)*x**y, x/y)"


def phase(
    kind: str, title: str, first: int, last: int, backward: bool = False
) -> dict[str, str | int | bool]:
    """Return a phase of a film's data, of the quantity of that name."""
    alike = dict.fromkeys(("kind", "role", "noun", "family"), kind)
    return {**alike, "title": title, "trace": 0, "first": first, "last": last, "backward": backward}


FILMS: dict[str, Callable[[], Any]] = {
    "evaluate": lambda: adviz.evaluate(PRODUCT, at=POINT),
    "forward": lambda: adviz.forward(PRODUCT, at=POINT, direction="x"),
    "reverse": lambda: adviz.reverse(PRODUCT, at=POINT),
    "square": lambda: adviz.reverse("x*x", at={"x": 3}),
    "second order": lambda: adviz.second_order(PRODUCT, at=POINT, direction="x"),
    "taylor": lambda: adviz.taylor("sin(x + y)*x", POINT, {"x": 1, "y": 2}, 3).trace,
    "crowded": lambda: adviz.reverse("sin(x) + x*x + exp(x)*x - x", at={"x": 0.5}),
}

TINY: dict[str, Any] = {
    "phases": [
        phase("value", "Values", 0, 1),
        phase("adjoint", "Reverse sweep", 2, 4, backward=True),
    ],
    "numbers": {"v0": ["3", "3.0"], "v1": ["9", "9.0"], "one": ["1", "1.0"], "m": ["−3", "-3.0"]},
    "nodes": [
        {"id": 0, "symbol": ["name", "x"], "rows": ["value", "adjoint"]},
        {"id": 1, "symbol": ["name", "theta_12"], "rows": ["value", "adjoint"]},
    ],
    "edges": [
        {"id": 0, "tail": 0, "head": 1, "position": 0, "slot": True},
        {"id": 1, "tail": 0, "head": 1, "position": 1, "slot": True},
    ],
    "frames": [
        {"phase": 0, "kind": "inputs", "nodes": [0], "sets": [[0, "value", "v0"]]},
        {"phase": 0, "kind": "value", "nodes": [1], "sets": [[1, "value", "v1"]], "chips": [0, 1]},
        {"phase": 1, "kind": "seed", "nodes": [1], "sets": [[1, "adjoint", "one"]]},
        {"phase": 1, "kind": "contribution", "nodes": [0], "edge": 0, "token": "v0",
         "sets": [[0, "adjoint", "v0"]], "fills": [[0, "v0"]]},
        {"phase": 1, "kind": "contribution", "nodes": [0], "edge": 1, "token": "m",
         "sets": [[0, "adjoint", "v1"]], "fills": [[1, "m"]]},
    ],
}  # fmt: skip
REST = {
    "edge": None, "chips": [], "fills": [], "token": None, "narration": [], "formula": ["row"],
    "labels": [], "gone": [],
}  # fmt: skip
TINY |= {"frames": [REST | frame for frame in TINY["frames"]], "clicks": [], "first": 0, "later": 0}


def missing(what: str) -> None:
    """Skip loudly where a tool is absent; in continuous integration that is a failure."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is not installed, and continuous integration must not skip this")
    pytest.skip(f"{what} IS NOT INSTALLED: the player was not tested here")


FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium() -> Iterator[Any]:
    """Open a browser."""
    if importlib.util.find_spec("playwright") is None:
        missing("Playwright")
    from playwright import sync_api

    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    with sync_api.sync_playwright() as playwright:
        if path is None and not Path(playwright.chromium.executable_path).exists():
            missing("Chromium")
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


def until(page: Any, condition: str) -> None:
    """Wait until a condition holds in a page, whose policy lets nothing in it evaluate a text."""
    for _ in range(300):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"never: {condition}")


_BY_NODE = """selector => Object.fromEntries([...document.querySelectorAll(selector)].map((one) =>
    [one.closest("[data-node]").dataset.node, (one.querySelector(".number") ?? one).textContent]
))"""


def by_node(page: Any, selector: str) -> dict[str, str]:
    """Return the numbers that a page shows, by node; asked for one by one they take seconds."""
    return dict(page.evaluate(_BY_NODE, selector))


def step_of(page: Any) -> int:
    """Return the step at which the first film of a page is."""
    return int(page.evaluate("document.querySelector('.adviz').dataset.step ?? -1"))


def in_node(folder: Path, program: str, more: str = "") -> Any:
    """Return what a program prints as JSON; `player` is the player's script, and `more` of it."""
    node = shutil.which("node")
    if node is None:
        missing("Node")
    (folder / "player.mjs").write_text(f"{html.script()}\n{more}", encoding="utf-8")
    (folder / "program.mjs").write_text(
        f"import * as player from './player.mjs';\n{program}", encoding="utf-8"
    )
    command = [str(node), "program.mjs"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
