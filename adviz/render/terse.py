"""Style sheets written short: no comments, no space where none is needed, one scope once."""

from __future__ import annotations

import re

_PIECES = re.compile(
    r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|/\*.*?\*/\s*|"""
    r"\s*;?\s*(})\s*|\s*([{;,>])\s*|(?<=[\w-])(:)\s+|(\s)\s*",
    re.S,
)
"""What is kept of a source, in groups: strings as they are, signs, and one space."""


def style(source: str) -> str:
    r"""Return a style sheet written short.

    >>> style('p { color: red; /* loud */\n  margin: 0 1px; }')
    'p{color:red;margin:0 1px}'
    """
    return _PIECES.sub(lambda piece: piece[piece.lastindex] if piece.lastindex else "", source)


_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COMMA = re.compile(r",(?![^(]*\))")
"""A comma between selectors; none of those in parentheses."""


def scoped(sheet: str, scope: str) -> str:
    """Return a short style sheet whose neighbouring rules below a selector are nested in it.

    >>> scoped(".a p{x:1}.a.b p,.a{x:2}@media print{.a p{x:3}}", ".a")
    '.a{p{x:1}&.b p,&{x:2}}@media print{.a{p{x:3}}}'
    """
    made, place, inside = list[str](), 0, False
    while place < len(sheet):
        rule = _RULE.match(sheet, place)
        selector = rule and _below(rule[1], scope)
        if inside != bool(selector):
            made.append("}" if inside else f"{scope}{{")
            inside = not inside
        end = rule.end() if rule else _end(sheet, place)
        made.append(
            f"{selector}{{{rule[2]}}}" if rule and selector else _other(sheet[place:end], scope)
        )
        place = end
    return "".join(made) + "}" * inside


def _other(part: str, scope: str) -> str:
    """Return what is no rule of the scope; rules under a condition are nested there."""
    condition = re.match("@(?:media|container|supports)[^{]*{", part)
    if not condition:
        return part
    return f"{condition[0]}{scoped(part[condition.end() : -1], scope)}}}"


def _below(selectors: str, scope: str) -> str:
    """Return selectors as they stand inside a scope; nothing where one is not below it."""
    parts = [one.strip() for one in _COMMA.split(selectors)]
    found = [re.fullmatch(rf"{re.escape(scope)}(?![\w-])(.*)", one, re.S) for one in parts]
    rests = [one[1] for one in found if one]
    if len(rests) < len(parts) or selectors.startswith("@"):
        return ""
    return ",".join(rest[1:] if rest.startswith(" ") else f"&{rest}" for rest in rests)


def _end(sheet: str, place: int) -> int:
    """Return where what begins at a place ends: at a semicolon, or with its closing brace."""
    depth = 0
    for at in range(place, len(sheet)):
        depth += {"{": 1, "}": -1}.get(sheet[at], 0)
        if depth == 0 and sheet[at] in ";}":
            return at + 1
    return len(sheet)
