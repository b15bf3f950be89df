"""The command `family`: tables, data and figures of what grows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_cli import run

OWN = "def squares(n):\n    return ' + '.join(f'x{k}**2' for k in range(n))\n"


def test_a_family_is_printed_as_a_table() -> None:
    done = run("family", "speelpenning", "--sizes", "2..4")
    cells = [line.split() for line in done.stdout.splitlines() if line.startswith("|")]
    assert [(row[1], row[-2]) for row in cells[2:]] == [("2", "1"), ("3", "2"), ("4", "3")]
    assert done.stdout.startswith("Speelpenning's product: size of the derivatives\n")


def test_a_family_is_printed_as_data(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(OWN, "utf-8")
    done = run("family", "mine:squares", "-n", "2,3", "--json", folder=tmp_path)
    rows = json.loads(done.stdout)["rows"]
    assert {(row["size"], row["inputs"]) for row in rows} == {(2, 2), (3, 3)}


@pytest.mark.parametrize(("suffix", "head"), [("csv", b"curve,"), ("pdf", b"%PDF"), ("svg", b"<?")])
def test_a_figure_is_written(suffix: str, head: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"f.{suffix}"
    done = run("family", "logistic", "-n", "2..3", "-f", "costs", "-o", str(path))
    assert (done.returncode, done.stderr) == (0, f"wrote {path}\n")
    assert path.read_bytes().startswith(head)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("logistic", "-n", "2-5"), "'2-5' is not of the form 2..10 or 2,4,8"),
        (("logistics",), "there is no family 'logistics'; families are speelpenning, "),
        (("logistic", "-n", "5..2"), "sizes = range(5, 3); it is 1 to 1000 whole numbers"),
        (("logistic", "-o", "f.gif"), "cannot write a figure as .gif; use .csv, .html, .json, "),
    ],
)
def test_what_is_wrong_is_one_line(arguments: tuple[str, ...], words: str) -> None:
    done = run("family", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr and done.stderr.count("\n") == 1
