"""The gallery of broken AD as pages: a fault's sweep beside the right one, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

from adviz.checking.faults.gallery import BY_NAME, Fault
from adviz.checking.faults.parts import RIGHT, departure
from adviz.language.numerals import short
from adviz.modes.point import Point
from adviz.modes.trace import Trace
from adviz.render import webfont
from adviz.render.html import figure, script, style
from adviz.render.policy import protected
from adviz.render.provenance.carriers import carried
from adviz.render.provenance.made import of_traces, printing, sealing
from adviz.render.provenance.record import SEALED, Record
from adviz.render.provenance.shown import shown
from adviz.render.svg import svg
from adviz.render.web import WebTheme, header
from adviz.scene.scene import Mark, Marks, Scene
from adviz.scene.staging import stage
from adviz.scene.table import table
from adviz.sources import Source

_PLAYER = files("adviz.render") / "player"


def film(
    fault: Fault, source: Source | None = None, at: Point | None = None, theme: WebTheme = "auto"
) -> str:
    """Return a page that plays the right and the broken sweep side by side.

    The formula and the point are the fault's own unless they are given. In the broken sweep the
    nodes whose adjoint departs are marked, with the number that they should have. The page is
    self-contained and needs no network.

    >>> from adviz.checking.faults.gallery import BY_NAME
    >>> page = film(BY_NAME["overwrite"])
    >>> page.count('class="adviz-graph"')
    2
    """
    wrong = fault.reverse(source, at)
    right = RIGHT.reverse(wrong.graph, wrong.point)
    scenes = {"right": stage(right), "wrong": stage(wrong, departed(right, wrong))}
    first, second = (_figure(role, scene, theme) for role, scene in scenes.items())
    title = fault.title[0].upper() + fault.title[1:]
    page = Template(_asset("pair.html")).substitute(
        title=escape(title),
        says=escape(fault.says),
        first=first,
        second=second,
        style=style(),
        pair_style=_asset("pair.css").strip(),
        script=script(),
        pair_script=_asset("short/pair.js").strip(),
        fonts=webfont.script(first + second),
    )
    return carried(protected(page).encode(), ".html", _record(fault, right, scenes)).decode()


def _record(fault: Fault, right: Trace, scenes: Mapping[str, Scene]) -> Record:
    """Return what a page says of itself; of a fault that is not in the gallery it seals it."""
    record = of_traces([right]) if BY_NAME.get(fault.name) is fault else sealing()
    if record.seen != SEALED:
        record = replace(record, seen="film", fault=fault.name)
    numbers = [text for scene in scenes.values() for text in shown(scene, "film").values()]
    return printing(record, numbers)


def departed(right: Trace, wrong: Trace) -> Marks:
    """Return marks on the nodes that end with another adjoint, and where it began.

    >>> from adviz.checking.faults.gallery import BY_NAME
    >>> fault = BY_NAME["overwrite"]
    >>> departed(RIGHT.reverse(fault.example, fault.at), fault.reverse())[0].note
    'should be 6'
    """
    pairs = enumerate(zip(right.adjoints or (), wrong.adjoints or (), strict=True))
    marks: dict[Any, Mark] = {
        node: Mark("fault", f"should be {short(one)}")
        for node, (one, other) in pairs
        if one is not None and short(one) != short(other)
    }
    began = departure(right, wrong)
    if began is not None and began[1] is not None:
        marks[began[1]] = Mark("fault")
    return marks


def _figure(role: str, scene: Scene, theme: WebTheme) -> str:
    """Return one player, headed by what it plays."""
    picture = svg(scene, variables=True, background=False)
    head = f'<span class="adviz-role {role}">{role}</span> {header(scene)}'
    return figure(scene.to_json(), picture, table(*scene.traces).html(), head, role, theme)


def _asset(name: str) -> str:
    return (_PLAYER / name).read_text(encoding="utf-8")
