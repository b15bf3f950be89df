"""A graph from a CasADi Function: its instructions on scalars, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any

from adviz.errors import GraphError
from adviz.graph.builder import Builder
from adviz.graph.graph import Graph
from adviz.primitives import Table
from adviz.sources.structure import called

ROWS: Mapping[str, str] = {
    "ADD": "add", "SUB": "sub", "MUL": "mul", "DIV": "div", "NEG": "neg",
    "POW": "pow", "CONSTPOW": "pow", "SQRT": "sqrt", "HYPOT": "hypot",
    "EXP": "exp", "EXPM1": "expm1", "LOG": "log", "LOG1P": "log1p",
    "SIN": "sin", "COS": "cos", "TAN": "tan",
    "ASIN": "asin", "ACOS": "acos", "ATAN": "atan", "ATAN2": "atan2",
    "SINH": "sinh", "COSH": "cosh", "TANH": "tanh",
    "ASINH": "asinh", "ACOSH": "acosh", "ATANH": "atanh",
    "FABS": "abs", "SIGN": "sign", "COPYSIGN": "copysign", "FLOOR": "floor", "CEIL": "ceil",
    "FMOD": "fmod", "FMIN": "min", "FMAX": "max", "ERF": "erf", "ERFINV": "erfinv",
    "LT": "lt", "LE": "le", "EQ": "eq", "NE": "ne", "AND": "and", "OR": "or", "NOT": "not",
}  # fmt: skip
"""The operations that are rows, by CasADi's name without OP_."""
Composed = Callable[["_Reading", int, int], int]
COMPOSED: Mapping[str, Composed] = {
    "SQ": lambda reading, x, _: reading.node("mul", x, x),
    "TWICE": lambda reading, x, _: reading.node("mul", reading.builder.constant(2), x),
    "INV": lambda reading, x, _: reading.node("div", reading.builder.constant(1), x),
    "IF_ELSE_ZERO": lambda reading, c, x: reading.node("where", c, x, reading.builder.constant(0)),
    "ASSIGN": lambda _, x, __: x,
    "LIFT": lambda _, x, __: x,
}
"""The operations that are several rows, or none, of their first and second argument."""


def from_casadi(function: Any, rows: Table, *, share: bool = True) -> Graph:
    """Return the graph of a CasADi Function, an input a number and an output a number of it.

    A vector or matrix becomes x0, x1, … or A0_0, A0_1, …; entries that are always 0 are no inputs.
    A Function of MX expressions is expanded to scalars by CasADi first.

    Raises GraphError naming the operations that have no row, and for what CasADi cannot expand.
    """
    reading = _Reading(_expanded(function), Builder(rows, share=share))
    return reading.graph()


def _expanded(function: Any) -> Any:
    """Return a Function whose instructions are of scalars."""
    try:
        return function if function.is_a("SXFunction") else function.expand()
    except RuntimeError as error:
        raise GraphError(
            f"CasADi cannot expand {function.name()}, a {function.class_name()}, to scalars: "
            f"{str(error).strip().splitlines()[-1]}"
        ) from None


class _Reading:
    """One Function on its way into a graph: the nodes that its work vector holds."""

    def __init__(self, function: Any, builder: Builder) -> None:
        self.function = function
        self.builder: Builder = builder
        self.held: dict[int, int] = {}
        self.names = _names_of_operations()

    def graph(self) -> Graph:
        """Return the whole as a graph."""
        self._refuse_unknown()
        inputs = [self._inputs(k) for k in range(self.function.n_in())]
        found: dict[tuple[int, int], int] = {}
        for k in range(self.function.n_instructions()):
            name = self.names[self.function.instruction_id(k)]
            given, to = self.function.instruction_input(k), self.function.instruction_output(k)
            if name == "OUTPUT":
                found[to[0], to[1]] = self._number(self.held[given[0]])
            elif name == "INPUT":
                self.held[to[0]] = inputs[given[0]][given[1]]
            elif name == "CONST":
                self.held[to[0]] = self.builder.constant(self.function.instruction_constant(k))
            else:
                self.held[to[0]] = self._operation(name, [self.held[place] for place in given])
        return self.builder.finish(dict(self._outputs(found)))

    def node(self, row: str, *args: int) -> int:
        """Return the node of a row; conditions and numbers, which CasADi does not tell apart."""
        known = self.builder.rows[row]
        fitting = [
            self._condition(arg) if known.is_condition(place) else self._number(arg)
            for place, arg in enumerate(args)
        ]
        return self.builder.node(row, tuple(fitting))

    def _operation(self, name: str, args: Sequence[int]) -> int:
        if name in ROWS:
            return self.node(ROWS[name], *args[: self.builder.rows[ROWS[name]].arity])
        return COMPOSED[name](self, args[0], args[-1])

    def _is_condition(self, node: int) -> bool:
        row = self.builder.rows.get(self.builder.ops[node])
        return row is not None and row.condition

    def _number(self, node: int) -> int:
        """Return a node as a number: a condition is 1 or 0."""
        if not self._is_condition(node):
            return node
        one, zero = self.builder.constant(1), self.builder.constant(0)
        return self.builder.node("where", (node, one, zero))

    def _condition(self, node: int) -> int:
        """Return a node as a condition: a number holds where it is not 0."""
        if self._is_condition(node):
            return node
        return self.builder.node("ne", (node, self.builder.constant(0)))

    def _refuse_unknown(self) -> None:
        """Refuse operations without a row, all of them by name."""
        known = {*ROWS, *COMPOSED, "INPUT", "OUTPUT", "CONST"}
        codes = map(self.function.instruction_id, range(self.function.n_instructions()))
        unknown = sorted({self.names[code] for code in codes} - known)
        if unknown:
            raise GraphError(
                f"{self.function.name()} has operations of CasADi that have no row: "
                f"{', '.join(f'OP_{name}' for name in unknown)}"
            )

    def _inputs(self, position: int) -> dict[int, int]:
        """Return the nodes of an input's entries, by their place among those that are not 0."""
        name, pattern = self.function.name_in(position), self.function.sparsity_in(position)
        places = {entry: k for k, entry in enumerate(_entries(pattern))}
        names = {entry: _element(name, entry, pattern.shape) for entry in sorted(places)}
        made = {places[entry]: self.builder.input(names[entry]) for entry in names}
        if tuple(names.values()) != (name,):
            self.builder.vectors[name] = tuple(names.values())
        return made

    def _outputs(self, found: Mapping[tuple[int, int], int]) -> Iterator[tuple[str, int]]:
        """Yield the numbers of every output by label; what is always 0 is that constant."""
        for position in range(self.function.n_out()):
            name, pattern = self.function.name_out(position), self.function.sparsity_out(position)
            places = {entry: k for k, entry in enumerate(_entries(pattern))}
            rows, columns = pattern.shape
            every = [(i, j) for i in range(rows) for j in range(columns)]
            for count, entry in enumerate(every, 1):
                place = position, places.get(entry, -1)
                label = name if len(every) == 1 else f"{name}{count}"
                yield label, found[place] if place in found else self.builder.constant(0)


def _names_of_operations() -> dict[int, str]:
    """Return CasADi's names of its operations, by their numbers."""
    casadi: Any = import_module("casadi")
    return {value: name[3:] for name, value in vars(casadi).items() if name.startswith("OP_")}


def _entries(pattern: Any) -> list[tuple[int, int]]:
    """Return row and column of the entries that are not always 0, as CasADi counts them."""
    return list(zip(pattern.row(), pattern.get_col(), strict=True))


def _element(name: str, entry: tuple[int, int], shape: tuple[int, int]) -> str:
    """Return the name of an entry: x of a number, x0 of a vector, A0_0 of a matrix."""
    if shape == (1, 1):
        return called((name,))
    return called((name, entry[0]) if shape[1] == 1 else (name, *entry))
