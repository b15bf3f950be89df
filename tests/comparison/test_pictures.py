"""The pictures of docs/figures.md are what adviz draws; run by itself, this writes them anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

import adviz
from adviz import Chart
from adviz.comparison.figures.painting import rendered

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DOCS = Path(__file__).parents[2] / "docs"


def plots() -> Painted:
    """Draw a graph beside a plot of an author's."""
    from matplotlib.figure import Figure

    page = Figure(figsize=(12, 4), layout="constrained")
    left, right = page.subplots(1, 2, width_ratios=(1, 2))
    x = [1 + k / 20 for k in range(61)]
    left.plot(x, [(x + 2) * (x - 2) for x in x], x, [6 * (x - 3) + 5 for x in x])
    trace = adviz.reverse("(x + y)*(x - y)", at={"x": 3, "y": 2})
    adviz.draw(trace).to_matplotlib(right).set_title("its graph at $x = 3$, $y = 2$")
    return Painted(page)


class Painted(NamedTuple):
    """A figure that is no chart of ours."""

    figure: Figure

    def svg(self) -> str:
        return rendered(self.figure, "svg", {"Date": None}, 100.0).decode()


PICTURES: Mapping[str, Callable[[], Chart | Painted]] = {
    "swell": lambda: adviz.compare_family("logistic", range(2, 9)).swell(),
    "inputs": lambda: adviz.compare_family("helmholtz", range(1, 11)).costs(),
    "outputs": lambda: adviz.compare_family("network", range(2, 17, 2)).costs(),
    "steps": lambda: adviz.step_errors("sin(x)*exp(x)", at={"x": 1.0}),
    "memory": lambda: adviz.checkpoint(1000, snapshots=10).tradeoff(),
    "plots": plots,
    "digits": lambda: adviz.lost_digits("(1 - cos(x))/x**2", {"x": 1.0}, "x", (1e-8, 1.0)),
}


def parts(svg: str) -> tuple[list[str], list[float]]:
    """Return what is written in a picture, and its numbers."""
    text = re.sub(r'"#?[a-z]\w{10}"|#[a-z]\w{10}\)', "", svg)  # identifiers, made of the numbers
    return re.split(r"-?\d+\.?\d*", text), [float(n) for n in re.findall(r"-?\d+\.?\d*", text)]


@pytest.mark.parametrize("name", PICTURES)
def test_the_pictures_are_what_is_drawn(name: str) -> None:
    pytest.importorskip("matplotlib", reason="MISSING EXTRA: matplotlib paints figures")
    stored = (DOCS / f"{name}.svg").read_text("utf-8")
    if f"Matplotlib v{version('matplotlib')}," not in stored:
        pytest.skip("the stored pictures are by another matplotlib")
    words, numbers = parts(stored)
    now, found = parts(PICTURES[name]().svg())
    assert now == words
    moved = sum(abs(new - old) > 1 for new, old in zip(found, numbers, strict=True))
    assert moved <= len(numbers) / 20  # where errors of rounding are drawn, each libm has its own


def test_the_page_shows_every_picture() -> None:
    page = (DOCS / "figures.md").read_text("utf-8")
    assert all(f"]({name}.svg)" in page for name in PICTURES)


if __name__ == "__main__":
    for name, drawn in PICTURES.items():
        (DOCS / f"{name}.svg").write_text(drawn().svg(), "utf-8")
