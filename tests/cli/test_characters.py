"""Terminals without Unicode: what is printed there, and what is read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import adviz
from adviz.language.ascii import in_ascii, lines_in_ascii

PACKAGE = Path(adviz.__file__).parent
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def run(*arguments: str, folder: Path, **environment: str) -> tuple[int, bytes, bytes]:
    done = subprocess.run(
        [sys.executable, "-m", "adviz", *(os.fsencode(one) for one in arguments)],
        capture_output=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(PACKAGE.parent), "COLUMNS": "100", **environment},
    )
    return done.returncode, done.stdout, done.stderr


def written() -> list[str]:
    """Return every character beyond ASCII that stands in the package's code."""
    text = "".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    return sorted({one for one in text if not one.isascii()})


def test_every_character_of_ours_has_a_readable_form() -> None:
    forms = {one: in_ascii(one) for one in written()}
    assert len(forms) > 100
    for one, form in forms.items():
        assert form.strip() and form.isascii() and "\\" not in form, (one, form)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("v₁₂ = −x², y⁻¹⁰", "v12 = -x^2, y^-10"),
        ("∂f/∂θ → ∞", "df/dtheta -> inf"),
        ("ȳ, v̄₁, v̇", "y_bar, v_bar1, v_dot"),
        ("Λ λ ς ϑ ά", "Lambda lambda sigma theta alpha"),
        ("a ≤ b ≥ c ≠ d", "a <= b >= c != d"),
        ("│─┼╭", "|-++"),
        ("é × 2 · 3 ± 1 …", "e * 2 * 3 +- 1 ..."),
        ("½ 数 \U0001f600", r"1/2 \u6570 \U0001f600"),
    ],
)
def test_forms_read_like_what_they_stand_for(text: str, form: str) -> None:
    assert in_ascii(text) == form


def test_carets_stay_below_what_they_point_at() -> None:
    with pytest.raises(adviz.AdvizError) as error:
        adviz.build("α*β + 2θ + x")
    _, above, below = lines_in_ascii(str(error.value)).split("\n")
    assert above[below.index("^") :].startswith("theta")


TABLE = b"""
 node    formula          value     adjoint   contributions
 ----------------------------------------------------------
 theta   input                3   0.0721688
 x       input                2   -0.433013
 v1      sqrt(theta)    1.73205        0.25
 v2      x**-2             0.25     1.73205
 v3      v1 * v2       0.433013           1

"""
REPORT = b"""not differentiable: df/dx does not exist at x = 0; in forward mode it is 0; \
the kink is v1 = abs(x)
(columns 1-6 of the formula)
2 not differentiable; 1 point given

verdict             of     by                points  found  expected  error  bound  worst at
-------------------------------------------------------------------------------------------------
not differentiable  df/dx  forward, reverse       1  0      -             -      -  x = 0

df/dx at x = 0
found   0 in forward mode
"""


@pytest.mark.parametrize("encoding", ["ascii", "ascii:strict", "latin-1", "cp1252"])
def test_a_table_is_aligned_in_ascii(encoding: str, tmp_path: Path) -> None:
    shown = run(
        *("table", "sqrt(θ)*x**-2", "--at", "θ=3,x=2"),
        folder=tmp_path,
        PYTHONIOENCODING=encoding,
        **ASCII,
    )
    assert shown == (0, TABLE, b"")


def test_a_report_is_readable_in_ascii(tmp_path: Path) -> None:
    status, out, err = run("check", "abs(x)", "--at", "x=0", folder=tmp_path, **ASCII)
    assert (status, err) == (0, b"") and out.startswith(REPORT) and out.isascii()


COMMANDS = [
    ("--help",),
    *(
        (verb, "--help")
        for verb in (
            "draw",
            "animate",
            "table",
            "derive",
            "check",
            "broken",
            "compare",
            "eliminate",
            "paths",
        )
    ),
    ("eliminate", "θ*x*x", "--at", "θ=1,x=2", "--order", "reverse"),
    ("paths", "θ*x*x", "--at", "θ=1,x=2"),
    ("broken",),
    ("broken", "no such ∂"),
    ("compare", "θ*sin(θ)", "--at", "θ=1"),
    ("derive", "θ² + 1"),
    ("derive", "sin(θ)/x"),
    ("derive", "sin(θ)/x", "--steps"),
    ("derive", "sin(θ)/x", "-l", "js", "-k", "hessian"),
    ("check", "(1 - cos(x))/x**2", "--at", "x=1e-6"),
    ("check", "sin(θ)", "-g", "cos(θ)*1.01", "-n", "2"),
    ("table", "θ*x", "--at", "θ=1,x=2", "-m", "both", "-f", "markdown"),
    ("table", "θ*x", "--at", "θ=1,x=2", "--json"),
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_nothing_but_ascii_is_printed_where_there_is_nothing_else(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    _, out, err = run(*arguments, folder=tmp_path, PYTHONIOENCODING="ascii:strict", **ASCII)
    said = out + err
    assert said and said.isascii() and b"Traceback" not in said
    assert b"\\u" not in said or "--json" in arguments or b'"df/d\\u03b8"' in said


def test_json_is_the_same_data_in_any_encoding(tmp_path: Path) -> None:
    command = ("table", "θ*x", "--at", "θ=1,x=2", "--json")
    _, plain, _ = run(*command, folder=tmp_path, **ASCII)
    _, unicode, _ = run(*command, folder=tmp_path, PYTHONIOENCODING="utf-8")
    assert json.loads(plain) == json.loads(unicode.decode()) and plain.isascii()


@pytest.mark.skipif(os.name == "nt", reason="names of files are no bytes there")
def test_files_have_the_names_that_were_typed(tmp_path: Path) -> None:
    done = run("draw", "θ*x", "-o", "θ.json", folder=tmp_path, **ASCII)
    assert done == (0, b"", "wrote θ.json\n".encode())
    assert [path.name for path in tmp_path.iterdir()] == ["θ.json"]
    assert b"df/dx = theta\n" in run("derive", "θ.json", folder=tmp_path, **ASCII)[1]


def test_a_table_and_a_report_are_the_same_text_in_any_locale(tmp_path: Path) -> None:
    code = (
        "import adviz, sys\n"
        "texts = [adviz.table(adviz.reverse('x - x**2', at={'x': 3})), adviz.check('x', seed=1)]\n"
        "sys.stdout.buffer.write('\\n'.join(map(str, texts)).encode())"
    )
    plain, unicode = (
        subprocess.check_output([sys.executable, "-c", code], env={**os.environ, **more})
        for more in ({**ASCII, "PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "utf-8"})
    )
    assert plain == unicode and "─".encode() in plain
