"""Families: each is the function it is said to be, and their counts follow known laws."""

from __future__ import annotations

import csv
import math
import random
import re
from collections.abc import Callable, Iterable, Mapping
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
import sympy

import adviz
from adviz import AdvizError, Family
from adviz.cli.families import Name
from adviz.comparison.classics import CLASSICS
from adviz.comparison.counts import written_out
from adviz.comparison.families import Row
from adviz.comparison.figures.chart import Chart
from adviz.comparison.figures.sizes import WRITTEN_OUT, _crossing

X = np.ndarray[Any, np.dtype[np.float64]]
SIZES = {"determinant": (2, 3, 4), "network": (2, 12), "perceptron": (1, 2, 3)}
FEW = (2, 3, 5)


def iterated(step: Callable[[Any], Any], times: int, x: Any) -> Any:
    for _ in range(times):
        x = step(x)
    return x


def helmholtz(n: int, x: X) -> float:
    one = np.arange(1, n + 1)
    matrix = 1 / (one[:, None] + one[None, :] - 1)
    b = np.round((1 + np.abs(np.sin(one - 1))) / 50, 6) @ x
    root = math.sqrt(2)
    entropy = float(np.sum(x * np.log(x / (1 - b))))
    quotient = (1 + (1 + root) * b) / (1 + (1 - root) * b)
    return float(0.0013625 * entropy - x @ matrix @ x / (math.sqrt(8) * b) * math.log(quotient))


def perceptron(n: int, x: X) -> float:
    """The weights come layer by layer and unit by unit, two and a bias; the output's last."""
    layers, (w1, w2, c) = x[:-3].reshape(n, 2, 3), x[-3:]
    held = np.array([0.5, -0.25])
    for layer in layers:
        held = np.tanh(layer[:, :2] @ held + layer[:, 2])
    return float((w1 * held[0] + w2 * held[1] + c - 0.75) ** 2)


def network(n: int, x: X) -> list[float]:
    def weights(rows: int) -> X:
        return np.array([[(i * j % 97 + 1) / 64 for j in range(1, 9)] for i in range(1, rows + 1)])

    held = x
    for _ in range(3):
        held = np.tanh(weights(8) @ held)
    return [float(y) for y in weights(n) @ held]


BY_HAND: Mapping[str, Callable[[int, X], Any]] = {
    "speelpenning": lambda n, x: float(np.prod(x)),
    "logistic": lambda n, x: iterated(lambda y: 4 * y * (1 - y), n - 1, float(x[0])),
    "rosenbrock": lambda n, x: float(np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)),
    "helmholtz": helmholtz,
    "perceptron": perceptron,
    "determinant": lambda n, x: float(np.linalg.det(x.reshape(n, n))),
    "composition": lambda n, x: iterated(math.sin, n, float(x[0])),
    "network": network,
}


def by_name(name: str) -> Family:
    return adviz.compare_family(name, SIZES.get(name, FEW))


# --- functions -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CLASSICS)
def test_a_family_is_the_function_that_it_is_said_to_be(name: str) -> None:
    draw = random.Random(name)
    for n in SIZES.get(name, FEW):
        graph = adviz.build(CLASSICS[name].made(n))
        names = (_by_layer if name == "perceptron" else sorted)(graph.inputs)
        x = np.array([draw.uniform(0.1, 0.9) for _ in names])
        at = dict(zip(names, map(float, x), strict=True))
        found = adviz.evaluate(graph, at)
        ours = [found.values[node] for node in graph.outputs.values()]
        assert ours == pytest.approx(np.atleast_1d(BY_HAND[name](n, x)).tolist(), rel=1e-10)


def _by_layer(names: Iterable[str]) -> list[str]:
    """Return the weights in order of layer and unit; those of the output last."""
    inner = [name for name in names if name[0] in "uvb"]
    ordered = sorted(inner, key=lambda name: (name[1:], "uvb".index(name[0])))
    return [*ordered, "w1", "w2", "c"]


def test_every_family_says_where_it_is_from() -> None:
    assert all(row.source and row.title and row.size for row in CLASSICS.values())
    assert {*BY_HAND} == {*CLASSICS}


def test_the_page_and_the_command_name_every_family() -> None:
    page = (Path(__file__).parents[2] / "docs/figures.md").read_text("utf-8")
    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == [*CLASSICS]
    (_, argument) = get_args(Name)
    assert re.split(r", | or ", argument.help.partition(";")[0]) == [*CLASSICS]


# --- counts --------------------------------------------------------------------------------------


def points(chart: Chart, name: str) -> list[float]:
    return [y for _, y in chart[name].points]


def test_the_swell_of_speelpenning_s_product_is_that_of_the_books() -> None:
    """Written out, n derivatives of n - 2 products; by AD 3n - 6 without the value (see counts)."""
    found = adviz.compare_family("speelpenning", range(2, 9)).swell()
    assert points(found, WRITTEN_OUT) == [max(n * (n - 2), 0) for n in range(2, 9)]
    assert points(found, "SymPy, as derived") == [n * (n - 2) for n in range(2, 9)]
    assert points(found, "AD, derivative graph") == [3 * n - 6 for n in range(2, 9)]
    assert points(found, "the function") == [n - 1 for n in range(2, 9)]


def test_a_composition_swells_as_the_chain_rule_says() -> None:
    """n cosines, of 0 to n - 1 sines each, and n - 1 products."""
    found = adviz.compare_family("composition", range(1, 8)).swell()
    law = [2 * n - 1 + n * (n - 1) // 2 for n in range(1, 8)]
    assert points(found, WRITTEN_OUT) == points(found, "SymPy, as derived") == law
    assert points(found, "AD, derivative graph") == [3 * n - 2 for n in range(1, 8)]


def test_a_family_of_sympy_expressions_is_written_out_as_the_published_trees() -> None:
    """Baydin et al. 2018 (JMLR 18), table 1: the operations of the map itself, by SymPy."""
    x = sympy.Symbol("x")
    family = adviz.compare_family(
        lambda n: iterated(lambda y: 4 * y * (1 - y), n - 1, x), range(2, 8)
    )
    trees = [written_out(family[n].graph).operations for n in family.sizes]
    assert trees == [3, 8, 18, 38, 78, 158]


@pytest.mark.parametrize("name", CLASSICS)
def test_a_graph_never_has_more_operations_than_its_trees(name: str) -> None:
    """All count the derivatives alone; what is shared is counted once."""
    found = by_name(name).swell()
    ours, trees = points(found, "AD, derivative graph"), points(found, WRITTEN_OUT)
    assert all(one <= other for one, other in zip(ours, trees, strict=True))
    assert found.caption.startswith("Operations of the derivatives at n = ")


def test_the_logistic_map_swells_as_a_tree_and_not_as_a_graph() -> None:
    """Each iterate has the one before twice: the tree doubles at least, the graph adds."""
    found = adviz.compare_family("logistic", range(2, 9)).swell()
    trees, ours = points(found, "SymPy, as derived"), points(found, "AD, derivative graph")
    assert all(late > 2 * early for early, late in pairwise(trees))
    assert [late - early for early, late in pairwise(ours)] == [7] * 6
    shared = points(found, "SymPy, after CSE")
    assert {late - early for early, late in pairwise(shared[2:])} == {12}


@pytest.mark.parametrize("name", [name for name in CLASSICS if name != "network"])
def test_reverse_mode_is_cheap_and_forward_mode_is_not_for_many_inputs(name: str) -> None:
    """Griewank & Walther, section 4.6: a gradient costs few evaluations, however many inputs."""
    family = by_name(name)
    found = family.costs()
    assert max(points(found, "reverse mode")) < 6
    forward = points(found, "forward mode")
    inputs = [len(family[n].wanted) for n in family.sizes]
    assert inputs[0] == inputs[-1] or forward == sorted({*forward})


def test_forward_and_reverse_cross_where_inputs_and_outputs_balance() -> None:
    found = adviz.compare_family("network", [4, 8, 9, 14]).costs()
    (mark,) = found.marks
    assert 8 < mark.x < 9 and mark.text == f"equal at n ≈ {mark.x:.3g}"
    forward, reverse = (points(found, name) for name in ("forward mode", "reverse mode"))
    below = [one > other for one, other in zip(forward, reverse, strict=True)]
    assert below == [True, True, False, False]
    assert f"They cost the same at n ≈ {mark.x:.3g}" in found.caption


def test_a_sweep_costs_what_depends_on_its_input() -> None:
    """Of 49 summands an input is in two: 50 sweeps cost far less than 50 evaluations."""
    found = adviz.compare_family("rosenbrock", [2, 50]).costs()
    assert points(found, "forward mode")[-1] < 50 / 4
    assert "a sweep for every input goes through what depends on it, a sweep back" in found.caption


def test_curves_cross_where_straight_lines_do() -> None:
    one, other = [(1, 0.0), (2, 4.0), (3, 4.0)], [(1, 1.0), (2, 1.0), (3, 6.0)]
    assert _crossing(one, other) == [(1.25, 1.0), (2.6, 4.0)]
    assert _crossing(one, one) == []
    assert _crossing(one, other[:2]) == [(1.25, 1.0)]


def test_a_thousand_iterates_are_counted_though_nothing_could_be_written_out() -> None:
    """A tree of 10⁶⁰¹ operations is no double: the rows have it, the figure does not."""
    family = adviz.compare_family("logistic", [4, 1000])
    found = family.swell()
    (_, size), (_, large) = found[WRITTEN_OUT].points
    assert size == 118 and 10**601 < large < 10**602
    assert "written out as trees: 5.74e601" in found.caption and str(large) in found.to_csv()
    found.svg()


def test_what_is_left_out_ends_early_and_is_said() -> None:
    family = adviz.compare_family("perceptron", [1, 2, 4])
    found = family.swell()
    assert [x for x, _ in found["SymPy, as derived"].points] == [1, 2]
    assert "SymPy, as derived and SymPy, after CSE would take too long" in found.caption
    assert "would take" not in adviz.compare_family("logistic", [2]).swell().caption
    (row,) = (one for one in family.rows if (one.size, one.way) == (4, "symbolic, as derived"))
    assert (row.operations, row.tree, row.ulps) == (None, None, None)
    axes = found.plot()
    assert {"SymPy, as derived …", "the function"} <= {text.get_text() for text in axes.texts}


def test_what_is_left_out_at_every_size_is_said_with_its_reason() -> None:
    found = adviz.compare_family("network", [2, 4]).swell()
    assert "SymPy, as derived" not in {curve.name for curve in found.curves}
    assert (
        "SymPy, as derived and SymPy, after CSE are left out: at n = 2 the formula written out has "
    ) in found.caption


def test_a_family_of_one_s_own_is_compared_at_points() -> None:
    family = adviz.compare_family(
        lambda n: lambda x: x**n, [3, 1, 3, 2], at=lambda n: {"x": 1.0 + n}
    )
    assert family.sizes == (1, 2, 3) and family.axis == "n"
    assert family[3].point == {"x": 4.0} and family[3]["reverse"].ulps == 0.0
    assert family[1].graph.outputs
    assert family.swell().x.label == "n"
    assert family.swell().title == "A family of yours: size of the derivatives"

    def chain(n: int) -> str:
        return "*".join(["x"] * n)

    assert adviz.compare_family(chain, [2]).title == "chain"


def test_a_function_that_costs_nothing_has_no_costs() -> None:
    found = adviz.compare_family(lambda n: "x", [1]).costs()
    assert (found.curves, found.caption) == ((), "There is nothing to compare.")
    found.svg()


def test_rows_come_back_from_the_table(tmp_path: Path) -> None:
    family = adviz.compare_family("speelpenning", [2, 3])
    text = family.to_csv(tmp_path / "f.csv")
    assert (tmp_path / "f.csv").read_text("utf-8") == text
    head, *rows = csv.reader(StringIO(text))
    assert tuple(head) == Row._fields
    assert [[*map(str, row)] for row in rows] == [
        ["" if cell is None else str(cell) for cell in row] for row in family.rows
    ]


REFUSED: tuple[tuple[Callable[[], Any], str], ...] = (
    (lambda: adviz.compare_family("spelpenning", [2]),
     "there is no family 'spelpenning'; families are speelpenning, logistic, rosenbrock, "),
    (lambda: adviz.compare_family(3, [2]), "there is no family 3"),  # type: ignore[arg-type]
    (lambda: adviz.compare_family("logistic", 3),  # type: ignore[arg-type]
     "sizes = 3; it is several whole numbers, such as range(2, 8)"),
    (lambda: adviz.compare_family("logistic", []), "sizes = []; it is 1 to 1000 whole numbers"),
    (lambda: adviz.compare_family("logistic", range(2, 10**15)),
     "sizes = range(2, 1000000000000000); it is 1 to 1000 whole numbers"),
    (lambda: adviz.compare_family("logistic", [2.5]),  # type: ignore[list-item]
     "size = 2.5 must be a whole number from 1 on"),
    (lambda: adviz.compare_family("logistic", [1, 2]), "size = 1; it is from 2 to 10000"),
    (lambda: adviz.compare_family("determinant", [2, 40]), "size = 40; it is from 2 to 12"),
    (lambda: adviz.compare_family("logistic", [2], at={"x": 1}),  # type: ignore[arg-type]
     "at = {'x': 1}; it is a callable that takes a size, or None"),
    (lambda: adviz.compare_family("logistic", [2, 3])[5], "there is no size 5; sizes are 2, 3"),
)  # fmt: skip


@pytest.mark.parametrize(("call", "words"), REFUSED, ids=[words for _, words in REFUSED])
def test_what_is_wrong_is_said(call: Callable[[], Any], words: str) -> None:
    with pytest.raises(AdvizError) as caught:
        call()
    assert words in str(caught.value)
