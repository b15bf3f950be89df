"""Ways of working a sheet: the right one, and those that are known to go wrong, a row each.

A fault of the gallery of broken AD is such a way as it is: people make by hand the mistakes that
programs make. What only people do is added here: a rule that is remembered wrongly, a factor of
the chain rule that is left out, a value that is computed by another operation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from adviz.checking.faults.gallery import ENGINE_FAULTS, in_rule, overwritten, rule_faults
from adviz.checking.faults.parts import RIGHT, Accumulation, Scope
from adviz.graph.graph import Graph
from adviz.graph.procedure import Edge, Procedure
from adviz.modes.linear import Linear
from adviz.modes.sweep import Parts
from adviz.modes.trace import Trace
from adviz.numbers import Number
from adviz.primitives import RESULT, TABLE, Table

Function = Callable[..., Number]


class Reason(NamedTuple):
    """What explains a number: what it is called, and what is done, as a clause."""

    name: str
    says: str


@dataclass(frozen=True, eq=False)
class Way:
    """One way of working: what it is called, what is done, and the sweep that does it."""

    name: str
    says: str
    """What is done, as a clause: `an adjoint is overwritten …`."""
    broken: Accumulation = RIGHT
    values: Mapping[str, str] = field(default_factory=dict)
    """Rows that are computed by another formula, in their arguments."""
    modes: tuple[str, ...] = ("forward", "reverse")
    """The sweeps that can be worked so."""

    @property
    def reason(self) -> Reason:
        """What explains a number that is found so."""
        return Reason(self.name, self.says)

    def meaning(self, rows: Table) -> Callable[[str], Function]:
        """Return what gives the function by which a row is computed."""
        numbers = self.broken.numbers.over(rows)

        def function(name: str) -> Function:
            if name not in self.values:
                return numbers.function(name)
            rule = numbers.rule(rows[name], self.values[name])
            return lambda *args: rule(*args, None)

        return function


RIGHTLY = Way("right", "everything is worked as it should be")

# --- What only people do --------------------------------------------------------------------------


def _by_rule(name: str, position: int, text: str, says: str) -> Way:
    """Return the way in which one local partial of a row is another formula."""

    def partial(linear: Linear, edge: Edge) -> Number:
        return linear.numbers.rule(linear.procedure.rows[name], text)(
            *[linear.found[node] for node in linear.procedure.args[edge.head]],
            linear.found[edge.head],
        )

    parts = Accumulation(Parts(partial=partial)).only(in_rule(name, position))
    return Way(f"∂{name}/∂{TABLE[name].args[position]} as {text}", says, parts)


def _by_value(name: str, text: str, says: str) -> Way:
    """Return the way in which the value of a row is another formula."""
    return Way(f"{name} as {text}", says, values={name: text}, modes=_ALL)


def _of_functions(graph: Procedure, edge: Edge) -> bool:
    """Return whether an edge leads into a function of one argument that is no sign."""
    row = graph.rows[graph.ops[edge.head]]
    return row.arity == 1 and not row.symbol and row.partials[0] != RESULT


def _into(name: str) -> Scope:
    return lambda graph, edge: graph.ops[edge.head] == name


def _one(linear: Linear, edge: Edge) -> Number:
    return linear.numbers.constant(1)


def _not_differentiated(linear: Linear, edge: Edge) -> Number:
    return linear.found[edge.head]


def _partial_alone(linear: Linear, edge: Edge, before: Number, _: Number) -> Number:
    partial = linear.partial(edge)
    return partial if before is None else linear.add(before, partial)


def _multiplied(linear: Linear, _: Edge, before: Number, product: Number) -> Number:
    return product if before is None else linear.multiply(before, product)


_ALL = ("evaluate", "forward", "reverse")

_SWEPT_BY_HAND: tuple[Way, ...] = (
    Way(
        "tangent overwritten",
        "a tangent is overwritten instead of added up (= for +=)",
        Accumulation(Parts(arrive=overwritten)),
        modes=("forward",),
    ),
    Way(
        "no factor",
        "the chain rule's factor is forgotten: a local partial counts as 1",
        Accumulation(Parts(partial=_one)),
    ),
    Way(
        "no inner factor",
        "the inner derivative of a function is forgotten",
        Accumulation(Parts(partial=_one)).only(_of_functions),
    ),
    Way(
        "nothing comes in",
        "local partials are added up, but not multiplied by what comes in",
        Accumulation(Parts(arrive=_partial_alone)),
    ),
    Way(
        "not differentiated",
        "a function stands where its derivative should stand",
        Accumulation(Parts(partial=_not_differentiated)).only(_of_functions),
    ),
    Way(
        "product of derivatives",
        "the derivative of a product is taken for the product of the derivatives",
        Accumulation(Parts(partial=_one, arrive=_multiplied)).only(_into("mul")),
        modes=("forward",),
    ),
)

# One line a mistake: row, argument, the formula that is used for the partial, and what is done.
# fmt: off
_RULES_BY_HAND: tuple[tuple[str, int, str, str], ...] = (
    ("mul",     0, "1",            "a factor's partial of a product is taken for 1"),
    ("mul",     1, "1",            "a factor's partial of a product is taken for 1"),
    ("mul",     0, "x",            "the partial of a product is the factor itself, not the other"),
    ("mul",     1, "y",            "the partial of a product is the factor itself, not the other"),
    ("div",     1, "1/y",          "the denominator is differentiated by as the numerator is"),
    ("div",     1, "-x/y",         "the denominator is not squared in the partial of a quotient"),
    ("div",     1, "-1/y**2",      "the numerator is forgotten in the partial of a quotient"),
    ("pow",     0, "x**(y - 1)",   "the exponent of a power is not brought down as a factor"),
    ("pow",     0, "y*x**y",       "the exponent of a power is not lowered by one"),
    ("pow",     1, "y*x**(y - 1)", "an exponential is differentiated like a power"),
    ("pow",     1, "x**y",         "the logarithm of the base is forgotten"),
    ("exp",     0, "x*exp(x - 1)", "an exponential is differentiated like a power"),
    ("log",     0, "1/log(x)",     "the derivative of log is taken for 1/log"),
    ("sqrt",    0, "0.5*sqrt(x)",  "the root is not in the denominator of its derivative"),
    ("sigmoid", 0, "x*(1 - x)",    "s·(1 − s) is computed from the argument, not from the value"),
    ("tanh",    0, "1 - x**2",     "1 − t² is computed from the argument, not from the value"),
    ("sin",     0, "cos(x*pi/180)",      "an angle in radians is taken for degrees"),
    ("cos",     0, "-sin(x*pi/180)",     "an angle in radians is taken for degrees"),
    ("tan",     0, "1/cos(x*pi/180)**2", "an angle in radians is taken for degrees"),
)
# One line a mistake: row, the formula that is used for the value, and what is done.
_VALUES_BY_HAND: tuple[tuple[str, str, str], ...] = (
    ("sub", "y - x",         "the operands of a difference are swapped"),
    ("div", "y/x",           "the operands of a quotient are swapped"),
    ("pow", "y**x",          "base and exponent are swapped"),
    ("pow", "x*y",           "the exponent is multiplied with the base"),
    ("mul", "x + y",         "a product is added up"),
    ("add", "x*y",           "a sum is multiplied"),
    ("sub", "x + y",         "a difference is added up"),
    ("sin", "sin(x*pi/180)", "an angle in radians is taken for degrees"),
    ("cos", "cos(x*pi/180)", "an angle in radians is taken for degrees"),
    ("tan", "tan(x*pi/180)", "an angle in radians is taken for degrees"),
)
# fmt: on

BY_HAND: tuple[Way, ...] = (
    *_SWEPT_BY_HAND,
    *(_by_rule(*row) for row in _RULES_BY_HAND),
    *(_by_value(*row) for row in _VALUES_BY_HAND),
)
"""What goes wrong by hand."""

_OF_REVERSE = frozenset({"overwrite", "early", "uncleared"})
"""The faults of engines that only a reverse sweep can have."""


def ways_for(trace: Trace) -> list[Way]:
    """Return the wrong ways in which a sweep may be worked: those of what its graph computes.

    >>> import adviz
    >>> [way.name for way in ways_for(adviz.evaluate("sin(x)", at={"x": 1}))]
    ['sin as sin(x*pi/180)']
    """
    used = {*trace.graph.ops}
    by_hand = [way for way in BY_HAND if not way.values or used & {*way.values}]
    known = [*_of_engines(), *by_hand, *_of_rules(trace.graph)]
    return [way for way in known if trace.mode in way.modes]


def _of_engines() -> Iterator[Way]:
    for fault in ENGINE_FAULTS:
        modes = ("reverse",) if fault.name in _OF_REVERSE else ("forward", "reverse")
        yield Way(fault.name, fault.title, fault.broken, modes=modes)


def _of_rules(graph: Graph) -> Iterator[Way]:
    rows = {name: row for name, row in graph.rows.items() if name in {*graph.ops}}
    return (Way(fault.name, fault.title, fault.broken) for fault in rule_faults(rows))
