"""The page of reliability says what the long runs of the fuzzers found.

`python tests/fuzz/long.py NAME --write` adds to the figures, `python tests/pages.py` writes the
page anew.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from fuzzers import FUZZERS, texts
from fuzzers.fuzzer import Tally
from long import written

from adviz.checking.faults.gallery import ENGINE_FAULTS
from adviz.checking.finding import WRONG

DOCS = Path(__file__).parents[2] / "docs"
PAGE, DATA = DOCS / "reliability.md", DOCS / "reliability.json"

HEAD = """\
# Reliability

What was thrown at adviz, what must hold of it whatever is thrown, and what came of it. Each line is
a fuzzer: a strategy of [Hypothesis](https://hypothesis.readthedocs.io) that draws cases, and a law.
A bounded run of each is among the tests (`pytest tests/fuzz`); a long one is

    python tests/fuzz/long.py texts --minutes 10 --seed 1

which prints how many cases there were of each kind, and the smallest case of everything that breaks
a law; `python tests/fuzz/by_atheris.py texts` lets [atheris](https://pypi.org/project/atheris/)
choose the cases by the code they reach. `--write` adds the figures to `docs/reliability.json`, of
which `python tests/pages.py` makes this page. What a stranger could do, and what is done about it,
stands in [docs/threats.md](threats.md).
"""
ELSEWHERE = """\
## Held elsewhere

- Every rule of the table is made one percent larger, and a test must fail (`tests/modes`); how many
  ulps a function may be off stands in its row of [docs/primitives.md](primitives.md), and
  `tests/test_primitives.py` holds it to that, against mpmath with as many digits as it takes.
- What each function keeps in every target, next to its zeros and poles, is measured:
  [docs/accuracy.md](accuracy.md).
- Checks that must not alarm, and traps for finite differences and for automatic differentiation:
  [docs/checking.md](checking.md).
- Functions of published collections, traced and compared with themselves:
  [docs/collections.md](collections.md).
"""


def page(data: dict[str, Any]) -> str:
    """Return docs/reliability.md, the same for the same figures."""
    sections = [_counts(data), _kinds(data), _injected(data), _mended(data), ELSEWHERE]
    return "\n".join([HEAD, *(f"{section.strip()}\n" for section in sections)])


def _rows(data: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(name, data["fuzzed"][name]) for name in FUZZERS if name in data["fuzzed"]]


def _counts(data: dict[str, Any]) -> str:
    lines = ["| | what must hold | cases | broken |", "|---|---|--:|--:|"]
    for name, row in _rows(data):
        lines.append(
            f"| **{name}** | {FUZZERS[name].what} | {row['cases']:,} | {row['found'] or ''} |"
        )
    return "\n".join(lines)


def _kinds(data: dict[str, Any]) -> str:
    lines = ["Of what kind the cases were:", ""]
    for name, row in _rows(data):
        if name != "faults":
            kinds = sorted(row["kinds"].items(), key=lambda each: -each[1])
            lines.append(f"- {name}: {'; '.join(f'{kind} {count:,}' for kind, count in kinds)}")
    return "\n".join(lines)


def _injected(data: dict[str, Any]) -> str:
    """Return the table of faults: what was put in, and what `check` said."""
    if "faults" not in data["fuzzed"]:
        return ""
    verdicts: dict[str, Counter[str]] = {}
    for kind, count in data["fuzzed"]["faults"]["kinds"].items():
        mistake, _, verdict = kind.partition(": ")
        verdicts.setdefault(mistake, Counter())[verdict] += count
    right = verdicts.pop("right", Counter())
    put = sum(said.total() for said in verdicts.values())
    missed = sum(said["agrees"] for said in verdicts.values())
    alarms = sum(right[verdict] for verdict in WRONG)
    lines = [
        "## Faults injected",
        "",
        f"Of {put:,} mistakes that show in a number `check` found {put - missed:,}; of "
        f"{right.total():,} right gradients it called {alarms:,} wrong. Those of "
        "the gallery are explained in [docs/broken-ad.md](broken-ad.md).",
        "",
        "| mistake | put in | verdicts |",
        "|---|--:|---|",
    ]
    for mistake, said in [*sorted(verdicts.items()), ("none", right)]:
        shown = ", ".join(f"{verdict} {count:,}" for verdict, count in said.most_common())
        lines.append(f"| {mistake} | {said.total():,} | {shown} |")
    return "\n".join(lines)


def _mended(data: dict[str, Any]) -> str:
    lines = ["## Found and mended", ""]
    return "\n".join([*lines, *(f"- {name}: {what}" for name, what in data["mended"])])


def test_the_page_says_what_the_figures_say() -> None:
    assert PAGE.read_text("utf-8") == page(json.loads(DATA.read_text("utf-8")))


@pytest.mark.parametrize("name", FUZZERS)
def test_every_fuzzer_has_run_for_long(name: str) -> None:
    row = json.loads(DATA.read_text("utf-8"))["fuzzed"][name]
    assert row["cases"] == sum(row["kinds"].values()) >= 2 * FUZZERS[name].examples


def test_another_run_is_added() -> None:
    data: dict[str, Any] = {"fuzzed": {}, "mended": []}
    for found in ([], ["ValueError: no\nat a:1"]):
        data = written(data, texts.FUZZER, Tally(Counter({"computed": 5}), found))
    assert data["fuzzed"] == {"texts": {"cases": 10, "found": 1, "kinds": {"computed": 10}}}
    assert "| 10 | 1 |" in page(data) and "- texts: computed 10" in page(data)


def test_what_is_missed_is_counted() -> None:
    kinds = {f"{ENGINE_FAULTS[0].name}: agrees": 1, "double: wrong gradient": 6, "right: agrees": 3}
    data = {"fuzzed": {"faults": {"cases": 10, "found": 0, "kinds": kinds}}, "mended": []}
    assert "Of 7 mistakes that show in a number `check` found 6; of 3 right" in page(data)


if __name__ == "__main__":
    PAGE.write_text(page(json.loads(DATA.read_text("utf-8"))), "utf-8")
