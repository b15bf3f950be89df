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

from adviz.checking.recording.meanings import argument
from adviz.checking.recording.recorded import Array, Arrival
from adviz.checking.recording.tracing import Drawn
from adviz.errors import AdvizError
from adviz.graph.procedure import Edge
from adviz.language.numerals import in_text
from adviz.modes.run import Run
from adviz.modes.trace import Trace

_FOREIGN = 1e3
"""How many units of rounding of what takes part another program may be off."""


@dataclass(frozen=True, eq=False)
class Difference:
    """One contribution that is not what adviz makes of the same numbers."""

    edge: Edge
    """From the argument that received it to the operation that sent it."""
    operation: str
    """What the framework calls the operation."""
    to: str
    """What the argument is called."""
    found: Array
    """What the framework sent."""
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
        if not np.ndim(self.found):
            return f"{in_text(self.found)}, not {in_text(self.own)}"
        gap = np.nan_to_num(np.abs(self.found - self.own), nan=np.inf)
        place = np.unravel_index(int(np.argmax(gap)), gap.shape)
        where = ", ".join(map(str, place))
        return f"[{where}]: {in_text(self.found[place])}, not {in_text(self.own[place])}"


def differences(drawn: Drawn) -> Sequence[Difference]:
    """Return the contributions that rounding does not explain, the worst first."""
    found = [one for one in _held_against(drawn) if not one.error <= one.allowed]
    return sorted(found, key=lambda one: -(one.error / one.allowed if one.error == one.error else np.inf))


def unjudged(drawn: Drawn) -> Sequence[str]:
    """Return the operations that sent something back and whose meaning is not known."""
    operations = drawn.recorded.operations
    heads = dict.fromkeys(one.head for one in drawn.recorded.arrivals)
    return list(dict.fromkeys(operations[head].label for head in heads if _own(drawn, head) is None))


def _held_against(drawn: Drawn) -> Iterator[Difference]:
    operations = drawn.recorded.operations
    own: dict[int, Mapping[str, Any] | None] = {}
    for one in drawn.recorded.arrivals:
        if one.head not in own:
            own[one.head] = _own_gradient(drawn, one)
        gradient = own[one.head]
        if gradient is None:
            continue
        pulled = gradient.get(argument(one.position))
        edge = drawn.edges[one.head, one.position]
        error = float(np.max(np.abs(one.product - pulled), initial=0.0))
        yield Difference(
            edge, operations[one.head].label, drawn.graph.symbol(edge.tail), one.product, pulled,
            error, _allowed(drawn, one, pulled),
        )  # fmt: skip


def _own_gradient(drawn: Drawn, one: Arrival) -> Mapping[str, Any] | None:
    """Return what adviz sends back to all arguments of an operation, None where it cannot."""
    run = _own(drawn, one.head)
    if run is None:
        return None
    (label,) = run.graph.outputs
    names = [*run.graph.inputs]
    try:
        return run.reverse({label: np.asarray(one.incoming, float)[()]}, names).gradient
    except AdvizError:
        return None


def _own(drawn: Drawn, place: int) -> Run | None:
    """Return an operation's meaning at the recorded arguments, where it gives what was recorded."""
    meaning = drawn.meanings.get(place)
    if meaning is None:
        return None
    one, operations = drawn.recorded.operations[place], drawn.recorded.operations
    at = {
        argument(k): np.asarray(operations[tail].value, float)[()] for k, tail in enumerate(one.args)
    }
    try:
        run = Run(meaning, at, errors="ieee")
    except AdvizError:
        return None
    (value,) = (run.found[node] for node in meaning.outputs.values())
    scale = max(_largest(value), *(_largest(part) for part in at.values()))
    close = np.abs(value - one.value) <= _FOREIGN * _unit(one.value) * scale
    return run if bool(np.all(close)) else None


def _allowed(drawn: Drawn, one: Arrival, own: Array) -> float:
    """Return what rounding may do: in units of the format, of the largest number that takes part."""
    operations = drawn.recorded.operations
    args = max(_largest(operations[tail].value) for tail in operations[one.head].args)
    largest = max(_largest(own), _largest(one.product), _largest(one.incoming) * max(1.0, args))
    return _FOREIGN * _unit(one.product) * largest


def _largest(value: Array) -> float:
    finite = np.abs(np.asarray(value, float))
    return float(np.max(finite[np.isfinite(finite)], initial=0.0))


def _unit(value: Array) -> float:
    """Return the unit roundoff of an array's format; of one that is no float, that of doubles."""
    kind = np.asarray(value).dtype
    return float(np.finfo(kind if kind.kind == "f" else float).eps) / 2


Swept = Trace
