"""A graph from a SymPy expression: what SymPy rewrote is recognised again.

SymPy holds `a - b` as `a + (-1)*b`, `a/b` as `a*b**(-1)` and `sqrt(a)` as `a**(1/2)`. Every
object is visited once, by identity, so the cost is that of the expression's graph and a
subexpression used forty levels deep is never expanded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

import sympy

from adviz.errors import GraphError
from adviz.graph.builder import Builder
from adviz.graph.graph import Graph
from adviz.primitives import Table
from adviz.sources.unevaluated import Expression, leaf, meaning, reason, short

_LARGEST, _SCALE = 2**1023, 2**512
"""Integers below the first are doubles in size; larger ones are divided by the second."""


def from_sympy(source: Expression, rows: Table, *, share: bool = True) -> Graph:
    """Return the graph of a SymPy expression, or of every entry of a SymPy matrix, array or list.

    Inputs are the free symbols and the elements of indexed arrays, sorted by name. What SymPy
    left undone is done first. Raises GraphError for what has no row, naming it and its place.

    >>> import adviz, sympy
    >>> x, y = sympy.symbols("x y")
    >>> adviz.build((x - y)/sympy.sqrt(x)).text
    'f(x, y) = (x - y)/sqrt(x)'
    """
    entries = _entries(source)
    meanings: dict[int, Expression] = {}
    order = [part for entry in entries for part in _postorder(entry, meanings)]
    builder = Builder(rows, share=share)
    for name in sorted(_inputs(order), key=_natural):
        builder.input(name)
    reader = _Reader(builder, meanings)
    for part in order:
        try:
            reader.read(part)
        except GraphError as problem:
            raise GraphError(f"{problem}{_place(part, order)}") from None
    labels = ["f"] if len(entries) == 1 else [f"f{i}" for i in range(1, len(entries) + 1)]
    outputs = {label: reader.node(entry) for label, entry in zip(labels, entries, strict=True)}
    return builder.finish(outputs)


def _entries(source: Expression) -> list[Expression]:
    """Return the expressions of a source, row by row."""
    if isinstance(source, sympy.MatrixExpr):
        if not all(isinstance(side, int | sympy.Integer) for side in source.shape):
            shape = " × ".join(map(str, source.shape))
            raise GraphError(f"SymPy's {source} has the shape {shape}; give it one in numbers")
        return list(source.as_explicit())
    if isinstance(source, sympy.NDimArray):
        return list(sympy.flatten(source))
    listed = isinstance(source, list | sympy.Tuple)
    several = listed or getattr(source, "is_Matrix", False)
    return list(source) if several else [source]


def _postorder(root: Expression, meanings: dict[int, Expression]) -> Iterator[Expression]:
    """Yield every distinct object once, after what it is made of, without recursion.

    What an object stands for is put into `meanings`, by its identity.
    """
    seen: set[int] = set()
    stack: list[tuple[Expression, bool]] = [(root, False)]
    while stack:
        part, ready = stack.pop()
        if ready:
            yield part
        elif id(part) not in seen:
            seen.add(id(part))
            stack.append((part, True))
            stack.extend((one, False) for one in reversed(_made_of(part, meanings)))


def _made_of(part: Expression, meanings: dict[int, Expression]) -> tuple[Expression, ...]:
    """Return what must be read before an object: what it stands for, or its arguments."""
    if leaf(part) is not None:
        return ()
    meant = meaning(part)
    if meant is None:
        return tuple(part.args)
    meanings[id(part)] = meant
    return (meant,)


def _place(part: Expression, order: list[Expression]) -> str:
    """Return where an object stands: in the smallest expression around it."""
    around = next((one for one in order if any(a is part for a in one.args)), None)
    return "" if around is None else f" (in {short(around)})"


def _inputs(parts: list[Expression]) -> list[str]:
    """Return the names of the free symbols; two symbols of one name are an error."""
    found: dict[str, Expression] = {}
    for part in parts:
        name = leaf(part)
        if name is not None and found.setdefault(name, part) != part:
            raise GraphError(f"two different SymPy symbols are called {name!r}")
    return list(found)


def _natural(name: str) -> list[tuple[int, int | str]]:
    """Return a key that sorts x2 before x10."""
    parts = re.split(r"(\d+)", name)
    return [(0, int(part)) if part.isdecimal() else (1, part) for part in parts]


class _Reader:
    """Nodes by the identity of the SymPy object they stand for, which is kept alive for it."""

    def __init__(self, builder: Builder, meanings: Mapping[int, Expression]) -> None:
        self.builder, self.meanings = builder, meanings
        self.nodes: dict[int, int] = {}
        self.kept: list[Expression] = []
        self.rows = {row.names.get("sympy", name): name for name, row in builder.rows.items()}
        self.kinds: dict[type, str] = {}

    def node(self, part: Expression) -> int:
        """Return the node of an object, read now if it was not met as an argument."""
        if id(part) not in self.nodes:
            self.read(part)
        return self.nodes[id(part)]

    def read(self, part: Expression) -> None:
        """Add one object whose arguments have been read."""
        kind, name = self.kind(type(part)), leaf(part)
        if name is not None:
            node = self.builder.input(name)
        elif id(part) in self.meanings:
            node = self.node(self.meanings[id(part)])
        elif part.is_Number or part.is_NumberSymbol:
            node = self.number(part)
        elif kind in ("ExprCondPair", "Tuple"):
            return
        elif part is sympy.true or part is sympy.false:
            zero = self.builder.constant(0)
            node = self.builder.node("eq" if part else "ne", (zero, zero))
        elif kind in _SHAPES:
            node = _SHAPES[kind](self, part)
        elif kind in self.rows:
            node = self.apply(self.rows[kind], part)
        else:
            raise GraphError(f"SymPy's {short(part)} {reason(part)}")
        self.nodes[id(part)] = node
        self.kept.append(part)

    def kind(self, cls: type) -> str:
        """Return the class by which an object is read: its own, or the nearest it descends from."""
        if cls not in self.kinds:
            names = [kind.__name__ for kind in cls.__mro__]
            known = (name for name in names if name in _SHAPES or name in self.rows)
            self.kinds[cls] = next(known, names[0])
        return self.kinds[cls]

    def number(self, part: Expression) -> int:
        """Return a constant: exactly the integer, quotient or double that it is."""
        if part.is_Rational:
            return self.quotient(int(part.p), int(part.q))
        if part.is_Float:
            return self.builder.constant(float(part))
        if part is sympy.pi:
            return self.builder.node("pi", ())
        if part is sympy.E:
            return self.builder.node("exp", (self.builder.constant(1),))
        if part.is_NumberSymbol:
            return self.builder.constant(float(part))
        raise GraphError(f"SymPy's {part} is not a number that a formula can hold")

    def quotient(self, p: int, q: int) -> int:
        """Return a rational number; one beyond the doubles is scaled by powers of two."""
        if _fits(sympy.Rational(p, q)):
            over = self.builder.constant(p)
            return over if q == 1 else self.builder.node("div", (over, self.builder.constant(q)))
        for op, part in (("mul", p), ("div", q)):
            if part % _SCALE == 0:
                rest = (p // _SCALE, q) if op == "mul" else (p, q // _SCALE)
                return self.builder.node(op, (self.quotient(*rest), self.builder.constant(_SCALE)))
        raise GraphError(f"the constant {str(p)[:24]} is not a finite double")

    def apply(self, op: str, part: Expression) -> int:
        """Return a row applied to the nodes of an object's arguments."""
        row = self.builder.rows[op]
        args = tuple(self.node(argument) for argument in part.args)
        if len(args) != row.arity and not (row.fold and len(args) > 1):
            raise GraphError(f"{short(part)}: {op} takes {row.arity} arguments, not {len(args)}")
        return self.builder.fold(op, args) if row.fold else self.builder.node(op, args)

    def product(self, factors: list[int]) -> int:
        """Return the product of some nodes; of none it is 1."""
        return self.builder.fold("mul", tuple(factors)) if factors else self.builder.constant(1)

    def add(self, part: Expression) -> int:
        """Return a sum; terms with a negative coefficient are subtracted."""
        terms = [(_negated(term), term) for term in part.args]
        positive = [term for minus, term in terms if minus is None]
        negative = [minus for minus, _ in terms if minus is not None]
        if not positive:
            total = self.node(terms[0][1])
            negative = negative[1:]
        else:
            total = self.builder.fold("add", tuple(self.node(term) for term in positive))
        for term in negative:
            total = self.builder.node("sub", (total, self.product_of(term)))
        return total

    def mul(self, part: Expression) -> int:
        """Return a product or quotient, negated when its coefficient is negative."""
        minus = _negated(part)
        if minus is not None:
            return self.builder.node("neg", (self.product_of(minus),))
        return self.product_of(part.args)

    def product_of(self, factors: tuple[Expression, ...]) -> int:
        """Return the product of factors; negative powers and denominators go below the bar."""
        above: list[int] = []
        below: list[int] = []
        for factor in factors:
            if factor.is_Rational and not factor.is_Integer and _fits(factor):
                above += [self.builder.constant(int(factor.p))] if factor.p != 1 else []
                below.append(self.builder.constant(int(factor.q)))
            elif factor.is_Pow and _is_negative(factor.exp):
                below.append(self.power(factor.base, -factor.exp))
            else:
                above.append(self.node(factor))
        top = self.product(above)
        return self.builder.node("div", (top, self.product(below))) if below else top

    def pow(self, part: Expression) -> int:
        """Return a power; a negative exponent is one over its opposite."""
        if part.base is sympy.E:
            return self.builder.node("exp", (self.node(part.exp),))
        if _is_negative(part.exp):
            below = self.power(part.base, -part.exp)
            return self.builder.node("div", (self.builder.constant(1), below))
        return self.power(part.base, part.exp)

    def power(self, base: Expression, exponent: Expression) -> int:
        """Return a base to an exponent that is not a negative number."""
        under = self.node(base)
        if exponent == 1:
            return under
        if exponent == sympy.S.Half:
            return self.builder.node("sqrt", (under,))
        return self.builder.node("pow", (under, self.node(exponent)))

    def piecewise(self, part: Expression) -> int:
        """Return nested choices; the last branch must hold everywhere else."""
        *branches, (last, _) = part.args
        node = self.node(last)
        for value, condition in reversed(branches):
            node = self.builder.node("where", (self.node(condition), self.node(value), node))
        return node

    def heaviside(self, part: Expression) -> int:
        """Return the unit step, with SymPy's value at 0."""
        argument, zero = self.node(part.args[0]), self.builder.constant(0)
        at_zero = self.node(part.args[1]) if len(part.args) > 1 else self.builder.number(0.5)
        node = self.builder.node
        rest = node("where", (node("eq", (argument, zero)), at_zero, zero))
        return node("where", (node("gt", (argument, zero)), self.builder.constant(1), rest))

    def real_part(self, part: Expression) -> int:
        """Return the logarithm of the size of a gamma function, which SymPy has no name for."""
        (inside,) = part.args
        return self.builder.node("lgamma", (self.node(inside.args[0]),))

    def polygamma(self, part: Expression) -> int:
        """Return digamma, which SymPy writes as polygamma(0, x), or a higher one."""
        order, argument = part.args
        if order == 0:
            return self.builder.node("digamma", (self.node(argument),))
        return self.apply("polygamma", part)


_SHAPES: Mapping[str, Callable[[_Reader, Expression], int]] = {
    "Add": _Reader.add,
    "Mul": _Reader.mul,
    "Pow": _Reader.pow,
    "Piecewise": _Reader.piecewise,
    "Heaviside": _Reader.heaviside,
    "polygamma": _Reader.polygamma,
    "re": _Reader.real_part,
}
"""The SymPy classes that are read otherwise than as one row applied to their arguments."""


def _is_negative(exponent: Expression) -> bool:
    return bool(exponent.is_Number and exponent < 0)


def _fits(number: Expression) -> bool:
    """Return whether a rational number's parts are not larger than doubles."""
    return max(abs(int(number.p)), int(number.q)) < _LARGEST


def _negated(term: Expression) -> tuple[Expression, ...] | None:
    """Return the factors of minus a term whose coefficient is negative, else None."""
    if term.is_Number and term < 0:
        return (-term,)
    if not term.is_Mul or not (term.args[0].is_Number and term.args[0] < 0):
        return None
    coefficient, *rest = term.args
    return tuple(rest) if coefficient == -1 else (-coefficient, *rest)
