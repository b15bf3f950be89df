"""The command `paths`: derivatives as sums over all paths, as a table, page, picture or data."""

from __future__ import annotations

from typing import Annotated

import typer

from adviz.cli.options import At, Digits, Formula, Json, Open, Output, TableFormat, Wrt
from adviz.cli.printing import save, show_json, show_table


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

    With -o, write the page in which terms and paths light each other up (.html), the picture
    (.svg), or the table (.json, .md, .tex, .txt).
    """
    import adviz
    from adviz.cli.arguments import graph_of, names, numbers
    from adviz.comparison.paths.page import writer

    if output is not None:
        writer(output)  # a suffix that cannot be written is refused before the work, not after
    found = adviz.paths(
        graph_of(formula),
        numbers(at) if at else None,
        of=of or None,
        wrt=names(wrt),
        digits=digits,
    )
    if output is not None:
        return save(found.save, output, open_=open_)
    return show_json(found.to_json()) if as_json else show_table(found, as_)
