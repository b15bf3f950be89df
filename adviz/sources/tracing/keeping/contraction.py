"""Products of two arrays summed over axes, in the letters of NumPy's einsum."""

from __future__ import annotations

from sys import _getframe
from typing import Any

from adviz.errors import TracingError
from adviz.sources.tracing.keeping.rows import apply, product, reduced, shape_of, transposed, whole
from adviz.sources.tracing.places import spot


def einsum(subscripts: str, *operands: Any) -> Any:
    """Return a contraction of one or two arrays, such as `np.einsum("ij,j->i", W, x)`.

    Raises TracingError for an ellipsis, a letter twice in one array, and more than two arrays.
    """
    text = subscripts.replace(" ", "")
    inputs, arrow, result = text.partition("->")
    letters = inputs.split(",")
    if not arrow:
        result = "".join(sorted(one for one in {*inputs} - {","} if inputs.count(one) == 1))
    twice = any(len({*part}) < len(part) for part in (*letters, result))
    if len(operands) > 2 or len(letters) != len(operands) or twice or "." in text:
        raise TracingError(
            f"np.einsum({subscripts!r}) is kept for one or two arrays, each letter once in each; "
            f"{spot(_getframe(1))}"
        )
    arrays = [whole(one) for one in operands]
    if len(arrays) == 1:
        left, own = _alone(arrays[0], letters[0], result)
        return transposed(left, [own.index(one) for one in result])
    first, one = _alone(arrays[0], letters[0], result + letters[1])
    second, other = _alone(arrays[1], letters[1], result + letters[0])
    return apply("einsum", [first, second], one, other, result)


def _alone(x: Any, letters: str, used: str) -> tuple[Any, str]:
    """Return an array summed over the letters that nothing else uses, and its other letters."""
    axes = tuple([k for k, one in enumerate(letters) if one not in used])
    if not axes:
        return x, letters
    return reduced("sum", x, axes, False), "".join(one for one in letters if one in used)


def inner(x: Any, y: Any) -> Any:
    """Return NumPy's dot: over the last axis of the first and the last but one of the second."""
    x, y = whole(x), whole(y)
    if not shape_of(x) or not shape_of(y):
        return x * y
    if len(shape_of(x)) <= 2 and len(shape_of(y)) <= 2:
        return product(x, y)
    first, rest = "abcdefg"[: len(shape_of(x)) - 1], "mnopqrs"[: len(shape_of(y)) - 1]
    second = f"{rest[:-1]}z{rest[-1:]}" if len(shape_of(y)) > 1 else "z"
    return apply("einsum", [x, y], f"{first}z", second, first + rest)


def outer(x: Any, y: Any) -> Any:
    """Return all products of two vectors' elements."""
    return apply("einsum", [whole(x), whole(y)], "i", "j", "ij")
