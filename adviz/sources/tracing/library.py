"""What the functions of NumPy and SciPy are called in full, as their users write them."""

from __future__ import annotations

from typing import Any

LIBRARIES = frozenset({"numpy", "scipy"})
"""The libraries whose functions have stand-ins in traced code."""
_SHORT = {"numpy": "np"}


def library(value: Any) -> str:
    """Return the library that a function or distribution comes from; empty for any other value.

    >>> from math import sin
    >>> library(sin)
    ''
    """
    if not hasattr(value, "__name__") and not type(value).__name__.endswith("_gen"):
        return ""
    module = "numpy" if type(value).__name__ == "ufunc" else _module(value)
    found = module.partition(".")[0]
    return found if found in LIBRARIES and ".random" not in module else ""


def full_name(function: Any) -> str:
    """Return the name of a library's function, or of a distribution of SciPy, with its module.

    A module whose name begins with an underscore is the library's own affair. A ufunc knows no
    module: it is NumPy's where NumPy has one of that name.

    >>> import numpy
    >>> full_name(numpy.linalg.inv), full_name(numpy.sin)
    ('np.linalg.inv', 'np.sin')
    """
    name: str = getattr(function, "__name__", "") or type(function).__name__.removesuffix("_gen")
    if type(function).__name__ == "ufunc":
        import numpy

        return f"np.{name}" if hasattr(numpy, name) else f"scipy.special.{name}"
    parts = [part for part in _module(function).split(".") if not part.startswith("_")]
    return ".".join([_SHORT.get(parts[0], parts[0]), *parts[1:], name])


def _module(value: Any) -> str:
    return getattr(value, "__module__", None) or ""
