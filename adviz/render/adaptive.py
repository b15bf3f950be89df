"""A picture in the output cell of a notebook: its colours are those of the page, light or dark.

The picture is the one of a file, with a style sheet that gives each of its colours the dark twin.
So wherever style sheets are not read or taken out, in a converter or a viewer of untrusted
notebooks, the light picture stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from adviz.render.roles import ROLES


class Host(NamedTuple):
    """How a page says that it is light or dark, as selectors."""

    light: str
    dark: str


# One aligned line per host.
# fmt: off
HOSTS: Mapping[str, Host] = MappingProxyType({
    "Jupyter":  Host("[data-jp-theme-light=true]", "[data-jp-theme-light=false]"),
    "VS Code":  Host(".vscode-light", ".vscode-dark"),
    "contrast": Host(".vscode-high-contrast-light", ".vscode-high-contrast"),
    "Colab":    Host("html[theme=light]", "html[theme=dark]"),
    "marimo":   Host("body.light-theme", "body.dark-theme"),
    "Quarto":   Host("body.quarto-light", "body.quarto-dark"),
    "Sphinx":   Host("[data-theme=light]", "[data-theme=dark]"),
})
# fmt: on
"""The hosts that show their theme in the page; any page may declare its `color-scheme` instead."""

_PICTURE = "adviz-picture"
_DARK = {role.light: role.dark for role in ROLES.values()}
_USED = re.compile(r' (fill|stroke)="(#[0-9A-F]{6})"')


def adaptive(picture: str) -> str:
    """Return an SVG of the light theme with a style sheet that makes it follow the page.

    >>> adaptive('<svg width="9"><rect fill="#FFFFFF"/></svg>')[:40]
    '<svg class="adviz-picture" width="9"><st'
    """
    start, _, rest = picture.partition(">")
    tag = start.replace("<svg", f'<svg class="{_PICTURE}"', 1)
    return f"{tag}><style>{_style(picture)}</style>{rest}"


def _style(picture: str) -> str:
    """Return the style sheet: whether it is dark around, and both colours of whatever is drawn.

    As an image the picture is a document of its own, to which the browser hands the scheme around
    as what it prefers; inside a page it inherits what the page declares, which is else light.
    """
    pairs = sorted(set(_USED.findall(picture)))
    light, dark = (",".join(host[k] for host in HOSTS.values()) for k in range(2))
    rules = [
        f".{_PICTURE}:root{{color-scheme:light dark}}",
        f".{_PICTURE}:not(:root){{max-width:100%;height:auto}}",
        f":is({dark}) .{_PICTURE}{{color-scheme:dark}}",
        f":is({light}) .{_PICTURE}{{color-scheme:light}}",
        *(
            f'.{_PICTURE} [{what}="{colour}"]{{{what}:light-dark({colour},{_DARK[colour]})}}'
            for what, colour in pairs
        ),
    ]
    return f"@supports (color:light-dark(#000,#fff)){{{''.join(rules)}}}"
