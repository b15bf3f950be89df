"""A million nodes, and the files that hold them."""

from __future__ import annotations

import gc
import io
import json
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx
import numpy as np
import pytest
from corpus import CORPUS
from laws import assert_isomorphic

import adviz
from adviz.errors import FormatError, GraphError
from adviz.graph.builder import Builder
from adviz.graph.garbage import PAUSED
from adviz.graph.graph import Attributes, Graph
from adviz.sources import binary
from adviz.sources.binary import from_arrays, to_arrays
from adviz.sources.document import to_document, written

ROOT = Path(__file__).parents[2]
MILLION = """
import copy, math, pickle, sys, threading
import adviz, adviz.sources.binary, networkx

def check(size, folder):
    def f(x, y):
        total = x
        for _ in range(size // 5):
            x, y = math.sin(x) * y, x + math.cos(y)
            total = total + x
        return total

    def expected(x, y):
        dx, dy, total, slope = 1.0, 0.0, x, 1.0
        for _ in range(size // 5):
            s, c = math.sin(x), math.cos(y)
            dx, dy = math.cos(x)*dx*y + s*dy, dx - math.sin(y)*dy
            x, y = s * y, x + c
            total, slope = total + x, slope + dx
        return total, slope

    graph = adviz.build(f)
    assert size <= len(graph) <= size + 2
    at = {"x": 0.5, "y": 0.25}
    value, slope = expected(0.5, 0.25)
    trace = adviz.reverse(graph, at)
    assert trace.value == value and math.isclose(trace.gradient["x"], slope, rel_tol=1e-9)
    assert len(trace.steps) > 2 * len(graph) and trace.steps[-1].kind == "adjoint"
    del trace
    for suffix in SUFFIXES:
        adviz.save(graph, f"{folder}/g{suffix}")
        again = adviz.load(f"{folder}/g{suffix}")
        assert again == graph and again.sources == graph.sources
        del again
    if size < 10**6:
        assert adviz.evaluate(graph, at).value == value
        assert math.isclose(adviz.forward(graph, at, "x").tangent, slope, rel_tol=1e-9)
        assert adviz.build(graph.text).text == graph.text
        assert adviz.build(graph.nx.copy()) == graph
        assert pickle.loads(pickle.dumps(graph)) == graph
    assert copy.deepcopy(graph) is copy.copy(graph) is graph
    del graph
    done.append(size)

done = []
sys.setrecursionlimit(200)
threading.stack_size(256 << 10)
worker = threading.Thread(target=check, args=(SIZE, FOLDER))
worker.start()
worker.join()
assert done == [SIZE]
"""


@pytest.mark.xdist_group("million")
@pytest.mark.parametrize(("size", "suffixes"), [(10**6, (".npz",)), (5 * 10**4, (".json", ".npz"))])
def test_a_million_nodes_need_no_stack(
    size: int, suffixes: tuple[str, ...], tmp_path: Path
) -> None:
    """What takes long at a million has fewer, though far more than so small a stack would hold."""
    code = f"SIZE, FOLDER, SUFFIXES = {size}, {str(tmp_path)!r}, {suffixes!r}\n{MILLION}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-2000:]


# --- Files that are read back ------------------------------------------------------------------


def everything() -> Graph:
    """A graph with guards, a vector and names of all kinds."""

    def function(x: Any, _y: Any) -> Any:
        product = x[0] * x[1]
        return {"a b": product if x[0] > 1 else x[1], "ü": _y + 2}

    return adviz.build(function, at={"x": [2.0, 3.0], "_y": 1.0})


def numbers() -> Graph:
    """Constants that differ in kind, sign of zero and size."""
    builder = Builder()
    kept = (0, 0.0, -0.0, 1, 1.0, 5e-324, -(2**63), 2**63, -(2**63) - 1, 10**300, 0.1, 1 / 3)
    return builder.finish({f"c{i}": builder.constant(value) for i, value in enumerate(kept)})


def own_row() -> Graph:
    return adviz.build("steep(t)**2", functions=[adviz.primitive("steep", "x*sigmoid(9*x)")])


def repetitive() -> Graph:
    """So regular that its arrays pack a thousandfold."""
    builder = Builder(share=False)
    x = builder.input("x")
    return builder.finish({f"f{i}": builder.node("sin", (x,)) for i in range(100_000)})


SPECIAL: tuple[Callable[[], Graph], ...] = (everything, numbers, own_row, repetitive)


def saved(graph: Graph, folder: Path) -> Graph:
    adviz.save(graph, folder / "g.npz")
    return adviz.load(folder / "g.npz")


@pytest.mark.parametrize("formula", CORPUS[1::3], ids=lambda formula: formula.name)
def test_every_formula_of_the_corpus_is_kept(formula: Any, tmp_path: Path) -> None:
    graph = adviz.build(formula.text)
    again = saved(graph, tmp_path)
    assert again == graph and again.sources == graph.sources
    assert_isomorphic(graph, again)


@pytest.mark.parametrize("made", SPECIAL, ids=lambda made: made.__name__)
def test_whatever_a_graph_holds_is_kept(made: Callable[[], Graph], tmp_path: Path) -> None:
    graph = made()
    again = saved(graph, tmp_path)
    assert again == graph and repr(again.constants) == repr(graph.constants)
    assert (again.guards, again.sources, again.vectors) == (
        graph.guards, graph.sources, graph.vectors,
    )  # fmt: skip
    assert set(again.rows) == set(graph.rows) and again.text == graph.text
    assert b"".join(written(graph)) == b"".join(written(again))


@pytest.mark.parametrize("made", SPECIAL[:3], ids=lambda made: made.__name__)
def test_the_same_graph_gives_the_same_bytes(made: Callable[[], Graph], tmp_path: Path) -> None:
    first, second = b"".join(binary.written(made())), b"".join(binary.written(made()))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("made", SPECIAL[:3], ids=lambda made: made.__name__)
def test_json_written_piece_by_piece_is_the_document(made: Callable[[], Graph]) -> None:
    whole = json.dumps(to_document(made()), ensure_ascii=False, allow_nan=False, indent=1)
    assert b"".join(written(made())) == f"{whole}\n".encode()


def test_a_graph_without_edges_is_written(tmp_path: Path) -> None:
    graph = adviz.build("x")
    adviz.save(graph, tmp_path / "g.json")
    assert adviz.load(tmp_path / "g.json") == saved(graph, tmp_path) == graph


# --- Files that are refused --------------------------------------------------------------------


def changed(**arrays: Any) -> dict[str, Any]:
    """Return the arrays of sin(x - y) + 2 + 0.5 with some in place of their own."""
    found = to_arrays(adviz.build("sin(x - y) + 2 + 0.5"))
    return {**found, **{n: np.asarray(a, binary.DTYPES[n]) for n, a in arrays.items()}}


def headed(**entries: Any) -> dict[str, Any]:
    arrays = to_arrays(adviz.build("sin(x - y) + 2 + 0.5"))
    header = json.loads(arrays["header"].tobytes()) | entries
    return {**arrays, "header": np.frombuffer(json.dumps(header).encode(), np.uint8)}


def no_integers() -> dict[str, Any]:
    return {name: changed(**{name: []})[name] for name in ("integer_node", "integer")}


WRONG = [
    (changed(header=list(b"[1, 2")), "the header is not JSON"),
    (changed(header=list(b"[" * 100_000)), "the header is not JSON"),
    (changed(header=list(b"[1]")), "no document of adviz"),
    (headed(version=2), "has version 2; this adviz reads 1"),
    (headed(ops=7), "'ops' must be a list of texts"),
    (
        headed(ops=["input", "sub", "frobnicate", "const", "add"]),
        "node 3: it has the operation 'frobnicate', which the table does not have",
    ),
    (headed(inputs=[0, 1]), "'inputs' must map names to nodes"),
    (headed(inputs={"x": 0, "y": "1"}), "inputs: 'y' is node '1', which does not exist"),
    (headed(inputs={"x": 0}), "node 1: it is an input, but 'inputs' does not list it"),
    (headed(outputs={"f": 99}), "'f' is node 99, which does not exist"),
    (headed(guards=3), "'guards' must be a list"),
    (headed(guards=[{"node": 2, "reason": "r"}]), "only a condition"),
    (headed(large=[]), "'large' must map nodes"),
    (headed(large={"2": "1e999"}), "large: node '2' is '1e999', not an integer"),
    (headed(large={"9" * 30: "1"}), "large: node '9+' is '1', not an integer"),
    (headed(large={"4": "9"}), "node 4: it is a constant with two values"),
    (headed(large={"3": "9"}), "node 3 has the value 9, and is no constant"),
    (
        {**headed(large={"4": "9" * 399}), **no_integers()},
        "node 4: the constant 9+… is not a finite",
    ),
    (changed(op=[0, 0]), "must be equally long"),
    (changed(op=[0, 0, 9, 2, 3, 4, 3, 4]), "node 2: 'op' is 9"),
    (changed(count=[0, 0, 1, 1, 0, 2, 0, 2]), "'tail' has 7 arguments, not 6"),
    (changed(count=[0, 0, 1, 2, 0, 2, 0, 2]), "node 2: it is sub of 1 arguments; it takes 2"),
    (changed(count=[0, 0, 3, -1, 1, 2, 0, 2]), "node 3: it has -1 arguments"),
    (changed(count=[0, 0, 2, 1, 0, 2, 2, 0]), "node 6: it is const, which takes no arguments"),
    (changed(tail=[0, 1]), "'tail' has 2 arguments, not 7"),
    (changed(tail=[0, 1, 3, 3, 4, 5, 6]), "node 3: its argument is node 3"),
    (changed(tail=[0, -1, 2, 3, 4, 5, 6]), "node 2: its argument is node -1"),
    (changed(source=[9] * 8), "node 0: 'source' is 9"),
    (changed(integer_node=[]), "'integer_node' and 'integer' must be equally long"),
    (changed(integer_node=[], integer=[]), "node 4: it is a constant without a value"),
    (changed(float=[np.inf]), "node 6: the constant inf is not a finite double"),
]


@pytest.mark.parametrize(("arrays", "message"), WRONG, ids=[message for _, message in WRONG])
def test_arrays_that_are_no_graph_are_refused(arrays: Any, message: str) -> None:
    with pytest.raises(GraphError, match=message):
        from_arrays(arrays)


def packed(**arrays: Any) -> bytes:
    stream = io.BytesIO()
    np.savez_compressed(stream, **{**to_arrays(adviz.build("x - 2")), **arrays})
    return stream.getvalue()


def claiming(shape: str) -> bytes:
    """A file whose array of operations claims another shape than it has."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed())) as good, zipfile.ZipFile(stream, "w") as bad:
        for entry in good.infolist():
            content = good.read(entry)
            if entry.filename == "op.npy":
                content = content.replace(
                    b"(3,), }" + b" " * (len(shape) - 1), f"({shape},), }}".encode()
                )
            bad.writestr(entry, content)
    return stream.getvalue()


FOREIGN = [
    (b"", "is not a zip file"),
    (b'{"format": "adviz-graph"}', "is not a zip file"),
    (packed()[:-40], "is not a zip file|truncated|Bad"),
    (packed()[:300] + bytes(40) + packed()[340:], "not a file of adviz"),
    (packed(op=np.array([0, 1], object)), "the array 'op' is .O"),
    (packed(op=np.array([[0, 1, 2]], np.int32)), "is <i4.1, 3., not <i4.n."),
    (packed(op=np.array([0.0, 1.0, 2.0])), "is <f8.3., not <i4"),
    (packed(op=np.zeros(10**8, np.int8)), "unpacks to .* may to"),
    (claiming("9999999999"), "the array 'op' claims 39999999996 bytes"),
    (claiming("17"), "the array 'op' (ends after|claims 68)"),
    (claiming("-1"), "the array 'op' claims -4 bytes"),
]


@pytest.mark.parametrize(("content", "message"), FOREIGN, ids=[f"{i}" for i in range(len(FOREIGN))])
def test_foreign_and_broken_files_are_refused(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "g.npz"
    path.write_bytes(content)
    with pytest.raises(FormatError, match=message):
        adviz.load(path)


def test_a_file_with_any_byte_changed_is_read_or_refused(tmp_path: Path) -> None:
    path, content = tmp_path / "g.npz", packed()
    for place in range(0, len(content), 3):
        path.write_bytes(content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :])
        try:
            adviz.load(path)
        except (FormatError, GraphError) as error:
            assert str(error)


def test_an_archive_without_our_arrays_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "g.npz", weights=np.zeros(3))
    with pytest.raises(
        FormatError, match=r"g\.npz is not a file of adviz: it has no array 'header'"
    ):
        adviz.load(tmp_path / "g.npz")
    with pytest.raises(FormatError, match=r"cannot read .*none\.npz: No such file"):
        adviz.load(tmp_path / "none.npz")


def test_nothing_half_written_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    adviz.save(adviz.build("x"), tmp_path / "g.json")
    before = (tmp_path / "g.json").read_bytes()

    def breaking(_: Graph) -> Any:
        yield b"{"
        raise MemoryError

    monkeypatch.setattr("adviz.sources.document.written", breaking)
    with pytest.raises(MemoryError):
        adviz.save(adviz.build("x + 1"), tmp_path / "g.json")
    assert (tmp_path / "g.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["g.json"]


# --- What is shared, and the pause -------------------------------------------------------------


def test_what_is_shared_cannot_be_changed_and_copies_share_nothing() -> None:
    graph = adviz.build("sin(cos(x)) + sin(y)", share=False)
    assert type(graph.nx) is networkx.MultiDiGraph and networkx.is_frozen(graph.nx)
    assert all(type(data) is Attributes for _, data in graph.nx.nodes(data=True))
    edited = graph.nx.copy()
    for node in edited:
        edited.nodes[node]["mark"] = node
    for tail, head, key in edited.edges(keys=True):
        edited.edges[tail, head, key]["mark"] = (tail, head)
    assert [data["mark"] for _, data in edited.nodes(data=True)] == list(edited)
    assert all(d["mark"] == (t, h) for t, h, d in edited.edges(data=True))
    assert adviz.build(edited) == graph


def test_the_collector_resumes_whatever_happens() -> None:
    def failing(x: Any) -> Any:
        assert not gc.isenabled()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        adviz.build(failing)
    assert gc.isenabled()
    gc.disable()
    try:
        adviz.build("x + 1")
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_pauses_in_several_threads_are_one() -> None:
    started, go = threading.Event(), threading.Event()

    def rest() -> None:
        with PAUSED:
            started.set()
            go.wait()

    worker = threading.Thread(target=rest)
    worker.start()
    started.wait()
    with PAUSED:
        pass
    assert not gc.isenabled()
    go.set()
    worker.join()
    assert gc.isenabled()
