"""Files: whole or not at all, as they were but for their content, and nothing beside them."""

from __future__ import annotations

import ast
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from test_house import PACKAGE, ROOT, modules

import adviz
from adviz.errors import FormatError
from adviz.files import write

GRAPH = adviz.build("f(x, y) = x*y")

posix = pytest.mark.skipif(os.name != "posix", reason="permissions, locks and pipes of POSIX")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def umask() -> Iterator[None]:
    before = os.umask(0o027)
    yield
    os.umask(before)


# --- What stays ----------------------------------------------------------------------------------


@posix
@pytest.mark.parametrize("kept", [0o600, 0o644, 0o640, 0o400, 0o666, 0o777])
def test_a_file_that_is_replaced_keeps_its_mode(kept: int, tmp_path: Path, umask: None) -> None:
    path = tmp_path / "g.json"
    path.write_text("old")
    path.chmod(kept)
    adviz.save(GRAPH, path)
    assert mode(path) == kept and adviz.load(path) == GRAPH


@posix
def test_a_new_file_has_the_mode_of_any_new_file(tmp_path: Path, umask: None) -> None:
    (tmp_path / "other").touch()
    write(tmp_path / "new", b"")
    assert mode(tmp_path / "new") == mode(tmp_path / "other") == 0o640


@posix
def test_a_private_file_is_private_while_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.touch(0o600)

    def content() -> Iterator[bytes]:
        assert [mode(one) for one in tmp_path.iterdir()] == [0o600, 0o600]
        yield b"whole"

    write(path, content())
    assert path.read_bytes() == b"whole"


@posix
@pytest.mark.parametrize("there", [True, False], ids=["to a file", "to nothing yet"])
def test_a_link_stays_a_link(there: bool, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    target, link = tmp_path / "folder" / "g.json", tmp_path / "link.json"
    if there:
        target.write_text("old")
    link.symlink_to(Path("folder") / "g.json")
    adviz.save(GRAPH, link)
    assert link.is_symlink() and not target.is_symlink() and adviz.load(target) == GRAPH
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["g.json"]


# --- What is left behind -------------------------------------------------------------------------

KILLED = """
import os, signal, sys
from adviz.files import write

def content():
    yield b"half" * 10_000
    os.kill(os.getpid(), signal.SIGKILL)

write(sys.argv[1], content())
"""

LIVELY = """
import sys
from adviz.files import write

for turn in range(40):
    write(sys.argv[1], (bytes([65 + turn % 26]) * 1000 for _ in range(50)))
"""


def run(code: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)


@posix
def test_what_a_killed_save_leaves_the_next_one_removes(tmp_path: Path) -> None:
    path, other = tmp_path / "g.json", tmp_path / "h.json"
    path.write_text("old")
    for killed in (path, path, other):
        process = run(KILLED, killed)
        process.communicate()
        assert process.returncode == -signal.SIGKILL
    assert path.read_text() == "old" and not other.exists()
    assert len(list(tmp_path.iterdir())) == 3, "one of g.json is gone, one of h.json is not ours"
    adviz.save(GRAPH, path)
    assert len(list(tmp_path.iterdir())) == 2 and adviz.load(path) == GRAPH
    adviz.save(GRAPH, other)
    assert {one.name for one in tmp_path.iterdir()} == {"g.json", "h.json"}


def test_a_file_that_another_one_is_writing_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "g"

    def content() -> Iterator[bytes]:
        yield b"first "
        write(path, b"meanwhile")
        assert path.read_bytes() == b"meanwhile"
        yield b"last"

    write(path, content())
    assert path.read_bytes() == b"first last" and [*tmp_path.iterdir()] == [path]


def test_processes_may_save_the_same_file_at_once(tmp_path: Path) -> None:
    writers = [run(LIVELY, tmp_path / "g") for _ in range(3)]
    assert [writer.communicate()[1] for writer in writers] == ["", "", ""]
    content = (tmp_path / "g").read_bytes()
    assert len(content) == 50_000 and len({*content}) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["g"]


# --- What cannot be written or read --------------------------------------------------------------

FULL = """
import resource, sys
from adviz.errors import FormatError
from adviz.files import write

resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write(sys.argv[1], b"x" * 10**6)
except FormatError as error:
    sys.exit(str(error))
"""


@posix
def test_where_there_is_no_room_the_old_file_stays(tmp_path: Path) -> None:
    (tmp_path / "g").write_text("old")
    said = run(FULL, tmp_path / "g").communicate()[1]
    assert said == f"cannot write {tmp_path}/g: File too large\n"
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
def test_a_full_device_is_one_error() -> None:
    with pytest.raises(FormatError, match=r"^cannot write /dev/full: No space left on device$"):
        write("/dev/full", b"x")


SAVERS: dict[str, Callable[[Any], object]] = {
    "save": lambda path: adviz.save(GRAPH, path),
    "load": adviz.load,
    "draw": lambda path: adviz.draw(GRAPH).save(path),
    "animate": lambda path: adviz.animate(adviz.reverse(GRAPH, {"x": 3, "y": 2})).save(path),
    "kernel": lambda path: adviz.compile(GRAPH).save(path),
    "comparison": lambda path: adviz.compare(GRAPH).save(path),
    "report": lambda path: adviz.check(GRAPH, points=2).save(path),
}

NAMELESS = [
    (None, "a file's name is a text or a pathlib.Path, not None"),
    (1, "a file's name is a text or a pathlib.Path, not 1"),
    (b"g.json", "a file's name is a text or a pathlib.Path, not b'g.json'"),
    (["g.json"], "a file's name is a text or a pathlib.Path, not ['g.json']"),
    ("", "'' names no file: a name has at least one character, none of them a zero byte"),
    ("g\0.json", "'g\\x00.json' names no file"),
    (Path("g\0.json"), "'g\\x00.json' names no file"),
    ("\ud800.json", "'\\ud800.json' names no file"),
]


@pytest.mark.parametrize("saver", SAVERS)
@pytest.mark.parametrize(("name", "said"), NAMELESS, ids=[repr(name) for name, _ in NAMELESS])
def test_what_names_no_file_is_refused(saver: str, name: Any, said: str) -> None:
    with pytest.raises(FormatError) as refused:
        SAVERS[saver](name)
    assert str(refused.value).startswith(said)


def test_what_stands_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "link.json").symlink_to("gone/g.json")
    expected = [
        (tmp_path / "link.json", f"there is no folder {tmp_path / 'gone'}"),
        (tmp_path / "folder.json", "it is a folder; give the name of a file"),
        (tmp_path / "no" / "g.json", f"there is no folder {tmp_path / 'no'}"),
        (tmp_path / "file" / "g.json", "Not a directory"),
        (tmp_path / f"{'x' * 300}.json", "File name too long"),
    ]
    for path, said in expected:
        with pytest.raises(FormatError) as refused:
            adviz.save(GRAPH, path)
        assert str(refused.value).startswith("cannot write ") and said in str(refused.value)
        assert len(str(refused.value)) < 300
    assert {path.name for path in tmp_path.iterdir()} == {"folder.json", "file", "link.json"}


@pytest.mark.skipif(not Path("/proc/version").exists(), reason="no /proc here")
def test_a_folder_that_takes_no_file_is_not_said_to_be_missing() -> None:
    with pytest.raises(FormatError) as refused:
        adviz.save(GRAPH, "/proc/g.json")
    assert str(refused.value) == "cannot write /proc/g.json: No such file or directory"


def test_a_name_may_be_as_long_as_the_system_allows(tmp_path: Path) -> None:
    adviz.save(GRAPH, tmp_path / f"{'x' * 250}.json")
    assert len(list(tmp_path.iterdir())) == 1


# --- Pipes, devices and sockets ------------------------------------------------------------------


def _fifo(path: Path) -> str:
    os.mkfifo(path)
    return "a pipe"


def _socket(path: Path) -> str:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.path.relpath(path))  # a socket's name is short
    return "a socket"


def _device(path: Path) -> str:
    path.symlink_to("/dev/zero")
    return "a device"


def _folder(path: Path) -> str:
    path.mkdir()
    return "a folder"


@posix
@pytest.mark.parametrize("suffix", [".json", ".npz"])
@pytest.mark.parametrize("make", [_fifo, _socket, _device, _folder])
def test_only_files_are_read(
    make: Callable[[Path], str], suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path(f"g{suffix}")
    kind = make(path)
    with pytest.raises(FormatError) as refused:
        adviz.load(path)
    assert str(refused.value) == f"cannot read {path}: it is {kind}; give the name of a file"


@posix
def test_a_pipe_is_written_into_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "g.svg"
    os.mkfifo(pipe)
    with pytest.raises(FormatError, match=r"^cannot write .*g\.svg: nobody reads from this pipe$"):
        adviz.draw(GRAPH).save(pipe)
    with os.fdopen(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK), "rb") as reader:
        adviz.draw(GRAPH).save(pipe)
        assert reader.read() == adviz.draw(GRAPH).svg().encode()
    assert pipe.is_fifo() and [*tmp_path.iterdir()] == [pipe]


@posix
def test_more_than_a_pipe_holds_waits_for_who_reads() -> None:
    reader, writer = os.pipe()
    pouring = threading.Thread(target=write, args=(f"/dev/fd/{writer}", bytes(10**6)))
    pouring.start()
    with os.fdopen(reader, "rb") as stream:
        assert len(stream.read(10**6)) == 10**6
    pouring.join()
    os.close(writer)


@posix
def test_nothing_is_poured_of_what_cannot_be_finished() -> None:
    def content() -> Iterator[bytes]:
        yield b"half"
        raise MemoryError

    reader, writer = os.pipe()
    with pytest.raises(MemoryError):
        write(f"/dev/fd/{writer}", content())
    os.close(writer)
    assert os.read(reader, 9) == b""
    os.close(reader)


@posix
def test_standard_output_is_written_into_wherever_it_leads(tmp_path: Path) -> None:
    code = "from adviz.files import write; write('/dev/stdout', b'one\\n')"
    log = tmp_path / "log"
    for _ in range(2):
        with log.open("ab") as stream:
            subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, stdout=stream)
    assert log.read_text() == "one\none\n"


# --- Nobody else writes --------------------------------------------------------------------------

_WRITERS = {"write_text", "write_bytes", "savefig", "mkstemp", "NamedTemporaryFile"}


def writes(tree: ast.AST) -> list[str]:
    """Return the calls by which code writes a file itself, and not into memory."""
    found: list[str] = []
    memory = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and ast.unparse(node.value) == "BytesIO()"
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        if given and isinstance(given[0], ast.Name) and given[0].id in memory:
            continue
        modes = [v.value for v in given if isinstance(v, ast.Constant) and isinstance(v.value, str)]
        opens = name == "open" and any({*"wax+"} & {*mode} and len(mode) < 4 for mode in modes)
        found += [ast.unparse(node)] * (opens or name in _WRITERS)
    return found


WRITING = {"files", "render.film.encoder"}
"""The second writes for FFmpeg, into a temporary folder that ends with it."""


def test_only_one_module_writes_files() -> None:
    for module, path in modules().items():
        assert module in WRITING or not writes(ast.parse(path.read_text("utf-8"))), module


def test_the_test_of_who_writes_can_fail() -> None:
    assert len(writes(ast.parse("open(p, 'w'); p.open(mode='ab'); p.write_text(s)"))) == 3
    assert modules()["files"] == PACKAGE / "files.py"
