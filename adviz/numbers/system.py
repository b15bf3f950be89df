"""The number systems a graph can be run in, and how each finds the functions of the table.

A system is a few namespaces searched by a row's name (first our own small runtime module, then
the library: `math`, NumPy, an mpmath context, SymPy) and, for rows that no namespace has, the
row's own definition. Every function of a system is total: outside its domain it returns NaN and
on overflow an infinity, so that *where* an error is raised is decided in one place, the sweep.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib import import_module
from typing import Any

from adviz.errors import AdvizError
from adviz.numbers.given import float64
from adviz.numbers.rules import Function, compiled
from adviz.primitives import ARRAYS, RESULT, TABLE, Primitive, Table, extend, own
from adviz.primitives.row import ADJOINT, TANGENT, Rules
from adviz.primitives.structural import STATIC_ROWS

Number = Any
"""A value of some number system: float, array, mpf, Fraction, SymPy expression, node."""


@dataclass(frozen=True, eq=False)
class Numbers:
    """One number system.

    `native(name)` gives the system's own function of a row or None; `constant` takes a Python
    int or float to the system, exactly; `finite` and `isnan` judge a value; `holds` says whether
    a condition is true everywhere.
    """

    name: str
    native: Callable[[str], Function | None]
    constant: Callable[[Any], Number]
    finite: Callable[[Number], bool]
    isnan: Callable[[Number], bool]
    holds: Callable[[Any], bool] = bool
    following: Callable[[Number, Number], Number] = lambda partial, _: partial
    """Gives a local partial, or NaN where the node's own value is NaN."""
    exact: bool = False
    """Whether arithmetic is exact, so that only rational rows have a value."""
    many: bool = False
    """Whether one value stands for many points."""
    eager: bool = False
    """Whether both branches of a choice are computed: of a value some elements may take either."""
    given: Callable[[str, Any], Number] = float64
    """Takes a user's real number, of a name, to the system; raises PointError if it cannot."""
    total: bool = False
    """Whether a node outside its row's domain is NaN; else it is what the function gives there."""
    textbook: bool = False
    """Whether a missing function is taken from its definition instead of its stable form."""
    rows: Table = field(default_factory=lambda: TABLE)
    _bound: dict[tuple[str, str], Function] = field(default_factory=dict)

    def __reduce__(self) -> tuple[Callable[..., Numbers], tuple[Any, ...]]:
        return _restored, (self.name, tuple(own(self.rows)), self.eager and not self.many)

    def over(self, rows: Table) -> Numbers:
        """Return the same system for a table with a user's own rows."""
        return self if rows is self.rows else replace(self, rows=rows, _bound={})

    def function(self, name: str) -> Function:
        """Return the function that computes a row's value."""
        key = (name, "")
        if key not in self._bound:
            native = self.native(name) if self._ours(name) else None
            self._bound[key] = native or self._defined(self.rows[name])
        return self._bound[key]

    def value(self, name: str) -> Function:
        """Return the function that computes a node: the row's, where that is defined.

        >>> from adviz.numbers import FLOAT64
        >>> FLOAT64.function("acot")(0.0), FLOAT64.value("acot")(0.0)
        (1.5707963267948966, nan)
        """
        function, row = self.function(name), self.rows[name]
        if not (self.total and row.domain and (row.lenient or name not in TABLE)):
            return function
        inside, choose = self.rule(row, row.domain), self.function("where")
        nan = self.constant(math.nan)
        return lambda *args: choose(inside(*args, nan), function(*args), nan)

    def rule(self, row: Primitive, text: str, travelling: tuple[str, ...] = ()) -> Function:
        """Return one of a row's rules as a function of its arguments, its result and parameters.

        What travels along an edge comes first, where the rule is about that.
        """
        key = (row.name, text)
        if key not in self._bound:
            names = (*travelling, *row.args, RESULT, *row.params)
            rule = compiled(text, names, self._readable(row))
            self._bound[key] = rule.bind(self.function, self.constant)
        return self._bound[key]

    def partial(self, row: Primitive, position: int) -> Function:
        """Return a row's local partial as a function of its arguments and its result."""
        if row.foreign is not None:
            back = _of_foreign(self._asked(row).vjp, row, position)
            return lambda *given: back(1.0, *given)
        return self.rule(row, row.partials[position])

    def carried(self, row: Primitive, position: int) -> tuple[Function, Function]:
        """Return what a structural row makes of an argument's tangent, and of its own adjoint."""
        if row.foreign is not None:
            rules = self._asked(row)
            return _of_foreign(rules.jvp, row, position), _of_foreign(rules.vjp, row, position)
        return (
            self.rule(row, row.jvp[position], (TANGENT,)),
            self.rule(row, row.vjp[position], (ADJOINT,)),
        )

    def _asked(self, row: Primitive) -> Rules:
        """Return how another program computes a row, which it does for floats at one point."""
        foreign = row.foreign
        if foreign is None or foreign.rules is None:
            raise AdvizError(
                f"{row.label} was computed by {foreign and foreign.program} while it was recorded, "
                "and has no rule here; its numbers are those of the recording"
            )
        if self.name != "float64":
            raise AdvizError(
                f"{row.label} is computed by {foreign.program}, in float64 alone; it has no "
                "formula, and sweeps at one point are what this graph is for"
            )
        return foreign.rules

    def _ours(self, name: str) -> bool:
        """Return whether a name is a row of adviz, or what a rule asks of shapes."""
        return name in TABLE or name not in self.rows or self.rows[name] is ARRAYS.get(name)

    def _readable(self, row: Primitive) -> Table | None:
        """Return the rows that a row's texts may call."""
        return _Hashable({**self.rows, **STATIC_ROWS}) if row.shape else _custom(self.rows)

    def _defined(self, row: Primitive) -> Function:
        if row.foreign is not None:
            return self._asked(row).value
        text = row.define if self.textbook else row.stable or row.define
        if not text:
            raise LookupError(f"{self.name} numbers have no {row.name}")
        return compiled(text, row.args, _custom(self.rows)).bind(self.function, self.constant)


def _of_foreign(rule: Function, row: Primitive, position: int) -> Function:
    """Return a rule of another program as one of a structural row: what travels comes first."""
    return lambda travelling, *given: rule(position, travelling, *given[: row.arity])


def _custom(rows: Table) -> Table | None:
    """Return a table only where it is not adviz's own, so that rules are compiled once."""
    return None if rows is TABLE else _Hashable(rows)


class _Hashable(dict[str, Primitive]):
    """A table as a key of a cache: two tables are the same when they are the same object."""

    def __hash__(self) -> int:  # type: ignore[override]  # a read-only copy
        return hash(tuple(self))


RECORDED = "recorded"
"""The name of the system of numbers that another program computed."""
SYSTEMS = {
    "float64": ("float64", "FLOAT64"),
    "float32": ("float32", "FLOAT32"),
    "array": ("array", "ARRAY"),
    "exact": ("exact", "EXACT"),
    "complex": ("complexes", "COMPLEX"),
    RECORDED: ("recorded", "RECORDED"),
}
"""The systems by name: the module and the constant that each is, loaded when first asked for."""


def named(name: str) -> Numbers:
    """Return the system of a name.

    >>> named("exact").name, named("30 digits").name
    ('exact', '30 digits')
    """
    digits, _, kind = name.partition(" ")
    if kind:
        return multiprecision(int(digits))
    module, constant = SYSTEMS[name]
    return _loaded(module, constant)  # type: ignore[no-any-return]  # a module's constant


@lru_cache(maxsize=16)
def multiprecision(digits: int) -> Numbers:
    """Return mpmath numbers of so many decimal digits, in a context of their own."""
    return _loaded("arbitrary", "system")(digits)  # type: ignore[no-any-return]  # a function


def _loaded(module: str, name: str) -> Any:
    """Return what a module of this room defines, loaded when it is first asked for."""
    return getattr(import_module(f"{__package__}.{module}"), name)


def _restored(name: str, rows: tuple[Primitive, ...], arrays: bool) -> Numbers:
    """Return a pickled number system."""
    system = named(name).over(extend(rows)) if rows else named(name)
    return _loaded("tensor", "tensors")(system) if arrays else system
