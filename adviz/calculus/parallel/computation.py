"""What is computed at every point: a function and a kind of derivative, columns in, columns out.

It is pickled once and, by its bytes, unpickled once in a process: a worker that has seen it keeps
it, with what it compiled, however many chunks come. Names return at the very end.
"""

from __future__ import annotations

import dataclasses
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from adviz.calculus.derivatives import hessian
from adviz.calculus.parallel.columns import Column, is_number
from adviz.compiler.fallback import Reference
from adviz.compiler.kernel import Kernel, compile
from adviz.compiler.kinds import KINDS, Kind
from adviz.compiler.results import Nesting
from adviz.errors import AdvizError
from adviz.graph.graph import Graph
from adviz.modes.run import Errors
from adviz.modes.verbs import evaluate

Names = tuple[str, ...]

ROWS: Mapping[str, Kind] = {name: kind for name, kind in KINDS.items() if not kind.film}
"""The kinds that many points are asked for."""
_SHOWN = 6
"""How many inputs of a point are told in an error."""
_KEPT = 16
"""How many computations a worker keeps."""


@dataclass(frozen=True, eq=False)
class Computation:
    """What is computed at every point.

    >>> import adviz
    >>> import numpy as np
    >>> computation = Computation(adviz.build("x*y"), "gradient", ("x", "y"))
    >>> computation.columns(0, [np.array([1.0, 2.0]), 3.0], 2)
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

    @property
    def row(self) -> Kind:
        """The row of its kind."""
        return ROWS[self.kind]

    @property
    def along(self) -> Names:
        """The inputs that a program follows a direction in, or differentiates by."""
        return self.seeds if self.row.tangents else self.wanted

    @cached_property
    def kernel(self) -> Kernel:
        """What computes, compiled when it is first asked for in a process."""
        return compile(self.graph, self.kind, wrt=self.along, target=self.target)

    @cached_property
    def sweeps(self) -> Reference:
        """What computes, and raises errors, where a kernel is not worth its compilation."""
        return self.row.reference(self.graph, [*self.graph.outputs], self.along)  # type: ignore[return-value]  # a film alone has none

    @cached_property
    def nesting(self) -> Nesting:
        """Where among a program's results the value is, and by which names the derivatives."""
        nesting = self.row.placed(self.graph, [*self.graph.outputs], self.along)
        if self.along == self.wanted or not self.row.second:
            return nesting
        value, products = nesting
        return value, {name: products[name] for name in self.wanted}

    @cached_property
    def width(self) -> int:
        """The number of results at a point."""
        return len([*_flat(self.nesting)])

    def named(self, numbers: Iterator[Any]) -> Any:
        """Return numbers in the nesting's order by name, the value and the derivative."""
        return _named(self.nesting, numbers)

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

        numbers = self._way(columns)(columns)
        return [np.broadcast_to(np.asarray(one, float), (count,)) for one in numbers]

    def _way(self, columns: Sequence[Column]) -> Callable[[Sequence[Column]], list[Any]]:
        """Return what computes: the kernel, or the sweeps, which also raise errors."""
        if self.errors == "raise" or not self.compiled or all(map(is_number, columns)):
            return self._hessian if self.kind == "hessian" else self._swept
        computed = self.kernel.computed
        return lambda columns: self._in_order(computed(columns))

    def _swept(self, columns: Sequence[Column]) -> list[Any]:
        return self._in_order(self.sweeps(columns, self.errors))

    def _hessian(self, columns: Sequence[Column]) -> list[Any]:
        """Return every row by a sweep of its own: its halves may differ in their last bits."""
        at = dict(zip(self.graph.inputs, columns, strict=True))
        value = evaluate(self.graph, at, errors=self.errors).value
        return [*_flat((value, hessian(self.graph, at, wrt=self.wanted, errors=self.errors)))]

    def _in_order(self, results: Sequence[Any]) -> list[Any]:
        """Return a program's results in the nesting's order; it computes no number twice."""
        return [results[place] for place in _flat(self.nesting)]

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
        pairs = [f"{name} = {x!r}" for name, x in zip(self.graph.inputs, point, strict=False)]
        shown = ", ".join(pairs[:_SHOWN]) + (", …" if len(pairs) > _SHOWN else "")
        where = f"at {shown}" if start is None else f"point {start + low} ({shown})"
        return placed(self._failure(point, 1) or error, where)

    def _failure(self, columns: Sequence[Column], count: int) -> AdvizError | None:
        try:
            self._computed(columns, count)
        except AdvizError as error:
            return error
        return None

    @cached_property
    def _bytes(self) -> bytes:
        fields = [getattr(self, one.name) for one in dataclasses.fields(self)]
        return pickle.dumps(fields, pickle.HIGHEST_PROTOCOL)

    def __reduce__(self) -> tuple[Callable[[bytes], Computation], tuple[bytes]]:
        return _restored, (self._bytes,)

    def __dask_tokenize__(self) -> bytes:
        """Return what makes two computations the same in Dask's eyes."""
        return self._bytes


@lru_cache(maxsize=_KEPT)
def _restored(data: bytes) -> Computation:
    """Return a pickled computation: in one process always the same."""
    return Computation(*pickle.loads(data))  # noqa: S301 - written by `__reduce__`


# --- columns and names ---------------------------------------------------------------------------


def part(columns: Sequence[Column], start: int, stop: int) -> list[Column]:
    """Return the columns of some of the points."""
    return [one if is_number(one) else one[start:stop] for one in columns]


def placed(error: AdvizError, where: str) -> AdvizError:
    """Return an error of the same kind that says where it arose first."""
    error.args = (f"{where}: {error}",)
    return error


def _flat(nested: Any) -> Iterator[Any]:
    """Yield what stands in a pair, or under names, or both, in order."""
    if not isinstance(nested, Mapping | tuple):
        yield nested
        return
    for part in nested.values() if isinstance(nested, Mapping) else nested:
        yield from _flat(part)


def _named(nesting: Nesting, numbers: Iterator[Any]) -> Any:
    """Return numbers in the form of a nesting."""
    if isinstance(nesting, int):
        return next(numbers)
    if isinstance(nesting, tuple):
        return tuple([_named(part, numbers) for part in nesting])
    return {name: _named(part, numbers) for name, part in nesting.items()}
