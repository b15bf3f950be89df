"""Code as people write it is traced as it stands: its value and its gradient are the function's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from as_written import FAMILIES, POINT

import adviz

Callee = Callable[..., Any]
SCENARIOS = [
    pytest.param(function, id=f"{family}: {name}")
    for family, scenarios in FAMILIES.items()
    for name, function in scenarios.items()
]
STENCIL = ((1, 3 / 4), (2, -3 / 20), (3, 1 / 60))
"""Central differences of sixth order (Fornberg 1988, table 1)."""


def slopes(function: Callee, point: Any, step: float = 4e-3) -> Iterator[float]:
    """Yield the derivative by each element of a function of a vector of floats."""
    for i in range(len(point)):
        unit = np.eye(len(point))[i] * step
        around = (
            weight * (float(function(point + k * unit)) - float(function(point - k * unit)))
            for k, weight in STENCIL
        )
        yield sum(around) / step


@pytest.mark.parametrize("function", SCENARIOS)
def test_code_as_written_is_the_function(function: Callee) -> None:
    point = np.array(POINT)
    traced = adviz.reverse(adviz.build(function, shapes={"x": 4}), at={"x": point})
    assert traced.value == pytest.approx(float(function(point.copy())), rel=1e-12)
    expected = list(slopes(lambda x: function(x.copy()), point))
    assert list(traced.gradient.values()) == pytest.approx(expected, rel=1e-8, abs=1e-8)
