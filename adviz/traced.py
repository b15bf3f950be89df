"""The traced value: a number that is not known yet and writes down what is done with it.

Python's operators on traced values add nodes to the builder of one tracing, kept by its `Tape`.
Everything that would need the number itself (a branch, `float`, `len`) is an error that says
where, unless the tape follows a point, where a branch is taken as the number there decides.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from math import isfinite, pi
from numbers import Number, Rational
from sys import _getframe
from types import CodeType, FrameType
from typing import Any, NoReturn

from adviz import notation
from adviz.builder import Builder
from adviz.errors import GraphError, TracingError
from adviz.places import Place, author, is_library, places, spot
from adviz.primitives import TABLE, Primitive, extend, spellings

_MEANINGS = spellings(TABLE.values())
_CURE = "use adviz.functions.where(condition, a, b), or follow one point with build(f, at=point)"


class Tape:
    """One tracing: the builder that grows, and where in the code it grows.

    `codes` are the code objects whose locals become names; `compute(op)` gives a row's function
    on floats when the branches of one point are to be followed.
    """

    def __init__(
        self,
        builder: Builder,
        codes: Iterable[CodeType] = (),
        compute: Callable[[str], Callable[..., Any]] | None = None,
        *,
        share: bool = True,
    ) -> None:
        self.builder, self.codes = builder, frozenset(map(id, codes))
        self.node: Callable[[str, tuple[int, ...]], int] = builder.node
        self.locals: dict[str, int] = {}
        self.sources = builder.sources
        self._compute = compute
        self._numbers: dict[int, Any] | None = None if compute is None else {}
        self._share = share
        self._constants: dict[type, dict[Any, int]] = {int: {}, float: {}}
        self._places: dict[int, tuple[CodeType, dict[int, Place] | None]] = {}
        self._required: set[int] = set()

    def input(self, name: str, number: float | None = None) -> Value:
        """Return an input as a traced value, with its number where a point is followed."""
        node = self.builder.input(name)
        if self._numbers is not None:
            self._numbers[node] = number
        return _value(self, node)

    def add(
        self, op: str, args: tuple[int, ...], frame: FrameType | None, called: bool = False
    ) -> Value:
        """Return a row applied to nodes, on behalf of a frame.

        `called` says that the frame's instruction returns this very value, so that a local which
        takes it gives it its name; an operator's instruction is recognised by itself.
        """
        node = self.node(op, args)
        code = frame.f_code if frame else None
        known = self._places.get(id(code))
        table = known[1] if known else self._read(code)
        if table is None:
            self.sources.setdefault(node, self._source(frame))
        else:
            place = table[frame.f_lasti]  # type: ignore[union-attr]  # only a frame has a table
            if node not in self.sources:
                self.sources[node] = place.source
            for name in place.called if called else place.operator:
                self.locals[name] = node
        if self._numbers is not None:
            self._follow(node, op, args)
        value = _new(Condition if op in _CONDITIONS else Value)
        value.tape, value.node = self, node
        return value

    def name(self, value: object, frame: FrameType | None) -> None:
        """Give a value the name of the local that takes what the frame's instruction returns."""
        if isinstance(value, Value) and value.tape is self:
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
            node = self.node("pi", ()) if value == pi and kind is float else self._constant(value)
            if self._numbers is not None:
                self._numbers[node] = float(value)  # type: ignore[arg-type]  # an int or a float
            if self._share:
                table[value] = node
        return node

    def condition(self, value: object) -> int:
        """Return the node of a condition; a number is true where it is not 0, as in Python."""
        if isinstance(value, Condition):
            return self.owned(value)
        node = self.operand(value)
        if node is None:
            raise TracingError(f"{value!r} is not a condition; {spot(_getframe(1))}")
        return self.add("ne", (node, self._number(0)), author(_getframe(1))).node

    def owned(self, value: Value) -> int:
        """Return a value's node; raise TracingError when the value belongs to another tracing."""
        if value.tape is not self:
            raise TracingError(
                f"{value!r} belongs to another tracing and cannot be used in this one "
                f"({spot(_getframe(1))}); pass it as an argument instead of keeping it"
            )
        return value.node

    def branch(self, value: Value, frame: FrameType | None) -> bool:
        """Return which way a branch goes at the followed point, and require it of every point."""
        if self.node is _closed:
            _closed()
        if self._numbers is None:
            raise TracingError(
                f"a branch, `and`, `or`, `not` or chained comparison depends on a traced value: "
                f"{spot(frame)}; {_CURE}"
            )
        node, truth = self.condition(value), bool(self._numbers[value.node])
        required = node if truth else self.add("not", (node,), author(frame)).node
        if required not in self._required:
            self._required.add(required)
            shown = notation.ascii_text(_shown(self.builder, node))
            self.builder.require(required, f"it was built where {shown} is {truth}, {spot(frame)}")
        return truth

    def close(self) -> None:
        """End the tracing: from now on its values refuse to be used."""
        self.node = _closed

    def _number(self, value: int) -> int:
        """Return the node of an int."""
        node = self.operand(value)
        assert node is not None
        return node

    def _unusual(self, value: object) -> int | None:
        """Return the node of an operand that is not simply a nonzero int or float."""
        if isinstance(value, Condition):
            return self._chosen(self.owned(value))
        if isinstance(value, Value):
            return self.owned(value)
        if isinstance(value, complex):
            raise TracingError(f"{value} is complex, not a real number ({spot(_getframe(1))})")
        if type(value).__module__ == "numpy" and getattr(value, "shape", None) == ():
            value = value.item()  # type: ignore[attr-defined]  # a NumPy scalar
        if isinstance(value, Value):
            return self.owned(value)
        if isinstance(value, bool):
            value = int(value)
        if not isinstance(value, Number) or not hasattr(value, "__float__"):
            return None
        node = self._constant(value)
        if self._numbers is not None:
            self._numbers[node] = float(value)  # type: ignore[arg-type]  # it has __float__
        return node

    def _constant(self, value: object) -> int:
        """Return the node of a number that is not traced."""
        try:
            return self.builder.number(value)
        except GraphError as error:
            raise TracingError(f"{error} ({spot(_getframe(1))})") from None

    def _chosen(self, node: int) -> int:
        """Return a condition as a number, 1 where it is true and 0 where it is not."""
        args = (node, self._number(1), self._number(0))
        return self.add("where", args, author(_getframe(1))).node

    def _follow(self, node: int, op: str, args: tuple[int, ...]) -> None:
        """Compute the number of a node at the followed point."""
        assert self._compute is not None and self._numbers is not None
        if node not in self._numbers:
            numbers = [self._numbers[argument] for argument in args]
            self._numbers[node] = self._compute(op)(*numbers)

    def _read(self, code: CodeType | None) -> dict[int, Place] | None:
        """Return the places of a code object, read once; None for code that has no author."""
        if code is None:
            return None
        table = None if is_library(code) else places(code, named=id(code) in self.codes)
        self._places[id(code)] = code, table  # holding the code keeps its id its own
        return table

    def _source(self, frame: FrameType | None) -> str:
        """Return where the author's code called a library."""
        found = author(frame)
        if found is None:
            return ""
        known = self._places.get(id(found.f_code))
        table = known[1] if known else self._read(found.f_code)
        return table[found.f_lasti].source if table else ""


class Value:
    """A number under trace; made by `adviz.build` from a callable's arguments.

    >>> import adviz
    >>> def f(x, y):
    ...     print(x + y)
    ...     return (x + y)*(x - y)
    >>> adviz.build(f)
    <traced x + y>
    <Graph (x, y) -> f: 5 nodes>
    """

    __slots__ = ("__weakref__", "node", "tape")

    tape: Tape
    node: int

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"<traced {notation.ascii_text(_shown(self.tape.builder, self.node))}>"

    def __format__(self, specification: str) -> str:
        return repr(self)

    def __copy__(self) -> Value:
        return self

    def __deepcopy__(self, _: object) -> Value:
        return self

    def __bool__(self) -> bool:
        return self.tape.branch(self, _getframe(1))

    def __pos__(self) -> Value:
        return self

    def __divmod__(self, other: Any) -> tuple[Any, Any]:
        return operator.floordiv(self, other), operator.mod(self, other)

    def __rdivmod__(self, other: Any) -> tuple[Any, Any]:
        return operator.floordiv(other, self), operator.mod(other, self)

    def __getattr__(self, name: str) -> Any:
        # NumPy calls x.sin() on every element of an array of objects
        if name not in _MEANINGS:
            raise AttributeError(f"a traced number has no attribute {name!r}")
        return partial(call, name, self)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        from adviz.arrays import universal

        result = universal(ufunc, method, inputs, options)
        self.tape.name(result, _getframe(1))
        return result

    def __array_function__(self, function: Any, _: Any, args: Any, options: Any) -> Any:
        from adviz.arrays import common

        result = common(function, args, options)
        self.tape.name(result, author(_getframe(1)))
        return result


class Condition(Value):
    """A comparison under trace: true or false, to be used by `adviz.functions.where`.

    In arithmetic it counts as 1 or 0, as Python's own conditions do.
    """

    __slots__ = ()

    def __invert__(self) -> Value:
        return self.tape.add("not", (self.node,), _getframe(1))

    def __and__(self, other: Any) -> Any:
        known = _plain_truth(other)
        if known is not None:
            return self if known else False
        return _joined(self, "and", other, _getframe(1))

    def __or__(self, other: Any) -> Any:
        known = _plain_truth(other)
        if known is not None:
            return True if known else self
        return _joined(self, "or", other, _getframe(1))

    def __xor__(self, other: Any) -> Any:
        known = _plain_truth(other)
        if known is not None:
            return ~self if known else self
        if not isinstance(other, Condition):
            return NotImplemented
        return (self & ~other) | (~self & other)

    __rand__, __ror__, __rxor__ = __and__, __or__, __xor__


class NotAVector(TracingError, TypeError):
    """A traced number used as a sequence; a TypeError too, as it would be for a plain number."""


def apply(rows: Sequence[Primitive], args: Sequence[Any], frame: FrameType | None) -> Value:
    """Return the row that takes so many arguments, applied to traced values and numbers.

    A row that folds takes more than two. Raises TracingError when no row does, or when an
    argument is not a number.
    """
    tape = next(argument.tape for argument in args if isinstance(argument, Value))
    row = chosen(rows, len(args), frame)
    _known(tape, row)
    nodes = [_argument(tape, row, position, value) for position, value in enumerate(args)]
    if len(nodes) == row.arity:
        return tape.add(row.name, tuple(nodes), frame, True)
    value = tape.add(row.name, (nodes[0], nodes[1]), frame, True)
    for node in nodes[2:]:
        value = tape.add(row.name, (value.node, node), frame, True)
    return value


def chosen(rows: Sequence[Primitive], count: int, frame: FrameType | None = None) -> Primitive:
    """Return the row that takes so many arguments, or more than it has when it folds.

    Raises TracingError when there is none.
    """
    for row in rows:
        if row.arity == count or (row.fold and count > row.arity):
            return row
    takes = " or ".join(f"{row.arity}{' or more' * row.fold}" for row in rows)
    arguments = "argument" if takes == "1" else "arguments"
    where = f"; {spot(frame or _getframe(1))}"
    raise TracingError(f"{rows[0].name} takes {takes} {arguments}, not {count}{where}")


def call(name: str, *args: Any) -> Value:
    """Return a function of the table by any of its names, one argument at least being traced."""
    return apply(_MEANINGS[name], args, _getframe(1))


def where(condition: Any, x: Any, y: Any) -> Any:
    """Return x where a condition holds and y where it does not."""
    known = _plain_truth(condition)
    if known is not None:
        return x if known else y
    if condition.__class__ not in (Value, Condition):
        return x if condition else y
    return apply(_MEANINGS["where"], (condition, x, y), _getframe(1))


def extreme(name: str, values: Iterable[Any]) -> Any:
    """Return the least (`min`) or greatest (`max`) of values, at least one of which is traced.

    An infinity, with which such searches usually start, is left out or wins: a traced value
    stands for a finite number.
    """
    listed = list(values)
    infinite = [v for v in listed if isinstance(v, float) and not isfinite(v)]
    winning = [v for v in infinite if v != v or (v > 0) == (name == "max")]
    if winning:
        return winning[0]
    others = [v for v in listed if not any(v is one for one in infinite)]
    return others[0] if len(others) == 1 else apply(_MEANINGS[name], others, _getframe(1))


def _known(tape: Tape, row: Primitive) -> None:
    """Let a user's own row into the graph."""
    if tape.builder.rows.get(row.name) is not row:
        rows = [own for name, own in tape.builder.rows.items() if name not in TABLE]
        tape.builder.rows = extend([*rows, row])


def _argument(tape: Tape, row: Primitive, position: int, value: Any) -> int:
    """Return the node of a row's argument."""
    if row.is_condition(min(position, row.arity - 1)):
        return tape.condition(value)
    node = tape.operand(value)
    if node is None:
        problem = f"{row.name} needs a number, not {type(value).__name__}"
        raise TracingError(f"{problem}; {spot(_getframe(1))}")
    return node


def _joined(first: Condition, op: str, other: Any, frame: FrameType) -> Any:
    """Return two conditions joined by `and` or `or`."""
    if not isinstance(other, Condition):
        return NotImplemented
    return first.tape.add(op, (first.node, first.tape.owned(other)), frame)


def _plain_truth(value: object) -> bool | None:
    """Return a truth value that is not traced; None for everything else."""
    plain = isinstance(value, bool) or type(value).__name__ == "bool" or type(value).__name__ == "bool_"
    return bool(value) if plain else None


def _shown(builder: Builder, node: int, depth: int = 3) -> notation.Tree:
    """Return what a node computes, a few operations deep."""
    names = {input_node: name for name, input_node in builder.inputs.items()}
    if node in names:
        return notation.name(names[node])
    if node in builder.constants:
        return notation.number(repr(builder.constants[node]))
    row = builder.rows[builder.ops[node]]
    if not depth or not row.args:
        return notation.name("..." if row.args else row.name)
    operands = [_shown(builder, argument, depth - 1) for argument in builder.args[node]]
    held = [part if part[0] in ("name", "number") else ("group", part) for part in operands]
    return notation.applied(row, held if row.symbol else operands)


def _closed(*_: object) -> NoReturn:
    raise TracingError(
        f"a traced value is used after its tracing has ended ({spot(_getframe(1))}); "
        "it stands for a number only while adviz traces the function"
    )


_new = object.__new__


def _value(tape: Tape, node: int) -> Value:
    value = _new(Value)
    value.tape, value.node = tape, node
    return value


_CONDITIONS = frozenset(row.name for row in TABLE.values() if row.condition)
_DUNDERS = {"+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod"}
_DUNDERS |= {"**": "pow", "<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne"}
_UNARY = {"neg": "neg", "abs": "abs", "floor": "floor", "ceil": "ceil", "trunc": "trunc"}
_NUMBERS_ONLY = {
    "__float__": "float() would drop its derivative",
    "__int__": "int() would drop its derivative",
    "__complex__": "complex() would drop its derivative",
    "__index__": "an index or a count cannot depend on it, its derivative would be dropped",
    "__round__": "round() would drop its derivative; floor(x + 0.5) has one",
}
_VECTORS_ONLY = {"__len__": "len()", "__getitem__": "an index", "__iter__": "iteration"}


def _forward(op: str, compare: Callable[[Any, Any], Any] | None) -> Callable[[Value, Any], Any]:
    """Return the method of an operator with the traced value on its left."""

    def method(self: Value, other: Any) -> Any:
        tape = self.tape
        if type(other) is Value and other.tape is tape:
            return tape.add(op, (self.node, other.node), _getframe(1))
        if compare is not None and isinstance(other, float) and not isfinite(other):
            return compare(0.0, other)  # a traced value stands for a finite number
        node = tape.operand(other)
        return NotImplemented if node is None else tape.add(op, (self.node, node), _getframe(1))

    return method


def _reflected(op: str) -> Callable[[Value, Any], Any]:
    """Return the method of an operator with the traced value on its right."""

    def method(self: Value, other: Any) -> Any:
        node = self.tape.operand(other)
        if node is None:
            return NotImplemented
        return self.tape.add(op, (node, self.node), _getframe(1))

    return method


def _unary(op: str) -> Callable[[Value], Value]:
    return lambda self: self.tape.add(op, (self.node,), _getframe(1))


def _counted(method: Callable[..., Any]) -> Callable[..., Any]:
    """Return an operator of numbers for a condition, which counts as 1 or 0."""

    def counted(self: Condition, *others: Any) -> Any:
        number = _value(self.tape, self.tape._chosen(self.tape.owned(self)))
        result = method(number, *others)
        self.tape.name(result, _getframe(1))
        return result

    return counted


def _refusal(reason: str) -> Callable[..., NoReturn]:
    def refuse(self: Value, *_: object) -> NoReturn:
        raise TracingError(
            f"{self!r} is a traced value: {reason} ({spot(_getframe(1))}); "
            "where a library asks for a float, use adviz.functions instead"
        )

    return refuse


def _no_vector(use: str) -> Callable[..., NoReturn]:
    def refuse(self: Value, *_: object) -> NoReturn:
        raise NotAVector(
            f"{self!r} is one traced number, and {use} needs a vector ({spot(_getframe(1))}); "
            'say how long an argument is with shapes={"x": 5}'
        )

    return refuse


def _give_operators() -> None:
    """Give values the operators of the table, and conditions the same on 1 or 0."""
    for row in TABLE.values():
        stem = _DUNDERS.get(row.symbol) if row.arity == 2 else _UNARY.get(row.name)
        if stem is None:
            continue
        methods: dict[str, Callable[..., Any]] = {}
        if row.arity == 1:
            methods[f"__{stem}__"] = _unary(row.name)
        else:
            comparison = getattr(operator, stem) if row.condition else None
            methods[f"__{stem}__"] = _forward(row.name, comparison)
            if not row.condition:
                methods[f"__r{stem}__"] = _reflected(row.name)
        for name, method in methods.items():
            setattr(Value, name, method)
            setattr(Condition, name, _counted(method))
    for name, reason in _NUMBERS_ONLY.items():
        setattr(Value, name, _refusal(reason))
    for name, use in _VECTORS_ONLY.items():
        setattr(Value, name, _no_vector(use))
    Condition.__hash__ = Value.__hash__  # type: ignore[method-assign]  # __eq__ is not an equality


_give_operators()
