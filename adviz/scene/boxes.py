"""How large the box of a node is: for its title, its badges, and the widest of its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from math import ceil

from adviz.scene.card import FULL, Card
from adviz.scene.grids import line_height
from adviz.scene.lettering import (
    BADGE_GAP,
    BADGE_INSET,
    NAME_SIZE,
    SMALL_SIZE,
    badge_width,
    badges,
    label_width,
    left_texts,
    shown_label,
    shown_name,
    shown_operation,
    sizes_width,
)
from adviz.scene.lines import line_width
from adviz.scene.scene import Mark, Node

_LEAST_WIDTH, _BARE_HEIGHT = 112.0, 40.0


def box_width(node: Node, widest: Sequence[float], badged: float = 0.0, card: Card = FULL) -> float:
    """Return how wide a node's box is: for its title, its badges, and the widest of its rows.

    `widest` is the width of the widest number that each row ever shows.
    """
    name = line_width(shown_name(node), NAME_SIZE)
    lefts = [line_width(line, SMALL_SIZE) for line in left_texts(node, card)]
    title = name + sizes_width(node) + 18 + line_width(shown_operation(node), SMALL_SIZE) + 4
    if node.rows and not card.headed:
        lefts[0], title = name, 0.0
    lines = [left + 14 + number for left, number in zip_longest(lefts, widest, fillvalue=0.0)]
    least = card.least if node.rows else _LEAST_WIDTH
    return ceil(max(least, badged, *(line + 2 * card.padding for line in [title, *lines])))


def box_height(node: Node, card: Card = FULL) -> float:
    """Return how high a node's box is."""
    if not node.rows:
        return _BARE_HEIGHT
    least = card.line * card.lines
    return card.top + max(least, line_height(node.grid, card) * len(node.rows)) + 1


def badges_width(node: Node, symbol: str, mark: Mark | None) -> float:
    """Return how wide a node must be for its mark to be read beside its outputs' labels."""
    if mark is None:
        return 0.0
    labels = [label for label in node.outputs if label != symbol]
    wides = [badge_width(words) for words, _, _ in badges(node, mark)]
    wides += [label_width(shown_label(label)) for label in labels]
    return 2 * BADGE_INSET + sum(wides) + BADGE_GAP * len(wides)
