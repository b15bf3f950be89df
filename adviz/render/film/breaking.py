"""Where a long formula is broken into lines: before a sign that few parentheses stand around."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from adviz.scene.lines import Line, Run, joined, line_width

_SIGN = re.compile(r"(?= [+−·] )")
_LEAST = 0.5
"""How full a line is, at least, for the sake of a better place to break."""


class _Piece(NamedTuple):
    """What no line is broken in, and how good it is to break before it: less is better."""

    runs: Line
    depth: int
    """How many parentheses stand around it."""
    factor: bool
    """Whether it begins with a sign of multiplication."""


def broken(line: Line, longest: float) -> list[Line]:
    """Return a formula on lines that are at most so wide, if there are signs to break before.

    >>> shown = broken((Run("a · (b + c) + d · e"),), 6.0)
    >>> ["".join(run.text for run in one) for one in shown]
    ['a · (b + c)', '+ d · e']
    """
    lines: list[Line] = []
    rest = list(_pieces(line))
    while rest:
        count = _taken(rest, longest)
        runs = [run for piece in rest[:count] for run in piece.runs]
        lines.append(joined(iter([runs[0]._replace(text=runs[0].text.lstrip()), *runs[1:]])))
        rest = rest[count:]
    return lines


def _taken(pieces: list[_Piece], longest: float) -> int:
    """Return how many pieces stand on the next line: one at least."""
    widths, wide = list[float](), 0.0
    for piece in pieces:
        wide += line_width(piece.runs, 1.0)
        widths.append(wide)
    if wide <= longest or len(pieces) == 1:
        return len(pieces)
    ends = [n for n, wide in enumerate(widths[:-1], 1) if wide <= longest] or [1]
    full = [n for n in ends if widths[n - 1] >= _LEAST * longest] or ends[-1:]
    return min(full, key=lambda n: (pieces[n].depth, pieces[n].factor, -n))


def _pieces(line: Line) -> Iterator[_Piece]:
    """Yield the pieces of a line: what is between two signs, with the sign before it."""
    runs: list[Run] = []
    depth = before = 0
    for run in line:
        for begins, text in enumerate(_SIGN.split(run.text)):
            if begins and runs:
                yield _Piece(tuple(runs), before, _is_factor(runs))
                runs, before = [], depth
            if text:
                runs.append(run._replace(text=text))
            depth += text.count("(") - text.count(")")
    if runs:
        yield _Piece(tuple(runs), before, _is_factor(runs))


def _is_factor(runs: list[Run]) -> bool:
    return runs[0].text.startswith(" ·")
