"""The numbers in an argument: which there are, what each is called, and what holds them.

An argument is a number, an array, or something that holds arguments: a mapping, a dataclass, a
named tuple, a list. One walk calls every number by its path and puts another in its place, so
that the same structure can be filled with traced values, with plain numbers, or with nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise, product
from math import prod
from numbers import Real
from typing import Any, NamedTuple

from adviz.errors import PointError
from adviz.numbers.given import TEXTS, refuse_masked
from adviz.sources.tracing.traced import TracedValue

Shape = int | tuple[int, ...]
Path = tuple[str | int, ...]
"""An argument's name, and the keys and indices that lead to a part of it."""


class Filling(NamedTuple):
    """What is put in the place of the numbers."""

    number: Callable[[str, Any], Any]
    """Gives what stands for the input of a name, at which the structure has some number."""
    array: Callable[[list[Any], tuple[int, ...]], Any]
    """Gives an array of such, of a shape."""
    whole: Callable[[str, Any, tuple[int, ...]], Any] | None = None
    """Gives what stands for an array that is one input; None: each of its numbers is one."""


class Blank:
    """An array of which only the shape is known."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape


class Holder(NamedTuple):
    """A kind of structure: what it is, its parts by key, and the same one with other parts."""

    holds: Callable[[Any], bool]
    parts: Callable[[Any], Mapping[Any, Any]]
    made: Callable[[Any, dict[Any, Any]], Any]


def _is_dataclass(value: Any) -> bool:
    return dataclasses.is_dataclass(value) and not isinstance(value, type)


def _fields(value: Any) -> dict[str, Any]:
    return {each.name: getattr(value, each.name) for each in dataclasses.fields(value) if each.init}


_RECORDS = (
    Holder(_is_dataclass, _fields, lambda value, parts: dataclasses.replace(value, **parts)),
    Holder(
        lambda value: isinstance(value, tuple) and hasattr(value, "_asdict"),
        lambda value: value._asdict(),
        lambda value, parts: type(value)(**parts),
    ),
    Holder(lambda value: isinstance(value, Mapping), dict, lambda _, parts: parts),
)
_LIST = Holder(
    lambda value: isinstance(value, list | tuple) and shape_at(value) is None,
    lambda value: dict(enumerate(value)),
    lambda value, parts: type(value)(parts.values()),
)
"""A list that is no array of numbers."""
_PLAIN = {int, float}


def _holder(value: Any) -> Holder | None:
    return next((kind for kind in (*_RECORDS, _LIST) if kind.holds(value)), None)


def filled(name: str, value: Any, filling: Filling) -> Any:
    """Return an argument with other numbers in the place of its own.

    Within what holds arguments, whatever is no number and no array of numbers stays as it is.
    Raises PointError for a key that cannot be part of a name.

    >>> names = Filling(lambda name, number: name, lambda names, shape: names)
    >>> filled("p", {"mass": 1.5, "arms": [0.1, 0.2], "label": "a"}, names)
    {'mass': 'p_mass', 'arms': ['p_arms0', 'p_arms1'], 'label': 'a'}
    """
    return _filled((name,), value, filling)


def _filled(path: Path, value: Any, filling: Filling) -> Any:
    holder = _holder(value)
    if holder is not None:
        parts = holder.parts(value).items()
        return holder.made(value, {k: _filled((*path, k), part, filling) for k, part in parts})
    shape = shape_at(value) or ()
    if shape and filling.whole is not None and _is_whole(path, value, shape):
        refuse_masked(called(path), value)
        return filling.whole(called(path), value, shape)
    numbers = _numbers(path, value)
    if numbers is None:
        return value
    held = [filling.number(name, number) for name, number in numbers.items()]
    return filling.array(held, shape) if shape else held[0]


def _is_whole(path: Path, value: Any, shape: tuple[int, ...]) -> bool:
    """Return whether an array may be one input, whose elements need no names."""
    return isinstance(value, Blank) or len(path) == 1 or _is_numeric(value, shape)


def _numbers(path: Path, value: Any) -> dict[str, Any] | None:
    """Return the numbers of what holds no arguments, by the names of their inputs; None: none."""
    shape = shape_at(value) or ()
    if len(path) > 1 and not _is_numeric(value, shape):
        return None
    refuse_masked(called(path), value)
    if isinstance(value, Blank):
        return dict.fromkeys(_elements(path, shape))
    return dict(zip(_elements(path, shape), flat(value), strict=True))


def numbers_in(name: str, value: Any) -> dict[str, Any]:
    """Return the numbers of an argument by the names of the inputs that they are.

    >>> numbers_in("ws", [[[1.0, 2.0]], [3.0]])
    {'ws0_0_0': 1.0, 'ws0_0_1': 2.0, 'ws1_0': 3.0}
    """
    return dict(_all_numbers((name,), value))


def _all_numbers(path: Path, value: Any) -> Iterator[tuple[str, Any]]:
    holder = _holder(value)
    if holder is None:
        yield from (_numbers(path, value) or {}).items()
        return
    for key, part in holder.parts(value).items():
        yield from _all_numbers((*path, key), part)


def arrays_in(name: str, value: Any) -> dict[str, Any]:
    """Return the numbers and arrays of an argument by the names of the inputs that they are.

    >>> arrays_in("p", {"W": [[1.0, 2.0]], "b": 3.0})
    {'p_W': [[1.0, 2.0]], 'p_b': 3.0}
    """
    found: dict[str, Any] = {}

    def keep(name: str, value: Any, _: Any = None) -> Any:
        found[name] = value
        return value

    filled(name, value, Filling(keep, lambda numbers, _: numbers, keep))
    return found


def labels_of(label: str, shape: tuple[int, ...]) -> tuple[str, ...]:
    """Return what the elements of an output are called.

    >>> labels_of("f", (2, 2)), labels_of("f1", (2,)), labels_of("f", ())
    (('f1', 'f2', 'f3', 'f4'), ('f1_1', 'f1_2'), ('f',))
    """
    before = label + "_" * label[-1].isdigit()
    return tuple([f"{before}{k}" for k in range(1, prod(shape) + 1)]) if shape else (label,)


def holds_arguments(value: Any) -> bool:
    """Return whether a value is neither a number nor an array, but holds such."""
    return _holder(value) is not None


def called(path: Path) -> str:
    """Return the name of the input at the end of a path.

    >>> called(("p", "mass")), called(("x", 0)), called(("A", 0, 1)), called(("p", "arms", 0))
    ('p_mass', 'x0', 'A0_1', 'p_arms0')
    """
    name = str(path[0])
    for before, key in pairwise(path):
        part = str(key).replace(".", "_")  # a module's parameters are called so
        name += part if isinstance(key, int) and isinstance(before, str) else f"_{part}"
    if not name.isidentifier() or not all(isinstance(key, str | int) for key in path):
        raise PointError(
            f"the key {path[-1]!r} of {path[0]} cannot be part of an input's name; use letters, "
            "digits and _"
        )
    return name


def _elements(path: Path, shape: tuple[int, ...]) -> Iterator[str]:
    """Return the inputs that an array becomes: x0, x1, …, or A0_0, A0_1, …; a number is one."""
    prefix = called(path) + ("_" if shape and isinstance(path[-1], int) else "")
    for index in product(*map(range, shape)):
        yield prefix + "_".join(map(str, index))


def _is_numeric(value: Any, shape: tuple[int, ...]) -> bool:
    """Return whether a part is a number, or an array of numbers."""
    dtype = getattr(value, "dtype", None)
    kind = getattr(dtype, "kind", None)
    if kind is not None:
        return kind in "iuf"
    floating = getattr(dtype, "is_floating_point", None)  # of a tensor
    if floating is not None:
        return bool(floating)
    if not shape:
        return isinstance(value, Real) and not isinstance(value, bool)
    return 0 not in shape and all(
        isinstance(one, Real) and not isinstance(one, bool) for one in flat(value)
    )


def shape_at(value: Any) -> tuple[int, ...] | None:
    """Return the shape of nested sequences or of an array, () of anything else.

    None of a list that is no array: one of arrays, of what holds arguments, or a ragged one.
    """
    shape = getattr(value, "shape", None)
    if isinstance(shape, tuple):
        return shape
    if not isinstance(value, Sequence) or isinstance(value, TEXTS):
        return ()
    if _PLAIN.issuperset(map(type, value)):
        return (len(value),)
    if any(getattr(part, "shape", ()) or any(r.holds(part) for r in _RECORDS) for part in value):
        return None
    inner, *others = {shape_at(part) for part in value}
    return None if others or inner is None else (len(value), *inner)


def flat(value: Any) -> Iterator[Any]:
    """Return the numbers of nested sequences or of an array, in order."""
    if not isinstance(value, TracedValue) and getattr(value, "shape", ()) != ():
        from adviz.sources.tracing.arrays import flattened

        yield from flattened(value)
    elif isinstance(value, Sequence) and not isinstance(value, TEXTS):
        for part in value:
            yield from flat(part)
    else:
        yield value


def nested(kind: type[Any], values: Sequence[Any], shape: tuple[int, ...]) -> Any:
    """Return numbers in lists, or in tuples, of a shape.

    >>> nested(tuple, [1, 2, 3, 4], (2, 2))
    ((1, 2), (3, 4))
    """
    if len(shape) == 1:
        return kind(values)
    size = prod(shape[1:])
    parts = (values[start : start + size] for start in range(0, shape[0] * size, size))
    return kind(nested(kind, part, shape[1:]) for part in parts)


def shape_of(name: str, elements: Sequence[str]) -> tuple[int, ...]:
    """Return the shape of an array from the inputs that it became.

    Raises PointError where the argument is no array but holds several.

    >>> shape_of("A", ["A0_0", "A0_1", "A1_0", "A1_1"])
    (2, 2)
    """
    last = elements[-1][len(name) :].split("_") if elements else ["-1"]
    if not all(part.lstrip("-").isdigit() for part in last):
        raise PointError(
            f"the gradient would be called with {name}, which is no array; give it as formulas by "
            f"input: {', '.join(elements)}"
        )
    return tuple(int(index) + 1 for index in last)
