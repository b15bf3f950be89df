"""From a scene to the record of what it is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from adviz.errors import AdvizError, FormatError
from adviz.graph.graph import Graph
from adviz.graph.sameness import numbered_alike
from adviz.language.asked import require
from adviz.language.numerals import DIGITS, shown_digits
from adviz.modes.building import build
from adviz.modes.second_order import ADJOINT
from adviz.modes.trace import Trace
from adviz.primitives import own
from adviz.render.plate import Plate
from adviz.render.provenance.carriers import carried
from adviz.render.provenance.points import as_data, system_of
from adviz.render.provenance.record import SEALED, Record, Sweep, versions
from adviz.render.provenance.shown import Seen, digest, shown
from adviz.scene.layout import LIMIT
from adviz.scene.scene import Origin, Scene, State
from adviz.scene.slices import Slice
from adviz.scene.view import READABLE, View
from adviz.sources.files import to_document

_LARGEST = 10_000
"""The most nodes of a graph that is recorded."""
_BRANCH = "a branch of the function"
"""Why a graph has a guard, as a record tells it."""
_SHORT = 400
"""The most nodes of a graph of which it is tried whether its formula gives it again."""


def record_of(scene: Scene, seen: Seen = "picture") -> Record:
    """Return the record of what a scene shows.

    It is but sealed where its numbers are more than sweeps of a graph give, as those of an
    elimination are, or those of a number system that nobody is given.

    >>> import adviz
    >>> record = record_of(adviz.draw(adviz.reverse("x*y", at={"x": 3, "y": 2})).scene)
    >>> record.source, record.at, record.sweeps[0].mode, record.printed
    ('x*y', {'x': 3.0, 'y': 2.0}, 'reverse', ('3', '2', '6', '1', '2', '2', '3', '3'))
    """
    origin = scene.origin or _supposed(scene)
    record = _of(origin, seen) if origin else sealing()
    told = record if record.seen == SEALED else replace(record, notes=len(scene.marks))
    return printing(told, shown(scene, seen).values())


def sealing() -> Record:
    """Return the record of a figure that is not computed again, by which changes are found."""
    return Record("", SEALED, made_with=versions())


def _of(origin: Origin, seen: Seen) -> Record:
    """Return the record of what a scene is made of, and of what is seen of it."""
    subject = origin.subject
    record = of_graph(subject) if isinstance(subject, Graph) else of_traces(subject)
    graph = subject if isinstance(subject, Graph) else subject[0].graph
    few = len(graph) <= READABLE  # which are seen alike in a picture and in a film
    view = _unusual(replace(origin.view, readable=READABLE) if few else origin.view)
    return record if record.seen == SEALED else replace(record, seen=seen, view=view)


def of_traces(traces: Sequence[Trace]) -> Record:
    """Return the record of sweeps, without the numbers that a figure shows of them."""
    system = system_of(traces[0].numbers.name)
    if system is None:
        return sealing()
    record = of_graph(traces[0].graph)
    if record.seen == SEALED:
        return record
    at, sweeps = _data(traces[0].point), tuple(map(_sweep, traces))
    return replace(record, at=at, numbers=system, sweeps=sweeps)


def of_graph(graph: Graph) -> Record:
    """Return the record of a graph, without what a figure shows of it.

    It is but sealed where the graph is large, or has operations of another program.
    """
    elsewhere = any(row.foreign for row in own(graph.rows))
    beyond = elsewhere or len(graph) > _LARGEST
    return sealing() if beyond else Record(source_of(graph), made_with=versions())


def printing(record: Record, numbers: Iterable[str]) -> Record:
    """Return a record with the numbers that a figure prints."""
    printed = tuple(numbers)
    return replace(record, printed=printed, digest=digest(printed))


def recorded(content: bytes, suffix: str, scene: Scene | Plate, state: State | None) -> bytes:
    """Return the file of a picture, in a state or the finished one, with its record in it.

    That of a plate, which is of no graph, only seals it; a graph's own document needs none.

    >>> import adviz
    >>> recorded(b"digraph {}", ".dot", adviz.draw("x*y").scene, None)[11:45]
    b'// adviz {"adviz-provenance":1,"so'
    """
    if suffix == ".json":
        return content
    if isinstance(scene, Plate):
        return carried(content, suffix, printing(sealing(), ()))
    now = state.frame if state else None
    k = next((k for k, frame in enumerate(scene.frames) if frame is now), None)
    return carried(content, suffix, record_of(scene, "picture" if k is None else k))


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
    'x*y'
    """
    text = graph.text if len(graph) <= _SHORT and graph.shapes is None else ""
    for formula in filter(None, (text.partition(" = ")[2], text)):
        if _gives(formula, graph):
            return formula
    return _without_code(to_document(graph))


def _without_code(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document of a graph without the lines of somebody's code that it quotes."""
    nodes = [{n: one for n, one in node.items() if n != "source"} for node in document["nodes"]]
    bare = {**document, "nodes": nodes}
    if "guards" in document:
        bare["guards"] = [{**guard, "reason": _BRANCH} for guard in document["guards"]]
    return bare


def _gives(formula: str, graph: Graph) -> bool:
    """Return whether a formula gives a graph again, every node under its number."""
    try:
        return numbered_alike(build(formula), graph)
    except AdvizError:
        return False


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
    labels = {node: label for label, node in trace.graph.outputs.items()}
    return _data({labels[node]: number for node, number in seeds.items()})


def _data(numbers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: as_data(one) for name, one in numbers.items()}


def _unusual(view: View) -> dict[str, Any]:
    """Return what of a view is not as usual, by name."""
    usual, plain = View(), {**vars(view.slice), **vars(replace(view, slice=Slice()))}
    known = {**vars(usual.slice), **vars(usual)}
    return {name: one for name, one in plain.items() if name != "slice" and one != known[name]}


def view_of(given: Mapping[str, Any]) -> View:
    """Return the view that a record names; of what, is looked at when it is used.

    Raises FormatError for what no view has.

    >>> view_of({"of": "f", "precision": 3}).precision
    3
    """
    sliced = {each.name for each in fields(Slice)}
    known = sliced | {each.name for each in fields(View)} - {"slice"}
    require(not {*given} - known, "view", dict(given), "a view of a graph", FormatError)
    readable = given.get("readable", 1)
    good = type(readable) is int and 1 <= readable <= LIMIT
    require(good, "readable", readable, f"a number of nodes, 1 to {LIMIT}", FormatError)
    shown_digits(given.get("precision", DIGITS))
    part = Slice(**{name: one for name, one in given.items() if name in sliced})
    return View(part, **{name: one for name, one in given.items() if name not in sliced})
