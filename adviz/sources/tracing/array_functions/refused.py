"""Array functions that no graph can be made of, and what would work in their place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from sys import _getframe
from typing import Any, NoReturn

from adviz.errors import TracingError
from adviz.sources.tracing.places import spot

_ORDER = "orders traced values, which have no order yet"
_LEAST = "use adviz.functions.min, max or where"
_FOLLOW = "follow one point with build(f, at=point)"
_SPECTRUM = "needs iterations whose number depends on the values"
_PRODUCTS = "write the problem with np.linalg.solve or det"
_COMPLEX = "is complex, not real"
_COUNT = "gives as many values as the traced values decide"
_MASK = "keep all of them and weigh each with np.where"

SORTING = (
    *("sort", "argsort", "partition", "argpartition", "argmax", "argmin"),
    *("median", "searchsorted", "quantile", "percentile"),
)
"""What NumPy itself orders at a followed point."""
FINDING = ("unique", "nonzero", "argwhere", "flatnonzero")
"""What NumPy itself finds at a followed point."""

REASONS: Mapping[str, tuple[str, str]] = {
    **{f"np.{name}": (_ORDER, f"{_FOLLOW}, or {_LEAST}") for name in SORTING},
    **{f"np.{name}": (_COUNT, f"{_FOLLOW}, or {_MASK}") for name in FINDING},
    **{f"np.{name}": (_ORDER, _LEAST) for name in ("lexsort", "digitize", "histogram")},
    "np.nanmedian": (_ORDER, _LEAST),
    **{f"np.linalg.{name}": (_SPECTRUM, _PRODUCTS) for name in ("eig", "eigh", "eigvals")},
    **{f"np.linalg.{name}": (_SPECTRUM, _PRODUCTS) for name in ("eigvalsh", "svd", "svdvals")},
    **{f"np.linalg.{name}": (_SPECTRUM, _PRODUCTS) for name in ("matrix_rank", "cond", "pinv")},
    "np.linalg.qr": ("has signs that the values decide", _PRODUCTS),
    "np.linalg.lstsq": (_SPECTRUM, "write np.linalg.solve(A.T @ A, A.T @ b)"),
    "np.roots": (_SPECTRUM, "write the roots out"),
    **{f"np.fft.{name}": (_COMPLEX, "scipy.fft.dct is real") for name in ("fft", "ifft", "rfft")},
    **{f"np.fft.{name}": (_COMPLEX, "scipy.fft.dct is real") for name in ("irfft", "fft2", "fftn")},
    "np.arange": (
        "would have as many elements as a traced value decides",
        "write np.linspace(start, stop, n) or start + step*np.arange(n)",
    ),
}
"""Why each has no graph, and what would work."""


def _refusal(name: str, reason: str, cure: str) -> Callable[..., NoReturn]:
    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise TracingError(f"{name} {reason}; {spot(_getframe(1))}; {cure}")

    return refuse


REFUSED: Mapping[str, Callable[..., NoReturn]] = {
    name: _refusal(name, *why) for name, why in REASONS.items()
}
