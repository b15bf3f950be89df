"""The figures in docs/reliability.json: every long run adds its own to those of the others."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from adviz import files

DATA = Path(__file__).parents[1] / "docs/reliability.json"


def change(changed: Callable[[dict[str, Any]], dict[str, Any]], path: Path = DATA) -> None:
    """Replace the figures by what they become; of runs that end together, one waits for another."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        data = changed(json.loads(path.read_text("utf-8")))
        files.write(path, (json.dumps(data, indent=1, ensure_ascii=False) + "\n").encode())
    finally:
        os.close(folder)
