"""A graph from a jaxpr: its equations, one after the other, functions that they call inlined.

Method: Frostig, Johnson & Leary, *Compiling machine learning programs via high-level tracing*
(2018), for what JAX traces; Bradbury et al., *JAX: composable transformations of Python+NumPy
programs* (2018).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from adviz.sources.frameworks.jax_rules import as_opaque
from adviz.sources.frameworks.lax import (
    COMPOSED,
    MOVES,
    NAMED,
    ROWS,
    case_of,
    is_of_whole_numbers,
    moved,
    told_outside,
)
from adviz.sources.frameworks.moving import indexed, stacked
from adviz.sources.frameworks.reading import (
    MISSING,
    Held,
    Reading,
    Unreadable,
    Value,
    lacks,
)

MOST_UNROLLED = 20_000
"""The most equations that a loop becomes."""
_INSIDE = ("jaxpr", "call_jaxpr", "fun_jaxpr")
"""What an equation calls the function that it calls."""
_LOOPS = ("scan", "while", "cond")
_ADVIZ = str(Path(__file__).parents[2])

KNOWN = frozenset({*ROWS, *COMPOSED, *MOVES, *_LOOPS})
"""The primitives that are read; a function that is called is read in its place."""


class JaxprReading:
    """A jaxpr on its way into a graph."""

    def __init__(self, reading: Reading) -> None:
        import jax

        self.reading = reading
        self._around = str(Path(jax.__file__).parent), _ADVIZ

    def closed(self, jaxpr: Any, args: Sequence[Value]) -> list[Value]:
        """Return what a jaxpr gives together with its constants."""
        return self.run(jaxpr.jaxpr, jaxpr.consts, args)

    def run(self, jaxpr: Any, consts: Sequence[Any], args: Sequence[Value]) -> list[Value]:
        """Return what a jaxpr gives for some values."""
        known: dict[Any, Value] = {}
        known.update(zip(jaxpr.constvars, consts, strict=True))
        known.update(zip(jaxpr.invars, args, strict=True))

        def value(one: Any) -> Value:
            return one.val if hasattr(one, "val") else known[one]

        for equation in jaxpr.eqns:
            found = self.equation(equation, [value(one) for one in equation.invars])
            known.update(zip(equation.outvars, found, strict=True))
        return [value(one) for one in jaxpr.outvars]

    def equation(self, equation: Any, values: list[Value]) -> Sequence[Value]:
        """Return what an equation gives of values in the place of what it takes."""
        name, called = equation.primitive.name, inside(equation)
        if called is not None and name not in _LOOPS:
            return self._called(*called, values)
        if not any(isinstance(one, Held) for one in values) and not lacks(values):
            return _computed(equation, values)
        unused = all(str(one) == "_" for one in equation.outvars)
        if unused or (name in KNOWN and lacks(values)):
            return [MISSING] * len(equation.outvars)
        if lacks(values):
            self.reading.unknown[name] = None
            return [MISSING] * len(equation.outvars)
        if all(0 in part.aval.shape for part in equation.outvars):
            return [np.zeros(part.aval.shape) for part in equation.outvars]
        self.reading.source = self._place(equation) or self.reading.source
        try:
            found = self._known(equation, values)
        except Unreadable as reason:
            self.reading.unknown[f"{name} ({reason})"] = None
            return [MISSING] * len(equation.outvars)
        return found if equation.primitive.multiple_results else [found]

    def _known(self, equation: Any, values: list[Value]) -> Any:
        """Return what a primitive gives by the tables."""
        name, params, reading = equation.primitive.name, equation.params, self.reading
        if is_of_whole_numbers(name, equation.outvars[0].aval.dtype.kind):
            raise Unreadable("of whole numbers")
        if name in ROWS:
            return reading.apply(ROWS[name], *values)
        if name in COMPOSED:
            return COMPOSED[name](reading, params, *values)
        if name in MOVES:
            return moved(reading, name, _bound(equation, **told_outside(params)), values)
        if name in _LOOPS:
            return _CONTROL[name](self, params, values)
        found = as_opaque(reading, equation, values)
        return found if equation.primitive.multiple_results else found[0]

    def _called(self, jaxpr: Any, consts: Sequence[Any], values: list[Value]) -> Sequence[Value]:
        """Return what a function gives that an equation calls; JAX's own ones may be rows."""
        row = self.reading.builder.rows.get(NAMED.get(self._own_name(jaxpr), ""))
        known = any(isinstance(one, Held) for one in values) and not lacks(values)
        if known and row is not None and row.arity == len(values):
            return [self.reading.apply(row.name, *values)]
        return self.run(jaxpr, consts, values)

    def _own_name(self, jaxpr: Any) -> str:
        """Return the name of a function that JAX itself defines; nothing of any other."""
        told = str(getattr(getattr(jaxpr, "debug_info", None), "func_src_info", ""))
        found = re.fullmatch(r"(\w+) at (.*):\d+", told)
        return found[1] if found and found[2].startswith(self._around[0]) else ""

    def _place(self, equation: Any) -> str:
        """Return the author's line that an equation comes from; nothing where it is not known."""
        trace = getattr(equation.source_info, "traceback", None)
        for frame in trace.frames if trace is not None else ():
            if not frame.file_name.startswith(self._around):
                return f"line {frame.line_num} of {frame.function_name.rpartition('.')[2]}"
        return ""


def inside(equation: Any) -> tuple[Any, Sequence[Any]] | None:
    """Return the jaxpr of the function that an equation calls, and its constants, if it calls one.

    What a loop does is such a function too.
    """
    found = next((equation.params[key] for key in _INSIDE if key in equation.params), None)
    if found is None:
        return None
    return (found.jaxpr, found.consts) if hasattr(found, "consts") else (found, ())


def _bound(equation: Any, **others: Any) -> Callable[..., Any]:
    """Return an equation as a function of JAX's own arrays, some parameters being others."""
    return lambda *values: equation.primitive.bind(*values, **{**equation.params, **others})


def _computed(equation: Any, values: list[Value]) -> Sequence[Value]:
    """Return what JAX gives for constants."""
    found = _bound(equation)(*values)
    return found if equation.primitive.multiple_results else [found]


# --- loops and branches ---------------------------------------------------------------------------


def _size(jaxpr: Any) -> int:
    """Return how many equations a jaxpr has, with those of the functions that it calls."""
    return sum(1 for _ in equations(jaxpr))


def equations(jaxpr: Any) -> Iterator[Any]:
    """Yield the equations of a jaxpr, and those of the functions that it calls."""
    for equation in jaxpr.eqns:
        yield equation
        for inner in inner_jaxprs(equation.params.values()):
            yield from equations(inner)


def inner_jaxprs(values: Any) -> Iterator[Any]:
    """Yield the jaxprs among an equation's parameters."""
    for value in values:
        if isinstance(value, tuple | list):
            yield from inner_jaxprs(value)
        elif hasattr(value, "eqns") or hasattr(value, "jaxpr"):
            yield getattr(value, "jaxpr", value)


def _check_length(jaxpr: Any, steps: int) -> None:
    size = steps * max(_size(jaxpr), 1)
    if size > MOST_UNROLLED:
        raise Unreadable(f"{steps} steps, {size} equations; {MOST_UNROLLED} are unrolled")


def _scan(read: JaxprReading, params: Mapping[str, Any], values: list[Value]) -> list[Value]:
    """Return a loop of a known length, unrolled."""
    body, length = params["jaxpr"], int(params["length"])
    _check_length(body.jaxpr, length)
    fixed = params["num_consts"]
    carried = fixed + params["num_carry"]
    consts, carry, rows = values[:fixed], values[fixed:carried], values[carried:]
    kept: list[list[Value]] = []
    order = range(length - 1, -1, -1) if params["reverse"] else range(length)
    for step in order:
        found = read.closed(body, [*consts, *carry, *(_row(read, one, step) for one in rows)])
        carry = found[: len(carry)]
        kept.append(found[len(carry) :])
    made = kept[::-1] if params["reverse"] else kept
    return [*carry, *(_column(read, list(column)) for column in zip(*made, strict=True))]


def _row(read: JaxprReading, value: Value, step: int) -> Value:
    return indexed(read.reading, value, (step,)) if isinstance(value, Held) else value[step]


def _column(read: JaxprReading, parts: list[Value]) -> Value:
    return MISSING if lacks(parts) else stacked(read.reading, parts, 0)


def _while(read: JaxprReading, params: Mapping[str, Any], values: list[Value]) -> list[Value]:
    """Return a loop that ends whatever the inputs are, unrolled."""
    first, second = params["cond_nconsts"], params["body_nconsts"]
    asked, consts = values[:first], values[first : first + second]
    carry, steps = values[first + second :], 0
    while True:
        (goes_on,) = read.closed(params["cond_jaxpr"], [*asked, *carry])
        if isinstance(goes_on, Held) or goes_on is MISSING:
            raise Unreadable("how often depends on inputs")
        if not goes_on:
            return carry
        steps += 1
        _check_length(params["body_jaxpr"].jaxpr, steps)
        carry = read.closed(params["body_jaxpr"], [*consts, *carry])


def _cond(read: JaxprReading, params: Mapping[str, Any], values: list[Value]) -> list[Value]:
    """Return one of several branches: a choice, where inputs decide which."""
    which, branches = values[0], params["branches"]
    if not isinstance(which, Held):
        return read.closed(branches[int(np.clip(which, 0, len(branches) - 1))], values[1:])
    found = [read.closed(branch, values[1:]) for branch in branches]
    if any(map(lacks, found)):
        return [MISSING] * len(found[0])
    return case_of(read.reading, which, found)


_CONTROL: Mapping[str, Callable[..., list[Value]]] = {
    "scan": _scan,
    "while": _while,
    "cond": _cond,
}
