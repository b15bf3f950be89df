"""A leaf of a picture as an artist of matplotlib's: a patch, or a text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from matplotlib import rcParams
from matplotlib.artist import Artist
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline

from adviz.render.plot.fonts import Fonts
from adviz.render.plot.leaves import Leaf
from adviz.render.plot.lettering import is_accented, placed, written
from adviz.render.plot.words import Words
from adviz.render.roles import Theme, colour
from adviz.render.shapes import Path, Rect, Text
from adviz.scene.geometry import Box, Curve, Position

_ROUND = 4 * (2**0.5 - 1) / 3
"""How far a cubic's handles reach that is nearest to a quarter of a circle of radius 1."""


def made(leaf: Leaf) -> Artist:
    """Return an artist for a leaf, to be dressed."""
    if isinstance(leaf.shape, Text):
        return Words(
            verticalalignment="baseline", horizontalalignment="left", rotation_mode="anchor",
            usetex=False, clip_on=True,
        )  # fmt: skip
    return PathPatch(Outline([(0, 0)]), joinstyle="miter", capstyle="butt")


def dress(artist: Any, leaf: Leaf, theme: Theme, fonts: Fonts) -> None:
    """Let an artist look as its leaf does, but for what has a size in points."""
    artist.set_visible(leaf.opacity > 0)
    artist.set_alpha(None if leaf.opacity == 1 else leaf.opacity)
    if isinstance(leaf.shape, Text):
        _write(artist, leaf.shape, leaf.run, theme, fonts)
    else:
        artist.set_path(outline(leaf.shape))
        artist.set_facecolor(_paint(leaf.shape.fill, theme))
        artist.set_edgecolor(_paint(leaf.shape.stroke, theme))


def _write(artist: Words, text: Text, number: int, theme: Theme, fonts: Fonts) -> None:
    run = text.runs[number]
    artist.set_parse_math(is_accented(run))
    artist.set_text(written(run))
    artist.set_position(placed(text, fonts)[number].at)
    artist.set_color(colour(run.fill, theme))
    artist.set_rotation(90 if text.upwards else 0)
    artist.set_fontproperties(fonts.by_face[run.face])


def _paint(role: str, theme: Theme) -> str:
    return colour(role, theme) if role else "none"


def scale(artist: Any, leaf: Leaf, fonts: Fonts, points: float) -> None:
    """Give an artist its sizes where a pixel of the picture is so many points."""
    if isinstance(leaf.shape, Text):
        artist.set_fontsize(points * placed(leaf.shape, fonts)[leaf.run].size)
        return
    thick, dash = leaf.shape.thickness, leaf.shape.dash
    unit = 1 / thick if rcParams["lines.scale_dashes"] else points
    artist.set_linewidth(points * thick)
    artist.set_linestyle((0, [unit * length for length in dash]) if dash else "solid")


def outline(shape: Rect | Path) -> Outline:
    """Return the outline of a shape; what is filled is closed."""
    corners = _around(shape.box, shape.radius) if isinstance(shape, Rect) else shape.curve
    points, codes = [corners.start], [Outline.MOVETO]
    for piece in corners.pieces:
        points += piece
        codes += [Outline.CURVE4 if len(piece) == 3 else Outline.LINETO] * len(piece)
    if shape.fill or isinstance(shape, Rect):
        points.append(corners.start)
        codes.append(Outline.CLOSEPOLY)
    return Outline(points, codes)


def _around(box: Box, radius: float) -> Curve:
    """Return the border of a box whose corners are rounded."""
    r = min(radius, box.width / 2, box.height / 2)
    left, top, right, bottom = box.x, box.y, box.x + box.width, box.y + box.height
    corners = (
        (Position(right, top), Position(1, 0), Position(0, 1)),
        (Position(right, bottom), Position(0, 1), Position(-1, 0)),
        (Position(left, bottom), Position(-1, 0), Position(0, -1)),
        (Position(left, top), Position(0, -1), Position(1, 0)),
    )
    pieces = (piece for corner in corners for piece in _corner(*corner, r))
    return Curve(Position(left + r, top), tuple(pieces))


def _corner(
    at: Position, before: Position, after: Position, r: float
) -> Iterator[tuple[Position, ...]]:
    """Yield the way to a corner, and around it where it is rounded."""
    yield (at.towards(before, -r),)
    if r:
        reach = (1 - _ROUND) * r
        yield at.towards(before, -reach), at.towards(after, reach), at.towards(after, r)
