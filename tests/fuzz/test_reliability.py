"""The page of reliability says what the long runs of the fuzzers found.

`python tests/fuzz/long.py NAME --write` adds to the figures, `python tests/pages.py` writes the
page anew.
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from multiprocessing import get_context
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import figures
import leaks
import pytest
from fuzzers import FUZZERS, texts
from fuzzers.fuzzer import Tally
from long import written

from adviz.checking.faults.gallery import ENGINE_FAULTS
from adviz.checking.finding import WRONG

Errors = dict[str, dict[str, list[float | None]]]
"""Per row and target the largest error of the value, and that of the local partials."""
DOCS = Path(__file__).parents[2] / "docs"
PAGE, DATA = DOCS / "reliability.md", figures.DATA

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
LOOPS = """\
## Memory

A loop that makes something new at every turn and drops it: resident memory in MB when each tenth of
the turns has passed, and how many bytes a turn of the second half keeps. Caches, which have bounds,
fill first: SymPy keeps a thousand results of each of its functions (with `SYMPY_CACHE_SIZE=30` a
loop of `check` stays at 75 MB from its hundredth turn on). What builds LLVM's passes keeps 1.5 kB
for good, and one serves for sixteen texts.
`python tests/benchmarks/leaks.py [NAME …] --turns 20000 --write` measures a loop;
`tests/test_leaks.py` holds short ones to a bound.

| loop | turns | MB | bytes a turn |
|---|--:|---|--:|
"""
DIGITS = """\
## Digits kept

Each row of the table is compared with 60 digits and more where digits are in danger, in every
target; [docs/accuracy.md](accuracy.md) has a line for every row. The worst of each target, in units
in the last place:

| target | rows | value | local partial |
|---|--:|---|---|
"""
ELSEWHERE = """\
## Held elsewhere

- Every rule of the table is made one percent larger, and a test must fail (`tests/modes`); how many
  ulps a function may be off stands in its row of [docs/primitives.md](primitives.md), and
  `tests/numbers/test_accuracy.py` holds every target to that.
- Checks that must not alarm, and traps for finite differences and for automatic differentiation:
  [docs/checking.md](checking.md).
- Functions of published collections, traced and compared with themselves:
  [docs/collections.md](collections.md).
"""


def page(data: dict[str, Any], errors: Errors) -> str:
    """Return docs/reliability.md, the same for the same figures."""
    measured = [_digits(errors), _loops(data)]
    sections = [_counts(data), _kinds(data), _injected(data), _mended(data), *measured, ELSEWHERE]
    return "\n".join([HEAD, *(f"{section.strip()}\n" for section in sections)])


def current() -> str:
    """Return the page as the figures stand."""
    accuracy = json.loads((DOCS / "accuracy.json").read_text("utf-8"))
    return page(json.loads(DATA.read_text("utf-8")), accuracy["errors"])


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


def _digits(errors: Errors) -> str:
    """Return the table of how many digits each target keeps."""
    lines = []
    for target in {target: None for row in errors.values() for target in row}:
        kept = {name: row[target] for name, row in errors.items() if target in row}
        worst = [_worst({name: found[part] for name, found in kept.items()}) for part in (0, 1)]
        lines.append(f"| {target} | {len(kept)} | {' | '.join(worst)} |\n")
    return DIGITS + "".join(lines)


def _worst(errors: dict[str, float | None]) -> str:
    """Return the largest error and whose it is; one that is missing is a number missed altogether.

    >>> _worst({"sin": 0.5, "gamma": 4.1})
    '4.1 (`gamma`)'
    """
    most, name = max((math.inf if e is None else e, name) for name, e in errors.items())
    return f"{most:g} (`{name}`)"


def _loops(data: dict[str, Any]) -> str:
    """Return the table of what loops keep."""
    lines = []
    for name, loop in data.get("loops", {}).items():
        sizes = " ".join(f"{size / 1e6:.0f}" for size in loop["sizes"])
        each = leaks.kept(loop["sizes"], loop["turns"])
        lines.append(f"| {name} | {loop['turns']:,} | {sizes} | {each:,.0f} |\n")
    return LOOPS + "".join(lines)


def _mended(data: dict[str, Any]) -> str:
    lines = ["## Found and mended", ""]
    return "\n".join([*lines, *(f"- {name}: {what}" for name, what in data["mended"])])


def test_the_page_says_what_the_figures_say() -> None:
    assert PAGE.read_text("utf-8") == current()


def test_the_worst_of_every_target_is_told() -> None:
    errors: Errors = {
        "sin": {"one point": [0.5, 0.25], "arrays": [0.5, 1.5]},
        "gamma": {"one point": [4.125, 0.5]},
        "erf": {"arrays": [None, 0.5]},
    }
    lines = page({"fuzzed": {}, "mended": []}, errors).splitlines()
    assert "| one point | 2 | 4.125 (`gamma`) | 0.5 (`gamma`) |" in lines
    assert "| arrays | 2 | inf (`erf`) | 1.5 (`sin`) |" in lines


def test_what_a_loop_keeps_is_told() -> None:
    data = leaks.written({"fuzzed": {}, "mended": []}, "kernels", 2000, [10**8, 101 * 10**6])
    assert "| kernels | 2,000 | 100 101 | 1,000 |" in page(data, {}).splitlines()


@pytest.mark.parametrize("name", FUZZERS)
def test_every_fuzzer_has_run_for_long(name: str) -> None:
    row = json.loads(DATA.read_text("utf-8"))["fuzzed"][name]
    assert row["cases"] == sum(row["kinds"].values()) >= 2 * FUZZERS[name].examples


def test_another_run_is_added() -> None:
    data: dict[str, Any] = {"fuzzed": {}, "mended": []}
    for found in ([], ["ValueError: no\nat a:1"]):
        data = written(data, texts.FUZZER, Tally(Counter({"computed": 5}), found))
    assert data["fuzzed"] == {"texts": {"cases": 10, "found": 1, "kinds": {"computed": 10}}}
    assert "| 10 | 1 |" in page(data, {}) and "- texts: computed 10" in page(data, {})


def _add_often(path: Path) -> None:
    for _ in range(10):
        figures.change(lambda data: {"runs": data["runs"] + 1}, path)


def test_of_runs_that_end_together_none_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    path.write_text('{"runs": 0}')
    runs = [get_context("fork").Process(target=_add_often, args=(path,)) for _ in range(4)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert json.loads(path.read_text()) == {"runs": 40}


def test_what_is_missed_is_counted() -> None:
    kinds = {f"{ENGINE_FAULTS[0].name}: agrees": 1, "double: wrong gradient": 6, "right: agrees": 3}
    data = {"fuzzed": {"faults": {"cases": 10, "found": 0, "kinds": kinds}}, "mended": []}
    assert "Of 7 mistakes that show in a number `check` found 6; of 3 right" in page(data, {})


if __name__ == "__main__":
    PAGE.write_text(current(), "utf-8")
