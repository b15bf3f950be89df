"""The command `align`: SymPy's derivative beside that of reverse mode."""

from __future__ import annotations

from adviz.cli.options import AsTable, Formula, Json, Open, Output, Wrt
from adviz.cli.printing import accept, hand_over


def align(
    formula: Formula,
    wrt: Wrt = "",
    as_: AsTable = "text",
    output: Output = None,
    open_: Open = False,
    as_json: Json = False,
) -> None:
    """Say which operations SymPy's derivative and reverse mode share, and which are one number.

    Files: pdf, png, svg (both derivatives in one picture), csv, html, json, md, tex, txt.
    """
    import adviz
    from adviz.cli.arguments import graph_of, names
    from adviz.comparison.alignment.alignment import FORMS

    accept(output, FORMS)
    found = adviz.align(graph_of(formula), wrt=names(wrt))
    return hand_over(found, as_, output, open_=open_, as_json=as_json)
