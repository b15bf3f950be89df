"""What NumPy and SciPy call the rows of the table, for code on arrays.

They are the functions of `adviz.numbers.ARRAY`, so that generated code gives the same bits as a
program run in that number system.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.util import find_spec

from adviz.compiler.program.data import Program
from adviz.numbers import array
from adviz.primitives import TABLE

_SAME = (
    "add hypot exp exp2 expm1 log log2 log10 log1p logaddexp sqrt cbrt sin cos tan degrees radians "
    "sinh cosh tanh sign floor ceil trunc copysign fmod mod"
).split()
_NUMPY = {name: f"np.{name}" for name in _SAME} | {
    "sub": "np.subtract",
    "mul": "np.multiply",
    "div": "np.divide",
    "neg": "np.negative",
    "abs": "np.absolute",
    "round": "np.rint",
    "pow": "np.power",
    "floordiv": "np.floor_divide",
    "asin": "np.arcsin",
    "acos": "np.arccos",
    "atan": "np.arctan",
    "atan2": "np.arctan2",
    "asinh": "np.arcsinh",
    "acosh": "np.arccosh",
    "atanh": "np.arctanh",
    "min": "np.minimum",
    "max": "np.maximum",
    "lt": "np.less",
    "le": "np.less_equal",
    "gt": "np.greater",
    "ge": "np.greater_equal",
    "eq": "np.equal",
    "ne": "np.not_equal",
    "and": "np.logical_and",
    "or": "np.logical_or",
    "not": "np.logical_not",
}
_SCIPY = {"erf": "special.erf", "gamma": "special.gamma"}
_POWERS: Mapping[float, str] = {2.0: "np.square", 0.5: "np.sqrt", -1.0: "np.reciprocal"}
"""What NumPy itself computes a power by when its exponent is one of these."""

PASSED_ON: Mapping[str, Sequence[int]] = {
    **dict.fromkeys(("add", "sub", "mul"), (0, 1)),
    **dict.fromkeys(("div", "neg", "abs", "sqrt", "log", "sin", "cos", "sinh", "cosh"), (0,)),
}
"""The arguments that must be finite where a row's value is."""


@cache
def ufuncs() -> Mapping[str, str]:
    """Return the ufunc of every row that has one; SciPy's only where SciPy is installed.

    >>> ufuncs()["asin"]
    'np.arcsin'
    """
    return {**_NUMPY, **_SCIPY} if find_spec("scipy") else _NUMPY


@cache
def known() -> frozenset[str]:
    """Return the rows that arrays have a function for; the others are taken by definition."""
    return frozenset(name for name in TABLE if array.native(name) is not None)


def ufunc(program: Program, node: int) -> tuple[str, int] | None:
    """Return the ufunc that computes a node and the number of its arguments, if there is one."""
    op, args = program.ops[node], program.args[node]
    exponent = program.constants.get(args[1]) if op == "pow" else None
    if exponent in _POWERS:
        return _POWERS[float(exponent)], 1  # type: ignore[arg-type]  # a key of the table
    name = ufuncs().get(op)
    return None if name is None else (name, len(args))
