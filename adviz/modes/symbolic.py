"""Symbolic mode: SymPy's own derivatives, never the table's partials.

Form (a) differentiates the whole expression, whose size and that of its derivatives are counted
first, on the graph (`extent`). Form (b) differentiates each primitive once, on dummy symbols, and
chains the results as assignments along the graph: linear in the graph, and still SymPy's
derivatives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal

from adviz.errors import AdvizError, DomainError, GraphError, TooLarge
from adviz.graph.graph import Graph
from adviz.graph.sameness import remembered
from adviz.language.asked import among, shown
from adviz.modes.assignments import assignments, chained
from adviz.modes.building import build, of_numbers
from adviz.modes.extent import LARGEST_TREE, reached_by, refuse_too_large, sums
from adviz.modes.linear import origins
from adviz.modes.point import broadcaster
from adviz.modes.run import Run
from adviz.modes.sympy_partials import Expression, as_function
from adviz.modes.verbs import wanted_inputs
from adviz.numbers import Number, Numbers
from adviz.numbers.given import whole
from adviz.sources import Source


def symbolic(
    source: Source,
    *,
    form: Literal["expression", "assignments"] = "expression",
    wrt: str | Sequence[str] | None = None,
    largest: int = LARGEST_TREE,
    verify: bool = True,
) -> Any:
    """Return SymPy's derivatives: `{input: expression}`, by output when there are several.

    `form="assignments"` gives them as a program whose size is that of the graph. Raises TooLarge,
    at once, when the whole expression would have more than `largest` operations. `verify=False`
    does not compare a callable with its graph.

    >>> import adviz
    >>> adviz.symbolic("(x + y)*(x - y)")
    {'x': 2*x, 'y': -2*y}
    """
    graph = of_numbers(build(source, verify=verify))
    wanted = wanted_inputs(graph, wrt)
    if not among(form, ("expression", "assignments")):
        raise AdvizError(f"there is no form {shown(form)}; forms are expression and assignments")
    if form == "assignments":
        return assignments(graph, wanted)
    largest = whole("largest", largest)
    by_output = {
        label: dict(parts) for label, parts in given_out(graph, tuple(wanted), largest).items()
    }
    return next(iter(by_output.values())) if len(by_output) == 1 else by_output


@lru_cache(maxsize=64)
def given_out(
    graph: Graph, wanted: tuple[str, ...], largest: int = LARGEST_TREE
) -> Mapping[str, Mapping[str, Expression]]:
    """Return every output's derivatives as they are given to a user, in symbols of the inputs.

    Raises TooLarge as `symbolic` does, and DomainError where SymPy cannot write one down.

    >>> import adviz
    >>> given_out(adviz.build("x**2"), ("x",))
    {'f': {'x': 2*x}}
    """
    from adviz.numbers.sympys.hyperbolic import handed_out
    from adviz.numbers.sympys.unasked import renamed

    symbols, derivatives = _expressions(graph, wanted, largest)
    names = {dummy: name for name, dummy in symbols.items()}
    parts = [part for slopes in derivatives.values() for part in slopes.values()]
    try:
        given = iter([handed_out(part) for part in renamed(parts, names)])
    except TypeError as error:  # such as of a comparison with asin(2)
        raise DomainError(f"SymPy cannot write the derivatives down: {error}") from error
    return {label: {name: next(given) for name in slopes} for label, slopes in derivatives.items()}


def symbolic_jacobian(run: Run, wanted: Sequence[str]) -> dict[str, dict[str, Number]]:
    """Return the numbers of SymPy's derivatives where a run is, in form (a) or, if too large, (b).

    Raises DomainError where a derivative is no number and errors are to be raised.
    """
    graph, numbers = run.graph, run.numbers
    if not wanted:
        return {label: {} for label in graph.outputs}
    if numbers.exact:
        raise AdvizError("symbolic mode has no exact arithmetic; give floats or digits=50")
    whole = broadcaster(numbers, run.point)
    found = {
        label: {name: whole(number) for name, number in _led_to(run, label, parts).items()}
        for label, parts in sympy_derivatives(graph, run.point, wanted, numbers).items()
    }
    if run.judge.strict:
        _refuse_nan(found, numbers)
    return found


def _led_to(run: Run, label: str, parts: Mapping[str, Number]) -> dict[str, Number]:
    """Return derivatives, 0 where SymPy has no number by an input that only untaken branches use.

    There SymPy writes 0 times a slope, such as log(x) at a negative x, that nobody needs.
    """
    numbers, leading = run.numbers, origins(run.graph, run.graph.outputs[label], run.found)
    return {
        name: part if name in leading or not numbers.isnan(part) else numbers.constant(0)
        for name, part in parts.items()
    }


def _refuse_nan(found: Mapping[str, Mapping[str, Number]], numbers: Numbers) -> None:
    for label, parts in found.items():
        for name, number in parts.items():
            if numbers.isnan(number):
                raise DomainError(
                    f"SymPy's derivative of {label} by {name} is no number at this point, as its "
                    f"formula is written; try mode='reverse', or pass errors='ieee' to go on"
                )


def sympy_derivatives(
    graph: Graph,
    point: Mapping[str, Number],
    wanted: Sequence[str],
    numbers: Numbers,
) -> dict[str, dict[str, Number]]:
    """Return SymPy's derivatives of every output at a point of a number system, NaN and all.

    They are derived once for a graph, in form (a) or, where that is too large, (b).
    """
    if not wanted:
        return {label: {} for label in graph.outputs}
    whole = differentiated(graph, tuple(wanted))
    if whole is None:
        return chained(graph, point, wanted, numbers)
    symbols, graphs = whole
    return {
        label: dict(
            zip(wanted, as_function(symbols, slopes, numbers)(*point.values()), strict=True)
        )
        for label, slopes in graphs.items()
    }


# --- form (a) ----------------------------------------------------------------------------------


def _slope(expression: Expression, symbol: Expression) -> Expression:
    import sympy

    try:
        return sympy.diff(expression, symbol)
    except (TypeError, ValueError) as error:  # such as of a polynomial whose order is none
        raise DomainError(f"SymPy cannot differentiate {expression!s:.80}: {error}") from error


@lru_cache(maxsize=64)
def _expressions(
    graph: Graph, wanted: tuple[str, ...], largest: int
) -> tuple[dict[str, Expression], dict[str, dict[str, Expression]]]:
    """Return dummies for the inputs and every output's derivatives in them."""
    import sympy

    refuse_too_large(graph, wanted, largest)
    symbols = {name: sympy.Dummy(name) for name in graph.inputs}
    found = _written_out(graph, symbols)
    return symbols, {
        label: _slopes(found[node], {name: symbols[name] for name in wanted})
        for label, node in graph.outputs.items()
    }


def _written_out(graph: Graph, symbols: Mapping[str, Expression]) -> list[Expression]:
    """Return every node as an expression, nothing evaluated; a part of a longer sum has None.

    What holds an input is unasked, which soon ends the questions about all that is made of it.
    """
    from adviz.numbers.symbols import SYMBOLS
    from adviz.numbers.sympys.unasked import unasked

    system, whole = SYMBOLS.over(graph.rows), sums(graph)
    add, negative = system.function("add"), system.function("neg")
    found: list[Expression] = [None] * len(graph)
    for name, node in graph.inputs.items():
        found[node] = symbols[name]
    for node, value in graph.constants.items():
        found[node] = system.constant(value)
    varies = reached_by(graph, list(graph.inputs))
    for node, op in enumerate(graph.ops):
        if node in whole:
            terms = [negative(found[n]) if minus else found[n] for n, minus in whole[node]]
            found[node] = add(*terms) if terms else None
        elif op in graph.rows:
            found[node] = system.function(op)(*[found[argument] for argument in graph.args[node]])
        if varies[node] and found[node] is not None:
            unasked(found[node])
    return found


def _slopes(expression: Expression, symbols: Mapping[str, Expression]) -> dict[str, Expression]:
    """Return SymPy's derivatives; of a sum, those of the terms that hold a symbol, added up."""
    import sympy

    parts: dict[Expression, list[Expression]] = {symbol: [] for symbol in symbols.values()}
    for term in expression.args if expression.is_Add else [expression]:
        for symbol in term.free_symbols & parts.keys():
            parts[symbol].append(_slope(term, symbol))
    return {name: sympy.Add(*parts[symbol]) for name, symbol in symbols.items()}


@remembered(64)
def differentiated(
    graph: Graph, wanted: tuple[str, ...], largest: int = LARGEST_TREE
) -> tuple[list[Expression], dict[str, Graph]] | None:
    """Return dummies for the inputs, and every output's derivatives in them as one graph.

    None where the expression has more than `largest` operations, or where SymPy's derivative holds
    something that no graph can, such as its own nan.
    """
    from adviz.sources.sympy import from_sympy

    try:
        symbols, derivatives = _expressions(graph, wanted, largest)
        graphs = {
            label: from_sympy(list(parts.values()), graph.rows)
            for label, parts in derivatives.items()
        }
    except (TooLarge, GraphError):
        return None
    return list(symbols.values()), graphs
