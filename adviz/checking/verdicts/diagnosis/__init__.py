"""The likely cause of a wrong gradient: the known mistake that gives the same wrong numbers.

Every fault of the gallery is tried on the graph at hand, then each small mistake at each single
place: a wrong rule of one kind of operation, a wrong local partial on one edge, one adjoint
overwritten. A mistake is the cause when it gives what was found, right and wrong derivatives
alike, to about nine digits. What explains much with little comes first.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from adviz.checking.verdicts.culprit import Culprit
from adviz.checking.verdicts.diagnosis.case import Case
from adviz.checking.verdicts.diagnosis.general import engines, exchanged, factor, float32, uncleared
from adviz.checking.verdicts.diagnosis.local import at_one_place
from adviz.graph.graph import Graph
from adviz.language.labels import Key

_EXPLANATIONS: tuple[Callable[[Case], Iterator[Culprit]], ...] = (
    engines,
    exchanged,
    uncleared,
    at_one_place,
    factor,
    float32,
)
"""From much with little to little with much."""


def likely_cause(
    graph: Graph,
    point: Mapping[str, float],
    found: Mapping[Key, float],
    truth: Mapping[Key, Decimal],
) -> Culprit | None:
    """Return the mistake that turns the true derivatives into those found; None if none is known.

    `found` may hold some of the derivatives only; all that it holds have to be explained.

    >>> import adviz
    >>> g = adviz.build("(x + y)*(x - y)")
    >>> found = {Key("f", "x"): 1.0, Key("f", "y"): 1.0}
    >>> truth = {Key("f", "x"): Decimal(6), Key("f", "y"): Decimal(-4)}
    >>> likely_cause(g, {"x": 3.0, "y": 2.0}, found, truth).cause
    'an adjoint is overwritten instead of added up (= for +=) at x'
    """
    if not all(map(math.isfinite, found.values())):
        return None
    case = Case(graph, point, found, truth)
    if not case.wrong:
        return None
    return next((cause for explanation in _EXPLANATIONS for cause in explanation(case)), None)
