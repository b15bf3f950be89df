"""A picture whose colours are those of the page that it is an image in, light or dark.

The picture is the one of a file, with a style sheet that gives each of its colours the dark twin.
So wherever style sheets are not read, as in a converter, the light picture stands.
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

_AROUND = "--adviz-around"
_DARK = {role.light: role.dark for role in ROLES.values()}
_USED = re.compile(r' (fill|stroke)="(#[0-9A-F]{6})"')


def adaptive(picture: str) -> str:
    """Return an SVG of the light theme with both colours of whatever is drawn.

    As an image it is a document of its own, to which the browser hands the scheme around as what
    it prefers.

    >>> adaptive('<svg width="9"><rect fill="#FFFFFF"/></svg>')[:62]
    '<svg width="9"><style>@supports (color:light-dark(#000,#fff)){'
    """
    tag, _, rest = picture.partition(">")
    rules = [
        ":root{color-scheme:light dark}",
        *(
            f'[{what}="{colour}"]{{{what}:light-dark({colour},{_DARK[colour]})}}'
            for what, colour in sorted(set(_USED.findall(picture)))
        ),
    ]
    style = f"@supports (color:light-dark(#000,#fff)){{{''.join(rules)}}}"
    return f"{tag}><style>{style}</style>{rest}"


def schemes(name: str) -> str:
    """Return the rules by which an image in an element of a class is told what is around it.

    It is light, as its own style says, unless the page declares that it is dark or a host shows it.

    >>> schemes("still").count(":is([data-jp-theme-light=false],.vscode-dark,")
    1
    """
    light, dark = (",".join(host[k] for host in HOSTS.values()) for k in range(2))
    image = f".{name} img{{color-scheme:"
    return (
        f'@property {_AROUND}{{syntax:"<color>";inherits:true;initial-value:#fff}}'
        f".{name}{{{_AROUND}:light-dark(#fff,#000)}}"
        f"@container style({_AROUND}:#000){{{image}dark!important}}}}"
        f":is({dark}) {image}dark!important}}:is({light}) {image}light!important}}"
    )
