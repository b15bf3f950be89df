"""A program under construction: a graph copied, and swept in the nodes that grow behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, reduce

from adviz.compiler.program.data import Program, seed_names
from adviz.graph.builder import Builder
from adviz.graph.graph import Graph
from adviz.graph.procedure import CONST, INPUT, Procedure
from adviz.modes.folding import growing
from adviz.modes.linear import Linear, latest, since
from adviz.modes.sweep import adjoints, tangents
from adviz.numbers import Numbers

Instead = Callable[[int], int | None]
"""Gives another new node in place of an old one, or None."""


class Draft:
    """A program under construction: what is copied, what it is given, what it gives."""

    def __init__(
        self,
        copied: Procedure,
        primal: int,
        names: Mapping[int, str],
        symbols: Mapping[int, str],
    ) -> None:
        self.graph = copied
        self.authored, self.symbols = names, symbols
        self._of_values = isinstance(copied, Graph)
        self.builder = Builder(copied.rows)
        self.numbers = growing(self.builder)
        self.plainly = replace(self.numbers, native=self._node, _bound={})
        self.parameters = {name: self.builder.input(name) for name in copied.inputs}
        self.found: list[int] = []
        self.names: dict[int, str] = {}
        self.otherwise: dict[int, str] = {}
        self.results: dict[str, int] = {}
        self.values, self.primal, self._copied_primal = 0, 0, primal
        self.slopes: Sequence[str] = ()
        self._wanted: list[int] = []
        self._latest: list[int] = []

    @property
    def one(self) -> int:
        """The constant 1."""
        return self.builder.constant(1)

    def _node(self, row: str) -> Callable[..., int]:
        """Return what adds a node of a row as it stands: what an author wrote is not folded."""
        return lambda *args: self.builder.node(row, args)

    def copy(self, numbers: Numbers, instead: Instead | None = None) -> None:
        """Add every node of what is copied, its rows as a number system has them.

        `instead` may give another new node in place of an operation.
        """
        graph, found = self.graph, self.found
        inputs = {node: self.parameters[name] for name, node in graph.inputs.items()}
        operations = {
            op: numbers.function(op) for op in dict.fromkeys(graph.ops) if op in graph.rows
        }
        for node, (op, args) in enumerate(zip(graph.ops, graph.args, strict=True)):
            if op == INPUT:
                found.append(inputs[node])
            elif op == CONST:
                found.append(self.builder.constant(graph.constants[node]))
            else:
                made = None if instead is None else instead(node)
                if made is None:
                    made = operations[op](*[found[a] for a in args])
                found.append(made)
            if node in self.authored:
                self.names.setdefault(found[node], self.authored[node])
            if node in self.symbols:
                self.otherwise.setdefault(found[node], self.symbols[node])
            if node + 1 == self._copied_primal:
                self.primal = len(self.builder.ops)

    def call(self, made: int | None, node: int, suffix: str = "") -> None:
        """Name a node after the copied one that it belongs to, unless it gets a better name."""
        if made is not None and node in self.symbols:
            self.otherwise.setdefault(made, self.symbols[node] + suffix)

    def give_values(self, results: Mapping[str, int]) -> None:
        """Make these the first results; what follows are derivatives."""
        for label, node in results.items():
            self.give(label, node)
        self.values = len(results)

    def give(self, label: str, node: int | None) -> None:
        """Add a result, which is 0 where nothing arrived; a value is not called a derivative."""
        while label in self.results:
            label += "'"
        self.results[label] = node = self.builder.constant(0) if node is None else node
        if not self.values or node >= self.primal:
            self.names.setdefault(node, label)

    def give_again(self, program: Program) -> None:
        """Make the results of what is copied the results, under their labels."""
        found, primal, self.values = self.found, self.primal, program.values
        self.results = {label: found[node] for label, node in program.results.items()}
        outputs = [*self.results.items()]
        named = outputs[: self.values] + [pair for pair in outputs if pair[1] >= primal]
        for label, node in named:
            self.names.setdefault(node, label)

    def where(self, conditions: Sequence[int], output: int) -> int:
        """Return an output's node; where a condition fails it is 0/0, no number."""
        node = self.found[output]
        if not conditions:
            return node
        zero = self.builder.constant(0)
        nothing = self.builder.node("div", (zero, zero))
        all_of_them = reduce(self.numbers.function("and"), dict.fromkeys(conditions))
        return self.builder.node("where", (all_of_them, node, nothing))

    def seeds(self, names: Sequence[str], suffix: str) -> dict[str, int]:
        """Return a new parameter for each name."""
        made = seed_names(self.parameters, names, suffix)
        self.parameters.update((name, self.builder.input(name)) for name in made)
        return dict(zip(names, map(self.parameters.__getitem__, made), strict=True))

    def reverse(self, seeds: Mapping[str, int], wanted: Sequence[str]) -> list[int | None]:
        """Return the nodes of all adjoints, of the wanted inputs' and of what lies between."""
        outputs = self.graph.outputs
        held = adjoints(
            self._linear(wanted), ((outputs[label], seed) for label, seed in seeds.items())
        )
        for node, adjoint in enumerate(held if self._of_values else ()):
            self.call(adjoint, node, "_bar")
        return held

    def gradient(self, seeds: Mapping[str, int], wanted: Sequence[str]) -> dict[str, int | None]:
        """Return the nodes of the wanted inputs' adjoints."""
        held = self.reverse(seeds, wanted)
        return {name: held[self.graph.inputs[name]] for name in wanted}

    def forward(self, seeds: Mapping[str, int]) -> list[int | None]:
        """Return the nodes of all tangents."""
        inputs = self.graph.inputs
        held = tangents(self._linear(seeds), ((inputs[name], seed) for name, seed in seeds.items()))
        for node, tangent in enumerate(held):
            self.call(tangent, node, "_dot")
        return held

    def _linear(self, wanted: Iterable[str]) -> Linear:
        """Return the graph linearized, once for all sweeps of which each wants a rest of inputs."""
        nodes = [self.graph.inputs[name] for name in wanted]
        start = len(self._wanted) - len(nodes)
        if not self._latest or start < 0 or self._wanted[start:] != nodes:
            self._wanted, self._latest, start = nodes, latest(self.graph, nodes), 0
        return self._linearized.reaching(since(self._latest, start))

    @cached_property
    def _linearized(self) -> Linear:
        return Linear(self.graph, self.numbers, self.found, kept={})

    def of_slopes(self) -> Draft:
        """Return a draft over a finished gradient, which gives its value."""
        first = self.finished("gradient")
        second = over(first)
        second.copy(second.plainly)
        label, *second.slopes = first.results
        second.give_values({label: second.found[first.results[label]]})
        return second

    def finished(self, kind: str) -> Program:
        """Return the program, without the nodes that no result needs."""
        builder = self.builder
        kept = builder.kept(self.results)
        new = {node: place for place, node in enumerate(kept)}
        named = {new[n]: name for n, name in self.names.items() if n in new and builder.args[n]}
        return Program(
            kind=kind,
            ops=tuple([builder.ops[node] for node in kept]),
            args=tuple([tuple([new[a] for a in builder.args[node]]) for node in kept]),
            constants={new[n]: value for n, value in builder.constants.items() if n in new},
            parameters={name: new[node] for name, node in self.parameters.items()},
            results={label: new[node] for label, node in self.results.items()},
            values=self.values,
            names=named,
            symbols={new[n]: name for n, name in self.otherwise.items() if n in new},
            primal=sum(node < self.primal for node in kept),
            rows=builder.rows,
        )


def over(program: Program) -> Draft:
    """Return a draft over a program."""
    return Draft(program, program.primal, program.names, program.symbols)


def rebuilt(
    draft: Draft, program: Program, numbers: Numbers, instead: Instead | None = None
) -> Program:
    """Return a program copied into a draft over it: it gives the same results."""
    draft.copy(numbers, instead)
    draft.give_again(program)
    return draft.finished(program.kind)
