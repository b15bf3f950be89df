"""The command that derives: formulas by SymPy, programs by adviz."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from adviz.cli.ending import Command
from adviz.cli.options import Formula, Json, Of, Output, Wrt
from adviz.cli.printing import save, show, show_json

if TYPE_CHECKING:
    from adviz.graph.graph import Graph


class Derive(Command):
    """The command, whose help lists the kinds of the table as it is then."""

    def get_help(self, ctx: Any) -> str:
        """Return the help."""
        from adviz.compiler.kinds import KINDS

        for parameter in self.params:
            if parameter.name == "kind":
                parameter.metavar = f"<{'|'.join(KINDS)}>"
        return super().get_help(ctx)


def _kind(typed: str) -> str:
    """Return the name of a kind; an unknown one is told as that of any choice."""
    from adviz.compiler.kinds import KINDS

    if typed not in KINDS:
        raise ValueError(f"{typed!r} is not one of {', '.join(map(repr, KINDS))}.")
    return typed


AskedKind = Annotated[
    str | None,
    typer.Option("--kind", "-k", parser=_kind, help="What the program computes beside the value."),
]
Language = Annotated[
    Literal["py", "js", "c"] | None,
    typer.Option("--language", "-l", help="How to print the program."),
]
AskedProgram = Annotated[
    bool, typer.Option("--program", "-p", help="Print the derivative as a program alone.")
]
Steps = Annotated[
    bool, typer.Option("--steps", help="Print every step of reverse mode, nothing simplified.")
]


def derive(
    formula: Formula,
    wrt: Wrt = "",
    of: Of = "",
    program: AskedProgram = False,
    steps: Steps = False,
    kind: AskedKind = None,
    language: Language = None,
    output: Output = None,
    as_json: Json = False,
) -> None:
    """Print the symbolic derivative and the derivative program, side by side.

    With --program, -k or -l, print the program that runs; with --steps, reverse mode as it is
    written on a blackboard, in Python. With -o, write it: .py, .js or .c.
    """
    from adviz.cli.arguments import graph_of, names

    graph = graph_of(formula)
    wanted = names(wrt)
    if steps:
        if kind not in (None, "gradient") or language not in (None, "py"):
            raise typer.BadParameter("--steps are those of a gradient, in Python")
        from adviz.compiler.languages.steps import steps as stepped

        text = stepped(graph, wanted, of or None)
        return _give(text, lambda path: _write_python(path, text), output, as_json)
    if program or kind or language or output is not None:
        from adviz.compiler.kernel import compile

        kernel = compile(graph, kind or "gradient", wrt=wanted, of=of or None, target="python")
        return _give(kernel.written(language or "py"), kernel.save, output, as_json)
    return _beside(graph, wanted, of or None, as_json)


def _give(text: str, write: Callable[[Path], None], output: Path | None, as_json: bool) -> None:
    """Write a program, or print it as it is or as data."""
    if output is not None:
        return save(write, output)
    return show_json({"program": text}) if as_json else show(text.rstrip("\n"))


def _write_python(path: Path, text: str) -> None:
    from adviz.errors import FormatError
    from adviz.files import write

    if path.suffix.lower() != ".py":
        raise FormatError(f"steps are written in Python: {path.name} must end in .py")
    write(path, text.encode())


def _beside(graph: Graph, wanted: Sequence[str] | None, of: str | None, as_json: bool) -> None:
    """Print the symbolic derivative and the derivative's graph."""
    from adviz.errors import TooLarge
    from adviz.modes.derivative_graph import derivative_graph
    from adviz.modes.symbolic import symbolic

    slopes = derivative_graph(graph, of=of, wrt=wanted).text
    try:
        expressions = symbolic(graph, wrt=wanted)
    except TooLarge as error:
        expressions = {"too large": str(error)}
    lines = list(_flattened(expressions, list(graph.outputs)))
    if as_json:
        return show_json({"symbolic": dict(lines), "program": slopes})
    return show(_SideBySide("\n".join(f"{k} = {v}" for k, v in lines), slopes))


def _flattened(expressions: Mapping[str, Any], outputs: list[str]) -> Iterator[tuple[str, str]]:
    from adviz.language.labels import derivative_label

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
