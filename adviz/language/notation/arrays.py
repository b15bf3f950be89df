"""How operations on arrays are written: `W x`, `xᵀ y`, `x[0]`.

A product of matrices has no sign, as in every book; a dot between two arrays multiplies element by
element, and a circle before an exponent says that a power is taken so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from adviz.language.notation.trees import (
    ATOM,
    ELEMENTWISE,
    PRECEDENCE,
    TRANSPOSED,
    Tree,
    number,
    op,
    row,
    tree,
)
from adviz.primitives import Primitive
from adviz.primitives.row import Shape

Piece = tuple[Tree, int]
"""A part of a formula, and how tightly it binds."""

_MATRIX = 2
"""How many axes a matrix has."""


class Call(NamedTuple):
    """A structural row applied: its parameters, and its operands with their shapes."""

    primitive: Primitive
    params: Sequence[Any]
    operands: Sequence[Piece]
    shapes: Sequence[Shape]
    result: Piece
    """What the result is called."""

    def given(self, name: str) -> Any:
        """Return a parameter."""
        return self.params[self.primitive.params.index(name)]

    def of(self, *operands: Piece) -> Call:
        """Return the same of other operands."""
        return self._replace(operands=operands)


def written(call: Call) -> Piece:
    """Return a structural row as it is written.

    >>> from adviz.language.notation import leaf, name, unicode_text
    >>> from adviz.primitives import ARRAYS
    >>> W, x, v = map(leaf, map(name, "Wxv"))
    >>> call = Call(ARRAYS["einsum"], ("ij", "j", "i"), (W, x), ((3, 2), (2,)), v)
    >>> unicode_text(written(call)[0])
    'W x'
    """
    return _WRITTEN.get(call.primitive.name, _called)(call)


def by_element(part: Tree) -> Tree:
    """Return a power of an array with the sign that it is taken element by element.

    The sign is that of Horn & Johnson, *Topics in Matrix Analysis* (1991), for Hadamard powers.

    >>> from adviz.language.notation import name, unicode_text
    >>> unicode_text(by_element(tree("power", name("x"), number("2"))))
    'x^∘2'
    """
    if part[0] != "power" or part[2] == TRANSPOSED:
        return part
    return tree("power", part[1], row(ELEMENTWISE, part[2]))


def sizes(shape: Shape) -> str:
    """Return a shape as NumPy says it; nothing of a number.

    >>> sizes((3, 2)), sizes((3,)), sizes(())
    ('(3, 2)', '(3,)', '')
    """
    return str(shape) if shape else ""


def _called(call: Call) -> Piece:
    """Return a row as a function of its operands."""
    return function(call.primitive.label or call.primitive.name, *call.operands)


def function(called: str, *operands: Piece) -> Piece:
    """Return a function by its name, applied to operands."""
    return tree("call", called, *(part for part, _ in operands)), ATOM


def _said(words: str) -> Piece:
    return tree("text", words), ATOM


def _reduced(call: Call) -> Piece:
    """Return a reduction; along some axes only, it says along which."""
    axes, ((operand, bound),) = call.given("axes"), call.operands
    label = call.primitive.label or call.primitive.name
    if len(axes) == len(call.shapes[0]):
        return function(label, (operand, bound))
    many = "axes" if len(axes) > 1 else "axis"
    return function(label, (operand, bound), _said(f"{many} {', '.join(map(str, axes))}"))


def _shaped(called: str) -> Callable[[Call], Piece]:
    """Return what writes a change of shape, and to which."""
    return lambda call: function(called, *call.operands, _said(f"to {sizes(call.given('shape'))}"))


def _transposed(call: Call) -> Piece:
    axes = call.given("axes")
    if axes == (1, 0):
        return flipped(call.operands[0])
    return function("transpose", *call.operands, *((number(str(axis)), ATOM) for axis in axes))


def flipped(piece: Piece) -> Piece:
    """Return a matrix transposed."""
    return tree("power", held_by(piece, ATOM), TRANSPOSED), PRECEDENCE["**"]


def held_by(piece: Piece, least: int) -> Tree:
    """Return a part, in parentheses unless it binds so tightly."""
    part, binds = piece
    return part if binds >= least else tree("group", part)


def _indexed(call: Call) -> Piece:
    return entry(call.operands[0], call.given("key"))


def entry(piece: Piece, key: Sequence[Any]) -> Piece:
    """Return what stands at a key of an array: `x[1:, 0]`."""
    return tree("entry", held_by(piece, ATOM), f"[{', '.join(map(_place, key))}]"), ATOM


def _place(entry: Any) -> str:
    if isinstance(entry, tuple):
        return f"[{', '.join(map(_place, entry))}]"
    return str(entry)


def scattered(call: Call) -> Piece:
    """Return an array of zeros but for what is put at a key."""
    key = "".join(["at ", entry(_said(""), call.given("key"))[0][2]])
    return function("scatter", *call.operands, _said(key))


def _contracted(call: Call) -> Piece:
    letters = [call.given(name) for name in call.primitive.params]
    return product(call.operands, *letters) or _called(call)


def product(operands: Sequence[Piece], first: str, second: str, result: str) -> Piece | None:
    """Return a contraction as a product of vectors and matrices, if it is one."""
    plain = _of_one(first, second, result)
    if plain is None:
        return None
    (x, y), (first, second, result) = operands, plain
    if first == second == result or (not (first and second) and first + second == result):
        least = PRECEDENCE["*"]
        return row(held_by(x, least), op("·"), held_by(y, least + 1)), least
    common = {*first} & {*second}
    if common & {*result} or len(common) > 1 or not (first and second):
        return None
    if not common:
        return _outer((x, first), (y, second), result)
    return _matrices((x, first), (y, second), result, common.pop())


def _of_one(first: str, second: str, result: str) -> tuple[str, str, str] | None:
    """Return the letters of one product of a stack: without the axes along which they lie."""
    while max(len(first), len(second)) > _MATRIX:
        lead, before = result[:1], (first, second)
        first, second = (part[1:] if part[:1] == lead else part for part in before)
        if not lead or lead in first + second or (first, second) == before:
            return None
        result = result[1:]
    return first, second, result


_Lettered = tuple[Piece, str]
"""An operand, and a letter for each of its axes."""


def _outer(x: _Lettered, y: _Lettered, result: str) -> Piece | None:
    """Return the outer product of two vectors, `x yᵀ`."""
    if len(x[1]) > 1 or len(y[1]) > 1:
        return None
    left, right = (x, y) if result == x[1] + y[1] else (y, x)
    return _beside(left[0], flipped(right[0]))


def _matrices(x: _Lettered, y: _Lettered, result: str, summed_over: str) -> Piece:
    """Return a product in which neighbours share an axis, `Wᵀ x`; a dot product is `xᵀ y`."""
    free = [letters.replace(summed_over, "") for _, letters in (x, y)]
    if free == ["", ""]:
        return _beside(flipped(x[0]), y[0])
    is_turned = not free[0] or result != free[0] + free[1]
    left, right = (y, x) if is_turned else (x, y)
    return _beside(_turned(left, summed_over, 1), _turned(right, summed_over, 0))


def _turned(operand: _Lettered, letter: str, place: int) -> Piece:
    """Return an operand, transposed unless a letter is at its place; a vector as it is."""
    piece, letters = operand
    return piece if len(letters) < _MATRIX or letters[place] == letter else flipped(piece)


def _beside(left: Piece, right: Piece) -> Piece:
    """Return a product of matrices, whose sign is not seen."""
    tight = PRECEDENCE["**"]
    return row(held_by(left, tight), op("@"), held_by(right, tight)), PRECEDENCE["*"]


_WRITTEN: Mapping[str, Callable[[Call], Piece]] = MappingProxyType(
    {
        "sum": _reduced,
        "amax": _reduced,
        "amin": _reduced,
        "reshape": _shaped("reshape"),
        "transpose": _transposed,
        "broadcast_to": _shaped("broadcast"),
        "sum_to": _shaped("Σ"),
        "index": _indexed,
        "scatter": scattered,
        "einsum": _contracted,
    }
)
"""How a row is written that is no function of its operands alone."""
