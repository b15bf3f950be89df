"""A program with fewer changes of sign: each is moved on to where it costs nothing.

On arrays a change of sign is a pass over the numbers like any other operation. Products and
quotients hand it on, sums and differences take it in, a constant factor changes its own; IEEE 754
arithmetic gives the same bits either way, zeros and infinities included.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from itertools import chain

from adviz.compiler.program.data import Program
from adviz.compiler.program.draft import over, rebuilt
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
    if "neg" not in program.ops:
        return program
    draft = over(program)
    rules = _Signs(draft.builder).rules

    def moved(node: int) -> int | None:
        rule = rules.get(program.ops[node]) if node >= first else None
        return None if rule is None else rule(*[draft.found[a] for a in program.args[node]])

    made = rebuilt(draft, program, draft.plainly, moved)
    return _led(made if _operations(made) < _operations(program) else program, first)


def _led(program: Program, first: int) -> Program:
    """Return the program with the sign of a product that is used once at its first factor."""
    turned = _turned(program, first)
    if not turned:
        return program
    draft = over(program)
    signs = _Signs(draft.builder)

    def led(node: int) -> int | None:
        op, old = program.ops[node], program.args[node]
        if op == "neg" and old[0] in turned:
            return draft.found[old[0]]
        if node in turned and old[0] not in turned:
            left, right = [draft.found[argument] for argument in old]
            return draft.builder.node(op, (signs.opposite(left), right))
        return None

    return rebuilt(draft, program, draft.plainly, led)


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
