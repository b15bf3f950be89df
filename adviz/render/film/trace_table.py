"""The evaluation trace beside the graph: a row a node, its numbers as they arrive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from adviz.render.film.camera import view_start
from adviz.render.moment import Moment
from adviz.render.shapes import Group, Path, Rect, Run, Shape, Text
from adviz.scene.geometry import Box, Curve, Position
from adviz.scene.lettering import lettered
from adviz.scene.lines import Line, coloured, line_width
from adviz.scene.narration import text
from adviz.scene.quantities import quantity
from adviz.scene.scene import Node, Scene
from adviz.scene.text_width import Face, width

_ROW, _PADDING, _BETWEEN = 1.9, 1.0, 1.4
_FORMULA, _SYMBOL = 9.0, 6.0
"""How wide formulas and names may be, in letters."""
_HEAD = 0.92
_DROP = 0.36
"""How far the base line is below the middle of a row."""


@dataclass(frozen=True)
class TraceTable:
    """The table of a film, in a height and a size of letters; its rows follow what is active."""

    scene: Scene
    letter: float

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """The nodes that have a row: the inputs, then everything that is computed."""
        rows = [node for node in self.scene.nodes if node.rows]
        return tuple(sorted(rows, key=lambda node: node.shape != "input"))

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The quantities that have a column."""
        return tuple(dict.fromkeys(row for node in self.nodes for row in node.rows))

    @cached_property
    def _columns(self) -> tuple[float, ...]:
        """How wide the columns are: names, formulas, and the widest number of each quantity."""
        formulas = [line_width(self._formula(node), self.letter) for node in self.nodes]
        symbols = [line_width(self._symbol(node), self.letter) for node in self.nodes]
        wide = {kind: width(kind, _HEAD * self.letter, "bold") for kind in self.kinds}
        for frame in self.scene.frames:
            for _, kind, key in frame.sets:
                number = width(self.scene.text(key), self.letter, "bold")
                wide[kind] = max(wide.get(kind, 0.0), number)
        heads = [width(head, _HEAD * self.letter, "bold") for head in ("node", "formula")]
        named = [max(heads[0], *symbols), max(heads[1], *formulas)]
        return (*named, *(wide[kind] for kind in self.kinds))

    @property
    def width(self) -> float:
        """How wide it is."""
        between = _BETWEEN * (len(self._columns) - 1) + 2 * _PADDING
        return sum(self._columns) + between * self.letter

    def _symbol(self, node: Node) -> Line:
        return lettered(node.symbol, _SYMBOL * self.letter, self.letter)

    def _formula(self, node: Node) -> Line:
        made = text("input") if node.operation is None else node.operation
        return lettered(made, _FORMULA * self.letter, self.letter)

    def at(self, now: Moment, box: Box) -> Group:
        """Return the table in a state, as much of it as a box has room for."""
        ground = Rect(box, fill="page", kind="ground")
        left = _hairline(Position(box.x, box.y), Position(box.x, box.y + box.height))
        high = _ROW * self.letter
        count = max(1, int((box.height - (_ROW + 0.6) * self.letter) / high))
        first = self._first(now, count)
        top = box.y + 0.3 * self.letter
        rows: list[Shape] = [self._heads(box, top)]
        for n, node in enumerate(self.nodes[first : first + count], 1):
            rows.append(self._row(now, node, Box(box.x, top + n * high, box.width, high)))
        return Group("table", (ground, left, *rows))

    def _first(self, now: Moment, count: int) -> int:
        """Return the first row that is seen, so that what is active is; the last one decides."""
        places = {node.id: n for n, node in enumerate(self.nodes)}
        first, whole = 0.0, float(len(self.nodes))
        frames = self.scene.frames
        last = len(frames) - 1 if now.state.frame is None else frames.index(now.state.frame)
        for frame in frames[: last + 1]:
            rows = [places[node] for node in frame.nodes if node in places]
            if rows and whole > count:
                first = view_start(first, count, (min(rows), min(rows) + 1), whole, 0.0)
        return int(first)

    def _heads(self, box: Box, top: float) -> Group:
        """Return the headings, and the line below them."""
        y, size = top + _ROW * self.letter, _HEAD * self.letter
        base = top + (_ROW / 2 + _DROP) * self.letter
        titles = ("node", "formula", *self.kinds)
        texts = [
            Text(x, base, (Run(title, "bold", "muted"),), size, anchor)
            for title, (x, anchor) in zip(titles, self._places(box), strict=True)
        ]
        return Group("heads", (*texts, self._below(box, y)))

    def _below(self, box: Box, y: float) -> Path:
        pad = _PADDING * self.letter / 2
        return _hairline(Position(box.x + pad, y), Position(box.x + box.width - pad, y))

    def _places(self, box: Box) -> Iterator[tuple[float, str]]:
        """Yield where the text of each column stands, numbers in line at their right."""
        x = box.x + _PADDING * self.letter
        for n, wide in enumerate(self._columns):
            yield (x, "start") if n < 2 else (x + wide, "end")
            x += wide + _BETWEEN * self.letter

    def _row(self, now: Moment, node: Node, box: Box) -> Group:
        """Return a node's row, marked where it is in focus."""
        base = box.middle.y + _DROP * self.letter
        cells = [self._symbol(node), self._formula(node), *self._numbers(now, node)]
        texts = [
            Text(x, base, line, self.letter, anchor, kind="cell")
            for line, (x, anchor) in zip(cells, self._places(box), strict=True)
        ]
        marks = self._marks(now, box) if node.id in now.focus else []
        below = self._below(box, box.y + box.height)
        return Group("line", (*marks, *texts, below), (("row", str(node.id)),))

    def _marks(self, now: Moment, box: Box) -> Sequence[Shape]:
        bar = Rect(Box(box.x, box.y, 0.25 * self.letter, box.height), fill=now.look.stroke)
        return [Rect(box, fill=now.look.tint), bar]

    def _numbers(self, now: Moment, node: Node) -> Iterator[Line]:
        for kind in self.kinds:
            key = now.state.rows.get((node.id, kind))
            face: Face = "sans" if kind == "value" or key is None else "bold"
            role = "muted" if key is None else quantity(kind).look.text
            line = (Run(now.scene.text(key), face, role),) if kind in node.rows else ()
            yield coloured(line, role)


def _hairline(start: Position, end: Position) -> Path:
    return Path(Curve(start, ((end,),)), stroke="line", thickness=0.8, kind="hairline")
