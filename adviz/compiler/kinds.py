"""The kinds of derivatives that are compiled: one row each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from adviz.compiler import fallback, results
from adviz.compiler.fallback import Reference
from adviz.compiler.program import drafting
from adviz.compiler.program.data import seed_names
from adviz.compiler.program.draft import Draft
from adviz.errors import AdvizError
from adviz.graph.graph import Graph
from adviz.modes.run import Errors
from adviz.numbers import Number


class Loop(NamedTuple):
    """The sweep that a flat loop makes: which way it travels, and whether its seeds are given."""

    reverse: bool
    given: bool


Names = Sequence[str]


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of derivative: what is given, what comes out, and how it is computed."""

    name: str
    draft: Callable[[Draft, Names], Draft]
    """Writes it into a program, for some inputs."""
    sweeps: Callable[[Graph, Names, Names], fallback.Sweeps] | None = None
    """How the sweeps compute it, for outputs and inputs; None: as its program does."""
    nesting: Callable[[Names, Names], results.Nesting] | None = None
    """Where its results go, for outputs and inputs; None: each by its own label."""
    tangents: bool = False
    """Whether a tangent is given for each input, as `x_dot`."""
    cotangents: bool = False
    """Whether a cotangent is given for each output, as `f_bar`."""
    single: bool = False
    """Whether it is of one output alone."""
    loop: Loop | None = None
    """The sweep that computes it in a flat loop; second derivatives need a program."""

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
        if self.sweeps is None:
            return None
        sweeps, count = self.sweeps(graph, labels, inputs), len(graph.inputs)

        def computed(numbers: Sequence[Number], errors: Errors) -> list[Number]:
            at = dict(zip(graph.inputs, numbers[:count], strict=True))
            return sweeps(at, numbers[count:], errors)

        return computed


_FORWARD, _REVERSE = Loop(reverse=False, given=False), Loop(reverse=True, given=False)
_ALONG, _BACK = Loop(reverse=False, given=True), Loop(reverse=True, given=True)


def _rows() -> Iterator[Kind]:
    """Yield the kinds, one aligned line each."""
    d, s, n = drafting, fallback, results
    # fmt: off
    yield Kind("value",    d.value,    s.value,    n.values,    loop=_FORWARD)
    yield Kind("gradient", d.jacobian, s.jacobian, n.by_input,  loop=_REVERSE, single=True)
    yield Kind("jacobian", d.jacobian, s.jacobian, n.by_both,   loop=_REVERSE)
    yield Kind("jvp",      d.jvp,      s.jvp,      n.by_output, loop=_ALONG, tangents=True)
    yield Kind("vjp",      d.vjp,      s.vjp,      n.by_input,  loop=_BACK, cotangents=True)
    yield Kind("hvp",      d.hvp,      s.hvp,      n.by_input,  single=True, tangents=True)
    yield Kind("hessian",  d.hessian,  s.hessian,  n.by_pair,   single=True)
    yield Kind("trace",    d.trace,    tangents=True, cotangents=True)
    # fmt: on


KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _rows()}
"""Every kind by its name."""


def labels_of(graph: Graph, kind: str, of: str | None) -> list[str]:
    """Return the outputs that a kind is computed of: the one called `of`, or all.

    Raises AdvizError for an unknown kind or output, and where one output is wanted and there are
    several.
    """
    if kind not in KINDS:
        raise AdvizError(f"there is no kind {kind!r} of kernel; kinds are {', '.join(KINDS)}")
    if of is not None and of not in graph.outputs:
        raise AdvizError(f"there is no output {of!r}; outputs are {', '.join(graph.outputs)}")
    labels = [*graph.outputs] if of is None else [of]
    if KINDS[kind].single and len(labels) > 1:
        cure = "; or compile a jacobian" * (kind == "gradient")
        raise AdvizError(f"a {kind} is of one output: of= one of {', '.join(labels)}{cure}")
    return labels
