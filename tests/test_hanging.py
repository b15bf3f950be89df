"""A test that hangs fails under its name, and the others are run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HANGING = """
import os

def test_in_python():
    while True:
        pass

def test_in_a_read_that_never_ends():
    read, write = os.pipe()
    os.read(read, 1)

def test_after_them():
    pass
"""


def test_what_hangs_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    pytest.importorskip("pytest_timeout")
    (tmp_path / "test_them.py").write_text(HANGING, "utf-8")
    settings = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(tmp_path)]
    workers = ["-o", "addopts=-n 1 --dist loadgroup", "-o", "timeout=1", "-p", "no:cacheprovider"]
    run = [sys.executable, "-m", "pytest", *settings, *workers, str(tmp_path)]
    done = subprocess.run(run, capture_output=True, text=True, check=False, timeout=120)
    named = re.findall(r"^FAILED .*::(\w+)", done.stdout, re.MULTILINE)
    assert named == ["test_in_python", "test_in_a_read_that_never_ends"]
    assert done.stdout.count("Failed: Timeout (>1.0s)") >= len(named)
    assert "2 failed, 1 passed" in done.stdout
