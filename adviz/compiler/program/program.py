"""A graph's derivative as a straight-line program.

The sweeps of `adviz.modes.sweep`, run in the nodes of a graph under construction, write the
program; neutral constants are folded, equal subexpressions are shared, and what no result needs is
left out. Method: Griewank & Walther, *Evaluating Derivatives* (2nd ed., 2008), chapters 3 and 5.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace

from adviz.compiler.kinds import KINDS, labels_of
from adviz.compiler.program.data import Program
from adviz.compiler.program.definedness import defined
from adviz.compiler.program.draft import Draft, over, rebuilt
from adviz.compiler.program.drafting import jacobian
from adviz.compiler.program.fewer_operations import with_fewer_operations
from adviz.compiler.program.fewer_signs import with_fewer_signs
from adviz.graph.graph import Graph
from adviz.graph.procedure import CONST, INPUT
from adviz.modes.verbs import named_inputs


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
    - `sparse_jacobian`, `sparse_hessian`: the derivatives that are not always 0; mixed ones once.
    - `trace`: parameters `x_dot` and `f_bar`; every number of a film, labelled `value 3`,
      `partial 3 0` (the edge into node 3 at position 0), `tangent 3`, `adjoint 3`, and
      `taken 3`, the condition under which the node is evaluated at all, where there is one.
    - `linearization`: of these the values, partials and conditions, for who multiplies and adds
      them up himself; and `domain 3`, `kink 3`, `pole 3`, the conditions of the node's row.

    `wrt` limits the inputs that are differentiated, `of` the outputs. With `watched` an output has
    no value either where something undefined went into a comparison, which would hide it: in a
    language whose undefined operations raise there is no need to watch. Raises AdvizError for an
    unknown kind or output, and where one output is wanted and there are several.

    >>> import adviz
    >>> list(program(adviz.build("sin(x)"), "hvp").results)
    ['f', 'x_bar_dot']
    """
    labels = labels_of(graph, kind, of)
    wanted = named_inputs(graph, wrt)
    authored = {node: graph.symbol(node) for node in graph.names.values()}
    draft = Draft(graph, 0, authored, dict(enumerate(graph.symbols)))
    draft.copy(draft.plainly)
    conditions = [draft.found[guard.node] for guard in graph.guards]
    conditions += defined(draft, watched)
    draft.give_values({f: draft.where(conditions, graph.outputs[f]) for f in labels})
    draft.primal = len(draft.builder.ops)
    row = KINDS[kind]
    if row.second:
        jacobian(draft, wanted)
        draft = draft.of_slopes()
    row.sweep(draft, graph, labels, wanted)
    made = with_fewer_operations(draft.finished(kind))
    return with_fewer_signs(made, made.primal)


def expanded(program: Program, known: Container[str]) -> Program:
    """Return a program in rows that are known, the others replaced by their definitions.

    A row that is neither known nor defined by other rows stays; `lacking` names it.

    >>> import adviz
    >>> expanded(program(adviz.build("sec(x)"), "value"), {"cos", "div"}).ops
    ('input', 'const', 'cos', 'div')
    """

    def stays(op: str) -> bool:
        return op in known or not program.rows[op].define

    if all(map(stays, _operations(program))):
        return program
    draft = over(program)
    node = draft.plainly.native
    numbers = replace(draft.plainly, native=lambda row: node(row) if stays(row) else None)
    return rebuilt(draft, program, numbers)


def lacking(program: Program, known: Container[str]) -> tuple[str, ...]:
    """Return the rows of a program that are not known, even by definition.

    >>> import adviz
    >>> lacking(program(adviz.build("sec(x)*lgamma(x)"), "value"), {"cos", "div", "mul"})
    ('lgamma',)
    """
    return tuple(op for op in _operations(expanded(program, known)) if op not in known)


def _operations(program: Program) -> Iterable[str]:
    """Return the rows that a program uses, in order."""
    return (op for op in dict.fromkeys(program.ops) if op not in (INPUT, CONST))
