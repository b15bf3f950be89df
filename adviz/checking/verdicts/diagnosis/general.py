"""Mistakes that are made everywhere in a gradient: an engine's, a wrong order, a common factor."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from decimal import Decimal

from adviz.checking.faults.gallery import BY_NAME, ENGINE_FAULTS, Fault
from adviz.checking.faults.parts import RIGHT, departure
from adviz.checking.finding import Place
from adviz.checking.verdicts.culprit import Culprit
from adviz.checking.verdicts.diagnosis.case import Case
from adviz.language.labels import Key
from adviz.numbers.float32 import rounded

_SINGLE = 2.0**-24
_MARGIN = 16
"""How much worse than a float32 sweep of the graph another computation in float32 may be."""


def engines(case: Case) -> Iterator[Culprit]:
    """Yield the faults of the gallery, each with the place where it first changes something."""
    for fault in ENGINE_FAULTS:
        if fault.name not in ("uncleared", "float32") and case.explained(fault.broken):
            place = _departing(case, fault)
            if place is not None:
                yield Culprit(f"{fault.title} at {place.symbol}", place, fault.name)


def _departing(case: Case, fault: Fault) -> Place | None:
    """Return where a fault first does something else than the right sweep, if it does.

    It may not, where float64 itself gives the wrong number.
    """
    for label in case.labels:
        both = (RIGHT, fault.broken)
        right, wrong = (sweep.reverse(case.graph, case.point, label) for sweep in both)
        found = departure(right, wrong)
        if found is not None:
            return Place.of(case.graph, *found)
    return None


def exchanged(case: Case) -> Iterator[Culprit]:
    """Yield the order in which the derivatives of one output come, if only that is wrong."""
    label = case.wrong[0].output
    names = [key.input for key in case.wrong if key.output == label]
    left, order = list(names), []
    for name in names:
        near = (o for o in left if case.near(Key(label, name), float(case.truth[Key(label, o)])))
        meant = next(near, None)
        if meant is None or len(names) < len(case.wrong):
            return
        left.remove(meant)
        order.append(meant)
    shown = f"those given for {', '.join(names)} are those by {', '.join(order)}"
    yield Culprit(f"derivatives are exchanged: {shown}", None, "exchanged")


def uncleared(case: Case) -> Iterator[Culprit]:
    """Yield the gradient that comes twice; a single derivative would not say why."""
    fault = BY_NAME["uncleared"]
    if case.several and case.explained(fault.broken):
        yield Culprit(f"{fault.title}: everything comes twice", None, fault.name)


_FACTORS: Mapping[float, tuple[str, str]] = {
    -1.0: ("sign", "the sign is wrong"),
    2.0: ("uncleared", f"{BY_NAME['uncleared'].title}, or there is a factor of 2 too many"),
    0.5: ("half", "a factor of 2 is missing"),
    math.pi / 180: ("degrees", "degrees are taken for radians"),
    180 / math.pi: ("degrees", "radians are taken for degrees"),
}
"""What may have happened where everything is so many times what it should be."""


def factor(case: Case) -> Iterator[Culprit]:
    """Yield the factor that all derivatives have in common."""
    largest = max(case.found, key=lambda key: abs(case.truth[key]))
    if not case.truth[largest] or not case.found[largest]:
        return
    ratio = float(Decimal(case.found[largest]) / case.truth[largest])
    if not all(case.near(key, ratio * float(case.truth[key])) for key in case.found):
        return
    known = (why for factor, why in _FACTORS.items() if math.isclose(ratio, factor))
    name, why = next(known, ("factor", "a constant factor is wrong"))
    if case.several or name != "factor":
        subject = "every derivative" if case.several else "the derivative"
        yield Culprit(f"{subject} is {ratio:.6g} times what it should be: {why}", None, name)


def float32(case: Case) -> Iterator[Culprit]:
    """Yield float32 where every number is one, and not much further off than float32 makes it."""
    fault = BY_NAME["float32"]
    for key, single in case.swept(fault.broken):
        value, true = case.found[key], float(case.truth[key])
        usual = max(abs(single - true), _SINGLE * abs(true))
        if rounded(value) != value or not abs(value - true) <= _MARGIN * usual:
            return
    yield Culprit(fault.title, None, fault.name)
