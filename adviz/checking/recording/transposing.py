"""The way back through a function of JAX: every step after all that use what it gave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from adviz.checking.recording.jaxprs import Evaluation, Kept, Step, is_float, leaves, plain
from adviz.checking.recording.pieces import pieces
from adviz.checking.recording.recorded import BFLOAT16, Arrival, Operation, Pass, weights
from adviz.errors import AdvizError


def run(function: Any, args: Sequence[Any], names: Sequence[str], cotangent: Any) -> Pass:
    """Evaluate a function, go back from what it gives, and return the pass."""
    evaluation = Evaluation()
    jax = evaluation.jax
    closed = jax.make_jaxpr(function)(*args)
    held = map(evaluation.constant, closed.consts)
    known: dict[Any, Kept] = dict(zip(closed.jaxpr.constvars, held, strict=True))
    for variable, (name, value) in zip(closed.jaxpr.invars, leaves(args, names), strict=True):
        array = jax.numpy.asarray(value, variable.aval.dtype)
        known[variable] = evaluation.keep(array, Operation("", (), None, name), active=True)
    results = evaluation.run(closed.jaxpr, known)
    if len(results) != 1 or not is_float(results[0].value):
        raise AdvizError("watch needs a function that gives one array of floating-point numbers")
    ((place, value),) = results
    seed = jax.numpy.asarray(weights(cotangent, value.shape), value.dtype)
    return Sweep(evaluation, place, seed).finished()


class Sweep:
    """Adjoints on their way back from one result."""

    def __init__(self, evaluation: Evaluation, root: int, seed: Any) -> None:
        self.evaluation, self.root, self.seed = evaluation, root, plain(seed)
        self.adjoints: dict[int, Any] = {root: seed}
        self.arrivals: list[Arrival] = []
        for step in reversed(evaluation.steps):
            if any(place in self.adjoints for place in step.results):
                self._back(step)

    def _back(self, step: Step) -> None:
        zeros, values = self.evaluation.jax.numpy.zeros_like, self.evaluation.values
        heads = [place for place in step.results if place in self.adjoints]
        incoming = {head: plain(self.adjoints[head]) for head in heads}
        sent = step.back([self.adjoints.get(one, zeros(values[one])) for one in step.results])
        for position, product, factor in zip(step.wanted, *sent, strict=True):
            tail = step.args[position]
            before = self.adjoints.get(tail)
            total = self.adjoints[tail] = product if before is None else before + product
            partial = f"vjp of {step.label}" if factor is None else factor
            held = None if before is None else plain(before)
            results = [self.evaluation.operations[head] for head in heads]
            parts = pieces(step.label, results, plain(product), held, plain(total))
            for head, part in zip(heads, parts, strict=True):
                self.arrivals.append(Arrival(head, position, incoming[head], partial, *part))

    def finished(self) -> Pass:
        """Return the pass; what the result does not depend on is left out."""
        operations = self.evaluation.operations
        needed, stack = {self.root}, [self.root]
        while stack:
            new = {*operations[stack.pop()].args} - needed
            needed |= new
            stack += new
        places = {place: k for k, place in enumerate(sorted(needed))}
        kept = [
            replace(one, args=tuple(places[tail] for tail in one.args))
            for one in (operations[place] for place in places)
        ]
        arrivals = [one._replace(head=places[one.head]) for one in self.arrivals]
        received = {places[k]: plain(one) for k, one in self.adjoints.items() if k in places}
        narrow = any(str(value.dtype) == "bfloat16" for value in self.evaluation.values)
        seeds, unit = {places[self.root]: self.seed}, BFLOAT16 if narrow else 0.0
        return Pass("JAX", kept, seeds, arrivals, received, unit=unit)
