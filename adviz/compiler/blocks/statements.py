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
from adviz.primitives import TABLE

_CONSTANT, _ONCE, _BLOCK = range(3)
ONCE, BLOCK = "once_", "block_"
"""What the functions are called that are computed once per call, and for each block."""
_TAKEN = ONCE, BLOCK, "np", "special"

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
    single: bool = False
    """Whether it gives one number."""

    def text(self, bound: Mapping[str, str]) -> str:
        """Return the statement, with functions and numbers by the names under which they are bound.

        >>> Line("np.subtract", ("x", "1.0"), "t0").text({"np.subtract": "subtract", "1.0": "c"})
        'subtract(x, c, t0)'
        """
        value = self.arguments[0]
        if self.function:
            passed = [bound.get(text, text) for text in self.arguments]
            if self.out and not self.single:
                passed.append(f"out={self.out}" if self.function in _BY_KEYWORD else self.out)
            value = f"{bound.get(self.function, self.function)}({', '.join(passed)})"
        return f"{self.out} = {value}" if self.single else value


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
    def constant_text(self) -> str:
        """The assignments of the constants."""
        return "\n".join(line.text({}) for line in self.constant)

    @property
    def once_text(self) -> str:
        """The function that computes what is the same for all points."""
        given = "".join(f"{name}, " for name in self.shared)
        lines = [*(line.text({}) for line in self.once), f"return ({given})"]
        return _function(ONCE, self.single, lines)

    @property
    def block_text(self) -> str:
        """The function that computes a block."""
        taken = *self.shared, *self.varying, *self.results, *self.numbers, *self.conditions
        return _function(BLOCK, taken, [line.text(self.bound) for line in self.block])

    @property
    def special(self) -> bool:
        """Whether SciPy is needed."""
        return any(
            "special." in line.function for line in (*self.constant, *self.once, *self.block)
        )


def _function(name: str, parameters: Sequence[str], lines: Sequence[str]) -> str:
    return "\n    ".join([f"def {name}({', '.join(parameters)}):", *(lines or ["pass"])])


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
        self.used: set[str] = set()
        self.parameters = {name: self.fresh(name) for name in program.parameters}
        self.results = [self.fresh(label) for label in program.results]
        self.nodes = {node: self.parameters[name] for name, node in program.parameters.items()}
        self.nodes |= dict(_literals(program))
        for name, node in zip(self.results, program.results.values(), strict=True):
            if levels[node] == _BLOCK:
                self.nodes.setdefault(node, name)
        for node in range(len(program)):
            if node not in self.nodes:
                self.nodes[node] = self.fresh(f"v{node}")

    def fresh(self, name: str) -> str:
        """Return a legal name that is not used yet."""
        return NUMPY.fresh(name, self.used)


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
        """Return the statements of one level."""
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

    def _single(self, node: int) -> list[Line]:
        """Return the statement of one number."""
        return [Line(*self._call(node), self.held[node], single=True)]

    def _stored(self, node: int) -> list[Line]:
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
            value = Line(function, arguments, "").text({})
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
