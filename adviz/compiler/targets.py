"""What can run a program: Python or native code, straight-line or as a flat loop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.util import find_spec
from math import inf

from adviz.compiler.executable import Again, Column, Executable, Many
from adviz.compiler.kinds import KINDS, Kind
from adviz.compiler.program.data import Program
from adviz.compiler.program.program import program
from adviz.errors import AdvizError
from adviz.graph.graph import Graph
from adviz.language.asked import among, shown


@dataclass(frozen=True, eq=False)
class Wanted:
    """What is to be compiled: the derivatives of a kind, of some outputs, by some inputs."""

    graph: Graph
    kind: str
    labels: Sequence[str]
    inputs: Sequence[str]

    @property
    def row(self) -> Kind:
        """The kind, as the table has it."""
        return KINDS[self.kind]

    @cached_property
    def program(self) -> Program:
        """The straight-line program."""
        return program(self.graph, self.kind, self.inputs, self._of)

    @cached_property
    def watched(self) -> Program:
        """The program for targets in which what is undefined does not raise."""
        return program(self.graph, self.kind, self.inputs, self._of, watched=True)

    @cached_property
    def size(self) -> int:
        """The number of nodes that decides what pays.

        Second derivatives have no flat form: up to 50 000 nodes LLVM compiles their program in no
        more time than Python does.
        """
        return len(self.graph) if self.row.loop else len(self.watched) // 50

    @cached_property
    def seeds(self) -> list[str]:
        """The parameters beside the inputs: a tangent each, or a cotangent each."""
        return self.row.seeds(self.graph, self.labels, self.inputs)

    @property
    def _of(self) -> str | None:
        return None if len(self.labels) == len(self.graph.outputs) else self.labels[0]

    def __reduce__(self) -> tuple[object, ...]:
        return Wanted, (self.graph, self.kind, self.labels, self.inputs)


@dataclass(frozen=True)
class Target:
    """One way to run: its name, what it can run, up to which size it pays, how it is made."""

    name: str
    runs: Callable[[Wanted], bool]
    largest: float
    """The most nodes for which it is the first choice: compiling takes longer than it saves."""
    make: Callable[[Wanted, Again], Executable]

    @property
    def base(self) -> str:
        """Its name, straight-line or not."""
        return self.name.partition(",")[0]


def chosen(wanted: Wanted, name: str | None = None) -> Target:
    """Return the target for a wish: native code where it is installed, a loop for large graphs.

    Raises AdvizError for an unknown name, and where a target that is asked for lacks a row or an
    extra.
    """
    named = [t for t in TARGETS if name is None or among(name, (t.name, t.base))]
    if not named:
        raise AdvizError(
            f"there is no target {shown(name)}; kernels run as {' or '.join(_bases())}, and are "
            f"written in other languages by save('f.js') and save('f.c')"
        )
    able = [target for target in named if target.runs(wanted)]
    if not able:
        raise AdvizError(_why_not(wanted, str(name)))
    return next((target for target in able if wanted.size <= target.largest), able[-1])


def _why_not(wanted: Wanted, name: str) -> str:
    """Return why a target cannot run what it is asked to run."""
    if name.startswith("native"):
        from adviz.compiler.native import machine

        machine.features()
        if missing := sorted({*_lacking(wanted)}):
            return f"native code has no {', '.join(missing)}; use target='python'"
    kinds = ", ".join(name for name, kind in KINDS.items() if kind.loop)
    return f"a flat loop computes {kinds} of all outputs; use target='python'"


def _is_flat(wanted: Wanted) -> bool:
    return wanted.row.loop is not None and len(wanted.labels) == len(wanted.graph.outputs)


def _native_flat_runs(wanted: Wanted) -> bool:
    return _is_flat(wanted) and _native_runs(wanted)


def _native_runs(wanted: Wanted) -> bool:
    return _has_llvm() and not _lacking(wanted)


@cache
def _has_llvm() -> bool:
    """Return whether LLVM is installed and can be loaded."""
    if find_spec("llvmlite") is None:
        return False
    from adviz.compiler.native import machine

    try:
        machine.features()
    except (AdvizError, OSError):
        return False
    return True


def _lacking(wanted: Wanted) -> tuple[str, ...]:
    """Return the rows without machine code, each asked for alone: its value and its partials."""
    from adviz.compiler.flat.opcode import Opcode, case
    from adviz.compiler.native import lacking

    if not wanted.row.loop:
        return lacking(wanted.watched)
    graph, derived = wanted.graph, wanted.row.derived
    rows = [graph.rows[op] for op in sorted({*graph.ops} & {*graph.rows})]
    opcodes = [
        Opcode(r.name, tuple(filter(r.differentiable, range(r.arity * derived)))) for r in rows
    ]
    return tuple(row for one in opcodes for row in lacking(case(one, graph.rows, []).program))


def _native_flat(wanted: Wanted, again: Again) -> Executable:
    from adviz.compiler.native import flat

    return flat.executable(wanted.graph, wanted.kind, wanted.inputs, again)


def _native(wanted: Wanted, again: Again) -> Executable:
    from adviz.compiler import native

    return native.executable(wanted.watched)


def _python_flat(wanted: Wanted, again: Again) -> Executable:
    from adviz.compiler import flat

    return flat.executable(wanted.graph, wanted.kind, wanted.inputs, again)


def _python(wanted: Wanted, again: Again) -> Executable:
    from adviz.compiler.languages import python

    @cache
    def loop() -> Callable[[Sequence[Column], int], Many]:
        from adviz.compiler import blocks

        return blocks.many(wanted.watched)

    return Executable(
        python.function(wanted.watched, again),
        lambda columns, count: loop()(columns, count),
        lambda: python.source(wanted.program),
    )


TARGETS: tuple[Target, ...] = (
    Target("native", _native_runs, 1_000, _native),
    Target("native, flat", _native_flat_runs, inf, _native_flat),
    Target("python", lambda _: True, 4_000, _python),
    Target("python, flat", _is_flat, inf, _python_flat),
)
"""The ways to run, those preferred first."""


def _bases() -> list[str]:
    return [target.name for target in TARGETS if target.name == target.base]
