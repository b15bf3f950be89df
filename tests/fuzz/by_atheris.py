"""Lets atheris choose the cases: `python tests/fuzz/by_atheris.py texts -max_total_time=600`.

atheris (`pip install atheris`) watches what code of adviz a case reaches, and looks for others that
reach more. What follows the name are options of libFuzzer. It ends with the first case that breaks
the law, and shows it.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

ROUND = 1000
"""The most cases that Hypothesis makes of one text of atheris."""


def main() -> None:
    """Run the fuzzer that is named first, until it is stopped."""
    atheris: Any = import_module("atheris")
    program, name, *options = sys.argv
    with atheris.instrument_imports(include=["adviz"]):
        from fuzzers import FUZZERS
        from fuzzers.fuzzer import hypothesis_test

    def law(case: Any) -> None:
        FUZZERS[name].tried(case)

    target = hypothesis_test(FUZZERS[name], law, ROUND).hypothesis.fuzz_one_input
    atheris.Setup([program, *options], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
