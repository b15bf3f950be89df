"""What one row of the table of primitives says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

_NUMERAL = re.compile(r"-?\d+(\.\d*)?")

RESULT = "z"
"""The name of a row's own result in its rules."""

TANGENT, ADJOINT = "t", "w"
"""What a structural row's `jvp` and `vjp` call what travels."""

Shape = tuple[int, ...]
"""The sizes of an array's axes; () of a number."""


@dataclass(frozen=True)
class Rules:
    """How another program computes a function in float64, and differentiates it."""

    value: Callable[..., Any]
    """Takes the arguments to the result."""
    jvp: Callable[..., Any]
    """Takes a position, the tangent of that argument, and the arguments to the result's tangent."""
    vjp: Callable[..., Any]
    """Takes a position, the adjoint of the result, and the arguments to that argument's adjoint."""


@dataclass(frozen=True)
class Foreign:
    """A function of another program, of which adviz has no formula."""

    program: str
    """What its users call the program."""
    rules: Rules | None = None
    """What the program does when it is asked; None where its numbers were recorded, and no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Primitive:
    """One elementary function: what it computes, its local partials, and where they hold.

    Only `name`, `args` and `partials` are always given; every other field has the default that
    suits most functions.

    >>> from adviz.primitives import TABLE
    >>> TABLE["mul"].partials
    ('y', 'x')
    """

    name: str
    """The name used in graphs and, unless `symbol` is given, in formulas."""
    args: tuple[str, ...]
    """The names of its arguments in its rules; `c` stands for a condition."""
    partials: tuple[str, ...]
    """One formula per argument; empty for a condition, which has no derivative."""
    symbol: str = ""
    """The operator it is written as, if it is one."""
    label: str = ""
    """What a picture calls it; the name when empty."""
    aliases: tuple[str, ...] = ()
    """Its other usual names in formulas."""
    define: str = ""
    """What it means, as a formula in other rows: the definition SymPy differentiates."""
    stable: str = ""
    """`define` in a form that keeps its digits in floating point, where that differs."""
    domain: str = ""
    """The condition under which it has a value; empty when it always has."""
    needs: str = ""
    """`domain` in words, for an error; made from the condition when empty."""
    lenient: bool = False
    """Whether floating point may give a number outside the domain, so that it must be tested."""
    pole: str = ""
    """The condition under which only its derivative is infinite."""
    kink: str = ""
    """The condition under which its one-sided derivatives differ."""
    piece: str = ""
    """A formula naming the smooth piece: where it is equal at two points, no kink lies between."""
    fold: bool = False
    """Whether more than two arguments fold from the left, as in `max(x, y, z)`."""
    condition: bool = False
    """Whether its result is a condition instead of a number."""
    takes_conditions: bool = False
    """Whether the arguments called `c` and `d` are conditions."""
    needed: tuple[bool | None, ...] = ()
    """Per argument, what the first one must be for it to be needed; None, and left out: always."""
    rational: bool = False
    """Whether rational arguments give a rational result."""
    ulps: float = 1.0
    """The error of one float64 evaluation, in units in the last place; 0 when exact."""
    params: tuple[str, ...] = ()
    """The names of its static parameters, which are part of a node and come after its arguments."""
    jvp: tuple[str, ...] = ()
    """Of a structural row, per argument, the tangent `t` of that argument carried to the result."""
    vjp: tuple[str, ...] = ()
    """Of a structural row, per argument, the adjoint `w` of the result carried to that argument."""
    shape: Callable[..., Shape] | None = field(default=None, hash=False)
    """Of a structural row, the result's shape from its arguments' shapes and its parameters; None:
    the row acts on every element alone, and arguments broadcast. It raises ValueError for what does
    not fit."""
    foreign: Foreign | None = field(default=None, hash=False)
    """What computes and differentiates it where it has no formula."""
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Its name in a target language, only where that differs from `name`."""

    @property
    def arity(self) -> int:
        """The number of arguments of one application."""
        return len(self.args)

    def is_condition(self, position: int) -> bool:
        """Return whether the argument at `position` is a condition."""
        return self.takes_conditions and self.args[position] in ("c", "d")

    @property
    def chooses(self) -> bool:
        """Whether its result is one of its arguments, the one that its condition lets pass."""
        return bool(self.needed) and not self.condition

    def needed_where(self, position: int) -> bool | None:
        """Return what the first argument must be for another to be needed; None when it always is.

        >>> from adviz.primitives import TABLE
        >>> TABLE["where"].needed_where(2), TABLE["where"].needed_where(0), TABLE["or"].needed
        (False, None, (None, False))
        """
        return self.needed[position] if self.needed else None

    def differentiable(self, position: int) -> bool:
        """Return whether the argument at `position` has a local partial at all."""
        return bool(self.partials[position] or self.vjp)

    @property
    def orders(self) -> tuple[int, ...]:
        """The positions of arguments by which there is no derivative, such as a function's order.

        >>> from adviz.primitives import TABLE
        >>> TABLE["besselj"].orders, TABLE["where"].orders, TABLE["lt"].orders
        ((0,), (), ())
        """
        places = () if self.condition else range(self.arity)
        return tuple(k for k in places if not (self.differentiable(k) or self.is_condition(k)))

    @property
    def slopes(self) -> tuple[float | None, ...]:
        """The local partials that are one number everywhere; None for any other.

        >>> from adviz.primitives import TABLE
        >>> TABLE["sub"].slopes, TABLE["floor"].slopes, TABLE["mul"].slopes, TABLE["lt"].slopes
        ((1.0, -1.0), (0.0,), (None, None), (0.0, 0.0))
        """
        if self.vjp:
            return (None,) * self.arity
        texts = [text or "0" for text in self.partials]
        return tuple([float(text) if _NUMERAL.fullmatch(text) else None for text in texts])


EXACT = {"rational": True, "ulps": 0.0}


def row(name: str, args: str = "x", *partials: str, **rest: object) -> Primitive:
    """Return one row from aligned text."""
    return Primitive(name=name, args=tuple(args.split()), partials=partials, **rest)  # type: ignore[arg-type]  # rows are checked by tests
