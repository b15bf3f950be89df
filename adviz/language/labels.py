"""What a derivative is called: df/dx, d2f/dxdy, and what such a label says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, combinations, pairwise, product
from typing import NamedTuple


class Key(NamedTuple):
    """One derivative: of which output, by which input.

    >>> str(Key("f", "x"))
    'df/dx'
    """

    output: str
    input: str

    def __str__(self) -> str:
        return derivative_label(self.output, self.input)


def derivative_label(output: str, name: str) -> str:
    """Return what the derivative of an output by an input is called.

    Labels can be read back: where a `d`, or a digit, could belong to a name as well as not, the
    derivative is written as one of a derivative.

    >>> derivative_label("f", "x"), derivative_label("df/dx", "x"), derivative_label("df/dx", "y")
    ('df/dx', 'd2f/dx2', 'd2f/dxdy')
    >>> derivative_label("df/dx", "x2"), derivative_label("df/dx2", "x2")
    ('d2f/dxdx2', 'd2f/dx2dx2')
    >>> derivative_label("df/dspeed", "x")
    'd(df/dspeed)/dx'
    """
    function, read, plain = _derivative(output)
    if read:
        names = (*read, name)
        below = _below(names)
        if _told(names) or sorted(_read(below, len(names)) or ()) == sorted(names):
            return f"d{len(names)}{function}/d{below}"
    return f"d{output}/d{name}" if plain else f"d({output})/d{name}"


_LABEL = re.compile(r"d([2-9]|[1-9]\d+|)([^\d/()][^/()]*|\(.+\))/d(.+)")
"""A derivative's order, its function, and what it is differentiated by."""


@lru_cache(1000)
def _derivative(output: str) -> tuple[str, tuple[str, ...] | None, bool]:
    """Return of what a label is a derivative, by which inputs, and whether it is a plain name."""
    match = _LABEL.fullmatch(output)
    read = _read(match[3], int(match[1] or 1)) if match else None
    plain = re.fullmatch(r"[^\d/()][^/()]*", output) is not None
    return match[2] if match else "", read, plain


def _told(names: Sequence[str]) -> bool:
    """Return whether names are certainly read back: of two without a `d` there is no other way."""
    return len(names) == 2 and "d" not in names[0] and "d" not in names[1]


def _below(names: Sequence[str]) -> str:
    """Return names as they stand below the bar; a digit at a name's end leaves no exponent."""
    counted = {name: names.count(name) for name in names}.items()
    if len(counted) == len(names):
        return "d".join(names)
    return "d".join(
        f"{name}{times}" if times > 1 and not name[-1].isdigit() else "d".join([name] * times)
        for name, times in counted
    )


def _read(below: str, order: int) -> tuple[str, ...] | None:
    """Return the names below the bar of a derivative, unless they can be read in several ways.

    The `d` before a digit ends a name, as in dx1dx2, rather than that x1dx be squared.
    """
    places = [place for place, letter in enumerate(below) if letter == "d"]
    ways: dict[tuple[str, ...], tuple[bool, tuple[str, ...]]] = {}
    for cuts in chain.from_iterable(combinations(places, k) for k in range(order)):
        edges = pairwise((-1, *cuts, len(below)))
        for factors in product(*[_factors(below[start + 1 : end]) for start, end in edges]):
            if sum(times for _, times in factors) == order:
                odd = any("d" in name and times > 1 for name, times in factors)
                names = tuple(chain.from_iterable([name] * times for name, times in factors))
                ways.setdefault(tuple(sorted(names)), (odd, names))
    least = min((odd for odd, _ in ways.values()), default=False)
    likely = [names for odd, names in ways.values() if odd == least]
    return likely[0] if len(likely) == 1 else None


def _factors(text: str) -> list[tuple[str, int]]:
    """Return what a part of a label may mean: a name, or a name and an exponent."""
    if not text or text[0].isdigit():
        return []
    match = re.fullmatch(r"(.*\D)([2-9]|[1-9]\d+)", text)
    return [(text, 1), (match[1], int(match[2]))] if match else [(text, 1)]
