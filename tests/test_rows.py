"""What is new costs a row: each is added to a copy of the package as one line, and works there.

A renderer is a file and a line. The same code fails on the package as it is, so each of these
tests can fail.
"""

from __future__ import annotations

import ast
import math
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import ndiff
from pathlib import Path

import pytest

import adviz
from adviz import functions
from adviz.checking.faults.film import film
from adviz.checking.faults.gallery import BY_NAME, ENGINE_FAULTS

PACKAGE = Path(adviz.__file__).parent


@dataclass(frozen=True)
class Patch:
    """A row of a table, and perhaps a file that it names; and what can be done with it then."""

    kind: str
    module: str
    table: str
    row: str
    shows: Callable[[Path], None]
    files: Mapping[str, str] = field(default_factory=dict)
    tools: tuple[str, ...] = ()


# --- what is new, at work ------------------------------------------------------------------------


def a_primitive_works(folder: Path) -> None:
    """The Gudermannian function: built, traced, differentiated, compiled, drawn and checked."""
    graph, at = adviz.build("gudermann(t)*2"), {"t": 0.7}
    wanted = 4 * math.atan(math.tanh(0.35)), 2 / math.cosh(0.7)
    assert adviz.build(lambda t: functions.gudermann(t) * 2) == graph
    assert functions.gudermann(0.7) == pytest.approx(wanted[0] / 2)
    for mode in ("forward", "reverse", "symbolic"):
        assert adviz.gradient(graph, at, mode=mode)["t"] == pytest.approx(wanted[1])
    assert adviz.hessian(graph, at)["t"]["t"] == pytest.approx(-wanted[1] * math.tanh(0.7))
    kernel = adviz.compile(graph)
    for language in (in_python, in_javascript, in_c):
        assert language(kernel, 0.7, folder) == pytest.approx(wanted)
    adviz.draw(adviz.reverse(graph, at)).save(folder / "f.svg")
    assert "gudermann" in (folder / "f.svg").read_text("utf-8")
    assert adviz.check(graph, points=20).verdict == "agrees"


def in_python(kernel: adviz.Kernel, x: float, _: Path) -> tuple[float, ...]:
    names: dict[str, Callable[[float], tuple[float, ...]]] = {}
    exec(kernel.written("py"), names)  # noqa: S102 - a program of ours
    return names["gradient"](x)


def in_javascript(kernel: adviz.Kernel, x: float, folder: Path) -> tuple[float, ...]:
    (folder / "f.mjs").write_text(f"{kernel.written('js')}\nconsole.log(...gradient({x}));\n")
    return numbers_of("node", str(folder / "f.mjs"))


def in_c(kernel: adviz.Kernel, x: float, folder: Path) -> tuple[float, ...]:
    main = f'double r[2]; gradient({x}, r); printf("%.17g %.17g", r[0], r[1]); return 0;'
    source = f"#include <stdio.h>\n{kernel.written('c')}\nint main(void) {{ {main} }}\n"
    (folder / "f.c").write_text(source)
    subprocess.run(["cc", folder / "f.c", "-o", folder / "f", "-lm"], check=True)
    return numbers_of(str(folder / "f"))


def numbers_of(*command: str) -> tuple[float, ...]:
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return tuple(map(float, done.stdout.split()))


def a_renderer_works(folder: Path) -> None:
    adviz.draw("x*x").save(folder / "f.tally")
    assert (folder / "f.tally").read_text() == "2 nodes, 2 edges"
    with pytest.raises(adviz.AdvizError, match=r"cannot write .* as \.none; use .*\.tally"):
        adviz.draw("x*x").save(folder / "f.none")


def a_source_works(_: Path) -> None:
    tree = ast.parse("x*y", mode="eval")
    assert adviz.build(tree) == adviz.build("x*y")
    assert adviz.gradient([tree, "x"][0], {"x": 3.0, "y": 2.0}) == {"x": 2.0, "y": 3.0}
    assert list(adviz.build([tree, "y - 1"]).outputs) == ["f1", "f2"]
    with pytest.raises(adviz.AdvizError, match=r"cannot build a graph from int; .* a syntax tree"):
        adviz.build(7)


def a_witness_works(_: Path) -> None:
    report = adviz.check("x*y", at={"x": 3.0, "y": 2.0})
    said = [one for found in report.findings for one in found.statements]
    assert "oracle" in {one.witness for one in said if one.verdict == "agrees"}
    assert "oracle" in str(report.to_json())


def a_fault_works(_: Path) -> None:
    fault = BY_NAME["first only"]
    assert fault in ENGINE_FAULTS and fault.reverse().gradient == {"x": 5.0, "y": -5.0}
    assert fault.title.capitalize() in film(fault)
    report = adviz.check(fault.example, at=fault.at, gradient=fault.gradient())
    assert report.verdict == "wrong gradient"
    assert {one.cause for one in report.findings} == {f"most likely {fault.title} at x"}


def a_kind_of_derivative_works(folder: Path) -> None:
    """Every output's slopes: compiled, printed, swept where code has no number, at many points."""
    text, wanted = '{"u": x*y, "v": x/y}', (6.0, 1.5, 2.0, 3.0, 0.5, -0.75)
    kernel, at = adviz.compile(text, "slopes"), {"x": 3.0, "y": 2.0}
    value, slopes = adviz.compile(text, "jacobian")(at)
    assert kernel(at) == (value, slopes)
    for target in ("python", "native", "python, flat", "native, flat"):
        assert adviz.compile(text, "slopes", target=target).function(3.0, 2.0) == wanted
    with pytest.raises(adviz.AdvizError, match="division by zero"):
        kernel(x=1.0, y=0.0)
    assert kernel.computed([1.0, 0.0], "ieee")[1] == math.inf
    (folder / "f.mjs").write_text(f"{kernel.written('js')}\nconsole.log(...slopes(3, 2));\n")
    assert numbers_of("node", str(folder / "f.mjs")) == wanted
    assert adviz.evaluate_many(text, [at, at], kind="slopes") == [(value, slopes)] * 2
    command = [sys.executable, "-m", "adviz", "derive", "x*y", "--kind", "slopes"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout.startswith("def slopes(x, y):")


# --- what is added, as text ----------------------------------------------------------------------

PATCHES = (
    Patch(
        "a primitive",
        "primitives/elementary.py",
        "ELEMENTARY",
        'row("gudermann", "x", "1/cosh(x)", define="2*atan(tanh(x/2))", ulps=4.0)',
        a_primitive_works,
        tools=("node", "cc"),
    ),
    Patch(
        "a renderer",
        "render/__init__.py",
        "FORMATS",
        'Format(".tally", "drawing", "tally", "drawing")',
        a_renderer_works,
        {
            "render/tally.py": '"""How large a picture is."""\n\n\ndef drawing(scene):\n    '
            'return f"{len(scene.nodes)} nodes, {len(scene.edges)} edges".encode()\n'
        },
    ),
    Patch(
        "a source",
        "sources/__init__.py",
        "_READERS",
        'Reader("a syntax tree", lambda tree: hasattr(tree, "_fields"), '
        'lambda tree, options: _text(__import__("ast").unparse(tree), options))',
        a_source_works,
    ),
    Patch(
        "a witness",
        "checking/witnesses/__init__.py",
        "WITNESSES",
        'Witness("oracle", "it knows", "Delphi", '
        'lambda asked: asked.judged("oracle", float(asked.truth), asked.allowed, str))',
        a_witness_works,
    ),
    Patch(
        "a fault",
        "checking/faults/gallery.py",
        "ENGINE_FAULTS",
        'Fault("first only", "only the first contribution to an adjoint counts", "Others are '
        'lost.", *_RUNNING, Accumulation(Parts(arrive=lambda _, __, held, new: held or new)))',
        a_fault_works,
    ),
    Patch(
        "a kind of derivative",
        "compiler/kinds.py",
        "_KINDS",
        'Kind("slopes", drafting.jacobian, results.by_both, loop="reverse")',
        a_kind_of_derivative_works,
        tools=("node",),
    ),
)


def extended(text: str, table: str, row: str) -> str:
    """Return a module's text with one more row at the end of one of its tables."""
    lines = text.splitlines(keepends=True)
    opening = next(
        k for k, line in enumerate(lines) if line.startswith((f"{table}:", f"{table} ="))
    )
    closing = lines.index(")\n", opening)
    return "".join([*lines[:closing], f"    {row},\n", *lines[closing:]])


def applied(patch: Patch, folder: Path) -> None:
    """Copy the package into a folder, with a patch."""
    shutil.copytree(PACKAGE, folder / "adviz")
    module = folder / "adviz" / patch.module
    module.write_text(extended(module.read_text("utf-8"), patch.table, patch.row), "utf-8")
    for name, content in patch.files.items():
        (folder / "adviz" / name).write_text(content, "utf-8")


def lines_changed(one: Path, other: Path) -> list[str]:
    """Return the lines that are in one of two files alone."""
    before, after = (path.read_text("utf-8").splitlines() for path in (one, other))
    return [line for line in ndiff(before, after) if line[0] in "+-"]


each = pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.kind)


@each
def test_what_is_new_is_one_row(patch: Patch, tmp_path: Path) -> None:
    missing = [tool for tool in patch.tools if shutil.which(tool) is None]
    if missing and not os.environ.get("CI"):
        pytest.skip(f"{', '.join(missing)} IS NOT INSTALLED: {patch.kind} was not tested here")
    applied(patch, tmp_path)
    changed = lines_changed(PACKAGE / patch.module, tmp_path / "adviz" / patch.module)
    assert [line[0] for line in changed] == ["+"] and len(patch.files) <= 1
    paths = os.pathsep.join([str(tmp_path), str(Path(__file__).parent)])
    code = (
        "import sys; from pathlib import Path; import adviz, test_rows\n"
        "folder = Path(sys.argv[1]); assert folder in Path(adviz.__file__).parents\n"
        f"test_rows.{patch.shows.__name__}(folder)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True, text=True, cwd=tmp_path, env={**os.environ, "PYTHONPATH": paths},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@each
def test_without_the_row_there_is_no_such_thing(patch: Patch, tmp_path: Path) -> None:
    with pytest.raises((adviz.AdvizError, AttributeError, AssertionError, KeyError)):
        patch.shows(tmp_path)
