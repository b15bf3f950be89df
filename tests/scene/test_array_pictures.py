"""Pictures, films and tables of graphs with arrays: they are made, and say what they hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from networks import drawn, graph_of

import adviz


@pytest.fixture(scope="module")
def trace() -> adviz.Trace:
    graph = graph_of("perceptron")
    return adviz.reverse(graph, drawn(graph, 1))


def test_a_table_shows_the_first_numbers_and_the_sizes(trace: adviz.Trace) -> None:
    text = str(adviz.table(trace))
    assert "(3×2 numbers)" in text and "einsum(W₁, x)" in text and "points" not in text


@pytest.mark.parametrize("suffix", ["md"])
def test_a_film_is_made(trace: adviz.Trace, suffix: str, tmp_path: Path) -> None:
    adviz.animate(trace).save(tmp_path / f"film.{suffix}")
    assert (tmp_path / f"film.{suffix}").stat().st_size > 1000


def test_a_local_partial_that_is_a_map_is_called_as_one(trace: adviz.Trace, tmp_path: Path) -> None:
    adviz.draw(trace, around="h").save(tmp_path / "drawing.svg")
    drawing = (tmp_path / "drawing.svg").read_text("utf-8")
    assert "einsum(·, y)" in drawing and "Map object" not in drawing


def test_a_seed_that_is_an_array_is_told(tmp_path: Path) -> None:
    graph = graph_of("attention")
    swept = adviz.reverse(graph, drawn(graph, 2), np.ones((3, 2)))
    adviz.animate(swept).save(tmp_path / "film.html")


def test_a_long_sweep_of_arrays_is_not_told_part_by_part() -> None:
    def deep(x: Any) -> Any:
        for _ in range(200):
            x = np.tanh(x) * 1.1
        return x.sum()

    graph = adviz.build(deep, shapes={"x": 2}, arrays=True)
    assert adviz.draw(graph) is not None
    with pytest.raises(adviz.AdvizError, match="cannot be read"):
        adviz.draw(adviz.reverse(graph, {"x": [1, 2]}))
    with pytest.raises(adviz.AdvizError, match="finds arrays cannot be drawn part by part"):
        adviz.draw(adviz.reverse(graph, {"x": [1, 2]}), boxes=10)


def test_an_exercise_is_of_numbers(trace: adviz.Trace) -> None:
    with pytest.raises(adviz.AdvizError, match=r"adviz\.expand\(graph\)"):
        adviz.exercise(trace)
