"""The command `eliminate`: the Jacobian in an order of elimination, as a table, film or picture."""

from __future__ import annotations

from typing import Annotated

import typer

from adviz.cli.options import AsTable, At, Digits, Formula, Json, Of, Open, Output, Wrt
from adviz.cli.printing import accept, hand_over


def eliminate(
    formula: Formula,
    at: At = "",
    order: Annotated[
        str,
        typer.Option(
            help="forward, reverse, markowitz, optimal, or all vertices, as in v2,v1.",
        ),
    ] = "forward",
    as_: AsTable = "text",
    of: Of = "",
    wrt: Wrt = "",
    digits: Digits = None,
    output: Output = None,
    open_: Open = False,
    as_json: Json = False,
) -> None:
    """Accumulate the Jacobian by eliminating vertices, and count what the order takes.

    Files: html (the film), pdf, png, svg (the linearized graph), csv, json, md, tex, txt.
    """
    import adviz
    from adviz.cli.arguments import graph_of, names, numbers
    from adviz.comparison.elimination.elimination import FORMS

    accept(output, FORMS)
    graph = graph_of(formula)
    listed = names(order) if "," in order or order in graph.symbols else None
    found = adviz.eliminate(
        graph, numbers(at), listed or order, of=of or None, wrt=names(wrt), digits=digits
    )
    return hand_over(found, as_, output, open_=open_, as_json=as_json)
