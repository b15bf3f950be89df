"""Where in the graph a derivative goes wrong, is lost, or ceases to exist, and how it is said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from adviz.checking.finding import Place
from adviz.checking.points.conventions import returned
from adviz.checking.truth.agreement import agreement
from adviz.checking.truth.rounding import Rounding
from adviz.graph.graph import Graph
from adviz.graph.paths import below
from adviz.language.labels import Key
from adviz.language.numerals import in_text
from adviz.modes.linear import Linear
from adviz.modes.sympy_partials import with_sympy_partials
from adviz.numbers import Number, multiprecision

_SAME = 25
"""Local partials that agree to so many digits are the same rule."""


class Culprit(NamedTuple):
    """What went wrong, in a sentence, and where."""

    cause: str
    place: Place | None = None
    """Where, if it has a place; the first one where several explain it equally well."""
    fault: str = ""
    """The name of the mistake; of the gallery's fault where it is one."""

    @classmethod
    def none(cls) -> Culprit:
        """Return that there is nothing to say."""
        return cls("")


# --- a rule that is wrong ------------------------------------------------------------------------


def wrong_rule(graph: Graph, key: Key, found: Sequence[Number], digits: int) -> Culprit:
    """Return the first node, in the order of evaluation, whose local partial is not SymPy's.

    `found` holds the values with so many digits.
    """
    numbers = multiprecision(digits).over(graph.rows)
    ours, sympys = (
        Linear(graph, system, found, [graph.inputs[key.input]])
        for system in (numbers, with_sympy_partials(numbers))
    )
    uses = (edge for node in below(graph, key.output) for edge in ours.uses(node))
    for edge in uses:
        if found[edge.head] is None or not ours.taken(edge):
            continue
        our, true = ours.partial(edge), sympys.partial(edge)
        if true == true and agreement(our, true) < _SAME:
            row = graph.rows[graph.ops[edge.head]]
            place = Place.of(graph, edge.head, edge)
            by = graph.symbols[edge.tail]
            return Culprit(
                f"the rule of {row.name} is wrong: its partial by {by} should be "
                f"{in_text(true)} and is {in_text(our)}",
                place,
            )
    return Culprit(
        "every local partial is SymPy's; SymPy's derivative of the whole formula is another"
    )


# --- digits that float64 lost --------------------------------------------------------------------


def lost_digits(graph: Graph, key: Key, found: Rounding, kept: float, *, own: bool) -> Culprit:
    """Return the node that loses most digits, and how it is said, of our own modes or of others."""
    lost = f"float64 keeps {_number_of(kept)} of {key}" + (": the rules are right" if own else "")
    if not found.lost:
        return Culprit(f"{lost}, and they go little by little")
    node = max(found.lost, key=lambda node: (found.lost[node], -node))
    place = Place.of(graph, node)
    what = "the derivative at " if node in found.in_derivative else ""
    return Culprit(f"{lost}, and {_gone(found.lost[node])} in {what}{place}", place)


def _gone(digits: float) -> str:
    whole = max(round(digits), 1)
    return f"{whole} digits go" if whole > 1 else "1 digit goes"


def _number_of(digits: float) -> str:
    whole = int(max(digits, 0))
    return "no digit" if whole == 0 else f"{whole} digit{'s' * (whole > 1)}"


def departure(
    graph: Graph, label: str, doubles: Sequence[Number], exact: Sequence[Number]
) -> Culprit | None:
    """Return the first node that float64 computes as something else from nearly right arguments.

    So a branch, a jump, an underflow, or a domain left by rounding comes out.
    """
    right = [_near(a, b, _NEARLY) for a, b in zip(doubles, exact, strict=True)]
    for node in below(graph, label):
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
    return str(value).lower() if isinstance(value, bool) else in_text(value)


# --- kinks ---------------------------------------------------------------------------------------


def kink(
    graph: Graph, node: int, slopes: tuple[float, float], jumps: bool, convention: Number
) -> Culprit:
    """Say what happens at a kink: both slopes, adviz's convention, and what others return."""
    place = Place.of(graph, node)
    name = graph.ops[node]
    what = f"{name} jumps" if jumps else f"{name} has a kink"
    left, right = map(in_text, slopes)
    others = returned(name)
    return Culprit(
        f"{what} at {place}: the slope is {left} on the left and {right} on the right; adviz's "
        f"convention gives {in_text(convention)}"
        + (f"; {name} by itself: {others}" if others else ""),
        place,
    )
