"""What Mermaid itself makes of our text: every graph is read, and says what we say of it."""

from __future__ import annotations

import re
import shutil
import subprocess
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from films import chromium, missing
from hall import HALL
from test_render import HOSTILE, staged

import adviz
from adviz.render.labels import node_labels
from adviz.render.mermaid import mermaid
from adviz.scene.scene import Scene

pytestmark = pytest.mark.xdist_group("mermaid")  # which is fetched once

SCRIPT = "package/dist/mermaid.min.js"
READ = """async (text) => {
  const { svg } = await mermaid.render("drawn", text);
  const page = new DOMParser().parseFromString(svg, "text/html");
  const said = [...page.querySelectorAll("g.node")].map((node) => {
    node.querySelectorAll("br").forEach((line) => line.replaceWith("\\n"));
    return [Number(node.id.match(/flowchart-n(\\d+)-/)[1]), node.textContent.trim()];
  });
  const found = page.querySelectorAll("script, img, iframe, a").length;
  return { said, found, type: (await mermaid.parse(text)).diagramType };
}"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A page that has Mermaid, as npm has it."""
    npm, folder = shutil.which("npm"), tmp_path_factory.mktemp("mermaid")
    if npm is None:
        missing("npm")
    command = [str(npm), "pack", "--silent", "mermaid@11"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=180)
    if done.returncode:
        missing("Mermaid, which npm could not fetch,")
    with tarfile.open(folder / done.stdout.split()[-1]) as package:
        package.extract(SCRIPT, folder, filter="data")
    with chromium() as browser:
        opened = browser.new_page()
        opened.add_script_tag(path=str(folder / Path(SCRIPT)))
        opened.evaluate("mermaid.initialize({ startOnLoad: false, maxEdges: 2000 })")
        yield opened


def read(page: Any, scene: Scene, show: Iterable[str] | None = None) -> dict[int, list[str]]:
    """Return what each node says, as Mermaid draws it; nothing in it runs or leads anywhere."""
    found = page.evaluate(READ, mermaid(scene, show=show))
    assert (found["type"], found["found"]) == ("flowchart-v2", 0)
    return {node: [*map(spaced, said.split("\n"))] for node, said in found["said"]}


def expected(scene: Scene) -> dict[int, list[str]]:
    """Return what each node is to say."""
    labels = zip(scene.nodes, node_labels(scene), strict=True)
    return {node.id: [*map(spaced, said)] for node, said in labels}


def spaced(line: str) -> str:
    """Return a line whose white space and signs that control something are one space each."""
    return re.sub(r"[\x00-\x20]+", " ", line).strip()


@pytest.mark.parametrize("name", HALL)
def test_mermaid_says_what_every_node_says(name: str, page: Any) -> None:
    scene = adviz.draw(HALL[name]()).scene
    assert read(page, scene) == expected(scene)


@pytest.mark.parametrize("label", HOSTILE)
def test_a_hostile_label_is_text_to_mermaid(label: str, page: Any) -> None:
    scene = staged(label)
    assert read(page, scene) == expected(scene)


def test_a_node_that_says_nothing_is_still_a_node(page: Any) -> None:
    scene = adviz.draw("2*x + sin(x)").scene
    said = {0: ["2"], 1: [""], 2: ["2 × x"], 3: ["sin(x)"], 4: ["v₁ + v₂"]}
    assert read(page, scene, ["operations"]) == said
