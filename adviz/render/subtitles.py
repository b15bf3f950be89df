"""What stands below a moving picture: the narration, and the formula under it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from adviz.language.notation import Slots, Tree, name, op, row, tree, unicode_text
from adviz.modes.trace import BACKWARD
from adviz.render.roles import ROLES
from adviz.render.shapes import Run, Text
from adviz.scene import narration
from adviz.scene.contributions import ARRIVAL
from adviz.scene.quantities import quantity, sweeps
from adviz.scene.scene import Scene, State
from adviz.scene.text_width import Face

NARRATION_SIZE, FORMULA_SIZE = 14.0, 18.0
_LINE, _FORMULA_LINE, _BELOW = 21.0, 30.0, 12.0
_TOP = 8.0
_ITALIC = ("name", "dot", "bar", "partial")


def subtitles(scene: Scene, state: State, left: float, top: float, width: float) -> list[Text]:
    """Return the lines of text for a state, in a box at the given place."""
    said, formula = _spoken(scene, state)
    lines = _wrapped(
        [run for part in said for run in runs(part, scene.text)], NARRATION_SIZE, width
    )
    below = _wrapped(list(runs(formula, scene.text)), FORMULA_SIZE, width)
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


def _spoken(scene: Scene, state: State) -> tuple[Sequence[Tree], Tree]:
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


def runs(part: Tree, slots: Slots) -> Iterator[Run]:
    """Yield a tree as pieces of text: symbols in italics, what is marked in its colour."""
    yield from _runs(part, slots, "ink", False)


def _runs(part: Tree, slots: Slots, fill: str, strong: bool) -> Iterator[Run]:
    kind = part[0]
    if kind == "mark":
        role = part[1] if part[1] in ROLES else fill
        yield from _runs(part[2], slots, role, part[1] not in ("value", ARRIVAL))
    elif kind == "row":
        for piece in part[1:]:
            yield from _runs(piece, slots, fill, strong)
    elif kind == "group":
        inner = row(("text", "("), part[1], ("text", ")"))
        yield from _runs(inner, slots, fill, strong)
    else:
        face: Face = "serif" if kind in _ITALIC else "bold" if strong else "sans"
        yield Run(_FLAT.get(kind, unicode_text)(part, slots), face, fill)


def _operator(part: Tree, slots: Slots) -> str:
    return "·" if part == op("·") else unicode_text(part, slots)


_FLAT: dict[str, Callable[[Tree, Slots], str]] = {"op": _operator}


def _wrapped(pieces: Sequence[Run], size: float, width: float) -> list[tuple[Run, ...]]:
    """Return runs as lines that are at most so wide, broken at spaces."""
    lines: list[list[Run]] = [[]]
    for run in pieces:
        for word in _words(run.text):
            piece = run._replace(text=word)
            if lines[-1] and Text(0, 0, (*lines[-1], piece), size).width > width:
                lines.append([])
            lines[-1].append(piece if lines[-1] else piece._replace(text=word.lstrip()))
    return [tuple(_joined(line)) for line in lines if any(run.text for run in line)]


def _words(text: str) -> list[str]:
    """Return the words of a text, each with the spaces before it."""
    words: list[str] = []
    for word in text.split(" "):
        words.append(word if not words else f" {word}")
    return words


def _joined(line: Sequence[Run]) -> Iterator[Run]:
    """Yield neighbours of the same look as one."""
    current: Run | None = None
    for run in line:
        if current is not None and current[1:] == run[1:]:
            current = current._replace(text=current.text + run.text)
            continue
        if current is not None:
            yield current
        current = run
    if current is not None:
        yield current
