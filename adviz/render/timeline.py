"""How a film runs: what is shown when, and for how long. Every moving medium plays this."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from numbers import Real
from typing import NamedTuple

from adviz.errors import FormatError
from adviz.language.asked import require
from adviz.scene.scene import Scene, State, between, finished, states

STEP, FLIGHT, REST = 1.4, 0.7, 3.0
"""Seconds that a step takes, that its number is on its way, and that the finished picture stays."""
_LONGEST = 600


class Shot(NamedTuple):
    """A state and how long it is shown; `token` is the number that travels meanwhile."""

    state: State
    seconds: float
    token: str | None = None


def timeline(scene: Scene, seconds: float | None = None) -> Iterator[Shot]:
    """Yield a film's shots: a contribution first travels and then arrives, the end rests.

    A step takes `seconds`, 1.4 unless given, and all else in proportion. Raises FormatError for
    what is no number of seconds, above 0 and at most 600.

    >>> import adviz
    >>> from adviz.scene.staging import stage
    >>> scene = stage(adviz.reverse("(x + y)*(x - y)", at={"x": 3, "y": 2}))
    >>> shots = list(timeline(scene))
    >>> len(shots), round(sum(shot.seconds for shot in shots), 1)
    (18, 20.5)
    """
    pace = _pace(seconds)
    before: State | None = None
    for state in states(scene):
        frame = state.frame
        travels = frame is not None and frame.token is not None and before is not None
        if travels and frame is not None and before is not None:
            yield Shot(between(before, state), FLIGHT * pace, frame.token)
        yield Shot(state, (STEP - FLIGHT * 0.5 * travels) * pace)
        before = state
    yield Shot(finished(scene), REST * pace)


def _pace(seconds: float | None) -> float:
    """Return how many times as long as usual everything takes."""
    if seconds is None:
        return 1.0
    good = isinstance(seconds, Real) and not isinstance(seconds, bool) and isfinite(seconds)
    wanted = f"a number of seconds, above 0 and at most {_LONGEST}"
    require(good and 0 < seconds <= _LONGEST, "seconds", seconds, wanted, FormatError)
    return float(seconds) / STEP
