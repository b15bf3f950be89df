"""Second derivatives that somebody claims: a Hessian, or its products with vectors.

Either becomes a claim about the derivatives of the first derivatives, row by row, and is judged as
a gradient is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adviz.checking.verdicts.calling import called, elements, parameters_of
from adviz.checking.verdicts.claim import Claim, formula_of
from adviz.checking.verdicts.claimed_parts import (
    arguments_of,
    counted,
    flat,
    is_sequence,
    is_sympy,
    number,
    split,
    spread,
)
from adviz.checking.verdicts.compiled import compiled, is_kernel
from adviz.errors import AdvizError
from adviz.graph.graph import Graph
from adviz.language.labels import Key
from adviz.modes.fast.jacobian import values_at
from adviz.numbers import FLOAT64

Curvature = Any
"""As a gradient, but a matrix: a callable, or formulas by input and input."""
HESSIAN, PRODUCT = "Hessian", "Hessian-vector product"
_LINEAR = 1e-3
"""How far the product with a sum may be from the sum of the products, relatively."""


def claimed_hessian(
    graph: Graph, hessian: Curvature, wanted: Sequence[str], first: Mapping[str, Key]
) -> Claim:
    """Return what a Hessian claims; `first` are the first derivatives by their labels.

    It is a matrix, or a mapping by input of rows, which are sequences or mappings by input; with
    several outputs a mapping of these by output. A callable is called as a gradient is.

    Raises AdvizError where an entry is missing or uses something that is no input.

    >>> import adviz
    >>> first = {"df/dx": Key("f", "x")}
    >>> claimed_hessian(adviz.build("x**3"), "6*x", ["x"], first).at({"x": 2.0}).numbers
    {Key(output='df/dx', input='x'): 12.0}
    """
    keys = tuple(Key(label, name) for label in first for name in wanted)
    if is_kernel(hessian):
        hessian = compiled(hessian, tuple(graph.inputs), HESSIAN)
    if callable(hessian) and not is_sympy(hessian):
        rows = _Rows(graph, hessian, tuple(wanted), dict(first))
        return Claim(graph, keys, rows, None, HESSIAN)
    made = _laid_out(graph, first, wanted, list(graph.inputs), hessian)
    parts = {key: made[key.output][key.input] for key in keys}
    return Claim(graph, keys, None, formula_of(graph.inputs, parts, HESSIAN), HESSIAN)


def claimed_product(
    graph: Graph, product: Curvature, wanted: Sequence[str], first: Mapping[str, Key]
) -> Claim:
    """Return what a Hessian-vector product claims, asked along one input after the other.

    A callable is called with the inputs and then the direction: an array with a number for each
    input, shaped as a single vector argument is; where it has two parameters and the function
    several inputs, these come as one array too. It returns a mapping by input, or numbers in the
    same order. A formula, or formulas by input, have the direction as `x_dot` for an input `x`.

    Raises AdvizError for several outputs, and where the product is not linear in the direction.

    >>> import adviz
    >>> first = {"df/dx": Key("f", "x")}
    >>> claimed_product(adviz.build("x**3"), "6*x*x_dot", ["x"], first).at({"x": 2.0}).numbers
    {Key(output='df/dx', input='x'): 12.0}
    """
    if len(graph.outputs) > 1:
        raise AdvizError(f"hvp= is of one output; there are {', '.join(graph.outputs)}")
    along = _Along(graph, _function(graph, product, wanted), tuple(wanted), dict(first))
    keys = tuple(Key(label, name) for label in first for name in wanted)
    return Claim(graph, keys, along, None, PRODUCT)


def _function(graph: Graph, product: Curvature, wanted: Sequence[str]) -> Callable[..., Any]:
    """Return a product as a function of all inputs and a direction."""
    from adviz.compiler.kinds import KINDS

    seeds = KINDS["hvp"].seeds(graph, list(graph.outputs), list(graph.inputs))
    inputs = (*graph.inputs, *seeds)
    if is_kernel(product):
        return compiled(product, inputs, PRODUCT)
    if callable(product) and not is_sympy(product):
        function: Callable[..., Any] = product
        return function
    parts = split("input", spread(graph, product), wanted, list(graph.inputs), PRODUCT)
    formula = formula_of(inputs, {Key("f", name): parts[name] for name in wanted}, PRODUCT)
    numbers = FLOAT64.over(formula.rows)

    def evaluated(*at: Any) -> dict[str, Any]:
        point = dict(zip(inputs, map(float, flat(at)), strict=True))
        found = values_at(formula, numbers, point)
        return {name: found[formula.outputs[str(Key("f", name))]] for name in wanted}

    return evaluated


@dataclass(frozen=True)
class _Rows:
    """A Hessian that a function gives, as rows by first derivative."""

    graph: Graph
    function: Callable[..., Any]
    wanted: tuple[str, ...]
    first: Mapping[str, Key]

    def __call__(self, *at: Any) -> dict[str, dict[str, Any]]:
        """Return the rows at a point, by first derivative and input."""
        found = called(
            self.graph, self.function, dict(zip(self.graph.inputs, flat(at), strict=True))
        )
        order = elements(self.graph, self.function)
        return _laid_out(self.graph, self.first, self.wanted, order, found)


class _Along:
    """The columns of a Hessian, each asked for as its product with one direction."""

    def __init__(
        self,
        graph: Graph,
        product: Callable[..., Any],
        wanted: tuple[str, ...],
        first: Mapping[str, Key],
    ) -> None:
        self.graph, self.product, self.wanted, self.first = graph, product, wanted, first
        named = arguments_of(graph)
        self.whole = len(named) == 1 and next(iter(named)) in (graph.vectors or {})
        both = len(parameters_of(product) or ()) == 2
        self.joined = both and len(named) > 1

    def __call__(self, *at: Any) -> dict[str, dict[str, Any]]:
        """Return the columns at a point, by first derivative and input."""
        columns = {name: self._column(at, {name: 1.0}) for name in self.wanted}
        self._linear(at, columns)
        return {
            label: {name: columns[name][key.input] for name in self.wanted}
            for label, key in self.first.items()
        }

    def _column(self, at: Sequence[Any], direction: Mapping[str, float]) -> dict[str, Any]:
        """Return the product with a direction, by input."""
        import numpy as np

        along = np.array([direction.get(name, 0.0) for name in self.graph.inputs])
        if self.whole:
            along = along.reshape(at[0].shape)
        here = [np.array(flat(at))] if self.joined else at
        found = self.product(*here, along)
        if hasattr(found, "detach"):
            found = found.detach()
        inputs = list(self.graph.inputs)
        return split("input", spread(self.graph, found), self.wanted, inputs, PRODUCT)

    def _linear(self, at: Sequence[Any], columns: Mapping[str, Mapping[str, Any]]) -> None:
        """Refuse a product that is not linear: no Hessian has it."""
        weights = {name: k * (-1.0) ** (k + 1) for k, name in enumerate(self.wanted, 2)}
        together = self._column(at, weights)
        for name in self.wanted:
            part = f"part for {name}"
            parts = [weights[by] * number(PRODUCT, part, columns[by][name]) for by in self.wanted]
            found, size = number(PRODUCT, part, together[name]), sum(map(abs, parts))
            if abs(found - sum(parts)) > _LINEAR * size:
                told = ", ".join(f"{by} = {weight:g}" for by, weight in weights.items())
                raise AdvizError(
                    f"the Hessian-vector product is not linear in the direction: along {told} its "
                    f"part for {name} is {found:.6g}, and {sum(parts):.6g} by its columns"
                )


# --- matrices ------------------------------------------------------------------------------------


def _laid_out(
    graph: Graph,
    first: Mapping[str, Key],
    wanted: Sequence[str],
    order: Sequence[str],
    result: Any,
) -> dict[str, dict[str, Any]]:
    """Return the entries of a Hessian by first derivative and input."""
    labels = list(graph.outputs)
    whole = split("output", result, labels, labels, HESSIAN) if len(labels) > 1 else result
    found: dict[str, dict[str, Any]] = {}
    matrices = {
        label: _matrix(graph, wanted, order, whole[label] if len(labels) > 1 else whole)
        for label in labels
    }
    for label, key in first.items():
        row = matrices[key.output][key.input]
        names = [name for name in order if name in wanted]
        found[label] = split("input", spread(graph, row), names, order, HESSIAN)
    return found


def _matrix(
    graph: Graph, wanted: Sequence[str], order: Sequence[str], whole: Any
) -> dict[str, Any]:
    """Return the rows of a matrix by input."""
    if hasattr(whole, "detach"):
        whole = whole.detach()
    if is_sympy(whole) and hasattr(whole, "tolist"):
        whole = whole.tolist()
    names = [name for name in order if name in wanted]
    if isinstance(whole, Mapping):
        return split("input", _blocks_in_rows(graph, whole), names, order, HESSIAN)
    if any(isinstance(row, Mapping) for row in (whole if is_sequence(whole) else ())):
        return split("input", whole, names, order, HESSIAN)
    entries = flat(whole)
    for rows in (names, order):
        if len(entries) == len(rows) ** 2:
            width = len(rows)
            return {name: entries[k * width : (k + 1) * width] for k, name in enumerate(rows)}
    raise AdvizError(
        f"the Hessian {counted(entries)}; it needs {len(names) ** 2}, one for each pair of "
        f"{', '.join(names)}"
    )


def _blocks_in_rows(graph: Graph, whole: Mapping[str, Any]) -> dict[str, Any]:
    """Return a mapping by argument as one by input: the block of a vector becomes its rows."""
    rows: dict[str, Any] = {}
    for name, block in whole.items():
        names = (graph.vectors or {}).get(name) if name not in graph.inputs else None
        if names is None:
            rows[name] = block
            continue
        for k, part in enumerate(names):
            rows[part] = (
                {by: _row(piece, k, len(names)) for by, piece in block.items()}
                if isinstance(block, Mapping)
                else _row(block, k, len(names))
            )
    return rows


def _row(block: Any, k: int, count: int) -> list[Any]:
    """Return one of so many rows of a block, whatever its shape."""
    entries = flat(block)
    width = len(entries) // count
    return entries[k * width : (k + 1) * width]
