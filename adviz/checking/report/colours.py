"""The colour of a verdict, in a terminal and in pictures and pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Look(NamedTuple):
    """A style of rich, and a role of `adviz.render.roles`."""

    style: str
    role: str


# One line for each verdict, of findings and of witnesses.
LOOKS: Mapping[str, Look] = {
    "wrong rule": Look("red", "fault"),
    "wrong gradient": Look("red", "fault"),
    "undecided": Look("yellow", "warning"),
    "undefined": Look("blue", "notice"),
    "not finite": Look("blue", "notice"),
    "not differentiable": Look("blue", "notice"),
    "ill-conditioned": Look("yellow", "warning"),
    "witness failed": Look("green", "verified"),
    "agrees": Look("green", "verified"),
    "differs": Look("red", "fault"),
    "failed": Look("yellow", "warning"),
    "silent": Look("dim", "muted"),
}

UNREACHED = LOOKS["undecided"]
"""How what was not reached looks."""
