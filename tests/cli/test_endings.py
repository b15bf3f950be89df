"""How a command ends: one message, a status, no traceback, whatever was typed or is broken."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import adviz
from adviz import cli

MODULE = """
import functools, os, signal, sys

def stops(x):
    sys.exit(0)

def stops_with_words(x):
    raise SystemExit("enough")

def interrupts(x):
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job ignores it
    while True: os.kill(os.getpid(), signal.SIGINT)  # one in a collector's callback is lost

def breaks_a_pipe(x):
    raise BrokenPipeError(32, "Broken pipe")

def deep(x):
    return deep(x)

def fails(x):
    raise ZeroDivisionError("mine")

def speaks_at_length(x):
    raise ValueError("first\\n  second" + 10_000*" more")

def θ(x):
    return x*x

bound = functools.partial(os._exit, 0)
"""


class Ended(NamedTuple):
    """What a command left behind."""

    status: Any
    out: str
    err: str


@pytest.fixture
def ran(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Callable[..., Ended]:
    """Runs the command line in this process, in a folder with a module of a user's."""
    (tmp_path / "mine.py").write_text(MODULE, "utf-8")
    (tmp_path / "leaves.py").write_text("raise SystemExit(3)", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "mine", raising=False)
    monkeypatch.setenv("COLUMNS", "100")

    def run(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["adviz", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = (text.decode("utf-8", "surrogateescape") for text in capsysbinary.readouterr())
        return Ended(ended.value.code, out, err)

    return run


BUILT_IN = {
    "os:getcwd": "posix",
    "sys:exit": "sys",
    "os:_exit": "posix",
    "os:system": "posix",
    "mine:bound": "posix",
    "builtins:input": "builtins",
    "builtins:print": "builtins",
    "builtins:exec": "builtins",
    "time:sleep": "time",
}


@pytest.mark.parametrize("place", [("table", "{}", "--at", "x=1"), ("check", "x", "-g", "{}")])
@pytest.mark.parametrize("name", BUILT_IN)
def test_what_is_built_in_for_something_else_is_no_function_of_numbers(
    ran: Any, place: tuple[str, ...], name: str
) -> None:
    ended = ran(*(part.format(name) for part in place))
    words = f"{name} is no function of numbers but belongs to Python's {BUILT_IN[name]}"
    assert ended == (2, "", f"adviz: {words}; name one of your own, or of math\n")


@pytest.mark.parametrize("name", ["math:sin", "operator:mul", "builtins:abs", "mine:θ"])
def test_what_is_a_function_of_numbers_is_drawn(ran: Any, name: str) -> None:
    assert ran("draw", name) == (0, "", "wrote graph.svg\n")


@pytest.mark.parametrize("place", [("table", "{}", "--at", "x=1"), ("check", "x", "-g", "{}")])
@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("mine:stops", 2, "a function exited, with 0, instead of returning a number (line 5 of"),
        ("mine:stops_with_words", 2, "a function exited, with 'enough', instead of"),
        ("builtins:quit", 2, "a function exited, with"),
        ("leaves:f", 2, "leaves cannot be imported: SystemExit: 3"),
        ("mine:interrupts", 130, "interrupted"),
        ("mine:breaks_a_pipe", 2, "BrokenPipeError: [Errno 32] Broken pipe (line 15 of"),
        ("mine:fails", 2, "ZeroDivisionError: mine (line 21 of fails in mine.py, "),
        ("mine:speaks_at_length", 2, "ValueError: first second more more"),
        ("mine:deep", 2, "(line 18 of deep in mine.py"),
    ],
)
def test_what_a_users_function_raises_is_one_line(
    ran: Any, place: tuple[str, ...], name: str, status: int, words: str
) -> None:
    ended = ran(*(part.format(name) for part in place))
    assert (ended.status, ended.out) == (status, "")
    assert len(ended.err) < 800
    assert ended.err.startswith("adviz: ") and ended.err.count("\n") == 1 and words in ended.err


def test_an_interrupt_leaves_no_file(ran: Any, tmp_path: Path) -> None:
    before = {*tmp_path.iterdir()}
    assert ran("animate", "mine:interrupts", "--at", "x=1", "-o", "f.html").status == 130
    assert {path for path in tmp_path.iterdir() if path.name != "__pycache__"} == before


COMMANDS = {
    "draw x*y --at x=1,y=2": "--mode --direction --output --of --wrt --digits --theme --flow --at",
    "animate x*y --at x=1,y=2": "--mode --direction --output --of --wrt --digits --theme --flow "
    "--at",
    "table x*y --at x=1,y=2": "--mode --direction --output --of --wrt --digits --format --at",
    "derive x*y": "--wrt --of --kind --language --output",
    "check x*y -n 1": "--at --points --range --seed --wrt --gradient --hessian --hvp --order "
    "--output",
    "compare x*y": "--at --of --wrt --format --output",
    "align x*y": "--wrt --format --output",
    "step-errors x*x --at x=1": "--at --of --wrt --format --output",
    "lost-digits x*x -r x=1:2 -n 2": "--at --of --range --points --format --output",
    "taylor x*x --at x=1": "--at --direction --order --of --digits --format --output",
    "checkpoint x*y -c 1": "--snapshots --schedule --format --output",
    "broken overwrite": "--at --theme --output",
    "eliminate x*y --at x=1,y=2": "--at --order --format --of --wrt --digits --output",
    "paths x*y --at x=1,y=2": "--at --format --of --wrt --digits --output",
}
NASTY = (
    *("", "   ", "\n", "-1", "--", "0", "1e999", "nan", "inf", "x=", "=3", "x=1=2", "x=1,x=2"),
    *("nope", "@file", ".", "/", ".json", "nothing.json", "x=1e999", "x=nan", "x = 1", "x=１"),
    *("x=:", "x=1:0", "x=nan:1", "a:b", "math:", ":sin", "lambda", "__import__('os')", "\udcff"),
    *("{", "{}", "[1]", "[[", '{"x": 3}', "('x',)", "x" * 5000, "𝔵́"),
)
ASKED = [
    (command, option) for command, options in COMMANDS.items() for option in ["", *options.split()]
]


@pytest.mark.parametrize(
    ("command", "option", "turn"), [(*asked, turn) for turn, asked in enumerate(ASKED)]
)
def test_whatever_is_typed_is_used_or_refused(
    ran: Any, command: str, option: str, turn: int
) -> None:
    verb, subject, *more = command.split()
    for value in NASTY[turn % 6 :: 6]:  # every option a sixth, every verb and most kinds all
        typed = [verb, subject, *more, option, value] if option else [verb, value, *more]
        ended = ran(*typed)
        assert ended.status in (0, 1, 2), (typed, ended)
        assert ended.status != 2 or ended.err.strip(), typed
        assert "Traceback" not in ended.err and " (line " not in ended.err, (typed, ended.err)


# --- a broken world around it --------------------------------------------------------------------

FULL = "adviz: cannot write to standard output: No space left on device\n"
CLOSED = "adviz: cannot write to standard output: Bad file descriptor\n"
SURROUNDINGS = [
    ("derive 'x*x' > /dev/full", 2, FULL),
    ("table x --at x=1 > /dev/full", 2, FULL),
    ("check x --at x=1 --json > /dev/full", 2, FULL),
    ("broken > /dev/full", 2, FULL),
    (
        "table x --at x=1 -o /dev/full",
        2,
        "adviz: cannot write a table as a file without a suffix; use .csv, .html, .json, .md, "
        ".tex, .txt\n",
    ),
    ("--help > /dev/full", 2, FULL),
    ("--version > /dev/full", 2, FULL),
    ("derive 'x*x' >&-", 2, CLOSED),
    ("derive --help >&-", 2, CLOSED),
    ("draw x 2>&-", 0, ""),
    ("draw x 2> /dev/full", 0, ""),
    ("derive 'x^x' 2> /dev/full", 2, ""),
    ("derive 'x^x' >&- 2>&-", 2, ""),
    ("derive - <&-", 2, "adviz: there is no standard input to read a formula from\n"),
    ("broken | head -1", 0, ""),
    ("broken | true", 0, ""),
    ("check x --at x=1 -g 2 | true", 1, ""),
    ("derive x | head -c 0", 0, ""),
]


def shell(line: str, folder: Path, **environment: str | None) -> Ended:
    """Run a command in a shell; `adviz` in it is this one."""
    command = f"{shlex.quote(sys.executable)} -m adviz {line}"
    surroundings = {**os.environ, "PYTHONPATH": str(Path(adviz.__file__).parents[1]), **environment}
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        capture_output=True,
        cwd=folder,
        env={name: value for name, value in surroundings.items() if value is not None},
    )
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.mark.skipif(os.name == "nt", reason="a POSIX shell breaks the streams")
@pytest.mark.parametrize(("line", "status", "err"), SURROUNDINGS)
def test_a_broken_stream_is_one_line_or_none(
    line: str, status: int, err: str, tmp_path: Path
) -> None:
    ended = shell(line, tmp_path)
    assert (ended.status, ended.err) == (status, err)


@pytest.mark.skipif(os.name == "nt", reason="a POSIX shell breaks the streams")
@pytest.mark.parametrize(
    "environment",
    [
        {"HOME": None},
        {"HOME": "/proc"},
        {"TERM": "dumb"},
        {"TERM": None},
        {"NO_COLOR": "1"},
        {"COLUMNS": "20"},
        {"COLUMNS": "0"},
        {"COLUMNS": "wide"},
    ],
    ids=str,
)
def test_strange_surroundings_change_no_result(
    environment: dict[str, str | None], tmp_path: Path
) -> None:
    ended = shell("table 'x*x' --at x=3", tmp_path, **environment)
    assert (ended.status, ended.err) == (0, "")
    assert ended.out == f"{adviz.table(adviz.reverse('x*x', at={'x': 3}))}\n"


@pytest.mark.skipif(os.name == "nt", reason="a folder in use cannot be deleted")
@pytest.mark.parametrize(
    ("line", "status", "words"),
    [
        ("table math:sin --at x=0 -f markdown", 0, ""),
        ("table mine:f --at x=0", 2, "there is no module 'mine' in the current folder"),
        ("draw x", 2, "cannot write graph.svg: No such file or directory"),
    ],
)
def test_a_folder_that_was_deleted_is_no_traceback(
    line: str, status: int, words: str, tmp_path: Path
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    deleted = f"rmdir {shlex.quote(str(gone))} && {shlex.quote(sys.executable)} -m adviz {line}"
    done = subprocess.run(
        ["bash", "-c", deleted],
        capture_output=True,
        text=True,
        cwd=gone,
        env={**os.environ, "PYTHONPATH": str(Path(adviz.__file__).parents[1])},
    )
    assert done.returncode == status and words in done.stderr and "Traceback" not in done.stderr


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    ended = shell("draw x -o /proc/graph.svg", tmp_path)
    assert ended.status == 2 and ended.err.startswith("adviz: cannot write /proc/graph.svg: ")
    assert ended.err.count("\n") == 1


def test_standard_input_is_utf_8_or_an_error(tmp_path: Path) -> None:
    (tmp_path / "bytes").write_bytes(b"x + \xff")
    (tmp_path / "text").write_text("θ*θ\r\n", "utf-8")
    words = "adviz: standard input is not text in UTF-8: byte 0xff at offset 4\n"
    assert shell("derive - < bytes", tmp_path) == (2, "", words)
    assert "df/dtheta = 2*theta" in shell("derive - < text", tmp_path, PYTHONIOENCODING="ascii").out
