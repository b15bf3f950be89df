"""The rows that Python's own operators compute, for every kind of single number alike."""

from __future__ import annotations

import operator

from adviz.numbers.rules import Function

OPERATORS: dict[str, Function] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "neg": operator.neg,
    "abs": abs,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
    "eq": operator.eq,
    "ne": operator.ne,
    "and": lambda c, d: c and d,
    "or": lambda c, d: c or d,
    "not": operator.not_,
    "where": lambda c, x, y: x if c else y,
}
