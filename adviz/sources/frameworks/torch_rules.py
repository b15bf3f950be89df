"""PyTorch's own rules for an operation that has no row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

import numpy as np

from adviz.sources.frameworks.opaque import opaque, rules_of
from adviz.sources.frameworks.reading import Held, Reading, Unreadable

Call = Callable[..., Any]


def as_opaque(
    reading: Reading, node: Any, name: str, args: Sequence[Any], keywords: Mapping[str, Any]
) -> Any:
    """Return what an operation gives, each part of it a node that PyTorch computes.

    Raises Unreadable for what is no function of real numbers, or draws some.
    """
    torch = import_module("torch")
    if torch.Tag.nondeterministic_seeded in getattr(node.target, "tags", ()):
        raise Unreadable("draws numbers")
    found = node.meta.get("val")
    several = isinstance(found, tuple | list)
    parts = found if several else [found]
    given = [one.meta.get("val") for one in node.all_input_nodes]
    tensors = [one for one in (*parts, *given) if hasattr(one, "dtype")]
    if any(one.dtype.is_complex for one in tensors):
        raise Unreadable("of complex numbers")
    if not all(map(_is_tensor, parts)):
        raise Unreadable("gives no tensor")
    if not all(isinstance(size, int) for part in parts for size in part.shape):
        raise Unreadable("of a size that depends on numbers")
    whole = dict(enumerate(flat([*args, *keywords.values()])))
    made = [
        opaque(
            reading, name, whole, tuple(map(int, part.shape)),
            rules_of(
                name, "PyTorch", _Result(node.target, args, keywords, place if several else None)
            ),
            part.dtype.is_floating_point,
        )
        for place, part in enumerate(parts)
    ]  # fmt: skip
    return made if several else made[0]


def _is_tensor(value: Any) -> bool:
    return hasattr(value, "dtype")


def flat(value: Any) -> list[Any]:
    """Return the values in nested lists, in order."""
    if not isinstance(value, list | tuple) or isinstance(value, Held):
        return [value]
    return [one for part in value for one in flat(part)]


def filled(value: Any, given: Any) -> Any:
    """Return nested lists with tensors in the place of nodes."""
    if isinstance(value, Held):
        return next(given)
    if isinstance(value, list | tuple):
        return [filled(part, given) for part in value]
    if isinstance(value, Mapping):
        return {name: filled(part, given) for name, part in value.items()}
    return value.double() if _is_floating(value) else value


def _is_floating(value: Any) -> bool:
    return hasattr(value, "is_floating_point") and bool(value.is_floating_point())


class _Result:
    """One of an operation's results, as a function of the operands that are nodes."""

    def __init__(self, call: Call, args: Any, keywords: Any, place: int | None) -> None:
        self.call, self.args, self.keywords, self.place = call, args, keywords, place

    def value(self, *given: Any) -> Any:
        """Return the result."""
        return self._called(list(map(_tensor, given)))

    def jvp(self, position: int, tangent: Any, *given: Any) -> Any:
        """Return an operand's tangent carried to the result."""
        alone, x = self._alone(position, given)
        return import_module("torch").func.jvp(alone, (x,), (_spread(tangent, x),))[1]

    def vjp(self, position: int, adjoint: Any, *given: Any) -> Any:
        """Return the result's adjoint carried to an operand."""
        alone, x = self._alone(position, given)
        result, back = import_module("torch").func.vjp(alone, x)
        return back(_spread(adjoint, result))[0]

    def _called(self, tensors: Sequence[Any]) -> Any:
        waiting = iter(tensors)
        args = filled(list(self.args), waiting)
        found = self.call(*args, **filled(self.keywords, waiting))
        return found if self.place is None else found[self.place]

    def _alone(self, position: int, given: Sequence[Any]) -> tuple[Call, Any]:
        """Return the result as a function of one operand, and that operand."""
        tensors = list(map(_tensor, given))
        before, after = tensors[:position], tensors[position + 1 :]
        return lambda x: self._called([*before, x, *after]), tensors[position]


def _tensor(value: Any) -> Any:
    torch = import_module("torch")
    return torch.tensor(np.array(value, order="C"), dtype=torch.float64)


def _spread(number: Any, like: Any) -> Any:
    """Return a number, or an array, as a tensor like another one."""
    return _tensor(number).to(like.dtype).expand(like.shape).clone()
