"""The gallery of broken AD: mistakes that people make, each as a reverse sweep one can run.

Every fault is the engine's own reverse sweep with one part exchanged: `=` for `+=` is another
`arrive`, depth first another `order`, a wrong rule another `partial`. So all of them run on any
formula, give an ordinary trace that draws and plays, and a gradient that `check` can judge.

What goes wrong is collected from Griewank & Walther, *Evaluating Derivatives* (2nd ed., 2008),
section 3.2, and from Karpathy's *The spelled-out intro to neural networks and backpropagation*
(2022), which makes several of these mistakes on purpose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from adviz.checking.faults.parts import RIGHT, Accumulation, Scope, at_output
from adviz.graph.procedure import Edge, chooses
from adviz.modes.building import build, of_numbers
from adviz.modes.linear import Gate, Linear
from adviz.modes.point import Point
from adviz.modes.sweep import Parts
from adviz.modes.trace import Trace
from adviz.numbers import Number
from adviz.numbers.float32 import FLOAT32
from adviz.numbers.float64 import FLOAT64
from adviz.primitives import TABLE, Primitive, Table
from adviz.sources import Source

# --- The parts, broken ----------------------------------------------------------------------------


def overwritten(_: Linear, __: Edge, before: Number, product: Number) -> Number:
    """`=` in place of `+=`."""
    return product


def at_first_arrival(linear: Linear, adjoints: list[Number]) -> Iterator[Edge]:
    """Depth first: a node hands on what it holds as soon as anything has arrived."""
    met = {node for node, adjoint in enumerate(adjoints) if adjoint is not None}
    stack = [linear.uses(node) for node in sorted(met)]
    while stack:
        for edge in stack[-1]:
            yield edge
            if adjoints[edge.tail] is not None and edge.tail not in met:
                met.add(edge.tail)
                stack.append(linear.uses(edge.tail))
                break
        else:
            stack.pop()


def one_of_parallel(linear: Linear, edge: Edge) -> Gate:
    """A graph without parallel edges: an operation uses a node once, however often it does."""
    first = linear.procedure.args[edge.head].index(edge.tail)
    return edge.position == first and linear.taken(edge)


def untaken(linear: Linear, edge: Edge) -> Gate:
    """Of a choice the branch that is not taken counts."""
    return not chooses(linear.procedure, edge.head) or not linear.taken(edge)


def never(_: Linear, __: Edge) -> Gate:
    """Nothing travels."""
    return False


def partial_of_the_other(linear: Linear, edge: Edge) -> Number:
    """The local partial by the other one of two arguments."""
    tails = linear.procedure.args[edge.head]
    return linear.partial(Edge(tails[1 - edge.position], edge.head, 1 - edge.position))


def scaled(factor: float) -> Callable[[Linear, Edge], Number]:
    """Return the part in which every local partial is multiplied by a factor."""

    def partial(linear: Linear, edge: Edge) -> Number:
        return linear.multiply(linear.numbers.constant(factor), linear.partial(edge))

    return partial


def earlier(linear: Linear, output: int) -> Mapping[int, Number]:
    """The inputs still hold the gradient of an earlier run."""
    held = at_output(linear, output)
    for name, number in RIGHT.gradient(linear, output).items():
        node = linear.procedure.inputs[name]
        held[node] = linear.add(held[node], number) if node in held else number
    return held


BOTH_BRANCHES = replace(FLOAT64, many=True, eager=True, _bound={})
"""Floats, with every branch of a choice evaluated."""


# --- The gallery ----------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Fault:
    """One mistake: what it is, where it shows, and the sweep that makes it.

    >>> import adviz
    >>> from adviz.checking.faults.gallery import BY_NAME
    >>> fault = BY_NAME["overwrite"]
    >>> fault.example, fault.reverse().gradient
    ('(x + y)*(x - y)', {'x': 1.0, 'y': 1.0})
    """

    name: str
    title: str
    """What is wrong, as a clause: `an adjoint is overwritten …`."""
    says: str
    """One sentence for those who see it for the first time."""
    example: str
    """A formula on which it changes the gradient."""
    at: Mapping[str, float]
    """The point at which it does."""
    broken: Accumulation

    def reverse(
        self, source: Source | None = None, at: Point | None = None, of: str | None = None
    ) -> Trace:
        """Return the broken sweep as a trace, of the fault's own example unless one is given.

        >>> import adviz
        >>> from adviz.checking.faults.gallery import BY_NAME
        >>> trace = BY_NAME["single edge"].reverse("x*x*y", at={"x": 3, "y": 2})
        >>> trace.gradient, adviz.reverse("x*x*y", at={"x": 3, "y": 2}).gradient
        ({'x': 6.0, 'y': 9.0}, {'x': 12.0, 'y': 9.0})
        """
        given = self.example if source is None else source
        return self.broken.reverse(given, self.at if at is None else at, of)

    def gradient(self, source: Source | None = None) -> Callable[..., dict[str, Any]]:
        """Return the gradient that somebody with this mistake in the code would have.

        It takes the inputs as floats in their order and returns the derivatives by name; of a
        formula with several outputs, by output and by name.

        >>> from adviz.checking.faults.gallery import BY_NAME
        >>> BY_NAME["swapped"].gradient("x - y")(3.0, 2.0)
        {'x': -1.0, 'y': 1.0}
        """
        graph = of_numbers(build(self.example if source is None else source))

        def broken(*point: float) -> dict[str, Any]:
            at = dict(zip(graph.inputs, point, strict=True))
            linear = self.broken.linear(graph, at)
            found = {f: self.broken.gradient(linear, node) for f, node in graph.outputs.items()}
            return found if len(found) > 1 else next(iter(found.values()))

        return broken


def in_rule(name: str, position: int) -> Scope:
    """Return the scope of one local partial of one row."""
    return lambda graph, edge: edge.position == position and graph.ops[edge.head] == name


_ORDERED = ("sub", "div", "pow")
_RUNNING = "(x + y)*(x - y)", {"x": 3.0, "y": 2.0}

ENGINE_FAULTS: tuple[Fault, ...] = (
    Fault(
        "overwrite",
        "an adjoint is overwritten instead of added up (= for +=)",
        "Where a value is used more than once its contributions add up; here the one that arrives "
        "last replaces the others.",
        *_RUNNING,
        Accumulation(Parts(arrive=overwritten)),
    ),
    Fault(
        "early",
        "a node hands its adjoint on before it is complete",
        "The sweep runs depth first and processes a node as soon as one contribution has arrived; "
        "what arrives later never reaches the inputs.",
        "a = x + y; b = a*x; a*b",
        {"x": 3.0, "y": 2.0},
        Accumulation(Parts(order=at_first_arrival)),
    ),
    Fault(
        "single edge",
        "two uses by the same operation count once (one edge for x*x)",
        "The graph keeps one edge from x to x*x where there are two uses, so one of the two "
        "contributions is never sent.",
        "x*x",
        {"x": 3.0},
        Accumulation(Parts(counts=one_of_parallel)),
    ),
    Fault(
        "swapped",
        "the arguments are swapped in the partials of -, / or **",
        "The local partials of an operation whose arguments cannot be exchanged are handed to the "
        "wrong argument.",
        "x/y",
        {"x": 3.0, "y": 2.0},
        Accumulation(Parts(partial=partial_of_the_other)).only(
            lambda graph, edge: graph.ops[edge.head] in _ORDERED
        ),
    ),
    Fault(
        "uncleared",
        "gradients are not cleared between two runs",
        "The inputs still hold the gradient of the first run when the second one adds its own, so "
        "that everything comes out twice.",
        *_RUNNING,
        Accumulation(start=earlier),
    ),
    Fault(
        "untaken",
        "the branch that is not taken is differentiated",
        "The value comes from one branch of the condition and the derivative from the other.",
        "x*x if x > 0 else -x",
        {"x": 3.0},
        Accumulation(Parts(counts=untaken), numbers=BOTH_BRANCHES),
    ),
    Fault(
        "missing term",
        "the product rule has lost its second term",
        "The product hands its adjoint to its first factor only: (u*v)' = u'*v, and u*v' is "
        "forgotten.",
        "x*sin(x)",
        {"x": 2.0},
        Accumulation(Parts(counts=never)).only(in_rule("mul", 1)),
    ),
    Fault(
        "float32",
        "the derivative is computed in float32",
        "Every operation keeps 24 bits, about seven digits, and a difference of large numbers "
        "keeps none of them.",
        "(x + y)**2 - x**2",
        {"x": 10000.0, "y": 0.01},
        Accumulation(numbers=FLOAT32),
    ),
)
"""What goes wrong in an engine."""

_SHOWING: Mapping[tuple[str, int], tuple[float, ...]] = {
    **{(name, 0): (1.6,) for name in ("asec", "acsc", "acosh", "acoth")},
    **{(f"elliptic_{name}_derivative", 1): (2.0, 0.6) for name in "ke"},
    ("min", 0): (1.7, 2.6),
    ("max", 1): (1.7, 2.6),
    ("clip", 0): (1.7, 0.6, 2.6),
    ("clip", 1): (0.6, 1.7, 2.6),
    ("clip", 2): (2.6, 0.6, 1.7),
    ("huber", 0): (1.7, 2.6),
    ("leaky_relu", 1): (-2.6, 0.1),
    ("where", 1): (1.0, 2.6, 1.7),
    ("where", 2): (-1.0, 2.6, 1.7),
}
"""Where a row's partial is defined and not 0, if that is not its usual place."""
_USUAL: Mapping[tuple[str, ...], tuple[float, ...]] = {
    ("n", "x"): (2.0, 1.7),
    ("n", "a", "x"): (2.0, 0.6, 1.7),
    ("n", "x", "y"): (2.0, 0.6, 1.7),
}
"""The usual place of rows with an order; that of others is 0.6, or 2.6 and 1.7."""


def rule_faults(rows: Table = TABLE) -> Iterator[Fault]:
    """Yield two faults for every local partial of a table: a wrong sign, and a factor of 2.

    >>> fault = next(iter(rule_faults({"sin": TABLE["sin"]})))
    >>> fault.name, fault.example, fault.at
    ('sign of ∂sin/∂x', 'sin(x)', {'x': 0.6})
    """
    for row in rows.values():
        for position, partial in enumerate(row.partials):
            if partial not in ("", "0"):
                yield from _of_rule(row, position)


def _of_rule(row: Primitive, position: int) -> Iterator[Fault]:
    """Yield the faults of one local partial."""
    rule, text = f"∂{row.name}/∂{row.args[position]}", row.partials[position]
    usual = _USUAL.get(row.args, (0.6,) if row.arity == 1 else (2.6, 1.7))
    at = _SHOWING.get((row.name, position), usual)
    for name, factor, wrong in (("sign", -1.0, "the wrong sign"), ("double", 2.0, "a factor of 2")):
        yield Fault(
            f"{name} of {rule}",
            f"the rule {rule} has {wrong}",
            f"Where the table of rules says {text}, the broken one has {factor:g} times that.",
            _example(row, at),
            {name: at[k] for k, name in enumerate(row.args) if k not in row.orders},
            Accumulation(Parts(partial=scaled(factor))).only(in_rule(row.name, position)),
        )


def _example(row: Primitive, at: Sequence[float]) -> str:
    """Return one application of a row to its orders at a place, and inputs named like the rest."""
    operands = [
        f"{a} > 0" if row.is_condition(k) else f"{at[k]:g}" if k in row.orders else a
        for k, a in enumerate(row.args)
    ]
    if not row.symbol:
        return f"{row.name}({', '.join(operands)})"
    return f"{row.symbol}{operands[0]}" if row.arity == 1 else f" {row.symbol} ".join(operands)


FAULTS: tuple[Fault, ...] = (*ENGINE_FAULTS, *rule_faults())
"""Every fault: of engines, and of every rule of the table."""

BY_NAME: Mapping[str, Fault] = {fault.name: fault for fault in FAULTS}
