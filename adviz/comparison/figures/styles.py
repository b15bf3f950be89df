"""How every curve looks: a colour by its role, a line and a marker that differ in grey too."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from adviz.render.roles import ROLES, colour


class Style(NamedTuple):
    """A role of `adviz.render.roles`, and matplotlib's names of a line and of a marker."""

    role: str
    line: Any
    marker: str
    width: float = 1.8
    """Points."""

    @property
    def stroke(self) -> str:
        """The colour of the line."""
        drawn = f"{self.role}-stroke"
        return colour(drawn if drawn in ROLES else self.role)

    @property
    def ink(self) -> str:
        """The colour of its label, which must be read."""
        return colour(self.role)


# One aligned line per style: blue is forward, vermilion reverse, violet symbolic.
# fmt: off
STYLES: Mapping[str, Style] = MappingProxyType({
    "function":           Style("muted",    "-",                      "."),
    "forward":            Style("tangent",  "-",                      "o"),
    "reverse":            Style("adjoint",  (0, (5, 1.5)),            "s"),
    "derivative graph":   Style("adjoint",  (0, (1, 1)),              "D"),
    "symbolic":           Style("notice",   (0, (6, 1.5, 1, 1.5)),    "^"),
    "shared":             Style("notice",   (0, (2, 1)),              "v"),
    "written out":        Style("muted",    (0, (1, 1.5)),            "x"),
    "forward difference": Style("warning",  (0, (2, 1.5)),            "P"),
    "central difference": Style("warning",  "-",                      "*"),
    "complex step":       Style("verified", (0, (4, 1, 1, 1, 1, 1)),  "d"),
    "batch":              Style("muted",    "-",                      "", 0.8),
    "loss":               Style("tangent",  "-",                      "h"),
    "binomial":           Style("adjoint",  "-",                      "p"),
    "every k-th state":   Style("muted",    "",                       "X"),
    "limit":              Style("ink",      (0, (1, 2)),              ""),
})
# fmt: on
