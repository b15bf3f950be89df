"""How operations on arrays are written, and what their local partials do: `W x`, `x[0]`, `Wᵀ w`.

A product of matrices has no sign, as in every book; a dot between two arrays multiplies element by
element. What a local partial does to a tangent `t` of an operand, and its transpose to an adjoint
`w` of the result, is written in the names of the operands, as Giles, *Collected matrix derivative
results for forward and reverse mode algorithmic differentiation* (2008), has it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from adviz.language.notation.trees import ATOM, PRECEDENCE, Tree, number, op, row, tree
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


def forwards(call: Call, position: int, tangent: Piece) -> Piece:
    """Return what the local partial by an operand makes of a tangent of it.

    >>> from adviz.language.notation import leaf, name, unicode_text
    >>> from adviz.primitives import ARRAYS
    >>> W, x, v, t = map(leaf, map(name, "Wxvt"))
    >>> call = Call(ARRAYS["einsum"], ("ij", "j", "i"), (W, x), ((3, 2), (2,)), v)
    >>> [unicode_text(forwards(call, k, t)[0]) for k in (0, 1)]
    ['t x', 'W t']
    """
    return _FORWARDS.get(call.primitive.name, _on_tangent)(call, position, tangent)


def backwards(call: Call, position: int, adjoint: Piece) -> Piece:
    """Return what the transpose of the local partial by an operand makes of an adjoint.

    >>> from adviz.language.notation import leaf, name, unicode_text
    >>> from adviz.primitives import ARRAYS
    >>> W, x, v, w = map(leaf, map(name, "Wxvw"))
    >>> call = Call(ARRAYS["einsum"], ("ij", "j", "i"), (W, x), ((3, 2), (2,)), v)
    >>> [unicode_text(backwards(call, k, w)[0]) for k in (0, 1)]
    ['w xᵀ', 'Wᵀ w']
    """
    return _BACKWARDS.get(call.primitive.name, _transpose_of)(call, position, adjoint)


def summed(piece: Piece) -> Piece:
    """Return the sum over what an operand was broadcast along."""
    return tree("call", "Σ", piece[0]), ATOM


def sizes(shape: Shape) -> str:
    """Return a shape as NumPy says it; nothing of a number.

    >>> sizes((3, 2)), sizes((3,)), sizes(())
    ('(3, 2)', '(3,)', '')
    """
    return str(shape) if shape else ""


# --- What is written -----------------------------------------------------------------------------


def _called(call: Call) -> Piece:
    """Return a row as a function of its operands."""
    return _function(call.primitive.label or call.primitive.name, *call.operands)


def _function(called: str, *operands: Piece) -> Piece:
    return tree("call", called, *(part for part, _ in operands)), ATOM


def _said(words: str) -> Piece:
    return tree("text", words), ATOM


def _reduced(call: Call) -> Piece:
    """Return a reduction; along some axes only, it says along which."""
    axes, ((operand, bound),) = call.given("axes"), call.operands
    label = call.primitive.label or call.primitive.name
    if len(axes) == len(call.shapes[0]):
        return _function(label, (operand, bound))
    many = "axes" if len(axes) > 1 else "axis"
    return _function(label, (operand, bound), _said(f"{many} {', '.join(map(str, axes))}"))


def _shaped(called: str) -> Callable[[Call], Piece]:
    """Return what writes a change of shape, and to which."""
    return lambda call: _function(called, *call.operands, _said(f"to {sizes(call.given('shape'))}"))


def _transposed(call: Call) -> Piece:
    axes = call.given("axes")
    if axes == (1, 0):
        return _flipped(call.operands[0])
    return _function("transpose", *call.operands, *((number(str(axis)), ATOM) for axis in axes))


def _flipped(piece: Piece) -> Piece:
    """Return a matrix transposed."""
    return tree("power", _held(piece, ATOM), tree("text", "T")), PRECEDENCE["**"]


def _held(piece: Piece, least: int) -> Tree:
    """Return a part, in parentheses unless it binds so tightly."""
    part, binds = piece
    return part if binds >= least else tree("group", part)


def _indexed(call: Call) -> Piece:
    return _entry(call.operands[0], call.given("key"))


def _entry(piece: Piece, key: Sequence[Any]) -> Piece:
    """Return what stands at a key of an array: `x[1:, 0]`."""
    return tree("entry", _held(piece, ATOM), f"[{', '.join(map(_place, key))}]"), ATOM


def _place(entry: Any) -> str:
    if isinstance(entry, tuple):
        return f"[{', '.join(map(_place, entry))}]"
    return str(entry)


def _scattered(call: Call) -> Piece:
    """Return an array of zeros but for what is put at a key."""
    key = "".join(["at ", _entry(_said(""), call.given("key"))[0][2]])
    return _function("scatter", *call.operands, _said(key))


def _contracted(call: Call) -> Piece:
    letters = [call.given(name) for name in call.primitive.params]
    return _product(call.operands, *letters) or _called(call)


def _product(operands: Sequence[Piece], first: str, second: str, result: str) -> Piece | None:
    """Return a contraction as a product of vectors and matrices, if it is one."""
    plain = _of_one(first, second, result)
    if plain is None:
        return None
    (x, y), (first, second, result) = operands, plain
    if first == second == result or (not (first and second) and first + second == result):
        least = PRECEDENCE["*"]
        return row(_held(x, least), op("·"), _held(y, least + 1)), least
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
    return _beside(left[0], _flipped(right[0]))


def _matrices(x: _Lettered, y: _Lettered, result: str, summed_over: str) -> Piece:
    """Return a product in which neighbours share an axis, `Wᵀ x`; a dot product is `xᵀ y`."""
    free = [letters.replace(summed_over, "") for _, letters in (x, y)]
    if free == ["", ""]:
        return _beside(_flipped(x[0]), y[0])
    is_turned = not free[0] or result != free[0] + free[1]
    left, right = (y, x) if is_turned else (x, y)
    return _beside(_turned(left, summed_over, 1), _turned(right, summed_over, 0))


def _turned(operand: _Lettered, letter: str, place: int) -> Piece:
    """Return an operand, transposed unless a letter is at its place; a vector as it is."""
    piece, letters = operand
    return piece if len(letters) < _MATRIX or letters[place] == letter else _flipped(piece)


def _beside(left: Piece, right: Piece) -> Piece:
    """Return a product of matrices, whose sign is not seen."""
    tight = PRECEDENCE["**"]
    return row(_held(left, tight), op("@"), _held(right, tight)), PRECEDENCE["*"]


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
        "scatter": _scattered,
        "einsum": _contracted,
    }
)
"""How a row is written that is no function of its operands alone."""


# --- What local partials do ----------------------------------------------------------------------

_Travelling = Callable[[Call, int, Piece], Piece]


def _on_tangent(call: Call, position: int, tangent: Piece) -> Piece:
    """Return a linear row of a tangent in the place of the operand."""
    operands = [tangent if k == position else one for k, one in enumerate(call.operands)]
    return written(call.of(*operands))


def _joined_with_zeros(call: Call, position: int, tangent: Piece) -> Piece:
    zero = number("0"), ATOM
    return written(call.of(*[tangent if k == position else zero for k in range(2)]))


def _where_largest(call: Call, position: int, carried: Piece) -> Piece:
    """Return what travels where the extreme is, `t · [x = v]`: 0 elsewhere, shared by a tie."""
    (operand, _), (result, _) = call.operands[0], call.result
    where = row(tree("text", "["), operand, op("="), result, tree("text", "]"))
    return row(_held(carried, PRECEDENCE["*"]), op("·"), where), PRECEDENCE["*"]


def _tangent_of_extreme(call: Call, position: int, tangent: Piece) -> Piece:
    return summed(_where_largest(call, position, tangent))


_FORWARDS: Mapping[str, _Travelling] = MappingProxyType(
    {
        "amax": _tangent_of_extreme,
        "amin": _tangent_of_extreme,
        "concatenate": _joined_with_zeros,
    }
)


def _transpose_of(call: Call, position: int, adjoint: Piece) -> Piece:
    """Return the transpose of a row's map by its name."""
    return _function(f"{call.primitive.label or call.primitive.name}ᵀ", adjoint)


def _function_of_adjoint(called: str) -> _Travelling:
    return lambda call, position, adjoint: _function(called, adjoint)


def _letters_exchanged(call: Call, position: int, adjoint: Piece) -> Piece:
    """Return a contraction with the adjoint in the place of an operand, its letters exchanged."""
    first, second, result = (call.given(name) for name in call.primitive.params)
    x, y = call.operands
    if position == 0:
        return _product((adjoint, y), result, second, first) or _function("einsum", adjoint, y)
    return _product((x, adjoint), first, result, second) or _function("einsum", x, adjoint)


def _flipped_back(call: Call, position: int, adjoint: Piece) -> Piece:
    if call.given("axes") == (1, 0):
        return _flipped(adjoint)
    return _function("transpose", adjoint)


def _put_back(call: Call, position: int, adjoint: Piece) -> Piece:
    return _scattered(call.of(adjoint))


def _taken_back(call: Call, position: int, adjoint: Piece) -> Piece:
    return _entry(adjoint, call.given("key"))


def _part_of_whole(call: Call, position: int, adjoint: Piece) -> Piece:
    """Return the part of an adjoint that belongs to one of two arrays that were joined."""
    axis = call.given("axis")
    cut = call.shapes[0][axis]
    return _entry(adjoint, [*[":"] * axis, f"{cut}:" if position else f":{cut}"])


_BACKWARDS: Mapping[str, _Travelling] = MappingProxyType(
    {
        "sum": _function_of_adjoint("broadcast"),
        "amax": _where_largest,
        "amin": _where_largest,
        "reshape": _function_of_adjoint("reshape"),
        "transpose": _flipped_back,
        "broadcast_to": _function_of_adjoint("Σ"),
        "sum_to": _function_of_adjoint("broadcast"),
        "index": _put_back,
        "scatter": _taken_back,
        "concatenate": _part_of_whole,
        "einsum": _letters_exchanged,
    }
)
