"""How a graph grows: nodes are added one by one, and equal ones are shared."""

from __future__ import annotations

import math
import numbers
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from adviz.errors import GraphError
from adviz.graph import laws
from adviz.graph.constants import plain_number, shape_of
from adviz.graph.graph import Graph
from adviz.graph.procedure import CONST, INPUT, Guard, Held, Params
from adviz.language.brief import quoted
from adviz.language.spelling import refuse_halves
from adviz.primitives import TABLE, Primitive, Table, own
from adviz.primitives.row import Shape

_FIXED: dict[str, Callable[..., Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "pow": operator.pow,
    "neg": operator.neg,
}

_WIDTH = 32
"""The bits of a node's number; no graph of so many nodes fits into memory."""


class Builder:
    """A graph under construction. Every reader of formulas, files and callables ends here.

    `share=False` keeps equal subexpressions apart, as a tree was written.

    >>> builder = Builder()
    >>> x = builder.input("x")
    >>> square = builder.node("mul", (x, x))
    >>> square == builder.node("mul", (x, x))
    True
    >>> builder.finish({"f": square})
    <Graph (x) -> f: 2 nodes>
    """

    def __init__(self, rows: Table = TABLE, *, share: bool = True) -> None:
        self.rows = rows
        self.ops: list[str] = []
        self.args: list[tuple[int, ...]] = []
        self.constants: dict[int, Held] = {}
        self.inputs: dict[str, int] = {}
        self.names: dict[str, int] = {}
        self.sources: dict[int, str] = {}
        self.guards: list[Guard] = []
        self.vectors: dict[str, tuple[str, ...]] = {}
        self.shapes: dict[int, Shape] = {}
        self.params: dict[int, Params] = {}
        self._arrays = rows is not TABLE
        self._share = share
        self._known: dict[str, dict[Any, int]] = {}
        self._numbers: dict[tuple[type, str], int] = {}
        self._conditions: set[int] = set()
        self._fixed: dict[int, float] = {}

    def input(self, name: str, shape: Shape = ()) -> int:
        """Return the input of that name, added when it is new: a number, or an array of a shape."""
        if name not in self.inputs:
            self.inputs[name] = self.names[name] = self._append(INPUT, ())
            if shape:
                self._arrays = True
                self.shapes[self.inputs[name]] = laws.checked_shape(name, shape)
        return self.inputs[name]

    def constant(self, value: object) -> int:
        """Return the node of a number; equal numbers of one type and the same bits are one node.

        An array of numbers, or nested lists of them, is a node too. Raises GraphError for a number
        that is not real and finite.
        """
        number = plain_number(value)
        key = (type(number), repr(number))
        if self._share and key in self._numbers:
            return self._numbers[key]
        node = self._append(CONST, ())
        self.constants[node] = number
        if type(number) is tuple:
            self._arrays = True
            self.shapes[node] = shape_of(number)
        else:
            self._fixed[node] = float(number)
        self._numbers[key] = node
        return node

    def number(self, value: object) -> int:
        """Return a node for a number, a rational one as the quotient of two constants."""
        if isinstance(value, numbers.Rational) and not isinstance(value, numbers.Integral):
            parts = self.constant(int(value.numerator)), self.constant(int(value.denominator))
            return self.node("div", parts)
        return self.constant(value)

    def node(self, op: str, args: tuple[int, ...], params: Params = ()) -> int:
        """Return the node that applies a row to its arguments, shared with an equal one.

        Raises GraphError when a condition stands where a number must, or the other way round,
        when a power of constants overflows, and where shapes and parameters do not fit together.
        """
        if self._share:
            known = self._known.get(op)
            if known is None:
                known = self._known[op] = {}
            key: Any = args[0] << _WIDTH | args[1] if len(args) == 2 else _packed(args)
            if params:
                key = key, params
            if key in known:
                return known[key]
        row = self.rows[op]
        if row.takes_conditions or (self._conditions and not self._conditions.isdisjoint(args)):
            self._check_kinds(row, args)
        node = len(self.ops)
        if self._arrays:
            self._shape(node, row, args, params)
        self.ops.append(op)
        self.args.append(args)
        if self._share:
            self._known[op][key] = node
        if row.condition:
            self._conditions.add(node)
        elif args and args[0] in self._fixed:
            self._fix(node, op, args)
        return node

    def given(
        self, op: Any, args: tuple[int, ...], name: str | None, value: Any,
        shape: Any = None, params: Any = None,
    ) -> int:  # fmt: skip
        """Return the next node as somebody else describes it, looked at before it is believed.

        An input has a name, a constant a value, and an operation its arguments; an array has a
        shape, which an operation's must follow from, and parameters have names. Raises GraphError
        where the table has no such operation, or it cannot stand there.
        """
        row = self.rows.get(op) if isinstance(op, str) else None
        node = self._given(row, op, args, name, value, shape, params)
        laws.check_shape(self.shapes.get(node, ()), shape)
        return node

    def _given(
        self, row: Primitive | None, op: Any, args: tuple[int, ...], name: str | None,
        value: Any, shape: Any, params: Any,
    ) -> int:  # fmt: skip
        if row is not None:
            laws.check_arguments(row, args, len(self.ops))
            return self.node(row.name, args, laws.params_of(row, params))
        if op not in (INPUT, CONST):
            raise GraphError(f"it has the operation {quoted(op)}, which the table does not have")
        if args:
            raise GraphError(f"it is {op}, which takes no arguments, but edges enter it")
        if op == CONST and value is None:
            raise GraphError("it is a constant without a value")
        if op == CONST:
            return self.constant(value)
        if name is None:
            raise GraphError("it is an input, but 'inputs' does not list it")
        if name in self.inputs:
            raise GraphError(f"two inputs are called {name!r}")
        return self.input(name, laws.frozen(shape or ()))

    def fold(self, op: str, args: tuple[int, ...]) -> int:
        """Return a row of two arguments applied to many of them, from the left."""
        node = args[0]
        for argument in args[1:]:
            node = self.node(op, (node, argument))
        return node

    def is_condition(self, node: int) -> bool:
        """Return whether a node is true or false instead of a number."""
        return node in self._conditions

    def require(self, condition: int, reason: str) -> None:
        """Make the graph refuse points where the condition does not hold."""
        if condition not in self._conditions:
            raise GraphError("only a condition, such as x > 0, can be required")
        self.guards.append(Guard(condition, reason))

    def finish(self, outputs: Mapping[str, int]) -> Graph:
        """Return the graph of these outputs; nodes that nothing needs are left out.

        Raises GraphError where there is no output, or one is a condition, where inputs, names,
        vectors and nodes contradict each other, and for a name that no file can hold.
        """
        count = len(self.ops)
        laws.check_inputs(self.inputs, self.ops)
        laws.check_names(self.names, self.inputs, count)
        laws.check_vectors(self.vectors, self.inputs)
        laws.check_outputs(outputs, self._conditions, count)
        self._check_texts(outputs)
        kept = self.kept(outputs)
        if len(kept) < len(self.ops):
            return self._pruned(outputs, kept)
        return Graph(
            ops=tuple(self.ops),
            args=tuple(self.args),
            constants=MappingProxyType(dict(self.constants)),
            inputs=MappingProxyType(dict(self.inputs)),
            outputs=MappingProxyType(dict(outputs)),
            names=MappingProxyType(dict(self.names)),
            rows=self.rows,
            guards=tuple(self.guards),
            sources=self.sources or None,
            vectors=self.vectors or None,
            shapes=MappingProxyType(dict(self.shapes)) if self.shapes else None,
            params=MappingProxyType(dict(self.params)) if self.params else None,
        )

    def _shape(self, node: int, row: Primitive, args: tuple[int, ...], params: Params) -> None:
        """Keep the shape and the parameters of a node that is about to be added."""
        shapes = [self.shapes.get(argument, ()) for argument in args]
        shape = laws.shape_of(row, shapes, params)
        if shape:
            self.shapes[node] = shape
        if params:
            self.params[node] = params

    def _append(self, op: str, args: tuple[int, ...]) -> int:
        self.ops.append(op)
        self.args.append(args)
        return len(self.ops) - 1

    def _check_texts(self, outputs: Iterable[str]) -> None:
        labels = [row.label for row in own(self.rows)]
        reasons = [guard.reason for guard in self.guards]
        refuse_halves([*self.names, *outputs, *labels, *self.sources.values(), *reasons])

    def _check_kinds(self, row: Primitive, args: tuple[int, ...]) -> None:
        for position, argument in enumerate(args):
            if row.is_condition(position) and argument not in self._conditions:
                raise GraphError(f"{row.symbol or row.name} needs a condition, such as x > 0")
            if not row.is_condition(position) and argument in self._conditions:
                raise GraphError(
                    f"a condition is not a number and cannot be an argument of "
                    f"{row.symbol or row.name}; write where(condition, 1, 0)"
                )

    def _fix(self, node: int, op: str, args: tuple[int, ...]) -> None:
        """Keep the value of a constant subexpression, so that a huge power is refused now."""
        if op not in _FIXED or not all(argument in self._fixed for argument in args):
            return
        try:
            value = _FIXED[op](*[self._fixed[argument] for argument in args])
        except (OverflowError, ZeroDivisionError):
            if op == "pow":
                self._forget(node)
                raise GraphError(
                    "a power of constants overflows; no number that large exists"
                ) from None
            return
        if isinstance(value, float) and math.isfinite(value):
            self._fixed[node] = value

    def _forget(self, node: int) -> None:
        """Take the last node back."""
        if self._share:
            del self._known[self.ops[node]][_packed(self.args[node])]
        del self.ops[node], self.args[node]

    def kept(self, outputs: Mapping[str, int]) -> list[int]:
        """Return the nodes that the graph of these outputs has, in its order.

        They are the inputs and whatever an output or a guard depends on.
        """
        needed = bytearray(len(self.ops))
        for node in (*self.inputs.values(), *outputs.values(), *(g.node for g in self.guards)):
            needed[node] = 1
        for node in range(len(self.ops) - 1, -1, -1):
            if needed[node]:
                for argument in self.args[node]:
                    needed[argument] = 1
        return [node for node, wanted in enumerate(needed) if wanted]

    def _pruned(self, outputs: Mapping[str, int], kept: Sequence[int]) -> Graph:
        """Return the graph without the nodes that are not needed."""
        new = {node: position for position, node in enumerate(kept)}
        smaller = Builder(self.rows, share=False)
        smaller.ops = [self.ops[node] for node in kept]
        smaller.args = [tuple([new[a] for a in self.args[node]]) for node in kept]
        smaller.constants = {new[n]: v for n, v in self.constants.items() if n in new}
        smaller.inputs = {name: new[node] for name, node in self.inputs.items()}
        smaller.names = {name: new[node] for name, node in self.names.items() if node in new}
        smaller.sources = {new[n]: source for n, source in self.sources.items() if n in new}
        smaller.guards = [Guard(new[guard.node], guard.reason) for guard in self.guards]
        smaller.vectors = self.vectors
        smaller.shapes = {new[n]: shape for n, shape in self.shapes.items() if n in new}
        smaller.params = {new[n]: params for n, params in self.params.items() if n in new}
        return smaller.finish({label: new[node] for label, node in outputs.items()})


def _packed(args: tuple[int, ...]) -> int:
    """Return the nodes that a row is applied to as one number.

    A table of numbers holds nothing that the collector of cyclic garbage would visit.
    """
    key = args[0] if args else 0
    for argument in args[1:]:
        key = key << _WIDTH | argument
    return key
