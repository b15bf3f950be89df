"""What a framework has traced on its way into a graph: nodes and constants, element by element.

A value is a node, or a constant of the framework's own that no input reaches, which the framework
itself computes further. A node that was broadcast stays as small as it is until somebody needs all
its elements, for rows that act element by element broadcast by themselves.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from math import prod
from typing import Any, NamedTuple

import numpy as np

from adviz.errors import GraphError
from adviz.graph.builder import Builder
from adviz.graph.graph import Graph
from adviz.graph.procedure import Params
from adviz.primitives import extend, own
from adviz.primitives.row import Primitive, Shape
from adviz.primitives.structural import STRUCTURAL, broadcast

STOPPED = Primitive(
    name="stop_gradient", args=("x",), partials=("0",), define="x", label="stop",
    rational=True, ulps=0.0,
)  # fmt: skip
"""The value itself, through which a framework lets no derivative pass: no derivative of it."""
LARGEST = sys.float_info.max
_SAME: Mapping[str, bool] = {
    "eq": True, "le": True, "ge": True, "ne": False, "lt": False, "gt": False,
}  # fmt: skip
"""What a comparison says of a number and itself; NaN is no number."""
_BEYOND: Mapping[str, bool] = {
    "eq": False, "ne": True, "lt": True, "le": True, "gt": False, "ge": False,
}  # fmt: skip
"""What a comparison says of a number and infinity."""
_MIRRORED: Mapping[str, str] = {"lt": "gt", "gt": "lt", "le": "ge", "ge": "le"}
_NEUTRAL: Mapping[str, float] = {"max": -np.inf, "min": np.inf}
"""What changes nothing beside any number."""


class Held(NamedTuple):
    """A node, and the shape that it has where it is used: its own, or one that it broadcasts to."""

    node: int
    shape: Shape


Value = Any
"""A Held, or a constant of the framework."""


class Unreadable(Exception):
    """An operation that has rows in general, but not in this use, with the reason."""


class Missing:
    """What an operation gives that has no row."""


MISSING = Missing()


def lacks(values: Iterable[Value]) -> bool:
    """Return whether one of some values is missing."""
    return any(value is MISSING for value in values)


def plain(value: Any) -> Any:
    """Return a framework's constant, an array or a number, as an array of NumPy."""
    if not hasattr(value, "detach"):
        return np.asarray(value)
    held = value.detach().cpu()
    narrow = held.is_floating_point() and held.dtype.itemsize < 4
    return (held.double() if narrow else held).numpy()


class Reading:
    """A graph that grows from a framework's operations, of which some rows are an author's own.

    >>> reading = Reading()
    >>> reading.apply("add", reading.input("x", (3,)), np.ones((2, 3)))
    Held(node=2, shape=(2, 3))
    """

    def __init__(self, rows: Sequence[Primitive] = (), *, share: bool = True) -> None:
        self._rows = rows
        self.builder = Builder(extend([*rows, STOPPED, *STRUCTURAL.values()]), share=share)
        self.unknown: dict[str, None] = {}
        """The operations that have no row, each once."""
        self.source = ""
        """Where in the author's code the operation stands that is being read."""

    def input(self, name: str, shape: Shape) -> Held:
        """Return an input of the graph."""
        return Held(self.builder.input(name, shape), shape)

    def graph(self, outputs: Mapping[str, Value]) -> Graph:
        """Return the graph of some values, with the rows that it needs."""
        builder, heads = self.builder, {label: self.whole(one) for label, one in outputs.items()}
        used = [row for row in own(builder.rows) if row.name in builder.ops or row in self._rows]
        builder.rows = extend([*used, *(STRUCTURAL.values() if builder.shapes else ())])
        return builder.finish(heads)

    def node(self, op: str, args: tuple[int, ...], params: Params = ()) -> int:
        """Return the node of a row, which remembers where it comes from."""
        made = self.builder.node(op, args, params)
        if self.source:
            self.builder.sources.setdefault(made, self.source)
        return made

    def apply(self, op: str, *values: Value) -> Value:
        """Return a row that acts element by element; a constant where it is settled."""
        settled = self._settled(op, values)
        if settled is not None:
            return settled
        row = self.builder.rows[op]
        args = [
            self.condition(value) if row.is_condition(place) else self.number(value)
            for place, value in enumerate(values)
        ]
        return Held(
            self.node(op, tuple([one.node for one in args])),
            broadcast(*[one.shape for one in args]),
        )

    def held(self, value: Value) -> Held:
        """Return a value as a node; a constant that is the same everywhere is one number.

        An infinity is the largest number. Raises GraphError for what is no number.
        """
        if isinstance(value, Held):
            return value
        array = plain(value)
        if array.dtype.kind not in "biuf":
            raise Unreadable(f"a constant of the type {array.dtype}")
        if np.isnan(array).any():
            raise Unreadable("a constant that is no number")
        whole = array.dtype.kind in "iu"
        numbers = array if whole else np.clip(array.astype(float), -LARGEST, LARGEST)
        first = numbers.ravel()[:1]
        same = numbers.size > 0 and bool((numbers == first).all())
        held = self.builder.constant((first[0] if same else numbers).tolist())
        return Held(held, array.shape)

    def number(self, value: Value) -> Held:
        """Return a value as a number: a condition is 1 or 0."""
        held = self.held(value)
        if not self.builder.is_condition(held.node):
            return held
        one, zero = self.builder.constant(1), self.builder.constant(0)
        return Held(self.node("where", (held.node, one, zero)), held.shape)

    def condition(self, value: Value) -> Held:
        """Return a value as a condition: a number holds where it is not 0."""
        held = self.held(value)
        if self.builder.is_condition(held.node):
            return held
        return Held(self.node("ne", (held.node, self.builder.constant(0))), held.shape)

    def whole(self, value: Value) -> int:
        """Return the node of a number with all its elements."""
        held = self.number(value)
        if self.own_shape(held) == held.shape:
            return held.node
        own = self.own_shape(held)
        alike = own and prod(own) == prod(held.shape)  # there are but more axes of size 1
        return self.node("reshape" if alike else "broadcast_to", (held.node,), (held.shape,))

    def own_shape(self, held: Held) -> Shape:
        """Return the shape of a node before it is broadcast."""
        return self.builder.shapes.get(held.node, ())

    def shape(self, value: Value) -> Shape:
        """Return the shape of a value."""
        return value.shape if isinstance(value, Held) else tuple(plain(value).shape)

    def is_condition(self, value: Value) -> bool:
        """Return whether a value is true or false."""
        if isinstance(value, Held):
            return self.builder.is_condition(value.node)
        return bool(plain(value).dtype == bool)

    def choose(self, condition: Value, x: Value, y: Value) -> Value:
        """Return x where a condition holds and y where it does not; one of them if it is known."""
        shape = broadcast(*map(self.shape, (condition, x, y)))
        if not isinstance(condition, Held):
            known = plain(condition) != 0
            if known.all() or not known.any():
                return self.spread(x if known.all() else y, shape)
        if self.is_condition(x) and self.is_condition(y):
            taken = self.apply("and", condition, x)
            other = self.apply("and", self.apply("not", condition), y)
            return self.apply("or", taken, other)
        return self.apply("where", condition, x, y)

    def spread(self, value: Value, shape: Shape) -> Value:
        """Return a value broadcast to a shape."""
        if isinstance(value, Held):
            return Held(value.node, shape)
        return np.broadcast_to(plain(value), shape)

    def refuse(self, what: str, framework: str) -> None:
        """Raise GraphError naming all operations that had no row, if any had none."""
        if self.unknown:
            raise GraphError(
                f"{what} has operations of {framework} that are not read: "
                f"{', '.join(sorted(self.unknown))}"
            )

    def _settled(self, op: str, values: Sequence[Value]) -> Value | None:
        """Return what a row gives whatever the inputs are, if that is plain."""
        if len(values) != 2:
            return None
        (x, y), shape = values, broadcast(*map(self.shape, values))
        if op in _SAME and isinstance(x, Held) and isinstance(y, Held) and x == y:
            return np.full(shape, _SAME[op])
        for number, bound, asked in ((x, y, op), (y, x, _MIRRORED.get(op, op))):
            end = self._infinity(bound)
            if end and op in _BEYOND:
                return np.full(shape, _BEYOND[asked if end > 0 else _MIRRORED.get(asked, asked)])
            if end and _NEUTRAL.get(op) == end:
                return self.spread(number, shape)
        return None

    def _infinity(self, value: Value) -> float:
        """Return the infinity that a constant is; 0 for anything else."""
        if isinstance(value, Held):
            return 0.0
        array = plain(value)
        if array.dtype.kind != "f" or not array.size or not np.isinf(array).all():
            return 0.0
        return float(array.flat[0]) if (array == array.flat[0]).all() else 0.0
