"""The threat page: every line of it has a test of its name here."""

from __future__ import annotations

import ast
import fcntl
import json
import os
import pickle
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import networkx
import numpy as np
import pytest
import sympy

import adviz
from adviz import files
from adviz.compiler.native import cached
from adviz.graph.builder import Builder
from adviz.graph.graph import Graph
from adviz.plugins.documents import figure
from adviz.plugins.markdown import fence

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/threats.md").read_text("utf-8")
THREATS = [line.split("|")[1].strip() for line in PAGE.splitlines() if line.startswith("| ")][1:]

CODE = [
    "__import__('os').mkdir('ran')", "().__class__.__mro__[1].__subclasses__()", "exec('1')",
    "open('ran', 'w')", "x.__class__", "[x for x in (1,)]", "(lambda: x)()", "f'{x}'", "globals()",
    "os.mkdir('ran')", "x; import os", "eval(x)", "sympify(x)", "S(x)", "getattr(x, 'real')",
]  # fmt: skip
"""What Python would run, and a formula is not."""
NAME = "</script><img src=//e.x onerror=alert(1)>\n*/ import os; os.mkdir('ran') #`${1}\\input{x}"
"""A name that is code in every language it may reach."""


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Work in an empty folder, in which code that should not run would leave something."""
    monkeypatch.chdir(tmp_path)
    yield
    assert not Path("ran").exists()


def named() -> Graph:
    """Return a graph in which everything has the hostile name."""
    builder = Builder()
    x = builder.input(NAME)
    builder.names[f"{NAME} 2"] = square = builder.node("mul", (x, x))
    return builder.finish({f"{NAME} 3": builder.node("sin", (square,))})


def test_every_line_has_its_test_and_every_test_its_line() -> None:
    tests = [name for name in globals() if name.startswith("test_a_stranger_")]
    wanted = [f"test_a_stranger_s_{threat.lower().replace(' ', '_')}" for threat in THREATS]
    assert tests == wanted


def test_a_stranger_s_formula() -> None:
    for text in CODE:
        with pytest.raises(adviz.AdvizError):
            adviz.build(text)
    for text in ("(" * 10**5 + "x", "9**9**9**9", "-" * 10**5, "x" * 10**5 + "("):
        with pytest.raises(adviz.AdvizError) as caught:
            adviz.build(text)
        assert len(str(caught.value)) < 1000
    assert len(adviz.build("(" * 10**5 + "x" + ")" * 10**5)) == 1


def test_a_stranger_s_own_function() -> None:
    for text in CODE:
        for define, partials in ((text, None), ("2*x", [text])):
            with pytest.raises(adviz.AdvizError):
                adviz.build("g(x)", functions=[adviz.primitive("g", define, partials=partials)])


def test_a_stranger_s_numbers_of_a_point() -> None:
    for number in (*CODE, b"1", None, [["2"]], {"x": 1}):
        with pytest.raises(adviz.AdvizError, match="x"):
            adviz.gradient("x*y", at={"x": number, "y": 1.0})


def _document(change: Callable[[Any], None]) -> Path:
    adviz.draw("sin(x)*2").save("graph.json")
    data = json.loads(Path("graph.json").read_text())
    change(data)
    Path("graph.json").write_text(json.dumps(data))
    return Path("graph.json")


def test_a_stranger_s_saved_graph() -> None:
    for op in (*CODE, "__class__", None, 7, ["sin"]):

        def other(data: Any, op: Any = op) -> None:
            next(node for node in data["nodes"] if node.get("op") == "sin")["op"] = op

        with pytest.raises(adviz.AdvizError):
            adviz.load(_document(other))


class _Bomb:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, ("ran",)


def test_a_stranger_s_saved_arrays() -> None:
    adviz.save(adviz.build("sin(x)*2"), "graph.npz")
    with np.load("graph.npz") as data:
        arrays = dict(data)
    for name, array in arrays.items():
        objects = np.array([_Bomb()] * max(1, array.size), dtype=object)
        np.savez("bomb.npz", **{**arrays, name: objects})
        with pytest.raises(adviz.AdvizError):
            adviz.load("bomb.npz")
    header = b"{'descr': '<i8', 'fortran_order': False, 'shape': (10000000000000,)}"
    claim = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header
    with zipfile.ZipFile("huge.npz", "w") as archive:
        for name in arrays:
            archive.writestr(f"{name}.npy", claim)
    with pytest.raises(adviz.AdvizError):
        adviz.load("huge.npz")


def test_a_stranger_s_figure() -> None:
    adviz.draw(adviz.reverse("x*y", at={"x": 3, "y": 2})).save("figure.svg")
    text = Path("figure.svg").read_text("utf-8")
    for code in CODE:
        for mine in ('"source":"x*y"', '"source":"f(x, y) = x*y"', '"x":3.0', '"mode":"reverse"'):
            key = mine.partition(":")[0]
            theirs = f"{key}:{json.dumps(code)}".replace("<", "&lt;")
            Path("theirs.svg").write_text(text.replace(mine, theirs), "utf-8")
            if mine in text:
                with pytest.raises(adviz.AdvizError, match=r"theirs\.svg"):
                    adviz.verify("theirs.svg")
    bomb = "".join(f'<!ENTITY a{k} "{f"&a{k - 1};" * 9}">' for k in range(1, 99))
    Path("bomb.svg").write_text(f'<!DOCTYPE svg [<!ENTITY a0 "a">{bomb}]>{text}', "utf-8")
    with pytest.raises(adviz.AdvizError, match="declares an entity"):
        adviz.verify("bomb.svg")


def test_a_stranger_s_networkx_graph() -> None:
    def run(*_: Any) -> None:
        os.mkdir("ran")  # noqa: PTH102 - what must not happen

    for attributes in ({"op": op} for op in (*CODE, run, None, "__class__")):
        graph = networkx.MultiDiGraph()
        graph.add_node(0, op="input", name="x")
        graph.add_node(1, **attributes, call=run)
        graph.add_edge(0, 1, key=0)
        with pytest.raises(adviz.AdvizError):
            adviz.build(graph)


def test_a_stranger_s_sympy_expression() -> None:
    x = sympy.Symbol(CODE[0])
    graph = adviz.build(sympy.sin(x) * x)
    for mode in ("forward", "reverse", "symbolic"):
        found = adviz.gradient(graph, [2.0], mode=mode)
        assert list(found.values()) == pytest.approx([np.sin(2) + 2 * np.cos(2)])
    assert adviz.check(graph, points=3).verdict == "agrees"
    with pytest.raises(adviz.AdvizError, match="unknown"):
        adviz.build(sympy.Function("unknown")(x))


class _Page(HTMLParser):
    """The elements of a page, what it fetches, and what in it acts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.acts: list[str] = []
        self.fetched: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.acts += [name for name, _ in attrs if name.startswith("on")]
        links = [value or "" for name, value in attrs if name in ("src", "href", "action", "data")]
        self.fetched += [link for link in links if not link.startswith(("#", "data:"))]


def page(graph: Graph) -> str:
    (name,) = graph.inputs
    adviz.animate(adviz.reverse(graph, {name: 2.0})).save("film.html")
    return Path("film.html").read_text("utf-8")


def test_a_stranger_s_label() -> None:
    hostile, harmless = _Page(page(named())), _Page(page(adviz.build("x")))
    assert not hostile.acts and "img" not in hostile.elements
    assert hostile.elements.count("script") == harmless.elements.count("script")
    latex = adviz.table(adviz.reverse(named(), {NAME: 2.0})).latex()
    assert "\\input" not in latex


def test_a_stranger_s_page_in_a_browser() -> None:
    text = page(named())
    assert not _Page(text).fetched
    assert not re.search(r"url\((?!['\"]?data:)|@import|fetch\(|XMLHttpRequest|WebSocket", text)
    assert "innerHTML" not in text and "document.write" not in text


def test_a_stranger_s_document() -> None:
    Path("mine.py").write_text("import os; os.mkdir('ran')\ndef f(x): return x\n")
    for text in (*CODE, "mine:f", "-", ""):
        with pytest.raises(adviz.AdvizError):
            figure(text, {})
        with pytest.raises(adviz.AdvizError):
            figure("x*x", {"format": "report", "gradient": text or "-"})
    adviz.save(named(), "named.json")
    shown = figure("named.json", {"alt": NAME}).html()
    assert "<img src=//" not in shown and "</script>" not in shown
    assert "<img src=//" not in fence(f":caption: {NAME}\nx", "adviz", "adviz", {}, None)


def test_a_stranger_s_generated_code() -> None:
    kernel = adviz.compile(named(), target="python")
    assert kernel.function(2.0)[0] == pytest.approx(np.sin(4.0))
    kernel.save("f.py")
    tree = ast.parse(Path("f.py").read_text("utf-8"))
    calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert calls == {"sin", "cos"}
    for file, comment, text in (
        ("f.js", r"//[^\n]*|/\*.*?\*/", r'"(?:[^"\\]|\\.)*"'),
        ("f.c", r"/\*.*?\*/", r'"(?:[^"\\]|\\.)*"'),
    ):
        kernel.save(file)
        code = re.sub(f"{text}|{comment}", "", Path(file).read_text("utf-8"), flags=re.S)
        assert not re.search(r"mkdir\s*\(|import\s+os|script>|`", code), code


def test_a_stranger_s_kernel_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    key = cached.key("some code")
    cached.write(key, b"ours")
    assert cached.read(key) == b"ours"
    user = os.getuid()
    with monkeypatch.context() as other:
        other.setattr(os, "getuid", lambda: user + 1)
        assert cached.read(key) is None
    cached.folder().chmod(0o777)
    assert cached.read(key) is None


def test_a_stranger_s_output_path() -> None:
    Path("kept.svg").write_text("kept")
    Path("a.svg").write_text("old")

    def broken() -> Iterator[bytes]:
        yield b"half"
        assert Path("a.svg").read_text() == "old"
        raise OSError(28, "No space left on device")

    with pytest.raises(adviz.AdvizError, match=r"cannot write a\.svg: No space left on device"):
        files.write("a.svg", broken())
    assert Path("a.svg").read_text() == "old" and Path("kept.svg").read_text() == "kept"
    assert sorted(os.listdir()) == ["a.svg", "kept.svg"]  # noqa: PTH208 - names suffice
    with pytest.raises(adviz.AdvizError, match="cannot write"):
        adviz.draw("x").save("no such folder/a.svg")
    Path("a.svg").chmod(0o640)
    Path("link.svg").symlink_to("a.svg")
    files.write("link.svg", b"new")
    assert Path("link.svg").is_symlink() and Path("a.svg").read_text() == "new"
    assert Path("a.svg").stat().st_mode & 0o777 == 0o640
    os.mkfifo("pipe.svg")
    with pytest.raises(adviz.AdvizError, match="nobody reads from this pipe"):
        files.write("pipe.svg", b"poured")
    with os.fdopen(os.open("pipe.svg", os.O_RDONLY | os.O_NONBLOCK), "rb") as reader:
        files.write("pipe.svg", b"poured")
        assert reader.read() == b"poured" and Path("pipe.svg").is_fifo()


def test_a_stranger_s_temporary_file() -> None:
    names: set[str] = set()

    def watched() -> Iterator[bytes]:
        (written,) = (path for path in Path.cwd().iterdir() if path.name != "private.svg")
        assert not written.is_symlink() and not written.stat().st_mode & 0o077
        names.add(written.name)
        yield b"secret"

    Path("private.svg").touch(mode=0o600)
    for _ in range(5):
        files.write("private.svg", watched())
        Path("private.svg").chmod(0o600)
    assert len(names) == 5
    stem = min(names).rpartition("-")[0]
    Path("kept").write_text("kept")
    Path(f"{stem}-left").write_text("by a killed save")
    Path(f"{stem}-link").symlink_to("kept")
    with Path(f"{stem}-held").open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        files.write("private.svg", b"secret")
        left = {path.name for path in Path.cwd().iterdir()}
    assert left == {"private.svg", "kept", f"{stem}-link", f"{stem}-held"}
    assert Path("kept").read_text() == "kept"


def test_a_stranger_s_worker_process() -> None:
    loads = {
        str(path.relative_to(ROOT / "adviz"))
        for path in (ROOT / "adviz").rglob("*.py")
        if re.search(r"pickle\.loads?\(|Unpickler|allow_pickle=True", path.read_text("utf-8"))
    }
    assert loads == {"calculus/parallel/computation.py", "calculus/parallel/workers.py"}
    Path("bomb.json").write_bytes(pickle.dumps(_Bomb()))
    for suffix in (".json", ".npz"):
        Path(f"bomb{suffix}").write_bytes(pickle.dumps(_Bomb()))
        with pytest.raises(adviz.AdvizError):
            adviz.load(f"bomb{suffix}")


def test_a_stranger_s_callable() -> None:
    ran: list[str] = []

    def run(x: Any) -> Any:
        ran.append(type(x).__name__)
        return x * x

    assert adviz.gradient(run, {"x": 3.0}) == {"x": 6.0}
    assert len(ran) >= 1
    Path("mine.py").write_text("print('imported')\ndef slope(x): return 2*x\n")
    command = [sys.executable, "-m", "adviz", "check", "x*x", "--gradient", "mine:slope"]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}."}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    assert "imported" in done.stdout
