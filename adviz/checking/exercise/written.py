"""A sheet in text, Markdown, LaTeX, CSV and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from adviz.checking.exercise.blanks import name_of, symbol_of
from adviz.checking.exercise.listing import ASCII, LATEX, SHOWN, Medium
from adviz.checking.exercise.picture import TOO_LARGE, on_paper
from adviz.graph.typed import typed
from adviz.language import notation
from adviz.language.ascii import in_ascii
from adviz.language.data import as_csv
from adviz.language.grid import escaped
from adviz.language.notation import Tree, unicode_text
from adviz.language.notation.tex_signs import LETTER
from adviz.language.notation.tex_signs import in_ascii as in_ascii_commands
from adviz.language.numerals import short
from adviz.modes.trace import Trace
from adviz.render.latex.picture import PACKAGES, picture
from adviz.render.latex.tikz import items
from adviz.render.mermaid import mermaid
from adviz.scene.quantities import quantity
from adviz.sources.document import to_document

if TYPE_CHECKING:
    from adviz.checking.exercise.exercise import Exercise

FORMAT, VERSION = "adviz-exercise", 1
_TITLES = {"evaluate": "Evaluation", "forward": "Forward mode", "reverse": "Reverse mode"}
_TASKS = {
    "values": "the value of every node",
    "partials": "every local partial",
    "tangents": "the tangents, from the inputs to the output",
    "adjoints": "the adjoints, from the output back to the inputs",
}
_SEEDED = {"forward": ("tangent", "inputs"), "reverse": ("adjoint", "outputs")}
"""What a sweep starts from: its quantity, and of which nodes."""


def headline(sheet: Exercise) -> str:
    """Return what is worked out, in a few words: `Reverse mode by hand`; a key says that it is one.

    >>> import adviz
    >>> headline(adviz.exercise(adviz.reverse("x*y", at={"x": 3, "y": 2})).key())
    'Reverse mode by hand: answer key'
    """
    return f"{_TITLES[sheet.trace.mode]} by hand{': answer key' * sheet.is_key}"


def task(sheet: Exercise) -> str:
    """Return what is asked for, in one sentence.

    >>> import adviz
    >>> task(adviz.exercise(adviz.reverse("x*y", at={"x": 3, "y": 2}), blank="partials"))
    'Fill in every local partial.'
    """
    asked = [_TASKS[kind] for kind in sheet.kinds]
    *first, last = asked
    verb = "Filled in:" if sheet.is_key else "Fill in"
    return f"{verb} {', '.join(first)}{', then ' if first else ''}{last}."


def seeds(trace: Trace) -> Iterator[Tree]:
    """Yield what the sweep starts from, an equation each."""
    if trace.mode in _SEEDED:
        noun, ends = _SEEDED[trace.mode]
        nodes: Mapping[str, int] = getattr(trace.graph, ends)
        for label, seed in trace.seed.items():
            symbol = quantity(noun).symbol(trace.graph.leaf(nodes[label]))
            yield notation.row(symbol, notation.op("="), notation.number(short(seed)))


def text(sheet: Exercise) -> str:
    """Return a sheet as plain text."""
    return "\n\n".join(_parts(sheet, SHOWN))


def ascii_text(sheet: Exercise) -> str:
    """Return a sheet as plain text in ASCII characters."""
    return "\n".join(map(in_ascii, "\n\n".join(_parts(sheet, ASCII)).splitlines()))


def _parts(sheet: Exercise, medium: Medium[str]) -> list[str]:
    """Return the parts of a sheet in text."""
    tables = [f"{one.title}\n{one.grid(medium, sheet.entries)}" for one in sheet.sections]
    return [headline(sheet), *said(sheet), task(sheet), *(table.rstrip() for table in tables)]


def said(sheet: Exercise) -> list[str]:
    """Return what a sheet is about, in text, a line each."""
    return [unicode_text(part, sheet.scene.text) for part in about(sheet)]


def about(sheet: Exercise) -> list[Tree]:
    """Return what a sheet is about: the formula, the point, and what the sweep starts from."""
    scene = sheet.scene
    point = [] if scene.point is None else [scene.point]
    return [*(scene.statements or (scene.title,)), *point, *seeds(sheet.trace)]


def markdown(sheet: Exercise) -> str:
    """Return a sheet as Markdown; what is written in it is text."""
    graph = f"```mermaid\n{mermaid(sheet.scene).rstrip()}\n```"
    tables = [
        f"## {section.title}\n\n{section.grid(SHOWN, sheet.entries).markdown()}"
        for section in sheet.sections
    ]
    head = [f"# {headline(sheet)}", *map(escaped, said(sheet)), task(sheet)]
    return "\n\n".join([*head, graph, *tables])


_PREAMBLE = (
    r"\documentclass[11pt]{article}",
    r"\usepackage[utf8]{inputenc}",
    r"\usepackage[margin=22mm]{geometry}",
    r"\usepackage{booktabs,longtable}",
    PACKAGES,
    LETTER,
    r"\providecommand{\textquotedbl}{''}",
    r"\newcommand{\blank}{\underline{\hspace{6em}}}",
    r"\renewcommand{\arraystretch}{1.5}",
    r"\setlength{\LTleft}{0pt}",
    r"\setlength{\parindent}{0pt}",
    r"\setlength{\parskip}{1.2ex}",
    r"\pagestyle{empty}",
    r"\begin{document}",
)
_WHO = r"Name: \blank\blank\blank \hfill Date: \blank"


def latex(sheet: Exercise) -> str:
    """Return a sheet as a LaTeX document of one page or more."""
    lines = "\\qquad\n".join(f"${notation.latex(one, sheet.scene.text)}$" for one in about(sheet))
    tables = [
        f"\\subsection*{{{one.title}}}\n{_over_pages(one.grid(LATEX, sheet.entries).latex())}"
        for one in sheet.sections
    ]
    who = "" if sheet.is_key else f"\n{_WHO}"
    head = [f"\\section*{{{headline(sheet)}}}{who}", lines, task(sheet), _drawn(sheet)]
    content = in_ascii_commands("\n\n".join([*head, *tables, r"\end{document}"]))
    return "\n".join([*_PREAMBLE, content])


def _drawn(sheet: Exercise) -> str:
    """Return the graph as a picture of TikZ, or why it is not there."""
    page = on_paper(sheet.scene)
    if page is None:
        return TOO_LARGE
    return "\n".join(picture(page, [one.shown() for one in items(page)], "light"))


def _over_pages(tabular: str) -> str:
    """Return a tabular that goes on on the next page."""
    first, *between, last = tabular.removeprefix(f"{LETTER}\n").splitlines()
    ends = (line.replace("{tabular}", "{longtable}") for line in (first, last))
    return "\n".join([next(ends), *between, next(ends)])


def csv(sheet: Exercise) -> str:
    """Return the blanks of a sheet as CSV."""
    graph = sheet.trace.graph
    rows = [
        (name_of(graph, blank), unicode_text(symbol_of(graph, blank)), sheet.entries.get(blank))
        for blank in sheet.blanks
    ]
    return as_csv(("blank", "symbol", "answer"), rows)


def document(sheet: Exercise) -> dict[str, Any]:
    """Return a sheet as plain data."""
    trace = sheet.trace
    names = {blank: name_of(trace.graph, blank) for blank in sheet.blanks}
    return {
        "format": FORMAT,
        "version": VERSION,
        "formula": typed(trace.graph),
        "mode": trace.mode,
        "point": {name: float(value) for name, value in trace.point.items()},
        "seed": {name: float(value) for name, value in trace.seed.items()},
        "wrt": [*trace.gradient] if trace.mode == "reverse" else None,
        "blank": list(sheet.kinds),
        "answers": {name: sheet.entries.get(blank) for blank, name in names.items()},
        "graph": to_document(trace.graph),
    }
