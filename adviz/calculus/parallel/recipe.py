"""What is computed at every point: a function and a kind of derivative, columns in, columns out.

A recipe is pickled once and, by its bytes, unpickled once in a process: a worker that has seen it
keeps it, with what it compiled, however many chunks come. Names return at the very end.
"""

from __future__ import annotations

import dataclasses
import math
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from adviz.calculus.derivatives import gradient, hessian, hvp, jacobian, jvp, vjp
from adviz.errors import AdvizError
from adviz.graph.graph import Graph
from adviz.modes.run import Errors
from adviz.modes.sweeps import evaluate

if TYPE_CHECKING:
    from adviz.compiler.kernel import Kernel

Column = Any
"""An array of one axis with a number for each point, or one number for all of them."""
Names = tuple[str, ...]

ALONG = ("jvp", "hvp")
"""The kinds that follow a direction."""
_SHOWN = 6
"""How many inputs of a point are told in an error."""
_KEPT = 16
"""How many recipes a worker keeps."""


@dataclass(frozen=True, eq=False)
class Recipe:
    """What is computed at every point.

    >>> import adviz
    >>> import numpy as np
    >>> recipe = Recipe(adviz.build("x*y"), "gradient", ("x", "y"))
    >>> recipe.columns(0, [np.array([1.0, 2.0]), 3.0], 2)
    [array([3., 6.]), array([3., 3.]), array([1., 2.])]
    """

    graph: Graph
    kind: str
    wanted: Names
    """The inputs that are differentiated by."""
    seeds: Names = ()
    """What a direction or a cotangent has numbers for; their columns follow the inputs'."""
    errors: Errors = "ieee"
    target: str | None = None
    """What a kernel runs on; see `adviz.compile`."""
    compiled: bool = True
    """Whether a kernel is worth its compilation; without one the sweeps compute."""

    @cached_property
    def kernel(self) -> Kernel:
        """What computes, compiled when it is first asked for in a process."""
        from adviz.compiler.kernel import compile

        along = self.seeds if self.kind in ALONG else self.wanted
        return compile(self.graph, self.kind, wrt=along, target=self.target)

    @cached_property
    def form(self) -> tuple[tuple[Names, ...], tuple[Names, ...]]:
        """By which names the value and the derivative are looked up, the outer ones first."""
        outputs = tuple(self.graph.outputs)
        several = (outputs,) if len(outputs) > 1 else ()
        return several, _FORMS[self.kind](outputs, self.wanted, several)

    @property
    def width(self) -> int:
        """The number of results at a point."""
        value, derivative = (math.prod(map(len, names)) for names in self.form)
        return value if self.kind == "value" else value + derivative

    def named(self, numbers: Iterator[Any]) -> Any:
        """Return results by name, the value and the derivative."""
        value, derivative = self.form
        found = _nested(value, numbers)
        return found if self.kind == "value" else (found, _nested(derivative, numbers))

    def columns(self, start: int | None, columns: Sequence[Column], count: int) -> list[Any]:
        """Return the results at some points, a column for each.

        `start` is the number of the first point, where points have numbers. Raises AdvizError for
        the first point that has no result, and says which.
        """
        self._way(columns)  # what cannot be compiled is no matter of a point
        try:
            return self._computed(columns, count)
        except AdvizError as error:
            raise self._placed(error, start, columns, count) from None

    def _computed(self, columns: Sequence[Column], count: int) -> list[Any]:
        import numpy as np

        result = self._way(columns)(*columns)
        if self.kind == "hvp":
            result = result[0], {name: result[1][name] for name in self.wanted}
        return [np.broadcast_to(np.asarray(one, float), (count,)) for one in _flat(result)]

    def _way(self, columns: Sequence[Column]) -> Callable[..., Any]:
        """Return what computes: the kernel, or the sweeps, which also raise errors."""
        sweeps = self.errors == "raise" or not self.compiled or all(map(is_number, columns))
        return self._swept if sweeps else self.kernel

    def _swept(self, *columns: Column) -> Any:
        """Return the value and the derivative by the sweeps."""
        at = dict(zip(self.graph.inputs, columns, strict=False))
        seeds = dict(zip(self.seeds, columns[len(at) :], strict=True))
        value = evaluate(self.graph, at, errors=self.errors).value
        return value if self.kind == "value" else (value, _SWEPT[self.kind](self, at, seeds))

    def _placed(
        self, error: AdvizError, start: int | None, columns: Sequence[Column], count: int
    ) -> AdvizError:
        """Return the error of the first point that has one, found by halving, with its place."""
        low, high = 0, count
        while high - low > 1:
            middle = (low + high) // 2
            fails = self._failure(part(columns, low, middle), middle - low)
            low, high = (low, middle) if fails else (middle, high)
        point = [float(one if is_number(one) else one[low]) for one in columns]
        number = None if start is None else start + low
        return placed(self._failure(point, 1) or error, self.where(number, point))

    def _failure(self, columns: Sequence[Column], count: int) -> AdvizError | None:
        try:
            self._computed(columns, count)
        except AdvizError as error:
            return error
        return None

    def where(self, number: int | None, point: Sequence[float]) -> str:
        """Return which point this is, for an error."""
        pairs = [
            f"{name} = {value!r}" for name, value in zip(self.graph.inputs, point, strict=False)
        ]
        shown = ", ".join(pairs[:_SHOWN]) + (", …" if len(pairs) > _SHOWN else "")
        return f"at {shown}" if number is None else f"point {number} ({shown})"

    @cached_property
    def _bytes(self) -> bytes:
        fields = [getattr(self, one.name) for one in dataclasses.fields(self)]
        return pickle.dumps(fields, pickle.HIGHEST_PROTOCOL)

    def __reduce__(self) -> tuple[Callable[[bytes], Recipe], tuple[bytes]]:
        return _restored, (self._bytes,)

    def __dask_tokenize__(self) -> bytes:
        """Return what makes two recipes the same in Dask's eyes."""
        return self._bytes


@lru_cache(maxsize=_KEPT)
def _restored(data: bytes) -> Recipe:
    """Return a pickled recipe: in one process always the same."""
    return Recipe(*pickle.loads(data))  # noqa: S301 - written by `__reduce__`


# --- columns and names ---------------------------------------------------------------------------


def is_number(column: Column) -> bool:
    """Return whether a column is one number for all points."""
    return not getattr(column, "shape", ())


def part(columns: Sequence[Column], start: int, stop: int) -> list[Column]:
    """Return the columns of some of the points."""
    return [one if is_number(one) else one[start:stop] for one in columns]


def placed(error: AdvizError, where: str) -> AdvizError:
    """Return an error of the same kind that says where it arose first."""
    error.args = (f"{where}: {error}",)
    return error


def _nested(names: Sequence[Names], numbers: Iterator[Any]) -> Any:
    if not names:
        return next(numbers)
    return {name: _nested(names[1:], numbers) for name in names[0]}


def _flat(result: Any) -> list[Any]:
    """Return the numbers of a nested result in order."""
    parts = result.values() if isinstance(result, Mapping) else result
    if not isinstance(result, Mapping | tuple):
        return [result]
    return [number for one in parts for number in _flat(one)]


_FORMS: Mapping[str, Callable[[Names, Names, tuple[Names, ...]], tuple[Names, ...]]] = {
    "value": lambda outputs, wanted, several: (),
    "gradient": lambda outputs, wanted, several: (wanted,),
    "jacobian": lambda outputs, wanted, several: (outputs, wanted),
    "jvp": lambda outputs, wanted, several: several,
    "vjp": lambda outputs, wanted, several: (wanted,),
    "hvp": lambda outputs, wanted, several: (wanted,),
    "hessian": lambda outputs, wanted, several: (wanted, wanted),
}
"""By which names each kind of derivative is looked up."""

KINDS = tuple(_FORMS)

At = Mapping[str, Any]
_SWEPT: Mapping[str, Callable[[Recipe, At, At], Any]] = {
    "gradient": lambda r, at, _: gradient(r.graph, at, wrt=r.wanted, errors=r.errors),
    "jacobian": lambda r, at, _: jacobian(r.graph, at, wrt=r.wanted, errors=r.errors),
    "jvp": lambda r, at, seeds: jvp(r.graph, at, seeds, errors=r.errors),
    "vjp": lambda r, at, seeds: vjp(r.graph, at, seeds, wrt=r.wanted, errors=r.errors),
    "hvp": lambda r, at, seeds: hvp(r.graph, at, seeds, wrt=r.wanted, errors=r.errors),
    "hessian": lambda r, at, _: hessian(r.graph, at, wrt=r.wanted, errors=r.errors),
}
"""Each kind of derivative by the sweeps."""
