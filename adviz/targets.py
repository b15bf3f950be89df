"""What can run a program: Python or native code, straight-line or as a flat loop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec

from adviz.codegen.executable import Again, Executable
from adviz.codegen.program import Program, program
from adviz.errors import AdvizError
from adviz.graph import Graph

LARGEST_STRAIGHT = 4_000
"""Above so many nodes a flat loop serves better: it needs no compilation of its own."""
FLAT_KINDS = ("value", "gradient", "jacobian", "jvp", "vjp")
"""What one forward and one reverse loop compute; second derivatives need a program."""


@dataclass(frozen=True, eq=False)
class Wanted:
    """What is to be compiled: the derivatives of a kind, of some outputs, by some inputs."""

    graph: Graph
    kind: str
    labels: Sequence[str]
    inputs: Sequence[str]

    @cached_property
    def program(self) -> Program:
        """The straight-line program."""
        of = None if len(self.labels) == len(self.graph.outputs) else self.labels[0]
        return program(self.graph, self.kind, self.inputs, of)


@dataclass(frozen=True)
class Target:
    """One way to run: its name, whether it suits a wish, and how it is made."""

    name: str
    suits: Callable[[Wanted], bool]
    make: Callable[[Wanted, Again], Executable]


def chosen(wanted: Wanted, name: str | None = None) -> Target:
    """Return the target for a wish: the first that suits, among those of a name if one is given.

    Native code comes first where llvmlite is installed. Raises AdvizError for an unknown name,
    and MissingExtra where native code is asked for and cannot be made.
    """
    names = sorted({target.name.partition(",")[0] for target in TARGETS})
    if name is not None and name not in (*names, *(target.name for target in TARGETS)):
        raise AdvizError(
            f"there is no target {name!r}; kernels run as {' or '.join(names)}, and are written "
            f"in other languages by save('f.js') and save('f.c')"
        )
    if name is not None and name.startswith("native"):
        from adviz.native import machine

        machine.require()
    among = [t for t in TARGETS if name is None or t.name == name or t.name.startswith(f"{name},")]
    for target in among:
        if target.suits(wanted):
            return target
    raise AdvizError(_why_not(wanted, name))


def _why_not(wanted: Wanted, name: str | None) -> str:
    from adviz.native import lacking

    missing = ", ".join(sorted(lacking(wanted.program)))
    return f"the target {name!r} has no {missing}; use target='python'"


def _is_large(wanted: Wanted) -> bool:
    large = len(wanted.graph) > LARGEST_STRAIGHT
    return large and wanted.kind in FLAT_KINDS and not wanted.graph.guards


def _native_flat_suits(wanted: Wanted) -> bool:
    if not _is_large(wanted) or find_spec("llvmlite") is None:
        return False
    from adviz.native import flat

    return flat.suits(wanted.graph)


def _native_suits(wanted: Wanted) -> bool:
    if find_spec("llvmlite") is None or len(wanted.graph) > LARGEST_STRAIGHT:
        return False
    from adviz.native import lacking

    return not lacking(wanted.program)


def _native_flat(wanted: Wanted, again: Again) -> Executable:
    from adviz.native import flat

    return flat.executable(wanted.graph, wanted.kind, wanted.inputs, again)


def _native(wanted: Wanted, again: Again) -> Executable:
    from adviz import native

    return native.executable(wanted.program)


def _python_flat(wanted: Wanted, again: Again) -> Executable:
    from adviz.codegen import flat

    return flat.executable(wanted.graph, wanted.kind, wanted.inputs, again)


def _python(wanted: Wanted, again: Again) -> Executable:
    from adviz.codegen import blocks, python

    return Executable(
        python.function(wanted.program, again),
        blocks.many(wanted.program),
        python.source(wanted.program),
    )


TARGETS: tuple[Target, ...] = (
    Target("native, flat", _native_flat_suits, _native_flat),
    Target("native", _native_suits, _native),
    Target("python, flat", _is_large, _python_flat),
    Target("python", lambda _: True, _python),
)
