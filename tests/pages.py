"""Writes the generated pages and pictures of docs/ anew: `python tests/pages.py`."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

GENERATORS = (
    "test_docs",
    "modes/test_given_out",
    "numbers/test_accuracy",
    "sources/test_as_written",
    "sources/test_foreign",
    "checking/test_faults",
    "checking/test_frameworks",
    "comparison/test_pictures",
    "render/test_media",
    "render/test_film_schema",
    "fuzz/test_reliability",
)
"""The tests that hold a page to what the code says; each, run by itself, writes its page."""

if __name__ == "__main__":
    for generator in GENERATORS:
        path = Path(__file__).parent / f"{generator}.py"
        sys.path.insert(0, str(path.parent))  # for what stands beside it
        runpy.run_path(str(path), run_name="__main__")
