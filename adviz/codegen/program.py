"""A derivative as a straight-line program: what it is given, what it does, what it gives.

The sweeps of `adviz.sweep`, run in the nodes of a graph under construction, write the program;
neutral constants are folded, equal subexpressions are shared, and what no result needs is left
out. Method: Griewank & Walther, *Evaluating Derivatives* (2nd ed., 2008), chapters 3 and 5.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from typing import Any, Literal, cast, get_args

from adviz.builder import Builder
from adviz.derive import derivative_label, growing
from adviz.errors import AdvizError
from adviz.graph import CONST, INPUT, Constant, Graph, Guard
from adviz.modes import wanted_inputs
from adviz.numbers import FLOAT64, Numbers
from adviz.primitives import TABLE, Primitive, Table
from adviz.sweep import active, needed, pull_back, push_forward

Kind = Literal["value", "gradient", "jacobian", "jvp", "vjp", "hvp", "hessian", "trace"]
KINDS: tuple[str, ...] = get_args(Kind)


@dataclass(frozen=True, eq=False)
class Program:
    """Operations in order, each on earlier ones; the engine's fields are those of a Graph.

    >>> import adviz
    >>> made = program(adviz.build("x*y"))
    >>> list(made.parameters), made.results
    (['x', 'y'], {'f': 2, 'df/dx': 1, 'df/dy': 0})
    """

    kind: str
    """What it computes besides the values."""
    ops: tuple[str, ...]
    """Per node its operation: `input`, `const`, or the name of a row."""
    args: tuple[tuple[int, ...], ...]
    """Per node its arguments by position."""
    constants: Mapping[int, Constant]
    """The numbers of the `const` nodes."""
    parameters: Mapping[str, int]
    """What it is given, name to node: the inputs, then tangents or cotangents."""
    results: Mapping[str, int]
    """What it gives, label to node: the outputs, then their derivatives."""
    values: int
    """The number of results that are outputs."""
    names: Mapping[int, str]
    """What the author, or a result's label, calls nodes; a language makes it legal."""
    symbols: Mapping[int, str]
    """What other nodes are called if they are assigned at all: `v1`, `v1_bar`."""
    primal: int
    """The number of leading nodes that compute values, not derivatives."""
    rows: Table
    """The rows its operations refer to."""
    guards: tuple[Guard, ...] = ()
    """None: a point that a graph's guard refuses has no value in its program."""

    def __len__(self) -> int:
        return len(self.ops)

    def is_nothing(self, node: int) -> bool:
        """Return whether a node is 0/0, which stands where there is no value."""
        args = self.args[node]
        return self.ops[node] == "div" and {self.constants.get(a) for a in args} == {0}

    @property
    def inputs(self) -> Mapping[str, int]:
        """The parameters, as a sweep calls them."""
        return self.parameters

    @property
    def outputs(self) -> Mapping[str, int]:
        """The results, as a sweep calls them."""
        return self.results


def program(
    graph: Graph,
    kind: str = "gradient",
    wrt: str | Sequence[str] | None = None,
    of: str | None = None,
    *,
    watched: bool = False,
) -> Program:
    """Return the program that computes a graph's values and derivatives.

    - `value`: the outputs alone.
    - `gradient`, `jacobian`: `df/dx` of the one output, of all of them.
    - `jvp`: parameters `x_dot`, results `f_dot`. `vjp`: parameters `f_bar`, results `x_bar`.
    - `hvp`: parameters `x_dot`, results `x_bar_dot`, the Hessian times a direction.
    - `hessian`: `df/dx` and then `d2f/dxdy`; mixed derivatives are computed once.
    - `trace`: parameters `x_dot` and `f_bar`; every number of a film, labelled `value 3`,
      `partial 3 0` (the edge into node 3 at position 0), `tangent 3`, `adjoint 3`, and
      `taken 3`, the condition under which the node is evaluated at all, where there is one.

    `wrt` limits the inputs that are differentiated, `of` the outputs. With `watched` an output has
    no value either where something undefined went into a comparison, which would hide it: in a
    language whose undefined operations raise there is no need to watch. Raises AdvizError for an
    unknown kind or output, and where one output is wanted and there are several.

    >>> import adviz
    >>> list(program(adviz.build("sin(x)"), "hvp").results)
    ['f', 'x_bar_dot']
    """
    if kind not in KINDS:
        raise AdvizError(f"there is no kind {kind!r} of program; kinds are {', '.join(KINDS)}")
    if of is not None and of not in graph.outputs:
        raise AdvizError(f"there is no output {of!r}; outputs are {', '.join(graph.outputs)}")
    labels = [of] if of is not None else list(graph.outputs)
    if kind in ("gradient", "hvp", "hessian") and len(labels) > 1:
        raise AdvizError(
            f"a {kind} is of one output; say of= one of {', '.join(labels)}, or ask for a jacobian"
        )
    wanted = wanted_inputs(graph, wrt)
    authored = {node: graph.symbol(node) for node in graph.names.values()}
    draft = _Draft(graph, 0, authored, dict(enumerate(graph.symbols)))
    draft.copy(draft.plainly)
    conditions = [draft.found[guard.node] for guard in graph.guards]
    conditions += _defined(draft, watched)
    draft.give_values({f: draft.where(conditions, graph.outputs[f]) for f in labels})
    draft.primal = len(draft.builder.ops)
    return _KINDS[kind](draft, wanted).finished(kind)


def expanded(program: Program, known: Container[str]) -> Program:
    """Return a program in which every row is known, the others replaced by their definitions.

    Raises AdvizError naming a row that is neither known nor defined by other rows.

    >>> import adviz
    >>> expanded(program(adviz.build("sec(x)"), "value"), {"cos", "div"}).ops
    ('input', 'const', 'cos', 'div')
    """
    if all(op in known for op in program.ops if op not in (INPUT, CONST)):
        return program
    draft = _Draft(program, program.primal, program.names, program.symbols)
    node = draft.plainly.native
    draft.copy(replace(draft.plainly, native=lambda row: node(row) if row in known else None))
    draft.give_values({label: draft.found[node] for label, node in program.results.items()})
    return replace(draft.finished(program.kind), values=program.values)


def seed_names(taken: Container[str], names: Sequence[str], suffix: str) -> list[str]:
    """Return what the parameters of tangents (`_dot`) or cotangents (`_bar`) are called.

    >>> seed_names(["x", "y", "x_dot"], ["x", "y"], "_dot")
    ['x_dot_', 'y_dot']
    """
    made = []
    for name in names:
        fresh = name + suffix
        while fresh in taken or fresh in made:
            fresh += "_"
        made.append(fresh)
    return made


class _Draft:
    """A program under construction: what is copied, what it is given, what it gives."""

    def __init__(
        self,
        copied: Graph | Program,
        primal: int,
        names: Mapping[int, str],
        symbols: Mapping[int, str],
    ) -> None:
        self.graph = cast(Graph, copied)  # a sweep reads only what the two have in common
        self.authored, self.symbols = names, symbols
        self.builder = Builder(copied.rows)
        self.numbers = growing(self.builder)
        self.plainly = replace(self.numbers, native=self._node, _bound={})
        self.parameters = {name: self.builder.input(name) for name in copied.inputs}
        self.found: list[int] = []
        self.names: dict[int, str] = {}
        self.otherwise: dict[int, str] = {}
        self.results: dict[str, int] = {}
        self.values, self.primal, self._copied_primal = 0, 0, primal

    def _node(self, row: str) -> Callable[..., int]:
        """Return what adds a node of a row as it stands: what an author wrote is not folded."""
        return lambda *args: self.builder.node(row, args)

    def copy(self, numbers: Numbers) -> None:
        """Add every node of what is copied, its rows as a number system has them."""
        graph, found = self.graph, self.found
        inputs = {node: self.parameters[name] for name, node in graph.inputs.items()}
        for node, (op, args) in enumerate(zip(graph.ops, graph.args, strict=True)):
            if op == INPUT:
                found.append(inputs[node])
            elif op == CONST:
                found.append(self.builder.constant(graph.constants[node]))
            else:
                found.append(numbers.function(op)(*[found[a] for a in args]))
            if node in self.authored:
                self.names.setdefault(found[node], self.authored[node])
            self.call(found[node], node)
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
        """Add a result, which is 0 where nothing arrived."""
        while label in self.results:
            label += "'"
        self.results[label] = node = self.builder.constant(0) if node is None else node
        self.names.setdefault(node, label)

    def where(self, conditions: Iterable[int], output: int) -> int:
        """Return an output's node; where a condition fails it is 0/0, no number."""
        node = self.found[output]
        for condition in conditions:
            zero = self.builder.constant(0)
            nothing = self.builder.node("div", (zero, zero))
            node = self.builder.node("where", (condition, node, nothing))
        return node

    def seeds(self, names: Sequence[str], suffix: str) -> dict[str, int]:
        """Return a new parameter for each name."""
        made = seed_names(self.parameters, names, suffix)
        self.parameters.update((name, self.builder.input(name)) for name in made)
        return dict(zip(names, map(self.parameters.__getitem__, made), strict=True))

    def reverse(self, seeds: Mapping[str, int], wanted: Sequence[str]) -> list[int | None]:
        """Return the nodes of all adjoints, of the wanted inputs' and of what lies between."""
        graph, add = self.graph, self.numbers.function("add")
        adjoints: list[Any] = [None] * len(graph)
        for label, seed in seeds.items():
            node = graph.outputs[label]
            adjoints[node] = seed if adjoints[node] is None else add(adjoints[node], seed)
        reached = active(graph, [graph.inputs[name] for name in wanted])
        for _ in pull_back(graph, self.numbers, self.found, adjoints, reached):
            pass
        for node, adjoint in enumerate(adjoints):
            self.call(adjoint, node, "_bar")
        return adjoints

    def forward(self, seeds: Mapping[str, int]) -> list[int | None]:
        """Return the nodes of all tangents."""
        graph = self.graph
        tangents: list[Any] = [None] * len(graph)
        for name, seed in seeds.items():
            tangents[graph.inputs[name]] = seed
        reached = active(graph, [graph.inputs[name] for name in seeds])
        for _ in push_forward(graph, self.numbers, self.found, tangents, reached):
            pass
        for node, tangent in enumerate(tangents):
            self.call(tangent, node, "_dot")
        return tangents

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


def _defined(draft: _Draft, watched: bool) -> list[int]:
    """Return the conditions under which what is undefined shows, wherever it is needed.

    A row may have a number outside its domain; and where nothing raises, something undefined may
    go into a comparison.
    """
    graph, found = draft.graph, draft.found
    conditions: dict[int, int] = {}
    undefined = bytearray(len(graph))
    for node, args in enumerate(graph.args):
        row = graph.row(node)
        if row is None:
            continue
        undefined[node] = bool(row.domain) or any(undefined[a] for a in args)
        if row.domain and (row.lenient or row.name not in TABLE):
            inside = draft.numbers.rule(row, row.domain)
            conditions[node] = inside(*[found[a] for a in args], found[node])
        for position, argument in enumerate(args):
            if watched and undefined[argument] and _hides(row, position):
                conditions[argument] = draft.builder.node("eq", (found[argument],) * 2)
    return _where_needed(draft, conditions)


def _where_needed(draft: _Draft, conditions: Mapping[int, int]) -> list[int]:
    """Return conditions on nodes, met as well where nothing needs the node."""
    numbers = draft.numbers
    gates = needed(draft.graph, numbers, draft.found) if conditions else []
    open_, not_ = numbers.function("or"), numbers.function("not")
    return [
        condition if gates[node] is True else open_(not_(gates[node]), condition)
        for node, condition in conditions.items()
        if gates[node] is not False
    ]


@cache
def _hides(row: Primitive, position: int) -> bool:
    """Return whether a row may have a number, or an answer, where an argument is NaN."""
    function = FLOAT64.over({**TABLE, row.name: row}).function(row.name)
    for others in product((0.0, 1.0, math.inf), repeat=row.arity - 1):
        found = function(*others[:position], math.nan, *others[position:])
        if row.condition or found == found:
            return not row.is_condition(position) and row.name != "where"
    return False


def _value(draft: _Draft, wanted: Sequence[str]) -> _Draft:
    return draft


def _jacobian(draft: _Draft, wanted: Sequence[str]) -> _Draft:
    one = draft.builder.constant(1)
    for label in list(draft.results):
        adjoints = draft.reverse({label: one}, wanted)
        for name in wanted:
            draft.give(derivative_label(label, name), adjoints[draft.graph.inputs[name]])
    return draft


def _vjp(draft: _Draft, wanted: Sequence[str]) -> _Draft:
    adjoints = draft.reverse(draft.seeds([*draft.results], "_bar"), wanted)
    for name in wanted:
        draft.give(f"{name}_bar", adjoints[draft.graph.inputs[name]])
    return draft


def _jvp(draft: _Draft, wanted: Sequence[str]) -> _Draft:
    tangents = draft.forward(draft.seeds(wanted, "_dot"))
    for label in [*draft.results]:
        draft.give(f"{label}_dot", tangents[draft.graph.outputs[label]])
    return draft


def _slopes(draft: _Draft, wanted: Sequence[str]) -> tuple[_Draft, dict[str, str]]:
    """Return a draft over the gradient's program, and the label of each derivative in it."""
    first = _jacobian(draft, wanted).finished("gradient")
    second = _Draft(first, first.primal, first.names, first.symbols)
    second.copy(second.plainly)
    labels = [*first.results]
    second.give_values({label: second.found[first.results[label]] for label in labels[:1]})
    return second, dict(zip(wanted, labels[1:], strict=True))


def _hvp(draft: _Draft, wanted: Sequence[str]) -> _Draft:
    second, labels = _slopes(draft, wanted)
    tangents = second.forward(second.seeds(wanted, "_dot"))
    for name, label in labels.items():
        second.give(f"{name}_bar_dot", tangents[second.graph.outputs[label]])
    return second


def _hessian(draft: _Draft, wanted: Sequence[str]) -> _Draft:
    second, labels = _slopes(draft, wanted)
    for label in labels.values():
        second.give(label, second.found[second.graph.outputs[label]])
    one, rest = second.builder.constant(1), list(wanted)
    for name, label in labels.items():
        adjoints = second.reverse({label: one}, rest)
        for other in rest:
            second.give(derivative_label(label, other), adjoints[second.graph.inputs[other]])
        rest.remove(name)
    return second


def _trace(draft: _Draft, wanted: Sequence[str]) -> _Draft:
    graph, numbers, found = draft.graph, draft.numbers, draft.found
    tangents = draft.forward(draft.seeds(wanted, "_dot"))
    adjoints = draft.reverse(draft.seeds([*draft.results], "_bar"), wanted)
    reached = active(graph, [graph.inputs[name] for name in wanted])
    gates = needed(graph, numbers, found)
    for node, args in enumerate(graph.args):
        draft.give(f"value {node}", found[node])
        row = graph.row(node)
        for position, tail in enumerate(args):
            if row is not None and reached[tail] and row.differentiable(position):
                partial = numbers.partial(row, position)(*[found[a] for a in args], found[node])
                draft.give(f"partial {node} {position}", partial)
        for quantity, nodes in (("tangent", tangents), ("adjoint", adjoints)):
            if nodes[node] is not None:
                draft.give(f"{quantity} {node}", nodes[node])
        if not isinstance(gates[node], bool):
            draft.give(f"taken {node}", gates[node])
    return draft


_KINDS: Mapping[str, Callable[[_Draft, Sequence[str]], _Draft]] = {
    "value": _value,
    "gradient": _jacobian,
    "jacobian": _jacobian,
    "jvp": _jvp,
    "vjp": _vjp,
    "hvp": _hvp,
    "hessian": _hessian,
    "trace": _trace,
}
