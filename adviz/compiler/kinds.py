"""The kinds of derivatives that are compiled: one row each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from adviz.compiler import results
from adviz.compiler.fallback import AtPoint, Reference
from adviz.compiler.program import drafting
from adviz.compiler.program.data import seed_names
from adviz.errors import AdvizError
from adviz.graph.garbage import PAUSED
from adviz.graph.graph import Graph
from adviz.language.asked import among, shown
from adviz.modes.derivative_graph import derived
from adviz.modes.run import Errors
from adviz.modes.sparsity.pattern import Sparsity
from adviz.modes.sparsity.propagation import hessian_pattern, jacobian_pattern
from adviz.modes.verbs import named_inputs, wanted_inputs
from adviz.numbers import Number

Names = Sequence[str]


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of derivative: how it is computed, what comes out, and what is given."""

    name: str
    sweeps: Callable[..., None]
    """The sweeps that compute it, in nodes or in numbers, for some inputs; and a pattern."""
    nesting: Callable[..., results.Nesting] | None = None
    """Where its results go, for outputs and inputs; None: each by its own label."""
    pattern: Callable[[Graph, Names, Names], Sparsity] | None = None
    """Which derivatives are given, of outputs by inputs, the others being 0; None: all."""
    tangents: bool = False
    """Whether a tangent is given for each input, as `x_dot`."""
    cotangents: bool = False
    """Whether a cotangent is given for each output, as `f_bar`."""
    single: bool = False
    """Whether it is of one output alone."""
    second: bool = False
    """Whether the sweeps are over the gradient: of second derivatives."""
    loop: Literal["forward", "reverse"] | None = None
    """The sweep that computes it in a flat loop, where no colours decide; None: only a program."""

    @property
    def seeded(self) -> bool:
        """Whether it is one sweep with seeds that are given."""
        return self.tangents or self.cotangents

    @property
    def derived(self) -> bool:
        """Whether there is a derivative beside the value."""
        return self.sweeps is not drafting.value

    def wanted(self, graph: Graph, wrt: str | Sequence[str] | None) -> list[str]:
        """Return the inputs that are named, which must have a derivative if there is one."""
        return wanted_inputs(graph, wrt) if self.derived else named_inputs(graph, wrt)

    def sparsity(self, graph: Graph, labels: Names, inputs: Names) -> Sparsity | None:
        """Return which derivatives are given, the others being 0; None where all are."""
        return self.pattern and self.pattern(graph, tuple(labels), tuple(inputs))

    def sweep(self, work: Any, graph: Graph, labels: Names, inputs: Names) -> None:
        """Make the sweeps, in nodes or in numbers, over the graph or its gradient."""
        pattern = self.sparsity(graph, labels, inputs)
        self.sweeps(work, inputs, *([] if pattern is None else [pattern]))

    def placed(self, graph: Graph, labels: Names, inputs: Names) -> results.Nesting:
        """Return where the results go; of a film each has its own label."""
        pattern, nesting = self.sparsity(graph, labels, inputs), self.nesting or results.values
        return nesting(labels, inputs, *([] if pattern is None else [pattern.names]))

    @property
    def film(self) -> bool:
        """Whether its results are all the numbers of a film, each by its own label."""
        return self.nesting is None

    def seeds(self, graph: Graph, labels: Names, inputs: Names) -> list[str]:
        """Return the parameters beside the inputs: a tangent each, or a cotangent each."""
        made: list[str] = []
        if self.tangents:
            made += seed_names([*graph.inputs, *made], inputs, "_dot")
        if self.cotangents:
            made += seed_names([*graph.inputs, *made], labels, "_bar")
        return made

    def reference(self, graph: Graph, labels: Names, inputs: Names) -> Reference | None:
        """Return how the sweeps give results for the parameters' numbers, if they compute the kind.

        >>> import adviz
        >>> by_sweeps = KINDS["gradient"].reference(adviz.build("x*y"), ["f"], ["x", "y"])
        >>> by_sweeps([3.0, 2.0], "raise")
        [6.0, 2.0, 3.0]
        """
        if self.film:
            return None
        swept, slopes, count = graph, list[str](), len(graph.inputs)
        if self.second:
            swept, called = derived(graph, of=labels[0], wrt=inputs)
            slopes = [called[labels[0], name] for name in inputs]

        def computed(numbers: Sequence[Number], errors: Errors) -> list[Number]:
            at = dict(zip(graph.inputs, numbers[:count], strict=True))
            with PAUSED:
                work = AtPoint(swept, labels, inputs, at, numbers[count:], errors, slopes)
                self.sweep(work, graph, labels, inputs)
            return [*work.results.values(), *work.derivatives]

        return computed


# fmt: off
_KINDS = (
    Kind("value", drafting.value, results.values, loop="forward"),
    Kind("gradient", drafting.jacobian, results.by_input, single=True, loop="reverse"),
    Kind("jacobian", drafting.jacobian, results.by_both, loop="reverse"),
    Kind("jvp", drafting.jvp, results.by_output, tangents=True, loop="forward"),
    Kind("vjp", drafting.vjp, results.by_input, cotangents=True, loop="reverse"),
    Kind("hvp", drafting.hvp, results.by_input, single=True, tangents=True, second=True),
    Kind("hessian", drafting.hessian, results.by_pair, single=True, second=True),
    Kind(
        "sparse_jacobian", drafting.sparse_jacobian, results.by_entry, jacobian_pattern,
        loop="reverse",
    ),
    Kind(
        "sparse_hessian", drafting.sparse_hessian, results.by_entry_pair, hessian_pattern,
        single=True, second=True,
    ),
    Kind("trace", drafting.trace, tangents=True, cotangents=True),
    Kind("linearization", drafting.linearization),
)
# fmt: on

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _KINDS}
"""Every kind by its name."""


def labels_of(graph: Graph, kind: str, of: str | None) -> list[str]:
    """Return the outputs that a kind is computed of: the one called `of`, or all.

    Raises AdvizError for an unknown kind or output, and where one output is wanted and there are
    several.
    """
    if not among(kind, KINDS):
        raise AdvizError(f"there is no kind {shown(kind)} of kernel; kinds are {', '.join(KINDS)}")
    if of is not None and not among(of, graph.outputs):
        raise AdvizError(f"there is no output {shown(of)}; outputs are {', '.join(graph.outputs)}")
    labels = [*graph.outputs] if of is None else [of]
    if KINDS[kind].single and len(labels) > 1:
        cure = "; or compile a jacobian" * (kind == "gradient")
        raise AdvizError(f"a {kind} is of one output: of= one of {', '.join(labels)}{cure}")
    return labels
