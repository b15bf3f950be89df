"""What is found out about a hand-written derivative: a row for every element, the worst first."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from adviz.checking.finding import VERDICTS, WRONG, Verdict
from adviz.language.numerals import apart, short

_SHOWN = 8
_ALIKE = 1e-6
"""How close to each other the factors of a plain multiple are, relatively."""


@dataclass(frozen=True)
class Element:
    """One element of an input or a parameter, and the derivative by it."""

    name: str
    """What it is an element of."""
    index: tuple[int, ...]
    found: float
    """What the framework's derivative gives."""
    expected: float
    """What differences of the function give."""
    error: float
    """How far these may be off, and rounding the derivative."""
    verdict: Verdict
    sides: tuple[float, float] | None = None
    """The one-sided slopes, at a kink."""

    @property
    def off(self) -> float:
        """By how much it is off."""
        return abs(self.found - self.expected)

    @property
    def label(self) -> str:
        """The name with the index, as it is written."""
        return f"{self.name}[{', '.join(map(str, self.index))}]" if self.index else self.name

    def __str__(self) -> str:
        found, expected = apart(self.found, self.expected)
        truth = f", not {expected} ± {self.error:.0e}"
        if self.verdict == "undecided":
            truth = f", and differences give {expected} ± {self.error:.0e}"
        if self.sides:
            truth = f", and the one-sided slopes {' and '.join(map(short, self.sides))}"
        return f"{self.verdict}: by {self.label} it is {found}{truth}"


@dataclass(frozen=True)
class ModuleReport:
    """The derivative of a function of arrays, element by element; made by `adviz.check_module`."""

    elements: tuple[Element, ...]
    """The worst first."""

    @property
    def verdict(self) -> Verdict:
        """The worst verdict."""
        return self.elements[0].verdict

    @property
    def worst(self) -> Element:
        """The element of which the worst is said."""
        return self.elements[0]

    @cached_property
    def wrong(self) -> dict[str, int]:
        """How many elements are wrong, by the input or parameter."""
        return dict(Counter(one.name for one in self.elements if one.verdict in WRONG))

    @cached_property
    def causes(self) -> dict[str, str]:
        """What is alike in the wrong elements, by the input or parameter, where anything is."""
        whole = {name: [e for e in self.elements if e.name == name] for name in self.wrong}
        found = {name: cause(sorted(some, key=lambda e: e.index)) for name, some in whole.items()}
        return {name: why for name, why in found.items() if why}

    @property
    def resolved(self) -> float:
        """The largest error that is not seen, against the largest derivative."""
        largest = max(max(abs(one.expected), abs(one.found)) for one in self.elements)
        smooth = (one.error for one in self.elements if one.verdict != "not differentiable")
        return max(smooth, default=0.0) / (largest or 1.0)

    def __str__(self) -> str:
        counts = Counter(one.verdict for one in self.elements)
        said = ", ".join(f"{counts[v]} {v}" for v in VERDICTS if counts[v])
        causes = [f"by {name}: {why}" for name, why in self.causes.items()]
        bad = [one for one in self.elements if one.verdict != "agrees"]
        more = [f"… {len(bad) - _SHOWN} more"] if len(bad) > _SHOWN else []
        truth = (
            "held against Ridders' differences of the function itself, in double precision: "
            f"errors below {self.resolved:.0e} of the largest derivative are not seen"
        )
        return "\n".join([f"{said}; {truth}", *causes, *map(str, bad[:_SHOWN]), *more])


def ordered(elements: list[Element]) -> tuple[Element, ...]:
    """Return elements with the worst first."""
    return tuple(sorted(elements, key=lambda one: (VERDICTS.index(one.verdict), -one.off)))


def cause(elements: Sequence[Element]) -> str:
    """Return in which way the derivative by a whole array is wrong; nothing where none is plain.

    `elements` are all of the array's, in order.
    """
    found = {one.index: one.found for one in elements}
    true = {one.index: (one.expected, one.error) for one in elements}
    if not any(found.values()):
        return "nothing arrives: every derivative is 0"
    if all(math.isnan(number) for number in found.values()):
        return "every derivative is NaN"
    told = [one for one in elements if abs(one.expected) > one.error]
    factors = [one.found / one.expected for one in told]
    alike = factors and max(factors) - min(factors) <= _ALIKE * abs(factors[0])
    if alike and _only(told, elements):
        times, _ = apart(factors[0], 1.0, 4)
        return f"every derivative is {times} times what it should be"
    turned = all(index[::-1] in true for index in found) and len(elements[0].index) == 2
    if turned and all(abs(x - true[k[::-1]][0]) <= true[k[::-1]][1] for k, x in found.items()):
        return "it is transposed"
    return ""


def _only(told: Sequence[Element], elements: Sequence[Element]) -> bool:
    """Return whether these elements are wrong, each of them, and no others."""
    wrong = [one for one in elements if one.off > one.error]
    return len(wrong) == len(told) and all(one.off > one.error for one in told)
