"""Figures with a record, one of each format; and what they are without it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import adviz
from adviz.render import FOLDER, FORMATS, Noun

TEXT, POINT = "(x + y)*(x - y)", {"x": 3.0, "y": 2.0}
UNCARRIED = {
    (".srt", "animation"), (FOLDER, "animation"), (".json", "drawing"),
}  # fmt: skip
"""What carries no record: SubRip, which has no comments, a folder itself, and a graph, which says
all."""
IN_FRAMES = (".gif", ".webp", ".apng", ".mp4", ".webm")


def saved(noun: Noun, suffix: str, folder: Path) -> Path:
    """Return the file of a picture, or of a short and small film."""
    trace, path = adviz.reverse(TEXT, at=POINT), folder / f"figure{suffix}"
    small = {"steps": (2, 3), "size": (320, 240)} if suffix in IN_FRAMES else {}
    made: Any = adviz.draw(trace) if noun == "drawing" else adviz.animate(trace, check=False)
    made.save(path, **small)
    return path


CARRIED = [
    pytest.param(each.noun, each.suffix, id=f"{each.noun}{each.suffix}")
    for each in FORMATS
    if each.noun != "pattern" and (each.suffix, each.noun) not in UNCARRIED
]


def without_record(path: Path) -> bytes:
    """Return the bytes of an SVG without its record."""
    return re.sub(rb"<metadata .*?</metadata>", b"", path.read_bytes())
