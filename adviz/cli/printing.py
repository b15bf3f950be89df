"""What the command line prints and writes, and how it shows that it is at work."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer


def show(shown: Any) -> None:
    """Print a text, or whatever rich can print; plain where nobody sees colours."""
    from rich.console import Console

    if isinstance(shown, str):
        return typer.echo(shown)
    console = Console()
    if not console.is_terminal:
        return typer.echo(str(shown))
    return console.print(shown)


def show_json(data: Any) -> None:
    """Print plain data."""
    typer.echo(json.dumps(data, indent=2, ensure_ascii=False, default=str))


def save(write: Callable[[Path], None], path: Path, *, open_: bool = False) -> None:
    """Write a file, say so, and perhaps open it in the browser."""
    write(path)
    typer.echo(f"wrote {path}", err=True)
    if open_:
        import webbrowser

        webbrowser.open(path.resolve().as_uri())


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """Yield a function that shows how far a long computation is, on standard error."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
