"""What a traced value asks of whoever traces: the tape it is written on, and answers for NumPy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import FrameType
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from adviz.graph.procedure import Params
from adviz.language import notation
from adviz.primitives import Primitive
from adviz.primitives.row import Shape

if TYPE_CHECKING:
    from adviz.sources.tracing.traced import TracedValue


class Answers(NamedTuple):
    """How traced values answer NumPy, which asks an array's elements what to do with them.

    Whoever traces hands them in, so that a traced value knows nothing of arrays.
    """

    call: Callable[..., Any]
    """A method that is called like a function of the table, such as `x.sin()`."""
    universal: Callable[..., Any]
    """A ufunc."""
    common: Callable[..., Any]
    """Any other function of NumPy."""
    attribute: Callable[[TracedValue, str, FrameType], Any]
    """An attribute that numbers have in NumPy but not in Python, such as `dtype`."""
    functions: Callable[[], Mapping[str, Callable[..., Any]]]
    """Gives NumPy's functions, by name, that are not left to NumPy itself."""


class Recorder(Protocol):
    """What is asked of a tape: to write down what is done with its values."""

    answers: Answers
    """How values answer NumPy."""
    scalar: type
    """What the numbers of a call are: `float`, or NumPy's where an argument is an array."""

    arrays: bool
    """Whether an array is one value."""

    def shape(self, node: int) -> Shape:
        """Return a node's shape, () of a number."""

    def add(
        self, op: str, args: tuple[int, ...], frame: FrameType | None, called: bool = False,
        params: Params = (),
    ) -> TracedValue:  # fmt: skip
        """Return a row applied to nodes, on behalf of a frame."""

    def add_at(self, source: str, op: str, args: tuple[int, ...]) -> TracedValue:
        """Return a row that gives a number, applied to nodes, one of many that a line asks for."""

    def source(self, frame: FrameType | None) -> str:
        """Return where the author's code called a library."""

    def name(self, value: object, frame: FrameType | None) -> None:
        """Give a value the name of the local that takes it."""

    def taking(self, frame: FrameType | None) -> tuple[str, ...]:
        """Return the locals that take what a frame's instruction returns."""

    @property
    def locals(self) -> dict[str, int]:
        """The locals so far, name to node."""

    def operand(self, value: object) -> int | None:
        """Return the node of an operand, or None for what is no number."""

    def condition(self, value: object) -> int:
        """Return the node of a condition."""

    def owned(self, value: TracedValue) -> int:
        """Return the node of a value of this tracing."""

    def counted(self, condition: TracedValue) -> TracedValue:
        """Return a condition as 1 or 0."""

    def whole(self, op: str, value: TracedValue, frame: FrameType | None) -> TracedValue:
        """Return a value rounded by a row, as the whole number that Python makes of it."""

    follows: bool
    """Whether one point is followed, so that what depends on a number there can be decided."""

    def real(self, value: TracedValue) -> TracedValue:
        """Return a value as a float."""

    def settled(self, value: TracedValue, frame: FrameType | None) -> int:
        """Return the whole number that a value is at the followed point, and require it."""

    def admit(self, row: Primitive) -> None:
        """Let a row of a user's own into the graph."""

    def branch(self, value: TracedValue, frame: FrameType | None) -> bool:
        """Return which way a branch goes."""

    def number(self, value: TracedValue) -> float:
        """Return a value's number at the followed point."""

    def shown(self, node: int) -> notation.Tree:
        """Return what a node computes, a few operations deep."""
