"""The command `lecture`: one formula in every medium, in a folder."""

from __future__ import annotations

from pathlib import Path

from adviz.cli.options import Asked, asked_first
from adviz.cli.printing import progress
from adviz.cli.streams import say, tell


@asked_first
def lecture(asked: Asked) -> None:
    """Write a folder for a lecture: film, slides, video, figures, table, worksheet and its key.

    The folder is lecture/ unless --output names another. What cannot be written, because an extra
    is missing, is left out, and said.
    """
    import adviz
    from adviz.checking.lecture import MEDIA
    from adviz.cli.arguments import graph_of, traces_of

    traces = traces_of(graph_of(asked.formula), asked)
    if len(traces) > 1:
        raise adviz.AdvizError(f"a lecture has one sweep, not {asked.mode}; choose one with --mode")
    with progress("writing", [medium.name for medium in MEDIA]) as show:
        made = adviz.lecture(traces[0], asked.output or Path("lecture"), show)
    say("\n".join(f"{name}: {purpose}" for name, purpose in made.written.items()))
    for line in made.told:
        tell(line)
    tell(f"wrote {made.folder}")
