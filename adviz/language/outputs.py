"""The looks of a table in an output cell, which are its own whatever the notebook's tables have.

JupyterLab stripes the rows of every table in an output and sets all cells at the right; Colab, VS
Code and what nbconvert writes have other rules. Rules here are as strong as if they named an id, so
they win over a host's; colours are those of the text around, light or dark.
"""

from __future__ import annotations

import re

_HOST = "adviz-rows"
_RULES = """\
.adviz-rows { overflow-x: auto; }
.adviz-rows table {
  margin: 0; border: 0; border-collapse: collapse; table-layout: auto; background: none;
  color: inherit; font: 14px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  font-variant-numeric: tabular-nums;
}
.adviz-rows caption {
  padding: 0 0 0.5em; color: inherit; caption-side: top; font-weight: 600; text-align: left;
}
.adviz-rows tr { border: 0; background: none; }
.adviz-rows :is(th, td) {
  max-width: none; padding: 0.2em 0.8em; border: 0; background: none; font-weight: 400;
  line-height: inherit; text-align: right; vertical-align: baseline; white-space: nowrap;
}
.adviz-rows :is(th, td):is(:first-child, .words), .adviz-rows .trace :is(th, td):nth-child(2) {
  text-align: left;
}
.adviz-rows thead th { border-bottom: 1px solid; font-weight: 600; }
"""


def own(rules: str, host: str) -> str:
    """Return the rules of a style sheet that begin at a class, stronger than those around it.

    >>> own(".it td { margin: 0; } .its td { margin: 0; }", "it")
    ':is(#adviz, .it) td { margin: 0; } .its td { margin: 0; }'
    """
    return re.sub(rf"\.{re.escape(host)}(?![\w-])", f":is(#adviz, .{host})", rules)


def output(table: str) -> str:
    """Return an HTML table for an output cell.

    >>> output("<table></table>").partition("</style>")[2].strip()
    '<div class="adviz-rows"><table></table></div>'
    """
    return f'<style>\n{own(_RULES, _HOST)}</style>\n<div class="{_HOST}">{table}</div>'
