"""How a film runs: what is shown when, and for how long. Every moving medium plays this."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from adviz.scene.scene import Scene, State, between, finished, states

STEP, FLIGHT, REST = 1.4, 0.7, 3.0
"""Seconds that a step takes, that its number is on its way, and that the finished picture stays."""


class Shot(NamedTuple):
    """A state and how long it is shown; `token` is the number that travels meanwhile."""

    state: State
    seconds: float
    token: str | None = None


def timeline(scene: Scene) -> Iterator[Shot]:
    """Yield a film's shots: a contribution first travels and then arrives, the end rests.

    >>> import adviz
    >>> from adviz.scene.staging import stage
    >>> scene = stage(adviz.reverse("(x + y)*(x - y)", at={"x": 3, "y": 2}))
    >>> shots = list(timeline(scene))
    >>> len(shots), round(sum(shot.seconds for shot in shots), 1)
    (18, 20.5)
    """
    before: State | None = None
    for state in states(scene):
        frame = state.frame
        travels = frame is not None and frame.token is not None and before is not None
        if travels and frame is not None and before is not None:
            yield Shot(between(before, state), FLIGHT, frame.token)
        yield Shot(state, STEP - FLIGHT * 0.5 * travels)
        before = state
    yield Shot(finished(scene), REST)
