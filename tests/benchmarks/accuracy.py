"""Measures how many digits every row of the table keeps in every target, where they are in danger.

Run it: `python tests/benchmarks/accuracy.py [--points 200] [--rows SUBSTRING] [--write]`. It prints
the largest error of each row's value, and after a stroke that of its local partials, in units in
the last place, by target; `--write` keeps the figures for the page that `tests/pages.py` makes.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "compiler"))

from digits import HERE, ROWS, Results, worst
from laws import Arguments, by_position, graph_of, point_of
from nasty import nasty
from test_languages import LANGUAGES, RUNS, UNPRINTED, Case, split

from adviz.compiler.program.program import program
from adviz.primitives import Primitive

KEPT = Path(__file__).parent.parent.parent / "docs" / "accuracy.json"
Figures = dict[str, dict[str, list[float | None]]]
"""Per row and target the largest error of the value, and that of the local partials."""


def measured(rows: Sequence[Primitive], points: int) -> Iterator[tuple[str, dict[str, Results]]]:
    """Yield each row's results by target, those of other languages from one run of all rows."""
    at = {row.name: nasty(row.name, points) for row in rows}
    printed = {language: _printed(language, rows, at) for language in LANGUAGES}
    for row in rows:
        here = {name: run(row, at[row.name]) for name, run in HERE.items()}
        there = {name: found.get(row.name) for name, found in printed.items()}
        yield row.name, {name: got for name, got in (here | there).items() if got is not None}


def _printed(
    language: str, rows: Sequence[Primitive], at: Mapping[str, Sequence[Arguments]]
) -> Mapping[str, Results]:
    """Return what another language computes; nothing where it is not installed."""
    tool, run = RUNS[language]
    if shutil.which(tool) is None:
        return {}
    cases = {row.name: _case(row, at[row.name]) for row in rows if row.name not in UNPRINTED}
    with TemporaryDirectory() as home:
        return split(run(Path(home), cases), cases)


def _case(row: Primitive, at: Sequence[Arguments]) -> Case:
    graph, wrt = graph_of(row), [row.args[k] for k in by_position(row)]
    made = program(graph, "gradient" if wrt else "value", wrt)
    return Case(graph, made, [point_of(row, one) for one in at])


def figures(rows: Sequence[Primitive], points: int, told: Callable[[str], object]) -> Figures:
    """Return the largest errors of rows in every target, telling each row when it is known."""
    by_name, found = {row.name: row for row in rows}, Figures()
    for name, results in measured(rows, points):
        at, found[name] = nasty(name, points), {}
        for target, got in results.items():
            value, *slopes = worst(by_name[name], at, got)
            most = max((slope.error for slope in slopes), default=0.0)
            found[name][target] = [_rounded(value.error), _rounded(most)]
        told(_line(name, found[name]))
    return found


def _rounded(error: float) -> float | None:
    """Return an error with two digits; nothing where there is no number at all."""
    return float(f"{error:.2g}") if math.isfinite(error) else None


def _line(name: str, row: Mapping[str, Sequence[float | None]]) -> str:
    shown = (f"{target} {value}/{slope}" for target, (value, slope) in row.items())
    return f"{name:22} {'  '.join(shown)}"


_PAGE = """# How many digits are kept

The largest error of each row of [the table](primitives.md) against 60 digits and more, in units in
the last place: of its value, and after a stroke of its local partials. Measured by
`python tests/benchmarks/accuracy.py --write` at up to {points} points a row: magnitudes from 1e-320
to 1e300, and the surroundings, down to the next double, of whole numbers, of the edges of the
domain, and of each zero and pole that a walk along the axis comes upon. A function of several
arguments, whose zeros are curves, is forgiven what half an ulp of each argument does, and a local
partial what two do. An empty cell is a row that the target lacks; ∞ is a number missed altogether.

| row | {targets} |
|---|{rules}|
{lines}
"""


def page(data: Mapping[str, Any]) -> str:
    """Return docs/accuracy.md: a line a row, a column a target."""
    targets = (*HERE, *LANGUAGES)
    return _PAGE.format(
        points=data["points"],
        targets=" | ".join(targets),
        rules="|".join(["---"] * len(targets)),
        lines="\n".join(
            f"| {name} | {' | '.join(_cell(row.get(one)) for one in targets)} |"
            for name, row in data["errors"].items()
        ),
    )


def _cell(errors: Sequence[float | None] | None) -> str:
    return "/".join("∞" if one is None else f"{one:g}" for one in errors or ())


def main() -> None:
    """Measure the rows that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=200)
    parser.add_argument("--rows", default="")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    rows = [row for row in ROWS if asked.rows in row.name]
    found = figures(rows, asked.points, lambda line: print(line, flush=True))
    if asked.write:
        data = {"points": asked.points, "errors": found}
        KEPT.write_text(json.dumps(data, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
