"""The closing card of a film of arrays: every gradient as a table, and the verdict on its elements.

What is judged are the elements, by the graph of numbers that an array graph is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from math import prod
from typing import Any

from adviz.checking.closing.card import agreement
from adviz.checking.closing.endings import MODES, Ending
from adviz.checking.closing.heard import Hearing, hearing
from adviz.checking.closing.verdicts import Judge, Sign, of_a_mode
from adviz.checking.closing.written import equals
from adviz.graph.graph import Graph
from adviz.language.labels import Key
from adviz.language.notation import Tree, name, op, row, tree
from adviz.modes.scalars import elements_of, expanded
from adviz.modes.trace import BACKWARD, Trace
from adviz.numbers.tensor import elements
from adviz.primitives import own
from adviz.scene.chip_text import travelling
from adviz.scene.frames import Frame, last_keys, phase
from adviz.scene.narration import Sentence, strong, text
from adviz.scene.quantities import quantity, sweeps
from adviz.scene.scene import Scene
from adviz.sources.structure import labels_of

_SHOWN = 8
"""The most outputs, and the most gradients, on a card."""
_MOST_JUDGED = 100
"""The most derivatives of elements that are judged."""
_WORST = ("fault", "warning", "verified")
"""The roles of signs, the worst first."""
_COLUMNS = ("forward", "reverse")


def closed(scene: Scene, *, checked: bool = True) -> Scene:
    """Return a film of first-order sweeps of arrays with a last frame that shows what came out.

    The frame's card has the values, and what every sweep ends with: the formula of what arrived
    there, the array, and unless `checked` is false the worst that `adviz.check` says of its
    elements at the point. Other films stay as they are.

    >>> import adviz
    >>> from adviz.language.notation import unicode_text
    >>> from adviz.scene.staging import stage
    >>> g = adviz.build(lambda W, x: (W @ x).sum(), shapes={"W": (2, 2), "x": 2}, arrays=True)
    >>> film = closed(stage(adviz.reverse(g, {"W": [[1, 2], [3, 4]], "x": [1, 0]})))
    >>> for cells in film.frames[-1].card:
    ...     print("|".join(unicode_text(cell, film.text) for cell in cells))
    Result|formula|number|forward|reverse
    f| = Σ(W x)| = 4||
    W̄| = v̄₁ xᵀ| = (2, 2) of norm 1.41|✓|✓
    x̄| = Wᵀ v̄₁| = [4, 6]|✓|✓
    """
    found = list(islice(_ends(scene), _SHOWN))
    if not found:
        return scene
    card = _Card(scene, found, checked)
    count = len(scene.frames)
    frame = Frame(len(scene.phases), "result", (), card.said, row(), card=tuple(card.rows()))
    phases = (*scene.phases, phase("result", 0, count, count))
    return replace(scene, frames=(*scene.frames, frame), phases=phases)


@dataclass(frozen=True)
class _End:
    """What a sweep ends with at an input, or at an output."""

    trace: Trace
    kind: str
    label: str
    node: int
    key: str
    """Its key in the film."""

    @property
    def number(self) -> Any:
        """What the sweep has found."""
        return self.trace.derivatives[self.kind][self.node]

    @property
    def symbol(self) -> Tree:
        """What it is called."""
        return quantity(self.kind).symbol(name(self.label))

    def formula(self) -> Tree:
        """Return what has arrived, in symbols."""
        graph = self.trace.graph
        arrived = [s.edge for s in self.trace.steps if s.node == self.node and s.kind == self.kind]
        terms = [travelling(graph, edge, self.kind) for edge in arrived if edge is not None]
        return row(*[piece for term in terms for piece in (op("+"), term)][1:])

    def endings(self) -> Iterator[Ending]:
        """Yield its elements, each a sum of derivatives with their seeds."""
        graph, backward = self.trace.graph, self.kind in BACKWARD
        names = (elements_of if backward else labels_of)(self.label, graph.shape(self.node))
        seeds = list(_seeds(self.trace, backward))
        for called, one in zip(names, elements(self.number), strict=True):
            terms = tuple(
                (weight, Key(seed, called) if backward else Key(called, seed))
                for seed, weight in seeds
            )
            yield Ending(MODES[self.kind], self.symbol, self.key, one, terms)


def _ends(scene: Scene) -> Iterator[_End]:
    """Yield what sweeps of first order end with, in the order of the film."""
    keys = last_keys(scene.frames, scene.phases)
    for index, (trace, kind, _) in enumerate(sweeps(scene.traces)):
        if MODES.get(kind) != trace.mode:
            continue
        graph = trace.graph
        for label, node in (graph.inputs if kind in BACKWARD else graph.outputs).items():
            key = keys.get((index, kind, node))
            if key is not None and trace.derivatives[kind][node] is not None:
                yield _End(trace, kind, label, node, key)


def _seeds(trace: Trace, backward: bool) -> Iterator[tuple[str, float]]:
    """Yield the elements that a sweep starts from, and their seeds, those that are not 0."""
    graph = trace.graph
    nodes, called = (graph.outputs, labels_of) if backward else (graph.inputs, elements_of)
    for label, seed in trace.seed.items():
        names = called(label, graph.shape(nodes[label]))
        yield from ((one, float(n)) for one, n in zip(names, elements(seed), strict=True) if n)


class _Card:
    """A card in the making."""

    def __init__(self, scene: Scene, found: Sequence[_End], checked: bool) -> None:
        self.scene, self.found = scene, found
        self.hearing = self._hearing(checked)
        self.heard = self.hearing.heard

    @cached_property
    def elements(self) -> Mapping[str, Sequence[Ending]]:
        """What the sweeps end with, element by element."""
        return {end.key: tuple(end.endings()) for end in self.found}

    def _hearing(self, checked: bool) -> Hearing:
        """Return what is known of the derivatives of the elements."""
        trace = self.scene.traces[0]
        if not checked:
            return Hearing({}, {})
        foreign = next((row.foreign for row in own(trace.graph.rows) if row.foreign), None)
        if foreign is not None:
            return Hearing({}, {}, f"some of it is computed by {foreign.program}, as a whole")
        if _derivatives(trace.graph) > _MOST_JUDGED:
            return Hearing({}, {}, "it has too many derivatives for that here; ask adviz.check")
        keys = (key for ends in self.elements.values() for end in ends for _, key in end.terms)
        wanted = dict.fromkeys(key.input for key in keys)
        return hearing(expanded(trace.graph), _point(trace), [*wanted], (), sympys=False)

    @cached_property
    def judge(self) -> Judge:
        """Judges the elements."""
        keys = dict.fromkeys(key.input for key in self.heard)
        return Judge(expanded(self.scene.graph), self.hearing, tuple(keys))

    def rows(self) -> Iterator[tuple[Tree, ...]]:
        """Yield the headings, the values, and what the sweeps end with."""
        heard = _COLUMNS if self.heard else ()
        yield tuple(map(text, ["Result", "formula", "number", *heard]))
        graph = self.scene.graph
        for label, node in islice(graph.outputs.items(), _SHOWN):
            made = _written(self.scene, label)
            number = equals(tree("slot", f"0/value/{node}"))
            yield name(label), made, number, *[text("") for _ in heard]
        for end in self.found:
            number = equals(tree("slot", end.key))
            signs = [_shown(sign) for sign in self._signs(end)] if heard else []
            yield end.symbol, equals(end.formula()), number, *signs

    def _signs(self, end: _End) -> list[Sign | None]:
        """Return the worst verdict on the elements by forward and by reverse mode."""
        ends = self.elements[end.key]
        known = [self.heard[key] for one in ends for _, key in one.terms if key in self.heard]
        own = MODES[end.kind]
        modes = [
            [self.judge.sign(one) for one in ends]
            if mode == own
            else [of_a_mode(heard, mode) for heard in known]
            for mode in _COLUMNS
        ]
        return [_worst(signs) for signs in modes]

    @property
    def said(self) -> Sentence:
        """What the verdicts come to."""
        if not self.heard:
            why = self.hearing.unheard
            more = f"; it was not checked, since {why}" if why else ""
            return strong(text("Result")), text(f": what the sweeps have found{more}")
        signs = [sign for end in self.found for sign in self._signs(end) if sign]
        if all(sign.role == _WORST[-1] for sign in signs):
            return agreement(self.heard.values(), "Forward and reverse agree")
        worst = min(signs, key=_badness)
        return strong(text("Not every element agrees")), text(f": {worst.word}; ask adviz.check")


def _worst(signs: Sequence[Sign]) -> Sign | None:
    """Return the worst of some signs; none of none."""
    return min(signs, key=_badness, default=None)


def _shown(sign: Sign | None) -> Tree:
    return sign.tree if sign else text("")


def _badness(sign: Sign) -> int:
    return _WORST.index(sign.role)


def _derivatives(graph: Graph) -> int:
    """Return how many derivatives the elements of a graph have."""
    inputs, outputs = (
        sum(prod(graph.shape(node)) for node in nodes.values())
        for nodes in (graph.inputs, graph.outputs)
    )
    return inputs * outputs


def _point(trace: Trace) -> Mapping[str, Any]:
    """Return a point of arrays as one of its elements."""
    graph = trace.graph
    return {
        called: one
        for label, node in graph.inputs.items()
        for called, one in zip(
            elements_of(label, graph.shape(node)), elements(trace.values[node]), strict=True
        )
    }


def _written(scene: Scene, label: str) -> Tree:
    """Return an output as its author wrote it, if its statement is there."""
    for statement in scene.statements:
        left = statement[1]
        if left[1] == name(label) or left == name(label):
            return equals(statement[-1])
    return text("")
