"""Every row keeps its digits in every target, where they are in danger."""

from __future__ import annotations

import json
import math
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))

import accuracy
from digits import HERE, ROWS, worst
from laws import Arguments, by_position
from nasty import nasty

import adviz
from adviz.compiler.languages import printed
from adviz.numbers.library import LIBRARY
from adviz.primitives import TABLE, Primitive

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


# --- right values, some of which were wrong once -------------------------------------------------

VALUES = (
    ("digamma", (-0.999,), -999.5745709308084),
    ("digamma", (-0.9999999999,), -9999999172.173574),
    ("digamma", (-0.9999999999999999,), -9007199254740992.0),
    ("lgamma", (1 - 2.0**-53,), 6.408381213480008e-17),
    ("lgamma", (1e-320,), 736.8272408909739),
    ("lambertw", (-0.3678794411714423,), -0.9999999846957459),
    ("erfc", (25.0,), 8.300172571196523e-274),
    ("zeta", (-8.0,), 0.0),
    ("Ei", (40.39678365803898,), 8890685278673859.0),
    ("Ci", (561163.649281245,), -3.4857213440457906e-07),
    ("Chi", (0.6793063404691031,), 0.3081378920784851),
    ("besselj", (0.0, 425194.801), -0.00015827039270991254),
    ("bessely", (6.0, 527223.078), -0.00023283967744893455),
    ("bessely", (0.0, 0.8935769662791675), -2.3389279284062102e-17),
    ("pseudo_huber", (1e308, 40.0), 800.0),
    ("pseudo_huber", (1.0, 1e308), 1e308),
    ("pseudo_huber", (1.7e308, -1.7e308), math.inf),
)


@pytest.mark.parametrize("target", HERE)
@pytest.mark.parametrize(("name", "at", "wanted"), VALUES)
def test_a_value_is_right(name: str, at: Arguments, wanted: float, target: str) -> None:
    row = TABLE[name]
    results = HERE[target](row, [at])
    if results is not None:
        assert abs(results[0][0] - wanted) <= bound(row, target) * math.ulp(wanted) or (
            results[0][0] == wanted
        )


@pytest.mark.parametrize("target", HERE)
@pytest.mark.parametrize("x", [-1e-310, 1e-310, -5e-324, 5e-324, -1e-308])
def test_beside_its_pole_gamma_is_infinite_on_the_right_side(x: float, target: str) -> None:
    results = HERE[target](TABLE["gamma"], [(x,)])
    assert results is not None
    value, *slopes = results[0]
    assert value == 1 / x and slopes in ([-math.inf], [])


@pytest.mark.parametrize("x", [-3.0, 40.0, -1e308])
def test_the_slopes_of_a_smooth_huber_reach_as_far_as_doubles(x: float) -> None:
    slopes = adviz.gradient("pseudo_huber(d, r)", {"d": 1e308, "r": x}, errors="ieee")
    assert slopes["r"] == pytest.approx(x / math.hypot(1, x / 1e308))


# --- the page ------------------------------------------------------------------------------------


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
        worse = printed.ULPS.get(name, 0) if target not in HERE else 0
        assert value is not None and value <= max(bound(rows[name], target), worse), (name, target)


if __name__ == "__main__":
    PAGE.write_text(accuracy_page(), "utf-8")
