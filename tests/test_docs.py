"""The documentation says what the code does: generated pages, pictures and shell examples.

`python tests/pages.py` writes the generated files anew.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from records import without_record

import adviz
from adviz.numbers.library import LIBRARY
from adviz.primitives import TABLE, Primitive

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def primitives_page() -> str:
    """Return docs/primitives.md: the table of primitives, one line a row."""
    lines = [
        "# The table of primitives",
        "",
        "Generated from `adviz.primitives.TABLE`. In a local partial `z` is the primitive's own",
        "result; `ulps` is the bound on the error of one float64 evaluation, and `arrays` that of",
        "an array's elements where it is larger. [The figures](accuracy.md) are measured.",
        "",
        "Conventions at kinks: abs′(0) = relu′(0) = 0, sign′ = floor′ = 0, a tie of `min` or `max`",
        "is shared half and half, and `hypot` and `atan2` have derivative 0 at the origin. The",
        "branch that `where` does not take contributes nothing.",
        "",
        "| primitive | also | local partials | defined | kink | ulps | arrays |",
        "|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *map(_line, TABLE.values())]) + "\n"


def _line(row: Primitive) -> str:
    written = (
        f" {row.symbol} ".join(row.args)
        if row.arity == 2
        else f"{row.symbol}{row.args[0]}"
        if row.args
        else ""
    )
    call = written if row.symbol else f"{row.name}({', '.join(row.args)})" if row.args else row.name
    cells = [
        call,
        *(", ".join(row.aliases),),
        "; ".join(f"∂{a}: {p}" for a, p in zip(row.args, row.partials, strict=True) if p),
        row.domain,
        row.kink,
    ]
    shown = [f"`{cell}`".replace("|", "\\|") if cell else "" for cell in cells]
    arrays = LIBRARY[row.name].ulps if row.name in LIBRARY else 0.0
    more = f"{arrays:g}" if arrays > row.ulps else ""
    return "| " + " | ".join([*shown, f"{row.ulps:g}", more]) + " |"


def running_example(path: Path) -> None:
    """Write the README's picture that moves."""
    adviz.animate(adviz.reverse("(x + y)*(x - y)", at={"x": 3, "y": 2})).save(path)


def sparsity_picture(path: Path) -> None:
    """Write the picture of a pattern and of its compressed matrix."""
    names = [f"x{k}" for k in range(8)]
    terms = [f"({y} - {x}**2)**2" for x, y in pairwise(names)]
    chain = f"f({', '.join(names)}) = {' + '.join(terms)}"
    adviz.draw(adviz.sparsity(chain, "hessian")).save(path)


def test_the_page_of_primitives_is_the_table() -> None:
    assert (ROOT / "docs/primitives.md").read_text("utf-8") == primitives_page()


def lighthouse(path: Path) -> None:
    """Draw the elimination of the page about it."""
    y1 = "nu*tan(w*t)/(g - tan(w*t))"
    at = {"nu": 1.5, "w": 0.5, "t": 1.2, "g": 2}
    adviz.draw(adviz.eliminate({"y1": y1, "y2": f"g*({y1})"}, at, "optimal")).save(path)


def doubled(path: Path) -> None:
    """Draw the paths of the page about them."""
    adviz.draw(adviz.paths("a = x*x; b = a*a; c = b*b; c*y")).save(path)


def beside(path: Path) -> None:
    """Draw SymPy's derivative beside that of reverse mode."""
    adviz.draw(adviz.align("x1*x2*x3*x4")).save(path)


def space_time(path: Path) -> None:
    """Draw the schedule of the page about checkpointing."""
    adviz.draw(adviz.checkpoint(10, snapshots=3)).save(path)


def for_print(path: Path) -> None:
    """Compose the figure of the page about print."""
    trace = adviz.reverse("(x + y)*(x - y)", at={"x": 3, "y": 2})
    adviz.draw(trace, style="textbook").save(path, width="8.5cm", font_size=8)


def printed_step(path: Path) -> None:
    """Compose the step of the page about print."""
    film = adviz.animate(adviz.reverse("(x + y)*(x - y)", at={"x": 3, "y": 2}))
    shown = ["names", "values", "adjoints"]
    still = film.still(7, style="textbook", theme="print", show=shown)
    still.save(path, width="8.5cm", font_size=8)


def without_lines(graph: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """Return a graph whose nodes do not say in which line of this file they were traced."""
    told = nx.MultiDiGraph(graph)
    for attributes in told.nodes.values():
        attributes.pop("source", None)
    return told


def of_arrays(path: Path) -> None:
    """Draw the layer of the page about arrays."""

    def layer(W: Any, b: Any, x: Any) -> Any:  # noqa: N803 - a matrix
        h = np.tanh(W @ x + b)
        return np.sum(h**2)

    traced = adviz.build(layer, shapes={"W": (3, 2), "b": 3, "x": 2}, arrays=True)
    graph = adviz.build(without_lines(traced.nx))
    at = {"W": [[1, 0], [0, 1], [1, 1]], "b": [0, 0, 0], "x": [0.5, 1]}
    adviz.draw(adviz.reverse(graph, at)).save(path)


PICTURES = {
    "alignment.svg": beside,
    "arrays.svg": of_arrays,
    "running-example.svg": running_example,
    "checkpointing.svg": space_time,
    "elimination.svg": lighthouse,
    "paths.svg": doubled,
    "print-step.svg": printed_step,
    "print-textbook.svg": for_print,
    "sparsity.svg": sparsity_picture,
}
"""What writes the pictures of docs/."""


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_of_the_documentation_is_what_adviz_draws(name: str, tmp_path: Path) -> None:
    PICTURES[name](tmp_path / name)
    there, drawn = (without_record(home / name) for home in (ROOT / "docs", tmp_path))
    assert there == drawn


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_of_the_documentation_names_no_line_of_a_test(name: str) -> None:
    assert not re.search(r"\bline \d", (ROOT / "docs" / name).read_text("utf-8"))


@pytest.mark.parametrize("name", PICTURES)
def test_the_numbers_in_a_picture_of_the_documentation_are_true(name: str) -> None:
    assert not adviz.verify(ROOT / "docs" / name).fails()


@pytest.mark.parametrize("heading", ["Run it", "Test it"])
def test_the_readme_has_its_two_commands_one_line_each(heading: str) -> None:
    block = re.search(rf"^## {heading}\n\n```sh\n(.*?)```", README, re.M | re.S)
    assert block and block[1].count("\n") == 1


def test_the_readme_command_makes_the_film(tmp_path: Path) -> None:
    command = re.search(r"&& adviz (animate .*)$", README, re.M)
    assert command
    line = f"{sys.executable} -m adviz {command[1]}"
    subprocess.run(line, shell=True, check=True, cwd=tmp_path, capture_output=True)  # noqa: S602 - the README's own line
    assert "<html" in (tmp_path / "film.html").read_text("utf-8")


def test_the_readme_has_every_extra_and_every_verb() -> None:
    from typer.main import get_command

    from adviz.cli import app

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    table = README.partition("\n## Extras\n")[2].partition("\n## ")[0]
    assert {*re.findall(r"^\| `(\w+)`", table, re.M)} == {*project["optional-dependencies"]}
    verbs = README.partition("each of these is a verb:")[2].partition("`--help`")[0]
    listed = [one.removeprefix("adviz ") for one in re.findall(r"`([^`]+)`", verbs)]
    assert sorted(listed) == sorted(getattr(get_command(app), "commands"))  # noqa: B009 - a group


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#:]+)\)", README))
def test_readme_links_exist(target: str) -> None:
    assert (ROOT / target).exists()


if __name__ == "__main__":
    (ROOT / "docs/primitives.md").write_text(primitives_page(), "utf-8")
    for name, picture in PICTURES.items():
        picture(ROOT / "docs" / name)
