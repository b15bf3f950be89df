"""Formulas as MathML Core, which browsers print without a script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from html import escape
from typing import Any

from adviz.language.notation.trees import (
    TRANSPOSED,
    Printer,
    Slots,
    Tree,
    base_of_power,
    letters,
    no_slots,
    scientific,
    standing,
)

_ACCENTS = {"dot": "˙", "bar": "¯"}
_LOW = frozenset("acegmnopqrsuvwxyzαγεηικμνοπρςστυχψω")
"""The letters that are no higher than an x."""
_TALL = {"frac", "partial", "power", "root"}
_STRUT = '<mspace width="0" height="0.76em" depth="0.12em"></mspace>'
"""Holds a root's bar at the height of the root sign, whatever low letter stands below it."""
_BESIDE = '<mspace width="0.2em"></mspace>'
"""What stands between two matrices that are multiplied."""


def mathml(part: Tree, slots: Slots = no_slots) -> str:
    """Return a tree as a MathML Core element for HTML."""
    return f"<math>{_printed(part, slots)}</math>"


def _printed(part: Tree, slots: Slots) -> str:
    return _PRINTERS[part[0]](part[1:], slots)


def _element(tag: str, before: str = "") -> Printer:
    return lambda parts, slots: (
        f"<{tag}>{before}{''.join(_printed(p, slots) for p in parts)}</{tag}>"
    )


def _token(tag: str, text: str) -> str:
    return f"<{tag}>{escape(text)}</{tag}>"


def is_tall(part: Any) -> bool:
    """Return whether a part is higher than a line, so that what encloses it has to grow.

    >>> [is_tall(("power", ("name", "x"), raised)) for raised in (("number", "2"), TRANSPOSED)]
    [True, False]
    """
    if not isinstance(part, tuple):
        return False
    by_itself = part[0] in _TALL and part[2:] != (TRANSPOSED,)
    return by_itself or any(map(is_tall, part[1:]))


def _enclosed(before: str, after: str, parts: Sequence[Any], inner: str) -> str:
    """Return parts between two signs, which grow only where they must: growing takes room."""
    stretchy = "true" if any(map(is_tall, parts)) else "false"
    look = f'lspace="0" rspace="0" fence="true" stretchy="{stretchy}"'
    return f"<mrow><mo {look}>{before}</mo>{inner}<mo {look}>{after}</mo></mrow>"


def _fenced(before: str, after: str) -> Printer:
    return lambda parts, slots: _enclosed(
        before, after, parts, "".join(_printed(p, slots) for p in parts)
    )


def _name(text: str, accents: Sequence[str] = (), raised: str = "") -> str:
    """Return a variable; accents stand on its letter or word, the first nearest, not its index.

    What it is raised to stands above the subscript.
    """
    stem, index = letters(text)
    is_letter = len(stem) == 1
    bare = _below_accents(stem) if accents and is_letter else _token("mi", stem)
    base = reduce(_accented if is_letter else _over, accents, bare)
    if not index:
        return f"<msup>{base}{raised}</msup>" if raised else base
    below = _token("mn" if index[0].isdigit() else "mi", index)
    if raised:
        return f"<msubsup>{base}{below}{raised}</msubsup>"
    return f"<msub>{base}{below}</msub>"


def _accented(base: str, accent: str) -> str:
    sign = f'<mo lspace="0" rspace="0" stretchy="false">{accent}</mo>'
    return f'<mover accent="true">{base}{sign}</mover>'


def _over(base: str, accent: str) -> str:
    """Return what is wider than a letter under an accent: a bar is as wide as that.

    Few fonts have a sign that stretches so far, so a page's style sheet draws it as a border.
    """
    if accent != _ACCENTS["bar"]:
        return _accented(base, accent)
    sign = '<mo lspace="0" rspace="0" stretchy="true">&#8254;</mo>'
    return f'<mover accent="true" class="over">{base}{sign}</mover>'


def _below_accents(stem: str) -> str:
    """Return a letter that holds its accents clear of it."""
    height = "0.73em" if _is_high(stem) else "0.58em"
    return f'<mrow>{_token("mi", stem)}<mspace width="0" height="{height}"></mspace></mrow>'


def _is_high(stem: str) -> bool:
    """Return whether a letter, or one of a word, is higher than an x."""
    return any(letter not in _LOW for letter in stem)


def _accent(kind: str) -> Printer:
    def print_accent(parts: Sequence[Any], slots: Slots) -> str:
        part, marks = _unaccented((kind, *parts))
        if part[0] == "name":
            return _name(part[1], marks)
        return reduce(_over, marks, _printed(part, slots))

    return print_accent


def _unaccented(part: Tree) -> tuple[Tree, list[str]]:
    """Return what is below accents, and these from the nearest on."""
    marks: list[str] = []
    while part[0] in _ACCENTS:
        marks.insert(0, _ACCENTS[part[0]])
        part = part[1]
    return part, marks


def _number(text: str) -> str:
    mantissa, power = scientific(text)
    if not power:
        return _token("mn", mantissa)
    ten = f"<msup>{_token('mn', '10')}{_token('mn', power)}</msup>"
    return f"<mrow>{_token('mn', mantissa)}{_token('mo', '×')}{ten}</mrow>"


def _call(parts: Sequence[Any], slots: Slots) -> str:
    function, *operands = parts
    inner = "<mo>,</mo>".join(_printed(part, slots) for part in operands)
    return f"<mrow>{_token('mi', function)}{_enclosed('(', ')', operands, inner)}</mrow>"


def _partial(parts: Sequence[Any], slots: Slots) -> str:
    above, below = (f"<mrow><mi>∂</mi>{_printed(part, slots)}</mrow>" for part in parts)
    return f"<mfrac>{above}{below}</mfrac>"


def _power(parts: Sequence[Any], slots: Slots) -> str:
    base, raised = base_of_power(parts[0], slots), _printed(parts[1], slots)
    letter, accents = _unaccented(base)
    if letter[0] == "name":
        return _name(letter[1], accents, raised)
    return f"<msup>{_printed(base, slots)}{raised}</msup>"


def _line(part: Tree, slots: Slots) -> str:
    return f"<mtr><mtd>{_printed(part, slots)}</mtd></mtr>"


_PRINTERS: Mapping[str, Printer] = {
    "name": lambda parts, _: _name(parts[0]),
    "number": lambda parts, _: _number(parts[0]),
    "slot": lambda parts, slots: _number(slots(parts[0])),
    "held": lambda parts, slots: _printed(standing(parts[0], slots), slots),
    "text": lambda parts, _: _token("mtext", parts[0]),
    "op": lambda parts, _: _BESIDE if parts[0] == "@" else _token("mo", parts[0]),
    "row": _element("mrow"),
    "lines": lambda parts, slots: (
        f'<mtable displaystyle="true">{"".join(_line(part, slots) for part in parts)}</mtable>'
    ),
    "group": _fenced("(", ")"),
    "neg": lambda parts, slots: f'<mrow><mo form="prefix">−</mo>{_printed(parts[0], slots)}</mrow>',
    "abs": _fenced("|", "|"),
    "root": _element("msqrt", _STRUT),
    "call": _call,
    "entry": lambda parts, slots: (
        f"<mrow>{_printed(parts[0], slots)}{_token('mtext', parts[1])}</mrow>"
    ),
    "frac": _element("mfrac"),
    "power": _power,
    **{kind: _accent(kind) for kind in _ACCENTS},
    "partial": _partial,
    "mark": lambda parts, slots: (
        f'<mrow class="{escape(parts[0], quote=True)}">{_printed(parts[1], slots)}</mrow>'
    ),
    "node": lambda parts, slots: f'<mrow data-node="{parts[0]}">{_printed(parts[1], slots)}</mrow>',
}
