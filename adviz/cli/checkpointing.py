"""The command `checkpoint`: a chain reversed with few snapshots, as a table, film or picture."""

from __future__ import annotations

from typing import Annotated

import typer

from adviz.cli.options import Json, Open, Output, TableFormat
from adviz.cli.printing import accept, hand_over

Chain = Annotated[
    str,
    typer.Argument(
        metavar="[FORMULA]",
        help="A formula, saved graph or Python function, which is cut into steps; or --steps.",
        show_default=False,
    ),
]


def checkpoint(
    formula: Chain = "",
    steps: Annotated[int | None, typer.Option("--steps", "-n", help="How many steps.")] = None,
    snapshots: Annotated[
        int | None, typer.Option("--snapshots", "-c", help="How many states may be kept.")
    ] = None,
    schedule: Annotated[
        str, typer.Option("--schedule", "-s", help="binomial, optimal, all or sqrt.")
    ] = "binomial",
    as_: Annotated[TableFormat, typer.Option("--format", "-f", help="How to print it.")] = "text",
    output: Output = None,
    open_: Open = False,
    as_json: Json = False,
) -> None:
    """Plan how a chain of steps is reversed while few of its states are kept.

    Files: html (the film), pdf, png, svg (the space-time diagram), csv, json, md, tex, txt.
    """
    import adviz
    from adviz.cli.arguments import graph_of
    from adviz.comparison.checkpointing.schedule import FORMS

    accept(output, FORMS)
    if bool(formula) == (steps is not None):
        raise adviz.AdvizError("checkpoint takes a formula, or --steps and how many there are")
    chain = steps if steps is not None else graph_of(formula)
    found = adviz.checkpoint(chain, snapshots, schedule)
    return hand_over(found, as_, output, open_=open_, as_json=as_json)
