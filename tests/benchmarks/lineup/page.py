"""The page: what was measured, as tables in docs/benchmarks.md between two markers."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lineup import (
    cheap_gradient,
    commands,
    graphs,
    many_points,
    networks,
    one_point,
    optimisers,
)
from lineup.bars import Verdict, verdicts
from lineup.measured import Key, Measured, Results

BEGIN, END = "<!-- measured by tests/benchmarks/peers.py -->", "<!-- end of what is measured -->"
STAGES = (graphs.BUILD, graphs.COMPILE, graphs.FIRST, graphs.FURTHER)
ORDER = (
    one_point.PART,
    many_points.PART,
    optimisers.CALL,
    optimisers.FIRST,
    networks.PART,
    *map(graphs.titled, STAGES),
    cheap_gradient.PART,
    commands.PART,
)
"""The parts in the order of the page."""
_UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))


@dataclass(frozen=True)
class Sheet:
    """All that the page says: where it was measured, with what, and the figures."""

    machine: str
    versions: Mapping[str, str]
    results: Results

    @property
    def verdicts(self) -> list[Verdict]:
        """The verdict of every bar whose figures were taken."""
        return list(verdicts(self.results))

    @property
    def markdown(self) -> str:
        """The tables, the same for the same figures."""
        versions = ", ".join(f"{name} {number}" for name, number in sorted(self.versions.items()))
        blocks = [
            [f"Machine: {self.machine}.", f"Versions: {versions}."],
            ["| adviz | compared with | found | bar | |", "|---|---|--:|--:|---|"]
            + [_bar(verdict) for verdict in self.verdicts],
            *(
                _part(part, self.results)
                for part in ORDER
                if any(k.part == part for k in self.results)
            ),
        ]
        return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def inserted(page: str, tables: str) -> str:
    """Return a page with its tables between the markers exchanged.

    >>> inserted(f"a {BEGIN} b {END} c", "new").splitlines()[1:-1]
    ['', 'new']
    """
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{tables}\n{END}{after}"


def duration(seconds: float) -> str:
    """Return a time with three digits, in the unit that suits it.

    >>> duration(2.2e-7), duration(0.0129), duration(34.56), duration(0.0009999)
    ('220 ns', '12.9 ms', '34.6 s', '1 ms')
    """
    rounded = float(f"{seconds:.3g}")
    size, unit = next((u for u in _UNITS if rounded >= u[0]), _UNITS[-1])
    return f"{float(f'{rounded / size:.3g}'):g} {unit}"


def _bar(verdict: Verdict) -> str:
    bar = verdict.bar
    other = (
        (
            bar.other.side
            if bar.other.work == bar.one.work
            else f"{bar.other.side}, {bar.other.work}"
        )
        if bar.other
        else ""
    )
    less = f"beyond {bar.less.work}" if bar.less else ""
    found = f"{'≤ ' * verdict.at_most}{verdict.found:.3g}{verdict.unit}"
    cells = [
        f"{bar.one.side}: {bar.one.part}, {bar.one.work}",
        other or less,
        found,
        f"{bar.limit:g}{verdict.unit}",
        "met" if verdict.met else "**missed**",
    ]
    return f"| {' | '.join(cells)} |"


def _part(part: str, results: Results) -> list[str]:
    """Return the lines of one part: a row per side, a column per work, and notes below."""
    of_part = {key: one for key, one in results.items() if key.part == part}
    works = sorted(dict.fromkeys(key.work for key in of_part), key=_nodes)
    sides = sorted({key.side for key in of_part}, key=lambda side: _rank(side, works[0], of_part))
    across = len(works) <= len(sides) or len(sides) > 2
    rows, columns = (sides, works) if across else (works, sides)
    lines = [f"### {part[0].upper()}{part[1:]}", "", f"| | {' | '.join(columns)} |"]
    lines.append("|---|" + "--:|" * len(columns))
    for row in rows:
        cells = [
            _cell(of_part.get(Key(part, *((column, row) if across else (row, column)))))
            for column in columns
        ]
        lines.append(f"| {row} | {' | '.join(cells)} |")
    return [*lines, *_notes(of_part)]


def _nodes(work: str) -> int:
    """Return the size that a work names, 0 where it names none: smaller graphs come first."""
    digits = work.removesuffix(" nodes").replace(" ", "")
    return int(digits) if digits.isdigit() else 0


def _rank(side: str, work: str, results: Results) -> tuple[bool, float, str]:
    """Return where a side stands in a table: by its time at the first work."""
    of_side = [one for key, one in results.items() if key.side == side and one.figures]
    first = [one.middle for one in of_side if one.key.work == work]
    return not first, min(first, default=0.0), side


def _cell(one: Measured | None) -> str:
    if one is None or not one.figures:
        return "" if one is None else "—"
    if one.key.part == cheap_gradient.PART:
        return f"{one.middle:.2f}"
    return f"{'> ' * one.at_least}{duration(one.middle)}"


def _notes(results: Results) -> Iterator[str]:
    """Yield a line for every reason that something is not in a table."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for key, one in results.items():
        if one.note:
            grouped.setdefault((key.side, one.note), []).append(key.work)
    if grouped:
        yield ""
    for (side, note), works in grouped.items():
        yield f"- {side} ({'; '.join(works)}): {note}"


def spread(one: Measured) -> tuple[float, float]:
    """Return the lower and the upper quartile."""
    if len(one.figures) < 2:
        return one.figures[0], one.figures[0]
    low, _, high = statistics.quantiles(one.figures, n=4, method="inclusive")
    return low, high
