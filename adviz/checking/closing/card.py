"""The closing card of a film: the value and the derivatives, each with the verdict on it."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from adviz.checking.closing.endings import Ending, endings
from adviz.checking.closing.heard import Heard, Hearing, hearing
from adviz.checking.closing.objections import objection
from adviz.checking.closing.verdicts import SIGNS, Judge, Sign, of_a_mode, of_sympy
from adviz.checking.closing.ways import value
from adviz.checking.closing.written import equals
from adviz.language.labels import Key
from adviz.language.notation import Tree, name, number, op, row, tree
from adviz.language.numerals import short
from adviz.scene.frames import Frame, last_keys, phase
from adviz.scene.narration import Sentence, strong, text
from adviz.scene.scene import Scene

Cells = tuple[Tree, ...]
"""One row of a card."""

_MODES = ("forward", "reverse")
_RIGHT = SIGNS["agrees"]
_SHOWN = 8
"""The most outputs, and the most derivatives, on a card."""
_FLOAT_DIGITS = 15
"""The decimal digits that every double has."""


def closed(scene: Scene, *, checked: bool = True) -> Scene:
    """Return a film of first-order sweeps with a last frame that shows what they have found.

    The frame's card has the value, and every derivative that a sweep ends with: its formula by
    SymPy, its number, and unless `checked` is false what `adviz.check` says at the point of
    forward mode, of reverse mode and of SymPy's formula in float64. A number of the film that
    rounding does not explain is marked as wrong. Other films stay as they are.

    >>> import adviz
    >>> from adviz.language.notation import unicode_text
    >>> from adviz.scene.staging import stage
    >>> film = closed(stage(adviz.reverse("(x + y)*(x - y)", at={"x": 3, "y": 2})))
    >>> for cells in film.frames[-1].card:
    ...     print("|".join(unicode_text(cell, film.text) for cell in cells))
    Result|formula|number|forward|reverse|SymPy
    f| = (x + y)(x − y)| = 5|||
    ∂f/∂x| = 2x| = 6|✓|✓|✓
    ∂f/∂y| = −2y| = −4|✓|✓|✓
    """
    found = endings(scene.traces, last_keys(scene.frames, scene.phases))
    keys = list(dict.fromkeys(key for one in found for _, key in one.terms))
    if not keys:
        return scene
    wanted = tuple(dict.fromkeys(key.input for key in keys))
    heard = hearing(scene.graph, scene.traces[0].point, wanted, keys[:_SHOWN], checked=checked)
    card = _Card(scene, found, keys, wanted, heard)
    count = len(scene.frames)
    frame = Frame(len(scene.phases), "result", (), card.said, row(), card=card.rows)
    phases = (*scene.phases, phase("result", 0, count, count))
    return replace(scene, frames=(*scene.frames, frame), phases=phases)


def agreement(heard: Collection[Heard], agreed: str) -> Sentence:
    """Return what has agreed with the truth of derivatives, and to how many digits.

    A number whose truth is 0 has no digits in common with it, however small it is.
    """
    judged = [(each.truth.value, one) for each in heard for one in each.modes.values()]
    vanishing = any(one.found and not truth for truth, one in judged)
    digits = min((one.digits for truth, one in judged if truth or not one.found), default=math.inf)
    exact = math.isinf(digits)
    how = "in every digit" if exact else f"to {min(int(digits), _FLOAT_DIGITS)} digits"
    precision = max(each.truth.digits for each in heard)
    said = f" {how} with the truth, SymPy's derivative with {precision} digits"
    rest = "; what is 0 in truth is off by rounding alone" if vanishing else ""
    return strong(text(agreed)), text(said + rest)


class _Card:
    """A card in the making."""

    def __init__(
        self,
        scene: Scene,
        found: Sequence[Ending],
        keys: Sequence[Key],
        wanted: tuple[str, ...],
        hearing: Hearing,
    ) -> None:
        self.scene, self.keys, self.wanted, self.hearing = scene, keys, wanted, hearing
        self.judge = Judge(scene.graph, hearing, wanted)
        self.sums = [one for one in found if one.derivative is None]
        self.own = {(one.derivative, one.mode): one for one in found if one.derivative}
        told: list[Key | Ending] = [*keys, *self.sums]
        self.signs = {one: self._signs(one) for one in told}
        self.rows = tuple(self._rows())
        self.said = self._said()

    def _signs(self, one: Key | Ending) -> list[Sign | None]:
        """Return the verdicts on a derivative, or on a sum in the column of its mode."""
        heard = self.hearing.heard
        if not heard:
            return []
        if isinstance(one, Ending):
            return [self.judge.sign(one) if mode == one.mode else None for mode in (*_MODES, "")]
        own = [self.own.get((one, mode)) for mode in _MODES]
        modes = [
            self.judge.sign(film) if film else of_a_mode(heard[one], mode)
            for film, mode in zip(own, _MODES, strict=True)
        ]
        return [*modes, of_sympy(heard[one])]

    def _rows(self) -> Iterator[Cells]:
        """Yield the headings, the values, the derivatives, and sums of several of them."""
        heard = [*_MODES, "SymPy"] if self.hearing.heard else []
        yield tuple(map(text, ["Result", "formula", "number", *heard]))
        for label in list(self.scene.graph.outputs)[:_SHOWN]:
            yield *self._value(label), *[text("") for _ in heard]
        shown: list[Key | Ending] = [*self.keys[:_SHOWN], *self.sums[:_SHOWN]]
        for one in shown:
            cells = self._sum(one) if isinstance(one, Ending) else self._derivative(one)
            yield *cells, *[sign.tree if sign else text("") for sign in self.signs[one]]
        more = sum(max(0, len(parts) - _SHOWN) for parts in (self.keys, self.sums))
        if more:
            yield text("…"), text(f"and {more} more"), *[text("") for _ in ["", *heard]]

    def _value(self, label: str) -> Cells:
        graph = self.scene.graph
        number = tree("slot", f"0/value/{graph.outputs[label]}")
        made = value(graph, label)
        return name(label), equals(made.shown if made else text("")), equals(number)

    def _derivative(self, key: Key) -> Cells:
        symbol = tree("partial", name(key.output), name(key.input))
        made = self.hearing.formulas.get(key)
        shown = made.shown if made else text("too long to write out")
        return symbol, equals(shown), equals(self._number(key))

    def _number(self, key: Key) -> Tree:
        """Return the film's own number of a derivative, else that of reverse mode."""
        own = next((self.own[key, mode] for mode in _MODES if (key, mode) in self.own), None)
        if own is not None:
            return _slot(own)
        heard = self.hearing.heard.get(key)
        return number(short(heard.modes["reverse"].found)) if heard else text("–")

    def _sum(self, one: Ending) -> Cells:
        """Return a number that is a sum of derivatives, each times its seed."""
        added = [piece for term in one.terms for piece in (op("+"), _weighted(*term))][1:]
        return one.symbol, equals(row(*added) if added else number("0")), equals(_slot(one))

    def _said(self) -> Sentence:
        """Return what the verdicts come to: with which precision, or what is wrong."""
        hearing = self.hearing
        if not hearing.heard:
            why = f"; it was not checked, since {hearing.unheard}" if hearing.unheard else ""
            return strong(text("Result")), text(f": what the sweeps have found{why}")
        given = [sign for signs in self.signs.values() for sign in signs if sign]
        if all(sign == _RIGHT for sign in given):
            return agreement(hearing.heard.values(), "Forward, reverse and SymPy agree")
        return self._objection()

    def _objection(self) -> Sentence:
        """Return what is wrong: with the film's own numbers, else what `check` says first."""
        from adviz.checking.check import check

        film = (*self.own.values(), *self.sums)
        wrong = next((one for one in film if self.judge.departs(one)), None)
        if wrong is not None:
            ends = tree("row", wrong.symbol, *equals(_slot(wrong))[1:])
            said = text(f", {self.judge.sign(wrong).word}")
            return strong(text("This film is wrong")), text(": it ends with "), ends, said
        point = {label: float(n) for label, n in self.scene.traces[0].point.items()}
        report = check(self.scene.graph, point, wrt=self.wanted)
        return objection(report, {trace.mode for trace in self.scene.traces})


def _slot(ending: Ending) -> Tree:
    """Return the film's number of an ending, wherever it stands."""
    return tree("slot", ending.key)


def _weighted(weight: float, key: Key) -> Tree:
    """Return a derivative times its seed."""
    symbol = tree("partial", name(key.output), name(key.input))
    factor = number(short(weight))
    held = tree("group", factor) if weight < 0 else factor
    return symbol if weight == 1 else row(held, op("·"), symbol)
