"""The sweeps written out: what they call, in order, as straight-line code for any number system.

Where there is no branch to take, a sweep calls the same functions in the same order at every
point. So it is run once with names for numbers, and what it calls is written down; a call that is
repeated is made once. Bound to a number system, as a rule of the table is, the code gives the
numbers of the sweep, bit by bit. It pays where a small graph is swept at many points.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from types import CodeType
from typing import Any

from adviz.graph.graph import Graph
from adviz.graph.procedure import is_lazy
from adviz.graph.sameness import remembered
from adviz.modes.evaluation import evaluated
from adviz.modes.linear import Linear
from adviz.modes.sweep import rows_by_forward, rows_by_reverse
from adviz.numbers import Number, Numbers
from adviz.numbers.rules import Function
from adviz.primitives import Primitive

Results = tuple[list[Number], list[Number]]
"""Every node's value; and the derivatives, by output and then by input."""

_OFTEN = 12
"""From so many uses on it pays."""
_LARGEST = 1_000
"""The most nodes, times sweeps, that are written out: Python takes long to compile many lines."""


class WrittenOut:
    """The values of a graph and one mode's derivatives, or none (mode `values`), as code."""

    def __init__(self, graph: Graph, mode: str, wanted: Sequence[str]) -> None:
        self.graph, self.mode = graph, mode
        self.wanted = [graph.inputs[name] for name in wanted]
        sweeps = {"values": 0, "forward": len(wanted), "reverse": len(graph.outputs)}[mode]
        small = len(graph) * (1 + sweeps) <= _LARGEST
        self._pays, self._uses = small and not is_lazy(graph), 0
        self._code: tuple[CodeType, _Lines] | None = None

    def bound(self, numbers: Numbers) -> Callable[..., Results] | None:
        """Return a function of the inputs' numbers; None where it would not pay.

        >>> import adviz
        >>> from adviz.numbers import FLOAT64
        >>> made = WrittenOut(adviz.build("x*y"), "reverse", ["x", "y"])
        >>> [function] = {made.bound(FLOAT64) for _ in range(100)} - {None}
        >>> function(3.0, 2.0)
        ([3.0, 2.0, 6.0], [2.0, 3.0])
        """
        self._uses += 1
        return _bound(self, numbers) if self._pays and self._uses >= _OFTEN else None

    def function(self, numbers: Numbers) -> Callable[..., Results]:
        """Return the code bound to a number system."""
        if self._code is None:
            self._code = self._written()
        code, lines = self._code
        system = numbers.over(self.graph.rows)
        names = {name: get(system) for name, get in lines.given.items()}
        names["__builtins__"] = {}
        exec(code, names)  # noqa: S102 - our own generated code, without any name of a user
        made: Callable[..., Results] = names["sweep"]
        return made

    def _written(self) -> tuple[CodeType, _Lines]:
        graph, lines = self.graph, _Lines()
        names = lines.names(graph)
        leaves = {name: f"x{place}" for place, name in enumerate(graph.inputs)}
        found = evaluated(graph, names, leaves)
        linear = Linear(graph, names, found, self.wanted)
        derivatives = [*chain(*_ROWS[self.mode](linear, graph.outputs.values(), self.wanted))]
        given, results = ", ".join(leaves.values()), (", ".join(found), ", ".join(derivatives))
        source = [f"def sweep({given}):", *lines.text, "    return [{}], [{}]".format(*results)]
        return compile("\n".join(source), "<sweep>", "exec"), lines


@lru_cache(maxsize=64)
def _bound(made: WrittenOut, numbers: Numbers) -> Callable[..., Results]:
    return made.function(numbers)


@remembered(64)
def written_out(graph: Graph, mode: str, wanted: tuple[str, ...]) -> WrittenOut:
    """Return a mode's sweeps over a graph, written out once they are often used."""
    return WrittenOut(graph, mode, wanted)


@dataclass
class _Lines:
    """What is written: a line for each call, and what the names stand for in a number system."""

    text: list[str] = field(default_factory=list)
    given: dict[str, Callable[[Numbers], Any]] = field(default_factory=dict)
    known: dict[Hashable, str] = field(default_factory=dict)

    def called(self, key: Hashable, get: Callable[[Numbers], Function]) -> Function:
        """Return a function of names that writes down that another is called."""
        name = self.named(key, get)

        def write(*arguments: str) -> str:
            call = f"{name}({', '.join(arguments)})"
            if call not in self.known:
                self.known[call] = f"t{len(self.text)}"
                self.text.append(f"    {self.known[call]} = {call}")
            return self.known[call]

        return write

    def named(self, key: Hashable, get: Callable[[Numbers], Any]) -> str:
        """Return the name of a function or a constant."""
        if key not in self.known:
            self.known[key] = f"k{len(self.given)}"
            self.given[self.known[key]] = get
        return self.known[key]

    def names(self, graph: Graph) -> Numbers:
        """Return the number system whose numbers are names."""
        following = self.called("following", lambda numbers: numbers.following)
        return _Names(
            name="names",
            native=lambda _: None,
            constant=lambda v: self.named((type(v), repr(v)), lambda n: n.constant(v)),
            finite=bool,
            isnan=bool,
            following=following,
            rows=graph.rows,
            row=lambda name: self.called(("row", name), lambda n: n.function(name)),
            local=lambda row, k: self.called((row.name, k), lambda n: n.partial(row, k)),
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class _Names(Numbers):
    """Names for numbers: every function of the table, and every local partial, is one call."""

    row: Callable[[str], Function]
    local: Callable[[Primitive, int], Function]

    def function(self, name: str) -> Function:
        """Return the function that writes down a call of a row."""
        return self.row(name)

    def partial(self, row: Primitive, position: int) -> Function:
        """Return the function that writes down a call of a row's local partial."""
        return self.local(row, position)


_ROWS: dict[str, Callable[[Linear, Iterable[int], Sequence[int]], list[list[Number]]]] = {
    "values": lambda *_: [],
    "forward": rows_by_forward,
    "reverse": rows_by_reverse,
}
