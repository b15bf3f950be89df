"""The report of `check` as a piece of a page: the graph with its culprit, findings, witnesses.

Everything is in the one text, and there is no script: it works from a file, in a notebook's
output, and in its export. Colours are roles; the reader's theme chooses light or dark.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from adviz.checking.finding import Finding
from adviz.checking.report import witnesses, words
from adviz.checking.report.colours import LOOKS, UNREACHED
from adviz.checking.report.heat import close_up
from adviz.checking.report.listing import HEADINGS, NUMERIC, listed
from adviz.language.outputs import own
from adviz.render.html import colours
from adviz.render.page import whole_page
from adviz.render.policy import measured
from adviz.render.svg import printable, svg
from adviz.scene.scene import Scene

if TYPE_CHECKING:
    from adviz.checking.report import Report

_HOST = ":is(.adviz-report, .adviz-report-page)"
_MOST_LINES = 60
_BLAMING = frozenset(look.role for look in LOOKS.values()) - {"muted"}
"""The roles of marks that say where the culprit is."""


def fragment(report: Report) -> str:
    """Return a report as one element with its style.

    >>> import adviz
    >>> fragment(adviz.check("x*x", at={"x": 3})).count("<svg")
    1
    """
    rules = files(__package__ or "").joinpath("report.css").read_text("utf-8")
    style = own("\n".join([colours(_HOST), *_role_rules(), rules.strip()]), "adviz-report")
    return f"<style>\n{style}\n</style>\n{_section(report)}"


def _role_rules() -> Iterator[str]:
    """Yield the rules by which a part of a report, and the whole, has the colour of a role."""
    for role in dict.fromkeys(look.role for look in (*LOOKS.values(), UNREACHED)):
        yield f".adviz-report .is-{role} {{ color: var(--{role}); }}"
        yield f".adviz-report.is-{role} {{ --verdict: var(--{role}); }}"


def page(report: Report) -> str:
    """Return a report as a page of its own.

    >>> import adviz
    >>> page(adviz.check("x*x", at={"x": 3}))[:15]
    '<!DOCTYPE html>'
    """
    return whole_page(report.headline, "adviz-report-page", fragment(report))


def _section(report: Report) -> str:
    parts = [
        f"<h2>{_text(report.headline)}</h2>",
        f"<p>{_text(words.counted(report))}</p>",
        *(_unreached(sentence) for sentence in report.unreached),
        _figure(report),
        _findings(report.findings),
    ]
    worst = report.worst
    if worst is not None and worst.verdict != "agrees":
        parts.append(_in_full(worst, report.graph.symbols))
    if report.proofs:
        title = words.proofs_title(report.findings)
        parts += [
            f"<h3>{_text(title)}</h3>",
            _said(witnesses.PROVED, witnesses.proved(report.proofs)),
        ]
    body = "\n".join(part for part in parts if part)
    host = f"adviz-report is-{LOOKS[report.verdict].role}"
    return f'<section class="{host}" aria-label="Report">\n{body}\n</section>'


def _unreached(sentence: str) -> str:
    return f'<p class="is-{UNREACHED.role}">{_text(sentence)}</p>'


def _figure(report: Report) -> str:
    """Return the heat map, or what of it is around the culprit, or why there is none."""
    scene, size = close_up(report), len(report.graph)
    if scene is None:
        return f"<p>The graph has {size} nodes, too many for a picture; none is to blame.</p>"
    region = 'class="adviz-figure" role="region" aria-label="Computational graph" tabindex="0"'
    drawn = svg(scene, variables=True, background=False)
    sized, sizes = measured({"--natural": f"{scene.layout.width:.0f}px"})
    canvas = f'<div class="adviz-canvas {sized}">{sizes}{drawn}{_here(scene)}</div>'
    figure = f"<div {region}>{canvas}</div>"
    if len(scene.nodes) == size:
        return figure
    return (
        f"{figure}\n<p>{len(scene.nodes)} of the graph's {size} nodes: those around the marked "
        "one. What is computed from others stands as an input.</p>"
    )


def _here(scene: Scene) -> str:
    """Return what a narrow figure is scrolled to at first: the culprit."""
    boxes = [
        scene.layout.boxes[where]
        for where, mark in scene.marks.items()
        if isinstance(where, int) and mark.role in _BLAMING
    ]
    if not boxes:
        return ""
    placed, place = measured({"left": f"{100 * boxes[0].middle.x / scene.layout.width:.1f}%"})
    return f'{place}<i class="adviz-here {placed}"></i>'


def _findings(findings: Sequence[Finding]) -> str:
    if not findings:
        return ""
    shown, left_out = listed(findings, _MOST_LINES)
    rows = ((_verdict(line.verdict), *map(_text, line.full()[1:])) for line in shown)
    return _table(HEADINGS, rows) + (f"\n<p>{_text(left_out)}</p>" if left_out else "")


def _in_full(worst: Finding, symbols: Sequence[str]) -> str:
    """Return everything that is known of the worst finding."""
    facts = "".join(
        f"<dt>{_text(heading)}</dt><dd>{_text(fact)}</dd>"
        for heading, fact in words.facts(worst, symbols).items()
    )
    title = f"<h3>{_text(str(worst.key))} at {_text(words.at(worst.point))}</h3>"
    said = ""
    if worst.statements:
        said = f"\n{_said(witnesses.HEADINGS, witnesses.rows(worst.statements))}"
    return f"{title}\n<dl>{facts}</dl>{said}"


def _said(headings: Sequence[str], said: Iterable[witnesses.Row]) -> str:
    rows = (
        (_text(witness), _text(cell), _verdict(verdict), _text(remark))
        for witness, cell, verdict, remark in said
    )
    return _table(headings, rows)


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of cells that are markup already; the first of each row is its header.

    Every cell has its heading with it, for a narrow page in which a row is a block.
    """
    first, *others = headings
    heads = "".join(f"<th{_kind(h)} scope=col>{_text(h)}</th>" for h in headings)
    body = "\n".join(
        f'<tr><th scope="row">{row[0]}</th>'
        + "".join(
            f'<td{_kind(h)} data-heading="{h}">{cell}</td>'
            for h, cell in zip(others, row[1:], strict=True)
        )
        + "</tr>"
        for row in rows
    )
    table = f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"
    region = f'class="adviz-scroll" role="region" aria-label="{first}" tabindex="0"'
    return f"<div {region}>{table}</div>"


def _kind(heading: str) -> str:
    return ' class="number"' if heading in NUMERIC else ""


def _verdict(verdict: str) -> str:
    return f'<b class="is-{LOOKS[verdict].role}">{_text(verdict)}</b>'


def _text(text: str) -> str:
    """Return any text as markup in which nothing of it is."""
    return escape(printable(text))
