"""A program as statements of one language: what is assigned, what is written in its place.

A node that is used once is written where it is used; an author's own names, results, and what is
used twice are assigned. In a language whose undefined operations raise, a node that only one
branch of a choice needs, or two, is computed only when one of them is taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import NamedTuple

from adviz.compiler.languages.language import Language, Written
from adviz.compiler.program.data import Program
from adviz.compiler.program.program import expanded, lacking
from adviz.errors import AdvizError
from adviz.graph.procedure import chooses

_LONGEST = 70
"""A longer expression gets a name of its own."""


class Gate(NamedTuple):
    """The condition's node, and whether it must be true or false."""

    condition: int
    value: bool


Gates = Mapping[int, frozenset[Gate]]
"""By node the gates of which one must be open for it to be needed."""


class Statement(NamedTuple):
    """One assignment: the node, its variable, what it is set to, and when it is needed."""

    node: int
    variable: str
    value: Written
    gate: Written | None


@dataclass(frozen=True, eq=False)
class Lowered:
    """A program as statements, with its parameters and results as the language writes them."""

    program: Program
    parameters: tuple[str, ...]
    primal: tuple[Statement, ...]
    derivative: tuple[Statement, ...]
    results: tuple[str, ...]


def lowered(program: Program, language: Language) -> Lowered:
    """Return a program as statements of a language.

    Raises AdvizError naming a row that the language has no form for and that has no definition.
    """
    if missing := lacking(program, language.forms):
        raise AdvizError(
            f"{language.name} has no {', '.join(missing)}; written in Python, the program has it"
        )
    return _Lowering(expanded(program, language.forms), language).lowered()


class _Lowering:
    """One program on its way into a language."""

    def __init__(self, program: Program, language: Language) -> None:
        self.program, self.language = program, language
        self.used: set[str] = set()
        self.written: list[Written] = [Written("")] * len(program)
        self.variables: dict[int, str] = {}
        for name, node in program.parameters.items():
            self.variables[node] = self.language.fresh(name, self.used)
        self.parameters = tuple(self.variables.values())
        self.gates = gates(program) if language.raises else {}
        self.assigned = self._assigned()
        known = (*program.names.values(), *program.symbols.values())
        taken = {language.legal(name, ()) for name in known}
        self.plain = (name for k in count(1) if (name := f"t{k}") not in taken)

    def lowered(self) -> Lowered:
        """Return the statements, those of values before those of derivatives."""
        program, order = self.program, ordered(self.program, self.gates) or []
        early = self._early(order)
        order.sort(key=lambda node: node not in early)
        statements = [one for one in map(self._placed, order) if one is not None]
        return Lowered(
            program,
            self.parameters,
            tuple(one for one in statements if one.node in early),
            tuple(one for one in statements if one.node not in early),
            tuple(self.written[node].text for node in program.results.values()),
        )

    def _early(self, order: Sequence[int]) -> set[int]:
        """Return the nodes of values, and what their gates need."""
        early = set(range(self.program.primal))
        for node in reversed(order):
            if node in early:
                early.update(_needs(self.program, self.gates, node))
        return early

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
        name = program.names.get(node) or program.symbols.get(node) or next(self.plain)
        variable = self.variables[node] = self.language.fresh(name, self.used)
        self.written[node] = Written(variable)
        return Statement(node, variable, value, self._gate(node))

    def _gate(self, node: int) -> Written | None:
        return either(self.language, self.written, self.gates.get(node, ()))

    def _assigned(self) -> set[int]:
        """Return the nodes that get a variable."""
        program = self.program
        uses = Counter(chain.from_iterable(program.args))
        assigned = {node for node, times in uses.items() if times > 1} | set(program.names)
        assigned |= set(program.results.values())
        for op, args in zip(program.ops, program.args, strict=True):
            if args and self.language.forms[op].atoms:
                assigned.update(args)
        gated = (gates for node, gates in self.gates.items() if node in assigned)
        return assigned | {gate.condition for gates in gated for gate in gates}


def ordered(program: Program, gates: Gates) -> list[int] | None:
    """Return the nodes, each after its arguments and its gates; None where they wait in a ring."""
    waits, placed = bytearray(len(program)), dict[int, None]()
    for last in range(len(program)):
        stack = [last]
        while stack:
            node = stack[-1]
            waiting = [need for need in _needs(program, gates, node) if need not in placed]
            if any(waits[need] for need in waiting):
                return None
            if waiting:
                waits[node] = True
                stack.extend(waiting)
                continue
            stack.pop()
            waits[node] = False
            placed[node] = None
    return [*placed]


def _needs(program: Program, gates: Gates, node: int) -> tuple[int, ...]:
    return (*(gate.condition for gate in gates.get(node, ())), *program.args[node])


def either(
    language: Language, written: Sequence[Written] | Mapping[int, Written], gates: Iterable[Gate]
) -> Written | None:
    """Return the condition that one of some gates is open, or None where there are none."""
    forms, whole = language.forms, None
    for condition, value in sorted(gates):
        one = written[condition] if value else forms["not"].write([written[condition]])
        whole = one if whole is None else forms["or"].write([whole, one])
    return whole


def gates(program: Program) -> Gates:
    """Return the nodes that only one or two branches of choices need, with their conditions."""
    found = _gates(program, 2)
    return found if ordered(program, found) is not None else _gates(program, 1)


def _gates(program: Program, most: int) -> Gates:
    """Return the gates of the nodes that have so many at most; all others are always needed."""
    found: dict[int, frozenset[Gate]] = dict.fromkeys(program.results.values(), _ALWAYS)
    for node in range(len(program) - 1, -1, -1):
        choice = chooses(program, node) and not program.is_nothing(program.args[node][2])
        for position, tail in enumerate(program.args[node]):
            gate = found.get(node, _ALWAYS)
            taken = program.rows[program.ops[node]].needed_where(position) if choice else None
            if taken is not None:
                gate = frozenset({Gate(program.args[node][0], taken)})
            found[tail] = _either(found.get(tail, gate), gate, most)
    return {node: some for node, some in found.items() if some and program.args[node]}


_ALWAYS: frozenset[Gate] = frozenset()


def _either(one: frozenset[Gate], other: frozenset[Gate], most: int) -> frozenset[Gate]:
    """Return the gates of which one is open where one of one or of the other is."""
    both = one | other
    plain = len({gate.condition for gate in both}) == len(both) <= most
    return both if one and other and plain else _ALWAYS
