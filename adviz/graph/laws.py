"""The laws of a graph: what holds of every one, whoever made it.

A builder keeps them by the way it grows; what a file, NetworkX or another program describes is
held to the same ones here, node by node as it is added and then as a whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from math import prod
from typing import Any

from adviz.errors import GraphError
from adviz.graph.procedure import INPUT, Params
from adviz.language.brief import quoted
from adviz.primitives import Primitive
from adviz.primitives.row import Shape
from adviz.primitives.structural import broadcast

MOST_ELEMENTS, MOST_AXES = 1 << 28, 32
"""The most of an array: two gibibytes of floats, and as many axes as NumPy always had."""
_MOST = f"more than {MOST_ELEMENTS} elements, or {MOST_AXES} axes"


def positions(row: Primitive, arguments: Mapping[Any, int]) -> tuple[int, ...]:
    """Return a node's arguments in order, from those that are given by their positions.

    Raises GraphError where the positions are not 0, 1, 2, …, one for each argument of the row.

    >>> from adviz.primitives import TABLE
    >>> positions(TABLE["sub"], {1: 5, 0: 7})
    (7, 5)
    """
    found = [arguments[position] for position in range(row.arity) if position in arguments]
    if not len(found) == len(arguments) == row.arity:
        keys = ", ".join(sorted(map(repr, arguments))) or "none"
        wanted = f"the keys 0..{row.arity - 1}" if row.arity else "no keys"
        raise GraphError(f"it is {row.name} and needs edges with {wanted}; it has {keys}")
    return tuple(found)


def check_arguments(row: Primitive, arguments: tuple[int, ...], node: int) -> None:
    """Raise GraphError unless a node has as many arguments as its row, all of them before it."""
    if len(arguments) != row.arity:
        raise GraphError(f"it is {row.name} of {len(arguments)} arguments; it takes {row.arity}")
    for argument in arguments:
        if not 0 <= argument < node:
            raise GraphError(
                f"its argument is node {argument!r}; arguments must come before their use"
            )


def check_node(what: str, node: object, count: int) -> None:
    """Raise GraphError unless a node is one of so many."""
    if type(node) is not int or not 0 <= node < count:
        raise GraphError(
            f"{what} is node {quoted(node)}, which does not exist; "
            f"there are the nodes 0 to {count - 1}"
        )


def check_nodes(what: str, named: Mapping[str, int], count: int) -> None:
    """Raise GraphError unless names or labels are texts, none empty, and mean nodes that exist.

    >>> check_nodes("inputs", {"": 0}, 1)
    Traceback (most recent call last):
        ...
    adviz.errors.GraphError: inputs: '' is no name; a name is a text of at least one character
    """
    for name, node in named.items():
        if not (isinstance(name, str) and name):
            said = "a name is a text of at least one character"
            raise GraphError(f"{what}: {quoted(name)} is no name; {said}")
        check_node(f"{what}: {name!r}", node, count)


def check_inputs(inputs: Mapping[str, int], ops: Sequence[str]) -> None:
    """Raise GraphError unless the inputs are the input nodes, each of them once."""
    check_nodes("inputs", inputs, len(ops))
    owners: dict[int, str] = {}
    for name, node in inputs.items():
        if ops[node] != INPUT:
            raise GraphError(
                f"inputs: {name!r} is node {node}, which is {ops[node]}; list the nodes whose "
                f"operation is {INPUT}, and no others"
            )
        if node in owners:
            raise GraphError(
                f"inputs: {owners[node]!r} and {name!r} are both node {node}; "
                "every input has a node of its own"
            )
        owners[node] = name
    if ops.count(INPUT) > len(inputs):
        left = next(n for n, op in enumerate(ops) if op == INPUT and n not in owners)
        raise GraphError(f"node {left} is an input, but 'inputs' does not list it")


def check_names(names: Mapping[str, int], inputs: Mapping[str, int], count: int) -> None:
    """Raise GraphError unless names mean nodes, and an input's own name is its node's first."""
    check_nodes("names", names, count)
    first = {node: name for name, node in reversed([*names.items()])}
    for name, node in inputs.items():
        if names.get(name) != node:
            said = f"node {names[name]}" if name in names else "no node"
            raise GraphError(
                f"names: {name!r} is {said}, and the input {name!r} is node {node}; "
                "let both say the same"
            )
        if first[node] != name:
            raise GraphError(
                f"names: node {node} is {first[node]!r} before it is the input {name!r}; "
                "list an input's own name first"
            )


def check_vectors(vectors: Mapping[str, Sequence[str]], inputs: Container[str]) -> None:
    """Raise GraphError unless vectors are made of inputs, none of them twice."""
    for name, parts in vectors.items():
        others = [part for part in parts if not isinstance(part, str) or part not in inputs]
        if others:
            raise GraphError(f"vectors: {name!r} holds {quoted(others[0])}, which is no input")
        if len({*parts}) < len(parts):
            twice, _ = Counter(parts).most_common(1)[0]
            raise GraphError(f"vectors: {name!r} holds the input {twice!r} twice")


def check_outputs(outputs: Mapping[str, int], conditions: Container[int], count: int) -> None:
    """Raise GraphError unless there are outputs, all of them nodes that are numbers."""
    if not outputs:
        raise GraphError("a graph needs at least one output")
    check_nodes("outputs", outputs, count)
    for label, node in outputs.items():
        if node in conditions:
            raise GraphError(f"the output {label!r} is a condition; write where(condition, a, b)")


def checked_shape(what: str, shape: Any) -> Shape:
    """Return a shape; raise GraphError unless it is a tuple of sizes from 1 on.

    >>> checked_shape("W", (3, 2))
    (3, 2)
    """
    if isinstance(shape, tuple) and all(type(size) is int and size > 0 for size in shape):
        if prod(shape) > MOST_ELEMENTS or len(shape) > MOST_AXES:
            raise GraphError(f"{what} has the shape {quoted(shape)}, which is {_MOST}")
        return shape
    raise GraphError(f"{what} has the shape {quoted(shape)}; a shape is a tuple of sizes from 1 on")


def shape_of(row: Primitive, shapes: Sequence[Shape], params: Params) -> Shape:
    """Return the shape of a node from those of its arguments and from its parameters.

    Raises GraphError where they do not fit together.

    >>> from adviz.primitives import ARRAYS
    >>> shape_of(ARRAYS["add"], [(3, 1), (4,)], ())
    (3, 4)
    >>> shape_of(ARRAYS["add"], [(3, 2), (4,)], ())
    Traceback (most recent call last):
    adviz.errors.GraphError: add of the shapes (3, 2) and (4,): they do not broadcast
    """
    try:
        found = broadcast(*shapes) if row.shape is None else row.shape(*shapes, *params)
        if prod(found) > MOST_ELEMENTS or len(found) > MOST_AXES:
            raise ValueError(f"the result is {_MOST}")
        return found
    except (ValueError, TypeError, IndexError) as error:
        listed = " and ".join(map(str, shapes))
        given = dict(zip(row.params, params, strict=False))
        told = "".join(f", {name} {quoted(value)}" for name, value in given.items())
        plural = "s" * (len(shapes) > 1)
        raise GraphError(f"{row.name} of the shape{plural} {listed}{told}: {error}") from None


def check_shape(found: Shape, said: Any) -> None:
    """Raise GraphError unless a node has the shape that a description of it says, if it does."""
    if said is not None and frozen(said) != found:
        raise GraphError(f"it has the shape {quoted(frozen(said))}, but what it computes {found}")


def params_of(row: Primitive, named: Any) -> Params:
    """Return a node's static parameters in order, from those that are given by name.

    Raises GraphError unless there is one for each name of the row.
    """
    if not row.params and not named:
        return ()
    if not isinstance(named, Mapping) or {*named} != {*row.params}:
        wanted = f"the parameters {', '.join(row.params)}" if row.params else "no parameters"
        raise GraphError(f"it is {row.name}, which has {wanted}; it has {quoted(named)}")
    return tuple([frozen(named[name]) for name in row.params])


def frozen(value: Any, depth: int = 0) -> Any:
    """Return plain data with tuples for lists. Raises GraphError for what no parameter can be.

    >>> frozen(["1:", 0, [0, 2]])
    ('1:', 0, (0, 2))
    """
    if isinstance(value, list | tuple):
        if depth == MOST_AXES:
            raise GraphError(f"lists are nested deeper than {MOST_AXES} axes go")
        return tuple([frozen(part, depth + 1) for part in value])
    if type(value) not in (int, bool, str):
        raise GraphError(f"{quoted(value)} is no parameter: no whole number, truth or text")
    return value
