"""SymPy's derivatives of a graph: as formulas, and as numbers of any system."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache

from adviz.checking.truth.budget import swept_work, work
from adviz.graph.graph import Graph
from adviz.graph.procedure import is_lazy
from adviz.language.labels import Key
from adviz.modes import symbolic
from adviz.modes.fast.jacobian import swept, values_at
from adviz.modes.fast.written_out import WrittenOut
from adviz.modes.sympy_partials import Expression, local_derivative, with_sympy_partials
from adviz.numbers import Number, Numbers
from adviz.numbers.rules import Function
from adviz.primitives import TABLE, Primitive

LARGEST_WORK = 1_500
"""The most operations times inputs that are differentiated as one expression: `sympy.diff` takes a
millisecond and more for each, longer than all the rest of a check."""


def formulas(graph: Graph, wanted: tuple[str, ...]) -> dict[Key, tuple[Graph, str]]:
    """Return SymPy's derivatives, each as a graph and the output that holds it.

    There are none where that would be too much work.
    """
    whole = (
        symbolic.differentiated(graph, wanted, LARGEST_WORK // max(len(wanted), 1))
        if wanted
        else None
    )
    return {
        Key(label, name): (slopes, output)
        for label, slopes in (whole[1] if whole else {}).items()
        for name, output in zip(wanted, slopes.outputs, strict=True)
    }


def given_out(graph: Graph, wanted: tuple[str, ...]) -> dict[Key, Expression]:
    """Return the expressions that `adviz.symbolic` gives a user, where there are formulas."""
    if not formulas(graph, wanted):
        return {}
    made = symbolic.given_out(graph, wanted, LARGEST_WORK // len(wanted))
    return {Key(label, name): one for label, parts in made.items() for name, one in parts.items()}


def derivatives(
    graph: Graph, numbers: Numbers, point: Mapping[str, Number], wanted: tuple[str, ...]
) -> dict[Key, Number]:
    """Return what SymPy's derivatives are at a point, in a number system.

    Where they would be too much work as formulas, the derivative of each primitive is SymPy's.

    >>> import adviz
    >>> from adviz.numbers import EXACT
    >>> derivatives(adviz.build("x/y"), EXACT, {"x": 1, "y": 3}, ("x",))
    {Key(output='f', input='x'): Fraction(1, 3)}
    """
    made = formulas(graph, wanted)
    if not made:
        return swept(graph, with_sympys(numbers), point, wanted, "reverse") if wanted else {}
    graphs = {slopes for slopes, _ in made.values()}
    found = {slopes: values_at(slopes, numbers, point) for slopes in graphs}
    return {key: found[slopes][slopes.outputs[label]] for key, (slopes, label) in made.items()}


def derivatives_work(graph: Graph, wanted: tuple[str, ...], digits: int) -> int:
    """Return what `derivatives` takes with so many digits, in the units of a budget.

    >>> import adviz
    >>> derivatives_work(adviz.build("x/y"), ("x",), 50)
    4
    """
    graphs = {slopes for slopes, _ in formulas(graph, wanted).values()}
    written = sum(work(slopes, digits) for slopes in graphs)
    return written if graphs else swept_work(graph, len(graph.outputs), digits)


@dataclass(frozen=True, eq=False)
class _Sympys(Numbers):
    """As `with_sympy_partials` makes them, without a sweep for every partial."""

    def partial(self, row: Primitive, position: int) -> Function:
        """Return SymPy's derivative of a row by one argument."""
        key = (row.name, f"SymPy's {position}")
        if key not in self._bound:
            self._bound[key] = self._local(row, position)
        return self._bound[key]

    def _local(self, row: Primitive, position: int) -> Function:
        places, slope = _slope(row, position) if not row.chooses else ([], None)
        if slope is None:
            return with_sympy_partials(self).partial(row, position)
        (output,) = slope.outputs.values()
        values = WrittenOut(slope, "values", ()).function(self)

        def partial(*arguments: Number) -> Number:
            return values(*[arguments[place] for place in places])[0][output]

        return partial


@lru_cache(maxsize=16)
def with_sympys(numbers: Numbers) -> Numbers:
    """Return a number system for single points whose local partials are SymPy's.

    >>> import adviz
    >>> from adviz.numbers import FLOAT64
    >>> with_sympys(FLOAT64).partial(adviz.primitives.TABLE["mul"], 0)(3.0, 2.0, 6.0)
    2.0
    """
    return _Sympys(**{field.name: getattr(numbers, field.name) for field in fields(Numbers)})


@lru_cache(maxsize=1024)
def _slope(row: Primitive, position: int) -> tuple[list[int], Graph | None]:
    """Return SymPy's derivative as a graph, and which arguments are its inputs.

    None where a branch has to be taken.
    """
    from adviz.sources.sympy import from_sympy

    dummies, derivative = local_derivative(row, position)
    slope = from_sympy([derivative], TABLE)
    names = [dummy.name for dummy in dummies]
    return [names.index(name) for name in slope.inputs], None if is_lazy(slope) else slope
