"""Traces every function of published collections and compares it with itself, at three points.

Install the collections, run it, and it writes docs/collections.md and its data:

    pip install "setuptools<81" array-api-compat matplotlib pandas requests scipy six \
        opfunu==1.0.4 deap==1.4.4 pygoblet==0.1.0 PyBenchFCN==1.0.3 \
        optimization-benchmarks==0.3.0 landscapes==0.0.13 benchmark-functions==1.1.4 \
        mf2==2022.6.0 banana-bench==0.2.0 bayeso-benchmarks==0.2.0 niapy==2.7.1 \
        optproblems==1.3 pymoo==0.6.2
    python tests/benchmarks/published.py [--only deap,mf2] [--seconds 20] [--processes 2]

With `--only` nothing is written. A collection that is not installed is named and left out. The
exit status is 1 when a function is traced as another one, or an exception escapes.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np
from objectives.page import Found, Sheet, text
from objectives.sources import COLLECTIONS, Collection
from objectives.verdict import Outcome, judged

DOCS = Path(__file__).parents[2] / "docs"
PAGE, DATA = DOCS / "collections.md", DOCS / "collections.json"
SECONDS = 20.0


def found_in(name: str, seconds: float) -> Found:
    """Return what becomes of every function of a collection, in a quiet process of its own."""
    collection = next(one for one in COLLECTIONS if one.name == name)
    warnings.simplefilter("ignore")
    with np.errstate(all="ignore"), contextlib.redirect_stdout(io.StringIO()):
        outcomes = [judged(objective, seconds) for objective in collection.objectives()]
    return Found(name, version(name), tuple(outcomes))


def kept() -> Sheet:
    """Return what the data of the page say."""
    data = json.loads(DATA.read_text("utf-8"))
    return Sheet(
        data["python"],
        data["numpy"],
        tuple(
            Found(one["name"], one["version"], tuple(Outcome(*row) for row in one["functions"]))
            for one in data["collections"]
        ),
    )


def write(sheet: Sheet) -> None:
    """Write the page and its data."""
    DATA.write_text("\n".join(_lines(sheet)) + "\n", "utf-8")
    PAGE.write_text(text(sheet), "utf-8")


def _lines(sheet: Sheet) -> Iterator[str]:
    """Yield the data as JSON, a line for each function."""
    yield f'{{"python": "{sheet.python}", "numpy": "{sheet.numpy}", "collections": ['
    for one in sheet.found:
        yield f'{{"name": "{one.name}", "version": "{one.version}", "functions": ['
        yield ",\n".join(json.dumps(row, ensure_ascii=False) for row in one.outcomes)
        yield "]}" if one is sheet.found[-1] else "]},"
    yield "]}"


def installed(collections: Sequence[Collection]) -> list[str]:
    """Return the names of the collections that are installed, and say which are not."""
    there = []
    for one in collections:
        try:
            version(one.name)
        except PackageNotFoundError:
            print(f"{one.name} is not installed: pip install {one.name}=={one.version}")
        else:
            there.append(one.name)
    return there


def main() -> int:
    """Judge what is wanted; return 1 where a function is wrong or an exception escapes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", default="", help="some of the collections, by name")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for one trace")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--page", action="store_true", help="write the page anew, trace nothing")
    given = parser.parse_args()
    if given.page:
        write(kept())
        return 0
    wanted = [one for one in COLLECTIONS if not given.only or one.name in given.only.split(",")]
    names = installed(wanted)
    with ProcessPoolExecutor(given.processes) as pool:
        found = tuple(pool.map(found_in, names, [given.seconds] * len(names)))
    sheet = Sheet("{}.{}.{}".format(*sys.version_info), np.__version__, found)
    print(text(sheet))
    if not given.only:
        write(sheet)
    return 1 if sheet.count("wrong") or sheet.count("escaped") else 0


if __name__ == "__main__":
    sys.exit(main())
