"""What may go wrong at a point, and how it is said: domains, kinks, poles, overflow."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from copy import copy
from typing import Any, Literal

from adviz.errors import DomainError, PointError
from adviz.graph.graph import Graph
from adviz.graph.procedure import Edge
from adviz.language.brief import brief, few
from adviz.language.labels import Key
from adviz.modes.elements import first_wrong, named_element
from adviz.modes.limits import slope_advice, small, value_advice
from adviz.modes.linear import Gate, origins
from adviz.numbers import Number, Numbers
from adviz.primitives import Primitive

Status = Literal["ok", "kink", "pole", "overflow", "undefined", "skipped"]


class Judge:
    """Gives every node of a run its status; a strict one raises where there is no number."""

    def __init__(
        self, graph: Graph, numbers: Numbers, found: Sequence[Number], strict: bool
    ) -> None:
        self.graph, self.numbers, self.found, self.strict = graph, numbers, found, strict
        self.wanted: Collection[str] = graph.inputs
        """The inputs by which the next sweep differentiates."""
        self.status: list[Status] = ["ok"] * len(graph)
        self._checks: dict[str, Callable[..., Any] | None] = {}
        self._kinks: dict[str, Callable[..., Any] | None] = {}

    def point(self, point: Mapping[str, Number]) -> None:
        """Refuse inputs that are not finite."""
        for name, value in point.items():
            if self.strict and not self.numbers.finite(value):
                if self.graph.shapes is not None:
                    name, value = named_element(name, self.numbers, value)
                raise PointError(f"{name} = {value} is not finite; pass errors='ieee' to go on")

    def value(self, node: int, gate: Gate = True) -> None:
        """Judge a node's value, where its gate is open: defined, finite, on a kink."""
        row, value = self.graph.rows[self.graph.ops[node]], self.found[node]
        arguments = self._arguments(node)
        if row.condition or row.takes_conditions:
            return self._choice(node, row, arguments, gate)
        inside = self._check(self._checks, row, row.domain)
        if inside is not None and not self._holds(inside(*arguments, value), gate):
            good = inside(*arguments, value)
            return self._problem(node, "undefined", lambda judge: judge._advised(node), good)
        if not self.numbers.finite(self._behind(gate, value, 0)):
            return self._unbounded(node, row)
        kink = self._check(self._kinks, row, row.kink)
        if kink is not None and self._somewhere(kink(*arguments, value, *self._static(node)), gate):
            self.status[node] = "kink"
        return None

    def guards(self) -> None:
        """Refuse a point for which the graph was not traced; mark what was not evaluated."""
        for node, value in enumerate(self.found):
            if value is None:
                self.status[node] = "skipped"
        for guard in self.graph.guards:
            if not self.numbers.holds(self.found[guard.node]):
                raise DomainError(f"the graph does not describe this point: {guard.reason}")

    def contribution(
        self, edge: Edge, partial: Number, incoming: Number, product: Number, total: Number
    ) -> Status:
        """Judge one edge's contribution: a pole is marked, what is no number refused."""
        finite, isnan = self.numbers.finite, self.numbers.isnan
        if finite(product) and finite(total):
            return "ok"
        node = edge.head
        each = getattr(partial, "each", None)  # of what was broadcast
        partial = partial if each is None else each
        if isnan(partial):
            self._problem(node, "undefined", lambda judge: judge._no_derivative(edge), partial)
            return "undefined"
        if (isnan(product) or isnan(total)) and not isnan(incoming):
            self._problem(node, "undefined", lambda judge: judge._undetermined(edge), product)
            return "undefined"
        if not finite(partial) and self._at_pole(edge):
            return self._marked(node, "pole")
        if finite(incoming):
            self._problem(node, "overflow", lambda judge: judge._overflowing(edge), product)
            return self.status[node]
        return "ok"

    def higher(
        self, edge: Edge, numbers: Sequence[Number], gate: Gate, what: str, cure: Callable[[], str]
    ) -> Status:
        """Judge what an edge brings to a derivative of higher order, called so, and the sum.

        What would work is asked for where there is none.
        """
        shown = [self._behind(gate, number, 0) for number in numbers]
        if all(map(self.numbers.finite, shown)):
            return self.status[edge.head]
        status: Status = "undefined" if any(map(self.numbers.isnan, shown)) else "overflow"
        self._problem(
            edge.head,
            status,
            lambda _: (
                f"there is no finite {what} of {self.graph.describe(edge.head)}, at "
                f"{self._operands(edge)}; {cure()}, or pass errors='ieee' to go on"
            ),
        )
        return status

    # --- conditions ------------------------------------------------------------------------

    def _arguments(self, node: int) -> list[Number]:
        return [self.found[argument] for argument in self.graph.args[node]]

    def _static(self, node: int) -> tuple[Any, ...]:
        return (self.graph.params or {}).get(node, ())

    def _choice(self, node: int, row: Primitive, arguments: list[Number], gate: Gate) -> None:
        """Mark a comparison on its boundary, and whatever is decided by such a one."""
        value, kink = self.found[node], self._check(self._kinks, row, row.kink)
        decided_by = [
            argument
            for position, argument in enumerate(self.graph.args[node])
            if row.is_condition(position) and self.status[argument] == "kink"
        ]
        if decided_by or (kink is not None and self._somewhere(kink(*arguments, value), gate)):
            self.status[node] = "kink"

    def _check(
        self, known: dict[str, Callable[..., Any] | None], row: Primitive, text: str
    ) -> Callable[..., Any] | None:
        if row.name not in known:
            known[row.name] = self.numbers.rule(row, text) if text else None
        return known[row.name]

    def _behind(self, gate: Gate, found: Any, otherwise: Any) -> Any:
        """Return what was found where a gate is open, and something harmless where it is not."""
        return found if gate is True else self.numbers.function("where")(gate, found, otherwise)

    def _holds(self, condition: Any, gate: Gate = True) -> bool:
        return self.numbers.holds(self._behind(gate, condition, True))

    def _somewhere(self, condition: Any, gate: Gate = True) -> bool:
        shown = self._behind(gate, condition, False)
        return bool(shown.any()) if hasattr(shown, "any") else bool(shown)

    # --- problems --------------------------------------------------------------------------

    def _marked(self, node: int, status: Status) -> Status:
        """Return a node's status from now on: where there is no value, nothing else counts."""
        if self.status[node] != "undefined":
            self.status[node] = status
        return self.status[node]

    def _problem(
        self, node: int, status: Status, message: Callable[[Judge], str], good: Any = True
    ) -> None:
        """Note what is wrong with a node, or raise it; in an array with the first such element.

        `good` says of every element whether it is, or is a number that should be finite.
        """
        self._marked(node, status)
        if not self.strict:
            return
        if self.graph.shapes is None:
            raise DomainError(message(self), node, status)
        judge = copy(self)
        judge.found, said = first_wrong(self.graph, self.numbers, self.found, node, good)
        raise DomainError(said + message(judge), node, status)

    def _unbounded(self, node: int, row: Primitive) -> None:
        arguments = self._arguments(node)
        if not all(self.numbers.finite(a) for a in arguments if a is not None):
            return
        value = self.found[node]
        if self.numbers.isnan(value):
            self._problem(node, "undefined", lambda judge: judge._advised(node), value)
        self._problem(node, "overflow", lambda judge: judge._too_large(node, row), value)

    def _too_large(self, node: int, row: Primitive) -> str:
        shown = ", ".join(map(self._operand, self.graph.args[node]))
        return (
            f"overflow: {row.label or row.name} of {shown} is too large for "
            f"{self.numbers.name} ({self.graph.describe(node)}); "
            f"pass digits=50 to compute it, or errors='ieee' to go on with inf"
        )

    def _advised(self, node: int) -> str:
        """Say what is undefined, and what the formula around it tends to, if to anything."""
        point = {name: self.found[place] for name, place in self.graph.inputs.items()}
        said = self._outside(node)
        return said + value_advice(self.graph, point, node) if small(self.graph, point) else said

    def _outside(self, node: int) -> str:
        parts = outside(self.graph, node)
        return "".join(part if isinstance(part, str) else str(self.found[part]) for part in parts)

    def _at_pole(self, edge: Edge) -> bool:
        row = self.graph.rows[self.graph.ops[edge.head]]
        if not row.pole:
            return False
        rule = self.numbers.rule(row, row.pole)
        return self._somewhere(rule(*self._arguments(edge.head), self.found[edge.head]))

    def _undetermined(self, edge: Edge) -> str:
        return (
            f"the derivative is undetermined at {self._operands(edge)}: 0 times infinity, or "
            f"infinity minus infinity, between {self.graph.describe(edge.head)} and "
            f"{self.graph.symbol(edge.tail)}{self._slopes_tend()}"
        )

    def _slopes_tend(self) -> str:
        """Say what the wanted derivatives tend to, if to anything."""
        graph, labels = self.graph, [*self.graph.outputs]
        point = {name: self.found[place] for name, place in graph.inputs.items()}
        if len(labels) > 1 or not small(graph, point):
            return ""
        said = (
            slope_advice(graph, point, labels[0], name, str(Key(labels[0], name)))
            for name in self.wanted
        )
        return next(filter(None, said), "")

    def _overflowing(self, edge: Edge) -> str:
        return (
            f"overflow in the derivative of {self.graph.describe(edge.head)} by "
            f"{self.graph.symbol(edge.tail)} at {self._operands(edge)}; pass digits=50 to compute "
            f"it, or errors='ieee' to go on with inf"
        )

    def _no_derivative(self, edge: Edge) -> str:
        leading = origins(self.graph, edge.tail, self.found)
        names = few([name for name in self.wanted if name in leading])
        by = "" if edge.tail in leading.values() else f", by {self.graph.symbol(edge.tail)}"
        return (
            f"the derivative by {names} does not exist at {self._operands(edge)} "
            f"({self.graph.describe(edge.head)}{by}); leave {names} out of wrt="
        )

    def _operands(self, edge: Edge) -> str:
        """Return the values of the arguments that have a name."""
        arguments = dict.fromkeys(self.graph.args[edge.head])
        named = [a for a in arguments if a not in self.graph.constants]
        return ", ".join(f"{self.graph.symbol(a)} = {self._operand(a)}" for a in named)

    def _operand(self, node: int) -> str:
        found = self.found[node]
        return brief(found) if self.graph.shape(node) else str(found)


def outside(graph: Graph, node: int) -> tuple[str | int, ...]:
    """Return why a node has no value, in parts: where a node's number belongs stands the node.

    >>> import adviz
    >>> outside(adviz.build("log(x)"), 1)
    ('log is undefined at ', 0, ' (node x, column 5 of the formula); its argument must be > 0')
    """
    row, where, arguments = graph.rows[graph.ops[node]], graph.describe(node), graph.args[node]
    if row.domain == "y != 0":
        denominator = graph.describe(arguments[1])
        return (f"division by zero ({where}; the denominator is {denominator})",)
    if len(arguments) == 1:
        operand = graph.describe(arguments[0])
        return (
            f"{row.name} is undefined at ",
            arguments[0],
            f" ({operand}); its argument must {needs(row)}",
        )
    shown = [part for argument in arguments for part in (", ", argument)][1:]
    return (
        f"{row.name} is undefined at (",
        *shown,
        f") ({where}); it needs {row.needs or row.domain}",
    )


def needs(row: Primitive) -> str:
    """Return what a row's only argument must be, in words.

    >>> from adviz.primitives import TABLE
    >>> needs(TABLE["log"]), needs(TABLE["asin"]), needs(TABLE["gamma"])
    ('be > 0', 'be between -1 and 1', 'be other than 0, -1, -2, …')
    """
    if row.needs:
        return f"be {row.needs}"
    simple = re.fullmatch(r"x (\S+ \S+)", row.domain)
    if simple:
        return f"be {simple[1]}"
    between = re.fullmatch(r"(\S+) <= x <= (\S+)", row.domain)
    return f"be between {between[1]} and {between[2]}" if between else f"satisfy {row.domain}"
