"""The command `check`: a report on the screen, as data or as a file, and an exit status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from adviz.cli.ending import WRONG
from adviz.cli.making import report
from adviz.cli.options import At, Formula, Json, Output, Wrt
from adviz.cli.printing import accept, save, show, show_json

if TYPE_CHECKING:
    from adviz.checking.report import Report

Points = Annotated[
    int | None, typer.Option("--points", "-n", min=1, help="How many points to draw.")
]
Ranges = Annotated[
    list[str] | None,
    typer.Option("--range", "-r", metavar="x=0:1", help="Draw an input from this range."),
]
Seed = Annotated[int, typer.Option("--seed", help="Chooses the points.")]
NearKinks = Annotated[
    bool, typer.Option("--near-kinks", help="Add the points beside and on the kinks.")
]
GradientOption = Annotated[
    str,
    typer.Option(
        "--gradient",
        "-g",
        metavar="GRADIENT",
        help="A derivative to judge: module:function, a formula, or formulas such as "
        '{"x": "2*x", "y": "-2*y"}.',
        show_default=False,
    ),
]
Order = Annotated[
    int, typer.Option("--order", min=1, max=2, help="2 judges second derivatives too.")
]
HessianOption = Annotated[
    str,
    typer.Option(
        "--hessian",
        metavar="HESSIAN",
        help="Second derivatives to judge: module:function, or formulas such as "
        '[["2*y", "2*x"], ["2*x", "0"]].',
        show_default=False,
    ),
]
ProductOption = Annotated[
    str,
    typer.Option(
        "--hvp",
        metavar="HVP",
        help="A Hessian-vector product to judge: module:function, or formulas in x and x_dot.",
        show_default=False,
    ),
]
Strict = Annotated[
    bool,
    typer.Option(
        "--strict", help="Exit with 1 for ill-conditioned, undefined and undecided ones too."
    ),
]


def check(
    formula: Formula,
    at: At = "",
    points: Points = None,
    ranges: Ranges = None,
    seed: Seed = 0,
    wrt: Wrt = "",
    near_kinks: NearKinks = False,
    gradient: GradientOption = "",
    hessian: HessianOption = "",
    hvp: ProductOption = "",
    order: Order = 1,
    strict: Strict = False,
    output: Output = None,
    as_json: Json = False,
) -> None:
    """Judge derivatives by independent witnesses: which is wrong, where, by how much, and why.

    FORMULA may also be module:function, looked for in the current folder too. Without --gradient,
    --hessian or --hvp, adviz's own forward and reverse modes are judged. Files: html, json, txt.
    Exit status 1 when a derivative is wrong.
    """
    from adviz.checking.report import FORMS

    accept(output, FORMS)
    found = report(
        formula, at, points, ranges, seed, wrt, near_kinks, gradient, hessian, hvp, order
    )
    _end(found, output, as_json, strict)


def _end(found: Report, output: Output, as_json: bool, strict: bool) -> None:
    """Show a report, save it where that is asked, and exit with a status where it fails."""
    show_json(found.to_json()) if as_json else show(found)
    if output is not None:
        save(found.save, output)
    if found.fails(strict):
        raise typer.Exit(WRONG)
