"""Saved graphs, damaged: what is read is a graph in every respect, or one error says why not.

Each test takes as many examples as the profile of Hypothesis says, times a factor; a longer run
is one with another profile.
"""

from __future__ import annotations

import io
import json
import math
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import adviz
from adviz.errors import AdvizError
from adviz.graph.graph import Graph
from adviz.graph.sameness import numbered_alike
from adviz.primitives import TABLE
from adviz.sources import binary
from adviz.sources.document import from_document, to_document, written

# --- What is damaged -----------------------------------------------------------------------------


def _traced() -> Graph:
    def function(x: Any, y: Any) -> Any:
        product = x[0] * x[1]
        return {"a b": product if x[0] > 1 else x[1], "ü": y + 2}

    return adviz.build(function, at={"x": [2.0, 3.0], "y": 1.0})


GRAPHS = (
    adviz.build("x*y + 1"),
    adviz.build("a = x + y; b = x - y; a*b"),
    adviz.build("2*x + 3.5*sin(x*y) - 10**30"),
    adviz.build('f(y, x) =\n    a = x*y\n    assert a > 0\n    {"p": a, "q": where(x > y, a, -x)}'),
    adviz.build("b = x; a = b**2; a*b + pi", share=False),
    adviz.build("steep(t)**2 + u", functions=[adviz.primitive("steep", "x*sigmoid(9*x)")]),
    _traced(),
)

JUNK: tuple[Any, ...] = (
    None, True, False, -1, 0, 1, 2, 3, 7, 2**31, -(2**63), 10**400, 0.5, -0.0, 1e308, math.nan,
    math.inf, "", "x", "y", "f", "op", "input", "const", "sin", "where", "lt", "pi", "a b", "_1",
    "\0", "\ud800", "<&\"'>", "π", "1", [], [0], ["x"], {}, {"x": 0}, {"": 1},
)  # fmt: skip
"""What is put in the place of anything."""

Place = tuple[Any, Any]
"""A list or an object, and where in it something stands."""


def places(value: Any) -> Iterator[Place]:
    """Yield everything that stands in something else, whatever is deeper after it."""
    inside = range(len(value)) if isinstance(value, list) else list(value)
    for key in inside:
        yield value, key
        if isinstance(value[key], list | dict):
            yield from places(value[key])


def _replaced(source: Random, holder: Any, key: Any, _: list[Place]) -> None:
    holder[key] = source.choice(JUNK)


def _moved(source: Random, holder: Any, key: Any, everywhere: list[Place]) -> None:
    other, there = source.choice(everywhere)
    if other is not holder or there != key:
        holder[key] = json.loads(json.dumps(other[there]))


def _shifted(source: Random, holder: Any, key: Any, _: list[Place]) -> None:
    if isinstance(holder[key], int | float):
        holder[key] += source.choice((-1, 1, 0.5))


def _deleted(_: Random, holder: Any, key: Any, __: list[Place]) -> None:
    del holder[key]


def _doubled(source: Random, holder: Any, key: Any, _: list[Place]) -> None:
    if isinstance(holder, list):
        holder.insert(source.randrange(len(holder) + 1), json.loads(json.dumps(holder[key])))
    else:
        holder[source.choice(("x", "y", "z", "f", "name", "value"))] = holder[key]


def _swapped(source: Random, holder: Any, key: Any, _: list[Place]) -> None:
    other = source.choice([*(range(len(holder)) if isinstance(holder, list) else holder)])
    holder[key], holder[other] = holder[other], holder[key]


DAMAGES = (_replaced, _moved, _shifted, _deleted, _doubled, _swapped)


def damaged(document: Any, source: Random) -> Any:
    """Return a document with something in it replaced, moved, shifted, lost, doubled or swapped."""
    document = json.loads(json.dumps(document))
    for _ in range(source.choice((1, 1, 1, 2, 3))):
        everywhere = list(places(document))
        if everywhere:
            holder, key = source.choice(everywhere)
            source.choice(DAMAGES)(source, holder, key, everywhere)
    return document


def torn(content: bytes, source: Random) -> bytes:
    """Return bytes of which some are cut off, left out, put twice or changed."""
    start, end = sorted(source.randrange(len(content) + 1) for _ in range(2))
    few = content[start : min(end, start + 8)]
    changed = bytes(byte ^ 1 << source.randrange(8) for byte in few)
    after = content[start + len(few) :]
    return content[:start] + source.choice((b"", few + few, changed + after, after, few))


# --- What holds of every graph that is read ------------------------------------------------------


def held(graph: Graph) -> None:
    """Require of a graph that it is saved, written, drawn and differentiated like any other."""
    for again in (from_document(json.loads(b"".join(written(graph)))), _unpacked(graph)):
        assert numbered_alike(again, graph) and again.sources == graph.sources
        assert (again.guards, again.vectors) == (graph.guards, graph.vectors)
        assert b"".join(written(again)) == b"".join(written(graph))
        assert again.text == graph.text
    own = [row for row in graph.rows.values() if row.name not in TABLE]
    read = adviz.build(graph.text, functions=own)
    assert adviz.build(read.text, functions=own) == read
    ElementTree.fromstring(adviz.draw(graph).svg())  # noqa: S314 - our own picture
    _differentiated(graph, read)


def _unpacked(graph: Graph) -> Graph:
    with TemporaryDirectory() as folder:
        adviz.save(graph, Path(folder, "g.npz"))
        return adviz.load(Path(folder, "g.npz"))


def _differentiated(graph: Graph, read: Graph) -> None:
    """Require that both modes, a kernel, and the graph of the text agree, in numbers or errors."""
    point = {name: 1.25 + place / 4 for place, name in enumerate(graph.inputs)}
    there = dict(zip(read.inputs, point.values(), strict=True))
    kernel = adviz.compile(graph, "jacobian", target="python")
    found = [
        _outcome(lambda: adviz.jacobian(graph, point)),
        _outcome(lambda: adviz.jacobian(graph, point, mode="forward")),
        _outcome(lambda: kernel(**point)[1]),
        _outcome(lambda: adviz.jacobian(read, there)),
    ]
    for one, other in pairwise(found):
        assert one == pytest.approx(other, rel=1e-6, abs=1e-9, nan_ok=True)


def _outcome(derivative: Callable[[], Mapping[str, Mapping[str, Any]]]) -> list[float]:
    """Return a Jacobian's entries in order; none where it does not exist at the point."""
    try:
        rows = derivative().values()
    except AdvizError:
        return []
    return [entry for row in rows for entry in row.values()]


def refused_or_held(read: Callable[[], Graph]) -> None:
    """Require that what is read is a graph, or refused with an error of few words."""
    try:
        graph = read()
    except AdvizError as error:
        assert 10 < len(str(error)) < 500
        return
    held(graph)


# --- The readers ---------------------------------------------------------------------------------

which, sources = st.sampled_from(range(len(GRAPHS))), st.randoms(use_true_random=False)
many = settings(max_examples=6 * settings.default.max_examples)  # type: ignore[union-attr]


@pytest.mark.parametrize("graph", GRAPHS, ids=range(len(GRAPHS)))
def test_what_is_whole_holds(graph: Graph) -> None:
    held(graph)


@many
@given(which, sources)
def test_damaged_documents(one: int, source: Random) -> None:
    document = damaged(to_document(GRAPHS[one]), source)
    refused_or_held(lambda: from_document(document))


@many
@given(which, sources)
def test_damaged_arrays(one: int, source: Random) -> None:
    arrays = binary.to_arrays(GRAPHS[one])
    plain = {name: array.tolist() for name, array in arrays.items() if name != "header"}
    header = json.loads(arrays["header"].tobytes())
    whole = damaged({**plain, "header": header}, source)
    try:
        made = {
            name: np.frombuffer(json.dumps(whole[name]).encode(), np.uint8)
            if name == "header"
            else np.array(whole[name], dtype).reshape(-1)
            for name, dtype in binary.DTYPES.items()
        }
    except (KeyError, ValueError, TypeError, OverflowError):
        return  # no arrays of these types; files that hold others are tested below
    refused_or_held(lambda: binary.from_arrays(made))


@many
@given(which, sources)
def test_damaged_networkx(one: int, source: Random) -> None:
    whole = damaged(_plain(GRAPHS[one]), source)
    try:
        given = _networkx(whole)
    except (KeyError, ValueError, TypeError, AttributeError, networkx.NetworkXError):
        return  # NetworkX itself has no such graph
    refused_or_held(lambda: adviz.build(given))


def _plain(graph: Graph) -> dict[str, Any]:
    """Return what NetworkX knows of a graph, as lists and objects."""
    return {
        "nodes": [[node, dict(data)] for node, data in graph.nx.nodes(data=True)],
        "edges": [list(edge) for edge in graph.nx.edges(keys=True)],
        "graph": dict(graph.nx.graph),
    }


def _networkx(plain: Any) -> Any:
    made = networkx.MultiDiGraph(**plain["graph"])
    made.add_nodes_from(plain["nodes"])
    made.add_edges_from([tuple(edge) for edge in plain["edges"]])
    return made


@pytest.mark.parametrize("suffix", [".json", ".npz"])
@many
@given(which, sources)
def test_torn_files(suffix: str, one: int, source: Random) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, f"g{suffix}")
        path.write_bytes(torn(_saved(GRAPHS[one], suffix), source))
        refused_or_held(lambda: adviz.load(path))


def _saved(graph: Graph, suffix: str) -> bytes:
    if suffix == ".json":
        return b"".join(written(graph))
    stream = io.BytesIO()
    arrays: dict[str, Any] = binary.to_arrays(graph)
    np.savez(stream, **arrays)
    return stream.getvalue()
