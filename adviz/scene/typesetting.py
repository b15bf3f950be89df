"""How a formula is set on one line: variables in italics, words upright, scripts small and moved.

What browsers do with MathML is done here for whatever is painted, with the same letters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from adviz.language.notation import (
    TRANSPOSED,
    Slots,
    Tree,
    bare,
    base_of_power,
    is_alone,
    is_factor,
    is_letter,
    is_loose,
    is_loose_above,
    letters,
    no_slots,
    standing,
    typeset,
    unicode_text,
)
from adviz.language.notation.maps import TRANSPOSE
from adviz.scene.contributions import ARRIVAL
from adviz.scene.lines import OVERLINE, Line, Run, joined
from adviz.scene.quantities import LOOKS
from adviz.scene.text_width import Face

MATHEMATICS = 1.14
"""How much larger its letters are set to look as large as the words and numbers beside them."""
SCRIPT = 0.72
"""The size of a subscript or an exponent, as a part of what it stands at."""
_LOWERED, _RAISED = -0.17, 0.34
_MARKS = {"dot": "\N{COMBINING DOT ABOVE}", "bar": "\N{COMBINING MACRON}"}
_OVER_WORDS = {"dot": "\N{COMBINING DOT ABOVE}", "bar": OVERLINE}
_VERDICTS = frozenset({"verified", "warning", "fault"})
"""The roles of a mark that are colours by themselves."""


class Pen(NamedTuple):
    """What is known where a part of a formula is set."""

    slots: Slots
    numbers: Face
    """The face of numbers that were computed."""
    fill: str = "ink"
    bold: bool = False

    def words(self, text: str) -> Run:
        """Return words."""
        return Run(text, "bold" if self.bold else "sans", self.fill)

    def number(self, key: str) -> Run:
        """Return a number that was computed."""
        text = self.slots(key)
        return self.words(text) if self.numbers == "sans" else self.roman(text)

    def roman(self, text: str) -> Run:
        """Return what stands upright in a formula."""
        return Run(text, "roman", self.fill, MATHEMATICS)

    def letters(self, text: str) -> Run:
        """Return a letter in italics, or a word."""
        return self.italic(text) if is_letter(text) else self.roman(text)

    def italic(self, text: str) -> Run:
        """Return letters in italics."""
        return Run(text, "italic", self.fill, MATHEMATICS)


Setter = Callable[[Sequence[Any], Pen], Iterator[Run]]


def set_on_line(part: Tree, slots: Slots, numbers: Face = "sans") -> Line:
    """Return a tree as runs of letters; `numbers` is the face of those that were computed.

    >>> from adviz.language.notation import name, row, op
    >>> [run[:2] for run in set_on_line(row(name("x1"), op("="), ("slot", "k")), lambda key: "3")]
    [('x', 'italic'), ('1', 'roman'), (' = ', 'roman'), ('3', 'sans')]
    """
    if slots is no_slots:
        return _set_without_slots(part, numbers)
    return joined(_set(part, Pen(slots, numbers)))


@lru_cache(maxsize=8192)  # a film asks for the same few names and operations at every step
def _set_without_slots(part: Tree, numbers: Face) -> Line:
    return joined(_set(part, Pen(no_slots, numbers)))


def _set(part: Tree, pen: Pen) -> Iterator[Run]:
    return _SETTERS[part[0]](part[1:], pen)


def _scripted(runs: Iterator[Run], rise: float) -> Iterator[Run]:
    """Yield runs as a subscript or an exponent."""
    for run in runs:
        yield run._replace(size=run.size * SCRIPT, rise=rise + run.rise * SCRIPT)


def _name(parts: Sequence[Any], pen: Pen, accents: Sequence[str] = ()) -> Iterator[Run]:
    """Yield a variable; accents stand on its letter, or over the whole word."""
    stem, index = letters(parts[0])
    yield pen.letters(stem)._replace(text=_accented(stem, accents))
    if index:
        yield from _scripted(iter([pen.letters(index)]), _LOWERED)


def _accented(stem: str, accents: Sequence[str]) -> str:
    """Return letters under accents: a bar over all of them, a dot over the middle one."""
    for accent in accents:
        if len(stem) == 1 or stem[1] in _MARKS.values():
            stem += _MARKS[accent]
        elif accent == "bar":
            stem = "".join(letter + _OVER_WORDS[accent] for letter in stem)
        else:
            middle = (len(stem) + 1) // 2
            stem = stem[:middle] + _OVER_WORDS[accent] + stem[middle:]
    return stem


def _accent(mark: str) -> Setter:
    def set_accent(parts: Sequence[Any], pen: Pen) -> Iterator[Run]:
        part, marks = parts[0], [mark]
        while part[0] in _MARKS:
            marks.append(part[0])
            part = part[1]
        if part[0] == "name":
            yield from _name(part[1:], pen, marks[::-1])
        else:
            yield pen.roman(unicode_text((mark, parts[0]), pen.slots))

    return set_accent


def _enclosed(before: str, after: str) -> Setter:
    def set_enclosed(parts: Sequence[Any], pen: Pen) -> Iterator[Run]:
        yield pen.roman(before)
        yield from _row(parts, pen)
        yield pen.roman(after)

    return set_enclosed


_in_parentheses = _enclosed("(", ")")


def _row(parts: Sequence[Any], pen: Pen) -> Iterator[Run]:
    for before, part in zip((None, *parts), parts, strict=False):
        yield from _in_parentheses([part], pen) if is_factor(part, before) else _set(part, pen)


def _held(part: Tree, pen: Pen, loose: bool) -> Iterator[Run]:
    """Yield a part, in parentheses unless it holds together by itself."""
    return _in_parentheses([part], pen) if loose else _set(part, pen)


def _call(parts: Sequence[Any], pen: Pen) -> Iterator[Run]:
    called = parts[0].removesuffix(TRANSPOSE)  # few fonts have this letter
    yield pen.letters(called)
    if called != parts[0]:
        yield from _scripted(iter([pen.roman("T")]), _RAISED)
    separated = [piece for part in parts[1:] for piece in (("op", ","), part)]
    yield from _in_parentheses(separated[1:], pen)


def _entry(parts: Sequence[Any], pen: Pen) -> Iterator[Run]:
    yield from _set(parts[0], pen)
    yield pen.roman(parts[1])


def _frac(parts: Sequence[Any], pen: Pen) -> Iterator[Run]:
    above, below = parts
    yield from _held(above, pen, is_loose_above(above, pen.slots))
    yield pen.roman("/")
    yield from _held(below, pen, is_loose(below, unicode_text(below, pen.slots)))


def _root(parts: Sequence[Any], pen: Pen) -> Iterator[Run]:
    """Yield a root, of a variable or a number as one writes it by hand: without parentheses."""
    yield pen.roman("√")
    alone = is_alone(parts[0], unicode_text(parts[0], pen.slots))
    yield from _set(parts[0], pen) if alone else _in_parentheses(parts, pen)


def _power(parts: Sequence[Any], pen: Pen) -> Iterator[Run]:
    base = base_of_power(parts[0], pen.slots)
    yield from _in_parentheses([base], pen) if bare(base)[0] == "root" else _set(base, pen)
    transposed = parts[1] == TRANSPOSED
    exponent = iter([pen.roman("T")]) if transposed else _set(parts[1], pen)
    yield from _scripted(exponent, _RAISED)


def _partial(parts: Sequence[Any], pen: Pen) -> Iterator[Run]:
    yield pen.italic("∂")
    yield from _set(parts[0], pen)
    yield pen.roman("/")
    yield pen.italic("∂")
    yield from _set(parts[1], pen)


def _marked(parts: Sequence[Any], pen: Pen) -> Iterator[Run]:
    role, part = parts
    fill = LOOKS[role].text if role in LOOKS else role if role in _VERDICTS else pen.fill
    return _set(part, pen._replace(fill=fill, bold=role not in ("value", ARRIVAL)))


_SETTERS: Mapping[str, Setter] = {
    "name": _name,
    "number": lambda parts, pen: iter([pen.roman(typeset(parts[0]))]),
    "slot": lambda parts, pen: iter([pen.number(parts[0])]),
    "held": lambda parts, pen: _set(standing(parts[0], pen.slots), pen),
    "text": lambda parts, pen: iter([pen.words(parts[0])]),
    "op": lambda parts, pen: iter([pen.roman(unicode_text(("op", *parts)))]),
    "row": _row,
    "lines": _row,
    "group": _in_parentheses,
    "neg": _enclosed("−", ""),
    "abs": _enclosed("|", "|"),
    "root": _root,
    "call": _call,
    "entry": _entry,
    "frac": _frac,
    "power": _power,
    **{kind: _accent(kind) for kind in _MARKS},
    "partial": _partial,
    "mark": _marked,
    "node": lambda parts, pen: _set(parts[1], pen),
}
