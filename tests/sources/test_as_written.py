"""Code as people write it is traced as it stands: its value and its gradient are the function's.

`python tests/pages.py` writes the tables of docs/language.md anew, which list what is read.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import as_written
import numpy as np
import pytest
import scipy.linalg
import scipy.spatial
import scipy.stats
from as_written import FAMILIES, POINT, WEIGHTS
from scipy import special

import adviz
from adviz.errors import TracingError
from adviz.sources.tracing.array_functions import COMPOSED, FUNCTIONS
from adviz.sources.tracing.array_functions.refused import REASONS, REFUSED

Callee = Callable[..., Any]
SCENARIOS = [
    pytest.param(function, id=f"{family}: {name}")
    for family, scenarios in FAMILIES.items()
    for name, function in scenarios.items()
]
STENCIL = ((1, 3 / 4), (2, -3 / 20), (3, 1 / 60))
"""Central differences of sixth order (Fornberg 1988, table 1)."""


def slopes(function: Callee, point: Any, step: float = 4e-3) -> Iterator[float]:
    """Yield the derivative by each element of a function of a vector of floats."""
    for i in range(len(point)):
        unit = np.eye(len(point))[i] * step
        around = (
            weight * (float(function(point + k * unit)) - float(function(point - k * unit)))
            for k, weight in STENCIL
        )
        yield sum(around) / step


@pytest.mark.parametrize("function", SCENARIOS)
def test_code_as_written_is_the_function(function: Callee) -> None:
    point = np.array(POINT)
    traced = adviz.reverse(adviz.build(function, shapes={"x": 4}), at={"x": point})
    assert traced.value == pytest.approx(float(function(point.copy())), rel=1e-12)
    expected = list(slopes(lambda x: function(x.copy()), point))
    assert list(traced.gradient.values()) == pytest.approx(expected, rel=1e-8, abs=1e-8)


# --- options -------------------------------------------------------------------------------------

A, B = np.arange(1.0, 25.0).reshape(2, 3, 4) ** 0.9, np.cos(np.arange(12.0)).reshape(3, 4)
V, W = np.array([0.7, 1.3, 0.4, 2.1]), np.array([1.0, 2.0, 3.0, 4.0])
OPTIONS: tuple[tuple[str, tuple[Any, ...], dict[str, Any]], ...] = (
    ("np.average", (A,), {"axis": 1, "weights": [1.0, 2.0, 3.0]}),
    ("np.average", (A,), {"axis": 0, "weights": [1.0, 2.0], "keepdims": True}),
    ("np.average", (B,), {"weights": B**2}),
    ("np.bincount", ([0, 2, 2, 1],), {"weights": V, "minlength": 6}),
    ("np.clip", (V, 1.0, None), {}),
    ("np.clip", (V,), {"min": W / 4, "max": 1.5}),
    ("np.clip", (V, -np.inf, 1.0), {}),
    ("np.corrcoef", (B,), {"rowvar": False}),
    ("np.count_nonzero", (B > 0,), {"axis": 1}),
    ("np.cov", (B,), {"bias": True}),
    ("np.cov", (B,), {"rowvar": False, "ddof": 0}),
    ("np.cov", (B, B**2), {}),
    ("np.cov", (V,), {}),
    ("np.geomspace", (1.0, 100.0, 4), {"endpoint": False}),
    ("np.interp", ([-1.0, 0.0, 0.5, 1.0, 9.0], [0.0, 1.0, 2.0], [1.0, 5.0, 2.0]), {}),
    ("np.interp", ([-1.0, 2.0, 9.0], [0.0, 1.0, 2.0], [1.0, 5.0, 2.0]), {"left": 7, "right": 8}),
    ("np.linspace", (1.0, 2.0), {"num": 7, "endpoint": False}),
    ("np.linspace", (1.0, 2.0, 1), {}),
    ("np.linspace", (1.0, 2.0, 0), {}),
    ("np.linspace", (V, W, 5), {}),
    ("np.linspace", (1.0, 2.0, 5), {"retstep": True}),
    ("np.logspace", (0.0, 2.0, 4), {"base": 2.0}),
    ("np.linalg.matrix_norm", (A,), {"keepdims": True}),
    ("np.linalg.matrix_norm", (A,), {"ord": np.inf}),
    ("np.linalg.matrix_power", (B[:3, :3], 5), {}),
    ("np.linalg.matrix_power", (A[0, :, 1:] ** 2, -2), {}),
    ("np.linalg.norm", (A,), {}),
    ("np.linalg.norm", (A,), {"axis": (0, 2)}),
    ("np.linalg.norm", (A, 1), {"axis": (2, 1), "keepdims": True}),
    ("np.linalg.norm", (A, np.inf), {"axis": (0, 1)}),
    ("np.linalg.norm", (A, 3), {"axis": 1, "keepdims": True}),
    ("np.linalg.norm", (B,), {"keepdims": True}),
    ("np.linalg.norm", (B[:1],), {"axis": 0}),
    ("np.linalg.vector_norm", (A,), {"axis": (0, 2), "ord": 1}),
    ("np.linalg.vector_norm", (A,), {"axis": (0, 2), "keepdims": True}),
    ("np.linalg.vector_norm", (A,), {"keepdims": True}),
    ("np.nanstd", (A,), {"axis": (0, 2), "ddof": 1, "keepdims": True}),
    ("np.piecewise", (V, [V < 1, V > 0.5], [1.0, lambda t: t**2]), {}),
    ("np.polyadd", (V, W[:2]), {}),
    ("np.polyder", (V, 2), {}),
    ("np.polyint", (V, 2), {"k": [1.0, 2.0]}),
    ("np.polysub", (W[:2], V), {}),
    ("np.select", ([V < 1, V < 2], [V, W]), {"default": 9.0}),
    ("np.std", (A,), {"axis": -1, "ddof": 1}),
    ("np.var", (A,), {"axis": (0, 2), "keepdims": True}),
    ("np.vecdot", (A, B), {"axis": -1}),
    ("scipy.linalg.cholesky", (np.eye(3) + 0.2,), {"lower": True}),
    ("scipy.linalg.norm", (B, 1), {"axis": 1, "keepdims": True}),
    ("scipy.spatial.distance.cdist", (A[0], B, "minkowski"), {"p": 3}),
    ("scipy.spatial.distance.cdist", (A[0], B, "cosine"), {}),
    ("scipy.spatial.distance.pdist", (B, "cityblock"), {}),
    ("scipy.special.log_softmax", (A,), {"axis": (1, 2)}),
    ("scipy.special.logsumexp", (A,), {"axis": (0, 2), "keepdims": True}),
    ("scipy.special.logsumexp", (B,), {"axis": -1, "b": [1.0, 2.0, 3.0, 4.0]}),
    ("scipy.special.softmax", (A,), {"axis": 0}),
    ("scipy.stats.entropy", (A, A**2), {"axis": 1}),
    ("scipy.stats.entropy", (A,), {"base": 2}),
    ("scipy.stats.gamma.logpdf", (V, 2.0, 0.1, 3.0), {}),
    ("scipy.stats.gamma.pdf", (V,), {"a": 2.0, "scale": 3.0}),
    ("scipy.stats.gmean", (A,), {"axis": 1}),
    ("scipy.stats.hmean", (A,), {"axis": 1}),
    ("scipy.stats.norm.cdf", (V, 0.5, 2.0), {}),
    ("scipy.stats.norm.logcdf", (np.array([-5.0, 0.1, 9.0]),), {}),
    ("scipy.stats.norm.pdf", (V,), {"scale": 2.0, "loc": 0.5}),
    ("scipy.stats.zscore", (A,), {"axis": None, "ddof": 1}),
)


@pytest.mark.parametrize(
    ("name", "args", "options"),
    OPTIONS,
    ids=[f"{name} {i}" for i, (name, *_) in enumerate(OPTIONS)],
)
def test_a_row_has_the_options_of_the_librarys_function(
    name: str, args: tuple[Any, ...], options: dict[str, Any]
) -> None:
    library = resolve_name(name.replace("np.", "numpy.", 1))
    found, expected = FUNCTIONS[name](*args, **options), library(*args, **options)
    for ours, theirs in (
        zip(found, expected, strict=True) if isinstance(expected, tuple) else [(found, expected)]
    ):
        assert np.shape(ours) == np.shape(theirs)
        assert np.asarray(ours, dtype=float) == pytest.approx(np.asarray(theirs), rel=1e-13)


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_graph_can_be_made_of_is_refused_by_its_full_name(name: str) -> None:
    function = resolve_name(name.replace("np.", "numpy.", 1))
    words = f"{re.escape(name)} .*line \\d+ of the lambda.*; {re.escape(REASONS[name][1])}"
    with pytest.raises(TracingError, match=words):
        adviz.build(lambda x: function(x), shapes={"x": (3, 3)})


MISTAKES: Mapping[str, tuple[Callee, str]] = {
    "too large": (
        lambda x: np.linalg.inv(np.tile(x, (40, 10))).sum(),
        r"np.linalg.inv of 40 rows would be too many operations .*at most 20",
    ),
    "not square": (
        lambda x: np.linalg.det(np.outer(x, x)[:2]),
        r"np.linalg.det needs one square matrix, not the shape \(2, 4\); line \d+",
    ),
    "a stack of matrices": (
        lambda x: np.linalg.det(np.stack([np.outer(x, x)] * 2)).sum(),
        r"np.linalg.det needs one square matrix, not the shape \(2, 4, 4\)",
    ),
    "a spectral norm": (
        lambda x: np.linalg.norm(np.outer(x, x), 2),
        "np.linalg.norm of order 2 over 2 axes needs singular values .*'fro', 1, -1",
    ),
    "a norm that is none": (
        lambda x: np.linalg.norm(x, "fro"),
        "np.linalg.norm of order 'fro' does not exist for vectors",
    ),
    "an option": (
        lambda x: scipy.spatial.distance.euclidean(x, WEIGHTS, w=WEIGHTS),
        "scipy.spatial.distance.euclidean cannot be traced so: .*'w'; line",
    ),
    "what is left out of a variance": (
        lambda x: np.var(x, where=[True, True, False, True]),
        "np.var cannot be traced so: .*'where'",
    ),
    "whole numbers between two ends": (
        lambda x: np.linspace(x[0], x[1], 5, dtype=int).sum(),
        "np.linspace cannot be traced so: .*'dtype'",
    ),
    "a transposed system": (
        lambda x: scipy.linalg.solve(np.outer(x, x), x, transposed=True).sum(),
        "scipy.linalg.solve cannot be traced so: .*'transposed'",
    ),
    "a metric": (
        lambda x: scipy.spatial.distance.cdist(x.reshape(2, 2), x.reshape(2, 2), "jaccard").sum(),
        "the metric 'jaccard' cannot be traced .*; there are euclidean, sqeuclidean",
    ),
    "weights of any sign": (
        lambda x: special.logsumexp(x, b=[1, -1, 1, 1]),
        "scipy.special.logsumexp can be traced with positive constant weights b",
    ),
    "the grid of a gradient": (
        lambda x: np.gradient(WEIGHTS, x).sum(),
        "np.gradient can be traced in its argument 1 alone",
    ),
    "a period": (
        lambda x: np.interp(x, [0, 1.0], [0, 1.0], period=2).sum(),
        "np.interp with a period cannot be traced",
    ),
    "too many pieces": (
        lambda x: np.piecewise(x, [x < 1], [1, 2, 3]).sum(),
        "np.piecewise has 1 conditions and 3 functions",
    ),
    "a constant array filled": (
        lambda x: np.add.at(WEIGHTS, [0], x[0]),
        "np.add.at cannot put traced values into an array that was not made in the traced function",
    ),
    "a function of SciPy": (
        lambda x: scipy.linalg.expm(np.outer(x, x)).sum(),
        r"scipy.linalg.expm cannot be traced; line \d+ of the lambda .*docs/language.md lists",
    ),
    "a ufunc of SciPy": (
        lambda x: special.betainc(x[0], x[1], 0.5),
        "scipy.special.betainc has no derivative here",
    ),
    "a method of a distribution": (
        lambda x: scipy.stats.norm.ppf(x / 3).sum(),
        "scipy.stats.norm.ppf cannot be traced",
    ),
    "a mean of another length": (
        lambda x: scipy.stats.multivariate_normal.pdf(x, [0.0]),
        r"vectors as long as its mean, 1, not for the shape \(4,\)",
    ),
}


@pytest.mark.parametrize(("function", "words"), MISTAKES.values(), ids=MISTAKES)
def test_what_cannot_be_traced_is_named_in_full(function: Callee, words: str) -> None:
    with pytest.raises(TracingError, match=words):
        adviz.build(function, shapes={"x": 4})


# --- what must be right where it is delicate -----------------------------------------------------


def test_logsumexp_is_smooth_where_its_terms_are_equal() -> None:
    trace = adviz.reverse(adviz.build(special.logsumexp, shapes={"a": 3}), at={"a": [1e3] * 3})
    assert trace.value == pytest.approx(1000 + np.log(3), rel=1e-15)
    assert list(trace.gradient.values()) == pytest.approx([1 / 3] * 3, rel=1e-15)
    assert set(trace.status) == {"ok"}


@pytest.mark.parametrize("shift", [0.0, 700.0, -700.0])
def test_softmax_neither_overflows_nor_vanishes(shift: float) -> None:
    graph = adviz.build(lambda x: special.softmax(x)[0], shapes={"x": 3})
    found = adviz.gradient(graph, at={"x": [shift, shift + 1, shift + 2]})
    p = special.softmax([0.0, 1.0, 2.0])
    assert list(found.values()) == pytest.approx([p[0] - p[0] ** 2, -p[0] * p[1], -p[0] * p[2]])


def test_a_permutation_is_inverted_without_a_pivot() -> None:
    swapped = np.eye(4)[::-1]
    graph = adviz.build(
        lambda x: np.linalg.solve(swapped + np.outer(x, x), WEIGHTS).sum(), shapes={"x": 4}
    )
    expected = np.linalg.solve(swapped + np.outer(POINT, POINT), WEIGHTS).sum()
    assert adviz.evaluate(graph, at={"x": POINT}).value == pytest.approx(expected, rel=1e-13)


# --- the tables of docs/language.md --------------------------------------------------------------

PAGE = Path(__file__).parents[2] / "docs/language.md"
BLOCK = re.compile(r"(?<=<!-- generated -->\n\n).*?(?=\n<!-- written by hand -->)", re.S)


def _aliases(tree: ast.Module) -> dict[str, str]:
    """Return what the imported names of a module stand for."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.Import):
            for one in node.names:
                root = one.name.partition(".")[0]
                found[one.asname or root] = one.name if one.asname else root
        elif isinstance(node, ast.ImportFrom):
            found.update({a.asname or a.name: f"{node.module}.{a.name}" for a in node.names})
    return found


def _written(node: ast.expr) -> str:
    """Return a name with its attributes, or an empty text for any other expression."""
    if isinstance(node, ast.Name):
        return node.id
    inner = _written(node.value) if isinstance(node, ast.Attribute) else ""
    return f"{inner}.{node.attr}" if inner and isinstance(node, ast.Attribute) else ""


def read() -> dict[str, list[str]]:
    """Return the functions of libraries that each family of scenarios brings, in full.

    What a scenario only does to constants does not count.
    """
    tree = ast.parse(Path(str(as_written.__file__)).read_text("utf-8"))
    aliases = _aliases(tree)
    helpers = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    found: dict[str, list[str]] = {}
    seen = set(REFUSED)
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Dict):
            names = set(_functions(_scenarios(node.value, helpers), aliases)) - seen
            found[_written(node.target)] = sorted(names)
            seen |= names
    return {family: names for family, names in found.items() if family != "FAMILIES"}


def _scenarios(table: ast.Dict, helpers: Mapping[str, ast.AST]) -> Iterator[ast.AST]:
    """Yield the code of the scenarios of a table, and that of the functions they name."""
    for key, scenario in zip(table.keys, table.values, strict=True):
        if "constants" not in ast.unparse(key or scenario):
            yield scenario
            named = (node for node in ast.walk(scenario) if isinstance(node, ast.Name))
            yield from (helpers[node.id] for node in named if node.id in helpers)


def _functions(parts: Iterator[ast.AST], aliases: Mapping[str, str]) -> Iterator[str]:
    """Yield the full names of the functions of NumPy and SciPy that code names."""
    for node in (node for part in parts for node in ast.walk(part)):
        written = _written(node) if isinstance(node, ast.Name | ast.Attribute) else ""
        root, _, rest = written.partition(".")
        name = ".".join(filter(None, (aliases.get(root, ""), rest)))
        if name.partition(".")[0] in ("numpy", "scipy") and callable(resolve_name(name)):
            yield re.sub("^numpy", "np", name)


def tables() -> str:
    """Return what is read, by family, and what is refused, by reason."""
    families = {id(scenarios): name for name, scenarios in FAMILIES.items()}
    rows = [
        f"| {families[id(getattr(as_written, table))]} | {_listed(names)} |"
        for table, names in read().items()
    ]
    refused = [
        f"| {_listed(list(names))} | {why}; {cure} |"
        for (why, cure), names in groupby(REASONS, REASONS.__getitem__)
    ]
    lines = ["| what | functions that are read |", "|---|---|", *rows, ""]
    return "\n".join([*lines, "| refused | why, and what works |", "|---|---|", *refused]) + "\n"


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def test_every_row_has_a_scenario() -> None:
    read_so_far = {name for names in read().values() for name in names}
    assert not {*FUNCTIONS, *COMPOSED} - read_so_far - set(REFUSED)


def test_the_page_lists_what_is_read_and_what_is_refused() -> None:
    assert tables() in PAGE.read_text("utf-8")


if __name__ == "__main__":
    PAGE.write_text(BLOCK.sub(lambda _: tables(), PAGE.read_text("utf-8")), "utf-8")
