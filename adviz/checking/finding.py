"""What is found out about one derivative: who says what, what is wrong, where, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from adviz.graph.graph import Graph
from adviz.graph.procedure import Edge
from adviz.graph.shown import formula_of
from adviz.language.labels import Key

Verdict = Literal[
    "wrong rule",
    "wrong gradient",
    "undecided",
    "undefined",
    "not finite",
    "not differentiable",
    "ill-conditioned",
    "witness failed",
    "agrees",
]
"""What may be said about a derivative, worst first."""

VERDICTS: tuple[Verdict, ...] = Verdict.__args__  # type: ignore[attr-defined]  # a Literal has them
WRONG: tuple[Verdict, ...] = ("wrong rule", "wrong gradient")
"""The verdicts that say that a derivative is wrong."""


@dataclass(frozen=True)
class Place:
    """Where in the graph something happens: a node, perhaps one of its arguments.

    >>> import adviz
    >>> print(Place.of(adviz.build("(1 - cos(x))/x**2"), 5))
    v3 = x**2 (columns 14-17 of the formula)
    """

    node: int
    symbol: str
    formula: str
    """What the node computes, written out in the inputs where that is short."""
    source: str = ""
    """Where it came from, in words: columns of the text, or a line of code."""
    edge: Edge | None = None

    @classmethod
    def of(cls, graph: Graph, node: int, edge: Edge | None = None) -> Place:
        """Return the place of a node, or of one of its arguments."""
        source = (graph.sources or {}).get(node, "")
        return cls(node, graph.symbols[node], formula_of(graph, node), source, edge)

    def __str__(self) -> str:
        named = self.symbol if self.symbol == self.formula else f"{self.symbol} = {self.formula}"
        return f"{named} ({self.source})" if self.source else named


@dataclass(frozen=True)
class Statement:
    """What one witness says about one derivative at one point."""

    witness: str
    """The witness's name in `adviz.checking.witnesses.WITNESSES`."""
    value: float | Decimal | None
    """The derivative it found; None when it has no number to give."""
    error: float
    """Its own estimate of its absolute error; NaN when it has none."""
    verdict: Literal["agrees", "differs", "failed", "silent"]
    """`failed` when it is known to be the witness's fault, `silent` when it cannot say."""
    remark: str = ""
    """Why it differs, failed or is silent; or what else it found, such as a rate."""
    key: Key | None = None
    """The derivative it is about, where that is not said beside it."""


@dataclass(frozen=True)
class Finding:
    """All points at which one derivative, as one subject gives it, has the same verdict."""

    subject: str
    """Whose derivative it is: `forward`, `reverse`, or the user's `gradient`."""
    key: Key
    verdict: Verdict
    count: int
    """At how many points."""
    point: Mapping[str, float]
    """The worst of them; all that follows is about this point."""
    found: float
    expected: Decimal | None
    """The truth to 30 digits; None where there is none."""
    digits: float
    """How many decimal digits are right."""
    ulps: float
    """The error in units in the last place of the truth."""
    bound: float = float("nan")
    """How large rounding may make that error, to first order, in ulps; NaN when not computed."""
    cause: str = ""
    """Why, in a sentence."""
    place: Place | None = None
    slopes: tuple[float, float] | None = None
    """The one-sided slopes, at a kink."""
    heat: Mapping[int, float] = field(default_factory=dict)
    """How many digits are lost at each node."""
    statements: tuple[Statement, ...] = ()
    positions: tuple[int, ...] = ()
    """The points, by their position in the report, the worst first; a thousand of them at most."""
