"""The command `family`: what derivatives cost as a function grows, as a table, data or a figure."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from adviz.cli.options import Json, Open, Output, TableFormat
from adviz.cli.printing import accept, hand_over, show_json

Name = Annotated[
    str,
    typer.Argument(
        metavar="FAMILY",
        help="speelpenning, logistic, rosenbrock, helmholtz, perceptron, determinant, composition "
        "or network; or module:function, which takes a size and gives a formula.",
        show_default=False,
    ),
]
Sizes = Annotated[
    str, typer.Option("--sizes", "-n", metavar="2..10 | 2,4,8", help="The sizes to compare.")
]
Figure = Annotated[
    Literal["swell", "costs"],
    typer.Option("--figure", "-f", help="Operations of the derivatives, or their cost."),
]


def family(
    name: Name,
    sizes: Sizes = "2..6",
    figure: Figure = "swell",
    as_: Annotated[TableFormat, typer.Option("--format", help="How to print it.")] = "text",
    output: Output = None,
    open_: Open = False,
    as_json: Json = False,
) -> None:
    """Compare the ways to differentiate as a function grows: the swell, and who costs how much.

    Files: pdf, png, svg, html (figures with the extra adviz-graph[plot]), csv, json, md, tex, txt.
    """
    import adviz
    from adviz.cli.arguments import family_of, whole_numbers
    from adviz.comparison.figures.chart import FORMS

    accept(output, FORMS)
    found = adviz.compare_family(family_of(name), whole_numbers(sizes))
    if as_json:
        return show_json(found.to_json())
    chart = found.swell() if figure == "swell" else found.costs()
    return hand_over(chart, as_, output, open_=open_)
