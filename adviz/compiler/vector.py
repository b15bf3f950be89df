"""The call of optimisers: a point in one array, its value and derivatives in arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import isfinite
from struct import Struct
from typing import Any

import numpy as np

from adviz.compiler.executable import Array, ByArray, Executable, Part, Parts
from adviz.compiler.results import Entries, Nesting, size
from adviz.errors import PointError
from adviz.language.asked import shown
from adviz.numbers.given import array, is_array


def arrays(given: Iterable[Any]) -> list[Array]:
    """Return what is given as arrays of floats, the inputs on their last axes.

    Raises PointError for what is no array of real numbers.
    """
    parts = []
    for part in given:
        if not is_array(part):
            raise PointError(f"a vector is an array of real numbers, not {shown(part)}")
        parts.append(array("vector", part))
    return parts


def by_array(executable: Executable, parameters: int, nesting: Nesting) -> ByArray:
    """Return a function of an array of floats that gives value and derivatives as arrays.

    It gives None for anything but an array of so many floats, and where a number is not finite:
    both are for the kernel.

    >>> import adviz
    >>> k = adviz.compile("x*y", target="python")
    >>> by_array(k._executable, 2, (0, {"x": 1, "y": 2}))(np.array([3.0, 2.0]))
    (6.0, array([2., 3.]))
    """
    if executable.by_array:
        return executable.by_array(parts(nesting))
    results = size(nesting)
    row = _boxed(executable.function, parameters, results)
    scope: dict[str, Any] = {"__builtins__": {}, "row": row, "empty": np.empty}
    found = f"row(given, found := empty({results}))"
    return _function(f"lambda given: {_written(parts(nesting), scope)} if {found} else None", scope)


def _boxed(
    function: Callable[..., tuple[float, ...]], parameters: int, results: int
) -> Callable[[Any, Array], bool]:
    """Return a function of floats as one that reads and writes arrays, and says if it could."""
    shape, double, write = (parameters,), np.dtype(np.float64), Struct(f"{results}d").pack_into
    nothing = np.zeros(results)

    def row(given: Any, found: Array) -> bool:
        if type(given) is not np.ndarray or given.shape != shape or given.dtype is not double:
            return False
        numbers = given.tolist()
        made = function(*numbers)
        if type(made) is not tuple or not isfinite(sum(numbers)):
            return False
        write(found.data, 0, *made)
        return bool(found.dot(nothing) == 0)  # what is not finite is no number times 0

    return row


def taken(parts: Parts) -> Callable[[Array], Any]:
    """Return what takes parts of the results out of their row.

    >>> taken((0, [[3, 4], [4, 5]]))(np.arange(6.0))
    (0.0, array([[3., 4.],
           [4., 5.]]))
    """
    scope: dict[str, Any] = {"__builtins__": {}}
    return _function(f"lambda found: {_written(parts, scope)}", scope)


def _function(text: str, scope: dict[str, Any]) -> Callable[[Any], Any]:
    """Return the function that generated text is."""
    made: Callable[[Any], Any] = eval(text, scope)  # noqa: S307 - our own text, of whole numbers
    return made


def _written(parts: Parts, scope: dict[str, Any]) -> str:
    """Return the expression that takes results; which a matrix has is put into the scope."""
    if isinstance(parts, int):
        return f"found.item({parts})"
    if isinstance(parts, tuple):
        return "".join(["(", *(f"{_written(part, scope)}, " for part in parts), ")"])
    places = np.array(parts, dtype=np.intp)
    start = int(places.flat[0]) if places.size else 0
    if np.array_equal(places, np.arange(start, start + len(places))):
        return f"found[{start}:{start + len(places)}]"
    name = f"places{len(scope)}"
    scope[name] = places
    return f"found.take({name})"


def parts(nesting: Nesting) -> Parts:
    """Return the places of a nesting without its names.

    >>> parts((0, {"x": {"x": 3, "y": 4}, "y": {"x": 4, "y": 5}}))
    (0, [[3, 4], [4, 5]])
    """
    if isinstance(nesting, tuple):
        return tuple([_part(part) for part in nesting])
    return _part(nesting)


def _part(nesting: Nesting) -> Part:
    if isinstance(nesting, Entries):
        return nesting.places
    return nesting if isinstance(nesting, int) else [_part(part) for part in nesting.values()]
