"""The commands `exercise` and `mark`: a sheet with blanks, and what is said of a filled-in one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from adviz.cli.ending import WRONG
from adviz.cli.options import Asked, AsTable, Json, Output, asked_first
from adviz.cli.printing import accept, hand_over

Blanks = Annotated[
    str,
    typer.Option(
        "--blank",
        metavar="partials,adjoints",
        help="What is asked for: values, partials, tangents, adjoints.",
    ),
]
Key = Annotated[bool, typer.Option("--key", help="Write the answer key.")]


@asked_first
def exercise(
    asked: Asked,
    blank: Blanks = "",
    key: Key = False,
    as_: AsTable = "text",
    as_json: Json = False,
) -> None:
    """Make a sheet to be filled in by hand: the graph, the trace and local partials, with blanks.

    Files: csv, html, json, md, pdf, tex, txt.
    """
    import adviz
    from adviz.checking.exercise.exercise import FORMS
    from adviz.cli.arguments import graph_of, names, traces_of

    accept(asked.output, FORMS)
    traces = traces_of(graph_of(asked.formula), asked)
    if len(traces) > 1:
        raise adviz.AdvizError(f"a sheet has one sweep, not {asked.mode}; choose one with --mode")
    sheet = adviz.exercise(traces[0], names(blank))
    return hand_over(sheet.key() if key else sheet, as_, asked.output, as_json=as_json)


def mark(
    sheet: Annotated[Path, typer.Argument(metavar="SHEET", help="The sheet: its .json or .html.")],
    answers: Annotated[
        Path,
        typer.Argument(
            metavar="ANSWERS",
            help="The filled-in sheet (.md, .csv, .json), or what its page downloads.",
        ),
    ],
    as_: AsTable = "text",
    output: Output = None,
    as_json: Json = False,
) -> None:
    """Mark a filled-in sheet: what is right, what is wrong, and which mistake explains it.

    Exit status 1 unless everything is right. Files: csv, html, json, md, tex, txt.
    """
    from adviz.checking.exercise.marks import FORMS
    from adviz.checking.exercise.stored import loaded

    accept(output, FORMS)
    marks = loaded(sheet).mark(answers)
    hand_over(marks, as_, output, as_json=as_json)
    if not marks.all_right:
        raise typer.Exit(WRONG)
