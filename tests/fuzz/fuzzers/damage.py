"""Damage: what may befall a document or a file on its way."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from random import Random
from typing import Any

JUNK: tuple[Any, ...] = (
    None, True, False, -1, 0, 1, 2, 3, 7, 2**31, -(2**63), 10**400, 0.5, -0.0, 1e308, math.nan,
    math.inf, "", "x", "y", "f", "op", "input", "const", "sin", "where", "lt", "pi", "a b", "_1",
    "\0", "\ud800", "<&\"'>", "π", "1", [], [0], ["x"], {}, {"x": 0}, {"": 1},
)  # fmt: skip
"""What is put in the place of anything."""

Place = tuple[Any, Any]
"""A list or an object, and where in it something stands."""


def places(value: Any) -> Iterator[Place]:
    """Yield everything that stands in something else, whatever is deeper after it."""
    inside = range(len(value)) if isinstance(value, list) else list(value)
    for key in inside:
        yield value, key
        if isinstance(value[key], list | dict):
            yield from places(value[key])


def _replaced(source: Random, holder: Any, key: Any, _: list[Place]) -> None:
    holder[key] = source.choice(JUNK)


def _moved(source: Random, holder: Any, key: Any, everywhere: list[Place]) -> None:
    other, there = source.choice(everywhere)
    if other is not holder or there != key:
        holder[key] = json.loads(json.dumps(other[there]))


def _shifted(source: Random, holder: Any, key: Any, _: list[Place]) -> None:
    if isinstance(holder[key], int | float):
        holder[key] += source.choice((-1, 1, 0.5))


def _deleted(_: Random, holder: Any, key: Any, __: list[Place]) -> None:
    del holder[key]


def _doubled(source: Random, holder: Any, key: Any, _: list[Place]) -> None:
    if isinstance(holder, list):
        holder.insert(source.randrange(len(holder) + 1), json.loads(json.dumps(holder[key])))
    else:
        holder[source.choice(("x", "y", "z", "f", "name", "value"))] = holder[key]


def _swapped(source: Random, holder: Any, key: Any, _: list[Place]) -> None:
    other = source.choice([*(range(len(holder)) if isinstance(holder, list) else holder)])
    holder[key], holder[other] = holder[other], holder[key]


DAMAGES = (_replaced, _moved, _shifted, _deleted, _doubled, _swapped)


def damaged(document: Any, source: Random) -> Any:
    """Return a document with something in it replaced, moved, shifted, lost, doubled or swapped."""
    document = json.loads(json.dumps(document))
    for _ in range(source.choice((1, 1, 1, 2, 3))):
        everywhere = list(places(document))
        if everywhere:
            holder, key = source.choice(everywhere)
            source.choice(DAMAGES)(source, holder, key, everywhere)
    return document


def torn(content: bytes, source: Random) -> bytes:
    """Return bytes of which some are cut off, left out, put twice or changed."""
    start, end = sorted(source.randrange(len(content) + 1) for _ in range(2))
    few = content[start : min(end, start + 8)]
    changed = bytes(byte ^ 1 << source.randrange(8) for byte in few)
    after = content[start + len(few) :]
    return content[:start] + source.choice((b"", few + few, changed + after, after, few))
