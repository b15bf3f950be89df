"""Sums over paths as a page: the graph and the terms, each of which lights up the other.

Without JavaScript the graph, the sums and every term stand there all the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

from adviz.comparison.paths import listing
from adviz.comparison.paths.listing import Term
from adviz.comparison.paths.picture import marked
from adviz.comparison.paths.terms import route, typeset
from adviz.errors import TooLarge
from adviz.graph.procedure import Edge
from adviz.language import notation
from adviz.language.labels import Key
from adviz.language.notation import Tree
from adviz.language.numerals import short
from adviz.language.outputs import own
from adviz.render import webfont
from adviz.render.html import colours
from adviz.render.page import whole_page
from adviz.render.svg import printable, svg
from adviz.scene import narration
from adviz.scene.staging import stage

if TYPE_CHECKING:
    from adviz.comparison.paths.paths import Paths

_HOST = ":is(.adviz-paths, .adviz-paths-page)"
_IN_A_LINE = 12
"""The most terms of a sum that is also written in a line."""
_HEADINGS = dict(zip(listing.HEADINGS[1:], Term._fields, strict=True))
"""The columns of the tables, and what stands in them."""


def fragment(found: Paths) -> str:
    """Return sums over paths as a piece of a page, with its own style and script.

    >>> import adviz
    >>> fragment(adviz.paths("x*x")).count("<tr data-edges")
    2
    """
    return Template(_asset("fragment.html")).substitute(
        style=own(f"{colours(_HOST)}\n{_asset('paths.css').strip()}", "adviz-paths"),
        title=_header(found),
        counts="".join(f"<li>{_text(said)}</li>" for said in listing.told_in_full(found)),
        figure=_figure(found),
        note=_note(found),
        sums="\n".join(_sum(found, key) for key in found.sums),
        edges=_data(found),
        script=_asset("paths.js").strip(),
    )


def page(found: Paths) -> str:
    """Return sums over paths as a page of its own."""
    title = notation.unicode_text(narration.definition(found.graph))
    content = fragment(found)
    faces = webfont.style(content)
    return whole_page(title, "adviz-paths-page", f"<style>{faces}</style>\n{content}")


@cache
def _asset(name: str) -> str:
    return files(__package__ or "").joinpath(name).read_text("utf-8")


def _header(found: Paths) -> str:
    """Return the formula, and the point where there is one."""
    formula = notation.mathml(narration.definition(found.graph))
    if not found.point:
        return formula
    figures = [narration.Figure(f"point/{name}", None) for name in found.point]
    texts = {f"point/{name}": short(value) for name, value in found.point.items()}
    point = narration.point(found.graph, figures)
    return f"{formula} <span>at</span> {notation.mathml(point, texts.__getitem__)}"


def _figure(found: Paths) -> str:
    """Return the graph; nothing where nobody could read a picture of it."""
    try:
        return svg(stage(found.graph, marked(found)), variables=True, background=False)
    except TooLarge:
        return ""


def _note(found: Paths) -> str:
    said = listing.refusal(found)
    return f'<p class="note">{_text(said)}</p>\n' if said else ""


def _sum(found: Paths, key: Key) -> str:
    """Return one derivative: its sum in a line, what it comes to, and its terms in a table."""
    one = found.sums[key]
    paths = () if listing.refusal(found) else found.terms[key]
    number = {edge: k for k, edge in enumerate(found.graph.edges)}
    terms = [
        (_along(path.edges, number, term), term)
        for path in paths
        for term in [listing.term(found, key, path)]
    ]
    name = notation.unicode_text(listing.label(key))
    return (
        f'<section class="sum" aria-label="{_text(name)}">\n'
        f"<h3>{notation.mathml(listing.label(key))}{_line(found, key, terms)}"
        f"<small>{_text(listing.counts(one.count, len(one.through)))}</small></h3>\n"
        f"{_table(terms)}</section>"
    )


def _along(edges: Sequence[Edge], number: Mapping[Edge, int], term: Term) -> str:
    """Return the attributes by which the script knows a term: its edges, and what is said of it."""
    said = [
        notation.unicode_text(part) for part in (term.product, term.numbers, term.value) if part
    ]
    text = f"{notation.unicode_text(term.route)}: {' = '.join(said)}"
    numbers = " ".join(str(number[edge]) for edge in edges)
    return f'data-edges="{numbers}" data-said="{_text(text)}"'


def _line(found: Paths, key: Key, terms: Sequence[tuple[str, Term]]) -> str:
    """Return the sum as it is written out, and what SymPy and the numbers make of it."""
    whole = [typeset(found.written.derivatives.get(key)), listing.value(found, key)]
    said = [notation.mathml(part) for part in whole if part]
    if 1 <= len(terms) <= _IN_A_LINE:
        several = len(terms) > 1
        shown = [notation.mathml(_written(term, grouped=several)) for _, term in terms]
        spans = [
            f'<span class="term" {along}>{part}</span>'
            for (along, _), part in zip(terms, shown, strict=True)
        ]
        said = [
            " <span>+</span> ".join(spans),
            *(part for part in said if several or part not in shown),
        ]
    return "".join(f' <span class="is">=</span> {part}' for part in said)


def _written(term: Term, *, grouped: bool) -> Tree:
    """Return a term written out; among others grouped if it is a sum, or begins with a sign."""
    part = term.written or term.product
    signs = {one[1] for one in part[1:] if isinstance(one, tuple) and one[0] == "op"}
    holds = part[0] != "neg" and not signs & {"+", "−"}
    return part if holds or not grouped else ("group", part)


def _table(terms: Sequence[tuple[str, Term]]) -> str:
    """Return the terms of a sum, a row each; columns in which nothing stands are left out."""
    columns = {
        heading: field
        for heading, field in _HEADINGS.items()
        if any(getattr(term, field) for _, term in terms)
    }
    heads = "".join(f'<th scope="col">{heading}</th>' for heading in columns)
    rows = "\n".join(
        f"<tr {along}>{''.join(_cell(getattr(term, one), one) for one in columns.values())}</tr>"
        for along, term in terms
    )
    if not terms:
        return ""
    return (
        '<div role="region" aria-label="Terms" tabindex="0"><table>\n'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table></div>\n"
    )


def _cell(part: Tree | None, field: str) -> str:
    inside = notation.mathml(part) if part else ""
    if field == "route":
        return f'<th scope="row">{inside}</th>'
    return f'<td class="{field}">{inside}</td>'


def _data(found: Paths) -> str:
    """Return of every edge what the script says of it, and the nodes that it joins."""
    said = []
    for edge in found.graph.edges:
        ends = notation.unicode_text(route(found.graph, found.graph.symbol(edge.head), [edge]))
        known = edge in found.partials
        number = f", local partial {short(found.partials[edge])}" if known else ""
        said.append([f"{ends}{number}", edge.tail, edge.head])
    return json.dumps(said, ensure_ascii=False).replace("<", "\\u003c")


def _text(text: str) -> str:
    """Return any text as markup in which nothing of it is."""
    return escape(printable(text))
