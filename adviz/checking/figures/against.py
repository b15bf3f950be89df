"""The numbers of a figure held against fifty digits, and its derivatives against SymPy's."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import partial
from numbers import Number as Numeric
from typing import Any, NamedTuple

from adviz.checking.closing.heard import hearing
from adviz.checking.figures.again import GIVEN, Figure, figure
from adviz.checking.figures.naming import called
from adviz.checking.finding import WRONG
from adviz.errors import AdvizError
from adviz.language.numerals import MOST_DIGITS, short
from adviz.modes.rounding import UNIT
from adviz.numbers import ARRAY, EXACT, FLOAT64
from adviz.render.provenance.record import Record
from adviz.render.provenance.shown import element
from adviz.scene.folded import Several
from adviz.scene.grids import elements, shown

DIGITS = 50
_FLOATS = 12
"""Of more digits than these the last are those of float64, and are not held against the truth."""
_NEAR = 1e-13
"""How near to the middle between two printed numbers both are right."""
_NOTHING = 1e-40
"""What is 0 of fifty digits, against the largest number of a figure."""
_ROUNDED = 16 * UNIT
"""What rounding may leave of that 0."""


class Untrue(NamedTuple):
    """A number that is printed, and what would be right."""

    what: str
    printed: str
    right: str

    def __str__(self) -> str:
        return f"{self.what} is printed as {self.printed}, not {self.right}"


class Against(NamedTuple):
    """What was found out about a figure's numbers."""

    untrue: tuple[Untrue, ...]
    unheard: str = ""
    """Why they were held against no truth, where they were not."""


def against_truth(record: Record, made: Figure) -> Against:
    """Hold the numbers of a figure against the same sweeps with fifty digits, and SymPy.

    >>> from adviz.render.provenance.record import Sweep
    >>> record = Record("1 - cos(x)", at={"x": 1e-8}, sweeps=[Sweep("evaluate")])
    >>> print(*against_truth(record, figure(record)).untrue)
    the value of f is printed as 0, not 5 × 10⁻¹⁷
    """
    if not record.sweeps:
        return Against((), "there are no numbers but in formulas")
    if record.numbers == ARRAY.name:
        return Against((), "at many points only the same sweep is run again")
    if record.numbers == EXACT.name:
        return Against((), "Fractions are exact")
    more = record.numbers if isinstance(record.numbers, int) else 0
    try:
        true = figure(record, DIGITS + more)
    except AdvizError as error:
        return Against((), f"there are no {DIGITS} digits: {error}")
    untrue = (*_differing(made, true.exact), *_unlike_sympy(record, made))
    return Against(untrue)


def _differing(made: Figure, true: Mapping[str, Any]) -> Iterator[Untrue]:
    """Yield the numbers whose printed digits are not those of the truth."""
    largest = max(map(_largest, made.exact.values()), default=0.0)
    for key, printed in made.numbers.items():
        array, place = element(key)
        if array not in true or key.startswith(GIVEN):
            continue  # another branch is taken, which another number tells
        write = partial(_written, made, place)
        found, right = _rounded_to_nothing(made.exact[array], true[array], largest)
        near = (write(_moved(right, by), _FLOATS) for by in (0.0, _NEAR, -_NEAR))
        if write(found, _FLOATS) not in near:
            yield Untrue(called(made.scene, key), printed, write(true[array]))


def _largest(value: Any) -> float:
    """Return the largest magnitude of a number or an array of numbers; 0 of anything else."""
    held = _magnitudes(value)
    return 0.0 if held is None else float(held[held < math.inf].max(initial=0.0))


def _magnitudes(value: Any) -> Any:
    if not (hasattr(value, "shape") or isinstance(value, Numeric) or hasattr(value, "context")):
        return None
    import numpy as np

    try:
        return np.abs(np.asarray(value, float))
    except (TypeError, ValueError):
        return None


def _rounded_to_nothing(found: Any, true: Any, largest: float) -> tuple[Any, Any]:
    """Return a number and the truth, both 0 where that is 0 and the number no more than rounding.

    Rounding is that of the largest number of the figure; of arrays it is element by element.
    """
    of_found, of_true = _magnitudes(found), _magnitudes(true)
    if of_found is None or of_true is None or of_found.shape != of_true.shape:
        return found, true
    nothing = (of_true <= _NOTHING * largest) & (of_found <= _ROUNDED * largest)
    if not nothing.any():
        return found, true
    if not nothing.shape:
        return 0.0, 0.0
    import numpy as np

    return np.where(nothing, 0.0, found), np.where(nothing, 0.0, true)


def _written(
    made: Figure, place: tuple[int, int] | None, value: Any, most: int = MOST_DIGITS
) -> str:
    """Return a number, or an element of an array, as the figure prints it."""
    digits = min(made.scene.precision, most)
    if place is not None:
        return elements(value, digits)[place[0]][place[1]]
    return shown(value, digits, of_arrays=made.graph.shapes is not None)


def _moved(number: Any, by: float) -> Any:
    """Return a number, or all of several, a little further from 0 or nearer to it."""
    if not by or number is None or isinstance(number, bool):
        return number
    if isinstance(number, Several):
        return Several(tuple(_moved(one, by) for one in number.numbers))
    kinds = isinstance(number, Numeric), hasattr(number, "context"), hasattr(number, "shape")
    return number * (1 + by) if any(kinds) else number


def _unlike_sympy(record: Record, made: Figure) -> Iterator[Untrue]:
    """Yield the derivatives of which `check` says that forward or reverse mode is wrong."""
    graph, traces = made.graph, made.traces
    plain = graph.shapes is None and record.numbers == FLOAT64.name
    swept = {str(trace.mode) for trace in traces} & {"forward", "reverse"}
    if not plain or not swept:
        return
    wanted = list(graph.inputs) if record.sweeps[0].wrt is None else list(record.sweeps[0].wrt)
    for key, heard in hearing(graph, traces[0].point, wanted, ()).heard.items():
        for mode, judged in heard.modes.items():
            if mode in swept and judged.verdict in WRONG:
                found, right = short(judged.found), short(judged.expected)
                yield Untrue(f"{key} in {mode} mode", found, right)
