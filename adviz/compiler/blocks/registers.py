"""Which temporary holds which number: a linear scan over straight-line code.

A temporary is free again after the last use of what it holds, so that few of them serve many
operations and stay in the cache. Method: Poletto & Sarkar, *Linear scan register allocation*,
ACM TOPLAS 21(5), 1999, for code without branches.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from adviz.compiler.program.data import Program

_READ_LATE = {"where": (1,)}
"""The positions of arguments that are read after something was written: of `where` one branch is
copied, and then the other one where it is taken."""


class Registers:
    """Temporaries as they are taken and given back, in pools: `t` numbers, `b` conditions.

    >>> pool = Registers(str)
    >>> first, second = pool.take("t"), pool.take("t")
    >>> pool.give("t", first)
    >>> first, second, pool.take("t"), pool.take("b")
    ('t0', 't1', 't0', 'b0')
    """

    def __init__(self, named: Callable[[str], str]) -> None:
        self.named = named
        self.made: dict[str, list[str]] = {"t": [], "b": []}
        self.free: dict[str, dict[str, None]] = {"t": {}, "b": {}}

    def take(self, pool: str, wanted: str | None = None) -> str:
        """Return a temporary that is free: the wanted one, else the one that was freed last."""
        free = self.free[pool]
        if wanted is not None and wanted in free:
            del free[wanted]
            return wanted
        if free:
            return free.popitem()[0]
        self.made[pool].append(self.named(f"{pool}{len(self.made[pool])}"))
        return self.made[pool][-1]

    def give(self, pool: str, name: str) -> None:
        """Make a temporary free again."""
        self.free[pool][name] = None


def placed(
    program: Program,
    order: Sequence[int],
    fixed: Mapping[int, str],
    registers: Registers,
) -> dict[int, str]:
    """Return where each node of `order` is held.

    `fixed` nodes have a place of their own. A node may take the place of an argument that nothing
    needs afterwards, unless its statements write there before they have read it.
    """
    last = {argument: node for node in order for argument in program.args[node]}
    last |= dict.fromkeys((node for node in program.results.values()), len(program))
    held: dict[int, str] = dict(fixed)
    for node in order:
        kept = {program.args[node][k] for k in _READ_LATE.get(program.ops[node], ())}
        dying = dict.fromkeys(a for a in program.args[node] if last[a] == node)
        leaving = [a for a in dying if a in held and a not in fixed]
        for argument in leaving:
            if argument not in kept:
                registers.give(_pool(program, argument), held[argument])
        if node not in fixed:
            near = next((held[a] for a in leaving[::-1] if a not in kept), None)
            held[node] = registers.take(_pool(program, node), near)
        for argument in leaving:
            if argument in kept:
                registers.give(_pool(program, argument), held[argument])
    return held


def _pool(program: Program, node: int) -> str:
    """Return the pool of what a node gives."""
    row = program.rows.get(program.ops[node])
    return "b" if row is not None and row.condition else "t"
