"""The page of published collections: counts, and why what is not right is not."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from objectives.verdict import VERDICTS, Outcome

MEANINGS = {
    "right": "value and slopes agree at all points",
    "unjudged": "the value agrees, no witness of the slopes is good enough",
    "refused": "an error of adviz says what cannot be traced, and where",
    "slow": "the time is over",
    "escaped": "an exception that is not adviz's comes out of tracing; must be none",
    "wrong": "the graph is another function, or its derivative; must be none",
    "unfit": "the function itself gives no finite number, or two for one point",
}
"""The columns of the table, and what they mean."""
SHOWN = 6

HEAD = """\
# Published collections

Every objective function of collections on PyPI, in the form in which its author means it to be
called, is built by `adviz.build(f, at=point)`, evaluated and differentiated in reverse mode, at
three points drawn from its bounds, and compared with itself:

- its value, with the function's own, as far as the function's rounding there allows;
- its gradient, along the axes (eight of them and an oblique direction where there are more), with
  the complex step where the function takes complex numbers, and with central differences of four
  sizes, each extrapolated, in long doubles where the function keeps them, which say where they see
  nothing clear.

Several outputs are added up with different weights. `python tests/benchmarks/published.py` says
what to install, traces, and writes this page and its data (`collections.json`).
"""


@dataclass(frozen=True)
class Found:
    """What became of the functions of one collection."""

    name: str
    version: str
    outcomes: tuple[Outcome, ...]

    def count(self, verdict: str) -> int:
        """Return how many functions have a verdict."""
        return sum(one.verdict == verdict for one in self.outcomes)


@dataclass(frozen=True)
class Sheet:
    """All that the page says."""

    python: str
    numpy: str
    found: tuple[Found, ...]

    def count(self, verdict: str) -> int:
        """Return how many functions of all collections have a verdict."""
        return sum(one.count(verdict) for one in self.found)


def text(sheet: Sheet) -> str:
    """Return the page, the same for the same data."""
    total = sum(len(one.outcomes) for one in sheet.found)
    blocks = [
        HEAD.rstrip("\n"),
        f"Python {sheet.python}, NumPy {sheet.numpy}; {total} functions.",
        "\n".join(_counts(sheet)),
        "\n".join(f"- **{verdict}**: {meaning}" for verdict, meaning in MEANINGS.items()),
        *("\n".join(_reasons(sheet, verdict)) for verdict in VERDICTS if verdict != "right"),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _counts(sheet: Sheet) -> Iterator[str]:
    """Yield the table of counts."""
    yield "| collection | functions | " + " | ".join(MEANINGS) + " |"
    yield "|---|" + "--:|" * (len(MEANINGS) + 1)
    for one in sheet.found:
        numbers = [len(one.outcomes), *map(one.count, MEANINGS)]
        yield f"| {one.name} {one.version} | " + " | ".join(map(_number, numbers)) + " |"
    sums = [sum(len(one.outcomes) for one in sheet.found), *map(sheet.count, MEANINGS)]
    yield "| all | " + " | ".join(map(_number, sums)) + " |"


def _number(count: int) -> str:
    return str(count) if count else ""


def _reasons(sheet: Sheet, verdict: str) -> Iterator[str]:
    """Yield the reasons of one verdict, the commonest first, and whom they concern."""
    groups: dict[str, list[str]] = defaultdict(list)
    for found in sheet.found:
        for one in found.outcomes:
            if one.verdict == verdict:
                groups[cause(one.reason)].append(f"{one.name} ({found.name})")
    if groups:
        yield f"## {verdict.capitalize()}: why"
        yield ""
        yield "| reason | functions | |"
        yield "|---|--:|---|"
    for reason, names in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        yield f"| {_cell(reason)} | {len(names)} | {_few(names)} |"


_TRACED = re.compile(r"<traced .*?> (?=is|has)")
_PLACE = re.compile(r" \(line \d+ of .*|; line \d+ of .*|; .*")
_FIGURE = re.compile(r"-?\d+\.\d+(e[-+]?\d+)?|np\.float64\(.*?\)")


def cause(reason: str) -> str:
    """Return a reason without what differs from case to case: values, places, figures.

    >>> cause('<traced x0 + 1> is a traced value: float() is not (line 3 of f in m.py, "x"); …')
    'a traced number is a traced value: float() is not'
    """
    first = _TRACED.sub("a traced number ", reason.partition("\n")[0])
    return _FIGURE.sub("…", _PLACE.sub("", first))


def _cell(reason: str) -> str:
    """Return a text as a cell of a table."""
    return reason.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")


def _few(names: Sequence[str]) -> str:
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")
