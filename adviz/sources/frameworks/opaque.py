"""Operations without a row as nodes: computed and differentiated by the framework itself.

A local partial is a linear map, so all that a sweep asks of such a node is what its framework does
with a tangent and with an adjoint (`primitives.row.Foreign`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from adviz.errors import AdvizError
from adviz.primitives.row import Foreign, Primitive, Shape
from adviz.sources.frameworks.reading import Held, Reading, Value
from adviz.sources.refusals import spoken

Function = Callable[..., Any]


def opaque(
    reading: Reading, name: str, values: Mapping[int, Value], shape: Shape, rules: Foreign,
    smooth: bool,
) -> Held:  # fmt: skip
    """Return the node of an operation that its framework computes of the nodes among its operands.

    One that gives whole numbers or truths is not `smooth`: its derivatives are 0.
    """
    held = [value for value in values.values() if isinstance(value, Held)]
    texts = (rules.program,) * len(held) if smooth else ()
    row = Primitive(
        name=_free(reading, name), args=tuple([f"x{k}" for k in range(1, len(held) + 1)]),
        partials=("" if smooth else "0",) * len(held), jvp=texts, vjp=texts,
        shape=lambda *_: shape, label=name, foreign=_told(name, rules),
    )  # fmt: skip
    reading.builder.rows = {**reading.builder.rows, row.name: row}
    return Held(reading.node(row.name, tuple([reading.whole(one) for one in held])), shape)


def _free(reading: Reading, name: str) -> str:
    """Return a name that no row has yet."""
    word = "".join(one if one.isalnum() else "_" for one in name)
    found, count = word, 1
    while found in reading.builder.rows:
        count += 1
        found = f"{word}_{count}"
    return found


def rules_of(program: str, result: Any) -> Foreign:
    """Return how a framework computes and differentiates a result that has these methods."""
    return Foreign(program, result.value, result.jvp, result.vjp)


def _told(name: str, rules: Foreign) -> Foreign:
    """Return the rules of a framework, which say whose an operation is where they fail."""

    def carried(rule: Function, what: str) -> Function:
        def asked(*given: Any) -> Any:
            try:
                return plain(rule(*given))
            except Exception as error:
                said = f"{rules.program} gives no {what} of {name}: {spoken(error)}"
                raise AdvizError(said) from error

        return asked

    value, slope = carried(rules.value, "value"), "derivative"
    return Foreign(rules.program, value, carried(rules.jvp, slope), carried(rules.vjp, slope))


def plain(value: Any) -> Any:
    """Return a framework's array as one of doubles, a number without axes as a number."""
    made = np.asarray(value, dtype=np.float64)
    return made if made.shape else float(made)


def with_held(values: Sequence[Value], given: Sequence[Any]) -> list[Any]:
    """Return operands with arrays in the place of nodes."""
    waiting = iter(given)
    return [next(waiting) if isinstance(value, Held) else value for value in values]
