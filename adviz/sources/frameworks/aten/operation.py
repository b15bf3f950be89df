"""One operation of ATen, read by the tables: what its arguments are makes which rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from adviz.sources.frameworks import moving
from adviz.sources.frameworks.aten import COMPOSED, KNOWN, MOVES, ROWS
from adviz.sources.frameworks.reading import Held, Reading, Unreadable, Value
from adviz.sources.refusals import spoken


def operation_name(target: Any) -> str:
    """Return what an operation is called: mul of aten.mul.Tensor, and any other in full.

    One that changes its argument gives the same as the one that does not.

    >>> operation_name("aten.mul_.Tensor"), operation_name("mine.mul.default")
    ('mul', 'mine.mul.default')
    """
    found = re.fullmatch(r"aten\.(\w+)\.\w+", str(target))
    if found is None:
        return str(target)
    name = found[1]
    return name if name in KNOWN or name[:-1] not in KNOWN else name.removesuffix("_")


def values(args: Any) -> Iterator[Value]:
    """Yield the values among an operation's arguments."""
    for one in args:
        if isinstance(one, list | tuple) and not isinstance(one, Held):
            yield from values(one)
        else:
            yield one


def read(reading: Reading, target: Any, args: Sequence[Any], keywords: Mapping[str, Any]) -> Any:
    """Return what an operation gives of values by the tables: one, or several in a row.

    Raises Unreadable for what these have no line for, and for another use than they know.
    """
    name = operation_name(target)
    if name in ROWS:
        row = reading.builder.rows[ROWS[name]]
        return reading.apply(row.name, *args[: row.arity], *keywords.values())
    if name in COMPOSED:
        return COMPOSED[name](reading, *args, **keywords)
    if name in MOVES:
        return _moved(reading, name, target, list(args), keywords)
    raise Unreadable("not in the tables")


def _moved(
    reading: Reading, name: str, target: Any, args: list[Any], keywords: Mapping[str, Any]
) -> Value:
    """Return what an operation gives that only moves elements, to places that are known."""
    import torch

    at = MOVES[name]
    others = [one for k, one in enumerate(args) if k not in at] + [*keywords.values()]
    if any(isinstance(one, Held) for one in values(others)):
        raise Unreadable("a place that depends on inputs")
    if name == "index_put" and len(args) > 3 and args[3]:
        raise Unreadable("that adds up")
    given, parts = list(args), [args[k] for k in at]
    for k, numbers in zip(at, moving.places([reading.shape(one) for one in parts]), strict=True):
        given[k] = torch.as_tensor(np.asarray(numbers, np.int64))
    try:
        found = np.asarray(target(*given, **keywords))
    except (IndexError, RuntimeError) as error:
        raise Unreadable(spoken(error)) from error
    return moving.taken(reading, parts, found)
