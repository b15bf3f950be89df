"""The named styles and colours of a TikZ picture; an author's own come after them, and win."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from adviz.render.figure.asked import Style
from adviz.render.roles import ROLES, Theme, colour
from adviz.scene.quantities import LOOKS

_LEAST = 8.0
"""The smallest letters that are set in their size, in points.

Smaller ones are these made smaller: TeX's small fonts are broader than their size, and no script
is below 5 points, so they would not keep to the room that they have.
"""
_BARE = "inner sep=0pt, outer sep=0pt"
_TIP = "Triangle[length=0.7em, width=0.44em]"

_TEXT = f"scale=SCALE, {_BARE}, anchor=base"
_BEYOND = (
    "draw={muted}, fill={page}, text={ink}, line width=0.07em, rounded corners=0.6em, "
    "inner sep=0.4em"
)
_OF_NODES = {
    f"adviz {role} node": f"draw={{{look.stroke}}}, fill={{{look.tint}}}"
    for role, look in LOOKS.items()
}
_OF_EDGES = {
    f"adviz {role} edge": f"draw={{{look.stroke}}}, line width=0.09em"
    for role, look in LOOKS.items()
}
_OF_LINES = {f"adviz {role}": f"text={{{look.text}}}" for role, look in LOOKS.items()}

STYLES: Mapping[str, str] = MappingProxyType(
    {
        "adviz picture": r"font=\fontsize{LETTERS}{LEADING}\selectfont",
        "adviz node": f"draw={{ink}}, fill={{page}}, line width=0.07em, {_BARE}",
        "adviz input": "",
        "adviz intermediate": "",
        "adviz output": "line width=0.14em",
        "adviz constant": "",
        "adviz active node": "line width=0.2em",
        **_OF_NODES,
        "adviz edge": f"draw={{muted}}, line width=0.06em, arrows={{-{_TIP}}}",
        "adviz marked edge": "line width=0.13em",
        **_OF_EDGES,
        "adviz against": "dash pattern=on 0.55em off 0.35em",
        "adviz active edge": "line width=0.18em",
        "adviz returning": f"arrows={{{_TIP}-}}",
        "adviz sign": f"{_TEXT}, text={{ink}}",
        "adviz line": f"{_TEXT} west",
        "adviz partial": f"{_TEXT}, text={{ink}}, fill={{page}}, inner sep=0.12em",
        **_OF_LINES,
        "adviz remark": "text={muted}",
        "adviz bracket": "draw={muted}, line width=0.06em",
        "adviz window": "draw={muted}, line width=0.03em, opacity=0.5",
        "adviz beyond": _BEYOND,
        "adviz skipped": "dash pattern=on 0.3em off 0.25em, opacity=0.45",
    }
)
"""What each style is, unless an author says otherwise: em is the size of the letters, and roles
stand for their colours."""

_CORNERS: Mapping[Style, Mapping[str, str]] = MappingProxyType(
    {
        "card": {
            "adviz node": "rounded corners=0.4em",
            "adviz constant": "rounded corners=0.89em",
        },
        "textbook": {"adviz node": "rounded corners=1.04em"},
    }
)
_NAMED = re.compile(r"\badviz [a-z ]*[a-z]")
_OF_ROLE = re.compile(r"\badviz-([a-z][a-z0-9-]*)")


def preamble(body: str, style: Style, size: float, theme: Theme) -> Iterator[str]:
    r"""Yield what a picture's body needs before it: the colours and styles that it names.

    Letters are so large, in points. A style is put before what an author may have made of it, so
    that both hold, and everything ends with the picture.

    >>> for line in preamble(r"\\node[adviz adjoint] {$x$};", "card", 8, "light"):
    ...     print(line)
    \providecolor{adviz-adjoint}{HTML}{A84300}
    \tikzset{adviz adjoint/.prefix style={text=adviz-adjoint}}
    """
    named = {*_NAMED.findall(body)}
    styles = {
        name: _sized(", ".join(filter(None, [look, _CORNERS[style].get(name, "")])), size)
        for name, look in STYLES.items()
        if name in named
    }
    yield from colours("\n".join([body, *styles.values()]), theme)
    for name, look in styles.items():
        yield f"\\tikzset{{{name}/.prefix style={{{look}}}}}"


def colours(text: str, theme: Theme) -> Iterator[str]:
    """Yield the colours that a text names, unless they are defined."""
    used = {*_OF_ROLE.findall(text)}
    for role in ROLES:
        if role in used:
            yield f"\\providecolor{{adviz-{role}}}{{HTML}}{{{colour(role, theme)[1:]}}}"


def _sized(look: str, size: float) -> str:
    """Return a style with its lengths in points, and the names of its colours."""
    letters = max(size, _LEAST)
    known = {"LETTERS": letters, "LEADING": 1.2 * letters, "SCALE": size / letters}
    look = re.sub("[A-Z]{5,}", lambda word: f"{known[word[0]]:.4g}", look)
    points = re.sub(r"([\d.]+)em", lambda em: f"{float(em[1]) * size:.4g}pt", look)
    return re.sub(r"\{([a-z][a-z0-9-]*)\}", r"adviz-\1", points)
