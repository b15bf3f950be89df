"""Patterns by propagation over a graph: from which inputs some way leads to an output.

A set of inputs is an integer, one bit each, and a node's is the union of its arguments'. A Hessian
is the Jacobian of the gradient, whose graph the table's partials make: inputs meet in it where
some operation is nonlinear in what depends on them (Walther, "Computing sparse Hessians with
automatic differentiation", ACM TOMS 34(1), 2008), for the partial of a linear one holds no input.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import get_args

from adviz.errors import AdvizError
from adviz.graph.graph import Graph
from adviz.graph.procedure import Procedure
from adviz.graph.sameness import remembered
from adviz.language.asked import among, shown
from adviz.modes.building import build, of_numbers
from adviz.modes.derivative_graph import derived
from adviz.modes.linear import ways
from adviz.modes.sparsity.pattern import Matrix, Sparsity
from adviz.modes.verbs import wanted_inputs
from adviz.sources import Source


def sparsity(
    source: Source,
    kind: Matrix = "jacobian",
    *,
    wrt: str | Sequence[str] | None = None,
    of: str | None = None,
    verify: bool = True,
) -> Sparsity:
    """Return which derivatives may be other than 0: the pattern of a Jacobian, or of a Hessian.

    It is a fact of the graph, whatever the point: what is left out is 0 everywhere. `wrt` limits
    the inputs, `of` the outputs; a Hessian is of one. `verify=False` does not compare a callable
    with its graph.

    Raises AdvizError for an unknown kind or output, and for a Hessian of several outputs,
    PointError for an unknown input.

    >>> import adviz
    >>> print(adviz.sparsity("(1 - x)**2 + 100*(y - x**2)**2 + z", "hessian"))
    x  × × ·
    y  × × ·
    z  · · ·
    """
    if not among(kind, get_args(Matrix)):
        raise AdvizError(
            f"there is no sparsity of kind {shown(kind)}; kinds are {', '.join(get_args(Matrix))}"
        )
    graph = of_numbers(build(source, verify=verify))
    if of is not None and not among(of, graph.outputs):
        raise AdvizError(f"there is no output {shown(of)}; outputs are {', '.join(graph.outputs)}")
    labels = tuple(graph.outputs) if of is None else (of,)
    wanted = tuple(wanted_inputs(graph, wrt))
    if kind == "jacobian":
        return jacobian_pattern(graph, labels, wanted)
    if len(labels) > 1:
        raise AdvizError(f"a Hessian is of one output: of= one of {', '.join(labels)}")
    return hessian_pattern(graph, labels, wanted)


@remembered(16)
def jacobian_pattern(graph: Graph, labels: Sequence[str], wanted: Sequence[str]) -> Sparsity:
    """Return the pattern of some outputs' derivatives by some inputs."""
    ends = [graph.outputs[label] for label in labels]
    reached = reaching(graph, [graph.inputs[name] for name in wanted], ends)
    lines = tuple([tuple(_set(bits)) for bits in reached])
    return Sparsity("jacobian", tuple(labels), tuple(wanted), lines)


@remembered(16)
def hessian_pattern(graph: Graph, labels: Sequence[str], wanted: Sequence[str]) -> Sparsity:
    """Return the pattern of one output's second derivatives by some inputs."""
    (label,) = labels
    slope, called = derived(graph, label, wanted)
    ends = [slope.outputs[called[label, name]] for name in wanted]
    lines = [[*_set(bits)] for bits in reaching(slope, [slope.inputs[n] for n in wanted], ends)]
    both = {(i, j) for row, line in enumerate(lines) for k in line for i, j in ((row, k), (k, row))}
    made: list[list[int]] = [[] for _ in wanted]
    for row, column in sorted(both):
        made[row].append(column)
    return Sparsity("hessian", tuple(wanted), tuple(wanted), tuple(map(tuple, made)))


def reaching(procedure: Procedure, wanted: Sequence[int], ends: Sequence[int]) -> list[int]:
    """Return per end the wanted leaves from which some way leads to it, as bits by their places.

    Ways are those of `adviz.modes.linear.active`. A set is forgotten after its last use.

    >>> import adviz
    >>> [f"{bits:03b}" for bits in reaching(adviz.build("x*y + floor(z)"), [0, 1, 3], [5])]
    ['011']
    """
    places = {node: place for place, node in enumerate(wanted)}
    into, last = ways(procedure), _last_uses(procedure, ends)
    held: dict[int, int] = {}

    def bits(node: int) -> int:
        place = places.get(node)
        return held.get(node, 0) if place is None else 1 << place

    for node, arguments in enumerate(procedure.args):
        union = 0
        for argument in into(node):
            union |= bits(argument)
        if union:
            held[node] = union
        for argument in arguments:
            if last[argument] == node:
                held.pop(argument, None)
    return [bits(node) for node in ends]


def _last_uses(procedure: Procedure, ends: Sequence[int]) -> list[int]:
    """Return per node the last one that uses it; none after all for an end."""
    last = [-1] * len(procedure)
    for node, arguments in enumerate(procedure.args):
        for argument in arguments:
            last[argument] = node
    for node in ends:
        last[node] = len(procedure)
    return last


def _set(bits: int) -> Iterator[int]:
    """Yield the places of the bits that are 1, ascending."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
