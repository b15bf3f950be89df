"""Whether a number that somebody claims is the derivative.

A formula is judged with many digits. A function of which only numbers are known may be off by what
rounding explains; beyond that, and where nearly all digits are lost, its errors beside the point
tell rounding, which scatters, from a mistake, which does not.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from adviz.checking.finding import Verdict
from adviz.checking.points.conventions import as_usual
from adviz.checking.truth.beside import Beside
from adviz.checking.truth.operations import Operations, operations
from adviz.checking.truth.rounding import bound, constants_bound, quick_bound, rounding
from adviz.checking.truth.scale import HALF_THE_DIGITS, Scale
from adviz.checking.truth.settling import Truth
from adviz.checking.truth.sympys import formulas
from adviz.checking.truth.truth import Oracle
from adviz.checking.verdicts.claim import Claim
from adviz.graph.graph import Graph
from adviz.language.labels import Key
from adviz.modes.fast.jacobian import MODES, swept, values_at
from adviz.modes.point import FloatPoint
from adviz.modes.rounding import TINIEST, UNIT
from adviz.numbers import FLOAT64, Number, Numbers, multiprecision
from adviz.numbers.precisions import FLOAT64 as DOUBLE
from adviz.numbers.precisions import Precision

FOREIGN = 8.0
"""How many times the bound of our own arithmetic another program's numbers may be off: its
functions and the order of its operations are not known."""
HUGE = 1.7976931348623157e308
_STEPS = (-7e-3, -5e-3, -3e-3, -1e-3, 2e-3, 4e-3, 6e-3, 8e-3)
"""Relative steps beside a point, at which errors are looked at."""
_FAR = (0.4, 1.7, -0.8)
"""Factors of a point that lead far away from it."""
_FEWEST = 4
"""The fewest of these that say anything."""
_STEADY = 1e-5
"""How much the relative errors of a plain multiple differ, against their mean."""
_SAME = 1e-6
"""How close two programs' numbers are, relatively, that lost their digits in the same way."""
_ALIKE_IN_SIZE = 1e-2
"""How small errors of the same kind may be beside a point, against that at it."""
_SCATTERED = 0.5
"""How much the relative errors of rounding differ from each other, against their mean."""


class Trial:
    """Judges one claim, point by point."""

    def __init__(self, claim: Claim, oracle: Oracle, scale: Scale) -> None:
        self.claim, self.oracle, self.scale = claim, oracle, scale
        self.graph, self.wanted = oracle.graph, oracle.wanted
        self._sympys = formulas(self.graph, self.wanted)

    def verdict(
        self,
        point: FloatPoint,
        key: Key,
        found: float,
        truth: Truth,
        precision: Precision = DOUBLE,
    ) -> Verdict:
        """Return the verdict on a number where the derivative exists."""
        if precision != DOUBLE:
            return self._coarsely(point, key, found, truth, precision)
        if math.isinf(found) and abs(truth.value) > HUGE and (found > 0) == (truth.value > 0):
            return "agrees"
        if self.scale.close(found, truth):
            return "agrees"
        formula = self.claim.formula
        if formula is not None and _follows(formula, point, key, found, truth.digits):
            return self._by_formula(formula, point, key, found, truth)
        if not math.isfinite(found):
            return "wrong gradient"
        return self._by_number(point, key, found, truth)

    def at_kink(self, found: float, beside: Beside) -> Verdict:
        """Return the verdict on a number at a kink: any between the slopes is a convention."""
        low, high = sorted(float(slope.value) for slope in beside.slopes)
        margin = HALF_THE_DIGITS * max(abs(low), abs(high), TINIEST)
        outside = found < low - margin or found > high + margin
        return "wrong gradient" if outside else "not differentiable"

    def at_pole(self, found: float, truth: Truth) -> Verdict:
        """Return the verdict on a number where the derivative is infinite."""
        return "wrong gradient" if math.isfinite(found) or found == -truth.value else "not finite"

    def _coarsely(
        self, point: FloatPoint, key: Key, found: float, truth: Truth, precision: Precision
    ) -> Verdict:
        """Compare a number of fewer bits with the truth and what the rounding of such explains.

        It may be off as a double may, but with their unit, and by what rounding the point takes.
        """
        if (
            math.isinf(found)
            and abs(truth.value) > precision.largest
            and (found > 0) == (truth.value > 0)
        ):
            return "agrees"
        if not math.isfinite(found):
            return "wrong gradient"
        taken = 0.0 if held(point, precision) else precision.unit
        bounds = (
            coarser(rounding(made, key, point, truth.digits).bound, precision)
            + (taken and taken * moved(made, key, point))
            for made in programs(self.graph, self.wanted)
        )
        own = precision.unit * abs(truth.value) + precision.tiniest
        if all(truth.contradicts(found, FOREIGN * (b + own)) for b in bounds if math.isfinite(b)):
            return "wrong gradient"
        kept = self.scale.size(point, key, truth) * math.sqrt(precision.unit) + precision.tiniest
        return "ill-conditioned" if truth.contradicts(found, kept) else "agrees"

    # --- formulas ----------------------------------------------------------------------------

    def _by_formula(
        self, formula: Graph, point: FloatPoint, key: Key, found: float, truth: Truth
    ) -> Verdict:
        """Compare a formula with the truth in many digits; only its constants are rounded."""
        own = operations(self.graph, "reverse", self.wanted)
        allowed = constants_bound(formula, str(key), point, truth.digits) + constants_bound(
            own.graph, own.derivatives[key], point, truth.digits
        )
        for digits in (truth.digits, 2 * truth.digits, 8 * truth.digits):
            if not truth.contradicts(_value(formula, point, key, multiprecision(digits)), allowed):
                finite = math.isfinite(found)
                return self.scale.kept(point, key, found, truth) if finite else "not finite"
        return "wrong gradient"

    # --- numbers -----------------------------------------------------------------------------

    def _by_number(self, point: FloatPoint, key: Key, found: float, truth: Truth) -> Verdict:
        """Compare a number with the truth and what rounding explains."""
        kept = self.scale.kept(point, key, found, truth)
        if self.explained(point, key, found, truth):
            return kept if kept == "agrees" else self._excused(point, key, found, truth)
        scatters = self._scatters(point, key, found, truth)
        single = scatters and self._in_single_precision(point, key, found)
        return "ill-conditioned" if scatters and not single else "wrong gradient"

    def _excused(self, point: FloatPoint, key: Key, found: float, truth: Truth) -> Verdict:
        """Judge a number of which rounding may have taken every digit.

        What is too small for a sum vanishes altogether, and what our own float64 gives too is
        rounding. A plain multiple of the derivative, here and beside, is a mistake.
        """
        if not found or any(_alike(found, own) for own in self._ours(point, key)):
            return "ill-conditioned"
        errors = self._errors(point, key, truth.digits)
        mean, spread = _mean_and_spread(errors)
        multiple = len(errors) >= _FEWEST and spread <= _STEADY * abs(mean)
        return "wrong gradient" if multiple else "ill-conditioned"

    def _ours(self, point: FloatPoint, key: Key) -> Iterator[float]:
        for graph in _ruled(self.graph):
            for mode in MODES:
                yield swept(graph, FLOAT64.over(graph.rows), point, self.wanted, mode)[key]

    def explained(self, point: FloatPoint, key: Key, found: float, truth: Truth) -> bool:
        """Return whether rounding explains a number, in one of the usual formulas."""
        quick = (quick_bound(made, key, point) for made in programs(self.graph, self.wanted))
        bounds = chain(quick, self._bounds(point, key, truth.digits))
        return any(not truth.contradicts(found, FOREIGN * b) for b in bounds if math.isfinite(b))

    def _bounds(self, point: FloatPoint, key: Key, digits: int) -> Iterator[float]:
        """Yield how far rounding may carry this derivative in one formula after the other.

        They are the usual programs, and SymPy's derivative.
        """
        for made in programs(self.graph, self.wanted):
            yield rounding(made, key, point, digits).bound
        if key in self._sympys:
            slopes, label = self._sympys[key]
            yield bound(slopes, label, point, digits)

    def _scatters(self, point: FloatPoint, key: Key, found: float, truth: Truth) -> bool:
        """Return whether the claim's relative errors beside a point differ as rounding does.

        Those of a mistake change slowly from place to place; those of rounding have no pattern,
        and are no smaller beside the point than at it.
        """
        errors = self._errors(point, key, truth.digits)
        mean, spread = _mean_and_spread(errors)
        here = _relative_error(found, truth.value) if truth.value else math.inf
        near = max(map(abs, errors), default=0.0)
        scattered = len(errors) >= _FEWEST and spread > _SCATTERED * abs(mean)
        return scattered and near > _ALIKE_IN_SIZE * abs(here)

    def _in_single_precision(self, point: FloatPoint, key: Key, found: float) -> bool:
        """Return whether numbers are 32-bit floats, here and far from here.

        What a cancellation leaves has few bits too, but only where it happens.
        """
        if not _single(found):
            return False
        far = ({name: value * factor for name, value in point.items()} for factor in _FAR)
        numbers = [self.claim.at(place).numbers[key] for place in far]
        telling = [number for number in numbers if number and math.isfinite(number)]
        return bool(telling) and all(map(_single, telling))

    def _errors(self, point: FloatPoint, key: Key, digits: int) -> list[float]:
        """Return the claim's relative errors at some points beside one."""
        errors = []
        for step in _STEPS:
            beside = {name: value * (1 + step) + TINIEST for name, value in point.items()}
            true = self.oracle.derivatives(beside, digits)[key]
            if true and true.context.isfinite(true):
                errors.append(_relative_error(self.claim.at(beside).numbers[key], true))
        return [error for error in errors if math.isfinite(error)]


def coarser(bound: float, precision: Precision) -> float:
    """Return what a bound on the rounding of doubles is for numbers of another format.

    >>> from adviz.numbers.precisions import FORMATS
    >>> coarser(2**-53, FORMATS["float32"]) == 2**-24
    True
    """
    return bound * (precision.unit / UNIT)


def held(point: FloatPoint, precision: Precision) -> bool:
    """Return whether a format holds every number of a point as it is.

    >>> from adviz.numbers.precisions import FORMATS
    >>> held({"x": 0.5}, FORMATS["float16"]), held({"x": 0.1}, FORMATS["float32"])
    (True, False)
    """
    return all(precision.rounded(number) == number for number in point.values())


def moved(made: Operations, key: Key, point: FloatPoint) -> float:
    """Return how far a derivative moves, to first order, with its inputs, by their size."""
    label = made.derivatives[key]
    slopes = swept(
        made.graph, FLOAT64.over(made.graph.rows), point, list(made.graph.inputs), "reverse"
    )
    return float(sum(abs(slopes[Key(label, x)] * point[x]) for x in made.graph.inputs))


def programs(graph: Graph, wanted: tuple[str, ...]) -> Iterator[Operations]:
    """Yield the usual programs: of both modes, with adviz's rules and with those of others."""
    for ruled in _ruled(graph):
        for mode in ("reverse", "forward"):
            yield operations(ruled, mode, wanted)


def _ruled(graph: Graph) -> Iterable[Graph]:
    return dict.fromkeys((graph, as_usual(graph)))


def _follows(formula: Graph, point: FloatPoint, key: Key, found: float, digits: int) -> bool:
    """Return whether a number is what a formula gives in float64."""
    if not math.isfinite(found):
        value = _value(formula, point, key, FLOAT64)
        return value == found or (value != value and found != found)
    exact = _value(formula, point, key, multiprecision(digits))
    return bool(abs(exact.context.mpf(found) - exact) <= bound(formula, str(key), point, digits))


def _value(formula: Graph, point: FloatPoint, key: Key, numbers: Numbers) -> Number:
    return values_at(formula, numbers.over(formula.rows), point)[formula.outputs[str(key)]]


def _relative_error(found: float, true: Number) -> float:
    return float((true.context.mpf(found) - true) / true)


def _mean_and_spread(numbers: Sequence[float]) -> tuple[float, float]:
    if not numbers:
        return math.nan, math.nan
    mean = sum(numbers) / len(numbers)
    return mean, math.sqrt(sum((n - mean) ** 2 for n in numbers) / len(numbers))


def _alike(found: float, own: float) -> bool:
    return math.isclose(found, own, rel_tol=_SAME)


def _single(number: float) -> bool:
    """Return whether a number is a 32-bit float that needs most of its bits."""
    mantissa, _ = math.frexp(number)
    return (mantissa * 2**24).is_integer() and not (mantissa * 2**16).is_integer()
