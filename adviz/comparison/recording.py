"""What each way to differentiate does, written down operation by operation as a graph of its own.

Nothing is simplified and nothing shared: a sweep multiplies by every local partial it meets, also
by 1, and so does what is written down. Only within a local partial known numbers are folded, as
they are in a derivative graph: that of x**2 is 2*x, as anybody writes it. (`adviz.derivative_graph`
is the same reverse sweep with all neutral factors folded and equal operations shared.) Where a
condition decides what is computed, every branch is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from adviz.compiler.program.data import seed_names
from adviz.graph.builder import Builder
from adviz.graph.graph import Graph
from adviz.graph.procedure import Edge
from adviz.language.labels import Key
from adviz.modes.evaluation import evaluated
from adviz.modes.folding import growing
from adviz.modes.linear import Linear
from adviz.modes.sweep import rows_by_forward, rows_by_reverse, tangents
from adviz.numbers import Number, Numbers

FOLDED = {"neg", "sub", "mul", "div", "pow", "eq", "and", "or", "not", "where"}
"""What is folded in a local partial; a sweep adds what arrives, and that is counted as it is."""


@dataclass(frozen=True, eq=False)
class Recorded:
    """The operations of one way to differentiate, and where its results are.

    `procedure` has the inputs of the function and, where there are `extra` ones, a direction or a
    step for each: the input of the procedure by that of the function.
    """

    procedure: Graph
    derivatives: Mapping[Key, str]
    """The output that holds each derivative; none where they are along a direction."""
    extra: Mapping[str, str]

    def given(self, point: Mapping[str, Number], extra: Mapping[str, Number]) -> dict[str, Number]:
        """Return a number for every input of the procedure; `extra` has one by input moved."""
        known = {**point, **{made: extra[name] for name, made in self.extra.items()}}
        return {name: known[name] for name in self.procedure.inputs}


def by_forward(graph: Graph, wanted: Sequence[str]) -> Recorded:
    """Return the values and a forward sweep for every input, local partials being kept.

    >>> import adviz
    >>> from adviz.comparison.counts import counted
    >>> counted(by_forward(adviz.build("x*y"), ["x", "y"]).procedure).work.mults
    3
    """
    return _Recorder(graph).swept(rows_by_forward, wanted)


def by_reverse(graph: Graph, wanted: Sequence[str]) -> Recorded:
    """Return the values and a reverse sweep for every output, local partials being kept.

    >>> import adviz
    >>> from adviz.comparison.counts import counted
    >>> counted(by_reverse(adviz.build("x*y"), ["x", "y"]).procedure).work.mults
    3
    """
    return _Recorder(graph).swept(rows_by_reverse, wanted)


def along_a_direction(graph: Graph, wanted: Sequence[str]) -> Recorded:
    """Return the values and one forward sweep along a direction, a number for each input.

    >>> import adviz
    >>> list(along_a_direction(adviz.build("x*y"), ["x", "y"]).procedure.inputs)
    ['x', 'y', 'x_dot', 'y_dot']
    """
    return _Recorder(graph).along(wanted)


def by_central_differences(graph: Graph, wanted: Sequence[str]) -> Recorded:
    """Return two evaluations for every input, and the quotients of their differences.

    The denominator is what the inputs differ by, which rounding keeps from being twice the step.

    >>> import adviz
    >>> from adviz.comparison.counts import counted
    >>> counted(by_central_differences(adviz.build("x*y"), ["x", "y"]).procedure).work.mults
    4
    """
    return _Recorder(graph).stepped(wanted, "_step", _Recorder.central)


def by_complex_step(graph: Graph, wanted: Sequence[str]) -> Recorded:
    """Return an evaluation for every input, moved by a step, in complex numbers.

    The derivative is the imaginary part over the size of an imaginary step (Squire & Trapp, SIAM
    Review 40(1), 1998, doi:10.1137/S003614459631241X).

    >>> import adviz
    >>> from adviz.comparison.counts import counted
    >>> counted(by_complex_step(adviz.build("x*y"), ["x", "y"]).procedure).work.mults
    2
    """
    return _Recorder(graph).stepped(wanted, "_step", _Recorder.moved)


class _Recorder:
    """A builder in which every operation is a node of its own, as the numbers of a sweep."""

    def __init__(self, graph: Graph) -> None:
        self.graph, self.builder = graph, Builder(graph.rows, share=False)
        self.numbers, self.folded = written_down(self.builder), growing(self.builder)
        self.rules = replace(self.numbers, native=self._in_a_rule, _bound={})
        self.inputs = {name: self.builder.input(name) for name in graph.inputs}

    def swept(self, rows: _Sweeps, wanted: Sequence[str]) -> Recorded:
        """Return the values and the sweeps that fill the Jacobian."""
        found, outputs = self._values(), [*self.graph.outputs.values()]
        nodes = [self.graph.inputs[name] for name in wanted]
        linear = self._linear(found, nodes, kept={})
        slopes = [slope for row in rows(linear, outputs, nodes) for slope in row]
        return self._finished(found, dict(zip(self._keys(wanted), slopes, strict=True)), {})

    def along(self, wanted: Sequence[str]) -> Recorded:
        """Return the values and the tangents of the outputs along given ones of the inputs."""
        extra = self._extra(wanted, "_dot")
        found = self._values()
        seeds = {self.graph.inputs[name]: self.builder.input(extra[name]) for name in wanted}
        linear = self._linear(found, seeds)
        held = tangents(linear, seeds.items())
        dots = {Key(f, ""): linear.arrived(held[node]) for f, node in self.graph.outputs.items()}
        made = self._finished(found, dots, extra)
        return Recorded(made.procedure, {}, extra)

    def stepped(self, wanted: Sequence[str], suffix: str, quotients: _Quotients) -> Recorded:
        """Return quotients of evaluations beside the point, for every wanted input."""
        extra = self._extra(wanted, suffix)
        columns = [quotients(self, x, self.builder.input(extra[x])) for x in wanted]
        slopes = [slope for row in zip(*columns, strict=True) for slope in row]
        return self._finished((), dict(zip(self._keys(wanted), slopes, strict=True)), extra)

    def central(self, name: str, step: int) -> Iterable[int]:
        """Return the outputs' differences over an input's, from both sides of the point."""
        node, here = self.builder.node, self.inputs[name]
        beside = node("add", (here, step)), node("sub", (here, step))
        width = node("sub", beside)
        after, before = (self._outputs({name: place}) for place in beside)
        pairs = zip(after, before, strict=True)
        return [node("div", (node("sub", pair), width)) for pair in pairs]

    def moved(self, name: str, step: int) -> Iterable[int]:
        """Return the outputs at a moved input."""
        return self._outputs({name: self.builder.node("add", (self.inputs[name], step))})

    def _linear(
        self, found: Sequence[int], wanted: Iterable[int], kept: dict[Edge, Number] | None = None
    ) -> Linear:
        """Return the graph linearized: known numbers are folded in its local partials alone."""
        linear = Linear(self.graph, self.rules, found, wanted, kept)
        return linear.multiplying(self.numbers.function("mul"))

    def _in_a_rule(self, name: str) -> Callable[..., Number]:
        """Return a row as a local partial takes it: where a number is known, as folding has it."""
        plainly = self.numbers.function(name)
        if name not in FOLDED:
            return plainly
        folded = self.folded.function(name)
        return lambda *args: (folded if any(map(self._known, args)) else plainly)(*args)

    def _known(self, argument: int | bool) -> bool:
        return isinstance(argument, bool) or argument in self.builder.constants

    def _values(self, moved: Mapping[str, int] | None = None) -> list[int]:
        return evaluated(self.graph, self.numbers, {**self.inputs, **(moved or {})})

    def _outputs(self, moved: Mapping[str, int]) -> list[int]:
        found = self._values(moved)
        return [found[node] for node in self.graph.outputs.values()]

    def _extra(self, wanted: Sequence[str], suffix: str) -> dict[str, str]:
        return dict(zip(wanted, seed_names(self.graph.inputs, wanted, suffix), strict=True))

    def _keys(self, wanted: Sequence[str]) -> list[Key]:
        return [Key(label, name) for label, name in product(self.graph.outputs, wanted)]

    def _finished(
        self, found: Sequence[int], slopes: Mapping[Key, int], extra: Mapping[str, str]
    ) -> Recorded:
        values = self.graph.outputs.items() if found else ()
        outputs = {f"value {label}": found[node] for label, node in values}
        called = {key: f"derivative {k}" for k, key in enumerate(slopes)}
        outputs |= {called[key]: node for key, node in slopes.items()}
        return Recorded(self.builder.finish(outputs), called, extra)


_Sweeps = Callable[[Linear, Iterable[int], Sequence[int]], list[list[Number]]]
_Quotients = Callable[[_Recorder, str, int], Iterable[int]]


def written_down(builder: Builder) -> Numbers:
    """Return the number system in which every operation is a node, nothing being simplified.

    >>> builder = Builder()
    >>> written_down(builder).function("mul")(builder.constant(1), builder.input("x"))
    2
    """

    def native(name: str) -> Callable[..., int]:
        return lambda *args: builder.node(name, args)

    return Numbers(
        name="recording",
        native=native,
        constant=builder.constant,
        finite=lambda _: True,
        isnan=lambda _: False,
        many=True,
        eager=True,
        rows=builder.rows,
    )
