"""Large random graphs: about two thirds sines, the rest products and sums."""

from __future__ import annotations

import math
import random
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

INPUTS = 10
DEPTH = 30
"""About how many operations lie between an input and the sum: more would underflow."""


@dataclass(frozen=True, eq=False)
class Large:
    """A random function of ten inputs: a step is sin a, or a*b + b where it has two."""

    steps: Sequence[tuple[int, int]]
    """The arguments of each step; the second is -1 for a sine."""
    loose: Sequence[int]
    """What no step uses, and the sum of which is the result."""

    @property
    def point(self) -> tuple[float, ...]:
        """Where it is evaluated."""
        return tuple(0.1 + 0.05 * i for i in range(INPUTS))

    def run(self, m: Any, *inputs: Any) -> Any:
        """Compute it in a namespace that has `sin`."""
        sine, found = m.sin, [*inputs]
        for a, b in self.steps:
            found.append(sine(found[a]) if b < 0 else found[a] * found[b] + found[b])
        total = found[self.loose[0]]
        for node in self.loose[1:]:
            total = total + found[node]
        return total

    def by_hand(self, *point: float) -> tuple[float, ...]:
        """Return value and gradient by a loop forward and a loop back in plain Python."""
        found = [*point]
        for a, b in self.steps:
            found.append(math.sin(found[a]) if b < 0 else found[a] * found[b] + found[b])
        adjoints = [0.0] * len(found)
        for node in self.loose:
            adjoints[node] += 1.0
        for place in range(len(self.steps) - 1, -1, -1):
            (a, b), bar = self.steps[place], adjoints[place + len(point)]
            if b < 0:
                adjoints[a] += bar * math.cos(found[a])
            else:
                adjoints[a] += bar * found[b]
                adjoints[b] += bar * (found[a] + 1)
        return math.fsum(found[node] for node in self.loose), *adjoints[: len(point)]


@cache
def large(nodes: int) -> Large:
    """Return a random function of about so many nodes, the same at every call.

    Results wait in a queue until a step uses them, so that every node counts and the depth does
    not grow with the size.
    """
    source = random.Random(nodes)
    width = max(INPUTS, nodes // DEPTH)
    steps: list[tuple[int, int]] = []
    waiting = deque(range(INPUTS))
    made = INPUTS
    while made + len(waiting) <= nodes:
        known, ripe = INPUTS + len(steps), len(waiting) > width
        sine = ripe and source.random() < 0.85
        first = waiting.popleft() if ripe or not steps else source.randrange(known)
        second = -1 if sine else source.randrange(known if ripe else INPUTS)
        steps.append((first, second))
        waiting.append(known)
        made += 1 if sine else 2
    return Large(tuple(steps), tuple(waiting))
