"""The files that graphs are kept in: one line a format."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

from adviz.errors import FormatError
from adviz.files import opened, path_of, write
from adviz.graph.garbage import PAUSED
from adviz.graph.graph import Graph
from adviz.sources.document import from_document as from_document
from adviz.sources.document import to_document as to_document

_FORMATS = {".json": "document", ".npz": "binary"}
"""What a suffix's files are written and read by: a module with `written` and `read`."""


def save(graph: Graph, path: str | Path) -> None:
    """Write a graph to a file that `load` builds again: `.json`, or `.npz`, which is far smaller.

    The same graph gives the same bytes. docs/files.md describes both formats. Raises FormatError
    for another suffix or where the file cannot be written.

    >>> import adviz
    >>> graph = adviz.build("f(x, y) = sin(x) + y/3")
    >>> adviz.save(graph, "graph.npz")
    >>> adviz.load("graph.npz") == graph
    True
    """
    target = path_of(path)
    module = _FORMATS.get(target.suffix.lower())
    if module is None:
        known = " or ".join(_FORMATS)
        raise FormatError(f"a graph is saved as {known}, not as {target.suffix or 'no suffix'}")
    written: Callable[[Graph], Iterable[bytes]] = _part(module, "written")
    with PAUSED:
        write(target, written(graph))


def load(path: str | Path) -> Graph:
    """Return the graph that a `.json` or `.npz` file describes; another suffix is read as JSON.

    Raises FormatError when the file cannot be read as what its suffix says, or is a pipe or a
    device, and GraphError, naming the node, when what it says is no graph.
    """
    source = path_of(path)
    module = _FORMATS.get(source.suffix.lower(), "document")
    read: Callable[[BinaryIO, Path], Graph] = _part(module, "read")
    with opened(source) as stream, PAUSED:
        try:
            return read(stream, source)
        except OSError as error:
            raise FormatError(f"cannot read {source}: {error.strerror}") from None


def _part(module: str, name: str) -> Any:
    return getattr(import_module(f"adviz.sources.{module}"), name)
