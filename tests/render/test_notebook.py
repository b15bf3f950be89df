"""The notebooks run as they stand, and what they show is what adviz draws today."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

nbformat = pytest.importorskip("nbformat", reason="MISSING TOOL: nbformat reads the notebooks")
nbclient = pytest.importorskip("nbclient", reason="MISSING TOOL: nbclient runs the notebooks")

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
KINDS = ("text/plain", "image/svg+xml", "text/html")
PAINTED = re.compile(r"<dc:title>Matplotlib v(.*?),")


def shown(notebook: Any) -> list[dict[str, str]]:
    """Return the stored outputs, as text by kind; what is printed is text."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    found = [output.get("data") or {"text/plain": output["text"]} for output in outputs]
    return [{k: "".join(data.get(k, "")) for k in KINDS} for data in found]


def without_figures(outputs: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return outputs with a word for what matplotlib has painted.

    Each version paints a little otherwise, and where errors of rounding are drawn, each machine.
    """
    return [
        {kind: "a figure" if PAINTED.search(text) else text for kind, text in output.items()}
        for output in outputs
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_shows_what_it_would_show_now(path: Path) -> None:
    stored, fresh = (nbformat.read(path, as_version=4) for _ in range(2))
    if any(PAINTED.search(output["text/html"]) for output in shown(stored)):
        pytest.importorskip("matplotlib", reason="MISSING EXTRA: matplotlib paints figures")
    nbclient.NotebookClient(fresh, timeout=300, kernel_name="python3").execute()
    assert without_figures(shown(fresh)) == without_figures(shown(stored))
    assert len(shown(stored)) == sum(cell.cell_type == "code" for cell in stored.cells)


def test_every_notebook_to_teach_from_asks_shows_checks_and_sets_exercises() -> None:
    for path in NOTEBOOKS:
        text = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)
        if path.stem != "first-steps":
            for part in ("**Question.**", "**Prediction", "**Check.**", "## Exercises"):
                assert part in text, f"{path.stem}: {part}"
