"""The numbers that a picture or a film shows, as they are printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any, Literal

from adviz.language.notation import Tree, unicode_text
from adviz.scene.scene import Scene, State, finished, state

Seen = int | Literal["film", "picture"]
"""All numbers of a film, those of the finished picture, or those of one frame."""


def shown(scene: Scene, seen: Seen = "picture") -> dict[str, str]:
    """Return the numbers as they are printed, by their keys; of a graph its local partials.

    >>> import adviz
    >>> shown(adviz.draw(adviz.evaluate("x*y", at={"x": 3, "y": 2})).scene)
    {'0/value/0': '3', '0/value/1': '2', '0/value/2': '6'}
    >>> shown(adviz.draw("x*y").scene)
    {'partial/0': 'y', 'partial/1': 'x'}
    """
    if not scene.frames:
        return {f"partial/{k}": unicode_text(chip) for k, chip in scene.chips.items()}
    if seen == "film":
        return dict(_texts(scene, scene.numbers))
    keys = {*_keys(scene, finished(scene) if seen == "picture" else state(scene, seen))}
    return dict(_texts(scene, [key for key in scene.numbers if key in keys]))


def _texts(scene: Scene, keys: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the numbers under some keys, and of a small array its elements by their places."""
    for key in keys:
        yield key, scene.numbers[key][0]
        for row, line in enumerate(scene.grids.get(key, ())):
            for column, text in enumerate(line):
                yield f"{key}[{row}, {column}]", text


def element(key: str) -> tuple[str, tuple[int, int] | None]:
    """Return the key of an array, and the place of an element in it; of anything else its key.

    >>> element("0/value/3[1, 0]"), element("0/value/3")
    (('0/value/3', (1, 0)), ('0/value/3', None))
    """
    array, _, place = key.rstrip("]").partition("[")
    if not place:
        return array, None
    row, column = map(int, place.split(", "))
    return array, (row, column)


def digest(printed: Iterable[str]) -> str:
    """Return the SHA-256 of numbers as they are printed, in their order.

    >>> digest(["3"])[:16]
    '4e07408562bedb8b'
    """
    return sha256("\n".join(printed).encode()).hexdigest()


def _keys(scene: Scene, now: State) -> Iterator[str | None]:
    """Yield the keys of what is shown in a state."""
    for part in (now.rows, now.fills, now.labels):
        yield from part.values()
    for chip in now.chips:
        yield from _slots(scene.chips[chip])
    yield from _slots(scene.point)


def _slots(part: Any) -> Iterator[str]:
    """Yield the keys of the numbers in a tree."""
    stack: list[Tree | Any] = [part]
    while stack:
        one = stack.pop()
        if isinstance(one, tuple):
            if one[:1] == ("slot",):
                yield one[1]
            stack.extend(one)
