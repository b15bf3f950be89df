"""A user's numbers: what is taken for one, and the one way in which anything else is refused.

A number is real: an int, a float of any width, a Fraction, an mpmath or SymPy number, NumPy's
scalars and arrays of one element. What is computed in float64 takes those that float64 holds: a
number is never rounded in silence. Booleans, texts, dates, records, None, complex numbers and
masked elements are no numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import chain, product
from math import isinf
from numbers import Complex, Rational, Real
from typing import Any

from adviz.errors import PointError
from adviz.language.asked import shown

_BLOCK = 1 << 16
"""Elements of an array that are compared at a time."""
_LAST_WHOLE = 2**53
"""Up to here float64 holds every integer."""
_NARROW = {("f", 2), ("f", 4), ("f", 8), *product("iu", (1, 2, 4))}
"""Kinds and bytes of the types of NumPy's all of whose numbers float64 holds."""
_DEEPEST = 64
"""The most axes of an array."""
TEXTS = (str, bytes, bytearray, memoryview)
"""Sequences that are no lists of numbers."""


def real(name: str, value: Any) -> Any:
    """Return a real number as it is; NumPy's as Python's.

    Raises PointError, which begins with `name`, for what is none.

    >>> import numpy as np
    >>> real("x", np.float32(0.5)), real("x", Fraction(1, 3))
    (0.5, Fraction(1, 3))
    """
    if type(value) is float or type(value) is int:
        return value
    plain = _unboxed(name, value)
    if isinstance(plain, Real) and not isinstance(plain, bool) and not _is_time(plain):
        return plain
    kind = "complex" if isinstance(plain, Complex) and not isinstance(plain, Real) else ""
    raise PointError(
        f"{name} = {shown(plain)} is {kind or type(plain).__name__}; it must be a real number"
    )


def float64(name: str, value: Any) -> float:
    """Return the float64 that a real number is.

    Raises PointError for what is no real number, and for one that float64 does not hold.

    >>> float64("x", Fraction(1, 2)), float64("x", 2**60)
    (0.5, 1.152921504606847e+18)
    """
    if type(value) is float:
        return value
    number = real(name, value)
    made = rounded(name, number)
    if made != _comparable(number) and made == made:
        raise _unheld(name, number)
    return made


def rounded(name: str, value: Any) -> float:
    """Return the float64 next to a real number.

    Raises PointError for what is no real number, and for one beyond the range of float64.

    >>> rounded("x", Fraction(1, 3))
    0.3333333333333333
    """
    number = real(name, value)
    try:
        made = float(number)
    except (OverflowError, TypeError, ValueError):
        raise _unheld(name, number) from None
    if isinf(made) and made != _comparable(number):  # of SymPy's integers and long floats
        raise _unheld(name, number)
    return made


def whole(name: str, value: Any, most: int | None = None, where: str = "") -> int:
    """Return a whole number from 1 on, NumPy's as Python's.

    Raises PointError for what is none, or beyond `most`, which is the limit `where` it says.

    >>> whole("points", 20)
    20
    """
    number = integer(name, value)
    if number is not None and number >= 1 and (most is None or number <= most):
        return number
    upto = "from 1 on" if most is None else f"from 1 to {most}"
    raise PointError(f"{name} = {shown(value)} must be a whole number {upto}{where}")


def integer(name: str, value: Any) -> int | None:
    """Return a whole number, NumPy's as Python's; None for anything else, a truth among it.

    >>> import numpy as np
    >>> integer("seed", np.int8(-3)), integer("seed", True), integer("seed", 3.0)
    (-3, None, None)
    """
    number = _unboxed(name, value)
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def is_array(value: object) -> bool:
    """Return whether a value stands for several numbers: a list or another sequence, an array.

    >>> is_array([1.0]), is_array("1"), is_array(1.0)
    (True, False, False)
    """
    sequence = isinstance(value, Sequence) and not isinstance(value, TEXTS)
    return sequence or bool(getattr(value, "shape", ()))


def array(name: str, value: Any) -> Any:
    """Return an array, or nested lists, as an array of float64; one that is such as it is.

    Raises PointError for lists that are no array, and for the first element that is no float64.

    >>> array("x", [[1, 2], [3, Fraction(1, 2)]])
    array([[1. , 2. ],
           [3. , 0.5]])
    """
    return held(name, value).astype(float, copy=False)


def held(name: str, value: Any) -> Any:
    """Return an array, or nested lists, as an array of numbers that float64 holds.

    Whole numbers and floats of other widths keep their type. Errors as of `array`.
    """
    import numpy as np

    if type(value) is np.ndarray and value.dtype == np.float64:
        return value
    refuse_masked(name, value)
    made = _listed(name, value) if isinstance(value, Sequence) else _made(name, value)
    if (made.dtype.kind, made.itemsize) in _NARROW:
        return made
    for start in range(0, made.size, _BLOCK):
        block = made.reshape(-1)[start : start + _BLOCK]
        for place in np.flatnonzero(_doubtful(block)):
            float64(_element(name, made.shape, start + int(place)), block[place])
    return made if made.dtype.kind in "iuf" else made.astype(float)


def unattached(value: Any) -> Any:
    """Return a tensor of numbers, which may remember its derivatives, as an array; others as are.

    >>> unattached(1.5)
    1.5
    """
    if not hasattr(value, "detach") or not hasattr(value, "numpy"):
        return value
    held = value.detach().cpu()
    return (held.double() if held.is_floating_point() else held).numpy()[()]


def refuse_masked(name: str, given: Any) -> None:
    """Raise PointError for an array with a masked element, which is no number."""
    if not hasattr(given, "mask"):
        return
    import numpy as np

    mask = np.ma.getmaskarray(given)
    if mask.dtype == bool and mask.any():
        raise PointError(
            f"{_element(name, mask.shape, int(np.argmax(mask)))} is masked; give the numbers that "
            "are there (.compressed()), or one in its place (.filled(…))"
        )


def _unboxed(name: str, value: Any) -> Any:
    """Return what a scalar or an array of one element holds; a date as it is."""
    if getattr(value, "shape", None) != () or not hasattr(value, "item") or _is_time(value):
        return value
    refuse_masked(name, value)  # whose item() is 0.0
    return value.item()


def _is_time(value: Any) -> bool:
    """Return whether a value is a date or a duration of NumPy's, which calls these integers."""
    return getattr(getattr(value, "dtype", None), "kind", "") in ("m", "M")


def _comparable(number: Any) -> Any:
    """Return a number that Python compares with a float exactly."""
    if isinstance(number, Rational) and not isinstance(number, int | Fraction):
        return Fraction(int(number.numerator), int(number.denominator))
    return number


def _unheld(name: str, number: Any) -> PointError:
    kind = type(number).__name__
    return PointError(
        f"{name} = {shown(number)} ({kind}) is no float64; give float(…) of it, or let digits= "
        "keep it, in a sweep"
    )


def _made(name: str, value: Any) -> Any:
    """Return what NumPy makes of a value."""
    import numpy as np

    try:
        return np.asarray(value)
    except Exception as error:  # of whatever library the array is
        why = "its rows have different lengths" if isinstance(value, Sequence) else str(error)
        raise PointError(f"{name} = {shown(value)} is no array; {why}") from None


def _listed(name: str, value: Any) -> Any:
    """Return nested lists as an array, in which every number is still what it was."""
    import numpy as np

    kinds = _kinds(value)
    if kinds in ({float}, {int}):
        return _made(name, value)
    if any(issubclass(kind, np.ma.MaskedArray) for kind in kinds):
        _refuse_masked_in(name, value)
    _made(name, value)  # refuses what is ragged
    return np.array(value, dtype=object)


def _kinds(rows: Iterable[Any]) -> set[type]:
    """Return the types of what nested lists hold, as deep as arrays can be."""
    found: set[type] = set()
    for _ in range(_DEEPEST):
        kinds = {*map(type, rows)}
        lists = {kind for kind in kinds if issubclass(kind, list | tuple)}
        found |= kinds - lists
        if not lists:
            break
        rows = [*chain.from_iterable(row for row in rows if type(row) in lists)]
    return found


def _doubtful(block: Any) -> Any:
    """Return where the elements of a block have to be looked at one by one."""
    import numpy as np

    if block.dtype.kind in "iu":
        return (block > _LAST_WHOLE) | (block < -_LAST_WHOLE)
    if block.dtype.kind == "f":
        with np.errstate(over="ignore"):
            return block.astype(float) != block
    return np.array([type(one) is not float and not _is_small(one) for one in block], bool)


def _is_small(value: Any) -> bool:
    return type(value) is int and abs(value) <= _LAST_WHOLE


def _refuse_masked_in(name: str, rows: Any) -> None:
    for place, part in enumerate(rows):
        refuse = _refuse_masked_in if isinstance(part, list | tuple) else refuse_masked
        refuse(f"{name}[{place}]", part)


def _element(name: str, shape: tuple[int, ...], place: int) -> str:
    """Return what an element is called.

    >>> _element("x", (2, 3), 4), _element("x", (), 0)
    ('x[1, 1]', 'x')
    """
    import numpy as np

    index = ", ".join(str(int(one)) for one in np.unravel_index(place, shape))
    return f"{name}[{index}]" if shape else name
