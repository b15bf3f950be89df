"""The command `compare`: what each way to differentiate costs, as a table, data or a file."""

from __future__ import annotations

from typing import Annotated

import typer

from adviz.cli.options import AsTable, At, Formula, Json, Of, Open, Output, Wrt
from adviz.cli.printing import accept, hand_over

Times = Annotated[
    bool, typer.Option("--times", help="Measure too: time as a multiple of one evaluation.")
]


def compare(
    formula: Formula,
    at: At = "",
    of: Of = "",
    wrt: Wrt = "",
    times: Times = False,
    as_: AsTable = "text",
    output: Output = None,
    open_: Open = False,
    as_json: Json = False,
) -> None:
    """Compare the ways to differentiate: operations, swell, memory and, with --at, exactness.

    FORMULA may also be module:function, looked for in the current folder too. Files: csv, html,
    json, md, tex, txt, and the graphs as pdf, png, svg.
    """
    import adviz
    from adviz.cli.arguments import names, numbers, subject_of
    from adviz.comparison.comparison import FORMS

    accept(output, FORMS)
    found = adviz.compare(
        subject_of(formula),
        at=numbers(at) if at else None,
        of=of or None,
        wrt=names(wrt),
        times=times,
    )
    return hand_over(found, as_, output, open_=open_, as_json=as_json)
