"""What a claim's function returned, taken apart: mappings, sequences, arrays, and their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from math import prod
from numbers import Number
from typing import Any

from adviz.errors import AdvizError, PointError
from adviz.graph.graph import Graph
from adviz.language.asked import shown
from adviz.language.labels import Key
from adviz.numbers.given import TEXTS, rounded
from adviz.numbers.precisions import FLOAT64, Precision, coarsest, format_of
from adviz.sources.structure import holds_arguments, numbers_in


def split(
    noun: str,
    whole: Any,
    wanted: Sequence[str],
    all_: Sequence[str],
    subject: str = "gradient",
) -> dict[str, Any]:
    """Return the parts of a mapping or sequence by name; in order of those wanted, or of all."""
    if isinstance(whole, Mapping):
        missing = [name for name in wanted if name not in whole]
        if missing:
            raise AdvizError(
                f"the {subject} has nothing for the {noun} {missing[0]!r}; it has "
                f"{', '.join(map(str, whole)) or 'nothing'}"
            )
        unknown = [name for name in whole if name not in all_]
        if unknown:
            raise AdvizError(
                f"the {subject} has something for {shown(unknown[0])}, which is no {noun}; "
                f"there is {', '.join(all_)}"
            )
        return {name: whole[name] for name in wanted}
    parts = listed(whole)
    for names in (wanted, all_):
        if len(parts) == len(names):
            return dict(zip(names, parts, strict=True))
    if len(parts) == 2 and not is_sequence(parts[0]) and len(listed(parts[1])) == len(wanted):
        raise AdvizError(
            f"the {subject} gives a pair; if it is (value, {subject}), give the second"
        )
    raise AdvizError(
        f"the {subject} {counted(parts)}; it needs one for each {noun}: {', '.join(wanted)}"
    )


def counted(entries: Sequence[Any]) -> str:
    """Return how many entries something has, which may be None alone.

    >>> counted([1, 2]), counted([None])
    ('has 2 entries', 'is None')
    """
    if len(entries) == 1:
        return "is None" if entries[0] is None else "has 1 entry"
    return f"has {len(entries)} entries"


def spread(graph: Graph, row: Any, order: Sequence[str] = ()) -> Any:
    """Return a row in which the arrays and structures of arguments are laid out by input.

    `order` are the inputs in the order of the function's arguments, unless that is the graph's.
    """
    vectors = graph.vectors or {}
    if not vectors:
        return row
    row = _by_argument(graph, row, order or list(graph.inputs))
    if not isinstance(row, Mapping):
        return flat(row)
    spread = dict(row)
    for vector, names in vectors.items():
        if vector in spread and vector not in graph.inputs:
            spread.update(_by_input(vector, names, spread.pop(vector)))
    return spread


def arguments_of(graph: Graph, order: Iterable[str] = ()) -> dict[str, tuple[str, ...]]:
    """Return the arguments of a function, each with the inputs that it became.

    `order` as in `spread`.
    """
    vectors = graph.vectors or {}
    owner = {name: vector for vector, names in vectors.items() for name in names}
    names = dict.fromkeys(owner.get(name, name) for name in order or graph.inputs)
    return {name: vectors.get(name, (name,)) for name in names}


def _by_argument(graph: Graph, row: Any, order: Sequence[str]) -> Any:
    """Return a row of structures by argument; one argument's own may stand for the row."""
    arguments = arguments_of(graph, order)
    if len(arguments) == 1 and holds_arguments(row):
        named = isinstance(row, Mapping) and {*row} & {*arguments, *graph.inputs}
        return row if named else dict.fromkeys(arguments, row)
    if isinstance(row, Mapping) or not is_sequence(row):
        return row
    parts = listed(row)
    structured = len(parts) == len(arguments) and any(map(holds_arguments, parts))
    return dict(zip(arguments, parts, strict=True)) if structured else row


def _by_input(argument: str, names: Sequence[str], value: Any) -> dict[str, Any]:
    """Return the numbers of an argument's gradient by input: by their paths, or in order."""
    if holds_arguments(value):
        held = numbers_in(argument, value)
        if {*held} == {*names}:
            return held
    entries = flat(value)
    if isinstance(value, Mapping) or len(entries) != len(names):
        raise AdvizError(
            f"the gradient by {argument} is {shown(value)}; it needs a number for each of "
            f"{', '.join(names)}"
        )
    return dict(zip(names, entries, strict=True))


def flat(value: Any) -> list[Any]:
    """Return the entries of nested sequences and arrays, in order."""
    if not is_sequence(value) or is_sympy(value):
        return [value]
    entries = list(value)
    for _ in range(_DEEPEST):
        if not any(map(_is_nested, entries)):
            return entries
        entries = [one for part in entries for one in (part if _is_nested(part) else [part])]
    raise AdvizError(f"{shown(value)} is nested more deeply than arrays are, {_DEEPEST} times")


def _is_nested(value: Any) -> bool:
    return is_sequence(value) and not is_sympy(value)


def is_sequence(value: Any) -> bool:
    """Return whether a value has entries: a sequence or an array, not a text."""
    shape = getattr(value, "shape", None)
    if shape is not None:
        return bool(shape)
    return isinstance(value, Iterable) and not isinstance(value, TEXTS)


def listed(value: Any) -> list[Any]:
    """Return a sequence, matrix or array as a list; anything else is the only entry."""
    if not is_sequence(value) or is_sympy(value):
        return [value]
    return list(value)


def number(subject: str, key: Key | str, part: Any) -> float:
    """Return a part of what was returned as a float; None, of an unused input, is 0."""
    if part is None:
        return 0.0
    try:
        return rounded(f"the {subject}'s {key}", _unwrapped(part))
    except PointError as error:
        pair = "; of (value, gradient) give the second" if is_sequence(part) else ""
        raise AdvizError(f"{error}{pair}") from None


def _unwrapped(part: Any) -> Any:
    """Return the real number that an array of one, a complex or a framework's number holds.

    What holds none is returned as it is.
    """
    alone = hasattr(part, "reshape") and is_sequence(part) and prod(part.shape) == 1
    value = part.reshape(()) if alone else part
    if not is_sequence(value) and str(getattr(value, "dtype", "")).startswith("complex"):
        value = value.item()
    if isinstance(value, complex) and value.imag == 0:
        return value.real
    if _is_foreign(value):
        with suppress(TypeError, ValueError):  # such as SymPy's, of what is no real number
            return float(value)
    return value


def _is_foreign(value: Any) -> bool:
    """Return whether a value is a framework's number, which Python knows by its float alone."""
    own = isinstance(value, Number) or hasattr(value, "item")
    return hasattr(type(value), "__float__") and not own


def precision(result: Any) -> Precision:
    """Return the format of the numbers of a result, of several that which rounds most."""
    if isinstance(result, Mapping):
        return coarsest(map(precision, result.values()))
    if isinstance(result, list | tuple):
        return coarsest(map(precision, result))
    return format_of(getattr(result, "dtype", float)) or FLOAT64


_DEEPEST = 64


def is_sympy(value: Any) -> bool:
    """Return whether a value is SymPy's, whose classes may be callable but are formulas."""
    return (type(value).__module__ or "").partition(".")[0] == "sympy"
