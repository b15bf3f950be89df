"""Where a framework sent back something else than adviz does: operation by operation.

What an operation received is taken as it was recorded, and pulled back by the rules of the table
through what the operation means. So a mistake is found where it is made, and not again wherever its
consequences arrive.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from adviz.checking.recording.meanings import argument, run_of, value_of
from adviz.checking.recording.recorded import Array
from adviz.checking.recording.tracing import Drawn
from adviz.errors import AdvizError
from adviz.graph.procedure import Edge
from adviz.language.numerals import in_text
from adviz.modes.run import Run

_FOREIGN = 1e3
"""How many units of rounding, of the largest number that takes part, a framework may be off; of a
format of few digits the root of one unit."""


@dataclass(frozen=True, eq=False)
class Difference:
    """One contribution that is not what adviz makes of the same numbers."""

    edge: Edge
    """From the argument that received it to the operation that sent it."""
    operation: str
    """What the framework calls the operation; `a hook` where one changed an adjoint."""
    to: str
    """What the argument is called."""
    found: Array | None
    """What the framework sent; None where it sent nothing."""
    own: Array
    """What adviz makes of the adjoint that the operation received."""
    error: float
    """The largest difference of two elements."""
    allowed: float
    """What rounding may make of it."""

    def __repr__(self) -> str:
        return f"<Difference: {self.operation} sent {self.to} {self.note}>"

    @property
    def note(self) -> str:
        """Both in words: `−6, not 6`; of arrays the elements that differ most."""
        found = np.zeros_like(self.own) if self.found is None else self.found
        gap = np.abs(np.nan_to_num(found - self.own, nan=np.inf, posinf=np.inf, neginf=np.inf))
        place = np.unravel_index(int(np.argmax(gap)), np.shape(gap))
        where = f"[{', '.join(map(str, place))}]: " if place else ""
        sent = "nothing" if self.found is None else in_text(np.asarray(found)[place])
        return f"{where}{sent}, not {in_text(np.asarray(self.own)[place])}"

    @property
    def excess(self) -> float:
        """How many times what rounding allows the error is."""
        return np.inf if np.isnan(self.error) else self.error / (self.allowed or 1e-300)


def differences(drawn: Drawn) -> Sequence[Difference]:
    """Return the contributions that rounding does not explain, the worst first."""
    found = [*_Held(drawn).against(), *_hooked(drawn)]
    return sorted((one for one in found if one.excess > 1), key=lambda one: -one.excess)


def unjudged(drawn: Drawn) -> Sequence[str]:
    """Return the operations that sent something back and whose meaning is not known."""
    held, operations = _Held(drawn), drawn.recorded.operations
    heads = dict.fromkeys(one.head for one in drawn.recorded.arrivals)
    return list(dict.fromkeys(operations[k].label for k in heads if held.run(k) is None))


class _Held:
    """A recorded pass, operation by operation, beside what adviz makes of the same numbers."""

    def __init__(self, drawn: Drawn) -> None:
        self.drawn, self.operations = drawn, drawn.recorded.operations
        self._gradients: dict[tuple[int, bytes], Mapping[str, Any] | None] = {}

    def against(self) -> Iterator[Difference]:
        """Yield every contribution that adviz has one for, and those that were not sent."""
        recorded = self.drawn.recorded
        sent = [(one.head, one.position, one.incoming, one.product) for one in recorded.arrivals]
        for head, position, incoming, found in [*sent, *((*one, None) for one in recorded.silent)]:
            gradient = self._gradient(head, incoming)
            if gradient is not None:
                yield self._difference(head, position, incoming, found, gradient)

    def run(self, place: int) -> Run | None:
        """Return what an operation means at the recorded arguments, if it gives what it gave."""
        meaning, one = self.drawn.meanings.get(place), self.operations[place]
        if meaning is None:
            return None
        args = [_doubles(self.operations[tail].value) for tail in one.args]
        try:
            run = run_of(meaning, args)
        except AdvizError:
            return None
        value = value_of(run)
        scale = max(map(_largest, [value, *args]))
        close = np.abs(value - one.value) <= self._off(one.value) * scale
        return run if bool(np.all(close)) else None

    def _gradient(self, head: int, incoming: Array) -> Mapping[str, Any] | None:
        """Return what adviz sends to all arguments of an operation, None where it cannot tell."""
        key = head, np.asarray(incoming).tobytes()
        if key not in self._gradients:
            self._gradients[key] = self._pulled(head, incoming)
        return self._gradients[key]

    def _pulled(self, head: int, incoming: Array) -> Mapping[str, Any] | None:
        run = self.run(head)
        if run is None:
            return None
        (label,) = run.graph.outputs
        try:
            return run.reverse({label: _doubles(incoming)}, [*run.graph.inputs]).gradient
        except AdvizError:
            return None

    def _difference(
        self, head: int, position: int, incoming: Array, found: Array | None,
        gradient: Mapping[str, Any],
    ) -> Difference:  # fmt: skip
        own = gradient[argument(position)]
        edge = self.drawn.edges[head, position]
        sent = np.zeros_like(own) if found is None else found
        args = max(_largest(self.operations[tail].value) for tail in self.operations[head].args)
        scale = max(_largest(own), _largest(sent), _largest(incoming) * max(1.0, args))
        return Difference(
            edge, self.operations[head].label, self.drawn.graph.symbol(edge.tail), found, own,
            _error(sent, own), self._off(incoming) * scale,
        )  # fmt: skip

    def _off(self, value: Array) -> float:
        """Return what rounding may do to an array's numbers, relatively."""
        return _off(max(_unit(value), self.drawn.recorded.unit))


def _hooked(drawn: Drawn) -> Iterator[Difference]:
    """Yield the adjoints that were not the sum of what had arrived: a hook changed them."""
    recorded = drawn.recorded
    last = {recorded.operations[one.head].args[one.position]: one for one in recorded.arrivals}
    for tail, one in last.items():
        edge = drawn.edges[one.head, one.position]
        received = recorded.received[tail]
        scale = max(_largest(received), _largest(one.total))
        yield Difference(
            edge, "a hook", drawn.graph.symbol(edge.tail), received, one.total,
            _error(received, one.total), _off(_unit(received)) * scale,
        )  # fmt: skip


def _off(unit: float) -> float:
    """Return what rounding in many steps may do, relatively, in a format of a unit roundoff."""
    return float(min(_FOREIGN * unit, unit**0.5))


def _error(found: Array, own: Array) -> float:
    """Return the largest difference of two elements; both may be the same infinity or no number."""
    same = (found == own) | (np.isnan(found) & np.isnan(own))
    with np.errstate(invalid="ignore"):
        return float(np.max(np.where(same, 0.0, np.abs(np.subtract(found, own))), initial=0.0))


def _doubles(value: Array) -> Any:
    return np.asarray(value, float)[()]


def _largest(value: Array) -> float:
    held = np.abs(np.asarray(value, float))
    return float(np.max(held, initial=0.0, where=np.isfinite(held)))


def _unit(value: Array) -> float:
    """Return the unit roundoff of an array's format; of one that is no float, that of doubles."""
    kind = np.asarray(value).dtype
    return float(np.finfo(kind if kind.kind == "f" else float).eps) / 2
