"""Formulas as one line of text: Unicode for people, ASCII as one would type it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any
from unicodedata import combining

from adviz.language.notation.trees import (
    ELEMENTWISE,
    TRANSPOSED,
    Printer,
    Slots,
    Tree,
    bare,
    base_of_power,
    letters,
    no_slots,
    scientific,
    standing,
)
from adviz.primitives import TABLE

_ASCII = {"×": "*", "·": "*", "−": "-", "≤": "<=", "≥": ">=", "≠": "!=", "⇒": "=>", "→": "->"}
_ASCII |= {"=": "==", "mod": "%"}
_NAMES = {
    (row.label, row.arity): row.name
    for row in TABLE.values()
    if row.label not in ("", *row.aliases)
}
_NAMES |= {("Σ", arity): "sum" for arity in (1, 2)}
"""What to type for a function that is shown by a letter."""
_BAR = "\N{COMBINING MACRON}"
OVERLINE = "\N{COMBINING OVERLINE}"
"""What is set on each letter of a word for a bar over all of it."""
_PRODUCTS = [("op", sign) for sign in ("·", "×", "//", "mod")]
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPTS = str.maketrans("0123456789-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻")


def unicode_text(part: Tree, slots: Slots = no_slots) -> str:
    """Return a tree as one line of Unicode text."""
    return _UNICODE[part[0]](part[1:], slots)


def ascii_text(part: Tree, slots: Slots = no_slots) -> str:
    """Return a tree as one line of ASCII, as one would type it; author's letters stay."""
    return _TYPED[part[0]](part[1:], slots)


def _unicode_name(parts: Sequence[Any], _: Slots) -> str:
    stem, index = letters(parts[0])
    numbered = index.replace(",", "").isdigit()
    return stem + (index.translate(_SUBSCRIPTS) if numbered else index and f"_{index}")


def typeset(text: str) -> str:
    """Return a number as it is set: with a real minus, and its power of ten raised.

    >>> typeset("-2.5e-07"), typeset("0.5")
    ('−2.5 × 10⁻⁷', '0.5')
    """
    mantissa, power = scientific(text)
    return f"{mantissa} × 10{power.translate(_SUPERSCRIPTS)}" if power else mantissa


def _accented(mark: str) -> Printer:
    """Return what puts a mark on a letter, above those that it has, or a bar over a whole word."""

    def print_accent(parts: Sequence[Any], slots: Slots) -> str:
        text = unicode_text(parts[0], slots)
        if mark == _BAR and parts[0][0] == "name":
            return barred(parts[0][1], text)
        end = next((k for k in range(1, len(text)) if not combining(text[k])), len(text))
        return text[:end] + mark + text[end:]

    return print_accent


def barred(name: str, text: str) -> str:
    """Return a variable, shown as a text, under a bar: on its letter, or over its whole word.

    >>> barred("x1", "x₁"), barred("loss", "loss")
    ('x̄₁', 'l̅o̅s̅s̅')
    """
    stem = letters(name)[0]
    shown = stem + _BAR if len(stem) == 1 else "".join(one + OVERLINE for one in stem)
    return shown + text[len(stem) :]


def _unicode_power(parts: Sequence[Any], slots: Slots) -> str:
    base = unicode_text(base_of_power(parts[0], slots), slots)
    base = f"({base})" if bare(parts[0])[0] == "root" else base
    if parts[1] == TRANSPOSED:
        return f"{base}ᵀ"
    if _is_elementwise(parts[1]):
        return f"{base}^{unicode_text(parts[1], slots)}"
    exponent = unicode_text(parts[1], slots)
    raised = exponent.translate(_SUPERSCRIPTS)
    simple = re.fullmatch(r"[-−]?\d+|•", exponent)
    return base + raised if simple else f"{base}^{_held(parts[1], exponent)}"


def _is_elementwise(exponent: Tree) -> bool:
    return exponent[:2] == ("row", ELEMENTWISE)


def _held(part: Tree, text: str) -> str:
    """Return a part's text, in parentheses unless it holds together by itself."""
    return f"({text})" if is_loose(part, text) else text


def is_loose(part: Tree, text: str) -> bool:
    """Return whether a part, printed as a text, does not hold together beside a stroke.

    >>> is_loose(("neg", ("name", "x")), "−x"), is_loose(("slot", "k"), "2 × 10⁵")
    (True, True)
    """
    kind = bare(part)[0]
    signed = " × " in text or text.startswith("−")
    return kind in ("row", "neg", "frac") or (kind in ("number", "slot") and signed)


def is_loose_above(part: Tree, slots: Slots) -> bool:
    """Return whether a part does not hold together before a stroke.

    What is multiplied, and a minus, do: they are read from the left.

    >>> x = ("name", "x")
    >>> is_loose_above(("neg", x), no_slots), is_loose_above(("frac", x, x), no_slots)
    (False, True)
    """
    part = bare(part)
    if part[0] == "neg" or (part[0] == "row" and _is_product(part)):
        return is_loose_above(part[1], slots)
    return is_loose(part, unicode_text(part, slots).removeprefix("−"))


def _is_product(part: Tree) -> bool:
    """Return whether a row has factors only."""
    return not any(one[0] == "text" or (one[0] == "op" and one[1] not in "·×") for one in part[1:])


def is_alone(part: Tree, text: str) -> bool:
    """Return whether a part, printed as a text, is a letter or digits: a root of it has no more.

    >>> is_alone(("name", "v1"), "v₁"), is_alone(("slot", "k"), "−2")
    (True, False)
    """
    kind = bare(part)[0]
    digits = kind in ("number", "slot") and re.fullmatch(r"[\d.]+", text)
    return kind == "name" or bool(digits)


def is_factor(part: Tree, before: Tree | None) -> bool:
    """Return whether a part is a quotient that follows a sign of multiplication.

    >>> is_factor(("frac", ("name", "x"), ("name", "y")), ("op", "·"))
    True
    """
    return bare(part)[0] == "frac" and before in _PRODUCTS


def _unicode_row(parts: Sequence[Any], slots: Slots) -> str:
    """Return parts side by side; a quotient holds together after a sign of multiplication."""
    texts = [unicode_text(part, slots) for part in parts]
    for k, (before, part) in enumerate(pairwise(parts), 1):
        if is_factor(part, before):
            texts[k] = f"({texts[k]})"
    return "".join(texts)


def _unicode_frac(parts: Sequence[Any], slots: Slots) -> str:
    above, below = (unicode_text(part, slots) for part in parts)
    above = f"({above})" if is_loose_above(parts[0], slots) else above
    return f"{above}/{_held(parts[1], below)}"


def _unicode_root(parts: Sequence[Any], slots: Slots) -> str:
    inner = unicode_text(parts[0], slots)
    return f"√{inner}" if is_alone(parts[0], inner) else f"√({inner})"


def _joined(printer: Callable[[Tree, Slots], str], before: str, after: str) -> Printer:
    return lambda parts, slots: before + "".join(printer(p, slots) for p in parts) + after


def _called(printer: Callable[[Tree, Slots], str]) -> Printer:
    return lambda parts, slots: (
        f"{parts[0]}({', '.join(printer(part, slots) for part in parts[1:])})"
    )


def _spaced(parts: Sequence[Any], _: Slots) -> str:
    sign = parts[0]
    if sign == "@":
        return " "
    return f"{sign} " if sign in (",", "not") else f" {sign} "


_UNICODE: Mapping[str, Printer] = {
    "name": _unicode_name,
    "number": lambda parts, _: typeset(parts[0]),
    "slot": lambda parts, slots: slots(parts[0]),
    "held": lambda parts, slots: unicode_text(standing(parts[0], slots), slots),
    "text": lambda parts, _: parts[0],
    "op": _spaced,
    "row": _unicode_row,
    "lines": _joined(unicode_text, "", ""),
    "group": _joined(unicode_text, "(", ")"),
    "neg": _joined(unicode_text, "−", ""),
    "abs": _joined(unicode_text, "|", "|"),
    "root": _unicode_root,
    "call": _called(unicode_text),
    "entry": lambda parts, slots: unicode_text(parts[0], slots) + parts[1],
    "frac": _unicode_frac,
    "power": _unicode_power,
    "dot": _accented("\u0307"),
    "bar": _accented(_BAR),
    "partial": lambda parts, slots: "∂{}/∂{}".format(*(unicode_text(p, slots) for p in parts)),
    "mark": lambda parts, slots: unicode_text(parts[1], slots),
    "node": lambda parts, slots: unicode_text(parts[1], slots),
}


def _typed_row(parts: Sequence[Any], slots: Slots) -> str:
    """Return parts side by side: a product has its sign, a quotient holds together after one."""
    typed = [ascii_text(parts[0], slots)]
    for before, part in pairwise(parts):
        side_by_side = before[0] != "op" and part[0] != "op"
        after_product = side_by_side or before in _PRODUCTS
        text = ascii_text(part, slots)
        typed += ["*"] * side_by_side + [_held(part, text) if after_product else text]
    return "".join(typed)


def _typed_sign(parts: Sequence[Any], _: Slots) -> str:
    sign = _ASCII.get(parts[0], parts[0])
    return " @ " if sign == "@" else _spaced((sign,), no_slots)


def _typed_call(parts: Sequence[Any], slots: Slots) -> str:
    name = _NAMES.get((parts[0], len(parts) - 1), parts[0])
    return f"{name}({', '.join(ascii_text(part, slots) for part in parts[1:])})"


def _typed_power(parts: Sequence[Any], slots: Slots) -> str:
    if parts[1] == TRANSPOSED:
        return f"{ascii_text(parts[0], slots)}.T"
    base, exponent = parts
    exponent = exponent[2] if _is_elementwise(exponent) else exponent
    return "**".join(_held(part, ascii_text(part, slots)) for part in (base, exponent))


_TYPED: Mapping[str, Printer] = {
    **_UNICODE,
    "name": lambda parts, _: parts[0],
    "number": lambda parts, _: parts[0],
    "held": lambda parts, slots: ascii_text(standing(parts[0], slots), slots),
    "op": _typed_sign,
    "row": _typed_row,
    "lines": _joined(ascii_text, "", ""),
    "group": _joined(ascii_text, "(", ")"),
    "neg": _joined(ascii_text, "-", ""),
    "abs": _joined(ascii_text, "abs(", ")"),
    "root": _joined(ascii_text, "sqrt(", ")"),
    "call": _typed_call,
    "entry": lambda parts, slots: ascii_text(parts[0], slots) + parts[1],
    "frac": lambda parts, slots: "/".join(_held(p, ascii_text(p, slots)) for p in parts),
    "power": _typed_power,
    "dot": _joined(ascii_text, "tangent of ", ""),
    "bar": _joined(ascii_text, "adjoint of ", ""),
    "partial": lambda parts, slots: "d({})/d({})".format(*(ascii_text(p, slots) for p in parts)),
    "mark": lambda parts, slots: ascii_text(parts[1], slots),
    "node": lambda parts, slots: ascii_text(parts[1], slots),
}
