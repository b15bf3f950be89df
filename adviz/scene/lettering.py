"""What is written in a picture: in which sizes, and not too long for its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from posixpath import commonprefix

from adviz.language.notation import Slots, Tree, letters, name, no_slots, unicode_text
from adviz.scene.card import FULL, Card
from adviz.scene.lines import Line, Run, cut, line_width
from adviz.scene.quantities import quantity
from adviz.scene.scene import Mark, Node
from adviz.scene.text_width import shortened, width
from adviz.scene.typesetting import set_on_line

NAME_SIZE, TEXT_SIZE, SMALL_SIZE, CHIP_SIZE = 16.0, 13.0, 13.0, 13.0
"""Sizes of the letters of names, numbers, operations and labels, and chips, in pixels."""

LONGEST_NAME, LONGEST_NUMBER, LONGEST_CHIP = 200.0, 230.0, 150.0
LONGEST_NOTE, LONGEST_LABEL = 170.0, 120.0
BADGE_SIZE, LABEL_SIZE, BADGE_GAP = 10.5, 13.0, 4.0
_LONGEST_NAMES = (24, 20, 17, 14, 12, 10, 9, 8, 7, 6, 5, 4)
"""How many characters of a name are left, tried in turn."""
SIZES_GAP = 8.0
"""How far the sizes of an array stand behind its name."""
BADGE_INSET = 10.0
"""How far the badges on a node's upper border stand from its corners."""


def fitted(part: Tree, longest: float, size: float, slots: Slots = no_slots) -> Tree:
    """Return a formula with its names shortened as far as it takes to be at most so wide.

    Numbers have precedence: they are never shortened, and neither are letters.

    >>> from adviz.language.notation import op, row, unicode_text
    >>> chip = row(name("learning_rate"), op("="), ("slot", "k"))
    >>> unicode_text(fitted(chip, 110.0, 12.0, lambda key: "12345.7"), lambda key: "12345.7")
    'lear…e = 12345.7'
    """
    for most in _LONGEST_NAMES:
        if line_width(set_on_line(part, slots), size) <= longest:
            return part
        part = _abbreviated(part, most)
    return part


def fitted_apart(parts: Sequence[Tree], longest: float, size: float) -> list[Tree]:
    """Return formulas at most so wide; names that would look alike lack what they begin with.

    >>> layers = [name("layer_0_weight"), name("layer_1_weight"), name("x")]
    >>> [part[1] for part in fitted_apart(layers, 60.0, 14.0)]
    ['…0_…t', '…1_…t', 'x']
    """
    shown = [fitted(part, longest, size) for part in parts]
    alike: dict[Tree, set[str]] = {}
    for part, short in zip(parts, shown, strict=True):
        if part[0] == "name":
            alike.setdefault(short, set()).add(part[1])
    shared = {one: len(commonprefix([*names])) for one, names in alike.items() if len(names) > 1}
    return [
        fitted(name(f"…{part[1][shared[short] :]}"), longest, size) if short in shared else short
        for part, short in zip(parts, shown, strict=True)
    ]


def _abbreviated(part: Tree, most: int) -> Tree:
    """Return a formula in which no name has more characters."""
    if part[0] == "name":
        text, is_word = part[1], not letters(part[1])[1]
        return name(_shorter(text, most)) if is_word and len(text) > most else part
    return tuple(_abbreviated(one, most) if isinstance(one, tuple) else one for one in part)


def _shorter(text: str, most: int) -> str:
    """Return a name without its middle: its end tells it from others that begin alike."""
    after = (most - 1) // 3
    return f"{text[: most - 1 - after]}…{text[len(text) - after :]}"


def holds_number(part: Tree) -> bool:
    """Return whether a formula shows a number that was computed."""
    return part[0] == "slot" or any(holds_number(one) for one in part if isinstance(one, tuple))


def lettered(part: Tree, longest: float, size: float, slots: Slots = no_slots) -> Line:
    """Return a formula as it is set, not too long for its place."""
    line = set_on_line(fitted(part, longest, size, slots), slots)
    return line if holds_number(part) else cut(line, longest, size)


def whole_name(node: Node) -> Line:
    """Return a node's symbol; a constant's number has the letters of numbers."""
    if node.shape == "constant" and node.symbol[0] == "number":
        return (Run(unicode_text(node.symbol)),)
    if node.shape == "constant" and node.sizes:
        return (Run(f"{unicode_text(node.symbol)} "), *shown_sizes(node))
    return set_on_line(node.symbol, no_slots)


def shown_name(node: Node) -> Line:
    """Return a node's symbol, not too long for its box; a number is never cut."""
    if node.shape == "constant" and (node.symbol[0] == "number" or node.sizes):
        return whole_name(node)
    return lettered(node.symbol, LONGEST_NAME, NAME_SIZE)


def shown_sizes(node: Node) -> Line:
    """Return the sizes of an array's axes, as they stand behind its name."""
    return (Run(node.sizes, fill="muted"),) if node.sizes else ()


def sizes_width(node: Node) -> float:
    """Return how wide they are there, with what is free before them; 0 of a number."""
    return line_width(shown_sizes(node), SMALL_SIZE) + SIZES_GAP if node.sizes else 0.0


def shown_operation(node: Node, card: Card = FULL) -> Line:
    """Return a node's operation, not too long for its box; if compact, all or nothing."""
    if node.operation is None:
        return (Run("input"),) if card.headed else ()
    if card.headed:
        return lettered(node.operation, card.longest_operation, SMALL_SIZE)
    line = set_on_line(node.operation, no_slots)
    return line if line_width(line, SMALL_SIZE) <= card.longest_operation else ()


def left_texts(node: Node, card: Card) -> tuple[Line, ...]:
    """Return what stands at the left of a node's lines: labels, or below its name the operation.

    Where two kinds of derivatives stand under each other, colour alone must not tell which is
    which: from the third line on a number has its symbol.
    """
    if card.headed or not node.rows:
        return tuple((Run(row),) for row in node.rows)
    symbols = (quantity(row).symbol(node.symbol) for row in node.rows[2:])
    shown = (lettered(symbol, LONGEST_NAME, SMALL_SIZE) for symbol in symbols)
    return ((), shown_operation(node, card), *shown)


def shown_chip(scene_numbers: Mapping[str, tuple[str, str]], chip: Tree) -> Line:
    """Return what a chip says, not too long for its gap unless its number is."""
    return lettered(chip, LONGEST_CHIP, CHIP_SIZE, lambda key: scene_numbers[key][0])


def shown_note(mark: Mark | None) -> str:
    """Return a mark's note, not too long for a badge or a chip."""
    return shortened(mark.note, LONGEST_NOTE, BADGE_SIZE) if mark else ""


def badges(node: Node, mark: Mark | None) -> list[tuple[str, str, bool]]:
    """Return what stands on a node's upper border at its left: words, role, and whether filled."""
    note = shown_note(mark)
    status = "" if node.status in ("ok", "skipped", note) else node.status
    said = [(status, "warning", False), (note, mark.role if mark else "", True)]
    return [badge for badge in said if badge[0]]


def badge_width(words: str) -> float:
    """Return how wide a badge is."""
    return width(words, BADGE_SIZE) + 12


def label_width(label: Line) -> float:
    """Return how wide the badge of an output's label is."""
    return line_width(label, LABEL_SIZE) + 12


def shown_label(label: str) -> Line:
    """Return an output's label, not too long for a badge."""
    return lettered(name(label), LONGEST_LABEL, LABEL_SIZE)


def chip_width(line: Line, note: str = "") -> float:
    """Return how wide a chip is that says a local partial and perhaps a mark's note."""
    return chip_room(line_width(line, CHIP_SIZE), note)


def chip_room(wide: float, note: str = "") -> float:
    """Return how wide a chip is for a number of a width, and perhaps a mark's note."""
    noted = width(note, BADGE_SIZE, "bold") + 6 if note else 0.0
    return max(30.0, ceil(wide + 16 + noted))


def counted(arrived: int, of: int, total: str = "") -> str:
    """Return what stands in a slot that many share: how many have arrived, and their sum so far.

    >>> counted(0, 6), counted(3, 6, "4.25")
    ('Σ 0 of 6', 'Σ 3 of 6 = 4.25')
    """
    return f"Σ {arrived} of {of}" + (f" = {total}" if arrived else "")


def signed(text: str) -> str:
    """Return a number with its sign, as it stands in a slot: `+5`, `−2`; words as they are."""
    return f"+{text}" if text[:1].isdecimal() or text[:1] == "∞" else text
