"""The command of higher order: Taylor coefficients along a line."""

from __future__ import annotations

from typing import Annotated

import typer

from adviz.cli.options import AsTable, At, Digits, Direction, Formula, Json, Of, Open, Output
from adviz.cli.printing import accept, hand_over

Highest = Annotated[int, typer.Option("--order", min=1, max=1000, help="The highest order.")]


def taylor(
    formula: Formula,
    at: At = "",
    direction: Direction = "",
    order: Highest = 4,
    of: Of = "",
    digits: Digits = None,
    as_: AsTable = "text",
    output: Output = None,
    open_: Open = False,
    as_json: Json = False,
) -> None:
    """Print the Taylor coefficients of every node along a line, one column an order.

    Files: html (the film in which they arrive, order by order), pdf, png, svg (the finished graph),
    csv, json, md, tex, txt.
    """
    import adviz
    from adviz.calculus.taylor import FORMS
    from adviz.cli.arguments import direction_of, graph_of, numbers

    accept(output, FORMS)
    graph = graph_of(formula)
    along = direction_of(graph, direction)
    made = adviz.taylor(graph, numbers(at), along, order, of=of or None, digits=digits)
    return hand_over(made, as_, output, open_=open_, as_json=as_json)
