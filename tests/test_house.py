"""The house rules: layers, what is loaded when, types, style, and what the package contains."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

import adviz

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "adviz"

LAYERS: tuple[tuple[str, ...], ...] = (
    ("errors",),
    ("spelling", "primitives", "figures", "files", "labels", "packed", "pause"),
    ("mistakes", "notation"),
    ("syntax",),
    ("rules", "graph"),
    ("written", "builder", "numbers"),
    ("tracing",),
    ("functions",),
    ("sources",),
    ("point", "sweep"),
    ("judge",),
    ("trace",),
    ("modes",),
    ("derive", "sympy_partials"),
    ("symbolics",),
    ("codegen",),
    ("native",),
    ("targets",),
    ("kernel",),
    ("faster",),
    ("own", "calculus", "tables", "finding", "accumulation"),
    ("spreading",),
    ("faults",),
    ("checking",),
    ("report",),
    ("verdict", "typed"),
    ("scenarios",),
    ("many",),
    ("picture",),
    ("render",),
    ("show",),
    ("gallery",),
    ("cli", "pytest_plugin"),
    ("__main__", "__init__"),
)
"""Who may import whom while modules load: only lower rows."""


def modules() -> list[str]:
    paths = (path.relative_to(PACKAGE).with_suffix("") for path in PACKAGE.rglob("*.py"))
    return sorted(".".join(path.parts) for path in paths)


def layer(module: str) -> int:
    """Return the layer of a module: its own row, or that of the package it is in."""
    plain = module.removesuffix(".__init__")
    while plain:
        for level, names in enumerate(LAYERS):
            if plain in names:
                return level
        plain = plain.rpartition(".")[0]
    raise AssertionError(f"{module} is in no layer; add it to LAYERS and docs/architecture.md")


def imported(module: str) -> set[str]:
    """Return the modules of adviz that a module imports while it loads."""
    tree = ast.parse((PACKAGE / (module.replace(".", "/") + ".py")).read_text("utf-8"))
    found: set[str] = set()
    for statement in tree.body:
        if isinstance(statement, ast.ImportFrom) and (statement.module or "").startswith("adviz"):
            home = (statement.module or "").removeprefix("adviz").lstrip(".")
            parts = [f"{home}.{alias.name}".lstrip(".") for alias in statement.names]
            found |= {part if part in modules() else home for part in parts}
    return found - {""}


@pytest.mark.parametrize("module", modules())
def test_modules_import_only_from_lower_layers(module: str) -> None:
    package = module.removesuffix(".__init__").partition(".")[0]
    for other in imported(module):
        inside = other.partition(".")[0] == package
        assert inside or layer(other) < layer(module), f"{module} imports {other}"


def loaded(statement: str) -> set[str]:
    """Return the packages that a fresh interpreter has loaded after a statement."""
    code = f"import sys\n{statement}\nprint(*(n for n in sys.modules if '.' not in n))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(done.stdout.split())


HEAVY = {
    "networkx",
    "numpy",
    "sympy",
    "mpmath",
    "matplotlib",
    "lark",
    "graphviz",
    "pygraphviz",
    "scipy",
    "llvmlite",
    "dask",
    "distributed",
}


def test_importing_adviz_loads_nothing_heavy() -> None:
    assert not loaded("import adviz") & (HEAVY | {"typer", "rich"})


def test_the_command_line_loads_nothing_heavy_before_it_works() -> None:
    command = (
        "from adviz.cli import app\ntry:\n    app(['--version'])\nexcept SystemExit:\n    pass"
    )
    assert not loaded(command) & HEAVY


def test_the_test_of_what_is_loaded_can_fail() -> None:
    assert "networkx" in loaded("import adviz; adviz.build('x')")


def test_every_public_name_has_a_docstring() -> None:
    for name in adviz.__all__:
        assert (getattr(adviz, name).__doc__ or "").strip(), name


def test_public_names_are_those_of_the_design() -> None:
    wanted = (
        "build load save primitive evaluate forward reverse symbolic gradient jacobian hessian "
        "jvp vjp hvp derivative_graph draw animate table check AdvizError functions"
    )
    assert set(wanted.split()) <= set(adviz.__all__)


@pytest.mark.parametrize(
    "command",
    [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",)],
    ids=["ruff check", "ruff format", "mypy strict"],
)
def test_the_code_is_clean(command: tuple[str, ...]) -> None:
    assert find_spec(command[0]), f"{command[0]} is missing: pip install '.[test]'"
    done = subprocess.run(
        [sys.executable, "-m", *command], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(
    not (find_spec("hatchling") or os.environ.get("CI")),
    reason="MISSING TOOL: hatchling builds the wheel whose contents are checked here",
)
def test_the_wheel_holds_every_asset(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(tmp_path)],
        check=True, capture_output=True, cwd=ROOT,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        str(path.relative_to(ROOT))
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted <= packed
    (sdist,) = tmp_path.glob("*.tar.gz")
    import tarfile

    with tarfile.open(sdist) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    assert wanted | {"README.md", "LICENSE", "docs/architecture.md"} <= inside


def test_no_module_hides_a_function_of_its_package() -> None:
    """Importing a submodule binds its name in the package, whatever stood there before."""
    for module in modules():
        if module.endswith(".__init__") and "." in module:
            package = module.removesuffix(".__init__")
            tree = ast.parse((PACKAGE / package.replace(".", "/") / "__init__.py").read_text())
            functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
            inside = {path.stem for path in (PACKAGE / package.replace(".", "/")).glob("*.py")}
            assert not functions & inside, f"{package}: {functions & inside}"
