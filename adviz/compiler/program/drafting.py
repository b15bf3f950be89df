"""How each kind of derivative is written into a program under construction: the sweeps in nodes."""

from __future__ import annotations

from collections.abc import Sequence

from adviz.compiler.program.draft import Draft
from adviz.language.labels import derivative_label
from adviz.modes.linear import Linear, needed


def value(draft: Draft, wanted: Sequence[str]) -> Draft:
    """Return a draft that gives the outputs alone."""
    return draft


def jacobian(draft: Draft, wanted: Sequence[str]) -> Draft:
    """Return a draft that gives `df/dx` of every output, a reverse sweep for each."""
    one = draft.builder.constant(1)
    for label in list(draft.results):
        adjoints = draft.reverse({label: one}, wanted)
        for name in wanted:
            draft.give(derivative_label(label, name), adjoints[draft.graph.inputs[name]])
    return draft


def vjp(draft: Draft, wanted: Sequence[str]) -> Draft:
    """Return a draft that gives `x_bar`: one reverse sweep from given cotangents."""
    adjoints = draft.reverse(draft.seeds([*draft.results], "_bar"), wanted)
    for name in wanted:
        draft.give(f"{name}_bar", adjoints[draft.graph.inputs[name]])
    return draft


def jvp(draft: Draft, wanted: Sequence[str]) -> Draft:
    """Return a draft that gives `f_dot`: one forward sweep along given tangents."""
    tangents = draft.forward(draft.seeds(wanted, "_dot"))
    for label in [*draft.results]:
        draft.give(f"{label}_dot", tangents[draft.graph.outputs[label]])
    return draft


def _slopes(draft: Draft, wanted: Sequence[str]) -> tuple[Draft, dict[str, str]]:
    """Return a draft over the gradient's program, and the label of each derivative in it."""
    first = jacobian(draft, wanted).finished("gradient")
    second = Draft(first, first.primal, first.names, first.symbols)
    second.copy(second.plainly)
    labels = [*first.results]
    second.give_values({label: second.found[first.results[label]] for label in labels[:1]})
    return second, dict(zip(wanted, labels[1:], strict=True))


def hvp(draft: Draft, wanted: Sequence[str]) -> Draft:
    """Return a draft that gives `x_bar_dot`: a forward sweep over the gradient's program."""
    second, labels = _slopes(draft, wanted)
    tangents = second.forward(second.seeds(wanted, "_dot"))
    for name, label in labels.items():
        second.give(f"{name}_bar_dot", tangents[second.graph.outputs[label]])
    return second


def hessian(draft: Draft, wanted: Sequence[str]) -> Draft:
    """Return a draft that gives `df/dx` and then `d2f/dxdy`, mixed derivatives once."""
    second, labels = _slopes(draft, wanted)
    for label in labels.values():
        second.give(label, second.found[second.graph.outputs[label]])
    one, rest = second.builder.constant(1), list(wanted)
    for name, label in labels.items():
        adjoints = second.reverse({label: one}, rest)
        for other in rest:
            second.give(derivative_label(label, other), adjoints[second.graph.inputs[other]])
        rest.remove(name)
    return second


def trace(draft: Draft, wanted: Sequence[str]) -> Draft:
    """Return a draft that gives every number of a film, by label."""
    graph, numbers, found = draft.graph, draft.numbers, draft.found
    tangents = draft.forward(draft.seeds(wanted, "_dot"))
    adjoints = draft.reverse(draft.seeds([*draft.results], "_bar"), wanted)
    linear = Linear(graph, numbers, found, [graph.inputs[name] for name in wanted])
    gates = needed(graph, numbers, found)
    for node in range(len(graph)):
        draft.give(f"value {node}", found[node])
        for edge in linear.uses(node):
            draft.give(f"partial {node} {edge.position}", linear.partial(edge))
        for quantity, nodes in (("tangent", tangents), ("adjoint", adjoints)):
            if nodes[node] is not None:
                draft.give(f"{quantity} {node}", nodes[node])
        if not isinstance(gates[node], bool):
            draft.give(f"taken {node}", gates[node])
    return draft
