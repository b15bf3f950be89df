"""What a point does not need of a tape: the branches that its choices do not take."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from adviz.compiler.flat.nodes import Ints
from adviz.compiler.flat.tape import OpcodeTape


def unneeded(made: OpcodeTape, values: Sequence[float]) -> Ints:
    """Return the nodes that no output needs at a point, given every number of the tape.

    They are those of `adviz.modes.linear.needed`. A condition that is needed has to be a number
    like everything else that is needed.
    """
    choices, arities = made.choices, [case.row.arity for case in made.cases]
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
