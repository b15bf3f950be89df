"""What the processor and the C library at hand can do."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Mapping
from functools import cache

from adviz.compiler.llvm.instructions import Processor
from adviz.compiler.native.machine import features
from adviz.compiler.native.symbols import address
from adviz.primitives import TABLE

_WIDTHS: tuple[tuple[str, int, str], ...] = (
    ("avx512dq", 8, "_ZGVeN8{v}_{name}"),
    ("avx2", 4, "_ZGVdN4{v}_{name}"),
)
"""A feature, how many doubles it computes at once, and what libmvec calls its functions."""

_VECTORS: Mapping[int, frozenset[str]] = {
    8: frozenset("cbrt erfc sinh cosh tanh asinh acosh atanh".split()),
    4: frozenset("cbrt erfc sinh cosh".split()),
}
"""libmvec's functions within 0.93 of what the row allows, by the largest error found among
800 000 points against 200 bits (glibc 2.36; units in the last place, 8 and 4 side by side):
cbrt 1.61, 1.48 of 4; erfc 1.68 of 3; sinh 1.73 of 2; cosh 1.85, 1.40 of 2; tanh 1.16, 2.10 of 2;
asinh 1.14, 1.93 of 2; acosh 1.13, 2.64 of 2; atanh 1.28, 1.96 of 2.
Beyond it: exp 2.75, expm1 2.83, log 1.53, log1p 1.85, log2 1.84, log10 1.82 of 2, sin 3.16,
cos 3.18, tan 3.06, asin 2.64, acos 1.90, atan 2.05, erf 2.27, atan2 2.04, hypot 1.84 of 1."""

_PROBES: Mapping[str, tuple[tuple[str, float, float], ...]] = {
    "lgamma": (
        ("lgamma", -2.4570247382208006, 5.619192358950097e-17),
        ("lgamma", 1 + 2.0**-30, -5.375739784311044e-10),
    ),
    "gamma": (
        ("tgamma", -20.5, -2.834656574391335e-19),
        ("tgamma", 170.3, 1.99158755723589e305),
    ),
    "erfc": (("erfc", 26.0, 5.663192408856143e-296),),
}
"""C functions that some libraries compute badly, an argument each that shows it, and the truth."""


@cache
def processor() -> Processor:
    """Return what the loop over many points may use here."""
    there = features()
    for feature, width, mangling in _WIDTHS:
        if feature in there:
            names = (name for name in _VECTORS[width] if _mangled(mangling, name))
            return Processor(width, "fma" in there, frozenset(names), mangling)
    return Processor(2, "fma" in there or "neon" in there)


def _mangled(mangling: str, name: str) -> bool:
    """Return whether libmvec is there and has a function of one argument."""
    return address(mangling.format(v="v", name=name)) is not None


@cache
def absent() -> tuple[str, ...]:
    """Return the rows that the C library here computes with fewer digits than the table says."""
    return tuple(row for row, probes in _PROBES.items() if not all(_kept(row, *p) for p in probes))


def _kept(row: str, name: str, argument: float, truth: float) -> bool:
    place = address(name)
    if place is None:
        return False
    found: float = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)(place)(argument)
    return abs(found - truth) <= (TABLE[row].ulps + 1) * math.ulp(truth)
