"""What the frameworks of arrays have in common: Python's operators, and a language over a module.

They compute both branches of a choice, and their numbers are whatever arrays they are given.
"""

from __future__ import annotations

import builtins
import keyword
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from adviz.compiler.kinds import KINDS
from adviz.compiler.languages.language import ATOM, Form, Language, Written, call, infix, prefix
from adviz.graph.procedure import Constant

LESS, SUM, PRODUCT, SIGN, POWER = 5, 10, 20, 25, 30
NUMBER = "number"
"""What code calls what makes a number an array."""
_WHOLE = 2**31
"""Smaller whole exponents stay Python's, so that x**2 is what each framework makes of a 2."""


def _power(args: Sequence[Written]) -> Written:
    base, exponent = args
    value = exponent.constant
    if value is not None and float(value).is_integer() and abs(value) < _WHOLE:
        return Written(f"{base.within(POWER + 1)}**{int(value)}", POWER)
    return Written(f"{base.within(POWER + 1)}**{exponent.within(POWER)}", POWER)


def _quotient(args: Sequence[Written]) -> Written:
    """Write x/y; where 0/0 stands for no value Python would raise, and arrays would not."""
    x, y = args
    if x.constant is None or y.constant != 0:
        return _DIVIDED.write(args)
    value = math.copysign(math.inf, x.constant) if x.constant else math.nan
    return Written(f'float("{value}")', ATOM, value)


_DIVIDED = infix("/", PRODUCT)
OPERATORS: Mapping[str, Form] = {
    "add": infix(" + ", SUM),
    "sub": infix(" - ", SUM),
    "mul": infix("*", PRODUCT),
    "div": Form(_quotient),
    "mod": infix(" % ", PRODUCT),
    "floordiv": infix("//", PRODUCT),
    "neg": prefix("-", SIGN),
    "pow": Form(_power),
    "lt": infix(" < ", LESS, LESS + 1),
    "le": infix(" <= ", LESS, LESS + 1),
    "gt": infix(" > ", LESS, LESS + 1),
    "ge": infix(" >= ", LESS, LESS + 1),
    "eq": infix(" == ", LESS, LESS + 1),
    "ne": infix(" != ", LESS, LESS + 1),
}
"""The rows that arrays compute by Python's operators."""


def calls(module: str, names: str, **others: str) -> dict[str, Form]:
    """Return the forms of a module's functions: those that are called as the row, and others.

    >>> calls("np", "exp", min="minimum")["min"].write([Written("x"), Written("y")]).text
    'np.minimum(x, y)'
    """
    return {row: call(f"{module}.{name}") for row, name in _pairs(names, others)}


def _pairs(names: str, others: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield from ((name, name) for name in names.split())
    yield from others.items()


class Code(NamedTuple):
    """A function written in a framework."""

    name: str
    arguments: Mapping[str, tuple[int, ...]]
    """Its arguments with their shapes, () for a number."""
    results: Sequence[str]
    """What it gives, alone or as a tuple."""
    text: str
    """A module of Python that defines it."""


@dataclass(frozen=True, eq=False)
class Framework:
    """One framework: how it writes each row, what that needs, and what becomes of the function."""

    name: str
    package: str
    imports: Mapping[str, str]
    """What its code may import, by the name that the code knows it by."""
    forms: Mapping[str, Form]
    extra: str = "peers"
    """The extra of adviz that installs it."""
    ascii: bool = False
    """Whether its names are made of ASCII letters alone."""
    number: str = ""
    """What is called `number` in its code: it makes a number an array like another one, {}.

    Empty where a number will do for an array.
    """
    made: Callable[[Callable[..., Any], Code], Any] = lambda function, _: function
    """Makes what is given out of the function and its code."""

    @property
    def language(self) -> Language:
        """The framework as a language."""
        taken = {
            *keyword.kwlist,
            *keyword.softkwlist,
            *dir(builtins),
            *self.imports,
            *KINDS,
            NUMBER,
        }
        return Language(self.name, self.forms, self.constant, taken, self.ascii)

    def constant(self, value: Constant) -> Written:
        """Write a number that is no array."""
        return Written(repr(float(value)), SIGN if value < 0 else ATOM, value)

    def imported(self, code: str) -> list[str]:
        """Return the lines that import what code refers to."""
        return [line for name, line in self.imports.items() if re.search(rf"\b{name}\b[.(]", code)]
