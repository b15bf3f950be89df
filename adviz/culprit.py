"""Where in the graph a derivative goes wrong, is lost, or ceases to exist, and how it is said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from adviz.agreement import agreement
from adviz.errors import DomainError
from adviz.figures import short
from adviz.finding import Key, Place, written_out
from adviz.graph import Edge, Graph
from adviz.modes import forward, reverse
from adviz.numbers import Number, multiprecision
from adviz.primitives import Primitive
from adviz.rounding import Rounding
from adviz.sweep import active
from adviz.sympy_partials import with_sympy_partials
from adviz.trace import Step, Trace

_SAME = 25
"""Local partials that agree to so many digits are the same rule."""


class Culprit(NamedTuple):
    """What went wrong, in a sentence, and where."""

    cause: str
    place: Place | None = None


# --- which nodes a derivative depends on ---------------------------------------------------------


def on_the_way(graph: Graph, key: Key) -> list[int]:
    """Return the nodes that depend on the input and on which the output depends.

    A condition counts: what it decides may jump.

    >>> import adviz
    >>> on_the_way(adviz.build("(x + y)*(x - 2)"), Key("f", "y"))
    [1, 2, 5]
    """
    depends = bytearray(len(graph))
    depends[graph.inputs[key.input]] = 1
    for node, arguments in enumerate(graph.args):
        depends[node] |= any(depends[argument] for argument in arguments)
    return [node for node in below(graph, key.output) if depends[node]]


def below(graph: Graph, label: str) -> list[int]:
    """Return the nodes on which an output depends, itself included."""
    needed = bytearray(len(graph))
    needed[graph.outputs[label]] = 1
    for node in range(len(graph) - 1, -1, -1):
        if needed[node]:
            for argument in graph.args[node]:
                needed[argument] = 1
    return [node for node, wanted in enumerate(needed) if wanted]


# --- a rule that is wrong ------------------------------------------------------------------------


def wrong_rule(graph: Graph, key: Key, found: Sequence[Number], digits: int) -> Culprit:
    """Return the first node, in the order of evaluation, whose local partial is not SymPy's.

    `found` holds the values with so many digits.
    """
    numbers = multiprecision(digits).over(graph.rows)
    witness = with_sympy_partials(numbers)
    for edge, row in _differentiated_edges(graph, key):
        if found[edge.head] is None or not _taken(graph, edge, found):
            continue
        at = [*(found[argument] for argument in graph.args[edge.head]), found[edge.head]]
        ours, sympys = (system.partial(row, edge.position)(*at) for system in (numbers, witness))
        if sympys == sympys and agreement(ours, sympys) < _SAME:
            place = Place.of(graph, edge.head, edge)
            by = graph.symbols[edge.tail]
            return Culprit(
                f"the rule of {row.name} is wrong: its partial by {by} should be "
                f"{short(sympys)} and is {short(ours)}",
                place,
            )
    return Culprit(
        "every local partial is SymPy's; SymPy's derivative of the whole formula is another"
    )


def _taken(graph: Graph, edge: Edge, found: Sequence[Number]) -> bool:
    """Return whether an edge is no branch, or the one that is taken."""
    if graph.ops[edge.head] != "where":
        return True
    return bool(found[graph.args[edge.head][0]]) == (edge.position == 1)


def _differentiated_edges(graph: Graph, key: Key) -> Iterator[tuple[Edge, Primitive]]:
    reached = active(graph, [graph.inputs[key.input]])
    for node in below(graph, key.output):
        row = graph.row(node)
        for position, tail in enumerate(graph.args[node] if row and reached[node] else ()):
            if row and reached[tail] and row.differentiable(position):
                yield Edge(tail, node, position), row


# --- digits that float64 lost --------------------------------------------------------------------


def lost_digits(graph: Graph, key: Key, found: Rounding, kept: float) -> Culprit:
    """Return the node that loses most digits, and how it is said."""
    lost = f"float64 keeps {_number_of(kept)} of {key}: the rules are right"
    if not found.lost:
        return Culprit(f"{lost}, the digits go little by little")
    node = max(found.lost, key=lambda node: (found.lost[node], -node))
    place = Place.of(graph, node)
    what = "the derivative at " if node in found.in_derivative else ""
    return Culprit(f"{lost}, and {found.lost[node]:.0f} digits go in {what}{place}", place)


def _number_of(digits: float) -> str:
    whole = int(max(digits, 0))
    return "no digit" if whole == 0 else f"{whole} digit{'s' * (whole > 1)}"


def departure(
    graph: Graph, key: Key, doubles: Sequence[Number], exact: Sequence[Number]
) -> Culprit | None:
    """Return the first node that float64 computes as something else from nearly right arguments.

    So a branch, a jump, an underflow, or a domain left by rounding comes out.
    """
    right = [_near(a, b, _NEARLY) for a, b in zip(doubles, exact, strict=True)]
    for node in below(graph, key.output):
        close = _near(doubles[node], exact[node], _FAR)
        if not close and all(right[argument] for argument in graph.args[node]):
            place = Place.of(graph, node)
            return Culprit(
                f"float64 takes {place} for {_shown(doubles[node])}, where exact arithmetic gives "
                f"{_shown(exact[node])}",
                place,
            )
    return None


_NEARLY, _FAR = 1e-6, 1e-3
"""The relative errors below which a value is nearly right, and above which it is another."""


def _near(double: Number, exact: Number, allowed: float) -> bool:
    if double is None or exact is None or isinstance(double, bool) or isinstance(exact, bool):
        return double is exact or double == exact
    return double == exact or bool(abs(double - exact) <= allowed * abs(exact))


def _shown(value: Number) -> str:
    return str(value).lower() if isinstance(value, bool) else short(value)


# --- numbers that are none -----------------------------------------------------------------------


def complaint(graph: Graph, point: Mapping[str, Number], key: Key, mode: str) -> Culprit:
    """Return where the first infinity or NaN of a sweep arose, and the way it went from there."""
    trace = _swept(graph, point, key, mode, "ieee")
    step = next((s for s in trace.steps if not all(_finite(trace, n) for n in _numbers(s))), None)
    if step is None:
        return Culprit("the derivative itself is too large for float64")
    node = step.edge.head if step.edge else step.node
    told = [_arising(graph, point, key, mode, step), *_way(trace, key, node), *_met_zero(trace)]
    return Culprit("; ".join([*told, *_guarded(graph, node)]), Place.of(graph, node))


def _numbers(step: Step) -> tuple[Number, ...]:
    return step.number, step.partial, step.product


def _arising(graph: Graph, point: Mapping[str, Number], key: Key, mode: str, step: Step) -> str:
    """Say what happened at the first number that is not finite."""
    if step.edge is not None and step.status == "pole":
        head = step.edge.head
        return f"{graph.ops[head]} has an infinite slope at {Place.of(graph, head)}"
    try:
        _swept(graph, point, key, mode, "raise")
    except DomainError as error:
        return _advised(str(error))
    return "the derivative is infinite"


def _swept(graph: Graph, point: Mapping[str, Number], key: Key, mode: str, errors: Any) -> Trace:
    if mode == "forward":
        return forward(graph, point, key.input, errors=errors)
    return reverse(graph, point, {key.output: 1}, wrt=key.input, errors=errors)


def _advised(message: str) -> str:
    """Return an error's words without the advice that is meant for a call."""
    return message.partition("; pass digits=50")[0].partition("; leave ")[0]


def _way(trace: Trace, key: Key, start: int) -> Iterator[str]:
    """Say by which nodes what is not finite went on to the derivative."""
    steps = [step for step in trace.steps if not _finite(trace, step.number)]
    nodes = list(dict.fromkeys(step.node for step in steps if step.node != start))
    if nodes:
        symbols = trace.graph.symbols
        yield f"it reaches {key} by {' → '.join(symbols[node] for node in [start, *nodes][:8])}"


def _met_zero(trace: Trace) -> Iterator[str]:
    """Say where an infinity met a zero, if it did."""
    for step in trace.steps:
        if step.edge and trace.numbers.isnan(step.product) and 0 in (step.partial, step.incoming):
            yield f"at {trace.graph.symbols[step.edge.head]} it met a zero: 0·∞ is no number"
            return


def _finite(trace: Trace, number: Any) -> bool:
    return isinstance(number, bool) or number is None or trace.numbers.finite(number)


def _guarded(graph: Graph, node: int) -> Iterator[str]:
    """Give the form with `where` that avoids a place without a value or a finite slope."""
    row = graph.row(node)
    condition = _SAFE.get((row.domain, row.pole)) if row else None
    if row is None or condition is None:
        return
    formulas = (written_out(graph, argument) for argument in graph.args[node])
    renamed = dict(zip(row.args, formulas, strict=True))
    said = re.sub(r"[a-z]\w*", lambda word: renamed.get(word[0], word[0]), condition)
    yield f"where({said}, {written_out(graph, node)}, 0) avoids it"


_SAFE: Mapping[tuple[str, str], str] = {
    ("x > 0", ""): "x > 0",
    ("x >= 0", "x == 0"): "x > 0",
    ("y != 0", ""): "y != 0",
    ("x != 0", ""): "x != 0",
    ("", "x == 0"): "x != 0",
    ("x > -1", ""): "x > -1",
    ("-1 <= x <= 1", "abs(x) == 1"): "-1 < x < 1",
    ("-1 < x < 1", ""): "-1 < x < 1",
    ("0 < x < 1", ""): "0 < x < 1",
    ("0 < x <= 1", "x == 1"): "0 < x < 1",
    ("x >= 1", "x == 1"): "x > 1",
    ("abs(x) >= 1", "abs(x) == 1"): "abs(x) > 1",
    ("abs(x) > 1", ""): "abs(x) > 1",
}
"""Where a function has a value and a finite slope, by its domain and its pole."""


# --- kinks ---------------------------------------------------------------------------------------


def kink(
    graph: Graph, node: int, slopes: tuple[float, float], jumps: bool, convention: Number
) -> Culprit:
    """Say what happens at a kink: both slopes, adviz's convention, and what others return."""
    from adviz.conventions import returned

    place = Place.of(graph, node)
    name = graph.ops[node]
    what = f"{name} jumps" if jumps else f"{name} has a kink"
    left, right = map(short, slopes)
    others = returned(name)
    return Culprit(
        f"{what} at {place}: the slope is {left} on the left and {right} on the right; adviz's "
        f"convention gives {short(convention)}"
        + (f"; {name} by itself: {others}" if others else ""),
        place,
    )
