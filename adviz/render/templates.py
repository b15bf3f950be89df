"""Data of many like parts, such as a film's frames, written short: what they share is said once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

HOLE = "?"
"""The only key of what stands in a template where parts differ; its value says where to look."""


def templated(parts: Sequence[Any]) -> dict[str, Any]:
    """Return parts as templates, and per part the number of its template and what fills it.

    Parts share a template when they differ in nothing but numbers and texts. Where these are not
    the same in all of them the template has a hole; holes that are always filled alike are one.
    The player's `filled` makes the parts again.

    >>> templated([["x", 1, "=", "x"], ["y", 2, "=", "y"]])
    {'templates': [[{'?': 1}, {'?': 2}, '=', {'?': 1}]], 'parts': [[0, 'x', 1], [0, 'y', 2]]}
    """
    alike: dict[str, list[int]] = {}
    for index, part in enumerate(parts):
        alike.setdefault(json.dumps(_emptied(part)), []).append(index)
    rows: list[list[Any]] = [[] for _ in parts]
    templates = []
    for kind, members in enumerate(alike.values()):
        holes, fills = _holes([list(_leaves(parts[index])) for index in members])
        templates.append(_pierced(parts[members[0]], iter(holes)))
        for index, fill in zip(members, fills, strict=True):
            rows[index] = [kind, *fill]
    return {"templates": templates, "parts": rows}


def _holes(leaves: list[list[Any]]) -> tuple[list[int | None], Iterator[tuple[Any, ...]]]:
    """Return per leaf its hole, None where it is always the same, and per part what fills them."""
    columns = list(zip(*leaves, strict=True))
    texts = [json.dumps(column) for column in columns]  # in which 1, 1.0 and true differ
    constant = [json.dumps(column[:1] * len(leaves)) for column in columns]
    varying = {
        text: column
        for text, same, column in zip(texts, constant, columns, strict=True)
        if text != same
    }
    numbered = {text: hole for hole, text in enumerate(varying, 1)}
    fills = zip(*varying.values(), strict=True) if varying else iter([()] * len(leaves))
    return [numbered.get(text) for text in texts], fills


def _leaves(part: Any) -> Iterator[Any]:
    """Yield the numbers and texts of a part, in order."""
    if isinstance(part, dict | list | tuple):
        for value in part.values() if isinstance(part, dict) else part:
            yield from _leaves(value)
    else:
        yield part


def _emptied(part: Any) -> Any:
    """Return a part without its numbers and texts."""
    if isinstance(part, dict):
        return {key: _emptied(value) for key, value in part.items()}
    return [_emptied(value) for value in part] if isinstance(part, list | tuple) else None


def _pierced(part: Any, holes: Iterator[int | None]) -> Any:
    """Return a part with holes in place of the numbers and texts that have one."""
    if isinstance(part, dict):
        return {key: _pierced(value, holes) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [_pierced(value, holes) for value in part]
    hole = next(holes)
    return part if hole is None else {HOLE: hole}
