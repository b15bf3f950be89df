"""The command `family`: what derivatives cost as a function grows, as a table, data or a figure."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from adviz.cli.options import Json, Output
from adviz.cli.printing import save, show, show_json

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
    output: Output = None,
    as_json: Json = False,
) -> None:
    """Compare the ways to differentiate as a function grows: the swell, and who costs how much.

    Files: csv, pdf, png, svg (figures with the extra adviz-graph[plot]).
    """
    import adviz
    from adviz.cli.arguments import family_of, whole_numbers
    from adviz.comparison.figures.chart import writer

    if output is not None:
        writer(output)  # a suffix that cannot be written is refused before the work, not after
    found = adviz.compare_family(family_of(name), whole_numbers(sizes))
    if as_json:
        return show_json([row._asdict() for row in found.rows])
    chart = found.swell() if figure == "swell" else found.costs()
    return show(str(chart)) if output is None else save(chart.save, output)
