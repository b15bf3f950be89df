"""How a film becomes a web page: the finished figure, its table, and the player that moves them.

Everything is in the one text: style, script, font and data, so a page works from a file and
without a network. Without JavaScript the finished figure, header and table stand there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

from adviz.render import terse, webfont
from adviz.render.policy import measured, protected
from adviz.render.roles import ROLES
from adviz.render.templates import templated
from adviz.scene.quantities import LOOKS, Look

FilmData = Mapping[str, Any]
"""A scene as JSON: trees, numbers and frames."""

TRACE = "Evaluation trace"
"""What stands beside a film of sweeps."""

_PLAYER = files("adviz.render") / "player"
_MODULES = (
    "elements",
    "notation",
    "mathml",
    "numerals",
    "film",
    "elimination",
    "chain",
    "live",
    "camera",
    "token",
    "room",
    "figure",
    "inputs",
    "columns",
    "arrangement",
    "controls",
    "card",
    "memory",
    "keys",
    "inspection",
    "choice",
    "closing",
    "look",
    "steps",
    "transport",
    "overview",
    "boxes",
    "sheets",
    "beyond",
    "view",
    "player",
    "mount",
    "widget",
)
_CHOOSING = frozenset({"elimination", "choice"})
"""The modules that only a film has where a click chooses what comes next."""
_LIVE = frozenset({"live", "inputs"})
"""The modules that only a film has whose inputs can be changed."""
_ALIKE = ("nodes", "edges", "frames", "otherwise")
"""What a film has very many of, each like the others; the player's `writtenOut` names none."""
_STACKED_BELOW = (720, 860, 1000, 1140, 1290)
"""The widths of a page below which the table can stand under the graph."""
_NOTEBOOKS = {"light": "true", "dark": "false"}
"""The themes, and what JupyterLab says of each."""
_MARGINS = 28
_FONT_SIZE = 14
"""The pixels of an em of the player: the trace's width is in em, so that it grows with its text."""
_FORTH = (
    '<path d="M0 7h24" stroke="var(--{0})" stroke-width="3.2"/>'
    '<path d="M34 7l-11-5.5v11z" fill="var(--{0})"/>'
)
_BACK = (
    '<path d="M12 7h22" stroke="var(--{0})" stroke-width="3.2" stroke-dasharray="6 3"/>'
    '<path d="M0 7l11-5.5v11z" fill="var(--{0})"/>'
)
_LEGEND = {
    "value": '<path d="M0 7h25" stroke="var(--line)" stroke-width="2"/>'
    '<path d="M34 7l-10-4.5v9z" fill="var(--line)"/>',
    "tangent": _FORTH.format(LOOKS["tangent"].stroke),
    "order": _FORTH.format(LOOKS["tangent"].stroke),
    "adjoint": _BACK.format(LOOKS["adjoint"].stroke),
    "adjoint tangent": _BACK.format(LOOKS["second"].stroke),
    "elimination": _FORTH.format(LOOKS["elimination"].stroke),
    "slot": '<rect x="9" y="1" width="16" height="12" rx="3" fill="none" stroke="var(--muted)"'
    ' stroke-dasharray="3 2"/>',
}
_MEANING = {
    "value": "value",
    "tangent": 'tangent <i class="adviz-dotted">v</i>',
    "adjoint": 'adjoint <i class="adviz-barred">v</i>',
    "elimination": "changed",
    "adjoint tangent": 'tangent of an adjoint <i class="adviz-barred adviz-moving">v</i>',
    "order": 'coefficient <i class="adviz-ordered">v</i>',
    "slot": "one slot per consumer",
}


def page(
    film: FilmData,
    svg: str,
    table_html: str,
    header_html: str,
    title: str,
    theme: str = "auto",
    heading: str = TRACE,
    program: str = "",
) -> str:
    """Return a self-contained page that plays a film.

    `film` is the scene's JSON; `svg`, `table_html` and `header_html` are markup that is already
    escaped (the figure of the finished film, its evaluation trace, its formula and point).
    `title` is plain text, and so is `heading`, what the table is; `theme` is `light`, `dark`, or
    `auto` for the reader's own; `program` is script, which offers what computes the film at other
    inputs. The same film gives the same bytes.
    """
    player = fragment(film, svg, table_html, header_html, title, theme, heading, program)
    whole = _template("page.html").substitute(
        title=escape(title), page_style=terse.style(_asset("page.css")), fragment=player.strip()
    )
    return protected(whole)


def fragment(
    film: FilmData,
    svg: str,
    table_html: str,
    header_html: str,
    title: str,
    theme: str = "auto",
    heading: str = TRACE,
    program: str = "",
) -> str:
    """Return the same player as a piece of a page.

    It carries its own style and script; several of them share a page without interfering, and
    where scripts are removed the finished figure stays.
    """
    whole = figure(film, svg, table_html, header_html, title, theme, heading)
    return _template("fragment.html").substitute(
        markup=styled(whole), script=statements(film, whole, program)
    )


def styled(whole: str) -> str:
    """Return a figure with the style sheet of the player before it."""
    return f"<style>\n{style()}\n</style>\n{whole}"


def statements(film: FilmData, whole: str, program: str) -> str:
    """Return the script that brings the figure of a film to life."""
    player = re.sub(r"\bexport (?!default)", "", script(_needed(film)))
    offers = re.sub(r"\n\s+", "\n", program)
    return f"{player}\n{webfont.script(whole)}\nmountAll();\n{offers}"


def figure(
    film: FilmData,
    svg: str,
    table_html: str,
    header_html: str,
    title: str,
    theme: str = "auto",
    heading: str = TRACE,
) -> str:
    """Return only the element that the script brings to life: the figure and the film in it."""
    phases = (film["phases"][frame["phase"]] for frame in film["frames"] if frame["sets"])
    columns = {(phase["kind"], phase["trace"]) for phase in phases}
    (width, height), trace = _size(svg), max(260, 110 + 75 * len(columns))
    size = {"natural": f"{width:g}px", "ratio": f"{width / height:.4g}"}
    size["trace"] = f"{trace / _FONT_SIZE:.4g}em"
    sized, sizes = measured({f"--{name}": length for name, length in size.items()})
    return _template("figure.html").substitute(
        classes=f"adviz {_stacking(width + trace + _MARGINS)} {sized}",
        sizes=sizes,
        theme="" if theme == "auto" else f' data-theme="{escape(theme, quote=True)}"',
        title=escape(title, quote=True),
        header=header_html,
        legend=_legend(film),
        svg=svg,
        heading=escape(heading),
        table=table_html,
        film=_data(film),
    )


def style() -> str:
    """Return the style sheet: the roles' colours, then the rules that use them by name."""
    phases = (_phase(role, look) for role, look in LOOKS.items() if role != "value")
    stacked = map(_stacked, _STACKED_BELOW)
    rules = [colours(".adviz"), _forced(".adviz"), *phases, *stacked, _asset("player.css")]
    return terse.scoped(terse.style("\n".join(rules)), ".adviz")


def _forced(host: str) -> str:
    """Return the roles where the reader's system forces its few colours: all are of these.

    Only heat, which is a scale, keeps its own.
    """
    forced = (name for name in ROLES if not name.startswith("heat"))
    roles = "".join(f"--{name}: {_systems(name)}; " for name in forced)
    rule = f"{host} {{ {roles}forced-color-adjust: none; }}"
    return f"@media (forced-colors: active) {{ {rule} }}"


def _systems(role: str) -> str:
    """Return the system's colour of a role: of a ground, of a line that leads the eye, of ink."""
    if role.endswith("-stroke"):
        return "Highlight"
    return "Canvas" if role.endswith(("page", "surface", "-tint")) else "CanvasText"


def _phase(role: str, look: Look) -> str:
    """Return the rule that paints a phase in its colours."""
    marked = f'[data-phase="{role}"]'
    parts = {"": look.text, "-stroke": look.stroke, "-tint": look.tint}
    body = " ".join(f"--phase{part}: var(--{name});" for part, name in parts.items())
    return f".adviz{marked}, .adviz {marked} {{ {body} }}"


def _stacked(below: int) -> str:
    """Return the rule that stacks, in a narrower page, what needs so much width."""
    body = f".adviz.stacks-{below} .adviz-body"
    rule = f"{body} {{ --side: 0px; grid-template: var(--stacked); }}"
    return f"@container (max-width: {below - 1}px) {{ {rule} }}"


def _needed(film: FilmData) -> tuple[str, ...]:
    """Return the modules that play a film."""
    spared = (
        {"widget"}
        | (_CHOOSING if not film["clicks"] else set())
        | (_LIVE if "live" not in film else set())
    )
    return tuple(name for name in _MODULES if name not in spared)


@cache
def script(modules: tuple[str, ...] = _MODULES) -> str:
    """Return the player as one ES module: its files in order, without their mutual imports."""
    return "".join(_asset(f"short/{module}.js") for module in modules)


@cache
def _asset(name: str) -> str:
    return (_PLAYER / name).read_text(encoding="utf-8")


def _template(name: str) -> Template:
    return Template(_asset(name))


def _data(film: FilmData) -> str:
    """Return a film as JSON that no script element can be closed or commented out by."""
    short = {key: templated(part) if key in _ALIKE else part for key, part in film.items()}
    text = json.dumps(short, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c")


def _size(svg: str) -> tuple[float, float]:
    """Return the natural width and height of a figure in pixels, as its first tag gives them."""
    tag = svg[svg.index("<svg") :].partition(">")[0]
    sides = (re.search(rf'\s{side}="([\d.]+)', tag) for side in ("width", "height"))
    width, height = (float(side[1]) if side else 0.0 for side in sides)
    return width or 640.0, height or 400.0


def _stacking(needed: float) -> str:
    """Return the class that stacks graph and table where they do not fit side by side."""
    bound = next((bound for bound in _STACKED_BELOW if needed <= bound), None)
    return "is-wide" if bound is None else f"stacks-{bound}"


def _legend(film: FilmData) -> str:
    """Return the legend: only the flows that the film has, and slots where it fills some."""
    kinds = dict.fromkeys(phase["family"] for phase in film["phases"])
    shown = [*kinds, *(["slot"] if any(frame["fills"] for frame in film["frames"]) else [])]
    items = (
        f'<li><svg viewBox="0 0 34 14" aria-hidden="true">{_LEGEND[kind]}</svg>'
        f"<span>{_MEANING[kind]}</span></li>"
        for kind in shown
    )
    return f'<ul class="adviz-legend" aria-label="Legend">{"".join(items)}</ul>'


def colours(host: str) -> str:
    """Return the roles as custom properties, light and dark in one where the browser can.

    A host without a theme of its own takes that of the notebook around it.

    >>> colours(".adviz")[:24]
    '.adviz { --page: #FFFFFF'
    """
    light = "".join(f"--{name}: {role.light}; " for name, role in ROLES.items())
    both = "".join(f"--{name}: light-dark({role[0]}, {role[1]}); " for name, role in ROLES.items())
    capable = "@supports (color: light-dark(#000, #fff))"
    return "\n".join(
        [f"{host} {{ {light}}}", f"{capable} {{ {host} {{ {both}}} }}", *_notebook_themes(host)]
    )


def _notebook_themes(host: str) -> Iterator[str]:
    """Yield the rules by which a host follows the theme of JupyterLab and of VS Code."""
    for theme, is_light in _NOTEBOOKS.items():
        body = f'body:is([data-jp-theme-light="{is_light}"], .vscode-{theme})'
        yield f"{body} {host}:not([data-theme]) {{ color-scheme: {theme}; }}"
