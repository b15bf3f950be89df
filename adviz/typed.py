"""What was typed on the command line, read into graphs, points and sweeps."""

from __future__ import annotations

import sys
from typing import Any, NamedTuple

from adviz.errors import PointError
from adviz.graph import Graph
from adviz.modes import evaluate, forward, reverse
from adviz.sources import build
from adviz.sources.files import load
from adviz.trace import Trace


def graph_of(formula: str) -> Graph:
    """Return the graph of a formula, of a saved file, or of what standard input says."""
    if formula == "-":
        return build(sys.stdin.read())
    if formula.endswith(".json"):
        return load(formula)
    return build(formula)


class Asked(NamedTuple):
    """What the options ask of a sweep, as typed."""

    mode: str
    direction: str
    of: str
    wrt: str
    digits: int | None


def traces_of(graph: Graph, at: str, asked: Asked) -> list[Trace]:
    """Return the sweeps that are asked for."""
    mode, direction, of, wrt, digits = asked
    point = numbers(at)
    if mode == "evaluate":
        return [evaluate(graph, point, digits=digits)]
    made = []
    if mode in ("forward", "both"):
        toward: Any = numbers(direction) if "=" in direction else direction or None
        if toward is None and graph.inputs:
            toward = next(iter(graph.inputs))
            if len(graph.inputs) > 1:
                print(f"forward in the direction of {toward}; choose with -d", file=sys.stderr)
        made.append(forward(graph, point, toward, digits=digits))
    if mode in ("reverse", "both"):
        made.append(reverse(graph, point, _cotangent(graph, of), wrt=names(wrt), digits=digits))
    return made


def _cotangent(graph: Graph, of: str) -> dict[str, int] | None:
    """Return 1 for the output that was named; with a single output none need be."""
    if not of and len(graph.outputs) > 1:
        labels = ", ".join(graph.outputs)
        raise PointError(f"there are several outputs ({labels}); say which with --of")
    return {of: 1} if of else None


def numbers(text: str) -> dict[str, int | float]:
    """Return the numbers of `x=3,y=2`."""
    pairs = [part for part in text.replace(";", ",").split(",") if part.strip()]
    found: dict[str, int | float] = {}
    for name, value in map(_assignment, pairs):
        if name in found:
            raise PointError(f"{name} is given twice in {text!r}")
        found[name] = value
    return found


def _assignment(text: str) -> tuple[str, int | float]:
    name, mark, value = text.partition("=")
    if not mark:
        raise PointError(f"{text.strip()!r} is not of the form x=3")
    return name.strip(), _number(value, text)


def _number(text: str, whole: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        raise PointError(f"{text.strip()!r} in {whole.strip()!r} is not a number") from None


def span(text: str) -> tuple[str, tuple[float, float]]:
    """Return the name and the ends of `x=0:1`."""
    name, mark, ends = text.partition("=")
    low, colon, high = ends.partition(":")
    if not mark or not colon:
        raise PointError(f"{text!r} is not a range of the form x=0:1")
    return name.strip(), (_number(low, text), _number(high, text))


def names(text: str) -> list[str] | None:
    """Return the names of `x,y`; None for no text."""
    return [name.strip() for name in text.split(",") if name.strip()] or None
