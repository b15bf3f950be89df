"""Formulas as LaTeX, for math mode; plain text in them is never a command."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

from adviz.language.notation.tex_arrays import array_in_tex
from adviz.language.notation.tex_signs import GREEK
from adviz.language.notation.trees import (
    LETTERS,
    TRANSPOSED,
    Printer,
    Slots,
    Tree,
    bare,
    base_of_power,
    is_letter,
    letters,
    no_slots,
    scientific,
    standing,
)

_SIGNS = {
    "×": r"\times",
    "·": r"\cdot",
    "−": "-",
    "<": "<",
    ">": ">",
    "≤": r"\le",
    "≥": r"\ge",
    "≠": r"\ne",
    "⇒": r"\Rightarrow",
    "→": r"\to",
    "+=": r"\mathrel{+}=",
    "mod": r"\bmod",
    "and": r"\wedge",
    "or": r"\vee",
    "not": r"\neg",
    "@": r"\,",
}
_FUNCTIONS = frozenset(
    "sin cos tan sec csc cot sinh cosh tanh coth exp log min max arcsin arccos arctan".split()
)
_ACCENTS = ("dot", "bar")
_SPECIAL = {
    **{c: f"\\{c}" for c in "&%$#_{}"},
    "\n": " ",
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\symbol{34}",
    "−": r"\ensuremath{-}",
    "•": r"\ensuremath{\bullet}",
    "∘": r"\ensuremath{\circ}",
}


def latex(part: Tree, slots: Slots = no_slots) -> str:
    """Return a tree as LaTeX, for math mode."""
    return _PRINTERS[part[0]](part[1:], slots)


def latex_escape(text: str) -> str:
    """Return plain text for LaTeX's text mode; nothing in it is a command."""
    return "".join(_SPECIAL.get(character, character) for character in text)


def _letters(stem: str) -> str:
    greek = {letter: word for word, letter in LETTERS.items()}.get(stem)
    if greek is not None and greek.lower() != "omicron":
        return GREEK.get(stem, greek[0])
    return stem if is_letter(stem) else _word(stem)


def _word(text: str) -> str:
    """Return a word for math mode, upright and with its underscores."""
    plain = re.fullmatch(r"[0-9A-Za-z_,]+", text)
    return f"\\mathrm{{{latex_escape(text)}}}" if plain else _upright(text)


def _upright(text: str) -> str:
    return f"\\text{{{latex_escape(text)}}}"


def _name(parts: Sequence[Any], _: Slots) -> str:
    return _subscripted(*letters(parts[0]))


def _subscripted(stem: str, index: str, accents: Sequence[str] = ()) -> str:
    """Return a variable; accents stand on its letter, the first nearest, or over a whole word."""
    base = reduce(_accented if len(stem) == 1 else _over, accents, _letters(stem))
    if not index:
        return base
    alone = is_letter(index) or re.fullmatch(r"[0-9,]+", index)
    return f"{base}_{{{index if alone else _word(index)}}}"


def _accented(base: str, accent: str) -> str:
    return f"\\{accent}{{{base}}}"


def _over(base: str, accent: str) -> str:
    """Return what is wider than a letter under an accent: a bar is as wide as that."""
    return _accented(base, "overline" if accent == "bar" else accent)


def _accent(mark: str) -> Printer:
    def print_accent(parts: Sequence[Any], slots: Slots) -> str:
        part, marks = parts[0], [mark]
        while part[0] in _ACCENTS:
            marks.append(part[0])
            part = part[1]
        if part[0] == "name":
            return _subscripted(*letters(part[1]), marks[::-1])
        return reduce(_over, marks[::-1], latex(part, slots))

    return print_accent


def _call(parts: Sequence[Any], slots: Slots) -> str:
    function = parts[0]
    head = f"\\{function}" if function in _FUNCTIONS else _function(function)
    inner = ", ".join(latex(part, slots) for part in parts[1:])
    return f"{head}\\left({inner}\\right)"


def _function(function: str) -> str:
    if function in LETTERS.values():
        return _letters(function)
    return f"\\operatorname{{{latex_escape(function)}}}"


def _number(text: str) -> str:
    return array_in_tex(text, _one_number) or _one_number(text)


def _one_number(text: str) -> str:
    mantissa, power = (part.replace("−", "-") for part in scientific(text))
    return f"{mantissa} \\times 10^{{{power}}}" if power else latex_plain(mantissa)


def latex_plain(text: str) -> str:
    """Return a number's text for math mode; words such as inf stand upright."""
    infinite = {"∞": r"\infty", "-∞": r"-\infty"}.get(text)
    return infinite or (text if re.fullmatch(r"[-+0-9./]+", text) else _upright(text))


def _op(parts: Sequence[Any], _: Slots) -> str:
    return f" {_SIGNS.get(parts[0], latex_escape(parts[0]))} "


def _frac(parts: Sequence[Any], slots: Slots) -> str:
    return "\\frac{{{}}}{{{}}}".format(*(latex(part, slots) for part in parts))


def _power(parts: Sequence[Any], slots: Slots) -> str:
    base = latex(base_of_power(parts[0], slots), slots)
    if parts[1] == TRANSPOSED:  # above the index, as in every book
        alone = bare(parts[0])[0] == "name"
        return f"{base if alone else f'{{{base}}}'}^{{\\mathsf{{T}}}}"
    return f"{{{base}}}^{{{latex(parts[1], slots)}}}"


def _joined(before: str, after: str) -> Printer:
    return lambda parts, slots: before + "".join(latex(p, slots) for p in parts) + after


def _lines(parts: Sequence[Any], slots: Slots) -> str:
    """Return parts below each other."""
    lines = r" \\[1ex] ".join(rf"\displaystyle {latex(part, slots)}" for part in parts)
    return rf"\begin{{array}}{{@{{}}l@{{}}}}{lines}\end{{array}}"


_PRINTERS: Mapping[str, Printer] = {
    "name": _name,
    "number": lambda parts, _: _number(parts[0]),
    "slot": lambda parts, slots: _number(slots(parts[0])),
    "held": lambda parts, slots: latex(standing(parts[0], slots), slots),
    "text": lambda parts, _: _upright(parts[0]),
    "op": _op,
    "row": lambda parts, slots: _collapsed("".join(latex(part, slots) for part in parts)),
    "lines": _lines,
    "group": _joined("\\left(", "\\right)"),
    "neg": _joined("-", ""),
    "abs": _joined("\\left|", "\\right|"),
    "root": _joined("\\sqrt{", "}"),
    "call": _call,
    "entry": lambda parts, slots: latex(parts[0], slots) + _upright(parts[1]),
    "frac": _frac,
    "power": _power,
    **{kind: _accent(kind) for kind in _ACCENTS},
    "partial": lambda parts, slots: "\\frac{{\\partial {}}}{{\\partial {}}}".format(
        *(latex(part, slots) for part in parts)
    ),
    "mark": lambda parts, slots: latex(parts[1], slots),
    "node": lambda parts, slots: latex(parts[1], slots),
}


def _collapsed(text: str) -> str:
    return re.sub(r"  +", " ", text).strip()
