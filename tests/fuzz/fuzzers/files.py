"""Files: saved graphs, damaged; what is read holds in every respect, or an error says why not."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from xml.etree import ElementTree

import networkx
import numpy as np
import pytest
from hypothesis import reject
from hypothesis import strategies as st

import adviz
from adviz.errors import AdvizError
from adviz.graph.graph import Graph
from adviz.graph.sameness import numbered_alike
from adviz.primitives import TABLE
from adviz.sources import binary
from adviz.sources.document import from_document, to_document, written
from fuzzers.damage import damaged, torn
from fuzzers.fuzzer import Fuzzer

LONGEST_ERROR = 500
"""Characters of an error's text: it repeats nothing long that stands in a file."""


def _traced() -> Graph:
    def function(x: Any, y: Any) -> Any:
        product = x[0] * x[1]
        return {"a b": product if x[0] > 1 else x[1], "ü": y + 2}

    return adviz.build(function, at={"x": [2.0, 3.0], "y": 1.0})


STEEP = adviz.primitive("steep", "x*sigmoid(9*x)")
GRAPHS = (
    adviz.build("x*y + 1"),
    adviz.build("a = x + y; b = x - y; a*b"),
    adviz.build("2*x + 3.5*sin(x*y) - 10**30"),
    adviz.build('f(y, x) =\n    a = x*y\n    assert a > 0\n    {"p": a, "q": where(x > y, a, -x)}'),
    adviz.build("b = x; a = b**2; a*b + pi", share=False),
    adviz.build("steep(t)**2 + u", functions=[STEEP]),
    _traced(),
)


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


# --- The forms that a saved graph has ------------------------------------------------------------


class Form(NamedTuple):
    """A form in which a graph is given to somebody else, what befalls it, and who reads it."""

    given: Callable[[Graph], Any]
    damaged: Callable[[Any, Random], Any]
    read: Callable[[Any], Graph]


def _to_plain_arrays(graph: Graph) -> dict[str, Any]:
    """Return the arrays of a file as lists, and its header as an object."""
    arrays = binary.to_arrays(graph)
    plain = {name: array.tolist() for name, array in arrays.items() if name != "header"}
    return {**plain, "header": json.loads(arrays["header"].tobytes())}


def _from_plain_arrays(plain: Any) -> Graph:
    try:
        arrays = {
            name: np.frombuffer(json.dumps(plain[name]).encode(), np.uint8)
            if name == "header"
            else np.array(plain[name], dtype).reshape(-1)
            for name, dtype in binary.DTYPES.items()
        }
    except (KeyError, ValueError, TypeError, OverflowError):
        reject()  # no arrays of these types; torn files hold others
    return binary.from_arrays(arrays)


def _to_plain_networkx(graph: Graph) -> dict[str, Any]:
    """Return what NetworkX knows of a graph, as lists and objects."""
    return {
        "nodes": [[node, dict(data)] for node, data in graph.nx.nodes(data=True)],
        "edges": [list(edge) for edge in graph.nx.edges(keys=True)],
        "graph": dict(graph.nx.graph),
    }


def _from_plain_networkx(plain: Any) -> Graph:
    try:
        made = networkx.MultiDiGraph(**plain["graph"])
        made.add_nodes_from(plain["nodes"])
        made.add_edges_from([tuple(edge) for edge in plain["edges"]])
    except (KeyError, ValueError, TypeError, AttributeError, networkx.NetworkXError):
        reject()  # NetworkX itself has no such graph
    return adviz.build(made, functions=[STEEP])


def _to_bytes(suffix: str) -> Callable[[Graph], bytes]:
    def saved(graph: Graph) -> bytes:
        with TemporaryDirectory() as folder:
            path = Path(folder, f"g{suffix}")
            adviz.save(graph, path)
            return path.read_bytes()

    return saved


def _from_bytes(suffix: str) -> Callable[[bytes], Graph]:
    def loaded(content: bytes) -> Graph:
        with TemporaryDirectory() as folder:
            path = Path(folder, f"g{suffix}")
            path.write_bytes(content)
            return adviz.load(path)

    return loaded


FORMS: Mapping[str, Form] = {
    "document": Form(to_document, damaged, from_document),
    "arrays": Form(_to_plain_arrays, damaged, _from_plain_arrays),
    "NetworkX": Form(_to_plain_networkx, damaged, _from_plain_networkx),
    ".json": Form(_to_bytes(".json"), torn, _from_bytes(".json")),
    ".npz": Form(_to_bytes(".npz"), torn, _from_bytes(".npz")),
}


# --- The fuzzer ----------------------------------------------------------------------------------


class Given(NamedTuple):
    """What is read, and in what form."""

    form: str
    content: Any


@st.composite
def given(draw: st.DrawFn) -> Given:
    """Draw a graph in some form, damaged."""
    name = draw(st.sampled_from(sorted(FORMS)))
    whole = FORMS[name].given(draw(st.sampled_from(GRAPHS)))
    return Given(name, FORMS[name].damaged(whole, draw(st.randoms(use_true_random=False))))


def law(case: Given) -> str:
    """Read it; what is no graph is refused with an error of few words."""
    try:
        graph = FORMS[case.form].read(case.content)
    except AdvizError as error:
        assert 10 < len(str(error)) < LONGEST_ERROR
        return f"{case.form}: {type(error).__name__}"
    held(graph)
    return f"{case.form}: read"


FUZZER = Fuzzer(
    "files",
    "Saved graphs of which anything is replaced, moved, shifted, lost, doubled or exchanged, and "
    "files of which bytes are: JSON, arrays, NetworkX. What is read is saved, written, drawn and "
    "differentiated like any other graph, or it is refused with one short error.",
    given(),
    law,
    examples=250,
)
