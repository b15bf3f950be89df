"""A line of words and mathematics, as matplotlib's mathtext reads it."""

from __future__ import annotations

import re

from adviz.scene.lines import Line, Run

_SPECIAL = re.compile(r"([\\{}$^_#%&~])")
"""What would be a command within a formula."""


def mathtext(line: Line) -> str:
    r"""Return a line for matplotlib: letters in italics, scripts raised and lowered.

    >>> from adviz.language.notation import name, op, row
    >>> from adviz.scene.typesetting import set_on_line
    >>> mathtext(set_on_line(row(name("x1"), op("+"), name("cost_$")), str))
    '$\\mathit{x}$$_{\\mathregular{1}}$ + cost_\\$'
    """
    return "".join(map(_written, line))


def _written(run: Run) -> str:
    if not run.rise and run.face != "italic":
        return run.text.replace("$", r"\$")
    letters = _SPECIAL.sub(r"\\\1", run.text)
    font = "mathit" if run.face == "italic" else "mathregular"
    script = "_" if run.rise < 0 else "^" if run.rise else ""
    made = f"\\{font}{{{letters}}}"
    return f"${script}{{{made}}}$" if script else f"${made}$"
