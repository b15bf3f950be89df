"""What every colour means: one table of roles for all media, light, dark and printed.

Tangent and adjoint are the blue and vermilion of Okabe and Ito, which people with any colour
vision can tell apart, and the tangent of an adjoint their reddish purple, darkened; texts have a
contrast of at least 4.5 on their own ground (WCAG 2.2, 1.4.3). In print all are greys, which no
printer changes: what meets in a picture differs in luminance, and an adjoint is dashed besides.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from adviz.errors import FormatError
from adviz.language.asked import among, shown

Theme = Literal["light", "dark", "print"]
DrawnTheme = Literal["auto", "light", "dark", "print"]
"""The themes of a picture; a page has all but the greys of print."""


class Role(NamedTuple):
    """The colour of a role on a light page, on a dark one, and on paper."""

    light: str
    dark: str
    print: str


# One aligned line per role.
# fmt: off
ROLES: Mapping[str, Role] = MappingProxyType({
    "page":           Role("#FFFFFF", "#0F1419", "#FFFFFF"),
    "surface":        Role("#F6F8FA", "#182028", "#F7F7F7"),
    "ink":            Role("#1B1F24", "#E6EAEF", "#000000"),
    "muted":          Role("#57606A", "#9AA6B2", "#505050"),
    "line":           Role("#8C959F", "#6B7885", "#949494"),
    "tangent":        Role("#00639C", "#6CB8F0", "#2E2E2E"),
    "tangent-stroke": Role("#0072B2", "#56B4E9", "#2E2E2E"),
    "tangent-tint":   Role("#E3F0FA", "#12304A", "#F2F2F2"),
    "adjoint":        Role("#A84300", "#FF9D57", "#5E5E5E"),
    "adjoint-stroke": Role("#D55E00", "#FF9D57", "#5E5E5E"),
    "adjoint-tint":   Role("#FDEBDD", "#43230C", "#DADADA"),
    "second":         Role("#8C3B6E", "#E6A3C8", "#666666"),
    "second-stroke":  Role("#B85C93", "#DE8FBB", "#767676"),
    "second-tint":    Role("#F9E8F2", "#3D1A30", "#E6E6E6"),
    "verified":       Role("#00704F", "#3DCB9B", "#3A3A3A"),
    "warning":        Role("#8A5300", "#E8B339", "#444444"),
    "notice":         Role("#4A4FB0", "#A9B1FF", "#555555"),
    "notice-tint":    Role("#EBECFB", "#24284A", "#EEEEEE"),
    "fault":          Role("#B3261E", "#FF8A80", "#000000"),
    "heat-1":         Role("#F4EAF8", "#2A1C33", "#EFEFEF"),
    "heat-2":         Role("#E2C8EC", "#43285A", "#D6D6D6"),
    "heat-3":         Role("#CA9EDA", "#5F3A7A", "#BBBBBB"),
    "heat-4":         Role("#B276C5", "#7C4E9C", "#A0A0A0"),
})
# fmt: on

LOUD = frozenset({"fault", "warning", "notice", "verified"})
"""The roles of marks that must catch the eye."""


def colour(role: str, theme: Theme = "light") -> str:
    """Return a role's colour as #RRGGBB.

    Raises FormatError for an unknown role or theme.

    >>> colour("adjoint"), colour("adjoint", "dark"), colour("adjoint", "print")
    ('#A84300', '#FF9D57', '#5E5E5E')
    """
    if role not in ROLES:
        raise FormatError(f"there is no colour role {role!r}; roles are {', '.join(ROLES)}")
    if theme not in Role._fields:
        raise FormatError(f"there is no theme {theme!r}; themes are {', '.join(Role._fields)}")
    found: str = getattr(ROLES[role], theme)
    return found


def refuse_unknown(theme: str, themes: tuple[str, ...]) -> None:
    """Raise FormatError for a theme that there is not."""
    if not among(theme, themes):
        raise FormatError(f"there is no theme {shown(theme)}; themes are {', '.join(themes)}")


def of_a_file(theme: DrawnTheme) -> Theme:
    """Return the theme of what cannot follow a page."""
    return "light" if theme == "auto" else theme
