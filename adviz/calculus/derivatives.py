"""Derivatives as numbers: gradient, Jacobian, Hessian and products with them, in each mode."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from adviz.calculus.dispatch import faster
from adviz.errors import AdvizError
from adviz.graph.graph import Graph
from adviz.modes.derivative_graph import derived
from adviz.modes.point import Point, named
from adviz.modes.sweeps import Errors, directed, forward, nonzero, reverse, wanted_inputs, weighed
from adviz.numbers import Number
from adviz.sources import Source, built_at

Mode = Literal["reverse", "forward", "symbolic"]
Wanted = str | Sequence[str] | None


def gradient(
    source: Source,
    at: Point,
    *,
    mode: Mode = "reverse",
    wrt: Wanted = None,
    digits: int | None = None,
    errors: Errors | None = None,
) -> dict[str, Number]:
    """Return the derivative of one output by every wanted input, by name.

    `mode` is one reverse sweep, one forward sweep per input, or SymPy's derivatives. Arrays in
    the point are independent points; the results have their broadcast shape. `digits` computes
    with so many decimal digits. Raises AdvizError when there are several outputs.

    >>> import adviz
    >>> adviz.gradient("log(x1) + x1*x2 - sin(x2)", at={"x1": 2, "x2": 5})
    {'x1': 5.5, 'x2': 1.7163378145367738}
    """
    graph = built_at(source, at)
    if len(graph.outputs) > 1:
        raise AdvizError(
            f"there are {len(graph.outputs)} outputs ({', '.join(graph.outputs)}); use jacobian"
        )
    (row,) = jacobian(graph, at, mode=mode, wrt=wrt, digits=digits, errors=errors).values()
    return row


def jacobian(
    source: Source,
    at: Point,
    *,
    mode: Mode = "reverse",
    wrt: Wanted = None,
    digits: int | None = None,
    errors: Errors | None = None,
) -> dict[str, dict[str, Number]]:
    """Return the derivative of every output by every wanted input: `{output: {input: number}}`.

    Reverse mode sweeps once per output, forward mode once per input.

    >>> import adviz
    >>> adviz.jacobian({"p": "x*y", "q": "x + y"}, at={"x": 3, "y": 2})
    {'p': {'x': 2.0, 'y': 3.0}, 'q': {'x': 1.0, 'y': 1.0}}
    """
    graph = built_at(source, at)
    wanted = wanted_inputs(graph, wrt)
    if mode == "reverse":
        found = _compiled(graph, "jacobian", wanted, at, (), digits, errors)
        if found is not None:
            return _by_output(found, graph, wanted)
        return {
            label: _only(
                reverse(graph, at, {label: 1}, wrt=wanted, digits=digits, errors=errors).gradient,
                wanted,
            )
            for label in graph.outputs
        }
    if mode == "forward":
        columns = {name: jvp(graph, at, {name: 1}, digits=digits, errors=errors) for name in wanted}
        return {
            label: {name: _part(columns[name], label) for name in wanted} for label in graph.outputs
        }
    if mode == "symbolic":
        from adviz.modes.symbolic import symbolic_jacobian

        return symbolic_jacobian(graph, at, wanted, digits, errors)
    raise AdvizError(f"there is no mode {mode!r}; modes are reverse, forward, symbolic")


def jvp(
    source: Source,
    at: Point,
    direction: str | Mapping[str, Number],
    *,
    digits: int | None = None,
    errors: Errors | None = None,
) -> Any:
    """Return the derivative along a direction: one forward sweep, J·v.

    A number when there is one output, else a mapping by output.

    >>> import adviz
    >>> adviz.jvp("x*y", at={"x": 3, "y": 2}, direction={"x": 1, "y": 10})
    32.0
    """
    graph = built_at(source, at)
    seeds = {n: seed for n, seed in directed(graph, direction).items() if nonzero(seed)}
    found = _compiled(graph, "jvp", list(seeds), at, list(seeds.values()), digits, errors)
    if found is not None:
        return found[0] if len(found) == 1 else dict(zip(graph.outputs, found, strict=True))
    return forward(graph, at, direction, digits=digits, errors=errors).tangent


def vjp(
    source: Source,
    at: Point,
    cotangent: Mapping[str, Number] | Number | None = None,
    *,
    wrt: Wanted = None,
    digits: int | None = None,
    errors: Errors | None = None,
) -> dict[str, Number]:
    """Return the derivative weighed by a cotangent: one reverse sweep, Jᵀ·w, by input.

    >>> import adviz
    >>> adviz.vjp({"p": "x*y", "q": "x + y"}, at={"x": 3, "y": 2}, cotangent={"p": 1, "q": 10})
    {'x': 12.0, 'y': 13.0}
    """
    graph = built_at(source, at)
    wanted = wanted_inputs(graph, wrt)
    weights = weighed(graph, cotangent)
    seeds = [weights.get(label, 0.0) for label in graph.outputs]
    found = _compiled(graph, "vjp", wanted, at, seeds, digits, errors)
    if found is not None:
        return dict(zip(wanted, found, strict=True))
    return _only(
        reverse(graph, at, cotangent, wrt=wrt, digits=digits, errors=errors).gradient, wanted
    )


def hessian(
    source: Source,
    at: Point,
    *,
    of: str | None = None,
    wrt: Wanted = None,
    digits: int | None = None,
    errors: Errors | None = None,
) -> dict[str, dict[str, Number]]:
    """Return the second derivatives of one output: reverse mode over the derivative's graph.

    >>> import adviz
    >>> adviz.hessian("x**2*y", at={"x": 3, "y": 2})
    {'x': {'x': 4.0, 'y': 6.0}, 'y': {'x': 6.0, 'y': 0.0}}
    """
    graph = built_at(source, at)
    wanted = wanted_inputs(graph, wrt)
    slope, labels = _slopes(graph, of, wanted)
    found = _compiled(slope, "jacobian", wanted, at, (), digits, errors)
    if found is not None:
        rows = _by_output(found, slope, wanted)
        return {name: rows[labels[name]] for name in wanted}
    return {
        name: vjp(slope, at, {labels[name]: 1}, wrt=wanted, digits=digits, errors=errors)
        for name in wanted
    }


def hvp(
    source: Source,
    at: Point,
    direction: str | Mapping[str, Number],
    *,
    of: str | None = None,
    wrt: Wanted = None,
    digits: int | None = None,
    errors: Errors | None = None,
) -> dict[str, Number]:
    """Return the Hessian times a direction, by input: forward mode over the derivative's graph.

    >>> import adviz
    >>> adviz.hvp("x**2*y", at={"x": 3, "y": 2}, direction={"x": 1, "y": 0})
    {'x': 4.0, 'y': 6.0}
    """
    graph = built_at(source, at)
    wanted = wanted_inputs(graph, wrt)
    slope, labels = _slopes(graph, of, wanted)
    along = jvp(slope, at, direction, digits=digits, errors=errors)
    return {name: _part(along, labels[name]) for name in wanted}


def _slopes(graph: Graph, of: str | None, wanted: Sequence[str]) -> tuple[Graph, dict[str, str]]:
    """Return the graph of one output's first derivatives, and their labels by input."""
    if of is None and len(graph.outputs) > 1:
        raise AdvizError(f"say which output: of= one of {', '.join(graph.outputs)}")
    label = of if of is not None else next(iter(graph.outputs))
    slope, labels = derived(graph, label, wanted)
    return slope, {name: labels[label, name] for name in wanted}


def _compiled(
    graph: Graph,
    kind: str,
    wanted: Sequence[str],
    at: Point,
    seeds: Sequence[Number],
    digits: int | None,
    errors: Errors | None,
) -> list[Number] | None:
    """Return the derivatives by a kernel where that is faster, else None."""
    if digits is not None:
        return None
    found = faster(graph, kind, wanted, [*named(graph, at).values()], seeds, errors)
    return None if found is None else [*found[len(graph.outputs) :]]


def _by_output(
    found: Sequence[Number], graph: Graph, wanted: Sequence[str]
) -> dict[str, dict[str, Number]]:
    """Return derivatives in rows, one for each output."""
    numbers = iter(found)
    return {label: {name: next(numbers) for name in wanted} for label in graph.outputs}


def _only(by_input: Mapping[str, Number], wanted: Sequence[str]) -> dict[str, Number]:
    return {name: by_input[name] for name in wanted}


def _part(result: Any, label: str) -> Number:
    """Return one output's part of a result that is bare when there is one output."""
    return result[label] if isinstance(result, Mapping) else result
