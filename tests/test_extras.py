"""Each extra does its work, whichever of the allowed versions is installed."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import oldest
import pytest

import adviz

ROOT = Path(__file__).parent.parent


def native() -> float:
    kernel = adviz.compile("sin(x)*y", target="native")
    return float(kernel(x=0.5, y=2.0)[1]["x"])


def scipy() -> float:
    kernel = adviz.compile("lgamma(x) + y", target="python")
    return float(kernel(x=np.array([3.0]), y=0.0)[1]["x"][0])


def dask() -> float:
    import dask.array

    x: Any = dask.array.arange(1, 3, dtype=float)
    points = {"x": x, "y": 3.0}
    _, slopes = adviz.evaluate_many("x*y", points)
    return float(slopes["x"].sum().compute())


def plot() -> float:
    chart = adviz.step_errors("x*x", at={"x": 1.0}, steps=[0.25, 0.5])
    assert chart.svg().startswith("<?xml")
    assert adviz.draw("x*y").to_matplotlib().texts
    (curve, *_) = chart.curves
    return curve.points[1][1]


def pptx() -> float:
    from io import BytesIO

    from pptx import Presentation

    from adviz.render import rendered

    scene = adviz.animate(adviz.reverse("x*y", at={"x": 3, "y": 2}), check=False).scene
    return float(len(Presentation(BytesIO(rendered(scene, ".pptx", "animation"))).slides))


def notebook() -> float:
    widget = adviz.animate(adviz.reverse("x*y", at={"x": 1, "y": 2})).widget()
    widget.inputs = {"x": 4}
    return float(widget.inputs["x"])


def video() -> float:
    film = adviz.animate(adviz.reverse("x*y", at={"x": 3, "y": 2}), check=False)
    with TemporaryDirectory() as folder:
        film.save(Path(folder) / "f.mp4", size=(320, 240), seconds=0.1)
        return float((Path(folder) / "f.mp4").read_bytes().count(b"moov"))


def sphinx() -> float:
    from sphinx.application import Sphinx

    with TemporaryDirectory() as folder:
        asked, made = "\n   :at: x=3,y=2\n   :format: table\n", Path(folder) / "made"
        Path(folder, "index.rst").write_text(f".. adviz:: x*y{asked}", "utf-8")
        settings = {"extensions": ["adviz.plugins.sphinx"]}
        Sphinx(folder, None, made, made, "text", settings, status=None).build()
        written = (made / "index.txt").read_text("utf-8")
    return float(re.findall(r"x × y +(\d)", written)[0])


WORK: dict[str, tuple[Callable[[], float], float]] = {
    "matplotlib": (plot, 0.25),
    "llvmlite": (native, 2 * float(np.cos(0.5))),
    "pptx": (pptx, 5.0),
    "scipy": (scipy, 0.9227843350984671),
    "sphinx": (sphinx, 6.0),
    "dask": (dask, 6.0),
    "anywidget": (notebook, 4.0),
    "imageio_ffmpeg": (video, 1.0),
}


@pytest.mark.parametrize("package", WORK)
def test_an_extra_does_its_work(package: str) -> None:
    if not find_spec(package) and not os.environ.get("CI"):
        pytest.skip(f"MISSING EXTRA: {package} is not installed")
    work, expected = WORK[package]
    assert work() == pytest.approx(expected, rel=1e-14)


def test_every_requirement_has_an_oldest_version() -> None:
    found = oldest.oldest()
    assert {"typer", "rich", "numpy", "llvmlite", "scipy", "dask", "pytest"} <= set(found)
    assert all(re.fullmatch(r"\d+(\.\d+)+", number) for number in found.values())
    built_with = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]
    assert built_with["requires"] == [f"hatchling>={found['hatchling']}"]


@pytest.mark.skipif(not os.environ.get("ADVIZ_OLDEST"), reason="asked for in .ci/run alone")
@pytest.mark.parametrize("package", ["typer", "rich", "numpy", "sympy", "fpdf2", "scipy"])
def test_the_oldest_versions_are_installed(package: str) -> None:
    wanted = oldest.oldest()[package].split(".")
    assert version(package).split(".")[: len(wanted)] == wanted
