"""The command `paths`: derivatives as sums over all paths, as a table, page, picture or data."""

from __future__ import annotations

from typing import Annotated

import typer

from adviz.cli.options import At, Digits, Formula, Json, Open, Output, TableFormat, Wrt
from adviz.cli.printing import accept, hand_over


def paths(
    formula: Formula,
    at: At = "",
    as_: Annotated[TableFormat, typer.Option("--format", "-f", help="How to print it.")] = "text",
    of: Annotated[
        str, typer.Option("--of", metavar="OUTPUT", help="The paths to this output only.")
    ] = "",
    wrt: Wrt = "",
    digits: Digits = None,
    output: Output = None,
    open_: Open = False,
    as_json: Json = False,
) -> None:
    """Write derivatives as sums over all paths, and count what these and a sweep take.

    Files: html (a page in which terms and paths light each other up), pdf, png, svg (the graph),
    csv, json, md, tex, txt.
    """
    import adviz
    from adviz.cli.arguments import graph_of, names, numbers
    from adviz.comparison.paths.paths import FORMS

    accept(output, FORMS)
    found = adviz.paths(
        graph_of(formula),
        numbers(at) if at else None,
        of=of or None,
        wrt=names(wrt),
        digits=digits,
    )
    return hand_over(found, as_, output, open_=open_, as_json=as_json)
