"""Every row keeps its digits in every target, where they are in danger."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))

import accuracy
from digits import HERE, ROWS, worst
from laws import by_position
from nasty import nasty

from adviz.compiler.languages import printed
from adviz.numbers.library import LIBRARY
from adviz.primitives import Primitive

PAGE = accuracy.KEPT.with_suffix(".md")
POINTS = 16
RULE_ULPS = 4.0
"""What the operations of a rule may add to the errors of the rows that it names."""


def bound(row: Primitive, target: str) -> float:
    """Return the bound on the error of a row's value in a target."""
    kept = LIBRARY.get(row.name)
    return max(row.ulps, kept.ulps) if kept and target.endswith("arrays") else row.ulps


def rule_bound(row: Primitive, position: int, target: str) -> float:
    """Return the bound on the error of a local partial: that of what its rule is made of."""
    names = re.findall(r"[A-Za-z_0-9]+", row.partials[position])
    worse = [bound(other, target) for other in ROWS if other.name in names]
    return RULE_ULPS + sum(worse) + bound(row, target) * ("z" in names)


@pytest.mark.parametrize("target", HERE)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_row_keeps_its_digits(row: Primitive, target: str) -> None:
    at = nasty(row.name, POINTS)
    results = HERE[target](row, at)
    if results is None:
        pytest.skip(f"{target} has no {row.name}")
    value, *slopes = worst(row, at, results)
    assert value.error <= bound(row, target), value
    for position, slope in zip(by_position(row), slopes, strict=False):
        assert slope.error <= rule_bound(row, position, target), slope


def accuracy_page() -> str:
    return accuracy.page(json.loads(accuracy.KEPT.read_text("utf-8")))


def test_the_page_of_accuracy_is_what_its_data_say() -> None:
    assert PAGE.read_text("utf-8") == accuracy_page()


def test_what_was_measured_is_within_the_bounds() -> None:
    errors = json.loads(accuracy.KEPT.read_text("utf-8"))["errors"]
    rows = {row.name: row for row in ROWS}
    assert set(errors) == set(rows)
    for name, target in [(row, target) for row in errors for target in errors[row]]:
        value, _ = errors[name][target]
        worse = printed.ULPS.get(name, 0) if target in accuracy.LANGUAGES else 0
        assert value is not None and value <= max(bound(rows[name], target), worse), (name, target)


if __name__ == "__main__":
    PAGE.write_text(accuracy_page(), "utf-8")
