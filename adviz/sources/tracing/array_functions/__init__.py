"""Array functions of NumPy and SciPy, in terms of what traced values can do.

A function is found by its full name. What stands in no table is left to the library's own code,
which asks traced arrays for each of its steps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import signature
from sys import _getframe
from types import MappingProxyType
from typing import Any

from adviz.errors import TracingError
from adviz.sources.tracing.array_functions.choices import CHOICES
from adviz.sources.tracing.array_functions.distributions import DISTRIBUTIONS
from adviz.sources.tracing.array_functions.learning import LEARNING
from adviz.sources.tracing.array_functions.linear import LINEAR
from adviz.sources.tracing.array_functions.linear_algebra import LINEAR_ALGEBRA
from adviz.sources.tracing.array_functions.norms import NORMS
from adviz.sources.tracing.array_functions.ordering import ORDERED
from adviz.sources.tracing.array_functions.refused import REFUSED
from adviz.sources.tracing.array_functions.series import SERIES
from adviz.sources.tracing.array_functions.special import SPECIAL_FUNCTIONS
from adviz.sources.tracing.array_functions.statistics import STATISTICS
from adviz.sources.tracing.places import spot

_ROWS: Mapping[str, Callable[..., Any]] = {
    **CHOICES,
    **STATISTICS,
    **LINEAR_ALGEBRA,
    **NORMS,
    **SERIES,
    **LINEAR,
    **LEARNING,
    **DISTRIBUTIONS,
    **SPECIAL_FUNCTIONS,
    **REFUSED,
    **ORDERED,
}


def _with_known_options(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that says which of its options cannot be traced."""

    def checked(*args: Any, **options: Any) -> Any:
        try:
            signature(function).bind(*args, **options)
        except TypeError as error:
            problem = f"{name} cannot be traced so: {error}"
            raise TracingError(f"{problem}; {spot(_getframe(1))}") from None
        return function(*args, **options)

    return checked


FUNCTIONS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {name: _with_known_options(name, function) for name, function in _ROWS.items()}
)
"""The functions that the libraries compute in ways that traced values cannot go."""

COMPOSED = frozenset(
    {
        "scipy.integrate.cumulative_trapezoid",
        "scipy.integrate.trapezoid",
        "scipy.linalg.block_diag",
        "scipy.optimize.rosen",
        "scipy.signal.convolve",
        "scipy.spatial.distance_matrix",
    }
)
"""Functions of SciPy that are made of what traced arrays can do, and are left to SciPy."""
