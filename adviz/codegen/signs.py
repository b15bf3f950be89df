"""A program with fewer changes of sign: each is moved on to where it costs nothing.

On arrays a change of sign is a pass over the numbers like any other operation. Products and
quotients hand it on, sums and differences take it in, a constant factor changes its own; IEEE 754
arithmetic gives the same bits either way, zeros and infinities included.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from adviz.builder import Builder
from adviz.codegen.program import Program
from adviz.graph import CONST, INPUT


def signed(program: Program) -> Program:
    """Return the program with changes of sign moved on, where that saves operations.

    >>> import adviz
    >>> from adviz.codegen.program import program
    >>> made = program(adviz.build("exp(-x**2/2)"), "value")
    >>> made.ops
    ('input', 'const', 'pow', 'neg', 'div', 'exp')
    >>> signed(made).ops
    ('input', 'const', 'pow', 'const', 'div', 'exp')
    """
    builder, found = Builder(program.rows), list[int]()
    rules = _Signs(builder).rules
    inputs = {node: name for name, node in program.parameters.items()}
    for node, (op, args) in enumerate(zip(program.ops, program.args, strict=True)):
        if op == INPUT:
            found.append(builder.input(inputs[node]))
        elif op == CONST:
            found.append(builder.constant(program.constants[node]))
        else:
            moved = tuple([found[argument] for argument in args])
            found.append(rules[op](*moved) if op in rules else builder.node(op, moved))
    made = _kept(program, builder, found)
    return made if _operations(made) < _operations(program) else program


def _kept(program: Program, builder: Builder, found: list[int]) -> Program:
    """Return what was built, without the nodes that no result needs."""
    kept = builder.kept({label: found[node] for label, node in program.results.items()})
    new = {node: place for place, node in enumerate(kept)}
    return replace(
        program,
        ops=tuple([builder.ops[node] for node in kept]),
        args=tuple([tuple([new[a] for a in builder.args[node]]) for node in kept]),
        constants={new[n]: value for n, value in builder.constants.items() if n in new},
        parameters={name: new[found[node]] for name, node in program.parameters.items()},
        results={label: new[found[node]] for label, node in program.results.items()},
        names=_moved(program.names, found, new),
        symbols=_moved(program.symbols, found, new),
        primal=len({new[n] for n in found[: program.primal] if n in new}),
    )


def _moved(names: Mapping[int, str], found: list[int], new: Mapping[int, int]) -> dict[int, str]:
    """Return the names of the nodes that are still there."""
    return {new[found[node]]: name for node, name in names.items() if found[node] in new}


def _operations(program: Program) -> int:
    """Return how many nodes compute something."""
    return sum(op not in (INPUT, CONST) for op in program.ops)


class _Signs:
    """The rows that hand on a change of sign, or take it in.

    A node whose operation is `neg` stands for its argument with the other sign; where nothing
    needs it as a number of its own, it is left out in the end.
    """

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.rules: Mapping[str, Callable[..., int]] = {
            "neg": self.neg,
            "add": self.add,
            "sub": self.sub,
            "mul": lambda x, y: self.product("mul", x, y),
            "div": lambda x, y: self.product("div", x, y),
            "pow": self.pow,
            "abs": lambda x: self.builder.node("abs", (self.plain(x),)),
        }

    def plain(self, node: int) -> int:
        """Return a node without its change of sign."""
        return self.builder.args[node][0] if self.builder.ops[node] == "neg" else node

    def neg(self, x: int) -> int:
        plain = self.plain(x)
        return self.builder.node("neg", (x,)) if plain == x else plain

    def add(self, x: int, y: int) -> int:
        for one, other in ((x, y), (y, x)):
            if self.plain(other) != other:
                return self.builder.node("sub", (one, self.plain(other)))
        return self.builder.node("add", (x, y))

    def sub(self, x: int, y: int) -> int:
        plain = self.plain(y)
        return self.builder.node("sub", (x, y)) if plain == y else self.add(x, plain)

    def pow(self, x: int, y: int) -> int:
        square = self.builder.constants.get(y) == 2
        return self.builder.node("pow", (self.plain(x) if square else x, y))

    def product(self, op: str, x: int, y: int) -> int:
        left, right = self.plain(x), self.plain(y)
        if (left == x) == (right == y):
            return self.builder.node(op, (left, right))
        if self.builder.constants.get(left):
            return self.builder.node(op, (self.opposite(left), right))
        if self.builder.constants.get(right):
            return self.builder.node(op, (left, self.opposite(right)))
        return self.neg(self.builder.node(op, (left, right)))

    def opposite(self, constant: int) -> int:
        """Return a constant with the other sign."""
        return self.builder.constant(-self.builder.constants[constant])
