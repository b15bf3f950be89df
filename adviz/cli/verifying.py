"""The command `verify`: whether the numbers in figures are still true, and an exit status."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adviz.cli.ending import UNUSABLE, WRONG, ended
from adviz.cli.options import Json
from adviz.cli.printing import show, show_json
from adviz.errors import AdvizError

if TYPE_CHECKING:
    from adviz.checking.figures.verify import Verification

Figures = Annotated[
    list[Path],
    typer.Argument(metavar="FILE…", help="Figures that adviz has saved, and folders of them."),
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Exit with 1 for figures without a record too.")
]


def verify(figures: Figures, strict: Strict = False, as_json: Json = False) -> None:
    """Say of figures whether the numbers in them are still true.

    Each is true, false (which number, what is printed, what is right), changed since it was saved,
    or has no record. Exit status 1 when one is false or changed, 2 when one cannot be read.
    """
    found: list[Verification] = []
    unusable = False
    for path in _each(figures):
        try:
            found.append(_verified(path, silent=as_json))
        except AdvizError as error:
            ended(error)
            unusable = True
    if as_json:
        show_json([one.to_json() for one in found])
    if unusable or any(one.fails(strict) for one in found):
        raise typer.Exit(UNUSABLE if unusable else WRONG)


def _verified(path: Path, *, silent: bool) -> Verification:
    """Verify a figure, and say so unless all are shown in the end."""
    import adviz

    found = adviz.verify(path)
    if not silent:
        show(str(found))
    return found


def _each(figures: Sequence[Path]) -> Iterator[Path]:
    """Yield the figures that are named, and those in folders. Raises AdvizError for none."""
    from adviz.checking.figures.verify import figures_in

    for path in figures:
        if not path.is_dir():
            yield path
            continue
        inside = [*figures_in(path)]
        if not inside:
            raise AdvizError(f"there is no figure in {path}")
        yield from inside
