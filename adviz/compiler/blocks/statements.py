"""A program as statements on arrays: every line a ufunc that writes where it is told to.

What a line costs depends on what varies from point to point. *Constants* are computed when the
code is loaded; what depends only on parameters that are one number for all points is computed
*once* per call; the rest is the *block*, computed for a slice of the points at a time.
"""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from adviz.compiler.blocks.registers import Registers, placed
from adviz.compiler.blocks.ufuncs import PASSED_ON, known, ufunc
from adviz.compiler.languages.language import Language, Written
from adviz.compiler.program.data import Program
from adviz.compiler.program.fewer_signs import with_fewer_signs
from adviz.compiler.program.program import expanded
from adviz.graph.procedure import CONST, INPUT, chooses
from adviz.language import notation
from adviz.primitives import TABLE

_CONSTANT, _ONCE, _BLOCK = range(3)
_TAKEN = "np special ARRAY results part here start count numbers conditions".split()

_BY_KEYWORD = ("np.minimum", "np.maximum")
"""What takes `out` by its name alone; all others take it faster without."""

NUMPY = Language(
    name="numpy",
    forms={},
    number=lambda value: Written(repr(float(value))),
    taken={*keyword.kwlist, *keyword.softkwlist, *dir(builtins), *TABLE, *_TAKEN},
)


class Line(NamedTuple):
    """One statement: a call that stores into an array, or that gives one number."""

    function: str
    """What is called; nothing where one argument is the value."""
    arguments: tuple[str, ...]
    out: str
    """Where the result goes; nothing where that is the first argument."""
    formula: str = ""
    single: bool = False
    """Whether it gives one number."""

    @property
    def text(self) -> str:
        """The statement as it is read.

        >>> Line("np.subtract", ("x", "m"), "t0", "v1 = x - m").text
        'np.subtract(x, m, out=t0)  # v1 = x - m'
        """
        stored = (f"out={self.out}",) if self.out and not self.single else ()
        call = f"{self.function}({', '.join((*self.arguments, *stored))})"
        call = call if self.function else self.arguments[0]
        note = f"  # {self.formula}" if self.formula else ""
        return f"{self.out} = {call}{note}" if self.single else call + note

    def brief(self, bound: Mapping[str, str]) -> str:
        """Return the statement as it is run, with functions and numbers that are at hand.

        >>> Line("np.subtract", ("x", "1.0"), "t0").brief({"np.subtract": "subtract", "1.0": "c"})
        'subtract(x, c, t0)'
        """
        if not self.function:
            return self.arguments[0]
        passed = [bound.get(text, text) for text in self.arguments]
        if self.out:
            passed.append(f"out={self.out}" if self.function in _BY_KEYWORD else self.out)
        return f"{bound[self.function]}({', '.join(passed)})"


@dataclass(frozen=True, eq=False)
class Statements:
    """A program's statements, for parameters of which only some vary from point to point."""

    program: Program
    varying: Sequence[str]
    """The parameters that are arrays."""
    single: Sequence[str]
    """The parameters that are one number."""
    shared: Sequence[str]
    """What a block needs of the single numbers and of what is computed once."""
    results: Sequence[str]
    watched: Sequence[int]
    """The results that are finite only where all results are."""
    numbers: Sequence[str]
    """Temporaries that hold numbers."""
    conditions: Sequence[str]
    """Temporaries that hold conditions."""
    functions: Sequence[str]
    """The rows that are calls of functions of `adviz.numbers.ARRAY`."""
    constant: Sequence[Line]
    once: Sequence[Line]
    block: Sequence[Line]
    bound: Mapping[str, str]
    """Functions and numbers of the block, to the names by which they are at hand when it runs."""

    @property
    def special(self) -> bool:
        """Whether SciPy is needed."""
        return any(
            "special." in line.function for line in (*self.constant, *self.once, *self.block)
        )


def statements(program: Program, varying: Collection[str]) -> Statements:
    """Return a program's statements when the parameters named in `varying` are arrays.

    Raises AdvizError naming a row that arrays have no function for and that has no definition.
    """
    whole = with_fewer_signs(expanded(program, known()))
    levels = _levels(whole, varying)
    names = _Names(whole, levels)
    lines = _Lines(whole, levels, names)
    by_level = [lines.of(level) for level in (_CONSTANT, _ONCE, _BLOCK)]
    block = [*by_level[_BLOCK], *lines.copies()]
    texts = [line.function for line in block if line.function] + [*lines.literal.values()]
    return Statements(
        program=whole,
        varying=[name for key, name in names.parameters.items() if key in varying],
        single=[name for key, name in names.parameters.items() if key not in varying],
        shared=lines.shared(),
        results=names.results,
        watched=_watched(whole),
        numbers=lines.registers.made["t"],
        conditions=lines.registers.made["b"],
        functions=sorted({whole.ops[node] for node in lines.calls()}),
        constant=by_level[_CONSTANT],
        once=by_level[_ONCE],
        block=block,
        bound={text: names.fresh(text.replace(".", "_")) for text in dict.fromkeys(texts)},
    )


def _levels(program: Program, varying: Collection[str]) -> list[int]:
    """Return per node whether it is a constant, computed once, or part of a block."""
    levels = [_CONSTANT] * len(program)
    for name, node in program.parameters.items():
        levels[node] = _BLOCK if name in varying else _ONCE
    for node, args in enumerate(program.args):
        levels[node] = max([levels[node], *[levels[argument] for argument in args]])
    return levels


def _literals(program: Program) -> Iterator[tuple[int, str]]:
    """Yield the nodes that are written as numbers: constants, pi, and 0/0, which is no number."""
    for node, op in enumerate(program.ops):
        if op == CONST:
            yield node, repr(float(program.constants[node]))
        elif op == "pi":
            yield node, "np.pi"
        elif op == "div" and all(program.constants.get(a) == 0 for a in program.args[node]):
            yield node, "np.nan"


def _watched(program: Program) -> list[int]:
    """Return the results, by position, from whose being finite it follows that all are."""
    implied = bytearray(len(program))
    reached = bytearray(len(program))
    for node in program.results.values():
        reached[node] = 1
    for node in range(len(program) - 1, -1, -1):
        if reached[node]:
            for position in PASSED_ON.get(program.ops[node], ()):
                argument = program.args[node][position]
                reached[argument] = implied[argument] = 1
    first = {node: k for k, node in reversed([*enumerate(program.results.values())])}
    return sorted(k for node, k in first.items() if not implied[node])


class _Names:
    """What parameters, results and nodes are called."""

    def __init__(self, program: Program, levels: Sequence[int]) -> None:
        self.used: set[str] = {
            f"{program.called}{part}" for part in ("", "_once", "_block", "_many")
        }
        self.parameters = {name: self.fresh(name) for name in program.parameters}
        self.results = [self.fresh(label) for label in program.results]
        self.nodes = {node: self.parameters[name] for name, node in program.parameters.items()}
        self.nodes |= dict(_literals(program))
        for name, node in zip(self.results, program.results.values(), strict=True):
            if levels[node] == _BLOCK:
                self.nodes.setdefault(node, name)
        for node in range(len(program)):
            if node not in self.nodes:
                plain = program.names.get(node) or program.symbols.get(node) or f"v{node}"
                self.nodes[node] = self.fresh(plain)

    def fresh(self, name: str) -> str:
        """Return a legal name that is not used yet."""
        made = NUMPY.legal(name, self.used)
        self.used.add(made)
        return made


class _Lines:
    """The statements of one program, level by level."""

    def __init__(self, program: Program, levels: Sequence[int], names: _Names) -> None:
        self.program, self.levels, self.names = program, levels, names
        self.registers = Registers(names.fresh)
        self.literal = dict(_literals(program))
        self.held = dict(names.nodes)
        self.held |= placed(program, self._computed(_BLOCK), self._own(), self.registers)

    def _own(self) -> dict[int, str]:
        """Return the nodes that are computed in the array of a result."""
        program, own = self.program, dict[int, str]()
        for name, node in zip(self.names.results, program.results.values(), strict=True):
            row = program.rows.get(program.ops[node])
            if row is not None and not row.condition and self.levels[node] == _BLOCK:
                own.setdefault(node, name)
                own |= self._nearly(node, name, own)
        return own

    def _nearly(self, node: int, name: str, own: Mapping[int, str]) -> dict[int, str]:
        """Return the node of which a result differs only at points that are computed again."""
        program, args = self.program, self.program.args[node]
        if not chooses(program, node) or not program.is_nothing(args[2]):
            return {}
        computed = args[1] in self._computed(_BLOCK) and args[1] not in own
        return {args[1]: name} if computed and self.levels[args[0]] == _BLOCK else {}

    def _computed(self, level: int) -> list[int]:
        """Return the nodes of one level that a statement computes."""
        pairs = enumerate(zip(self.program.ops, self.levels, strict=True))
        return [n for n, (op, at) in pairs if at == level and op != INPUT and n not in self.literal]

    def of(self, level: int) -> list[Line]:
        """Return the statements of one level, with formulas beside them."""
        write = self._stored if level == _BLOCK else self._single
        return [line for node in self._computed(level) for line in write(node)]

    def shared(self) -> list[str]:
        """Return what blocks need of what is known once per call."""
        needed = {a for node in self._computed(_BLOCK) for a in self.program.args[node]}
        needed |= set(self.program.results.values())
        return [self.held[node] for node in sorted(needed) if self.levels[node] == _ONCE]

    def calls(self) -> Iterator[int]:
        """Yield the nodes that no ufunc computes."""
        for level in (_CONSTANT, _ONCE, _BLOCK):
            for node in self._computed(level):
                if not chooses(self.program, node) and ufunc(self.program, node) is None:
                    yield node

    def copies(self) -> Iterator[Line]:
        """Yield the statements that fill the results that are not computed in place."""
        for name, node in zip(self.names.results, self.program.results.values(), strict=True):
            if self.held[node] != name:
                yield Line("np.copyto", (name, self.held[node]), "")

    def _single(self, node: int) -> Iterator[Line]:
        """Yield the statement of one number."""
        yield Line(*self._call(node), self.held[node], self._formula(node), single=True)

    def _stored(self, node: int) -> Iterator[Line]:
        """Yield the statements that compute a node and store it, the first with its formula."""
        first, *rest = self._storing(node)
        yield first._replace(formula=f"{self.names.nodes[node]} = {self._formula(node)}")
        yield from rest

    def _storing(self, node: int) -> list[Line]:
        """Return the statements of a node; a choice is one branch, then the other where taken."""
        program, out = self.program, self.held[node]
        function, arguments = self._call(node)
        if chooses(program, node) and self.levels[program.args[node][0]] == _BLOCK:
            condition, x, y = [self.held[argument] for argument in program.args[node]]
            if program.is_nothing(program.args[node][2]):
                return self._where_all(condition, x, out)
            start = [Line("np.copyto", (out, y), "")] if out != y else []
            return [*start, Line("np.putmask", (out, condition, x), "")]
        if ufunc(program, node) is None:
            value = Line(function, arguments, "").text
            return [Line("np.copyto", (out, value), "")]
        return [Line(function, arguments, out)]

    def _where_all(self, condition: str, x: str, out: str) -> list[Line]:
        """Return the statements of a condition that holds nearly always: NaN where it does not."""
        start = [Line("np.copyto", (out, x), "")] if out != x else []
        somewhere = f"if not np.logical_and.reduce({condition})"
        return [*start, Line("", (f"{somewhere}: np.putmask({out}, ~{condition}, np.nan)",), "")]

    def _call(self, node: int) -> tuple[str, tuple[str, ...]]:
        """Return what computes a node, and of what."""
        args = tuple([self.held[argument] for argument in self.program.args[node]])
        if chooses(self.program, node):
            return "", ("{1} if {0} else {2}".format(*args),)
        name, count = ufunc(self.program, node) or (self.program.ops[node], len(args))
        return name, args[:count]

    def _formula(self, node: int) -> str:
        """Return what a node computes, in the names of its arguments."""
        program, names = self.program, self.names.nodes
        parts = [
            notation.number(repr(program.constants[a])) if a in program.constants
            else notation.name(names[a].removeprefix("np."))
            for a in program.args[node]
        ]  # fmt: skip
        return notation.ascii_text(notation.applied(program.rows[program.ops[node]], parts))
