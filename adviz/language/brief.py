"""How a noun says in one short line what it is: the first few of its names and numbers."""

from __future__ import annotations

from collections.abc import Callable, Collection
from itertools import islice
from typing import Any, TypeVar

from adviz.language.numerals import full, short
from adviz.language.spelling import shortened

Thing = TypeVar("Thing")


def few(things: Collection[Thing], limit: int = 6, shown: Callable[[Any], str] = shortened) -> str:
    """Return the first few of many things, and how many more there are.

    >>> few("abcd"), few("abcd", 2)
    ('a, b, c, d', 'a, b, … 2 more')
    """
    parts = [shown(thing) for thing in islice(things, limit)]
    more = len(things) - limit
    return ", ".join([*parts, f"… {more} more"] if more > 0 else parts)


def quoted(thing: object) -> str:
    """Return a value of any kind as Python writes it, of a long one the beginning.

    >>> quoted("x"), quoted(10**50), quoted(10**5000)
    ("'x'", '1000000000000000000000000000000000000000…', 'of thousands of digits')
    """
    try:
        return shortened(repr(thing), 40)
    except ValueError:  # Python refuses to write it
        return "of thousands of digits"


def brief(number: Any) -> str:
    """Return a number as one types it while it is short; the first few of an array.

    >>> brief(-0.5), brief(10**50), brief(None)
    ('-0.5', '100000000000000000000000…', '–')
    """
    if getattr(number, "shape", ()) or number is None:
        return short(number)
    return shortened(full(number))
