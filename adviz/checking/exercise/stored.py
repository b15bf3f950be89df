"""A sheet that was written to a file, made again: of its JSON, or of the page that holds that."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from adviz.checking.exercise.exercise import Exercise, exercise
from adviz.checking.exercise.filling import content_of, reader_of
from adviz.checking.exercise.written import FORMAT, VERSION
from adviz.errors import FormatError
from adviz.files import path_of
from adviz.modes.trace import Trace
from adviz.modes.verbs import evaluate, forward, reverse
from adviz.sources.document import from_document

_DATA = re.compile(r'<script type="application/json" id="sheet">(.*?)</script>', re.DOTALL)

_SWEEPS: Mapping[str, Callable[..., Trace]] = {
    "evaluate": lambda graph, point, seed, wrt: evaluate(graph, point),
    "forward": lambda graph, point, seed, wrt: forward(graph, point, seed),
    "reverse": lambda graph, point, seed, wrt: reverse(graph, point, seed, wrt=wrt),
}


def loaded(path: str | Path) -> Exercise:
    """Return the sheet that a `.json` or `.html` file of it describes, with nothing filled in.

    Raises FormatError for a file that cannot be read or is no sheet, GraphError for one whose
    graph is none.

    >>> import adviz
    >>> adviz.exercise(adviz.evaluate("x*y", at={"x": 3, "y": 2})).save("sheet.json")
    >>> loaded("sheet.json").mark({"v1": 6}).headline
    '1 of 1 right'
    """
    source = path_of(path)
    within = reader_of(source, _WITHIN, "a sheet is")
    try:
        data = json.loads(within(content_of(source)))
    except (ValueError, RecursionError):
        data = None
    good = isinstance(data, dict) and data.get("format") == FORMAT
    if not good or data.get("version") != VERSION or data.get("mode") not in [*_SWEEPS]:
        raise FormatError(
            f"{source.name} is no sheet of version {VERSION}; "
            "adviz exercise FORMULA --at … -o sheet.json writes one"
        )
    return exercise(_swept(data), data.get("blank"))


def _in_page(text: str) -> str:
    """Return the data in a page; nothing where there is none."""
    found = _DATA.search(text)
    return found[1] if found else ""


def _swept(data: Mapping[str, Any]) -> Trace:
    graph = from_document(data.get("graph"))
    return _SWEEPS[data["mode"]](graph, data.get("point"), data.get("seed"), data.get("wrt"))


_WITHIN: Mapping[str, Callable[[str], str]] = {".html": _in_page, ".json": str}
"""What finds a sheet's data in a file, by its suffix."""
