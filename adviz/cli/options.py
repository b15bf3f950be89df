"""The options of the command line, as they are typed and explained."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from adviz.errors import AdvizError
from adviz.language.numerals import DIGITS

Mode = Literal["evaluate", "forward", "reverse", "both", "second-order"]
_STEPS = re.compile(r"(-?\d{1,6})(?:-(-?\d{1,6}))?")
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
    str, typer.Option("--at", metavar="x=3,y=1/4", help="The point: a number for every input.")
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
FileOrFolder = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        help="The file to write, whose suffix chooses the format; "
        "animate and lecture also write a folder/.",
    ),
]
Digits = Annotated[
    int | None, typer.Option("--digits", help="Compute with so many decimal digits.")
]
Of = Annotated[str, typer.Option("--of", metavar="OUTPUT", help="The output to differentiate.")]
Wrt = Annotated[
    str, typer.Option("--wrt", metavar="x,y", help="Differentiate by these inputs only.")
]
Around = Annotated[
    str, typer.Option("--around", metavar="NODE", help="Draw only what is near a node.")
]
Depth = Annotated[
    int | None, typer.Option("--depth", help="How many edges around it; 2 unless given.")
]
Boxes = Annotated[
    int | None,
    typer.Option("--boxes", help="The most boxes; what is more is drawn part by part."),
]
Precision = Annotated[
    int, typer.Option("--precision", help="The significant digits of the numbers shown, 1 to 17.")
]
FilmTheme = Annotated[
    Literal["auto", "light", "dark"],
    typer.Option("--theme", help="The colours the page opens with; auto is the reader's own."),
]
Theme = Annotated[
    Literal["auto", "light", "dark", "print"],
    typer.Option("--theme", help="The colours; auto is the reader's own in a page, print is grey."),
]
Flow = Annotated[
    Literal["auto", "LR", "TB"],
    typer.Option("--flow", help="From left to right, from the top down, or as it is read best."),
]
Style = Annotated[
    Literal["card", "textbook"] | None,
    typer.Option("--style", help="A figure for print: boxes that say all, or circles."),
]
Show = Annotated[
    str,
    typer.Option(
        "--show",
        metavar="names,values,adjoints",
        help="What a figure for print, .dot or .mmd shows: names, operations, values, tangents, "
        "adjoints, partials.",
    ),
]
Width = Annotated[
    str | None, typer.Option("--width", metavar="8.5cm", help="How wide a figure is on paper.")
]
FontSize = Annotated[
    str | None,
    typer.Option("--font-size", metavar="8", help="The size of a figure's text, in points."),
]
Step = Annotated[
    int | None, typer.Option("--step", help="Draw this step of the film, from 1; -1 is the last.")
]
FrameSize = Annotated[
    str,
    typer.Option(
        "--size", metavar="720p", help="The size of a film's frames: 480p to 2160p, or 1280x720."
    ),
]
FrameFont = Annotated[
    float | None,
    typer.Option("--font-size", help="The least size of their text, in pixels."),
]
Shown = Annotated[
    str,
    typer.Option(
        "--show",
        metavar="names,values,narration",
        help="What they show: statements, table, narration, names, operations, values, "
        "tangents, adjoints, partials.",
    ),
]
Steps = Annotated[
    str, typer.Option("--steps", metavar="3-9", help="Only these steps, counted from 1.")
]
Seconds = Annotated[
    float | None, typer.Option("--seconds", help="How long a step takes; 1.4 unless given.")
]
Loop = Annotated[
    bool | None,
    typer.Option(
        "--loop/--no-loop", help="Whether it begins anew when it has ended.", show_default=False
    ),
]
Aspect = Annotated[
    Literal["16:9", "4:3"] | None, typer.Option("--aspect", help="The shape of slides of beamer.")
]
SlideStyle = Annotated[
    Literal["card", "textbook"] | None,
    typer.Option("--style", help="Slides of beamer: boxes that say all, or circles."),
]
SlideWidth = Annotated[
    str | None,
    typer.Option("--width", metavar="8.5cm", help="How wide the graph is on slides of beamer."),
]
Standalone = Annotated[
    bool | None,
    typer.Option(
        "--standalone/--no-standalone",
        help="Whether the file is a document of its own; LaTeX is not unless asked.",
        show_default=False,
    ),
]
Check = Annotated[
    bool,
    typer.Option("--check/--no-check", help="End with a card of what the derivatives are worth."),
]
Symbolic = Annotated[
    bool, typer.Option("--symbolic", help="Say what arrives in symbols too, as SymPy writes it.")
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
    output: FileOrFolder = None
    of: Of = ""
    wrt: Wrt = ""
    digits: Digits = None
    precision: Precision = DIGITS


@dataclass(frozen=True)
class Printed:
    """How a figure for print is asked for, as typed."""

    style: Style = None
    show: Show = ""
    width: Width = None
    font_size: FontSize = None
    step: Step = None
    standalone: Standalone = None

    @property
    def looks(self) -> dict[str, Any]:
        """What is asked of a picture."""
        return {"style": self.style, "show": _listed(self.show)}

    @property
    def page(self) -> dict[str, Any]:
        """What is asked of its file."""
        names = ("width", "font_size", "standalone")
        return {name: given for name in names if (given := getattr(self, name)) is not None}


@dataclass(frozen=True)
class Played:
    """How a film in frames or slides is asked for, as typed."""

    size: FrameSize = ""
    font_size: FrameFont = None
    show: Shown = ""
    steps: Steps = ""
    seconds: Seconds = None
    loop: Loop = None
    aspect: Aspect = None
    style: SlideStyle = None
    width: SlideWidth = None
    standalone: Standalone = None

    @property
    def options(self) -> dict[str, Any]:
        """What is asked of its file."""
        given = vars(self) | {
            "size": self.size or None,
            "show": _listed(self.show),
            "steps": _ends(self.steps) if self.steps else None,
        }
        return {name: value for name, value in given.items() if value is not None}


def _listed(parts: str) -> list[str] | None:
    return [part.strip() for part in parts.split(",") if part.strip()] or None


def _ends(steps: str) -> tuple[int, int]:
    """Return the first and the last step as they are typed: 3-9, or one alone.

    >>> _ends("3-9"), _ends("7"), _ends("-3--1")
    ((3, 9), (7, 7), (-3, -1))
    """
    typed = _STEPS.fullmatch(steps.strip())
    if typed is None:
        raise AdvizError(f"--steps {steps} are no steps; write the first and the last: --steps 3-9")
    first, last = typed.groups()
    return int(first), int(first if last is None else last)


def asked_first(command: Callable[..., Any]) -> Callable[..., Any]:
    """Return a command in which the fields of what is asked are options by themselves."""
    options: list[Parameter] = []
    holders: dict[str, tuple[type, list[str]]] = {}
    for one in signature(command, eval_str=True).parameters.values():
        if one.annotation not in (Asked, Printed, Played):
            options.append(one)
            continue
        fields = signature(one.annotation, eval_str=True).parameters
        holders[one.name] = one.annotation, list(fields)
        options += fields.values()

    @wraps(command)
    def typed(**given: Any) -> Any:
        held = {
            name: kind(**{field: given.pop(field) for field in fields})
            for name, (kind, fields) in holders.items()
        }
        return command(**held, **given)

    typed.__signature__ = Signature(options)  # type: ignore[attr-defined]  # which Typer reads
    return typed
