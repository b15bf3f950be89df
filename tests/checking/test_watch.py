"""A recorded pass, whoever recorded it: its graph, its numbers, and what differs."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import adviz
from adviz.checking.recording.recorded import Arrival, Operation, Pass, Silence
from adviz.errors import AdvizError

X, Y = np.float32(3), np.float32(2)


def made(**changed: Any) -> adviz.Recording:
    """Return (x·y)·(x·y), as if a framework had gone back through it with its own rule for it."""
    product = X * Y
    one = np.float32(1)
    square = Arrival(3, 0, one, "SquareBackward", 2 * product, 2 * product)
    recorded = Pass(
        "a framework",
        [
            Operation("", (), X, "x"),
            Operation("", (), Y, "y"),
            Operation(
                "mul",
                (0, 1),
                product,
                "a",
                lambda reading, x, y: reading.apply("mul", x, y),
                "line 1 of f",
            ),
            Operation(
                "square", (2,), product**2, "", lambda reading, x: reading.apply("mul", x, x)
            ),
        ],
        {3: one},
        [
            square,
            Arrival(2, 0, 2 * product, Y, 2 * product * Y, 2 * product * Y),
            Arrival(2, 1, 2 * product, X, 2 * product * X, 2 * product * X),
        ],
        {3: one, 2: 2 * product, 0: 2 * product * Y, 1: 2 * product * X},
    )
    return adviz.Recording([replace(recorded, **changed)])


def test_a_pass_is_a_trace_of_its_own_numbers() -> None:
    trace = made().trace
    assert trace.graph.ops == ("input", "input", "mul", "square")
    assert trace.gradient == {"x": 24, "y": 36}
    assert all(type(one) is np.float32 for one in trace.gradient.values())
    assert trace.graph.describe(2) == "node a = x * y, line 1 of f"
    assert [str(step.partial) for step in trace.steps if step.edge] == [
        "SquareBackward(·)",
        "2.0",
        "3.0",
    ]
    assert repr(made()) == "<Recording of a framework: 1 backward pass, 3 contributions>"


def test_the_film_of_a_recorded_trace_ends_with_its_last_number() -> None:
    film = adviz.animate(made().trace)
    assert film.scene.frames[-1].kind == "contribution"
    with pytest.raises(AdvizError, match="not for what was recorded of a framework"):
        adviz.animate(made().trace, symbolic=True)


def test_a_graph_with_operations_of_a_framework_is_drawn(tmp_path: Path) -> None:
    adviz.draw(made().graph).save(tmp_path / "graph.svg")
    adviz.animate(made()).save(tmp_path / "film.html")
    assert len(list(tmp_path.iterdir())) == 2


def test_a_table_shows_what_was_recorded() -> None:
    rows = adviz.table(made()).as_rows()
    assert [(row["value"], row["adjoint"]) for row in rows] == [(3, 24), (2, 36), (6, 12), (36, 1)]


def test_right_numbers_do_not_differ() -> None:
    assert not made().differences
    assert not made().unjudged


def test_a_wrong_number_differs_where_it_was_sent() -> None:
    arrivals = list(made().passes[0].arrivals)
    arrivals[1] = arrivals[1]._replace(product=np.float32(-24), total=np.float32(-24))
    recording = made(arrivals=arrivals, received={3: X / X, 2: X * Y * 2, 0: -X * 8, 1: X * 12})
    assert [repr(one) for one in recording.differences] == ["<Difference: mul sent x −24, not 24>"]
    scene = adviz.animate(recording).scene
    assert [mark.note for mark in scene.marks.values()] == ["−24, not 24"]


def test_what_was_not_sent_differs() -> None:
    before = made().passes[0]
    recording = made(arrivals=before.arrivals[:2], silent=[Silence(2, 1, np.float32(12))])
    assert [one.note for one in recording.differences] == ["nothing, not 36"]


def test_what_has_no_meaning_is_an_operation_with_a_name() -> None:
    operations = [replace(one, meaning=None) for one in made().passes[0].operations]
    recording = made(operations=operations)
    assert recording.graph.ops == ("input", "input", "mul_2", "square")
    assert recording.unjudged == ["square", "mul"]
    assert adviz.animate(recording).scene.frames


def test_a_rule_of_the_authors_own_is_a_node_of_its_own() -> None:
    operations = list(made().passes[0].operations)
    operations[2] = replace(operations[2], label="Product", ruled=True)
    recording = made(operations=operations)
    assert recording.graph.ops[2] == "Product"
    assert not recording.unjudged


def test_an_operation_that_is_something_else_is_not_judged() -> None:
    operations = list(made().passes[0].operations)
    operations[3] = replace(operations[3], meaning=lambda reading, x: reading.apply("add", x, x))
    assert made(operations=operations).unjudged == ["square"]


def test_names_that_are_taken_are_counted() -> None:
    operations = [replace(one, name="h") for one in made().passes[0].operations]
    assert list(made(operations=operations).graph.names) == ["h", "h_2", "h_3", "h_4"]


def test_an_empty_recording_says_what_to_do() -> None:
    recording = adviz.Recording([])
    assert repr(recording) == "<Recording: no backward pass>"
    with pytest.raises(AdvizError, match=r"call loss\.backward\(\) inside adviz\.watching\(\)"):
        adviz.table(recording)


def test_a_missing_framework_is_one_error_that_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    words = r"watching\(\) watches PyTorch; install it with: pip install 'adviz-graph\[peers\]'"
    with pytest.raises(AdvizError, match=words), adviz.watching():
        raise AssertionError("not begun")


def test_a_function_of_no_framework_is_refused() -> None:
    with pytest.raises(AdvizError, match="watch takes a function of PyTorch or JAX"):
        adviz.watch(lambda x: x * x, 3.0)
