"""Array functions of NumPy and SciPy, in terms of what traced values can do.

A function is found by its full name. What stands in no table is left to the library's own code,
which asks traced arrays for each of its steps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from adviz.sources.tracing.array_functions.choices import CHOICES
from adviz.sources.tracing.array_functions.distributions import DISTRIBUTIONS
from adviz.sources.tracing.array_functions.learning import LEARNING
from adviz.sources.tracing.array_functions.linear import LINEAR
from adviz.sources.tracing.array_functions.linear_algebra import LINEAR_ALGEBRA
from adviz.sources.tracing.array_functions.norms import NORMS
from adviz.sources.tracing.array_functions.refused import REFUSED
from adviz.sources.tracing.array_functions.series import SERIES
from adviz.sources.tracing.array_functions.statistics import STATISTICS

FUNCTIONS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        **CHOICES,
        **STATISTICS,
        **LINEAR_ALGEBRA,
        **NORMS,
        **SERIES,
        **LINEAR,
        **LEARNING,
        **DISTRIBUTIONS,
        **REFUSED,
    }
)
"""The functions that the libraries compute in ways that traced values cannot go."""
