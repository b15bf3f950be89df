"""The command line: what it prints, what it writes, and its exit statuses."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from PIL import Image
from typer.testing import CliRunner

import adviz
from adviz import cli
from adviz.cli import app
from adviz.render import Noun, known, suffixes

RUNNING = "(x + y)*(x - y)"


def run(
    *arguments: str, folder: Path | None = None, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run the command line in this process; another would be busy with imports."""
    written = io.BytesIO(), io.BytesIO()
    out, err = (io.TextIOWrapper(stream, "utf-8", write_through=True) for stream in written)
    typed = io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8")
    replaced: dict[str, object] = {"argv": ["adviz", *arguments], "path": [*sys.path]}
    replaced |= {"stdin": typed, "stdout": out, "stderr": err}
    for own in folder.glob("*.py") if folder else ():
        sys.modules.pop(own.stem, None)
    with (
        patch.dict(vars(sys), replaced),
        patch.dict(os.environ, COLUMNS="100"),
        contextlib.chdir(folder or "."),
        pytest.raises(SystemExit) as ended,
    ):
        cli.main()
    said = (stream.getvalue().decode() for stream in written)
    return subprocess.CompletedProcess(arguments, int(ended.value.code or 0), *said)


def run_apart(
    *arguments: str, folder: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "adviz", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=folder,
        env={**os.environ, "COLUMNS": "100", **environment},
    )


def test_version_is_printed() -> None:
    assert run_apart("--version").stdout == f"adviz {adviz.__version__}\n"


def test_a_word_that_an_option_does_not_know_is_answered_with_those_it_does() -> None:
    said = run("animate", "x*y", "--at", "x=3,y=2", "-m", "backward").stderr
    assert "'--mode' / '-m': 'backward' is not one of 'evaluate', 'forward', 'reverse'" in said


@pytest.mark.parametrize(
    "verb",
    [
        "draw",
        "animate",
        "table",
        "taylor",
        "derive",
        "check",
        "checkpoint",
        "compare",
        "eliminate",
        "paths",
        "align",
        "step-errors",
        "lost-digits",
    ],
)
def test_every_verb_has_a_help_text_with_its_options(verb: str) -> None:
    done = run(verb, "--help")
    assert done.returncode == 0 and "FORMULA" in done.stdout
    assert all(option in done.stdout for option in ("--help",))


@pytest.mark.parametrize(("verb", "noun"), [("draw", "drawing"), ("animate", "animation")])
def test_help_names_every_format(verb: str, noun: Noun) -> None:
    shown = " ".join(run(verb, "--help").stdout.split())
    assert f"The suffix of --output chooses the format: {known(noun)}" in shown
    assert len(known(noun).split(", ")) == len(suffixes(noun))


@pytest.mark.parametrize("verb", ["draw", "animate"])
def test_a_suffix_that_there_is_not_is_refused_before_the_work(
    verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adviz.cli.arguments.graph_of", lambda _: pytest.fail("it was read"))
    done = CliRunner().invoke(app, [verb, "x*y", "--at", "x=1,y=2", "-o", "f.mp3"])
    nouns: dict[str, Noun] = {"draw": "drawing", "animate": "animation"}
    assert done.exit_code == 2
    assert f"as .mp3; use {known(nouns[verb])}" in " ".join(done.stderr.split())


def test_help_names_the_verbs_and_a_first_step() -> None:
    shown = run("--help").stdout
    for word in (
        "draw",
        "animate",
        "table",
        "taylor",
        "derive",
        "check",
        "checkpoint",
        "compare",
        "eliminate",
        "family",
        "paths",
        "align",
        "step-errors",
        "lost-digits",
        "broken",
        "--at x=3,y=2",
    ):
        assert word in shown


def test_table_prints_the_trace() -> None:
    lines = run("table", RUNNING, "--at", "x=3,y=2").stdout.splitlines()
    assert any(line.split() == ["x", "input", "3", "6", "5", "+", "1"] for line in lines)


def test_table_prints_json_and_latex_and_writes_files(tmp_path: Path) -> None:
    rows = json.loads(run("table", RUNNING, "--at", "x=3,y=2", "-m", "both", "--json").stdout)
    assert rows[0] == {
        "node": "x",
        "formula": "input",
        "value": 3.0,
        "tangent": 1.0,
        "adjoint": 6.0,
    }
    assert "\\begin{tabular}" in run("table", RUNNING, "--at", "x=3,y=2", "-f", "latex").stdout
    run("table", RUNNING, "--at", "x=3,y=2", "-o", "t.html", folder=tmp_path)
    assert '<table class="trace">' in (tmp_path / "t.html").read_text("utf-8")


def test_derive_shows_the_symbolic_derivative_and_the_program() -> None:
    shown = run("derive", RUNNING).stdout
    assert "df/dx = 2*x" in shown and '"df/dx": _1 + _2' in shown
    data = json.loads(run("derive", RUNNING, "--wrt", "y", "--json").stdout)
    assert data["symbolic"] == {"df/dy": "-2*y"}


def test_derive_prints_the_program_that_runs() -> None:
    shown = run("derive", RUNNING, "--program").stdout
    assert shown.startswith("def gradient(x, y):")
    assert "    df_dy = v2 - v1\n" in shown
    assert "def hessian(x, y):" in run("derive", RUNNING, "-p", "--kind", "hessian").stdout
    assert "df_dx" not in run("derive", RUNNING, "-p", "--wrt", "y").stdout


def test_derive_takes_every_wish_for_a_program_as_one(tmp_path: Path) -> None:
    assert run("derive", RUNNING, "-k", "hessian").stdout.startswith("def hessian(x, y):")
    assert "void gradient(" in run("derive", RUNNING, "-l", "c").stdout
    data = json.loads(run("derive", RUNNING, "-p", "--json").stdout)
    assert data["program"].startswith("def gradient(x, y):")
    steps = run("derive", RUNNING, "--steps").stdout
    assert "    x_bar += v1_bar  # from v1\n" in steps
    run("derive", RUNNING, "--steps", "-o", "steps.py", folder=tmp_path)
    assert (tmp_path / "steps.py").read_text("utf-8") == steps
    assert run("derive", RUNNING, "--steps", "-l", "c").returncode == 2


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("g.py", "def gradient(x, y):"),
        ("g.js", "export function gradient(x, y)"),
        ("g.c", "void gradient(double x, double y"),
    ],
)
def test_derive_writes_the_program_in_the_language_of_the_file(
    name: str, words: str, tmp_path: Path
) -> None:
    run("derive", RUNNING, "-o", name, folder=tmp_path)
    assert words in (tmp_path / name).read_text("utf-8")
    printed = run("derive", RUNNING, "-p", "--language", name.partition(".")[2]).stdout
    assert printed == (tmp_path / name).read_text("utf-8")


def test_derive_of_something_huge_still_gives_the_program() -> None:
    text = "; ".join(["v0 = x", *(f"v{i} = sin(v{i - 1})*v{i - 1}" for i in range(1, 40)), "v39"])
    done = run("derive", text)
    assert done.returncode == 0
    assert "use symbolic(g, form='assignments')" in done.stdout


def test_check_is_content_with_right_derivatives() -> None:
    done = run("check", RUNNING, "--at", "x=3,y=2")
    assert done.returncode == 0
    assert "all 2 derivatives agree at x = 3, y = 2" in done.stdout


def test_check_exits_with_1_only_when_wrong(tmp_path: Path) -> None:
    bad = adviz.primitive("bad_sin", "sin(x)", partials="1.01*cos(x)")
    adviz.save(adviz.build("bad_sin(x)", functions=[bad]), tmp_path / "bad.json")
    done = run("check", "bad.json", "--json", folder=tmp_path)
    assert done.returncode == 1
    assert json.loads(done.stdout)["verdict"] == "wrong rule"


@pytest.mark.parametrize(("more", "status"), [((), 0), (("--strict",), 1)])
def test_check_is_strict_about_lost_digits_only_where_asked(
    more: tuple[str, ...], status: int
) -> None:
    done = run("check", "(1 - cos(x))/x**2", "--at", "x=1e-6", *more)
    assert done.returncode == status
    assert "ill-conditioned: df/dx" in done.stdout and "v2 = 1 - cos(x)" in done.stdout


def test_check_draws_points_from_ranges() -> None:
    done = run(
        "check", "log(x)*y", "-r", "x=1:2", "-r", "y=3:4", "-n", "3", "--seed", "7", "--json"
    )
    data = json.loads(done.stdout)
    assert data["seed"] == 7 and len(data["points"]) == 3
    assert all(1 <= p["x"] <= 2 and 3 <= p["y"] <= 4 for p in data["points"])


def test_check_probes_kinks_where_asked() -> None:
    data = json.loads(run("check", "abs(x)", "--near-kinks", "-n", "9", "--json").stdout)
    assert len(data["points"]) > 9 and data["verdict"] == "not differentiable"


MODULE = """
def f(x, y):
    return x**2 - y**2

def right(x, y):
    return 2*x, -2*y

def wrong(x, y):
    return {"x": 2*x, "y": 2*y}

def fails(x, y):
    raise ZeroDivisionError("mine")

number = 3
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mine.py").write_text(MODULE)
    (tmp_path / "broken.py").write_text("import nothing_like_this")
    return tmp_path


@pytest.mark.parametrize("formula", ["x**2 - y**2", "mine:f"])
@pytest.mark.parametrize(
    ("gradient", "status"),
    [
        ("mine:right", 0),
        ("mine:wrong", 1),
        ('{"x": "2*x", "y": "-2*y"}', 0),
        ("{'x': '2*x', 'y': '2*y'}", 1),
        ('["2*x", "-2*y"]', 0),
    ],
)
def test_check_judges_a_gradient(formula: str, gradient: str, status: int, folder: Path) -> None:
    done = run("check", formula, "-g", gradient, "-n", "2", folder=folder)
    assert done.returncode == status, done.stderr
    assert ("df/dy in the given gradient" in done.stdout) is (status == 1)


def test_check_judges_a_formula_as_the_gradient_of_one_input() -> None:
    assert run("check", "x*x", "-g", "2*x", "-n", "2").returncode == 0
    assert run("check", "x*x", "-g", "3*x", "-n", "2").returncode == 1


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("--order", "2"), 0, "all 2 derivatives agree"),
        (("--hessian", "6*x"), 0, "d2f/dx2 agrees"),
        (("--hessian", "6.1*x"), 1, "d2f/dx2 in the given Hessian is 12.2 at x = 2, not 12"),
        (("--hvp", "6*x*x_dot"), 0, "d2f/dx2 agrees"),
        (("--hvp", "x_dot"), 1, "in the given Hessian-vector product is 1 at x = 2, not 12"),
    ],
)
def test_check_judges_second_derivatives(
    arguments: tuple[str, ...], status: int, words: str
) -> None:
    done = run("check", "x**3", "--at", "x=2", *arguments)
    assert (done.returncode, words in done.stdout) == (status, True)


@pytest.mark.parametrize("suffix", ["html", "json", "txt"])
def test_check_writes_its_report(suffix: str, tmp_path: Path) -> None:
    done = run("check", "x*x", "-n", "2", "-o", f"r.{suffix}", folder=tmp_path)
    assert done.returncode == 0 and f"wrote r.{suffix}" in done.stderr
    assert "df/dx" in (tmp_path / f"r.{suffix}").read_text(encoding="utf-8")
    assert "df/dx agrees at 2 points" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nowhere:f",), "there is no module 'nowhere' in the current folder"),
        (("mine:g",), "the module mine has no 'g'"),
        (("mine:number",), "mine:number is not a function but int: 3"),
        (("broken:f",), "broken cannot be imported: No module named 'nothing_like_this'"),
        (("x", "-g", "mine:g"), "the module mine has no 'g'"),
        (("x*y", "-g", '{"x": "y"}'), "the gradient has nothing for the input 'y'"),
        (("x", "-o", "report.pdf"), "cannot write a report as .pdf; use .html, .json, .txt"),
        (("x", "-g", "(x"), "("),
    ],
)
def test_what_check_cannot_use_is_one_error_and_exit_status_2(
    arguments: tuple[str, ...], words: str, folder: Path
) -> None:
    done = run("check", *arguments, folder=folder)
    assert done.returncode == 2 and words in done.stderr and "Traceback" not in done.stderr


def test_an_error_of_the_users_function_is_shown_and_is_no_wrong_derivative(folder: Path) -> None:
    done = run("check", "x*y", "-g", "mine:fails", folder=folder)
    assert done.returncode == 2 and "ZeroDivisionError: mine" in done.stderr


def test_a_function_may_be_drawn_too(folder: Path) -> None:
    done = run("table", "mine:f", "--at", "x=3,y=2", "--json", folder=folder)
    assert [row["adjoint"] for row in json.loads(done.stdout)][:2] == [6, -4]


@pytest.mark.parametrize("suffix", ["svg", "png", "pdf", "dot", "mmd", "json", "graphml"])
def test_draw_writes_every_format(suffix: str, tmp_path: Path) -> None:
    done = run("draw", RUNNING, "--at", "x=3,y=2", "-o", f"g.{suffix}", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / f"g.{suffix}").stat().st_size > 100


@pytest.mark.parametrize("suffix", ["html", "svg", "json"])
def test_animate_writes_every_format(suffix: str, tmp_path: Path) -> None:
    done = run(
        "animate", RUNNING, "--at", "x=3,y=2", "-m", "both", "-o", f"f.{suffix}", folder=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / f"f.{suffix}").stat().st_size > 100


def test_a_film_in_frames_is_written_as_it_is_asked_for(tmp_path: Path) -> None:
    asked = ("--size", "400x300", "--steps", "2-4", "--seconds", "2", "--no-loop")
    looks = ("--font-size", "11", "--show", "names,values,narration", "--theme", "print")
    point = ("animate", RUNNING, "--at", "x=3,y=2")
    done = run(*point, "-o", "f.gif", *asked, *looks, folder=tmp_path)
    assert done.returncode == 0 and done.stderr == "wrote f.gif\n"
    with Image.open(tmp_path / "f.gif") as film:
        assert film.size == (400, 300) and film.info["duration"] == 2000
        assert "loop" not in film.info
    done = run(*point, "-o", "steps/", "--size", "400x300", "--steps", "7", folder=tmp_path)
    assert done.returncode == 0 and done.stderr == "wrote steps\n"
    assert [file.name for file in (tmp_path / "steps").iterdir()] == ["007.png"]


def test_slides_of_latex_are_written_as_they_are_asked_for(tmp_path: Path) -> None:
    asked = ("--standalone", "--aspect", "4:3", "--style", "textbook", "--width", "9cm")
    done = run("animate", "x*y", "--at", "x=3,y=2", "-o", "f.beamer.tex", *asked, folder=tmp_path)
    assert done.returncode == 0 and done.stderr == "wrote f.beamer.tex\n"
    film = adviz.animate(adviz.reverse("x*y", {"x": 3, "y": 2}))
    looks: dict[str, Any] = {"aspect": "4:3", "style": "textbook", "width": "9cm"}
    film.save(tmp_path / "g.beamer.tex", standalone=True, **looks)
    assert (tmp_path / "f.beamer.tex").read_text() == (tmp_path / "g.beamer.tex").read_text()
    done = run("draw", "x*y", "-o", "g.tex", "--standalone", folder=tmp_path)
    assert done.returncode == 0 and r"\documentclass" in (tmp_path / "g.tex").read_text()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--steps", "all"), "--steps all are no steps; write the first and the last: --steps 3-9"),
        (("--size", "big"), "size = 'big'; it is (width, height) in pixels"),
        (("--show", "all"), "show has no 'all'; it takes statements, table, narration"),
        (("--width", "9cm"), ".gif has no option 'width'; it has theme, size, font_size"),
    ],
)
def test_a_film_that_cannot_be_is_refused(
    options: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    done = run("animate", RUNNING, "--at", "x=3,y=2", "-o", "f.gif", *options, folder=tmp_path)
    assert done.returncode == 2 and words in done.stderr and not list(tmp_path.iterdir())


def test_a_formula_comes_from_standard_input_or_a_saved_graph(tmp_path: Path) -> None:
    assert "2*x" in run("derive", "-", stdin="x*x\n").stdout
    adviz.save(adviz.build("x*x"), tmp_path / "g.json")
    assert "2*x" in run("derive", "g.json", folder=tmp_path).stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("table", "x^2", "--at", "x=1"), "for a power write x**2"),
        (("table", "log(x)", "--at", "x=-1"), "log is undefined at -1.0"),
        (("table", "x", "--at", "x"), "'x' is not of the form x=3"),
        (("table", "x", "--at", "x=1,x=2"), "x is given twice"),
        (("table", "{'p': x, 'q': 2*x}", "--at", "x=1"), "say which with --of"),
        (("table", "x", "--at", "x=one"), "'one' in 'x=one' is not a number"),
        (("table", "x", "--at", "x=1e400"), "'1e400' in 'x=1e400' is too large for floating point"),
        (("table", "x", "--at", f"x={'9' * 5000}"), f"'{'9' * 39}… in 'x={'9' * 37}… is too large"),
        (("check", "x", "-r", "x=0:1e400"), "'1e400' in 'x=0:1e400' is too large"),
        (("table", "x + y", "--at", "x=1"), "the point gives no value for y"),
        (("check", "x", "-r", "x=1"), "'x=1' is not a range of the form x=0:1"),
        (("draw", "x", "-o", "x.docx"), "docx"),
        (("draw", "x", "-o", "missing/x.svg"), "cannot write missing/x.svg"),
        (("draw", "nothing.json"), "nothing.json"),
        (("taylor", "x", "--at", "x=1", "-o", "x.docx"), "docx"),
        (("taylor", "sqrt(x)", "--at", "x=0"), "no finite Taylor coefficient of order 1"),
        (("table", "x*y", "--at", "x=1", "-m", "second-order"), "gives no value for y"),
    ],
)
def test_bad_input_is_one_error_and_exit_status_2(
    arguments: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    done = run(*arguments, folder=tmp_path)
    assert done.returncode == 2
    assert words in done.stderr and "Traceback" not in done.stderr
    assert done.stdout == "" and not list(tmp_path.iterdir())


WRITING = f"""
import sys
from adviz.cli import app
for suffix in ("svg", "pdf", "png", "html"):
    verb = "animate" if suffix == "html" else "draw"
    output = f"{{sys.argv[1]}}.{{suffix}}"
    app([verb, "{RUNNING}", "--at", "x=3,y=2", "-o", output], standalone_mode=False)
"""


def test_the_same_calls_write_the_same_bytes_with_another_hash_seed(tmp_path: Path) -> None:
    for seed in ("0", "1"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", WRITING, seed]
        subprocess.run(command, check=True, capture_output=True, cwd=tmp_path, env=environment)
    for suffix in ("svg", "pdf", "png", "html"):
        assert (tmp_path / f"0.{suffix}").read_bytes() == (tmp_path / f"1.{suffix}").read_bytes()


def test_a_formula_may_begin_with_a_minus() -> None:
    assert "-2*x" in run("derive", "-x*x").stdout
    assert run("table", "-log(x) + 1", "--at", "x=1").returncode == 0


def test_an_output_and_the_inputs_can_be_chosen() -> None:
    of = run("table", "{'p': x*y, 'q': x + y}", "--at", "x=2,y=3", "--of", "p", "--json").stdout
    assert [row["adjoint"] for row in json.loads(of)][:2] == [3, 2]
    assert run("table", "x**y", "--at", "x=-2,y=3", "--wrt", "x").returncode == 0


def test_a_forward_direction_that_was_not_chosen_is_said() -> None:
    done = run("table", RUNNING, "--at", "x=3,y=2", "-m", "forward")
    assert "forward in the direction of x; choose with -d" in done.stderr


def test_eliminate_prints_a_table_and_data_and_writes_films_and_pictures(tmp_path: Path) -> None:
    asked = ("eliminate", RUNNING, "--at", "x=3,y=2", "--order")
    lines = run(*asked, "v2,v1").stdout.splitlines()
    assert lines[0].startswith("given order: 4 multiplications (4 by ±1), 2 additions")
    assert ["total", "4", "4", "2", "2"] in map(str.split, lines)
    data = json.loads(run(*asked, "optimal", "--json").stdout)
    assert data["jacobian"] == {"f": {"x": 6.0, "y": -4.0}} and data["multiplications"] == 4
    assert run(*asked, "reverse", "-f", "latex").stdout.startswith(r"\begin{tabular}{llllrrrr}")
    for name, start in (("film.html", b"<!DOCTYPE html>"), ("graph.png", b"\x89PNG")):
        assert run(*asked, "forward", "-o", name, folder=tmp_path).returncode == 0
        assert (tmp_path / name).read_bytes().startswith(start)


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ("backward", "order = 'backward'; it is 'forward', 'reverse', 'markowitz', 'optimal', or"),
        ("v1,x", "order: 'x' is no vertex to eliminate; each of v1, v2 is eliminated once"),
    ],
)
def test_eliminate_refuses_an_order_that_is_none(order: str, said: str) -> None:
    done = run("eliminate", RUNNING, "--at", "x=3,y=2", "--order", order)
    assert done.returncode == 2 and said in done.stderr


def test_taylor_prints_a_column_an_order_or_writes_the_film(tmp_path: Path) -> None:
    asked = ("taylor", "exp(x)*y", "--at", "x=0,y=1", "-d", "x=1,y=1", "--order", "2")
    rows = [line.split() for line in run(*asked).stdout.splitlines()]
    assert ["v₂", "v₁", "×", "y", "1", "2", "1.5"] in rows
    done = run(*asked, "-o", "film.html", folder=tmp_path)
    assert done.returncode == 0 and done.stdout == ""
    assert "Order 2" in (tmp_path / "film.html").read_text("utf-8")
    data = json.loads(run("taylor", "1/x", "--at", "x=1", "--order", "3", "--json").stdout)
    assert data["coefficients"] == [1.0, -1.0, 1.0, -1.0]
    exact = run("taylor", "exp(x)", "--at", "x=1", "--digits", "30", "-f", "markdown").stdout
    assert "order 4" in exact


def test_a_hessian_vector_product_is_a_mode(tmp_path: Path) -> None:
    point = ("--at", "x=3,y=2", "-m", "second-order", "-d", "x")
    rows = json.loads(run("table", "x**2*y", *point, "--json").stdout)
    assert [row["adjoint tangent"] for row in rows[:2]] == [4.0, 6.0]
    run("animate", "x**2*y", *point, "-o", "film.html", folder=tmp_path)
    assert "Tangents of adjoints" in (tmp_path / "film.html").read_text("utf-8")


def test_checkpoint_prints_a_table_and_data_and_writes_films_and_pictures(tmp_path: Path) -> None:
    asked = ("checkpoint", "--steps", "10", "--snapshots", "3")
    lines = run(*asked).stdout.splitlines()
    assert lines[0] == (
        "binomial: 10 steps, 3 snapshots, 15 advances, no step more than twice; 5 live values"
    )
    assert ["advance", "0", "→", "4", "1", "3"] in map(str.split, lines)
    assert "0 -> 4" in run(*asked, "-f", "ascii").stdout
    assert json.loads(run(*asked, "--json").stdout)["advances"] == 15
    chain = "a = c*x*(1 - x); b = c*a*(1 - a); c*b*(1 - b)"
    assert "all: 3 steps" in run("checkpoint", chain, "--schedule", "all").stdout
    for name, start in (("film.html", b"<!DOCTYPE html>"), ("diagram.png", b"\x89PNG")):
        assert run(*asked, "-o", name, folder=tmp_path).returncode == 0
        assert (tmp_path / name).read_bytes().startswith(start)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("x*y", "--steps", "3"), "checkpoint takes a formula, or --steps and how many there are"),
        (("--steps", "3"), "schedule='binomial' is told how many states may be kept; give snap"),
        (("--steps", "0", "-c", "1"), "steps = 0 must be a whole number from 1 to 10000"),
        (("--steps", "9", "-s", "log"), "schedule = 'log'; it is one of 'all', 'sqrt', 'binomial'"),
    ],
)
def test_checkpoint_refuses_what_is_no_plan(asked: tuple[str, ...], said: str) -> None:
    done = run("checkpoint", *asked)
    assert done.returncode == 2 and said in done.stderr


def test_broken_lists_the_faults_and_writes_a_page(tmp_path: Path) -> None:
    listed = run("broken").stdout.splitlines()
    assert listed[0] == "overwrite: an adjoint is overwritten instead of added up (= for +=)"
    done = run(
        "broken", "overwrite", "x*x*y + x", "--at", "x=2,y=3", "-o", "b.html", folder=tmp_path
    )
    assert (done.returncode, done.stderr) == (0, "wrote b.html\n")
    page = (tmp_path / "b.html").read_text("utf-8")
    assert page.count('class="adviz-graph"') == 2 and "should be 13" in page


def test_a_comparison_is_printed_given_as_data_and_written(tmp_path: Path) -> None:
    text = run("compare", "sin(x)*y", "--at", "x=1,y=2").stdout
    assert text.startswith("f(x, y) = sin(x)*y, differentiated by x, y at x = 1, y = 2\n")
    assert "\nderivative graph " in text
    data = json.loads(
        run("compare", "sin(x)*y", "--wrt", "x", "--times", "--at", "x=1,y=2", "--json").stdout
    )
    assert data["wrt"] == ["x"] and all(row["time"] for row in data["rows"])
    done = run("compare", "sin(x)*y", "-o", "c.md", folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "wrote c.md\n")
    assert (tmp_path / "c.md").read_text("utf-8").startswith("| way ")
    refused = run("compare", "sin(x)*y", "-o", "c.doc", folder=tmp_path)
    assert (refused.returncode, [*tmp_path.glob("c.*")]) == (2, [tmp_path / "c.md"])
    assert refused.stderr == (
        "adviz: cannot write a comparison as .doc; use .csv, .html, .json, .md, .pdf, .png, .svg, "
        ".tex, .txt\n"
    )


def test_an_unknown_fault_is_one_clear_line() -> None:
    done = run("broken", "nope")
    assert done.returncode == 2
    assert done.stderr.startswith("adviz: there is no fault 'nope'; there are overwrite, early, ")


def test_a_slice_is_drawn(tmp_path: Path) -> None:
    formula = ("a = x*y; b = sin(a); c = exp(b); c + a", "--around", "b", "--depth", "1")
    done = run("draw", *formula, "-o", "g.svg", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "g.svg").read_text("utf-8").count('class="node ') == 3
    done = run("draw", "x*y", "--around", "q", folder=tmp_path)
    assert done.returncode == 2 and "around = 'q': no node is called that" in done.stderr


def test_a_picture_runs_as_asked(tmp_path: Path) -> None:
    sizes = {}
    for flow in ("LR", "TB"):
        run("draw", RUNNING, "--flow", flow, "-o", f"{flow}.svg", folder=tmp_path)
        _, _, box = (tmp_path / f"{flow}.svg").read_text("utf-8").partition('viewBox="0 0 ')
        sizes[flow] = [float(side) for side in box.partition('"')[0].split()]
    assert sizes["LR"][0] > sizes["TB"][0] and sizes["LR"][1] < sizes["TB"][1]


def test_a_direction_that_there_is_not_is_refused(tmp_path: Path) -> None:
    done = run("draw", RUNNING, "--flow", "RL", folder=tmp_path)
    assert done.returncode == 2 and "'RL'" in done.stderr and "'TB'" in done.stderr
