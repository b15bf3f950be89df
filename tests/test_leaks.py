"""What is dropped is gone: a loop over ever new work levels off."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "benchmarks"))

import leaks

TURNS, ROWS = 160, 4
BOUND = 12_000
"""How many bytes a turn of the second half may keep; 57 000 when a native kernel was for good."""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="tells no resident memory")
@pytest.mark.parametrize("name", ["native kernels", "native, flat", "python kernels", "evaluate"])
def test_a_loop_over_new_work_levels_off(name: str) -> None:
    if name.startswith("native"):
        pytest.importorskip("llvmlite")
    sizes = list(leaks.apart(name, TURNS, ROWS))
    assert leaks.kept(sizes, TURNS) < BOUND
