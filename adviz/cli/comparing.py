"""The command `compare`: what each way to differentiate costs, as a table, data or a file."""

from __future__ import annotations

from typing import Annotated

import typer

from adviz.cli.options import At, Formula, Json, Output, Wrt
from adviz.cli.printing import save, show

Times = Annotated[
    bool, typer.Option("--times", help="Measure too: time as a multiple of one evaluation.")
]


def compare(
    formula: Formula,
    at: At = "",
    wrt: Wrt = "",
    times: Times = False,
    output: Output = None,
    as_json: Json = False,
) -> None:
    """Compare the ways to differentiate: operations, swell, memory and, with --at, exactness.

    FORMULA may also be module:function, looked for in the current folder too. Files: html, json,
    md, svg (the graphs), tex, txt.
    """
    import adviz
    from adviz.cli.arguments import names, numbers, subject_of
    from adviz.comparison.comparison import writer

    if output is not None:
        writer(output)  # a suffix that cannot be written is refused before the work, not after
    found = adviz.compare(
        subject_of(formula), at=numbers(at) if at else None, wrt=names(wrt), times=times
    )
    if output is not None:
        return save(found.save, output)
    from adviz.checking.report.data import laid_out

    return show(laid_out(found.to_json()) if as_json else found)
