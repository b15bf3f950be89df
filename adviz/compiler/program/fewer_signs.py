"""A program with fewer changes of sign: each is moved on to where it costs nothing.

On arrays a change of sign is a pass over the numbers like any other operation. Products and
quotients hand it on, sums and differences take it in, a constant factor changes its own; IEEE 754
arithmetic gives the same bits either way, zeros and infinities included.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import chain

from adviz.compiler.program.data import Program
from adviz.graph.builder import Builder
from adviz.graph.procedure import CONST, INPUT


def with_fewer_signs(program: Program, first: int = 0) -> Program:
    """Return the program with changes of sign moved on, where that saves operations.

    The nodes before the `first` stay as they are. A sign that is left stands where it is read
    best: before the first factor of a product.

    >>> import adviz
    >>> from adviz.compiler.program.program import program
    >>> made = program(adviz.build("exp(-x**2/2)"), "value")
    >>> made.ops
    ('input', 'const', 'pow', 'neg', 'div', 'exp')
    >>> with_fewer_signs(made).ops
    ('input', 'const', 'pow', 'const', 'div', 'exp')
    """
    builder = Builder(program.rows)
    rules = _Signs(builder).rules

    def moved(node: int, args: tuple[int, ...]) -> int:
        op = program.ops[node]
        rule = rules.get(op) if node >= first else None
        return builder.node(op, args) if rule is None else rule(*args)

    made = _rebuilt(program, builder, moved)
    return _led(made if _operations(made) < _operations(program) else program, first)


def _led(program: Program, first: int) -> Program:
    """Return the program with the sign of a product that is used once at its first factor."""
    turned = _turned(program, first)
    builder = Builder(program.rows)

    def led(node: int, args: tuple[int, ...]) -> int:
        op, old = program.ops[node], program.args[node]
        if op == "neg" and old[0] in turned:
            return args[0]
        if node in turned and old[0] not in turned:
            args = (_Signs(builder).opposite(args[0]), *args[1:])
        return builder.node(op, args)

    return _rebuilt(program, builder, led)


def _turned(program: Program, first: int) -> set[int]:
    """Return the products and quotients that are to have the other sign."""
    uses = Counter(chain(chain.from_iterable(program.args), program.results.values()))
    known = program.names.keys() | program.symbols.keys()
    turned: set[int] = set()
    for node in range(len(program) - 1, first - 1, -1):
        if program.ops[node] == "neg" or node in turned:
            inner = program.args[node][0]
            product = program.ops[inner] in ("mul", "div") and inner >= first
            if product and uses[inner] == 1 and inner not in known:
                turned.add(inner)
    return turned


def _rebuilt(
    program: Program, builder: Builder, operation: Callable[[int, tuple[int, ...]], int]
) -> Program:
    """Return the program with every operation as a function of node and arguments makes it."""
    found: list[int] = []
    inputs = {node: name for name, node in program.parameters.items()}
    for node, (op, args) in enumerate(zip(program.ops, program.args, strict=True)):
        if op == INPUT:
            found.append(builder.input(inputs[node]))
        elif op == CONST:
            found.append(builder.constant(program.constants[node]))
        else:
            found.append(operation(node, tuple([found[argument] for argument in args])))
    return _kept(program, builder, found)


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

    def opposite(self, node: int) -> int:
        """Return a number with the other sign, a constant as one."""
        constants = self.builder.constants
        return self.builder.constant(-constants[node]) if node in constants else self.neg(node)
