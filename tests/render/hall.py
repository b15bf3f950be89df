"""What a film looks like from the back of a hall: twelve films, measured in a real browser.

Run it, `python tests/render/hall.py [FILM …] [--shots FOLDER]`, for a table of what is measured.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
from films import chromium

import adviz


def _network(x1: Any, x2: Any, t: Any) -> Any:
    """Two inputs, three hidden units, one output, and its squared error."""
    weights = ((0.5, -0.3), (0.8, 0.2), (-0.6, 0.9))
    hidden = [np.tanh(a * x1 + b * x2 + 0.1) for a, b in weights]
    return (0.7 * hidden[0] - 0.4 * hidden[1] + 0.2 * hidden[2] - t) ** 2


def _random(x0: Any, x1: Any, x2: Any, x3: Any) -> Any:
    """A random expression of sixty nodes; the numbers stay near 1."""
    rng = np.random.default_rng(7)
    made = [x0, x1, x2, x3]
    for kind in rng.integers(0, 4, 56 - 10):
        one, other = (made[len(made) - 1 - int(back)] for back in rng.integers(0, 7, 2) % len(made))
        made.append((np.sin(one), one * other, one + other, np.tanh(one))[kind])
    return sum(made[-11:])


_BLACK_SCHOLES = """
d1 = (log(S/K) + (r + sigma**2/2)*T)/(sigma*sqrt(T))
d2 = d1 - sigma*sqrt(T)
C = S*(1 + erf(d1/sqrt(2)))/2 - K*exp(-r*T)*(1 + erf(d2/sqrt(2)))/2
"""
_CHAIN = "x"
for _turn in range(25):
    _CHAIN = f"{('sin', 'tanh', 'exp', 'cos', 'atan')[_turn % 5]}({_CHAIN})"
_SOFTMAX = "-log(exp(a)/(exp(a) + exp(b) + exp(c)))"

HALL: Mapping[str, Callable[[], Any]] = {
    "running example": lambda: adviz.reverse("(x + y)*(x - y)", at={"x": 3, "y": 2}),
    "Baydin": lambda: adviz.reverse("log(x1) + x1*x2 - sin(x2)", at={"x1": 2, "x2": 5}),
    "neuron": lambda: adviz.reverse(
        "1/(1 + exp(-(w1*x1 + w2*x2 + w3*x3 + b)))",
        at={"w1": 0.5, "x1": 1, "w2": -0.25, "x2": 2, "w3": 0.75, "x3": -1, "b": 0.1},
    ),
    "softmax": lambda: adviz.reverse(_SOFTMAX, at={"a": 1, "b": 2, "c": -0.5}),
    "network": lambda: adviz.reverse(_network, at={"x1": 1.5, "x2": -0.5, "t": 1}),
    "Black-Scholes": lambda: adviz.reverse(
        _BLACK_SCHOLES, at={"S": 42, "K": 40, "r": 0.1, "sigma": 0.2, "T": 0.5}
    ),
    "branch": lambda: adviz.reverse("where(x > 0, x*log(x), y*sin(x))", at={"x": 2, "y": 3}),
    "fan-out": lambda: adviz.reverse(
        "x*sin(x) + x**2 + exp(x)/x + x*y", at={"x": 1.3, "y": 2}
    ),
    "Greek names": lambda: adviz.reverse(
        "learning_rate_alpha*exp(-lambda_decay*epsilon)/sigma_squared",
        at={"learning_rate_alpha": 0.001, "lambda_decay": 0.5, "epsilon": 1.5e-7,
            "sigma_squared": 2.25},
    ),
    "chain": lambda: adviz.reverse(_CHAIN, at={"x": 0.5}),
    "three outputs": lambda: adviz.forward(
        "p = x*y; q = sin(x) + p; s = p/q", at={"x": 1, "y": 2}, direction="x"
    ),
    "random": lambda: adviz.reverse(
        _random, at={"x0": 0.5, "x1": 0.8, "x2": 1.2, "x3": -0.4}
    ),
}  # fmt: skip
"""The films that a lecturer would show, and two that are large."""

SIZES = ((1920, 1080), (1280, 800), (768, 1024), (420, 860))
THEMES = ("light", "dark")

MEASURE, _COLLISIONS = (
    (Path(__file__).parent / name).read_text(encoding="utf-8")
    for name in ("hall.js", "collisions.js")
)


_SETTLED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


class Measured(NamedTuple):
    """What was seen of a film in one window, over its steps; lengths in pixels."""

    text: float
    """The smallest text of the nodes in focus."""
    narration: float
    filled: float
    """The greater of the two parts of the pane's sides that the graph fills."""
    whole: bool
    """Whether all of the graph is in view."""
    outside: tuple[str, ...]
    """What was in focus and not in view, by step."""
    clipped: tuple[str, ...]
    scales: tuple[float, ...]
    """The scales of the graph over all steps."""
    collisions: tuple[str, ...]
    """Chips on another's curve, on a node or on each other, and curves through nodes."""


def steps_of(last: int, most: int = 10) -> list[int]:
    """Return some steps of a film, the first and the last among them."""
    return sorted({round(k * last / (most - 1)) for k in range(most)}) if last else [0]


def measured(page: Any) -> Measured:
    """Go through a film that is open in a page, and measure it at some of its steps."""
    last = int(page.locator(".adviz input[type=range][aria-label=Step]").get_attribute("max"))
    seen = [page.evaluate(MEASURE, step) for step in steps_of(last)]
    return Measured(
        text=round(min((s["text"] for s in seen if s["text"]), default=0.0), 2),
        narration=min(s["narration"] for s in seen),
        filled=max(s["filled"] for s in seen),
        whole=all(s["isWhole"] for s in seen),
        outside=tuple(f"step {s['step']}: {what}" for s in seen for what in s["outside"]),
        clipped=tuple(f"step {s['step']}: {what}" for s in seen for what in s["clipped"]),
        scales=tuple(sorted({round(s["scale"], 3) for s in seen})),
        collisions=tuple(page.evaluate(_COLLISIONS)),
    )


def opened(browser: Any, path: Path, size: tuple[int, int], theme: str, **more: Any) -> Any:
    """Return the page of a film in a window of a size."""
    viewport = {"width": size[0], "height": size[1]}
    context = browser.new_context(
        viewport=viewport, color_scheme=theme, reduced_motion="reduce", **more
    )
    page = context.new_page()
    page.goto(path.as_uri())
    page.evaluate("document.fonts.ready.then(() => 0)")
    return page


def in_window(page: Any, size: tuple[int, int], theme: str) -> None:
    """Show a page in a window of another size, and wait until it is set out for it."""
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate(_SETTLED)


def all_measured(names: list[str], shots: Path | None) -> Iterator[tuple[str, Any, Measured]]:
    """Yield what is measured of films in all windows; pictures are left in a folder."""
    with TemporaryDirectory() as folder, chromium() as browser:
        for name in names or HALL:
            path = Path(folder) / "film.html"
            adviz.animate(HALL[name]()).save(path)
            page = opened(browser, path, SIZES[0], "light")
            for size in SIZES:
                in_window(page, size, "light")
                yield name, size, measured(page)
                if shots:
                    page.screenshot(path=shots / f"{name}-{size[0]}.png".replace(" ", "-"))
            page.context.close()


def main() -> None:
    """Print a table of what is measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("films", nargs="*")
    parser.add_argument("--shots", type=Path)
    given = parser.parse_args()
    if given.shots:
        given.shots.mkdir(parents=True, exist_ok=True)
    for name, size, one in all_measured(given.films, given.shots):
        faults = {"outside": one.outside, "clipped": one.clipped, "collisions": one.collisions}
        wrong = json.dumps({what: (len(all_), *all_[:2]) for what, all_ in faults.items() if all_})
        print(
            f"{name:16} {size[0]:5} text {one.text:5.1f} narration {one.narration:4.1f} "
            f"fills {one.filled:.2f} scales {one.scales[:4]} "
            f"{wrong}"
        )


if __name__ == "__main__":
    main()
