"""A graph's derivative as a straight-line program.

The sweeps of `adviz.modes.sweep`, run in the nodes of a graph under construction, write the
program; neutral constants are folded, equal subexpressions are shared, and what no result needs is
left out. Method: Griewank & Walther, *Evaluating Derivatives* (2nd ed., 2008), chapters 3 and 5.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace

from adviz.compiler.program.data import KINDS, Program
from adviz.compiler.program.definedness import defined
from adviz.compiler.program.draft import Draft
from adviz.compiler.program.fewer_operations import shortened
from adviz.compiler.program.fewer_signs import signed
from adviz.errors import AdvizError
from adviz.graph.graph import Graph
from adviz.graph.procedure import CONST, INPUT
from adviz.language.labels import derivative_label
from adviz.modes.sweep import active, needed
from adviz.modes.sweeps import wanted_inputs


def program(
    graph: Graph,
    kind: str = "gradient",
    wrt: str | Sequence[str] | None = None,
    of: str | None = None,
    *,
    watched: bool = False,
) -> Program:
    """Return the program that computes a graph's values and derivatives.

    - `value`: the outputs alone.
    - `gradient`, `jacobian`: `df/dx` of the one output, of all of them.
    - `jvp`: parameters `x_dot`, results `f_dot`. `vjp`: parameters `f_bar`, results `x_bar`.
    - `hvp`: parameters `x_dot`, results `x_bar_dot`, the Hessian times a direction.
    - `hessian`: `df/dx` and then `d2f/dxdy`; mixed derivatives are computed once.
    - `trace`: parameters `x_dot` and `f_bar`; every number of a film, labelled `value 3`,
      `partial 3 0` (the edge into node 3 at position 0), `tangent 3`, `adjoint 3`, and
      `taken 3`, the condition under which the node is evaluated at all, where there is one.

    `wrt` limits the inputs that are differentiated, `of` the outputs. With `watched` an output has
    no value either where something undefined went into a comparison, which would hide it: in a
    language whose undefined operations raise there is no need to watch. Raises AdvizError for an
    unknown kind or output, and where one output is wanted and there are several.

    >>> import adviz
    >>> list(program(adviz.build("sin(x)"), "hvp").results)
    ['f', 'x_bar_dot']
    """
    labels = labels_of(graph, kind, of)
    wanted = wanted_inputs(graph, wrt)
    authored = {node: graph.symbol(node) for node in graph.names.values()}
    draft = Draft(graph, 0, authored, dict(enumerate(graph.symbols)))
    draft.copy(draft.plainly)
    conditions = [draft.found[guard.node] for guard in graph.guards]
    conditions += defined(draft, watched)
    draft.give_values({f: draft.where(conditions, graph.outputs[f]) for f in labels})
    draft.primal = len(draft.builder.ops)
    made = shortened(_KINDS[kind](draft, wanted).finished(kind))
    return signed(made, made.primal)


def labels_of(graph: Graph, kind: str, of: str | None) -> list[str]:
    """Return the outputs that a kind is computed of: the one called `of`, or all.

    Raises AdvizError for an unknown kind or output, and where one output is wanted and there are
    several.
    """
    if kind not in KINDS:
        raise AdvizError(f"there is no kind {kind!r} of kernel; kinds are {', '.join(KINDS)}")
    if of is not None and of not in graph.outputs:
        raise AdvizError(f"there is no output {of!r}; outputs are {', '.join(graph.outputs)}")
    labels = [*graph.outputs] if of is None else [of]
    if kind in ("gradient", "hvp", "hessian") and len(labels) > 1:
        cure = "; or compile a jacobian" * (kind == "gradient")
        raise AdvizError(f"a {kind} is of one output: of= one of {', '.join(labels)}{cure}")
    return labels


def expanded(program: Program, known: Container[str]) -> Program:
    """Return a program in which every row is known, the others replaced by their definitions.

    Raises AdvizError naming a row that is neither known nor defined by other rows.

    >>> import adviz
    >>> expanded(program(adviz.build("sec(x)"), "value"), {"cos", "div"}).ops
    ('input', 'const', 'cos', 'div')
    """
    if all(op in known for op in program.ops if op not in (INPUT, CONST)):
        return program
    draft = Draft(program, program.primal, program.names, program.symbols)
    node = draft.plainly.native
    draft.copy(replace(draft.plainly, native=lambda row: node(row) if row in known else None))
    draft.give_again(program)
    return draft.finished(program.kind)


def _value(draft: Draft, wanted: Sequence[str]) -> Draft:
    return draft


def _jacobian(draft: Draft, wanted: Sequence[str]) -> Draft:
    one = draft.builder.constant(1)
    for label in list(draft.results):
        adjoints = draft.reverse({label: one}, wanted)
        for name in wanted:
            draft.give(derivative_label(label, name), adjoints[draft.graph.inputs[name]])
    return draft


def _vjp(draft: Draft, wanted: Sequence[str]) -> Draft:
    adjoints = draft.reverse(draft.seeds([*draft.results], "_bar"), wanted)
    for name in wanted:
        draft.give(f"{name}_bar", adjoints[draft.graph.inputs[name]])
    return draft


def _jvp(draft: Draft, wanted: Sequence[str]) -> Draft:
    tangents = draft.forward(draft.seeds(wanted, "_dot"))
    for label in [*draft.results]:
        draft.give(f"{label}_dot", tangents[draft.graph.outputs[label]])
    return draft


def _slopes(draft: Draft, wanted: Sequence[str]) -> tuple[Draft, dict[str, str]]:
    """Return a draft over the gradient's program, and the label of each derivative in it."""
    first = _jacobian(draft, wanted).finished("gradient")
    second = Draft(first, first.primal, first.names, first.symbols)
    second.copy(second.plainly)
    labels = [*first.results]
    second.give_values({label: second.found[first.results[label]] for label in labels[:1]})
    return second, dict(zip(wanted, labels[1:], strict=True))


def _hvp(draft: Draft, wanted: Sequence[str]) -> Draft:
    second, labels = _slopes(draft, wanted)
    tangents = second.forward(second.seeds(wanted, "_dot"))
    for name, label in labels.items():
        second.give(f"{name}_bar_dot", tangents[second.graph.outputs[label]])
    return second


def _hessian(draft: Draft, wanted: Sequence[str]) -> Draft:
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


def _trace(draft: Draft, wanted: Sequence[str]) -> Draft:
    graph, numbers, found = draft.graph, draft.numbers, draft.found
    tangents = draft.forward(draft.seeds(wanted, "_dot"))
    adjoints = draft.reverse(draft.seeds([*draft.results], "_bar"), wanted)
    reached = active(graph, [graph.inputs[name] for name in wanted])
    gates = needed(graph, numbers, found)
    for node, args in enumerate(graph.args):
        draft.give(f"value {node}", found[node])
        row = graph.row(node)
        for position, tail in enumerate(args):
            if row is not None and reached[tail] and row.differentiable(position):
                partial = numbers.partial(row, position)(*[found[a] for a in args], found[node])
                draft.give(f"partial {node} {position}", partial)
        for quantity, nodes in (("tangent", tangents), ("adjoint", adjoints)):
            if nodes[node] is not None:
                draft.give(f"{quantity} {node}", nodes[node])
        if not isinstance(gates[node], bool):
            draft.give(f"taken {node}", gates[node])
    return draft


_KINDS: Mapping[str, Callable[[Draft, Sequence[str]], Draft]] = {
    "value": _value,
    "gradient": _jacobian,
    "jacobian": _jacobian,
    "jvp": _jvp,
    "vjp": _vjp,
    "hvp": _hvp,
    "hessian": _hessian,
    "trace": _trace,
}
