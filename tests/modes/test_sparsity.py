"""Patterns, colours, compressed derivatives: what is left out is 0, the rest is the same."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest
from corpus import CORPUS, Formula
from hypothesis import given
from samples import cases

import adviz
from adviz.calculus.place import Place
from adviz.compiler.targets import TARGETS
from adviz.errors import AdvizError, DomainError, PointError
from adviz.modes.derivative_graph import derived
from adviz.modes.sparsity.greedy import star
from adviz.modes.sparsity.pattern import Matrix, Sparsity, Sweep
from adviz.modes.sparsity.propagation import reaching

MATRICES: Mapping[Matrix, Callable[..., dict[str, dict[str, Any]]]] = {
    "jacobian": adviz.jacobian,
    "hessian": adviz.hessian,
}
RUNNING = [target.name for target in TARGETS]


def chain(terms: Sequence[str]) -> str:
    return " + ".join(terms)


def rosenbrock(count: int) -> str:
    """Rosenbrock's function as More, Garbow & Hillstrom (1981) extend it, each term in the next."""
    names = [f"x{k}" for k in range(count)]
    terms = [f"(1 - {x})**2 + 100*({y} - {x}**2)**2" for x, y in pairwise(names)]
    return f"f({', '.join(names)}) = {' + '.join(terms)}"


def banded(size: int, width: int) -> dict[str, str]:
    """Each output of so many neighbouring inputs."""
    return {f"f{k}": chain([f"sin(x{j})" for j in range(k, k + width)]) for k in range(size)}


def arrowhead(size: int) -> str:
    """One input that meets all others."""
    return chain(["h**2", *(f"h*x{k}**2" for k in range(size))])


def tridiagonal(size: int) -> dict[str, str]:
    """Broyden's tridiagonal function: problem 30 of More, Garbow & Hillstrom (1981)."""
    inner = range(2, size)
    return {
        "f1": "(3 - 2*x1)*x1 - 2*x2 + 1",
        **{f"f{k}": f"(3 - 2*x{k})*x{k} - x{k - 1} - 2*x{k + 1} + 1" for k in inner},
        f"f{size}": f"(3 - 2*x{size})*x{size} - x{size - 1} + 1",
    }


def point(graph: adviz.Graph, formula: Formula | None = None, seed: int = 1) -> dict[str, float]:
    draw, ranges = random.Random(seed), formula.ranges if formula else {}
    return {name: draw.uniform(*ranges.get(name, (0.2, 0.9))) for name in graph.inputs}


def pairs(pattern: Sparsity) -> set[tuple[str, str]]:
    return {(row, name) for row, names in pattern.names.items() for name in names}


def nonzeros(matrix: Mapping[str, Mapping[str, float]]) -> set[tuple[str, str]]:
    return {(row, name) for row, line in matrix.items() for name, x in line.items() if x != 0}


def inside(matrix: Mapping[str, Mapping[str, Any]], pattern: Sparsity) -> list[Any]:
    return [matrix[row][name] for row, names in pattern.names.items() for name in names]


def listed(matrix: Mapping[str, Mapping[str, Any]]) -> list[Any]:
    return [number for row in matrix.values() for number in row.values()]


# --- patterns ------------------------------------------------------------------------------------

CANCELLED = {
    "running example": "(x + y)*(x - y) is x**2 - y**2",
    "running example, named": "the same",
    "quadrant test": "one branch is taken on the axes alone",
    "goldman": "two products of the same partials cancel",
}
"""Formulas in which numbers cancel that the graph keeps apart: there a pattern is too large."""
MANY = 60
"""So many points take every branch of the formulas of the corpus."""


@pytest.mark.parametrize("kind", MATRICES)
@pytest.mark.parametrize("formula", CORPUS[::3], ids=lambda formula: formula.name)
def test_a_pattern_is_what_is_not_zero_somewhere(formula: Formula, kind: Any) -> None:
    graph = adviz.build(formula.text)
    pattern, found = adviz.sparsity(graph, kind), set[tuple[str, str]]()
    for seed in range(MANY):
        found |= nonzeros(MATRICES[kind](graph, point(graph, formula, seed)))
        assert found <= pairs(pattern)
        if found == pairs(pattern):
            return
    assert formula.name in CANCELLED


@given(cases())
def test_what_a_pattern_leaves_out_is_zero_on_random_graphs(case: Any) -> None:
    graph, at, *_ = case
    for kind, matrix in MATRICES.items():
        assert nonzeros(matrix(graph, at, errors="ieee")) <= pairs(adviz.sparsity(graph, kind))


PATTERNS = {
    "a product": ("hessian", "x*y", "·×\n×·"),
    "a sum": ("hessian", "x + y", "··\n··"),
    "a power that is a product": ("hessian", "x**2 + y**1", "×·\n··"),
    "a quotient": ("hessian", "x/y", "·×\n××"),
    "a constant denominator": ("hessian", "x/3 + y", "··\n··"),
    "pieces": ("hessian", "floor(x)*y + abs(x) + max(x, y)", "··\n··"),
    "a branch": ("hessian", "where(x > y, x*x, y)", "×·\n··"),
    "what cancels in a node": ("jacobian", "(x - x)*y + y", "·×"),
    "floor lets nothing pass": ("jacobian", "floor(x) + y", "·×"),
    "an output that is an input": ("jacobian", {"p": "x", "q": "y", "r": "2"}, "×·\n·×\n··"),
}


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_is_read_off_the_rows(name: str) -> None:
    kind, source, signs = PATTERNS[name]
    printed = str(adviz.sparsity(source, kind))  # type: ignore[arg-type]  # words of a table
    assert [line[1:].replace(" ", "") for line in printed.splitlines()] == signs.splitlines()


@pytest.mark.parametrize("formula", CORPUS[::3], ids=lambda formula: formula.name)
def test_a_kernel_s_gradient_depends_on_what_the_pattern_says(formula: Formula) -> None:
    """A program's slopes are read with the colours of the graph's: neither may reach further."""
    graph = adviz.build(formula.text)
    slopes = adviz.compile(graph, "gradient", target="python").program
    (label, *labels), names = slopes.results, [*slopes.parameters]
    swept = reaching(
        slopes, [slopes.inputs[n] for n in names], [slopes.outputs[label] for label in labels]
    )
    pattern = adviz.sparsity(graph, "hessian")
    numbers = range(len(names))
    wanted = {(names[i], names[j]) for i in numbers for j in numbers if swept[i] >> j & 1}
    assert label in graph.outputs
    assert wanted <= pairs(pattern)


def test_wrt_and_of_choose_columns_and_rows() -> None:
    source = {"p": "x*y", "q": "y*z"}
    assert str(adviz.sparsity(source, wrt=["x", "z"])) == "p  × ·\nq  · ×"
    assert str(adviz.sparsity(source, of="q")) == "q  · × ×"
    assert str(adviz.sparsity(source, "hessian", of="q", wrt=["z", "y"])) == "y  · ×\nz  × ·"
    assert adviz.sparsity("7").shape == (1, 0)


def test_a_large_pattern_is_linear_and_needs_no_recursion() -> None:
    assert sys.getrecursionlimit() < 20_000
    graph = adviz.build("\n".join(["x0 = x", *(f"x{k} = sin(x{k - 1})" for k in range(1, 20_000))]))
    assert adviz.sparsity(graph, "hessian").nnz == 1


# --- colours -------------------------------------------------------------------------------------

COUNTS = {
    "a band of 3": (banded(30, 3), "jacobian", None, 3),
    "a band of 5": (banded(30, 5), "jacobian", "forward", 5),
    "a band of 5 by rows": (banded(30, 5), "jacobian", "reverse", 5),
    "Broyden's tridiagonal function": (tridiagonal(20), "jacobian", None, 3),
    "a gradient": (chain([f"x{k}**2" for k in range(9)]), "jacobian", None, 1),
    "a curve": ({f"f{k}": f"x**{k + 1}" for k in range(9)}, "jacobian", None, 1),
    "one input of all": ({f"f{k}": f"h*x{k}" for k in range(9)}, "jacobian", "forward", 2),
    "a diagonal": (chain([f"x{k}**3" for k in range(9)]), "hessian", None, 1),
    "Rosenbrock's tridiagonal Hessian": (rosenbrock(50), "hessian", None, 3),
    "an arrowhead": (arrowhead(40), "hessian", None, 2),
    "full": ("*".join(f"x{k}" for k in range(8)), "hessian", None, 8),
}
"""Matrices with the fewest colours that there are: Gebremedhin, Manne & Pothen (2005), sections 3
to 5; a path over four vertices needs three colours in a star colouring, an arrowhead two."""


@pytest.mark.parametrize("name", COUNTS)
def test_matrices_have_the_fewest_colours_that_there_are(name: str) -> None:
    source, kind, mode, count = COUNTS[name]
    colouring = adviz.sparsity(source, kind).colouring(mode)  # type: ignore[arg-type]  # words of a table
    assert len(colouring.groups) == count
    assert sorted(one for group in colouring.groups for one in group) == sorted(colouring.coloured)


def random_lines(height: int, width: int, seed: int) -> list[tuple[int, ...]]:
    draw = random.Random(seed)
    return [
        tuple(sorted(draw.sample(range(width), draw.randint(0, min(4, width)))))
        for _ in range(height)
    ]


def symmetric(lines: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    whole = {(i, j) for k, line in enumerate(lines) for m in line for i, j in ((k, m), (m, k))}
    return [tuple(sorted(j for i, j in whole if i == row)) for row in range(len(lines))]


def patterns(seed: int) -> Iterator[Sparsity]:
    """Yield a random pattern of either kind."""
    rows, columns = (tuple(f"{letter}{k}" for k in range(15)) for letter in "fx")
    yield Sparsity("jacobian", rows[:11], columns, tuple(random_lines(11, 15, seed)))
    yield Sparsity("hessian", columns, columns, tuple(symmetric(random_lines(15, 15, seed))))


def products(pattern: Sparsity, dense: Any) -> tuple[Sweep, Sweep]:
    """Return the products of a matrix, and of its transpose, with seeds by name."""

    def product(rows: Sequence[str], columns: Sequence[str], matrix: Any) -> Any:
        return lambda seeds: {
            row: sum(seeds[n] * x for n, x in zip(columns, line, strict=True) if n in seeds)
            for row, line in zip(rows, matrix, strict=True)
        }

    there, back = (pattern.rows, pattern.columns), (pattern.columns, pattern.rows)
    return product(*there, dense), product(*back, dense.T)


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_every_nonzero_is_read_where_it_stands_alone(seed: int, mode: Any) -> None:
    draw = np.random.default_rng(seed)
    for pattern in patterns(seed):
        dense = pattern.matrix(draw.uniform(1, 2, pattern.nnz)).toarray()
        if pattern.kind == "hessian":
            dense += dense.T
        wanted = [dense[place] for place in pattern.places]
        assert pattern.colouring(mode).computed(*products(pattern, dense), 1) == wanted


@pytest.mark.parametrize("seed", range(25))
def test_two_colours_meet_in_stars(seed: int) -> None:
    lines = symmetric(random_lines(15, 15, seed))
    near = [{*line} - {own} for own, line in enumerate(lines)]
    colours = star(lines)
    for a, b in combinations(range(len(lines)), 2):
        if b in near[a]:
            assert colours[a] != colours[b]
            for before in near[a] - {b}:
                for after in near[b] - {a, before}:
                    path = {colours[k] for k in (before, a, b, after)}
                    assert len(path) > 2


UNMET: Mapping[str, tuple[Any, Matrix, tuple[tuple[str, ...], ...]]] = {
    "a linear function's Hessian": ("x + y", "hessian", ()),
    "an input that is linear": ("x**2 + y", "hessian", (("x",),)),
    "constants": ({"p": "2", "q": "3"}, "jacobian", ()),
    "a row of nothing": ({"p": "2", "q": "x", "r": "floor(x)"}, "jacobian", (("q",),)),
    "a column of nothing": (
        {"p": "x + h + 0*floor(y)", "q": "z + h", "r": "w + h"},
        "jacobian",
        (("x", "z", "w"), ("h",)),
    ),
}


@pytest.mark.parametrize("name", UNMET)
def test_what_is_zero_throughout_takes_no_sweep(name: str) -> None:
    source, kind, groups = UNMET[name]
    graph = adviz.build(source)
    pattern = adviz.sparsity(graph, kind)
    assert pattern.colouring().groups == groups
    at = point(graph)
    wanted = inside(MATRICES[kind](graph, at), pattern)
    assert listed(MATRICES[kind](graph, at, sparse=True)) == wanted
    for target in RUNNING:
        try:
            kernel = adviz.compile(graph, f"sparse_{kind}", target=target)
        except AdvizError as error:
            assert "a flat loop computes" in str(error)
            continue
        assert listed(kernel(at)[1]) == wanted
        if at:
            many = np.array([[*at.values()]] * 2)
            assert kernel.vector(many)[1].shape == (2, pattern.nnz)


def test_without_a_sweep_a_point_outside_the_domain_is_refused() -> None:
    with pytest.raises(DomainError, match="log is undefined at -1"):
        adviz.jacobian("floor(log(x))", {"x": -1}, sparse=True)


# --- what is computed ----------------------------------------------------------------------------


@pytest.mark.parametrize("formula", CORPUS[1::3], ids=lambda formula: formula.name)
def test_compressed_derivatives_are_the_dense_ones(formula: Formula) -> None:
    graph = adviz.build(formula.text)
    at = point(graph, formula)
    for kind, matrix in MATRICES.items():
        pattern, dense = adviz.sparsity(graph, kind), matrix(graph, at)
        found = matrix(graph, at, sparse=True)
        assert {row: tuple(line) for row, line in found.items()} == pattern.names
        wanted = inside(dense, pattern)
        least = 1e-12 * max(map(abs, [*wanted, 1.0]))
        assert listed(found) == pytest.approx(wanted, rel=1e-11, abs=least)


@pytest.mark.parametrize("mode", ["reverse", "forward", "symbolic"])
@pytest.mark.parametrize("source", [banded(6, 2), tridiagonal(7), {"p": "x*y", "q": "2"}, "3"])
def test_every_mode_gives_the_sparse_jacobian(source: Any, mode: Any) -> None:
    graph = adviz.build(source)
    at, pattern = point(graph), adviz.sparsity(graph)
    found = adviz.jacobian(graph, at, mode=mode, sparse=True)
    assert listed(found) == pytest.approx(inside(adviz.jacobian(graph, at), pattern), rel=1e-14)
    assert [*found] == [*graph.outputs]


def test_other_arithmetics_and_many_points_are_compressed_too() -> None:
    graph = adviz.build(tridiagonal(6))
    at = point(graph)
    precise = adviz.jacobian(graph, at, sparse=True, digits=40)
    assert listed(precise) == inside(adviz.jacobian(graph, at, digits=40), adviz.sparsity(graph))
    graph = adviz.build(rosenbrock(6))
    arrays = {name: np.linspace(0.5, 2, 5) for name in graph.inputs}
    many = adviz.hessian(graph, arrays, sparse=True)
    whole = adviz.hessian(graph, arrays)
    for row, line in many.items():
        for name, numbers in line.items():
            assert np.allclose(numbers, whole[row][name], rtol=1e-13)


def test_a_large_jacobian_takes_a_sweep_a_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    graph, swept, sweep = adviz.build(tridiagonal(40)), list[object](), Place.forward

    def counted(place: Place, seeds: Mapping[str, Any]) -> Any:
        swept.append(seeds)
        return sweep(place, seeds)

    monkeypatch.setattr(Place, "forward", counted)
    monkeypatch.setattr("adviz.calculus.place.faster", lambda *_: None)
    adviz.jacobian(graph, point(graph), mode="forward", sparse=True)
    assert len(swept) == 3


def test_a_kink_that_is_none_of_the_function_is_mended() -> None:
    found = adviz.hessian("abs(x)**2 + y", {"x": 0, "y": 1}, sparse=True)
    assert found == {"x": {"x": 2.0}, "y": {}}


# --- kernels -------------------------------------------------------------------------------------

SOURCES: Mapping[str, tuple[str, Any]] = {
    "Broyden": ("sparse_jacobian", tridiagonal(9)),
    "a band, by columns": ("sparse_jacobian", {f"f{k}": f"x{k}*h" for k in range(5)} | {"g": "x1"}),
    "nothing": ("sparse_jacobian", {"p": "2 + 0*floor(x)"}),
    "Rosenbrock": ("sparse_hessian", rosenbrock(9)),
    "an arrowhead": ("sparse_hessian", arrowhead(6)),
    "a branch": ("sparse_hessian", "where(x > y, x*x*z, log(y))"),
    "linear": ("sparse_hessian", "x + 2*y"),
}


@pytest.mark.parametrize("target", RUNNING)
@pytest.mark.parametrize("name", SOURCES)
def test_a_kernel_s_nonzeros_are_the_dense_entries(name: str, target: str) -> None:
    kind, source = SOURCES[name]
    graph = adviz.build(source)
    try:
        kernel = adviz.compile(graph, kind, target=target)
    except AdvizError as error:
        assert "a flat loop computes" in str(error)
        return
    pattern, at = kernel.sparsity, point(graph)
    assert pattern == adviz.sparsity(graph, kind.removeprefix("sparse_"))  # type: ignore[arg-type]
    wanted = inside(MATRICES[pattern.kind](graph, at), pattern)
    (_, called), (_, array) = kernel(at), kernel.vector(np.array([*at.values()]))
    assert called == pattern.by_name(listed(called))
    assert listed(called) == pytest.approx(wanted, rel=1e-13)
    assert array.tolist() == listed(called)
    several = np.array([[*at.values()], [2 * x for x in at.values()]])
    _, rows = kernel.vector(several)
    assert rows.shape == (2, pattern.nnz)
    assert rows[0].tolist() == pytest.approx(wanted, rel=1e-13)


@pytest.mark.parametrize("formula", CORPUS[2::3], ids=lambda formula: formula.name)
def test_a_kernel_of_every_formula_has_the_entries_of_the_sweeps(formula: Formula) -> None:
    graph = adviz.build(formula.text)
    at = point(graph, formula)
    for kind, matrix in MATRICES.items():
        kernel = adviz.compile(graph, f"sparse_{kind}", target="python")
        wanted = inside(matrix(graph, at), adviz.sparsity(graph, kind))
        least = 1e-12 * max(map(abs, [*wanted, 1.0]))
        assert listed(kernel(at)[1]) == pytest.approx(wanted, rel=1e-10, abs=least)


def test_a_kernel_computes_a_mixed_derivative_once() -> None:
    kernel = adviz.compile(rosenbrock(100), "sparse_hessian")
    assert kernel.sparsity is not None
    assert kernel.sparsity.nnz == 298
    assert len(kernel.results) == 1 + 100 + 99
    assert len(kernel.function(*[0.5] * 100)) == 200


def test_a_long_program_of_second_derivatives_is_machine_code() -> None:
    """LLVM takes no longer for it than Python's compiler, and it runs forty times as fast."""
    pytest.importorskip("llvmlite", reason="MISSING EXTRA: llvmlite is not installed")
    kernel = adviz.compile(rosenbrock(300), "sparse_hessian")
    assert len(kernel.program) > 4_000
    assert kernel.target == "native"


def test_only_kernels_that_leave_something_out_have_a_pattern() -> None:
    assert adviz.compile("x*y", "hessian").sparsity is None


def test_where_nothing_is_finite_the_sweeps_decide() -> None:
    kernel = adviz.compile({"p": "sqrt(x)", "q": "log(y)"}, "sparse_jacobian")
    assert kernel(x=0.0, y=1.0)[1] == {"p": {"x": float("inf")}, "q": {"y": 1.0}}
    with pytest.raises(DomainError, match="log is undefined at -1"):
        kernel(x=1.0, y=-1.0)


# --- words ---------------------------------------------------------------------------------------


def test_a_pattern_shows_itself() -> None:
    pattern = adviz.sparsity({"p": "x*y", "long": "y"})
    assert str(pattern) == "p     × ×\nlong  · ×"
    assert repr(pattern) == "<Sparsity of a jacobian: 3 of 2×2>"
    assert str(adviz.sparsity(rosenbrock(41), "hessian")) == "<Sparsity of a hessian: 121 of 41×41>"


def test_a_matrix_of_scipy_takes_either_form() -> None:
    pattern = adviz.sparsity({"p": "x*y", "q": "y*z"})
    dense = [[1.0, 2.0, 0.0], [0.0, 3.0, 4.0]]
    named = {"p": {"x": 1.0, "y": 2.0}, "q": {"y": 3.0, "z": 4.0}}
    assert pattern.matrix([1.0, 2.0, 3.0, 4.0]).toarray().tolist() == dense
    assert pattern.matrix(named).toarray().tolist() == dense
    with pytest.raises(AdvizError, match="3 numbers for the 4 nonzeros of <Sparsity of a jacobian"):
        pattern.matrix([1.0, 2.0, 3.0])


def test_without_scipy_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.sparse", None)
    with pytest.raises(AdvizError, match=r"pip install 'adviz-graph\[scipy\]'"):
        adviz.sparsity("x*y").matrix([1.0, 2.0])


REFUSED: Mapping[str, tuple[Callable[[], object], type[AdvizError], str]] = {
    "a kind": (
        lambda: adviz.sparsity("x", "gradient"),  # type: ignore[arg-type]
        AdvizError,
        "there is no sparsity of kind 'gradient'; kinds are jacobian, hessian",
    ),
    "an output": (
        lambda: adviz.sparsity("x", of="g"),
        AdvizError,
        "there is no output 'g'; outputs are f",
    ),
    "an input": (
        lambda: adviz.sparsity("x", wrt="y"),
        PointError,
        "wrt: there is no input 'y'; inputs are x",
    ),
    "several outputs": (
        lambda: adviz.sparsity({"p": "x", "q": "x"}, "hessian"),
        AdvizError,
        "a Hessian is of one output: of= one of p, q",
    ),
    "a mode": (
        lambda: adviz.sparsity("x").colouring("symbolic"),  # type: ignore[arg-type]
        AdvizError,
        "there is no mode 'symbolic'; modes are forward, reverse",
    ),
    "a mode of a sparse Jacobian": (
        lambda: adviz.jacobian("x", {"x": 1}, mode="backward", sparse=True),  # type: ignore[arg-type]
        AdvizError,
        "there is no mode 'backward'; modes are reverse, forward, symbolic",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_fit_is_refused_in_words(name: str) -> None:
    ask, error, words = REFUSED[name]
    with pytest.raises(error) as caught:
        ask()
    assert str(caught.value) == words


def test_a_gradient_s_slopes_have_the_names_that_colours_are_read_by() -> None:
    graph = adviz.build({"f": "x**2", "df/dx": "x"})
    slope, called = derived(graph, "f", ["x"])
    assert called["f", "x"] in slope.outputs
    assert adviz.hessian(graph, {"x": 3}, of="f", sparse=True) == {"x": {"x": 2.0}}
