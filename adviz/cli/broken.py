"""The command `broken`: the gallery of broken AD, a fault's sweep beside the right one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from adviz.cli.options import At, FilmTheme, Open, Output
from adviz.cli.printing import save, show
from adviz.errors import AdvizError


def broken(
    fault: Annotated[
        str, typer.Argument(help="The fault's name; without it they are listed.")
    ] = "",
    formula: Annotated[
        str, typer.Argument(help="A formula to run it on instead of its own example.")
    ] = "",
    at: At = "",
    theme: FilmTheme = "auto",
    output: Output = None,
    open_: Open = False,
) -> None:
    """Make a page that plays a fault of automatic differentiation beside the right sweep.

    `adviz broken` lists the faults; `adviz broken overwrite -o film.html` makes the page.
    """
    from adviz.checking.faults.gallery import BY_NAME, ENGINE_FAULTS

    if not fault:
        return show("\n".join(f"{one.name}: {one.title}" for one in ENGINE_FAULTS))
    if fault not in BY_NAME:
        known = ", ".join(one.name for one in ENGINE_FAULTS)
        raise AdvizError(
            f"there is no fault {fault!r}; there are {known}, and of every rule of the table "
            f"'sign of ∂sin/∂x' and 'double of ∂sin/∂x'"
        )
    from adviz.checking.faults.film import film
    from adviz.cli.arguments import graph_of, numbers
    from adviz.files import write

    source = graph_of(formula) if formula else None
    page = film(BY_NAME[fault], source, numbers(at) if at else None, theme)
    return save(lambda path: write(path, page.encode()), output or Path("broken.html"), open_=open_)
