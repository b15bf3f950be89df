"""What stands below a moving picture: the narration, and the formula under it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from adviz.language.notation import Tree, name, op, row, tree
from adviz.modes.trace import BACKWARD
from adviz.render.shapes import Run, Text
from adviz.scene import narration
from adviz.scene.contributions import ARRIVAL
from adviz.scene.lines import Line, joined, line_width
from adviz.scene.quantities import quantity, sweeps
from adviz.scene.scene import Scene, State
from adviz.scene.typesetting import set_on_line

NARRATION_SIZE, FORMULA_SIZE = 14.0, 18.0
_LINE, _FORMULA_LINE, _BELOW = 21.0, 30.0, 12.0
_TOP = 8.0
_WORD = re.compile(r" ?[−\d.]+ × 10[⁻⁰¹²³⁴-⁹]+|^[^ ]+| [^ ]*")
"""A word with the space before it; a number with a power of ten is one."""


def subtitles(scene: Scene, state: State, left: float, top: float, width: float) -> list[Text]:
    """Return the lines of text for a state, in a box at the given place."""
    said, formula = spoken(scene, state)
    lines = wrapped(set_on_line(row(*said), scene.text), NARRATION_SIZE, width)
    below = wrapped(set_on_line(formula, scene.text, "roman"), FORMULA_SIZE, width)
    y = top + _TOP + NARRATION_SIZE
    texts = []
    for line in lines:
        texts.append(Text(left, y, line, NARRATION_SIZE, kind="narration"))
        y += _LINE
    y += _FORMULA_LINE - _LINE
    for line in below:
        texts.append(Text(left, y, line, FORMULA_SIZE, kind="formula"))
        y += _FORMULA_LINE
    return texts


def height_below(texts: Sequence[Text], top: float) -> float:
    """Return the height that lines of text take."""
    return max((text.y for text in texts), default=top) - top + _BELOW


def spoken(scene: Scene, state: State) -> tuple[Sequence[Tree], Tree]:
    """Return what a frame says; the finished picture says what came out."""
    if state.frame is not None:
        said, formula = state.frame.narration, state.frame.formula
        if state.frame.card:
            formula = narration.listed([row(*cells[:3]) for cells in state.frame.card[1:]])
        return (_awaiting(said), _awaiting(formula)) if state.travels else (said, formula)
    title = [scene.title]
    if scene.point is not None:
        title += [narration.text("  at  "), scene.point]
    return title, narration.listed(list(_results(scene)))


def _awaiting(parts: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return what is said while a number travels: without what waits for it, nor `⇒` before that.

    >>> _awaiting(row(name("x"), op("⇒"), tree("mark", ARRIVAL, name("y"))))
    ('row', ('name', 'x'))
    """
    kept = tuple(part for part in parts if part[:2] != ("mark", ARRIVAL))
    return kept[:-1] if len(kept) < len(parts) and kept[-1] == op("⇒") else kept


def _results(scene: Scene) -> Iterator[Tree]:
    """Yield what the film has found, as equalities."""
    graph = scene.graph
    for index, (_, kind, _) in enumerate(sweeps(scene.traces)):
        one = quantity(kind)
        ends = graph.inputs if kind in BACKWARD else graph.outputs
        for label, node in list(ends.items())[:6]:
            key = _last_key(scene, index, kind, node)
            if key is not None:
                found = tree("mark", one.role, ("slot", key))
                yield narration.equal(one.symbol(name(label)), found)


def _last_key(scene: Scene, trace: int, kind: str, node: int) -> str | None:
    """Return the key of the last number that a trace gives a node."""
    phase = next((p for p in scene.phases if p.trace == trace and p.kind == kind), None)
    if phase is None:
        return None
    frames = scene.frames[phase.first : phase.last + 1]
    keys = [key for f in frames for n, row, key in f.sets if n == node and row == kind]
    return keys[-1] if keys else None


def wrapped(runs: Sequence[Run], size: float, width: float) -> list[Line]:
    """Return runs as lines that are at most so wide, broken at spaces, or in a longer word."""
    lines: list[list[Run]] = [[]]
    words = (part for whole in _words(runs) for part in _broken(whole, size, width))
    for word in words:
        if lines[-1] and line_width((*lines[-1], *word), size) > width:
            lines.append([])
        if not lines[-1]:
            word[0] = word[0]._replace(text=word[0].text.lstrip())
        lines[-1] += word
    return [joined(iter(line)) for line in lines if any(run.text for run in line)]


def _broken(word: list[Run], size: float, width: float) -> Iterator[list[Run]]:
    """Yield a word, in as many parts as it takes to be no wider than a line."""
    if line_width(word, size) <= width:
        yield word
        return
    part: list[Run] = []
    for one in (run._replace(text=letter) for run in word for letter in run.text):
        if part and line_width((*part, one), size) > width:
            yield part
            part = []
        part.append(one)
    yield part


def _words(runs: Sequence[Run]) -> list[list[Run]]:
    """Return the words of a text, each with the space before it; what follows without one is a
    part of it, such as a subscript.
    """
    words: list[list[Run]] = [[]]
    for run in runs:
        for text in _WORD.findall(run.text):
            if text.startswith(" "):
                words.append([])
            words[-1].append(run._replace(text=text))
    return [word for word in words if word]
