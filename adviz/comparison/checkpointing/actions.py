"""What is done to reverse a chain of steps, one plain action after the other.

The actions are those of Griewank & Walther, "Algorithm 799: revolve", ACM Transactions on
Mathematical Software 26 (2000), 19-45: to reverse the steps between two states, run forward from
the earlier one to a state in between, take a snapshot there, reverse what comes after it, go back,
and reverse what comes before. Where that state in between lies is all that schedules differ in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Literal, NamedTuple

Kind = Literal["snapshot", "advance", "restore", "free", "reverse"]


class Action(NamedTuple):
    """One action; states count from 0, and step k leads to state k.

    `advance` runs the steps from state `start` to `stop`, of which nothing else is kept; `reverse`
    carries the adjoint of state `start` back to `stop`, the one before. `snapshot`, `restore` and
    `free` are about one state, which is both.
    """

    kind: Kind
    start: int
    stop: int


Split = Callable[[int, int, int], int]
"""Where the steps between two states are parted, given how many snapshots there may be.

The snapshot of the first state is among them. The steps after the state that is returned are
reversed first; it needs a snapshot unless there is one such step only.
"""


def actions(steps: int, snapshots: int, split: Split) -> Iterator[Action]:
    """Yield what is done to reverse a chain of so many steps.

    >>> for action in actions(3, 1, lambda start, stop, free: stop - 1):
    ...     print(*action)
    snapshot 0 0
    advance 0 2
    reverse 3 2
    restore 0 0
    advance 0 1
    reverse 2 1
    restore 0 0
    free 0 0
    reverse 1 0
    """
    if steps > 1:
        yield Action("snapshot", 0, 0)
    at, waiting = 0, [(0, steps, snapshots)]
    while waiting:
        start, stop, free = waiting.pop()
        if start != at:
            yield Action("restore", start, start)
        if stop - start == 1:
            if start != at:
                yield Action("free", start, start)
            yield Action("reverse", stop, start)
            at = stop
            continue
        at = stop - 1 if free == 1 else split(start, stop, free)
        yield Action("advance", start, at)
        if stop - at > 1:
            yield Action("snapshot", at, at)
        waiting += [(start, at, free), (at, stop, free - 1)]


def advances(made: Iterable[Action]) -> int:
    """Return how many steps are run without being reversed as they run.

    >>> advances(actions(3, 1, lambda start, stop, free: stop - 1))
    3
    """
    return sum(action.stop - action.start for action in made if action.kind == "advance")


def snapshots_held(made: Sequence[Action]) -> tuple[int, ...]:
    """Return per action how many snapshots there are when it is done."""
    changes = {"snapshot": 1, "free": -1}
    return tuple(accumulate(changes.get(action.kind, 0) for action in made))


def live(made: Iterable[Action], widths: Sequence[int], computed: Sequence[int]) -> Iterator[int]:
    """Yield for every action the most values that are held meanwhile.

    These are the values of the snapshots, of the state that has been come to, and, while a step
    runs, all that it computes. `widths` is the number of values of every state, `computed` that
    of every step.

    >>> list(live(actions(2, 1, lambda start, stop, free: start + 1), [1, 1, 1], [3, 3]))
    [1, 4, 5, 1, 1, 4]
    """
    kept, total = set[int](), 0
    needs = [width + inner for width, inner in zip(widths, computed, strict=False)]
    for kind, start, stop in made:
        if kind in ("snapshot", "free"):
            total += widths[start] if kind == "snapshot" else -widths[start]
            kept ^= {start}
            yield total + (widths[start] if kind == "free" else 0)
        elif kind == "advance":
            first = needs[start] - (widths[start] if start in kept else 0)
            yield total + max([first, *needs[start + 1 : stop]])
        else:
            yield total + (needs[stop] if kind == "reverse" else 0)


def singly(made: Iterable[Action]) -> Iterator[Action]:
    """Yield actions with advances of one step each.

    >>> [action.stop for action in singly([Action("advance", 0, 2), Action("reverse", 3, 2)])]
    [1, 2, 2]
    """
    for action in made:
        if action.kind == "advance":
            for start in range(action.start, action.stop):
                yield Action("advance", start, start + 1)
        else:
            yield action
