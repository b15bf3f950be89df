"""The verbs that sweep: evaluate, forward and reverse, each giving a finished trace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adviz.errors import GraphError, PointError
from adviz.graph.builder import Builder
from adviz.graph.garbage import PAUSED
from adviz.graph.graph import Graph
from adviz.language import asked
from adviz.language.asked import shown
from adviz.modes.building import built_at
from adviz.modes.linear import refuse_orders
from adviz.modes.point import Point, in_order, named, seeds
from adviz.modes.run import Errors, Run, check_errors
from adviz.modes.trace import Trace
from adviz.numbers import Number
from adviz.sources import Source, copied


def evaluate(
    source: Source,
    at: Point,
    *,
    digits: int | None = None,
    errors: Errors | None = None,
    verify: bool = True,
) -> Trace:
    """Evaluate a formula at a point, step by step.

    `source` is a Graph or anything `adviz.build` takes; `at` gives a number for every input, or
    arrays, which stand for many points. `digits` runs the sweep in mpmath at that precision,
    at most 20000, and 1000 where there is a special function; mpmath has no -0.0, which becomes 0.
    `errors="raise"` (the default for single points) refuses what is undefined or overflows;
    `errors="ieee"` (the default for arrays) goes on with NaN and infinities. `verify=False` does
    not compare a callable with its graph.

    Raises PointError for a point that does not fit and DomainError where there is no value.

    >>> import adviz
    >>> adviz.evaluate("(x + y)*(x - y)", at={"x": 3, "y": 2}).value
    5.0
    """
    with PAUSED:
        return _run(source, at, digits, errors, verify).evaluate()


def forward(
    source: Source,
    at: Point,
    direction: str | Mapping[str, Number] | None = None,
    *,
    digits: int | None = None,
    errors: Errors | None = None,
    verify: bool = True,
) -> Trace:
    """Differentiate in one direction: tangents travel with the values, from the inputs.

    `direction` is an input's name, or a number for some inputs (the others are 0); it may be
    left out when there is one input. Local partials are evaluated only along edges that lead
    from the inputs in the direction. Other parameters and errors as in `evaluate`.

    Method: Griewank & Walther (2008), section 3.1.

    >>> import adviz
    >>> adviz.forward("(x + y)*(x - y)", at={"x": 3, "y": 2}, direction="x").tangent
    6.0
    """
    with PAUSED:
        run = _run(source, at, digits, errors, verify)
        return run.forward(directed(run.graph, direction))


def reverse(
    source: Source,
    at: Point,
    cotangent: Mapping[str, Number] | Number | None = None,
    *,
    wrt: str | Sequence[str] | None = None,
    digits: int | None = None,
    errors: Errors | None = None,
    verify: bool = True,
) -> Trace:
    """Differentiate one output by all inputs: adjoints travel from the output back.

    `cotangent` weighs the outputs; with one output it is 1 unless given. `wrt` limits the inputs
    that are differentiated: local partials are evaluated only along edges that lead to them.
    Other parameters and errors as in `evaluate`.

    Method: Griewank & Walther (2008), section 3.2, incremental form.

    >>> import adviz
    >>> adviz.reverse("(x + y)*(x - y)", at={"x": 3, "y": 2}).gradient
    {'x': 6.0, 'y': -4.0}
    """
    with PAUSED:
        run = _run(source, at, digits, errors, verify)
        return run.reverse(weighed(run.graph, cotangent), wanted_inputs(run.graph, wrt))


def _run(source: Source, at: Point, digits: int | None, errors: Errors | None, verify: bool) -> Run:
    if errors is not None:
        check_errors(errors)
    graph = built_at(source, at, verify)
    return Run(graph, named(graph, at), digits, errors)


def wanted_inputs(graph: Graph, wrt: str | Sequence[str] | None, what: str = "wrt") -> list[str]:
    """Return the inputs to differentiate by, in the order of the inputs.

    Raises PointError for an unknown one, and DomainError for one that leads to an order.
    """
    names = named_inputs(graph, wrt, what)
    refuse_orders(graph, [graph.inputs[name] for name in names])
    return names


def wanted_outputs(graph: Graph, of: str | None) -> list[str]:
    """Return the output to differentiate, all unless given. Raises GraphError for an unknown one.

    >>> import adviz
    >>> wanted_outputs(adviz.build({"p": "x", "q": "2*x"}), None)
    ['p', 'q']
    """
    if of is None:
        return list(graph.outputs)
    if not asked.among(of, graph.outputs):
        raise GraphError(f"there is no output {shown(of)}; outputs are {', '.join(graph.outputs)}")
    return [of]


def with_output(graph: Graph, of: str | None) -> Graph:
    """Return a graph with one of its outputs alone, and what that needs; itself without `of`.

    All inputs stay. Raises GraphError for an unknown output.

    >>> import adviz
    >>> with_output(adviz.build({"p": "x*y", "q": "x + y"}), "q")
    <Graph (x, y) -> q: 3 nodes>
    """
    labels = wanted_outputs(graph, of)
    if len(labels) == len(graph.outputs):
        return graph
    builder = Builder(graph.rows, share=False)
    nodes = copied(graph, builder)
    return builder.finish({label: nodes[graph.outputs[label]] for label in labels})


def named_inputs(graph: Graph, wrt: str | Sequence[str] | None, what: str = "wrt") -> list[str]:
    """Return the inputs that are named, all unless given, in the order of the inputs.

    A vector argument's name stands for all its elements. Raises PointError for an unknown one.
    """
    if wrt is None:
        return list(graph.inputs)
    names = asked.names(what, wrt)
    vectors = graph.vectors or {}
    parts = {part: name for name in names for part in vectors.get(name, (name,))}
    unknown = [part for part in parts if part not in graph.inputs]
    if unknown:
        raise PointError(
            f"{what}: there is no input {shown(unknown[0])}; inputs are {', '.join(graph.inputs)}"
        )
    return [name for name in graph.inputs if name in parts]


def directed(graph: Graph, given: Any) -> dict[str, Number]:
    """Return a direction as a number for some inputs; a name alone means 1 for it."""
    if given is None:
        if len(graph.inputs) != 1:
            if not graph.inputs:
                raise PointError("the formula has no inputs, so there is no direction to go in")
            names = ", ".join(graph.inputs)
            raise PointError(f"a direction is needed: one of {names}, or a number for each")
        given = next(iter(graph.inputs))
    if isinstance(given, str):
        given = dict.fromkeys(wanted_inputs(graph, given, "direction"), 1)
    return seeds("direction", "input", given, graph.inputs, graph.shapes)


def weighed(graph: Graph, given: Any) -> dict[str, Number]:
    """Return a cotangent as a number for some outputs."""
    labels = list(graph.outputs)
    if given is None:
        if len(labels) != 1:
            raise PointError(
                f"there are {len(labels)} outputs; give a cotangent such as {{{labels[0]!r}: 1}}"
            )
        given = {labels[0]: 1}
    if not isinstance(given, Mapping):
        given = {labels[0]: given} if len(labels) == 1 else in_order("cotangent", given, labels)
    return seeds("cotangent", "output", given, graph.outputs, graph.shapes)
