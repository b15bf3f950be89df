"""The commands `step-errors` and `lost-digits`: how exact derivatives are, as curves."""

from __future__ import annotations

from typing import Annotated

import typer

from adviz.cli.options import AsTable, At, Formula, Json, Of, Open, Output
from adviz.cli.printing import accept, hand_over

By = Annotated[str, typer.Option("--wrt", metavar="x", help="Differentiate by this input.")]
Along = Annotated[
    str,
    typer.Option(
        "--range", "-r", metavar="x=1e-8:1", help="The input that moves, and between which numbers."
    ),
]
Places = Annotated[int, typer.Option("--points", "-n", help="At how many points.")]


def step_errors(
    formula: Formula,
    at: At = "",
    of: Of = "",
    wrt: By = "",
    as_: AsTable = "text",
    output: Output = None,
    open_: Open = False,
    as_json: Json = False,
) -> None:
    """Show the error of differences and of the complex step by the step, beside AD's.

    Files: pdf, png, svg, html (figures with the extra adviz-graph[plot]), csv, json, md, tex, txt.
    """
    import adviz
    from adviz.cli.arguments import numbers, subject_of
    from adviz.comparison.figures.chart import FORMS

    accept(output, FORMS)
    found = adviz.step_errors(subject_of(formula), numbers(at), of=of or None, wrt=wrt or None)
    return hand_over(found, as_, output, open_=open_, as_json=as_json)


def lost_digits(
    formula: Formula,
    range_: Along,
    at: At = "",
    of: Of = "",
    points: Places = 49,
    as_: AsTable = "text",
    output: Output = None,
    open_: Open = False,
    as_json: Json = False,
) -> None:
    """Show how many digits of a derivative are right as one input moves, in float64.

    Files: pdf, png, svg, html (figures with the extra adviz-graph[plot]), csv, json, md, tex, txt.
    """
    import adviz
    from adviz.cli.arguments import numbers, span, subject_of
    from adviz.comparison.figures.chart import FORMS

    accept(output, FORMS)
    along, between = span(range_)
    point = {along: between[0], **numbers(at)}
    found = adviz.lost_digits(
        subject_of(formula), point, along, between, of=of or None, points=points
    )
    return hand_over(found, as_, output, open_=open_, as_json=as_json)
