"""One tracing: the builder that grows, what is known about its values, and where it happens."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import nan, pi
from numbers import Number
from sys import _getframe
from types import CodeType, FrameType
from typing import Any, NoReturn

from adviz.errors import GraphError, TracingError
from adviz.graph.builder import Builder
from adviz.graph.procedure import Params
from adviz.language import notation
from adviz.primitives import TABLE, Primitive, Table, extend
from adviz.primitives.row import Shape
from adviz.sources.tracing.condition import TracedCondition
from adviz.sources.tracing.kept import fitting, kept
from adviz.sources.tracing.places import CodePlace, author, is_library, places, spot
from adviz.sources.tracing.recorder import Answers
from adviz.sources.tracing.shown import shown
from adviz.sources.tracing.traced import TracedValue, UnsuitableError
from adviz.sources.tracing.whole import integer

_FOLLOW = "follow one point with build(f, at=point)"
_CURE = f"use adviz.functions.where(condition, a, b), or {_FOLLOW}"


Compute = Callable[[Table, str], Callable[..., Any]]
"""Gives the function of a row on floats."""


class Tape:
    """One tracing: the builder that grows, and where in the code it grows.

    `codes` are the code objects whose locals become names; `compute(rows, op)` gives a row's
    function on floats when the branches of one point are to be followed; `answers` are for NumPy.
    With `arrays` an array is one value.
    """

    def __init__(
        self,
        builder: Builder,
        codes: Iterable[CodeType] = (),
        compute: Compute | None = None,
        *,
        answers: Answers,
        share: bool = True,
        arrays: bool = False,
    ) -> None:
        self.arrays = arrays
        self._shapes = builder.shapes
        self.builder, self.codes = builder, frozenset(map(id, codes))
        self.answers = answers
        self.scalar: type = float
        self.node: Callable[..., int] = fitting(builder.node) if arrays else builder.node
        self.locals: dict[str, int] = {}
        self.sources = builder.sources
        self.follows = compute is not None
        self._compute = compute
        self._functions: dict[str, Callable[..., Any]] = {}
        self._numbers: dict[int, Any] = {}
        self._share = share
        self._constants: dict[type, dict[Any, int]] = {int: {}, float: {}}
        self._places: dict[int, tuple[CodeType, dict[int, CodePlace] | None]] = {}
        self._required: set[int] = set()

    def input(self, name: str, number: float | None = None) -> TracedValue:
        """Return an input as a traced value, with its number where a point is followed."""
        node = self.builder.input(name)
        self._numbers[node] = number
        return _value(self, node)

    def array(self, name: str, shape: Shape, numbers: Any = None) -> TracedValue:
        """Return an input as a traced array, with its numbers where a point is followed."""
        node = self.builder.input(name, shape)
        self._numbers[node] = numbers
        return kept(self, node, self.builder.is_condition(node))

    def shape(self, node: int) -> Shape:
        """Return a node's shape, () of a number."""
        return self._shapes.get(node, ())

    def add(
        self, op: str, args: tuple[int, ...], frame: FrameType | None, called: bool = False,
        params: Params = (),
    ) -> TracedValue:  # fmt: skip
        """Return a row applied to nodes, on behalf of a frame.

        `called` says that the frame's instruction returns this very value, so that a local which
        takes it gives it its name; an operator's instruction is recognised by itself.
        """
        node = self.node(op, args, params) if params else self.node(op, args)
        code = frame.f_code if frame else None
        known = self._places.get(id(code))
        table = known[1] if known else self._read(code)
        if table is None:
            self.sources.setdefault(node, self.source(frame))
        else:
            source, operator, taking = table[frame.f_lasti]  # type: ignore[union-attr]  # a frame
            self.sources.setdefault(node, source)
            for name in taking if called else operator:
                self.locals[name] = node
        if self._compute is not None:
            self._follow(node, op, args, params)
        if self.arrays and node in self._shapes:
            return kept(self, node, self.builder.is_condition(node))
        value = _new(TracedCondition if op in _CONDITIONS else TracedValue)
        value.tape, value.node = self, node
        return value

    def add_at(self, source: str, op: str, args: tuple[int, ...]) -> TracedValue:
        """Return a row that gives a number, applied to nodes, one of many that a line asks for."""
        node = self.node(op, args)
        self.sources.setdefault(node, source)
        if self._compute is not None:
            self._follow(node, op, args)
        return _value(self, node)

    def name(self, value: object, frame: FrameType | None) -> None:
        """Give a value the name of the local that takes what the frame's instruction returns."""
        if isinstance(value, TracedValue) and value.tape is self:
            for local in self.taking(frame):
                self.locals[local] = value.node

    def taking(self, frame: FrameType | None) -> tuple[str, ...]:
        """Return the locals that take what the frame's instruction returns."""
        if frame is None:
            return ()
        known = self._places.get(id(frame.f_code))
        table = known[1] if known else self._read(frame.f_code)
        return table[frame.f_lasti].called if table else ()

    def operand(self, value: object) -> int | None:
        """Return the node of an operand, or None for what is not a number at all.

        Raises TracingError for a number that no graph can hold and for a value of another
        tracing.
        """
        kind = type(value)
        table = self._constants.get(kind)
        if table is None or (not value and kind is float):  # 0.0 and -0.0 are equal keys
            return self._unusual(value)
        node = table.get(value)
        if node is None:
            node = self._constant(value)
            if self._share:
                table[value] = node
        return node

    def condition(self, value: object) -> int:
        """Return the node of a condition; a number is true where it is not 0, as in Python."""
        if isinstance(value, TracedCondition):
            return self.owned(value)
        node = self.operand(value)
        if node is None:
            raise TracingError(f"{value!r} is not a condition; {spot(_getframe(1))}")
        return self.add("ne", (node, self._number(0)), author(_getframe(1))).node

    def owned(self, value: TracedValue) -> int:
        """Return a value's node; raise TracingError when the value belongs to another tracing."""
        if value.tape is not self:
            raise TracingError(
                f"{value!r} belongs to another tracing and cannot be used in this one "
                f"({spot(_getframe(1))}); pass it as an argument instead of keeping it"
            )
        return value.node

    def branch(self, value: TracedValue, frame: FrameType | None) -> bool:
        """Return which way a branch goes at the followed point, and require it of every point."""
        if not self._followed():
            raise TracingError(
                f"a branch, `and`, `or`, `not` or chained comparison depends on a traced value: "
                f"{spot(frame)}; {_CURE}"
            )
        node, truth = self.condition(value), bool(self._numbers[value.node])
        required = node if truth else self.add("not", (node,), author(frame)).node
        self._require(required, node, truth, frame)
        return truth

    def settled(self, value: TracedValue, frame: FrameType | None) -> int:
        """Return the whole number that a value is at the followed point, and require it."""
        if not self._followed():
            raise UnsuitableError(
                f"an index, a count or a key depends on a traced value, {value!r}: {spot(frame)}; "
                f"{_FOLLOW}"
            )
        node = self.owned(value)
        number = int(self._numbers[node])
        equal = self.add("eq", (node, self._number(number)), author(frame)).node
        self._require(equal, node, number, frame)
        return number

    def _followed(self) -> bool:
        """Return whether a point is followed; raise where the tracing has ended."""
        if self.node is _closed:
            _closed()
        return self.follows

    def _require(self, condition: int, node: int, found: object, frame: FrameType | None) -> None:
        """Make the graph refuse points where a condition does not hold, once."""
        if condition not in self._required:
            self._required.add(condition)
            what = notation.ascii_text(self.shown(node))
            self.builder.require(condition, f"it was built where {what} is {found}, {spot(frame)}")

    def real(self, value: TracedValue) -> TracedValue:
        """Return a value as a float."""
        return _value(self, self.owned(value))

    def whole(self, op: str, value: TracedValue, frame: FrameType | None) -> TracedValue:
        """Return a value rounded by a row, as the whole number that Python makes of it."""
        return integer(self.add(op, (self.owned(value),), frame, called=True))

    def number(self, value: TracedValue) -> float:
        """Return a value's number at the followed point; NaN where none is followed."""
        number = self._numbers.get(value.node)
        return nan if number is None else float(number)

    def shown(self, node: int) -> notation.Tree:
        """Return what a node computes, a few operations deep."""
        return shown(self.builder, node)

    def counted(self, condition: TracedValue) -> TracedValue:
        """Return a condition as a number, 1 where it is true and 0 where it is not."""
        args = (self.owned(condition), self._number(1), self._number(0))
        return integer(self.add("where", args, author(_getframe(1))))

    def admit(self, row: Primitive) -> None:
        """Let a user's own row into the graph; raise GraphError when its name is taken."""
        rows = self.builder.rows
        if rows.get(row.name) is not row:
            own = [one for name, one in rows.items() if name not in TABLE]
            self.builder.rows = extend([*own, row])

    def close(self) -> None:
        """End the tracing: from now on its values refuse to be used."""
        self.node = _closed

    def _number(self, value: int) -> int:
        """Return the node of an int."""
        known = self._constants[int].get(value)
        return self._constant(value) if known is None else known

    def _unusual(self, value: object) -> int | None:
        """Return the node of an operand that is not simply a nonzero int or float."""
        if isinstance(value, TracedCondition):
            return self.counted(value).node
        if isinstance(value, TracedValue):
            return self.owned(value)
        if isinstance(value, complex):
            raise TracingError(f"{value} is complex, not a real number ({spot(_getframe(1))})")
        if type(value).__module__ == "numpy" and getattr(value, "shape", None) == ():
            value = value.item()  # type: ignore[attr-defined]  # a NumPy scalar
        if isinstance(value, TracedValue):
            return self.owned(value)
        if isinstance(value, bool):
            value = int(value)
        if self.arrays and getattr(value, "shape", None):
            return self._constant(value)
        if not isinstance(value, Number) or not hasattr(value, "__float__"):
            return None
        return self._constant(value)

    def _constant(self, value: Any) -> int:
        """Return the node of a number that is not traced; the double next to pi is pi."""
        try:
            exact = type(value) is float and value == pi
            node = self.node("pi", ()) if exact else self.builder.number(value)
        except GraphError as error:
            raise TracingError(f"{error} ({spot(_getframe(1))})") from None
        self._numbers[node] = value if self.shape(node) else float(value)
        return node

    def _follow(self, node: int, op: str, args: tuple[int, ...], params: Params = ()) -> None:
        """Compute the number of a node at the followed point."""
        if self._compute is None or node in self._numbers:
            return
        if op not in self._functions:
            self._functions[op] = self._compute(self.builder.rows, op)
        self._numbers[node] = self._functions[op](*[self._numbers[each] for each in args], *params)

    def _read(self, code: CodeType | None) -> dict[int, CodePlace] | None:
        """Return the places of a code object, read once; None for code that has no author."""
        if code is None:
            return None
        table = None if is_library(code) else places(code, named=id(code) in self.codes)
        self._places[id(code)] = code, table  # holding the code keeps its id its own
        return table

    def source(self, frame: FrameType | None) -> str:
        """Return where the author's code called a library."""
        while frame is not None:
            known = self._places.get(id(frame.f_code))
            table = known[1] if known else self._read(frame.f_code)
            if table is not None:
                return table[frame.f_lasti].source
            frame = frame.f_back
        return ""


def _closed(*_: object) -> NoReturn:
    raise TracingError(
        f"a traced value is used after its tracing has ended ({spot(_getframe(1))}); "
        "it stands for a number only while adviz traces the function"
    )


_new = object.__new__


def _value(tape: Tape, node: int) -> TracedValue:
    value = _new(TracedValue)
    value.tape, value.node = tape, node
    return value


_CONDITIONS = frozenset(row.name for row in TABLE.values() if row.condition)
