"""What is written in a picture: in which sizes, and not too long for its place."""

from __future__ import annotations

from collections.abc import Mapping

from adviz.language.notation import Tree, unicode_text
from adviz.scene.card import FULL, Card
from adviz.scene.scene import Mark, Node
from adviz.scene.text_width import Face, shortened, width

NAME_SIZE, TEXT_SIZE, SMALL_SIZE, CHIP_SIZE = 17.0, 13.0, 12.0, 12.0
"""Sizes of the letters of names, numbers, operations and labels, and chips, in pixels."""

LONGEST_NAME, LONGEST_NUMBER, LONGEST_CHIP = 200.0, 230.0, 150.0
LONGEST_NOTE, LONGEST_LABEL = 170.0, 120.0
BADGE_SIZE, LABEL_SIZE, BADGE_GAP = 10.5, 12.0, 4.0
BADGE_INSET = 10.0
"""How far the badges on a node's upper border stand from its corners."""


def shown_name(node: Node) -> str:
    """Return a node's symbol as text, not too long for its box."""
    return shortened(unicode_text(node.symbol), LONGEST_NAME, NAME_SIZE, "serif")


def shown_operation(node: Node, card: Card = FULL) -> str:
    """Return a node's operation as text, not too long for its box; if compact, all or nothing."""
    words = "input" if node.operation is None else unicode_text(node.operation)
    if card.headed:
        return shortened(words, card.longest_operation, SMALL_SIZE)
    fits = width(words, SMALL_SIZE) <= card.longest_operation
    return words if fits and node.operation is not None else ""


def left_texts(node: Node, card: Card) -> tuple[str, ...]:
    """Return what stands at the left of a node's lines: labels, or operation and then labels."""
    if card.headed or not node.rows:
        return node.rows
    return ("", shown_operation(node, card), *node.rows[2:])


def shown_chip(scene_numbers: Mapping[str, tuple[str, str]], chip: Tree) -> str:
    """Return what a chip says, not too long for its gap."""
    text = unicode_text(chip, lambda key: scene_numbers[key][0])
    return shortened(text, LONGEST_CHIP, CHIP_SIZE)


def shown_note(mark: Mark | None) -> str:
    """Return a mark's note, not too long for a badge or a chip."""
    return shortened(mark.note, LONGEST_NOTE, BADGE_SIZE) if mark else ""


def badges(node: Node, mark: Mark | None) -> list[tuple[str, str, bool]]:
    """Return what stands on a node's upper border at its left: words, role, and whether filled."""
    note = shown_note(mark)
    status = "" if node.status in ("ok", "skipped", note) else node.status
    said = [(status, "warning", False), (note, mark.role if mark else "", True)]
    return [badge for badge in said if badge[0]]


def badge_width(words: str, size: float = BADGE_SIZE, face: Face = "sans") -> float:
    """Return how wide a badge is."""
    return width(words, size, face) + 12


def shown_label(label: str) -> str:
    """Return an output's label, not too long for a badge."""
    return shortened(label, LONGEST_LABEL, LABEL_SIZE, "serif")


def chip_width(text: str, note: str = "") -> float:
    """Return how wide a chip is that says a local partial and perhaps a mark's note."""
    return chip_room(width(text, CHIP_SIZE), note)


def chip_room(wide: float, note: str = "") -> float:
    """Return how wide a chip is for a number of a width, and perhaps a mark's note."""
    noted = width(note, BADGE_SIZE, "bold") + 6 if note else 0.0
    return max(30.0, wide + 16 + noted)


def counted(arrived: int, of: int, total: str = "") -> str:
    """Return what stands in a slot that many share: how many have arrived, and their sum so far.

    >>> counted(0, 6), counted(3, 6, "4.25")
    ('Σ 0 of 6', 'Σ 3 of 6 = 4.25')
    """
    return f"Σ {arrived} of {of}" + (f" = {total}" if arrived else "")


def signed(text: str) -> str:
    """Return a number with its sign, as it stands in a slot: `+5`, `−2`; words as they are."""
    return f"+{text}" if text[:1].isdecimal() or text[:1] == "∞" else text
