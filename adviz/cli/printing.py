"""What the command line prints and writes, and how it shows that it is at work."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import methodcaller
from pathlib import Path
from threading import Timer
from time import monotonic
from types import MappingProxyType
from typing import Any, get_args

from adviz.cli.options import TableFormat
from adviz.cli.streams import carries_unicode, say, tell
from adviz.files import path_of
from adviz.language.data import laid_out, plain
from adviz.language.forms import Forms


def show(shown: Any) -> None:
    """Print a text, or whatever rich can print; plain where nobody sees colours."""
    from rich.console import Console

    console = Console()
    if isinstance(shown, str) or not console.is_terminal:
        return say(str(shown))
    with console.capture() as captured:
        console.print(shown)
    return say(captured.get().removesuffix("\n"))


_PAGE = ".html"
_SOON = 1.0
"""The seconds after which somebody wants to know how far it is."""

FORMS: Mapping[TableFormat, Callable[[Any], str]] = MappingProxyType(
    {form: methodcaller("__str__" if form == "text" else form) for form in get_args(TableFormat)}
)
"""How a table is written, by the name of the format."""


def show_table(made: Any, form: TableFormat) -> None:
    """Print a table in a format, as text in colours, or in ASCII where there is nothing else."""
    if form == "text" and not carries_unicode(sys.stdout):
        form = "ascii"
    return show(made if form == "text" else FORMS[form](made))


def show_json(data: Any) -> None:
    """Print data as a file has it, in ASCII where standard output has nothing else."""
    say(laid_out(plain(data), ascii_only=not carries_unicode(sys.stdout)))


def accept(output: Path | str | None, forms: Forms) -> None:
    """Refuse a file whose suffix has no form before the work, not after."""
    if output is not None:
        forms.of(output)


def hand_over(
    found: Any,
    form: TableFormat,
    output: Path | str | None,
    *,
    open_: bool = False,
    as_json: bool = False,
) -> None:
    """Write what was found where a file is named, else print it, in a format or as data."""
    if output is not None:
        return save(_writer(found, path_of(output)), output, open_=open_)
    return show_json(found.to_json()) if as_json else show_table(found, form)


def _writer(found: Any, path: Path) -> Callable[[Path], None]:
    """Return what writes it: what has a film is a page that plays it."""
    from adviz.checking.closing.animate import animate
    from adviz.render.subjects import Filmed

    played = path.suffix.lower() == _PAGE and isinstance(found, Filmed)
    return animate(found).save if played else found.save


def save(write: Callable[[Path], None], output: Path | str, *, open_: bool = False) -> None:
    """Write a file, say so, and perhaps open it in the browser."""
    path = path_of(output)
    write(path)
    tell(f"wrote {path}")
    if open_:
        import webbrowser

        webbrowser.open(path.resolve().as_uri())


@contextmanager
def progress(what: str, parts: Sequence[str] = ()) -> Iterator[Callable[[int, int], None]]:
    """Yield a function that shows how far a long work is, where somebody can see it.

    `parts` are the names of what is done, in order, of which the one at work is shown.
    """
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _told(what, parts)
        return
    bar = Progress(console=console, transient=True)
    task = bar.add_task(what, total=None)
    soon = Timer(_SOON, bar.start)  # one part may take longer than all that were told before it

    def tell(done: int, total: int) -> None:
        now = " ".join([what, *parts[done : done + 1]])
        bar.update(task, completed=done, total=total, description=now)

    soon.start()
    try:
        yield tell
    finally:
        soon.cancel()
        bar.stop()


def _told(what: str, parts: Sequence[str]) -> Callable[[int, int], None]:
    """Return a function that says which part a work is at, a line each once it is long."""
    began = monotonic()

    def told(done: int, total: int) -> None:
        if monotonic() - began > _SOON and done < len(parts):
            tell(f"{what} {parts[done]} ({done + 1} of {total})")

    return told
