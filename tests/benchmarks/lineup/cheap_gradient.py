"""The cheap gradient principle over the corpus: a gradient in values, by count and by clock."""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Iterator, Sequence
from typing import Any

from corpus import CORPUS, Formula
from operations import operations

import adviz
from lineup.clock import Entry, timed
from lineup.measured import Key, Measured, ratio
from lineup.sides import told

PART = "gradient / value"
TARGETS = {"adviz, native": "native", "adviz, Python": "python"}
ANY = "any target"
COUNT, CLOCK = "operations, over the corpus", "time of a call, over the corpus"
BOUND = 4


def measure(rounds: int, least: float, formulas: Sequence[Formula] = CORPUS) -> Iterator[Measured]:
    """Yield how many values each formula's gradient costs: a figure a formula."""
    yield _summary(COUNT, ANY, [(f.name, counted(f)) for f in formulas])
    for side, target in TARGETS.items():
        found, complaints = [], []
        for formula in formulas:
            try:
                found.append((formula.name, clocked(formula, target, rounds, least)))
            except Exception as error:  # one formula that fails is told, the others go on
                complaints.append(f"{formula.name}: {told(error)}")
        yield _summary(CLOCK, side, found, complaints)


def counted(formula: Formula) -> float:
    """Return a gradient's operations divided by the value's."""
    graph = adviz.build(formula.text)
    of = next(iter(graph.outputs))
    gradient, value = (
        operations(adviz.compile(graph, kind, of=of, target="python").program)
        for kind in ("gradient", "value")
    )
    return gradient / value if value else 0.0


def clocked(formula: Formula, target: str, rounds: int, least: float) -> float:
    """Return the time of a gradient's call divided by that of the value's."""
    graph = adviz.build(formula.text)
    of = next(iter(graph.outputs))
    source = random.Random(formula.name)
    point = tuple(source.uniform(*formula.ranges[name]) for name in graph.inputs)
    kernels: list[Any] = [
        adviz.compile(graph, kind, of=of, target=target) for kind in ("gradient", "value")
    ]
    entries = [Entry(Key(PART, formula.name, k.kind), k.function, point) for k in kernels]
    return ratio(*timed(entries, rounds, least))


def _summary(
    work: str, side: str, found: Sequence[tuple[str, float]], complaints: Sequence[str] = ()
) -> Measured:
    """Return all ratios as one measurement, whose note names those above the bound."""
    above = sorted(((r, n) for n, r in found if not r <= BOUND), reverse=True)
    notes = (
        [f"above {BOUND}: " + ", ".join(f"{name} {r:.1f}" for r, name in above)] if above else []
    )
    ratios = tuple(r for _, r in found if math.isfinite(r))
    worst = f"{statistics.median(ratios):.2f}, at most {max(ratios):.2f}" if ratios else ""
    return Measured(Key(PART, work, side), ratios, "; ".join([worst, *notes, *complaints[:5]]))
