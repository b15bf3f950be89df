"""What is dropped is gone: a loop over ever new work levels off."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "benchmarks"))

import leaks

import adviz

PACKAGE = Path(adviz.__file__).parent
TURNS, ROWS = 160, 4
BOUND = 12_000
"""How many bytes a turn of the second half may keep; 57 000 when a native kernel was for good."""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="tells no resident memory")
@pytest.mark.parametrize("name", ["native kernels", "native, flat", "python kernels", "evaluate"])
def test_a_loop_over_new_work_levels_off(name: str) -> None:
    if name.startswith("native"):
        pytest.importorskip("llvmlite")
    sizes = list(leaks.apart(name, TURNS, ROWS))
    assert leaks.kept(sizes, TURNS) < BOUND


FEW = {
    "functions._function": "names of the table",
    "checking.witnesses.algebra._ring": "numbers of variables, which have a bound",
    "render.html._asset": "files of the package",
    "render.html.script": "the sets of modules that a film may need",
    "render.webfont._data": "files of the package",
    "comparison.paths.page._asset": "files of the package",
    "checking.exercise.page._asset": "files of the package",
    "compiler.native.symbols.address": "functions that rows name",
    "numbers.sympys.functions.of_order": "rows; an order's function must stay the same one",
    "numbers.sympys.hyperbolic._hyperbolic_slope": "functions of SymPy",
}
"""The functions that remember all they were ever asked for, and why that is not much."""


def remembered() -> Iterator[str]:
    """Yield the functions with arguments whose results are kept without a bound."""
    for path in sorted(PACKAGE.rglob("*.py")):
        module = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        nodes = ast.walk(ast.parse(path.read_text("utf-8")))
        for node in (node for node in nodes if isinstance(node, ast.FunctionDef)):
            kept = any(ast.unparse(one) == "cache" for one in node.decorator_list)
            if kept and node.args.args:
                yield f"{module}.{node.name}".replace(".__init__", "")


def test_what_is_remembered_has_a_bound() -> None:
    assert set(remembered()) == set(FEW)
