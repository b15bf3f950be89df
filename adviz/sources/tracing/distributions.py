"""Distributions of SciPy whose parameters are given once, as traced code sees them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from sys import _getframe
from typing import Any

from adviz.errors import TracingError
from adviz.sources.tracing.arrays import is_traced
from adviz.sources.tracing.places import spot

_OF_A_NUMBER = frozenset(
    {"pdf", "logpdf", "cdf", "logcdf", "sf", "logsf", "ppf", "isf", "pmf", "logpmf"}
)
"""The methods that take a number before the parameters."""


class Frozen:
    """A distribution with its parameters, which may be traced.

    >>> import adviz
    >>> from scipy.stats import norm
    >>> adviz.build(lambda x, s: norm(0, s).pdf(x)) == adviz.build(lambda x, s: norm.pdf(x, 0, s))
    True
    """

    def __init__(
        self, original: Any, seen: Any, args: tuple[Any, ...], options: Mapping[str, Any]
    ) -> None:
        self._original, self._seen, self._args, self._options = original, seen, args, options

    def __getattr__(self, name: str) -> Any:
        if name in _OF_A_NUMBER:
            return self._method(getattr(self._seen, name))
        if is_traced((*self._args, *self._options.values())):
            raise TracingError(
                f"{name} of a distribution with traced parameters cannot be traced; "
                f"{spot(_getframe(1))}; docs/language.md lists what can"
            )
        return getattr(self._original(*self._args, **self._options), name)

    def _method(self, method: Callable[..., Any]) -> Callable[..., Any]:
        return lambda x: method(x, *self._args, **self._options)
