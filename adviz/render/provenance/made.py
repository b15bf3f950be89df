"""From a scene to the record of what it is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from adviz.errors import AdvizError
from adviz.graph.graph import Graph
from adviz.graph.sameness import numbered_alike
from adviz.modes.building import build
from adviz.modes.second_order import ADJOINT
from adviz.modes.trace import Trace
from adviz.render.provenance.points import as_data, system_of
from adviz.render.provenance.record import Record, Sweep, versions
from adviz.render.provenance.shown import Seen, digest, shown
from adviz.scene.scene import Origin, Scene
from adviz.scene.slices import Slice
from adviz.scene.view import View
from adviz.sources.files import to_document

_SHORT = 400
"""The most nodes of a graph of which it is tried whether its formula gives it again."""


def record_of(scene: Scene, seen: Seen = "picture") -> Record | None:
    """Return the record of what a scene shows.

    None where its numbers are more than sweeps of a graph give, as those of an elimination are.

    >>> import adviz
    >>> record = record_of(adviz.draw(adviz.reverse("x*y", at={"x": 3, "y": 2})).scene)
    >>> record.source, record.at, record.sweeps[0].mode, record.printed
    ('f(x, y) = x*y', {'x': 3.0, 'y': 2.0}, 'reverse', ('3', '2', '6', '1', '2', '2', '3', '3'))
    """
    origin = scene.origin or _supposed(scene)
    if origin is None:
        return None
    traces = () if isinstance(origin.subject, Graph) else origin.subject
    system = system_of(traces[0].numbers.name) if traces else "float64"
    if system is None:
        return None
    numbers = shown(scene, seen)
    return Record(
        source=source_of(origin.subject if isinstance(origin.subject, Graph) else traces[0].graph),
        seen=seen,
        at=_data(traces[0].point) if traces else {},
        numbers=system,
        sweeps=tuple(map(_sweep, traces)),
        view=_unusual(origin.view),
        made_with=versions(),
        printed=tuple(numbers.values()),
        digest=digest(numbers.values()),
    )


def _supposed(scene: Scene) -> Origin | None:
    """Return what a noun's own scene is made of, if its numbers are those of its traces alone."""
    view = View(readable=len(scene.graph), precision=scene.precision)
    subject = scene.traces or scene.graph
    if scene.whole is not None or not isinstance(subject, Graph | tuple):
        return None
    try:
        again = view.scene(subject)
    except AdvizError:
        return None
    same = shown(again, "film") == shown(scene, "film") and len(again.frames) == len(scene.frames)
    return Origin(subject, view) if same else None


def source_of(graph: Graph) -> Any:
    """Return the formula of a graph, its document where no formula gives the same nodes again.

    >>> import adviz
    >>> source_of(adviz.build(lambda x, y: x*y))
    'f(x, y) = x*y'
    """
    try:
        text = graph.text if len(graph) <= _SHORT and graph.shapes is None else ""
        if text and numbered_alike(build(text), graph):
            return text
    except AdvizError:
        pass
    document = to_document(graph)
    nodes = [{n: one for n, one in node.items() if n != "source"} for node in document["nodes"]]
    return {**document, "nodes": nodes}  # without the lines of somebody's code


def _sweep(trace: Trace) -> Sweep:
    weights: Mapping[str, Any] = {}
    if trace.mode == "second-order":
        weights = _weights(trace)
    order = len(trace.further) if trace.mode == "taylor" else 0
    return Sweep(trace.mode, _data(trace.seed), weights, _wanted(trace), order)


def _wanted(trace: Trace) -> list[str] | None:
    """Return the inputs that a sweep differentiates by; None for all."""
    inputs, found = trace.graph.inputs, trace.adjoints
    wanted = [name for name, node in inputs.items() if found is None or found[node] is not None]
    return None if len(wanted) == len(inputs) else wanted


def _weights(trace: Trace) -> dict[str, Any]:
    """Return what a sweep of second order starts back from; of two outputs on one node the sum."""
    seeds = {s.node: s.number for s in trace.steps if s.kind == ADJOINT and s.edge is None}
    labels = {node: label for label, node in reversed(trace.graph.outputs.items())}
    return _data({labels[node]: number for node, number in seeds.items()})


def _data(numbers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: as_data(one) for name, one in numbers.items()}


def _unusual(view: View) -> dict[str, Any]:
    """Return what of a view is not as usual, by name."""
    usual, plain = View(), {**vars(view.slice), **vars(replace(view, slice=Slice()))}
    known = {**vars(usual.slice), **vars(usual)}
    return {name: one for name, one in plain.items() if name != "slice" and one != known[name]}


def view_of(given: Mapping[str, Any]) -> View:
    """Return the view that a record names; what it asks for is looked at when it is used.

    >>> view_of({"of": "f", "precision": 3}).precision
    3
    """
    sliced = {each.name for each in fields(Slice)}
    part = Slice(**{name: one for name, one in given.items() if name in sliced})
    return View(part, **{name: one for name, one in given.items() if name not in sliced})
