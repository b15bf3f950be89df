"""Mistakes at a single place: in one rule, on one edge, at one node."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from adviz.checking.faults.gallery import BY_NAME, in_rule, never, partial_of_the_other, scaled
from adviz.checking.faults.parts import Accumulation, Scope
from adviz.checking.finding import Place
from adviz.checking.verdicts.culprit import Culprit
from adviz.checking.verdicts.diagnosis.case import Case
from adviz.graph.procedure import Edge, chooses
from adviz.modes.sweep import Parts

_MOST_PLACES = 3


class Spot(NamedTuple):
    """A place where a mistake may be made, and the edges that it concerns there."""

    words: str
    node: int
    edge: Edge | None
    where: Scope


def _rules(case: Case) -> Iterator[Spot]:
    """Yield every local partial of the table that the graph uses more than once."""
    graph, first = case.graph, {}
    for edge in reversed(case.edges):
        first[graph.ops[edge.head], edge.position] = edge
    uses = Counter((graph.ops[edge.head], edge.position) for edge in case.edges)
    for (name, position), count in uses.items():
        if count > 1:
            words = f"rule ∂{name}/∂{graph.rows[name].args[position]}"
            edge = first[name, position]
            yield Spot(words, edge.head, edge, in_rule(name, position))


def _uses(factor: float) -> Callable[[Case], Iterator[Spot]]:
    """Return what yields the edges where a factor would explain the first wrong derivative."""

    def spots(case: Case) -> Iterator[Spot]:
        for edge in case.edges:
            if case.near(case.wrong[0], case.scaled(edge, factor)):
                head, tail = (case.graph.symbols[node] for node in (edge.head, edge.tail))
                yield Spot(f"local partial ∂{head}/∂{tail}", edge.head, edge, _is(edge))

    return spots


def _consumed(case: Case) -> Iterator[Spot]:
    """Yield every node that has several consumers, the last ones first."""
    count = Counter(edge.tail for edge in case.edges)
    for node in sorted((node for node, uses in count.items() if uses > 1), reverse=True):
        yield Spot(case.graph.symbols[node], node, None, _leaves(node))


def _operations(case: Case) -> Iterator[Spot]:
    """Yield every node with two arguments that both have a local partial."""
    for node in dict.fromkeys(edge.head for edge in case.edges):
        row = case.graph.rows[case.graph.ops[node]]
        if row.arity == 2 and all(map(row.differentiable, range(2))):
            yield Spot(case.graph.symbols[node], node, None, _enters(node))


def _choices(case: Case) -> Iterator[Spot]:
    """Yield every choice between two branches."""
    for node in dict.fromkeys(edge.head for edge in case.edges):
        if chooses(case.graph, node):
            yield Spot(case.graph.symbols[node], node, None, _enters(node))


def _is(wanted: Edge) -> Scope:
    return lambda _, edge: edge == wanted


def _enters(node: int) -> Scope:
    return lambda _, edge: edge.head == node


def _leaves(node: int) -> Scope:
    return lambda _, edge: edge.tail == node


class Mistake(NamedTuple):
    """A mistake that may be made at a single place."""

    name: str
    words: str
    broken: Accumulation


_AT_NODES: tuple[tuple[Mistake, Callable[[Case], Iterator[Spot]]], ...] = tuple(
    (Mistake(name, f"{BY_NAME[name].title} at {{}}", BY_NAME[name].broken), spots)
    for name, spots in (("overwrite", _consumed), ("untaken", _choices))
)
_IN_PARTIALS: tuple[tuple[Mistake, float], ...] = (
    (Mistake("sign", "the {} has the wrong sign", Accumulation(Parts(partial=scaled(-1.0)))), -1.0),
    (Mistake("double", "the {} is twice too large", Accumulation(Parts(partial=scaled(2.0)))), 2.0),
    (Mistake("half", "the {} is twice too small", Accumulation(Parts(partial=scaled(0.5)))), 0.5),
    (Mistake("missing term", "the {} is missing", Accumulation(Parts(counts=never))), 0.0),
)
_SWAPPED = Mistake(
    "swapped",
    "the local partials of {} are swapped",
    Accumulation(Parts(partial=partial_of_the_other)),
)
_MISTAKES = (
    *((mistake, _rules) for mistake, _ in _IN_PARTIALS),
    *_AT_NODES,
    *((mistake, _uses(factor)) for mistake, factor in _IN_PARTIALS[:1]),
    (_SWAPPED, _operations),
    *((mistake, _uses(factor)) for mistake, factor in _IN_PARTIALS[1:]),
)
"""What is tried at single places, and at which, in this order."""


def at_one_place(case: Case) -> Iterator[Culprit]:
    """Yield what a mistake at one place explains, with all the places where it would."""
    for mistake, spots in _MISTAKES:
        found = [spot for spot in spots(case) if case.explained(mistake.broken.only(spot.where))]
        if found:
            words = list(dict.fromkeys(spot.words for spot in found))
            shown = [*words[:_MOST_PLACES], *(["…"] if len(words) > _MOST_PLACES else [])]
            place = Place.of(case.graph, found[0].node, found[0].edge)
            joint = " or the " if mistake.words.startswith("the {}") else " or "
            yield Culprit(mistake.words.format(joint.join(shown)), place, mistake.name)
