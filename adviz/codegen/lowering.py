"""A program as statements of one language: what is assigned, what is written in its place.

A node that is used once is written where it is used; an author's own names, results, and what is
used twice are assigned. In a language whose undefined operations raise, a node that only one
branch of a choice needs is computed only when that branch is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from adviz.codegen.language import Language, Written
from adviz.codegen.program import Program, expanded
from adviz.graph import CONST, INPUT

_LONGEST = 70
"""A longer expression gets a name of its own."""


class Gate(NamedTuple):
    """The condition's node, and whether it must be true or false."""

    condition: int
    value: bool


class Statement(NamedTuple):
    """One assignment: the node, its variable, what it is set to, and when it is needed."""

    node: int
    variable: str
    value: Written
    gate: tuple[str, bool] | None


@dataclass(frozen=True, eq=False)
class Lowered:
    """A program as statements, with its parameters and results as the language writes them."""

    program: Program
    parameters: tuple[str, ...]
    primal: tuple[Statement, ...]
    derivative: tuple[Statement, ...]
    results: tuple[str, ...]
    rows: frozenset[str]
    """The rows that are used."""


def lowered(program: Program, language: Language) -> Lowered:
    """Return a program as statements of a language.

    Raises AdvizError naming a row that the language has no form for and that has no definition.
    """
    return _Lowering(expanded(program, language.forms), language).lowered()


class _Lowering:
    """One program on its way into a language."""

    def __init__(self, program: Program, language: Language) -> None:
        self.program, self.language = program, language
        self.used: set[str] = set()
        self.written: list[Written] = [Written("")] * len(program)
        self.variables: dict[int, str] = {}
        for name, node in program.parameters.items():
            self.variables[node] = self._fresh(name)
        self.parameters = tuple(self.variables.values())
        self.gates = _gates(program) if language.raises else {}
        self.assigned = self._assigned()

    def lowered(self) -> Lowered:
        """Return the statements, those of values before those of derivatives."""
        program, statements = self.program, []
        for node in self._order():
            statement = self._placed(node)
            if statement is not None:
                statements.append(statement)
        return Lowered(
            program,
            self.parameters,
            tuple(one for one in statements if one.node < program.primal),
            tuple(one for one in statements if one.node >= program.primal),
            tuple(self.written[node].text for node in program.results.values()),
            frozenset(program.ops) - {INPUT, CONST},
        )

    def _order(self) -> Iterator[int]:
        """Yield the nodes, each after its arguments and after the condition of its gate."""
        placed = bytearray(len(self.program))
        for last in range(len(self.program)):
            stack = [last]
            while stack:
                node = stack[-1]
                waiting = [need for need in self._needs(node) if not placed[need]]
                if waiting:
                    stack.extend(waiting)
                    continue
                stack.pop()
                if not placed[node]:
                    placed[node] = True
                    yield node

    def _needs(self, node: int) -> tuple[int, ...]:
        gate = self.gates.get(node)
        return (
            self.program.args[node] if gate is None else (gate.condition, *self.program.args[node])
        )

    def _placed(self, node: int) -> Statement | None:
        """Write a node, and return its assignment if it has one."""
        program = self.program
        if node in self.variables:
            self.written[node] = Written(self.variables[node])
            return None
        if node in program.constants:
            self.written[node] = self.language.number(program.constants[node])
            return None
        form = self.language.forms[program.ops[node]]
        value = form.write([self.written[argument] for argument in program.args[node]])
        if node not in self.assigned and len(value.text) <= _LONGEST:
            self.written[node] = value
            return None
        name = program.names.get(node) or program.symbols.get(node) or f"t{node}"
        variable = self.variables[node] = self._fresh(name)
        self.written[node] = Written(variable)
        return Statement(node, variable, value, self._gate(node))

    def _gate(self, node: int) -> tuple[str, bool] | None:
        gate = self.gates.get(node)
        return gate and (self.written[gate.condition].text, gate.value)

    def _assigned(self) -> set[int]:
        """Return the nodes that get a variable."""
        program = self.program
        uses = [0] * len(program)
        for args in program.args:
            for argument in args:
                uses[argument] += 1
        assigned = {node for node, count in enumerate(uses) if count > 1} | set(program.names)
        assigned |= set(program.results.values())
        assigned |= {gate.condition for gate in self.gates.values()}
        for op, args in zip(program.ops, program.args, strict=True):
            if args and self.language.forms[op].atoms:
                assigned.update(args)
        return assigned

    def _fresh(self, name: str) -> str:
        made = self.language.legal(name, self.used)
        self.used.add(made)
        return made


def _gates(program: Program) -> Mapping[int, Gate]:
    """Return the nodes that only one branch of one choice needs, with that branch's condition."""
    gates: dict[int, Gate | None] = dict.fromkeys(program.results.values())
    for node in range(len(program) - 1, -1, -1):
        choice = program.ops[node] == "where" and not program.is_nothing(program.args[node][2])
        for position, tail in enumerate(program.args[node]):
            gate = gates.get(node)
            if choice and position:
                gate = Gate(program.args[node][0], position == 1)
            gates[tail] = gate if tail not in gates or gates[tail] == gate else None
    return {n: gate for n, gate in gates.items() if gate is not None and program.args[n]}
