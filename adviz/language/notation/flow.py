"""Formulas as HTML that breaks into lines: at relations, at sums, and in a call of a call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from adviz.language.notation.markup import is_tall, mathml
from adviz.language.notation.plain import unicode_text
from adviz.language.notation.trees import Slots, Tree, no_slots

_ROOM = 24
"""What has no more characters than this stays on a line."""
_BREAKING = frozenset("=<>≤≥≠+−,")
_BREAK = "<wbr>"
_ENCLOSED = ("group", "call")
"""What has parentheses, which grow with what is high in them: then it is a piece by itself."""


def flowing(part: Tree, slots: Slots = no_slots) -> str:
    """Return a tree as pieces of MathML with `<wbr>` where a line may break, as in a text.

    What is around it must not break at other places: `white-space: nowrap`, and `normal` of the
    `<wbr>`.

    >>> flowing(("row", ("name", "first"), ("op", "+"), ("name", "s" * 20)))[:62]
    '<math><mi>first</mi></math><wbr><math><mo>+</mo></math><math><'
    """
    split = _SPLIT.get(part[0])
    whole = split is None or (part[0] in _ENCLOSED and is_tall(part))
    if split is None or whole or len(unicode_text(part, slots)) <= _ROOM:
        return mathml(part, slots)
    return split(part[1:], slots)


def _row(parts: Sequence[Any], slots: Slots) -> str:
    return "".join(_sign(part) if part[0] == "op" else flowing(part, slots) for part in parts)


def _sign(part: Tree) -> str:
    """Return a sign; a line ends after a comma, and begins with any other."""
    if part[1] not in _BREAKING:
        return mathml(part)
    return f"{mathml(part)}{_BREAK}" if part[1] == "," else f"{_BREAK}{mathml(part)}"


def _group(parts: Sequence[Any], slots: Slots) -> str:
    return _enclosed("", parts, slots)


def _call(parts: Sequence[Any], slots: Slots) -> str:
    return _enclosed(f"<mi>{escape(parts[0])}</mi>", parts[1:], slots)


def _enclosed(before: str, parts: Sequence[Any], slots: Slots) -> str:
    separated = [piece for part in parts for piece in (("op", ","), part)][1:]
    inside = _BREAK * _is_long_call(parts, slots) + _row(separated, slots)
    return f"{_fence(before, '(')}{inside}{_fence('', ')')}"


def _is_long_call(parts: Sequence[Any], slots: Slots) -> bool:
    """Return whether all that is enclosed is a call that does not stay on a line either."""
    first = parts[0][2] if parts[0][0] == "node" else parts[0]
    return len(parts) == 1 and first[0] == "call" and len(unicode_text(first, slots)) > _ROOM


def _fence(before: str, sign: str) -> str:
    look = 'lspace="0" rspace="0" fence="true" stretchy="false"'
    return f"<math>{before}<mo {look}>{sign}</mo></math>"


def _node(parts: Sequence[Any], slots: Slots) -> str:
    return f'<span data-node="{parts[0]}">{flowing(parts[1], slots)}</span>'


_SPLIT: Mapping[str, Callable[[Sequence[Any], Slots], str]] = {
    "row": _row,
    "lines": _row,
    "group": _group,
    "call": _call,
    "node": _node,
}
"""How what may be broken is printed; nothing else is."""
