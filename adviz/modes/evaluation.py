"""The primal sweep: a procedure evaluated in any number system, of a choice the branch taken.

The evaluation procedure of Griewank & Walther, *Evaluating Derivatives* (2nd ed., 2008), table 2.2.
The numbers may be floats, arrays, Fractions, mpmath numbers, SymPy expressions, or the nodes of
another graph.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from adviz.graph.procedure import Needs, Procedure, needs
from adviz.numbers import Number, Numbers


def evaluated(procedure: Procedure, numbers: Numbers, point: Mapping[str, Number]) -> list[Number]:
    """Return every node's number, the inputs' being given in the number system.

    A node that only a branch not taken needs has None.

    >>> import adviz
    >>> from adviz.numbers import FLOAT64
    >>> evaluated(adviz.build("x*y if x > 0 else y"), FLOAT64, {"x": -3.0, "y": 2.0})
    [-3.0, 2.0, None, 0.0, False, 2.0]
    """
    found: list[Number] = [None] * len(procedure)
    for _ in values(procedure, numbers, point, found):
        pass
    return found


def values(
    procedure: Procedure,
    numbers: Numbers,
    point: Mapping[str, Number],
    found: list[Number],
    nodes: Iterable[int] | None = None,
    meaning: Callable[[str], Callable[..., Number]] | None = None,
) -> Iterator[int]:
    """Evaluate a procedure into `found`, yielding every node that has arguments when it is known.

    `nodes` may be some nodes with all that they need, in order; it is passed over where a number
    stands for one point and conditions decide what is evaluated. `meaning` gives the function that
    computes a row, the numbers' own unless said: rules reach beyond a row's domain.
    """
    ops, args, rows = procedure.ops, procedure.args, procedure.rows
    for name, value in point.items():
        found[procedure.inputs[name]] = value
    for node, value in procedure.constants.items():
        found[node] = numbers.constant(value)
    meaning = meaning or numbers.function
    functions: dict[str, Callable[..., Number]] = {}  # a branch not taken may have none
    static = procedure.params
    lazy = {} if numbers.eager else needs(procedure)
    if lazy:
        nodes = _demanded(procedure, found, lazy)
    for node in range(len(procedure)) if nodes is None else nodes:
        op = ops[node]
        if op in rows:
            function = functions.get(op)
            if function is None:
                function = functions[op] = meaning(op)
            if static is None or node not in static:
                found[node] = function(*[found[argument] for argument in args[node]])
            else:
                found[node] = function(*[found[a] for a in args[node]], *static[node])
            yield node


def _demanded(procedure: Procedure, found: Sequence[Number], lazy: Needs) -> Iterator[int]:
    """Yield the nodes to evaluate, each after what it needs, branches only as they are taken."""
    ops, args = procedure.ops, procedure.args
    ends = [*(guard.node for guard in procedure.guards), *procedure.outputs.values()]
    stack = ends[::-1]
    while stack:
        node = stack[-1]
        if found[node] is None:
            when = lazy.get(ops[node])
            wanted = args[node] if when is None else _wanted(args[node], when, found)
            waiting = [a for a in wanted if found[a] is None]
            if waiting:
                stack.extend(reversed(waiting))
                continue
            yield node
        stack.pop()


def _wanted(
    arguments: Sequence[int], needed: Sequence[bool | None], found: Sequence[Number]
) -> Sequence[int]:
    """Return the arguments a choice needs now: first its condition alone, then what that takes."""
    condition = found[arguments[0]]
    if condition is None:
        return arguments[:1]
    truth = bool(condition)
    return [a for a, when in zip(arguments, needed, strict=True) if when is truth]
