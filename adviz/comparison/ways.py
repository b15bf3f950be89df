"""The ways to differentiate that are compared: a row each."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sympy
from sympy.logic.boolalg import Boolean

from adviz.checking.witnesses.complex_step import TOO_SMALL
from adviz.checking.witnesses.question import Question
from adviz.comparison import recording
from adviz.comparison.computation import Computation
from adviz.comparison.counts import counted
from adviz.comparison.expressions import work_of_expressions
from adviz.comparison.recording import Recorded, written_down
from adviz.comparison.subject import LARGEST_RECORDING, Subject, told
from adviz.errors import DomainError, TooLarge
from adviz.graph.builder import Builder
from adviz.language.labels import Key
from adviz.modes.derivative_graph import derived
from adviz.modes.evaluation import evaluated
from adviz.numbers import COMPLEX
from adviz.sources.sympy import from_sympy

LARGEST_SIMPLIFIED = 60
"""The most operations that SymPy simplifies, which may take it minutes beyond."""
_FAILURES = ArithmeticError, AssertionError, AttributeError, RecursionError, TypeError, ValueError
"""What SymPy raises out of its simplification, mostly of choices."""
CENTRAL = 2.0**-17
"""The step of central differences relative to the point, about the cube root of the precision of
doubles: there truncation and rounding are equally large (Press et al., Numerical Recipes, 5.7)."""
IMAGINARY = 2.0**-210
"""The complex step, relative to the point: of its square nothing is left in doubles."""


@dataclass(frozen=True, eq=False)
class Way:
    """One way: what it is called, how often it goes through the operations, and what it does.

    `made` gives what it does, or raises TooLarge or DomainError where it is left out.
    """

    name: str
    sweeps: Callable[[Subject], int]
    made: Callable[[Subject], Computation]


def _scale(x: float) -> float:
    """Return the size of an input, of which a step is a part."""
    return abs(x) or 1.0


def _refuse_long(subject: Subject, times: int, what: str) -> None:
    along = times * subject.value.edges
    if times > 1 and along > LARGEST_RECORDING:
        raise TooLarge(f"{times} {what}, along {told(along)} edges in all")


def _refuse_kinks(subject: Subject) -> None:
    """Raise DomainError where the point lies between smooth pieces: nothing is analytic there."""
    for key in subject.keys if subject.point else ():
        if Question(subject.graph, key, subject.point or {}).kinked:
            raise DomainError(f"the point lies on a kink of {key.output}, where it is not analytic")


def _refuse_underflow(subject: Subject) -> None:
    """Raise DomainError where an input is so small that float64 does not hold a part of it."""
    sizes = [_scale(subject.point[name]) for name in subject.wanted] if subject.point else []
    if sizes and IMAGINARY * min(sizes) < sys.float_info.min:
        raise DomainError(TOO_SMALL)


def _once(_: Subject) -> int:
    return 1


def _value(subject: Subject) -> Computation:
    return Computation(subject.value, Recorded(subject.graph, {}, {}))


def _direction(subject: Subject) -> Computation:
    made = recording.along_a_direction(subject.graph, subject.wanted)
    return Computation(counted(made.procedure), made)


def _forward(subject: Subject) -> Computation:
    _refuse_long(subject, len(subject.wanted), "tangents")
    made = recording.by_forward(subject.graph, subject.wanted)
    return Computation(counted(made.procedure), made)


def _reverse(subject: Subject) -> Computation:
    _refuse_long(subject, len(subject.graph.outputs), "adjoints")
    made = recording.by_reverse(subject.graph, subject.wanted)
    return Computation(counted(made.procedure), made, tape=subject.value.work.operations)


def _derivative_graph(subject: Subject) -> Computation:
    graph, called = derived(subject.graph, wrt=subject.wanted)
    made = Recorded(graph, {Key(*key): label for key, label in called.items()}, {})
    return Computation(counted(graph), made)


def _differences(subject: Subject) -> Computation:
    _refuse_long(subject, 2 * len(subject.wanted), "evaluations")
    made = recording.by_central_differences(subject.graph, subject.wanted)
    return Computation(counted(made.procedure), made, seed=lambda x: CENTRAL * _scale(x))


def _complex_step(subject: Subject) -> Computation:
    _refuse_kinks(subject)
    _refuse_underflow(subject)
    _refuse_long(subject, len(subject.wanted), "evaluations")
    made = recording.by_complex_step(subject.graph, subject.wanted)
    return Computation(
        counted(made.procedure),
        made,
        numbers=COMPLEX,
        seed=lambda x: complex(0.0, IMAGINARY * _scale(x)),
        slope=lambda found, x: found.imag / (IMAGINARY * _scale(x)),
    )


def _as_derived(subject: Subject) -> Computation:
    return _expressions(subject, subject.slopes)


def _simplified(subject: Subject) -> Computation:
    slopes = subject.slopes
    size = work_of_expressions(slopes.values()).operations
    if size > LARGEST_SIMPLIFIED:
        raise TooLarge(
            f"the derivatives have {told(size)} operations; SymPy may simplify for minutes"
        )
    try:
        return _expressions(subject, {k: sympy.simplify(part) for k, part in slopes.items()})
    except _FAILURES as error:
        raise DomainError(f"SymPy fails to simplify it: {type(error).__name__}") from error


def _expressions(subject: Subject, slopes: Mapping[Key, Any]) -> Computation:
    """Return what SymPy's expressions take, each as it is written."""
    procedure = from_sympy([*slopes.values()], subject.graph.rows)
    made = Recorded(procedure, dict(zip(slopes, procedure.outputs, strict=True)), {})
    work = work_of_expressions(slopes.values())
    return Computation(replace(counted(procedure), work=work), made, tree=True)


def _after_cse(subject: Subject) -> Computation:
    lines, slopes = _shared([*subject.slopes.values()])
    rows, builder = subject.graph.rows, Builder(subject.graph.rows)
    numbers = written_down(builder)
    known = {name: builder.input(name) for name in subject.graph.inputs}

    def read(expressions: Sequence[Any]) -> list[int]:
        part = from_sympy([*expressions], rows)
        found = evaluated(part, numbers, {name: known[name] for name in part.inputs})
        return [found[node] for node in part.outputs.values()]

    for symbol, right in lines:
        (known[symbol.name],) = read([right])
    outputs = {f"f{k}": node for k, node in enumerate(read(slopes))}
    made = Recorded(builder.finish(outputs), dict(zip(subject.slopes, outputs, strict=True)), {})
    work = work_of_expressions([*(right for _, right in lines), *slopes])
    return Computation(replace(counted(made.procedure), work=work), made)


def _shared(slopes: Sequence[Any]) -> tuple[list[tuple[Any, Any]], list[Any]]:
    """Return SymPy's assignments of what is shared, and what is left of the expressions.

    A condition is no number that could be assigned, so it is put back where it is used.
    """
    lines, rest = sympy.cse(slopes)
    conditions: dict[Any, Any] = {}
    numbers: list[tuple[Any, Any]] = []
    for symbol, right in lines:
        right = right.xreplace(conditions)
        if isinstance(right, Boolean):
            conditions[symbol] = right
        else:
            numbers.append((symbol, right))
    return numbers, [one.xreplace(conditions) for one in rest]


WAYS: tuple[Way, ...] = (
    Way("value", _once, _value),
    Way("forward, one direction", _once, _direction),
    Way("forward, all inputs", lambda subject: len(subject.wanted), _forward),
    Way("reverse", lambda subject: len(subject.graph.outputs), _reverse),
    Way("symbolic, as derived", _once, _as_derived),
    Way("symbolic, simplified", _once, _simplified),
    Way("symbolic, after CSE", _once, _after_cse),
    Way("derivative graph", _once, _derivative_graph),
    Way("central differences", lambda subject: 2 * len(subject.wanted), _differences),
    Way("complex step", lambda subject: len(subject.wanted), _complex_step),
)
"""Every way, in the order of the rows."""
