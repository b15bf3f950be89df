"""A schedule carried out: a chain's reverse sweep in which only what is counted is held."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from adviz.comparison.checkpointing.actions import Action, Kind
from adviz.comparison.checkpointing.chain import Chain, Segment
from adviz.errors import PointError
from adviz.graph.graph import Graph
from adviz.modes.domains import Judge
from adviz.modes.evaluation import values
from adviz.modes.linear import Linear
from adviz.modes.point import converted, fitting, system_for
from adviz.modes.sweep import pull_back
from adviz.numbers import Number


class State(NamedTuple):
    """The values that cross a cut, by node, and those nodes that depend on wanted inputs."""

    values: Mapping[int, Number]
    active: frozenset[int]


class Moment(NamedTuple):
    """What an action did: how many values were held meanwhile, and the adjoints of its step."""

    action: Action
    held: int
    adjoints: Mapping[int, Number]
    """By the nodes that the step computes; None where nothing arrives."""


@dataclass(eq=False)
class Sweep:
    """A reverse sweep of a graph that was cut: the state it has come to, and those it keeps.

    `point` holds a number for every input and `cotangent` for some outputs; derivatives are by
    the inputs `wanted`. Raises PointError for arrays, and DomainError as any sweep does, in the
    words of a step by itself.
    """

    chain: Chain
    graph: Graph
    point: Mapping[str, Number]
    cotangent: Mapping[str, Number]
    wanted: Sequence[str]
    digits: int | None = None

    def __post_init__(self) -> None:
        graph, self.numbers = self.graph, system_for(self.graph, self.point, self.digits)
        if self.numbers.many:
            raise PointError("a chain is reversed at one point; this one has arrays of many")
        fitting("cotangent", self.cotangent, self.point, self.graph)
        given = converted(self.numbers, self.point)
        seeds = converted(self.numbers, self.cotangent, "cotangent")
        for numbers in (given, seeds):
            Judge(graph, self.numbers, (), strict=True).point(numbers)
        self.inputs = {graph.inputs[name]: number for name, number in given.items()}
        constants = {n: self.numbers.constant(number) for n, number in graph.constants.items()}
        self.results: dict[int, Number] = {**self.inputs, **constants}
        self.adjoints = self._seeded(seeds)
        self.sought = frozenset(graph.inputs[name] for name in self.wanted)
        self.state = State({node: self.inputs[node] for node in self.chain.entering}, frozenset())
        self.place, self.kept = 0, dict[int, State]()
        self.stored = self.runs = self.held = 0

    def _seeded(self, seeds: Mapping[str, Number]) -> dict[int, Number]:
        """Return what the outputs' nodes hold at first; what several give one node adds up."""
        held: dict[int, Number] = {}
        for label, seed in seeds.items():
            node = self.graph.outputs[label]
            held[node] = self.numbers.function("add")(held[node], seed) if node in held else seed
        return held

    @property
    def value(self) -> dict[str, Number]:
        """The outputs that have been computed, by label."""
        found, outputs = self.results, self.graph.outputs
        return {label: found[node] for label, node in outputs.items() if node in found}

    @property
    def gradient(self) -> dict[str, Number]:
        """What has arrived at the wanted inputs."""
        nodes, zero = self.graph.inputs, self.numbers.constant(0)
        return {name: self.adjoints.get(nodes[name], zero) for name in self.wanted}

    def moments(self, actions: Iterable[Action]) -> Iterator[Moment]:
        """Carry out actions, yielding after each of them.

        >>> import adviz
        >>> from adviz.comparison.checkpointing.chain import cut
        >>> graph = adviz.build("sin(exp(x))")
        >>> sweep = Sweep(cut(graph), graph, {"x": 0.0}, {"f": 1}, ["x"])
        >>> steps = [Action("snapshot", 0, 0), Action("advance", 0, 1), Action("reverse", 2, 1)]
        >>> [(moment.held, moment.adjoints) for moment in sweep.moments(steps)]
        [(1, {}), (2, {}), (3, {2: 1.0})]
        """
        for action in actions:
            self.held = 0
            adjoints = _DO[action.kind](self, action)
            self._hold()
            yield Moment(action, self.held, adjoints or {})

    def _hold(self, computed: int = 0) -> None:
        """Count the values that are held now: those of different states, and of a step."""
        here = 0 if self.place in self.kept else len(self.state.values)
        self.held = max(self.held, self.stored + here + computed)

    def _snapshot(self, action: Action) -> None:
        self.kept[action.start] = self.state
        self.stored += len(self.state.values)

    def _free(self, action: Action) -> None:
        self.stored -= len(self.kept.pop(action.start).values)

    def _restore(self, action: Action) -> None:
        self.state, self.place = self.kept[action.start], action.start

    def _advance(self, action: Action) -> None:
        for step in range(action.start, action.stop):
            segment, (before, active) = self.chain.segments[step], self.state
            linear, _ = self._run(segment)
            found = dict(zip(segment.nodes, linear.found, strict=True))
            reached = dict(zip(segment.nodes, linear.reached, strict=True))
            after = {n: found[n] if n in found else before[n] for n in segment.leaves}
            leading = frozenset(n for n in after if reached.get(n, n in active))
            self.state, self.place = State(after, leading), step + 1

    def _reverse(self, action: Action) -> Mapping[int, Number]:
        segment = self.chain.segments[action.stop]
        linear, judge = self._run(segment)
        held = [self.adjoints.pop(node, None) for node in segment.nodes]
        for contribution in pull_back(linear, held):
            judge.contribution(*contribution)
        arrived, own = dict[int, Number](), segment.graph.args
        for place, (node, adjoint) in enumerate(zip(segment.nodes, held, strict=True)):
            if own[place]:
                arrived[node] = adjoint
            elif adjoint is not None:
                self.adjoints[node] = adjoint
        return arrived

    def _run(self, segment: Segment) -> tuple[Linear, Judge]:
        """Evaluate a step from the state that has been come to, and linearize it there."""
        graph, nodes, (known, active) = segment.graph, segment.nodes, self.state
        found: list[Number] = [None] * len(graph)
        judge = Judge(graph, self.numbers, found, strict=True)
        entering = ((name, nodes[place]) for name, place in graph.inputs.items())
        point = {name: known.get(node, self.inputs.get(node)) for name, node in entering}
        for place in values(graph, self.numbers, point, found, meaning=self.numbers.value):
            judge.value(place)
        judge.guards()
        self.runs += 1
        computed = {n: v for n, v, args in zip(nodes, found, graph.args, strict=True) if args}
        self._hold(sum([number is not None for number in computed.values()]))
        self.results |= {n: computed[n] for n in self.graph.outputs.values() if n in computed}
        leading = active | self.sought
        wanted = [place for place in graph.inputs.values() if nodes[place] in leading]
        return Linear(graph, self.numbers, found, wanted), judge


_DO: Mapping[Kind, Callable[[Sweep, Action], Mapping[int, Number] | None]] = MappingProxyType(
    {
        "snapshot": Sweep._snapshot,
        "advance": Sweep._advance,
        "restore": Sweep._restore,
        "free": Sweep._free,
        "reverse": Sweep._reverse,
    }
)
