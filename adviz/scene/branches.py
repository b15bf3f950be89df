"""The same sweeps on every branch: where conditions decide otherwise, other steps make the film."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

from adviz.errors import AdvizError
from adviz.graph.garbage import PAUSED
from adviz.graph.graph import Graph
from adviz.graph.procedure import needs
from adviz.modes.run import Run
from adviz.modes.trace import Trace
from adviz.primitives import Primitive

Truths = tuple[bool, ...]
"""How the choices of a graph are decided, in order."""

_MODES = ("evaluate", "forward", "reverse")


def choices(graph: Graph) -> tuple[int, ...]:
    """Return the conditions that decide what is evaluated, in order.

    >>> import adviz
    >>> choices(adviz.build("where(x > 1, log(x), x) + abs(x)"))
    (2,)
    """
    lazy = needs(graph)
    pairs = zip(graph.ops, graph.args, strict=True)
    return tuple(sorted({arguments[0] for op, arguments in pairs if op in lazy}))


def on_branches(traces: Sequence[Trace]) -> Iterator[tuple[Truths, list[Trace]]]:
    """Yield the same sweeps for every way to decide the choices, whatever the point decides.

    Their steps are those of points at which the choices are decided so; their numbers mean
    nothing, but for the point's own decisions. A choice that others leave open counts as False.
    Raises AdvizError for sweeps of another kind than values, tangents and adjoints.

    >>> import adviz
    >>> trace = adviz.reverse("x if x > 0 else -x", {"x": 3})
    >>> [(truths, len(swept.steps)) for truths, (swept,) in on_branches([trace])]
    [((False,), 8), ((True,), 6)]
    """
    if any(trace.mode not in _MODES for trace in traces):
        raise AdvizError("only values, tangents and adjoints are swept on other branches")
    graph, point = traces[0].graph, traces[0].point
    decided_by = choices(graph)
    for truths in product((False, True), repeat=len(decided_by)):
        forced = _decided(graph, dict(zip(decided_by, truths, strict=True)))
        with PAUSED:
            run = Run(forced, point, errors="ieee")
            left_open = (run.found[node] is None for node in decided_by)
            if not any(is_open and truth for is_open, truth in zip(left_open, truths, strict=True)):
                yield truths, [_again(run, trace) for trace in traces]


def _decided(graph: Graph, truths: Mapping[int, bool]) -> Graph:
    """Return a graph in which some conditions are what they are told to be."""
    ops, rows = list(graph.ops), dict(graph.rows)
    for node, truth in truths.items():
        row = _settled(graph.rows[graph.ops[node]], truth)
        ops[node], rows[row.name] = row.name, row
    return replace(graph, ops=tuple(ops), rows=rows) if truths else graph


def _settled(row: Primitive, truth: bool) -> Primitive:
    """Return a condition that is decided; it asks for the same arguments."""
    first = row.args[0]
    always = f"{first} == {first} or {first} != {first}"
    define = always if truth else f"not ({always})"
    return replace(row, name=f"{row.name} is {truth}", define=define, stable="", kink="")


def _again(run: Run, trace: Trace) -> Trace:
    """Return a trace of the same sweep, at another run."""
    if trace.mode == "evaluate":
        return run.evaluate()
    if trace.mode == "forward":
        return run.forward(trace.seed)
    return run.reverse(trace.seed, differentiated(trace))


def differentiated(trace: Trace) -> list[str]:
    """Return the inputs along which, or by which, a sweep differentiates.

    >>> import adviz
    >>> differentiated(adviz.reverse("x*y", {"x": 3, "y": 2}, wrt="y"))
    ['y']
    """
    adjoints, seed = trace.adjoints, trace.seed
    if adjoints is not None:
        return [name for name, node in trace.graph.inputs.items() if adjoints[node] is not None]
    return [name for name in trace.graph.inputs if trace.tangents is not None and seed.get(name)]
