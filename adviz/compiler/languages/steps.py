"""Reverse mode as on a blackboard: a line per operation, an adjoint per value, nothing folded.

The lines are those of the sweep, edge by edge in its order, so they compute its numbers to the
last bit. Method: Griewank & Walther, *Evaluating Derivatives* (2nd ed., 2008), table 3.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from adviz.compiler.languages.language import Written
from adviz.compiler.languages.lowering import Gate, either, gates, ordered
from adviz.compiler.languages.python import FORMS, PYTHON, module
from adviz.compiler.program.data import Program
from adviz.errors import AdvizError
from adviz.graph.builder import Builder
from adviz.graph.graph import Graph
from adviz.graph.procedure import INPUT, Edge
from adviz.modes.folding import growing
from adviz.modes.linear import Linear
from adviz.modes.sweep import Parts, pull_back, seeded
from adviz.modes.verbs import wanted_inputs
from adviz.numbers import Numbers
from adviz.numbers.rules import Function


def steps(graph: Graph, wrt: str | Sequence[str] | None = None, of: str | None = None) -> str:
    """Return the reverse sweep of one output as a Python function to be read, and run.

    `wrt` limits the inputs that are differentiated. Where several consumers hand a node its
    adjoint, the first line sets it and the others add to it. Guards are left out, and what is
    undefined raises as Python does.

    Raises AdvizError where one output must be chosen or there is none of that name, PointError
    for an unknown input, and LookupError for a row of one's own without a formula.

    >>> import adviz
    >>> print(steps(adviz.build("a = x*y; sin(a) - x")))
    from math import cos, sin
    <BLANKLINE>
    <BLANKLINE>
    def gradient(x, y):
        # forward: values
        a = x*y
        v2 = sin(a)
        f = v2 - x
        # reverse: adjoints
        f_bar = 1.0
        v2_bar = f_bar  # from f
        x_bar = -f_bar  # from f
        a_bar = v2_bar*cos(a)  # from v2
        x_bar += a_bar*y  # from a
        y_bar = a_bar*x  # from a
        return f, x_bar, y_bar
    <BLANKLINE>
    """
    label = next(iter(graph.outputs)) if of is None else of
    if label not in graph.outputs or (of is None and len(graph.outputs) > 1):
        raise AdvizError(f"steps are of one output: of= one of {', '.join(graph.outputs)}")
    return module([*_Steps(graph, label).lines(wanted_inputs(graph, wrt))])


class _Steps:
    """One output's sweep on its way into lines."""

    def __init__(self, graph: Graph, label: str) -> None:
        self.program = _alone(graph, label)
        self.output = graph.outputs[label]
        self.gates = gates(self.program)
        self.numbers = replace(_TEXTS, rows=graph.rows, _bound={})
        self.used: set[str] = set()
        self.values = {node: self._fresh(name) for name, node in graph.inputs.items()}
        self.adjoints: list[Any] = []

    def lines(self, wanted: Sequence[str]) -> Iterator[str]:
        """Yield the function."""
        inputs = self.program.inputs
        yield f"def gradient({', '.join(self.values[node].text for node in inputs.values())}):"
        yield "    # forward: values"
        yield from (f"    {line}" for line in self._forward())
        yield "    # reverse: adjoints"
        yield from (f"    {line}" for line in self._reverse([inputs[name] for name in wanted]))
        slopes = [self.adjoints[inputs[name]].text for name in wanted]
        yield f"    return {', '.join([self.values[self.output].text, *slopes])}"

    def _forward(self) -> Iterator[str]:
        """Yield a line for every operation that the output needs, a condition before its branch."""
        program = self.program
        for node in ordered(program, self.gates) or ():
            row = program.rows.get(program.ops[node])
            if node in program.constants:
                self.values[node] = PYTHON.number(program.constants[node])
            elif row is not None:
                value = self.numbers.function(row.name)(*self._arguments(node))
                named = self._fresh(program.symbols[node]) if program.args[node] else value
                self.values[node] = named
                if named is not value:
                    yield f"{named.text} = {self._gated(value, self.gates.get(node, ()))}"

    def _reverse(self, wanted: Sequence[int]) -> Iterator[str]:
        """Yield a line for every edge that the sweep takes, and one for what it never reaches."""
        found = [self.values.get(node) for node in range(len(self.program))]
        linear = Linear(self.program, _PRODUCTS, found, wanted)
        held = self.adjoints = seeded(linear, [(self.output, self._bar(self.output))])
        yield f"{held[self.output].text} = 1.0"
        arrived = {self.output}
        for edge, _, _, product, total in pull_back(linear, held, self._parts):
            sign = "+=" if edge.tail in arrived else "="
            arrived.add(edge.tail)
            text = self._gated(product, self._conditions(edge))
            yield f"{total.text} {sign} {text}  # from {self.values[edge.head].text}"
        for node in wanted:
            if held[node] is None:
                held[node] = self._bar(node)
                yield f"{held[node].text} = 0.0"

    @property
    def _parts(self) -> Parts:
        """The parts of a sweep of texts: a node's adjoint is the name that contributions go to."""
        return Parts(
            counts=lambda *_: True,  # a closed branch is written, and hands on nothing
            partial=lambda _, edge: self._partial(edge),
            arrive=lambda _, edge, before, __: before or self._bar(edge.tail),
        )

    def _conditions(self, edge: Edge) -> Iterable[Gate]:
        """Return the conditions under which an edge hands anything on."""
        truth = self.program.rows[self.program.ops[edge.head]].needed_where(edge.position)
        if truth is None:
            return self.gates.get(edge.head, ())
        return [Gate(self.program.args[edge.head][0], truth)]

    def _partial(self, edge: Edge) -> Written:
        """Return a local partial as text; of its rule, what depends on constants is decided."""
        _, node, position = edge
        row = self.program.rows[self.program.ops[node]]
        builder = Builder(self.program.rows)
        texts, leaves = dict[int, Written](), list[int]()
        for place, argument in enumerate((*self.program.args[node], node)):
            constant = self.program.constants.get(argument)
            leaf = builder.input(f"{place}") if constant is None else builder.constant(constant)
            texts[leaf] = self.values[argument]
            leaves.append(leaf)
        whole = growing(builder).partial(row, position)(*leaves)
        for made, (op, args) in enumerate(zip(builder.ops, builder.args, strict=True)):
            if made in builder.constants:
                texts[made] = PYTHON.number(builder.constants[made])
            elif made not in texts:
                texts[made] = self.numbers.function(op)(*[texts[argument] for argument in args])
        return texts[whole]

    def _bar(self, node: int) -> Written:
        """Return the name of a node's adjoint."""
        return self._fresh(f"{self.program.symbols[node]}_bar")

    def _arguments(self, node: int) -> list[Written]:
        return [self.values[argument] for argument in self.program.args[node]]

    def _gated(self, value: Written, gates: Iterable[Gate]) -> str:
        written = either(PYTHON, self.values, gates)
        return (
            value.text if written is None else f"{value.within(2)} if {written.within(2)} else 0.0"
        )

    def _fresh(self, name: str) -> Written:
        return Written(PYTHON.fresh(name, self.used))


def _alone(graph: Graph, label: str) -> Program:
    """Return a graph as a program in which what one output does not need is as good as a leaf."""
    output = graph.outputs[label]
    kept = {output}
    for node in range(len(graph) - 1, -1, -1):
        if node in kept:
            kept.update(graph.args[node])
    symbols = dict(enumerate(graph.symbols))
    if output not in graph.names.values():
        symbols[output] = label
    return Program(
        kind="gradient",
        ops=tuple([op if node in kept else INPUT for node, op in enumerate(graph.ops)]),
        args=tuple([args if node in kept else () for node, args in enumerate(graph.args)]),
        constants=graph.constants,
        parameters=graph.inputs,
        results={label: output},
        values=1,
        names={},
        symbols=symbols,
        primal=len(graph),
        rows=graph.rows,
    )


def _native(name: str) -> Function | None:
    """Return what writes a row on texts, where Python has a form for it."""
    form = FORMS.get(name)
    return None if form is None else lambda *args: form.write(args)


_TEXTS = Numbers(
    name="written",
    native=_native,
    constant=PYTHON.number,
    finite=lambda _: True,
    isnan=lambda _: False,
)
"""Expressions as a number system: a rule of the table gives the text of its result."""


def _product(incoming: Written, partial: Written) -> Written:
    """Return what an edge hands on, as a person would write it."""
    plain = {"1.0": incoming, "-1.0": FORMS["neg"].write([incoming])}
    return plain.get(partial.text) or FORMS["mul"].write([incoming, partial])


_PRODUCTS = replace(
    _TEXTS, native=lambda name: _product if name == "mul" else _native(name), _bound={}
)
"""The same, for what a sweep itself multiplies."""
