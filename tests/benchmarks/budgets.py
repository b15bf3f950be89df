"""What `check` costs at one point of random graphs whose nodes are shared, and which part of it.

Run it: `python tests/benchmarks/budgets.py [--graphs 200] [--nodes 100] [--order 1] [--slowest 8]`.
The graphs are drawn by number from four families: arithmetic, elementary functions and branches,
all rows of the table, and vectors (ten inputs, ten outputs). Every one is regular at its point, and
no node is left out. The bar is 2 s a point. Time is processor time of this process; who is heard
and who is not depends on the graph alone.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from laws import inside, smooth
from limiting import TooSlow, at_most

import adviz
from adviz.checking import witnesses
from adviz.checking.truth.truth import Oracle
from adviz.graph.builder import Builder
from adviz.graph.graph import Graph
from adviz.numbers import FLOAT64
from adviz.primitives import TABLE, Primitive

BAR = 2.0
LONGEST = 60
"""Processor seconds after which a graph is given up."""
_LARGEST = 1e6
_RECENT = 12
"""An argument is one of so many latest values, mostly: graphs grow deep, and nodes are shared."""

ARITHMETIC = "add sub mul div neg".split()
ELEMENTARY = "pow sqrt exp log sin cos tan atan tanh hypot logaddexp sigmoid".split()
BRANCHES = "abs max min relu lt gt where".split()
SPECIAL = [row.name for row in TABLE.values() if row.args]


class Family(NamedTuple):
    """What random graphs consist of."""

    inputs: int
    outputs: int
    rows: Sequence[str]


FAMILIES: Mapping[str, Family] = {
    "arithmetic": Family(3, 1, [*ARITHMETIC, "sin", "cos"]),
    "elementary": Family(3, 1, [*ARITHMETIC * 3, *ELEMENTARY, *BRANCHES]),
    "special": Family(3, 1, [*ARITHMETIC * 12, *SPECIAL]),
    "vectors": Family(10, 10, [*ARITHMETIC * 3, *ELEMENTARY, *BRANCHES]),
}


class Case(NamedTuple):
    """A random graph, and a point at which all its nodes are regular."""

    name: str
    graph: Graph
    at: Mapping[str, float]


class _Growing:
    """A graph that grows together with its values at one point."""

    def __init__(self, source: random.Random) -> None:
        self.source, self.builder = source, Builder(share=True)
        self.values: dict[int, Any] = {}

    def argument(self, row: Primitive, position: int) -> int | None:
        """Return a node that may be an argument: a condition, an order, or a late value."""
        if position in row.orders:
            return self.builder.constant(self.source.randint(0, 3))
        wanted = row.is_condition(position)
        found = [n for n, value in self.values.items() if isinstance(value, bool) == wanted]
        late = found[-_RECENT:] if self.source.random() < 0.9 else found
        return self.source.choice(late) if late else None

    def grow(self, row: Primitive) -> None:
        """Add a row's application unless it is irregular here, or large."""
        nodes = [self.argument(row, k) for k in range(row.arity)]
        if any(node is None for node in nodes):
            return
        constants = self.builder.constants
        at = tuple(self.values.get(n, constants.get(n)) for n in nodes)  # type: ignore[arg-type]
        value = FLOAT64.function(row.name)(*at) if inside(row, at) else math.nan
        if math.isfinite(value) and abs(value) < _LARGEST and smooth(row, at, value):
            self.values[self.builder.node(row.name, tuple(nodes))] = value  # type: ignore[arg-type]

    def ends(self, count: int) -> list[int]:
        """Return so many outputs, the nodes that nothing uses added up in them."""
        used = {argument for arguments in self.builder.args for argument in arguments}
        free = [node for node, v in self.values.items() if not isinstance(v, bool | None)]
        ends = [node for node in free if node not in used][::-1]
        ends = (ends + free[-count:])[: max(count, len(ends))]
        for extra in ends[count:]:
            ends[0] = self.builder.node("add", (ends[0], extra))
        return ends[:count]


def drawn(family: str, number: int, nodes: int) -> Case:
    """Return a random graph of so many nodes of a family."""
    made = FAMILIES[family]
    growing = _Growing(random.Random(f"{family} {number}"))
    at = {f"x{k}": round(growing.source.uniform(-2, 2), 3) for k in range(made.inputs)}
    for name, value in at.items():
        growing.values[growing.builder.input(name)] = value
    while len(growing.builder.ops) < nodes:
        growing.grow(TABLE[growing.source.choice(made.rows)])
    outputs = {f"f{k}": node for k, node in enumerate(growing.ends(made.outputs))}
    return Case(f"{family} {number}", growing.builder.finish(outputs), at)


def cases(count: int, nodes: int) -> Iterator[Case]:
    """Yield so many graphs of all families in turn."""
    for number in range(count):
        yield drawn(list(FAMILIES)[number % len(FAMILIES)], number, nodes)


# --- where the time goes -------------------------------------------------------------------------


class Spent:
    """The processor time of the parts of a check."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    def timed(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function whose time is added up under a name."""

        def measured(*args: Any, **rest: Any) -> Any:
            start = time.process_time()
            try:
                return work(*args, **rest)
            finally:
                self.seconds[name] += time.process_time() - start

        return measured


@contextmanager
def watched(spent: Spent) -> Iterator[None]:
    """Measure witnesses, proofs and the truth while this lasts."""
    kept = witnesses.WITNESSES, witnesses.PROOFS, Oracle.truths
    witnesses.WITNESSES = tuple(
        replace(one, states=spent.timed(one.name, one.states)) for one in kept[0]
    )
    Oracle.truths = spent.timed("truth", kept[2])  # type: ignore[method-assign]  # measured
    try:
        yield
    finally:
        witnesses.WITNESSES, witnesses.PROOFS, Oracle.truths = kept  # type: ignore[method-assign]  # as it was


@dataclass(frozen=True)
class Outcome:
    """What checking one graph has cost, and what came of it."""

    case: Case
    seconds: float
    parts: Mapping[str, float]
    verdict: str
    unheard: Mapping[str, int]
    """How often a witness was not heard, by its name."""


def checked(case: Case, order: int) -> Outcome:
    """Check a graph at its point."""
    spent = Spent()
    with watched(spent), at_most(LONGEST):
        start = time.process_time()
        try:
            report = adviz.check(case.graph, at=case.at, order=order)  # type: ignore[arg-type]  # 1 or 2
        except TooSlow:
            return Outcome(case, time.process_time() - start, spent.seconds, "given up", {})
        seconds = time.process_time() - start
    said = [one for finding in report.findings for one in finding.statements]
    unheard = Counter(one.witness for one in (*said, *report.proofs) if "budget" in one.remark)
    return Outcome(case, seconds, spent.seconds, report.verdict, unheard)


def summary(outcomes: Sequence[Outcome], slowest: int) -> Iterator[str]:
    """Yield the distribution, the slowest, and where the time went."""
    seconds = sorted(one.seconds for one in outcomes)
    places = {"median": 0.5, "90 %": 0.9, "99 %": 0.99, "longest": 1.0}
    shown = {
        name: seconds[min(int(p * len(seconds)), len(seconds) - 1)] for name, p in places.items()
    }
    over = sum(one > BAR for one in seconds)
    yield "  ".join(f"{name} {value:.2f} s" for name, value in shown.items())
    yield f"{over} of {len(outcomes)} above {BAR:g} s; {Counter(o.verdict for o in outcomes)}"
    total: Counter[str] = Counter()
    for outcome in outcomes:
        total.update(outcome.unheard)
    yield f"not heard: {dict(total) or 'nobody'}"
    for one in sorted(outcomes, key=lambda one: -one.seconds)[:slowest]:
        parts = sorted(one.parts.items(), key=lambda part: -part[1])[:3]
        where = ", ".join(f"{name} {value:.2f}" for name, value in parts)
        yield f"{one.case.name:<16} {one.seconds:6.2f} s  {one.verdict:<20} {where}"


def main() -> None:
    """Check all graphs and print what it has cost."""
    parser = argparse.ArgumentParser(description="what check costs on shared graphs")
    parser.add_argument("--graphs", type=int, default=200)
    parser.add_argument("--nodes", type=int, default=100)
    parser.add_argument("--order", type=int, default=1)
    parser.add_argument("--slowest", type=int, default=8)
    chosen = parser.parse_args()
    adviz.check("sin(x)*y", at={"x": 1.0, "y": 2.0})
    outcomes = [checked(case, chosen.order) for case in cases(chosen.graphs, chosen.nodes)]
    print("\n".join(summary(outcomes, chosen.slowest)))


if __name__ == "__main__":
    main()
