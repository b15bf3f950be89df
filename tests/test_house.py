"""The house rules: layers, what is loaded when, types, style, and what the package contains."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Collection, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import networkx
import pytest

import adviz

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "adviz"

FLOORS: tuple[tuple[str, ...], ...] = (
    ("errors",),
    ("primitives", "files"),
    ("language",),
    ("graph", "numbers"),
    ("sources",),
    ("modes",),
    ("compiler", "scene", "functions"),
    ("calculus", "render"),
    ("checking",),
    ("comparison",),
    ("cli",),
    ("plugins", "__main__", "__init__"),
)
"""The rooms from the ground up: a room imports only from floors below its own."""


@cache
def modules() -> Mapping[str, Path]:
    """Return the modules of the package by name; a package by its own."""
    return {
        ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): path
        for path in sorted(PACKAGE.rglob("*.py"))
    }


def room(module: str) -> str:
    return module.partition(".")[0]


def floor(module: str) -> int:
    """Return the floor of a module's room."""
    for level, rooms in enumerate(FLOORS):
        if room(module) in rooms:
            return level
    raise AssertionError(f"{module} is on no floor; add it to FLOORS and docs/architecture.md")


def imported(path: Path, known: Collection[str]) -> set[str]:
    """Return the modules of adviz that a module imports, as it loads or later, but for types."""
    tree = ast.parse(path.read_text("utf-8"))
    typing = [
        statement
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for statement in node.body
    ]
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert not any(one.name.startswith("adviz.") for one in node.names), path
        if isinstance(node, ast.ImportFrom) and node not in typing:
            assert not node.level, f"{path}: imports are absolute"
            home, *inside = (node.module or "").split(".")
            if home == "adviz":
                for one in node.names:
                    part = ".".join([*inside, one.name])
                    found.add(part if part in known else ".".join(inside))
    return found - {""}


def imports() -> dict[str, set[str]]:
    """Return what every module but the façade imports."""
    known = modules()
    return {name: imported(path, known) for name, path in known.items() if name != "__init__"}


def test_a_room_imports_only_from_floors_below() -> None:
    known = modules()
    for module, path in known.items():
        for other in imported(path, known):
            inside = room(other) == room(module)
            assert inside or floor(other) < floor(module), f"{module} imports {other}"


WINGS = ("truth", "points", "witnesses", "faults", "verdicts", "report")
"""The wings of checking, from what is known to what is said."""


def wing(module: str) -> int:
    inside = module.split(".")[1:2]
    return WINGS.index(inside[0]) if inside and inside[0] in WINGS else len(WINGS)


@pytest.mark.parametrize("module", [name for name in modules() if room(name) == "checking"])
def test_a_wing_of_checking_imports_no_later_one(module: str) -> None:
    known = modules()
    for other in imported(known[module], known):
        if room(other) == "checking" and wing(other) < len(WINGS):
            assert wing(other) <= wing(module), f"{module} imports {other}"


def circles(arrows: Mapping[str, Collection[str]]) -> list[list[str]]:
    """Return the groups of modules that import each other."""
    drawn = networkx.DiGraph((one, other) for one, others in arrows.items() for other in others)
    groups = networkx.strongly_connected_components(drawn)
    return [sorted(group) for group in groups if len(group) > 1]


def test_no_modules_import_each_other() -> None:
    assert not circles(imports())


def test_the_test_of_circles_can_fail() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]


def test_the_drawing_of_the_house_is_the_house() -> None:
    page = (ROOT / "docs/architecture.md").read_text("utf-8")
    drawn = re.findall(r"^\| (\d+) \| ([^|]+) \|", page, re.MULTILINE)
    shown = {int(level): {*re.findall(r"`(\w+)`", rooms)} for level, rooms in drawn}
    assert shown == {level: {*rooms} for level, rooms in enumerate(FLOORS, 1)}


def test_the_rooms_are_counted() -> None:
    rooms = [path for path in PACKAGE.iterdir() if (path / "__init__.py").exists()]
    page = (ROOT / "docs/architecture.md").read_text("utf-8")
    assert len(rooms) == 14 and "\nFourteen rooms, each a folder" in page


def told_of(page: str) -> dict[str, set[str]]:
    """Return what the tables of the larger rooms name, by room."""
    tables = re.findall(r"^\| in `(\w+)/` \|.*\n\|---\|---\|\n((?:\|.*\n)+)", page, re.MULTILINE)
    first = {room: "".join(row.split("|")[1] for row in rows.splitlines()) for room, rows in tables}
    return {room: {*re.findall(r"`([\w/]+?)/?`", cells)} for room, cells in first.items()}


TOLD = told_of((ROOT / "docs/architecture.md").read_text("utf-8"))


@pytest.mark.parametrize("room", TOLD)
def test_the_table_of_a_room_names_what_is_in_it_and_nothing_else(room: str) -> None:
    inside = [path for path in (PACKAGE / room).rglob("*") if path.is_dir() or path.suffix == ".py"]
    standing = {path.stem for path in inside if path.parent.name == room} - {"__init__"}
    assert standing - {"__pycache__"} <= {named.partition("/")[0] for named in TOLD[room]}
    assert {named.rpartition("/")[2] for named in TOLD[room]} <= {path.stem for path in inside}


def test_the_test_of_tables_can_fail() -> None:
    page = "| in `room/` | what it knows |\n|---|---|\n| `one`, `wing/two` | `no` module |\n"
    assert told_of(page) == {"room": {"one", "wing/two"}}


def test_the_house_is_small() -> None:
    entries = [path for path in PACKAGE.iterdir() if path.name != "__pycache__"]
    assert len(entries) <= 20, sorted(path.name for path in entries)
    assert len([path for path in entries if path.suffix == ".py"]) <= 6
    assert len(FLOORS) <= 12
    assert {room(name) for name in modules()} == {room for rooms in FLOORS for room in rooms}


def test_modules_and_functions_fit_in_the_eye() -> None:
    for module, path in modules().items():
        text = path.read_text("utf-8")
        assert len(text.splitlines()) <= 320, module
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 60, (module, node.name)


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


def test_a_check_of_a_formula_loads_no_compiler() -> None:
    code = "adviz.check('x*y', points=1)\nassert 'adviz.compiler' not in sys.modules"
    assert "sympy" in loaded(f"import adviz\n{code}")


def test_the_test_of_what_is_loaded_can_fail() -> None:
    assert "networkx" not in loaded("import adviz; adviz.build('x')")
    assert "networkx" in loaded("import adviz; adviz.build('x').nx")


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
    for name, path in modules().items():
        if path.name == "__init__.py" and name != "__init__":
            tree = ast.parse(path.read_text("utf-8"))
            functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
            inside = {other.stem for other in path.parent.glob("*.py")}
            assert not functions & inside, f"{name}: {functions & inside}"
