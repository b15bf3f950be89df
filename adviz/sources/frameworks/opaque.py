"""Operations without a row as nodes: computed and differentiated by the framework itself.

A local partial is a linear map, so all that a sweep asks of such a node is what its framework does
with a tangent and with an adjoint (`primitives.row.Foreign`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np

from adviz.errors import AdvizError
from adviz.primitives.row import Foreign, Primitive, Rules, Shape
from adviz.sources.frameworks.reading import Held, Reading, Value
from adviz.sources.refusals import spoken

Function = Callable[..., Any]


def opaque(
    reading: Reading, name: str, values: Mapping[int, Value], shape: Shape, foreign: Foreign,
    smooth: bool,
) -> Held:  # fmt: skip
    """Return the node of an operation that its framework computes of the nodes among its operands.

    One that gives whole numbers or truths is not `smooth`: its derivatives are 0.
    """
    held = [value for value in values.values() if isinstance(value, Held)]
    row = foreign_row(name, len(held), shape, foreign, reading.builder.rows, smooth)
    reading.builder.rows = {**reading.builder.rows, row.name: row}
    return Held(reading.node(row.name, tuple([reading.whole(one) for one in held])), shape)


def foreign_row(
    label: str, arity: int, shape: Shape, foreign: Foreign, taken: Collection[str],
    smooth: bool = True,
) -> Primitive:  # fmt: skip
    """Return the row of an operation that has none, of so many arguments, which gives one shape.

    >>> row = foreign_row("sum", 2, (3,), Foreign("JAX"), {"sum"})
    >>> row.name, row.label, row.args, row.shape((2,), ())
    ('sum_2', 'sum', ('x1', 'x2'), (3,))
    """
    texts = (foreign.program,) * arity if smooth else ()
    word = "".join(one if one.isalnum() else "_" for one in label) or "operation"
    return Primitive(
        name=free(word, taken), args=tuple([f"x{k}" for k in range(1, arity + 1)]),
        partials=("" if smooth else "0",) * arity, jvp=texts, vjp=texts,
        shape=_Always(shape), label=label or word, foreign=foreign,
    )  # fmt: skip


@dataclass(frozen=True)
class _Always:
    """A shape, whatever those of the arguments are."""

    shape: Shape

    def __call__(self, *_: Any) -> Shape:
        return self.shape


def free(name: str, taken: Collection[str]) -> str:
    """Return a name that is not taken: the second `h` is `h_2`.

    >>> free("h", {"h", "h_2"})
    'h_3'
    """
    numbered = (f"{name}_{k}" for k in count(2))
    return name if name not in taken else next(one for one in numbered if one not in taken)


def rules_of(name: str, program: str, result: Any) -> Foreign:
    """Return how a framework computes and differentiates a result that has these methods.

    Where it fails, it says whose operation it is.
    """

    def carried(rule: Function, what: str) -> Function:
        def asked(*given: Any) -> Any:
            try:
                return plain(rule(*given))
            except Exception as error:
                said = f"{program} gives no {what} of {name}: {spoken(error)}"
                raise AdvizError(said) from error

        return asked

    value, slope = carried(result.value, "value"), "derivative"
    rules = Rules(value, carried(result.jvp, slope), carried(result.vjp, slope))
    return Foreign(program, rules)


def plain(value: Any) -> Any:
    """Return a framework's array as one of doubles, a number without axes as a number."""
    made = np.asarray(value, dtype=np.float64)
    return made if made.shape else float(made)


def with_held(values: Sequence[Value], given: Sequence[Any]) -> list[Any]:
    """Return operands with arrays in the place of nodes."""
    waiting = iter(given)
    return [next(waiting) if isinstance(value, Held) else value for value in values]
