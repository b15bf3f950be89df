"""SymPy's derivative of each primitive, as the local partials of the same sweeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from functools import lru_cache
from typing import Any

from adviz.graph.graph import Graph
from adviz.modes.evaluation import evaluated
from adviz.numbers import Number, Numbers
from adviz.numbers.rules import Function
from adviz.primitives import TABLE, Primitive

Expression = Any
"""A SymPy expression."""


@lru_cache(maxsize=1024)
def local_derivative(row: Primitive, position: int) -> tuple[list[Expression], Expression]:
    """Return SymPy's derivative of one primitive, on dummy symbols of its arguments."""
    import sympy

    dummies, whole = on_dummies(row)
    return dummies, sympy.diff(whole, dummies[position])


def on_dummies(row: Primitive) -> tuple[list[Expression], Expression]:
    """Return a row in SymPy, applied to dummy symbols."""
    import sympy

    from adviz.numbers.symbols import SYMBOLS

    rows = TABLE if TABLE.get(row.name) is row else {**TABLE, row.name: row}
    dummies = [sympy.Dummy(name) for name in row.args]
    return dummies, SYMBOLS.over(rows).function(row.name)(*dummies)


class _Differentiated(Numbers):
    """Numbers whose local partials come from SymPy instead of the table."""

    def partial(self, row: Primitive, position: int) -> Function:
        """Return SymPy's derivative of a row by one argument; of a choice by its branch, 1."""
        if row.chooses:
            return lambda *_: self.constant(1)
        dummies, slope = _as_graph(row, position)
        function = as_function(dummies, slope, self)
        return lambda *arguments: function(*arguments[:-1])[0]


@lru_cache(maxsize=1024)
def _as_graph(row: Primitive, position: int) -> tuple[list[Expression], Graph]:
    """Return SymPy's derivative of one primitive as a graph of the table's own rows."""
    from adviz.sources.sympy import from_sympy

    dummies, derivative = local_derivative(row, position)
    return dummies, from_sympy([derivative], TABLE)


def with_sympy_partials(numbers: Numbers) -> Numbers:
    """Return a number system whose local partials are SymPy's, for the same sweeps."""
    return _Differentiated(
        **{field.name: getattr(numbers, field.name) for field in fields(numbers)}
    )


def as_function(symbols: Sequence[Expression], slopes: Graph, numbers: Numbers) -> Function:
    """Return SymPy's expressions, read as a graph, as a function over any number system.

    The graph is only evaluated. `sympy.lambdify` would do it in text, but its `cse=True` is wrong
    for unevaluated products, and without it a shared subexpression is computed again and again.
    """
    names = {symbol.name: place for place, symbol in enumerate(symbols)}
    places = {name: names[name] for name in slopes.inputs}

    def at(*point: Number) -> tuple[Number, ...]:
        found = evaluated(slopes, numbers, {name: point[k] for name, k in places.items()})
        return tuple(found[node] for node in slopes.outputs.values())

    return at


def local_on(row: Primitive, position: int, arguments: Sequence[Expression]) -> Expression:
    """Return SymPy's derivative of one primitive at the given arguments.

    A polynomial of negative order is 0, as the other ones of SymPy's are; Laguerre's it refuses.
    """
    import sympy

    dummies, derivative = local_derivative(row, position)
    put = dict(zip(dummies, arguments, strict=True))
    for polynomial in derivative.atoms(sympy.laguerre, sympy.assoc_laguerre):
        if polynomial.args[0].xreplace(put).is_negative:
            put[polynomial] = sympy.S.Zero
    return derivative.xreplace(put)
