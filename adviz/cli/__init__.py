"""The command line: one subcommand for each verb."""

from __future__ import annotations

import re
import sys
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from adviz.cli.aligning import align
from adviz.cli.broken import broken
from adviz.cli.checking import check
from adviz.cli.checkpointing import checkpoint
from adviz.cli.comparing import compare
from adviz.cli.deriving import Derive, derive
from adviz.cli.eliminating import eliminate
from adviz.cli.ending import UNUSABLE, Command, ended
from adviz.cli.enumerating import paths
from adviz.cli.exactness import lost_digits, step_errors
from adviz.cli.exercising import exercise, mark
from adviz.cli.families import family
from adviz.cli.higher import taylor
from adviz.cli.lecturing import lecture
from adviz.cli.making import film, picture, trace_table
from adviz.cli.options import (
    Around,
    Asked,
    AsTable,
    Boxes,
    Check,
    Depth,
    Flow,
    Json,
    Open,
    Played,
    Printed,
    Symbolic,
    Theme,
    asked_first,
)
from adviz.cli.printing import accept, hand_over, progress, save, show_json
from adviz.cli.streams import finish, prepare, say, unwritable
from adviz.cli.verifying import verify
from adviz.render import Noun, known, renderer, suffix_of

app = typer.Typer(
    name="adviz",
    help="See and check differentiation: a formula, its graph, and its derivatives step by step.",
    epilog='Start with:  adviz animate "(x + y)*(x - y)" --at x=3,y=2 -o film.html --open',
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from adviz import __version__

        say(f"adviz {__version__}")
        raise typer.Exit


def _formats(noun: Noun) -> str:
    return f"The suffix of --output chooses the format: {known(noun)}"


def _writable(output: str | None, noun: Noun) -> None:
    """Refuse a file whose suffix the noun has not before the work, not after."""
    if output is not None:
        renderer(suffix_of(output, noun), noun)


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_version, is_eager=True),
    ] = False,
) -> None:
    """See and check differentiation: a formula, its graph, its derivatives step by step."""


@app.command(cls=Command, epilog=_formats("drawing"))
@asked_first
def draw(
    asked: Asked,
    printed: Printed,
    theme: Theme = "auto",
    flow: Flow = "auto",
    around: Around = "",
    depth: Depth = None,
    boxes: Boxes = None,
    open_: Open = False,
    as_json: Json = False,
) -> None:
    """Draw the graph; with --at, the values, derivatives and local partials on it.

    With --of and --wrt only what leads to the output and depends on the inputs is drawn. The file
    is graph.svg unless --output names another.
    """
    if as_json:
        from adviz.cli.arguments import graph_of
        from adviz.sources.files import to_document

        return show_json(to_document(graph_of(asked.formula)))
    _writable(asked.output, "drawing")
    drawing = picture(asked, printed, theme, flow, around, depth, boxes)
    write = partial(drawing.save, **printed.page)
    return save(write, asked.output or Path("graph.svg"), open_=open_)


@app.command(cls=Command, epilog=_formats("animation"))
@asked_first
def animate(
    asked: Asked,
    played: Played,
    theme: Theme = "auto",
    flow: Flow = "auto",
    around: Around = "",
    depth: Depth = None,
    boxes: Boxes = None,
    check: Check = True,
    symbolic: Symbolic = False,
    open_: Open = False,
) -> None:
    """Make a film of values and derivatives arriving, step by step.

    It is film.html, a page that plays without a network, unless --output names another: a video,
    a moving picture, slides, a page a step, a folder/ with a picture a step.
    """
    _writable(asked.output, "animation")
    animation = film(asked, "auto", flow, around, depth, boxes, check, symbolic)
    output = asked.output or "film.html"
    options: dict[str, Any] = {"theme": theme, **played.options}

    def write(_: Path) -> None:
        with progress("writing") as told:
            animation.save(output, progress=told, **options)

    save(write, output, open_=open_)


@app.command(cls=Command)
@asked_first
def table(
    asked: Asked,
    as_: AsTable = "text",
    as_json: Json = False,
) -> None:
    """Print the evaluation trace: values beside tangents or adjoints, with their contributions.

    Files: csv, html, json, md, tex, txt.
    """
    from adviz.scene.table import FORMS

    accept(asked.output, FORMS)
    return hand_over(trace_table(asked), as_, asked.output, as_json=as_json)


app.command(cls=Derive)(derive)
app.command(cls=Command)(taylor)
app.command(cls=Command)(check)
app.command(cls=Command)(checkpoint)
app.command(cls=Command)(align)
app.command(cls=Command)(broken)
app.command(cls=Command)(compare)
app.command(cls=Command)(eliminate)
app.command(cls=Command)(exercise)
app.command(cls=Command)(mark)
app.command(cls=Command)(lecture)
app.command(cls=Command)(family)
app.command(cls=Command, name="step-errors")(step_errors)
app.command(cls=Command, name="lost-digits")(lost_digits)
app.command(cls=Command)(paths)
app.command(cls=Command)(verify)


def _shielded(argument: str) -> str:
    """Return an argument that is a formula with a leading minus so that it is not an option.

    >>> _shielded("-x*y"), _shielded("-o"), _shielded("--at=x=1")
    (' -x*y', '-o', '--at=x=1')
    """
    option = re.fullmatch(r"--?[A-Za-z][\w-]*(=.*)?|-?-?", argument, re.DOTALL)
    return f" {argument}" if argument.startswith("-") and not option else argument


def main() -> None:
    """Run the command line: whatever goes wrong is one message and an exit status, no traceback."""
    prepare()
    status: Any = UNUSABLE
    try:
        app([_shielded(argument) for argument in sys.argv[1:]])
    except SystemExit as end:
        status = end.code
    except OSError as error:  # of a help text; a command raises nothing
        status = ended(unwritable(error))
    except BaseException as error:
        status = ended(error)
    finish()
    sys.exit(status)
