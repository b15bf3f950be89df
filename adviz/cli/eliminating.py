"""The command `eliminate`: the Jacobian in an order of elimination, as a table, film or picture."""

from __future__ import annotations

from typing import Annotated

import typer

from adviz.cli.options import AsTable, At, Digits, Formula, Json, Open, Output, Wrt
from adviz.cli.printing import save, show_json, show_table

_FILM = ".html"


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
    wrt: Wrt = "",
    digits: Digits = None,
    output: Output = None,
    open_: Open = False,
    as_json: Json = False,
) -> None:
    """Accumulate the Jacobian by eliminating vertices, and count what the order takes.

    With -o, write the film (.html), or the picture of the linearized graph (.svg, .png, .pdf).
    """
    import adviz
    from adviz.cli.arguments import graph_of, names, numbers

    graph = graph_of(formula)
    listed = names(order) if "," in order or order in graph.symbols else None
    found = adviz.eliminate(graph, numbers(at), listed or order, wrt=names(wrt), digits=digits)
    if output is not None:
        seen = adviz.animate(found) if output.suffix == _FILM else adviz.draw(found, theme="light")
        return save(seen.save, output, open_=open_)
    return show_json(found.to_json()) if as_json else show_table(found, as_)
