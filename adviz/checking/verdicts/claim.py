"""A derivative that somebody claims: a formula, or a function that gives numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from adviz.checking.points.sampling import drawn
from adviz.checking.verdicts.calling import called, elements, parameters_of, structures
from adviz.checking.verdicts.claimed_parts import (
    is_sympy,
    number,
    precision,
    split,
    spread,
)
from adviz.checking.verdicts.compiled import compiled, is_kernel
from adviz.checking.verdicts.frameworks.asked import Asked, asked
from adviz.errors import AdvizError, GraphError
from adviz.graph.builder import Builder
from adviz.graph.graph import Graph
from adviz.language.labels import Key
from adviz.modes.building import build
from adviz.modes.fast.jacobian import values_at
from adviz.numbers import FLOAT64
from adviz.numbers.given import rounded
from adviz.numbers.precisions import FLOAT64 as DOUBLE
from adviz.numbers.precisions import Precision
from adviz.sources import copy_into

_PLACES = 3
"""At so many points a framework's function is asked whether it gives values or derivatives."""
Gradient = Any
"""A callable, or a formula's text or SymPy expression for one input, or a mapping or sequence of
these by input; with several outputs a mapping of such by output."""


class Claimed(NamedTuple):
    """What somebody says the derivatives are at a point."""

    numbers: Mapping[Key, float]
    precision: Precision = DOUBLE
    """The format of the numbers."""
    nothing: frozenset[Key] = frozenset()
    """Those that were given as None, which counts as 0: JAX and PyTorch say so of unused inputs."""


@dataclass(frozen=True)
class Claim:
    """What somebody says the derivatives of a graph are.

    At least one is there: `function` gives numbers at a point; `formula` is a graph with one
    output for each derivative, which can be judged with any number of digits.
    """

    graph: Graph
    keys: tuple[Key, ...]
    function: Callable[..., Any] | None = None
    formula: Graph | None = None
    subject: str = "gradient"
    """What it is called."""
    precision: Precision | None = None
    """The format that it is computed in; None: that of the numbers themselves."""
    asked: Asked | None = None
    """How a framework is asked for it, where it is a framework's."""
    like: Mapping[str, Any] = field(default_factory=dict)
    """Arguments that are more than numbers and arrays, as they are at some point."""

    def at(self, point: Mapping[str, float]) -> Claimed:
        """Return the derivatives claimed at a point.

        Raises AdvizError for a result of another shape, and whatever the function raises.
        """
        if self.function is not None:
            try:
                result = (
                    self.asked(point)
                    if self.asked
                    else called(self.graph, self.function, point, self.like)
                )
            except Exception as error:
                error.add_note(f"raised by the {self.subject} at {dict(point)}")
                raise
            order = elements(self.graph, self.function)
            parts = _keyed_parts(self.graph, self.keys, result, order)
            numbers = {key: number(self.subject, key, part) for key, part in parts.items()}
            nothing = frozenset(key for key, part in parts.items() if part is None)
            return Claimed(numbers, self.precision or precision(result), nothing)
        graph = self.formula
        if graph is None:
            raise AdvizError("a claim needs a function or a formula")
        found = values_at(graph, FLOAT64.over(graph.rows), point)
        return Claimed({key: found[graph.outputs[str(key)]] for key in self.keys})

    @property
    def remark(self) -> str:
        """Why it has fewer bits than a double, where that is not what was asked for."""
        return self.asked.framework.remark if self.asked and self.precision is None else ""

    @property
    def format(self) -> Precision:
        """The format that it is known to be computed in, before it is asked."""
        return self.precision or (self.asked.precision if self.asked else DOUBLE)


def claimed(
    graph: Graph,
    gradient: Gradient,
    wanted: Sequence[str],
    at: Any = None,
    precision: Precision | None = None,
) -> Claim:
    """Return what is claimed about the derivatives of a graph by the wanted inputs.

    A callable is called with the inputs in order, that of its parameters where these are named
    like the inputs; or with all of them as one array where it has a single parameter; a vector
    argument of a traced function is an array. It returns a mapping by input, or the derivatives
    in the same order; with several outputs a mapping of these by output, or a matrix with a row
    for each. An argument that the traced function takes as a mapping, a dataclass or a list of such
    is given as it is `at` a point, and its derivatives come in the same structure. Of a kernel of
    `adviz.compile` it is the derivatives, not the value.

    A function of JAX, PyTorch, autograd or CasADi is called with arrays of its framework, of the
    format `precision`. It gives the derivatives, as `jax.grad(f)` does, or a pair of them and
    the value; one that gives the values of the graph is differentiated by its framework.

    Raises AdvizError where a derivative is missing or uses something that is no input.

    >>> import adviz
    >>> g = adviz.build("x**2 - y**2")
    >>> claim = claimed(g, {"x": "2*x", "y": "-2*y"}, ["x", "y"])
    >>> claim.at({"x": 3.0, "y": 2.0}).numbers[Key("f", "x")]
    6.0
    """
    keys = tuple(Key(label, name) for label in graph.outputs for name in wanted)
    if is_kernel(gradient):  # which takes every number by itself, whatever held it
        return Claim(replace(graph, vectors=None), keys, compiled(gradient, tuple(graph.inputs)))
    if callable(gradient) and not is_sympy(gradient):
        like = structures(graph, at)
        framework = asked(graph, gradient, like, precision, lambda: drawn(graph, _PLACES))
        formula = None if framework else _traced(graph, gradient, keys)
        return Claim(graph, keys, gradient, formula, "gradient", precision, framework, like)
    parts = _keyed_parts(graph, keys, gradient, list(graph.inputs))
    return Claim(graph, keys, None, formula_of(graph.inputs, parts, "gradient"))


# --- results -------------------------------------------------------------------------------------


def _keyed_parts(
    graph: Graph, keys: Sequence[Key], result: Any, order: Sequence[str]
) -> dict[Key, Any]:
    """Return the part of a gradient that belongs to each derivative."""
    labels = list(dict.fromkeys(key.output for key in keys))
    wanted = {key.input for key in keys}
    names = [name for name in order if name in wanted]
    if hasattr(result, "detach"):
        result = result.detach()  # a framework's array remembers its own derivatives
    rows: Mapping[str, Any] = {labels[0]: result} if labels else {}
    if len(labels) > 1 or (isinstance(result, Mapping) and labels and set(result) == set(labels)):
        rows = split("output", result, labels, labels)
    found: dict[Key, Any] = {}
    for label, row in rows.items():
        parts = split("input", spread(graph, row, order), names, order)
        found.update({Key(label, name): parts[name] for name in names})
    return found


# --- formulas ------------------------------------------------------------------------------------


def formula_of(inputs: Iterable[str], parts: Mapping[Key, Any], subject: str) -> Graph:
    """Return formulas of some inputs as one graph with an output for each derivative.

    Raises GraphError for a formula that uses something else.
    """
    formula = build({str(key): _part(part) for key, part in parts.items()})
    unknown = [name for name in formula.inputs if name not in inputs]
    if unknown:
        raise GraphError(
            f"{subject}: {unknown[0]!r} is not an input of the function; its inputs are "
            f"{', '.join(inputs)}"
        )
    return formula


def _part(part: Any) -> Any:
    """Return a formula; a plain number is one too."""
    return repr(rounded("a formula", part)) if isinstance(part, int | float) else part


def _traced(graph: Graph, function: Callable[..., Any], keys: Sequence[Key]) -> Graph | None:
    """Return the formula behind a plain Python function, if it can be followed.

    A formula can be judged with many digits, numbers only within rounding. What a framework
    computes cannot be followed; vector arguments and several outputs are not tried.
    """
    if graph.vectors or len(graph.outputs) > 1 or parameters_of(function) != list(graph.inputs):
        return None
    try:
        found = build(function)
    except Exception:
        return None
    names = [key.input for key in keys]
    if set(found.outputs) != set(names):
        names = list(found.outputs)
    if len(names) != len(keys) or not set(found.inputs) <= set(graph.inputs):
        return None
    builder = Builder(found.rows)
    outputs = copy_into(found, builder)
    return builder.finish({str(key): outputs[n] for key, n in zip(keys, names, strict=True)})
