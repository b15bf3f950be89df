"""What special functions take, beside what the budget of a check counts for them.

Run it: `python tests/benchmarks/weights.py [name …]`. For each row it prints the longest of a few
calls, in hundredths of what is counted at so many digits, the second time at that precision: what
mpmath keeps for the next time, such as Bernoulli numbers, is not the function's. Above 100 a weight
is too small; far below at all precisions it is too large.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from laws import Arguments, graph_of, inside

from adviz.checking.truth.budget import work
from adviz.numbers import multiprecision
from adviz.primitives import TABLE, Primitive
from adviz.primitives.special import SPECIAL

DIGITS = (50, 100, 200, 400, 800)
_PLACES = 3


def places(row: Primitive) -> Iterator[Arguments]:
    """Yield places in the domain of a row, where its orders are small."""
    source, found = random.Random(row.name), 0
    while found < _PLACES:
        at = tuple(
            source.randint(0, 3) if k in row.orders else source.uniform(-2, 2)
            for k in range(row.arity)
        )
        if inside(row, at):
            found += 1
            yield at


def microseconds(row: Primitive, digits: int) -> float:
    """Return what the longest of a few calls takes, each the second time."""
    numbers = multiprecision(digits)
    function = numbers.function(row.name)
    longest = 0.0
    for at in places(row):
        exactly: list[Any] = [numbers.constant(x) for x in at]
        function(*exactly)
        start = time.process_time()
        function(*exactly)
        longest = max(longest, time.process_time() - start)
    return longest * 1e6


def main() -> None:
    """Print the shares."""
    chosen = [TABLE[name] for name in sys.argv[1:]] or list(SPECIAL)
    print(f"{'digits':<22}", *(f"{digits:>6}" for digits in DIGITS))
    for row in chosen:
        graph = graph_of(row)
        shares = (100 * microseconds(row, digits) / work(graph, digits) for digits in DIGITS)
        print(f"{row.name:<22}", *(f"{share:>6.0f}" for share in shares), flush=True)


if __name__ == "__main__":
    main()
