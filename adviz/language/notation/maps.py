"""What the local partials of operations on arrays do: `t x`, `W t`, and backwards `w xᵀ`, `Wᵀ w`.

What a local partial makes of a tangent `t` of an operand, and its transpose of an adjoint `w` of
the result, is written in the names of the operands, as Giles, *Collected matrix derivative results
for forward and reverse mode algorithmic differentiation* (2008), has it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from adviz.language.notation.arrays import (
    Call,
    Piece,
    entry,
    flipped,
    function,
    held_by,
    product,
    scattered,
    written,
)
from adviz.language.notation.trees import ATOM, PRECEDENCE, number, op, row, tree


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
    return row(held_by(carried, PRECEDENCE["*"]), op("·"), where), PRECEDENCE["*"]


def _tangent_of_extreme(call: Call, position: int, tangent: Piece) -> Piece:
    return summed(_where_largest(call, position, tangent))


_FORWARDS: Mapping[str, _Travelling] = MappingProxyType(
    {
        "amax": _tangent_of_extreme,
        "amin": _tangent_of_extreme,
        "concatenate": _joined_with_zeros,
    }
)


TRANSPOSE = "ᵀ"
"""What the name of a function ends with that is the transpose of another."""


def _transpose_of(call: Call, position: int, adjoint: Piece) -> Piece:
    """Return the transpose of a row's map by its name."""
    return function(f"{call.primitive.label or call.primitive.name}{TRANSPOSE}", adjoint)


def _function_of_adjoint(called: str) -> _Travelling:
    return lambda call, position, adjoint: function(called, adjoint)


def _letters_exchanged(call: Call, position: int, adjoint: Piece) -> Piece:
    """Return a contraction with the adjoint in the place of an operand, its letters exchanged."""
    first, second, result = (call.given(name) for name in call.primitive.params)
    x, y = call.operands
    if position == 0:
        return product((adjoint, y), result, second, first) or function("einsum", adjoint, y)
    return product((x, adjoint), first, result, second) or function("einsum", x, adjoint)


def _flipped_back(call: Call, position: int, adjoint: Piece) -> Piece:
    if call.given("axes") == (1, 0):
        return flipped(adjoint)
    return function("transpose", adjoint)


def _put_back(call: Call, position: int, adjoint: Piece) -> Piece:
    return scattered(call.of(adjoint))


def _taken_back(call: Call, position: int, adjoint: Piece) -> Piece:
    return entry(adjoint, call.given("key"))


def _part_of_whole(call: Call, position: int, adjoint: Piece) -> Piece:
    """Return the part of an adjoint that belongs to one of two arrays that were joined."""
    axis = call.given("axis")
    cut = call.shapes[0][axis]
    return entry(adjoint, [*[":"] * axis, f"{cut}:" if position else f":{cut}"])


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
