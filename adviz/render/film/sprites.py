"""What is seen in a film as sprites: a colour, and the mask through which it is laid.

Everything is drawn once, and laid wherever it stands. Most of the box around a long line is empty,
so that is drawn where it crosses the squares of a grid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice, pairwise, product
from math import ceil, hypot
from typing import TYPE_CHECKING, Any, NamedTuple
from unicodedata import combining

from adviz.render.film.placing import (
    around,
    bounds,
    box_at,
    common,
    corners,
    has_pixels,
    placed,
    rounded_out,
    widened,
)
from adviz.render.film.sheets import BLACK, Tile, masks
from adviz.render.roles import Theme, colour
from adviz.render.shapes import Group, Path, Rect, Shape, Text
from adviz.render.svg import shape_markup
from adviz.scene.geometry import Box, Position, along

if TYPE_CHECKING:
    from PIL.Image import Image

_SOFT, _LETTERS = 3.0, 0.03
"""How far a shape may reach beyond its box: soft edges, and letters, as a part of their length."""
_SQUARE, _CHORD = 128, 32
"""The side of a square, and how long the pieces of a line are by which it is told where it goes.
"""
_KEPT = 4096
"""How many masks, and how many pieces, are remembered."""

Colour = tuple[int, ...]


class Sprite(NamedTuple):
    """A colour that is laid through a mask, and where, in whole pixels."""

    box: Box
    colour: Colour
    mask: Image | None
    """How much of it is seen; None where all of it is."""

    def moved(self, to: Position) -> Sprite:
        """Return it elsewhere, its origin moved to a place in whole pixels."""
        return self._replace(box=box_at(self.box, 1, to))


class Piece(NamedTuple):
    """What is laid as one, and how much of it is seen: what is behind it shines through."""

    box: Box
    laid: tuple[Sprite | Piece, ...]
    opacity: float = 1.0

    def moved(self, to: Position) -> Piece:
        """Return it elsewhere, its origin moved to a place in whole pixels."""
        box, laid = box_at(self.box, 1, to), tuple(one.moved(to) for one in self.laid)
        return self._replace(box=box, laid=laid)


def together(laid: Sequence[Sprite | Piece], opacity: float = 1.0) -> Piece:
    """Return what is laid as one piece."""
    return Piece(around(one.box for one in laid), tuple(laid), opacity)


class Sprites:
    """Shapes as sprites in the colours of a theme, each drawn once."""

    def __init__(
        self, theme: Theme = "light", coded: Callable[[Image], Image] = lambda image: image
    ) -> None:
        from PIL.Image import new

        def channels(role: str) -> Colour:
            shade = coded(new("RGB", (1, 1), colour(role, theme)))
            return tuple(band[0] for band in shade.getextrema())  # type: ignore[index]

        self.colour = cache(channels)
        """The three channels of a role, of which `coded` makes what is wanted."""
        self._pieces: dict[tuple[Shape, float], Piece] = {}
        self._masks: dict[Tile, tuple[Box, Image | None]] = {}

    def of(self, shapes: Iterable[Shape], scale: float = 1.0) -> tuple[Piece, ...]:
        """Return enlarged shapes as pieces, the same one of the same shape."""
        wanted = [(shape, scale) for shape in _flat(shapes)]
        new = [key for key in dict.fromkeys(wanted) if key not in self._pieces]
        made = {key: placed(key[:1], scale, Position(0, 0))[0] for key in new}
        leaves = dict.fromkeys(leaf for shape in made.values() for leaf in _leaves(shape))
        cut: _Cut = {leaf: [*_layers(leaf)] for leaf in leaves}
        self._draw(tile for layers in cut.values() for _, tile, _ in layers)
        self._pieces |= {key: self._piece(shape, cut) for key, shape in made.items()}
        found = tuple(piece for key in wanted if (piece := self._pieces[key]).laid)
        _forget(self._pieces)
        _forget(self._masks)
        return found

    def _draw(self, tiles: Iterable[Tile]) -> None:
        """Draw what is not remembered, as much of it as is not empty."""
        for tile, mask in masks({tile: None for tile in tiles if tile not in self._masks}):
            left, top, right, bottom = mask.getbbox() or (0, 0, 0, 0)
            seen = mask.crop((left, top, right, bottom))
            is_solid = seen.getextrema() == (255, 255)
            box = Box(left, top, right - left, bottom - top)
            self._masks[tile] = box, None if is_solid else seen

    def _piece(self, shape: Shape, cut: _Cut) -> Piece:
        if isinstance(shape, Group):
            parts = [self._piece(part, cut) for part in _flat(shape.shapes)]
            return together([part for part in parts if part.laid], shape.opacity)
        sprites = []
        for role, tile, at in cut[shape]:
            box, mask = self._masks[tile]
            if box.width:
                sprites.append(Sprite(box_at(box, 1, at), self.colour(role), mask))
        return together(sprites)


_Cut = dict[Shape, list[tuple[str, Tile, Position]]]
"""The layers of shapes: a role, what is laid in its colour, and where that begins."""


def _forget(kept: dict[Any, Any]) -> None:
    """Forget what was made first."""
    for key in [*islice(kept, max(0, len(kept) - _KEPT))]:
        del kept[key]


def _flat(shapes: Iterable[Shape]) -> Iterator[Shape]:
    """Yield what is drawn as one: what has no parts, or is seen through."""
    for shape in shapes:
        if not isinstance(shape, Group):
            yield shape
        elif shape.opacity == 1:
            yield from _flat(shape.shapes)
        elif shape.opacity:
            yield shape


def _leaves(shape: Shape) -> Iterator[Rect | Path | Text]:
    """Yield what has no parts in a shape."""
    if isinstance(shape, Group):
        for part in _flat(shape.shapes):
            yield from _leaves(part)
    else:
        yield shape


def _layers(leaf: Rect | Path | Text) -> Iterator[tuple[str, Tile, Position]]:
    """Yield what of a shape is drawn in a colour, one after the other."""
    at = reach(leaf)
    (moved,) = placed([leaf], 1.0, Position(-at.x, -at.y))
    parts = [*_parts(moved, at)]
    for role, inked in _inked(moved):
        markup = shape_markup(inked, BLACK, "ink")
        for part in parts:
            tile = Tile(markup, part, part[2:] != at[2:] or _is_tall(leaf))
            yield role, tile, Position(at.x + part.x, at.y + part.y)


def _inked(leaf: Shape) -> Iterator[tuple[str, Shape]]:
    """Yield the colours of a shape, and what of it has each, in ink."""
    if isinstance(leaf, Text):
        for role in dict.fromkeys(run.fill for run in leaf.runs):
            runs = (run._replace(fill="ink" if run.fill == role else "") for run in leaf.runs)
            yield role, replace(leaf, runs=tuple(runs))
    elif isinstance(leaf, Rect | Path):
        if leaf.fill:
            yield leaf.fill, replace(leaf, fill="ink", stroke="")
        if leaf.stroke:
            yield leaf.stroke, replace(leaf, fill="", stroke="ink")


def reach(leaf: Shape) -> Box:
    """Return the whole pixels in which a shape without parts may leave a trace."""
    x, y, wide, high = bounds([leaf])
    aside, above, below = _SOFT, _SOFT, _SOFT
    if isinstance(leaf, Text):
        rises = [run.rise * leaf.size for run in leaf.runs]
        aside += _LETTERS * wide
        above, below = above + max(0.0, *rises, 0.0), below - min(0.0, *rises, 0.0)
    return rounded_out(Box(x - aside, y - above, wide + 2 * aside, high + above + below))


def _is_tall(leaf: Shape) -> bool:
    """Return whether a text may be higher than letters are: marks stand above marks."""
    words = leaf.words if isinstance(leaf, Text) else ""
    return any(combining(a) and combining(b) for a, b in pairwise(words))


def _parts(shape: Shape, box: Box) -> Iterable[Box]:
    """Return in which parts of its box a shape is drawn: a line where it crosses squares."""
    whole = Box(0, 0, box.width, box.height)
    if not isinstance(shape, Path) or shape.fill or max(whole) <= _SQUARE:
        return filter(has_pixels, [whole])
    crossed: dict[Box, list[Box]] = {}
    for chord in _chords(shape):
        for square in _squares(chord):
            crossed.setdefault(square, []).append(common(common(chord, square), whole))
    return filter(has_pixels, (rounded_out(around(boxes)) for boxes in crossed.values()))


def _chords(path: Path) -> Iterator[Box]:
    """Yield the boxes of short pieces of a line, as wide as it is."""
    for cubic in path.curve.cubics():
        count = ceil(_length(cubic) / _CHORD)
        for ends in pairwise(along(cubic, k / count) for k in range(count + 1)):
            box = around(Box(x, y, 0, 0) for x, y in ends)
            yield widened(box, path.thickness / 2 + _SOFT)


def _length(cubic: Sequence[Position]) -> float:
    """Return how long a curve is at most, and at least a pixel."""
    return 1 + sum(hypot(a.x - b.x, a.y - b.y) for a, b in pairwise(cubic))


def _squares(box: Box) -> Iterator[Box]:
    """Yield the squares of a grid that a box meets."""
    left, top, right, bottom = (side // _SQUARE for side in corners(box))
    for x, y in product(range(left, right + 1), range(top, bottom + 1)):
        yield Box(x * _SQUARE, y * _SQUARE, _SQUARE, _SQUARE)
