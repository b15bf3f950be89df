"""What of a procedure is needed where conditions decide: under which one each node counts."""

from __future__ import annotations

from collections.abc import Sequence

from adviz.graph.procedure import Edge, Procedure
from adviz.modes.linear import Gate, Linear
from adviz.numbers import Number, Numbers


def needed(procedure: Procedure, numbers: Numbers, found: Sequence[Number]) -> list[Gate]:
    """Return per node the gate under which an output or a guard needs its value.

    Where a number stands for many points every branch is computed; what a branch is outside its
    condition is nobody's concern.
    """
    if procedure.shapes is not None:
        from adviz.modes.array_partials import ArrayPartials

        return ArrayPartials(procedure, numbers, found).open
    linear = Linear(procedure, numbers, found)
    gates: list[Gate] = [False] * len(procedure)
    for node in (*procedure.outputs.values(), *(guard.node for guard in procedure.guards)):
        gates[node] = True
    for node in range(len(procedure) - 1, -1, -1):
        for position, tail in enumerate(procedure.args[node]):
            taken = linear.taken(Edge(tail, node, position))
            gates[tail] = linear.either(gates[tail], linear.both(gates[node], taken))
    return gates
