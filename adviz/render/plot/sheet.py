"""A picture in some axes: its artists, and what it takes to make it another one."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, NamedTuple

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.transforms import Affine2D

from adviz.render.plot.artists import dress, line, made, place
from adviz.render.plot.fonts import Fonts
from adviz.render.plot.leaves import Leaf, Leaves
from adviz.render.plot.lettering import Placed, placed
from adviz.render.roles import Theme
from adviz.render.shapes import Text
from adviz.scene.geometry import Position

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase

_BETWEEN = 1e-5
"""What lies between the zorder of one leaf and the next: all of a picture is below lines, of 2."""


class Scale(NamedTuple):
    """What is drawn on: how many points a pixel of the picture is, and how many dots a point."""

    points: float
    dots: float
    renderer: type


class Sheet(Artist):
    """What is drawn first of a picture, and brings the rest to scale.

    Sizes in points follow the axes, however large these are when they are drawn, and the runs of
    a text stand side by side, however wide the raster at hand makes letters.
    """

    def __init__(self, axes: Axes, theme: Theme, lowest: float = 1.0) -> None:
        super().__init__()
        self.theme, self.fonts = theme, Fonts()
        self.moved = Affine2D()
        """Where the picture is moved to, in its own pixels."""
        self.artists: dict[str, Any] = {}
        self.shown: dict[str, Leaf] = {}
        self.scale: Scale | None = None
        self.unscaled: set[str] = set()
        self.set_zorder(lowest)
        self.set_in_layout(False)
        axes.add_artist(self)

    def show(self, leaves: Leaves) -> list[Artist]:
        """Show other leaves than before; return the artists that this has changed."""
        gone = [name for name in self.shown if name not in leaves]
        changed = [name for name, leaf in leaves.items() if self.shown.get(name) != leaf]
        for name in gone:
            self.artists[name].set_visible(False)
        for name in changed:
            self._put(name, leaves[name])
        for rank, name in enumerate(leaves, 1):
            self.artists[name].set_zorder(self.zorder + rank * _BETWEEN)
        self.shown = dict(leaves)
        self.unscaled |= {*changed}
        return [self.artists[name] for name in (*gone, *changed)]

    def seen(self, but: Collection[str] = ()) -> list[Artist]:
        """Return what draws the leaves that are shown, but for some of them."""
        return [self, *(self.artists[name] for name in self.shown if name not in but)]

    def move(self, to: Position) -> None:
        """Move the whole picture."""
        self.moved.clear().translate(*to)

    def get_animated(self) -> bool:
        """Return False: what is no part of an animation is to be brought to scale as well."""
        return False

    def _put(self, name: str, leaf: Leaf) -> None:
        """Let a leaf be seen as it is now."""
        if name not in self.artists:
            self.artists[name] = self._added(name, leaf)
        dress(self.artists[name], leaf, self.theme, self.fonts)

    def _added(self, name: str, leaf: Leaf) -> Artist:
        """Return a new artist in the axes."""
        artist = made(leaf)
        artist.set_gid(name)
        artist.set_in_layout(False)
        artist.set_transform(self.moved + self.axes.transData)
        return self.axes.add_artist(artist)

    def draw(self, renderer: RendererBase) -> None:
        """Bring to scale what is not yet, or all if what is drawn on has another one."""
        (_, top), (_, below) = self.axes.transData.transform([(0, 0), (0, 1)])
        dots = renderer.points_to_pixels(1.0)
        now = Scale(float(top - below) / dots, dots, type(renderer))
        if now != self.scale:
            self.scale, self.unscaled = now, {*self.shown}
        self._bring_to(now, renderer)
        self.stale = False

    def _bring_to(self, scale: Scale, renderer: RendererBase) -> None:
        """Give the artists that are to scale no more their sizes and their places."""
        texts: dict[Text, list[Placed]] = {}

        def width(text: str, font: FontProperties, is_mathtext: bool, size: float) -> float:
            sized = font.copy()
            sized.set_size(size * scale.points)
            found = renderer.get_text_width_height_descent(text, sized, is_mathtext)  # type: ignore[arg-type]  # which its types say of TeX alone
            return float(found[0]) / (scale.points * scale.dots)

        for name in self.unscaled & self.shown.keys():
            shape, artist = self.shown[name].shape, self.artists[name]
            if isinstance(shape, Text):
                if shape not in texts:
                    texts[shape] = placed(shape, self.fonts, width)
                place(artist, texts[shape][self.shown[name].run], scale.points)
            else:
                line(artist, shape, scale.points)
        self.unscaled = set()
