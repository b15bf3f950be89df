"""Gradient descent and stochastic gradient descent on the graph of a loss."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import hypot, isfinite
from typing import Any

import numpy as np

from adviz.comparison.descent.descent import Descent, Iterate
from adviz.comparison.descent.examples import Batch, Seed, batches, generator_of
from adviz.comparison.descent.objective import Objective, objective
from adviz.comparison.descent.parameters import shaped
from adviz.errors import DomainError, PointError, TooLarge
from adviz.language.asked import require, shown
from adviz.language.brief import brief
from adviz.numbers.given import float64, integer, whole
from adviz.sources import Source
from adviz.sources.refusals import noted

Schedule = Callable[[int], float]
"""The learning rate of each step, from 0 on."""
MOST_NUMBERS = 50_000_000
"""The most numbers that are kept: the parameters of every step."""


def descend(
    loss: Source,
    at: Mapping[str, Any],
    *,
    rate: float | Schedule,
    steps: int = 100,
    data: Mapping[str, Any] | None = None,
    batch: int | None = None,
    seed: Seed = 0,
    checks: int = 1,
    of: str | None = None,
    verify: bool = True,
) -> Descent:
    """Minimise a loss by gradient descent, and keep every step.

    `loss` is the loss of one example, anything `adviz.build` takes. `at` gives where its
    parameters start, and `data` its other inputs: arrays whose first axis are the examples, over
    which the loss is averaged. Each step subtracts `rate` times the mean gradient from the
    parameters; a rate may be a function of the step, from 0 on. `batch` examples are taken at a
    step (stochastic gradient descent), in an order drawn anew for each pass by `seed`, a whole
    number or a `numpy.random.Generator`; unless given, all of them. The gradients at the first and
    at the last point are judged by `adviz.check`, each at `checks` examples of its batch.
    `of` chooses the loss among several outputs. `verify=False` does not compare a callable with
    its graph.

    Raises AdvizError for several outputs of which none is chosen, PointError for parameters, data,
    a rate or a batch that do not fit, DomainError where the loss or its gradient stops being
    finite, with the step, and TooLarge for more numbers than are kept.

    Method: Robbins & Monro, *A Stochastic Approximation Method* (Annals of Mathematical
    Statistics 22, 1951); Bottou, Curtis & Nocedal, *Optimization Methods for Large-Scale Machine
    Learning* (SIAM Review 60, 2018), sections 3 and 4.

    >>> import adviz
    >>> line = {"x": [0.0, 1.0, 2.0, 3.0], "y": [1.0, 3.0, 5.0, 7.0]}
    >>> d = adviz.descend("(w*x + b - y)**2", at={"w": 0, "b": 0}, data=line, rate=0.1, steps=300)
    >>> {name: round(number, 6) for name, number in d.parameters.items()}
    {'w': 2.0, 'b': 1.0}
    >>> d.verdict
    'agrees'
    """
    steps, checks, schedule = whole("steps", steps), _natural("checks", checks), _schedule(rate)
    generator = generator_of(seed)
    mean, start = objective(loss, at, data, of, verify)
    graph, count = mean.kernel.graph, len(mean.examples)
    size = count if batch is None else whole("batch", batch, count, ", the number of examples")
    _bounded(steps, len(start))
    walk = _walk(mean, start, batches(count, size, generator), schedule, steps)
    iterates, firsts = zip(*((one, places[:checks].tolist()) for one, places in walk), strict=True)
    ends = (0, -1) if checks else ()
    return Descent(
        graph=graph,
        names=mean.names,
        start=shaped(graph, at, dict(zip(mean.names, start.tolist(), strict=True))),
        examples=count,
        batch=size,
        iterates=iterates,
        checks=tuple(mean.checked(iterates[end].point, firsts[end]) for end in ends),
    )


def _bounded(steps: int, parameters: int) -> None:
    """Raise TooLarge for more numbers than are kept."""
    if steps * parameters > MOST_NUMBERS:
        raise TooLarge(
            f"steps = {shown(steps)} with {parameters} parameters are more numbers than are kept, "
            f"{MOST_NUMBERS}; take fewer steps, and go on with at=descent.parameters"
        )


def _natural(name: str, value: Any) -> int:
    """Return a whole number from 0 on; raise PointError for anything else."""
    number = integer(name, value)
    good = number is not None and number >= 0
    require(good, name, value, "a whole number from 0 on", PointError)
    return number or 0


def _schedule(rate: float | Schedule) -> Schedule:
    """Return a rate as a function of the step, asked once; it refuses what is no rate."""

    def at_step(step: int) -> float:
        if not callable(rate):
            name, given = "rate", rate
        else:
            with noted(f"raised by the rate at step {step}"):
                name, given = f"rate({step})", rate(step)
        number = float64(name, given)
        good = isfinite(number) and number > 0
        require(good, name, given, "a finite number above 0", PointError)
        return number

    at_step(0)
    return at_step


def _walk(
    mean: Objective, point: Any, chosen: Iterator[Batch], schedule: Schedule, steps: int
) -> Iterator[tuple[Iterate, Batch]]:
    """Yield every point, from the first to the one after the last step, with its batch."""
    for step in range(steps + 1):
        places, rate = next(chosen), schedule(step)
        loss, *gradient = mean.mean(point, places)
        if not all(map(isfinite, (loss, *gradient))):
            raise _stopped(step, rate, mean.fault(point, places))
        point.flags.writeable = False
        yield Iterate(step, loss, hypot(*gradient), rate, point), places
        with np.errstate(over="ignore", invalid="ignore"):
            point = point - rate * np.array(gradient)


def _stopped(step: int, rate: float, fault: DomainError) -> DomainError:
    """Return the error that says where a descent stopped, what would work, and why."""
    if not step:
        said = "the descent cannot start there"
    elif fault.status == "overflow":
        said = f"the descent diverged at step {step} (take a rate below {brief(rate)})"
    else:
        said = (
            f"the descent left the domain of the loss at step {step} (start elsewhere, or learn "
            "the logarithm of a parameter that must be above 0)"
        )
    return DomainError(f"{said}: {fault}", fault.node, fault.status)
