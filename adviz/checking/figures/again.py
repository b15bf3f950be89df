"""A figure computed again from its record: the same sweeps, the same view of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from adviz.checking.faults.gallery import BY_NAME
from adviz.errors import FormatError
from adviz.graph.graph import Graph
from adviz.language.brief import quoted
from adviz.modes.building import build
from adviz.modes.expansion import expanded
from adviz.modes.point import named
from adviz.modes.run import Run
from adviz.modes.second_order import second_order
from adviz.modes.trace import Mode, Trace
from adviz.modes.verbs import directed, wanted_inputs, weighed
from adviz.numbers import FLOAT64
from adviz.render.provenance.made import view_of
from adviz.render.provenance.points import checked_system, numbers_from
from adviz.render.provenance.record import SEALED, Record, Sweep
from adviz.render.provenance.shown import shown
from adviz.scene.frames import Film
from adviz.scene.scene import Scene
from adviz.scene.staging import stage
from adviz.sources.files import from_document

GIVEN = "as the fault gives them: "
"""What stands before the key of a number that is wrong on purpose."""


class Figure(NamedTuple):
    """A figure as it should be."""

    scene: Scene
    numbers: dict[str, str]
    """The numbers as they are printed, by their keys."""
    exact: Mapping[str, Any]
    """The same with all their digits; those that can be held against the truth."""
    graph: Graph
    """All of the graph, of which a part may be seen."""
    traces: Sequence[Trace]
    """The sweeps of all of it."""


class _Begun(NamedTuple):
    """What sweeps start from."""

    graph: Graph
    point: Mapping[str, Any]
    digits: int | None
    system: str | int
    run: Run


def figure(record: Record, digits: int | None = None) -> Figure:
    """Return the figure that a record describes, with so many digits where that is asked.

    Raises AdvizError for a record that describes none.

    >>> figure(Record("x*y")).numbers
    {'partial/0': 'y', 'partial/1': 'x'}
    """
    if record.seen == SEALED:
        raise FormatError("its record only seals it")
    graph = graph_of(record)
    traces = [*_traces(record, graph, digits)]
    if record.fault:
        return _pair(record, traces, graph)
    scene = view_of(record.view).scene(traces or graph)
    if isinstance(record.seen, int) and not 0 <= record.seen < len(scene.frames):
        raise FormatError(f"its record is of frame {record.seen}; there are {len(scene.frames)}")
    exact = _exact(scene) if traces else {}
    return Figure(scene, shown(scene, record.seen), exact, graph, traces)


def graph_of(record: Record) -> Graph:
    """Return the graph of a record. Raises AdvizError where it describes none."""
    if isinstance(record.source, str):
        return build(record.source)
    return from_document(record.source)


def _exact(scene: Scene) -> Mapping[str, Any]:
    return Film(scene.graph, scene.traces, scene.slotted, scene.precision).register.exact


def _pair(record: Record, traces: list[Trace], graph: Graph) -> Figure:
    """Return the right sweep, and beside it that of a fault."""
    if record.fault not in BY_NAME:
        raise FormatError(f"its record has the fault {quoted(record.fault)}, which is not known")
    if record.numbers != FLOAT64.name:
        raise FormatError(f"its record has the numbers {record.numbers}; a fault's are floats")
    right = stage(traces)
    point = {name: float(one) for name, one in traces[0].point.items()}
    wrong = shown(stage(BY_NAME[record.fault].reverse(graph, point)), "film")
    numbers = shown(right, "film") | {GIVEN + key: text for key, text in wrong.items()}
    return Figure(right, numbers, _exact(right), graph, traces)


def _traces(record: Record, graph: Graph, digits: int | None) -> Iterator[Trace]:
    """Yield the sweeps of a record."""
    if not record.sweeps:
        return
    system = checked_system(record.numbers)
    point = numbers_from(record.at, system)
    many = digits or (system if isinstance(system, int) else None)
    run = Run(graph, named(graph, point), many, "ieee")
    for sweep in record.sweeps:
        yield _SWEEPS[sweep.mode](_Begun(graph, point, many, system, run), sweep)


def _evaluate(begun: _Begun, _: Sweep) -> Trace:
    return begun.run.evaluate()


def _forward(begun: _Begun, sweep: Sweep) -> Trace:
    return begun.run.forward(directed(begun.graph, _seed(begun, sweep)))


def _reverse(begun: _Begun, sweep: Sweep) -> Trace:
    wanted = wanted_inputs(begun.graph, sweep.wrt)
    return begun.run.reverse(weighed(begun.graph, _seed(begun, sweep)), wanted)


def _second_order(begun: _Begun, sweep: Sweep) -> Trace:
    weights = numbers_from(sweep.weights, begun.system)
    return second_order(
        begun.graph, begun.point, _seed(begun, sweep), weights, wrt=sweep.wrt,
        digits=begun.digits, errors="ieee",
    )  # fmt: skip


def _taylor(begun: _Begun, sweep: Sweep) -> Trace:
    return expanded(begun.run, directed(begun.graph, _seed(begun, sweep)), sweep.order)


def _seed(begun: _Begun, sweep: Sweep) -> dict[str, Any]:
    return numbers_from(sweep.seed, begun.system)


_SWEEPS: Mapping[Mode, Callable[[_Begun, Sweep], Trace]] = {
    "evaluate": _evaluate,
    "forward": _forward,
    "reverse": _reverse,
    "second-order": _second_order,
    "taylor": _taylor,
}
"""How each mode runs again."""
