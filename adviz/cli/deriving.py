"""The command that derives: formulas by SymPy, programs by adviz."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

import typer

from adviz.cli.options import Formula, Json, Of, Output, Wrt
from adviz.cli.printing import save, show, show_json

Kind = Annotated[
    Literal["value", "gradient", "jacobian", "jvp", "vjp", "hvp", "hessian", "trace"],
    typer.Option("--kind", "-k", help="What the program computes beside the value."),
]
Language = Annotated[
    Literal["py", "js", "c"], typer.Option("--language", "-l", help="How to print the program.")
]


def derive(
    formula: Formula,
    wrt: Wrt = "",
    of: Of = "",
    program: Annotated[
        bool, typer.Option("--program", "-p", help="Print the derivative as a program alone.")
    ] = False,
    kind: Kind = "gradient",
    language: Language = "py",
    output: Output = None,
    as_json: Json = False,
) -> None:
    """Print the symbolic derivative and the derivative program, side by side.

    With --program, print the program that runs; with -o, write it: .py, .js or .c.
    """
    from adviz.derive import derivative_graph
    from adviz.errors import TooLarge
    from adviz.symbolics import symbolic
    from adviz.typed import graph_of, names

    graph = graph_of(formula)
    wanted = names(wrt)
    if program or output is not None:
        from adviz.kernel import compile

        kernel = compile(graph, kind, wrt=wanted, of=of or None, target="python")
        if output is not None:
            return save(kernel.save, output)
        return show(kernel.written(language).rstrip("\n"))
    slopes = derivative_graph(graph, of=of or None, wrt=wanted).text
    try:
        expressions = symbolic(graph, wrt=wanted)
    except TooLarge as error:
        expressions = {"too large": str(error)}
    lines = list(_flattened(expressions, list(graph.outputs)))
    if as_json:
        return show_json({"symbolic": dict(lines), "program": slopes})
    return show(_SideBySide("\n".join(f"{k} = {v}" for k, v in lines), slopes))


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
