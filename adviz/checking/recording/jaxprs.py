"""A function of JAX evaluated, equation by equation, and what it takes to go back.

JAX's reverse mode transposes the linearized equations in reverse order (Frostig et al.,
*Decomposing reverse-mode automatic differentiation*, 2021). Here each is linearized when it is
evaluated, by `jax.vjp`, so that what it sends can be looked at. Calls are gone into; a function
with a rule of its own is one step, by that rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np

from adviz.checking.recording.equations import (
    called,
    function_of,
    is_literal,
    is_ruled,
    label,
    meaning,
    spot,
    variables,
)
from adviz.checking.recording.meanings import part
from adviz.checking.recording.recorded import Array, Meaning, Operation
from adviz.errors import AdvizError

_STOPS = ("stop_gradient",)
"""What lets no derivative pass."""
_FLOATS = ("float64", "float32", "float16", "bfloat16")

Sent = tuple[Sequence[Any], Sequence[Any]]
"""The adjoints of some arguments, and what the incoming one was multiplied by, or None."""


class Kept(NamedTuple):
    """Where a value is kept: its operation's place, and JAX's own array."""

    place: int
    value: Any


class Step(NamedTuple):
    """One equation that derivatives go back through."""

    label: str
    args: tuple[int, ...]
    results: tuple[int, ...]
    wanted: tuple[int, ...]
    """The positions of the arguments that they go to."""
    back: Callable[[list[Any]], Sent]
    """Takes the adjoints of all results to those arguments."""


@dataclass(eq=False)
class Evaluation:
    """The forward pass of a function: its operations, and the steps to go back by."""

    def __post_init__(self) -> None:
        self.jax: Any = import_module("jax")
        self.operations: list[Operation] = []
        self.values: list[Any] = []
        self.steps: list[Step] = []
        self._active: list[bool] = []
        self._last: tuple[int, Any] = (0, None)

    def keep(self, value: Any, operation: Operation, active: bool = False) -> Kept:
        """Keep a value as the next operation's; `active` are those that derivatives go back to."""
        self.operations.append(replace(operation, value=plain(value)))
        self.values.append(value)
        self._active.append(active and is_float(value))
        return Kept(len(self.values) - 1, value)

    def run(self, jaxpr: Any, known: dict[Any, Kept]) -> list[Kept]:
        """Evaluate equations in order, the variables that they start from being known."""
        for equation in jaxpr.eqns:
            inner = called(equation)
            found = self._evaluated(equation, known) if inner is None else self._inside(
                equation, *inner, known
            )  # fmt: skip
            known |= dict(zip(equation.outvars, found, strict=True))
        return [self._read(atom, known) for atom in jaxpr.outvars]

    def constant(self, value: Any) -> Kept:
        """Keep a number that the function brings along."""
        return self.keep(value, Operation("constant", (), None))

    def _inside(
        self, equation: Any, body: Any, constants: Sequence[Any], known: Mapping[Any, Kept]
    ) -> list[Kept]:
        held = map(self.constant, constants)
        own = dict(zip(body.constvars, held, strict=True))
        args = [self._read(atom, known) for atom in equation.invars]
        return self.run(body, own | dict(zip(body.invars, args, strict=True)))

    def _read(self, atom: Any, known: Mapping[Any, Kept]) -> Kept:
        if not is_literal(atom):
            return known[atom]
        return self.constant(self.jax.numpy.asarray(atom.val, atom.aval.dtype))

    def _evaluated(self, equation: Any, known: Mapping[Any, Kept]) -> list[Kept]:
        """Evaluate an equation, and keep the way back through it where derivatives take it."""
        args = [known[variable] for variable in variables(equation)]
        stops = equation.primitive.name in _STOPS
        wanted = tuple(k for k, one in enumerate(args) if self._active[one.place] and not stops)
        given = [one.value for one in args]
        found, back = self._linearized(function_of(equation), given, wanted)
        tails = tuple(one.place for one in args)
        made = self._operations(equation, meaning(equation, given), tails, len(found))
        kept = [self.keep(value, one, bool(wanted)) for value, one in zip(found, made, strict=True)]
        if wanted:
            results = tuple(one.place for one in kept)
            self.steps.append(Step(made[0].label, tails, results, wanted, back))
        return kept

    def _operations(
        self, equation: Any, known: Meaning, tails: tuple[int, ...], count: int
    ) -> list[Operation]:
        """Return an operation for each result of an equation, still without its value."""
        here, (place, before) = spot(equation), self._last
        if here.where is not None and here.where == before:  # not yet all of what a variable takes
            self.operations[place] = replace(self.operations[place], name="")
        self._last = len(self.operations), here.where
        named, ruled = label(equation), is_ruled(equation)
        parts = [partial(part, known, number) for number in range(count)]
        return [Operation(named, tails, None, here.name, one, here.source, ruled) for one in parts]

    def _linearized(
        self, call: Callable[..., list[Any]], args: Sequence[Any], wanted: Sequence[int]
    ) -> tuple[list[Any], Callable[[list[Any]], Sent]]:
        """Return an equation's results, and what takes their adjoints back to some arguments."""
        if not wanted:
            return list(call(*args)), lambda _: ((), ())

        def some(*moving: Any) -> list[Any]:
            moved = dict(zip(wanted, moving, strict=True))
            return list(call(*(moved.get(k, one) for k, one in enumerate(args))))

        found, pull = self.jax.vjp(some, *(args[k] for k in wanted))
        return found, lambda adjoints: _pulled(self.jax.make_jaxpr(pull)(adjoints), adjoints)


def _pulled(closed: Any, adjoints: Sequence[Any]) -> Sent:
    """Evaluate the equations of a derivative; return what they send, and by which factors."""
    body = closed.jaxpr
    known: dict[Any, Any] = dict(zip(body.constvars, closed.consts, strict=True))
    known |= dict(zip(body.invars, adjoints, strict=True))
    made: dict[Any, Any] = {}
    for equation in body.eqns:
        found = function_of(equation)(*(known[one] for one in variables(equation)))
        known |= dict(zip(equation.outvars, found, strict=True))
        made |= dict.fromkeys(equation.outvars, equation)
    read = [one.val if is_literal(one) else known[one] for one in body.outvars]
    return read, [_factor(one, made, body.invars, known) for one in body.outvars]


def _factor(
    atom: Any, made: Mapping[Any, Any], incoming: Sequence[Any], known: Mapping[Any, Any]
) -> Array | None:
    """Return by what an adjoint was multiplied: 1 where it passed, −1 where its sign changed."""
    if is_literal(atom):
        return None
    ours = {*incoming}
    one, equation = np.ones((), plain(known[atom]).dtype)[()], made.get(atom)
    if equation is None:
        return one if atom in ours else None
    places = [
        k for k, taken in enumerate(equation.invars) if not is_literal(taken) and taken in ours
    ]
    if equation.primitive.name == "neg" and places:
        return -one
    if equation.primitive.name != "mul" or not places:
        return None
    other = equation.invars[1 - places[0]]
    factor = plain(other.val if is_literal(other) else known[other])
    return factor if np.shape(factor) in ((), np.shape(known[atom])) else None


def plain(value: Any) -> Array:
    """Return JAX's array as NumPy's in the same format; bfloat16, which that lacks, as float32."""
    narrow = str(getattr(value, "dtype", "")) == "bfloat16"
    held = np.array(value.astype("float32") if narrow else value)
    if held.dtype.kind == "c":
        raise AdvizError("a recording holds real numbers, and one is complex")
    return held[()]


def is_float(value: Any) -> bool:
    """Return whether a value can be differentiated by."""
    return str(getattr(value, "dtype", "")) in _FLOATS


def leaves(args: Sequence[Any], names: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """Yield the arrays in a function's arguments, each called by where it stands in them."""
    flatten = import_module("jax").tree_util.tree_flatten_with_path
    for name, arg in zip(names, args, strict=True):
        for path, value in flatten(arg)[0]:
            parts = [str(next(iter(_keys(key)), key)) for key in path]
            inside = "_".join(parts)
            yield (inside if inside.isidentifier() else f"{name}{inside}"), value


def _keys(key: Any) -> Iterator[Any]:
    """Yield what an entry of a path is called by."""
    yield from (getattr(key, what) for what in ("key", "idx", "name") if hasattr(key, what))
