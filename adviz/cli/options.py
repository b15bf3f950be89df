"""The options of the command line, as they are typed and explained."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from inspect import Signature, signature
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from adviz.language.numerals import DIGITS

Mode = Literal["evaluate", "forward", "reverse", "both", "second-order"]
TableFormat = Literal["text", "ascii", "markdown", "latex", "html"]

AsTable = Annotated[TableFormat, typer.Option("--format", "-f", help="How to print it.")]

Formula = Annotated[
    str,
    typer.Argument(
        metavar="FORMULA",
        help='A formula such as "(x + y)*(x - y)" or "a = x*y; sin(a)/a"; '
        "a saved graph (FILE.json); a Python function (module:function); "
        "or - to read a formula from standard input.",
        show_default=False,
    ),
]
At = Annotated[
    str, typer.Option("--at", metavar="x=3,y=2", help="The point: a number for every input.")
]
ModeOption = Annotated[Mode, typer.Option("--mode", "-m", help="Which derivative to show.")]
Direction = Annotated[
    str,
    typer.Option(
        "--direction",
        "-d",
        metavar="x | x=1,y=2",
        help="Direction of forward mode, and of higher order.",
    ),
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="The file to write; its suffix chooses the format."),
]
Digits = Annotated[
    int | None, typer.Option("--digits", help="Compute with so many decimal digits.")
]
Of = Annotated[
    str, typer.Option("--of", metavar="OUTPUT", help="The output to differentiate in reverse.")
]
Wrt = Annotated[
    str, typer.Option("--wrt", metavar="x,y", help="Differentiate by these inputs only.")
]
Precision = Annotated[
    int, typer.Option("--precision", help="The significant digits of the numbers shown, 1 to 17.")
]
Theme = Annotated[
    Literal["light", "dark"], typer.Option("--theme", help="The colours of the picture.")
]
FilmTheme = Annotated[
    Literal["auto", "light", "dark"],
    typer.Option("--theme", help="The colours the page opens with; auto is the reader's own."),
]
Open = Annotated[bool, typer.Option("--open", help="Open the written file in the browser.")]
Json = Annotated[bool, typer.Option("--json", help="Print data as JSON.")]


@dataclass(frozen=True)
class Asked:
    """What is asked for, as typed: the sweeps of a formula at a point, and where they are put."""

    formula: Formula
    at: At = ""
    mode: ModeOption = "reverse"
    direction: Direction = ""
    output: Output = None
    of: Of = ""
    wrt: Wrt = ""
    digits: Digits = None
    precision: Precision = DIGITS


def asked_first(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command in which the fields of the first parameter are options by themselves."""
    fields = signature(Asked, eval_str=True).parameters
    _, *more = signature(command, eval_str=True).parameters.values()

    @wraps(command)
    def typed(**given: Any) -> None:
        command(Asked(**{name: given.pop(name) for name in fields}), **given)

    typed.__signature__ = Signature([*fields.values(), *more])  # type: ignore[attr-defined]  # which Typer reads
    return typed
