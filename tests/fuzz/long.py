"""Runs one fuzzer for long: `python tests/fuzz/long.py texts --minutes 10 --seed 1`.

It prints how many cases there were of each kind, and of everything that broke a law the smallest
case; of what broke at the same line, one. `--write` adds the figures to docs/reliability.json, of
which `python tests/pages.py` makes the page. The exit status is 1 when something was found.
`tests/fuzz/by_atheris.py` looks for cases that reach more code.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import figures
from fuzzers import FUZZERS
from fuzzers.fuzzer import Fuzzer, Tally, hunt

ROUND = 200
"""Cases between two looks at the clock."""
MEMORY = 8 * 2**30
"""Bytes that the process may take in all."""


def long_hunt(fuzzer: Fuzzer, seconds: float, seed: int) -> Tally:
    """Try cases, each round by a seed of its own, until the time is over."""
    tally, end = Tally(), time.monotonic() + seconds
    while time.monotonic() < end:
        found = hunt(fuzzer, min(ROUND, fuzzer.examples), seed)
        tally.kinds += found.kinds
        tally.found += [one for one in found.found if place(one) not in map(place, tally.found)]
        seed += 1
    return tally


def place(found: str) -> str:
    """Return the line of code at which something broke: what breaks there again is no news."""
    return next(line for line in found.splitlines() if line.startswith("at "))


def written(data: dict[str, Any], fuzzer: Fuzzer, tally: Tally) -> dict[str, Any]:
    """Return the page's figures with those of another run added."""
    before = data["fuzzed"].get(fuzzer.name, {"cases": 0, "found": 0, "kinds": {}})
    row = {
        "cases": before["cases"] + tally.cases,
        "found": before["found"] + len(tally.found),
        "kinds": dict(sorted((tally.kinds + Counter(before["kinds"])).items())),
    }
    return {**data, "fuzzed": {**data["fuzzed"], fuzzer.name: row}}


def main() -> int:
    """Run what was asked for and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=FUZZERS)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    fuzzer = FUZZERS[given.name]
    warnings.simplefilter("ignore")
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    tally = long_hunt(fuzzer, 60 * given.minutes, given.seed)
    for kind, count in tally.kinds.most_common():
        print(f"{count:9} {kind}")
    print(f"{tally.cases:9} cases of {given.name}, {len(tally.found)} found")
    print("\n\n".join(tally.found))
    if given.write:
        figures.change(lambda data: written(data, fuzzer, tally))
    return 1 if tally.found else 0


if __name__ == "__main__":
    sys.exit(main())
