"""Programs on arrays: many points, a block at a time, so that what is computed stays in the cache.

Written out in full, `np.exp(-((x - m)/s)**2/2)` makes a pass over the memory for each operation.
Done for a few thousand points at a time, with every result written where it belongs and
temporaries used again, each number is fetched from memory once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from math import isfinite
from typing import Any

import numpy as np

from adviz.compiler.blocks.statements import BLOCK, ONCE, Statements, statements
from adviz.compiler.buffers import Loans
from adviz.compiler.executable import Array, Column, Many
from adviz.compiler.program.data import Program
from adviz.numbers import ARRAY

_CACHE = 2**19
"""Bytes of temporaries and results in a block: half the second-level cache of a core today."""
_SMALLEST, _LARGEST = 2**10, 2**13
"""Of fewer points, the calls cost more than the work; more than the largest gain little, and
from 10000 on OpenBLAS would share the check of a block among threads."""


def many(program: Program) -> Callable[[Sequence[Column], int], Many]:
    """Return a program as a function of columns and the number of points.

    A column is a contiguous float64 array with a number per point, or a float for all of them;
    what depends on floats alone is computed once. The function gives an array per result, and
    the slices among whose points some result may be infinite or NaN. It raises nothing, and may
    be called from many threads.

    Raises AdvizError naming a row that arrays have no function for and that has no definition.

    >>> import adviz, numpy as np
    >>> from adviz.compiler.program.program import program
    >>> gradient = many(program(adviz.build("log(x) + x*y")))
    >>> results, suspicious = gradient([np.array([1.0, 2.0, 0.0]), 3.0], 3)
    >>> results[1], suspicious
    (array([4. , 3.5, inf]), [slice(0, 3, None)])
    """
    codes = {(True,) * len(program.parameters): _compiled(program, program.parameters)}

    def run(columns: Sequence[Column], count: int) -> Many:
        signature = tuple([isinstance(column, np.ndarray) for column in columns])
        code = codes.get(signature)
        if code is None:
            pairs = zip(program.parameters, signature, strict=True)
            code = codes[signature] = _compiled(program, [n for n, varies in pairs if varies])
        return code.run(columns, signature, count)

    return run


@dataclass(frozen=True, eq=False)
class _Code:
    """Statements that run."""

    once: Callable[..., Sequence[Any]]
    block: Callable[..., None]
    results: int
    numbers: int
    conditions: int
    """How many temporaries of each kind there are."""
    watched: Sequence[tuple[int, int]]
    """The results that are finite only where all are, in pairs."""
    size: int
    loans: Loans = field(default_factory=Loans)

    def run(self, columns: Sequence[Column], varying: Sequence[bool], count: int) -> Many:
        """Compute so many points."""
        results = [self.loans.column(count) for _ in range(self.results)]
        arrays = [*compress(columns, varying), *results]
        with np.errstate(all="ignore"):
            return results, self._fill(self._shared(columns, varying), arrays, count)

    def _shared(self, columns: Sequence[Column], varying: Sequence[bool]) -> list[Any]:
        """Return what is the same for all points, as NumPy takes it fastest."""
        pairs = zip(columns, varying, strict=True)
        single = [float(column) for column, varies in pairs if not varies]
        return [np.asarray(value) for value in self.once(*single)] if single else []

    def _fill(self, shared: list[Any], arrays: list[Any], count: int) -> list[slice]:
        """Compute block by block; return the slices with a result that is not finite."""
        space, found = self._space(min(count, self.size)), []
        if count <= self.size:
            self.block(*shared, *arrays, *space)
            return [] if self._finite(arrays) else [slice(0, count)]
        for start in range(0, count, self.size):
            part = slice(start, min(start + self.size, count))
            if part.stop - start < self.size:
                space = [temporary[: part.stop - start] for temporary in space]
            here = [array[part] for array in arrays]
            self.block(*shared, *here, *space)
            if not self._finite(here):
                found.append(part)
        return found

    def _space(self, size: int) -> list[Any]:
        """Return temporaries, those of numbers first."""
        conditions = np.empty((self.conditions, size), bool) if self.conditions else ()
        return [*np.empty((self.numbers, size)), *conditions]

    def _finite(self, arrays: list[Any]) -> bool:
        """Return whether all results of a block are finite.

        Where the scalar product of two of them is, both are, and that is one fast pass.
        """
        results = arrays[-self.results :]
        for i, j in self.watched:
            if not isfinite(results[i].dot(results[j])) and not _all(results[i], results[j]):
                return False
        return True


def _all(*results: Array) -> bool:
    """Return whether all numbers are finite."""
    return all(np.isfinite(result).all() for result in results)


def _compiled(program: Program, varying: Collection[str]) -> _Code:
    """Return a program's code for parameters of which only some are arrays."""
    code = statements(program, varying)
    names = {"np": np, "__builtins__": {}, **_meaning(code)}
    with np.errstate(all="ignore"):
        _run(code.constant_text, names)
        _run(code.once_text, names)
        names |= {line.out: np.asarray(names[line.out]) for line in code.constant}
        names |= {name: _bound(text, names) for text, name in code.bound.items()}
        _run(code.block_text, names)
    return _Code(
        names[ONCE],
        names[BLOCK],
        len(code.results),
        len(code.numbers),
        len(code.conditions),
        list(zip(code.watched[::2], [*code.watched[1::2], code.watched[0]], strict=False)),
        _size(code),
    )


def _run(text: str, names: dict[str, Any]) -> None:
    exec(compile(text, "<blocks>", "exec"), names)  # noqa: S102 - our own generated code: ufuncs and legal names


def _bound(text: str, names: Mapping[str, Any]) -> Any:
    """Return a function, or a number as NumPy takes it fastest."""
    module, _, name = text.rpartition(".")
    found = getattr(names[module], name) if module in names else names.get(text) or float(text)
    return np.asarray(found) if isinstance(found, float) else found


def _size(code: Statements) -> int:
    """Return how many points make a block that stays in the cache."""
    points = _CACHE // (8 * (len(code.results) + len(code.numbers)))
    return max(_SMALLEST, min(_LARGEST, points // _SMALLEST * _SMALLEST))


def _meaning(code: Statements) -> dict[str, Any]:
    """Return what the functions that are no ufuncs of NumPy are."""
    names = {name: ARRAY.function(name) for name in code.functions}
    if code.special:
        from scipy import special

        names["special"] = special
    return names
