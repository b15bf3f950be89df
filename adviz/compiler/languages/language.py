"""A language that programs are written in: how it writes each row, numbers and names.

A target is a table of forms, one per row it knows. Rows that it does not know are replaced by
their definitions before anything is written.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from adviz.graph.procedure import Constant

ATOM = 99
"""The strength of what never needs parentheses."""


class Written(NamedTuple):
    """An expression as text, how strongly it binds, and its number if it is a constant."""

    text: str
    strength: int = ATOM
    constant: Constant | None = None

    def within(self, strength: int) -> str:
        """Return the text, in parentheses where it binds more weakly than needed."""
        return self.text if self.strength >= strength else f"({self.text})"


@dataclass(frozen=True)
class Form:
    """How one row is written."""

    write: Callable[[Sequence[Written]], Written]
    atoms: bool = False
    """Whether the arguments must be names or numbers, because they are written more than once."""


def infix(symbol: str, strength: int, left: int | None = None, right: int | None = None) -> Form:
    """Return the form of an operator; it associates to the left unless told what it needs.

    >>> infix(" - ", 10).write([Written("x"), Written("y + z", 10)]).text
    'x - (y + z)'
    """
    needs = strength if left is None else left, strength + 1 if right is None else right

    def write(args: Sequence[Written]) -> Written:
        x, y = (arg.within(need) for arg, need in zip(args, needs, strict=True))
        return Written(f"{x}{symbol}{y}", strength)

    return Form(write)


def prefix(symbol: str, strength: int) -> Form:
    """Return the form of an operator before its argument.

    >>> prefix("-", 25).write([Written("x*y", 20)]).text
    '-(x*y)'
    """
    return Form(lambda args: Written(f"{symbol}{args[0].within(strength)}", strength))


def call(function: str) -> Form:
    """Return the form of a function call.

    >>> call("atan2").write([Written("y"), Written("x + 1", 10)]).text
    'atan2(y, x + 1)'
    """
    return Form(lambda args: Written(f"{function}({', '.join(arg.text for arg in args)})"))


def phrase(template: str, strength: int, *needs: int) -> Form:
    """Return the form of a text with numbered places; arguments need a strength at each.

    A place that occurs twice takes names and numbers alone.

    >>> phrase("{1} if {0} else {2}", 1, 2, 2, 1).write([Written("c"), Written("x"), Written("y")])
    Written(text='x if c else y', strength=1, constant=None)
    """
    repeated = any(template.count(f"{{{place}}}") > 1 for place in range(template.count("{")))
    needed = needs or (ATOM,) * template.count("{")

    def write(args: Sequence[Written]) -> Written:
        return Written(
            template.format(*[arg.within(needed[k]) for k, arg in enumerate(args)]), strength
        )

    return Form(write, atoms=repeated)


@dataclass(frozen=True, eq=False)
class Language:
    """One language: the forms of the rows it knows, its numbers, and which names are taken."""

    name: str
    forms: Mapping[str, Form]
    number: Callable[[Constant], Written]
    taken: Collection[str]
    """Names that mean something: keywords and functions."""
    ascii: bool = False
    """Whether names are made of ASCII letters alone."""
    raises: bool = False
    """Whether undefined operations raise, so that a branch must be computed only when taken."""

    def legal(self, name: str, used: Collection[str]) -> str:
        """Return a name as an identifier that means nothing else.

        >>> Language("any", {}, lambda value: Written(str(value)), ["if"]).legal("df/dx", [])
        'df_dx'
        """
        plain = _spelled(name) if self.ascii else unicodedata.normalize("NFKC", name)
        legal = "".join(c if f"a{c}".isidentifier() else "_" for c in plain)
        legal = legal if legal.isidentifier() else f"v_{legal}"
        while legal in self.taken or legal in used:
            legal += "_"
        return legal

    def fresh(self, name: str, used: set[str]) -> str:
        """Return a legal name that is not used yet; it is then."""
        made = self.legal(name, used)
        used.add(made)
        return made


def _spelled(name: str) -> str:
    """Return a name with letters beyond ASCII spelled by their Unicode names: alpha for α."""
    return "".join(c if c.isascii() else _letter(c) for c in name)


def _letter(character: str) -> str:
    """Return what Unicode calls a letter: the word after `letter`, such as e for é."""
    _, letter, rest = unicodedata.name(character, "").lower().partition("letter ")
    return rest.split(" ")[0].replace("-", "_") if letter else f"u{ord(character):x}"
