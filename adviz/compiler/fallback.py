"""What a program must give, by the sweeps: for points where straight-line code has no number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from adviz.compiler.program.data import Program
from adviz.graph.graph import Graph
from adviz.modes.derivative_graph import derived
from adviz.modes.evaluation import evaluated
from adviz.modes.point import named
from adviz.modes.run import Errors, Run
from adviz.modes.verbs import evaluate, forward, reverse
from adviz.numbers import FLOAT64, Number

Reference = Callable[[Sequence[Number], Errors], list[Number]]
"""Takes the parameters' numbers, floats or arrays, and gives the results in their order."""

Sweeps = Callable[[Mapping[str, Number], Sequence[Number], Errors], list[Number]]
"""Takes a point and the seeds, and gives the results in their order."""


def value(graph: Graph, labels: Sequence[str], wanted: Sequence[str]) -> Sweeps:
    """Return how the sweeps compute the outputs."""

    def sweeps(at: Mapping[str, Number], seeds: Sequence[Number], errors: Errors) -> list[Number]:
        trace = evaluate(graph, at, errors=errors)
        return [trace.values[graph.outputs[label]] for label in labels]

    return sweeps


def jacobian(graph: Graph, labels: Sequence[str], wanted: Sequence[str]) -> Sweeps:
    """Return how the sweeps compute the outputs and every output's gradient."""

    def sweeps(at: Mapping[str, Number], seeds: Sequence[Number], errors: Errors) -> list[Number]:
        run = Run(graph, named(graph, at), errors=errors)
        slopes = [run.reverse({label: 1}, wanted).gradient for label in labels]
        found = [run.found[graph.outputs[label]] for label in labels]
        return [*found, *(gradient[name] for gradient in slopes for name in wanted)]

    return sweeps


def vjp(graph: Graph, labels: Sequence[str], wanted: Sequence[str]) -> Sweeps:
    """Return how the sweeps compute the outputs and a vector-Jacobian product."""

    def sweeps(at: Mapping[str, Number], seeds: Sequence[Number], errors: Errors) -> list[Number]:
        cotangent = dict(zip(labels, seeds, strict=True))
        trace = reverse(graph, at, cotangent, wrt=wanted, errors=errors)
        found = [trace.values[graph.outputs[label]] for label in labels]
        gradient = trace.gradient
        return [*found, *(gradient[name] for name in wanted)]

    return sweeps


def jvp(graph: Graph, labels: Sequence[str], wanted: Sequence[str]) -> Sweeps:
    """Return how the sweeps compute the outputs and a Jacobian-vector product."""

    def sweeps(at: Mapping[str, Number], seeds: Sequence[Number], errors: Errors) -> list[Number]:
        direction = dict(zip(wanted, seeds, strict=True))
        trace = forward(graph, at, direction, errors=errors)
        nodes = [graph.outputs[label] for label in labels]
        tangents: Any = trace.tangents
        return [*(trace.values[node] for node in nodes), *(tangents[node] for node in nodes)]

    return sweeps


def _slopes(graph: Graph, label: str, wanted: Sequence[str]) -> tuple[Graph, list[str]]:
    """Return the graph of one output's derivatives, and their labels."""
    slope, called = derived(graph, of=label, wrt=wanted)
    return slope, [called[label, name] for name in wanted]


def hvp(graph: Graph, labels: Sequence[str], wanted: Sequence[str]) -> Sweeps:
    """Return how the sweeps compute the output and a Hessian-vector product."""
    slope, slopes = _slopes(graph, labels[0], wanted)
    along = jvp(slope, [labels[0], *slopes], wanted)

    def sweeps(at: Mapping[str, Number], seeds: Sequence[Number], errors: Errors) -> list[Number]:
        found = along(at, seeds, errors)
        return [found[0], *found[len(slopes) + 2 :]]

    return sweeps


def hessian(graph: Graph, labels: Sequence[str], wanted: Sequence[str]) -> Sweeps:
    """Return how the sweeps compute the output, its gradient, and half of its Hessian."""
    slope, slopes = _slopes(graph, labels[0], wanted)

    def sweeps(at: Mapping[str, Number], seeds: Sequence[Number], errors: Errors) -> list[Number]:
        run = Run(slope, named(slope, at), errors=errors)
        rows = enumerate([run.reverse({label: 1}, wanted).gradient for label in slopes])
        found = [run.found[slope.outputs[label]] for label in (labels[0], *slopes)]
        return [*found, *(gradient[name] for k, gradient in rows for name in wanted[k:])]

    return sweeps


def by_itself(program: Program, numbers: Sequence[float]) -> tuple[Any, ...]:
    """Return a program's results by its own operations, undefined ones as NaN."""
    point = dict(zip(program.parameters, numbers, strict=True))
    found = evaluated(program, FLOAT64.over(program.rows), point)
    return tuple(found[node] for node in program.results.values())
