"""PyTorch's own rules for an operation that has no row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

import numpy as np

from adviz.primitives.row import Foreign
from adviz.sources.frameworks.opaque import opaque
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
    parts = found if isinstance(found, tuple | list) else [found]
    given = [one.meta.get("val") for one in node.all_input_nodes]
    tensors = [one for one in (*parts, *given) if hasattr(one, "dtype")]
    if any(one.dtype.is_complex for one in tensors) or not all(map(_is_tensor, parts)):
        raise Unreadable("of complex numbers")
    whole = dict(enumerate(flat([*args, *keywords.values()])))
    made = [
        opaque(
            reading, name, whole, tuple(map(int, part.shape)),
            _rules(node.target, args, keywords, place if part is not found else None),
            part.dtype.is_floating_point,
        )
        for place, part in enumerate(parts)
    ]  # fmt: skip
    return made if isinstance(found, tuple | list) else made[0]


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


def _rules(call: Call, args: Any, keywords: Any, place: int | None) -> Foreign:
    """Return how PyTorch computes and differentiates one of an operation's results."""
    torch = import_module("torch")

    def function(*given: Any) -> Any:
        waiting = iter(given)
        known = filled(list(args), waiting)
        result = call(*known, **filled(keywords, waiting))
        return result if place is None else result[place]

    def along(position: int, given: tuple[Any, ...]) -> tuple[Call, Any]:
        tensors = taken(given)
        before, after = tensors[:position], tensors[position + 1 :]
        return lambda x: function(*before, x, *after), tensors[position]

    def taken(given: tuple[Any, ...]) -> list[Any]:
        return [torch.tensor(np.array(one), dtype=torch.float64) for one in given]

    def spread(number: Any, like: Any) -> Any:
        return torch.tensor(np.array(number), dtype=like.dtype).expand(like.shape)

    def value(*given: Any) -> Any:
        return function(*taken(given))

    def jvp(position: int, tangent: Any, *given: Any) -> Any:
        alone, x = along(position, given)
        return torch.func.jvp(alone, (x,), (spread(tangent, x).clone(),))[1]

    def vjp(position: int, adjoint: Any, *given: Any) -> Any:
        alone, x = along(position, given)
        result, back = torch.func.vjp(alone, x)
        return back(spread(adjoint, result))[0]

    return Foreign("PyTorch", value, jvp, vjp)
