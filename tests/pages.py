"""Writes the generated pages and pictures of docs/ anew: `python tests/pages.py`."""

from __future__ import annotations

import runpy
from pathlib import Path

GENERATORS = (
    "test_docs",
    "numbers/test_accuracy",
    "sources/test_as_written",
    "checking/test_faults",
    "checking/test_frameworks",
)
"""The tests that hold a page to what the code says; each, run by itself, writes its page."""

if __name__ == "__main__":
    for generator in GENERATORS:
        runpy.run_path(str(Path(__file__).parent / f"{generator}.py"), run_name="__main__")
