"""Traced arrays that stay arrays: one node each, with a shape.

An operator adds one row; whatever else is asked of an array is a function of NumPy, which asks back
(`adviz/sources/tracing/keeping`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from sys import _getframe
from typing import Any

from adviz.errors import GraphError, TracingError
from adviz.graph.procedure import Params
from adviz.primitives.row import Shape
from adviz.sources.tracing.condition import TracedCondition
from adviz.sources.tracing.places import spot
from adviz.sources.tracing.recorder import Recorder
from adviz.sources.tracing.traced import TracedValue

METHODS = (
    "sum mean max min prod std var cumsum trace reshape ravel transpose swapaxes squeeze dot clip "
    "take diagonal repeat all any argmax argmin argsort sort round"
).split()
"""The methods of arrays that are functions of NumPy, by the same name."""


class TracedArray(TracedValue):
    """An array under trace, kept as one node.

    >>> import adviz
    >>> adviz.build(lambda W, x: (W @ x).sum(), shapes={"W": (3, 2), "x": 2}, arrays=True)
    <Graph (W, x) -> f: 4 nodes>
    """

    __slots__ = ()


class ArrayCondition(TracedCondition):
    """A comparison of arrays under trace: true or false for every element."""

    __slots__ = ()


def kept(tape: Recorder, node: int, condition: bool) -> TracedValue:
    """Return a node that is an array as a traced value."""
    value: TracedValue = object.__new__(ArrayCondition if condition else TracedArray)
    value.tape, value.node = tape, node
    return value


def fitting(node: Callable[..., int]) -> Callable[..., int]:
    """Return what adds nodes, saying of arrays that do not fit together in which line that is."""

    def fitted(op: str, args: tuple[int, ...], params: Params = ()) -> int:
        try:
            return node(op, args, params)
        except GraphError as error:
            raise TracingError(f"{error}; {spot(_getframe(1))}") from None

    return fitted


def _shape(self: TracedValue) -> Shape:
    """Return the sizes of the axes."""
    return self.tape.shape(self.node)


def _size(self: TracedValue) -> int:
    """Return the number of elements."""
    size = 1
    for one in _shape(self):
        size *= one
    return size


def _len(self: TracedValue) -> int:
    return _shape(self)[0]


def _iter(self: Any) -> Iterator[Any]:
    return iter([self[place] for place in range(len(self))])


def _dtype(self: TracedValue) -> Any:
    """Return NumPy's type of the elements."""
    import numpy as np

    return np.dtype(bool if isinstance(self, TracedCondition) else float)


def _same(self: TracedValue, *_: Any, **__: Any) -> TracedValue:
    """Return the array itself, which nothing changes."""
    return self


def _getitem(self: TracedValue, key: Any) -> Any:
    found = self.tape.answers.functions()["index"](self, key)
    self.tape.name(found, _getframe(1))
    return found


def _setitem(self: TracedValue, key: Any, value: Any) -> None:
    raise TracingError(
        f"a traced array cannot be changed in place; {spot(_getframe(1))}; np.where or "
        "np.concatenate make another one"
    )


def _truth(self: TracedValue) -> bool:
    raise TracingError(
        f"an array of the shape {_shape(self)} is neither true nor false; {spot(_getframe(1))}; "
        "use np.where(condition, a, b)"
    )


def _matmul(self: TracedValue, other: Any) -> Any:
    return _product(self, (self, other), _getframe(1))


def _rmatmul(self: TracedValue, other: Any) -> Any:
    return _product(self, (other, self), _getframe(1))


def _product(self: TracedValue, pair: tuple[Any, Any], frame: Any) -> Any:
    found = self.tape.answers.functions()["np.matmul"](*pair)
    self.tape.name(found, frame)
    return found


def _method(name: str) -> Callable[..., Any]:
    """Return the method that is a function of NumPy."""

    def method(self: TracedValue, *args: Any, **options: Any) -> Any:
        import numpy as np

        if name == "reshape" and len(args) > 1:
            args = (args,)
        if name == "transpose" and args:
            args = (args if len(args) > 1 else args[0],)
        found = getattr(np, name)(self, *args, **options)
        self.tape.name(found, _getframe(1))
        return found

    return method


def _transposed(self: TracedValue) -> Any:
    """Return the array with its axes in reverse order."""
    import numpy as np

    return np.transpose(self)


_MEMBERS: dict[str, Any] = {
    "shape": property(_shape),
    "size": property(_size),
    "ndim": property(lambda self: len(_shape(self))),
    "dtype": property(_dtype),
    "T": property(_transposed),
    "__len__": _len,
    "__iter__": _iter,
    "__getitem__": _getitem,
    "__setitem__": _setitem,
    "__bool__": _truth,
    "__matmul__": _matmul,
    "__rmatmul__": _rmatmul,
    "astype": _same,
    "copy": _same,
    **{name: _method(name) for name in METHODS},
    "flatten": _method("ravel"),
}
for _kind in (TracedArray, ArrayCondition):
    for _name, _member in _MEMBERS.items():
        setattr(_kind, _name, _member)
