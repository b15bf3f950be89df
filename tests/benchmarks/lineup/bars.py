"""The bars: how fast adviz must be, in times of others and in seconds, and whether it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from lineup import (
    cheap_gradient,
    commands,
    graphs,
    many_points,
    networks,
    one_point,
    optimisers,
)
from lineup.cheap_gradient import ANY, CLOCK, COUNT
from lineup.graphs import BUILD, FIRST, FURTHER
from lineup.measured import Key, Results, ratio
from lineup.networks import HEYOKA, NETWORKS
from lineup.optimisers import BY_VECTOR, CALLED, CASADI, DENSE, ROSENBROCK, Objective
from lineup.work import FORMULA

NATIVE, PYTHON = "adviz, native", "adviz, Python"


@dataclass(frozen=True)
class Bar:
    """One bar: a figure of adviz's, what it is divided by, and how much it may be."""

    one: Key
    other: Key | None
    """None for a figure that stands for itself."""
    limit: float
    worst: bool = False
    """Whether the largest figure counts instead of the median."""
    less: Key | None = None
    """What is taken off the figure first, such as the start of Python itself."""


@dataclass(frozen=True)
class Verdict:
    """A bar, and what was found."""

    bar: Bar
    found: float
    at_most: bool = False
    """Whether the other side was stopped, so that the ratio is even less."""

    @property
    def met(self) -> bool:
        """Whether the bar is met."""
        return self.found <= self.bar.limit

    @property
    def unit(self) -> str:
        """Seconds where the bar is a figure, times where it is a ratio."""
        absolute = self.bar.other is None and self.bar.one.part != cheap_gradient.PART
        return " s" if absolute else "×"

    def __str__(self) -> str:
        one, other = self.bar.one, self.bar.other
        against = f" / {_told(one, other)}" if other else ""
        figure = f"{'≤ ' * self.at_most}{self.found:.3g}{self.unit}"
        met = "met" if self.met else "MISSED"
        return (
            f"{one.side}: {one.part}, {one.work}{against}: {figure} (bar {self.bar.limit:g}): {met}"
        )


def _told(one: Key, other: Key) -> str:
    """Return what a figure is divided by: its side, and its work where that differs."""
    return other.side if one.work == other.work else f"{other.side}, {other.work}"


def _large(nodes: int, stage: str, side: str) -> Key:
    return Key(graphs.titled(stage), graphs.sized(nodes), side)


def _call(objective: Objective, kind: str, side: str) -> Key:
    return Key(optimisers.CALL, optimisers.called(objective, kind), side)


def _hessian(objective: Objective, side: str) -> Key:
    return Key(optimisers.FIRST, objective.name, side)


_point = partial(Key, one_point.PART, FORMULA)
_one_core = partial(Key, many_points.PART, many_points.on(1))
_two_cores = partial(Key, many_points.PART, many_points.on(2))
_fifty = partial(_large, 50_000)
_processor = partial(Key, commands.PART, side=commands.PROCESSOR)
_wall = partial(Key, commands.PART, side=commands.WALL)
_cheap = partial(Key, cheap_gradient.PART)
_BARE = _processor(commands.BARE)
_JAX, _MAPPED = "JAX, jit", "JAX, jit(vmap)"

# One aligned line per bar is the point of the table.
# fmt: off
BARS: tuple[Bar, ...] = (
    Bar(_point(PYTHON),                     _point("SymPy lambdify, cse"),       1.3),
    Bar(_point(PYTHON),                     _point(_JAX),                        0.1),
    Bar(_point(PYTHON),                     _point("autograd"),                  0.01),
    Bar(_point("adviz, Python, k(…)"),      _point(PYTHON),                      5),
    Bar(_point(NATIVE),                     _point("CasADi, buffer call"),       1.5),
    Bar(_one_core(PYTHON),                  _one_core(_MAPPED),                  0.5),
    Bar(_one_core(PYTHON),                  _one_core("NumPy, value alone"),     2.5),
    Bar(_one_core(NATIVE),                  _one_core(_MAPPED),                  0.35),
    Bar(_two_cores(NATIVE),                 _two_cores(_MAPPED),                 0.25),
    Bar(_one_core(NATIVE),                  _one_core("heyoka, cfunc"),          1),
    Bar(_two_cores(NATIVE),                 _two_cores("heyoka, cfunc"),         1),
    *(
        Bar(_call(work, kind, side + BY_VECTOR), _call(work, kind, side),        2)
        for work, kind in CALLED[:2] for side in (NATIVE, PYTHON)
    ),
    Bar(_call(*CALLED[2], NATIVE + BY_VECTOR), _call(*CALLED[2], NATIVE),        5),
    Bar(_hessian(ROSENBROCK, NATIVE),       _hessian(ROSENBROCK, CASADI),        2),
    Bar(_hessian(DENSE, NATIVE),            _hessian(DENSE, CASADI),             2),
    Bar(networks.key(NETWORKS[0], NATIVE),  networks.key(NETWORKS[0], HEYOKA),   2),
    Bar(networks.key(NETWORKS[1], NATIVE),  networks.key(NETWORKS[1], HEYOKA),   4),
    Bar(_fifty(BUILD, PYTHON),              _fifty(BUILD, "CasADi SX"),          0.25),
    Bar(_fifty(BUILD, PYTHON),              _fifty(BUILD, "NetworkX, bare"),     2),
    Bar(_fifty(FIRST, NATIVE),              _fifty(FIRST, _JAX),                 0.1),
    Bar(_fifty(FIRST, NATIVE),              _fifty(FIRST, "CasADi SX"),          1),
    Bar(_fifty(FIRST, PYTHON),              _fifty(FIRST, _JAX),                 0.1),
    Bar(_fifty(FIRST, PYTHON),              _fifty(FIRST, "CasADi SX"),          1),
    Bar(_fifty(FURTHER, NATIVE),            _fifty(FURTHER, "CasADi SX"),        1),
    Bar(_fifty(FURTHER, PYTHON),            None,                                0.030),
    *(
        Bar(_large(1_000_000, stage, side), _large(10_000, stage, side), 150)
        for stage in (BUILD, FIRST, FURTHER) for side in (NATIVE, PYTHON)
    ),
    Bar(_cheap(COUNT, ANY),                 None,                                4, worst=True),
    Bar(_cheap(CLOCK, NATIVE),              None,                                4),
    Bar(_cheap(CLOCK, PYTHON),              None,                                4),
    Bar(_processor(commands.IMPORT),        None,                                0.15, less=_BARE),
    Bar(_wall(commands.DRAW),               None,                                0.7),
    Bar(_wall(commands.ANIMATE),            None,                                1),
)
# fmt: on


def verdicts(results: Results) -> Iterator[Verdict]:
    """Yield the verdict of every bar whose figures were taken."""
    for bar in BARS:
        wanted = [key for key in (bar.one, bar.other, bar.less) if key]
        if all(key in results and results[key].figures for key in wanted):
            one = results[bar.one]
            if bar.other:
                other = results[bar.other]
                yield Verdict(bar, ratio(one, other), other.at_least)
            else:
                less = results[bar.less].middle if bar.less else 0.0
                yield Verdict(bar, (max(one.figures) if bar.worst else one.middle) - less)
