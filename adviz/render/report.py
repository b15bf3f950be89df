"""The report of `check` as a piece of a page: the graph with its culprit, findings, witnesses.

Everything is in the one text, and there is no script: it works from a file, in a notebook's
output, and in its export. Colours are roles; the reader's theme chooses light or dark.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files

from adviz.errors import TooLarge
from adviz.finding import Finding, Statement
from adviz.picture.heat import heat_map
from adviz.render.html import colours
from adviz.render.svg import printable, svg
from adviz.report import Report, words
from adviz.report.looks import LOOKS
from adviz.report.terminal import HEADINGS, NUMERIC, SAID, left_out, listed, said

_HOST = ".adviz-report"
_MOST_LINES = 60


def fragment(report: Report) -> str:
    """Return a report as one element with its style.

    >>> import adviz
    >>> fragment(adviz.check("x*x", at={"x": 3})).count("<svg")
    1
    """
    style = f"{colours(_HOST)}\n{files('adviz.render').joinpath('report.css').read_text('utf-8')}"
    return f"<style>\n{style.strip()}\n</style>\n{_section(report)}"


def page(report: Report) -> str:
    """Return a report as a page of its own.

    >>> import adviz
    >>> page(adviz.check("x*x", at={"x": 3}))[:15]
    '<!DOCTYPE html>'
    """
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{_text(report.headline)}</title>\n</head>\n"
        f'<body class="adviz-report-page">\n{fragment(report)}\n</body>\n</html>'
    )


def _section(report: Report) -> str:
    parts = [
        f"<h2>{_text(report.headline)}</h2>",
        f"<p>{_text(words.counted(report))}</p>",
        _figure(report),
        _findings(report.findings),
    ]
    worst = report.worst
    if worst is not None and worst.verdict != "agrees":
        parts.append(_in_full(worst, report.graph.symbols))
    if report.proofs:
        parts += ["<h3>The whole formula</h3>", _statements(report.proofs)]
    role = f' style="--verdict: var(--{LOOKS[report.verdict].role})"'
    body = "\n".join(part for part in parts if part)
    return f'<section class="adviz-report"{role} aria-label="Report">\n{body}\n</section>'


def _figure(report: Report) -> str:
    """Return the heat map, or in words why there is none."""
    try:
        drawn = svg(heat_map(report), variables=True, background=False)
    except TooLarge as error:
        return f"<p>{_text(str(error))}</p>"
    region = 'class="adviz-figure" role="region" aria-label="Computational graph" tabindex="0"'
    return f"<div {region}>{drawn}</div>"


def _findings(findings: Sequence[Finding]) -> str:
    if not findings:
        return ""
    rows = (
        (_verdict(line.verdict), *map(_text, line.cells[1:]))
        for line in listed(findings, _MOST_LINES)
    )
    rest = left_out(findings, _MOST_LINES)
    return _table(HEADINGS, rows) + (f"\n<p>{_text(rest)}</p>" if rest else "")


def _in_full(worst: Finding, symbols: Sequence[str]) -> str:
    """Return everything that is known of the worst finding."""
    facts = "".join(
        f"<dt>{_text(heading)}</dt><dd>{_text(fact)}</dd>"
        for heading, fact in words.facts(worst, symbols).items()
    )
    title = f"<h3>{_text(str(worst.key))} at {_text(words.at(worst.point))}</h3>"
    witnesses = f"\n{_statements(worst.statements)}" if worst.statements else ""
    return f"{title}\n<dl>{facts}</dl>{witnesses}"


def _statements(statements: Sequence[Statement]) -> str:
    rows = (
        (_text(witness), _text(value), _verdict(verdict), _text(remark))
        for witness, value, verdict, remark in said(statements)
    )
    return _table(SAID, rows)


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of cells that are markup already; the first of each row is its header."""
    sides = ['<{} class="number">' if heading in NUMERIC else "<{}>" for heading in headings]
    heads = "".join(
        f"{side.format('th scope=col')}{_text(heading)}</th>"
        for side, heading in zip(sides, headings, strict=True)
    )
    body = "\n".join(
        f'<tr><th scope="row">{row[0]}</th>'
        + "".join(
            f"{side.format('td')}{cell}</td>" for side, cell in zip(sides[1:], row[1:], strict=True)
        )
        + "</tr>"
        for row in rows
    )
    table = f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"
    region = f'class="adviz-scroll" role="region" aria-label="{headings[0]}" tabindex="0"'
    return f"<div {region}>{table}</div>"


def _verdict(verdict: str) -> str:
    return f'<b style="color: var(--{LOOKS[verdict].role})">{_text(verdict)}</b>'


def _text(text: str) -> str:
    """Return any text as markup in which nothing of it is."""
    return escape(printable(text))
