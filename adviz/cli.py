"""The command line: one subcommand for each verb."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from adviz.errors import AdvizError

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


Mode = Literal["evaluate", "forward", "reverse", "both"]
TableFormat = Literal["text", "markdown", "latex", "html"]

Formula = Annotated[
    str,
    typer.Argument(
        metavar="FORMULA",
        help='A formula such as "(x + y)*(x - y)" or "a = x*y; sin(a)/a"; '
        "a saved graph (FILE.json); or - to read a formula from standard input.",
        show_default=False,
    ),
]
At = Annotated[
    str, typer.Option("--at", metavar="x=3,y=2", help="The point: a number for every input.")
]
ModeOption = Annotated[Mode, typer.Option("--mode", "-m", help="Which derivative to show.")]
Direction = Annotated[
    str,
    typer.Option("--direction", "-d", metavar="x | x=1,y=2", help="Direction of forward mode."),
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
Theme = Annotated[
    Literal["light", "dark"], typer.Option("--theme", help="The colours of the picture.")
]
FilmTheme = Annotated[
    Literal["auto", "light", "dark"],
    typer.Option("--theme", help="The colours the page opens with; auto is the reader's own."),
]
Open = Annotated[bool, typer.Option("--open", help="Open the written file in the browser.")]
Json = Annotated[bool, typer.Option("--json", help="Print data as JSON.")]


def _version(wanted: bool) -> None:
    if wanted:
        from adviz import __version__

        typer.echo(f"adviz {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_version, is_eager=True),
    ] = False,
) -> None:
    """See and check differentiation: a formula, its graph, its derivatives step by step."""


@app.command()
def draw(
    formula: Formula,
    at: At = "",
    mode: ModeOption = "reverse",
    direction: Direction = "",
    output: Output = None,
    of: Of = "",
    wrt: Wrt = "",
    digits: Digits = None,
    theme: Theme = "light",
    open_: Open = False,
    as_json: Json = False,
) -> None:
    """Draw the graph; with --at, the values, derivatives and local partials on it.

    Formats: svg, png, pdf, dot, mmd (Mermaid), json, graphml.
    """
    import adviz
    from adviz.typed import Asked, graph_of, traces_of

    graph = graph_of(formula)
    if as_json:
        from adviz.sources.files import to_document

        return _print_json(to_document(graph))
    shown = traces_of(graph, at, Asked(mode, direction, of, wrt, digits)) if at else [graph]
    drawing = adviz.draw(*shown, theme=theme)
    return _save(drawing.save, output or Path("graph.svg"), open_)


@app.command()
def animate(
    formula: Formula,
    at: At = "",
    mode: ModeOption = "reverse",
    direction: Direction = "",
    output: Output = None,
    of: Of = "",
    wrt: Wrt = "",
    digits: Digits = None,
    theme: FilmTheme = "auto",
    open_: Open = False,
) -> None:
    """Make a film of values and derivatives arriving: one HTML page that needs no network.

    Formats: html, svg (for an <img>, as in a README), json.
    """
    import adviz
    from adviz.typed import Asked, graph_of, traces_of

    graph = graph_of(formula)
    traces = traces_of(graph, at, Asked(mode, direction, of, wrt, digits))
    animation = adviz.animate(*traces, theme=theme)
    _save(animation.save, output or Path("film.html"), open_)


@app.command()
def table(
    formula: Formula,
    at: At = "",
    mode: ModeOption = "reverse",
    direction: Direction = "",
    output: Output = None,
    of: Of = "",
    wrt: Wrt = "",
    digits: Digits = None,
    as_: Annotated[TableFormat, typer.Option("--format", "-f", help="How to print it.")] = "text",
    as_json: Json = False,
) -> None:
    """Print the evaluation trace: values beside tangents or adjoints, with their contributions."""
    import adviz
    from adviz.typed import Asked, graph_of, traces_of

    made = adviz.table(*traces_of(graph_of(formula), at, Asked(mode, direction, of, wrt, digits)))
    if as_json:
        return _print_json(made.as_rows())
    text = {"markdown": made.markdown, "latex": made.latex, "html": made.html}
    if output is not None:
        from adviz.files import write

        return write(output, (text.get(as_, made.__str__)() + "\n").encode())
    return _print(text[as_]() if as_ in text else made)


@app.command()
def derive(
    formula: Formula,
    wrt: Wrt = "",
    as_json: Json = False,
) -> None:
    """Print the symbolic derivative and the derivative program, side by side."""
    from adviz.derive import derivative_graph
    from adviz.errors import TooLarge
    from adviz.symbolics import symbolic
    from adviz.typed import graph_of, names

    graph = graph_of(formula)
    wanted = names(wrt)
    program = derivative_graph(graph, wrt=wanted).text
    try:
        expressions = symbolic(graph, wrt=wanted)
    except TooLarge as error:
        expressions = {"too large": str(error)}
    lines = list(_flattened(expressions, list(graph.outputs)))
    if as_json:
        return _print_json({"symbolic": dict(lines), "program": program})
    return _print(_SideBySide("\n".join(f"{k} = {v}" for k, v in lines), program))


@app.command()
def check(
    formula: Formula,
    at: At = "",
    points: Annotated[
        int, typer.Option("--points", "-n", min=1, help="How many points to draw.")
    ] = 5,
    ranges: Annotated[
        list[str] | None,
        typer.Option("--range", "-r", metavar="x=0:1", help="Draw an input from this range."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Chooses the points.")] = 0,
    wrt: Wrt = "",
    as_json: Json = False,
) -> None:
    """Compare forward, reverse and symbolic derivatives with the truth, in many digits.

    Exit status 1 when a derivative is wrong at the truth's precision.
    """
    import adviz
    from adviz.typed import graph_of, names, numbers, span

    graph = graph_of(formula)
    with _progress("checking") as progress:
        report = adviz.check(
            graph,
            at=numbers(at) if at else None,
            points=points,
            ranges=dict(map(span, ranges or [])),
            seed=seed,
            wrt=names(wrt),
            progress=progress,
        )
    _print_json(report.to_json()) if as_json else _print(report)
    if report.verdict == "wrong":
        raise typer.Exit(1)


# --- printing ----------------------------------------------------------------------------------


def _print(shown: Any) -> None:
    from rich.console import Console

    if isinstance(shown, str):
        return typer.echo(shown)
    console = Console()
    if not console.is_terminal:
        return typer.echo(str(shown))
    return console.print(shown)


def _print_json(data: Any) -> None:
    typer.echo(json.dumps(data, indent=2, ensure_ascii=False, default=str))


def _flattened(expressions: Mapping[str, Any], outputs: list[str]) -> Iterator[tuple[str, str]]:
    from adviz.derive import derivative_label

    for name, part in expressions.items():
        if isinstance(part, Mapping):
            for inner, expression in part.items():
                yield derivative_label(name, inner), str(expression)
        else:
            label = derivative_label(outputs[0], name) if not isinstance(part, str) else name
            yield label, str(part)


class _SideBySide:
    """Two texts beside each other in a terminal, one below the other in a file."""

    def __init__(self, symbolic: str, program: str) -> None:
        self.symbolic, self.program = symbolic, program

    def __str__(self) -> str:
        return f"symbolic (SymPy)\n{self.symbolic}\n\nprogram (reverse mode)\n{self.program}"

    def __rich__(self) -> Any:
        from rich.columns import Columns
        from rich.panel import Panel
        from rich.text import Text

        left = Panel(Text(self.symbolic), title="symbolic (SymPy)", border_style="green")
        right = Panel(
            Text(self.program), title="program (reverse mode)", border_style="dark_orange3"
        )
        return Columns([left, right], padding=(0, 1))


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """Yield a function that shows how far a long computation is, on standard error."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _save(save: Callable[[Path], None], path: Path, open_: bool) -> None:
    save(path)
    typer.echo(f"wrote {path}", err=True)
    if open_:
        import webbrowser

        webbrowser.open(path.resolve().as_uri())


def _shielded(argument: str) -> str:
    """Return an argument that is a formula with a leading minus so that it is not an option.

    >>> _shielded("-x*y"), _shielded("-o"), _shielded("--at=x=1")
    (' -x*y', '-o', '--at=x=1')
    """
    option = re.fullmatch(r"--?[A-Za-z][\w-]*(=.*)?|-?-?", argument, re.DOTALL)
    return f" {argument}" if argument.startswith("-") and not option else argument


def main() -> None:
    """Run the command line; an error of adviz is one message and exit status 2."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app([_shielded(argument) for argument in sys.argv[1:]])
    except AdvizError as error:
        typer.echo(f"adviz: {error}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(0)
