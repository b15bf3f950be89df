"""The notebooks run as they stand, and what they show is what adviz draws today."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

nbformat = pytest.importorskip("nbformat", reason="MISSING TOOL: nbformat reads the notebooks")
nbclient = pytest.importorskip("nbclient", reason="MISSING TOOL: nbclient runs the notebooks")

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
KINDS = ("text/plain", "image/svg+xml", "text/html")


def shown(notebook: Any) -> list[dict[str, str]]:
    """Return the stored outputs, as text by kind."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return [{k: "".join(out["data"].get(k, "")) for k in KINDS} for out in outputs]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_shows_what_it_would_show_now(path: Path) -> None:
    stored = nbformat.read(path, as_version=4)
    fresh = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(fresh, timeout=120, kernel_name="python3").execute()
    assert shown(fresh) == shown(stored)
    assert len(shown(stored)) == sum(cell.cell_type == "code" for cell in stored.cells)
