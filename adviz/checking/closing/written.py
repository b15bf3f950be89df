"""Formulas that fit on a card: on a line, or on a few, and in names where that is too short."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from adviz.checking.closing.choices import named_choices
from adviz.checking.closing.signs import fewer_signs
from adviz.graph.graph import Graph
from adviz.language.notation import Tree, op, row, tree, unicode_text
from adviz.scene.narration import written_out

_SHORT, _ROOM = 72, 112
"""The most signs of a formula that is read at a glance, and of a line of a longer one."""
_LINES = 3
"""The most lines of a formula."""
_MOST_NODES = 150
"""The most nodes that are tried as a formula."""
_NOTHING = tree("text", "")
"""Stands before a sign that begins a line: it is between two parts."""
_SIGNS = frozenset({"+", "−"})
"""What a line may begin with."""


class Size(NamedTuple):
    """What makes a formula hard to read, first what makes it hardest."""

    lines: int
    depth: int
    """How many quotients are in each other."""
    signs: int


@dataclass(frozen=True)
class Formula:
    """An output of a graph as it is written: down to the inputs, or to nodes that have names."""

    graph: Graph
    label: str
    names: Mapping[int, Tree] = field(default_factory=lambda: MappingProxyType({}))
    """What nodes are called that are not written out."""

    @cached_property
    def tree(self) -> Tree | None:
        """The formula; None where it has more than 150 nodes."""
        node = self.graph.outputs[self.label]
        made = written_out(self.graph, node, _MOST_NODES, self.names)
        return None if made is None else fewer_signs(named_choices(made))

    @cached_property
    def size(self) -> Size:
        """How large it is; what has a term that no line has room for needs too many lines."""
        if self.tree is None:
            return Size(_LINES + 1, 0, 0)
        lines = _lines(self.tree)
        wide = any(_breadth(line) > _ROOM for line in lines)
        count = _LINES + 1 if wide else len(lines)
        return Size(count, _depth(self.tree), len(unicode_text(self.tree)))

    @property
    def fits(self) -> bool:
        """Whether it has room on a card."""
        return self.size.lines <= _LINES

    @cached_property
    def is_short(self) -> bool:
        """Whether it is read at a glance."""
        return self.tree is not None and _breadth(self.tree) <= _SHORT

    @property
    def shown(self) -> Tree:
        """The formula on its lines; how many operations, where it has no room on a card."""
        if self.tree is None or not self.fits:
            return self.counted
        lines = _lines(self.tree)
        return lines[0] if len(lines) == 1 else tree("lines", *lines)

    @property
    def counted(self) -> Tree:
        """How many operations there are, in words."""
        return tree("text", f"an expression of {self.operations} operations")

    @property
    def operations(self) -> int:
        """How many operations there are when it is written out."""
        graph, counts = self.graph, list[int]()
        for node, arguments in enumerate(graph.args[: graph.outputs[self.label] + 1]):
            inside = () if node in self.names else arguments
            counts.append(bool(inside) + sum(counts[argument] for argument in inside))
        return counts[-1]

    def opened(self) -> Formula:
        """Return the same with fewer names: as many are written out as leave it on its lines.

        What is read at a glance stays so.

        The author's names stay. What stands in the formula and is of one operation is written out
        together, so that like stands beside like: that of the last node first.

        >>> import adviz
        >>> from adviz.language.notation import name
        >>> long = Formula(adviz.build("sin(x*x)"), "f", {1: name("v1"), 2: name("v2")})
        >>> unicode_text(long.tree), unicode_text(long.opened().tree)
        ('v₂', 'sin(x · x)')
        """
        fewest, ops = self, self.graph.ops
        stay = set(self.graph.names.values())
        while self.fits and (last := max(fewest._seen - stay, default=0)):
            alike = {node for node in fewest._seen - stay if ops[node] == ops[last]}
            rest = {node: part for node, part in fewest.names.items() if node not in alike}
            shorter = replace(fewest, names=rest)
            if shorter.is_short or (not self.is_short and shorter.size.lines <= self.size.lines):
                fewest = shorter
            else:
                stay |= alike
        return fewest

    @property
    def _seen(self) -> set[int]:
        """The nodes that stand in the formula by their names."""
        found, stack = set[int](), [self.graph.outputs[self.label]]
        while stack:
            node = stack.pop()
            if node in self.names:
                found.add(node)
            else:
                stack.extend(self.graph.args[node])
        return found


def formula(graph: Graph, output: str) -> Tree:
    """Return an output as a formula in the inputs; how many operations, where it is too long.

    >>> import adviz
    >>> unicode_text(formula(adviz.build("-(2*y)"), "f"))
    '−2y'
    >>> unicode_text(formula(adviz.build("+".join(f"sin({k}*x)" for k in range(2, 40))), "f"))
    'an expression of 113 operations'
    """
    made = Formula(graph, output)
    return made.tree if made.tree and made.is_short else made.counted


def _breadth(part: Tree) -> int:
    """Return how many signs stand side by side: of a quotient those of its longer half."""
    kind, *parts = part
    if kind in ("row", "group", "neg", "root", "power", "frac"):
        breadths = map(_breadth, parts)
        return max(breadths) if kind == "frac" else sum(breadths) + (kind != "row")
    return len(unicode_text(part))


def _depth(part: Tree) -> int:
    """Return how many quotients are in each other."""
    inside = max((_depth(one) for one in part[1:] if isinstance(one, tuple)), default=0)
    return inside + 1 if part[0] == "frac" else inside


def _lines(part: Tree) -> list[Tree]:
    """Return a formula on as many lines as it needs: broken at the signs of its sum."""
    if _breadth(part) <= _ROOM:
        return [part]
    lines: list[list[Tree]] = [[]]
    for term in _terms(part):
        if lines[-1] and _breadth(row(*lines[-1], *term)) > _ROOM:
            lines.append([])
        lines[-1] += term
    first, *others = lines
    return [row(*first), *(row(_NOTHING, *line) for line in others)]


def _terms(part: Tree) -> Iterator[list[Tree]]:
    """Yield what a line may begin with: a term with its sign, as parts side by side."""
    term: list[Tree] = []
    for piece in _pieces(part):
        if piece[0] == "op" and piece[1] in _SIGNS and term:
            yield term
            term = []
        term.append(piece)
    yield term


def _pieces(part: Tree) -> Iterator[Tree]:
    """Yield the parts of a row, and of the rows in it."""
    stack = [part]
    while stack:
        piece = stack.pop()
        if piece[0] == "row":
            stack.extend(reversed(piece[1:]))
        else:
            yield piece


def equals(part: Tree) -> Tree:
    """Return `= part`; what is said in words as it is."""
    if part[0] == "text":
        return part
    if part[0] == "lines":
        return tree("lines", equals(part[1]), *part[2:])
    return row(op("="), part)
