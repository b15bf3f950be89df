"""What a figure says: of every node its name, operation and numbers, of every edge its partial."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, cast, get_args

from adviz.errors import FormatError
from adviz.language.asked import among, names
from adviz.language.asked import shown as shown_value
from adviz.language.notation import Tree, name, no_slots, op, tree
from adviz.language.notation.trees import bare
from adviz.render.figure.tables import Elements
from adviz.render.moment import Moment
from adviz.render.shapes import Run
from adviz.scene.grids import Grid, laid_out
from adviz.scene.lettering import shown_chip, shown_label, whole_name
from adviz.scene.lines import Line, coloured, line_width
from adviz.scene.quantities import quantity
from adviz.scene.scene import Node, Scene
from adviz.scene.text_width import Face
from adviz.scene.typesetting import MATHEMATICS, set_on_line

Part = Literal["names", "operations", "values", "tangents", "adjoints", "partials"]
PARTS: frozenset[Part] = frozenset(get_args(Part))
"""All that can be shown."""

_OF_FAMILY: Mapping[str, Part] = MappingProxyType(
    {
        "tangent": "tangents",
        "order": "tangents",
        "adjoint": "adjoints",
        "adjoint tangent": "adjoints",
    }
)
_APART = 0.35
"""How far tables stand apart, in lines."""
_EQUALS = Run(" = ", fill="muted")
_SIGNS: Mapping[str, str] = MappingProxyType(
    {
        "add": "+",
        "sub": "−",
        "neg": "−",
        "mul": "×",
        "div": "÷",
        "sqrt": "√",
        "einsum": "@",
    }
)


def parts_of(show: Any) -> frozenset[Part]:
    """Return which parts are shown, all of them unless given.

    Raises FormatError for a word that is none.

    >>> sorted(parts_of(["values", "names"]))
    ['names', 'values']
    """
    if show is None:
        return PARTS
    wanted = names("show", show)
    unknown = [word for word in wanted if not among(word, PARTS)]
    if unknown:
        raise FormatError(
            f"show has no {shown_value(unknown[0])}; it takes {', '.join(get_args(Part))}"
        )
    return frozenset(cast(list[Part], wanted))


def part_of(row: str) -> Part:
    """Return to which part a row of a node belongs.

    >>> part_of("value"), part_of("order 2"), part_of("adjoint")
    ('values', 'tangents', 'adjoints')
    """
    return _OF_FAMILY.get(quantity(row).family, "values")


def ems(runs: Iterable[Run]) -> float:
    """Return how wide runs are, in the size of their letters."""
    return line_width(tuple(runs), 100.0) / 100


class Written(NamedTuple):
    """A line of words: nothing while its number is to come, but always the room of its widest."""

    runs: Line
    room: float
    """In the size of its letters."""
    table: Elements | None = None
    """What stands at the end of it, if its number is a small table."""

    @property
    def lines(self) -> float:
        """How many lines it takes; tables stand apart."""
        return self.table.grid.lines + _APART if self.table else 1.0

    @property
    def is_there(self) -> bool:
        """Whether anything of it is seen."""
        return bool(self.runs or (self.table and self.table.runs))


class Writer:
    """Writes what a moment of a film says, as far as it is shown."""

    def __init__(self, now: Moment, show: frozenset[Part]) -> None:
        self.now, self.show = now, show
        self._widest = _widest(now.scene)

    def symbol(self, node: Node) -> Line:
        """Return a node's symbol; a constant's is its number."""
        return coloured(whole_name(node), self._fill(node, "ink"))

    def labels(self, node: Node) -> list[Line]:
        """Return the outputs that a node is, where they are not its own name."""
        own = self.now.scene.graph.symbols[node.id]
        shown = node.outputs if "names" in self.show else ()
        return [shown_label(label) for label in shown if label != own]

    def title(self, node: Node) -> list[Written]:
        """Return a node's names and operation as one equation."""
        terms = [*self.labels(node), self.symbol(node)] if self._named(node) else []
        if "operations" in self.show and node.operation is not None:
            terms.append(self._set(node, node.operation, "ink"))
        if not terms:
            return []
        shape = (Run(f" {node.sizes}", fill="muted"),) if node.sizes and not node.rows else ()
        return [_line([*terms[:-1], (*terms[-1], *shape)])]

    def sign(self, node: Node) -> Line:
        """Return what stands inside a circle: the operation's sign where it is shown, or a name."""
        row = self.now.scene.graph.row(node.id)
        if row is not None and "operations" in self.show and node.operation is not None:
            if row.name == "pow":
                return self._set(node, _to_its_power(node.operation), "ink")
            sign = _SIGNS.get(row.name, row.symbol or row.label or row.name)
            return (Run(sign, "roman", size=MATHEMATICS),)
        return self.symbol(node) if self._named(node) else ()

    def _named(self, node: Node) -> bool:
        return "names" in self.show or node.shape == "constant"

    def numbers(self, node: Node, prefix: Sequence[Line]) -> list[Written]:
        """Return a line for each number that is shown of a node, and for what is remarked on it.

        The value stands behind the names of `prefix`; a derivative has its own.
        """
        rows = [row for row in node.rows if part_of(row) in self.show]
        lines = [self._number(node, row, prefix) for row in rows]
        bare = [_line(prefix)] if prefix and "value" not in rows else []
        return [*bare, *lines, *self._remarks(node)]

    def _number(self, node: Node, row: str, prefix: Sequence[Line]) -> Written:
        key, role = self.now.state.rows.get((node.id, row)), quantity(row).look.text
        named = node.symbol if "names" in self.show else name("v")
        own = self._set(node, quantity(row).symbol(named), role)
        before = prefix if row == "value" else [own]
        face: Face = "sans" if row == "value" else "bold"
        if node.grid:
            return self._elements(node.grid, key, before, Run("", face, self._fill(node, role)))
        skipped = row == "value" and node.status == "skipped"
        text = "skipped" if skipped else self.now.scene.text(key)
        number = Run(text, face, "muted" if skipped else self._fill(node, role))
        wide = max(self._widest.get((node.id, row), 0.0), ems([number]))
        shown = _line([*before, (number,)]).runs if skipped or key is not None else ()
        return Written(shown, _line([*before, ()]).room + wide)

    def _elements(self, grid: Grid, key: str | None, before: Sequence[Line], look: Run) -> Written:
        """Return a small table, with what stands before it."""
        texts = () if key is None else laid_out(self.now.scene.elements(key, grid))
        table = Elements(grid, tuple(look._replace(text=text) for text in texts))
        named = _line([*before, ()])
        runs = coloured(named.runs, look.fill) if texts else ()
        return Written(runs, named.room + table.room, table)

    def _set(self, node: Node, part: Tree, role: str) -> Line:
        """Return a formula of a node, in the colour of a role where that can be read."""
        return coloured(set_on_line(part, no_slots), self._fill(node, role))

    def _fill(self, node: Node, role: str) -> str:
        """Return the colour of a text: on a mark's tint only ink can be read everywhere."""
        mark = self.now.scene.marks.get(node.id)
        return "ink" if mark and mark.tint else role

    def _remarks(self, node: Node) -> list[Written]:
        """Return a node's status and its mark's note, a line each."""
        mark = self.now.scene.marks.get(node.id)
        status = "" if node.status in ("ok", "skipped") else node.status
        said = dict.fromkeys([status, mark.note if mark else ""])
        runs = [Run(words, "sans", self._fill(node, "muted")) for words in said if words]
        return [_line([(run,)]) for run in runs]

    def partial(self, k: int) -> Line:
        """Return what an edge says just now: its local partial, or nothing."""
        scene, state = self.now.scene, self.now.state
        if "partials" not in self.show or (k not in scene.chips and k not in state.labels):
            return ()
        if k in state.labels:
            key = state.labels[k]
            return (Run(scene.text(key)),) if key else ()
        return shown_chip(scene.numbers, scene.chips[k]) if k in state.chips else ()

    def partial_room(self, k: int) -> float:
        """Return the room of an edge's local partial, 0 where it never has one."""
        if "partials" not in self.show or k not in self.now.scene.chips:
            return 0.0
        return ems(shown_chip(self.now.scene.numbers, self.now.scene.chips[k]))


def _to_its_power(operation: Tree) -> Tree:
    """Return the sign of a power: a place for what is raised, and the exponent."""
    kind, *parts = bare(operation)
    exponent = parts[1] if kind == "power" else tree("text", "n")
    return tree("power", tree("group", op("·")), exponent)


def _line(terms: Sequence[Line]) -> Written:
    """Return terms as a line, with a sign of equality between them."""
    runs = tuple(run for term in terms for run in (_EQUALS, *term))[1:]
    return Written(runs, ems(runs))


def _widest(scene: Scene) -> dict[tuple[int, str], float]:
    """Return how wide the widest number is that each row of each node ever shows."""
    widest: dict[tuple[int, str], float] = {}
    for frame in scene.frames:
        for node, row, key in frame.sets:
            face: Face = "sans" if row == "value" else "bold"
            wide = ems([Run(scene.text(key), face)])
            widest[node, row] = max(wide, widest.get((node, row), 0.0))
    return widest
