"""Every noun that is a table of numbers, in every form: one law for each form."""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Callable
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import adviz
from adviz.calculus.taylor import FORMS as TAYLOR
from adviz.checking.exercise.exercise import FORMS as EXERCISE
from adviz.checking.exercise.marks import FORMS as MARKS
from adviz.cli import app
from adviz.cli.arguments import numbers
from adviz.comparison.alignment.alignment import FORMS as ALIGNMENT
from adviz.comparison.checkpointing.schedule import FORMS as SCHEDULE
from adviz.comparison.comparison import FORMS as COMPARISON
from adviz.comparison.descent.descent import FORMS as DESCENT
from adviz.comparison.elimination.elimination import FORMS as ELIMINATION
from adviz.comparison.families import FORMS as FAMILY
from adviz.comparison.figures.chart import FORMS as CHART
from adviz.comparison.paths.paths import FORMS as PATHS
from adviz.errors import FormatError
from adviz.language.forms import PICTURE, TABLE, Forms
from adviz.modes.sparsity.pattern import FORMS as PATTERN
from adviz.scene.table import FORMS as TABLES

RUNNING = "(x_1 + y)*(x_1 - y)"
AT = {"x_1": 1 / 3, "y": 0.1}
CHAIN = "+".join(f"x_{k}*x_{k + 1}" for k in range(41))

# One line for each noun: what it is, how it is written, one of it, and a number that is in it.
NOUNS: dict[str, tuple[Forms, Callable[[], Any], object]] = {
    "alignment": (ALIGNMENT, lambda: adviz.align(RUNNING), "symbolic"),
    "comparison": (COMPARISON, lambda: adviz.compare(RUNNING, AT), 1 / 3),
    "descent": (
        DESCENT,
        lambda: adviz.descend("(x_1 - y)**2", AT, rate=0.1, steps=30),
        (1 / 3 - 0.1) ** 2,
    ),
    "elimination": (ELIMINATION, lambda: adviz.eliminate(RUNNING, AT), 2 / 3),
    "family": (FAMILY, lambda: adviz.compare_family("speelpenning", [2, 8]), 8),
    "figure": (CHART, lambda: adviz.step_errors("1/x", {"x": 0.1}, steps=[1 / 3]), 1 / 3),
    "marks": (
        MARKS,
        lambda: adviz.exercise(adviz.reverse(RUNNING, AT)).mark({"df/dy": "*|_$%"}),
        2 / 3,
    ),
    "paths": (PATHS, lambda: adviz.paths(RUNNING, AT), 1 / 3),
    "pattern": (PATTERN, lambda: adviz.sparsity({"p_1": "x*y", "q": "y*z"}), "p_1"),
    "large pattern": (PATTERN, lambda: adviz.sparsity(CHAIN, "hessian"), "x_40"),
    "schedule": (SCHEDULE, lambda: adviz.checkpoint(10, snapshots=3), 15),
    "table": (TABLES, lambda: adviz.table(adviz.reverse(RUNNING, AT)), 2 / 3),
    "taylor": (TAYLOR, lambda: adviz.taylor("1/x_1", {"x_1": 3.0}, order=2), 1 / 3),
}
SEALED = "it is as it was saved; what it shows is not computed again"
WRITTEN = [(noun, suffix) for noun, (forms, _, _) in NOUNS.items() for suffix in forms.by_suffix]


def made(noun: str) -> Any:
    return NOUNS[noun][1]()


def leaves(data: Any) -> list[Any]:
    """Return whatever is in JSON."""
    if isinstance(data, dict):
        return [*data, *(leaf for part in data.values() for leaf in leaves(part))]
    return [leaf for part in data for leaf in leaves(part)] if isinstance(data, list) else [data]


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, str], bytes]:
    def write(noun: str, suffix: str) -> bytes:
        path = tmp_path / f"f{suffix.upper()}"
        made(noun).save(path)
        assert path in tmp_path.iterdir()
        return path.read_bytes()

    return write


@pytest.mark.parametrize("noun", NOUNS)
def test_every_noun_has_every_form_of_a_table(noun: str) -> None:
    forms = NOUNS[noun][0]
    assert TABLE.keys() <= forms.by_suffix.keys() <= TABLE.keys() | PICTURE.keys()
    assert hasattr(made(noun), "_repr_mimebundle_") or made(noun)._repr_html_()


@pytest.mark.parametrize(("noun", "suffix"), WRITTEN)
def test_a_file_holds_what_its_form_says(
    noun: str, suffix: str, tmp_path: Path, written: Callable[[str, str], bytes]
) -> None:
    content, one = written(noun, suffix), made(noun)
    said: dict[str, Callable[[], str]] = {
        ".csv": one.to_csv,
        ".md": one.markdown,
        ".tex": one.latex,
        ".txt": lambda: str(one),
    }
    if suffix in said:
        assert content.decode() == f"{said[suffix]().rstrip()}\n"
    elif suffix == ".html":
        assert content.startswith(b"<!DOCTYPE html>") and one.html() in content.decode()
        assert adviz.verify(tmp_path / "f.HTML").why == SEALED
        assert b"Content-Security-Policy" in content
    elif suffix == ".json":
        assert NOUNS[noun][2] in leaves(json.loads(content))
        assert json.loads(content) == json.loads(json.dumps(one.to_json()))
    else:
        begins = {".pdf": (b"%PDF",), ".png": (b"\x89PNG",), ".svg": (b"<svg", b"<?xml")}[suffix]
        assert content.startswith(begins)
        assert not adviz.verify(tmp_path / f"f{suffix.upper()}").fails()


@pytest.mark.parametrize("suffix", sorted({".html", *PICTURE}))
def test_a_figure_that_was_changed_is_found(
    suffix: str, tmp_path: Path, written: Callable[[str, str], bytes]
) -> None:
    content = bytearray(written("figure", suffix))
    middle = content.index(b"IDAT") + 40 if suffix == ".png" else len(content) // 3
    content[middle] = ord("7") if content[middle] != ord("7") else ord("8")
    (tmp_path / f"edited{suffix}").write_bytes(content)
    assert adviz.verify(tmp_path / f"edited{suffix}").verdict == "changed"


@pytest.mark.parametrize("noun", NOUNS)
def test_the_same_noun_gives_the_same_bytes(
    noun: str, written: Callable[[str, str], bytes]
) -> None:
    assert all(written(noun, suffix) == written(noun, suffix) for suffix in TABLE)


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("name", ["f.doc", "f"])
def test_another_suffix_is_refused_by_name(noun: str, name: str, tmp_path: Path) -> None:
    forms = NOUNS[noun][0]
    suffix = Path(name).suffix or "a file without a suffix"
    words = f"cannot write {forms.what} as {suffix}; use {', '.join(sorted(forms.by_suffix))}"
    with pytest.raises(FormatError, match=f"^{re.escape(words)}$"):
        made(noun).save(tmp_path / name)
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("noun", NOUNS)
def test_rows_of_csv_are_as_long_as_their_heading(noun: str) -> None:
    head, *rows = csv.reader(StringIO(made(noun).to_csv()))
    assert rows and {len(row) for row in rows} == {len(head)} and len({*head}) == len(head)


@pytest.mark.parametrize("noun", NOUNS)
def test_a_table_of_tex_and_markdown_has_as_many_cells_in_every_row(noun: str) -> None:
    one = made(noun)
    tabular = one.latex().partition(r"\begin{tabular}")[2]
    assert {line.count("&") for line in tabular.splitlines() if line.endswith(r"\\")} == {
        len(re.findall("[lr]", tabular.partition("}")[0])) - 1
    }
    assert not re.search(r"(?<![\\{}\w$)])_", re.sub(r"\$.*?\$", "", tabular))
    piped = [line for line in one.markdown().splitlines() if line.startswith("|")]
    assert len({len(re.findall(r"(?<!\\)\|", line)) for line in piped}) == 1


@pytest.mark.parametrize("noun", NOUNS)
def test_text_for_a_poor_terminal_is_ascii(noun: str) -> None:
    assert made(noun).ascii().isascii()


def test_no_number_of_any_system_is_lost_in_data() -> None:
    thirds = adviz.taylor("1/x", {"x": Fraction(3)}, order=1)
    assert json.loads(json.dumps(thirds.to_json()))["coefficients"] == ["1/3", "-1/9"]
    assert thirds.to_csv().splitlines()[-1] == "v1,1/x,1/3,-1/9"
    fifty = adviz.taylor("1/x", {"x": 3}, order=1, digits=50).to_json()["coefficients"]
    assert fifty[0].startswith("0." + "3" * 50)
    many = adviz.taylor("1/x", {"x": [1.0, 4.0]}, order=1)
    assert many.to_json()["coefficients"] == [[1.0, 0.25], [-1.0, -0.0625]]
    assert many.to_csv().splitlines()[-1] == 'v1,1/x,"[1.0, 0.25]","[-1.0, -0.0625]"'
    assert adviz.descend("x**2", {"x": 1 / 3}, rate=0.1, steps=1).to_csv().splitlines()[1] == (
        f"0,{(1 / 3) ** 2},{2 / 3},0.1,{1 / 3}"
    )


def test_signs_of_a_pattern_differ_in_ascii() -> None:
    assert adviz.sparsity({"p": "x*y", "q": "y"}).ascii() == "p  x x\nq  . x"


# One line for each verb whose noun is a table of numbers.
VERBS: dict[str, Forms] = {
    "align": ALIGNMENT,
    "checkpoint": SCHEDULE,
    "compare": COMPARISON,
    "eliminate": ELIMINATION,
    "exercise": EXERCISE,
    "family": CHART,
    "lost-digits": CHART,
    "mark": MARKS,
    "paths": PATHS,
    "step-errors": CHART,
    "table": TABLES,
    "taylor": TAYLOR,
}


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_a_verb_names_every_form(verb: str) -> None:
    shown = CliRunner().invoke(app, [verb, "--help"]).output
    said = " ".join(shown.partition("Files: ")[2].split()).partition(". ")[0]
    assert {f".{word}" for word in re.findall("[a-z]+", said)} >= VERBS[verb].by_suffix.keys()


@pytest.mark.parametrize(
    ("typed", "number"),
    [("1/3", 1 / 3), ("-pi/2", -math.pi / 2), ("2**0.5", 2**0.5), ("sqrt(2)", 2**0.5), ("3", 3)],
)
def test_a_number_on_the_command_line_may_be_a_formula_without_inputs(
    typed: str, number: float
) -> None:
    assert numbers(f"x={typed}") == {"x": number}


@pytest.mark.parametrize(
    "typed", ["y/2", "a=3", "1/", "x", "__import__('os')", "1 < 2", "1\n2", "lambda: 3", "[1]"]
)
def test_what_is_no_number_is_said(typed: str) -> None:
    with pytest.raises(adviz.AdvizError, match=r"is not a number$"):
        numbers(f"x={typed}")


def test_a_number_that_does_not_exist_says_why() -> None:
    with pytest.raises(adviz.AdvizError, match=r"^'1/0' in 'x=1/0' is not a number: division by"):
        numbers("x=1/0")
