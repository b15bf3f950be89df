"""Whether a hand-written derivative is the function's: a module's, a custom rule's."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from adviz.checking.finding import Verdict
from adviz.checking.modules.differences import Slope, slope
from adviz.checking.modules.losses import Loss, loss
from adviz.checking.modules.module_report import Element, ModuleReport, ordered
from adviz.checking.verdicts.frameworks.untouched import untouched
from adviz.errors import AdvizError, TooLarge
from adviz.language.asked import shown, truth
from adviz.modes.rounding import UNIT
from adviz.numbers.given import integer

MOST = 20_000
"""Elements that are looked at: each takes about forty calls of the function."""
_FOREIGN = 1e4
"""How many units of rounding of the largest derivative another program's may be off."""
_SAME = 1e-9
"""What two calls may differ by, relatively, as rounding in another order lets them."""
_FLAT = 1e-6
"""Which slope is seen of a function that has none, against its value."""
_LAST = 1e-6
"""What a bound of a kink is widened by, relatively: its slopes are differences themselves."""


def check_module(
    function: Any, inputs: Any, *, parameters: bool = True, seed: int = 0
) -> ModuleReport:
    """Say of a hand-written derivative by which element of its inputs it is wrong, and by what.

    `function` is a `torch.nn.Module`, a subclass of `torch.autograd.Function` or a function that
    uses one, a `jax.custom_vjp` or `jax.custom_jvp`, or any function of JAX. `inputs` are its
    arguments: a list of arrays and whatever else it takes, or a single array. The derivatives are
    those that the framework computes by them and, of a module, by its `parameters`, all in double
    precision; of several outputs those of a sum with weights, which `seed` chooses.

    They are held against differences of the function itself, which knows nothing of the derivative
    beside it. Their own error is bounded, by what extrapolation leaves and by the noise of the
    function, and what lies within it is not seen: the report says how much that is. It is about
    ten digits where a function is smooth at the scale of its inputs.

    What is within the error is no agreement where not even twice the largest derivative would be
    seen: it is undecided. The function is left as it was: its modules' buffers, parameters and
    modes, and the framework's random numbers.

    Raises AdvizError for a function of no framework, where it is not finite, where it is random,
    and where the framework cannot differentiate it; TooLarge for more than 20 000 elements.

    Method: Ridders 1982 and Moré & Wild 2011, see `adviz.checking.modules.differences`.
    """
    with untouched(function):
        made = loss(function, inputs, _seed(seed), truth("parameters", parameters))
        _refuse(made)
        return ModuleReport(ordered([*_elements(made)]))


def _refuse(made: Loss) -> None:
    """Raise an error for what differences cannot tell the slopes of."""
    count = sum(array.size for array in made.at.values())
    if count > MOST:
        raise TooLarge(
            f"{count} elements are more than check_module looks at, {MOST}; take a smaller layer, "
            "or parameters=False"
        )
    before, value = made.drawn(), made.value(made.at)
    if not math.isfinite(value):
        raise AdvizError("the function gives no finite number at these inputs")
    again = made.value(made.at)
    same = math.isclose(value, again, rel_tol=_SAME)
    if not same or made.drawn() != before:
        found = "draws random numbers" if same else f"gives {value:.6g} and then {again:.6g}"
        raise AdvizError(
            f"the function is not deterministic: at the same inputs it {found}; take what is "
            "random out, as module.eval() does with dropout, or give it as an input"
        )


def _seed(given: Any) -> int:
    seed = integer("seed", given)
    if seed is None:
        raise AdvizError(f"seed = {shown(given)}; it is a whole number")
    return seed


def _elements(made: Loss) -> Iterator[Element]:
    """Yield every element with the verdict on it."""
    gradient, value = made.gradient(made.at), abs(made.value(made.at))
    largest = max(float(np.max(np.abs(part), initial=0.0)) for part in gradient.values())
    flat = largest <= _FOREIGN * UNIT * value
    seen = _FLAT * value if flat else largest / 2
    for name, array in made.at.items():
        for index in np.ndindex(array.shape):
            found = float(gradient[name][index])
            true = slope(_along(made, name, index), float(array[index]))
            allowed = true.error * (1 + _LAST) + _FOREIGN * UNIT * largest
            verdict = judged(found, true, allowed, seen)
            yield Element(name, index, found, true.value, allowed, verdict, true.sides)


def _along(made: Loss, name: str, index: tuple[int, ...]) -> Callable[[float], float]:
    """Return the function of one element, all others being as they are."""

    def function(number: float) -> float:
        array = made.at[name].copy()
        array[index] = number
        return made.value({**made.at, name: array})

    return function


def judged(found: float, true: Slope, allowed: float, seen: float) -> Verdict:
    """Return the verdict on a number; at a kink it may be any between the one-sided slopes.

    An error of `seen` has to be seen; where no more than larger ones are, nothing is decided.

    >>> judged(2.5, Slope(1.25, 1e-10), 1e-9, 1.0), judged(2.5, Slope(1.25, 9.0), 9.0, 1.25)
    ('wrong gradient', 'undecided')
    >>> judged(0.0, Slope(0.5, 0.5, (0.0, 1.0)), 0.5, 0.25)
    'not differentiable'
    """
    if not math.isfinite(found):
        return "wrong gradient"
    if not math.isfinite(true.error):
        return "undecided"
    if abs(found - true.value) > allowed:
        return "wrong gradient"
    if true.sides:
        return "not differentiable"
    return "agrees" if allowed <= seen else "undecided"
