"""What a point does not need of a tape: the branches that its choices do not take."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from adviz.compiler.flat.nodes import Ints
from adviz.compiler.flat.tape import OpcodeTape


class Unneeded:
    """Finds the nodes that no output needs at a point, as `adviz.modes.sweep.needed` does."""

    def __init__(self, made: OpcodeTape) -> None:
        self.made = made
        rows = [case.row for case in made.cases]
        self.choices = [row.chooses for row in rows]
        self.arities = [row.arity for row in rows]
        self.possible = any(self.choices)
        """Whether there is a choice at all."""

    def nodes(self, values: Sequence[float]) -> Ints:
        """Return the nodes that nobody needs, given every number of the tape.

        A condition that is needed has to be a number like everything else that is needed.
        """
        made, choices, arities = self.made, self.choices, self.arities
        needed = bytearray(made.leaves + len(made.codes))
        for number in (*made.outputs.tolist(), *made.guards.tolist()):
            needed[number] = 1
        codes, rows, first = made.codes.tolist(), made.args.tolist(), made.leaves
        for node in range(len(codes) - 1, -1, -1):
            if needed[first + node]:
                code, args = codes[node], rows[node]
                if choices[code]:
                    needed[args[0]] = needed[args[1 if values[args[0]] else 2]] = 1
                    continue
                for argument in args[: arities[code]]:
                    needed[argument] = 1
        return np.flatnonzero(~np.frombuffer(needed, np.bool_)[first:])
