"""How operations on arrays are written, and what their local partials are said to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from networks import MODELS, sweep_of

import adviz
from adviz.graph.graph import Graph
from adviz.language.notation import Tree, ascii_text, latex, unicode_text
from adviz.modes.trace import BACKWARD
from adviz.scene.chip_text import map_chip, travelling

SHAPES: dict[str, int | tuple[int, ...]] = {
    "A": (3, 2),
    "B": (2, 4),
    "S": (3, 3),
    "T": (5, 3, 2),
    "x": 2,
    "y": 3,
    "s": (),
}


def traced(function: Callable[..., Any]) -> Graph:
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    return adviz.build(function, shapes={name: SHAPES[name] for name in names}, arrays=True)


WRITTEN: Sequence[tuple[Callable[..., Any], str, str, tuple[str, ...]]] = (
    (lambda A, x: A @ x, "A x", "A @ x", ("v̄₁ xᵀ", "Aᵀ v̄₁")),
    (lambda A, B: A @ B, "A B", "A @ B", ("v̄₁ Bᵀ", "Aᵀ v̄₁")),
    (lambda A, y: y @ A, "Aᵀ y", "A.T @ y", ("A v̄₁", "y v̄₁ᵀ")),
    (lambda A, S: np.einsum("ij,ik->kj", A, S), "Sᵀ A", "S.T @ A", ("S v̄₁", "A v̄₁ᵀ")),
    (lambda x: x @ x, "xᵀ x", "x.T @ x", ("v̄₁ · x", "x · v̄₁")),
    (lambda x, y: np.outer(x, y), "x yᵀ", "x @ y.T", ("v̄₁ y", "v̄₁ᵀ x")),
    (lambda T, B: T @ B, "T B", "T @ B", ("v̄₁ Bᵀ", "einsum(T, v̄₁)")),
    (lambda A: np.einsum("ij,ij->", A, A), "einsum(A, A)", "einsum(A, A)", ("v̄₁ · A", "A · v̄₁")),
    (lambda A: A.T, "Aᵀ", "A.T", ("v̄₁ᵀ",)),
    (
        lambda T: T.transpose(2, 0, 1),
        "transpose(T, 2, 0, 1)",
        "transpose(T, 2, 0, 1)",
        ("transpose(v̄₁)",),
    ),
    (lambda x: x[0], "x[0]", "x[0]", ("scatter(v̄₁, at [0])",)),
    (lambda A: A[1:, [0, 1]], "A[1:, [0, 1]]", "A[1:, [0, 1]]", ("scatter(v̄₁, at [1:, [0, 1]])",)),
    (lambda A: A.sum(), "Σ(A)", "sum(A)", ("broadcast(v̄₁)",)),
    (lambda A: A.sum(axis=1), "Σ(A, axis 1)", "sum(A, axis 1)", ("broadcast(v̄₁)",)),
    (lambda T: T.sum(axis=(0, 2)), "Σ(T, axes 0, 2)", "sum(T, axes 0, 2)", ("broadcast(v̄₁)",)),
    (lambda A: A.max(axis=0), "max(A, axis 0)", "max(A, axis 0)", ("v̄₁ · [A = v₁]",)),
    (lambda A: A.reshape(6), "reshape(A, to (6,))", "reshape(A, to (6,))", ("reshape(v̄₁)",)),
    (
        lambda x, y: np.concatenate([x, y]),
        "concatenate(x, y)",
        "concatenate(x, y)",
        ("v̄₁[:2]", "v̄₁[2:]"),
    ),
    (lambda A, x: A * x, "A × x", "A*x", ("x", "Σ(v̄₁ · A)")),
    (lambda A, x: A - x, "A − x", "A - x", ("1", "Σ(−v̄₁)")),
)
"""Operations, as they are written and typed, and what their local partials do backwards."""


@pytest.mark.parametrize(
    ("function", "shown", "typed", "back"), WRITTEN, ids=[w[1] for w in WRITTEN]
)
def test_an_operation_is_written_as_in_a_book(
    function: Callable[..., Any], shown: str, typed: str, back: tuple[str, ...]
) -> None:
    graph = traced(function)
    (node,) = (n for n in range(len(graph)) if graph.args[n])
    assert unicode_text(graph.expression(node)) == shown
    assert ascii_text(graph.expression(node)).replace(" * ", "*") == typed
    maps = tuple(unicode_text(map_chip(graph, edge, "adjoint")) for edge in graph.edges)
    assert maps == back


def test_a_transpose_and_a_product_are_of_latex_too() -> None:
    graph = traced(lambda A, y: y @ A)
    assert latex(graph.expression(2)) == r"A^{\mathsf{T}} \, y"


def test_a_power_by_a_number_called_t_is_no_transpose() -> None:
    graph = adviz.build("x**T")
    assert unicode_text(graph.expression(2)) == "x^T"
    assert latex(graph.expression(2)) == "{x}^{T}"


def as_matrix(array: Any) -> Any:
    """Return an array as a matrix, a vector as a column."""
    array = np.asarray(array, dtype=float)
    return array.reshape(-1, 1) if array.ndim == 1 else array


def worked_out(part: Tree, known: Mapping[str, Any]) -> Any:
    """Return what a product of matrices comes to; None of anything else."""
    kind, *inside = part
    if kind in ("bar", "dot"):
        return known.get(f"{kind} {inside[0][1]}")
    if kind == "name":
        return known.get(inside[0])
    if kind == "group":
        return worked_out(inside[0], known)
    if kind == "power" and inside[1] == ("text", "T"):
        base = worked_out(inside[0], known)
        return None if base is None else base.T
    if kind == "row" and len(inside) == 3 and inside[1] in (("op", "@"), ("op", "·")):
        left, right = (worked_out(one, known) for one in inside[::2])
        if left is None or right is None:
            return None
        return left @ right if inside[1][1] == "@" else left * right
    return None


@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_what_a_map_is_said_to_do_it_does(mode: str) -> None:
    """Worked out as it stands there, it is what the sweep sent."""
    seen = 0
    for model in MODELS:
        trace = sweep_of(model, mode)
        graph = trace.graph
        known = {graph.symbols[n]: as_matrix(v) for n, v in enumerate(trace.values)}
        for step in trace.steps:
            if step.edge is None or graph.ops[step.edge.head] not in ("einsum", "transpose"):
                continue
            mark, end = ("bar", "head") if step.kind in BACKWARD else ("dot", "tail")
            symbol = graph.symbols[getattr(step.edge, end)]
            carried = {f"{mark} {symbol}": as_matrix(step.incoming)}
            found = worked_out(travelling(graph, step.edge, step.kind), {**known, **carried})
            if found is not None:
                seen += 1
                assert np.allclose(np.reshape(found, np.shape(step.product)), step.product), step
    assert seen > 15
