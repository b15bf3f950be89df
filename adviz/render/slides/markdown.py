"""The graph and the film as Markdown, as GitHub reads it: Mermaid, formulas, lists and tables.

Markdown has no safe place for LaTeX in a line, where signs of both meet; a block of code in the
language `math` takes it as it is. In the lines formulas are Unicode.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from adviz.language.grid import Grid, escaped
from adviz.language.notation import Tree, latex, row, unicode_text
from adviz.render.mermaid import mermaid
from adviz.render.roles import Theme
from adviz.render.subtitles import spoken
from adviz.render.svg import printable
from adviz.scene.scene import Scene, State, finished, states
from adviz.scene.table import table

_LEAST_INDENT = 4
"""Where the text of an item stands, whose number has a digit or two."""


def drawing(scene: Scene, *, theme: Theme = "light", show: Iterable[str] | None = None) -> bytes:
    """Return the finished picture as Markdown: its formula, its graph, and what was computed.

    `show` says what there is in the graph, as in `mermaid`.

    >>> import adviz
    >>> print(drawing(adviz.draw("x*y").scene).decode()[:42])
    # f(x, y) = x · y
    <BLANKLINE>
    ```mermaid
    flowchart LR
    """
    return _written([*_head(scene, theme, show), *_traced(scene)])


def animation(scene: Scene, *, theme: Theme = "light") -> bytes:
    """Return a film as Markdown: after the graph its steps, phase by phase, and its results.

    >>> import adviz
    >>> film = adviz.animate(adviz.evaluate("x*y", at={"x": 3, "y": 2}))
    >>> print(animation(film.scene).decode().partition("1.  ")[2][:74])
    Start from the values of the inputs
    <BLANKLINE>
        ```math
        x = 3 , y = 2
        ```
    """
    return _written([*_head(scene, theme), *_steps(scene), *_traced(scene), *_results(scene)])


def _written(blocks: Sequence[str]) -> bytes:
    return printable("\n\n".join([*blocks, ""])).rstrip("\n").encode() + b"\n"


def _head(scene: Scene, theme: Theme, show: Iterable[str] | None = None) -> Iterator[str]:
    """Yield the title, the statements and the point, and the graph."""
    yield f"# {_line(scene, scene.title)}"
    about = [] if len(scene.statements) < 2 else list(scene.statements)
    yield from (_line(scene, one) for one in about)
    if scene.point is not None:
        yield f"at {_line(scene, scene.point)}"
    yield f"```mermaid\n{mermaid(scene, theme=theme, show=show).rstrip()}\n```"


def _line(scene: Scene, part: Tree) -> str:
    """Return a part of a text on a line of it."""
    return escaped(unicode_text(part, scene.text))


def _formula(scene: Scene, part: Tree, indent: str = "") -> str:
    """Return a formula as a block of its own; nothing for none."""
    text = " ".join(latex(part, scene.text).split())
    return f"{indent}```math\n{indent}{text}\n{indent}```" if text else ""


def _steps(scene: Scene) -> Iterator[str]:
    """Yield the steps as numbered lists, one a phase; the numbers go on."""
    numbered = enumerate(states(scene), scene.first + 1)
    for phase, steps in groupby(numbered, key=lambda step: _phase(step[1])):
        yield f"## {escaped(scene.phases[phase].title)}"
        yield from (block for k, step in steps for block in _step(scene, k, step) if block)


def _phase(step: State) -> int:
    return step.frame.phase if step.frame else 0


def _step(scene: Scene, k: int, step: State) -> Iterator[str]:
    """Yield a step as an item of a list: what is said, and the formula or the card below it."""
    said, formula = spoken(scene, step)
    number = f"{k}. ".ljust(_LEAST_INDENT)
    yield f"{number}{_line(scene, row(*said))}"
    card = step.frame.card if step.frame else ()
    yield _carded(scene, card) if card else _formula(scene, formula, " " * len(number))


def _traced(scene: Scene) -> Iterator[str]:
    """Yield the evaluation trace, where there is one."""
    if scene.traces and scene.beside is None:
        yield "## Evaluation trace"
        yield table(*scene.traces, precision=scene.precision).markdown()


def _results(scene: Scene) -> Iterator[str]:
    """Yield what came out, unless a closing card has said so."""
    _, formula = spoken(scene, finished(scene))
    found = _formula(scene, formula)
    if found and not scene.frames[-1].card:
        yield "## Result"
        yield found


def _carded(scene: Scene, card: Sequence[Sequence[Tree]]) -> str:
    heads, *rows = ([unicode_text(cell, scene.text) for cell in cells] for cells in card)
    return Grid(heads, rows).markdown()
