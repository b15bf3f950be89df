"""A graph as NumPy's arrays in a `.npz` file, and back: everything checked before it is believed.

docs/files.md describes the arrays. Nothing is pickled, neither way. What a file claims about its
size is compared with limits and with the other claims before any memory is taken for it.
"""

from __future__ import annotations

import io
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile
from zlib import error as CompressionError  # noqa: N812 - zlib names its exception in lower case

import numpy as np

from adviz.errors import AdvizError, FormatError, GraphError
from adviz.graph.graph import Graph
from adviz.graph.packing import pack
from adviz.graph.procedure import CONST
from adviz.sources.document import begun, finished, header, inputs_by_node

Arrays = Mapping[str, "np.ndarray[Any, Any]"]

DTYPES: Mapping[str, str] = {
    "header": "|u1",
    "op": "<i4",
    "count": "<i4",
    "tail": "<i4",
    "integer_node": "<i4",
    "integer": "<i8",
    "float_node": "<i4",
    "float": "<f8",
    "source": "<i4",
}
"""The arrays of a file, all of one dimension, and the type of their elements."""

MOST_BYTES = 1 << 32
"""No file unpacks to more than 4 GiB: a hundred million nodes."""

MOST_RATIO = 256
"""No file of a mebibyte or more unpacks to more than 256 times its size."""

_PREAMBLE = 1 << 20
_METHODS = (ZIP_STORED, ZIP_DEFLATED)
_BROKEN = (BadZipFile, CompressionError, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What Python and NumPy raise over an archive that is none, is broken or is not ours."""

_WORD = range(-(1 << 63), 1 << 63)


def written(graph: Graph) -> Iterator[bytes]:
    """Yield the content of the file, in one piece: the same graph gives the same bytes.

    Arrays that pack so well that `read` would take them for a trap are not packed at all.
    """
    arrays = to_arrays(graph)
    limit = MOST_RATIO // 2
    packed = _zipped(np.savez_compressed, arrays)
    size = sum(array.nbytes for array in arrays.values())
    yield packed if size <= limit * len(packed) else _zipped(np.savez, arrays)


def read(stream: BinaryIO, path: Path) -> Graph:
    """Return the graph that a `.npz` file describes.

    Raises FormatError when the file is not what `written` writes, GraphError when what it says
    is no graph, and OSError when it cannot be read.
    """
    try:
        with ZipFile(stream) as archive:
            _check_sizes(archive, os.fstat(stream.fileno()).st_size)
            arrays = {name: _array(archive, name) for name in DTYPES}
    except _BROKEN as error:
        raise FormatError(f"{path} is not a file of adviz: {str(error)[:200]}") from None
    return from_arrays(arrays)


def to_arrays(graph: Graph) -> dict[str, np.ndarray[Any, Any]]:
    """Return a graph as arrays.

    >>> import adviz
    >>> arrays = to_arrays(adviz.build("sin(x) - 2"))
    >>> arrays["op"].tolist(), arrays["tail"].tolist(), arrays["integer"].tolist()
    ([0, 1, 2, 3], [0, 1, 2], [2])
    >>> from_arrays(arrays) == adviz.build("sin(x) - 2")
    True
    """
    known, ops, counts, tails = pack(graph.ops, graph.args)
    texts = {
        text: place for place, text in enumerate(dict.fromkeys((graph.sources or {}).values()))
    }
    sources = np.full(len(graph), -1)
    if graph.sources:
        sources[list(graph.sources)] = [texts[text] for text in graph.sources.values()]
    integers = {n: v for n, v in graph.constants.items() if type(v) is int and v in _WORD}
    floats = {n: v for n, v in graph.constants.items() if type(v) is float}
    arrays = {n: v for n, v in graph.constants.items() if type(v) is tuple}
    large = {n: str(v) for n, v in graph.constants.items() if n not in integers | floats | arrays}
    head = header(graph) | {"ops": known, "sources": list(texts), "large": large}
    if graph.shapes is not None:
        nodes = graph.nx.nodes(data=True)
        named = {node: facts["params"] for node, facts in nodes if "params" in facts}
        head |= {"array": arrays, "shapes": dict(graph.shapes), "params": named}
    found = (
        np.frombuffer(json.dumps(head, allow_nan=False).encode(), np.uint8),
        *(ops, counts, tails),
        *(list(integers), list(integers.values()), list(floats), list(floats.values())),
        sources,
    )
    pairs = zip(DTYPES.items(), found, strict=True)
    return {name: np.asarray(values, dtype) for (name, dtype), values in pairs}


def from_arrays(arrays: Arrays) -> Graph:
    """Return the graph that arrays describe. Raises GraphError saying what does not fit and why."""
    head = _header(arrays["header"])
    builder = begun(head)
    known = _texts(head, "ops")
    sources = _texts(head, "sources")
    _check(arrays, known, len(sources))
    values = _constants(arrays, head, known.index(CONST) if CONST in known else -1)
    inputs = inputs_by_node(head, len(arrays["op"]))
    shapes, params = _mapping(head, "shapes"), _mapping(head, "params")
    tails = iter(arrays["tail"].tolist())
    rest = zip(*(arrays[name].tolist() for name in ("op", "count", "source")), strict=True)
    for node, (op, count, source) in enumerate(rest):
        arguments = tuple(islice(tails, count))
        try:
            own = shapes.get(str(node)), params.get(str(node))
            builder.given(known[op], arguments, inputs.get(node), values.get(node), *own)
        except AdvizError as error:
            raise GraphError(f"node {node}: {error}") from None
        if source >= 0:
            builder.sources[node] = sources[source]
    return finished(head, builder)


# --- The file ----------------------------------------------------------------------------------


def _zipped(save: Callable[..., None], arrays: Arrays) -> bytes:
    stream = io.BytesIO()
    save(stream, **arrays)
    return stream.getvalue()


def _check_sizes(archive: ZipFile, length: int) -> None:
    """Refuse an archive that would take more memory than a graph of its size can need."""
    if any(entry.compress_type not in _METHODS for entry in archive.infolist()):
        raise ValueError("it is packed in another way than numpy.savez_compressed does it")
    claimed = sum(entry.file_size for entry in archive.infolist())
    allowed = min(MOST_BYTES, max(MOST_RATIO * length, _PREAMBLE))
    if claimed > allowed:
        raise ValueError(
            f"it unpacks to {claimed} bytes, and a file of {length} bytes may to {allowed}"
        )


def _array(archive: ZipFile, name: str) -> np.ndarray[Any, Any]:
    """Return an array of an archive once its claims of type and size hold together.

    `numpy.load` takes memory for what an array claims before it looks at what there is.
    """
    if f"{name}.npy" not in archive.namelist():
        raise ValueError(f"it has no array {name!r}")
    content = archive.read(archive.getinfo(f"{name}.npy"))
    stream = io.BytesIO(content)
    version = np.lib.format.read_magic(stream)
    if version != (1, 0):
        raise ValueError(f"the array {name!r} has a header of version {version}")
    shape, _, dtype = np.lib.format.read_array_header_1_0(stream)
    if dtype.str != DTYPES[name] or len(shape) != 1:
        raise ValueError(f"the array {name!r} is {dtype.str}{list(shape)}, not {DTYPES[name]}[n]")
    size, start = shape[0] * dtype.itemsize, stream.tell()
    if not 0 <= size <= len(content):
        raise ValueError(f"the array {name!r} claims {size} bytes of {len(content)}")
    if len(content) - start < size:
        raise ValueError(f"the array {name!r} ends after {len(content) - start} of {size} bytes")
    return np.frombuffer(content, dtype, shape[0], start)


# --- What the arrays say -----------------------------------------------------------------------


def _header(content: np.ndarray[Any, Any]) -> dict[str, Any]:
    try:
        head: Any = json.loads(content.tobytes())
    except (ValueError, RecursionError) as error:
        raise GraphError(f"the header is not JSON: {str(error)[:120]}") from None
    return head  # type: ignore[no-any-return]  # checked by `begun`


def _texts(head: Mapping[str, Any], key: str) -> list[str]:
    texts = head.get(key)
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise GraphError(f"the header's {key!r} must be a list of texts")
    return texts


def _check(arrays: Arrays, known: list[str], sources: int) -> None:
    """Refuse arrays that do not fit together: lengths, places in lists, numbers of arguments."""
    op, count, place = arrays["op"], arrays["count"], arrays["source"]
    if not len(op) == len(count) == len(place):
        raise GraphError("the arrays 'op', 'count' and 'source' must be equally long")
    _first("'op' is {}, which the list of operations has not", op, (op < 0) | (op >= len(known)))
    _first("it has {} arguments", count, count < 0)
    if count.sum(dtype=np.int64) != len(arrays["tail"]):
        raise GraphError(f"the array 'tail' has {len(arrays['tail'])} arguments, not {count.sum()}")
    _first("'source' is {}, which no text has", place, (place < -1) | (place >= sources))


def _first(problem: str, values: np.ndarray[Any, Any], wrong: np.ndarray[Any, Any]) -> None:
    """Refuse the first node that something is wrong with."""
    nodes = np.flatnonzero(wrong)
    if nodes.size:
        raise GraphError(f"node {nodes[0]}: {problem.format(values[nodes[0]])}")


def _mapping(head: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return what the header says of array nodes, by node; nothing where there is none."""
    facts = head.get(key, {})
    if not isinstance(facts, dict) or not all(node.isdecimal() for node in facts):
        raise GraphError(f"the header's {key!r} must map nodes to what is said of them")
    return facts


def _constants(arrays: Arrays, head: Mapping[str, Any], const: int) -> dict[int, Any]:
    """Return the values of the constants by node, exactly one for every one of them."""
    pairs: list[tuple[int, Any]] = [(int(n), v) for n, v in _mapping(head, "array").items()]
    for kind in ("integer", "float"):
        nodes, numbers = arrays[f"{kind}_node"].tolist(), arrays[kind].tolist()
        if len(nodes) != len(numbers):
            raise GraphError(f"the arrays '{kind}_node' and '{kind}' must be equally long")
        pairs += zip(nodes, numbers, strict=True)
    pairs += _large(head)
    values = dict(pairs)
    found = {*np.flatnonzero(arrays["op"] == const).tolist()}
    wrong = min(found ^ values.keys(), default=None)
    if wrong is not None:
        raise GraphError(
            f"node {wrong}: it is a constant without a value"
            if wrong in found
            else f"node {wrong} has the value {values[wrong]}, and is no constant"
        )
    if len(values) < len(pairs):
        twice, _ = Counter(node for node, _ in pairs).most_common(1)[0]
        raise GraphError(f"node {twice}: it is a constant with two values")
    return values


def _large(head: Mapping[str, Any]) -> Iterator[tuple[int, int]]:
    """Yield the integers beyond 64 bits, and their nodes."""
    large = head.get("large")
    if not isinstance(large, dict):
        raise GraphError("the header's 'large' must map nodes to integers in decimal")
    for node, text in large.items():
        digits = text.removeprefix("-") if isinstance(text, str) else ""
        if not (f"{node}{digits}".isdecimal() and len(node) < 20 and 0 < len(digits) < 400):
            raise GraphError(f"large: node {node[:40]!r} is {str(text)[:40]!r}, not an integer")
        yield int(node), int(text)
