"""What lets a page show a film at other inputs: a program for its numbers, and its other branches.

The program is the one that `compile` writes in JavaScript, from the table of primitives; the
player multiplies and adds up as the film's own steps say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from hashlib import sha256
from math import isfinite
from typing import Any, NamedTuple

from adviz.compiler.languages import javascript
from adviz.compiler.program.program import program
from adviz.errors import AdvizError
from adviz.graph.graph import Graph
from adviz.language.notation import Tree
from adviz.modes.domains import outside
from adviz.modes.trace import Step, Trace
from adviz.primitives import TABLE, Primitive
from adviz.scene.branches import Truths, choices, differentiated, on_branches
from adviz.scene.frames import Film, last_keys, phase
from adviz.scene.narration import REMARKS
from adviz.scene.scene import Scene

_MOST_NODES = 300
_MOST_CHOICES = 4
"""Every choice doubles the branches that a page brings along."""
_LONGEST = 20_000
"""The most characters of a program."""


class Live(NamedTuple):
    """What a page needs for other inputs, beside the film itself."""

    film: Mapping[str, Any]
    """More of the film's data: about its inputs, and the frames of its other branches."""
    program: str
    """The function that computes it, as JavaScript; nothing where the inputs cannot be changed."""

    @property
    def script(self) -> str:
        """Offers the program to the player, if there is one."""
        return f'enliven("{self.film["live"]["key"]}", {self.program});' if self.program else ""


def live(scene: Scene) -> Live:
    """Return what a page needs to show a film at other inputs, as far as that is possible.

    It is for sweeps of values, tangents and adjoints in floats, of graphs that are not too large,
    whose rows all have a form in JavaScript.

    >>> import adviz
    >>> film = adviz.animate(adviz.reverse("x*x", at={"x": 3}))
    >>> live(film.scene).film["live"]["inputs"]
    (0,)
    >>> live(adviz.animate(adviz.taylor("x*x", {"x": 3}, {"x": 1}, 2)).scene).script
    ''
    """
    try:
        return _live(scene) if _fits(scene) else Live({}, "")
    except AdvizError:  # of a row without a form in JavaScript, and of sweeps of other kinds
        return Live({}, "")


def _live(scene: Scene) -> Live:
    graph, traces = scene.graph, scene.traces
    branches = dict(on_branches(traces))
    own = next((truths for truths, swept in branches.items() if _same(swept, traces)), None)
    wanted = dict.fromkeys(name for trace in traces for name in differentiated(trace))
    source = javascript.source(program(graph, "linearization", [*wanted]))
    if own is None or len(source) > _LONGEST:
        return Live({}, "")
    del branches[own]
    key = sha256(source.encode()).hexdigest()[:8]
    data = {**_data(scene, branches), "live": {"key": key, **_about(graph)}}
    return Live(data, _function(source))


def _function(module: str) -> str:
    """Return a module's function as one expression."""
    body = re.sub(r"^export (const .*;\n)?", "", module, flags=re.MULTILINE)
    return f"(() => {{\n{body}return linearization;\n}})()"


def _fits(scene: Scene) -> bool:
    """Tell whether a film is of sweeps over a graph that a page can compute."""
    graph, special = scene.graph, scene.beside is not None or bool(scene.clicks)
    special = special or any(trace.graph.shapes is not None for trace in scene.traces)
    if special or not scene.traces or not graph.inputs or graph.guards:
        return False
    if len(graph) > _MOST_NODES or len(choices(graph)) > _MOST_CHOICES:
        return False
    floats = all(trace.numbers.name == "float64" for trace in scene.traces)
    finite = floats and all(map(isfinite, scene.traces[0].point.values()))
    return finite and all(_is_honest(graph, node) for node in range(len(graph)))


def _is_honest(graph: Graph, node: int) -> bool:
    """Tell whether a node has no number in floating point where its row is not defined.

    Some rows have one; they will do where constants decide about the domain.
    """
    row = graph.row(node)
    if row is None or not row.domain or not (row.lenient or row.name not in TABLE):
        return True
    arguments = dict(zip(row.args, graph.args[node], strict=True))
    return all(arguments[name] in graph.constants for name in _asked_about(row))


def _asked_about(row: Primitive) -> set[str]:
    return {*re.findall(r"\w+", row.domain)} & {*row.args}


def _same(swept: Sequence[Trace], traces: Sequence[Trace]) -> bool:
    """Tell whether sweeps have the very steps of others, which may be broken on purpose."""
    return all(
        repr([*map(_told, one.steps)]) == repr([*map(_told, other.steps)])
        for one, other in zip(swept, traces, strict=True)
    )


def _told(step: Step) -> tuple[Any, ...]:
    return step[:-1]


def _about(graph: Graph) -> dict[str, Any]:
    """Return what is asked of the graph: its inputs, its choices, and what may be undefined."""
    rows = {node: graph.row(node) for node in range(len(graph))}
    partial = [node for node, row in rows.items() if row is not None and row.domain]
    return {
        "inputs": tuple(graph.inputs.values()),
        "choices": choices(graph),
        "outside": {node: outside(graph, node) for node in partial},
        "remarks": REMARKS,
    }


def _data(scene: Scene, branches: Mapping[Truths, Sequence[Trace]]) -> dict[str, Any]:
    """Return the frames of the other branches, one after another, and where each one's are."""
    films = {truths: Film(scene.graph, swept, scene.slotted) for truths, swept in branches.items()}
    for film in films.values() if scene.frames[-1].card else ():
        _close(film, scene)
    frames: list[Any] = []
    reels = {}
    for truths, film in films.items():
        key = "".join("01"[truth] for truth in truths)
        phases = [asdict(phase) for phase in film.phases]
        reels[key] = {"first": len(frames), "count": len(film.frames), "phases": phases}
        frames += map(vars, film.frames)
    numbers = {key: list(pair) for key, pair in scene.numbers.items()}
    held = {key: list(pair) for film in films.values() for key, pair in _held(film)}
    return {"otherwise": frames, "reels": reels, "numbers": held | numbers}


def _close(film: Film, scene: Scene) -> None:
    """End a branch's film as another one ends: its card has the numbers of the branch."""
    there, here = (last_keys(one.frames, one.phases) for one in (scene, film))
    same = {key: here.get(place) for place, key in there.items()}
    rows = tuple(tuple(_renamed(cell, same) for cell in cells) for cells in scene.frames[-1].card)
    count = len(film.frames)
    film.frames.append(replace(scene.frames[-1], phase=len(film.phases), card=rows))
    film.phases.append(phase("result", 0, count, count))


def _renamed(part: Tree, keys: Mapping[str, str | None]) -> Tree:
    """Return a formula with other numbers in its places; a dash where there is none."""
    if part[0] == "slot":
        key = keys[part[1]]
        return ("text", "–") if key is None else ("slot", key)
    return tuple(_renamed(one, keys) if isinstance(one, tuple) else one for one in part)


def _held(film: Film) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the numbers that are the same at all inputs: seeds, and zeros where nothing arrives."""
    for frame in film.frames:
        if frame.kind == "seed":
            yield from ((key, film.numbers[key]) for _, _, key in frame.sets if key)
