"""What a claim's function returned, taken apart: mappings, sequences, arrays, and their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from adviz.errors import AdvizError
from adviz.graph.graph import Graph
from adviz.language.labels import Key


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
        return {name: whole[name] for name in wanted}
    parts = listed(whole)
    for names in (wanted, all_):
        if len(parts) == len(names):
            return dict(zip(names, parts, strict=True))
    if len(parts) == 2 and not is_sequence(parts[0]) and len(listed(parts[1])) == len(wanted):
        raise AdvizError(
            f"the {subject} gives a pair; if it is (value, {subject}), give the second"
        )
    entries = "1 entry" if len(parts) == 1 else f"{len(parts)} entries"
    raise AdvizError(
        f"the {subject} has {entries}; it needs one for each {noun}: {', '.join(wanted)}"
    )


def spread(graph: Graph, row: Any) -> Any:
    """Return a row in which the arrays of vector arguments are laid out by element."""
    vectors = graph.vectors or {}
    if isinstance(row, Mapping):
        spread = dict(row)
        for vector, names in vectors.items():
            if vector in spread and vector not in graph.inputs:
                spread.update(zip(names, flat(spread.pop(vector)), strict=True))
        return spread
    return flat(row) if vectors else row


def flat(value: Any) -> list[Any]:
    """Return the entries of nested sequences and arrays, in order."""
    if not is_sequence(value) or is_sympy(value):
        return [value]
    return [element for part in value for element in flat(part)]


def is_sequence(value: Any) -> bool:
    """Return whether a value has entries: a sequence or an array, not a text."""
    shape = getattr(value, "shape", None)
    if shape is not None:
        return bool(shape)
    return isinstance(value, Iterable) and not isinstance(value, str)


def listed(value: Any) -> list[Any]:
    """Return a sequence, matrix or array as a list; anything else is the only entry."""
    if not is_sequence(value) or is_sympy(value):
        return [value]
    return list(value)


def number(subject: str, key: Key, part: Any) -> float:
    """Return a part of what was returned as a float; None, of an unused input, is 0."""
    if isinstance(part, str):
        raise AdvizError(
            f"the {subject} gives the text {part[:40]!r} for {key}; it must be a number"
        )
    value = part.item() if hasattr(part, "item") and getattr(part, "size", 1) == 1 else part
    if value is None:
        return 0.0
    if isinstance(value, complex) and value.imag == 0:
        value = value.real
    try:
        return float(value)
    except (TypeError, ValueError):
        pair = "; of (value, gradient) give the second" if is_sequence(part) else ""
        raise AdvizError(
            f"the {subject} gives {str(part)[:40]!r} for {key}; it must be a real number{pair}"
        ) from None


def any_single(result: Any) -> bool:
    """Return whether any part of a result is a 32-bit float."""
    if isinstance(result, Mapping):
        return any(map(any_single, result.values()))
    if isinstance(result, list | tuple):
        return any(map(any_single, result))
    return str(getattr(result, "dtype", "")).endswith("float32")


def single_precision(dtype: Any) -> bool | None:
    """Return whether a claim's type of numbers, as NumPy or a framework names it, has 32 bits.

    >>> single_precision("float32"), single_precision(float), single_precision(None)
    (True, False, None)
    """
    if dtype is None:
        return None
    name = getattr(dtype, "__name__", str(dtype)).rpartition(".")[2]
    if name not in _TYPES:
        raise AdvizError(f"dtype = {name!r}; it is float32 or float64")
    return _TYPES[name]


_TYPES = {"float32": True, "float64": False, "float": False}


def is_sympy(value: Any) -> bool:
    """Return whether a value is SymPy's, whose classes may be callable but are formulas."""
    return (type(value).__module__ or "").partition(".")[0] == "sympy"
