"""How each kind of derivative is computed: the sweeps that it makes, and what they give.

A kind is written once. In nodes under construction it makes a program; in numbers it is what the
program must give.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from adviz.compiler.program.draft import Draft
from adviz.graph.procedure import Procedure
from adviz.language.labels import derivative_label
from adviz.modes.gates import needed
from adviz.modes.linear import Linear
from adviz.modes.sparsity.pattern import Sparsity


class Sweeping(Protocol):
    """What sweeps, in nodes or in numbers: a `Draft`, or a graph at a point.

    It has given the outputs; what is given then are derivatives.
    """

    @property
    def graph(self) -> Procedure:
        """What is swept."""

    @property
    def one(self) -> Any:
        """The seed of an output whose derivatives are wanted."""

    @property
    def found(self) -> Sequence[Any]:
        """The nodes' values."""

    @property
    def results(self) -> Mapping[str, Any]:
        """The outputs by label, until there are derivatives."""

    @property
    def slopes(self) -> Sequence[str]:
        """The labels of the gradient's outputs, where what is swept is a gradient."""

    def seeds(self, names: Sequence[str], suffix: str) -> dict[str, Any]:
        """Return a parameter for each name."""

    def forward(self, seeds: Mapping[str, Any]) -> Sequence[Any]:
        """Return the tangents of all nodes."""

    def gradient(self, seeds: Mapping[str, Any], wanted: Sequence[str]) -> dict[str, Any]:
        """Return the adjoints of the wanted inputs."""

    def give(self, label: str, number: Any) -> None:
        """Add a result."""


def value(work: Sweeping, wanted: Sequence[str]) -> None:
    """Give the outputs alone."""


def jacobian(work: Sweeping, wanted: Sequence[str]) -> None:
    """Give `df/dx` of every output, by a reverse sweep for each."""
    for label in list(work.results):
        _give_gradient(work, label, wanted)


def _give_gradient(work: Sweeping, label: str, wanted: Sequence[str]) -> None:
    slopes = work.gradient({label: work.one}, wanted)
    for name in wanted:
        work.give(derivative_label(label, name), slopes[name])


def vjp(work: Sweeping, wanted: Sequence[str]) -> None:
    """Give `x_bar`, by one reverse sweep from given cotangents."""
    slopes = work.gradient(work.seeds([*work.results], "_bar"), wanted)
    for name in wanted:
        work.give(f"{name}_bar", slopes[name])


def jvp(work: Sweeping, wanted: Sequence[str]) -> None:
    """Give `f_dot`, by one forward sweep along given tangents."""
    tangents = work.forward(work.seeds(wanted, "_dot"))
    for label in [*work.results]:
        work.give(f"{label}_dot", tangents[work.graph.outputs[label]])


def hvp(work: Sweeping, wanted: Sequence[str]) -> None:
    """Give `x_bar_dot`, by a forward sweep over the gradient."""
    tangents = work.forward(work.seeds(wanted, "_dot"))
    for name, label in zip(wanted, work.slopes, strict=True):
        work.give(f"{name}_bar_dot", tangents[work.graph.outputs[label]])


def hessian(work: Sweeping, wanted: Sequence[str]) -> None:
    """Give `df/dx` and then `d2f/dxdy`, by a reverse sweep for each; mixed derivatives once."""
    for label in work.slopes:
        work.give(label, work.found[work.graph.outputs[label]])
    for k, label in enumerate(work.slopes):
        _give_gradient(work, label, wanted[k:])


def sparse_jacobian(work: Sweeping, wanted: Sequence[str], pattern: Sparsity) -> None:
    """Give `df/dx` wherever it is not always 0, by a sweep for each colour."""
    labels = [*work.results]
    numbers = _nonzeros(work, wanted, pattern, labels)
    for (row, column), number in zip(pattern.places, numbers, strict=True):
        work.give(derivative_label(labels[row], wanted[column]), number)


def sparse_hessian(work: Sweeping, wanted: Sequence[str], pattern: Sparsity) -> None:
    """Give `d2f/dxdy` wherever it is not always 0, by a sweep a colour; mixed derivatives once."""
    numbers = _nonzeros(work, wanted, pattern, work.slopes)
    for (row, column), number in zip(pattern.places, numbers, strict=True):
        if row <= column:
            work.give(derivative_label(work.slopes[row], wanted[column]), number)


def _nonzeros(
    work: Sweeping, wanted: Sequence[str], pattern: Sparsity, labels: Sequence[str]
) -> list[Any]:
    """Return the nonzeros in order; `labels` are the outputs that the rows are of."""
    outputs = [work.graph.outputs[label] for label in labels]

    def forward(seeds: Mapping[str, Any]) -> dict[str, Any]:
        tangents = work.forward(seeds)
        return dict(zip(pattern.rows, map(tangents.__getitem__, outputs), strict=True))

    return pattern.colouring().computed(forward, lambda s: work.gradient(s, wanted), work.one)


def trace(draft: Draft, wanted: Sequence[str]) -> None:
    """Give every number of a film, by label; that is a matter of nodes alone."""
    tangents = draft.forward(draft.seeds(wanted, "_dot"))
    adjoints = draft.reverse(draft.seeds([*draft.results], "_bar"), wanted)
    _give_linear(draft, wanted)
    for quantity, nodes in (("tangent", tangents), ("adjoint", adjoints)):
        for node, number in enumerate(nodes):
            if number is not None:
                draft.give(f"{quantity} {node}", number)


def linearization(draft: Draft, wanted: Sequence[str]) -> None:
    """Give every node's value and local partials, and where its row says that it is special."""
    _give_linear(draft, wanted)
    for node in range(len(draft.graph)):
        for name, condition in _special(draft, node):
            draft.give(f"{name} {node}", condition)


def _special(draft: Draft, node: int) -> Iterator[tuple[str, int]]:
    """Yield the conditions of a node's row, but one that always says that all is well."""
    row, zero = draft.graph.row(node), draft.builder.constant(0)
    if row is None:
        return
    arguments = [draft.found[argument] for argument in draft.graph.args[node]]
    for name, well in SPECIAL.items():
        text = getattr(row, name)
        condition = draft.numbers.rule(row, text)(*arguments, draft.found[node]) if text else well
        if condition is well:
            continue
        if isinstance(condition, bool):  # of constants: it holds nowhere, or everywhere
            condition = draft.builder.node("eq" if condition else "ne", (zero, zero))
        yield name, condition


SPECIAL: Mapping[str, bool] = {"domain": True, "kink": False, "pole": False}
"""The conditions of a row: where it is defined, not smooth, infinitely steep; what is ordinary."""


def _give_linear(draft: Draft, wanted: Sequence[str]) -> None:
    """Give every node's value and local partials, and the gate under which it is evaluated."""
    graph, numbers, found = draft.graph, draft.numbers, draft.found
    linear = Linear(graph, numbers, found, [graph.inputs[name] for name in wanted])
    gates = needed(graph, numbers, found)
    for node in range(len(graph)):
        draft.give(f"value {node}", found[node])
        for edge in linear.uses(node):
            draft.give(f"partial {node} {edge.position}", linear.partial(edge))
        if not isinstance(gates[node], bool):
            draft.give(f"taken {node}", gates[node])
