"""What every colour means: one table of roles for all media, light and dark.

Tangent and adjoint are the blue and vermilion of Okabe and Ito, which people with any colour
vision can tell apart, and the tangent of an adjoint their reddish purple, darkened; texts have a
contrast of at least 4.5 on their own ground (WCAG 2.2, 1.4.3).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from adviz.errors import FormatError

Theme = Literal["light", "dark"]


class Role(NamedTuple):
    """The colour of a role on a light and on a dark page."""

    light: str
    dark: str


# One aligned line per role.
# fmt: off
ROLES: Mapping[str, Role] = MappingProxyType({
    "page":           Role("#FFFFFF", "#0F1419"),
    "surface":        Role("#F6F8FA", "#182028"),
    "ink":            Role("#1B1F24", "#E6EAEF"),
    "muted":          Role("#57606A", "#9AA6B2"),
    "line":           Role("#8C959F", "#6B7885"),
    "tangent":        Role("#00639C", "#6CB8F0"),
    "tangent-stroke": Role("#0072B2", "#56B4E9"),
    "tangent-tint":   Role("#E3F0FA", "#12304A"),
    "adjoint":        Role("#A84300", "#FF9D57"),
    "adjoint-stroke": Role("#D55E00", "#FF9D57"),
    "adjoint-tint":   Role("#FDEBDD", "#43230C"),
    "second":         Role("#8C3B6E", "#E6A3C8"),
    "second-stroke":  Role("#B85C93", "#DE8FBB"),
    "second-tint":    Role("#F9E8F2", "#3D1A30"),
    "verified":       Role("#00704F", "#3DCB9B"),
    "warning":        Role("#8A5300", "#E8B339"),
    "notice":         Role("#4A4FB0", "#A9B1FF"),
    "notice-tint":    Role("#EBECFB", "#24284A"),
    "fault":          Role("#B3261E", "#FF8A80"),
    "heat-1":         Role("#F4EAF8", "#2A1C33"),
    "heat-2":         Role("#E2C8EC", "#43285A"),
    "heat-3":         Role("#CA9EDA", "#5F3A7A"),
    "heat-4":         Role("#B276C5", "#7C4E9C"),
})
# fmt: on

LOUD = frozenset({"fault", "warning", "notice", "verified"})
"""The roles of marks that must catch the eye."""


def colour(role: str, theme: Theme = "light") -> str:
    """Return a role's colour as #RRGGBB.

    Raises FormatError for an unknown role or theme.

    >>> colour("adjoint"), colour("adjoint", "dark")
    ('#A84300', '#FF9D57')
    """
    if role not in ROLES:
        raise FormatError(f"there is no colour role {role!r}; roles are {', '.join(ROLES)}")
    if theme not in Role._fields:
        raise FormatError(f"there is no theme {theme!r}; themes are light and dark")
    found: str = getattr(ROLES[role], theme)
    return found
